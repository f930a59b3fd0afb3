//! All that is known about one recipient. Never fails: failures are findings, and nothing found is dropped.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{policy::Policy, tunnel::Tunnel};
use crate::{
    cert::{
        Certificate, ClockState, EncryptionCertificate, Fingerprint, Organisation, Problem,
        RevocationFinding,
    },
    directory::{Failure, Source},
    mail::Address,
    risk::Way,
    tls::{FiledReceipt, Level},
};

/// Certificates of one address that a message is encrypted to at most.
pub const MAX_USED: usize = 8;

/// A certificate that was found, and the verdict on it.
#[derive(Debug)]
pub struct Judged {
    /// SHA-256 of the octets found.
    pub sha256: Fingerprint,
    /// The certificate, unless the octets cannot be read.
    pub certificate: Option<Certificate>,
    /// Everywhere it was found.
    pub sources: Vec<Source>,
    /// When the newest of these sources was asked.
    pub asked_at: Timestamp,
    /// Usable for this address, or every problem.
    pub verdict: Result<EncryptionCertificate, Vec<Problem>>,
    /// What was found out of the revocation of each certificate of its path below the anchor, its own first, and what
    /// the rule says to it.
    pub revocation: Vec<RevocationFinding>,
    /// Usable, but others go before it: a certificate that names the address itself, or newer ones.
    pub is_set_aside: bool,
}

/// What is remembered of an address from the last time a certificate of it was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// The organisation that its certificates named.
    pub organisation: Option<Organisation>,
    /// When.
    pub at: Timestamp,
}

/// All that is known about one recipient at one time.
#[derive(Debug)]
pub struct Assessment {
    address: Address,
    certificates: Vec<Judged>,
    failures: Vec<Failure>,
    remembered: Option<Remembered>,
    at: Timestamp,
    is_stale: bool,
    shows_hidden_subject: bool,
    clock: ClockState,
    tunnel: Option<Tunnel>,
    transport: Option<Transport>,
}

/// What is known of the transport to the recipient's domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transport {
    /// What was seen of the domain.
    pub seen: Level,
    /// The same with what our own mail server promises.
    pub level: Level,
    /// The level if our own mail server did not take REQUIRETLS on for the message.
    pub without_requiretls: Level,
    /// The domain says that it takes no mail (RFC 7505).
    pub refuses_mail: bool,
    /// When it was looked at: the oldest of what it rests on.
    pub checked_at: Timestamp,
    /// The firm's own mail server, which reads the message first, and where it may keep it.
    pub through: Option<(String, Option<String>)>,
    /// The newest receipt of the domain that was filed: shown, and no reason for anything.
    pub receipt: Option<FiledReceipt>,
    /// What was seen, host by host, for the record.
    pub findings: Option<serde_json::Value>,
}

/// What the certificates of an address come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// At least one certificate is usable.
    Usable,
    /// None is, and not every directory could say.
    LookupFailed,
    /// None is, though some were found.
    Unusable,
    /// Every directory said that it has none.
    NotFound,
}

/// The way a message would take to a recipient now. The order is that of sending: encrypted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// Encrypted; the certificate names the address.
    Person,
    /// Encrypted; the certificate is bound by its organisation.
    Organisation,
    /// Encrypted to the gateway of the recipient's organisation, which opens it.
    Tunnel,
    /// Stays on the firm's own mail server. Not encrypted to the recipient.
    Internal,
    /// Leaves without encryption to the recipient, if the sender accepts it.
    Tls,
    /// May not be sent.
    None,
}

/// The light of a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Light {
    /// Will be encrypted end to end.
    Green,
    /// Will not.
    Red,
}

impl Route {
    /// Whether the message is encrypted to the recipient, or to the recipient's organisation, on this route.
    pub fn is_end_to_end(self) -> bool {
        matches!(self, Self::Person | Self::Organisation | Self::Tunnel)
    }

    /// Green exactly for the routes that are encrypted end to end.
    pub fn light(self) -> Light {
        if self.is_end_to_end() {
            Light::Green
        } else {
            Light::Red
        }
    }

    /// The way as far as the risk depends on it. `level` counts where the message is not encrypted to the recipient.
    pub fn way(self, level: Level) -> Way {
        match self {
            Self::Person => Way::Person,
            Self::Organisation => Way::Organisation,
            Self::Tunnel => Way::Tunnel,
            Self::Internal => Way::Internal,
            Self::Tls | Self::None => Way::Transport(level),
        }
    }

    /// The code of the contract.
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Tunnel => "tunnel",
            Self::Internal => "internal",
            Self::Tls => "tls",
            Self::None => "none",
        }
    }
}

impl Light {
    /// The code of the contract.
    pub fn code(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Red => "red",
        }
    }
}

impl Status {
    /// The code of the contract.
    pub fn code(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::LookupFailed => "lookup-failed",
            Self::Unusable => "unusable",
            Self::NotFound => "not-found",
        }
    }
}

