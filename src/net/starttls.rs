//! Knocking at a mail server: EHLO, STARTTLS (RFC 3207), a handshake, QUIT, and never anything else. Observes only.
//!
//! What a server says outside TLS is never believed and never shown: only whether the words that lead to TLS were said.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use jiff::Timestamp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};

use super::{ObservedTls, Observer, Reach, http::is_public, observe::NoHandshake};

/// Octets of one answer at most (RFC 5321 §4.5.3.1.5: 512 a line).
const REPLY_MAX: usize = 16 * 1024;
/// Lines of one answer at most.
const LINES_MAX: usize = 100;
/// For one connection, where there are several addresses to try.
const CONNECT: Duration = Duration::from_secs(2);
/// Addresses of one server that are tried, one after the other, as a sender does.
const ADDRESSES_MAX: usize = 4;
/// This computer's name is nobody's business.
const HELLO: &[u8] = b"EHLO [127.0.0.1]\r\n";

/// Where to knock.
#[derive(Debug, Clone, Copy)]
pub struct Knock<'a> {
    /// The server's name: what it is asked for by SNI, and what its certificate must be for.
    pub host: &'a str,
    /// Its addresses, from DNS: nobody outside may have us knock inside the house.
    pub addresses: &'a [IpAddr],
    /// The port.
    pub port: u16,
    /// Whether addresses inside the house may be knocked at.
    pub reach: Reach,
    /// What time it is.
    pub at: Timestamp,
    /// When it must end.
    pub until: Instant,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// No connection.
    Unreachable,
    /// Its addresses are inside the house.
    Private,
    /// It greeted with a refusal, or answered EHLO with one.
    Refused,
    /// It stopped talking before the deadline.
    Stalled,
    /// What came is no SMTP, or too much, or broke off.
    Broken,
    /// It offers no STARTTLS.
    NoStarttls,
    /// It offers STARTTLS and refused it.
    StarttlsRefused,
    /// There were octets between the answer to STARTTLS and the handshake.
    Injected,
    /// There was no handshake.
    HandshakeFailed,
    /// TLS stood.
    Tls(ObservedTls),
}

impl Observer {
    /// Knocks at the first address that answers.
    pub async fn knock(&self, knock: Knock<'_>) -> Observed {
        let allowed = |ip: &&IpAddr| knock.reach == Reach::Anywhere || is_public(**ip);
        let addresses: Vec<_> = knock.addresses.iter().filter(allowed).collect();
        if addresses.is_empty() && !knock.addresses.is_empty() {
            return Observed::Private;
        }
        let mut socket = None;
        for ip in addresses.into_iter().take(ADDRESSES_MAX) {
            let connecting = TcpStream::connect(SocketAddr::new(*ip, knock.port));
            let connecting = timeout(CONNECT, connecting);
            if let Ok(Ok(Ok(open))) = timeout_at(knock.until, connecting).await {
                socket = Some(open);
                break;
            }
        }
        let Some(mut socket) = socket else {
            return Observed::Unreachable;
        };
        let talking = self.talk(&mut socket, &knock);
        match timeout_at(knock.until, talking).await {
            Err(_elapsed) => Observed::Stalled,
            Ok(Ok(observed)) => observed,
            Ok(Err(_gone)) => Observed::Broken,
        }
    }

    async fn talk(&self, socket: &mut TcpStream, knock: &Knock<'_>) -> io::Result<Observed> {
        let mut heard = Vec::new();
        let greeting = reply(socket, &mut heard).await?;
        if greeting.code != 220 {
            return farewell(socket, Observed::Refused).await;
        }
        socket.write_all(HELLO).await?;
        let hello = reply(socket, &mut heard).await?;
        if hello.code != 250 {
            return farewell(socket, unwelcome(hello.code)).await;
        }
        if !hello.has("STARTTLS") {
            return farewell(socket, Observed::NoStarttls).await;
        }
        socket.write_all(b"STARTTLS\r\n").await?;
        let answer = reply(socket, &mut heard).await?;
        if answer.code != 220 {
            return farewell(socket, Observed::StarttlsRefused).await;
        }
        if !heard.is_empty() {
            return Ok(Observed::Injected);
        }
        Ok(match self.handshake(socket, knock.host, knock.at).await {
            Ok(tls) => Observed::Tls(tls),
            Err(NoHandshake::Gone) => Observed::Broken,
            Err(NoHandshake::NotTls) => Observed::Injected,
            Err(NoHandshake::Refused) => Observed::HandshakeFailed,
        })
    }
}

