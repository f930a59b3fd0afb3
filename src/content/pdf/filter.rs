//! What streams are packed with (ISO 32000-1, 7.4), as far as text is: Flate with and without predictor, ASCII85 and
//! ASCIIHex. Others hold pictures, or are of the last century.

use super::{
    document::Document,
    lexer::{Dictionary, Object},
};
use crate::content::{Unread, file::Sink};

/// Octets of one stream, unpacked, at most.
const MAX_STREAM: usize = 32 << 20;
/// Filters one after the other.
const MAX_FILTERS: usize = 4;

pub(super) fn unpack(
    document: &Document<'_>,
    dictionary: &Dictionary,
    octets: &[u8],
    sink: &mut Sink,
) -> Result<Vec<u8>, Unread> {
    let listed = |object: Option<Object>| match object {
        None => Vec::new(),
        Some(Object::Array(items)) => items,
        Some(one) => vec![one],
    };
    let filters = listed(document.entry(dictionary, "Filter", sink));
    let parameters = listed(document.entry(dictionary, "DecodeParms", sink));
    if filters.len() > MAX_FILTERS {
        return Err(Unread::TooLarge);
    }
    let mut octets = octets.to_vec();
    sink.spend(octets.len());
    for (at, filter) in filters.iter().enumerate() {
        let Object::Name(name) = document.resolved(filter, sink) else {
            return Err(Unread::Damaged);
        };
        octets = match name.as_slice() {
            b"FlateDecode" | b"Fl" => {
                let parameters = parameters.get(at).map(|p| document.resolved(p, sink));
                let octets = inflate(&octets, sink)?;
                match parameters {
                    Some(Object::Dictionary(p)) => unpredicted(octets, &p),
                    _ => octets,
                }
            }
            b"ASCIIHexDecode" | b"AHx" => hexadecimal(&octets),
            b"ASCII85Decode" | b"A85" => base_85(&octets),
            b"Crypt" => return Err(Unread::Encrypted),
            _ => return Err(Unread::Kind),
        };
        sink.spend(octets.len());
    }
    Ok(octets)
}

/// What can be unpacked of a stream: a broken end does not take its beginning away.
fn inflate(octets: &[u8], sink: &mut Sink) -> Result<Vec<u8>, Unread> {
    let limit = MAX_STREAM.min(sink.left());
    match miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(octets, limit) {
        Ok(out) => Ok(out),
        Err(fault) if fault.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput => {
            sink.spend(fault.output.len());
            Err(Unread::TooLarge)
        }
        Err(fault) if fault.output.is_empty() => Err(Unread::Damaged),
        Err(fault) => {
            sink.unread(Unread::Damaged);
            Ok(fault.output)
        }
    }
}

/// Takes back the PNG predictors (7.4.4.4).
fn unpredicted(octets: Vec<u8>, parameters: &Dictionary) -> Vec<u8> {
    let value = |name: &str, usual: usize| {
        let found = parameters.find(name).and_then(Object::index);
        found.filter(|v| (1..=1 << 16).contains(v)).unwrap_or(usual)
    };
    if value("Predictor", 1) < 10 {
        return octets;
    }
    let bits = value("Colors", 1).min(32) * value("BitsPerComponent", 8).min(16);
    let (pixel, row) = (bits.div_ceil(8), (bits * value("Columns", 1)).div_ceil(8));
    let mut out: Vec<u8> = Vec::with_capacity(octets.len());
    for line in octets.chunks(row + 1) {
        let above = out.len().checked_sub(row);
        let start = out.len();
        for (at, octet) in line[1..].iter().enumerate() {
            let left = if at >= pixel {
                out[start + at - pixel]
            } else {
                0
            };
            let up = above.map_or(0, |a| out[a + at]);
            let corner = match above {
                Some(a) if at >= pixel => out[a + at - pixel],
                _ => 0,
            };
            let add = match line[0] {
                1 => left,
                2 => up,
                3 => u8::midpoint(left, up),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            out.push(octet.wrapping_add(add));
        }
    }
    out
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let apart = |o: u8| (guess - i16::from(o)).abs();
    if apart(left) <= apart(up) && apart(left) <= apart(corner) {
        left
    } else if apart(up) <= apart(corner) {
        up
    } else {
        corner
    }
}

fn hexadecimal(octets: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = octets
        .iter()
        .take_while(|o| **o != b'>')
        .filter_map(|o| char::from(*o).to_digit(16))
        .filter_map(|d| u8::try_from(d).ok())
        .collect();
    let pairs = digits.chunks(2);
    pairs.map(|p| p[0] * 16 + p.get(1).unwrap_or(&0)).collect()
}

fn base_85(octets: &[u8]) -> Vec<u8> {
    let (mut out, mut group) = (Vec::new(), Vec::with_capacity(5));
    for octet in octets.iter().take_while(|o| **o != b'~') {
        match octet {
            b'z' if group.is_empty() => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => group.push(octet - b'!'),
            _ => {}
        }
        if group.len() == 5 {
            out.extend_from_slice(&of_85(&group));
            group.clear();
        }
    }
    if group.len() > 1 {
        let count = group.len() - 1;
        group.resize(5, 84);
        out.extend_from_slice(&of_85(&group)[..count]);
    }
    out
}

fn of_85(group: &[u8]) -> [u8; 4] {
    let value = group.iter().fold(0_u32, |sum, d| {
        sum.wrapping_mul(85).wrapping_add(u32::from(*d))
    });
    value.to_be_bytes()
}
