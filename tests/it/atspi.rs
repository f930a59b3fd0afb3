//! The window by assistive technology alone: every screen is read through AT-SPI and judged, and mails are written,
//! checked and sent by actions, without a key or a pointer.

use std::time::Duration;

use super::{
    desk::Desk,
    reader::{Node, Reader},
    screen::{Running, Screen, wait_until},
};

const KAREN: &str = "karen@advokat-eksempel.dk";
const KLAUS: &str = "klaus@privat.example";

/// In its first moments a dialog takes nothing for an answer.
const GUARD: Duration = Duration::from_millis(600);

/// A window with a screen reader, before a desk with mail server and directory.
fn opened() -> Option<(Desk, Screen, Reader, Running)> {
    let screen = Screen::with_bus()?;
    let reader = Reader::on(&screen)?;
    let desk = Desk::new();
    let config = desk.demo.config_path();
    let window = screen.open(&["--config", config.to_str().unwrap()]);
    Some((desk, screen, reader, window))
}

fn position(tree: &[Node], name: &str) -> usize {
    let here = tree
        .iter()
        .position(|n| n.name.starts_with(name) && n.is("focusable"));
    here.unwrap_or_else(|| panic!("{name} in {tree:#?}"))
}

#[test]
fn by_assistive_technology_alone_a_mail_is_written_sent_encrypted_and_its_receipt_read() {
    let Some((desk, _screen, mut reader, _window)) = opened() else {
        return;
    };
    reader.see_focus("Til");
    let tree = reader.judge("empty");
    assert!(
        tree.iter()
            .any(|n| n.role == "frame" && n.name.starts_with("Ny mail - Segl"))
    );
    reader.write("Til", &format!("{KAREN}, "));
    reader.see("Grøn: karen@advokat-eksempel.dk, Krypteres. 1 af 1");
    reader.hear("Modtageren får mailen krypteret");
    reader.write("Emne", "BS-123/2026-EKS");
    reader.write("Mailens tekst", "Kære Karen\n\nHer er replikken, æøå.");
    let tree = reader.judge("green");
    // It is read in the order of the screen.
    let order = [
        "Fra",
        "Grøn: karen",
        "Til",
        "Emne",
        "Mailens tekst",
        "Vedhæft",
        "Send krypteret",
        "Taster",
    ];
    let order = order.map(|name| position(&tree, name));
    assert!(order.is_sorted(), "{order:?}: {tree:#?}");

    reader.press("Grøn: karen");
    reader.see("Certifikat 1 af 1");
    reader.judge("details");
    reader.press("Taster");
    reader.see_focus("Luk");
    reader.judge("keys");
    std::thread::sleep(GUARD);
    reader.press("Luk");

    reader.press("Send krypteret");
    reader.hear("Sendes om 10 sekunder");
    reader.judge("undo time");
    reader.press("Send nu");
    reader.hear("Sendt krypteret til 1 modtager");
    reader.see_focus("Luk");
    reader.judge("receipt");
    let kept = desk.demo.mail().kept();
    assert_eq!(kept[0].rcpt_to, [KAREN]);
    let karen = desk.demo.world().person(KAREN).unwrap();
    let inside = segl::demo::open(&kept[0].data, &karen.readers[0]).unwrap();
    let inside = String::from_utf8_lossy(&inside);
    assert!(inside.contains("Her er replikken"), "{inside}");
}

#[test]
fn by_assistive_technology_alone_a_red_recipient_is_warned_of_and_sent_to_with_a_reason() {
    let Some((desk, _screen, mut reader, _window)) = opened() else {
        return;
    };
    reader.write("Til", &format!("{KAREN}, Klaus Klient <{KLAUS}>, "));
    reader.see("Rød: Klaus Klient, Intet certifikat. 2 af 2");
    reader.hear("1 af 2 modtagere kan ikke få mailen krypteret: Klaus Klient");
    reader.write("Emne", "Møde");
    reader.focus("Mailens tekst");
    reader.write("Mailens tekst", "Vi ses på onsdag.");
    reader.judge("one red");
    reader.press("Send - 1 uden kryptering");
    let dialog = reader.wait_for("the warning", |n| n.is("modal"));
    assert!(
        dialog
            .name
            .starts_with("1 af 2 modtagere kan ikke få mailen krypteret"),
        "{dialog:?}"
    );
    reader.see_focus("Tilbage til mailen");
    reader.judge("warning");
    std::thread::sleep(GUARD);
    reader.press("Send til alle");
    reader.hear("Vælg en begrundelse");
    reader.press("4  Andet");
    reader.see_focus("Begrundelse");
    reader.write("Begrundelse (kræves ved 3 og 4)", "aftalt på telefon");
    reader.press("Send til alle");
    reader.press("Send nu");
    reader.hear("Sendt til 2 modtagere");
    reader.judge("receipt");
    reader.see("uden kryptering. Begrundelse: aftalt på telefon");
    wait_until("both mails are there", || {
        desk.demo.mail().kept().len() == 2
    });
    reader.press("Ny mail");
    reader.see_focus("Til");
    reader.judge("next mail");
}
