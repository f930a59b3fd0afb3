//! The keyring's states, told apart against a real Secret Service (gnome-keyring) on session buses of their own.
//!
//! The client library looks for a keyring once a process, so each case is a process: this test binary again.

use std::path::Path;
use std::process::{Command, Stdio};

use segl::keys::{
    KeyError, KeySource, Password, delete_password, keep_sealed, obtain, password, set_password,
};

const UNLOCK: &str =
    "printf pw | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1";
const LOCK: &str = "dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
     org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null";
/// A session bus that starts nothing by itself.
const BARE_BUS: &str = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>\
     <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>";

#[test]
fn an_unlocked_keyring_keeps_the_key_and_the_passwords() {
    run("unlocked", Bus::WithKeyring);
}

#[test]
fn a_locked_keyring_is_told_apart_and_no_new_key_is_made() {
    let home = tempfile::tempdir().unwrap();
    run_in(home.path(), "locked", Bus::WithKeyring);
    run_in(home.path(), "still-locked", Bus::WithServices);
    run_in(home.path(), "unlocked-again", Bus::WithKeyring);
}

#[test]
fn a_missing_a_wrong_and_a_malformed_entry_are_told_apart() {
    run("entries", Bus::WithKeyring);
}

#[test]
fn a_lost_mark_orphans_no_key_of_the_keyring_and_no_new_one_is_made() {
    run("unnamed", Bus::WithKeyring);
}

#[test]
fn a_keyring_that_nobody_ever_made_is_no_keyring() {
    run("none", Bus::WithServices);
}

#[test]
fn a_session_without_a_keyring_is_no_keyring() {
    run("none", Bus::Bare);
}

#[test]
fn a_machine_without_a_session_bus_is_no_keyring() {
    run("none", Bus::None);
}

#[test]
fn the_examples_of_password_and_keys_run_where_there_is_a_keyring() {
    run("examples", Bus::WithKeyring);
}

#[derive(Clone, Copy)]
enum Bus {
    WithKeyring,
    WithServices,
    Bare,
    None,
}

#[test]
#[ignore = "a case that the tests above run in a process of its own"]
fn case() {
    let dir = Path::new(&std::env::var_os("HOME").unwrap()).join("data");
    match std::env::var("SEGL_KEYRING_CASE").unwrap().as_str() {
        "unlocked" => unlocked(&dir),
        "locked" => locked(&dir),
        "still-locked" => assert!(matches!(
            obtain(&dir, &KeySource::Keyring),
            Err(KeyError::Locked)
        )),
        "unlocked-again" => assert_eq!(
            obtain(&dir, &KeySource::Keyring).unwrap().id(),
            std::fs::read_to_string(dir.join("id")).unwrap()
        ),
        "entries" => entries(&dir),
        "unnamed" => unnamed(&dir),
        "none" => none(&dir),
        "examples" => examples(dir.parent().unwrap()),
        other => panic!("no case {other}"),
    }
    println!("case done");
}

fn unlocked(dir: &Path) {
    let id = obtain(dir, &KeySource::Keyring).unwrap().id();
    assert_eq!(obtain(dir, &KeySource::Keyring).unwrap().id(), id);
    // The client blocks and brings a runtime of its own: it must work where a runtime is already there.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let inside = runtime.block_on(async { obtain(dir, &KeySource::Keyring).unwrap().id() });
    assert_eq!(inside, id);

    let get = || {
        password("submission", None, &KeySource::Keyring)
            .unwrap()
            .map(|p| p.expose().to_owned())
    };
    assert_eq!(get(), None);
    for text in ["hemmeligt", "nyt æøå"] {
        set_password(
            "submission",
            &Password::new(text.to_owned()),
            &KeySource::Keyring,
        )
        .unwrap();
        assert_eq!(get().as_deref(), Some(text));
    }
    assert!(
        password("another", None, &KeySource::Keyring)
            .unwrap()
            .is_none()
    );
    delete_password("submission", &KeySource::Keyring).unwrap();
    delete_password("submission", &KeySource::Keyring).unwrap();
    assert_eq!(get(), None);
}

fn locked(dir: &Path) {
    let id = obtain(dir, &KeySource::Keyring).unwrap().id();
    std::fs::write(dir.join("id"), id).unwrap();
    assert!(
        Command::new("sh")
            .args(["-c", LOCK])
            .status()
            .unwrap()
            .success()
    );
    assert!(matches!(
        obtain(dir, &KeySource::Keyring),
        Err(KeyError::Locked)
    ));
    let fresh = tempfile::tempdir().unwrap();
    assert!(matches!(
        obtain(fresh.path(), &KeySource::Keyring),
        Err(KeyError::Locked)
    ));
    assert!(!fresh.path().join("key.mark").exists());
}

