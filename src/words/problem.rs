//! Words for what can be wrong with a recipient: problems of certificates, and directories that could not say.

use jiff::Timestamp;

use super::{Arg, Stop, Words};
use crate::{
    cert::{ClockOff, ClockState, Ending, Kind, Problem, RevocationUnknown, Whose},
    decide::{Assessment, Status},
    directory::{Failure, FailureCode},
};

/// A finding in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemWords {
    /// One or two words for a chip: `Udløbet`, `Expired`.
    pub word: String,
    /// One sentence with the reason, in sentence case and with its full stop.
    pub sentence: String,
}

impl Words {
    /// Words for a problem with a certificate for this address.
    pub fn problem(&self, problem: &Problem) -> ProblemWords {
        let finding = |word: &str, sentence: &str, args: &[(&str, Arg<'_>)]| ProblemWords {
            word: self.say(word),
            sentence: self.with(sentence, args),
        };
        match problem {
            Problem::Clock {
                peer,
                expected,
                presented,
            } => {
                let off = ClockOff {
                    peer: peer.clone(),
                    expected: *expected,
                    presented: *presented,
                };
                let sentence = format!("{} {}", self.clock_off(&off), self.say("clock-off-next"));
                ProblemWords {
                    word: self.say("word-clock"),
                    sentence,
                }
            }
            Problem::AddressMismatch {
                expected,
                presented,
            } if presented.is_empty() => finding(
                "word-other-address",
                "problem-no-address",
                &[("address", expected.as_str().into())],
            ),
            Problem::AddressMismatch {
                expected,
                presented,
            } => finding(
                "word-other-address",
                "problem-other-address",
                &[
                    ("address", expected.as_str().into()),
                    ("other", presented.join(", ").into()),
                ],
            ),
            Problem::Expired {
                not_after,
                certificate: None,
            } => finding(
                "word-expired",
                "problem-expired",
                &[("date", self.day(*not_after).into())],
            ),
            Problem::Expired {
                not_after,
                certificate: Some(issuer),
            } => finding(
                "word-expired",
                "problem-issuer-expired",
                &[
                    ("date", self.day(*not_after).into()),
                    ("issuer", issuer.as_str().into()),
                ],
            ),
            Problem::NotYetValid {
                not_before,
                certificate,
            } => finding(
                "word-not-yet-valid",
                if certificate.is_some() {
                    "problem-issuer-not-yet-valid"
                } else {
                    "problem-not-yet-valid"
                },
                &[
                    ("date", self.day(*not_before).into()),
                    ("issuer", certificate.as_deref().unwrap_or_default().into()),
                ],
            ),
            Problem::KeyUsage { .. } => finding("word-usage", "problem-usage", &[]),
            Problem::ExtendedKeyUsage {
                certificate: None, ..
            } => finding("word-usage", "problem-extended-usage", &[]),
            Problem::ExtendedKeyUsage {
                certificate: Some(issuer),
                ..
            } => finding(
                "word-not-allowed-by-issuer",
                "problem-issuer-extended-usage",
                &[("issuer", issuer.as_str().into())],
            ),
            Problem::Revoked {
                at,
                reason,
                certificate,
            } => ProblemWords {
                word: self.say("word-revoked"),
                sentence: self.revoked(*at, reason.as_deref(), certificate.as_deref()),
            },
            Problem::RevocationUnknown { why, .. } => ProblemWords {
                word: self.say("word-revocation-unknown"),
                sentence: self.revocation_unknown(why),
            },
            Problem::UntrustedIssuer { issuer, .. } => finding(
                "word-untrusted",
                "problem-untrusted",
                &[("issuer", issuer.as_str().into())],
            ),
            Problem::PathNotExamined { issuer, .. } => finding(
                "word-path-not-examined",
                "problem-path-not-examined",
                &[("issuer", issuer.as_str().into())],
            ),
            Problem::TestRoot { root } => finding(
                "word-test",
                "problem-test",
                &[("root", root.as_str().into())],
            ),
            Problem::WeakKey {
                presented,
                expected,
            } => finding(
                "word-weak",
                "problem-weak-key",
                &[
                    ("presented", presented.as_str().into()),
                    ("expected", expected.as_str().into()),
                ],
            ),
            Problem::WeakSignature { presented } => finding(
                "word-weak",
                "problem-weak-signature",
                &[("presented", presented.as_str().into())],
            ),
            Problem::UnsupportedKey { presented } => finding(
                "word-unsupported",
                "problem-unsupported",
                &[("presented", presented.as_str().into())],
            ),
            Problem::NameConstraints {
                expected,
                presented,
                ..
            } => self.path_rule("problem-name-constraints", expected, presented),
            Problem::PathLength {
                expected,
                presented,
                ..
            } => self.path_rule("problem-path-length", expected, presented),
            Problem::CriticalExtension {
                expected,
                presented,
                ..
            } => self.path_rule("problem-critical-extension", expected, presented),
            Problem::Policy {
                expected,
                presented,
                ..
            } if presented.is_empty() => self.path_rule("problem-policy-none", expected, presented),
            Problem::Policy {
                expected,
                presented,
                ..
            } => self.path_rule("problem-policy", expected, presented),
            Problem::OrganisationConflict { one, other } => finding(
                "word-conflict",
                "problem-conflict",
                &[("one", one.label().into()), ("other", other.label().into())],
            ),
            Problem::ListMismatch {
                expected,
                presented,
            } => {
                let found = Some(presented.as_str()).filter(|p| !p.is_empty());
                let found = found.map_or_else(|| self.say("organisation-none"), str::to_owned);
                finding(
                    "word-list-mismatch",
                    "problem-list-mismatch",
                    &[
                        ("expected", expected.as_str().into()),
                        ("found", found.into()),
                    ],
                )
            }
            Problem::OrganisationChanged { before, now } => {
                let now = now.as_ref().map_or_else(
                    || self.say("organisation-none"),
                    crate::cert::Organisation::label,
                );
                finding(
                    "word-changed",
                    "problem-changed",
                    &[("before", before.label().into()), ("now", now.into())],
                )
            }
            Problem::LeftOut {
                kind,
                kinds,
                expected,
                presented,
            } => self.left_out((*kind, kinds), (expected, presented)),
            Problem::TooLarge { .. } | Problem::Malformed { .. } => {
                finding("word-malformed", "problem-malformed", &[])
            }
        }
    }

    /// When and why (RFC 5280 §5.3.1): a certificate on hold may count again, one that was replaced has a successor, and a
    /// key that others may hold is neither.
    fn revoked(&self, at: Timestamp, reason: Option<&str>, issuer: Option<&str>) -> String {
        let is_held = reason == Some("certificateHold");
        let sentence = match (issuer.is_some(), is_held) {
            (false, false) => "problem-revoked",
            (false, true) => "problem-on-hold",
            (true, false) => "problem-issuer-revoked",
            (true, true) => "problem-issuer-on-hold",
        };
        let why = match reason {
            Some("keyCompromise" | "cACompromise" | "aACompromise") => "revoked-compromise",
            Some("affiliationChanged") => "revoked-affiliation",
            Some("superseded") => "revoked-superseded",
            Some("cessationOfOperation") => "revoked-cessation",
            Some("privilegeWithdrawn") => "revoked-privilege",
            _ => "revoked-unsaid",
        };
        let args = [
            ("date", self.day(at).into()),
            ("why", self.say(why).into()),
            ("issuer", issuer.unwrap_or_default().into()),
        ];
        self.with(sentence, &args)
    }

    /// A rule of an issuer with both sides; a finding of an older Segl has none.
    fn path_rule(&self, sentence: &str, expected: &[String], presented: &[String]) -> ProblemWords {
        let word = self.say("word-not-allowed-by-issuer");
        if expected.is_empty() && presented.is_empty() {
            let sentence = self.say("problem-path-rule");
            return ProblemWords { word, sentence };
        }
        let sides = [
            ("expected", expected.join(", ").into()),
            ("presented", presented.join(", ").into()),
        ];
        ProblemWords {
            word,
            sentence: self.with(sentence, &sides),
        }
    }

    fn left_out(
        &self,
        (kind, kinds): (Kind, &[Kind]),
        (expected, presented): (&[String], &[String]),
    ) -> ProblemWords {
        let word = self.say("word-left-out");
        let name = |kind: &Kind| {
            self.say(match kind {
                Kind::Person => "kind-person",
                Kind::Employee => "kind-employee",
                Kind::Organisation => "kind-organisation",
                Kind::Mailbox => "kind-mailbox",
                Kind::Other => "kind-other",
            })
        };
        let sentence = if kinds.is_empty() || kinds.contains(&kind) {
            let sides = [
                ("expected", expected.join(", ").into()),
                ("presented", presented.join(", ").into()),
            ];
            self.with("problem-left-out-policy", &sides)
        } else {
            let wanted: Vec<String> = kinds.iter().map(name).collect();
            let sides = [
                ("expected", wanted.join(", ").into()),
                ("presented", name(&kind).into()),
            ];
            self.with("problem-left-out-kind", &sides)
        };
        ProblemWords { word, sentence }
    }

    /// What is to be said of this computer's clock before anything is called green, and what to do; nothing where
    /// nobody says another time.
    pub fn clock(&self, state: &ClockState) -> Option<Stop> {
        let (what, next) = match state {
            ClockState::Unheard | ClockState::Agrees => return None,
            ClockState::Disputed(other) => (
                self.with("clock-disputed", &self.both_times(other)),
                "clock-disputed-next",
            ),
            ClockState::Off(off) => (self.clock_off(off), "clock-off-next"),
        };
        let next = self.say(next);
        Some(Stop { what, next })
    }

    fn clock_off(&self, off: &ClockOff) -> String {
        self.with("clock-off", &self.both_times(off))
    }

    fn both_times<'a>(&self, off: &'a ClockOff) -> [(&'static str, Arg<'a>); 3] {
        [
            ("peer", off.peer.as_str().into()),
            ("theirs", self.moment(off.expected).into()),
            ("ours", self.moment(off.presented).into()),
        ]
    }

