//! Pictures of every screen: both languages, the four themes, at 100 % and at 400 %. Written by `UPDATE_SNAPSHOTS=1`.
//!
//! A new screen joins with one line in `SCREENS`. `sh tests/gui/pictures.sh` draws what has changed anew and keeps it
//! small: a palette of 256 colours, which the comparison does not see. Look at what it drew before you commit it. They
//! need a Vulkan driver (Debian: `mesa-vulkan-drivers`). Where there is none they are skipped loudly, and fail in CI.

use std::collections::BTreeSet;

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
        options::{Section, Spot},
        place::Place,
        report::{Delivered, Outcome, Receipt, RecordEntry, Step, Trouble},
        setup::Readiness,
        stops,
        theme::Theme,
    },
    decide::{ApprovedRecipient, Reason, ReasonCode, Route},
    mail::{Attachment, Body, Digest, Kind},
    spelling::{Language, Verdict},
    words::Lang,
};

use crate::{assistant, books::*, flows, imports, lists, options, people::*, received, support::*};

/// A screen's name, and how it comes about.
pub(crate) type Picture = (&'static str, fn(Lang, Theme) -> Desk);

/// Every screen that is looked at.
pub(crate) const SCREENS: [Picture; 30] = [
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
    ("import", imports::question_picture),
    ("pinned", imports::pinned_picture),
    ("received", received::good_picture),
    ("received-doubtful", received::doubtful_picture),
    ("received-closed", received::closed_picture),
    ("pin", flows::card::picture),
    ("backup", options::own::picture),
    ("clock", clock),
];

/// Where they are kept.
const FOLDER: &str = "tests/gui/snapshots";
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

/// The clock is off what others say: nobody is green.
fn clock(lang: Lang, theme: Theme) -> Desk {
    let mut desk = composer(lang, theme);
    let off = clock_off(desk.now);
    let court = organisation(COURT, "Retten i Eksempelby");
    desk.find(by_clock(court, off.clone()));
    desk.find(by_clock(person(EVA, "Eva Borger"), off));
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
        means: words.say("trouble-nothing-sent"),
        todo: words.say("trouble-file-next"),
        steps: vec![Step::SendAgain, Step::CopyForIt],
        ..trouble_of(&words.with("trouble-file-unreadable", &[("name", "replik.pdf".into())]))
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
        is_signed: false,
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

/// Every screen there is, in this language and theme: the mail, the lists, each step of the first run, each section of
/// the settings, and all commands.
pub(crate) fn all(lang: Lang, theme: Theme) -> Vec<(String, Desk)> {
    let mail = SCREENS
        .iter()
        .map(|(name, desk)| ((*name).to_owned(), desk(lang, theme)));
    let steps = assistant::steps(lang, theme).into_iter();
    let steps = steps.map(|(name, desk)| (format!("assistant-{name}"), desk));
    let sections = Section::ALL.into_iter().map(|section| {
        let mut desk = options::settings(lang, theme, section);
        // At what the section holds, not at its name.
        let is_item = |p: &Place| matches!(p, Place::Options(Spot::Control(_) | Spot::Item(_)));
        let first = stops::all(&desk.state).into_iter().find(is_item);
        desk.step(Message::Focus(first.unwrap()));
        (section.key().to_owned(), desk)
    });
    let commands = ("options-commands".to_owned(), options::palette(lang, theme));
    mail.chain(steps)
        .chain(sections)
        .chain([commands])
        .collect()
}

/// What a palette may do to a pixel, in squares of YIQ as the comparison counts: ten of 255 levels of grey. Between the
/// colours of a letter and of what it stands on there are two hundred.
const PALETTE: f32 = 50.0;

/// Every screen is kept in each of them, in both languages, at 100 and at 400 %.
const THEMES: [Theme; 4] = [
    Theme::Light,
    Theme::Dark,
    Theme::ContrastLight,
    Theme::ContrastDark,
];

fn file(screen: &str, lang: Lang, theme: Theme, is_large: bool) -> String {
    let large = if is_large { "-400" } else { "" };
    format!("{screen}-{}-{}{large}", lang.tag(), theme.name())
}

fn look_at(theme: Theme) {
    if !can_draw() {
        return;
    }
    let options = SnapshotOptions::new()
        .threshold(PALETTE)
        .output_path(FOLDER);
    let mut results = SnapshotResults::new();
    for lang in Lang::ALL {
        for (size, scale, is_large) in [(USUAL, 1.0, false), (LARGE, 2.0, true)] {
            for (screen, desk) in all(lang, theme) {
                let mut harness = open_sized(desk, size, scale);
                harness.run_ok();
                let name = file(&screen, lang, theme, is_large);
                results.add(harness.try_snapshot_options(&name, &options));
            }
        }
    }
    results.unwrap();
}

#[test]
fn every_picture_that_is_kept_is_one_that_is_drawn_and_all_of_them_are_small() {
    let screens = all(Lang::Da, Theme::Light);
    let mut drawn = BTreeSet::new();
    for theme in THEMES {
        for lang in Lang::ALL {
            for ((screen, _), is_large) in screens.iter().flat_map(|s| [(s, false), (s, true)]) {
                drawn.insert(format!("{}.png", file(screen, lang, theme, is_large)));
            }
        }
    }
    let (mut kept, mut octets) = (BTreeSet::new(), 0);
    for entry in std::fs::read_dir(FOLDER).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        // What a comparison leaves beside them is not in the repository.
        if ![".diff.png", ".new.png", ".old.png"]
            .iter()
            .any(|e| name.ends_with(e))
        {
            octets += entry.metadata().unwrap().len();
            kept.insert(name);
        }
    }
    assert_eq!(kept, drawn);
    let each = octets / kept.len() as u64;
    assert!(
        each < 26_000,
        "{each} octets each: sh tests/gui/pictures.sh"
    );
}

#[test]
fn a_letter_and_a_light_that_change_are_seen_in_a_picture_of_few_colours() {
    // While pictures are drawn anew, none is compared.
    if !can_draw() || std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (lang, theme) = (Lang::Da, Theme::Light);
    let name = file("composer", lang, theme, false);
    let png = format!("{name}.png");
    let stored = std::path::Path::new(FOLDER).join(&png);
    std::fs::copy(stored, folder.path().join(&png)).unwrap();
    let options = SnapshotOptions::new()
        .threshold(PALETTE)
        .output_path(folder.path());
    let is_same = |desk: Desk| {
        let mut harness = open_sized(desk, USUAL, 1.0);
        harness.run_ok();
        harness.try_snapshot_options(&name, &options).is_ok()
    };
    assert!(is_same(composer(lang, theme)));
    let mut letter = composer(lang, theme);
    "BS-124/2026-EKS, replik".clone_into(&mut letter.state.draft.subject);
    assert!(!is_same(letter));
    let mut light = composer(lang, theme);
    light.find(person(EVA, "Eva Borger"));
    assert!(!is_same(light));
    let mut theme = composer(lang, theme);
    theme.state.setup.theme = Theme::ContrastLight;
    assert!(!is_same(theme), "another theme");
}

#[test]
fn every_screen_looks_as_it_did_in_light() {
    look_at(Theme::Light);
}

#[test]
fn every_screen_looks_as_it_did_in_dark() {
    look_at(Theme::Dark);
}

#[test]
fn every_screen_looks_as_it_did_in_contrast_light() {
    look_at(Theme::ContrastLight);
}

#[test]
fn every_screen_looks_as_it_did_in_contrast_dark() {
    look_at(Theme::ContrastDark);
}
