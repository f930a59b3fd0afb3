//! S/MIME: what is sealed is opened by programs that are not ours, and nothing else leaves.

mod capabilities;
mod corpus;
mod enveloping;
mod judges;
mod kinds;
mod makers;
mod matrix;
mod people;
mod programs;
mod sealing;
mod self_check;
mod signing;
// It needs a screen.
#[cfg(feature = "gui")]
mod thunderbird;
mod verifying;

use base64_simd::STANDARD;
use openssl::cms::CmsContentInfo;
use segl::{
    cert::{ContentCipher, EncryptionCertificate, RsaPadding, SealingRules},
    smime::{SealError, Sealed, seal_message},
};

use people::Person;

/// What holds where nobody sets anything.
const DEFAULT: SealingRules = SealingRules {
    cipher: ContentCipher::Aes256Cbc,
    rsa: RsaPadding::Pkcs1,
};
const GCM: SealingRules = SealingRules {
    cipher: ContentCipher::Aes256Gcm,
    ..DEFAULT
};
/// Octets of a full part of encrypted content.
const CHUNK: usize = 64 * 1024;

/// Octets that no two positions near each other share.
fn octets(count: usize) -> Vec<u8> {
    (0..count)
        .map(|n| ((n % 251) ^ (n / 251)).to_le_bytes()[0])
        .collect()
}

/// Seals a message for these people.
fn seal(
    message: &[u8],
    readers: &[&EncryptionCertificate],
) -> Result<(Vec<u8>, Sealed), SealError> {
    seal_by(DEFAULT, message, readers)
}

/// The same by other rules.
fn seal_by(
    rules: SealingRules,
    message: &[u8],
    readers: &[&EncryptionCertificate],
) -> Result<(Vec<u8>, Sealed), SealError> {
    let mut out = Vec::new();
    let sealed = seal_message(&mut &message[..], &mut out, readers, rules)?;
    Ok((out, sealed))
}

/// Opens a message with a person's key, by OpenSSL's own reader.
fn open(message: &[u8], person: &Person) -> Vec<u8> {
    let cms = CmsContentInfo::smime_read_cms(message).expect("S/MIME");
    cms.decrypt(person.key(), &person.x509()).expect("content")
}

/// The CMS structure of a message: everything behind the empty line, decoded.
fn structure(message: &[u8]) -> Vec<u8> {
    let body = &message[body_at(message)..];
    let text: Vec<u8> = body
        .iter()
        .copied()
        .filter(|b| !b.is_ascii_whitespace())
        .collect();
    STANDARD.decode_to_vec(text).expect("base64")
}

/// The message with another CMS structure.
fn with_structure(message: &[u8], structure: &[u8]) -> Vec<u8> {
    let mut changed = message[..body_at(message)].to_vec();
    for line in STANDARD.encode_to_string(structure).as_bytes().chunks(76) {
        changed.extend_from_slice(line);
        changed.extend_from_slice(b"\r\n");
    }
    changed
}

fn body_at(message: &[u8]) -> usize {
    memchr::memmem::find(message, b"\r\n\r\n").expect("an empty line") + 4
}

/// A table of what the outside judges do, as a test prints it, stands in the README word for word.
fn is_in_the_readme(table: &str) {
    let readme = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    assert!(
        readme.contains(table),
        "README.md shows another table than\n{table}"
    );
}
