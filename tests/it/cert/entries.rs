//! Entries of revocation lists that are odd, or name their issuer in several ways.

use der::{Decode as _, Encode as _, asn1::AnyRef};
use openssl::{hash::MessageDigest, sign::Signer};

use super::*;

/// ecdsa-with-SHA256.
const ALGORITHM: &[u8] = &[0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
/// A critical issuing distribution point with indirectCRL, and a certificate issuer, by their OIDs.
const INDIRECT: &[u8] = &[
    0x30, 15, 6, 3, 0x55, 0x1d, 0x1c, 1, 1, 0xff, 4, 5, 0x30, 3, 0x84, 1, 0xff,
];
const CERTIFICATE_ISSUER: &[u8] = &[6, 3, 0x55, 0x1d, 0x1d, 1, 1, 0xff];
const DATE: &[u8] = b"\x17\x0d261120120000Z";

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut out = vec![tag];
    match u16::try_from(content.len()).unwrap() {
        short @ 0..=0x7f => out.push(short.to_be_bytes()[1]),
        longer @ 0x80..=0xff => out.extend([0x81, longer.to_be_bytes()[1]]),
        long => {
            out.push(0x82);
            out.extend(long.to_be_bytes());
        }
    }
    [out, content].concat()
}

fn entry(serial: &[u8], date: &[u8], extensions: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&tlv(2, &[serial]), date, extensions])
}

/// The entry extension that names an issuer by these names.
fn by(names: &[&[u8]]) -> Vec<u8> {
    let names: Vec<_> = names.iter().map(|name| tlv(0xa4, &[name])).collect();
    let value = tlv(0x30, &[&names.concat()]);
    let extension = tlv(0x30, &[CERTIFICATE_ISSUER, &tlv(4, &[&value])]);
    tlv(0x30, &[&extension])
}

/// The subject's name of a certificate.
fn subject(certificate: &Certificate) -> Vec<u8> {
    let parsed = x509_cert::Certificate::from_der(certificate.der()).unwrap();
    parsed.tbs_certificate().subject().to_der().unwrap()
}

/// A list of `authority` with these entries.
fn list(authority: &Authority, entries: &[Vec<u8>], extensions: &[u8]) -> Vec<u8> {
    let issuer = subject(&read(authority.certificate()));
    let (this_update, next_update) = (b"\x17\x0d261121230000Z", b"\x17\x0d261125120000Z");
    let extensions = match extensions {
        [] => Vec::new(),
        some => tlv(0xa0, &[&tlv(0x30, &[some])]),
    };
    let body = tlv(
        0x30,
        &[
            &[2, 1, 1],
            ALGORITHM,
            &issuer,
            this_update,
            next_update,
            &tlv(0x30, &[&entries.concat()]),
            &extensions,
        ],
    );
    let key = &authority.certificate().key;
    let mut signer = Signer::new(MessageDigest::sha256(), key).unwrap();
    let signature = signer.sign_oneshot_to_vec(&body).unwrap();
    tlv(0x30, &[&body, ALGORITHM, &tlv(3, &[&[0], &signature])])
}

/// An authority that signs with ECDSA, a certificate of it, and the serial number of that.
fn small() -> (Authority, Issued, Vec<u8>) {
    let spec = AuthoritySpec {
        key: KeyChoice::Fresh(KeyKind::P256),
        ..AuthoritySpec::new("Lille CA")
    };
    let authority = Authority::root_from(&spec).unwrap();
    let issued = authority.issue(&anne()).unwrap();
    let serial = issued.serial().to_vec();
    (authority, issued, serial)
}

/// The problems of the certificate by this list.
fn found(authority: &Authority, issued: &Issued, list: Vec<u8>) -> Vec<Problem> {
    assert!(AnyRef::from_der(&list).is_ok());
    let case = Case {
        anchors: vec![read(authority.certificate())],
        lists: vec![list],
        ..Case::issued(issued)
    };
    case.judge().err().unwrap_or_default()
}

#[test]
fn an_entry_with_an_odd_number_or_date_takes_no_other_with_it_and_counts_for_its_own() {
    let (authority, issued, serial) = small();
    let odd_dates: [&[u8]; 3] = [
        b"\x17\x0d600101000000Z",
        b"\x17\x0b2611201200Z",
        b"\x18\x1120261120120000.5Z",
    ];
    let odd = [
        entry(&[1; 24], DATE, &[]),
        entry(&[9], odd_dates[0], &[]),
        entry(&[9], odd_dates[1], &[]),
    ];
    for entry_of_other in &odd {
        let others = [entry_of_other.clone()];
        assert_eq!(
            found(&authority, &issued, list(&authority, &others, &[])),
            []
        );
        let with_own = [entry_of_other.clone(), entry(&serial, DATE, &[])];
        let problems = found(&authority, &issued, list(&authority, &with_own, &[]));
        assert!(
            matches!(problems[..], [Problem::Revoked { .. }]),
            "{problems:?}"
        );
    }
    // Since when is not known: since the list at the latest.
    for date in odd_dates {
        let own = [entry(&serial, date, &[])];
        let problems = found(&authority, &issued, list(&authority, &own, &[]));
        let [Problem::Revoked { at, .. }] = problems[..] else {
            panic!("{problems:?}")
        };
        assert_eq!(at, hours(-1));
    }
    // What has no serial number or date at all is no entry.
    let no_date = [tlv(0x30, &[&tlv(2, &[&[9]])])];
    let problems = found(&authority, &issued, list(&authority, &no_date, &[]));
    assert!(
        matches!(problems[..], [Problem::RevocationUnknown { .. }]),
        "{problems:?}"
    );
}

#[test]
fn an_entry_counts_for_each_of_the_names_of_its_issuer() {
    let (authority, issued, serial) = small();
    let own = subject(&read(authority.certificate()));
    let other = subject(&read(pki().root.certificate()));
    let rows: [(&[&[u8]], bool); 4] = [
        (&[&own], true),
        (&[&other], false),
        (&[&own, &other], true),
        (&[&other, &own], true),
    ];
    for (names, is_revoked) in rows {
        let entries = [entry(&serial, DATE, &by(names))];
        let problems = found(&authority, &issued, list(&authority, &entries, INDIRECT));
        let found = problems.first().map(Problem::code);
        assert_eq!(found, is_revoked.then_some("revoked"), "{problems:?}");
        // The issuer of the entry before is that of those after it (RFC 5280 §5.3.3).
        let entries = [entry(&[9], DATE, &by(names)), entry(&serial, DATE, &[])];
        let problems = self::found(&authority, &issued, list(&authority, &entries, INDIRECT));
        let found = problems.first().map(Problem::code);
        assert_eq!(found, is_revoked.then_some("revoked"), "{problems:?}");
    }
}
