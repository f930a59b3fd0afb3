//! What the record says of requests and receipts, kept in memory: the record only grows, so only what is new is read.

use std::collections::{BTreeMap, BTreeSet};

use super::{ASKED, FILED, Request};
use crate::{
    mail::{Action, AnswerKind},
    record::{Log, RecordError, Seen},
    segl::vault::Vault,
    tls::FiledReceipt,
};

/// What makes an answer a second one: the request, the kind of answer, and what it says.
pub(super) type Answered = (String, AnswerKind, Option<Action>);

/// Requests and receipts of one record.
#[derive(Debug, Default)]
pub(in crate::segl) struct Known {
    installation: String,
    read_to: Option<u64>,
    asked: BTreeMap<String, Request>,
    answered: BTreeMap<Answered, u64>,
    newest: BTreeMap<String, FiledReceipt>,
}

/// A filed receipt, as much of its row as is needed here.
#[derive(serde::Deserialize)]
struct Filed {
    token: String,
    domain: String,
    summary: FiledReceipt,
}

impl Known {
    /// Reads what the record says since it was read last. One that was set aside is another record.
    pub(super) fn refresh(&mut self, vault: &Vault) -> Result<(), RecordError> {
        let log = Log::open(vault.folder(), Some(vault.key()))?;
        let installation = log.installation()?;
        if self.installation != installation {
            *self = Self {
                installation,
                ..Self::default()
            };
        }
        for seen in log.seen_after(self.read_to)? {
            self.take(seen);
        }
        Ok(())
    }

    fn take(&mut self, seen: Seen) {
        let Seen { seq, evidence, .. } = seen;
        self.read_to = Some(seq);
        // A row of a later version that this one cannot read is passed over.
        match evidence.code.as_str() {
            ASKED => {
                if let Ok(mut request) = serde_json::from_value::<Request>(evidence.content) {
                    request.row = seq;
                    self.asked.insert(request.token.clone(), request);
                }
            }
            FILED => {
                if let Ok(mut filed) = serde_json::from_value::<Filed>(evidence.content) {
                    filed.summary.row = seq;
                    let summary = &filed.summary;
                    let answered = (filed.token, summary.kind, summary.action);
                    self.answered.entry(answered).or_insert(seq);
                    self.newest.insert(filed.domain, filed.summary);
                }
            }
            _ => {}
        }
    }

    /// The request that one of these tokens is of.
    pub(super) fn asked(&self, tokens: &BTreeSet<String>) -> Option<&Request> {
        tokens.iter().find_map(|t| self.asked.get(t))
    }

    /// The row of an answer that was filed already.
    pub(super) fn filed(&self, answered: &Answered) -> Option<u64> {
        self.answered.get(answered).copied()
    }

    /// The newest receipt of each domain.
    pub(super) fn newest(&self) -> BTreeMap<String, FiledReceipt> {
        self.newest.clone()
    }
}
