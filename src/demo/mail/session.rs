//! One session with a mail client: the state machine of RFC 5321 §4.1.4, with the faults between its steps.

use std::io;
use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;

use super::command::Command;
use super::fault::{Do, Step};
use super::message::{end_of_message, unstuffed};
use super::offer::asks_for_utf8;
use super::wire::{NoLine, Reply, Wire};
use super::{Auth, Kept, Line, Security, Shared};
use crate::demo::loopback::{BoxStream, fall_silent, lock, random_octets};

/// Whether the session goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Go,
    End,
}

/// TLS version and cipher suite of the connection.
#[derive(Clone)]
pub(super) struct Channel {
    version: String,
    cipher: String,
}

/// A transaction that has begun.
#[derive(Clone, Default)]
pub(super) struct Envelope {
    mail_from: String,
    parameters: Vec<String>,
    rcpt_to: Vec<String>,
}

pub(super) struct Session {
    pub(super) shared: Arc<Shared>,
    pub(super) wire: Wire,
    pub(super) greeted: bool,
    pub(super) user: Option<String>,
    pub(super) envelope: Option<Envelope>,
    number: usize,
    channel: Option<Channel>,
}

/// Serves one connection until it ends.
pub(super) async fn serve(shared: Arc<Shared>, stream: BoxStream, number: usize) {
    *lock(&shared.connections) += 1;
    let mut session = Session {
        shared,
        wire: Wire::new(stream),
        greeted: false,
        user: None,
        envelope: None,
        number,
        channel: None,
    };
    // An error here is a client that broke off, which is its right.
    let _ = session.run().await;
}

impl Session {
    async fn run(&mut self) -> io::Result<()> {
        if let Some(fault) = self.reach(&Step::Accept, None)
            && self.unasked(fault).await? == Next::End
        {
            return Ok(());
        }
        if self.shared.options.security == Security::ImplicitTls
            && self.handshake().await? == Next::End
        {
            return Ok(());
        }
        let mut text = "mail.segl-demo.example ESMTP (demo)".to_owned();
        if let Some(time) = self.shared.options.time {
            let time = time.strftime("; %a, %d %b %Y %H:%M:%S +0000");
            text.push_str(&time.to_string());
        }
        let greeting = Reply::new(220, &text);
        let mut next = self.at(&Step::Greeting, greeting).await?;
        while next == Next::Go {
            next = match self.wire.line().await? {
                Ok(line) => self.obey(&line).await?,
                Err(NoLine::Malformed) => self.usual(500, "5.5.2 not a line").await?,
                Err(NoLine::End) => Next::End,
            };
        }
        Ok(())
    }

    async fn obey(&mut self, line: &str) -> io::Result<Next> {
        let command = Command::parse(line);
        self.note(&command.for_transcript(line));
        let harmless = matches!(
            command,
            Command::Ehlo | Command::Helo | Command::StartTls | Command::Noop | Command::Quit
        );
        if self.channel.is_none() && !harmless {
            return self
                .usual(530, "5.7.0 must issue a STARTTLS command first")
                .await;
        }
        match command {
            Command::Ehlo => self.ehlo().await,
            Command::Helo => {
                self.begin();
                self.usual(250, "mail.segl-demo.example").await
            }
            Command::StartTls => self.start_tls().await,
            Command::Auth { mechanism, initial } => self.auth(&mechanism, initial).await,
            Command::Mail { path, parameters } => self.mail(path, parameters).await,
            Command::Rcpt { path, parameters } => self.rcpt(path, &parameters).await,
            Command::Data => self.data().await,
            Command::Rset => {
                let fault = self.reach(&Step::Rset, None);
                if !refuses(fault.as_ref()) {
                    self.envelope = None;
                }
                self.reply(fault, Reply::new(250, "2.0.0 forgotten")).await
            }
            Command::Noop => self.usual(250, "2.0.0 nothing done").await,
            Command::Verify => self.usual(252, "2.5.0 try it").await,
            Command::Quit => {
                self.at(&Step::Quit, Reply::new(221, "2.0.0 bye")).await?;
                Ok(Next::End)
            }
            Command::BadArguments => self.usual(501, "5.5.4 not these arguments").await,
            Command::Unknown => self.usual(500, "5.5.2 not known").await,
        }
    }

    /// A hello ends any transaction (RFC 5321 §4.1.4).
    fn begin(&mut self) {
        self.greeted = true;
        self.envelope = None;
    }

    async fn ehlo(&mut self) -> io::Result<Next> {
        let step = match self.channel {
            Some(_) => Step::EhloTls,
            None => Step::Ehlo,
        };
        let fault = self.reach(&step, None);
        if !refuses(fault.as_ref()) {
            self.begin();
        }
        let offered = self.shared.options.offered(self.channel.as_ref());
        self.reply(fault, Reply::new(250, &offered.join("\n")))
            .await
    }

