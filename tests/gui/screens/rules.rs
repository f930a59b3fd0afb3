//! What holds on every screen: names, sizes, nothing cut, nothing moving by itself.

use super::{cut::all_screens, *};

#[test]
fn every_node_that_takes_the_focus_has_a_name_and_every_stop_is_drawn() {
    for lang in Lang::ALL {
        for (name, desk) in all_screens(lang) {
            let mut screen = open(desk);
            screen.pass(500);
            screen.check_accessibility();
            for place in stops::all(&screen.state().state) {
                // Leaving a field turns what was typed into a recipient: another mail has other buttons.
                if !stops::all(&screen.state().state).contains(&place) {
                    continue;
                }
                go(&mut screen, &place);
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
    go(&mut screen, &Place::Chip(Kind::To, all[49].clone()));
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

#[test]
fn an_idle_window_asks_for_no_pass() {
    let mut screen = screen();
    screen.pass(6_000);
    let left = screen.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert_eq!(left, std::time::Duration::MAX);
    go(&mut screen, &Place::Body);
    screen.pass(6_000);
    let left = screen.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert_eq!(left, std::time::Duration::MAX, "nor for a blinking caret");
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
fn who_else_can_read_a_mail_and_whether_it_is_signed_stands_below_its_sentence() {
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("Anne Holm <{ANNE}>"));
    desk.find(person(ANNE, "Anne Holm"));
    let further = |kind, name: &str| segl::decide::Further {
        kind,
        name: name.to_owned(),
        sha256: Digest::of(name.as_bytes()),
    };
    desk.state.own = vec![segl::segl::OwnIdentity {
        from: desk.state.draft.from.address.clone(),
        signs: true,
        signs_clear: false,
        further: vec![
            further(segl::decide::FurtherKind::Own, "Anne"),
            further(segl::decide::FurtherKind::Archive, "Arkiv"),
        ],
        token: None,
    }];
    let mut screen = open(desk);
    screen.run_ok();
    let line = "Can also be read by yourself, the archive (Arkiv)";
    assert!(screen.query_by_label_contains(line).is_some());
    assert!(screen.query_by_label_contains("not signed").is_none());
    // Another sender's certificates say nothing of this mail.
    screen.state_mut().state.own.clear();
    screen.run_ok();
    assert!(screen.query_by_label_contains("Can also be read").is_none());
    assert!(screen.query_by_label_contains("not signed").is_some());
}
