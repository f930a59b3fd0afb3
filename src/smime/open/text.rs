//! The octets of a part as text to be shown: out of its character set, with one kind of line end, and without the copy of
//! the fields above it that is meant for other programs.
//!
//! Bounded: in another character set a text may be three times as long as it was sent.

use std::borrow::Cow;

use mail_parser::decoders::charsets::map::charset_decoder;
use zeroize::Zeroizing;

use super::{header::Header, html};
use crate::mail::{Flow, western};

/// Octets that are decoded at once.
const PIECE: usize = 64 << 10;
/// Octets of a line at most that is decoded at once, where a line cannot be decoded in pieces.
const LINE: usize = 1 << 20;
/// Octets at the beginning of a page in which it may tell its character set (HTML, 4.2.5.4).
const META: usize = 1024;

/// UTF-8 that says it is UTF-8.
const MARK: &[u8] = "\u{FEFF}".as_bytes();

/// How a part is read as text.
pub(super) struct Manner<'a> {
    /// The character set that its Content-Type tells.
    pub(super) charset: Option<String>,
    pub(super) is_html: bool,
    /// The header of which a copy stands above it, which is left out (RFC 9788 §4.5.3).
    pub(super) copied: Option<&'a Header<'a>>,
    pub(super) flow: Option<Flow>,
}

impl Manner<'_> {
    /// The text of these octets, of which as many are shown as there is room for; and whether that is less than all.
    pub(super) fn read(&self, octets: Cow<'_, [u8]>, room: usize) -> (Zeroizing<String>, bool) {
        let (mut text, is_cut) = self.characters(octets, room);
        if self.is_html {
            text = html::text(text, self.copied);
        } else if let Some(copied) = self.copied {
            let kept = without_legacy_display(&text, copied).len();
            let dropped = text.len() - kept;
            text.drain(..dropped);
        }
        with_line_feeds(&mut text);
        if let Some(flow) = &self.flow {
            text = Zeroizing::new(flow.unflowed(&text));
        }
        (text, is_cut)
    }

    fn characters(&self, octets: Cow<'_, [u8]>, room: usize) -> (Zeroizing<String>, bool) {
        let mark = if octets.starts_with(MARK) {
            MARK.len()
        } else {
            0
        };
        let told = self.charset.as_deref().map(str::to_ascii_lowercase);
        let in_page = || self.is_html.then(|| told_in_page(&octets)).flatten();
        let told = told.or_else(in_page).filter(|_| mark == 0);
        // What calls itself ASCII is read as if it said nothing: where it is no ASCII, it is nearly always UTF-8.
        let told = told.filter(|name| !matches!(&**name, "us-ascii" | "ascii"));
        if let Some(name) = &told
            && let Some(decode) = charset_decoder(name.as_bytes())
        {
            let found = decoded(&octets, is_wide(name), decode, room);
            wipe(octets);
            return found;
        }
        if std::str::from_utf8(&octets).is_ok() {
            let mut text = String::from_utf8(octets.into_owned()).unwrap_or_default();
            text.drain(..mark);
            let is_cut = text.len() > room;
            text.truncate(text.floor_char_boundary(room));
            return (Zeroizing::new(text), is_cut);
        }
        // RFC 2045 leaves it open what octets are that nobody has named.
        let is_named = mark > 0 || told.is_some_and(|name| matches!(&*name, "utf-8" | "utf8"));
        let found = if is_named {
            lossy(&octets[mark..], room)
        } else {
            decoded(&octets, false, western, room)
        };
        wipe(octets);
        found
    }
}

/// A copy of plain text is not left in memory.
fn wipe(octets: Cow<'_, [u8]>) {
    if let Cow::Owned(octets) = octets {
        drop(Zeroizing::new(octets));
    }
}

/// Whether lines of this character set cannot be decoded each by itself.
fn is_wide(name: &str) -> bool {
    const WIDE: [&str; 8] = [
        "utf-16",
        "utf16",
        "utf-32",
        "utf-7",
        "utf7",
        "ucs",
        "iso-10646",
        "unicode",
    ];
    WIDE.iter().any(|with| name.starts_with(with))
}

