//! Saved mails: their subject, texts and files, and mails inside.

use mail_parser::{Message, MimeHeaders as _, PartType, decoders::html::html_to_text};

use super::{MAX_DEPTH, Sink};
use crate::{content::Unread, mail::bounds};

pub(super) fn read(octets: &[u8], depth: usize, sink: &mut Sink) {
    match bounds::parse(octets) {
        Some(message) => take(&message, depth, sink),
        None => sink.unread(Unread::Damaged),
    }
}

fn take(message: &Message<'_>, depth: usize, sink: &mut Sink) {
    if depth > MAX_DEPTH {
        return sink.unread(Unread::TooLarge);
    }
    if let Some(subject) = message.subject() {
        sink.text(subject);
    }
    for part in &message.parts {
        if !sink.may_read_part() {
            return;
        }
        let name = part.attachment_name().unwrap_or_default();
        if !name.is_empty() {
            sink.name(name);
        }
        match &part.body {
            PartType::Text(text) => {
                sink.spend(text.len());
                sink.text(text);
                if text.contains("-----BEGIN PGP MESSAGE") {
                    sink.unread(Unread::Encrypted);
                }
            }
            PartType::Html(html) => {
                sink.spend(html.len());
                sink.text(&html_to_text(html));
            }
            PartType::Binary(octets) | PartType::InlineBinary(octets) => {
                sink.spend(octets.len());
                let kind = part.content_type();
                let is = |sub: &str| {
                    kind.and_then(|k| k.subtype())
                        .is_some_and(|s| s.eq_ignore_ascii_case(sub))
                };
                if is("pkcs7-signature") || is("x-pkcs7-signature") || is("pgp-signature") {
                    continue;
                }
                if is("pkcs7-mime") || is("x-pkcs7-mime") {
                    sink.unread(Unread::Encrypted);
                    continue;
                }
                // A small picture in a mail is a logo; a large one may be a scanned page.
                let is_picture = kind.is_some_and(|k| k.ctype().eq_ignore_ascii_case("image"));
                if is_picture && octets.len() < SMALL_PICTURE {
                    continue;
                }
                sink.read(name, octets, depth + 1);
            }
            PartType::Message(inner) => take(inner, depth + 1, sink),
            PartType::Multipart(_) => {}
        }
    }
}

/// Octets of a picture that is a logo in a signature.
const SMALL_PICTURE: usize = 50_000;
