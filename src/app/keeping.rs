//! Drafts: kept every two seconds, opened again after a crash, handed over by other programs, kept when the window
//! closes. Pure; keeping itself is the worker's.

use jiff::Timestamp;

use super::{
    aids,
    class::Examined,
    command::Command,
    lists,
    message::{Job, Resolution},
    outside,
    page::{Page, Show},
    place::Place,
    quick,
    received::{self, Received},
    report::{Receipt, Trouble},
    rows::{Chip, Rows},
    setup::{Drafts, Opening, Setup},
    state::{Ask, Kept, Phase, State},
    update::{AUTOSAVE, changed, report, rewritten},
    writing,
};
use crate::mail::{Address, Body, Draft, DraftId, HandedOver, Kind, Recipient, parse_list};

pub(super) fn run(state: &mut State, command: Command, now: Timestamp, jobs: &mut Vec<Job>) {
    match command {
        Command::NewMail => new_mail(state, jobs),
        Command::SaveDraft => save(state, now, jobs),
        Command::Close | Command::CloseReceipt => close(state, now, jobs),
        Command::CloseAnyway => jobs.push(Job::CloseWindow),
        Command::OpenDraft(id) => open_other(state, &id, now, jobs),
        Command::SaveToCase => {
            if let Phase::Done { receipt, .. } = &state.phase {
                jobs.push(Job::SaveToCase(receipt.clone()));
            }
        }
        Command::CopyReceipt => {
            if let Some(text) = super::receipt::as_text(state) {
                jobs.push(Job::Copy(text));
                state.call(state.words.say("tell-copied"));
            }
        }
        _ => {}
    }
}

/// What the window opens with.
pub fn open(state: &mut State, mut opening: Opening, now: Timestamp) -> Vec<Job> {
    let mut jobs = Vec::new();
    if opening.is_empty() {
        opening.fields = state.setup.example.clone();
    }
    let is_empty = opening.is_empty();
    // A mail of another program has what that program gave it.
    let is_handed_over = opening.draft.is_some();
    state.page = match opening.received {
        Some(source) => Page::Received(Box::new(Received::of(source))),
        None => opening.show.page(),
    };
    if matches!(state.page, Page::Received(_)) {
        return received::begin(state);
    }
    jobs.extend(lists::begin(state));
    if let Some(id) = opening.kept {
        state.is_opened_with = true;
        jobs.push(Job::Lists(lists::Ask::Take(id)));
        return jobs;
    }
    if opening.is_quick && opening.draft.is_some() {
        quick::ask(state);
    }
    if let Some(source) = opening.draft {
        jobs.push(Job::OpenHandedOver(source));
    }
    if let Some(source) = opening.body_file {
        jobs.push(Job::ReadText(source));
    }
    if !opening.attach.is_empty() {
        jobs.push(Job::AttachFiles(opening.attach));
    }
    let fields = opening.fields;
    for (kind, lists) in [
        (Kind::To, &fields.to),
        (Kind::Cc, &fields.cc),
        (Kind::Bcc, &fields.bcc),
    ] {
        for list in lists {
            let row = state.rows.row_mut(kind);
            row.commit(parse_list(list));
            row.is_shown = true;
        }
    }
    state.draft.subject = fields.subject.unwrap_or_default();
    if let Some(body) = fields.body {
        state.draft.body = Body::Text(body);
    }
    state.draft.in_reply_to = fields.in_reply_to;
    if !opening.ignored.is_empty() {
        let names = opening.ignored.join(", ");
        state
            .notices
            .push(state.words.with("tell-ignored", &[("names", names.into())]));
    }
    if is_handed_over {
        aids::signature::leave(state);
    } else {
        aids::signature::begin(state);
    }
    if !is_empty {
        state.is_opened_with = true;
        changed(state, now);
        to_text(state);
    }
    jobs
}

/// From another program with recipients: the caret is at the top of the text.
fn to_text(state: &mut State) {
    if state.rows.chips().next().is_some() {
        // A formatted body is only read; what can be written is the line above it.
        let place = match state.draft.body {
            Body::Text(_) => Place::Body,
            Body::HandedOver { .. } => Place::Own,
        };
        state.go(place);
    }
}

