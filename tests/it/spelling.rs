//! The dictionaries, judged by Hunspell: the program that they were written for.

use std::{collections::BTreeSet, path::Path, process::Stdio};

use segl::spelling::{Dictionaries, Language, words};

use crate::tools::tool;

/// Hunspell's dictionary of a language.
fn name(language: Language) -> &'static str {
    match language {
        Language::Danish => "da_DK",
        Language::English => "en_US",
    }
}

/// Stems of Hunspell's own list, whole, bent, joined, cut and with two letters changed round.
fn list(language: Language) -> BTreeSet<String> {
    let file = format!("/usr/share/hunspell/{}.dic", name(language));
    let text = std::fs::read_to_string(&file).unwrap();
    let stems: Vec<&str> = text
        .lines()
        .skip(1)
        .filter_map(|l| l.split(['/', '\t', ' ']).next())
        .filter(|w| w.chars().all(char::is_alphabetic) && w.chars().count() > 2)
        .collect();
    let mut dice = 0x5E61_2026_u64;
    let mut roll = move |sides: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        usize::try_from(dice % sides as u64).unwrap()
    };
    let mut found = BTreeSet::new();
    for at in (0..stems.len()).step_by(stems.len() / 300) {
        let (one, other) = (stems[at], stems[roll(stems.len())].to_lowercase());
        let letters: Vec<char> = one.chars().collect();
        let place = roll(letters.len() - 1);
        let (mut swapped, mut cut) = (letters.clone(), letters);
        swapped.swap(place, place + 1);
        cut.remove(place);
        let mut capital = one.chars();
        let first = capital.next().unwrap().to_uppercase();
        found.extend([
            one.to_owned(),
            format!("{one}{other}"),
            format!("{one}s{other}"),
            format!("{one}s"),
            format!("{one}en"),
            format!("{one}erne"),
            format!("{one}ing"),
            one.to_uppercase(),
            format!("{first}{}", capital.as_str()),
            swapped.into_iter().collect(),
            cut.into_iter().collect(),
        ]);
    }
    found.retain(|w| words(w).len() == 1);
    found
}

/// The words that Hunspell does not find.
fn not_found(language: Language, list: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let mut hunspell = tool("hunspell")?;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("words.txt");
    let all: Vec<&str> = list.iter().map(String::as_str).collect();
    std::fs::write(&file, all.join("\n")).unwrap();
    let out = hunspell
        .args(["-d", name(language), "-i", "UTF-8", "-l"])
        .arg(&file)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(out.status.success(), "{out:?}");
    let text = String::from_utf8(out.stdout).unwrap();
    Some(text.lines().map(str::to_owned).collect())
}

#[test]
fn hunspell_says_the_same_of_bent_joined_and_misspelt_words() {
    let dictionaries = Dictionaries::load().unwrap();
    for language in [Language::Danish, Language::English] {
        if tool("hunspell").is_none() {
            return;
        }
        let file = format!("/usr/share/hunspell/{}.dic", name(language));
        if !Path::new(&file).exists() {
            assert!(std::env::var_os("CI").is_none(), "{file} is not installed");
            eprintln!("SKIPPED: {file} is not installed");
            return;
        }
        let list = list(language);
        let Some(theirs) = not_found(language, &list) else {
            return;
        };
        let is_wrong = |w: &&String| !dictionaries.check(w).is_right(language);
        let ours: BTreeSet<String> = list.iter().filter(is_wrong).cloned().collect();
        assert!(list.len() > 2_000 && theirs.len() > 500, "{}", theirs.len());
        // American Hunspell does not know the British spellings, which Segl adds.
        let missed: Vec<_> = theirs.difference(&ours).collect();
        let invented: Vec<_> = ours.difference(&theirs).collect();
        let few = list.len() / 500;
        assert!(missed.len() <= few, "{language:?} right here: {missed:?}");
        assert!(
            invented.len() <= few,
            "{language:?} wrong here: {invented:?}"
        );
    }
}
