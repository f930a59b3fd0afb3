//! What is known of the transport to recipients' domains: asked now, kept from earlier, or shown by another
//! installation's evidence. Never fails: what could not be asked is in the findings as such.

use std::{collections::BTreeMap, path::Path};

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::{Ask, BookError, Clock, Segl, send};
use crate::{
    config::{Config, Honour},
    disk,
    keys::KeyError,
    mail::Digest,
    net::Reach,
    record::{self, RecordError},
    store::Store,
    tls::{
        Dane, Evidence, EvidenceFault, Examiner, Findings, Level, MailRoute, Promise, Resolved,
        Settings, Signed, raised, statement,
    },
};

/// Domains that are examined at once: a pasted list of thousands must not flood a DNS server.
const AT_ONCE: usize = 32;
/// What was seen counts for so long before it is asked again.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// The same where it could not be checked.
const FRESH_UNKNOWN: SignedDuration = SignedDuration::from_mins(5);
/// What kind of row the evidence that is given away leaves in the record.
const EXPORTED: &str = "tls-evidence-exported";

/// What is known of the transport to one domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainTransport {
    /// What was seen.
    pub findings: Findings,
    /// By whom, and when.
    pub source: TransportSource,
}

/// Where findings are from. A probe says by itself who probed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportSource {
    /// Seen from here just now.
    Here,
    /// Seen from here earlier, and still fresh.
    Kept,
    /// Not to be seen from here: another installation saw it.
    Evidence {
        /// Its key, in hex.
        key: String,
        /// When it wrote that down.
        exported_at: Timestamp,
    },
}

impl TransportSource {
    /// The code for `--json`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Kept => "kept",
            Self::Evidence { .. } => "evidence",
        }
    }
}

impl DomainTransport {
    /// The level of what was seen, raised by what our own server promises.
    pub fn level(&self, promise: &Promise) -> Level {
        raised(self.findings.level(), &self.findings, promise)
    }
}

/// Evidence that was written for others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedEvidence {
    /// The key that desks name in their settings, in hex.
    pub key: String,
    /// How many domains it speaks of.
    pub domains: usize,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// Why evidence was not written.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// There is no key to sign it with.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The record whose key signs it cannot be used.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The file cannot be written, or the findings not be put into it.
    #[error("{0}")]
    File(String),
}

impl Segl {
    /// What is known of the transport to one domain (an A-label).
    pub async fn examine_domain(
        &self,
        domain: &str,
        ask: Ask,
        clock: Clock<'_>,
    ) -> DomainTransport {
        let mut all = self
            .examine_domains(std::slice::from_ref(&domain), ask, clock)
            .await;
        all.remove(domain).unwrap_or_else(|| DomainTransport {
            findings: Findings::unchecked(domain, clock()),
            source: TransportSource::Here,
        })
    }

    /// The same for several, each asked once. Each ends within `[tls] deadline`.
    pub async fn examine_domains<D: AsRef<str>>(
        &self,
        domains: &[D],
        ask: Ask,
        clock: Clock<'_>,
    ) -> BTreeMap<String, DomainTransport> {
        let mut wanted: Vec<&str> = domains.iter().map(AsRef::as_ref).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let store = self.answers_store();
        let name = kept_as(&self.config);
        let evidence = self.evidence(clock()).ok().flatten();
        // Set up only where somebody has to be asked: it reads the system's roots.
        let mut examiner = None;
        let mut all = BTreeMap::new();
        for some in wanted.chunks(AT_ONCE) {
            let kept = some.iter().map(|d| kept(store.as_deref(), &name, d));
            let kept: Vec<Option<Findings>> = kept.collect();
            let is_usable = |k: &Option<Findings>| {
                let fresh = |k: &Findings| ask == Ask::IfNotFresh && is_fresh(k, clock());
                k.as_ref().is_some_and(fresh)
            };
            if examiner.is_none() && !kept.iter().all(is_usable) {
                examiner = Some(Examiner::open(settings(&self.config)).ok());
            }
            let asked = some.iter().zip(&kept).map(|(domain, kept)| {
                let examiner = examiner.as_ref().and_then(Option::as_ref);
                let earlier = kept.as_ref();
                let is_kept = is_usable(kept);
                async move {
                    match (earlier, examiner) {
                        (Some(kept), _) if is_kept => (kept.clone(), TransportSource::Kept),
                        (earlier, Some(examiner)) => {
                            let found = examiner.examine(domain, clock()).await;
                            (found.remembering(earlier), TransportSource::Here)
                        }
                        (_, None) => {
                            let nothing = Findings::unchecked(domain, clock());
                            (nothing, TransportSource::Here)
                        }
                    }
                }
            });
            for (domain, (findings, source)) in some.iter().zip(join_all(asked).await) {
                if let (Some(store), TransportSource::Here) = (&store, &source) {
                    // A store that cannot be written costs time, not truth: it is asked again.
                    let at = findings.checked_at;
                    let _kept = store.put_answer(&name, &lookup(domain), at, &findings);
                }
                let known = DomainTransport { findings, source };
                all.insert((*domain).to_owned(), known.beside(evidence.as_ref()));
            }
        }
        all
    }

