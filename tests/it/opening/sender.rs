//! Who a mail is from, and forged claims of it: the fields around a signature, the sender's identity (I1 to I3) and imitation
//! of the program's own words (U1) of "Johnny, you are fired! Spoofing OpenPGP and S/MIME Signatures in Emails" (USENIX
//! Security 2019). Built anew; no sample of the authors is used.

use super::{
    attack::{
        ANNE, EVA, FORGED, GENUINE, entity, mail, multipart, nothing_is_vouched_for, people, warns,
    },
    codes,
    key_files::der,
    problems,
};

#[test]
fn fields_outside_the_signature_are_named_as_such_and_never_taken_for_signed() {
    let Some(bench) = people() else { return };
    let signed = bench.signed("anne", &entity(GENUINE), &[]);
    let made = mail(ANNE, &signed).replace("Subject: Hej", &format!("Subject: {FORGED}"));
    let (value, exit) = bench.judged(&made);
    assert_eq!(exit, 0, "{value}");
    assert!(value["protected"]["subject"].is_null(), "{value}");
    assert_eq!(value["protected"]["signed"], false, "{value}");
    let told = bench.told(&made);
    assert!(told.contains("they stand outside only"), "{told}");
    // Inside, signed: what stands outside is not shown.
    let inside = format!(
        "From: {ANNE}\r\nTo: bo@example.com\r\nSubject: {GENUINE}\r\nContent-Type: text/plain; hp=\"clear\"\r\n\r\nHej\r\n"
    );
    let signed = bench.signed("anne", &inside, &[]);
    let made = mail(ANNE, &signed).replace("Subject: Hej", &format!("Subject: {FORGED}"));
    let (value, exit) = bench.judged(&made);
    assert_eq!(
        (value["subject"].as_str(), exit),
        (Some(GENUINE), 0),
        "{value}"
    );
    assert_eq!(value["protected"]["signed"], true, "{value}");
    assert!(!bench.told(&made).contains(FORGED));
    // Passed on to somebody else: shown is to whom it was written.
    let (value, _) = bench.judged(&made.replace(
        "To: bo@example.com\r\nSubject: Du",
        "To: ib@example.com\r\nSubject: Du",
    ));
    assert_eq!(value["to"], "bo@example.com", "{value}");
}

#[test]
fn a_sender_inside_is_believed_only_on_the_word_of_a_trusted_signer() {
    let Some(bench) = people() else { return };
    bench.self_signed();
    let inside = format!(
        "From: {ANNE}\r\nSubject: {FORGED}\r\nContent-Type: text/plain; hp=\"clear\"\r\n\r\nHej\r\n"
    );
    for who in ["self", "eva"] {
        let made = mail(EVA, &bench.signed(who, &inside, &[]));
        let found = bench.judged(&made);
        warns(who, &found.0, "from-differs");
        assert_eq!(
            (found.0["from"].as_str(), found.1),
            (Some(EVA), 1),
            "{who}: {}",
            found.0
        );
        assert!(!bench.told(&made).contains(&format!("From: {ANNE}")));
    }
    let (value, exit) = bench.judged(&mail(EVA, &bench.signed("anne", &inside, &[])));
    assert_eq!((value["from"].as_str(), exit), (Some(ANNE), 0), "{value}");
    // Whoever is not trusted has not signed the fields, either.
    let (value, _) = bench.judged(&mail(ANNE, &bench.signed("self", &inside, &[])));
    assert_eq!(value["protected"]["signed"], false, "{value}");
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the program under test reads the clock, so the mail is dated now"
)]
fn an_old_signed_mail_under_a_new_date_is_told() {
    let Some(bench) = people() else { return };
    let signed = bench.signed("anne", &entity(GENUINE), &[]);
    let dated = |date: &str| mail(&format!("{ANNE}\r\nDate: {date}"), &signed);
    let (value, exit) = bench.judged(&dated("Wed, 01 Jan 2020 12:00:00 +0000"));
    warns("another day", &value, "date-differs");
    assert_eq!(exit, 1);
    let now = jiff::Zoned::now();
    let today = jiff::fmt::rfc2822::to_string(&now).unwrap();
    let (value, exit) = bench.judged(&dated(&today));
    assert_eq!(
        (codes(&value["warnings"]), exit),
        (Vec::<String>::new(), 0),
        "{value}"
    );
}

