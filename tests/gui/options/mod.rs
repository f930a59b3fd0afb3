//! The settings window, the list of all commands, and waiting for a certificate.

mod commands;
pub(crate) mod own;
mod settings;
mod tunnel;
mod waiting;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use jiff::SignedDuration;
use segl::{
    app::{
        command::Command,
        message::{Event as Report, Job, Message},
        options::{Act, Ask, Control, Facts, News, Options, Preference, Rule, Section, Spot, Told},
        page::Page,
        place::{self, Place},
        state::Phase,
        stops,
        theme::Theme,
    },
    config::Origin,
    mail::Mailbox,
    record::{KindCount, Summary},
    segl::{Awaited, Contact, Inventory, Protection, Purpose},
    store::Counts,
    words::{FindingWords, Lang, Level},
};

use crate::{
    people::*,
    screens::random::{Dice, RANDOM},
    support::*,
};

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers {
    ctrl: true,
    command: true,
    ..Modifiers::NONE
};
const CTRL_SHIFT: Modifiers = Modifiers {
    shift: true,
    ..CTRL
};

fn eva() -> Mailbox {
    Mailbox::parse(&format!("Eva Borger <{EVA}>")).unwrap()
}

fn rule(key: &str, value: &str, origin: Origin, is_locked: bool) -> Rule {
    Rule {
        key: key.to_owned(),
        value: value.to_owned(),
        origin,
        is_locked,
    }
}

fn contact(host: &str, port: u16, purpose: Purpose, protection: Protection) -> Contact {
    Contact {
        host: host.to_owned(),
        port,
        purpose,
        protection,
        has_own_roots: false,
        signs_in_as: None,
        last: Some(start()),
    }
}

fn kind(kind: &str, rows: u64) -> KindCount {
    KindCount {
        kind: kind.to_owned(),
        rows,
        payloads: rows,
        first: at("2026-01-03T09:00:00"),
        last: at("2026-11-11T16:20:00"),
    }
}

pub(crate) fn facts() -> Facts {
    let directory = "name = OCES\nurl = ldaps://certifikat.example\nbase = c=DK";
    let oces = Purpose::Directory {
        name: "OCES".to_owned(),
    };
    let kommune = Purpose::Directory {
        name: "Kommune".to_owned(),
    };
    let server = Purpose::Submission {
        token_program: None,
    };
    Facts {
        rules: vec![
            rule("directory", directory, Origin::File, false),
            rule("policy.fallback", "forbid", Origin::Policy, true),
            rule("policy.hold", "10s", Origin::Default, false),
            rule("record.retention", "5y", Origin::Default, false),
            rule(
                "submission.host",
                "smtp.advokat-eksempel.dk",
                Origin::File,
                false,
            ),
        ],
        contacts: vec![
            contact("smtp.advokat-eksempel.dk", 465, server, Protection::Tls),
            contact("certifikat.example", 636, oces, Protection::Tls),
            contact("ldap.kommune.example", 389, kommune, Protection::None),
        ],
        fresh: SignedDuration::from_hours(24),
        negative: SignedDuration::from_mins(15),
        inventory: Inventory {
            account: "anne".to_owned(),
            folder: "/home/anne/.local/share/segl".into(),
            is_private: Some(true),
            key_file: None,
            copy_folder: None,
            retention: SignedDuration::from_hours(24 * 365 * 5),
            record: Ok(Summary {
                kinds: vec![
                    kind("intent", 812),
                    kind("outcome", 830),
                    kind("started", 830),
                ],
                addresses: 214,
                consents: 37,
            }),
            store: Ok(Counts {
                drafts: 3,
                sent: 812,
                sent_octets: 2_400_000_000,
                sent_span: Some((at("2026-01-03T09:00:00"), at("2026-11-11T16:20:00"))),
                answers: 190,
                organisations: 88,
            }),
            imported: 2,
            readers: 0,
            awaited: 1,
        },
        own: Ok(own::verdicts()),
        awaited: Ok(vec![
            Awaited {
                mailbox: eva(),
                since: at("2026-11-02T10:00:00"),
                looked: Some(start()),
                green: None,
            },
            Awaited {
                mailbox: Mailbox::parse(&format!("Anne Holm <{ANNE}>")).unwrap(),
                since: at("2026-10-12T10:00:00"),
                looked: Some(start()),
                green: Some(start()),
            },
        ]),
        others: Ok(vec![crate::imports::taken()]),
        tunnel: Ok(tunnel::waiting(3)),
        own_words: Ok(["dosmer", "Skævinge"].map(str::to_owned).into()),
        senders: setup(Lang::En).senders,
        hold: std::time::Duration::from_secs(10),
        preferences: "/home/anne/.local/share/segl/window.toml".into(),
    }
}

fn finding(level: Level, text: &str, next: &str) -> FindingWords {
    FindingWords {
        level,
        about: "directory",
        text: text.to_owned(),
        next: next.to_owned(),
    }
}

/// The settings with everything read, at this section.
pub(crate) fn settings(lang: Lang, theme: Theme, section: Section) -> Desk {
    let mut setup = setup(lang);
    setup.theme = theme;
    let mut desk = Desk::with(setup);
    desk.state.page = Page::Options(Box::default());
    desk.step(Message::Tick);
    desk.hear(Report::Options(Told::Facts(Box::new(facts()))));
    desk.hear(Report::Options(Told::Findings(vec![
        finding(Level::Good, "The send log is intact (2472 rows).", ""),
        finding(Level::Note, "The key lies in a file, not in a keyring.", ""),
        finding(
            Level::Bad,
            "OCES cannot be reached (connection refused).",
            "Tell your IT department.",
        ),
    ])));
    desk.run(Command::Options(Act::Open(section)));
    desk.take();
    desk
}

/// The composer with one green and one red, and all commands open.
pub(crate) fn palette(lang: Lang, theme: Theme) -> Desk {
    let mut setup = setup(lang);
    setup.theme = theme;
    let mut desk = Desk::with(setup);
    desk.address(&format!("Anne Holm <{ANNE}>, Eva Borger <{EVA}>"));
    desk.find(person(ANNE, "Anne Holm"));
    desk.find(not_found(EVA));
    desk.run(Command::Commands);
    desk.take();
    desk
}

fn shown(screen: &Screen) -> &Options {
    match &screen.state().state.page {
        Page::Options(shown) => shown,
        _ => panic!("not the settings"),
    }
}

fn settings_screen(section: Section) -> Screen {
    open(settings(Lang::En, Theme::Light, section))
}

fn type_in(screen: &mut Screen, text: &str) {
    for c in text.chars() {
        screen.text(&c.to_string());
    }
}
