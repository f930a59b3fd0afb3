//! Words for receipts that a domain was asked for: the request, what came back, and what it says.

use jiff::Timestamp;

use super::{Arg, Means, Stop, Words};
use crate::{
    decide::NotAsked,
    dkim::{Checked, KeyProof, Verdict},
    mail::{Address, trace::Hop},
    segl::{AskError, NotFiled, Outcome, ReceiptError, Requested, TakenReceipt},
    tls::{Direction, FiledReceipt, SeenHop, Witness},
};

impl Words {
    /// What became of a request, a line each.
    pub fn asked(&self, requested: &Requested) -> Vec<String> {
        let request = &requested.request;
        let who = match (request.asks_disposition, request.asks_status) {
            (true, true) => "tls-asked-both",
            (true, false) => "tls-asked-program",
            (false, true) => "tls-asked-servers",
            (false, false) => "tls-asked-neither",
        };
        let mut lines = Vec::new();
        if requested.receipt.may_have_been_sent() || requested.receipt.outcome == Outcome::Written {
            let args = [("address", request.address.as_str().into())];
            lines.extend([self.with("tls-asked", &args), self.say(who)]);
        }
        lines.extend(self.receipt(&requested.receipt).lines().map(str::to_owned));
        if requested.receipt.may_have_been_sent() {
            lines.push(self.say("tls-asked-next"));
        }
        lines
    }

    /// Why nobody was asked.
    pub fn not_asked(&self, address: &Address, cause: &AskError) -> Stop {
        match cause {
            AskError::NotAsked(NotAsked::Refused(why)) => self.refused(*why),
            AskError::NotAsked(NotAsked::Unneeded(_)) => {
                let args = [("address", address.given().into())];
                self.stop("tls-ask-unneeded", &args, "tls-ask-unneeded-next")
            }
            AskError::Send(cause) => self.not_sent(cause),
        }
    }

    /// Why an answer could not be read or filed.
    pub fn receipt_fault(&self, cause: &ReceiptError) -> Stop {
        let plain = |key: &str, next: &str| self.stop_meaning(key, &[], Means::Nothing, next);
        match cause {
            ReceiptError::NoMail => plain("tls-receipt-no-mail", "tls-receipt-no-mail-next"),
            ReceiptError::Busy => plain("tls-receipt-busy", "next-again"),
            ReceiptError::Key(cause) => self.key(cause, Means::Nothing),
            ReceiptError::Record(cause) => self.log(cause),
        }
    }

    /// What an answer says, and whether it was filed, a line each.
    pub fn taken_receipt(&self, taken: &TakenReceipt) -> Vec<String> {
        let answer = &taken.answer;
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
        let args = [
            ("kind", answer.kind.code().into()),
            (
                "from",
                or_none(answer.from.as_ref().map(|a| a.given().to_owned())).into(),
            ),
            ("reporting", or_none(answer.reporting.clone()).into()),
        ];
        let mut lines = vec![self.with("tls-receipt-from", &args)];
        if let Some(action) = answer.action() {
            lines.push(self.with("tls-receipt-action", &[("action", action.code().into())]));
        }
        lines.push(self.receipt_filed(taken));
        let domain = taken.request.as_ref().map_or("", |r| r.domain.as_str());
        for leg in &taken.legs {
            lines.push(self.say(match leg.direction {
                Direction::FromThem => "tls-receipt-from-them",
                Direction::ToThem => "tls-receipt-to-them",
            }));
            let hops = leg.hops.iter();
            lines.extend(hops.map(|h| format!("  {}", self.seen_hop(h, domain))));
            if leg.left_out > 0 {
                lines.push(self.with("tls-receipt-left-out", &[("count", leg.left_out.into())]));
            }
        }
        if taken.legs.is_empty() {
            lines.push(self.say("tls-receipt-no-hops"));
        }
        lines.extend(taken.signatures.iter().map(|s| self.signature_of(s)));
        if answer.asks_for_receipt {
            lines.push(self.say("tls-receipt-wants"));
        }
        lines
    }

