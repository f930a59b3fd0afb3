//! What happens next in the first run. Pure.

use jiff::Timestamp;

use super::{Act, Ask, Assistant, Line, Preset, Spot, Standing, Step, Told, Waiting, places};
use crate::{
    app::{message::Job, page::Page, place::Place, state::State},
    mail::Address,
    segl::{Answers, Chosen, DirectoryAnswer, SignInWay},
    words::Words,
};

/// Something is to be done.
#[expect(
    clippy::needless_pass_by_value,
    reason = "as every page takes what is to be done"
)]
pub(in crate::app) fn run(state: &mut State, act: Act, _now: Timestamp, jobs: &mut Vec<Job>) {
    if act == Act::Begin {
        return begin(state);
    }
    let words = std::sync::Arc::clone(&state.words);
    let Page::Assistant(shown) = &mut state.page else {
        return;
    };
    shown.error = None;
    let wrong = match act {
        Act::Forward => return forward(state, jobs),
        Act::Back => return back(state),
        Act::Find => find(shown, &words, jobs),
        Act::Use(index) => choose(shown, index),
        Act::UseTyped => typed(shown, &words),
        Act::StartTls => {
            shown.starts_tls = !shown.starts_tls;
            // The usual port goes with it, where nobody typed another.
            match (shown.port.as_str(), shown.starts_tls) {
                ("465", true) => "587".clone_into(&mut shown.port),
                ("587", false) => "465".clone_into(&mut shown.port),
                _ => {}
            }
            None
        }
        Act::Browser | Act::Device => oauth(shown, &act, &words, jobs),
        Act::Password => password(shown, &words, jobs),
        Act::NoSignIn => {
            shown.way = Some(SignInWay::None);
            shown.step = Step::Recipients;
            None
        }
        Act::CopyLink => {
            if let Waiting::Browser(url) = &shown.waiting {
                jobs.push(Job::Copy(url.clone()));
                state.say(words.say("tell-link-copied"));
            }
            return;
        }
        Act::StopWaiting => {
            shown.wait_no_longer();
            None
        }
        Act::Preset(preset) => {
            shown.preset = preset;
            if preset == Preset::Oces && shown.base.is_empty() {
                "c=DK".clone_into(&mut shown.base);
            }
            if preset != Preset::Files {
                arrive(state);
                return;
            }
            take_preset(shown, &words)
        }
        Act::TakePreset => take_preset(shown, &words),
        Act::NoCopy => {
            shown.copy.clear();
            test(shown, &words, jobs)
        }
        Act::CopyTo => copy_to(shown, &words, jobs),
        Act::Test => test(shown, &words, jobs),
        Act::Finish => finish(shown, &words, jobs),
        Act::Begin => None,
    };
    shown.error.clone_from(&wrong);
    match wrong {
        Some(text) => state.call(text),
        None => arrive(state),
    }
}

/// A text was changed in place: what it was wrong about may be right now.
pub(in crate::app) fn edited(state: &mut State, spot: Spot) {
    if let Page::Assistant(shown) = &mut state.page {
        shown.error = None;
        if spot == Spot::Address {
            // What was found belongs to another address.
            shown.found = None;
            shown.server = None;
            shown.username.clear();
        }
    }
}

/// Esc: no longer waits, else one step back. Whether there was anything to leave.
pub(in crate::app) fn escape(state: &mut State) -> bool {
    let Page::Assistant(shown) = &mut state.page else {
        return false;
    };
    if shown.waiting == Waiting::Nothing {
        back(state);
    } else {
        shown.wait_no_longer();
        arrive(state);
    }
    true
}

fn begin(state: &mut State) {
    let kept = state.first_run.take().unwrap_or_default();
    state.page = Page::Assistant(kept);
    arrive(state);
}