    /// One sentence for a certificate that ends soon.
    pub fn ending(&self, ending: &Ending) -> String {
        let key = if ending.is_issuer {
            "ending-issuer"
        } else {
            "ending-recipient"
        };
        self.with(
            key,
            &[
                ("subject", ending.subject.as_str().into()),
                ("date", self.day(ending.not_after).into()),
            ],
        )
    }

    /// The same as a notice, with what to do.
    pub fn ending_notice(&self, whose: Whose, ending: &Ending) -> String {
        let date = ("date", self.day(ending.not_after).into());
        let subject = ("subject", ending.subject.as_str().into());
        match (whose, ending.is_issuer) {
            (Whose::Own, false) => {
                let days = ("days", ending.days.into());
                self.with("ending-notice-own", &[subject, date, days])
            }
            (Whose::Own, true) => self.with("ending-notice-own-issuer", &[subject, date]),
            (Whose::Other, false) => self.with("ending-notice-other", &[subject, date]),
            (Whose::Other, true) => self.with("ending-notice-issuer", &[subject, date]),
        }
    }

    fn revocation_unknown(&self, why: &RevocationUnknown) -> String {
        match why {
            RevocationUnknown::NoSource { issuer } => self.with(
                "revocation-no-source",
                &[("issuer", issuer.as_str().into())],
            ),
            RevocationUnknown::Stale { this_update, .. } => self.with(
                "revocation-stale",
                &[("date", self.day(*this_update).into())],
            ),
            RevocationUnknown::NotYet { this_update } => self.with(
                "revocation-not-yet",
                &[("date", self.moment(*this_update).into())],
            ),
            RevocationUnknown::WrongSigner { issuer } => self.with(
                "revocation-wrong-signer",
                &[("issuer", issuer.as_str().into())],
            ),
            RevocationUnknown::WeakSigner { signer, presented } => self.with(
                "revocation-weak-signer",
                &[
                    ("signer", signer.as_str().into()),
                    ("presented", presented.as_str().into()),
                ],
            ),
            RevocationUnknown::Scope { .. } => self.say("revocation-scope"),
            RevocationUnknown::Unreadable { .. } => self.say("revocation-unreadable"),
            RevocationUnknown::NoAnswer { host } => {
                self.with("revocation-no-answer", &[("host", host.as_str().into())])
            }
            RevocationUnknown::Declined { host, status } => self.with(
                "revocation-declined",
                &[
                    ("host", host.as_str().into()),
                    ("status", status.as_str().into()),
                ],
            ),
            RevocationUnknown::NotKnown { host } => {
                self.with("revocation-not-known", &[("host", host.as_str().into())])
            }
            RevocationUnknown::Unfit { host, .. } => {
                self.with("revocation-unfit", &[("host", host.as_str().into())])
            }
            RevocationUnknown::WrongResponder { host, .. } => self.with(
                "revocation-wrong-responder",
                &[("host", host.as_str().into())],
            ),
        }
    }

