//! `segl report`.

use std::path::Path;

use jiff::{civil::Date, tz::TimeZone};

use super::{
    Session,
    args::{Report as ReportArgs, ReportFormat},
    files,
    output::{Exit, Failure, Output},
};
use crate::{
    report::{self, Detail, Period, Report},
    segl::{ReportError, Reported},
    words::Means,
};

/// Makes the report of a time, and writes it.
pub(super) fn run(args: &ReportArgs, session: &Session<'_>) -> Result<Exit, Failure> {
    let period = period(args, session)?;
    let detail = match args.format {
        ReportFormat::Csv => Detail::All,
        ReportFormat::Json | ReportFormat::Html | ReportFormat::Pdf => Detail::Exposed,
    };
    let segl = session.segl()?;
    let made = segl
        .report(period, detail, super::now())
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
    };
    Failure::new("report", stop.what, stop.next)
}
