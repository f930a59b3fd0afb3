//! Letters with Thunderbird: Anne writes with Segl, by the way that every mail goes, and Karen answers.

use std::{fmt::Write as _, fs, path::PathBuf};

use segl::demo::{Issued, KeyKind};

use super::{
    super::{
        is_in_the_readme,
        makers::{ANNE, KAREN, is_protected, issue},
        programs::PASSWORD,
    },
    Order, Shown, Thunderbird,
};
use crate::{
    desk::Desk,
    own::{import, key_file_by, written},
    tunnel::{TOWN, Tunnel},
};

/// What [`Desk::send`] sends.
const TEXT: &str = "Rødgrød med fløde\n";

const FILES: [(&str, &[u8]); 2] = [
    ("æøå.txt", "Blåbær\n".as_bytes()),
    ("bilag.pdf", &[0; 70_000]),
];

/// A desk with files to send, and Thunderbird as Karen's.
fn desk(bird: &mut Thunderbird) -> Desk {
    let desk = Desk::new();
    for (name, octets) in FILES {
        fs::write(desk.path(name), octets).unwrap();
    }
    bird.trust(&desk.demo.world().root.certificate().der);
    becomes_karen(bird, &desk);
    desk
}

fn becomes_karen(bird: &mut Thunderbird, desk: &Desk) {
    let karen = desk.demo.world().person(KAREN).unwrap();
    becomes(bird, desk, &karen.readers[0]);
}

fn becomes(bird: &mut Thunderbird, desk: &Desk, karen: &Issued) {
    let file = desk.path("karen.p12");
    fs::write(&file, key_file_by(desk, karen, PASSWORD)).unwrap();
    assert!(bird.becomes(&file, PASSWORD));
}

/// Anne's only certificate is this one.
fn signs_with(desk: &Desk, anne: &Issued) {
    let _none_yet = fs::remove_dir_all(desk.path("data/own"));
    import(desk, anne);
}

/// Sends a mail with the files by Segl, into a file.
fn sent(desk: &Desk, to: &str, name: &str) -> Vec<u8> {
    let mut arguments = vec![
        "--to",
        to,
        "--accept-fallback",
        "assessed",
        "--to-eml",
        name,
    ];
    for (name, _) in FILES {
        arguments.extend(["--attach", name]);
    }
    let ran = desk.send(&arguments);
    assert_eq!(ran.code, 0, "{ran:?}");
    written(desk, name)
}

fn files() -> Vec<(String, Vec<u8>)> {
    let owned = |(name, octets): (&str, &[u8])| (name.to_owned(), octets.to_vec());
    FILES.map(owned).into()
}

fn settings(desk: &Desk, before: &str, more: &str) {
    fs::write(desk.demo.config_path(), format!("{before}\n{more}\n")).unwrap();
}

/// A mail that Segl sends, and what Thunderbird shows of it.
struct Sent {
    /// As the README calls it.
    name: &'static str,
    settings: &'static str,
    is_encrypted: bool,
    is_signed: bool,
    is_hidden: bool,
}

/// It knows no protected header (RFC 9788): a hidden subject stays hidden in its lists and above the mail, and stands
/// in the text, where Segl puts it for such programs.
const SENT: [Sent; 6] = [
    Sent {
        name: "encrypted and signed",
        settings: "",
        is_encrypted: true,
        is_signed: true,
        is_hidden: false,
    },
    Sent {
        name: "the same with OAEP",
        settings: "[content]\nrsa = \"oaep\"",
        is_encrypted: true,
        is_signed: true,
        is_hidden: false,
    },
    Sent {
        name: "encrypted and signed, subject hidden",
        settings: "[content]\nsubject = \"hidden\"",
        is_encrypted: true,
        is_signed: true,
        is_hidden: true,
    },
    Sent {
        name: "encrypted",
        settings: "[identity]\nsign = false",
        is_encrypted: true,
        is_signed: false,
        is_hidden: false,
    },
    Sent {
        name: "encrypted, subject hidden",
        settings: "[content]\nsubject = \"hidden\"\n[identity]\nsign = false",
        is_encrypted: true,
        is_signed: false,
        is_hidden: true,
    },
    Sent {
        name: "signed",
        settings: "[identity]\nsign_clear = true",
        is_encrypted: false,
        is_signed: true,
        is_hidden: false,
    },
];

