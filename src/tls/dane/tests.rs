use openssl::{
    asn1::{Asn1Integer, Asn1Time},
    bn::BigNum,
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::{PKey, Private},
    x509::{
        X509Builder, X509NameBuilder,
        extension::{BasicConstraints, KeyUsage, SubjectAlternativeName},
    },
};

use super::*;

const AT: Timestamp = Timestamp::constant(1_760_000_000, 0);
const HOST: &str = "mx.firma-eksempel.dk";
const DOMAIN: &str = "firma-eksempel.dk";

#[derive(Clone)]
struct Made {
    certificate: X509,
    key: PKey<Private>,
}

struct Wanted<'a> {
    name: &'a str,
    dns: &'a str,
    is_authority: bool,
    days: (i64, i64),
}

fn make(wanted: &Wanted<'_>, issuer: Option<&Made>) -> Made {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", wanted.name).unwrap();
    let name = name.build();
    let mut x509 = X509Builder::new().unwrap();
    x509.set_version(2).unwrap();
    let serial = BigNum::from_u32(7).unwrap();
    x509.set_serial_number(&Asn1Integer::from_bn(&serial).unwrap())
        .unwrap();
    x509.set_subject_name(&name).unwrap();
    x509.set_issuer_name(issuer.map_or(&name, |i| i.certificate.subject_name()))
        .unwrap();
    let day = |d: i64| Asn1Time::from_unix(AT.as_second() + d * 86_400).unwrap();
    x509.set_not_before(&day(wanted.days.0)).unwrap();
    x509.set_not_after(&day(wanted.days.1)).unwrap();
    x509.set_pubkey(&key).unwrap();
    if wanted.is_authority {
        let ca = BasicConstraints::new().critical().ca().build().unwrap();
        x509.append_extension(ca).unwrap();
        let usage = KeyUsage::new().critical().key_cert_sign().build().unwrap();
        x509.append_extension(usage).unwrap();
    } else {
        let context = x509.x509v3_context(None, None);
        let names = SubjectAlternativeName::new()
            .dns(wanted.dns)
            .build(&context)
            .unwrap();
        x509.append_extension(names).unwrap();
    }
    let signer = issuer.map_or(&key, |i| &i.key);
    x509.sign(signer, MessageDigest::sha256()).unwrap();
    Made {
        certificate: x509.build(),
        key,
    }
}

fn authority(name: &str, issuer: Option<&Made>) -> Made {
    let wanted = Wanted {
        name,
        dns: "",
        is_authority: true,
        days: (-900, 900),
    };
    make(&wanted, issuer)
}

fn leaf(dns: &str, days: (i64, i64), issuer: Option<&Made>) -> Made {
    let wanted = Wanted {
        name: "server",
        dns,
        is_authority: false,
        days,
    };
    make(&wanted, issuer)
}

const NOW: (i64, i64) = (-9, 9);

fn chain(of: &[&Made]) -> Vec<Vec<u8>> {
    of.iter().map(|m| m.certificate.to_der().unwrap()).collect()
}

/// A record that names this certificate in this way.
fn record(usage: u8, selector: u8, matching: u8, of: &Made) -> Tlsa {
    let octets = match selector {
        0 => of.certificate.to_der().unwrap(),
        _ => of.key.public_key_to_der().unwrap(),
    };
    let data = match matching {
        0 => octets,
        1 => hash(MessageDigest::sha256(), &octets).unwrap().to_vec(),
        _ => hash(MessageDigest::sha512(), &octets).unwrap().to_vec(),
    };
    Tlsa {
        usage,
        selector,
        matching,
        data,
    }
}

fn judged(records: &[Tlsa], chain: &[Vec<u8>]) -> Verdict {
    judge(records, chain, &[HOST, DOMAIN], AT)
}

#[test]
fn each_selector_and_matching_type_of_usages_2_and_3_holds_for_its_certificate_alone() {
    let root = authority("root", None);
    let between = authority("between", Some(&root));
    let server = leaf(HOST, NOW, Some(&between));
    let stranger = leaf(HOST, NOW, Some(&between));
    let presented = chain(&[&server, &between, &root]);
    for selector in [0, 1] {
        for matching in [0, 1, 2] {
            let of = |usage, made| judged(&[record(usage, selector, matching, made)], &presented);
            assert_eq!(of(3, &server), Verdict::Matched, "3 {selector} {matching}");
            assert_eq!(of(3, &stranger), Verdict::Mismatched);
            assert_eq!(of(3, &between), Verdict::Mismatched);
            assert_eq!(of(2, &between), Verdict::Matched, "2 {selector} {matching}");
            assert_eq!(of(2, &root), Verdict::Matched, "2 {selector} {matching}");
            // The server's own certificate is not above itself.
            assert_eq!(of(2, &server), Verdict::Mismatched);
        }
    }
}

#[test]
fn usage_3_asks_for_no_name_date_or_issuer() {
    let server = leaf("other.example", (-90, -80), None);
    let records = [record(3, 1, 1, &server)];
    assert_eq!(judged(&records, &chain(&[&server])), Verdict::Matched);
}