    fn receipt_filed(&self, taken: &TakenReceipt) -> String {
        let request = taken.request.as_ref();
        let mut args: Vec<(&str, Arg<'_>)> = Vec::new();
        if let Some(request) = request {
            args.push(("address", request.address.as_str().into()));
            args.push(("date", self.day(request.at).into()));
        }
        let key = match &taken.not_filed {
            None => {
                args.push(("row", taken.summary.row.to_string().into()));
                "tls-receipt-filed"
            }
            Some(NotFiled::NoToken) => "tls-receipt-not-ours",
            Some(NotFiled::OtherDomain { from }) => {
                args.push(("from", from.as_str().into()));
                "tls-receipt-other-domain"
            }
            Some(NotFiled::Second { row }) => {
                args.push(("row", row.to_string().into()));
                "tls-receipt-second"
            }
        };
        self.with(key, &args)
    }

    /// One line: who took it from whom, how, when, and on whose word.
    fn seen_hop(&self, seen: &SeenHop, domain: &str) -> String {
        let hop = &seen.hop;
        let witness = match seen.witness {
            Witness::Observed => self.say("tls-receipt-observed"),
            Witness::Domain => {
                self.with("tls-receipt-claimed-domain", &[("domain", domain.into())])
            }
            Witness::Unverified => self.say("tls-receipt-claimed"),
        };
        let by = hop.by.clone();
        let date = hop.at.map(|at| self.moment(at));
        let args = [
            (
                "by",
                by.unwrap_or_else(|| self.say("tls-receipt-unnamed")).into(),
            ),
            (
                "from",
                hop.from.as_deref().unwrap_or("none").to_owned().into(),
            ),
            ("tls", self.hop_tls(hop).into()),
            ("date", date.unwrap_or_else(|| "none".to_owned()).into()),
            ("witness", witness.into()),
        ];
        self.with("tls-receipt-hop", &args)
    }

    fn hop_tls(&self, hop: &Hop) -> String {
        let clause = hop.tls.as_ref();
        let version = clause.and_then(|t| t.version.as_deref());
        let cipher = clause.and_then(|t| t.cipher.as_deref());
        let said = self.over(version, cipher, hop.is_encrypted());
        if hop.weakness().is_some() {
            self.with("tls-receipt-weak", &[("tls", said.into())])
        } else {
            said
        }
    }

    fn over(&self, version: Option<&str>, cipher: Option<&str>, is_encrypted: bool) -> String {
        let shown = |v: &str| v.replace("TLSv", "TLS ").replace("SSLv", "SSL ");
        match (version, cipher) {
            (Some(version), Some(cipher)) => {
                let args = [
                    ("version", shown(version).into()),
                    ("cipher", cipher.to_owned().into()),
                ];
                self.with("tls-receipt-over", &args)
            }
            (Some(version), None) => self.with(
                "tls-receipt-over-some",
                &[("version", shown(version).into())],
            ),
            (None, _) if is_encrypted => self.say("tls-receipt-over-unknown"),
            (None, _) => self.say("tls-receipt-over-nothing"),
        }
    }

    fn signature_of(&self, signature: &Checked) -> String {
        let verdict = self.say(match (signature.verdict, signature.key) {
            (Verdict::Valid, _) => "tls-receipt-valid",
            (Verdict::Partial, _) => "tls-receipt-partial",
            (Verdict::Body, _) => "tls-receipt-body",
            (Verdict::Broken, _) => "tls-receipt-broken",
            (Verdict::NoKey, _) => "tls-receipt-no-key",
            (Verdict::KeyUnknown, KeyProof::Bogus) => "tls-receipt-key-bogus",
            (Verdict::KeyUnknown, _) => "tls-receipt-key-unknown",
            (Verdict::KeyUnusable, _) => "tls-receipt-key-unusable",
            (Verdict::Testing, _) => "tls-receipt-testing",
            (Verdict::Expired, _) => "tls-receipt-expired",
            (Verdict::Unsupported, _) => "tls-receipt-unsupported",
            (Verdict::Malformed, _) => "tls-receipt-malformed",
        });
        let args = [
            ("domain", signature.domain.as_str().into()),
            ("verdict", verdict.into()),
        ];
        let line = self.with("tls-receipt-signature", &args);
        match signature.key {
            KeyProof::Dnssec => format!("{line} {}", self.say("tls-receipt-key-proved")),
            KeyProof::Plain => format!("{line} {}", self.say("tls-receipt-key-plain")),
            _ => line,
        }
    }

    /// The newest receipt of a domain with its age, as what it is; and that it is one mail.
    pub fn filed_receipt(&self, domain: &str, filed: &FiledReceipt, now: Timestamp) -> String {
        let days = now.duration_since(filed.filed_at).as_hours() / 24;
        let age = self.with("tls-filed-age", &[("days", days.max(0).into())]);
        let version = filed.version.as_deref();
        let mut tls = self.over(version, filed.cipher.as_deref(), filed.encrypted > 0);
        if filed.weakness.is_some() {
            tls = self.with("tls-receipt-weak", &[("tls", tls.into())]);
        }
        let count = |n: usize| Arg::from(i64::try_from(n).unwrap_or(i64::MAX));
        let args = [
            ("domain", domain.into()),
            ("date", self.day(filed.filed_at).into()),
            ("age", age.into()),
            ("tls", tls.into()),
            (
                "who",
                filed.witness.claimed_by().unwrap_or("observed").into(),
            ),
            ("way", filed.direction.code().into()),
            ("encrypted", count(filed.encrypted)),
            ("hops", count(filed.hops)),
        ];
        let key = match filed.witness {
            Witness::Observed if filed.encrypted > 0 => "tls-filed-observed",
            Witness::Observed => "tls-filed-observed-nothing",
            _ if filed.encrypted == 0 => "tls-filed-silent",
            _ if filed.encrypted == filed.hops => "tls-filed-claimed-all",
            _ => "tls-filed-claimed-some",
        };
        format!(
            "{} {}",
            self.with(key, &args),
            self.say("tls-filed-one-mail")
        )
    }
}
