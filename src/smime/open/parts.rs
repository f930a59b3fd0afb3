//! What is inside: the parts of the innermost entity, and the text to show.

use std::ops::Range;

use zeroize::Zeroizing;

use super::{
    MAX_DEPTH, MAX_PARTS, Warning,
    entity::{Entity, place},
    error::OpenError,
    header::Header,
    is_certificates, is_cms, is_smime_signature,
    text::Manner,
    transfer::{Transfer, decode},
};
use crate::mail::{Flow, is_forbidden};

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

/// What is known of the innermost entity from its own fields and from what is around it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around {
    /// It is a mail in a mail, and the inner one is what is read.
    pub(super) is_wrapped: bool,
    /// It was encrypted as RFC 9788 has it: only there a copy of the fields may stand above a text (§4.5.3). Anywhere else
    /// the word for it would hide what was signed.
    pub(super) is_cipher: bool,
}

/// Walks the innermost entity.
pub(super) fn read(
    payload: &[u8],
    around: Around,
    warnings: &mut Vec<Warning>,
) -> Result<(Vec<Part>, Zeroizing<String>), OpenError> {
    let whole = Entity::new(payload)?;
    let mut walk = Walk {
        payload,
        copied: Some(&whole.header).filter(|_| around.is_cipher),
        parts: Vec::new(),
        multiparts: 0,
        texts: Vec::new(),
        named: None,
        warnings,
    };
    let octets = if around.is_wrapped {
        whole.body
    } else {
        payload
    };
    walk.entity(octets, 0, true)?;
    let Walk {
        mut parts,
        texts,
        named,
        ..
    } = walk;
    let is_named = texts.is_empty();
    let texts = if is_named {
        Vec::from_iter(named)
    } else {
        texts
    };
    let room = payload.len() + payload.len() / 4 + ROOM;
    let mut text = Zeroizing::new(String::new());
    for (index, manner) in texts {
        let part = &mut parts[index];
        // What has a name stays a file, too.
        part.is_text = !is_named;
        let Ok(plain) = decode(part.transfer, &payload[part.range.clone()]) else {
            continue;
        };
        let (found, is_cut) = manner.read(plain.octets, room.saturating_sub(text.len()));
        if is_cut {
            warnings.push(Warning::TextCut);
        }
        if manner.is_html {
            warnings.push(Warning::TextFromHtml);
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

/// Octets that a text may have more than a quarter above what was sent: in another character set it is longer, and with
/// the mail itself it stands in memory.
const ROOM: usize = 1 << 20;
/// Octets of a text at most that is looked through for whether it says anything.
const BLANK: usize = 8 << 10;

struct Walk<'a, 'w> {
    payload: &'a [u8],
    /// The protected header, where a copy of it may stand above a text.
    copied: Option<&'a Header<'a>>,
    parts: Vec<Part>,
    /// Those that hold others: they stand in no list, and cost time all the same.
    multiparts: usize,
    /// Which parts are the text, and how each is read.
    texts: Vec<(usize, Manner<'a>)>,
    /// The first text that has the name of a file, and is no attachment: some programs name the text of the mail itself.
    named: Option<(usize, Manner<'a>)>,
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
                Err(OpenError::TooManyParts) => return Err(OpenError::TooManyParts),
                children => children.ok(),
            };
            if kind == "signed" || kind == "encrypted" {
                let children = children.as_deref().unwrap_or_default();
                self.warnings.push(protection(&entity, kind, children)?);
            }
            let Some(children) = children else {
                self.warnings.push(Warning::PartUnreadable);
                return self.leaf(&entity, media, false);
            };
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
        // Some programs put an empty one before the form that they fill.
        let chosen = first(|e| is_text(e) && e.media() == "text/plain" && !is_blank(e))
            .or_else(|| {
                first(|e| is_text(e) && !is_blank(e) || e.media().starts_with("multipart/"))
            })
            .or_else(|| first(is_text))
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
        let plain = decode(transfer, entity.body);
        if !plain.as_ref().is_ok_and(|plain| plain.is_whole) {
            self.warnings.push(Warning::PartUnreadable);
        }
        let octets = plain.map_or(entity.body.len(), |plain| plain.octets.len()) as u64;
        let is_html = media == "text/html";
        if is_shown && may_be_text(entity) {
            let is_told = entity.parameter("hp-legacy-display") == Some("1");
            let manner = Manner {
                charset: entity.parameter("charset").map(str::to_owned),
                is_html,
                copied: self.copied.filter(|_| is_told),
                flow: Flow::of(|name| entity.parameter(name)).filter(|_| !is_html),
            };
            let found = (self.parts.len(), manner);
            if is_text(entity) {
                self.texts.push(found);
            } else {
                self.named.get_or_insert(found);
            }
        }
        self.parts.push(Part {
            media,
            name: entity.file_name().map(std::borrow::Cow::into_owned),
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
    may_be_text(entity) && entity.file_name().is_none()
}

fn may_be_text(entity: &Entity<'_>) -> bool {
    let is_text = matches!(entity.media().as_str(), "text/plain" | "text/html");
    is_text && !entity.is_attachment()
}

/// What is said of a multipart that protects, and is no layer. One that was signed is often found below a root that a
/// mailing list made of it, with a text of its own beside.
fn protection(entity: &Entity<'_>, kind: &str, children: &[&[u8]]) -> Result<Warning, OpenError> {
    let told = entity.parameter("protocol");
    let is_other = match told {
        Some(protocol) => !protocol.to_ascii_lowercase().contains("pkcs7"),
        None => kind == "encrypted" || !holds_signature(children)?,
    };
    Ok(match (is_other, kind) {
        (true, _) => Warning::OtherProtection,
        (false, "signed") if children.len() > 1 => Warning::PartSigned,
        (false, "signed") => Warning::SignatureUnreadable,
        (false, _) => Warning::PartNotOpened,
    })
}

/// Whether one of these is a signature of S/MIME.
pub(super) fn holds_signature(children: &[&[u8]]) -> Result<bool, OpenError> {
    for child in children {
        if is_smime_signature(Some(&Entity::new(child)?.media())) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether nothing of a text would be seen: a short one of blanks alone.
fn is_blank(entity: &Entity<'_>) -> bool {
    let is_blank = |octets: &[u8]| {
        let text = String::from_utf8_lossy(octets);
        text.chars().all(|c| c.is_whitespace() || is_forbidden(c))
    };
    entity.body.len() <= BLANK && entity.decoded_body().is_ok_and(|octets| is_blank(&octets))
}
