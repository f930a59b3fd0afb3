//! Where keys, pointer and assistive technology take the focus, and what they do there.

use super::*;

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
fn a_pointer_presses_what_it_points_at() {
    let mut screen = screen();
    screen.get_by_label("Send - 1 without encryption…").click();
    screen.pass(50);
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
        go(&mut screen, &place);
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
    go(&mut screen, &Place::Chip(Kind::To, ANNE.to_owned()));
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
    go(&mut screen, &Place::Field(Kind::To));
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
    go(&mut screen, &Place::Field(Kind::To));
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
    go(&mut screen, &Place::Button(Spot::Foot, Command::Send));
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
    go(&mut screen, &Place::From);
    let order = [
        "From: Anne Østergaard <anne@advokat-eksempel.dk>",
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
    assert_eq!(screen.focused().as_deref(), Some(order[0]));
    for name in order.iter().rev() {
        screen.press(Key::Tab, SHIFT);
        assert_eq!(screen.focused().as_deref(), Some(*name));
    }
}

#[test]
fn f6_goes_from_area_to_area() {
    let mut screen = screen();
    go(&mut screen, &Place::Subject);
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
    go(&mut screen, &Place::From);
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
fn text_cannot_be_changed_while_the_mail_is_on_its_way() {
    let mut green = Desk::new(Lang::En);
    green.address(ANNE);
    green.find(person(ANNE, "Anne Holm"));
    green.run(Command::Send);
    green.run(Command::SendNow);
    let mut screen = open(green);
    go(&mut screen, &Place::Body);
    screen.text("more");
    assert_eq!(body(&screen), "");
    assert_eq!(screen.focused().as_deref(), Some("Text of the mail"));
}

#[test]
fn twenty_chips_one_red_f8_lands_on_it() {
    let mut desk = Desk::new(Lang::En);
    let all: Vec<String> = (0..20)
        .map(|i| format!("p{i:02}@politi-eksempel.dk"))
        .collect();
    desk.address(&all.join(", "));
    for (i, address) in all.iter().enumerate() {
        desk.find(if i == 13 {
            not_found(address)
        } else {
            person(address, "Anne Holm")
        });
    }
    let mut screen = open(desk);
    screen.press(Key::F8, NONE);
    let red = "Red: p13@politi-eksempel.dk, No certificate. 14 of 20";
    assert_eq!(screen.focused().as_deref(), Some(red));
}

#[test]
fn a_late_answer_changes_neither_order_nor_focus() {
    let order = |screen: &Screen| -> Vec<String> {
        let chips = screen.state().state.rows.chips();
        chips.map(|(_, c)| c.key()).collect()
    };
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("{EVA}, {ANNE}, {COURT}"));
    let mut screen = open(desk);
    let before = order(&screen);
    for place in stops::all(&screen.state().state) {
        go(&mut screen, &place);
        for late in [
            not_found(EVA),
            person(ANNE, "Anne Holm"),
            not_checked(COURT),
            organisation(COURT, "Retten"),
            person(EVA, "Eva Borger"),
        ] {
            screen.hear(Report::Assessed(late));
            // The one button for sending is another one now; the focus stays on it.
            let is_same = match &place {
                Place::Button(Spot::Foot, _) => {
                    matches!(screen.state().state.focus, Place::Button(Spot::Foot, _))
                }
                place => screen.state().state.focus == *place,
            };
            assert!(is_same, "{place:?}: {:?}", screen.state().state.focus);
            assert_eq!(order(&screen), before, "{place:?}");
        }
    }
}

#[test]
fn the_window_is_called_by_its_title_and_begins_at_to() {
    for (lang, title, to) in [
        (Lang::Da, "Ny mail - Segl", "Til"),
        (Lang::En, "New mail - Segl", "To"),
    ] {
        let screen = open(Desk::new(lang));
        let root = screen.root();
        assert_eq!(root.accesskit_node().label().as_deref(), Some(title));
        assert_eq!(screen.focused().as_deref(), Some(to));
    }
}
