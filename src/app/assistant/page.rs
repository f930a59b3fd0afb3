//! Draws the first run: a heading, what it is about, fields, buttons, and what went wrong.

use egui::{ScrollArea, Ui};
use jiff::Timestamp;

use super::{Act, Assistant, Preset, Spot, Standing, Step, Waiting, places, update::host_of};
use crate::{
    app::{
        command::Command,
        foot,
        kit::{Pen, Weight},
        look::{Shape, Tone},
        page::Page,
        place,
        signing_in::secret_ui,
        state::State,
        theme,
    },
    config::Security,
    segl::Proposal,
};

/// Draws it.
pub(in crate::app) fn page_ui(ui: &mut Ui, state: &mut State, pen: &mut Pen, _now: Timestamp) {
    let area = ScrollArea::vertical().auto_shrink([false, false]);
    area.show(ui, |ui| {
        if let Page::Assistant(shown) = &mut state.page {
            // Long lines are hard to read.
            ui.set_max_width(ui.available_width().min(720.0));
            step_ui(ui, shown, pen);
        }
        if let Some(trouble) = &state.trouble {
            pen.text(ui, &trouble.text());
        }
        foot::live_ui(ui, state, pen);
    });
}

/// The key of the heading: what the screen is for, or what is waited for.
pub(super) fn heading(shown: &Assistant) -> &'static str {
    match (&shown.waiting, shown.step) {
        (Waiting::Browser(_), _) => "first-run-browser",
        (Waiting::Code(_), _) => "first-run-code",
        (Waiting::Answer, Step::Address) if !shown.is_only_address => "first-run-looking",
        (Waiting::Answer, Step::SignIn) => "first-run-signing-in",
        (Waiting::Answer, Step::Test) => "first-run-testing",
        (_, Step::Address) => "first-run-address",
        (_, Step::Server) if shown.found.as_ref().is_some_and(|f| f.servers.is_empty()) => {
            "first-run-no-server"
        }
        (_, Step::Server) => "first-run-server",
        (_, Step::SignIn) => "first-run-sign-in",
        (_, Step::Recipients) => "first-run-recipients",
        (_, Step::Copies) => "first-run-copies",
        (_, Step::Test) => "first-run-test",
    }
}

fn step_ui(ui: &mut Ui, shown: &mut Assistant, pen: &mut Pen) {
    if !shown.is_only_address {
        let number = shown.step as i64 + 1;
        let args = [("number", number.into()), ("count", 6.into())];
        pen.faint(ui, &pen.words.with("first-run-step", &args));
    }
    pen.heading(ui, &pen.words.say(heading(shown)));
    ui.add_space(theme::GAP);
    match &shown.waiting {
        Waiting::Browser(url) => {
            pen.text(ui, &pen.words.say("first-run-browser-text"));
            let url = url.clone();
            pen.text(ui, &url);
        }
        Waiting::Code(code) => {
            let page = [("page", code.page.as_str().into())];
            pen.text(ui, &pen.words.with("first-run-code-text", &page));
            pen.heading(ui, &code.code);
        }
        // The lines say what is waited for.
        Waiting::Answer if shown.step == Step::Test && !shown.lines.is_empty() => {}
        Waiting::Answer => pen.text(ui, &pen.words.say("first-run-wait")),
        Waiting::Nothing => {}
    }
    let is_idle = shown.waiting == Waiting::Nothing;
    match shown.step {
        Step::Address => address_ui(ui, shown, pen),
        Step::Server if is_idle => server_ui(ui, shown, pen),
        Step::SignIn if is_idle => sign_in_ui(ui, shown, pen),
        Step::Recipients if is_idle => recipients_ui(ui, shown, pen),
        Step::Copies if is_idle => copies_ui(ui, shown, pen),
        Step::Test => test_ui(ui, shown, pen),
        _ => {}
    }
    if let Some(error) = &shown.error {
        ui.horizontal_wrapped(|ui| {
            pen.mark(ui, Tone::Red, Shape::Cross, 20.0);
            pen.text(ui, error);
        });
    }
    ui.add_space(theme::GAP);
    ui.horizontal_wrapped(|ui| {
        for (index, act) in places::buttons(shown).into_iter().enumerate() {
            // These stand beside what they are about.
            if matches!(act, Act::Use(_) | Act::Preset(_) | Act::StartTls) {
                continue;
            }
            let weight = if index == 0 && is_idle || act == Act::TakePreset {
                Weight::Main
            } else {
                Weight::Plain
            };
            button_ui(ui, pen, act, weight);
        }
    });
}

