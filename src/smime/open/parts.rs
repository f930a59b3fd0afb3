//! What is inside: the parts of the innermost entity, and the text to show.

use std::{borrow::Cow, ops::Range};

use mail_parser::decoders::charsets::map::charset_decoder;
use zeroize::Zeroizing;

use super::{
    MAX_DEPTH, MAX_PARTS, Warning,
    entity::{Entity, Transfer, decode, place},
    error::OpenError,
    head, html, is_certificates, is_cms,
};
use crate::mail::Flow;

/// One part that is no multipart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Media type in lower case.
    pub media: String,
    /// The name that the sender gave it: not fit for a file system as it stands.
    pub name: Option<String>,
    /// Octets without transfer encoding.
    pub octets: u64,
    /// Whether it is the text that is shown, and not a file.
    pub is_text: bool,
    pub(super) range: Range<usize>,
    pub(super) transfer: Transfer,
}

/// Walks the innermost entity; `from` is the sender outside, where a layer protects it.
pub(super) fn read(
    payload: &[u8],
    from: Option<&str>,
    warnings: &mut Vec<Warning>,
) -> Result<(Vec<Part>, Zeroizing<String>), OpenError> {
    let mut walk = Walk {
        payload,
        parts: Vec::new(),
        multiparts: 0,
        texts: Vec::new(),
        warnings,
    };
    let root = Entity::new(payload)?;
    let octets = head::wrapping(&root, from)?.map_or(payload, |inner| inner.octets);
    walk.entity(octets, 0, true)?;
    let Walk {
        mut parts, texts, ..
    } = walk;
    let mut text = Zeroizing::new(String::new());
    for at in texts {
        let part = &mut parts[at.index];
        part.is_text = true;
        let Ok(octets) = decode(part.transfer, &payload[part.range.clone()]) else {
            continue;
        };
        let mut found = Zeroizing::new(characters(&octets, at.charset.as_deref()));
        if let Cow::Owned(octets) = octets {
            drop(Zeroizing::new(octets));
        }
        if at.is_html {
            warnings.push(Warning::TextFromHtml);
            found = html::text(found);
        } else if at.drops_legacy_display {
            let kept = without_legacy_display(&found).len();
            let dropped = found.len() - kept;
            found.drain(..dropped);
        }
        with_line_feeds(&mut found);
        if let Some(flow) = &at.flow {
            found = Zeroizing::new(flow.unflowed(&found));
        }
        if text.is_empty() {
            text = found;
        } else {
            text.push_str("\n\n");
            text.push_str(&found);
        }
    }
    // OpenPGP within a text: shown as it stands.
    if text.lines().any(|line| line.starts_with("-----BEGIN PGP ")) {
        warnings.push(Warning::OtherProtection);
    }
    Ok((parts, text))
}

/// A part that is text to be shown.
struct TextAt {
    index: usize,
    charset: Option<String>,
    is_html: bool,
    drops_legacy_display: bool,
    flow: Option<Flow>,
}

struct Walk<'a, 'w> {
    payload: &'a [u8],
    parts: Vec<Part>,
    /// Those that hold others: they stand in no list, and cost time all the same.
    multiparts: usize,
    texts: Vec<TextAt>,
    warnings: &'w mut Vec<Warning>,
}

