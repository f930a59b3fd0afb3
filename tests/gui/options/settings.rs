//! The settings window: searched, reached by keys, chosen in, copied.

use segl::{keys::KeyError, segl::TunnelError};

use super::*;

#[test]
fn the_search_is_where_the_settings_begin_and_finds_a_directory_by_name() {
    let mut screen = settings_screen(Section::Appearance);
    assert_eq!(screen.focused().as_deref(), Some("Search the settings"));
    type_in(&mut screen, "oces");
    let found: Vec<Section> = shown(&screen).visible().map(|i| i.section).collect();
    assert!(found.contains(&Section::Rules) && found.contains(&Section::Network));
    assert!(found.contains(&Section::Doctor));
    assert!(!found.contains(&Section::Appearance));
    assert!(
        screen
            .query_all_by_label_contains("ldaps://certifikat.example")
            .next()
            .is_some(),
        "it is on the screen"
    );
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
                screen.press(Key::Home, NONE);
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

#[test]
fn an_own_word_is_removed_by_delete_and_the_focus_goes_to_the_next() {
    let mut screen = settings_screen(Section::Writing);
    let on = |word: &str| Place::Options(Spot::Item(format!("own word {word}")));
    screen
        .state_mut()
        .step(Message::Focus(on("dosmer")), start());
    screen.run_ok();
    screen.press(Key::Delete, Modifiers::NONE);
    let jobs = screen.jobs();
    assert!(
        matches!(&jobs[..], [Job::Options(Ask::ForgetWord(w))] if w == "dosmer"),
        "{jobs:?}"
    );
    assert_eq!(screen.state().state.focus, on("Skævinge"));
    screen.hear(Report::Options(Told::Forgotten("dosmer".to_owned())));
    assert!(screen.spoken().contains("dosmer"));
    let left = Facts {
        own_words: Ok(["Skævinge".to_owned()].into()),
        ..facts()
    };
    screen.jobs();
    screen.hear(Report::Options(Told::Facts(Box::new(left))));
    assert_eq!(screen.focused().as_deref(), Some("Skævinge."));
    // What is no own word stays.
    let hold = Place::Options(Spot::Item("hold".to_owned()));
    screen.state_mut().step(Message::Focus(hold), start());
    screen.press(Key::Delete, Modifiers::NONE);
    assert!(screen.jobs().is_empty());
    assert!(screen.spoken().contains("Only own words"));
    // The same by a button, for the mouse.
    screen.get_by_label("Remove “Skævinge”").click();
    screen.run_ok();
    let jobs = screen.jobs();
    assert!(matches!(&jobs[..], [Job::Options(Ask::ForgetWord(w))] if w == "Skævinge"));
}

#[test]
fn what_cannot_be_read_says_why_and_what_to_do_and_is_not_shown_as_empty() {
    let locked = || KeyError::Locked;
    let facts = || Facts {
        awaited: Err(locked().into()),
        others: Err(locked().into()),
        tunnel: Err(TunnelError::Damaged),
        own: Err(locked()),
        own_words: Err(locked().into()),
        ..facts()
    };
    for (section, empty) in [
        (Section::Waiting, "You are waiting for nobody"),
        (Section::Others, "No certificates of other people"),
        (Section::Own, "You have none"),
        (Section::Writing, "None. F7"),
        (Section::Tunnel, "There is no tunnel list"),
    ] {
        let mut screen = settings_screen(section);
        screen.hear(Report::Options(Told::Facts(Box::new(facts()))));
        let told: String = shown(&screen).visible().map(|i| i.text.clone()).collect();
        let (why, next) = match section {
            Section::Tunnel => ("is damaged", "segl tunnel import FILE"),
            _ => ("The keyring is locked.", "Unlock it and try again."),
        };
        assert!(
            told.contains("It cannot be read now") && told.contains(why) && told.contains(next),
            "{told}"
        );
        assert!(!told.contains(empty), "{told}");
    }
}
