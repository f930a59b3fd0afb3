//! `segl cert import`, `list`, `test` and `export`: the user's own keys and certificates.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{
    Session,
    args::{CertExport, CertImport, CertRestore},
    files, json, others,
    output::{Exit, Failure, Output},
};
use crate::{
    keys::{KeyError, OwnKeys},
    segl::{
        self, BackUpError, Held, MAX_KEY_FILE, Opener, OwnKey, OwnTest, OwnVerdict, Pkcs12Error,
        Segl, TakeInError,
    },
    words::{Means, Words, grouped},
};

/// Octets of a password at most.
const MAX_PASSWORD: u64 = 1024;

/// Keeps the keys of a file for ever. Exit 0 where all are kept, also where they were before.
pub(super) fn import(args: &CertImport, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let segl = session.segl()?;
    let octets = Zeroizing::new(files::read(&args.file, others::MAX_OCTETS, words)?);
    let password = password(args.password_file.as_deref(), words)?;
    let segl::TakenIn { own, new } = match segl.take_in(&octets, &password) {
        Ok(taken) => taken,
        // Certificates without a key, or no key file at all, may be somebody else's.
        Err(
            TakeInError::NoKey | TakeInError::File(Pkcs12Error::NoKey | Pkcs12Error::Broken(_)),
        ) if segl::is_offer(&octets) => {
            return others::import(args, &octets, &segl, session);
        }
        Err(cause) => {
            let stop = words.not_taken_in(&cause);
            return Err(Failure::new(code(&cause), stop.what, stop.next));
        }
    };
    recoverable(&segl, own.len(), words)?;
    ask_about(&segl, session)?;
    let verdicts = segl.test_own(super::now()).map_err(|e| no_key(&e, words))?;
    let verdicts = verdicts.verdicts;
    let is_imported = |v: &&OwnVerdict| own.iter().any(|o| *o.certificate() == v.certificate);
    let imported: Vec<&OwnVerdict> = verdicts.iter().filter(is_imported).collect();
    let rows: Vec<Value> = imported.iter().map(|v| value(v)).collect();
    session
        .out
        .result(&json!({ "imported": new, "certificates": rows }), |words| {
            let count = i64::try_from(own.len()).unwrap_or(i64::MAX);
            let mut lines = vec![words.with("own-imported", &[("count", count.into())])];
            lines.extend(imported.iter().map(|v| words.own_certificate(v)));
            lines.push(words.say("own-import-backup"));
            lines.join("\n\n")
        });
    Ok(Exit::Good)
}

/// Shows every own certificate, and what it is used for; then those of others that were taken in.
pub(super) fn list(session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let segl = session.segl()?;
    let tested = segl.test_own(super::now()).map_err(|e| no_key(&e, words))?;
    let others = others::kept(&segl, words)?;
    let rows: Vec<Value> = tested.verdicts.iter().map(value).collect();
    let result = json!({
        "certificates": rows, "errors": faults(&tested, words), "others": others::values(&others),
    });
    session.out.result(&result, |words| {
        let own = tested.verdicts.iter();
        let mut texts: Vec<String> = own.map(|v| words.own_certificate(v)).collect();
        if texts.is_empty() {
            texts.push(words.say("own-none"));
        }
        texts.extend(others::texts(&others, words));
        texts.join("\n\n")
    });
    Ok(Exit::Good)
}

/// Shows the own ones with all that is wrong, as the authorities say now; exit 1 where something is.
pub(super) fn test(session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let segl = session.segl()?;
    ask_about(&segl, session)?;
    let tested = segl.test_own(super::now()).map_err(|e| no_key(&e, words))?;
    let rows: Vec<Value> = tested.verdicts.iter().map(value).collect();
    let result = json!({ "certificates": rows, "errors": faults(&tested, words) });
    session.out.result(&result, |words| {
        if tested.verdicts.is_empty() {
            return words.say("own-none");
        }
        let texts = tested.verdicts.iter().map(|v| {
            let mut lines = vec![words.own_certificate(v)];
            lines.extend(words.own_faults(v));
            if v.is_good() {
                lines.push(words.say("own-good"));
            }
            lines.join("\n")
        });
        texts.collect::<Vec<_>>().join("\n\n")
    });
    let is_whole = tested.faults.is_empty() && tested.damaged.is_empty();
    let is_good = is_whole && tested.verdicts.iter().all(OwnVerdict::is_good);
    Ok(if is_good { Exit::Good } else { Exit::Not })
}

