//! Other people's certificates: taken in from files and signed mail, pinned to an address by the user and by nobody else.

use std::fs;

use openssl::{
    cms::{CMSOptions, CmsContentInfo},
    stack::Stack,
    x509::X509,
};
use segl::demo::{Authority, Issued, KeyChoice, KeyUsage, Leaf, certificate_bag};
use serde_json::Value;

use super::{desk::Desk, own};

/// Somebody whom no directory knows.
const KLAUS: &str = "klaus@privat.example";

fn leaf(name: &str, address: &str, key: usize) -> Leaf {
    Leaf::mail(name, address).with_key(KeyChoice::Shared(2100 + key))
}

fn issue(desk: &Desk, leaf: &Leaf) -> Issued {
    desk.demo.world().issuing.issue(leaf).unwrap()
}

fn write(desk: &Desk, name: &str, octets: &[u8]) {
    fs::write(desk.path(name), octets).unwrap();
}

/// What `segl check` says of one address.
fn checked(desk: &Desk, address: &str) -> Value {
    desk.segl(&["check", "--json", address]).json()["recipients"][0].clone()
}

fn codes(value: &Value) -> Vec<&str> {
    codes_of(&value["problems"])
}

fn codes_of(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|p| p["code"].as_str().unwrap())
        .collect()
}

