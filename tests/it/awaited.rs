//! Somebody was asked for a certificate: who gets one is told once, whatever goes on besides.

use jiff::{SignedDuration, Timestamp};
use segl::{
    demo::directory::Fault,
    mail::Mailbox,
    segl::{Clock, News, Segl},
};

use super::desk::{Desk, now};

const KAREN: &str = "karen@advokat-eksempel.dk";

/// A desk whose directory holds everybody but Karen.
fn without_karen() -> Desk {
    let desk = Desk::new();
    let people = &desk.demo.world().people;
    let others = people.iter().filter(|p| p.address != KAREN);
    let entries = others.flat_map(|p| p.entries.clone()).collect();
    desk.demo.directory().set_entries(entries);
    desk
}

fn with_karen(desk: &Desk) {
    desk.demo
        .directory()
        .set_entries(desk.demo.world().entries());
}

fn open(desk: &Desk) -> Segl {
    Segl::open(desk.demo.config().unwrap(), "anne".to_owned()).unwrap()
}

fn karen() -> Mailbox {
    Mailbox::parse(&format!("Karen Ærø <{KAREN}>")).unwrap()
}

fn after(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

async fn look(segl: &Segl, is_start: bool, clock: Clock<'_>) -> Vec<News> {
    segl.look_for_certificates(is_start, clock).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_windows_exactly_one_tells_once_that_somebody_has_a_certificate() {
    let desk = without_karen();
    let (one, other) = (open(&desk), open(&desk));
    one.wait_for_certificate(&karen(), now()).unwrap();
    assert_eq!(look(&one, true, &now).await, []);
    with_karen(&desk);
    assert_eq!(
        look(&other, true, &|| after(10)).await,
        [],
        "“has none” counts for a while, as for every recipient"
    );
    let clock = || after(60);
    let (a, b) = tokio::join!(look(&one, true, &clock), look(&other, true, &clock));
    assert_eq!([a, b].concat(), [News::Green(karen())]);
    for segl in [&one, &other, &open(&desk)] {
        assert_eq!(look(segl, true, &|| after(120)).await, []);
        assert_eq!(look(segl, false, &|| after(26 * 60)).await, []);
    }
    let listed = one.awaited().unwrap();
    assert_eq!(listed.len(), 1, "it can still be seen in the settings");
    assert!(listed[0].green.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_down_is_neither_a_certificate_nor_a_look() {
    let desk = without_karen();
    let segl = open(&desk);
    segl.wait_for_certificate(&karen(), now()).unwrap();
    desk.demo
        .directory()
        .set_fault(Fault::RefuseConnections)
        .unwrap();
    assert_eq!(look(&segl, true, &now).await, []);
    assert_eq!(segl.awaited().unwrap()[0].looked, None);
    assert_eq!(segl.awaited().unwrap()[0].green, None);
    desk.demo.directory().set_fault(None).unwrap();
    with_karen(&desk);
    // Its turn comes again at once, not tomorrow. A program that has just seen a directory fail spares it for a while.
    let told = look(&open(&desk), false, &|| after(30)).await;
    assert_eq!(told, [News::Green(karen())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn between_two_starts_the_directory_is_asked_once_a_day() {
    let desk = without_karen();
    let segl = open(&desk);
    segl.wait_for_certificate(&karen(), now()).unwrap();
    let asked = || desk.demo.directory().stats().answered;
    look(&segl, false, &now).await;
    let first = asked();
    assert!(first > 0);
    for minutes in [20, 60, 600, 23 * 60] {
        look(&segl, false, &move || after(minutes)).await;
        assert_eq!(asked(), first, "after {minutes} minutes");
    }
    look(&segl, false, &|| after(25 * 60)).await;
    assert!(asked() > first);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_ninety_days_nobody_waits_and_that_is_told_once() {
    let desk = without_karen();
    let segl = open(&desk);
    segl.wait_for_certificate(&karen(), now()).unwrap();
    let (day, clock) = (24 * 60, || after(91 * 24 * 60));
    assert_eq!(look(&segl, false, &move || after(89 * day)).await, []);
    assert_eq!(look(&segl, false, &clock).await, [News::Ended(karen())]);
    assert_eq!(look(&segl, false, &clock).await, []);
    assert!(segl.awaited().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_waited_for_no_longer_is_not_told_and_no_name_lies_open_on_the_disk() {
    let desk = without_karen();
    let segl = open(&desk);
    segl.wait_for_certificate(&karen(), now()).unwrap();
    segl.wait_for_certificate(&karen(), now()).unwrap();
    assert_eq!(
        segl.awaited().unwrap().len(),
        1,
        "asked twice, waited for once"
    );
    for entry in std::fs::read_dir(desk.path("data")).unwrap() {
        let octets = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        let text = String::from_utf8_lossy(&octets).into_owned();
        assert!(!text.contains(KAREN) && !text.contains("Karen"));
    }
    let listed = desk.segl(&["watch", "list", "--json"]).json();
    assert_eq!(listed["watched"][0]["address"], KAREN);
    assert_eq!(desk.segl(&["watch", "end", KAREN]).code, 0);
    assert!(segl.awaited().unwrap().is_empty());
    with_karen(&desk);
    assert_eq!(look(&segl, true, &|| after(60)).await, []);
}
