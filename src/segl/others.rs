//! Certificates of other people that were taken in: whom each is used for, what is known of its reader, and how to be rid
//! of it.

use std::{fs, io};

use jiff::Timestamp;

use super::{
    ImportError, Segl,
    offered::Offer,
    readers::{Known, Learned, Pin, ReaderError},
};
use crate::{
    cert::{Certificate, Fingerprint},
    mail::Address,
};

/// A certificate of somebody else that was taken in.
#[derive(Debug)]
pub struct Other {
    /// The certificate.
    pub certificate: Certificate,
    /// The same for each address that it is pinned to, and for the first that it names; for nobody where there is none.
    pub offers: Vec<Offer>,
    /// The user's pins.
    pub pins: Vec<(Address, Pin)>,
    /// What was learned of the program that reads what is encrypted to it.
    pub learned: Vec<(Address, Learned)>,
}

impl Other {
    /// Whether mail to somebody would be encrypted to it.
    pub fn is_usable(&self) -> bool {
        self.offers.iter().any(Offer::is_usable)
    }
}

impl Segl {
    /// Every certificate of other people that was taken in, with what there is to say of it now. Asks no network. Blocks
    /// on disk and keyring.
    pub fn others(&self, at: Timestamp) -> Result<Vec<Other>, ReaderError> {
        let readers = self.readers()?;
        let vault = self.vault()?;
        self.recall_imported_issuers();
        let other = |certificate: Certificate| {
            let sha256 = certificate.sha256();
            let (mut pins, mut learned) = (Vec::new(), Vec::new());
            for reader in &readers {
                let whose = || reader.address.clone();
                let own = reader.pins.iter().filter(|p| p.sha256 == sha256);
                pins.extend(own.map(|p| (whose(), p.clone())));
                let own = reader.learned.iter().filter(|l| l.sha256 == sha256);
                learned.extend(own.map(|l| (whose(), l.clone())));
            }
            let mut whom: Vec<Address> = pins.iter().map(|(a, _)| a.clone()).collect();
            let mut named = certificate.facts().addresses.iter();
            let named = named.find_map(|a| Address::parse(a).ok());
            whom.extend(named.filter(|a| !pins.iter().any(|(pinned, _)| pinned == a)));
            let offer = |address: &Address| {
                let known = self.known_among(&readers, Some(vault.store()), address);
                self.offer_to(&certificate, &[], Some(address.clone()), &known, at)
            };
            let mut offers: Vec<Offer> = whom.iter().map(offer).collect();
            if offers.is_empty() {
                offers.push(self.offer_to(&certificate, &[], None, &Known::default(), at));
            }
            Other {
                certificate,
                offers,
                pins,
                learned,
            }
        };
        let imported = self.imported().into_iter();
        Ok(imported
            .map(|(_, certificate)| other(certificate))
            .collect())
    }

    /// Takes a certificate out again, with its pins and with what was learned of its reader; whether it was there. The
    /// pins go first: one that stayed would count again with the next file. Blocks on disk and keyring.
    pub fn remove_other(&self, sha256: Fingerprint, at: Timestamp) -> Result<bool, ImportError> {
        self.forget_reader_of(sha256, at)?;
        let mut was_there = false;
        for (file, certificate) in self.imported() {
            if certificate.sha256() != sha256 {
                continue;
            }
            was_there = true;
            match fs::remove_file(&file) {
                // Another Segl was faster.
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                done => done.map_err(ImportError::Remove)?,
            }
        }
        Ok(was_there)
    }
}
