//! What certificates, files of them and answers say, and at which size nothing is read any more.

use std::{path::Path as File, process::Command, str::FromStr as _};

use const_oid::ObjectIdentifier;
use der::Encode as _;
use openssl::{
    asn1::{Asn1Integer, Asn1Time},
    bn::{BigNum, MsbOption},
    hash::MessageDigest,
    pkey::{HasPublic, PKey, PKeyRef, Private},
    rsa::Rsa,
    x509::{X509Builder, X509Name, X509NameBuilder},
};
use segl::{
    cert::{
        Filter, Kind, ListEntry, MAX_OCTETS, OneTime, RevocationAnswer, RevocationSource,
        RevocationSourceKind, Subject, bundle, certificates, problems,
    },
    demo::ExtraExtension,
    mail::Digest,
};
use x509_cert::{
    ext::pkix::{
        crl::dp::DistributionPoint,
        name::{DistributionPointName, GeneralName},
    },
    name::Name,
};

use super::*;
use crate::tools::tool;

fn name(common: &str) -> X509Name {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", common).unwrap();
    name.build()
}

/// What OpenSSL makes, for what the demo's own maker cannot: times before 1970, and keys of which there is no private half.
fn made(
    (subject, issuer): (&str, &str),
    serial: &[u8],
    not_before: Timestamp,
    key: &PKeyRef<impl HasPublic>,
    by: &PKey<Private>,
) -> Certificate {
    let time = |at: Timestamp| Asn1Time::from_unix(at.as_second()).unwrap();
    let serial = BigNum::from_slice(serial).unwrap();
    let serial: Asn1Integer = serial.to_asn1_integer().unwrap();
    let mut made = X509Builder::new().unwrap();
    made.set_version(2).unwrap();
    made.set_serial_number(&serial).unwrap();
    made.set_subject_name(&name(subject)).unwrap();
    made.set_issuer_name(&name(issuer)).unwrap();
    made.set_not_before(&time(not_before)).unwrap();
    made.set_not_after(&time(hours(24))).unwrap();
    made.set_pubkey(key).unwrap();
    made.sign(by, MessageDigest::sha256()).unwrap();
    Certificate::from_der(&made.build().to_der().unwrap()).unwrap()
}

#[test]
fn a_certificate_from_before_1970_is_read_whatever_in_it_looks_like_a_time() {
    let key = PKey::ec_gen("prime256v1").unwrap();
    let begin: Timestamp = "1962-01-01T00:00:00Z".parse().unwrap();
    // Before the first time stand the tag and length of one, digits as one has them, and the letter that ends one.
    let issuer = "Z.Z.Z. 620101000000Z";
    let serial = b"\x17\x0d171717171717171";
    let certificate = made(("Anne", issuer), serial, begin, &key, &key);
    assert_eq!(certificate.facts().not_before, begin);
    assert_eq!(certificate.facts().not_after, hours(24));
    assert_eq!(certificate.facts().issuer, format!("CN={issuer}"));
    assert_eq!(certificate.serial(), serial);
}

#[test]
fn a_certificate_is_read_up_to_its_largest_size_and_its_largest_number_of_names() {
    let padded = |octets: usize| {
        let padding = ExtraExtension {
            oid: ObjectIdentifier::new_unwrap("2.25.1"),
            critical: false,
            der: vec![0; octets],
        };
        let leaf = Leaf {
            extensions: vec![padding],
            ..anne()
        };
        pki().issuing.issue(&leaf).unwrap().der
    };
    let octets = MAX_OCTETS - (padded(1_000_000).len() - 1_000_000);
    let largest = padded(octets);
    assert_eq!(largest.len(), MAX_OCTETS);
    assert!(Certificate::from_der(&largest).is_ok());
    let code = |der: &[u8]| Certificate::from_der(der).map_err(|problem| problem.code());
    assert_eq!(code(&padded(octets + 1)), Err("too-large"));

    let named = |names: usize| {
        let leaf = Leaf {
            addresses: (0..names).map(|i| format!("a{i}@x.example")).collect(),
            ..anne()
        };
        let issued = pki().issuing.issue(&leaf).unwrap();
        code(&issued.der).map(|certificate| certificate.facts().addresses.len())
    };
    assert_eq!((named(1000), named(1001)), (Ok(1000), Err("too-large")));
}

