//! Certificates that the user took in from files. They lie in the data folder, one file each, and are judged like any
//! other: taking one in makes nobody green by itself.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;

use super::{
    ReadError as OpenError, Segl, SignatureFault,
    offered::{NoPin, Offer, Offered, Tie},
    readers::{Known, ReaderError},
};
use crate::{
    cert::{Certificate, Fingerprint, ObjectError},
    directory::{
        Answer, Directory, Failure, FailureCode, FileDirectory, Finding, Found, Freshness,
        Security, Source,
    },
    mail::Address,
};

/// Octets of a file at most: a signed mail has its files inside.
const MAX_OCTETS: u64 = 200 << 20;
/// Where they lie in the data folder, and where their issuers do, which are nobody's to encrypt to.
pub(super) const FOLDER: &str = "imported";
const ISSUERS: &str = "imported/issuers";

/// Why nothing was taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("the file cannot be read")]
    Read(#[source] io::Error),
    /// It holds no certificates, and is no signed mail.
    #[error(transparent)]
    Objects(#[from] ObjectError),
    /// It holds none that can be read.
    #[error("no readable certificate")]
    None,
    /// It is a mail that cannot be opened.
    #[error(transparent)]
    Mail(#[from] OpenError),
    /// It is a mail without a signature that holds.
    #[error("no signature of the mail holds: {0:?}")]
    Unverified(Vec<SignatureFault>),
    /// The copy cannot be written.
    #[error("the certificate cannot be kept")]
    Write(#[source] io::Error),
    /// It cannot be taken away again.
    #[error("the certificate cannot be removed")]
    Remove(#[source] io::Error),
    /// It cannot be pinned to the address. Nothing was kept.
    #[error("it cannot be pinned: {0:?}")]
    NoPin(NoPin),
    /// The pin, or what was learned, cannot be kept.
    #[error(transparent)]
    Readers(#[from] ReaderError),
}

/// Whether certificates that are not tied to the address are pinned to it: the user saw what they name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pinning {
    /// No: they are kept, and make nobody green.
    No,
    /// Yes.
    Yes,
}

/// What was taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakenOthers {
    /// Certificates that can be encrypted to.
    pub count: usize,
    /// How many of them were not there before.
    pub kept: usize,
    /// Those that were pinned now.
    pub pinned: Vec<Fingerprint>,
    /// Whether something new was learned of the sender's program.
    pub has_learned: bool,
}

/// The folder of imported certificates, as a directory.
pub(super) struct Imported {
    folder: PathBuf,
    files: Mutex<(Vec<PathBuf>, Arc<FileDirectory>)>,
}

impl Imported {
    pub(super) fn new(data: &Path) -> Self {
        let files = Mutex::new((Vec::new(), Arc::new(FileDirectory::new(Vec::new()))));
        Self {
            folder: data.join(FOLDER),
            files,
        }
    }

    /// The files of now: another Segl may have added some.
    fn directory(&self) -> Arc<FileDirectory> {
        let found = files(&self.folder);
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if files.0 != found {
            *files = (found.clone(), Arc::new(FileDirectory::new(found)));
        }
        Arc::clone(&files.1)
    }
}

impl Directory for Imported {
    fn name(&self) -> &'static str {
        "imported"
    }

    fn find<'a>(
        &'a self,
        address: &'a Address,
        at: Timestamp,
        freshness: Freshness,
    ) -> Finding<'a> {
        let directory = self.directory();
        Box::pin(async move { directory.find(address, at, freshness).await })
    }
}

impl Segl {
    /// Takes in what was offered, for this address, else for the mail's sender: certificates that can be encrypted to,
    /// issuers, and what the mail says of its program. With `pin` those that are not tied to the address are pinned to
    /// it; they must be of one subject. All of it is refused before anything is kept. Blocks on disk and keyring.
    pub fn take_in_others(
        &self,
        offered: &Offered,
        address: Option<&Address>,
        pin: Pinning,
        at: Timestamp,
    ) -> Result<TakenOthers, ImportError> {
        let offers = self.offers(offered, address, at);
        let pins = match pin {
            Pinning::No => Vec::new(),
            Pinning::Yes => to_pin(&offers)?,
        };
        let mut taken = TakenOthers::default();
        // What needs the key first: without one nothing is kept.
        let whose = address.or(offered.from.as_ref());
        if let Some(address) = whose.filter(|_| !pins.is_empty()) {
            self.keep_pins(address, &pins, at)?;
            taken.pinned = pins;
        }
        if let Some(from) = &offered.from
            && !offered.learned.is_empty()
        {
            taken.has_learned = self.keep_learned(from, offered.learned.clone(), at)?;
        }
        for offer in offers.iter().filter(|o| !o.is_for_signing) {
            let is_new = self.keep_certificate(FOLDER, &offer.certificate)?;
            taken.kept += usize::from(is_new);
            taken.count += 1;
        }
        for issuer in &offered.issuers {
            self.keep_certificate(ISSUERS, issuer)?;
        }
        self.trust.keep_issuers(offered.issuers.clone());
        Ok(taken)
    }

