//! What is kept of other people as readers: certificates that the user pinned to their address, and what their mail
//! programs open, learned from mail that they signed.
//!
//! It lies sealed in the store: nobody else puts a pin there, and whom one writes to is confidential. Whoever deletes the
//! store deletes the pins, and their recipients are red until somebody pins again. Programs take turns by a lock.

use base64_simd::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Segl, Vault};
use crate::{
    cert::{BindingRule, BoundTo, Capabilities, Fingerprint, Scope},
    decide::Remembered,
    disk::Lock,
    keys::KeyError,
    mail::Address,
    record::{Evidence, RecordError, redact},
    store::{Store, StoreError},
};

/// Under this name the store keeps them.
const FACT: &str = "readers";
/// The lock beside the store.
const LOCK: &str = "readers.lock";

/// What is kept of one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// Whose.
    pub address: Address,
    /// Certificates that the user pinned to it.
    #[serde(default)]
    pub pins: Vec<Pin>,
    /// What was learned from signed mail, for each certificate.
    #[serde(default)]
    pub learned: Vec<Learned>,
}

/// A certificate that the user pinned to an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// Which.
    pub sha256: Fingerprint,
    /// When.
    pub at: Timestamp,
    /// Which account did it.
    pub by: String,
}

/// What a signed mail said of the program that opens what is encrypted to one certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// The certificate.
    pub sha256: Fingerprint,
    /// The certificate that signed the mail: the same one, or the other of its pair.
    pub signer: Fingerprint,
    /// When the mail says that it was signed: a newer one replaces an older one, never the other way round.
    pub signed_at: Timestamp,
    /// When it was learned.
    pub at: Timestamp,
    /// `SMIMECapabilities` in DER (RFC 8551 §2.5.2), as base64; none where the mail said nothing.
    pub capabilities: Option<String>,
    /// Whether the mail came encrypted with its header inside as RFC 9788 has it: the program shows such subjects.
    pub shows_hidden_subject: bool,
}

/// What is kept of an address and goes into judging its certificates.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The organisation of the last time.
    pub remembered: Option<Remembered>,
    /// The user's pins.
    pub pins: Vec<Pin>,
    /// What was learned.
    pub learned: Vec<Learned>,
}

/// Why what is known of readers cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// There is no key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store at hand is gone with the program: nothing is pinned that would be red tomorrow.
    #[error("the store does not outlive the program")]
    NotKept,
    /// It cannot be recorded, so it is not done.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl Reader {
    fn of(address: &Address) -> Self {
        Self {
            address: address.clone(),
            pins: Vec::new(),
            learned: Vec::new(),
        }
    }

    /// Takes in what a mail said, unless a newer one said something already.
    fn learn(&mut self, new: Learned) -> bool {
        let same = self.learned.iter().position(|l| l.sha256 == new.sha256);
        match same {
            Some(at) if self.learned[at].signed_at >= new.signed_at => return false,
            Some(at) => self.learned[at] = new,
            None => self.learned.push(new),
        }
        true
    }
}

impl Learned {
    /// What the program opens, as far as it can be read.
    pub fn opens(&self) -> Option<Capabilities> {
        let der = STANDARD.decode_to_vec(self.capabilities.as_ref()?).ok()?;
        Capabilities::from_der(&der).ok()
    }
}

impl Known {
    /// The pins as rules for this address.
    pub(super) fn rules(&self, address: &Address) -> impl Iterator<Item = BindingRule> {
        self.pins.iter().map(|pin| BindingRule {
            scope: Scope::Address(address.clone()),
            to: BoundTo::Pin {
                certificate: pin.sha256,
                at: pin.at,
            },
        })
    }

    /// What the program opens that reads what is encrypted to this certificate, and when the mail was signed that said
    /// so.
    pub(super) fn capabilities(&self, sha256: Fingerprint) -> Option<(Capabilities, Timestamp)> {
        let learned = self.learned.iter().find(|l| l.sha256 == sha256)?;
        Some((learned.opens()?, learned.signed_at))
    }

    /// Whether a subject that cannot be read on the way is shown by whatever opens mail to each of these certificates.
    pub(super) fn shows_hidden_subject(&self, mut used: impl Iterator<Item = Fingerprint>) -> bool {
        used.all(|sha256| {
            let mut learned = self.learned.iter();
            learned.any(|l| l.sha256 == sha256 && l.shows_hidden_subject)
        })
    }
}

