//! The window by its keys and accessible names, pass by pass: each of egui's traps, and the rules of the design.

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use segl::{
    app::{
        command::Command,
        message::{Event as Report, Job, Message},
        place::{Place, Spot},
        report::Trouble,
        rows::KINDS,
        setup::Readiness,
        state::{Ask, Phase},
        stops,
    },
    decide::ReasonCode,
    mail::{Body, Kind},
    words::Lang,
};

use crate::support::*;

const EVA: &str = "eva@mail-eksempel.dk";
const ANNE: &str = "holm@politi-eksempel.dk";
const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers {
    ctrl: true,
    command: true,
    ..Modifiers::NONE
};
const CTRL_SHIFT: Modifiers = Modifiers {
    shift: true,
    ..CTRL
};

/// One green, one red, and a text.
fn desk(lang: Lang) -> Desk {
    let mut desk = Desk::new(lang);
    desk.address(&format!("Anne Holm <{ANNE}>, Eva Borger <{EVA}>"));
    desk.find(person(ANNE, "Anne Holm"));
    desk.find(not_found(EVA));
    desk.state.draft.body = Body::Text("Kære Eva".to_owned());
    desk.take();
    desk
}

fn screen() -> Screen {
    open(desk(Lang::En))
}

fn go(screen: &mut Screen, place: Place) {
    let now = start();
    screen.state_mut().step(Message::Focus(place.clone()), now);
    screen.run_ok();
    assert_eq!(screen.state().state.focus, place);
}

fn sent(screen: &mut Screen) -> bool {
    screen.jobs().iter().any(|j| matches!(j, Job::Send { .. }))
}

fn body(screen: &Screen) -> String {
    match &screen.state().state.draft.body {
        Body::Text(text) => text.clone(),
        Body::HandedOver { preview, .. } => preview.clone(),
    }
}

#[test]
fn a_mail_is_written_checked_and_sent_with_keys_alone() {
    let mut screen = open(Desk::new(Lang::En));
    assert_eq!(screen.focused().as_deref(), Some("To"));
    screen.text(ANNE);
    screen.press(Key::Tab, NONE);
    assert_eq!(screen.focused().as_deref(), Some("Subject"));
    screen.text("BS-123");
    screen.press(Key::Tab, NONE);
    screen.text("Kære ret");
    screen.press(Key::Enter, NONE);
    screen.text("Hilsen");
    screen.hear(Report::Assessed(person(ANNE, "Anne Holm")));
    screen.press(Key::Enter, CTRL);
    screen.pass(10_100);
    let jobs = screen.jobs();
    let draft = jobs.iter().find_map(|j| match j {
        Job::Send { draft, .. } => Some(draft),
        _ => None,
    });
    let draft = draft.unwrap();
    assert_eq!(draft.to[0].address.given(), ANNE);
    assert_eq!(draft.subject, "BS-123");
    assert_eq!(draft.body, Body::Text("Kære ret\nHilsen".to_owned()));
}

#[test]
fn what_is_typed_fast_lands_where_tab_put_the_focus() {
    let mut screen = open(Desk::new(Lang::En));
    for part in [ANNE, "\t", "BS-123", "\t", "Hej"] {
        let events = match part {
            "\t" => [true, false].map(|pressed| egui::Event::Key {
                key: Key::Tab,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers: NONE,
            }),
            text => [
                egui::Event::Text(text.to_owned()),
                egui::Event::Text(String::new()),
            ],
        };
        // All in one pass, as they come when drawing is slow.
        screen.input_mut().events.extend(events);
    }
    screen.run_ok();
    let state = &screen.state().state;
    assert_eq!(state.rows.row(Kind::To).chips.len(), 1);
    assert_eq!(
        (state.draft.subject.as_str(), body(&screen).as_str()),
        ("BS-123", "Hej")
    );
}

#[test]
fn holding_ctrl_enter_never_gets_past_the_warning() {
    let mut screen = screen();
    for modifiers in [CTRL, CTRL_SHIFT, CTRL] {
        screen.hold(Key::Enter, modifiers, 40);
        screen.pass(1_000);
        assert!(matches!(screen.state().state.phase, Phase::Writing));
        assert!(!sent(&mut screen));
    }
    assert!(screen.state().state.dialog.is_some());
    assert_eq!(screen.focused().as_deref(), Some("Back to the mail"));
}

