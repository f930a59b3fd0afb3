//! Everything that the window shows, as plain data. The light is not in here: it is decided anew from what is known.

use std::{collections::BTreeSet, sync::Arc};

use jiff::{SignedDuration, Timestamp};

use super::{
    aids::{self, Aids},
    book, class,
    command::Command,
    keys::{At, Screen},
    lists,
    message::{Job, Progress},
    options,
    page::Page,
    palette::Palette,
    place::{On, Place, Spot},
    report::{Overall, Receipt, Trouble},
    retry::Retry,
    rows::{Chip, Rows},
    setup::{Readiness, Setup},
    stops,
    voice::{Urgency, Voice},
    warning::{Shown, WarningText},
};
use crate::{
    cert::Organisation,
    decide::{
        Approved, Assessment, Assessments, Decision, Policy, ReasonCode, RefusedBecause, decide,
    },
    mail::{Address, Body, Class, Draft, DraftId, Kind, Mailbox, Recipient},
    segl::OwnIdentity,
    words::Words,
};

/// The first moments of a dialog, in which nothing is taken for an answer.
pub const GUARD: SignedDuration = SignedDuration::from_millis(400);

/// The window.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the window"
)]
pub struct State {
    /// What it was told at start.
    pub setup: Setup,
    /// Its language.
    pub words: Arc<Words>,
    /// What this window is for.
    pub page: Page,
    /// A first run that was left, with everything that was typed.
    pub(super) first_run: Option<Box<super::assistant::Assistant>>,
    /// The mail. Subject and text are edited in place; recipients follow from `rows`.
    pub draft: Draft,
    /// The recipients as they are on the screen.
    pub rows: Rows,
    /// What is known of recipients. Absent means: being looked up.
    pub found: Assessments,
    /// Addresses that are being looked up.
    pub asking: BTreeSet<Address>,
    /// How far the mail is.
    pub phase: Phase,
    /// A question, or the list of keys.
    pub dialog: Option<Dialog>,
    /// The chip whose details are open.
    pub details: Option<(Kind, String)>,
    /// Where the focus is.
    pub focus: Place,
    /// What is said.
    pub voice: Voice,
    /// Whether the draft is kept.
    pub kept: Kept,
    /// Drafts that were kept and belong to no window.
    pub others: Vec<Draft>,
    /// What went wrong last.
    pub trouble: Option<Trouble>,
    /// What each sender's own certificates add to a mail.
    pub own: Vec<OwnIdentity>,
    /// Notices at the top.
    pub notices: Vec<String>,
    /// Who was waited for and can get encrypted mail now.
    pub certified: Vec<Mailbox>,
    /// Who was green when the directory was asked again: turning red is called out.
    pub(super) was_green: BTreeSet<Address>,
    /// Every recipient is known or asked about.
    pub(super) is_asked: bool,
    /// What has to be told about all recipients together, once all are known.
    pub(super) is_awaited: bool,
    /// When the state was spoken last.
    pub(super) said_state_at: Option<Timestamp>,
    /// The window closes as soon as the draft is kept.
    pub(super) is_closing: bool,
    /// The window was opened with a mail, by arguments or another program.
    pub(super) is_opened_with: bool,
    /// Sending by another program's key.
    pub(super) quick: super::quick::Quick,
    /// The refusal that was recorded last: the same one is not recorded at every look.
    pub(super) refused: Option<(DraftId, Vec<Address>, RefusedBecause)>,
    /// The mail that was reminded of its attachment.
    pub(super) reminded: Option<DraftId>,
    /// When the last message came.
    pub(super) seen: Option<Timestamp>,
    /// When look-ups that failed are tried again.
    pub(super) retry: Option<Retry>,
    /// Where reading stands in a dialog: lines scrolled.
    pub reading: f32,
    /// How many drafts are kept and mails wait.
    pub shelf: lists::waiting::Count,
    /// What is known of addresses, and what is suggested.
    pub addresses: book::Addresses,
    /// Spelling, signature, templates.
    pub aids: Aids,
    /// What was found in the mail.
    pub examined: class::Examined,
}

/// How far the mail is.
#[derive(Debug)]
pub enum Phase {
    /// Somebody writes.
    Writing,
    /// It is sent when the check is done.
    Armed,
    /// Its undo time runs.
    Holding {
        /// On what ground it will be sent.
        approved: Approved,
        /// Until when.
        until: Timestamp,
    },
    /// On its way.
    Sending {
        /// How far.
        progress: Option<Progress>,
        /// Quarters that were spoken.
        quarters: u64,
        /// Since when.
        since: Timestamp,
    },
    /// The mail server answered, or nobody did.
    Done {
        /// What became of it.
        receipt: Box<Receipt>,
        /// When the window closes by itself.
        closes: Option<Timestamp>,
    },
    /// It went into the outbox.
    Waiting(Box<lists::waiting::Queued>),
    /// Something broke while sending, and the mail may have left.
    Unconfirmed(Box<Trouble>),
}

