//! Canonical line ends (RFC 8551 §3.1.1): CRLF everywhere, as a writer.

use std::io::{self, Write};

use zeroize::Zeroizing;

/// Input that is looked at in one go. A block without a wrong line end is handed on as it is.
const BLOCK: usize = 64 * 1024;

/// Makes a lone LF and a lone CR into CRLF, and leaves CRLF alone, wherever writes are split.
pub struct CrLf<W: Write> {
    out: W,
    last: u8,
    mended: Zeroizing<Vec<u8>>,
}

impl<W: Write> CrLf<W> {
    /// Canonical lines into `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            last: 0,
            // Each octet of a block may need another beside it, and one more for a CR before the block.
            mended: Zeroizing::new(Vec::with_capacity(2 * BLOCK + 1)),
        }
    }

    /// Ends a line that ends with a lone CR.
    pub fn finish(mut self) -> io::Result<W> {
        if self.last == b'\r' {
            self.out.write_all(b"\n")?;
        }
        Ok(self.out)
    }

    fn mend(&mut self, block: &[u8]) -> io::Result<()> {
        let mended = &mut self.mended;
        mended.clear();
        if self.last == b'\r' && block[0] != b'\n' {
            mended.push(b'\n');
        }
        let mut done = 0;
        for at in memchr::memchr2_iter(b'\r', b'\n', block) {
            let before = at.checked_sub(1).map_or(self.last, |i| block[i]);
            let after = block.get(at + 1).copied();
            if block[at] == b'\n' && before != b'\r' {
                mended.extend_from_slice(&block[done..at]);
                mended.push(b'\r');
                done = at;
            } else if block[at] == b'\r' && after.is_some_and(|b| b != b'\n') {
                mended.extend_from_slice(&block[done..=at]);
                mended.push(b'\n');
                done = at + 1;
            }
        }
        mended.extend_from_slice(&block[done..]);
        self.out.write_all(mended)
    }
}

/// Whether each CR stands before an LF and each LF behind a CR. The loop has no branch, so that it runs at the speed
/// of memory.
fn is_canonical(last: u8, block: &[u8]) -> bool {
    let Some((first, rest)) = block.split_first() else {
        return true;
    };
    let pairs = block.iter().zip(rest);
    let wrong = pairs.fold(0, |wrong, (one, next)| {
        wrong | u8::from((*one == b'\r') != (*next == b'\n'))
    });
    (last == b'\r') == (*first == b'\n') && wrong == 0
}

impl<W: Write> Write for CrLf<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        for block in octets.chunks(BLOCK) {
            if is_canonical(self.last, block) {
                self.out.write_all(block)?;
            } else {
                self.mend(block)?;
            }
            self.last = block[block.len() - 1];
        }
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical(parts: &[&[u8]]) -> Vec<u8> {
        let mut lines = CrLf::new(Vec::new());
        for part in parts {
            lines.write_all(part).unwrap();
        }
        lines.finish().unwrap()
    }

    #[test]
    fn every_line_end_becomes_crlf_and_crlf_stays() {
        let rows: [(&[u8], &[u8]); 9] = [
            (b"", b""),
            (b"a\r\nb\r\n", b"a\r\nb\r\n"),
            (b"a\nb", b"a\r\nb"),
            (b"a\rb", b"a\r\nb"),
            (b"\n\n", b"\r\n\r\n"),
            (b"\r\r\n", b"\r\n\r\n"),
            (b"\n\r", b"\r\n\r\n"),
            (b"a\r", b"a\r\n"),
            (b"\r\n\n\r\r\n", b"\r\n\r\n\r\n\r\n"),
        ];
        for (given, wanted) in rows {
            assert_eq!(canonical(&[given]), wanted, "{given:?}");
            let single: Vec<&[u8]> = given.chunks(1).collect();
            assert_eq!(canonical(&single), wanted, "{given:?} octet by octet");
        }
    }

    proptest! {
        #[test]
        fn where_writes_are_split_makes_no_difference(
            octets in proptest::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'x')], 0..300),
            at in 0_usize..300,
        ) {
            let (one, two) = octets.split_at(at.min(octets.len()));
            let whole = canonical(&[&octets]);
            prop_assert_eq!(&canonical(&[one, two]), &whole);
            prop_assert!(is_canonical(0, &whole) && !whole.ends_with(b"\r"));
            prop_assert_eq!(&canonical(&[&whole]), &whole);
        }
    }
}
