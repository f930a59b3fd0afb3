//! Forged signatures, one vector for each way that "Johnny, you are fired! Spoofing OpenPGP and S/MIME Signatures in
//! Emails" (USENIX Security 2019) lists for S/MIME: the container (C1 to C4), wrapping in MIME (M1 to M4), the sender's
//! identity (I1 to I3), imitation of the program's own words (U1). Built anew; no sample of the authors is used.

use serde_json::Value;

use super::{
    Bench, KeyKind,
    attack::{
        FORGED, GENUINE, entity, mail, multipart, multipart_signed, people, pkcs7_mime, respliced,
        set_content, set_signers, signed_data,
    },
    codes,
    key_files::der,
    problems,
};

const ANNE: &str = "anne@example.com";
const EVA: &str = "eva@example.com";

/// Nobody stands in for what Eva made: no signer without problems but perhaps Eva herself, and never with exit code 0.
#[track_caller]
fn nothing_is_vouched_for(name: &str, (value, exit): &(Value, i32)) {
    assert_eq!(*exit, 1, "{name}: {value}");
    for signer in value["signers"].as_array().into_iter().flatten() {
        let is_clean = signer["problems"].as_array().is_some_and(Vec::is_empty);
        assert!(
            !is_clean || signer["address"] == EVA,
            "{name}: somebody vouches: {value}"
        );
    }
}

#[track_caller]
fn warns(name: &str, value: &Value, code: &str) {
    let found = codes(&value["warnings"]);
    assert!(found.iter().any(|c| c == code), "{name}: {value}");
}

/// C1: one content stands beside the signature, another one inside it.
#[test]
fn content_inside_the_signature_never_vouches_for_other_content_beside_it() {
    let Some(bench) = people() else { return };
    let opaque = bench.signature(&["anne"], &entity(GENUINE), true);
    for shown in [entity(FORGED), entity(GENUINE)] {
        let found = bench.judged(&mail(ANNE, &multipart_signed(&shown, &opaque)));
        nothing_is_vouched_for("content twice", &found);
        warns("content twice", &found.0, "signature-unreadable");
    }
    // The refinement: the genuine mail is carried along, so that a program that looks for any match finds one.
    let both = multipart("related", &[&entity(FORGED), &entity(GENUINE)]);
    let found = bench.judged(&mail(ANNE, &multipart_signed(&both, &opaque)));
    nothing_is_vouched_for("the genuine one carried along", &found);
    // The other way round: a detached signature as if the content stood inside, and text after it.
    let detached = bench.signature(&["anne"], &entity(GENUINE), false);
    let opaque = pkcs7_mime("signed-data", &detached) + FORGED;
    let (value, exit) = bench.judged(&mail(ANNE, &opaque));
    assert_eq!(
        (value["error"]["code"].as_str(), exit),
        (Some("malformed"), 1),
        "{value}"
    );
    // A signature for one content, put around another.
    let moved = respliced(&detached, |data| set_content(data, &entity(FORGED)));
    let found = bench.judged(&mail(ANNE, &pkcs7_mime("signed-data", &moved)));
    nothing_is_vouched_for("moved", &found);
    assert_eq!(problems(&found.0, 0), ["content-changed"]);
}