fn button_ui(ui: &mut Ui, pen: &mut Pen, act: Act, weight: Weight) {
    let command = Command::Assistant(act);
    pen.button(ui, place::Spot::Page, &command, weight);
}

fn field_ui(
    ui: &mut Ui,
    shown: &mut Assistant,
    pen: &mut Pen,
    spot: Spot,
    label: &str,
    hint: &str,
) {
    let (label, hint) = (pen.words.say(label), pen.words.say(hint));
    pen.faint(ui, &label);
    let place = super::field(spot);
    if spot != Spot::Password {
        pen.line(ui, &place, shown.field(spot), &label, &hint);
        return;
    }
    secret_ui(ui, pen, &place, shown.field(spot), &label);
}

fn address_ui(ui: &mut Ui, shown: &mut Assistant, pen: &mut Pen) {
    let text = if shown.is_only_address {
        "first-run-only-address-text"
    } else {
        "first-run-address-text"
    };
    pen.text(ui, &pen.words.say(text));
    field_ui(ui, shown, pen, Spot::Name, "label-name", "hint-name");
    field_ui(
        ui,
        shown,
        pen,
        Spot::Address,
        "label-address",
        "hint-address",
    );
}

fn server_ui(ui: &mut Ui, shown: &mut Assistant, pen: &mut Pen) {
    if let Some(found) = &shown.found {
        for (index, proposal) in found.servers.iter().enumerate() {
            proposal_ui(ui, pen, index, proposal);
        }
        for note in &found.notes {
            ui.horizontal_wrapped(|ui| {
                pen.mark(ui, Tone::Checking, Shape::Question, 18.0);
                pen.faint(ui, note);
            });
        }
    }
    ui.add_space(theme::GAP);
    pen.text(ui, &pen.words.say("first-run-typed-text"));
    field_ui(ui, shown, pen, Spot::Host, "label-host", "hint-host");
    field_ui(ui, shown, pen, Spot::Port, "label-port", "hint-port");
    let key = match shown.security() {
        Security::ImplicitTls => "security-implicit",
        Security::StartTls => "security-starttls",
    };
    ui.horizontal_wrapped(|ui| {
        pen.text(ui, &pen.words.say(key));
        button_ui(ui, pen, Act::StartTls, Weight::Plain);
    });
}

fn proposal_ui(ui: &mut Ui, pen: &mut Pen, index: usize, proposal: &Proposal) {
    let server = &proposal.server;
    let security = match proposal.security() {
        Security::ImplicitTls => "security-implicit",
        Security::StartTls => "security-starttls",
    };
    let host = ("host", server.host.as_str().into());
    let args = [
        host.clone(),
        ("port", server.port.to_string().into()),
        ("security", pen.words.say(security).into()),
        ("source", pen.words.found_by(&server.source).into()),
    ];
    pen.text(ui, &pen.words.with("first-run-found", &args));
    if server.must_be_confirmed {
        ui.horizontal_wrapped(|ui| {
            pen.mark(ui, Tone::Red, Shape::Question, 20.0);
            pen.text(
                ui,
                &pen.words
                    .with("first-run-outside", std::slice::from_ref(&host)),
            );
        });
    }
    let (key, weight) = match (server.must_be_confirmed, index) {
        (true, _) => ("do-use-outside", Weight::Plain),
        (false, 0) => ("do-use-server", Weight::Main),
        (false, _) => ("do-use-server", Weight::Plain),
    };
    let text = pen.words.with(key, &[host]);
    let command = Command::Assistant(Act::Use(index));
    pen.button_named(ui, place::Spot::Page, &command, &text, weight);
}

