//! A message inside another one, to the gateway of the recipients' organisation: complete within, and outside only what
//! brings it from one mailbox to the other.
//!
//! The payload's root is `message/rfc822; hp="cipher"` with the outer message's own From, To, Subject and Date. So it is
//! a message that is handed on, and not the wrapping of a message's own header that RFC 9788 §4.10 bans.

use std::io::Write;

use jiff::Timestamp;

use super::{
    message::{self, Header, MakeError, Ready},
    recorded::About,
    send::envelope_from,
};
use crate::{
    cert::Certificate,
    decide::{Confirmed, Route},
    mail::{
        self, Address, Base64Lines, Body, Digest, Draft, Head, Kind, Mailbox, Recipient,
        RenderError,
    },
    smime::{self, CoveredBy, OuterHeader, Signing},
};

/// What stands outside in place of a subject (RFC 9788 §3.2.1): the outer message has none of its own.
const NO_SUBJECT: &str = "[...]";

/// Makes the message to a gateway's mailbox with the message to these recipients inside.
pub(super) fn wrapped(
    about: &About<'_>,
    route: Route,
    to: Address,
    recipients: Vec<Confirmed>,
    at: Timestamp,
) -> Result<Ready, MakeError> {
    let inside = inside(about.draft, &recipients);
    let outside = outside(about, &to);
    let head = outer_head(about, &to, &recipients);
    let outer = OuterHeader::of(mail::outer_fields(&outside, &head)?.as_bytes())?;
    let fields = mail::outer_fields(&inside, about.head)?;
    let header = Header {
        inner: &outer,
        outer: &outer,
        by: CoveredBy::Encryption,
        legacy_subject: None,
    };
    let readers = message::readers(about, &recipients)?;
    // The sender's signature says nothing of a message from another mailbox: then it stands inside.
    let is_own = outside.from.address == *envelope_from(about.draft);
    let signing = about.own.signing(at);
    // What is signed must be 7-bit (RFC 8551 §3.1.3), and the outer message's own fields are signed as they stand.
    let signs_outside = is_own && outer.as_bytes().is_ascii();
    let (without, within) = if signs_outside {
        (signing.as_ref(), None)
    } else {
        (None, signing.as_ref().filter(|_| !is_own))
    };
    let form = match (fields.is_ascii(), without) {
        (true, _) => Form::SevenBit,
        (false, None) => Form::EightBit,
        (false, Some(_)) => Form::Base64,
    };
    let mut octets = Vec::new();
    smime::seal_entity(
        &mut octets,
        &outer,
        &readers,
        about.in_force.sealing,
        |out| {
            message::write_payload(without, Some(&header), out, |out| {
                write(&inside, &fields, within, form, out)
            })
        },
    )?;
    let checked = smime::check(octets.as_slice(), &readers, &outer, about.in_force.sealing)?;
    let (octets, sha256) = message::with_field(about, octets, Some(checked.sha256()), false);
    let signed = without.or(within);
    let fingerprints = readers.iter().map(|r| r.certificate());
    let fingerprints = fingerprints.map(Certificate::sha256).collect();
    Ok(Ready {
        route,
        octets,
        sha256,
        readers: fingerprints,
        further: message::further(about),
        signed_by: signed.map(|s| s.signer.certificate().sha256()),
        hides_subject: true,
        wrapped_to: Some(to),
        requires_tls: false,
        envelope_id: None,
        recipients,
    })
}

/// How the inner message lies in the outer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As it is.
    SevenBit,
    /// As it is, with an address that is not ASCII in its fields.
    EightBit,
    /// Encoded, because such fields are to be signed: then it is called message/global, since no message/rfc822 may be
    /// encoded (RFC 2046 §5.2.1, RFC 6532 §3.7).
    Base64,
}

/// The inner message, behind the fields that say what it is.
fn write(
    inside: &Draft,
    fields: &str,
    signing: Option<&Signing<'_>>,
    form: Form,
    out: &mut dyn Write,
) -> Result<(), MakeError> {
    let (kind, encoding) = match form {
        Form::SevenBit => ("rfc822", "7bit"),
        Form::EightBit => ("rfc822", "8bit"),
        Form::Base64 => ("global", "base64"),
    };
    let head =
        format!("Content-Type: message/{kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n");
    out.write_all(head.as_bytes()).map_err(RenderError::from)?;
    if form != Form::Base64 {
        return whole(inside, fields, signing, out);
    }
    let mut lines = Base64Lines::new(out);
    whole(inside, fields, signing, &mut lines)?;
    lines.finish().map_err(RenderError::from)?;
    Ok(())
}

fn whole(
    inside: &Draft,
    fields: &str,
    signing: Option<&Signing<'_>>,
    out: &mut dyn Write,
) -> Result<(), MakeError> {
    let own = OuterHeader::of(fields.as_bytes())?;
    let header = signing.map(|_| Header {
        inner: &own,
        outer: &own,
        by: CoveredBy::Signature,
        legacy_subject: None,
    });
    let fields = format!("{fields}MIME-Version: 1.0\r\n");
    out.write_all(fields.as_bytes())
        .map_err(RenderError::from)?;
    message::write_entity(inside, signing, header.as_ref(), out)
}

/// The message as the recipients read it. Answers must reach its sender and not the mailbox that the gateway puts in
/// From: so Reply-To always stands in it. A gateway delivers to whom the fields name: a Bcc recipient's own message names
/// them alone, because another's name in it would bring it to that other, too.
fn inside(draft: &Draft, recipients: &[Confirmed]) -> Draft {
    let mut inside = draft.clone();
    inside.bcc = Vec::new();
    if inside.reply_to.is_none() {
        inside.reply_to = Some(draft.from.clone());
    }
    let blind = recipients
        .iter()
        .map(|r| &r.recipient)
        .find(|r| r.kind == Kind::Bcc);
    if let Some(Recipient { mailbox, .. }) = blind {
        inside.to = vec![mailbox.clone()];
        inside.cc = Vec::new();
    }
    inside
}

/// The message that brings it: from the firm's main mailbox, or else from whoever really sends, to the gateway's mailbox,
/// and nothing else.
fn outside(about: &About<'_>, to: &Address) -> Draft {
    let draft = about.draft;
    let sends = draft.sender.as_ref().unwrap_or(&draft.from);
    let from = about.in_force.main_mailbox.unwrap_or(sends);
    Draft {
        id: draft.id.clone(),
        from: from.clone(),
        sender: None,
        reply_to: None,
        to: vec![Mailbox {
            name: None,
            address: to.clone(),
        }],
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: NO_SUBJECT.to_owned(),
        body: Body::Text(String::new()),
        attachments: Vec::new(),
        in_reply_to: None,
        references: Vec::new(),
        class: None,
        dismissed: Vec::new(),
        again: None,
    }
}

/// An identifier of its own, because it is another message than the one inside; and the same when it is sent again, so
/// that whoever has it already sees that.
fn outer_head(about: &About<'_>, to: &Address, recipients: &[Confirmed]) -> Head {
    let inner = about.head.message_id.as_bytes();
    let blind = recipients
        .iter()
        .map(|r| &r.recipient)
        .find(|r| r.kind == Kind::Bcc);
    let blind = blind.map(|r| r.mailbox.address.key()).unwrap_or_default();
    let digest = Digest::of_fields([inner, to.key().as_bytes(), blind.as_bytes()]).to_string();
    let domain = about.draft.from.address.domain();
    Head {
        message_id: format!("<{}@{domain}>", &digest[..32]),
        date: about.head.date,
    }
}