/// C2: several SignerInfos, of which one is good.
#[test]
fn one_good_signature_among_several_does_not_vouch_for_the_others() {
    let Some(bench) = people() else { return };
    let genuine = signed_data(&bench.signature(&["anne"], &entity(GENUINE), false));
    let forged = bench.signature(&["eva"], &entity(FORGED), false);
    // Anne's SignerInfo of another mail, before and after Eva's own.
    for is_first in [true, false] {
        let both = respliced(&forged, |data| {
            let mut infos: Vec<_> = data.signer_infos.0.iter().cloned().collect();
            let anne = genuine.signer_infos.0.iter().cloned();
            if is_first {
                infos.splice(0..0, anne);
            } else {
                infos.extend(anne);
            }
            set_signers(data, infos);
            let certificates = data.certificates.as_mut().expect("certificates");
            for one in genuine
                .certificates
                .as_ref()
                .expect("certificates")
                .0
                .iter()
            {
                certificates.0.insert(one.clone()).expect("another one");
            }
        });
        for from in [ANNE, EVA] {
            let found = bench.judged(&mail(from, &multipart_signed(&entity(FORGED), &both)));
            nothing_is_vouched_for(from, &found);
            let value = &found.0;
            assert_eq!(value["layers"][0]["signers"], 2);
            let annes = (0..2).find(|n| {
                value["signers"][n]["subject"]
                    .as_str()
                    .is_some_and(|s| s.contains("anne"))
            });
            let annes = problems(value, annes.expect("Anne's signature is listed"));
            assert!(annes.contains(&"content-changed".to_owned()), "{value}");
        }
    }
    // Two who both signed: the one of another person is told apart from the sender.
    let both = bench.signature(&["anne", "eva"], &entity(GENUINE), false);
    let found = bench.judged(&mail(ANNE, &multipart_signed(&entity(GENUINE), &both)));
    assert_eq!(found.1, 1, "{}", found.0);
    let mut told: Vec<Vec<String>> = (0..2).map(|n| problems(&found.0, n)).collect();
    told.sort();
    assert_eq!(
        told,
        [vec![], vec!["from-mismatch".to_owned()]],
        "{}",
        found.0
    );
}

/// C3: no SignerInfo, with and without certificates, beside and around the content.
#[test]
fn a_signed_mail_without_signers_is_signed_by_nobody() {
    let Some(bench) = people() else { return };
    for (keeps_certificates, is_opaque) in
        [(true, true), (true, false), (false, true), (false, false)]
    {
        let made = bench.signature(&["anne"], &entity(FORGED), is_opaque);
        let bare = respliced(&made, |data| {
            set_signers(data, Vec::new());
            if !keeps_certificates {
                data.certificates = None;
            }
        });
        let made = if is_opaque {
            pkcs7_mime("signed-data", &bare)
        } else {
            multipart_signed(&entity(FORGED), &bare)
        };
        let made = mail(ANNE, &made);
        let found = bench.judged(&made);
        nothing_is_vouched_for("no signers", &found);
        warns("no signers", &found.0, "no-signers");
        assert_eq!(found.0["signers"].as_array().map(Vec::len), Some(0));
        let told = bench.told(&made);
        assert!(
            told.contains("nobody signed it") && !told.contains("holds"),
            "{told}"
        );
    }
}

/// C4: the signature fits its certificate, which nobody trusts, or not for this, or not now.
#[test]
fn a_certificate_that_anybody_can_make_vouches_for_nobody() {
    let Some(bench) = people() else { return };
    let alone = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "9",
        "-subj",
        "/CN=anne",
        "-keyout",
        "self.key",
        "-out",
        "self.pem",
        "-addext",
        "subjectAltName=email:anne@example.com",
        "-addext",
        "extendedKeyUsage=emailProtection",
    ];
    bench.openssl(&alone);
    let other_use = "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n\
        subjectAltName=email:anne@example.com\n";
    bench.person_of("server", "/CN=anne", other_use);
    let agreement_only = "keyUsage=critical,keyAgreement\nextendedKeyUsage=emailProtection\n\
        subjectAltName=email:anne@example.com\n";
    bench.person_of("agreement", "/CN=anne", agreement_only);
    for who in ["self", "server", "agreement"] {
        let made = mail(ANNE, &bench.signed(who, &entity(FORGED), &[]));
        let found = bench.judged(&made);
        nothing_is_vouched_for(who, &found);
        let told = bench.told(&made);
        assert!(
            told.contains("Do not rely on the signature by anne"),
            "{who}: {told}"
        );
        assert!(!told.contains("holds"), "{who}: {told}");
    }
    // Ended, and not begun.
    let made = mail(ANNE, &bench.signed("anne", &entity(GENUINE), &[]));
    std::fs::write(bench.path("mail"), made).unwrap();
    for (at, problem) in [
        ("2036-01-01T00:00:00Z", "expired"),
        ("2020-01-01T00:00:00Z", "not-yet-valid"),
    ] {
        let found = bench.open(None, &["--at", at], "mail");
        nothing_is_vouched_for(at, &found);
        assert!(
            problems(&found.0, 0).contains(&problem.to_owned()),
            "{}",
            found.0
        );
    }
    // Without any anchor nobody is trusted.
    let own = [
        "--anchor".to_owned(),
        bench.path("self.pem").display().to_string(),
    ];
    let found = super::open(&bench.path(""), &own, &bench.path("mail"));
    nothing_is_vouched_for("another anchor", &found);
}

