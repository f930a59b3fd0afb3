//! Recipients, files and text while they are written.

use jiff::SignedDuration;

use super::*;

#[test]
fn an_address_is_looked_up_when_it_is_committed_and_not_letter_by_letter() {
    let mut desk = Desk::new(Lang::En);
    for end in 1..=EVA.len() {
        desk.state.rows.row_mut(Kind::To).typed = EVA[..end].to_owned();
        desk.step(Message::Edited(Place::Field(Kind::To)));
        desk.wait(100);
    }
    assert!(!desk.take().iter().any(|j| matches!(j, Job::Assess { .. })));
    desk.run(Command::Next);
    let jobs = desk.take();
    let asked: Vec<_> = jobs
        .iter()
        .filter(|j| matches!(j, Job::Assess { .. }))
        .collect();
    assert!(
        matches!(asked[..], [Job::Assess { address, freshness: Freshness::Cached }] if address.given() == EVA)
    );
}

#[test]
fn a_pause_looks_up_and_leaves_the_text_in_place() {
    let mut desk = Desk::new(Lang::En);
    desk.state.rows.row_mut(Kind::To).typed = EVA.to_owned();
    desk.step(Message::Edited(Place::Field(Kind::To)));
    desk.wait(799);
    assert!(desk.take().is_empty());
    desk.wait(1);
    assert!(matches!(desk.take()[..], [Job::Assess { .. }]));
    assert_eq!(desk.state.rows.row(Kind::To).typed, EVA);
}

#[test]
fn a_late_answer_for_a_removed_recipient_is_dropped() {
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("{EVA}, {ANNE}"));
    desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    desk.run(Command::Remove);
    desk.find(not_found(EVA));
    assert!(!desk.state.found.contains_key(&Address::parse(EVA).unwrap()));
    assert_eq!(
        standing(&desk.state),
        Standing::Checking { unknown: 1, all: 1 }
    );
}

#[test]
fn a_late_answer_changes_neither_order_nor_focus() {
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("{EVA}, {ANNE}, {COURT}"));
    desk.step(Message::Focus(Place::Chip(Kind::To, ANNE.to_owned())));
    let order = |desk: &Desk| {
        desk.state
            .rows
            .chips()
            .map(|(_, c)| c.key())
            .collect::<Vec<_>>()
    };
    let before = order(&desk);
    for found in [
        organisation(COURT, "Retten"),
        not_found(EVA),
        person(ANNE, "Anne Holm"),
    ] {
        desk.find(found);
        assert_eq!(order(&desk), before);
        assert_eq!(desk.state.focus, Place::Chip(Kind::To, ANNE.to_owned()));
    }
}

#[test]
fn a_text_that_is_no_address_stands_in_the_way_and_is_named() {
    let mut desk = green();
    desk.address("eva");
    desk.run(Command::Send);
    assert_eq!(desk.state.focus, Place::Chip(Kind::To, "eva".to_owned()));
    assert!(matches!(desk.state.phase, Phase::Writing));
    desk.run(Command::Edit);
    assert_eq!(desk.state.rows.row(Kind::To).typed, "eva");
    assert_eq!(desk.state.focus, Place::Field(Kind::To));
}

#[test]
fn typed_text_is_a_recipient_before_anything_is_sent() {
    let mut desk = green();
    desk.step(Message::Focus(Place::Field(Kind::To)));
    desk.state.rows.row_mut(Kind::To).typed = EVA.to_owned();
    desk.step(Message::Edited(Place::Field(Kind::To)));
    desk.run(Command::Send);
    assert!(matches!(desk.state.phase, Phase::Armed));
    desk.find(not_found(EVA));
    desk.wait(60_000);
    assert_eq!(sends(&desk.take()), 0);
}

#[test]
fn removing_goes_to_the_next_chip_and_then_to_the_field() {
    let mut desk = Desk::new(Lang::En);
    desk.address(&format!("{EVA}, {ANNE}"));
    desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    desk.run(Command::Remove);
    assert_eq!(desk.state.focus, Place::Chip(Kind::To, ANNE.to_owned()));
    desk.run(Command::Remove);
    assert_eq!(desk.state.focus, Place::Field(Kind::To));
}

#[test]
fn twenty_chips_one_red_and_f8_lands_on_it() {
    let mut desk = Desk::new(Lang::En);
    let all: Vec<String> = (0..19)
        .map(|i| format!("p{i:02}@politi-eksempel.dk"))
        .collect();
    desk.address(&format!("{}, {EVA}", all.join(", ")));
    desk.find(not_found(EVA));
    for address in &all {
        desk.find(person(address, "Somebody"));
    }
    desk.run(Command::NextProblem);
    assert_eq!(desk.state.focus, Place::Chip(Kind::To, EVA.to_owned()));
    desk.run(Command::PreviousProblem);
    assert_eq!(desk.state.focus, Place::Chip(Kind::To, EVA.to_owned()));
}

