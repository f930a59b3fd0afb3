//! The PIN of a card or USB key: typed in the terminal without showing it, or from a file.
//!
//! A PIN is given to the token once. After a wrong one it is asked for anew, never tried again: three wrong ones lock a
//! card. One from a file is tried once in a run.

use std::path::Path;

use zeroize::Zeroizing;

use super::{
    args::PinFrom,
    output::{Failure, Output},
    own,
};
use crate::{
    config::Config,
    keys::{Pin, PinTries, TokenError, TokenState},
    mail::Address,
    segl::{self, Held, Segl, TokenPlace},
    words::{Stop, Words},
};

/// Opens the token that signs mail from this address, where one does and it is there and closed. One that is away stops
/// the sending by itself.
pub(super) fn open_signing(
    segl: &Segl,
    from: &Address,
    pin: &PinFrom,
    words: &Words,
) -> Result<(), Failure> {
    match segl.own_identity(from, super::now()).token {
        Some(place) if place.is_locked() => open(segl.config(), &place, pin, words),
        _ => Ok(()),
    }
}

/// Opens every token that is there and closed.
pub(super) fn open_all(
    config: &Config,
    held: &[Held],
    pin: &PinFrom,
    words: &Words,
) -> Result<(), Failure> {
    let mut asked = Vec::new();
    for place in held.iter().filter_map(Held::place) {
        if place.is_locked() && !asked.contains(&place.token) {
            open(config, &place, pin, words)?;
            asked.push(place.token);
        }
    }
    Ok(())
}

fn open(config: &Config, place: &TokenPlace, pin: &PinFrom, words: &Words) -> Result<(), Failure> {
    let failure = |cause: &TokenError| {
        let stop = words.token(&place.token, cause);
        Failure::new(code(cause), stop.what, stop.next)
    };
    let mut place = place.clone();
    loop {
        let TokenState::Locked { tries, on_reader } = place.state else {
            return Ok(());
        };
        if tries == PinTries::None {
            return Err(failure(&TokenError::WrongPin(tries)));
        }
        let (question, warning) = words.pin_question(&place);
        if let Some(warning) = warning {
            Output::note(&warning);
        }
        let given = if on_reader {
            Output::note(&question);
            None
        } else {
            let typed = match &pin.pin_file {
                Some(file) => from_file(file, words)?,
                None => from_terminal(&question).ok_or_else(|| {
                    let next = words.say("token-next-pin-file");
                    let what = words.token(&place.token, &TokenError::Locked).what;
                    Failure::new("token-locked", what, next)
                })?,
            };
            Some(Pin::new(typed))
        };
        match segl::unlock(config, &place.token, given) {
            Ok(()) => return Ok(()),
            Err(cause @ (TokenError::WrongPin(_) | TokenError::PinLength))
                if pin.pin_file.is_none() && !on_reader =>
            {
                let Stop { what, next } = words.token(&place.token, &cause);
                if cause == TokenError::WrongPin(PinTries::None) {
                    return Err(failure(&cause));
                }
                Output::note(&format!("{what} {next}"));
                if let TokenError::WrongPin(tries) = cause {
                    place.state = TokenState::Locked { tries, on_reader };
                }
            }
            Err(cause) => return Err(failure(&cause)),
        }
    }
}

fn from_file(file: &Path, words: &Words) -> Result<Zeroizing<String>, Failure> {
    own::password(Some(file), words)
}

/// None where there is no terminal, or nothing was typed.
fn from_terminal(question: &str) -> Option<Zeroizing<String>> {
    let typed = rpassword::prompt_password(question).ok()?;
    let typed = Zeroizing::new(typed);
    (!typed.is_empty()).then_some(typed)
}

/// A code for scripts.
fn code(cause: &TokenError) -> &'static str {
    match cause {
        TokenError::WrongPin(PinTries::None) => "token-blocked",
        TokenError::WrongPin(_) | TokenError::PinLength => "wrong-pin",
        TokenError::Locked => "token-locked",
        _ => "token",
    }
}
