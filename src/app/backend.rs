//! The window's backend: the real Segl behind what the worker asks for.

mod own;
mod received;
mod settings;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Handle;

use super::{
    aids,
    another::Another,
    assistant::{Desk, Secret, Told},
    book::BookBackend,
    imports::{ImportBackend, Looked, Wanted},
    lists::Shelf,
    message::{AttachFailure, AttachProblem, Event, Freshness, Progress, Resolution},
    outgoing::{self, Outgoing},
    page::Show,
    report::{Culprit, Receipt, Step, Trouble},
    run::now,
    setup::{Setup, Source},
    shown,
    signing_in::SignIn,
    worker::{Backend, Events, Failed, Later, Way},
};
use crate::{
    cert::{Certificate, Ending, Fingerprint, Organisation},
    config::{Auth, Config, Paths, SubmissionSecret},
    content::Suggestion,
    decide::{Approved, Assessment, Assessments, Change, Refusal, Surface},
    keys::{Password, Token, TokenError},
    mail::{self, Address, Attachment, Draft, DraftId, HandedOver},
    segl::{
        self, Ask, AttachError, Book, BookError, Cancel, DraftError, FirstRun, FoundOut,
        ImportError, Imported, MakeError, Offered, Outcome, OwnIdentity, Pinning, Segl, SendError,
        Sending, Ship, SignInError, TakenOthers,
    },
    words::{Stop, Words},
};

/// How often the rules and settings are looked at: a change is noticed within a minute.
const WATCH: Duration = Duration::from_secs(20);
/// How often it is looked whether the log is to be shipped.
const HOUSE: Duration = Duration::from_mins(10);
/// How often what is kept too long is removed.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How often it is looked whether a card was put in or taken out.
const CARDS: Duration = Duration::from_secs(2);
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
    pub(super) outgoing: Outgoing,
    first_run: Option<Desk>,
    setup: Setup,
    words: Words,
    shelf: aids::Shelf,
}

impl Real {
    /// Segl with the settings of this computer.
    pub(super) fn new(segl: Segl, paths: Option<Paths>, setup: Setup, another: Another) -> Self {
        let words = || Words::new(setup.lang);
        let first_run = paths.as_ref().map(|paths| {
            let run = FirstRun::new(paths.clone(), segl.account().to_owned());
            Desk::of_computer(run, words())
        });
        Self {
            segl: RwLock::new(Arc::new(segl)),
            paths,
            another,
            outgoing: Outgoing::default(),
            shelf: aids::Shelf::default(),
            first_run,
            words: words(),
            setup,
        }
    }

    /// What is due at the start, and from then on a look at the rules from time to time.
    pub(super) fn begin(self: &Arc<Self>, events: &Events) {
        Outgoing::watch(self, events);
        if let Err(cause) = self.segl().begin(now()) {
            events.send(Event::Failed(Self::trouble(
                &self.words.not_sent(&cause),
                &cause,
            )));
        }
        if let Some(firm) = super::start::greeting(self.segl().config(), self.setup.lang) {
            events.send(Event::Assistant(Told::SetUpBy(firm)));
        }
        let mut own = self.segl().at_hand();
        self.tell_own(events);
        let mut choices = self.read_choices(events);
        self.look_for_certificates(events);
        self.ask_about_own(events);
        self.keep_house();
        let (watched, events) = (Arc::downgrade(self), events.clone());
        let watch = move || {
            while let Some(real) = watched.upgrade() {
                if let Some(aside) = real.segl().take_set_aside() {
                    let stop = real.words.set_aside(&aside);
                    events.send(Event::Failed(Self::told(&stop, format!("{aside:?}"))));
                }
                real.look_at_rules(&events);
                let at_hand = real.segl().at_hand();
                if at_hand != own {
                    own = at_hand;
                    real.tell_own(&events);
                }
                real.look_at_choices(&mut choices, &events);
                let has_tokens = !real.segl().config().identity.tokens.is_empty();
                drop(real);
                if !has_tokens {
                    std::thread::sleep(WATCH);
                    continue;
                }
                // A card that is taken out is said at once, not at the next look at the rules.
                for _ in 0..WATCH.as_secs() / CARDS.as_secs() {
                    std::thread::sleep(CARDS);
                    let Some(real) = watched.upgrade() else {
                        return;
                    };
                    let at_hand = real.segl().at_hand();
                    if at_hand != own {
                        own = at_hand;
                        real.tell_own(&events);
                    }
                }
            }
        };
        // Without the thread the rules are those of the start; a send reads them again all the same.
        let _started = std::thread::Builder::new()
            .name("segl-rules".to_owned())
            .spawn(watch);
    }

