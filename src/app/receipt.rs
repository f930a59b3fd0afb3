//! The receipt: what was handed to the mail server for whom and how, and what is not known. Never "delivered".

use egui::{ScrollArea, Ui};
use jiff::{Timestamp, tz::TimeZone};

use super::{
    command::Command,
    kit::{Pen, Weight},
    look::{Shape, Tone},
    place::{Place, Spot},
    report::{Delivered, Outcome, Overall, Receipt},
    standing::{listed, name},
    state::{Phase, State},
    stops, theme, warning,
};
use crate::{
    decide::{Reason, ReasonCode, Route},
    words::Words,
};

/// A line of the receipt.
struct Line {
    mark: Option<(Tone, Shape)>,
    text: String,
}

/// The receipt over the whole window.
pub(crate) fn receipt_ui(ui: &mut Ui, state: &mut State, pen: &mut Pen) {
    let room = (ui.available_height() - 150.0).max(120.0);
    // In a low window the buttons are scrolled to.
    ScrollArea::vertical()
        .id_salt("receipt page")
        .auto_shrink([false, false])
        .show(ui, |ui| sheet_ui(ui, state, pen, room));
}

fn sheet_ui(ui: &mut Ui, state: &mut State, pen: &mut Pen, room: f32) {
    let lines = lines(state);
    let commands = stops::receipt_commands(state);
    let offset = state.reading;
    let sheet = theme::panel_frame(&pen.palette).show(ui, |ui| {
        let shown = ScrollArea::vertical()
            .id_salt("receipt")
            .max_height(room)
            .min_scrolled_height(room)
            .vertical_scroll_offset(offset.min(1e6))
            .auto_shrink([false, true])
            .show(ui, |ui| {
                for (index, line) in lines.iter().enumerate() {
                    line_ui(ui, pen, index, line);
                }
            });
        let most = (shown.content_size.y - shown.inner_rect.height()).max(0.0);
        state.reading = shown.state.clamped_offset().y.clamp(0.0, most);
    });
    reading_place(
        ui,
        pen,
        sheet.response.rect,
        lines.iter().map(|l| l.text.as_str()),
    );
    ui.add_space(theme::GAP);
    ui.horizontal_wrapped(|ui| {
        for command in &commands {
            let weight = if *command == Command::CloseReceipt {
                Weight::Main
            } else {
                Weight::Plain
            };
            pen.button(ui, Spot::Receipt, command, weight);
        }
    });
    super::foot::live_ui(ui, state, pen);
}

fn line_ui(ui: &mut Ui, pen: &Pen, index: usize, line: &Line) {
    ui.horizontal_top(|ui| {
        if let Some((tone, shape)) = line.mark {
            pen.mark(ui, tone, shape, 22.0);
        }
        ui.vertical(|ui| {
            if index == 0 {
                pen.heading(ui, &line.text);
            } else {
                pen.text(ui, &line.text);
            }
        });
    });
}

/// A text that can have the focus, so that it is read and scrolled by keys.
pub(crate) fn reading_place<'a>(
    ui: &mut Ui,
    pen: &mut Pen,
    rect: egui::Rect,
    lines: impl Iterator<Item = &'a str>,
) {
    let response = ui.interact(
        rect,
        Place::Reading.id(),
        egui::Sense::focusable_noninteractive(),
    );
    let text = lines.collect::<Vec<_>>().join(". ");
    response.widget_info(|| {
        let role = egui::accesskit::Role::Document;
        egui::WidgetInfo::labeled(role, true, &text)
    });
    pen.place(ui, Place::Reading, &response);
}

/// The receipt as text, for the clipboard: with the zone, for it is read elsewhere.
pub(super) fn as_text(state: &State) -> Option<String> {
    let Phase::Done { receipt, .. } = &state.phase else {
        return None;
    };
    let mut text: Vec<String> = lines(state).into_iter().map(|l| l.text).collect();
    text.push(state.words.moment(receipt.at));
    text.push(receipt.message_id.clone());
    if let Some(record) = &receipt.record {
        text.push(format!("{}:{}", record.seq, record.link));
    }
    Some(text.join("\n"))
}

/// What became of the mail, in one sentence.
pub(super) fn headline(state: &State) -> Option<String> {
    lines(state).into_iter().next().map(|l| l.text)
}

fn lines(state: &State) -> Vec<Line> {
    let words = &state.words;
    let plain = |text: String| Line { mark: None, text };
    match &state.phase {
        Phase::Done { receipt, .. } => of_receipt(words, receipt),
        Phase::Unconfirmed(trouble) => vec![
            Line {
                mark: Some((Tone::Red, Shape::Question)),
                text: words.say("handed-perhaps"),
            },
            plain(trouble.text()),
            plain(words.say("handed-perhaps-next")),
        ],
        _ => Vec::new(),
    }
}

