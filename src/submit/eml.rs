//! Submission to a folder (`--to-eml`): the message and its envelope as two files, and no mail server.
//!
//! This is no `Submitter` beside [`Session`](super::Session): a folder refuses no recipient, has no TLS to tell of and is
//! never in doubt, so one trait over both would only hide that.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use serde::Serialize;

use crate::mail::Address;

use super::{SubmitError, Transaction};

/// The two files of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The message, octet for octet as it would be submitted.
    pub eml: PathBuf,
    /// Its envelope.
    pub json: PathBuf,
}

/// Why a message was not written.
#[derive(Debug, thiserror::Error)]
pub enum EmlError {
    /// The message is not the one that was examined.
    #[error(transparent)]
    Message(#[from] SubmitError),
    /// A route's name is part of a file name: lower-case letters, digits and hyphens.
    #[error("a route's name that cannot stand in a file name")]
    Route,
    /// The file is there already, and is left as it is.
    #[error("{path} exists")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The folder or a file cannot be written.
    #[error("{path} cannot be written")]
    Write {
        /// The folder or file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// The envelope as `NN-ROUTE.json` shows it, addresses as they go over the wire.
#[derive(Serialize)]
struct EnvelopeFile {
    mail_from: String,
    rcpt_to: Vec<String>,
    /// Where delivery status notifications are asked for (RFC 3461): whoever hands the message in asks for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    dsn: Option<Dsn>,
}

#[derive(Serialize)]
struct Dsn {
    envid: String,
    ret: &'static str,
    notify: &'static str,
}

/// Writes `NN-ROUTE.eml` and `NN-ROUTE.json`, readable for this user only, and has them on the disk before it returns.
/// Never over an existing file; both or none. The folder is made if it is not there.
pub fn write_eml(
    folder: &Path,
    number: usize,
    route: &str,
    transaction: &Transaction,
    message: &[u8],
) -> Result<Written, EmlError> {
    transaction.expect(message)?;
    let is_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if route.is_empty() || !route.bytes().all(is_name) {
        return Err(EmlError::Route);
    }
    let dsn = transaction.envelope_id().map(|id| Dsn {
        envid: id.to_owned(),
        ret: "HDRS",
        notify: "SUCCESS,FAILURE,DELAY",
    });
    let envelope = transaction.envelope();
    let envelope = EnvelopeFile {
        dsn,
        mail_from: envelope.mail_from().wire(),
        rcpt_to: envelope.rcpt_to().iter().map(Address::wire).collect(),
    };
    let path = |ending: &str| folder.join(format!("{number:02}-{route}.{ending}"));
    let written = Written {
        eml: path("eml"),
        json: path("json"),
    };
    let json = serde_json::to_vec(&envelope)
        .map_err(|source| write_error(&written.json, source.into()))?;
    make_folder(folder).map_err(|source| write_error(folder, source))?;
    write_new(&written.json, &json)?;
    if let Err(error) = write_new(&written.eml, message) {
        // An envelope without a message would be taken for a half of something.
        fs::remove_file(&written.json).map_err(|source| write_error(&written.json, source))?;
        return Err(error);
    }
    sync_folder(folder).map_err(|source| write_error(folder, source))?;
    Ok(written)
}

fn write_new(path: &Path, octets: &[u8]) -> Result<(), EmlError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => EmlError::Exists {
            path: path.to_owned(),
        },
        _ => write_error(path, source),
    })?;
    let written = file.write_all(octets).and_then(|()| file.sync_all());
    written.map_err(|source| {
        drop(file);
        // The first error is the one to tell: a disk that is full or gone.
        let _half = fs::remove_file(path);
        write_error(path, source)
    })
}

fn write_error(path: &Path, source: io::Error) -> EmlError {
    EmlError::Write {
        path: path.to_owned(),
        source,
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A new name is on the disk when its folder is. Windows has no such call, and does it by itself.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submit::Envelope;

    const MESSAGE: &[u8] = b"Subject: x\r\n\r\n.\r\n";

    fn transaction() -> Transaction {
        let parse = |text: &str| Address::parse(text).unwrap();
        let to = vec![parse("bo@ærø-eksempel.dk"), parse("mads@firma-eksempel.dk")];
        let envelope = Envelope::new(parse("anne@advokat-eksempel.dk"), to).unwrap();
        Transaction::new(envelope, MESSAGE).unwrap()
    }

    #[test]
    fn message_and_envelope_stand_in_two_files_for_this_user_only() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("new").join("out");
        let written = write_eml(&out, 1, "person", &transaction(), MESSAGE).unwrap();
        assert_eq!(written.eml, out.join("01-person.eml"));
        assert_eq!(fs::read(&written.eml).unwrap(), MESSAGE);
        let json: serde_json::Value =
            serde_json::from_slice(&fs::read(&written.json).unwrap()).unwrap();
        assert_eq!(json["mail_from"], "anne@advokat-eksempel.dk");
        let to = ["bo@xn--r-eksempel-c6a1t.dk", "mads@firma-eksempel.dk"];
        assert_eq!(json["rcpt_to"], serde_json::json!(to));
        #[cfg(unix)]
        for path in [&written.eml, &written.json] {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(
                fs::metadata(path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }

    #[test]
    fn an_existing_file_is_left_as_it_is_and_nothing_stands_beside_it() {
        for name in ["12-person.eml", "12-person.json"] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(name), "mine").unwrap();
            let found = write_eml(folder.path(), 12, "person", &transaction(), MESSAGE);
            assert!(matches!(found, Err(EmlError::Exists { path }) if path.ends_with(name)));
            assert_eq!(fs::read(folder.path().join(name)).unwrap(), b"mine");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn what_is_not_as_examined_or_leaves_the_folder_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let write = |route, message| write_eml(folder.path(), 1, route, &transaction(), message);
        for route in ["", "../x", "a/b", "Person", "a b"] {
            assert!(
                matches!(write(route, MESSAGE), Err(EmlError::Route)),
                "{route}"
            );
        }
        let other = write("person", b"Subject: y\r\n\r\n.\r\n");
        assert!(matches!(
            other,
            Err(EmlError::Message(SubmitError::Changed))
        ));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
