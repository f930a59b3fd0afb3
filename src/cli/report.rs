//! `segl report`.

use std::{collections::BTreeMap, path::Path};

use jiff::{civil::Date, tz::TimeZone};

use super::{
    Session,
    args::{Report as ReportArgs, ReportFormat},
    files,
    output::{Exit, Failure, Output},
};
use crate::{
    report::{self, Detail, Period, Report},
    segl::{Held, Included, Opener, ReportError, Reported},
    words::Means,
};

/// Octets of a list of installations at most.
const MAX_LIST: u64 = 1 << 20;

/// Makes the report of a time, and writes it.
pub(super) fn run(args: &ReportArgs, session: &Session<'_>) -> Result<Exit, Failure> {
    let period = period(args, session)?;
    let detail = match args.format {
        ReportFormat::Csv => Detail::All,
        ReportFormat::Json | ReportFormat::Html | ReportFormat::Pdf => Detail::Exposed,
    };
    let segl = session.segl()?;
    let given = super::open::keys(&args.key, args.key_password_file.as_deref(), session)?;
    let held = if args.include.is_empty() {
        Vec::new()
    } else {
        super::open::held(Some(segl.config()), &session.out.words)
    };
    let openers = given.iter().map(|k| k as &dyn Opener);
    let included = Included {
        places: args.include.clone(),
        expected: expected(args.expect.as_deref(), session)?,
        openers: openers.chain(held.iter().map(Held::opener)).collect(),
    };
    let made = segl
        .report(period, detail, &included, super::now())
        .map_err(|e| failed(&e, session))?;
    let octets = octets(&made, args.format, session)?;
    match args.out.as_deref().filter(|f| *f != Path::new("-")) {
        None => Output::octets(&octets),
        Some(file) => {
            let words = &session.out.words;
            files::write_new(file, &octets).map_err(|e| files::unwritable(file, &e, words))?;
        }
    }
    Ok(told(&made.report, session))
}

/// The installations that IT expects: on each line the number, then a name. Lines that begin with # are passed over.
fn expected(
    file: Option<&Path>,
    session: &Session<'_>,
) -> Result<BTreeMap<String, String>, Failure> {
    let words = &session.out.words;
    let Some(file) = file else {
        return Ok(BTreeMap::new());
    };
    let octets = files::read(file, MAX_LIST, words)?;
    let text = String::from_utf8_lossy(&octets);
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let one = |line: &str| {
        let (number, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let number = number.trim_end_matches([',', ';']).to_ascii_lowercase();
        let is_number = number.len() == 32 && number.bytes().all(|b| b.is_ascii_hexdigit());
        is_number
            .then(|| (number, name.trim().to_owned()))
            .ok_or_else(|| {
                let args = [
                    ("file", file.display().to_string().into()),
                    ("line", line.into()),
                ];
                Failure::new("expect", words.with("report-bad-list", &args), "")
            })
    };
    lines.map(one).collect()
}

fn period(args: &ReportArgs, session: &Session<'_>) -> Result<Period, Failure> {
    let day = |text: &str| text.parse::<Date>().ok();
    let period = day(&args.from)
        .zip(day(&args.to))
        .and_then(|(from, to)| Period::of_days(from, to, &TimeZone::system()));
    let words = &session.out.words;
    period.ok_or_else(|| {
        Failure::new(
            "days",
            words.say("report-bad-days"),
            words.say("report-next-days"),
        )
    })
}

fn octets(
    made: &Reported,
    format: ReportFormat,
    session: &Session<'_>,
) -> Result<Vec<u8>, Failure> {
    let words = &session.out.words;
    Ok(match format {
        ReportFormat::Json => {
            // Every value of a report has a form in JSON.
            let mut json = serde_json::to_vec_pretty(&made.report).unwrap_or_default();
            json.push(b'\n');
            json
        }
        ReportFormat::Html => report::html(&made.report, words).into_bytes(),
        ReportFormat::Csv => report::csv(&made.rows),
        ReportFormat::Pdf => report::pdf(&made.report, words).map_err(|e| {
            let detail = [("detail", e.to_string().into())];
            Failure::new(
                "pdf",
                words.with("report-not-made", &detail),
                words.say("report-next-html"),
            )
        })?,
    })
}

/// A broken chain and a missing desk are told beside the report, too: whoever makes it by a script must see them.
fn told(report: &Report, session: &Session<'_>) -> Exit {
    let words = &session.out.words;
    for desk in report.desks.iter().filter(|d| !d.chain.intact) {
        if let Some(bad) = desk.chain.first_bad {
            let args = [
                ("seq", bad.seq.to_string().into()),
                ("reason", words.record_reason(bad.reason).into()),
            ];
            Output::note(&words.with("log-broken", &args));
        }
    }
    if report.absent.is_empty() && report.desks.iter().all(|d| d.chain.intact) {
        return Exit::Good;
    }
    let absent = i64::try_from(report.absent.len()).unwrap_or(i64::MAX);
    if absent > 0 {
        Output::note(&words.with("report-absent-warning", &[("count", absent.into())]));
    }
    Exit::Not
}

fn failed(cause: &ReportError, session: &Session<'_>) -> Failure {
    let words = &session.out.words;
    let stop = match cause {
        ReportError::Key(cause) => words.key(cause, Means::Nothing),
        ReportError::Record(cause) => words.log(cause),
        ReportError::Anchors(cause) => words.not_anchored(cause),
        ReportError::Included(cause) => words.not_included(cause),
    };
    Failure::new("report", stop.what, stop.next)
}
