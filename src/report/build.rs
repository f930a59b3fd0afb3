//! From what happened to the report: one pass, nothing kept that is not told.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use super::values::{
    Absent, Desk, Domain, Exposed, Failed, GivenReason, InForce, LevelSeen, NotRecorded, Period,
    PolicyChange, RefusedMail, Removed, Report, RiskCount, RouteCount, Sender, StandingAssessment,
    Totals, Week,
};
use crate::{
    mail::Kind,
    record::{
        Consent, DeliveryOutcome, Evidence, Happened, Happening, Intent, Outcome, PlannedDelivery,
        RecordedRecipient, Sending,
    },
};

/// The code where something was not recorded.
pub(super) const NOT_RECORDED: &str = "not-recorded";
/// The code of a delivery that has not ended.
const OPEN: &str = "open";
/// The evidence code of an assessment for later mail.
const ASSESSMENT: &str = "assessment";
/// Routes in the order in which they are told; others come after.
pub(super) const ROUTES: [&str; 6] = [
    "person",
    "organisation",
    "tunnel",
    "internal",
    "tls",
    "none",
];

/// How much is kept of each recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Only of mail that was not end to end, and of what failed.
    Exposed,
    /// Of all: [`Builder::take_rows`] has them.
    All,
}

/// One recipient of one mail, whatever became of it: a row of the CSV.
#[derive(Debug, Clone)]
pub struct Row {
    /// As where it was not encrypted.
    pub exposed: Exposed,
    /// To, Cc or Bcc.
    pub kind: Kind,
    /// Where it was decided.
    pub surface: String,
    /// What the mail server said.
    pub reply: Option<String>,
    /// Version of TLS to the mail server, and cipher suite.
    pub tls: Option<(String, String)>,
    /// The certificate that it was signed with.
    pub signed_by: Option<String>,
    /// Version and SHA-256 of the risk file.
    pub risk_file: Option<(String, String)>,
    /// SHA-256 of the written assessment.
    pub assessment: Option<String>,
    /// SHA-256 of IT's policy.
    pub policy: Option<String>,
}

/// Takes what happened, desk by desk.
#[derive(Debug)]
pub struct Builder {
    period: Period,
    detail: Detail,
    desks: Vec<Desk>,
    absent: Vec<Absent>,
    totals: Totals,
    senders: BTreeMap<String, Sender>,
    routes: BTreeMap<String, RouteCount>,
    weeks: BTreeMap<String, BTreeMap<String, u64>>,
    risks: BTreeMap<(String, String), u64>,
    categories: BTreeMap<String, u64>,
    exposed: Vec<Exposed>,
    domains: BTreeMap<String, Domain>,
    in_force: Vec<InForce>,
    policies: Vec<PolicyChange>,
    standing: BTreeMap<(String, u64), StandingAssessment>,
    failed: Vec<Failed>,
    refused: Vec<RefusedMail>,
    removed: Removed,
    not_recorded: NotRecorded,
    rows: Vec<Row>,
}

impl Builder {
    /// A report of this period, without any desk yet.
    pub fn new(period: Period, detail: Detail) -> Self {
        Self {
            period,
            detail,
            desks: Vec::new(),
            absent: Vec::new(),
            totals: Totals::default(),
            senders: BTreeMap::new(),
            routes: BTreeMap::new(),
            weeks: BTreeMap::new(),
            risks: BTreeMap::new(),
            categories: BTreeMap::new(),
            exposed: Vec::new(),
            domains: BTreeMap::new(),
            in_force: Vec::new(),
            policies: Vec::new(),
            standing: BTreeMap::new(),
            failed: Vec::new(),
            refused: Vec::new(),
            removed: Removed::default(),
            not_recorded: NotRecorded::default(),
            rows: Vec::new(),
        }
    }

    /// The period.
    pub fn period(&self) -> &Period {
        &self.period
    }

    /// What follows is of this desk; of each installation only once.
    pub fn desk(&mut self, desk: Desk) {
        self.desks.push(desk);
    }

    /// The installations that are in it.
    pub fn has(&self, installation: &str) -> bool {
        self.desks.iter().any(|d| d.installation == installation)
    }

    /// A desk that should be in it and is not.
    pub fn absent(&mut self, absent: Absent) {
        self.absent.push(absent);
    }

    /// An address that the settings of this computer name: it can send encrypted.
    pub fn configured(&mut self, address: &str) {
        let installation = self.installation();
        let sender = self.sender(address);
        sender.configured = true;
        sender.installations.insert(installation);
    }

