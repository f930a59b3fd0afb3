//! A draft as canonical RFC 5322 / MIME octets: CRLF, 7-bit, nothing that tells on the sender's computer.
//!
//! Two pieces, because encryption comes between them: the outer header fields, and the MIME entity (Content-* fields and
//! body). `Bcc` is in neither. There is no User-Agent and no host name, and times are UTC.

use std::io::{self, Read, Write};

use jiff::Timestamp;
use lettre::message::{
    Body as EncodedBody,
    header::{
        Cc, ContentDisposition, ContentTransferEncoding, Date, From, Headers, InReplyTo, MessageId,
        References, ReplyTo, Sender, Subject, To,
    },
};

use super::{
    Attachment, Body, Digest, Draft, Mailbox, base64::Base64Lines, digest::hex, encoded, entity,
    is_forbidden,
};

/// What is fixed when a message is made, and kept when it is made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The message identifier with its angle brackets.
    pub message_id: String,
    /// The date.
    pub date: Timestamp,
}

/// Why a draft cannot become a message. Nothing has been sent.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A line break or control character where none may be: it would add header fields.
    #[error("a control character in {0}")]
    Forbidden(&'static str),
    /// An address that the header encoder does not take.
    #[error("an address that cannot stand in a header field")]
    Address,
    /// A file cannot be opened or read.
    #[error("an attachment cannot be read")]
    Attachment {
        /// Its name.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// A file is not what it was when it was attached.
    #[error("an attachment changed since it was attached")]
    Changed {
        /// Its name.
        name: String,
    },
    /// A handed-over body that cannot be made 7-bit without touching its content.
    #[error("the handed-over body is not MIME")]
    Entity(#[from] entity::EntityError),
    /// The operating system gives no randomness.
    #[error("no randomness")]
    Random(#[from] openssl::error::ErrorStack),
    /// The octets cannot be written.
    #[error("the message cannot be written")]
    Write(#[from] io::Error),
}

/// Opens an attachment for reading.
pub type Open<'a> = dyn FnMut(&Attachment) -> io::Result<Box<dyn Read>> + 'a;

impl Head {
    /// A head with a random identifier at the sender's domain.
    pub fn random(from: &Mailbox, date: Timestamp) -> Result<Self, openssl::error::ErrorStack> {
        let message_id = format!("<{}@{}>", random_token()?, from.address.domain());
        Ok(Self { message_id, date })
    }
}

/// 128 random bits in hex.
fn random_token() -> Result<String, openssl::error::ErrorStack> {
    let mut octets = [0; 16];
    openssl::rand::rand_bytes(&mut octets)?;
    Ok(hex(&octets))
}

/// The outer header fields, each ended by CRLF, without MIME-Version and Content-*, which belong to what follows.
pub fn outer_fields(draft: &Draft, head: &Head) -> Result<String, RenderError> {
    // RFC 5322 §3.6.2: with several authors Sender is needed; here From is one, and Sender says who really sends.
    let mut fields = Headers::new();
    fields.set(Date::new(head.date.into()));
    fields.set(From::from(mailboxes(std::slice::from_ref(&draft.from))?));
    if let Some(sender) = &draft.sender {
        fields.set(Sender::from(mailbox(sender)?));
    }
    if let Some(reply_to) = &draft.reply_to {
        fields.set(ReplyTo::from(mailboxes(std::slice::from_ref(reply_to))?));
    }
    if !draft.to.is_empty() {
        fields.set(To::from(mailboxes(&draft.to)?));
    }
    if !draft.cc.is_empty() {
        fields.set(Cc::from(mailboxes(&draft.cc)?));
    }
    set_subject(&mut fields, &checked("subject", &draft.subject)?);
    fields.set(MessageId::from(checked("message-id", &head.message_id)?));
    if let Some(in_reply_to) = &draft.in_reply_to {
        fields.set(InReplyTo::from(checked("in-reply-to", in_reply_to)?));
    }
    if !draft.references.is_empty() {
        fields.set(References::from(checked(
            "references",
            &draft.references.join(" "),
        )?));
    }
    Ok(fields.to_string())
}

fn set_subject(fields: &mut Headers, subject: &str) {
    if encoded::are_needed(subject) {
        fields.insert_raw(encoded::subject(subject));
    } else {
        fields.set(Subject::from(subject.to_owned()));
    }
}

/// What a message needs of its entity.
#[derive(Debug, Clone, Copy, Default)]
pub struct Form<'a> {
    /// The subject, which then stands above a text that is written here too: for readers that do not show one that is
    /// hidden outside (the Legacy Display Element, RFC 9788 §5.2.2). What is handed over stays as it is.
    pub legacy_subject: Option<&'a str>,
    /// It is signed and not encrypted: no line may stand in it that a server on the way could change.
    pub is_robust: bool,
}

/// The MIME entity: Content-* fields, an empty line, and the body. Attachments are read while they are written, and
/// must be what they were when they were attached.
pub fn write_entity(
    draft: &Draft,
    form: Form<'_>,
    open: &mut Open<'_>,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    let alone = draft.attachments.is_empty();
    match &draft.body {
        Body::Text(text) if alone => text_part(text, form.legacy_subject, out),
        Body::HandedOver { own, entity, .. } if alone && own.trim().is_empty() => {
            Ok(out.write_all(&foreign(entity, form)?)?)
        }
        body => multipart(body, form, &draft.attachments, open, out),
    }
}

/// A handed-over entity.
fn foreign(entity: &[u8], form: Form<'_>) -> Result<Vec<u8>, entity::EntityError> {
    if form.is_robust {
        entity::robust(entity)
    } else {
        entity::seven_bit(entity)
    }
}

fn multipart(
    body: &Body,
    form: Form<'_>,
    attachments: &[Attachment],
    open: &mut Open<'_>,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    // `=_` can stand in neither quoted-printable nor base64, so no line of a part equals the boundary.
    let boundary = format!("=_{}", random_token()?);
    write!(
        out,
        "Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n"
    )?;
    let next = |out: &mut dyn Write| write!(out, "--{boundary}\r\n");
    match body {
        Body::Text(text) => {
            next(out)?;
            text_part(text, form.legacy_subject, out)?;
        }
        Body::HandedOver { own, entity, .. } => {
            if !own.trim().is_empty() {
                next(out)?;
                text_part(own, None, out)?;
                out.write_all(b"\r\n")?;
            }
            next(out)?;
            out.write_all(&foreign(entity, form)?)?;
        }
    }
    for attachment in attachments {
        out.write_all(b"\r\n")?;
        next(out)?;
        attachment_part(attachment, open, out)?;
    }
    write!(out, "\r\n--{boundary}--\r\n")?;
    Ok(())
}

fn text_part(
    text: &str,
    legacy_subject: Option<&str>,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    let mut text = crlf(text);
    let mut parameter = "";
    if let Some(subject) = legacy_subject {
        text = format!("Subject: {}\r\n\r\n{text}", checked("subject", subject)?);
        parameter = "; hp-legacy-display=\"1\"";
    }
    // Lines that a gateway could change (trailing blanks, "From ") are encoded too, so that a later signature holds.
    let fragile = text
        .split("\r\n")
        .any(|l| l.ends_with([' ', '\t']) || l.starts_with("From ") || l.len() > 76);
    let body = if fragile {
        EncodedBody::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable)
            .unwrap_or_else(EncodedBody::new)
    } else {
        EncodedBody::new(text)
    };
    write!(
        out,
        "Content-Type: text/plain; charset=utf-8{parameter}\r\n"
    )?;
    write!(
        out,
        "Content-Transfer-Encoding: {}\r\n\r\n",
        body.encoding()
    )?;
    let octets = body.as_ref();
    if body.encoding() == ContentTransferEncoding::QuotedPrintable {
        write_without_from(octets, out)?;
    } else {
        out.write_all(octets)?;
    }
    if !octets.ends_with(b"\r\n") {
        out.write_all(b"\r\n")?;
    }
    Ok(())
}

/// Quoted-printable in which no line begins with "From ": mail folders put a ">" before it (RFC 8551 §3.1.3).
fn write_without_from(lines: &[u8], out: &mut dyn Write) -> io::Result<()> {
    for mut line in lines.split_inclusive(|b| *b == b'\n') {
        while let Some(rest) = line.strip_prefix(b"From ") {
            out.write_all(b"=46rom ")?;
            line = rest;
            // Two characters more must not make the line longer than 76 (RFC 2045 §6.7).
            if line.trim_ascii_end().len() > 76 - b"=46rom ".len() {
                out.write_all(b"=\r\n")?;
            } else {
                break;
            }
        }
        out.write_all(line)?;
    }
    Ok(())
}

/// Line ends of any kind as CRLF.
fn crlf(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\n', "\r\n")
}

fn attachment_part(
    attachment: &Attachment,
    open: &mut Open<'_>,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    let mut fields = Headers::new();
    let name = checked("attachment name", &attachment.name)?;
    if encoded::are_needed(&name) {
        fields.insert_raw(encoded::disposition(&name));
    } else {
        fields.set(ContentDisposition::attachment(&name));
    }
    let media_type = checked("attachment type", &attachment.media_type)?;
    write!(
        out,
        "Content-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n{fields}\r\n"
    )?;
    let unreadable = |source| RenderError::Attachment {
        name: attachment.name.clone(),
        source,
    };
    let changed = || RenderError::Changed {
        name: attachment.name.clone(),
    };
    let mut input = open(attachment).map_err(unreadable)?;
    let mut lines = Base64Lines::new(out);
    let mut hash = openssl::sha::Sha256::new();
    let (mut left, mut buffer) = (attachment.size, vec![0; 64 * 1024]);
    loop {
        let read = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(unreadable(e)),
        };
        // A file that grows for ever must not fill the memory.
        left = left.checked_sub(read as u64).ok_or_else(changed)?;
        hash.update(&buffer[..read]);
        lines.write_all(&buffer[..read])?;
    }
    if left != 0 || Digest::from(hash.finish()) != attachment.sha256 {
        return Err(changed());
    }
    lines.finish()?;
    Ok(())
}

fn checked(field: &'static str, text: &str) -> Result<String, RenderError> {
    if text.chars().any(is_forbidden) {
        Err(RenderError::Forbidden(field))
    } else {
        Ok(text.to_owned())
    }
}

fn mailbox(mailbox: &Mailbox) -> Result<lettre::message::Mailbox, RenderError> {
    let address = lettre::Address::new(mailbox.address.local(), mailbox.address.domain())
        .map_err(|_not_taken| RenderError::Address)?;
    let name = mailbox
        .name
        .as_deref()
        .map(|n| checked("name", n))
        .transpose()?;
    Ok(lettre::message::Mailbox::new(name, address))
}

fn mailboxes(list: &[Mailbox]) -> Result<lettre::message::Mailboxes, RenderError> {
    list.iter()
        .map(mailbox)
        .collect::<Result<Vec<_>, _>>()
        .map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The entity of a text, and the text that a reader shows.
    fn made(text: &str) -> (String, String) {
        let mut octets = Vec::new();
        text_part(text, None, &mut octets).unwrap();
        let entity = String::from_utf8(octets).unwrap();
        let parsed = mail_parser::MessageParser::default()
            .parse(&entity)
            .unwrap();
        let shown = parsed.body_text(0).unwrap().into_owned();
        (entity, shown)
    }

    #[test]
    fn no_line_begins_as_mail_folders_separate_mails_and_none_gets_too_long() {
        let long = format!("From {}", "a".repeat(71));
        let twice = format!("From From From {}", "b".repeat(200));
        for line in ["From os", "From ", &long, &twice, "hej From os"] {
            let text = format!("{line}\r\nFrom mig \r\n");
            let (entity, shown) = made(&text);
            assert!(!entity.contains("\nFrom "), "{entity}");
            assert!(entity.split("\r\n").all(|l| l.len() <= 76), "{entity}");
            assert_eq!(
                shown.trim_end_matches("\r\n"),
                text.trim_end_matches("\r\n")
            );
        }
    }
}
