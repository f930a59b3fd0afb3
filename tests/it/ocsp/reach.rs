//! Who is asked, when, and for how long.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
    time::Duration,
};

use segl::demo::Leaf;

use super::{ANNE, BO, OPEN, UNKNOWN, answering, desk, said, told};
use crate::{
    desk::{command, run},
    issuers::Server,
    tools::tool,
};

/// Octets that never end, so slowly that something always came a moment ago. Gives the port.
fn dripping() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let _asked = stream.read(&mut [0; 4096]);
            let head = b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n";
            let mut is_there = stream.write_all(head).is_ok();
            while is_there {
                thread::sleep(Duration::from_millis(200));
                is_there = stream.write_all(b"0").is_ok();
            }
        }
    };
    // It ends with the process; a listener cannot be woken.
    let _served = thread::Builder::new()
        .name("dripping".to_owned())
        .spawn(serve)
        .unwrap();
    port
}

#[test]
fn a_responder_that_never_ends_its_answer_ends_in_unknown_and_is_waited_for_once() {
    let desk = desk(dripping());
    // That it ends at all is what is shown: the answer would take hours.
    let ran = desk.check("root.cer", OPEN, &[ANNE, BO]);
    assert_eq!(
        told(&ran, 0),
        (UNKNOWN.to_owned(), "no-answer".to_owned()),
        "{ran:?}"
    );
    // For the second the host rests: nobody asked it, so nobody waited.
    assert_eq!(told(&ran, 1).0, UNKNOWN, "{ran:?}");
}

#[test]
fn nothing_but_http_is_asked_whatever_a_certificate_names() {
    let (desk, responder) = answering(|_, _| Vec::new());
    let lists = Server::start(Vec::new);
    let at = |scheme: &str, port: u16| format!("{scheme}://127.0.0.1:{port}/a");
    let schemes = ["https", "ftp", "file", "HTTPS", "ws"];
    let leaf = Leaf {
        ocsp_urls: schemes.iter().map(|s| at(s, responder.port)).collect(),
        crl_urls: schemes.iter().map(|s| at(s, lists.port)).collect(),
        ..Leaf::mail("Anne Østergaard", ANNE)
    };
    let leaf = desk.issuing.issue(&leaf).unwrap();
    fs::write(desk.folder().join("anne.cer"), &leaf.der).unwrap();
    let ran = desk.check("root.cer", OPEN, &[ANNE]);
    assert_eq!(told(&ran, 0).0, UNKNOWN, "{ran:?}");
    assert_eq!((responder.asked(), lists.asked()), (0, 0));
}

#[test]
fn while_a_mail_is_read_nobody_is_asked() {
    let Some(mut openssl) = tool("openssl") else {
        return;
    };
    let (desk, responder) = answering(|d, q| said(&d.forged(q).der()));
    // An answer that brings nothing: a host that gives none would rest, and the responder lies on the same.
    let lists = Server::start(|| b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".to_vec());
    let leaf = Leaf {
        ocsp_urls: vec![format!("http://127.0.0.1:{}/ocsp", responder.port)],
        crl_urls: vec![format!("http://127.0.0.1:{}/a.crl", lists.port)],
        ..Leaf::mail("Anne Østergaard", ANNE)
    };
    let leaf = desk.issuing.issue(&leaf).unwrap();
    let write = |name: &str, octets: &[u8]| fs::write(desk.folder().join(name), octets).unwrap();
    write("anne.cer", &leaf.der);
    write("anne.pem", leaf.pem().as_bytes());
    write("anne.key", leaf.key_pem().unwrap().as_bytes());
    write("text", b"Content-Type: text/plain\r\n\r\nHej\r\n");
    let signed = openssl
        .current_dir(desk.folder())
        .args(["cms", "-sign", "-in", "text", "-signer", "anne.pem"])
        .args(["-inkey", "anne.key", "-from", ANNE, "-out", "signed.eml"])
        .status()
        .unwrap();
    assert!(signed.success());
    // With these settings the same certificate's list and responder are asked when somebody writes to it.
    let written = desk.check("root.cer", OPEN, &[ANNE]);
    let asked = (responder.asked(), lists.asked());
    assert!(asked.0 > 0 && asked.1 > 0, "{written:?}");
    fs::remove_dir_all(desk.folder().join("data")).unwrap();
    let mut command = command(desk.folder());
    command.arg("--config").arg(desk.folder().join("segl.toml"));
    let ran = run(
        {
            command.args(["open", "--json", "signed.eml"]);
            command
        },
        b"",
    );
    let author = &ran.json()["signers"][0];
    assert_eq!(author["sha256"].as_str().map(str::len), Some(64), "{ran:?}");
    assert_eq!((responder.asked(), lists.asked()), asked);
}
