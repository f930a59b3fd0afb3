//! A whole mail read again: what a person wants to see of it. Shows; changes and opens nothing.

use jiff::Timestamp;
use mail_parser::{HeaderValue, MimeHeaders as _};

use super::{Address, bounds};

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable {
    /// From, To and Cc as they stand in the header, each as one text.
    pub from: String,
    /// See there.
    pub to: String,
    /// See there.
    pub cc: String,
    /// The Date field.
    pub date: Option<Timestamp>,
    /// The subject.
    pub subject: String,
    /// Its text; that of a formatted mail without its format.
    pub text: String,
    /// The files: name and octets.
    pub files: Vec<(String, u64)>,
}

/// Reads a mail; `None` where the octets are none.
pub fn readable(octets: &[u8]) -> Option<Readable> {
    let message = bounds::parse(octets)?;
    let files = message.attachments().map(|part| {
        let name = part.attachment_name().unwrap_or_default().to_owned();
        (name, part.contents().len() as u64)
    });
    Some(Readable {
        from: addresses(message.from()),
        to: addresses(message.to()),
        cc: addresses(message.cc()),
        date: message
            .date()
            .and_then(|d| Timestamp::from_second(d.to_timestamp()).ok()),
        subject: message.subject().unwrap_or_default().to_owned(),
        text: message
            .body_text(0)
            .unwrap_or_default()
            .replace("\r\n", "\n"),
        files: files.collect(),
    })
}

/// Whom a mail is from, and what it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The first address in From.
    pub from: Address,
    /// The messages that In-Reply-To and References name, each with its angle brackets.
    pub to: Vec<String>,
}

/// Reads whom a mail is from and what it answers; `None` where it is none, or from nobody.
pub fn answer(octets: &[u8]) -> Option<Answer> {
    let message = bounds::parse_headers(octets)?;
    let from = message.from()?.first()?.address()?;
    let fields = [message.in_reply_to(), message.references()];
    let named = fields.into_iter().filter_map(HeaderValue::as_text_list);
    Some(Answer {
        from: Address::parse(from).ok()?,
        to: named.flatten().map(|id| format!("<{id}>")).collect(),
    })
}

/// A list of addresses as one text.
pub(crate) fn addresses(list: Option<&mail_parser::Address<'_>>) -> String {
    let Some(list) = list else {
        return String::new();
    };
    let one = |a: &mail_parser::Addr<'_>| match (a.name(), a.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => address.or(name).unwrap_or_default().to_owned(),
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_read_with_its_text_and_the_names_of_its_files() {
        let mail = "From: Anne <anne@x.example>\r\nTo: Bo <bo@y.example>, eva@z.example\r\n\
            Date: Thu, 12 Nov 2026 14:02:00 +0100\r\nSubject: =?utf-8?q?Pr=C3=B8ve?=\r\n\
            Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
            Content-Type: text/plain; charset=utf-8\r\n\r\nKære Bo\r\n--b\r\n\
            Content-Type: application/pdf; name=\"replik.pdf\"\r\n\
            Content-Disposition: attachment; filename=\"replik.pdf\"\r\n\r\nabc\r\n--b--\r\n";
        let read = readable(mail.as_bytes()).unwrap();
        assert_eq!(read.from, "Anne <anne@x.example>");
        assert_eq!(read.to, "Bo <bo@y.example>, eva@z.example");
        assert_eq!((&*read.subject, &*read.text), ("Prøve", "Kære Bo"));
        assert_eq!(read.files, [("replik.pdf".to_owned(), 3)]);
        assert_eq!(read.date, Some("2026-11-12T13:02:00Z".parse().unwrap()));
    }
}