#[test]
fn f5_asks_again_for_the_selected_one_and_else_for_all_red() {
    let mut desk = red();
    desk.step(Message::Focus(Place::Chip(Kind::To, ANNE.to_owned())));
    desk.run(Command::Recheck);
    assert!(matches!(&desk.take()[..], [Job::Assess { address, .. }] if address.given() == ANNE));
    desk.find(person(ANNE, "Anne Holm"));
    desk.step(Message::Focus(Place::Body));
    desk.run(Command::Recheck);
    assert!(matches!(&desk.take()[..], [Job::Assess { address, .. }] if address.given() == EVA));
}

#[test]
fn another_organisation_is_confirmed_by_a_question_and_not_by_itself() {
    let mut desk = Desk::new(Lang::En);
    desk.address(EVA);
    desk.find(other_organisation(EVA));
    desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    desk.run(Command::Details);
    desk.step(Message::Focus(Place::Button(
        Spot::Details,
        Command::AskOrganisation,
    )));
    desk.run(Command::AskOrganisation);
    assert!(matches!(
        desk.state.dialog.as_ref().map(|d| &d.ask),
        Some(Ask::Organisation { .. })
    ));
    assert_eq!(desk.state.focus, Place::Button(Spot::Dialog, Command::Back));
    desk.take();
    desk.wait(500);
    desk.run(Command::ConfirmOrganisation);
    let jobs = desk.take();
    let confirmed = jobs.iter().any(|j| {
        matches!(j, Job::ConfirmOrganisation { organisation, .. }
        if organisation.name.as_deref() == Some("Fremmed ApS"))
    });
    assert!(confirmed);
    desk.hear(Event::OrganisationConfirmed(Address::parse(EVA).unwrap()));
    assert!(matches!(
        desk.take()[..],
        [Job::Assess {
            freshness: Freshness::AskAgain,
            ..
        }]
    ));
}

#[test]
fn escape_leaves_what_is_open_and_then_does_nothing() {
    let mut desk = red();
    desk.state.draft.body = Body::Text("text".to_owned());
    desk.step(Message::Focus(Place::Chip(Kind::To, EVA.to_owned())));
    desk.run(Command::Details);
    desk.step(Message::Focus(Place::Button(Spot::Details, Command::Edit)));
    desk.run(Command::Escape);
    assert_eq!(desk.state.details, None);
    assert_eq!(desk.state.focus, Place::Chip(Kind::To, EVA.to_owned()));
    desk.take();
    for _ in 0..5 {
        desk.run(Command::Escape);
    }
    assert!(desk.take().is_empty());
    assert_eq!(desk.state.draft.body, Body::Text("text".to_owned()));
    assert_eq!(desk.state.rows.chips().count(), 2);
}

#[test]
fn pasted_lists_become_recipients_and_pasted_files_attachments() {
    let mut desk = Desk::new(Lang::En);
    desk.step(Message::Focus(Place::Field(Kind::To)));
    desk.step(Message::Pasted(format!(
        "Eva Borger <{EVA}>; {ANNE}\n{COURT}"
    )));
    assert_eq!(desk.state.rows.row(Kind::To).chips.len(), 3);
    desk.take();
    desk.step(Message::Pasted("file:///sag/min%20replik.pdf\n".to_owned()));
    assert!(matches!(&desk.take()[..], [Job::AttachFiles(p)] if p[0].ends_with("min replik.pdf")));
    desk.step(Message::Focus(Place::Button(Spot::Files, Command::Attach)));
    desk.step(Message::Pasted("anything".to_owned()));
    assert!(matches!(desk.take()[..], [Job::PasteFiles]));
}

#[test]
fn green_that_turns_red_is_called_out() {
    let mut desk = green();
    desk.find(with_problem(
        ANNE,
        Problem::Revoked {
            at: start(),
            reason: None,
            certificate: None,
        },
    ));
    assert_eq!(
        desk.state.voice.newest(),
        "holm@politi-eksempel.dk is red now: revoked"
    );
}

