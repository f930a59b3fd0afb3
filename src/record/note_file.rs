//! A head in a small signed file, to be kept where nobody with this computer's key can write: on paper, in a mail to
//! oneself, with the accountant. In the form of a signed note (C2SP signed-note), so that other programs check it, too.
//!
//! It shows what a head shows, and whose it is: a record that is written anew does not have that row. Its time is the
//! computer's own; a time that somebody else stands in for is that of a time stamp.

use base64_simd::STANDARD;
use jiff::Timestamp;
use openssl::sha::sha256;

use super::format::PublicKey;
use super::{Head, Record, RecordError};
use crate::disk::hex;

const TITLE: &str = "segl head 1";
/// The signature's type: Ed25519 over the text (C2SP signed-note).
const ED25519: u8 = 1;
const DASH: &str = "\u{2014} ";

/// What a note says; its signature is that of the key that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadNote {
    /// The chain's random name.
    pub installation: String,
    /// The head.
    pub head: Head,
    /// When it was written, by the clock of the computer.
    pub at: Timestamp,
    /// The public key, as row 0 has it, in hexadecimal.
    pub public_key: String,
}

impl Record {
    /// The newest row's head as a signed note.
    pub fn head_note(&self, at: Timestamp) -> Result<String, RecordError> {
        let (installation, head) = (self.installation(), self.head()?);
        // The key stands in the text, so it is asked for first; what is signed says what it is.
        let key = self
            .vouch(format!("{TITLE} asks for its key").as_bytes())?
            .key;
        let text = format!(
            "{TITLE}\ninstallation: {installation}\nhead: {head}\nat: {at}\nkey: {}\n",
            hex::encode(&key)
        );
        let signature = self.vouch(text.as_bytes())?.signature;
        let name = name(&installation);
        let signed = [&key_hash(&name, &key)[..], &signature].concat();
        let signed = STANDARD.encode_to_string(signed);
        Ok(format!("{text}\n{DASH}{name} {signed}\n"))
    }
}

impl HeadNote {
    /// Reads a note; `None` where it is none, or its signature does not hold.
    pub fn parse(note: &str) -> Option<Self> {
        let (text, signatures) = note.split_once("\n\n")?;
        let text = format!("{text}\n");
        let rest = text.strip_prefix(TITLE)?.strip_prefix("\ninstallation: ")?;
        let (installation, rest) = rest.split_once("\nhead: ")?;
        let (head, rest) = rest.split_once("\nat: ")?;
        let (at, key) = rest.split_once("\nkey: ")?;
        let key = key.trim_end();
        let octets = hex::decode_all(key.as_bytes())?;
        let name = name(installation);
        let holds = |line: &str| {
            let signed = line.strip_prefix(DASH)?.strip_prefix(&name)?;
            let signed = STANDARD.decode_to_vec(signed.trim()).ok()?;
            let (hash, signature) = signed.split_at_checked(4)?;
            let is_ours = hash == key_hash(&name, &octets);
            let vouched = PublicKey::parse(&octets)?.vouched(text.as_bytes(), signature);
            (is_ours && vouched).then_some(())
        };
        signatures.lines().find_map(holds)?;
        Some(Self {
            installation: installation.to_owned(),
            head: head.parse().ok()?,
            at: at.parse().ok()?,
            public_key: key.to_ascii_lowercase(),
        })
    }
}

fn name(installation: &str) -> String {
    format!("segl/{installation}")
}

fn key_hash(name: &str, key: &[u8]) -> [u8; 4] {
    let digest = sha256(&[name.as_bytes(), b"\n", &[ED25519], key].concat());
    [digest[0], digest[1], digest[2], digest[3]]
}
