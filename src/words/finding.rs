//! Words for what `segl doctor` and the window's settings found about this set-up.

use jiff::Timestamp;

use super::{Means, Stop, Words};
use crate::{
    cert::{ContentCipher, RsaPadding},
    decide::RefusedBecause,
    segl::{AnchorState, Finding, Missing, Probe, Shipping},
};

/// How a thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// As it should be.
    Good,
    /// Worth knowing.
    Note,
    /// To be repaired.
    Bad,
}

/// A finding in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingWords {
    /// How it was found.
    pub level: Level,
    /// What it is about, as a code.
    pub about: &'static str,
    /// What was found.
    pub text: String,
    /// What to do, where there is something to do.
    pub next: String,
}

impl Level {
    /// The code for `--json`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Note => "note",
            Self::Bad => "problem",
        }
    }
}

impl Words {
    /// The word in front of a finding.
    pub fn level(&self, level: Level) -> String {
        self.say(match level {
            Level::Good => "doctor-good",
            Level::Note => "doctor-note",
            Level::Bad => "doctor-bad",
        })
    }

    /// All findings as text, for a ticket.
    pub fn findings(&self, findings: &[FindingWords]) -> String {
        let (version, system) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS);
        let title = format!("Segl {version} ({system})");
        let lines = findings.iter().map(|f| {
            format!("{}  {} {}", self.level(f.level), f.text, f.next)
                .trim_end()
                .to_owned()
        });
        std::iter::once(title)
            .chain(lines)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// A finding about this set-up.
    pub fn finding(&self, finding: &Finding) -> FindingWords {
        match finding {
            Finding::Unusable(cause) => bad("settings", self.settings(cause)),
            Finding::NotOpened(cause) => bad("settings", self.not_opened(cause)),
            Finding::Settings { is_managed: true } => good("settings", self.say("doctor-managed")),
            Finding::Settings { .. } => good("settings", self.say("doctor-unmanaged")),
            Finding::Clock(state) => match self.clock(state) {
                None => good("clock", self.say("doctor-clock")),
                Some(stop) if state.off().is_some() => bad("clock", stop),
                Some(stop) => note("clock", stop.what, stop.next),
            },
            Finding::PolicyIsNewer => bad("policy", self.refused(RefusedBecause::PolicyIsNewer)),
            Finding::Missing(what) => bad("settings", self.missing(*what)),
            Finding::NotForEveryProgram(rules) => {
                let what = [
                    (rules.cipher == ContentCipher::Aes256Gcm).then_some("AES-256-GCM"),
                    (rules.rsa == RsaPadding::OaepSha256).then_some("RSA-OAEP"),
                ];
                let what: Vec<&str> = what.into_iter().flatten().collect();
                let what = [("what", what.join(", ").into())];
                note(
                    "content",
                    self.with("doctor-not-every-program", &what),
                    self.say("doctor-not-every-program-next"),
                )
            }
            Finding::PlainDirectory(name) => note(
                "directory",
                self.with(
                    "doctor-plain-directory",
                    &[("directory", name.as_str().into())],
                ),
                self.say("next-it"),
            ),
            Finding::Anchor {
                name,
                not_after,
                state,
            } => self.anchor(name, *not_after, *state),
            Finding::UnreadableList { file, detail } => {
                let args = [
                    ("file", file.display().to_string().into()),
                    ("detail", detail.as_str().into()),
                ];
                bad(
                    "revocation",
                    self.to_it(self.with("cli-file-unreadable", &args)),
                )
            }
            Finding::NoKey(cause) => bad("keys", self.key(cause, Means::Nothing)),
            Finding::Key { is_file: true } => {
                note("keys", self.say("doctor-key-file"), String::new())
            }
            Finding::Key { .. } => good("keys", self.say("doctor-keyring")),
            Finding::Store(cause) => bad("store", self.store(cause, Means::DraftInMemory)),
            Finding::RecordUnusable(cause) => bad("record", self.record(cause)),
            Finding::RecordUnverified(cause) => bad("record", self.log(cause)),
            Finding::ChainBroken(first) => {
                let args = [
                    ("seq", first.seq.to_string().into()),
                    ("reason", self.record_reason(first.reason).into()),
                ];
                bad("record", self.to_it(self.with("log-broken", &args)))
            }
            Finding::Chain { records } => {
                let count = i64::try_from(*records).unwrap_or(i64::MAX);
                good(
                    "record",
                    self.with("doctor-record", &[("count", count.into())]),
                )
            }
            Finding::Recovery(cause) => bad("identity", self.not_recoverable(cause)),
            Finding::NotShipped(cause) => bad("record", self.not_shipped(cause)),
            Finding::Shipping(state) => self.shipping(state),
            Finding::Tokens(cause) => bad(
                "token",
                Stop {
                    what: self.token_module(cause),
                    next: self.say("next-it"),
                },
            ),
            Finding::Own(verdict) => {
                let (level, text) = self.own_finding(verdict);
                let next = match level {
                    Level::Good => String::new(),
                    Level::Note | Level::Bad => self.say("doctor-own-next"),
                };
                note_as(level, "identity", text, next)
            }
            Finding::Archive(cause) => bad("identity", self.not_sent(cause)),
            // What another server says is validated all the same.
            Finding::TransportSeams(keys) if *keys == ["resolver"] => {
                note("tls", self.say("doctor-tls-resolver"), String::new())
            }
            Finding::TransportSeams(keys) => bad(
                "tls",
                self.to_it(self.with("doctor-tls-seams", &[("keys", keys.join(", ").into())])),
            ),
            Finding::Evidence(Err(cause)) => bad("tls", self.evidence(cause)),
            Finding::Evidence(Ok(judged)) => {
                let count = i64::try_from(judged.evidence.domains.len()).unwrap_or(i64::MAX);
                let date = self.day(judged.evidence.exported_at);
                let args = [("count", count.into()), ("date", date.into())];
                good("tls", self.with("doctor-tls-evidence", &args))
            }
            Finding::OwnUnreadable(cause) => bad("identity", self.key(cause, Means::Nothing)),
            Finding::TunnelUnusable(cause) => bad("tunnel", self.tunnel_error(cause)),
            Finding::TunnelList(status) => {
                let told = self.tunnel_status(status).join(" ");
                if status.is_good() {
                    good("tunnel", told)
                } else {
                    note("tunnel", told, self.say("tunnel-next-status"))
                }
            }
            Finding::Probed(probe) => self.probed(probe),
        }
    }

