//! `segl open`: opens a message that others made. Shows it, or saves one part where the user says.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Session,
    args::Open,
    cert, files, json,
    output::{Exit, Failure, Output},
    own, pin,
};
use crate::{
    config::Config,
    mail::{cleaned, safe_file_name},
    segl::{
        self, Held, HeldKeys, Layer, Opener, Part, PartError, ReadError, ReadMessage, ReadWarning,
        SignerVerdict, SoftKey, Standing,
    },
    words::{Means, Words},
};

/// Octets of a message at most.
const MAX_OCTETS: usize = 200 << 20;

/// Exit 0: opened, and every signature that is there is good; 1: opened, with a warning or a signature that must not be
/// relied on, or not openable; 2: it could not be tried.
pub(super) fn run(args: &Open, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let config = session.config_if_any()?;
    let given = keys(&args.key, args.key_password_file.as_deref(), session)?;
    let held = held(config.as_ref(), words);
    let openers = given.iter().map(|k| k as &dyn Opener);
    let openers: Vec<&dyn Opener> = openers.chain(held.iter().map(Held::opener)).collect();
    let trust = cert::trust(&args.trust, config.as_ref(), words)?;
    let octets = super::read_file(&args.file, MAX_OCTETS as u64).map_err(|cause| {
        if cause.kind() == io::ErrorKind::FileTooLarge {
            return not_opened(&ReadError::TooLarge { limit: MAX_OCTETS }, words);
        }
        files::unreadable(&args.file, &cause, words)
    })?;
    let at = cert::time(args.at.as_deref(), words)?;
    let read = |octets| segl::read_message(octets, &openers, &trust, at);
    let is_locked = |one: &Held| one.place().is_some_and(|place| place.is_locked());
    // A large message is not held twice where no card could want its PIN.
    let again = held.iter().any(is_locked).then(|| octets.clone());
    let read = match (read(octets), again, &config) {
        (Err(ReadError::KeyAway), Some(octets), Some(config)) => {
            pin::open_all(config, &held, &args.pin, words)?;
            read(octets)
        }
        (read, ..) => read,
    };
    let read = read.map_err(|cause| not_opened(&cause, words))?;
    if let Some(number) = args.part {
        return save(&read, number, args, words);
    }
    session
        .out
        .large(&shape(&read), |words, out| write(&read, words, out));
    Ok(exit(&read))
}

fn not_opened(cause: &ReadError, words: &Words) -> Failure {
    let stop = words.not_opened_mail(cause);
    Failure::refused(cause.code(), stop.what, stop.next)
}

fn exit(read: &ReadMessage) -> Exit {
    let is_clean =
        read.opened.warnings.is_empty() && read.signers.iter().all(SignerVerdict::is_good);
    if is_clean { Exit::Good } else { Exit::Not }
}

/// The keys that are kept or in a token. Where they cannot be had now, that is said, and what does not need them still
/// opens.
pub(super) fn held(config: Option<&Config>, words: &Words) -> Vec<Held> {
    match config.map_or_else(|| Ok(HeldKeys::default()), segl::held_keys) {
        Ok(held) => {
            for cause in &held.faults {
                Output::note(&words.token_module(cause));
            }
            for file in &held.damaged {
                let stop = words.own_damaged(file);
                Output::note(&format!("{} {}", stop.what, stop.next));
            }
            held.keys
        }
        Err(cause) => {
            let detail = words.key(&cause, Means::Nothing).what;
            Output::note(&words.with("own-locked", &[("detail", detail.into())]));
            Vec::new()
        }
    }
}

/// The keys of key files.
pub(super) fn keys(
    files: &[PathBuf],
    password: Option<&Path>,
    session: &Session<'_>,
) -> Result<Vec<SoftKey>, Failure> {
    let words = &session.out.words;
    let password = own::password(password, words)?;
    let mut keys = Vec::new();
    for file in files {
        let octets = files::read(file, segl::MAX_KEY_FILE, words)?;
        let bundle = segl::own_keys(&octets, &password).map_err(|cause| {
            let stop = words.key_file(&cause);
            Failure::new(
                "key-file",
                format!("{}: {}", file.display(), stop.what),
                stop.next,
            )
        })?;
        keys.extend(bundle.keys);
    }
    Ok(keys)
}

