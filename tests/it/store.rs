//! The store from outside: several programs at once, deleted files, other keys; and that no plain text reaches a file.

use std::path::Path;

use jiff::Timestamp;
use segl::disk::DiskError;
use segl::keys::{KeyError, KeySource, StoreKey, obtain};
use segl::record::{Note, Record};
use segl::store::{DATABASE, Store, StoreError};

fn now() -> Timestamp {
    "2026-10-05T09:30:00.123Z".parse().unwrap()
}

fn key(dir: &Path) -> StoreKey {
    obtain(dir, &KeySource::File(dir.join("store.key"))).unwrap()
}

fn open(dir: &Path) -> Store {
    Store::open(dir, &key(dir)).unwrap()
}

#[test]
fn what_is_kept_is_there_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    assert!(store.is_durable());
    store.save_draft("a", b"text", now()).unwrap();
    let id = store
        .save_sent("<m@x.example>", now(), &mut &b"mail"[..])
        .unwrap();
    store.set_fact("size", "1000", now()).unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!(&**store.load_draft("a").unwrap().unwrap(), b"text");
    assert_eq!(&**store.read_sent(&id).unwrap(), b"mail");
    assert_eq!(store.fact("size").unwrap().unwrap().value, "1000");
}

#[test]
fn a_deleted_store_opens_empty() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).save_draft("a", b"text", now()).unwrap();
    std::fs::remove_file(dir.path().join(DATABASE)).unwrap();
    assert!(open(dir.path()).drafts().unwrap().is_empty());
}

#[test]
fn a_newer_a_foreign_and_a_damaged_store_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let file = dir.path().join(DATABASE);
    let other = StoreKey::ephemeral().unwrap();
    let foreign = Store::open(dir.path(), &other);
    assert!(matches!(
        foreign,
        Err(StoreError::KeyUnavailable(KeyError::Wrong { .. }))
    ));
    let newer = rusqlite::Connection::open(&file).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let refused = Store::open(dir.path(), &key(dir.path()));
    assert!(matches!(
        refused,
        Err(StoreError::Disk(DiskError::Newer { found: 99, .. }))
    ));
    std::fs::write(&file, vec![b'x'; 10_000]).unwrap();
    let refused = Store::open(dir.path(), &key(dir.path()));
    assert!(matches!(
        refused,
        Err(StoreError::Disk(DiskError::NotADatabase))
    ));
    let aside = Store::set_aside(dir.path(), now()).unwrap().unwrap();
    assert_eq!(std::fs::read(aside).unwrap().len(), 10_000);
    assert!(open(dir.path()).drafts().unwrap().is_empty());
    assert!(matches!(
        Store::set_aside(tempfile::tempdir().unwrap().path(), now()),
        Ok(None)
    ));
}

#[test]
fn several_programs_save_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let key = key(dir.path());
    std::thread::scope(|scope| {
        for program in 0..4 {
            let (dir, key) = (dir.path(), &key);
            scope.spawn(move || {
                let store = Store::open(dir, key).unwrap();
                for number in 0..50 {
                    store
                        .save_draft(&format!("{program}-{}", number % 5), b"text", now())
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(open(dir.path()).drafts().unwrap().len(), 20);
}

#[test]
fn a_store_in_memory_writes_no_file_and_says_so() {
    let store = Store::in_memory().unwrap();
    assert!(!store.is_durable());
    store.save_draft("a", b"text", now()).unwrap();
    assert_eq!(store.drafts().unwrap().len(), 1);
    assert!(Store::in_memory().unwrap().drafts().unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn every_file_in_the_data_folder_is_the_users_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let store = open(&data);
    let record = Record::open(&data, &key(&data), now()).unwrap();
    store.save_draft("a", b"text", now()).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().unwrap().to_owned());
    }
    for name in [
        "store.sqlite",
        "store.sqlite-wal",
        "record.sqlite",
        "record.sqlite-wal",
        "record.head",
    ] {
        assert!(names.contains(&name.into()), "{name}");
    }
    drop((store, record));
}

#[test]
fn no_plain_text_reaches_any_file() {
    let dir = tempfile::tempdir().unwrap();
    let markers = [
        "kanarie-kladde-7Qx",
        "kanarie-sendt-8Wy",
        "kanarie-svar-9Ez",
        "kanarie-note-1Rt",
    ];
    let [draft, sent, answer, noted] = markers;
    let address = "kanarie-adresse@x.example";
    let store = open(dir.path());
    let record = Record::open(dir.path(), &key(dir.path()), now()).unwrap();
    for _ in 0..20 {
        store
            .save_draft("id", draft.repeat(50).as_bytes(), now())
            .unwrap();
        let mut content = std::io::Read::chain(&b"Subject: x\r\n\r\n"[..], sent.as_bytes());
        store.save_sent(sent, now(), &mut content).unwrap();
        store.put_answer(answer, address, now(), &answer).unwrap();
        store.confirm_change(address, &answer).unwrap();
        store.set_fact(answer, answer, now()).unwrap();
        let note = Note {
            code: noted.to_owned(),
            text: noted.to_owned(),
            about: None,
            head: None,
        };
        record.append(note, now()).unwrap();
    }
    store.delete_draft("id").unwrap();
    // While all is open (the write-ahead logs are there), and after.
    holds_none(dir.path(), &markers, address, 8);
    drop((store, record));
    holds_none(dir.path(), &markers, address, 4);
}

fn holds_none(dir: &Path, markers: &[&str], address: &str, at_least: usize) {
    let forms: Vec<Vec<u8>> = markers
        .iter()
        .chain([&address])
        .flat_map(|marker| forms(marker))
        .collect();
    let mut files = 0;
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let octets = std::fs::read(&path).unwrap();
        for form in &forms {
            let found = memchr::memmem::find(&octets, form).is_some();
            assert!(
                !found,
                "{} holds {:?}",
                path.display(),
                String::from_utf8_lossy(form)
            );
        }
        files += 1;
    }
    assert!(files >= at_least, "only {files} files were looked at");
}

/// A text raw, in UTF-16, in hexadecimal, and in base64 at each of its three offsets.
fn forms(marker: &str) -> Vec<Vec<u8>> {
    let utf16: Vec<u16> = marker.encode_utf16().collect();
    let hex = marker
        .bytes()
        .flat_map(|octet| format!("{octet:02x}").into_bytes())
        .collect();
    let mut forms = vec![
        marker.as_bytes().to_vec(),
        utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        hex,
    ];
    for offset in 0..3 {
        let shifted = [&b"\0\0\0"[..offset], marker.as_bytes()].concat();
        let text = base64_simd::STANDARD.encode_to_string(shifted);
        // Without the digits that the neighbours have a share in.
        forms.push(text.as_bytes()[4..text.len() - 4].to_vec());
    }
    forms
}
