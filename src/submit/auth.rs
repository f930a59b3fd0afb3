//! Signing in, inside TLS: AUTH PLAIN, LOGIN and XOAUTH2 (RFC 4954).
//!
//! Ours and not lettre's, for two reasons: every buffer that holds a secret is overwritten after use, and the challenge
//! in which a server explains why it refuses an XOAUTH2 token gets its empty answer, so that the refusal itself is read.

use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::net::TlsStream;

use super::{Auth, Mechanism, ServerFacts, Step, SubmitError, Wanted, reply::RawReply, talk::Talk};

/// Octets of a command line (RFC 5321 §4.5.3.1.4). A longer initial response must be sent as an answer to 334 instead
/// (RFC 4954 §4).
const LINE_MAX: usize = 512;

/// Octets of a secret, or a line that holds one.
type SecretOctets = Zeroizing<Vec<u8>>;

/// Signs in as the settings say, with a mechanism that the server offers. Takes a TLS stream, so that no other can be
/// signed in on.
pub(super) async fn sign_in(
    talk: &mut Talk<TlsStream>,
    facts: &ServerFacts,
    auth: &Auth,
    wanted: Wanted,
) -> Result<(), SubmitError> {
    let offered = facts.mechanisms();
    let choose = |wanted: &[Mechanism]| {
        let mut wanted = wanted.iter().copied();
        wanted
            .find(|mechanism| offered.contains(&mechanism.to_string()))
            .ok_or_else(|| SubmitError::NoCommonMechanism {
                offered: offered.clone(),
            })
    };
    let (mechanism, responses) = match auth {
        Auth::None => return Ok(()),
        Auth::Password { username, password } => {
            let mechanism = choose(&[Mechanism::Plain, Mechanism::Login])?;
            let password = password.expose();
            if username.contains('\0') || password.contains('\0') {
                return Err(SubmitError::Credentials { mechanism });
            }
            let responses = if mechanism == Mechanism::Plain {
                vec![base64(&["\0", username, "\0", password])]
            } else {
                vec![base64(&[username]), base64(&[password])]
            };
            (mechanism, responses)
        }
        Auth::Xoauth2 { username, token } => {
            let mechanism = choose(&[Mechanism::Xoauth2])?;
            if username.contains('\x01') {
                return Err(SubmitError::Credentials { mechanism });
            }
            let asked = Instant::now();
            let token = token.token(wanted).await?;
            talk.postpone(asked.elapsed());
            let fields = [
                "user=",
                username,
                "\x01auth=Bearer ",
                token.expose(),
                "\x01\x01",
            ];
            (mechanism, vec![base64(&fields)])
        }
    };
    let reply = exchange(talk, mechanism, &responses).await?;
    match reply.code {
        235 => Ok(()),
        400.. => Err(SubmitError::AuthRefused {
            mechanism,
            reply: reply.into_reply(),
        }),
        code => Err(SubmitError::Unexpected {
            step: Step::Auth,
            code,
        }),
    }
}

async fn exchange(
    talk: &mut Talk<TlsStream>,
    mechanism: Mechanism,
    responses: &[SecretOctets],
) -> Result<RawReply, SubmitError> {
    let command = format!("AUTH {mechanism}");
    let mut responses = responses.iter();
    let initial = responses.as_slice().first().filter(|response| {
        mechanism != Mechanism::Login && command.len() + response.len() + 3 <= LINE_MAX
    });
    let mut reply = match initial {
        Some(response) => {
            responses.next();
            let line = join(&[command.as_bytes(), b" ", response, b"\r\n"]);
            talk.command(Step::Auth, &line).await?
        }
        None => {
            talk.command(Step::Auth, &join(&[command.as_bytes(), b"\r\n"]))
                .await?
        }
    };
    for response in responses {
        if reply.code == 334 {
            let line = join(&[response, b"\r\n"]);
            reply = talk.command(Step::Auth, &line).await?;
        }
    }
    if reply.code == 334 && mechanism == Mechanism::Xoauth2 {
        reply = talk.command(Step::Auth, b"\r\n").await?;
    }
    Ok(reply)
}

fn base64(fields: &[&str]) -> SecretOctets {
    let fields: Vec<_> = fields.iter().map(|field| field.as_bytes()).collect();
    let plain = join(&fields);
    Zeroizing::new(base64_simd::STANDARD.encode_type::<Vec<u8>>(&*plain))
}

/// Joins into a buffer of the right size from the start: one that grew would leave a copy behind.
fn join(fields: &[&[u8]]) -> SecretOctets {
    let length = fields.iter().map(|field| field.len()).sum();
    let mut joined = Zeroizing::new(Vec::with_capacity(length));
    for field in fields {
        joined.extend_from_slice(field);
    }
    joined
}
