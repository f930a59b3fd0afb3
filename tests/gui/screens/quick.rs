//! How many keys it takes, beyond the text itself: each way of sending, counted.

use super::*;
use std::sync::Arc;

use segl::{
    alert::Rules,
    app::{
        book::Told,
        keeping,
        setup::{Fields, Opening, Source},
    },
    book::Contact,
    mail::{Attachment, Body, Digest, HandedOver, Mailbox},
    segl::Book,
};

/// A window whose keys are counted.
struct Counted {
    screen: Screen,
    keys: usize,
}

impl Counted {
    fn new() -> Self {
        Self {
            screen: open(Desk::new(Lang::En)),
            keys: 0,
        }
    }

    /// Opened by another program with a mail: the key that was pressed there is the first.
    fn by_client(to: &[&str]) -> Self {
        let mut desk = Desk::new(Lang::En);
        let fields = Fields {
            to: to.iter().map(|&t| t.to_owned()).collect(),
            subject: Some("BS-123".to_owned()),
            body: Some("Hello".to_owned()),
            ..Fields::default()
        };
        let opening = Opening {
            fields,
            ..Opening::default()
        };
        let now = desk.now;
        keeping::open(&mut desk.state, opening, now);
        let mut counted = Self {
            screen: open(desk),
            keys: 1,
        };
        counted.answer();
        counted
    }

    fn press(&mut self, key: Key, modifiers: Modifiers) {
        self.keys += 1;
        self.screen.press(key, modifiers);
    }

    /// The directory knows Anne, and nobody else.
    fn answer(&mut self) {
        for address in [ANNE, COURT] {
            self.screen
                .hear(Report::Assessed(person(address, "Anne Holm")));
        }
        self.screen.hear(Report::Assessed(not_found(EVA)));
        self.screen.pass(1_000);
    }

    /// The dialog of the operating system, or the clipboard, gave a file.
    fn file(&mut self) {
        self.screen.hear(Report::Attached(vec![Ok(Attachment {
            path: "/sag/replik.pdf".into(),
            name: "replik.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            size: 2_148_000,
            sha256: Digest::of(b"x"),
        })]));
    }

    /// A new mail with a recipient and a subject.
    fn addressed() -> Self {
        let mut counted = Self::new();
        counted.screen.text(ANNE);
        counted.press(Key::Tab, NONE);
        counted.screen.text("BS-123");
        counted
    }

    /// The undo time passes; how many keys it took until the mail left.
    fn sent_after(&mut self) -> usize {
        self.screen.pass(11_000);
        assert!(sent(&mut self.screen));
        self.keys
    }
}

#[test]
fn a_new_mail_to_one_green_recipient_takes_three_keys() {
    let mut counted = Counted::addressed();
    counted.press(Key::Tab, NONE);
    counted.screen.text("Hello");
    counted.answer();
    counted.press(Key::Enter, CTRL);
    assert_eq!(counted.sent_after(), 3);
}

#[test]
fn with_a_file_that_was_copied_it_takes_four() {
    let mut counted = Counted::addressed();
    // The window system keeps the press for itself; without a text on the clipboard only the release is seen.
    counted.keys += 1;
    counted.screen.event(egui::Event::Key {
        key: Key::V,
        physical_key: None,
        pressed: false,
        repeat: false,
        modifiers: CTRL,
    });
    counted.screen.run_ok();
    assert!(
        counted
            .screen
            .jobs()
            .iter()
            .any(|j| matches!(j, Job::PasteFiles))
    );
    counted.file();
    counted.press(Key::Tab, NONE);
    counted.screen.text("Hello");
    counted.answer();
    counted.press(Key::Enter, CTRL);
    assert_eq!(counted.sent_after(), 4);
}

#[test]
fn with_a_file_by_the_dialog_it_takes_five() {
    let mut counted = Counted::addressed();
    counted.press(Key::Tab, NONE);
    counted.screen.text("Hello");
    counted.press(Key::A, CTRL_SHIFT);
    assert!(
        counted
            .screen
            .jobs()
            .iter()
            .any(|j| matches!(j, Job::PickFiles))
    );
    // Enter in the dialog of the operating system.
    counted.keys += 1;
    counted.file();
    counted.answer();
    counted.press(Key::Enter, CTRL);
    assert_eq!(counted.sent_after(), 5);
}

