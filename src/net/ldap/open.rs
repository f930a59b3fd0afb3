//! What comes before the first search: `StartTLS` (RFC 4511 §4.14) and the bind (RFC 4511 §4.2).
//!
//! Both are one request and one answer, written here and not by ldap3: `StartTLS` so that no octet is read beyond the
//! answer, the bind so that the password lies in one buffer, which is zeroised.

use std::io;

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};
use zeroize::Zeroizing;

use super::{
    ber::{self, INTEGER, OCTET_STRING, Reader, SEQUENCE},
    fault::{LdapFault, Violation},
    message::{message_of, result_code},
};

/// Whom to bind as. No Debug: it holds a password.
pub struct Credentials {
    /// Distinguished name.
    pub dn: String,
    /// Password.
    pub password: Zeroizing<String>,
}

const BIND_REQUEST: u8 = 0x60;
const BIND_RESPONSE: u8 = 0x61;
const EXTENDED_REQUEST: u8 = 0x77;
const EXTENDED_RESPONSE: u8 = 0x78;
/// `requestName` and the OID of `StartTLS`, 1.3.6.1.4.1.1466.20037.
const START_TLS: &[u8] = b"\x80\x161.3.6.1.4.1.1466.20037";
/// An answer to `StartTLS` or a bind is short; its text may be a few lines.
const MAX_ANSWER: usize = 16 << 10;

/// Asks for TLS. Afterwards the stream stands exactly where the handshake begins.
pub(super) async fn start_tls(stream: &mut TcpStream) -> Result<(), LdapFault> {
    let request = message_of(1, EXTENDED_REQUEST, START_TLS);
    match ask(stream, &request, 1, EXTENDED_RESPONSE).await? {
        0 => {}
        code => return Err(LdapFault::StartTlsRefused(code)),
    }
    // In TLS the client speaks first, so nothing may have come by now. What comes from here on, the handshake judges.
    match stream.try_read(&mut [0]) {
        Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => Ok(()),
        Err(cause) => Err(LdapFault::Lost(Some(cause))),
        Ok(0) => Err(LdapFault::Lost(None)),
        Ok(_) => Err(LdapFault::Injected),
    }
}

/// Binds with name and password. The caller has made sure that the stream is inside TLS.
pub(super) async fn bind(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    credentials: &Credentials,
) -> Result<(), LdapFault> {
    if credentials.password.is_empty() {
        return Err(LdapFault::EmptyPassword);
    }
    let (dn, password) = (credentials.dn.as_bytes(), credentials.password.as_bytes());
    let length = 3 + ber::size(dn.len()) + ber::size(password.len());
    // Room from the start: a buffer that grows would leave the password behind.
    let mut content = Zeroizing::new(Vec::with_capacity(length));
    ber::put(&mut content, INTEGER, &[3]);
    ber::put(&mut content, OCTET_STRING, dn);
    ber::put(&mut content, 0x80, password);
    let request = Zeroizing::new(message_of(2, BIND_REQUEST, &content));
    match ask(stream, &request, 2, BIND_RESPONSE).await? {
        0 => Ok(()),
        code => Err(LdapFault::BindRefused(code)),
    }
}

/// Sends a request and reads exactly its answer. Returns the result code.
async fn ask(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    request: &[u8],
    id: i32,
    operation: u8,
) -> Result<i32, LdapFault> {
    let lost = |cause| LdapFault::Lost(Some(cause));
    stream.write_all(request).await.map_err(lost)?;
    stream.flush().await.map_err(lost)?;
    let answer = read_message(stream).await?;
    let mut body = Reader(Reader(&answer).expect(SEQUENCE)?);
    match body.number(INTEGER)? {
        // Notice of disconnection (RFC 4511 §4.4.1).
        0 => return Err(LdapFault::Lost(None)),
        answered if answered != id => return Err(Violation::Unasked.into()),
        _ => {}
    }
    Ok(result_code(&mut Reader(body.expect(operation)?))?)
}

/// Reads one message and not an octet more.
async fn read_message(stream: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, LdapFault> {
    let mut message = Vec::new();
    loop {
        // Octet by octet until the length is known, then the rest at once.
        let more = match ber::announced(&message)? {
            None => 1,
            Some(length) if length > MAX_ANSWER => {
                return Err(LdapFault::Violation(Violation::TooLarge {
                    presented: length as u64,
                    limit: MAX_ANSWER,
                }));
            }
            Some(length) => length - message.len(),
        };
        if more == 0 {
            return Ok(message);
        }
        let read = message.len();
        message.resize(read + more, 0);
        match stream.read_exact(&mut message[read..]).await {
            Ok(_) => {}
            Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(LdapFault::Lost(None));
            }
            Err(cause) => return Err(LdapFault::Lost(Some(cause))),
        }
    }
}
