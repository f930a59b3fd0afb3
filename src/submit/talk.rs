//! One command, one reply: the conversation before lettre takes over, outside TLS and inside it.

use std::time::Duration;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::{Instant, timeout_at},
};

use super::{
    Malformed, Step, SubmitError, Timeouts,
    reply::{RawReply, Replies},
};

/// A connection on which one asks and the other answers.
pub(super) struct Talk<S> {
    stream: S,
    replies: Replies,
    timeouts: Timeouts,
    /// When the session must be open.
    until: Instant,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<S> {
    pub(super) fn new(stream: S, timeouts: Timeouts, until: Instant) -> Self {
        Self {
            stream,
            replies: Replies::default(),
            timeouts,
            until,
        }
    }

    /// Sends a command, CRLF included, and reads its reply.
    pub(super) async fn command(
        &mut self,
        step: Step,
        line: &[u8],
    ) -> Result<RawReply, SubmitError> {
        self.expect_silence(step)?;
        let written = async {
            self.stream.write_all(line).await?;
            self.stream.flush().await
        };
        match timeout_at(
            self.until.min(Instant::now() + self.timeouts.command),
            written,
        )
        .await
        {
            Err(_elapsed) => return Err(SubmitError::Timeout { step }),
            Ok(Err(source)) => return Err(dropped(step, Some(source))),
            Ok(Ok(())) => {}
        }
        self.reply(step).await
    }

    /// Reads one reply, whole and within one time limit.
    pub(super) async fn reply(&mut self, step: Step) -> Result<RawReply, SubmitError> {
        let deadline = self.until.min(Instant::now() + self.timeouts.command);
        let mut octets = [0; 2048];
        loop {
            match self.replies.take() {
                Err(what) => return Err(SubmitError::NotSmtp { step, what }),
                Ok(Some(reply)) => return Ok(reply),
                Ok(None) => {}
            }
            match timeout_at(deadline, self.stream.read(&mut octets)).await {
                Err(_elapsed) => return Err(SubmitError::Timeout { step }),
                Ok(Err(source)) => return Err(dropped(step, Some(source))),
                Ok(Ok(0)) => return Err(dropped(step, None)),
                Ok(Ok(read)) => self.replies.push(&octets[..read]),
            }
        }
    }

    /// How many octets lie behind the last reply, where none may.
    pub(super) fn unread(&self) -> usize {
        self.replies.unread()
    }

    /// Fails if the server has said more than it was asked.
    pub(super) fn expect_silence(&self, step: Step) -> Result<(), SubmitError> {
        match self.unread() {
            0 => Ok(()),
            octets => Err(SubmitError::NotSmtp {
                step,
                what: Malformed::OutOfTurn { octets },
            }),
        }
    }

    /// Puts off the end of the time to open the session, by what was not the server's doing.
    pub(super) fn postpone(&mut self, by: Duration) {
        self.until += by;
    }

    /// The connection, for who goes on with it.
    pub(super) fn into_stream(self) -> S {
        self.stream
    }
}

fn dropped(step: Step, source: Option<std::io::Error>) -> SubmitError {
    SubmitError::Dropped { step, source }
}