/// Decodes line by line: the whole text and its octets never stand in memory twice.
fn decoded(
    octets: &[u8],
    is_wide: bool,
    decode: fn(&[u8]) -> String,
    room: usize,
) -> (Zeroizing<String>, bool) {
    if is_wide {
        // Two octets become three at most.
        let end = octets.len().min(room / 2);
        let text = Zeroizing::new(decode(&octets[..end]));
        return (text, end < octets.len());
    }
    // What ISO-2022-JP shifts to holds to the end of its line (RFC 1468).
    let longest = if decode(b"\x1b$B0!\x1b(B") == "亜" {
        LINE
    } else {
        PIECE
    };
    let mut out = Growing::new(octets.len(), room);
    let mut rest = octets;
    while !rest.is_empty() && !out.is_cut {
        let most = rest.len().min(longest);
        let begin = most.min(PIECE);
        let line = memchr::memrchr(b'\n', &rest[..begin])
            .or_else(|| memchr::memchr(b'\n', &rest[begin..most]).map(|end| begin + end));
        let mut end = line.map_or(most, |end| end + 1);
        // Within a line the end may stand within a character, which has four octets at most.
        let is_within = line.is_none() && end < rest.len();
        let least = if is_within { end - 3 } else { end };
        let mut text = Zeroizing::new(decode(&rest[..end]));
        while text.ends_with('\u{FFFD}') && end > least {
            end -= 1;
            text = Zeroizing::new(decode(&rest[..end]));
        }
        out.push(&text);
        rest = &rest[end..];
    }
    (out.text, out.is_cut)
}

/// UTF-8, with a mark for what is none.
fn lossy(octets: &[u8], room: usize) -> (Zeroizing<String>, bool) {
    let mut out = Growing::new(octets.len(), room);
    for chunk in octets.utf8_chunks() {
        out.push(chunk.valid());
        if !chunk.invalid().is_empty() {
            out.push("\u{FFFD}");
        }
        if out.is_cut {
            break;
        }
    }
    (out.text, out.is_cut)
}

/// A text that grows by little at a time, as far as there is room.
struct Growing {
    text: Zeroizing<String>,
    room: usize,
    step: usize,
    is_cut: bool,
}

impl Growing {
    fn new(octets: usize, room: usize) -> Self {
        Self {
            text: Zeroizing::new(String::with_capacity(octets.min(room))),
            room,
            step: octets / 8,
            is_cut: false,
        }
    }

    fn push(&mut self, piece: &str) {
        let left = self.room - self.text.len();
        self.is_cut = piece.len() > left;
        let piece = &piece[..piece.floor_char_boundary(left)];
        if self.text.capacity() - self.text.len() < piece.len() {
            self.text.reserve_exact(piece.len().max(self.step));
        }
        self.text.push_str(piece);
    }
}

/// The character set that a page names in its own head. UTF-16 could not be read up to there (HTML, 13.2.3.3).
fn told_in_page(octets: &[u8]) -> Option<String> {
    let begin = octets[..octets.len().min(META)].to_ascii_lowercase();
    let at = memchr::memmem::find(&begin, b"charset")? + 7;
    let value = begin[at..].trim_ascii_start().strip_prefix(b"=")?;
    let value = value.trim_ascii_start();
    let value = value
        .strip_prefix(b"\"")
        .or(value.strip_prefix(b"'"))
        .unwrap_or(value);
    let is_name = |o: &&u8| o.is_ascii_alphanumeric() || b"-_:.".contains(o);
    let length = value.iter().take_while(is_name).count();
    let name = String::from_utf8(value[..length].to_vec()).ok()?;
    Some(if is_wide(&name) {
        "utf-8".to_owned()
    } else {
        name
    })
}

/// LF for every CRLF, in place: a text may be as large as a mail.
fn with_line_feeds(text: &mut Zeroizing<String>) {
    if !text.contains("\r\n") {
        return;
    }
    let mut octets = std::mem::take(&mut **text).into_bytes();
    let mut to = 0;
    for from in 0..octets.len() {
        let is_dropped = octets[from] == b'\r' && octets.get(from + 1) == Some(&b'\n');
        if !is_dropped {
            octets[to] = octets[from];
            to += 1;
        }
    }
    octets.truncate(to);
    // Without some of its ASCII it is the text that it was.
    **text = String::from_utf8(octets).unwrap_or_default();
}

