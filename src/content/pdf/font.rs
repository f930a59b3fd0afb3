//! Which letters the codes of a font are: its table to Unicode first (ISO 32000-1, 9.10.3), else its encoding. A code that
//! nothing tells the letter of is counted, so that a page of such is not taken for an empty one.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use super::{
    document::Document,
    lexer::{Dictionary, Lexer, Object},
};
use crate::content::{file::Sink, text};

/// Entries of a table at most: there are no more codes of two octets.
const MAX_ENTRIES: usize = 1 << 16;
/// Letters from 0x80 of Mac OS Roman.
const MAC: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

/// A font, as far as reading needs it.
pub(super) struct Font {
    /// Whether a code has two octets.
    is_wide: bool,
    /// Whether a wide code is the letter itself.
    is_unicode: bool,
    table: BTreeMap<u32, String>,
    ranges: Vec<(u32, u32, String)>,
    letters: Vec<Option<char>>,
    widths: BTreeMap<u32, f64>,
    usual_width: f64,
}

/// One shown code.
pub(super) struct Shown {
    /// Its letters; `None` where nobody knows.
    pub(super) text: Option<String>,
    /// Thousandths of the font's size.
    pub(super) width: f64,
    /// Whether it is the single octet 32, which word spacing widens.
    pub(super) is_space: bool,
}

impl Font {
    /// What is assumed where a font is missing.
    pub(super) fn unknown() -> Self {
        Self {
            is_wide: false,
            is_unicode: false,
            table: BTreeMap::new(),
            ranges: Vec::new(),
            letters: windows(),
            widths: BTreeMap::new(),
            usual_width: 500.0,
        }
    }

    pub(super) fn read(document: &Document<'_>, font: &Dictionary, sink: &mut Sink) -> Self {
        let mut read = Self::unknown();
        if font.is("Subtype", "Type0") {
            read.is_wide = true;
            read.letters = Vec::new();
            read.usual_width = 1000.0;
            read.is_unicode = matches!(font.find("Encoding"),
                Some(Object::Name(n)) if n.starts_with(b"Uni") && (n.windows(4).any(|w| w == b"UCS2") || n.windows(5).any(|w| w == b"UTF16")));
            read.wide_widths(document, font, sink);
        } else {
            read.encoding(document, font, sink);
            if !font.is("Subtype", "Type3") {
                read.narrow_widths(document, font, sink);
            }
        }
        if let Some(Ok(table)) = font
            .find("ToUnicode")
            .and_then(|object| document.stream_of(object, sink))
        {
            read.read_table(&table, sink);
        }
        read
    }

    /// The codes of a string.
    pub(super) fn shown<'a>(&'a self, octets: &'a [u8]) -> impl Iterator<Item = Shown> + 'a {
        let step = if self.is_wide { 2 } else { 1 };
        octets.chunks(step).map(move |code| {
            let number = code.iter().fold(0_u32, |n, o| n << 8 | u32::from(*o));
            Shown {
                text: self.letters_of(number),
                width: *self.widths.get(&number).unwrap_or(&self.usual_width),
                is_space: code == b" ",
            }
        })
    }

    fn letters_of(&self, code: u32) -> Option<String> {
        if let Some(text) = self.table.get(&code) {
            return Some(text.clone());
        }
        let at = self.ranges.partition_point(|r| r.0 <= code);
        if let Some((low, high, base)) = at.checked_sub(1).map(|at| &self.ranges[at])
            && code <= *high
        {
            let mut letters: Vec<char> = base.chars().collect();
            let last = letters.last_mut()?;
            *last = char::from_u32(u32::from(*last) + (code - low))?;
            return Some(letters.into_iter().collect());
        }
        if self.is_unicode {
            return char::from_u32(code).map(String::from);
        }
        let letter = usize::try_from(code).ok().and_then(|c| self.letters.get(c));
        letter.copied().flatten().map(String::from)
    }

