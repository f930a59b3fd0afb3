//! What there is to say of a domain beside its level, as codes. The words are in `words`.

use serde::{Deserialize, Serialize};

use super::{
    Certificate, Dane, Exchanger, Findings, MailRoute, Mode, Outcome, Probe, Resolved, Sts,
    StsHost, Why,
};

/// A code, and the mail server that it is about, where it is about one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What.
    pub code: NoteCode,
    /// Of which mail server.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub host: Option<String>,
}

/// What there is to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteCode {
    /// The domain takes no mail (RFC 7505).
    NullMx,
    /// There is no such domain.
    NoSuchDomain,
    /// Who takes its mail could not be asked.
    MxUnchecked,
    /// DNS answers do not hold against their signatures: a fault, or somebody lies.
    Bogus,
    /// It names no mail server and is its own.
    ImplicitMx,
    /// It names more than are examined.
    TooManyMx,
    /// The server's name is an alias, which is not followed.
    AliasMx,
    /// The server has no address.
    NoAddress,
    /// The server's addresses could not be asked.
    AddressUnchecked,
    /// Whether there is DANE could not be asked.
    DaneUnchecked,
    /// There is DANE, and none of it can be used.
    DaneUnusable,
    /// The certificate is none of those that DANE names.
    DaneMismatch,
    /// MTA-STS is announced in a way that does not count.
    StsInvalid,
    /// MTA-STS could not be asked or fetched.
    StsUnchecked,
    /// MTA-STS is only tried out.
    StsTesting,
    /// MTA-STS is withdrawn.
    StsWithdrawn,
    /// MTA-STS rests on an earlier policy that still holds.
    StsRemembered,
    /// The policy does not name this server.
    StsNotNamed,
    /// The certificate is not what the policy wants.
    StsCertificate,
    /// The domain wants reports on TLS (RFC 8460).
    WantsReports,
    /// The domain says that it takes part in NTA 7516.
    Nta7516,
    /// The mail servers were not probed.
    NotProbed,
    /// Another installation probed.
    ProbedElsewhere,
    /// No connection to the server.
    Unreachable,
    /// Its addresses are inside the house.
    Private,
    /// It refused to talk.
    Refused,
    /// It stopped talking.
    Stalled,
    /// It said what is no SMTP.
    Broken,
    /// It does not offer STARTTLS.
    NoStarttls,
    /// It offers STARTTLS and refuses it.
    StarttlsRefused,
    /// Octets were slipped in before the handshake.
    Injected,
    /// No handshake came about.
    HandshakeFailed,
    /// It is older than TLS 1.2.
    OldTls,
    /// Its certificate vouches for itself.
    SelfSigned,
    /// Its certificate's issuer is not trusted.
    UntrustedIssuer,
    /// Its certificate is for other names.
    WrongName,
    /// Its certificate is over.
    Expired,
    /// Its certificate has not begun.
    NotYetValid,
    /// Its certificate is too weak.
    WeakCertificate,
    /// It presents no certificate.
    NoCertificate,
    /// Its certificate is wrong in another way.
    InvalidCertificate,
}

impl NoteCode {
    /// Every code, for those who need words for each.
    pub const ALL: [Self; 41] = [
        Self::NullMx,
        Self::NoSuchDomain,
        Self::MxUnchecked,
        Self::Bogus,
        Self::ImplicitMx,
        Self::TooManyMx,
        Self::AliasMx,
        Self::NoAddress,
        Self::AddressUnchecked,
        Self::DaneUnchecked,
        Self::DaneUnusable,
        Self::DaneMismatch,
        Self::StsInvalid,
        Self::StsUnchecked,
        Self::StsTesting,
        Self::StsWithdrawn,
        Self::StsRemembered,
        Self::StsNotNamed,
        Self::StsCertificate,
        Self::WantsReports,
        Self::Nta7516,
        Self::NotProbed,
        Self::ProbedElsewhere,
        Self::Unreachable,
        Self::Private,
        Self::Refused,
        Self::Stalled,
        Self::Broken,
        Self::NoStarttls,
        Self::StarttlsRefused,
        Self::Injected,
        Self::HandshakeFailed,
        Self::OldTls,
        Self::SelfSigned,
        Self::UntrustedIssuer,
        Self::WrongName,
        Self::Expired,
        Self::NotYetValid,
        Self::WeakCertificate,
        Self::NoCertificate,
        Self::InvalidCertificate,
    ];
}

pub(super) fn of(findings: &Findings) -> Vec<Note> {
    let mut codes = route(findings);
    codes.extend(policy(findings));
    codes.extend(findings.wants_reports.then_some(NoteCode::WantsReports));
    codes.extend(findings.nta7516.as_ref().map(|_says| NoteCode::Nta7516));
    codes.extend(findings.prober().map(|_who| NoteCode::ProbedElsewhere));
    let is_probed = findings.mx.iter().any(|mx| mx.probe.is_some());
    codes.extend((!is_probed && !findings.mx.is_empty()).then_some(NoteCode::NotProbed));
    let mut notes: Vec<Note> = codes
        .into_iter()
        .map(|code| Note { code, host: None })
        .collect();
    for mx in &findings.mx {
        notes.extend(server(mx).into_iter().map(|code| Note {
            code,
            host: Some(mx.host.clone()),
        }));
    }
    notes
}

