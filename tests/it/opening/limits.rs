//! Memory: a message that is read stands in it at most three times. The limit is set by the system (`ulimit -d`, all that
//! a process may write to), so that nothing is measured that a busy computer could change.

use std::{fs, io::Write as _, process::Command};

use super::{Bench, KeyKind};

const MB: usize = 1 << 20;
/// Large beside what the program needs for itself.
const MESSAGE: usize = 32 * MB;
/// What the program needs for itself, whatever it reads.
const OWN: usize = 12 * MB;

/// An entity with a file, in base64, of so many octets in all.
fn with_file(octets: usize) -> Vec<u8> {
    let mut out = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHej\r\n--b\r\n\
        Content-Type: application/octet-stream; name=\"a.bin\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        .to_vec();
    while out.len() < octets {
        out.extend_from_slice(
            &b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAx\r\n"[..],
        );
    }
    out.extend_from_slice(b"\r\n--b--\r\n");
    out
}

/// The exit code of `segl open` with this much memory; none where it was ended for wanting more.
fn opened(bench: &Bench, json: bool, limit: usize) -> Option<i32> {
    let mut command = Command::new("sh");
    let line = format!("ulimit -d {} && exec \"$@\"", limit / 1024);
    command
        .env_clear()
        .env("HOME", bench.path(""))
        .args(["-c", &line, "sh", env!("CARGO_BIN_EXE_segl"), "open"])
        .args(json.then_some("--json"))
        .arg("--key")
        .arg(bench.path("bo.both"))
        .arg(bench.path("mail"));
    let done = command.output().unwrap();
    let is_shown = String::from_utf8_lossy(&done.stdout).contains("bo@example.com");
    done.status.code().filter(|_| is_shown)
}

#[test]
#[cfg(target_os = "linux")]
fn a_message_of_any_kind_stands_in_memory_at_most_three_times() {
    let Some(bench) = Bench::new() else { return };
    bench.person("bo", KeyKind::Rsa);
    let large = with_file(MESSAGE / 100 * 73);
    fs::write(bench.path("text"), &large).unwrap();
    let sign = [
        "cms", "-sign", "-binary", "-in", "text", "-signer", "bo.pem", "-inkey", "bo.key", "-out",
    ];
    bench.openssl(&[&sign[..], &["signed"]].concat());
    let encrypt = [
        "cms", "-encrypt", "-binary", "-recip", "bo.pem", "-out", "made", "-in",
    ];
    let line = "Kaere Bo, dette er en lang tekst.\r\n";
    let text = "Content-Type: text/plain\r\n\r\n".to_owned() + &line.repeat(MESSAGE / line.len());
    let formatted = text.replace("plain", "html").replace(".\r\n", "<td>\r\n");
    let makes: [(&str, &[&str]); 6] = [
        ("CBC", &["signed", "-aes256"]),
        ("CBC in pieces", &["text", "-aes256", "-stream"]),
        ("GCM", &["text", "-aes-256-gcm"]),
        (
            "signed and GCM in pieces",
            &["signed", "-aes-256-gcm", "-stream"],
        ),
        ("text alone", &[]),
        ("formatted text alone", &[]),
    ];
    for (name, more) in makes {
        let mut mail = b"From: bo@example.com\r\nTo: bo@example.com\r\nSubject: Hej\r\n".to_vec();
        if more.is_empty() {
            let is_plain = name == "text alone";
            let text = if is_plain { &text } else { &formatted };
            mail.write_all(text.as_bytes()).unwrap();
        } else {
            bench.openssl(&[&encrypt[..], more].concat());
            mail.extend(fs::read(bench.path("made")).unwrap());
        }
        fs::write(bench.path("mail"), &mail).unwrap();
        for json in [true, false] {
            let limit = 3 * mail.len() + OWN;
            assert!(
                opened(&bench, json, limit).is_some(),
                "{name}: more than three times"
            );
        }
        // The limit is one: with as much as the message alone it does not open.
        assert_eq!(opened(&bench, true, mail.len()), None, "{name}");
    }
}
