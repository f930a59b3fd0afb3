//! Own keys in cards and USB keys: SoftHSM is the card, OpenSSL and Segl's own reader judge what it signs and opens.

mod card;

use std::{fs, process::Command};

use openssl::x509::X509;
use segl::demo::KeyKind;

use self::card::{Card, LABEL, PIN};
use super::tools::tool;

const KAREN: &str = "karen@advokat-eksempel.dk";

#[test]
fn a_card_signs_mail_and_opens_what_is_encrypted_to_it() {
    for kind in [KeyKind::Rsa(2048), KeyKind::P256, KeyKind::P384] {
        let Some(card) = Card::new(kind) else { return };
        let (code, own) = card.shown("test");
        assert_eq!(code, 0, "a closed card is nothing wrong: {own}");
        assert_eq!(
            (&own["state"], &own["token"]["state"]),
            (&"signs".into(), &"locked".into())
        );
        assert_eq!(own["token"]["label"], LABEL);
        let sent = card.send("out");
        assert_eq!(sent.code, 0, "{sent:?}");
        assert_eq!(sent.json()["deliveries"][0]["signed"], true);
        assert_eq!(card.logins(), 1);
        // Every mail is encrypted to its sender too: the card opens it, and its signature is good.
        let sent = only_message(&card, "out");
        let opened = card.segl(&["open", "--json", "--pin-file", "pin.txt", &sent]);
        let value = opened.json();
        assert_eq!(opened.code, 0, "{value}");
        assert_eq!(value["text"], "Rødgrød");
        assert_eq!(value["decrypted_with"], own["sha256"]);
        assert_eq!(value["signers"][0]["sha256"], own["sha256"]);
        assert_eq!(value["signers"][0]["problems"], serde_json::json!([]));
        assert_eq!(openssl_verifies(&card, &sent), Some(true), "{kind:?}");
    }
}

/// OpenSSL opens the sent mail with Karen's key and verifies the signature inside.
fn openssl_verifies(card: &Card, sent: &str) -> Option<bool> {
    let world = card.desk.demo.world();
    let karen = &world.person(KAREN).unwrap().readers[0];
    let pem = [
        karen.key.private_key_to_pem_pkcs8().unwrap(),
        X509::from_der(&karen.der).unwrap().to_pem().unwrap(),
    ];
    card.write("karen.pem", &String::from_utf8(pem.concat()).unwrap());
    let roots = [&world.root, &world.issuing].map(|a| {
        X509::from_der(&a.certificate().der)
            .unwrap()
            .to_pem()
            .unwrap()
    });
    fs::write(card.desk.path("roots.pem"), roots.concat()).unwrap();
    let openssl = |arguments: &[&str]| -> Option<bool> {
        let mut openssl = tool("openssl")?;
        openssl
            .arg("cms")
            .args(arguments)
            .current_dir(card.desk.demo.folder());
        Some(openssl.output().unwrap().status.success())
    };
    let opened = openssl(&[
        "-decrypt",
        "-in",
        sent,
        "-recip",
        "karen.pem",
        "-out",
        "plain.eml",
    ])?;
    let verified = openssl(&[
        "-verify",
        "-in",
        "plain.eml",
        "-CAfile",
        "roots.pem",
        "-out",
        "text",
    ])?;
    Some(opened && verified)
}

#[test]
fn a_card_opens_rsa_oaep() {
    let Some(card) = Card::new(KeyKind::Rsa(2048)) else {
        return;
    };
    card.desk
        .edit("[identity]", "[content]\nrsa = \"oaep\"\n\n[identity]");
    assert_eq!(card.send("out").code, 0);
    let sent = only_message(&card, "out");
    let opened = card
        .segl(&["open", "--json", "--pin-file", "pin.txt", &sent])
        .json();
    assert_eq!(
        opened["layers"][0]["key_management"], "rsa-oaep",
        "{opened}"
    );
    assert_eq!(opened["text"], "Rødgrød");
}

