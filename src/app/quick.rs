//! Sending by another program's key: `segl-desktop --quick --draft …` opens as if Ctrl+Enter had been pressed.
//!
//! It begins once the mail and the address book have been read, because before that nobody knows whether there is
//! something to ask. From there everything is as with the key in this window: undo time, alerts, reminders, red
//! recipients. Whatever is odd before that (an unknown sender, characters taken out, a report of trouble, a key) leaves
//! an ordinary window. Never begun by a link: only the argument switches it on, and it takes no link beside it.

use jiff::Timestamp;

use super::{
    book,
    message::{Event, Job, Message},
    sending,
    state::State,
};

/// Whether another program asked for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Quick {
    /// No, or it is done, or something came between.
    #[default]
    Off,
    /// It begins when both have been read.
    Asked {
        /// The mail.
        has_mail: bool,
        /// The address book.
        has_book: bool,
    },
}

/// The window opens with it.
pub(super) fn ask(state: &mut State) {
    state.quick = Quick::Asked {
        has_mail: false,
        has_book: false,
    };
}

/// Something came between: whoever sits here sees the mail, and decides.
pub(super) fn off(state: &mut State) {
    state.quick = Quick::Off;
}

/// Before a message is worked on. A key, a click, a change: somebody is there.
pub(super) fn look(state: &mut State, message: &Message) {
    let Quick::Asked { has_mail, has_book } = &mut state.quick else {
        return;
    };
    match message {
        Message::Event(Event::HandedOver(_)) => *has_mail = true,
        Message::Event(Event::Book(book::Told::Loaded(_))) => *has_book = true,
        Message::Event(
            Event::Failed(_) | Event::DraftNotSaved(_) | Event::PolicyChanged { .. },
        )
        | Message::Command(_)
        | Message::Edited(_)
        | Message::Sender(_)
        | Message::Pasted(_)
        | Message::Dropped(_)
        | Message::CloseRequested => off(state),
        Message::Event(_)
        | Message::Focus(_)
        | Message::Key
        | Message::Hover
        | Message::Tick
        | Message::Outside(_) => {}
    }
}

/// After a message was worked on: begins, if everything is there.
pub(super) fn go_on(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    let ready = Quick::Asked {
        has_mail: true,
        has_book: true,
    };
    if state.quick == ready {
        off(state);
        sending::send(state, now, jobs);
    }
}
