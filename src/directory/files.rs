//! Imported certificate files: the second kind of directory.
//!
//! Answers with the certificates that name the address, and with those that name none, which a rule may bind to it. A
//! file that cannot be read is a failure, whoever is asked for: nobody knows whose certificates it holds.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use jiff::Timestamp;
use tokio::{task::spawn_blocking, time::timeout};

use super::{
    Directory, Finding, Freshness,
    answer::{Answer, Failure, FailureCode, Found, Security, Source},
};
use crate::{
    cert::{self, Certificate},
    mail::Address,
};

/// What answers from files call themselves.
const NAME: &str = "file";
/// Octets of one file at most.
const MAX_FILE: u64 = 16 << 20;
/// How long the files may take: a share that hangs must not hold up a message.
const DEADLINE: Duration = Duration::from_secs(5);

/// The certificate files that the settings name: `.cer`, `.crt`, `.pem` and `.p7b`, DER or PEM.
pub struct FileDirectory(Arc<Files>);

struct Files {
    paths: Vec<PathBuf>,
    read: Mutex<HashMap<PathBuf, Read>>,
    deadline: Duration,
}

/// A file as it was read last.
struct Read {
    state: State,
    content: Arc<Content>,
}

/// What tells that a file changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    length: u64,
    modified: Option<SystemTime>,
}

/// The certificates in a file, and what is wrong with the rest.
struct Content {
    certificates: Vec<Certificate>,
    problem: Option<String>,
}

/// Why a file says nothing.
#[derive(Debug, thiserror::Error)]
enum FileError {
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("is not a regular file")]
    NotAFile,
    #[error("is larger than {MAX_FILE} octets")]
    TooLarge,
}

impl FileDirectory {
    /// These files, in this order. They are read when somebody is looked up, and again when they change.
    pub fn new(paths: Vec<PathBuf>) -> Self {
        Self(Arc::new(Files {
            paths,
            read: Mutex::default(),
            deadline: DEADLINE,
        }))
    }
}

impl Directory for FileDirectory {
    fn name(&self) -> &str {
        NAME
    }

    fn find<'a>(
        &'a self,
        address: &'a Address,
        at: Timestamp,
        _freshness: Freshness,
    ) -> Finding<'a> {
        Box::pin(async move {
            let files = Arc::clone(&self.0);
            let address = address.clone();
            let deadline = files.deadline;
            // Files may lie on a slow share: off the threads that carry connections.
            let search = spawn_blocking(move || files.find(&address, at));
            let (code, problem) = match timeout(deadline, search).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(_panic)) => (FailureCode::Protocol, "the search ended without an answer"),
                Err(_elapsed) => (
                    FailureCode::Timeout,
                    "the certificate files could not be read in time",
                ),
            };
            answer(Vec::new(), Some((code, problem.to_owned())), at)
        })
    }
}

impl Files {
    fn find(&self, address: &Address, at: Timestamp) -> Answer {
        let mut found: Vec<Found> = Vec::new();
        let mut problems = Vec::new();
        for path in &self.paths {
            let content = match self.content(path) {
                Ok(content) => content,
                Err(cause) => {
                    problems.push(format!("{} {cause}", path.display()));
                    continue;
                }
            };
            problems.extend(
                content
                    .problem
                    .iter()
                    .map(|p| format!("{} {p}", path.display())),
            );
            for certificate in content.certificates.iter().filter(|c| is_for(c, address)) {
                if !found.iter().any(|known| known.der == certificate.der()) {
                    found.push(Found {
                        der: certificate.der().to_vec(),
                        source: source(path),
                    });
                }
            }
        }
        let problem = (!problems.is_empty()).then(|| problems.join("; "));
        answer(found, problem.map(|p| (FailureCode::Protocol, p)), at)
    }

    /// The file's certificates, read again if it changed.
    fn content(&self, path: &Path) -> Result<Arc<Content>, FileError> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        // Asked of the path before it is opened: opening a FIFO would wait for somebody to write.
        let state = State::of(&fs::metadata(path)?)?;
        if let Some(known) = read.get(path).filter(|known| known.state == state) {
            return Ok(Arc::clone(&known.content));
        }
        let file = File::open(path)?;
        // Asked of the open file: should it be replaced meanwhile, this state is not that of the new one.
        let state = State::of(&file.metadata()?)?;
        let mut octets = Vec::new();
        file.take(MAX_FILE + 1).read_to_end(&mut octets)?;
        if octets.len() as u64 > MAX_FILE {
            return Err(FileError::TooLarge);
        }
        let content = Arc::new(Content::of(&octets));
        let kept = Read {
            state,
            content: Arc::clone(&content),
        };
        read.insert(path.to_owned(), kept);
        Ok(content)
    }
}

impl State {
    fn of(metadata: &fs::Metadata) -> Result<Self, FileError> {
        if !metadata.is_file() {
            return Err(FileError::NotAFile);
        }
        if metadata.len() > MAX_FILE {
            return Err(FileError::TooLarge);
        }
        Ok(Self {
            length: metadata.len(),
            // Where the system tells no time, the length alone must do.
            modified: metadata.modified().ok(),
        })
    }
}

impl Content {
    fn of(octets: &[u8]) -> Self {
        let read = match cert::certificates(octets) {
            Ok(read) => read,
            Err(cause) => {
                return Self {
                    certificates: Vec::new(),
                    problem: Some(format!("holds no certificate: {cause}")),
                };
            }
        };
        let count = read.len();
        let certificates: Vec<_> = read.into_iter().filter_map(Result::ok).collect();
        let damaged = count - certificates.len();
        Self {
            certificates,
            problem: (damaged > 0).then(|| format!("holds {damaged} unreadable certificates")),
        }
    }
}

/// Whether a certificate may be for this address: it names it, or names none and is not a certificate authority's.
fn is_for(certificate: &Certificate, address: &Address) -> bool {
    let facts = certificate.facts();
    certificate.names(address) || (facts.addresses.is_empty() && !facts.is_ca)
}

fn source(path: &Path) -> Source {
    let name = path.file_name().unwrap_or(path.as_os_str());
    Source {
        directory: NAME.to_owned(),
        entry: name.to_string_lossy().into_owned(),
        security: Security::File,
        trust_binding: false,
    }
}

fn answer(found: Vec<Found>, problem: Option<(FailureCode, String)>, at: Timestamp) -> Answer {
    let failure = problem.map(|(code, message)| Failure {
        source: NAME.to_owned(),
        code,
        message,
    });
    Answer {
        found,
        failure,
        asked_at: at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_do_not_answer_in_time_are_a_failure_and_hold_up_nobody() {
        let directory = FileDirectory(Arc::new(Files {
            paths: vec![PathBuf::from("/")],
            read: Mutex::default(),
            deadline: Duration::from_millis(20),
        }));
        let address = Address::parse("anne@x.example").unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        // As a share that hangs: nobody gets at the files meanwhile.
        let hanging = directory.0.read.lock().unwrap();
        let answer = runtime.block_on(async {
            let at = Timestamp::UNIX_EPOCH;
            directory.find(&address, at, Freshness::Recent).await
        });
        drop(hanging);
        let stalled = answer.failure.unwrap();
        assert_eq!(stalled.code, FailureCode::Timeout);
    }
}