#[test]
fn a_list_lies_in_the_entry_that_a_distribution_point_names() {
    let entry = Name::from_str("CN=CRL1,OU=Lister,O=Eksempel CA,C=DK").unwrap();
    let points = vec![DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![
            GeneralName::DirectoryName(entry),
        ])),
        reasons: None,
        crl_issuer: None,
    }];
    let leaf = Leaf {
        extensions: vec![ExtraExtension {
            oid: ObjectIdentifier::new_unwrap("2.5.29.31"),
            critical: false,
            der: points.to_der().unwrap(),
        }],
        ..anne()
    };
    let certificate = read(&pki().issuing.issue(&leaf).unwrap());
    let wanted = ListEntry {
        server: None,
        name: "CN=CRL1,OU=Lister,O=Eksempel CA,C=DK".to_owned(),
    };
    assert_eq!(certificate.facts().list_entries, [wanted]);
    assert!(certificate.facts().crl_urls.is_empty());
    assert!(certificate.facts().has_revocation_pointer);
}

fn made_by(openssl: &mut Command, folder: &File, arguments: &[&str]) -> Vec<u8> {
    let output = openssl
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    output.stdout
}

#[test]
fn each_certificate_of_a_file_is_read_once_whatever_kind_of_file_it_is() {
    let issued: Vec<Issued> = ["anne", "bo"]
        .iter()
        .map(|who| anne().for_address(&format!("{who}@x.example")))
        .map(|leaf| pki().issuing.issue(&leaf).unwrap())
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let pem: String = issued.iter().map(Issued::pem).collect();
    std::fs::write(folder.path().join("both.pem"), &pem).unwrap();
    let openssl = |arguments: &[&str]| {
        tool("openssl").map(|mut openssl| made_by(&mut openssl, folder.path(), arguments))
    };
    let bagged = ["crl2pkcs7", "-nocrl", "-certfile", "both.pem"];
    let (Some(bag), Some(bag_der)) = (
        openssl(&bagged),
        openssl(&[&bagged[..], &["-outform", "DER"]].concat()),
    ) else {
        return;
    };
    let data = ["cms", "-data_create", "-in", "both.pem", "-outform", "DER"];
    let data = openssl(&data).unwrap();

    let of = |octets: &[u8]| {
        let found = certificates(octets).unwrap();
        let mut found: Vec<_> = found.into_iter().map(|c| c.unwrap().sha256()).collect();
        found.sort_unstable();
        found
    };
    let mut both: Vec<_> = issued.iter().map(|i| read(i).sha256()).collect();
    both.sort_unstable();
    assert_eq!(of(&issued[0].der), [read(&issued[0]).sha256()]);
    assert_eq!(of(pem.as_bytes()), both);
    assert_eq!(of(&bag), both);
    assert_eq!(of(&bag_der), both);
    // A bag beside a certificate that stands by itself.
    let beside = [issued[0].pem().as_bytes(), &bag].concat();
    assert_eq!(of(&beside).len(), 3);

    // What is in the same wrapping and no bag is none, and no certificate either.
    assert!(bundle(&data).unwrap().is_none());
    assert!(bundle(&issued[0].der).unwrap().is_none());
    assert_eq!(bundle(&bag_der).unwrap().map(|found| found.len()), Some(2));
    let [Err(problem)] = &certificates(&data).unwrap()[..] else {
        panic!("no certificate")
    };
    assert_eq!(problem.code(), "malformed");
}

#[test]
fn a_firm_that_writes_to_some_kinds_only_is_told_what_the_others_are() {
    let of = |leaf: &Leaf| read(&pki().issuing.issue(leaf).unwrap());
    let employee = of(&anne());
    let court = of(&Leaf::organisation("Retten", "Retten", "21987913"));
    let oid = ObjectIdentifier::new_unwrap;
    // OCES3's policies for employees and for organisations.
    let (employees, organisations) = ("1.2.208.169.1.1.1.2", "1.2.208.169.1.1.1.3");
    let filter = |kinds: &[Kind], policies: &[&str]| Filter {
        kinds: kinds.to_vec(),
        policies: policies.iter().map(|policy| oid(policy)).collect(),
    };
    let rows: [(&[Kind], &[&str], bool, bool); 6] = [
        (&[], &[], true, true),
        (&[Kind::Employee], &[], true, false),
        (&[Kind::Organisation, Kind::Person], &[], false, true),
        (&[], &[employees], true, false),
        (&[Kind::Employee], &[employees, "2.5"], true, false),
        // Both must hold, and for nobody do.
        (&[Kind::Employee], &[organisations], false, false),
    ];
    for (kinds, policies, takes_employee, takes_court) in rows {
        let filter = filter(kinds, policies);
        let takes = |certificate| filter.problem(certificate).is_none();
        assert_eq!(
            (takes(&employee), takes(&court)),
            (takes_employee, takes_court),
            "{filter:?}"
        );
    }
    let left_out = filter(&[Kind::Employee], &[employees]).problem(&court);
    let Some(Problem::LeftOut {
        kind,
        kinds,
        expected,
        presented,
    }) = left_out
    else {
        panic!("{left_out:?}")
    };
    assert_eq!((kind, kinds), (Kind::Organisation, vec![Kind::Employee]));
    assert_eq!(expected, [employees]);
    assert_eq!(presented, ["0.4.0.2042.1.1", "1.2.208.169.1.1.1.3.7"]);
}

