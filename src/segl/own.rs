//! What the own keys add to a mail: who signs it, and who can read it beside its recipients.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{Held, HeldKeys, MakeError, Segl, SendError, TokenPlace, Trust};
use crate::{
    cert::{self, Certificate, EncryptionCertificate, Fingerprint, Problem, Subject},
    config::SubjectRule,
    decide::{Further, FurtherKind, Policy},
    identity::{SignatureRules, SignatureScheme, SignerError},
    keys::{KeyError, PinTries, TokenError},
    mail::Address,
    smime::{SealError, Signing},
};

/// What an own identity adds to the mail of one sender.
#[derive(Default)]
pub(super) struct Own {
    keys: Vec<Held>,
    /// Which of the keys signs and how, and the certificates that go along.
    signs: Option<Signs>,
    /// Who can read beside the recipients.
    pub(super) readers: Vec<FurtherReader>,
    /// Whether mail that is not encrypted is signed too.
    pub(super) signs_clear: bool,
    /// Whether the subject can be read on the way.
    pub(super) subject: SubjectRule,
    /// The file of an own key that does not open, where the sender has none that does what that one may have done.
    missed: Option<PathBuf>,
}

/// Who signs.
struct Signs {
    sha256: Fingerprint,
    scheme: SignatureScheme,
    chain: Vec<Certificate>,
    place: Option<TokenPlace>,
}

/// A reader beside the recipients, judged.
pub(super) struct FurtherReader {
    pub(super) told: Further,
    pub(super) certificate: EncryptionCertificate,
}