/// What keeps tokens from being looked at, and kept keys from being read: told, and handed back for the result.
fn faults(tested: &OwnTest, words: &Words) -> Vec<Value> {
    let tokens = tested
        .faults
        .iter()
        .map(|cause| ("token", words.token_module(cause)));
    let damaged = tested.damaged.iter().map(|file| {
        let stop = words.own_damaged(file);
        ("own-key", format!("{} {}", stop.what, stop.next))
    });
    let errors = tokens.chain(damaged).map(|(code, message)| {
        Output::note(&message);
        json!({ "code": code, "message": message })
    });
    errors.collect()
}

/// Writes a key with its certificates to a new PKCS #12 file.
pub(super) fn export(args: &CertExport, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let segl = session.segl()?;
    let password = password(Some(&args.password_file), words)?;
    if password.is_empty() {
        let stop = words.not_backed_up(&BackUpError::NoPassword);
        return Err(Failure::new("password", stop.what, stop.next));
    }
    let OwnKeys { keys: own, damaged } = segl.own().map_err(|e| no_key(&e, words))?;
    let wanted = args.sha256.to_ascii_lowercase().replace([' ', ':'], "");
    // Each file has the fingerprint for its name.
    let is_wanted = |file: &&PathBuf| {
        let name = file.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(&wanted))
    };
    if let Some(file) = damaged.into_iter().find(|file| is_wanted(&file)) {
        return Err(no_key(&KeyError::Damaged { file }, words));
    }
    let matching: Vec<&OwnKey> = own
        .iter()
        .filter(|o| o.certificate().sha256().to_string().starts_with(&wanted))
        .collect();
    let [one] = matching[..] else {
        let next = words.say("own-export-next-list");
        return Err(Failure::refused(
            "no-such-certificate",
            words.say("own-export-which"),
            next,
        ));
    };
    let octets = one.to_pkcs12(&password).map_err(|cause| {
        let stop = words.not_backed_up(&cause.into());
        Failure::new("key-file", stop.what, stop.next)
    })?;
    files::write_new(&args.output, &octets)
        .map_err(|e| files::unwritable(&args.output, &e, words))?;
    let sha256 = one.certificate().sha256().to_string();
    session.out.result(&json!({ "sha256": sha256 }), |words| {
        words.with("own-exported", &[("fingerprint", grouped(&sha256).into())])
    });
    Ok(Exit::Good)
}

/// Keeps the keys of a file of the recovery folder.
pub(super) fn restore(args: &CertRestore, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let segl = session.segl()?;
    let with = super::open::keys(&args.key, args.key_password_file.as_deref(), session)?;
    let with: Vec<&dyn Opener> = with.iter().map(|k| k as &dyn Opener).collect();
    let octets = files::read(&args.file, MAX_KEY_FILE, words)?;
    let restored = segl.restore(octets, &with, super::now());
    let restored = restored.map_err(|cause| {
        let stop = words.not_restored(&cause);
        Failure::refused("not-restored", stop.what, stop.next)
    })?;
    recoverable(&segl, restored.len(), words)?;
    let all = restored
        .iter()
        .map(|own| own.certificate().sha256().to_string());
    let all: Vec<String> = all.collect();
    session.out.result(&json!({ "restored": all }), |words| {
        let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
        words.with("own-imported", &[("count", count.into())])
    });
    Ok(Exit::Good)
}

