//! Format 1 of the record, exactly: what is hashed, signed and sealed. It is for ever; a change is format 2.
//!
//! Words: `‖` joins octets; *BE* is big end first; `F(a, b, …)` joins fields, each as its length in 32 bits BE and
//! itself; `H` is SHA-256; `HMAC` is HMAC-SHA-256; texts stand for their UTF-8 octets.
//!
//! # A row
//!
//! | field | octets in `F` | meaning |
//! |---|---|---|
//! | `format` | 4, BE | 1 |
//! | `seq` | 8, BE | 0, 1, 2, … without a gap |
//! | `previous` | 32 | the link of row `seq − 1`; 32 zero octets in row 0 |
//! | `at` | 8, BE, two's complement | UTC, milliseconds since 1970-01-01, by the clock of the machine |
//! | `installation` | 16 | random, made with row 0, the same in every row |
//! | `kind` | UTF-8 | `version intent started outcome policy evidence purge note refused`; others may come |
//! | `commitment` | 32 | `H(sealed)`; `sealed` is the payload as it is stored |
//! | `clear` | any | row 0: the Ed25519 public key (32 octets); `purge`: the month, `YYYY-MM`; else empty |
//! | `link` | – | `H(F("segl record 1", format, seq, previous, at, installation, kind, commitment, clear))` |
//! | `signature` | – | Ed25519 (RFC 8032) over the 32 octets of `link`, by the key whose public half is in row 0 |
//!
//! Row 0 is of kind `version`. Whoever has the rows can check all of this without any secret.
//!
//! # A payload
//!
//! JSON in UTF-8, one object, sealed under a key of its own so that one can be shown without the others:
//!
//! - month key: 32 random octets for each UTC month in which a row was written (`at`), named `YYYY-MM`;
//! - row key: `HMAC(month key, F("segl payload key 1", installation, seq))`;
//! - `sealed = H(F("segl payload key check 1", row key)) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`, AES-256-GCM with
//!   additional data `F("segl payload 1", installation, seq, kind)`. GCM alone does not tie a ciphertext to one key;
//!   the check in front does: a row key shown later is the one the row was written with.
//!
//! # Keys at rest
//!
//! Table `payload_keys` holds each month key once for every holder: `store:<id>` is wrapped as
//! `nonce ‖ ciphertext ‖ tag`, AES-256-GCM under `HMAC(store key, "segl record wrap 1")` with additional data
//! `F("segl month key 1", installation, month)`. Other holders (`certificate:<SHA-256>`) may come. Row `evidence` of
//! table `meta` is the Ed25519 private key (32 octets), sealed likewise under `HMAC(store key, "segl record evidence 1")`
//! with additional data `F("segl evidence key 1", installation)`. A month is purged by destroying its wraps and its
//! `sealed`; the rows stay and still verify, because they hold only the commitment.
//!
//! # What it shows, and what it does not
//!
//! Rows and signatures show every changed, inserted, moved or missing row. They do not show that the newest rows were
//! cut off, nor that somebody with the evidence key wrote the whole file anew: for that a head (`seq` and `link`) kept
//! elsewhere is compared (`record.head`, receipts, exports, `verify --head`). The times are the machine's own; that a
//! row existed at a time can be shown only by a head handed to somebody else then.
//!
//! | what somebody does | what shows it |
//! |---|---|
//! | changes a field or a payload | that row's link or commitment |
//! | changes, and makes the links after it anew | the newest signature: nobody without the key makes it |
//! | leaves out, swaps or inserts rows | numbers and links; made anew, the newest signature |
//! | puts a row at the end while Segl runs, so that Segl links to it | Segl: it adds to no row whose signature is not its own |
//! | damages a signature, and nothing else | that signature; it takes nothing from what the record says |
//! | cuts the end off | a head kept elsewhere |
//! | writes all anew with a key of his own, or with this one | a head kept elsewhere, or time-stamped |
//!
//! So the newest signature covers all rows: each link is made of the one before, and whoever holds the key signed a
//! link only where the row before it had a signature of the key. `verify` always looks at every link, every commitment,
//! and the signatures of the first row, the newest, every purge and every row that a head names; of a chain of up to
//! 10,000 rows at each signature, of a longer one at some 5,000 spread over it, and at each (`--every-signature`) where
//! that is wanted or anything does not hold. Tables `payload_keys`, `pending` and
//! `meta` are not evidence: they hold keys (which prove themselves when used) and work in progress.

