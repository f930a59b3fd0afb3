//! A sign-in server on loopback (RFC 6749 with RFC 7636, RFC 8628 and RFC 9207), and a browser that obeys it.
//!
//! It checks what a real one checks: client, redirect, PKCE, that a code is used once and a refresh token that was
//! replaced never again. Nobody is asked: what somebody would have answered is told beforehand. Tokens are random, known
//! to the demo's mail server, and gone with it.

mod browser;
mod issued;

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    sync::{Arc, Mutex},
};

pub use issued::IssuedTokens;

use super::{
    loopback::{lock, random_octets},
    tls::{Presented, ServerCertificates},
    web::{Answer, Asked, WebServer},
};

/// The name under which Segl is registered.
pub const CLIENT: &str = "segl-demo";

/// What somebody in the browser, or something on the way, does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    /// Signs in.
    Approves,
    /// Says no.
    Denies,
    /// Signs in, and the answer comes with another state.
    WithAnotherState,
    /// Signs in, and the answer comes without a state.
    WithoutState,
    /// Signs in, and the answer names another issuer.
    WithAnotherIssuer,
    /// Signs in, and the answer carries two codes.
    WithTwoCodes,
    /// Closes the browser.
    Leaves,
}

/// What is said to who asks whether the code was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poll {
    /// Not yet.
    Pending,
    /// Not yet, and ask less often.
    SlowDown,
    /// Somebody said no.
    Denied,
    /// It is too late.
    Expired,
    /// Yes.
    Approved,
}

/// A running sign-in server. Dropping it stops it.
pub struct IdentityServer {
    web: WebServer,
    shared: Arc<Shared>,
    certificates: Arc<ServerCertificates>,
}

struct Shared {
    state: Mutex<State>,
    tokens: IssuedTokens,
}

struct State {
    visit: Visit,
    polls: VecDeque<Poll>,
    codes: BTreeMap<String, Code>,
    device: Option<String>,
    issuer: String,
    /// Seconds that an access token lives, as is said.
    lifetime: u64,
    gives_refresh: bool,
    refreshes: usize,
    last_code: String,
}

/// A code that was given and not used.
struct Code {
    challenge: String,
    redirect: String,
}

type Fields = BTreeMap<String, String>;

impl IdentityServer {
    /// Starts a server on a free port of 127.0.0.1.
    pub fn start(certificates: Arc<ServerCertificates>) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                visit: Visit::Approves,
                polls: VecDeque::new(),
                codes: BTreeMap::new(),
                device: None,
                issuer: String::new(),
                lifetime: 3600,
                gives_refresh: true,
                refreshes: 0,
                last_code: String::new(),
            }),
            tokens: IssuedTokens::default(),
        });
        let answering = Arc::clone(&shared);
        let web = WebServer::answering(
            "segl-demo-identity",
            &certificates,
            Presented::Good,
            move |asked| answering.answer(asked),
        )?;
        lock(&shared.state).issuer = format!("https://127.0.0.1:{}", web.port());
        Ok(Self {
            web,
            shared,
            certificates,
        })
    }

    /// Who it says it is.
    pub fn issuer(&self) -> String {
        lock(&self.shared.state).issuer.clone()
    }

    /// The settings that name it, below `[submission]`.
    pub fn settings(&self) -> String {
        let issuer = self.issuer();
        format!(
            "[submission.oauth]\nissuer = \"{issuer}\"\n\
             authorization_endpoint = \"{issuer}/authorize\"\ntoken_endpoint = \"{issuer}/token\"\n\
             device_endpoint = \"{issuer}/device\"\nclient_id = \"{CLIENT}\"\nscopes = [\"mail.send\"]\n"
        )
    }

    /// The access tokens that count, for a mail server that is to take them.
    pub fn tokens(&self) -> IssuedTokens {
        self.shared.tokens.clone()
    }

    /// What somebody in the browser does from now on.
    pub fn set_visit(&self, visit: Visit) {
        lock(&self.shared.state).visit = visit;
    }

    /// What is said to who asks whether the code was typed, in this order; then yes.
    pub fn set_polls(&self, polls: Vec<Poll>) {
        lock(&self.shared.state).polls = polls.into();
    }

    /// How long an access token is said to live.
    pub fn set_lifetime(&self, seconds: u64) {
        lock(&self.shared.state).lifetime = seconds;
    }

    /// Whether something to stay signed in with is given.
    pub fn set_gives_refresh(&self, gives: bool) {
        lock(&self.shared.state).gives_refresh = gives;
    }

    /// How often a refresh token was used.
    pub fn refreshes(&self) -> usize {
        lock(&self.shared.state).refreshes
    }

    /// The code that was given last.
    pub fn last_code(&self) -> String {
        lock(&self.shared.state).last_code.clone()
    }

    /// What was asked for.
    pub fn asked(&self) -> Vec<String> {
        self.web.asked()
    }

    /// Is gone from the network.
    pub fn refuse_connections(&self) -> io::Result<()> {
        self.web.refuse_connections()
    }

    /// A browser that goes where it is sent, on a thread of its own.
    pub fn browser(&self) -> impl Fn(&str) + Send + Sync + 'static {
        let root = self.certificates.root_der().to_vec();
        move |url: &str| browser::visit(url.to_owned(), root.clone())
    }
}

