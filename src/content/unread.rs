//! Why a file, or a part of one, could not be examined.

use serde::{Deserialize, Serialize};

/// Why nobody knows what a file holds. The codes are stable: the record holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unread {
    /// It cannot be opened, or is another one than was attached.
    Unreadable,
    /// It is encrypted.
    Encrypted,
    /// It holds pictures, sound or film and no text, or a page of it is a picture.
    Picture,
    /// Its letters cannot be told: a font without a table, an unknown character set.
    Letters,
    /// It is of a kind that this version does not read.
    Kind,
    /// It is not what it says, or broken.
    Damaged,
    /// It is larger, deeper or has more parts than is looked into; unpacking goes no further.
    TooLarge,
}

impl Unread {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Unreadable,
        Self::Encrypted,
        Self::Picture,
        Self::Letters,
        Self::Kind,
        Self::Damaged,
        Self::TooLarge,
    ];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Encrypted => "encrypted",
            Self::Picture => "picture",
            Self::Letters => "letters",
            Self::Kind => "kind",
            Self::Damaged => "damaged",
            Self::TooLarge => "too-large",
        }
    }
}