    /// While the window stays open for days: what is kept longer than the firm wants goes daily, and the log is shipped
    /// when it is time. On a thread of its own, because a folder on the network may not answer for long.
    fn keep_house(self: &Arc<Self>) {
        let watched = Arc::downgrade(self);
        let keep = move || {
            let mut purged = now();
            while let Some(real) = watched.upgrade() {
                let (segl, at) = (real.segl(), now());
                drop(real);
                // What does not work now is tried again; the next start and doctor tell it.
                if segl.ships_now(at) {
                    let _shipped = segl.ship(Ship::WhenDue, at);
                }
                if at.duration_since(purged).abs() >= DAY {
                    let _purged = segl.keep_retention(at);
                    purged = at;
                }
                drop(segl);
                std::thread::sleep(HOUSE);
            }
        };
        // Without the thread the next start does it.
        let _started = std::thread::Builder::new()
            .name("segl-house".to_owned())
            .spawn(keep);
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
            segl.hand_over_drafts(&changed);
            *self.segl.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(changed);
            events.send(Event::PolicyChanged { policy, at });
            self.tell_own(events);
            if let Err(cause) = self.segl().begin(at) {
                events.send(Event::Failed(Self::trouble(
                    &self.words.not_sent(&cause),
                    &cause,
                )));
            }
        }
    }

    /// The words of this window.
    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    /// Starts the program again, for another window.
    pub(super) fn start(&self, arguments: &[&str]) -> Result<(), Failed> {
        self.another
            .start(arguments)
            .map_err(|e| self.no_window(&e))
    }

    /// What the store of drafts did not do.
    pub(super) fn no_draft(&self, cause: &DraftError) -> Failed {
        Self::trouble(&self.words.draft(cause), cause)
    }

    /// What the log did not show.
    pub(super) fn no_log(&self, cause: &SendError) -> Failed {
        Self::trouble(&self.words.no_log(), cause)
    }

    pub(super) fn segl(&self) -> Arc<Segl> {
        Arc::clone(&self.segl.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn trouble(stop: &Stop, cause: &dyn std::error::Error) -> Failed {
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

    fn no_window(&self, cause: &io::Error) -> Failed {
        let stop = Stop {
            what: self.words.say("trouble-no-other-window"),
            next: self.words.say("next-it"),
        };
        Self::trouble(&stop, cause)
    }

    /// Why nothing was sent, with what to repair and the next steps as buttons.
    fn not_sent(&self, cause: &SendError) -> Failed {
        let mut trouble = Self::trouble(&self.words.not_sent(cause), cause);
        trouble.means = self.words.say("trouble-draft-is-there");
        trouble.at = culprit(cause);
        if let Some(how) = self.sign_in_again(cause) {
            trouble.todo = self.words.say("next-sign-in-again");
            trouble.steps = vec![Step::SignIn(how), Step::CopyForIt];
            return trouble;
        }
        trouble.steps = match cause {
            SendError::Token {
                why: TokenError::Locked,
                ..
            } => vec![Step::Pin, Step::CopyForIt],
            _ if cause.may_pass() => vec![Step::SendAgain, Step::CopyForIt],
            SendError::NoMailServer | SendError::UnknownSender | SendError::NoPassword => {
                vec![Step::OpenSettings, Step::CopyForIt]
            }
            _ if trouble.at.is_some() => vec![Step::Correct],
            _ => vec![Step::CopyForIt],
        };
        trouble
    }

    /// How one signs in again, where that is what is missing and this window can do it.
    fn sign_in_again(&self, cause: &SendError) -> Option<SignIn> {
        let segl = self.segl();
        match &segl.config().submission.as_ref()?.auth {
            _ if !cause.lacks_sign_in() => None,
            Auth::Xoauth2 { .. } => segl.sign_in().map(|_| SignIn::Browser),
            Auth::Password {
                secret: SubmissionSecret::Keyring,
                ..
            } if segl.config().key_file.is_none() => Some(SignIn::Password),
            // The environment has it, there is no keyring to keep it in, or nobody is asked for one: IT's to correct.
            Auth::Password { .. } | Auth::None => None,
        }
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
        let is_safe = approved.consents().is_empty() && approved.left_out().is_empty();
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
            Err(cause) => {
                let trouble = self.not_sent(&cause);
                Err(self.let_wait(&draft, is_safe, cause.waits(), trouble, &way))
            }
            Ok(receipt) if matches!(receipt.outcome, Outcome::Rejected | Outcome::NotSent) => {
                let trouble = self.rejected(&receipt);
                Err(self.let_wait(&draft, is_safe, receipt.waits(), trouble, &way))
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

    fn sign_in(&self, password: Option<Secret>) -> Result<(), Failed> {
        let segl = self.segl();
        let signed_in = match password {
            Some(mut secret) => {
                let password = Password::new(std::mem::take(&mut *secret.0));
                segl.set_password(&password).map_err(SignInError::Key)
            }
            None => match segl.sign_in() {
                None => Err(SignInError::Nobody),
                Some(sign_in) => {
                    let open = |url: &str| {
                        // Where none comes up, the sign-in ends by itself, and says so.
                        let _opened = open::that_detached(url);
                    };
                    let page = self.words.go_back_page();
                    let signing_in = sign_in.with_browser(&page, &open);
                    Handle::current().block_on(signing_in)
                }
            },
        };
        signed_in.map_err(|cause| {
            let mut trouble = Self::trouble(&self.words.sign_in(&cause), &cause);
            trouble.means = self.words.say("trouble-draft-is-there");
            if segl.sign_in().is_some() {
                trouble.todo = self.words.say("next-sign-in-again");
                trouble.steps.insert(0, Step::SignIn(SignIn::Browser));
            }
            trouble
        })
    }

    fn open_token(
        &self,
        token: &Token,
        pin: Option<Secret>,
    ) -> (Result<(), Failed>, Vec<OwnIdentity>) {
        (self.give_pin(token, pin), self.own_identities())
    }

    fn take_in_key(&self, file: &Path, password: Secret) -> Result<usize, Failed> {
        self.keep_keys(file, &password)
    }

    fn back_up_key(&self, which: Fingerprint, file: &Path, password: Secret) -> Result<(), Failed> {
        self.write_backup(which, file, &password)
    }

    fn test_own(&self) -> Result<usize, Failed> {
        self.tested_own()
    }

    fn keep_standing(
        &self,
        made: Vec<crate::decide::Standing>,
    ) -> Result<Vec<crate::decide::Standing>, Failed> {
        let kept = self.segl().keep_standing(made, now());
        kept.map_err(|e| Self::trouble(&self.words.not_assessed(&e), &e))
    }

    fn note_refused(&self, draft: &Draft, refusal: &Refusal) -> Result<(), Failed> {
        let noted = self
            .segl()
            .note_refused(draft, refusal, Surface::Window, now());
        noted.map_err(|e| {
            let detail = [("detail", e.to_string().into())];
            let stop = Stop {
                what: self.words.with("report-refused-not-recorded", &detail),
                next: self.words.say("next-it"),
            };
            Self::trouble(&stop, &e)
        })
    }

    fn look_through(&self, draft: &Draft) -> Suggestion {
        self.segl().examine_content(draft)
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
        self.segl()
            .take_crashed_drafts()
            .map_err(|e| self.no_draft(&e))
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
            super::start::demo(lang, Some(self.setup.theme), &self.another).map_err(|e| {
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

    fn first_run(&self) -> Option<&Desk> {
        self.first_run.as_ref()
    }

    fn go_on_with(&self, segl: Segl) -> Option<Setup> {
        let setup = super::start::ready(&segl, &self.setup);
        *self.segl.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(segl);
        Some(setup)
    }

    fn open(&self, show: Show) -> Result<(), Failed> {
        self.start(&["--show", show.argument()])
    }

    fn lists(&self) -> &dyn Shelf {
        self
    }

    fn received(&self) -> &dyn super::received::Opens {
        self
    }

    fn finish(&self) -> Later<'_, ()> {
        Box::pin(async move {
            self.outgoing.finish().await;
            // In the demo the servers go with the window that began it: nobody could go on.
            if self.paths.is_some() && outgoing::goes_on(&self.segl()) {
                // Without that program the mail waits for the next window.
                let _started = self.another.start(&["--outbox-runner"]);
            }
        })
    }

    fn aid(&self, ask: aids::Ask) -> Result<aids::Told, Failed> {
        let segl = self.segl();
        self.shelf.answer(ask, &segl, now()).map_err(|cause| {
            let next = self.words.draft(&cause).next;
            let what = self.words.say("spell-not-added");
            Self::trouble(&Stop { what, next }, &cause)
        })
    }

    fn remember_zoom(&self, percent: u16) {
        // That it cannot be kept costs a key press next time.
        let _kept = segl::Preferences::set(&self.segl().config().data, "zoom", i64::from(percent));
    }

    fn panicked(&self) -> Failed {
        let stop = self.words.fault();
        let mut trouble = Self::trouble(&stop, &io::Error::other("panic"));
        trouble.may_have_been_sent = true;
        trouble
    }
}

impl BookBackend for Real {
    fn load_book(&self) -> Result<Arc<Book>, Failed> {
        let segl = self.segl();
        match segl.book() {
            Ok(book) => Ok(Arc::new(book)),
            // That there is no key is told with the drafts.
            Err(BookError::Key(_)) => Ok(Arc::new(segl.empty_book())),
            Err(cause) => Err(Self::trouble(&self.words.book(&cause), &cause)),
        }
    }

    fn import_contacts(&self, path: PathBuf) -> Result<Imported, Failed> {
        let done = self.segl().import_contacts(&path, now());
        done.map_err(|e| Self::trouble(&self.words.book(&e), &e))
    }

    fn forget_contact(&self, address: &Address) -> Result<(), Failed> {
        let done = self.segl().forget_contact(address);
        done.map_err(|e| Self::trouble(&self.words.book(&e), &e))?;
        Ok(())
    }

    fn note_alerts(&self, draft: &DraftId, codes: &[&'static str]) -> Result<(), Failed> {
        let noted = self.segl().note_alerts(draft.as_str(), codes, now());
        noted.map_err(|e| Self::trouble(&self.words.book(&e), &e))
    }
}

impl ImportBackend for Real {
    fn look_into(&self, path: &Path, wanted: &Wanted) -> Result<Box<Looked>, Failed> {
        let (segl, at) = (self.segl(), now());
        let failed = |e: ImportError| Self::trouble(&self.words.import(&e), &e);
        let octets = Segl::read_offer(path).map_err(failed)?;
        let offered = segl.offered(&octets, at).map_err(failed)?;
        let names_nobody = |c: &Certificate| c.facts().addresses.is_empty();
        let is_for_nobody = offered.from.is_none() && offered.certificates.iter().all(names_nobody);
        let address = wanted
            .selected
            .clone()
            .or_else(|| wanted.only_red.clone().filter(|_| is_for_nobody));
        Ok(Box::new(Looked {
            path: path.to_owned(),
            offers: segl.offers(&offered, address.as_ref(), at),
            address: address.or_else(|| offered.from.clone()),
            offered: Arc::new(offered),
            is_dropped: false,
        }))
    }

    fn take_in(
        &self,
        offered: &Offered,
        address: Option<&Address>,
        pinning: Pinning,
    ) -> Result<TakenOthers, Failed> {
        let done = self.segl().take_in_others(offered, address, pinning, now());
        done.map_err(|e| Self::trouble(&self.words.import(&e), &e))
    }

    fn unpin(&self, address: &Address, only: Option<Fingerprint>) -> Result<usize, Failed> {
        let done = self.segl().unpin(address, only, now());
        let gone = done.map_err(|e| Self::trouble(&self.words.readers(&e), &e))?;
        Ok(gone.len())
    }

    fn remove(&self, sha256: Fingerprint) -> Result<(), Failed> {
        let done = self.segl().remove_other(sha256, now());
        done.map_err(|e| Self::trouble(&self.words.import(&e), &e))?;
        Ok(())
    }

    fn endings(&self, found: &Arc<Assessment>) -> Vec<Ending> {
        let found = Assessments::from([(found.address().clone(), Arc::clone(found))]);
        self.segl().endings_to_tell(&found, now())
    }
}

/// What stands in the way, where it is something in the composer.
fn culprit(cause: &SendError) -> Option<Culprit> {
    match cause {
        SendError::Changed(
            Change::Route { recipient, .. }
            | Change::Certificates { recipient }
            | Change::Transport { recipient, .. }
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
