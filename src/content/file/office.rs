//! Documents that are XML in a ZIP: Word, Excel, PowerPoint (ISO/IEC 29500) and OpenDocument (ISO/IEC 26300). Also what a
//! reader does not see at once is text: comments, notes, headers, and words that were deleted with changes tracked.

use quick_xml::{Reader, events::Event};

use super::{
    Sink,
    archive::{Archive, name, part},
    is_mostly_pictures,
};
use crate::content::Unread;

/// Letters of one document at most; far above any that is written.
const MAX_LETTERS: usize = 64 << 20;

/// What kind of document an archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Document {
    Word,
    Sheet,
    Slides,
    Odf,
}

/// The kind, by the part that each kind must have.
pub(super) fn kind(archive: &Archive<'_>) -> Option<Document> {
    let has = |name| archive.index_for_name(name).is_some();
    if has("word/document.xml") {
        Some(Document::Word)
    } else if has("xl/workbook.xml") {
        Some(Document::Sheet)
    } else if has("ppt/presentation.xml") {
        Some(Document::Slides)
    } else if has("content.xml") && (has("mimetype") || has("META-INF/manifest.xml")) {
        Some(Document::Odf)
    } else {
        None
    }
}

pub(super) fn read(kind: Document, archive: &mut Archive<'_>, depth: usize, sink: &mut Sink) {
    let (mut said, mut pictures) = (String::new(), 0);
    let mut shared = Vec::new();
    let mut parts: Vec<(usize, String)> = Vec::new();
    for at in 0..archive.len() {
        match name(archive, at) {
            Some((name, true)) => parts.push((at, name)),
            Some((_, false)) => {}
            None => sink.unread(Unread::Damaged),
        }
    }
    // The texts of a workbook stand before its sheets, which name them by number.
    parts.sort_by_key(|(_, name)| !name.ends_with("sharedStrings.xml"));
    for (at, name) in parts {
        if is_picture(&name) {
            pictures += 1;
            continue;
        }
        let is_inside = is_inside(&name);
        if !is_inside && !is_text(kind, &name) {
            continue;
        }
        if !sink.may_read_part() {
            break;
        }
        let Some(octets) = part(archive, at, sink) else {
            continue;
        };
        if name == "META-INF/manifest.xml" {
            if memchr::memmem::find(&octets, b"encryption-data").is_some() {
                return sink.unread(Unread::Encrypted);
            }
            continue;
        }
        if is_inside {
            sink.read(&name, &octets, depth + 1);
            continue;
        }
        let outcome = match kind {
            Document::Sheet if name.ends_with("sharedStrings.xml") => strings(&octets, &mut shared),
            Document::Sheet if name.starts_with("xl/worksheets/") => {
                cells(&octets, &shared, &mut said)
            }
            Document::Odf => flow(&octets, true, &mut said),
            _ => flow(&octets, false, &mut said),
        };
        if let Err(why) = outcome {
            sink.unread(why);
        }
        said.push('\n');
    }
    if is_mostly_pictures(&said, pictures) {
        sink.unread(Unread::Picture);
    }
    sink.spend(said.len());
    sink.text(&said);
}

/// Parts that hold text.
fn is_text(kind: Document, name: &str) -> bool {
    let is_xml = name
        .rsplit_once('.')
        .is_some_and(|(_, ending)| ending == "xml");
    match kind {
        Document::Word => is_xml && name.starts_with("word/") && !name.contains("theme"),
        Document::Sheet => is_xml && name.starts_with("xl/") && !name.contains("theme"),
        Document::Slides => is_xml && name.starts_with("ppt/") && !name.contains("theme"),
        Document::Odf => {
            matches!(name, "content.xml" | "styles.xml" | "META-INF/manifest.xml")
        }
    }
}

fn is_picture(name: &str) -> bool {
    name.contains("/media/") || name.starts_with("Pictures/")
}

/// Whole files inside.
fn is_inside(name: &str) -> bool {
    name.contains("/embeddings/") || name.starts_with("ObjectReplacements/")
}

/// Text in the order of the document. In OOXML it stands in `t` elements (and `delText`), in OpenDocument everywhere.
fn flow(octets: &[u8], is_everywhere: bool, said: &mut String) -> Result<(), Unread> {
    let mut inside = 0_usize;
    each(octets, |piece| {
        match piece {
            Piece::Start(b"t" | b"delText" | b"instrText") => inside += 1,
            Piece::End(b"t" | b"delText" | b"instrText") => inside = inside.saturating_sub(1),
            Piece::Empty(b"br" | b"line-break" | b"cr") | Piece::End(b"p" | b"h" | b"tr") => {
                said.push('\n');
            }
            Piece::Empty(b"tab" | b"s") | Piece::End(b"tc" | b"table-cell") => said.push(' '),
            Piece::Empty(b"noBreakHyphen") => said.push('-'),
            Piece::Text(text) if is_everywhere || inside > 0 => said.push_str(text),
            _ => {}
        }
        said.len() < MAX_LETTERS
    })
}