/// An answer to EHLO that is no welcome. A server that does not know EHLO has no STARTTLS either (RFC 5321 §3.2): a sender
/// goes on with HELO, in clear.
fn unwelcome(code: u16) -> Observed {
    match code {
        500..=504 | 550 => Observed::NoStarttls,
        _ => Observed::Refused,
    }
}

async fn farewell(socket: &mut TcpStream, observed: Observed) -> io::Result<Observed> {
    // Whether it arrives does not matter.
    let _gone = socket.write_all(b"QUIT\r\n").await;
    Ok(observed)
}

/// An answer (RFC 5321 §4.2).
struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Reply {
    /// Whether a keyword stands in the answer to EHLO, after its first line.
    fn has(&self, keyword: &str) -> bool {
        let mut words = self.lines.iter().skip(1);
        words.any(|line| {
            let word = line.split(' ').next().unwrap_or_default();
            word.eq_ignore_ascii_case(keyword)
        })
    }
}

/// Reads one answer; what came after it stays in `heard`.
async fn reply(socket: &mut TcpStream, heard: &mut Vec<u8>) -> io::Result<Reply> {
    let mut lines = Vec::new();
    let mut code = None;
    let mut used = 0;
    loop {
        let line = loop {
            if let Some(end) = heard.iter().position(|o| *o == b'\n') {
                break heard.drain(..=end).collect::<Vec<u8>>();
            }
            if used + heard.len() > REPLY_MAX {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if socket.read_buf(heard).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        };
        used += line.len();
        let (number, is_last, text) =
            parse(&line).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
        if *code.get_or_insert(number) != number || lines.len() == LINES_MAX {
            return Err(io::ErrorKind::InvalidData.into());
        }
        lines.push(text);
        if is_last {
            return Ok(Reply {
                code: number,
                lines,
            });
        }
    }
}

/// Code, whether it is the last line, and the text.
fn parse(line: &[u8]) -> Option<(u16, bool, String)> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (digits, rest) = line.split_at_checked(3)?;
    let is_number = digits.iter().all(u8::is_ascii_digit);
    let code = is_number.then(|| str::from_utf8(digits).ok()?.parse().ok())??;
    let is_last = match rest.first() {
        None | Some(b' ') => true,
        Some(b'-') => false,
        Some(_) => return None,
    };
    let text = String::from_utf8_lossy(rest.get(1..).unwrap_or_default());
    Some((code, is_last, text.trim_end().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_smtp_are_read_and_others_are_not() {
        assert_eq!(
            parse(b"250-STARTTLS\r\n"),
            Some((250, false, "STARTTLS".to_owned()))
        );
        assert_eq!(parse(b"250 ok\n"), Some((250, true, "ok".to_owned())));
        assert_eq!(parse(b"220\r\n"), Some((220, true, String::new())));
        for odd in [
            &b"25 ok\r\n"[..],
            b"2x0 ok\r\n",
            b"250_ok\r\n",
            b"\r\n",
            b"250 ok",
        ] {
            assert_eq!(parse(odd), None);
        }
    }

    #[test]
    fn the_first_line_of_a_welcome_is_no_keyword() {
        let welcome = |lines: &[&str]| Reply {
            code: 250,
            lines: lines.iter().map(|l| (*l).to_owned()).collect(),
        };
        assert!(welcome(&["mx.example", "SIZE 1", "starttls"]).has("STARTTLS"));
        assert!(!welcome(&["STARTTLS", "SIZE 1"]).has("STARTTLS"));
        assert!(!welcome(&["mx.example", "XSTARTTLS"]).has("STARTTLS"));
    }
}
