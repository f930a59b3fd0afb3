//! What commands and reports do to the settings window. Pure.

use jiff::Timestamp;

use super::{
    super::{
        command::Command,
        imports::Task,
        message::Job,
        moving, own_keys,
        page::Page,
        place::Place,
        state::State,
        theme::Theme,
        update::{report, zoom},
    },
    Act, Ask, Control, News, Options, Preference, Section, Spot, Told, items,
    letter::Letter,
    others, tunnel,
};
use crate::{cert::Fingerprint, mail::Mailbox, words::Level};

/// The colours that can be chosen, in their order.
pub(super) const THEMES: [Theme; 5] = [
    Theme::System,
    Theme::Light,
    Theme::Dark,
    Theme::ContrastLight,
    Theme::ContrastDark,
];

/// Something is to be done.
pub(in super::super) fn run(state: &mut State, act: Act, now: Timestamp, jobs: &mut Vec<Job>) {
    match act {
        Act::Open(section) => open(state, section, jobs),
        Act::LookAgain => look_again(state, jobs),
        Act::Copy => copy(state, jobs),
        Act::CopyItem => copy_item(state, jobs),
        Act::KeepReceipts => keep_receipts(state, jobs),
        Act::Theme(theme) => choose_theme(state, theme, jobs),
        Act::WriteTo(to) => {
            let letter = Letter {
                from: state.draft.from.clone(),
                to,
                subject: String::new(),
                text: String::new(),
            };
            jobs.push(Job::Options(Ask::Write(Box::new(letter))));
        }
        Act::StopWaiting(mailbox) => jobs.push(Job::Options(Ask::StopWaiting(mailbox))),
        Act::HideNews => state.certified.clear(),
        Act::Forget => forget_selected(state, jobs),
        Act::ForgetWord(word) => forget(state, word, jobs),
        Act::Unpin(address, sha256) => {
            jobs.push(Job::Import(Task::Unpin(address, Some(sha256))));
        }
        Act::RemoveOther { sha256, name } => remove(state, sha256, name, jobs),
        Act::Own(act) => own_keys::run(state, &act, now, jobs),
        Act::List(act) => tunnel::run(act, jobs),
    }
}

/// The worker reports.
pub(in super::super) fn hear(state: &mut State, told: Told, _now: Timestamp, jobs: &mut Vec<Job>) {
    match told {
        Told::Facts(facts) => change(state, |shown| shown.facts = Some(facts)),
        Told::Findings(findings) => {
            let bad = findings.iter().filter(|f| f.level == Level::Bad).count();
            change(state, |shown| {
                shown.findings = Some(findings);
                shown.is_examining = false;
            });
            state.say(
                state
                    .words
                    .with("options-doctor-done", &[("bad", bad.into())]),
            );
        }
        Told::Asked(mailbox) => tell(state, "tell-asked-for-certificate", &mailbox),
        Told::Stopped(mailbox) => {
            tell(state, "tell-not-waiting", &mailbox);
            state.certified.retain(|m| *m != mailbox);
            read_again(state, jobs);
        }
        Told::Forgotten(word) => {
            state.call(
                state
                    .words
                    .with("tell-word-forgotten", &[("word", word.into())]),
            );
            read_again(state, jobs);
        }
        Told::News(news) => {
            for one in news {
                announce(state, one);
            }
            read_again(state, jobs);
        }
        Told::Chosen {
            theme,
            keep_receipts,
        } => {
            state.setup.theme = theme.unwrap_or(state.setup.theme);
            state.setup.keep_receipts = keep_receipts.unwrap_or(state.setup.keep_receipts);
        }
        Told::NotKept(trouble) => report(state, *trouble),
        Told::List(done) => tunnel::hear(state, &done, jobs),
        Told::ListWaits => {
            let text = state.words.say("tell-list-waits");
            state.say(text.clone());
            state.notices.push(text);
            read_again(state, jobs);
        }
    }
}

/// Delete on a line: an own word, or somebody's certificate.
fn forget_selected(state: &mut State, jobs: &mut Vec<Job>) {
    let (Page::Options(shown), Place::Options(Spot::Item(id))) = (&state.page, &state.focus) else {
        return;
    };
    let removal = shown
        .item(id)
        .and_then(|item| item.acts.iter().find(|act| is_removal(act)).cloned());
    match removal {
        Some(Act::ForgetWord(word)) => forget(state, word, jobs),
        Some(Act::RemoveOther { sha256, name }) => remove(state, sha256, name, jobs),
        _ => state.call(state.words.say("tell-not-removable")),
    }
}

