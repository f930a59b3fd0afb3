//! From nothing to a connection that is signed in: TCP, STARTTLS (RFC 3207) or implicit TLS (RFC 8314), EHLO, AUTH.
//!
//! STARTTLS is ours, because lettre 0.11.23 keeps what was read before the handshake and believes it afterwards. Outside
//! TLS exactly two commands are sent, of each reply only the code is kept, and any octet behind a reply ends the
//! connection.

use std::sync::Arc;

use lettre::transport::smtp::{client::AsyncSmtpConnection, extension::ClientId};
use rustls::ClientConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::Instant,
};

use crate::net;

use super::{
    Security, ServerFacts, Settings, Step, SubmitError, Wanted, auth,
    link::Link,
    reply::{RawReply, Reply},
    talk::Talk,
    wire::Wire,
};

/// An address literal tells nothing of this computer; that of loopback tells nothing of the office's network either.
/// A server must not refuse mail for it (RFC 5321 §4.1.4).
const EHLO: &[u8] = b"EHLO [127.0.0.1]\r\n";

/// Opens a connection. No password is sent before TLS with a verified server.
pub(super) async fn open(
    settings: &Settings,
    tls: Arc<ClientConfig>,
    wanted: Wanted,
) -> Result<Link, SubmitError> {
    let timeouts = settings.timeouts;
    let tcp = net::connect(&settings.host, settings.port, timeouts.connect).await?;
    let begun = Instant::now();
    let tcp = match settings.security {
        Security::ImplicitTls => tcp,
        Security::StartTls => start_tls(Talk::new(tcp, timeouts, begun + timeouts.open)).await?,
    };
    let left = timeouts.open.saturating_sub(begun.elapsed());
    let (stream, tls) = net::handshake(tls, &settings.host, tcp, timeouts.handshake).await?;
    let mut talk = Talk::new(stream, timeouts, Instant::now() + left);
    let mut time = None;
    if settings.security == Security::ImplicitTls {
        let greeting = talk.reply(Step::Greeting).await?;
        let last = greeting.lines.last();
        time = last
            .and_then(|line| str::from_utf8(line).ok())
            .and_then(net::date_at_end);
        expect(Step::Greeting, 220, greeting, RawReply::into_reply)?;
    }
    let step = Step::EhloInsideTls;
    let hello = talk.command(step, EHLO).await?;
    let mut facts = ServerFacts::of(&hello);
    facts.time = time;
    expect(step, 250, hello, RawReply::into_reply)?;
    auth::sign_in(&mut talk, &facts, &settings.auth, wanted).await?;
    talk.expect_silence(Step::Auth)?;

    let (wire, watch) = Wire::new(talk.into_stream());
    // Speaks to the wire alone: neither this greeting nor this EHLO leaves the process.
    let smtp = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &ClientId::default())
        .await
        .map_err(|_lettre| SubmitError::Framing)?;
    Ok(Link {
        smtp,
        wire: watch,
        timeouts,
        facts,
        tls,
        announced: None,
        resets: 0,
    })
}

/// Greeting, EHLO and STARTTLS outside TLS; gives the connection back for the handshake.
async fn start_tls<S: AsyncRead + AsyncWrite + Unpin>(mut talk: Talk<S>) -> Result<S, SubmitError> {
    let greeting = talk.reply(Step::Greeting).await?;
    nothing_injected(&talk, Step::Greeting)?;
    expect(Step::Greeting, 220, greeting, |reply| reply.code_only())?;

    let hello = talk.command(Step::Ehlo, EHLO).await?;
    nothing_injected(&talk, Step::Ehlo)?;
    // The only thing believed of this reply, and only for what it costs: without the offer nothing is sent at all.
    let offered = ServerFacts::of(&hello).offers("STARTTLS");
    expect(Step::Ehlo, 250, hello, |reply| reply.code_only())?;
    if !offered {
        return Err(SubmitError::NoStartTls);
    }

    let reply = talk.command(Step::StartTls, b"STARTTLS\r\n").await?;
    nothing_injected(&talk, Step::StartTls)?;
    match reply.code {
        220 => Ok(talk.into_stream()),
        code => Err(SubmitError::StartTlsRefused { code }),
    }
}

/// What lies behind a reply outside TLS was put there to be believed inside it.
fn nothing_injected<S: AsyncRead + AsyncWrite + Unpin>(
    talk: &Talk<S>,
    step: Step,
) -> Result<(), SubmitError> {
    match talk.unread() {
        0 => Ok(()),
        octets => Err(SubmitError::InjectedOctets { step, octets }),
    }
}

/// Fails unless the reply has the one code that belongs to the step.
fn expect(
    step: Step,
    code: u16,
    reply: RawReply,
    keep: impl FnOnce(RawReply) -> Reply,
) -> Result<(), SubmitError> {
    match reply.code {
        found if found == code => Ok(()),
        400.. => Err(SubmitError::Refused {
            step,
            reply: keep(reply),
        }),
        code => Err(SubmitError::Unexpected { step, code }),
    }
}