    async fn start_tls(&mut self) -> io::Result<Next> {
        if self.shared.options.security != Security::StartTls {
            return self.usual(502, "5.5.1 STARTTLS is not offered").await;
        }
        if self.channel.is_some() {
            return self.usual(503, "5.5.1 inside TLS already").await;
        }
        // RFC 3207 §4.2 and the injection of commands: what came before TLS must not count inside it.
        if !self.wire.ahead.is_empty() {
            return Ok(Next::End);
        }
        let fault = self.reach(&Step::StartTls, None);
        let refused = refuses(fault.as_ref());
        match self.reply(fault, Reply::new(220, "2.0.0 go ahead")).await? {
            Next::Go if !refused => self.handshake().await,
            next => Ok(next),
        }
    }

    async fn handshake(&mut self) -> io::Result<Next> {
        if let Some(fault) = self.reach(&Step::Handshake, None) {
            // Only what follows the client's first octets is part of the handshake.
            self.wire.fill().await?;
            return match self.unasked(fault).await? {
                Next::Go => self.close().await,
                Next::End => Ok(Next::End),
            };
        }
        let configuration = self.shared.tls.of(self.shared.options.presented);
        let clear: BoxStream = Box::new(tokio::io::empty());
        let clear = std::mem::replace(&mut self.wire.stream, clear);
        let inside = TlsAcceptor::from(configuration).accept(clear).await?;
        let (_, connection) = inside.get_ref();
        self.channel = Some(Channel {
            version: match connection.protocol_version() {
                Some(rustls::ProtocolVersion::TLSv1_3) => "TLSv1.3".to_owned(),
                Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2".to_owned(),
                other => format!("{other:?}"),
            },
            cipher: connection
                .negotiated_cipher_suite()
                .map_or_else(String::new, |suite| format!("{:?}", suite.suite())),
        });
        self.wire = Wire::new(Box::new(inside));
        // RFC 3207 §4.2: all that was learned before is forgotten.
        self.greeted = false;
        self.envelope = None;
        Ok(Next::Go)
    }

    async fn mail(&mut self, path: String, parameters: Vec<String>) -> io::Result<Next> {
        if !self.greeted || self.envelope.is_some() {
            return self.usual(503, "5.5.1 not now").await;
        }
        if !matches!(self.shared.options.auth, Auth::None) && self.user.is_none() {
            return self.usual(530, "5.7.0 authentication required").await;
        }
        if let Some(refusal) = self.shared.options.refusal(&path, &parameters) {
            return self.reply(None, refusal).await;
        }
        let fault = self.reach(&Step::Mail, None);
        if !refuses(fault.as_ref()) {
            self.envelope = Some(Envelope {
                mail_from: path,
                parameters,
                rcpt_to: Vec::new(),
            });
        }
        self.reply(fault, Reply::new(250, "2.1.0 sender taken"))
            .await
    }

    async fn rcpt(&mut self, path: String, parameters: &[String]) -> io::Result<Next> {
        let Some(envelope) = &self.envelope else {
            return self.usual(503, "5.5.1 MAIL first").await;
        };
        if !path.is_ascii() && !asks_for_utf8(&envelope.parameters) {
            return self.usual(553, "5.6.7 not without SMTPUTF8").await;
        }
        if !parameters.is_empty() && !self.shared.options.has_dsn() {
            return self.usual(555, "5.5.4 parameter not known").await;
        }
        let fault = self.reach(&Step::Rcpt, Some(&path));
        if !refuses(fault.as_ref())
            && let Some(envelope) = &mut self.envelope
        {
            envelope.rcpt_to.push(path);
        }
        self.reply(fault, Reply::new(250, "2.1.5 recipient taken"))
            .await
    }

    async fn data(&mut self) -> io::Result<Next> {
        let Some(envelope) = self.envelope.clone() else {
            return self.usual(503, "5.5.1 MAIL first").await;
        };
        if envelope.rcpt_to.is_empty() {
            return self.usual(503, "5.5.1 no recipient").await;
        }
        let fault = self.reach(&Step::Data, None);
        let refused = refuses(fault.as_ref());
        match self.reply(fault, Reply::new(354, "go ahead")).await? {
            Next::Go if !refused => {}
            next => return Ok(next),
        }
        let Some(raw) = self.message().await? else {
            return Ok(Next::End);
        };
        self.note(&format!("(message, {} octets)", raw.len() + b".\r\n".len()));
        self.envelope = None;
        if self
            .shared
            .options
            .size
            .limit()
            .is_some_and(|limit| raw.len() as u64 > limit)
        {
            return self.usual(552, "5.3.4 too large").await;
        }
        let fault = self.reach(&Step::Dot, None);
        if !refuses(fault.as_ref()) {
            self.keep(envelope, &raw);
        }
        let next = self
            .reply(fault, Reply::new(250, "2.0.0 message taken"))
            .await?;
        if next == Next::Go
            && let Some(fault) = self.reach(&Step::AfterMessage, None)
        {
            return self.unasked(fault).await;
        }
        Ok(next)
    }

