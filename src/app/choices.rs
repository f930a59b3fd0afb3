//! What the user chose for the own window, out of the small preferences file: colours, size, whether receipts stay open.

use std::path::Path;

use clap::ValueEnum as _;

use super::theme::Theme;
use crate::segl::{Preferences, PreferencesError};

/// What was chosen; the default where nothing was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choices {
    /// Colours.
    pub theme: Option<Theme>,
    /// Size, in percent.
    pub zoom: u16,
    /// Whether receipts stay open.
    pub keep_receipts: bool,
}

/// What in the file is not understood.
#[derive(Debug)]
pub enum Odd {
    /// All of it.
    File(PreferencesError),
    /// The value of this key.
    Value(&'static str),
}

impl Choices {
    /// Reads them. What is not understood is as by default, and told.
    pub fn read(folder: &Path) -> (Self, Vec<Odd>) {
        let (set, trouble) = Preferences::load(folder);
        let theme = set
            .text("theme")
            .and_then(|t| Theme::from_str(t, false).ok());
        let zoom = set.number("zoom").and_then(|z| u16::try_from(z).ok());
        let zoom = zoom.filter(|z| (100..=400).contains(z));
        let keep_receipts = set.is("keep_receipts");
        let understood = [
            ("theme", theme.is_some()),
            ("zoom", zoom.is_some()),
            ("keep_receipts", keep_receipts.is_some()),
        ];
        let odd = understood
            .into_iter()
            .filter(|(key, is_understood)| !is_understood && set.has(key))
            .map(|(key, _)| Odd::Value(key));
        let choices = Self {
            theme,
            zoom: zoom.unwrap_or(100),
            keep_receipts: keep_receipts.unwrap_or_default(),
        };
        (
            choices,
            trouble.map(Odd::File).into_iter().chain(odd).collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_nobody_knows_costs_itself_only_and_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let file = Preferences::file(dir.path());
        std::fs::write(
            &file,
            "theme = \"pink\"\nzoom = 5000\nkeep_receipts = true\nnew = 1\n",
        )
        .unwrap();
        let (choices, odd) = Choices::read(dir.path());
        assert_eq!(
            (choices.theme, choices.zoom, choices.keep_receipts),
            (None, 100, true)
        );
        let keys: Vec<_> = odd
            .iter()
            .map(|o| match o {
                Odd::Value(key) => *key,
                Odd::File(_) => "file",
            })
            .collect();
        assert_eq!(keys, ["theme", "zoom"]);
        std::fs::write(&file, "theme = ").unwrap();
        let (choices, odd) = Choices::read(dir.path());
        assert!(!choices.keep_receipts && matches!(odd[..], [Odd::File(_)]));
    }

    #[test]
    fn every_theme_is_read_again_as_it_was_remembered() {
        let dir = tempfile::tempdir().unwrap();
        for theme in Theme::value_variants() {
            Preferences::set(dir.path(), "theme", theme.name()).unwrap();
            assert_eq!(Choices::read(dir.path()).0.theme, Some(*theme));
        }
    }
}
