//! The answer: matched to its request, each line with its witness, filed once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tokio::time::Instant;

use super::{FILED, Request, is_token};
use crate::{
    dkim::{self, Checked},
    keys::KeyError,
    mail::{
        Action, Address, AnswerKind, Digest, Notification,
        fields::{fields, with_crlf},
        notification,
        trace::hops,
    },
    net::Validating,
    record::{Evidence, RecordError},
    segl::{DraftError, Segl, drafts},
    tls::{Direction, FiledReceipt, Leg, Witness, is_own, summary, witnessed},
};

/// Whoever files a receipt holds the lock of this file: one answer must not be filed twice.
const LOCK: &str = "receipts.lock";
/// Lines of one mail that go into the record.
const RECORDED_MAX: usize = 50;
/// Characters of a line that go into the record.
const LINE_MAX: usize = 1000;

/// An answer, read and judged.
#[derive(Debug)]
pub struct TakenReceipt {
    /// What it says.
    pub answer: Notification,
    /// The request that it answers; none where it names none of ours.
    pub request: Option<Request>,
    /// The lines of the ways that it speaks of.
    pub legs: Vec<Leg>,
    /// What its signatures come to.
    pub signatures: Vec<Checked>,
    /// Whether a signature of the domain holds and covers the body.
    pub is_vouched: bool,
    /// SHA-256 of the file.
    pub sha256: Digest,
    /// What it comes to; in its row of the record where it was filed.
    pub summary: FiledReceipt,
    /// Why it was not filed; none where it was.
    pub not_filed: Option<NotFiled>,
}

/// Why an answer was shown and not filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotFiled {
    /// It does not name the token of a request of this installation.
    NoToken,
    /// It is from another domain than was asked.
    OtherDomain {
        /// Which; empty where that cannot be read.
        from: String,
    },
    /// The same was filed already.
    Second {
        /// In this row.
        row: u64,
    },
}

impl NotFiled {
    /// The code for `--json`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoToken => "no-token",
            Self::OtherDomain { .. } => "other-domain",
            Self::Second { .. } => "second",
        }
    }
}

/// Why an answer could not be read or filed.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// The file is no mail.
    #[error("not a mail")]
    NoMail,
    /// The key of the record is not at hand.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The record cannot be read or written.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// Another program is filing one.
    #[error("another program is filing a receipt")]
    Busy,
}

impl Segl {
    /// Reads an answer, judges it, and files it where it answers a request of ours for the first time. What it asks for
    /// itself is not done: no receipt is ever sent.
    pub async fn take_receipt(
        &self,
        octets: &[u8],
        at: Timestamp,
    ) -> Result<TakenReceipt, ReceiptError> {
        let clean = with_crlf(octets);
        let answer = notification(&clean).ok_or(ReceiptError::NoMail)?;
        let vault = self.vault()?;
        // Begun where there is none yet: then nobody was asked, and the answer is nobody's.
        vault.record(at)?;
        let signatures = self.signatures(&clean, at).await;
        let _lock = drafts::patient(&self.door.folder().join(LOCK))
            .map_err(|_cause: DraftError| ReceiptError::Busy)?
            .ok_or(ReceiptError::Busy)?;
        let mut known = self.receipts_known();
        known.refresh(&vault)?;
        let request = known.asked(&tokens(&answer)).cloned();
        let domain = request.as_ref().map(|r| r.domain.as_str());
        let is_vouched = domain.is_some_and(|d| signatures.iter().any(|s| s.vouches_for(d)));
        let legs = self.legs(&clean, &answer, is_vouched);
        let mut summary = summary(&legs, answer.kind, answer.action(), at);
        let not_filed = match &request {
            None => Some(NotFiled::NoToken),
            Some(request) if !self.is_of(&answer, request) => Some(NotFiled::OtherDomain {
                from: answer
                    .from
                    .as_ref()
                    .map(|a| a.domain().to_owned())
                    .unwrap_or_default(),
            }),
            Some(request) => known
                .filed(&(request.token.clone(), answer.kind, answer.action()))
                .map(|row| NotFiled::Second { row }),
        };
        let mut taken = TakenReceipt {
            sha256: Digest::of(octets),
            answer,
            request,
            legs,
            signatures,
            is_vouched,
            summary: summary.clone(),
            not_filed,
        };
        if let (None, Some(request)) = (&taken.not_filed, &taken.request) {
            let evidence = Evidence {
                code: FILED.to_owned(),
                sha256: taken.sha256.to_string(),
                content: content(&taken, request),
                about: Some(request.row),
            };
            summary.row = vault.record(at)?.append(evidence, at)?.seq;
            taken.summary = summary;
        }
        Ok(taken)
    }

