//! Words for what is so and what became of it: a recipient's state, the warning, the receipt, the log.

use super::{Arg, Means, ProblemWords, Stop, Words};
use crate::{
    cert::{Binding, EncryptionCertificate},
    decide::{Assessment, Exposed, Light, Route},
    directory::{Failure, FailureCode},
    mail::Class,
    record::{Reason, RecordError},
    segl::{AnchorError, Delivery, OpenError, Outcome, Receipt, Remark, ShipError},
};

impl Words {
    /// The light as a word: it stands, and is heard, first.
    pub fn light(&self, light: Light) -> String {
        match light {
            Light::Green => self.say("light-green"),
            Light::Red => self.say("light-red"),
        }
    }

    /// A recipient's state: a word for the chip, and the sentence.
    pub fn recipient(&self, assessment: &Assessment, route: Route) -> ProblemWords {
        let used = assessment.used().next();
        match (route, used) {
            (Route::Person, Some(certificate)) => ProblemWords {
                word: self.say("word-encrypted"),
                sentence: self.encrypted_to_person(certificate),
            },
            (Route::Organisation, Some(certificate))
                if certificate.binding().pinned_at().is_some() =>
            {
                ProblemWords {
                    word: self.say("word-encrypted-pinned"),
                    sentence: self.encrypted_to_pinned(certificate),
                }
            }
            (Route::Organisation, Some(certificate)) => ProblemWords {
                word: self.say("word-encrypted-organisation"),
                sentence: self.encrypted_to_organisation(certificate),
            },
            (Route::Tunnel, Some(certificate)) => ProblemWords {
                word: self.say("word-encrypted-tunnel"),
                sentence: self.through_gateway(assessment, certificate),
            },
            (Route::Internal, _) => ProblemWords {
                word: self.say("word-internal"),
                sentence: self.say("state-internal"),
            },
            _ => self.why_red(assessment),
        }
    }

    fn encrypted_to_person(&self, certificate: &EncryptionCertificate) -> String {
        let facts = certificate.certificate().facts();
        let name = facts
            .common_name
            .clone()
            .unwrap_or_else(|| certificate.address().given().to_owned());
        let args = [
            ("name", Arg::from(name)),
            ("issuer", issuer(certificate).into()),
            ("date", self.day(facts.not_after).into()),
        ];
        match facts
            .organisation
            .as_ref()
            .map(crate::cert::Organisation::label)
        {
            Some(organisation) => {
                let [name, issuer, date] = args;
                self.with(
                    "state-person-organisation",
                    &[name, issuer, date, ("organisation", organisation.into())],
                )
            }
            None => self.with("state-person", &args),
        }
    }

    fn encrypted_to_pinned(&self, certificate: &EncryptionCertificate) -> String {
        let pinned = certificate.binding().pinned_at().unwrap_or_default();
        self.with(
            "state-pinned",
            &[
                ("name", self.belongs_to(certificate.certificate()).into()),
                ("at", self.day(pinned).into()),
                ("issuer", issuer(certificate).into()),
                (
                    "date",
                    self.day(certificate.certificate().facts().not_after).into(),
                ),
            ],
        )
    }

    fn encrypted_to_organisation(&self, certificate: &EncryptionCertificate) -> String {
        let facts = certificate.certificate().facts();
        let organisation = facts
            .organisation
            .as_ref()
            .map(crate::cert::Organisation::label);
        let organisation = organisation
            .or_else(|| facts.common_name.clone())
            .unwrap_or_else(|| facts.subject.clone());
        let key = match certificate.binding() {
            Binding::Directory { .. } => "state-organisation-directory",
            _ => "state-organisation",
        };
        self.with(
            key,
            &[
                ("organisation", organisation.into()),
                ("date", self.day(facts.not_after).into()),
            ],
        )
    }

