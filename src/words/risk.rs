//! Words for what a mail counts as, for the transport to a domain, for the risk, and for assessments of later mail.

use super::{Arg, Means, Stop, Words};
use crate::{
    decide::{Assessment, Exposed, RefusedBecause, Scope, Standing},
    mail::Class,
    risk::Band,
    segl::StandingError,
};

impl Words {
    /// A class as a word.
    pub fn class(&self, class: Class) -> String {
        self.say(match class {
            Class::Ordinary => "class-ordinary",
            Class::Confidential => "class-confidential",
            Class::Sensitive => "class-sensitive",
        })
    }

    /// A risk as a word. Green and red belong to the light alone.
    pub fn band(&self, band: Band) -> String {
        self.say(match band {
            Band::Low => "risk-low",
            Band::Medium => "risk-medium",
            Band::High => "risk-high",
        })
    }

    /// What is known of the transport to a recipient's domain, and that it is not more than transport.
    pub fn transport_to(&self, assessment: &Assessment) -> String {
        let domain = assessment.address().domain_unicode();
        let sentence = match assessment.transport() {
            None => self.with(
                "transport-not-examined",
                &[("domain", domain.as_str().into())],
            ),
            Some(known) => self.transport(&domain, known.level),
        };
        let through = assessment.transport().and_then(|t| t.through.as_ref());
        let readers = match through {
            None => self.say("transport-readers"),
            Some((host, None)) => {
                self.with("transport-readers-relay", &[("host", host.as_str().into())])
            }
            Some((host, Some(located))) => {
                let args = [
                    ("host", host.as_str().into()),
                    ("located", located.as_str().into()),
                ];
                self.with("transport-readers-located", &args)
            }
        };
        let filed = assessment.transport().and_then(|t| t.receipt.as_ref());
        match filed {
            None => format!("{sentence} {readers}"),
            Some(filed) => {
                let filed = self.filed_receipt(&domain, filed, assessment.at());
                format!("{sentence} {readers} {filed}")
            }
        }
    }

    /// The weakest transport to any of them, in a few words.
    pub fn weakest_transport(&self, exposed: &[Exposed]) -> String {
        let weakest = exposed.iter().max_by_key(|e| e.level);
        match weakest.and_then(|e| e.assessment.transport()) {
            None => self.say("transport-unexamined"),
            Some(known) => self.transport_level(known.level),
        }
    }

    /// The risk for one recipient, with what it is made of.
    pub fn risk(&self, exposed: &Exposed, class: Class) -> String {
        let risk = exposed.risk;
        self.with(
            "risk-line",
            &[
                ("band", self.band(risk.band).into()),
                ("class", self.class(class).into()),
                ("impact", i64::from(risk.impact).into()),
                ("probability", i64::from(risk.probability).into()),
            ],
        )
    }

    /// Why one recipient may not get it.
    pub fn refused_for(&self, exposed: &Exposed) -> Option<String> {
        let key = match exposed.refused? {
            RefusedBecause::Forbidden => "warn-forbidden",
            RefusedBecause::NoGuaranteedTransport => "warn-no-guarantee",
            RefusedBecause::PolicyIsNewer => "warn-policy-newer",
            RefusedBecause::Blocked => "warn-blocked",
            RefusedBecause::NoMail => "warn-no-mail",
            RefusedBecause::HighRisk => "warn-high-risk",
        };
        let domain = exposed.assessment.address().domain_unicode();
        let why = self.with(key, &[("domain", domain.into())]);
        Some(match self.rule_from(exposed) {
            Some(rule) => format!("{why} {rule}"),
            None => why,
        })
    }

    /// Which rule holds, where it is one for this recipient and not that of the firm.
    pub fn rule_from(&self, exposed: &Exposed) -> Option<String> {
        let ruled = &exposed.ruled;
        if ruled.scope == Scope::Firm {
            return None;
        }
        let rule = format!("{} = {}", ruled.scope, ruled.fallback.code());
        Some(self.with("warn-rule", &[("rule", rule.into())]))
    }

    /// That an assessment stands for one recipient.
    pub fn assessed(&self, standing: &Standing) -> String {
        self.with(
            "entry-assessed",
            &[
                ("made", self.day(standing.made_at).into()),
                ("until", self.day(standing.until).into()),
            ],
        )
    }

    /// The sentence where assessments stand for all who are exposed: the first that ends is told.
    pub fn all_assessed<'a>(
        &self,
        who: &[String],
        standing: impl Iterator<Item = &'a Standing>,
    ) -> String {
        let Some(first) = standing.min_by_key(|s| s.until) else {
            return String::new();
        };
        let count = i64::try_from(who.len()).unwrap_or(i64::MAX);
        self.with(
            "standing-assessed",
            &[
                ("count", count.into()),
                ("who", self.listed(who).into()),
                ("made", self.day(first.made_at).into()),
                ("until", self.day(first.until).into()),
            ],
        )
    }

    /// Why an assessment for later mail was not kept, ended or read.
    pub fn not_assessed(&self, cause: &StandingError) -> Stop {
        let detail = |cause: &dyn std::error::Error| {
            let args = [("detail", Arg::from(cause.to_string()))];
            self.stop_meaning(
                "assessment-not-kept",
                &args,
                Means::Nothing,
                "next-assessment",
            )
        };
        match cause {
            StandingError::NotAllowed => self.stop_meaning(
                "assessment-not-allowed",
                &[],
                Means::Nothing,
                "next-assessment",
            ),
            StandingError::None(who) => self.stop_meaning(
                "assessment-none",
                &[("who", who.as_str().into())],
                Means::Nothing,
                "next-assessment",
            ),
            StandingError::Busy => {
                self.stop_meaning("assessment-busy", &[], Means::Nothing, "next-later")
            }
            StandingError::Key(cause) => self.key(cause, Means::Nothing),
            StandingError::Store(cause) => detail(cause),
            StandingError::Record(cause) => detail(cause),
            StandingError::Format(cause) => detail(cause),
        }
    }
}
