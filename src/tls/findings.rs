//! What was seen of one domain: facts only. Level and notes are computed from them, so that they cannot disagree.

use core::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Level, Note, Nta7516, StsPolicy, notes, weigh};

/// All that was seen of one domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// The domain, as A-label.
    pub domain: String,
    /// When DNS and policy host were asked. A probe has a time of its own.
    pub checked_at: Timestamp,
    /// How the domain takes mail.
    pub route: MailRoute,
    /// Its mail servers, in the order in which a sender tries them.
    pub mx: Vec<Exchanger>,
    /// How many more it names than are examined.
    pub left_out: usize,
    /// Its MTA-STS policy (RFC 8461).
    pub sts: Sts,
    /// It wants reports on TLS (RFC 8460): a hint that somebody looks after it, no more.
    pub wants_reports: bool,
    /// What it says by NTA 7516.
    pub nta7516: Option<Nta7516>,
}

/// How a domain takes mail (RFC 5321 §5.1, RFC 7505).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "route")]
pub enum MailRoute {
    /// It names mail servers.
    Listed {
        /// DNSSEC proves them.
        is_secure: bool,
    },
    /// It names none and has addresses: it is its own mail server.
    Implicit {
        /// DNSSEC proves that it names none.
        is_secure: bool,
    },
    /// It says that it takes no mail (RFC 7505).
    NullMx,
    /// There is no such domain, or nothing of it that could take mail.
    Nowhere,
    /// Could not be asked.
    Unchecked {
        /// Why.
        why: Why,
    },
}

/// Why DNS gave no answer that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Not in time.
    Timeout,
    /// The signatures do not hold: a fault, or somebody lies.
    Bogus,
    /// The server could not say.
    Failed,
}

/// One mail server of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchanger {
    /// Its name, as A-label without a dot at its end.
    pub host: String,
    /// Smaller is tried first.
    pub preference: u16,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// Whether there are addresses.
    pub resolved: Resolved,
    /// What DANE (RFC 7672) says.
    pub dane: Dane,
    /// The TLSA records, each as `3 1 1 0123…`.
    pub tlsa: Vec<String>,
    /// What the domain's MTA-STS policy says of this server.
    pub sts: StsHost,
    /// What the server itself showed, where it was probed.
    pub probe: Option<Probe>,
}

/// Whether a mail server has addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "resolved")]
pub enum Resolved {
    /// It has.
    Found,
    /// It has none: nothing can be delivered there.
    Nothing,
    /// The name is an alias, which it must not be (RFC 5321 §5.1, RFC 2181 §10.3). It is not followed.
    Alias,
    /// Could not be asked.
    Unchecked {
        /// Why.
        why: Why,
    },
}

/// What DANE says of a mail server (RFC 7672 §2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Dane {
    /// DNSSEC does not prove the way to this server: DANE cannot be used.
    NotSigned,
    /// Proved that there are no TLSA records.
    Nothing,
    /// There are TLSA records, but none that can be used: TLS is a must, but proves nothing (RFC 7672 §2.2).
    Unusable,
    /// There are usable TLSA records; the server was not seen.
    Published,
    /// There are, and the server's certificate is one of those.
    Matched,
    /// There are, and the server's certificate is none of those.
    Mismatched,
    /// Could not be asked: never the same as none (RFC 7672 §2.1.2).
    Unchecked {
        /// Why.
        why: Why,
    },
}

impl Dane {
    /// The code for `--json`.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotSigned => "not-signed",
            Self::Nothing => "none",
            Self::Unusable => "unusable",
            Self::Published => "published",
            Self::Matched => "matched",
            Self::Mismatched => "mismatched",
            Self::Unchecked { .. } => "unchecked",
        }
    }
}

/// The domain's MTA-STS policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Sts {
    /// It announces none.
    Nothing,
    /// It announces one in a way that does not count: several records, or a wrong one (RFC 8461 §3.1).
    Invalid,
    /// It announces one that could not be had, or it could not be asked whether it does.
    Unchecked {
        /// Why.
        fault: StsFault,
    },
    /// This one.
    Policy {
        /// The policy.
        policy: StsPolicy,
        /// It was fetched earlier, still holds, and now could not be fetched (RFC 8461 §3.3).
        is_remembered: bool,
    },
}

