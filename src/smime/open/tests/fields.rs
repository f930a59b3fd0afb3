//! Which fields are shown, how far they were protected, and what makes a sender doubtful (RFC 9788 §4, RFC 8551 §3.1).

use super::super::{
    Layer, Protection, Warning,
    entity::Entity,
    head::{self, Head, wrapping},
    signed::Signer,
};
use super::weight::{CBC, SIGNED, certificate, signer};
use crate::smime::open::SignatureFault;

const OUTSIDE: &str = "From: anne@x.example\r\nSubject: [...]\r\n";

/// The fields to show, and the warnings.
fn read(
    outer: &str,
    inner: &str,
    layers: &[Layer],
    signers: &[(usize, Signer)],
) -> (Head, Vec<Warning>) {
    let mut warnings = Vec::new();
    let head::Read { head, outside, .. } = head::read(
        outer.as_bytes(),
        inner.as_bytes(),
        layers,
        signers,
        &mut warnings,
    )
    .unwrap();
    let outer = Entity::new(outer.as_bytes()).unwrap();
    let subject = outer.header.all("Subject").pop();
    assert_eq!(outside.subject, subject.unwrap_or_default());
    (head, warnings)
}

fn of(from: &str) -> (Head, Vec<Warning>) {
    read(from, "", &[], &[])
}

#[test]
fn protected_fields_are_those_that_were_encrypted_signed_and_hidden_as_told() {
    let good = [(1, signer(None, &[]))];
    let bad = [(1, signer(None, &[SignatureFault::Invalid]))];
    let same = "From: Anne@X.example\r\nSubject: Sag 17\r\n";
    let told = "HP-Outer: From: anne@x.example\r\nHP-Outer: Subject: [...]\r\n";
    let told_same = "HP-Outer: Subject: Sag 17\r\n";
    let old = [Warning::LegacyProtection];
    // Content-Type of what is inside; layers; what is told of outside; and then signed, encrypted, hidden, cipher.
    for (parameter, layers, told, signers, flags, warned) in [
        (
            "hp=\"cipher\"",
            &[CBC, SIGNED][..],
            told,
            &good[..],
            "sehc",
            &[][..],
        ),
        ("hp=\"cipher\"", &[CBC], told, &[], "-ehc", &[]),
        ("hp=\"cipher\"", &[CBC, SIGNED], told, &bad, "-ehc", &[]),
        ("hp=\"cipher\"", &[CBC], told_same, &[], "-e-c", &[]),
        ("hp=\"cipher\"", &[CBC], "", &[], "-ehc", &[]),
        // It was signed only, whatever it says of itself.
        ("hp=\"cipher\"", &[SIGNED], told, &good, "s---", &[]),
        ("HP=Cipher", &[SIGNED, CBC], told, &[], "-ehc", &[]),
        // Meant to be read outside, although an encryption is around it.
        ("hp=\"clear\"", &[CBC, SIGNED], told, &good, "s---", &[]),
        ("hp=\"clear\"", &[SIGNED], told_same, &good, "s---", &[]),
        ("protected-headers=\"v1\"", &[CBC], "", &[], "-eh-", &old),
        (
            "protected-headers=\"v1\"",
            &[SIGNED],
            "",
            &good,
            "s---",
            &old,
        ),
    ] {
        let inner = format!("{same}{told}Content-Type: text/plain; {parameter}\r\n\r\nHej");
        let (head, warnings) = read(OUTSIDE, &inner, layers, signers);
        let row = format!("{parameter} {layers:?} {told}");
        let has = |flag: char| flags.contains(flag);
        let wanted = Protection {
            is_signed: has('s'),
            is_encrypted: has('e'),
            is_subject_hidden: has('h'),
            is_cipher: has('c'),
        };
        assert_eq!(head.protection, Some(wanted), "{row}");
        assert_eq!(head.subject, "Sag 17", "{row}");
        assert_eq!(warnings, warned, "{row}");
    }
    // Without any of these words the fields inside are not the mail's, and without a layer the words are nobody's.
    let plain = format!("{same}Content-Type: text/plain\r\n\r\nHej");
    let claims = format!("{same}Content-Type: text/plain; hp=\"clear\"\r\n\r\nHej");
    for (inner, layers) in [(plain, &[CBC][..]), (claims, &[])] {
        let (head, warnings) = read(OUTSIDE, &inner, layers, &[]);
        assert_eq!((head.protection, &*head.subject), (None, "[...]"));
        assert_eq!(warnings, []);
    }
}

