//! The window's backend: the real Segl behind what the worker asks for.

use std::{
    io,
    path::PathBuf,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;

use super::{
    another::Another,
    message::{AttachFailure, AttachProblem, Event, Freshness, Progress, Resolution},
    page::Show,
    report::{Culprit, Receipt, Step, Trouble},
    run::now,
    setup::{Setup, Source},
    shown,
    worker::{Backend, Events, Failed, Later, Way},
};
use crate::{
    cert::Organisation,
    config::{Config, Paths},
    decide::{Approved, Assessment, Change, Surface},
    mail::{self, Address, Attachment, Draft, DraftId, HandedOver},
    segl::{
        self, Ask, AttachError, Cancel, FoundOut, MakeError, Outcome, Segl, SendError, Sending,
    },
    words::{Stop, Words},
};

/// How often the rules and settings are looked at: a change is noticed within a minute.
const WATCH: Duration = Duration::from_secs(20);
/// How often it is looked whether sending is to be stopped.
const STOP: Duration = Duration::from_millis(50);
/// Octets of what another program hands over at most.
const MAX_HANDED_OVER: u64 = 1 << 30;
/// Octets of a text at most.
const MAX_TEXT: u64 = 64 << 20;

/// Segl, as the window uses it.
pub(super) struct Real {
    segl: RwLock<Arc<Segl>>,
    paths: Option<Paths>,
    another: Another,
    #[cfg_attr(
        not(feature = "demo"),
        expect(dead_code, reason = "the demo begins with it")
    )]
    setup: Setup,
    words: Words,
    #[cfg(feature = "demo")]
    _demo: Option<crate::demo::Demo>,
}

impl Real {
    /// Segl with the settings of this computer.
    pub(super) fn new(segl: Segl, paths: Option<Paths>, setup: Setup, another: Another) -> Self {
        Self {
            segl: RwLock::new(Arc::new(segl)),
            paths,
            another,
            words: Words::new(setup.lang),
            setup,
            #[cfg(feature = "demo")]
            _demo: None,
        }
    }

    /// The same with the demo's servers, which end with it.
    #[cfg(feature = "demo")]
    pub(super) fn with_demo(self, demo: crate::demo::Demo) -> Self {
        Self {
            _demo: Some(demo),
            ..self
        }
    }

    /// What is due at the start, and from then on a look at the rules from time to time.
    pub(super) fn begin(self: &Arc<Self>, events: &Events) {
        if let Err(cause) = self.segl().begin(now()) {
            events.send(Event::Failed(Self::trouble(
                &self.words.not_sent(&cause),
                &cause,
            )));
        }
        let (watched, events) = (Arc::downgrade(self), events.clone());
        let watch = move || {
            while let Some(real) = watched.upgrade() {
                if let Some(aside) = real.segl().take_set_aside() {
                    let stop = real.words.set_aside(&aside);
                    events.send(Event::Failed(Self::told(&stop, format!("{aside:?}"))));
                }
                real.look_at_rules(&events);
                drop(real);
                std::thread::sleep(WATCH);
            }
        };
        // Without the thread the rules are those of the start; a send reads them again all the same.
        let _started = std::thread::Builder::new()
            .name("segl-rules".to_owned())
            .spawn(watch);
    }

    fn look_at_rules(&self, events: &Events) {
        let Some(paths) = &self.paths else { return };
        let Ok(config) = Config::load(paths) else {
            return;
        };
        let segl = self.segl();
        if config.settings_sha256 == segl.config().settings_sha256 {
            return;
        }
        let at = now();
        let policy = Box::new(config.policy.clone());
        if let Ok(changed) = Segl::open(config, segl.account().to_owned()) {
            *self.segl.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(changed);
            events.send(Event::PolicyChanged { policy, at });
            if let Err(cause) = self.segl().begin(at) {
                events.send(Event::Failed(Self::trouble(
                    &self.words.not_sent(&cause),
                    &cause,
                )));
            }
        }
    }

