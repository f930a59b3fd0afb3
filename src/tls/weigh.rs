//! From what was seen to a level. Pure.

use super::{Dane, Exchanger, Findings, Level, MailRoute, Outcome, Resolved, StsHost};

/// The level of what was seen: at most [`Level::Published`].
///
/// The worst mail server that can be reached counts, because a sender may be led to any of them. One that could not be
/// reached while another was is left out, but a domain with such a server is not called published, because it may be
/// there for others. DANE that could not be asked is "could not be checked" and never "none"; MTA-STS never overrides
/// DANE that fails (RFC 8461 §2); TLS below 1.2 counts as none.
pub fn weigh(findings: &Findings) -> Level {
    let is_known = matches!(
        findings.route,
        MailRoute::Listed { .. } | MailRoute::Implicit { .. }
    );
    if !is_known || findings.mx.is_empty() {
        return Level::Unknown;
    }
    // What the servers that were reached showed stands for those that were not, but nothing better than that.
    let reached = findings.mx.iter().filter(|mx| is_reached(mx));
    let shown = reached.map(shown).max().map(|l| l.max(Level::Verified));
    let of = |mx: &Exchanger| match (level_of(mx), shown) {
        (Level::Unknown, Some(shown)) if is_away(mx) => shown,
        (level, _) => level,
    };
    // Levels are ordered strongest first.
    let worst = findings.mx.iter().map(of).max().unwrap_or(Level::Unknown);
    if findings.left_out > 0 {
        worst.max(Level::Unknown)
    } else {
        worst
    }
}

/// The level of one server, by itself.
pub(super) fn level_of(mx: &Exchanger) -> Level {
    let seen = seen(mx);
    if seen == Level::None {
        return Level::None;
    }
    match mx.resolved {
        Resolved::Alias | Resolved::Unchecked { .. } | Resolved::Nothing => return Level::Unknown,
        Resolved::Found => {}
    }
    match mx.dane {
        Dane::Unchecked { .. } => Level::Unknown,
        Dane::Mismatched => seen.max(Level::Offered),
        Dane::Published | Dane::Matched if is_weak(mx) => seen.max(Level::Offered),
        Dane::Published | Dane::Matched => Level::Published,
        Dane::NotSigned | Dane::Nothing | Dane::Unusable => match (mx.sts, &mx.probe) {
            // What a sender that follows the policy would refuse is not held up as published.
            (StsHost::Enforced, Some(p)) if p.outcome == Outcome::Tls && !p.is_proven() => {
                seen.max(Level::Offered)
            }
            (StsHost::Enforced, _) => Level::Published,
            (StsHost::Nothing | StsHost::NotNamed | StsHost::Testing, _) => seen,
        },
    }
}

/// What the server itself showed.
fn seen(mx: &Exchanger) -> Level {
    let Some(probe) = &mx.probe else {
        return Level::Unknown;
    };
    match probe.outcome {
        Outcome::Tls if probe.is_proven() => Level::Verified,
        Outcome::Tls if probe.is_modern() => Level::Offered,
        // What follows is for a sender the same as none: it goes on in clear, or could be made to.
        Outcome::Tls
        | Outcome::NoStarttls
        | Outcome::StarttlsRefused
        | Outcome::Injected
        | Outcome::HandshakeFailed => Level::None,
        Outcome::Unreachable
        | Outcome::Private
        | Outcome::Refused
        | Outcome::Stalled
        | Outcome::Broken => Level::Unknown,
    }
}

/// The same, where what DANE proves is proven too.
fn shown(mx: &Exchanger) -> Level {
    match (mx.dane, seen(mx)) {
        (Dane::Matched, Level::Offered) if !is_weak(mx) => Level::Verified,
        (Dane::Mismatched, Level::Verified) => Level::Offered,
        (_, seen) => seen,
    }
}

fn is_weak(mx: &Exchanger) -> bool {
    let probe = mx.probe.as_ref();
    probe.is_some_and(|p| p.certificate.contains(&super::Certificate::Weak))
}

fn is_reached(mx: &Exchanger) -> bool {
    mx.probe.as_ref().is_some_and(|p| p.outcome.is_reached())
}

/// Known not to be there: no address, or no connection. What could not be asked is not away.
fn is_away(mx: &Exchanger) -> bool {
    let is_unreachable = mx.probe.as_ref().is_some_and(|p| !p.outcome.is_reached());
    let is_asked = !matches!(mx.dane, Dane::Unchecked { .. });
    mx.resolved == Resolved::Nothing
        || (mx.resolved == Resolved::Found && is_unreachable && is_asked)
}

#[cfg(test)]
mod tests;
