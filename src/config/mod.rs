//! Settings file and IT's policy file → one validated [`Config`]. Parse, don't validate later.
//!
//! The machine's policy is read first and wins key by key over the user's file. In a user's file an unknown key is an
//! error with file, line and key; in a policy file it means that the policy is newer than this program: green goes, red is
//! refused. A key of a later version is never silently without effect.

mod effective;
mod policy_file;
mod raw;
mod rules;
mod schema;
mod settings;
mod source;
mod subject;
mod transport;
mod tunnel;
mod values;
mod writing;

use std::{
    io,
    path::{Path, PathBuf},
};

pub use effective::{Effective, Origin};
pub use policy_file::Paths;
pub use rules::WrittenAssessment;
pub use settings::{
    Anchor, Auth, Config, Directory, Identity, OAuth, Security, Sender, Submission,
    SubmissionSecret, TextBook, TokenFrom, Tsa,
};
pub use subject::{SubjectMode, SubjectRule};
pub use transport::{Honour, Relay, Transport};
pub use tunnel::{ListFrom, Tunnel};
pub use values::{default_revocation, revocation};
pub use writing::{Signature, Writing};

/// Why there are no usable settings. Nothing is sent without them.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ConfigError {
    /// There is no settings file. On a desk that is not managed this is the first run.
    #[error("there are no settings at {}", .0.display())]
    Missing(PathBuf),
    /// The file cannot be read.
    #[error("{} cannot be read: {cause}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the operating system said.
        cause: String,
    },
    /// It is not TOML.
    #[error("{}:{line}: {message}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the parser said.
        message: String,
    },
    /// A key that Segl does not know.
    #[error("{}:{line}: unknown key “{key}”", file.display())]
    UnknownKey {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key as written.
        key: String,
        /// A known key that is near.
        suggestion: Option<String>,
    },
    /// A key of a later version.
    #[error("{}:{line}: “{key}” is not in this version", file.display())]
    NotInThisVersion {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Section and key.
        key: String,
    },
    /// A value that does not do.
    #[error("{}:{line}: {key}: {message}", file.display())]
    Value {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Section and key, such as `directory[0].url`.
        key: String,
        /// What is wrong, with both sides.
        message: String,
    },
    /// The machine's policy file can be changed by others than an administrator.
    #[error("the policy file {} is not protected: {message}", file.display())]
    PolicyUnprotected {
        /// The file.
        file: PathBuf,
        /// Owner or mode as found.
        message: String,
    },
}

impl ConfigError {
    /// The code for `--json`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "settings-missing",
            Self::Unreadable { .. } => "settings-unreadable",
            Self::Syntax { .. } => "settings-syntax",
            Self::UnknownKey { .. } => "settings-unknown-key",
            Self::NotInThisVersion { .. } => "settings-not-in-this-version",
            Self::Value { .. } => "settings-value",
            Self::PolicyUnprotected { .. } => "policy-unprotected",
        }
    }

    fn unreadable(file: &Path, source: &io::Error) -> Self {
        Self::Unreadable {
            file: file.to_owned(),
            cause: source.to_string(),
        }
    }
}

#[cfg(all(test, unix))]
mod tests;
