//! What certificates are judged with: anchors, intermediates, revocation lists, rules.

use std::{
    borrow::Cow,
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use super::readers::Known;
use crate::{
    cert::{
        self, Anchors, Binding, BindingRule, BoundTo, Certificate, Filter, Fingerprint, Gateway,
        PolicyInputs, Problem, RevocationAnswer, RevocationFinding, RevocationPolicy,
        RevocationUnknown, Rules, Scope, Subject,
    },
    config::Config,
    decide::{Assessment, Judged},
    directory::{Answer, Failure, Found, Source},
    mail::Address,
    revocation::{Crl, CrlFiles, Effort, Responses, ocsp},
};

/// Fetched issuers that are kept at most.
const MAX_FETCHED: usize = 64;

/// A file of trust anchors or intermediates that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {detail}", file.display())]
pub struct TrustError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub detail: String,
}

/// Anchors, intermediates, lists and rules, ready to judge with.
pub struct Trust {
    anchors: Anchors,
    intermediates: Vec<Certificate>,
    lists: CrlFiles,
    /// What responders said.
    responses: Responses,
    rules: Rules,
    /// Which certificates of others the firm uses.
    filter: Filter,
    /// Issuers that were fetched: no more trusted than what a directory delivers.
    fetched: Mutex<Vec<Certificate>>,
}

/// A path with its revocation answers.
pub struct Examined {
    /// The path.
    pub path: cert::Path,
    /// An answer for each of its links.
    pub answers: Vec<RevocationAnswer>,
}

impl Trust {
    /// Reads what the settings name.
    pub fn load(config: &Config) -> Result<Self, TrustError> {
        let mut anchors = Vec::new();
        for anchor in &config.anchors {
            anchors.extend(read(&anchor.file, anchor.sha256)?);
        }
        let mut trust = Self {
            anchors: Anchors::new(anchors),
            intermediates: Vec::new(),
            lists: CrlFiles::new(config.crls.clone()),
            responses: Responses::default(),
            fetched: Mutex::default(),
            rules: Rules {
                revocation: config.revocation,
                allow_test_roots: config.allow_test_roots,
                bindings: config.bindings.clone(),
            },
            filter: config.filter.clone(),
        };
        trust.add_intermediates(&config.intermediates)?;
        Ok(trust)
    }

    /// Without any settings: no anchors, no lists.
    pub fn empty(revocation: RevocationPolicy) -> Self {
        Self {
            anchors: Anchors::default(),
            intermediates: Vec::new(),
            lists: CrlFiles::default(),
            responses: Responses::default(),
            fetched: Mutex::default(),
            rules: Rules {
                revocation,
                allow_test_roots: false,
                bindings: Vec::new(),
            },
            filter: Filter::default(),
        }
    }

    /// With this one anchor, and no lists: for a certificate that was made with it a moment ago.
    pub(super) fn in_only(anchor: Certificate) -> Self {
        Self {
            anchors: Anchors::new(vec![anchor]),
            ..Self::empty(RevocationPolicy::WhenAvailable)
        }
    }

    /// Other anchors in place of the configured ones.
    pub fn replace_anchors(&mut self, files: &[PathBuf]) -> Result<(), TrustError> {
        let mut anchors = Vec::new();
        for file in files {
            anchors.extend(read(file, None)?);
        }
        self.anchors = Anchors::new(anchors);
        Ok(())
    }

    /// Further intermediates.
    pub fn add_intermediates(&mut self, files: &[PathBuf]) -> Result<(), TrustError> {
        for file in files {
            self.intermediates.extend(read(file, None)?);
        }
        Ok(())
    }

    /// Further revocation lists.
    pub fn add_lists(&mut self, files: &[PathBuf]) {
        self.lists.add(files);
    }

    /// Another revocation policy.
    pub fn set_revocation(&mut self, policy: RevocationPolicy) {
        self.rules.revocation = policy;
    }

    /// Anchors in force.
    pub fn anchors(&self) -> &Anchors {
        &self.anchors
    }

    /// Revocation lists in force.
    pub fn lists(&self) -> &CrlFiles {
        &self.lists
    }

    /// What responders said.
    pub(super) fn responses(&self) -> &Responses {
        &self.responses
    }