    fn encoding(&mut self, document: &Document<'_>, font: &Dictionary, sink: &mut Sink) {
        let named = |name: &[u8]| match name {
            b"MacRomanEncoding" => mac(),
            _ => windows(),
        };
        match document.entry(font, "Encoding", sink) {
            Some(Object::Name(name)) => self.letters = named(&name),
            Some(Object::Dictionary(encoding)) => {
                if let Some(Object::Name(base)) = encoding.find("BaseEncoding") {
                    self.letters = named(base);
                }
                let Some(Object::Array(differences)) =
                    document.entry(&encoding, "Differences", sink)
                else {
                    return;
                };
                let mut code = 0;
                for item in &differences {
                    match item {
                        Object::Number(_) => code = item.index().unwrap_or(usize::MAX),
                        Object::Name(name) => {
                            if let Some(letter) = self.letters.get_mut(code) {
                                *letter = glyph(name);
                            }
                            code = code.saturating_add(1);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn narrow_widths(&mut self, document: &Document<'_>, font: &Dictionary, sink: &mut Sink) {
        let first = document
            .entry(font, "FirstChar", sink)
            .and_then(|f| f.index());
        let (Some(first), Some(Object::Array(widths))) =
            (first, document.entry(font, "Widths", sink))
        else {
            return;
        };
        for (at, width) in widths.iter().take(256).enumerate() {
            let code = u32::try_from(first.saturating_add(at)).ok();
            if let (Some(code), Object::Number(width)) = (code, document.resolved(width, sink)) {
                self.widths.insert(code, width);
            }
        }
    }

    /// `DW` and `W` of the descendant (9.7.4.3).
    fn wide_widths(&mut self, document: &Document<'_>, font: &Dictionary, sink: &mut Sink) {
        let Some(Object::Array(fonts)) = document.entry(font, "DescendantFonts", sink) else {
            return;
        };
        let Some(Object::Dictionary(inner)) = fonts.first().map(|f| document.resolved(f, sink))
        else {
            return;
        };
        if let Some(Object::Number(width)) = document.entry(&inner, "DW", sink) {
            self.usual_width = width;
        }
        let Some(Object::Array(widths)) = document.entry(&inner, "W", sink) else {
            return;
        };
        let mut items = widths.iter();
        while let (Some(first), Some(second)) = (items.next(), items.next()) {
            let Some(first) = first.index().and_then(|f| u32::try_from(f).ok()) else {
                return;
            };
            match document.resolved(second, sink) {
                Object::Array(each) => {
                    for (code, width) in (first..).zip(&each) {
                        self.width(code, width);
                    }
                }
                last => {
                    let (Some(last), Some(width)) = (last.index(), items.next()) else {
                        return;
                    };
                    let last = u32::try_from(last)
                        .unwrap_or(0)
                        .min(first.saturating_add(1 << 16));
                    for code in first..=last {
                        self.width(code, width);
                        if self.widths.len() >= MAX_ENTRIES {
                            return;
                        }
                    }
                }
            }
        }
    }

    fn width(&mut self, code: u32, width: &Object) {
        if let Object::Number(width) = width
            && self.widths.len() < MAX_ENTRIES
        {
            self.widths.insert(code, *width);
        }
    }

    /// A table to Unicode, a CMap.
    fn read_table(&mut self, table: &[u8], sink: &mut Sink) {
        sink.spend(table.len());
        let mut lexer = Lexer::new(table, 0);
        let mut operands: Vec<Object> = Vec::new();
        while let Some(object) = lexer.object() {
            let Object::Keyword(word) = object else {
                if operands.len() < MAX_ENTRIES {
                    operands.push(object);
                }
                continue;
            };
            match word.as_slice() {
                b"endcodespacerange" => {
                    // The longest code counts: an embedded table names one length.
                    let longest = operands.iter().filter_map(octets).map(<[u8]>::len).max();
                    self.is_wide = longest.unwrap_or(1) > 1;
                }
                b"endbfchar" => {
                    for pair in operands.chunks_exact(2) {
                        if let (Some(code), Some(to)) = (octets(&pair[0]), octets(&pair[1])) {
                            self.entry(code_of(code), letters(to));
                        }
                    }
                }
                b"endbfrange" => {
                    for range in operands.chunks_exact(3) {
                        let (Some(low), Some(high)) = (octets(&range[0]), octets(&range[1])) else {
                            continue;
                        };
                        let (low, high) = (code_of(low), code_of(high));
                        match &range[2] {
                            Object::String(to) if self.ranges.len() < MAX_ENTRIES => {
                                self.ranges.push((low, high, letters(to)));
                            }
                            Object::Array(each) => {
                                for (code, to) in (low..=high).zip(each) {
                                    self.entry(code, octets(to).map(letters).unwrap_or_default());
                                }
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
            operands.clear();
        }
        self.ranges.sort_by_key(|r| r.0);
    }

    fn entry(&mut self, code: u32, text: String) {
        if self.table.len() < MAX_ENTRIES {
            self.table.insert(code, text);
        }
    }
}

fn octets(object: &Object) -> Option<&[u8]> {
    match object {
        Object::String(octets) => Some(octets),
        _ => None,
    }
}

fn code_of(octets: &[u8]) -> u32 {
    octets.iter().take(4).fold(0, |n, o| n << 8 | u32::from(*o))
}

fn letters(octets: &[u8]) -> String {
    text::utf_16(&octets[..octets.len().min(64)], u16::from_be_bytes)
}

fn windows() -> Vec<Option<char>> {
    (0..=255)
        .map(|o: u8| (o >= 0x20 || o == b'\t').then(|| text::windows_letter(o)))
        .collect()
}

fn mac() -> Vec<Option<char>> {
    let low = (0..128).map(|o: u8| (o >= 0x20).then(|| char::from(o)));
    low.chain(MAC.chars().map(Some)).collect()
}

/// The letter of a glyph's name (Adobe's list), as far as Latin text needs it.
fn glyph(name: &[u8]) -> Option<char> {
    #[rustfmt::skip]
    const NAMES: [(&str, char); 62] = [
        ("space", ' '), ("zero", '0'), ("one", '1'), ("two", '2'), ("three", '3'), ("four", '4'), ("five", '5'),
        ("six", '6'), ("seven", '7'), ("eight", '8'), ("nine", '9'), ("period", '.'), ("comma", ','), ("hyphen", '-'),
        ("minus", '−'), ("endash", '–'), ("emdash", '—'), ("colon", ':'), ("semicolon", ';'), ("slash", '/'),
        ("backslash", '\\'), ("parenleft", '('), ("parenright", ')'), ("bracketleft", '['), ("bracketright", ']'),
        ("at", '@'), ("ampersand", '&'), ("quotesingle", '\''), ("quotedbl", '"'), ("quoteright", '’'),
        ("quoteleft", '‘'), ("quotedblleft", '“'), ("quotedblright", '”'), ("guillemotleft", '«'),
        ("guillemotright", '»'), ("exclam", '!'), ("question", '?'), ("numbersign", '#'), ("dollar", '$'),
        ("percent", '%'), ("asterisk", '*'), ("plus", '+'), ("less", '<'), ("equal", '='), ("greater", '>'),
        ("underscore", '_'), ("section", '§'), ("degree", '°'), ("bullet", '•'), ("ellipsis", '…'), ("bar", '|'),
        ("ae", 'æ'), ("AE", 'Æ'), ("oslash", 'ø'), ("Oslash", 'Ø'), ("germandbls", 'ß'), ("eth", 'ð'), ("Eth", 'Ð'),
        ("thorn", 'þ'), ("Thorn", 'Þ'), ("fi", 'ﬁ'), ("fl", 'ﬂ'),
    ];
    #[rustfmt::skip]
    const MARKS: [(&str, char); 8] = [
        ("grave", '\u{300}'), ("acute", '\u{301}'), ("circumflex", '\u{302}'), ("tilde", '\u{303}'),
        ("dieresis", '\u{308}'), ("ring", '\u{30A}'), ("caron", '\u{30C}'), ("cedilla", '\u{327}'),
    ];
    let name = std::str::from_utf8(name).ok()?;
    let name = name.split_once('.').map_or(name, |(name, _)| name);
    if let Some((_, letter)) = NAMES.iter().find(|(n, _)| *n == name) {
        return Some(*letter);
    }
    let first = name.chars().next()?;
    if name.len() == 1 && first.is_ascii_alphabetic() {
        return Some(first);
    }
    if let Some((_, mark)) = MARKS.iter().find(|(m, _)| name.get(1..) == Some(m)) {
        return [first, *mark].into_iter().nfc().next();
    }
    let code = name
        .strip_prefix("uni")
        .or_else(|| name.strip_prefix('u'))?;
    char::from_u32(u32::from_str_radix(code, 16).ok()?)
}
