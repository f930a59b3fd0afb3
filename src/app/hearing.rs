//! Reports of the worker: what was found out, how far sending is, what was attached, what the firm's rules are. Pure.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{
    aids, assistant, book, class, clock, imports, keeping, lists,
    message::{AttachFailure, AttachProblem, Event, Job, Progress},
    meter, options, own_keys, receipts, received,
    report::Trouble,
    retry, sending, signing_in, standing,
    state::{Ask, Phase, State},
    update::{report, rewritten},
    writing,
};
use crate::{
    decide::{Assessment, Light, Policy, Status},
    mail::{Address, Attachment},
};

pub(super) fn hear(state: &mut State, event: Event, now: Timestamp, jobs: &mut Vec<Job>) {
    match event {
        Event::Assessed(assessment) => assessed(state, &assessment, now, jobs),
        Event::Progress(progress) => on_its_way(state, progress, now),
        Event::Sent(receipt) => sending::sent(state, receipt, now, jobs),
        Event::SendFailed(trouble) => sending::failed(state, trouble),
        Event::DraftSaved { id, at } => keeping::saved(state, &id, at, jobs),
        Event::DraftNotSaved(trouble) => keeping::not_saved(state, *trouble, now),
        Event::DraftsLoaded(drafts) => keeping::loaded(state, drafts),
        Event::HandedOver(message) => keeping::handed_over(state, *message, now),
        Event::TextRead(text) => keeping::text_read(state, &text, now),
        Event::Attached(results) => attached(state, results, now),
        Event::OrganisationConfirmed(address) => {
            state.say(state.words.say("tell-organisation-confirmed"));
            writing::look_up(state, vec![address], jobs);
        }
        Event::SavedToCase(path) => {
            let path = path.display().to_string();
            state.call(
                state
                    .words
                    .with("tell-saved-to-case", &[("path", path.into())]),
            );
        }
        Event::SettingsOpened(path) => {
            let path = path.display().to_string();
            let notice = state
                .words
                .with("tell-settings-opened", &[("path", path.into())]);
            state.call(notice.clone());
            state.notices = vec![notice];
        }
        Event::SizeLimit(limit) => state.setup.size_limit = limit,
        Event::Own(own) => state.own = own,
        Event::Examined { of, found } => class::hear(state, of, found),
        Event::Standing(standing) => state.setup.policy.standing = standing,
        Event::PolicyChanged { policy, at } => {
            jobs.push(Job::Book(book::Task::Load));
            policy_changed(state, *policy, at);
        }
        Event::Restarted(setup) => keeping::restart(state, *setup, now, jobs),
        Event::Failed(trouble) => {
            received::failed(state, &trouble);
            report(state, *trouble);
        }
        Event::Book(told) => book::hear(state, told, jobs),
        Event::Aid(told) => aids::hear(state, told, now, jobs),
        Event::Lists(told) => lists::hear(state, told, now, jobs),
        Event::Options(told) => options::hear(state, told, now, jobs),
        Event::Assistant(told) => assistant::hear(state, told, now, jobs),
        Event::Import(told) => imports::hear(state, told, now, jobs),
        Event::Receipts(told) => receipts::hear(state, told, now),
        Event::SignedIn(done) => signing_in::hear(state, done),
        Event::Received(told) => received::hear(state, told, now, jobs),
        Event::OwnKeys(told) => own_keys::hear(state, told, now, jobs),
    }
}

