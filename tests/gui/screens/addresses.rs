//! Suggestions and the question about recipients, by real key presses: nothing is taken unasked, nothing passed by a
//! held key.

use super::*;
use crate::books::*;
use segl::app::book::{Act, Told};

fn typing(text: &str) -> Screen {
    let mut screen = open(with_book(Lang::En));
    go(&mut screen, &Place::Field(Kind::To));
    screen.text(text);
    screen
}

fn row<'a>(screen: &'a Screen, address: &str) -> Option<egui_kittest::Node<'a>> {
    let address = address.to_owned();
    screen.query_by(move |n| {
        let label = n.label();
        n.role() == Role::ListBoxOption && label.is_some_and(|l| l.contains(&address))
    })
}

fn recipients(screen: &Screen) -> Vec<String> {
    let rows = &screen.state().state.rows;
    rows.chips().map(|(_, c)| c.text()).collect()
}

/// One green recipient at a domain that was never written to, and the question about it.
fn asked() -> Screen {
    let mut desk = with_book(Lang::En);
    desk.address("x@fremmed.example");
    desk.find(person("x@fremmed.example", "Stranger"));
    desk.take();
    let mut screen = open(desk);
    go(&mut screen, &Place::Body);
    screen.press(Key::Enter, CTRL);
    assert!(is_open(&screen));
    screen
}

fn is_open(screen: &Screen) -> bool {
    let dialog = screen.state().state.dialog.as_ref();
    matches!(dialog.map(|d| &d.ask), Some(Ask::Recipients(_)))
}

#[test]
fn typing_an_address_and_enter_commits_what_was_typed_and_never_the_suggestion() {
    for key in [Key::Enter, Key::Tab] {
        let mut screen = typing("anne@");
        assert!(row(&screen, "anne@berg-eksempel.com").is_some());
        screen.press(key, NONE);
        assert_eq!(recipients(&screen), ["anne@"], "{key:?}");
        assert!(row(&screen, "anne@berg-eksempel.com").is_none());
    }
}

#[test]
fn typing_and_enter_in_one_breath_take_nothing_that_was_chosen_before() {
    let mut screen = typing("anne");
    screen.press(Key::ArrowDown, NONE);
    screen.event(egui::Event::Text("x".to_owned()));
    screen.key_press(Key::Enter);
    screen.run_ok();
    assert_eq!(recipients(&screen), ["annex"]);
}

#[test]
fn an_arrow_and_enter_or_tab_take_the_row_and_the_field_keeps_the_focus() {
    for key in [Key::Enter, Key::Tab] {
        let mut screen = typing("anne");
        screen.press(Key::ArrowDown, NONE);
        // The field has the keyboard, and tells assistive technology that the row is meant.
        let field = Place::Field(Kind::To).id();
        assert_eq!(screen.ctx.memory(egui::Memory::focused), Some(field));
        assert!(
            screen
                .focused()
                .unwrap()
                .starts_with("Anne Holm, anne@berg-eksempel.com")
        );
        screen.press(key, NONE);
        assert_eq!(
            recipients(&screen),
            ["Anne Holm <anne@berg-eksempel.com>"],
            "{key:?}"
        );
        assert_eq!(screen.focused().as_deref(), Some("To"));
    }
}

#[test]
fn each_row_says_name_address_organisation_and_when_and_tells_namesakes_apart() {
    let screen = typing("anne");
    let label = |address| {
        row(&screen, address)
            .unwrap()
            .accesskit_node()
            .label()
            .unwrap()
    };
    assert_eq!(
        label("anne@berg-eksempel.com"),
        "Anne Holm, anne@berg-eksempel.com, one of 2 with this name · ends in berg-eksempel.com · last written to yesterday 14:02"
    );
    assert_eq!(
        label(ANNE),
        "Anne Holm, holm@politi-eksempel.dk, one of 2 with this name · Politiet · last written to 3 November 2026"
    );
    let list = screen.get_by_role_and_label(Role::ListBox, "Suggestions");
    assert!(!list.accesskit_node().is_hidden());
}

#[test]
fn the_chosen_row_is_marked_named_and_spoken() {
    let mut screen = typing("anne");
    screen.press(Key::ArrowDown, NONE);
    let chosen = row(&screen, "anne@berg-eksempel.com")
        .unwrap()
        .accesskit_node()
        .is_selected();
    assert_eq!(chosen, Some(true));
    assert!(
        screen
            .spoken()
            .starts_with("Anne Holm, anne@berg-eksempel.com"),
        "{}",
        screen.spoken()
    );
    assert!(screen.spoken().contains("1 of 2"));
}

