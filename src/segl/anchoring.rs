//! The head of the record, time-stamped by somebody else, and the stamps that are kept.

use std::{path::Path, time::Duration};

use jiff::Timestamp;
use openssl::{error::ErrorStack, x509::X509};
use serde::Serialize;
use serde_json::json;

use super::{Clock, Segl};
use crate::{
    config::{Config, Tsa},
    keys::KeyError,
    net::{Http, HttpFault, Names, Reach},
    record::{
        self, Anchor, Evidence, Head, Log, MAX_STAMP, RecordError, StampFault, StampRequest,
        Stamped,
    },
};

const DEADLINE: Duration = Duration::from_secs(15);

/// Why the head was not anchored, or the anchors cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// The settings name no authority.
    #[error("no time-stamping authority is configured")]
    NoAuthority,
    /// The folder that was named has no stamp for this record.
    #[error("no time stamp for this record in {0}")]
    NoneHere(String),
    /// The key of the record is not at hand.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The record, or the folder of anchors, cannot be read or written.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The authority gave no answer.
    #[error(transparent)]
    Unreachable(#[from] HttpFault),
    /// It gave another answer than a stamp.
    #[error("HTTP status {0}")]
    Status(u16),
    /// The certificates that the settings name for it cannot be read.
    #[error("{file}: {detail}")]
    Authority {
        /// The file.
        file: String,
        /// Why.
        detail: String,
    },
    /// The stamp does not hold.
    #[error(transparent)]
    Stamp(#[from] StampFault),
    /// OpenSSL failed.
    #[error("the cryptographic library failed")]
    Library(#[from] ErrorStack),
}

/// One anchor, and what it is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StampState {
    /// The row.
    pub seq: u64,
    /// By when it was there; none where the stamp does not hold.
    pub time: Option<Timestamp>,
    /// Whom it was asked of.
    pub by: String,
    /// Whether the stamp holds. Whether the row is still the same is the check of the chain's to say.
    pub holds: bool,
    /// Whether its signer leads to the certificate that the settings name.
    pub trusted: bool,
}

/// The anchors of a record.
#[derive(Debug, Clone, Default)]
pub struct Anchors {
    /// Each with what it is worth.
    pub states: Vec<StampState>,
    heads: Vec<Head>,
}

impl Anchors {
    /// The heads of all that hold.
    pub fn heads(&self) -> impl Iterator<Item = Head> + use<'_> {
        let states = self.states.iter().zip(&self.heads);
        states
            .filter(|(state, _)| state.holds)
            .map(|(_, head)| *head)
    }

    fn push(&mut self, anchor: &Anchor, stamped: Option<Stamped>) {
        self.heads.push(anchor.head);
        self.states.push(state(anchor, stamped));
    }
}

fn state(anchor: &Anchor, stamped: Option<Stamped>) -> StampState {
    StampState {
        seq: anchor.head.seq,
        time: stamped.map(|s| s.time),
        by: anchor.asked.clone(),
        holds: stamped.is_some(),
        trusted: stamped.is_some_and(|s| s.trusted),
    }
}

/// The anchors beside the record, and those in a folder elsewhere, each checked. Needs no key.
pub fn anchors(config: &Config, elsewhere: Option<&Path>) -> Result<Anchors, AnchorError> {
    let mut all = Anchors::default();
    if !config.data.join(record::DATABASE).exists() {
        return Ok(all);
    }
    let installation = Log::open(&config.data, None)?.installation()?;
    let trusted = trusted(config.tsa.as_ref())?;
    let beside = record::anchor_folder(&config.data);
    for folder in std::iter::once(beside.as_path()).chain(elsewhere) {
        let found = record::anchors(folder, &installation)?;
        // A record that was begun anew has another name: that nothing speaks of it must not pass for good.
        if elsewhere == Some(folder) && found.is_empty() {
            return Err(AnchorError::NoneHere(folder.display().to_string()));
        }
        for anchor in found {
            all.push(&anchor, anchor.check(&trusted).ok());
        }
    }
    Ok(all)
}

fn trusted(tsa: Option<&Tsa>) -> Result<Vec<X509>, AnchorError> {
    let Some(file) = tsa.and_then(|t| t.ca.as_ref()) else {
        return Ok(Vec::new());
    };
    let unfit = |detail: String| AnchorError::Authority {
        file: file.display().to_string(),
        detail,
    };
    let pem = std::fs::read(file).map_err(|e| unfit(e.to_string()))?;
    X509::stack_from_pem(&pem).map_err(|e| unfit(e.to_string()))
}

impl Segl {
    /// The newest row's head as a signed note, to be kept elsewhere.
    pub fn head_note(&self, at: Timestamp) -> Result<String, AnchorError> {
        Ok(self.vault()?.record(at)?.head_note(at)?)
    }

    /// Has the newest row stamped, keeps the stamp beside the record (and in a folder elsewhere), and records it.
    pub async fn anchor(
        &self,
        copy: Option<&Path>,
        clock: Clock<'_>,
    ) -> Result<StampState, AnchorError> {
        let tsa = self.config.tsa.as_ref().ok_or(AnchorError::NoAuthority)?;
        let trusted = trusted(Some(tsa))?;
        let vault = self.vault()?;
        let record = vault.record(clock())?;
        let question = StampRequest::new(&record.installation(), record.head()?, tsa.url.as_str())?;
        // IT names the authority, so it may lie inside the house.
        let http = Http::new(Names::System, Reach::Anywhere, DEADLINE, MAX_STAMP);
        let kind = "application/timestamp-query";
        let answer = http.post(&tsa.url, kind, &question.der()).await?;
        if answer.status != 200 {
            return Err(AnchorError::Status(answer.status));
        }
        let (anchor, stamped) = question.answered(&answer.body, &trusted)?;
        anchor.keep(&record::anchor_folder(vault.folder()))?;
        if let Some(folder) = copy {
            anchor.keep(folder)?;
        }
        let evidence = Evidence {
            code: "anchor".to_owned(),
            sha256: crate::mail::hex(&anchor.sha256()),
            content: json!({ "head": anchor.head, "time": stamped.time, "asked": anchor.asked }),
            about: Some(anchor.head.seq),
        };
        record.append(evidence, clock())?;
        Ok(state(&anchor, Some(stamped)))
    }
}
