//! The send log as people read it: one line for each recipient of each sending, the newest first.

use std::{collections::BTreeMap, io::Write as _, path::Path};

use jiff::Timestamp;

use super::{CopyError, Outcome, Segl, SendError, copies};
use crate::{
    decide::Route,
    mail::Kind,
    record::{DeliveryOutcome, Intent, Log, PlannedDelivery, RecordedRecipient, Sending},
    store::StoreError,
};

/// Why a row of the log was not written to a file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] SendError),
    /// The file cannot be written.
    #[error(transparent)]
    File(#[from] CopyError),
}

/// One recipient of one sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The row of the sending, by which it is exported.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What was sent, and to whom; `None` where the details were removed after their time.
    pub detail: Option<LoggedDetail>,
}

/// What stands in a line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedDetail {
    /// The message identifier, under which the copy is kept.
    pub message_id: String,
    /// The address.
    pub to: String,
    /// To, Cc or Bcc.
    pub kind: Kind,
    /// How it went; `None` for a way that this version does not know.
    pub route: Option<Route>,
    /// What became of it; `None` while it is on its way.
    pub outcome: Option<Outcome>,
    /// Why it was sent without encryption: the reason's code and text.
    pub reason: Option<(String, Option<String>)>,
    /// What the mail server said.
    pub reply: Option<String>,
    /// The version of TLS to the mail server.
    pub tls: Option<String>,
    /// From which of the user's addresses.
    pub from: String,
}

/// What the record says of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BatchState {
    /// Nothing of it has left.
    NotSent,
    /// It was taken by the mail server, or written to files, for everybody.
    Sent,
    /// It may have left, wholly or in part.
    Unconfirmed,
}

impl Segl {
    /// What became of every draft in the record, by its name. A sending that another program has not ended is one that
    /// may have left.
    pub fn sent_drafts(&self, at: Timestamp) -> Result<BTreeMap<String, BatchState>, SendError> {
        let vault = self.vault()?;
        vault.record(at)?;
        let log = Log::open(vault.folder(), Some(vault.key()))?;
        let mut states = BTreeMap::new();
        for sending in log.sendings()? {
            let Some(intent) = &sending.intent else {
                continue;
            };
            let ended = intent.deliveries.iter().map(|d| {
                let outcome = sending.outcomes.get(&d.index);
                match outcome.map(|o| o.outcome) {
                    Some(DeliveryOutcome::Sent | DeliveryOutcome::Written) => BatchState::Sent,
                    Some(DeliveryOutcome::Rejected | DeliveryOutcome::NotSent) => {
                        BatchState::NotSent
                    }
                    Some(DeliveryOutcome::Unconfirmed) | None => BatchState::Unconfirmed,
                }
            });
            let all: Vec<BatchState> = ended.collect();
            let state = match (all.iter().min(), all.iter().max()) {
                (Some(least), Some(most)) if least == most => *least,
                _ => BatchState::Unconfirmed,
            };
            let before = states.entry(intent.draft.clone()).or_insert(state);
            // What was sent once stays sent, whatever a later try came to.
            *before = (*before).max(state);
        }
        Ok(states)
    }

    /// All that was sent or tried, a line for each recipient, the newest first. Without a record there is none.
    pub fn log(&self, at: Timestamp) -> Result<Vec<Logged>, SendError> {
        let vault = self.vault()?;
        // Begins a record where none was kept, so that an empty log is a list without lines and no error.
        vault.record(at)?;
        let log = Log::open(vault.folder(), Some(vault.key()))?;
        Ok(log.sendings()?.iter().rev().flat_map(lines).collect())
    }

    /// The rows of one sending, for a file that others can check.
    pub fn exported(&self, seq: u64) -> Result<serde_json::Value, SendError> {
        let vault = self.vault()?;
        Ok(Log::open(vault.folder(), Some(vault.key()))?.export(seq)?)
    }

    /// The same, written to a file for this user only, never over an existing one.
    pub fn export_log(&self, seq: u64, file: &Path) -> Result<(), ExportError> {
        let mut json = serde_json::to_vec_pretty(&self.exported(seq)?).unwrap_or_default();
        json.push(b'\n');
        Ok(copies::write_new(file, &mut |out| {
            out.write_all(&json).map_err(StoreError::Content)
        })?)
    }
}

fn lines(sending: &Sending) -> Vec<Logged> {
    let line = |detail| Logged {
        seq: sending.seq,
        at: sending.at,
        detail,
    };
    let Some(intent) = &sending.intent else {
        return vec![line(None)];
    };
    let mut lines = Vec::new();
    for delivery in &intent.deliveries {
        for recipient in &delivery.rcpt_to {
            let detail = detail(sending, intent, delivery, recipient);
            lines.push(line(Some(detail)));
        }
    }
    lines
}

fn detail(
    sending: &Sending,
    intent: &Intent,
    delivery: &PlannedDelivery,
    recipient: &RecordedRecipient,
) -> LoggedDetail {
    let ended = sending.outcomes.get(&delivery.index);
    let own = ended.and_then(|e| e.replies.iter().find(|r| r.address == recipient.address));
    let consent = intent
        .consents
        .iter()
        .find(|c| c.address == recipient.address);
    let route = serde_json::Value::String(recipient.route.clone());
    LoggedDetail {
        message_id: intent.message_id.clone(),
        to: recipient.address.clone(),
        kind: recipient.kind,
        route: serde_json::from_value(route).ok(),
        outcome: ended.map(|e| e.outcome.into()),
        reason: consent.map(|c| (c.reason_code.clone(), c.reason_text.clone())),
        reply: ended
            .and_then(|e| e.reply.clone())
            .or_else(|| own.map(|r| r.reply.clone())),
        tls: ended.and_then(|e| e.tls.as_ref().map(|t| t.version.clone())),
        from: intent.identity.clone(),
    }
}
