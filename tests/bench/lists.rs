//! A send log of ten thousand rows: the time that one pass takes while it is scrolled, and that it takes to come in and
//! to be sorted. Without a screen and without a graphics card: what is measured is what egui and the page do.
//!
//! `cargo bench --bench lists`
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its table, or says what it lacks and ends"
)]

use std::time::{Duration, Instant};

use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use jiff::{SignedDuration, Timestamp};
use segl::{
    app::{
        command::Command,
        keeping,
        lists::{
            Act, Told,
            rows::{Column, LogRow},
        },
        message::{Event as Report, Message},
        page::Show,
        setup::{Drafts, Edition, Fields, Opening, Readiness, Setup},
        state::State,
        theme::Theme,
        window::Window,
    },
    decide::{Policy, Route},
    mail::{DraftId, Kind},
    segl::{Logged, LoggedDetail, Outcome},
    words::Lang,
};

const ROWS: u64 = 10_000;
const PASSES: usize = 2_000;

fn main() {
    // `cargo test` runs benches too, without this argument.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let begin = Timestamp::from_second(1_790_000_000).expect("a time");
    let mut state = State::new(setup(), DraftId::random().expect("randomness"));
    let opening = Opening {
        show: Show::Log,
        ..Opening::default()
    };
    keeping::open(&mut state, opening, begin);
    let clock =
        move |ctx: &egui::Context| begin + SignedDuration::from_secs_f64(ctx.input(|i| i.time));
    let window = Window::new(state, Box::new(clock));
    let mut screen = Harness::builder()
        .with_size(egui::vec2(1366.0, 768.0))
        .with_step_dt(1.0 / 60.0)
        .build_ui_state(|ui, window: &mut Window| window.ui(ui), window);
    screen.run_steps(4);

    let rows: Vec<LogRow> = (0..ROWS).map(|n| row(n, begin)).collect();
    let message = Message::Event(Report::Lists(Told::Log(rows)));
    let came_in = timed(|| screen.state_mut().step(message, begin));
    screen.run_steps(4);
    let sort = Message::Command(Command::Lists(Act::Sort(Column::To)));
    let sorted = timed(|| screen.state_mut().step(sort, begin));
    screen.run_steps(4);

    // A notch of the wheel, and a held arrow, on every pass.
    let wheel = |screen: &mut Harness<'_, Window>, pass: usize| {
        let down = if (pass / 500).is_multiple_of(2) {
            -300.0
        } else {
            300.0
        };
        screen.event(Event::PointerMoved(egui::pos2(400.0, 400.0)));
        screen.event(Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: egui::vec2(0.0, down),
            modifiers: Modifiers::NONE,
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
        });
    };
    let arrow = |screen: &mut Harness<'_, Window>, _pass: usize| {
        screen.event(Event::Key {
            key: Key::PageDown,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::NONE,
        });
        screen.event(Event::Key {
            key: Key::PageDown,
            physical_key: None,
            pressed: false,
            repeat: false,
            modifiers: Modifiers::NONE,
        });
    };
    println!("| {ROWS} rows | median | p99 | worst |");
    println!("|---|---|---|---|");
    passes("scrolled with the wheel", &mut screen, wheel);
    passes("a page down on every pass", &mut screen, arrow);
    println!("rows come in: {came_in:?}; sorted: {sorted:?}");
    println!("a frame at 60 Hz has 16.7 ms");
}

fn timed(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}

fn passes(
    name: &str,
    screen: &mut Harness<'_, Window>,
    input: impl Fn(&mut Harness<'_, Window>, usize),
) {
    let mut times: Vec<Duration> = (0..PASSES)
        .map(|pass| {
            input(screen, pass);
            timed(|| screen.step())
        })
        .collect();
    times.sort();
    let at = |part: f64| {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list of two thousand"
        )]
        let place = ((PASSES - 1) as f64 * part) as usize;
        times[place].as_secs_f64() * 1000.0
    };
    println!(
        "| {name} | {:.2} ms | {:.2} ms | {:.2} ms |",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

fn row(number: u64, begin: Timestamp) -> LogRow {
    let minutes = SignedDuration::from_mins(i64::try_from(number).unwrap_or(0));
    let is_clear = number.is_multiple_of(7);
    let detail = LoggedDetail {
        message_id: format!("<{number}@advokat-eksempel.dk>"),
        to: format!(
            "modtager{}@eksempel{}.dk",
            number * 7919 % 9973,
            number % 40
        ),
        kind: Kind::To,
        route: Some(if is_clear { Route::Tls } else { Route::Person }),
        outcome: Some(Outcome::Sent),
        reason: is_clear.then(|| ("nothing-confidential".to_owned(), None)),
        reply: Some(format!("250 2.0.0 Ok: queued as {number:X}")),
        tls: Some("TLSv1.3".to_owned()),
        from: "anne@advokat-eksempel.dk".to_owned(),
    };
    LogRow {
        logged: Logged {
            seq: number,
            at: begin - minutes,
            detail: Some(detail),
        },
        number: 0,
    }
}

fn setup() -> Setup {
    Setup {
        readiness: Readiness::Ready,
        senders: Vec::new(),
        account: "anne".to_owned(),
        policy: Policy::default(),
        standing: Some(SignedDuration::from_hours(24 * 90)),
        subject: segl::config::SubjectRule::default(),
        size_limit: None,
        hold: SignedDuration::from_secs(10),
        keep_receipts: false,
        drafts: Drafts::Sealed,
        texts: std::collections::BTreeMap::new(),
        writing: segl::app::aids::Wishes::default(),
        lang: Lang::Da,
        theme: Theme::Light,
        zoom: 100,
        edition: Edition::Product,
        example: Fields::default(),
        has_demo: false,
        has_drop: true,
    }
}