/// Enter in a field: to the next field, and from the last to what the screen is for.
fn forward(state: &mut State, jobs: &mut Vec<Job>) {
    let Page::Assistant(shown) = &state.page else {
        return;
    };
    let act = match (shown.step, &state.focus) {
        (Step::Address, Place::Assistant(Spot::Name)) => {
            return state.go(super::field(Spot::Address));
        }
        (Step::Address, _) if shown.is_only_address => Act::Finish,
        (Step::Address, _) => Act::Find,
        (Step::Server, Place::Assistant(Spot::Host)) => return state.go(super::field(Spot::Port)),
        (Step::Server, _) => Act::UseTyped,
        (Step::SignIn, Place::Assistant(Spot::Username))
            if shown.ways().first() == Some(&SignInWay::Password) =>
        {
            return state.go(super::field(Spot::Password));
        }
        (Step::SignIn, Place::Assistant(Spot::Password)) => Act::Password,
        (Step::SignIn, _) => Act::Browser,
        (Step::Recipients, Place::Assistant(Spot::Url)) => {
            return state.go(super::field(Spot::Base));
        }
        (Step::Recipients, Place::Assistant(Spot::Base)) => {
            return state.go(super::field(Spot::Root));
        }
        (Step::Recipients, _) => Act::TakePreset,
        (Step::Copies, _) => Act::CopyTo,
        (Step::Test, _) => return,
    };
    run(state, act, Timestamp::UNIX_EPOCH, jobs);
}

fn back(state: &mut State) {
    let Page::Assistant(shown) = &mut state.page else {
        return;
    };
    shown.wait_no_longer();
    shown.error = None;
    shown.step = match shown.step {
        // With everything else given by IT there is nothing before this.
        Step::Address if shown.is_only_address => return,
        Step::Address => {
            if let Page::Assistant(kept) = std::mem::take(&mut state.page) {
                state.first_run = Some(kept);
            }
            return state.settle_focus();
        }
        Step::Server => Step::Address,
        Step::SignIn => Step::Server,
        Step::Recipients if shown.way == Some(SignInWay::None) => Step::Server,
        Step::Recipients => Step::SignIn,
        Step::Copies => Step::Recipients,
        Step::Test => Step::Copies,
    };
    arrive(state);
}

/// A step begins: the focus goes where it is wanted, and the screen's heading is said.
fn arrive(state: &mut State) {
    let Page::Assistant(shown) = &state.page else {
        return;
    };
    let place = if shown.waiting == Waiting::Nothing {
        match (&shown.step, shown.preset) {
            (Step::Recipients, Preset::Oces | Preset::Other) => super::field(Spot::Url),
            _ => places::first(shown),
        }
    } else {
        places::button(places::buttons(shown).remove(0))
    };
    let text = state.words.say(super::page::heading(shown));
    state.focus = place;
    state.settle_focus();
    state.say(text);
}

fn find(shown: &mut Assistant, words: &Words, jobs: &mut Vec<Job>) -> Option<String> {
    let Ok(address) = Address::parse(shown.address.trim()) else {
        return Some(words.say("first-run-bad-address"));
    };
    if shown.found.is_some() {
        shown.step = Step::Server;
        return None;
    }
    jobs.push(Job::Assistant(Ask::Find(wait(shown), address)));
    None
}

fn choose(shown: &mut Assistant, index: usize) -> Option<String> {
    let found = shown.found.as_ref()?.servers.get(index)?;
    if shown.server != Some(index) || shown.username.is_empty() {
        shown.username.clone_from(&found.server.username);
    }
    shown.server = Some(index);
    shown.step = Step::SignIn;
    None
}

fn typed(shown: &mut Assistant, words: &Words) -> Option<String> {
    let port: Option<u16> = shown.port.trim().parse().ok().filter(|p| *p != 0);
    if shown.host.trim().is_empty() || port.is_none() {
        return Some(words.say("first-run-no-host"));
    }
    if shown.username.is_empty() {
        shown.username.clone_from(&shown.address);
    }
    shown.server = None;
    shown.step = Step::SignIn;
    None
}