    /// Who would get the mail without encryption, why, and what that means. This text is what a consent is given for.
    pub fn warning(&self, exposed: &[Exposed], class: Class) -> String {
        let count = i64::try_from(exposed.len()).unwrap_or(i64::MAX);
        let mut lines = vec![self.with("warning-heading", &[("count", count.into())])];
        for one in exposed {
            let why = self.why_red(&one.assessment).sentence;
            lines.push(format!("  {}", one.recipient.mailbox));
            lines.push(format!("    {why}"));
            match self.refused_for(one) {
                Some(refused) => lines.push(format!("    {refused}")),
                None => lines.push(format!("    {}", self.transport_to(&one.assessment))),
            }
            lines.push(format!("    {}", self.risk(one, class)));
            let standing = one.standing.as_ref().map(|s| self.assessed(s));
            lines.extend(standing.map(|line| format!("    {line}")));
        }
        lines.join("\n")
    }

    /// Nothing was sent because nobody accepted the exposure.
    pub fn needs_consent(&self) -> Stop {
        Stop {
            what: self.say("means-nothing-sent"),
            next: self.say("next-consent"),
        }
    }

    /// A receipt as lines.
    pub fn receipt(&self, receipt: &Receipt) -> String {
        let heading = match receipt.outcome {
            Outcome::Sent => "receipt-sent",
            Outcome::Partial => "receipt-partial",
            Outcome::Rejected => "receipt-rejected",
            Outcome::Unconfirmed => "receipt-unconfirmed",
            Outcome::NotSent => "means-nothing-sent",
            Outcome::Written => "receipt-written",
        };
        let mut lines = vec![self.with(heading, &[("time", self.moment(receipt.at).into())])];
        for delivery in &receipt.deliveries {
            lines.extend(self.delivery(delivery));
        }
        for recipient in &receipt.left_out {
            lines.push(self.with(
                "receipt-left-out",
                &[("name", recipient.mailbox.label().into())],
            ));
        }
        let head = format!("{}:{}", receipt.record.seq, receipt.record.link);
        lines.push(self.with(
            "receipt-log",
            &[
                ("seq", receipt.record.seq.to_string().into()),
                ("head", head.into()),
            ],
        ));
        if receipt.may_have_been_sent() {
            lines.push(self.say("receipt-not-delivery"));
            lines.push(self.signed(receipt.signed()));
            if receipt.deliveries.iter().all(|d| d.hides_subject) {
                lines.push(self.say("receipt-subject-hidden"));
            }
            let further = receipt.deliveries.iter().find(|d| !d.further.is_empty());
            lines.extend(further.and_then(|d| self.also_readable(&d.further)));
        }
        lines.extend(receipt.remarks.iter().map(|r| self.remark(r)));
        lines.join("\n")
    }

    /// The mail server refused, and nothing was sent: whom it refused, or that it refused the mail.
    pub fn rejected(&self, receipt: &Receipt) -> Stop {
        let told: Vec<_> = receipt
            .deliveries
            .iter()
            .flat_map(|d| &d.recipients)
            .collect();
        let refused: Vec<String> = told
            .iter()
            .filter(|t| t.is_refused)
            .map(|t| {
                format!(
                    "{} ({})",
                    t.recipient.mailbox.address,
                    t.reply.as_deref().unwrap_or_default()
                )
            })
            .collect();
        let count = |n: usize| Arg::from(i64::try_from(n).unwrap_or(i64::MAX));
        if !refused.is_empty() {
            let args = [
                ("count", count(refused.len())),
                ("all", count(told.len())),
                ("who", refused.join(", ").into()),
            ];
            return self.stop("server-refused-some", &args, "next-correct-or-rest");
        }
        let reply = receipt
            .deliveries
            .iter()
            .find_map(|d| d.reply.clone())
            .unwrap_or_default();
        if reply.starts_with('4') {
            let code = reply.split(' ').next().unwrap_or_default().to_owned();
            return self.stop("server-busy", &[("code", code.into())], "next-later");
        }
        self.stop("server-refused", &[("reply", reply.into())], "next-copy-it")
    }

