//! `segl cert import` of other people's certificates, `segl cert unpin`, and their share of `segl cert list`.

use serde_json::{Value, json};

use super::{
    Session,
    args::CertImport,
    json,
    output::{Exit, Failure},
};
use crate::{
    cert::{Certificate, Fingerprint},
    segl::{ImportError, Offer, Pinning, Reader, Segl, Tie},
    words::{Words, grouped},
};

/// Octets of a file at most: a signed mail has its files inside.
pub(super) const MAX_OCTETS: u64 = 201 << 20;

/// Takes certificates in. Exit 0 where each that can be encrypted to is usable for its address.
pub(super) fn import(
    args: &CertImport,
    octets: &[u8],
    segl: &Segl,
    session: &Session<'_>,
) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let now = super::now();
    let address = args
        .address
        .as_deref()
        .map(|a| super::mailbox(a, words).map(|m| m.address))
        .transpose()?;
    let pinning = if args.pin { Pinning::Yes } else { Pinning::No };
    let refused = |cause: ImportError| failure(&cause, words);
    let offered = segl.offered(octets, now).map_err(refused)?;
    let taken = segl
        .take_in(&offered, address.as_ref(), pinning, now)
        .map_err(refused)?;
    let offers = segl.offers(&offered, address.as_ref(), now);
    let value = json!({
        "imported": taken.kept,
        "certificates": offers.iter().map(offer).collect::<Vec<_>>(),
        "from": offered.from.as_ref().map(|a| a.given().to_owned()),
        "pinned": taken.pinned.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "learned": taken.has_learned,
        "prefers_other": offered.prefers_other,
        "unreadable": offered.unreadable,
    });
    session.out.result(&value, |words| {
        let mut blocks: Vec<String> = offers.iter().map(|o| words.offer(o).join("\n")).collect();
        let count = i64::try_from(taken.count).unwrap_or(i64::MAX);
        let mut lines = vec![words.with("others-kept", &[("count", count.into())])];
        lines.extend(words.offered(&offered));
        if taken.has_learned {
            lines.push(words.say("others-learned"));
        }
        lines.extend(next(&offers, words));
        blocks.push(lines.join("\n"));
        blocks.join("\n\n")
    });
    let mut readers = offers.iter().filter(|o| !o.is_for_signing).peekable();
    let is_good = readers.peek().is_some() && readers.all(Offer::is_usable);
    Ok(if is_good && !offered.prefers_other {
        Exit::Good
    } else {
        Exit::Not
    })
}

/// What to do about a certificate that nothing ties to an address.
fn next(offers: &[Offer], words: &Words) -> Option<String> {
    let open = offers
        .iter()
        .find(|o| o.is_pinnable() || (o.address.is_none() && !o.is_for_signing))?;
    Some(match &open.address {
        Some(address) => words.with("others-next-pin", &[("address", address.given().into())]),
        None => words.say("others-next-address"),
    })
}

fn offer(offer: &Offer) -> Value {
    let mut value = json::certificate(&offer.certificate);
    value["address"] = offer.address.as_ref().map(|a| a.given().to_owned()).into();
    value["use"] = if offer.is_for_signing {
        "sign"
    } else {
        "encrypt"
    }
    .into();
    value["tie"] = match offer.tie {
        Tie::Bound => "bound",
        Tie::Pinned { .. } => "pinned",
        Tie::None => "none",
        Tie::Refused(_) => "refused",
    }
    .into();
    if let Tie::Pinned { at } = offer.tie {
        value["pinned_at"] = at.to_string().into();
    }
    value["usable"] = offer.is_usable().into();
    value["problems"] = json::problems(&offer.problems);
    value
}

