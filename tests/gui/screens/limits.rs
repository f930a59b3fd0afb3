//! What one frame costs is bounded by what is seen, whatever the mail holds: counted in what is drawn, not in time.

use super::*;
use segl::app::{outside::WRITTEN, state::Phase};

/// Nodes that a screen reader gets.
fn nodes(screen: &Screen) -> usize {
    screen.root().children_recursive().count()
}

fn paste(screen: &mut Screen, text: &str) {
    screen.event(egui::Event::Paste(text.to_owned()));
    screen.run_ok();
}

#[test]
fn a_pasted_list_of_five_thousand_draws_no_more_than_its_part() {
    let mut screen = open(Desk::new(Lang::En));
    let few = nodes(&screen);
    let lines = (0..5_000).map(|i| format!("navn{i}@mail-eksempel.dk\n"));
    let list = lines.collect::<Vec<_>>().concat();
    paste(&mut screen, &list);
    assert_eq!(screen.state().state.rows.chips().count(), 5_000);
    assert!(nodes(&screen) < few + 200, "{} nodes", nodes(&screen));
    // The field, where the focus is, is in view: a pointer would scroll up to this first.
    screen.get_by_label("4960 before").click_accesskit();
    screen.run_ok();
    assert_eq!(
        screen.state().state.focus,
        Place::Chip(Kind::To, "navn4959@mail-eksempel.dk".to_owned())
    );
    screen.get_by_label("40 more");
    screen.press(Key::Home, NONE);
    screen.get_by_label("4960 more");
    assert!(nodes(&screen) < few + 200);
}

#[test]
fn a_list_that_is_pasted_behind_a_letter_becomes_recipients() {
    let mut screen = open(Desk::new(Lang::En));
    screen.text("e");
    paste(&mut screen, "bo@mail-eksempel.dk\neva@mail-eksempel.dk\n");
    let row = screen.state().state.rows.row(Kind::To).clone();
    assert_eq!((row.chips.len(), row.typed.as_str()), (2, "e"));
}

#[test]
fn ten_megabytes_are_not_pasted_and_nothing_is_lost() {
    let mut screen = open(Desk::new(Lang::En));
    go(&mut screen, &Place::Body);
    screen.text("Kære ret");
    paste(&mut screen, &"Rødgrød med fløde.\n".repeat(500_000));
    assert_eq!(body(&screen), "Kære ret");
    assert!(screen.state().state.notices[0].contains("attach"));
    paste(&mut screen, &"Hej. ".repeat(200));
    assert!(body(&screen).len() > 1_000);
    assert!(body(&screen).len() < WRITTEN);
}

#[test]
fn a_text_of_ten_megabytes_is_shown_by_its_beginning_and_sent_whole() {
    let mut desk = Desk::new(Lang::En);
    let text = "Rødgrød med fløde, og lidt til.\n".repeat(300_000);
    desk.state.draft.body = Body::Text(text.clone());
    let mut screen = open(desk);
    let runs = screen
        .root()
        .children_recursive()
        .filter(|n| n.accesskit_node().role() == Role::TextRun)
        .count();
    assert!(runs < 5_000, "{runs} lines of text");
    assert!(
        screen
            .query_by_label_contains("Only its beginning is shown")
            .is_some()
    );
    go(&mut screen, &Place::Body);
    screen.text("x");
    assert_eq!(body(&screen), text);
}

