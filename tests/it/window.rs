//! The real window under a real X server, by keyboard alone: write, see the warning, go back, send encrypted, and what
//! the mail server got is opened with the recipient's key. A screenshot is left in the target folder to be looked at.

use std::time::{Duration, Instant};

use super::{
    desk::Desk,
    reader::Reader,
    screen::{Running, Screen, wait_until},
};

/// The window, with the mail server and directory of the desk.
fn open(desk: &Desk, screen: &Screen, arguments: &[&str]) -> Running {
    let config = desk.demo.config_path();
    let config = ["--config", config.to_str().unwrap()];
    screen.open(&[&config[..], arguments].concat())
}

#[test]
fn the_whole_job_is_done_by_keyboard_alone() {
    let Some(screen) = Screen::new() else { return };
    let desk = Desk::new();
    let world = desk.demo.world();
    let karen = world.person("karen@advokat-eksempel.dk").unwrap();
    let _window = open(&desk, &screen, &[]);
    screen.activate();

    // One green, one red.
    let lookups = || desk.demo.directory().stats().answered;
    screen.write("karen@advokat-eksempel.dk, klaus@privat.example, ");
    wait_until("both are looked up", || lookups() >= 2);
    screen.key("Tab");
    screen.write("BS-123/2026-EKS");
    screen.key("Tab");
    screen.write("Kaere Karen, her er replikken.");
    std::thread::sleep(Duration::from_millis(800));
    screen.keep("window-composer.png");

    // The warning: held keys and Enter get nobody past it. Escape goes back, and nothing was sent.
    screen.key("ctrl+Return");
    std::thread::sleep(Duration::from_millis(800));
    screen.keep("window-warning.png");
    screen.run(
        "xdotool",
        &[
            "keydown", "ctrl", "keydown", "Return", "sleep", "1", "keyup", "Return", "keyup",
            "ctrl",
        ],
    );
    assert!(desk.demo.mail().kept().is_empty());
    screen.key("Escape");

    // Only to those who can be encrypted to; then at once instead of after the undo time.
    screen.press_until(
        "the mail is sent",
        &["ctrl+Return", "ctrl+d", "ctrl+Return"],
        || !desk.demo.mail().kept().is_empty(),
    );
    std::thread::sleep(Duration::from_millis(800));
    screen.keep("window-receipt.png");

    let kept = desk.demo.mail().kept();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].rcpt_to, ["karen@advokat-eksempel.dk"]);
    let inside = segl::demo::open(&kept[0].data, &karen.readers[0]).unwrap();
    assert!(String::from_utf8_lossy(&inside).contains("Kaere Karen, her er replikken."));
    assert!(!String::from_utf8_lossy(&kept[0].data).contains("replikken"));
    let verified = desk.segl(&["log", "verify", "--json"]);
    assert_eq!(verified.json()["intact"], true);
}

#[test]
fn a_draft_is_there_again_after_the_window_was_killed() {
    let Some(screen) = Screen::new() else { return };
    let desk = Desk::new();
    {
        let _window = open(
            &desk,
            &screen,
            &["--to", "karen@advokat-eksempel.dk", "--subject", "Udkast"],
        );
        screen.activate();
        std::thread::sleep(Duration::from_millis(500));
        screen.write("Teksten overlever.");
        // At most two seconds may be lost.
        std::thread::sleep(Duration::from_secs(5));
    }
    let _window = open(&desk, &screen, &[]);
    screen.activate();
    std::thread::sleep(Duration::from_millis(1500));
    screen.keep("window-draft.png");
    screen.press_until("the draft is sent", &["ctrl+Return"], || {
        !desk.demo.mail().kept().is_empty()
    });
    let karen = desk
        .demo
        .world()
        .person("karen@advokat-eksempel.dk")
        .unwrap();
    let inside = segl::demo::open(&desk.demo.mail().kept()[0].data, &karen.readers[0]).unwrap();
    assert!(String::from_utf8_lossy(&inside).contains("Teksten overlever."));
}

#[test]
fn killed_at_any_moment_the_window_is_back_with_at_most_two_seconds_of_typing_lost() {
    // From a key press to the draft's write, a busy machine takes its time; the two seconds are ours.
    const LATE: Duration = Duration::from_millis(1_500);
    let Some(screen) = Screen::with_bus() else {
        return;
    };
    let Some(mut reader) = Reader::on(&screen) else {
        return;
    };
    for alive in [2_300, 3_900, 5_400, 6_100] {
        let desk = Desk::new();
        let mut typed = Vec::new();
        let killed = {
            let _window = open(&desk, &screen, &["--to", "karen@advokat-eksempel.dk"]);
            screen.activate();
            reader.see_focus("Mailens tekst");
            let begin = Instant::now();
            while begin.elapsed() < Duration::from_millis(alive) {
                screen.write(&format!("ord{} ", typed.len()));
                typed.push(Instant::now());
                std::thread::sleep(Duration::from_millis(70));
            }
            Instant::now()
        };
        let _window = open(&desk, &screen, &[]);
        let is_back =
            |n: &super::reader::Node| n.name == "Mailens tekst" && n.text.contains("ord0 ");
        let text = reader.wait_for("the draft is back", is_back).text;
        // The last word may be cut by the kill itself.
        let (whole, _) = text.rsplit_once(' ').unwrap();
        let words: Vec<&str> = whole.split_whitespace().collect();
        let expected: Vec<String> = (0..words.len()).map(|i| format!("ord{i}")).collect();
        assert_eq!(words, expected, "not a word is lost in between");
        if let Some(lost) = typed.get(words.len()) {
            let ago = killed.duration_since(*lost);
            assert!(
                ago < Duration::from_secs(2) + LATE,
                "{ago:?} were lost: {text}"
            );
        }
    }
}

#[test]
fn a_request_for_a_receipt_leaves_from_the_warning_and_the_mail_itself_stays() {
    let Some(screen) = Screen::new() else { return };
    let desk = Desk::new();
    desk.edit("[tls]\n", "[tls]\ndeadline = \"300ms\"\n");
    let _window = open(&desk, &screen, &[]);
    screen.activate();
    let lookups = || desk.demo.directory().stats().answered;
    screen.write("klaus@privat.example, ");
    wait_until("Klaus is looked up", || lookups() >= 1);
    screen.key("Tab");
    screen.write("Hemmelig sag");
    screen.key("Tab");
    screen.write("Kaere Klaus, dette er hemmeligt.");
    // Nothing but the last key sends; whatever was open before is left first.
    let keys = ["Escape", "ctrl+Return", "ctrl+shift+r", "ctrl+Return"];
    screen.press_until("the request leaves", &keys, || {
        !desk.demo.mail().kept().is_empty()
    });
    screen.keep("window-receipt-request.png");
    for kept in desk.demo.mail().kept() {
        let text = String::from_utf8_lossy(&kept.data).into_owned();
        assert!(text.contains("Disposition-Notification-To:"), "{text}");
        assert!(!text.contains("emmelig"), "{text}");
    }
}
