//! The user's own keys: taken from a file, kept sealed and for ever, tested, and used for reading.

use std::{fs, path::PathBuf};

use jiff::{SignedDuration, Timestamp};
use openssl::{pkcs12::Pkcs12, stack::Stack, x509::X509};
use segl::demo::{Issued, KeyChoice, Leaf};

use super::{
    desk::{Desk, now},
    opening::codes,
    tools::tool,
};

pub(crate) const PASSWORD: &str = "rødgrød";

/// A certificate for the sender of the desk, by the issuer whom its settings trust.
pub(crate) fn issue(desk: &Desk, key: usize, until: Option<Timestamp>) -> Issued {
    let world = desk.demo.world();
    let mut leaf = Leaf::mail(&world.sender_name, &world.sender_address)
        .with_key(KeyChoice::Shared(2000 + key));
    if let Some(until) = until {
        leaf.not_after = until;
    }
    world.issuing.issue(&leaf).unwrap()
}

/// Its key file, with the issuer's certificate.
pub(crate) fn key_file(desk: &Desk, issued: &Issued) -> Vec<u8> {
    key_file_by(desk, issued, PASSWORD)
}

/// The same under this password.
pub(crate) fn key_file_by(desk: &Desk, issued: &Issued, password: &str) -> Vec<u8> {
    let read = |der: &[u8]| X509::from_der(der).unwrap();
    let world = desk.demo.world();
    let mut chain = Stack::new().unwrap();
    chain.push(read(&world.issuing.certificate().der)).unwrap();
    chain.push(read(&world.root.certificate().der)).unwrap();
    let mut builder = Pkcs12::builder();
    builder.pkey(&issued.key).cert(&read(&issued.der)).ca(chain);
    builder.build2(password).unwrap().to_der().unwrap()
}

/// Imports a certificate for the sender.
pub(crate) fn import(desk: &Desk, issued: &Issued) {
    fs::write(desk.path("own.p12"), key_file(desk, issued)).unwrap();
    fs::write(desk.path("own.txt"), format!("{PASSWORD}\n")).unwrap();
    let done = desk.segl(&["cert", "import", "--password-file", "own.txt", "own.p12"]);
    assert_eq!(done.code, 0, "{done:?}");
}

/// The files that the own keys lie in.
pub(crate) fn sealed_files(desk: &Desk) -> Vec<PathBuf> {
    let entries = fs::read_dir(desk.path("data/own")).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "sealed"));
    files.sort();
    files
}

fn in_days(days: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * days)
}

#[test]
fn a_key_is_kept_sealed_and_outlives_the_store() {
    let desk = Desk::new();
    let none = desk.segl(&["cert", "list", "--json"]);
    assert_eq!(
        (none.code, none.json()["certificates"][0].is_null()),
        (0, true)
    );
    let issued = issue(&desk, 0, None);
    import(&desk, &issued);
    // Whoever deletes the store loses drafts and sent copies, and no key.
    for name in ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"] {
        let _absent = fs::remove_file(desk.path("data").join(name));
    }
    let list = desk.segl(&["cert", "list", "--json"]).json();
    let own = &list["certificates"][0];
    assert_eq!(own["state"], "signs", "{list}");
    assert_eq!(own["senders"][0], desk.demo.world().sender_address);
    let again = desk.segl(&[
        "cert",
        "import",
        "--json",
        "--password-file",
        "own.txt",
        "own.p12",
    ]);
    assert_eq!(
        again.json()["imported"],
        0,
        "a second import changes nothing"
    );
    let [file] = &sealed_files(&desk)[..] else {
        panic!("one key is one file");
    };
    let octets = fs::read(file).unwrap();
    assert!(
        memchr::memmem::find(&octets, &issued.der[..64]).is_none(),
        "sealed"
    );
    // A file that was moved to another certificate's name is not taken for that one.
    fs::rename(
        file,
        file.with_file_name(format!("{}.sealed", "ab".repeat(32))),
    )
    .unwrap();
    assert_eq!(desk.segl(&["cert", "list"]).code, 2);
}

