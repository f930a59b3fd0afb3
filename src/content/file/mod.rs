//! Files: what kind one is, by its octets before its name, and the text in it. Whatever cannot be read is said to be not
//! examined. Unpacking goes so deep, into so many parts and to so many octets, and no further: a file that was made to
//! grow without end costs no more than a large one.

mod archive;
mod mail;
mod office;

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use super::{
    Finding, Place, Unread,
    finding::{Confidence, Gathered},
    pdf, scan,
    text::{clean, decode},
};

/// Octets of a file at most.
pub const MAX_FILE: u64 = 64 << 20;
/// Octets that are unpacked of one file at most, all its parts together.
const MAX_UNPACKED: usize = 128 << 20;
/// Parts of one file at most, those inside parts too.
const MAX_PARTS: usize = 2_000;
/// Files inside files inside files.
const MAX_DEPTH: usize = 4;
/// Letters in a document at least that also holds pictures: with fewer the pictures are what it says.
const FEW_LETTERS: usize = 200;

/// What a file holds: findings, whose [`Place`] is that of the first file, and why parts of it could not be read. It holds
/// no text of the file but masks, and may be kept by the file's digest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FileFindings {
    /// What was found likely or surely.
    pub findings: Vec<Finding>,
    /// Why it, or parts of it, could not be examined; each reason once.
    pub not_examined: Vec<Unread>,
}

impl FileFindings {
    /// A file of which nothing is known.
    pub fn unread(why: Unread) -> Self {
        Self {
            findings: Vec::new(),
            not_examined: vec![why],
        }
    }
}

/// Looks into a file. The name helps where the octets do not say what it is. May take a second for a large file, so never
/// on the thread that draws; a fault in a reader of a format ends as "damaged", and never as "nothing found".
pub fn examine_file(name: &str, octets: &[u8]) -> FileFindings {
    if octets.len() as u64 > MAX_FILE {
        return FileFindings::unread(Unread::TooLarge);
    }
    let examined = catch_unwind(AssertUnwindSafe(|| {
        let mut sink = Sink::default();
        sink.read(name, octets, 0);
        sink
    }));
    let Ok(sink) = examined else {
        return FileFindings::unread(Unread::Damaged);
    };
    let mut findings = sink.gathered.findings(Place::File(1));
    findings.retain(|f| f.confidence > Confidence::Low);
    FileFindings {
        findings,
        not_examined: sink.unread,
    }
}

/// A name: what divides its words is read as a space as well.
pub(super) fn gather_name(name: &str, gathered: &mut Gathered) {
    let name = clean(name);
    scan::gather(&name, gathered);
    let apart = name.replace(['.', '_', '-', '+'], " ");
    // Numbers were found above: they hold such characters themselves.
    let words: String = apart
        .chars()
        .map(|c| if c.is_ascii_digit() { ' ' } else { c })
        .collect();
    let mut more = Gathered::default();
    scan::gather(&words, &mut more);
    gathered.join(more);
}

/// Where the text of a file goes, and what may still be spent on it.
pub(super) struct Sink {
    gathered: Gathered,
    unread: Vec<Unread>,
    left: usize,
    parts: usize,
}

impl Default for Sink {
    fn default() -> Self {
        Self {
            gathered: Gathered::default(),
            unread: Vec::new(),
            left: MAX_UNPACKED,
            parts: MAX_PARTS,
        }
    }
}

impl Sink {
    /// Takes a piece of text.
    pub(super) fn text(&mut self, text: &str) {
        scan::gather(&clean(text), &mut self.gathered);
    }

    /// Something cannot be read.
    pub(super) fn unread(&mut self, why: Unread) {
        if !self.unread.contains(&why) {
            self.unread.push(why);
        }
    }

    /// Octets that may still be unpacked.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// So many octets were unpacked, or looked through once more.
    pub(super) fn spend(&mut self, octets: usize) {
        self.left = self.left.saturating_sub(octets);
    }

    /// One more part; `false`, and said, where there are too many.
    pub(super) fn may_read_part(&mut self) -> bool {
        if self.parts == 0 || self.left == 0 {
            self.unread(Unread::TooLarge);
            return false;
        }
        self.parts -= 1;
        true
    }

    /// The name of a file inside.
    pub(super) fn name(&mut self, name: &str) {
        gather_name(name, &mut self.gathered);
    }

