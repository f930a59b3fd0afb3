//! A received mail as the window gets it from the rest of Segl: with the keys that are kept, with a key file and its
//! password, and each reason why it does not open.

use std::{fs, path::PathBuf, sync::Arc};

use openssl::x509::X509;
use segl::demo::{Key, KeyChoice, KeyKind, KeyUsage, Leaf};
use segl::{
    app::{
        assistant::Secret,
        received::{KeyFile, Mail, NotOpened, Origin, Remedy},
        setup::Source,
        worker::Backend,
    },
    config::Paths,
    words::Lang,
};
use zeroize::Zeroizing;

use super::{
    canary::{files, finds},
    desk::{Desk, command, run},
    own::{PASSWORD, import, key_file},
};

const KAREN: &str = "karen@advokat-eksempel.dk";

/// What the window has behind it.
fn backend(desk: &Desk) -> Arc<dyn Backend> {
    let paths = Paths {
        policy: desk.path("policy.toml"),
        policy_owner: 0,
        data: desk.path("data"),
        file: desk.demo.config_path(),
    };
    segl::app::begun(paths, Lang::En).unwrap().1
}

/// A mail with a file, sealed to Karen.
fn sealed(desk: &Desk) -> Vec<u8> {
    let mail = "From: anne@advokat-eksempel.dk\nTo: karen@advokat-eksempel.dk\nSubject: Sag 1\n\
        MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHej Karen\n\
        --b\nContent-Disposition: attachment; filename=\"../a.pdf.exe\"\n\nabc\n--b--\n";
    let done = desk.segl_with(&["seal", "--to", KAREN], mail.as_bytes());
    assert_eq!(done.code, 0, "{done:?}");
    done.stdout.into_bytes()
}

fn file(desk: &Desk, octets: &[u8]) -> Origin {
    let path = desk.path("mail.eml");
    fs::write(&path, octets).unwrap();
    Origin::Source(Source::File(path))
}

fn with_password(path: PathBuf, password: &str) -> KeyFile {
    KeyFile {
        path,
        secret: Secret(Zeroizing::new(password.to_owned())),
    }
}

fn why(opened: Result<Mail, Box<NotOpened>>) -> (String, Remedy, bool) {
    let closed = opened.expect_err("not open");
    (closed.trouble.text(), closed.remedy, closed.is_locked)
}

#[test]
fn a_mail_opens_with_a_key_file_once_its_password_is_right_and_then_with_the_key_that_is_kept() {
    let desk = Desk::new();
    let backend = backend(&desk);
    let karen = desk.demo.world().person(KAREN).unwrap().readers[0].clone();
    let origin = file(&desk, &sealed(&desk));
    let open = |key: Option<&KeyFile>| backend.received().open_received(&origin, key);

    let (text, remedy, is_locked) = why(open(None));
    assert!(text.contains("none of your keys opens it"), "{text}");
    assert_eq!((remedy, is_locked), (Remedy::Key, false));
    let path = desk.path("karen.p12");
    fs::write(&path, key_file(&desk, &karen)).unwrap();
    for wrong in ["", "forkert"] {
        let (text, _, is_locked) = why(open(Some(&with_password(path.clone(), wrong))));
        assert!(is_locked, "{text}");
    }
    let broken = desk.path("broken.p12");
    fs::write(&broken, "no key").unwrap();
    let (text, remedy, is_locked) = why(open(Some(&with_password(broken, PASSWORD))));
    assert!(text.contains("damaged, or it is no key file"), "{text}");
    assert_eq!((remedy, is_locked), (Remedy::Key, false));

    let mail = open(Some(&with_password(path, PASSWORD))).unwrap();
    assert_eq!(&*mail.text, "Hej Karen");
    assert_eq!(mail.subject, "Sag 1");
    // The key file was for this mail only.
    assert!(open(None).is_err());
    import(&desk, &karen);
    let mail = open(None).unwrap();
    // A name from outside neither leaves its folder nor hides what it is.
    assert_eq!(mail.files[0].name, "a_pdf.exe");
    let saved = desk.path("saved.bin");
    let save = || {
        backend
            .received()
            .save_part(&mail.message, mail.files[0].part, &saved)
    };
    save().unwrap();
    assert_eq!(fs::read(&saved).unwrap(), b"abc");
    let again = save().unwrap_err().text();
    assert!(again.contains("not overwritten"), "{again}");
}

