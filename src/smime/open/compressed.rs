//! `CompressedData` (RFC 3274) with zlib.

use const_oid::ObjectIdentifier;
use zeroize::Zeroizing;

use super::{MAX_OCTETS, error::OpenError};
use crate::ber::{OCTET_STRING, OID, Value, context};

/// RFC 3274 §2.
const ZLIB: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.3.8");

/// Opens the structure inside the `ContentInfo`; never makes more than [`MAX_OCTETS`] of it.
pub(super) fn open(structure: &Value<'_>) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let mut fields = structure.inside()?;
    fields.any()?.small()?;
    let oid = fields
        .sequence("an algorithm")?
        .value(OID, "an algorithm")?
        .oid()?;
    if oid != ZLIB {
        return Err(OpenError::Unsupported(oid.to_string()));
    }
    let mut inside = fields.sequence("the compressed content")?;
    inside.value(OID, "the content's type")?;
    let explicit = inside.value(context(0), "the compressed content")?;
    let octets = explicit
        .inside()?
        .value(OCTET_STRING, "the compressed content")?
        .octets()?;
    match miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(&octets, MAX_OCTETS) {
        Ok(plain) => Ok(Zeroizing::new(plain)),
        Err(cause) if cause.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput => {
            Err(OpenError::TooLarge { limit: MAX_OCTETS })
        }
        Err(_) => Err(OpenError::Malformed("zlib")),
    }
}
