//! Sending: confirm → make → record the intent → every RCPT → for each message: Started, DATA, Outcome.
//!
//! Until the first Started is recorded, any trouble is a [`SendError`] and nothing has left. From then on the answer is a
//! [`Receipt`]. What is not known is said to be not known.

use std::path::{Path, PathBuf};

use futures_util::future::join;
use jiff::Timestamp;

use super::{
    Ask, Clock, MakeError, Segl, SendError,
    message::{self, Ready},
    receipt::Receipt,
    recorded::About,
    run::{self, Run},
    vault::Vault,
};
use crate::{
    decide::{Approved, Change, Confirmed, Policy, Route, Surface},
    mail::{Address, Draft, Head},
    record::{DeliveryOutcome, Head as RecordHead},
    submit::{self, Cancel, Envelope, Session, SubmitError, Transaction, Verdict},
};

/// What to send, and how.
pub struct Sending<'a> {
    /// The draft.
    pub draft: &'a Draft,
    /// The proof that it may be sent.
    pub approved: Approved,
    /// Where the sender sits.
    pub surface: Surface,
    /// To the mail server, or to files.
    pub way: Way,
    /// Told how far it is.
    pub watch: &'a mut Watch<'a>,
    /// Stops it, as long as it can be stopped.
    pub cancel: &'a Cancel,
}

/// Where the messages go.
#[derive(Debug, Clone)]
pub enum Way {
    /// To the mail server.
    Submit,
    /// To files in this folder; no mail server is asked.
    Files(PathBuf),
}

/// Is told the octets that went, all octets, and whether it can still be stopped.
pub type Watch<'a> = dyn FnMut(u64, u64, bool) + Send + 'a;

impl Segl {
    /// Sends an approved draft.
    pub async fn send(&self, sending: Sending<'_>, clock: Clock<'_>) -> Result<Receipt, SendError> {
        let Sending {
            draft,
            approved,
            surface,
            way,
            watch,
            cancel,
        } = sending;
        if approved.draft() != &draft.id {
            return Err(SendError::OtherDraft);
        }
        if !self.config.senders.iter().any(|s| s.writes(draft)) {
            return Err(SendError::UnknownSender);
        }
        let recipients = draft.recipients();
        if recipients.is_empty() {
            return Err(SendError::NoRecipients);
        }
        let vault = &*self.vault()?;
        self.note_policy(vault, clock())?;
        let asking = self.assess_all(&recipients, Ask::IfNotFresh, clock);
        let ((), found) = join(self.prepare_own(clock()), asking).await;
        let mut own = self.own_for(&draft.from.address, clock())?;
        let policy = Policy {
            further: own.told(),
            standing: self.standing(clock()),
            ..self.config.policy.clone()
        };
        let content = self.examine_content(draft);
        let class = self.class_by(draft, &content);
        let confirmed = approved
            .confirm(&recipients, class, draft.content_digest(), &found, &policy)
            .map_err(SendError::Changed)?;
        let is_signed = own.signs_clear || confirmed.iter().any(|c| c.route.is_end_to_end());
        if is_signed {
            own.reach()?;
        }
        // Whoever approved was shown these and no others.
        own.readers.retain(|r| approved.further().contains(&r.told));
        // A folder asks no service for anything.
        if matches!(way, Way::Submit) && confirmed.iter().any(|c| c.route == Route::Tls) {
            self.check_tracking(clock()).await?;
        }
        let head = head(draft, clock)?;
        let about = About {
            draft,
            head: &head,
            consents: approved.consents(),
            surface,
            in_force: self.in_force(clock()),
            own: &own,
            class,
            content: &content,
            policy: &policy,
            asks_receipt: false,
        };
        let mut receipt = match way {
            Way::Submit => {
                let sent = self.submit(&about, confirmed, vault, watch, cancel, clock);
                sent.await
                    .inspect_err(|_| run::unmark(vault, draft, clock()))?
            }
            Way::Files(folder) => Self::write(&about, confirmed, vault, &folder, clock)?,
        };
        receipt.left_out = approved.left_out().to_vec();
        self.after(draft, &head, &mut receipt, vault, &found, clock());
        Ok(receipt)
    }

