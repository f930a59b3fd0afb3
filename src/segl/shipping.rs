//! The record, shipped to a folder that IT names, so that one report speaks for all desks: rows sealed as they are, and
//! the keys of their months sealed to IT's certificate for recovery (RFC 8551). Never keeps a mail waiting: a folder that
//! cannot be reached is tried again later, and doctor says so.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp};
use openssl::{error::ErrorStack, rand::rand_bytes};
use zeroize::Zeroizing;

use super::{
    ArchiveFault, Segl,
    recovery::{name_for_it, sealed_for_it},
};
use crate::{
    cert::EncryptionCertificate,
    disk::{DiskError, Lock, hex},
    keys::KeyError,
    mail::Digest,
    record::{self, Log, Month, MonthKeyFile, Record, RecordError, SEGMENT, ShipMark},
    smime::{SealError, SelfCheckError},
};

/// Only one program ships at a time.
const LOCK: &str = "ship.lock";
/// Rows in one file at most.
const ROWS: u32 = 5_000;
/// New rows wait so long for more to go with.
const GATHER: SignedDuration = SignedDuration::from_mins(60);
/// A desk that has nothing to ship says so this often.
const SILENCE: SignedDuration = SignedDuration::from_hours(24);
/// A folder that could not be reached is left alone for so long.
const REST: SignedDuration = SignedDuration::from_mins(15);
const HEADER: &[u8] = b"From: segl@localhost\r\nSubject: Key of a month of the send log\r\n";
const PART: &[u8] = b"Content-Type: application/json; name=\"key.json\"\r\n\
    Content-Disposition: attachment; filename=\"key.json\"\r\n\
    Content-Transfer-Encoding: base64\r\n\r\n";

/// When to ship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ship {
    /// Where it is time: new rows are an hour old, or a day has gone.
    WhenDue,
    /// Now, whatever there is.
    Now,
    /// Now, and from the first row on, whatever was shipped before.
    Anew,
}

/// How the shipping stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipping {
    /// Where to.
    pub folder: PathBuf,
    /// How far, and whether it works.
    pub mark: ShipMark,
    /// Rows that are not shipped yet.
    pub waiting: u64,
}

