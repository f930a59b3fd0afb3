//! Drafts: kept, opened again, handed over, closed; and settings that are missing or broken.

use super::*;

#[test]
fn a_change_is_kept_within_two_seconds_whatever_goes_on() {
    let mut desk = Desk::new(Lang::En);
    let mut kept = String::new();
    for second in 0..50 {
        let text = format!("word {second}");
        desk.state.draft.body = Body::Text(text.clone());
        desk.step(Message::Edited(Place::Body));
        desk.wait(300);
        for job in desk.take() {
            if let Job::SaveDraft(draft) = job {
                let Body::Text(text) = draft.body else {
                    panic!()
                };
                kept = text;
            }
        }
        let kept: i32 = kept
            .rsplit(' ')
            .next()
            .and_then(|n| n.parse().ok())
            .unwrap_or(-1);
        assert!(
            i64::from(second - kept) * 300 <= 2_000 + 300,
            "{second} {kept}"
        );
    }
}

#[test]
fn the_newest_draft_is_open_again_after_a_crash_and_the_others_are_named() {
    let mut desk = Desk::new(Lang::En);
    let draft = |text: &str| {
        let mut draft = Draft::new(DraftId::random().unwrap(), desk.state.draft.from.clone());
        draft.to = vec![Mailbox::parse(text).unwrap()];
        draft
    };
    let (newest, older) = (draft(EVA), draft(ANNE));
    desk.hear(Event::DraftsLoaded(vec![newest.clone(), older.clone()]));
    assert_eq!(desk.state.draft, newest);
    assert_eq!(desk.state.others, std::slice::from_ref(&older));
    assert!(matches!(desk.take()[..], [Job::Assess { .. }]));
    desk.run(Command::OpenDraft(older.id.clone()));
    assert_eq!(desk.state.draft.id, older.id);
    assert_eq!(desk.state.others[0].id, newest.id);
}

#[test]
fn a_window_that_was_opened_with_a_mail_keeps_it_when_drafts_come() {
    let mut desk = Desk::new(Lang::En);
    let opening = Opening {
        fields: Fields {
            to: vec![EVA.to_owned()],
            ..Fields::default()
        },
        ignored: vec!["attach".to_owned()],
        ..Opening::default()
    };
    let now = desk.now;
    keeping::open(&mut desk.state, opening, now);
    assert_eq!(desk.state.focus, Place::Body);
    assert!(desk.state.notices[0].contains("attach"));
    let other = Draft::new(DraftId::random().unwrap(), desk.state.draft.from.clone());
    desk.hear(Event::DraftsLoaded(vec![other.clone()]));
    assert_eq!(desk.state.draft.to.len(), 1);
    assert_eq!(desk.state.others, [other]);
}

#[test]
fn a_formatted_draft_leaves_octet_for_octet_with_a_line_on_top() {
    let entity = b"Content-Type: text/html\r\n\r\n<p>K\xc3\xa6re \x00 ret</p>".to_vec();
    let mut desk = Desk::new(Lang::En);
    desk.hear(Event::HandedOver(Box::new(HandedOver {
        from: Some(Mailbox::parse("post@advokat-eksempel.dk").unwrap()),
        reply_to: None,
        to: vec![Ok(Mailbox::parse(ANNE).unwrap())],
        cc: Vec::new(),
        bcc: vec![Ok(Mailbox::parse(COURT).unwrap())],
        subject: "BS-123".to_owned(),
        body: Body::HandedOver {
            own: String::new(),
            entity: entity.clone(),
            preview: "Kære ret".to_owned(),
        },
        in_reply_to: None,
        references: Vec::new(),
    })));
    desk.find(person(ANNE, "Anne Holm"));
    desk.find(organisation(COURT, "Retten"));
    assert!(desk.state.rows.row(Kind::Bcc).is_shown);
    if let Body::HandedOver { own, .. } = &mut desk.state.draft.body {
        *own = "Se nedenfor".to_owned();
    }
    desk.step(Message::Edited(Place::Own));
    desk.run(Command::Send);
    desk.run(Command::SendNow);
    let jobs = desk.take();
    let draft = jobs.iter().find_map(|j| match j {
        Job::Send { draft, .. } => Some(draft),
        _ => None,
    });
    let draft = draft.unwrap();
    assert_eq!(draft.from.name.as_deref(), Some("Kontoret"));
    assert!(
        matches!(&draft.body, Body::HandedOver { own, entity: e, .. } if own == "Se nedenfor" && *e == entity)
    );
}

