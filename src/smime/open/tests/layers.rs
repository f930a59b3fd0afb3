//! What counts as a layer, and what as a part: structures that need no key to be read, those that were compressed
//! (RFC 3274) and those that nobody signed.

use super::{cms, mail, multipart, opened, pack, unsigned};
use crate::smime::open::{Layer, MAX_DEPTH, OpenError, Warning, open};

const TEXT: &str = "Content-Type: text/plain\r\n\r\nHej";

fn code(mail: impl AsRef<[u8]>) -> &'static str {
    open(mail.as_ref().to_vec(), &[])
        .err()
        .map_or("opened", |e: OpenError| e.code())
}

/// Octets as the body of this media type, in base64.
fn part(media: &str, octets: &[u8]) -> String {
    let body = base64_simd::STANDARD.encode_to_string(octets);
    format!("Content-Type: {media}\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n")
}

#[test]
fn ten_layers_are_opened_and_eleven_are_not() {
    let boxes = |count: usize| {
        let inside = TEXT.as_bytes().to_vec();
        (0..count).fold(inside, |inside, _| mail(&cms(&pack(&inside))))
    };
    let ten = opened(boxes(MAX_DEPTH));
    assert_eq!((ten.layers.len(), &**ten.text), (10, "Hej"));
    assert_eq!(code(boxes(MAX_DEPTH + 1)), "too-deep");
}

#[test]
fn a_structure_is_a_layer_by_its_media_type_or_by_the_name_of_its_file() {
    let packed = cms(&pack(TEXT.as_bytes()));
    for (media, is_layer) in [
        ("application/pkcs7-mime", true),
        ("application/x-pkcs7-mime; name=smime.p7m", true),
        ("Application/Octet-Stream; name=\"Smime.P7M\"", true),
        ("application/octet-stream; name=smime.p7s", false),
        ("application/octet-stream", false),
        ("application/pdf; name=smime.p7m", false),
    ] {
        let found = opened(part(media, &packed));
        assert_eq!(!found.layers.is_empty(), is_layer, "{media}");
        assert_eq!(*found.text == "Hej", is_layer, "{media}");
    }
}

#[test]
fn a_file_without_any_field_of_a_mail_is_no_mail() {
    assert_eq!(code("Hej"), "not-a-mail");
    assert_eq!(code("X-Spam: no\r\nKommentar: x\r\n\r\nHej"), "not-a-mail");
    for field in [
        "From: a@x.example",
        "Received: by x.example",
        "MIME-Version: 1.0",
    ] {
        assert_eq!(code(format!("{field}\r\n\r\nHej")), "opened", "{field}");
    }
}

#[test]
fn a_mail_that_was_saved_with_a_mark_or_an_empty_line_before_it_is_the_same_mail() {
    for before in ["\u{feff}", "\r\n", "\n\n", "\u{feff}\r\n"] {
        let saved = [
            before.as_bytes(),
            b"Subject: Sag\r\n",
            &mail(&unsigned(Some(TEXT.as_bytes()))),
        ];
        let found = opened(saved.concat());
        assert_eq!(
            (&*found.head.subject, &**found.text),
            ("Sag", "Hej"),
            "{before:?}"
        );
        assert_eq!(found.layers.len(), 1);
    }
    // Inside they are text.
    let found = opened(mail(&unsigned(Some("\r\nHej: Bo".as_bytes()))));
    assert_eq!(&**found.text, "Hej: Bo");
}

