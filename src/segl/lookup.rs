//! Asking the directories, all at once, with what they said before.
//!
//! An answer counts from when the directory gave it. A fresh one is used without asking; while a directory does not
//! answer, an older one stands in for it, marked as such: an outage must not turn an office red. "Has none" counts only
//! for minutes, and never stands in for anything.

use std::{collections::BTreeMap, sync::Arc};

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::{Clock, DomainTransport, DraftError, Segl};
use crate::{
    cert::{Organisation, Reading, RevocationAnswer, RevocationFinding, RevocationUnknown},
    decide::{Assessment, Assessments, Policy, Remembered, Route, Transport},
    directory::{Answer, Directory, Freshness},
    mail::{Address, Recipient},
    net::Vouched,
    store::{CachedAnswer, Store},
    tls::Promise,
};

/// Addresses that are looked up at once. The rest waits: a pasted list of thousands must not flood a directory.
const AT_ONCE: usize = 64;

/// Whether earlier answers may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// As long as they are fresh.
    IfNotFresh,
    /// No: somebody pressed the key for it.
    Anew,
}

/// A directory, and the name under which its answers are kept: other settings are another directory.
pub(super) struct Asked {
    pub(super) directory: Box<dyn Directory>,
    pub(super) kept_as: Option<String>,
}

/// What one directory came to.
struct Outcome {
    answer: Answer,
    is_older: bool,
}

impl Segl {
    /// All that is known about one recipient. Never fails: failures are findings.
    pub async fn assess(&self, address: &Address, ask: Ask, clock: Clock<'_>) -> Assessment {
        let assessment = self.assess_by_own_clock(address, ask, clock).await;
        let known = self
            .transport_of(std::slice::from_ref(&assessment), ask, clock)
            .await;
        let assessment = over(assessment, &known);
        // Last: whoever was asked has said what time it is by now.
        assessment.by_clock(self.clock(clock()))
    }

    async fn assess_by_own_clock(
        &self,
        address: &Address,
        ask: Ask,
        clock: Clock<'_>,
    ) -> Assessment {
        let (mut answers, is_older) = self.answers_for(address, ask, clock).await;
        let store = self.answers_store();
        let known = self.known(store.as_deref(), address);
        answers.extend(self.pinned(&known, clock()));
        self.recall_imported_issuers();
        self.fetch_issuers(&answers, store.as_deref(), clock())
            .await;
        self.fetch_lists(&answers, clock()).await;
        self.ask_responders(&answers, store.as_deref(), clock())
            .await;
        let assessment = self.trust.assess(address, answers, &known, clock());
        self.hear_lists(&assessment);
        let assessment = if is_older {
            assessment.from_older_answers()
        } else {
            assessment
        };
        self.with_tunnel(assessment, ask, clock).await
    }

    /// What all directories hold under one address, from memory where that is fresh; and whether older answers stand in
    /// for one that is down.
    pub(super) async fn answers_for(
        &self,
        address: &Address,
        ask: Ask,
        clock: Clock<'_>,
    ) -> (Vec<Answer>, bool) {
        let store = self.answers_store();
        let kept = store
            .as_ref()
            .and_then(|s| s.answers::<Answer>(&address.key()).ok())
            .unwrap_or_default();
        let asking = self
            .directories
            .iter()
            .map(|d| self.ask(d, address, ask, &kept, clock));
        let outcomes = join_all(asking).await;
        if let Some(store) = &store {
            self.keep(store, address, &outcomes);
        }
        let is_older = outcomes.iter().any(|o| o.is_older);
        (outcomes.into_iter().map(|o| o.answer).collect(), is_older)
    }

    /// All that is known about several recipients.
    pub async fn assess_all(
        &self,
        recipients: &[Recipient],
        ask: Ask,
        clock: Clock<'_>,
    ) -> Assessments {
        let mut all = Vec::with_capacity(recipients.len());
        for some in recipients.chunks(AT_ONCE) {
            let asking = some
                .iter()
                .map(|r| self.assess_by_own_clock(&r.mailbox.address, ask, clock));
            all.extend(join_all(asking).await);
        }
        let known = self.transport_of(&all, ask, clock).await;
        // The last who answered may be the first who says that the clock is off: it was by the same clock for all.
        let state = self.clock(clock());
        let told = |a: Assessment| {
            let assessment = over(a, &known).by_clock(state.clone());
            (assessment.address().clone(), Arc::new(assessment))
        };
        all.into_iter().map(told).collect()
    }

