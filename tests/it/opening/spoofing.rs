//! Forged signatures, one vector for each way that "Johnny, you are fired! Spoofing OpenPGP and S/MIME Signatures in
//! Emails" (USENIX Security 2019) lists for S/MIME: the container (C1 to C4) and wrapping in MIME (M1 to M4); who a mail is
//! from stands in `sender`. Built anew; no sample of the authors is used.

use super::{
    Bench, KeyKind,
    attack::{
        ANNE, EVA, FORGED, GENUINE, entity, mail, multipart, multipart_signed,
        nothing_is_vouched_for, people, pkcs7_mime, respliced, set_content, set_signers,
        signed_data, warns,
    },
    problems,
};

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

#[test]
fn of_more_signers_than_a_mail_has_the_rest_is_not_examined_and_vouches_for_nobody() {
    let Some(bench) = people() else { return };
    let names: Vec<String> = (0..17).map(|i| format!("nr{i}")).collect();
    for name in &names {
        bench.person(name, KeyKind::Curve("P-256"));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let signature = bench.signature(&names, &entity(GENUINE), false);
    let signed = multipart_signed(&entity(GENUINE), &signature);
    let (value, exit) = bench.judged(&mail("nr0@example.com", &signed));
    let clean = (0..17).filter(|i| problems(&value, *i) == ["from-mismatch"]);
    let skipped =
        (0..17).filter(|i| problems(&value, *i).contains(&"path-not-examined".to_owned()));
    assert_eq!((exit, skipped.count()), (1, 1), "{value}");
    // All but the sender, who may be the one that was not looked at.
    assert!(clean.count() >= 15, "{value}");
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
    bench.self_signed();
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
fn what_counts_only_where_it_is_signed_is_odd_where_it_is_not() {
    let Some(bench) = people() else { return };
    let genuine = bench.signature(&["anne"], &entity(GENUINE), false);
    let made = respliced(&genuine, |data| {
        let mut infos: Vec<_> = data.signer_infos.0.iter().cloned().collect();
        for info in &mut infos {
            info.unsigned_attrs = info.signed_attrs.clone();
        }
        set_signers(data, infos);
    });
    let found = bench.judged(&mail(ANNE, &multipart_signed(&entity(GENUINE), &made)));
    nothing_is_vouched_for("unsigned", &found);
    assert_eq!(problems(&found.0, 0), ["signed-attributes"], "{}", found.0);
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
    for (part, code) in [(&signed, "part-signed"), (&opaque, "part-not-opened")] {
        for parts in [
            &[forged.as_str(), part][..],
            &[part, forged.as_str()],
            &[part],
        ] {
            for kind in ["mixed", "parallel", "digest", "unheard-of"] {
                let made = mail(ANNE, &multipart(kind, parts));
                let found = bench.judged(&made);
                nothing_is_vouched_for(kind, &found);
                warns(kind, &found.0, code);
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
        warns("three parts", &found.0, "part-signed");
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
    warns("related", &found.0, "part-signed");
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
    warns("a signed file", &found.0, "part-signed");
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
