//! An issuer's constraints on mail addresses (RFC 5280 §4.2.1.10, RFC 9598 §6), judged over what binds a certificate.
//!
//! OpenSSL judges the octets of a name. Segl compares addresses in one form: the domain as an A-label, ASCII letters
//! without case. Wherever two spellings are one address to Segl and two names to OpenSSL, what an issuer excludes would
//! bind. So each address that binds is judged here once more, in that one form, and both verdicts must allow it.
//!
//! The other way round OpenSSL refuses what RFC 9598 permits: a local part outside ASCII below a permitted `.example`, or
//! at an A-label that is permitted as such. That stays refused: nothing is sent wrongly, and to tell its reason from a
//! good one would need a second reading of every other kind of name.

use x509_cert::ext::pkix::{
    NameConstraints, constraints::name::GeneralSubtrees, name::GeneralName,
};

use super::certificate::Certificate;
use crate::mail::{Address, ascii_host};

/// Comparisons of addresses and constraints at most: an honest issuer has far fewer.
const MAX_COMPARED: usize = 1 << 16;

/// What an rfc822Name in a constraint speaks of.
#[derive(Debug, PartialEq, Eq)]
enum Base {
    /// Every address.
    All,
    /// One mailbox: its local part as it stands, and without quotes.
    Mailbox {
        local: String,
        plain: String,
        host: String,
    },
    /// All mailboxes of one host.
    Host(String),
    /// All mailboxes of all hosts below one, whose name stands here with its dot.
    Below(String),
    /// A name that no address can have, such as `host_1.example`.
    Nobody,
    /// Something that nobody can hold an address against.
    Unreadable,
}

/// Whether an issuer forbids one of the addresses that bind a certificate below it. What cannot be read forbids: a
/// constraint must be processed, or the certificate refused (RFC 5280 §4.2.1.10).
pub(super) fn forbid(issuer: &Certificate, certificate: &Certificate) -> bool {
    let bound = &certificate.facts().bound;
    if bound.is_empty() {
        return false;
    }
    let tbs = issuer.parsed().tbs_certificate();
    let constraints = match tbs.get_extension::<NameConstraints>() {
        Ok(None) => return false,
        Ok(Some((_, constraints))) => constraints,
        Err(_unreadable) => return true,
    };
    let permitted = bases(constraints.permitted_subtrees);
    let excluded = bases(constraints.excluded_subtrees);
    if (permitted.len() + excluded.len()).saturating_mul(bound.len()) > MAX_COMPARED {
        return true;
    }
    bound.iter().any(|address| {
        let plain = unquoted(address.local());
        let is_outside = !permitted.is_empty() && !permitted.iter().any(|b| b.permits(address));
        is_outside || excluded.iter().any(|b| b.excludes(address, &plain))
    })
}

/// Those of these subtrees that speak of mail.
fn bases(trees: Option<GeneralSubtrees>) -> Vec<Base> {
    let bases = trees.into_iter().flatten().map(|tree| tree.base);
    let mail = bases.filter_map(|base| match base {
        GeneralName::Rfc822Name(text) => Some(Base::read(text.as_str())),
        _ => None,
    });
    mail.collect()
}

impl Base {
    fn read(text: &str) -> Self {
        let (local, domain) = text.rsplit_once('@').unwrap_or(("", text));
        let below = domain.strip_prefix('.').filter(|_| local.is_empty());
        match (local, ascii_host(below.unwrap_or(domain))) {
            _ if text.is_empty() => Self::All,
            (_, None) if is_of_no_mail(below.unwrap_or(domain)) => Self::Nobody,
            (_, None) => Self::Unreadable,
            ("", Some(host)) if below.is_some() => Self::Below(format!(".{host}")),
            ("", Some(host)) => Self::Host(host),
            (local, Some(host)) => Self::Mailbox {
                local: local.to_owned(),
                plain: unquoted(local),
                host,
            },
        }
    }

    fn permits(&self, address: &Address) -> bool {
        match self {
            Self::All => true,
            Self::Mailbox { local, host, .. } => {
                host == address.domain() && local == address.local()
            }
            Self::Host(host) => host == address.domain(),
            Self::Below(host) => address.domain().ends_with(host),
            Self::Nobody | Self::Unreadable => false,
        }
    }