pub(super) fn handed_over(state: &mut State, message: HandedOver, now: Timestamp) {
    if let Some(from) = message.from
        && let Some(sender) = state
            .setup
            .senders
            .iter()
            .find(|s| s.address == from.address)
    {
        state.draft.from = sender.clone();
    } else {
        // From whom it goes is not what the other program said.
        quick::off(state);
    }
    for (kind, list) in [
        (Kind::To, message.to),
        (Kind::Cc, message.cc),
        (Kind::Bcc, message.bcc),
    ] {
        let row = state.rows.row_mut(kind);
        row.is_shown |= !list.is_empty();
        row.commit(list);
    }
    aids::signature::leave(state);
    state.draft.reply_to = message.reply_to;
    state.draft.subject = message.subject;
    state.draft.body = match message.body {
        Body::Text(text) => Body::Text(taken(state, &text)),
        // What is shown of it; what is sent is the entity, octet for octet.
        Body::HandedOver {
            own,
            entity,
            preview,
        } => Body::HandedOver {
            own,
            entity,
            preview: outside::cleaned(&preview).0,
        },
    };
    state.draft.in_reply_to = message.in_reply_to;
    state.draft.references = message.references;
    changed(state, now);
    to_text(state);
}

/// A text from outside, without what hides or reorders text; that is said.
fn taken(state: &mut State, text: &str) -> String {
    let (text, removed) = outside::cleaned(text);
    if removed > 0 {
        quick::off(state);
        outside::tell(state, &outside::Note::Cleaned(removed));
    }
    text
}

pub(super) fn text_read(state: &mut State, text: &str, now: Timestamp) {
    if state.is_open() {
        state.draft.body = Body::Text(taken(state, text));
        aids::signature::begin(state);
        rewritten(state, now);
    }
}

/// Keeps the draft if two seconds have gone since it was changed.
pub(super) fn tick(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    let is_due = state
        .kept
        .changed
        .is_some_and(|t| now.duration_since(t) >= AUTOSAVE);
    if is_due && state.is_open() {
        keep(state, jobs);
    }
}

fn keep(state: &mut State, jobs: &mut Vec<Job>) {
    state.kept.changed = None;
    if !state.is_blank() {
        state.kept.is_saving = true;
        jobs.push(Job::SaveDraft(Box::new(state.draft.clone())));
    } else if state.kept.at.take().is_some() {
        jobs.push(Job::DeleteDraft(state.draft.id.clone()));
    }
}

fn save(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    if state.is_open() && !state.is_blank() {
        state.kept.changed.get_or_insert(now);
        state.kept.is_told = true;
        keep(state, jobs);
    }
}

pub(super) fn saved(state: &mut State, id: &DraftId, at: Timestamp, jobs: &mut Vec<Job>) {
    if *id != state.draft.id {
        return;
    }
    state.kept.at = Some(at);
    state.kept.is_saving = false;
    state.kept.has_failed = false;
    if std::mem::take(&mut state.kept.is_told) {
        state.call(
            state
                .words
                .with("tell-saved", &[("time", state.words.time(at).into())]),
        );
    }
    if state.is_closing && state.kept.changed.is_none() {
        jobs.push(Job::CloseWindow);
    }
}

pub(super) fn not_saved(state: &mut State, trouble: Trouble, now: Timestamp) {
    state.kept.is_saving = false;
    let is_first = !std::mem::replace(&mut state.kept.has_failed, true);
    if is_first {
        report(state, trouble);
    }
    if state.is_closing {
        state.is_closing = false;
        state.ask(Ask::LoseDraft, now);
    }
}

pub(super) fn loaded(state: &mut State, drafts: Vec<Draft>) {
    let mut drafts: Vec<Draft> = drafts
        .into_iter()
        .filter(|d| d.id != state.draft.id)
        .collect();
    if state.is_blank() && !state.is_opened_with && !drafts.is_empty() {
        let newest = drafts.remove(0);
        show(state, newest);
        let count = drafts.len();
        state.say(
            state
                .words
                .with("tell-reopened", &[("others", count.into())]),
        );
    }
    state.others = drafts;
}

fn show(state: &mut State, draft: Draft) {
    state.rows = Rows::of(&draft);
    state.draft = draft;
    state.is_asked = false;
    if !state.setup.senders.contains(&state.draft.from)
        && let Some(first) = state.setup.senders.first()
    {
        state.draft.from = first.clone();
    }
    state.phase = Phase::Writing;
    state.trouble = None;
    state.details = None;
    state.kept = Kept::default();
    state.examined = Examined::fresh();
    aids::signature::leave(state);
    aids::fresh(state);
    state.focus = Place::Field(Kind::To);
    ask_about_doubt(state);
}

