//! A draft: what somebody wants to send, before anything is decided.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Address, Class, Digest, Kind, Mailbox, Recipient, digest::hex};

/// A draft's name: 128 random bits in hex. It never leaves this computer except in the record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DraftId(String);

/// A message in the making.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its name.
    pub id: DraftId,
    /// Who it is from.
    pub from: Mailbox,
    /// Who really sends it, where that is not `from` (RFC 5322 §3.6.2): a secretary on behalf of a lawyer.
    pub sender: Option<Mailbox>,
    /// Where answers go, where that is not `from`.
    pub reply_to: Option<Mailbox>,
    /// Main recipients.
    pub to: Vec<Mailbox>,
    /// Copies.
    pub cc: Vec<Mailbox>,
    /// Copies that no other recipient sees.
    pub bcc: Vec<Mailbox>,
    /// The subject, one line.
    pub subject: String,
    /// What it says.
    pub body: Body,
    /// Files that go with it.
    pub attachments: Vec<Attachment>,
    /// The message that this answers: a message identifier with its angle brackets.
    pub in_reply_to: Option<String>,
    /// The messages before it, oldest first, each with its angle brackets.
    pub references: Vec<String>,
    /// What it holds, as its sender classed it; unset counts as the firm's default.
    #[serde(default)]
    pub class: Option<Class>,
    /// What detectors found in it and its sender says is not there.
    #[serde(default)]
    pub dismissed: Vec<Dismissed>,
    /// Set where an earlier sending of this draft did not reach everybody.
    #[serde(default)]
    pub again: Option<Again>,
}

/// The sender's word that something which was found is not there. It covers what had been found by then: what is
/// written afterwards is looked at anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dismissed {
    /// The code of its category.
    pub category: String,
    /// How many had been found.
    pub up_to: usize,
}

/// What an earlier sending of the same draft fixed: whoever has the message already and whoever gets it now must have
/// the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Again {
    /// The message identifier with its angle brackets.
    pub message_id: String,
    /// The date.
    pub date: Timestamp,
    /// The row of the record with the earlier intent.
    pub seq: u64,
    /// The link of that row.
    pub link: Digest,
    /// Recipients who may have it already: sending again may give it to them twice.
    pub doubtful: Vec<Address>,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// Plain text, lines ended by `\n`.
    Text(String),
    /// A formatted body that another program made. It is sent unchanged.
    HandedOver {
        /// A line of the user's own that goes on top.
        own: String,
        /// The MIME entity: Content-* fields, an empty line, and the body, octet for octet.
        #[serde(with = "octets")]
        entity: Vec<u8>,
        /// Its text, to read and not to send.
        preview: String,
    },
}

/// A file that goes with a message. It is opened when the message is rendered, and must then still be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Where it lies.
    pub path: PathBuf,
    /// The name that recipients see.
    pub name: String,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// Octets, when it was attached.
    pub size: u64,
    /// SHA-256, when it was attached.
    pub sha256: Digest,
}

impl DraftId {
    /// A new random name.
    ///
    /// # Errors
    /// Only if the operating system gives no randomness.
    pub fn random() -> Result<Self, openssl::error::ErrorStack> {
        let mut octets = [0; 16];
        openssl::rand::rand_bytes(&mut octets)?;
        Ok(Self(hex(&octets)))
    }

    /// The name that a digest in hexadecimal gives: for drafts that must have the same name each time they are made.
    pub fn of_digest(sha256: &str) -> Self {
        Self(sha256.chars().take(32).collect())
    }

