//! Signing in with OAuth against a sign-in server that checks, and a mail server that takes its tokens and no others.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use segl::{
    config::{Config, Paths},
    demo::{
        IdentityServer, MailOptions, MailServer, ServerCertificates,
        identity::{CLIENT, Poll, Visit},
        mail,
    },
    net::{HttpFault, Https, Names, Page, Reach, Roots},
    oauth::{Client, OAuthError, Provider, Tokens},
    segl::{Probe, Segl, SendError, SignInError},
    submit::{SubmitError, TokenError},
};

use super::desk::{Desk, Ran, command};

const ANNE: &str = "anne@advokat-eksempel.dk";

fn page() -> Page {
    Page {
        lang: "en".to_owned(),
        title: "Segl".to_owned(),
        text: "Go back".to_owned(),
    }
}

/// A client of it, whose seconds are short.
fn client(server: &IdentityServer, certificates: &ServerCertificates) -> Client {
    let issuer = server.issuer();
    let url = |path: &str| format!("{issuer}{path}").parse().unwrap();
    let roots = Roots::Only(vec![certificates.root_der().to_vec().into()]);
    let https = Https::new(&roots, Names::System, Reach::Anywhere).unwrap();
    let provider = Provider {
        issuer: Some(issuer.clone()),
        authorization_endpoint: url("/authorize"),
        token_endpoint: url("/token"),
        device_endpoint: Some(url("/device")),
        client_id: CLIENT.to_owned(),
        client_secret: None,
        scopes: vec!["mail.send".to_owned()],
    };
    Client::new(provider, https).with_second(Duration::from_millis(4))
}

fn both() -> (IdentityServer, Client) {
    let certificates = Arc::new(ServerCertificates::make().unwrap());
    let server = IdentityServer::start(Arc::clone(&certificates)).unwrap();
    let client = client(&server, &certificates);
    (server, client)
}

async fn with_browser(server: &IdentityServer, client: &Client) -> Result<Tokens, OAuthError> {
    let browser = client.browser(ANNE).await?;
    server.browser()(browser.url());
    browser.finish(&page(), Duration::from_secs(5)).await
}

#[tokio::test]
async fn a_browser_signs_in_with_pkce_and_says_who_comes() {
    let (server, client) = both();
    let tokens = with_browser(&server, &client).await.unwrap();
    assert!(server.tokens().accepts(&tokens.access));
    assert_eq!(tokens.lifetime, Some(Duration::from_hours(1)));
    let asked = server.asked().remove(0);
    for part in [
        "/authorize?response_type=code",
        "client_id=segl-demo",
        "redirect_uri=http%3A%2F%2F127.0.0.1%3A",
        "code_challenge_method=S256",
        "scope=mail.send",
        "login_hint=anne%40advokat-eksempel.dk",
    ] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    let again = client.refresh(&tokens.refresh.unwrap()).await.unwrap();
    assert!(server.tokens().accepts(&again.access) && again.access != tokens.access);
}

/// What an error has to be.
type Is = fn(&OAuthError) -> bool;

#[tokio::test]
async fn an_answer_that_was_tampered_with_signs_nobody_in() {
    let cases: [(Visit, Is); 5] = [
        (Visit::Denies, |e| matches!(e, OAuthError::Denied)),
        (Visit::WithAnotherState, |e| {
            matches!(e, OAuthError::WrongState)
        }),
        (Visit::WithoutState, |e| matches!(e, OAuthError::WrongState)),
        (Visit::WithTwoCodes, |e| matches!(e, OAuthError::WrongState)),
        (Visit::WithAnotherIssuer, |e| {
            matches!(e, OAuthError::WrongIssuer)
        }),
    ];
    let (server, client) = both();
    for (visit, is_right) in cases {
        server.set_visit(visit);
        let refused = with_browser(&server, &client).await.err().unwrap();
        assert!(is_right(&refused), "{visit:?}: {refused:?}");
        // Nobody has shown the code: it was given for nothing.
        assert!(
            !server.asked().iter().any(|a| a.starts_with("/token")),
            "{visit:?}"
        );
        assert_eq!(server.tokens().all(), Vec::<String>::new(), "{visit:?}");
    }
}

#[tokio::test]
async fn a_browser_that_is_closed_is_not_waited_for_for_ever() {
    let (server, client) = both();
    server.set_visit(Visit::Leaves);
    let browser = client.browser(ANNE).await.unwrap();
    server.browser()(browser.url());
    let ended = browser.finish(&page(), Duration::from_millis(300)).await;
    assert!(matches!(ended.err(), Some(OAuthError::Redirect(_))));
}

