//! What a mail server or mail program answers to a message that asked for a receipt: disposition notifications (MDN,
//! RFC 8098), delivery status notifications (DSN, RFC 3464), and mail that is neither.
//!
//! Reads only; never answers, and believes nothing: who wrote it is decided elsewhere.

use jiff::Timestamp;
use mail_parser::{MessagePart, MimeHeaders as _, PartType};
use serde::{Deserialize, Serialize};

use super::{Address, bounds, fields};

/// Recipients that are read of one notification.
const RECIPIENTS_MAX: usize = 100;
/// Octets that are read of the part for machines.
const REPORT_MAX: usize = 256 << 10;
/// Octets of the returned message that are read: its header is what counts.
const RETURNED_MAX: usize = 4 << 20;
/// Octets of a notification that are read: behind what came back stands nothing.
const NOTIFICATION_MAX: usize = 8 << 20;
/// Octets of one value.
const VALUE_MAX: usize = 500;
/// Messages that an answer may name.
const NAMED_MAX: usize = 200;

/// What kind of answer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    /// The recipient's mail program says what became of the message (RFC 8098).
    Disposition,
    /// A mail server says it (RFC 3464).
    Delivery,
    /// A mail like any other.
    Mail,
}

/// What became of a message for one recipient: the actions of RFC 3464 §2.3.3 and the dispositions of RFC 8098 §3.2.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It lies in the recipient's mailbox.
    Delivered,
    /// It was handed to a mail server that tells no more.
    Relayed,
    /// It was handed on to several.
    Expanded,
    /// It waits.
    Delayed,
    /// It did not arrive.
    Failed,
    /// It was shown to the recipient.
    Displayed,
    /// It was deleted, perhaps without being shown.
    Deleted,
    /// It was sent on.
    Dispatched,
    /// A program dealt with it.
    Processed,
    /// Another word.
    Other,
}

/// What is said of one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldOf {
    /// The address, as it stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// What became of it.
    pub action: Action,
    /// The status code (RFC 3463).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// What the next server said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnostic: Option<String>,
    /// The next server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_mta: Option<String>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Which kind.
    pub kind: AnswerKind,
    /// The first address in From; none where there is none that could be one.
    pub from: Option<Address>,
    /// The Date field.
    pub at: Option<Timestamp>,
    /// The server or program that says it: a name without its type.
    pub reporting: Option<String>,
    /// What it says, for each recipient.
    pub told: Vec<ToldOf>,
    /// The envelope that it speaks of (Original-Envelope-Id), decoded from xtext where it is.
    pub envelope: Option<String>,
    /// The messages that it names anywhere, without angle brackets.
    pub names: Vec<String>,
    /// The header of the message that came back, or all of that.
    pub returned: Option<Vec<u8>>,
    /// Whether it asks for a receipt itself. Segl sends none.
    pub asks_for_receipt: bool,
}

impl AnswerKind {
    /// The code in record and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Disposition => "disposition",
            Self::Delivery => "delivery",
            Self::Mail => "mail",
        }
    }
}

impl Action {
    /// The code in record and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Relayed => "relayed",
            Self::Expanded => "expanded",
            Self::Delayed => "delayed",
            Self::Failed => "failed",
            Self::Displayed => "displayed",
            Self::Deleted => "deleted",
            Self::Dispatched => "dispatched",
            Self::Processed => "processed",
            Self::Other => "other",
        }
    }

    fn of(word: &str) -> Self {
        const ALL: [Action; 9] = [
            Action::Delivered,
            Action::Relayed,
            Action::Expanded,
            Action::Delayed,
            Action::Failed,
            Action::Displayed,
            Action::Deleted,
            Action::Dispatched,
            Action::Processed,
        ];
        let mut all = ALL.into_iter();
        all.find(|a| a.code().eq_ignore_ascii_case(word))
            .unwrap_or(Self::Other)
    }
}

impl Notification {
    /// What is said of the message as a whole: of several recipients the worst.
    pub fn action(&self) -> Option<Action> {
        let all = self.told.iter().map(|t| t.action);
        all.max_by_key(|a| match a {
            Action::Failed => 9,
            Action::Delayed => 8,
            Action::Other => 7,
            Action::Deleted => 6,
            _ => 0,
        })
    }
}