#[test]
fn closing_keeps_the_draft_first_and_never_leaves_a_mail_on_its_way() {
    let mut desk = green();
    desk.step(Message::CloseRequested);
    let jobs = desk.take();
    assert!(jobs.iter().any(|j| matches!(j, Job::SaveDraft(_))));
    assert!(!jobs.iter().any(|j| matches!(j, Job::CloseWindow)));
    desk.hear(Event::DraftSaved {
        id: desk.state.draft.id.clone(),
        at: desk.now,
    });
    assert!(desk.take().iter().any(|j| matches!(j, Job::CloseWindow)));

    let mut desk = green();
    desk.run(Command::Send);
    desk.step(Message::CloseRequested);
    assert!(!desk.take().iter().any(|j| matches!(j, Job::CloseWindow)));
    assert!(matches!(desk.state.phase, Phase::Holding { .. }));
    let mut desk = in_sending();
    desk.step(Message::CloseRequested);
    assert!(desk.take().is_empty());
}

#[test]
fn a_draft_that_cannot_be_kept_is_not_lost_without_a_question() {
    let mut setup = setup(Lang::En);
    setup.drafts = Drafts::InMemory;
    let mut desk = Desk::with(setup);
    desk.address(EVA);
    desk.take();
    desk.step(Message::CloseRequested);
    assert!(desk.take().is_empty());
    assert!(matches!(
        desk.state.dialog.as_ref().map(|d| &d.ask),
        Some(Ask::LoseDraft)
    ));
    desk.wait(500);
    desk.run(Command::Back);
    assert!(desk.state.dialog.is_none());

    let mut desk = green();
    desk.step(Message::CloseRequested);
    desk.take();
    desk.hear(Event::DraftNotSaved(Box::new(trouble())));
    assert!(matches!(
        desk.state.dialog.as_ref().map(|d| &d.ask),
        Some(Ask::LoseDraft)
    ));
}

#[test]
fn with_broken_settings_one_can_write_and_not_send() {
    let mut setup = setup(Lang::En);
    let sentence = "The settings cannot be read.".to_owned();
    setup.readiness = Readiness::Broken {
        sentence,
        detail: "line 14".to_owned(),
    };
    let mut desk = Desk::with(setup);
    desk.address(ANNE);
    assert!(desk.take().is_empty(), "nobody can be asked");
    desk.run(Command::Send);
    desk.wait(60_000);
    assert_eq!(sends(&desk.take()), 0);
    assert_eq!(
        desk.state.focus,
        Place::Button(Spot::Strip, Command::CopyForIt)
    );
    desk.run(Command::CopyForIt);
    assert!(matches!(&desk.take()[..], [Job::Copy(text)] if text == "line 14"));
}

#[test]
fn without_settings_there_are_choices_and_no_composer() {
    let mut setup = setup(Lang::En);
    setup.readiness = Readiness::NoSettings;
    setup.senders.clear();
    let mut desk = Desk::with(setup.clone());
    assert!(desk.state.start_jobs().is_empty());
    desk.run(Command::Send);
    desk.run(Command::Attach);
    assert!(desk.take().is_empty());
    desk.run(Command::OpenSettings);
    desk.run(Command::Demo);
    assert!(matches!(
        desk.take()[..],
        [Job::OpenSettings, Job::StartDemo]
    ));
    setup.readiness = Readiness::Ready;
    setup.senders = crate::support::setup(Lang::En).senders;
    desk.hear(Event::Restarted(Box::new(setup)));
    assert_eq!(desk.state.focus, Place::Field(Kind::To));
    assert!(matches!(
        desk.take()[..],
        [Job::LoadDrafts, Job::Book(Task::Load)]
    ));
}

#[test]
fn the_demo_begins_with_a_mail_that_says_whom_one_can_write_to() {
    let mut desk = Desk::new(Lang::En);
    let mut setup = setup(Lang::En);
    setup.example = Fields {
        to: vec![EVA.to_owned()],
        body: Some(format!("Invented: {EVA}")),
        ..Fields::default()
    };
    desk.hear(Event::Restarted(Box::new(setup.clone())));
    assert_eq!(
        desk.state.draft.body,
        Body::Text(format!("Invented: {EVA}"))
    );
    assert!(matches!(
        &desk.take()[..],
        [
            Job::LoadDrafts,
            Job::Book(Task::Load),
            Job::Assess { .. },
            ..
        ]
    ));
    let mut given = Desk::with(setup);
    let mail = Opening {
        fields: Fields {
            to: vec![ANNE.to_owned()],
            ..Fields::default()
        },
        ..Opening::default()
    };
    keeping::open(&mut given.state, mail, start());
    assert_eq!(given.state.draft.body, Body::Text(String::new()));
}
