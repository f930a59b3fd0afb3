//! The settings window, the list of all commands, and waiting for a certificate.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use jiff::SignedDuration;
use segl::{
    app::{
        command::Command,
        message::{Event as Report, Job, Message},
        options::{Act, Ask, Control, Facts, News, Options, Preference, Rule, Section, Spot, Told},
        page::Page,
        place::{self, Place},
        state::Phase,
        stops,
        theme::Theme,
    },
    config::Origin,
    mail::Mailbox,
    record::{KindCount, Summary},
    segl::{Awaited, Contact, Inventory, Protection, Purpose},
    store::Counts,
    words::{FindingWords, Lang, Level},
};

use crate::{
    people::*,
    screens::random::{Dice, RANDOM},
    support::*,
};

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers {
    ctrl: true,
    command: true,
    ..Modifiers::NONE
};
const CTRL_SHIFT: Modifiers = Modifiers {
    shift: true,
    ..CTRL
};

fn eva() -> Mailbox {
    Mailbox::parse(&format!("Eva Borger <{EVA}>")).unwrap()
}

fn rule(key: &str, value: &str, origin: Origin, is_locked: bool) -> Rule {
    Rule {
        key: key.to_owned(),
        value: value.to_owned(),
        origin,
        is_locked,
    }
}

fn contact(host: &str, port: u16, purpose: Purpose, protection: Protection) -> Contact {
    Contact {
        host: host.to_owned(),
        port,
        purpose,
        protection,
        has_own_roots: false,
        signs_in_as: None,
        last: Some(start()),
    }
}

fn kind(kind: &str, rows: u64) -> KindCount {
    KindCount {
        kind: kind.to_owned(),
        rows,
        payloads: rows,
        first: at("2026-01-03T09:00:00"),
        last: at("2026-11-11T16:20:00"),
    }
}

pub(crate) fn facts() -> Facts {
    let directory = "name = OCES\nurl = ldaps://certifikat.example\nbase = c=DK";
    let oces = Purpose::Directory {
        name: "OCES".to_owned(),
    };
    let kommune = Purpose::Directory {
        name: "Kommune".to_owned(),
    };
    let server = Purpose::Submission {
        token_program: None,
    };
    Facts {
        rules: vec![
            rule("directory", directory, Origin::File, false),
            rule("policy.fallback", "forbid", Origin::Policy, true),
            rule("policy.hold", "10s", Origin::Default, false),
            rule("record.retention", "5y", Origin::Default, false),
            rule(
                "submission.host",
                "smtp.advokat-eksempel.dk",
                Origin::File,
                false,
            ),
        ],
        contacts: vec![
            contact("smtp.advokat-eksempel.dk", 465, server, Protection::Tls),
            contact("certifikat.example", 636, oces, Protection::Tls),
            contact("ldap.kommune.example", 389, kommune, Protection::None),
        ],
        fresh: SignedDuration::from_hours(24),
        negative: SignedDuration::from_mins(15),
        inventory: Inventory {
            account: "anne".to_owned(),
            folder: "/home/anne/.local/share/segl".into(),
            is_private: Some(true),
            key_file: None,
            copy_folder: None,
            retention: SignedDuration::from_hours(24 * 365 * 5),
            record: Ok(Summary {
                kinds: vec![
                    kind("intent", 812),
                    kind("outcome", 830),
                    kind("started", 830),
                ],
                addresses: 214,
                consents: 37,
            }),
            store: Ok(Counts {
                drafts: 3,
                sent: 812,
                sent_octets: 2_400_000_000,
                sent_span: Some((at("2026-01-03T09:00:00"), at("2026-11-11T16:20:00"))),
                answers: 190,
                organisations: 88,
            }),
            imported: 2,
            awaited: 1,
        },
        awaited: Some(vec![
            Awaited {
                mailbox: eva(),
                since: at("2026-11-02T10:00:00"),
                looked: Some(start()),
                green: None,
            },
            Awaited {
                mailbox: Mailbox::parse(&format!("Anne Holm <{ANNE}>")).unwrap(),
                since: at("2026-10-12T10:00:00"),
                looked: Some(start()),
                green: Some(start()),
            },
        ]),
        senders: setup(Lang::En).senders,
        hold: std::time::Duration::from_secs(10),
        preferences: "/home/anne/.local/share/segl/window.toml".into(),
    }
}

