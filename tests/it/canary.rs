//! The canary: subject, text, attachment, its name, and the password are markers. After composing, sending, refusing and
//! killing, no file, no output and no argument list holds one, in any encoding that text takes on disk.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use segl::{
    config::{Config, Paths},
    demo::{
        MailOptions, MailServer,
        mail::{Do, Fault, Step},
    },
    mail::{Body, Draft, DraftId},
    segl::Segl,
};

use super::desk::{Desk, command, now, run};

const SUBJECT: &str = "kanariemnezqx";
const TEXT: &str = "kanarietekstzqx";
const FILE_NAME: &str = "kanarienavnzqx";
const FILE_TEXT: &str = "kanariebilagzqx";
const PASSWORD: &str = "kanariekodezqx";
const MARKERS: [&str; 5] = [SUBJECT, TEXT, FILE_NAME, FILE_TEXT, PASSWORD];

/// A marker as it can stand in a file: raw, UTF-16 in both orders, and base64 at each of the three alignments.
fn forms(marker: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![marker.as_bytes().to_vec()];
    forms.push(marker.encode_utf16().flat_map(u16::to_le_bytes).collect());
    forms.push(marker.encode_utf16().flat_map(u16::to_be_bytes).collect());
    for shift in 0..3 {
        // Without the characters that share bits with what stands before and after.
        let padded = [&b"\0\0"[..shift], marker.as_bytes()].concat();
        let encoded = base64_simd::STANDARD.encode_to_string(&padded);
        let (from, to) = (
            (shift * 8).div_ceil(6) + 1,
            encoded.trim_end_matches('=').len() - 1,
        );
        forms.push(encoded.as_bytes()[from..to].to_vec());
    }
    forms
}

/// Whether a secret stands there raw, in hexadecimal, or in base64.
fn finds_octets(octets: &[u8], secret: &[u8]) -> bool {
    let digits = secret.iter().flat_map(|b| [b >> 4, b & 15]);
    let hex: String = digits
        .filter_map(|d| char::from_digit(d.into(), 16))
        .collect();
    let encoded = (0..3).map(|shift| {
        let padded = [&b"\0\0"[..shift], secret].concat();
        base64_simd::STANDARD.encode_to_string(&padded)[4..36].to_owned()
    });
    memchr::memmem::find(octets, secret).is_some()
        || std::iter::once(hex)
            .chain(encoded)
            .any(|form| memchr::memmem::find(octets, form.as_bytes()).is_some())
}

pub(crate) fn finds(octets: &[u8], marker: &str) -> bool {
    forms(marker)
        .iter()
        .any(|form| memchr::memmem::find(octets, form).is_some())
}

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn the_search_itself_finds_every_form() {
    for form in forms(TEXT) {
        assert!(form.len() > 10);
        let mut octets = vec![1, 2, 3];
        octets.extend_from_slice(&form);
        assert!(finds(&octets, TEXT));
    }
    let encoded = base64_simd::STANDARD.encode_to_string(format!("xy{TEXT}z"));
    assert!(finds(encoded.as_bytes(), TEXT));
}

