//! AUTH (RFC 4954): PLAIN (RFC 4616), LOGIN, and XOAUTH2 with its error challenge.

use std::io;

use super::fault::{Do, Step};
use super::session::{Next, Session};
use super::wire::Reply;
use super::{Auth, Mechanism};

/// What the client showed.
enum Shown {
    Password { username: String, password: String },
    Token { username: String, token: String },
}

/// What XOAUTH2 says of a token that is wrong or has expired, before it says 535.
const TOKEN_REFUSED: &str =
    r#"{"status":"401","schemes":"bearer","scope":"https://mail.example/"}"#;

impl Mechanism {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::Login => "LOGIN",
            Self::XOAuth2 => "XOAUTH2",
        }
    }
}

impl Session {
    /// Carries out one AUTH command to its last reply.
    pub(super) async fn auth(
        &mut self,
        mechanism: &str,
        initial: Option<String>,
    ) -> io::Result<Next> {
        let mechanisms = self.shared.options.auth.mechanisms();
        let offered = mechanisms.iter().find(|known| known.name() == mechanism);
        let offered = offered.copied();
        if matches!(self.shared.options.auth, Auth::None) {
            return self.usual(502, "5.5.1 AUTH is not offered").await;
        }
        if self.user.is_some() || self.envelope.is_some() || !self.greeted {
            return self.usual(503, "5.5.1 not now").await;
        }
        let Some(offered) = offered else {
            return self.usual(504, "5.5.4 not offered").await;
        };
        let mut fault = self.reach(&Step::Auth, None);
        if let Some(Do::Reply(400.., _)) = fault {
            return self.reply(fault, Reply::new(235, "")).await;
        }
        let shown = self.exchange(offered, initial, &mut fault).await?;
        let Some(shown) = shown else {
            return self
                .reply(fault, Reply::new(501, "5.5.2 not a response"))
                .await;
        };
        if let Some(username) = self.accepted(&shown) {
            self.user = Some(username);
            return self.reply(fault, Reply::new(235, "2.7.0 welcome")).await;
        }
        if matches!(shown, Shown::Token { .. }) {
            // The client answers with an empty line, and only then is told.
            self.response(None, TOKEN_REFUSED, &mut fault).await?;
        }
        self.reply(fault, Reply::new(535, "5.7.8 not accepted"))
            .await
    }

    /// What the client showed; `None` where it showed nothing of the right form.
    async fn exchange(
        &mut self,
        mechanism: Mechanism,
        initial: Option<String>,
        fault: &mut Option<Do>,
    ) -> io::Result<Option<Shown>> {
        if mechanism != Mechanism::Login {
            let response = self.response(initial, "", fault).await?;
            let read = if mechanism == Mechanism::Plain {
                plain
            } else {
                bearer
            };
            return Ok(response.as_deref().and_then(read));
        }
        let Some(username) = self.response(initial, "Username:", fault).await? else {
            return Ok(None);
        };
        let password = self.response(None, "Password:", fault).await?;
        Ok(password.map(|password| Shown::Password { username, password }))
    }

    /// The client's response, decoded: what came with the command, or what it says to a challenge. `None` where it
    /// gave up (`*`) or sent no base64 text.
    async fn response(
        &mut self,
        initial: Option<String>,
        challenge: &str,
        fault: &mut Option<Do>,
    ) -> io::Result<Option<String>> {
        let line = match initial {
            Some(initial) if initial == "=" => String::new(),
            Some(initial) => initial,
            None => {
                let encoded = base64_simd::STANDARD.encode_to_string(challenge);
                if let Next::End = self.reply(fault.take(), Reply::new(334, &encoded)).await? {
                    return Err(io::ErrorKind::ConnectionAborted.into());
                }
                let Ok(line) = self.wire.line().await? else {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                };
                self.note("(credentials)");
                line
            }
        };
        let octets = base64_simd::STANDARD.decode_to_vec(line);
        Ok(octets
            .ok()
            .and_then(|octets| String::from_utf8(octets).ok()))
    }

    /// The user, where what was shown is right.
    fn accepted(&self, shown: &Shown) -> Option<String> {
        if let (
            Auth::SignedIn { username, tokens },
            Shown::Token {
                username: user,
                token,
            },
        ) = (&self.shared.options.auth, shown)
        {
            return (user == username && tokens.accepts(token)).then(|| username.clone());
        }
        let Auth::Required {
            username,
            password,
            token,
            ..
        } = &self.shared.options.auth
        else {
            return None;
        };
        let right = match shown {
            Shown::Password {
                username: user,
                password: secret,
            } => user == username && secret == password,
            Shown::Token {
                username: user,
                token: secret,
            } => user == username && secret == token,
        };
        right.then(|| username.clone())
    }
}

/// `authorization NUL user NUL password`; the first must be empty or the user.
fn plain(response: &str) -> Option<Shown> {
    let mut parts = response.split('\0');
    let (authorization, username, password) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = parts.next().is_none() && (authorization.is_empty() || authorization == username);
    whole.then(|| Shown::Password {
        username: username.to_owned(),
        password: password.to_owned(),
    })
}

/// `user=U ^A auth=Bearer T ^A ^A`.
fn bearer(response: &str) -> Option<Shown> {
    let (username, rest) = response.strip_prefix("user=")?.split_once('\x01')?;
    let token = rest
        .strip_prefix("auth=Bearer ")?
        .strip_suffix("\x01\x01")?;
    Some(Shown::Token {
        username: username.to_owned(),
        token: token.to_owned(),
    })
}
