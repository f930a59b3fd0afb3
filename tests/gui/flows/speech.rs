//! What is said, event by event, in both languages: the last sentence after a pause, and how much it presses.

use segl::app::voice::Urgency::{self, Assertive, Polite};

use super::*;

/// What happens, what is said in Danish and in English, and how much it presses.
type Row = (
    &'static str,
    fn(&mut Desk),
    &'static str,
    &'static str,
    Urgency,
);

fn written(desk: &mut Desk) {
    desk.address(&format!("Eva Borger <{EVA}>, Anne Holm <{ANNE}>"));
}

fn all_green(desk: &mut Desk) {
    written(desk);
    desk.find(person(EVA, "Eva Borger"));
    desk.find(person(ANNE, "Anne Holm"));
    desk.wait(5_000);
}

/// The warning about Eva is open.
fn warned(desk: &mut Desk) {
    written(desk);
    desk.find(not_found(EVA));
    desk.find(person(ANNE, "Anne Holm"));
    desk.run(Command::Send);
    desk.wait(3_000);
}

fn on_its_way(desk: &mut Desk) {
    all_green(desk);
    desk.run(Command::Send);
    desk.run(Command::SendNow);
    desk.wait(3_500);
}

fn revoked(desk: &mut Desk) {
    let problem = Problem::Revoked {
        at: start(),
        reason: None,
        certificate: None,
    };
    desk.find(with_problem(EVA, problem));
}

const ROWS: [Row; 19] = [
    (
        "a chip is decided",
        |desk| {
            written(desk);
            desk.find(not_found(EVA));
        },
        "Eva Borger: rød, intet certifikat",
        "Eva Borger: red, no certificate",
        Polite,
    ),
    (
        "all are decided",
        |desk| {
            written(desk);
            desk.find(not_found(EVA));
            desk.find(person(ANNE, "Anne Holm"));
        },
        "1 af 2 modtagere kan ikke få mailen krypteret: Eva Borger",
        "1 of 2 recipients cannot get this mail encrypted: Eva Borger",
        Polite,
    ),
    (
        "green turns red when it is checked again",
        |desk| {
            all_green(desk);
            desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
            desk.run(Command::Recheck);
            desk.wait(3_000);
            revoked(desk);
        },
        "Eva Borger er nu rød: spærret",
        "Eva Borger is red now: revoked",
        Assertive,
    ),
    (
        "a chip is removed",
        |desk| {
            all_green(desk);
            desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
            desk.run(Command::Remove);
        },
        "Eva Borger fjernet. 1 modtager",
        "Eva Borger removed. 1 recipient",
        Polite,
    ),
    (
        "an address is there already",
        |desk| {
            all_green(desk);
            desk.address(EVA);
        },
        "Eva Borger er allerede modtager",
        "Eva Borger is a recipient already",
        Polite,
    ),
    (
        "armed",
        |desk| {
            written(desk);
            desk.run(Command::Send);
        },
        "Mailen sendes, når alle er kontrolleret. Esc fortryder",
        "Will be sent when all are checked. Esc undoes",
        Assertive,
    ),
    (
        "hold",
        |desk| {
            all_green(desk);
            desk.run(Command::Send);
        },
        "Sendes om 10 sekunder, Ctrl+Z fortryder",
        "Sends in 10 seconds, Ctrl+Z undoes",
        Assertive,
    ),
    (
        "undone",
        |desk| {
            all_green(desk);
            desk.run(Command::Send);
            desk.run(Command::Undo);
        },
        "Mailen sendes ikke. Kladden er her stadig",
        "The mail is not sent. The draft is still here",
        Assertive,
    ),
    (
        "a quarter is on its way after three seconds",
        |desk| {
            on_its_way(desk);
            desk.hear(Event::Progress(Progress {
                done: 26,
                total: 100,
                can_stop: true,
            }));
        },
        "25 %",
        "25 %",
        Polite,
    ),
    (
        "sent",
        |desk| {
            on_its_way(desk);
            let done = receipt(desk, &[(EVA, Outcome::Sent), (ANNE, Outcome::Sent)]);
            desk.hear(Event::Sent(Box::new(done)));
        },
        "Sendt krypteret til 2 modtagere",
        "Sent encrypted to 2 recipients",
        Assertive,
    ),
    (
        "failed",
        |desk| {
            on_its_way(desk);
            let words = &desk.state.words;
            let trouble = Trouble {
                happened: words.say("server-slow"),
                means: words.say("trouble-nothing-sent"),
                todo: words.say("next-again"),
                ..trouble()
            };
            desk.hear(Event::SendFailed(Box::new(trouble)));
        },
        "Mailserveren svarede ikke i tide. Intet er sendt. Prøv igen om lidt.",
        "The mail server did not answer in time. Nothing was sent. Try again in a moment.",
        Assertive,
    ),
    (
        "a file is attached",
        |desk| {
            let file = Attachment {
                path: "/sag/replik.pdf".into(),
                name: "replik.pdf".to_owned(),
                media_type: "application/pdf".to_owned(),
                size: 2_148_000,
                sha256: Digest::of(b"x"),
            };
            desk.hear(Event::Attached(vec![Ok(file)]));
        },
        "replik.pdf vedhæftet, 2,1 MB. Pakket 4,1 MB af 35 MB",
        "replik.pdf attached, 2.1 MB. Packed 4.1 MB of 35 MB",
        Polite,
    ),
    (
        "nobody to send to",
        |desk| desk.run(Command::Send),
        "Skriv mindst én modtager",
        "Add at least one recipient",
        Assertive,
    ),
    (
        "F9 while one writes",
        |desk| {
            all_green(desk);
            desk.run(Command::SayState);
        },
        "Begge modtagere får mailen krypteret. Mailen er ikke digitalt underskrevet.",
        "Both recipients will get this mail encrypted. The mail is not signed.",
        Assertive,
    ),
    (
        "F9 in the undo time",
        |desk| {
            all_green(desk);
            desk.run(Command::Send);
            desk.wait(3_000);
            desk.run(Command::SayState);
        },
        "Sendes om 7 sekunder.",
        "Sends in 7 seconds.",
        Assertive,
    ),
    (
        "F9 on the way",
        |desk| {
            on_its_way(desk);
            desk.run(Command::SayState);
        },
        "Sender 0 %",
        "Sending 0 %",
        Assertive,
    ),
    (
        "F9 on the receipt",
        |desk| {
            on_its_way(desk);
            let sent = Receipt {
                at: at("2026-11-12T14:02:11"),
                ..receipt(desk, &[(EVA, Outcome::Sent)])
            };
            desk.hear(Event::Sent(Box::new(sent)));
            desk.wait(3_000);
            desk.run(Command::SayState);
        },
        "Afleveret til jeres mailserver kl. 14:02:11",
        "Handed to your mail server at 14:02:11",
        Assertive,
    ),
    (
        "a reason is chosen by the arrows",
        |desk| {
            warned(desk);
            desk.step(Message::Focus(Place::Reasons));
            desk.run(Command::Right);
        },
        "Mailen indeholder ikke fortrolige eller følsomme oplysninger",
        "It holds no confidential or sensitive information",
        Polite,
    ),
    (
        "no reason was chosen",
        |desk| {
            warned(desk);
            desk.run(Command::SendToAll);
        },
        "Vælg en begrundelse",
        "Choose a reason",
        Assertive,
    ),
];