#[test]
fn each_reason_why_a_mail_does_not_open_is_told_apart_and_leads_somewhere() {
    let desk = Desk::new();
    let backend = backend(&desk);
    import(
        &desk,
        &desk.demo.world().person(KAREN).unwrap().readers[0].clone(),
    );
    let open = |origin: &Origin| why(backend.received().open_received(origin, None));

    let missing = Origin::Source(Source::File(desk.path("no such.eml")));
    let folder = Origin::Source(Source::File(desk.demo.folder().to_owned()));
    for origin in [missing, folder] {
        let (text, remedy, _) = open(&origin);
        assert_eq!(text, "The file cannot be read. Choose another file.");
        assert_eq!(remedy, Remedy::Again);
    }
    // A picture, or what Outlook calls a mail, is no empty mail.
    for other in [&b""[..], b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"Hej Bo"] {
        let (text, remedy, _) = open(&Origin::Octets(Arc::new(other.to_vec())));
        assert!(text.starts_with("The file is no mail."), "{text}");
        assert_eq!(remedy, Remedy::None);
    }
    let mail = sealed(&desk);
    let cut = Origin::Octets(Arc::new(mail[..mail.len() * 2 / 3].to_vec()));
    let (text, remedy, _) = open(&cut);
    assert!(text.ends_with("Ask the sender to send it again."), "{text}");
    assert_eq!(remedy, Remedy::None);
    // A file of holes: it takes no room on the disk.
    let path = desk.path("large.eml");
    fs::File::create(&path).unwrap().set_len(300 << 20).unwrap();
    let (text, remedy, _) = open(&Origin::Source(Source::File(path)));
    assert!(text.starts_with("The message is larger than"), "{text}");
    assert_eq!(remedy, Remedy::Again);
    // Without its key the store of keys is locked, which is another thing than having none.
    fs::remove_file(desk.path("store.key")).unwrap();
    let again = self::backend(&desk);
    let (text, remedy, _) = why(again
        .received()
        .open_received(&Origin::Octets(Arc::new(mail)), None));
    assert!(text.contains("Your kept keys cannot be used now"), "{text}");
    assert_eq!(remedy, Remedy::Again);
}

#[test]
fn mail_to_every_kind_of_key_that_agrees_opens_x25519_among_them() {
    let desk = Desk::new();
    let address = "xenia@firma-eksempel.dk";
    let kinds = [
        (KeyKind::P256, "ecdh"),
        (KeyKind::P384, "ecdh"),
        (KeyKind::P521, "ecdh"),
        (KeyKind::X25519, "x25519"),
    ];
    for (kind, method) in kinds {
        let key = Key::generate(kind).unwrap();
        let mut leaf = Leaf::mail("Xenia", address).with_key(KeyChoice::This(key));
        leaf.key_usage = Some(vec![KeyUsage::KeyAgreement]);
        let issued = desk.demo.world().issuing.issue(&leaf).unwrap();
        fs::write(desk.path("xenia.cer"), &issued.der).unwrap();
        let certificate = X509::from_der(&issued.der).unwrap().to_pem().unwrap();
        let key = issued.key.private_key_to_pem_pkcs8().unwrap();
        fs::write(desk.path("xenia.pem"), [key, certificate].concat()).unwrap();
        let mail = format!("From: anne@advokat-eksempel.dk\nTo: {address}\n\nHej Xenia\n");
        let seal = ["seal", "--to", address, "--cert", "xenia.cer"];
        let sealed = desk.segl_with(&seal, mail.as_bytes());
        assert_eq!(sealed.code, 0, "{sealed:?}");
        fs::write(desk.path("mail.eml"), &sealed.stdout).unwrap();
        let read = desk.segl(&["open", "--json", "--key", "xenia.pem", "mail.eml"]);
        let told = read.json();
        assert_eq!(
            told["text"].as_str().map(str::trim),
            Some("Hej Xenia"),
            "{read:?}"
        );
        assert_eq!(told["layers"][0]["key_management"], method);
    }
}