#[test]
fn enter_sends_from_no_focus() {
    let green = || {
        let mut green = Desk::new(Lang::En);
        green.address(ANNE);
        green.find(person(ANNE, "Anne Holm"));
        green.step(Message::Focus(Place::Chip(Kind::To, ANNE.to_owned())));
        green.run(Command::Details);
        green
    };
    let places = stops::all(&green().state);
    assert!(places.len() > 10);
    for place in places {
        let mut screen = open(green());
        go(&mut screen, place.clone());
        screen.press(Key::Enter, NONE);
        screen.pass(15_000);
        assert!(
            matches!(screen.state().state.phase, Phase::Writing),
            "{place:?}"
        );
        assert!(!sent(&mut screen), "{place:?}");
    }
}

#[test]
fn on_the_send_button_enter_says_what_to_press_and_space_presses_it() {
    let mut screen = screen();
    go(&mut screen, Place::Button(Spot::Foot, Command::Send));
    screen.press(Key::Enter, NONE);
    assert_eq!(screen.spoken(), "Use Space or Ctrl+Enter");
    assert!(screen.state().state.dialog.is_none());
    screen.press(Key::Space, NONE);
    assert!(screen.state().state.dialog.is_some());
}

#[test]
fn in_the_warning_enter_accepts_nothing_on_any_button() {
    let mut screen = screen();
    screen.press(Key::Enter, CTRL);
    screen.pass(500);
    screen.press(Key::Num1, NONE);
    for command in [Command::SendToAll, Command::OnlyEncrypted] {
        go(&mut screen, Place::Button(Spot::Dialog, command));
        screen.press(Key::Enter, NONE);
        assert!(screen.state().state.dialog.is_some());
        assert!(screen.spoken().starts_with("Use Space or "));
    }
    go(&mut screen, Place::Button(Spot::Dialog, Command::SendToAll));
    screen.press(Key::Space, NONE);
    assert!(matches!(screen.state().state.phase, Phase::Holding { .. }));
}

#[test]
fn the_warning_is_an_alert_with_a_name_that_has_the_focus_on_back_and_gives_it_back() {
    let mut screen = screen();
    go(&mut screen, Place::Body);
    screen.press(Key::Enter, CTRL);
    let dialog = screen.get_by_role(Role::AlertDialog);
    let name = dialog.accesskit_node().label().unwrap();
    assert!(
        name.starts_with("1 of 2 recipients cannot get this mail encrypted"),
        "{name}"
    );
    assert!(name.contains("Eva Borger"));
    assert_eq!(screen.focused().as_deref(), Some("Back to the mail"));
    screen.pass(500);
    screen.press(Key::Escape, NONE);
    assert!(screen.query_by_role(Role::AlertDialog).is_none());
    assert_eq!(screen.state().state.focus, Place::Body);
    screen.text("!");
    assert_eq!(body(&screen), "!Kære Eva");
}

#[test]
fn the_first_red_mail_takes_a_digit_and_two_chords() {
    let mut screen = screen();
    screen.press(Key::Enter, CTRL);
    screen.pass(500);
    screen.press(Key::Num2, NONE);
    screen.press(Key::Enter, CTRL_SHIFT);
    assert!(matches!(screen.state().state.phase, Phase::Holding { .. }));
    screen.press(Key::Z, CTRL);
    assert!(matches!(screen.state().state.phase, Phase::Writing));
}

#[test]
fn a_held_digit_chooses_and_is_not_typed_into_the_reason() {
    let mut screen = screen();
    screen.press(Key::Enter, CTRL);
    screen.pass(500);
    for _ in 0..10 {
        screen.event(egui::Event::Key {
            key: Key::Num4,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: NONE,
        });
        screen.event(egui::Event::Text("4".to_owned()));
        screen.run_ok();
    }
    screen.key_up(Key::Num4);
    screen.text("aftalt 4. november");
    let Some(Ask::Warning {
        reason,
        reason_text,
        ..
    }) = screen.state().state.dialog.as_ref().map(|d| &d.ask)
    else {
        panic!("the warning is open")
    };
    assert_eq!(
        (*reason, reason_text.as_str()),
        (Some(ReasonCode::Other), "aftalt 4. november")
    );
}

