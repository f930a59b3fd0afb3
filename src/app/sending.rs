//! From Ctrl+Enter to the receipt: what stands in the way, the warning, the undo time, the way out. Pure.

use jiff::{SignedDuration, Timestamp};

use super::{
    aids, book, class,
    command::Command,
    keeping,
    lists::{self, Act},
    message::{Job, Resolution},
    own_keys,
    place::{Place, Spot},
    reminder,
    report::{Culprit, Outcome, Overall, Receipt, Trouble},
    rows::tells_cpr,
    setup::Readiness,
    standing::{Standing, standing},
    state::{Ask, Phase, State},
    update::report,
    warning::{Verb, warning},
    writing,
};
use crate::decide::{Approved, Consent, Decision, Reason, ReasonCode, ReasonError, Surface};

/// How long a receipt stays if everybody got the mail encrypted.
const RECEIPT: SignedDuration = SignedDuration::from_secs(6);

pub(super) fn run(state: &mut State, command: &Command, now: Timestamp, jobs: &mut Vec<Job>) {
    match command {
        Command::Send => send(state, now, jobs),
        Command::SendNow => send_now(state, now, jobs),
        Command::Undo => undo(state),
        Command::StopSending => stop(state, jobs),
        Command::OtherOptions | Command::Explain => explain(state, now, jobs),
        Command::OnlyEncrypted => only_encrypted(state, now, jobs),
        Command::SendToAll => send_to_all(state, now, jobs),
        Command::Choose(code) => choose(state, *code),
        Command::AlsoLater => also_later(state),
        Command::WasSent => resolve(state, Resolution::Sent, jobs),
        Command::WasNotSent => resolve(state, Resolution::NotSent, jobs),
        Command::CorrectRest => keeping::correct_rest(state),
        Command::Correct => correct(state),
        Command::SendToOthers => send_to_others(state, now, jobs),
        _ => {}
    }
}

/// Ctrl+Enter, or the button.
pub(super) fn send(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    match state.phase {
        Phase::Holding { .. } => return send_now(state, now, jobs),
        Phase::Writing | Phase::Armed => {}
        _ => return,
    }
    state.examined.let_go();
    writing::commit_all(state);
    super::update::settle(state, now, jobs);
    let standing = standing(state);
    let cannot_go = matches!(
        standing,
        Standing::Empty | Standing::Invalid { .. } | Standing::NotReady
    );
    let is_stopped = !cannot_go
        && (reminder::remind(state)
            || aids::templates::remind(state)
            || aids::subject::remind(state));
    if is_stopped {
        return;
    }
    // Whoever is not checked is asked about again first, and nothing is sent by that.
    let is_sending = !cannot_go && !matches!(standing, Standing::NotChecked { .. });
    if is_sending && book::stop(state, now) {
        return;
    }
    // Nobody knows yet whether there is something to ask about the recipients: the mail goes when the book was read.
    if is_sending && state.addresses.is_awaited {
        state.phase = Phase::Armed;
        state.call(state.words.say("standing-armed"));
        return;
    }
    match standing {
        Standing::Empty => {
            state.go(Place::Field(crate::mail::Kind::To));
            state.call(standing.sentence(&state.words));
        }
        Standing::Checking { .. } | Standing::Armed => {
            state.phase = Phase::Armed;
            state.call(state.words.say("standing-armed"));
        }
        Standing::Assessed { .. } | Standing::Exposed { .. } | Standing::Refused { .. }
            if class::wait(state, now, jobs) =>
        {
            state.phase = Phase::Armed;
            state.call(state.words.say("standing-examining"));
        }
        Standing::Encrypted { .. } | Standing::InHouse { .. }
            if own_keys::stop(state, &standing, now) => {}
        Standing::Encrypted { .. } | Standing::InHouse { .. } | Standing::Assessed { .. } => {
            approve(state, now, jobs);
        }
        Standing::NotChecked { .. } => {
            state.call(standing.sentence(&state.words));
            writing::look_up_red(state, jobs);
        }
        _ => explain(state, now, jobs),
    }
}

/// Shows what stands in the way: the warning, or the thing to repair.
fn explain(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    match standing(state) {
        Standing::Invalid { kind, key } => {
            let sentence = if tells_cpr(&key) {
                state.words.say("tell-cpr")
            } else {
                let args = [("text", key.as_str().into())];
                state.words.with("tell-invalid", &args)
            };
            state.go(Place::Chip(kind, key));
            state.call(sentence);
        }
        Standing::NotReady => {
            if let Readiness::Broken { sentence, .. } = &state.setup.readiness {
                state.call(sentence.clone());
                state.go(Place::Button(Spot::Strip, Command::CopyForIt));
            }
        }
        _ if book::stop(state, now) => {}
        _ => open_warning(state, now, jobs),
    }
}

