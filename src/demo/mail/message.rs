//! The text between DATA and the final dot: where it ends, and the dots that travelled with it.

/// Where the final dot stands: a line of its own, between CRLF and CRLF (RFC 5321 §4.1.1.4). The first `scanned`
/// octets are known not to hold it whole.
pub(super) fn end_of_message(octets: &[u8], scanned: usize) -> Option<usize> {
    if octets.starts_with(b".\r\n") {
        return Some(0);
    }
    let from = scanned.saturating_sub(b"\r\n.\r".len());
    memchr::memmem::find(&octets[from..], b"\r\n.\r\n").map(|at| from + at + 2)
}

/// Takes out the dot that the client put before each line that begins with one (RFC 5321 §4.5.2).
pub(super) fn unstuffed(raw: &[u8]) -> Vec<u8> {
    let mut data = Vec::with_capacity(raw.len());
    let mut rest = raw.strip_prefix(b".").unwrap_or(raw);
    while let Some(at) = memchr::memmem::find(rest, b"\r\n.") {
        data.extend_from_slice(&rest[..at + 2]);
        rest = &rest[at + 3..];
    }
    data.extend_from_slice(rest);
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_dot_between_crlf_ends_a_message() {
        for (octets, wanted) in [
            (&b".\r\n"[..], Some(0)),
            (b"a\r\n.\r\nQUIT\r\n", Some(3)),
            (b"a\n.\nb\n.\r\n", None),
            (b"a\r\n.\nb", None),
            (b"a\r\n..\r\n", None),
        ] {
            for scanned in 0..=wanted.unwrap_or(octets.len()) {
                assert_eq!(end_of_message(octets, scanned), wanted);
            }
        }
    }

    #[test]
    fn doubled_dots_are_taken_out_at_line_starts_only() {
        assert_eq!(unstuffed(b"..a\r\n..\r\nb..c\r\n"), b".a\r\n.\r\nb..c\r\n");
        assert_eq!(unstuffed(b""), b"");
    }
}
