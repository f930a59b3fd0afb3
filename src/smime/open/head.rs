//! The fields that people read, and how far they were protected: RFC 9788, and the older ways.

use jiff::Timestamp;
use mail_parser::Addr;
use unicode_normalization::UnicodeNormalization as _;

use super::{Layer, Signer, Warning, entity::Entity, error::OpenError};
use crate::mail::{Address, is_forbidden};

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
    /// From outside and its address, where the one above came from inside on the word of signatures whose certificates
    /// nobody has judged yet.
    outside: Option<(String, Option<String>)>,
}

impl Head {
    /// Shows the sender outside again, where the one inside was taken on a signature's word. Returns whether it was.
    pub(super) fn take_back_from(&mut self) -> bool {
        let Some((from, address)) = self.outside.take() else {
            return false;
        };
        self.from = from;
        self.from_address = address;
        true
    }
}

/// How the fields of a message were protected (RFC 9788 §4.4).
#[expect(clippy::struct_excessive_bools, reason = "each holds or not by itself")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// A good signature covers them.
    pub is_signed: bool,
    /// They came inside the encryption.
    pub is_encrypted: bool,
    /// The subject could not be read on the way.
    pub is_subject_hidden: bool,
    /// It was encrypted as RFC 9788 has it (`hp="cipher"`), and not by an older way: such a program shows hidden fields.
    pub is_cipher: bool,
}

/// What was read.
pub(super) struct Read {
    /// The fields to show.
    pub(super) head: Head,
    /// Those of the outer header.
    pub(super) outside: Head,
    /// The innermost entity is a mail in a mail, whose inner one is the mail itself.
    pub(super) is_wrapped: bool,
}

/// Reads the fields to show, and those of the outer header: the former come from the innermost entity where they are
/// protected there.
pub(super) fn read(
    outer: &[u8],
    payload: &[u8],
    layers: &[Layer],
    signers: &[(usize, Signer)],
    warnings: &mut Vec<Warning>,
) -> Result<Read, OpenError> {
    let outside = Entity::new(outer)?;
    warnings.extend(doubts(&outside));
    let outside_head = fields(&outside);
    // What a message without any layer says of its protection is nobody's word.
    let only_outside = |head: Head| Read {
        head: head.clone(),
        outside: head,
        is_wrapped: false,
    };
    if layers.is_empty() {
        return Ok(only_outside(outside_head));
    }
    let inside = Entity::new(payload)?;
    let told = inside.parameter("hp").map(str::to_ascii_lowercase);
    let wrapped = wrapping(&inside, &outside)?;
    let (inner, is_wrapped) = match (told.as_deref(), &wrapped) {
        (Some("clear" | "cipher"), _) => (&inside, false),
        (_, Some(wrapped)) => {
            warnings.push(Warning::LegacyProtection);
            (wrapped, true)
        }
        _ if inside.parameter("protected-headers").is_some() => {
            warnings.push(Warning::LegacyProtection);
            (&inside, false)
        }
        _ => return Ok(only_outside(outside_head)),
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
    warnings.extend(doubts(inner));
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
        head.outside = Some((outside_head.from.clone(), outside_head.from_address.clone()));
        if !is_vouched {
            // RFC 9788 §4.4.1: then the outer one is shown, as that is what filters and people act on.
            warnings.push(Warning::FromDiffers);
            head.take_back_from();
        }
    }
    let told_outside = inside.header.all("HP-Outer").into_iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim()
            .eq_ignore_ascii_case("Subject")
            .then(|| value.trim().to_owned())
    });
    head.protection = Some(Protection {
        is_signed: !good.is_empty(),
        is_encrypted,
        is_cipher: is_encrypted && told.as_deref() == Some("cipher"),
        is_subject_hidden: is_encrypted
            && told_outside.unwrap_or_else(|| outside_head.subject.clone()) != head.subject,
    });
    Ok(Read {
        head,
        outside: outside_head,
        is_wrapped,
    })
}

/// The mail inside a wrapping of RFC 8551 §3.1: `message/rfc822` as the root of what was protected. It is told from a mail
/// that somebody forwards by saying so (RFC 7508 §4.5), or by being the mail outside: of the same sender, and with its
/// Message-ID or Date. The sender alone would not do: whoever has a mail forwarded to others wrote its From.
pub(super) fn wrapping<'a>(
    root: &Entity<'a>,
    outside: &Entity<'_>,
) -> Result<Option<Entity<'a>>, OpenError> {
    if root.media() != "message/rfc822" || root.is_attachment() {
        return Ok(None);
    }
    let inner = Entity::new(root.body)?;
    let told = root
        .parameter("forwarded")
        .map(|v| v.eq_ignore_ascii_case("no"));
    let is_one = told.unwrap_or_else(|| is_same_mail(&inner, outside));
    Ok(is_one.then_some(inner))
}

