//! The user's own keys after a loss: the store key, its mark, or some of their files are gone or damaged.

use std::{
    fs,
    path::{Path, PathBuf},
};

use segl::demo::{Issued, KeyChoice, Leaf};

use super::{
    desk::Desk,
    own::{encrypted_to, import, issue, sealed_files},
};

const BACKUP: &[u8] = "en lang sætning\n".as_bytes();

/// A desk with an own key and a backup of the store key, of whose data only the own keys are left.
fn only_own_keys_left() -> Desk {
    let desk = Desk::new();
    import(&desk, &issue(&desk, 0, None));
    let exported = desk.segl_with(&["keys", "export", "key.txt"], BACKUP);
    assert_eq!(exported.code, 0, "{exported:?}");
    for entry in fs::read_dir(desk.path("data")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::remove_file(path).unwrap();
        }
    }
    fs::remove_file(store_key(&desk)).unwrap();
    desk
}

fn store_key(desk: &Desk) -> PathBuf {
    let settings = fs::read_to_string(desk.demo.config_path()).unwrap();
    let line = settings.lines().find_map(|l| l.strip_prefix("key_file = "));
    desk.path(line.unwrap().trim_matches('"'))
}

#[test]
fn own_keys_whose_store_key_is_lost_wait_for_its_backup_and_no_new_key_is_made() {
    for has_mark in [true, false] {
        let desk = only_own_keys_left();
        if !has_mark {
            fs::remove_file(desk.path("data/own/key.mark")).unwrap();
        }
        let listed = desk.segl(&["cert", "list"]);
        assert_eq!(listed.code, 2, "{listed:?}");
        assert!(
            listed.stderr.contains("segl keys restore"),
            "the way back: {listed:?}"
        );
        assert!(!store_key(&desk).exists(), "no new key");
        let restored = desk.segl_with(&["keys", "restore", "key.txt"], BACKUP);
        assert_eq!(restored.code, 0, "{restored:?}");
        let list = desk.segl(&["cert", "list", "--json"]).json();
        assert_eq!(list["certificates"][0]["state"], "signs", "{list}");
    }
}

/// A certificate for somebody who is none of the desk's senders.
fn strange(desk: &Desk, name: &str, key: usize) -> Issued {
    let leaf = Leaf::mail(name, &format!("{name}@x.example")).with_key(KeyChoice::Shared(key));
    desk.demo.world().issuing.issue(&leaf).unwrap()
}

/// Where the key of a certificate is kept.
fn file_of(desk: &Desk, issued: &Issued) -> PathBuf {
    let name = segl::mail::Digest::of(&issued.der);
    desk.path("data/own").join(format!("{name}.sealed"))
}

fn set_aside(desk: &Desk) -> Vec<PathBuf> {
    let entries = fs::read_dir(desk.path("data/own")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|e| e == "damaged"))
        .collect()
}

fn damage(file: &Path) {
    let mut octets = fs::read(file).unwrap();
    octets[40] ^= 1;
    fs::write(file, octets).unwrap();
}

#[test]
fn one_damaged_file_takes_no_other_key_along_and_the_next_import_sets_it_aside() {
    let desk = Desk::new();
    let (gone, kept) = (strange(&desk, "ida", 2031), strange(&desk, "eva", 2032));
    for issued in [&gone, &kept, &issue(&desk, 0, None)] {
        import(&desk, issued);
    }
    let file = file_of(&desk, &gone);
    let empty: fn(&Path) = |file| fs::write(file, b"").unwrap();
    for (round, damage) in [damage, empty].into_iter().enumerate() {
        damage(&file);
        let octets = fs::read(&file).unwrap();
        let list = desk.segl(&["cert", "list", "--json"]);
        assert_eq!(list.code, 0, "{list:?}");
        let list = list.json();
        assert_eq!(list["certificates"].as_array().unwrap().len(), 2, "{list}");
        assert_eq!(list["errors"][0]["code"], "own-key", "{list}");
        let doctor = desk.segl(&["doctor"]);
        assert!(doctor.stdout.contains("segl cert import"), "{doctor:?}");
        // What was encrypted to a whole key opens, and what leaves is signed by one.
        let message = encrypted_to(&kept.der, "Hej Eva");
        fs::write(desk.path("mail.eml"), message).unwrap();
        let opened = desk.segl(&["open", "--json", "mail.eml"]).json();
        assert_eq!(opened["text"], "Hej Eva\n", "{opened}");
        let out = format!("out{round}");
        let sent = desk.send(&["--to", "karen@advokat-eksempel.dk", "--to-eml", &out]);
        assert_eq!(sent.code, 0, "{sent:?}");
        import(&desk, &gone);
        let list = desk.segl(&["cert", "list", "--json"]).json();
        assert_eq!(list["certificates"].as_array().unwrap().len(), 3, "{list}");
        assert_eq!(list["errors"], serde_json::json!([]), "{list}");
        let aside = set_aside(&desk);
        assert_eq!(aside.len(), round + 1, "{aside:?}");
        assert!(aside.iter().any(|path| fs::read(path).unwrap() == octets));
    }
}

#[test]
fn a_key_file_that_is_exported_although_it_is_damaged_is_told_by_its_fault() {
    let desk = Desk::new();
    let (gone, kept) = (strange(&desk, "ida", 2031), strange(&desk, "eva", 2032));
    for issued in [&gone, &kept] {
        import(&desk, issued);
    }
    let file = file_of(&desk, &gone);
    damage(&file);
    let name = file.file_stem().unwrap().to_str().unwrap();
    let arguments = [
        "cert",
        "export",
        "--password-file",
        "own.txt",
        "--out",
        "k.p12",
    ];
    let done = desk.segl(&[&arguments[..], &[name]].concat());
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.stderr.contains("is damaged"), "{done:?}");
}

#[test]
fn a_mail_waits_where_the_damaged_key_may_be_the_one_that_signs_it() {
    let desk = Desk::new();
    let own = issue(&desk, 0, None);
    import(&desk, &own);
    import(&desk, &strange(&desk, "eva", 2032));
    damage(&file_of(&desk, &own));
    let to = ["--to", "karen@advokat-eksempel.dk", "--to-eml", "out"];
    let sent = desk.send(&to);
    assert_eq!(sent.code, 2, "{sent:?}");
    assert_eq!(sent.json()["error"]["code"], "key", "{sent:?}");
    assert!(!desk.path("out").exists() || fs::read_dir(desk.path("out")).unwrap().next().is_none());
    import(&desk, &own);
    assert_eq!(desk.send(&to).code, 0);
}

#[test]
fn a_store_key_that_opens_no_file_at_all_is_a_wrong_key_and_no_damage() {
    let desk = Desk::new();
    import(&desk, &issue(&desk, 0, None));
    let own = fs::read(&sealed_files(&desk)[0]).unwrap();
    // Another computer, which has a key of its own, and gets the folder of the own keys only.
    let other = Desk::new();
    let name = sealed_files(&desk)[0].file_name().unwrap().to_owned();
    let exported = other.segl_with(&["keys", "export", "first.txt"], BACKUP);
    assert_eq!(exported.code, 0, "{exported:?}");
    fs::create_dir(other.path("data/own")).unwrap();
    fs::write(other.path("data/own").join(name), own).unwrap();
    let listed = other.segl(&["cert", "list"]);
    assert_eq!(listed.code, 2, "{listed:?}");
    assert!(listed.stderr.contains("opens none"), "{listed:?}");
    let sent = other.send(&["--to", "karen@advokat-eksempel.dk", "--to-eml", "out"]);
    assert_eq!(sent.code, 2, "{sent:?}");
}
