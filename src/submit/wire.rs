//! The stream that lettre speaks through, inside TLS: an adapter that reads every reply and counts every octet.
//!
//! lettre waits for a greeting and sends EHLO before anything else; both have happened, so the wire answers in the
//! server's place and sends nothing. It hands lettre one whole, bounded reply a command (lettre by itself would read an
//! endless line into memory, and take octets that came out of turn for the next reply), keeps what the server really
//! said, and tells whether the first octet of the final dot was taken by TLS: from there on a message may have been sent.

use std::{
    fmt, io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::watch,
};

use super::{
    Content, Malformed, Reply, Step, SubmitError,
    reply::{RawReply, Replies},
};

/// What ends a message: the end of its last line, a dot, a line end (RFC 5321 §4.1.1.4).
const END: &[u8] = b"\r\n.\r\n";
/// The greeting, and the reply to the EHLO that is not sent. lettre draws nothing from them that Segl uses.
const INTRODUCTION: &[u8] = b"220 segl\r\n250 segl\r\n";

/// How much of a message the connection has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Octets taken, with doubled dots.
    pub written: usize,
    /// Octets in all, with doubled dots and the final one.
    pub total: usize,
}

impl Progress {
    /// The beginning of a message on the wire. Its last CRLF is part of what ends it.
    fn of(content: &Content) -> Self {
        let body = content.size - 2 + content.dots;
        Self {
            written: 0,
            total: body + END.len(),
        }
    }

    /// Whether the first octet of the final dot was taken: the message may have been sent, and cannot be cancelled.
    pub fn may_have_been_sent(&self) -> bool {
        self.written > self.total - b".\r\n".len()
    }

    /// Where in the session this is.
    pub(super) fn step(&self) -> Step {
        if self.may_have_been_sent() {
            Step::FinalDot
        } else {
            Step::Content
        }
    }

    /// Whether these octets, written next, end the message exactly where it was counted to end.
    fn admits(&self, octets: &[u8]) -> bool {
        let body = self.total - END.len();
        let end_begins = body.saturating_sub(self.written).min(octets.len());
        let end = END.get(self.written.saturating_sub(body)..);
        end.is_some_and(|end| end.starts_with(&octets[end_begins..]))
    }
}

/// What the wire and the session both know.
#[derive(Default)]
struct State {
    reply: Option<Reply>,
    fault: Option<WireFault>,
    message: Option<Progress>,
}

enum WireFault {
    Malformed(Malformed),
    Ended(Option<io::Error>),
    Framing,
}

/// The session's end of the wire.
#[derive(Clone)]
pub(super) struct WireWatch(Arc<watch::Sender<State>>);

impl WireWatch {
    /// From now on a message is written, and no command until [`end_message`](Self::end_message).
    pub(super) fn begin_message(&self, content: &Content) -> Follow {
        let begin = Progress::of(content);
        self.0.send_modify(|state| state.message = Some(begin));
        Follow {
            state: self.0.subscribe(),
            last: begin,
        }
    }

    /// From now on commands are written again.
    pub(super) fn end_message(&self) {
        self.0.send_modify(|state| state.message = None);
    }

    /// What came of a command or message: the server's reply, or why there is none.
    pub(super) fn answer(&self, step: Step) -> Result<Reply, SubmitError> {
        let mut answer = (None, None);
        self.0
            .send_modify(|state| answer = (state.fault.take(), state.reply.take()));
        match answer {
            (None, Some(reply)) => Ok(reply),
            (Some(WireFault::Malformed(what)), _) => Err(SubmitError::NotSmtp { step, what }),
            (Some(WireFault::Framing), _) => Err(SubmitError::Framing),
            (Some(WireFault::Ended(source)), _) => Err(SubmitError::Dropped { step, source }),
            // lettre gives up by itself only where the stream takes no octets any more.
            (None, None) => Err(SubmitError::Dropped { step, source: None }),
        }
    }
}

/// Follows what is written of one message.
pub(super) struct Follow {
    state: watch::Receiver<State>,
    last: Progress,
}

impl Follow {
    /// How much has been taken.
    pub(super) fn now(&mut self) -> Progress {
        self.last = self.state.borrow_and_update().message.unwrap_or(self.last);
        self.last
    }