/// A mail that may have been sent is not simply sent again: first somebody looks.
fn ask_about_doubt(state: &mut State) {
    let doubtful = match &state.draft.again {
        Some(again) if !again.doubtful.is_empty() => &again.doubtful,
        _ => return,
    };
    let who: Vec<String> = doubtful.iter().map(ToString::to_string).collect();
    let who = super::standing::listed(&state.words, &who);
    let happened = state.words.with("trouble-doubt", &[("who", who.into())]);
    state.phase = Phase::Unconfirmed(Box::new(Trouble {
        happened,
        means: String::new(),
        todo: String::new(),
        steps: Vec::new(),
        at: None,
        may_have_been_sent: true,
        detail: String::new(),
    }));
    state.focus = Place::Reading;
}

fn open_other(state: &mut State, id: &DraftId, now: Timestamp, jobs: &mut Vec<Job>) {
    let is_free = matches!(
        state.phase,
        Phase::Writing | Phase::Armed | Phase::Done { .. }
    );
    let Some(index) = state.others.iter().position(|d| d.id == *id) else {
        return;
    };
    if !is_free {
        return state.call(state.words.say("tell-wait-for-sending"));
    }
    put_aside(state, now, jobs);
    let draft = state.others.remove(index);
    show(state, draft);
}

/// Keeps the mail of this window as one of the others.
fn put_aside(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    writing::commit_all(state);
    super::update::settle(state, now, jobs);
    if state.is_open() && !state.is_blank() {
        jobs.push(Job::SaveDraft(Box::new(state.draft.clone())));
        state.others.push(state.draft.clone());
    }
}

/// A mail that is being written or sent keeps its window, and the new one gets another.
fn new_mail(state: &mut State, jobs: &mut Vec<Job>) {
    match state.phase {
        Phase::Done { .. } | Phase::Waiting(_) => begin_again(state),
        Phase::Writing if state.is_blank() => state.go(Place::Field(Kind::To)),
        _ => jobs.push(Job::Open(Show::Mail)),
    }
}

/// A draft that this window was opened for.
pub(super) fn take(state: &mut State, draft: Draft) {
    if state.is_blank() {
        show(state, draft);
        state.kept.at = None;
    }
}

/// An empty mail.
pub(super) fn begin_again(state: &mut State) {
    match DraftId::random() {
        Ok(id) => {
            let from = state.draft.from.clone();
            show(state, Draft::new(id, from));
            aids::signature::begin(state);
        }
        Err(error) => no_randomness(state, &error.to_string()),
    }
}

fn no_randomness(state: &mut State, detail: &str) {
    let trouble = Trouble {
        happened: state.words.say("trouble-randomness"),
        means: state.words.say("trouble-nothing-sent"),
        todo: state.words.say("trouble-tell-it"),
        steps: vec![super::report::Step::CopyForIt],
        at: None,
        may_have_been_sent: false,
        detail: detail.to_owned(),
    };
    report(state, trouble);
}

/// What was sent to everybody is no draft any more; what was not stays one, under the same name.
pub(super) fn keep_rest(state: &mut State, receipt: &Receipt, jobs: &mut Vec<Job>) {
    let rest = draft_for(state, receipt, &receipt.rest());
    keep_or_delete(state, rest, jobs);
}

/// The draft for these recipients. They get the same message as those who have it already.
fn draft_for(state: &State, receipt: &Receipt, who: &[Recipient]) -> Draft {
    let is_one = |a: &Address| who.iter().any(|r| r.mailbox.address == *a);
    Draft {
        again: receipt.again.clone(),
        ..state.draft.only_for(is_one)
    }
}

fn keep_or_delete(state: &mut State, rest: Draft, jobs: &mut Vec<Job>) {
    if rest.recipients().is_empty() {
        jobs.push(Job::DeleteDraft(rest.id));
    } else {
        jobs.push(Job::SaveDraft(Box::new(rest.clone())));
        state.others.insert(0, rest);
    }
}

/// The user found out what became of a mail in doubt. Whoever has it is taken out; the others get the same message.
pub(super) fn settle_doubt(state: &mut State, was: Resolution, jobs: &mut Vec<Job>) {
    let (mut draft, doubtful): (Draft, Vec<Address>) = match (&state.phase, &state.draft.again) {
        (Phase::Done { receipt, .. }, _) => {
            let doubtful = receipt.doubtful();
            (draft_for(state, receipt, &receipt.unsent()), doubtful)
        }
        (_, Some(again)) => (state.draft.clone(), again.doubtful.clone()),
        (_, None) => {
            let all = state.recipients().into_iter();
            (
                state.draft.clone(),
                all.map(|r| r.mailbox.address).collect(),
            )
        }
    };
    if let Some(again) = &mut draft.again {
        again.doubtful.clear();
    }
    jobs.push(Job::Resolve {
        draft: draft.id.clone(),
        was,
    });
    match was {
        Resolution::NotSent => show(state, draft),
        Resolution::Sent => {
            let rest = draft.only_for(|a| !doubtful.contains(a));
            keep_or_delete(state, rest, jobs);
            begin_again(state);
        }
    }
}

