//! The first run as the window uses it: questions that block, and answers in words.

use std::cell::RefCell;

use futures_util::future::{join, join_all};
use tokio::runtime::Handle;

use super::{Found, Secret};
use crate::{
    app::run::now,
    keys::Password,
    mail::Address,
    segl::{
        Answers, DeviceCode, FirstRun, FirstRunError, Probe, Probed, RootFault, Segl, SignInWay,
    },
    words::{Stop, Words},
};

/// Opens an address in the browser of this computer.
pub type Opener = Box<dyn Fn(&str) + Send + Sync>;

/// One line of the test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How it stands.
    pub standing: Standing,
    /// What was seen, as a sentence; what is asked, where nothing was seen yet.
    pub text: String,
}

/// How one line of the test stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The answer is waited for.
    Checking,
    /// It works.
    Good,
    /// It does not.
    Bad,
    /// Somebody did not wait for the answer.
    NotAwaited,
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

    /// Tries everything. Tells all lines whenever one of them has its answer, and answers how they all are at the end.
    pub fn test(&self, answers: &Answers, tell: &dyn Fn(Vec<Line>)) -> Result<Vec<Line>, String> {
        let segl = self.run.trial(answers).map_err(|e| self.wrong(&e))?;
        let board = Board {
            lines: RefCell::default(),
            tell,
        };
        Handle::current().block_on(self.ask_all(&segl, answers, &board));
        Ok(board.lines.into_inner())
    }

    /// Asks everything at once. The mail goes as soon as the mail server has answered, however slow a directory is.
    async fn ask_all(&self, segl: &Segl, answers: &Answers, board: &Board<'_>) {
        let probed = segl.probed();
        let words = &self.words;
        let has_server = probed.contains(&Probed::Server);
        let server = has_server.then(|| board.expect(words.say("test-line-server")));
        let directories: Vec<_> = probed
            .iter()
            .filter_map(|probed| match probed {
                Probed::Server => None,
                Probed::Directory {
                    name, is_server, ..
                } => Some((probed, is_server.then(|| board.expect(name.clone())))),
            })
            .collect();
        let mail = has_server.then(|| board.expect(words.say("test-line-mail")));
        board.show();
        let directories = directories.into_iter().map(|(probed, at)| async move {
            if let Some(probe) = segl.probe_one(probed, &now).await {
                board.put(at, self.line(&probe, answers));
            }
        });
        let server = async {
            let Some(probe) = segl.probe_one(&Probed::Server, &now).await else {
                return;
            };
            let is_there = matches!(probe, Probe::Server { .. });
            board.put(server, self.line(&probe, answers));
            let line = if is_there {
                self.mail(segl, answers).await
            } else {
                Line::bad(words.say("test-no-mail"))
            };
            board.put(mail, line);
        };
        let server = async {
            if has_server {
                server.await;
            }
        };
        join(server, join_all(directories)).await;
    }

    async fn mail(&self, segl: &Segl, answers: &Answers) -> Line {
        let words = &self.words;
        match segl.mail_to_oneself(words.own_mail(), &now).await {
            Ok(_receipt) => Line::good(words.own_mail_shown(&answers.address)),
            Err(cause) => Line::stopped(&words.own_mail_failed(&cause)),
        }
    }

    pub(super) fn finish(&self, answers: &Answers) -> Result<Segl, String> {
        self.run.finish(answers).map_err(|e| self.wrong(&e))
    }

    fn line(&self, probe: &Probe, answers: &Answers) -> Line {
        let words = &self.words;
        match probe {
            Probe::Server { tls, size } => {
                let size = size.map_or_else(|| words.say("doctor-no-size"), |s| words.size(s));
                let args = [("version", tls.name().into()), ("size", size.into())];
                let server = words.with("test-server", &args);
                let signed_in = answers.server.as_ref().filter(|s| s.way != SignInWay::None);
                Line::good(match signed_in {
                    None => server,
                    Some(signed_in) => {
                        let user = [("username", signed_in.username.as_str().into())];
                        format!("{server}. {}", words.with("test-sign-in", &user))
                    }
                })
            }
            Probe::NoServer(cause) => Line::stopped(&words.not_sent(cause)),
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
                Line::good(words.with("test-directory", &args))
            }
            Probe::Directory {
                failure: Some(failure),
                ..
            } => Line::stopped(&Stop {
                what: words.directory_failure(failure),
                next: words.say("next-again"),
            }),
        }
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

/// The lines of a test while its answers come.
struct Board<'a> {
    lines: RefCell<Vec<Line>>,
    tell: &'a dyn Fn(Vec<Line>),
}

impl Board<'_> {
    /// A further line, whose answer is waited for: its place.
    fn expect(&self, text: String) -> usize {
        let mut lines = self.lines.borrow_mut();
        lines.push(Line {
            standing: Standing::Checking,
            text,
        });
        lines.len() - 1
    }

    /// The answer of a line; at the end, where nothing was expected.
    fn put(&self, at: Option<usize>, line: Line) {
        let mut lines = self.lines.borrow_mut();
        match at {
            Some(at) => lines[at] = line,
            None => lines.push(line),
        }
        drop(lines);
        self.show();
    }

    fn show(&self) {
        (self.tell)(self.lines.borrow().clone());
    }
}

impl Line {
    fn good(text: String) -> Self {
        Self {
            standing: Standing::Good,
            text,
        }
    }

    fn bad(text: String) -> Self {
        Self {
            standing: Standing::Bad,
            text,
        }
    }

    fn stopped(stop: &Stop) -> Self {
        Self::bad(format!("{} {}", stop.what, stop.next).trim_end().to_owned())
    }

    /// The line as it is read: how it stands, and then what was seen.
    pub(super) fn sentence(&self, words: &Words) -> String {
        let key = match self.standing {
            Standing::Checking => "test-checking",
            Standing::Good => "test-good",
            Standing::Bad => "test-bad",
            Standing::NotAwaited => "test-not-awaited",
        };
        words.with(key, &[("text", self.text.as_str().into())])
    }
}