fn finding(level: Level, text: &str, next: &str) -> FindingWords {
    FindingWords {
        level,
        about: "directory",
        text: text.to_owned(),
        next: next.to_owned(),
    }
}

/// The settings with everything read, at this section.
pub(crate) fn settings(lang: Lang, theme: Theme, section: Section) -> Desk {
    let mut setup = setup(lang);
    setup.theme = theme;
    let mut desk = Desk::with(setup);
    desk.state.page = Page::Options(Box::default());
    desk.step(Message::Tick);
    desk.hear(Report::Options(Told::Facts(Box::new(facts()))));
    desk.hear(Report::Options(Told::Findings(vec![
        finding(Level::Good, "The send log is intact (2472 rows).", ""),
        finding(Level::Note, "The key lies in a file, not in a keyring.", ""),
        finding(
            Level::Bad,
            "OCES cannot be reached (connection refused).",
            "Tell your IT department.",
        ),
    ])));
    desk.run(Command::Options(Act::Open(section)));
    desk.take();
    desk
}

/// The composer with one green and one red, and all commands open.
pub(crate) fn palette(lang: Lang, theme: Theme) -> Desk {
    let mut setup = setup(lang);
    setup.theme = theme;
    let mut desk = Desk::with(setup);
    desk.address(&format!("Anne Holm <{ANNE}>, Eva Borger <{EVA}>"));
    desk.find(person(ANNE, "Anne Holm"));
    desk.find(not_found(EVA));
    desk.run(Command::Commands);
    desk.take();
    desk
}

fn shown(screen: &Screen) -> &Options {
    match &screen.state().state.page {
        Page::Options(shown) => shown,
        _ => panic!("not the settings"),
    }
}

fn settings_screen(section: Section) -> Screen {
    open(settings(Lang::En, Theme::Light, section))
}

fn type_in(screen: &mut Screen, text: &str) {
    for c in text.chars() {
        screen.text(&c.to_string());
    }
}

#[test]
fn the_search_is_where_the_settings_begin_and_finds_a_directory_by_name() {
    let mut screen = settings_screen(Section::Appearance);
    assert_eq!(screen.focused().as_deref(), Some("Search the settings"));
    type_in(&mut screen, "oces");
    let found: Vec<Section> = shown(&screen).visible().map(|i| i.section).collect();
    assert!(found.contains(&Section::Rules) && found.contains(&Section::Network));
    assert!(found.contains(&Section::Doctor));
    assert!(!found.contains(&Section::Appearance));
    screen.get_by_label_contains("ldaps://certifikat.example");
    type_in(&mut screen, " nobody");
    assert_eq!(shown(&screen).visible().count(), 0);
    screen.pass(3_000);
    assert!(
        screen.spoken().contains("oces nobody"),
        "{}",
        screen.spoken()
    );
}

#[test]
fn every_line_of_every_section_is_reached_by_keys_alone() {
    let mut screen = settings_screen(Section::Appearance);
    screen.press(Key::Tab, NONE);
    assert_eq!(screen.focused().as_deref(), Some("Sections"));
    for (index, section) in Section::ALL.into_iter().enumerate() {
        if index > 0 {
            screen.press(Key::ArrowDown, NONE);
        }
        assert_eq!(shown(&screen).section, section);
        let mut wanted: Vec<Place> = stops::all(&screen.state().state);
        wanted.retain(|p| matches!(p, Place::Options(_) | Place::Button(place::Spot::Page, _)));
        let mut reached = vec![Place::Options(Spot::Search)];
        // Once around by Tab, and inside each list of lines by the arrows.
        for _ in 0..40 {
            let here = screen.state().state.focus.clone();
            reached.push(here.clone());
            if let Place::Options(Spot::Item(_)) = here {
                for _ in 0..40 {
                    screen.press(Key::ArrowDown, NONE);
                    reached.push(screen.state().state.focus.clone());
                }
            }
            screen.press(Key::Tab, NONE);
            if screen.state().state.focus == Place::Options(Spot::Sections) {
                break;
            }
        }
        let missed: Vec<_> = wanted.iter().filter(|p| !reached.contains(p)).collect();
        assert!(missed.is_empty(), "{section:?}: {missed:?}");
        assert_eq!(screen.state().state.focus, Place::Options(Spot::Sections));
    }
}

