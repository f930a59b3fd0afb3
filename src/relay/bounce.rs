//! A mail that came back (RFC 3464): which one it was, and whether it came back because the way on was not encrypted.

use mail_parser::{MimeHeaders as _, PartType};

use crate::mail::bounds;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// The Message-ID of the mail that came back, with its angle brackets.
    pub message_id: String,
    /// The enhanced status code (RFC 3463), such as `5.7.4`.
    pub status: String,
    /// What the server said.
    pub diagnostic: String,
}

/// Why a file is no proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BounceFault {
    /// It is no delivery status notification.
    #[error("not a delivery status notification (RFC 3464)")]
    NotOne,
    /// It does not say that the mail was given up.
    #[error("the mail was not given up")]
    NotFailed,
    /// It names no mail that came back.
    #[error("it does not say which mail came back")]
    NoMessage,
    /// It came back for another reason than that the way on was not encrypted.
    #[error("it came back for another reason")]
    OtherReason,
}

/// Words by which servers say that they gave up for want of TLS.
const WORDS: [&str; 5] = ["tls", "starttls", "encrypt", "requiretls", "secure channel"];

/// Reads a bounce. Only one that says that the mail was given up, and for want of TLS, is an answer.
pub fn bounce(octets: &[u8]) -> Result<Bounce, BounceFault> {
    let message = bounds::parse(octets).ok_or(BounceFault::NotOne)?;
    let report = message.content_type().is_some_and(|c| {
        c.ctype().eq_ignore_ascii_case("multipart")
            && c.subtype()
                .is_some_and(|s| s.eq_ignore_ascii_case("report"))
    });
    if !report {
        return Err(BounceFault::NotOne);
    }
    let is = |part: &mail_parser::MessagePart<'_>, wanted: &str| {
        let named = part.content_type().and_then(|c| c.subtype());
        named.is_some_and(|s| s.eq_ignore_ascii_case(wanted))
    };
    let text = |part: &mail_parser::MessagePart<'_>| match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(octets) | PartType::InlineBinary(octets) => {
            String::from_utf8_lossy(octets).into_owned()
        }
        PartType::Message(inner) => String::from_utf8_lossy(&inner.raw_message).into_owned(),
        PartType::Multipart(_) => String::new(),
    };
    let mut parts = message.parts.iter();
    let status_part = parts
        .find(|p| is(p, "delivery-status"))
        .ok_or(BounceFault::NotOne)?;
    let status_text = text(status_part);
    let field = |name: &str| -> String { field(&status_text, name).unwrap_or_default() };
    if !field("action").eq_ignore_ascii_case("failed") {
        return Err(BounceFault::NotFailed);
    }
    let (status, diagnostic) = (field("status"), field("diagnostic-code"));
    let mut parts = message.parts.iter();
    let returned = parts.find(|p| is(p, "rfc822-headers") || is(p, "rfc822") || is(p, "global"));
    let message_id = returned.and_then(|p| self::field(&text(p), "message-id"));
    let message_id = message_id.ok_or(BounceFault::NoMessage)?;
    let said = diagnostic.to_ascii_lowercase();
    // RFC 8689 §4.2.2 gives 5.7.30 for REQUIRETLS, RFC 3463 5.7.4 for security features that are not supported.
    let by_status = ["5.7.30", "5.7.4"].contains(&status.as_str());
    if !by_status && !WORDS.iter().any(|word| said.contains(word)) {
        return Err(BounceFault::OtherReason);
    }
    Ok(Bounce {
        message_id: message_id.trim().to_owned(),
        status,
        diagnostic,
    })
}

/// The first field of this name, unfolded.
fn field(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((found, value)) = line.split_once(':') else {
            continue;
        };
        if found.trim().eq_ignore_ascii_case(name) {
            let mut value = value.trim().to_owned();
            while let Some(more) = lines.next_if(|l| l.starts_with([' ', '\t'])) {
                value.push(' ');
                value.push_str(more.trim());
            }
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(action: &str, status: &str, diagnostic: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mx.example\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
             Final-Recipient: rfc822; eva@plain.example\r\nAction: {action}\r\nStatus: {status}\r\n\
             Diagnostic-Code: smtp;\r\n {diagnostic}\r\n\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <abc@advokat-eksempel.dk>\r\n\
             Subject: x\r\n\r\n--b--\r\n"
        )
    }

    #[test]
    fn a_bounce_for_want_of_tls_names_its_mail() {
        let found =
            bounce(report("failed", "5.7.0", "550 TLS encryption required by policy").as_bytes());
        let found = found.unwrap();
        assert_eq!(found.message_id, "<abc@advokat-eksempel.dk>");
        assert_eq!(
            found.diagnostic,
            "smtp; 550 TLS encryption required by policy"
        );
        let by_status = report("failed", "5.7.30", "550 no");
        assert!(bounce(by_status.as_bytes()).is_ok());
    }

    #[test]
    fn what_came_back_for_another_reason_or_not_at_all_proves_nothing() {
        let rows = [
            (
                report("failed", "5.1.1", "550 no such user"),
                BounceFault::OtherReason,
            ),
            (
                report("delayed", "4.7.0", "TLS required"),
                BounceFault::NotFailed,
            ),
            (report("relayed", "2.0.0", "TLS"), BounceFault::NotFailed),
            (
                "Subject: TLS\r\n\r\nfailed\r\n".to_owned(),
                BounceFault::NotOne,
            ),
            (
                report("failed", "5.7.30", "x").replace("Message-ID", "X-Other"),
                BounceFault::NoMessage,
            ),
        ];
        for (octets, wanted) in rows {
            assert_eq!(bounce(octets.as_bytes()), Err(wanted), "{octets}");
        }
    }
}
