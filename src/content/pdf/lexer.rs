//! Objects as PDF writes them (ISO 32000-1, 7.2 and 7.3), from octets that may be anything.

/// How deep objects may stand inside each other; deeper ones end the object. It bounds the stack.
const MAX_DEPTH: usize = 24;

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Object {
    Null,
    Number(f64),
    Name(Vec<u8>),
    String(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    Reference(u32),
    Keyword(Vec<u8>),
}

/// Names and what they stand for, in the order of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Dictionary(Vec<(Vec<u8>, Object)>);

impl Dictionary {
    pub(super) fn find(&self, name: &str) -> Option<&Object> {
        let found = self.0.iter().find(|(n, _)| n == name.as_bytes());
        found.map(|(_, object)| object)
    }

    pub(super) fn is(&self, name: &str, wanted: &str) -> bool {
        matches!(self.find(name), Some(Object::Name(n)) if n == wanted.as_bytes())
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.0
            .iter()
            .map(|(name, object)| (name.as_slice(), object))
    }
}

impl Object {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "codes and lengths; what is out of range is no number of an object"
    )]
    pub(super) fn integer(&self) -> Option<i64> {
        match self {
            Self::Number(n) if n.abs() < 1e15 => Some(*n as i64),
            _ => None,
        }
    }

    pub(super) fn index(&self) -> Option<usize> {
        usize::try_from(self.integer()?).ok()
    }
}

/// Reads objects one after the other.
pub(super) struct Lexer<'a> {
    octets: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(octets: &'a [u8], at: usize) -> Self {
        Self { octets, at }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.octets.get(self.at..).unwrap_or_default()
    }

    /// The next object; `None` at the end, or where nesting goes too deep.
    pub(super) fn object(&mut self) -> Option<Object> {
        self.nested(0)
    }

    pub(super) fn skip_space(&mut self) {
        while let Some(octet) = self.octets.get(self.at) {
            match octet {
                b'%' => {
                    let end = memchr::memchr2(b'\r', b'\n', self.rest());
                    self.at += end.unwrap_or(self.rest().len());
                }
                o if is_space(*o) => self.at += 1,
                _ => break,
            }
        }
    }

    fn nested(&mut self, depth: usize) -> Option<Object> {
        if depth > MAX_DEPTH {
            self.at = self.octets.len();
            return None;
        }
        self.skip_space();
        let first = *self.octets.get(self.at)?;
        match first {
            b'/' => {
                self.at += 1;
                Some(Object::Name(self.name()))
            }
            b'(' => Some(Object::String(self.literal())),
            b'<' if self.octets.get(self.at + 1) == Some(&b'<') => {
                self.at += 2;
                Some(Object::Dictionary(self.dictionary(depth)?))
            }
            b'<' => Some(Object::String(self.hex())),
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    self.skip_space();
                    match self.octets.get(self.at)? {
                        b']' => {
                            self.at += 1;
                            return Some(Object::Array(items));
                        }
                        b'>' => return Some(Object::Array(items)),
                        _ => items.push(self.nested(depth + 1)?),
                    }
                }
            }
            b'0'..=b'9' | b'+' | b'-' | b'.' => Some(self.number()),
            b')' | b'>' | b']' | b'{' | b'}' => {
                self.at += 1;
                Some(Object::Null)
            }
            _ => {
                let word = self.regular();
                Some(match word.as_slice() {
                    b"null" => Object::Null,
                    _ => Object::Keyword(word),
                })
            }
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Dictionary> {
        let mut entries = Vec::new();
        loop {
            self.skip_space();
            match self.octets.get(self.at)? {
                b'>' => {
                    self.at = (self.at + 2).min(self.octets.len());
                    return Some(Dictionary(entries));
                }
                b'/' => {
                    self.at += 1;
                    let name = self.name();
                    self.skip_space();
                    if self.octets.get(self.at) == Some(&b'>')
                        && self.octets.get(self.at + 1) == Some(&b'>')
                    {
                        continue;
                    }
                    let value = self.nested(depth + 1)?;
                    entries.push((name, value));
                }
                // Broken: what is no name here ends it, as readers do.
                _ => return Some(Dictionary(entries)),
            }
        }
    }

    fn name(&mut self) -> Vec<u8> {
        let raw = self.regular();
        if !raw.contains(&b'#') {
            return raw;
        }
        let (mut name, mut at) = (Vec::with_capacity(raw.len()), 0);
        while at < raw.len() {
            let code = raw.get(at + 1..at + 3).filter(|_| raw[at] == b'#');
            let value = code.and_then(|c| Some(digit(c[0])? * 16 + digit(c[1])?));
            name.push(value.unwrap_or(raw[at]));
            at += if value.is_some() { 3 } else { 1 };
        }
        name
    }

    fn regular(&mut self) -> Vec<u8> {
        let word: Vec<u8> = self
            .rest()
            .iter()
            .copied()
            .take_while(|o| !is_space(*o) && !b"()<>[]{}/%".contains(o))
            .collect();
        self.at += word.len();
        word
    }

    /// A number, or `N G R`.
    fn number(&mut self) -> Object {
        let word = self.regular();
        let text = String::from_utf8_lossy(&word);
        let Ok(number) = text.parse::<f64>() else {
            // "12-34", "--5": readers take what they can, we take nothing.
            return Object::Number(0.0);
        };
        let is_index = word.iter().all(u8::is_ascii_digit);
        if is_index && let Some((at, number)) = self.reference(&text) {
            self.at = at;
            return Object::Reference(number);
        }
        Object::Number(number)
    }

    fn reference(&self, number: &str) -> Option<(usize, u32)> {
        let rest = self.rest();
        let spaces = rest.iter().take(8).take_while(|o| is_space(**o)).count();
        let digits = rest[spaces..]
            .iter()
            .take(6)
            .take_while(|o| o.is_ascii_digit())
            .count();
        let after = &rest[spaces + digits..];
        let more = after.iter().take(8).take_while(|o| is_space(**o)).count();
        let end = &after[more..];
        let is_end = end
            .get(1)
            .is_none_or(|o| is_space(*o) || b"/[]<>()".contains(o));
        if spaces == 0 || digits == 0 || more == 0 || end.first() != Some(&b'R') || !is_end {
            return None;
        }
        Some((self.at + spaces + digits + more + 1, number.parse().ok()?))
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let (mut text, mut open) = (Vec::new(), 1_usize);
        while let Some(octet) = self.octets.get(self.at).copied() {
            self.at += 1;
            match octet {
                b'(' => open += 1,
                b')' if open == 1 => break,
                b')' => open -= 1,
                b'\\' => {
                    self.escape(&mut text);
                    continue;
                }
                _ => {}
            }
            text.push(octet);
        }
        text
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(octet) = self.octets.get(self.at).copied() else {
            return;
        };
        self.at += 1;
        match octet {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' | b'f' => text.push(b' '),
            b'\r' if self.octets.get(self.at) == Some(&b'\n') => self.at += 1,
            b'\r' | b'\n' => {}
            b'0'..=b'7' => {
                let mut value = u32::from(octet - b'0');
                for _ in 0..2 {
                    match self.octets.get(self.at) {
                        Some(o @ b'0'..=b'7') => value = value * 8 + u32::from(o - b'0'),
                        _ => break,
                    }
                    self.at += 1;
                }
                text.push(u8::try_from(value & 0xFF).unwrap_or_default());
            }
            _ => text.push(octet),
        }
    }

    fn hex(&mut self) -> Vec<u8> {
        self.at += 1;
        let rest = self.rest();
        let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
        self.at += (end + 1).min(rest.len());
        let digits: Vec<u8> = rest[..end].iter().filter_map(|o| digit(*o)).collect();
        digits
            .chunks(2)
            .map(|pair| pair[0] * 16 + pair.get(1).copied().unwrap_or(0))
            .collect()
    }
}