/// Takes recipients out of the mail, and keeps a draft for them. Whether that was possible.
pub(super) fn set_aside(state: &mut State, addresses: &[Address], jobs: &mut Vec<Job>) -> bool {
    let rest: Vec<Recipient> = state.recipients();
    let rest: Vec<_> = rest
        .into_iter()
        .filter(|r| addresses.contains(&r.mailbox.address))
        .collect();
    let is_kept = keep_apart(state, &rest, jobs);
    if is_kept {
        for kind in super::rows::KINDS {
            let is_refused = |c: &Chip| c.mailbox().is_some_and(|m| addresses.contains(&m.address));
            state.rows.row_mut(kind).chips.retain(|c| !is_refused(c));
        }
    }
    is_kept
}

fn keep_apart(state: &mut State, rest: &[Recipient], jobs: &mut Vec<Job>) -> bool {
    match DraftId::random() {
        Ok(id) => {
            let is_one = |a: &Address| rest.iter().any(|r| r.mailbox.address == *a);
            let draft = Draft {
                id,
                ..state.draft.only_for(is_one)
            };
            jobs.push(Job::SaveDraft(Box::new(draft.clone())));
            state.others.insert(0, draft);
            true
        }
        Err(error) => {
            no_randomness(state, &error.to_string());
            false
        }
    }
}

/// Opens the draft to those whom the mail did not reach.
pub(super) fn correct_rest(state: &mut State) {
    let Phase::Done { receipt, .. } = &state.phase else {
        return;
    };
    let rest = receipt.rest();
    let first = rest.first().map(|r| (r.kind, r.mailbox.address.key()));
    let kept = state.others.iter().position(|d| d.id == state.draft.id);
    match kept {
        Some(index) => {
            let draft = state.others.remove(index);
            show(state, draft);
        }
        // Nobody got it: the mail is still the one in this window.
        None => state.phase = Phase::Writing,
    }
    state.settle_focus();
    if let Some((kind, key)) = first {
        state.go(Place::Chip(kind, key));
    }
}

/// The window is to close. What is on its way is not left alone, and a draft is not lost without a word.
pub(super) fn close(state: &mut State, now: Timestamp, jobs: &mut Vec<Job>) {
    match state.phase {
        Phase::Sending { .. } => return state.call(state.words.say("tell-close-sending")),
        Phase::Holding { .. } => return state.call(state.words.say("tell-close-holding")),
        Phase::Armed => state.phase = Phase::Writing,
        Phase::Writing => {}
        Phase::Done { .. } | Phase::Waiting(_) | Phase::Unconfirmed(_) => {
            return jobs.push(Job::CloseWindow);
        }
    }
    writing::commit_all(state);
    super::update::settle(state, now, jobs);
    if state.is_welcome() || (state.is_blank() && state.kept.at.is_none()) {
        jobs.push(Job::CloseWindow);
    } else if state.setup.drafts == Drafts::InMemory || state.kept.has_failed {
        if !matches!(&state.dialog, Some(d) if matches!(d.ask, Ask::LoseDraft)) {
            state.ask(Ask::LoseDraft, now);
        }
    } else if state.is_blank() {
        keep(state, jobs);
        jobs.push(Job::CloseWindow);
    } else if state.kept.changed.is_some() || state.kept.at.is_none() {
        state.is_closing = true;
        keep(state, jobs);
    } else if state.kept.is_saving {
        state.is_closing = true;
    } else {
        jobs.push(Job::CloseWindow);
    }
}

/// Everything begins again with other settings.
pub(super) fn restart(state: &mut State, setup: Setup, now: Timestamp, jobs: &mut Vec<Job>) {
    match DraftId::random() {
        Ok(id) => {
            *state = State::new(setup, id);
            state.go(Place::Field(Kind::To));
            jobs.extend(state.start_jobs());
            jobs.extend(open(state, Opening::default(), now));
        }
        Err(error) => no_randomness(state, &error.to_string()),
    }
}
