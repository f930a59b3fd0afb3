//! Pictures of composer, warning and receipt, in both languages, light and dark. Written by `UPDATE_SNAPSHOTS=1`.
//!
//! They need a Vulkan driver (Debian: `mesa-vulkan-drivers`). Where there is none they are skipped loudly, and fail in CI.

use egui_kittest::{Harness, SnapshotOptions, SnapshotResults};
use segl::{
    app::{
        command::Command,
        message::Event as Report,
        report::{Delivered, Outcome, Receipt, RecordEntry},
        theme::Theme,
    },
    decide::{ApprovedRecipient, Reason, ReasonCode, Route},
    mail::{Attachment, Body, Digest},
    words::Lang,
};

use crate::{people::*, support::*};

const SIZE: egui::Vec2 = egui::vec2(640.0, 560.0);

fn composer(lang: Lang, theme: Theme) -> Desk {
    let mut setup = setup(lang);
    setup.theme = theme;
    let mut desk = Desk::with(setup);
    let (court, eva) = ("post@ret-eksempel.dk", "eva@mail-eksempel.dk");
    desk.address(&format!(
        "Retten i Eksempelby <{court}>, Eva Borger <{eva}>"
    ));
    desk.find(organisation(court, "Retten i Eksempelby"));
    desk.find(not_found(eva));
    "BS-123/2026-EKS, replik".clone_into(&mut desk.state.draft.subject);
    desk.state.draft.body = Body::Text("Kære ret\n\nVedhæftet er replikken i sagen.".to_owned());
    desk.hear(Report::Attached(vec![Ok(Attachment {
        path: "/sag/replik.pdf".into(),
        name: "replik.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 2_148_000,
        sha256: Digest::of(b"replik"),
    })]));
    desk.hear(Report::DraftSaved {
        id: desk.state.draft.id.clone(),
        at: desk.now,
    });
    desk.wait(3_000);
    desk.take();
    desk
}

fn warning(lang: Lang, theme: Theme) -> Desk {
    let mut desk = composer(lang, theme);
    desk.run(Command::Send);
    desk.wait(500);
    desk.run(Command::Choose(ReasonCode::NothingConfidential));
    desk
}

fn receipt(lang: Lang, theme: Theme) -> Desk {
    let mut desk = warning(lang, theme);
    desk.run(Command::SendToAll);
    desk.run(Command::SendNow);
    let jobs = desk.take();
    let approved = jobs.iter().find_map(|j| match j {
        segl::app::message::Job::Send { approved, .. } => Some(approved),
        _ => None,
    });
    let delivered = |r: &ApprovedRecipient| Delivered {
        recipient: r.recipient().clone(),
        route: r.route(),
        organisation: r.organisation().map(segl::cert::Organisation::label),
        outcome: Outcome::Sent,
        reply: "250 2.0.0 Ok: queued as 4XyZ".to_owned(),
        tls: "TLS 1.3".to_owned(),
        reason: (r.route() == Route::Tls)
            .then(|| Reason::new(ReasonCode::NothingConfidential, "").unwrap()),
    };
    let receipt = Receipt {
        draft: desk.state.draft.id.clone(),
        message_id: "<1@advokat-eksempel.dk>".to_owned(),
        at: at("2026-11-12T14:02:11"),
        deliveries: approved
            .unwrap()
            .recipients()
            .iter()
            .map(delivered)
            .collect(),
        left_out: Vec::new(),
        again: None,
        record: Some(RecordEntry {
            seq: 4711,
            link: "00".to_owned(),
        }),
    };
    desk.hear(Report::Sent(Box::new(receipt)));
    desk
}

/// A screen's name, and how it comes about.
type Picture = (&'static str, fn(Lang, Theme) -> Desk);

const SCREENS: [Picture; 3] = [
    ("composer", composer),
    ("warning", warning),
    ("receipt", receipt),
];

/// Whether pictures can be drawn here.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn can_draw() -> bool {
    let drawn = std::panic::catch_unwind(|| {
        let mut probe = Harness::new_ui(|ui| {
            ui.label("probe");
        });
        probe.render().is_ok()
    });
    let can = drawn.unwrap_or(false);
    assert!(
        can || std::env::var_os("CI").is_none(),
        "no Vulkan driver in CI: install mesa-vulkan-drivers"
    );
    if !can {
        eprintln!(
            "SKIPPED: no Vulkan driver, so no pictures were compared (Debian: mesa-vulkan-drivers)"
        );
    }
    can
}

#[test]
fn composer_warning_and_receipt_look_as_they_did() {
    if !can_draw() {
        return;
    }
    let options = SnapshotOptions::new().output_path("tests/gui/snapshots");
    let mut results = SnapshotResults::new();
    for lang in Lang::ALL {
        for (name, theme) in [("light", Theme::Light), ("dark", Theme::Dark)] {
            for (screen, desk) in SCREENS {
                let mut harness = open_sized(desk(lang, theme), SIZE, 1.0);
                harness.run_ok();
                let file = format!("{screen}-{}-{name}", lang.tag());
                results.add(harness.try_snapshot_options(file, &options));
            }
        }
    }
    results.unwrap();
}