fn is_removal(act: &Act) -> bool {
    matches!(act, Act::ForgetWord(_) | Act::RemoveOther { .. })
}

fn forget(state: &mut State, word: String, jobs: &mut Vec<Job>) {
    let none = Spot::Item(items::OWN_WORDS.to_owned());
    step_off(state, &items::own_word_id(&word), none);
    jobs.push(Job::Options(Ask::ForgetWord(word)));
}

fn remove(state: &mut State, sha256: Fingerprint, name: String, jobs: &mut Vec<Job>) {
    step_off(state, &others::id(sha256), Spot::Sections);
    jobs.push(Job::Import(Task::Remove { sha256, name }));
}

/// The focus goes to the next line of that kind, or the one before: where it is now there will be nothing. With none
/// left it goes to `none`.
fn step_off(state: &mut State, id: &str, none: Spot) {
    let Page::Options(shown) = &state.page else {
        return;
    };
    let ids: Vec<String> = shown
        .visible()
        .filter(|i| i.acts.iter().any(is_removal))
        .map(|i| i.id.clone())
        .collect();
    let here = ids.iter().position(|i| i == id);
    let before = |here: usize| here.checked_sub(1).and_then(|at| ids.get(at));
    let next = here.and_then(|here| ids.get(here + 1).or_else(|| before(here)));
    match (next.cloned(), none) {
        (Some(next), _) | (None, Spot::Item(next)) => select(state, &next),
        (None, none) => state.go(Place::Options(none)),
    }
}

fn announce(state: &mut State, news: News) {
    match news {
        News::Green(mailbox) => {
            tell(state, "tell-certified", &mailbox);
            if !state.certified.contains(&mailbox) {
                state.certified.push(mailbox);
            }
        }
        News::Ended(mailbox) => {
            tell(state, "tell-no-longer-waiting", &mailbox);
            let name = [("name", mailbox.label().into())];
            state
                .notices
                .push(state.words.with("tell-no-longer-waiting", &name));
        }
    }
}

fn tell(state: &mut State, key: &str, mailbox: &Mailbox) {
    state.call(state.words.with(key, &[("name", mailbox.label().into())]));
}

/// An arrow, Home or End where the focus is.
pub(in super::super) fn step(state: &mut State, command: &Command, jobs: &mut Vec<Job>) {
    let Page::Options(shown) = &state.page else {
        return;
    };
    match state.focus.clone() {
        Place::Options(Spot::Sections) => {
            let here = Section::ALL.iter().position(|s| *s == shown.section);
            if let Some(index) = moving::stepped(here, Section::ALL.len(), command) {
                open(state, Section::ALL[index], jobs);
            }
        }
        Place::Options(Spot::Control(Control::Theme)) => {
            let here = THEMES.iter().position(|t| *t == state.setup.theme);
            if let Some(index) = moving::stepped(here, THEMES.len(), command) {
                choose_theme(state, THEMES[index], jobs);
            }
        }
        Place::Options(Spot::Control(Control::Size)) => {
            let size = match command {
                Command::Left => Command::ZoomOut,
                Command::First => Command::ZoomReset,
                _ => Command::ZoomIn,
            };
            zoom(state, &size, jobs);
        }
        Place::Options(Spot::Control(Control::Receipts)) => {
            let wanted = matches!(command, Command::Right | Command::Last);
            if wanted != state.setup.keep_receipts {
                keep_receipts(state, jobs);
            }
        }
        Place::Options(Spot::Item(id)) => {
            let lines = shown.visible().filter(|i| i.control.is_none());
            let lines: Vec<String> = lines.map(|i| i.id.clone()).collect();
            let here = lines.iter().position(|line| *line == id);
            if let Some(index) = moving::stepped(here, lines.len(), command) {
                select(state, &lines[index]);
            }
        }
        _ => moving::read(state, command),
    }
}

fn select(state: &mut State, id: &str) {
    if let Page::Options(shown) = &mut state.page {
        shown.entry = Some(id.to_owned());
    }
    state.go(Place::Options(Spot::Item(id.to_owned())));
}

/// After what is shown has changed. The focus stays on something that is there.
fn change(state: &mut State, by: impl FnOnce(&mut Options)) {
    if let Page::Options(shown) = &mut state.page {
        by(shown);
        shown.items = items::all(shown, &state.words);
    }
    state.settle_focus();
}

