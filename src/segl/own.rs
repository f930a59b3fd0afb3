//! The user's own certificates: kept, chosen for signing and reading, and everything that is wrong with them.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{Segl, SendError, Trust};
use crate::{
    cert::{
        self, Certificate, EncryptionCertificate, Ending, Fingerprint, Problem, Subject, Whose,
    },
    config::{Config, SubjectRule},
    decide::{Further, FurtherKind, Policy},
    identity::{OwnKey, Signer as _},
    keys::{self, KeyError, KeySource},
    mail::Address,
    smime::Signing,
};

/// All that there is to say of one own certificate.
#[derive(Debug)]
pub struct OwnVerdict {
    /// The certificate.
    pub certificate: Certificate,
    /// Whether it is what mail is signed with, or only opens what was encrypted to it.
    pub state: OwnState,
    /// What keeps it from signing.
    pub signing: Vec<Problem>,
    /// What keeps others from encrypting to it.
    pub reading: Vec<Problem>,
    /// The senders of the settings that it is for.
    pub senders: Vec<Address>,
    /// It ends within so many days: 60, 30, 14 or 7.
    pub ends_within: Option<u16>,
    /// A certificate above it ends first, and soon.
    pub chain_ends: Option<Timestamp>,
    /// Every certificate of its path that ends soon.
    pub endings: Vec<Ending>,
}

/// What an own certificate is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnState {
    /// Mail of a sender is signed with it, where the settings want signatures.
    Signs,
    /// Mail is encrypted to it, and it does not sign.
    Reads,
    /// Kept, so that older mail opens.
    Older,
}

impl OwnState {
    /// Its code in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Signs => "signs",
            Self::Reads => "reads",
            Self::Older => "older",
        }
    }
}

impl OwnVerdict {
    /// Whether there is nothing to do about it. One that is only kept for older mail has no faults any more.
    pub fn is_good(&self) -> bool {
        let is_whole = self.signing.is_empty() && self.reading.is_empty();
        let is_used = self.state != OwnState::Older;
        (is_whole && !self.senders.is_empty() || !is_used && self.is_over())
            && self.ends_within.is_none()
            && self.chain_ends.is_none()
    }

    /// Whether it ended.
    pub fn is_over(&self) -> bool {
        self.reading
            .iter()
            .chain(&self.signing)
            .any(|p| matches!(p, Problem::Expired { .. }))
    }
}

/// Every key that is kept in the data folder of these settings. Asks the keyring only where one is.
pub fn kept_keys(config: &Config) -> Result<Vec<OwnKey>, KeyError> {
    let source = config
        .key_file
        .clone()
        .map_or(KeySource::Keyring, KeySource::File);
    keys::own(&config.data, &source)
}

impl Segl {
    /// Keeps keys for ever. Answers for each whether it is new. Blocks on disk and keyring.
    pub fn keep_own(&self, own: &[OwnKey]) -> Result<Vec<bool>, KeyError> {
        own.iter()
            .map(|one| keys::keep_own(one, self.door.folder(), self.door.source()))
            .collect()
    }

    /// Every key that is kept, the one that is valid longest first. Blocks on disk and keyring.
    pub fn own(&self) -> Result<Vec<OwnKey>, KeyError> {
        keys::own(self.door.folder(), self.door.source())
    }

    /// Which keys are kept: other than before where one came. Asks no keyring.
    pub fn own_names(&self) -> Vec<PathBuf> {
        // A folder that cannot be read is told by whatever needs a key.
        keys::own_names(self.door.folder()).unwrap_or_default()
    }

