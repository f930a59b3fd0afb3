//! Mail addresses: RFC 5321 mailboxes as people type and paste them.
//!
//! An [`Address`] is valid by construction: no control character, no bidirectional override, no header injection
//! can be in it. The domain is kept as an A-label (RFC 5891) in lower case; the local part is kept as it was given.
//! Nobody is looked up, suggested or written to by a civil registration number: such an address is none.
//! Comparing follows RFC 8550 §3 and RFC 9598: ASCII letters without case, a non-ASCII local part octet for octet.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::cpr::is_cpr;

/// Octets that a local part may hold at most (RFC 5321 §4.5.3.1.1).
const LOCAL_MAX: usize = 64;
/// Octets that an address may hold at most (RFC 5321 §4.5.3.1.3, less the angle brackets).
const ADDRESS_MAX: usize = 254;

/// One mail address: local part and domain, without a display name.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    local: String,
    domain: String,
    given: String,
}

/// Why a text is not a mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing stands there.
    #[error("no address")]
    Empty,
    /// No `@`, or nothing on one side of it.
    #[error("not of the form local-part@domain")]
    Shape,
    /// A control character, a line break or a bidirectional override.
    #[error("a forbidden character U+{0:04X}")]
    Forbidden(u32),
    /// The local part is neither a dot-atom nor a quoted string (RFC 5322 §3.4.1).
    #[error("the part before the @ is not valid")]
    Local,
    /// The domain is not a name of letters, digits and hyphens, also after IDNA (RFC 5891).
    #[error("the part after the @ is not a domain name")]
    Domain,
    /// The local part is a civil registration number. It would tell everybody on the way, and every server's log, whom
    /// the mail is about; and whoever types one means Digital Post.
    #[error("a CPR number in the address")]
    Cpr,
    /// Longer than RFC 5321 §4.5.3.1 allows.
    #[error("longer than a mail address may be")]
    TooLong,
}

impl Address {
    /// Parses one address. A domain in Unicode becomes its A-label, one trailing dot is dropped.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        if let Some(bad) = text.chars().find(|c| is_forbidden(*c)) {
            return Err(AddressError::Forbidden(u32::from(bad)));
        }
        let given: String = text.nfc().collect();
        let (local, domain) = given.rsplit_once('@').ok_or(AddressError::Shape)?;
        if local.is_empty() || domain.is_empty() {
            return Err(AddressError::Shape);
        }
        if !is_local_part(local) {
            return Err(AddressError::Local);
        }
        if is_cpr(local) {
            return Err(AddressError::Cpr);
        }
        let ascii = ascii_domain(domain).ok_or(AddressError::Domain)?;
        if local.len() > LOCAL_MAX || local.len() + 1 + ascii.len() > ADDRESS_MAX {
            return Err(AddressError::TooLong);
        }
        Ok(Self {
            local: local.to_owned(),
            domain: ascii,
            given: given.clone(),
        })
    }

    /// Parses an address that a program wrote, as in a certificate: one that is written as it must be, with nothing around
    /// it, no dot at its end, and a domain that is an A-label or exactly the U-label that stands for it (RFC 5890 §2.3.2.1).
    pub fn parse_exact(text: &str) -> Result<Self, AddressError> {
        let address = Self::parse(text)?;
        let (_, domain) = text.rsplit_once('@').ok_or(AddressError::Shape)?;
        let is_exact = domain.eq_ignore_ascii_case(&address.domain)
            || domain.eq_ignore_ascii_case(&address.domain_unicode());
        if text.trim() != text || !is_exact {
            return Err(AddressError::Shape);
        }
        Ok(address)
    }

    /// The part before the `@`, as it was given (NFC).
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The domain as an A-label in lower case.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The domain as people read it (U-label), where it has such a form.
    pub fn domain_unicode(&self) -> String {
        idna::domain_to_unicode(&self.domain).0
    }

    /// The address as it was typed (NFC, trimmed).
    pub fn given(&self) -> &str {
        &self.given
    }

    /// The address for the wire: local part as given, domain as an A-label.
    pub fn wire(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// The key under which this address is looked up, compared and remembered: ASCII letters in lower case.
    pub fn key(&self) -> String {
        format!("{}@{}", self.local.to_ascii_lowercase(), self.domain)
    }

    /// Whether this is the key of the address. Asked for each chip on each frame: nothing is built for it.
    pub fn has_key(&self, key: &str) -> bool {
        self.key_octets().eq(key.bytes())
    }

    fn key_octets(&self) -> impl Iterator<Item = u8> {
        let local = self.local.bytes().map(|b| b.to_ascii_lowercase());
        local
            .chain(std::iter::once(b'@'))
            .chain(self.domain.bytes())
    }

    /// Whether the server must offer SMTPUTF8 (RFC 6531) to take this address.
    pub fn needs_smtputf8(&self) -> bool {
        !self.local.is_ascii()
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.domain == other.domain && self.local.eq_ignore_ascii_case(&other.local)
    }
}

impl Eq for Address {}

impl std::hash::Hash for Address {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key_octets().for_each(|b| state.write_u8(b));
        state.write_u8(0xff);
    }
}

impl PartialOrd for Address {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Address {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key_octets().cmp(other.key_octets())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.given)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.wire())
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.given
    }
}

/// Control characters, line and paragraph separators, bidirectional controls, and invisible joiners and tags that make
/// two different addresses look alike.
pub(crate) fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{061C}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{00AD}' | '\u{180E}' | '\u{E0000}'..='\u{E007F}')
}

