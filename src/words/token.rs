//! Words for own keys in cards and USB keys.

use super::{Stop, Words, stop::Means};
use crate::{
    keys::{PinTries, Token, TokenError, TokenState},
    segl::TokenPlace,
};

impl Words {
    /// Where an own key is, and how that stands.
    pub fn token_place(&self, place: &TokenPlace) -> String {
        let key = match &place.state {
            TokenState::Ready => "token-place-ready",
            TokenState::Locked { .. } => "token-place-locked",
            TokenState::Absent => "token-place-absent",
            TokenState::Unreachable(_) => "token-place-unreachable",
        };
        let label = [("label", place.token.label.as_str().into())];
        let line = self.with(key, &label);
        match self.tries(place) {
            Some(warning) => format!("{line} {warning}"),
            None => line,
        }
    }

    /// That one try is left, or none.
    fn tries(&self, place: &TokenPlace) -> Option<String> {
        let TokenState::Locked { tries, .. } = &place.state else {
            return None;
        };
        match tries {
            PinTries::Fine | PinTries::Few => None,
            PinTries::Last => Some(self.say("token-tries-last")),
            PinTries::None => Some(self.say("token-tries-none")),
        }
    }

    /// What is wrong with the token of an own certificate; none where nothing is.
    pub(super) fn token_fault(&self, place: &TokenPlace) -> Option<String> {
        match &place.state {
            TokenState::Ready => None,
            TokenState::Locked { .. } => self.tries(place),
            TokenState::Absent => Some(self.token(&place.token, &TokenError::Absent).what),
            TokenState::Unreachable(cause) => Some(self.token(&place.token, cause).what),
        }
    }

    /// Why a token did not do its part, where no mail was about to leave.
    pub fn token(&self, token: &Token, cause: &TokenError) -> Stop {
        self.token_meaning(token, cause, Means::Nothing)
    }

    pub(super) fn token_meaning(&self, token: &Token, cause: &TokenError, means: Means) -> Stop {
        let is_sending = matches!(means, Means::NothingSent);
        let (what, next) = match cause {
            TokenError::Module { module, detail } => {
                let args = [
                    ("module", module.display().to_string().into()),
                    ("detail", detail.as_str().into()),
                ];
                return self.stop_meaning("token-module", &args, means, "next-it");
            }
            TokenError::Refused(detail) => {
                let args = [
                    ("label", token.label.as_str().into()),
                    ("detail", detail.as_str().into()),
                ];
                return self.stop_meaning("token-refused", &args, means, "token-next-again");
            }
            TokenError::Absent if is_sending => ("token-absent", "token-next-insert"),
            TokenError::Absent => ("token-absent-any", "token-next-insert"),
            TokenError::Locked if is_sending => ("token-locked", "token-next-pin"),
            TokenError::Locked => ("token-locked-any", "token-next-pin"),
            TokenError::Late => ("token-late", "token-next-again"),
            TokenError::WrongPin(PinTries::None) => ("token-blocked", "token-next-issuer"),
            TokenError::WrongPin(PinTries::Last) => {
                ("token-wrong-pin-last", "token-next-pin-again")
            }
            TokenError::WrongPin(_) => ("token-wrong-pin", "token-next-pin-again"),
            TokenError::PinLength => ("token-pin-length", "token-next-pin-again"),
            TokenError::PinExpired => ("token-pin-expired", "token-next-change-pin"),
            TokenError::NoKey => ("token-no-key", "next-it"),
            TokenError::PinEachTime => ("token-pin-each-time", "next-it"),
        };
        let args = [("label", token.label.as_str().into())];
        self.stop_meaning(what, &args, means, next)
    }

    /// What is wrong with the programs of cards and USB keys.
    pub fn token_module(&self, cause: &TokenError) -> String {
        let nameless = Token {
            label: String::new(),
            serial: String::new(),
        };
        self.token(&nameless, cause).what
    }

    /// What the window asks for, and a warning where it is the last try.
    pub fn pin_asked(&self, place: &TokenPlace) -> (String, Option<String>) {
        let (question, warning) = self.pin_question(place);
        let on_reader = matches!(
            place.state,
            TokenState::Locked {
                on_reader: true,
                ..
            }
        );
        if on_reader {
            return (question, warning);
        }
        let label = [("label", place.token.label.as_str().into())];
        let warning = warning.or_else(|| self.tries(place));
        (self.with("ask-pin", &label), warning)
    }

    /// What stands before the place where the PIN is typed, and a warning where it is the last try.
    pub fn pin_question(&self, place: &TokenPlace) -> (String, Option<String>) {
        let label = [("label", place.token.label.as_str().into())];
        let (is_last, on_reader) = match &place.state {
            TokenState::Locked { tries, on_reader } => (*tries == PinTries::Last, *on_reader),
            _ => (false, false),
        };
        let question = if on_reader {
            "token-pin-on-reader"
        } else {
            "token-pin-prompt"
        };
        let warning = is_last.then(|| self.with("token-pin-last", &label));
        (self.with(question, &label), warning)
    }
}
