//! All mutants of a list in one program, each switched on at run time by `SEGL_MUTANT`.
//!
//! `cargo mutants` says what the mutants are (`--list --json`); it would build the product once for each of them. Here
//! they are woven into a copy of the source (`weave`), those that do not compile are left out (`drop`, from the
//! compiler's messages), every test says which of them it reaches (`reach`), and each is judged by the tests that reach
//! it (`judge`). See README.md.

mod judge;
mod weave;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::BufRead,
    path::{Path, PathBuf},
};

pub type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "weave LIST DROPPED SOURCE COPY | drop COPY DROPPED < cargo's messages\n\
    reach FOLDER PROGRAM [FILTER…] | judge FOLDER LIST SECONDS TEST,… [WORD…]";

fn main() -> Fallible<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["weave", list, dropped, source, copy] => weave::weave(
            &mutants(Path::new(list))?,
            &numbers(Path::new(dropped)),
            Path::new(source),
            Path::new(copy),
        ),
        ["drop", copy, dropped] => drop_failing(Path::new(copy), Path::new(dropped)),
        ["reach", folder, program, filters @ ..] => {
            judge::reach(Path::new(folder), &fs::canonicalize(program)?, filters)
        }
        ["judge", folder, list, seconds, first, only @ ..] => judge::judge(
            Path::new(folder),
            &mutants(Path::new(list))?,
            seconds.parse()?,
            first,
            only,
        ),
        _ => Err(USAGE.into()),
    }
}

/// One mutant of the list. Its number is its place there.
pub struct Mutant {
    pub file: PathBuf,
    /// Line and column where what it replaces begins, both from 1.
    pub at: (usize, usize),
    pub genre: String,
    pub replacement: String,
    pub name: String,
}

fn mutants(list: &Path) -> Fallible<Vec<Mutant>> {
    let list: serde_json::Value = serde_json::from_slice(&fs::read(list)?)?;
    let list = list.as_array().ok_or("the list is no array")?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &serde_json::Value| value.as_u64().unwrap_or_default() as usize;
    let start = |one: &serde_json::Value| {
        let start = &one["span"]["start"];
        (number(&start["line"]), number(&start["column"]))
    };
    let one = |one: &serde_json::Value| Mutant {
        file: text(&one["file"]).into(),
        at: start(one),
        genre: text(&one["genre"]),
        replacement: text(&one["replacement"]),
        name: text(&one["name"]),
    };
    Ok(list.iter().map(one).collect())
}

fn numbers(file: &Path) -> BTreeSet<usize> {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.split_whitespace()
        .filter_map(|n| n.parse().ok())
        .collect()
}

/// Adds to the file the numbers of the mutants whose lines the compiler refuses.
fn drop_failing(copy: &Path, dropped: &Path) -> Fallible<()> {
    let mut all = numbers(dropped);
    let mut sources: BTreeMap<PathBuf, String> = BTreeMap::new();
    let (mut new, mut unknown) = (0, 0);
    for line in std::io::stdin().lock().lines() {
        let message: serde_json::Value = serde_json::from_str(&line?).unwrap_or_default();
        let message = &message["message"];
        if message["level"] != "error" {
            continue;
        }
        let spans = message["spans"].as_array().cloned().unwrap_or_default();
        let mut found = false;
        for span in spans.iter().filter(|span| span["is_primary"] == true) {
            let file = copy.join(span["file_name"].as_str().unwrap_or_default());
            let Some(line) = span["line_start"].as_u64() else {
                continue;
            };
            let source = match sources.entry(file) {
                std::collections::btree_map::Entry::Occupied(one) => one.into_mut(),
                std::collections::btree_map::Entry::Vacant(one) => {
                    let text = fs::read_to_string(one.key()).unwrap_or_default();
                    one.insert(text)
                }
            };
            let line = source.lines().nth(line as usize - 1).unwrap_or_default();
            for after in line.split("crate::mutant::on(").skip(1) {
                let number = after.split(')').next().and_then(|n| n.parse().ok());
                found |= number.is_some();
                new += usize::from(number.is_some_and(|number| all.insert(number)));
            }
        }
        if !found && !spans.is_empty() {
            unknown += 1;
            eprintln!(
                "no mutant there: {}",
                message["rendered"].as_str().unwrap_or_default()
            );
        }
    }
    let text: Vec<String> = all.iter().map(ToString::to_string).collect();
    fs::write(dropped, text.join("\n"))?;
    println!(
        "{new} more dropped, {} in all, {unknown} errors elsewhere",
        all.len()
    );
    Ok(())
}
