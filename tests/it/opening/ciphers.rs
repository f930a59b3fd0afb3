//! Encryption in every way that RFC 3370, RFC 3565 and RFC 5084 know, each written here and encrypted by OpenSSL: what opens,
//! what is refused before a key is used, and what is told of each.

use openssl::{
    rsa::Padding,
    symm::{Cipher, encrypt, encrypt_aead},
};
use segl::{
    cert::Certificate,
    demo::{Authority, Issued, KeyChoice, Leaf},
    identity::SoftKey,
    smime::{
        ReaderId,
        open::{Layer, OpenError, Opened, open},
    },
};

use super::written::{
    INTEGER, OCTETS, SEQUENCE, SET, algorithm, content_info, der, issuer_and_serial,
    key_identifier, object,
};

const ENTITY: &[u8] = b"Content-Type: text/plain\r\n\r\nVi ses paa mandag\r\n";

/// Bo, who reads, and his key.
struct Reader {
    issued: Issued,
    key: SoftKey,
}

impl Reader {
    fn new() -> Self {
        Self::with_key(7)
    }

    fn with_key(number: usize) -> Self {
        let root = Authority::root("Segl Test Root").unwrap();
        let leaf = Leaf::mail("Bo", "bo@x.example").with_key(KeyChoice::Shared(number));
        let issued = root.issue(&leaf).unwrap();
        let certificate = Certificate::from_der(&issued.der).unwrap();
        let key = SoftKey::new(certificate, issued.key.clone()).unwrap();
        Self { issued, key }
    }

    /// KeyTransRecipientInfo: this content key, named to be encrypted in this way.
    fn info(&self, name: &str, key: &[u8]) -> Vec<u8> {
        self.info_by(&issuer_and_serial(&self.issued.der), name, key)
    }

    fn info_by(&self, reader: &[u8], name: &str, key: &[u8]) -> Vec<u8> {
        let rsa = self.issued.key.rsa().unwrap();
        let mut octets = vec![0; rsa.size() as usize];
        rsa.public_encrypt(key, &mut octets, Padding::PKCS1)
            .unwrap();
        let version = der(INTEGER, &[&[0]]);
        der(
            SEQUENCE,
            &[&version, reader, &algorithm(name), &der(OCTETS, &[&octets])],
        )
    }

    fn open(&self, made: &[u8]) -> Result<Opened, OpenError> {
        open(made.to_vec(), &[&self.key])
    }
}

/// EnvelopedData, or AuthEnvelopedData where there is a tag.
fn enveloped(infos: &[u8], algorithm: &[u8], encrypted: &[u8], tag: Option<&[u8]>) -> Vec<u8> {
    let content = der(
        SEQUENCE,
        &[&object("pkcs7-data"), algorithm, &der(0x80, &[encrypted])],
    );
    let version = der(INTEGER, &[&[0]]);
    let tag_octets = tag.map_or(Vec::new(), |tag| der(OCTETS, &[tag]));
    let structure = der(
        SEQUENCE,
        &[&version, &der(SET, &[infos]), &content, &tag_octets],
    );
    let kind = match tag {
        Some(_) => "id-smime-ct-authEnvelopedData",
        None => "pkcs7-envelopedData",
    };
    content_info(kind, &structure)
}

/// In GCM mode with this nonce, and a tag of so many octets of which the parameters say so many.
fn by_gcm(
    reader: &Reader,
    (name, cipher): (&str, Cipher),
    nonce: &[u8],
    octets: usize,
    told: Option<u8>,
) -> Vec<u8> {
    let key = vec![7; cipher.key_len()];
    let mut tag = [0; 16];
    // OpenSSL encrypts with no empty nonce; what is then refused is refused for that.
    let used = if nonce.is_empty() { &[0; 12] } else { nonce };
    let encrypted = encrypt_aead(cipher, &key, Some(used), &[], ENTITY, &mut tag).unwrap();
    let told = told.map_or(Vec::new(), |told| der(INTEGER, &[&[told]]));
    let parameters = der(SEQUENCE, &[&der(OCTETS, &[nonce]), &told]);
    let algorithm = der(SEQUENCE, &[&object(name), &parameters]);
    let info = reader.info("rsaEncryption", &key);
    enveloped(&info, &algorithm, &encrypted, Some(&tag[..octets]))
}