#[test]
fn no_file_output_or_argument_holds_a_word_of_a_message_or_a_password() {
    let desk = Desk::new();
    let options = MailOptions::implicit_tls(desk.demo.world().servers.clone())
        .with_password("anne", PASSWORD);
    let server = MailServer::start(options).unwrap();
    desk.edit(
        &format!("port = {}", desk.demo.mail().port()),
        &format!("port = {}", server.port()),
    );
    desk.edit(
        "auth = \"none\"",
        "auth = \"password\"\nusername = \"anne\"\npassword_env = \"CANARY\"",
    );
    // What the user attaches lies elsewhere: it is the user's own file.
    let outside = tempfile::tempdir().unwrap();
    let attachment = outside.path().join(format!("{FILE_NAME}.txt"));
    fs::write(&attachment, FILE_TEXT).unwrap();
    let subject = outside.path().join("subject");
    fs::write(&subject, SUBJECT).unwrap();
    let people = &desk.demo.world().people;
    let green = people
        .iter()
        .find(|p| p.wanted.route == "person")
        .unwrap()
        .address
        .clone();
    let none = people
        .iter()
        .find(|p| p.wanted.status == "not-found")
        .unwrap()
        .address
        .clone();
    let temporary = desk.path("tmp");
    fs::create_dir(&temporary).unwrap();

    let segl = |more: &[&str]| {
        let mut segl = command(desk.demo.folder());
        segl.env("CANARY", PASSWORD)
            .env("TMPDIR", &temporary)
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full");
        segl.arg("--config").arg(desk.demo.config_path());
        segl.args(["send", "--json", "--body-file", "-", "--subject-file"])
            .arg(&subject);
        segl.arg("--attach").arg(&attachment).args(more);
        segl
    };
    let mut outputs = String::new();
    let mut go = |more: &[&str], wanted: i32| {
        let ran = run(segl(more), TEXT.as_bytes());
        assert_eq!(ran.code, wanted, "{ran:?}");
        outputs += &ran.stdout;
        outputs += &ran.stderr;
    };
    // Sent, refused for want of consent, accepted, left out, unreachable, refused by the server, and in doubt.
    go(&["--to", &green], 0);
    go(&["--to", &none], 1);
    go(&["--to", &none, "--accept-fallback", "assessed"], 0);
    go(&["--to", &green, "--to", &none, "--only-encrypted"], 0);
    server.set_faults(vec![Fault::reply(Step::Auth, 535, "no")]);
    go(&["--to", &green], 2);
    server.set_faults(vec![Fault::reply(Step::Data, 554, "no")]);
    go(&["--to", &green], 1);
    server.set_faults(vec![Fault::new(Step::Dot, Do::Drop)]);
    go(&["--to", &green], 3);
    // Killed while the server stalls in the middle of the message.
    server.set_faults(vec![Fault::new(Step::Dot, Do::Stall)]);
    let taken = server.kept().len();
    let mut child = segl(&["--to", &green]);
    let input = outside.path().join("input");
    fs::write(&input, TEXT).unwrap();
    let mut child = child
        .stdin(fs::File::open(&input).unwrap())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_mins(1);
    while server.kept().len() == taken && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
    }
    #[cfg(target_os = "linux")]
    {
        let arguments = fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
        // The attachment's path is what the user typed; nothing else of the message is there.
        assert!(
            [SUBJECT, TEXT, FILE_TEXT, PASSWORD]
                .iter()
                .all(|m| !finds(&arguments, m))
        );
    }
    child.kill().unwrap();
    child.wait().unwrap();

    autosave(&desk, &attachment);
    let secret = own_key(&desk, outside.path());

    for marker in MARKERS {
        assert!(!finds(outputs.as_bytes(), marker), "{marker} in the output");
    }
    let found = files(desk.demo.folder());
    assert!(
        found.iter().any(|f| f.ends_with("data/store.sqlite")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|f| f.ends_with("data/record.sqlite")),
        "{found:?}"
    );
    for file in found {
        let octets = fs::read(&file).unwrap();
        assert!(
            !finds_octets(&octets, &secret),
            "the private key in {}",
            file.display()
        );
        for marker in MARKERS {
            assert!(!finds(&octets, marker), "{marker} in {}", file.display());
        }
    }
}

/// A key of the user's own, taken from a file whose password is a marker. Gives a part of it that nobody else knows.
fn own_key(desk: &Desk, outside: &Path) -> Vec<u8> {
    let issued = super::own::issue(desk, 9, None);
    let own = openssl::x509::X509::from_der(&issued.der).unwrap();
    let mut file = openssl::pkcs12::Pkcs12::builder();
    file.pkey(&issued.key).cert(&own);
    let file = file.build2(PASSWORD).unwrap().to_der().unwrap();
    let (key, password) = (outside.join("own.p12"), outside.join("own.txt"));
    fs::write(&key, file).unwrap();
    fs::write(&password, PASSWORD).unwrap();
    let (key, password) = (key.to_str().unwrap(), password.to_str().unwrap());
    let ran = desk.segl(&["cert", "import", "--password-file", password, key]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let secret = issued.key.rsa().unwrap().p().unwrap().to_vec()[..64].to_vec();
    let plain = issued.key.private_key_to_pkcs8().unwrap();
    assert!(
        finds_octets(&plain, &secret),
        "the search finds a plain key"
    );
    let pem = issued.key.private_key_to_pem_pkcs8().unwrap();
    let pem: Vec<u8> = pem.into_iter().filter(|b| *b != b'\n').collect();
    assert!(finds_octets(&pem, &secret), "and one in PEM");
    secret
}

/// A draft as the window keeps it every two seconds, and reads it back after a crash.
fn autosave(desk: &Desk, attachment: &Path) {
    let paths = Paths {
        policy: desk.path("none"),
        ..Paths::of_machine(Some(desk.demo.config_path())).unwrap()
    };
    let segl = Segl::open(Config::load(&paths).unwrap(), "anne".to_owned()).unwrap();
    let mut draft = Draft::new(
        DraftId::random().unwrap(),
        segl.config().senders[0].mailbox.clone(),
    );
    draft.subject = SUBJECT.to_owned();
    draft.body = Body::Text(TEXT.to_owned());
    draft
        .attachments
        .push(segl::segl::attach(attachment).unwrap());
    for _ in 0..3 {
        assert!(segl.save_draft(&draft, now()).unwrap());
    }
    let drafts = segl.drafts().unwrap();
    assert!(
        drafts
            .iter()
            .any(|kept| kept.draft.as_ref().is_ok_and(|d| *d == draft))
    );
}
