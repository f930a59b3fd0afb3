//! Words for what stops a message: what happened, what it means for the message, what to do next.

use super::{Arg, Words};
use crate::config::ConfigError;

/// A stop in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// What happened, and what it means for the message.
    pub what: String,
    /// What to do.
    pub next: String,
}

/// What a stop means for the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// It was about to be sent, and was not.
    NothingSent,
    /// The draft lies in memory only, until the program ends.
    DraftInMemory,
    /// It is not about a message.
    Nothing,
}

impl Words {
    /// A stop before anything left: what happened, that nothing was sent, and what to do.
    pub(super) fn stop(&self, what: &str, args: &[(&str, Arg<'_>)], next: &str) -> Stop {
        self.stop_meaning(what, args, Means::NothingSent, next)
    }

    /// A stop with what it means.
    pub(super) fn stop_meaning(
        &self,
        what: &str,
        args: &[(&str, Arg<'_>)],
        means: Means,
        next: &str,
    ) -> Stop {
        let what = self.with(what, args);
        let what = match means {
            Means::NothingSent => format!("{what} {}", self.say("means-nothing-sent")),
            Means::DraftInMemory => format!("{what} {}", self.say("means-in-memory")),
            Means::Nothing => what,
        };
        Stop {
            what,
            next: self.with(next, args),
        }
    }

    /// Words for settings that cannot be used.
    pub fn settings(&self, cause: &ConfigError) -> Stop {
        let file = |file: &std::path::Path| ("file", file.display().to_string().into());
        let at = |line: &usize| ("line", line.to_string().into());
        let (what, next) = match cause {
            ConfigError::Missing(path) => (
                self.with("settings-missing", &[file(path)]),
                "next-settings-missing",
            ),
            ConfigError::Unreadable { file: path, cause } => (
                self.with(
                    "settings-unreadable",
                    &[file(path), ("detail", cause.as_str().into())],
                ),
                "next-settings",
            ),
            ConfigError::Syntax {
                file: path,
                line,
                message,
            } => (
                self.with(
                    "settings-syntax",
                    &[file(path), at(line), ("detail", message.as_str().into())],
                ),
                "next-settings",
            ),
            ConfigError::UnknownKey {
                file: path,
                line,
                key,
                suggestion: None,
            } => (
                self.with(
                    "settings-unknown-key",
                    &[file(path), at(line), ("key", key.as_str().into())],
                ),
                "next-settings",
            ),
            ConfigError::UnknownKey {
                file: path,
                line,
                key,
                suggestion: Some(near),
            } => {
                let args = [
                    file(path),
                    at(line),
                    ("key", key.as_str().into()),
                    ("near", near.as_str().into()),
                ];
                (self.with("settings-mistyped-key", &args), "next-settings")
            }
            ConfigError::NotInThisVersion {
                file: path,
                line,
                key,
            } => (
                self.with(
                    "settings-later",
                    &[file(path), at(line), ("key", key.as_str().into())],
                ),
                "next-settings-later",
            ),
            ConfigError::Value {
                file: path,
                line,
                key,
                message,
            } => {
                let args = [
                    file(path),
                    at(line),
                    ("key", key.as_str().into()),
                    ("detail", message.as_str().into()),
                ];
                (self.with("settings-value", &args), "next-settings")
            }
            ConfigError::PolicyUnprotected {
                file: path,
                message,
            } => (
                self.with(
                    "settings-unprotected",
                    &[file(path), ("detail", message.as_str().into())],
                ),
                "next-it",
            ),
        };
        Stop {
            what,
            next: self.say(next),
        }
    }
}