/// In CBC mode to these readers.
fn by_cbc(infos: &[u8], (name, cipher): (&str, Cipher)) -> Vec<u8> {
    let vector = vec![9; cipher.iv_len().unwrap()];
    let key = vec![7; cipher.key_len()];
    let encrypted = encrypt(cipher, &key, Some(&vector), ENTITY).unwrap();
    let algorithm = der(SEQUENCE, &[&object(name), &der(OCTETS, &[&vector])]);
    enveloped(infos, &algorithm, &encrypted, None)
}

fn cbc() -> (&'static str, Cipher) {
    ("aes-256-cbc", Cipher::aes_256_cbc())
}

/// The content key that [`by_cbc`] uses with it.
const KEY: [u8; 32] = [7; 32];

#[test]
fn every_cipher_opens_and_is_told_for_what_it_is() {
    let bo = Reader::new();
    let rows = [
        ("aes-128-cbc", Cipher::aes_128_cbc(), "aes128-cbc"),
        ("aes-192-cbc", Cipher::aes_192_cbc(), "aes192-cbc"),
        ("aes-256-cbc", Cipher::aes_256_cbc(), "aes256-cbc"),
        ("id-aes128-GCM", Cipher::aes_128_gcm(), "aes128-gcm"),
        ("id-aes192-GCM", Cipher::aes_192_gcm(), "aes192-gcm"),
        ("id-aes256-GCM", Cipher::aes_256_gcm(), "aes256-gcm"),
        ("des-ede3-cbc", Cipher::des_ede3_cbc(), "3des-cbc"),
    ];
    for (name, cipher, told) in rows {
        let is_gcm = told.ends_with("gcm");
        let made = if is_gcm {
            by_gcm(&bo, (name, cipher), &[9; 12], 16, Some(16))
        } else {
            let key = vec![7; cipher.key_len()];
            by_cbc(&bo.info("rsaEncryption", &key), (name, cipher))
        };
        let opened = bo.open(&made).unwrap();
        assert_eq!(&*opened.text, "Vi ses paa mandag\n", "{name}");
        let [
            Layer::Encrypted {
                cipher,
                readers: 1,
                key_management: "rsa-pkcs1",
            },
        ] = opened.layers[..]
        else {
            panic!("{name}: {:?}", opened.layers);
        };
        assert_eq!(cipher.name(), told);
        assert_eq!(cipher.is_authenticated(), is_gcm, "{name}");
        assert_eq!(cipher.is_weak(), name == "des-ede3-cbc");
        let warnings: Vec<_> = opened.warnings.iter().map(|w| w.code()).collect();
        let wanted: &[_] = match told {
            "3des-cbc" => &["unauthenticated", "weak-cipher"],
            _ if is_gcm => &[],
            _ => &["unauthenticated"],
        };
        assert_eq!(warnings, wanted, "{name}");
    }
}