/// The part as a new file: never over one that is there. What the mail is worth is said beside it, as a script that
/// saves a file must know whether it may rely on that.
fn save(read: &ReadMessage, number: usize, args: &Open, words: &Words) -> Result<Exit, Failure> {
    let opened = &read.opened;
    let index = number.wrapping_sub(1);
    let part = opened.parts.get(index).ok_or_else(|| {
        let number = [("number", (number as u64).into())];
        Failure::refused("no-such-part", words.with("read-part-missing", &number), "")
    })?;
    if let Some(path) = &args.output {
        segl::save_part(read, index, path).map_err(|cause| match cause {
            PartError::Unreadable(cause) => not_opened(&cause, words),
            cause => files::unwritable(path, &cause, words),
        })?;
    } else {
        let octets = opened.content(part);
        Output::octets(&octets.map_err(|cause| not_opened(&cause, words))?);
    }
    for line in worth(read, words) {
        Output::note(&line);
    }
    Ok(exit(read))
}

/// The shape of the contract; the text is not copied for it.
#[derive(Serialize)]
struct Shape<'a> {
    #[serde(flatten)]
    rest: Value,
    text: &'a str,
}

fn shape(read: &ReadMessage) -> Shape<'_> {
    let opened = &read.opened;
    let head = &opened.head;
    let hidden = head.protection;
    let rest = json!({
        "layers": opened.layers.iter().map(layer).collect::<Vec<_>>(),
        "signers": read.signers.iter().map(signer).collect::<Vec<_>>(),
        "decrypted_with": opened.decrypted_with.map(|f| f.to_string()),
        "from": head.from,
        "to": head.to,
        "cc": head.cc,
        "date": head.date.map(|d| d.to_string()),
        "subject": head.subject,
        "protected": {
            "subject": hidden.map(|_| head.subject.as_str()),
            "signed": hidden.is_some_and(|p| p.is_signed),
            "encrypted": hidden.is_some_and(|p| p.is_encrypted),
            "subject_hidden": hidden.is_some_and(|p| p.is_subject_hidden),
        },
        "parts": opened.parts.iter().map(part).collect::<Vec<_>>(),
        "warnings": opened.warnings.iter().map(|w| json!({ "code": w.code() })).collect::<Vec<_>>(),
    });
    Shape {
        rest,
        text: &opened.text,
    }
}

fn layer(layer: &Layer) -> Value {
    match layer {
        Layer::Encrypted {
            cipher,
            readers,
            key_management,
        } => json!({
            "kind": "encrypted", "cipher": cipher.name(), "authenticated": cipher.is_authenticated(),
            "readers": readers, "key_management": key_management,
        }),
        Layer::Signed {
            is_detached,
            signers,
        } => {
            json!({ "kind": "signed", "detached": is_detached, "signers": signers })
        }
        Layer::Compressed => json!({ "kind": "compressed" }),
    }
}

fn signer(signer: &SignerVerdict) -> Value {
    let mut problems: Vec<Value> = signer
        .faults
        .iter()
        .map(|fault| json!({ "code": fault.code() }))
        .collect();
    if let Value::Array(more) = json::problems(&signer.problems) {
        problems.extend(more);
    }
    if signer.certificate.is_some() && signer.address.is_none() {
        problems.push(json!({ "code": "from-mismatch" }));
    }
    if signer.is_ahead {
        problems.push(json!({ "code": "signed-in-the-future" }));
    }
    json!({
        "sha256": signer.certificate.as_ref().map(|c| c.sha256().to_string()),
        "subject": signer.certificate.as_ref().map(|c| c.facts().subject.as_str()),
        "address": signer.address,
        "layer": signer.layer,
        "signed_at": signer.signed_at.map(|t| t.to_string()),
        "problems": problems,
    })
}

fn part(part: &Part) -> Value {
    json!({
        "type": part.media,
        "name": part.name.as_deref().map(safe_file_name),
        "size": part.octets,
        "text": part.is_text,
    })
}