#[test]
fn what_is_not_sealed_is_told_with_what_to_do_and_what_is_left_out_is_named() {
    let desk = Desk::new();
    let seal = |mail: &str| desk.segl_with(&["seal", "--to", KAREN], mail.as_bytes());
    for (mail, told) in [
        ("", "There is no mail to encrypt. Nothing was written."),
        (
            "Content-Type: application/pkcs7-mime\n\nMIAG\n",
            "already (application/pkcs7-mime). Nothing was written.",
        ),
        (
            "From: a@x.example\nFrom: b@x.example\n\nHej\n",
            "The field From stands there more than once",
        ),
        ("Hej Karen\n\nHej\n", "Line 1 of the mail's header"),
    ] {
        let ran = seal(mail);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
        assert!(ran.stderr.contains(told), "{ran:?}");
        let next = ran.stderr.contains("Correct the mail, and try again.");
        assert!(next, "{ran:?}");
    }
    let missing = ["seal", "--to", KAREN, "--cert", "karne.cer"];
    let ran = desk.segl_with(&missing, b"From: a@x.example\n\nHej\n");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("karne.cer cannot be read"), "{ran:?}");

    let ran = seal("From: a@x.example\nBcc: b@x.example\nX-A: 1\nX-A: 2\n\nHej\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    let told = "Left out of the encrypted mail: Bcc, X-A.\n";
    assert!(ran.stderr.contains(told), "{ran:?}");
}

#[test]
fn what_is_read_lies_in_no_file_but_the_one_that_the_user_saves() {
    const WORDS: [&str; 4] = [
        "Kanariefugleemne",
        "Kanariefugletekst",
        "Kanariefuglenavn",
        "Kanariefuglebilag",
    ];
    let [subject, text, name, content] = WORDS;
    let desk = Desk::new();
    let karen = desk.demo.world().person(KAREN).unwrap().readers[0].clone();
    import(&desk, &karen);
    let mail = format!(
        "From: anne@advokat-eksempel.dk\nTo: {KAREN}\nSubject: {subject}\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\n\n{text}\n\
         --b\nContent-Disposition: attachment; filename={name}.txt\n\n{content}\n--b--\n"
    );
    let sealed = desk.segl_with(&["seal", "--to", KAREN], mail.as_bytes());
    assert_eq!(sealed.code, 0, "{sealed:?}");
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("mail.eml");
    fs::write(&file, &sealed.stdout).unwrap();

    let temporary = desk.path("tmp");
    fs::create_dir(&temporary).unwrap();
    let mut open = command(desk.demo.folder());
    open.env("TMPDIR", &temporary).env("RUST_LOG", "trace");
    open.arg("--config").arg(desk.demo.config_path());
    open.arg("open").arg(&file);
    let read = run(open, b"");
    // What is attached is not shown before it is saved.
    for (word, is_shown) in WORDS.into_iter().zip([true, true, true, false]) {
        assert_eq!(read.stdout.contains(word), is_shown, "{read:?}");
        assert!(!read.stderr.contains(word), "{read:?}");
    }
    let backend = backend(&desk);
    let origin = Origin::Source(Source::File(file));
    let mail = backend.received().open_received(&origin, None).unwrap();
    let saved = elsewhere.path().join("saved");
    let part = mail.files[0].part;
    backend
        .received()
        .save_part(&mail.message, part, &saved)
        .unwrap();
    assert!(finds(&fs::read(&saved).unwrap(), content));
    let found = files(desk.demo.folder());
    assert!(found.contains(&desk.demo.config_path()), "{found:?}");
    for file in found {
        let octets = fs::read(&file).unwrap();
        for word in WORDS {
            assert!(!finds(&octets, word), "{word} in {}", file.display());
        }
    }
}
