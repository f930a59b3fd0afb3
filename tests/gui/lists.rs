//! Drafts, outbox and send log in their window, and a composer whose mail waits: keys, names, focus, and pictures.

use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jiff::{SignedDuration, Timestamp};
use segl::{
    app::{
        command::Command,
        keeping,
        lists::{
            Act, Ask, Lists, Reading, Spot, Tab, Told,
            rows::{DraftRow, DraftState, Key as RowKey, LogRow, OutboxRow},
            waiting::{CameTo, Count, News},
        },
        message::{Event, Job, Message},
        page::{Page, Show},
        place::{Place, Spot as Where},
        report::{Step, Trouble},
        setup::Opening,
        state::{Ask as Question, Phase},
        theme::Theme,
    },
    decide::Route,
    mail::{Body, Draft, DraftId, Kind, Readable},
    segl::{Logged, LoggedDetail, Outcome, Waiting, Why},
    words::Lang,
};

use crate::{people::*, support::*};

const NONE: Modifiers = Modifiers::NONE;

fn id(number: u64) -> DraftId {
    DraftId::parse(&format!("{number:032x}")).unwrap()
}

fn before(minutes: i64) -> Timestamp {
    start() - SignedDuration::from_mins(minutes)
}

fn drafts() -> Vec<DraftRow> {
    let row = |number, minutes, to: &str, size, state| DraftRow {
        id: id(number),
        at: before(minutes),
        to: vec![to.to_owned()],
        size,
        state,
    };
    vec![
        row(1, 5, "Retten i Eksempelby", 2_148_000, DraftState::Free),
        row(2, 90, "Eva Borger", 900, DraftState::Open),
        row(3, 1_500, "Karen Ærø", 45_000, DraftState::InDoubt),
    ]
}

fn waiting(why: Why, next: Option<i64>) -> Waiting {
    Waiting {
        since: before(10),
        tries: 2,
        why,
        next: next.map(|minutes| before(-minutes)),
    }
}

fn outbox() -> Vec<OutboxRow> {
    let row = |number, to: &str, waiting| OutboxRow {
        id: id(number),
        to: vec![to.to_owned()],
        waiting,
    };
    let who = vec!["Klaus Privat".to_owned()];
    let ulla = vec!["Ulla Stille".to_owned()];
    vec![
        row(4, "Karen Ærø", waiting(Why::Busy { reply: 451 }, Some(5))),
        row(5, "Klaus Privat", waiting(Why::Exposed { who }, None)),
        row(
            6,
            "Ulla Stille",
            waiting(
                Why::Directory {
                    who: ulla,
                    name: "OCES".to_owned(),
                },
                Some(10),
            ),
        ),
    ]
}

fn line(seq: u64, to: &str, route: Route, outcome: Outcome) -> LogRow {
    let reason = (route == Route::Tls).then(|| ("nothing-confidential".to_owned(), None));
    LogRow {
        logged: Logged {
            seq,
            at: before(i64::try_from(10_000 - seq.min(9_999)).unwrap()),
            detail: Some(LoggedDetail {
                message_id: format!("<{seq}@advokat-eksempel.dk>"),
                to: to.to_owned(),
                kind: Kind::To,
                route: Some(route),
                outcome: Some(outcome),
                reason,
                reply: Some("250 2.0.0 Ok: queued as 4XyZ".to_owned()),
                tls: Some("TLSv1.3".to_owned()),
                from: "anne@advokat-eksempel.dk".to_owned(),
            }),
        },
        number: 0,
    }
}

fn log() -> Vec<LogRow> {
    vec![
        line(9_999, COURT, Route::Organisation, Outcome::Sent),
        line(9_990, EVA, Route::Tls, Outcome::Sent),
        line(9_940, ANNE, Route::Person, Outcome::Sent),
        line(9_100, ANNE, Route::Person, Outcome::Unconfirmed),
        line(
            8_000,
            "bo@advokat-eksempel.dk",
            Route::Person,
            Outcome::Rejected,
        ),
    ]
}

/// A window of lists, with all rows there.
fn lists(lang: Lang, show: Show) -> Desk {
    let mut desk = Desk::new(lang);
    let opening = Opening {
        show,
        ..Opening::default()
    };
    let now = desk.now;
    desk.jobs = keeping::open(&mut desk.state, opening, now);
    for told in [
        Told::Drafts(drafts()),
        Told::Outbox(outbox()),
        Told::Log(log()),
    ] {
        desk.hear(Event::Lists(told));
    }
    desk
}