/// Why there is no policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "fault")]
pub enum StsFault {
    /// DNS did not say whether there is one.
    Dns {
        /// Why.
        why: Why,
    },
    /// The policy host redirects, which is not followed.
    Redirect,
    /// It answered with another status than 200.
    Status {
        /// The status.
        status: u16,
    },
    /// No end in time.
    Timeout,
    /// More than 64 KiB.
    TooLarge,
    /// Its certificate does not prove its name.
    Certificate,
    /// No connection, or what came was no answer.
    Unreachable,
    /// What came is no policy (RFC 8461 §3.2).
    NoPolicy,
}

/// What a policy says of one mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StsHost {
    /// There is no policy, or it is only tried out, or withdrawn.
    Nothing,
    /// The policy wants TLS with a proven name, and names this server.
    Enforced,
    /// It wants that, and does not name this server: a sender that follows it does not deliver here.
    NotNamed,
    /// It names this server, and is only tried out.
    Testing,
}

impl StsHost {
    /// The code for `--json`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Enforced => "enforce",
            Self::NotNamed => "not-named",
            Self::Testing => "testing",
        }
    }
}

/// What a mail server showed when it was probed. Nothing was sent but EHLO, STARTTLS and QUIT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// When.
    pub at: Timestamp,
    /// By whom: the key of the installation whose evidence this is, in hex; none for this one.
    pub by: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// Protocol version, such as `TLSv1.3`.
    pub version: Option<String>,
    /// Cipher suite by its IANA name.
    pub cipher: Option<String>,
    /// SHA-256 of each certificate that was presented, leaf first, in hex.
    pub chain: Vec<String>,
    /// The name that was asked for, where the certificate proves it.
    pub name: Option<String>,
    /// What is wrong with the certificate by the rules of the web (PKIX).
    pub certificate: Vec<Certificate>,
}

/// What came of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// TLS stood.
    Tls,
    /// No connection: nobody listens, or port 25 is closed from here.
    Unreachable,
    /// Its addresses are inside the house, where nobody outside may have us knock.
    Private,
    /// It did not greet, or greeted with a refusal.
    Refused,
    /// It stopped talking before the deadline.
    Stalled,
    /// It said what is no SMTP, or far too much of it, or broke off.
    Broken,
    /// It does not offer STARTTLS.
    NoStarttls,
    /// It offers STARTTLS and refused it.
    StarttlsRefused,
    /// Octets stood between the answer to STARTTLS and the handshake: whoever believes them is fooled.
    Injected,
    /// It takes part in STARTTLS, and no handshake came about.
    HandshakeFailed,
}

impl Outcome {
    /// The code for `--json`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::Unreachable => "unreachable",
            Self::Private => "private",
            Self::Refused => "refused",
            Self::Stalled => "stalled",
            Self::Broken => "broken",
            Self::NoStarttls => "no-starttls",
            Self::StarttlsRefused => "starttls-refused",
            Self::Injected => "injected",
            Self::HandshakeFailed => "handshake-failed",
        }
    }

    /// Whether somebody was there at all.
    pub fn is_reached(self) -> bool {
        !matches!(self, Self::Unreachable | Self::Private)
    }
}

/// What is wrong with a certificate by the rules of the web.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certificate {
    /// It vouches for itself.
    SelfSigned,
    /// Its issuer is not trusted.
    Untrusted,
    /// It is for other names.
    WrongName,
    /// It is over.
    Expired,
    /// It has not begun.
    NotYetValid,
    /// A key or signature of it is too weak: RSA below 2048 bits, SHA-1.
    Weak,
    /// None was presented.
    Absent,
    /// Wrong in another way.
    Invalid,
}

impl Certificate {
    /// The code for `--json`.
    pub fn code(self) -> &'static str {
        match self {
            Self::SelfSigned => "self-signed",
            Self::Untrusted => "untrusted-issuer",
            Self::WrongName => "wrong-name",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::Weak => "weak",
            Self::Absent => "absent",
            Self::Invalid => "invalid",
        }
    }
}

