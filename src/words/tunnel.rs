//! Words for tunnel mail: encrypted to the gateway of the recipient's organisation, and the list that says who has one.

use super::{Arg, Means, Stop, Words};
use crate::{
    cert::{EncryptionCertificate, Organisation},
    decide::{Assessment, Judged, Status},
    segl::{AnswerError, KeptList, TakenList, TunnelError, TunnelStatus, WaitingList},
    tunnel::{Broken, Changed, Fault, FaultKind, Field, Mode, Reason, Review, Unit},
};

/// Differences that are told one by one.
const TOLD: usize = 20;

impl Words {
    /// Why it is green, and what is not known of it: whose gateway opens the mail, whether it ever did, and what became
    /// of the recipient's own certificate.
    pub(super) fn through_gateway(
        &self,
        assessment: &Assessment,
        certificate: &EncryptionCertificate,
    ) -> String {
        let Some(tunnel) = assessment.tunnel() else {
            return String::new();
        };
        let facts = certificate.certificate().facts();
        let organisation = facts.organisation.as_ref().map(Organisation::label);
        let organisation = organisation
            .or_else(|| tunnel.organisation.clone())
            .unwrap_or_else(|| tunnel.domain.clone());
        let mut told = vec![self.with(
            "state-tunnel",
            &[
                ("organisation", organisation.into()),
                ("date", self.day(facts.not_after).into()),
            ],
        )];
        if tunnel.answered_at.is_none() {
            told.push(self.say("state-tunnel-unconfirmed"));
        }
        match tunnel.person {
            Status::LookupFailed => told.push(self.say("state-tunnel-person-failed")),
            Status::Unusable => {
                // The gateway's own certificates have no problems where one of them is used.
                let mut own = assessment.certificates().iter().flat_map(Judged::problems);
                let why = own.next().map(|problem| self.problem(problem).sentence);
                let why = ("why", Arg::from(why.unwrap_or_default()));
                told.push(self.with("state-tunnel-person-unusable", &[why]));
            }
            Status::NotFound | Status::Usable => {}
        }
        if tunnel.list.is_old {
            let date = ("date", self.day(tunnel.list.at).into());
            told.push(self.with("state-tunnel-old-list", &[date]));
        }
        told.join(" ")
    }

    /// That the organisation's gateway is no way either, where the list knows one.
    pub(super) fn no_gateway(&self, assessment: &Assessment) -> Option<String> {
        let tunnel = assessment.tunnel()?;
        let domain = [("domain", tunnel.domain.as_str().into())];
        let key = if tunnel.mode == Mode::Wrapped && tunnel.mailbox.is_none() {
            "state-tunnel-no-mailbox"
        } else {
            "state-tunnel-none"
        };
        Some(self.with(key, &domain))
    }

    /// What there is to say of the list, a line each.
    pub fn tunnel_status(&self, status: &TunnelStatus) -> Vec<String> {
        let mut lines = self.list_now(status);
        if let Some(waiting) = &status.waiting {
            lines.extend(self.waiting_list(waiting));
        }
        lines.extend(self.list_trouble(status));
        lines
    }

    /// What there is to say of the list in force, a line each.
    pub fn list_in_force(&self, status: &TunnelStatus) -> Vec<String> {
        let mut lines = self.list_now(status);
        lines.extend(self.list_trouble(status));
        lines
    }

    fn list_now(&self, status: &TunnelStatus) -> Vec<String> {
        let Some(kept) = &status.in_force else {
            return vec![self.say("tunnel-no-list")];
        };
        let mut lines = self.kept_list("tunnel-in-force", kept);
        if status.is_old {
            lines.push(self.say("tunnel-old"));
        }
        lines
    }

    fn list_trouble(&self, status: &TunnelStatus) -> Option<String> {
        let trouble = status.trouble.as_ref()?;
        let args = [
            ("date", self.moment(trouble.at).into()),
            ("detail", trouble.detail.as_str().into()),
        ];
        Some(self.with("tunnel-trouble", &args))
    }

    fn kept_list(&self, key: &str, kept: &KeptList) -> Vec<String> {
        let octets = i64::try_from(kept.size).unwrap_or(i64::MAX);
        let mut lines = vec![
            self.with(
                key,
                &[
                    ("count", count(kept.entries)),
                    ("date", self.moment(kept.from).into()),
                    ("source", kept.source.to_string().into()),
                ],
            ),
            self.with(
                "tunnel-facts",
                &[
                    ("sha256", kept.sha256.to_string().into()),
                    ("octets", octets.into()),
                    ("keys", count(kept.keys)),
                ],
            ),
        ];
        lines.push(match kept.signed_by {
            Some(signer) => self.with("tunnel-signed", &[("signer", signer.to_string().into())]),
            None if kept.is_membership_only => self.say("tunnel-membership-only"),
            None => self.say("tunnel-unsigned"),
        });
        if kept.faults > 0 {
            lines.push(self.with("tunnel-left-out", &[("count", count(kept.faults))]));
        }
        lines
    }

