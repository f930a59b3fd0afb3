//! What is inside: the parts of the innermost entity, and the text to show.

use std::ops::Range;

use mail_parser::decoders::charsets::map::charset_decoder;
use zeroize::Zeroizing;

use super::{
    MAX_DEPTH, MAX_PARTS, Warning,
    entity::{Entity, Transfer, decode},
    error::OpenError,
    head, html, is_cms,
};

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
        texts: Vec::new(),
        warnings,
    };
    let root = Entity::new(payload);
    let octets = head::wrapping(&root, from).map_or(payload, |inner| inner.octets);
    walk.entity(octets, 0, true)?;
    let Walk {
        mut parts, texts, ..
    } = walk;
    let mut text = Zeroizing::new(String::new());
    for at in texts {
        let part = &mut parts[at.index];
        part.is_text = true;
        let body = decode(part.transfer, &payload[part.range.clone()]);
        let Ok(octets) = body.map(|b| Zeroizing::new(b.into_owned())) else {
            continue;
        };
        let mut found = Zeroizing::new(characters(&octets, at.charset.as_deref()));
        if at.is_html {
            warnings.push(Warning::TextFromHtml);
            found = html::text(found);
        } else if at.drops_legacy_display {
            let text = without_legacy_display(&found).to_owned();
            *found = text;
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&found.replace("\r\n", "\n"));
    }
    Ok((parts, text))
}

/// A part that is text to be shown.
struct TextAt {
    index: usize,
    charset: Option<String>,
    is_html: bool,
    drops_legacy_display: bool,
}

struct Walk<'a, 'w> {
    payload: &'a [u8],
    parts: Vec<Part>,
    texts: Vec<TextAt>,
    warnings: &'w mut Vec<Warning>,
}

impl<'a> Walk<'a, '_> {
    /// `is_shown` is whether text here belongs to the mail, and not to a mail inside it.
    fn entity(&mut self, octets: &'a [u8], depth: usize, is_shown: bool) -> Result<(), OpenError> {
        if depth > MAX_DEPTH {
            return Err(OpenError::TooDeep);
        }
        let entity = Entity::new(octets);
        let media = entity.media();
        if let Some(kind) = media.strip_prefix("multipart/") {
            let Ok(children) = entity.children() else {
                self.warnings.push(Warning::PartUnreadable);
                return self.leaf(&entity, media, false);
            };
            if kind == "signed" || kind == "encrypted" {
                // As the root it would have been a layer.
                self.warnings.push(Warning::PartNotOpened);
            }
            if kind == "alternative" {
                return self.alternative(&children, depth, is_shown);
            }
            for child in children {
                self.entity(child, depth + 1, is_shown)?;
            }
            return Ok(());
        }
        if is_cms(&entity) {
            self.warnings.push(Warning::PartNotOpened);
        }
        self.leaf(&entity, media, is_shown)
    }

    /// Of several forms of one text the plainest is shown; all are listed.
    fn alternative(
        &mut self,
        children: &[&'a [u8]],
        depth: usize,
        is_shown: bool,
    ) -> Result<(), OpenError> {
        let plain = children
            .iter()
            .position(|c| Entity::new(c).media() == "text/plain");
        let chosen = plain.unwrap_or(0);
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
        let is_text = is_shown && !entity.is_attachment() && (is_html || media == "text/plain");
        if is_text && entity.file_name().is_none() {
            self.texts.push(TextAt {
                index: self.parts.len(),
                charset: entity.parameter("charset").map(str::to_owned),
                is_html,
                drops_legacy_display: entity.parameter("hp-legacy-display") == Some("1"),
            });
        }
        // The body is a piece of the payload, and its place is the distance of the two; an empty one may lie anywhere.
        let range = if entity.body.is_empty() {
            0..0
        } else {
            let start = entity.body.as_ptr().addr() - self.payload.as_ptr().addr();
            start..start + entity.body.len()
        };
        self.parts.push(Part {
            media,
            name: entity.file_name().map(str::to_owned),
            octets,
            is_text: false,
            range,
            transfer,
        });
        Ok(())
    }
}

/// Octets as text; UTF-8 where the character set is not told or not known.
fn characters(octets: &[u8], charset: Option<&str>) -> String {
    let decoder = charset.and_then(|name| charset_decoder(name.as_bytes()));
    match decoder {
        Some(decode) => decode(octets),
        None => String::from_utf8_lossy(octets).into_owned(),
    }
}

/// RFC 9788 §4.5.3.2: the copy of the fields above the text, for programs that do not know better.
fn without_legacy_display(text: &str) -> &str {
    let end = ["\r\n\r\n", "\n\n"]
        .iter()
        .filter_map(|gap| Some(text.find(gap)? + gap.len()))
        .min();
    end.map_or(text, |end| &text[end..])
}