impl Own {
    /// Who signs, where somebody does.
    pub(super) fn signing(&self, at: Timestamp) -> Option<Signing<'_>> {
        let signs = self.signs.as_ref()?;
        let own = self
            .readers
            .iter()
            .find(|r| r.told.kind == FurtherKind::Own);
        let key = self
            .keys
            .iter()
            .find(|k| k.certificate().sha256() == signs.sha256)?;
        Some(Signing {
            signer: key.signer(),
            scheme: signs.scheme,
            chain: &signs.chain,
            reading: own.map(|r| r.certificate.certificate()),
            at,
        })
    }

    /// An error where the token that signs is away or closed, or a key does not open and no other stands in for it: said
    /// before a mail server is asked, and nothing is made.
    pub(super) fn reach(&self) -> Result<(), SendError> {
        use crate::keys::TokenState::{Absent, Locked, Ready, Unreachable};
        if let Some(file) = self.missed.clone() {
            return Err(KeyError::Damaged { file }.into());
        }
        let Some(place) = self.signs.as_ref().and_then(|s| s.place.as_ref()) else {
            return Ok(());
        };
        let why = match &place.state {
            Ready => return Ok(()),
            Locked {
                tries: PinTries::None,
                ..
            } => TokenError::WrongPin(PinTries::None),
            Locked { .. } => TokenError::Locked,
            Absent => TokenError::Absent,
            Unreachable(cause) => cause.clone(),
        };
        Err(SendError::Token {
            token: place.token.clone(),
            why,
        })
    }

    /// The same said of the token where it went away, or failed, while the messages were made.
    pub(super) fn not_made(&self, cause: MakeError) -> SendError {
        let place = self.signs.as_ref().and_then(|s| s.place.as_ref());
        let (Some(place), MakeError::Seal(SealError::Signer(signer))) = (place, &cause) else {
            return cause.into();
        };
        let why = match signer {
            SignerError::Away => TokenError::Absent,
            SignerError::Locked => TokenError::Locked,
            SignerError::Late => TokenError::Late,
            SignerError::Refused(detail) => TokenError::Refused(detail.clone()),
            SignerError::OtherKind | SignerError::Failed(_) => return cause.into(),
        };
        SendError::Token {
            token: place.token.clone(),
            why,
        }
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
        let HeldKeys { keys, damaged, .. } = self.held_keys()?;
        let rules = settings.signatures;
        let signs = settings
            .sign
            .then(|| signing(&self.trust, &keys, rules, from, at));
        let signs = signs.flatten().map(|(key, scheme, chain)| Signs {
            sha256: key.certificate().sha256(),
            scheme,
            chain,
            place: key.place(),
        });
        let own = reading(&self.trust, &keys, from, at).map(|certificate| FurtherReader {
            told: Further {
                kind: FurtherKind::Own,
                name: from.given().to_owned(),
                sha256: certificate.certificate().sha256(),
            },
            certificate,
        });
        // Which certificate was in it is not known: a mail that would leave unsigned, or that its sender could not read
        // again, waits as it does for a token that is away.
        let is_short = settings.sign && signs.is_none() || own.is_none();
        let missed = damaged.into_iter().next().filter(|_| is_short);
        let archive = settings.archive.as_deref().map(|f| self.archive(f, at));
        Ok(Own {
            signs,
            readers: own.into_iter().chain(archive.transpose()?).collect(),
            signs_clear: settings.sign_clear,
            subject: self.config.subject.clone(),
            missed,
            keys,
        })
    }

    /// The archive as a reader.
    fn archive(&self, file: &Path, at: Timestamp) -> Result<FurtherReader, SendError> {
        let certificate = self
            .named_reader(file, at)
            .map_err(|why| SendError::Archive {
                file: file.to_owned(),
                why,
            })?;
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

    /// The one certificate of a file that the settings name, judged.
    pub(super) fn named_reader(
        &self,
        file: &Path,
        at: Timestamp,
    ) -> Result<EncryptionCertificate, ArchiveFault> {
        let octets = std::fs::read(file).map_err(|e| ArchiveFault::Unreadable(e.to_string()))?;
        let found =
            cert::certificates(&octets).map_err(|e| ArchiveFault::Unreadable(e.to_string()))?;
        let certificate = match &found[..] {
            [Ok(one)] => one,
            [Err(problem)] => return Err(ArchiveFault::Problems(vec![problem.clone()])),
            _ => return Err(ArchiveFault::NotOne),
        };
        self.trust
            .judge_pinned(certificate, at)
            .map_err(ArchiveFault::Problems)
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
            token: own.signs.and_then(|signs| signs.place),
        }
    }

    /// The rules for a draft from this address.
    pub(super) fn policy_for(&self, from: &Address, at: Timestamp) -> Policy {
        Policy {
            further: self.own_identity(from, at).further,
            standing: self.standing(at),
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
    /// The token that signs, and how it stands; none where no token does.
    pub token: Option<TokenPlace>,
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

/// The key that signs mail from this address and how, with the certificates that go along. It must name the address: a
/// reader compares it with From (RFC 8550 §3). Nothing wrong with it may be known. One that is there comes before one in
/// a token that is away; where that is the only one, the mail waits for it rather than to leave unsigned.
pub(super) fn signing<'a>(
    trust: &Trust,
    own: &'a [Held],
    rules: SignatureRules,
    from: &Address,
    at: Timestamp,
) -> Option<(&'a Held, SignatureScheme, Vec<Certificate>)> {
    let (there, away): (Vec<_>, Vec<_>) = own.iter().partition(|one| one.is_there());
    there
        .into_iter()
        .chain(away)
        .filter(|one| one.certificate().names(from))
        .find_map(|one| {
            let scheme = rules.choose(one.signer())?;
            let examined = trust.examine(one.certificate(), one.chain(), at);
            let is_good = trust.problems(&examined, Subject::Sign, at).is_empty();
            // The path as it was checked; a root among them is left out when the signature is made.
            let chain = examined.path.certificates().iter().skip(1).cloned();
            is_good.then(|| (one, scheme, chain.collect()))
        })
}

/// The certificate that mail from this address is also encrypted to, so that its sender can read it.
pub(super) fn reading(
    trust: &Trust,
    own: &[Held],
    from: &Address,
    at: Timestamp,
) -> Option<EncryptionCertificate> {
    own.iter().find_map(|one| {
        trust
            .judge(one.certificate(), one.chain(), from, None, at)
            .ok()
    })
}
