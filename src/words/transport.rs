//! Words for the transport to a recipient's domain: level, what was seen, and where that is from.

use super::{Stop, Words};
use crate::{
    segl::{DomainTransport, TransportSource},
    tls::{EvidenceFault, Level, Note, NoteCode, Promise},
};

impl Words {
    /// A level in one or two words.
    pub fn transport_level(&self, level: Level) -> String {
        self.say(match level {
            Level::Guaranteed => "tls-word-guaranteed",
            Level::Published => "tls-word-published",
            Level::Verified => "tls-word-verified",
            Level::Offered => "tls-word-offered",
            Level::Unknown => "tls-word-unknown",
            Level::None => "tls-word-none",
        })
    }

    /// What a level means for mail to a domain, as a sentence.
    pub fn transport(&self, domain: &str, level: Level) -> String {
        let key = match level {
            Level::Guaranteed => "tls-guaranteed",
            Level::Published => "tls-published",
            Level::Verified => "tls-verified",
            Level::Offered => "tls-offered",
            Level::Unknown => "tls-unknown",
            Level::None => "tls-none",
        };
        self.with(key, &[("domain", domain.into())])
    }

    /// A remark, as a sentence.
    pub fn transport_note(&self, note: &Note) -> String {
        let host = note.host.clone().unwrap_or_default();
        self.with(note_key(note.code), &[("host", host.into())])
    }

    /// Where findings are from and how old they are; nothing where they were made just now.
    pub fn transport_source(&self, known: &DomainTransport) -> Option<String> {
        let at = known.findings.oldest();
        let (date, time) = (self.day(at), self.time(at));
        let by = match &known.source {
            TransportSource::Evidence { key, .. } => Some(key.as_str()),
            TransportSource::Here | TransportSource::Kept => known.findings.prober(),
        };
        let mut args = vec![("date", date.into()), ("time", time.into())];
        match by {
            Some(key) => {
                args.push(("key", key.chars().take(16).collect::<String>().into()));
                Some(self.with("tls-by-evidence", &args))
            }
            None if known.source == TransportSource::Kept => Some(self.with("tls-kept", &args)),
            None => None,
        }
    }

    /// All that is known of a domain, a line each; the level and what it means first.
    pub fn domain_transport(&self, known: &DomainTransport, promise: &Promise) -> Vec<String> {
        let (domain, level) = (&known.findings.domain, known.level(promise));
        let notes = known.findings.notes();
        let no_mail = known.findings.takes_no_mail();
        let sentence = if no_mail {
            notes
                .first()
                .map_or_else(String::new, |n| self.transport_note(n))
        } else {
            self.transport(domain, level)
        };
        let args = [
            ("domain", domain.as_str().into()),
            ("level", self.transport_level(level).into()),
            ("sentence", sentence.into()),
        ];
        let mut lines = vec![self.with("tls-line", &args)];
        for mx in &known.findings.mx {
            let probe = mx.probe.as_ref();
            let seen = probe.and_then(|p| Some((p.version.as_ref()?, p.cipher.as_ref()?)));
            lines.extend(seen.map(|(version, cipher)| {
                let args = [
                    ("host", mx.host.as_str().into()),
                    ("version", version.replace("TLSv", "TLS ").into()),
                    ("cipher", cipher.as_str().into()),
                ];
                self.with("tls-server", &args)
            }));
        }
        lines.extend(
            notes
                .iter()
                .skip(usize::from(no_mail))
                .map(|n| self.transport_note(n)),
        );
        lines.extend(self.transport_source(known));
        lines
    }

    /// Why the evidence of another installation does not count.
    pub fn evidence(&self, cause: &EvidenceFault) -> Stop {
        let what = match cause {
            EvidenceFault::Unreadable(detail) => self.with(
                "tls-evidence-unreadable",
                &[("detail", detail.as_str().into())],
            ),
            EvidenceFault::Format => self.say("tls-evidence-format"),
            EvidenceFault::NoKey => self.say("tls-evidence-no-key"),
            EvidenceFault::OtherKey(key) => {
                self.with("tls-evidence-other-key", &[("key", key.as_str().into())])
            }
            EvidenceFault::Signature => self.say("tls-evidence-signature"),
            EvidenceFault::Old(at) => {
                self.with("tls-evidence-old", &[("date", self.day(*at).into())])
            }
            EvidenceFault::Future(at) => {
                self.with("tls-evidence-future", &[("date", self.day(*at).into())])
            }
        };
        Stop {
            what,
            next: self.say("next-it"),
        }
    }
}

fn note_key(code: NoteCode) -> &'static str {
    match code {
        NoteCode::NullMx => "tls-note-null-mx",
        NoteCode::NoSuchDomain => "tls-note-no-such-domain",
        NoteCode::MxUnchecked => "tls-note-mx-unchecked",
        NoteCode::Bogus => "tls-note-bogus",
        NoteCode::ImplicitMx => "tls-note-implicit-mx",
        NoteCode::TooManyMx => "tls-note-too-many-mx",
        NoteCode::AliasMx => "tls-note-alias-mx",
        NoteCode::NoAddress => "tls-note-no-address",
        NoteCode::AddressUnchecked => "tls-note-address-unchecked",
        NoteCode::DaneUnchecked => "tls-note-dane-unchecked",
        NoteCode::DaneUnusable => "tls-note-dane-unusable",
        NoteCode::DaneMismatch => "tls-note-dane-mismatch",
        NoteCode::StsInvalid => "tls-note-sts-invalid",
        NoteCode::StsUnchecked => "tls-note-sts-unchecked",
        NoteCode::StsTesting => "tls-note-sts-testing",
        NoteCode::StsWithdrawn => "tls-note-sts-withdrawn",
        NoteCode::StsRemembered => "tls-note-sts-remembered",
        NoteCode::StsNotNamed => "tls-note-sts-not-named",
        NoteCode::StsCertificate => "tls-note-sts-certificate",
        NoteCode::WantsReports => "tls-note-wants-reports",
        NoteCode::Nta7516 => "tls-note-nta7516",
        NoteCode::NotProbed => "tls-note-not-probed",
        NoteCode::ProbedElsewhere => "tls-note-probed-elsewhere",
        NoteCode::Unreachable => "tls-note-unreachable",
        NoteCode::Private => "tls-note-private",
        NoteCode::Refused => "tls-note-refused",
        NoteCode::Stalled => "tls-note-stalled",
        NoteCode::Broken => "tls-note-broken",
        NoteCode::NoStarttls => "tls-note-no-starttls",
        NoteCode::StarttlsRefused => "tls-note-starttls-refused",
        NoteCode::Injected => "tls-note-injected",
        NoteCode::HandshakeFailed => "tls-note-handshake-failed",
        NoteCode::OldTls => "tls-note-old-tls",
        NoteCode::SelfSigned => "tls-note-self-signed",
        NoteCode::UntrustedIssuer => "tls-note-untrusted-issuer",
        NoteCode::WrongName => "tls-note-wrong-name",
        NoteCode::Expired => "tls-note-expired",
        NoteCode::NotYetValid => "tls-note-not-yet-valid",
        NoteCode::WeakCertificate => "tls-note-weak-certificate",
        NoteCode::NoCertificate => "tls-note-no-certificate",
        NoteCode::InvalidCertificate => "tls-note-invalid-certificate",
    }
}
