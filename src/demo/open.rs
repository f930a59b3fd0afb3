//! Opens a delivered message with a recipient's key: the proof that somebody else can read it, and nobody before.

use openssl::{cms::CmsContentInfo, x509::X509};

use super::{DemoError, Issued};

/// The MIME entity inside an S/MIME message, opened by OpenSSL's own reader with this recipient's key.
pub fn open(message: &[u8], reader: &Issued) -> Result<Vec<u8>, DemoError> {
    let certificate = X509::from_der(&reader.der)?;
    let sealed = CmsContentInfo::smime_read_cms(message)?;
    Ok(sealed.decrypt(&reader.key, &certificate)?)
}
