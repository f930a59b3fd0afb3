//! A draft that another program hands over: one RFC 5322 message, with Bcc allowed.
//!
//! Plain text becomes text to edit. Anything formatted stays an entity, octet for octet. Trace and signature fields do
//! not come along; a message that is already encrypted or signed is refused, because a change would break it.

use mail_parser::{HeaderValue, MimeHeaders as _, parsers::MessageStream};

use super::{
    Body, Draft, DraftId, Mailbox, MailboxError, bounds,
    entity::{self, EntityError, Field},
    flowed::Flow,
    handed_text,
    mailbox::parse_one,
};

/// What a handed-over message says. Addresses that are none come back as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// From, where it is there.
    pub from: Option<Mailbox>,
    /// Reply-To, where it is there.
    pub reply_to: Option<Mailbox>,
    /// To.
    pub to: Vec<Result<Mailbox, MailboxError>>,
    /// Cc.
    pub cc: Vec<Result<Mailbox, MailboxError>>,
    /// Bcc.
    pub bcc: Vec<Result<Mailbox, MailboxError>>,
    /// Subject, on one line.
    pub subject: String,
    /// Text, or a formatted body that is sent unchanged.
    pub body: Body,
    /// In-Reply-To, with angle brackets.
    pub in_reply_to: Option<String>,
    /// References, each with angle brackets.
    pub references: Vec<String>,
}

