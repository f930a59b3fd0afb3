//! A submission session: every recipient of every message is accepted before the first message leaves.
//!
//! The order is held by types: [`Session::deliver`] takes a [`Verified`], and only [`Session::verify`] makes these, all
//! of them or none. One message that is refused later is told as such; nothing is sent to fewer people than were asked.

use std::sync::Arc;

use rustls::ClientConfig;
use tokio::sync::watch;

use crate::net::{self, TlsFacts};

use super::{
    Auth, Progress, Reply, ServerFacts, Settings, Step, SubmitError, Transaction, Wanted,
    link::{Link, Transfer},
    open,
};

/// Transactions that are begun and given up on one connection before a fresh one is opened. Exim ends a connection
/// after 10 commands that are not mail (`smtp_accept_max_nonmail`), and Postfix counts RSET as junk
/// (`smtpd_junk_command_limit`).
const RESETS_MAX: usize = 8;

/// A connection to the mail server, opened again where it was lost and nothing can have been sent.
pub struct Session {
    settings: Settings,
    tls_config: Arc<ClientConfig>,
    facts: ServerFacts,
    tls: TlsFacts,
    link: Option<Link>,
}

/// What the server said to one envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeReplies {
    /// To the sender.
    pub mail: Reply,
    /// To each recipient, in the envelope's order; none if the sender was refused.
    pub rcpt: Vec<Reply>,
}

/// Whether everybody was accepted.
pub enum Verdict {
    /// All recipients of all transactions, in the order given.
    Accepted(Vec<Verified>),
    /// Somebody was not. Nothing has left. What was said to each envelope, in the order given.
    Refused(Vec<EnvelopeReplies>),
}

/// A transaction whose recipients were all accepted, together with all others of the same call. Used up by its
/// delivery, so that nothing is sent twice by mistake.
pub struct Verified {
    transaction: Transaction,
    replies: EnvelopeReplies,
}

/// What became of one message.
#[derive(Debug)]
#[must_use = "this is the only word on whether the message was sent"]
pub enum Delivered {
    /// The server has taken it for all recipients (RFC 5321 §4.2.5).
    Sent {
        /// To the final dot.
        reply: Reply,
        /// To the envelope.
        envelope: EnvelopeReplies,
    },
    /// The server has refused it, with 4xx or 5xx. Nothing has left.
    Rejected {
        /// Where: [`Step::Mail`], [`Step::Rcpt`], [`Step::Data`] or [`Step::FinalDot`].
        step: Step,
        /// The first refusal.
        reply: Reply,
        /// To the envelope.
        envelope: EnvelopeReplies,
    },
    /// It was not sent: the final dot was never handed over.
    NotSent {
        /// Why.
        why: SubmitError,
    },
    /// The final dot was handed over, and no word came of what the server does with the message.
    Unconfirmed {
        /// Why no word came.
        why: SubmitError,
        /// To the envelope.
        envelope: EnvelopeReplies,
    },
}

/// Asks a delivery to stop. It does until the first octet of the final dot; after that it goes on to the reply.
#[derive(Debug)]
pub struct Cancel(watch::Sender<bool>);

impl EnvelopeReplies {
    /// The first refusal, and to what.
    pub fn refusal(&self) -> Option<(Step, &Reply)> {
        let mail = std::iter::once((Step::Mail, &self.mail));
        let rcpt = self.rcpt.iter().map(|reply| (Step::Rcpt, reply));
        mail.chain(rcpt).find(|(_, reply)| reply.is_refusal())
    }
}

impl Verified {
    /// The transaction.
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// What the server said to its envelope.
    pub fn replies(&self) -> &EnvelopeReplies {
        &self.replies
    }
}

impl Delivered {
    /// The one question that matters: whether the message has, or may have, left.
    pub fn may_have_been_sent(&self) -> bool {
        match self {
            Self::Sent { .. } | Self::Unconfirmed { .. } => true,
            Self::Rejected { .. } | Self::NotSent { .. } => false,
        }
    }
}

