//! A state with a clock that is moved by hand, and a window without a screen.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use egui::{Event, Key, Modifiers, Vec2};
use egui_kittest::{Harness, kittest::NodeT as _};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use segl::{
    app::{
        aids::Wishes,
        command::Command,
        message::{Event as Report, Job, Message},
        report::Trouble,
        setup::{Drafts, Edition, Fields, Readiness, Setup},
        state::{Phase, State},
        theme::Theme,
        update::update,
        window::Window,
    },
    decide::{Assessment, Policy},
    mail::{DraftId, Kind, Mailbox},
    words::Lang,
};

pub(crate) const EVA: &str = "eva@mail-eksempel.dk";
pub(crate) const COURT: &str = "post@ret-eksempel.dk";
pub(crate) const ANNE: &str = "holm@politi-eksempel.dk";

/// 12 November 2026, 14:02:00 at this computer.
pub(crate) fn start() -> Timestamp {
    at("2026-11-12T14:02:00")
}

/// A local time.
pub(crate) fn at(local: &str) -> Timestamp {
    let local: DateTime = local.parse().unwrap();
    local.to_zoned(TimeZone::system()).unwrap().timestamp()
}

/// Something went wrong, and nothing is known of it but this sentence.
pub(crate) fn trouble_of(happened: &str) -> Trouble {
    Trouble {
        happened: happened.to_owned(),
        means: String::new(),
        todo: String::new(),
        steps: Vec::new(),
        at: None,
        may_have_been_sent: false,
        detail: String::new(),
    }
}

/// What the window is told.
pub(crate) fn setup(lang: Lang) -> Setup {
    Setup {
        readiness: Readiness::Ready,
        senders: vec![
            Mailbox::parse("Anne Østergaard <anne@advokat-eksempel.dk>").unwrap(),
            Mailbox::parse("Kontoret <post@advokat-eksempel.dk>").unwrap(),
        ],
        account: "anne".to_owned(),
        policy: Policy::default(),
        standing: Some(SignedDuration::from_hours(24 * 90)),
        subject: segl::config::SubjectRule::default(),
        size_limit: Some(35_000_000),
        hold: SignedDuration::from_secs(10),
        keep_receipts: false,
        drafts: Drafts::Sealed,
        texts: BTreeMap::new(),
        lang,
        theme: Theme::Light,
        zoom: 100,
        edition: Edition::Product,
        has_demo: true,
        example: Fields::default(),
        has_drop: true,
        writing: Wishes::default(),
    }
}

/// A state without a window, with a clock that is moved by hand.
pub(crate) struct Desk {
    pub(crate) state: State,
    pub(crate) now: Timestamp,
    pub(crate) jobs: Vec<Job>,
    /// The worker does not answer yet what is in the mail.
    pub(crate) is_slow: bool,
}

impl Desk {
    pub(crate) fn new(lang: Lang) -> Self {
        Self::with(setup(lang))
    }

    pub(crate) fn with(setup: Setup) -> Self {
        Self {
            state: State::new(setup, DraftId::random().unwrap()),
            now: start(),
            jobs: Vec::new(),
            is_slow: false,
        }
    }

    pub(crate) fn step(&mut self, message: Message) {
        self.jobs.extend(update(&mut self.state, message, self.now));
        if !self.is_slow {
            self.answer();
        }
    }

    /// Says what is in the mails that the worker was asked to look through.
    pub(crate) fn answer(&mut self) {
        let jobs = std::mem::take(&mut self.jobs);
        let (asked, others) = looked_through(jobs);
        self.jobs = others;
        for found in asked {
            let jobs = update(&mut self.state, Message::Event(found), self.now);
            self.jobs.extend(jobs);
        }
    }

    pub(crate) fn run(&mut self, command: Command) {
        self.step(Message::Command(command));
    }

    pub(crate) fn hear(&mut self, event: Report) {
        self.step(Message::Event(event));
    }

    pub(crate) fn wait(&mut self, millis: i64) {
        let mut left = millis;
        while left > 0 {
            // As a window does: it looks at the clock each second while the undo time is counted down.
            let is_counted = matches!(self.state.phase, Phase::Holding { .. });
            let step = if is_counted { left.min(1_000) } else { left };
            left -= step;
            self.now += SignedDuration::from_millis(step);
            self.step(Message::Tick);
        }
    }

