//! What other installations shipped, read back: the rows of each in a database in memory, checked like any other, and
//! against every head that ever came with them.
//!
//! A row that came twice in two forms, a head that no longer fits, a gap and a tail that is missing are findings: a desk
//! that wrote its history anew after it had shipped shows. Needs no key; what the rows say needs those of the months.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;
use zeroize::Zeroizing;

use super::read::Keys;
use super::schema::SHIPPED;
use super::segment::{MonthKeyFile, SEGMENT, Segment, read_segment};
use super::verify::verify_open;
use super::{FirstBad, Head, Log, Month, Reason, RecordError, Verification, chain};
use crate::disk::{self, DiskError, hex};
use crate::keys::seal::SealKey;

/// One installation, as far as it shipped.
pub struct ShippedDesk {
    /// The chain's random name.
    pub installation: String,
    /// The account that shipped last.
    pub account: String,
    /// When it shipped last, by its own clock.
    pub last: Timestamp,
    /// Where its files lie.
    pub folder: PathBuf,
    /// The check of its chain, up to the newest head that it shipped.
    pub found: Verification,
    /// The files with the keys of its months.
    pub keys: BTreeSet<MonthKeyFile>,
    connection: Connection,
}

/// All that was shipped.
pub struct Shipped {
    /// The installations.
    pub desks: Vec<ShippedDesk>,
    /// Files that are no segment, or do not hold.
    pub unreadable: Vec<PathBuf>,
}

impl ShippedDesk {
    /// What its rows say, with the keys of months that could be opened.
    pub fn log(self, keys: Vec<(Month, Zeroizing<Vec<u8>>)>) -> Log {
        let mut given = Keys::default();
        for (month, key) in keys {
            // Octets that are no key open nothing, and their rows are told as unreadable.
            if let Ok(key) = SealKey::from_opened(&key) {
                given.add(month, key);
            }
        }
        Log::of_shipped(self.connection, given)
    }
}

/// Reads the segments of these files and folders.
pub fn shipped(places: &[PathBuf]) -> Result<Shipped, RecordError> {
    let mut files = BTreeSet::new();
    for place in places {
        gather(place, 0, &mut files)?;
    }
    let mut unreadable = Vec::new();
    let mut folders: BTreeMap<(String, String), Vec<(PathBuf, Segment)>> = BTreeMap::new();
    for file in files {
        match read_segment(&file)? {
            Some(segment) => {
                let header = &segment.header;
                let whose = (header.installation.clone(), header.public_key.clone());
                folders.entry(whose).or_default().push((file, segment));
            }
            None => unreadable.push(file),
        }
    }
    let mut names: BTreeMap<String, u32> = BTreeMap::new();
    for (installation, _) in folders.keys() {
        *names.entry(installation.clone()).or_default() += 1;
    }
    let mut desks = Vec::new();
    for ((installation, _), segments) in folders {
        let mut desk = desk(installation, segments)?;
        if names.get(&desk.installation).is_some_and(|n| *n > 1) {
            // Two keys claim the same name: which is the right one, the folder cannot say.
            worse(&mut desk.found, 0, Reason::PublicKey);
        }
        desks.push(desk);
    }
    Ok(Shipped { desks, unreadable })
}

/// A folder has one for each installation, and these have the files.
fn gather(place: &Path, depth: u8, files: &mut BTreeSet<PathBuf>) -> Result<(), RecordError> {
    if !std::fs::metadata(place).map_err(DiskError::from)?.is_dir() {
        if depth == 0 || place.extension().is_some_and(|e| e == SEGMENT) {
            files.insert(place.to_owned());
        }
        return Ok(());
    }
    if depth > 1 {
        return Ok(());
    }
    for entry in std::fs::read_dir(place).map_err(DiskError::from)? {
        gather(&entry.map_err(DiskError::from)?.path(), depth + 1, files)?;
    }
    Ok(())
}

fn desk(
    installation: String,
    mut segments: Vec<(PathBuf, Segment)>,
) -> Result<ShippedDesk, RecordError> {
    // What was shipped first is what was there: a later file that says otherwise is the one that is wrong.
    segments.sort_by_key(|(_, segment)| segment.header.at);
    let connection = disk::open_memory(&SHIPPED)?;
    let mut links: BTreeMap<u64, [u8; 32]> = BTreeMap::new();
    let mut heads: Vec<Head> = Vec::new();
    let mut keys = BTreeSet::new();
    let (mut account, mut last, mut folder) = (String::new(), Timestamp::MIN, PathBuf::new());
    let mut forked: Option<u64> = None;
    let transaction = connection.unchecked_transaction()?;
    for (file, segment) in segments {
        heads.push(segment.header.head);
        keys.extend(segment.header.keys);
        (account, last) = (segment.header.account, segment.header.at);
        file.parent()
            .unwrap_or(Path::new(""))
            .clone_into(&mut folder);
        for (row, sealed) in segment.rows {
            match links.get(&row.seq) {
                Some(link) if *link == row.link => {}
                Some(_) => forked = Some(forked.map_or(row.seq, |seq| seq.min(row.seq))),
                None => {
                    links.insert(row.seq, row.link);
                    chain::insert(&connection, &row, sealed.as_deref())?;
                }
            }
        }
    }
    transaction.commit()?;
    heads.sort_by_key(|head| head.seq);
    heads.dedup();
    let mut found = verify_open(&connection, &heads)?;
    if let Some(seq) = forked {
        worse(&mut found, seq, Reason::HeadMismatch);
    }
    let named = first_name(&connection)?;
    if named.is_some_and(|named| named != installation) {
        worse(&mut found, 0, Reason::Installation);
    }
    Ok(ShippedDesk {
        installation,
        account,
        last,
        folder,
        found,
        keys,
        connection,
    })
}

fn first_name(connection: &Connection) -> Result<Option<String>, RecordError> {
    let row = chain::row(connection, 0)?;
    Ok(row.map(|row| hex::encode(&row.installation)))
}

fn worse(found: &mut Verification, seq: u64, reason: Reason) {
    found.intact = false;
    if found.first_bad.is_none_or(|bad| seq < bad.seq) {
        found.first_bad = Some(FirstBad { seq, reason });
    }
}