fn open_warning(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    if let Some((shown, text)) = warning(state, now) {
        note_refused(state, jobs);
        let ask = Ask::Warning {
            text: Box::new(text),
            shown,
            reason: None,
            reason_text: String::new(),
            also_later: false,
        };
        state.ask(ask, now);
    }
}

/// What the rules refuse is recorded once somebody asked for it: not at every look, but anew for other people or
/// another rule.
fn note_refused(state: &mut State, jobs: &mut Vec<Job>) {
    let Decision::Refuse(refusal) = state.decision() else {
        return;
    };
    let who = refusal.refused().iter();
    let who = who.map(|e| e.recipient.mailbox.address.clone()).collect();
    let refused = Some((state.draft.id.clone(), who, refusal.why()));
    if state.refused != refused {
        state.refused = refused;
        jobs.push(Job::NoteRefused {
            draft: Box::new(state.draft.clone()),
            refusal: Box::new(refusal),
        });
    }
}

fn approve(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    if let Decision::EndToEnd(approved)
    | Decision::InHouse(approved)
    | Decision::Assessed(approved) = state.decision()
    {
        hold(state, approved, now, jobs);
    }
}

/// Starts the undo time.
fn hold(state: &mut State, approved: Approved, now: Timestamp, jobs: &mut Vec<Job>) {
    state.trouble = None;
    state.details = None;
    match now.checked_add(state.setup.hold) {
        Ok(until) if until > now => {
            let seconds = state.setup.hold.as_secs();
            state.phase = Phase::Holding { approved, until };
            state.call(
                state
                    .words
                    .with("tell-holding", &[("seconds", seconds.into())]),
            );
        }
        _ => leave(state, approved, now, jobs),
    }
}

/// The mail goes to the worker, and with it the ground on which it may be sent.
fn leave(state: &mut State, approved: Approved, now: Timestamp, jobs: &mut Vec<Job>) {
    state.phase = Phase::Sending {
        progress: None,
        quarters: 0,
        since: now,
    };
    state.voice.forget_said();
    if state.kept.changed.take().is_some() {
        jobs.push(Job::SaveDraft(Box::new(state.draft.clone())));
    }
    jobs.push(Job::Send {
        draft: Box::new(state.draft.clone()),
        approved,
    });
}

fn send_now(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    if let Phase::Holding { approved, .. } = std::mem::replace(&mut state.phase, Phase::Writing) {
        leave(state, approved, now, jobs);
    }
}

fn undo(state: &mut State) {
    if matches!(state.phase, Phase::Armed | Phase::Holding { .. }) {
        state.phase = Phase::Writing;
        state.call(state.words.say("tell-undone"));
    }
}

fn stop(state: &mut State, jobs: &mut Vec<Job>) {
    if let Phase::Sending { progress, .. } = &state.phase {
        if progress.is_none_or(|p| p.can_stop) {
            jobs.push(Job::StopSending);
        } else {
            state.call(state.words.say("tell-cannot-stop"));
        }
    }
}

/// What was waited for may be there now.
pub(super) fn go_on(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    if !matches!(state.phase, Phase::Armed) {
        return;
    }
    match standing(state) {
        Standing::Armed | Standing::Examining => {}
        _ if state.addresses.is_awaited => {}
        // Only a key press opens a dialog: what the book says meanwhile is asked at the next one.
        _ if !book::are_cleared(state) => {
            state.phase = Phase::Writing;
            let sentence = state.words.say("alert-waits");
            let args = [("sentence", sentence.into())];
            state.call(state.words.with("tell-disarmed", &args));
        }
        Standing::Encrypted { .. }
        | Standing::InHouse { .. }
        | Standing::Assessed { .. }
        | Standing::Exposed { .. }
            if aids::subject::disarm(state) =>
        {
            state.phase = Phase::Writing;
        }
        Standing::Assessed { .. } if class::wait(state, now, jobs) => {}
        Standing::Encrypted { .. } | Standing::InHouse { .. } | Standing::Assessed { .. } => {
            approve(state, now, jobs);
        }
        // The key press was this moment's, and nothing came between.
        Standing::Exposed { .. } | Standing::Refused { .. } if state.examined.answers(now) => {
            state.phase = Phase::Writing;
            open_warning(state, now, jobs);
        }
        // Only a key press opens a dialog: what turned out red is said, and nothing is sent.
        standing => {
            state.phase = Phase::Writing;
            let sentence = standing.sentence(&state.words);
            state.call(
                state
                    .words
                    .with("tell-disarmed", &[("sentence", sentence.into())]),
            );
        }
    }
}