impl Sent {
    fn to(&self) -> &'static str {
        if self.is_encrypted {
            KAREN
        } else {
            "klaus@privat.example"
        }
    }

    fn shown(&self) -> Shown {
        let ok = |is: bool| is.then(|| "ok".to_owned());
        let (subject, text) = if self.is_hidden {
            ("[...]", format!("Subject: Prøve\n\n{TEXT}"))
        } else {
            ("Prøve", TEXT.to_owned())
        };
        Shown {
            encrypted: ok(self.is_encrypted),
            signed: ok(self.is_signed),
            verdict: if self.is_signed { 0 } else { -1 },
            subject: subject.to_owned(),
            text: Some(text),
            files: files(),
        }
    }
}

#[test]
fn thunderbird_shows_whole_what_segl_sends_and_no_good_seal_where_it_was_altered() {
    let Some(mut bird) = Thunderbird::start() else {
        return;
    };
    let desk = desk(&mut bird);
    signs_with(&desk, &issue(&desk, "Anne", ANNE, KeyKind::Rsa(2048)));
    let before = fs::read_to_string(desk.demo.config_path()).unwrap();
    for (n, mail) in SENT.iter().enumerate() {
        settings(&desk, &before, mail.settings);
        let message = sent(&desk, mail.to(), &format!("sent{n}"));
        assert_eq!(bird.shows(&message), mail.shown(), "{}", mail.name);
        if !mail.is_signed {
            continue;
        }
        let mut bad = vec![from_another(&message)];
        if !mail.is_encrypted {
            let text = str::from_utf8(&message).unwrap();
            let altered = text.replace("fl=C3=B8de", "fl=C3=B8dt");
            assert_ne!(altered, text);
            bad.push(altered.into_bytes());
        }
        for message in bad {
            let shown = bird.shows(&message);
            let seal = mail.is_encrypted.then_some("mismatch");
            assert_eq!(shown.signed.as_deref(), seal, "{}", mail.name);
            assert!(shown.verdict != 0 || seal.is_some(), "{}", mail.name);
        }
    }
}

#[test]
fn the_readme_shows_what_thunderbird_shows() {
    let mut table = String::from("| sent | lock | seal | subject |\n|---|---|---|---|\n");
    for mail in SENT {
        let words = |is: bool| if is { "good" } else { "none" };
        let (lock, seal) = (words(mail.is_encrypted), words(mail.is_signed));
        let subject = if mail.is_hidden {
            "`[...]`; the real one is the first line of the text"
        } else {
            "shown"
        };
        writeln!(table, "| {} | {lock} | {seal} | {subject} |", mail.name).unwrap();
    }
    println!("{table}");
    is_in_the_readme(&table);
}

/// The mail with another address in the From outside.
fn from_another(message: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(message.to_vec()).unwrap();
    let other = text.replacen(ANNE, "eva@advokat-eksempel.dk", 1);
    assert!(text.find(ANNE) < text.find("\r\n\r\n") && other != text);
    other.into_bytes()
}

/// A mail to Anne with what mail programs break, stuff and encode: a long line, æøå, a dot, a "From ".
const ANSWER: &str = "Kære Anne\r\n\r\nTak for brevet om sagen, som vi har læst med stor interesse og gerne vil drøfte \
    nærmere på et møde i næste uge, hvis det passer dig.\r\n.\r\nFrom her\r\n";

struct Answered<'a> {
    /// How its key reaches Anne's.
    way: &'a str,
    encrypted: bool,
    signed: bool,
}