fn shown(desk: &Desk) -> &Lists {
    match &desk.state.page {
        Page::Lists(shown) => shown,
        _ => panic!("no lists"),
    }
}

fn asks(desk: &mut Desk) -> Vec<Ask> {
    let jobs = desk.take().into_iter();
    let asks = jobs.filter_map(|job| match job {
        Job::Lists(ask) => Some(ask),
        _ => None,
    });
    asks.collect()
}

fn act(desk: &mut Desk, act: Act) -> Vec<Ask> {
    desk.take();
    desk.run(Command::Lists(act));
    asks(desk)
}

#[test]
fn each_tab_is_opened_by_its_argument_and_asks_for_its_rows() {
    for (show, tab) in [
        (Show::Drafts, Tab::Drafts),
        (Show::Outbox, Tab::Outbox),
        (Show::Log, Tab::Log),
    ] {
        let mut desk = lists(Lang::En, show);
        assert!(matches!(&asks(&mut desk)[..], [Ask::Load(of)] if *of == tab));
        assert_eq!(shown(&desk).tab, tab);
        assert!(matches!(desk.state.focus, Place::Lists(Spot::Row(_))));
    }
}

#[test]
fn a_draft_is_opened_in_a_window_of_its_own_and_one_that_is_open_is_left_there() {
    let mut desk = lists(Lang::En, Show::Drafts);
    assert!(matches!(&act(&mut desk, Act::Open)[..], [Ask::Open(of)] if *of == id(1)));
    desk.run(Command::Right);
    assert!(act(&mut desk, Act::Open).is_empty());
    desk.wait(3_000);
    assert_eq!(
        desk.state.voice.newest(),
        "The draft is open in another window"
    );
    assert!(act(&mut desk, Act::Delete).is_empty() && desk.state.dialog.is_none());
}

#[test]
fn a_draft_is_deleted_only_after_a_question_whose_first_button_keeps_it() {
    let mut desk = lists(Lang::En, Show::Drafts);
    assert!(act(&mut desk, Act::Delete).is_empty());
    assert_eq!(
        desk.state.focus,
        Place::Button(Where::Dialog, Command::Back)
    );
    desk.wait(500);
    let Some(Question::Lists(question)) = desk.state.dialog.as_ref().map(|d| &d.ask) else {
        panic!("no question")
    };
    assert!(question.title.contains("Retten i Eksempelby"));
    let yes = question.yes.clone().unwrap();
    desk.run(Command::Back);
    assert!(desk.state.dialog.is_none() && asks(&mut desk).is_empty());
    act(&mut desk, Act::Delete);
    desk.wait(500);
    assert!(matches!(&act(&mut desk, yes)[..], [Ask::Delete(of)] if *of == id(1)));
}

#[test]
fn a_mail_that_waits_is_tried_now_and_one_that_needs_an_answer_is_opened() {
    let mut desk = lists(Lang::En, Show::Outbox);
    // All began to wait at the same time; the selected one is the first.
    let select = |desk: &mut Desk, number| {
        desk.run(Command::Lists(Act::Select(RowKey::Draft(id(number)))));
    };
    select(&mut desk, 4);
    assert!(matches!(&act(&mut desk, Act::Open)[..], [Ask::TryNow(of)] if *of == id(4)));
    assert!(matches!(&act(&mut desk, Act::Back)[..], [Ask::Back(of)] if *of == id(4)));
    select(&mut desk, 5);
    assert!(matches!(&act(&mut desk, Act::Open)[..], [Ask::Open(of)] if *of == id(5)));
}

#[test]
fn the_log_shows_what_was_not_encrypted_and_says_what_to_do_about_a_wrong_recipient() {
    let mut desk = lists(Lang::En, Show::Log);
    act(&mut desk, Act::Filter);
    assert_eq!(shown(&desk).log.len(), 1);
    desk.wait(3_000);
    assert_eq!(
        desk.state.voice.newest(),
        "Send log, not encrypted only: 1 row"
    );
    act(&mut desk, Act::WrongPerson);
    let Some(Question::Lists(question)) = desk.state.dialog.as_ref().map(|d| &d.ask) else {
        panic!("no answer")
    };
    assert!(question.title.contains(EVA) && question.text.contains("72 hours"));
    assert!(question.text.contains("It was not encrypted"));
    assert!(question.yes.is_none());
    desk.wait(500);
    desk.run(Command::Escape);
    assert!(matches!(
        &act(&mut desk, Act::Save)[..],
        [Ask::Export(9_990)]
    ));
}

