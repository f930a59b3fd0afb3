//! Letters that nobody has named, and that are no UTF-8.

use mail_parser::decoders::charsets::map::charset_decoder;

/// The octets as windows-1252: what older programs write without saying so, and what HTML reads them as (13.2.3.2).
pub(crate) fn western(octets: &[u8]) -> String {
    let lossy = || String::from_utf8_lossy(octets).into_owned();
    charset_decoder(b"windows-1252").map_or_else(lossy, |decode| decode(octets))
}
