//! The hostile SMTP scripts of the "NO STARTTLS" study: whatever a server says outside TLS, nobody signs in there.
//!
//! `SEGL_CORPORA` names the folder that holds `no-starttls-fake-server`. Of its RON files, the keys that decide what is
//! said are read; where `B_1` has its injected lines commented out, they are switched on.

use std::{
    collections::HashMap,
    fs,
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use segl::demo::Presented;

use super::*;

/// What a script says to do.
pub(crate) struct Script {
    greeting: String,
    capabilities: String,
    replies: HashMap<String, String>,
    starttls: String,
    transition: bool,
    hidden: String,
    presented: Presented,
}

impl Script {
    pub(crate) fn parse(text: &str) -> Self {
        // Switched on: "//stls_response: …" and "//ignore_commands_tls: …" of B_1. All other comments go.
        let text = text.replace("//stls_response", "stls_response");
        let text: String = text
            .lines()
            .map(|line| line.split("//").next().unwrap().to_owned() + "\n")
            .collect();
        let after = |key: &str| text.split_once(key).map(|(_, rest)| rest);
        let string = |key: &str| after(key).and_then(|rest| quoted(rest).into_iter().next());
        let list = |key: &str| {
            after(key).map_or("", |rest| {
                rest.split_once("],").map_or(rest, |(list, _)| list)
            })
        };
        let pairs = after("override_response: {")
            .map_or(Vec::new(), |rest| quoted(rest.split('}').next().unwrap()));
        Self {
            greeting: string("greeting:").unwrap_or_else(|| "220 fake ESMTP\r\n".to_owned()),
            capabilities: list("capabilities:").to_owned(),
            replies: pairs
                .chunks(2)
                .map(|pair| (pair[0].to_uppercase(), pair[1].clone()))
                .collect(),
            starttls: string("stls_response:").unwrap_or_else(|| "220 go\r\n".to_owned()),
            transition: after("stls_make_transition:")
                .is_none_or(|rest| !rest.trim().starts_with("false")),
            hidden: list("hide_commands:").to_uppercase(),
            presented: match string("crt_path:").as_deref().unwrap_or("") {
                path if path.contains("self-signed") || path.contains("unknown") => {
                    Presented::Untrusted
                }
                path if path.contains("other.") => Presented::WrongName,
                path if path.contains("expired") => Presented::Expired,
                _ => Presented::Good,
            },
        }
    }

    fn hello(&self) -> String {
        let mut lines = "250-fake\r\n".to_owned();
        for (capability, line) in [
            ("StartTLS", "STARTTLS"),
            ("Auth(", "AUTH PLAIN LOGIN"),
            ("Size", "SIZE 1000000"),
        ] {
            if self.capabilities.contains(capability) {
                lines += "250-";
                lines += line;
                lines += "\r\n";
            }
        }
        lines + "250 HELP\r\n"
    }

    /// Serves one connection, and gives what was said outside TLS and inside it.
    pub(crate) fn serve(&self, mut tcp: TcpStream) -> (Vec<String>, Vec<String>) {
        let mut clear = Vec::new();
        let mut inside = Vec::new();
        // An error is a client that broke off: its right, and mostly what is wanted.
        if self.converse(&mut tcp, &mut clear).is_ok() {
            let _broken_off = converse_inside(&mut inside_tls(tcp, self.presented), &mut inside);
        }
        (clear, inside)
    }

    /// Until the client may begin TLS.
    fn converse(&self, tcp: &mut TcpStream, clear: &mut Vec<String>) -> io::Result<()> {
        tcp.write_all(self.greeting.as_bytes())?;
        loop {
            let said = line(tcp)?;
            let verb = said.split(' ').next().unwrap().to_uppercase();
            clear.push(said);
            let reply = match (self.replies.get(&verb), verb.as_str()) {
                (Some(reply), _) => reply.clone(),
                _ if self.hidden.contains(&verb) => "500 unknown\r\n".to_owned(),
                (None, "EHLO") => self.hello(),
                (None, "STARTTLS") => self.starttls.clone(),
                (None, "AUTH") => "235 thank you\r\n".to_owned(),
                (None, "DATA") => "354 go\r\n".to_owned(),
                (None, _) => "250 ok\r\n".to_owned(),
            };
            tcp.write_all(reply.as_bytes())?;
            if verb == "STARTTLS" && reply.starts_with("220") && self.transition {
                return Ok(());
            }
        }
    }
}

fn converse_inside(tls: &mut (impl Read + Write), inside: &mut Vec<String>) -> io::Result<()> {
    loop {
        let said = line(tls)?;
        let reply = match said.split(' ').next().unwrap() {
            "EHLO" => &b"250-fake\r\n250 AUTH PLAIN LOGIN\r\n"[..],
            "AUTH" => b"235 welcome\r\n",
            _ => b"502 enough\r\n",
        };
        inside.push(said);
        tls.write_all(reply)?;
    }
}

/// Every quoted string, with its escapes.
fn quoted(text: &str) -> Vec<String> {
    let strings = text.split('"').skip(1).step_by(2);
    strings
        .map(|text| text.replace("\\r", "\r").replace("\\n", "\n"))
        .collect()
}

/// One line without its end; from a client that speaks TLS where it should not, some octets.
pub(super) fn line(stream: &mut impl Read) -> io::Result<String> {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") && line.len() < 2000 {
        let mut octet = [0];
        stream.read_exact(&mut octet)?;
        line.push(octet[0]);
        if line[0] == 0x16 {
            return Ok("(TLS)".to_owned());
        }
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

/// The server's side of TLS, blocking.
pub(super) fn inside_tls(
    tcp: TcpStream,
    presented: Presented,
) -> StreamOwned<ServerConnection, TcpStream> {
    let certificates = certificates();
    let issued = certificates.certificate(presented);
    let key = PrivatePkcs8KeyDer::from(issued.key.private_key_to_pkcs8().unwrap());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(issued.der.clone())],
            PrivateKeyDer::Pkcs8(key),
        )
        .unwrap();
    StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), tcp)
}