/// A mail from this address with an opaque signature, and certificates beside it.
fn signed(from: &str, signer: &Issued, beside: &[&Issued]) -> Vec<u8> {
    let read = |der: &[u8]| X509::from_der(der).unwrap();
    let mut carried = Stack::new().unwrap();
    for other in beside {
        carried.push(read(&other.der)).unwrap();
    }
    let entity = b"Content-Type: text/plain\r\n\r\nHej Anne\r\n";
    let made = CmsContentInfo::sign(
        Some(&read(&signer.der)),
        Some(&signer.key),
        Some(&carried),
        Some(entity),
        CMSOptions::BINARY,
    );
    let body = base64_simd::STANDARD.encode_to_string(made.unwrap().to_der().unwrap());
    format!(
        "From: {from}\r\nSubject: Aftale\r\nMIME-Version: 1.0\r\n\
         Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

fn import(desk: &Desk, arguments: &[&str]) -> (i32, Value) {
    let done = desk.segl(&[&["cert", "import", "--json"], arguments].concat());
    (done.code, done.json())
}

#[test]
fn a_certificate_that_names_its_address_is_taken_in_from_every_kind_of_file() {
    for kind in ["nina.cer", "nina.pem", "nina.p7b"] {
        let desk = Desk::new();
        let nina = issue(&desk, &leaf("Nina Ny", "nina@privat.example", 0));
        let octets = match kind {
            "nina.pem" => nina.pem().into_bytes(),
            "nina.p7b" => {
                let world = desk.demo.world();
                certificate_bag(&[&nina.der, &world.issuing.certificate().der]).unwrap()
            }
            _ => nina.der.clone(),
        };
        write(&desk, kind, &octets);
        assert_eq!(checked(&desk, "nina@privat.example")["status"], "not-found");
        let (code, told) = import(&desk, &[kind]);
        assert_eq!((code, &told["imported"]), (0, &1.into()), "{told}");
        assert_eq!(told["certificates"][0]["tie"], "bound", "{told}");
        let found = checked(&desk, "nina@privat.example");
        assert_eq!(
            (&found["light"], &found["route"]),
            (&"green".into(), &"person".into())
        );
    }
}

#[test]
fn a_mail_that_brings_certificates_alone_says_so_and_is_taken_in_like_a_file() {
    let desk = Desk::new();
    let nina = issue(&desk, &leaf("Nina Ny", "nina@privat.example", 0));
    let bag = certificate_bag(&[&nina.der]).unwrap();
    let body = base64_simd::STANDARD.encode_to_string(bag);
    let mail = format!(
        "From: nina@privat.example\r\nSubject: Mit certifikat\r\nMIME-Version: 1.0\r\n\
         Content-Type: application/pkcs7-mime; smime-type=certs-only; name=smime.p7c\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n"
    );
    write(&desk, "nina.eml", mail.as_bytes());
    let opened = desk.segl(&["open", "--json", "nina.eml"]);
    assert_eq!(codes_of(&opened.json()["warnings"]), ["certificates-only"]);
    let told = desk.segl(&["--lang", "en", "open", "nina.eml"]);
    assert!(told.stdout.contains("segl cert import"), "{}", told.stdout);
    let (code, told) = import(&desk, &["nina.eml"]);
    assert_eq!((code, &told["imported"]), (0, &1.into()), "{told}");
    assert_eq!(
        checked(&desk, "nina@privat.example")["light"],
        Value::from("green")
    );
}

#[test]
fn a_certificate_that_does_not_name_the_address_is_used_only_when_pinned_and_the_pin_can_be_taken_back()
 {
    let desk = Desk::new();
    let other = issue(&desk, &leaf("Klaus Klient", "klaus@gammel.example", 1));
    write(&desk, "klaus.cer", &other.der);
    let (code, told) = import(&desk, &["--address", KLAUS, "klaus.cer"]);
    assert_eq!(
        (code, &told["certificates"][0]["tie"]),
        (1, &"none".into()),
        "{told}"
    );
    let text = desk
        .segl(&["cert", "import", "--address", KLAUS, "klaus.cer"])
        .stdout;
    for wanted in [
        "klaus@gammel.example",
        "Not used for klaus@privat.example",
        "--pin",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert_eq!(checked(&desk, KLAUS)["light"], "red");

    let (code, told) = import(&desk, &["--address", KLAUS, "--pin", "klaus.cer"]);
    assert_eq!(code, 0, "{told}");
    assert_eq!(told["pinned"][0], other.sha256());
    let found = checked(&desk, KLAUS);
    let certificate = &found["certificates"][0];
    assert_eq!(
        (&found["light"], &certificate["binding"]),
        (&"green".into(), &"pinned".into())
    );
    assert!(certificate["pinned_at"].is_string(), "{found}");
    let text = desk.segl(&["check", KLAUS]).stdout;
    assert!(
        text.contains("that you pinned to this address on"),
        "{text}"
    );
    // The address that the certificate names keeps it.
    assert_eq!(
        checked(&desk, "klaus@gammel.example")["certificates"][0]["binding"],
        "address"
    );
    let list = desk.segl(&["cert", "list", "--json"]).json();
    assert_eq!(list["others"][0]["pins"][0]["address"], KLAUS, "{list}");

    // The decision says by what it was bound, and since when.
    let sent = desk.send(&["--to", KLAUS]);
    assert_eq!(sent.code, 0, "{sent:?}");
    let rows = desk.segl(&["log", "list", "--json"]).json();
    let pinned = rows
        .as_array()
        .unwrap()
        .iter()
        .filter(|r| r["kind"] == "evidence");
    assert_eq!(pinned.count(), 1, "{rows}");
    let seq = sent.json()["record"]["seq"].to_string();
    let row = desk.segl(&["log", "show", "--json", &seq]).stdout;
    assert!(
        row.contains("\"binding\":\"pinned\"") && row.contains("\"pinned_at\":\""),
        "{row}"
    );

    assert_eq!(
        desk.segl(&["cert", "unpin", "--sha256", "0000", KLAUS])
            .code,
        1
    );
    let done = desk.segl(&["cert", "unpin", "--json", KLAUS]);
    assert_eq!(
        (done.code, done.json()["unpinned"].as_array().unwrap().len()),
        (0, 1)
    );
    let found = checked(&desk, KLAUS);
    assert_eq!(found["light"], "red", "{found}");
    assert_eq!(
        desk.segl(&["cert", "unpin", KLAUS]).code,
        1,
        "there is none any more"
    );
}

#[test]
fn a_pin_lifts_nothing_else_that_is_wrong() {
    let desk = Desk::new();
    let world = desk.demo.world();
    let of = |address: &str| world.person(address).unwrap().others[0].der.clone();
    let stranger = Authority::root("Nobody's Root").unwrap();
    let rows = [
        (of("dorte@advokat-eksempel.dk"), "revoked"),
        (of("carl@advokat-eksempel.dk"), "expired"),
        (of("viggo@advokat-eksempel.dk"), "weak-key"),
        (
            stranger
                .issue(&leaf("Klaus", "k@gammel.example", 2))
                .unwrap()
                .der,
            "untrusted-issuer",
        ),
    ];
    for (der, wanted) in rows {
        write(&desk, "one.cer", &der);
        let (code, told) = import(&desk, &["--address", KLAUS, "--pin", "one.cer"]);
        assert_eq!(
            (code, told["pinned"].as_array().unwrap().len()),
            (1, 1),
            "{told}"
        );
        assert!(
            codes(&told["certificates"][0]).contains(&wanted),
            "{wanted}: {told}"
        );
        let found = checked(&desk, KLAUS);
        let pinned = found["certificates"].as_array().unwrap().iter();
        let mut problems = pinned.map(codes);
        assert_eq!(found["light"], "red", "{wanted}: {found}");
        assert!(problems.any(|p| p.contains(&wanted)), "{wanted}: {found}");
        assert_eq!(desk.segl(&["cert", "unpin", KLAUS]).code, 0);
    }
}

#[test]
fn what_it_rules_of_an_address_goes_before_a_pin_and_policy_may_forbid_them_all() {
    let desk = Desk::new();
    let other = issue(&desk, &leaf("Klaus Klient", "klaus@gammel.example", 1));
    write(&desk, "klaus.cer", &other.der);
    // The settings give the court's address to the court.
    let court = [
        "cert",
        "import",
        "--json",
        "--address",
        "post@ret-eksempel.dk",
        "--pin",
        "klaus.cer",
    ];
    let refused = desk.segl(&court);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(
        refused
            .stdout
            .contains("gives the address to somebody else"),
        "{refused:?}"
    );
    assert!(
        !desk.path("data/imported").exists(),
        "refused before anything is kept"
    );

    assert_eq!(
        import(&desk, &["--address", KLAUS, "--pin", "klaus.cer"]).0,
        0
    );
    assert_eq!(checked(&desk, KLAUS)["light"], "green");
    desk.edit("[policy]", "[policy]\npins = \"refuse\"");
    assert_eq!(
        checked(&desk, KLAUS)["light"],
        "red",
        "a pin from before does not count"
    );
    let refused = desk.segl(&["cert", "import", "--address", KLAUS, "--pin", "klaus.cer"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(
        refused.stderr.contains("does not allow pinning"),
        "{refused:?}"
    );
}

#[test]
fn certificates_of_several_people_are_not_pinned_to_one_address() {
    let desk = Desk::new();
    let one = issue(&desk, &leaf("Klaus Klient", "klaus@gammel.example", 1));
    let two = issue(&desk, &leaf("Nina Ny", "nina@gammel.example", 2));
    write(
        &desk,
        "both.p7b",
        &certificate_bag(&[&one.der, &two.der]).unwrap(),
    );
    let done = desk.segl(&["cert", "import", "--address", KLAUS, "--pin", "both.p7b"]);
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.stderr.contains("several people"), "{done:?}");
    assert_eq!(
        checked(&desk, KLAUS)["certificates"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn from_a_signed_mail_the_encryption_certificate_of_the_pair_is_taken() {
    let desk = Desk::new();
    let address = "nina@privat.example";
    let signing = issue(
        &desk,
        &leaf("Nina Ny", address, 3).with_key_usage(&[KeyUsage::DigitalSignature]),
    );
    let reading = issue(
        &desk,
        &leaf("Nina Ny", address, 4).with_key_usage(&[KeyUsage::KeyEncipherment]),
    );
    let stranger = issue(&desk, &leaf("Bo Anden", "bo@privat.example", 5));
    write(
        &desk,
        "mail.eml",
        &signed(address, &signing, &[&reading, &stranger]),
    );
    let (code, told) = import(&desk, &["mail.eml"]);
    assert_eq!((code, &told["imported"]), (0, &1.into()), "{told}");
    let uses: Vec<_> = told["certificates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["sha256"].as_str().unwrap(), c["use"].as_str().unwrap()))
        .collect();
    let (reading, signing) = (reading.sha256(), signing.sha256());
    assert_eq!(uses, [(&*reading, "encrypt"), (&*signing, "sign")]);
    let found = checked(&desk, address);
    assert_eq!(found["light"], "green", "{found}");
    // What came beside it and is nobody's who signed is not taken.
    assert_eq!(checked(&desk, "bo@privat.example")["status"], "not-found");
}

#[test]
fn nothing_is_taken_from_a_mail_whose_signature_does_not_hold() {
    let desk = Desk::new();
    let address = "nina@privat.example";
    let nina = issue(&desk, &leaf("Nina Ny", address, 3));
    let mail = String::from_utf8(signed(address, &nina, &[])).unwrap();
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    let mut der = base64_simd::STANDARD.decode_to_vec(body.trim()).unwrap();
    let at = memchr::memmem::find(&der, b"Hej Anne").unwrap();
    der[at] = b'N';
    let changed = base64_simd::STANDARD.encode_to_string(&der);
    write(
        &desk,
        "changed.eml",
        format!("{head}\r\n\r\n{changed}\r\n").as_bytes(),
    );
    // The same without a header around it, as a program saves it.
    write(&desk, "smime.p7m", &der);
    for file in ["changed.eml", "smime.p7m"] {
        let done = desk.segl(&["cert", "import", file]);
        assert_eq!(done.code, 1, "{done:?}");
        assert!(
            done.stderr.contains("No signature of this mail holds"),
            "{done:?}"
        );
    }
    assert_eq!(checked(&desk, address)["status"], "not-found");
    assert!(!desk.path("data/imported").exists());
}

#[test]
fn a_mail_that_is_from_somebody_else_than_its_signer_binds_nothing_by_itself() {
    let desk = Desk::new();
    let nina = issue(&desk, &leaf("Nina Ny", "nina@privat.example", 3));
    write(&desk, "mail.eml", &signed(KLAUS, &nina, &[]));
    let (code, told) = import(&desk, &["mail.eml"]);
    assert_eq!(code, 1, "{told}");
    let one = &told["certificates"][0];
    assert_eq!(
        (&one["address"], &one["tie"]),
        (&KLAUS.into(), &"none".into())
    );
    assert_eq!(told["learned"], false, "{told}");
    assert_eq!(checked(&desk, KLAUS)["light"], "red");
    let (code, told) = import(&desk, &["--pin", "mail.eml"]);
    assert_eq!(
        (code, &told["pinned"][0]),
        (0, &nina.sha256().into()),
        "{told}"
    );
    assert_eq!(checked(&desk, KLAUS)["light"], "green");
}

#[test]
fn the_preference_of_a_signer_is_honoured_and_hidden_subjects_are_learned() {
    let desk = Desk::new();
    let world = desk.demo.world();
    let sender = world.sender_address.clone();
    let certificate = |key: usize, usage: &[KeyUsage]| {
        let leaf = Leaf::mail(&world.sender_name, &sender).with_key(KeyChoice::Shared(2000 + key));
        world.issuing.issue(&leaf.with_key_usage(usage)).unwrap()
    };
    let (signing, reading) = (
        certificate(0, &[KeyUsage::DigitalSignature]),
        certificate(1, &[KeyUsage::KeyEncipherment]),
    );
    for issued in [&signing, &reading] {
        own::import(&desk, issued);
    }
    // A mail of Segl's own, which the sender's copy opens: signed inside, its header inside too.
    fs::create_dir(desk.path("out")).unwrap();
    let karen = "karen@advokat-eksempel.dk";
    let sent = desk.send(&["--to", karen, "--to-eml", "out"]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert_eq!(sent.json()["deliveries"][0]["subject_hidden"], false);
    let (code, told) = import(&desk, &["out/01-person.eml"]);
    assert_eq!((code, &told["learned"]), (0, &true.into()), "{told}");
    let kept = told["certificates"].as_array().unwrap().iter();
    let kept: Vec<_> = kept.filter(|c| c["use"] == "encrypt").collect();
    assert_eq!(kept.len(), 1, "{told}");
    assert_eq!(kept[0]["sha256"], reading.sha256());
    // Whoever writes so shows such subjects: auto hides it for them, and not where one reader more is not known to.
    fs::create_dir_all(desk.path("out/b")).unwrap();
    let alone = desk.send(&["--to", &sender, "--to-eml", "out/b"]);
    assert_eq!(
        alone.json()["deliveries"][0]["subject_hidden"],
        true,
        "{alone:?}"
    );
    fs::create_dir_all(desk.path("out/c")).unwrap();
    let both = desk.send(&["--to", &sender, "--cc", karen, "--to-eml", "out/c"]);
    assert_eq!(
        both.json()["deliveries"][0]["subject_hidden"],
        false,
        "{both:?}"
    );
    // The same mail again teaches nothing new.
    assert_eq!(import(&desk, &["out/01-person.eml"]).1["learned"], false);
}

/// The same mail by a program that wants AES-256-GCM: its first capability is another one, and it is signed anew.
fn wanting_gcm(mail: &[u8], signer: &Issued) -> Vec<u8> {
    /// The attribute of the content type: the first of those that are signed.
    const FIRST: &[u8] = b"\x30\x18\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03";
    const CBC: &[u8] = b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
    let mail = std::str::from_utf8(mail).unwrap();
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    let mut der = base64_simd::STANDARD.decode_to_vec(body.trim()).unwrap();
    let cipher = memchr::memmem::find(&der, CBC).unwrap() + CBC.len() - 1;
    der[cipher] = 0x2e;
    let first = memchr::memmem::find(&der, FIRST).unwrap();
    // [0] IMPLICIT with a length of one octet after 0x81, or of two after 0x82.
    let (start, length) = match der[first - 3..first] {
        [0xa0, 0x81, length] => (first - 3, usize::from(length)),
        [0x82, high, low] => (first - 4, usize::from(high) << 8 | usize::from(low)),
        ref other => panic!("{other:?}"),
    };
    // RFC 5652 §5.4: what is signed has the tag of a SET.
    let mut covered = der[start..first + length].to_vec();
    covered[0] = 0x31;
    let digest = openssl::hash::MessageDigest::sha256();
    let mut maker = openssl::sign::Signer::new(digest, &signer.key).unwrap();
    let signature = maker.sign_oneshot_to_vec(&covered).unwrap();
    let end = der.len() - signature.len();
    der[end..].copy_from_slice(&signature);
    let body = base64_simd::STANDARD.encode_to_string(&der);
    format!("{head}\r\n\r\n{body}\r\n").into_bytes()
}

#[test]
fn what_a_signed_mail_says_of_its_program_decides_how_the_next_mail_to_it_is_encrypted() {
    let desk = Desk::new();
    let address = "nina@privat.example";
    let signing = leaf("Nina Ny", address, 3).with_key_usage(&[KeyUsage::DigitalSignature]);
    let reading = leaf("Nina Ny", address, 4).with_key_usage(&[KeyUsage::KeyEncipherment]);
    let (signing, reading) = (issue(&desk, &signing), issue(&desk, &reading));
    let content = |folder: &str| {
        fs::create_dir_all(desk.path(folder)).unwrap();
        let sent = desk.send(&["--to", address, "--to-eml", folder]);
        assert_eq!(sent.code, 0, "{sent:?}");
        let mail = fs::read_to_string(desk.path(folder).join("01-person.eml")).unwrap();
        mail.contains("authEnveloped-data")
    };
    write(&desk, "reading.cer", &reading.der);
    assert_eq!(import(&desk, &["reading.cer"]).0, 0);
    assert!(!content("before"), "nothing is known: the default");
    let mail = signed(address, &signing, &[&reading]);
    write(&desk, "mail.eml", &wanting_gcm(&mail, &signing));
    let (code, told) = import(&desk, &["mail.eml"]);
    assert_eq!((code, &told["learned"]), (0, &true.into()), "{told}");
    assert!(content("after"), "what her program wants");
    // Kept with its date and with who signed it, and shown.
    let list = desk.segl(&["cert", "list", "--json"]).json();
    let learned = &list["others"][0]["learned"][0];
    assert_eq!(learned["signer"], signing.sha256(), "{list}");
    assert_eq!(
        (&learned["address"], &learned["prefers"]),
        (&address.into(), &"aes256-gcm".into())
    );
    assert!(learned["signed_at"].is_string(), "{list}");
    let text = desk.segl(&["cert", "list"]).stdout;
    assert!(text.contains("it wants AES-256-GCM"), "{text}");
    // An altered one teaches nothing.
    let mut altered = wanting_gcm(&mail, &issue(&desk, &leaf("Bo", "bo@privat.example", 5)));
    altered.extend_from_slice(b"\r\n");
    write(&desk, "altered.eml", &altered);
    assert_eq!(desk.segl(&["cert", "import", "altered.eml"]).code, 1);
}

#[test]
fn a_certificate_that_is_removed_takes_its_pins_and_what_was_learned_along() {
    let desk = Desk::new();
    let nina = issue(&desk, &leaf("Nina Ny", "nina@privat.example", 3));
    write(
        &desk,
        "mail.eml",
        &signed("nina@privat.example", &nina, &[]),
    );
    assert_eq!(import(&desk, &["mail.eml"]).0, 0);
    write(&desk, "nina.cer", &nina.der);
    assert_eq!(
        import(&desk, &["--address", KLAUS, "--pin", "nina.cer"]).0,
        0
    );
    for address in ["nina@privat.example", KLAUS] {
        assert_eq!(checked(&desk, address)["light"], "green", "{address}");
    }
    let others = |desk: &Desk| desk.segl(&["cert", "list", "--json"]).json()["others"].clone();
    let before = others(&desk);
    assert_eq!(
        before[0]["learned"].as_array().unwrap().len(),
        1,
        "{before}"
    );
    let whom = before[0]["for"].as_array().unwrap().iter();
    let whom: Vec<_> = whom
        .map(|w| (w["address"].clone(), w["tie"].clone()))
        .collect();
    let wanted = [(KLAUS, "pinned"), ("nina@privat.example", "bound")];
    assert_eq!(whom, wanted.map(|(a, t)| (a.into(), t.into())));

    for unknown in ["", "0000000"] {
        let done = desk.segl(&["cert", "remove", unknown]);
        assert_eq!(done.code, 1, "{unknown}: {done:?}");
    }
    let done = desk.segl(&["cert", "remove", "--json", &nina.sha256()[..12]]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(done.json()["unpinned"][0], KLAUS);
    assert!(others(&desk).as_array().unwrap().is_empty());
    for address in ["nina@privat.example", KLAUS] {
        assert_eq!(checked(&desk, address)["light"], "red", "{address}");
    }
    let rows = desk.segl(&["log", "list", "--json"]).json();
    let rows = rows.as_array().unwrap().iter();
    let noted = rows.filter(|r| r["kind"] == "evidence").count();
    assert_eq!(noted, 2, "the pin, and that it was taken back");
    // The file alone brings neither back.
    assert_eq!(import(&desk, &["nina.cer"]).0, 0);
    assert_eq!(checked(&desk, KLAUS)["light"], "red");
    let after = others(&desk);
    assert!(
        after[0]["learned"].as_array().unwrap().is_empty(),
        "{after}"
    );
}