#[tokio::test]
async fn a_code_counts_once_and_only_with_its_verifier() {
    let (server, client) = both();
    // Somebody saw the code on its way and shows it first, without the verifier.
    let browser = client.browser(ANNE).await.unwrap();
    let stolen = browser
        .url()
        .replace("&code_challenge=", "&code_challenge=x");
    server.browser()(&stolen);
    let refused = browser.finish(&page(), Duration::from_secs(5)).await;
    assert!(matches!(refused.err(), Some(OAuthError::SignInAgain)));

    let tokens = with_browser(&server, &client).await.unwrap();
    assert!(server.tokens().accepts(&tokens.access));
    let replayed = replay(&server, &client).await;
    assert!(matches!(replayed.err(), Some(OAuthError::SignInAgain)));
    assert!(
        !server.tokens().accepts(&tokens.access),
        "a code shown twice ends the sign-in"
    );
}

/// A browser that brings an old code to a new sign-in, with the right state.
async fn replay(server: &IdentityServer, client: &Client) -> Result<Tokens, OAuthError> {
    use tokio::io::AsyncWriteExt as _;
    let browser = client.browser(ANNE).await?;
    let url: url::Url = browser.url().parse().unwrap();
    let pair = |name: &str| {
        let found = url.query_pairs().find(|(n, _)| n == name);
        found.unwrap().1.into_owned()
    };
    let redirect: url::Url = pair("redirect_uri").parse().unwrap();
    let (code, state) = (server.last_code(), pair("state"));
    let port = redirect.port().unwrap();
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port))
        .await
        .unwrap();
    let request =
        format!("GET /?code={code}&state={state} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    browser.finish(&page(), Duration::from_secs(5)).await
}

#[tokio::test]
async fn a_code_for_another_device_is_waited_for_as_the_server_wants() {
    let (server, client) = both();
    server.set_polls(vec![Poll::Pending, Poll::SlowDown, Poll::Pending]);
    let device = client.device().await.unwrap();
    assert_eq!(device.user_code, "WDJB-MJHT");
    let begun = Instant::now();
    let tokens = device.finish().await.unwrap();
    assert!(server.tokens().accepts(&tokens.access));
    // 1 + 1 + 6 + 6 short seconds: slow_down makes every later pause longer.
    assert!(
        begun.elapsed() >= Duration::from_millis(14 * 4),
        "{:?}",
        begun.elapsed()
    );
    let cases: [(Vec<Poll>, Is); 3] = [
        (vec![Poll::Denied], |e| matches!(e, OAuthError::Denied)),
        (vec![Poll::Pending, Poll::Expired], |e| {
            matches!(e, OAuthError::Expired)
        }),
        // The server says that its code lives 100 seconds, and never answers otherwise.
        (vec![Poll::Pending; 400], |e| {
            matches!(e, OAuthError::Expired)
        }),
    ];
    for (polls, is_right) in cases {
        server.set_polls(polls.clone());
        let refused = client.device().await.unwrap().finish().await.err().unwrap();
        assert!(is_right(&refused), "{}: {refused:?}", polls.len());
    }
}

#[tokio::test]
async fn a_sign_in_server_that_is_not_who_it_should_be_gets_no_code() {
    let (server, _) = both();
    let stranger = ServerCertificates::make().unwrap();
    let client = client(&server, &stranger);
    assert!(matches!(
        client.device().await.err(),
        Some(OAuthError::Http(HttpFault::Tls(_)))
    ));
    assert_eq!(server.asked(), Vec::<String>::new());
}

/// A desk whose mail server takes tokens of a sign-in server.
struct SignedIn {
    desk: Desk,
    identity: IdentityServer,
    mail: MailServer,
}

impl SignedIn {
    fn new() -> Self {
        let desk = Desk::new();
        let certificates = desk.demo.world().servers.clone();
        let identity = IdentityServer::start(certificates.clone()).unwrap();
        let mut options = MailOptions::implicit_tls(certificates);
        options.auth = mail::Auth::SignedIn {
            username: ANNE.to_owned(),
            tokens: identity.tokens(),
        };
        let mail = MailServer::start(options).unwrap();
        desk.edit(
            &format!("port = {}", desk.demo.mail().port()),
            &format!("port = {}", mail.port()),
        );
        desk.edit(
            "auth = \"none\"",
            &format!("auth = \"xoauth2\"\nusername = \"{ANNE}\""),
        );
        desk.edit("[policy]", &format!("{}\n[policy]", identity.settings()));
        Self {
            desk,
            identity,
            mail,
        }
    }

