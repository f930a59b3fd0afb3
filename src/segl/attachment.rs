//! Attachments on disk: measured when they are attached, opened when the message is rendered.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use crate::mail::{Attachment, Digest, is_forbidden};

/// Why a file cannot be attached. The draft is as it was.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// It cannot be opened or read.
    #[error("{name} cannot be read")]
    Unreadable {
        /// The file's name.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// It is a folder, a pipe, a device or the like: only regular files have a length that holds.
    #[error("{name} is not a regular file")]
    NotAFile {
        /// The file's name.
        name: String,
    },
    /// Its name holds control characters or bidirectional overrides, which hide what it is.
    #[error("{name} has a name that hides what it is")]
    Name {
        /// The file's name, with those characters shown as escapes.
        name: String,
    },
}

/// Measures a file: name, media type, length and digest.
pub fn attach(path: &Path) -> Result<Attachment, AttachError> {
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned();
    if name.chars().any(is_forbidden) {
        return Err(AttachError::Name {
            name: crate::words::visible(&name),
        });
    }
    let unreadable = |source| AttachError::Unreadable {
        name: name.clone(),
        source,
    };
    // A relative path would mean another file when the draft is opened from elsewhere.
    let path = std::path::absolute(path).map_err(unreadable)?;
    let mut file = match open_regular(&path) {
        Ok(Some(file)) => file,
        Ok(None) => return Err(AttachError::NotAFile { name }),
        Err(source) => return Err(unreadable(source)),
    };
    let (mut hash, mut size) = (openssl::sha::Sha256::new(), 0);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                hash.update(&buffer[..read]);
                size += read as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(source) => return Err(unreadable(source)),
        }
    }
    let media_type = media_type(&name).to_owned();
    Ok(Attachment {
        path,
        name,
        media_type,
        size,
        sha256: Digest::from(hash.finish()),
    })
}

/// Opens an attachment for rendering. Whether it is still the same is checked while it is read.
pub(super) fn open(attachment: &Attachment) -> io::Result<Box<dyn Read>> {
    match open_regular(&attachment.path)? {
        Some(file) => Ok(Box::new(file)),
        None => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        )),
    }
}

/// `None` for anything but a regular file. It is looked at before it is opened: opening a pipe would wait for ever.
fn open_regular(path: &Path) -> io::Result<Option<File>> {
    if !std::fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let file = File::open(path)?;
    Ok(file.metadata()?.is_file().then_some(file))
}

/// Media types by ending, for what lawyers and authorities send. A message is not given as `message/rfc822`, because
/// that type may not be base64 (RFC 2046 §5.2.1) and the file must arrive octet for octet.
fn media_type(name: &str) -> &'static str {
    let ending = name
        .rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default();
    match ending.as_str() {
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "rtf" => "application/rtf",
        "zip" => "application/zip",
        "xml" => "application/xml",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "tif" | "tiff" => "image/tiff",
        "heic" => "image/heic",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        // Text is given as octets too: its character set is not known, and line ends must stay as they are.
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_measured_with_its_whole_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Æble & øl.PDF");
        std::fs::write(&path, b"abc").unwrap();
        let attachment = attach(&path).unwrap();
        assert_eq!(attachment.name, "Æble & øl.PDF");
        assert_eq!(attachment.media_type, "application/pdf");
        assert_eq!(
            (attachment.size, attachment.sha256),
            (3, Digest::of(b"abc"))
        );
    }

    #[test]
    fn folders_missing_files_and_names_that_hide_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            attach(folder.path()),
            Err(AttachError::NotAFile { .. })
        ));
        assert!(matches!(
            attach(&folder.path().join("none")),
            Err(AttachError::Unreadable { .. })
        ));
        let hidden = folder.path().join("fdp\u{202E}.exe");
        std::fs::write(&hidden, b"x").unwrap();
        assert!(matches!(attach(&hidden), Err(AttachError::Name { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_without_waiting_for_a_writer() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        assert!(matches!(attach(&pipe), Err(AttachError::NotAFile { .. })));
    }
}