#[test]
fn colours_are_chosen_by_arrows_seen_at_once_and_remembered() {
    let mut desk = settings(Lang::En, Theme::Light, Section::Appearance);
    desk.step(Message::Focus(Place::Options(Spot::Control(
        Control::Theme,
    ))));
    desk.run(Command::Right);
    assert_eq!(desk.state.setup.theme, Theme::Dark);
    desk.run(Command::Last);
    assert_eq!(desk.state.setup.theme, Theme::ContrastDark);
    let remembered = desk.take().into_iter().filter_map(|job| match job {
        Job::Options(Ask::Remember("theme", Preference::Text(name))) => Some(name),
        _ => None,
    });
    assert_eq!(remembered.collect::<Vec<_>>(), ["dark", "contrast-dark"]);
}

#[test]
fn receipts_stay_open_when_somebody_says_so_and_only_then() {
    let mut desk = settings(Lang::En, Theme::Light, Section::Appearance);
    desk.step(Message::Focus(Place::Options(Spot::Control(
        Control::Receipts,
    ))));
    desk.run(Command::Left);
    assert!(!desk.state.setup.keep_receipts && desk.take().is_empty());
    desk.run(Command::Right);
    desk.run(Command::Right);
    assert!(desk.state.setup.keep_receipts);
    let jobs = desk.take();
    assert!(matches!(
        jobs[..],
        [Job::Options(Ask::Remember(
            "keep_receipts",
            Preference::Is(true)
        ))]
    ));
}

#[test]
fn the_theme_of_the_system_is_followed_while_the_window_is_open() {
    let mut desk = Desk::new(Lang::En);
    desk.state.setup.theme = Theme::System;
    let mut screen = open(desk);
    let ground = |screen: &Screen| screen.ctx.global_style().visuals.panel_fill;
    let light = ground(&screen);
    screen.input_mut().system_theme = Some(egui::Theme::Dark);
    screen.run_ok();
    let dark = ground(&screen);
    assert_ne!(light, dark);
    screen.input_mut().system_theme = Some(egui::Theme::Light);
    screen.run_ok();
    assert_eq!(ground(&screen), light);
}

#[test]
fn servers_are_asked_when_the_check_is_opened_and_not_before() {
    let mut desk = Desk::new(Lang::En);
    desk.state.page = Page::Options(Box::default());
    assert!(matches!(
        desk.state.start_jobs()[..],
        [Job::Options(Ask::Facts)]
    ));
    desk.hear(Report::Options(Told::Facts(Box::new(facts()))));
    let examines = |jobs: Vec<Job>| {
        let asks = jobs
            .iter()
            .filter(|j| matches!(j, Job::Options(Ask::Examine)));
        asks.count()
    };
    desk.run(Command::Options(Act::Open(Section::Network)));
    assert_eq!(examines(desk.take()), 0);
    desk.run(Command::Options(Act::Open(Section::Doctor)));
    desk.run(Command::Options(Act::LookAgain));
    assert_eq!(examines(desk.take()), 1, "it is being examined already");
    desk.hear(Report::Options(Told::Findings(Vec::new())));
    desk.run(Command::Options(Act::LookAgain));
    assert_eq!(examines(desk.take()), 1);
}

#[test]
fn a_rule_says_where_it_comes_from_and_that_it_is_locked() {
    let screen = settings_screen(Section::Rules);
    let items: Vec<_> = shown(&screen).visible().collect();
    let of = |key: &str| items.iter().find(|i| i.title.contains(key)).unwrap();
    assert!(of("policy.fallback").text.contains("Locked"));
    assert!(
        of("policy.fallback")
            .text
            .contains("your IT department's rules")
    );
    assert!(of("policy.fallback").mark.is_some());
    assert!(of("policy.hold").text.contains("default"));
    assert!(of("submission.host").text.contains("the settings file"));
}

#[test]
fn what_is_shown_can_be_copied_whole_and_line_by_line() {
    let mut desk = settings(Lang::En, Theme::Light, Section::Rules);
    desk.run(Command::Options(Act::Copy));
    let copied = |jobs: Vec<Job>| match &jobs[..] {
        [Job::Copy(text)] => text.clone(),
        other => panic!("{other:?}"),
    };
    let all = copied(desk.take());
    for rule in facts().rules {
        assert!(
            all.contains(&rule.key) && all.contains(&rule.value),
            "{all}"
        );
    }
    assert!(all.starts_with("Segl "));
    let Page::Options(shown) = &desk.state.page else {
        panic!()
    };
    let first = shown.visible().next().unwrap().clone();
    desk.step(Message::Focus(Place::Options(Spot::Item(first.id.clone()))));
    desk.run(Command::Options(Act::CopyItem));
    assert_eq!(copied(desk.take()), first.read());
}