#[test]
fn a_wrong_password_and_a_broken_file_are_told_apart_and_nothing_is_kept() {
    let desk = Desk::new();
    let octets = key_file(&desk, &issue(&desk, 0, None));
    fs::write(desk.path("own.p12"), &octets).unwrap();
    fs::write(desk.path("cut.p12"), &octets[..octets.len() / 2]).unwrap();
    fs::write(desk.path("own.txt"), PASSWORD).unwrap();
    fs::write(desk.path("wrong.txt"), "blåbærgrød").unwrap();
    for (file, password, wanted) in [
        (
            "own.p12",
            "wrong.txt",
            "The password does not open the key file.",
        ),
        ("cut.p12", "own.txt", "The key file is damaged"),
    ] {
        let done = desk.segl(&["cert", "import", "--password-file", password, file]);
        assert_eq!(done.code, 2, "{done:?}");
        assert!(done.stderr.contains(wanted), "{done:?}");
    }
    assert!(!desk.path("data/own").exists());
}

#[test]
fn mail_opens_with_every_key_that_was_ever_kept() {
    let desk = Desk::new();
    let (old, new) = (issue(&desk, 0, Some(in_days(100))), issue(&desk, 1, None));
    for issued in [&old, &new] {
        import(&desk, issued);
    }
    for issued in [&old, &new] {
        let message = encrypted_to(&issued.der, "Hej Anne");
        fs::write(desk.path("mail.eml"), message).unwrap();
        let opened = desk.segl(&["open", "--json", "mail.eml"]).json();
        assert_eq!(opened["text"], "Hej Anne\n", "{opened}");
    }
}

/// A mail with this text, as OpenSSL encrypts it to whoever has this certificate.
pub(crate) fn encrypted_to(certificate: &[u8], text: &str) -> String {
    let mut readers = Stack::new().unwrap();
    readers.push(X509::from_der(certificate).unwrap()).unwrap();
    let entity = format!("Content-Type: text/plain\r\n\r\n{text}\r\n");
    let sealed = openssl::cms::CmsContentInfo::encrypt(
        &readers,
        entity.as_bytes(),
        openssl::symm::Cipher::aes_256_cbc(),
        openssl::cms::CMSOptions::BINARY,
    );
    let body = base64_simd::STANDARD.encode_to_string(sealed.unwrap().to_der().unwrap());
    format!(
        "From: bo@y.example\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n"
    )
}

#[test]
fn the_test_of_the_own_certificate_tells_all_that_is_wrong_with_it() {
    let desk = Desk::new();
    import(&desk, &issue(&desk, 0, Some(in_days(20))));
    let tested = desk.segl(&["cert", "test", "--json"]);
    let own = &tested.json()["certificates"][0];
    assert_eq!(tested.code, 1);
    assert_eq!(own["ends_within_days"], 30);
    assert_eq!(codes(&own["signing"]["problems"]), Vec::<String>::new());
    let told = desk.segl(&["doctor"]);
    assert!(told.stdout.contains("It ends within 30 days"), "{told:?}");
    assert!(!told.stdout.contains(&desk.demo.world().sender_address));
    // A newer one takes over, and the older one is kept.
    import(&desk, &issue(&desk, 1, None));
    let list = desk.segl(&["cert", "list", "--json"]).json();
    assert_eq!(list["certificates"][0]["state"], "signs");
    assert_eq!(list["certificates"][1]["state"], "older");
    let tested = desk.segl(&["cert", "test"]);
    assert_eq!(
        tested.code, 0,
        "that the older one ends is nothing to do: {tested:?}"
    );
    // Somebody else's issuer, another address, and a key that is only for agreement of keys.
    let strange = Desk::new();
    let authority = segl::demo::Authority::root("Fremmed").unwrap();
    let mut leaf = Leaf::mail("Anne", "anna@x.example").with_key(KeyChoice::Shared(2002));
    leaf.key_usage = Some(vec![segl::demo::KeyUsage::KeyEncipherment]);
    let issued = authority.issue(&leaf).unwrap();
    import(&strange, &issued);
    let tested = strange.segl(&["cert", "test", "--json"]);
    let own = &tested.json()["certificates"][0];
    assert_eq!(tested.code, 1);
    assert_eq!(own["state"], "older");
    assert_eq!(own["senders"], serde_json::json!([]));
    let signing = codes(&own["signing"]["problems"]);
    assert!(signing.contains(&"untrusted-issuer".to_owned()), "{own}");
    assert!(signing.contains(&"key-usage".to_owned()), "{own}");
}

