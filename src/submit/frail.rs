//! A connection for tests that takes octets in pieces, and only so many.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What a connection does when it has taken as much as it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    Fails,
    Stalls,
}

/// A connection that takes octets in pieces, and only so many.
pub(super) struct Frail {
    pub(super) pieces: Vec<usize>,
    pub(super) budget: usize,
    pub(super) then: Then,
    pub(super) taken: Arc<Mutex<Vec<u8>>>,
    pub(super) replies: Vec<u8>,
}

impl AsyncWrite for Frail {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.pieces.rotate_left(1);
        let piece = self.pieces[0].min(self.budget).min(octets.len());
        if self.budget == 0 {
            return match self.then {
                Then::Fails => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
                Then::Stalls => Poll::Pending,
            };
        }
        if piece == 0 {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.budget -= piece;
        self.taken
            .lock()
            .unwrap()
            .extend_from_slice(&octets[..piece]);
        Poll::Ready(Ok(piece))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Frail {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let amount = buffer.remaining().min(self.replies.len());
        buffer.put_slice(&self.replies[..amount]);
        self.replies.drain(..amount);
        Poll::Ready(Ok(()))
    }
}
