//! Words for drafts, copies and files that are taken in.

use super::{Means, Stop, Words};
use crate::{
    mail::HandedOverError,
    segl::{Awaited, CopyError, DraftError, ExportError, ImportError, InventoryError},
};

impl Words {
    /// How it stands with somebody who was asked for a certificate.
    pub fn awaited(&self, one: &Awaited) -> String {
        if let Some(at) = one.green {
            return self.with("options-waiting-green", &[("when", self.day(at).into())]);
        }
        let (since, ends) = (self.day(one.since), self.day(one.ends()));
        let args = [("since", since.into()), ("ends", ends.into())];
        self.with("options-waiting-text", &args)
    }

    /// What is kept and cannot be counted.
    pub fn uncounted(&self, cause: &InventoryError) -> Stop {
        match cause {
            InventoryError::Key(cause) => self.key(cause, Means::Nothing),
            InventoryError::Store(cause) => self.store(cause, Means::Nothing),
        }
    }

    /// A draft that is not kept.
    pub fn draft(&self, cause: &DraftError) -> Stop {
        match cause {
            DraftError::Key(cause) => self.key(cause, Means::DraftInMemory),
            DraftError::Store(cause) => self.store(cause, Means::DraftInMemory),
            DraftError::NotForOutbox => {
                self.stop_meaning("outbox-not-taken", &[], Means::Nothing, "next-send-later")
            }
            DraftError::Unreadable(_) => {
                self.stop_meaning("draft-unreadable", &[], Means::Nothing, "next-it")
            }
        }
    }

    /// Something beside drafts that cannot be read, or is not kept.
    pub fn not_kept(&self, cause: &DraftError) -> Stop {
        match cause {
            DraftError::Key(cause) => self.key(cause, Means::Nothing),
            DraftError::Store(cause) => self.store(cause, Means::Nothing),
            DraftError::NotForOutbox | DraftError::Unreadable(_) => {
                self.stop_meaning("kept-unreadable", &[], Means::Nothing, "next-it")
            }
        }
    }

    /// A copy that is not written out.
    pub fn copy(&self, cause: &CopyError) -> Stop {
        let stop =
            |what: &str| self.stop_meaning(what, &[], Means::Nothing, "next-choose-other-file");
        match cause {
            CopyError::Key(cause) => self.key(cause, Means::Nothing),
            CopyError::Store(_) => self.stop_meaning("copy-failed", &[], Means::Nothing, "next-it"),
            CopyError::Missing => self.stop_meaning("copy-missing", &[], Means::Nothing, "next-it"),
            CopyError::Exists(_) => stop("copy-exists"),
            CopyError::Write { .. } => stop("copy-not-written"),
        }
    }

    /// A row of the log that is not written out.
    pub fn exported(&self, cause: &ExportError) -> Stop {
        match cause {
            ExportError::File(cause) => self.copy(cause),
            ExportError::Log(_) => {
                self.stop_meaning("log-not-exported", &[], Means::Nothing, "next-it")
            }
        }
    }

    /// The log that cannot be shown.
    pub fn no_log(&self) -> Stop {
        self.stop_meaning("log-not-shown", &[], Means::Nothing, "next-it")
    }

    /// A certificate that is not taken in.
    pub fn import(&self, cause: &ImportError) -> Stop {
        let (what, next) = match cause {
            ImportError::Write(_) => ("import-not-kept", "next-it"),
            ImportError::Read(_) | ImportError::Objects(_) | ImportError::None => {
                ("import-failed", "next-choose-other-file")
            }
            ImportError::Remove(_) => ("others-not-removed", "next-it"),
            ImportError::Mail(cause) => {
                let stop = self.not_opened_mail(cause);
                return Stop {
                    what: format!("{} {}", self.say("import-mail"), stop.what),
                    next: stop.next,
                };
            }
            ImportError::Unverified(_) => ("import-unverified", "import-next-sender"),
            ImportError::NoPin(why) => return self.no_pin(*why),
            ImportError::Readers(cause) => return self.readers(cause),
        };
        self.stop_meaning(what, &[], Means::Nothing, next)
    }

    /// A mail of another program that is not taken.
    pub fn handed_over(&self, cause: &HandedOverError) -> Stop {
        let what = match cause {
            HandedOverError::AlreadyProtected(_) => "handed-over-protected",
            HandedOverError::FieldTwice(name) => {
                let args = [("field", (*name).into())];
                return self.stop("handed-over-field-twice", &args, "next-hand-over-again");
            }
            HandedOverError::NotAMessage
            | HandedOverError::Damaged(_)
            | HandedOverError::TooLarge(_) => "handed-over-unreadable",
        };
        self.stop(what, &[], "next-hand-over-again")
    }

    /// A file that cannot be read.
    pub fn unreadable(&self) -> Stop {
        self.stop("file-unreadable", &[], "next-choose-other-file")
    }

    /// A fault of this program: what it means for the mail is not known.
    pub fn fault(&self) -> Stop {
        self.stop_meaning("stop-fault", &[], Means::Nothing, "next-look-before-again")
    }
}