    fn missing(&self, what: Missing) -> Stop {
        let key = match what {
            Missing::Sender => "doctor-no-sender",
            Missing::Server => "doctor-no-server",
            Missing::Directory => "doctor-no-directory",
            Missing::Anchor => "doctor-no-anchor",
        };
        Stop {
            what: self.say(key),
            next: self.say("next-settings"),
        }
    }

    fn anchor(&self, name: &str, not_after: Timestamp, state: AnchorState) -> FindingWords {
        let args = [("root", name.into()), ("date", self.day(not_after).into())];
        match state {
            AnchorState::Good => good("trust", self.with("doctor-anchor", &args)),
            AnchorState::Test => note(
                "trust",
                self.with("doctor-test-anchor", &args),
                self.say("next-it"),
            ),
            AnchorState::Expired => bad(
                "trust",
                self.to_it(self.with("doctor-anchor-expired", &args)),
            ),
        }
    }

    fn probed(&self, probe: &Probe) -> FindingWords {
        match probe {
            Probe::Directory {
                failure: Some(failure),
                ..
            } => bad("directory", self.to_it(self.directory_failure(failure))),
            Probe::Directory { name, .. } => good(
                "directory",
                self.with("doctor-directory", &[("directory", name.as_str().into())]),
            ),
            Probe::Server { tls, size } => {
                let size = size.map_or_else(|| self.say("doctor-no-size"), |s| self.size(s));
                let args = [("version", tls.name().into()), ("size", size.into())];
                good("submission", self.with("doctor-server", &args))
            }
            Probe::NoServer(cause) => bad("submission", self.not_sent(cause)),
        }
    }

    fn shipping(&self, state: &Shipping) -> FindingWords {
        let waiting = i64::try_from(state.waiting).unwrap_or(i64::MAX);
        let when = |at: Option<Timestamp>| at.map_or_else(String::new, |at| self.moment(at));
        let args = [
            ("folder", state.folder.display().to_string().into()),
            ("count", waiting.into()),
            ("last", when(state.mark.at).into()),
            ("since", when(state.mark.failing_since).into()),
        ];
        match (state.mark.failing_since, state.mark.at) {
            (Some(_), _) => bad("record", self.to_it(self.with("shipping-failing", &args))),
            (None, Some(_)) => good("record", self.with("shipping-works", &args)),
            (None, None) => note("record", self.with("shipping-never", &args), String::new()),
        }
    }

    fn to_it(&self, what: String) -> Stop {
        Stop {
            what,
            next: self.say("next-it"),
        }
    }
}

fn good(about: &'static str, text: String) -> FindingWords {
    note_as(Level::Good, about, text, String::new())
}

fn note(about: &'static str, text: String, next: String) -> FindingWords {
    note_as(Level::Note, about, text, next)
}

fn bad(about: &'static str, stop: Stop) -> FindingWords {
    note_as(Level::Bad, about, stop.what, stop.next)
}

fn note_as(level: Level, about: &'static str, text: String, next: String) -> FindingWords {
    FindingWords {
        level,
        about,
        text,
        next,
    }
}