impl Cancel {
    /// Nothing is to be stopped yet.
    pub fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Stops the delivery, if its final dot has not been handed over.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether it is to be stopped.
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when it is to be stopped.
    pub(super) async fn wanted(&self) {
        let mut stop = self.0.subscribe();
        if stop.wait_for(|stop| *stop).await.is_err() {
            // The sender is borrowed for as long as this is waited for, so it is never gone.
            std::future::pending::<()>().await;
        }
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// Connects and signs in.
    pub async fn open(settings: Settings) -> Result<Self, SubmitError> {
        let tls_config = net::client_config(&settings.roots)?;
        let link = connect(&settings, &tls_config).await?;
        Ok(Self {
            facts: link.facts.clone(),
            tls: link.tls.clone(),
            link: Some(link),
            settings,
            tls_config,
        })
    }

    /// What the server offers inside TLS, as it said on the newest connection.
    pub fn facts(&self) -> &ServerFacts {
        &self.facts
    }

    /// TLS of the newest connection: after [`deliver`](Self::deliver), of the one that the message went over.
    pub fn tls(&self) -> &TlsFacts {
        &self.tls
    }

    /// Has every recipient of every transaction accepted or refused, and sends nothing.
    ///
    /// The first transaction comes last and stays open, so that its delivery goes on where this ended; the others are
    /// given up with RSET. An error means that nobody knows what the server would have said; nothing has left.
    pub async fn verify(&mut self, transactions: Vec<Transaction>) -> Result<Verdict, SubmitError> {
        // Before anything is sent for any of them.
        transactions
            .iter()
            .try_for_each(|transaction| transaction.fits(&self.facts))?;
        let mut replies = Vec::new();
        for (place, transaction) in transactions.iter().enumerate().rev() {
            let mut link = self.link_for_reset().await?;
            replies.push(link.announce(transaction).await?);
            if place > 0 || replies.iter().any(|replies| replies.refusal().is_some()) {
                link.reset().await?;
            }
            self.link = Some(link);
        }
        replies.reverse();
        if replies.iter().any(|replies| replies.refusal().is_some()) {
            return Ok(Verdict::Refused(replies));
        }
        let verified = transactions.into_iter().zip(replies);
        Ok(Verdict::Accepted(
            verified
                .map(|(transaction, replies)| Verified {
                    transaction,
                    replies,
                })
                .collect(),
        ))
    }

    /// Sends one message: the same octets that were examined, to all recipients or to none.
    ///
    /// Where the connection was lost since the last command, a new one is opened, once, and the envelope's recipients
    /// are asked again; that is before DATA, so it cannot send twice. Anything that is lost from the first octet of the
    /// message on is reported and never tried again. Must be awaited to its end: who drops it midway does not learn
    /// whether the message left; [`Cancel`] is the way to stop it.
    pub async fn deliver(
        &mut self,
        verified: Verified,
        message: &[u8],
        progress: &mut (dyn FnMut(Progress) + Send),
        cancel: &Cancel,
    ) -> Delivered {
        let begun = tokio::select! {
            biased;
            () = cancel.wanted() => Err(SubmitError::Cancelled),
            begun = self.begin(&verified, message) => begun,
        };
        let (mut link, envelope) = match begun {
            Ok(Begun::Ready(link, envelope)) => (link, envelope),
            Ok(Begun::Refused(step, reply, envelope)) => {
                return Delivered::Rejected {
                    step,
                    reply,
                    envelope,
                };
            }
            Err(why) => return Delivered::NotSent { why },
        };
        let transfer = link.transfer(&verified.transaction, message, progress, cancel);
        match transfer.await {
            Transfer::Cut(why) => Delivered::NotSent { why },
            Transfer::Unanswered(why) => Delivered::Unconfirmed { why, envelope },
            Transfer::Answered(reply) => {
                if !reply.is_closing() {
                    self.link = Some(*link);
                }
                if reply.is_success() {
                    Delivered::Sent { reply, envelope }
                } else {
                    Delivered::Rejected {
                        step: Step::FinalDot,
                        reply,
                        envelope,
                    }
                }
            }
        }
    }

    /// Says goodbye. What a server answers to that changes nothing, so it is not told.
    pub async fn close(self) {
        if let Some(link) = self.link {
            link.quit().await;
        }
    }

    /// MAIL, RCPT and DATA, on a new connection if the old one turns out to be lost.
    async fn begin(&mut self, verified: &Verified, message: &[u8]) -> Result<Begun, SubmitError> {
        let transaction = &verified.transaction;
        transaction.expect(message)?;
        if let Some(link) = self.link.take() {
            match self.begin_on(link, verified).await {
                // A connection that lay idle may be gone for any reason, and nothing of this message was sent on it.
                Err(why) if why.is_lost_connection() => {}
                begun => return begun,
            }
        }
        let link = self.connect().await?;
        self.begin_on(link, verified).await
    }

    async fn begin_on(
        &mut self,
        mut link: Link,
        verified: &Verified,
    ) -> Result<Begun, SubmitError> {
        let transaction = &verified.transaction;
        let envelope = if link.announced.as_ref() == Some(transaction) {
            verified.replies.clone()
        } else {
            if link.announced.is_some() {
                link.reset().await?;
            }
            link.announce(transaction).await?
        };
        let refusal = match envelope.refusal() {
            Some((step, reply)) => Some((step, reply.clone())),
            None => Some((Step::Data, link.data().await?)).filter(|(_, reply)| reply.is_refusal()),
        };
        let Some((step, reply)) = refusal else {
            return Ok(Begun::Ready(Box::new(link), envelope));
        };
        // A link that cannot even be reset is not used again; the refusal is what happened to this message.
        if link.reset().await.is_ok() {
            self.link = Some(link);
        }
        Ok(Begun::Refused(step, reply, envelope))
    }

    /// A connection on which one more transaction may be given up.
    async fn link_for_reset(&mut self) -> Result<Link, SubmitError> {
        match self.link.take() {
            Some(link) if link.resets >= RESETS_MAX => link.quit().await,
            Some(mut link) => {
                if link.announced.is_some() {
                    link.reset().await?;
                }
                return Ok(link);
            }
            None => {}
        }
        self.connect().await
    }

    async fn connect(&mut self) -> Result<Link, SubmitError> {
        let link = connect(&self.settings, &self.tls_config).await?;
        self.facts = link.facts.clone();
        self.tls = link.tls.clone();
        Ok(link)
    }
}

/// How far a delivery got before its message.
enum Begun {
    /// The server waits for the message.
    Ready(Box<Link>, EnvelopeReplies),
    /// It does not want it.
    Refused(Step, Reply, EnvelopeReplies),
}

/// Connects and signs in. A refused access token has mostly expired on its way here: another one is asked for, once.
/// That is done on a fresh connection, since servers often close after a refusal.
async fn connect(settings: &Settings, tls: &Arc<ClientConfig>) -> Result<Link, SubmitError> {
    let first = open::open(settings, Arc::clone(tls), Wanted::ToSignIn).await;
    match (&first, &settings.auth) {
        (Err(SubmitError::AuthRefused { reply, .. }), Auth::Xoauth2 { .. })
            if !reply.is_temporary() =>
        {
            open::open(settings, Arc::clone(tls), Wanted::AfterRefusal).await
        }
        _ => first,
    }
}
