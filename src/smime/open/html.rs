//! The text of an HTML part, for reading: nothing is rendered and nothing fetched. Words stay apart where a program that
//! renders would set them apart: blocks on lines of their own, a tab before cells and items.
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

/// The text of `html`. Needs no more memory than the text beside what it is given.
pub(super) fn text(mut html: Zeroizing<String>) -> Zeroizing<String> {
    let mut octets = Zeroizing::new(std::mem::take(&mut *html).into_bytes());
    mark(&mut octets);
    // ASCII was written over ASCII, so it is text as before; and so below.
    let marked =
        Zeroizing::new(String::from_utf8(std::mem::take(&mut *octets)).unwrap_or_default());
    let plain = html_to_text(&marked);
    drop(marked);
    let mut octets = Zeroizing::new(plain.into_bytes());
    lay_out(&mut octets);
    Zeroizing::new(String::from_utf8(std::mem::take(&mut *octets)).unwrap_or_default())
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
        match kind(&name, is_end) {
            // A line end and a step to the right need the room of two.
            Some(ITEM) => octets[start..start + 3].copy_from_slice(&[ITEM, ITEM, b'<']),
            Some(kind) => octets[start..start + 2].copy_from_slice(&[kind, b'<']),
            None => continue,
        }
        // The rest of an end is no beginning.
        at = start + 2;
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
    /// One alone was written as a number of a character, and is no item.
    items: usize,
    is_blank: bool,
}

impl Gap {
    /// What it becomes: never longer than what it was.
    fn text(&self, is_first: bool) -> &'static str {
        match self {
            Self { items: 2.., .. } if is_first => "\t",
            _ if is_first => "",
            Self { items: 2.., .. } => "\n\t",
            Self { lines: 2.., .. } => "\n\n",
            Self { lines: 1, .. } | Self { is_block: true, .. } | Self { items: 1, .. } => "\n",
            Self { is_cell: true, .. } => "\t",
            Self { is_blank: true, .. } => " ",
            Self { .. } => "",
        }
    }
}

/// Marks become line ends and tabs; one empty line at most stands between two lines.
fn lay_out(octets: &mut Vec<u8>) {
    let mut gap = Gap::default();
    let mut to = 0;
    for from in 0..octets.len() {
        match octets[from] {
            b'\n' => gap.lines += 1,
            b' ' | b'\t' | b'\r' => gap.is_blank = true,
            BLOCK => gap.is_block = true,
            CELL => gap.is_cell = true,
            ITEM => gap.items += 1,
            octet => {
                let between = std::mem::take(&mut gap).text(to == 0).as_bytes();
                octets[to..to + between.len()].copy_from_slice(between);
                to += between.len();
                octets[to] = octet;
                to += 1;
            }
        }
    }
    octets.truncate(to);
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
            "Faktura\nKære kunde\nBetal her, nu.\nVare\tBeløb\nÆbler\t1.250\u{a0}kr.\n\tførste\n\tanden\nHilsen\nAnne"
        );
        assert_eq!(of("<li>a<li>b<td>c<li>"), "\ta\n\tb\tc");
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
        assert_eq!(of("a&#3;b&#1;c&#2;d&#3;&#3;"), "a\nb\nc\td");
        assert_eq!(of("a<!-- <p>skjult</p> -->b"), "ab");
    }
}