/// Whether the draft is kept.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// The first change that is not kept yet.
    pub changed: Option<Timestamp>,
    /// When it was kept last.
    pub at: Option<Timestamp>,
    /// The worker is at it.
    pub is_saving: bool,
    /// It was asked for, and is said when it is done.
    pub is_told: bool,
    /// It could not be kept.
    pub has_failed: bool,
}

/// A dialog, with where the focus was.
#[derive(Debug)]
pub struct Dialog {
    /// What it asks.
    pub ask: Ask,
    /// Since when it is open.
    pub opened: Timestamp,
    /// Where the focus goes afterwards.
    pub came_from: Place,
}

/// What a dialog asks.
#[derive(Debug)]
pub enum Ask {
    /// Some would get the mail without encryption, or may not get it.
    Warning {
        /// What it says, word for word, as long as it is open.
        text: Box<WarningText>,
        /// About whom, and whether it is a question or a refusal.
        shown: Shown,
        /// The reason chosen.
        reason: Option<ReasonCode>,
        /// The reason's text.
        reason_text: String,
        /// Whether it holds for later mail too.
        also_later: bool,
    },
    /// The organisation of a recipient is another one than before.
    Organisation {
        /// Whose.
        address: Address,
        /// Before.
        before: Organisation,
        /// Now.
        now: Organisation,
    },
    /// The draft cannot be kept.
    LoseDraft,
    /// The list of keys.
    Keys,
    /// A question of the lists.
    Lists(lists::Question),
    /// Everything that can be done now.
    Commands(Palette),
    /// Some recipients are probably not meant.
    Recipients(Box<book::Asked>),
    /// Which template.
    Templates(Box<aids::templates::Choice>),
    /// The password of the mail server.
    Password(super::assistant::Secret),
    /// What becomes of certificates of other people.
    Import(Box<super::imports::Question>),
    /// Who is asked for a receipt, or what one says.
    Receipts(Box<super::receipts::Question>),
    /// The password of a key file, for a received mail.
    Received(super::received::Unlock),
    /// A PIN, or the password of a key file.
    OwnKeys(super::own_keys::Question),
}

impl State {
    /// A window with an empty mail.
    pub fn new(setup: Setup, id: DraftId) -> Self {
        let aids = Aids::new(setup.writing, setup.lang);
        let from = setup.senders.first().cloned();
        let draft = Draft::new(id, from.unwrap_or_else(nobody));
        let mut state = Self {
            words: Arc::new(Words::new(setup.lang)),
            page: Page::default(),
            first_run: None,
            rows: Rows::of(&draft),
            setup,
            draft,
            found: Assessments::new(),
            asking: BTreeSet::new(),
            phase: Phase::Writing,
            dialog: None,
            details: None,
            focus: Place::Field(Kind::To),
            voice: Voice::default(),
            kept: Kept::default(),
            others: Vec::new(),
            trouble: None,
            own: Vec::new(),
            notices: Vec::new(),
            certified: Vec::new(),
            was_green: BTreeSet::new(),
            is_asked: false,
            is_awaited: false,
            said_state_at: None,
            is_closing: false,
            is_opened_with: false,
            refused: None,
            reminded: None,
            quick: super::quick::Quick::default(),
            seen: None,
            retry: None,
            reading: 0.0,
            shelf: lists::waiting::Count::default(),
            addresses: book::Addresses::default(),
            aids,
            examined: class::Examined::default(),
        };
        if state.setup.readiness == Readiness::NoSender {
            let assistant = super::assistant::Assistant::only_address();
            state.page = Page::Assistant(Box::new(assistant));
            state.focus = super::assistant::field(super::assistant::Spot::Address);
        }
        state.settle_focus();
        state
    }

    /// The rule's answer for the mail as it is now.
    pub fn decision(&self) -> Decision {
        let further = self.own_identity().map_or(&[][..], |own| &own.further);
        let policy = Policy {
            further: further.to_vec(),
            ..self.setup.policy.clone()
        };
        let class = self.class();
        decide(
            &self.draft.id,
            class,
            &self.recipients(),
            &self.found,
            &policy,
        )
    }

    /// What the mail counts as: what the sender said, or the firm's default, and never less than what was found in it.
    pub fn class(&self) -> Class {
        let policy = &self.setup.policy;
        let found = &self.examined.found;
        let found = found.counted(&self.draft.dismissed, policy.default_class);
        policy.class(self.draft.class, found)
    }

