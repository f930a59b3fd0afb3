//! The report's rows as CSV (RFC 4180): one row for each recipient of each mail, whatever became of it. Codes, not words:
//! this form is for spreadsheets and programs.

use super::{Exposed, build::Row};
use crate::mail::Kind;

const COLUMNS: [&str; 38] = [
    "installation",
    "seq",
    "at",
    "message_id",
    "from",
    "account",
    "surface",
    "to",
    "kind",
    "route",
    "outcome",
    "class",
    "categories",
    "not_examined",
    "risk",
    "impact",
    "probability",
    "level",
    "level_seen",
    "checked_at",
    "promised",
    "problems",
    "rule",
    "rule_from",
    "reason_code",
    "reason_text",
    "accepted_by",
    "accepted_at",
    "warning_sha256",
    "standing_row",
    "reply",
    "tls_version",
    "tls_cipher",
    "signed_by",
    "risk_version",
    "risk_sha256",
    "assessment_sha256",
    "policy_sha256",
];

/// One line for each recipient, after a line of names.
pub fn csv(rows: &[Row]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // A vector takes everything.
    let _infallible = writer.write_record(COLUMNS);
    for row in rows {
        let _infallible = writer.write_record(cells(row).map(|cell| harmless(&cell)));
    }
    writer.into_inner().unwrap_or_default()
}

fn cells(row: &Row) -> [String; COLUMNS.len()] {
    fn of<T: ToString>(value: Option<T>) -> String {
        value.map(|v| v.to_string()).unwrap_or_default()
    }
    let e: &Exposed = &row.exposed;
    let kind = match row.kind {
        Kind::To => "to",
        Kind::Cc => "cc",
        Kind::Bcc => "bcc",
    };
    [
        e.installation.clone(),
        e.seq.to_string(),
        e.at.to_string(),
        e.message_id.clone(),
        e.from.clone(),
        e.account.clone(),
        row.surface.clone(),
        e.to.clone(),
        kind.to_owned(),
        e.route.clone(),
        e.outcome.clone(),
        of(e.class.as_ref()),
        e.categories.join(" "),
        of(e.not_examined),
        of(e.risk.as_ref().map(|r| &r.band)),
        of(e.risk.as_ref().map(|r| r.impact)),
        of(e.risk.as_ref().map(|r| r.probability)),
        of(e.level.as_ref()),
        of(e.level_seen.as_ref()),
        of(e.checked_at),
        e.promised.join(" "),
        e.problems.join(" "),
        of(e.rule.as_ref().map(|r| &r.fallback)),
        of(e.rule.as_ref().map(|r| &r.from)),
        of(e.reason.as_ref().map(|r| &r.code)),
        of(e.reason.as_ref().and_then(|r| r.text.as_ref())),
        of(e.accepted_by.as_ref()),
        of(e.accepted_at),
        of(e.warning_sha256.as_ref()),
        of(e.standing),
        of(row.reply.as_ref()),
        of(row.tls.as_ref().map(|t| &t.0)),
        of(row.tls.as_ref().map(|t| &t.1)),
        of(row.signed_by.as_ref()),
        of(row.risk_file.as_ref().map(|r| &r.0)),
        of(row.risk_file.as_ref().map(|r| &r.1)),
        of(row.assessment.as_ref()),
        of(row.policy.as_ref()),
    ]
}

/// A spreadsheet would take these beginnings for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
