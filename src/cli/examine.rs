//! `segl examine`: what files hold. Needs no settings, sends and records nothing.

use std::path::Path;

use serde_json::{Value, json};

use super::{
    Session,
    args::Examine,
    files,
    output::{Exit, Failure},
};
use crate::{
    content::{FileFindings, Finding, Unread, examine_file},
    mail::Class,
    words::Words,
};

/// Octets of a file that are read at most; less is examined, and what is not is said.
const MAX_READ: u64 = 1 << 30;

pub(super) fn run(args: &Examine, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let mut found = Vec::new();
    for file in &args.files {
        let octets = files::read(file, MAX_READ, words)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        found.push((file.as_path(), examine_file(&name, &octets)));
    }
    let class = found.iter().filter_map(|(_, f)| class(f)).max();
    let rows: Vec<Value> = found.iter().map(|(file, found)| row(file, found)).collect();
    let value = json!({ "class": class.map(Class::code), "files": rows });
    session.out.result(&value, |words| {
        let lines = found.iter().map(|(file, found)| line(file, found, words));
        lines.collect::<Vec<_>>().join("\n")
    });
    let is_clear = |f: &FileFindings| class_of(&f.findings).is_none() && f.not_examined.is_empty();
    Ok(if found.iter().all(|(_, f)| is_clear(f)) {
        Exit::Good
    } else {
        Exit::Not
    })
}

fn class(found: &FileFindings) -> Option<Class> {
    class_of(&found.findings)
}

fn class_of(findings: &[Finding]) -> Option<Class> {
    findings.iter().filter_map(|f| f.category.class()).max()
}

fn row(file: &Path, found: &FileFindings) -> Value {
    let findings: Vec<Value> = found
        .findings
        .iter()
        .map(|f| {
            json!({
                "category": f.category.code(),
                "class": f.category.class().map(Class::code),
                "line": f.line,
                "count": f.count,
                "confidence": f.confidence,
                "because": f.because,
                "masked": f.masked,
            })
        })
        .collect();
    let not_examined: Vec<&str> = found
        .not_examined
        .iter()
        .map(|w| Unread::code(*w))
        .collect();
    json!({
        "file": file.display().to_string(),
        "class": class(found).map(Class::code),
        "findings": findings,
        "not_examined": not_examined,
    })
}

fn line(file: &Path, found: &FileFindings, words: &Words) -> String {
    let mut told: Vec<String> = found
        .findings
        .iter()
        .map(|f| match &f.masked {
            Some(masked) => format!("{} {masked}", words.category(f.category)),
            None => words.category(f.category),
        })
        .collect();
    if let Some(class) = class(found) {
        let list = told.join(", ");
        let class = words.class(class);
        told = vec![words.with(
            "holds-suggested",
            &[("class", class.into()), ("list", list.into())],
        )];
    }
    if !found.not_examined.is_empty() {
        let why: Vec<String> = found
            .not_examined
            .iter()
            .map(|w| words.unread(*w))
            .collect();
        told.push(words.with("holds-not-examined", &[("list", why.join(", ").into())]));
    }
    if told.is_empty() {
        told.push(words.say("holds-cli-nothing"));
    }
    let shown = crate::words::visible(&file.display().to_string());
    words.with(
        "holds-cli-file",
        &[("file", shown.into()), ("what", told.join(". ").into())],
    )
}