    fn segl(&self) -> Arc<Segl> {
        Arc::clone(&self.segl.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn trouble(stop: &Stop, cause: &dyn std::error::Error) -> Failed {
        Self::told(stop, detail(cause))
    }

    fn told(stop: &Stop, detail: String) -> Failed {
        Box::new(Trouble {
            happened: stop.what.clone(),
            means: String::new(),
            todo: stop.next.clone(),
            steps: vec![Step::CopyForIt],
            at: None,
            may_have_been_sent: false,
            detail,
        })
    }

    /// Why nothing was sent, with what to repair and the next steps as buttons.
    fn not_sent(&self, cause: &SendError) -> Failed {
        let mut trouble = Self::trouble(&self.words.not_sent(cause), cause);
        trouble.means = self.words.say("trouble-draft-is-there");
        trouble.at = culprit(cause);
        trouble.steps = match cause {
            _ if cause.may_pass() => vec![Step::SendAgain, Step::CopyForIt],
            SendError::NoMailServer | SendError::UnknownSender | SendError::NoPassword => {
                vec![Step::OpenSettings, Step::CopyForIt]
            }
            _ if trouble.at.is_some() => vec![Step::Correct],
            _ => vec![Step::CopyForIt],
        };
        trouble
    }

    /// The server refused, and nothing was sent.
    fn rejected(&self, receipt: &segl::Receipt) -> Failed {
        let stop = self.words.rejected(receipt);
        let told: Vec<_> = receipt
            .deliveries
            .iter()
            .flat_map(|d| &d.recipients)
            .collect();
        let refused: Vec<Address> = told
            .iter()
            .filter(|t| t.is_refused)
            .map(|t| t.recipient.mailbox.address.clone())
            .collect();
        let mut steps = Vec::new();
        if !refused.is_empty() {
            steps.push(Step::Correct);
            if refused.len() < told.len() {
                steps.push(Step::SendToOthers);
            }
        }
        steps.push(Step::CopyForIt);
        Box::new(Trouble {
            happened: stop.what,
            means: self.words.say("trouble-draft-is-there"),
            todo: stop.next,
            steps,
            at: Some(Culprit::Recipients(refused.clone())).filter(|_| !refused.is_empty()),
            may_have_been_sent: false,
            detail: receipt
                .deliveries
                .iter()
                .filter_map(|d| d.reply.clone())
                .collect::<Vec<_>>()
                .join("\n"),
        })
    }

    async fn send_now(
        &self,
        draft: Draft,
        approved: Approved,
        way: Way,
    ) -> Result<Receipt, Failed> {
        let segl = self.segl();
        let cancel = Arc::new(Cancel::new());
        let ended = Arc::new(AtomicBool::new(false));
        let watcher = {
            let (cancel, ended, way) = (Arc::clone(&cancel), Arc::clone(&ended), way.clone());
            tokio::spawn(async move {
                while !ended.load(Ordering::Relaxed) {
                    if way.is_to_stop() {
                        cancel.stop();
                        return;
                    }
                    tokio::time::sleep(STOP).await;
                }
            })
        };
        let mut tell = |done, total, can_stop| {
            way.tell(Progress {
                done,
                total,
                can_stop,
            });
        };
        let sending = Sending {
            draft: &draft,
            approved,
            surface: Surface::Window,
            way: segl::Way::Submit,
            watch: &mut tell,
            cancel: &cancel,
        };
        let sent = segl.send(sending, &now).await;
        ended.store(true, Ordering::Relaxed);
        watcher.abort();
        match sent {
            Err(cause) => Err(self.not_sent(&cause)),
            Ok(receipt) if matches!(receipt.outcome, Outcome::Rejected | Outcome::NotSent) => {
                Err(self.rejected(&receipt))
            }
            Ok(receipt) => Ok(shown::receipt(&draft, &receipt)),
        }
    }
}

impl Backend for Real {
    fn assess<'a>(
        &'a self,
        address: &'a Address,
        freshness: Freshness,
    ) -> Later<'a, Arc<Assessment>> {
        let ask = match freshness {
            Freshness::Cached => Ask::IfNotFresh,
            Freshness::AskAgain => Ask::Anew,
        };
        let segl = self.segl();
        Box::pin(async move { Arc::new(segl.assess(address, ask, &now).await) })
    }

