//! Sealing without sending: `segl seal`.

use std::{
    io::{Read, Write},
    path::PathBuf,
};

use jiff::Timestamp;

use super::{Trust, readers::Known};
use crate::{
    cert::{EncryptionCertificate, SealingRules},
    decide::Assessment,
    directory::{Directory as _, FileDirectory, Freshness},
    mail::Address,
    smime,
};

pub use crate::smime::SealError as SealFailure;

/// Encrypts a message to the usable certificates of all these recipients, in one pass. Each must have one. Gives the names
/// of the fields that were left out, such as Bcc.
pub fn seal(
    input: &mut dyn Read,
    output: &mut (dyn Write + Send),
    readers: &[Assessment],
    rules: SealingRules,
) -> Result<Vec<String>, SealFailure> {
    if readers.iter().any(|r| r.used().next().is_none()) {
        return Err(SealFailure::NoReaders);
    }
    let certificates: Vec<&EncryptionCertificate> =
        readers.iter().flat_map(Assessment::used).collect();
    smime::seal_message(input, output, &certificates, rules).map(|sealed| sealed.dropped)
}

/// What these files hold for an address, judged like anything else. No network, no memory of earlier times.
pub async fn assess_files(
    trust: &Trust,
    files: &[PathBuf],
    address: &Address,
    at: Timestamp,
) -> Assessment {
    let answer = FileDirectory::new(files.to_vec())
        .find(address, at, Freshness::Now)
        .await;
    trust.assess(address, vec![answer], &Known::default(), at)
}
