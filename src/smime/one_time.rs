//! Opens a message that Segl sealed with a one-time key: by OpenSSL's reader, so by other code than [`open`](super::open).

use openssl::{cms::CmsContentInfo, error::ErrorStack};
use zeroize::Zeroizing;

use crate::cert::OneTime;

/// The entity inside a sealed message, opened by OpenSSL's reader with a one-time key: other code than what sealed it.
///
/// # Errors
/// Where the message is no S/MIME message, or not for this key.
pub fn open_one_time(message: &[u8], with: &OneTime) -> Result<Zeroizing<Vec<u8>>, ErrorStack> {
    let sealed = CmsContentInfo::smime_read_cms(message)?;
    let entity = sealed.decrypt(with.key(), with.certificate.x509())?;
    Ok(Zeroizing::new(entity))
}