/// A short tag can be forged by trying (CVE-2026-34182), and a nonce without end is no nonce.
#[test]
fn nonces_and_tags_are_taken_in_lengths_that_mean_something_and_no_others() {
    let bo = Reader::new();
    let gcm = ("id-aes256-GCM", Cipher::aes_256_gcm());
    let refused = |nonce: &[u8], octets, told| {
        let found = bo.open(&by_gcm(&bo, gcm, nonce, octets, told)).err();
        found.map(|e| e.code())
    };
    for octets in [1, 8, 12, 16, 64] {
        assert_eq!(refused(&vec![9; octets], 16, Some(16)), None, "{octets}");
    }
    for octets in [0, 65, 128] {
        let found = refused(&vec![9; octets], 16, Some(16));
        assert_eq!(found, Some("malformed"), "{octets}");
    }
    let nonce = [9; 12];
    // RFC 5084 §3.2: 12 is what the parameters mean where they say nothing.
    for (octets, told) in [(12, None), (12, Some(12)), (13, Some(13)), (16, Some(16))] {
        assert_eq!(refused(&nonce, octets, told), None, "{octets} {told:?}");
    }
    for (octets, told) in [
        (16, None),
        (4, None),
        (4, Some(4)),
        (11, Some(11)),
        (4, Some(16)),
        (12, Some(16)),
        (16, Some(12)),
        (0, Some(16)),
        (0, Some(0)),
    ] {
        let found = refused(&nonce, octets, told);
        assert_eq!(found, Some("malformed"), "{octets} {told:?}");
    }
}

#[test]
fn a_reader_who_is_named_twice_opens_by_the_way_that_is_known() {
    let bo = Reader::new();
    let known = bo.info("rsaEncryption", &KEY);
    let unknown = bo.info("1.2.3.4", &KEY);
    for infos in [[&unknown, &known], [&known, &unknown]] {
        let infos = infos.map(Vec::as_slice).concat();
        let opened = bo.open(&by_cbc(&infos, cbc())).unwrap();
        assert_eq!(&*opened.text, "Vi ses paa mandag\n");
    }
    // Alone it is told what was not known; two of them might each fail for a reason of its own.
    let found = bo.open(&by_cbc(&unknown, cbc())).err();
    assert!(
        matches!(&found, Some(OpenError::Unsupported(oid)) if oid == "1.2.3.4"),
        "{found:?}"
    );
    let found = bo.open(&by_cbc(&unknown.repeat(2), cbc())).err();
    assert!(matches!(found, Some(OpenError::Closed)), "{found:?}");
}

#[test]
fn a_kind_of_reader_that_is_not_known_beside_one_that_is_changes_nothing() {
    let bo = Reader::new();
    let key = bo.info("rsaEncryption", &KEY);
    // OtherRecipientInfo with a pre-shared key (RFC 8696), PasswordRecipientInfo, KEKRecipientInfo.
    let psk = der(
        0xA4,
        &[&object("1.2.840.113549.1.9.16.13.1"), &der(SEQUENCE, &[])],
    );
    for other in [psk, der(0xA3, &[]), der(0xA2, &[])] {
        let infos = [&other[..], &key].concat();
        let opened = bo.open(&by_cbc(&infos, cbc())).unwrap();
        let [Layer::Encrypted { readers: 2, .. }] = opened.layers[..] else {
            panic!("{:?}", opened.layers);
        };
        let found = bo.open(&by_cbc(&other, cbc())).err();
        assert!(matches!(found, Some(OpenError::NoKey { .. })), "{found:?}");
    }
}

#[test]
fn whom_a_mail_is_for_is_told_to_whoever_it_is_not_for() {
    let (bo, eva) = (Reader::new(), Reader::with_key(8));
    let by_key = [0x80, 20].into_iter().chain(key_identifier(&bo.issued.der));
    let by_key = bo.info_by(&by_key.collect::<Vec<_>>(), "rsaEncryption", &KEY);
    assert!(bo.open(&by_cbc(&by_key, cbc())).is_ok());
    let infos = [bo.info("rsaEncryption", &KEY), by_key].concat();
    let made = by_cbc(&infos, cbc());
    assert!(bo.open(&made).is_ok());
    let certificate = Certificate::from_der(&bo.issued.der).unwrap();
    let wanted = [ReaderId::of(&certificate).unwrap()];
    for keys in [&[][..], &[&eva.key as _]] {
        let Err(OpenError::NoKey { readers }) = open(made.clone(), keys) else {
            panic!("nobody's");
        };
        assert_eq!(readers, wanted);
    }
}
