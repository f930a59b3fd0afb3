//! Export and restore of the store key, in a text file protected by a password.
//!
//! All else that Segl seals hangs on this key: drafts, sent copies, the record's payload keys and its evidence signing
//! key lie in the databases under it, and the user's own private keys in files beside them. So the key file and a copy of the data folder are a complete backup, and the
//! key file alone opens nothing. The format says how it was made, so that a later version can read it:
//!
//! ```text
//! segl key file 1
//! id: 32 hexadecimal digits
//! kdf: scrypt n=131072 r=8 p=1 salt=32 hexadecimal digits
//! sealed: nonce, ciphertext and tag of AES-256-GCM over the 32 octets of the key, in hexadecimal
//! ```
//!
//! scrypt is RFC 7914. The additional data is everything above the line `sealed`.

use openssl::pkcs5::scrypt;
use openssl::rand::rand_bytes;
use zeroize::Zeroizing;

use super::seal::{SealError, SealKey};
use super::{KEY_LENGTH, KeyError, Password, StoreKey};
use crate::disk::hex;

const TITLE: &str = "segl key file ";
const VERSION: u32 = 1;
/// 128 MiB and about half a second: what OWASP asks of scrypt today.
const COST: Cost = Cost {
    n: 1 << 17,
    r: 8,
    p: 1,
};
/// No key file makes Segl use more memory than this (octets).
const MEMORY_LIMIT: u64 = 1 << 30;

/// Why a key was not exported or restored.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// An empty password protects nothing.
    #[error("the password is empty")]
    EmptyPassword,
    /// The octets are not a key file.
    #[error("not a key file")]
    NotAKeyFile,
    /// The file was written by a newer Segl.
    #[error("the key file has version {found}, this version knows {known}")]
    Newer {
        /// The version that the file names.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
    /// The password is not the one that the file was made with, or the file was changed.
    #[error("the password does not open the key file")]
    WrongPassword,
    /// The key could not be made or sealed.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl From<SealError> for ExportError {
    fn from(source: SealError) -> Self {
        Self::Key(source.into())
    }
}

#[derive(Clone, Copy)]
struct Cost {
    n: u64,
    r: u64,
    p: u64,
}

/// The key as a password-protected key file. Takes about half a second, on purpose.
pub fn export_keys(key: &StoreKey, password: &Password) -> Result<Vec<u8>, ExportError> {
    export_at(COST, key, password)
}

/// The key from a key file. It is not kept anywhere: see [`StoreKey::keep`].
pub fn restore_keys(file: &[u8], password: &Password) -> Result<StoreKey, ExportError> {
    let file = KeyFile::parse(file)?;
    let opened = stretch(file.cost, password, &file.salt)?.open(file.head.as_bytes(), &file.sealed);
    let opened = opened.map_err(|error| match error {
        SealError::Broken => ExportError::WrongPassword,
        other @ SealError::Library(_) => other.into(),
    })?;
    let key = StoreKey::new(SealKey::from_opened(&opened)?)?;
    if key.id() != file.id {
        return Err(ExportError::NotAKeyFile);
    }
    Ok(key)
}

fn export_at(cost: Cost, key: &StoreKey, password: &Password) -> Result<Vec<u8>, ExportError> {
    if password.expose().is_empty() {
        return Err(ExportError::EmptyPassword);
    }
    let mut salt = [0; 16];
    rand_bytes(&mut salt).map_err(SealError::from)?;
    let (id, salt_text) = (key.id(), hex::encode(&salt));
    let Cost { n, r, p } = cost;
    let head =
        format!("{TITLE}{VERSION}\nid: {id}\nkdf: scrypt n={n} r={r} p={p} salt={salt_text}\n");
    let sealed = stretch(cost, password, &salt)?.seal(head.as_bytes(), key.key.bytes())?;
    Ok(format!("{head}sealed: {}\n", hex::encode(&sealed)).into_bytes())
}

struct KeyFile<'a> {
    head: String,
    id: &'a str,
    cost: Cost,
    salt: [u8; 16],
    sealed: Vec<u8>,
}

impl<'a> KeyFile<'a> {
    /// Line ends may have been changed on the way; nothing else may.
    fn parse(file: &'a [u8]) -> Result<Self, ExportError> {
        let text = std::str::from_utf8(file)
            .ok()
            .ok_or(ExportError::NotAKeyFile)?;
        let mut lines = text.lines();
        let found = lines
            .next()
            .and_then(|line| line.strip_prefix(TITLE))
            .and_then(|version| version.parse().ok());
        match found {
            Some(VERSION) => {}
            Some(found) if found > VERSION => {
                return Err(ExportError::Newer {
                    found,
                    known: VERSION,
                });
            }
            _ => return Err(ExportError::NotAKeyFile),
        }
        Self::body(lines).ok_or(ExportError::NotAKeyFile)
    }

