//! All commands: what sends is never run from the list.

use super::*;

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
