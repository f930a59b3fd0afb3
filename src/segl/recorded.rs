//! What the record says of a sending: built from what is known, never from what is hoped for.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{
    cert::{
        Certificate, Fingerprint, RevocationAnswer, RevocationFinding, RevocationPolicy,
        RevocationSource, RevocationSourceKind, SealingRules,
    },
    content::Suggestion,
    decide::{
        Assessment, Confirmed, Covered, Exposed, Further, GivenConsent, Judged, Policy, Refusal,
        Route, Standing, Surface,
    },
    mail::{Address, Class, Digest, Draft, Head, Mailbox, Recipient, hex},
    net::TlsFacts,
    record::{
        Consent, Intent, PlannedDelivery, Reader, RecordedCertificate, RecordedContent,
        RecordedFurther, RecordedMatrix, RecordedRecipient, RecordedRevocation, RecordedRisk,
        RecordedRule, RecordedSource, RecordedTls, RecordedTransport, RecordedTunnel, Refused,
    },
    relay::Profile,
    risk::Risk,
};

use super::{Segl, message::Ready, own::Own};

/// What an intent says beside the messages.
pub(super) struct About<'a> {
    pub(super) draft: &'a Draft,
    pub(super) head: &'a Head,
    pub(super) consents: &'a [GivenConsent],
    pub(super) surface: Surface,
    /// What held then.
    pub(super) in_force: InForce<'a>,
    /// What the sender's own identity adds.
    pub(super) own: &'a Own,
    /// What the draft counts as.
    pub(super) class: Class,
    /// What was found in it.
    pub(super) content: &'a Suggestion,
    /// The rules that it was decided by.
    pub(super) policy: &'a Policy,
    /// Whether it is an empty mail that asks for a receipt.
    pub(super) asks_receipt: bool,
}

/// What holds for every mail of this installation at one moment: account, settings, policy, and the firm's mail server.
pub(super) struct InForce<'a> {
    pub(super) account: &'a str,
    pub(super) sealing: SealingRules,
    pub(super) settings_sha256: String,
    pub(super) policy_sha256: Option<String>,
    /// The rule for revocation.
    pub(super) revocation: RevocationPolicy,
    /// SHA-256 of the firm's written assessment of sending by mail.
    pub(super) assessment: Option<Digest>,
    /// What the firm's own mail server promises.
    pub(super) promised: Vec<String>,
    /// The firm's main mailbox, where messages inside others are from that.
    pub(super) main_mailbox: Option<&'a Mailbox>,
    /// Which kind of mail server it is.
    pub(super) profile: Profile,
}

impl Segl {
    /// What holds now.
    pub(super) fn in_force(&self, at: Timestamp) -> InForce<'_> {
        InForce {
            account: &self.account,
            sealing: self.config.sealing,
            settings_sha256: self.config.settings_sha256.to_string(),
            policy_sha256: self.policy_sha256(),
            revocation: self.trust.revocation_policy(),
            assessment: self.config.assessment.as_ref().map(|a| a.sha256),
            promised: self.promised(at),
            main_mailbox: self.config.tunnel.main_mailbox.as_ref(),
            profile: self.profile(),
        }
    }
}

pub(super) fn intent(about: &About<'_>, messages: &[Ready]) -> Intent {
    Intent {
        draft: about.draft.id.as_str().to_owned(),
        message_id: about.head.message_id.clone(),
        date: about.head.date.to_string(),
        again_of: super::send::again_of(about.draft),
        surface: surface(about.surface).to_owned(),
        account: about.in_force.account.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        settings_sha256: about.in_force.settings_sha256.clone(),
        policy_sha256: about.in_force.policy_sha256.clone(),
        revocation: Some(about.in_force.revocation.to_string()),
        clock: clock(messages),
        relay: (about.in_force.profile != Profile::Generic)
            .then(|| about.in_force.profile.code().to_owned()),
        identity: about.draft.from.address.wire(),
        deliveries: messages
            .iter()
            .enumerate()
            .map(|(i, m)| delivery(i, m, about))
            .collect(),
        consents: about.consents.iter().map(consent).collect(),
        asks_receipt: about.asks_receipt,
        content: Some(RecordedContent {
            class: about.class.code().to_owned(),
            given: about.draft.class.map(|class| class.code().to_owned()),
            categories: categories(about),
            dismissed: about
                .draft
                .dismissed
                .iter()
                .map(|d| d.category.clone())
                .collect(),
            not_examined: about.content.not_examined.len() as u64,
        }),
        matrix: Some(RecordedMatrix {
            version: about.policy.matrix.version().to_owned(),
            sha256: about.policy.matrix.sha256().to_string(),
            assessment_sha256: about.in_force.assessment.map(|sha256| sha256.to_string()),
        }),
        content_sha256: about.draft.content_digest().to_string(),
    }
}

/// What was found, and the sender did not dismiss.
fn categories(about: &About<'_>) -> Vec<String> {
    let standing = about.content.standing(&about.draft.dismissed);
    let all: BTreeSet<_> = standing.map(|f| f.category).collect();
    all.iter().map(|c| c.code().to_owned()).collect()
}