    /// A list that waits: why, and every difference.
    pub fn waiting_list(&self, waiting: &WaitingList) -> Vec<String> {
        let mut lines = self.list_that_waits(waiting);
        let shown = waiting.review.changed.iter().take(TOLD);
        lines.extend(shown.flat_map(|c| self.changed_domain(c)));
        let rest = waiting.review.changed.len().saturating_sub(TOLD);
        if rest > 0 {
            lines.push(self.with("tunnel-changed-more", &[("count", count(rest))]));
        }
        lines.push(self.say("tunnel-waits-next"));
        lines
    }

    /// A list that waits, and why, a line each.
    pub fn list_that_waits(&self, waiting: &WaitingList) -> Vec<String> {
        let mut lines = self.kept_list("tunnel-waits", &waiting.kept);
        let reasons = waiting.reasons.iter();
        lines.extend(reasons.map(|r| self.waits_because(r, &waiting.review)));
        lines
    }

    fn waits_because(&self, reason: &Reason, review: &Review) -> String {
        match reason {
            Reason::Shrinks => {
                let args = [
                    ("gone", count(review.removed)),
                    ("before", count(review.before)),
                    ("after", count(review.after)),
                ];
                let shrinks = self.with("tunnel-shrinks", &args);
                let (first, rest) = (
                    review.gone.join(", "),
                    review.removed.saturating_sub(review.gone.len()),
                );
                let gone = self.with("tunnel-gone", &[("domains", first.into())]);
                if rest == 0 {
                    return format!("{shrinks} {gone}");
                }
                let rest = self.with("tunnel-changed-more", &[("count", count(rest))]);
                format!("{shrinks} {gone}, {rest}")
            }
            Reason::Own => self.with("tunnel-own", &[("domains", review.own.join(", ").into())]),
            Reason::Changes => {
                self.with("tunnel-changes", &[("count", count(review.changed.len()))])
            }
        }
    }

    /// What another list would say of a domain, a line for each difference.
    pub fn changed_domain(&self, changed: &Changed) -> Vec<String> {
        let one = |(field, before, after): &(Field, String, String)| {
            let nothing = |side: &String| {
                if side.is_empty() {
                    self.say("tunnel-nothing")
                } else {
                    side.clone()
                }
            };
            let what = match field {
                Field::Key => "tunnel-field-key",
                Field::Mailbox => "tunnel-field-mailbox",
                Field::Mode => "tunnel-field-mode",
                Field::Number => "tunnel-field-number",
            };
            self.with(
                "tunnel-changed",
                &[
                    ("domain", changed.listed.as_str().into()),
                    ("what", self.say(what).into()),
                    ("before", nothing(before).into()),
                    ("after", nothing(after).into()),
                ],
            )
        };
        changed.fields.iter().map(one).collect()
    }

    /// What became of a list, a line each.
    pub fn taken_list(&self, taken: &TakenList) -> Vec<String> {
        match taken {
            TakenList::Same(kept) => self.kept_list("tunnel-same", kept),
            TakenList::Waits(waiting) => self.waiting_list(waiting),
            TakenList::InForce { kept, faults, .. } => {
                let mut lines = self.kept_list("tunnel-taken", kept);
                let (unit, faults) = faults;
                lines.extend(faults.iter().map(|f| self.list_fault(*unit, f)));
                lines
            }
        }
    }

    fn list_fault(&self, unit: Unit, fault: &Fault) -> String {
        let why = match fault.why {
            FaultKind::NotText => "tunnel-fault-text",
            FaultKind::Forbidden => "tunnel-fault-forbidden",
            FaultKind::TooLong => "tunnel-fault-long",
            FaultKind::Fields | FaultKind::Shape => "tunnel-fault-fields",
            FaultKind::Domain => "tunnel-fault-domain",
            FaultKind::LooksAlike => "tunnel-fault-looks-alike",
            FaultKind::Mailbox => "tunnel-fault-mailbox",
            FaultKind::MailboxElsewhere => "tunnel-fault-elsewhere",
            FaultKind::Mode => "tunnel-fault-mode",
            FaultKind::Number => "tunnel-fault-number",
            FaultKind::Day => "tunnel-fault-day",
            FaultKind::Fingerprint => "tunnel-fault-fingerprint",
            FaultKind::Certificate => "tunnel-fault-certificate",
        };
        let key = match unit {
            Unit::Line => "tunnel-fault-line",
            Unit::Item => "tunnel-fault-item",
        };
        let number = i64::try_from(fault.number).unwrap_or(i64::MAX);
        self.with(
            key,
            &[
                ("number", number.into()),
                ("why", self.say(why).into()),
                ("value", super::visible(&fault.value).into()),
            ],
        )
    }