    /// A file, or one inside another.
    pub(super) fn read(&mut self, name: &str, octets: &[u8], depth: usize) {
        if octets.is_empty() {
            return;
        }
        if depth > MAX_DEPTH {
            return self.unread(Unread::TooLarge);
        }
        match kind(name, octets) {
            Kind::Pdf => pdf::read(octets, depth, self),
            Kind::Zip => archive::read(octets, depth, self),
            Kind::Mail => mail::read(octets, depth, self),
            Kind::Encrypted => self.unread(Unread::Encrypted),
            Kind::Picture => self.unread(Unread::Picture),
            Kind::Html => match decode(octets) {
                Some(text) => self.text(&mail_parser::decoders::html::html_to_text(&text)),
                None => self.unread(Unread::Letters),
            },
            Kind::Text => match decode(octets) {
                Some(text) => self.text(&text),
                None => self.unread(Unread::Kind),
            },
            Kind::Other => self.unread(Unread::Kind),
        }
    }
}

enum Kind {
    Pdf,
    Zip,
    Mail,
    Html,
    Text,
    Encrypted,
    Picture,
    Other,
}

/// Fields that a saved mail begins with.
const FIELDS: [&str; 12] = [
    "received:",
    "return-path:",
    "delivered-to:",
    "from:",
    "to:",
    "date:",
    "subject:",
    "message-id:",
    "mime-version:",
    "dkim-signature:",
    "content-type:",
    "x-",
];

fn kind(name: &str, octets: &[u8]) -> Kind {
    const PICTURES: [&[u8]; 9] = [
        b"\x89PNG",
        b"\xFF\xD8\xFF",
        b"GIF8",
        b"II*\0",
        b"MM\0*",
        b"BM",
        b"OggS",
        b"ID3",
        b"fLaC",
    ];
    let ending = name
        .rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default();
    let start = &octets[..octets.len().min(1024)];
    if memchr::memmem::find(start, b"%PDF-").is_some() {
        return Kind::Pdf;
    }
    if octets.starts_with(b"PK\x03\x04") || octets.starts_with(b"PK\x05\x06") {
        return Kind::Zip;
    }
    if octets.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        // The name of the stream that Office puts an encrypted document into, in UTF-16.
        let sealed: Vec<u8> = "EncryptedPackage".bytes().flat_map(|o| [o, 0]).collect();
        return match memchr::memmem::find(octets, &sealed) {
            Some(_) => Kind::Encrypted,
            None => Kind::Other,
        };
    }
    if matches!(
        ending.as_str(),
        "p7m" | "p7e" | "gpg" | "pgp" | "age" | "asc"
    ) || memchr::memmem::find(start, b"-----BEGIN PGP MESSAGE").is_some()
    {
        return Kind::Encrypted;
    }
    let is_media = matches!(start.get(4..8), Some(b"ftyp")) || start.starts_with(b"RIFF");
    if is_media || PICTURES.iter().any(|p| octets.starts_with(p)) {
        return Kind::Picture;
    }
    if octets.starts_with(b"{\\rtf") {
        return Kind::Other;
    }
    if ending == "eml" || is_mail(start) {
        return Kind::Mail;
    }
    let head = String::from_utf8_lossy(start).to_ascii_lowercase();
    let head = head.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    if matches!(ending.as_str(), "htm" | "html" | "xhtml")
        || head.starts_with("<!doctype html")
        || head.starts_with("<html")
    {
        return Kind::Html;
    }
    Kind::Text
}

/// Whether two of the first lines are fields of a mail.
fn is_mail(start: &[u8]) -> bool {
    let head = String::from_utf8_lossy(start).to_ascii_lowercase();
    let fields = head
        .lines()
        .take_while(|l| !l.is_empty())
        .filter(|l| FIELDS.iter().any(|f| l.starts_with(f)));
    let is_first = head
        .lines()
        .next()
        .is_some_and(|l| FIELDS.iter().any(|f| l.starts_with(f)));
    is_first && fields.count() >= 3
}

/// Whether a document with pictures says so little in letters that the pictures are what it says.
pub(super) fn is_mostly_pictures(text: &str, pictures: usize) -> bool {
    pictures > 0
        && text
            .chars()
            .filter(|c| c.is_alphanumeric())
            .take(FEW_LETTERS)
            .count()
            < FEW_LETTERS
}

#[cfg(test)]
mod tests;