/// RFC 9788 §4.5.3.2: the copy of the fields above the text, for programs that do not know better. What is no copy of
/// fields stays.
fn without_legacy_display<'a>(text: &'a str, copied: &Header<'_>) -> &'a str {
    let end = ["\r\n\r\n", "\n\n"]
        .iter()
        .filter_map(|gap| Some((text.find(gap)?, gap.len())))
        .min();
    match end {
        Some((end, gap)) if is_copy(&text[..end], copied) => &text[end + gap..],
        _ => text,
    }
}

/// Whether every line is a field that stands in the protected header: any other would be hidden by being left out.
pub(super) fn is_copy(text: &str, copied: &Header<'_>) -> bool {
    text.lines().all(|line| {
        line.split_once(':')
            .is_some_and(|(name, _)| copied.raw(name).next().is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Python's codecs write.
    const LETTERS: [(&str, &[u8], &str); 6] = [
        ("ISO-2022-JP", b"\x1b$BF|K\\8l$N<j;f\x1b(B", "日本語の手紙"),
        (
            "Shift_JIS",
            b"\x93\xfa\x96{\x8c\xea\x82\xcc\x8e\xe8\x8e\x86",
            "日本語の手紙",
        ),
        (
            "EUC-JP",
            b"\xc6\xfc\xcb\xdc\xb8\xec\xa4\xce\xbc\xea\xbb\xe6",
            "日本語の手紙",
        ),
        ("GB2312", b"\xbb\xfa\xc3\xdc\xd3\xca\xbc\xfe", "机密邮件"),
        ("Big5", b"\xbe\xf7\xb1K\xb6l\xa5\xf3", "機密郵件"),
        ("EUC-KR", b"\xba\xf1\xb9\xd0 \xc6\xed\xc1\xf6", "비밀 편지"),
    ];

    fn read(charset: &str, octets: &[u8], room: usize) -> (String, bool) {
        let manner = Manner {
            charset: Some(charset.to_owned()),
            is_html: false,
            copied: None,
            flow: None,
        };
        let (text, is_cut) = manner.read(Cow::Borrowed(octets), room);
        (text.to_string(), is_cut)
    }

    #[test]
    fn east_asian_letters_are_read_in_their_character_set() {
        for (charset, octets, text) in LETTERS {
            let found = read(charset, octets, 100);
            assert_eq!(found, (text.to_owned(), false), "{charset}");
        }
    }

    #[test]
    fn a_text_that_has_no_room_is_cut_at_a_character_and_that_is_told() {
        for (room, wanted, is_cut) in [(7, "Kærest", true), (8, "Kæreste", false), (2, "K", true)]
        {
            let found = read("utf-8", "Kæreste".as_bytes(), room);
            assert_eq!(found, (wanted.to_owned(), is_cut), "{room}");
        }
    }

    #[test]
    fn what_has_the_mark_of_utf_8_and_is_none_is_no_other_character_set() {
        let found = read("us-ascii", b"\xEF\xBB\xBFK\xE6re", 100);
        assert_eq!(found, ("K\u{FFFD}re".to_owned(), false));
    }

    #[test]
    fn a_character_that_is_not_whole_is_one_mark_wherever_it_stands() {
        let found = read("windows-1252", b"K", 100);
        assert_eq!(found, ("K".to_owned(), false));
        let found = read("GB2312", b"\xbb\xfa\xbb", 100);
        assert_eq!(found, ("机\u{FFFD}".to_owned(), false));
        let none = vec![0xFF; PIECE + 10];
        let (found, is_cut) = read("GB2312", &none, usize::MAX);
        assert_eq!((found, is_cut), ("\u{FFFD}".repeat(PIECE + 10), false));
    }

    #[test]
    fn a_character_is_not_cut_however_long_its_line_is() {
        for (charset, octets, text) in LETTERS {
            let one = [octets, b" "].concat();
            let long = [&b"a"[..], &one.repeat(PIECE / 4), b"\n", octets].concat();
            let wanted = format!("a{}\n{text}", format!("{text} ").repeat(PIECE / 4));
            let (found, is_cut) = read(charset, &long, wanted.len());
            assert!(found == wanted && !is_cut, "{charset}");
            let (found, is_cut) = read(charset, &long, 1000);
            assert!(
                wanted.starts_with(&found) && found.len() > 990 && is_cut,
                "{charset}"
            );
        }
    }
}