/// Why nothing was shipped.
#[derive(Debug, thiserror::Error)]
pub enum ShipError {
    /// The settings name no folder.
    #[error("no folder is configured")]
    NoFolder,
    /// The settings name no certificate for recovery: IT could not read what comes.
    #[error("no certificate for recovery is configured")]
    NoCertificate,
    /// The certificate that the settings name cannot be used.
    #[error("{}: {why}", file.display())]
    Certificate {
        /// Its file.
        file: PathBuf,
        /// What is wrong.
        why: ArchiveFault,
    },
    /// The key of the record is not at hand.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The record cannot be read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The folder cannot be reached, or not be written.
    #[error("{}: {source}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: Box<RecordError>,
    },
    /// A key cannot be encrypted.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// What was made does not name IT's certificate: a fault in Segl.
    #[error(transparent)]
    SelfCheck(#[from] SelfCheckError),
    /// OpenSSL failed.
    #[error("the cryptographic library failed")]
    Library(#[from] ErrorStack),
    /// The lock cannot be had.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl Segl {
    /// Whether there is something to ship now. Asks only this computer.
    pub fn ships_now(&self, at: Timestamp) -> bool {
        self.config.ship_to.is_some()
            && self
                .shipping(at)
                .is_ok_and(|state| state.is_some_and(|s| s.is_due(at)))
    }

    /// How the shipping stands; none where the settings name no folder.
    pub fn shipping(&self, at: Timestamp) -> Result<Option<Shipping>, ShipError> {
        let Some(folder) = self.config.ship_to.clone() else {
            return Ok(None);
        };
        let vault = self.vault()?;
        let record = vault.record(at)?;
        let mark = record.shipped(&folder.to_string_lossy())?;
        let waiting = (record.head()?.seq + 1).saturating_sub(mark.next);
        Ok(Some(Shipping {
            folder,
            mark,
            waiting,
        }))
    }

    /// How it stands, where the settings let it work.
    pub(super) fn may_ship(&self, at: Timestamp) -> Result<Shipping, ShipError> {
        self.it_reader(at)?;
        self.shipping(at)?.ok_or(ShipError::NoFolder)
    }

    /// Ships what is not shipped yet. Answers how many rows went; none where it is not time, or another program is at
    /// it. Blocks for as long as the folder does.
    pub fn ship(&self, when: Ship, at: Timestamp) -> Result<Option<u64>, ShipError> {
        let Some(state) = self.shipping(at)? else {
            return Err(ShipError::NoFolder);
        };
        if when == Ship::WhenDue && !state.is_due(at) {
            return Ok(None);
        }
        let Some(_lock) = Lock::now(&self.door.folder().join(LOCK))? else {
            return Ok(None);
        };
        let vault = self.vault()?;
        let record = vault.record(at)?;
        let place = state.folder.to_string_lossy();
        // Under the lock: another program may have shipped meanwhile.
        let mut mark = record.shipped(&place)?;
        if when == Ship::Anew {
            mark.next = 0;
        }
        let begun = mark.next;
        let went = self.ship_from(record, &state.folder, &mut mark, at);
        if went.is_err() {
            mark.failing_since = mark.failing_since.or(Some(at));
            mark.tried = Some(at);
        }
        record.mark_shipped(&place, mark)?;
        went.map(|()| Some(mark.next - begun))
    }

    fn ship_from(
        &self,
        record: &Record,
        folder: &Path,
        mark: &mut ShipMark,
        at: Timestamp,
    ) -> Result<(), ShipError> {
        let reader = self.it_reader(at)?;
        let vault = self.vault()?;
        let log = Log::open(vault.folder(), Some(vault.key()))?;
        let own = folder.join(record.installation());
        let failed = |source: RecordError| ShipError::Folder {
            folder: folder.to_owned(),
            source: Box::new(source),
        };
        loop {
            let stretch = log.stretch(mark.next, ROWS)?;
            let mut keys = Vec::new();
            for month in &stretch.months {
                keys.extend(seal_month(&log, *month, &reader, &own, &failed)?);
            }
            let octets = record.segment(&stretch, &self.account, keys, at)?;
            let mut random = [0; 4];
            rand_bytes(&mut random)?;
            let name = format!("{:012}-{}.{SEGMENT}", mark.next, hex::encode(&random));
            record::place_shipped(&own.join(name), &octets).map_err(failed)?;
            *mark = ShipMark {
                next: stretch.next(),
                at: Some(at),
                failing_since: None,
                tried: None,
            };
            if stretch.reaches_head() {
                return Ok(());
            }
        }
    }

    /// IT's certificate, which the keys are sealed to.
    fn it_reader(&self, at: Timestamp) -> Result<EncryptionCertificate, ShipError> {
        let file = self.config.identity.recovery.clone();
        let file = file.ok_or(ShipError::NoCertificate)?;
        self.named_reader(&file, at)
            .map_err(|why| ShipError::Certificate { file, why })
    }
}

impl Shipping {
    fn is_due(&self, at: Timestamp) -> bool {
        let since = |then: Timestamp| at.duration_since(then);
        // A clock that was set back puts nothing off.
        let is_older = |then: Timestamp, age| since(then).is_negative() || since(then) >= age;
        if self.mark.tried.is_some_and(|tried| !is_older(tried, REST)) {
            return false;
        }
        match self.mark.at {
            None => true,
            Some(last) => is_older(last, SILENCE) || (self.waiting > 0 && is_older(last, GATHER)),
        }
    }
}

/// The file with the key of a month, made where it is not there yet; none where the month was purged.
fn seal_month(
    log: &Log,
    month: Month,
    reader: &EncryptionCertificate,
    folder: &Path,
    failed: &dyn Fn(RecordError) -> ShipError,
) -> Result<Option<MonthKeyFile>, ShipError> {
    let Some(key) = log.month_key(month)? else {
        return Ok(None);
    };
    let file = name_for_it(&month.to_string(), reader, "key.eml");
    let path = folder.join(&file);
    if !path.exists() {
        let text = key_text(&log.installation()?, month, &key);
        let octets = sealed_for_it::<ShipError>(reader, HEADER, PART, text.as_bytes())?;
        record::place_shipped(&path, &octets).map_err(failed)?;
    }
    let octets = std::fs::read(&path).map_err(|e| failed(DiskError::from(e).into()))?;
    Ok(Some(MonthKeyFile {
        month,
        file,
        sha256: Digest::of(&octets).to_string(),
    }))
}

/// What the file with the key of a month says.
fn key_text(installation: &str, month: Month, key: &[u8]) -> Zeroizing<String> {
    // By hand, in a place that is overwritten afterwards; none of the values has anything to escape.
    let mut text = Zeroizing::new(String::with_capacity(256));
    let digits = Zeroizing::new(hex::encode(key));
    let _infallible = write!(
        text,
        "{{\"segl_month_key\":1,\"installation\":\"{installation}\",\"month\":\"{month}\",\"key\":\"{}\"}}",
        *digits
    );
    text
}