impl Judged {
    /// The certificate, if a message would be encrypted to it.
    pub fn used(&self) -> Option<&EncryptionCertificate> {
        self.verdict.as_ref().ok().filter(|_| !self.is_set_aside)
    }

    /// What speaks against it.
    pub fn problems(&self) -> &[Problem] {
        self.verdict.as_ref().err().map_or(&[], Vec::as_slice)
    }

    fn organisation(&self) -> Option<&Organisation> {
        self.certificate.as_ref()?.facts().organisation.as_ref()
    }

    fn not_before(&self) -> Option<Timestamp> {
        Some(self.certificate.as_ref()?.facts().not_before)
    }
}

impl Assessment {
    /// Puts together what was found. Here the certificates of one address are weighed against each other: one that names
    /// the address goes before bound ones, two organisations on one address make all of them unusable, and so does an
    /// organisation that differs from the one remembered.
    pub fn new(
        address: Address,
        certificates: Vec<Judged>,
        failures: Vec<Failure>,
        remembered: Option<Remembered>,
        at: Timestamp,
    ) -> Self {
        let mut assessment = Self {
            address,
            certificates,
            failures,
            remembered,
            at,
            is_stale: false,
            shows_hidden_subject: false,
            clock: ClockState::Unheard,
            tunnel: None,
            transport: None,
        };
        assessment.sort();
        assessment.set_bound_aside();
        assessment.refuse_conflict();
        assessment.refuse_change();
        assessment.cap();
        assessment
    }

    /// Marks that a directory was down and older answers stand in for it.
    #[must_use]
    pub fn from_older_answers(mut self) -> Self {
        self.is_stale = true;
        self
    }

    /// Marks that whatever opens mail to the certificates in use is known to show a subject that cannot be read on the
    /// way (RFC 9788).
    #[must_use]
    pub fn with_hidden_subjects_shown(mut self) -> Self {
        let is_used = self.used().next().is_some();
        self.shows_hidden_subject = is_used;
        self
    }

    /// Whether that is known.
    pub fn shows_hidden_subject(&self) -> bool {
        self.shows_hidden_subject
    }

    /// What the clocks of others say of the clock that it was made by. With one that is off, no certificate is usable:
    /// all dates were held against it.
    #[must_use]
    pub fn by_clock(mut self, clock: ClockState) -> Self {
        if let Some(off) = clock.off() {
            let problem = Problem::Clock {
                peer: off.peer.clone(),
                expected: off.expected,
                presented: off.presented,
            };
            for judged in &mut self.certificates {
                match &mut judged.verdict {
                    Ok(_) => judged.verdict = Err(vec![problem.clone()]),
                    Err(problems) => {
                        problems.push(problem.clone());
                        problems.sort_by_key(Problem::rank);
                    }
                }
                judged.is_set_aside = false;
            }
        }
        self.clock = clock;
        self
    }

    /// Adds what is known of the transport to the domain.
    #[must_use]
    pub fn over(mut self, transport: Transport) -> Self {
        self.transport = Some(transport);
        self
    }

    /// What is known of the transport to the domain; nothing where nobody looked.
    pub fn transport(&self) -> Option<&Transport> {
        self.transport.as_ref()
    }

    /// How strong the transport to the domain is. What nobody looked at is not known.
    pub fn level(&self) -> Level {
        self.transport.as_ref().map_or(Level::Unknown, |t| t.level)
    }

    /// What the clocks of others say of the clock that it was made by.
    pub fn clock(&self) -> &ClockState {
        &self.clock
    }

    /// Whose assessment this is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Everything found, in a fixed order: used ones first, then the newest.
    pub fn certificates(&self) -> &[Judged] {
        &self.certificates
    }

    /// What could not be asked.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// When it was made.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Whether older answers stand in for a directory that does not answer now.
    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// The certificates that a message would be encrypted to.
    pub fn used(&self) -> impl Iterator<Item = &EncryptionCertificate> {
        self.certificates.iter().filter_map(Judged::used)
    }

    /// The organisation of the certificates in use: of several ways to name it the newest with a number, which says more
    /// than a name.
    pub fn organisation(&self) -> Option<&Organisation> {
        let numbered = self.organisations().find(|o| o.number.is_some());
        numbered.or_else(|| self.organisations().next())
    }

    /// What each certificate in use says of its organisation, those left out that say nothing.
    fn organisations(&self) -> impl Iterator<Item = &Organisation> {
        let used = self.certificates.iter().filter(|c| c.used().is_some());
        used.filter_map(Judged::organisation)
    }

    /// The time of the oldest evidence that a green light rests on: directory answers and revocation lists.
    pub fn evidence_from(&self) -> Option<Timestamp> {
        let asked = self
            .certificates
            .iter()
            .filter(|c| c.used().is_some())
            .map(|c| c.asked_at);
        asked
            .chain(self.used().filter_map(EncryptionCertificate::evidence_from))
            .min()
    }