fn mail() -> Readable {
    Readable {
        from: "Anne Østergaard <anne@advokat-eksempel.dk>".to_owned(),
        to: "Retten i Eksempelby <post@ret-eksempel.dk>".to_owned(),
        cc: String::new(),
        date: Some(start()),
        subject: "BS-123/2026-EKS, replik".to_owned(),
        text: "Kære ret\n\nVedhæftet er replikken i sagen.\n".to_owned(),
        files: vec![("replik.pdf".to_owned(), 2_148_000)],
    }
}

#[test]
fn a_sent_mail_is_read_again_saved_and_left() {
    let mut desk = lists(Lang::En, Show::Log);
    let read = act(&mut desk, Act::Open);
    assert!(matches!(&read[..], [Ask::Read(of, _)] if of == "<9999@advokat-eksempel.dk>"));
    desk.hear(Event::Lists(Told::Read(Box::new(Reading {
        message_id: "<9999@advokat-eksempel.dk>".to_owned(),
        at: start(),
        mail: mail(),
    }))));
    assert_eq!(desk.state.focus, Place::Reading);
    let save = act(&mut desk, Act::Save);
    assert!(matches!(&save[..], [Ask::SaveMail(of, _)] if of == "<9999@advokat-eksempel.dk>"));
    desk.run(Command::Escape);
    assert!(shown(&desk).reading.is_none());
    assert!(matches!(desk.state.focus, Place::Lists(Spot::Row(_))));
}

#[test]
fn rows_are_one_stop_of_tab_and_keys_go_through_them() {
    let mut screen = open(lists(Lang::En, Show::Log));
    let row = |screen: &Screen| screen.focused().unwrap();
    assert!(row(&screen).starts_with("Time: "), "{}", row(&screen));
    assert!(row(&screen).ends_with("Row 1 of 5"), "{}", row(&screen));
    screen.press(Key::ArrowDown, NONE);
    assert!(row(&screen).contains(EVA) && row(&screen).ends_with("Row 2 of 5"));
    assert!(row(&screen).contains("How: Not encrypted"));
    screen.press(Key::End, NONE);
    assert!(row(&screen).ends_with("Row 5 of 5"));
    screen.press(Key::Home, NONE);
    screen.press(Key::E, NONE);
    screen.text("e");
    assert!(row(&screen).contains(EVA), "{}", row(&screen));
    screen.press(Key::Tab, NONE);
    assert!(!row(&screen).contains("Row"), "{}", row(&screen));
    screen.press(Key::Tab, Modifiers::SHIFT);
    assert!(row(&screen).contains(EVA));
    // The columns, each by its own button, and back to the row.
    screen.press(Key::Tab, Modifiers::SHIFT);
    screen.press(Key::Enter, NONE);
    assert_eq!(
        row(&screen),
        "Mail server, sorted, smallest or oldest first"
    );
}

#[test]
fn a_held_arrow_goes_on_and_a_held_letter_or_enter_does_not() {
    let mut screen = open(lists(Lang::En, Show::Outbox));
    screen.jobs();
    screen.hold(Key::ArrowDown, NONE, 2);
    assert!(screen.focused().unwrap().ends_with("Row 3 of 3"));
    screen.press(Key::Home, NONE);
    screen.jobs();
    screen.hold(Key::Enter, NONE, 5);
    let asked = screen.jobs().into_iter();
    assert_eq!(asked.filter(|j| matches!(j, Job::Lists(_))).count(), 1);
}

#[test]
fn every_node_of_the_lists_that_takes_the_focus_has_a_name_and_every_stop_is_drawn() {
    for lang in Lang::ALL {
        for show in [Show::Drafts, Show::Outbox, Show::Log] {
            let mut desk = lists(lang, show);
            desk.hear(Event::Failed(Box::new(Trouble {
                steps: vec![Step::CopyForIt],
                ..trouble_of("Det gik galt.")
            })));
            let mut screen = open(desk);
            screen.pass(500);
            screen.check_accessibility();
        }
    }
}

