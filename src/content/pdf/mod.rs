//! Text of PDF files (ISO 32000-1). A reader of its own and no library: those that were looked at unpack without limit or
//! recurse without one, and a full stack or memory ends the program and the mail with it, which nothing can catch. This
//! one follows no tables, has no recursion but a counted one, and pays for each octet that it looks at.

mod document;
mod filter;
mod font;
mod lexer;
mod show;

use std::{collections::BTreeMap, rc::Rc};

use self::{
    document::{Document, Found},
    font::Font,
    lexer::{Dictionary, Object},
    show::{Fonts, Page, show},
};
use super::{Unread, file::Sink, file::is_mostly_pictures, text};

/// Fonts of one page at most.
const MAX_FONTS: usize = 200;
/// Of a hundred codes so many may be unknown: signs and rules in a font of symbols.
const UNKNOWN_IN_HUNDRED: usize = 10;

/// Takes the text of a PDF file into the sink.
pub(super) fn read(octets: &[u8], depth: usize, sink: &mut Sink) {
    let document = Document::read(octets, sink);
    if document.is_encrypted() {
        return sink.unread(Unread::Encrypted);
    }
    let (mut pages, mut said) = (0, String::new());
    let (mut unknown, mut pictures) = (0, 0);
    let mut shelf = Shelf::new();
    for number in document.numbers() {
        let Some(found) = document.dictionary(number, sink) else {
            continue;
        };
        let of = &found.dictionary;
        let mut page = Page::default();
        if of.is("Type", "Page") {
            pages += 1;
            show_page(&document, &found, &mut shelf, &mut page, sink);
            // A page that says nothing is a picture, unless nothing is on it at all.
            if is_mostly_pictures(&page.text, usize::from(page.text.trim().is_empty())) {
                pictures += usize::from(has_picture(&document, &found, sink));
            }
        } else if of.is("Subtype", "Form") {
            show_form(&document, &found, &mut shelf, &mut page, sink);
        } else if of.is("Type", "EmbeddedFile") {
            if sink.may_read_part() {
                match document.stream(&found, sink) {
                    Ok(inside) => sink.read("", &inside, depth + 1),
                    Err(why) => sink.unread(why),
                }
            }
        } else {
            field(&document, of, &mut page.text, sink);
        }
        unknown += page.unknown;
        said.push_str(&page.text);
        if said.len() > sink.left() {
            sink.unread(Unread::TooLarge);
            break;
        }
    }
    if pages == 0 {
        sink.unread(Unread::Damaged);
    }
    if pictures > 0 {
        sink.unread(Unread::Picture);
    }
    if unknown * 100 > (said.chars().count() + unknown) * UNKNOWN_IN_HUNDRED {
        sink.unread(Unread::Letters);
    }
    sink.spend(said.len());
    sink.text(&said);
}

fn show_page(
    document: &Document<'_>,
    found: &Found,
    shelf: &mut Shelf,
    page: &mut Page,
    sink: &mut Sink,
) {
    let of = &found.dictionary;
    let fonts = document
        .inherited(of, "Resources", sink)
        .map(|r| fonts(document, &r, shelf, sink))
        .unwrap_or_default();
    let contents = match of.find("Contents") {
        None => return,
        Some(one @ Object::Reference(_)) => match document.resolved(one, sink) {
            Object::Array(all) => all,
            _ => vec![one.clone()],
        },
        Some(Object::Array(all)) => all.clone(),
        Some(_) => Vec::new(),
    };
    // An operator may begin in one stream and end in the next.
    let mut content = Vec::new();
    for part in &contents {
        match document.stream_of(part, sink) {
            Some(Ok(octets)) => content.extend_from_slice(&octets),
            Some(Err(why)) => sink.unread(why),
            None => sink.unread(Unread::Damaged),
        }
        content.push(b'\n');
    }
    sink.spend(content.len());
    show(&content, &fonts, page, sink.left());
}

fn show_form(
    document: &Document<'_>,
    found: &Found,
    shelf: &mut Shelf,
    page: &mut Page,
    sink: &mut Sink,
) {
    let fonts = document
        .dictionary_entry(&found.dictionary, "Resources", sink)
        .map(|r| fonts(document, &r, shelf, sink))
        .unwrap_or_default();
    match document.stream(found, sink) {
        Ok(content) => {
            sink.spend(content.len());
            show(&content, &fonts, page, sink.left());
        }
        Err(why) => sink.unread(why),
    }
}

/// Fonts that were read, by the number of their object: pages share them.
type Shelf = BTreeMap<u32, Rc<Font>>;

fn fonts(
    document: &Document<'_>,
    resources: &Dictionary,
    shelf: &mut Shelf,
    sink: &mut Sink,
) -> Fonts {
    let Some(listed) = document.dictionary_entry(resources, "Font", sink) else {
        return Fonts::new();
    };
    let mut fonts = Fonts::new();
    for (name, object) in listed.entries().take(MAX_FONTS) {
        let number = match object {
            Object::Reference(number) => Some(*number),
            _ => None,
        };
        if let Some(font) = number.and_then(|n| shelf.get(&n)) {
            fonts.insert(name.to_vec(), Rc::clone(font));
        } else if let Object::Dictionary(font) = document.resolved(object, sink) {
            let font = Rc::new(Font::read(document, &font, sink));
            if let Some(number) = number {
                shelf.insert(number, Rc::clone(&font));
            }
            fonts.insert(name.to_vec(), font);
        }
    }
    fonts
}

fn has_picture(document: &Document<'_>, page: &Found, sink: &mut Sink) -> bool {
    let resources = document.inherited(&page.dictionary, "Resources", sink);
    let objects = resources.and_then(|r| document.dictionary_entry(&r, "XObject", sink));
    objects.is_some_and(|objects| {
        objects.entries().take(MAX_FONTS).any(|(_, object)| {
            matches!(document.resolved(object, sink),
                Object::Dictionary(d) if d.is("Subtype", "Image"))
        })
    })
}

/// What was written into a field of a form, or as a note.
fn field(document: &Document<'_>, of: &Dictionary, said: &mut String, sink: &mut Sink) {
    let is_field = of.find("FT").is_some() || of.find("T").is_some();
    let is_note = of.find("Subtype").is_some() && of.find("Rect").is_some();
    let names = [(is_field, "T"), (is_field, "V"), (is_note, "Contents")];
    for (_, name) in names.into_iter().filter(|(is, _)| *is) {
        if let Some(Object::String(octets)) = document.entry(of, name, sink) {
            match octets.strip_prefix(b"\xFE\xFF") {
                Some(rest) => said.push_str(&text::utf_16(rest, u16::from_be_bytes)),
                None => said.push_str(&text::windows(&octets)),
            }
            said.push('\n');
        }
    }
}
