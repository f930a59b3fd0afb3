//! The order in which Tab goes from place to place, and the areas of F6. Pure: computed from the state.

use super::{
    aids, assistant, class,
    command::Command,
    imports, lists, options,
    page::Page,
    place::{Area, Place, Spot},
    received,
    signing_in::SignIn,
    state::{Ask, Phase, State},
};
use crate::{
    app::{report::Overall, rows::Chip, standing, warning::Verb},
    cert::EncryptionCertificate,
    mail::{Body, Kind},
};

/// Every place that can have the focus now, in the order of the screen. Chips and files are all in here; Tab stops at
/// one of each row.
pub fn all(state: &State) -> Vec<Place> {
    if let Some(dialog) = &state.dialog {
        return in_dialog(&dialog.ask);
    }
    if state.is_welcome() {
        return welcome(state);
    }
    match &state.page {
        Page::Mail => {}
        Page::Lists(shown) => return lists::stops(state, shown),
        Page::Options(shown) => return options::stops(state, shown),
        Page::Assistant(shown) => return assistant::stops(shown),
        Page::Received(shown) => return received::stops(state, shown),
    }
    if state.is_receipt_full() {
        return receipt(state);
    }
    let mut places = strips(state);
    places.extend(head(state));
    places.extend(above_text(state));
    if matches!(state.draft.body, Body::HandedOver { .. }) {
        places.push(Place::Own);
    }
    places.push(Place::Body);
    places.extend(
        state
            .draft
            .attachments
            .iter()
            .map(|a| Place::File(a.path.clone())),
    );
    if state.is_open() {
        places.push(Place::Button(Spot::Files, Command::Attach));
    }
    places.extend(foot(state));
    places
}

/// Whether the place can have the focus now: `all` without the list, where the composer answers that at once. Asked
/// after each step.
pub fn is_there(state: &State, place: &Place) -> bool {
    let is_composer = state.dialog.is_none()
        && !state.is_welcome()
        && state.is_mail()
        && !state.is_receipt_full();
    match place {
        Place::Subject | Place::Body if is_composer => true,
        Place::Field(kind) if is_composer => state.rows.row(*kind).is_shown,
        Place::Chip(kind, key) if is_composer => {
            let row = state.rows.row(*kind);
            row.is_shown && row.position(key).is_some()
        }
        _ => all(state).contains(place),
    }
}

fn button(spot: Spot) -> impl Fn(Command) -> Place {
    move |command| Place::Button(spot, command)
}

/// The strips at the top of a window.
pub(super) fn strips(state: &State) -> Vec<Place> {
    let mut commands = Vec::new();
    if matches!(
        state.setup.readiness,
        super::setup::Readiness::Broken { .. }
    ) {
        commands.extend([Command::CopyForIt, Command::OpenSettings]);
        if state.setup.has_demo {
            commands.push(Command::Demo);
        }
    }
    commands.extend(
        state
            .others
            .iter()
            .map(|d| Command::OpenDraft(d.id.clone())),
    );
    if state.shows_shelf() {
        commands.push(Command::ShowLists);
    }
    if !state.notices.is_empty() || state.shows_shelf() {
        commands.push(Command::Dismiss);
    }
    let clock = state.shows_clock().then_some(Command::Recheck);
    let mut places: Vec<Place> = clock.into_iter().map(button(Spot::Strip)).collect();
    places.extend(options::certified_stops(state));
    places.extend(commands.into_iter().map(button(Spot::Strip)));
    places
}

fn head(state: &State) -> Vec<Place> {
    let mut places = Vec::new();
    if !state.setup.senders.is_empty() {
        places.push(Place::From);
    }
    for (kind, row) in state.rows.shown() {
        places.extend(row.chips.iter().map(|c| Place::Chip(kind, c.key())));
        if let Some((of, key)) = &state.details
            && *of == kind
            && let Some(chip) = state.chip(kind, key)
        {
            places.extend(details(state, chip).into_iter().map(button(Spot::Details)));
        }
        places.push(Place::Field(kind));
    }
    places.push(Place::Subject);
    if class::is_raised(state) {
        let command = Command::Class(class::Act::NotThere);
        places.push(Place::Button(Spot::Class, command));
    }
    places
}

/// The aids for writing: what they say stands above the text.
fn above_text(state: &State) -> Vec<Place> {
    let guard = aids::guard_commands(state);
    let mut places: Vec<Place> = guard.into_iter().map(button(Spot::Aids)).collect();
    let spelling = &state.aids.spelling;
    if spelling.panel.is_some() {
        places.push(Place::Aid(aids::Spot::Suggestions));
        let commands = aids::panel_commands(spelling);
        places.extend(commands.into_iter().map(button(Spot::Aids)));
    }
    places
}