    /// What our own mail server promises for a message: by what IT knows of it, and, where mail requires TLS on its whole
    /// way, by what it offered when it was last reached. Sending holds it to that, or does not send.
    pub fn promise(&self, at: Timestamp) -> Promise {
        let honours = self.config.submission.as_ref().map(|s| &*s.honours);
        let has = |honour| honours.is_some_and(|all| all.contains(&honour));
        Promise {
            accepted_requiretls: self.config.requires_tls && self.offered_requiretls(at),
            forces_tls: has(Honour::ForcedTls) || self.relay_forces_tls(at),
            honours_dane: has(Honour::Dane),
            honours_sts: has(Honour::MtaSts),
        }
    }

    /// Whether the mail server offered REQUIRETLS when it was last reached, within a day.
    fn offered_requiretls(&self, at: Timestamp) -> bool {
        let store = self.answers_store();
        let fact = store.and_then(|s| s.fact(send::REQUIRETLS_FACT).ok().flatten());
        fact.is_some_and(|fact| {
            let age = at.duration_since(fact.at);
            fact.value == "yes" && !age.is_negative() && age <= SignedDuration::from_hours(24)
        })
    }

    /// The same as codes, for the record.
    pub(super) fn promised(&self, at: Timestamp) -> Vec<String> {
        let promise = self.promise(at);
        let codes = [
            (promise.accepted_requiretls, "requiretls"),
            (promise.forces_tls, Honour::ForcedTls.code()),
            (promise.honours_dane, Honour::Dane.code()),
            (promise.honours_sts, Honour::MtaSts.code()),
        ];
        let made = codes.into_iter().filter(|(is_made, _)| *is_made);
        made.map(|(_, code)| code.to_owned()).collect()
    }

    /// The evidence of another installation that the settings name, judged; none where they name none.
    pub fn evidence(&self, at: Timestamp) -> Result<Option<Judged>, EvidenceFault> {
        let Some(file) = &self.config.transport.evidence else {
            return Ok(None);
        };
        let octets = std::fs::read(file).map_err(|e| EvidenceFault::Unreadable(e.to_string()))?;
        let signed = Signed::parse(&octets)?;
        let trusted = self.config.transport.evidence_key.as_deref();
        let evidence = signed.judge(trusted, at)?;
        Ok(Some(Judged {
            evidence,
            key: signed.key,
        }))
    }

    /// The domains of all addresses in the contacts, as A-labels. Blocks on disk and keyring.
    pub fn known_domains(&self) -> Result<Vec<String>, BookError> {
        let book = self.book()?;
        let contacts = book.index.contacts().iter();
        let domains = contacts.map(|c| c.mailbox.address.domain().to_owned());
        let all: std::collections::BTreeSet<String> = domains.collect();
        Ok(all.into_iter().collect())
    }