    /// The octets of a file with certificates, or of a mail.
    pub fn read_offer(file: &Path) -> Result<Vec<u8>, ImportError> {
        let metadata = fs::metadata(file).map_err(ImportError::Read)?;
        if !metadata.is_file() || metadata.len() > MAX_OCTETS {
            return Err(ImportError::Read(io::ErrorKind::InvalidInput.into()));
        }
        fs::read(file).map_err(ImportError::Read)
    }

    /// The certificates of other people that were taken in, each with its file.
    pub(super) fn imported(&self) -> Vec<(PathBuf, Certificate)> {
        let files = files(&self.config.data.join(FOLDER));
        let read = files.into_iter().filter_map(|file| {
            let certificate = Certificate::from_der(&fs::read(&file).ok()?).ok()?;
            Some((file, certificate))
        });
        read.filter(|(_, c)| !(c.facts().is_ca && c.facts().addresses.is_empty()))
            .collect()
    }

    /// The certificates that are pinned to an address: no directory finds them by it, for they do not name it.
    pub(super) fn pinned(&self, known: &Known, at: Timestamp) -> Option<Answer> {
        if known.pins.is_empty() {
            return None;
        }
        let mut answer = Answer {
            found: Vec::new(),
            failure: None,
            asked_at: at,
        };
        for pin in &known.pins {
            let entry = format!("{}.cer", pin.sha256);
            match fs::read(self.config.data.join(FOLDER).join(&entry)) {
                Ok(der) => answer.found.push(Found {
                    der,
                    source: Source {
                        directory: "file".to_owned(),
                        entry,
                        security: Security::File,
                        trust_binding: false,
                    },
                }),
                // Somebody took the file away: then there is none.
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                Err(cause) => {
                    answer.failure = Some(Failure {
                        source: "file".to_owned(),
                        code: FailureCode::Protocol,
                        message: format!("{entry} cannot be read: {cause}"),
                    });
                }
            }
        }
        Some(answer)
    }

    /// Builds paths also with the issuers that were taken in, by this program or another.
    pub(super) fn recall_imported_issuers(&self) {
        let known = self
            .trust
            .fetched()
            .iter()
            .map(Certificate::sha256)
            .collect::<Vec<_>>();
        let is_new = |file: &PathBuf| {
            let name = file.file_stem().map(|n| n.to_string_lossy().into_owned());
            !known
                .iter()
                .any(|k| name.as_deref() == Some(&k.to_string()))
        };
        let new = files(&self.config.data.join(ISSUERS))
            .into_iter()
            .filter(is_new);
        let read = new.filter_map(|file| Certificate::from_der(&fs::read(file).ok()?).ok());
        self.trust.keep_issuers(read.collect());
    }

    /// Writes a certificate to one of the folders; whether it was not there before.
    fn keep_certificate(
        &self,
        folder: &str,
        certificate: &Certificate,
    ) -> Result<bool, ImportError> {
        let folder = self.config.data.join(folder);
        fs::create_dir_all(&folder).map_err(ImportError::Write)?;
        let name = folder.join(format!("{}.cer", certificate.sha256()));
        let is_new = !name.exists();
        fs::write(name, certificate.der()).map_err(ImportError::Write)?;
        Ok(is_new)
    }
}

/// Those that are not tied to the address, if it is one person's and each may be pinned.
fn to_pin(offers: &[Offer]) -> Result<Vec<Fingerprint>, ImportError> {
    let open: Vec<&Offer> = offers
        .iter()
        .filter(|o| !o.is_for_signing && !matches!(o.tie, Tie::Bound | Tie::Pinned { .. }))
        .collect();
    let refused = |why| Err(ImportError::NoPin(why));
    let Some(first) = open.first() else {
        return refused(NoPin::Nothing);
    };
    for offer in &open {
        if let Tie::Refused(why) = offer.tie {
            return refused(why);
        }
        if offer.certificate.facts().subject != first.certificate.facts().subject {
            return refused(NoPin::Several);
        }
    }
    Ok(open.iter().map(|o| o.certificate.sha256()).collect())
}

/// The files of a folder, sorted; none where there is no folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|e| e.path()).filter(|p| p.is_file()).collect();
    found.sort();
    found
}