fn is_same_mail(inner: &Entity<'_>, outside: &Entity<'_>) -> bool {
    let [one, other] = [inner, outside].map(|entity| {
        let head = fields(entity);
        let id = entity.header.all("Message-ID").pop();
        let id = id
            .map(|id| id.trim().to_owned())
            .filter(|id| !id.is_empty());
        let from = head.from_address.map(|from| from.to_ascii_lowercase());
        (from, head.date, id)
    });
    let is_date = one.1.is_some() && one.1 == other.1;
    let is_id = one.2.is_some() && one.2 == other.2;
    one.0.is_some() && one.0 == other.0 && (is_date || is_id)
}

/// What makes it doubtful who the sender is.
fn doubts(entity: &Entity<'_>) -> Vec<Warning> {
    let mut found = Vec::new();
    if entity.header.raw("From").count() > 1 {
        found.push(Warning::SeveralFrom);
    }
    let from = entity.header.addresses("From");
    if from.is_some_and(|list| list.iter().any(shows_other_address)) {
        found.push(Warning::NameShowsAddress);
    }
    found
}

/// Whether the name before an address holds another address, wherever it stands in it: `anne@firm.example <eva@other.example>`.
fn shows_other_address(one: &Addr<'_>) -> bool {
    let Some(name) = one.name() else {
        return false;
    };
    let own = one.address().and_then(|a| Address::parse(a).ok());
    // As people read it: without what is not seen, and with letters of full width as the usual ones.
    let read: String = name.nfkc().filter(|c| !is_forbidden(*c)).collect();
    let read = read.replace(['\u{3002}', '\u{FF61}'], ".");
    let mut ats = read.match_indices('@');
    ats.any(|(at, _)| {
        let (local, domain) = (read[..at].trim_end(), read[at + 1..].trim_start());
        shows_address(local, domain) && !own.as_ref().is_some_and(|own| ends_in(local, domain, own))
    })
}

/// Whether an address stands around an `@`, whatever is written before and behind it.
fn shows_address(local: &str, domain: &str) -> bool {
    let domain = domain_at(domain);
    local.ends_with(|c: char| !"<>()[]{}\"',;:|/\\".contains(c))
        && Address::parse(&format!("a@{domain}")).is_ok()
}

/// The name of a domain at the beginning of a text.
fn domain_at(text: &str) -> &str {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.');
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    text[..end].trim_matches(|c: char| !c.is_alphanumeric())
}

/// Whether this very address stands there, and no longer one.
fn ends_in(local: &str, domain: &str, own: &Address) -> bool {
    let is_domain = Address::parse(&format!("a@{}", domain_at(domain)))
        .is_ok_and(|told| told.domain() == own.domain());
    let split = local.len().checked_sub(own.local().len());
    let split = split.filter(|at| local.is_char_boundary(*at));
    is_domain
        && split.is_some_and(|at| {
            let (before, named) = local.split_at(at);
            let is_longer =
                |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '+' | '-' | '@');
            named.eq_ignore_ascii_case(own.local()) && !before.ends_with(is_longer)
        })
}

fn fields(entity: &Entity<'_>) -> Head {
    let header = &entity.header;
    let from = header.addresses("From");
    let one = from
        .as_ref()
        .map(|list| list.iter().collect::<Vec<&Addr<'_>>>());
    let all = header.all("From");
    // With several fields it is chance which of them a program takes: all are shown, and none is the sender.
    let (from, from_address) = match (all.len(), one.as_deref()) {
        (2.., _) => (all.join(", "), None),
        (_, Some([only])) => (
            crate::mail::addresses(from.as_ref()),
            only.address().map(str::to_owned),
        ),
        _ => (crate::mail::addresses(from.as_ref()), None),
    };
    Head {
        from,
        from_address,
        to: crate::mail::addresses(header.addresses("To").as_ref()),
        cc: crate::mail::addresses(header.addresses("Cc").as_ref()),
        date: header.date(),
        subject: header.all("Subject").into_iter().next().unwrap_or_default(),
        protection: None,
        outside: None,
    }
}