    fn segl(&self) -> Segl {
        let paths = Paths {
            policy: self.desk.path("policy.toml"),
            policy_owner: 0,
            file: self.desk.demo.config_path(),
            data: self.desk.path("data"),
        };
        Segl::open(Config::load(&paths).unwrap(), "anne".to_owned()).unwrap()
    }

    fn send(&self) -> Ran {
        let people = &self.desk.demo.world().people;
        let green = people.iter().find(|p| p.wanted.route == "person").unwrap();
        self.desk.send(&["--to", &green.address])
    }

    /// What lies on disk, all of it, and what a program said.
    fn on_disk(&self) -> Vec<u8> {
        let (mut octets, mut folders) = (Vec::new(), vec![self.desk.demo.folder().to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    octets.extend(fs::read(path).unwrap());
                }
            }
        }
        octets
    }
}

async fn is_in(segl: &Segl) -> Result<(), String> {
    let probes = segl.probe(&super::desk::now).await;
    match probes.into_iter().last() {
        Some(Probe::Server { .. }) => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

#[tokio::test]
async fn an_access_token_is_used_while_it_lasts_and_changed_once_when_it_is_refused() {
    let desk = SignedIn::new();
    let segl = desk.segl();
    let sign_in = segl.sign_in().unwrap();
    sign_in
        .with_browser(&page(), &desk.identity.browser())
        .await
        .unwrap();
    is_in(&segl).await.unwrap();
    is_in(&segl).await.unwrap();
    assert_eq!(desk.identity.refreshes(), 0, "the first token still lasts");
    // In the middle of the session: the mail server no longer takes it, though its time is not over.
    desk.identity.tokens().expire_access();
    is_in(&segl).await.unwrap();
    assert_eq!(desk.identity.refreshes(), 1);
    // One whose time is over is not even shown.
    desk.identity.set_lifetime(30);
    desk.identity.tokens().expire_access();
    is_in(&segl).await.unwrap();
    is_in(&segl).await.unwrap();
    assert_eq!(desk.identity.refreshes(), 3);
}

#[tokio::test]
async fn several_windows_refresh_one_after_the_other_and_nobody_uses_an_old_token() {
    let desk = SignedIn::new();
    let first = desk.segl();
    let sign_in = first.sign_in().unwrap();
    sign_in.with_device(&|_code| {}).await.unwrap();
    let windows: Vec<Segl> = (0..6).map(|_| desk.segl()).collect();
    let all = futures_util::future::join_all(windows.iter().map(is_in)).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(desk.identity.refreshes(), 6);
    is_in(&first).await.unwrap();
}

#[tokio::test]
async fn a_revoked_sign_in_says_so_and_signing_in_again_helps() {
    let desk = SignedIn::new();
    let segl = desk.segl();
    let probe = |probes: Vec<Probe>| probes.into_iter().last().unwrap();
    let signed_out = |probe: &Probe| {
        matches!(
            probe,
            Probe::NoServer(SendError::Submit(SubmitError::Token(
                TokenError::SignInAgain
            )))
        )
    };
    let before = probe(segl.probe(&super::desk::now).await);
    assert!(signed_out(&before), "{before:?}");
    assert!(matches!(&before, Probe::NoServer(cause) if cause.lacks_sign_in()));
    let sign_in = segl.sign_in().unwrap();
    sign_in
        .with_browser(&page(), &desk.identity.browser())
        .await
        .unwrap();
    is_in(&segl).await.unwrap();
    desk.identity.tokens().revoke_all();
    let revoked = probe(segl.probe(&super::desk::now).await);
    assert!(signed_out(&revoked), "{revoked:?}");
    sign_in
        .with_browser(&page(), &desk.identity.browser())
        .await
        .unwrap();
    is_in(&segl).await.unwrap();
    sign_in.sign_out().await.unwrap();
    assert!(signed_out(&probe(segl.probe(&super::desk::now).await)));

    // Nothing to stay signed in with is no sign-in.
    desk.identity.set_gives_refresh(false);
    let short = sign_in
        .with_browser(&page(), &desk.identity.browser())
        .await;
    assert!(matches!(short, Err(SignInError::NotLasting)));
    // A server that is gone is not "signed out".
    desk.identity.set_gives_refresh(true);
    sign_in
        .with_browser(&page(), &desk.identity.browser())
        .await
        .unwrap();
    desk.identity.tokens().expire_access();
    desk.identity.refuse_connections().unwrap();
    let gone = probe(segl.probe(&super::desk::now).await);
    assert!(
        matches!(
            &gone,
            Probe::NoServer(SendError::Submit(SubmitError::Token(TokenError::SignIn(_))))
        ),
        "{gone:?}"
    );
    assert!(matches!(&gone, Probe::NoServer(cause) if !cause.lacks_sign_in()));
}

#[test]
fn the_command_line_signs_in_sends_and_leaves_no_token_behind() {
    let desk = SignedIn::new();
    let before = desk.send();
    assert_eq!(before.code, 2, "{before:?}");
    assert_eq!(before.json()["error"]["next"], "Sign in again: segl login");

    let login = desk.desk.segl(&["login", "--device"]);
    assert_eq!(login.code, 0, "{login:?}");
    assert!(login.stderr.contains("WDJB-MJHT"), "{login:?}");
    let mut seen = desk.identity.tokens().all();
    for _ in 0..2 {
        let sent = desk.send();
        assert_eq!(sent.code, 0, "{sent:?}");
        seen.extend(desk.identity.tokens().all());
    }
    assert_eq!(desk.mail.kept().len(), 2);
    assert_eq!(desk.mail.kept()[1].user.as_deref(), Some(ANNE));
    assert!(seen.len() >= 4);
    let octets = desk.on_disk();
    for token in &seen {
        let found = octets.windows(token.len()).any(|w| w == token.as_bytes());
        assert!(!found, "a token lies on disk");
        assert!(!login.stderr.contains(token) && !login.stdout.contains(token));
    }

    desk.identity.tokens().revoke_all();
    let revoked = desk.send();
    assert_eq!(revoked.code, 2, "{revoked:?}");
    assert!(
        revoked.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("no longer valid")
    );
    assert_eq!(desk.mail.kept().len(), 2);
    assert_eq!(desk.desk.segl(&["logout"]).code, 0);
}

#[cfg(unix)]
#[test]
fn the_command_line_opens_the_browser_and_shows_the_address_too() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = SignedIn::new();
    // The browser of this computer: notes where it was sent.
    let bin = desk.desk.path("bin");
    fs::create_dir(&bin).unwrap();
    let (browser, sent_to) = (bin.join("xdg-open"), desk.desk.path("sent-to"));
    let script = format!(
        "#!/bin/sh\nprintf %s \"$1\" > {0}.new\n/bin/mv {0}.new {0}\n",
        sent_to.display()
    );
    fs::write(&browser, script).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let mut login = command(desk.desk.demo.folder());
    login.env("PATH", &bin).env("BROWSER", "");
    login
        .arg("--config")
        .arg(desk.desk.demo.config_path())
        .arg("login");
    let mut child = login
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let shown = lines
        .by_ref()
        .map(Result::unwrap)
        .find(|l| l.starts_with("https://"))
        .unwrap();
    if cfg!(target_os = "linux") {
        let until = Instant::now() + Duration::from_secs(20);
        while !sent_to.exists() {
            assert!(Instant::now() < until, "no browser was opened");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(fs::read_to_string(&sent_to).unwrap(), shown);
    }
    desk.identity.browser()(&shown);
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(desk.send().code, 0);
}

#[test]
fn settings_for_signing_in_are_checked_by_key_and_line() {
    let wrong = |from: &str, to: &str| {
        let desk = SignedIn::new();
        desk.desk.edit(from, to);
        let ran = desk.desk.segl(&["config", "effective", "--json"]);
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.json()["error"].clone()
    };
    let unknown = wrong("client_id", "client_di");
    assert_eq!(unknown["code"], "settings-unknown-key");
    assert!(
        unknown["message"].as_str().unwrap().contains("client_id"),
        "{unknown}"
    );
    let plain = wrong("token_endpoint = \"https:", "token_endpoint = \"http:");
    assert_eq!(plain["code"], "settings-value");
    assert!(
        plain["message"]
            .as_str()
            .unwrap()
            .contains("submission.oauth.token_endpoint"),
        "{plain}"
    );
    let both = wrong(
        "auth = \"xoauth2\"",
        "auth = \"xoauth2\"\ntoken_command = [\"token\"]",
    );
    assert_eq!(both["code"], "settings-value");
    let neither = wrong("client_id = \"segl-demo\"\n", "");
    assert!(
        neither["message"].as_str().unwrap().contains("client_id"),
        "{neither}"
    );

    let desk = SignedIn::new();
    let ran = desk.desk.segl(&["config", "effective", "--json"]);
    assert!(ran.stdout.contains("submission.oauth.client_id"), "{ran:?}");
}