    /// All that is wrong with each own certificate, as far as is known without asking anybody. Blocks on disk and
    /// keyring.
    pub fn test_own(&self, at: Timestamp) -> Result<Vec<OwnVerdict>, KeyError> {
        let own = self.own()?;
        let senders: Vec<&Address> = self
            .config
            .senders
            .iter()
            .map(|s| &s.author().address)
            .collect();
        let signs: Vec<_> = senders
            .iter()
            .filter_map(|s| signing(&self.trust, &own, s, at))
            .map(|(key, _)| key.certificate().sha256())
            .collect();
        let reads: Vec<_> = senders
            .iter()
            .filter_map(|s| reading(&self.trust, &own, s, at))
            .map(|c| c.certificate().sha256())
            .collect();
        let verdict = |one: &OwnKey| {
            let certificate = one.certificate();
            let examined = self.trust.examine(certificate, &one.chain, at);
            let problems = |subject| self.trust.problems(&examined, subject, at);
            let endings = cert::endings(&examined.path, Whose::Own, at);
            let (above, own): (Vec<_>, Vec<_>) = endings.iter().partition(|e| e.is_issuer);
            let is_first = |e: &&&Ending| e.not_after < certificate.facts().not_after;
            let mut signing = problems(Subject::Sign);
            if one.key.scheme().is_none() {
                signing.push(unsupported(certificate));
            }
            OwnVerdict {
                state: if signs.contains(&certificate.sha256()) {
                    OwnState::Signs
                } else if reads.contains(&certificate.sha256()) {
                    OwnState::Reads
                } else {
                    OwnState::Older
                },
                signing,
                reading: problems(Subject::Encrypt),
                senders: senders
                    .iter()
                    .filter(|s| self.trust.binding(certificate, s).is_ok())
                    .map(|s| (*s).clone())
                    .collect(),
                ends_within: own.first().map(|e| e.days),
                chain_ends: above.iter().filter(is_first).map(|e| e.not_after).min(),
                endings: endings.clone(),
                certificate: certificate.clone(),
            }
        };
        Ok(own.iter().map(verdict).collect())
    }
}

fn unsupported(certificate: &Certificate) -> Problem {
    Problem::UnsupportedKey {
        presented: certificate.facts().key.to_string(),
    }
}

/// What an own identity adds to the mail of one sender.
#[derive(Default)]
pub(super) struct Own {
    keys: Vec<OwnKey>,
    /// Which of the keys signs, and the certificates that go along.
    signs: Option<(Fingerprint, Vec<Certificate>)>,
    /// Who can read beside the recipients.
    pub(super) readers: Vec<FurtherReader>,
    /// Whether mail that is not encrypted is signed too.
    pub(super) signs_clear: bool,
    /// Whether the subject can be read on the way.
    pub(super) subject: SubjectRule,
}

/// A reader beside the recipients, judged.
pub(super) struct FurtherReader {
    pub(super) told: Further,
    pub(super) certificate: EncryptionCertificate,
}

impl Own {
    /// Who signs, where somebody does.
    pub(super) fn signing(&self, at: Timestamp) -> Option<Signing<'_>> {
        let (sha256, chain) = self.signs.as_ref()?;
        let own = self
            .readers
            .iter()
            .find(|r| r.told.kind == FurtherKind::Own);
        let key = self
            .keys
            .iter()
            .find(|k| k.certificate().sha256() == *sha256)?;
        Some(Signing {
            signer: &key.key,
            chain,
            reading: own.map(|r| r.certificate.certificate()),
            at,
        })
    }

    /// What the sender is shown of the further readers.
    pub(super) fn told(&self) -> Vec<Further> {
        self.readers.iter().map(|r| r.told.clone()).collect()
    }
}

impl Segl {
    /// What the own identity adds to mail from this address. An archive that policy names and that cannot be used is an
    /// error: what should be archived is not sent without. Blocks on disk and keyring.
    pub(super) fn own_for(&self, from: &Address, at: Timestamp) -> Result<Own, SendError> {
        let settings = &self.config.identity;
        let keys = self.own()?;
        let signs = settings.sign.then(|| signing(&self.trust, &keys, from, at));
        let signs = signs
            .flatten()
            .map(|(key, chain)| (key.certificate().sha256(), chain));
        let own = reading(&self.trust, &keys, from, at).map(|certificate| FurtherReader {
            told: Further {
                kind: FurtherKind::Own,
                name: from.given().to_owned(),
                sha256: certificate.certificate().sha256(),
            },
            certificate,
        });
        let archive = settings.archive.as_deref().map(|f| self.archive(f, at));
        Ok(Own {
            signs,
            readers: own.into_iter().chain(archive.transpose()?).collect(),
            signs_clear: settings.sign_clear,
            subject: self.config.subject.clone(),
            keys,
        })
    }