#[test]
fn another_sender_inside_is_shown_on_a_word_of_its_own_and_can_be_taken_back() {
    let inner = "From: Eva <eva@x.example>\r\nContent-Type: text/plain; hp=\"clear\"\r\n\r\nHej";
    let (anne, eva) = (
        certificate(Some("anne@x.example")),
        certificate(Some("eva@x.example")),
    );
    let read = |signer: Signer| read(OUTSIDE, inner, &[SIGNED], &[(0, signer)]);
    let address = |head: &Head| head.from_address.clone().unwrap_or_default();
    let (mut head, warnings) = read(signer(Some(&eva), &[]));
    assert_eq!((&*address(&head), warnings.len()), ("eva@x.example", 0));
    assert!(head.take_back_from());
    assert_eq!(
        (&*head.from, &*address(&head)),
        ("anne@x.example", "anne@x.example")
    );
    assert!(!head.take_back_from(), "it was taken back once");
    for signer in [
        signer(Some(&anne), &[]),
        signer(Some(&eva), &[SignatureFault::Invalid]),
        signer(None, &[]),
    ] {
        let (mut head, warnings) = read(signer);
        assert_eq!(
            (&*head.from, &*address(&head)),
            ("anne@x.example", "anne@x.example")
        );
        assert_eq!(warnings, [Warning::FromDiffers]);
        assert!(!head.take_back_from());
    }
}

#[test]
fn a_mail_that_is_wrapped_says_so_or_is_the_mail_outside() {
    let date = "Date: Mon, 23 Nov 2026 12:00:00 +0100";
    let outside = format!("From: Anne@X.example\r\nMessage-ID: <1@x.example>\r\n{date}\r\n\r\n");
    let outside = Entity::new(outside.as_bytes()).unwrap();
    let anne = "From: anne@x.example\r\n";
    for (media, inner, is_wrapped) in [
        ("message/rfc822", format!("{anne}{date}"), true),
        // The same moment in another way.
        (
            "message/rfc822",
            format!("{anne}Date: 23 Nov 2026 11:00:00 GMT"),
            true,
        ),
        (
            "message/rfc822",
            format!("{anne}message-id:<1@x.example>"),
            true,
        ),
        // Whoever has a mail forwarded wrote its sender, and no more of what stands outside.
        ("message/rfc822", anne.to_owned(), false),
        (
            "message/rfc822",
            format!("{anne}Date: Mon, 23 Nov 2026 12:00:01 +0100"),
            false,
        ),
        (
            "message/rfc822",
            format!("{anne}Message-ID: <2@x.example>"),
            false,
        ),
        (
            "message/rfc822",
            format!("From: eva@x.example\r\n{date}"),
            false,
        ),
        ("message/rfc822", date.to_owned(), false),
        (
            "message/rfc822; forwarded=no",
            "From: eva@x.example".to_owned(),
            true,
        ),
        (
            "message/rfc822; forwarded=yes",
            format!("{anne}{date}"),
            false,
        ),
        ("text/plain", format!("{anne}{date}"), false),
        ("text/plain; forwarded=no", format!("{anne}{date}"), false),
        (
            "message/rfc822\r\nContent-Disposition: attachment",
            format!("{anne}{date}"),
            false,
        ),
        (
            "message/rfc822\r\nContent-Disposition: inline",
            format!("{anne}{date}"),
            true,
        ),
    ] {
        let root = format!("Content-Type: {media}\r\n\r\n{inner}\r\n\r\nHej");
        let root = Entity::new(root.as_bytes()).unwrap();
        let found = wrapping(&root, &outside).unwrap();
        assert_eq!(found.is_some(), is_wrapped, "{media} {inner}");
        if let Some(found) = found {
            assert_eq!(found.body, b"Hej");
        }
    }
    // Neither has any: that is not the same.
    let nameless = Entity::new(anne.as_bytes()).unwrap();
    let root = format!("Content-Type: message/rfc822\r\n\r\n{anne}\r\nHej");
    let root = Entity::new(root.as_bytes()).unwrap();
    assert!(wrapping(&root, &nameless).unwrap().is_none());
}