#[test]
fn a_broken_digest_vouches_for_nothing() {
    let Some(bench) = Bench::new() else { return };
    bench.person("anne", KeyKind::Rsa);
    bench.person("bo", KeyKind::Curve("P-256"));
    for digest in ["md5", "sha1"] {
        for more in [&[][..], &["-nodetach"], &["-noattr"]] {
            let more = [&["-md", digest][..], more].concat();
            let found = bench.judged(&mail(ANNE, &bench.signed("anne", &entity(FORGED), &more)));
            nothing_is_vouched_for(digest, &found);
            assert!(
                problems(&found.0, 0).contains(&"weak-digest".to_owned()),
                "{}",
                found.0
            );
        }
    }
}

/// M1: a signed part, and text before or after it.
#[test]
fn text_before_or_after_a_signed_part_is_not_signed() {
    let Some(bench) = people() else { return };
    let signed = bench.signed("anne", &entity(GENUINE), &[]);
    let opaque = bench.signed("anne", &entity(GENUINE), &["-nodetach"]);
    let forged = entity(FORGED);
    for part in [&signed, &opaque] {
        for parts in [
            &[forged.as_str(), part][..],
            &[part, forged.as_str()],
            &[part],
        ] {
            for kind in ["mixed", "parallel", "digest", "unheard-of"] {
                let made = mail(ANNE, &multipart(kind, parts));
                let found = bench.judged(&made);
                nothing_is_vouched_for(kind, &found);
                warns(kind, &found.0, "part-not-opened");
                assert_eq!(found.0["signers"].as_array().map(Vec::len), Some(0));
                let told = bench.told(&made);
                assert!(
                    told.contains("Not protected") && !told.contains("holds"),
                    "{told}"
                );
            }
        }
    }
}

/// M1 within the signed multipart itself: what stands before, between and behind its two parts is not shown.
#[test]
fn text_around_the_two_parts_of_a_signed_mail_is_not_shown() {
    let Some(bench) = people() else { return };
    let signed = bench.signed("anne", &entity(GENUINE), &[]);
    let (head, body) = signed.split_once("\r\n\r\n").expect("a header");
    let around = format!("{head}\n\n{FORGED}\n{}\n{FORGED}\n", body.trim_start());
    let (value, exit) = bench.judged(&mail(ANNE, &around));
    assert_eq!(exit, 0, "{value}");
    assert!(!value.to_string().contains(FORGED), "{value}");
    // A third part is no part of a signed mail at all.
    let signature = bench.signature(&["anne"], &entity(GENUINE), false);
    let two = multipart_signed(&entity(GENUINE), &signature);
    for (from, to) in [
        (
            "--ydre--",
            format!("--ydre\r\n{}\r\n--ydre--", entity(FORGED)),
        ),
        (
            "--ydre\r\n",
            format!("--ydre\r\n{}\r\n--ydre\r\n", entity(FORGED)),
        ),
    ] {
        let three = two.replacen(from, &to, 1);
        let found = bench.judged(&mail(ANNE, &three));
        nothing_is_vouched_for("three parts", &found);
        warns("three parts", &found.0, "signature-unreadable");
    }
    // The two in the other order, and the signature twice.
    let found = bench.judged(&mail(ANNE, &multipart_signed("", &signature)));
    nothing_is_vouched_for("an empty part", &found);
}

/// M2: markup that is never closed, or styled away, around the signed part.
#[test]
fn markup_around_a_signed_part_hides_nothing_and_makes_nothing_signed() {
    let Some(bench) = people() else { return };
    let signed = bench.signed("anne", &entity(GENUINE), &[]);
    let html = |text: &str| format!("Content-Type: text/html; charset=utf-8\r\n\r\n{text}\r\n");
    for (before, after) in [
        (format!("{FORGED}<div style=\"display:none\">"), "</div>"),
        (format!("{FORGED}<plaintext>"), ""),
        (format!("{FORGED}<!--"), "-->"),
        (
            format!("{FORGED}<textarea style=\"height:0\">"),
            "</textarea>",
        ),
        (format!("{FORGED}<style>"), "</style>"),
    ] {
        let made = mail(
            ANNE,
            &multipart("mixed", &[&html(&before), &signed, &html(after)]),
        );
        let found = bench.judged(&made);
        nothing_is_vouched_for(&before, &found);
        // Each part is taken by itself: markup of one swallows nothing of the next.
        let text = found.0["text"].as_str().unwrap();
        assert!(
            text.contains(FORGED) && text.contains(GENUINE),
            "{before}: {text}"
        );
    }
}

