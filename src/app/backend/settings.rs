//! The settings window's side of the backend: what is in force, recorded and contacted, the user's own choices, and
//! waiting for certificates.

use std::{sync::Arc, time::Duration};

use toml::Value;

use super::Real;
use crate::{
    app::{
        choices::{Choices, Odd},
        message::Event,
        options::{Facts, Letter, Preference, Rule, SettingsSource, Told},
        run::now,
        worker::{Events, Failed},
    },
    config::Effective,
    mail::{Address, Digest, Mailbox},
    segl::{self, Finding, Preferences},
    words::{FindingWords, Stop},
};

/// How often it is looked whether somebody's turn has come.
const LOOK: Duration = Duration::from_mins(20);

impl SettingsSource for Real {
    fn facts(&self) -> Facts {
        let segl = self.segl();
        let config = segl.config();
        Facts {
            rules: rules(&config.effective),
            contacts: segl.contacts(),
            fresh: config.policy.directory_fresh,
            negative: config.policy.directory_negative,
            inventory: segl.inventory(),
            awaited: segl.awaited(),
            others: segl.others(now()),
            tunnel: segl.tunnel_status(now()),
            own: segl.test_own(now()),
            own_words: segl.own_words(),
            senders: config.senders.iter().map(|s| s.author().clone()).collect(),
            hold: config.hold,
            preferences: Preferences::file(&config.data),
        }
    }

    fn examine(&self) -> Vec<FindingWords> {
        let (mut findings, examined) = match &self.paths {
            Some(paths) => {
                let (findings, segl) = segl::examine(paths, now());
                (findings, segl.map(Arc::new))
            }
            // The demo has no settings of this computer.
            None => (self.segl().examine(now()), Some(self.segl())),
        };
        if let Some(segl) = examined {
            // On a thread for calls that block, inside the worker's runtime.
            let probes = tokio::runtime::Handle::current().block_on(segl.probe(&now));
            findings.extend(probes.into_iter().map(Finding::Probed));
        }
        findings.iter().map(|f| self.words.finding(f)).collect()
    }

    fn remember(&self, key: &str, value: Preference) -> Result<(), Failed> {
        let value = match value {
            Preference::Text(text) => Value::String(text),
            Preference::Number(number) => Value::Integer(number),
            Preference::Is(is) => Value::Boolean(is),
        };
        let folder = self.segl().config().data.clone();
        Preferences::set(&folder, key, value).map_err(|e| {
            let file = Preferences::file(&folder).display().to_string();
            let stop = Stop {
                what: self
                    .words
                    .with("options-not-kept", &[("file", file.into())]),
                next: self.words.say("next-it"),
            };
            Self::trouble(&stop, &e)
        })
    }

    fn write(&self, letter: &Letter) -> Result<(), Failed> {
        let opened = self
            .another
            .start_with(&["--draft", "-"], letter.to_message());
        opened.map_err(|e| self.no_window(&e))
    }

    fn wait_for_certificate(&self, mailbox: &Mailbox) -> Result<(), Failed> {
        let kept = self.segl().wait_for_certificate(mailbox, now());
        kept.map_err(|e| Self::trouble(&self.words.not_kept(&e), &e))
    }

    fn stop_waiting(&self, address: &Address) -> Result<(), Failed> {
        let kept = self.segl().stop_waiting(address, now());
        kept.map_err(|e| Self::trouble(&self.words.not_kept(&e), &e))
    }

    fn forget_word(&self, word: &str) -> Result<(), Failed> {
        let forgotten = self.segl().forget_own_word(word, now());
        forgotten.map_err(|e| Self::trouble(&self.words.not_kept(&e), &e))
    }

    fn confirm_tunnel_list(&self, seen: Digest) -> Result<usize, Failed> {
        let confirmed = self
            .segl()
            .confirm_tunnel_list(Some(&seen.to_string()), now());
        let confirmed = confirmed.map_err(|e| Self::trouble(&self.words.tunnel_error(&e), &e))?;
        Ok(confirmed.kept.entries)
    }

    fn discard_tunnel_list(&self) -> Result<(), Failed> {
        let gone = self.segl().discard_tunnel_list();
        gone.map(drop)
            .map_err(|e| Self::trouble(&self.words.tunnel_error(&e), &e))
    }
}

impl Real {
    /// At the start and then from time to time: whether somebody who was asked for a certificate has one. Of several
    /// windows one looks, under a lock, and tells.
    pub(super) fn look_for_certificates(self: &Arc<Self>, events: &Events) {
        let (real, events) = (Arc::downgrade(self), events.clone());
        tokio::spawn(async move {
            let mut is_start = true;
            while let Some(segl) = real.upgrade().map(|r| r.segl()) {
                // What cannot be looked up now is looked up next time; the settings say when it was last.
                if let Ok(news) = segl.look_for_certificates(is_start, &now).await
                    && !news.is_empty()
                {
                    events.send(Event::Options(Told::News(news)));
                }
                if segl.says_that_a_tunnel_list_waits(now()) {
                    events.send(Event::Options(Told::ListWaits));
                }
                is_start = false;
                drop(segl);
                tokio::time::sleep(LOOK).await;
            }
        });
    }

    /// What the user chose for the own window. What in the file is not understood is told.
    pub(super) fn read_choices(&self, events: &Events) -> Choices {
        let folder = self.segl().config().data.clone();
        let (choices, odd) = Choices::read(&folder);
        let file = Preferences::file(&folder).display().to_string();
        for odd in odd {
            let (what, detail) = match odd {
                Odd::File(cause) => {
                    let file = [("file", file.as_str().into())];
                    (self.words.with("options-broken", &file), cause.to_string())
                }
                Odd::Value(key) => {
                    let args = [("file", file.as_str().into()), ("key", key.into())];
                    (
                        self.words.with("options-unknown-value", &args),
                        key.to_owned(),
                    )
                }
            };
            let stop = Stop {
                what,
                next: String::new(),
            };
            events.send(Event::Failed(Self::told(&stop, detail)));
        }
        choices
    }

    /// What another window chose since `before`.
    pub(super) fn look_at_choices(&self, before: &mut Choices, events: &Events) {
        let chosen = Choices::read(&self.segl().config().data).0;
        if chosen != *before {
            events.send(Event::Options(Told::Chosen {
                theme: chosen.theme.filter(|_| chosen.theme != before.theme),
                keep_receipts: Some(chosen.keep_receipts),
            }));
            *before = chosen;
        }
    }
}

/// Each value in force; of a list of tables each one by itself.
fn rules(effective: &Effective) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (key, value, origin) in effective.values() {
        let mut push = |value: String| {
            rules.push(Rule {
                key: key.clone(),
                value,
                origin: *origin,
                is_locked: effective.is_locked(key),
            });
        };
        match value {
            Value::Array(list) if list.iter().any(Value::is_table) => {
                for value in list {
                    push(written(value));
                }
            }
            value => push(written(value)),
        }
    }
    rules
}

/// A value as a person writes it in the settings, on as few lines as it needs.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(written).collect::<Vec<_>>().join(", "),
        Value::Table(table) => {
            let each = table.iter().map(|(k, v)| format!("{k} = {}", written(v)));
            each.collect::<Vec<_>>().join("\n")
        }
        other => other.to_string(),
    }
}
