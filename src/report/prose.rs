//! The report as headings, paragraphs, tables and charts, in one language. HTML and PDF are made of this, so that they
//! say the same.

use jiff::Timestamp;

use super::{
    build::{NOT_RECORDED, ROUTES},
    chart::{Bars, Series, longest},
    values::{Absent, Chain, Desk, Domain, Exposed, GivenReason, InForce, LevelSeen, Report},
};
use crate::{
    content::Category,
    words::{Arg, Words},
};

/// Weeks in one chart: a quarter of a year, which is also what fits on paper.
const QUARTER: usize = 13;
/// Bands of risk in the order in which they are told.
const BANDS: [&str; 4] = ["low", "medium", "high", NOT_RECORDED];
/// Classes of mail in the order in which they are told.
const CLASSES: [&str; 4] = ["ordinary", "confidential", "sensitive", NOT_RECORDED];

/// The whole text.
pub(super) struct Document {
    pub(super) title: String,
    pub(super) lead: Vec<String>,
    pub(super) sections: Vec<Section>,
}

/// A heading with what stands under it.
pub(super) struct Section {
    pub(super) heading: String,
    pub(super) blocks: Vec<Block>,
}

pub(super) enum Block {
    Text(String),
    /// What a reader must not miss.
    Warning(String),
    Table(Table),
    Chart(Bars),
}

/// A table whose first column names its rows.
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

/// Puts a report into words.
pub(super) fn document(report: &Report, words: &Words) -> Document {
    let pen = Pen { words, report };
    let args = [
        ("from", report.period.from.to_string().into()),
        ("to", report.period.to.to_string().into()),
    ];
    Document {
        title: words.with("report-title", &args),
        lead: pen.lead(),
        sections: vec![
            pen.short(),
            pen.covers(),
            pen.senders(),
            pen.routes(),
            pen.risk(),
            pen.clear(),
            pen.domains(),
            pen.force(),
            pen.failed(),
        ],
    }
}

struct Pen<'a> {
    words: &'a Words,
    report: &'a Report,
}