fn sign_in_ui(ui: &mut Ui, shown: &mut Assistant, pen: &mut Pen) {
    let chosen = shown
        .server
        .and_then(|i| shown.found.as_ref()?.servers.get(i));
    let host = chosen.map_or(shown.host.trim(), |p| p.server.host.as_str());
    let host = host.to_owned();
    pen.text(
        ui,
        &pen.words
            .with("first-run-sign-in-text", &[("host", host.into())]),
    );
    if let Some(provider) = chosen
        .filter(|p| p.lacks_client)
        .and_then(|p| p.server.provider)
    {
        let args = [("provider", provider.name.into())];
        let text = pen.words.with("first-run-no-client", &args);
        ui.horizontal_wrapped(|ui| {
            pen.mark(ui, Tone::Checking, Shape::Question, 20.0);
            pen.text(ui, &text);
        });
    }
    field_ui(
        ui,
        shown,
        pen,
        Spot::Username,
        "label-username",
        "hint-username",
    );
    if places::fields(shown).contains(&Spot::Password) {
        field_ui(
            ui,
            shown,
            pen,
            Spot::Password,
            "label-password",
            "hint-password",
        );
        pen.faint(ui, &pen.words.say("first-run-password-text"));
    }
}

fn recipients_ui(ui: &mut Ui, shown: &mut Assistant, pen: &mut Pen) {
    pen.text(ui, &pen.words.say("first-run-recipients-text"));
    for preset in [Preset::Oces, Preset::Other, Preset::Files] {
        let weight = if preset == shown.preset {
            Weight::Main
        } else {
            Weight::Plain
        };
        button_ui(ui, pen, Act::Preset(preset), weight);
        let key = match preset {
            Preset::Oces => "preset-oces-text",
            Preset::Other => "preset-other-text",
            Preset::Files => "preset-files-text",
        };
        pen.faint(ui, &pen.words.say(key));
    }
    if shown.preset == Preset::Files {
        return;
    }
    ui.add_space(theme::GAP);
    field_ui(ui, shown, pen, Spot::Url, "label-url", "hint-url");
    field_ui(ui, shown, pen, Spot::Base, "label-base", "hint-base");
    field_ui(ui, shown, pen, Spot::Root, "label-root", "hint-root");
    let host = host_of(&shown.url);
    if !host.is_empty() {
        let args = [("host", host.into())];
        pen.text(ui, &pen.words.with("first-run-asks", &args));
    }
    if shown.root.trim().is_empty() {
        pen.text(ui, &pen.words.say("first-run-no-root"));
    }
}

fn copies_ui(ui: &mut Ui, shown: &mut Assistant, pen: &mut Pen) {
    pen.text(ui, &pen.words.say("first-run-copies-text"));
    pen.text(ui, &pen.words.say("first-run-folder-text"));
    field_ui(ui, shown, pen, Spot::Copy, "label-copy", "hint-copy");
    pen.faint(ui, &pen.words.say("first-run-test-sends"));
}

fn test_ui(ui: &mut Ui, shown: &Assistant, pen: &mut Pen) {
    for line in &shown.lines {
        let (tone, shape) = match line.standing {
            Standing::Checking => (Tone::Checking, Shape::Dots),
            Standing::Good => (Tone::Green, Shape::Tick),
            Standing::Bad => (Tone::Red, Shape::Cross),
            Standing::NotAwaited => (Tone::Checking, Shape::Question),
        };
        ui.horizontal_top(|ui| {
            pen.mark(ui, tone, shape, 22.0);
            ui.vertical(|ui| pen.text(ui, &line.sentence(&pen.words)));
        });
    }
    if !shown.lines.is_empty() && shown.waiting == Waiting::Nothing {
        pen.text(ui, &pen.words.say("first-run-finish-text"));
    }
}