#[test]
fn an_exported_key_file_brings_the_key_to_another_computer() {
    let desk = Desk::new();
    let issued = issue(&desk, 0, None);
    import(&desk, &issued);
    let sha256 = desk.segl(&["cert", "list", "--json"]).json()["certificates"][0]["sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    let export = |out: &str, which: &str| {
        desk.segl(&[
            "cert",
            "export",
            "--password-file",
            "own.txt",
            "--out",
            out,
            which,
        ])
    };
    assert_eq!(export("backup.p12", &sha256[..8]).code, 0);
    assert_eq!(export("backup.p12", &sha256).code, 2, "never over a file");
    assert_eq!(export("other.p12", "ffff").code, 1);
    let octets = fs::read(desk.path("backup.p12")).unwrap();
    let parsed = Pkcs12::from_der(&octets).unwrap().parse2(PASSWORD).unwrap();
    assert!(parsed.pkey.unwrap().public_eq(&issued.key));
    assert_eq!(parsed.ca.unwrap().len(), 1, "the issuer without the root");
    let other = Desk::new();
    fs::write(other.path("backup.p12"), octets).unwrap();
    fs::write(other.path("own.txt"), PASSWORD).unwrap();
    let done = other.segl(&["cert", "import", "--password-file", "own.txt", "backup.p12"]);
    assert_eq!(done.code, 0, "{done:?}");
}

/// The only message of the last sending: the file's octets.
pub(crate) fn written(desk: &Desk, folder: &str) -> Vec<u8> {
    let mut files: Vec<_> = fs::read_dir(desk.path(folder))
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|f| f.extension().is_some_and(|e| e == "eml"))
        .collect();
    files.sort();
    fs::read(&files[0]).unwrap()
}

fn opened(desk: &Desk, folder: &str, reader: &Issued) -> serde_json::Value {
    let read = |der: &[u8]| X509::from_der(der).unwrap();
    let mut builder = Pkcs12::builder();
    builder.pkey(&reader.key).cert(&read(&reader.der));
    let octets = builder.build2("x").unwrap().to_der().unwrap();
    fs::write(desk.path("reader.p12"), octets).unwrap();
    fs::write(desk.path("reader.txt"), "x").unwrap();
    fs::write(desk.path("sent.eml"), written(desk, folder)).unwrap();
    let ran = desk.segl(&[
        "open",
        "--json",
        "--key",
        "reader.p12",
        "--key-password-file",
        "reader.txt",
        "sent.eml",
    ]);
    ran.json()
}

const KAREN: &str = "karen@advokat-eksempel.dk";

