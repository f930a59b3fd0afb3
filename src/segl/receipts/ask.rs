//! The request: an empty mail of the catalogue's words, recorded before it leaves.

use std::borrow::Cow;

use jiff::Timestamp;

use super::{ASKED, Request};
use crate::{
    config::Sender,
    content::Suggestion,
    decide::{self, Asking, NotAsked, Surface},
    keys::KeyError,
    mail::{Address, Body, Class, Digest, Draft, DraftId, Head, Kind, Mailbox, Recipient},
    record::{self, RecordError},
    segl::{
        Ask, Clock, MakeError, Receipt, Segl, SendError, Way,
        message::{self, Ready},
        own::Own,
        recorded::About,
        send,
    },
    submit::{Cancel, SubmitError},
    words::Words,
};

/// What became of a request.
#[derive(Debug)]
pub struct Requested {
    /// What was asked.
    pub request: Request,
    /// What became of the mail.
    pub receipt: Receipt,
}

/// Why nobody was asked. Nothing has left.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The rule says no.
    #[error("not asked: {}", .0.code())]
    NotAsked(NotAsked),
    /// The mail could not be made or sent.
    #[error(transparent)]
    Send(#[from] SendError),
}

impl From<RecordError> for AskError {
    fn from(cause: RecordError) -> Self {
        Self::Send(cause.into())
    }
}

impl From<KeyError> for AskError {
    fn from(cause: KeyError) -> Self {
        Self::Send(cause.into())
    }
}

impl Segl {
    /// Asks somebody for a receipt, in the name of a sender of the settings (the first, where none is given). Takes no
    /// text: what the mail says is in the catalogue.
    pub async fn ask_receipt(
        &self,
        address: &Address,
        from: Option<&Address>,
        surface: Surface,
        words: &Words,
        way: &Way,
        clock: Clock<'_>,
    ) -> Result<Requested, AskError> {
        let mut senders = self.config.senders.iter();
        let sender = senders.find(|s| from.is_none_or(|f| s.mailbox.address == *f));
        let sender = sender.ok_or(SendError::UnknownSender)?;
        let vault = &*self.vault()?;
        self.note_policy(vault, clock())?;
        let recipient = Recipient {
            kind: Kind::To,
            mailbox: Mailbox {
                name: None,
                address: address.clone(),
            },
        };
        let found = self
            .assess_all(std::slice::from_ref(&recipient), Ask::IfNotFresh, clock)
            .await;
        let policy = self.policy_for(&sender.author().address, clock());
        let assessment = found.get(address).ok_or(SendError::NoRecipients)?;
        let asking = decide::ask(&recipient, assessment, &policy).map_err(AskError::NotAsked)?;
        // A folder asks no service for anything.
        if matches!(way, Way::Submit) {
            self.check_tracking(clock()).await?;
        }
        let draft = draft(sender, &recipient, words)?;
        let head = head(&draft, clock)?;
        let content = Suggestion::default();
        let about = About {
            draft: &draft,
            head: &head,
            consents: &[],
            surface,
            in_force: self.in_force(clock()),
            own: &Own::default(),
            class: Class::Ordinary,
            content: &content,
            policy: &policy,
            asks_receipt: true,
        };
        let mx = exchangers(assessment.transport().and_then(|t| t.findings.as_ref()));
        let mut ready = ready(&about, asking, clock()).map_err(SendError::from)?;
        let mut request = request(&about, &ready, mx, clock());
        match way {
            Way::Files(folder) => {
                if send::rests_on_requiretls(&ready) {
                    return Err(SendError::from(SubmitError::NoRequireTls).into());
                }
                request.asks_status = true;
                request.row = note(vault.record(clock())?, &request, &ready, clock())?;
                let receipt = send::write_all(&about, ready, vault, folder, clock)?;
                Ok(Requested { request, receipt })
            }
            Way::Submit => {
                let session = self.session().await?;
                send::remember_server(vault, &session, clock());
                let session = self.with_requiretls(session, &mut ready).await;
                let session = session.map_err(SendError::from)?;
                request.asks_status = session.facts().dsn();
                request.row = note(vault.record(clock())?, &request, &ready, clock())?;
                let watch: &mut send::Watch<'_> = &mut |_, _, _| {};
                let cancel = Cancel::new();
                let sent =
                    send::hand_over(session, &about, ready, vault, watch, &cancel, clock).await;
                Ok(Requested {
                    request,
                    receipt: sent?,
                })
            }
        }
    }
}

