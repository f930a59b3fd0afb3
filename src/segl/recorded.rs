//! What the record says of a sending: built from what is known, never from what is hoped for.

use crate::{
    cert::{
        Certificate, Fingerprint, RevocationAnswer, RevocationFinding, RevocationPolicy,
        RevocationSource, RevocationSourceKind, SealingRules,
    },
    decide::{Confirmed, Further, GivenConsent, Judged, Route, Surface},
    mail::{Address, Draft, Head, hex},
    net::TlsFacts,
    record::{
        Consent, Intent, PlannedDelivery, Reader, RecordedCertificate, RecordedFurther,
        RecordedRecipient, RecordedRevocation, RecordedSource, RecordedTls, RecordedTunnel,
    },
};

use super::{message::Ready, own::Own};

/// What an intent says beside the messages.
pub(super) struct About<'a> {
    pub(super) draft: &'a Draft,
    pub(super) head: &'a Head,
    pub(super) consents: &'a [GivenConsent],
    pub(super) surface: Surface,
    pub(super) account: &'a str,
    pub(super) sealing: SealingRules,
    pub(super) settings_sha256: String,
    pub(super) policy_sha256: Option<String>,
    /// The rule for revocation.
    pub(super) revocation: RevocationPolicy,
    /// What the sender's own identity adds.
    pub(super) own: &'a Own,
}

pub(super) fn intent(about: &About<'_>, messages: &[Ready]) -> Intent {
    Intent {
        draft: about.draft.id.as_str().to_owned(),
        message_id: about.head.message_id.clone(),
        date: about.head.date.to_string(),
        again_of: super::send::again_of(about.draft),
        surface: surface(about.surface).to_owned(),
        account: about.account.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        settings_sha256: about.settings_sha256.clone(),
        policy_sha256: about.policy_sha256.clone(),
        revocation: Some(about.revocation.to_string()),
        clock: clock(messages),
        identity: about.draft.from.address.wire(),
        deliveries: messages
            .iter()
            .enumerate()
            .map(|(i, m)| delivery(i, m, about.draft))
            .collect(),
        consents: about.consents.iter().map(consent).collect(),
        content_sha256: about.draft.content_digest().to_string(),
    }
}

/// One clock for all: the recipients of a sending were assessed together.
fn clock(messages: &[Ready]) -> Option<String> {
    let mut recipients = messages.iter().flat_map(|m| &m.recipients);
    let first = recipients.next()?;
    Some(first.assessment.clock().code().to_owned())
}

fn delivery(index: usize, message: &Ready, draft: &Draft) -> PlannedDelivery {
    PlannedDelivery {
        index: super::number(index),
        route: message.route.code().to_owned(),
        mail_from: super::send::envelope_from(draft).wire(),
        rcpt_to: message.recipients.iter().map(recipient).collect(),
        sha256: message.sha256.to_string(),
        size: message.octets.len() as u64,
        readers: readers(message),
        further: message.further.iter().map(further).collect(),
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

fn recipient(confirmed: &Confirmed) -> RecordedRecipient {
    let assessment = &confirmed.assessment;
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
        address: confirmed.recipient.mailbox.address.wire(),
        kind: confirmed.recipient.kind,
        route: confirmed.route.code().to_owned(),
        light: confirmed.route.light().code().to_owned(),
        certificates: assessment
            .certificates()
            .iter()
            .filter_map(certificate)
            .collect(),
        problems,
        evidence_from: assessment.evidence_from(),
        tunnel: tunnel(confirmed),
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