#[test]
fn three_hundred_files_leave_room_for_the_text_and_are_all_there() {
    let mut desk = Desk::new(Lang::En);
    let file = |i: usize| {
        Ok(Attachment {
            path: format!("/sag/bilag-{i}.pdf").into(),
            name: format!("bilag-{i}.pdf"),
            media_type: "application/pdf".to_owned(),
            size: 20_000,
            sha256: Digest::of(b"bilag"),
        })
    };
    desk.hear(Report::Attached((0..300).map(file).collect()));
    let few = nodes(&open(Desk::new(Lang::En)));
    let mut screen = open(desk);
    assert!(nodes(&screen) < few + 200, "{} nodes", nodes(&screen));
    let text = screen.get_by_role(Role::MultilineTextInput);
    assert!(text.rect().height() > 60.0, "{:?}", text.rect());
    go(&mut screen, &Place::File("/sag/bilag-0.pdf".into()));
    screen.press(Key::End, NONE);
    assert_eq!(
        screen
            .focused()
            .as_deref()
            .map(|f| f.starts_with("bilag-299.pdf")),
        Some(true)
    );
    assert_eq!(screen.state().state.draft.attachments.len(), 300);
}

#[test]
fn hidden_characters_are_not_pasted_and_that_is_said() {
    let mut screen = open(Desk::new(Lang::En));
    go(&mut screen, &Place::Body);
    paste(&mut screen, "fak\u{202E}tura\u{0}\u{1b}[31m.exe\r\nlinje");
    assert_eq!(body(&screen), "faktura[31m.exe\nlinje");
    assert!(screen.spoken().contains("3 hidden characters"));
    go(&mut screen, &Place::Field(Kind::To));
    paste(&mut screen, "e\u{200B}va@mail-eksempel.dk\n");
    let state = &screen.state().state;
    assert!(state.rows.first_invalid().is_some(), "not guessed at");
}

#[test]
fn letters_that_no_font_has_are_named_and_stay_in_the_text() {
    let mut screen = open(Desk::new(Lang::En));
    go(&mut screen, &Place::Body);
    screen
        .ctx
        .set_missing_glyph_policy(egui::MissingGlyphPolicy::Tofu);
    let text = "Til sagen: \u{4E2D}\u{6587} og \u{0627}\u{0644}\u{0633} fra klienten";
    paste(&mut screen, text);
    assert_eq!(body(&screen), text);
    assert!(
        screen.state().state.notices[0].contains("U+"),
        "{:?}",
        screen.state().state.notices
    );
    assert!(screen.state().state.notices[0].contains("sent unchanged"));
}

#[test]
fn undo_does_not_bring_the_text_of_another_mail_back() {
    let mut screen = open(Desk::new(Lang::En));
    go(&mut screen, &Place::Body);
    screen.text("Hemmeligt om Eva");
    screen.pass(2_000);
    let now = screen.state().state.kept.changed.unwrap_or(start());
    // It was sent, and the next one is written in the same window.
    screen.state_mut().state.phase = Phase::Done {
        receipt: Box::new(crate::flows::receipt(&Desk::new(Lang::En), &[])),
        closes: None,
    };
    screen
        .state_mut()
        .step(Message::Command(Command::NewMail), now);
    screen.run_ok();
    assert_eq!(body(&screen), "");
    go(&mut screen, &Place::Body);
    screen.text("a");
    screen.press(Key::Z, CTRL);
    screen.press(Key::Z, CTRL);
    screen.press(Key::Z, CTRL);
    assert!(!body(&screen).contains("Eva"), "{}", body(&screen));
}

#[test]
fn an_undo_time_ends_while_nobody_sees_the_window() {
    let mut desk = Desk::new(Lang::En);
    desk.address(ANNE);
    desk.find(person(ANNE, "Anne Holm"));
    desk.run(Command::Send);
    let now = std::rc::Rc::new(std::cell::Cell::new(desk.now));
    let clock = std::rc::Rc::clone(&now);
    let mut window = segl::app::window::Window::new(desk.state, Box::new(move |_| clock.get()));
    let ctx = egui::Context::default();
    for _ in 0..11 {
        now.set(now.get() + jiff::SignedDuration::from_secs(1));
        window.wake(&ctx);
    }
    let sent = window
        .take_jobs(&ctx)
        .iter()
        .filter(|j| matches!(j, Job::Send { .. }))
        .count();
    assert_eq!(sent, 1);
}
