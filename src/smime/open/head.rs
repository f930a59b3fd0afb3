//! The fields that people read, and how far they were protected: RFC 9788, and the older ways.

use jiff::Timestamp;
use mail_parser::{Addr, Message};

use super::{Layer, Signer, Warning, entity::Entity};
use crate::mail::Address;

/// The fields to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// From, as one text.
    pub from: String,
    /// The address in From; none where there is not exactly one.
    pub from_address: Option<String>,
    /// To and Cc, each as one text.
    pub to: String,
    /// See there.
    pub cc: String,
    /// The Date field.
    pub date: Option<Timestamp>,
    /// The subject.
    pub subject: String,
    /// How far these were protected; none where they stand outside only.
    pub protection: Option<Protection>,
}

/// How the fields of a message were protected (RFC 9788 §4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// A good signature covers them.
    pub is_signed: bool,
    /// They came inside the encryption.
    pub is_encrypted: bool,
    /// The subject could not be read on the way.
    pub is_subject_hidden: bool,
}

/// Reads the fields to show, and those of the outer header: the former come from the innermost entity where they are
/// protected there.
pub(super) fn read(
    outer: &[u8],
    payload: &[u8],
    layers: &[Layer],
    signers: &[(usize, Signer)],
    warnings: &mut Vec<Warning>,
) -> (Head, Head) {
    let outside = Entity::new(outer);
    if outside.all("From").len() > 1 {
        warnings.push(Warning::SeveralFrom);
    }
    let outside_head = fields(&outside);
    // What a message without any layer says of its protection is nobody's word.
    if layers.is_empty() {
        return (outside_head.clone(), outside_head);
    }
    let inside = Entity::new(payload);
    let told = inside.parameter("hp").map(str::to_ascii_lowercase);
    let wrapped = wrapping(&inside, outside_head.from_address.as_deref());
    let inner = match (told.as_deref(), &wrapped) {
        (Some("clear" | "cipher"), _) => &inside,
        (_, Some(wrapped)) => {
            warnings.push(Warning::LegacyProtection);
            wrapped
        }
        _ if inside.parameter("protected-headers").is_some() => {
            warnings.push(Warning::LegacyProtection);
            &inside
        }
        _ => return (outside_head.clone(), outside_head),
    };
    let good: Vec<&Signer> = signers
        .iter()
        .map(|(_, s)| s)
        .filter(|s| s.faults.is_empty())
        .collect();
    let is_enveloped = layers
        .iter()
        .any(|layer| matches!(layer, Layer::Encrypted { .. }));
    let is_encrypted = is_enveloped && told.as_deref() != Some("clear");
    let mut head = fields(inner);
    let same = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => false,
    };
    if !same(&head.from_address, &outside_head.from_address) {
        let named = head
            .from_address
            .as_deref()
            .and_then(|a| Address::parse(a).ok());
        let is_vouched = named.is_some_and(|address| {
            good.iter()
                .any(|s| s.certificate.as_ref().is_some_and(|c| c.names(&address)))
        });
        if !is_vouched {
            // RFC 9788 §4.4.1: then the outer one is shown, as that is what filters and people act on.
            warnings.push(Warning::FromDiffers);
            head.from.clone_from(&outside_head.from);
            head.from_address.clone_from(&outside_head.from_address);
        }
    }
    let told_outside = inside.all("HP-Outer").into_iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim()
            .eq_ignore_ascii_case("Subject")
            .then(|| value.trim().to_owned())
    });
    head.protection = Some(Protection {
        is_signed: !good.is_empty(),
        is_encrypted,
        is_subject_hidden: is_encrypted
            && told_outside.unwrap_or_else(|| outside_head.subject.clone()) != head.subject,
    });
    (head, outside_head)
}

/// The mail inside a wrapping of RFC 8551 §3.1: `message/rfc822` as the root of what was protected. It is told from a mail
/// that somebody forwards by saying so (RFC 7508 §4.5), or by being from the sender that stands outside.
pub(super) fn wrapping<'a>(root: &Entity<'a>, outer_from: Option<&str>) -> Option<Entity<'a>> {
    if root.media() != "message/rfc822" || root.is_attachment() {
        return None;
    }
    let inner = Entity::new(root.body);
    let told = root
        .parameter("forwarded")
        .map(|v| v.eq_ignore_ascii_case("no"));
    let is_one = told.unwrap_or_else(|| {
        let from = fields(&inner).from_address;
        from.is_some_and(|from| outer_from.is_some_and(|outer| outer.eq_ignore_ascii_case(&from)))
    });
    is_one.then_some(inner)
}

fn fields(entity: &Entity<'_>) -> Head {
    let message = entity.fields();
    let from = message.and_then(Message::from);
    let one = from.map(|list| list.iter().collect::<Vec<&Addr<'_>>>());
    let from_address = match one.as_deref() {
        Some([only]) => only.address().map(str::to_owned),
        _ => None,
    };
    Head {
        from: crate::mail::addresses(from),
        from_address,
        to: crate::mail::addresses(message.and_then(Message::to)),
        cc: crate::mail::addresses(message.and_then(Message::cc)),
        date: message
            .and_then(Message::date)
            .and_then(|d| Timestamp::from_second(d.to_timestamp()).ok()),
        subject: entity.all("Subject").into_iter().next().unwrap_or_default(),
        protection: None,
    }
}
