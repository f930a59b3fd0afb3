//! Files that a command reads and writes, with one sentence for each that it cannot.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

use super::output::Failure;
use crate::words::Words;

/// A file as octets, at most `limit` of them; `-` is standard input.
pub(super) fn read(file: &Path, limit: u64, words: &Words) -> Result<Vec<u8>, Failure> {
    super::read_file(file, limit).map_err(|e| unreadable(file, &e, words))
}

/// A new file that only the user may read; never one that is there.
pub(super) fn made(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Writes such a file, whole or not at all.
pub(super) fn write_new(file: &Path, octets: &[u8]) -> io::Result<()> {
    let mut new = made(file)?;
    let done = new.write_all(octets).and_then(|()| new.sync_all());
    if done.is_err() {
        // Half a file must not pass for the whole; that it cannot be removed either is told by the first error.
        let _half = fs::remove_file(file);
    }
    done
}

/// A text without the mark that editors of Windows put before UTF-8: nobody typed it.
pub(super) fn unmarked(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

pub(super) fn unreadable(file: &Path, cause: &dyn fmt::Display, words: &Words) -> Failure {
    failure("file-unreadable", "cli-file-unreadable", file, cause, words)
}

pub(super) fn unwritable(file: &Path, cause: &dyn fmt::Display, words: &Words) -> Failure {
    failure("file-unwritable", "cli-file-unwritable", file, cause, words)
}

fn failure(
    code: &str,
    sentence: &str,
    file: &Path,
    cause: &dyn fmt::Display,
    words: &Words,
) -> Failure {
    let args = [
        ("file", file.display().to_string().into()),
        ("detail", cause.to_string().into()),
    ];
    Failure::new(code, words.with(sentence, &args), "")
}
