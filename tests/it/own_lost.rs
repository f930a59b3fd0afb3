//! The user's own keys after a loss: the store key, its mark, or some of their files are gone or damaged.

use std::fs;

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

fn store_key(desk: &Desk) -> std::path::PathBuf {
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