fn is_local_part(local: &str) -> bool {
    if let Some(inner) = local.strip_prefix('"').and_then(|l| l.strip_suffix('"')) {
        return is_quoted_content(inner);
    }
    local
        .split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

fn is_quoted_content(inner: &str) -> bool {
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return false,
            '\\' if !chars
                .next()
                .is_some_and(|n| n.is_ascii_graphic() || n == ' ') =>
            {
                return false;
            }
            _ => {}
        }
    }
    !inner.is_empty()
}

fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~".contains(c)
        || (!c.is_ascii() && !c.is_whitespace())
}

/// The A-label form of a domain, or `None` if it is not a host name with at least two labels.
/// One label alone is a slip of the pen (`bo@firma`): no mail over the internet goes there.
fn ascii_domain(domain: &str) -> Option<String> {
    let ascii = ascii_host(domain)?;
    let ends_in_number = ascii
        .rsplit('.')
        .next()
        .is_some_and(|l| l.bytes().all(|b| b.is_ascii_digit()));
    (ascii.contains('.') && !ends_in_number).then_some(ascii)
}

/// The A-label form of a host name in lower case, also of one label alone. One trailing dot is dropped.
pub(crate) fn ascii_host(host: &str) -> Option<String> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let ascii = idna::domain_to_ascii_strict(host)
        .ok()?
        .to_ascii_lowercase();
    let labels_hold = ascii.len() <= 253
        && ascii.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        });
    labels_hold.then_some(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_in_unicode_becomes_its_a_label() {
        let address = Address::parse("Bo@Æblehaven.DK").unwrap();
        assert_eq!(address.domain(), "xn--blehaven-i0a.dk");
        assert_eq!(address.given(), "Bo@Æblehaven.DK");
        assert_eq!(address.wire(), "Bo@xn--blehaven-i0a.dk");
        assert_eq!(address.key(), "bo@xn--blehaven-i0a.dk");
    }

    #[test]
    fn ascii_letters_compare_without_case_and_others_octet_for_octet() {
        let parse = |t| Address::parse(t).unwrap();
        assert_eq!(parse("Anne@x.dk"), parse("aNNe@X.dk"));
        assert_ne!(parse("ØST@x.dk"), parse("øst@x.dk"));
        // NFC and NFD spellings are the same address: what is compared is NFC.
        assert_eq!(parse("a\u{030A}se@x.dk"), parse("\u{e5}se@x.dk"));
    }

    #[test]
    fn what_is_not_an_address_is_refused_with_its_reason() {
        use AddressError as E;
        let rows: &[(&str, E)] = &[
            ("", E::Empty),
            ("  ", E::Empty),
            ("anne", E::Shape),
            ("@x.dk", E::Shape),
            ("anne@", E::Shape),
            ("anne@x", E::Domain),
            ("anne@x..dk", E::Domain),
            ("anne@-x.dk", E::Domain),
            ("anne@[127.0.0.1]", E::Domain),
            ("anne@127.0.0.1", E::Domain),
            ("anne@x.dk\r\nBcc: evil@x.dk", E::Forbidden(0x0d)),
            ("an\u{202E}ne@x.dk", E::Forbidden(0x202E)),
            ("an\u{200B}ne@x.dk", E::Forbidden(0x200B)),
            ("an\u{E0061}ne@x.dk", E::Forbidden(0xE0061)),
            ("an ne@x.dk", E::Local),
            ("anne..x@x.dk", E::Local),
            (".anne@x.dk", E::Local),
            ("a,b@x.dk", E::Local),
            ("<anne@x.dk>", E::Local),
        ];
        for (text, wanted) in rows {
            assert_eq!(&Address::parse(text).unwrap_err(), wanted, "{text:?}");
        }
        let long = format!("{}@x.dk", "a".repeat(65));
        assert_eq!(Address::parse(&long).unwrap_err(), E::TooLong);
    }

    #[test]
    fn an_exact_address_has_nothing_around_it_and_one_spelling_of_its_domain() {
        for (text, holds) in [
            ("anne@firm.example", true),
            ("Anne@FIRM.example", true),
            ("anné@ærger.example", true),
            ("anné@xn--rger-uoa.example", true),
            ("anné@XN--rger-uoa.example", true),
            ("anne@firm.example.", false),
            ("anne@firm.example ", false),
            (" anne@firm.example", false),
            ("anné@ÆRGER.example", false),
            ("anné@\u{ff46}irm.example", false),
            ("anné@firm\u{3002}example", false),
            ("anne@a\u{30a}rhus.example", false),
        ] {
            assert!(Address::parse(text).is_ok(), "{text}");
            assert_eq!(Address::parse_exact(text).is_ok(), holds, "{text}");
        }
        assert!(Address::parse_exact("anne").is_err());
    }

    #[test]
    fn a_quoted_local_part_is_kept() {
        assert_eq!(
            Address::parse("\"anne holm\"@x.dk").unwrap().local(),
            "\"anne holm\""
        );
        assert!(Address::parse("\"an\"ne\"@x.dk").is_err());
    }

    #[test]
    fn only_a_non_ascii_local_part_needs_smtputf8() {
        assert!(Address::parse("søren@x.dk").unwrap().needs_smtputf8());
        assert!(!Address::parse("soren@ærø.dk").unwrap().needs_smtputf8());
    }
}
