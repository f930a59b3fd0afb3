//! What the rows say: the payloads of format 1, as JSON objects.
//!
//! Open on both sides: a reader passes over fields that it does not know, a missing list is empty, and codes (routes,
//! lights, problems) are texts. Never a subject, a body or a file name. Addresses, reasons and replies pass
//! [`redact`](super::redact()) on the way in.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::redact::{redact_in, redact_typed_in};
use super::{Head, Month};
use crate::mail::Kind;

/// A payload and the kind of the rows that hold it.
pub trait Payload: Serialize {
    /// The row's kind.
    const KIND: &'static str;

    /// Takes out what must not stand in the record.
    #[must_use]
    fn redacted(self) -> Self
    where
        Self: Sized,
    {
        self
    }
}

/// A payload that stands by itself, for [`Record::append`](super::Record::append). The rows of a sending do not:
/// they have methods of their own that keep their order.
pub trait Standalone: Payload {}

/// `version`: which Segl writes from here on. Row 0 is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Segl's version.
    pub version: String,
    /// The operating system, as Rust names it.
    pub os: String,
}

/// `intent`: everything that is about to be submitted for one draft, written before anything leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// The draft's random id.
    pub draft: String,
    /// The Message-ID, without angle brackets or as the header has it: the caller's choice, always the same.
    pub message_id: String,
    /// The Date header.
    pub date: String,
    /// The Intent that this one sends again, in whole or in part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_of: Option<Head>,
    /// Where the decision was made: `window`, `command-line`, `outbox`, `add-in`.
    pub surface: String,
    /// The account of the operating system.
    pub account: String,
    /// Segl's version.
    pub version: String,
    /// SHA-256 of the effective settings.
    pub settings_sha256: String,
    /// SHA-256 of the machine's policy, where there is one.
    #[serde(default)]
    pub policy_sha256: Option<String>,
    /// The rule for revocation that was in force, as the settings write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<String>,
    /// What the clocks of others said of this computer's: `unheard`, `agrees`, `disputed` or `off`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
    /// The kind of mail server or service that it leaves through, where it is not any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay: Option<String>,
    /// The sender.
    pub identity: String,
    /// One for each SMTP transaction.
    pub deliveries: Vec<PlannedDelivery>,
    /// What was accepted for whom.
    #[serde(default)]
    pub consents: Vec<Consent>,
    /// What the message counted as, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<RecordedContent>,
    /// The risk file in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matrix: Option<RecordedMatrix>,
    /// SHA-256 of the content that was approved.
    pub content_sha256: String,
}

/// What a message counted as. Never what was found in it: the categories only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedContent {
    /// `ordinary`, `confidential` or `sensitive`: what was decided by.
    pub class: String,
    /// What the sender said; none where nobody said anything.
    #[serde(default)]
    pub given: Option<String>,
    /// The categories that were found in it.
    #[serde(default)]
    pub categories: Vec<String>,
    /// The categories that were found, and that the sender said are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dismissed: Vec<String>,
    /// How many files could not be examined.
    #[serde(default)]
    pub not_examined: u64,
}

/// The risk file by which it was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedMatrix {
    /// The version that it gives itself.
    pub version: String,
    /// SHA-256 of it.
    pub sha256: String,
    /// SHA-256 of the firm's written assessment of sending by mail, where the settings name one.
    #[serde(default)]
    pub assessment_sha256: Option<String>,
}

/// What was known of the transport to a recipient's domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedTransport {
    /// The level that it was decided by.
    pub level: String,
    /// The level that was seen of the domain.
    pub seen: String,
    /// When it was looked at; none where nobody looked.
    #[serde(default)]
    pub checked_at: Option<Timestamp>,
    /// Where the firm's own mail server promises more than was seen: what it promises.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promised: Vec<String>,
    /// What was seen, host by host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<serde_json::Value>,
}

/// The risk for one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedRisk {
    /// 1 to 5.
    pub impact: u8,
    /// 1 to 5.
    pub probability: u8,
    /// `low`, `medium` or `high`.
    pub band: String,
}

/// The rule that held for one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedRule {
    /// `ask`, `verified-tls`, `forbid` or `block`.
    pub fallback: String,
    /// Which rule says so: `policy.fallback`, `*.domain`, a domain or an address.
    pub from: String,
}

/// One delivery of an Intent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedDelivery {
    /// Its number in the Intent.
    pub index: u32,
    /// The route's code.
    pub route: String,
    /// MAIL FROM.
    pub mail_from: String,
    /// RCPT TO, with what was known of each.
    pub rcpt_to: Vec<RecordedRecipient>,
    /// SHA-256 of the octets that are submitted.
    pub sha256: String,
    /// Their number.
    pub size: u64,
    /// Everybody whom the message is encrypted to.
    #[serde(default)]
    pub readers: Vec<Reader>,
    /// Who of the readers is no recipient, and why.
    #[serde(default)]
    pub further: Vec<RecordedFurther>,
    /// Whether it requires TLS on its whole way (RFC 8689).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub requires_tls: bool,
    /// Fingerprint of the certificate that it is signed with; none where it is not signed.
    #[serde(default)]
    pub signed_by: Option<String>,
    /// The gateway's mailbox, where the message travels inside one to it: then that is the only RCPT TO.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrapped_to: Option<String>,
}