#[test]
fn what_a_card_cannot_decrypt_says_no_more_than_that_it_does_not_open() {
    let Some(card) = Card::new(KeyKind::Rsa(2048)) else {
        return;
    };
    let (_, own) = card.shown("list");
    let mut codes = Vec::new();
    for content in [&b"short"[..], &[7; 32]] {
        // Padding that holds around a wrong key, and none at all.
        let certificate = X509::from_der(&card.issued.der).unwrap();
        let rsa = certificate.public_key().unwrap().rsa().unwrap();
        let mut encrypted = vec![0; 256];
        let padding = openssl::rsa::Padding::PKCS1;
        rsa.public_encrypt(content, &mut encrypted, padding)
            .unwrap();
        for octets in [encrypted.clone(), {
            encrypted[100] ^= 1;
            encrypted
        }] {
            fs::write(card.desk.path("bad.eml"), enveloped(&card, &octets)).unwrap();
            let ran = card.segl(&["open", "--json", "--pin-file", "pin.txt", "bad.eml"]);
            assert_eq!(ran.code, 1, "{ran:?}");
            codes.push(ran.json()["error"]["code"].clone());
        }
    }
    codes.dedup();
    assert_eq!(codes, ["cannot-be-opened"], "{own}");
}

/// A message of the card's reader whose content key is replaced by these octets.
fn enveloped(card: &Card, key: &[u8]) -> Vec<u8> {
    let mut readers = openssl::stack::Stack::new().unwrap();
    readers
        .push(X509::from_der(&card.issued.der).unwrap())
        .unwrap();
    let sealed = openssl::cms::CmsContentInfo::encrypt(
        &readers,
        b"Content-Type: text/plain\r\n\r\nHej\r\n",
        openssl::symm::Cipher::aes_256_cbc(),
        openssl::cms::CMSOptions::BINARY,
    );
    let mut der = sealed.unwrap().to_der().unwrap();
    let at = memchr::memmem::find(&der, b"\x04\x82\x01\x00").unwrap() + 4;
    der[at..at + key.len()].copy_from_slice(key);
    let body = base64_simd::STANDARD.encode_to_string(der);
    format!(
        "From: bo@y.example\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

#[test]
fn a_wrong_pin_is_given_to_the_card_once_and_one_of_a_wrong_length_never() {
    let Some(card) = Card::new(KeyKind::P256) else {
        return;
    };
    for (pin, code, logins) in [("000000", "wrong-pin", 1), ("1", "wrong-pin", 1)] {
        card.write("pin.txt", pin);
        let sent = card.send("out");
        assert_eq!(sent.code, 2, "{sent:?}");
        assert_eq!(sent.json()["error"]["code"], code);
        assert_eq!(card.logins(), logins, "{pin}");
    }
    assert!(!card.desk.path("out").exists(), "nothing was written");
    // The next one could lock it, and then it is: no PIN is given any more.
    card.hinder("blocked");
    card.write("pin.txt", PIN);
    let sent = card.send("out");
    assert_eq!(sent.json()["error"]["code"], "token-blocked", "{sent:?}");
    assert_eq!(card.logins(), 1);
    let (code, own) = card.shown("test");
    assert_eq!((code, &own["token"]["state"]), (1, &"blocked".into()));
    card.free("blocked");
    card.hinder("last");
    let told = card.segl(&["cert", "test"]);
    assert!(
        told.stdout.contains("One wrong PIN more locks it"),
        "{told:?}"
    );
    let sent = card.send("out");
    assert_eq!(sent.code, 0, "{sent:?}");
    assert!(sent.stderr.contains("Only one try is left"), "{sent:?}");
}

#[test]
fn a_card_that_is_away_stops_the_mail_and_back_again_it_goes_on() {
    let Some(card) = Card::new(KeyKind::P256) else {
        return;
    };
    // A card that was never seen is not missed: mail goes without a signature, as on any desk that has none.
    card.hinder("absent");
    assert_eq!(
        card.segl(&["cert", "list", "--json"]).json()["certificates"],
        serde_json::json!([])
    );
    card.free("absent");
    assert_eq!(card.shown("list").0, 0);
    card.hinder("absent");
    let (code, own) = card.shown("test");
    assert_eq!((code, &own["token"]["state"]), (1, &"absent".into()));
    assert_eq!(own["state"], "signs");
    let stopped = card.send("out");
    assert_eq!(
        (stopped.code, &stopped.json()["error"]["code"]),
        (2, &"token".into())
    );
    let message = stopped.json()["error"]["message"].to_string();
    assert!(
        message.contains(LABEL) && message.contains("not connected"),
        "{message}"
    );
    assert!(!card.desk.path("out").exists());
    card.free("absent");
    assert_eq!(card.send("out").code, 0);
    // Taken out while it signs: nothing is written either.
    card.hinder("removed-at-sign");
    let stopped = card.send("cut");
    assert_eq!(stopped.code, 2, "{stopped:?}");
    assert!(
        stopped.stderr.contains("not connected") || stopped.stdout.contains("not connected"),
        "{stopped:?}"
    );
    assert!(!card.desk.path("cut").exists());
    card.free("removed-at-sign");
    assert_eq!(card.send("cut").code, 0);
}

#[test]
fn a_card_that_is_gone_for_good_is_forgotten_and_mail_goes_again() {
    let Some(card) = Card::new(KeyKind::P256) else {
        return;
    };
    let (_, own) = card.shown("list");
    card.hinder("absent");
    assert_eq!(card.send("out").code, 2);
    assert_eq!(card.segl(&["cert", "forget", "another"]).code, 1);
    let serial = own["token"]["serial"].as_str().unwrap();
    let forgotten = card.segl(&["cert", "forget", "--json", serial]);
    assert_eq!(forgotten.json()["forgotten"], 1, "{forgotten:?}");
    let sent = card.send("out").json();
    assert_eq!(sent["deliveries"][0]["signed"], false, "{sent}");
}

#[test]
fn a_module_that_cannot_be_loaded_is_told_and_mail_does_not_leave_unsigned() {
    let Some(card) = Card::new(KeyKind::P256) else {
        return;
    };
    assert_eq!(card.shown("list").0, 0);
    fs::rename(card.desk.path("module.so"), card.desk.path("gone.so")).unwrap();
    let tested = card.segl(&["cert", "test", "--json"]);
    assert_eq!(tested.code, 1);
    assert_eq!(
        tested.json()["certificates"][0]["token"]["state"],
        "unreachable"
    );
    assert_eq!(tested.json()["errors"][0]["code"], "token");
    assert_eq!(card.send("out").code, 2);
    let told = card.segl(&["doctor"]);
    assert!(told.stdout.contains("module.so"), "{told:?}");
}

#[test]
fn the_pin_is_typed_in_the_terminal_without_being_shown_and_kept_nowhere() {
    let Some(card) = Card::new(KeyKind::P256) else {
        return;
    };
    fs::remove_file(card.desk.path("pin.txt")).unwrap();
    // Wrong first: it is asked for again, by somebody who types it again.
    let script = r#"
import os, pty, sys, termios, time
pins = iter([b"111111\n", sys.argv[1].encode() + b"\n"])
seen = b""
child, terminal = pty.fork()
if child == 0:
    os.execve(sys.argv[2], sys.argv[2:], os.environ)
asked = 0
while True:
    try:
        octets = os.read(terminal, 4096)
    except OSError:
        break
    if not octets:
        break
    seen += octets
    while seen.count(b"PIN of the card") > asked:
        asked += 1
        # Nobody types within the same millisecond; a busy machine makes it many.
        for _ in range(3000):
            if not termios.tcgetattr(terminal)[3] & termios.ECHO:
                break
            time.sleep(0.01)
        else:
            sys.exit("what is typed would be shown")
        os.write(terminal, next(pins))
status = os.waitpid(child, 0)[1]
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(status))
"#;
    let segl = card.command();
    let mut python = Command::new("python3");
    python
        .args(["-c", script, PIN])
        .arg(segl.get_program())
        .args(segl.get_args())
        .args(["send", "--to", KAREN, "--body", "Hej", "--to-eml", "out"])
        .env_clear()
        .envs(segl.get_envs().filter_map(|(k, v)| Some((k, v?))))
        .env("PATH", "/usr/bin:/bin")
        .current_dir(card.desk.demo.folder());
    let ran = python.output().unwrap();
    let shown = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success(),
        "{shown} {}",
        String::from_utf8_lossy(&ran.stderr)
    );
    assert_eq!(card.logins(), 2);
    assert!(shown.contains("The PIN is wrong."), "{shown}");
    assert!(!shown.contains(PIN) && !shown.contains("111111"), "{shown}");
    let mut folders = vec![card.desk.demo.folder().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(octets) = fs::read(&path) {
                assert!(
                    memchr::memmem::find(&octets, PIN.as_bytes()).is_none(),
                    "{path:?}"
                );
            }
        }
    }
}

fn only_message(card: &Card, folder: &str) -> String {
    let files = fs::read_dir(card.desk.path(folder)).unwrap();
    let mut files: Vec<_> = files
        .map(|f| f.unwrap().path())
        .filter(|f| f.extension().is_some_and(|e| e == "eml"))
        .collect();
    assert_eq!(files.len(), 1);
    files.remove(0).display().to_string()
}