/// Why a handed-over message cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum HandedOverError {
    /// It is not an RFC 5322 message.
    #[error("not a mail message")]
    NotAMessage,
    /// Its MIME header is damaged.
    #[error("a damaged message")]
    Damaged(#[from] EntityError),
    /// It is encrypted or signed already.
    #[error("the message is already encrypted or signed ({0})")]
    AlreadyProtected(String),
    /// A field that may stand once stands twice (RFC 5322 §3.6): programs differ in which one they believe.
    #[error("more than one {0} field")]
    FieldTwice(&'static str),
    /// It is larger than a mail can be.
    #[error("the message has {0} octets")]
    TooLarge(usize),
}

/// Octets of a handed-over message at most.
const MAX_OCTETS: usize = 1 << 30;

/// Media types that are protected already.
const PROTECTED: &[&str] = &[
    "application/pkcs7-mime",
    "application/x-pkcs7-mime",
    "multipart/signed",
    "multipart/encrypted",
    "application/pgp-encrypted",
];

/// Reads a handed-over message.
pub fn handed_over(octets: &[u8]) -> Result<HandedOver, HandedOverError> {
    if octets.len() > MAX_OCTETS {
        return Err(HandedOverError::TooLarge(octets.len()));
    }
    // Line ends stay as they are: in a binary part they are none. Only what has no LF at all is old enough for CR.
    let old = (!octets.contains(&b'\n')).then(|| entity::canonical(octets));
    let octets = old.as_deref().unwrap_or(octets);
    let (fields, body) = entity::split(octets)?;
    refuse_protected(&fields)?;
    let message = bounds::parse(octets).ok_or(HandedOverError::NotAMessage)?;
    let addressed = fields.iter().any(|f| {
        ["From", "To", "Cc", "Bcc", "Subject"]
            .iter()
            .any(|n| f.is(n))
    });
    if !addressed {
        return Err(HandedOverError::NotAMessage);
    }
    for name in ["From", "Subject"] {
        if fields.iter().filter(|f| f.is(name)).count() > 1 {
            return Err(HandedOverError::FieldTwice(name));
        }
    }
    let one = |name| mailboxes(&fields, name).into_iter().find_map(Result::ok);
    Ok(HandedOver {
        from: one("From"),
        reply_to: one("Reply-To"),
        to: mailboxes(&fields, "To"),
        cc: mailboxes(&fields, "Cc"),
        bcc: mailboxes(&fields, "Bcc"),
        subject: subject(&fields),
        in_reply_to: identifiers(message.in_reply_to()).into_iter().next(),
        references: identifiers(message.references()),
        body: read_body(&message, &fields, body),
    })
}

impl HandedOver {
    /// A draft of it, from this sender. Pieces that are no address come back beside it.
    pub fn into_draft(self, id: DraftId, from: Mailbox) -> (Draft, Vec<MailboxError>) {
        let mut bad = Vec::new();
        let mut good = |list: Vec<Result<Mailbox, MailboxError>>| -> Vec<Mailbox> {
            list.into_iter()
                .filter_map(|m| m.map_err(|e| bad.push(e)).ok())
                .collect()
        };
        let (to, cc, bcc) = (good(self.to), good(self.cc), good(self.bcc));
        let draft = Draft {
            reply_to: self.reply_to,
            to,
            cc,
            bcc,
            subject: self.subject,
            body: self.body,
            in_reply_to: self.in_reply_to,
            references: self.references,
            ..Draft::new(id, from)
        };
        (draft, bad)
    }
}

fn refuse_protected(fields: &[Field<'_>]) -> Result<(), HandedOverError> {
    let (_, kind) = entity::media_type(fields);
    if PROTECTED.contains(&kind.as_str()) {
        Err(HandedOverError::AlreadyProtected(kind))
    } else {
        Ok(())
    }
}

fn read_body(message: &mail_parser::Message<'_>, fields: &[Field<'_>], body: &[u8]) -> Body {
    let root = message.root_part();
    let is_file = root
        .content_disposition()
        .is_some_and(|d| d.ctype().eq_ignore_ascii_case("attachment"));
    // Another kind of text, such as an invitation or a table, and one with a file's name, is more than its characters.
    let is_plain = root.content_type().is_none_or(|t| {
        t.ctype().eq_ignore_ascii_case("text")
            && t.subtype().is_none_or(|s| s.eq_ignore_ascii_case("plain"))
            && t.attribute("name").is_none()
    });
    let told = |name: &str| root.content_type()?.attribute(name);
    let transfer = fields.iter().find(|f| f.is("Content-Transfer-Encoding"));
    let transfer = transfer.map(Field::value).unwrap_or_default();
    let text = (is_plain && !is_file)
        .then(|| handed_text::text(body, &transfer, told("charset")))
        .flatten();
    if let Some(text) = text {
        let text = text.replace("\r\n", "\n");
        return Body::Text(match Flow::of(told) {
            Some(flow) => flow.unflowed(&text),
            None => text,
        });
    }
    let mut entity = Vec::with_capacity(body.len() + 256);
    let content = fields.iter().filter(|f| {
        f.name
            .get(..8)
            .is_some_and(|n| n.eq_ignore_ascii_case("Content-"))
    });
    content.for_each(|f| entity.extend_from_slice(f.raw));
    entity.extend_from_slice(b"\r\n");
    entity.extend_from_slice(body);
    let preview = message
        .body_text(0)
        .map(|t| t.replace("\r\n", "\n"))
        .unwrap_or_default();
    Body::HandedOver {
        own: String::new(),
        entity,
        preview,
    }
}

/// What stands behind the colon of each field of this name.
fn values<'a>(fields: &'a [Field<'_>], name: &'a str) -> impl Iterator<Item = Vec<u8>> + 'a {
    let named = fields.iter().filter(move |f| f.is(name));
    named.filter_map(|f| {
        Some(handed_text::field(
            &f.raw[memchr::memchr(b':', f.raw)? + 1..],
        ))
    })
}