fn of_receipt(words: &Words, receipt: &Receipt) -> Vec<Line> {
    let plain = |text: String| Line { mark: None, text };
    let mut lines = vec![heading(words, receipt)];
    let overall = receipt.overall();
    if overall == Overall::Unconfirmed {
        lines.push(plain(words.say("handed-broke")));
        lines.push(plain(words.say("handed-perhaps-next")));
    }
    let sent = |d: &&Delivered| d.outcome == Outcome::Sent;
    let encrypted = receipt
        .deliveries
        .iter()
        .filter(sent)
        .filter(|d| d.route.is_end_to_end())
        .count();
    let signed = receipt
        .deliveries
        .iter()
        .filter(sent)
        .filter(|d| d.route.is_end_to_end() && d.is_signed)
        .count();
    let clear = receipt.deliveries.iter().filter(sent).count() - encrypted;
    let count =
        |key, count: usize| (count > 0).then(|| words.with(key, &[("count", count.into())]));
    let counts = [
        count("handed-encrypted-signed", signed),
        count("handed-encrypted", encrypted - signed),
        count("handed-clear", clear),
    ];
    lines.push(plain(
        counts.into_iter().flatten().collect::<Vec<_>>().join(" "),
    ));
    lines.extend(receipt.deliveries.iter().map(|d| delivered(words, d)));
    if !receipt.left_out.is_empty() {
        let who: Vec<String> = receipt.left_out.iter().map(name).collect();
        lines.push(plain(
            words.with("handed-left-out", &[("who", listed(words, &who).into())]),
        ));
    }
    lines.extend(server(words, receipt).into_iter().map(plain));
    match &receipt.record {
        Some(record) => lines.push(plain(
            words.with("handed-record", &[("seq", record.seq.to_string().into())]),
        )),
        None => lines.push(plain(words.say("handed-not-recorded"))),
    }
    lines.retain(|l| !l.text.is_empty());
    lines
}

fn heading(words: &Words, receipt: &Receipt) -> Line {
    let sent = receipt
        .deliveries
        .iter()
        .filter(|d| d.outcome == Outcome::Sent)
        .count();
    let refused = receipt
        .deliveries
        .iter()
        .filter(|d| d.outcome == Outcome::Rejected);
    let refused: Vec<String> = refused.map(|d| name(&d.recipient)).collect();
    let who = listed(words, &refused);
    let (mark, text) = match receipt.overall() {
        Overall::Encrypted | Overall::PartlyEncrypted => {
            let shape = if receipt.overall() == Overall::Encrypted {
                Shape::Closed
            } else {
                Shape::Open
            };
            let tone = if receipt.overall() == Overall::Encrypted {
                Tone::Green
            } else {
                Tone::Red
            };
            (
                (tone, shape),
                words.with("handed-over", &[("time", clock(receipt.at).into())]),
            )
        }
        Overall::PartlySent => {
            let all = receipt.deliveries.len();
            let args = [
                ("sent", sent.into()),
                ("all", all.into()),
                ("who", who.into()),
            ];
            (
                (Tone::Red, Shape::Cross),
                words.with("handed-partly", &args),
            )
        }
        Overall::NotSent => (
            (Tone::Red, Shape::Cross),
            words.with("handed-nobody", &[("who", who.into())]),
        ),
        Overall::Unconfirmed => ((Tone::Red, Shape::Question), words.say("handed-perhaps")),
    };
    Line {
        mark: Some(mark),
        text,
    }
}

fn delivered(words: &Words, delivered: &Delivered) -> Line {
    let who = name(&delivered.recipient);
    let reply = delivered.reply.as_str();
    let with = |key, args: &[(&str, crate::words::Arg<'_>)]| words.with(key, args);
    let (mark, text) = match (delivered.outcome, delivered.route) {
        (Outcome::Rejected, _) => {
            let text = with(
                "handed-line-refused",
                &[("who", who.into()), ("reply", reply.into())],
            );
            ((Tone::Red, Shape::Cross), text)
        }
        (Outcome::Unconfirmed, _) => (
            (Tone::Red, Shape::Question),
            with("handed-line-unknown", &[("who", who.into())]),
        ),
        (Outcome::Sent, Route::Person) => (
            (Tone::Green, Shape::Closed),
            with("handed-line-person", &[("who", who.into())]),
        ),
        (Outcome::Sent, Route::Organisation) => {
            let organisation = delivered.organisation.clone().unwrap_or_default();
            let args = [("who", who.into()), ("organisation", organisation.into())];
            (
                (Tone::Green, Shape::ClosedHouse),
                with("handed-line-organisation", &args),
            )
        }
        (Outcome::Sent, Route::Tunnel) => {
            let organisation = delivered.organisation.clone();
            let domain = || delivered.recipient.mailbox.address.domain_unicode();
            let organisation = organisation.unwrap_or_else(domain);
            let args = [("who", who.into()), ("organisation", organisation.into())];
            (
                (Tone::Green, Shape::ClosedHouse),
                with("handed-line-tunnel", &args),
            )
        }
        (Outcome::Sent, Route::Internal) => (
            (Tone::House, Shape::ClosedHouse),
            with("handed-line-internal", &[("who", who.into())]),
        ),
        (Outcome::Sent, Route::Tls | Route::None) => {
            let reason = delivered
                .reason
                .as_ref()
                .map(|r| reason(words, r))
                .unwrap_or_default();
            let args = [("who", who.into()), ("reason", reason.into())];
            ((Tone::Red, Shape::Open), with("handed-line-clear", &args))
        }
    };
    Line {
        mark: Some(mark),
        text,
    }
}

fn reason(words: &Words, reason: &Reason) -> String {
    match reason.code() {
        ReasonCode::Urgent => words.with("handed-urgent", &[("text", reason.text().into())]),
        ReasonCode::Other => reason.text().to_owned(),
        code => warning::reason(words, code),
    }
}

/// What the mail server said, each answer once.
fn server(words: &Words, receipt: &Receipt) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for delivered in receipt
        .deliveries
        .iter()
        .filter(|d| d.outcome == Outcome::Sent)
    {
        let args = [
            ("reply", delivered.reply.as_str().into()),
            ("tls", delivered.tls.as_str().into()),
        ];
        let line = words.with("handed-reply", &args);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// A time of day with seconds, local.
pub(super) fn clock(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%H:%M:%S")
        .to_string()
}