/// Asks the authorities about own certificates, where nothing of today is known.
fn ask_about(segl: &Segl, session: &Session<'_>) -> Result<(), Failure> {
    let own = segl.rests_on();
    let own = own.map_err(|e| no_key(&e, &session.out.words))?;
    session.run(segl.look_up_own(&own, super::now()))?;
    Ok(())
}

/// Seals what is kept for IT to recover, where the settings want it. That so many keys are kept now is true all the same
/// where it fails, and said.
fn recoverable(segl: &Segl, kept: usize, words: &Words) -> Result<(), Failure> {
    let made = segl.seal_for_recovery(super::now()).map_err(|cause| {
        let stop = words.kept_not_recoverable(kept, &cause);
        Failure::new("recovery", stop.what, stop.next)
    })?;
    if made > 0 {
        let args = [
            ("count", i64::try_from(made).unwrap_or(i64::MAX).into()),
            (
                "folder",
                segl.recovery_folder().display().to_string().into(),
            ),
        ];
        Output::note(&words.with("recovery-made", &args));
    }
    Ok(())
}

/// Forgets a card or USB key: mail is no longer held back for it.
pub(super) fn forget(token: &str, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let segl = session.segl()?;
    let held = segl.held_keys().map_err(|e| no_key(&e, words))?.keys;
    let places = held.iter().filter_map(Held::place);
    let named = places
        .map(|place| place.token)
        .find(|t| t.serial == token || t.label == token);
    let Some(named) = named else {
        let next = words.say("own-export-next-list");
        return Err(Failure::refused(
            "no-such-token",
            words.say("token-none"),
            next,
        ));
    };
    let count = segl.forget_token(&named).map_err(|e| no_key(&e, words))?;
    session.out.result(&json!({ "forgotten": count }), |words| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        words.with("token-forgotten", &[("count", count.into())])
    });
    Ok(Exit::Good)
}

fn value(verdict: &OwnVerdict) -> Value {
    let mut value = json::certificate(&verdict.certificate);
    let senders = verdict.senders.iter().map(|s| s.given().to_owned());
    value["state"] = verdict.state.code().into();
    value["senders"] = senders.collect::<Vec<_>>().into();
    value["signing"] = json!({ "problems": json::problems(&verdict.signing) });
    value["reading"] = json!({ "problems": json::problems(&verdict.reading) });
    value["ends_within_days"] = verdict.ends_within.into();
    value["chain_ends"] = verdict.chain_ends.map(|t| t.to_string()).into();
    value["remark"] = verdict.remark.map(segl::OwnRemark::code).into();
    value["token"] = verdict.place.as_ref().map_or(Value::Null, |place| {
        json!({
            "label": place.token.label, "serial": place.token.serial, "state": place.state.code(),
        })
    });
    value
}

/// A password from a file; none is the empty one, which some key files have.
pub(super) fn password(file: Option<&Path>, words: &Words) -> Result<Zeroizing<String>, Failure> {
    let Some(file) = file else {
        return Ok(Zeroizing::default());
    };
    let octets = files::read(file, MAX_PASSWORD, words)?;
    let text = String::from_utf8(octets).map_err(|e| files::unreadable(file, &e, words))?;
    let text = Zeroizing::new(text);
    let password = files::unmarked(&text).trim_end_matches(['\r', '\n']);
    if password.contains('\0') {
        let (what, next) = (words.say("password-nul"), words.say("password-next-nul"));
        return Err(Failure::new("password", what, next));
    }
    Ok(Zeroizing::new(password.to_owned()))
}

fn code(cause: &TakeInError) -> &'static str {
    match cause {
        TakeInError::Read(_) => "file-unreadable",
        TakeInError::File(_) => "key-file",
        TakeInError::NoKey => "no-key",
        TakeInError::Key(_) => "key",
    }
}

fn no_key(cause: &KeyError, words: &Words) -> Failure {
    let stop = words.key(cause, Means::Nothing);
    Failure::new("key", stop.what, stop.next)
}
