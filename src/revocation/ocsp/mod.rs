//! Asking a responder whether a certificate was revoked (RFC 6960, with the lightweight profile of RFC 5019 as what most
//! responders do, and nonces as in RFC 9654).
//!
//! An answer counts when it names the certificate, is signed by the certificate's issuer or by somebody whom that very
//! issuer made a responder, is of now, and repeats the nonce if it has one. Responders that make their answers in
//! advance repeat none (RFC 5019 §4); then the dates alone bound how old it may be, and there must be a next update.
//! Whatever else comes is unknown, with its reason, and never good.

mod question;
mod response;
mod responses;
mod signer;

use std::sync::Arc;

use jiff::Timestamp;

pub use question::{NONCE, Question};
pub use response::MAX_OCTETS as MAX_ANSWER;
use response::{Message, Response, Single, State};
pub use responses::Responses;

use super::status::{Evidence, Inquiry};
use crate::cert::{
    self, Certificate, Reading, RevocationAnswer, RevocationSource, RevocationSourceKind,
    RevocationUnknown,
};

/// An answer that can be read, of a responder that has a name.
pub struct Answered {
    response: Response,
    /// The responder's host, for people.
    host: String,
}

impl Answered {
    /// Reads what came. What is no answer is unknown, with its reason.
    pub fn read(octets: &[u8], host: &str) -> Result<Self, RevocationUnknown> {
        match Message::read(octets) {
            Ok(Message::Basic(response)) => Ok(Self {
                response: *response,
                host: host.to_owned(),
            }),
            Ok(Message::Status(status)) => Err(RevocationUnknown::Declined {
                host: host.to_owned(),
                status,
            }),
            Err(detail) => Err(RevocationUnknown::Unfit {
                host: host.to_owned(),
                detail,
            }),
        }
    }

    /// Whether it may be the answer to a question that was asked a moment ago: with the nonce that was sent or, from a
    /// responder that makes answers in advance, none; and not older than it says itself. What it says of other
    /// certificates besides is no part of the answer, however old that is.
    ///
    /// Without a next update it says that newer information is there at any time. Then only the nonce tells that it is
    /// not an old one that somebody on the way hands out again: with it, it counts for a day like a list that has none.
    pub fn fits(&self, question: &Question, at: Timestamp) -> Result<(), RevocationUnknown> {
        let is_ours = self.response.nonce.as_deref() == Some(question.nonce());
        if self.response.nonce.is_some() && !is_ours {
            return Err(self.unfit("the nonce is not the one that was sent"));
        }
        for single in self.about(question.link()) {
            match single.next_update {
                None if !is_ours => {
                    return Err(self.unfit("neither a next update nor the nonce that was sent"));
                }
                Some(due) if due < at => {
                    return Err(RevocationUnknown::Stale {
                        next_update: single.next_update,
                        this_update: single.this_update,
                    });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What it says of a certificate. Who signed it is found out with the lists of `inquiry`.
    pub(super) fn of(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        inquiry: &Inquiry<'_>,
    ) -> RevocationAnswer {
        self.judged(certificate, issuer, inquiry)
            .unwrap_or_else(RevocationAnswer::Unknown)
    }

    fn judged(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        inquiry: &Inquiry<'_>,
    ) -> Result<RevocationAnswer, RevocationUnknown> {
        if let Some(extension) = &self.response.critical {
            return Err(self.unfit(&format!("critical extension {extension}")));
        }
        // Said twice, the worse counts.
        let single = self
            .about((certificate, issuer))
            .max_by_key(|s| match s.state {
                State::Good => 0,
                State::Unknown => 1,
                State::Revoked(_) => 2,
            })
            .ok_or_else(|| self.unfit("it is about another certificate"))?;
        // First who signed: whoever is handed an answer from the future may believe at least that it is later.
        let signer = signer::sources(self, issuer, inquiry)?;
        for made in [single.this_update, self.response.produced_at] {
            if made > cert::latest(inquiry.at) {
                return Err(RevocationUnknown::NotYet { this_update: made });
            }
        }
        match &single.state {
            State::Unknown => Err(RevocationUnknown::NotKnown {
                host: self.host.clone(),
            }),
            State::Revoked(revoked) => Ok(RevocationAnswer::Revoked {
                at: revoked.at,
                reason: revoked.reason(),
                source: self.source(single),
            }),
            State::Good => {
                let mut evidence = None;
                Evidence::add_whole(&mut evidence, &self.source(single));
                for source in &signer {
                    Evidence::add_whole(&mut evidence, source);
                }
                evidence
                    .map(Evidence::good)
                    .ok_or_else(|| self.unfit("no evidence"))
            }
        }
    }

    /// What it says of this certificate of this issuer.
    fn about<'a>(
        &'a self,
        (certificate, issuer): (&'a Certificate, &'a Certificate),
    ) -> impl Iterator<Item = &'a Single> {
        let singles = self.response.singles.iter();
        singles.filter(move |s| s.id.names(&s.hash, certificate, issuer))
    }

    /// When the newest of what it says of a certificate was made.
    pub(super) fn this_update(&self, link: (&Certificate, &Certificate)) -> Option<Timestamp> {
        self.about(link).map(|s| s.this_update).max()
    }

    /// Whether it does not say when the next one about a certificate is due.
    pub(super) fn is_endless(&self, link: (&Certificate, &Certificate)) -> bool {
        self.about(link).any(|s| s.next_update.is_none())
    }

    /// What the time of its signature tells: with the nonce that was sent it was signed a moment ago.
    pub fn reading(&self, question: &Question) -> Reading {
        if self.response.nonce.as_deref() == Some(question.nonce()) {
            Reading::Exact
        } else {
            Reading::AtLeast
        }
    }

    /// When it was signed.
    pub fn produced_at(&self) -> Timestamp {
        self.response.produced_at
    }

    fn source(&self, single: &Single) -> RevocationSource {
        RevocationSource {
            kind: RevocationSourceKind::Ocsp,
            name: self.host.clone(),
            this_update: single.this_update,
            next_update: single.next_update,
            sha256: self.response.sha256,
        }
    }

    fn unfit(&self, detail: &str) -> RevocationUnknown {
        RevocationUnknown::Unfit {
            host: self.host.clone(),
            detail: detail.to_owned(),
        }
    }

    fn wrong(&self, detail: &str) -> RevocationUnknown {
        RevocationUnknown::WrongResponder {
            host: self.host.clone(),
            detail: detail.to_owned(),
        }
    }
}

/// An answer as it is kept: shared by whoever judges with it.
type Kept = Arc<Answered>;