    fn body(mut lines: std::str::Lines<'a>) -> Option<Self> {
        let (id, kdf) = (lines.next()?, lines.next()?);
        let sealed = hex::decode_all(lines.next()?.strip_prefix("sealed: ")?.as_bytes())?;
        let mut parameters = kdf.strip_prefix("kdf: scrypt ")?.split(' ');
        let mut number = |name: &str| parameters.next()?.strip_prefix(name)?.parse::<u64>().ok();
        let cost = Cost {
            n: number("n=")?,
            r: number("r=")?,
            p: number("p=")?,
        };
        let salt = hex::decode(parameters.next()?.strip_prefix("salt=")?.as_bytes())?;
        let whole = lines.next().is_none() && parameters.next().is_none();
        let head = format!("{TITLE}{VERSION}\n{id}\n{kdf}\n");
        (whole && cost.is_bearable()).then_some(Self {
            head,
            id: id.strip_prefix("id: ")?,
            cost,
            salt,
            sealed,
        })
    }
}

impl Cost {
    /// RFC 7914 §6: N a power of two above 1; and no file decides how long Segl computes.
    fn is_bearable(self) -> bool {
        let memory = 128_u64
            .checked_mul(self.n)
            .and_then(|m| m.checked_mul(self.r));
        self.n > 1
            && self.n.is_power_of_two()
            && self.r > 0
            && (1..=4).contains(&self.p)
            && memory.is_some_and(|m| m <= MEMORY_LIMIT)
    }
}

fn stretch(cost: Cost, password: &Password, salt: &[u8]) -> Result<SealKey, SealError> {
    let mut key = Zeroizing::new([0; KEY_LENGTH]);
    // OpenSSL counts some blocks beside the big table.
    let limit = MEMORY_LIMIT + (1 << 24);
    scrypt(
        password.expose().as_bytes(),
        salt,
        cost.n,
        cost.r,
        cost.p,
        limit,
        &mut *key,
    )?;
    SealKey::from_opened(&*key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { n: 2, r: 1, p: 1 };

    fn password(text: &str) -> Password {
        Password::new(text.to_owned())
    }

    #[test]
    fn an_exported_key_is_restored_with_its_password_only() {
        let key = StoreKey::ephemeral().unwrap();
        let file = export_keys(&key, &password("en lang sætning")).unwrap();
        assert_eq!(
            restore_keys(&file, &password("en lang sætning"))
                .unwrap()
                .mark(),
            key.mark()
        );
        assert!(matches!(
            restore_keys(&file, &password("en anden")),
            Err(ExportError::WrongPassword)
        ));
        assert!(matches!(
            export_keys(&key, &password("")),
            Err(ExportError::EmptyPassword)
        ));
        let windows = String::from_utf8(file).unwrap().replace('\n', "\r\n");
        assert!(restore_keys(windows.as_bytes(), &password("en lang sætning")).is_ok());
    }

    #[test]
    fn no_changed_key_file_gives_a_key() {
        let key = StoreKey::ephemeral().unwrap();
        let file = export_at(CHEAP, &key, &password("p")).unwrap();
        for at in 0..file.len() - 1 {
            for change in [1, 2, 16] {
                let mut changed = file.clone();
                changed[at] ^= change;
                // A digit in the other case says the same; all else must not open.
                let restored = restore_keys(&changed, &password("p"));
                let same = changed.eq_ignore_ascii_case(&file);
                assert!(same || restored.is_err(), "octet {at} changed by {change}");
            }
        }
        for cut in 0..file.len() - 1 {
            assert!(
                restore_keys(&file[..cut], &password("p")).is_err(),
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn a_newer_or_unbearable_key_file_is_refused_by_its_reason() {
        let newer = restore_keys(b"segl key file 2\nwhatever\n", &password("p"));
        assert!(matches!(
            newer,
            Err(ExportError::Newer { found: 2, known: 1 })
        ));
        let file = String::from_utf8(
            export_at(CHEAP, &StoreKey::ephemeral().unwrap(), &password("p")).unwrap(),
        )
        .unwrap();
        for cost in [
            "n=3 r=1 p=1",
            "n=1 r=1 p=1",
            "n=2 r=0 p=1",
            "n=2 r=1 p=99",
            "n=1073741824 r=8 p=1",
            "n=2 r=99999999999999999999 p=1",
        ] {
            let heavy = file.replace("n=2 r=1 p=1", cost);
            assert_ne!(heavy, file);
            assert!(
                matches!(
                    restore_keys(heavy.as_bytes(), &password("p")),
                    Err(ExportError::NotAKeyFile)
                ),
                "{cost}"
            );
        }
    }
}