    /// Something happened on the newest desk.
    pub fn happened(&mut self, happened: Happened) {
        let Happened {
            seq,
            at,
            kind,
            what,
        } = happened;
        let in_period = at >= self.period.begin && at < self.period.end;
        let installation = self.installation();
        match what {
            Happening::Sending(sending) => self.sending(&sending, &installation),
            Happening::Refused(refused) => {
                self.refused.push(RefusedMail {
                    installation,
                    seq,
                    at,
                    account: refused.account,
                    from: refused.identity,
                    class: refused.class,
                    code: refused.code,
                    to: refused.recipients.into_iter().map(|r| r.address).collect(),
                });
            }
            Happening::Evidence(evidence) if evidence.code == ASSESSMENT => {
                let made = assessment(installation.clone(), seq, at, &evidence);
                self.standing.insert((installation, seq), made);
            }
            Happening::Policy(policy) => self.policies.push(PolicyChange {
                installation,
                seq,
                at,
                sha256: policy.sha256,
            }),
            Happening::Version(version) => {
                if let Some(desk) = self.desks.last_mut() {
                    desk.versions.insert(version.version);
                }
            }
            Happening::Purged(month) => {
                self.removed.months.insert(month.to_string());
            }
            Happening::Note(note) if note.code == "set-aside" => {
                self.removed.set_aside.insert(note.text);
            }
            Happening::Removed if in_period => *self.removed.rows.entry(kind).or_default() += 1,
            Happening::Unreadable if in_period => {
                *self.removed.unreadable.entry(kind).or_default() += 1;
            }
            Happening::Evidence(_)
            | Happening::Note(_)
            | Happening::Removed
            | Happening::Unreadable => {}
        }
    }

    /// One row for each recipient, with [`Detail::All`]; the builder has them no more.
    pub fn take_rows(&mut self) -> Vec<Row> {
        std::mem::take(&mut self.rows)
    }

    /// The report.
    pub fn finish(mut self, made_at: Timestamp, version: &str) -> Report {
        let begin = self.period.begin;
        self.standing.retain(|_, s| s.used > 0 || s.at >= begin);
        // What was in force when the period began is told too: the newest change before it, for each installation.
        let newest = |p: &PolicyChange| {
            let of_same = self
                .policies
                .iter()
                .filter(|o| o.installation == p.installation);
            of_same.filter(|o| o.at < begin).map(|o| o.seq).max()
        };
        let kept: Vec<bool> = self
            .policies
            .iter()
            .map(|p| p.at >= begin || newest(p) == Some(p.seq))
            .collect();
        let mut kept = kept.into_iter();
        self.policies.retain(|_| kept.next().unwrap_or(true));
        self.exposed.sort_by_key(|e| (e.at, e.seq));
        self.failed.sort_by_key(|f| (f.at, f.seq));
        self.in_force.sort_by_key(|f| f.first);
        Report {
            schema: 1,
            made_at,
            version: version.to_owned(),
            period: self.period,
            desks: self.desks,
            absent: self.absent,
            totals: self.totals,
            senders: self.senders.into_values().collect(),
            routes: in_order(self.routes),
            weeks: self
                .weeks
                .into_iter()
                .map(|(week, routes)| Week { week, routes })
                .collect(),
            risks: self
                .risks
                .into_iter()
                .map(|((class, band), recipients)| RiskCount {
                    class,
                    band,
                    recipients,
                })
                .collect(),
            categories: self.categories,
            not_end_to_end: self.exposed,
            domains: self.domains.into_values().collect(),
            in_force: self.in_force,
            policies: self.policies,
            standing: self.standing.into_values().collect(),
            failed: self.failed,
            refused: self.refused,
            removed: self.removed,
            not_recorded: self.not_recorded,
        }
    }

    fn installation(&self) -> String {
        self.desks
            .last()
            .map(|d| d.installation.clone())
            .unwrap_or_default()
    }

    fn sender(&mut self, address: &str) -> &mut Sender {
        self.senders
            .entry(address.to_owned())
            .or_insert_with(|| Sender {
                address: address.to_owned(),
                ..Sender::default()
            })
    }

