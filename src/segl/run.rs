//! A sending whose intent is recorded, under the send lock, until its last outcome is.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{
    Clock, DraftError, SendError,
    drafts::{self, Write},
    message::Ready,
    receipt::{Delivery, Outcome, Receipt, RecordedAt, Remark, Told},
    recorded::{self, About},
    send::Watch,
    vault::Vault,
};
use crate::{
    decide::Surface,
    mail::{Again, Draft},
    net::TlsFacts,
    record::{
        DeliveryOutcome, Head as RecordHead, Outcome as RecordedOutcome, Reply as RecordedReply,
        SendLock, Started,
    },
    submit::{Cancel, Delivered, EnvelopeReplies, Progress, Reply, Session, SubmitError, Verified},
};

/// The state of one sending.
pub(super) struct Run<'a> {
    vault: &'a Vault,
    about: &'a About<'a>,
    clock: Clock<'a>,
    lock: SendLock,
    intent: RecordHead,
    messages: Vec<Ready>,
    /// One for each message that has ended, in order.
    ended: Vec<Delivery>,
    remarks: Vec<Remark>,
}

/// How one message ended, before it is recorded and told.
struct End {
    outcome: DeliveryOutcome,
    replies: Option<EnvelopeReplies>,
    reply: Option<Reply>,
    tls: Option<TlsFacts>,
    file: Option<PathBuf>,
}

impl<'a> Run<'a> {
    /// Takes the lock and records the intent. If that cannot be written, nothing is sent.
    pub(super) fn begin(
        vault: &'a Vault,
        about: &'a About<'a>,
        messages: Vec<Ready>,
        clock: Clock<'a>,
    ) -> Result<Self, SendError> {
        let record = vault.record(clock())?;
        let lock = SendLock::acquire(vault.folder())?;
        // What a Segl that is gone left open is closed first: a draft has one open intent at most.
        record.recover(&lock, clock())?;
        let intent = record.append_intent(&lock, recorded::intent(about, &messages), clock())?;
        Ok(Self {
            vault,
            about,
            clock,
            lock,
            intent,
            messages,
            ended: Vec::new(),
            remarks: Vec::new(),
        })
    }

    /// A message by its number.
    pub(super) fn message(&self, i: usize) -> &Ready {
        &self.messages[i]
    }

    /// Delivers all messages, whose recipients have all been accepted. As long as nothing has left, the first trouble
    /// ends it; from then on the others are tried too, because their recipients wait for the same message.
    pub(super) async fn deliver(
        &mut self,
        session: &mut Session,
        verified: Vec<Verified>,
        watch: &mut Watch<'_>,
        cancel: &Cancel,
    ) -> Result<(), SendError> {
        self.mark_in_doubt()?;
        let total: u64 = self.messages.iter().map(|m| m.octets.len() as u64).sum();
        let mut gone = 0;
        for (i, verified) in verified.into_iter().enumerate() {
            if let Err(cause) = self.started(i) {
                return self.stop_unrecorded(cause);
            }
            let octets = std::sync::Arc::clone(&self.messages[i].octets);
            let mut progress = |p: Progress| {
                let here = (p.written as u64).min(octets.len() as u64);
                watch(gone + here, total, !p.may_have_been_sent());
            };
            let delivered = session
                .deliver(verified, &octets, &mut progress, cancel)
                .await;
            gone += octets.len() as u64;
            let (end, why) = End::of(delivered, session.tls());
            self.end(i, end);
            match why {
                Some(why) if !self.anything_left() => {
                    self.close_all(DeliveryOutcome::NotSent, &[]);
                    return Err(why.into());
                }
                why => self
                    .remarks
                    .extend(why.map(|w| Remark::Interrupted(w.to_string()))),
            }
            if !self.anything_left() {
                break;
            }
        }
        self.close_all(DeliveryOutcome::NotSent, &[]);
        Ok(())
    }