impl Answered<'_> {
    fn order<'a>(&self, file: &'a PathBuf) -> Order<'a> {
        Order {
            to: ANNE,
            subject: "Svar: Prøve",
            text: ANSWER,
            file,
            encrypted: self.encrypted,
            signed: self.signed,
        }
    }

    /// `segl open` finds in it what was written, what protected it, and who signed it.
    fn is_read(&self, desk: &Desk, message: &[u8]) {
        fs::write(desk.path("answer.eml"), message).unwrap();
        let ran = desk.segl(&["open", "--json", "answer.eml"]);
        let mail = ran.json();
        is_protected(&mail, self.encrypted.then_some(self.way), self.signed);
        if self.encrypted {
            // Karen reads it, too.
            assert_eq!(mail["layers"][0]["readers"], 2, "{mail}");
        }
        assert_eq!(mail["subject"], "Svar: Prøve");
        let text = mail["text"].as_str().unwrap().trim_end();
        assert_eq!(text, ANSWER.replace("\r\n", "\n").trim_end(), "{mail}");
        assert_eq!(ran.code, i32::from(!self.signed), "{mail}");
        let (name, octets) = FILES[0];
        assert_eq!(mail["parts"][1]["name"], name, "{mail}");
        let _none_yet = fs::remove_file(desk.path("saved"));
        desk.segl(&["open", "--part", "2", "--out", "saved", "answer.eml"]);
        assert_eq!(fs::read(desk.path("saved")).unwrap(), octets);
    }
}

#[test]
fn segl_reads_what_thunderbird_answers_to_the_certificate_in_a_signature() {
    let Some(mut bird) = Thunderbird::start() else {
        return;
    };
    let desk = desk(&mut bird);
    let file = desk.path(FILES[0].0);
    for (kind, way) in [
        (KeyKind::Rsa(2048), "rsa-pkcs1"),
        (KeyKind::P256, "ecdh"),
        (KeyKind::P384, "ecdh"),
    ] {
        becomes_karen(&mut bird, &desk);
        bird.writes_as("Karen Ærø", KAREN);
        signs_with(&desk, &issue(&desk, "Anne", ANNE, kind));
        let message = sent(&desk, KAREN, &format!("{kind:?}"));
        let seen = bird.shows(&message);
        assert_eq!(seen.signed.as_deref(), Some("ok"), "{kind:?}: {seen:?}");
        for (encrypted, signed) in [(true, true), (true, false), (false, true)] {
            let answered = Answered {
                way,
                encrypted,
                signed,
            };
            let message = bird.writes(&answered.order(&file));
            answered.is_read(&desk, &message);
        }
    }
    // And signed by another kind of key.
    let karen = issue(&desk, "Karen Ærø", KAREN, KeyKind::P256);
    becomes(&mut bird, &desk, &karen);
    bird.writes_as("Karen Ærø", KAREN);
    let answered = Answered {
        way: "",
        encrypted: false,
        signed: true,
    };
    let message = bird.writes(&answered.order(&file));
    answered.is_read(&desk, &message);
}

/// It is no gateway, and stands for one: a program that knows nothing of Segl opens the outer message with the gateway's
/// key and shows the whole message that is inside.
#[test]
fn thunderbird_opens_with_a_gateways_key_the_message_that_travels_inside() {
    let Some(mut bird) = Thunderbird::start() else {
        return;
    };
    let tunnel = Tunnel::with(&format!("{TOWN};sikkerpost@{TOWN};wrapped;11223344\n"));
    let desk = &tunnel.desk;
    bird.trust(&desk.demo.world().root.certificate().der);
    becomes(&mut bird, desk, &tunnel.town);
    signs_with(desk, &issue(desk, "Anne", ANNE, KeyKind::Rsa(2048)));
    let ran = desk.send(&["--to", &format!("borger@{TOWN}")]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let shown = bird.shows(&desk.demo.mail().kept()[0].data);
    assert_eq!(shown.encrypted.as_deref(), Some("ok"), "{shown:?}");
    assert_eq!(shown.signed.as_deref(), Some("ok"), "{shown:?}");
    assert_eq!((shown.verdict, &*shown.subject), (0, "[...]"), "{shown:?}");
    let text = shown.text.as_deref().unwrap_or_default();
    assert!(text.contains(TEXT.trim_end()), "{shown:?}");
    assert!(text.contains(&format!("borger@{TOWN}")), "{shown:?}");
}
