//! What the settings say about writing: spelling, signatures, templates.

use std::path::PathBuf;

use super::{
    Config, Origin, Sender, raw,
    settings::{Checked, Reader},
    values,
};
use crate::words::Lang;

/// A signature: text of the settings, or a file that is read when the window opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// The text.
    Text(String),
    /// A file with the text.
    File(PathBuf),
}

/// `[writing]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// Whether spelling is checked.
    pub spelling: bool,
    /// The language of all mail; each paragraph in its own where there is none.
    pub language: Option<Lang>,
    /// The signature of senders that have none of their own.
    pub signature: Option<Signature>,
}

impl Config {
    /// The signature of a sender. One that the machine's policy gives to all goes before the sender's own.
    pub fn signature<'a>(&'a self, sender: &'a Sender) -> Option<&'a Signature> {
        let all = self.writing.signature.as_ref();
        let is_firm = ["writing.signature", "writing.signature_text"]
            .iter()
            .any(|key| self.effective.origin(key) == Origin::Policy);
        if is_firm && all.is_some() {
            return all;
        }
        sender.signature.as_ref().or(all)
    }
}

impl Reader<'_> {
    pub(super) fn writing(&self, raw: &raw::Writing) -> Checked<Writing> {
        let languages = [
            ("auto", None),
            ("da", Some(Lang::Da)),
            ("en", Some(Lang::En)),
        ];
        let language = values::one_of(&raw.language, &languages);
        let (text, file) = (raw.signature_text.as_ref(), raw.signature.as_ref());
        Ok(Writing {
            spelling: raw.spelling,
            language: self.at("writing.language", language)?,
            signature: self.one_signature("writing.signature", text, file)?,
        })
    }

    /// A text or a file, not both: which one would count?
    pub(super) fn one_signature(
        &self,
        key: &str,
        text: Option<&String>,
        file: Option<&PathBuf>,
    ) -> Checked<Option<Signature>> {
        match (text, file) {
            (Some(_), Some(_)) => {
                Err(self.wrong(key, "either signature or signature_text, not both"))
            }
            (Some(text), None) => Ok(Some(Signature::Text(text.clone()))),
            (None, Some(file)) => Ok(Some(Signature::File(file.clone()))),
            (None, None) => Ok(None),
        }
    }
}