/// The commands in the details of a recipient.
pub fn details(state: &State, chip: &Chip) -> Vec<Command> {
    let mut commands = Vec::new();
    if chip.mailbox().is_some() {
        let known = state.known(chip);
        if known.is_some_and(|k| standing::changed_organisation(k).is_some()) {
            commands.push(Command::AskOrganisation);
        }
        commands.push(Command::Recheck);
        let is_pinned = |c: &EncryptionCertificate| c.binding().pinned_at().is_some();
        if known.is_some_and(|k| k.used().any(is_pinned)) {
            commands.push(Command::Import(imports::Act::Unpin));
        }
        if known.is_some_and(|k| k.used().next().is_none()) {
            commands.extend([Command::AskForCertificate, Command::ImportCertificate]);
        }
    }
    commands.extend([Command::Edit, Command::Remove, Command::CopyForIt]);
    commands
}

/// The commands of area 4.
pub fn foot_commands(state: &State) -> Vec<Command> {
    match &state.phase {
        Phase::Writing => {
            let standing = standing::standing(state);
            std::iter::once(standing.command())
                .chain(standing.second())
                .collect()
        }
        Phase::Armed => vec![Command::Undo],
        Phase::Holding { .. } => vec![Command::Undo, Command::SendNow],
        Phase::Sending { progress, .. } if progress.is_none_or(|p| p.can_stop) => {
            vec![Command::StopSending]
        }
        Phase::Sending { .. } | Phase::Unconfirmed(_) => Vec::new(),
        Phase::Done { .. } => vec![Command::CloseReceipt, Command::SaveToCase, Command::NewMail],
        Phase::Waiting(queued) => lists::waiting::commands(queued),
    }
}

fn foot(state: &State) -> Vec<Place> {
    let trouble = state
        .trouble
        .iter()
        .flat_map(|t| t.steps.iter().map(|s| s.command()));
    let trouble = trouble.chain(state.trouble.is_some().then_some(Command::Dismiss));
    let mut places: Vec<Place> = trouble.map(button(Spot::Trouble)).collect();
    places.extend(foot_commands(state).into_iter().map(button(Spot::Foot)));
    if !matches!(state.phase, Phase::Waiting(_)) {
        places.push(Place::Button(Spot::Foot, Command::Keys));
    }
    places
}

/// The commands of a receipt that fills the window.
pub fn receipt_commands(state: &State) -> Vec<Command> {
    match &state.phase {
        Phase::Done { receipt, .. } => {
            let mut commands = match receipt.overall() {
                Overall::Unconfirmed => vec![Command::WasSent, Command::WasNotSent],
                _ => vec![Command::CloseReceipt],
            };
            if receipt.overall() == Overall::PartlySent || receipt.overall() == Overall::NotSent {
                commands.push(Command::CorrectRest);
            }
            commands.extend([Command::SaveToCase, Command::CopyReceipt]);
            if receipt.overall() != Overall::Unconfirmed {
                commands.push(Command::NewMail);
            }
            commands
        }
        Phase::Unconfirmed(_) => vec![Command::WasSent, Command::WasNotSent, Command::CopyForIt],
        _ => Vec::new(),
    }
}

fn receipt(state: &State) -> Vec<Place> {
    std::iter::once(Place::Reading)
        .chain(
            receipt_commands(state)
                .into_iter()
                .map(button(Spot::Receipt)),
        )
        .collect()
}

/// The choices of a computer without settings.
pub fn welcome_commands(state: &State) -> Vec<Command> {
    let demo = state.setup.has_demo.then_some(Command::Demo);
    std::iter::once(Command::Assistant(assistant::Act::Begin))
        .chain(demo)
        .chain([Command::OpenSettings])
        .collect()
}

fn welcome(state: &State) -> Vec<Place> {
    welcome_commands(state)
        .into_iter()
        .map(button(Spot::Welcome))
        .collect()
}

fn in_dialog(ask: &Ask) -> Vec<Place> {
    let commands = match ask {
        Ask::Warning { shown, text, .. } => {
            let mut places = vec![Place::Reading];
            if shown.verb == Verb::Ask && shown.may_go_to_all {
                places.extend([Place::Reasons, Place::ReasonText]);
                let also_later = text.also_later.as_ref().map(|_| Command::AlsoLater);
                places.extend(also_later.map(button(Spot::Dialog)));
            }
            places.extend(shown.commands().into_iter().map(button(Spot::Dialog)));
            return places;
        }
        Ask::Organisation { .. } => vec![Command::Back, Command::ConfirmOrganisation],
        Ask::LoseDraft => vec![Command::Back, Command::CloseAnyway],
        Ask::Password(_) => {
            let commands = [Command::Back, Command::SignIn(SignIn::Typed)];
            let buttons = commands.into_iter().map(button(Spot::Dialog));
            return std::iter::once(Place::Password).chain(buttons).collect();
        }
        Ask::Received(_) => {
            let commands = [Command::Back, Command::Received(received::Act::Unlock)];
            let buttons = commands.into_iter().map(button(Spot::Dialog));
            return std::iter::once(Place::Password).chain(buttons).collect();
        }
        Ask::OwnKeys(question) => {
            let commands = [Command::Back, question.yes()];
            let buttons = commands.into_iter().map(button(Spot::Dialog));
            return question.fields().into_iter().chain(buttons).collect();
        }
        Ask::Lists(question) => {
            let yes = question.yes.clone().map(Command::Lists);
            let mut places = vec![Place::Reading];
            let commands = std::iter::once(Command::Back).chain(yes);
            places.extend(commands.map(button(Spot::Dialog)));
            return places;
        }
        Ask::Commands(palette) => return palette.stops(),
        Ask::Receipts(question) => {
            let buttons = question.commands().into_iter().map(button(Spot::Dialog));
            return std::iter::once(Place::Reading).chain(buttons).collect();
        }
        Ask::Import(question) => {
            let buttons = question.commands().into_iter().map(button(Spot::Dialog));
            return std::iter::once(Place::Reading).chain(buttons).collect();
        }
        Ask::Recipients(asked) => {
            let buttons = asked.commands().into_iter().map(button(Spot::Dialog));
            return std::iter::once(Place::Reading).chain(buttons).collect();
        }
        Ask::Templates(_) => {
            let commands = aids::templates::commands().into_iter();
            return std::iter::once(Place::Aid(aids::Spot::Search))
                .chain(commands.map(button(Spot::Dialog)))
                .collect();
        }
        Ask::Keys => {
            return vec![Place::Reading, Place::Button(Spot::Dialog, Command::Back)];
        }
    };
    commands.into_iter().map(button(Spot::Dialog)).collect()
}