#[test]
fn assistive_technology_can_choose_and_press() {
    let mut screen = screen();
    screen
        .get_by_label("Send - 1 without encryption…")
        .click_accesskit();
    screen.run_ok();
    screen.pass(500);
    screen
        .get_by_label("1  It holds no confidential or sensitive information")
        .click_accesskit();
    screen.run_ok();
    screen
        .get_by_label("Send to all - Eva Borger without encryption")
        .click_accesskit();
    screen.run_ok();
    assert!(matches!(screen.state().state.phase, Phase::Holding { .. }));
}

#[test]
fn a_pointer_presses_what_it_points_at() {
    let mut screen = screen();
    screen.get_by_label("Send - 1 without encryption…").click();
    screen.run_ok();
    assert!(screen.state().state.dialog.is_some());
    screen.pass(500);
    screen.get_by_label("Back to the mail").click();
    screen.run_ok();
    assert!(screen.state().state.dialog.is_none());
    screen.get_by_label("Remove Eva Borger").click();
    screen.run_ok();
    assert_eq!(screen.state().state.rows.chips().count(), 1);
    screen
        .get_by_role_and_label(Role::TextInput, "Subject")
        .click();
    screen.run_ok();
    assert_eq!(screen.state().state.focus, Place::Subject);
    // A click on nothing takes the focus from nobody.
    screen.hover_at(egui::pos2(3.0, 3.0));
    screen.drag_at(egui::pos2(3.0, 3.0));
    screen.drop_at(egui::pos2(3.0, 3.0));
    screen.run_ok();
    assert_eq!(screen.focused().as_deref(), Some("Subject"));
}

#[test]
fn escape_on_any_focus_leaves_text_and_window() {
    let mut screen = screen();
    for place in stops::all(&screen.state().state) {
        go(&mut screen, place.clone());
        screen.press(Key::Escape, NONE);
        assert!(screen.focused().is_some(), "{place:?}");
        assert_eq!(screen.state().state.focus, place);
        assert_eq!(body(&screen), "Kære Eva");
        assert_eq!(screen.state().state.rows.chips().count(), 2);
    }
    assert!(!screen.jobs().iter().any(|j| matches!(j, Job::CloseWindow)));
}

#[test]
fn delete_held_on_a_chip_removes_one() {
    let mut screen = screen();
    go(&mut screen, Place::Chip(Kind::To, ANNE.to_owned()));
    screen.hold(Key::Delete, NONE, 20);
    assert_eq!(screen.state().state.rows.chips().count(), 1);
    assert_eq!(
        screen.focused().as_deref(),
        Some("Red: Eva Borger, No certificate. 1 of 1")
    );
}

#[test]
fn backspace_held_in_the_field_empties_it_and_then_stops() {
    let mut screen = screen();
    go(&mut screen, Place::Field(Kind::To));
    screen.text("bo");
    screen.hold(Key::Backspace, NONE, 20);
    assert_eq!(screen.state().state.rows.row(Kind::To).typed, "");
    assert_eq!(screen.state().state.focus, Place::Field(Kind::To));
    screen.key_up(Key::Backspace);
    screen.press(Key::Backspace, NONE);
    assert_eq!(
        screen.state().state.focus,
        Place::Chip(Kind::To, EVA.to_owned())
    );
    screen.press(Key::Backspace, NONE);
    assert_eq!(screen.state().state.rows.chips().count(), 1);
}