    /// The certificate that was known once, where now every directory says that there is none.
    pub fn vanished(&self) -> Option<&Remembered> {
        self.remembered
            .as_ref()
            .filter(|_| self.status() == Status::NotFound)
    }

    /// What the certificates come to.
    pub fn status(&self) -> Status {
        if self.used().next().is_some() {
            Status::Usable
        } else if !self.failures.is_empty() {
            Status::LookupFailed
        } else if !self.certificates.is_empty() {
            Status::Unusable
        } else {
            Status::NotFound
        }
    }

    /// The way a message would take now.
    pub fn route(&self, policy: &Policy) -> Route {
        if policy.blocks(&self.address) {
            return Route::None;
        }
        let mut used = self.used().peekable();
        if let Some(first) = used.peek() {
            // Gateways are used only where nobody else is: never beside another.
            if first.binding().is_by_domain() {
                return Route::Tunnel;
            }
            let by_address = used.any(|c| c.binding().is_by_address());
            return if by_address {
                Route::Person
            } else {
                Route::Organisation
            };
        }
        if policy.is_internal(&self.address) {
            return Route::Internal;
        }
        let refuses_mail = self.transport.as_ref().is_some_and(|t| t.refuses_mail);
        if !refuses_mail && policy.allows_fallback(&self.address, self.level()) {
            Route::Tls
        } else {
            Route::None
        }
    }

    /// The way through the organisation's gateway, where the tunnel list knows one and it was asked.
    pub fn tunnel(&self) -> Option<&Tunnel> {
        self.tunnel.as_ref()
    }

    pub(super) fn set_all_aside(&mut self) {
        for judged in &mut self.certificates {
            judged.is_set_aside = true;
        }
    }

    pub(super) fn take_gateway(&mut self, gateway: Self, tunnel: Tunnel) {
        if gateway.used().next().is_some() {
            self.certificates.splice(0..0, gateway.certificates);
        } else {
            self.certificates.extend(gateway.certificates);
        }
        self.failures.extend(gateway.failures);
        self.failures.dedup();
        self.tunnel = Some(tunnel);
    }

    /// The problem to show first, of all certificates.
    pub fn first_problem(&self) -> Option<&Problem> {
        self.certificates
            .iter()
            .flat_map(Judged::problems)
            .min_by_key(|p| p.rank())
    }

    fn sort(&mut self) {
        self.certificates.sort_by(|a, b| {
            let usable = b.verdict.is_ok().cmp(&a.verdict.is_ok());
            usable
                .then(b.not_before().cmp(&a.not_before()))
                .then(a.sha256.cmp(&b.sha256))
        });
    }

    fn set_bound_aside(&mut self) {
        let names_address = |j: &Judged| j.used().is_some_and(|c| c.binding().is_by_address());
        if self.certificates.iter().any(names_address) {
            for judged in self.certificates.iter_mut().filter(|j| j.verdict.is_ok()) {
                judged.is_set_aside = !names_address(judged);
            }
        }
    }

    /// Each is held against every other: two of one name and different numbers are both like a third of that name without
    /// a number, and not like each other.
    fn refuse_conflict(&mut self) {
        let organisations: Vec<&Organisation> = self.organisations().collect();
        let pairs = organisations.iter().enumerate().flat_map(|(i, one)| {
            let rest = organisations[i + 1..].iter();
            rest.map(move |other| (*one, *other))
        });
        let mut conflicts = pairs.filter(|(one, other)| !one.is_same_as(other));
        if let Some((one, other)) = conflicts.next() {
            let problem = Problem::OrganisationConflict {
                one: one.clone(),
                other: other.clone(),
            };
            self.refuse(&problem);
        }
    }

    /// Every certificate must be of the organisation of before: beside one that is like it by its name, another number
    /// is another organisation all the same.
    fn refuse_change(&mut self) {
        let Some(before) = self
            .remembered
            .as_ref()
            .and_then(|r| r.organisation.clone())
        else {
            return;
        };
        if self.used().next().is_none() {
            return;
        }
        let other = self.organisations().find(|now| !now.is_same_as(&before));
        if other.is_some() || self.organisation().is_none() {
            let now = other.cloned();
            self.refuse(&Problem::OrganisationChanged { before, now });
        }
    }

    fn refuse(&mut self, problem: &Problem) {
        for judged in self.certificates.iter_mut().filter(|j| j.verdict.is_ok()) {
            judged.verdict = Err(vec![problem.clone()]);
            judged.is_set_aside = false;
        }
    }

    /// Newest first is the order already; more than the cap would only be a directory's rubbish.
    fn cap(&mut self) {
        for judged in self
            .certificates
            .iter_mut()
            .filter(|j| j.used().is_some())
            .skip(MAX_USED)
        {
            judged.is_set_aside = true;
        }
    }
}
