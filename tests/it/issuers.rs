//! Issuers that nobody delivered: fetched from hosts that the settings name, and from nobody else.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener},
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use jiff::SignedDuration;
use segl::demo::{Authority, CrlSpec, Leaf};

use super::desk::{Ran, command, now, run};

const ANNE: &str = "anne@advokat-eksempel.dk";

/// A server on loopback that says the same to everybody, and counts them.
pub(crate) struct Server {
    pub(crate) port: u16,
    asked: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn() -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let serve = move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                count.fetch_add(1, Ordering::SeqCst);
                let mut request = [0; 4096];
                // A client that breaks off has its right.
                let _read = stream.read(&mut request);
                let _written = stream.write_all(&answer());
                let _shut = stream.shutdown(Shutdown::Write);
            }
        };
        // It ends with the process; a listener cannot be woken.
        let _served = thread::Builder::new()
            .name("issuers".to_owned())
            .spawn(serve)
            .unwrap();
        Self { port, asked }
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// An answer with this body.
pub(crate) fn said(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// A desk with a root, a certificate whose issuer is not at hand, and current lists.
struct Desk {
    folder: tempfile::TempDir,
    issuing: Vec<u8>,
}

fn desk(url: &dyn Fn() -> String) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let root = Authority::root("Eksempel rod-CA").unwrap();
    let issuing = root.intermediate("Eksempel udstedende-CA").unwrap();
    let leaf = Leaf {
        issuer_urls: vec![url()],
        ..Leaf::mail("Anne Østergaard", ANNE)
    };
    let fresh = CrlSpec::empty(now().checked_sub(SignedDuration::from_hours(1)).unwrap());
    let write = |name: &str, der: &[u8]| fs::write(folder.path().join(name), der).unwrap();
    write("root.cer", &root.certificate().der);
    write("anne.cer", &issuing.issue(&leaf).unwrap().der);
    write("root.crl", &root.crl(&fresh).unwrap());
    write("issuing.crl", &issuing.crl(&fresh).unwrap());
    let issuing = issuing.certificate().der.clone();
    Desk { folder, issuing }
}

fn check(folder: &Path, network: &str) -> Ran {
    let settings = format!(
        "[certificates]\nfiles = [\"anne.cer\"]\n\
         [trust]\nanchors = [\"root.cer\"]\ncrls = [\"root.crl\", \"issuing.crl\"]\n\
         [tls]\nresolver = \"127.0.0.1:9\"\n[network]\n{network}\n[data]\ndir = \"data\"\n"
    );
    let file = folder.join("segl.toml");
    fs::write(&file, settings).unwrap();
    let mut command = command(folder);
    command.arg("--config").arg(file);
    command.args(["check", "--json", ANNE]);
    run(command, b"")
}

fn status(ran: &Ran) -> String {
    ran.json()["recipients"][0]["status"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_missing_issuer_is_fetched_from_a_host_that_the_settings_name_and_from_no_other() {
    let body: Arc<OnceLock<Vec<u8>>> = Arc::default();
    let held = Arc::clone(&body);
    let server = Server::start(move || said(held.get().map_or(&[][..], Vec::as_slice)));
    let desk = desk(&|| format!("http://127.0.0.1:{}/issuing.cer", server.port));
    body.set(desk.issuing.clone()).unwrap();

    let refused = [
        "allow_private = true",
        "allow_private = true\nca_hosts = [\"ca1.example\"]",
        // A name of the settings may not lead into the house either.
        "ca_hosts = [\"127.0.0.1\"]",
    ];
    for network in refused {
        let ran = check(desk.folder.path(), network);
        assert_eq!(status(&ran), "unusable", "{network}: {ran:?}");
        assert_eq!(server.asked(), 0, "{network}");
    }
    let ran = check(
        desk.folder.path(),
        "allow_private = true\nca_hosts = [\"127.0.0.1\"]",
    );
    assert_eq!((status(&ran).as_str(), ran.code), ("usable", 0), "{ran:?}");
    assert_eq!(server.asked(), 1);
}

#[test]
fn what_a_host_says_instead_of_an_issuer_changes_nothing() {
    let stranger = Authority::root("Eksempel udstedende-CA").unwrap();
    let answers: Vec<Vec<u8>> = vec![
        said(&stranger.certificate().der),
        said(b"no certificate"),
        said(&vec![0x30; 1 << 20]),
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n0".to_vec(),
        b"hello".to_vec(),
    ];
    for answer in answers {
        let copy = answer.clone();
        let server = Server::start(move || copy.clone());
        let desk = desk(&|| format!("http://127.0.0.1:{}/issuing.cer", server.port));
        let ran = check(
            desk.folder.path(),
            "allow_private = true\nca_hosts = [\"127.0.0.1\"]",
        );
        assert_eq!(
            (status(&ran).as_str(), ran.code),
            ("unusable", 1),
            "{ran:?}"
        );
        let problems = &ran.json()["recipients"][0]["certificates"][0]["problems"];
        assert_eq!(problems[0]["code"], "untrusted-issuer", "{ran:?}");
        assert_eq!(server.asked(), 1, "once, and nowhere else");
    }
}
