//! `segl seal`: encrypts a message in one pass. Sends and records nothing.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use super::{
    Session,
    args::Seal,
    cert, files,
    output::{Exit, Failure, Output},
};
use crate::{
    decide::{Assessment, Status},
    mail::Address,
    segl::{self, Ask},
    words::Words,
};

/// Encrypts the message for all readers, or writes nothing.
pub(super) fn run(args: &Seal, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let readers = args
        .to
        .iter()
        .map(|t| super::mailbox(t, words).map(|m| m.address))
        .collect::<Result<Vec<_>, _>>()?;
    let assessments = if args.cert.is_empty() {
        looked_up(&readers, args, session)?
    } else {
        given(&readers, args, session)?
    };
    let without: Vec<_> = assessments
        .iter()
        .filter(|a| a.status() != Status::Usable)
        .collect();
    if !without.is_empty() {
        let lines: Vec<String> = without
            .iter()
            .map(|a| format!("{}: {}", a.address().given(), words.why_red(a).sentence))
            .collect();
        return Err(Failure::refused(
            "not-usable",
            lines.join("\n"),
            words.say("cli-nothing-written"),
        ));
    }
    let rules = session
        .config_if_any()?
        .map(|c| c.sealing)
        .unwrap_or_default();
    let mut input = input(args.input.as_deref()).map_err(|e| {
        let file = args.input.as_deref().unwrap_or(Path::new("-"));
        files::unreadable(file, &e, words)
    })?;
    let is_file = |path: &&Path| *path != Path::new("-");
    let dropped = match args.output.as_deref().filter(is_file) {
        None => {
            let mut out = io::stdout();
            segl::seal(&mut input, &mut out, &assessments, rules)
                .map_err(|e| failed(&e, session))?
        }
        Some(path) => {
            let mut target =
                Target::beside(path).map_err(|e| files::unwritable(path, &e, words))?;
            let dropped = segl::seal(&mut input, &mut target.file, &assessments, rules)
                .map_err(|e| failed(&e, session))?;
            target
                .keep()
                .map_err(|e| files::unwritable(path, &e, words))?;
            dropped
        }
    };
    tell_dropped(&dropped, words);
    Ok(Exit::Good)
}

fn looked_up(
    readers: &[Address],
    args: &Seal,
    session: &Session<'_>,
) -> Result<Vec<Assessment>, Failure> {
    let mut segl = session.segl()?;
    cert::adjust(segl.trust_mut(), &args.trust, &session.out.words)?;
    let mut found = Vec::new();
    for reader in readers {
        found.push(session.run(segl.assess(reader, Ask::IfNotFresh, super::CLOCK))?);
    }
    Ok(found)
}

/// Candidates from files: the same checks, and no network.
fn given(
    readers: &[Address],
    args: &Seal,
    session: &Session<'_>,
) -> Result<Vec<Assessment>, Failure> {
    for file in &args.cert {
        // A file that is not there holds no certificate because somebody mistyped its name, not because nobody has one.
        std::fs::metadata(file).map_err(|e| files::unreadable(file, &e, &session.out.words))?;
    }
    let config = session.config_if_any()?;
    let trust = cert::trust(&args.trust, config.as_ref(), &session.out.words)?;
    let mut found = Vec::new();
    for reader in readers {
        found.push(session.run(segl::assess_files(&trust, &args.cert, reader, super::now()))?);
    }
    Ok(found)
}

fn input(path: Option<&Path>) -> io::Result<Box<dyn Read>> {
    match path {
        Some(path) if path != Path::new("-") => Ok(Box::new(File::open(path)?)),
        _ => Ok(Box::new(io::stdin().lock())),
    }
}

/// A file beside the wanted one that takes its name when it is whole, and is gone otherwise.
struct Target {
    file: File,
    made: PathBuf,
    wanted: PathBuf,
    is_kept: bool,
}

impl Target {
    fn beside(wanted: &Path) -> io::Result<Self> {
        let mut name = wanted
            .file_name()
            .ok_or(io::ErrorKind::InvalidInput)?
            .to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let made = wanted.with_file_name(name);
        let file = files::made(&made)?;
        Ok(Self {
            file,
            made,
            wanted: wanted.to_owned(),
            is_kept: false,
        })
    }

    fn keep(mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.sync_all()?;
        std::fs::rename(&self.made, &self.wanted)?;
        self.is_kept = true;
        Ok(())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if !self.is_kept {
            // What is left is ciphertext that nobody asked for; that it cannot be removed changes nothing else.
            let _left = std::fs::remove_file(&self.made);
        }
    }
}

fn failed(cause: &segl::SealFailure, session: &Session<'_>) -> Failure {
    let words = &session.out.words;
    let stop = words.not_sealed(cause);
    let nothing = words.say("cli-nothing-written");
    Failure::new("seal", format!("{} {nothing}", stop.what), stop.next)
}

/// What whoever receives the message would have to know from elsewhere.
fn tell_dropped(dropped: &[String], words: &Words) {
    if !dropped.is_empty() {
        let mut names: Vec<&str> = Vec::new();
        for name in dropped {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        let fields = [("fields", names.join(", ").into())];
        Output::note(&words.with("cli-seal-dropped", &fields));
    }
}
