//! The worker's part: dictionaries, own words, templates and signatures. Dictionaries are read at the first word that is
//! asked about, never before the window stands. Own words may be names of clients: they lie sealed in the store.

use std::{
    collections::BTreeSet,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    Ask, Told,
    templates::{Found, Owner, Skipped, Template, Why},
};
use crate::{
    config::{Config, Signature},
    mail::Mailbox,
    segl::{DraftError, Segl},
    spelling::{Dictionaries, Language, Unusable, Verdict},
    words::Lang,
};

/// Octets of a template or signature at most: what somebody wrote, not what a program made.
const LARGEST: u64 = 256 << 10;
/// Templates of a folder at most.
const MOST: usize = 500;

/// What was read for all windows of this process.
#[derive(Default)]
pub(in crate::app) struct Shelf {
    dictionaries: Mutex<Option<Arc<Dictionaries>>>,
    own: Mutex<Option<BTreeSet<String>>>,
}

/// A language of the window as one that has a dictionary.
pub(in crate::app) fn language(lang: Lang) -> Language {
    match lang {
        Lang::Da => Language::Danish,
        Lang::En => Language::English,
    }
}

impl Shelf {
    /// Answers. Only keeping a word can fail in a way that the user can do something about.
    pub(in crate::app) fn answer(
        &self,
        ask: Ask,
        segl: &Segl,
        now: jiff::Timestamp,
    ) -> Result<Told, DraftError> {
        Ok(match ask {
            Ask::Check(words) => self
                .check(words, segl)
                .map_or(Told::NoDictionary, Told::Checked),
            Ask::Suggest(word, language) => match self.dictionaries() {
                Ok(dictionaries) => {
                    let found = dictionaries.suggest(&word, language);
                    Told::Suggested(word, language, found)
                }
                Err(_) => Told::NoDictionary,
            },
            Ask::Add(word) => {
                segl.add_own_word(&word, now)?;
                self.own(segl).get_or_insert_default().insert(word.clone());
                Told::Added(word)
            }
            Ask::Templates => Told::Templates(templates(segl.config())),
            Ask::Signatures => {
                let (known, unread) = signatures(segl.config());
                Told::Signatures(known, unread)
            }
        })
    }

    fn check(&self, words: Vec<String>, segl: &Segl) -> Result<Vec<(String, Verdict)>, Unusable> {
        const RIGHT: Verdict = Verdict {
            danish: true,
            english: true,
        };
        let dictionaries = self.dictionaries()?;
        let own = self.own(segl).clone().unwrap_or_default();
        let is_own =
            |w: &str| own.contains(w) || w.strip_suffix('s').is_some_and(|stem| own.contains(stem));
        let judged = words.into_iter().map(|word| {
            let verdict = if is_own(&word) {
                RIGHT
            } else {
                dictionaries.check(&word)
            };
            (word, verdict)
        });
        Ok(judged.collect())
    }

    fn dictionaries(&self) -> Result<Arc<Dictionaries>, Unusable> {
        let mut loaded = self
            .dictionaries
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(dictionaries) = &*loaded {
            return Ok(Arc::clone(dictionaries));
        }
        let fresh = Arc::new(Dictionaries::load()?);
        *loaded = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// The own words, read once. Where the store is locked there are none, as drafts have said already; asking again at
    /// each word would ask the keyring each time.
    fn own(&self, segl: &Segl) -> MutexGuard<'_, Option<BTreeSet<String>>> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        own.get_or_insert_with(|| segl.own_words().unwrap_or_default());
        own
    }
}

fn templates(config: &Config) -> Found {
    let own = config.data.join("templates");
    let mut found = Found {
        folder: own.display().to_string(),
        ..Found::default()
    };
    if own.is_dir() {
        read_folder(&own, Owner::Own, &mut found);
    }
    if let Some(firm) = &config.templates {
        read_folder(firm, Owner::Firm, &mut found);
    }
    found.templates.sort_by_key(|t| t.name.to_lowercase());
    found
}

