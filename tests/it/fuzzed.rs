//! The fuzzer's targets with samples as they are and altered, and with everything that the fuzzer ever found
//! (`tests/fuzz/found`, a folder for each kind). The long search is the fuzzer's own: `tests/fuzz/README.md`.

#[path = "../fuzz/inputs.rs"]
mod inputs;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    opening::altered::{Dice, altered},
    tools::tool,
};

/// Alterations of each kind, spread over its samples.
const ROUNDS: usize = 1_000;

/// What takes any octets.
type Target = fn(&[u8]);

/// The targets by the names of their folders.
const TARGETS: [(&str, Target); 6] = [
    ("certificate", inputs::certificate),
    ("cms", inputs::cms),
    ("crl", inputs::crl),
    ("mime", inputs::mime),
    ("ocsp", inputs::ocsp),
    ("pkcs12", inputs::pkcs12),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

#[test]
fn what_the_fuzzer_ever_found_is_no_fault_any_more() {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found");
    for entry in files(&found) {
        let name = entry.file_name().and_then(|n| n.to_str()).expect("a name");
        let known = TARGETS.iter().find(|(kind, _)| *kind == name);
        let (_, target) = known.expect("a folder that is named for a target");
        for file in files(&entry) {
            println!("{}", file.display());
            target(&fs::read(&file).expect("a file"));
        }
    }
}

#[test]
fn samples_of_every_kind_keep_what_must_be_true_of_any_octets_also_when_altered() {
    if tool("openssl").is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds.sh");
    let made = Command::new("sh")
        .arg(script)
        .arg(folder.path())
        .env_remove("SEGL_CORPORA")
        .output()
        .expect("sh");
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let mut dice = Dice(6_960);
    for (kind, target) in TARGETS {
        let samples = files(&folder.path().join(kind));
        assert!(!samples.is_empty(), "{kind}");
        for sample in &samples {
            let octets = fs::read(sample).expect("a sample");
            target(&octets);
            for _ in 0..ROUNDS / samples.len() {
                target(&altered(&octets, &mut dice));
            }
        }
    }
}