    /// Keeps fetched issuers to build paths with. The oldest go where there are too many.
    pub(super) fn keep_issuers(&self, new: Vec<Certificate>) {
        let mut fetched = self.fetched();
        for certificate in new {
            if !fetched.contains(&certificate) {
                fetched.push(certificate);
            }
        }
        let surplus = fetched.len().saturating_sub(MAX_FETCHED);
        fetched.drain(..surplus);
    }

    /// The issuers that were fetched.
    pub(super) fn fetched(&self) -> MutexGuard<'_, Vec<Certificate>> {
        self.fetched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the issuer lies that is missing on the way to an anchor, as the last certificate that is known says; nothing
    /// where none is missing.
    pub(super) fn missing(
        &self,
        leaf: &Certificate,
        beside: &[Certificate],
        at: Timestamp,
    ) -> Vec<String> {
        let path = cert::path(leaf, &self.pool(beside), &self.anchors, at);
        let last = path.certificates().last().filter(|_| !path.is_anchored());
        last.map(|c| c.facts().ca_issuers.clone())
            .unwrap_or_default()
    }

    /// Which of this certificate and its issuers have no current answer, each with whoever issued it: only if everything
    /// leads to an anchor. A certificate that does not has no say in what is fetched.
    pub(super) fn unanswered(
        &self,
        leaf: &Certificate,
        beside: &[Certificate],
        at: Timestamp,
    ) -> Vec<(Certificate, Certificate)> {
        let examined = self.examine(leaf, beside, at);
        if !examined.path.is_anchored() || !examined.path.problems().is_empty() {
            return Vec::new();
        }
        let links = examined.path.links().zip(&examined.answers);
        let open = links.filter(|(_, answer)| match answer {
            RevocationAnswer::Good { next_update, .. } => next_update.is_none_or(|due| due < at),
            RevocationAnswer::Revoked { .. } => false,
            RevocationAnswer::Unknown(_) => true,
        });
        open.map(|((certificate, issuer), _)| (certificate.clone(), issuer.clone()))
            .collect()
    }

    /// Judges what a responder said of a certificate by itself, and keeps it where it says "good" or "revoked".
    pub(super) fn hear(
        &self,
        answered: ocsp::Answered,
        (certificate, issuer): (&Certificate, &Certificate),
        beside: &[Certificate],
        asked_at: Timestamp,
        at: Timestamp,
    ) -> Result<(), RevocationUnknown> {
        let (pool, anchor) = (self.pool(beside), self.anchor_above(issuer, beside, at));
        let anchor = anchor.as_ref();
        match self
            .lists
            .judge_answer(&answered, (certificate, issuer), &pool, anchor, at)
        {
            RevocationAnswer::Unknown(why) => Err(why),
            RevocationAnswer::Good { .. } | RevocationAnswer::Revoked { .. } => {
                self.responses
                    .keep((certificate, issuer), answered, asked_at);
                Ok(())
            }
        }
    }

    fn anchor_above(
        &self,
        issuer: &Certificate,
        beside: &[Certificate],
        at: Timestamp,
    ) -> Option<Certificate> {
        let path = cert::path(issuer, &self.pool(beside), &self.anchors, at);
        path.anchor().cloned()
    }

    /// Whether a list that was fetched for a certificate may be kept: it speaks of it, is not from the future, and is
    /// signed by its issuer, or by somebody who leads to an anchor to which the issuer leads too. That somebody is known
    /// who signed it is not enough: a directory delivers strangers.
    pub(super) fn counts(
        &self,
        list: &Arc<Crl>,
        (certificate, issuer): (&Certificate, &Certificate),
        beside: &[Certificate],
        at: Timestamp,
    ) -> Result<(), RevocationUnknown> {
        let pool = self.pool(beside);
        let mut said = Err(RevocationUnknown::WrongSigner {
            issuer: issuer.facts().subject.clone(),
        });
        let paths = cert::paths(issuer, &pool, &self.anchors, &PolicyInputs::default(), at);
        let good = paths
            .iter()
            .filter(|path| path.is_anchored() && path.problems().is_empty());
        for path in good {
            let link = (certificate, issuer);
            said = self.lists.counts(list, link, &pool, path.anchor(), at);
            if matches!(said, Ok(()) | Err(RevocationUnknown::NotYet { .. })) {
                break;
            }
        }
        said
    }