    async fn submit(
        &self,
        about: &About<'_>,
        confirmed: Vec<Confirmed>,
        vault: &Vault,
        watch: &mut Watch<'_>,
        cancel: &Cancel,
        clock: Clock<'_>,
    ) -> Result<Receipt, SendError> {
        // Before the messages are made and recorded: most trouble shows here, and then there is nothing to record.
        let session = self.session().await?;
        remember_server(vault, &session, clock());
        if let Err(change) = self.still_by_clock(&confirmed, clock()) {
            session.close().await;
            return Err(SendError::Changed(change));
        }
        let made = message::make(about, confirmed, clock());
        let mut messages = made.map_err(|cause| about.own.not_made(cause))?;
        let session = self.with_requiretls(session, &mut messages).await?;
        hand_over(session, about, messages, vault, watch, cancel, clock).await
    }

    /// Asks for REQUIRETLS (RFC 8689) where policy wants it and the server offers it.
    pub(super) async fn with_requiretls(
        &self,
        session: Session,
        messages: &mut [Ready],
    ) -> Result<Session, SubmitError> {
        if self.config.requires_tls && session.facts().requiretls() {
            for message in messages.iter_mut().filter(|m| m.route == Route::Tls) {
                message.requires_tls = true;
            }
        } else if rests_on_requiretls(messages) {
            // Somebody was told that the way is guaranteed, and the server no longer says so.
            session.close().await;
            return Err(SubmitError::NoRequireTls);
        }
        Ok(session)
    }

    /// The mail server is the last who says what time it is: nobody is sent to as green by a clock that is off.
    fn still_by_clock(&self, confirmed: &[Confirmed], at: Timestamp) -> Result<(), Change> {
        let mut encrypted = confirmed.iter().filter(|c| c.route.is_end_to_end());
        let Some(first) = encrypted.next().filter(|_| self.clock(at).off().is_some()) else {
            return Ok(());
        };
        Err(Change::Route {
            recipient: first.recipient.clone(),
            approved: first.route,
            now: {
                let address = &first.recipient.mailbox.address;
                let level = first.assessment.level();
                if self.config.policy.allows_fallback(address, level) {
                    Route::Tls
                } else {
                    Route::None
                }
            },
        })
    }

    fn write(
        about: &About<'_>,
        confirmed: Vec<Confirmed>,
        vault: &Vault,
        folder: &Path,
        clock: Clock<'_>,
    ) -> Result<Receipt, SendError> {
        let made = message::make(about, confirmed, clock());
        let messages = made.map_err(|cause| about.own.not_made(cause))?;
        if rests_on_requiretls(&messages) {
            // No server has taken it on, so nobody guarantees anything.
            return Err(SubmitError::NoRequireTls.into());
        }
        write_all(about, messages, vault, folder, clock)
    }
}

/// Records the intent, and writes finished messages to files.
pub(super) fn write_all(
    about: &About<'_>,
    messages: Vec<Ready>,
    vault: &Vault,
    folder: &Path,
    clock: Clock<'_>,
) -> Result<Receipt, SendError> {
    let transactions = transactions(about.draft, &messages)?;
    let mut run = Run::begin(vault, about, messages, clock)?;
    for (i, transaction) in transactions.iter().enumerate() {
        let ready = run.message(i);
        match submit::write_eml(
            folder,
            i + 1,
            ready.route.code(),
            transaction,
            &ready.octets,
        ) {
            Ok(written) => run.written(i, written.eml)?,
            Err(cause) => {
                run.close_all(DeliveryOutcome::NotSent, &[]);
                return Err(cause.into());
            }
        }
    }
    Ok(run.receipt())
}

/// Whether a level that was decided by holds only because the server takes REQUIRETLS on.
pub(super) fn rests_on_requiretls(messages: &[Ready]) -> bool {
    let clear = messages.iter().filter(|m| m.route == Route::Tls);
    let mut known = clear
        .flat_map(|m| &m.recipients)
        .filter_map(|r| r.assessment.transport());
    known.any(|t| t.level < t.without_requiretls)
}