#[test]
fn what_is_made_for_one_message_is_usable_for_its_address_an_hour_each_way() {
    for given in [ANNE, "søren@advokat-eksempel.dk"] {
        let address = Address::parse(given).unwrap();
        let made = OneTime::of(&address, AT).unwrap();
        for certificate in [&made.issuer, &made.certificate] {
            let facts = certificate.facts();
            assert_eq!((facts.not_before, facts.not_after), (hours(-1), hours(1)));
        }
        let anchors = Anchors::new(vec![made.issuer.clone()]);
        let path = path(&made.certificate, &[], &anchors, AT);
        let rules = rules(RevocationPolicy::WhenAvailable);
        let usable = judge(&path, &[], &address, None, &rules, AT).unwrap();
        assert_eq!(usable.binding(), &Binding::Address);
    }
}

#[test]
fn a_key_of_more_bits_than_anybody_should_have_to_count_with_is_not_sealed_to() {
    let by = PKey::ec_gen("prime256v1").unwrap();
    let of = |bits: i32| {
        // Of no such key is a private half needed, which would take minutes to make.
        let mut modulus = BigNum::new().unwrap();
        modulus.rand(bits, MsbOption::ONE, true).unwrap();
        let exponent = BigNum::from_u32(65_537).unwrap();
        let key = Rsa::from_public_components(modulus, exponent).unwrap();
        let leaf = made(
            ("Anne", "Rod"),
            b"\x02",
            hours(-1),
            &PKey::from_rsa(key).unwrap(),
            &by,
        );
        let path = path(&leaf, &[], &Anchors::new(vec![leaf.clone()]), AT);
        let rules = rules(RevocationPolicy::WhenAvailable);
        let found = problems(&path, &[], Subject::Encrypt, &rules, AT);
        found.iter().map(Problem::code).collect::<Vec<_>>()
    };
    assert_eq!(of(16_384), Vec::<&str>::new());
    assert_eq!(of(16_385), ["unsupported-key"]);
}

#[test]
fn a_weak_certificate_is_weak_for_every_use() {
    use KeyUsages::DigitalSignature;
    let rules = rules(RevocationPolicy::WhenAvailable);
    let of = |leaf: Leaf| {
        let case = Case::of(&leaf.with_key_usage(&[DigitalSignature]));
        let path = path(&case.leaf, &case.pool, &Anchors::new(case.anchors), AT);
        [Subject::Sign, Subject::Path].map(|subject| {
            let found = problems(&path, &[], subject, &rules, AT);
            found.iter().map(Problem::code).collect::<Vec<_>>()
        })
    };
    let with_key = |kind| anne().with_key(KeyChoice::Fresh(kind));
    let sha1 = Leaf {
        signing: Some(Signing::Sha1),
        ..anne()
    };
    assert_eq!(of(sha1), [["weak-signature"]; 2]);
    assert_eq!(of(with_key(KeyKind::Rsa(1024))), [["weak-key"]; 2]);
    // What nothing is sealed to signs all the same.
    for kind in [KeyKind::Ed25519, KeyKind::BrainpoolP256, KeyKind::P256] {
        assert_eq!(
            of(with_key(kind)),
            [const { Vec::<&str>::new() }; 2],
            "{kind:?}"
        );
    }
}

#[test]
fn an_answer_tells_what_it_rests_on() {
    let source = RevocationSource {
        kind: RevocationSourceKind::List,
        name: "1.crl".to_owned(),
        this_update: hours(-1),
        next_update: None,
        sha256: Digest::of(b"a list"),
    };
    let good = RevocationAnswer::Good {
        sources: vec![source.clone(), source.clone()],
        this_update: hours(-1),
        next_update: None,
    };
    let revoked = RevocationAnswer::Revoked {
        at: hours(-5),
        reason: None,
        source: source.clone(),
    };
    let unknown = RevocationAnswer::Unknown(RevocationUnknown::NoSource {
        issuer: "CN=Eksempel".to_owned(),
    });
    for (answer, code, sources) in [
        (good, "good", 2),
        (revoked, "revoked", 1),
        (unknown, "unknown", 0),
    ] {
        assert_eq!(answer.code(), code);
        assert_eq!(answer.sources(), vec![source.clone(); sources]);
    }
}