    /// What paths are built from: what the settings name first, what strangers delivered last.
    fn pool(&self, beside: &[Certificate]) -> Vec<Certificate> {
        let fetched = self.fetched();
        let all = self.intermediates.iter().chain(&*fetched).chain(beside);
        all.cloned().collect()
    }

    /// Builds a path and asks for the revocation of each of its links.
    pub fn examine(&self, leaf: &Certificate, beside: &[Certificate], at: Timestamp) -> Examined {
        self.examine_under(leaf, beside, &PolicyInputs::default(), at)
    }

    /// The same with certificate policies. Of several paths the first that nothing speaks against; else the one with
    /// the fewest problems of its own, of those the one with the fewest of all, of those the one with the fewest issuers
    /// that are not for mail.
    ///
    /// Every path is asked about: who may sign a list depends on the anchor, so one path may know of a revocation that
    /// another cannot. "Revoked" is final for a certificate, whichever path it was found out on.
    pub fn examine_under(
        &self,
        leaf: &Certificate,
        beside: &[Certificate],
        policy: &PolicyInputs,
        at: Timestamp,
    ) -> Examined {
        let (pool, effort) = (self.pool(beside), Effort::default());
        let ask = |path: cert::Path| {
            let asked = &self.responses;
            let answers = self.lists.answers_with(asked, &path, &pool, &effort, at);
            Examined { path, answers }
        };
        let paths = cert::paths(leaf, &pool, &self.anchors, policy, at);
        let mut all: Vec<Examined> = paths.into_iter().map(ask).collect();
        share_revocations(&mut all);
        let problems = |examined: &Examined| {
            (
                // What is not known yet can be asked for; on a path that is wrong itself nobody asks.
                examined.path.problems().len(),
                self.problems(examined, Subject::Path, at).len(),
                cert::issuers_usage(&examined.path).len(),
            )
        };
        all.into_iter()
            .min_by_key(problems)
            .unwrap_or_else(|| ask(cert::path(leaf, &pool, &self.anchors, at)))
    }

    /// Every problem of a certificate for a use, without an address.
    pub fn problems(
        &self,
        examined: &Examined,
        subject: Subject<'_>,
        at: Timestamp,
    ) -> Vec<Problem> {
        cert::problems(&examined.path, &examined.answers, subject, &self.rules, at)
    }

    /// What is known of the revocation of each certificate of the path, and what the rule says to it.
    pub fn revocation(&self, examined: &Examined, at: Timestamp) -> Vec<RevocationFinding> {
        cert::revocation_findings(&examined.path, &examined.answers, self.rules.revocation, at)
    }

    /// The rule for revocation that is in force.
    pub fn revocation_policy(&self) -> RevocationPolicy {
        self.rules.revocation
    }

    /// What would tie a certificate to an address, by itself or by the settings' rules.
    pub fn binding(
        &self,
        certificate: &Certificate,
        address: &Address,
    ) -> Result<Binding, Problem> {
        cert::bind(certificate, address, &self.rules.bindings, None)
    }

    /// Judges all that directories said of an address. Nothing found is dropped.
    pub fn assess(
        &self,
        address: &Address,
        answers: Vec<Answer>,
        known: &Known,
        at: Timestamp,
    ) -> Assessment {
        let rules = self.rules_with(known, address);
        let (judged, failures) = self.judge_all(answers, known, at, |examined, trusted| {
            let path = &examined.path;
            cert::judge(path, &examined.answers, address, trusted, &rules, at)
        });
        let assessment = Assessment::new(
            address.clone(),
            judged,
            failures,
            known.remembered.clone(),
            at,
        );
        let used = assessment.used().map(|c| c.certificate().sha256());
        if known.shows_hidden_subject(used) {
            assessment.with_hidden_subjects_shown()
        } else {
            assessment
        }
    }

    /// Judges all that was found of the gateway of a domain, for that domain only.
    pub(super) fn judge_gateway(
        &self,
        gateway: Gateway<'_>,
        answers: Vec<Answer>,
        at: Timestamp,
    ) -> (Vec<Judged>, Vec<Failure>) {
        self.judge_all(answers, &Known::default(), at, |examined, trusted| {
            let (path, answers) = (&examined.path, &examined.answers);
            cert::judge_gateway(path, answers, gateway, trusted, &self.rules, at)
        })
    }