    /// Whatever might be meant is excluded: a local part in any case, and with or without the quotes that change nothing
    /// (RFC 5321 §4.1.2). `local` is that of the address without quotes.
    fn excludes(&self, address: &Address, local: &str) -> bool {
        match self {
            Self::Mailbox { plain, host, .. } => {
                host == address.domain() && plain.eq_ignore_ascii_case(local)
            }
            Self::Unreadable => true,
            Self::All | Self::Host(_) | Self::Below(_) | Self::Nobody => self.permits(address),
        }
    }
}

/// Whether a name that is no host's of mail is one all the same: of letters, digits, hyphens and underscores, and no
/// A-label that another spelling might stand for.
fn is_of_no_mail(name: &str) -> bool {
    let is_label = |label: &str| {
        let is_usual = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        !label.is_empty()
            && label.bytes().all(is_usual)
            && !label.to_ascii_lowercase().starts_with("xn--")
    };
    name.split('.').all(is_label)
}

fn unquoted(local: &str) -> String {
    let inner = local.strip_prefix('"').and_then(|l| l.strip_suffix('"'));
    let Some(inner) = inner else {
        return local.to_owned();
    };
    let mut plain = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        // A backslash stands for what follows it.
        plain.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    #[test]
    fn a_constraint_speaks_of_a_mailbox_a_host_or_what_is_below_one_in_any_spelling() {
        // Constraint, address, whether it permits the address, whether it excludes it.
        let rows = [
            ("firm.example", "anne@firm.example", true, true),
            ("Firm.EXAMPLE", "anne@firm.example", true, true),
            ("firm.example", "anne@sub.firm.example", false, false),
            ("firm.example", "anne@other.example", false, false),
            (".firm.example", "anne@sub.firm.example", true, true),
            (".firm.example", "anné@a.b.firm.example", true, true),
            (".firm.example", "anne@firm.example", false, false),
            (".firm.example", "anne@notfirm.example", false, false),
            (".example", "anne@firm.example", true, true),
            ("xn--rger-uoa.example", "anné@ærger.example", true, true),
            (
                ".xn--rger-uoa.example",
                "anné@sub.ærger.example",
                true,
                true,
            ),
            ("anne@firm.example", "anne@firm.example", true, true),
            ("anne@firm.example", "ANNE@firm.example", false, true),
            ("Anne@FIRM.example", "anne@firm.example", false, true),
            ("anne@firm.example", "\"anne\"@firm.example", false, true),
            ("anne@firm.example", "\"a\\nne\"@firm.example", false, true),
            ("anne@firm.example", "bo@firm.example", false, false),
            ("anne@firm.example", "anne@other.example", false, false),
            ("@firm.example", "anne@firm.example", true, true),
            ("", "anne@firm.example", true, true),
            // Whose words cannot be read permits nothing, and might exclude anything.
            ("*.firm.example", "anne@other.example", false, true),
            (" firm.example", "anne@other.example", false, true),
            (".", "anne@other.example", false, true),
            ("anne@", "anne@other.example", false, true),
            ("xn--a.example", "anne@other.example", false, true),
            ("f\u{fc}rm_1.example", "anne@other.example", false, true),
            ("a..example", "anne@other.example", false, true),
            // A name that nobody's address has is nobody's.
            ("host_1.example", "anne@other.example", false, false),
            (".host_1.example", "anne@other.example", false, false),
            ("ab--cd.example", "anne@other.example", false, false),
            ("anne@host_1.example", "anne@other.example", false, false),
        ];
        for (base, of, permits, excludes) in rows {
            let (read, of) = (Base::read(base), address(of));
            let found = (read.permits(&of), read.excludes(&of, &unquoted(of.local())));
            assert_eq!(found, (permits, excludes), "{base:?} {of}");
        }
        for nobody in ["anne@host_1.example", "anne@ab--cd.example"] {
            assert!(Address::parse(nobody).is_err(), "{nobody}");
        }
    }
}
