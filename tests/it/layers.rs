//! Who may import whom, and who may touch disk, network, processes and clock: the table in `lib.rs`, held by a test.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

const VALUES: &[&str] = &["mail", "cert", "book", "content", "identity", "tunnel"];

/// Module → the modules of this crate that it may import. `None`: any.
fn allowed(module: &str) -> Option<BTreeSet<&'static str>> {
    let set = |parts: &[&[&'static str]]| Some(parts.concat().into_iter().collect());
    match module {
        "mail" | "disk" | "process" | "spelling" | "ber" => set(&[&[]]),
        "cert" | "book" | "content" => set(&[&["mail"]]),
        "tunnel" => set(&[&["cert", "mail"]]),
        "identity" => set(&[&["ber", "cert", "mail"]]),
        "directory" | "discovery" | "dkim" | "oauth" | "submit" | "tls" | "relay" => {
            set(&[VALUES, &["net"]])
        }
        "revocation" => set(&[VALUES, &["ber", "net"]]),
        "net" => set(&[VALUES]),
        "smime" => set(&[VALUES, &["ber"]]),
        "keys" => set(&[VALUES, &["disk"]]),
        // The store key seals both databases: `keys` is below them.
        "store" => set(&[VALUES, &["disk", "keys"]]),
        "record" => set(&[VALUES, &["ber", "disk", "keys"]]),
        // Settings are parsed into the rule's own types and the language of the firm's texts.
        "config" => set(&[
            VALUES,
            &["alert", "decide", "relay", "risk", "tls", "words"],
        ]),
        "risk" | "alert" => set(&[VALUES, &["directory", "tls"]]),
        "decide" => set(&[VALUES, &["directory", "risk", "tls"]]),
        "words" => set(&[
            VALUES,
            &[
                "alert",
                "config",
                "decide",
                "directory",
                "discovery",
                "dkim",
                "keys",
                "net",
                "oauth",
                "record",
                "relay",
                "risk",
                "segl",
                "store",
                "submit",
                "smime",
                "disk",
                "tls",
            ],
        ]),
        // Pure: what the record tells, in words.
        "report" => set(&[VALUES, &["record", "tls", "words"]]),
        "segl" | "demo" | "bin" | "lib" => None,
        "app" | "cli" => set(&[
            VALUES,
            &[
                "alert",
                "config",
                "decide",
                "demo",
                "directory",
                "dkim",
                "keys",
                "record",
                "report",
                "relay",
                "risk",
                "segl",
                "spelling",
                "store",
                "tls",
                "words",
            ],
        ]),
        other => panic!("{other} is not in the table: give it a layer"),
    }
}

/// What touches the world → the modules that may.
const WORLD: &[(&str, &[&str])] = &[
    ("std::net", &["net", "demo"]),
    ("tokio::net", &["net", "demo"]),
    // An XOAUTH2 token comes from a command that the settings name.
    ("tokio::process", &["submit"]),
    ("std::process", &["cli", "app", "bin", "demo", "submit"]),
    (
        "std::fs",
        &[
            "disk",
            "store",
            "record",
            "keys",
            "config",
            "directory",
            "revocation",
            "submit",
            "segl",
            "cli",
            "app",
            "demo",
        ],
    ),
    ("SystemTime::now", &["cli", "app", "demo"]),
    ("Timestamp::now", &["cli", "app", "demo"]),
    ("ldap3::", &["net", "directory"]),
    ("lettre::", &["mail", "submit"]),
    ("rusqlite::", &["disk", "store", "record", "keys"]),
    ("keyring::", &["keys"]),
];

/// Surfaces never import these, wherever they stand.
const NOT_IN_SURFACES: &[&str] = &["openssl::", "ldap3::", "lettre::", "rusqlite::"];

fn sources() -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut folders) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.insert(path.strip_prefix(&root).unwrap().to_owned(), text);
            }
        }
    }
    assert!(found.len() > 40, "the walk itself works");
    found
}

/// The part before a file's unit tests, without comments.
fn code(text: &str) -> String {
    let end = text
        .find("#[cfg(test)]")
        .or_else(|| text.find("#[cfg(all(test"))
        .unwrap_or(text.len());
    text[..end]
        .lines()
        .map(|l| l.split("//").next().unwrap_or(l))
        .collect::<Vec<_>>()
        .join("\n")
}

fn module(path: &Path) -> String {
    let first = path
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    first.trim_end_matches(".rs").to_owned()
}

fn is_test_file(path: &Path) -> bool {
    path.file_stem().is_some_and(|s| s == "tests")
        || path.components().any(|c| c.as_os_str() == "tests")
}

/// The first names after `crate::`, also in `use crate::{a, b::c}`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let mut depth = 0_usize;
        let mut word = String::new();
        let mut at_start = true;
        for c in rest.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth <= 1 => break,
                '}' => depth -= 1,
                c if c.is_alphanumeric() || c == '_' => word.push(c),
                c => {
                    if at_start && !word.is_empty() && depth <= 1 {
                        found.insert(word.clone());
                    }
                    word.clear();
                    at_start = c == ',' && depth == 1 || (at_start && c.is_whitespace());
                    if depth == 0 {
                        break;
                    }
                }
            }
        }
        if at_start && !word.is_empty() {
            found.insert(word);
        }
    }
    found
}

#[test]
fn every_module_imports_only_what_its_layer_may() {
    let modules: BTreeSet<String> = sources().keys().map(|p| module(p)).collect();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let module = module(&path);
        let Some(allowed) = allowed(&module) else {
            continue;
        };
        if is_test_file(&path) {
            continue;
        }
        for import in imports(&code(&text)) {
            if modules.contains(&import) && import != module && !allowed.contains(import.as_str()) {
                wrong.push(format!("{} imports {import}", path.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn only_the_named_modules_touch_network_disk_processes_and_clock() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, text) in sources() {
        let module = module(&path);
        let code = code(&text);
        if is_test_file(&path) {
            continue;
        }
        for (what, who) in WORLD {
            if code.contains(what) {
                seen.insert(*what);
                if !who.contains(&module.as_str()) {
                    wrong.push(format!("{} touches {what}", path.display()));
                }
            }
        }
        if module == "app" || module == "cli" {
            let banned = NOT_IN_SURFACES.iter().filter(|b| code.contains(**b));
            wrong.extend(banned.map(|b| format!("{} imports {b}", path.display())));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(
        seen.contains("std::fs") && seen.contains("tokio::net"),
        "the search itself works"
    );
}

#[test]
fn unsafe_code_is_in_one_reviewed_file() {
    let with: Vec<_> = sources()
        .into_iter()
        .filter(|(_, t)| code(t).contains("unsafe"))
        .map(|(p, _)| p)
        .collect();
    assert_eq!(with, [Path::new("cert/openssl_ext.rs")]);
}

#[test]
fn a_warning_is_accepted_in_exactly_two_places() {
    let places: Vec<_> = sources()
        .into_iter()
        .filter(|(path, _)| !path.starts_with("decide") && !is_test_file(path))
        .flat_map(|(path, text)| vec![path; code(&text).matches("warning.accept(").count()])
        .collect();
    assert_eq!(places.len(), 2, "{places:?}");
    assert!(
        places.iter().any(|p| p.starts_with("app")) && places.iter().any(|p| p.starts_with("cli"))
    );
}