use openssl::error::ErrorStack;
use openssl::pkey::{Id, PKey, Private, Public};
use openssl::sha::sha256;
use openssl::sign::{Signer, Verifier};
use rusqlite::types::ValueRef;
use zeroize::Zeroizing;

use crate::keys::seal::{SealError, SealKey, fields};

/// The format that this version writes.
pub(super) const FORMAT: u32 = 1;
/// What the store key is derived by to wrap month keys.
pub(super) const WRAP_LABEL: &str = "segl record wrap 1";
/// What the store key is derived by to seal the evidence key.
pub(super) const EVIDENCE_LABEL: &str = "segl record evidence 1";
/// The kind of row 0.
pub(super) const FIRST_KIND: &str = "version";
/// The kind whose clear octets name the month that was purged.
pub(super) const PURGE_KIND: &str = "purge";
/// The columns of a row, in the order in which [`Row::read`] takes them.
pub(super) const COLUMNS: &str = "record.seq, record.format, record.previous, record.at, \
     record.installation, record.kind, record.clear, record.commitment, record.link, record.signature";
/// The number of [`COLUMNS`].
pub(super) const COLUMN_COUNT: usize = 10;

/// A SHA-256 digest.
pub(super) type Hash = [u8; 32];
/// The random name of a chain.
pub(super) type Installation = [u8; 16];

const KEY_CHECK: usize = 32;

/// One row as it is stored, without its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) format: u32,
    pub(super) seq: u64,
    pub(super) previous: Hash,
    pub(super) at: i64,
    pub(super) installation: Installation,
    pub(super) kind: Vec<u8>,
    pub(super) clear: Vec<u8>,
    pub(super) commitment: Hash,
    pub(super) link: Hash,
    pub(super) signature: [u8; 64],
}

impl Row {
    /// Reads [`COLUMNS`]; `None` where a value has not the type or length of the format.
    pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Self>> {
        let number = |index| row.get_ref(index).map(|value| value.as_i64().ok());
        let ValueRef::Text(kind) = row.get_ref(5)? else {
            return Ok(None);
        };
        let ValueRef::Blob(clear) = row.get_ref(6)? else {
            return Ok(None);
        };
        let (Some(seq), Some(format), Some(at)) = (number(0)?, number(1)?, number(3)?) else {
            return Ok(None);
        };
        let (Ok(seq), Ok(format)) = (u64::try_from(seq), u32::try_from(format)) else {
            return Ok(None);
        };
        let (Some(previous), Some(installation)) = (blob(row, 2)?, blob(row, 4)?) else {
            return Ok(None);
        };
        let (Some(commitment), Some(link), Some(signature)) =
            (blob(row, 7)?, blob(row, 8)?, blob(row, 9)?)
        else {
            return Ok(None);
        };
        let (kind, clear) = (kind.to_vec(), clear.to_vec());
        Ok(Some(Self {
            format,
            seq,
            previous,
            at,
            installation,
            kind,
            clear,
            commitment,
            link,
            signature,
        }))
    }

    /// The link that the other fields give.
    pub(super) fn computed_link(&self) -> Hash {
        sha256(&fields(&[
            b"segl record 1",
            &self.format.to_be_bytes(),
            &self.seq.to_be_bytes(),
            &self.previous,
            &self.at.to_be_bytes(),
            &self.installation,
            &self.kind,
            &self.commitment,
            &self.clear,
        ]))
    }
}

fn blob<const N: usize>(
    row: &rusqlite::Row<'_>,
    index: usize,
) -> rusqlite::Result<Option<[u8; N]>> {
    Ok(match row.get_ref(index)? {
        ValueRef::Blob(octets) => octets.try_into().ok(),
        _ => None,
    })
}

/// The key that signs this installation's rows.
pub(super) struct EvidenceKey(PKey<Private>);

impl EvidenceKey {
    /// A fresh key.
    pub(super) fn generate() -> Result<Self, ErrorStack> {
        PKey::generate_ed25519().map(Self)
    }

    /// The public half, as row 0 holds it.
    pub(super) fn public(&self) -> Result<Vec<u8>, ErrorStack> {
        self.0.raw_public_key()
    }

