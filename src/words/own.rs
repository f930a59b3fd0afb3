//! Words for the user's own certificates.

use std::path::Path;

use super::{Level, Means, Stop, Words, grouped};
use crate::{
    decide::{Further, FurtherKind},
    keys::KeyError,
    mail::Address,
    segl::{OwnRemark, OwnState, OwnVerdict, Signed},
};

impl Words {
    /// What an own certificate is, and what it is used for.
    pub fn own_certificate(&self, verdict: &OwnVerdict) -> String {
        let facts = verdict.certificate.facts();
        let senders: Vec<&str> = verdict.senders.iter().map(Address::given).collect();
        let state = match verdict.state {
            OwnState::Signs if verdict.is_for_signing_only() => "own-signs-only",
            OwnState::Signs => "own-signs",
            OwnState::Reads => "own-reads",
            OwnState::Older if verdict.is_for_signing_only() => "own-unused",
            OwnState::Older => "own-older",
        };
        let senders = if senders.is_empty() {
            self.say("own-no-sender")
        } else {
            senders.join(", ")
        };
        let args = [
            ("subject", facts.subject.as_str().into()),
            ("senders", senders.into()),
            ("to", self.day(facts.not_after).into()),
            (
                "fingerprint",
                grouped(&verdict.certificate.sha256().to_string()).into(),
            ),
        ];
        let described = self.with("own-certificate", &args);
        let place = verdict.place.as_ref().map(|p| self.token_place(p));
        let remark = verdict.remark.map(|remark| {
            self.say(match remark {
                OwnRemark::OutlookCannotVerify => "own-outlook-verifies-not",
                OwnRemark::SignsNotByRule => "own-signs-not-by-rule",
                OwnRemark::OutlookCannotEncrypt => "own-outlook-encrypts-not",
            })
        });
        let lines = [Some(described), Some(self.say(state)), place, remark];
        lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }

    /// The file of an own key that does not open: what it means, and what to do.
    pub fn own_damaged(&self, file: &Path) -> Stop {
        let file = file.to_owned();
        self.key(&KeyError::Damaged { file }, Means::Nothing)
    }

    /// Which of the messages are signed.
    pub fn signed(&self, signed: Signed) -> String {
        self.say(match signed {
            Signed::None => "receipt-not-signed",
            Signed::Some => "receipt-partly-signed",
            Signed::All => "receipt-signed",
        })
    }

    /// Who can read a mail beside its recipients, as one line; none where nobody can.
    pub fn also_readable(&self, further: &[Further]) -> Option<String> {
        let name = |f: &Further| match f.kind {
            FurtherKind::Own => self.say("also-you"),
            FurtherKind::Archive => self.with("also-archive", &[("name", f.name.as_str().into())]),
        };
        let names: Vec<String> = further.iter().map(name).collect();
        let args = [("who", names.join(", ").into())];
        (!names.is_empty()).then(|| self.with("also-readable", &args))
    }

    /// All that is wrong with it, a sentence each and none twice.
    pub fn own_faults(&self, verdict: &OwnVerdict) -> Vec<String> {
        let mut lines = Vec::new();
        if verdict.senders.is_empty() {
            lines.push(self.say("own-fault-address"));
        }
        for problem in verdict.signing.iter().chain(&verdict.reading) {
            let sentence = self.problem(problem).sentence;
            let only = match (
                verdict.signing.contains(problem),
                verdict.reading.contains(problem),
            ) {
                (true, false) => "own-only-signing",
                (false, true) => "own-only-reading",
                _ => "own-both",
            };
            let line = self.with(only, &[("problem", sentence.into())]);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines.extend(verdict.place.as_ref().and_then(|p| self.token_fault(p)));
        if let Some(days) = verdict.ends_within {
            lines.push(self.with("own-ends", &[("days", i64::from(days).into())]));
        }
        if let Some(end) = verdict.chain_ends {
            lines.push(self.with("own-chain-ends", &[("date", self.day(end).into())]));
        }
        lines
    }

    /// The same for a ticket: neither name nor address stands in it.
    pub(super) fn own_finding(&self, verdict: &OwnVerdict) -> (Level, String) {
        let fingerprint = verdict.certificate.sha256().to_string();
        let short = grouped(fingerprint.get(..8).unwrap_or_default());
        let faults = self.own_faults(verdict);
        let (level, key) = match verdict.state {
            _ if verdict.is_good() && verdict.state == OwnState::Older => {
                (Level::Note, "doctor-own-older")
            }
            _ if verdict.is_good() => (Level::Good, "doctor-own-good"),
            // It signs or is encrypted to all the same: something to do soon.
            OwnState::Signs | OwnState::Reads => (Level::Note, "doctor-own-faults"),
            OwnState::Older => (Level::Bad, "doctor-own-faults"),
        };
        let args = [
            ("fingerprint", short.into()),
            ("faults", faults.join(" ").into()),
        ];
        (level, self.with(key, &args))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{mail::Digest, words::Lang};

    #[test]
    fn who_else_can_read_a_mail_is_one_line_and_nothing_where_nobody_can() {
        let further = |kind| Further {
            kind,
            name: "Arkiv".to_owned(),
            sha256: Digest::of(b"x"),
        };
        let both = [further(FurtherKind::Own), further(FurtherKind::Archive)];
        let words = Words::new(Lang::En);
        assert_eq!(words.also_readable(&[]), None);
        assert_eq!(
            words.also_readable(&both).unwrap(),
            "Can also be read by yourself, the archive (Arkiv)"
        );
        let line = Words::new(Lang::Da).also_readable(&both[..1]);
        assert_eq!(line.unwrap(), "Kan også læses af dig selv");
    }
}
