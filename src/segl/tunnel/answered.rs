//! Whether mail through a gateway was ever answered: until then the words say that it is not confirmed.
//!
//! An answer counts that names a message which left through that domain's gateway (In-Reply-To, References), and comes
//! from the domain. It tells that the gateway opened one; nothing is green because of it.

use std::path::Path;

use jiff::Timestamp;

use super::TunnelError;
use crate::{
    decide::Route,
    mail,
    segl::{Logged, Segl, SendError},
    store::Store,
};

/// Octets of the head of an answer that are read.
const MAX_HEAD: usize = 1 << 20;

/// Why a mail is not taken as an answer.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// It cannot be read, or what it means cannot be kept.
    #[error(transparent)]
    Tunnel(#[from] TunnelError),
    /// The record cannot be read.
    #[error(transparent)]
    Log(#[from] SendError),
    /// It is no mail with a sender.
    #[error("not a mail")]
    NotMail,
    /// It answers no message that left through a gateway of its sender's domain.
    #[error("it answers nothing that left through a gateway")]
    Unrelated,
}

impl Segl {
    /// Takes a mail as the answer to one that left through the gateway of its sender's domain: from then on that gateway
    /// is known to open mail. Answers the domain. Blocks on disk and keyring.
    pub fn take_tunnel_answer(&self, file: &Path, at: Timestamp) -> Result<String, AnswerError> {
        let octets = std::fs::read(file).map_err(|source| TunnelError::Read {
            file: file.to_owned(),
            source,
        })?;
        let answer = mail::answer(&octets[..octets.len().min(MAX_HEAD)]);
        let answer = answer.ok_or(AnswerError::NotMail)?;
        let domain = answer.from.domain();
        let in_force = self.tunnel.in_force(&self.config)?;
        let entry = in_force.as_ref().and_then(|f| f.list.find(domain));
        let entry = entry.ok_or(AnswerError::Unrelated)?;
        let is_answered = |logged: &Logged| {
            let detail = logged.detail.as_ref();
            detail.is_some_and(|d| {
                d.route == Some(Route::Tunnel)
                    && answer.to.contains(&d.message_id)
                    && d.to.rsplit('@').next() == Some(domain)
            })
        };
        if !self.log(at)?.iter().any(is_answered) {
            return Err(AnswerError::Unrelated);
        }
        let vault = self.vault().map_err(TunnelError::from)?;
        let fact = fact(entry.domain());
        let known = vault.store().fact(&fact).map_err(TunnelError::from)?;
        if known.is_none() {
            let kept = vault.store().set_fact(&fact, "answer", at);
            kept.map_err(TunnelError::from)?;
        }
        Ok(entry.domain().to_owned())
    }

    /// When the first answer came back through a domain's gateway.
    pub(super) fn tunnel_answered(store: Option<&Store>, domain: &str) -> Option<Timestamp> {
        let fact = store?.fact(&fact(domain)).ok()?;
        fact.map(|fact| fact.at)
    }
}

fn fact(domain: &str) -> String {
    format!("tunnel-answered:{domain}")
}