fn assessed(state: &mut State, assessment: &Arc<Assessment>, now: Timestamp, jobs: &mut Vec<Job>) {
    let address = assessment.address().clone();
    state.asking.remove(&address);
    if !is_recipient(state, &address) {
        return;
    }
    clock::heard(state, assessment, jobs);
    let policy = &state.setup.policy;
    let light = |a: &Assessment| a.route(policy).light();
    let was_green = state.was_green.remove(&address)
        || state
            .found
            .get(&address)
            .is_some_and(|a| light(a) == Light::Green);
    let status = state.found.get(&address).map(|a| a.status());
    let after = light(assessment);
    state.found.insert(address.clone(), Arc::clone(assessment));
    retry::heard(state, status, assessment, now, jobs);
    if status == Some(assessment.status()) && assessment.status() == Status::LookupFailed {
        // Tried again by itself, and nothing is new.
        return;
    }
    let chip = state
        .rows
        .chips()
        .find(|(_, c)| c.mailbox().is_some_and(|m| m.address == address));
    if let Some((_, chip)) = chip {
        let look = state.look(chip, now);
        let args = [
            ("name", chip.label().into()),
            (
                "light",
                state.words.say(look.tone.key()).to_lowercase().into(),
            ),
            ("word", look.word.to_lowercase().into()),
        ];
        if was_green && after == Light::Red {
            state.call(state.words.with("tell-now-red", &args));
        } else {
            state.say(state.words.with("tell-decided", &args));
        }
    }
    // Each recipient is known or asked about.
    let is_all = !state.asking.iter().any(|a| is_recipient(state, a));
    if is_all && std::mem::take(&mut state.is_awaited) {
        state.say(standing::standing(state).sentence(&state.words));
    }
}

fn is_recipient(state: &State, address: &Address) -> bool {
    state.draft.mailboxes().any(|m| m.address == *address)
}

fn on_its_way(state: &mut State, new: Progress, now: Timestamp) {
    let Phase::Sending {
        progress,
        quarters,
        since,
    } = &mut state.phase
    else {
        return;
    };
    *progress = Some(new);
    let quarter = (new.done * 4).checked_div(new.total).unwrap_or(0).min(3);
    if quarter > *quarters && now.duration_since(*since) > SignedDuration::from_secs(3) {
        *quarters = quarter;
        state.say(
            state
                .words
                .with("tell-progress", &[("percent", (quarter * 25).into())]),
        );
    }
}

fn attached(state: &mut State, results: Vec<Result<Attachment, AttachFailure>>, now: Timestamp) {
    if !state.is_open() {
        return;
    }
    for result in results {
        match result {
            Ok(file) => attach(state, file, now),
            Err(failure) => not_attached(state, &failure),
        }
    }
}

fn attach(state: &mut State, file: Attachment, now: Timestamp) {
    let args = [
        ("name", file.name.clone().into()),
        ("size", state.words.size(file.size).into()),
    ];
    state.draft.attachments.retain(|a| a.path != file.path);
    state.draft.attachments.push(file);
    rewritten(state, now);
    state.examined.hurry();
    let meter = meter::meter(state);
    state.say(format!(
        "{} {meter}",
        state.words.with("tell-attached", &args)
    ));
}

fn not_attached(state: &mut State, failure: &AttachFailure) {
    let key = match failure.why {
        AttachProblem::Missing => "trouble-file-missing",
        AttachProblem::NotAFile => "trouble-file-kind",
        AttachProblem::Unreadable => "trouble-file-unreadable",
    };
    let happened = state
        .words
        .with(key, &[("name", failure.name.as_str().into())]);
    let means = state.words.say("trouble-nothing-sent");
    let todo = state.words.say("trouble-file-next");
    report(
        state,
        Trouble {
            happened,
            means,
            todo,
            steps: Vec::new(),
            at: None,
            may_have_been_sent: false,
            detail: String::new(),
        },
    );
}

fn policy_changed(state: &mut State, mut policy: Policy, at: Timestamp) {
    // Those that are in force are told apart from the rules.
    policy.standing.clone_from(&state.setup.policy.standing);
    let before = std::mem::replace(&mut state.setup.policy, policy);
    if before == state.setup.policy {
        return;
    }
    if matches!(state.phase, Phase::Armed | Phase::Holding { .. }) {
        state.phase = Phase::Writing;
    }
    if matches!(&state.dialog, Some(d) if matches!(d.ask, Ask::Warning { .. })) {
        state.close_dialog();
    }
    let is_stricter = before.fallback < state.setup.policy.fallback;
    let key = if is_stricter {
        "tell-policy-stricter"
    } else {
        "tell-policy-changed"
    };
    let notice = state
        .words
        .with(key, &[("time", state.words.time(at).into())]);
    state.call(notice.clone());
    state.notices.push(notice);
}
