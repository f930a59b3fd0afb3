//! The aids for writing, by their keys: spelling, signature, templates, quoted text.

use std::sync::OnceLock;

use egui::{Key, Modifiers};
use segl::{
    app::{
        aids::{
            Act, Ask, Spot, Told, Wishes,
            templates::{Found, Owner, Skipped, Template, Why},
        },
        command::Command,
        keeping,
        message::{Event as Report, Job, Message},
        place::{self, Place},
        setup::{Fields, Opening, Setup, Source},
        state::{Ask as Question, Phase},
    },
    mail::{Body, HandedOver, Kind, Mailbox},
    spelling::{Dictionaries, Language},
    words::Lang,
};

use crate::{people::*, support::*};

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

fn dictionaries() -> &'static Dictionaries {
    static LOADED: OnceLock<Dictionaries> = OnceLock::new();
    LOADED.get_or_init(|| Dictionaries::load().unwrap())
}

/// What the worker would say.
fn answer(ask: Ask) -> Option<Told> {
    Some(match ask {
        Ask::Check(words) => Told::Checked(
            words
                .into_iter()
                .map(|w| {
                    let verdict = dictionaries().check(&w);
                    (w, verdict)
                })
                .collect(),
        ),
        Ask::Suggest(word, language) => {
            let found = dictionaries().suggest(&word, language);
            Told::Suggested(word, language, found)
        }
        Ask::Add(word) => Told::Added(word),
        Ask::Templates | Ask::Signatures => return None,
    })
}

fn spelling(lang: Lang) -> Setup {
    let mut setup = setup(lang);
    setup.writing.spelling = true;
    setup
}

fn text(desk: &Desk) -> &str {
    let Body::Text(text) = &desk.state.draft.body else {
        panic!("a text")
    };
    text
}

fn write(desk: &mut Desk, text: &str) {
    desk.state.draft.body = Body::Text(text.to_owned());
    desk.step(Message::Edited(Place::Body));
}

/// Answers the jobs of a desk until there are none.
fn work(desk: &mut Desk) {
    loop {
        let asks: Vec<Ask> = desk
            .take()
            .into_iter()
            .filter_map(|job| match job {
                Job::Aid(ask) => Some(ask),
                _ => None,
            })
            .collect();
        if asks.is_empty() {
            return;
        }
        for told in asks.into_iter().filter_map(answer) {
            desk.hear(Report::Aid(told));
        }
    }
}

fn wrong(desk: &Desk) -> Vec<&str> {
    let spelling = &desk.state.aids.spelling;
    let subject = spelling
        .subject
        .iter()
        .map(|m| &desk.state.draft.subject[m.octets.clone()]);
    let text_marks = spelling.text.iter().map(|m| &text(desk)[m.octets.clone()]);
    subject.chain(text_marks).collect()
}

#[test]
fn wrong_words_are_marked_in_the_language_of_their_paragraph_and_nowhere_else() {
    let table: &[(&str, &[&str])] = &[
        ("Kære ret\n\nHermed replikken i sagen.", &[]),
        ("Hermed replkken i sagen.", &["replkken"]),
        ("Please find the reply encrypted.", &[]),
        ("Please find the replly encrypted.", &["replly"]),
        (
            "Jeg har modtaget brevet.\nI have received the leter today.",
            &["leter"],
        ),
        ("Se post@retn-eksempl.dk og https://x.exampel/y", &[]),
        ("12 kmx, BS-12/2026-XYQ og XQZ", &[]),
        ("Tak.\n> Hermed replkken i sagen.", &[]),
        ("Tak.\n\n-- \nAdvokatfirmaet Xqzwrt", &[]),
        ("Tak.\n\n-----Oprindelig meddelelse-----\nreplkken", &[]),
        // Sender and recipient are no wrong words.
        ("Østergaard skriver til Østergaards kollega.", &[]),
    ];
    for (written, wanted) in table {
        let mut desk = Desk::with(spelling(Lang::Da));
        write(&mut desk, written);
        desk.wait(400);
        work(&mut desk);
        assert_eq!(wrong(&desk), *wanted, "{written}");
    }
}