    /// The archive's certificate.
    fn archive(&self, file: &Path, at: Timestamp) -> Result<FurtherReader, SendError> {
        let unusable = |why: ArchiveFault| SendError::Archive {
            file: file.to_owned(),
            why,
        };
        let octets =
            std::fs::read(file).map_err(|e| unusable(ArchiveFault::Unreadable(e.to_string())))?;
        let found = cert::certificates(&octets)
            .map_err(|e| unusable(ArchiveFault::Unreadable(e.to_string())))?;
        let certificate = match &found[..] {
            [Ok(one)] => one,
            [Err(problem)] => return Err(unusable(ArchiveFault::Problems(vec![problem.clone()]))),
            _ => return Err(unusable(ArchiveFault::NotOne)),
        };
        let judged = self.trust.judge_pinned(certificate, at);
        let certificate = judged.map_err(|p| unusable(ArchiveFault::Problems(p)))?;
        let facts = certificate.certificate().facts();
        Ok(FurtherReader {
            told: Further {
                kind: FurtherKind::Archive,
                name: facts
                    .common_name
                    .clone()
                    .unwrap_or_else(|| facts.subject.clone()),
                sha256: certificate.certificate().sha256(),
            },
            certificate,
        })
    }

    /// Who else can read what this address sends, and whether it is signed: for the surfaces. What cannot be had now is
    /// left out here and stops the sending. Blocks on disk and keyring.
    pub fn own_identity(&self, from: &Address, at: Timestamp) -> OwnIdentity {
        let own = self.own_for(from, at).unwrap_or_default();
        OwnIdentity {
            from: from.clone(),
            signs: own.signs.is_some(),
            signs_clear: own.signs.is_some() && own.signs_clear,
            further: own.told(),
        }
    }

    /// The rules for a draft from this address.
    pub(super) fn policy_for(&self, from: &Address, at: Timestamp) -> Policy {
        Policy {
            further: self.own_identity(from, at).further,
            ..self.config.policy.clone()
        }
    }

    /// What is wrong with the archive that the settings name, if something is.
    pub(super) fn archive_fault(&self, at: Timestamp) -> Option<SendError> {
        let file = self.config.identity.archive.as_deref()?;
        self.archive(file, at).err()
    }
}

/// What a sender's own identity adds to a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnIdentity {
    /// The sender.
    pub from: Address,
    /// Whether encrypted mail is signed.
    pub signs: bool,
    /// Whether mail without encryption is signed.
    pub signs_clear: bool,
    /// Who else can read what is encrypted.
    pub further: Vec<Further>,
}

/// Why the archive cannot be encrypted to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveFault {
    /// The file cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// It does not hold exactly one certificate.
    #[error("not exactly one certificate")]
    NotOne,
    /// The certificate is not usable.
    #[error("{0:?}")]
    Problems(Vec<Problem>),
}

/// The key that signs mail from this address, with the certificates that go along. It must name the address: a reader
/// compares it with From (RFC 8550 §3). Nothing wrong with it may be known.
pub(super) fn signing<'a>(
    trust: &Trust,
    own: &'a [OwnKey],
    from: &Address,
    at: Timestamp,
) -> Option<(&'a OwnKey, Vec<Certificate>)> {
    own.iter()
        .filter(|one| one.key.scheme().is_some() && one.certificate().names(from))
        .find_map(|one| {
            let examined = trust.examine(one.certificate(), &one.chain, at);
            let is_good = trust.problems(&examined, Subject::Sign, at).is_empty();
            // The path as it was checked; a root among them is left out when the signature is made.
            let chain = examined.path.certificates().iter().skip(1).cloned();
            is_good.then(|| (one, chain.collect()))
        })
}

/// The certificate that mail from this address is also encrypted to, so that its sender can read it.
pub(super) fn reading(
    trust: &Trust,
    own: &[OwnKey],
    from: &Address,
    at: Timestamp,
) -> Option<EncryptionCertificate> {
    own.iter().find_map(|one| {
        trust
            .judge(one.certificate(), &one.chain, from, None, at)
            .ok()
    })
}