#[test]
fn files_are_attached_once_and_what_cannot_be_is_told() {
    let mut desk = green();
    let file = |size| Attachment {
        path: "/sag/replik.pdf".into(),
        name: "replik.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size,
        sha256: Digest::of(b"x"),
    };
    let missing = AttachFailure {
        name: "bilag.pdf".to_owned(),
        why: AttachProblem::Missing,
    };
    desk.hear(Event::Attached(vec![
        Ok(file(1)),
        Ok(file(20_000_000)),
        Err(missing),
    ]));
    assert_eq!(desk.state.draft.attachments, [file(20_000_000)]);
    assert!(
        desk.state
            .trouble
            .as_ref()
            .unwrap()
            .happened
            .contains("bilag.pdf")
    );
    // 20 MB is 38 MB packed: more than the 35 MB of the mail server.
    desk.run(Command::NextProblem);
    assert_eq!(desk.state.focus, Place::File("/sag/replik.pdf".into()));
    desk.run(Command::Remove);
    assert!(desk.state.draft.attachments.is_empty());
    assert_eq!(
        desk.state.focus,
        Place::Button(Spot::Files, Command::Attach)
    );
}

#[test]
fn the_quoted_text_goes_with_the_line_above_it() {
    let mut desk = Desk::new(Lang::En);
    let text = "Hello\n\nAnne wrote on Monday:\n> one\n> two\nRegards";
    desk.state.draft.body = Body::Text(text.to_owned());
    desk.run(Command::RemoveQuote);
    assert_eq!(
        desk.state.draft.body,
        Body::Text("Hello\n\nRegards".to_owned())
    );
}

#[test]
fn an_older_answer_is_green_with_a_clock_and_says_from_when() {
    let mut desk = Desk::new(Lang::En);
    desk.address(ANNE);
    let found = std::sync::Arc::into_inner(person(ANNE, "Anne Holm")).unwrap();
    desk.find(std::sync::Arc::new(found.from_older_answers()));
    let (_, chip) = desk.state.rows.chips().next().unwrap();
    let look = desk.state.look(chip, desk.now);
    assert_eq!((look.tone, look.shape), (Tone::Green, Shape::ClosedClock));
    assert_eq!(look.word, "Encrypted · known today 08:55");
}

#[test]
fn a_cpr_number_in_an_address_is_red_is_asked_of_nobody_and_sends_nothing() {
    let mut desk = green();
    desk.address("010170-1234@borger-eksempel.dk");
    let asked = |jobs: &[Job]| jobs.iter().any(|j| matches!(j, Job::Assess { .. }));
    assert!(!asked(&desk.take()), "no directory hears of it");
    let chip = desk.state.rows.chips().last().unwrap().1.clone();
    let look = desk.state.look(&chip, desk.now);
    assert_eq!((look.tone, look.shape), (Tone::Red, Shape::NoEntry));
    assert_eq!(look.word, "CPR number in address");
    desk.run(Command::Send);
    assert!(desk.state.voice.newest().contains("Digital Post"));
    assert!(matches!(desk.state.phase, Phase::Writing));
    assert_eq!(sends(&desk.take()), 0);
}

#[test]
fn a_clock_that_is_off_is_said_at_once_and_takes_every_green_light() {
    const BO: &str = "bo@retten-eksempel.dk";
    let strip = Place::Button(Spot::Strip, Command::Recheck);
    let mut desk = green();
    assert!(desk.state.decision().is_green());
    assert!(!stops::all(&desk.state).contains(&strip));
    desk.address(&format!("Bo Lund <{BO}>"));
    desk.take();
    desk.find(by_clock(person(BO, "Bo Lund"), clock_off(desk.now)));
    // Anne was green by the same clock: asked again, and no light until then.
    assert!(
        !desk
            .state
            .found
            .contains_key(&Address::parse(ANNE).unwrap())
    );
    let again = |job: &Job| matches!(job, Job::Assess { address, .. } if address.wire() == ANNE);
    assert!(desk.take().iter().any(again));
    let said = desk.state.clock_words().expect("it is said");
    assert!(said.what.contains("OCES") && !said.next.is_empty());
    assert!(stops::all(&desk.state).contains(&strip), "with what to do");
    desk.find(by_clock(person(ANNE, "Anne Holm"), clock_off(desk.now)));
    assert!(desk.take().is_empty(), "known of both");
    for (_, chip) in desk.state.rows.chips() {
        let look = desk.state.look(chip, desk.now);
        assert_eq!((look.tone, look.shape), (Tone::Red, Shape::Question));
        assert!(look.sentence.contains("OCES"), "{}", look.sentence);
    }
    assert!(!desk.state.decision().is_green());

    // The clock was set: whoever is looked up says so, and the other is asked again.
    desk.now += SignedDuration::from_secs(30);
    desk.find(by_clock(person(BO, "Bo Lund"), ClockState::Agrees));
    assert!(desk.take().iter().any(again));
    desk.find(by_clock(person(ANNE, "Anne Holm"), ClockState::Agrees));
    assert!(desk.state.decision().is_green());
    assert!(desk.state.clock_words().is_none());
}
