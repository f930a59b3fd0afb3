//! Words for why nothing was sent. Each says what happened, that nothing was sent, and what to do.

use super::{Arg, Stop, Words, stop::Means};
use crate::{
    decide::{Change, RefusedBecause, Route},
    mail::RenderError,
    segl::{ArchiveFault, AttachError, MakeError, RecoveryError, RestoreError, SendError},
    submit::EmlError,
};

impl Words {
    /// Why a sending ended before anything left.
    pub fn not_sent(&self, cause: &SendError) -> Stop {
        match cause {
            SendError::NoRecipients => self.stop("stop-no-recipients", &[], "next-add-recipient"),
            SendError::OtherDraft => self.stop("stop-self-check", &[], "next-copy-it"),
            SendError::UnknownSender => self.stop("stop-unknown-sender", &[], "next-choose-sender"),
            SendError::Changed(change) => self.changed(change),
            SendError::Make(cause) => self.not_made(cause),
            SendError::NoMailServer => self.stop("stop-no-mail-server", &[], "next-settings"),
            SendError::Key(cause) => self.key(cause, Means::NothingSent),
            SendError::NoPassword => self.stop("stop-no-password", &[], "next-set-password"),
            SendError::Archive { file, why } => {
                let args = [
                    ("file", file.display().to_string().into()),
                    ("detail", self.unusable_reader(why).into()),
                ];
                self.stop("stop-archive", &args, "next-it")
            }
            SendError::Token { token, why } => self.token_meaning(token, why, Means::NothingSent),
            SendError::Record(cause) => self.record(cause),
            SendError::Unmarked(cause) => self.draft(cause),
            SendError::Submit(cause) => self.submission(cause),
            SendError::Relay(cause) => {
                let stop = self.relay(cause);
                Stop {
                    what: format!("{} {}", stop.what, self.say("means-nothing-sent")),
                    ..stop
                }
            }
            SendError::Tracked(what) => self.tracked(what),
            SendError::Eml(cause) => self.not_written(cause),
        }
    }

    /// What is wrong with a certificate that the settings name as a reader.
    pub(super) fn unusable_reader(&self, why: &ArchiveFault) -> String {
        match why {
            ArchiveFault::Unreadable(detail) => detail.clone(),
            ArchiveFault::NotOne => self.say("archive-not-one"),
            ArchiveFault::Problems(problems) => {
                let told = problems.iter().map(|p| self.problem(p).sentence);
                told.collect::<Vec<_>>().join(" ")
            }
        }
    }

    /// Why own keys are not sealed for recovery.
    pub fn not_recoverable(&self, cause: &RecoveryError) -> Stop {
        let detail = match cause {
            RecoveryError::Certificate { file, why } => {
                format!("{}: {}", file.display(), self.unusable_reader(why))
            }
            RecoveryError::Key(cause) => return self.key(cause, Means::Nothing),
            RecoveryError::Disk(cause) => return self.disk("store-name", cause, Means::Nothing),
            other => other.to_string(),
        };
        Stop {
            what: self.with("recovery-failed", &[("detail", detail.into())]),
            next: self.say("next-it"),
        }
    }

    /// The same after so many keys were kept: they are, and can be used.
    pub fn kept_not_recoverable(&self, count: usize, cause: &RecoveryError) -> Stop {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let kept = self.with("own-imported", &[("count", count.into())]);
        let stop = self.not_recoverable(cause);
        Stop {
            what: format!("{kept} {}", stop.what),
            ..stop
        }
    }

    /// Why a key was not restored.
    pub fn not_restored(&self, cause: &RestoreError) -> Stop {
        match cause {
            RestoreError::Open(cause) => self.not_opened_mail(cause),
            RestoreError::NoKey => Stop {
                what: self.say("recovery-no-key"),
                next: self.say("next-it"),
            },
            RestoreError::Keep(cause) => self.not_taken_in(cause),
        }
    }