impl<'a> Walk<'a, '_> {
    /// `is_shown` is whether text here belongs to the mail, and not to a mail inside it.
    fn entity(&mut self, octets: &'a [u8], depth: usize, is_shown: bool) -> Result<(), OpenError> {
        if depth > MAX_DEPTH {
            return Err(OpenError::TooDeep);
        }
        let entity = Entity::new(octets)?;
        let media = entity.media();
        if let Some(kind) = media.strip_prefix("multipart/") {
            self.multiparts += 1;
            if self.multiparts > MAX_PARTS {
                return Err(OpenError::TooManyParts);
            }
            let children = match entity.children() {
                Ok(children) => children,
                Err(OpenError::TooManyParts) => return Err(OpenError::TooManyParts),
                Err(_) => {
                    self.warnings.push(Warning::PartUnreadable);
                    return self.leaf(&entity, media, false);
                }
            };
            if kind == "signed" || kind == "encrypted" {
                let protocol = entity.parameter("protocol");
                let is_other = protocol.is_some_and(|p| !p.to_ascii_lowercase().contains("pkcs7"));
                self.warnings.push(if is_other {
                    Warning::OtherProtection
                } else {
                    // As the root it would have been a layer.
                    Warning::PartNotOpened
                });
            }
            if kind == "alternative" {
                return self.alternative(&children, depth, is_shown);
            }
            for child in children {
                self.entity(child, depth + 1, is_shown)?;
            }
            return Ok(());
        }
        if is_cms(&entity) && !is_certificates(&entity) {
            self.warnings.push(Warning::PartNotOpened);
        }
        if media == "application/pgp-encrypted" {
            self.warnings.push(Warning::OtherProtection);
        }
        self.leaf(&entity, media, is_shown)
    }

    /// Of several forms of one text the plainest that is text is shown; all are listed.
    fn alternative(
        &mut self,
        children: &[&'a [u8]],
        depth: usize,
        is_shown: bool,
    ) -> Result<(), OpenError> {
        let entities = children.iter().map(|child| Entity::new(child));
        let entities = entities.collect::<Result<Vec<_>, _>>()?;
        let first = |is_it: fn(&Entity<'_>) -> bool| entities.iter().position(is_it);
        let chosen = first(|e| is_text(e) && e.media() == "text/plain")
            .or_else(|| first(|e| is_text(e) || e.media().starts_with("multipart/")))
            .unwrap_or_default();
        for (at, child) in children.iter().enumerate() {
            self.entity(child, depth + 1, is_shown && at == chosen)?;
        }
        Ok(())
    }

    fn leaf(
        &mut self,
        entity: &Entity<'a>,
        media: String,
        is_shown: bool,
    ) -> Result<(), OpenError> {
        if self.parts.len() == MAX_PARTS {
            return Err(OpenError::TooManyParts);
        }
        let transfer = entity.transfer();
        let octets = if let Ok(plain) = decode(transfer, entity.body) {
            plain.len() as u64
        } else {
            self.warnings.push(Warning::PartUnreadable);
            entity.body.len() as u64
        };
        let is_html = media == "text/html";
        if is_shown && is_text(entity) {
            self.texts.push(TextAt {
                index: self.parts.len(),
                charset: entity.parameter("charset").map(str::to_owned),
                is_html,
                drops_legacy_display: entity.parameter("hp-legacy-display") == Some("1"),
                flow: Flow::of(|name| entity.parameter(name)).filter(|_| !is_html),
            });
        }
        self.parts.push(Part {
            media,
            name: entity.file_name().map(str::to_owned),
            octets,
            is_text: false,
            range: place(entity.body, self.payload),
            transfer,
        });
        Ok(())
    }
}

/// Whether it is text of the mail, and not a file.
fn is_text(entity: &Entity<'_>) -> bool {
    let is_text = matches!(entity.media().as_str(), "text/plain" | "text/html");
    is_text && !entity.is_attachment() && entity.file_name().is_none()
}

/// Octets as text; UTF-8 where the character set is not told or not known.
fn characters(octets: &[u8], charset: Option<&str>) -> String {
    let decoder = charset.and_then(|name| charset_decoder(name.as_bytes()));
    match decoder {
        Some(decode) => decode(octets),
        None => String::from_utf8_lossy(octets).into_owned(),
    }
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

/// RFC 9788 §4.5.3.2: the copy of the fields above the text, for programs that do not know better.
fn without_legacy_display(text: &str) -> &str {
    let end = ["\r\n\r\n", "\n\n"]
        .iter()
        .filter_map(|gap| Some(text.find(gap)? + gap.len()))
        .min();
    end.map_or(text, |end| &text[end..])
}