#[test]
fn arrows_walk_over_the_chips_and_do_not_jump_elsewhere() {
    let mut screen = screen();
    go(&mut screen, Place::Field(Kind::To));
    let walk = [
        (Key::ArrowLeft, Place::Chip(Kind::To, EVA.to_owned())),
        (Key::ArrowLeft, Place::Chip(Kind::To, ANNE.to_owned())),
        (Key::ArrowLeft, Place::Chip(Kind::To, ANNE.to_owned())),
        (Key::End, Place::Chip(Kind::To, EVA.to_owned())),
        (Key::Home, Place::Chip(Kind::To, ANNE.to_owned())),
        (Key::ArrowRight, Place::Chip(Kind::To, EVA.to_owned())),
        (Key::ArrowRight, Place::Field(Kind::To)),
    ];
    for (key, place) in walk {
        screen.press(key, NONE);
        assert_eq!(screen.state().state.focus, place);
    }
    go(&mut screen, Place::Button(Spot::Foot, Command::Send));
    for key in [
        Key::ArrowLeft,
        Key::ArrowUp,
        Key::ArrowRight,
        Key::ArrowDown,
    ] {
        screen.press(key, NONE);
        assert_eq!(
            screen.state().state.focus,
            Place::Button(Spot::Foot, Command::Send)
        );
    }
}

#[test]
fn tab_goes_round_in_the_order_of_the_screen_and_back() {
    let mut screen = screen();
    go(&mut screen, Place::From);
    let order = [
        "From",
        "Red: Eva Borger, No certificate. 2 of 2",
        "To",
        "Subject",
        "Text of the mail",
        "Attach…",
        "Send - 1 without encryption…",
        "Keys",
    ];
    for name in order {
        assert_eq!(screen.focused().as_deref(), Some(name));
        screen.press(Key::Tab, NONE);
    }
    assert_eq!(screen.focused().as_deref(), Some("From"));
    for name in order.iter().rev() {
        screen.press(Key::Tab, SHIFT);
        assert_eq!(screen.focused().as_deref(), Some(*name));
    }
}

#[test]
fn f6_goes_from_area_to_area() {
    let mut screen = screen();
    go(&mut screen, Place::Subject);
    let places = [
        "Text of the mail",
        "Attach…",
        "Send - 1 without encryption…",
        "To",
        "Text of the mail",
    ];
    for name in places {
        screen.press(Key::F6, NONE);
        assert_eq!(screen.focused().as_deref(), Some(name));
    }
    screen.press(Key::F6, SHIFT);
    assert_eq!(screen.focused().as_deref(), Some("To"));
}

#[test]
fn f8_lands_on_the_red_one_whose_name_begins_with_its_light() {
    for (lang, name) in [
        (Lang::Da, "Rød: Eva Borger, Intet certifikat. 2 af 2"),
        (Lang::En, "Red: Eva Borger, No certificate. 2 of 2"),
    ] {
        let mut screen = open(desk(lang));
        screen.press(Key::F8, NONE);
        assert_eq!(screen.focused().as_deref(), Some(name));
    }
}

#[test]
fn f9_says_the_state_and_once_more_who_is_red() {
    let mut screen = screen();
    screen.press(Key::F9, NONE);
    let sentence = "1 of 2 recipients cannot get this mail encrypted: Eva Borger";
    assert!(screen.spoken().starts_with(sentence));
    screen.press(Key::F9, NONE);
    assert_eq!(screen.spoken(), "Eva Borger: no certificate");
}

#[test]
fn what_is_said_waits_for_a_pause_and_reaches_a_live_node_in_turn() {
    let mut screen = screen();
    screen.pass(3_000);
    let live = |screen: &Screen| -> Vec<String> {
        let nodes =
            screen.query_all_by(|n| n.data().live() == Some(egui::accesskit::Live::Assertive));
        nodes
            .filter_map(|n| n.accesskit_node().value())
            .filter(|t| !t.is_empty())
            .collect()
    };
    screen.press(Key::F9, NONE);
    assert_eq!(
        live(&screen),
        Vec::<String>::new(),
        "not within 700 ms of a key"
    );
    screen.pass(800);
    assert_eq!(live(&screen).len(), 1);
    let first = screen
        .state()
        .state
        .voice
        .labels()
        .map(|(t, _)| !t.is_empty());
    screen.pass(3_000);
    screen.press(Key::F9, NONE);
    screen.pass(800);
    let second = screen
        .state()
        .state
        .voice
        .labels()
        .map(|(t, _)| !t.is_empty());
    assert_ne!(first, second, "the labels take turns");
}

