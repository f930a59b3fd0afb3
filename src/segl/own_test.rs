//! Everything that is wrong with the user's own certificates.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{
    Held, HeldKeys, Segl, TokenPlace,
    own::{reading, signing},
};
use crate::{
    cert::{self, Certificate, Ending, KeyKind, Problem, Subject, Whose},
    identity::SignatureScheme,
    keys::{KeyError, TokenError},
    mail::Address,
};

/// What a test of the own certificates found.
#[derive(Debug, Default)]
pub struct OwnTest {
    /// Each certificate, the one that is valid longest first.
    pub verdicts: Vec<OwnVerdict>,
    /// What keeps tokens from being looked at.
    pub faults: Vec<TokenError>,
    /// The files of own keys that do not open.
    pub damaged: Vec<PathBuf>,
}

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
    /// It is used, and ends within so many days: 60, 30, 14 or 7.
    pub ends_within: Option<u16>,
    /// It is used, and a certificate above it ends first, and soon.
    pub chain_ends: Option<Timestamp>,
    /// Every certificate of its path that ends soon.
    pub endings: Vec<Ending>,
    /// The token that it is in; none where its key is kept.
    pub place: Option<TokenPlace>,
    /// What other programs, or the firm's rules, do not do with it.
    pub remark: Option<OwnRemark>,
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
            && self.place.as_ref().is_none_or(|place| !place.is_in_doubt())
    }

    /// Whether it may sign by its key usage, and nothing be encrypted to it.
    pub fn is_for_signing_only(&self) -> bool {
        let is_barred = |problems: &[Problem]| {
            let mut problems = problems.iter();
            problems.any(|p| matches!(p, Problem::KeyUsage { .. }))
        };
        is_barred(&self.reading) && !is_barred(&self.signing)
    }

    /// Whether it is there for longer, and whatever the other is for, it is for too.
    pub(super) fn replaces(&self, other: &Self) -> bool {
        let until = |v: &Self| v.certificate.facts().not_after;
        let is_revoked = |p: &Problem| matches!(p, Problem::Revoked { .. });
        until(self) > until(other)
            && !self.signing.iter().any(is_revoked)
            && (can(&self.signing) || !can(&other.signing))
            && (can(&self.reading) || !can(&other.reading))
            && other.senders.iter().all(|s| self.senders.contains(s))
    }

    /// Whether it ended.
    pub fn is_over(&self) -> bool {
        self.reading
            .iter()
            .chain(&self.signing)
            .any(|p| matches!(p, Problem::Expired { .. }))
    }
}

impl Segl {
    /// All that is wrong with each own certificate, as far as is known without asking anybody. Blocks on disk,
    /// keyring and tokens.
    pub fn test_own(&self, at: Timestamp) -> Result<OwnTest, KeyError> {
        let HeldKeys {
            keys: own,
            faults,
            damaged,
        } = self.held_keys()?;
        let rules = self.config.identity.signatures;
        let senders: Vec<&Address> = self
            .config
            .senders
            .iter()
            .map(|s| &s.author().address)
            .collect();
        let signs: Vec<_> = senders
            .iter()
            .filter_map(|s| signing(&self.trust, &own, rules, s, at))
            .map(|(key, ..)| key.certificate().sha256())
            .collect();
        let reads: Vec<_> = senders
            .iter()
            .filter_map(|s| reading(&self.trust, &own, s, at))
            .map(|c| c.certificate().sha256())
            .collect();
        let verdict = |one: &Held| {
            let certificate = one.certificate();
            let examined = self.trust.examine(certificate, one.chain(), at);
            let problems = |subject| self.trust.problems(&examined, subject, at);
            let endings = cert::endings(&examined.path, Whose::Own, at);
            let (above, own): (Vec<_>, Vec<_>) = endings.iter().partition(|e| e.is_issuer);
            let is_first = |e: &&&Ending| e.not_after < certificate.facts().not_after;
            let mut signing = problems(Subject::Sign);
            if one.signer().schemes().is_empty() {
                signing.push(unsupported(certificate));
            }
            let scheme = rules.choose(one.signer());
            let state = if signs.contains(&certificate.sha256()) {
                OwnState::Signs
            } else if reads.contains(&certificate.sha256()) {
                OwnState::Reads
            } else {
                OwnState::Older
            };
            // Another one has taken over: that this one ends is nothing to be done about.
            let is_used = state != OwnState::Older;
            OwnVerdict {
                state,
                signing,
                reading: problems(Subject::Encrypt),
                senders: senders
                    .iter()
                    .filter(|s| self.trust.binding(certificate, s).is_ok())
                    .map(|s| (*s).clone())
                    .collect(),
                ends_within: own.first().map(|e| e.days).filter(|_| is_used),
                chain_ends: above
                    .iter()
                    .filter(is_first)
                    .filter(|_| is_used)
                    .map(|e| e.not_after)
                    .min(),
                endings: endings.clone(),
                place: one.place(),
                remark: remark(one, scheme),
                certificate: certificate.clone(),
            }
        };
        Ok(OwnTest {
            verdicts: own.iter().map(verdict).collect(),
            faults,
            damaged,
        })
    }
}

/// What is to be known of a certificate in which nothing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnRemark {
    /// It signs in a way that Outlook does not verify, because the settings want it.
    OutlookCannotVerify,
    /// It does not sign: Outlook would not verify it, and the settings do not allow it.
    SignsNotByRule,
    /// Outlook and most programs cannot encrypt to it.
    OutlookCannotEncrypt,
}

impl OwnRemark {
    /// Its code in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::OutlookCannotVerify => "outlook-cannot-verify",
            Self::SignsNotByRule => "signs-not-by-rule",
            Self::OutlookCannotEncrypt => "outlook-cannot-encrypt",
        }
    }
}

fn remark(one: &Held, scheme: Option<SignatureScheme>) -> Option<OwnRemark> {
    let key = &one.certificate().facts().key;
    match scheme {
        _ if matches!(key, KeyKind::X25519 | KeyKind::MlKem(_)) => {
            Some(OwnRemark::OutlookCannotEncrypt)
        }
        Some(scheme) if !scheme.is_usual() => Some(OwnRemark::OutlookCannotVerify),
        None if !one.signer().schemes().is_empty() => Some(OwnRemark::SignsNotByRule),
        _ => None,
    }
}

/// Whether a use is possible by key and usage, whatever else there is now.
fn can(problems: &[Problem]) -> bool {
    !problems.iter().any(|p| {
        matches!(
            p,
            Problem::KeyUsage { .. }
                | Problem::ExtendedKeyUsage { .. }
                | Problem::WeakKey { .. }
                | Problem::WeakSignature { .. }
                | Problem::UnsupportedKey { .. }
        )
    })
}

fn unsupported(certificate: &Certificate) -> Problem {
    Problem::UnsupportedKey {
        presented: certificate.facts().key.to_string(),
    }
}
