//! The other windows and panels by assistive technology: lists, settings, first run, all commands, details, the request
//! for a certificate. Each is read through AT-SPI and judged, and worked by actions; a key is pressed only where a window
//! opens by nothing else.

use std::time::{Duration, Instant};

use segl::{
    mail::{Body, Draft, DraftId, Mailbox},
    segl::{Segl, Why},
};

use super::{
    desk::{Desk, now},
    own::import,
    reader::Reader,
    screen::{PATIENCE, Running, Screen, wait_until},
};

const KAREN: &str = "karen@advokat-eksempel.dk";
const KLAUS: &str = "klaus@privat.example";

/// In its first moments a dialog takes nothing for an answer.
const GUARD: Duration = Duration::from_millis(600);

fn judges() -> Option<(Screen, Reader)> {
    let screen = Screen::with_bus()?;
    let reader = Reader::on(&screen)?;
    Some((screen, reader))
}

fn open(desk: &Desk, screen: &Screen, arguments: &[&str]) -> Running {
    let config = desk.demo.config_path();
    let config = ["--config", config.to_str().unwrap()];
    screen.open(&[&config[..], arguments].concat())
}

/// A draft, a mail that waits for an answer, and two lines of the log.
fn used(desk: &Desk) {
    let to = [
        "--to",
        KAREN,
        "--to",
        KLAUS,
        "--accept-fallback",
        "assessed",
    ];
    assert_eq!(desk.send(&to).code, 0);
    let segl = Segl::open(desk.demo.config().unwrap(), "anne".to_owned()).unwrap();
    let draft = |to: &str| {
        let from = segl.config().senders[0].mailbox.clone();
        let mut draft = Draft::new(DraftId::random().unwrap(), from);
        draft.to = vec![Mailbox::parse(to).unwrap()];
        draft.body = Body::Text("Rødgrød".to_owned());
        assert!(segl.save_draft(&draft, now()).unwrap());
        draft
    };
    draft(KAREN);
    segl.put_in_outbox(&draft(KLAUS), Why::Unreachable, now())
        .unwrap();
}

/// Waits for another window: its first focus, and a tree in which everything has a name.
fn arrive(reader: &mut Reader, screen: &str, seen: &str) {
    reader.see(seen);
    reader.judge(screen);
}

#[test]
fn by_assistive_technology_alone_drafts_outbox_and_log_are_read_and_a_sent_mail_is_opened_again() {
    let Some((screen, mut reader)) = judges() else {
        return;
    };
    let desk = Desk::new();
    used(&desk);
    let _window = open(&desk, &screen, &["--show", "drafts"]);
    arrive(&mut reader, "drafts", KAREN);
    let row = reader.wait_for("the draft", |n| n.name.contains(KAREN) && n.is("focusable"));
    assert!(row.name.ends_with("Række 1 af 1"), "{row:?}");
    reader.press("Til");
    reader.see("Til, sorteret");
    reader.judge("drafts, sorted");
    // What cannot be undone is asked about, and the question has a name and holds the focus.
    reader.press("Slet …");
    let question = reader.wait_for("the question", |n| n.is("modal"));
    assert!(!question.name.is_empty());
    reader.judge("question");
    std::thread::sleep(GUARD);
    reader.press("Behold kladden");
    reader.see_focus("Slet …");
    reader.judge("drafts again");

    reader.press("Udbakke");
    arrive(&mut reader, "outbox", KLAUS);
    reader.press("Sendelog");
    arrive(&mut reader, "log", "Række 1 af 2");
    reader.press("Vis kun ikke krypteret");
    arrive(&mut reader, "log, filtered", "Række 1 af 1");
    reader.press("Vis alle");
    reader.see("Række 1 af 2");
    reader.press("Sendt til den forkerte?");
    reader.wait_for("what to do", |n| n.is("modal"));
    reader.judge("wrong person");
    std::thread::sleep(GUARD);
    reader.press("Luk");
    reader.press("Læs mailen");
    arrive(&mut reader, "a sent mail", "Rødgrød med fløde");
    reader.press("Tilbage til listen");
    reader.wait_for("the row again", |n| {
        n.is("focused") && n.name.contains("Række")
    });
    reader.judge("log again");
}

