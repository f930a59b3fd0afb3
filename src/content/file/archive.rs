//! Packed files: plain ZIP, and the documents that are ZIP inside (OOXML, OpenDocument).

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::{Sink, office};
use crate::content::Unread;

/// From so many octets on a part may not grow to more than [`RATIO`] times what it is packed.
const GROWN: usize = 4 << 20;
/// Text packs to a fiftieth at best; what grows to more says nothing.
const RATIO: u64 = 200;

/// An archive that is open.
pub(super) type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

pub(super) fn read(octets: &[u8], depth: usize, sink: &mut Sink) {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(octets)) else {
        return sink.unread(Unread::Damaged);
    };
    if let Some(document) = office::kind(&archive) {
        return office::read(document, &mut archive, depth, sink);
    }
    for at in 0..archive.len() {
        if !sink.may_read_part() {
            return;
        }
        let Some((name, is_file)) = name(&mut archive, at) else {
            sink.unread(Unread::Damaged);
            continue;
        };
        sink.name(&name);
        if !is_file {
            continue;
        }
        if let Some(part) = part(&mut archive, at, sink) {
            sink.read(&name, &part, depth + 1);
        }
    }
}

/// The name of a part, and whether it is a file.
pub(super) fn name(archive: &mut Archive<'_>, at: usize) -> Option<(String, bool)> {
    let part = archive.by_index_raw(at).ok()?;
    let name = part.name().ok()?.into_owned();
    Some((name, !part.is_dir()))
}

/// A part, unpacked; `None`, and said why, where it cannot be or may not.
pub(super) fn part(archive: &mut Archive<'_>, at: usize, sink: &mut Sink) -> Option<Vec<u8>> {
    let is_sealed = archive.by_index_raw(at).is_ok_and(|p| p.encrypted());
    if is_sealed {
        sink.unread(Unread::Encrypted);
        return None;
    }
    let Ok(mut part) = archive.by_index(at) else {
        sink.unread(Unread::Kind);
        return None;
    };
    let packed = part.compressed_size().max(1);
    let (mut octets, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
    loop {
        let read = match part.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(_broken) => {
                sink.unread(Unread::Damaged);
                break;
            }
        };
        octets.extend_from_slice(&buffer[..read]);
        let is_grown = octets.len() > GROWN && octets.len() as u64 > packed.saturating_mul(RATIO);
        if is_grown || octets.len() > sink.left() {
            sink.spend(octets.len());
            sink.unread(Unread::TooLarge);
            return None;
        }
    }
    sink.spend(octets.len());
    Some(octets)
}
