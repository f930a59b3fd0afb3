//! Whether lists say that a certificate was revoked: RFC 5280 §6.3.3, with indirect lists, lists for some reasons or
//! some certificates, and deltas.
//!
//! The signer of a list is the certificate's issuer, or another certificate of the list's issuer that leads to the same
//! anchor and was itself not revoked. What a question may cost is a count of signers and lists, never a time.

use std::{cell::Cell, sync::Arc};

use jiff::Timestamp;

use super::{
    crl::{Crl, Revoked},
    scope::{self, ALL, Concern, Mask, concern},
};
use crate::cert::{
    self, Anchors, Certificate, Fingerprint, Problem, RevocationAnswer, RevocationSource,
    RevocationSourceKind, RevocationUnknown,
};

/// Certificates that are tried as signers for one certificate at most, on all of its paths together.
const MAX_SIGNERS: usize = 64;
/// Signatures that are verified on the paths of such signers, before one more signer is asked about.
const MAX_SIGNATURES: usize = 400;
/// The signer's own list may have a signer, and so on.
const MAX_DEPTH: usize = 3;

/// A list and where it is from, for people.
#[derive(Clone)]
pub(super) struct Sourced {
    pub(super) source: String,
    pub(super) list: Arc<Crl>,
}

/// What questions about one certificate have cost so far, on all of its paths.
#[derive(Debug, Default)]
pub struct Effort {
    signers: Cell<usize>,
    signatures: Cell<usize>,
}

impl Effort {
    /// Whether one more signer may be tried.
    fn take(&self) -> bool {
        let holds = self.signers.get() < MAX_SIGNERS && self.signatures.get() < MAX_SIGNATURES;
        if holds {
            self.signers.set(self.signers.get() + 1);
        }
        holds
    }

    fn add(&self, signatures: usize) {
        self.signatures.set(self.signatures.get() + signatures);
    }
}

/// Everything that questions about the certificates of one path share.
pub(super) struct Inquiry<'a> {
    pub(super) lists: &'a [Sourced],
    pub(super) pool: &'a [Certificate],
    /// Where the path ends: a list's signer must lead there too.
    pub(super) anchor: Option<&'a Certificate>,
    pub(super) at: Timestamp,
    effort: &'a Effort,
}

/// Lists that together speak of a certificate for every reason.
pub(super) struct Evidence {
    sources: Vec<RevocationSource>,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
}

impl Sourced {
    fn source(&self) -> RevocationSource {
        RevocationSource {
            kind: RevocationSourceKind::List,
            name: self.source.clone(),
            this_update: self.list.this_update(),
            next_update: self.list.next_update(),
            sha256: self.list.sha256(),
        }
    }
}

impl<'a> Inquiry<'a> {
    pub(super) fn new(
        lists: &'a [Sourced],
        pool: &'a [Certificate],
        anchor: Option<&'a Certificate>,
        effort: &'a Effort,
        at: Timestamp,
    ) -> Self {
        Self {
            lists,
            pool,
            anchor,
            at,
            effort,
        }
    }

    /// What the lists say of `certificate`, issued by `issuer`.
    pub(super) fn ask(&self, certificate: &Certificate, issuer: &Certificate) -> RevocationAnswer {
        self.ask_within(certificate, issuer, &[])
    }

