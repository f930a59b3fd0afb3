//! The user's own words, right in every mail. They may be names of clients: sealed in the store.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{DraftError, Segl};

/// The name of the fact that holds them.
const FACT: &str = "own words";

impl Segl {
    /// The words.
    pub fn own_words(&self) -> Result<BTreeSet<String>, DraftError> {
        let fact = self.door.vault()?.store().fact(FACT)?;
        let words = fact.map(|f| serde_json::from_str(&f.value)).transpose()?;
        Ok(words.unwrap_or_default())
    }

    /// Keeps one more. Read again before it is written, because another window may have added one meanwhile.
    pub fn add_own_word(&self, word: &str, at: Timestamp) -> Result<(), DraftError> {
        let mut words = self.own_words()?;
        if words.insert(word.to_owned()) {
            let json = serde_json::to_string(&words)?;
            self.door.vault()?.store().set_fact(FACT, &json, at)?;
        }
        Ok(())
    }

    /// Forgets one. Read again before it is written, for the same reason.
    pub fn forget_own_word(&self, word: &str, at: Timestamp) -> Result<(), DraftError> {
        let mut words = self.own_words()?;
        if words.remove(word) {
            let json = serde_json::to_string(&words)?;
            self.door.vault()?.store().set_fact(FACT, &json, at)?;
        }
        Ok(())
    }
}
