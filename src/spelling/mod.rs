//! Spelling: which words of a text are in a dictionary, and which are near. Danish and English, both part of the program.
//!
//! Works on the calling thread and takes its time (the Danish dictionary is 160,000 entries and composes words): the
//! window calls it on its worker. Keeps nothing, asks nobody, and never sees more of a mail than its words.

mod words;

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use spellbook::Dictionary;

pub use words::words;

const DANISH: Files = Files {
    rules: include_bytes!("../../assets/dictionaries/da_DK.aff.zz"),
    entries: include_bytes!("../../assets/dictionaries/da_DK.dic.zz"),
    more: None,
};
/// American entries and British ones: who writes English from Denmark writes either.
const ENGLISH: Files = Files {
    rules: include_bytes!("../../assets/dictionaries/en_US.aff.zz"),
    entries: include_bytes!("../../assets/dictionaries/en_US.dic.zz"),
    more: Some(include_bytes!(
        "../../assets/dictionaries/en_british.txt.zz"
    )),
};
/// Octets of a dictionary at most, inflated.
const LIMIT: usize = 16 << 20;
/// Suggestions at most: more are not looked through.
const SUGGESTIONS: usize = 6;

/// The languages that have a dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Danish.
    Danish,
    /// English, American and British.
    English,
}

/// In which languages a word is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// It is a Danish word.
    pub danish: bool,
    /// It is an English word.
    pub english: bool,
}

/// A dictionary that is part of the program cannot be used: a fault of Segl.
#[derive(Debug, thiserror::Error)]
#[error("the {language:?} dictionary cannot be used: {detail}")]
pub struct Unusable {
    /// Which.
    pub language: Language,
    /// Why.
    pub detail: String,
}

/// Both dictionaries, ready to be asked. About 14 MB.
pub struct Dictionaries {
    danish: Dictionary,
    english: Dictionary,
}

struct Files {
    rules: &'static [u8],
    entries: &'static [u8],
    more: Option<&'static [u8]>,
}

impl Verdict {
    /// Whether the word is right in this language.
    pub fn is_right(self, language: Language) -> bool {
        match language {
            Language::Danish => self.danish,
            Language::English => self.english,
        }
    }
}

impl Dictionaries {
    /// Reads both. Takes some 0.3 s.
    pub fn load() -> Result<Self, Unusable> {
        Ok(Self {
            danish: DANISH.load(Language::Danish)?,
            english: ENGLISH.load(Language::English)?,
        })
    }

    /// Whether a word is right.
    pub fn check(&self, word: &str) -> Verdict {
        let word = plain(word);
        Verdict {
            danish: self.danish.check(&word),
            english: self.english.check(&word),
        }
    }

    /// Words that are near, the nearest first. Takes up to some seconds for a long compound.
    pub fn suggest(&self, word: &str, language: Language) -> Vec<String> {
        let dictionary = match language {
            Language::Danish => &self.danish,
            Language::English => &self.english,
        };
        let mut found = Vec::new();
        dictionary.suggest(&plain(word), &mut found);
        // Hardly anybody errs in the first letter.
        let first = |w: &str| w.chars().next().map(|c| c.to_lowercase().to_string());
        found.sort_by_key(|near| first(near) != first(word));
        found.truncate(SUGGESTIONS);
        found
    }
}

/// The apostrophe that word processors make is the one that dictionaries know.
fn plain(word: &str) -> String {
    word.replace('’', "'")
}

impl Files {
    fn load(&self, language: Language) -> Result<Dictionary, Unusable> {
        let unusable = |detail: String| Unusable { language, detail };
        let inflated = |octets: &[u8]| {
            let octets = decompress_to_vec_zlib_with_limit(octets, LIMIT)
                .map_err(|e| unusable(e.to_string()))?;
            String::from_utf8(octets).map_err(|e| unusable(e.to_string()))
        };
        let rules = inflated(self.rules)?;
        let mut entries = inflated(self.entries)?;
        // Three Danish entries hold a quoted slash ("A/S"), which the reader takes for the beginning of flags.
        if entries.contains("\n\"") {
            let lines: Vec<&str> = entries.lines().filter(|l| !l.starts_with('"')).collect();
            entries = lines.join("\n");
        }
        if let Some(more) = self.more {
            entries.push('\n');
            entries.push_str(&inflated(more)?);
            // The name of the program, which its own words use. In Danish it is a word.
            entries.push_str("\nSegl");
        }
        Dictionary::new(&rules, &entries).map_err(|e| unusable(e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_right_in_their_own_language() {
        let dictionaries = Dictionaries::load().unwrap();
        let table = [
            ("modtageren", true, false),
            ("Retsmødebegæring", true, false),
            ("krypteret", true, false),
            ("encrypted", false, true),
            ("colour", false, true),
            ("color", false, true),
            ("behaviour", false, true),
            ("don’t", false, true),
            ("e-mail", true, true),
            ("vedhæftt", false, false),
            ("recieve", false, false),
            ("Segl", true, true),
            ("segl", true, false),
        ];
        for (word, danish, english) in table {
            let wanted = Verdict { danish, english };
            assert_eq!(dictionaries.check(word), wanted, "{word}");
        }
        let near = dictionaries.suggest("stævnign", Language::Danish);
        assert!(near.contains(&"stævning".to_owned()), "{near:?}");
        let near = dictionaries.suggest("recieve", Language::English);
        assert_eq!(near.first().map(String::as_str), Some("receive"));
        let near = dictionaries.suggest("adress", Language::English);
        assert_eq!(near.first().map(String::as_str), Some("address"));
    }
}