impl Pen<'_> {
    fn say(&self, key: &str) -> String {
        self.words.say(key)
    }

    fn with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.words.with(key, args)
    }

    fn section(&self, key: &str, blocks: Vec<Block>) -> Section {
        Section {
            heading: self.say(key),
            blocks,
        }
    }

    fn table(&self, caption: &str, columns: &[&str], rows: Vec<Vec<String>>) -> Block {
        if rows.is_empty() {
            return Block::Text(format!(
                "{}: {}",
                self.say(caption),
                self.say("report-none")
            ));
        }
        Block::Table(Table {
            caption: self.say(caption),
            columns: columns.iter().map(|key| self.say(key)).collect(),
            rows,
        })
    }

    fn lead(&self) -> Vec<String> {
        let made = self.with(
            "report-made",
            &[
                ("at", self.words.moment(self.report.made_at).into()),
                ("version", self.report.version.as_str().into()),
                ("zone", self.report.period.zone.as_str().into()),
            ],
        );
        vec![made, self.say("report-count-unit")]
    }

    fn short(&self) -> Section {
        let report = self.report;
        let totals = &report.totals;
        let unchecked: u64 = report.domains.iter().map(|d| d.unchecked).sum();
        let mut blocks = Vec::new();
        if !report.absent.is_empty() {
            let count = [("count", count(report.absent.len() as u64))];
            blocks.push(Block::Warning(self.with("report-absent-warning", &count)));
        }
        for desk in report.desks.iter().filter(|d| !d.chain.intact) {
            let told = format!("{}: {}", desk.installation, self.chain(&desk.chain));
            blocks.push(Block::Warning(told));
        }
        let mails = [
            ("mails", count(totals.mails)),
            ("recipients", number(totals.recipients)),
        ];
        blocks.push(Block::Text(self.with("report-short-mails", &mails)));
        let routes = [
            ("encrypted", number(totals.end_to_end)),
            ("internal", number(totals.internal)),
            ("exposed", number(totals.not_end_to_end)),
        ];
        blocks.push(Block::Text(self.with("report-short-routes", &routes)));
        if unchecked > 0 {
            let told = self.with("report-short-unchecked", &[("count", number(unchecked))]);
            blocks.push(Block::Warning(told));
        } else if totals.not_end_to_end > 0 {
            blocks.push(Block::Text(self.say("report-short-checked")));
        }
        let failed = [
            ("failed", count(report.failed.len() as u64)),
            ("refused", count(report.refused.len() as u64)),
        ];
        blocks.push(Block::Text(self.with("report-short-failed", &failed)));
        let signed = [
            ("signed", number(totals.signed)),
            ("mails", number(totals.mails)),
        ];
        blocks.push(Block::Text(self.with("report-short-signed", &signed)));
        self.section("report-short", blocks)
    }

    fn covers(&self) -> Section {
        let report = self.report;
        let desk = |d: &Desk| {
            let span = [d.first, d.last].map(|t| t.map_or_else(dash, |t| self.words.moment(t)));
            let anchors = match d.chain.anchors.as_slice() {
                [] => self.say("report-anchor-none"),
                some => some
                    .iter()
                    .map(|a| self.anchor(a))
                    .collect::<Vec<_>>()
                    .join(" "),
            };
            vec![
                d.installation.clone(),
                if d.source.is_empty() {
                    self.say("report-here")
                } else {
                    d.source.clone()
                },
                joined(&d.accounts),
                joined(&d.versions),
                span.join(" – "),
                format!("{}. {anchors}", self.chain(&d.chain)),
            ]
        };
        let columns = [
            "report-desk",
            "report-source",
            "report-accounts",
            "report-versions",
            "report-first-last",
            "report-chain",
        ];
        let rows = report.desks.iter().map(desk).collect();
        let mut blocks = vec![self.table("report-covers-caption", &columns, rows)];
        if !report.absent.is_empty() {
            let columns = ["report-source", "report-absent-why", "report-last-shipped"];
            let rows = report.absent.iter().map(|a| self.absent(a)).collect();
            blocks.push(self.table("report-absent-caption", &columns, rows));
        }
        blocks.extend(self.gone());
        blocks.push(Block::Text(self.say("report-limits")));
        self.section("report-covers", blocks)
    }

    fn absent(&self, absent: &Absent) -> Vec<String> {
        let last = absent.last.map_or_else(dash, |t| self.words.moment(t));
        let why = match absent.code.as_str() {
            "not-shipped" => self.say("report-absent-not-shipped"),
            "stale" => self.with("report-absent-stale", &[("last", last.as_str().into())]),
            "other-key" => self.say("report-absent-other-key"),
            _ => self.say("report-absent-unreadable"),
        };
        vec![absent.source.clone(), why, last]
    }

    fn chain(&self, chain: &Chain) -> String {
        if let Some(bad) = chain.first_bad {
            let args = [
                ("seq", bad.seq.to_string().into()),
                ("reason", self.words.record_reason(bad.reason).into()),
            ];
            return self.with("report-chain-broken", &args);
        }
        let args = [
            ("records", number(chain.records)),
            ("head", chain.head.clone().unwrap_or_default().into()),
        ];
        let key = if chain.shipped {
            "report-chain-shipped"
        } else {
            "report-chain-intact"
        };
        self.with(key, &args)
    }

    fn anchor(&self, anchor: &super::Anchored) -> String {
        let args = [
            ("seq", anchor.seq.to_string().into()),
            (
                "time",
                anchor
                    .time
                    .map_or_else(dash, |t| self.words.moment(t))
                    .into(),
            ),
            ("by", anchor.by.as_str().into()),
        ];
        match (anchor.holds, anchor.trusted) {
            (false, _) => self.with("report-anchor-broken", &args[..1]),
            (true, true) => self.with("report-anchored", &args),
            (true, false) => self.with("report-anchored-untrusted", &args),
        }
    }

    /// What was removed, does not open, or was never recorded.
    fn gone(&self) -> Vec<Block> {
        let (removed, lacking) = (&self.report.removed, &self.report.not_recorded);
        let mut blocks = Vec::new();
        let (gone, unreadable): (u64, u64) = (
            removed.rows.values().sum(),
            removed.unreadable.values().sum(),
        );
        let told = |key: &str, n: u64| {
            format!(
                "{}: {}",
                self.say("report-gone"),
                self.with(key, &[("count", count(n))])
            )
        };
        if gone > 0 {
            blocks.push(Block::Warning(told("report-gone-removed", gone)));
        }
        if unreadable > 0 {
            blocks.push(Block::Warning(told("report-gone-unreadable", unreadable)));
        }
        if gone + unreadable == 0 {
            blocks.push(Block::Text(told("report-gone-none", 0)));
        }
        if !removed.set_aside.is_empty() {
            let files = [("files", joined(&removed.set_aside).into())];
            blocks.push(Block::Warning(self.with("report-set-aside", &files)));
        }
        if !removed.months.is_empty() {
            let months = [("months", joined(&removed.months).into())];
            blocks.push(Block::Text(self.with("report-gone-months", &months)));
        }
        if lacking.class + lacking.risk + lacking.transport + lacking.consent > 0 {
            let args = [
                ("class", number(lacking.class)),
                ("risk", number(lacking.risk)),
                ("transport", number(lacking.transport)),
                ("consent", number(lacking.consent)),
            ];
            blocks.push(Block::Text(self.with("report-not-recorded", &args)));
        }
        blocks
    }

    fn senders(&self) -> Section {
        let columns = [
            "report-address",
            "report-can",
            "report-accounts",
            "report-mails",
            "report-encrypted",
            "report-exposed",
            "report-signed-by",
            "report-last-sent",
        ];
        let row = |s: &super::Sender| {
            let signed = if s.signed_by.is_empty() {
                self.say("report-signed-none")
            } else {
                s.signed_by
                    .iter()
                    .map(|f| short(f))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            vec![
                s.address.clone(),
                self.say(if s.configured {
                    "report-yes"
                } else {
                    "report-no"
                }),
                joined(&s.accounts),
                s.mails.to_string(),
                s.end_to_end.to_string(),
                s.not_end_to_end.to_string(),
                signed,
                s.last.map_or_else(dash, |t| self.words.moment(t)),
            ]
        };
        let rows = self.report.senders.iter().map(row).collect();
        let blocks = vec![
            Block::Text(self.say("report-senders-text")),
            self.table("report-senders-caption", &columns, rows),
        ];
        self.section("report-senders", blocks)
    }

    fn routes(&self) -> Section {
        let columns = [
            "report-route",
            "report-sent",
            "report-unconfirmed",
            "report-written",
            "report-rejected",
            "report-not-sent",
            "report-open",
        ];
        let row = |r: &super::RouteCount| {
            let numbers = [
                r.sent,
                r.unconfirmed,
                r.written,
                r.rejected,
                r.not_sent,
                r.open,
            ];
            let route = std::iter::once(self.route(&r.route));
            route.chain(numbers.iter().map(u64::to_string)).collect()
        };
        let rows = self.report.routes.iter().map(row).collect();
        let mut blocks = vec![self.table("report-routes-caption", &columns, rows)];
        blocks.extend(self.weeks());
        self.section("report-routes", blocks)
    }

    fn weeks(&self) -> Vec<Block> {
        let weeks = &self.report.weeks;
        if weeks.is_empty() {
            return vec![Block::Text(self.say("report-no-mail"))];
        }
        let mut used: Vec<&str> = ROUTES
            .into_iter()
            .filter(|r| weeks.iter().any(|w| w.routes.contains_key(*r)))
            .collect();
        let others = weeks
            .iter()
            .flat_map(|w| w.routes.keys())
            .filter(|r| !ROUTES.contains(&r.as_str()));
        used.extend(others.map(String::as_str));
        used.dedup();
        let parts = |w: &super::Week| -> Vec<u64> {
            used.iter()
                .map(|r| w.routes.get(*r).copied().unwrap_or(0))
                .collect()
        };
        let names: Vec<String> = used.iter().map(|r| self.route(r)).collect();
        let stacks: Vec<(String, Vec<u64>)> =
            weeks.iter().map(|w| (w.week.clone(), parts(w))).collect();
        let longest = longest(&stacks);
        let chart = |stacks: &[(String, Vec<u64>)]| {
            let of = |stack: Option<&(String, Vec<u64>)>| {
                stack.map_or_else(String::new, |(week, _)| week.clone())
            };
            let args = [
                ("first", of(stacks.first()).into()),
                ("last", of(stacks.last()).into()),
            ];
            Block::Chart(Bars {
                title: self.say("report-weeks-caption"),
                alternative: self.with("report-weeks-alt", &args),
                series: names.iter().cloned().map(Series::named).collect(),
                stacks: stacks.to_vec(),
                longest,
            })
        };
        let charts: Vec<Block> = stacks.chunks(QUARTER).map(chart).collect();
        let columns = std::iter::once(self.say("report-week"))
            .chain(names.iter().cloned())
            .collect();
        let row = |w: &super::Week| {
            std::iter::once(w.week.clone())
                .chain(parts(w).iter().map(u64::to_string))
                .collect()
        };
        let table = Table {
            caption: self.say("report-weeks-caption"),
            columns,
            rows: weeks.iter().map(row).collect(),
        };
        charts.into_iter().chain([Block::Table(table)]).collect()
    }

    fn risk(&self) -> Section {
        let risks = &self.report.risks;
        let of = |class: &str, band: &str| {
            let found = risks.iter().find(|r| r.class == class && r.band == band);
            found.map_or(0, |r| r.recipients)
        };
        let mut blocks = Vec::new();
        if risks.is_empty() {
            blocks.push(Block::Text(self.say("report-no-mail")));
        } else {
            let bars: Vec<(String, Vec<u64>)> = CLASSES
                .iter()
                .map(|class| {
                    (
                        self.class(Some(class)),
                        BANDS.iter().map(|b| of(class, b)).collect(),
                    )
                })
                .collect();
            let bands: Vec<String> = BANDS.iter().map(|b| self.band(b)).collect();
            blocks.push(Block::Chart(Bars {
                title: self.say("report-risk-caption"),
                alternative: self.say("report-risk-alt"),
                series: bands.iter().cloned().map(Series::named).collect(),
                longest: longest(&bars),
                stacks: bars.clone(),
            }));
            let row = |(class, parts): (String, Vec<u64>)| {
                std::iter::once(class)
                    .chain(parts.iter().map(u64::to_string))
                    .collect()
            };
            blocks.push(Block::Table(Table {
                caption: self.say("report-risk-caption"),
                columns: std::iter::once(self.say("report-class"))
                    .chain(bands)
                    .collect(),
                rows: bars.into_iter().map(row).collect(),
            }));
        }
        if self.report.categories.is_empty() {
            blocks.push(Block::Text(self.say("report-categories-none")));
        } else {
            let rows = self
                .report
                .categories
                .iter()
                .map(|(c, n)| vec![self.category(c), n.to_string()]);
            let columns = ["report-category", "report-mails"];
            blocks.push(self.table("report-categories-caption", &columns, rows.collect()));
        }
        self.section("report-risk", blocks)
    }

    fn clear(&self) -> Section {
        let exposed = &self.report.not_end_to_end;
        if exposed.is_empty() {
            let none = vec![Block::Text(self.say("report-clear-none"))];
            return self.section("report-clear", none);
        }
        let columns = [
            "report-when",
            "report-from",
            "report-to",
            "report-class",
            "report-risk-level",
            "report-transport",
            "report-reason",
            "report-rule",
            "report-outcome",
            "report-row",
        ];
        let several = self.report.desks.len() > 1;
        let row = |e: &Exposed| {
            let seq = if several {
                format!("{} {}", short(&e.installation), e.seq)
            } else {
                e.seq.to_string()
            };
            vec![
                self.words.moment(e.at),
                format!("{} ({})", e.from, e.account),
                e.to.clone(),
                self.content(e),
                self.scored(e),
                self.transport(e),
                self.accepted(e),
                e.rule
                    .as_ref()
                    .map_or_else(dash, |r| format!("{} = {}", r.from, r.fallback)),
                self.outcome(&e.outcome),
                seq,
            ]
        };
        let rows = exposed.iter().map(row).collect();
        let blocks = vec![
            Block::Text(self.say("report-clear-text")),
            self.table("report-clear-caption", &columns, rows),
        ];
        self.section("report-clear", blocks)
    }

    fn content(&self, e: &Exposed) -> String {
        let mut told = vec![self.class(e.class.as_deref())];
        told.extend(e.categories.iter().map(|c| self.category(c)));
        if let Some(n) = e.not_examined.filter(|n| *n > 0) {
            told.push(self.with("report-not-examined", &[("count", count(n))]));
        }
        told.join("; ")
    }

    fn scored(&self, e: &Exposed) -> String {
        let Some(risk) = &e.risk else {
            return self.say("report-risk-not-recorded");
        };
        let args = [
            ("band", self.band(&risk.band).into()),
            ("impact", i64::from(risk.impact).into()),
            ("probability", i64::from(risk.probability).into()),
        ];
        self.with("report-risk-of", &args)
    }

    fn transport(&self, e: &Exposed) -> String {
        let Some(level) = &e.level else {
            return self.say("report-risk-not-recorded");
        };
        let seen = self.level(e.level_seen.as_deref().unwrap_or(level));
        let Some(at) = e.checked_at else {
            return self.with("report-level-unchecked", &[("seen", seen.into())]);
        };
        let at = self.words.moment(at);
        let mut args = vec![("seen", seen.into()), ("at", at.into())];
        if e.level_seen.as_ref().is_none_or(|s| s == level) {
            return self.with("report-level-same", &args);
        }
        args.push(("level", self.level(level).into()));
        args.push(("promised", e.promised.join(", ").into()));
        self.with("report-level-differs", &args)
    }

    fn accepted(&self, e: &Exposed) -> String {
        let (Some(reason), Some(who)) = (&e.reason, &e.accepted_by) else {
            return self.say("report-accepted-not");
        };
        let mut args = vec![
            ("reason", self.reason(reason).into()),
            ("who", who.as_str().into()),
        ];
        let Some(row) = e.standing else {
            return self.with("report-accepted", &args);
        };
        args.push(("row", row.to_string().into()));
        self.with("report-accepted-standing", &args)
    }

    fn domains(&self) -> Section {
        let columns = [
            "report-domain",
            "report-encrypted",
            "report-exposed",
            "report-unchecked",
            "report-domain-state",
            "report-last-checked",
        ];
        let row = |d: &Domain| {
            let sum = |exposed: bool| -> u64 {
                let of = d
                    .routes
                    .iter()
                    .filter(|(route, _)| super::build::is_exposed(route) == exposed);
                of.map(|(_, n)| n).sum()
            };
            let state = if d.levels.is_empty() {
                let key = if sum(true) == 0 {
                    "report-domain-encrypted"
                } else {
                    "report-risk-not-recorded"
                };
                self.say(key)
            } else {
                d.levels
                    .iter()
                    .map(|l| self.seen(l))
                    .collect::<Vec<_>>()
                    .join("; ")
            };
            vec![
                d.domain.clone(),
                sum(false).to_string(),
                sum(true).to_string(),
                d.unchecked.to_string(),
                state,
                d.checked_at.map_or_else(dash, |t| self.words.moment(t)),
            ]
        };
        let rows = self.report.domains.iter().map(row).collect();
        self.section(
            "report-domains",
            vec![self.table("report-domains-caption", &columns, rows)],
        )
    }

    fn seen(&self, l: &LevelSeen) -> String {
        let mut args = vec![
            ("seen", self.level(&l.seen).into()),
            ("recipients", number(l.recipients)),
            ("first", self.day(l.first).into()),
            ("last", self.day(l.last).into()),
        ];
        let Some(at) = l.checked_at else {
            return self.with("report-domain-level-unchecked", &args);
        };
        args.push(("at", self.words.moment(at).into()));
        self.with("report-domain-level", &args)
    }

    fn force(&self) -> Section {
        let report = self.report;
        let columns = [
            "report-period",
            "report-mails",
            "report-risk-file",
            "report-assessment",
            "report-policy",
            "report-desk",
        ];
        let row = |f: &InForce| {
            let file = match (&f.risk_version, &f.risk_sha256) {
                (Some(version), Some(sha256)) => format!("{version} ({sha256})"),
                _ => self.say("report-risk-not-recorded"),
            };
            let none =
                |key: &str, value: &Option<String>| value.clone().unwrap_or_else(|| self.say(key));
            vec![
                format!("{} – {}", self.day(f.first), self.day(f.last)),
                f.mails.to_string(),
                file,
                none("report-assessment-none", &f.assessment_sha256),
                none("report-policy-none", &f.policy_sha256),
                short(&f.installation),
            ]
        };
        let mut blocks = vec![Block::Text(self.say("report-force-text"))];
        let rows = report.in_force.iter().map(row).collect();
        blocks.push(self.table("report-force-caption", &columns, rows));
        let policies = report.policies.iter().map(|p| {
            vec![
                self.words.moment(p.at),
                p.sha256.clone(),
                format!("{} {}", short(&p.installation), p.seq),
            ]
        });
        let columns = ["report-when", "report-policy", "report-row"];
        blocks.push(self.table("report-policies-caption", &columns, policies.collect()));
        blocks.push(self.standing());
        self.section("report-force", blocks)
    }

    fn standing(&self) -> Block {
        let columns = [
            "report-covers-whom",
            "report-class",
            "report-transport",
            "report-reason",
            "report-made-by",
            "report-when",
            "report-until",
            "report-used",
            "report-row",
        ];
        let row = |s: &super::StandingAssessment| {
            let until = s.until.as_ref().and_then(|t| t.parse::<Timestamp>().ok());
            vec![
                s.covers.clone(),
                self.class(s.class.as_deref()),
                s.level.as_deref().map_or_else(dash, |l| self.level(l)),
                s.reason.as_ref().map_or_else(dash, |r| self.reason(r)),
                s.who.clone().unwrap_or_else(dash),
                self.words.moment(s.at),
                until.map_or_else(dash, |t| self.words.moment(t)),
                s.used.to_string(),
                s.seq.to_string(),
            ]
        };
        let rows = self.report.standing.iter().map(row).collect();
        self.table("report-standing-caption", &columns, rows)
    }

    fn failed(&self) -> Section {
        let mut blocks = Vec::new();
        if self.report.failed.is_empty() && self.report.refused.is_empty() {
            blocks.push(Block::Text(self.say("report-failed-none")));
            return self.section("report-failed", blocks);
        }
        let columns = [
            "report-when",
            "report-from",
            "report-to",
            "report-route",
            "report-outcome",
            "report-reply",
            "report-row",
        ];
        let rows = self.report.failed.iter().map(|f| {
            vec![
                self.words.moment(f.at),
                f.from.clone(),
                f.to.join(", "),
                self.route(&f.route),
                self.outcome(&f.outcome),
                f.reply.clone().unwrap_or_else(dash),
                f.seq.to_string(),
            ]
        });
        blocks.push(self.table("report-failed-caption", &columns, rows.collect()));
        let refused = self.report.refused.iter().map(|r| {
            vec![
                self.words.moment(r.at),
                r.from.clone().unwrap_or_else(|| r.account.clone()),
                r.to.join(", "),
                self.class(r.class.as_deref()),
                self.refusal(&r.code),
                r.seq.to_string(),
            ]
        });
        let columns = [
            "report-when",
            "report-from",
            "report-to",
            "report-class",
            "report-why",
            "report-row",
        ];
        blocks.push(self.table("report-refused-caption", &columns, refused.collect()));
        self.section("report-failed", blocks)
    }

    fn day(&self, at: Timestamp) -> String {
        self.report.period.day(at).to_string()
    }

    fn route(&self, code: &str) -> String {
        let key = match code {
            "person" => "report-way-person",
            "organisation" => "report-way-organisation",
            "tunnel" => "report-way-tunnel",
            "internal" => "report-way-internal",
            "tls" => "report-way-tls",
            "none" => "report-way-none",
            other => return other.to_owned(),
        };
        self.say(key)
    }

    /// Which rule refused, in the words in which the sender read it.
    fn refusal(&self, code: &str) -> String {
        let key = match code {
            "policy-is-newer" => "refused-newer-policy",
            "blocked" => "refused-blocked",
            "no-mail" => "refused-no-mail",
            "forbidden" => "refused-forbidden",
            "no-guaranteed-transport" => "refused-no-transport",
            "high-risk" => "refused-high-risk",
            other => return other.to_owned(),
        };
        self.say(key)
    }

    fn outcome(&self, code: &str) -> String {
        let key = match code {
            "sent" => "report-sent",
            "unconfirmed" => "report-unconfirmed",
            "written" => "report-written",
            "rejected" => "report-rejected",
            "not-sent" => "report-not-sent",
            _ => "report-open",
        };
        self.say(key)
    }

    fn class(&self, code: Option<&str>) -> String {
        let key = match code {
            Some("ordinary") => "class-ordinary",
            Some("confidential") => "class-confidential",
            Some("sensitive") => "class-sensitive",
            None | Some(NOT_RECORDED) => "report-risk-not-recorded",
            Some(other) => return other.to_owned(),
        };
        self.say(key)
    }

    fn band(&self, code: &str) -> String {
        let key = match code {
            "low" => "risk-low",
            "medium" => "risk-medium",
            "high" => "risk-high",
            NOT_RECORDED => "report-risk-not-recorded",
            other => return other.to_owned(),
        };
        self.say(key)
    }

    fn level(&self, code: &str) -> String {
        let key = match code {
            "guaranteed" => "tls-word-guaranteed",
            "published" => "tls-word-published",
            "verified" => "tls-word-verified",
            "offered" => "tls-word-offered",
            "unknown" => "tls-word-unknown",
            "none" => "tls-word-none",
            other => return other.to_owned(),
        };
        self.say(key)
    }

    fn reason(&self, reason: &GivenReason) -> String {
        let key = match reason.code.as_str() {
            "nothing-confidential" => "reason-nothing-confidential",
            "assessed" => "reason-assessed",
            "urgent" => "reason-urgent",
            "other" => "reason-other",
            "not-required" => "reason-not-required",
            other => other,
        };
        let said = if self.words.has(key) {
            self.say(key)
        } else {
            key.to_owned()
        };
        match &reason.text {
            Some(text) => format!("{said}: {text}"),
            None => said,
        }
    }

    /// The words of a category, where this version knows it.
    fn category(&self, code: &str) -> String {
        let known = Category::parse(code);
        known.map_or_else(|| code.to_owned(), |c| self.words.category(c))
    }
}

fn dash() -> String {
    "–".to_owned()
}

fn number(n: u64) -> Arg<'static> {
    n.to_string().into()
}

/// A number that decides between singular and plural.
fn count(n: u64) -> Arg<'static> {
    i64::try_from(n).unwrap_or(i64::MAX).into()
}

fn joined(names: &std::collections::BTreeSet<String>) -> String {
    names
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The beginning of a fingerprint or name, enough to tell it from others.
fn short(hex: &str) -> String {
    hex.chars().take(12).collect()
}