impl Shared {
    fn answer(&self, asked: &Asked) -> Answer {
        let mut state = lock(&self.state);
        match asked.path.as_str() {
            "/authorize" => state.authorize(&fields(&asked.query)),
            "/token" => self.token(&mut state, &fields(&asked.body)),
            "/device" => state.device(&fields(&asked.body)),
            _ => Answer::status(404),
        }
    }

    fn token(&self, state: &mut State, fields: &Fields) -> Answer {
        if field(fields, "client_id") != CLIENT {
            return refused("invalid_client");
        }
        match field(fields, "grant_type") {
            "authorization_code" => {
                // A code is used once, whether it fits or not.
                let Some(code) = state.codes.remove(field(fields, "code")) else {
                    // Shown twice: whoever has it may not be who it was for (RFC 6749 §4.1.2).
                    self.tokens.revoke_all();
                    return refused("invalid_grant");
                };
                let verifier = openssl::sha::sha256(field(fields, "code_verifier").as_bytes());
                let challenge = base64_simd::URL_SAFE_NO_PAD.encode_to_string(verifier);
                if challenge != code.challenge || field(fields, "redirect_uri") != code.redirect {
                    return refused("invalid_grant");
                }
                self.granted(state)
            }
            "refresh_token" => {
                state.refreshes += 1;
                if self.tokens.replace_refresh(field(fields, "refresh_token")) {
                    self.granted(state)
                } else {
                    refused("invalid_grant")
                }
            }
            "urn:ietf:params:oauth:grant-type:device_code" => {
                if state.device.as_deref() != Some(field(fields, "device_code")) {
                    return refused("invalid_grant");
                }
                match state.polls.pop_front().unwrap_or(Poll::Approved) {
                    Poll::Pending => refused("authorization_pending"),
                    Poll::SlowDown => refused("slow_down"),
                    Poll::Denied => refused("access_denied"),
                    Poll::Expired => refused("expired_token"),
                    Poll::Approved => {
                        state.device = None;
                        self.granted(state)
                    }
                }
            }
            _ => refused("unsupported_grant_type"),
        }
    }

    fn granted(&self, state: &State) -> Answer {
        let mut said = serde_json::json!({
            "access_token": self.tokens.issue_access(),
            "token_type": "Bearer",
            "expires_in": state.lifetime,
        });
        if state.gives_refresh {
            said["refresh_token"] = self.tokens.issue_refresh().into();
        }
        Answer::of(said.to_string())
    }
}

impl State {
    fn authorize(&mut self, fields: &Fields) -> Answer {
        let redirect = field(fields, "redirect_uri").to_owned();
        let is_right = field(fields, "client_id") == CLIENT
            && field(fields, "response_type") == "code"
            && field(fields, "code_challenge_method") == "S256"
            && redirect.starts_with("http://127.0.0.1:");
        if !is_right {
            // To an address that is not registered nobody is sent.
            return Answer::status(400);
        }
        let given = field(fields, "state").to_owned();
        let code = token();
        let mut pairs = vec![("iss", self.issuer.clone())];
        match self.visit {
            Visit::Leaves => return Answer::of("good-bye"),
            Visit::Denies => pairs.push(("error", "access_denied".to_owned())),
            _ => {
                self.last_code.clone_from(&code);
                let challenge = field(fields, "code_challenge").to_owned();
                let redirect = redirect.clone();
                self.codes.insert(
                    code.clone(),
                    Code {
                        challenge,
                        redirect,
                    },
                );
                pairs.push(("code", code));
            }
        }
        match self.visit {
            Visit::WithoutState => {}
            Visit::WithAnotherState => pairs.push(("state", token())),
            _ => pairs.push(("state", given)),
        }
        match self.visit {
            Visit::WithAnotherIssuer => "https://somebody-else.example".clone_into(&mut pairs[0].1),
            Visit::WithTwoCodes => pairs.push(("code", token())),
            _ => {}
        }
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        Answer {
            location: Some(format!("{redirect}?{query}")),
            ..Answer::status(302)
        }
    }

    fn device(&mut self, fields: &Fields) -> Answer {
        if field(fields, "client_id") != CLIENT {
            return refused("invalid_client");
        }
        let device = token();
        self.device = Some(device.clone());
        let said = serde_json::json!({
            "device_code": device,
            "user_code": "WDJB-MJHT",
            "verification_uri": format!("{}/activate", self.issuer),
            "expires_in": 100,
            "interval": 1,
        });
        Answer::of(said.to_string())
    }
}

fn refused(code: &str) -> Answer {
    Answer {
        status: 400,
        ..Answer::of(serde_json::json!({ "error": code }).to_string())
    }
}

fn fields(text: &str) -> Fields {
    url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", String::as_str)
}

/// A random token, as long as real ones are.
fn token() -> String {
    base64_simd::URL_SAFE_NO_PAD.encode_to_string(random_octets(60))
}