/// Reads an answer whose lines end in CRLF ([`fields::with_crlf`]); `None` where it is no mail.
pub fn notification(octets: &[u8]) -> Option<Notification> {
    let octets = &octets[..octets.len().min(NOTIFICATION_MAX)];
    let message = bounds::parse(octets)?;
    let (header, _) = fields::fields(octets);
    let mut found = Notification {
        kind: AnswerKind::Mail,
        from: message
            .from()
            .and_then(|f| f.first()?.address())
            .and_then(|a| Address::parse(a).ok()),
        at: message
            .date()
            .filter(|d| d.is_valid())
            .and_then(|d| Timestamp::from_second(d.to_timestamp()).ok()),
        reporting: None,
        told: Vec::new(),
        envelope: None,
        names: Vec::new(),
        returned: None,
        asks_for_receipt: header.iter().any(|f| f.is("disposition-notification-to")),
    };
    for field in &header {
        if field.is("in-reply-to") || field.is("references") || field.is("original-message-id") {
            found.name(&field.unfolded(REPORT_MAX));
        }
    }
    let is_report = message.content_type().is_some_and(|c| {
        c.ctype().eq_ignore_ascii_case("multipart")
            && c.subtype()
                .is_some_and(|s| s.eq_ignore_ascii_case("report"))
    });
    for part in &message.parts {
        let kind = part.content_type().map_or_else(String::new, |c| {
            let kind = format!("{}/{}", c.ctype(), c.subtype().unwrap_or_default());
            kind.to_ascii_lowercase()
        });
        let is_first = found.kind == AnswerKind::Mail;
        match kind.as_str() {
            "message/disposition-notification" | "message/global-disposition-notification"
                if is_report && is_first =>
            {
                found.disposition(&text(part, REPORT_MAX));
            }
            // Some servers that are old or careless send it outside multipart/report.
            "message/delivery-status" | "message/global-delivery-status" if is_first => {
                found.delivery(&text(part, REPORT_MAX));
            }
            "message/rfc822"
            | "message/global"
            | "text/rfc822-headers"
            | "message/rfc822-headers"
            | "text/rfc822"
            | "message/global-headers"
                if found.returned.is_none() =>
            {
                found.take_back(&text(part, RETURNED_MAX));
            }
            _ => {}
        }
    }
    found.names.sort();
    found.names.dedup();
    Some(found)
}

impl Notification {
    fn disposition(&mut self, text: &str) {
        self.kind = AnswerKind::Disposition;
        let group = &groups(text).concat();
        let get = |name: &str| value(group, name);
        if let Some(id) = get("original-message-id") {
            self.name(&id);
        }
        self.envelope = get("original-envelope-id").map(|id| xtext(&id));
        self.reporting = get("mta-name").or_else(|| get("reporting-ua"));
        // "manual-action/MDN-sent-manually; displayed/error"
        let disposition = get("disposition").unwrap_or_default();
        let action = disposition.rsplit(';').next().unwrap_or_default().trim();
        let action = action.split('/').next().unwrap_or_default().trim();
        self.told = vec![ToldOf {
            recipient: get("final-recipient")
                .or_else(|| get("original-recipient"))
                .map(bare),
            action: Action::of(action),
            status: None,
            diagnostic: get("error").or_else(|| get("failure")),
            remote_mta: None,
        }];
    }

    fn delivery(&mut self, text: &str) {
        self.kind = AnswerKind::Delivery;
        let groups = groups(text);
        let mut groups = groups.iter();
        let Some(first) = groups.next() else { return };
        self.reporting = value(first, "reporting-mta").map(bare);
        self.envelope = value(first, "original-envelope-id").map(|id| xtext(&id));
        // Who forgets the empty line has everything in one group.
        let one = std::iter::once(first).filter(|g| value(g, "action").is_some());
        for group in one.chain(groups).take(RECIPIENTS_MAX) {
            let get = |name: &str| value(group, name);
            let Some(action) = get("action") else {
                continue;
            };
            self.told.push(ToldOf {
                recipient: get("final-recipient")
                    .or_else(|| get("original-recipient"))
                    .map(bare),
                action: Action::of(action.split([' ', ';', '(']).next().unwrap_or_default()),
                status: get("status"),
                diagnostic: get("diagnostic-code"),
                remote_mta: get("remote-mta").map(bare),
            });
        }
    }

    fn take_back(&mut self, text: &str) {
        let octets = fields::with_crlf(text.as_bytes()).into_owned();
        let (header, _) = fields::fields(&octets);
        if let Some(id) = header.iter().find(|f| f.is("message-id")) {
            self.name(&id.unfolded(VALUE_MAX));
        }
        self.returned = Some(octets);
    }

    /// Takes every message identifier of a text.
    fn name(&mut self, text: &str) {
        let all = text
            .split([' ', '<', '>', ',', '\t'])
            .filter(|id| id.contains('@'));
        let room = NAMED_MAX.saturating_sub(self.names.len());
        self.names.extend(all.take(room).map(str::to_owned));
    }
}

fn text(part: &MessagePart<'_>, at_most: usize) -> String {
    let octets: &[u8] = match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.as_bytes(),
        PartType::Binary(octets) | PartType::InlineBinary(octets) => octets,
        PartType::Message(inner) => &inner.raw_message,
        PartType::Multipart(_) => &[],
    };
    String::from_utf8_lossy(&octets[..octets.len().min(at_most)]).into_owned()
}

/// A group of fields: names in lower case, and values.
type Group = Vec<(String, String)>;

