//! What a report says, as values. The JSON of `segl report --format json` is these, under these names.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;
use serde_json::Value;

use crate::record::{FirstBad, RecordedRisk, RecordedRule};

/// The report of one period over one or several desks.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Version of this form: 1. Fields may be added.
    pub schema: u32,
    /// When it was made.
    pub made_at: Timestamp,
    /// By which version of Segl.
    pub version: String,
    /// For which time.
    pub period: Period,
    /// The installations that it covers, each with the check of its chain.
    pub desks: Vec<Desk>,
    /// Installations that it should cover and does not.
    pub absent: Vec<Absent>,
    /// The sums.
    pub totals: Totals,
    /// From which addresses mail was or can be sent.
    pub senders: Vec<Sender>,
    /// How much went each way, by recipient.
    pub routes: Vec<RouteCount>,
    /// The same by week: recipients to whom something left, by route.
    pub weeks: Vec<Week>,
    /// Recipients to whom something left, by class of the mail and risk.
    pub risks: Vec<RiskCount>,
    /// How many mails something of each category was found in.
    pub categories: BTreeMap<String, u64>,
    /// Every recipient to whom a mail left that was not encrypted to them and did not stay in the house.
    pub not_end_to_end: Vec<Exposed>,
    /// Every domain that was written to, with what was known of the transport to it.
    pub domains: Vec<Domain>,
    /// Risk file, written assessment, policy and settings that mail was sent under, and from when to when.
    pub in_force: Vec<InForce>,
    /// When IT's policy changed.
    pub policies: Vec<PolicyChange>,
    /// Assessments that senders made for later mail, as far as they were made or used in the period.
    pub standing: Vec<StandingAssessment>,
    /// What did not arrive at the firm's mail server, or perhaps not.
    pub failed: Vec<Failed>,
    /// What was not sent because the rule or the risk forbade it.
    pub refused: Vec<RefusedMail>,
    /// What was removed after its time, or cannot be read.
    pub removed: Removed,
    /// What the record does not say of mails that left.
    pub not_recorded: NotRecorded,
}

/// Whole days in one time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day; it belongs to it.
    pub to: Date,
    /// The time zone that the days and weeks are of.
    pub zone: String,
    /// When it begins.
    pub begin: Timestamp,
    /// When it is over.
    pub end: Timestamp,
    #[serde(skip)]
    pub(super) time_zone: TimeZone,
}

impl Period {
    /// From the first day to the end of the last; `None` where they are in the wrong order or beyond the calendar.
    pub fn of_days(from: Date, to: Date, zone: &TimeZone) -> Option<Self> {
        if to < from {
            return None;
        }
        let begin = from.to_zoned(zone.clone()).ok()?.timestamp();
        let end = to.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp();
        Some(Self {
            from,
            to,
            zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            begin,
            end,
            time_zone: zone.clone(),
        })
    }

    /// The day on which something happened.
    pub fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.time_zone.clone()).date()
    }
}

/// One installation.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Desk {
    /// The chain's random name.
    pub installation: String,
    /// Where its rows were read: this computer, or a file that was included.
    pub source: String,
    /// Accounts of the operating system that sent, or tried to.
    pub accounts: BTreeSet<String>,
    /// Versions of Segl that wrote.
    pub versions: BTreeSet<String>,
    /// When the first and last mail of the period was recorded.
    pub first: Option<Timestamp>,
    /// The last.
    pub last: Option<Timestamp>,
    /// The check of the whole chain, beyond the period too.
    pub chain: Chain,
}

/// What the check of a chain said.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Chain {
    /// Whether every row and every head that is known of it holds.
    pub intact: bool,
    /// The number of rows.
    pub records: u64,
    /// Number of the newest row, and its link.
    pub head: Option<String>,
    /// The first row that does not hold, and why.
    pub first_bad: Option<FirstBad>,
    /// It was read as the installation shipped it, up to the head that it shipped.
    pub shipped: bool,
    /// Where its heads were anchored outside.
    pub anchors: Vec<Anchored>,
}

/// A head that somebody else put a time on.
#[derive(Debug, Clone, Serialize)]
pub struct Anchored {
    /// The row.
    pub seq: u64,
    /// The time that the time-stamping authority says; none where the stamp does not hold.
    pub time: Option<Timestamp>,
    /// Who says so.
    pub by: String,
    /// Whether token, row and signature belong together; without trusted certificates that says nothing of who signed.
    pub holds: bool,
    /// Whether the token's signer leads to a certificate that the settings name.
    pub trusted: bool,
}

