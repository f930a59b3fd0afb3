//! What happens next: a message changes the state and gives jobs to the worker. Pure, and tested without a window.

use jiff::{SignedDuration, Timestamp};

use super::{
    aids, assistant, book, class,
    command::Command,
    foot, hearing, imports, jump, keeping, lists,
    message::{Freshness, Job, Message},
    moving, options, outside, own_keys,
    page::{Page, Show},
    palette,
    place::{Place, Spot},
    quick, receipt, receipts, received,
    report::Trouble,
    retry,
    rows::KINDS,
    sending, signing_in, standing,
    state::{Ask, GUARD, Phase, State},
    stops, writing,
};
use crate::mail::Kind;

/// A pause in typing that commits an address.
pub const PAUSE: SignedDuration = SignedDuration::from_millis(800);
/// From a change to the draft being kept.
pub const AUTOSAVE: SignedDuration = SignedDuration::from_secs(2);

/// One step.
pub fn update(state: &mut State, message: Message, now: Timestamp) -> Vec<Job> {
    let mut jobs = Vec::new();
    jump::look(state, now);
    let left = state.focus.clone();
    quick::look(state, &message);
    if !matches!(message, Message::Event(_) | Message::Tick) {
        state.examined.forget_press();
    }
    match message {
        Message::Command(command) => {
            state.voice.forget_said();
            run(state, command, now, &mut jobs);
        }
        Message::Event(event) => hearing::hear(state, event, now, &mut jobs),
        Message::Edited(Place::Search) => palette::searched(state),
        Message::Edited(Place::Options(_)) => options::searched(state),
        Message::Edited(Place::Assistant(spot)) => assistant::edited(state, spot),
        Message::Edited(place) => writing::edited(state, &place, now),
        Message::Focus(place) => state.go(place),
        Message::Sender(index) => writing::choose_sender(state, index, now),
        Message::Pasted(text) => writing::pasted(state, &text, now, &mut jobs),
        Message::Dropped(paths) if matches!(state.page, Page::Received(_)) => {
            received::dropped(state, paths, &mut jobs);
        }
        Message::Dropped(paths) => {
            if state.is_open()
                && state.is_mail()
                && !state.is_welcome()
                && !imports::dropped(state, &paths, &mut jobs)
            {
                jobs.push(Job::AttachFiles(paths));
            }
        }
        Message::Key => {
            state.voice.key(now);
            stay_open(state);
        }
        Message::Hover => stay_open(state),
        Message::CloseRequested => keeping::close(state, now, &mut jobs),
        Message::Tick => tick(state, now, &mut jobs),
        Message::Outside(note) => outside::tell(state, &note),
    }
    quick::go_on(state, now, &mut jobs);
    if let Place::Field(kind) = left
        && state.focus != Place::Field(kind)
    {
        writing::commit(state, kind);
    }
    settle(state, now, &mut jobs);
    jobs
}

/// Brings everything that follows from the rows in line with them.
pub(super) fn settle(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    if state.is_open() {
        if !state.rows.are_in(&state.draft) {
            let before = state.recipients();
            state.rows.fill(&mut state.draft);
            state.is_asked = false;
            if before != state.recipients() {
                changed(state, now);
            }
        }
        if !std::mem::replace(&mut state.is_asked, true) {
            ask_about_unknown(state, jobs);
        }
        book::weigh(state);
    }
    aids::look(state, now, jobs);
    sending::go_on(state, now, jobs);
    state.settle_focus();
    book::leave(state);
}

/// Another word, file or sender: it is no longer the message that somebody may have already.
pub(super) fn rewritten(state: &mut State, now: Timestamp) {
    state.draft.again = None;
    changed(state, now);
}

/// The mail is another one now: it is kept soon, and nothing that was about to be sent is sent.
pub(super) fn changed(state: &mut State, now: Timestamp) {
    state.kept.changed.get_or_insert(now);
    state.examined.touch(now);
    state.aids.is_stale = true;
    if matches!(state.phase, Phase::Armed | Phase::Holding { .. }) {
        state.phase = Phase::Writing;
        state.call(state.words.say("tell-changed-undone"));
    }
}

