//! What each of the third-party messages is read as: `corpora.txt` holds a line for every file of every folder, so that
//! neither a file nor a line can go missing. `SEGL_CORPORA` names the folder of folders.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{
    codes,
    corpora::{corpora, opened},
};

const TABLE: &str = include_str!("corpora.txt");

/// A folder, and how its messages are opened.
struct Group {
    folder: PathBuf,
    endings: Vec<&'static str>,
    keys: Vec<PathBuf>,
    password: &'static str,
    root: PathBuf,
    /// The result of each file.
    rows: BTreeMap<&'static str, &'static str>,
}

/// The groups of one corpus. A heading is `= folder | endings | keys | password | root`, a line `file | result`.
fn groups(root: &Path, corpus: &str) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    let mut is_ours = false;
    let lines = TABLE
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'));
    for line in lines {
        if let Some(heading) = line.strip_prefix("= ") {
            let fields: Vec<&str> = heading.split('|').map(str::trim).collect();
            let [folder, endings, keys, password, anchor] = fields[..] else {
                panic!("{line}");
            };
            is_ours = folder.split('/').next() == Some(corpus);
            if is_ours {
                found.push(Group {
                    folder: root.join(folder),
                    endings: endings.split(' ').collect(),
                    keys: keys.split_whitespace().map(|key| root.join(key)).collect(),
                    password,
                    root: root.join(anchor),
                    rows: BTreeMap::new(),
                });
            }
        } else if is_ours {
            let (file, result) = line.split_once('|').expect("a file and a result");
            let rows = &mut found.last_mut().expect("a heading").rows;
            assert_eq!(rows.insert(file.trim(), result.trim()), None, "{file}");
        }
    }
    found
}

/// Exit code; layers; problems of each signer; warnings; number of parts; beginning of the text.
fn result(value: &Value, exit: i32) -> String {
    if let Some(code) = value["error"]["code"].as_str() {
        return format!("{exit} | {code}");
    }
    let joined = |list: Vec<String>, with: &str, none: &str| {
        if list.is_empty() {
            none.to_owned()
        } else {
            list.join(with)
        }
    };
    let layer = |layer: &Value| {
        let told = ["kind", "cipher", "key_management"].map(|key| layer[key].as_str());
        told.into_iter().flatten().collect::<Vec<_>>().join(":")
    };
    let list = |key: &str| value[key].as_array().cloned().unwrap_or_default();
    let layers = list("layers").iter().map(layer).collect();
    let signer = |signer: &Value| joined(codes(&signer["problems"]), "+", "good");
    let signers = list("signers").iter().map(signer).collect();
    let shown = |c: char| match c {
        '|' => '?',
        _ if c.is_ascii_graphic() || c.is_ascii_whitespace() => c,
        _ => '?',
    };
    let text = value["text"].as_str().unwrap_or_default();
    let text: String = text.chars().map(shown).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = text.chars().take(30).collect();
    let fields = [
        exit.to_string(),
        joined(layers, ">", "none"),
        joined(signers, " ; ", "-"),
        joined(codes(&value["warnings"]), " ", "-"),
        list("parts").len().to_string(),
        text.trim().to_owned(),
    ];
    fields.join(" | ").trim_end().to_owned()
}

/// What a file says to `segl open`; for PEM the structure inside it.
fn read(group: &Group, file: &str) -> String {
    let octets = fs::read(group.folder.join(file)).expect("a file");
    let text = String::from_utf8_lossy(&octets);
    let inside = ["PKCS7", "CMS"].iter().find_map(|label| {
        let (_, after) = text.split_once(&format!("-----BEGIN {label}-----"))?;
        after.split_once("-----END").map(|(inside, _)| inside)
    });
    let home = tempfile::tempdir().expect("a folder");
    let message = home.path().join("message");
    let octets = inside.map_or(octets.clone(), |base64| {
        base64_simd::forgiving_decode_to_vec(base64.as_bytes()).expect("base64")
    });
    fs::write(&message, octets).expect("a file");
    let (value, exit) = opened(&group.keys, group.password, &group.root, &message);
    result(&value, exit)
}

#[track_caller]
fn is_read_as_the_table_says(corpus: &str, files: usize) {
    let Some(root) = corpora() else { return };
    let groups = groups(&root, corpus);
    let mut differing = Vec::new();
    let mut count = 0;
    for group in &groups {
        let entries = fs::read_dir(&group.folder).expect("a folder");
        let mut found: Vec<String> = entries
            .map(|entry| entry.expect("an entry"))
            .filter(|entry| entry.path().is_file())
            .map(|entry| entry.file_name().into_string().expect("a name"))
            .filter(|name| group.endings.iter().any(|end| name.ends_with(end)))
            .collect();
        found.sort();
        let mut rows = group.rows.clone();
        for file in &found {
            let wanted = rows.remove(file.as_str()).unwrap_or("nothing");
            let result = read(group, file);
            if result != wanted {
                differing.push(format!("{file} | {result}\n  but the table says {wanted}"));
            }
        }
        assert!(rows.is_empty(), "not there: {:?}", rows.keys());
        count += found.len();
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert_eq!(count, files);
}

#[test]
fn each_message_of_thunderbird_is_read_as_the_table_says() {
    is_read_as_the_table_says("thunderbird-smime", 119);
}

#[test]
fn each_message_with_protected_fields_is_read_as_the_table_says() {
    is_read_as_the_table_says("rfc9788-generated", 11);
}

#[test]
fn each_message_of_efail_is_read_as_the_table_says() {
    is_read_as_the_table_says("efail-generated", 9);
}

#[test]
fn each_odd_message_of_kde_is_read_as_the_table_says() {
    is_read_as_the_table_says("kde-mimetreeparser", 82);
}

#[test]
fn each_message_of_openssl_is_read_as_the_table_says() {
    is_read_as_the_table_says("openssl-cms", 20);
}

#[test]
fn the_example_of_a_kem_that_is_not_read_is_read_as_the_table_says() {
    is_read_as_the_table_says("lamps-cms-kyber", 1);
}

/// Without revocation lists, which a mail does not bring: what the suite calls invalid for these alone is not told here.
#[test]
fn each_message_of_pkits_is_read_as_the_table_says() {
    is_read_as_the_table_says("pkits", 224);
}
