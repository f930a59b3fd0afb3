//! Mailboxes: an address with an optional display name, and lists of them as people type and paste them.
//!
//! Reads what mail programs, spreadsheets and people put on the clipboard (RFC 5322 §3.4 and the habits around it):
//! `Anne Østergaard <anne@x.example>; bo@y.example`, `"Holm, Bo" <bo@y.example>`, one a line. Nothing is guessed: a
//! piece that is not a mailbox comes back as an error beside the others.

use serde::{Deserialize, Serialize};

use super::address::{Address, AddressError, is_forbidden};

/// An address with the name shown beside it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mailbox {
    /// The display name, without quotes; free of control characters and bidirectional overrides.
    pub name: Option<String>,
    /// The address.
    pub address: Address,
}

/// A piece of a list that is not a mailbox, with what was typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address: {cause}")]
pub struct MailboxError {
    /// The piece as typed, trimmed.
    pub text: String,
    /// What is wrong with it.
    #[source]
    pub cause: AddressError,
}

/// A role that a recipient has in a message. The order is that of precedence where an address stands twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Main recipient.
    To,
    /// Copy, seen by all.
    Cc,
    /// Copy that no other recipient sees.
    Bcc,
}

/// A recipient of a draft: role and mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// To, Cc or Bcc.
    pub kind: Kind,
    /// Who.
    pub mailbox: Mailbox,
}

impl Mailbox {
    /// Parses one mailbox: `name <address>`, `address`, `address (name)` or `mailto:address`.
    pub fn parse(text: &str) -> Result<Self, MailboxError> {
        let text = text.trim();
        let fail = |cause| MailboxError {
            text: text.to_owned(),
            cause,
        };
        if let Some(bad) = text.chars().find(|c| is_forbidden(*c)) {
            return Err(fail(AddressError::Forbidden(u32::from(bad))));
        }
        let (name, address) = if let Some(rest) = text.strip_suffix('>') {
            let open = rest.rfind('<').ok_or_else(|| fail(AddressError::Shape))?;
            (unquote(&rest[..open]), &rest[open + 1..])
        } else if let Some((address, comment)) =
            text.strip_suffix(')').and_then(|t| t.split_once(" ("))
        {
            (unquote(comment), address)
        } else {
            (None, text)
        };
        let address = address.trim();
        let address = address.strip_prefix("mailto:").unwrap_or(address);
        let address = Address::parse(address).map_err(fail)?;
        Ok(Self { name, address })
    }

    /// A mailbox without a display name.
    pub fn bare(address: Address) -> Self {
        Self {
            name: None,
            address,
        }
    }

    /// What people see: the name, or the address where there is none.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.address.given())
    }
}

impl std::fmt::Display for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) if name.contains(|c| "()<>[]:;@\\,\"".contains(c)) => {
                write!(
                    f,
                    "\"{}\" <{}>",
                    name.replace('\\', "\\\\").replace('"', "\\\""),
                    self.address
                )
            }
            Some(name) => write!(f, "{name} <{}>", self.address),
            None => write!(f, "{}", self.address),
        }
    }
}

/// A mailbox from a name and an address that a parser took apart already.
pub(super) fn parse_one(name: Option<&str>, address: &str) -> Result<Mailbox, MailboxError> {
    let fail = |cause| MailboxError {
        text: address.to_owned(),
        cause,
    };
    let name = name
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .map(str::to_owned);
    if let Some(bad) = name
        .iter()
        .flat_map(|n| n.chars())
        .find(|c| is_forbidden(*c))
    {
        return Err(fail(AddressError::Forbidden(u32::from(bad))));
    }
    let address = Address::parse(address).map_err(fail)?;
    Ok(Mailbox { name, address })
}

/// Splits and parses a list. Separators are `;`, line breaks and `,`; a comma inside quotes or before the `<` of a
/// name (`Holm, Bo <bo@y.example>`, as Outlook copies it) separates nothing.
pub fn parse_list(text: &str) -> Vec<Result<Mailbox, MailboxError>> {
    split_list(text)
        .iter()
        .map(|piece| Mailbox::parse(piece))
        .collect()
}

