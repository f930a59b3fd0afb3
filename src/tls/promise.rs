//! What our own mail server promises, kept apart from what was seen of the other side.

use serde::{Deserialize, Serialize};

use super::{Dane, Exchanger, Findings, Level, StsHost};

/// What the firm's own mail server promises. From the settings (`honours`), and from what it said for this message.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a promise of its own"
)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// It accepted REQUIRETLS for this message (RFC 8689): it delivers over proven TLS or not at all, hop by hop.
    pub accepted_requiretls: bool,
    /// A rule of it forces TLS for this message.
    pub forces_tls: bool,
    /// It follows DANE (RFC 7672).
    pub honours_dane: bool,
    /// It follows MTA-STS (RFC 8461).
    pub honours_sts: bool,
}

/// The level of what was seen, raised by what our own server promises: [`Level::Guaranteed`] where it enforces TLS for
/// this message, or follows what each mail server of the domain is covered by. Never lowers.
pub fn raised(level: Level, findings: &Findings, promise: &Promise) -> Level {
    let is_enforced = promise.accepted_requiretls || promise.forces_tls;
    let is_followed =
        level == Level::Published && findings.mx.iter().all(|mx| is_covered(mx, *promise));
    if is_enforced || is_followed {
        Level::Guaranteed
    } else {
        level
    }
}

/// Whether our server refuses to deliver to this one without TLS. DANE goes first where both are there (RFC 8461 §2).
fn is_covered(mx: &Exchanger, promise: Promise) -> bool {
    match mx.dane {
        Dane::Published | Dane::Matched => {
            promise.honours_dane || (promise.honours_sts && mx.sts == StsHost::Enforced)
        }
        Dane::NotSigned | Dane::Nothing | Dane::Unusable => {
            promise.honours_sts && mx.sts == StsHost::Enforced
        }
        Dane::Mismatched | Dane::Unchecked { .. } => false,
    }
}
