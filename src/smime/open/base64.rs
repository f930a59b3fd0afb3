//! Base64 (RFC 2045 §6.8) that is not wholly right: put together from several pieces, each with its padding, with octets
//! in it that are none, or with text below it, such as a mailing list puts there.

/// What was found of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// How many octets it holds.
    pub(super) length: usize,
    /// Whether nothing was left out.
    pub(super) is_whole: bool,
}

/// Whether it is base64 from its beginning to its end.
pub(super) fn is_right(body: &[u8]) -> bool {
    let is_letter = |o: &u8| value(*o).is_some();
    let letters = body.iter().filter(|o| is_letter(o)).count();
    let blanks = body.iter().filter(|o| o.is_ascii_whitespace()).count();
    let padding = body.len() - letters - blanks;
    let end = memchr::memchr(b'=', body).unwrap_or(body.len());
    let is_padding = |o: &u8| *o == b'=' || o.is_ascii_whitespace();
    match padding {
        0 => letters % 4 != 1,
        1 | 2 => (letters + padding).is_multiple_of(4) && body[end..].iter().all(is_padding),
        _ => false,
    }
}

/// Decodes what is base64 in it, in place. Octets outside the alphabet are passed over, and lines that are text are left
/// out. None where no line is base64.
pub(super) fn decode(body: &mut [u8]) -> Option<Found> {
    let mut lines = Lines::default();
    let mut group = Group::default();
    let (mut from, mut written) = (0, 0);
    let mut is_whole = true;
    while from < body.len() {
        let end = memchr::memchr(b'\n', &body[from..]).map_or(body.len(), |n| from + n + 1);
        if lines.is_base64(&body[from..end]) {
            for at in from..end {
                match (value(body[at]), body[at]) {
                    (Some(value), _) => group.add(value),
                    (None, b'=') => {}
                    (None, octet) => {
                        is_whole &= octet.is_ascii_whitespace();
                        continue;
                    }
                }
                if group.count == 4 || body[at] == b'=' {
                    is_whole &= group.count != 1;
                    written = group.write(body, written);
                }
            }
        } else {
            is_whole &= body[from..end].trim_ascii().is_empty();
        }
        from = end;
    }
    is_whole &= group.count != 1;
    let length = group.write(body, written);
    lines.first.map(|_| Found { length, is_whole })
}

fn value(octet: u8) -> Option<u8> {
    Some(match octet {
        b'A'..=b'Z' => octet - b'A',
        b'a'..=b'z' => octet - b'a' + 26,
        b'0'..=b'9' => octet - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// Letters that become up to three octets.
#[derive(Default)]
struct Group {
    bits: u32,
    count: u32,
}

impl Group {
    fn add(&mut self, value: u8) {
        self.bits = self.bits << 6 | u32::from(value);
        self.count += 1;
    }

    /// Writes its octets at `to`, and is empty. Answers where the next ones belong.
    fn write(&mut self, body: &mut [u8], mut to: usize) -> usize {
        let Self { bits, count } = std::mem::take(self);
        let octets = (bits << (24 - 6 * count)).to_be_bytes();
        for octet in octets.into_iter().skip(1).take((count * 6 / 8) as usize) {
            body[to] = octet;
            to += 1;
        }
        to
    }
}

/// What is known of the lines so far.
#[derive(Default)]
struct Lines {
    /// Letters of the first one of base64: all but the last of a piece have as many.
    first: Option<usize>,
    /// A line was none: what follows may be words that are of letters alone.
    is_doubtful: bool,
}

impl Lines {
    fn is_base64(&mut self, line: &[u8]) -> bool {
        let line = line.trim_ascii();
        let is_letter = |o: &&u8| value(**o).is_some() || **o == b'=';
        let letters = line.iter().filter(is_letter).count();
        let others = line.len() - letters;
        let is_like_it = |letters: usize| {
            self.first == Some(letters)
                || letters.is_multiple_of(4) && (letters >= NO_WORD || line.ends_with(b"="))
        };
        let is_likely = !self.is_doubtful && (others == 0 || self.first.is_none());
        let is_base64 = letters > 0
            && others * 4 <= letters
            && !line.iter().any(u8::is_ascii_whitespace)
            && (is_likely || is_like_it(letters));
        if is_base64 {
            self.first.get_or_insert(letters);
        } else {
            self.is_doubtful |= !line.is_empty();
        }
        is_base64
    }
}

/// Letters that nobody writes in one word.
const NO_WORD: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<(String, bool)> {
        let mut octets = body.as_bytes().to_vec();
        let Found { length, is_whole } = decode(&mut octets)?;
        let text = String::from_utf8_lossy(&octets[..length]).into_owned();
        Some((text, is_whole))
    }

    #[test]
    fn octets_outside_the_alphabet_are_passed_over_and_that_is_told() {
        for (body, wanted, is_whole) in [
            ("SGVqIEJv\r\nSGVqIEJv", "Hej BoHej Bo", true),
            ("SGVqIEJv\r\nSGVq!IEJv\r\nIQ==", "Hej BoHej Bo!", false),
            (
                "SGVqIEJv\r\n*\r\nSGVqIEJv\r\nIQ==\r\n",
                "Hej BoHej Bo!",
                false,
            ),
            ("SGVqIEJv\r\n.SGVqIEJv", "Hej BoHej Bo", false),
            ("SGVqI-EI", "Hej B", false),
            // A letter that is missing.
            ("SGVqIEJvI", "Hej Bo", false),
        ] {
            let found = read(body);
            assert_eq!(found, Some((wanted.to_owned(), is_whole)), "{body}");
        }
    }

    #[test]
    fn text_is_left_out_wherever_it_stands_and_that_is_told() {
        for (body, wanted) in [
            (
                "SGVqIEJv\r\n____\r\nListe om heste\r\nAnne\r\n",
                Some("Hej Bo"),
            ),
            ("SGVqIEJv\r\n-- \r\nAfmeldt\r\n", Some("Hej Bo")),
            (
                "SGVqIEJv\r\nhttps://x.example/a\r\nHest\r\n",
                Some("Hej Bo"),
            ),
            (
                "SGVqIEJv\r\nDu er her\r\nSGVqIEJv\r\n",
                Some("Hej BoHej Bo"),
            ),
            ("Kaere Bo, kom i morgen\r\n", None),
            ("---\r\n", None),
            ("\r\n---\r\n", None),
            ("__x__\r\n", None),
            // A line may have one octet that is none for four that are.
            ("SGVq....SGVqSGVq\r\n", None),
            ("SGVq....SGVqSGVqSGVq\r\n", Some("HejHejHejHej")),
        ] {
            let found = read(body).map(|(text, is_whole)| (text, !is_whole));
            let wanted = wanted.map(|text| (text.to_owned(), true));
            assert_eq!(found, wanted, "{body}");
        }
    }
}