    /// What is known of the transport to the domains of those who would get a message without encryption, each asked
    /// once. Nobody else's is asked about: DNS would learn whom one writes to.
    async fn transport_of(
        &self,
        all: &[Assessment],
        ask: Ask,
        clock: Clock<'_>,
    ) -> BTreeMap<String, Transport> {
        let policy = &self.config.policy;
        let is_open = |a: &&Assessment| {
            matches!(a.route(policy), Route::Tls | Route::None) && !policy.blocks(a.address())
        };
        let open = all.iter().filter(is_open);
        let domains: Vec<&str> = open.map(|a| a.address().domain()).collect();
        if domains.is_empty() {
            return BTreeMap::new();
        }
        let promise = self.promise(clock());
        let known = self.examine_domains(&domains, ask, clock).await;
        let receipts = self.filed_receipts();
        let transport = |known: &DomainTransport| Transport {
            receipt: receipts.get(&known.findings.domain).cloned(),
            seen: known.findings.level(),
            level: known.level(&promise),
            without_requiretls: known.level(&Promise {
                accepted_requiretls: false,
                ..promise
            }),
            refuses_mail: known.findings.takes_no_mail(),
            checked_at: known.findings.oldest(),
            through: self.relay_shown(),
            findings: serde_json::to_value(&known.findings).ok(),
        };
        let all = known.iter();
        all.map(|(domain, known)| (domain.clone(), transport(known)))
            .collect()
    }

    /// A signed list from the future says that it is later than this computer's clock shows.
    pub(super) fn hear_lists(&self, assessment: &Assessment) {
        for judged in assessment.certificates() {
            let issuer = judged.certificate.as_ref().map(|c| &c.facts().issuer);
            for RevocationFinding { answer, .. } in &judged.revocation {
                if let (
                    RevocationAnswer::Unknown(RevocationUnknown::NotYet { this_update }),
                    Some(issuer),
                ) = (answer, issuer)
                {
                    self.dates
                        .hear(issuer, *this_update, Reading::AtLeast, Vouched::Yes);
                }
            }
        }
    }

    /// The user confirms that an address now belongs to this organisation, or, with none, to nobody who is named.
    pub fn confirm(
        &self,
        address: &Address,
        organisation: Option<Organisation>,
        at: Timestamp,
    ) -> Result<(), DraftError> {
        let now = Some(Remembered { organisation, at });
        Ok(self.vault()?.store().confirm_change(&address.key(), &now)?)
    }

    async fn ask(
        &self,
        asked: &Asked,
        address: &Address,
        ask: Ask,
        kept: &[CachedAnswer<Answer>],
        clock: Clock<'_>,
    ) -> Outcome {
        let now = clock();
        let kept = kept
            .iter()
            .find(|k| asked.kept_as.as_ref() == Some(&k.directory))
            .map(|k| &k.answer);
        if let Some(answer) =
            kept.filter(|k| ask == Ask::IfNotFresh && is_fresh(k, now, &self.config.policy))
        {
            return Outcome {
                answer: answer.clone(),
                is_older: false,
            };
        }
        let freshness = if ask == Ask::Anew {
            Freshness::Now
        } else {
            Freshness::Recent
        };
        let mut answer = asked.directory.find(address, now, freshness).await;
        let stands_in = kept.filter(|k| {
            answer.failure.is_some()
                && answer.found.is_empty()
                && !k.found.is_empty()
                && age(k, now) <= self.config.policy.directory_stale
        });
        match stands_in {
            Some(kept) => {
                answer.found.clone_from(&kept.found);
                answer.asked_at = kept.asked_at;
                Outcome {
                    answer,
                    is_older: true,
                }
            }
            None => Outcome {
                answer,
                is_older: false,
            },
        }
    }

    /// Keeps whole answers. What failed or is partial would only hide the next, better answer.
    fn keep(&self, store: &Store, address: &Address, outcomes: &[Outcome]) {
        for (asked, outcome) in self.directories.iter().zip(outcomes) {
            let Some(name) = &asked.kept_as else { continue };
            if outcome.answer.failure.is_none() && !outcome.is_older {
                // A store that cannot be written costs time, not truth: the directory is asked again.
                let _kept = store.put_answer(
                    name,
                    &address.key(),
                    outcome.answer.asked_at,
                    &outcome.answer,
                );
            }
        }
    }

    pub(super) fn remembered(store: Option<&Store>, address: &Address) -> Option<Remembered> {
        store?
            .remembered::<Option<Remembered>>(&address.key())
            .ok()
            .flatten()
            .flatten()
    }
}

fn over(assessment: Assessment, known: &BTreeMap<String, Transport>) -> Assessment {
    match known.get(assessment.address().domain()) {
        Some(transport) if assessment.used().next().is_none() => assessment.over(transport.clone()),
        _ => assessment,
    }
}

fn age(answer: &Answer, now: Timestamp) -> SignedDuration {
    now.duration_since(answer.asked_at)
}

/// An answer from the future is not fresh: the clock was set back, and nobody knows how old it is.
fn is_fresh(answer: &Answer, now: Timestamp, policy: &Policy) -> bool {
    let limit = if answer.found.is_empty() {
        policy.directory_negative
    } else {
        policy.directory_fresh
    };
    let age = age(answer, now);
    answer.failure.is_none() && !age.is_negative() && age <= limit
}