#[test]
fn only_the_words_of_a_changed_paragraph_are_asked_about_after_a_pause() {
    let mut desk = Desk::with(spelling(Lang::Da));
    write(&mut desk, "Hermed replikken.\nTak for hjælpen.");
    assert!(desk.take().is_empty(), "half a word is none");
    desk.wait(400);
    work(&mut desk);
    write(&mut desk, "Hermed replikken.\nTak for hjælpen i sagen.");
    desk.wait(400);
    let asked = desk.take().into_iter().find_map(|j| match j {
        Job::Aid(Ask::Check(words)) => Some(words),
        _ => None,
    });
    assert_eq!(asked.unwrap(), ["i", "sagen"].map(str::to_owned)[1..]);
}

#[test]
fn without_the_setting_no_word_leaves_the_window() {
    let mut desk = Desk::new(Lang::Da);
    write(&mut desk, "Hermed replkken.");
    desk.wait(1_000);
    assert!(!desk.take().iter().any(|j| matches!(j, Job::Aid(_))));
    desk.run(Command::Aid(Act::NextWord));
    assert!(desk.state.voice.newest().contains("indstillingerne"));
    assert!(desk.state.aids.spelling.panel.is_none());
}

/// A window whose worker answers.
struct Shown {
    screen: Screen,
}

impl Shown {
    fn new(desk: Desk) -> Self {
        let mut shown = Self { screen: open(desk) };
        shown.settle();
        shown
    }

    fn settle(&mut self) {
        self.screen.pass(500);
        loop {
            let asks: Vec<Ask> = self
                .screen
                .jobs()
                .into_iter()
                .filter_map(|job| match job {
                    Job::Aid(ask) => Some(ask),
                    _ => None,
                })
                .collect();
            if asks.is_empty() {
                break;
            }
            for told in asks.into_iter().filter_map(answer) {
                self.screen.hear(Report::Aid(told));
            }
        }
        self.screen.run_ok();
        let focus = self.screen.state().state.focus.clone();
        let focused = self.screen.ctx.memory(egui::Memory::focused);
        assert_eq!(focused, Some(focus.id()), "{focus:?}");
    }

    fn press(&mut self, key: Key, modifiers: Modifiers) {
        self.screen.press(key, modifiers);
        self.settle();
    }

    fn go(&mut self, place: &Place) {
        let now = start();
        self.screen
            .state_mut()
            .step(Message::Focus(place.clone()), now);
        self.settle();
    }

    fn focus(&self) -> &Place {
        &self.screen.state().state.focus
    }

    fn text(&self) -> &str {
        match &self.screen.state().state.draft.body {
            Body::Text(text) => text,
            Body::HandedOver { own, .. } => own,
        }
    }

    fn shown_word(&self) -> Option<&str> {
        let panel = self.screen.state().state.aids.spelling.panel.as_ref()?;
        Some(&panel.at.as_ref()?.word)
    }
}

fn misspelt() -> Shown {
    let mut desk = Desk::with(spelling(Lang::En));
    "The adress of the reply".clone_into(&mut desk.state.draft.subject);
    desk.state.draft.body =
        Body::Text("Dear Sirs\n\nPlease find the replly.\nWe recieve it tomorrow.".to_owned());
    desk.step(Message::Edited(Place::Body));
    Shown::new(desk)
}

const SUGGESTIONS: Place = Place::Aid(Spot::Suggestions);