/// What a person reads: verdicts first, then the files, then the mail's own text with a mark before each line.
fn write(read: &ReadMessage, words: &Words, out: &mut dyn Write) -> io::Result<()> {
    for line in lines(read, words) {
        writeln!(out, "{line}")?;
    }
    let text = read.opened.text.trim_end();
    let hidden: usize = pieces(text).map(|piece| cleaned(piece).1).sum();
    if hidden > 0 {
        let count = [("count", hidden.into())];
        writeln!(out, "{}", words.with("read-hidden", &count))?;
    }
    if !text.is_empty() {
        writeln!(out)?;
    }
    let mut is_within = false;
    for piece in pieces(text) {
        for line in cleaned(piece).0.split_inclusive('\n') {
            if !is_within {
                out.write_all(BESIDE.as_bytes())?;
            }
            out.write_all(line.as_bytes())?;
            is_within = !line.ends_with('\n');
        }
    }
    if is_within { writeln!(out) } else { Ok(()) }
}

/// A text may be as large as a mail, in one line: it is cleaned a piece at a time.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    const PIECE: usize = 64 << 10;
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        rest = after;
        Some(piece).filter(|piece| !piece.is_empty())
    })
}

fn lines(read: &ReadMessage, words: &Words) -> Vec<String> {
    let opened = &read.opened;
    let head = &opened.head;
    let mut lines = Vec::new();
    let date = head.date.map(|at| words.moment(at)).unwrap_or_default();
    let fields = [
        ("read-from", &head.from),
        ("read-to", &head.to),
        ("read-cc", &head.cc),
        ("read-date", &date),
        ("read-subject", &head.subject),
    ];
    for (key, text) in fields {
        if !text.is_empty() {
            lines.push(words.with(key, &[("text", one_line(text).into())]));
        }
    }
    if head.protection.is_some_and(|p| p.is_subject_hidden) {
        lines.push(words.say("read-subject-hidden"));
    }
    lines.extend(worth(read, words));
    for (part, number) in opened.parts.iter().zip(1_u64..) {
        if part.is_text {
            continue;
        }
        let name = part
            .name
            .as_deref()
            .map_or_else(|| words.say("read-part-nameless"), safe_file_name);
        let args = [
            ("number", number.into()),
            ("name", name.into()),
            ("media", one_line(&part.media).into()),
            ("size", words.size(part.octets).into()),
        ];
        lines.push(words.with("read-part", &args));
    }
    lines
}

/// What the mail is worth: its layers, each signature, and what must be known besides.
fn worth(read: &ReadMessage, words: &Words) -> Vec<String> {
    let opened = &read.opened;
    let warnings = &opened.warnings;
    let mut lines = Vec::new();
    // What protects in a way that Segl does not read has a warning that says so.
    let is_other = warnings.contains(&ReadWarning::OtherProtection);
    if opened.layers.is_empty() && !is_other {
        lines.push(words.say("read-not-protected"));
    } else if opened.head.protection.is_none() && !opened.layers.is_empty() {
        lines.push(words.say("read-head-outside"));
    }
    lines.extend(opened.layers.iter().map(|l| words.layer(l)));
    for signer in &read.signers {
        lines.extend(words.signer(signer, &opened.head));
        if let Some(at) = signer.signed_at {
            let when = [("when", words.moment(at).into())];
            lines.push(words.with("read-signer-when", &when));
        }
    }
    // Of one that notices no alteration its own warning says it.
    if read.standing() == Standing::Encrypted
        && read.signers.is_empty()
        && !warnings.contains(&ReadWarning::Unauthenticated)
    {
        lines.push(words.say("read-is-encrypted"));
    }
    lines.extend(warnings.iter().map(|w| words.read_warning(*w)));
    if read.standing() == Standing::Doubtful {
        lines.push(words.say("read-next-doubtful"));
    }
    lines
}

/// Stands before each line of the mail's own text, so that none of them can pass for one of Segl's.
const BESIDE: &str = "| ";

/// The same on one line, without runs of blanks that would end it on a line of its own where a terminal folds it. What
/// acts on a terminal or turns the reading direction becomes visible in the sentence that it stands in.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
