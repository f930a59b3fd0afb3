//! `segl password` and `segl keys`: secrets come from standard input, never from arguments.

use std::io::{self, BufRead as _};

use serde_json::json;

use super::{
    Session,
    args::{Keys, Password as PasswordVerb},
    files,
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
    if name != "submission"
        && name != "relay"
        && !config.directories.iter().any(|d| d.name == *name)
    {
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
            files::write_new(file, &octets)
                .map_err(|e| about_file(files::unwritable(file, &e, words)))?;
        }
        Keys::Restore { file } => {
            let octets = files::read(file, 1 << 20, words).map_err(about_file)?;
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
    let password = files::unmarked(&line).trim_end_matches(['\r', '\n']);
    let password = password.to_owned();
    match read {
        Ok(_) if !password.is_empty() => Ok(Password::new(password)),
        _ => Err(Failure::new("password", words.say("keys-no-password"), "")),
    }
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

/// The code that scripts know from these verbs.
fn about_file(failure: Failure) -> Failure {
    Failure {
        code: "file".to_owned(),
        ..failure
    }
}