#[test]
fn each_empty_tab_says_why_it_is_empty() {
    for (show, word) in [
        (Show::Drafts, "There are no drafts"),
        (Show::Outbox, "No mail waits"),
        (Show::Log, "Nothing was sent yet"),
    ] {
        let mut desk = Desk::new(Lang::En);
        let opening = Opening {
            show,
            ..Opening::default()
        };
        let now = desk.now;
        keeping::open(&mut desk.state, opening, now);
        for told in [
            Told::Drafts(Vec::new()),
            Told::Outbox(Vec::new()),
            Told::Log(Vec::new()),
        ] {
            desk.hear(Event::Lists(told));
        }
        let screen = open(desk);
        assert!(screen.query_by_label_contains(word).is_some(), "{word}");
        assert!(screen.focused().is_some(), "the focus is on the tabs");
    }
}

#[test]
fn of_ten_thousand_rows_those_on_the_screen_are_drawn_and_the_focused_one_is_always_there() {
    let mut desk = lists(Lang::En, Show::Log);
    let rows = (0..10_000).map(|n| line(n + 10_000, EVA, Route::Person, Outcome::Sent));
    desk.hear(Event::Lists(Told::Log(rows.collect())));
    let mut screen = open(desk);
    let rows = |screen: &Screen| {
        let all = screen.root().children_recursive();
        all.filter(|n| n.accesskit_node().role() == egui::accesskit::Role::Row)
            .count()
    };
    assert!(rows(&screen) < 60, "{}", rows(&screen));
    screen.press(Key::End, NONE);
    assert!(screen.focused().unwrap().ends_with("Row 10000 of 10000"));
    assert!(rows(&screen) < 60);
    screen.press(Key::Home, NONE);
    assert!(screen.focused().unwrap().ends_with("Row 1 of 10000"));
    let pointer = screen.get_by_label_contains("Row 5 of").rect().center();
    screen.hover_at(pointer);
    screen.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, -4_000.0),
        modifiers: NONE,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
    });
    screen.pass(1_000);
    assert!(
        screen.query_by_label_contains("Row 5 of").is_none(),
        "scrolled away"
    );
    assert!(screen.focused().unwrap().ends_with("Row 1 of 10000"));
    screen.press(Key::ArrowDown, NONE);
    assert!(screen.focused().unwrap().ends_with("Row 2 of 10000"));
    assert!(
        screen.query_by_label_contains("Row 5 of").is_some(),
        "brought into view"
    );
}

// The outbox in a mail's window.

fn sending() -> Desk {
    let mut desk = Desk::new(Lang::En);
    desk.address(ANNE);
    desk.find(person(ANNE, "Anne Holm"));
    desk.state.draft.body = Body::Text("Hej".to_owned());
    desk.run(Command::Send);
    desk.run(Command::SendNow);
    desk.take();
    desk
}

fn queued() -> Desk {
    let mut desk = sending();
    let told = Told::Queued(
        desk.state.draft.id.clone(),
        waiting(Why::Busy { reply: 451 }, Some(10)),
    );
    desk.hear(Event::Lists(told));
    desk
}

#[test]
fn a_mail_that_went_into_the_outbox_says_so_and_can_be_tried_or_taken_back() {
    let mut desk = queued();
    let Phase::Waiting(waiting) = &desk.state.phase else {
        panic!("{:?}", desk.state.phase)
    };
    assert_eq!(
        waiting.sentence,
        "The mail server is busy (451). Nothing was sent. The mail is in the outbox; next try 14:12."
    );
    assert!(!desk.state.is_open(), "what waits is not written on");
    // The failure that comes with it does not hide it.
    desk.hear(Event::SendFailed(Box::new(trouble_of("Busy."))));
    assert!(matches!(desk.state.phase, Phase::Waiting(_)) && desk.state.trouble.is_none());
    let own = desk.state.draft.id.clone();
    assert!(matches!(&act(&mut desk, Act::TryNow)[..], [Ask::TryNow(of)] if *of == own));
    assert!(matches!(&act(&mut desk, Act::Undo)[..], [Ask::Back(of)] if *of == own));
    desk.hear(Event::Lists(Told::Back(own)));
    assert!(matches!(desk.state.phase, Phase::Writing) && desk.state.is_open());
    desk.wait(3_000);
    assert!(desk.take().iter().any(|j| matches!(j, Job::SaveDraft(_))));
}