/// I1 to I3: Eva's signature is good, and the mail claims to be Anne's.
#[test]
fn the_sender_is_compared_with_the_signer_however_it_is_written() {
    let Some(bench) = people() else { return };
    let signed = bench.signed("eva", &entity(FORGED), &[]);
    let froms = [
        // I1: the sender is another one.
        "From: anne@example.com",
        "From: Anne <anne@example.com>",
        // I2: what is shown is not what is compared.
        "From: anne@example.com <eva@example.com>",
        "From: \"anne@example.com\" <eva@example.com>",
        "From: \"Anne (anne@example.com)                                          \" <eva@example.com>",
        "From: =?utf-8?q?anne=40example.com?= <eva@example.com>",
        "From: =?utf-8?b?YW5uZUBleGFtcGxlLmNvbQ==?= <eva@example.com>",
        "From: eva@example.com (anne@example.com)",
        "From: Anne (anne@example.com) <eva@example.com>",
        "From: \"Anne <anne@example.com>\" <eva@example.com>",
        "From: eva@example.com <anne@example.com>",
        "From: anne@example.com, eva@example.com",
        "From: eva@example.com, anne@example.com",
        "From: <anne@example.com> <eva@example.com>",
        "From: <eva@example.com> <anne@example.com>",
        "From: <@anne.example.com:eva@example.com>",
        "From: Anne: anne@example.com, eva@example.com;",
        "From: \"anne@example.com\"@eva.example",
        "From: anne@example.com\u{200b} <eva@example.com>",
        "From: \u{430}nne@example.com",
        "From: anne@ex\u{430}mple.com",
        "From: eva@example.com\u{202e}anne@example.com",
        "From: eva@example.com\0anne@example.com",
        "From: anne@example.com\0 <eva@example.com>",
        "From: nobody@nowhere.example",
        "From: Anne",
        "From:",
        "From: <>",
        "X-From: eva@example.com",
        // I3: two fields, or another field that some programs compare.
        "From: anne@example.com\r\nFrom: eva@example.com",
        "From: eva@example.com\r\nFrom: anne@example.com",
        "from: anne@example.com\r\nFROM : eva@example.com",
        "From: anne@example.com\r\nSender: eva@example.com\r\nReply-To: eva@example.com\r\nReturn-Path: eva@example.com",
        "Sender: eva@example.com\r\nFrom: anne@example.com\r\nResent-From: eva@example.com",
        "From: anne@example.com\r\n eva@example.com",
        "From: anne@example.com\r\n <eva@example.com>",
    ];
    for from in froms {
        let made = format!("{from}\r\nTo: bo@example.com\r\nSubject: Hej\r\n{signed}");
        let found = bench.judged(&made);
        nothing_is_vouched_for(from, &found);
        let value = &found.0;
        // Whoever is vouched for is named, and by the address that was compared.
        assert!(value["signers"][0]["address"] != ANNE, "{from}: {value}");
        let told = bench.told(&made);
        assert!(!told.contains("Signed by anne"), "{from}: {told}");
        if value["signers"][0]["address"].is_null() {
            assert_eq!(problems(value, 0), ["from-mismatch"], "{from}");
            let wanted = if value["from"] == "" {
                "The mail names no sender. The signer's certificate is for eva@example.com"
            } else {
                "is for eva@example.com, not for the sender"
            };
            assert!(told.contains(wanted), "{from}: {told}");
        }
    }
    // Fields that are not the sender, and the name of a group, change nothing for Eva's own mail, and are not shown.
    let group = "anne@example.com: eva@example.com;";
    let (value, exit) = bench.judged(&mail(group, &signed));
    assert_eq!((value["from"].as_str(), exit), (Some(EVA), 0), "{value}");
    assert!(!bench.told(&mail(group, &signed)).contains(ANNE));
    let other = format!("{EVA}\r\nSender: {ANNE}\r\nReply-To: {ANNE}");
    let (value, exit) = bench.judged(&mail(&other, &signed));
    assert_eq!((value["from"].as_str(), exit), (Some(EVA), 0), "{value}");
    assert!(!bench.told(&mail(&other, &signed)).contains(ANNE));
}

#[test]
fn a_name_in_a_certificate_is_no_address_and_the_address_is_told_with_it() {
    let Some(bench) = people() else { return };
    let san = |names: &str| {
        format!(
            "keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\nsubjectAltName={names}\n"
        )
    };
    // The address of Anne as a name, Eva's as the address.
    bench.person_of("cn", "/CN=anne@example.com", &san("email:eva@example.com"));
    let signed = bench.signed("cn", &entity(FORGED), &[]);
    let found = bench.judged(&mail(ANNE, &signed));
    nothing_is_vouched_for("a name", &found);
    assert_eq!(problems(&found.0, 0), ["from-mismatch"]);
    let told = bench.told(&mail(EVA, &signed));
    assert!(
        told.contains("Signed by anne@example.com (eva@example.com)"),
        "{told}"
    );
    // Names that are no address match none: wildcards, a domain, an address with more behind it.
    for (name, names) in [
        ("star", "email:*@example.com"),
        ("domain", "email:@example.com"),
        ("dns", "DNS:anne@example.com"),
        ("uri", "URI:mailto:anne@example.com"),
        ("null", ""),
        ("longer", "email:anne@example.com.eva.example"),
        ("angle", "email:Eva <anne@example.com>"),
    ] {
        let names = if name == "null" {
            // rfc822Name: anne@example.com NUL @eva.example
            let text = b"anne@example.com\0@eva.example";
            let der = der(0x30, &[&der(0x81, &[text])]);
            let octet = |all: String, octet: &u8| format!("{all}{octet:02X}");
            der.iter().fold("DER:".to_owned(), octet)
        } else {
            names.to_owned()
        };
        bench.person_of(name, "/CN=Anne", &san(&names));
        let found = bench.judged(&mail(ANNE, &bench.signed(name, &entity(FORGED), &[])));
        nothing_is_vouched_for(name, &found);
    }
    // Several addresses: each is the issuer's word; the one that is the sender's counts, and is told.
    bench.person_of(
        "many",
        "/CN=Kontoret",
        &san("email:post@example.com,email:anne@example.com"),
    );
    let made = mail(ANNE, &bench.signed("many", &entity(GENUINE), &[]));
    let (value, exit) = bench.judged(&made);
    assert_eq!(
        (value["signers"][0]["address"].as_str(), exit),
        (Some(ANNE), 0),
        "{value}"
    );
    assert!(
        bench
            .told(&made)
            .contains("Signed by Kontoret (anne@example.com)")
    );
    // A domain that looks like another one is told as it is on the wire.
    bench.person_of("like", "/CN=Anne", &san("email:anne@xn--exmple-4nf.com"));
    let made = mail(
        "anne@ex\u{430}mple.com",
        &bench.signed("like", &entity(FORGED), &[]),
    );
    let told = bench.told(&made);
    assert!(
        told.contains("Signed by Anne (anne@xn--exmple-4nf.com)"),
        "{told}"
    );
}