    /// Whether nobody can read the subject on the way, as far as is known now: only where everybody gets the mail
    /// encrypted, and the rule hides it for each.
    pub fn hides_subject(&self) -> bool {
        let recipients = self.recipients();
        let mut addresses = recipients.iter().map(|r| &r.mailbox.address);
        let shows = |a: &Address| self.found.get(a).is_some_and(|f| f.shows_hidden_subject());
        let is_one = |a: &Address| self.setup.subject.hides(std::iter::once(a), shows);
        // The rule is asked first: it costs nothing, and most rules hide nothing.
        addresses.all(is_one) && self.decision().is_green()
    }

    /// What the sender's own certificates add to this mail.
    pub fn own_identity(&self) -> Option<&OwnIdentity> {
        let from = &self.draft.from.address;
        self.own.iter().find(|own| own.from == *from)
    }

    /// Everybody it goes to.
    pub fn recipients(&self) -> Vec<Recipient> {
        self.draft.recipients()
    }

    /// What is known of a chip's mailbox.
    pub fn known(&self, chip: &Chip) -> Option<&Assessment> {
        self.found.get(&chip.mailbox()?.address).map(AsRef::as_ref)
    }

    /// The chip at a place.
    pub fn chip(&self, kind: Kind, key: &str) -> Option<&Chip> {
        self.rows.row(kind).chips.iter().find(|c| c.has_key(key))
    }

    /// The chip that has the focus, or whose details have it.
    pub fn selected(&self) -> Option<(Kind, String)> {
        match &self.focus {
            Place::Chip(kind, key) => Some((*kind, key.clone())),
            Place::Button(Spot::Details, _) => self.details.clone(),
            _ => None,
        }
    }

    /// Whether the mail can be changed: not while it is on its way, nor afterwards.
    pub fn is_open(&self) -> bool {
        matches!(
            self.phase,
            Phase::Writing | Phase::Armed | Phase::Holding { .. }
        )
    }

    /// Whether there is nothing in the mail.
    pub fn is_blank(&self) -> bool {
        let has_text = match &self.draft.body {
            Body::Text(text) => {
                let signatures = &self.aids.signatures;
                !(text.is_empty() || signatures.is_all_of(text, &self.draft.from))
            }
            Body::HandedOver { .. } => true,
        };
        let is_typed = self.rows.shown().any(|(_, row)| !row.typed.is_empty());
        !(has_text
            || is_typed
            || !self.draft.subject.is_empty()
            || !self.draft.attachments.is_empty()
            || self.rows.chips().next().is_some())
    }

    /// Whether it is said how many drafts are kept and mails wait: not beside a mail of which that is said.
    pub fn shows_shelf(&self) -> bool {
        self.is_mail() && !self.shelf.is_none() && !matches!(self.phase, Phase::Waiting(_))
    }

    /// Whether this window is a mail's.
    pub fn is_mail(&self) -> bool {
        matches!(self.page, Page::Mail)
    }

    /// Whether the receipt fills the window. If everybody got the mail encrypted, it is a strip below the mail.
    pub fn is_receipt_full(&self) -> bool {
        match &self.phase {
            Phase::Unconfirmed(_) => true,
            Phase::Done { receipt, closes } => {
                closes.is_none() || receipt.overall() != Overall::Encrypted
            }
            _ => false,
        }
    }

    /// Whether the window shows the choices of a computer without settings.
    pub fn is_welcome(&self) -> bool {
        self.setup.readiness == Readiness::NoSettings && self.is_mail()
    }

    /// What keys depend on.
    pub fn at(&self) -> At {
        let screen = match (&self.dialog, &self.phase) {
            (Some(dialog), _) => match dialog.ask {
                Ask::Warning { .. } => Screen::Warning,
                Ask::Keys => Screen::Keys,
                Ask::Commands(_) => Screen::Commands,
                Ask::Recipients(_) => Screen::Recipients,
                Ask::Templates(_) => Screen::Templates,
                Ask::Password(_) => Screen::Password,
                Ask::Import(_) => Screen::Import,
                Ask::Receipts(_) => Screen::Receipts,
                Ask::Received(_) => Screen::Unlock,
                Ask::OwnKeys(super::own_keys::Question::Pin { .. }) => Screen::Pin,
                Ask::OwnKeys(super::own_keys::Question::KeyFile { .. }) => Screen::KeyFile,
                Ask::OwnKeys(super::own_keys::Question::Backup { .. }) => Screen::Backup,
                Ask::Organisation { .. } | Ask::LoseDraft | Ask::Lists(_) => Screen::Question,
            },
            _ if self.is_welcome() => Screen::Welcome,
            _ if matches!(self.page, Page::Lists(_)) => Screen::Lists,
            _ if matches!(self.page, Page::Options(_)) => Screen::Options,
            _ if matches!(self.page, Page::Assistant(_)) => Screen::Assistant,
            _ if matches!(self.page, Page::Received(_)) => Screen::Received,
            (None, Phase::Holding { .. }) => Screen::Holding,
            (None, Phase::Waiting(_)) => Screen::Waiting,
            (None, Phase::Done { .. } | Phase::Unconfirmed(_)) => Screen::Receipt,
            (None, _) => Screen::Composer,
        };
        At {
            screen,
            on: self.on(&self.focus),
        }
    }

