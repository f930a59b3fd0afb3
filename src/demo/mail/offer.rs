//! What the server offers in its reply to EHLO (RFC 5321 §4.1.1.1), and what it therefore takes with MAIL.

use super::session::Channel;
use super::wire::Reply;
use super::{Auth, MailOptions, Security, Size};

impl MailOptions {
    /// The lines of the reply to EHLO: STARTTLS only outside TLS, AUTH and REQUIRETLS only inside it.
    pub(super) fn offered(&self, channel: Option<&Channel>) -> Vec<String> {
        let mut lines = vec!["mail.segl-demo.example".to_owned(), "8BITMIME".to_owned()];
        match self.size {
            Size::Any => lines.push("SIZE".to_owned()),
            Size::Announced(limit) => lines.push(format!("SIZE {limit}")),
            Size::Silent(_) => {}
        }
        if self.smtp_utf8 {
            lines.push("SMTPUTF8".to_owned());
        }
        match channel {
            None if self.security == Security::StartTls => lines.push("STARTTLS".to_owned()),
            None => {}
            Some(_) => {
                if self.require_tls {
                    lines.push("REQUIRETLS".to_owned());
                }
                let names: Vec<_> = self.auth.mechanisms().iter().map(|m| m.name()).collect();
                if !names.is_empty() {
                    lines.push(format!("AUTH {}", names.join(" ")));
                }
            }
        }
        lines.extend(self.ehlo_lines.iter().cloned());
        lines
    }

    /// What is wrong with the sender and the parameters of MAIL, if anything.
    pub(super) fn refusal(&self, path: &str, parameters: &[String]) -> Option<Reply> {
        for parameter in parameters {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let known = match (name.to_ascii_uppercase().as_str(), value) {
                ("SIZE", octets) => {
                    let Ok(octets) = octets.parse::<u64>() else {
                        return Some(Reply::new(501, "5.5.4 not a size"));
                    };
                    if self.size.limit().is_some_and(|limit| octets > limit) {
                        return Some(Reply::new(552, "5.3.4 too large"));
                    }
                    !matches!(self.size, Size::Silent(_))
                }
                ("BODY", body) => ["7BIT", "8BITMIME"]
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(body)),
                ("SMTPUTF8", "") => self.smtp_utf8,
                ("REQUIRETLS", "") => self.require_tls,
                ("AUTH", _) => !matches!(self.auth, Auth::None),
                ("RET" | "ENVID", _) => self.has_dsn(),
                _ => false,
            };
            if !known {
                return Some(Reply::new(555, "5.5.4 parameter not known"));
            }
        }
        (!path.is_ascii() && !asks_for_utf8(parameters))
            .then(|| Reply::new(553, "5.6.7 not without SMTPUTF8"))
    }

    /// Whether delivery status notifications are offered (RFC 3461).
    pub(super) fn has_dsn(&self) -> bool {
        let mut lines = self.ehlo_lines.iter();
        lines.any(|line| line.eq_ignore_ascii_case("DSN"))
    }
}

impl Size {
    pub(super) fn limit(self) -> Option<u64> {
        match self {
            Self::Any => None,
            Self::Announced(limit) | Self::Silent(limit) => Some(limit),
        }
    }
}

/// Whether the transaction may hold addresses outside ASCII (RFC 6531 §3.4).
pub(super) fn asks_for_utf8(parameters: &[String]) -> bool {
    let mut parameters = parameters.iter();
    parameters.any(|parameter| parameter.eq_ignore_ascii_case("SMTPUTF8"))
}