#[test]
fn what_calls_itself_certificates_is_certificates_only_where_it_holds_nothing_else() {
    let media = |kind: &str| format!("application/pkcs7-mime; smime-type={kind}; name=smime.p7c");
    // SignedData without content, as RFC 8551 §3.8 has it; and what cannot be read.
    for octets in [unsigned(None), b"0\x03\x06\x01".to_vec()] {
        let found = opened(part(&media("certs-only"), &octets));
        assert_eq!(found.warnings, [Warning::CertificatesOnly]);
        assert_eq!((found.layers.len(), &**found.text), (0, ""));
        assert_eq!(
            code(part(&media("signed-data"), &octets)),
            "malformed",
            "the name tells one from the other"
        );
    }
    // Under that name a mail that says something is opened all the same.
    let packed = opened(part(&media("certs-only"), &cms(&pack(TEXT.as_bytes()))));
    assert_eq!(packed.layers, [Layer::Compressed]);
    let signed = opened(part(&media("certs-only"), &unsigned(Some(TEXT.as_bytes()))));
    assert_eq!(signed.warnings, [Warning::NoSigners]);
    for found in [packed, signed] {
        assert_eq!(&**found.text, "Hej");
    }
}

#[test]
fn beside_others_a_structure_is_a_file_that_was_not_opened_and_certificates_hide_nothing() {
    let packed = part(
        "application/pkcs7-mime; name=smime.p7m",
        &cms(&pack(TEXT.as_bytes())),
    );
    let found = opened(multipart("mixed", &[TEXT, &packed]));
    assert_eq!(found.warnings, [Warning::PartNotOpened]);
    let certificates = part(
        "application/pkcs7-mime; smime-type=certs-only",
        &unsigned(None),
    );
    let found = opened(multipart("mixed", &[TEXT, &certificates]));
    assert_eq!(found.warnings, []);
    assert_eq!((found.layers.len(), &**found.text), (0, "Hej"));
}

#[test]
fn a_detached_signature_is_looked_for_where_its_protocol_says_and_in_its_own_part() {
    let signed = |protocol: &str, signature: &str| {
        let kind = format!("signed; protocol=\"{protocol}\"");
        opened(multipart(&kind, &[TEXT, signature]))
    };
    let layer = Layer::Signed {
        is_detached: true,
        signers: 0,
    };
    let unreadable = [Warning::SignatureUnreadable, Warning::NoSigners];
    let (old, new) = (
        "application/x-pkcs7-signature",
        "application/pkcs7-signature",
    );
    for (media, octets, wanted) in [
        (new, unsigned(None), &[Warning::NoSigners][..]),
        (old, unsigned(None), &[Warning::NoSigners]),
        // Another type, and another structure, than one of a signature.
        ("application/pdf", unsigned(None), &unreadable),
        (new, cms(&pack(b"x")), &unreadable),
        (new, b"x".to_vec(), &unreadable),
        // Content inside as well as beside.
        (new, unsigned(Some(TEXT.as_bytes())), &unreadable),
    ] {
        for protocol in [old, new] {
            let found = signed(protocol, &part(media, &octets));
            assert_eq!(found.layers, std::slice::from_ref(&layer), "{media}");
            assert_eq!(found.warnings, wanted, "{media}");
            assert_eq!(&**found.text, "Hej");
        }
    }
    // OpenPGP is named and not looked at, and so is a mail in two parts that does not say that it is signed.
    let found = signed("application/pgp-signature", &part(new, &unsigned(None)));
    assert_eq!(found.warnings, [Warning::OtherProtection]);
    assert_eq!(found.layers, []);
    let kind = format!("mixed; protocol=\"{new}\"");
    let found = opened(multipart(&kind, &[TEXT, &part(new, &unsigned(None))]));
    assert_eq!((found.layers.len(), found.warnings.len()), (0, 0));
    // A third part: nothing is a layer.
    let kind = format!("signed; protocol=\"{new}\"");
    let found = opened(multipart(&kind, &[TEXT, TEXT, &part(new, &unsigned(None))]));
    assert_eq!(found.layers, []);
    assert_eq!(found.warnings, [Warning::PartSigned]);
    // Nor without one.
    let found = opened(multipart(&kind, &[TEXT]));
    assert_eq!(found.warnings, [Warning::SignatureUnreadable]);
}

