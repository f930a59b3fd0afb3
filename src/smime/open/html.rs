//! The text of an HTML part, for reading: nothing is rendered and nothing fetched. Words stay apart where a program that
//! renders would set them apart: blocks on lines of their own, cells of a table with a gap between them.
//!
//! The marks are written over the tags in place, so that a part as large as a mail is not held once more.

use mail_parser::decoders::html::html_to_text;
use memchr::{memchr, memmem};
use zeroize::Zeroizing;

/// Stand in for tags while mail-parser takes the others out. In a text they mean nothing, and what is there of them is
/// taken out before.
const BLOCK: u8 = 1;
const CELL: u8 = 2;
const ITEM: u8 = 3;

/// The text of `html`.
pub(super) fn text(mut html: Zeroizing<String>) -> Zeroizing<String> {
    let mut octets = std::mem::take(&mut *html).into_bytes();
    mark(&mut octets);
    // ASCII was written over ASCII, so it is text as before.
    let marked = Zeroizing::new(String::from_utf8(octets).unwrap_or_default());
    let plain = Zeroizing::new(html_to_text(&marked));
    drop(marked);
    laid_out(&plain)
}

/// Writes a mark over the first octet of each tag that begins or ends a block, and begins the tag one later: what is left
/// of its name is taken out with it.
fn mark(octets: &mut [u8]) {
    for octet in octets.iter_mut() {
        if matches!(*octet, BLOCK | CELL | ITEM) {
            *octet = b' ';
        }
    }
    let mut at = 0;
    while let Some(found) = memchr(b'<', &octets[at..]) {
        let start = at + found;
        at = start + 1;
        let rest = &octets[at..];
        if rest.starts_with(b"!--") {
            let Some(end) = memmem::find(rest, b"-->") else {
                return;
            };
            at += end;
            continue;
        }
        let is_end = rest.first() == Some(&b'/');
        let name = &rest[usize::from(is_end)..];
        let length = name.iter().take_while(|o| o.is_ascii_alphanumeric());
        let name = name[..length.count()].to_ascii_lowercase();
        if let Some(kind) = kind(&name, is_end) {
            octets[start] = kind;
            octets[at] = b'<';
        }
    }
}

/// What a tag sets apart.
fn kind(name: &[u8], is_end: bool) -> Option<u8> {
    Some(match name {
        b"li" if !is_end => ITEM,
        b"td" | b"th" if !is_end => CELL,
        b"address" | b"article" | b"aside" | b"blockquote" | b"caption" | b"center" | b"dd"
        | b"div" | b"dl" | b"dt" | b"fieldset" | b"figure" | b"footer" | b"form" | b"h1"
        | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"header" | b"hr" | b"legend" | b"li"
        | b"main" | b"nav" | b"ol" | b"option" | b"p" | b"pre" | b"section" | b"table" | b"tr"
        | b"ul" => BLOCK,
        _ => return None,
    })
}

/// What stands between two words.
#[derive(Default)]
struct Gap {
    lines: usize,
    is_block: bool,
    is_cell: bool,
    is_item: bool,
    is_blank: bool,
}

/// Marks become line ends and gaps; one empty line at most stands between two lines.
fn laid_out(plain: &str) -> Zeroizing<String> {
    // It grows where a list has many empty items only.
    let mut text = Zeroizing::new(String::with_capacity(plain.len() + plain.len() / 8));
    let mut gap = Gap::default();
    for c in plain.chars() {
        match c {
            '\n' => gap.lines += 1,
            ' ' | '\t' | '\r' => gap.is_blank = true,
            c if c == char::from(BLOCK) => gap.is_block = true,
            c if c == char::from(CELL) => gap.is_cell = true,
            c if c == char::from(ITEM) => gap.is_item = true,
            c => {
                let gap = std::mem::take(&mut gap);
                let is_line = gap.lines > 0 || gap.is_block || gap.is_item;
                let between = match (text.is_empty(), is_line) {
                    (true, _) => "",
                    (false, true) if gap.lines > 1 => "\n\n",
                    (false, true) => "\n",
                    (false, false) if gap.is_cell => "  ",
                    (false, false) if gap.is_blank => " ",
                    (false, false) => "",
                };
                text.push_str(between);
                if gap.is_item {
                    text.push_str("- ");
                }
                text.push(c);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(html: &str) -> String {
        text(Zeroizing::new(html.to_owned())).to_string()
    }

    #[test]
    fn words_that_stand_apart_on_a_screen_stand_apart_in_the_text() {
        let html = "<html><head><title>x</title><style>p{color:red}</style></head><body><h1>Faktura</h1>\
            <p class=\"a\">Kære kunde<br>Betal <a href=\"http://x.example/\">her</a>, <b>nu</b>.</p>\
            <table><tr><th>Vare</th><th>Beløb</th></tr>\r\n<tr><td>Æbler</td><td>1.250&nbsp;kr.</td></tr></table>\
            <ul><li>første</li><LI>anden</LI></ul><div><div>Hilsen</div></div><hr/>Anne</body></html>";
        assert_eq!(
            of(html),
            "Faktura\nKære kunde\nBetal her, nu.\nVare  Beløb\nÆbler  1.250\u{a0}kr.\n- første\n- anden\nHilsen\nAnne"
        );
        assert_eq!(of("a<br><br><br><br>b"), "a\n\nb");
        assert_eq!(of("1 &lt; 2 &amp; <i>3</i>"), "1 < 2 & 3");
    }

    #[test]
    fn what_is_no_html_or_only_half_of_it_is_no_fault() {
        assert_eq!(of(""), "");
        assert_eq!(of("uden tags\u{1}\u{2}\u{3}, helt"), "uden tags , helt");
        for odd in [
            "<",
            "</",
            "<p",
            "<!--",
            "<!-- <p> -->",
            "<p><p",
            "æ<tdø",
            "<div",
        ] {
            assert!(!of(odd).contains('\u{1}'), "{odd}");
        }
        assert_eq!(of("a<!-- <p>skjult</p> -->b"), "ab");
    }
}