/// What another program's key opens with `--quick`: the mail and the book come when they have been read.
fn by_quick_key(from: &str, to: &[&str], known: Book) -> Counted {
    let mut desk = Desk::new(Lang::En);
    let opening = Opening {
        draft: Some(Source::Stdin),
        is_quick: true,
        ..Opening::default()
    };
    let now = desk.now;
    keeping::open(&mut desk.state, opening, now);
    let mut counted = Counted {
        screen: open(desk),
        keys: 1,
    };
    let message = HandedOver {
        from: Some(Mailbox::parse(from).unwrap()),
        reply_to: None,
        to: to.iter().map(|t| Mailbox::parse(t)).collect(),
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: "BS-123".to_owned(),
        body: Body::Text("Hello".to_owned()),
        in_reply_to: None,
        references: Vec::new(),
    };
    let screen = &mut counted.screen;
    screen.hear(Report::HandedOver(Box::new(message)));
    assert!(
        matches!(screen.state().state.phase, Phase::Writing),
        "before the book is there nobody knows what is to be asked"
    );
    screen.hear(Report::Book(Told::Loaded(Arc::new(known))));
    counted
}

fn own() -> String {
    setup(Lang::En).senders[0].to_string()
}

fn is_writing(counted: &Counted) -> bool {
    matches!(counted.screen.state().state.phase, Phase::Writing)
}

#[test]
fn from_another_program_with_its_quick_key_a_green_mail_takes_one_and_the_window_closes() {
    let mut counted = by_quick_key(&own(), &[ANNE], Book::default());
    assert!(matches!(counted.screen.state().state.phase, Phase::Armed));
    counted.answer();
    assert!(
        matches!(counted.screen.state().state.phase, Phase::Holding { .. }),
        "the undo time is as usual"
    );
    assert_eq!(counted.sent_after(), 1);
}

#[test]
fn what_is_not_all_green_disarms_the_quick_key_and_nothing_leaves() {
    let mut red = by_quick_key(&own(), &[ANNE, EVA], Book::default());
    red.answer();
    // From whom it goes is not what the other program said.
    let mut other = by_quick_key("who@elsewhere.example", &[ANNE], Book::default());
    other.answer();
    for mut counted in [red, other] {
        assert!(is_writing(&counted));
        counted.screen.pass(15_000);
        assert!(!sent(&mut counted.screen));
        assert!(
            counted.screen.state().state.dialog.is_none(),
            "only a key opens a dialog"
        );
    }
    let mut wrong = by_quick_key(&own(), &[ANNE, "no address"], Book::default());
    wrong.answer();
    wrong.screen.pass(15_000);
    assert!(is_writing(&wrong) && !sent(&mut wrong.screen));
}

#[test]
fn a_key_in_the_text_disarms_the_quick_key() {
    let mut counted = by_quick_key(&own(), &[ANNE], Book::default());
    counted.screen.text("x");
    assert!(is_writing(&counted));
    counted.answer();
    counted.screen.pass(15_000);
    assert!(!sent(&mut counted.screen));
}

#[test]
fn an_alert_is_asked_after_the_quick_key_as_after_ctrl_enter() {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let known = |i: usize| {
        let mailbox = Mailbox::parse(&format!("p{i}@firma{i}-eksempel.dk")).unwrap();
        Contact::written(None, &mailbox, at)
    };
    let book = Book::new(
        (0..12).map(known).collect(),
        Vec::new(),
        Vec::new(),
        Rules::default(),
    );
    let mut counted = by_quick_key(&own(), &[ANNE], book);
    counted.answer();
    counted.screen.pass(15_000);
    assert!(counted.screen.state().state.dialog.is_some());
    assert!(!sent(&mut counted.screen));
}

#[test]
fn from_another_program_a_green_mail_takes_its_key_and_ctrl_enter() {
    let mut counted = Counted::by_client(&[ANNE]);
    counted.press(Key::Enter, CTRL);
    assert_eq!(counted.sent_after(), 2);
}

#[test]
fn from_another_program_with_a_first_red_one_it_takes_four() {
    let mut counted = Counted::by_client(&[ANNE, EVA]);
    counted.press(Key::Enter, CTRL);
    counted.screen.pass(500);
    counted.press(Key::Num1, NONE);
    counted.press(Key::Enter, CTRL_SHIFT);
    assert_eq!(counted.sent_after(), 4);
}

#[test]
fn the_green_ones_now_and_the_red_one_as_a_draft_takes_two() {
    let mut counted = Counted::by_client(&[ANNE, COURT, EVA]);
    counted.keys = 0;
    counted.press(Key::Enter, CTRL);
    counted.screen.pass(500);
    counted.press(Key::D, CTRL);
    assert_eq!(counted.sent_after(), 2);
}

#[test]
fn undoing_within_the_hold_takes_one() {
    for (key, modifiers) in [(Key::Z, CTRL), (Key::Escape, NONE)] {
        let mut counted = Counted::by_client(&[ANNE]);
        counted.press(Key::Enter, CTRL);
        counted.keys = 0;
        counted.press(key, modifiers);
        assert!(matches!(counted.screen.state().state.phase, Phase::Writing));
        counted.screen.pass(11_000);
        assert!(!sent(&mut counted.screen));
        assert_eq!(counted.keys, 1);
    }
}