    /// Whether a list may be kept for `certificate`: it speaks of it, whoever signed it may, and it is not from the future.
    pub(super) fn counts(
        &self,
        list: &Crl,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<(), RevocationUnknown> {
        let speaks = |point| matches!(concern(point, list, certificate), Concern::Covers(_));
        if !scope::points(certificate).iter().any(speaks) {
            return Err(RevocationUnknown::Scope {
                detail: "a list of other certificates".to_owned(),
            });
        }
        self.signer(list, certificate, issuer, &[])?;
        self.is_made(list)
    }

    /// First who signed: whoever is handed a list from the future may believe at least that it is later.
    fn is_made(&self, list: &Crl) -> Result<(), RevocationUnknown> {
        let this_update = list.this_update();
        if this_update > cert::latest(self.at) {
            return Err(RevocationUnknown::NotYet { this_update });
        }
        Ok(())
    }

    /// `signers` are those whose own state is being asked, outermost first.
    fn ask_within(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        signers: &[Fingerprint],
    ) -> RevocationAnswer {
        let mut complete: Vec<&Sourced> =
            self.lists.iter().filter(|l| !l.list.is_delta()).collect();
        complete.sort_by_key(|l| std::cmp::Reverse(l.list.this_update()));
        let mut covered: Mask = 0;
        let mut evidence: Option<Evidence> = None;
        let mut unknown: Option<RevocationUnknown> = None;
        for point in scope::points(certificate) {
            for sourced in &complete {
                let list = &sourced.list;
                let reasons = match concern(&point, list, certificate) {
                    Concern::Other => continue,
                    // Whoever stands on a list of the right issuer is revoked, whatever the list is for.
                    Concern::Outside(detail) => {
                        unknown.get_or_insert(RevocationUnknown::Scope { detail });
                        0
                    }
                    Concern::Covers(reasons) => reasons,
                };
                let signer = match self.signer(list, certificate, issuer, signers) {
                    Ok(signer) => signer,
                    Err(why) => {
                        unknown = Some(why);
                        continue;
                    }
                };
                if let Err(why) = self.is_made(list) {
                    unknown = Some(why);
                    continue;
                }
                let (entry, newest) = self.entry(sourced, certificate, &signer.certificate);
                if let Some((entry, by)) = entry {
                    return revoked(&entry, by.source());
                }
                if let Some(detail) = newest.list.unusable().or(list.unusable()) {
                    let detail = detail.to_owned();
                    unknown = Some(RevocationUnknown::Scope { detail });
                    continue;
                }
                if reasons & !covered != 0 {
                    covered |= reasons;
                    // With a delta the complete list is as new as the delta.
                    let dates = (newest.list.this_update(), newest.list.next_update());
                    Evidence::add(&mut evidence, &sourced.source(), dates);
                    Evidence::add(&mut evidence, &newest.source(), dates);
                    for source in &signer.sources {
                        Evidence::add_whole(&mut evidence, source);
                    }
                }
            }
        }
        match evidence {
            Some(evidence) if covered == ALL => evidence.good(),
            Some(_) => RevocationAnswer::Unknown(RevocationUnknown::Scope {
                detail: "lists for some reasons only".to_owned(),
            }),
            None => {
                RevocationAnswer::Unknown(unknown.unwrap_or_else(|| RevocationUnknown::NoSource {
                    issuer: issuer.facts().subject.clone(),
                }))
            }
        }
    }

    /// The entry of a certificate on a list as its newest delta left it, and the list that was newest.
    fn entry<'l>(
        &'l self,
        complete: &'l Sourced,
        certificate: &Certificate,
        signer: &Certificate,
    ) -> (Option<(Revoked, &'l Sourced)>, &'l Sourced) {
        let delta = self
            .lists
            .iter()
            .filter(|d| d.list.is_delta() && d.list.this_update() <= cert::latest(self.at))
            .filter(|d| d.list.updates(&complete.list) && d.list.is_signed_by(signer))
            .max_by_key(|d| d.list.this_update());
        let of_complete = complete.list.entry(certificate).map(|e| (e, complete));
        let Some(delta) = delta else {
            return (of_complete, complete);
        };
        match delta.list.entry(certificate) {
            Some(entry) if entry.is_removed() => (None, delta),
            Some(entry) => (Some((entry, delta)), delta),
            None => (of_complete, delta),
        }
    }

    /// Who signed the list: the issuer, or somebody of the same name who leads to the same anchor (§6.3.3 f, g).
    fn signer(
        &self,
        list: &Crl,
        certificate: &Certificate,
        issuer: &Certificate,
        signers: &[Fingerprint],
    ) -> Result<Signer, RevocationUnknown> {
        let wrong = || RevocationUnknown::WrongSigner {
            issuer: issuer.facts().subject.clone(),
        };
        if list.is_issued_by(issuer) && list.is_signed_by(issuer) {
            return Ok(Signer {
                certificate: issuer.clone(),
                sources: Vec::new(),
            });
        }
        let Some(anchor) = self.anchor else {
            return Err(wrong());
        };
        let mut why = wrong();
        for candidate in std::iter::once(anchor).chain(self.pool) {
            if !list.is_issued_by(candidate) {
                continue;
            }
            if !self.effort.take() {
                return Err(why);
            }
            if !list.is_signed_by(candidate) {
                continue;
            }
            match self.vouched(candidate, certificate, anchor, signers) {
                Ok(sources) => {
                    return Ok(Signer {
                        certificate: candidate.clone(),
                        sources,
                    });
                }
                Err(unknown) => why = unknown,
            }
        }
        Err(why)
    }

    /// Whether a signer leads to the anchor and is not revoked; the lists that say so.
    fn vouched(
        &self,
        signer: &Certificate,
        certificate: &Certificate,
        anchor: &Certificate,
        signers: &[Fingerprint],
    ) -> Result<Vec<RevocationSource>, RevocationUnknown> {
        // A signer's own state may stand on the list that it signs: the list is asked for its signer too, and believed
        // as it is for everybody else.
        let is_asked = signer == certificate || signers.contains(&signer.sha256());
        if signer == anchor || is_asked {
            return Ok(Vec::new());
        }
        let wrong = || RevocationUnknown::WrongSigner {
            issuer: signer.facts().subject.clone(),
        };
        if signers.len() == MAX_DEPTH {
            return Err(wrong());
        }
        strong(signer)?;
        let anchors = Anchors::new(vec![anchor.clone()]);
        let path = cert::path(signer, self.pool, &anchors, self.at);
        self.effort.add(path.signatures());
        let facts = signer.facts();
        let is_valid = facts.not_before <= self.at && self.at <= facts.not_after;
        if !is_valid || !path.is_anchored() || !path.problems().is_empty() {
            return Err(wrong());
        }
        let mut further = signers.to_vec();
        further.push(signer.sha256());
        let mut found = Vec::new();
        for (certificate, issuer) in path.links() {
            match self.ask_within(certificate, issuer, &further) {
                RevocationAnswer::Good { sources, .. } => found.extend(sources),
                // Nobody could revoke it, as for an issuer.
                RevocationAnswer::Unknown(RevocationUnknown::NoSource { .. })
                    if !certificate.facts().has_revocation_pointer => {}
                RevocationAnswer::Unknown(why) => return Err(why),
                RevocationAnswer::Revoked { .. } => return Err(wrong()),
            }
        }
        Ok(found)
    }
}

/// That nobody else can have signed in a signer's name. A path leaves the strength of its first certificate to whoever
/// judges that, and a signer is judged nowhere else.
pub(super) fn strong(signer: &Certificate) -> Result<(), RevocationUnknown> {
    let presented = match cert::weakness(signer).into_iter().next() {
        None => return Ok(()),
        Some(Problem::WeakKey { presented, .. } | Problem::WeakSignature { presented }) => {
            presented
        }
        Some(other) => other.code().to_owned(),
    };
    Err(RevocationUnknown::WeakSigner {
        signer: signer.facts().subject.clone(),
        presented,
    })
}

/// Who signed a list.
struct Signer {
    certificate: Certificate,
    /// What says that the signer itself was not revoked: an answer of its list rests on that too.
    sources: Vec<RevocationSource>,
}

impl Evidence {
    /// What rests on several lists is as old as the oldest and ends with the first that ends.
    fn add(
        evidence: &mut Option<Self>,
        source: &RevocationSource,
        (this_update, next_update): (Timestamp, Option<Timestamp>),
    ) {
        let Some(old) = evidence else {
            *evidence = Some(Self {
                sources: vec![source.clone()],
                this_update,
                next_update,
            });
            return;
        };
        if !old.sources.iter().any(|s| s.sha256 == source.sha256) {
            old.sources.push(source.clone());
        }
        old.this_update = old.this_update.min(this_update);
        old.next_update = match (old.next_update, next_update) {
            (Some(one), Some(other)) => Some(one.min(other)),
            // Without an end counts for a day from its beginning, which the rule of ages says: the earlier beginning holds.
            _ => None,
        };
    }

    /// The same with the dates of the source itself.
    pub(super) fn add_whole(evidence: &mut Option<Self>, source: &RevocationSource) {
        Self::add(evidence, source, (source.this_update, source.next_update));
    }

    /// The answer that rests on it.
    pub(super) fn good(self) -> RevocationAnswer {
        RevocationAnswer::Good {
            sources: self.sources,
            this_update: self.this_update,
            next_update: self.next_update,
        }
    }
}

fn revoked(entry: &Revoked, source: RevocationSource) -> RevocationAnswer {
    RevocationAnswer::Revoked {
        at: entry.at,
        reason: entry.reason(),
        source,
    }
}