#[test]
fn f7_walks_from_word_to_word_and_enter_replaces_with_what_the_arrows_chose() {
    let mut shown = misspelt();
    shown.press(Key::F7, NONE);
    assert_eq!(shown.shown_word(), Some("adress"));
    assert_eq!(*shown.focus(), SUGGESTIONS);
    assert!(shown.screen.focused().unwrap().contains("1 of 3"));
    shown.press(Key::F7, NONE);
    assert_eq!(shown.shown_word(), Some("replly"));
    shown.press(Key::F7, NONE);
    assert_eq!(shown.shown_word(), Some("recieve"));
    // “receive”, then the second one, then the first one again.
    shown.press(Key::ArrowRight, NONE);
    shown.press(Key::ArrowLeft, NONE);
    shown.press(Key::Enter, NONE);
    assert!(shown.text().ends_with("We receive it tomorrow."));
    assert_eq!(shown.shown_word(), Some("adress"), "around the end");
    // Undone in the list, where the word is shown again; and done again.
    shown.press(Key::Z, CTRL);
    assert!(shown.text().ends_with("We recieve it tomorrow."));
    assert_eq!(shown.shown_word(), Some("recieve"));
    shown.press(Key::Enter, NONE);
    shown.press(Key::Enter, NONE);
    assert!(shown.screen.state().state.draft.subject.contains("address"));
    shown.press(Key::Enter, NONE);
    assert_eq!(shown.shown_word(), None, "no wrong word is left");
    assert_eq!(*shown.focus(), Place::Body);
    assert!(shown.screen.spoken().contains("Every word"));
    // In the text Ctrl+Z brings the word back, which is marked again.
    let replaced = shown.text().to_owned();
    shown.press(Key::Z, CTRL);
    assert_ne!(shown.text(), replaced);
    assert_eq!(shown.screen.state().state.aids.spelling.text.len(), 1);
}

#[test]
fn esc_leaves_the_walk_at_the_word_and_loses_nothing() {
    let mut shown = misspelt();
    let before = shown.text().to_owned();
    shown.go(&Place::Body);
    shown.press(Key::F7, NONE);
    assert_eq!(shown.shown_word(), Some("replly"), "from the caret on");
    shown.press(Key::Escape, NONE);
    assert_eq!(*shown.focus(), Place::Body);
    assert_eq!(shown.text(), before);
    let start = before.find("replly").unwrap();
    assert_eq!(shown.screen.state().state.aids.caret, start..start + 6);
    // What is selected is written over, as in any text.
    shown.screen.text("reply");
    shown.settle();
    assert!(shown.text().contains("find the reply."));
}

#[test]
fn a_word_is_right_here_or_everywhere_and_spelling_can_be_off() {
    let mut shown = misspelt();
    shown.press(Key::F7, NONE);
    for act in [Act::Ignore, Act::AddWord] {
        let now = start();
        let window = shown.screen.state_mut();
        window.step(Message::Command(Command::Aid(act)), now);
        shown.settle();
    }
    assert_eq!(shown.shown_word(), Some("recieve"));
    let off = Place::Button(place::Spot::Aids, Command::Aid(Act::SpellingOff));
    shown.go(&off);
    shown.press(Key::Enter, NONE);
    assert_eq!(shown.shown_word(), None);
    assert!(shown.screen.state().state.aids.spelling.text.is_empty());
    assert_eq!(*shown.focus(), Place::Body);
    shown.press(Key::F7, NONE);
    assert_eq!(shown.shown_word(), Some("recieve"), "on again by F7");
}

#[test]
fn the_language_of_the_mail_can_be_set() {
    let mut desk = Desk::with(spelling(Lang::Da));
    write(&mut desk, "Please find the reply encrypted.");
    desk.wait(400);
    work(&mut desk);
    assert!(wrong(&desk).is_empty());
    desk.run(Command::Aid(Act::Speak(Some(Language::Danish))));
    assert!(wrong(&desk).contains(&"encrypted"));
    desk.run(Command::Aid(Act::Speak(None)));
    assert!(wrong(&desk).is_empty());
}

#[test]
fn f7_says_that_it_is_still_checking_and_steals_no_focus_when_it_is_done() {
    let mut desk = Desk::with(spelling(Lang::En));
    write(&mut desk, "We recieve it.");
    desk.run(Command::Aid(Act::NextWord));
    assert!(desk.state.voice.newest().contains("Checking"));
    assert_eq!(desk.state.focus, SUGGESTIONS);
    desk.step(Message::Focus(Place::Subject));
    work(&mut desk);
    assert_eq!(desk.state.focus, Place::Subject);
    let panel = desk.state.aids.spelling.panel.as_ref().unwrap();
    assert_eq!(panel.at.as_ref().unwrap().word, "recieve");
}