/// Takes pins back. Exit 1 where there is none.
pub(super) fn unpin(
    address: &str,
    sha256: Option<&str>,
    session: &Session<'_>,
) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let segl = session.segl()?;
    let address = super::mailbox(address, words)?.address;
    let failed = |e| failure(&ImportError::Readers(e), words);
    let readers = segl.readers().map_err(failed)?;
    let reader = readers.iter().find(|r| r.address == address);
    let wanted = sha256.map(|s| s.to_ascii_lowercase().replace([' ', ':'], ""));
    let matching: Vec<Fingerprint> = reader
        .into_iter()
        .flat_map(|r| &r.pins)
        .map(|p| p.sha256)
        .filter(|f| wanted.as_ref().is_none_or(|w| f.to_string().starts_with(w)))
        .collect();
    let only = match (&wanted, &matching[..]) {
        (None, [_, ..]) => None,
        (Some(_), [one]) => Some(*one),
        _ => {
            let args = [("address", address.given().into())];
            let what = words.with("others-not-pinned", &args);
            return Err(Failure::refused(
                "not-pinned",
                what,
                words.say("others-next-list"),
            ));
        }
    };
    let gone = segl.unpin(&address, only, super::now()).map_err(failed)?;
    let value = json!({
        "address": address.given(),
        "unpinned": gone.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    session.out.result(&value, |words| {
        let count = i64::try_from(gone.len()).unwrap_or(i64::MAX);
        let args = [("count", count.into()), ("address", address.given().into())];
        words.with("others-unpinned", &args)
    });
    Ok(Exit::Good)
}

/// A certificate that was taken in, and the addresses that it is pinned to.
pub(super) struct Kept {
    certificate: Certificate,
    readers: Vec<Reader>,
}

/// Everything that was taken in.
pub(super) fn kept(segl: &Segl, words: &Words) -> Result<Vec<Kept>, Failure> {
    let readers = segl
        .readers()
        .map_err(|e| failure(&ImportError::Readers(e), words))?;
    let with_pins = |certificate: Certificate| {
        let sha256 = certificate.sha256();
        let is_of = |r: &&Reader| r.pins.iter().any(|p| p.sha256 == sha256);
        Kept {
            readers: readers.iter().filter(is_of).cloned().collect(),
            certificate,
        }
    };
    Ok(segl.imported().into_iter().map(with_pins).collect())
}

/// Their share of the list, for scripts.
pub(super) fn values(kept: &[Kept]) -> Vec<Value> {
    let value = |one: &Kept| {
        let mut value = json::certificate(&one.certificate);
        let pins = one.readers.iter().flat_map(|reader| {
            let own = reader.pins.iter();
            let own = own.filter(|p| p.sha256 == one.certificate.sha256());
            own.map(|p| {
                json!({ "address": reader.address.given(), "at": p.at.to_string(), "by": p.by })
            })
        });
        value["pins"] = pins.collect::<Vec<_>>().into();
        value
    };
    kept.iter().map(value).collect()
}

/// The same for people.
pub(super) fn texts(kept: &[Kept], words: &Words) -> Vec<String> {
    if kept.is_empty() {
        return vec![words.say("others-none")];
    }
    let text = |one: &Kept| {
        let facts = one.certificate.facts();
        let sha256 = one.certificate.sha256();
        let args = [
            ("subject", facts.subject.as_str().into()),
            ("senders", words.named(&one.certificate).into()),
            ("to", words.day(facts.not_after).into()),
            ("fingerprint", grouped(&sha256.to_string()).into()),
        ];
        let mut lines = vec![words.with("own-certificate", &args)];
        for reader in &one.readers {
            for pin in reader.pins.iter().filter(|p| p.sha256 == sha256) {
                let args = [
                    ("address", reader.address.given().into()),
                    ("at", words.day(pin.at).into()),
                    ("by", pin.by.as_str().into()),
                ];
                lines.push(words.with("others-list-pinned", &args));
            }
        }
        lines.join("\n")
    };
    let mut texts = vec![words.say("others-list")];
    texts.extend(kept.iter().map(text));
    texts
}

fn failure(cause: &ImportError, words: &Words) -> Failure {
    let stop = words.import(cause);
    match cause {
        ImportError::Unverified(_) => Failure::refused("not-verified", stop.what, stop.next),
        ImportError::Mail(cause) => Failure::refused(cause.code(), stop.what, stop.next),
        ImportError::NoPin(_) => Failure::refused("not-pinned", stop.what, stop.next),
        ImportError::Read(_) | ImportError::Objects(_) | ImportError::None => {
            Failure::new("no-certificate", stop.what, stop.next)
        }
        ImportError::Write(_) => Failure::new("file-unwritable", stop.what, stop.next),
        ImportError::Readers(_) => Failure::new("key", stop.what, stop.next),
    }
}