    /// Signs a statement of more than a link's 32 octets, so that it can never pass for a row's.
    pub(super) fn vouch(&self, statement: &[u8]) -> Result<[u8; 64], ErrorStack> {
        let mut signature = [0; 64];
        Signer::new_without_digest(&self.0)?.sign_oneshot(&mut signature, statement)?;
        Ok(signature)
    }

    /// Signs a link.
    pub(super) fn sign(&self, link: &Hash) -> Result<[u8; 64], ErrorStack> {
        let mut signature = [0; 64];
        Signer::new_without_digest(&self.0)?.sign_oneshot(&mut signature, link)?;
        Ok(signature)
    }

    /// Seals the private half for table `meta`; `wrap` is the store key's for [`EVIDENCE_LABEL`].
    pub(super) fn seal(
        &self,
        wrap: &SealKey,
        installation: &Installation,
    ) -> Result<Vec<u8>, SealError> {
        let private = Zeroizing::new(self.0.raw_private_key()?);
        wrap.seal(&evidence_place(installation), &private)
    }

    /// Opens what [`seal`](Self::seal) made.
    pub(super) fn unseal(
        sealed: &[u8],
        wrap: &SealKey,
        installation: &Installation,
    ) -> Result<Self, SealError> {
        let private = wrap.open(&evidence_place(installation), sealed)?;
        Ok(Self(PKey::private_key_from_raw_bytes(
            &private,
            Id::ED25519,
        )?))
    }
}

fn evidence_place(installation: &Installation) -> Vec<u8> {
    fields(&[b"segl evidence key 1", installation])
}

/// The public half of an evidence key, to check signatures with.
#[derive(Clone)]
pub(super) struct PublicKey(PKey<Public>);

impl PublicKey {
    /// From the clear octets of row 0; `None` where they are no Ed25519 public key.
    pub(super) fn parse(clear: &[u8]) -> Option<Self> {
        PKey::public_key_from_raw_bytes(clear, Id::ED25519)
            .ok()
            .map(Self)
    }

    /// Its octets.
    pub(super) fn octets(&self) -> Option<Vec<u8>> {
        self.0.raw_public_key().ok()
    }

    /// Whether this key vouched for a statement of another kind than rows.
    pub(super) fn vouched(&self, statement: &[u8], signature: &[u8]) -> bool {
        Verifier::new_without_digest(&self.0)
            .and_then(|mut verifier| verifier.verify_oneshot(signature, statement))
            .unwrap_or(false)
    }

    /// Whether the signature over the link is this key's. A failing library is no valid signature.
    pub(super) fn verifies(&self, row: &Row) -> bool {
        Verifier::new_without_digest(&self.0)
            .and_then(|mut verifier| verifier.verify_oneshot(&row.signature, &row.link))
            .unwrap_or(false)
    }
}

/// A month key as it is wrapped for the holder of the store key; `wrap` is that key's for [`WRAP_LABEL`].
pub(super) fn wrap_month_key(
    key: &SealKey,
    wrap: &SealKey,
    installation: &Installation,
    month: &str,
) -> Result<Vec<u8>, SealError> {
    wrap.seal(&month_place(installation, month), key.bytes())
}

/// Opens what [`wrap_month_key`] made.
pub(super) fn unwrap_month_key(
    wrapped: &[u8],
    wrap: &SealKey,
    installation: &Installation,
    month: &str,
) -> Result<SealKey, SealError> {
    let opened = wrap.open(&month_place(installation, month), wrapped)?;
    SealKey::from_opened(&opened)
}

fn month_place(installation: &Installation, month: &str) -> Vec<u8> {
    fields(&[b"segl month key 1", installation, month.as_bytes()])
}

/// The key of one row's payload.
pub(super) fn payload_key(
    month: &SealKey,
    installation: &Installation,
    seq: u64,
) -> Result<SealKey, SealError> {
    month.derive(&fields(&[
        b"segl payload key 1",
        installation,
        &seq.to_be_bytes(),
    ]))
}

/// Seals a payload under its row's key.
pub(super) fn seal_payload(
    key: &SealKey,
    installation: &Installation,
    seq: u64,
    kind: &[u8],
    json: &[u8],
) -> Result<Vec<u8>, SealError> {
    let sealed = key.seal(&payload_place(installation, seq, kind), json)?;
    Ok([&key_check(key)[..], &sealed].concat())
}