    /// Why a list is not taken. The one in force stays in force.
    pub fn tunnel_error(&self, cause: &TunnelError) -> Stop {
        let stop = |key: &str, args: &[(&str, Arg<'_>)], next: &str| Stop {
            what: self.with(key, args),
            next: self.say(next),
        };
        match cause {
            TunnelError::Read { file, source } => {
                let args = [
                    ("file", file.display().to_string().into()),
                    ("detail", source.to_string().into()),
                ];
                stop("cli-file-unreadable", &args, "tunnel-next-file")
            }
            TunnelError::Broken(broken) => Stop {
                what: self.broken_list(broken),
                next: self.say("tunnel-next-author"),
            },
            TunnelError::Unsigned => stop("tunnel-is-unsigned", &[], "tunnel-next-author"),
            TunnelError::OtherSigner { .. } => {
                stop("tunnel-other-signer", &[], "tunnel-next-author")
            }
            TunnelError::Signature(_) => stop("tunnel-bad-signature", &[], "tunnel-next-author"),
            TunnelError::SignerFile { detail } => stop(
                "tunnel-signer-file",
                &[("detail", detail.as_str().into())],
                "next-it",
            ),
            TunnelError::Older => stop("tunnel-older", &[], "tunnel-next-author"),
            TunnelError::Http(cause) => stop(
                "tunnel-no-answer",
                &[("detail", cause.to_string().into())],
                "next-later",
            ),
            TunnelError::Answer(code) => stop(
                "tunnel-no-answer",
                &[("detail", code.to_string().into())],
                "next-later",
            ),
            TunnelError::PolicyNames => stop("tunnel-policy", &[], "next-it"),
            TunnelError::NotConfigured => stop("tunnel-not-configured", &[], "tunnel-next-import"),
            TunnelError::NothingWaits => stop("tunnel-nothing-waits", &[], "tunnel-next-status"),
            TunnelError::Damaged => stop("tunnel-damaged", &[], "tunnel-next-import"),
            TunnelError::Disk(cause) => {
                let detail = [("detail", cause.to_string().into())];
                stop("tunnel-not-kept", &detail, "next-it")
            }
            TunnelError::Key(cause) => self.key(cause, Means::Nothing),
            TunnelError::Store(cause) => self.store(cause, Means::Nothing),
            TunnelError::Record(cause) => self.record(cause),
        }
    }

    /// Why a mail is not taken as an answer.
    pub fn no_tunnel_answer(&self, cause: &AnswerError) -> Stop {
        match cause {
            AnswerError::Tunnel(cause) => self.tunnel_error(cause),
            AnswerError::Log(cause) => self.not_sent(cause),
            AnswerError::NotMail => Stop {
                what: self.say("tunnel-answer-not-mail"),
                next: self.say("tunnel-next-answer"),
            },
            AnswerError::Unrelated => Stop {
                what: self.say("tunnel-answer-unrelated"),
                next: self.say("tunnel-next-answer"),
            },
        }
    }

    fn broken_list(&self, broken: &Broken) -> String {
        match broken {
            Broken::NotText => self.say("tunnel-broken-text"),
            Broken::TooLarge { limit } => {
                self.with("tunnel-broken-large", &[("limit", count(*limit))])
            }
            Broken::Empty => self.say("tunnel-broken-empty"),
            Broken::Columns { found } => self.with(
                "tunnel-broken-columns",
                &[("found", super::visible(&found.join(", ")).into())],
            ),
            Broken::Json { detail } => self.with(
                "tunnel-broken-json",
                &[("detail", super::visible(detail).into())],
            ),
            Broken::Contradiction { domain, number } => self.with(
                "tunnel-broken-twice",
                &[
                    ("domain", domain.as_str().into()),
                    ("number", i64::try_from(*number).unwrap_or(i64::MAX).into()),
                ],
            ),
            Broken::TooManyFaults {
                count: wrong,
                all,
                unit,
                first,
            } => {
                let heading = self.with(
                    "tunnel-broken-faults",
                    &[("count", count(*wrong)), ("all", count(*all))],
                );
                let first = first.iter().take(TOLD).map(|f| self.list_fault(*unit, f));
                let lines: Vec<String> = std::iter::once(heading).chain(first).collect();
                lines.join("\n")
            }
        }
    }
}

fn count<'a>(number: usize) -> Arg<'a> {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}
