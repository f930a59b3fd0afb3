//! Mail that a card or USB key signs: its PIN is asked for before anything else, and nothing is sent by giving it.

use egui_kittest::kittest::Queryable as _;
use segl::{
    app::{
        command::Command,
        message::{Event, Job},
        own_keys::{Act, Question, Task, Told},
        place::{Place, Spot},
        state::{Ask, Phase},
    },
    keys::{PinTries, TokenState},
    segl::{OwnIdentity, TokenPlace},
    words::Lang,
};

use super::sends;
use crate::{options::own::place, people::*, support::*};

fn identity(desk: &Desk, place: TokenPlace) -> OwnIdentity {
    OwnIdentity {
        from: desk.state.draft.from.address.clone(),
        signs: true,
        signs_clear: false,
        further: Vec::new(),
        token: Some(place),
    }
}

/// A mail to somebody who gets it encrypted, signed by a card that stands so.
fn with_card(lang: Lang, place: TokenPlace) -> Desk {
    let mut desk = Desk::new(lang);
    desk.address(ANNE);
    desk.find(person(ANNE, "Anne Holm"));
    let own = identity(&desk, place);
    desk.hear(Event::Own(vec![own]));
    desk.wait(3_000);
    desk.take();
    desk
}

#[test]
fn a_closed_card_is_opened_before_the_mail_goes_and_nothing_is_sent_by_that() {
    let mut desk = with_card(Lang::En, place(PinTries::Fine, false));
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Writing));
    assert_eq!(desk.state.focus, Place::Password);
    desk.wait(500);
    let Some(Ask::OwnKeys(Question::Pin { typed, .. })) =
        desk.state.dialog.as_mut().map(|d| &mut d.ask)
    else {
        panic!("the PIN is asked for")
    };
    typed.0.push_str("482915");
    desk.run(Command::Own(Act::GivePin));
    let jobs = desk.take();
    assert!(
        matches!(jobs[..], [Job::OwnKeys(Task::Open(_, Some(_)))]),
        "{jobs:?}"
    );
    let ready = TokenPlace {
        state: TokenState::Ready,
        ..place(PinTries::Fine, false)
    };
    let own = identity(&desk, ready);
    desk.hear(Event::OwnKeys(Told::Opened(Ok(()), vec![own])));
    assert!(
        matches!(&desk.state.focus, Place::Button(Spot::Foot, c) if c.sends()),
        "{:?}",
        desk.state.focus
    );
    desk.wait(60_000);
    assert_eq!(sends(&desk.take()), 0, "Enter never sends");
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
}

#[test]
fn a_reader_with_keys_of_its_own_asks_for_the_pin_itself() {
    let mut desk = with_card(Lang::En, place(PinTries::Fine, true));
    desk.run(Command::Send);
    desk.wait(500);
    assert_ne!(desk.state.focus, Place::Password, "there is no field");
    desk.run(Command::Own(Act::GivePin));
    let jobs = desk.take();
    assert!(
        matches!(jobs[..], [Job::OwnKeys(Task::Open(_, None))]),
        "{jobs:?}"
    );
}

#[test]
fn the_last_try_is_told_before_the_pin_is_typed() {
    for (tries, told) in [
        (PinTries::Last, "Only one try is left"),
        (PinTries::None, "locked after too many wrong PINs"),
    ] {
        let mut desk = with_card(Lang::En, place(tries, false));
        desk.run(Command::Send);
        let screen = open(desk);
        let found = screen.query_all_by_label_contains(told).count();
        assert!(found > 0, "{told}");
    }
}

#[test]
fn a_card_that_is_taken_out_is_told_while_there_is_time_to_put_it_in() {
    let away = TokenPlace {
        state: TokenState::Absent,
        ..place(PinTries::Fine, false)
    };
    let screen = open(with_card(Lang::En, away));
    let told = screen.query_all_by_label_contains("which is not connected");
    assert!(told.count() > 0);
}

/// The question for the PIN, as a picture.
pub(crate) fn picture(lang: Lang, theme: segl::app::theme::Theme) -> Desk {
    let mut desk = with_card(lang, place(PinTries::Last, false));
    desk.state.setup.theme = theme;
    desk.run(Command::Send);
    desk.wait(500);
    desk
}
