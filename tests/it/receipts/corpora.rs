//! Lines and notifications of real mail servers, from outside this repository; a loud skip where they are not.

use std::{collections::BTreeMap, fs, path::PathBuf};

use segl::mail::{
    Action, AnswerKind, fields, notification,
    trace::{self, Hop, Weakness},
};
use serde_json::Value;

fn corpus(name: &str) -> Option<PathBuf> {
    let found = std::env::var_os("SEGL_CORPORA").map(|root| PathBuf::from(root).join(name));
    let found = found.filter(|path| path.is_dir());
    if found.is_none() {
        eprintln!("SKIPPED a test: SEGL_CORPORA holds no {name}");
    }
    found
}

/// Family → by, with, over TLS, signed in, version, cipher, weakness, seconds since 1970.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    bool,
    bool,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
    Option<i64>,
);

const MODERN: &[Row] = &[
    (
        "postfix",
        "picard.example.it",
        "ESMTPS",
        true,
        false,
        Some("TLSv1.3"),
        Some("TLS_AES_256_GCM_SHA384"),
        None,
        Some(1_618_335_473),
    ),
    (
        "postfix",
        "smtp-out1.example.de",
        "ESMTPS",
        true,
        false,
        Some("TLSv1.3"),
        Some("TLS_AES_256_GCM_SHA384"),
        None,
        Some(1_642_460_245),
    ),
    (
        "postfix-anon",
        "in-5.smtp.example.it",
        "ESMTPS",
        true,
        false,
        Some("TLSv1.2"),
        Some("AECDH-AES256-SHA"),
        Some("anonymous"),
        Some(1_618_335_472),
    ),
    (
        "postfix-auth",
        "bali.example.com",
        "ESMTPSA",
        true,
        true,
        Some("TLSv1.3"),
        Some("TLS_AES_256_GCM_SHA384"),
        None,
        Some(1_777_392_842),
    ),
    (
        "opensmtpd",
        "lechuck.example.au",
        "ESMTPS",
        true,
        false,
        Some("TLSv1.3"),
        Some("TLS_AES_256_GCM_SHA384"),
        None,
        Some(1_706_262_672),
    ),
    (
        "opensmtpd-libressl",
        "mail.example.de",
        "ESMTPS",
        true,
        false,
        Some("TLSv1.3"),
        Some("AEAD-AES256-GCM-SHA384"),
        None,
        Some(1_627_458_266),
    ),
    (
        "opensmtpd-fail",
        "example.com",
        "ESMTPS",
        true,
        false,
        Some("TLSv1.2"),
        Some("ECDHE-RSA-CHACHA20-POLY1305"),
        None,
        Some(1_568_083_652),
    ),
    (
        "opensmtpd-notls",
        "largo.example.au",
        "ESMTPA",
        false,
        true,
        None,
        None,
        None,
        Some(1_706_262_671),
    ),
    (
        "sendgrid-http",
        "geopod-ismtpd-26",
        "HTTP",
        false,
        false,
        None,
        None,
        None,
        Some(1_743_874_266),
    ),
    (
        "sendgrid-esmtp",
        "geopod-ismtpd-1-1",
        "ESMTP",
        false,
        false,
        None,
        None,
        None,
        Some(1_640_222_046),
    ),
    (
        "sendgrid-internal",
        "recvd-66b84f6d7b-m6747",
        "SMTP",
        false,
        false,
        None,
        None,
        None,
        None,
    ),
];