#[test]
fn mail_of_a_sender_with_a_certificate_is_signed_and_can_be_read_by_the_sender() {
    let desk = Desk::new();
    let karen = desk.demo.world().person(KAREN).unwrap();
    // Without a certificate: encrypted, not signed, and nobody is told to get one.
    let ran = desk.send(&["--to", KAREN, "--to-eml", "before"]);
    let sent = ran.json();
    assert_eq!(sent["deliveries"][0]["signed"], false, "{sent}");
    assert_eq!(
        sent["deliveries"][0]["also_readable_by"],
        serde_json::json!([])
    );
    assert!(!ran.stderr.contains("certificate"), "{ran:?}");
    assert_eq!(
        opened(&desk, "before", &karen.readers[0])["signers"],
        serde_json::json!([])
    );

    let own = issue(&desk, 0, None);
    import(&desk, &own);
    let ran = desk.send(&["--to", KAREN, "--to-eml", "after"]);
    let sent = ran.json();
    assert_eq!(sent["deliveries"][0]["signed"], true, "{sent}");
    assert_eq!(sent["deliveries"][0]["also_readable_by"][0]["kind"], "own");
    for reader in [&karen.readers[0], &own] {
        let mail = opened(&desk, "after", reader);
        assert_eq!(mail["layers"][1]["kind"], "signed", "{mail}");
        assert_eq!(codes(&mail["signers"][0]["problems"]), Vec::<String>::new());
        assert_eq!(
            mail["signers"][0]["address"],
            desk.demo.world().sender_address
        );
        assert_eq!(codes(&mail["warnings"]), Vec::<String>::new());
        assert!(mail["text"].as_str().unwrap().contains("Rødgrød"));
    }
    let log = desk.segl(&["log", "show", "--json", &sent["record"]["seq"].to_string()]);
    assert!(log.stdout.contains("signed_by"), "{log:?}");
    // A receipt for people says so.
    let told = desk.segl(&["send", "--to", KAREN, "--subject", "S", "--body", "T"]);
    assert!(told.stdout.contains("The mail is signed."), "{told:?}");
    assert!(
        told.stdout.contains("Can also be read by yourself"),
        "{told:?}"
    );
    // Mail that is not encrypted goes unsigned, unless policy wants it.
    let none = desk
        .demo
        .world()
        .people
        .iter()
        .find(|p| p.wanted.status == "not-found");
    let none = &none.unwrap().address;
    let clear = |folder: &str| {
        let sent = desk.send(&[
            "--to",
            none,
            "--accept-fallback",
            "assessed",
            "--to-eml",
            folder,
        ]);
        (
            sent.json()["deliveries"][0]["signed"].clone(),
            written(&desk, folder),
        )
    };
    let (signed, octets) = clear("clear");
    assert_eq!(signed, false);
    assert!(memchr::memmem::find(&octets, b"multipart/signed").is_none());
    let config = fs::read_to_string(desk.demo.config_path()).unwrap();
    fs::write(
        desk.demo.config_path(),
        format!("{config}\n[identity]\nsign_clear = true\n"),
    )
    .unwrap();
    let (signed, octets) = clear("clear-signed");
    assert_eq!(signed, true);
    assert!(memchr::memmem::find(&octets, b"multipart/signed").is_some());
    fs::write(
        desk.demo.config_path(),
        format!("{config}\n[identity]\nsign = false\n"),
    )
    .unwrap();
    let sent = desk.send(&["--to", KAREN, "--to-eml", "off"]).json();
    assert_eq!(sent["deliveries"][0]["signed"], false);
    assert_eq!(sent["deliveries"][0]["also_readable_by"][0]["kind"], "own");
}