/// The mailboxes of all fields of this name: a program that writes one field for each recipient means them all.
fn mailboxes(fields: &[Field<'_>], name: &str) -> Vec<Result<Mailbox, MailboxError>> {
    let mut found = Vec::new();
    for value in values(fields, name) {
        let HeaderValue::Address(list) = MessageStream::new(&value).parse_address() else {
            continue;
        };
        // A word without an @ is read as a name without an address: it comes back as an error, never is it dropped.
        found.extend(list.iter().filter_map(|a| match (a.name(), a.address()) {
            (name, Some(address)) => Some(parse_one(name, address)),
            (Some(word), None) => Some(parse_one(None, word)),
            (None, None) => None,
        }));
    }
    found
}

fn subject(fields: &[Field<'_>]) -> String {
    let Some(value) = values(fields, "Subject").next() else {
        return String::new();
    };
    let told = MessageStream::new(&value).parse_unstructured();
    one_line(told.as_text().unwrap_or_default())
}

fn identifiers(value: &HeaderValue<'_>) -> Vec<String> {
    let texts: Vec<&str> = match value {
        HeaderValue::Text(text) => vec![text],
        HeaderValue::TextList(list) => list.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    };
    let holds = |t: &&str| {
        !t.is_empty()
            && t.bytes()
                .all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>'))
    };
    texts
        .iter()
        .map(|t| t.trim())
        .filter(holds)
        .map(|t| format!("<{t}>"))
        .collect()
}

fn one_line(text: &str) -> String {
    text.split(['\r', '\n', '\t'])
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> HandedOver {
        handed_over(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_plain_message_becomes_text_to_edit() {
        let draft = read(
            "From: Anne <anne@x.example>\nTo: =?utf-8?q?Bo_=C3=86rlig?= <bo@y.example>, bad\nBcc: eva@z.example\n\
             Subject: =?utf-8?b?UsO4ZGdyw7hk?=\nIn-Reply-To: <1@x.example>\nReferences: <0@x.example>\n <1@x.example>\n\
             X-Mailer: x\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n\
             R=F8dgr=F8d\n",
        );
        assert_eq!(draft.subject, "Rødgrød");
        assert_eq!(
            draft.to[0].as_ref().unwrap().name.as_deref(),
            Some("Bo Ærlig")
        );
        assert!(draft.to[1].is_err());
        assert_eq!(draft.bcc.len(), 1);
        assert_eq!(draft.body, Body::Text("Rødgrød\n".to_owned()));
        assert_eq!(draft.in_reply_to.as_deref(), Some("<1@x.example>"));
        assert_eq!(draft.references, ["<0@x.example>", "<1@x.example>"]);
    }

    #[test]
    fn every_field_of_recipients_counts() {
        let draft = read(
            "From: a@x.example\nTo: bo@y.example\nTo: eva@z.example, hans@z.example\nCc: c1@x.example\n\
             CC: c2@x.example\nBcc: d1@x.example\nbcc: d2@x.example\nReply-To: (none)\nReply-To: r@x.example\n\nx\n",
        );
        let told = |list: &[Result<Mailbox, MailboxError>]| -> Vec<String> {
            let each = list.iter().map(|m| m.as_ref().unwrap().to_string());
            each.collect()
        };
        let to = ["bo@y.example", "eva@z.example", "hans@z.example"];
        assert_eq!(told(&draft.to), to);
        assert_eq!(told(&draft.cc), ["c1@x.example", "c2@x.example"]);
        assert_eq!(told(&draft.bcc), ["d1@x.example", "d2@x.example"]);
        assert_eq!(draft.reply_to.unwrap().to_string(), "r@x.example");
    }

    #[test]
    fn two_senders_or_two_subjects_are_refused() {
        for (name, header) in [
            ("From", "From: a@x.example\nfrom: b@x.example\n"),
            ("Subject", "From: a@x.example\nSubject: a\nSubject: a\n"),
        ] {
            let found = handed_over(format!("{header}\nx\n").as_bytes());
            let is_it = matches!(found, Err(HandedOverError::FieldTwice(told)) if told == name);
            assert!(is_it, "{header}");
        }
    }

    #[test]
    fn letters_that_are_no_utf_8_are_those_of_windows() {
        let draft = handed_over(
            b"From: S\xf8ren <s@x.example>\nSubject: R\xf8dgr\xf8d\n med\n\nK\xe6re Bo, 5 \x80\n",
        );
        let draft = draft.unwrap();
        assert_eq!(draft.from.unwrap().name.as_deref(), Some("Søren"));
        assert_eq!(draft.subject, "Rødgrød med");
        assert_eq!(draft.body, Body::Text("Kære Bo, 5 €\n".to_owned()));
    }

    #[test]
    fn a_text_of_which_a_letter_would_be_lost_is_kept_as_it_is() {
        let draft =
            handed_over(b"From: a@x.example\nContent-Type: text/plain; charset=utf-8\n\nR\xf8d\n");
        let Body::HandedOver { entity, .. } = draft.unwrap().body else {
            panic!("a text")
        };
        assert!(entity.ends_with(b"charset=utf-8\n\r\nR\xf8d\n"));
    }

    /// It would take minutes.
    #[test]
    fn a_mail_whose_fields_no_one_writes_is_refused() {
        let kind = format!("Content-Type: text/plain{}", ";a*=x'y'z;b".repeat(20_000));
        for mail in [
            format!("From: a@x.example\n{kind}\n\nHej\n"),
            format!(
                "From: a@x.example\nContent-Type: message/rfc822\n\nFrom: b@x.example\n{kind}\n\nHej\n"
            ),
        ] {
            let found = handed_over(mail.as_bytes());
            assert!(matches!(found, Err(HandedOverError::NotAMessage)));
        }
    }

    #[test]
    fn a_formatted_body_stays_octet_for_octet() {
        let entity = "Content-Type: multipart/alternative; boundary=b\r\nContent-Language: da\r\n\r\n--b\r\n\
                      Content-Type: text/plain\r\n\r\nhej\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>hej</b>  \r\n--b--\r\n";
        let draft = read(&format!(
            "From: a@x.example\r\nMIME-Version: 1.0\r\n{entity}"
        ));
        let Body::HandedOver {
            entity: kept,
            preview,
            ..
        } = draft.body
        else {
            panic!("formatted")
        };
        assert_eq!(String::from_utf8(kept).unwrap(), entity);
        assert_eq!(preview, "hej");
    }

    #[test]
    fn an_invitation_a_table_and_a_file_stay_what_they_are() {
        for kind in [
            "text/calendar; method=REQUEST; charset=utf-8",
            "text/csv",
            "text/plain; name=\"note.txt\"",
        ] {
            let draft = read(&format!("From: a@x.example\nContent-Type: {kind}\n\na;b\n"));
            let Body::HandedOver { entity, .. } = draft.body else {
                panic!("{kind}")
            };
            let made = entity::seven_bit(&entity).unwrap();
            let wanted = format!("Content-Type: {kind}\r\n\r\na;b\r\n");
            assert_eq!(String::from_utf8(made).unwrap(), wanted);
        }
        for kind in [
            "text/plain",
            "TEXT/PLAIN; charset=us-ascii; format=fixed",
            "text",
        ] {
            let draft = read(&format!("From: a@x.example\nContent-Type: {kind}\n\nhej\n"));
            assert_eq!(draft.body, Body::Text("hej\n".to_owned()), "{kind}");
        }
    }

    #[test]
    fn what_is_protected_already_is_refused() {
        for kind in [
            "application/pkcs7-mime; smime-type=enveloped-data",
            "multipart/signed; boundary=x",
            "Multipart/Encrypted",
        ] {
            let message = format!("From: a@x.example\nContent-Type: {kind}\n\nx\n");
            assert!(
                matches!(
                    handed_over(message.as_bytes()),
                    Err(HandedOverError::AlreadyProtected(_))
                ),
                "{kind}"
            );
        }
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for text in ["", "hej", "\n\nhej", "Hello: x\n\ny", "\u{0}\u{1}\u{2}"] {
            assert!(handed_over(text.as_bytes()).is_err(), "{text:?}");
        }
    }
}