fn entries(dir: &Path) {
    let id = obtain(dir, &KeySource::Keyring).unwrap().id();
    let entry = keyring::Entry::new("segl", &format!("store-key:{id}")).unwrap();
    let text = entry.get_password().unwrap();
    entry.set_password(&"0".repeat(64)).unwrap();
    assert!(
        matches!(obtain(dir, &KeySource::Keyring), Err(KeyError::Wrong { expected, .. }) if expected == id)
    );
    entry.set_secret(&[0xff, 0xfe]).unwrap();
    assert!(matches!(
        obtain(dir, &KeySource::Keyring),
        Err(KeyError::EntryMalformed)
    ));
    entry.delete_credential().unwrap();
    assert!(
        matches!(obtain(dir, &KeySource::Keyring), Err(KeyError::Missing { id: missing }) if missing == id)
    );
    assert!(matches!(entry.get_password(), Err(keyring::Error::NoEntry)));
    entry.set_password(&text).unwrap();
    assert_eq!(obtain(dir, &KeySource::Keyring).unwrap().id(), id);
}

fn unnamed(dir: &Path) {
    let source = KeySource::Keyring;
    let secret = "hemmeligt".to_owned().into();
    keep_sealed("sign-in", &secret, dir, &source).unwrap();
    let id = obtain(dir, &source).unwrap().id();
    let mark = std::fs::read(dir.join("key.mark")).unwrap();
    // Also where it was emptied, as a full disk leaves it.
    std::fs::write(dir.join("key.mark"), b"").unwrap();
    assert!(matches!(obtain(dir, &source), Err(KeyError::Unnamed)));
    let entry = keyring::Entry::new("segl", &format!("store-key:{id}")).unwrap();
    assert_eq!(entry.get_password().unwrap().len(), 64);
    // The own keys have a mark of their own, and it finds the key again.
    std::fs::create_dir(dir.join("own")).unwrap();
    std::fs::write(dir.join("own/key.mark"), mark).unwrap();
    assert_eq!(obtain(dir, &source).unwrap().id(), id);
}

fn none(dir: &Path) {
    assert!(matches!(
        obtain(dir, &KeySource::Keyring),
        Err(KeyError::NoKeyring)
    ));
    assert!(!dir.join("key.mark").exists());
    let kept = set_password(
        "submission",
        &Password::new("x".to_owned()),
        &KeySource::Keyring,
    );
    assert!(matches!(kept, Err(KeyError::NoKeyring)));
}

fn examples(home: &Path) {
    let settings = "[[sender]]\naddress = \"anne@advokat-eksempel.dk\"\n[submission]\nhost = \"smtp.advokat-eksempel.dk\"\n\
         username = \"anne\"\n[data]\ndir = \"data\"\n";
    std::fs::write(home.join("segl.toml"), settings).unwrap();
    std::fs::write(home.join("password.txt"), "hemmelig\n").unwrap();
    let segl = Path::new(env!("CARGO_BIN_EXE_segl"));
    let path = format!("{}:/usr/bin:/bin", segl.parent().unwrap().display());
    for verb in [
        "password set",
        "password delete",
        "keys export",
        "keys restore",
    ] {
        let help = Command::new(segl)
            .args(verb.split(' '))
            .arg("--help")
            .output()
            .unwrap();
        let examples = super::help::examples(&String::from_utf8(help.stdout).unwrap());
        assert!(!examples.is_empty(), "{verb}");
        for example in examples {
            let ran = Command::new("sh")
                .args(["-c", &example])
                .current_dir(home)
                .envs([("PATH", path.as_str()), ("SEGL_CONFIG", "segl.toml")])
                .output()
                .unwrap();
            assert!(ran.status.success(), "{example}: {ran:?}");
        }
    }
}

fn run(case: &str, bus: Bus) {
    run_in(tempfile::tempdir().unwrap().path(), case, bus);
}

/// Runs a case on a bus of its own, with a home of its own, and without a display that could ask anybody.
fn run_in(home: &Path, case: &str, bus: Bus) {
    for tool in ["dbus-run-session", "dbus-send", "gnome-keyring-daemon"] {
        if !installed(tool) {
            assert!(std::env::var_os("CI").is_none(), "{tool} is missing");
            eprintln!("SKIPPED: {tool} is missing, the keyring is not tested");
            return;
        }
    }
    let config = home.join("bus.conf");
    std::fs::write(&config, BARE_BUS).unwrap();
    let bare = format!("--config-file={}", config.display());
    let wrapper: &[&str] = match bus {
        Bus::WithKeyring => &[
            "dbus-run-session",
            "--",
            "sh",
            "-c",
            &format!("{UNLOCK} && exec \"$@\""),
            "sh",
        ],
        Bus::WithServices => &["dbus-run-session", "--"],
        Bus::Bare => &["dbus-run-session", &bare, "--"],
        Bus::None => &["env"],
    };
    let output = Command::new(wrapper[0])
        .args(&wrapper[1..])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "keys::case", "--ignored", "--nocapture"])
        .envs([
            ("HOME", home),
            ("XDG_RUNTIME_DIR", home),
            ("SEGL_KEYRING_CASE", Path::new(case)),
        ])
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("XDG_DATA_HOME")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let (told, failed) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success() && told.contains("case done"),
        "{told}\n{failed}"
    );
}

fn installed(tool: &str) -> bool {
    std::env::split_paths(&std::env::var_os("PATH").unwrap()).any(|dir| dir.join(tool).exists())
}