pub(crate) fn scripts(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            scripts(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "ron")
            && path.components().any(|c| c.as_os_str() == "smtp")
        {
            found.push(path);
        }
    }
}

#[tokio::test]
async fn no_hostile_script_gets_a_password_or_an_envelope_in_clear() {
    let Some(corpora) = std::env::var_os("SEGL_CORPORA") else {
        // Unlike a tool, the corpus cannot be installed: whoever has it names it.
        eprintln!("SKIPPED a test: SEGL_CORPORA is not set, so no hostile SMTP script was run");
        return;
    };
    let mut found = Vec::new();
    scripts(
        &Path::new(&corpora).join("no-starttls-fake-server"),
        &mut found,
    );
    assert!(found.len() >= 58, "{} scripts", found.len());
    let mut signed_in = Vec::new();
    let mut injected = Vec::new();
    for path in &found {
        let script = Script::parse(&fs::read_to_string(path).unwrap());
        let name = path
            .to_str()
            .unwrap()
            .rsplit("/smtp/")
            .next()
            .unwrap()
            .to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = thread::Builder::new()
            .name("fake".to_owned())
            .spawn(move || script.serve(listener.accept().unwrap().0))
            .unwrap();
        let settings = with_password(impatient(port, Security::StartTls), PASSWORD);
        match Session::open(settings).await {
            Ok(session) => drop(session),
            Err(SubmitError::InjectedOctets { .. }) => injected.push(name.clone()),
            Err(_) => {}
        }
        let (clear, inside) = serving.join().unwrap();
        for said in &clear {
            assert!(
                ["EHLO [127.0.0.1]", "STARTTLS", "(TLS)"].contains(&said.as_str()),
                "{name}: {said}"
            );
        }
        assert!(
            inside.is_empty() || inside[0] == "EHLO [127.0.0.1]",
            "{name}: {inside:?}"
        );
        if inside.iter().any(|said| said.starts_with("AUTH ")) {
            signed_in.push(name);
        }
    }
    // The scripts whose servers do nothing wrong show that the rest did not fail for another reason.
    for healthy in [
        "setup.ron",
        "others/greeting/220.ron",
        "others/starttls/220.ron",
    ] {
        assert!(
            signed_in.contains(&healthy.to_owned()),
            "{healthy}: {signed_in:?}"
        );
    }
    assert!(
        !signed_in.iter().any(|name| name.starts_with("T_")),
        "{signed_in:?}"
    );
    assert_eq!(injected, ["Buffering/B_1.ron"]);
}