fn split_list(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for group in split_outside_quotes(text, &[';', '\n', '\r']) {
        let mut pending = String::new();
        for part in split_outside_quotes(&group, &[',']) {
            if !pending.is_empty() {
                pending.push(',');
            }
            pending.push_str(&part);
            if part.contains('@') {
                flush_names(&mut pieces, &pending);
                pending.clear();
            }
        }
        if !pending.trim().is_empty() {
            pieces.extend(pending.split(',').map(str::to_owned));
        }
    }
    pieces
        .iter()
        .map(|p| p.trim().to_owned())
        .filter(|p| !p.is_empty())
        .collect()
}

/// Words without an `@` before a mailbox are part of its name only if the mailbox has angle brackets.
fn flush_names(pieces: &mut Vec<String>, pending: &str) {
    if pending.trim_end().ends_with('>') {
        pieces.push(pending.to_owned());
    } else {
        pieces.extend(split_outside_quotes(pending, &[',']));
    }
}

fn split_outside_quotes(text: &str, separators: &[char]) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    // An odd quote must not swallow the rest of a pasted list.
    let quotes_pair = text.chars().filter(|c| *c == '"').count() % 2 == 0;
    for c in text.chars() {
        if !quoted && separators.contains(&c) {
            pieces.push(String::new());
            continue;
        }
        if c == '"' && quotes_pair && !escaped {
            quoted = !quoted;
        }
        escaped = c == '\\' && !escaped;
        if let Some(last) = pieces.last_mut() {
            last.push(c);
        }
    }
    pieces
}

fn unquote(name: &str) -> Option<String> {
    let name = name.trim();
    let name = match name.strip_prefix('"').and_then(|n| n.strip_suffix('"')) {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => name.trim_matches('\'').to_owned(),
    };
    let name = name.trim().to_owned();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Vec<(Option<String>, String)> {
        parse_list(text)
            .into_iter()
            .map(|m| {
                m.map_or_else(
                    |e| (None, format!("!{}", e.text)),
                    |m| (m.name, m.address.given().to_owned()),
                )
            })
            .collect()
    }

    #[test]
    fn lists_are_read_as_people_paste_them() {
        let some = |n: &str, a: &str| (Some(n.to_owned()), a.to_owned());
        let none = |a: &str| (None, a.to_owned());
        let rows = [
            (
                "Anne Østergaard <anne@x.dk>; bo@y.dk",
                vec![some("Anne Østergaard", "anne@x.dk"), none("bo@y.dk")],
            ),
            (
                "anne@x.dk, bo@y.dk",
                vec![none("anne@x.dk"), none("bo@y.dk")],
            ),
            (
                "anne@x.dk\r\nbo@y.dk\n",
                vec![none("anne@x.dk"), none("bo@y.dk")],
            ),
            (
                "\"Holm, Bo\" <bo@y.dk>, anne@x.dk",
                vec![some("Holm, Bo", "bo@y.dk"), none("anne@x.dk")],
            ),
            (
                "Holm, Bo <bo@y.dk>; Berg, Eva <eva@z.dk>",
                vec![some("Holm, Bo", "bo@y.dk"), some("Berg, Eva", "eva@z.dk")],
            ),
            ("bo@y.dk (Bo Holm)", vec![some("Bo Holm", "bo@y.dk")]),
            ("<bo@y.dk>", vec![none("bo@y.dk")]),
            ("mailto:bo@y.dk", vec![none("bo@y.dk")]),
            ("'Bo Holm' <bo@y.dk>", vec![some("Bo Holm", "bo@y.dk")]),
            (";;, ,", vec![]),
            ("bo@y.dk; eva", vec![none("bo@y.dk"), none("!eva")]),
            ("eva, bo@y.dk", vec![none("!eva"), none("bo@y.dk")]),
            (
                "\"odd <bo@y.dk>; eva@z.dk",
                vec![some("\"odd", "bo@y.dk"), none("eva@z.dk")],
            ),
        ];
        for (text, wanted) in rows {
            assert_eq!(parsed(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn a_name_with_a_line_break_or_an_override_is_refused() {
        assert!(Mailbox::parse("An\u{202E}ne <anne@x.dk>").is_err());
        assert!(Mailbox::parse("Anne\u{7} <anne@x.dk>").is_err());
    }

    #[test]
    fn what_is_shown_is_read_back_as_the_same_mailbox() {
        for text in [
            "Anne <anne@x.dk>",
            "\"Holm, \\\"Bo\\\"\" <bo@y.dk>",
            "eva@z.dk",
        ] {
            let mailbox = Mailbox::parse(text).unwrap();
            assert_eq!(Mailbox::parse(&mailbox.to_string()).unwrap(), mailbox);
        }
    }
}