impl Segl {
    /// Everybody of whom something is kept, by address. Blocks on disk and keyring.
    pub fn readers(&self) -> Result<Vec<Reader>, ReaderError> {
        Ok(read(self.vault()?.store())?)
    }

    /// What is kept of an address. A store that cannot be read knows nothing: no pin counts then, and nothing learned.
    pub(super) fn known(&self, store: Option<&Store>, address: &Address) -> Known {
        let readers = store.and_then(|s| read(s).ok()).unwrap_or_default();
        self.known_among(&readers, store, address)
    }

    /// The same, where everybody was read already.
    pub(super) fn known_among(
        &self,
        readers: &[Reader],
        store: Option<&Store>,
        address: &Address,
    ) -> Known {
        let reader = readers.iter().find(|r| r.address == *address).cloned();
        let (mut pins, learned) = reader.map(|r| (r.pins, r.learned)).unwrap_or_default();
        if !self.config.allows_pins {
            pins.clear();
        }
        Known {
            remembered: Self::remembered(store, address),
            pins,
            learned,
        }
    }

    /// Keeps pins for an address, and notes them in the record: what is green because of them can be traced.
    pub(super) fn keep_pins(
        &self,
        address: &Address,
        certificates: &[Fingerprint],
        at: Timestamp,
    ) -> Result<(), ReaderError> {
        let vault = self.vault()?;
        check(&vault)?;
        for sha256 in certificates {
            note(&vault, "certificate-pinned", address, *sha256, at)?;
        }
        change(&vault, at, |readers| {
            let reader = entry(readers, address);
            for sha256 in certificates {
                reader.pins.retain(|p| p.sha256 != *sha256);
                reader.pins.push(Pin {
                    sha256: *sha256,
                    at,
                    by: self.account.clone(),
                });
            }
        })
    }

    /// Takes pins of an address back: this one, or all. Answers which. Blocks on disk and keyring.
    pub fn unpin(
        &self,
        address: &Address,
        only: Option<Fingerprint>,
        at: Timestamp,
    ) -> Result<Vec<Fingerprint>, ReaderError> {
        let vault = self.vault()?;
        let mut gone = Vec::new();
        change(&vault, at, |readers| {
            let reader = entry(readers, address);
            let (out, kept): (Vec<Pin>, Vec<Pin>) = std::mem::take(&mut reader.pins)
                .into_iter()
                .partition(|p| only.is_none_or(|sha256| p.sha256 == sha256));
            reader.pins = kept;
            gone.extend(out.iter().map(|p| p.sha256));
        })?;
        // Afterwards: that a pin is gone must not hang on the record.
        for sha256 in &gone {
            note(&vault, "certificate-unpinned", address, *sha256, at)?;
        }
        Ok(gone)
    }

    /// Forgets every pin of a certificate, and what was learned of it. Answers who had a pin.
    pub(super) fn forget_reader_of(
        &self,
        sha256: Fingerprint,
        at: Timestamp,
    ) -> Result<Vec<Address>, ReaderError> {
        let vault = self.vault()?;
        let is_pinned = |r: &Reader| r.pins.iter().any(|p| p.sha256 == sha256);
        let concerns = |r: &Reader| is_pinned(r) || r.learned.iter().any(|l| l.sha256 == sha256);
        if !read(vault.store())?.iter().any(concerns) {
            return Ok(Vec::new());
        }
        let mut gone = Vec::new();
        change(&vault, at, |readers| {
            let pinned = readers.iter().filter(|r| is_pinned(r));
            gone.extend(pinned.map(|r| r.address.clone()));
            for reader in readers {
                reader.pins.retain(|p| p.sha256 != sha256);
                reader.learned.retain(|l| l.sha256 != sha256);
            }
        })?;
        for address in &gone {
            note(&vault, "certificate-unpinned", address, sha256, at)?;
        }
        Ok(gone)
    }