fn read_folder(folder: &Path, owner: Owner, found: &mut Found) {
    let Ok(entries) = fs::read_dir(folder) else {
        return found.skipped.push(Skipped {
            name: folder.display().to_string(),
            why: Why::NoFolder,
        });
    };
    let is_text = |path: &PathBuf| {
        path.extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("txt"))
    };
    let paths = entries.filter_map(|e| Some(e.ok()?.path()));
    for path in paths.filter(is_text).take(MOST) {
        let part = |part: Option<&std::ffi::OsStr>| {
            part.unwrap_or_default().to_string_lossy().into_owned()
        };
        match read_text(&path) {
            Ok(text) => {
                let name = part(path.file_stem());
                found.templates.push(Template::parse(&name, owner, &text));
            }
            Err(why) => found.skipped.push(Skipped {
                name: part(path.file_name()),
                why,
            }),
        }
    }
}

/// A regular file's text. A pipe would wait for ever, and a device never end.
fn read_text(path: &Path) -> Result<String, Why> {
    let is_file = fs::metadata(path).is_ok_and(|m| m.is_file());
    let file = is_file.then(|| fs::File::open(path).ok()).flatten();
    let mut octets = Vec::new();
    file.and_then(|f| f.take(LARGEST + 1).read_to_end(&mut octets).ok())
        .ok_or(Why::Unreadable)?;
    if octets.len() as u64 > LARGEST {
        return Err(Why::TooLarge);
    }
    let text = String::from_utf8(octets).ok().ok_or(Why::NotText)?;
    let is_binary = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains(is_binary) {
        return Err(Why::NotText);
    }
    Ok(text)
}

/// The signature of each sender, and the files that cannot be read.
fn signatures(config: &Config) -> (Vec<(Mailbox, String)>, Vec<String>) {
    let (mut known, mut unread) = (Vec::new(), Vec::new());
    for sender in &config.senders {
        let who = sender.author().clone();
        let text = match config.signature(sender) {
            None => continue,
            Some(Signature::Text(text)) => text.clone(),
            Some(Signature::File(path)) => {
                let Ok(text) = read_text(path) else {
                    unread.push(path.display().to_string());
                    continue;
                };
                text
            }
        };
        let name = who.name.clone().unwrap_or_default();
        let text = text
            .replace("\r\n", "\n")
            .trim_start_matches('\u{feff}')
            .replace("{name}", &name)
            .replace("{address}", &who.address.to_string());
        if !text.trim().is_empty() {
            known.push((who, text.trim_end().to_owned()));
        }
    }
    unread.dedup();
    (known, unread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_no_templates_are_named_and_the_others_read() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, octets: &[u8]| fs::write(folder.path().join(name), octets).unwrap();
        write("Frist.txt", "Subject: Frist\n\nKære {name}".as_bytes());
        write("latin.txt", b"K\xe6re");
        write("program.txt", b"MZ\0\0");
        write("bog.txt", &vec![b'a'; 300_000]);
        write("notes.docx", b"other");
        fs::create_dir(folder.path().join("folder.txt")).unwrap();
        let mut found = Found::default();
        read_folder(folder.path(), Owner::Firm, &mut found);
        let names: Vec<&str> = found.templates.iter().map(|t| t.name.as_str()).collect();
        assert_eq!(names, ["Frist"]);
        found.skipped.sort_by(|a, b| a.name.cmp(&b.name));
        let why: Vec<_> = found
            .skipped
            .iter()
            .map(|s| (s.name.as_str(), s.why))
            .collect();
        let wanted = [
            ("bog.txt", Why::TooLarge),
            ("folder.txt", Why::Unreadable),
            ("latin.txt", Why::NotText),
            ("program.txt", Why::NotText),
        ];
        assert_eq!(why, wanted);
        read_folder(&folder.path().join("none"), Owner::Firm, &mut found);
        assert_eq!(found.skipped.last().map(|s| s.why), Some(Why::NoFolder));
    }
}
