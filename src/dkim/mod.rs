//! Whether a domain vouches for a message that it sent: DKIM signatures (RFC 6376, RFC 8301, RFC 8463), verified over
//! OpenSSL with keys from DNS that is validated here.
//!
//! Never signs, and never calls a signature good that covers less than the whole body, that does not cover From, or whose
//! key could not be had: each of these is a verdict of its own. Written here because the crates that do it bring a second
//! cryptography and a resolver of their own; what a signature shows goes into the record as evidence.

mod canonical;
mod key;
mod signature;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

pub use key::KeyProof;

use crate::{
    mail::fields::{Field, fields},
    net::{DnsFault, Validating},
};
use key::Key;
use signature::Signature;

/// Signatures of one message that are looked at.
const SIGNATURES_MAX: usize = 5;

/// What one signature comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The domain that signs, as it stands there, in lower case.
    pub domain: String,
    /// Which of its keys.
    pub selector: String,
    /// What it comes to.
    pub verdict: Verdict,
    /// Where the key is from.
    pub key: KeyProof,
    /// The header fields that are covered, in lower case.
    pub covers: Vec<String>,
}

/// What a signature comes to. Only the first is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds, and covers the whole body.
    Valid,
    /// It holds for the beginning of the body; anybody could have added what follows (`l=`).
    Partial,
    /// The body is not the one that was signed.
    Body,
    /// Header or signature are not what was signed.
    Broken,
    /// There is no such key: it was never there, or it was taken back.
    NoKey,
    /// The key could not be asked for, or the answer does not hold. Nobody knows.
    KeyUnknown,
    /// The key is no key for this, or too short.
    KeyUnusable,
    /// The domain says that it only tries DKIM out.
    Testing,
    /// It ended before now.
    Expired,
    /// An algorithm that counts no more, or is not known.
    Unsupported,
    /// It is not written as one must be.
    Malformed,
}

impl Verdict {
    /// The code in record and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Partial => "partial",
            Self::Body => "body",
            Self::Broken => "broken",
            Self::NoKey => "no-key",
            Self::KeyUnknown => "key-unknown",
            Self::KeyUnusable => "key-unusable",
            Self::Testing => "testing",
            Self::Expired => "expired",
            Self::Unsupported => "unsupported",
            Self::Malformed => "malformed",
        }
    }
}

impl Checked {
    /// Whether it shows that this domain, or one above it, vouches for the whole message body.
    pub fn vouches_for(&self, domain: &str) -> bool {
        let is_above = domain
            .strip_suffix(&self.domain)
            .is_some_and(|rest| rest.ends_with('.') && self.domain.contains('.'));
        self.verdict == Verdict::Valid && (self.domain == domain || is_above)
    }
}

/// Verifies the signatures of a message whose lines end in CRLF, the topmost first. Never fails: what could not be asked
/// is a verdict. Without DNS every key is unknown.
pub async fn verify(
    message: &[u8],
    dns: Option<&Validating>,
    until: Instant,
    at: Timestamp,
) -> Vec<Checked> {
    let (fields, body) = fields(message);
    let signed = fields.iter().filter(|f| f.is("dkim-signature"));
    let mut all = Vec::new();
    for field in signed.take(SIGNATURES_MAX) {
        let text = field.unfolded(1 << 16);
        let signature = match Signature::parse(&text) {
            Ok(signature) => signature,
            Err((verdict, domain, selector)) => {
                all.push(Checked {
                    domain,
                    selector,
                    verdict,
                    key: KeyProof::NotAsked,
                    covers: Vec::new(),
                });
                continue;
            }
        };
        let (key, verdict) = match before_key(&signature, &fields, body, at) {
            Err(verdict) => (KeyProof::NotAsked, verdict),
            Ok(covers) => {
                let (proof, texts) = ask(&signature, dns, until).await;
                let verdict = match texts {
                    Err(verdict) => verdict,
                    Ok(texts) => with_key(&signature, &fields, field, &texts, covers),
                };
                (proof, verdict)
            }
        };
        all.push(Checked {
            domain: signature.domain,
            selector: signature.selector,
            verdict,
            key,
            covers: signature.fields,
        });
    }
    all
}

/// What of the body a signature covers.
#[derive(Clone, Copy)]
enum Covers {
    All,
    Beginning,
}

/// All that can be judged without the key.
fn before_key(
    signature: &Signature,
    fields: &[Field<'_>],
    body: &[u8],
    at: Timestamp,
) -> Result<Covers, Verdict> {
    // A second From would be shown by some programs, and is not covered.
    if fields.iter().filter(|f| f.is("from")).count() != 1 {
        return Err(Verdict::Malformed);
    }
    if signature.expires.is_some_and(|end| end < at) {
        return Err(Verdict::Expired);
    }
    let (hash, length) = canonical::body_hash(body, signature.body, signature.length);
    let covers = match signature.length {
        Some(limit) if limit > length => return Err(Verdict::Body),
        Some(limit) if limit < length => Covers::Beginning,
        _ => Covers::All,
    };
    if hash == signature.body_hash[..] {
        Ok(covers)
    } else {
        Err(Verdict::Body)
    }
}

async fn ask(
    signature: &Signature,
    dns: Option<&Validating>,
    until: Instant,
) -> (KeyProof, Result<Vec<Vec<u8>>, Verdict>) {
    let name = format!("{}._domainkey.{}", signature.selector, signature.domain);
    let Some(dns) = dns else {
        return (KeyProof::Unreachable, Err(Verdict::KeyUnknown));
    };
    match dns.texts(&name, until).await {
        Ok(found) if found.values.is_empty() => (KeyProof::Absent, Err(Verdict::NoKey)),
        Ok(found) if found.is_secure => (KeyProof::Dnssec, Ok(found.values)),
        Ok(found) => (KeyProof::Plain, Ok(found.values)),
        Err(DnsFault::Bogus) => (KeyProof::Bogus, Err(Verdict::KeyUnknown)),
        Err(_unasked) => (KeyProof::Unreachable, Err(Verdict::KeyUnknown)),
    }
}

fn with_key(
    signature: &Signature,
    fields: &[Field<'_>],
    own: &Field<'_>,
    texts: &[Vec<u8>],
    covers: Covers,
) -> Verdict {
    // Several records are a fault of the domain's: the first that is a key counts.
    let key = match texts.iter().find_map(|text| Key::parse(text, signature)) {
        None => return Verdict::NoKey,
        Some(Err(verdict)) => return verdict,
        Some(Ok(key)) => key,
    };
    let signed = canonical::header(fields, own, signature);
    match (key.holds(&signed, &signature.value), covers) {
        (false, _) => Verdict::Broken,
        (true, _) if key.is_testing => Verdict::Testing,
        (true, Covers::Beginning) => Verdict::Partial,
        (true, Covers::All) => Verdict::Valid,
    }
}
