//! Heads of the record that somebody else put a time on. The authority is OpenSSL's own (`openssl ts`), and it judges, too.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
};

use serde_json::Value;

use super::desk::Desk;
use super::tools::tool;

const CONFIG: &str = "[tsa]\ndefault_tsa = own\n[own]\nserial = serial\ncrypto_device = builtin\n\
    signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1\n\
    ordering = no\ntsa_name = no\ness_cert_id_chain = no\n";

/// An authority with certificates of its own, behind HTTP on loopback.
struct Authority {
    folder: tempfile::TempDir,
    port: u16,
    /// Given instead of a stamp for the question.
    replay: Arc<Mutex<Option<Vec<u8>>>>,
}

impl Authority {
    fn start() -> Option<Self> {
        tool("openssl")?;
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().to_owned();
        fs::write(at.join("tsa.cnf"), CONFIG).unwrap();
        fs::write(at.join("serial"), "01").unwrap();
        fs::write(
            at.join("eku.cnf"),
            "extendedKeyUsage = critical,timeStamping\n",
        )
        .unwrap();
        let subject = ["-subj", "/O=Eksempel/CN=Tidsstempler"];
        let authority = ["-subj", "/O=Eksempel/CN=Rod"];
        run(
            &at,
            &[
                &[
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out",
                    "ca.pem", "-days", "30",
                ],
                &authority[..],
            ]
            .concat(),
        );
        run(
            &at,
            &[
                &[
                    "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr",
                ],
                &subject[..],
            ]
            .concat(),
        );
        run(
            &at,
            &[
                "x509",
                "-req",
                "-in",
                "tsa.csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-out",
                "tsa.pem",
                "-days",
                "20",
                "-extfile",
                "eku.cnf",
            ],
        );
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let replay = Arc::new(Mutex::new(None));
        let shared = Arc::clone(&replay);
        std::thread::Builder::new()
            .name("authority".to_owned())
            .spawn(move || {
                for stream in listener.incoming().flatten() {
                    // A client that goes away early is no concern of the authority's.
                    let _served = serve(stream, &at, &shared);
                }
            })
            .unwrap();
        Some(Self {
            folder,
            port,
            replay,
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A desk whose settings name this authority.
    fn desk(&self, ca: &Path) -> Desk {
        let desk = Desk::new();
        let record = format!(
            "[record]\ntsa = \"http://127.0.0.1:{}/\"\ntsa_ca = \"{}\"\n[network]",
            self.port,
            ca.display()
        );
        desk.edit("[network]", &record);
        desk
    }
}

fn run(folder: &Path, arguments: &[&str]) {
    let ran = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

fn serve(stream: TcpStream, folder: &Path, replay: &Mutex<Option<Vec<u8>>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if let Some(n) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = n.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut question = vec![0; length];
    reader.read_exact(&mut question)?;
    let replayed = replay.lock().unwrap().clone();
    let answer = if let Some(answer) = replayed {
        answer
    } else {
        fs::write(folder.join("question"), &question)?;
        run(
            folder,
            &[
                "ts",
                "-reply",
                "-config",
                "tsa.cnf",
                "-queryfile",
                "question",
                "-signer",
                "tsa.pem",
                "-inkey",
                "tsa.key",
                "-out",
                "answer",
            ],
        );
        fs::read(folder.join("answer"))?
    };
    let mut stream = reader.into_inner();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        answer.len()
    )?;
    stream.write_all(&answer)
}

fn send(desk: &Desk) {
    let people = &desk.demo.world().people;
    let green = people
        .iter()
        .find(|p| p.wanted.route == "person")
        .unwrap()
        .address
        .clone();
    assert_eq!(desk.send(&["--to", &green]).code, 0);
}

fn data(desk: &Desk) -> PathBuf {
    super::record::database_of(desk.demo.folder())
        .parent()
        .unwrap()
        .to_owned()
}

/// The stamp in a folder.
fn stamp(folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries
        .into_iter()
        .find(|p| p.extension().is_some_and(|e| e == "tsr"))
        .unwrap()
}

#[test]
fn a_stamped_head_is_verified_here_and_by_openssl_alone() {
    let Some(authority) = Authority::start() else {
        return;
    };
    let desk = authority.desk(&authority.path("ca.pem"));
    send(&desk);
    let ran = desk.segl(&["log", "anchor", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        (&ran.json()["holds"], &ran.json()["trusted"]),
        (&true.into(), &true.into())
    );
    let ran = desk.segl(&["log", "verify", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["anchors"][0]["seq"], 3);
    assert_eq!(ran.json()["anchors"][0]["trusted"], true);

    let stamp = stamp(&data(&desk).join("anchors"));
    let statement = stamp.with_extension("head");
    let text = fs::read_to_string(&statement).unwrap();
    assert!(text.contains("head: 3:") && !text.contains('@'), "{text}");
    let judged = Command::new("openssl")
        .args(["ts", "-verify", "-data"])
        .arg(&statement)
        .arg("-in")
        .arg(&stamp)
        .arg("-CAfile")
        .arg(authority.path("ca.pem"))
        .output()
        .unwrap();
    assert!(judged.status.success(), "{judged:?}");

    let today = super::desk::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date()
        .to_string();
    let ran = desk.segl(&["report", "--from", &today, "--to", &today]);
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        told["desks"][0]["chain"]["anchors"][0]["trusted"], true,
        "{ran:?}"
    );
}

#[test]
fn a_log_that_was_written_anew_with_its_own_key_shows_against_a_stamp_kept_elsewhere() {
    let Some(authority) = Authority::start() else {
        return;
    };
    let desk = authority.desk(&authority.path("ca.pem"));
    send(&desk);
    let (data, backup) = (data(&desk), tempfile::tempdir().unwrap());
    let of_record = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
        entries
            .filter(|p| {
                p.is_file()
                    && p.file_name()
                        .unwrap()
                        .to_string_lossy()
                        .starts_with("record.")
            })
            .collect()
    };
    for file in of_record(&data) {
        fs::copy(&file, backup.path().join(file.file_name().unwrap())).unwrap();
    }
    send(&desk);
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path().to_str().unwrap();
    assert_eq!(desk.segl(&["log", "anchor", "--copy", folder]).code, 0);
    assert_eq!(desk.segl(&["log", "verify", "--anchors", folder]).code, 0);

    // Back to before the second mail, and on from there as if it had never been.
    for file in of_record(&data) {
        fs::remove_file(file).unwrap();
    }
    for file in of_record(backup.path()) {
        fs::copy(&file, data.join(file.file_name().unwrap())).unwrap();
    }
    fs::remove_dir_all(data.join("anchors")).unwrap();
    send(&desk);
    send(&desk);
    assert_eq!(
        desk.segl(&["log", "verify"]).code,
        0,
        "by itself the chain holds"
    );
    let ran = desk.segl(&["log", "verify", "--anchors", folder, "--json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.json()["first_bad"]["reason"], "head-mismatch");
}

#[test]
fn a_stamp_that_was_changed_is_for_something_else_or_of_nobody_known_is_told() {
    let Some(authority) = Authority::start() else {
        return;
    };
    let other = Authority::start().unwrap();
    let desk = authority.desk(&other.path("ca.pem"));
    send(&desk);
    let ran = desk.segl(&["log", "anchor", "--json"]);
    assert_eq!(
        (ran.code, &ran.json()["trusted"]),
        (0, &false.into()),
        "{ran:?}"
    );

    let stamp = stamp(&data(&desk).join("anchors"));
    let whole = fs::read(&stamp).unwrap();
    *authority.replay.lock().unwrap() = Some(whole.clone());
    let ran = desk.segl(&["log", "anchor", "--json"]);
    assert_eq!(ran.code, 2, "an answer to another question: {ran:?}");
    *authority.replay.lock().unwrap() = Some(b"<html>".to_vec());
    assert_eq!(desk.segl(&["log", "anchor"]).code, 2);

    let mut changed = whole;
    let at = changed.len() - 20;
    changed[at] ^= 1;
    fs::write(&stamp, changed).unwrap();
    let ran = desk.segl(&["log", "verify", "--json"]);
    assert_eq!(
        (ran.code, &ran.json()["anchors"][0]["holds"]),
        (1, &false.into()),
        "{ran:?}"
    );
    fs::remove_file(stamp.with_extension("head")).unwrap();
    assert_eq!(
        desk.segl(&["log", "verify"]).code,
        2,
        "a stamp without its statement is no missing anchor"
    );
}

#[test]
fn without_an_authority_in_the_settings_nothing_is_asked() {
    let desk = Desk::new();
    let ran = desk.segl(&["log", "anchor"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("time-stamping authority"), "{ran:?}");
}

/// The stamp in the data folder, made anew around the same statement: signed by the authority's key again, as `change`
/// says.
fn made_anew(authority: &Authority, stamp: &Path, arguments: &[&str], twin: Option<&Path>) {
    let at = authority.folder.path();
    let file = stamp.to_str().unwrap();
    run(
        at,
        &["ts", "-reply", "-in", file, "-token_out", "-out", "token"],
    );
    run(
        at,
        &[
            "cms",
            "-verify",
            "-noverify",
            "-inform",
            "DER",
            "-in",
            "token",
            "-binary",
            "-out",
            "content",
        ],
    );
    let fixed = [
        "cms",
        "-sign",
        "-binary",
        "-nodetach",
        "-econtent_type",
        "1.2.840.113549.1.9.16.1.4",
        "-in",
        "content",
        "-signer",
        "tsa.pem",
        "-inkey",
        "tsa.key",
        "-md",
        "sha256",
        "-outform",
        "DER",
        "-out",
        "signed",
    ];
    run(at, &[&fixed[..], arguments].concat());
    if let Some(twin) = twin {
        let der = |name: &str| {
            let pem = fs::read(at.join(name)).unwrap();
            openssl::x509::X509::from_pem(&pem)
                .unwrap()
                .to_der()
                .unwrap()
        };
        let (own, other) = (der("tsa.pem"), der(twin.to_str().unwrap()));
        assert_eq!(own.len(), other.len());
        let mut token = fs::read(at.join("signed")).unwrap();
        let place = memchr::memmem::find(&token, &own).unwrap();
        token[place..place + own.len()].copy_from_slice(&other);
        fs::write(at.join("signed"), token).unwrap();
    }
    run(
        at,
        &["ts", "-reply", "-in", "signed", "-token_in", "-out", "anew"],
    );
    fs::copy(at.join("anew"), stamp).unwrap();
}

#[test]
fn a_stamp_counts_only_where_its_signature_covers_the_certificate_of_its_signer() {
    let Some(authority) = Authority::start() else {
        return;
    };
    // The old form of the attribute, with SHA-1, is what many authorities still send.
    let config = format!("{CONFIG}ess_cert_id_alg = sha1\n");
    fs::write(authority.path("tsa.cnf"), config).unwrap();
    let desk = authority.desk(&authority.path("ca.pem"));
    send(&desk);
    assert_eq!(desk.segl(&["log", "anchor"]).code, 0);
    let stamp = stamp(&data(&desk).join("anchors"));
    let verified = || {
        let ran = desk.segl(&["log", "verify", "--json"]);
        let state = ran.json()["anchors"][0].clone();
        (ran.code, state["holds"] == true, state["trusted"] == true)
    };
    assert_eq!(verified(), (0, true, true), "by RFC 3161");
    made_anew(&authority, &stamp, &["-cades"], None);
    assert_eq!(verified(), (0, true, true), "by RFC 5816");
    made_anew(&authority, &stamp, &[], None);
    assert_eq!(verified(), (1, false, false), "without the attribute");

    // Another certificate of the same authority with the same number, for the same key.
    let at = authority.folder.path();
    let pem = fs::read(authority.path("tsa.pem")).unwrap();
    let serial = openssl::x509::X509::from_pem(&pem).unwrap();
    let serial = serial
        .serial_number()
        .to_bn()
        .unwrap()
        .to_hex_str()
        .unwrap();
    let number = format!("0x{}", *serial);
    run(
        at,
        &[
            "x509",
            "-req",
            "-in",
            "tsa.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-set_serial",
            &number,
            "-out",
            "twin.pem",
            "-days",
            "21",
            "-extfile",
            "eku.cnf",
        ],
    );
    made_anew(&authority, &stamp, &["-cades"], Some(Path::new("twin.pem")));
    assert_eq!(
        verified(),
        (1, false, false),
        "another certificate in its place"
    );
}

#[test]
fn a_head_in_a_signed_note_shows_a_log_that_was_written_anew_and_the_note_cannot_be_changed() {
    let desk = Desk::new();
    send(&desk);
    let data = data(&desk);
    let before = tempfile::tempdir().unwrap();
    for name in ["record.sqlite", "record.head"] {
        fs::copy(data.join(name), before.path().join(name)).unwrap();
    }
    send(&desk);
    let ran = desk.segl(&["log", "anchor", "--note", "hoved.txt"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let again = desk.segl(&["log", "anchor", "--note", "hoved.txt"]);
    assert_eq!(again.code, 2, "never over a file");
    let verify = |more: &[&str]| {
        let ran = desk.segl(&[&["log", "verify", "--json", "--note", "hoved.txt"], more].concat());
        ran.code
    };
    assert_eq!(verify(&[]), 0);
    send(&desk);
    assert_eq!(verify(&[]), 0, "the log goes on after it");

    let note = fs::read_to_string(desk.path("hoved.txt")).unwrap();
    assert!(!note.contains('@'), "{note}");
    for (from, to) in [
        ("head: 6", "head: 5"),
        ("at: 2", "at: 3"),
        ("key: ", "key: 0"),
    ] {
        assert!(note.contains(from), "{note}");
        fs::write(desk.path("hoved.txt"), note.replacen(from, to, 1)).unwrap();
        assert_eq!(verify(&[]), 1, "{from} became {to}");
    }
    fs::write(desk.path("hoved.txt"), &note).unwrap();

    // Another desk's log is not the one that the note is about.
    let other = Desk::new();
    send(&other);
    fs::write(other.path("hoved.txt"), &note).unwrap();
    let ran = other.segl(&["log", "verify", "--note", "hoved.txt"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("another send log"), "{ran:?}");

    // Back to before the second mail, and on from there.
    for name in ["record.sqlite-wal", "record.sqlite-shm"] {
        let _none = fs::remove_file(data.join(name));
    }
    for name in ["record.sqlite", "record.head"] {
        fs::copy(before.path().join(name), data.join(name)).unwrap();
    }
    send(&desk);
    send(&desk);
    assert_eq!(desk.segl(&["log", "verify"]).code, 0);
    assert_eq!(verify(&[]), 1, "the note shows it");
}