#[test]
fn what_became_of_the_mail_is_told_in_its_window_and_as_a_notice_in_others() {
    let mut desk = queued();
    let news = |id: &DraftId, came_to| {
        Event::Lists(Told::News(News {
            draft: id.clone(),
            sentence: "Sent from the outbox to Anne Holm.".to_owned(),
            came_to,
        }))
    };
    let own = desk.state.draft.id.clone();
    for (came_to, is_green) in [(CameTo::Sent, false), (CameTo::SentEncrypted, true)] {
        desk.hear(news(&own, came_to));
        assert!(
            matches!(&desk.state.phase, Phase::Waiting(w) if w.is_over && w.is_sealed == is_green),
            "green is only what was encrypted to everybody"
        );
    }
    assert!(act(&mut desk, Act::TryNow).is_empty(), "it is over");
    desk.wait(3_000);
    assert_eq!(
        desk.state.voice.newest(),
        "Sent from the outbox to Anne Holm."
    );

    let mut other = Desk::new(Lang::En);
    other.hear(news(&id(7), CameTo::Waits));
    assert!(
        other.state.notices.is_empty(),
        "that it waits on is no news"
    );
    other.hear(news(&id(7), CameTo::Asks));
    assert_eq!(other.state.notices.len(), 1);
}

#[test]
fn a_mail_whose_window_closes_stays_in_the_outbox() {
    let mut desk = queued();
    desk.take();
    desk.step(Message::CloseRequested);
    assert!(matches!(&desk.take()[..], [Job::CloseWindow]));
    let mut desk = queued();
    desk.run(Command::NewMail);
    assert!(desk.state.is_blank() && matches!(desk.state.phase, Phase::Writing));
}

fn silent() -> Desk {
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("{ANNE}, {EVA}"));
    desk.find(person(ANNE, "Anne Holm"));
    desk.find(not_checked(EVA));
    desk.take();
    desk
}

#[test]
fn where_only_a_directory_is_silent_the_mail_can_wait_for_it() {
    for by_dialog in [true, false] {
        let mut desk = silent();
        if by_dialog {
            desk.run(Command::OtherOptions);
            desk.wait(500);
            let Some(Question::Warning { shown, .. }) = desk.state.dialog.as_ref().map(|d| &d.ask)
            else {
                panic!("no warning")
            };
            let commands = shown.commands();
            assert!(commands.contains(&Command::Lists(Act::WhenAnswered)));
            assert!(
                !commands.contains(&Command::OnlyEncrypted),
                "one thing on Ctrl+D"
            );
            // By its keys, which are those of the other choice.
            desk.run(Command::OnlyEncrypted);
        } else {
            desk.run(Command::Lists(Act::WhenAnswered));
        }
        let asked = asks(&mut desk);
        assert!(
            matches!(&asked[..], [Ask::Put(draft, Why::Directory { name, .. })]
                if draft.id == desk.state.draft.id && name == "OCES"),
            "{asked:?}"
        );
        assert!(desk.state.dialog.is_none());
        assert!(!desk.state.is_open(), "what is typed now would not wait");
    }
}

#[test]
fn a_mail_with_another_red_does_not_wait_for_a_directory() {
    let mut desk = silent();
    desk.address(COURT);
    desk.find(not_found(COURT));
    assert!(act(&mut desk, Act::WhenAnswered).is_empty());
    desk.run(Command::Send);
    desk.wait(500);
    let Some(Question::Warning { shown, .. }) = desk.state.dialog.as_ref().map(|d| &d.ask) else {
        panic!("no warning")
    };
    assert!(
        !shown
            .commands()
            .contains(&Command::Lists(Act::WhenAnswered))
    );
    assert!(shown.commands().contains(&Command::OnlyEncrypted));
}

#[test]
fn a_mail_with_a_consent_goes_into_the_outbox_only_by_hand() {
    let mut desk = sending();
    desk.hear(Event::SendFailed(Box::new(Trouble {
        todo: "Segl asks you again.".to_owned(),
        steps: vec![Step::SendAgain, Step::Wait(Some(451))],
        ..trouble_of("The mail server is busy (451).")
    })));
    assert!(
        matches!(desk.state.phase, Phase::Writing),
        "nothing waits by itself"
    );
    let put = act(&mut desk, Act::Wait(Some(451)));
    assert!(matches!(&put[..], [Ask::Put(_, Why::Busy { reply: 451 })]));
}

