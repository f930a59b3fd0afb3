//! What the firm's own mail server, or the service that relays for it, promises of the way on: by a header field that a
//! rule of it acts on, or by what the service says of the firm's account.
//!
//! Submission is SMTP always: a service's web interface builds its own MIME, and cannot carry S/MIME.

mod bounce;
mod sendgrid;

pub use bounce::{Bounce, BounceFault, bounce};
pub use sendgrid::{Account, AccountFault, SendGrid};

/// Which kind of mail server or service it is: `[submission] profile`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// Any mail server.
    #[default]
    Generic,
    /// Exchange, on the firm's own machines or in the cloud, with a transport rule that forces TLS where a header field
    /// says so.
    Exchange,
    /// Twilio SendGrid.
    SendGrid,
}

impl Profile {
    /// All, with their words in the settings.
    pub const ALL: [(&'static str, Self); 3] = [
        ("generic", Self::Generic),
        ("exchange", Self::Exchange),
        ("sendgrid", Self::SendGrid),
    ];

    /// The word in settings and record.
    pub fn code(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::Exchange => "exchange",
            Self::SendGrid => "sendgrid",
        }
    }

    /// The header field for this server, with its end of line: for a message that is not encrypted to its recipients
    /// (`is_clear`), or for any.
    pub fn field(self, is_clear: bool) -> Option<&'static str> {
        match self {
            Self::Exchange if is_clear => Some("X-Segl-Transport: tls-required\r\n"),
            Self::Generic | Self::Exchange => None,
            // On encrypted mail too: nobody is to be counted for having opened it.
            Self::SendGrid => Some(concat!(
                "X-SMTPAPI: {\"filters\":{\"clicktrack\":{\"settings\":{\"enable\":0}},\r\n",
                " \"opentrack\":{\"settings\":{\"enable\":0}},\r\n",
                " \"subscriptiontrack\":{\"settings\":{\"enable\":0}},\r\n",
                " \"ganalytics\":{\"settings\":{\"enable\":0}}}}\r\n",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tracking_field_is_json_in_short_lines_once_it_is_unfolded() {
        let field = Profile::SendGrid.field(false).unwrap();
        assert!(field.split("\r\n").all(|line| line.len() < 78));
        let unfolded = field.replace("\r\n", "");
        let (name, value) = unfolded.split_once(": ").unwrap();
        assert_eq!(name, "X-SMTPAPI");
        let value: serde_json::Value = serde_json::from_str(value).unwrap();
        let filters = value["filters"].as_object().unwrap();
        assert_eq!(filters.len(), 4);
        assert!(filters.values().all(|f| f["settings"]["enable"] == 0));
    }

    #[test]
    fn only_clear_mail_asks_exchange_for_tls() {
        assert!(Profile::Exchange.field(true).is_some());
        assert_eq!(Profile::Exchange.field(false), None);
        assert_eq!(Profile::Generic.field(true), None);
    }
}