#[test]
fn each_modern_line_is_read_as_it_is_known_to_be() {
    let Some(folder) = corpus("received-tls") else {
        return;
    };
    let samples: Value =
        serde_json::from_slice(&fs::read(folder.join("modern_samples.json")).unwrap()).unwrap();
    let samples = samples.as_array().unwrap();
    assert_eq!(samples.len(), MODERN.len());
    for (sample, row) in samples.iter().zip(MODERN) {
        let (family, by, with, over_tls, signed_in, version, cipher, weakness, at) = *row;
        let hop = Hop::parse(sample["received"].as_str().unwrap());
        assert_eq!(sample["family"], family);
        assert_eq!(
            (hop.by.as_deref(), hop.with.as_deref()),
            (Some(by), Some(with)),
            "{family}"
        );
        assert_eq!(
            (hop.over_tls, hop.signed_in),
            (over_tls, signed_in),
            "{family}"
        );
        let tls = hop.tls.clone().unwrap_or_default();
        assert_eq!(
            (tls.version.as_deref(), tls.cipher.as_deref()),
            (version, cipher),
            "{family}"
        );
        assert_eq!(hop.weakness().map(Weakness::code), weakness, "{family}");
        assert_eq!(hop.at.map(jiff::Timestamp::as_second), at, "{family}");
        // What the corpus itself expects.
        let expected = &sample["expected"];
        let text = |of: &Option<String>| of.clone().map_or(Value::Null, Value::String);
        for (name, found) in [
            ("tls", text(&tls.version)),
            ("cipher", text(&tls.cipher)),
            ("bits", text(&tls.bits)),
            ("kex", text(&tls.key_exchange)),
            ("sig", text(&tls.server_signature)),
            ("digest", text(&tls.server_digest)),
            ("verify", text(&tls.verify)),
        ] {
            if let Some(wanted) = expected.get(name) {
                assert_eq!(*wanted, found, "{family}: {name}");
            }
        }
    }
}

/// File, kind, worst action, reporting server: one of each family and all that did not simply fail, as Python's own
/// `email` package reads them.
const KNOWN: &str = include_str!("sisimai.txt");

/// What Segl reads otherwise than Python.
const DIFFERENT: [(&str, [&str; 3]); 3] = [
    // Fields with a blank before the colon, which Python drops.
    (
        "lhost-mimecast-02.eml",
        [
            "delivery",
            "failed",
            "eu-smtp-inbound-delivery-1.mimecast.com",
        ],
    ),
    // The recipient's part has its fields in another order: the action is there.
    (
        "rhost-messagelabs-01.eml",
        ["delivery", "failed", "server-0.bemta-0.messagelabs.com"],
    ),
    // A notification inside a mail that somebody attached: whoever attaches one may have written it.
    ("lhost-x5-01.eml", ["mail", "-", "-"]),
];

/// What is known of a file.
fn known(name: &str) -> Option<[&'static str; 3]> {
    if let Some((_, wanted)) = DIFFERENT.iter().find(|(file, _)| *file == name) {
        return Some(*wanted);
    }
    KNOWN.lines().find_map(|line| {
        let row: Vec<&str> = line.split('\t').collect();
        let [file, kind, action, reporting] = row[..] else {
            panic!("{line}")
        };
        (file == name).then_some([kind, action, reporting])
    })
}

#[test]
fn every_notification_of_seventy_families_is_read_without_failure() {
    let Some(root) = corpus("sisimai-emails") else {
        return;
    };
    let mut folders = vec![root.clone()];
    let mut counts: BTreeMap<(AnswerKind, Option<Action>), usize> = BTreeMap::new();
    let (mut mails, mut with_lines, mut over_tls, mut compared) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let octets = fs::read(&path).unwrap();
            let clean = fields::with_crlf(&octets);
            let found = notification(&clean);
            if path.extension().is_none_or(|e| e != "eml") {
                continue;
            }
            mails += 1;
            let Some(found) = found else {
                panic!("{}: no mail", path.display());
            };
            *counts.entry((found.kind, found.action())).or_default() += 1;
            let (hops, _) = trace::hops(&fields::fields(&clean).0);
            with_lines += usize::from(!hops.is_empty());
            over_tls += hops.iter().filter(|h| h.is_encrypted()).count();
            let name = path.file_name().unwrap().to_str().unwrap();
            let is_known_one = path.parent().unwrap().ends_with("maildir/bsd");
            if let (true, Some(wanted)) = (is_known_one, known(name)) {
                let action = found.action().map_or("-", Action::code);
                let reporting = found.reporting.as_deref().unwrap_or("-");
                let read = [found.kind.code(), action, reporting];
                if read != wanted {
                    wrong.push(format!("{name}: {read:?}, not {wanted:?}"));
                }
                compared += 1;
            }
        }
    }
    println!("{mails} mails, {with_lines} with lines, {over_tls} lines over TLS: {counts:?}");
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(compared, KNOWN.lines().count());
    assert!(mails > 800, "{mails}");
    let delivery: usize = counts
        .iter()
        .filter(|((k, _), _)| *k == AnswerKind::Delivery)
        .map(|(_, n)| n)
        .sum();
    assert!(delivery > 400, "{counts:?}");
}