#[test]
fn reading_everything_again_leaves_the_focus_where_it_was() {
    let mut screen = settings_screen(Section::Network);
    let place = stops::all(&screen.state().state)
        .into_iter()
        .filter(|p| matches!(p, Place::Options(Spot::Item(_))))
        .nth(2)
        .unwrap();
    screen
        .state_mut()
        .step(Message::Focus(place.clone()), start());
    screen.press(Key::F5, NONE);
    assert!(
        screen
            .jobs()
            .iter()
            .any(|j| matches!(j, Job::Options(Ask::Facts)))
    );
    screen.hear(Report::Options(Told::Facts(Box::new(facts()))));
    assert_eq!(screen.state().state.focus, place);
}

#[test]
fn enter_in_the_list_of_commands_sends_in_no_way_and_says_which_keys_do() {
    let count = {
        let screen = open(palette(Lang::En, Theme::Light));
        let stops = stops::all(&screen.state().state);
        stops
            .iter()
            .filter(|p| matches!(p, Place::Button(place::Spot::Listed, _)))
            .count()
    };
    assert!(count > 20, "everything is there: {count}");
    let mut senders = 0;
    for row in 0..count {
        for key in [Key::Enter, Key::Space] {
            let mut screen = open(palette(Lang::En, Theme::Light));
            screen.pass(500);
            for _ in 0..=row {
                screen.press(Key::ArrowDown, NONE);
            }
            let Place::Button(_, command) = screen.state().state.focus.clone() else {
                panic!("{row}")
            };
            screen.hold(key, NONE, 3);
            let jobs = screen.jobs();
            assert!(
                !jobs.iter().any(|j| matches!(j, Job::Send { .. })),
                "{command:?}"
            );
            let state = &screen.state().state;
            assert!(matches!(state.phase, Phase::Writing), "{command:?}");
            if command.sends() {
                senders += 1;
                assert!(state.dialog.is_some(), "{command:?} was run");
                assert!(
                    screen.spoken().contains("Ctrl+Enter"),
                    "{}",
                    screen.spoken()
                );
            }
        }
    }
    assert!(senders > 0, "what sends is listed too");
}

#[test]
fn a_command_is_found_by_its_words_and_run_by_enter_once() {
    let mut screen = open(palette(Lang::Da, Theme::Light));
    screen.pass(500);
    assert_eq!(screen.focused().as_deref(), Some("Søg i alle kommandoer"));
    type_in(&mut screen, "vedhæft");
    screen.hold(Key::Enter, NONE, 4);
    let jobs = screen.jobs();
    assert_eq!(
        jobs.iter().filter(|j| matches!(j, Job::PickFiles)).count(),
        1
    );
    assert!(screen.state().state.dialog.is_none());
}

#[test]
fn escape_leaves_the_list_of_commands_and_the_focus_is_where_it_was() {
    let mut desk = Desk::new(Lang::En);
    desk.address(ANNE);
    let mut screen = open(desk);
    let before = screen.state().state.focus.clone();
    screen.hold(Key::P, CTRL_SHIFT, 4);
    assert!(screen.state().state.dialog.is_some());
    screen.pass(500);
    type_in(&mut screen, "zzz");
    screen.press(Key::ArrowDown, NONE);
    screen.press(Key::Enter, NONE);
    assert!(
        screen.state().state.dialog.is_some(),
        "nothing matches, nothing is run"
    );
    screen.press(Key::Escape, NONE);
    assert_eq!(screen.state().state.focus, before);
    assert!(screen.state().state.dialog.is_none());
}

#[test]
fn what_is_typed_into_the_list_of_commands_changes_no_mail() {
    let mut screen = open(palette(Lang::En, Theme::Light));
    screen.pass(500);
    let before = screen.state().state.draft.clone();
    type_in(&mut screen, "sub");
    screen.pass(3_000);
    assert_eq!(screen.state().state.draft, before);
    assert!(screen.state().state.kept.changed.is_none());
}