    /// Judges each certificate of these answers once, by `verdict` and by the firm's filter. Nothing found is dropped.
    fn judge_all(
        &self,
        answers: Vec<Answer>,
        known: &Known,
        at: Timestamp,
        verdict: impl Fn(&Examined, Option<&str>) -> Result<cert::EncryptionCertificate, Vec<Problem>>,
    ) -> (Vec<Judged>, Vec<Failure>) {
        let mut failures: Vec<Failure> = Vec::new();
        let mut found: Vec<(Found, Timestamp)> = Vec::new();
        for answer in answers {
            failures.extend(answer.failure);
            found.extend(answer.found.into_iter().map(|f| (f, answer.asked_at)));
        }
        let values = merged(found);
        let parsed: Vec<_> = values
            .iter()
            .map(|v| Certificate::from_der(&v.der))
            .collect();
        let issuers: Vec<Certificate> = parsed
            .iter()
            .flatten()
            .filter(|c| c.facts().is_ca)
            .cloned()
            .collect();
        let judged = values.into_iter().zip(parsed).map(|(value, certificate)| {
            let (verdict, revocation) = match &certificate {
                Err(problem) => (Err(vec![problem.clone()]), Vec::new()),
                Ok(certificate) => {
                    let examined = self.examine(certificate, &issuers, at);
                    let verdict = verdict(&examined, value.trusted());
                    let verdict = self.unless_left_out(&examined, verdict);
                    let learned = known.capabilities(certificate.sha256());
                    let verdict = verdict.map(|usable| match learned {
                        Some((opens, signed_at)) => usable.with_learned(opens, signed_at),
                        None => usable,
                    });
                    (verdict, self.revocation(&examined, at))
                }
            };
            Judged {
                sha256: Fingerprint::of(&value.der),
                certificate: certificate.ok(),
                sources: value.sources,
                asked_at: value.asked_at,
                verdict,
                revocation,
                is_set_aside: false,
            }
        });
        (judged.collect(), failures)
    }

    /// The rules with the user's pins for this address.
    fn rules_with(&self, known: &Known, address: &Address) -> Cow<'_, Rules> {
        let mut rules = Cow::Borrowed(&self.rules);
        if !known.pins.is_empty() {
            rules.to_mut().bindings.extend(known.rules(address));
        }
        rules
    }

    /// The verdict on one certificate for an address, with what is kept of it.
    pub(super) fn judge_known(
        &self,
        certificate: &Certificate,
        issuers: &[Certificate],
        address: &Address,
        known: &Known,
        at: Timestamp,
    ) -> Result<cert::EncryptionCertificate, Vec<Problem>> {
        let rules = self.rules_with(known, address);
        let examined = self.examine(certificate, issuers, at);
        self.verdict_other(&rules, &examined, (address, None), at)
    }

    /// Whether the user may pin a certificate to an address.
    pub(super) fn may_pin(&self, certificate: &Certificate, address: &Address) -> bool {
        cert::may_pin(certificate, address, &self.rules.bindings)
    }

    /// A certificate that the settings name as a reader: judged like any other, for whatever address it names or for
    /// none.
    pub(super) fn judge_pinned(
        &self,
        certificate: &Certificate,
        at: Timestamp,
    ) -> Result<cert::EncryptionCertificate, Vec<Problem>> {
        let named = &certificate.facts().addresses;
        // One without an address is bound by a rule, as IT would write it, to a name that nobody has.
        let address = named
            .iter()
            .find_map(|a| Address::parse(a).ok())
            .map_or_else(|| Address::parse("archive@archive.invalid"), Ok)
            .map_err(|cause| {
                vec![Problem::Malformed {
                    detail: cause.to_string(),
                }]
            })?;
        let mut rules = self.rules.clone();
        rules.bindings.push(BindingRule {
            scope: Scope::Address(address.clone()),
            to: BoundTo::Certificate(certificate.sha256()),
        });
        let examined = self.examine(certificate, &[], at);
        verdict(&rules, &examined, (&address, None), at)
    }

    pub(super) fn judge(
        &self,
        certificate: &Certificate,
        issuers: &[Certificate],
        address: &Address,
        trusted: Option<&str>,
        at: Timestamp,
    ) -> Result<cert::EncryptionCertificate, Vec<Problem>> {
        let examined = self.examine(certificate, issuers, at);
        verdict(&self.rules, &examined, (address, trusted), at)
    }

    /// The verdict on somebody else's certificate: the firm may use some kinds only.
    fn verdict_other(
        &self,
        rules: &Rules,
        examined: &Examined,
        whose: (&Address, Option<&str>),
        at: Timestamp,
    ) -> Result<cert::EncryptionCertificate, Vec<Problem>> {
        self.unless_left_out(examined, verdict(rules, examined, whose, at))
    }

    /// Why the firm does not encrypt to a certificate of somebody else's, where its filter says so.
    pub fn left_out(&self, certificate: &Certificate) -> Option<Problem> {
        self.filter.problem(certificate)
    }

    fn unless_left_out(
        &self,
        examined: &Examined,
        verdict: Result<cert::EncryptionCertificate, Vec<Problem>>,
    ) -> Result<cert::EncryptionCertificate, Vec<Problem>> {
        match self.left_out(examined.path.leaf()) {
            None => verdict,
            Some(left_out) => {
                let mut problems = verdict.err().unwrap_or_default();
                problems.push(left_out);
                problems.sort_by_key(Problem::rank);
                Err(problems)
            }
        }
    }

    /// Only certificates of these kinds and policies.
    pub fn set_filter(&mut self, filter: Filter) {
        self.filter = filter;
    }
}