#[test]
fn usage_2_asks_for_name_date_and_a_whole_path() {
    let root = authority("root", None);
    let between = authority("between", Some(&root));
    let records = [record(2, 0, 1, &root)];
    let of = |server: &Made, above: &[&Made]| {
        let all: Vec<&Made> = [&[server][..], above].concat();
        judged(&records, &chain(&all))
    };
    let whole = [&between, &root];
    assert_eq!(
        of(&leaf(HOST, NOW, Some(&between)), &whole),
        Verdict::Matched
    );
    assert_eq!(
        of(&leaf(DOMAIN, NOW, Some(&between)), &whole),
        Verdict::Matched
    );
    assert_eq!(
        of(&leaf("*.firma-eksempel.dk", NOW, Some(&between)), &whole),
        Verdict::Matched
    );
    let wrong = Verdict::Mismatched;
    assert_eq!(
        of(&leaf("mx.other.example", NOW, Some(&between)), &whole),
        wrong
    );
    assert_eq!(
        of(&leaf("m*.firma-eksempel.dk", NOW, Some(&between)), &whole),
        wrong
    );
    assert_eq!(of(&leaf(HOST, (-9, -1), Some(&between)), &whole), wrong);
    assert_eq!(of(&leaf(HOST, (1, 9), Some(&between)), &whole), wrong);
    assert_eq!(of(&leaf(HOST, NOW, Some(&between)), &[&root]), wrong);
    // The anchor stands in the chain, but signed nothing in it.
    assert_eq!(of(&leaf(HOST, NOW, None), &whole), wrong);
    // Somebody who is no authority signs below the anchor.
    let fake = leaf(HOST, NOW, Some(&root));
    assert_eq!(of(&leaf(HOST, NOW, Some(&fake)), &[&fake, &root]), wrong);
}

#[test]
fn an_anchor_that_stands_whole_in_the_record_need_not_be_presented() {
    let root = authority("root", None);
    let server = leaf(HOST, NOW, Some(&root));
    let presented = chain(&[&server]);
    assert_eq!(
        judged(&[record(2, 0, 0, &root)], &presented),
        Verdict::Matched
    );
    assert_eq!(
        judged(&[record(2, 0, 1, &root)], &presented),
        Verdict::Mismatched
    );
}

#[test]
fn usages_of_the_web_and_unknown_numbers_are_no_records() {
    let server = leaf(HOST, NOW, None);
    let presented = chain(&[&server]);
    let good = record(3, 1, 1, &server);
    for odd in [
        Tlsa {
            usage: 0,
            ..good.clone()
        },
        Tlsa {
            usage: 1,
            ..good.clone()
        },
        Tlsa {
            usage: 255,
            ..good.clone()
        },
        Tlsa {
            selector: 2,
            ..good.clone()
        },
        Tlsa {
            matching: 3,
            ..good.clone()
        },
        Tlsa {
            matching: 2,
            ..good.clone()
        },
        Tlsa {
            matching: 0,
            ..good.clone()
        },
        Tlsa {
            data: good.data[1..].to_vec(),
            ..good.clone()
        },
        Tlsa {
            data: Vec::new(),
            ..good.clone()
        },
    ] {
        assert!(!odd.is_usable(), "{odd}");
        let odd = [odd];
        assert_eq!(judged(&odd, &presented), Verdict::Unusable);
        assert_eq!(
            judged(&[odd[0].clone(), good.clone()], &presented),
            Verdict::Matched
        );
    }
    assert_eq!(judged(&[], &presented), Verdict::Unusable);
}

#[test]
fn one_of_several_records_is_enough_but_the_stronger_digest_counts_alone() {
    let (old, new) = (leaf(HOST, NOW, None), leaf(HOST, NOW, None));
    let roll_over = [record(3, 1, 1, &old), record(3, 1, 1, &new)];
    assert_eq!(judged(&roll_over, &chain(&[&new])), Verdict::Matched);
    assert_eq!(judged(&roll_over, &chain(&[&old])), Verdict::Matched);
    let digests = [record(3, 1, 1, &old), record(3, 1, 2, &new)];
    assert_eq!(judged(&digests, &chain(&[&new])), Verdict::Matched);
    assert_eq!(judged(&digests, &chain(&[&old])), Verdict::Mismatched);
    // Of another selector it is another thing.
    let both = [record(3, 0, 1, &old), record(3, 1, 2, &new)];
    assert_eq!(judged(&both, &chain(&[&old])), Verdict::Matched);
}

#[test]
fn no_chain_or_one_that_cannot_be_read_matches_nothing() {
    let server = leaf(HOST, NOW, None);
    let records = [record(3, 1, 1, &server)];
    assert_eq!(judged(&records, &[]), Verdict::Mismatched);
    assert_eq!(judged(&records, &[vec![0x30, 0]]), Verdict::Mismatched);
    let behind = [vec![0x30, 0], server.certificate.to_der().unwrap()];
    assert_eq!(judged(&records, &behind), Verdict::Mismatched);
}
