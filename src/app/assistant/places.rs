//! What can be reached by Tab on each step, in the order of the screen, and what the screen is for.

use super::{Act, Assistant, Preset, Spot, Step, Waiting, field};
use crate::{
    app::{
        command::Command,
        place::{self, Place},
    },
    segl::{Proposal, SignInWay},
};

/// The places, in the order of the screen.
pub(in crate::app) fn stops(shown: &Assistant) -> Vec<Place> {
    let fields = fields(shown).into_iter().map(field);
    let buttons = buttons(shown).into_iter().map(button);
    match shown.step {
        // What was found, or can be chosen, stands above what can be typed instead.
        Step::Server | Step::Recipients => {
            let (after, before): (Vec<_>, Vec<_>) = buttons.partition(is_after_fields);
            before.into_iter().chain(fields).chain(after).collect()
        }
        _ => fields.chain(buttons).collect(),
    }
}

fn is_after_fields(place: &Place) -> bool {
    !matches!(
        place,
        Place::Button(_, Command::Assistant(Act::Use(_) | Act::Preset(_)))
    )
}

/// The fields of a step.
pub(super) fn fields(shown: &Assistant) -> Vec<Spot> {
    if shown.waiting != Waiting::Nothing && shown.step != Step::Address {
        return Vec::new();
    }
    match shown.step {
        Step::Address => vec![Spot::Name, Spot::Address],
        Step::Server => vec![Spot::Host, Spot::Port],
        Step::SignIn => {
            let has_password = shown.ways().contains(&SignInWay::Password);
            std::iter::once(Spot::Username)
                .chain(has_password.then_some(Spot::Password))
                .collect()
        }
        Step::Recipients if shown.preset == Preset::Files => Vec::new(),
        Step::Recipients => vec![Spot::Url, Spot::Base, Spot::Root],
        Step::Copies => vec![Spot::Copy],
        Step::Test => Vec::new(),
    }
}

/// The buttons of a step: the one that the screen is for first, the way back last.
pub(super) fn buttons(shown: &Assistant) -> Vec<Act> {
    match &shown.waiting {
        Waiting::Nothing => {}
        Waiting::Answer | Waiting::Code(_) => return vec![Act::StopWaiting],
        Waiting::Browser(_) => return vec![Act::CopyLink, Act::StopWaiting],
    }
    let mut acts = match shown.step {
        Step::Address if shown.is_only_address => return vec![Act::Finish],
        Step::Address => vec![Act::Find],
        Step::Server => {
            let count = shown.found.as_ref().map_or(0, |f| f.servers.len());
            let found = (0..count).map(Act::Use);
            found.chain([Act::StartTls, Act::UseTyped]).collect()
        }
        Step::SignIn => sign_in(shown),
        Step::Recipients => {
            let presets = [Preset::Oces, Preset::Other, Preset::Files].map(Act::Preset);
            presets.into_iter().chain([Act::TakePreset]).collect()
        }
        Step::Copies => vec![Act::NoCopy, Act::CopyTo],
        Step::Test => vec![Act::Finish, Act::Test],
    };
    acts.push(Act::Back);
    acts
}

fn sign_in(shown: &Assistant) -> Vec<Act> {
    let mut acts = Vec::new();
    for way in shown.ways() {
        match way {
            SignInWay::OAuth(oauth) => {
                acts.push(Act::Browser);
                if oauth.device_endpoint.is_some() {
                    acts.push(Act::Device);
                }
            }
            SignInWay::Password => acts.push(Act::Password),
            SignInWay::None => acts.push(Act::NoSignIn),
        }
    }
    acts
}

/// A button of this page as a place.
pub(super) fn button(act: Act) -> Place {
    Place::Button(place::Spot::Page, Command::Assistant(act))
}

fn best(shown: &Assistant) -> Option<&Proposal> {
    shown.found.as_ref()?.servers.first()
}

/// Where the focus is when a step begins: where the next key press is most likely wanted.
pub(super) fn first(shown: &Assistant) -> Place {
    match shown.step {
        Step::Address => field(Spot::Address),
        // What must be confirmed is not one careless Enter away.
        Step::Server if best(shown).is_some_and(|p| !p.server.must_be_confirmed) => {
            button(Act::Use(0))
        }
        Step::Server => field(Spot::Host),
        Step::SignIn => match shown.ways().first() {
            Some(SignInWay::Password) => field(Spot::Password),
            _ => button(buttons(shown).remove(0)),
        },
        Step::Recipients => button(Act::Preset(shown.preset)),
        _ => button(buttons(shown).remove(0)),
    }
}
