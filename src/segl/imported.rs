//! Certificates that the user took in from files. They lie in the data folder, one file each, and are judged like any
//! other: taking one in makes nobody green by itself.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;

use super::Segl;
use crate::{
    cert::{self, ObjectError},
    directory::{Directory, FileDirectory, Finding, Freshness},
    mail::Address,
};

/// Octets of a file with certificates at most.
const MAX_OCTETS: u64 = 16 << 20;

/// Why nothing was taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("the file cannot be read")]
    Read(#[source] io::Error),
    /// It holds no certificates.
    #[error(transparent)]
    Objects(#[from] ObjectError),
    /// It holds none that can be read.
    #[error("no readable certificate")]
    None,
    /// The copy cannot be written.
    #[error("the certificate cannot be kept")]
    Write(#[source] io::Error),
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
            folder: data.join("imported"),
            files,
        }
    }

    /// The files of now: another Segl may have added some.
    fn directory(&self) -> Arc<FileDirectory> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut found: Vec<PathBuf> = entries.map(|e| e.path()).filter(|p| p.is_file()).collect();
        found.sort();
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if files.0 != found {
            *files = (found.clone(), Arc::new(FileDirectory::new(found)));
        }
        Arc::clone(&files.1)
    }
}

impl Directory for Imported {
    fn name(&self) -> &str {
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
    /// Takes certificates in from a file; how many. What cannot be read is passed over, unless nothing can.
    pub fn import(&self, file: &Path) -> Result<usize, ImportError> {
        let metadata = fs::metadata(file).map_err(ImportError::Read)?;
        if !metadata.is_file() || metadata.len() > MAX_OCTETS {
            return Err(ImportError::Read(io::ErrorKind::InvalidInput.into()));
        }
        let octets = fs::read(file).map_err(ImportError::Read)?;
        let folder = self.config.data.join("imported");
        let mut count = 0;
        for certificate in cert::certificates(&octets)?.into_iter().flatten() {
            fs::create_dir_all(&folder).map_err(ImportError::Write)?;
            let name = folder.join(format!("{}.cer", certificate.sha256()));
            fs::write(name, certificate.der()).map_err(ImportError::Write)?;
            count += 1;
        }
        if count == 0 {
            Err(ImportError::None)
        } else {
            Ok(count)
        }
    }
}
