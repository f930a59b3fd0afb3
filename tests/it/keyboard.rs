//! The whole demo by keys alone, from a script that is kept beside the tests (`tests/keys`): what is pressed, and what
//! is then seen, focused and said. What is seen is read through AT-SPI; nothing else works the window than keys.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use super::{reader::Reader, screen::Screen};

/// Does what a script says, line by line. `type` and `key` press; `see`, `hear` and `focus` wait for what must be there.
fn perform(script: &str, screen: &Screen, reader: &mut Reader) {
    for line in script
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb {
            "type" => screen.write(rest),
            "key" => rest.split(' ').for_each(|key| screen.key(key)),
            "see" => drop(reader.see(rest)),
            "hear" => reader.hear(rest),
            "focus" => reader.see_focus(rest),
            "judge" => drop(reader.judge(rest)),
            "wait" => std::thread::sleep(Duration::from_millis(rest.parse().unwrap())),
            "picture" => screen.keep(rest),
            _ => panic!("{line}"),
        }
    }
}

#[test]
fn the_demos_whole_job_is_done_with_keys_only() {
    let Some(screen) = Screen::with_bus() else {
        return;
    };
    let Some(mut reader) = Reader::on(&screen) else {
        return;
    };
    // The dialog of the operating system is not ours: whoever asks for a file name gets this one.
    let (tools, case) = (screen.home().join("tools"), screen.home().join("sag.eml"));
    fs::create_dir(&tools).unwrap();
    let chooser = tools.join("zenity");
    fs::write(&chooser, format!("#!/bin/sh\necho '{}'\n", case.display())).unwrap();
    fs::set_permissions(&chooser, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", tools.display());
    let with_chooser = |command: &mut std::process::Command| {
        command.env("PATH", path);
    };
    let _window = screen.open_as(with_chooser, &["--demo"]);
    screen.activate();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys/demo.keys");
    perform(&fs::read_to_string(script).unwrap(), &screen, &mut reader);
    let saved = fs::read_to_string(&case).unwrap();
    assert!(saved.contains("Subject: "), "{saved}");
}