#[test]
fn the_details_open_below_the_row_and_escape_gives_the_focus_back() {
    let mut screen = screen();
    screen.press(Key::F8, NONE);
    screen.press(Key::Enter, NONE);
    assert!(
        screen
            .query_by_label_contains("No certificate is published for eva@mail-eksempel.dk")
            .is_some()
    );
    screen.press(Key::Tab, NONE);
    assert_eq!(screen.focused().as_deref(), Some("Check again"));
    screen.press(Key::Escape, NONE);
    assert_eq!(
        screen.focused().as_deref(),
        Some("Red: Eva Borger, No certificate. 2 of 2")
    );
    assert!(
        screen
            .query_by_label_contains("No certificate is published for")
            .is_none()
    );
}

#[test]
fn f2_turns_a_chip_into_text_and_ctrl_k_back_again() {
    let mut screen = screen();
    screen.press(Key::F8, NONE);
    screen.press(Key::F2, NONE);
    assert_eq!(
        screen.state().state.rows.row(Kind::To).typed,
        format!("Eva Borger <{EVA}>")
    );
    screen.press(Key::K, CTRL);
    assert_eq!(screen.state().state.rows.chips().count(), 2);
    assert_eq!(screen.state().state.focus, Place::Field(Kind::To));
}

#[test]
fn cc_and_bcc_are_there_when_they_are_asked_for() {
    let mut screen = screen();
    screen.press(Key::C, CTRL_SHIFT);
    assert_eq!(screen.focused().as_deref(), Some("Cc"));
    screen.press(Key::B, CTRL_SHIFT);
    assert_eq!(screen.focused().as_deref(), Some("Bcc"));
    assert!(
        screen
            .query_by_label_contains("No recipient sees these addresses")
            .is_some()
    );
}

#[test]
fn the_sender_is_chosen_by_arrows() {
    let mut screen = screen();
    go(&mut screen, Place::From);
    screen.press(Key::ArrowDown, NONE);
    assert_eq!(
        screen.state().state.draft.from.name.as_deref(),
        Some("Kontoret")
    );
    screen.press(Key::ArrowUp, NONE);
    assert_eq!(
        screen.state().state.draft.from.name.as_deref(),
        Some("Anne Østergaard")
    );
}

#[test]
fn the_keys_are_one_dialog_away() {
    let mut screen = screen();
    screen.press(Key::F1, NONE);
    assert!(screen.query_by_label("Ctrl+Shift+A").is_some());
    screen.pass(500);
    screen.press(Key::F1, NONE);
    assert!(screen.state().state.dialog.is_none());
}

#[test]
fn zoom_goes_to_four_hundred_percent_and_back() {
    let mut screen = screen();
    for _ in 0..20 {
        screen.press(Key::Plus, CTRL);
    }
    assert!((screen.ctx.zoom_factor() - 4.0).abs() < 1e-6);
    screen.press(Key::Minus, CTRL);
    assert!((screen.ctx.zoom_factor() - 3.0).abs() < 1e-6);
    screen.press(Key::Num0, CTRL);
    assert!((screen.ctx.zoom_factor() - 1.0).abs() < 1e-6);
    assert!(
        screen
            .jobs()
            .iter()
            .any(|j| matches!(j, Job::RememberZoom(400)))
    );
}

#[test]
fn text_cannot_be_changed_while_the_mail_is_on_its_way() {
    let mut green = Desk::new(Lang::En);
    green.address(ANNE);
    green.find(person(ANNE, "Anne Holm"));
    green.run(Command::Send);
    green.run(Command::SendNow);
    let mut screen = open(green);
    go(&mut screen, Place::Body);
    screen.text("more");
    assert_eq!(body(&screen), "");
    assert_eq!(screen.focused().as_deref(), Some("Text of the mail"));
}

#[test]
fn an_idle_window_asks_for_no_pass() {
    let mut screen = screen();
    screen.pass(6_000);
    let left = screen.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert_eq!(left, std::time::Duration::MAX);
    go(&mut screen, Place::Body);
    screen.pass(6_000);
    let left = screen.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert_eq!(left, std::time::Duration::MAX, "nor for a blinking caret");
}

/// xorshift: the same keys each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }
}

