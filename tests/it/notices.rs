//! Notices of certificates that end soon: each is said once, by whichever program is the first to know.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use segl::{
    demo::{KeyChoice, KeyUsage, Leaf},
    segl::Segl,
};

use super::{
    desk::{Desk, now},
    own,
};

fn in_days(days: i64) -> Timestamp {
    // An hour more: it is a while until the test looks.
    now() + SignedDuration::from_hours(24 * days + 1)
}

fn open(desk: &Desk) -> Segl {
    Segl::open(desk.demo.config().unwrap(), "anne".to_owned()).unwrap()
}

/// The stages that are told now of the user's own certificates.
fn own_stages(segl: &Segl, at: Timestamp) -> Vec<u16> {
    let told = segl.own_endings_to_tell(at);
    told.iter().map(|e| e.days).collect()
}

#[test]
fn the_end_of_an_own_certificate_is_said_once_at_each_stage_by_whichever_program_is_first() {
    let desk = Desk::new();
    own::import(&desk, &own::issue(&desk, 0, Some(in_days(70))));
    let (one, other) = (open(&desk), open(&desk));
    let after = |days: i64| now() + SignedDuration::from_hours(24 * days + 2);
    for (day, wanted) in [
        (5, None),
        (10, Some(60)),
        (11, None),
        (40, Some(30)),
        (56, Some(14)),
        (57, None),
        (63, Some(7)),
        (69, None),
        // What is over is told by what needs it.
        (71, None),
    ] {
        assert_eq!(
            own_stages(&one, after(day)),
            Vec::from_iter(wanted),
            "{day}"
        );
        assert!(
            own_stages(&other, after(day)).is_empty(),
            "{day}: said already"
        );
    }
}

#[test]
fn where_a_newer_own_certificate_does_the_same_the_end_of_the_older_is_no_news() {
    let desk = Desk::new();
    own::import(&desk, &own::issue(&desk, 0, Some(in_days(20))));
    own::import(&desk, &own::issue(&desk, 1, Some(in_days(400))));
    assert!(own_stages(&open(&desk), now()).is_empty());

    // One that only opens does not replace one that also signs.
    let desk = Desk::new();
    let world = desk.demo.world();
    let reading = Leaf::mail(&world.sender_name, &world.sender_address)
        .with_key(KeyChoice::Shared(2001))
        .with_key_usage(&[KeyUsage::KeyEncipherment]);
    own::import(&desk, &own::issue(&desk, 0, Some(in_days(20))));
    own::import(&desk, &world.issuing.issue(&reading).unwrap());
    assert_eq!(own_stages(&open(&desk), now()), [30]);
}

#[test]
fn the_end_of_a_recipients_certificate_is_said_once_and_takes_nothing_away_from_ones_own() {
    let desk = Desk::new();
    let issued = own::issue(&desk, 0, Some(in_days(13)));
    own::import(&desk, &issued);
    // The user writes to herself, too.
    fs::write(desk.path("own.cer"), &issued.der).unwrap();
    assert_eq!(desk.segl(&["cert", "import", "own.cer"]).code, 0);
    let sender = desk.demo.world().sender_address.clone();
    let told = desk.segl(&["check", &sender]);
    assert_eq!(
        (told.code, told.stderr.contains("ends")),
        (0, true),
        "{told:?}"
    );
    let again = desk.segl(&["check", &sender]);
    assert!(!again.stderr.contains("ends"), "{again:?}");
    let segl = open(&desk);
    assert_eq!(own_stages(&segl, now()), [14]);
    assert!(own_stages(&segl, now()).is_empty());
}