fn ask_about_unknown(state: &mut State, jobs: &mut Vec<Job>) {
    if state.setup.readiness != super::setup::Readiness::Ready {
        return;
    }
    for recipient in state.recipients() {
        let address = recipient.mailbox.address;
        if !state.found.contains_key(&address) && state.asking.insert(address.clone()) {
            state.is_awaited = true;
            jobs.push(Job::Assess {
                address,
                freshness: Freshness::Cached,
            });
        }
    }
}

pub(super) fn run(state: &mut State, command: Command, now: Timestamp, jobs: &mut Vec<Job>) {
    if let Some(dialog) = &state.dialog
        && now.duration_since(dialog.opened) < GUARD
    {
        return;
    }
    if state.is_welcome() {
        return welcome(state, &command, now, jobs);
    }
    if !state.is_mail() && !is_for_every_page(&command) {
        return;
    }
    match command {
        Command::Left | Command::Right | Command::First | Command::Last if matches!(&state.dialog, Some(d) if matches!(d.ask, Ask::Commands(_))) =>
        {
            palette::step(state, &command);
        }
        Command::Commands => palette::open(state, now),
        Command::RunChosen => palette::run_chosen(state, now, jobs),
        Command::Send
        | Command::SendNow
        | Command::Undo
        | Command::StopSending
        | Command::OtherOptions
        | Command::Explain
        | Command::OnlyEncrypted
        | Command::SendToAll
        | Command::Choose(_)
        | Command::WasSent
        | Command::WasNotSent
        | Command::CorrectRest
        | Command::Correct
        | Command::SendToOthers => sending::run(state, &command, now, jobs),
        Command::SignIn(how) => signing_in::run(state, how, now, jobs),
        Command::Own(act) => own_keys::run(state, &act, now, jobs),
        Command::NewMail if matches!(state.page, Page::Lists(_)) => {
            lists::command(state, &command, jobs);
        }
        Command::NewMail if matches!(state.page, Page::Received(_)) => {
            received::command(state, &command, jobs);
        }
        Command::NewMail
        | Command::SaveDraft
        | Command::Close
        | Command::CloseReceipt
        | Command::CloseAnyway
        | Command::OpenDraft(_)
        | Command::SaveToCase
        | Command::CopyReceipt => keeping::run(state, command, now, jobs),
        Command::Escape | Command::Back => escape(state, now, jobs),
        Command::Keys if matches!(&state.dialog, Some(d) if matches!(d.ask, Ask::Keys)) => {
            state.close_dialog();
        }
        Command::Keys => state.ask(Ask::Keys, now),
        Command::Dismiss => dismiss(state),
        Command::ZoomIn | Command::ZoomOut | Command::ZoomReset => zoom(state, &command, jobs),
        Command::Next => go_to(state, stops::step(state, true)),
        Command::Previous => go_to(state, stops::step(state, false)),
        Command::NextArea => go_to(state, stops::next_area(state, true)),
        Command::PreviousArea => go_to(state, stops::next_area(state, false)),
        Command::SayState if matches!(state.page, Page::Received(_)) => received::say(state),
        Command::SayState => say_state(state, now),
        Command::EnterOnSend => enter_on_send(state),
        Command::Demo => jobs.push(Job::StartDemo),
        Command::OpenSettings => jobs.push(Job::OpenSettings),
        Command::Book(act) => book::run(state, act, now, jobs),
        Command::ShowLists => jobs.push(Job::Open(Show::Drafts)),
        Command::ShowSettings => jobs.push(Job::Open(Show::Settings)),
        Command::ShowReceived => jobs.push(Job::Open(Show::Received)),
        Command::Received(act) => received::run(state, &act, now, jobs),
        Command::Lists(act) => lists::run(state, act, now, jobs),
        Command::Options(act) => options::run(state, act, now, jobs),
        Command::Assistant(act) => assistant::run(state, act, now, jobs),
        Command::Class(act) => class::run(state, act, now),
        Command::Aid(act) => aids::run(state, act, now, jobs),
        Command::Import(act) => imports::run(state, act, jobs),
        Command::Receipts(act) => receipts::run(state, act, now, jobs),
        command if state.is_mail() => writing::run(state, command, now, jobs),
        command if matches!(state.page, Page::Lists(_)) && state.dialog.is_none() => {
            lists::command(state, &command, jobs);
        }
        command if matches!(state.page, Page::Options(_)) && state.dialog.is_none() => {
            options::step(state, &command, jobs);
        }
        command if matches!(state.page, Page::Received(_)) && state.dialog.is_none() => {
            received::command(state, &command, jobs);
        }
        command => moving::read(state, &command),
    }
}