    /// Types recipients into To and leaves the field.
    pub(crate) fn address(&mut self, text: &str) {
        use segl::app::place::Place;
        self.step(Message::Focus(Place::Field(Kind::To)));
        text.clone_into(&mut self.state.rows.row_mut(Kind::To).typed);
        self.step(Message::Edited(Place::Field(Kind::To)));
        self.step(Message::Focus(Place::Subject));
    }

    pub(crate) fn find(&mut self, found: Arc<Assessment>) {
        self.hear(Report::Assessed(found));
    }

    /// The jobs since the last time.
    pub(crate) fn take(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }
}

/// The answers to what the worker was asked to look through, and the other jobs.
fn looked_through(jobs: Vec<Job>) -> (Vec<Report>, Vec<Job>) {
    let mut answers = Vec::new();
    let mut others = Vec::new();
    for job in jobs {
        match job {
            Job::Examine { draft, of } => {
                let found = segl::content::examine(&draft, &[]);
                answers.push(Report::Examined { of, found });
            }
            job => others.push(job),
        }
    }
    (answers, others)
}

/// A window without a screen.
pub(crate) type Screen = Harness<'static, Window>;

/// Opens a window on a state. Passes are 1/20 s apart.
pub(crate) fn open(desk: Desk) -> Screen {
    open_sized(desk, egui::vec2(760.0, 640.0), 1.0)
}

pub(crate) fn open_sized(desk: Desk, size: Vec2, scale: f32) -> Screen {
    let begin = desk.now;
    let clock =
        move |ctx: &egui::Context| begin + SignedDuration::from_secs_f64(ctx.input(|i| i.time));
    let window = Window::new(desk.state, Box::new(clock));
    let mut screen = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(scale)
        .with_step_dt(0.05)
        .build_ui_state(|ui, window: &mut Window| window.ui(ui), window);
    screen.run_ok();
    screen
}

/// A mail that waits for what is found in it hears that, as from the worker. The other jobs are kept for the test.
fn answer(screen: &mut Screen) {
    if screen.state().state.examined.is_awaited() {
        let jobs = screen.jobs();
        kept(screen).lock().unwrap().extend(jobs);
    }
}

fn kept(screen: &Screen) -> Arc<Mutex<Vec<Job>>> {
    let id = egui::Id::unique("jobs for the test");
    screen.ctx.data_mut(|d| {
        d.get_temp_mut_or_default::<Arc<Mutex<Vec<Job>>>>(id)
            .clone()
    })
}

/// What a test does with a window.
pub(crate) trait Hands {
    fn press(&mut self, key: Key, modifiers: Modifiers);
    fn hold(&mut self, key: Key, modifiers: Modifiers, times: usize);
    fn text(&mut self, text: &str);
    fn pass(&mut self, millis: u64);
    fn hear(&mut self, event: Report);
    fn jobs(&mut self) -> Vec<Job>;
    fn focused(&self) -> Option<String>;
    fn spoken(&self) -> String;
}

impl Hands for Screen {
    fn press(&mut self, key: Key, modifiers: Modifiers) {
        self.key_press_modifiers(modifiers, key);
        self.run_ok();
        answer(self);
    }

    fn hold(&mut self, key: Key, modifiers: Modifiers, times: usize) {
        for _ in 0..times {
            self.event(Event::Key {
                key,
                physical_key: None,
                pressed: true,
                repeat: false,
                modifiers,
            });
            self.run_ok();
            answer(self);
        }
    }

    fn text(&mut self, text: &str) {
        self.event(Event::Text(text.to_owned()));
        self.run_ok();
    }

    fn pass(&mut self, millis: u64) {
        self.run_steps(usize::try_from(millis / 50).unwrap() + 1);
        answer(self);
    }

    fn hear(&mut self, event: Report) {
        let ctx = self.ctx.clone();
        self.state_mut().hear(event, &ctx);
        self.run_ok();
    }

    fn jobs(&mut self) -> Vec<Job> {
        let mut jobs = std::mem::take(&mut *kept(self).lock().unwrap());
        let ctx = self.ctx.clone();
        jobs.extend(self.state_mut().take_jobs(&ctx));
        let (answers, others) = looked_through(jobs);
        for found in answers {
            self.hear(found);
        }
        others
    }

    fn focused(&self) -> Option<String> {
        let mut nodes = self.root().children_recursive();
        let node = nodes.find(|n| n.accesskit_node().is_focused())?;
        node.accesskit_node().label().or(node.value())
    }

    fn spoken(&self) -> String {
        self.state().state.voice.newest().to_owned()
    }
}