    /// One sentence for a directory that could not say: that it did not answer, never that it has none.
    pub fn failure(&self, failure: &Failure) -> String {
        let key = match failure.code {
            FailureCode::Unreachable => "failure-unreachable",
            FailureCode::Timeout => "failure-timeout",
            FailureCode::Tls => "failure-tls",
            FailureCode::Refused => "failure-refused",
            FailureCode::Protocol => "failure-protocol",
            FailureCode::Partial => "failure-partial",
        };
        self.with(key, &[("directory", failure.source.as_str().into())])
    }

    /// Why a recipient is red: the first problem, or what the directories said; and that the organisation's gateway is
    /// no way either, where the tunnel list knows one.
    pub fn why_red(&self, assessment: &Assessment) -> ProblemWords {
        let mut why = self.why_red_itself(assessment);
        if let Some(gateway) = self.no_gateway(assessment) {
            why.sentence = format!("{} {gateway}", why.sentence);
        }
        why
    }

    fn why_red_itself(&self, assessment: &Assessment) -> ProblemWords {
        let address = || ("address", assessment.address().given().into());
        match (assessment.status(), assessment.first_problem()) {
            (_, Some(problem @ Problem::Clock { .. })) => self.problem(problem),
            (Status::LookupFailed, _) => {
                let failure = assessment.failures().first();
                let sentence =
                    failure.map_or_else(|| self.say("failure-none"), |f| self.failure(f));
                ProblemWords {
                    word: self.say("word-not-checked"),
                    sentence,
                }
            }
            (_, Some(problem)) => self.problem(problem),
            (_, None) => match assessment.vanished() {
                Some(remembered) => ProblemWords {
                    word: self.say("word-vanished"),
                    sentence: self.with(
                        "problem-vanished",
                        &[address(), ("date", self.day(remembered.at).into())],
                    ),
                },
                None => ProblemWords {
                    word: self.say("word-not-found"),
                    sentence: self.with("problem-not-found", &[address()]),
                },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn a_revoked_certificate_is_told_with_its_reason_and_one_on_hold_as_that() {
        let told = |lang, reason: Option<&str>, issuer: Option<&str>| {
            let problem = Problem::Revoked {
                at: Timestamp::UNIX_EPOCH,
                reason: reason.map(str::to_owned),
                certificate: issuer.map(str::to_owned),
            };
            Words::new(lang).problem(&problem).sentence
        };
        let reasons = [
            "keyCompromise",
            "affiliationChanged",
            "superseded",
            "cessationOfOperation",
            "certificateHold",
            "privilegeWithdrawn",
            "unspecified",
        ];
        for lang in [Lang::Da, Lang::En] {
            for issuer in [None, Some("CN=Eksempel")] {
                let mut sentences: Vec<_> = reasons
                    .map(|r| told(lang, Some(r), issuer))
                    .into_iter()
                    .collect();
                // A reason that is not given, or that nobody knows, is none.
                assert_eq!(told(lang, None, issuer), sentences[6]);
                assert_eq!(told(lang, Some("42"), issuer), sentences[6]);
                assert_eq!(told(lang, Some("cACompromise"), issuer), sentences[0]);
                sentences.sort_unstable();
                sentences.dedup();
                assert_eq!(sentences.len(), reasons.len(), "{sentences:?}");
            }
        }
        let held = told(Lang::En, Some("certificateHold"), None);
        assert!(
            held.contains("on hold since") && !held.contains("revoked on"),
            "{held}"
        );
    }
}