/// Records the intent, and hands finished messages to the mail server.
pub(super) async fn hand_over(
    mut session: Session,
    about: &About<'_>,
    messages: Vec<Ready>,
    vault: &Vault,
    watch: &mut Watch<'_>,
    cancel: &Cancel,
    clock: Clock<'_>,
) -> Result<Receipt, SendError> {
    let transactions = transactions(about.draft, &messages)?;
    let mut run = Run::begin(vault, about, messages, clock)?;
    match session.verify(transactions).await {
        Err(cause) => {
            run.close_all(DeliveryOutcome::NotSent, &[]);
            Err(cause.into())
        }
        Ok(Verdict::Refused(replies)) => {
            run.close_all(DeliveryOutcome::Rejected, &replies);
            Ok(run.receipt())
        }
        Ok(Verdict::Accepted(verified)) => {
            let delivered = run.deliver(&mut session, verified, watch, cancel).await;
            session.close().await;
            delivered?;
            Ok(run.receipt())
        }
    }
}

/// Under this name the store keeps what the server said.
pub(super) const SIZE_FACT: &str = "submission-size";

/// Under this name the store keeps when the server was reached.
pub(super) const CONTACT_FACT: &str = "submission-contact";

/// Under this name the store keeps whether the server offers REQUIRETLS.
pub(super) const REQUIRETLS_FACT: &str = "submission-requiretls";

/// What the server takes, and when it was reached, is shown before sending; that it cannot be kept only means that it is asked again.
pub(super) fn remember_server(vault: &Vault, session: &Session, at: Timestamp) {
    let _kept = vault.store().set_fact(CONTACT_FACT, "", at);
    let offers = if session.facts().requiretls() {
        "yes"
    } else {
        "no"
    };
    let _kept = vault.store().set_fact(REQUIRETLS_FACT, offers, at);
    if let Some(size) = session.facts().size() {
        let _kept = vault.store().set_fact(SIZE_FACT, &size.to_string(), at);
    }
}

/// Message-ID and Date: those of the earlier sending where there was one, so that everybody has the same message.
pub(super) fn head(draft: &Draft, clock: Clock<'_>) -> Result<Head, SendError> {
    Ok(match &draft.again {
        Some(again) => Head {
            message_id: again.message_id.clone(),
            date: again.date,
        },
        None => Head::random(&draft.from, clock()).map_err(|e| MakeError::Render(e.into()))?,
    })
}

/// The envelope's sender: whoever really sends.
pub(super) fn envelope_from(draft: &Draft) -> &Address {
    draft
        .sender
        .as_ref()
        .map_or(&draft.from.address, |s| &s.address)
}

/// The intent of the earlier sending, where there was one.
pub(super) fn again_of(draft: &Draft) -> Option<RecordHead> {
    draft.again.as_ref().map(|a| RecordHead {
        seq: a.seq,
        link: *a.link.as_bytes(),
    })
}

pub(super) fn transactions(
    draft: &Draft,
    messages: &[Ready],
) -> Result<Vec<Transaction>, SubmitError> {
    messages
        .iter()
        .map(|message| {
            // Inside another message it travels to the gateway's mailbox, which knows from inside whom it is for.
            let inside = || {
                let recipients = message.recipients.iter();
                recipients.map(|r| r.recipient.mailbox.address.clone())
            };
            let to = match &message.wrapped_to {
                Some(gateway) => vec![gateway.clone()],
                None => inside().collect(),
            };
            let envelope = Envelope::new(envelope_from(draft).clone(), to)?;
            let transaction = Transaction::new(envelope, &message.octets)?;
            let transaction = match &message.envelope_id {
                Some(id) => transaction.asking_for_status(id),
                None => transaction,
            };
            Ok(if message.requires_tls {
                transaction.requiring_tls()
            } else {
                transaction
            })
        })
        .collect()
}
