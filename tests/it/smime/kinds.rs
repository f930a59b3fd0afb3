//! Every kind of key and both ciphers: alone, and all in one message.

use openssl::cms::CmsContentInfo;
use segl::{
    cert::{ContentCipher, EncryptionCertificate, RsaPadding, SealingRules},
    smime::{KeyManagement as Way, SelfCheckError, check, inspect},
};

use super::{
    DEFAULT, GCM, open,
    people::{self, Person},
    seal_by, structure, with_structure,
};

const OAEP: SealingRules = SealingRules {
    rsa: RsaPadding::OaepSha256,
    ..DEFAULT
};
const MESSAGE: &[u8] = "To: a@y.example\n\nKære alle: rødgrød med fløde".as_bytes();

fn judged() -> Vec<EncryptionCertificate> {
    people::of_each_kind().iter().map(Person::judged).collect()
}

/// The ways to the people of each kind, in their order.
const WAYS: [Way; 7] = [
    Way::RsaPkcs1,
    Way::EcdhP256,
    Way::EcdhP384,
    Way::EcdhP521,
    Way::X25519,
    Way::MlKem768,
    Way::MlKem1024,
];

/// What OpenSSL 3.6 has a reader for: all but X25519.
fn opens_in_openssl(way: Way) -> bool {
    way != Way::X25519
}

#[test]
fn each_kind_of_key_alone_is_sealed_to_and_opens() {
    let readers = judged();
    for (rules, cipher) in [
        (DEFAULT, ContentCipher::Aes256Cbc),
        (GCM, ContentCipher::Aes256Gcm),
    ] {
        for ((reader, person), way) in readers.iter().zip(people::of_each_kind()).zip(WAYS) {
            let (message, sealed) = seal_by(rules, MESSAGE, &[reader]).unwrap();
            let checked = check(&message[..], &[reader], &sealed.outer, rules).unwrap();
            assert_eq!((checked.ways(), checked.cipher()), (&[way][..], cipher));
            if opens_in_openssl(way) {
                let opened = open(&message, person);
                assert!(opened.ends_with("fløde".as_bytes()), "{way:?}");
            }
        }
    }
}

#[test]
fn one_message_serves_every_kind_of_key_at_once() {
    let judged = judged();
    let eight: Vec<_> = people::eight().iter().map(Person::judged).collect();
    let readers: Vec<_> = judged.iter().chain(&eight).collect();
    let everybody = || people::of_each_kind().iter().chain(people::eight());
    for rules in [DEFAULT, GCM, OAEP] {
        let (message, sealed) = seal_by(rules, MESSAGE, &readers).unwrap();
        let checked = check(&message[..], &readers, &sealed.outer, rules).unwrap();
        assert_eq!(checked.readers().len(), 15);
        let rsa = |way: &&Way| matches!(way, Way::RsaPkcs1 | Way::RsaOaepSha256);
        assert_eq!(checked.ways().iter().filter(rsa).count(), 9);
        let ways = WAYS.into_iter().chain([Way::RsaPkcs1; 8]);
        for (person, way) in everybody().zip(ways) {
            if opens_in_openssl(way) {
                assert!(
                    open(&message, person).ends_with("fløde".as_bytes()),
                    "{way:?}"
                );
            }
        }
    }
}

#[test]
fn a_single_reader_left_out_is_found() {
    let judged = judged();
    let readers: Vec<_> = judged.iter().collect();
    for missing in 0..readers.len() {
        let mut fewer = readers.clone();
        fewer.remove(missing);
        let (message, sealed) = seal_by(DEFAULT, MESSAGE, &fewer).unwrap();
        let found = check(&message[..], &readers, &sealed.outer, DEFAULT);
        assert!(
            matches!(
                found,
                Err(SelfCheckError::Readers {
                    missing: 1,
                    unexpected: 0
                })
            ),
            "{missing}: {found:?}"
        );
    }
}

#[test]
fn a_message_is_post_quantum_only_where_every_reader_is() {
    let judged = judged();
    let [rsa, .., x25519, small, large] = &judged[..] else {
        panic!("seven kinds");
    };
    let rows: [(&[&EncryptionCertificate], bool); 5] = [
        (&[small], true),
        (&[small, large], true),
        (&[small, large, rsa], false),
        (&[x25519, large], false),
        (&[rsa], false),
    ];
    for (readers, wanted) in rows {
        let (message, _) = seal_by(DEFAULT, MESSAGE, readers).unwrap();
        assert_eq!(inspect(&message[..]).unwrap().is_post_quantum(), wanted);
    }
}

#[test]
fn the_ephemeral_key_and_the_ciphertext_are_new_for_each_reader_and_message() {
    let judged = judged();
    let once = || {
        let (message, _) = seal_by(DEFAULT, MESSAGE, &[&judged[1], &judged[5]]).unwrap();
        structure(&message)
    };
    // The X coordinate of the ephemeral point, behind id-ecPublicKey and the headers of the BIT STRING.
    let point = |octets: &[u8]| {
        let oid = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x03\x42\x00\x04";
        let at = memchr::memmem::find(octets, oid).expect("a point") + oid.len();
        octets[at..at + 32].to_vec()
    };
    let (first, second) = (once(), once());
    assert_ne!(point(&first), point(&second));
    let ciphertext = |octets: &[u8]| {
        let header = b"\x04\x82\x04\x40";
        let at = memchr::memmem::find(octets, header).expect("a ciphertext") + header.len();
        octets[at..at + 1088].to_vec()
    };
    assert_ne!(ciphertext(&first), ciphertext(&second));
}

#[test]
fn gcm_content_that_was_changed_opens_for_nobody() {
    let person = &people::of_each_kind()[0];
    let (message, _) = seal_by(GCM, MESSAGE, &[&person.judged()]).unwrap();
    assert!(
        message
            .windows(31)
            .any(|w| w == b"; smime-type=authEnveloped-data")
    );
    let sound = structure(&message);
    let opens = |octets: &[u8]| {
        let cms = CmsContentInfo::smime_read_cms(&with_structure(&message, octets)).unwrap();
        cms.decrypt(person.key(), &person.x509())
    };
    assert!(opens(&sound).is_ok());
    // Behind the content stand two ends, the mac and three ends.
    let mac_at = sound.len() - 6 - 16;
    for at in [mac_at, mac_at + 15, mac_at - 2 - 4 - 1] {
        let mut changed = sound.clone();
        changed[at] ^= 1;
        assert!(opens(&changed).is_err(), "octet {at}");
    }
}