#[test]
fn a_signature_is_found_where_a_program_left_out_the_protocol() {
    let signature = part("application/pkcs7-signature", &unsigned(None));
    let found = opened(multipart("signed", &[TEXT, &signature]));
    assert_eq!(found.layers.len(), 1);
    assert_eq!(found.warnings, [Warning::NoSigners]);
    let other = part("application/pgp-signature", b"x");
    let found = opened(multipart("signed", &[TEXT, &other]));
    assert_eq!((found.layers.len(), &**found.text), (0, "Hej"));
    assert_eq!(found.warnings, [Warning::OtherProtection]);
}

#[test]
fn a_signed_mail_of_no_part_one_or_three_is_no_layer_and_no_fault() {
    for parts in [
        "",
        "--b\r\n\r\nHej\r\n--b--\r\n",
        "--b\r\n\r\nHej\r\n--b\r\n\r\n--b\r\n\r\n--b--\r\n",
    ] {
        let mail = format!(
            "From: a@x.example\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n{parts}"
        );
        assert!(opened(mail).layers.is_empty(), "{parts}");
    }
}

#[test]
fn what_a_mailing_list_put_beside_a_signed_mail_is_told() {
    let signature = part("application/pkcs7-signature", &unsigned(None));
    for kind in ["signed; protocol=\"application/pkcs7-signature\"", "signed"] {
        let signed = multipart(kind, &[TEXT, &signature]).replace("--b", "--c");
        let signed = signed.replace("boundary=b", "boundary=c");
        let footer = "Content-Type: text/plain\r\n\r\nListe";
        let found = opened(multipart("mixed", &[&signed, footer]));
        assert_eq!((found.layers.len(), &**found.text), (0, "Hej\n\nListe"));
        assert_eq!(found.warnings, [Warning::PartSigned], "{kind}");
    }
}

#[test]
fn each_multipart_that_protects_and_is_no_layer_is_named_by_its_kind() {
    for (kind, wanted) in [
        (
            "signed; protocol=\"application/pgp-signature\"",
            Warning::OtherProtection,
        ),
        (
            "encrypted; protocol=\"application/pgp-encrypted\"",
            Warning::OtherProtection,
        ),
        (
            "signed; protocol=\"application/x-PKCS7-signature\"",
            Warning::PartSigned,
        ),
        ("encrypted", Warning::OtherProtection),
        (
            "encrypted; protocol=\"application/pkcs7-mime\"",
            Warning::PartNotOpened,
        ),
    ] {
        let inside = multipart(kind, &[TEXT, TEXT]).replace("--b", "--c");
        let inside = inside.replace("boundary=b", "boundary=c");
        let found = opened(multipart("mixed", &[TEXT, &inside]));
        assert_eq!(found.warnings, [wanted], "{kind}");
    }
}

#[test]
fn a_mail_inside_a_mail_is_the_mail_itself_only_where_a_layer_holds_it() {
    let inner = "Content-Type: message/rfc822\r\n\r\nFrom: anne@x.example\r\nSubject: Inde\r\n\
        Message-ID: <1@x.example>\r\n\r\nHej";
    let outer = "From: Anne@x.example\r\nMessage-ID: <1@x.example>\r\nSubject: Ude\r\n";
    let plain = opened(format!("{outer}{inner}"));
    assert_eq!(
        (&*plain.head.subject, &**plain.text, plain.warnings.len()),
        ("Ude", "", 0)
    );
    let packed = [outer.as_bytes(), &mail(&cms(&pack(inner.as_bytes())))].concat();
    let packed = opened(packed);
    assert_eq!((&*packed.head.subject, &**packed.text), ("Inde", "Hej"));
    assert_eq!(packed.warnings, [Warning::LegacyProtection]);
    // A mail that somebody forwards is a file.
    let other = "From: Anne@x.example\r\nMessage-ID: <2@x.example>\r\nSubject: Ude\r\n";
    let packed = [other.as_bytes(), &mail(&cms(&pack(inner.as_bytes())))].concat();
    let packed = opened(packed);
    assert_eq!((&*packed.head.subject, &**packed.text), ("Ude", ""));
    assert_eq!(&*packed.parts[0].media, "message/rfc822");
}