/// An installation that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Absent {
    /// Its file, or its name.
    pub source: String,
    /// Why: `not-shipped`, `stale`, `unreadable` or `other-key`.
    pub code: String,
    /// When it last shipped.
    pub last: Option<Timestamp>,
}

/// The sums over the period.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Totals {
    /// Mails of which something left, or may have left.
    pub mails: u64,
    /// Their recipients.
    pub recipients: u64,
    /// Recipients that the mail was encrypted to, to the end or to their organisation's gateway.
    pub end_to_end: u64,
    /// Recipients whose mail stayed on the firm's own mail server.
    pub internal: u64,
    /// Recipients that it was not encrypted to.
    pub not_end_to_end: u64,
    /// Mails that were signed.
    pub signed: u64,
}

/// An address that mail was or can be sent from.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Sender {
    /// The address.
    pub address: String,
    /// The installations where it is in the settings or was used.
    pub installations: BTreeSet<String>,
    /// Accounts that used it.
    pub accounts: BTreeSet<String>,
    /// Whether the settings of this computer name it: then it can send encrypted now. Not known of other desks.
    pub configured: bool,
    /// Mails of which something left.
    pub mails: u64,
    /// Recipients that they were encrypted to.
    pub end_to_end: u64,
    /// Recipients that they were not encrypted to.
    pub not_end_to_end: u64,
    /// Certificates that it signed with (SHA-256).
    pub signed_by: BTreeSet<String>,
    /// When it last sent.
    pub last: Option<Timestamp>,
}

/// One way, and what became of what went there. Numbers of recipients.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RouteCount {
    /// The route's code.
    pub route: String,
    /// The firm's mail server took it.
    pub sent: u64,
    /// It may have taken it.
    pub unconfirmed: u64,
    /// Written to a file for another program to send.
    pub written: u64,
    /// The mail server refused it.
    pub rejected: u64,
    /// Nothing left.
    pub not_sent: u64,
    /// On its way when the record ends.
    pub open: u64,
}

/// One ISO week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Week {
    /// Such as `2026-W45`.
    pub week: String,
    /// Recipients by route.
    pub routes: BTreeMap<String, u64>,
}

/// How many recipients got mail of a class at a risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RiskCount {
    /// The class; `not-recorded` where an earlier version did not record it.
    pub class: String,
    /// The risk; `not-recorded` likewise.
    pub band: String,
    /// Recipients.
    pub recipients: u64,
}

/// One mail to one recipient that it was not encrypted to.
#[derive(Debug, Clone, Serialize)]
pub struct Exposed {
    /// The installation.
    pub installation: String,
    /// The row of its Intent, for `segl log show` and `export`.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Its Message-ID.
    pub message_id: String,
    /// From which address.
    pub from: String,
    /// From which account.
    pub account: String,
    /// To whom.
    pub to: String,
    /// The route's code.
    pub route: String,
    /// How it ended.
    pub outcome: String,
    /// What the mail counted as.
    pub class: Option<String>,
    /// What was found in it.
    pub categories: Vec<String>,
    /// Files that could not be examined.
    pub not_examined: Option<u64>,
    /// The risk.
    pub risk: Option<RecordedRisk>,
    /// The level of the transport that it was decided by.
    pub level: Option<String>,
    /// The level that was seen of the domain.
    pub level_seen: Option<String>,
    /// When that was seen.
    pub checked_at: Option<Timestamp>,
    /// What the firm's own mail server promised on top.
    pub promised: Vec<String>,
    /// What was seen, host by host.
    pub findings: Option<Value>,
    /// Why it was not encrypted: codes of what was wrong, empty where no certificate was found.
    pub problems: Vec<String>,
    /// The rule that held, and which one it was.
    pub rule: Option<RecordedRule>,
    /// The consent's reason.
    pub reason: Option<GivenReason>,
    /// Who accepted it.
    pub accepted_by: Option<String>,
    /// When.
    pub accepted_at: Option<Timestamp>,
    /// SHA-256 of the warning that was shown.
    pub warning_sha256: Option<String>,
    /// The row of the standing assessment that it was sent under.
    pub standing: Option<u64>,
}