fn oauth(shown: &mut Assistant, act: &Act, words: &Words, jobs: &mut Vec<Job>) -> Option<String> {
    let way = shown
        .ways()
        .iter()
        .find(|w| matches!(w, SignInWay::OAuth(_)))
        .cloned();
    shown.way = way;
    let Some(answers) = answers(shown).filter(|_| shown.way.is_some()) else {
        return Some(words.say("first-run-incomplete"));
    };
    let attempt = wait(shown);
    let ask = match act {
        Act::Device => Ask::Device(attempt, Box::new(answers)),
        _ => Ask::Browser(attempt, Box::new(answers)),
    };
    jobs.push(Job::Assistant(ask));
    None
}

fn password(shown: &mut Assistant, words: &Words, jobs: &mut Vec<Job>) -> Option<String> {
    if shown.password.0.is_empty() {
        return Some(words.say("keys-no-password"));
    }
    shown.way = Some(SignInWay::Password);
    let Some(answers) = answers(shown) else {
        return Some(words.say("first-run-incomplete"));
    };
    let secret = super::Secret(shown.password.0.clone());
    let ask = Ask::Password(wait(shown), Box::new(answers), secret);
    jobs.push(Job::Assistant(ask));
    None
}

fn take_preset(shown: &mut Assistant, words: &Words) -> Option<String> {
    let url = shown.url.trim();
    let is_right = url.is_empty() || url.starts_with("ldaps://") || url.starts_with("ldap://");
    let is_needed = shown.preset == Preset::Other && url.is_empty();
    if shown.preset != Preset::Files && (!is_right || is_needed) {
        return Some(words.say("first-run-bad-directory"));
    }
    shown.step = Step::Copies;
    None
}

fn copy_to(shown: &mut Assistant, words: &Words, jobs: &mut Vec<Job>) -> Option<String> {
    if !std::path::Path::new(shown.copy.trim()).is_absolute() {
        return Some(words.say("first-run-bad-folder"));
    }
    test(shown, words, jobs)
}

fn test(shown: &mut Assistant, words: &Words, jobs: &mut Vec<Job>) -> Option<String> {
    let Some(answers) = answers(shown) else {
        return Some(words.say("first-run-incomplete"));
    };
    shown.step = Step::Test;
    shown.lines.clear();
    jobs.push(Job::Assistant(Ask::Test(wait(shown), Box::new(answers))));
    None
}

fn finish(shown: &mut Assistant, words: &Words, jobs: &mut Vec<Job>) -> Option<String> {
    let Some(answers) = answers(shown) else {
        return Some(words.say("first-run-bad-address"));
    };
    let ask = Ask::Finish(wait(shown), Box::new(answers));
    jobs.push(Job::Assistant(ask));
    None
}

/// Something is asked for: its number.
fn wait(shown: &mut Assistant) -> u32 {
    shown.attempt += 1;
    shown.waiting = Waiting::Answer;
    shown.attempt
}

/// The answers so far; none where the address is none.
fn answers(shown: &Assistant) -> Option<Answers> {
    let address = Address::parse(shown.address.trim()).ok()?;
    let way = shown.way.clone();
    let way = way.unwrap_or(SignInWay::None);
    let server = match shown.server {
        _ if shown.is_only_address => None,
        Some(index) => {
            let found = shown.found.as_ref()?.servers.get(index)?;
            Some(found.chosen(shown.username.trim(), way))
        }
        None => Some(Chosen {
            host: shown.host.trim().to_owned(),
            port: shown.port.trim().parse().ok()?,
            security: shown.security(),
            username: shown.username.trim().to_owned(),
            way,
        }),
    };
    let text = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    let directory = (shown.preset != Preset::Files).then(|| DirectoryAnswer {
        name: match shown.preset {
            Preset::Oces => "OCES".to_owned(),
            _ => host_of(&shown.url),
        },
        url: shown.url.trim().to_owned(),
        base: shown.base.trim().to_owned(),
        root: text(&shown.root).map(Into::into),
        is_oces: shown.preset == Preset::Oces,
    });
    Some(Answers {
        name: shown.name.clone(),
        address,
        server,
        directory,
        copy: text(&shown.copy).map(Into::into),
    })
}