#[test]
fn broken_dictionaries_are_told_once_and_the_mail_is_not_touched() {
    let mut desk = Desk::with(spelling(Lang::En));
    write(&mut desk, "We recieve it.");
    desk.hear(Report::Aid(Told::NoDictionary));
    assert!(desk.state.notices[0].contains("dictionaries"));
    assert_eq!(text(&desk), "We recieve it.");
}

fn signed() -> Desk {
    let mut setup = setup(Lang::En);
    setup.writing = Wishes {
        has_signatures: true,
        ..Wishes::default()
    };
    Desk::with(setup)
}

fn signatures(desk: &Desk) -> Told {
    let [anne, office] = [0, 1].map(|i| desk.state.setup.senders[i].clone());
    Told::Signatures(
        vec![
            (anne, "Anne Østergaard\nAdvokat".to_owned()),
            (office, "Kontoret".to_owned()),
        ],
        Vec::new(),
    )
}

fn begin(desk: &mut Desk, opening: Opening) {
    let now = desk.now;
    keeping::open(&mut desk.state, opening, now);
    let told = signatures(desk);
    desk.hear(Report::Aid(told));
}

#[test]
fn a_new_mail_gets_the_signature_of_its_sender_below_the_caret_and_stays_blank() {
    let mut desk = signed();
    assert!(
        desk.state
            .start_jobs()
            .iter()
            .any(|j| matches!(j, Job::Aid(Ask::Signatures)))
    );
    begin(&mut desk, Opening::default());
    assert_eq!(text(&desk), "\n\n-- \nAnne Østergaard\nAdvokat");
    assert!(desk.state.is_blank());
    desk.wait(10_000);
    assert!(!desk.take().iter().any(|j| matches!(j, Job::SaveDraft(_))));
    // Another sender, another signature; the words stay.
    desk.step(Message::Sender(1));
    assert_eq!(text(&desk), "\n\n-- \nKontoret");
    write(&mut desk, "Kære ret\n\n-- \nKontoret");
    desk.step(Message::Sender(0));
    assert_eq!(text(&desk), "Kære ret\n\n-- \nAnne Østergaard\nAdvokat");
    // Once somebody wrote in it, it is theirs.
    write(&mut desk, "Kære ret\n\n-- \nAnne");
    desk.step(Message::Sender(1));
    assert_eq!(text(&desk), "Kære ret\n\n-- \nAnne");
    assert!(desk.state.voice.newest().contains("stays"));
    // The next mail has it again, once.
    desk.state.phase = Phase::Done {
        receipt: Box::new(crate::flows::receipt(&desk, &[])),
        closes: None,
    };
    desk.run(Command::NewMail);
    assert_eq!(text(&desk), "\n\n-- \nKontoret");
    let told = signatures(&desk);
    desk.hear(Report::Aid(told));
    assert_eq!(text(&desk), "\n\n-- \nKontoret");
}

#[test]
fn a_text_from_a_link_gets_it_below_and_a_mail_of_another_program_none() {
    let mut desk = signed();
    let fields = Fields {
        to: vec![EVA.to_owned()],
        body: Some("Om sagen".to_owned()),
        ..Fields::default()
    };
    begin(
        &mut desk,
        Opening {
            fields,
            ..Opening::default()
        },
    );
    assert_eq!(text(&desk), "Om sagen\n\n-- \nAnne Østergaard\nAdvokat");

    let bodies = [
        Body::Text("Fra Outlook".to_owned()),
        Body::HandedOver {
            own: String::new(),
            entity: b"Content-Type: text/html\r\n\r\n<p>x".to_vec(),
            preview: "x".to_owned(),
        },
    ];
    for body in bodies {
        let mut desk = signed();
        let draft = Some(Source::Stdin);
        begin(
            &mut desk,
            Opening {
                draft,
                ..Opening::default()
            },
        );
        desk.hear(Report::HandedOver(Box::new(handed_over(body.clone()))));
        let told = signatures(&desk);
        desk.hear(Report::Aid(told));
        assert_eq!(desk.state.draft.body, body);
        desk.step(Message::Sender(1));
        if let Body::HandedOver { .. } = body {
            assert_eq!(desk.state.draft.body, body);
        }
    }
}