#[test]
fn the_sender_is_one_address_in_one_field_and_a_name_that_shows_another_is_told() {
    let (several, shows) = ([Warning::SeveralFrom], [Warning::NameShowsAddress]);
    for (from, address, warned) in [
        ("From: eva@x.example", Some("eva@x.example"), &[][..]),
        ("From: Eva <eva@x.example>", Some("eva@x.example"), &[]),
        (
            "From: \"eva@x.example\" <eva@x.example>",
            Some("eva@x.example"),
            &[],
        ),
        ("From: eva@x.example, anne@x.example", None, &[]),
        ("To: bo@x.example", None, &[]),
        ("From: eva@x.example\r\nFrom: eva@x.example", None, &several),
        (
            "From: anne@x.example <eva@x.example>",
            Some("eva@x.example"),
            &shows,
        ),
        (
            "From: \"Anne (anne@x.example)\" <eva@x.example>",
            Some("eva@x.example"),
            &shows,
        ),
        // With a letter that is not seen, and in letters of full width.
        (
            "From: \"anne\u{200b}@x.example\" <eva@x.example>",
            Some("eva@x.example"),
            &shows,
        ),
        (
            "From: \"\u{ff41}nne@x.example\" <eva@x.example>",
            Some("eva@x.example"),
            &shows,
        ),
    ] {
        let (head, warnings) = of(&format!("{from}\r\n"));
        assert_eq!(head.from_address.as_deref(), address, "{from}");
        assert_eq!(warnings, warned, "{from}");
    }
    for (name, is_told) in [
        ("Anne Berg -anne@x.example-", true),
        ("anne @ x.example", true),
        ("anne@x.example/Anne Berg", true),
        ("anne@x.example=", true),
        ("=anne@x.example!", true),
        ("\u{ff0d}anne@x\u{3002}example", true),
        ("anne@EVA@x.example", true),
        ("xeva@x.example", true),
        ("eva@x.example.dk", true),
        ("Eva (eva@x.example)", false),
        ("EVA@X.example/Eva", false),
        ("Eva @ Firma", false),
        ("Eva @ 12.30", false),
        ("Eva", false),
    ] {
        let (_, warnings) = of(&format!("From: \"{name}\" <eva@x.example>\r\n"));
        let wanted = is_told.then_some(Warning::NameShowsAddress);
        assert_eq!(warnings, Vec::from_iter(wanted), "{name}");
    }
    // All of several are shown, so that nobody takes one for the sender.
    let (head, _) = of("From: eva@x.example\r\nFrom: anne@x.example\r\n");
    assert_eq!(head.from, "eva@x.example, anne@x.example");
}

#[test]
fn a_field_that_ends_with_the_file_is_whole() {
    let (head, _) = of("From: eva@x.example\r\nSubject: Sag\r\n 17");
    assert_eq!(head.subject, "Sag 17");
    let folded = Entity::new(b"Subject: Sag\r\n 17\r\n\tA").unwrap();
    assert_eq!(folded.header.all("Subject"), ["Sag 17 A"]);
}