    /// Keeps what a mail said. Answers whether it is news: nothing newer was known.
    pub(super) fn keep_learned(
        &self,
        address: &Address,
        learned: Vec<Learned>,
        at: Timestamp,
    ) -> Result<bool, ReaderError> {
        let mut is_news = false;
        change(&*self.vault()?, at, |readers| {
            let reader = entry(readers, address);
            for one in learned {
                is_news |= reader.learn(one);
            }
        })?;
        Ok(is_news)
    }
}

/// Whether what is kept now will be there tomorrow.
fn check(vault: &Vault) -> Result<(), ReaderError> {
    if vault.store().is_durable() {
        Ok(())
    } else {
        Err(ReaderError::NotKept)
    }
}

fn entry<'a>(readers: &'a mut Vec<Reader>, address: &Address) -> &'a mut Reader {
    let at = readers.iter().position(|r| r.address == *address);
    let at = at.unwrap_or_else(|| {
        readers.push(Reader::of(address));
        readers.len() - 1
    });
    &mut readers[at]
}

fn note(
    vault: &Vault,
    code: &str,
    address: &Address,
    sha256: Fingerprint,
    at: Timestamp,
) -> Result<(), ReaderError> {
    let evidence = Evidence {
        code: code.to_owned(),
        sha256: sha256.to_string(),
        content: serde_json::json!({ "address": redact(&address.wire()) }),
        about: None,
    };
    vault.record(at)?.append(evidence, at)?;
    Ok(())
}

fn read(store: &Store) -> Result<Vec<Reader>, StoreError> {
    let fact = store.fact(FACT)?;
    // What another version wrote and this one cannot read must not be overwritten, and counts for nothing.
    fact.map_or_else(
        || Ok(Vec::new()),
        |fact| {
            serde_json::from_str(&fact.value)
                .ok()
                .ok_or(StoreError::Malformed { table: FACT })
        },
    )
}

fn change(
    vault: &Vault,
    at: Timestamp,
    change: impl FnOnce(&mut Vec<Reader>),
) -> Result<(), ReaderError> {
    check(vault)?;
    let _lock = Lock::wait(&vault.folder().join(LOCK)).map_err(StoreError::from)?;
    let mut readers = read(vault.store())?;
    change(&mut readers);
    readers.retain(|r| !(r.pins.is_empty() && r.learned.is_empty()));
    readers.sort_by(|a, b| a.address.cmp(&b.address));
    let json = serde_json::to_string(&readers)
        .ok()
        .ok_or(StoreError::Unwritable { table: FACT })?;
    vault.store().set_fact(FACT, &json, at)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(second: i64, capabilities: Option<&str>) -> Learned {
        let signed_at = Timestamp::from_second(second).unwrap();
        Learned {
            sha256: Fingerprint::of(b"one"),
            signer: Fingerprint::of(b"signer"),
            signed_at,
            at: Timestamp::from_second(1_000).unwrap(),
            capabilities: capabilities.map(str::to_owned),
            shows_hidden_subject: capabilities.is_some(),
        }
    }

    #[test]
    fn a_newer_mail_replaces_an_older_one_and_never_the_other_way_round() {
        let mut reader = Reader::of(&Address::parse("nina@privat.example").unwrap());
        // Told in this order; what is kept then, and whether it was news.
        for (second, text, is_news, wanted) in [
            (5, Some("a"), true, Some("a")),
            (4, Some("b"), false, Some("a")),
            (5, Some("c"), false, Some("a")),
            (6, Some("d"), true, Some("d")),
            // Also where it says less: what a program opened once it may open no more.
            (7, None, true, None),
        ] {
            assert_eq!(reader.learn(said(second, text)), is_news, "{second}");
            let kept = reader.learned[0].capabilities.as_deref();
            assert_eq!((reader.learned.len(), kept), (1, wanted), "{second}");
        }
    }

    #[test]
    fn a_subject_is_hidden_only_where_every_certificate_in_use_is_known_to_show_it() {
        let known = Known {
            learned: vec![said(5, Some("a"))],
            ..Known::default()
        };
        let (one, other) = (Fingerprint::of(b"one"), Fingerprint::of(b"other"));
        assert!(known.shows_hidden_subject([one].into_iter()));
        assert!(!known.shows_hidden_subject([other].into_iter()));
        assert!(!known.shows_hidden_subject([one, other].into_iter()));
    }
}
