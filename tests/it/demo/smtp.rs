//! A submission client that says exactly what it is told to, written independently of the server under test.

use std::io;
use std::time::Duration;

use segl::demo::mail::MailServer;
use segl::demo::{MailOptions, ServerCertificates};

use super::client::{Got, PATIENCE, Wire, connect, read_within, tls};

pub(super) struct Client {
    pub(super) wire: Box<dyn Wire>,
    /// How long a reply may take; no limit that a working server meets unless a test wants silence.
    pub(super) patience: Duration,
}

impl Client {
    /// Connects in clear; the greeting is still to come.
    pub(super) fn clear(server: &MailServer) -> Self {
        let stream = connect(server.address()).expect("a connection");
        Self::over(stream, PATIENCE)
    }

    /// Connects with implicit TLS; the greeting is still to come.
    pub(super) fn implicit(
        server: &MailServer,
        certificates: &ServerCertificates,
    ) -> io::Result<Self> {
        let stream = connect(server.address())?;
        Ok(Self::over(tls(stream, certificates)?, PATIENCE))
    }

    /// Talks over this connection.
    pub(super) fn over(wire: impl Wire + 'static, patience: Duration) -> Self {
        Self {
            wire: Box::new(wire),
            patience,
        }
    }

    /// Connects with implicit TLS and says EHLO.
    pub(super) fn ready(server: &MailServer, certificates: &ServerCertificates) -> Self {
        let mut client = Self::implicit(server, certificates).expect("TLS");
        assert_eq!(client.code(), 220);
        assert_eq!(client.ask("EHLO [127.0.0.1]"), 250);
        client
    }

    /// Sends octets; a connection that is gone takes them too.
    pub(super) fn send(&mut self, octets: &[u8]) {
        let _ = self.wire.write_all(octets).and_then(|()| self.wire.flush());
    }

    /// One whole reply, or what came instead.
    pub(super) fn reply(&mut self) -> Got {
        read_within(self.wire.as_mut(), self.patience, is_whole)
    }

    pub(super) fn code(&mut self) -> u16 {
        code(&self.reply().octets())
    }

    /// Sends a line and gives the code of the reply.
    pub(super) fn ask(&mut self, line: &str) -> u16 {
        self.send(format!("{line}\r\n").as_bytes());
        self.code()
    }

    /// Sends a line and gives the text of the reply.
    pub(super) fn text(&mut self, line: &str) -> String {
        self.send(format!("{line}\r\n").as_bytes());
        String::from_utf8(self.reply().octets()).expect("text")
    }

    /// Sends one message from Anne to Bo and gives the code of the last reply.
    pub(super) fn deliver(&mut self, message: &[u8]) -> u16 {
        assert_eq!(self.ask("MAIL FROM:<anne@eksempel.example>"), 250);
        assert_eq!(self.ask("RCPT TO:<bo@eksempel.example>"), 250);
        assert_eq!(self.ask("DATA"), 354);
        self.send(message);
        self.ask(".")
    }
}

/// The code of the last line.
pub(super) fn code(reply: &[u8]) -> u16 {
    let text = String::from_utf8_lossy(reply);
    let last = text.trim_end().lines().last().expect("a line");
    last[..3].parse().expect("a code")
}

/// Whether a reply's last line is there (three digits, a space, and CRLF), or a line that is no reply at all.
fn is_whole(octets: &[u8]) -> bool {
    let Some(text) = octets.strip_suffix(b"\r\n") else {
        return false;
    };
    let last = text.rsplit(|octet| *octet == b'\n').next();
    let ends = last.is_some_and(|line| line.get(3) == Some(&b' '));
    ends || !octets[0].is_ascii_digit()
}

pub(super) fn start(options: MailOptions) -> MailServer {
    MailServer::start(options).expect("a mail server on loopback")
}
