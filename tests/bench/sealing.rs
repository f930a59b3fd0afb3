//! What the benchmarks of sealing share: programs that are measured, their messages, and a reader.

use std::{
    error::Error,
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use segl::{
    cert::{Anchors, Certificate, EncryptionCertificate, RevocationPolicy, Rules, judge, path},
    mail::Address,
};

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

pub(crate) const NOW: Timestamp = Timestamp::constant(1_780_000_000, 0);
pub(crate) const READER: &str = "bo@y.example";

/// One run of a program.
pub(crate) struct Run {
    pub(crate) wall: Duration,
    pub(crate) processor: f64,
    pub(crate) kilobytes: u64,
}

pub(crate) fn judged(root: &[u8], leaf: &[u8]) -> Outcome<EncryptionCertificate> {
    let read = |der| Certificate::from_der(der).map_err(|problem| format!("{problem:?}"));
    let path = path(&read(leaf)?, &[], &Anchors::new(vec![read(root)?]), NOW);
    let rules = Rules {
        revocation: RevocationPolicy::WhenAvailable,
        allow_test_roots: true,
        bindings: Vec::new(),
    };
    let verdict = judge(&path, &[], &Address::parse(READER)?, None, &rules, NOW);
    Ok(verdict.map_err(|problems| format!("{problems:?}"))?)
}

/// A message with an attachment of base64 lines, of about so many octets.
pub(crate) fn write_message(path: &Path, octets: usize, line_end: &str) -> Outcome<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let header = [
        "From: anne@x.example",
        "To: bo@y.example",
        "Subject: Sagen",
        "Content-Type: application/pdf; name=\"sag.pdf\"",
        "Content-Transfer-Encoding: base64",
        "",
    ];
    for line in header {
        write!(out, "{line}{line_end}")?;
    }
    let line = format!("{}{line_end}", "JVBERi0xLjcK".repeat(7).split_at(76).0);
    for _ in 0..octets / line.len() {
        out.write_all(line.as_bytes())?;
    }
    Ok(out.flush()?)
}

pub(crate) fn run(report: &str, command: &[String]) -> Outcome<Run> {
    let mut time = Command::new("/usr/bin/time");
    time.args(["-o", report, "-f", "%U %S %M"]).args(command);
    let begin = Instant::now();
    let output = time.output()?;
    let wall = begin.elapsed();
    if !output.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let report = fs::read_to_string(report)?;
    let [user, system, kilobytes] = report.split_whitespace().collect::<Vec<_>>()[..] else {
        return Err(format!("GNU time said {report:?}").into());
    };
    Ok(Run {
        wall,
        processor: user.parse::<f64>()? + system.parse::<f64>()?,
        kilobytes: kilobytes.parse()?,
    })
}

pub(crate) fn median(runs: &[Run], of: impl Fn(&Run) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