/// The whole of what is written: nothing in it is the user's.
fn draft(sender: &Sender, recipient: &Recipient, words: &Words) -> Result<Draft, SendError> {
    let id = DraftId::random().map_err(|e| MakeError::Render(e.into()))?;
    let mut draft = Draft::new(id, sender.mailbox.clone());
    sender.sign(&mut draft);
    draft.to = vec![recipient.mailbox.clone()];
    draft.class = Some(Class::Ordinary);
    draft.subject = words.say("tls-ask-subject");
    let who = draft.from.address.given().to_owned();
    draft.body = Body::Text(words.with("tls-ask-text", &[("who", who.into())]));
    Ok(draft)
}

/// The finished message: made like every other, with the field on top that asks for a disposition notification.
fn ready(about: &About<'_>, asking: Asking, at: Timestamp) -> Result<Vec<Ready>, MakeError> {
    let mut ready = message::make(about, vec![asking.into_confirmed()], at)?;
    for message in &mut ready {
        if let Some(field) = disposition_field(about) {
            let whole = [field.as_bytes(), &message.octets].concat();
            message.sha256 = Digest::of(&whole);
            message.octets = whole.into();
        }
        message.envelope_id = Some(token(about.head));
    }
    Ok(ready)
}

/// To whom a mail program answers: the envelope's sender, because it must be the same (RFC 8098 §2.1). One that is not
/// ASCII cannot stand in every header, and then no mail program is asked.
fn disposition_field(about: &About<'_>) -> Option<String> {
    let to = send::envelope_from(about.draft).wire();
    to.is_ascii()
        .then(|| format!("Disposition-Notification-To: <{to}>\r\n"))
}

/// Digits that look like a number of a person are taken out of what is recorded, and a token without them would never
/// be found again: one in some thousand random ones has them, and another is taken.
fn head(draft: &Draft, clock: Clock<'_>) -> Result<Head, SendError> {
    loop {
        let head = send::head(draft, clock)?;
        if matches!(record::redact(&token(&head)), Cow::Borrowed(_)) {
            return Ok(head);
        }
    }
}

/// The random part of the message identifier.
fn token(head: &Head) -> String {
    let id = head.message_id.trim_start_matches('<');
    id.split('@').next().unwrap_or_default().to_owned()
}

fn request(about: &About<'_>, ready: &[Ready], mx: Vec<String>, at: Timestamp) -> Request {
    let mut recipients = ready.iter().flat_map(|m| &m.recipients);
    let address = recipients.next().map(|r| &r.recipient.mailbox.address);
    Request {
        token: token(about.head),
        message_id: about.head.message_id.clone(),
        address: address.map(Address::wire).unwrap_or_default(),
        domain: address.map(|a| a.domain().to_owned()).unwrap_or_default(),
        from: about.draft.from.address.wire(),
        at,
        asks_disposition: disposition_field(about).is_some(),
        asks_status: false,
        mx,
        row: 0,
    }
}

/// Records who is about to be asked. What cannot be recorded is not sent.
fn note(
    record: &record::Record,
    request: &Request,
    ready: &[Ready],
    at: Timestamp,
) -> Result<u64, RecordError> {
    let sha256 = ready.first().map(|m| m.sha256.to_string());
    let evidence = record::Evidence {
        code: ASKED.to_owned(),
        sha256: sha256.unwrap_or_default(),
        content: serde_json::json!(request),
        about: None,
    };
    Ok(record.append(evidence, at)?.seq)
}

/// The hosts of findings as they are recorded.
fn exchangers(findings: Option<&serde_json::Value>) -> Vec<String> {
    let listed = findings.and_then(|f| f.get("mx")?.as_array());
    let hosts = listed.into_iter().flatten();
    hosts
        .filter_map(|mx| Some(mx.get("host")?.as_str()?.to_ascii_lowercase()))
        .collect()
}
