//! The window by its keys and accessible names, pass by pass: each of egui's traps, and the rules of the design.

mod addresses;
mod cut;
mod focus;
mod limits;
mod quick;
pub(crate) mod random;
mod rules;
mod warning;
mod wide;

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use segl::{
    app::{
        command::Command,
        message::{Event as Report, Job, Message},
        place::{Place, Spot},
        state::{Ask, Phase},
        stops,
    },
    decide::ReasonCode,
    mail::{Attachment, Body, Digest, Kind},
    words::Lang,
};

use crate::{people::*, support::*};

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers {
    ctrl: true,
    command: true,
    ..Modifiers::NONE
};
const CTRL_SHIFT: Modifiers = Modifiers {
    shift: true,
    ..CTRL
};

/// One green, one red, and a text.
fn desk(lang: Lang) -> Desk {
    let mut desk = Desk::new(lang);
    desk.address(&format!("Anne Holm <{ANNE}>, Eva Borger <{EVA}>"));
    desk.find(person(ANNE, "Anne Holm"));
    desk.find(not_found(EVA));
    desk.state.draft.body = Body::Text("Kære Eva".to_owned());
    desk.take();
    desk
}

fn screen() -> Screen {
    open(desk(Lang::En))
}

fn go(screen: &mut Screen, place: &Place) {
    let now = start();
    screen.state_mut().step(Message::Focus(place.clone()), now);
    screen.run_ok();
    assert_eq!(screen.state().state.focus, *place);
}

fn sent(screen: &mut Screen) -> bool {
    screen.jobs().iter().any(|j| matches!(j, Job::Send { .. }))
}

fn body(screen: &Screen) -> String {
    match &screen.state().state.draft.body {
        Body::Text(text) => text.clone(),
        Body::HandedOver { preview, .. } => preview.clone(),
    }
}