    /// A draft that is kept says from here on that it may have been sent. If this program dies now, whoever opens the
    /// draft again is asked; [`Segl::after`](super::Segl) or [`unmark`] takes it back. A mail of the outbox that cannot
    /// be marked does not leave: after a crash it would be sent again with nobody to ask.
    fn mark_in_doubt(&mut self) -> Result<(), SendError> {
        let draft = self.about.draft;
        let doubtful = draft.recipients().into_iter().map(|r| r.mailbox.address);
        let marked = Draft {
            again: Some(Again {
                message_id: self.about.head.message_id.clone(),
                date: self.about.head.date,
                seq: self.intent.seq,
                link: self.intent.link.into(),
                doubtful: doubtful.collect(),
            }),
            ..draft.clone()
        };
        match keep_again(self.vault, &marked, (self.clock)(), Write::Durable) {
            Err(cause) if self.about.surface == Surface::Outbox => {
                self.close_all(DeliveryOutcome::NotSent, &[]);
                Err(cause.into())
            }
            Err(cause) => {
                self.remarks.push(Remark::NotRemembered(cause.to_string()));
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Records that a message was written to a file.
    pub(super) fn written(&mut self, i: usize, file: PathBuf) -> Result<(), SendError> {
        self.started(i)?;
        let end = End {
            file: Some(file),
            ..End::bare(DeliveryOutcome::Written)
        };
        self.end(i, end);
        Ok(())
    }

    /// Ends every message that has not ended yet. `replies` are what the server said to the envelopes, in order.
    pub(super) fn close_all(&mut self, outcome: DeliveryOutcome, replies: &[EnvelopeReplies]) {
        for i in self.ended.len()..self.messages.len() {
            let own = replies.get(i).cloned();
            // Of several envelopes, those whose recipients were all accepted were not refused: they were not sent.
            let is_refused = own.as_ref().is_some_and(|r| r.refusal().is_some());
            let outcome = if replies.is_empty() || is_refused {
                outcome
            } else {
                DeliveryOutcome::NotSent
            };
            let reply = own
                .as_ref()
                .and_then(|r| r.refusal())
                .map(|(_, reply)| reply.clone());
            self.end(
                i,
                End {
                    replies: own,
                    reply,
                    ..End::bare(outcome)
                },
            );
        }
    }

    /// What became of it.
    pub(super) fn receipt(self) -> Receipt {
        Receipt {
            message_id: self.about.head.message_id.clone(),
            at: (self.clock)(),
            outcome: Outcome::of_all(&self.ended),
            record: RecordedAt {
                seq: self.intent.seq,
                link: self.intent.link.into(),
            },
            deliveries: self.ended,
            left_out: Vec::new(),
            consents: self.about.consents.to_vec(),
            remarks: self.remarks,
            rest: None,
        }
    }

    fn anything_left(&self) -> bool {
        self.ended
            .iter()
            .any(|d| matches!(d.outcome, Outcome::Sent | Outcome::Unconfirmed))
    }

    fn started(&self, i: usize) -> Result<(), SendError> {
        let started = Started {
            intent: self.intent.seq,
            delivery: super::number(i),
        };
        let now = (self.clock)();
        self.vault
            .record(now)?
            .append_started(&self.lock, started, now)?;
        Ok(())
    }

    /// A message whose begin cannot be recorded is not sent. If others have left, that is told by the receipt.
    fn stop_unrecorded(&mut self, cause: SendError) -> Result<(), SendError> {
        if !self.anything_left() {
            return Err(cause);
        }
        self.remarks.push(Remark::Interrupted(cause.to_string()));
        self.close_all(DeliveryOutcome::NotSent, &[]);
        Ok(())
    }

    /// Records how a message ended, and notes it for the receipt. An outcome that cannot be recorded does not change
    /// what happened: the receipt says so, and recovery completes the record.
    fn end(&mut self, i: usize, end: End) {
        let message = &self.messages[i];
        let told: Vec<Told> = message
            .recipients
            .iter()
            .enumerate()
            .map(|(n, r)| {
                // The gateway's mailbox stands for all who are inside.
                let n = if message.wrapped_to.is_some() { 0 } else { n };
                let reply = end.replies.as_ref().and_then(|e| e.rcpt.get(n));
                Told {
                    recipient: r.recipient.clone(),
                    is_refused: reply.is_some_and(Reply::is_refusal),
                    organisation: r.assessment.organisation().cloned(),
                    reply: reply.map(shown),
                }
            })
            .collect();
        let recorded = RecordedOutcome {
            intent: self.intent.seq,
            delivery: super::number(i),
            outcome: end.outcome,
            replies: told.iter().filter_map(recorded_reply).collect(),
            reply: end.reply.as_ref().map(shown),
            tls: end.tls.as_ref().map(recorded::tls),
            at: (self.clock)(),
            recovered: false,
        };
        let now = recorded.at;
        let written = self
            .vault
            .record(now)
            .and_then(|record| record.append_outcome(&self.lock, recorded, now));
        if let Err(cause) = written {
            self.remarks.push(Remark::NotRecorded(cause.to_string()));
        }
        self.ended.push(Delivery {
            route: message.route,
            is_signed: message.signed_by.is_some(),
            hides_subject: message.hides_subject,
            further: message.further.iter().map(|(f, _)| f.clone()).collect(),
            outcome: end.outcome.into(),
            recipients: told,
            reply: end.reply.as_ref().map(shown),
            tls: end.tls,
            file: end.file,
        });
    }
}

/// Nothing was sent: a draft that is kept says so again.
pub(super) fn unmark(vault: &Vault, draft: &Draft, at: Timestamp) {
    // Where this fails, whoever opens the draft is asked once too often.
    let _kept = keep_again(vault, draft, at, Write::Usual);
}

/// Keeps a draft if it is kept already: what the command line sends is no draft.
fn keep_again(vault: &Vault, draft: &Draft, at: Timestamp, how: Write) -> Result<(), DraftError> {
    if drafts::load(vault.store(), draft.id.as_str())?.is_some() {
        drafts::save_in_place(vault.store(), draft, at, how)?;
    }
    Ok(())
}

impl End {
    fn bare(outcome: DeliveryOutcome) -> Self {
        Self {
            outcome,
            replies: None,
            reply: None,
            tls: None,
            file: None,
        }
    }

    /// How a delivery ended and, where that was trouble on this side of the server's word, why.
    fn of(delivered: Delivered, tls: &TlsFacts) -> (Self, Option<SubmitError>) {
        let (outcome, replies, reply, why) = match delivered {
            Delivered::Sent { reply, envelope } => {
                (DeliveryOutcome::Sent, Some(envelope), Some(reply), None)
            }
            Delivered::Rejected {
                reply, envelope, ..
            } => (DeliveryOutcome::Rejected, Some(envelope), Some(reply), None),
            Delivered::NotSent { why } => (DeliveryOutcome::NotSent, None, None, Some(why)),
            Delivered::Unconfirmed { why, envelope } => (
                DeliveryOutcome::Unconfirmed,
                Some(envelope),
                None,
                Some(why),
            ),
        };
        (
            Self {
                outcome,
                replies,
                reply,
                tls: Some(tls.clone()),
                file: None,
            },
            why,
        )
    }
}

impl From<DeliveryOutcome> for Outcome {
    fn from(recorded: DeliveryOutcome) -> Self {
        match recorded {
            DeliveryOutcome::Sent => Self::Sent,
            DeliveryOutcome::Rejected => Self::Rejected,
            DeliveryOutcome::Unconfirmed => Self::Unconfirmed,
            DeliveryOutcome::Written => Self::Written,
            DeliveryOutcome::NotSent => Self::NotSent,
        }
    }
}

fn shown(reply: &Reply) -> String {
    format!("{} {}", reply.code(), reply.text().as_str())
        .trim_end()
        .to_owned()
}

fn recorded_reply(told: &Told) -> Option<RecordedReply> {
    let address = told.recipient.mailbox.address.wire();
    told.reply
        .clone()
        .map(|reply| RecordedReply { address, reply })
}
