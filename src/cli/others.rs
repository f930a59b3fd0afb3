//! `segl cert import` of other people's certificates, `segl cert unpin` and `remove`, and their share of `segl cert list`.

use serde_json::{Value, json};

use super::{
    Session,
    args::CertImport,
    json,
    output::{Exit, Failure},
};
use crate::{
    cert::{ContentCipher, Fingerprint},
    segl::{ImportError, Offer, Other, Pinning, Segl, Tie},
    words::Words,
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
        .take_in_others(&offered, address.as_ref(), pinning, now)
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
    let Value::Object(whom) = whom(offer) else {
        return value;
    };
    for (key, said) in whom {
        value[key] = said;
    }
    value["use"] = if offer.is_for_signing {
        "sign"
    } else {
        "encrypt"
    }
    .into();
    value
}

/// For whom it is, and what speaks against it.
fn whom(offer: &Offer) -> Value {
    let mut value = json!({
        "address": offer.address.as_ref().map(|a| a.given().to_owned()),
        "usable": offer.is_usable(),
        "problems": json::problems(&offer.problems),
    });
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

/// Takes a certificate out again, and its pins. Exit 1 where there is none.
pub(super) fn remove(sha256: &str, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let segl = session.segl()?;
    let now = super::now();
    let wanted = sha256.to_ascii_lowercase().replace([' ', ':'], "");
    let kept = kept(&segl, words)?;
    let is_meant = |o: &&Other| {
        let sha256 = o.certificate.sha256().to_string();
        !wanted.is_empty() && sha256.starts_with(&wanted)
    };
    let matching: Vec<&Other> = kept.iter().filter(is_meant).collect();
    let [one] = matching[..] else {
        let (what, next) = ("others-which", "others-next-list");
        let (what, next) = (words.say(what), words.say(next));
        return Err(Failure::refused("no-such-certificate", what, next));
    };
    let sha256 = one.certificate.sha256();
    let done = segl.remove_other(sha256, now);
    done.map_err(|e| failure(&e, words))?;
    let unpinned: Vec<&str> = one.pins.iter().map(|(a, _)| a.given()).collect();
    let value = json!({ "removed": sha256.to_string(), "unpinned": unpinned });
    session.out.result(&value, |words| {
        let name = words.belongs_to(&one.certificate);
        words.with("others-removed", &[("name", name.into())])
    });
    Ok(Exit::Good)
}

/// Everything that was taken in.
pub(super) fn kept(segl: &Segl, words: &Words) -> Result<Vec<Other>, Failure> {
    let others = segl.others(super::now());
    others.map_err(|e| failure(&ImportError::Readers(e), words))
}

/// Their share of the list, for scripts.
pub(super) fn values(kept: &[Other]) -> Vec<Value> {
    let value = |one: &Other| {
        let mut value = json::certificate(&one.certificate);
        let pins = one.pins.iter().map(|(address, pin)| {
            json!({ "address": address.given(), "at": pin.at.to_string(), "by": pin.by })
        });
        value["pins"] = pins.collect::<Vec<_>>().into();
        let learned = one.learned.iter().map(|(address, l)| {
            let opens = l.opens().unwrap_or_default();
            let prefers = opens.preferred_cipher().map(|cipher| match cipher {
                ContentCipher::Aes256Cbc => "aes256-cbc",
                ContentCipher::Aes256Gcm => "aes256-gcm",
            });
            json!({
                "address": address.given(), "signed_at": l.signed_at.to_string(),
                "signer": l.signer.to_string(), "learned_at": l.at.to_string(),
                "prefers": prefers, "oaep": opens.opens_oaep_sha256(),
                "shows_hidden_subject": l.shows_hidden_subject,
            })
        });
        value["learned"] = learned.collect::<Vec<_>>().into();
        value["for"] = one.offers.iter().map(whom).collect::<Vec<_>>().into();
        value
    };
    kept.iter().map(value).collect()
}

/// The same for people.
pub(super) fn texts(kept: &[Other], words: &Words) -> Vec<String> {
    if kept.is_empty() {
        return vec![words.say("others-none")];
    }
    let mut texts = vec![words.say("others-list")];
    texts.extend(kept.iter().map(|o| words.other(o).join("\n")));
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
        ImportError::Write(_) | ImportError::Remove(_) => {
            Failure::new("file-unwritable", stop.what, stop.next)
        }
        ImportError::Readers(_) => Failure::new("key", stop.what, stop.next),
    }
}