pub(super) fn tick(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    state.setup.policy.standing.retain(|s| s.is_in_force(now));
    match &state.phase {
        Phase::Holding { until, .. } if *until <= now => send_now(state, now, jobs),
        Phase::Done {
            closes: Some(at), ..
        } if *at <= now => jobs.push(Job::CloseWindow),
        _ => {}
    }
}

fn choose(state: &mut State, code: ReasonCode) {
    let Some(dialog) = &mut state.dialog else {
        return;
    };
    let Ask::Warning { shown, reason, .. } = &mut dialog.ask else {
        return;
    };
    if shown.verb == Verb::Ask {
        *reason = Some(code);
        state.focus = if code.needs_text() {
            Place::ReasonText
        } else {
            Place::Reasons
        };
    }
}

/// What the sender gives a reason for now may hold for later mail too.
fn also_later(state: &mut State) {
    let Some(dialog) = &mut state.dialog else {
        return;
    };
    let Ask::Warning {
        text, also_later, ..
    } = &mut dialog.ask
    else {
        return;
    };
    if text.also_later.is_some() {
        *also_later = !*also_later;
        let key = if *also_later {
            "tell-also-later-on"
        } else {
            "tell-also-later-off"
        };
        state.say(state.words.say(key));
    }
}

/// The warning as it is shown must still be the warning of now: what somebody accepts is what they read.
fn is_current(state: &mut State, now: Timestamp) -> bool {
    let fresh = warning(state, now);
    let Some(dialog) = &mut state.dialog else {
        return false;
    };
    let Ask::Warning { text, shown, .. } = &mut dialog.ask else {
        return false;
    };
    match fresh {
        Some((new_shown, new_text)) if new_shown == *shown && new_text == **text => true,
        Some((new_shown, new_text)) => {
            (*shown, **text) = (new_shown, new_text);
            dialog.opened = now;
            state.call(state.words.say("tell-warning-changed"));
            state.settle_focus();
            false
        }
        None => {
            state.close_dialog();
            let sentence = standing(state).sentence(&state.words);
            state.call(sentence);
            false
        }
    }
}

fn only_encrypted(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    if is_silent(state) {
        return lists::run(state, Act::WhenAnswered, now, jobs);
    }
    if !is_current(state, now) {
        return;
    }
    let approved = match state.decision() {
        Decision::Warn(warning) => warning.only_encrypted().ok(),
        Decision::Refuse(refusal) => refusal.only_encrypted().ok(),
        _ => None,
    };
    if let Some(approved) = approved {
        state.close_dialog();
        hold(state, approved, now, jobs);
    }
}

/// The keys are the same: where the directory is silent they mean that the mail waits for it.
fn is_silent(state: &State) -> bool {
    let ask = state.dialog.as_ref().map(|d| &d.ask);
    matches!(ask, Some(Ask::Warning { shown, .. }) if shown.is_silent)
}

fn send_to_all(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    // A warning that was opened before it was known what is in the mail may speak of too low a class.
    if class::wait(state, now, jobs) {
        return state.call(state.words.say("class-awaited"));
    }
    if !is_current(state, now) {
        return;
    }
    let Some(Ask::Warning {
        text,
        shown,
        reason,
        reason_text,
        also_later,
    }) = state.dialog.as_ref().map(|d| &d.ask)
    else {
        return;
    };
    let given = match reason {
        Some(code) => Reason::new(*code, reason_text),
        None => Reason::parse(reason_text, shown.needs_reason || *also_later),
    };
    let (shown, also_later) = (text.digest(), *also_later);
    let reason = match given {
        Ok(reason) => reason,
        Err(error) => return ask_for_reason(state, error),
    };
    let consent = Consent {
        reason,
        who: state.setup.account.clone(),
        surface: Surface::Window,
        at: now,
        shown,
    };
    if let Decision::Warn(warning) = state.decision() {
        let until = state.setup.standing.and_then(|d| now.checked_add(d).ok());
        let made = until.filter(|_| also_later).map(|until| {
            let policy = &state.setup.policy;
            warning.standing(&consent, policy, until)
        });
        // A warning that may not be accepted offers no button for it.
        let Ok(approved) = warning.accept(&consent, state.draft.content_digest()) else {
            return;
        };
        jobs.extend(made.map(Job::KeepStanding));
        state.close_dialog();
        hold(state, approved, now, jobs);
    }
}

fn ask_for_reason(state: &mut State, error: ReasonError) {
    let (place, key) = match error {
        ReasonError::Missing => (Place::Reasons, "tell-choose-reason"),
        ReasonError::TextMissing => (Place::ReasonText, "tell-write-reason"),
    };
    state.focus = place;
    state.call(state.words.say(key));
}