/// One clock for all: the recipients of a sending were assessed together.
fn clock(messages: &[Ready]) -> Option<String> {
    let mut recipients = messages.iter().flat_map(|m| &m.recipients);
    let first = recipients.next()?;
    Some(first.assessment.clock().code().to_owned())
}

fn delivery(index: usize, message: &Ready, about: &About<'_>) -> PlannedDelivery {
    PlannedDelivery {
        index: super::number(index),
        route: message.route.code().to_owned(),
        mail_from: super::send::envelope_from(about.draft).wire(),
        rcpt_to: message
            .recipients
            .iter()
            .map(|r| recipient(r, about))
            .collect(),
        sha256: message.sha256.to_string(),
        size: message.octets.len() as u64,
        readers: readers(message),
        further: message.further.iter().map(further).collect(),
        requires_tls: message.requires_tls,
        signed_by: message.signed_by.map(|f| f.to_string()),
        wrapped_to: message.wrapped_to.as_ref().map(Address::wire),
    }
}

fn tunnel(confirmed: &Confirmed) -> Option<RecordedTunnel> {
    let tunnel = confirmed.assessment.tunnel();
    let tunnel = tunnel.filter(|_| confirmed.route == Route::Tunnel)?;
    Some(RecordedTunnel {
        listed: tunnel.listed.clone(),
        mode: tunnel.mode.code().to_owned(),
        found_under: tunnel.found_under.as_ref().map(Address::wire),
        list_sha256: tunnel.list.sha256.to_string(),
        list_from: tunnel.list.at,
        answered_at: tunnel.answered_at,
        person: tunnel.person.code().to_owned(),
    })
}

fn recipient(confirmed: &Confirmed, about: &About<'_>) -> RecordedRecipient {
    RecordedRecipient {
        tunnel: tunnel(confirmed),
        ..seen(
            &confirmed.recipient,
            confirmed.route,
            &confirmed.assessment,
            confirmed.risk,
            about.policy,
            &about.in_force.promised,
        )
    }
}

/// A recipient as a decision saw them.
fn seen(
    recipient: &Recipient,
    route: Route,
    assessment: &Assessment,
    risk_of: Risk,
    policy: &Policy,
    promised: &[String],
) -> RecordedRecipient {
    let mut problems: Vec<String> = assessment
        .certificates()
        .iter()
        .flat_map(Judged::problems)
        .map(|p| p.code().to_owned())
        .collect();
    problems.extend(
        assessment
            .failures()
            .iter()
            .map(|f| format!("lookup-{}", f.code.code())),
    );
    problems.dedup();
    RecordedRecipient {
        address: recipient.mailbox.address.wire(),
        kind: recipient.kind,
        route: route.code().to_owned(),
        light: route.light().code().to_owned(),
        certificates: assessment
            .certificates()
            .iter()
            .filter_map(certificate)
            .collect(),
        problems,
        evidence_from: assessment.evidence_from(),
        tunnel: None,
        transport: (!route.is_end_to_end()).then(|| transport(assessment, promised)),
        risk: Some(risk(risk_of)),
        rule: (!route.is_end_to_end()).then(|| {
            let ruled = policy.ruled(assessment.address());
            RecordedRule {
                fallback: ruled.fallback.code().to_owned(),
                from: ruled.scope.to_string(),
            }
        }),
    }
}

/// What the record says of a decision not to send: to whom, and which rule said so of each. Nothing of the content but
/// what it counted as.
pub(super) fn refused(
    draft: &Draft,
    refusal: &Refusal,
    surface_of: Surface,
    in_force: InForce<'_>,
    policy: &Policy,
) -> Refused {
    let one = |e: &Exposed| {
        seen(
            &e.recipient,
            Route::None,
            &e.assessment,
            e.risk,
            policy,
            &in_force.promised,
        )
    };
    Refused {
        draft: draft.id.as_str().to_owned(),
        surface: surface(surface_of).to_owned(),
        account: in_force.account.to_owned(),
        identity: Some(draft.from.address.wire()),
        class: Some(refusal.class().code().to_owned()),
        policy_sha256: in_force.policy_sha256,
        code: refusal.why().code().to_owned(),
        recipients: refusal.refused().iter().map(one).collect(),
    }
}

fn risk(risk: Risk) -> RecordedRisk {
    RecordedRisk {
        impact: risk.impact,
        probability: risk.probability,
        band: risk.band.code().to_owned(),
    }
}

fn transport(assessment: &Assessment, promised: &[String]) -> RecordedTransport {
    let known = assessment.transport();
    let level = assessment.level().code().to_owned();
    RecordedTransport {
        seen: known.map_or_else(|| level.clone(), |t| t.seen.code().to_owned()),
        level,
        checked_at: known.map(|t| t.checked_at),
        promised: promised.to_vec(),
        findings: known.and_then(|t| t.findings.clone()),
        receipt: known.and_then(|t| t.receipt.as_ref()).map(|r| r.row),
    }
}