fn digit(octet: u8) -> Option<u8> {
    char::from(octet)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

pub(super) fn is_space(octet: u8) -> bool {
    matches!(octet, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Object> {
        Lexer::new(text.as_bytes(), 0).object()
    }

    #[test]
    fn objects_are_read_as_they_are_written() {
        assert_eq!(read("  % c\n 12 0 R"), Some(Object::Reference(12)));
        assert_eq!(read("12 0 RG"), Some(Object::Number(12.0)));
        assert_eq!(read("-1.5"), Some(Object::Number(-1.5)));
        assert_eq!(read("/A#20b"), Some(Object::Name(b"A b".to_vec())));
        assert_eq!(
            read(
                r"(a\(b\051 (c) \101\
d)"
            ),
            Some(Object::String(b"a(b) (c) Ad".to_vec()))
        );
        assert_eq!(read("<48 656>"), Some(Object::String(b"He`".to_vec())));
        let Some(Object::Dictionary(found)) = read("<</A 1/B[1 2 0 R]/C<<>>/D/E>>") else {
            panic!("a dictionary");
        };
        assert_eq!(found.find("A"), Some(&Object::Number(1.0)));
        assert!(found.is("D", "E") && found.entries().count() == 4);
    }

    #[test]
    fn nesting_without_end_ends() {
        assert_eq!(read(&"[".repeat(1_000_000)), None);
        assert_eq!(read(&"<</A".repeat(1_000_000)), None);
        assert_eq!(read("<</A 1"), None);
        assert!(read(&"(".repeat(1_000_000)).is_some());
    }
}
