//! What responders said, by certificate: the newest answer that could be used, and why the last try brought none.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use super::{Answered, Kept};
use crate::{
    cert::{Certificate, Fingerprint, RevocationAnswer, RevocationUnknown},
    revocation::status::Inquiry,
};

/// Certificates whose answers are held at most: more than anybody writes to in a day.
const MAX: usize = 2_000;

/// Answers of responders.
#[derive(Default)]
pub struct Responses(Mutex<HashMap<Fingerprint, Entry>>);

#[derive(Default, Clone)]
struct Entry {
    answer: Option<Kept>,
    asked_at: Option<Timestamp>,
    trouble: Option<RevocationUnknown>,
}

impl Responses {
    /// Keeps an answer that was found to say "good" or "revoked" of a certificate of an issuer. Whoever stands on the way may hand out an old one
    /// again: one that is older than what is there is not kept.
    pub fn keep(&self, link: (&Certificate, &Certificate), answer: Answered, asked_at: Timestamp) {
        let (certificate, _) = link;
        let mut entries = self.entries();
        if entries.len() >= MAX && !entries.contains_key(&certificate.sha256()) {
            entries.clear();
        }
        let entry = entries.entry(certificate.sha256()).or_default();
        let is_older = entry
            .answer
            .as_ref()
            .is_some_and(|old| answer.this_update(link) < old.this_update(link));
        if !is_older {
            entry.answer = Some(Arc::new(answer));
        }
        entry.asked_at = entry.asked_at.max(Some(asked_at));
        entry.trouble = None;
    }

    /// Keeps why there is no answer now. An earlier one stays.
    pub fn note(&self, certificate: &Certificate, trouble: RevocationUnknown) {
        let mut entries = self.entries();
        if entries.len() >= MAX && !entries.contains_key(&certificate.sha256()) {
            entries.clear();
        }
        entries.entry(certificate.sha256()).or_default().trouble = Some(trouble);
    }

    /// Whether an answer is held for a certificate.
    pub fn holds(&self, certificate: &Certificate) -> bool {
        let entries = self.entries();
        let entry = entries.get(&certificate.sha256());
        entry.is_some_and(|e| e.answer.is_some())
    }

    /// When a responder was asked whose answer does not say when the next one is due.
    pub fn endless_since(&self, link: (&Certificate, &Certificate)) -> Option<Timestamp> {
        let entries = self.entries();
        let entry = entries.get(&link.0.sha256())?;
        let is_endless = entry.answer.as_ref().is_some_and(|a| a.is_endless(link));
        entry.asked_at.filter(|_| is_endless)
    }

    /// What is known of a certificate of which the lists say `listed`.
    ///
    /// Lists go first: an answer counts where they say nothing, or nothing of today. "Revoked" is final, whoever says it.
    pub(in crate::revocation) fn beside(
        &self,
        listed: RevocationAnswer,
        certificate: &Certificate,
        issuer: &Certificate,
        inquiry: &Inquiry<'_>,
    ) -> RevocationAnswer {
        let entry = self.entries().get(&certificate.sha256()).cloned();
        let Some(entry) = entry else { return listed };
        if matches!(listed, RevocationAnswer::Revoked { .. }) {
            return listed;
        }
        let said = entry
            .answer
            .map(|answer| answer.of(certificate, issuer, inquiry));
        let is_no_source = matches!(
            listed,
            RevocationAnswer::Unknown(RevocationUnknown::NoSource { .. })
        );
        match (said, &listed) {
            (Some(revoked @ RevocationAnswer::Revoked { .. }), _) => revoked,
            (Some(good @ RevocationAnswer::Good { .. }), RevocationAnswer::Unknown(_)) => good,
            (
                Some(RevocationAnswer::Good {
                    sources,
                    this_update,
                    next_update,
                }),
                RevocationAnswer::Good {
                    this_update: of_list,
                    ..
                },
            ) if !listed.is_current(inquiry.at) && this_update > *of_list => {
                RevocationAnswer::Good {
                    sources,
                    this_update,
                    next_update,
                }
            }
            // With no list at all, what the responder says is the reason.
            (Some(RevocationAnswer::Unknown(why)), _) if is_no_source => {
                RevocationAnswer::Unknown(entry.trouble.unwrap_or(why))
            }
            (None, _) if is_no_source => entry.trouble.map_or(listed, RevocationAnswer::Unknown),
            _ => listed,
        }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Fingerprint, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