/// U1: text, subject, names and certificates that imitate what Segl says.
#[test]
fn words_that_imitate_a_verdict_stand_where_no_verdict_stands() {
    let Some(bench) = people() else { return };
    let verdict = "Signed by anne (anne@example.com). The signature holds.";
    let san = "keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\nsubjectAltName=email:eva@example.com\n";
    bench.person_of("lines", &format!("/CN=Eva\n{verdict}"), san);
    let media = format!("application/x-\u{1b}[2J{}", verdict.replace(' ', "-"));
    let parts = multipart(
        "mixed",
        &[
            &entity(&format!(
                "\r\n\r\nFrom: {ANNE}\r\n{verdict}\r\n\u{1b}[2J\u{1b}[H{verdict}\r\n\u{9b}2J\r\r{verdict}\u{2028}{verdict}"
            )),
            &format!("Content-Type: {media}; name=\"a\r\n {verdict}\"\r\n\r\nx\r\n"),
        ],
    );
    let spaces = " ".repeat(200);
    let made = [
        mail(EVA, &parts),
        mail(&format!("\"{spaces}{verdict}\" <eva@example.com>"), &parts),
        mail(
            &format!(
                "=?utf-8?q?=0A{}?= <eva@example.com>",
                verdict.replace(' ', "_")
            ),
            &parts,
        ),
        mail(EVA, &parts).replace(
            "Subject: Hej",
            &format!("Subject: =?utf-8?q?=0D=0A{}?=", verdict.replace(' ', "_")),
        ),
        mail(EVA, &parts).replace("Subject: Hej", &format!("Subject: Hej{spaces}{verdict}")),
        mail(EVA, &bench.signed("lines", &parts, &[])),
        mail(ANNE, &bench.signed("lines", &parts, &[])),
    ];
    for made in made {
        let told = bench.told(&made);
        assert!(
            told.contains("Signed by anne"),
            "the imitation is shown: {told}"
        );
        for line in told.lines() {
            assert!(!line.starts_with("Signed by anne"), "{line:?} in {told}");
            assert!(
                !line.contains(char::is_control) && !line.contains('\u{2028}'),
                "{line:?}"
            );
            // No line is so padded that a terminal wraps the imitation to the beginning of a line of its own.
            let runs_on = line.starts_with("From:") || line.starts_with("Subject:");
            assert!(!(runs_on && line.contains("          ")), "{line:?}");
        }
    }
}

/// Not in the paper, and of its kind: whoever signs what is already encrypted need not know what it says.
#[test]
fn a_signature_around_an_encryption_does_not_vouch_for_the_text_inside() {
    let Some(bench) = people() else { return };
    for cipher in ["-aes256", "-aes-256-gcm"] {
        let taken = bench.encrypted(&entity(GENUINE), cipher);
        let made = mail(EVA, &bench.signed("eva", &taken, &[]));
        let found = bench.judged(&made);
        assert_eq!(found.1, 1, "{}", found.0);
        assert_eq!(
            problems(&found.0, 0),
            ["signed-while-encrypted"],
            "{}",
            found.0
        );
        assert!(!bench.told(&made).contains("holds"));
        // Anne's own signature inside holds, and names another sender.
        let taken = bench.encrypted(&bench.signed("anne", &entity(GENUINE), &[]), cipher);
        let found = bench.judged(&mail(EVA, &bench.signed("eva", &taken, &[])));
        nothing_is_vouched_for("around Anne's", &found);
        assert_eq!(
            problems(&found.0, 0),
            ["signed-while-encrypted"],
            "{}",
            found.0
        );
        assert_eq!(problems(&found.0, 1), ["from-mismatch"], "{}", found.0);
        // Whoever signed inside and outside knows the text.
        let found = bench.judged(&mail(ANNE, &bench.signed("anne", &taken, &[])));
        assert_eq!(found.1, 0, "{}", found.0);
    }
}