#[test]
fn each_event_is_said_in_both_languages_as_pressing_as_it_is() {
    for (name, happen, danish, english, urgency) in ROWS {
        for (lang, sentence) in [(Lang::Da, danish), (Lang::En, english)] {
            let mut desk = Desk::new(lang);
            happen(&mut desk);
            desk.wait(2_100);
            let labels = desk.state.voice.labels();
            let said: Vec<_> = labels.iter().filter(|(text, _)| !text.is_empty()).collect();
            assert_eq!(said, [&(sentence, urgency)], "{name}");
        }
    }
}

#[test]
fn at_most_one_sentence_in_two_seconds_and_the_last_one_wins() {
    let mut desk = Desk::new(Lang::En);
    all_green(&mut desk);
    desk.wait(5_000);
    desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    desk.run(Command::Remove);
    desk.wait(10);
    assert_eq!(desk.state.voice.last(), "Eva Borger removed. 1 recipient");
    desk.step(Message::Focus(Place::Chip(Kind::To, ANNE.to_owned())));
    desk.run(Command::Remove);
    desk.run(Command::Attach);
    desk.run(Command::SaveDraft);
    desk.wait(1_900);
    assert_ne!(desk.state.voice.last(), "Anne Holm removed. 0 recipients");
    desk.wait(200);
    assert_eq!(desk.state.voice.last(), "Anne Holm removed. 0 recipients");
}

#[test]
fn nothing_is_said_while_keys_are_pressed_and_f9_has_it_afterwards() {
    let mut desk = Desk::new(Lang::En);
    written(&mut desk);
    desk.wait(5_000);
    for _ in 0..20 {
        desk.step(Message::Key);
        desk.find(not_found(EVA));
        desk.wait(600);
        assert_eq!(desk.state.voice.last(), "");
    }
    desk.wait(200);
    assert_eq!(desk.state.voice.last(), "Eva Borger: red, no certificate");
}
