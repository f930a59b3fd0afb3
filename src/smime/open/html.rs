//! The text of an HTML part, for reading: nothing is rendered and nothing fetched. Words stay apart where a program that
//! renders would set them apart: blocks on lines of their own, a tab before cells and items.
//!
//! The text is written over the HTML in place, because a part may be as large as a mail: it never becomes longer. Where
//! HTML is broken, more is shown rather than less.

use mail_parser::decoders::html::add_html_token;
use memchr::{memchr, memmem};
use zeroize::{Zeroize, Zeroizing};

/// References to characters are shorter (HTML, 13.5): what is longer is text.
const LONGEST_REFERENCE: usize = 40;

/// The text of `html`. Needs no memory beside what it is given.
pub(super) fn text(mut html: Zeroizing<String>) -> Zeroizing<String> {
    let mut octets = Zeroizing::new(std::mem::take(&mut *html).into_bytes());
    let mut page = Page {
        octets: &mut octets,
        read: 0,
        written: 0,
        gap: Gap::default(),
        has_endless_head: false,
    };
    page.lay_out();
    let end = page.written;
    octets.truncate(end);
    // ASCII was taken out of it, and whole characters were written: it is text as before.
    Zeroizing::new(String::from_utf8(std::mem::take(&mut *octets)).unwrap_or_default())
}

/// What is read, from the front, and what was written there.
struct Page<'a> {
    octets: &'a mut [u8],
    read: usize,
    written: usize,
    gap: Gap,
    /// No head that begins further on ends either: nobody searches for that again.
    has_endless_head: bool,
}

impl Page<'_> {
    fn lay_out(&mut self) {
        let mut character = Zeroizing::new(String::new());
        while let Some(octet) = self.octets.get(self.read).copied() {
            match octet {
                b'<' if self.is_tag() => self.tag(),
                b'&' => {
                    let length = self.reference();
                    let token = &self.octets[self.read..self.read + length];
                    character.zeroize();
                    add_html_token(&mut character, token, false);
                    self.read += length;
                    for octet in character.bytes() {
                        self.put(octet);
                    }
                }
                octet => {
                    self.read += 1;
                    self.put(octet);
                }
            }
        }
    }

    /// An octet of text: what has been read is longer than what was written of it.
    fn put(&mut self, octet: u8) {
        if octet <= b' ' || octet == 0x7f {
            self.gap.sets(Apart::Blank);
            return;
        }
        let gap = std::mem::take(&mut self.gap);
        for octet in gap.text(self.written == 0).bytes().chain([octet]) {
            self.octets[self.written] = octet;
            self.written += 1;
        }
    }

    /// Whether a tag, an end or a comment begins here, and not a sign of comparison.
    fn is_tag(&self) -> bool {
        let next = self.octets.get(self.read + 1);
        next.is_none_or(|o| o.is_ascii_alphabetic() || matches!(o, b'/' | b'!' | b'?'))
    }

    /// Goes on behind the tag or comment that begins here, and behind what is not for reading.
    fn tag(&mut self) {
        let rest = &self.octets[self.read..];
        if rest.starts_with(b"<!--") {
            self.read += memmem::find(rest, b"-->").map_or(rest.len(), |end| end + 3);
            return;
        }
        let is_end = rest.get(1) == Some(&b'/');
        let name = &rest[1 + usize::from(is_end)..];
        let length = name.iter().take_while(|o| o.is_ascii_alphanumeric());
        let name = name[..length.count()].to_ascii_lowercase();
        let tag = memchr(b'>', rest).map_or(rest.len(), |end| end + 1);
        let rest = &rest[tag..];
        let hidden = match name.as_slice() {
            b"style" | b"script" | b"template" if !is_end => end_of(&name, rest),
            // A head that never ends would hide the whole text; the others hide what they hide on a screen.
            b"head" if !is_end && !self.has_endless_head => {
                let end = beginning_of(&[b"/head", b"body"], rest);
                self.has_endless_head = end.is_none();
                end.or(Some(0))
            }
            _ => Some(0),
        };
        let hidden = hidden.unwrap_or(rest.len());
        self.read += tag + hidden;
        match name.as_slice() {
            b"br" => self.gap.lines += 1,
            b"p" if is_end => self.gap.lines += 1,
            b"li" if !is_end => self.gap.sets(Apart::Item),
            b"td" | b"th" if !is_end => self.gap.sets(Apart::Cell),
            name if is_block(name) => self.gap.sets(Apart::Block),
            _ => {}
        }
    }

    /// How many octets the reference to a character has that begins here; one where there is none.
    fn reference(&self) -> usize {
        let rest = &self.octets[self.read + 1..];
        let is_name = |o: &&u8| o.is_ascii_alphanumeric() || **o == b'#';
        let length = rest.iter().take(LONGEST_REFERENCE).take_while(is_name);
        let length = length.count();
        let is_one = length > 0 && rest.get(length) == Some(&b';');
        if is_one { length + 2 } else { 1 }
    }
}

