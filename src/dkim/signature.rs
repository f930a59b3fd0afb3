//! The DKIM-Signature field: its tags (RFC 6376 §3.2, §3.5).

use jiff::Timestamp;

use super::{
    Verdict,
    canonical::{Canonicalization, How},
};
use crate::mail::Address;

/// Names of fields that one signature may cover.
const FIELDS_MAX: usize = 500;

/// A signature that is written as it must be.
pub(super) struct Signature {
    pub(super) algorithm: Algorithm,
    pub(super) domain: String,
    pub(super) selector: String,
    /// The identity's domain is not the signing domain itself, but below it.
    pub(super) is_below: bool,
    pub(super) header: How,
    pub(super) body: How,
    pub(super) body_hash: Vec<u8>,
    pub(super) value: Vec<u8>,
    /// What is covered, in lower case and in order.
    pub(super) fields: Vec<String>,
    /// Octets of the canonical body that are covered.
    pub(super) length: Option<u64>,
    pub(super) expires: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    RsaSha256,
    Ed25519Sha256,
}

/// The tags of a list; `None` where it is none, or a tag stands there twice.
pub(super) fn tags(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut tags: Vec<(&str, &str)> = Vec::new();
    let mut parts = text.split(';').peekable();
    while let Some(part) = parts.next() {
        if part.trim().is_empty() && parts.peek().is_none() {
            break;
        }
        let (name, value) = part.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        if tags.len() > 50 || tags.iter().any(|(n, _)| *n == name) {
            return None;
        }
        tags.push((name, value));
    }
    Some(tags)
}

/// Base64 with blanks in it.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let bare: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    base64_simd::STANDARD.decode_to_vec(bare).ok()
}

impl Signature {
    /// Reads one; else what is wrong with it, and the domain and selector that it names.
    pub(super) fn parse(text: &str) -> Result<Self, (Verdict, String, String)> {
        let list = tags(text).unwrap_or_default();
        let get = |name: &str| list.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
        let domain = get("d").and_then(domain).unwrap_or_default();
        let selector = get("s").unwrap_or_default().to_ascii_lowercase();
        let failed = |verdict| (verdict, domain.clone(), selector.clone());
        let malformed = || failed(Verdict::Malformed);
        let algorithm = match get("a").ok_or_else(malformed)? {
            "rsa-sha256" => Algorithm::RsaSha256,
            "ed25519-sha256" => Algorithm::Ed25519Sha256,
            // RFC 8301: rsa-sha1 is not to be verified any more.
            _ => return Err(failed(Verdict::Unsupported)),
        };
        let is_selector = !selector.is_empty()
            && selector
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        if get("v") != Some("1") || domain.is_empty() || !is_selector {
            return Err(malformed());
        }
        let of_identity = match get("i") {
            None => domain.clone(),
            Some(identity) => {
                let named = identity.rsplit('@').next().unwrap_or_default();
                self::domain(named).ok_or_else(malformed)?
            }
        };
        let is_below = of_identity != domain;
        if is_below && !of_identity.ends_with(&format!(".{domain}")) {
            return Err(malformed());
        }
        let Canonicalization { header, body } = match get("c") {
            None => Canonicalization::default(),
            Some(c) => Canonicalization::parse(c).ok_or_else(malformed)?,
        };
        let fields: Vec<String> = get("h")
            .ok_or_else(malformed)?
            .split(':')
            .map(|n| n.trim().to_ascii_lowercase())
            .collect();
        let number = |name: &str| match get(name) {
            None => Ok(None),
            Some(text) if text.len() > 18 => Err(malformed()),
            Some(text) => text
                .parse::<u64>()
                .map(Some)
                .map_err(|_no_number| malformed()),
        };
        let time = |name: &str| {
            let seconds = number(name)?.and_then(|n| i64::try_from(n).ok());
            Ok::<_, (Verdict, String, String)>(seconds.and_then(|n| Timestamp::from_second(n).ok()))
        };
        if fields.len() > FIELDS_MAX || !fields.iter().any(|f| f == "from") {
            return Err(malformed());
        }
        Ok(Self {
            algorithm,
            is_below,
            header,
            body,
            body_hash: get("bh").and_then(base64).ok_or_else(malformed)?,
            value: get("b").and_then(base64).ok_or_else(malformed)?,
            length: number("l")?,
            expires: time("x")?,
            fields,
            domain,
            selector,
        })
    }
}

/// A domain name in lower case, as A-label.
fn domain(text: &str) -> Option<String> {
    let address = Address::parse(&format!("x@{}", text.trim())).ok()?;
    let domain = address.domain();
    (!domain.starts_with('[')).then(|| domain.to_ascii_lowercase())
}