    fn sending(&mut self, sending: &Sending, installation: &str) {
        let Some(intent) = &sending.intent else {
            return;
        };
        if let Some(desk) = self.desks.last_mut() {
            desk.accounts.insert(intent.account.clone());
            desk.versions.insert(intent.version.clone());
            desk.first = Some(desk.first.map_or(sending.at, |t| t.min(sending.at)));
            desk.last = Some(desk.last.map_or(sending.at, |t| t.max(sending.at)));
        }
        let mut left = false;
        for delivery in &intent.deliveries {
            let ended = sending.outcomes.get(&delivery.index);
            left |= went(ended);
            if !matches!(
                ended.map(|o| o.outcome),
                Some(DeliveryOutcome::Sent | DeliveryOutcome::Written)
            ) {
                self.failed
                    .push(failed(sending, intent, delivery, ended, installation));
            }
            for recipient in &delivery.rcpt_to {
                self.recipient(sending, intent, delivery, recipient, installation);
            }
        }
        if left {
            self.mail(sending, intent, installation);
        }
    }

    /// What counts once for a mail of which something left.
    fn mail(&mut self, sending: &Sending, intent: &Intent, installation: &str) {
        self.totals.mails += 1;
        let signed: BTreeSet<&String> = intent
            .deliveries
            .iter()
            .filter_map(|d| d.signed_by.as_ref())
            .collect();
        self.totals.signed += u64::from(!signed.is_empty());
        let sender = self.sender(&intent.identity);
        sender.mails += 1;
        sender.installations.insert(installation.to_owned());
        sender.accounts.insert(intent.account.clone());
        sender.signed_by.extend(signed.into_iter().cloned());
        sender.last = Some(sender.last.map_or(sending.at, |t| t.max(sending.at)));
        let found = intent.content.iter().flat_map(|c| &c.categories);
        for category in found {
            *self.categories.entry(category.clone()).or_default() += 1;
        }
        self.force(sending.at, intent, installation);
    }

    /// Adds a mail to what it was sent under. Another file, assessment, policy or setting begins a new entry.
    fn force(&mut self, at: Timestamp, intent: &Intent, installation: &str) {
        let now = InForce {
            installation: installation.to_owned(),
            first: at,
            last: at,
            risk_version: intent.matrix.as_ref().map(|m| m.version.clone()),
            risk_sha256: intent.matrix.as_ref().map(|m| m.sha256.clone()),
            assessment_sha256: intent
                .matrix
                .as_ref()
                .and_then(|m| m.assessment_sha256.clone()),
            policy_sha256: intent.policy_sha256.clone(),
            settings_sha256: intent.settings_sha256.clone(),
            mails: 1,
        };
        let key = |f: &InForce| {
            (
                f.installation.clone(),
                f.risk_sha256.clone(),
                f.assessment_sha256.clone(),
                f.policy_sha256.clone(),
                f.settings_sha256.clone(),
            )
        };
        let newest = self
            .in_force
            .iter_mut()
            .rfind(|f| f.installation == now.installation);
        match newest {
            Some(newest) if key(newest) == key(&now) => {
                newest.first = newest.first.min(at);
                newest.last = newest.last.max(at);
                newest.mails += 1;
            }
            _ => self.in_force.push(now),
        }
    }

    fn recipient(
        &mut self,
        sending: &Sending,
        intent: &Intent,
        delivery: &PlannedDelivery,
        recipient: &RecordedRecipient,
        installation: &str,
    ) {
        let ended = sending.outcomes.get(&delivery.index);
        count_route(&mut self.routes, &recipient.route, ended.map(|o| o.outcome));
        let consent = intent
            .consents
            .iter()
            .find(|c| c.address == recipient.address);
        if went(ended) {
            self.left(sending, intent, recipient, consent);
            if is_exposed(&recipient.route) {
                let told = exposed(sending, intent, recipient, consent, ended, installation);
                self.exposed.push(told);
                if let Some(row) = consent.and_then(|c| c.standing)
                    && let Some(standing) = self.standing.get_mut(&(installation.to_owned(), row))
                {
                    standing.used += 1;
                }
            }
        }
        if self.detail == Detail::All {
            let told = exposed(sending, intent, recipient, consent, ended, installation);
            self.rows
                .push(row(told, intent, delivery, recipient, ended));
        }
    }