/// The way through the gateway of a recipient's organisation, as the decision saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedTunnel {
    /// The name as listed: the domain, or a wildcard above it.
    pub listed: String,
    /// `direct` or `wrapped`.
    pub mode: String,
    /// Under which name the gateway's certificate was found; none where the list carries it.
    #[serde(default)]
    pub found_under: Option<String>,
    /// SHA-256 of the list.
    pub list_sha256: String,
    /// From when the list is.
    pub list_from: Timestamp,
    /// When an answer first came back through the gateway; none while it is not confirmed.
    #[serde(default)]
    pub answered_at: Option<Timestamp>,
    /// What the look-up of the recipient's own certificate came to: `not-found`, `lookup-failed` or `unusable`.
    pub person: String,
}

/// A reader beside the recipients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedFurther {
    /// `own` or `archive`.
    pub kind: String,
    /// The certificate's fingerprint.
    pub sha256: String,
}

/// A recipient as the decision saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedRecipient {
    /// The address.
    pub address: String,
    /// To, Cc or Bcc.
    pub kind: Kind,
    /// The route's code.
    pub route: String,
    /// `green` or `red`.
    pub light: String,
    /// Every certificate that was found, used or not.
    #[serde(default)]
    pub certificates: Vec<RecordedCertificate>,
    /// The codes of what was wrong.
    #[serde(default)]
    pub problems: Vec<String>,
    /// The age of the oldest answer that this rests on.
    #[serde(default)]
    pub evidence_from: Option<Timestamp>,
    /// The way through the organisation's gateway, where that is the route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tunnel: Option<RecordedTunnel>,
    /// What was known of the transport, where the message is not encrypted to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transport: Option<RecordedTransport>,
    /// The risk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<RecordedRisk>,
    /// The rule that held for them, where the message is not encrypted to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RecordedRule>,
}

/// A certificate as the decision saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedCertificate {
    /// Its fingerprint.
    pub sha256: String,
    /// The issuer's name (RFC 4514).
    pub issuer: String,
    /// The serial number, in hexadecimal.
    pub serial: String,
    /// When it expires.
    pub not_after: Timestamp,
    /// Where it was found.
    pub source: String,
    /// How it is bound to the address, where it is.
    #[serde(default)]
    pub binding: Option<String>,
    /// When the user pinned it to the address, where that is what binds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned_at: Option<Timestamp>,
    /// What was known of the revocation of each certificate of its path below the anchor, its own first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revocation: Vec<RecordedRevocation>,
}

/// What was known of the revocation of one certificate when it was decided, and what the rule said to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedRevocation {
    /// The certificate's fingerprint.
    pub sha256: String,
    /// `good`, `revoked` or `unknown`.
    pub state: String,
    /// Lists and answers that said so.
    #[serde(default)]
    pub sources: Vec<RecordedSource>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// Why it was revoked (RFC 5280 §5.3.1), where the source gives a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why it is not known: an object with a code `why`, and what belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<serde_json::Value>,
    /// What the rule said: `current`, `in-grace`, `not-required`, `cannot-be-revoked` or `refused`.
    pub ruling: String,
}

/// A revocation list, or a responder's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedSource {
    /// `list` or `ocsp`.
    pub kind: String,
    /// The list's file, or the responder's host.
    pub name: String,
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one is due.
    #[serde(default)]
    pub next_update: Option<Timestamp>,
    /// SHA-256 of its octets.
    pub sha256: String,
}

/// A `RecipientInfo` by issuer and serial number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// The issuer's name (RFC 4514).
    pub issuer: String,
    /// The serial number, in hexadecimal.
    pub serial: String,
}

/// Somebody saw that a recipient is exposed, and why, and accepted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The exposed recipient.
    pub address: String,
    /// Who accepted (the account).
    pub who: String,
    /// Where.
    pub surface: String,
    /// When.
    pub at: Timestamp,
    /// The reason, as a code of the firm's list.
    pub reason_code: String,
    /// The reason in words, where the code asks for it.
    #[serde(default)]
    pub reason_text: Option<String>,
    /// SHA-256 of the warning that was shown.
    pub warning_sha256: String,
    /// The row with the assessment that was made before and stands for it; none where somebody was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<u64>,
}

/// `started`: the next octet may reach the server as part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// The Intent's row.
    pub intent: u64,
    /// The delivery's number in it.
    pub delivery: u32,
}