    /// What is different from what was approved.
    pub fn changed(&self, change: &Change) -> Stop {
        let who = |r: &crate::mail::Recipient| ("name", Arg::from(r.mailbox.label().to_owned()));
        match change {
            Change::Recipients => self.stop("changed-recipients", &[], "next-look-again"),
            Change::Archive => self.stop("changed-archive", &[], "next-look-again"),
            Change::Content => self.stop("changed-content", &[], "next-look-again"),
            Change::Class { .. } => self.stop("changed-class", &[], "next-look-again"),
            Change::Transport { recipient, .. } => {
                self.stop("changed-transport", &[who(recipient)], "next-look-again")
            }
            Change::Route {
                recipient,
                now: Route::Tls | Route::None | Route::Internal,
                ..
            } => self.stop("changed-to-red", &[who(recipient)], "next-look-again"),
            Change::Route { recipient, .. } | Change::Certificates { recipient } => {
                self.stop("changed-certificates", &[who(recipient)], "next-look-again")
            }
            Change::Organisation { recipient } => {
                self.stop("changed-organisation", &[who(recipient)], "next-look-again")
            }
        }
    }

    /// Which rule refuses, and what to do instead.
    pub fn refused(&self, why: RefusedBecause) -> Stop {
        let key = match why {
            RefusedBecause::Forbidden => "refused-forbidden",
            RefusedBecause::NoGuaranteedTransport => "refused-no-transport",
            RefusedBecause::PolicyIsNewer => "refused-newer-policy",
            RefusedBecause::Blocked => "refused-blocked",
            RefusedBecause::NoMail => "refused-no-mail",
            RefusedBecause::HighRisk => "refused-high-risk",
        };
        self.stop(key, &[], "next-instead")
    }

    /// Why a file cannot be attached.
    pub fn not_attached(&self, cause: &AttachError) -> Stop {
        match cause {
            AttachError::Unreadable { name, .. } => self.stop(
                "attachment-unreadable",
                &[("name", name.as_str().into())],
                "next-attach-again",
            ),
            AttachError::NotAFile { name } => self.stop(
                "attachment-not-a-file",
                &[("name", name.as_str().into())],
                "next-attach-file",
            ),
            AttachError::Name { name } => self.stop(
                "attachment-name",
                &[("name", name.as_str().into())],
                "next-rename",
            ),
        }
    }

    fn not_made(&self, cause: &MakeError) -> Stop {
        match cause {
            MakeError::Render(cause) => self.not_rendered(cause),
            MakeError::Seal(_) => self.stop("stop-not-sealed", &[], "next-copy-it"),
            MakeError::SelfCheck(_) | MakeError::Clear(_) => {
                self.stop("stop-self-check", &[], "next-copy-it")
            }
        }
    }

    fn not_rendered(&self, cause: &RenderError) -> Stop {
        match cause {
            RenderError::Forbidden(_) => self.stop("stop-control-character", &[], "next-retype"),
            RenderError::Address => self.stop("stop-address", &[], "next-address"),
            RenderError::Attachment { name, .. } => self.stop(
                "attachment-unreadable",
                &[("name", name.as_str().into())],
                "next-attach-again",
            ),
            RenderError::Changed { name } => self.stop(
                "attachment-changed",
                &[("name", name.as_str().into())],
                "next-close-file",
            ),
            RenderError::Entity(_) => self.stop("stop-formatted", &[], "next-hand-over-again"),
            RenderError::Random(_) | RenderError::Write(_) => {
                self.stop("stop-not-sealed", &[], "next-copy-it")
            }
        }
    }

    fn not_written(&self, cause: &EmlError) -> Stop {
        let file = |path: &std::path::Path| [("file", Arg::from(path.display().to_string()))];
        match cause {
            EmlError::Exists { path } => {
                self.stop("stop-file-exists", &file(path), "next-other-folder")
            }
            EmlError::Write { path, .. } => {
                self.stop("stop-file-not-written", &file(path), "next-other-folder")
            }
            EmlError::Message(cause) => self.submission(cause),
            EmlError::Route => self.stop("stop-self-check", &[], "next-copy-it"),
        }
    }
}