/// Commands that mean the same on every page. The others speak of the mail that is written.
fn is_for_every_page(command: &Command) -> bool {
    matches!(
        command,
        Command::Lists(_)
            | Command::Received(_)
            | Command::ShowReceived
            | Command::SayState
            | Command::Options(_)
            | Command::Own(_)
            | Command::Assistant(_)
            | Command::ShowLists
            | Command::ShowSettings
            | Command::Commands
            | Command::RunChosen
            | Command::Close
            | Command::Escape
            | Command::Back
            | Command::Keys
            | Command::Dismiss
            | Command::ZoomIn
            | Command::ZoomOut
            | Command::ZoomReset
            | Command::Next
            | Command::Previous
            | Command::NextArea
            | Command::PreviousArea
            | Command::Left
            | Command::Right
            | Command::First
            | Command::Last
            | Command::CopyForIt
            | Command::NewMail
            | Command::OpenSettings
            | Command::Demo
    )
}

fn welcome(state: &mut State, command: &Command, now: Timestamp, jobs: &mut Vec<Job>) {
    match command {
        Command::Assistant(act) => assistant::run(state, act.clone(), now, jobs),
        Command::Demo if state.setup.has_demo => jobs.push(Job::StartDemo),
        Command::OpenSettings => jobs.push(Job::OpenSettings),
        Command::Next => go_to(state, stops::step(state, true)),
        Command::Previous => go_to(state, stops::step(state, false)),
        Command::Close => jobs.push(Job::CloseWindow),
        Command::Keys if state.dialog.is_none() => state.ask(Ask::Keys, now),
        Command::Keys | Command::Escape | Command::Back => state.close_dialog(),
        Command::Left | Command::Right | Command::First | Command::Last => {
            moving::read(state, command);
        }
        Command::ZoomIn | Command::ZoomOut | Command::ZoomReset => zoom(state, command, jobs),
        _ => {}
    }
}

fn go_to(state: &mut State, place: Option<Place>) {
    if let Some(place) = place {
        state.go(place);
    }
}

/// Leaves what is open: the dialog, the details, the undo time, the way out. Else nothing: text and window stay.
fn escape(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    if state.dialog.is_some() {
        state.is_closing = false;
        return state.close_dialog();
    }
    if book::close(state) || lists::escape(state) || assistant::escape(state) {
        return;
    }
    match &state.phase {
        Phase::Armed | Phase::Holding { .. } => {
            return sending::run(state, &Command::Undo, now, jobs);
        }
        Phase::Sending { .. } => return sending::run(state, &Command::StopSending, now, jobs),
        Phase::Done { .. } | Phase::Waiting(_) => return keeping::close(state, now, jobs),
        Phase::Writing | Phase::Unconfirmed(_) => {}
    }
    if state.aids.spelling.panel.is_some() {
        return aids::spelling::close(state);
    }
    if let Some((kind, key)) = state.details.take() {
        if matches!(state.focus, Place::Button(Spot::Details, _)) {
            state.focus = Place::Chip(kind, key);
        }
    } else if state.trouble.is_some() {
        state.trouble = None;
    } else {
        state.notices.clear();
    }
}

fn dismiss(state: &mut State) {
    let is_strip = matches!(state.focus, Place::Button(Spot::Strip, _));
    // A page has one button for both.
    if is_strip || !state.is_mail() {
        state.notices.clear();
        state.shelf = lists::waiting::Count::default();
    }
    if !is_strip {
        state.trouble = None;
    }
}

const ZOOMS: [u16; 9] = [100, 110, 125, 150, 175, 200, 250, 300, 400];

