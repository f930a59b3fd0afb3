//! What sends and what never does: Enter, held keys, the warning.

use super::*;

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
        go(&mut screen, &place);
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
    go(&mut screen, &Place::Button(Spot::Foot, Command::Send));
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
        go(&mut screen, &Place::Button(Spot::Dialog, command));
        screen.press(Key::Enter, NONE);
        assert!(screen.state().state.dialog.is_some());
        assert!(screen.spoken().starts_with("Use Space or "));
    }
    go(
        &mut screen,
        &Place::Button(Spot::Dialog, Command::SendToAll),
    );
    screen.press(Key::Space, NONE);
    assert!(matches!(screen.state().state.phase, Phase::Holding { .. }));
}

#[test]
fn the_warning_is_an_alert_with_a_name_that_has_the_focus_on_back_and_gives_it_back() {
    let mut screen = screen();
    go(&mut screen, &Place::Body);
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
    screen.pass(50);
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
fn the_keys_are_one_dialog_away() {
    let mut screen = screen();
    screen.press(Key::F1, NONE);
    assert!(screen.query_by_label("Ctrl+Shift+A").is_some());
    screen.pass(500);
    screen.press(Key::F1, NONE);
    assert!(screen.state().state.dialog.is_none());
}
