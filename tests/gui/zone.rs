//! The computer is taken into another time zone while the window is open.

use std::{path::Path, process::Command as Process};

use egui::Event;
use egui_kittest::kittest::Queryable as _;
use jiff::Timestamp;
use segl::{app::message::Event as Report, mail::Body, words::Lang};

use crate::support::*;

/// The file that stands for the zone of the computer, for the process that travels.
const ZONE: &str = "SEGL_TEST_ZONE";

/// A time zone without summer time, so many hours east of UTC (TZif version 2, RFC 9636).
fn zone(hours: i32) -> Vec<u8> {
    let mut file = Vec::new();
    for _ in 0..2 {
        file.extend(b"TZif2");
        file.extend([0; 15]);
        // No leap seconds, no transitions, one type whose name has four octets.
        for count in [0_u32, 0, 0, 0, 1, 4] {
            file.extend(count.to_be_bytes());
        }
        file.extend((hours * 3600).to_be_bytes());
        file.extend([0, 0]);
        file.extend(b"XXX\0");
    }
    file.extend(format!("\n<+{hours:02}>-{hours}\n").into_bytes());
    file
}

#[test]
fn times_follow_the_computer_into_another_time_zone_and_what_is_kept_does_not_change() {
    if let Some(file) = std::env::var_os(ZONE) {
        return travels(Path::new(&file));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("zone");
    std::fs::write(&file, zone(1)).unwrap();
    // A process of its own: its environment is its time zone, and no other test's.
    let this =
        "zone::times_follow_the_computer_into_another_time_zone_and_what_is_kept_does_not_change";
    let ran = Process::new(std::env::current_exe().unwrap())
        .args(["--exact", this])
        .env(ZONE, &file)
        .env("TZ", format!(":{}", file.display()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

fn travels(zone_file: &Path) {
    let mut desk = Desk::new(Lang::Da);
    desk.now = "2026-11-12T13:02:00Z".parse::<Timestamp>().unwrap();
    desk.state.draft.body = Body::Text("Kære ret".to_owned());
    desk.hear(Report::DraftSaved {
        id: desk.state.draft.id.clone(),
        at: desk.now,
    });
    let mut screen = open(desk);
    let saved = |screen: &Screen, time: &str| {
        let text = format!("gemt {time}");
        screen.query_by_label_contains(&text).is_some()
    };
    assert!(saved(&screen, "14:02"));
    let before = screen.state().state.kept.at;
    std::fs::write(zone_file, zone(9)).unwrap();
    // The lid is closed here and opened there.
    screen.event(Event::WindowFocused(false));
    screen.run_ok();
    screen.event(Event::WindowFocused(true));
    screen.run_ok();
    assert!(saved(&screen, "22:02"));
    assert!(!saved(&screen, "14:02"));
    let state = &screen.state().state;
    assert_eq!(state.kept.at, before);
    assert_eq!(state.draft.body, Body::Text("Kære ret".to_owned()));
}