    /// The lines of one delivery: each recipient, and what the server said.
    pub fn delivery(&self, delivery: &Delivery) -> Vec<String> {
        let how = match (delivery.outcome, delivery.route) {
            (Outcome::Rejected, _) => self.say("delivery-rejected"),
            (Outcome::NotSent, _) => self.say("delivery-not-sent"),
            (Outcome::Unconfirmed, _) => self.say("delivery-unconfirmed"),
            (_, Route::Person) => self.say("delivery-person"),
            (_, Route::Organisation) => self.say("delivery-organisation"),
            (_, Route::Tunnel) => self.say("delivery-tunnel"),
            (_, Route::Internal) => self.say("delivery-internal"),
            (_, Route::Tls | Route::None) => self.say("delivery-clear"),
        };
        let mut lines: Vec<String> = delivery
            .recipients
            .iter()
            .map(|told| {
                let name = told.recipient.mailbox.to_string();
                let refused = told.reply.as_ref().filter(|_| told.is_refused);
                refused.map_or_else(
                    || format!("  {name}: {how}"),
                    |reply| format!("  {name}: {how} ({reply})"),
                )
            })
            .collect();
        if let Some(reply) = &delivery.reply {
            let reply = match delivery.tls_name() {
                Some(tls) => format!("{reply} ({tls})"),
                None => reply.clone(),
            };
            lines.push(self.with("delivery-reply", &[("reply", reply.into())]));
        }
        if let Some(file) = &delivery.file {
            lines.push(format!("    {}", file.display()));
        }
        lines
    }

    /// Something that went wrong beside the sending.
    pub fn remark(&self, remark: &Remark) -> String {
        match remark {
            Remark::NotRecorded(_) => self.say("remark-not-recorded"),
            Remark::NoSentCopy(_) => self.say("remark-no-sent-copy"),
            Remark::NoReadableCopy(_) => self.say("remark-no-readable-copy"),
            Remark::NotRemembered(_) => self.say("remark-not-remembered"),
            Remark::Interrupted(_) => self.say("remark-interrupted"),
        }
    }

    /// Why the log cannot be read.
    pub fn log(&self, cause: &RecordError) -> Stop {
        match cause {
            RecordError::NoSuchRecord { seq } => self.stop_meaning(
                "log-no-row",
                &[("seq", seq.to_string().into())],
                Means::Nothing,
                "next-log-list",
            ),
            RecordError::Deleted { head } => self.stop_meaning(
                "log-deleted",
                &[("seq", head.seq.to_string().into())],
                Means::Nothing,
                "next-it",
            ),
            RecordError::NotARecord => {
                self.stop_meaning("log-not-a-record", &[], Means::Nothing, "next-it")
            }
            RecordError::HeadNotInFile { seq } => {
                let args = [("seq", seq.to_string().into())];
                self.stop_meaning("log-head-not-in-file", &args, Means::Nothing, "next-it")
            }
            RecordError::KeyUnavailable(cause) => self.key(cause, Means::Nothing),
            _ => self.stop_meaning("log-unreadable", &[], Means::Nothing, "next-it"),
        }
    }

    /// What is wrong with a row of the log.
    pub fn record_reason(&self, reason: Reason) -> String {
        self.say(match reason {
            Reason::Empty => "reason-empty",
            Reason::Missing => "reason-missing",
            Reason::OutOfOrder => "reason-out-of-order",
            Reason::Malformed | Reason::Format | Reason::Unreadable => "reason-unreadable",
            Reason::PublicKey | Reason::Signature => "reason-signature",
            Reason::Installation => "reason-installation",
            Reason::Previous => "reason-previous",
            Reason::Link => "reason-changed",
            Reason::Payload | Reason::PayloadText => "reason-payload",
            Reason::PayloadMissing | Reason::PayloadWithoutRow => "reason-payload-missing",
            Reason::TailCut => "reason-tail-cut",
            Reason::HeadMismatch => "reason-head",
        })
    }