fn route(findings: &Findings) -> Vec<NoteCode> {
    let mut codes = match findings.route {
        MailRoute::Listed { .. } => Vec::new(),
        MailRoute::Implicit { .. } => vec![NoteCode::ImplicitMx],
        MailRoute::NullMx => vec![NoteCode::NullMx],
        MailRoute::Nowhere => vec![NoteCode::NoSuchDomain],
        MailRoute::Unchecked { why } => unchecked(NoteCode::MxUnchecked, why),
    };
    codes.extend((findings.left_out > 0).then_some(NoteCode::TooManyMx));
    codes
}

fn unchecked(code: NoteCode, why: Why) -> Vec<NoteCode> {
    match why {
        Why::Bogus => vec![code, NoteCode::Bogus],
        Why::Timeout | Why::Failed => vec![code],
    }
}

fn policy(findings: &Findings) -> Vec<NoteCode> {
    match &findings.sts {
        Sts::Nothing => Vec::new(),
        Sts::Invalid => vec![NoteCode::StsInvalid],
        Sts::Unchecked { .. } => vec![NoteCode::StsUnchecked],
        Sts::Policy {
            policy,
            is_remembered,
        } => {
            let mode = match policy.mode {
                Mode::Enforce => None,
                Mode::Testing => Some(NoteCode::StsTesting),
                Mode::None => Some(NoteCode::StsWithdrawn),
            };
            let remembered = is_remembered.then_some(NoteCode::StsRemembered);
            mode.into_iter().chain(remembered).collect()
        }
    }
}

fn server(mx: &Exchanger) -> Vec<NoteCode> {
    let mut codes = match mx.resolved {
        Resolved::Found => Vec::new(),
        Resolved::Nothing => vec![NoteCode::NoAddress],
        Resolved::Alias => vec![NoteCode::AliasMx],
        Resolved::Unchecked { why } => unchecked(NoteCode::AddressUnchecked, why),
    };
    match mx.dane {
        Dane::Unusable => codes.push(NoteCode::DaneUnusable),
        Dane::Mismatched => codes.push(NoteCode::DaneMismatch),
        Dane::Unchecked { why } => codes.extend(unchecked(NoteCode::DaneUnchecked, why)),
        Dane::NotSigned | Dane::Nothing | Dane::Published | Dane::Matched => {}
    }
    if mx.sts == StsHost::NotNamed {
        codes.push(NoteCode::StsNotNamed);
    }
    if let Some(probe) = &mx.probe {
        let is_wanted = mx.sts == StsHost::Enforced && probe.outcome == Outcome::Tls;
        codes.extend((is_wanted && !probe.is_proven()).then_some(NoteCode::StsCertificate));
        codes.extend(probed(probe, mx.dane == Dane::Matched));
    }
    codes
}

fn probed(probe: &Probe, is_by_dane: bool) -> Vec<NoteCode> {
    let code = match probe.outcome {
        Outcome::Tls => {
            let mut codes = Vec::new();
            codes.extend((!probe.is_modern()).then_some(NoteCode::OldTls));
            let faults = probe.certificate.iter();
            // What DANE proves needs no issuer, name or date (RFC 7672 §3.1.1).
            let faults = faults.filter(|f| !is_by_dane || **f == Certificate::Weak);
            codes.extend(faults.map(|f| certificate(*f)));
            return codes;
        }
        Outcome::Unreachable => NoteCode::Unreachable,
        Outcome::Private => NoteCode::Private,
        Outcome::Refused => NoteCode::Refused,
        Outcome::Stalled => NoteCode::Stalled,
        Outcome::Broken => NoteCode::Broken,
        Outcome::NoStarttls => NoteCode::NoStarttls,
        Outcome::StarttlsRefused => NoteCode::StarttlsRefused,
        Outcome::Injected => NoteCode::Injected,
        Outcome::HandshakeFailed => NoteCode::HandshakeFailed,
    };
    vec![code]
}

fn certificate(fault: Certificate) -> NoteCode {
    match fault {
        Certificate::SelfSigned => NoteCode::SelfSigned,
        Certificate::Untrusted => NoteCode::UntrustedIssuer,
        Certificate::WrongName => NoteCode::WrongName,
        Certificate::Expired => NoteCode::Expired,
        Certificate::NotYetValid => NoteCode::NotYetValid,
        Certificate::Weak => NoteCode::WeakCertificate,
        Certificate::Absent => NoteCode::NoCertificate,
        Certificate::Invalid => NoteCode::InvalidCertificate,
    }
}
