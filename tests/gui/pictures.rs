//! Pictures of every screen: both languages, the four themes, at 100 % and at 400 %. Written by `UPDATE_SNAPSHOTS=1`.
//!
//! A new screen joins with one line in `SCREENS`. To keep the repository small, new pictures are packed
//! again: `mogrify -strip -define png:compression-level=9 tests/gui/snapshots/*.png`. They need a Vulkan driver (Debian: `mesa-vulkan-drivers`). Where there
//! is none they are skipped loudly, and fail in CI.

use egui_kittest::{Harness, SnapshotOptions, SnapshotResults};
use segl::{
    alert::Rules,
    app::{
        aids::{
            self, Aids,
            templates::{Found, Owner, Skipped, Template, Why},
        },
        book::{Act, Told},
        command::Command,
        message::{Event as Report, Job, Message},
        options::Section,
        place::Place,
        report::{Delivered, Outcome, Receipt, RecordEntry, Step, Trouble},
        setup::Readiness,
        theme::Theme,
    },
    decide::{ApprovedRecipient, Reason, ReasonCode, Route},
    mail::{Attachment, Body, Digest, Kind},
    spelling::{Language, Verdict},
    words::Lang,
};

use crate::{books::*, lists, people::*, support::*};

/// A screen's name, and how it comes about.
pub(crate) type Picture = (&'static str, fn(Lang, Theme) -> Desk);

/// Every screen that is looked at.
pub(crate) const SCREENS: [Picture; 22] = [
    ("empty", empty),
    ("composer", composer),
    ("states", states),
    ("details", details),
    ("warning", warning),
    ("refused", refused),
    ("hold", hold),
    ("strip", strip),
    ("receipt", receipt),
    ("trouble", trouble),
    ("broken", broken),
    ("welcome", welcome),
    ("keys", keys),
    ("drafts", lists::drafts_picture),
    ("outbox", lists::outbox_picture),
    ("log", lists::log_picture),
    ("reading", lists::reading_picture),
    ("waiting", lists::waiting_picture),
    ("suggestions", suggestions),
    ("recipients", recipients),
    ("spelling", spelling),
    ("templates", templates),
];

/// The window as it opens.
const USUAL: egui::Vec2 = egui::vec2(760.0, 640.0);
/// What 1366 by 768 leaves at 400 %.
const LARGE: egui::Vec2 = egui::vec2(341.0, 180.0);

fn desk(lang: Lang, theme: Theme) -> Desk {
    let mut setup = setup(lang);
    setup.theme = theme;
    Desk::with(setup)
}

fn empty(lang: Lang, theme: Theme) -> Desk {
    desk(lang, theme)
}

/// Every state of a recipient that there is.
fn states(lang: Lang, theme: Theme) -> Desk {
    let mut desk = desk(lang, theme);
    everybody(&mut desk);
    desk.wait(3_000);
    desk.take();
    desk
}

fn details(lang: Lang, theme: Theme) -> Desk {
    let mut desk = composer(lang, theme);
    // Certificates are made anew for each run, and their fingerprints with them.
    desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    desk.run(Command::Details);
    desk
}

fn refused(lang: Lang, theme: Theme) -> Desk {
    let mut desk = composer(lang, theme);
    desk.state.setup.policy.fallback = segl::decide::Fallback::Forbid;
    desk.run(Command::Send);
    desk.wait(500);
    desk
}

/// Everybody gets it encrypted, and the undo time runs.
fn hold(lang: Lang, theme: Theme) -> Desk {
    let mut desk = composer(lang, theme);
    desk.find(person(EVA, "Eva Borger"));
    desk.wait(3_000);
    desk.run(Command::Send);
    desk.wait(1_500);
    desk
}

fn strip(lang: Lang, theme: Theme) -> Desk {
    let mut desk = hold(lang, theme);
    desk.run(Command::SendNow);
    sent(&mut desk);
    desk
}

fn trouble(lang: Lang, theme: Theme) -> Desk {
    let mut desk = hold(lang, theme);
    desk.run(Command::SendNow);
    let words = &desk.state.words;
    let trouble = Trouble {
        happened: words.with("trouble-file-unreadable", &[("name", "replik.pdf".into())]),
        means: words.say("trouble-nothing-sent"),
        todo: words.say("trouble-file-next"),
        steps: vec![Step::SendAgain, Step::CopyForIt],
        at: None,
        may_have_been_sent: false,
        detail: String::new(),
    };
    desk.hear(Report::SendFailed(Box::new(trouble)));
    desk.wait(3_000);
    desk
}

fn broken(lang: Lang, theme: Theme) -> Desk {
    let mut setup = setup(lang);
    setup.theme = theme;
    setup.readiness = Readiness::Broken {
        sentence: match lang {
            Lang::Da => "Indstillingerne kan ikke læses: segl.toml linje 14, »securty« kendes ikke (mente du »security«?). Du kan skrive, men ikke sende.",
            Lang::En => "The settings cannot be read: segl.toml line 14, “securty” is unknown (did you mean “security”?). You can write but not send.",
        }
        .to_owned(),
        detail: String::new(),
    };
    Desk::with(setup)
}

fn welcome(lang: Lang, theme: Theme) -> Desk {
    let mut setup = setup(lang);
    setup.theme = theme;
    setup.readiness = Readiness::NoSettings;
    setup.senders.clear();
    Desk::with(setup)
}

fn keys(lang: Lang, theme: Theme) -> Desk {
    let mut desk = composer(lang, theme);
    desk.run(Command::Keys);
    desk.wait(500);
    desk
}

fn composer(lang: Lang, theme: Theme) -> Desk {
    let mut desk = desk(lang, theme);
    desk.address(&format!(
        "Retten i Eksempelby <{COURT}>, Eva Borger <{EVA}>"
    ));
    desk.find(organisation(COURT, "Retten i Eksempelby"));
    desk.find(not_found(EVA));
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
    sent(&mut desk);
    desk
}

/// The mail server has taken it.
fn sent(desk: &mut Desk) {
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
}

/// Suggestions below To, the second of two with one name chosen.
fn suggestions(lang: Lang, theme: Theme) -> Desk {
    let mut desk = composer(lang, theme);
    desk.hear(Report::Book(Told::Loaded(book(Rules::default()))));
    desk.step(Message::Focus(Place::Field(Kind::To)));
    "anne".clone_into(&mut desk.state.rows.row_mut(Kind::To).typed);
    desk.step(Message::Edited(Place::Field(Kind::To)));
    desk.run(Command::Book(Act::Next));
    desk.run(Command::Book(Act::Next));
    desk
}

/// The question about a look-alike, a new domain and too many who see each other.
fn recipients(lang: Lang, theme: Theme) -> Desk {
    let mut desk = composer(lang, theme);
    desk.hear(Report::Book(Told::Loaded(book(Rules {
        open_recipients: 3,
        ..Rules::default()
    }))));
    desk.address("Anne Holm <holm@politi-eksempel.com>, Ib Lund <ib@fremmed.example>");
    desk.run(Command::Send);
    desk.wait(500);
    desk
}

/// A wrong word with its suggestions, and quoted text that goes along.
fn spelling(lang: Lang, theme: Theme) -> Desk {
    let mut desk = composer(lang, theme);
    desk.state.setup.writing.spelling = true;
    desk.state.aids = Aids::new(desk.state.setup.writing, lang);
    let (text, word, near, language) = match lang {
        Lang::Da => (
            "Kære ret\n\nHermed replkken i sagen.\n\nDen 3. november skrev Eva:\n> Kære Anne\n> Tak.",
            "replkken",
            ["replikken", "replikker"],
            Language::Danish,
        ),
        Lang::En => (
            "Dear Court\n\nPlease find the replly.\n\nOn 3 November Eva wrote:\n> Dear Anne\n> Thanks.",
            "replly",
            ["reply", "replay"],
            Language::English,
        ),
    };
    desk.state.draft.body = Body::Text(text.to_owned());
    desk.step(Message::Edited(Place::Body));
    desk.wait(3_000);
    let asked = desk.take().into_iter().find_map(|job| match job {
        Job::Aid(aids::Ask::Check(words)) => Some(words),
        _ => None,
    });
    let verdict = |w: String| {
        let is_right = w != word;
        let right = |is| is_right && language == is;
        let verdict = Verdict {
            danish: right(Language::Danish),
            english: right(Language::English),
        };
        (w, verdict)
    };
    let checked = asked.unwrap().into_iter().map(verdict).collect();
    desk.hear(Report::Aid(aids::Told::Checked(checked)));
    desk.step(Message::Focus(Place::Body));
    desk.run(Command::Aid(aids::Act::NextWord));
    let near = near.map(str::to_owned).to_vec();
    desk.hear(Report::Aid(aids::Told::Suggested(
        word.to_owned(),
        language,
        near,
    )));
    desk
}

fn templates(lang: Lang, theme: Theme) -> Desk {
    let mut desk = composer(lang, theme);
    desk.run(Command::Aid(aids::Act::Templates));
    let (name, text, other) = match lang {
        Lang::Da => (
            "Fristforlængelse",
            "Emne: Anmodning om fristforlængelse\nKære {navn}\n\nJeg anmoder om udsættelse til {ny frist}.\n\n{afsender}",
            "Kvittering",
        ),
        Lang::En => (
            "Extension of time",
            "Subject: Request for an extension of time\nDear {name}\n\nI ask for an extension to {new deadline}.\n\n{sender}",
            "Acknowledgement",
        ),
    };
    desk.hear(Report::Aid(aids::Told::Templates(Found {
        templates: vec![
            Template::parse(name, Owner::Firm, text),
            Template::parse(other, Owner::Own, "Tak."),
        ],
        skipped: vec![Skipped {
            name: "logo.txt".to_owned(),
            why: Why::NotText,
        }],
        folder: "~/.local/share/segl/templates".to_owned(),
    })));
    desk
}

/// Whether pictures can be drawn here.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn can_draw() -> bool {
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

/// One theme: light in both languages, the others in one, and at 400 % each in one. Colours know no words, and that no
/// word is cut in either language is held by a test of its own.
fn look_at(name: &str, theme: Theme, main: Lang) {
    if !can_draw() {
        return;
    }
    let options = SnapshotOptions::new().output_path("tests/gui/snapshots");
    let mut results = SnapshotResults::new();
    for lang in Lang::ALL {
        if lang != main && theme != Theme::Light {
            continue;
        }
        for (screen, desk) in SCREENS {
            let mut harness = open_sized(desk(lang, theme), USUAL, 1.0);
            let file = format!("{screen}-{}-{name}", lang.tag());
            results.add(harness.try_snapshot_options(&file, &options));
            if lang == main {
                let mut harness = open_sized(desk(lang, theme), LARGE, 2.0);
                let file = format!("{file}-400");
                results.add(harness.try_snapshot_options(&file, &options));
            }
        }
    }
    results.unwrap();
}

#[test]
fn settings_and_all_commands_look_as_they_did() {
    if !can_draw() {
        return;
    }
    let options = SnapshotOptions::new().output_path("tests/gui/snapshots");
    let mut results = SnapshotResults::new();
    for lang in Lang::ALL {
        for theme in [Theme::Light, Theme::ContrastDark] {
            let sections = Section::ALL.map(|section| {
                (
                    section.key(),
                    crate::options::settings(lang, theme, section),
                )
            });
            let palette = ("options-commands", crate::options::palette(lang, theme));
            for (name, desk) in sections.into_iter().chain([palette]) {
                let mut harness = open_sized(desk, egui::vec2(760.0, 600.0), 1.0);
                harness.run_ok();
                let file = format!("{name}-{}-{}", lang.tag(), theme.name());
                results.add(harness.try_snapshot_options(file, &options));
            }
        }
    }
    results.unwrap();
}

#[test]
fn every_screen_looks_as_it_did_in_light() {
    look_at("light", Theme::Light, Lang::Da);
}

#[test]
fn every_screen_looks_as_it_did_in_dark() {
    look_at("dark", Theme::Dark, Lang::En);
}

#[test]
fn every_screen_looks_as_it_did_in_contrast_light() {
    look_at("contrast-light", Theme::ContrastLight, Lang::En);
}

#[test]
fn every_screen_looks_as_it_did_in_contrast_dark() {
    look_at("contrast-dark", Theme::ContrastDark, Lang::Da);
}