    fn send(
        &self,
        draft: Draft,
        approved: Approved,
        way: Way,
    ) -> Later<'_, Result<Receipt, Failed>> {
        Box::pin(self.send_now(draft, approved, way))
    }

    fn size_limit(&self) -> Later<'_, Option<u64>> {
        let segl = self.segl();
        Box::pin(async move { segl.size_limit(now()).await })
    }

    fn save_draft(&self, draft: &Draft) -> Result<Timestamp, Failed> {
        let at = now();
        self.segl()
            .save_draft(draft, at)
            .map_err(|e| Self::trouble(&self.words.draft(&e), &e))?;
        Ok(at)
    }

    fn delete_draft(&self, id: &DraftId) -> Result<(), Failed> {
        self.segl()
            .delete_draft(id)
            .map_err(|e| Self::trouble(&self.words.draft(&e), &e))
    }

    fn load_drafts(&self) -> Result<Vec<Draft>, Failed> {
        let drafts = self
            .segl()
            .take_drafts()
            .map_err(|e| Self::trouble(&self.words.draft(&e), &e))?;
        // One that cannot be read stays where it is, for a version that can.
        Ok(drafts
            .into_iter()
            .filter_map(|(_, draft)| draft.ok())
            .collect())
    }

    fn read_handed_over(&self, source: &Source) -> Result<HandedOver, Failed> {
        let octets = read(source, MAX_HANDED_OVER)
            .map_err(|e| Self::trouble(&self.words.unreadable(), &e))?;
        mail::handed_over(&octets).map_err(|e| Self::trouble(&self.words.handed_over(&e), &e))
    }

    fn read_text(&self, source: &Source) -> Result<String, Failed> {
        let octets =
            read(source, MAX_TEXT).map_err(|e| Self::trouble(&self.words.unreadable(), &e))?;
        let text =
            String::from_utf8(octets).map_err(|e| Self::trouble(&self.words.unreadable(), &e))?;
        Ok(text.replace("\r\n", "\n"))
    }

    fn attach(&self, path: PathBuf) -> Result<Attachment, AttachFailure> {
        segl::attach(&path).map_err(|cause| {
            let (name, why) = match cause {
                AttachError::Unreadable { name, source }
                    if source.kind() == io::ErrorKind::NotFound =>
                {
                    (name, AttachProblem::Missing)
                }
                AttachError::NotAFile { name } => (name, AttachProblem::NotAFile),
                AttachError::Unreadable { name, .. } | AttachError::Name { name } => {
                    (name, AttachProblem::Unreadable)
                }
            };
            AttachFailure { name, why }
        })
    }

    fn import_certificates(&self, path: PathBuf) -> Result<usize, Failed> {
        self.segl()
            .import(&path)
            .map_err(|e| Self::trouble(&self.words.import(&e), &e))
    }

    fn confirm_organisation(
        &self,
        address: &Address,
        organisation: &Organisation,
    ) -> Result<(), Failed> {
        let confirmed = self
            .segl()
            .confirm(address, Some(organisation.clone()), now());
        confirmed.map_err(|e| Self::trouble(&self.words.draft(&e), &e))
    }

    fn resolve(&self, draft: &DraftId, was: Resolution) -> Result<(), Failed> {
        let found = match was {
            Resolution::Sent => FoundOut::Sent,
            Resolution::NotSent => FoundOut::NotSent,
        };
        self.segl()
            .resolve(draft, found, now())
            .map_err(|e| Self::trouble(&self.words.not_sent(&e), &e))
    }

    fn save_to_case(&self, receipt: &Receipt, path: PathBuf) -> Result<PathBuf, Failed> {
        let saved = self.segl().save_sent(&receipt.message_id, &path);
        saved.map_err(|e| Self::trouble(&self.words.copy(&e), &e))?;
        Ok(path)
    }

    fn open_settings(&self) -> Result<PathBuf, Failed> {
        let file = self
            .paths
            .as_ref()
            .map(|p| p.file.clone())
            .unwrap_or_default();
        super::start::open_settings(&file).map_err(|e| {
            let what = self.words.with(
                "settings-not-opened",
                &[("file", file.display().to_string().into())],
            );
            Self::trouble(
                &Stop {
                    what,
                    next: self.words.say("next-it"),
                },
                &e,
            )
        })?;
        Ok(file)
    }

    fn start_demo(&self) -> Result<(Setup, Arc<dyn Backend>), Failed> {
        #[cfg(feature = "demo")]
        {
            let lang = self.setup.lang;
            super::start::demo(lang, self.setup.theme).map_err(|e| {
                let what = self
                    .words
                    .with("demo-failed", &[("detail", e.to_string().into())]);
                Self::trouble(
                    &Stop {
                        what,
                        next: self.words.say("next-it"),
                    },
                    &*e,
                )
            })
        }
        #[cfg(not(feature = "demo"))]
        {
            let stop = Stop {
                what: self.words.say("demo-unavailable"),
                next: String::new(),
            };
            Err(Self::trouble(
                &stop,
                &io::Error::from(io::ErrorKind::Unsupported),
            ))
        }
    }

    fn open(&self, show: Show) -> Result<(), Failed> {
        self.another.open(show).map_err(|e| {
            let stop = Stop {
                what: self.words.say("trouble-no-other-window"),
                next: self.words.say("next-it"),
            };
            Self::trouble(&stop, &e)
        })
    }

    fn remember_zoom(&self, percent: u16) {
        super::start::remember_zoom(&self.segl().config().data, percent);
    }

    fn panicked(&self) -> Failed {
        let stop = self.words.fault();
        let mut trouble = Self::trouble(&stop, &io::Error::other("panic"));
        trouble.may_have_been_sent = true;
        trouble
    }
}

/// What stands in the way, where it is something in the composer.
fn culprit(cause: &SendError) -> Option<Culprit> {
    match cause {
        SendError::Changed(
            Change::Route { recipient, .. }
            | Change::Certificates { recipient }
            | Change::Organisation { recipient },
        ) => Some(Culprit::Recipients(vec![recipient.mailbox.address.clone()])),
        SendError::Make(MakeError::Render(
            mail::RenderError::Attachment { name, .. } | mail::RenderError::Changed { name },
        )) => Some(Culprit::File(name.clone())),
        SendError::Make(MakeError::Render(mail::RenderError::Forbidden(_))) => {
            Some(Culprit::Subject)
        }
        _ => None,
    }
}

/// An error and what lies under it, for the IT department. Errors of Segl hold no text of a mail and no address.
fn detail(cause: &dyn std::error::Error) -> String {
    let mut lines = vec![cause.to_string()];
    let mut under = cause.source();
    while let Some(cause) = under {
        let text = cause.to_string();
        if lines.last() != Some(&text) {
            lines.push(text);
        }
        under = cause.source();
    }
    lines.join("\n")
}

fn read(source: &Source, limit: u64) -> io::Result<Vec<u8>> {
    let file = match source {
        Source::Stdin => None,
        Source::File(path) => Some(path.as_path()),
    };
    segl::read_input(file, limit)
}
