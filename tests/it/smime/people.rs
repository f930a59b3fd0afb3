//! People with certificates that were judged for real, in the shapes of OCES and in some that only a strange issuer makes.

use std::sync::LazyLock;

use jiff::Timestamp;
use openssl::{
    asn1::{Asn1Integer, Asn1Time},
    bn::BigNum,
    hash::MessageDigest,
    pkey::{PKey, Private},
    x509::{
        X509, X509Builder, X509Name,
        extension::{BasicConstraints, KeyUsage, SubjectAlternativeName},
    },
};
use segl::{
    cert::{Anchors, Certificate, EncryptionCertificate, RevocationPolicy, Rules, judge, path},
    demo::{Authority, Key, KeyChoice, Leaf},
    mail::Address,
};

/// When everything is judged.
const NOW: Timestamp = Timestamp::constant(1_780_000_000, 0);

/// Somebody who can be sealed to.
pub(super) struct Person {
    address: String,
    der: Vec<u8>,
    pool: Vec<Vec<u8>>,
    root: Vec<u8>,
    key: PKey<Private>,
}

impl Person {
    /// The verdict on the certificate, made as the product makes it.
    pub(super) fn judged(&self) -> EncryptionCertificate {
        let read = |der: &Vec<u8>| Certificate::from_der(der).expect("a certificate");
        let pool: Vec<_> = self.pool.iter().map(read).collect();
        let anchors = Anchors::new(vec![read(&self.root)]);
        let path = path(&read(&self.der), &pool, &anchors, NOW);
        let rules = Rules {
            revocation: RevocationPolicy::WhenAvailable,
            allow_test_roots: true,
            bindings: Vec::new(),
        };
        let address = Address::parse(&self.address).expect("an address");
        judge(&path, &[], &address, None, &rules, NOW).expect("a usable certificate")
    }

    pub(super) fn key(&self) -> &PKey<Private> {
        &self.key
    }

    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }

    pub(super) fn x509(&self) -> X509 {
        X509::from_der(&self.der).expect("a certificate")
    }
}

/// Eight people of three issuers: OCES3 (RSASSA-PSS, an intermediate), OCES2 (multi-valued subjects), and a plain one.
pub(super) fn eight() -> &'static [Person] {
    static EIGHT: LazyLock<Vec<Person>> = LazyLock::new(|| {
        let root = Authority::root("Segl Test Root").expect("a root");
        let issuing = root
            .intermediate("Segl Test Issuing")
            .expect("an authority");
        let plain = Authority::root("Anden Udsteder Æøå").expect("a root");
        let person = |n: usize| {
            let address = format!("person{n}@y.example");
            let (issuer, leaf) = match n % 3 {
                0 => (
                    &issuing,
                    Leaf::employee("Bo Ærø", "Eksempel A/S", "12345678").for_address(&address),
                ),
                1 => (
                    &issuing,
                    Leaf::oces2_employee("Ida Å", "Eksempel A/S", "12345678").for_address(&address),
                ),
                _ => (&plain, Leaf::mail("Hans", &address)),
            };
            let issued = issuer
                .issue(&leaf.with_key(KeyChoice::Shared(n)))
                .expect("a certificate");
            let root = if n % 3 == 2 { &plain } else { &root };
            Person {
                address,
                der: issued.der,
                pool: vec![issuing.certificate().der.clone()],
                root: root.certificate().der.clone(),
                key: issued.key,
            }
        };
        (0..8).map(person).collect()
    });
    &EIGHT
}

/// Somebody whose issuer has this name (DER) and gave this serial number.
pub(super) fn of_strange_issuer(issuer: &[u8], serial: &BigNum, key: usize) -> Person {
    let signing = Key::shared(100).expect("a key");
    let key = Key::shared(key).expect("a key");
    let address = "bo@y.example";
    let issuer = X509Name::from_der(issuer).expect("a name");
    let mut subject = X509Name::builder().expect("a name");
    subject.append_entry_by_text("CN", "Bo").expect("a name");
    let subject = subject.build();
    let certificate = |subject: &X509Name, key: &PKey<Private>, serial: &BigNum, is_ca: bool| {
        let mut builder = X509Builder::new().expect("a builder");
        builder.set_version(2).expect("v3");
        let serial = Asn1Integer::from_bn(serial).expect("a serial");
        builder.set_serial_number(&serial).expect("a serial");
        builder.set_issuer_name(&issuer).expect("an issuer");
        builder.set_subject_name(subject).expect("a subject");
        builder.set_pubkey(key).expect("a key");
        let time = |t| Asn1Time::from_str(t).expect("a time");
        builder
            .set_not_before(&time("20260101000000Z"))
            .expect("a time");
        builder
            .set_not_after(&time("20350101000000Z"))
            .expect("a time");
        let extensions = if is_ca {
            vec![
                BasicConstraints::new().critical().ca().build(),
                KeyUsage::new().critical().key_cert_sign().build(),
            ]
        } else {
            let mut names = SubjectAlternativeName::new();
            let names = names
                .email(address)
                .build(&builder.x509v3_context(None, None));
            vec![KeyUsage::new().critical().key_encipherment().build(), names]
        };
        for extension in extensions {
            builder
                .append_extension(extension.expect("an extension"))
                .expect("an extension");
        }
        builder
            .sign(signing.pkey(), MessageDigest::sha256())
            .expect("a signature");
        builder.build().to_der().expect("DER")
    };
    let one = BigNum::from_u32(1).expect("a number");
    Person {
        address: address.to_owned(),
        der: certificate(&subject, key.pkey(), serial, false),
        pool: Vec::new(),
        root: certificate(&issuer, signing.pkey(), &one, true),
        key: key.pkey().clone(),
    }
}
