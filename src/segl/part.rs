//! A part of a mail that somebody else made, saved where the user says: never opened, never over a file, and marked as
//! what it is.

use std::path::{Path, PathBuf};

use super::ReadMessage;
use crate::{
    disk::{self, Cause, DiskError},
    smime::open::OpenError,
};

/// Why a part was not saved.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// The mail has no such part, or it cannot be read.
    #[error("the part cannot be read")]
    Unreadable(#[source] OpenError),
    /// A file of this name is there already.
    #[error("{} exists", .0.display())]
    Exists(PathBuf),
    /// The file cannot be written.
    #[error("{} cannot be written", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// What the operating system said.
        source: DiskError,
    },
}

/// The mark of the web: Windows asks before it runs or shows what bears it. 3 is the internet.
const ZONE: &str = "[ZoneTransfer]\r\nZoneId=3\r\n";

/// Writes a part, counted from 0, to a new file that only this user may read. Whole or not at all. Blocks on disk.
pub fn save_part(read: &ReadMessage, index: usize, file: &Path) -> Result<(), PartError> {
    let part = read.opened.parts.get(index);
    let part = part.ok_or(PartError::Unreadable(OpenError::Malformed("a part")))?;
    let content = read.opened.content(part).map_err(PartError::Unreadable)?;
    disk::create_once(file, &content).map_err(|source| match source {
        DiskError::Io(Cause::System(cause))
            if cause.kind() == std::io::ErrorKind::AlreadyExists =>
        {
            PartError::Exists(file.to_owned())
        }
        source => PartError::Write {
            file: file.to_owned(),
            source,
        },
    })?;
    if cfg!(windows) {
        // A disk without streams (FAT) takes no mark, for a browser neither: the file is where the user wanted it.
        let _marked = std::fs::write(mark(file), ZONE);
    }
    Ok(())
}

/// Where Windows keeps the mark: a stream beside the file's content, under its name.
fn mark(file: &Path) -> PathBuf {
    let mut stream = file.as_os_str().to_owned();
    stream.push(":Zone.Identifier");
    stream.into()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{
        cert::RevocationPolicy,
        segl::{Trust, read_message},
    };

    fn read() -> ReadMessage {
        let mail = "From: anne@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHej\r\n\
            --b\r\nContent-Disposition: attachment; filename=a.bin\r\n\
            Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--b--\r\n";
        let trust = Trust::empty(RevocationPolicy::WhenAvailable);
        read_message(mail.into(), &[], &trust, Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn a_part_is_saved_octet_for_octet_for_this_user_and_never_over_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.bin");
        let read = read();
        save_part(&read, 1, &file).unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), [0, 1, 2]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(&file, "mine").unwrap();
        assert!(matches!(save_part(&read, 1, &file), Err(PartError::Exists(at)) if at == file));
        assert_eq!(std::fs::read(&file).unwrap(), b"mine");
        let nowhere = folder.path().join("no/such/folder");
        assert!(matches!(
            save_part(&read, 1, &nowhere),
            Err(PartError::Write { .. })
        ));
        assert!(matches!(
            save_part(&read, 2, &nowhere),
            Err(PartError::Unreadable(_))
        ));
    }

    #[test]
    fn the_mark_of_the_web_is_a_stream_of_the_file_that_names_the_internet() {
        let marked = mark(Path::new("C:\\sag\\replik.pdf"));
        assert_eq!(marked, Path::new("C:\\sag\\replik.pdf:Zone.Identifier"));
        assert_eq!(ZONE, "[ZoneTransfer]\r\nZoneId=3\r\n");
    }
}