/// M3: the signed part is a picture that the forged part points to.
#[test]
fn a_signed_part_that_another_part_refers_to_signs_nothing() {
    let Some(bench) = people() else { return };
    let signed =
        "Content-ID: <signed>\r\n".to_owned() + &bench.signed("anne", &entity(GENUINE), &[]);
    let html = format!("Content-Type: text/html\r\n\r\n{FORGED}<img src=\"cid:signed\">\r\n");
    let found = bench.judged(&mail(
        ANNE,
        &multipart("related; start=\"<signed>\"", &[&html, &signed]),
    ));
    nothing_is_vouched_for("related", &found);
    warns("related", &found.0, "part-not-opened");
}

/// M4: the signed part is a file, a forwarded mail, another form of the text, or a piece of a mail.
#[test]
fn a_signed_part_as_a_file_a_forwarded_mail_or_another_form_signs_nothing() {
    let Some(bench) = people() else { return };
    let signed = bench.signed("anne", &entity(GENUINE), &[]);
    let file = "Content-Disposition: attachment; filename=\"mail.eml\"\r\n".to_owned() + &signed;
    let forwarded = format!(
        "Content-Type: message/rfc822\r\n\r\n{}",
        mail(ANNE, &signed)
    );
    let forged = entity(FORGED);
    for (name, made) in [
        ("file", multipart("mixed", &[&forged, &file])),
        ("forwarded", multipart("mixed", &[&forged, &forwarded])),
        ("alternative", multipart("alternative", &[&forged, &signed])),
        (
            "alternative, the signed one first",
            multipart("alternative", &[&signed, &forged]),
        ),
        ("forwarded alone", forwarded.clone()),
        (
            "partial",
            format!("Content-Type: message/partial; id=a; number=1; total=1\r\n\r\n{signed}"),
        ),
        (
            "external",
            format!(
                "Content-Type: message/external-body; access-type=url; url=\"http://x.example\"\r\n\r\n{signed}"
            ),
        ),
    ] {
        let (value, _) = bench.judged(&mail(ANNE, &made));
        assert_eq!(
            value["layers"].as_array().map(Vec::len),
            Some(0),
            "{name}: {value}"
        );
        assert_eq!(
            value["signers"].as_array().map(Vec::len),
            Some(0),
            "{name}: {value}"
        );
        let told = bench.told(&mail(ANNE, &made));
        assert!(
            told.contains("Not protected") && !told.contains("holds"),
            "{name}: {told}"
        );
    }
}

#[test]
fn a_signature_over_a_file_alone_does_not_vouch_for_the_text_beside_it() {
    let Some(bench) = people() else { return };
    let file = "Content-Type: application/pdf; name=\"aftale.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJj\r\n";
    let signed = bench.signed("anne", file, &[]);
    let found = bench.judged(&mail(
        ANNE,
        &multipart("mixed", &[&entity(FORGED), &signed]),
    ));
    nothing_is_vouched_for("a signed file", &found);
    warns("a signed file", &found.0, "part-not-opened");
    // And a signature that is itself only a file beside text.
    let signature = bench.signature(&["anne"], &entity(FORGED), false);
    let beside = format!(
        "Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        base64_simd::STANDARD.encode_to_string(signature)
    );
    let (value, _) = bench.judged(&mail(
        ANNE,
        &multipart("mixed", &[&entity(FORGED), &beside]),
    ));
    assert_eq!(
        value["signers"].as_array().map(Vec::len),
        Some(0),
        "{value}"
    );
}

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
    bench.openssl(&[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "9",
        "-subj",
        "/CN=anne",
        "-keyout",
        "self.key",
        "-out",
        "self.pem",
        "-addext",
        "subjectAltName=email:anne@example.com",
    ]);
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
            assert!(
                told.contains("is for eva@example.com, not for the sender"),
                "{from}: {told}"
            );
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
