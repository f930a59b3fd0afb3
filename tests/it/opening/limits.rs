//! Memory: a message that is read stands in it at most three times. Held by the system (`ulimit -d`, all that a process may
//! write to), and measured as the highest resident set that the system counted for the process.

use std::{
    fs,
    process::{Command, Output},
};

use super::{Bench, KeyKind, written::object};
use crate::tools::system_python;

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

/// SignedData (RFC 5652 §5.1) that nobody signed, whose content stands in strings in strings.
fn in_pieces_of_pieces(content: &[u8]) -> Vec<u8> {
    let value = |tag: u8, pieces: &[&[u8]]| {
        let content = pieces.concat();
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x84], &length[..], &content].concat()
    };
    let string = (0..20).fold(value(0x04, &[content]), |inside, _| value(0x24, &[&inside]));
    let data = value(
        0x30,
        &[&object("1.2.840.113549.1.7.1"), &value(0xA0, &[&string])],
    );
    let none = value(0x31, &[]);
    let signed = value(0x30, &[&[2, 1, 1], &none, &data, &none]);
    value(
        0x30,
        &[&object("1.2.840.113549.1.7.2"), &value(0xA0, &[&signed])],
    )
}

/// `segl open` of the mail, run by this program.
fn open_by(bench: &Bench, program: &str, before: &[&str], json: bool) -> Output {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("HOME", bench.path(""))
        .args(before)
        .args([env!("CARGO_BIN_EXE_segl"), "open"])
        .args(json.then_some("--json"))
        .arg("--key")
        .arg(bench.path("bo.both"))
        .arg(bench.path("mail"));
    command.output().unwrap()
}

/// The exit code of `segl open` with this much memory; none where it was ended for wanting more.
fn opened(bench: &Bench, json: bool, limit: usize) -> Option<i32> {
    let line = format!("ulimit -d {} && exec \"$@\"", limit / 1024);
    let done = open_by(bench, "sh", &["-c", &line, "sh"], json);
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
    let line = "<p>Kaere Bo, dette er en <b>lang</b> tekst.</p>\r\n";
    let html = "Content-Type: text/html\r\n\r\n".to_owned() + &line.repeat(MESSAGE / line.len());
    // Each of these letters is three octets where it is shown.
    let west = b"Content-Type: text/plain; charset=windows-1252\r\n\r\n";
    let west = [&west[..], &vec![0x80; MESSAGE]].concat();
    let deep = b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\
        Content-Transfer-Encoding: binary\r\n\r\n";
    let deep = [&deep[..], &in_pieces_of_pieces(text.as_bytes())].concat();
    let makes: [(&str, &[&str]); 8] = [
        ("CBC", &["signed", "-aes256"]),
        ("CBC in pieces", &["text", "-aes256", "-stream"]),
        ("GCM", &["text", "-aes-256-gcm"]),
        (
            "signed and GCM in pieces",
            &["signed", "-aes-256-gcm", "-stream"],
        ),
        ("text alone", &[]),
        ("HTML alone", &[]),
        ("text in another character set", &[]),
        ("pieces in pieces", &[]),
    ];
    for (name, more) in makes {
        let mut mail = b"From: bo@example.com\r\nTo: bo@example.com\r\nSubject: Hej\r\n".to_vec();
        if more.is_empty() {
            mail.extend_from_slice(match name {
                "HTML alone" => html.as_bytes(),
                "text in another character set" => &west,
                "pieces in pieces" => &deep,
                _ => text.as_bytes(),
            });
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

/// Says on stderr how much the program that it ran stood in memory at most, in kB (getrusage, RUSAGE_CHILDREN).
const MEASURE: &str = "import resource, subprocess, sys; subprocess.run(sys.argv[1:]); \
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)";

#[test]
#[cfg(target_os = "linux")]
fn the_resident_memory_of_a_large_mail_is_at_most_three_times_the_mail() {
    let Some(bench) = Bench::new() else { return };
    if system_python("resource.getrusage", "python3").is_none() {
        return;
    }
    bench.person("bo", KeyKind::Rsa);
    fs::write(bench.path("text"), with_file(64 * MB)).unwrap();
    let outer = "From: bo@example.com\r\nTo: bo@example.com\r\nSubject: Hej\r\n";
    let make = |name: &str, arguments: &[&str]| {
        bench.openssl(&[&["cms", "-binary", "-out", "made"], arguments].concat());
        let made = fs::read(bench.path("made")).unwrap();
        fs::write(bench.path(name), [outer.as_bytes(), &made].concat()).unwrap();
    };
    let signer = ["-signer", "bo.pem", "-inkey", "bo.key"];
    let sign = |more: &[&'static str]| [&["-sign", "-in", "text"], more, &signer].concat();
    let encrypt = ["-encrypt", "-in", "signed", "-recip", "bo.pem", "-stream"];
    make("signed", &sign(&[]));
    make("opaque", &sign(&["-nodetach"]));
    make("GCM", &[&encrypt[..], &["-aes-256-gcm"]].concat());
    make("CBC", &[&encrypt[..], &["-aes256"]].concat());
    for name in ["signed", "opaque", "GCM", "CBC"] {
        fs::rename(bench.path(name), bench.path("mail")).unwrap();
        let octets = fs::metadata(bench.path("mail")).unwrap().len();
        let done = open_by(&bench, "/usr/bin/python3", &["-c", MEASURE], true);
        let told = String::from_utf8_lossy(&done.stderr);
        let resident: u64 = told.lines().last().and_then(|l| l.parse().ok()).unwrap();
        let shown = String::from_utf8_lossy(&done.stdout);
        assert!(shown.contains("a.bin"), "{name}: {shown} {told}");
        println!("{name}: {octets} octets, {resident} kB resident");
        assert!(
            resident * 1024 <= 3 * octets,
            "{name}: {resident} kB for {octets} octets"
        );
        // It was measured: the mail itself stood there.
        assert!(resident * 1024 >= octets, "{name}: {resident} kB");
    }
}