fn handed_over(body: Body) -> HandedOver {
    HandedOver {
        from: None,
        reply_to: None,
        to: vec![Ok(Mailbox::parse(EVA).unwrap())],
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: "Sag".to_owned(),
        body,
        in_reply_to: None,
        references: Vec::new(),
    }
}

#[test]
fn a_signature_that_cannot_be_read_is_told() {
    let mut desk = signed();
    desk.hear(Report::Aid(Told::Signatures(
        Vec::new(),
        vec!["/firm/anne.txt".to_owned()],
    )));
    assert!(desk.state.notices[0].contains("/firm/anne.txt"));
}

fn found() -> Found {
    Found {
        templates: vec![
            Template::parse(
                "Deadline",
                Owner::Firm,
                "Subject: Deadline for {name}\nDear {name}\n\nThe deadline is {day}.\n{sender}, {date}",
            ),
            Template::parse("Thanks", Owner::Own, "Thank you."),
        ],
        skipped: vec![Skipped {
            name: "logo.txt".to_owned(),
            why: Why::NotText,
        }],
        folder: "/data/templates".to_owned(),
    }
}

fn listing() -> Shown {
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("Anne Holm <{ANNE}>"));
    desk.find(person(ANNE, "Anne Holm"));
    desk.state.draft.body = Body::Text("Before. After.".to_owned());
    desk.step(Message::Focus(Place::Body));
    let mut shown = Shown { screen: open(desk) };
    for _ in 0..8 {
        shown.press(Key::ArrowRight, NONE);
    }
    shown.screen.press(Key::T, CTRL);
    let jobs = shown.screen.jobs();
    assert!(jobs.iter().any(|j| matches!(j, Job::Aid(Ask::Templates))));
    shown.screen.hear(Report::Aid(Told::Templates(found())));
    shown.settle();
    shown
}

#[test]
fn a_template_is_found_by_typing_and_put_at_the_caret_with_what_is_known() {
    let mut shown = listing();
    assert_eq!(*shown.focus(), Place::Aid(Spot::Search));
    shown.screen.text("dead");
    shown.settle();
    assert!(shown.screen.spoken().contains("Deadline (the firm's)"));
    shown.press(Key::Enter, NONE);
    assert!(shown.screen.state().state.dialog.is_none());
    let wanted =
        "Before. Dear Anne Holm\n\nThe deadline is {day}.\nAnne Østergaard, 12 November 2026After.";
    assert_eq!(shown.text(), wanted);
    let state = &shown.screen.state().state;
    assert_eq!(state.draft.subject, "Deadline for Anne Holm");
    assert_eq!(*shown.focus(), Place::Body);
    // The first gap is selected: writing fills it.
    shown.screen.text("Friday");
    shown.settle();
    assert!(shown.text().contains("The deadline is Friday."));
    shown.press(Key::Z, CTRL);
    shown.press(Key::Z, CTRL);
    assert_eq!(shown.text(), "Before. After.");
}

#[test]
fn the_list_is_walked_by_arrows_says_what_it_left_out_and_esc_changes_nothing() {
    use egui_kittest::kittest::Queryable as _;
    let mut shown = listing();
    shown.press(Key::ArrowDown, NONE);
    assert!(shown.screen.spoken().contains("Thanks (own)"));
    let named = |name: &str| shown.screen.query_by_label_contains(name).is_some();
    assert!(named("logo.txt") && named("/data/templates"));
    shown.press(Key::Escape, NONE);
    assert_eq!(shown.text(), "Before. After.");
    assert_eq!(*shown.focus(), Place::Body);
}

