//! A mail that was opened, as the page shows it: in words, with its worth before everything else. Pure.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

use crate::{
    app::{
        look::{Shape, Tone},
        outside::{beginning, cleaned},
    },
    mail::safe_file_name,
    segl::{Layer, Part, ReadHead, ReadMessage, ReadWarning, SignerVerdict, Standing},
    words::{Words, grouped},
};

/// Octets of a text that is laid out at once; of a larger one the beginning is shown.
const SHOWN: usize = 250_000;

/// What is shown of a mail. Has no `Debug` of its content: a text never reaches a log.
pub struct Mail {
    /// The light.
    pub tone: Tone,
    /// The shape.
    pub shape: Shape,
    /// What it is worth, in a sentence.
    pub verdict: String,
    /// Why, and what must be known before it is read: a sentence each.
    pub reasons: Vec<String>,
    /// The subject; a word in its place where there is none.
    pub subject: String,
    /// Sender, recipients, date, with what stands outside.
    pub fields: Vec<Field>,
    /// How subject, sender, recipients and date were protected: a sentence each.
    pub head: Vec<String>,
    /// The text, without what hides or reorders it.
    pub text: Zeroizing<String>,
    /// The files that can be saved.
    pub files: Vec<File>,
    /// The layers and signatures, for who wants to know: a line each.
    pub protection: Vec<String>,
    /// The message itself, to save files from.
    pub message: Handle,
}

/// The message behind the page.
#[derive(Clone, Default)]
pub struct Handle(Option<Arc<ReadMessage>>);

/// A field of the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it says; empty where it stands outside only.
    pub text: String,
    /// What stands outside, where that is something else; empty where it is not.
    pub outside: String,
}

/// A file of the mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its part, counted from 0.
    pub part: usize,
    /// The name that it would be saved by.
    pub name: String,
    /// What the button calls it.
    pub label: String,
    /// Octets.
    pub size: u64,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail")
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}

impl Handle {
    /// The message, where there is one.
    pub(in crate::app) fn message(&self) -> Option<&ReadMessage> {
        self.0.as_deref()
    }
}

impl Mail {
    /// The mail in words.
    pub fn of(read: ReadMessage, words: &Words) -> Self {
        let opened = &read.opened;
        let standing = read.standing();
        let (tone, shape) = light(standing);
        let is_large = opened.text.len() > SHOWN;
        let shown = if is_large {
            beginning(&opened.text)
        } else {
            &opened.text
        };
        let (text, hidden) = cleaned(shown);
        let text = Zeroizing::new(text);
        let mut reasons = reasons(&read, standing, words);
        if hidden > 0 {
            reasons.push(words.with("read-hidden", &[("count", hidden.into())]));
        }
        if is_large {
            let size = words.size(opened.text.len() as u64);
            reasons.push(words.with("read-large", &[("size", size.into())]));
        }
        let subject = opened.head.subject.trim();
        Self {
            tone,
            shape,
            verdict: verdict(&read, standing, words),
            reasons,
            subject: if subject.is_empty() {
                words.say("read-no-subject")
            } else {
                crate::words::visible(subject)
            },
            fields: fields(&read, words),
            head: head(&read, words),
            text,
            files: files(&opened.parts, is_large, words),
            protection: protection(&read, words),
            message: Handle(Some(Arc::new(read))),
        }
    }

    /// What is said when it is open: the light and the verdict, and why.
    pub fn spoken(&self, words: &Words) -> String {
        let light = words.say(self.tone.key());
        let mut text = format!("{light}: {}", self.verdict);
        for reason in &self.reasons {
            text.push(' ');
            text.push_str(reason);
        }
        text
    }
}

/// Green is for what was encrypted, and signed by its sender inside. What nobody vouches for is never green.
fn light(standing: Standing) -> (Tone, Shape) {
    match standing {
        Standing::Doubtful => (Tone::Red, Shape::NoEntry),
        Standing::Unprotected => (Tone::House, Shape::Open),
        Standing::Encrypted => (Tone::House, Shape::Question),
        Standing::Signed => (Tone::House, Shape::Tick),
        Standing::EncryptedAndSigned => (Tone::Green, Shape::Closed),
    }
}

fn verdict(read: &ReadMessage, standing: Standing, words: &Words) -> String {
    let who: Vec<String> = read.signers.iter().map(|s| words.signer_name(s)).collect();
    let who = words.listed(&who);
    let is_encrypted = read
        .opened
        .layers
        .iter()
        .any(|l| matches!(l, Layer::Encrypted { .. }));
    let warnings = &read.opened.warnings;
    let key = match standing {
        Standing::Doubtful => "read-is-doubtful",
        Standing::Unprotected if warnings.contains(&ReadWarning::OtherProtection) => {
            "read-is-other"
        }
        Standing::Unprotected => "read-is-unprotected",
        Standing::Encrypted if read.signers.is_empty() => "read-is-encrypted",
        Standing::Encrypted => "read-is-enveloped",
        Standing::Signed if is_encrypted => "read-is-weak",
        Standing::Signed => "read-is-signed",
        Standing::EncryptedAndSigned => "read-is-sealed",
    };
    words.with(key, &[("who", who.into())])
}

/// Bad signatures first, then what was noticed besides, then what to do.
fn reasons(read: &ReadMessage, standing: Standing, words: &Words) -> Vec<String> {
    let is_doubtful = standing == Standing::Doubtful;
    let mut lines: Vec<String> = Vec::new();
    if is_doubtful {
        // One that holds beside them would only be a reason to believe the rest.
        let bad = read.signers.iter().filter(|s| !s.is_good());
        lines.extend(bad.flat_map(|s| words.signer(s, &read.opened.head)));
    }
    let mut warnings = read.opened.warnings.clone();
    // How an older way is called matters to nobody who reads.
    warnings.retain(|w| *w != ReadWarning::LegacyProtection);
    lines.extend(warnings.iter().map(|w| words.read_warning(*w)));
    if is_doubtful {
        lines.push(words.say("read-next-doubtful"));
    }
    lines
}

