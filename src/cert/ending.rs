//! Certificates that end soon, over the whole path: an issuer that ends takes everything below it along.

use jiff::{SignedDuration, Timestamp};

use super::{certificate::Fingerprint, path::Path};

/// Days before the end of an own certificate at which it is told, the latest first.
const OWN: &[u16] = &[7, 14, 30, 60];
/// The same for the certificates of others and for every issuer: nobody here can renew them.
const OTHERS: &[u16] = &[14];

/// Whose certificate a path begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The user's, who must get a new one in time.
    Own,
    /// Somebody else's.
    Other,
}

/// A certificate that is valid and ends soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Which.
    pub certificate: Fingerprint,
    /// Its subject, RFC 4514.
    pub subject: String,
    /// When it ends.
    pub not_after: Timestamp,
    /// The notice that is due: at most so many days are left. Each is said once.
    pub days: u16,
    /// Whether it stands above the certificate that the path is for.
    pub is_issuer: bool,
}

/// Every certificate of a path that ends soon, leaf first. What is over is a problem and not told here.
pub fn endings(path: &Path, whose: Whose, at: Timestamp) -> Vec<Ending> {
    let certificates = path.certificates().iter().enumerate();
    let endings = certificates.filter_map(|(depth, certificate)| {
        let facts = certificate.facts();
        let left = facts.not_after.duration_since(at);
        let notices = if depth == 0 && whose == Whose::Own {
            OWN
        } else {
            OTHERS
        };
        let due = |days: &&u16| left <= SignedDuration::from_hours(24 * i64::from(**days));
        let days = *notices.iter().find(due)?;
        (!left.is_negative()).then(|| Ending {
            certificate: certificate.sha256(),
            subject: facts.subject.clone(),
            not_after: facts.not_after,
            days,
            is_issuer: depth > 0,
        })
    });
    endings.collect()
}