    /// The message up to its final dot, dots still doubled; `None` where a fault ended it.
    async fn message(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut passed = 0;
        let mut scanned = 0;
        loop {
            let end = end_of_message(&self.wire.ahead, scanned);
            scanned = self.wire.ahead.len();
            let come = end.unwrap_or(self.wire.ahead.len());
            let mark = lock(&self.shared.faults).next_mark(passed);
            if let Some(mark) = mark.filter(|mark| *mark <= come) {
                passed = mark;
                if let Some(fault) = self.reach(&Step::Message(mark), None)
                    && self.unasked(fault).await? == Next::End
                {
                    return Ok(None);
                }
                scanned = 0;
                continue;
            }
            if let Some(end) = end {
                let raw = self.wire.ahead.drain(..end).collect();
                self.wire.ahead.drain(..b".\r\n".len());
                return Ok(Some(raw));
            }
            if self.wire.fill().await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    fn keep(&self, envelope: Envelope, raw: &[u8]) {
        let Some(channel) = self.channel.clone() else {
            return;
        };
        let kept = Kept {
            mail_from: envelope.mail_from,
            rcpt_to: envelope.rcpt_to,
            parameters: envelope.parameters,
            data: unstuffed(raw),
            tls_version: channel.version,
            cipher: channel.cipher,
            user: self.user.clone(),
            connection: self.number,
        };
        if let Some(told) = &*lock(&self.shared.watcher) {
            told(&kept);
        }
        lock(&self.shared.kept).push(kept);
    }

    /// Counts a step as reached, and gives the fault that is due there.
    pub(super) fn reach(&self, step: &Step, address: Option<&str>) -> Option<Do> {
        lock(&self.shared.faults).reach(step, address)
    }

    /// Replies at a step.
    async fn at(&mut self, step: &Step, usual: Reply) -> io::Result<Next> {
        let fault = self.reach(step, None);
        self.reply(fault, usual).await
    }

    /// Replies where no fault can be.
    pub(super) async fn usual(&mut self, code: u16, text: &str) -> io::Result<Next> {
        self.reply(None, Reply::new(code, text)).await
    }

    /// Replies as usual, or as the fault says.
    pub(super) async fn reply(&mut self, fault: Option<Do>, usual: Reply) -> io::Result<Next> {
        let reply = match fault {
            None => usual,
            Some(Do::Reply(code, text)) => Reply { code, text },
            Some(Do::InjectAfterReply(more)) => {
                let octets = [usual.octets(), more].concat();
                self.wire.send(&octets).await?;
                return Ok(Next::Go);
            }
            Some(Do::Garbage) => {
                let octets = [random_octets(256), b"\r\n".to_vec()].concat();
                self.wire.send(&octets).await?;
                return Ok(Next::Go);
            }
            Some(Do::Drop) => return Ok(Next::End),
            Some(Do::Stall) => {
                fall_silent(&mut self.wire.stream).await;
                return Ok(Next::End);
            }
            Some(Do::EndlessLine) => loop {
                self.wire.send(&[b'2'; 16 * 1024]).await?;
            },
        };
        self.wire.send(&reply.octets()).await?;
        if matches!(reply.code, 221 | 421) {
            return self.close().await;
        }
        Ok(Next::Go)
    }

    /// Ends the session in order. What the client still sends is taken, because closing on unread octets resets the
    /// connection, and a reset may overtake the last reply.
    async fn close(&mut self) -> io::Result<Next> {
        self.wire.stream.shutdown().await?;
        fall_silent(&mut self.wire.stream).await;
        Ok(Next::End)
    }

    /// Does what the fault says where no reply belongs: injected octets are sent and the session goes on, anything
    /// else ends it.
    async fn unasked(&mut self, fault: Do) -> io::Result<Next> {
        if let Do::InjectAfterReply(octets) = fault {
            self.wire.send(&octets).await?;
            return Ok(Next::Go);
        }
        match self.reply(Some(fault), Reply::new(421, "")).await? {
            Next::Go => self.close().await,
            Next::End => Ok(Next::End),
        }
    }

    pub(super) fn note(&self, text: &str) {
        lock(&self.shared.transcript).push(Line {
            connection: self.number,
            inside_tls: self.channel.is_some(),
            text: text.to_owned(),
        });
    }
}

/// Whether the fault is a reply that refuses the command, so that it must have no effect.
fn refuses(fault: Option<&Do>) -> bool {
    matches!(fault, Some(Do::Reply(400.., _)))
}