fn fields(read: &ReadMessage, words: &Words) -> Vec<Field> {
    let (inside, outside) = (&read.opened.head, &read.opened.outside);
    let date = |head: &ReadHead| head.date.map(|at| words.moment(at)).unwrap_or_default();
    let rows = [
        ("lists-mail-from", inside.from.clone(), outside.from.clone()),
        ("lists-mail-to", inside.to.clone(), outside.to.clone()),
        ("lists-mail-cc", inside.cc.clone(), outside.cc.clone()),
        ("lists-mail-date", date(inside), date(outside)),
    ];
    let mut fields: Vec<Field> = rows
        .into_iter()
        .filter(|(_, inside, outside)| !(inside.is_empty() && outside.is_empty()))
        .map(|(name, inside, outside)| Field {
            name: words.say(name),
            outside: if inside.is_empty() {
                let args = [("name", words.say(name).into()), ("text", outside.into())];
                words.with("read-outside-only", &args)
            } else {
                differing(&inside, &outside, words)
            },
            text: crate::words::visible(&inside),
        })
        .collect();
    let subject = differing(&inside.subject, &outside.subject, words);
    if !subject.is_empty() {
        fields.insert(
            0,
            Field {
                name: words.say("field-subject"),
                text: crate::words::visible(&inside.subject),
                outside: subject,
            },
        );
    }
    fields
}

fn differing(inside: &str, outside: &str, words: &Words) -> String {
    match (inside.trim(), outside.trim()) {
        (inside, outside) if inside == outside => String::new(),
        (_, "") => words.say("read-outside-nothing"),
        (_, outside) => words.with("read-outside", &[("text", outside.into())]),
    }
}

/// How far the fields were protected. Nothing is said of a mail that has no protection at all: its verdict says it.
fn head(read: &ReadMessage, words: &Words) -> Vec<String> {
    let opened = &read.opened;
    if opened.layers.is_empty() {
        return Vec::new();
    }
    let Some(protection) = opened.head.protection else {
        return vec![words.say("read-head-outside")];
    };
    let is_doubtful = read.standing() == Standing::Doubtful;
    let key = match (protection.is_signed, protection.is_encrypted) {
        _ if is_doubtful => "read-head-doubtful",
        (true, _) => "read-head-signed",
        (false, true) => "read-head-encrypted",
        (false, false) => "read-head-neither",
    };
    let mut lines = vec![words.say(key)];
    if protection.is_subject_hidden {
        lines.push(words.say("read-subject-hidden"));
    } else if protection.is_encrypted {
        lines.push(words.say("read-subject-clear"));
    }
    lines
}

fn files(parts: &[Part], is_large: bool, words: &Words) -> Vec<File> {
    let is_file = |part: &Part| !part.is_text || is_large;
    let parts = parts.iter().enumerate().filter(|(_, part)| is_file(part));
    parts
        .map(|(index, part)| {
            let name = match &part.name {
                Some(name) => safe_file_name(name),
                None => words.with(
                    "read-part-name",
                    &[
                        ("number", (index + 1).into()),
                        ("ending", ending(&part.media).into()),
                    ],
                ),
            };
            let is_locked = matches!(
                &*part.media,
                "application/pkcs7-mime" | "application/x-pkcs7-mime"
            );
            let label = if is_locked {
                words.with("read-part-locked", &[("name", name.as_str().into())])
            } else {
                name.clone()
            };
            File {
                part: index,
                name,
                label,
                size: part.octets,
            }
        })
        .collect()
}

/// The ending of a part that has no name.
fn ending(media: &str) -> &'static str {
    match media {
        "text/plain" => "txt",
        "text/html" => "html",
        "text/calendar" => "ics",
        "message/rfc822" | "message/global" => "eml",
        "application/pdf" => "pdf",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "p7m",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "p7s",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        _ => "bin",
    }
}

/// The layers from outside to inside, whose key opened them, and each signature.
fn protection(read: &ReadMessage, words: &Words) -> Vec<String> {
    let opened = &read.opened;
    let mut lines: Vec<String> = opened
        .layers
        .iter()
        .map(|layer| match layer {
            Layer::Encrypted {
                readers,
                key_management,
                ..
            } => words.with(
                "read-detail-layer",
                &[
                    ("layer", words.layer(layer).into()),
                    ("method", (*key_management).into()),
                    ("readers", (*readers).into()),
                ],
            ),
            other => words.layer(other),
        })
        .collect();
    if let Some(key) = opened.decrypted_with {
        let fingerprint = grouped(&key.to_string());
        lines.push(words.with("read-detail-own", &[("fingerprint", fingerprint.into())]));
    }
    lines.extend(read.signers.iter().filter_map(|s| signer(s, words)));
    lines
}

fn signer(signer: &SignerVerdict, words: &Words) -> Option<String> {
    let certificate = signer.certificate.as_ref()?;
    let facts = certificate.facts();
    let when = signer.signed_at.map_or_else(
        || words.say("read-detail-time-unknown"),
        |at| words.moment(at),
    );
    let args = [
        ("when", when.into()),
        ("subject", facts.subject.as_str().into()),
        ("issuer", facts.issuer.as_str().into()),
        (
            "fingerprint",
            grouped(&certificate.sha256().to_string()).into(),
        ),
    ];
    Some(words.with("read-detail-signer", &args))
}