#[test]
fn a_new_mail_beside_one_that_is_written_gets_a_window_of_its_own() {
    let mut desk = silent();
    desk.run(Command::NewMail);
    assert!(matches!(&desk.take()[..], [Job::Open(Show::Mail)]));
    assert_eq!(desk.state.recipients().len(), 2, "this one stays");
    let mut sent = sending();
    sent.run(Command::NewMail);
    assert!(matches!(&sent.take()[..], [Job::Open(Show::Mail)]));
    let mut lists = lists(Lang::En, Show::Log);
    lists.take();
    lists.run(Command::NewMail);
    assert!(matches!(&lists.take()[..], [Job::Open(Show::Mail)]));
}

#[test]
fn a_window_that_is_opened_for_a_draft_shows_it_or_says_why_not() {
    let opened = || {
        let mut desk = Desk::new(Lang::En);
        let opening = Opening {
            kept: Some(id(1)),
            ..Opening::default()
        };
        let now = desk.now;
        desk.jobs = keeping::open(&mut desk.state, opening, now);
        assert!(matches!(&asks(&mut desk)[..], [Ask::Take(of)] if *of == id(1)));
        desk
    };
    let mut desk = opened();
    let mut draft = Draft::new(id(1), desk.state.draft.from.clone());
    draft.body = Body::Text("Kære ret".to_owned());
    desk.hear(Event::Lists(Told::Taken(Some(Box::new(draft.clone())))));
    assert_eq!(desk.state.draft, draft);
    let mut desk = opened();
    desk.hear(Event::Lists(Told::Taken(None)));
    assert!(desk.state.trouble.is_some());
}

#[test]
fn a_window_says_how_much_is_kept_and_waits_until_that_is_put_away() {
    let count = Count {
        drafts: 3,
        waiting: 1,
        asking: 1,
    };
    let mut desk = Desk::new(Lang::En);
    desk.hear(Event::Lists(Told::Count(count)));
    let screen = open(desk);
    let text = "1 mail in the outbox waits for your answer. 1 mail waits in the outbox. 3 drafts are kept.";
    assert!(screen.query_all_by_label(text).count() > 0);
    let mut desk = Desk::new(Lang::En);
    desk.hear(Event::Lists(Told::Count(count)));
    desk.step(Message::Focus(Place::Button(
        Where::Strip,
        Command::Dismiss,
    )));
    desk.run(Command::Dismiss);
    assert!(desk.state.shelf.is_none());
}

/// The lists for the pictures.
fn picture(lang: Lang, theme: Theme, show: Show) -> Desk {
    let mut desk = lists(lang, show);
    desk.state.setup.theme = theme;
    desk.wait(3_000);
    desk.take();
    desk
}

pub(crate) fn drafts_picture(lang: Lang, theme: Theme) -> Desk {
    picture(lang, theme, Show::Drafts)
}

pub(crate) fn outbox_picture(lang: Lang, theme: Theme) -> Desk {
    picture(lang, theme, Show::Outbox)
}

pub(crate) fn log_picture(lang: Lang, theme: Theme) -> Desk {
    picture(lang, theme, Show::Log)
}

/// A sent mail that is read again.
pub(crate) fn reading_picture(lang: Lang, theme: Theme) -> Desk {
    let mut desk = picture(lang, theme, Show::Log);
    desk.hear(Event::Lists(Told::Read(Box::new(Reading {
        message_id: "<9999@advokat-eksempel.dk>".to_owned(),
        at: start(),
        mail: mail(),
    }))));
    desk
}

/// A mail that waits, in its window.
pub(crate) fn waiting_picture(lang: Lang, theme: Theme) -> Desk {
    let mut setup = setup(lang);
    setup.theme = theme;
    let mut desk = Desk::with(setup);
    desk.address(&format!("Anne Holm <{ANNE}>"));
    desk.find(person(ANNE, "Anne Holm"));
    "BS-123/2026-EKS, replik".clone_into(&mut desk.state.draft.subject);
    desk.state.draft.body = Body::Text("Kære Anne".to_owned());
    desk.run(Command::Send);
    desk.run(Command::SendNow);
    let id = desk.state.draft.id.clone();
    let how = waiting(Why::Unreachable, Some(10));
    desk.hear(Event::Lists(Told::Queued(id, how)));
    desk.wait(3_000);
    desk.take();
    desk
}