/// Opens what [`seal_payload`] made; another key than that of the row is [`SealError::Broken`].
pub(super) fn open_payload(
    key: &SealKey,
    installation: &Installation,
    seq: u64,
    kind: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (check, sealed) = sealed
        .split_at_checked(KEY_CHECK)
        .ok_or(SealError::Broken)?;
    if check != key_check(key) {
        return Err(SealError::Broken);
    }
    key.open(&payload_place(installation, seq, kind), sealed)
}

fn key_check(key: &SealKey) -> Hash {
    sha256(&Zeroizing::new(fields(&[
        b"segl payload key check 1",
        key.bytes(),
    ])))
}

fn payload_place(installation: &Installation, seq: u64, kind: &[u8]) -> Vec<u8> {
    fields(&[b"segl payload 1", installation, &seq.to_be_bytes(), kind])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::hex;

    fn row() -> Row {
        let mut row = Row {
            format: 1,
            seq: 7,
            previous: [1; 32],
            at: 1_790_000_000_123,
            installation: [2; 16],
            kind: b"intent".to_vec(),
            clear: Vec::new(),
            commitment: [3; 32],
            link: [0; 32],
            signature: [0; 64],
        };
        row.link = row.computed_link();
        row
    }

    /// Computed from the table above by another program (Python hashlib): a changed encoding is a changed format.
    #[test]
    fn the_link_of_a_known_row_never_changes() {
        assert_eq!(
            hex::encode(&row().link),
            "879005f36ad7f0e6970a3d61f68b65a8a2db4c2ed3c99fbdda14e7e7254f4a8a"
        );
    }

    #[test]
    fn the_evidence_key_signs_for_its_own_row_0_only() {
        let (key, other) = (
            EvidenceKey::generate().unwrap(),
            EvidenceKey::generate().unwrap(),
        );
        let mut row = row();
        row.signature = key.sign(&row.link).unwrap();
        let public = PublicKey::parse(&key.public().unwrap()).unwrap();
        assert!(public.verifies(&row));
        assert!(
            !PublicKey::parse(&other.public().unwrap())
                .unwrap()
                .verifies(&row)
        );
        row.link[0] ^= 1;
        assert!(!public.verifies(&row));
        assert!(PublicKey::parse(b"short").is_none());
    }

    #[test]
    fn a_payload_opens_under_its_own_key_and_in_its_own_row_only() {
        let month = SealKey::random().unwrap();
        let key = payload_key(&month, &[2; 16], 7).unwrap();
        let sealed = seal_payload(&key, &[2; 16], 7, b"intent", b"{}").unwrap();
        assert_eq!(
            &*open_payload(&key, &[2; 16], 7, b"intent", &sealed).unwrap(),
            b"{}"
        );
        let other = payload_key(&month, &[2; 16], 8).unwrap();
        let mut unchecked = sealed.clone();
        unchecked[0] ^= 1;
        let refused = [
            open_payload(&other, &[2; 16], 7, b"intent", &sealed),
            open_payload(&key, &[2; 16], 8, b"intent", &sealed),
            open_payload(&key, &[3; 16], 7, b"intent", &sealed),
            open_payload(&key, &[2; 16], 7, b"outcome", &sealed),
            open_payload(&key, &[2; 16], 7, b"intent", &sealed[..40]),
            open_payload(&key, &[2; 16], 7, b"intent", &unchecked),
        ];
        assert!(
            refused
                .iter()
                .all(|result| matches!(result, Err(SealError::Broken)))
        );
    }

    #[test]
    fn sealed_keys_open_under_the_store_key_and_for_their_place_only() {
        let (store, month) = (SealKey::random().unwrap(), SealKey::random().unwrap());
        let wrapped = wrap_month_key(&month, &store, &[2; 16], "2026-11").unwrap();
        let opened = unwrap_month_key(&wrapped, &store, &[2; 16], "2026-11").unwrap();
        assert_eq!(opened.bytes(), month.bytes());
        assert!(unwrap_month_key(&wrapped, &store, &[2; 16], "2026-12").is_err());
        assert!(unwrap_month_key(&wrapped, &month, &[2; 16], "2026-11").is_err());
        let evidence = EvidenceKey::generate().unwrap();
        let sealed = evidence.seal(&store, &[2; 16]).unwrap();
        let again = EvidenceKey::unseal(&sealed, &store, &[2; 16]).unwrap();
        assert_eq!(again.public().unwrap(), evidence.public().unwrap());
        assert!(EvidenceKey::unseal(&sealed, &store, &[3; 16]).is_err());
    }
}
