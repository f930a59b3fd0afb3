//! `segl relay test`: what the mail server or relay service promises of the way on.

use serde_json::json;

use super::{
    Session,
    args::Relay as Verb,
    files,
    output::{Exit, Failure},
};
use crate::{relay::Profile, segl::RelayError};

/// Octets of a mail that came back at most.
const MAX_BOUNCE: u64 = 64 << 20;

/// Tests what can be tested of the server that the settings name.
pub(super) fn run(verb: &Verb, session: &Session<'_>) -> Result<Exit, Failure> {
    let Verb::Test { file } = verb;
    let segl = session.segl_with_key()?;
    let words = &session.out.words;
    let failed = |e: &RelayError| {
        let stop = words.relay(e);
        let failure = Failure::new("relay", stop.what, stop.next);
        match e {
            RelayError::Bounce(_) | RelayError::OtherMail(_) => Failure { exit: 1, ..failure },
            _ => failure,
        }
    };
    let now = super::now();
    if let Some(file) = file {
        let octets = files::read(file, MAX_BOUNCE, words)?;
        let proof = segl.prove_relay(&octets, now).map_err(|e| failed(&e))?;
        let value = json!({
            "profile": Profile::Exchange.code(), "guaranteed": true, "message_id": proof.message_id,
            "status": proof.status, "proven_at": now.to_string(),
        });
        session
            .out
            .result(&value, |words| words.say("relay-proven"));
        return Ok(Exit::Good);
    }
    let server = segl.config().submission.as_ref();
    if server.is_some_and(|s| s.relay.profile == Profile::Exchange) {
        let at = segl.relay_proven(now);
        let value = json!({
            "profile": Profile::Exchange.code(), "guaranteed": at.is_some(),
            "proven_at": at.map(|t| t.to_string()),
        });
        session.out.result(&value, |words| match at {
            Some(at) => words.with("relay-proven-at", &[("date", words.day(at).into())]),
            None => words.say("relay-not-proven"),
        });
        return Ok(if at.is_some() { Exit::Good } else { Exit::Not });
    }
    let account = session
        .run(segl.relay_account(now))?
        .map_err(|e| failed(&e))?;
    let is_good = account.guarantees() && account.tracks.is_empty();
    let value = json!({
        "profile": Profile::SendGrid.code(), "guaranteed": account.guarantees(),
        "requires_tls": account.requires_tls, "from_version": account.from_version,
        "requires_valid_certificate": account.requires_valid_certificate, "tracks": account.tracks,
    });
    session
        .out
        .result(&value, |words| words.relay_account(&account));
    Ok(if is_good { Exit::Good } else { Exit::Not })
}
