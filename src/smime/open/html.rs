//! The text of an HTML part, for reading: nothing is rendered and nothing fetched. Words stay apart where a program that
//! renders would set them apart: blocks on lines of their own, a tab before cells and items.
//!
//! The text is written over the HTML in place, because a part may be as large as a mail: it never becomes longer. Where
//! HTML is broken, more is shown rather than less.

use mail_parser::decoders::html::add_html_token;
use memchr::{memchr, memmem};
use zeroize::{Zeroize, Zeroizing};

use super::{header::Header, text::is_copy};
use crate::mail::western;

/// References to characters are shorter (HTML, 13.5): what is longer is text.
const LONGEST_REFERENCE: usize = 40;
/// Names of elements that mean something here are shorter.
const LONGEST_NAME: usize = 16;

/// The class of the element that repeats the fields for programs that do not know better (RFC 9788 §4.5.3.3).
const LEGACY_DISPLAY: &[u8] = b"header-protection-legacy-display";

/// Octets of a copy, which is read beside the text.
const LONGEST_COPY: usize = 64 << 10;

/// The text of `html`, without the copy of these fields at its beginning. Needs no memory beside what it is given.
pub(super) fn text(mut html: Zeroizing<String>, copied: Option<&Header<'_>>) -> Zeroizing<String> {
    let mut octets = Zeroizing::new(std::mem::take(&mut *html).into_bytes());
    let mut page = Page {
        octets: &mut octets,
        read: 0,
        written: 0,
        gap: Gap::default(),
        preformatted: 0,
        raw_until: 0,
        endless: Endless::default(),
        copied,
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
    /// Elements around this place whose lines are as they were written.
    preformatted: usize,
    /// Up to here a tag is text, as in a field to be filled in.
    raw_until: usize,
    endless: Endless,
    /// The header of which a copy may stand here.
    copied: Option<&'a Header<'a>>,
}

impl Page<'_> {
    fn lay_out(&mut self) {
        let mut character = Zeroizing::new(String::new());
        while let Some(octet) = self.octets.get(self.read).copied() {
            match octet {
                b'<' if self.read >= self.raw_until && self.is_tag() => self.tag(),
                b'&' => {
                    let length = self.reference();
                    let token = &self.octets[self.read..self.read + length];
                    character.zeroize();
                    add_html_token(&mut character, token, false);
                    in_western(&mut character);
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
        if octet == b'\n' && self.preformatted > 0 {
            self.gap.lines += 1;
            return;
        }
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
            self.read += end_of_comment(rest);
            return;
        }
        let is_end = rest.get(1) == Some(&b'/');
        let name = &rest[1 + usize::from(is_end)..];
        let length = name.iter().take_while(|o| !ends_name(**o)).count();
        let name = name[..length.min(LONGEST_NAME)].to_ascii_lowercase();
        let tag = end_of_tag(rest, &mut self.endless);
        let (told, rest) = rest.split_at(tag);
        let hidden = match name.as_slice() {
            b"style" | b"script" | b"template" if !is_end => end_of(&name, rest),
            // A head hides nothing by itself: text in it is shown on a screen, and one that stands further down is none.
            b"title" if !is_end => Some(title(rest, &mut self.endless)),
            b"div" if !is_end && self.written == 0 => {
                let copy = self.copied.and_then(|c| legacy_display(told, rest, c));
                if copy.is_some() {
                    self.copied = None;
                }
                copy.or(Some(0))
            }
            _ => Some(0),
        };
        let hidden = hidden.unwrap_or(rest.len());
        if matches!(name.as_slice(), b"textarea" | b"xmp") && !is_end {
            self.raw_until = self.read + tag + end_of(&name, rest).unwrap_or(rest.len());
        }
        self.read += tag + hidden;
        match name.as_slice() {
            b"pre" | b"listing" | b"textarea" | b"xmp" if is_end => {
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            b"pre" | b"listing" | b"textarea" | b"xmp" => self.preformatted += 1,
            _ => {}
        }
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

/// A number of what would be a control is one of windows-1252 (HTML, 13.2.5.80).
fn in_western(character: &mut String) {
    let only = character.chars().next();
    let octet = only.and_then(|c| u8::try_from(u32::from(c)).ok());
    if let Some(octet @ 0x80..=0x9F) = octet {
        *character = western(&[octet]);
    }
}

/// Whether the name of a tag ends before this octet (HTML, 13.2.5.8): `title-bar` is no title.
fn ends_name(octet: u8) -> bool {
    octet.is_ascii_whitespace() || matches!(octet, b'/' | b'>')
}

/// What ends nowhere behind this place: nobody searches for that again.
#[derive(Default)]
struct Endless {
    title: bool,
    head: bool,
    quote: bool,
}

/// What an octet of a tag belongs to (HTML, 13.2.5.32 to 39).
#[derive(Clone, Copy)]
enum Within {
    /// No attribute: what is between two.
    Tag,
    /// An attribute's name, which may begin with an equals sign, and blanks behind it.
    Name,
    Equals,
    /// A value without quotes.
    Value,
}

/// How long a tag is that begins here. What a value in quotes holds ends none (HTML, 13.2.5.36 and 37): a style that begins
/// in one would hide text that browsers show. Behind quotes without an end browsers show nothing, and here quotes count
/// no more.
fn end_of_tag(rest: &[u8], endless: &mut Endless) -> usize {
    let mut at = 1 + usize::from(rest.get(1) == Some(&b'/'));
    // What begins otherwise is a comment to browsers, in which nothing is a quote.
    let is_element = rest.get(at).is_some_and(u8::is_ascii_alphabetic);
    at += rest[at..].iter().take_while(|o| !ends_name(**o)).count();
    let mut within = Within::Tag;
    while is_element
        && !endless.quote
        && let Some(octet) = rest.get(at).copied()
    {
        at += 1;
        within = match (within, octet) {
            (_, b'>') => return at,
            (Within::Equals, b'"' | b'\'') => {
                if let Some(end) = memchr(octet, &rest[at..]) {
                    at += end + 1;
                } else {
                    endless.quote = true;
                }
                Within::Tag
            }
            (Within::Name, b'=') => Within::Equals,
            (Within::Value, o) if o.is_ascii_whitespace() => Within::Tag,
            (same, o) if o.is_ascii_whitespace() => same,
            (Within::Equals | Within::Value, _) => Within::Value,
            (_, b'/') => Within::Tag,
            (Within::Tag | Within::Name, _) => Within::Name,
        };
    }
    memchr(b'>', rest).map_or(rest.len(), |end| end + 1)
}

/// How many octets a title hides. One that never ends would hide the whole text, and ends where the head does.
fn title(rest: &[u8], endless: &mut Endless) -> usize {
    if !endless.title {
        if let Some(end) = end_of(b"title", rest) {
            return end;
        }
        endless.title = true;
    }
    if endless.head {
        return 0;
    }
    let end = beginning_of(&[b"/head", b"body"], rest);
    endless.head = end.is_none();
    end.unwrap_or(0)
}

/// How long a comment is that begins here (HTML, 13.2.5.43 to 52).
fn end_of_comment(rest: &[u8]) -> usize {
    // "<!-->" is one.
    let mut from = 2;
    while let Some(at) = memmem::find(&rest[from..], b"--") {
        match &rest[from + at + 2..] {
            [b'>', ..] => return from + at + 3,
            [b'!', b'>', ..] if from + at > 3 => return from + at + 4,
            _ => from += at + 1,
        }
    }
    rest.len()
}

/// How many octets behind this tag belong to the copy of the fields; none where the tag is another one, or holds more than
/// a copy does.
fn legacy_display(tag: &[u8], rest: &[u8], copied: &Header<'_>) -> Option<usize> {
    let tag = tag.to_ascii_lowercase();
    let value = &tag[memmem::find(&tag, b"class")? + 5..];
    let value = value.trim_ascii_start().strip_prefix(b"=")?;
    let is_quote = |o: &u8| matches!(o, b'"' | b'\'');
    let value = value.trim_ascii_start();
    let value = value
        .strip_prefix(b"\"")
        .or(value.strip_prefix(b"'"))
        .unwrap_or(value);
    let length = value
        .iter()
        .take_while(|o| !is_quote(o) && !o.is_ascii_whitespace() && **o != b'>');
    if &value[..length.count()] != LEGACY_DISPLAY {
        return None;
    }
    let end = beginning_of(&[b"div", b"/div"], rest)?;
    let inside = rest
        .get(..end)
        .filter(|inside| inside.len() <= LONGEST_COPY)?;
    let inside = text(
        Zeroizing::new(str::from_utf8(inside).ok()?.to_owned()),
        None,
    );
    (rest[end + 1] == b'/' && is_copy(&inside, copied)).then_some(end)
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
        let is_whole = |n: &[u8]| rest.get(n.len()).is_none_or(|o| ends_name(*o));
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
        text(Zeroizing::new(html.to_owned()), None).to_string()
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
        // A head that stands in a text is none, and what stands in a head shows.
        assert_eq!(of("Betal <head>ikke</head> nu"), "Betal ikke nu");
        assert_eq!(of("<p>a<head><title>b</title><p>c</head>d"), "a\ncd");
        for comment in [
            "<!-- b -->",
            "<!-->",
            "<!--->",
            "<!-- b --!>",
            "<!-- - -- > -->",
        ] {
            assert_eq!(of(&format!("a{comment}c")), "ac", "{comment}");
        }
        for (html, wanted) in [
            ("a<!--!>b-->c", "ac"),
            ("a<!---!>b-->c", "ac"),
            ("a<!----!>b", "ab"),
        ] {
            assert_eq!(of(html), wanted, "{html}");
        }
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
    fn what_stands_in_quotes_ends_no_tag_and_begins_nothing_that_is_hidden() {
        for (html, wanted) in [
            (
                "<p title=\"><style>\">Betal ikke</p><p title=\"</style>\">nu",
                "Betal ikke\nnu",
            ),
            ("<a b = '>'>c</a>", "c"),
            ("<a b=\"'>'\">c", "c"),
            ("<a b=>c", "c"),
            ("<a b=c\">d", "d"),
            ("<a b==\">\">d", "\">d"),
            ("<a =\">\">d", "\">d"),
            ("<a b c = \">\" d=\">\"e=\">\">f", "f"),
            ("<a b/=\">\">d", "\">d"),
            ("<a b= c=\">\">d", "\">d"),
            ("<a b=c d=\">\">e", "e"),
            ("<a/b=\">\">e", "e"),
            ("<a b=cde=\">\">f", "\">f"),
            ("<a b=\"c\" =\">\">d", "\">d"),
            ("<?xml b=\">c", "c"),
            ("<!x b=\">c", "c"),
            ("</ b=\">c", "c"),
            ("</a b=\">\">c", "c"),
            // Quotes without an end, there and behind it.
            ("a<b c=\">d<e f='>'>g", "ad'>g"),
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
    fn what_a_browser_shows_is_not_hidden_by_a_name_that_begins_like_another() {
        for (html, wanted) in [
            ("a<title-bar>Betal ikke</title-bar>b", "aBetal ikkeb"),
            ("a<style-x>Betal ikke", "aBetal ikke"),
            ("a<style:x>Betal</style:x>b", "aBetalb"),
            ("<template-x>a</template-x>b<script.x>c", "abc"),
            ("a<STYLE\n>b</style-x>c</style/>d<style/>e</style>f", "adf"),
            // Only the end of a field to be filled in is a tag in it.
            ("<textarea><style></textarea>a</style>b", "<style>ab"),
            (
                "<xmp>a\n<style>b</xmp>c<xmp><script>d",
                "a\n<style>bc<script>d",
            ),
        ] {
            assert_eq!(of(html), wanted, "{html}");
        }
    }

    #[test]
    fn a_number_that_would_be_a_control_is_the_character_that_was_meant() {
        assert_eq!(of("&#128; 100 &#150; det&#x92;s &#169;"), "€ 100 – det’s ©");
    }

    #[test]
    fn an_ampersand_without_a_semicolon_takes_nothing_with_it() {
        assert_eq!(of("R&D<br>Salg &amp"), "R&D\nSalg &amp");
        assert_eq!(of("&"), "&");
    }

    #[test]
    fn the_lines_of_what_is_preformatted_stay() {
        assert_eq!(of("<pre>a\r\n b\r\n\r\n\r\nc</pre>d\ne"), "a\nb\n\nc\nd e");
        assert_eq!(of("</pre>a\nb<PRE>c\nd"), "a b\nc\nd");
    }

    #[test]
    fn the_copy_of_the_fields_is_left_out_at_the_beginning_and_nowhere_else() {
        let header = Header::new(b"Subject: Sag 17\r\n").unwrap();
        let told = |html: &str| text(Zeroizing::new(html.to_owned()), Some(&header)).to_string();
        let copy =
            "<div class=\"header-protection-legacy-display\"><pre>Subject: Sag 17</pre></div>";
        let page = format!("<html><body>\r\n{copy}\r\n<p>Hej</p></body></html>");
        assert_eq!(told(&page), "Hej");
        assert_eq!(of(&page), "Subject: Sag 17\nHej");
        let later = format!("<p>Hej</p>{copy}");
        assert_eq!(told(&later), "Hej\nSubject: Sag 17");
        assert_eq!(told(&copy.replace("header-", "x-")), "Subject: Sag 17");
        // What holds more than a copy does is shown.
        let nested = copy.replace("Subject", "<div>a</div>Subject");
        assert_eq!(told(&nested), "a\nSubject: Sag 17");
        // And what is no copy of a field that stands there.
        for (other, shown) in [
            ("Betal IKKE", "Betal IKKE 17\nHej"),
            ("Betal: IKKE", "Betal: IKKE 17\nHej"),
        ] {
            let other = page.replace("Subject: Sag", other);
            assert_eq!(told(&other), shown);
        }
        let single = copy.replace('"', "'");
        assert_eq!(told(&format!("{single}{copy}Hej")), "Subject: Sag 17\nHej");
    }

    /// The square of this would be minutes.
    #[test]
    fn what_never_ends_is_searched_for_once() {
        for part in [
            "<head><body>",
            "<title>",
            "<title></head>",
            "<body><title>",
            "<!-- --!>",
        ] {
            assert_eq!(of(&part.repeat(60_000)), "", "{part}");
        }
    }
}
