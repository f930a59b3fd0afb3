//! The first run as the window uses it: questions that block, and answers in words.

use tokio::runtime::Handle;

use super::{Found, Secret};
use crate::{
    app::run::now,
    keys::Password,
    mail::Address,
    segl::{Answers, DeviceCode, FirstRun, FirstRunError, Probe, RootFault, Segl, SendError},
    words::{Stop, Words},
};

/// Opens an address in the browser of this computer.
pub type Opener = Box<dyn Fn(&str) + Send + Sync>;

/// One line of the test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whether it works.
    pub is_good: bool,
    /// What was seen, as a sentence.
    pub text: String,
}

/// What does the work of the first run.
pub struct Desk {
    run: FirstRun,
    words: Words,
    open: Opener,
}

impl Desk {
    /// With this way to open a browser.
    pub fn new(run: FirstRun, words: Words, open: Opener) -> Self {
        Self { run, words, open }
    }

    /// With the browser of this computer.
    pub(in crate::app) fn of_computer(run: FirstRun, words: Words) -> Self {
        let open = |url: &str| {
            // Where none comes up, the address is shown, and can be copied.
            let _opened = open::that_detached(url);
        };
        Self::new(run, words, Box::new(open))
    }

    pub(super) fn find(&self, address: &Address) -> Result<Found, String> {
        let found = Handle::current().block_on(self.run.find(address));
        let (servers, findings) = found.map_err(|e| self.wrong(&e))?;
        let notes = findings.troubles.iter();
        Ok(Found {
            servers,
            notes: notes.map(|t| self.words.not_found(t)).collect(),
            by_hand: self.run.ways_by_hand(),
        })
    }

    pub(super) fn browser(
        &self,
        answers: &Answers,
        sent: &(dyn Fn(&str) + Send + Sync),
    ) -> Result<(), String> {
        let open = |url: &str| {
            sent(url);
            (self.open)(url);
        };
        let page = self.words.go_back_page();
        let signed_in = self.run.with_browser(answers, &page, &open);
        Handle::current()
            .block_on(signed_in)
            .map_err(|e| self.wrong(&e))
    }

    pub(super) fn device(
        &self,
        answers: &Answers,
        show: &(dyn Fn(&DeviceCode) + Send + Sync),
    ) -> Result<(), String> {
        Handle::current()
            .block_on(self.run.with_device(answers, show))
            .map_err(|e| self.wrong(&e))
    }

    pub(super) fn password(&self, answers: &Answers, mut secret: Secret) -> Result<(), String> {
        let password = Password::new(std::mem::take(&mut *secret.0));
        self.run
            .keep_password(answers, &password)
            .map_err(|e| self.wrong(&e))
    }

    pub(super) fn test(&self, answers: &Answers) -> Result<Vec<Line>, String> {
        let probes = Handle::current().block_on(self.run.probe(answers, &now));
        let probes = probes.map_err(|e| self.wrong(&e))?;
        Ok(probes.iter().flat_map(|p| self.lines(p, answers)).collect())
    }

    pub(super) fn finish(&self, answers: &Answers) -> Result<Segl, String> {
        self.run.finish(answers).map_err(|e| self.wrong(&e))
    }

    fn lines(&self, probe: &Probe, answers: &Answers) -> Vec<Line> {
        let words = &self.words;
        let good = |text| Line {
            is_good: true,
            text,
        };
        let bad = |stop: Stop| Line {
            is_good: false,
            text: format!("{} {}", stop.what, stop.next).trim_end().to_owned(),
        };
        match probe {
            Probe::Server { tls, size } => {
                let size = size.map_or_else(|| words.say("doctor-no-size"), |s| words.size(s));
                let args = [("version", tls.name().into()), ("size", size.into())];
                let server = good(words.with("test-server", &args));
                let username = answers.server.as_ref().map(|s| s.username.clone());
                let user = [("username", username.unwrap_or_default().into())];
                vec![server, good(words.with("test-sign-in", &user))]
            }
            Probe::NoServer(cause) => vec![bad(self.no_server(cause))],
            Probe::Directory {
                name,
                failure: None,
                took,
            } => {
                let milliseconds = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
                let args = [
                    ("directory", name.as_str().into()),
                    ("milliseconds", milliseconds.into()),
                ];
                vec![good(words.with("test-directory", &args))]
            }
            Probe::Directory {
                failure: Some(failure),
                ..
            } => vec![bad(Stop {
                what: words.directory_failure(failure),
                next: words.say("next-again"),
            })],
        }
    }

    fn no_server(&self, cause: &SendError) -> Stop {
        self.words.not_sent(cause)
    }

    fn wrong(&self, cause: &FirstRunError) -> String {
        let words = &self.words;
        let file = |file: &std::path::Path| [("file", file.display().to_string().into())];
        let stop = match cause {
            FirstRunError::Config(cause) => words.settings(cause),
            FirstRunError::Open(cause) => words.not_opened(cause),
            FirstRunError::SignIn(cause) => words.sign_in(cause),
            FirstRunError::Key(cause) => words.key(cause, crate::words::Means::Nothing),
            FirstRunError::Exists(path) => {
                return words.with("first-run-exists", &file(path));
            }
            FirstRunError::Disk(_) => return words.say("first-run-not-written"),
            FirstRunError::Roots(_) => return words.say("first-run-no-roots"),
            FirstRunError::Root { file: path, why } => {
                let key = match why {
                    RootFault::Unreadable => "first-run-root-unreadable",
                    RootFault::Another => "first-run-root-another",
                    RootFault::Test => "first-run-root-test",
                };
                return words.with(key, &file(path));
            }
        };
        format!("{} {}", stop.what, stop.next).trim_end().to_owned()
    }
}