#[test]
fn a_gap_is_pointed_out_once_before_the_mail_is_sent() {
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("Anne Holm <{ANNE}>"));
    desk.find(person(ANNE, "Anne Holm"));
    write(&mut desk, "Kære {name}");
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Writing));
    assert!(desk.state.voice.newest().contains("{name}"));
    assert_eq!(desk.state.focus, Place::Body);
    assert_eq!(desk.state.aids.caret, 5..11);
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
}

#[test]
fn a_formatted_mail_says_that_it_takes_no_template() {
    let mut desk = Desk::new(Lang::En);
    desk.hear(Report::HandedOver(Box::new(handed_over(
        Body::HandedOver {
            own: String::new(),
            entity: Vec::new(),
            preview: String::new(),
        },
    ))));
    desk.run(Command::Aid(Act::Templates));
    assert!(desk.state.dialog.is_none());
    assert!(desk.state.voice.newest().contains("formatted"));
}

const ANSWER: &str = "Tak.\n\nDen 3. november skrev Eva:\n> Kære Anne\n> CPR følger.";

#[test]
fn quoted_text_is_pointed_out_where_somebody_is_red_and_one_key_removes_it() {
    use egui_kittest::kittest::Queryable as _;
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("Anne Holm <{ANNE}>"));
    desk.find(person(ANNE, "Anne Holm"));
    write(&mut desk, ANSWER);
    let mut shown = Shown::new(desk);
    let guard = |shown: &Shown| {
        shown
            .screen
            .query_by_label_contains("2 quoted lines go along without encryption to Eva Borger")
            .is_some()
    };
    assert!(!guard(&shown), "everybody is green");
    let now = start();
    let window = shown.screen.state_mut();
    window.step(Message::Focus(Place::Field(Kind::To)), now);
    let typed = format!("Eva Borger <{EVA}>");
    window.state.rows.row_mut(Kind::To).typed = typed;
    window.step(Message::Focus(Place::Subject), now);
    shown.screen.hear(Report::Assessed(not_found(EVA)));
    assert!(guard(&shown));
    let spoken = shown.screen.spoken();
    assert!(
        spoken.contains("quoted lines") && spoken.contains("1 of 2 recipients"),
        "{spoken}"
    );
    shown.press(Key::Q, CTRL_SHIFT);
    assert_eq!(shown.text(), "Tak.");
    assert!(!guard(&shown));
    assert_eq!(*shown.focus(), Place::Body);
    shown.press(Key::Z, CTRL);
    assert_eq!(shown.text(), ANSWER);
    assert!(guard(&shown));
}

#[test]
fn a_formatted_mail_says_honestly_that_its_quote_stays() {
    let mut desk = Desk::new(Lang::En);
    desk.hear(Report::HandedOver(Box::new(handed_over(
        Body::HandedOver {
            own: String::new(),
            entity: b"x".to_vec(),
            preview: "Hej\n\nFra: Bo\nSendt: i går\nEmne: Sag\n\nHemmeligt".to_owned(),
        },
    ))));
    desk.find(not_found(EVA));
    assert!(desk.state.voice.newest().contains("sends it unchanged"));
    desk.run(Command::RemoveQuote);
    assert!(
        desk.state
            .voice
            .newest()
            .contains("Remove the quote in the program")
    );
    let Body::HandedOver { entity, .. } = &desk.state.draft.body else {
        panic!()
    };
    assert_eq!(entity, b"x");
}

#[test]
fn the_dialog_of_templates_is_the_only_one_that_enter_takes_from() {
    let mut desk = Desk::new(Lang::En);
    desk.run(Command::Aid(Act::Take));
    assert!(desk.state.dialog.is_none());
    desk.run(Command::Aid(Act::Templates));
    assert!(matches!(
        desk.state.dialog.as_ref().map(|d| &d.ask),
        Some(Question::Templates(_))
    ));
    desk.wait(500);
    desk.run(Command::Aid(Act::Take));
    assert!(desk.state.dialog.is_some(), "nothing is read yet");
    assert_eq!(text(&desk), "");
}