    /// The name from its text: 32 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let is_name = text.len() == 32
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        is_name.then(|| Self(text.to_owned()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for DraftId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Draft {
    /// An empty draft.
    pub fn new(id: DraftId, from: Mailbox) -> Self {
        Self {
            id,
            from,
            sender: None,
            reply_to: None,
            to: Vec::new(),
            cc: Vec::new(),
            bcc: Vec::new(),
            subject: String::new(),
            body: Body::Text(String::new()),
            attachments: Vec::new(),
            in_reply_to: None,
            references: Vec::new(),
            class: None,
            dismissed: Vec::new(),
            again: None,
        }
    }

    /// Everybody it goes to, each address once: To before Cc before Bcc.
    pub fn recipients(&self) -> Vec<Recipient> {
        let groups = [
            (Kind::To, &self.to),
            (Kind::Cc, &self.cc),
            (Kind::Bcc, &self.bcc),
        ];
        let mut seen = std::collections::HashSet::new();
        let all = groups
            .iter()
            .flat_map(|(kind, list)| list.iter().map(|m| (*kind, m)));
        all.filter(|(_, mailbox)| seen.insert(&mailbox.address))
            .map(|(kind, mailbox)| Recipient {
                kind,
                mailbox: mailbox.clone(),
            })
            .collect()
    }

    /// Everybody's name, or address where there is none.
    pub fn labels(&self) -> Vec<String> {
        let recipients = self.recipients();
        recipients
            .iter()
            .map(|r| r.mailbox.label().to_owned())
            .collect()
    }

    /// Whether somebody may have it already, and nobody knows.
    pub fn is_in_doubt(&self) -> bool {
        self.again.as_ref().is_some_and(|a| !a.doubtful.is_empty())
    }

    /// Every mailbox as it stands in To, Cc and Bcc, also one that stands there twice.
    pub fn mailboxes(&self) -> impl Iterator<Item = &Mailbox> {
        self.to.iter().chain(&self.cc).chain(&self.bcc)
    }

    /// The same draft for these recipients only.
    #[must_use]
    pub fn only_for(&self, keep: impl Fn(&Address) -> bool) -> Self {
        let kept = |list: &[Mailbox]| list.iter().filter(|m| keep(&m.address)).cloned().collect();
        Self {
            to: kept(&self.to),
            cc: kept(&self.cc),
            bcc: kept(&self.bcc),
            ..self.clone()
        }
    }

    /// What a consent is bound to: sender, class, subject, text and files. Another word makes another digest. Recipients are
    /// not in it: whom a consent covers is compared name by name.
    pub fn content_digest(&self) -> Digest {
        let mut fields: Vec<Vec<u8>> = vec![
            self.from.to_string().into_bytes(),
            self.subject.clone().into_bytes(),
        ];
        match &self.body {
            Body::Text(text) => fields.extend([b"text".to_vec(), text.clone().into_bytes()]),
            Body::HandedOver { own, entity, .. } => {
                fields.extend([b"entity".to_vec(), own.clone().into_bytes(), entity.clone()]);
            }
        }
        fields.extend(self.class.map(|class| class.code().as_bytes().to_vec()));
        for file in &self.attachments {
            fields.extend([
                file.name.clone().into_bytes(),
                file.sha256.as_bytes().to_vec(),
            ]);
        }
        Digest::of_fields(fields.iter().map(Vec::as_slice))
    }
}

/// Octets as base64 text, so that a draft stays readable JSON.
mod octets {
    use base64_simd::STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(
        octets: &[u8],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode_to_string(octets))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode_to_vec(text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft::new(
            DraftId::random().unwrap(),
            Mailbox::parse("Anne <anne@x.example>").unwrap(),
        )
    }

    #[test]
    fn an_address_given_twice_is_a_recipient_once_and_to_goes_before_bcc() {
        let mut draft = draft();
        let mailbox = |t| Mailbox::parse(t).unwrap();
        draft.bcc = vec![mailbox("bo@y.example"), mailbox("eva@z.example")];
        draft.cc = vec![mailbox("Bo <BO@y.example>")];
        draft.to = vec![mailbox("hans@x.example")];
        let recipients = draft.recipients();
        let kinds: Vec<_> = recipients
            .iter()
            .map(|r| (r.kind, r.mailbox.address.key()))
            .collect();
        let wanted = [
            (Kind::To, "hans@x.example"),
            (Kind::Cc, "bo@y.example"),
            (Kind::Bcc, "eva@z.example"),
        ];
        assert_eq!(kinds, wanted.map(|(k, a)| (k, a.to_owned())));
    }

    #[test]
    fn a_name_comes_back_from_its_text_and_nothing_else_is_one() {
        let id = DraftId::random().unwrap();
        assert_eq!(DraftId::parse(id.as_str()), Some(id));
        for text in ["", "../../etc", "0123456789ABCDEF0123456789ABCDEF"] {
            assert_eq!(DraftId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn another_word_or_file_makes_another_content() {
        let mut draft = draft();
        let empty = draft.content_digest();
        draft.body = Body::Text("x".to_owned());
        let text = draft.content_digest();
        assert_ne!(empty, text);
        draft.attachments.push(Attachment {
            path: "a".into(),
            name: "a".to_owned(),
            media_type: "text/plain".to_owned(),
            size: 1,
            sha256: Digest::of(b"a"),
        });
        let one = draft.content_digest();
        draft.attachments[0].sha256 = Digest::of(b"b");
        assert_ne!(text, one);
        assert_ne!(one, draft.content_digest());
    }

    #[test]
    fn a_draft_comes_back_from_json_as_it_was() {
        let mut draft = draft();
        draft.body = Body::HandedOver {
            own: "ø".to_owned(),
            entity: vec![0, 255, 13, 10],
            preview: String::new(),
        };
        let json = serde_json::to_string(&draft).unwrap();
        assert_eq!(serde_json::from_str::<Draft>(&json).unwrap(), draft);
    }
}