/// Whoever is revoked on one path is revoked on each on which that very certificate stands.
fn share_revocations(all: &mut [Examined]) {
    let known = all
        .iter()
        .flat_map(|one| one.path.links().zip(&one.answers));
    let revoked: HashMap<Fingerprint, RevocationAnswer> = known
        .filter(|(_, answer)| matches!(answer, RevocationAnswer::Revoked { .. }))
        .map(|((certificate, _), answer)| (certificate.sha256(), answer.clone()))
        .collect();
    for Examined { path, answers } in all {
        for ((certificate, _), answer) in path.links().zip(answers) {
            if let Some(revoked) = revoked.get(&certificate.sha256()) {
                answer.clone_from(revoked);
            }
        }
    }
}

/// `trusted` names the directory whose entry counts as binding.
fn verdict(
    rules: &Rules,
    examined: &Examined,
    (address, trusted): (&Address, Option<&str>),
    at: Timestamp,
) -> Result<cert::EncryptionCertificate, Vec<Problem>> {
    let (path, answers) = (&examined.path, &examined.answers);
    cert::judge(path, answers, address, trusted, rules, at)
}

/// The same octets from several places are one value.
struct Value {
    der: Vec<u8>,
    sources: Vec<Source>,
    asked_at: Timestamp,
}

impl Value {
    fn trusted(&self) -> Option<&str> {
        self.sources
            .iter()
            .find(|s| s.trust_binding)
            .map(|s| s.directory.as_str())
    }
}

fn merged(found: Vec<(Found, Timestamp)>) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for (Found { der, source }, asked_at) in found {
        match values.iter_mut().find(|v| v.der == der) {
            Some(value) => {
                value.sources.push(source);
                // The newest answer says that the certificate is still published.
                value.asked_at = value.asked_at.max(asked_at);
            }
            None => values.push(Value {
                der,
                sources: vec![source],
                asked_at,
            }),
        }
    }
    // Whoever answers first must not decide what is shown first, or by whose word a certificate is bound.
    for value in &mut values {
        let name = |s: &Source| (s.directory.clone(), s.entry.clone());
        value.sources.sort_by_key(name);
    }
    values
}

fn read(file: &Path, pin: Option<Fingerprint>) -> Result<Vec<Certificate>, TrustError> {
    let wrong = |detail: String| TrustError {
        file: file.to_owned(),
        detail,
    };
    let octets = std::fs::read(file).map_err(|e| wrong(e.to_string()))?;
    let found = cert::certificates(&octets).map_err(|e| wrong(e.to_string()))?;
    let certificates: Vec<Certificate> = found
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(|p| wrong(format!("{p:?}")))?;
    if let Some(pin) = pin {
        match &certificates[..] {
            [one] if one.sha256() == pin => {}
            [one] => {
                return Err(wrong(format!(
                    "the fingerprint is {}, not {pin}",
                    one.sha256()
                )));
            }
            more => {
                return Err(wrong(format!(
                    "{} certificates under one fingerprint",
                    more.len()
                )));
            }
        }
    }
    Ok(certificates)
}
