//! `segl password` and `segl keys`: secrets come from standard input, never from arguments.

use std::{
    fs::OpenOptions,
    io::{self, BufRead as _, Write as _},
    path::Path,
};

use serde_json::json;

use super::{
    Session,
    args::{Keys, Password as PasswordVerb},
    output::{Exit, Failure},
};
use crate::{
    config::Config,
    keys::{self, ExportError, KeyError, KeySource, Password},
    words::{Means, Words},
};

/// Puts a password into the keyring, or takes it out.
pub(super) fn password(verb: &PasswordVerb, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let config = session.config()?;
    let (PasswordVerb::Set { name } | PasswordVerb::Delete { name }) = verb;
    if name != "submission" && !config.directories.iter().any(|d| d.name == *name) {
        return Err(Failure::new(
            "name",
            words.with("keys-unknown-name", &[("name", name.as_str().into())]),
            "",
        ));
    }
    let source = source(&config);
    let done = match verb {
        PasswordVerb::Set { .. } => keys::set_password(name, &typed(words)?, &source),
        PasswordVerb::Delete { .. } => keys::delete_password(name, &source),
    };
    done.map_err(|e| failed(&e, words))?;
    session
        .out
        .result(&json!({ "name": name }), |words| words.say("keys-done"));
    Ok(Exit::Good)
}

/// Backs up or restores the key of drafts, sent copies and send log.
pub(super) fn backup(verb: &Keys, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let config = session.config()?;
    let source = source(&config);
    match verb {
        Keys::Export { file } => {
            let key = keys::obtain(&config.data, &source).map_err(|e| failed(&e, words))?;
            let octets =
                keys::export_keys(&key, &typed(words)?).map_err(|e| not_exported(&e, words))?;
            write_new(file, &octets)
                .map_err(|e| file_failure(file, &e, "cli-file-unwritable", words))?;
        }
        Keys::Restore { file } => {
            let octets = super::read_file(file, 1 << 20)
                .map_err(|e| file_failure(file, &e, "cli-file-unreadable", words))?;
            let key =
                keys::restore_keys(&octets, &typed(words)?).map_err(|e| not_exported(&e, words))?;
            key.keep(&config.data, &source)
                .map_err(|e| failed(&e, words))?;
        }
    }
    session
        .out
        .result(&json!({}), |words| words.say("keys-done"));
    Ok(Exit::Good)
}

fn source(config: &Config) -> KeySource {
    config
        .key_file
        .clone()
        .map_or(KeySource::Keyring, KeySource::File)
}

/// The first line of standard input.
fn typed(words: &Words) -> Result<Password, Failure> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    match read {
        Ok(_) if !password.is_empty() => Ok(Password::new(password)),
        _ => Err(Failure::new("password", words.say("keys-no-password"), "")),
    }
}

fn write_new(file: &Path, octets: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut made = options.open(file)?;
    made.write_all(octets)?;
    made.sync_all()
}

fn failed(cause: &KeyError, words: &Words) -> Failure {
    let stop = words.key(cause, Means::Nothing);
    Failure::new("key", stop.what, stop.next)
}

fn not_exported(cause: &ExportError, words: &Words) -> Failure {
    let key = match cause {
        ExportError::EmptyPassword => "keys-no-password",
        ExportError::NotAKeyFile => "keys-not-a-file",
        ExportError::Newer { .. } => "keys-newer",
        ExportError::WrongPassword => "keys-wrong-password",
        ExportError::Key(cause) => return failed(cause, words),
    };
    Failure::new("key-file", words.say(key), "")
}

fn file_failure(file: &Path, cause: &io::Error, key: &str, words: &Words) -> Failure {
    let args = [
        ("file", file.display().to_string().into()),
        ("detail", cause.to_string().into()),
    ];
    Failure::new("file", words.with(key, &args), "")
}