    /// Writes what was seen to a file for other desks, in place of the one before, signed with the key of this
    /// installation's record; the record says that it did. Blocks on disk and keyring.
    pub fn export_evidence(
        &self,
        seen: &BTreeMap<String, DomainTransport>,
        file: &Path,
        at: Timestamp,
    ) -> Result<ExportedEvidence, EvidenceError> {
        // Only what this installation saw itself: evidence is not handed on under another name.
        let own = |t: &&DomainTransport| {
            !matches!(t.source, TransportSource::Evidence { .. }) && t.findings.prober().is_none()
        };
        let evidence = Evidence {
            exported_at: at,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            domains: seen
                .values()
                .filter(own)
                .map(|t| t.findings.clone())
                .collect(),
        };
        let unmade = |e: serde_json::Error| EvidenceError::File(e.to_string());
        let payload = evidence.payload().map_err(unmade)?;
        let vault = self.vault()?;
        let record = vault.record(at)?;
        let vouched = record.vouch(&statement(&payload))?;
        let signed = Signed::of(payload, &vouched.key, &vouched.signature);
        let octets = serde_json::to_vec(&signed).map_err(unmade)?;
        let sha256 = Digest::of(&octets).to_string();
        record.append(
            record::Evidence {
                code: EXPORTED.to_owned(),
                sha256: sha256.clone(),
                content: serde_json::json!({ "domains": evidence.domains.len() }),
                about: None,
            },
            at,
        )?;
        disk::replace(file, &octets).map_err(|e| EvidenceError::File(e.to_string()))?;
        Ok(ExportedEvidence {
            key: signed.key,
            domains: evidence.domains.len(),
            sha256,
        })
    }
}

/// Evidence that counts, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What it says.
    pub evidence: Evidence,
    /// The key that signed it, in hex.
    pub key: String,
}

impl DomainTransport {
    /// The same with what another installation saw: its probes where this one did not probe, and all of its findings
    /// where this one could not ask. What was seen from here is never replaced by something better.
    fn beside(mut self, judged: Option<&Judged>) -> Self {
        let found = judged.and_then(|j| {
            let domains = j.evidence.domains.iter();
            let mut same = domains.filter(|d| d.domain == self.findings.domain);
            Some((j, same.next_back()?))
        });
        let Some((judged, other)) = found else {
            return self;
        };
        if could_not_ask(&self.findings) && self.findings.level() == Level::Unknown {
            self.findings = other.clone().probed_by(&judged.key);
            self.source = TransportSource::Evidence {
                key: judged.key.clone(),
                exported_at: judged.evidence.exported_at,
            };
        } else {
            self.findings = self.findings.with_probes_of(other, &judged.key);
        }
        self
    }
}

fn could_not_ask(findings: &Findings) -> bool {
    let is_unasked = |mx: &crate::tls::Exchanger| {
        matches!(mx.resolved, Resolved::Unchecked { .. })
            || matches!(mx.dane, Dane::Unchecked { .. })
    };
    matches!(findings.route, MailRoute::Unchecked { .. }) || findings.mx.iter().any(is_unasked)
}

fn kept(store: Option<&Store>, name: &str, domain: &str) -> Option<Findings> {
    let answers = store?.answers::<Findings>(&lookup(domain)).ok()?;
    let kept = answers.into_iter().find(|a| a.directory == name)?;
    (kept.answer.domain == domain).then_some(kept.answer)
}

/// No address has this form: findings never stand among the answers of directories for one.
fn lookup(domain: &str) -> String {
    format!("transport {domain}")
}

/// The name under which findings are kept: those of other settings are another's.
fn kept_as(config: &Config) -> String {
    let transport = &config.transport;
    let seams = format!(
        "{} {:?} {:?} {} {} {:?}",
        transport.probe,
        transport.resolver,
        transport.root_anchor,
        transport.smtp_port,
        transport.sts_port,
        transport.sts_ca_file
    );
    Digest::of_fields(["transport".as_bytes(), seams.as_bytes()]).to_string()
}

/// Findings from the future are not fresh: the clock was set back, and nobody knows how old they are.
fn is_fresh(findings: &Findings, now: Timestamp) -> bool {
    let limit = match findings.level() {
        Level::Unknown => FRESH_UNKNOWN,
        _ => FRESH,
    };
    let age = now.duration_since(findings.checked_at);
    !age.is_negative() && age <= limit
}

fn settings(config: &Config) -> Settings {
    let transport = &config.transport;
    Settings {
        deadline: transport.deadline,
        probe: transport.probe,
        resolver: transport.resolver,
        root_anchor: transport.root_anchor.clone(),
        smtp_port: transport.smtp_port,
        sts_port: transport.sts_port,
        ca_file: transport.sts_ca_file.clone(),
        reach: if config.allow_private {
            Reach::Anywhere
        } else {
            Reach::Public
        },
    }
}