pub(super) fn zoom(state: &mut State, command: &Command, jobs: &mut Vec<Job>) {
    let now = state.setup.zoom;
    let next = match command {
        Command::ZoomIn => ZOOMS.into_iter().find(|z| *z > now),
        Command::ZoomOut => ZOOMS.into_iter().rev().find(|z| *z < now),
        _ => Some(100),
    };
    if let Some(zoom) = next.filter(|z| *z != now) {
        state.setup.zoom = zoom;
        jobs.push(Job::RememberZoom(zoom));
        state.say(state.words.with("tell-zoom", &[("percent", zoom.into())]));
    }
}

fn say_state(state: &mut State, now: Timestamp) {
    let is_again = state
        .said_state_at
        .is_some_and(|t| now.duration_since(t) < SignedDuration::from_secs(2));
    state.said_state_at = Some(now);
    let words = &state.words;
    let text = match &state.phase {
        Phase::Holding { until, .. } => foot::holding(words, *until, now),
        Phase::Sending { progress, .. } => foot::sending(words, *progress),
        Phase::Waiting(queued) => queued.sentence.clone(),
        Phase::Done { .. } | Phase::Unconfirmed(_) => receipt::headline(state).unwrap_or_default(),
        Phase::Writing | Phase::Armed if is_again => moving::all_red(state, now),
        Phase::Writing | Phase::Armed => {
            let standing = standing::standing(state);
            let note = standing
                .note(words, state.own_identity())
                .unwrap_or_default();
            let said = format!("{}. {note}", standing.sentence(words));
            let said = said.trim_end();
            match class::raised(state) {
                Some(raised) => format!("{}. {raised}", said.trim_end_matches('.')),
                None => said.to_owned(),
            }
        }
    };
    state.call(text);
}

fn enter_on_send(state: &mut State) {
    let chord = match &state.focus {
        Place::Button(_, command) => command.chord(),
        _ => None,
    };
    let text = match chord {
        Some(chord) => {
            let chord = chord.text(&state.words);
            state
                .words
                .with("tell-use-space-or", &[("keys", chord.into())])
        }
        None => state.words.say("tell-use-space"),
    };
    state.call(text);
}

/// A receipt that closes by itself stays once somebody is there.
fn stay_open(state: &mut State) {
    if let Phase::Done { receipt, closes } = &mut state.phase
        && closes.is_some()
        && receipt.overall() == super::report::Overall::Encrypted
    {
        *closes = Some(Timestamp::MAX);
    }
}

/// Shows and says what did not work.
pub(super) fn report(state: &mut State, trouble: Trouble) {
    state.call(trouble.text());
    state.trouble = Some(trouble);
}

fn tick(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    for kind in KINDS {
        writing::pause(state, kind, now);
    }
    sending::tick(state, now, jobs);
    keeping::tick(state, now, jobs);
    class::tick(state, now, jobs);
    retry::tick(state, now, jobs);
    state.voice.tick(now);
}

/// When something happens by itself next.
pub fn deadline(state: &State, now: Timestamp) -> Option<Timestamp> {
    let after = |t: Timestamp, d: SignedDuration| t.checked_add(d).ok();
    let pauses = [Kind::To, Kind::Cc, Kind::Bcc]
        .into_iter()
        .filter_map(|kind| after(state.rows.row(kind).typed_at?, PAUSE));
    let autosave = state
        .kept
        .changed
        .filter(|_| state.is_open())
        .and_then(|t| after(t, AUTOSAVE));
    let countdown = |until: Timestamp| {
        // The shown number of seconds changes when a whole second is left.
        let left = until.duration_since(now);
        let part = SignedDuration::from_nanos(i64::from(left.subsec_nanos().max(1)));
        after(now, part)
    };
    let phase = match &state.phase {
        Phase::Holding { until, .. } => countdown(*until),
        Phase::Done {
            closes: Some(at), ..
        } if *at < Timestamp::MAX => countdown(*at),
        _ => None,
    };
    let guard = state
        .dialog
        .as_ref()
        .and_then(|d| after(d.opened, GUARD))
        .filter(|t| *t > now);
    pauses
        .chain(autosave)
        .chain(phase)
        .chain(guard)
        .chain(state.voice.due())
        .chain(state.aids.spelling.due())
        .chain(retry::due(state))
        .chain(class::due(state))
        .min()
}