/// The texts of a workbook.
fn strings(octets: &[u8], shared: &mut Vec<String>) -> Result<(), Unread> {
    let (mut inside, mut one, mut sum) = (false, String::new(), 0);
    each(octets, |piece| {
        match piece {
            Piece::Start(b"t") => inside = true,
            Piece::End(b"t") => inside = false,
            Piece::End(b"si") => shared.push(std::mem::take(&mut one)),
            Piece::Empty(b"si") => shared.push(String::new()),
            Piece::Text(text) if inside => {
                sum += text.len();
                one.push_str(text);
            }
            _ => {}
        }
        sum < MAX_LETTERS
    })
}

/// The cells of a sheet, a row a line. A CPR number that somebody typed as a number has lost its nought: it is put back.
fn cells(octets: &[u8], shared: &[String], said: &mut String) -> Result<(), Unread> {
    let (mut inside, mut is_shared, mut value) = (false, false, String::new());
    each_with(octets, |piece, attribute| {
        match piece {
            Piece::Start(b"c") => is_shared = attribute(b"t").as_deref() == Some("s"),
            Piece::Start(b"v" | b"t") => inside = true,
            Piece::End(b"v" | b"t") => {
                inside = false;
                let text = std::mem::take(&mut value);
                let is_number = !is_shared && text.bytes().all(|o| o.is_ascii_digit());
                if is_shared {
                    let number: Option<usize> = text.trim().parse().ok();
                    said.push_str(
                        number
                            .and_then(|n| shared.get(n))
                            .map_or("", |s| s.as_str()),
                    );
                } else if is_number && text.len() == 9 {
                    said.push('0');
                    said.push_str(&text);
                } else {
                    said.push_str(&text);
                }
            }
            Piece::End(b"c") => said.push_str("  "),
            Piece::End(b"row") => said.push('\n'),
            Piece::Text(text) if inside => value.push_str(text),
            _ => {}
        }
        said.len() < MAX_LETTERS
    })
}

/// A piece of XML, by the names of elements without their prefix.
enum Piece<'a> {
    Start(&'a [u8]),
    Empty(&'a [u8]),
    End(&'a [u8]),
    Text(&'a str),
}

fn each(octets: &[u8], mut take: impl FnMut(Piece<'_>) -> bool) -> Result<(), Unread> {
    each_with(octets, |piece, _| take(piece))
}

/// Gives each piece and a way to ask for an attribute of it; stops where `take` says that it is enough.
fn each_with(
    octets: &[u8],
    mut take: impl FnMut(Piece<'_>, &dyn Fn(&[u8]) -> Option<String>) -> bool,
) -> Result<(), Unread> {
    let text = crate::content::text::decode(octets).ok_or(Unread::Letters)?;
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let none = |_: &[u8]| None;
    loop {
        let goes_on = match reader.read_event().map_err(|_malformed| Unread::Damaged)? {
            Event::Eof => return Ok(()),
            Event::Start(element) => {
                let attribute = |name: &[u8]| {
                    let found = element.try_get_attribute(name).ok()??;
                    String::from_utf8(found.value.into_owned()).ok()
                };
                take(Piece::Start(element.local_name().as_ref()), &attribute)
            }
            Event::Empty(element) => take(Piece::Empty(element.local_name().as_ref()), &none),
            Event::End(element) => take(Piece::End(element.local_name().as_ref()), &none),
            Event::Text(text) => {
                let text = text.decode().map_err(|_bad| Unread::Letters)?;
                take(Piece::Text(&text), &none)
            }
            Event::CData(text) => {
                let text = text.decode().map_err(|_bad| Unread::Letters)?;
                take(Piece::Text(&text), &none)
            }
            Event::GeneralRef(name) => {
                let resolved = match name.resolve_char_ref() {
                    Ok(Some(letter)) => letter.to_string(),
                    _ => match &*name.into_inner() {
                        b"amp" => "&".to_owned(),
                        b"lt" => "<".to_owned(),
                        b"gt" => ">".to_owned(),
                        b"apos" => "'".to_owned(),
                        b"quot" => "\"".to_owned(),
                        // Entities of a document type are not followed: they are how XML grows without end.
                        _ => return Err(Unread::Damaged),
                    },
                };
                take(Piece::Text(&resolved), &none)
            }
            _ => true,
        };
        if !goes_on {
            return Err(Unread::TooLarge);
        }
    }
}
