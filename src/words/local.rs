//! Words for what lies on this computer: keys, record, store.

use super::{Stop, Words, stop::Means};
use crate::{
    disk::DiskError,
    keys::{KeyError, SealError},
    record::{RecordError, SetAside},
    store::StoreError,
};

impl Words {
    /// A key or password that is not at hand.
    pub fn key(&self, cause: &KeyError, means: Means) -> Stop {
        let stop = |what: &str, next: &str| self.stop_meaning(what, &[], means, next);
        match cause {
            KeyError::NoKeyring => stop("key-no-keyring", "next-key-file"),
            KeyError::Locked => stop("key-locked", "next-unlock"),
            KeyError::Missing { .. } => stop("key-missing", "next-unlock-or-restore"),
            KeyError::Wrong { .. } => stop("key-wrong", "next-restore"),
            KeyError::Unnamed => stop("key-unnamed", "next-restore-or-copy"),
            KeyError::FitsNone => stop("key-fits-none", "next-restore-or-import"),
            KeyError::Damaged { file } => self.stop_meaning(
                "key-own-damaged",
                &[("file", file.display().to_string().into())],
                means,
                "next-import-again",
            ),
            KeyError::FilePermissions { mode } => self.stop_meaning(
                "key-file-open",
                &[("mode", format!("{mode:04o}").into())],
                means,
                "next-key-mode",
            ),
            KeyError::FileUnreadable(_) => stop("key-file-unreadable", "next-it"),
            KeyError::FileMalformed => stop("key-file-malformed", "next-restore"),
            KeyError::FileMissing => stop("key-file-missing", "next-restore"),
            KeyError::NotText(variable) => self.stop_meaning(
                "key-not-text",
                &[("variable", variable.as_str().into())],
                means,
                "next-settings",
            ),
            KeyError::Seal(SealError::Broken) => stop("key-sealed-broken", "next-login-or-restore"),
            KeyError::Seal(SealError::Library(_)) => stop("key-library", "next-copy-it"),
            KeyError::EntryMalformed | KeyError::NotKept | KeyError::Platform(_) => {
                stop("key-failed", "next-copy-it")
            }
            KeyError::Disk(cause) => self.disk("store-name", cause, means),
        }
    }

    /// A record that cannot be written: what cannot be documented is not sent.
    pub fn record(&self, cause: &RecordError) -> Stop {
        match cause {
            RecordError::Disk(cause) => {
                let mut stop = self.disk("record-name", cause, Means::NothingSent);
                if !matches!(cause, DiskError::Newer { .. }) {
                    stop.what = format!("{} {}", stop.what, self.say("record-why"));
                }
                stop
            }
            RecordError::Deleted { .. } | RecordError::Broken { .. } | RecordError::Replaced => {
                self.stop("record-broken", &[], "next-again-and-it")
            }
            RecordError::KeyUnavailable(cause) => self.key(cause, Means::NothingSent),
            RecordError::OpenIntent { .. } => {
                self.stop("record-open-intent", &[], "next-look-in-log")
            }
            _ => self.stop("record-failed", &[], "next-copy-it"),
        }
    }

    /// A record that did not hold and was set aside: what the user is told at once.
    pub fn set_aside(&self, aside: &SetAside) -> Stop {
        let seq = aside.first_bad.map(|bad| bad.seq);
        let what = match seq {
            Some(seq) => self.with("record-set-aside-from", &[("seq", seq.to_string().into())]),
            None => self.say("record-set-aside"),
        };
        Stop {
            what,
            next: self.say("next-it"),
        }
    }

    /// A store that cannot be read or written.
    pub fn store(&self, cause: &StoreError, means: Means) -> Stop {
        match cause {
            StoreError::Disk(cause) => self.disk("store-name", cause, means),
            StoreError::KeyUnavailable(cause) => self.key(cause, means),
            _ => self.stop_meaning("store-failed", &[], means, "next-copy-it"),
        }
    }

    pub(super) fn disk(&self, name: &str, cause: &DiskError, means: Means) -> Stop {
        let (what, next) = match cause {
            DiskError::Newer { .. } => ("disk-newer", "next-newer-segl"),
            DiskError::Full(_) => ("disk-full", "next-free-space"),
            DiskError::ReadOnly(_) => ("disk-read-only", "next-it"),
            DiskError::Busy(_) => ("disk-busy", "next-again"),
            DiskError::CannotOpen(_) => ("disk-cannot-open", "next-it"),
            DiskError::Corrupt(_) | DiskError::NotADatabase => ("disk-damaged", "next-it"),
            DiskError::Io(_) | DiskError::Statement(_) => ("disk-failed", "next-copy-it"),
        };
        self.stop_meaning(what, &[("name", self.say(name).into())], means, next)
    }
}
