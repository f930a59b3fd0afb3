//! What `segl open` says to a person, and by its exit code to a script.

use std::{
    fs,
    process::{Command, Output},
};

use super::{
    Bench,
    attack::{ANNE, GENUINE, entity, mail, multipart, people, pkcs7_mime},
};

fn run(bench: &Bench, more: &[&str], mail: &[u8]) -> Output {
    fs::write(bench.path("mail"), mail).unwrap();
    Command::new(env!("CARGO_BIN_EXE_segl"))
        .env_clear()
        .env("HOME", bench.path(""))
        .env("XDG_CONFIG_HOME", bench.path(""))
        .args(["open", "--revocation", "when-available", "--anchor"])
        .arg(bench.path("root.pem"))
        .arg("--key")
        .arg(bench.path("bo.both"))
        .args(more)
        .arg(bench.path("mail"))
        .output()
        .unwrap()
}

fn said(bench: &Bench, more: &[&str], mail: &[u8]) -> String {
    let done = run(bench, &[&["--lang", "en"], more].concat(), mail);
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn whoever_saves_one_part_hears_what_the_mail_is_worth() {
    let Some(bench) = people() else { return };
    let file = "Content-Type: application/pdf; name=a.pdf\r\n\r\na-b-c";
    let parts = multipart("mixed", &[&entity(GENUINE), file]);
    let signed = mail(ANNE, &bench.signed("anne", &parts, &[]));
    let altered = signed.replace("a-b-c", "a-b-d");
    let encrypted = mail(ANNE, &bench.encrypted(&parts, "-aes256"));
    let rows = [
        (&signed, 0, "The signature holds."),
        (&altered, 1, "The mail was altered after it was signed."),
        (&encrypted, 1, "does not show whether the text was altered"),
    ];
    for (made, exit, worth) in rows {
        for is_file in [false, true] {
            let target = bench.path(&format!("saved-{exit}-{}", worth.len()));
            let target = target.display().to_string();
            let more = if is_file {
                &["--out", &target][..]
            } else {
                &[]
            };
            let more = [&["--lang", "en", "--part", "2"], more].concat();
            let done = run(&bench, &more, made.as_bytes());
            let told = String::from_utf8_lossy(&done.stderr);
            assert_eq!(done.status.code(), Some(exit), "{worth}: {told}");
            assert!(told.contains(worth), "{told}");
            let octets = if is_file {
                fs::read(&target).unwrap()
            } else {
                done.stdout
            };
            let wanted: &[u8] = if *made == altered { b"a-b-d" } else { b"a-b-c" };
            assert_eq!(octets, wanted, "{worth}");
        }
    }
}

#[test]
fn what_hides_in_a_text_is_counted_and_what_ends_a_line_ends_it() {
    let Some(bench) = people() else { return };
    let text = "100\u{b}000 kr.\rto\u{202e}\u{200b}\r\n\u{1f468}\u{200d}\u{1f469}";
    let made = mail(
        ANNE,
        &format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"),
    );
    let told = said(&bench, &[], made.as_bytes());
    let lines = "\n| 100\n| 000 kr.\n| to\n| \u{1f468}\u{200d}\u{1f469}\n";
    assert!(told.contains(lines), "{told}");
    assert!(
        told.contains("2 hidden characters were taken out"),
        "{told}"
    );
    // In a field they show.
    let made = made.replace("Subject: Hej", "Subject: 100\u{7}000\u{202e}");
    let told = said(&bench, &[], made.as_bytes());
    assert!(told.contains(r"Subject: 100\u{0007}000\u{202E}"), "{told}");
}

#[test]
fn what_is_wrong_with_a_signers_certificate_is_said_of_a_signer() {
    let Some(bench) = people() else { return };
    let extensions = "keyUsage=critical,keyAgreement\nextendedKeyUsage=emailProtection\n\
        subjectAltName=email:anne@example.com\n";
    bench.person_of("reads", "/CN=anne", extensions);
    let told = |who: &str, more: &[&str]| {
        let made = mail(ANNE, &bench.signed(who, &entity(GENUINE), &[]));
        said(&bench, more, made.as_bytes())
    };
    let usage = told("reads", &[]);
    assert!(usage.contains("may not be used for signatures"), "{usage}");
    let expired = told("anne", &["--at", "2150-01-01T00:00:00Z"]);
    assert!(
        expired.contains("The signer's certificate expired on"),
        "{expired}"
    );
    for said in [usage, expired] {
        assert!(
            !said.contains("may only sign") && !said.contains("The recipient"),
            "{said}"
        );
        assert!(
            said.contains("Call the sender on a number that you know already"),
            "{said}"
        );
    }
}

#[test]
fn date_and_time_of_the_signature_are_said_and_that_nobody_signed() {
    let Some(bench) = people() else { return };
    let dated = format!("{ANNE}\r\nDate: Mon, 02 Nov 2020 12:00:00 +0000");
    let signed = mail(&dated, &bench.signed("anne", &entity(GENUINE), &[]));
    let told = said(&bench, &[], signed.as_bytes());
    assert!(told.contains("Date: "), "{told}");
    assert!(
        told.contains("The signature says that it was made on"),
        "{told}"
    );
    let sealed = mail(ANNE, &bench.encrypted(&entity(GENUINE), "-aes-256-gcm"));
    let told = said(&bench, &[], sealed.as_bytes());
    assert!(
        told.contains("not signed: nothing shows who wrote it"),
        "{told}"
    );
}

#[test]
fn what_would_not_open_sent_again_asks_for_something_else() {
    let Some(bench) = people() else { return };
    let deep = (0..12).fold(entity(GENUINE), |inside, level| {
        multipart("mixed", &[&inside]).replace("ydre", &format!("y{level}"))
    });
    let unknown = pkcs7_mime(
        "enveloped-data",
        b"\x30\x0b\x06\x03\x2a\x03\x04\xa0\x04\x30\x02\x05\x00",
    );
    for (lang, wanted) in [
        ("en", "sent again as it is"),
        ("da", "sendt igen, som den er"),
    ] {
        for made in [&deep, &unknown] {
            let done = run(&bench, &["--lang", lang], mail(ANNE, made).as_bytes());
            let told = String::from_utf8_lossy(&done.stderr);
            assert_eq!(done.status.code(), Some(1), "{told}");
            assert!(told.contains(wanted), "{told}");
        }
    }
    // As large as no mail is that is opened; not a word of it is read.
    let large = fs::File::create(bench.path("large")).unwrap();
    large.set_len(201 << 20).unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_segl"))
        .env_clear()
        .env("HOME", bench.path(""))
        .args(["--lang", "da", "open"])
        .arg(bench.path("large"))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{told}");
    assert!(
        told.contains("fylder mere end 210 MB") && told.contains("dele den"),
        "{told}"
    );
}
