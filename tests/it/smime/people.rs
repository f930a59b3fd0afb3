//! People with certificates that were judged for real, in the shapes of OCES and in some that only a strange issuer makes.

use std::sync::LazyLock;

use const_oid::ObjectIdentifier;
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
    cert::{
        Anchors, BindingRule, BoundTo, Certificate, EncryptionCertificate, RevocationPolicy, Rules,
        Scope, judge, path,
    },
    demo::{Authority, ExtraExtension, Issued, Key, KeyChoice, KeyKind, Leaf, World},
    mail::Address,
};
use x509_cert::ext::pkix::KeyUsages;

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
    /// Somebody whose certificate an issuer of the demo's gave.
    pub(super) fn of(world: &World, address: &str, issued: &Issued) -> Self {
        Self {
            address: address.to_owned(),
            der: issued.der.clone(),
            pool: vec![world.issuing.certificate().der.clone()],
            root: world.root.certificate().der.clone(),
            key: issued.key.clone(),
        }
    }

    /// The verdict on the certificate, made as the product makes it.
    pub(super) fn judged(&self) -> EncryptionCertificate {
        let read = |der: &Vec<u8>| Certificate::from_der(der).expect("a certificate");
        let pool: Vec<_> = self.pool.iter().map(read).collect();
        let anchors = Anchors::new(vec![read(&self.root)]);
        let path = path(&read(&self.der), &pool, &anchors, NOW);
        let address = Address::parse(&self.address).expect("an address");
        let rules = Rules {
            revocation: RevocationPolicy::WhenAvailable,
            allow_test_roots: true,
            // Certificates of other people's test material name no address.
            bindings: vec![BindingRule {
                scope: Scope::Address(address.clone()),
                to: BoundTo::Certificate(read(&self.der).sha256()),
            }],
        };
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

/// One person for each kind of key that Segl seals to, in the order of [`KINDS`], of one issuer.
pub(super) fn of_each_kind() -> &'static [Person] {
    static ALL: LazyLock<Vec<Person>> = LazyLock::new(|| {
        let root = Authority::root("Segl Test Root").expect("a root");
        let person = |(_, kind): &(&str, KeyKind)| with_key(&root, *kind, Vec::new());
        KINDS.iter().map(person).collect()
    });
    &ALL
}

/// The kinds of key that Segl seals to, as the details call them.
pub(super) const KINDS: [(&str, KeyKind); 7] = [
    ("RSA 2048", KeyKind::Rsa(2048)),
    ("EC P-256", KeyKind::P256),
    ("EC P-384", KeyKind::P384),
    ("EC P-521", KeyKind::P521),
    ("X25519", KeyKind::X25519),
    ("ML-KEM-768", KeyKind::MlKem768),
    ("ML-KEM-1024", KeyKind::MlKem1024),
];

/// A person of this issuer with a new key of this kind, and with these `SMIMECapabilities` (DER; none where empty).
pub(super) fn with_key(root: &Authority, kind: KeyKind, capabilities: Vec<u8>) -> Person {
    let address = "kind@y.example";
    let usage = match kind {
        KeyKind::Rsa(_) | KeyKind::MlKem768 | KeyKind::MlKem1024 => KeyUsages::KeyEncipherment,
        _ => KeyUsages::KeyAgreement,
    };
    let mut leaf = Leaf::mail("Kim", address)
        .with_key(match kind {
            KeyKind::Rsa(_) => KeyChoice::Shared(20),
            _ => KeyChoice::Fresh(kind),
        })
        .with_key_usage(&[usage]);
    if !capabilities.is_empty() {
        leaf.extensions.push(ExtraExtension {
            oid: SMIME_CAPABILITIES,
            critical: false,
            der: capabilities,
        });
    }
    let issued = root.issue(&leaf).expect("a certificate");
    Person {
        address: address.to_owned(),
        der: issued.der,
        pool: Vec::new(),
        root: root.certificate().der.clone(),
        key: issued.key,
    }
}

/// RFC 4262 §2.
const SMIME_CAPABILITIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.15");

/// Somebody of other people's test material: certificate, key and root, all in PEM.
pub(super) fn of_pem(address: &str, certificate: &[u8], key: &[u8], root: &[u8]) -> Person {
    let der = |pem: &[u8]| {
        let x509 = X509::from_pem(pem).expect("a certificate");
        x509.to_der().expect("DER")
    };
    Person {
        address: address.to_owned(),
        der: der(certificate),
        pool: Vec::new(),
        root: der(root),
        key: PKey::private_key_from_pem(key).expect("a key"),
    }
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