#[test]
fn by_assistive_technology_alone_every_section_of_the_settings_is_read() {
    let Some((screen, mut reader)) = judges() else {
        return;
    };
    let desk = Desk::new();
    used(&desk);
    let _window = open(&desk, &screen, &["--show", "settings"]);
    let sections = [
        ("Udseende", "Stærk kontrast, mørk"),
        ("Skrivning", "Fortrydelsestid"),
        ("Gældende regler", "policy.fallback"),
        ("Hvad gemmes om mig?", "Mennesker i den"),
        ("Netværk", "Det er alt"),
        ("Kontrollér opsætningen", "Sendeloggen"),
        ("Venter på certifikater", "Du venter ikke på nogen"),
    ];
    for (section, holds) in sections {
        reader.press(section);
        arrive(&mut reader, section, holds);
        reader.see_focus("Afsnit");
    }
    // A choice is made by its own action, and the group that it belongs to keeps the focus.
    reader.press("Udseende");
    reader.press("Stærk kontrast, mørk");
    reader.see_focus("Farver");
    reader.judge("another theme");
    reader.write("Søg i indstillingerne", "fortryd");
    reader.see("Fortrydelsestid");
    reader.judge("search");
    reader.write("Søg i indstillingerne", "intet har dette navn");
    arrive(
        &mut reader,
        "nothing found",
        "Intet i indstillingerne passer",
    );
}

#[test]
fn by_assistive_technology_alone_the_first_run_is_gone_through_step_by_step() {
    let Some((screen, mut reader)) = judges() else {
        return;
    };
    let desk = Desk::new();
    let port = desk.demo.mail().port().to_string();
    let none = screen.home().join("segl.toml");
    let _window = screen.open(&["--config", none.to_str().unwrap()]);
    reader.see_focus("Sæt op med min mailadresse");
    let tree = reader.judge("welcome");
    // Nobody writes a mail here yet, and the window does not say so.
    assert!(
        tree.iter()
            .any(|n| n.role == "frame" && n.name.starts_with("Velkommen til Segl")),
        "{tree:#?}"
    );
    reader.press("Sæt op med min mailadresse");
    reader.see_focus("Mailadresse");
    reader.judge("address");
    reader.write("Mailadresse", "ikke en adresse");
    reader.press("Find mailserveren");
    reader.hear("Det er ikke en mailadresse");
    reader.judge("a wrong address");
    reader.write("Navn", "Anne Østergaard");
    // A domain of the built-in list: nobody is asked.
    reader.write("Mailadresse", "anne@outlook.com");
    reader.press("Find mailserveren");
    reader.see("Hvilken mailserver?");
    reader.judge("server");
    reader.write("Mailserver", "127.0.0.1");
    reader.write("Port", &port);
    reader.press("Brug den anden slags kryptering");
    reader.wait_for("STARTTLS", |n| n.name == "STARTTLS");
    reader.press("Brug den anden slags kryptering");
    reader.wait_for("TLS from the start", |n| n.name == "TLS fra start");
    reader.press("Brug den, jeg har skrevet");
    arrive(&mut reader, "sign in", "Log ind hos mailserveren");
    reader.press("Serveren kræver ikke login");
    arrive(
        &mut reader,
        "recipients",
        "Hvor findes modtagernes certifikater?",
    );
    reader.press("Danmark: OCES");
    arrive(
        &mut reader,
        "recipients, OCES",
        "Certifikatdatabasens adresse",
    );
    reader.press("Kun filer");
    arrive(&mut reader, "copies", "Hvem kan læse kopier af sendt mail?");
    reader.write("Mappe til læsbare kopier", "ikke en sti");
    reader.press("Også i mappen");
    reader.hear("Skriv mappens fulde sti");
    reader.judge("a wrong folder");
    reader.press("Kun den forseglede kopi");
    // The demo's server is known to nobody on this computer: the test says so, and nothing is written.
    reader.see("Ikke i orden: ");
    reader.judge("test");
    assert!(!none.exists());
    reader.press("Tilbage");
    reader.see("Hvem kan læse kopier af sendt mail?");
    reader.judge("one step back");
}