/// Why somebody accepted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GivenReason {
    /// A code of the firm's list.
    pub code: String,
    /// In words, where the code asks for it.
    pub text: Option<String>,
}

/// A domain that was written to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Domain {
    /// As A-label.
    pub domain: String,
    /// Recipients to whom something left, by route.
    pub routes: BTreeMap<String, u64>,
    /// What was known of the transport, in the order in which it was first met. Empty where everything was encrypted.
    pub levels: Vec<LevelSeen>,
    /// The newest of them was checked at.
    pub checked_at: Option<Timestamp>,
    /// Recipients to whom mail left in the clear without anybody having checked the domain.
    pub unchecked: u64,
}

/// A level of transport of a domain, over a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelSeen {
    /// What was seen.
    pub seen: String,
    /// What it was decided by, with what the firm's own mail server promises.
    pub level: String,
    /// First and last time that mail was sent on it.
    pub first: Timestamp,
    /// The last.
    pub last: Timestamp,
    /// When it was last checked.
    pub checked_at: Option<Timestamp>,
    /// Recipients.
    pub recipients: u64,
}

/// What mail was sent under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InForce {
    /// The installation.
    pub installation: String,
    /// The first mail under it.
    pub first: Timestamp,
    /// The last.
    pub last: Timestamp,
    /// Version of the risk file; none where it was not recorded.
    pub risk_version: Option<String>,
    /// SHA-256 of the risk file.
    pub risk_sha256: Option<String>,
    /// SHA-256 of the firm's written assessment; none where the settings named none, or it was not recorded.
    pub assessment_sha256: Option<String>,
    /// SHA-256 of IT's policy; none where there was none.
    pub policy_sha256: Option<String>,
    /// SHA-256 of the settings.
    pub settings_sha256: String,
    /// Mails.
    pub mails: u64,
}

/// IT's policy changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyChange {
    /// The installation.
    pub installation: String,
    /// The row, which holds the whole text.
    pub seq: u64,
    /// When it was noticed.
    pub at: Timestamp,
    /// SHA-256 of the text.
    pub sha256: String,
}

/// An assessment for later mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandingAssessment {
    /// The installation.
    pub installation: String,
    /// The row.
    pub seq: u64,
    /// When it was made.
    pub at: Timestamp,
    /// Address or domain that it covers.
    pub covers: String,
    /// Up to which class.
    pub class: Option<String>,
    /// The level of transport that it was made at.
    pub level: Option<String>,
    /// The reason.
    pub reason: Option<GivenReason>,
    /// By whom.
    pub who: Option<String>,
    /// Until when it holds.
    pub until: Option<String>,
    /// How many recipients got mail under it in the period.
    pub used: u64,
}

/// A delivery that failed, or whose end nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// The installation.
    pub installation: String,
    /// The Intent's row.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Its Message-ID.
    pub message_id: String,
    /// From which address.
    pub from: String,
    /// To whom.
    pub to: Vec<String>,
    /// The route's code.
    pub route: String,
    /// `rejected`, `unconfirmed`, `not-sent`, or `open`: the record ends before it does.
    pub outcome: String,
    /// What the mail server said.
    pub reply: Option<String>,
}

/// A decision not to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedMail {
    /// The installation.
    pub installation: String,
    /// The row.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// From which account.
    pub account: String,
    /// From which address.
    pub from: Option<String>,
    /// What the mail counted as.
    pub class: Option<String>,
    /// Why, as a code.
    pub code: String,
    /// To whom it would have gone.
    pub to: Vec<String>,
}

/// What the rows do not say any more, or not to us.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Removed {
    /// Rows of the period whose content was removed after its time, by kind.
    pub rows: BTreeMap<String, u64>,
    /// Months whose content was removed.
    pub months: BTreeSet<String>,
    /// Logs that did not hold and were set aside, by the name of their file; what they say is not in the report.
    pub set_aside: BTreeSet<String>,
    /// Rows of the period that are there and do not open, by kind.
    pub unreadable: BTreeMap<String, u64>,
}

/// What mails that left lack in the record, because an earlier version wrote them. Numbers of recipients.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct NotRecorded {
    /// No class.
    pub class: u64,
    /// No risk.
    pub risk: u64,
    /// No level of transport, though not encrypted.
    pub transport: u64,
    /// No consent, though not encrypted: the rule of the time asked for none, or it was not recorded.
    pub consent: u64,
}
