//! Random header blocks, cuts and changes.

use proptest::prelude::*;
use segl::{
    mail::Digest,
    smime::{check, inspect},
};

use super::{good_once, judged_once};
use crate::smime::{DEFAULT, seal, structure, with_structure};

/// Pieces of header blocks as programs and people make them.
fn header_line() -> impl Strategy<Value = Vec<u8>> {
    let lines: [&[u8]; 22] = [
        b"To: a@x.example",
        b"to : b@x.example,",
        b" c@x.example",
        b"\t",
        b"  ",
        b"Subject:",
        b"subject: \xc3\xb8",
        b"SUBJECT: \xf8",
        b"Bcc: d@x.example",
        b"Content-Type: text/plain",
        b"Content-Type : text/html;",
        b" charset=\xf8",
        b"Content-Transfer-Encoding: binary",
        b"MIME-Version: 2.0",
        b"X: \x01",
        b"Reply-To: e@x.example",
        b"References: <1@x>\r",
        b"no colon",
        b": x",
        b"From a@x.example",
        b"Message-ID: <2@x>",
        b"Date: \xc2\x85",
    ];
    prop_oneof![
        20 => proptest::sample::select(lines.to_vec()).prop_map(<[u8]>::to_vec),
        1 => (900_usize..1100).prop_map(|n| [&b"Cc: "[..], &vec![b'x'; n]].concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_is_sealed_passes(
        lines in proptest::collection::vec((header_line(), any::<bool>()), 0..8),
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut message = Vec::new();
        for (line, crlf) in &lines {
            message.extend_from_slice(line);
            message.extend_from_slice(if *crlf { b"\r\n" } else { b"\n" });
        }
        message.push(b'\n');
        message.extend_from_slice(&body);
        let reader = judged_once();
        if let Ok((out, sealed)) = seal(&message, &[reader]) {
            let checked = check(&out[..], &[reader], &sealed.outer, DEFAULT);
            prop_assert!(checked.is_ok(), "{:?}", checked);
            prop_assert!(!sealed.outer.as_bytes().to_ascii_lowercase().starts_with(b"bcc"));
        }
    }

    #[test]
    fn a_cut_message_is_refused(at in 0_usize..3000) {
        let message = good_once();
        let at = at % message.len();
        prop_assert!(inspect(&message[..at]).is_err(), "{}", at);
    }

    #[test]
    fn changed_octets_never_panic_and_never_keep_the_digest(
        changes in proptest::collection::vec((0_usize..3000, 1_u8..), 1..4),
    ) {
        let mut message = good_once().to_vec();
        for (at, change) in changes {
            let at = at % message.len();
            message[at] ^= change;
        }
        if let Ok(found) = inspect(&message[..]) {
            prop_assert!(message == good_once() || found.sha256 != Digest::of(good_once()));
        }
    }

    #[test]
    fn changed_octets_of_the_structure_never_panic(
        changes in proptest::collection::vec((0_usize..1200, any::<u8>()), 1..4),
        cut in 0_usize..1200,
    ) {
        let mut structure = structure(good_once());
        for (at, octet) in changes {
            let at = at % structure.len();
            structure[at] = octet;
        }
        structure.truncate(structure.len().saturating_sub(cut / 8));
        let _whatever = inspect(&with_structure(good_once(), &structure)[..]);
    }
}