/// The host of a directory's address, as it is typed.
pub(super) fn host_of(url: &str) -> String {
    let rest = url.trim().split_once("://").map_or(url.trim(), |(_, r)| r);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    rest[..end].to_owned()
}

/// The worker reports. What belongs to an attempt that was given up is not heard.
pub(in crate::app) fn hear(state: &mut State, told: Told, _now: Timestamp, _jobs: &mut Vec<Job>) {
    let words = std::sync::Arc::clone(&state.words);
    if let Told::SetUpBy(firm) = told {
        let key = if firm.is_some() {
            "set-up-by"
        } else {
            "set-up-by-it"
        };
        let args = [("firm", firm.unwrap_or_default().into())];
        state.notices.push(words.with(key, &args));
        return;
    }
    let Page::Assistant(shown) = &mut state.page else {
        return;
    };
    if told.attempt() != Some(shown.attempt) {
        return;
    }
    let mut spoken = None;
    let outcome = match told {
        // Nothing moves: the focus stays where it is, and what is new is said.
        Told::Trying(_, lines) => {
            let new = shown.take_lines(lines, &words);
            if !new.is_empty() {
                state.say(new);
            }
            return;
        }
        Told::Sent(_, url) => {
            shown.waiting = Waiting::Browser(url);
            Ok(())
        }
        Told::Code(_, code) => {
            let args = [
                ("page", code.page.as_str().into()),
                ("code", code.code.as_str().into()),
            ];
            spoken = Some(words.with("sign-in-type-code", &args));
            shown.waiting = Waiting::Code(code);
            Ok(())
        }
        Told::Found(_, found) => found.map(|found| {
            shown.found = Some(found);
            shown.done(Step::Server);
        }),
        Told::SignedIn(_, done) => done.map(|()| {
            shown.password = super::Secret::default();
            shown.done(Step::Recipients);
        }),
        Told::Tried(_, lines) => lines.map(|lines| {
            let key = if lines.iter().all(|l| l.standing == Standing::Good) {
                "tell-test-good"
            } else {
                "tell-test-bad"
            };
            spoken = Some(words.say(key));
            shown.lines = lines;
            shown.done(Step::Test);
        }),
        Told::NotFinished(_, text) => Err(text),
        Told::SetUpBy(_) => Ok(()),
    };
    if let Err(text) = &outcome {
        shown.waiting = Waiting::Nothing;
        shown.error = Some(text.clone());
    }
    arrive(state);
    match (outcome, spoken) {
        (Err(text), _) | (Ok(()), Some(text)) => state.call(text),
        _ => {}
    }
}

impl Assistant {
    /// What was asked is not waited for. What it comes to is not heard, and the lines say so: the mail may be on its way.
    fn wait_no_longer(&mut self) {
        self.attempt += 1;
        self.waiting = Waiting::Nothing;
        for line in &mut self.lines {
            if line.standing == Standing::Checking {
                line.standing = Standing::NotAwaited;
            }
        }
    }

    /// The lines so far. Answers those that are new, as they are read.
    fn take_lines(&mut self, lines: Vec<Line>, words: &Words) -> String {
        let is_new = |(at, line): &(usize, &Line)| {
            line.standing != Standing::Checking && self.lines.get(*at) != Some(*line)
        };
        let new = lines.iter().enumerate().filter(is_new);
        let told: Vec<String> = new.map(|(_, line)| line.sentence(words)).collect();
        self.lines = lines;
        told.join(" ")
    }

    fn done(&mut self, next: Step) {
        self.waiting = Waiting::Nothing;
        self.step = next;
    }
}

impl Told {
    fn attempt(&self) -> Option<u32> {
        Some(match self {
            Self::Found(n, _)
            | Self::Sent(n, _)
            | Self::Code(n, _)
            | Self::SignedIn(n, _)
            | Self::Trying(n, _)
            | Self::Tried(n, _)
            | Self::NotFinished(n, _) => *n,
            Self::SetUpBy(_) => return None,
        })
    }
}