/// Days and times read otherwise now.
pub(in super::super) fn reword(state: &mut State) {
    if matches!(state.page, Page::Options(_)) {
        change(state, |_| ());
    }
}

fn open(state: &mut State, section: Section, jobs: &mut Vec<Job>) {
    change(state, |shown| {
        shown.section = section;
        shown.search.clear();
        shown.entry = None;
    });
    state.say(state.words.say(section.key()));
    let Page::Options(shown) = &mut state.page else {
        return;
    };
    // The servers are asked when somebody wants to know, not whenever the settings are opened.
    if section == Section::Doctor && shown.findings.is_none() && !shown.is_examining {
        shown.is_examining = true;
        jobs.push(Job::Options(Ask::Examine));
    }
}

/// Somebody searches.
pub(in super::super) fn searched(state: &mut State) {
    let Page::Options(shown) = &state.page else {
        return;
    };
    let text = if shown.search.trim().is_empty() {
        String::new()
    } else {
        match shown.visible().count() {
            0 => {
                let text = [("text", shown.search.as_str().into())];
                state.words.with("options-none", &text)
            }
            count => state
                .words
                .with("options-found", &[("count", count.into())]),
        }
    };
    state.say(text);
}

fn look_again(state: &mut State, jobs: &mut Vec<Job>) {
    read_again(state, jobs);
    let Page::Options(shown) = &mut state.page else {
        return;
    };
    if shown.section == Section::Doctor && !std::mem::replace(&mut shown.is_examining, true) {
        jobs.push(Job::Options(Ask::Examine));
        change(state, |shown| shown.findings = None);
        state.say(state.words.say("options-doctor-asking"));
    }
}

/// What is shown is not what there is any more.
pub(in super::super) fn read_again(state: &State, jobs: &mut Vec<Job>) {
    if matches!(state.page, Page::Options(_)) {
        jobs.push(Job::Options(Ask::Facts));
    }
}

/// What is shown now, as text.
fn copy(state: &mut State, jobs: &mut Vec<Job>) {
    let Page::Options(shown) = &state.page else {
        return;
    };
    let title = if shown.search.trim().is_empty() {
        state.words.say(shown.section.key())
    } else {
        state.words.say("options-title")
    };
    let version = format!(
        "Segl {} ({})",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS
    );
    let lines = shown.visible().map(|item| match item.control {
        Some(control) => format!("{}: {}", item.title, value(state, control)),
        None => item.read(),
    });
    let text: Vec<String> = [version, title].into_iter().chain(lines).collect();
    jobs.push(Job::Copy(text.join("\n")));
    state.call(state.words.say("tell-copied"));
}

fn copy_item(state: &mut State, jobs: &mut Vec<Job>) {
    if let (Page::Options(shown), Place::Options(Spot::Item(id))) = (&state.page, &state.focus)
        && let Some(item) = shown.item(id)
    {
        jobs.push(Job::Copy(item.read()));
        state.call(state.words.say("tell-copied"));
    }
}

/// What is chosen, in words.
pub(super) fn value(state: &State, control: Control) -> String {
    let words = &state.words;
    match control {
        Control::Theme => words.say(theme_key(state.setup.theme)),
        Control::Size => words.with(
            "options-size-value",
            &[("percent", state.setup.zoom.into())],
        ),
        Control::Receipts if state.setup.keep_receipts => words.say("options-on"),
        Control::Receipts => words.say("options-off"),
    }
}

pub(super) fn theme_key(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "options-theme-system",
        Theme::Light => "options-theme-light",
        Theme::Dark => "options-theme-dark",
        Theme::ContrastLight => "options-theme-contrast-light",
        Theme::ContrastDark => "options-theme-contrast-dark",
    }
}

fn choose_theme(state: &mut State, theme: Theme, jobs: &mut Vec<Job>) {
    state.setup.theme = theme;
    let name = Preference::Text(theme.name().to_owned());
    jobs.push(Job::Options(Ask::Remember("theme", name)));
    state.say(state.words.say(theme_key(theme)));
}

fn keep_receipts(state: &mut State, jobs: &mut Vec<Job>) {
    let keep = !state.setup.keep_receipts;
    state.setup.keep_receipts = keep;
    jobs.push(Job::Options(Ask::Remember(
        "keep_receipts",
        Preference::Is(keep),
    )));
    let text = format!(
        "{}: {}",
        state.words.say("options-receipts"),
        value(state, Control::Receipts)
    );
    state.say(text);
}