    /// Counts one recipient to whom something left, or may have left.
    fn left(
        &mut self,
        sending: &Sending,
        intent: &Intent,
        recipient: &RecordedRecipient,
        consent: Option<&Consent>,
    ) {
        let route = recipient.route.as_str();
        self.totals.recipients += 1;
        let is_exposed = is_exposed(route);
        let is_internal = route == "internal";
        self.totals.internal += u64::from(is_internal);
        self.totals.not_end_to_end += u64::from(is_exposed);
        self.totals.end_to_end += u64::from(!is_exposed && !is_internal);
        let sender = self.sender(&intent.identity);
        sender.not_end_to_end += u64::from(is_exposed);
        sender.end_to_end += u64::from(!is_exposed && !is_internal);
        let week = self.period.day(sending.at).iso_week_date();
        let week = format!("{:04}-W{:02}", week.year(), week.week());
        *self
            .weeks
            .entry(week)
            .or_default()
            .entry(route.to_owned())
            .or_default() += 1;
        let class = intent.content.as_ref().map(|c| c.class.clone());
        let band = recipient.risk.as_ref().map(|r| r.band.clone());
        self.not_recorded.class += u64::from(class.is_none());
        self.not_recorded.risk += u64::from(band.is_none());
        self.not_recorded.transport += u64::from(is_exposed && recipient.transport.is_none());
        self.not_recorded.consent += u64::from(is_exposed && consent.is_none());
        let or_not = |code: Option<String>| code.unwrap_or_else(|| NOT_RECORDED.to_owned());
        *self.risks.entry((or_not(class), or_not(band))).or_default() += 1;
        self.domain(sending.at, recipient, is_exposed);
    }

    fn domain(&mut self, at: Timestamp, recipient: &RecordedRecipient, is_exposed: bool) {
        let name = recipient
            .address
            .rsplit('@')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let domain = self.domains.entry(name.clone()).or_insert_with(|| Domain {
            domain: name,
            ..Domain::default()
        });
        *domain.routes.entry(recipient.route.clone()).or_default() += 1;
        let known = recipient.transport.as_ref();
        let checked_at = known.and_then(|t| t.checked_at);
        domain.unchecked += u64::from(is_exposed && checked_at.is_none());
        domain.checked_at = domain.checked_at.max(checked_at);
        let Some(known) = known else {
            return;
        };
        let same = domain
            .levels
            .iter_mut()
            .find(|l| l.seen == known.seen && l.level == known.level);
        if let Some(same) = same {
            same.first = same.first.min(at);
            same.last = same.last.max(at);
            same.checked_at = same.checked_at.max(checked_at);
            same.recipients += 1;
            return;
        }
        domain.levels.push(LevelSeen {
            seen: known.seen.clone(),
            level: known.level.clone(),
            first: at,
            last: at,
            checked_at,
            recipients: 1,
        });
    }
}

/// Whether something left, or may have left.
fn went(ended: Option<&Outcome>) -> bool {
    use DeliveryOutcome::{NotSent, Rejected, Sent, Unconfirmed, Written};
    match ended.map(|o| o.outcome) {
        Some(Sent | Unconfirmed | Written) => true,
        // Without an outcome nobody knows; recovery writes what it is, and until then it is told as open.
        Some(Rejected | NotSent) | None => false,
    }
}

/// A route that is not known to be encrypted counts as one that is not.
pub(super) fn is_exposed(route: &str) -> bool {
    !matches!(route, "person" | "organisation" | "tunnel" | "internal")
}

fn outcome_code(ended: Option<&Outcome>) -> String {
    match ended.map(|o| o.outcome) {
        Some(DeliveryOutcome::Sent) => "sent",
        Some(DeliveryOutcome::Rejected) => "rejected",
        Some(DeliveryOutcome::Unconfirmed) => "unconfirmed",
        Some(DeliveryOutcome::Written) => "written",
        Some(DeliveryOutcome::NotSent) => "not-sent",
        None => OPEN,
    }
    .to_owned()
}

fn count_route(
    routes: &mut BTreeMap<String, RouteCount>,
    route: &str,
    ended: Option<DeliveryOutcome>,
) {
    let count = routes
        .entry(route.to_owned())
        .or_insert_with(|| RouteCount {
            route: route.to_owned(),
            ..RouteCount::default()
        });
    *match ended {
        Some(DeliveryOutcome::Sent) => &mut count.sent,
        Some(DeliveryOutcome::Rejected) => &mut count.rejected,
        Some(DeliveryOutcome::Unconfirmed) => &mut count.unconfirmed,
        Some(DeliveryOutcome::Written) => &mut count.written,
        Some(DeliveryOutcome::NotSent) => &mut count.not_sent,
        None => &mut count.open,
    } += 1;
}

