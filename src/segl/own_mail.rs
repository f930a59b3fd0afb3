//! A mail to oneself: sealed with a key made for it, opened again, handed to the mail server.
//!
//! It goes the way of every mail: judged, decided, approved, checked, and recorded before it leaves, because a send log
//! that leaves out what Segl sent is none. The record says that it was the first run, not the user, who wrote it. Beside
//! the record nothing is kept of it: no copy, no contact, and no memory that the address ever had a certificate, which
//! would call the own address suspicious later. What it shows is that this computer seals so that the key opens it, and
//! that the mail server took it; whether it was delivered nobody knows.

use std::sync::Arc;

use openssl::error::ErrorStack;

use super::{
    Clock, Receipt, Segl, SendError,
    message::{self, Ready},
    own::Own,
    readers::Known,
    receipt::Outcome,
    recorded::About,
    send,
};
use crate::{
    cert::{OneTime, OneTimeError},
    content::Suggestion,
    decide::{self, Approved, Assessments, Decision, Policy, Surface},
    directory::{Answer, Found, Security, Source},
    mail::{Body, Class, Draft, DraftId, Head},
    smime,
    submit::Cancel,
};

/// What a mail to oneself says; the surfaces have the words.
#[derive(Debug, Clone)]
pub struct OwnMail {
    /// The subject, which anybody on the way can read.
    pub subject: String,
    /// The text, which nobody reads: the key is gone when it arrives.
    pub text: String,
}

/// Why a mail to oneself did not show what it should.
#[derive(Debug, thiserror::Error)]
pub enum OwnMailError {
    /// There was no key. Nothing has left.
    #[error(transparent)]
    OneTime(#[from] OneTimeError),
    /// Segl does not find its own certificate good: a fault in Segl. Nothing has left.
    #[error("the one-time certificate is not good")]
    NotGood,
    /// What was sealed could not be opened. Nothing has left.
    #[error("the sealed mail could not be opened: {0}")]
    NotOpened(ErrorStack),
    /// What was opened is not what was sealed. Nothing has left.
    #[error("what was opened is not what was sealed")]
    Differs,
    /// Not sent. Nothing has left.
    #[error(transparent)]
    NotSent(#[from] SendError),
    /// The mail server did not take it, or perhaps did.
    #[error("the mail server did not take it")]
    NotTaken(Box<Receipt>),
}

impl Segl {
    /// Sends the first sender a mail that was sealed with a one-time key and opened again.
    pub async fn mail_to_oneself(
        &self,
        words: OwnMail,
        clock: Clock<'_>,
    ) -> Result<Receipt, OwnMailError> {
        let sender = self.config.senders.first();
        let sender = sender.ok_or(SendError::UnknownSender)?.mailbox.clone();
        let mut draft = Draft::new(DraftId::random().map_err(OneTimeError::from)?, sender);
        draft.to = vec![draft.from.clone()];
        draft.subject = words.subject;
        draft.body = Body::Text(words.text);
        let one_time = OneTime::of(&draft.from.address, clock())?;
        let (approved, found) = approve(&draft, &one_time, clock)?;
        let confirmed = approved
            .confirm(
                &draft.recipients(),
                Class::Ordinary,
                draft.content_digest(),
                &found,
                &policy(),
            )
            .map_err(SendError::Changed)?;
        let vault = self.vault().map_err(SendError::Key)?;
        self.note_policy(&vault, clock())?;
        let head = send::head(&draft, clock)?;
        let about = About {
            draft: &draft,
            head: &head,
            consents: &[],
            surface: Surface::FirstRun,
            in_force: self.in_force(clock()),
            own: &Own::default(),
            class: Class::Ordinary,
            content: &Suggestion::default(),
            policy: &policy(),
            asks_receipt: false,
        };
        let session = self.session().await?;
        send::remember_server(&vault, &session, clock());
        let messages = message::make(&about, confirmed, clock()).map_err(SendError::Make)?;
        for message in &messages {
            opens(message, &draft, &head, &one_time)?;
        }
        let cancel = Cancel::new();
        let watch: &mut send::Watch<'_> = &mut |_, _, _| {};
        let receipt = send::hand_over(session, &about, messages, &vault, watch, &cancel, clock);
        match receipt.await? {
            receipt if receipt.outcome == Outcome::Sent => Ok(receipt),
            receipt => Err(OwnMailError::NotTaken(Box::new(receipt))),
        }
    }
}

/// The rule decides as for any mail. The firm's own rules are about people, and are left out: that the own domain stays
/// in house would only mean that nothing is sealed.
fn policy() -> Policy {
    Policy::default()
}

fn approve(
    draft: &Draft,
    one_time: &OneTime,
    clock: Clock<'_>,
) -> Result<(Approved, Assessments), OwnMailError> {
    let now = clock();
    let answer = Answer {
        found: vec![Found {
            der: one_time.certificate.der().to_vec(),
            source: Source {
                directory: "memory".to_owned(),
                entry: String::new(),
                security: Security::File,
                trust_binding: false,
            },
        }],
        failure: None,
        asked_at: now,
    };
    let address = &draft.from.address;
    let trust = super::Trust::in_only(one_time.issuer.clone());
    let assessment = trust.assess(address, vec![answer], &Known::default(), now);
    let found = Assessments::from([(address.clone(), Arc::new(assessment))]);
    let recipients = draft.recipients();
    match decide::decide(&draft.id, Class::Ordinary, &recipients, &found, &policy()) {
        Decision::EndToEnd(approved) => Ok((approved, found)),
        _ => Err(OwnMailError::NotGood),
    }
}

/// The very octets that leave are opened, before they leave: what cannot be opened stays here.
fn opens(
    message: &Ready,
    draft: &Draft,
    head: &Head,
    one_time: &OneTime,
) -> Result<(), OwnMailError> {
    let opened =
        smime::open_one_time(&message.octets, one_time).map_err(OwnMailError::NotOpened)?;
    let entity = message::entity(draft, head).map_err(SendError::Make)?;
    if *opened == entity {
        Ok(())
    } else {
        Err(OwnMailError::Differs)
    }
}