#[test]
fn ctrl_m_opens_a_mail_to_whom_it_is_about_with_the_firms_own_words() {
    let mut setup = setup(Lang::Da);
    let firms = "Send os venligst jeres certifikat.".to_owned();
    setup
        .texts
        .insert("ask-for-certificate".to_owned(), firms.clone());
    let mut desk = Desk::with(setup);
    desk.address(&format!("Anne Holm <{ANNE}>, Eva Borger <{EVA}>"));
    desk.find(person(ANNE, "Anne Holm"));
    desk.find(not_found(EVA));
    desk.take();
    desk.run(Command::AskForCertificate);
    let jobs = desk.take();
    let [Job::Options(Ask::AskForCertificate(letter))] = &jobs[..] else {
        panic!("{jobs:?}")
    };
    assert_eq!((&letter.to, &letter.text), (&eva(), &firms));
    let message = segl::mail::handed_over(&letter.to_message()).unwrap();
    assert_eq!(message.to.len(), 1);
    assert_eq!(message.to[0].as_ref().unwrap(), &eva());
    assert_eq!(message.subject, "Vil du sende mig dit certifikat?");
    assert_eq!(message.from.unwrap().address, desk.state.draft.from.address);
    desk.hear(Report::Options(Told::Asked(eva())));
    assert!(desk.state.voice.newest().contains("Eva Borger"));
}

#[test]
fn whoever_has_a_certificate_is_asked_nothing() {
    let mut desk = Desk::new(Lang::En);
    desk.address(ANNE);
    desk.find(person(ANNE, "Anne Holm"));
    desk.take();
    desk.run(Command::AskForCertificate);
    assert!(desk.take().is_empty());
    assert!(desk.state.voice.newest().contains("nobody to ask"));
}

#[test]
fn that_somebody_has_a_certificate_now_is_said_shown_and_written_to_by_one_button() {
    let mut screen = open(Desk::new(Lang::En));
    let told = || Report::Options(Told::News(vec![News::Green(eva())]));
    screen.hear(told());
    assert_eq!(screen.spoken(), "Eva Borger can now get encrypted mail");
    screen.hear(told());
    screen.get_by_label("Write to Eva Borger").click();
    screen.run_ok();
    let jobs = screen.jobs();
    let wrote = jobs
        .iter()
        .any(|j| matches!(j, Job::Options(Ask::Write(l)) if l.to == eva()));
    assert!(wrote, "{jobs:?}");
    screen.get_by_label("Hide").click();
    screen.run_ok();
    assert!(screen.query_by_label("Write to Eva Borger").is_none());
}

#[test]
fn waiting_is_ended_in_the_settings() {
    let mut screen = settings_screen(Section::Waiting);
    screen.get_by_label("Wait no longer for Eva Borger").click();
    screen.run_ok();
    let jobs = screen.jobs();
    let ended = |j: &Job| matches!(j, Job::Options(Ask::StopWaiting(m)) if *m == eva());
    assert!(jobs.iter().any(ended), "{jobs:?}");
    screen.hear(Report::Options(Told::Stopped(eva())));
    assert!(screen.spoken().contains("no longer looks"));
    assert!(
        screen
            .jobs()
            .iter()
            .any(|j| matches!(j, Job::Options(Ask::Facts)))
    );
}

#[test]
fn random_keys_in_the_settings_never_lose_the_focus_and_send_nothing() {
    let mut screen = settings_screen(Section::Appearance);
    let mut dice = Dice(0x5E61_2027);
    for step in 0..3_000 {
        let (key, modifiers) = match dice.roll(40) {
            0 => (Key::P, CTRL_SHIFT),
            roll => (
                RANDOM[roll % RANDOM.len()],
                [NONE, NONE, CTRL][dice.roll(3)],
            ),
        };
        screen.key_press_modifiers(modifiers, key);
        screen.step();
        let jobs = screen.jobs();
        assert!(
            !jobs.iter().any(|j| matches!(j, Job::Send { .. })),
            "{step}: {key:?}"
        );
        let state = &screen.state().state;
        let places = stops::all(state);
        assert!(
            places.contains(&state.focus),
            "{step}: {key:?} {:?}",
            state.focus
        );
        assert!(screen.focused().is_some(), "{step}: {key:?} {modifiers:?}");
    }
}