fn in_order(mut routes: BTreeMap<String, RouteCount>) -> Vec<RouteCount> {
    // Each known route has a line, with noughts where nothing went: that nothing went is an answer too.
    let known = ROUTES.map(|route| {
        routes.remove(route).unwrap_or_else(|| RouteCount {
            route: route.to_owned(),
            ..RouteCount::default()
        })
    });
    known.into_iter().chain(routes.into_values()).collect()
}

fn exposed(
    sending: &Sending,
    intent: &Intent,
    recipient: &RecordedRecipient,
    consent: Option<&Consent>,
    ended: Option<&Outcome>,
    installation: &str,
) -> Exposed {
    let (about, transport) = (intent.content.as_ref(), recipient.transport.as_ref());
    Exposed {
        installation: installation.to_owned(),
        seq: sending.seq,
        at: sending.at,
        message_id: intent.message_id.clone(),
        from: intent.identity.clone(),
        account: intent.account.clone(),
        to: recipient.address.clone(),
        route: recipient.route.clone(),
        outcome: outcome_code(ended),
        class: about.map(|c| c.class.clone()),
        categories: about.map(|c| c.categories.clone()).unwrap_or_default(),
        not_examined: about.map(|c| c.not_examined),
        risk: recipient.risk.clone(),
        level: transport.map(|t| t.level.clone()),
        level_seen: transport.map(|t| t.seen.clone()),
        checked_at: transport.and_then(|t| t.checked_at),
        promised: transport.map(|t| t.promised.clone()).unwrap_or_default(),
        findings: transport
            .and_then(|t| serde_json::to_value(&t.findings).ok())
            .filter(|f| !f.is_null()),
        problems: recipient.problems.clone(),
        rule: recipient.rule.clone(),
        reason: consent.map(|c| GivenReason {
            code: c.reason_code.clone(),
            text: c.reason_text.clone(),
        }),
        accepted_by: consent.map(|c| c.who.clone()),
        accepted_at: consent.map(|c| c.at),
        warning_sha256: consent.map(|c| c.warning_sha256.clone()),
        standing: consent.and_then(|c| c.standing),
    }
}

fn row(
    exposed: Exposed,
    intent: &Intent,
    delivery: &PlannedDelivery,
    recipient: &RecordedRecipient,
    ended: Option<&Outcome>,
) -> Row {
    Row {
        exposed,
        kind: recipient.kind,
        surface: intent.surface.clone(),
        reply: ended.and_then(|o| reply(o, &recipient.address)),
        tls: ended
            .and_then(|o| o.tls.as_ref())
            .map(|t| (t.version.clone(), t.cipher.clone())),
        signed_by: delivery.signed_by.clone(),
        risk_file: intent
            .matrix
            .as_ref()
            .map(|m| (m.version.clone(), m.sha256.clone())),
        assessment: intent
            .matrix
            .as_ref()
            .and_then(|m| m.assessment_sha256.clone()),
        policy: intent.policy_sha256.clone(),
    }
}

fn reply(ended: &Outcome, address: &str) -> Option<String> {
    let own = ended.replies.iter().find(|r| r.address == address);
    ended.reply.clone().or_else(|| own.map(|r| r.reply.clone()))
}

fn failed(
    sending: &Sending,
    intent: &Intent,
    delivery: &PlannedDelivery,
    ended: Option<&Outcome>,
    installation: &str,
) -> Failed {
    let first = delivery.rcpt_to.first().map(|r| r.address.as_str());
    Failed {
        installation: installation.to_owned(),
        seq: sending.seq,
        at: sending.at,
        message_id: intent.message_id.clone(),
        from: intent.identity.clone(),
        to: delivery.rcpt_to.iter().map(|r| r.address.clone()).collect(),
        route: delivery.route.clone(),
        outcome: outcome_code(ended),
        reply: ended.and_then(|o| reply(o, first.unwrap_or_default())),
    }
}

fn assessment(
    installation: String,
    seq: u64,
    at: Timestamp,
    evidence: &Evidence,
) -> StandingAssessment {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let content = &evidence.content;
    let covers = &content["covers"];
    let code = text(&content["reason_code"]);
    StandingAssessment {
        installation,
        seq,
        at,
        covers: text(&covers["address"])
            .or_else(|| text(&covers["domain"]))
            .unwrap_or_default(),
        class: text(&content["class"]),
        level: text(&content["level"]),
        reason: code.map(|code| GivenReason {
            code,
            text: text(&content["reason_text"]),
        }),
        who: text(&content["who"]),
        until: text(&content["until"]),
        used: 0,
    }
}