/// Everything but what empties a text by its nature.
const RANDOM: [Key; 32] = [
    Key::Tab,
    Key::Tab,
    Key::Enter,
    Key::Space,
    Key::Escape,
    Key::ArrowLeft,
    Key::ArrowRight,
    Key::ArrowUp,
    Key::ArrowDown,
    Key::Home,
    Key::End,
    Key::PageUp,
    Key::PageDown,
    Key::F1,
    Key::F2,
    Key::F5,
    Key::F6,
    Key::F7,
    Key::F8,
    Key::F9,
    Key::F10,
    Key::B,
    Key::C,
    Key::D,
    Key::K,
    Key::M,
    Key::S,
    Key::Z,
    Key::Num1,
    Key::Num2,
    Key::Num4,
    Key::Plus,
];

const MARKING: [Key; 8] = [
    Key::ArrowLeft,
    Key::ArrowRight,
    Key::ArrowUp,
    Key::ArrowDown,
    Key::Home,
    Key::End,
    Key::PageUp,
    Key::PageDown,
];

#[test]
fn ten_thousand_random_keys_lose_neither_focus_nor_text_and_never_send_to_the_red_one() {
    let mut screen = open_sized(desk(Lang::En), egui::vec2(560.0, 420.0), 1.0);
    let mut dice = Dice(0x5E61_2026);
    let all = [NONE, NONE, NONE, SHIFT, CTRL, CTRL_SHIFT];
    for step in 0..10_000 {
        let (key, mut modifiers) = (RANDOM[dice.roll(RANDOM.len())], all[dice.roll(all.len())]);
        // With Shift they mark text, and Enter in its place would be what was asked for.
        if MARKING.contains(&key) {
            modifiers.shift = false;
        }
        for pressed in [true, false] {
            screen.event(egui::Event::Key {
                key,
                physical_key: None,
                pressed,
                repeat: false,
                modifiers,
            });
        }
        screen.step();
        screen.step();
        let focus = screen.state().state.focus.clone();
        let focused = screen.ctx.memory(egui::Memory::focused);
        assert_eq!(
            focused,
            Some(focus.id()),
            "step {step}: {key:?} {modifiers:?} {focus:?}"
        );
        assert!(
            body(&screen).contains("Kære") && body(&screen).contains("Eva"),
            "step {step}: {key:?}"
        );
        // A reason that a random key chose, and a random Ctrl+Shift+Enter, are an answer; it is taken back.
        if !matches!(screen.state().state.phase, Phase::Writing | Phase::Armed) {
            screen
                .state_mut()
                .step(Message::Command(Command::Undo), start());
        }
        for job in screen.jobs() {
            match job {
                Job::Assess { address, .. } if address.given() == EVA => {
                    screen.hear(Report::Assessed(not_found(EVA)))
                }
                Job::Assess { address, .. } => {
                    screen.hear(Report::Assessed(person(address.given(), "Anne Holm")));
                }
                Job::CloseWindow => panic!("step {step}: {key:?} {modifiers:?}"),
                _ => {}
            }
        }
    }
}

/// Every screen that there is, by name.
fn all_screens(lang: Lang) -> Vec<(&'static str, Desk)> {
    let mut screens = vec![("empty", Desk::new(lang)), ("one red", desk(lang))];
    let mut checking = Desk::new(lang);
    checking.address(&format!("{EVA}, {ANNE}, nobody"));
    screens.push(("checking, one invalid", checking));
    let mut details = desk(lang);
    details.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    details.run(Command::Details);
    screens.push(("details", details));
    let mut warning = desk(lang);
    warning.run(Command::Send);
    screens.push(("warning", warning));
    let mut keys = desk(lang);
    keys.run(Command::Keys);
    screens.push(("keys", keys));
    let mut trouble = desk(lang);
    trouble.hear(Report::Failed(Box::new(Trouble {
        happened: "Mailserveren svarede ikke i tide.".to_owned(),
        means: "Intet er sendt.".to_owned(),
        todo: "Prøv igen.".to_owned(),
        steps: vec![
            segl::app::report::Step::SendAgain,
            segl::app::report::Step::CopyForIt,
        ],
        at: None,
        may_have_been_sent: false,
        detail: String::new(),
    })));
    screens.push(("trouble", trouble));
    let mut held = Desk::new(lang);
    held.address(ANNE);
    held.find(person(ANNE, "Anne Holm"));
    held.run(Command::Send);
    screens.push(("undo time", held));
    let mut welcome = setup(lang);
    welcome.readiness = Readiness::NoSettings;
    screens.push(("welcome", Desk::with(welcome)));
    let mut broken = setup(lang);
    let sentence =
        "Indstillingerne kan ikke læses: segl.toml linje 14, »securty« kendes ikke.".to_owned();
    broken.readiness = Readiness::Broken {
        sentence,
        detail: String::new(),
    };
    screens.push(("broken settings", Desk::with(broken)));
    screens
}