#[test]
fn a_click_takes_the_row_and_delete_forgets_it() {
    let mut screen = typing("anne");
    row(&screen, ANNE).unwrap().click();
    screen.run_ok();
    assert_eq!(recipients(&screen), [format!("Anne Holm <{ANNE}>")]);
    screen.text("anne");
    screen.press(Key::ArrowDown, NONE);
    screen.press(Key::Delete, NONE);
    assert!(row(&screen, "anne@berg-eksempel.com").is_none());
    assert_eq!(screen.state().state.rows.row(Kind::To).typed, "anne");
}

#[test]
fn escape_closes_the_list_and_leaves_text_window_and_focus() {
    let mut screen = typing("anne");
    screen.press(Key::ArrowDown, NONE);
    screen.press(Key::Escape, NONE);
    assert!(row(&screen, ANNE).is_none());
    assert_eq!(screen.state().state.rows.row(Kind::To).typed, "anne");
    assert_eq!(screen.focused().as_deref(), Some("To"));
}

#[test]
fn the_list_fits_into_a_small_window_at_four_hundred_percent() {
    let mut desk = with_book(Lang::Da);
    desk.state.setup.zoom = 400;
    let mut screen = open_sized(desk, egui::vec2(1366.0, 768.0), 1.0);
    go(&mut screen, &Place::Field(Kind::To));
    screen.text("firma");
    screen.press(Key::ArrowDown, NONE);
    let content = screen.ctx.content_rect();
    let chosen = row(&screen, "p0@firma0-eksempel.dk").unwrap().rect();
    assert!(content.contains_rect(chosen), "{chosen:?} in {content:?}");
    assert!(
        chosen.width() > 200.0 && chosen.height() >= 32.0,
        "{chosen:?}"
    );
    for _ in 0..5 {
        screen.press(Key::ArrowDown, NONE);
    }
    let last = row(&screen, "p5@firma5-eksempel.dk").unwrap().rect();
    assert!(content.contains_rect(last), "{last:?} in {content:?}");
}

#[test]
fn holding_ctrl_enter_never_passes_the_question() {
    let mut screen = asked();
    for modifiers in [CTRL, CTRL_SHIFT, NONE] {
        screen.hold(Key::Enter, modifiers, 30);
        screen.pass(600);
    }
    assert!(is_open(&screen) || matches!(screen.state().state.phase, Phase::Writing));
    assert!(!sent(&mut screen));
    assert!(matches!(screen.state().state.phase, Phase::Writing));
}

#[test]
fn the_question_is_an_alert_with_a_name_and_back_has_the_focus() {
    let mut screen = asked();
    let name = "Is this recipient right? x@fremmed.example: nobody at fremmed.example has been written to before.";
    screen.get_by_role_and_label(Role::AlertDialog, name);
    assert_eq!(screen.focused().as_deref(), Some("Back to the mail"));
    screen.pass(500);
    screen.press(Key::Escape, NONE);
    assert!(!is_open(&screen));
    assert_eq!(screen.state().state.focus, Place::Body);
}

#[test]
fn enter_on_the_confirming_button_only_says_which_keys_confirm() {
    let mut screen = asked();
    screen.pass(500);
    go(
        &mut screen,
        &Place::Button(Spot::Dialog, Command::Book(Act::Confirm)),
    );
    screen.press(Key::Enter, NONE);
    assert!(is_open(&screen));
    assert_eq!(screen.spoken(), "Use Space or Ctrl+R");
    screen.press(Key::R, CTRL);
    assert!(matches!(screen.state().state.phase, Phase::Holding { .. }));
}

#[test]
fn ctrl_r_in_the_first_moments_is_no_answer() {
    let mut screen = asked();
    screen.press(Key::R, CTRL);
    assert!(is_open(&screen));
    assert!(!sent(&mut screen));
}

#[test]
fn a_book_that_arrives_while_a_list_is_open_moves_nothing() {
    let mut screen = typing("anne");
    screen.press(Key::ArrowDown, NONE);
    screen.hear(Report::Book(Told::Loaded(book(
        segl::alert::Rules::default(),
    ))));
    assert!(row(&screen, ANNE).is_some());
    screen.press(Key::Enter, NONE);
    assert_eq!(recipients(&screen), ["Anne Holm <anne@berg-eksempel.com>"]);
}