/// How a delivery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryOutcome {
    /// The server took it.
    Sent,
    /// The server refused it; nothing of it was taken.
    Rejected,
    /// The link broke after the final dot had begun: it may have been taken.
    Unconfirmed,
    /// It was written to a file, and no server was asked.
    Written,
    /// Nothing of it left.
    NotSent,
}

/// `outcome`: how one delivery ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The Intent's row.
    pub intent: u64,
    /// The delivery's number in it.
    pub delivery: u32,
    /// How it ended.
    pub outcome: DeliveryOutcome,
    /// The server's reply to each RCPT.
    #[serde(default)]
    pub replies: Vec<Reply>,
    /// The server's reply to the message as a whole.
    #[serde(default)]
    pub reply: Option<String>,
    /// The TLS connection that it went over.
    #[serde(default)]
    pub tls: Option<RecordedTls>,
    /// When it ended.
    pub at: Timestamp,
    /// Written by recovery, from what the rows say, and not by whoever sent.
    #[serde(default)]
    pub recovered: bool,
}

/// The server's reply to one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The recipient.
    pub address: String,
    /// Code and text.
    pub reply: String,
}

/// A TLS connection, as our own end of it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedTls {
    /// Such as `TLSv1.3`.
    pub version: String,
    /// The cipher suite's name.
    pub cipher: String,
    /// The server's certificates, its own first.
    #[serde(default)]
    pub chain_sha256: Vec<String>,
}

/// `policy`: the rules in force from here on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The text of the policy.
    pub text: String,
    /// Its SHA-256.
    pub sha256: String,
}

/// `evidence`: something that was seen and that later rows rest on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is, as a code.
    pub code: String,
    /// SHA-256 of the octets that were seen.
    pub sha256: String,
    /// What they say.
    pub content: serde_json::Value,
    /// The row that it is about.
    #[serde(default)]
    pub about: Option<u64>,
}

/// `purge`: the payloads of a month were destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purge {
    /// Which month. It also stands in the row's clear octets, so that `verify` needs no key to know it.
    pub month: Month,
    /// How many payloads there were.
    pub payloads: u64,
}

/// `note`: something about the record itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What it is, as a code: `head-missing`, `set-aside`, …
    pub code: String,
    /// Details; no sentence for users.
    #[serde(default)]
    pub text: String,
    /// The row that it is about.
    #[serde(default)]
    pub about: Option<u64>,
    /// The head that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<Head>,
}

/// `refused`: the decision was not to send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    /// The draft's random id.
    pub draft: String,
    /// Where the decision was shown.
    pub surface: String,
    /// The account of the operating system.
    pub account: String,
    /// The sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// What the message counted as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// SHA-256 of the machine's policy, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_sha256: Option<String>,
    /// Why, as a code.
    pub code: String,
    /// The recipients whom it may not go to, as the decision saw them, each with the rule.
    #[serde(default)]
    pub recipients: Vec<RecordedRecipient>,
}

impl Payload for Version {
    const KIND: &'static str = super::format::FIRST_KIND;
}

impl Payload for Intent {
    const KIND: &'static str = "intent";

    fn redacted(mut self) -> Self {
        redact_in(&mut self.identity);
        for delivery in &mut self.deliveries {
            redact_in(&mut delivery.mail_from);
            delivery
                .rcpt_to
                .iter_mut()
                .for_each(|recipient| redact_in(&mut recipient.address));
        }
        for consent in &mut self.consents {
            redact_in(&mut consent.address);
            consent.reason_text.iter_mut().for_each(redact_typed_in);
        }
        self
    }
}

impl Payload for Started {
    const KIND: &'static str = "started";
}

impl Payload for Outcome {
    const KIND: &'static str = "outcome";

    fn redacted(mut self) -> Self {
        self.reply.iter_mut().for_each(redact_in);
        for reply in &mut self.replies {
            redact_in(&mut reply.address);
            redact_in(&mut reply.reply);
        }
        self
    }
}

impl Payload for Policy {
    const KIND: &'static str = "policy";
}

impl Payload for Evidence {
    const KIND: &'static str = "evidence";

    fn redacted(mut self) -> Self {
        redact_texts(&mut self.content);
        self
    }
}

impl Payload for Purge {
    const KIND: &'static str = super::format::PURGE_KIND;
}

impl Payload for Note {
    const KIND: &'static str = "note";

    fn redacted(mut self) -> Self {
        redact_in(&mut self.text);
        self
    }
}

impl Payload for Refused {
    const KIND: &'static str = "refused";

    fn redacted(mut self) -> Self {
        self.identity.iter_mut().for_each(redact_in);
        self.recipients
            .iter_mut()
            .for_each(|recipient| redact_in(&mut recipient.address));
        self
    }
}

fn redact_texts(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => redact_in(text),
        serde_json::Value::Array(list) => list.iter_mut().for_each(redact_texts),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(redact_texts),
        _ => {}
    }
}

impl Standalone for Policy {}
impl Standalone for Evidence {}
impl Standalone for Note {}
impl Standalone for Refused {}