pub(super) fn sent(state: &mut State, receipt: Box<Receipt>, now: Timestamp, jobs: &mut Vec<Job>) {
    if !matches!(state.phase, Phase::Sending { .. }) || receipt.draft != state.draft.id {
        return;
    }
    // Who was written to is known from now on.
    jobs.push(Job::Book(book::Task::Load));
    let overall = receipt.overall();
    if matches!(
        overall,
        Overall::Encrypted | Overall::PartlyEncrypted | Overall::PartlySent
    ) {
        keeping::keep_rest(state, &receipt, jobs);
    }
    let is_plain =
        overall == Overall::Encrypted && receipt.left_out.is_empty() && receipt.record.is_some();
    let closes =
        (is_plain && !state.setup.keep_receipts).then(|| now.checked_add(RECEIPT).unwrap_or(now));
    let sent = receipt
        .deliveries
        .iter()
        .filter(|d| d.outcome == Outcome::Sent)
        .count();
    let key = match overall {
        Overall::Encrypted => "tell-sent-encrypted",
        Overall::PartlyEncrypted => "tell-sent",
        Overall::PartlySent => "tell-sent-partly",
        Overall::NotSent => "tell-sent-to-nobody",
        Overall::Unconfirmed => "tell-perhaps-sent",
    };
    let all = receipt.deliveries.len();
    state.call(
        state
            .words
            .with(key, &[("sent", sent.into()), ("all", all.into())]),
    );
    state.phase = Phase::Done { receipt, closes };
    state.reading = 0.0;
    state.focus = match (state.is_receipt_full(), overall) {
        (_, Overall::Unconfirmed) => Place::Reading,
        (true, _) => Place::Button(Spot::Receipt, Command::CloseReceipt),
        (false, _) => Place::Button(Spot::Foot, Command::CloseReceipt),
    };
}

pub(super) fn failed(state: &mut State, trouble: Box<Trouble>) {
    if !matches!(state.phase, Phase::Sending { .. }) {
        return;
    }
    if trouble.may_have_been_sent {
        state.call(trouble.text());
        state.phase = Phase::Unconfirmed(trouble);
        state.reading = 0.0;
        state.focus = Place::Reading;
        return;
    }
    state.phase = Phase::Writing;
    state.examined.doubt();
    let place = trouble.at.as_ref().and_then(|at| culprit(state, at));
    let step = trouble
        .steps
        .first()
        .map(|s| Place::Button(Spot::Trouble, s.command()));
    report(state, *trouble);
    if let Some(place) = place.or(step) {
        state.go(place);
    }
}

/// The place of what is to be repaired.
fn culprit(state: &State, at: &Culprit) -> Option<Place> {
    match at {
        Culprit::Recipients(addresses) => {
            let is_it =
                |c: &super::rows::Chip| c.mailbox().is_some_and(|m| addresses.contains(&m.address));
            let (kind, chip) = state.rows.chips().find(|(_, c)| is_it(c))?;
            Some(Place::Chip(kind, chip.key()))
        }
        Culprit::File(name) => {
            let file = state.draft.attachments.iter().find(|a| a.name == *name)?;
            Some(Place::File(file.path.clone()))
        }
        Culprit::Subject => Some(Place::Subject),
    }
}

fn correct(state: &mut State) {
    let place = state
        .trouble
        .as_ref()
        .and_then(|t| t.at.as_ref())
        .and_then(|at| culprit(state, at));
    if let Some(place) = place {
        state.go(place);
    }
}

/// Those whom the mail server refuses become a draft of their own; the others are sent to, from the beginning.
fn send_to_others(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    let Some(Culprit::Recipients(refused)) = state.trouble.as_ref().and_then(|t| t.at.clone())
    else {
        return;
    };
    if keeping::set_aside(state, &refused, jobs) {
        state.trouble = None;
        send(state, now, jobs);
    }
}

/// The user found out what became of the mail.
fn resolve(state: &mut State, was: Resolution, jobs: &mut Vec<Job>) {
    let is_in_doubt = match &state.phase {
        Phase::Unconfirmed(_) => true,
        Phase::Done { receipt, .. } => receipt.overall() == Overall::Unconfirmed,
        _ => false,
    };
    if !is_in_doubt {
        return;
    }
    keeping::settle_doubt(state, was, jobs);
    let key = match was {
        Resolution::Sent => "tell-noted-sent",
        Resolution::NotSent => {
            state.focus = Place::Button(Spot::Foot, standing(state).command());
            state.settle_focus();
            "tell-noted-not-sent"
        }
    };
    state.call(state.words.say(key));
}
