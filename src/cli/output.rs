//! Standard output holds the result and nothing else; everything else goes to standard error.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::words::{Lang, Words};

/// How a verb ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// All green, sent, written, intact, usable.
    Good,
    /// Not; nothing has left.
    Not,
    /// Something left, or may have left.
    MayHaveLeft,
}

impl Exit {
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Not => 1,
            Self::MayHaveLeft => 3,
        }
    }
}

/// Why a verb could not do its work, in words: what happened, what it means, what to do.
#[derive(Debug)]
pub(super) struct Failure {
    /// A code for scripts.
    pub(super) code: String,
    /// What happened, and what it means for the message.
    pub(super) message: String,
    /// What to do.
    pub(super) next: String,
    /// 1 where policy, consent or a server said no; 2 where Segl could not do it.
    pub(super) exit: u8,
}

impl Failure {
    /// Segl could not do it.
    pub(super) fn new(code: &str, message: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            next: next.into(),
            exit: 2,
        }
    }

    /// The answer is no.
    pub(super) fn refused(code: &str, message: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            exit: 1,
            ..Self::new(code, message, next)
        }
    }
}

/// Where results and failures go.
pub(super) struct Output {
    pub(super) words: Words,
    is_json: bool,
}

impl Output {
    pub(super) fn new(lang: Lang, is_json: bool) -> Self {
        Self {
            words: Words::new(lang),
            is_json,
        }
    }

    /// The result: JSON on one line, or lines of text.
    pub(super) fn result(&self, json: &Value, text: impl FnOnce(&Words) -> String) {
        if self.is_json {
            write_line(&json.to_string());
        } else {
            write_line(text(&self.words).trim_end());
        }
    }

    /// A result that may be as large as a mail: written as it is made, and never put together before.
    pub(super) fn large(
        &self,
        json: &impl serde::Serialize,
        text: impl FnOnce(&Words, &mut dyn Write) -> io::Result<()>,
    ) {
        let mut out = io::BufWriter::new(io::stdout().lock());
        // A reader that went away has what it wanted.
        let _gone = if self.is_json {
            serde_json::to_writer(&mut out, json)
                .map_err(io::Error::from)
                .and_then(|()| out.write_all(b"\n"))
        } else {
            text(&self.words, &mut out)
        };
        let _gone = out.flush();
    }

    /// Octets as the result, such as a man page.
    pub(super) fn octets(octets: &[u8]) {
        // A reader that went away has what it wanted.
        let _gone = io::stdout().lock().write_all(octets);
    }

    /// A remark beside the result.
    pub(super) fn note(text: &str) {
        let _gone = writeln!(io::stderr().lock(), "{text}");
    }

    /// A failure, and the exit code it stands for.
    pub(super) fn failure(&self, failure: &Failure) -> u8 {
        if self.is_json {
            let error = json!({
                "code": failure.code,
                "message": failure.message,
                "next": failure.next,
                "may_have_been_sent": false,
            });
            write_line(&json!({ "error": error }).to_string());
        } else {
            let text = format!("{} {}", failure.message, failure.next);
            Self::note(text.trim_end());
        }
        failure.exit
    }
}

fn write_line(text: &str) {
    let _gone = writeln!(io::stdout().lock(), "{text}");
}