/// The groups that empty lines part.
fn groups(text: &str) -> Vec<Group> {
    let mut groups = vec![Group::new()];
    for line in text.lines() {
        let Some(group) = groups.last_mut() else {
            break;
        };
        if line.trim().is_empty() {
            if !group.is_empty() {
                groups.push(Group::new());
            }
        } else if let (true, Some((_, value))) = (line.starts_with([' ', '\t']), group.last_mut()) {
            if value.len() < VALUE_MAX {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            group.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    groups.retain(|g| !g.is_empty());
    groups
}

fn value(group: &Group, name: &str) -> Option<String> {
    let (_, value) = group.iter().find(|(n, _)| n == name)?;
    let value = &value[..value.floor_char_boundary(VALUE_MAX)];
    (!value.is_empty()).then(|| value.to_owned())
}

/// Without the type in front: `dns; mx.example`, `rfc822; eva@x.example`.
fn bare(value: String) -> String {
    match value.split_once(';') {
        Some((_, name)) => name.trim().to_owned(),
        None => value,
    }
}

/// Text from xtext (RFC 3461 §4): `+3D` is `=`. What is none stays.
fn xtext(text: &str) -> String {
    let text = text.trim().trim_matches(['<', '>']);
    let mut parts = text.split('+');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(code) = code.filter(u8::is_ascii_graphic) {
            out.push(char::from(code));
            out.push_str(&part[2..]);
        } else {
            out.push('+');
            out.push_str(part);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(kind: &str, part: &str) -> Notification {
        let mail = format!(
            "From: Mailer <MAILER-DAEMON@mx.firma-eksempel.dk>\r\nDate: Thu, 12 Nov 2026 14:02:00 +0100\r\n\
             References: <one@x.example>\r\nContent-Type: multipart/report; report-type={kind}; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nHej\r\n--b\r\nContent-Type: message/{kind}\r\n\r\n{part}\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\nReceived: by a.example\r\n\
             Message-ID: <two@x.example>\r\n\r\n--b--\r\n"
        );
        notification(mail.as_bytes()).unwrap()
    }

    #[test]
    fn a_delivery_status_notification_tells_of_each_recipient() {
        let found = report(
            "delivery-status",
            "Reporting-MTA: dns; mx.firma-eksempel.dk\r\nOriginal-Envelope-Id: a+2Bb+3D\r\n\r\n\
             Final-Recipient: rfc822; bo@firma-eksempel.dk\r\nAction: delivered\r\nStatus: 2.0.0\r\n\
             Diagnostic-Code: smtp;\r\n 250 fine\r\n\r\nFinal-Recipient: rfc822; eva@firma-eksempel.dk\r\n\
             Action: Failed (no such user)\r\nStatus: 5.1.1\r\n",
        );
        assert_eq!(found.kind, AnswerKind::Delivery);
        assert_eq!(found.reporting.as_deref(), Some("mx.firma-eksempel.dk"));
        assert_eq!(found.envelope.as_deref(), Some("a+b="));
        assert_eq!(found.names, ["one@x.example", "two@x.example"]);
        let of: Vec<_> = found
            .told
            .iter()
            .map(|t| (t.recipient.as_deref(), t.action))
            .collect();
        assert_eq!(
            of,
            [
                (Some("bo@firma-eksempel.dk"), Action::Delivered),
                (Some("eva@firma-eksempel.dk"), Action::Failed)
            ]
        );
        assert_eq!(found.told[0].diagnostic.as_deref(), Some("smtp; 250 fine"));
        assert_eq!(found.action(), Some(Action::Failed));
        assert!(
            found
                .returned
                .unwrap()
                .starts_with(b"Received: by a.example\r\n")
        );
    }

    #[test]
    fn a_disposition_notification_names_the_message_that_was_shown() {
        let found = report(
            "disposition-notification",
            "Reporting-UA: pc; Mail 1\r\nFinal-Recipient: rfc822;bo@firma-eksempel.dk\r\n\
             Original-Message-ID: <three@x.example>\r\n\
             Disposition: manual-action/MDN-sent-manually; displayed/error\r\n",
        );
        assert_eq!(found.kind, AnswerKind::Disposition);
        assert_eq!(found.action(), Some(Action::Displayed));
        assert!(found.names.contains(&"three@x.example".to_owned()));
        assert!(!found.asks_for_receipt);
    }

    #[test]
    fn an_ordinary_mail_is_an_answer_too_and_what_is_no_mail_is_none() {
        let mail = b"From: bo@firma-eksempel.dk\r\nIn-Reply-To: <one@x.example>\r\n\
            Disposition-Notification-To: bo@firma-eksempel.dk\r\n\r\nHej\r\n";
        let found = notification(mail).unwrap();
        assert_eq!((found.kind, found.action()), (AnswerKind::Mail, None));
        assert!(found.asks_for_receipt);
        assert!(notification(b"").is_none());
    }
}