#[test]
fn every_node_that_takes_the_focus_has_a_name_and_every_stop_is_drawn() {
    for lang in Lang::ALL {
        for (name, desk) in all_screens(lang) {
            let mut screen = open(desk);
            screen.pass(500);
            screen.check_accessibility();
            for place in stops::all(&screen.state().state) {
                go(&mut screen, place.clone());
                let focused = screen.focused();
                assert!(
                    focused.is_some_and(|n| !n.trim().is_empty()),
                    "{name}: {place:?}"
                );
            }
        }
    }
}

#[test]
fn at_four_hundred_percent_nothing_is_cut_at_the_side() {
    for lang in Lang::ALL {
        for (name, desk) in all_screens(lang) {
            // 1280 by 800 at 400 %.
            let mut screen = open_sized(desk, egui::vec2(320.0, 200.0), 1.0);
            screen.run_ok();
            for node in screen
                .query_all_by(|n| matches!(n.role(), Role::Label | Role::Button | Role::Heading))
            {
                let Some(bounds) = node.accesskit_node().raw_bounds() else {
                    continue;
                };
                let text = node
                    .accesskit_node()
                    .label()
                    .or(node.accesskit_node().value())
                    .unwrap_or_default();
                assert!(
                    bounds.x0 >= 0.0 && bounds.x1 <= 320.5,
                    "{name}: {text}: {bounds:?}"
                );
            }
        }
    }
}

#[test]
fn every_target_is_at_least_32_points_wide_and_high() {
    for (name, desk) in all_screens(Lang::En) {
        let mut screen = open(desk);
        screen.run_ok();
        let targets = [
            Role::Button,
            Role::RadioButton,
            Role::ComboBox,
            Role::TextInput,
        ];
        for node in screen.query_all_by(|n| targets.contains(&n.role())) {
            let bounds = node.accesskit_node().raw_bounds().unwrap();
            let (width, height) = (bounds.x1 - bounds.x0, bounds.y1 - bounds.y0);
            let text = node.accesskit_node().label().unwrap_or_default();
            assert!(
                width >= 31.9 && height >= 31.9,
                "{name}: {text}: {width} by {height}"
            );
        }
    }
}

#[test]
fn no_button_ever_speaks_of_transport() {
    for lang in Lang::ALL {
        for (name, desk) in all_screens(lang) {
            let screen = open(desk);
            for node in screen.query_all_by(|n| n.role() == Role::Button) {
                let text = node.accesskit_node().label().unwrap_or_default();
                let is_silent = !text.contains("TLS") && !text.to_lowercase().contains("transport");
                assert!(is_silent, "{name}: {text}");
            }
        }
    }
}

#[test]
fn the_title_says_test_where_nobody_is_protected() {
    let mut setup = setup(Lang::En);
    setup.edition = segl::app::setup::Edition::Test;
    let screen = open(Desk::with(setup));
    assert!(
        screen
            .query_by_label_contains("these certificates protect nobody")
            .is_some()
    );
}

#[test]
fn fifty_recipients_are_drawn_and_scroll() {
    let mut desk = Desk::new(Lang::En);
    let all: Vec<String> = (0..50)
        .map(|i| format!("p{i:02}@politi-eksempel.dk"))
        .collect();
    desk.address(&all.join(", "));
    let mut screen = open(desk);
    go(&mut screen, Place::Chip(Kind::To, all[49].clone()));
    assert_eq!(
        screen
            .query_all_by_label_contains("@politi-eksempel.dk, Checking.")
            .count(),
        50
    );
    screen.press(Key::Home, NONE);
    assert_eq!(
        screen.state().state.focus,
        Place::Chip(Kind::To, all[0].clone())
    );
}