    /// Why no time stamp was had, or those that are kept cannot be read.
    pub fn not_anchored(&self, cause: &AnchorError) -> Stop {
        let detail = [("detail", Arg::from(cause.to_string()))];
        match cause {
            AnchorError::NoAuthority => self.stop_meaning(
                "anchor-no-authority",
                &[],
                Means::Nothing,
                "next-anchor-setting",
            ),
            AnchorError::NoneHere(folder) => {
                let args = [("folder", folder.as_str().into())];
                self.stop_meaning(
                    "anchor-none-here",
                    &args,
                    Means::Nothing,
                    "next-anchor-folder",
                )
            }
            AnchorError::Key(cause) => self.key(cause, Means::Nothing),
            AnchorError::Record(cause) => self.log(cause),
            AnchorError::Unreachable(_) | AnchorError::Status(_) => {
                self.stop_meaning("anchor-unreachable", &detail, Means::Nothing, "next-later")
            }
            AnchorError::Authority { .. } | AnchorError::Stamp(_) | AnchorError::Library(_) => self
                .stop_meaning(
                    "anchor-unfit",
                    &detail,
                    Means::Nothing,
                    "next-anchor-setting",
                ),
        }
    }

    /// Why what other desks shipped cannot be read.
    pub fn not_included(&self, cause: &RecordError) -> Stop {
        let detail = [("detail", Arg::from(cause.to_string()))];
        self.stop_meaning(
            "report-not-included",
            &detail,
            Means::Nothing,
            "next-settings",
        )
    }

    /// Why the log was not shipped.
    pub fn not_shipped(&self, cause: &ShipError) -> Stop {
        let detail = [("detail", Arg::from(cause.to_string()))];
        match cause {
            ShipError::NoFolder => self.stop_meaning(
                "shipping-no-folder",
                &[],
                Means::Nothing,
                "next-ship-setting",
            ),
            ShipError::NoCertificate => self.stop_meaning(
                "shipping-no-certificate",
                &[],
                Means::Nothing,
                "next-ship-setting",
            ),
            ShipError::Certificate { file, why } => {
                let detail = format!("{}: {}", file.display(), self.unusable_reader(why));
                let detail = [("detail", Arg::from(detail))];
                self.stop_meaning("shipping-failed", &detail, Means::Nothing, "next-it")
            }
            ShipError::Key(cause) => self.key(cause, Means::Nothing),
            ShipError::Record(cause) => self.log(cause),
            ShipError::Folder { .. } => {
                self.stop_meaning("shipping-failed", &detail, Means::Nothing, "next-later")
            }
            ShipError::Seal(_)
            | ShipError::SelfCheck(_)
            | ShipError::Library(_)
            | ShipError::Disk(_) => {
                self.stop_meaning("shipping-failed", &detail, Means::Nothing, "next-it")
            }
        }
    }

    /// Settings that name something unusable.
    pub fn not_opened(&self, cause: &OpenError) -> Stop {
        match cause {
            OpenError::Trust(cause) => {
                let args = [
                    ("file", cause.file.display().to_string().into()),
                    ("detail", cause.detail.as_str().into()),
                ];
                self.stop("cli-trust-file", &args, "next-settings")
            }
            OpenError::Directory { name, cause } => {
                let args = [
                    ("directory", name.as_str().into()),
                    ("detail", cause.to_string().into()),
                ];
                self.stop("settings-directory", &args, "next-settings")
            }
            OpenError::SignIn(_) => self.stop("server-no-roots", &[], "next-it"),
        }
    }

    /// What a directory did, where nobody was asked for.
    pub fn directory_failure(&self, failure: &Failure) -> String {
        let key = match failure.code {
            FailureCode::Unreachable => "directory-unreachable",
            FailureCode::Timeout => "directory-timeout",
            FailureCode::Tls => "directory-tls",
            FailureCode::Refused => "directory-refused",
            FailureCode::Protocol => "directory-protocol",
            FailureCode::Partial => "directory-partial",
        };
        let args = [
            ("directory", Arg::from(failure.source.as_str())),
            ("detail", failure.message.as_str().into()),
        ];
        self.with(key, &args)
    }
}

/// The issuer's name for people: its common name, where it has one.
fn issuer(certificate: &EncryptionCertificate) -> String {
    let issuer = &certificate.certificate().facts().issuer;
    let common = issuer.split(',').find_map(|part| part.strip_prefix("CN="));
    common.map_or_else(|| issuer.clone(), str::to_owned)
}