    /// Returns when there may be news.
    pub(super) async fn news(&mut self) {
        if self.state.changed().await.is_err() {
            // The wire is gone, and with it all news.
            std::future::pending::<()>().await;
        }
    }
}

/// See the module.
pub(super) struct Wire<S> {
    stream: S,
    replies: Replies,
    /// Octets for lettre.
    ready: Vec<u8>,
    /// Whether lettre's EHLO was swallowed.
    introduced: bool,
    state: WireWatch,
}

impl<S> Wire<S> {
    pub(super) fn new(stream: S) -> (Self, WireWatch) {
        let state = WireWatch(Arc::new(watch::Sender::new(State::default())));
        let wire = Self {
            stream,
            replies: Replies::default(),
            ready: INTRODUCTION.to_vec(),
            introduced: false,
            state: state.clone(),
        };
        (wire, state)
    }

    fn fail(&self, fault: WireFault) -> io::Error {
        self.state.0.send_modify(|state| state.fault = Some(fault));
        io::ErrorKind::ConnectionAborted.into()
    }

    /// Refuses what must not be written.
    fn check(&self, octets: &[u8]) -> Result<(), WireFault> {
        let message = self.state.0.borrow().message;
        match (self.replies.unread(), message) {
            (0, Some(message)) if !message.admits(octets) => Err(WireFault::Framing),
            (0, _) => Ok(()),
            (octets, _) => Err(WireFault::Malformed(Malformed::OutOfTurn { octets })),
        }
    }
}

impl<S: AsyncRead + Unpin> Wire<S> {
    /// Reads until a reply has come whole.
    fn poll_reply(&mut self, cx: &mut Context<'_>) -> Poll<Result<RawReply, WireFault>> {
        loop {
            match self.replies.take() {
                Err(what) => return Poll::Ready(Err(WireFault::Malformed(what))),
                Ok(Some(reply)) => return Poll::Ready(Ok(reply)),
                Ok(None) => {}
            }
            let mut octets = [0; 2048];
            let mut read = ReadBuf::new(&mut octets);
            match ready!(Pin::new(&mut self.stream).poll_read(cx, &mut read)) {
                Err(cause) => return Poll::Ready(Err(WireFault::Ended(Some(cause)))),
                Ok(()) if read.filled().is_empty() => {
                    return Poll::Ready(Err(WireFault::Ended(None)));
                }
                Ok(()) => self.replies.push(read.filled()),
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.ready.is_empty() {
            match ready!(this.poll_reply(cx)) {
                Err(fault) => return Poll::Ready(Err(this.fail(fault))),
                Ok(reply) => {
                    // All that lettre needs is the class: it refuses codes such as 290, and text in UTF-8 cut short.
                    this.ready = format!("{}50 segl\r\n", reply.code / 100).into_bytes();
                    let reply = reply.into_reply();
                    this.state.0.send_modify(|state| state.reply = Some(reply));
                }
            }
        }
        let amount = buffer.remaining().min(this.ready.len());
        buffer.put_slice(&this.ready[..amount]);
        this.ready.drain(..amount);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if !this.introduced {
            this.introduced = true;
            return Poll::Ready(Ok(octets.len()));
        }
        if let Err(fault) = this.check(octets) {
            return Poll::Ready(Err(this.fail(fault)));
        }
        // An error means that none of these octets were taken. That holds for the dot inside TLS too: its record is
        // made by this call, and one that did not leave whole cannot be opened by the server.
        match ready!(Pin::new(&mut this.stream).poll_write(cx, octets)) {
            Err(cause) => Poll::Ready(Err(this.fail(WireFault::Ended(Some(cause))))),
            Ok(written) => {
                this.state.0.send_modify(|state| {
                    if let Some(message) = &mut state.message {
                        message.written += written;
                    }
                });
                Poll::Ready(Ok(written))
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        match ready!(Pin::new(&mut this.stream).poll_flush(cx)) {
            Err(cause) => Poll::Ready(Err(this.fail(WireFault::Ended(Some(cause))))),
            Ok(()) => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

impl<S> fmt::Debug for Wire<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> AsyncTokioStream for Wire<S> {
    /// Only asked by who calls lettre for it, which Segl does not.
    fn peer_addr(&self) -> io::Result<core::net::SocketAddr> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