/// Where the end of this element begins.
fn end_of(name: &[u8], octets: &[u8]) -> Option<usize> {
    beginning_of(&[&[b"/", name].concat()], octets)
}

/// Where a tag of one of these names begins, in capitals or not.
fn beginning_of(names: &[&[u8]], octets: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr(b'<', &octets[at..])?;
        let rest = &octets[at + 1..];
        let is_whole = |n: &[u8]| !rest.get(n.len()).is_some_and(u8::is_ascii_alphanumeric);
        let begins = |n: &[u8]| rest.len() >= n.len() && rest[..n.len()].eq_ignore_ascii_case(n);
        if names.iter().any(|name| is_whole(name) && begins(name)) {
            return Some(at);
        }
        at += 1;
    }
}

/// Whether an element stands on lines of its own.
fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"address"
            | b"article"
            | b"aside"
            | b"blockquote"
            | b"caption"
            | b"center"
            | b"dd"
            | b"div"
            | b"dl"
            | b"dt"
            | b"fieldset"
            | b"figure"
            | b"footer"
            | b"form"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"header"
            | b"hr"
            | b"legend"
            | b"li"
            | b"main"
            | b"nav"
            | b"ol"
            | b"option"
            | b"p"
            | b"pre"
            | b"section"
            | b"table"
            | b"tr"
            | b"ul"
    )
}

/// What stands between two words: of several things the last of these.
#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Apart {
    #[default]
    Nothing,
    Blank,
    Cell,
    Block,
    Item,
}

/// What is between two words.
#[derive(Default)]
struct Gap {
    /// Ends of lines that the author asked for.
    lines: usize,
    apart: Apart,
}

impl Gap {
    fn sets(&mut self, apart: Apart) {
        self.apart = self.apart.max(apart);
    }

    /// What it becomes: never longer than what it was. One empty line at most stands between two lines.
    fn text(&self, is_first: bool) -> &'static str {
        match (self.apart, self.lines) {
            (Apart::Item, _) if is_first => "\t",
            _ if is_first => "",
            (Apart::Item, _) => "\n\t",
            (_, 2..) => "\n\n",
            (_, 1) | (Apart::Block, _) => "\n",
            (Apart::Cell, _) => "\t",
            (Apart::Blank, _) => " ",
            (Apart::Nothing, _) => "",
        }
    }
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
        assert_eq!(of("a&#3;b&#1;c&#2;d&#3;&#3;"), "a b c d");
        assert_eq!(of("a<!-- <p>skjult</p> -->b"), "ab");
    }

    #[test]
    fn what_is_broken_shows_more_rather_than_less() {
        assert_eq!(of("1 < 2, og 3 <> 4"), "1 < 2, og 3 <> 4");
        assert_eq!(of("<head><title>x<body>Hej"), "Hej");
        assert_eq!(of("<head><p>Hej"), "Hej");
        // The end of a head may be left out (HTML, 13.1.2.4): that of another mail below it is not its own.
        assert_eq!(
            of("<head><title>x<body>Hej<hr><head><title>y</head>Bo"),
            "Hej\nBo"
        );
        assert_eq!(of("a<style>b</STYLE >c<script>d"), "ac");
        assert_eq!(
            of("&ugyldig; &amp &; &#x110000; &#198;"),
            "&ugyldig; &amp &; \u{fffd} Æ"
        );
        let many = "&gt;".repeat(10) + &"&#128512;".repeat(3) + "&lt;";
        assert_eq!(of(&many), ">".repeat(10) + "😀😀😀<");
    }

    #[test]
    fn a_paragraph_ends_its_line_and_an_empty_line_stands_where_it_was_asked_for() {
        for (html, wanted) in [
            ("<p>a</p><p>b</p>", "a\nb"),
            ("<p>a</p>b", "a\nb"),
            ("<p>a</p><br><p>b</p>", "a\n\nb"),
            ("<div>a</div>b", "a\nb"),
            ("<div>a<br></div><div>b</div>", "a\nb"),
            // The end of a cell that was never begun sets nothing apart.
            ("pris</td>en", "prisen"),
        ] {
            assert_eq!(of(html), wanted, "{html}");
        }
    }

    #[test]
    fn only_its_own_end_ends_what_is_hidden() {
        assert_eq!(of("<style>a<!-- b > c --> d</style>e"), "e");
        assert_eq!(of("<script>a</scripts>b</script>c"), "c");
        assert_eq!(
            of("<head><title>x</title></head>Hej <body>Bo</body>"),
            "Hej Bo"
        );
    }

    #[test]
    fn an_ampersand_without_a_semicolon_takes_nothing_with_it() {
        assert_eq!(of("R&D<br>Salg &amp"), "R&D\nSalg &amp");
        assert_eq!(of("&"), "&");
    }

    /// The square of this would be minutes.
    #[test]
    fn what_never_ends_is_searched_for_once() {
        for part in ["<head><body>", "<head>", "<body><head>", "<head><header>"] {
            assert_eq!(of(&part.repeat(60_000)), "", "{part}");
        }
    }
}