impl Probe {
    /// One that ended before TLS stood.
    pub(super) fn without_tls(at: Timestamp, outcome: Outcome) -> Self {
        Self {
            at,
            by: None,
            outcome,
            version: None,
            cipher: None,
            chain: Vec::new(),
            name: None,
            certificate: Vec::new(),
        }
    }

    /// TLS 1.2 or newer stood. Below it counts as none.
    pub fn is_modern(&self) -> bool {
        let version = self.version.as_deref();
        self.outcome == Outcome::Tls && matches!(version, Some("TLSv1.2" | "TLSv1.3"))
    }

    /// The certificate proves the server's name by the rules of the web.
    pub fn is_proven(&self) -> bool {
        self.is_modern() && self.certificate.is_empty() && self.name.is_some()
    }
}

impl Findings {
    /// The level of what was seen: at most [`Level::Published`]. See [`weigh()`](super::weigh()).
    pub fn level(&self) -> Level {
        weigh(self)
    }

    /// What there is to say beside the level.
    pub fn notes(&self) -> Vec<Note> {
        notes::of(self)
    }

    /// The domain says that it takes no mail, or there is no such domain: sending there is refused.
    pub fn takes_no_mail(&self) -> bool {
        matches!(self.route, MailRoute::NullMx | MailRoute::Nowhere)
    }

    /// The time of the oldest thing that this rests on.
    pub fn oldest(&self) -> Timestamp {
        let probes = self.mx.iter().filter_map(|mx| Some(mx.probe.as_ref()?.at));
        probes.fold(self.checked_at, Timestamp::min)
    }

    /// Whose evidence the probes are, where another installation probed.
    pub fn prober(&self) -> Option<&str> {
        self.mx
            .iter()
            .find_map(|mx| mx.probe.as_ref()?.by.as_deref())
    }

    /// The same with a policy that was fetched earlier and still holds, where none could be had now: an attacker who
    /// keeps a sender from the policy host must not make it forget the policy (RFC 8461 §3.3, §5.1).
    #[must_use]
    pub fn remembering(mut self, earlier: Option<&Self>) -> Self {
        let known = earlier.and_then(|e| match &e.sts {
            Sts::Policy { policy, .. } if policy.holds_at(self.checked_at) => Some(policy.clone()),
            _ => None,
        });
        if let (Some(policy), Sts::Nothing | Sts::Invalid | Sts::Unchecked { .. }) =
            (known, &self.sts)
        {
            self.sts = Sts::Policy {
                policy,
                is_remembered: true,
            };
            self.apply_policy();
        }
        self
    }

    /// Says of each mail server what the policy says of it.
    pub(super) fn apply_policy(&mut self) {
        for mx in &mut self.mx {
            mx.sts = match &self.sts {
                Sts::Policy { policy, .. } => policy.of(&mx.host),
                _ => StsHost::Nothing,
            };
        }
    }

    /// The same with the name of the installation that probed.
    #[must_use]
    pub fn probed_by(mut self, by: &str) -> Self {
        for probe in self.mx.iter_mut().filter_map(|mx| mx.probe.as_mut()) {
            probe.by = Some(by.to_owned());
        }
        self
    }

    /// The same with the probes of an installation that probes for many, for the servers that this one did not probe.
    /// `by` is that installation's key in hex. Probes of servers that the domain no longer names are left out.
    #[must_use]
    pub fn with_probes_of(mut self, other: &Self, by: &str) -> Self {
        for mx in self.mx.iter_mut().filter(|mx| mx.probe.is_none()) {
            let same = other.mx.iter().find(|o| o.host == mx.host);
            let Some((same, probe)) = same.and_then(|o| Some((o, o.probe.as_ref()?))) else {
                continue;
            };
            mx.probe = Some(Probe {
                by: Some(by.to_owned()),
                ..probe.clone()
            });
            let was_compared = matches!(same.dane, Dane::Matched | Dane::Mismatched);
            if mx.dane == Dane::Published && was_compared && same.tlsa == mx.tlsa {
                mx.dane = same.dane;
            }
        }
        self
    }
}