#[test]
fn by_assistive_technology_all_commands_are_listed_searched_and_run() {
    let Some((screen, mut reader)) = judges() else {
        return;
    };
    let desk = Desk::new();
    let _window = open(&desk, &screen, &["--to", KAREN]);
    reader.see_focus("Mailens tekst");
    screen.activate();
    screen.key("ctrl+shift+p");
    reader.see_focus("Søg i alle kommandoer");
    let tree = reader.judge("all commands");
    let rows = tree.iter().filter(|n| n.role == "list item").count();
    assert!(rows > 10, "{tree:#?}");
    std::thread::sleep(GUARD);
    reader.write("Søg i alle kommandoer", "intet hedder sådan");
    arrive(&mut reader, "no command", "Ingen kommando passer");
    // What stands behind is out of reach, also for who presses things by name.
    reader.press("Send krypteret");
    reader.press("+ Cc");
    let tree = reader.judge("behind");
    assert!(!tree.iter().any(|n| n.name == "Cc" && n.is("editable")));
    assert!(!tree.iter().any(|n| n.name.starts_with("Sendes om")));
    reader.write("Søg i alle kommandoer", "gem kladden");
    reader.wait_for("one row", |n| {
        n.role == "list item" && n.name == "Gem kladden nu"
    });
    reader.judge("found");
    reader.press("Gem kladden nu");
    reader.hear("Kladden er gemt");
    reader.see_focus("Mailens tekst");
    reader.judge("back in the mail");
}

#[test]
fn by_assistive_technology_alone_a_recipient_is_asked_for_a_certificate_from_the_details() {
    let Some((screen, mut reader)) = judges() else {
        return;
    };
    let desk = Desk::new();
    let _window = open(&desk, &screen, &["--to", KLAUS]);
    reader.see_focus("Mailens tekst");
    reader.press("Rød: klaus");
    reader.see("Der er ikke offentliggjort et certifikat");
    reader.judge("details");
    reader.press("Bed om et certifikat");
    // The request opens in a window of its own, and is read there.
    let windows = || screen.run("xdotool", &["search", "--onlyvisible", "--name", "Segl"]);
    wait_until("the request opens", || windows().lines().count() >= 2);
    let deadline = Instant::now() + PATIENCE;
    loop {
        let tree = reader.tree();
        let letter = tree
            .iter()
            .find(|n| n.name == "Mailens tekst" && n.text.contains("certifikat"));
        if letter.is_some_and(|l| l.is("editable")) {
            break;
        }
        assert!(Instant::now() < deadline, "{tree:#?}");
        std::thread::sleep(Duration::from_millis(100));
    }
    let tree = reader.tree();
    for node in tree.iter().filter(|n| n.is("focusable")) {
        assert!(!node.name.trim().is_empty(), "{node:?}");
    }
    let frames = tree.iter().filter(|n| n.role == "frame").count();
    assert_eq!(frames, 2, "{tree:#?}");
    // In each window one thing has the focus.
    let focused: Vec<_> = tree.iter().filter(|n| n.is("focused")).collect();
    assert!((1..=2).contains(&focused.len()), "{focused:#?}");
}

#[test]
fn by_assistive_technology_alone_a_received_mail_is_read_and_one_without_its_key_says_what_to_do() {
    let Some((screen, mut reader)) = judges() else {
        return;
    };
    let desk = Desk::new();
    let karen = desk.demo.world().person(KAREN).unwrap().readers[0].clone();
    let mail = "From: anne@advokat-eksempel.dk\nTo: karen@advokat-eksempel.dk\nSubject: Sag 1\n\n\
        Afhøringen er på onsdag.\n";
    let sealed = desk.segl_with(&["seal", "--to", KAREN], mail.as_bytes());
    assert_eq!(sealed.code, 0, "{sealed:?}");
    std::fs::write(desk.path("mail.eml"), &sealed.stdout).unwrap();
    let file = desk.path("mail.eml");
    let arguments = ["--open", file.to_str().unwrap()];

    let closed = open(&desk, &screen, &arguments);
    reader.hear("ingen af dine nøgler åbner den");
    reader.see_focus("Rød: Mailen er ikke åbnet");
    reader.judge("closed");
    reader.see("Vælg en nøglefil");
    drop(closed);

    import(&desk, &karen);
    let _window = open(&desk, &screen, &arguments);
    reader.hear("Grå: Krypteret, men ikke underskrevet");
    reader.see_focus("Grå: Krypteret, men ikke underskrevet");
    let tree = reader.judge("open");
    // What it is worth is read before what it says, and how it was protected after.
    let order = [
        "Grå: ",
        "Sag 1",
        "Mailens tekst",
        "Beskyttelse",
        "Åbn en mail",
    ];
    let order = order.map(|name| {
        let here = |n: &super::reader::Node| n.name.starts_with(name) && n.is("focusable");
        tree.iter()
            .position(here)
            .unwrap_or_else(|| panic!("{name} in {tree:#?}"))
    });
    assert!(order.is_sorted(), "{order:?}: {tree:#?}");
    let text = reader.see("Afhøringen er på onsdag.");
    assert_eq!(text.name, "Mailens tekst");
}
