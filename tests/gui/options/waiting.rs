//! Asking for a certificate, and hearing once that it is there.

use super::*;

#[test]
fn ctrl_m_opens_a_mail_to_whom_it_is_about_with_the_firms_own_words() {
    let mut setup = setup(Lang::Da);
    let firms = "Send os venligst jeres certifikat.".to_owned();
    setup
        .texts
        .insert("ask-for-certificate".to_owned(), firms.clone());
    let mut desk = Desk::with(setup);
    desk.address(&format!("Anne Holm <{ANNE}>, Eva Borger <{EVA}>"));
    desk.find(person(ANNE, "Anne Holm"));
    desk.find(not_found(EVA));
    desk.take();
    desk.run(Command::AskForCertificate);
    let jobs = desk.take();
    let [Job::Options(Ask::AskForCertificate(letter))] = &jobs[..] else {
        panic!("{jobs:?}")
    };
    assert_eq!((&letter.to, &letter.text), (&eva(), &firms));
    let message = segl::mail::handed_over(&letter.to_message()).unwrap();
    assert_eq!(message.to.len(), 1);
    assert_eq!(message.to[0].as_ref().unwrap(), &eva());
    assert_eq!(message.subject, "Vil du sende mig dit certifikat?");
    assert_eq!(message.from.unwrap().address, desk.state.draft.from.address);
    desk.hear(Report::Options(Told::Asked(eva())));
    assert!(desk.state.voice.newest().contains("Eva Borger"));
}

#[test]
fn whoever_has_a_certificate_is_asked_nothing() {
    let mut desk = Desk::new(Lang::En);
    desk.address(ANNE);
    desk.find(person(ANNE, "Anne Holm"));
    desk.take();
    desk.run(Command::AskForCertificate);
    assert!(desk.take().is_empty());
    assert!(desk.state.voice.newest().contains("nobody to ask"));
}

#[test]
fn that_somebody_has_a_certificate_now_is_said_shown_and_written_to_by_one_button() {
    let mut screen = open(Desk::new(Lang::En));
    let told = || Report::Options(Told::News(vec![News::Green(eva())]));
    screen.hear(told());
    assert_eq!(screen.spoken(), "Eva Borger can now get encrypted mail");
    screen.hear(told());
    screen.get_by_label("Write to Eva Borger").click();
    screen.run_ok();
    let jobs = screen.jobs();
    let wrote = jobs
        .iter()
        .any(|j| matches!(j, Job::Options(Ask::Write(l)) if l.to == eva()));
    assert!(wrote, "{jobs:?}");
    screen.get_by_label("Hide").click();
    screen.run_ok();
    assert!(screen.query_by_label("Write to Eva Borger").is_none());
}

#[test]
fn waiting_is_ended_in_the_settings() {
    let mut screen = settings_screen(Section::Waiting);
    screen.get_by_label("Wait no longer for Eva Borger").click();
    screen.run_ok();
    let jobs = screen.jobs();
    let ended = |j: &Job| matches!(j, Job::Options(Ask::StopWaiting(m)) if *m == eva());
    assert!(jobs.iter().any(ended), "{jobs:?}");
    screen.hear(Report::Options(Told::Stopped(eva())));
    assert!(screen.spoken().contains("no longer looks"));
    assert!(
        screen
            .jobs()
            .iter()
            .any(|j| matches!(j, Job::Options(Ask::Facts)))
    );
}