/// Where Tab stops: one chip of each row, one of the files.
pub fn tab_stops(state: &State) -> Vec<Place> {
    let mut seen_file = false;
    let current_file = matches!(state.focus, Place::File(_));
    all(state)
        .into_iter()
        .filter(|place| match place {
            Place::Chip(kind, key) => match &state.focus {
                Place::Chip(of, current) if of == kind => current == key,
                _ => state.rows.row(*kind).entry().as_deref() == Some(key),
            },
            Place::Lists(_) => match &state.page {
                Page::Lists(shown) => lists::is_stop(shown, place),
                _ => true,
            },
            Place::Options(spot) => options::is_tab_stop(state, spot),
            Place::Button(Spot::Listed, command) => match state.dialog.as_ref().map(|d| &d.ask) {
                Some(Ask::Commands(palette)) => palette.is_tab_stop(command, &state.focus),
                _ => true,
            },
            Place::File(_) if current_file => *place == state.focus,
            Place::File(_) => !std::mem::replace(&mut seen_file, true),
            _ => true,
        })
        .collect()
}

/// The place that many stops further, around the end.
pub fn step(state: &State, forward: bool) -> Option<Place> {
    let stops = tab_stops(state);
    let here = stops.iter().position(|p| *p == state.focus);
    let next = match (here, forward) {
        (Some(i), true) => (i + 1) % stops.len(),
        (Some(i), false) => (i + stops.len() - 1) % stops.len(),
        (None, _) => 0,
    };
    stops.get(next).cloned()
}

/// The first stop of the next area, around the end.
pub fn next_area(state: &State, forward: bool) -> Option<Place> {
    const AREAS: [Area; 4] = [Area::Head, Area::Text, Area::Files, Area::Foot];
    if state.dialog.is_some() || !state.is_mail() || state.is_receipt_full() || state.is_welcome() {
        return step(state, forward);
    }
    let here = AREAS.iter().position(|a| *a == state.focus.area())?;
    let stops = tab_stops(state);
    let shift = |i: usize| if forward { (i + 1) % 4 } else { (i + 3) % 4 };
    let mut area = shift(here);
    while area != here {
        if let Some(place) = stops
            .iter()
            .find(|p| p.area() == AREAS[area] && is_area_start(p))
        {
            return Some(place.clone());
        }
        area = shift(area);
    }
    None
}

/// Area 1 is entered at the recipients.
fn is_area_start(place: &Place) -> bool {
    place.area() != Area::Head || matches!(place, Place::Field(Kind::To))
}

/// Where the focus goes if its place is gone.
pub fn fallback(state: &State) -> Option<Place> {
    let places = all(state);
    if let (Page::Lists(shown), None) = (&state.page, &state.dialog) {
        return Some(shown.home());
    }
    let wished = match &state.focus {
        Place::Chip(kind, _) | Place::Field(kind) => Place::Field(*kind),
        Place::Button(Spot::Details, _) => match &state.details {
            Some((kind, key)) => Place::Chip(*kind, key.clone()),
            None => Place::Field(Kind::To),
        },
        Place::Aid(_) | Place::Button(Spot::Aids, _) => Place::Body,
        Place::Button(Spot::Class, _) => Place::Subject,
        Place::File(_) => Place::Button(Spot::Files, Command::Attach),
        Place::Options(_) => Place::Options(options::Spot::Sections),
        Place::Button(Spot::Foot | Spot::Trouble, _) => {
            let first = foot_commands(state).into_iter().next();
            first.map_or(Place::Body, button(Spot::Foot))
        }
        _ => Place::Field(Kind::To),
    };
    let safe = places
        .iter()
        .find(|p| matches!(p, Place::Button(_, Command::Back | Command::CloseReceipt)));
    if places.contains(&wished) {
        return Some(wished);
    }
    safe.or_else(|| places.iter().find(|p| **p == Place::Body))
        .or(places.first())
        .cloned()
}
