//! What a user hands in: a file or standard input, never more than is expected.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
};

/// A file as octets, or standard input where none is named. More than `limit` octets are an error, and so is anything
/// but a regular file.
pub fn read_input(file: Option<&Path>, limit: u64) -> io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    let read = match file {
        None => io::stdin()
            .lock()
            .take(limit + 1)
            .read_to_end(&mut octets)?,
        Some(path) => {
            // A pipe would wait for ever for somebody to write to it.
            if !fs::metadata(path)?.is_file() {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidInput,
                    "not a regular file",
                ));
            }
            let file = File::open(path)?;
            // One more shows the end: grown by doubling, a large file would take the room of two.
            let expected = file.metadata()?.len().min(limit) + 1;
            octets.reserve_exact(usize::try_from(expected).unwrap_or_default());
            file.take(limit + 1).read_to_end(&mut octets)?
        }
    };
    if read as u64 > limit {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("more than {limit} octets"),
        ));
    }
    octets.shrink_to_fit();
    Ok(octets)
}