    fn on(&self, place: &Place) -> On {
        match place {
            Place::From | Place::Reasons => On::Choice,
            Place::Chip(..) => On::Chip,
            Place::Field(kind) if self.rows.row(*kind).typed.is_empty() => On::EmptyField,
            Place::Field(kind) if self.suggestions(*kind).is_some_and(|l| l.chosen.is_some()) => {
                On::Suggested
            }
            Place::Field(kind) if self.suggestions(*kind).is_some() => On::Suggesting,
            Place::Field(_) => On::Field,
            Place::Subject
            | Place::Own
            | Place::ReasonText
            | Place::Password
            | Place::PasswordAgain => On::Line,
            Place::Body => On::Text,
            Place::File(_) => On::File,
            Place::Reading => On::Reading,
            Place::Search => On::Search,
            Place::Button(Spot::Listed, _) => On::List,
            Place::Button(_, command) if command.sends() => On::Sender,
            Place::Button(..) => On::Button,
            Place::Lists(spot) => spot.on(),
            Place::Options(spot) => spot.on(),
            Place::Assistant(spot) => spot.on(),
            Place::Aid(spot) => spot.on(),
            Place::Received(spot) => spot.on(),
        }
    }

    /// Moves the focus, if the place is there.
    pub fn go(&mut self, place: Place) {
        if self.focus == place {
            return;
        }
        if stops::is_there(self, &place) {
            if let Place::Chip(kind, key) = &place {
                self.rows.row_mut(*kind).entry = Some(key.clone());
            }
            self.focus = place;
        }
    }

    /// After a change: the focus is on something that is there.
    pub fn settle_focus(&mut self) {
        if !stops::is_there(self, &self.focus)
            && let Some(place) = stops::fallback(self)
        {
            self.focus = place;
        }
    }

    /// Opens a dialog; it remembers where the focus was.
    pub fn ask(&mut self, ask: Ask, now: Timestamp) {
        let came_from = match self.dialog.take() {
            Some(before) => before.came_from,
            None => self.focus.clone(),
        };
        self.dialog = Some(Dialog {
            ask,
            opened: now,
            came_from,
        });
        self.reading = 0.0;
        self.focus = Place::Button(Spot::Dialog, Command::Back);
    }

    /// Closes the dialog; the focus goes back to where it was.
    pub fn close_dialog(&mut self) {
        let _left = self.take_asked();
    }

    /// The same; answers what was asked.
    pub fn take_asked(&mut self) -> Option<Ask> {
        let dialog = self.dialog.take()?;
        self.focus = dialog.came_from;
        self.settle_focus();
        Some(dialog.ask)
    }

    /// Says something when there is time.
    pub fn say(&mut self, text: String) {
        self.voice.say(text, Urgency::Polite);
    }

    /// Says something together with what is still to be said, which must not be lost.
    pub fn say_too(&mut self, text: &str) {
        let said = match self.voice.newest().trim_end_matches('.') {
            "" => text.to_owned(),
            newest => format!("{newest}. {text}"),
        };
        self.say(said);
    }

    /// Says something before anything else.
    pub fn call(&mut self, text: String) {
        self.voice.say(text, Urgency::Assertive);
    }

    /// What the focus area of a job list starts with.
    pub fn start_jobs(&mut self) -> Vec<Job> {
        if matches!(self.page, Page::Options(_)) {
            return vec![Job::Options(options::Ask::Facts)];
        }
        if self.is_welcome() || !self.is_mail() {
            Vec::new()
        } else {
            self.addresses.is_awaited = true;
            [Job::LoadDrafts, Job::Book(book::Task::Load)]
                .into_iter()
                .chain(aids::start_jobs(self))
                .collect()
        }
    }
}

/// Without settings nobody is the sender: an address that RFC 2606 keeps from existing, and that is never sent from.
fn nobody() -> Mailbox {
    #[expect(
        clippy::expect_used,
        reason = "a fixed dot-atom at a fixed host name parses"
    )]
    let address = Address::parse("nobody@invalid.invalid").expect("a valid address");
    Mailbox::bare(address)
}