    /// The newest receipt of each domain. Where the record cannot be read there is none to show; that is no finding of a
    /// domain's. Asks no keyring.
    pub fn filed_receipts(&self) -> BTreeMap<String, FiledReceipt> {
        let Some(vault) = self.door.opened() else {
            return BTreeMap::new();
        };
        let mut known = self.receipts_known();
        // No record yet: nobody was asked.
        let _unread = known.refresh(&vault);
        known.newest()
    }

    /// Whether an answer names a request of ours. Asks no keyring.
    pub fn was_asked(&self, answer: &Notification) -> bool {
        let Some(vault) = self.door.opened() else {
            return false;
        };
        let mut known = self.receipts_known();
        let _unread = known.refresh(&vault);
        known.asked(&tokens(answer)).is_some()
    }

    async fn signatures(&self, octets: &[u8], at: Timestamp) -> Vec<Checked> {
        let transport = &self.config.transport;
        let dns = Validating::new(transport.resolver, transport.root_anchor.as_deref()).ok();
        let until = Instant::now() + transport.deadline;
        dkim::verify(octets, dns.as_ref(), until, at).await
    }

    /// The lines of the answer's own way, and of the request's where that came back in it.
    fn legs(&self, octets: &[u8], answer: &Notification, is_vouched: bool) -> Vec<Leg> {
        let own_hosts = &self.config.transport.own_hosts;
        let mut legs = Vec::new();
        let mut add = |direction, octets: &[u8], own_hosts: &[String], claimed| {
            let (hops, left_out) = hops(&fields(octets).0);
            if !hops.is_empty() {
                legs.push(Leg {
                    direction,
                    hops: witnessed(hops, own_hosts, claimed),
                    left_out,
                });
            }
        };
        // A signature of the body says nothing of the lines above it.
        add(Direction::FromThem, octets, own_hosts, Witness::Unverified);
        if let Some(returned) = &answer.returned {
            let claimed = if is_vouched {
                Witness::Domain
            } else {
                Witness::Unverified
            };
            // Inside a message that came back everything is claimed, also what names our hosts.
            add(Direction::ToThem, returned, &[], claimed);
        }
        legs
    }

    /// Whether an answer is from whom was asked: from the domain, or, of a notification of delivery, by one of its mail
    /// servers or our own.
    fn is_of(&self, answer: &Notification, request: &Request) -> bool {
        let is_within = |name: &str| {
            let rest = name.strip_suffix(request.domain.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if answer.from.as_ref().is_some_and(|a| is_within(a.domain())) {
            return true;
        }
        let (AnswerKind::Delivery, Some(reporting)) = (answer.kind, &answer.reporting) else {
            return false;
        };
        let reporting = reporting.trim_end_matches('.').to_ascii_lowercase();
        let server = self.config.submission.as_ref().map(|s| s.host.as_str());
        is_within(&reporting)
            || request.mx.contains(&reporting)
            || is_own(&reporting, &self.config.transport.own_hosts)
            || server.is_some_and(|host| host.eq_ignore_ascii_case(&reporting))
    }

    fn receipts_known(&self) -> std::sync::MutexGuard<'_, super::Known> {
        self.receipts
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What could be tokens among all that an answer names.
fn tokens(answer: &Notification) -> BTreeSet<String> {
    let names = answer.names.iter();
    let of_names = names.filter_map(|id| id.split('@').next());
    of_names
        .chain(answer.envelope.as_deref())
        .filter(|t| is_token(t))
        .map(str::to_owned)
        .collect()
}

/// What the record says: the lines as they stand, as many as it has room for.
fn content(taken: &TakenReceipt, request: &Request) -> serde_json::Value {
    let legs: Vec<Leg> = taken
        .legs
        .iter()
        .map(|leg| {
            let mut leg = leg.clone();
            leg.left_out += leg.hops.len().saturating_sub(RECORDED_MAX);
            leg.hops.truncate(RECORDED_MAX);
            for seen in &mut leg.hops {
                let end = seen.hop.text.floor_char_boundary(LINE_MAX);
                seen.hop.text.truncate(end);
            }
            leg
        })
        .collect();
    serde_json::json!({
        "token": request.token, "address": request.address, "domain": request.domain,
        "kind": taken.answer.kind.code(), "action": taken.answer.action().map(Action::code),
        "reporting": taken.answer.reporting, "told": taken.answer.told.iter().take(10).collect::<Vec<_>>(),
        "date": taken.answer.at, "from": taken.answer.from.as_ref().map(Address::wire),
        "legs": legs, "signatures": taken.signatures, "vouched": taken.is_vouched,
        "summary": taken.summary,
    })
}