#[test]
fn every_encrypted_mail_can_be_read_by_the_archive_or_it_is_not_sent() {
    let desk = Desk::new();
    let world = desk.demo.world();
    let karen = world.person(KAREN).unwrap();
    let mut leaf =
        Leaf::mail("Arkiv", "arkiv@advokat-eksempel.dk").with_key(KeyChoice::Shared(2005));
    let config = fs::read_to_string(desk.demo.config_path()).unwrap();
    let named = format!("{config}\n[identity]\narchive = \"archive.cer\"\n");
    fs::write(desk.demo.config_path(), named).unwrap();
    // With an address, and without any.
    for (addresses, folder) in [(leaf.addresses.clone(), "one"), (Vec::new(), "two")] {
        leaf.addresses = addresses;
        let archive = world.issuing.issue(&leaf).unwrap();
        fs::write(desk.path("archive.cer"), &archive.der).unwrap();
        let sent = desk.send(&["--to", KAREN, "--to-eml", folder]).json();
        let also = &sent["deliveries"][0]["also_readable_by"];
        assert_eq!(
            (&also[0]["kind"], &also[0]["name"]),
            (&"archive".into(), &"Arkiv".into())
        );
        for reader in [&karen.readers[0], &archive] {
            assert!(
                opened(&desk, folder, reader)["text"]
                    .as_str()
                    .unwrap()
                    .contains("Rødgrød")
            );
        }
    }
    // An archive that cannot be used, or is not there, stops the mail.
    let strange = segl::demo::Authority::root("Fremmed").unwrap();
    fs::write(desk.path("archive.cer"), strange.issue(&leaf).unwrap().der).unwrap();
    let refused = desk.send(&["--to", KAREN, "--to-eml", "three"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert_eq!(refused.json()["error"]["code"], "archive");
    fs::remove_file(desk.path("archive.cer")).unwrap();
    assert_eq!(desk.send(&["--to", KAREN, "--to-eml", "four"]).code, 2);
    assert!(!desk.path("three").exists() && !desk.path("four").exists());
    assert!(desk.segl(&["doctor"]).stdout.contains("archive"));
}

/// Changes the settings of a desk.
fn settings(desk: &Desk, before: &str, more: &str) {
    fs::write(desk.demo.config_path(), format!("{before}\n{more}\n")).unwrap();
}

#[test]
fn the_header_stands_inside_and_the_subject_is_hidden_where_the_settings_say_so() {
    let desk = Desk::new();
    let karen = desk.demo.world().person(KAREN).unwrap();
    let key = &karen.readers[0].key;
    let config = fs::read_to_string(desk.demo.config_path()).unwrap();
    let certificate = X509::from_der(&karen.readers[0].der).unwrap();
    // What a reader that knows nothing of it sees inside, by other code than ours.
    let inside = |octets: &[u8]| {
        let cms = openssl::cms::CmsContentInfo::smime_read_cms(octets).unwrap();
        String::from_utf8(cms.decrypt(key, &certificate).unwrap()).unwrap()
    };
    let outside = |octets: &[u8]| {
        let end = memchr::memmem::find(octets, b"\r\n\r\n").unwrap();
        String::from_utf8(octets[..end + 2].to_vec()).unwrap()
    };
    let fields = |text: &str, prefix: &str| -> Vec<String> {
        text.replace("\r\n ", " ")
            .lines()
            .filter_map(|l| l.strip_prefix(prefix))
            .filter(|l| {
                ["From:", "To:", "Date:", "Message-ID:", "Subject:"]
                    .iter()
                    .any(|name| l.starts_with(name))
            })
            .map(str::to_owned)
            .collect()
    };
    let is_hidden = |sent: &serde_json::Value| sent["deliveries"][0]["subject_hidden"].clone();

    // Auto: nobody is known to show a hidden subject, so it is clear; the fields are protected all the same.
    let sent = desk.send(&["--to", KAREN, "--to-eml", "auto"]).json();
    assert_eq!(is_hidden(&sent), false);
    let octets = written(&desk, "auto");
    let (outer, inner) = (outside(&octets), inside(&octets));
    assert!(inner.contains("hp=\"cipher\""), "{inner}");
    assert_eq!(fields(&outer, ""), fields(&inner, ""));
    assert_eq!(fields(&outer, ""), fields(&inner, "HP-Outer: "));
    assert_eq!(fields(&outer, "").len(), 5, "{outer}");
    assert!(!inner.contains("message/rfc822") && !inner.contains("hp-legacy-display"));

    settings(&desk, &config, "[content]\nsubject = \"hidden\"");
    let sent = desk.send(&["--to", KAREN, "--to-eml", "hidden"]).json();
    assert_eq!(is_hidden(&sent), true);
    let octets = written(&desk, "hidden");
    let (outer, inner) = (outside(&octets), inside(&octets));
    assert!(outer.contains("\r\nSubject: [...]\r\n"), "{outer}");
    assert_eq!(fields(&outer, ""), fields(&inner, "HP-Outer: "));
    let without_subject = |mut list: Vec<String>| {
        list.retain(|l| !l.starts_with("Subject:"));
        list
    };
    assert_eq!(
        without_subject(fields(&outer, "")),
        without_subject(fields(&inner, ""))
    );
    assert!(inner.contains("hp-legacy-display=\"1\""), "{inner}");
    let mail = opened(&desk, "hidden", &karen.readers[0]);
    assert_eq!(mail["subject"], "Prøve", "{mail}");
    assert_eq!(mail["protected"]["subject_hidden"], true);
    // The copy above the text is for programs that show nothing else; who knows better does not show it.
    assert_eq!(
        mail["text"].as_str().unwrap().trim_end(),
        "Rødgrød med fløde"
    );

    // With a signature: the fields stand inside the signature, too, and it covers them.
    import(&desk, &issue(&desk, 0, None));
    desk.send(&["--to", KAREN, "--to-eml", "signed"]);
    let mail = opened(&desk, "signed", &karen.readers[0]);
    assert_eq!(mail["subject"], "Prøve");
    assert_eq!(mail["protected"]["signed"], true, "{mail}");
    assert_eq!(mail["protected"]["subject_hidden"], true);
    assert_eq!(codes(&mail["warnings"]), Vec::<String>::new());

    // For a court, clear.
    let clear = "[content]\nsubject = \"hidden\"\nsubject_clear = [\"ADVOKAT-*.dk\"]";
    settings(&desk, &config, clear);
    let sent = desk.send(&["--to", KAREN, "--to-eml", "court"]).json();
    assert_eq!(is_hidden(&sent), false);
    assert!(!outside(&written(&desk, "court")).contains("[...]"));
}

#[test]
fn an_address_that_is_not_ascii_beside_it_changes_nothing_of_what_is_hidden_and_signed() {
    let desk = Desk::new();
    let karen = desk.demo.world().person(KAREN).unwrap();
    let config = fs::read_to_string(desk.demo.config_path()).unwrap();
    settings(&desk, &config, "[content]\nsubject = \"hidden\"");
    let beside = "åse@privat-eksempel.dk";
    let mailed = |folder: &str| {
        let red = ["--cc", beside, "--accept-fallback", "nothing-confidential"];
        let rest = ["--to", KAREN, "--confirm-addresses", "--to-eml", folder];
        let sent = desk.send(&[&red[..], &rest].concat());
        assert_eq!(sent.code, 0, "{sent:?}");
        sent.json()
    };
    for folder in ["plain", "signed"] {
        if folder == "signed" {
            import(&desk, &issue(&desk, 0, None));
        }
        let sent = mailed(folder);
        let sealed = &sent["deliveries"][0];
        assert_eq!(sealed["subject_hidden"], true, "{sent}");
        let octets = written(&desk, folder);
        assert!(memchr::memmem::find(&octets, b"\r\nSubject: [...]\r\n").is_some());
        let mail = opened(&desk, folder, &karen.readers[0]);
        assert_eq!(mail["subject"], "Prøve", "{mail}");
        assert_eq!(mail["protected"]["subject_hidden"], true, "{mail}");
        let is_signed = folder == "signed";
        assert_eq!(mail["protected"]["signed"], is_signed, "{mail}");
        let unauthenticated = mail["warnings"][0]["code"] == "unauthenticated";
        assert_eq!(unauthenticated, !is_signed, "{mail}");
        let cc = mail["cc"].to_string();
        assert!(cc.contains(beside), "{mail}");
    }

    // An outside program finds the same signature over fields that are not ASCII.
    let Some(mut openssl) = tool("openssl") else {
        return;
    };
    let cms = openssl::cms::CmsContentInfo::smime_read_cms(&written(&desk, "signed")).unwrap();
    let reader = X509::from_der(&karen.readers[0].der).unwrap();
    let inside = cms.decrypt(&karen.readers[0].key, &reader).unwrap();
    fs::write(desk.path("inside.eml"), inside).unwrap();
    let arguments = ["cms", "-verify", "-noverify", "-in", "inside.eml"];
    let judged = openssl.args(arguments).current_dir(desk.path("")).output();
    let judged = judged.unwrap();
    assert!(judged.status.success(), "{judged:?}");
    let shown = String::from_utf8(judged.stdout).unwrap();
    assert!(shown.contains(&format!("Cc: {beside}")), "{shown}");
}

#[test]
fn a_clear_subject_that_tells_something_stops_an_encrypted_mail_until_it_is_confirmed() {
    let desk = Desk::new();
    let config = fs::read_to_string(desk.demo.config_path()).unwrap();
    let send = |subject: &str, more: &[&str]| {
        let fixed = ["send", "--json", "--to", KAREN, "--subject", subject];
        let rest = [
            "--body",
            "Hej",
            "--class",
            "confidential",
            "--confirm-addresses",
        ];
        desk.segl(&[&fixed[..], &rest, more].concat())
    };
    let ran = send("CPR 070761-4285", &[]);
    assert_eq!((ran.code, desk.demo.mail().kept().len()), (1, 0), "{ran:?}");
    let error = &ran.json()["error"];
    assert_eq!(error["code"], "subject");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("CPR number") && message.contains("Nothing was sent"),
        "{message}"
    );
    assert!(!message.contains("070761"), "{message}");
    let next = error["next"].as_str().unwrap();
    assert!(next.contains("--confirm-subject"), "{next}");

    assert_eq!(send("Sag BS-12345/2026-KBH", &[]).code, 0);
    assert_eq!(send("CPR 070761-4285", &["--confirm-subject"]).code, 0);
    settings(&desk, &config, "[content]\nsubject = \"hidden\"");
    assert_eq!(send("CPR 070761-4285", &[]).code, 0);
    assert_eq!(desk.demo.mail().kept().len(), 3);
}