/// An assessment for later mail, as the record has it.
pub(super) fn standing(standing: &Standing) -> serde_json::Value {
    let reason = &standing.reason;
    serde_json::json!({
        "covers": covered(&standing.covered),
        "class": standing.class.code(),
        "level": standing.level.code(),
        "matrix_sha256": standing.matrix_sha256.to_string(),
        "reason_code": reason.code().code(),
        "reason_text": Some(reason.text()).filter(|t| !t.is_empty()),
        "who": standing.who,
        "surface": surface(standing.surface),
        "warning_sha256": standing.shown.to_string(),
        "made_at": standing.made_at,
        "until": standing.until,
    })
}

/// Whom an assessment covers, as the record has it.
pub(super) fn covered(covered: &Covered) -> serde_json::Value {
    match covered {
        Covered::Address(address) => serde_json::json!({ "address": address.wire() }),
        Covered::Domain(domain) => serde_json::json!({ "domain": domain }),
    }
}

fn certificate(judged: &Judged) -> Option<RecordedCertificate> {
    let certificate = judged.certificate.as_ref()?;
    let sources: Vec<&str> = judged
        .sources
        .iter()
        .map(|s| s.directory.as_str())
        .collect();
    Some(RecordedCertificate {
        sha256: judged.sha256.to_string(),
        issuer: certificate.facts().issuer.clone(),
        serial: hex(&certificate.serial()),
        not_after: certificate.facts().not_after,
        source: sources.join(", "),
        binding: judged.used().map(|u| u.binding().code().to_owned()),
        pinned_at: judged.used().and_then(|u| u.binding().pinned_at()),
        revocation: judged.revocation.iter().map(revocation).collect(),
    })
}

fn revocation(finding: &RevocationFinding) -> RecordedRevocation {
    let (mut revoked_at, mut why, mut unknown) = (None, None, None);
    match &finding.answer {
        RevocationAnswer::Good { .. } => {}
        RevocationAnswer::Revoked { at, reason, .. } => {
            (revoked_at, why) = (Some(*at), reason.clone());
        }
        RevocationAnswer::Unknown(what) => unknown = serde_json::to_value(what).ok(),
    }
    RecordedRevocation {
        sha256: finding.sha256.to_string(),
        state: finding.answer.code().to_owned(),
        sources: finding.answer.sources().iter().map(source).collect(),
        revoked_at,
        reason: why,
        unknown,
        ruling: finding.ruling.code().to_owned(),
    }
}

fn source(source: &RevocationSource) -> RecordedSource {
    RecordedSource {
        kind: match source.kind {
            RevocationSourceKind::List => "list",
            RevocationSourceKind::Ocsp => "ocsp",
        }
        .to_owned(),
        name: source.name.clone(),
        this_update: source.this_update,
        next_update: source.next_update,
        sha256: source.sha256.to_string(),
    }
}

/// The readers as issuer and serial number, each once.
fn readers(message: &Ready) -> Vec<Reader> {
    let is_reader = |sha256: Fingerprint| message.readers.contains(&sha256);
    let judged = message
        .recipients
        .iter()
        .flat_map(|r| r.assessment.certificates());
    let certificates = judged
        .filter(|j| is_reader(j.sha256))
        .filter_map(|j| j.certificate.as_ref());
    let further = message.further.iter().map(|(_, certificate)| certificate);
    let mut readers: Vec<Reader> = certificates
        .chain(further)
        .map(|c| Reader {
            issuer: c.facts().issuer.clone(),
            serial: hex(&c.serial()),
        })
        .collect();
    readers.sort_by(|a, b| (&a.issuer, &a.serial).cmp(&(&b.issuer, &b.serial)));
    readers.dedup();
    readers
}

fn further((told, certificate): &(Further, Certificate)) -> RecordedFurther {
    RecordedFurther {
        kind: told.kind.code().to_owned(),
        sha256: certificate.sha256().to_string(),
    }
}

fn consent(given: &GivenConsent) -> Consent {
    let reason = &given.consent.reason;
    Consent {
        address: given.recipient.mailbox.address.wire(),
        who: given.consent.who.clone(),
        surface: surface(given.consent.surface).to_owned(),
        at: given.consent.at,
        reason_code: reason.code().code().to_owned(),
        reason_text: Some(reason.text().to_owned()).filter(|t| !t.is_empty()),
        warning_sha256: given.consent.shown.to_string(),
        standing: given.standing.as_ref().map(|s| s.row),
    }
}

pub(super) fn tls(facts: &TlsFacts) -> RecordedTls {
    RecordedTls {
        version: facts.version.clone(),
        cipher: facts.cipher.clone(),
        chain_sha256: facts.chain_sha256.clone(),
    }
}

fn surface(surface: Surface) -> &'static str {
    match surface {
        Surface::Window => "window",
        Surface::CommandLine => "command-line",
        Surface::Outbox => "outbox",
        Surface::FirstRun => "first-run",
    }
}
