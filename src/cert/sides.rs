//! The two sides of a rule of path validation: what an issuer allows, and what a certificate presents.
//!
//! Only for showing. OpenSSL has judged before; what cannot be read here is left out and changes no verdict.

use const_oid::ObjectIdentifier;
use der::Encode as _;
use x509_cert::ext::pkix::{BasicConstraints, NameConstraints, name::GeneralName};

use super::{
    addresses::{Alternative, alternative_names},
    certificate::{Certificate, ON_SMTP_UTF8_MAILBOX},
    name,
};

/// Extensions that OpenSSL's path validation processes (RFC 5280 §4.2, RFC 3779, RFC 3820).
const UNDERSTOOD: &[&str] = &[
    "2.5.29.15",
    "2.5.29.17",
    "2.5.29.19",
    "2.5.29.30",
    "2.5.29.31",
    "2.5.29.32",
    "2.5.29.33",
    "2.5.29.36",
    "2.5.29.37",
    "2.5.29.54",
    "1.3.6.1.5.5.7.1.7",
    "1.3.6.1.5.5.7.1.8",
    "1.3.6.1.5.5.7.1.14",
];

/// Expected and presented.
pub(super) type Sides = (Vec<String>, Vec<String>);

/// The constraints of every issuer above `depth`, and the names of the certificate there.
pub(super) fn name_constraints(path: &[Certificate], depth: usize) -> Sides {
    let mut expected = Vec::new();
    for issuer in path.iter().skip(depth + 1) {
        let Some(constraints) = extension::<NameConstraints>(issuer) else {
            continue;
        };
        let both = [
            ("permitted", constraints.permitted_subtrees),
            ("excluded", constraints.excluded_subtrees),
        ];
        for (word, trees) in both {
            let trees = trees.unwrap_or_default();
            expected.extend(trees.iter().map(|t| format!("{word} {}", shown(&t.base))));
        }
    }
    let Some(certificate) = path.get(depth) else {
        return (expected, Vec::new());
    };
    let mut presented = vec![certificate.facts().subject.clone()];
    let tbs = certificate.parsed().tbs_certificate();
    let names = alternative_names(tbs).unwrap_or_default();
    presented.extend(names.iter().map(|name| match name {
        Alternative::Known(name) => shown(name),
        Alternative::OddMailbox(text) => format!("email:{text}"),
    }));
    (expected, presented)
}

/// Whether a certificate holds a SmtpUTF8Mailbox (RFC 9598 §3).
pub(super) fn has_smtp_utf8(certificate: &Certificate) -> bool {
    let names = alternative_names(certificate.parsed().tbs_certificate());
    let is_one =
        |name: &Alternative| matches!(name, Alternative::Known(name) if is_smtp_utf8(name));
    names.is_ok_and(|names| names.iter().any(is_one))
}

/// Whether an issuer constrains names in that form.
pub(super) fn constrains_smtp_utf8(issuer: &Certificate) -> bool {
    let constraints = extension::<NameConstraints>(issuer);
    let trees = constraints.map(|c| [c.permitted_subtrees, c.excluded_subtrees]);
    let mut trees = trees.into_iter().flatten().flatten().flatten();
    trees.any(|tree| is_smtp_utf8(&tree.base))
}

fn is_smtp_utf8(name: &GeneralName) -> bool {
    matches!(name, GeneralName::OtherName(other) if other.type_id == ON_SMTP_UTF8_MAILBOX)
}

/// How many issuers the one at `depth` allows below it, and how many there are (RFC 5280 §4.2.1.9: self-issued ones
/// and the last certificate do not count).
pub(super) fn path_length(path: &[Certificate], depth: usize) -> Sides {
    let limit = path
        .get(depth)
        .and_then(extension::<BasicConstraints>)
        .and_then(|b| b.path_len_constraint);
    let below = path.iter().take(depth).skip(1);
    let counted = below.filter(|c| !c.is_self_issued()).count();
    (
        limit.map(|l| l.to_string()).into_iter().collect(),
        vec![counted.to_string()],
    )
}

/// Critical extensions of the certificate that nobody here understands.
pub(super) fn critical_extensions(certificate: &Certificate) -> Sides {
    let extensions = certificate.parsed().tbs_certificate().extensions();
    let extensions = extensions.map(Vec::as_slice).unwrap_or_default();
    let critical = extensions.iter().filter(|e| e.critical);
    let oids = critical.map(|e| e.extn_id.to_string());
    let presented = oids.filter(|o| !UNDERSTOOD.contains(&o.as_str())).collect();
    (Vec::new(), presented)
}

/// The policies that were asked for, and those that the certificate names.
pub(super) fn policies(asked: &[ObjectIdentifier], certificate: &Certificate) -> Sides {
    const ANY_POLICY: &str = "2.5.29.32.0";
    let mut expected: Vec<String> = asked.iter().map(ToString::to_string).collect();
    if expected.is_empty() {
        expected.push(ANY_POLICY.to_owned());
    }
    let presented = &certificate.facts().policies;
    (
        expected,
        presented.iter().map(ToString::to_string).collect(),
    )
}

fn extension<T>(certificate: &Certificate) -> Option<T>
where
    T: for<'a> der::Decode<'a, Error = der::Error> + const_oid::AssociatedOid,
{
    let tbs = certificate.parsed().tbs_certificate();
    let found = tbs.get_extension::<T>().ok()?;
    found.map(|(_, value)| value)
}

fn shown(general: &GeneralName) -> String {
    match general {
        GeneralName::Rfc822Name(text) => format!("email:{}", text.as_str()),
        GeneralName::DnsName(text) => format!("dns:{}", text.as_str()),
        GeneralName::UniformResourceIdentifier(text) => format!("uri:{}", text.as_str()),
        GeneralName::DirectoryName(dn) => format!("dirName:{}", name::rfc4514(dn)),
        GeneralName::OtherName(other) => {
            let value = name::text(&other.value).unwrap_or_default();
            format!("otherName:{}:{value}", other.type_id)
        }
        GeneralName::IpAddress(octets) => format!("ip:{}", hex(octets.as_bytes())),
        other => format!("der:{}", hex(&other.to_der().unwrap_or_default())),
    }
}

fn hex(octets: &[u8]) -> String {
    use std::fmt::Write as _;
    octets.iter().fold(String::new(), |mut text, octet| {
        // Writing to a String cannot fail.
        let _written = write!(text, "{octet:02x}");
        text
    })
}
