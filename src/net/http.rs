//! Small HTTPS requests (RFC 9112): GET, and POST of a form, for autoconfig files and sign-in servers.
//!
//! HTTPS only, one request a connection, with a deadline for the whole and a limit for the answer. Never follows a
//! redirect, keeps no cookie, uses no cache, and reaches private addresses only where whoever asks says so. Bodies may
//! hold tokens: they are overwritten after use, and no error holds a word of them or of an URL's query.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use rustls::ClientConfig;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use url::Url;
use zeroize::Zeroizing;

use super::{
    ConnectError, Dates, Names, Roots, RootsError, TlsFault, Vouched, client_config, dates,
    handshake,
};
use crate::cert::Reading;

/// Octets of the head of an answer at most.
const HEAD_MAX: usize = 32 * 1024;
/// What a body is that holds fields.
const FORM: &str = "application/x-www-form-urlencoded";
/// Fields of the head at most.
const FIELDS_MAX: usize = 100;

/// Who may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Hosts on the internet only: the URL comes from outside, and nobody outside may have this computer knock on
    /// doors inside the house.
    Public,
    /// Any host: the URL comes from the settings.
    Anywhere,
}

/// An HTTPS client.
#[derive(Clone)]
pub struct Https {
    tls: Arc<ClientConfig>,
    names: Names,
    reach: Reach,
    /// For the whole request.
    deadline: Duration,
    /// Octets of a body.
    limit: usize,
    /// The port where an URL names none.
    port: u16,
    dates: Dates,
}

/// An answer.
pub struct Answer {
    /// Such as 200.
    pub status: u16,
    /// The body, whole.
    pub body: Zeroizing<Vec<u8>>,
}

/// Why there is no answer. No error holds anything of an URL but its host.
#[derive(Debug, thiserror::Error)]
pub enum HttpFault {
    /// Not an URL of the scheme that is asked for, with a host name.
    #[error("not an URL that is fetched")]
    NotHttps,
    /// No roots to verify a server with.
    #[error(transparent)]
    Roots(#[from] RootsError),
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// DNS was asked, and there is no such host.
    #[error("there is no host {host}")]
    NoSuchHost {
        /// The host.
        host: String,
    },
    /// The host is inside the house, and the URL came from outside.
    #[error("{host} has no public address")]
    Private {
        /// The host.
        host: String,
    },
    /// No TLS with a verified server.
    #[error(transparent)]
    Tls(#[from] TlsFault),
    /// No end before the deadline.
    #[error("no answer from {host} in time")]
    Timeout {
        /// The host.
        host: String,
    },
    /// More than will be read.
    #[error("the answer of {host} is too large")]
    TooLarge {
        /// The host.
        host: String,
    },
    /// What came was no HTTP, or broke off.
    #[error("no HTTP answer from {host}")]
    Broken {
        /// The host.
        host: String,
    },
    /// The server sends elsewhere, and nobody goes there.
    #[error("{host} redirects with {status}")]
    Redirect {
        /// The host.
        host: String,
        /// The code.
        status: u16,
    },
}

impl Https {
    /// A client with these roots.
    pub fn new(roots: &Roots, names: Names, reach: Reach) -> Result<Self, RootsError> {
        Ok(Self {
            tls: client_config(roots)?,
            names,
            reach,
            deadline: Duration::from_secs(20),
            limit: 1 << 20,
            port: 443,
            dates: Dates::default(),
        })
    }

    /// The same that keeps the dates of the answers there.
    #[must_use]
    pub fn with_dates(mut self, dates: &Dates) -> Self {
        self.dates = dates.clone();
        self
    }

    /// The same with another deadline, for the whole of a request.
    #[must_use]
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The same with another limit for bodies, in octets.
    #[must_use]
    pub fn at_most(mut self, octets: usize) -> Self {
        self.limit = octets;
        self
    }

    /// The same with another port where an URL names none: tests have no port 443.
    #[must_use]
    pub fn with_default_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// GET. The answer may have any status but a redirect.
    pub async fn get(&self, url: &Url) -> Result<Answer, HttpFault> {
        self.request(url, "GET", Content::Nothing).await
    }

    /// GET with a key that the service gave (RFC 6750).
    pub async fn get_with_key(&self, url: &Url, key: &str) -> Result<Answer, HttpFault> {
        if !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(HttpFault::NotHttps);
        }
        let key = Zeroizing::new(key.to_owned());
        self.request(url, "GET", Content::Key(key)).await
    }

    /// POST of `application/x-www-form-urlencoded` fields.
    pub async fn post_form(&self, url: &Url, fields: &[(&str, &str)]) -> Result<Answer, HttpFault> {
        self.request(url, "POST", Content::Form(form(fields))).await
    }

    async fn request(
        &self,
        url: &Url,
        method: &str,
        content: Content,
    ) -> Result<Answer, HttpFault> {
        let host = url.host_str().filter(|_| url.scheme() == "https");
        // In an URL an IPv6 address has brackets; as a name and in certificates it has none.
        let host = host.map(|h| h.trim_start_matches('[').trim_end_matches(']'));
        let host = host.ok_or(HttpFault::NotHttps)?.to_owned();
        let exchange = self.exchange(url, &host, method, content);
        timeout(self.deadline, exchange)
            .await
            .unwrap_or(Err(HttpFault::Timeout { host }))
    }

    async fn exchange(
        &self,
        url: &Url,
        host: &str,
        method: &str,
        content: Content,
    ) -> Result<Answer, HttpFault> {
        let port = url.port().unwrap_or(self.port);
        let tcp = reach(&self.names, self.reach, host, port).await?;
        let (mut stream, _facts) =
            handshake(Arc::clone(&self.tls), host, tcp, self.deadline).await?;
        let broken = || HttpFault::Broken {
            host: host.to_owned(),
        };
        let body = match &content {
            Content::Form(body) => Some(body),
            Content::Nothing | Content::Key(_) => None,
        };
        let mut head = request_head(url, method, body.map(|b| (FORM, b.len())));
        if let Content::Key(key) = &content {
            // Room from the start: a buffer that grew would leave the key behind.
            let mut whole = String::with_capacity(head.len() + key.len() + 32);
            whole.push_str(head.trim_end_matches("\r\n"));
            whole.extend(["\r\nAuthorization: Bearer ", key, "\r\n\r\n"]);
            head = Zeroizing::new(whole);
        }
        stream
            .write_all(head.as_bytes())
            .await
            .map_err(|_gone| broken())?;
        if let Some(body) = body {
            stream
                .write_all(body.as_bytes())
                .await
                .map_err(|_gone| broken())?;
        }
        stream.flush().await.map_err(|_gone| broken())?;
        let mut reader = Reader::new(stream, host, &self.dates, Vouched::Yes);
        reader.answer(self.limit).await
    }
}

/// What a request carries.
enum Content {
    Nothing,
    Form(Zeroizing<String>),
    Key(Zeroizing<String>),
}

/// A connection to the first address of a host that may be reached and answers.
pub(super) async fn reach(
    names: &Names,
    reach: Reach,
    host: &str,
    port: u16,
) -> Result<TcpStream, HttpFault> {
    let addresses = names.addresses(host, port).await?;
    if addresses.is_empty() {
        return Err(HttpFault::NoSuchHost {
            host: host.to_owned(),
        });
    }
    let allowed: Vec<SocketAddr> = addresses
        .into_iter()
        .filter(|a| reach == Reach::Anywhere || is_public(a.ip()))
        .collect();
    if allowed.is_empty() {
        return Err(HttpFault::Private {
            host: host.to_owned(),
        });
    }
    let unreachable = |source| ConnectError::Unreachable {
        host: host.to_owned(),
        port,
        source,
    };
    Ok(TcpStream::connect(&*allowed).await.map_err(unreachable)?)
}

pub(super) fn request_head(
    url: &Url,
    method: &str,
    content: Option<(&str, usize)>,
) -> Zeroizing<String> {
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut head = format!(
        "{method} {target} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nAccept: */*\r\n"
    );
    if let Some((kind, length)) = content {
        head.extend(["Content-Type: ", kind, "\r\n"]);
        head.extend(["Content-Length: ", &length.to_string(), "\r\n"]);
    }
    head.push_str("\r\n");
    Zeroizing::new(head)
}

/// The fields of a form, in a buffer of the right size from the start: one that grew would leave a secret behind.
fn form(fields: &[(&str, &str)]) -> Zeroizing<String> {
    let most: usize = fields
        .iter()
        .map(|(name, value)| 2 + 3 * (name.len() + value.len()))
        .sum();
    let mut text = String::with_capacity(most);
    for (name, value) in fields {
        if !text.is_empty() {
            text.push('&');
        }
        text.extend(url::form_urlencoded::byte_serialize(name.as_bytes()));
        text.push('=');
        text.extend(url::form_urlencoded::byte_serialize(value.as_bytes()));
    }
    Zeroizing::new(text)
}

/// How the end of a body is found (RFC 9112 §6.3).
enum Framing {
    Length(usize),
    Chunked,
    ToTheEnd,
}

pub(super) struct Reader<'a, S> {
    stream: S,
    /// What was read and not used yet.
    buffer: Zeroizing<Vec<u8>>,
    host: &'a str,
    /// Where the date of the answer is kept, and whether it can be relied on.
    dates: &'a Dates,
    vouched: Vouched,
}

impl<'a, S: AsyncRead + Unpin> Reader<'a, S> {
    pub(super) fn new(stream: S, host: &'a str, dates: &'a Dates, vouched: Vouched) -> Self {
        Self {
            stream,
            buffer: Zeroizing::new(Vec::with_capacity(HEAD_MAX)),
            host,
            dates,
            vouched,
        }
    }

    pub(super) async fn answer(&mut self, limit: usize) -> Result<Answer, HttpFault> {
        let (status, framing) = self.final_head().await?;
        let body = match framing {
            Framing::Length(length) if length > limit => return Err(self.too_large()),
            Framing::Length(length) => {
                while self.buffer.len() < length {
                    self.more(limit + HEAD_MAX).await?;
                }
                Zeroizing::new(self.buffer[..length].to_vec())
            }
            Framing::Chunked => {
                // Room from the start: a buffer that grew would leave a secret behind.
                let mut body = Zeroizing::new(Vec::with_capacity(limit.min(64 * 1024)));
                self.pour_chunks(limit as u64, &mut *body).await?;
                body
            }
            Framing::ToTheEnd => {
                // TLS tells a real end from a cut one; rustls makes the second an error. What is fetched without TLS is
                // signed, and cut it cannot be read.
                while self.read(limit + HEAD_MAX).await? > 0 {}
                if self.buffer.len() > limit {
                    return Err(self.too_large());
                }
                Zeroizing::new(self.buffer.to_vec())
            }
        };
        Ok(Answer { status, body })
    }

    /// The same with the body handed on as it comes, so that its size costs no memory. Status 200 only: of any other
    /// answer there is nothing to hand on.
    pub(super) async fn pour(
        &mut self,
        limit: u64,
        sink: &mut (dyn std::io::Write + Send),
    ) -> Result<u16, HttpFault> {
        let (status, framing) = self.final_head().await?;
        if status != 200 {
            return Ok(status);
        }
        let expected = match framing {
            Framing::Length(length) if length as u64 > limit => return Err(self.too_large()),
            Framing::Length(length) => Some(length as u64),
            Framing::ToTheEnd => None,
            Framing::Chunked => return self.pour_chunks(limit, sink).await.map(|()| status),
        };
        let mut poured = 0;
        loop {
            poured += self.buffer.len() as u64;
            if poured > expected.unwrap_or(limit) {
                return Err(self.too_large());
            }
            sink.write_all(&self.buffer)
                .map_err(|_full| self.broken())?;
            self.buffer.clear();
            if expected == Some(poured) {
                return Ok(status);
            }
            match (self.read(HEAD_MAX).await?, expected) {
                (0, None) => return Ok(status),
                (0, Some(_)) => return Err(self.broken()),
                _ => {}
            }
        }
    }

    async fn pour_chunks(
        &mut self,
        limit: u64,
        sink: &mut (dyn std::io::Write + Send),
    ) -> Result<(), HttpFault> {
        let mut poured = 0;
        loop {
            let (line, size) = loop {
                match httparse::parse_chunk_size(&self.buffer) {
                    Ok(httparse::Status::Complete(found)) => break found,
                    Ok(httparse::Status::Partial) => self.more(HEAD_MAX).await?,
                    Err(_malformed) => return Err(self.broken()),
                }
            };
            if size == 0 {
                return Ok(());
            }
            if size > limit - poured {
                return Err(self.too_large());
            }
            self.buffer.drain(..line);
            poured += size;
            let mut left = size;
            while left > 0 {
                if self.buffer.is_empty() {
                    self.more(HEAD_MAX).await?;
                }
                // At most what the buffer holds.
                let piece =
                    usize::try_from(left).map_or(self.buffer.len(), |l| l.min(self.buffer.len()));
                sink.write_all(&self.buffer[..piece])
                    .map_err(|_full| self.broken())?;
                self.buffer.drain(..piece);
                left -= piece as u64;
            }
            // The line end after a chunk.
            while self.buffer.len() < 2 {
                self.more(HEAD_MAX).await?;
            }
            self.buffer.drain(..2);
        }
    }

    /// Status and framing of the answer that counts; its head is used up. No redirect is followed.
    async fn final_head(&mut self) -> Result<(u16, Framing), HttpFault> {
        loop {
            let (status, framing, length) = self.head().await?;
            self.buffer.drain(..length);
            match status {
                // An interim answer comes before the real one.
                100..200 => {}
                300..400 => {
                    return Err(HttpFault::Redirect {
                        host: self.host.to_owned(),
                        status,
                    });
                }
                _ => return Ok((status, framing)),
            }
        }
    }

    /// Status, framing, and the octets of the head.
    async fn head(&mut self) -> Result<(u16, Framing, usize), HttpFault> {
        loop {
            let mut fields = [httparse::EMPTY_HEADER; FIELDS_MAX];
            let mut response = httparse::Response::new(&mut fields);
            match response.parse(&self.buffer) {
                Ok(httparse::Status::Complete(length)) => {
                    let status = response.code.unwrap_or(0);
                    let framing = framing(response.headers).ok_or_else(|| self.broken())?;
                    // Whatever else the answer says: a refusal has a date too.
                    if let Some(date) = dates::of_head(response.headers) {
                        let (host, vouched) = (self.host, self.vouched);
                        self.dates.hear(host, date, Reading::Exact, vouched);
                    }
                    return Ok((status, framing, length));
                }
                Ok(httparse::Status::Partial) if self.buffer.len() < HEAD_MAX => {}
                Ok(httparse::Status::Partial) => return Err(self.too_large()),
                Err(_malformed) => return Err(self.broken()),
            }
            self.more(HEAD_MAX).await?;
        }
    }

    /// Reads more, of which there must be some.
    async fn more(&mut self, limit: usize) -> Result<(), HttpFault> {
        match self.read(limit).await? {
            0 => Err(self.broken()),
            _ => Ok(()),
        }
    }

    async fn read(&mut self, limit: usize) -> Result<usize, HttpFault> {
        if self.buffer.len() >= limit {
            return Err(self.too_large());
        }
        let mut piece = Zeroizing::new([0; 8192]);
        let read = self.stream.read(&mut piece[..]).await;
        let octets = read.map_err(|_gone| self.broken())?;
        self.buffer.extend_from_slice(&piece[..octets]);
        Ok(octets)
    }

    fn broken(&self) -> HttpFault {
        HttpFault::Broken {
            host: self.host.to_owned(),
        }
    }

    fn too_large(&self) -> HttpFault {
        HttpFault::TooLarge {
            host: self.host.to_owned(),
        }
    }
}

/// `None` where the fields contradict each other.
fn framing(fields: &[httparse::Header<'_>]) -> Option<Framing> {
    let all = |name: &str| -> Vec<&str> {
        let named = fields.iter().filter(|f| f.name.eq_ignore_ascii_case(name));
        named
            .filter_map(|f| str::from_utf8(f.value).ok().map(str::trim))
            .collect()
    };
    match (&*all("transfer-encoding"), &*all("content-length")) {
        ([coding], []) if coding.eq_ignore_ascii_case("chunked") => Some(Framing::Chunked),
        ([], [length]) => Some(Framing::Length(length.parse().ok()?)),
        ([], []) => Some(Framing::ToTheEnd),
        _ => None,
    }
}

/// Whether an address is one of the internet: not of this computer, the house, or a special use (RFC 6890).
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (b == 18 || b == 19)))
        }
        IpAddr::V6(v6) => {
            if let Some(v4) = v6.to_ipv4_mapped() {
                return is_public(IpAddr::V4(v4));
            }
            let [first, second, ..] = v6.segments();
            // Global unicast (2000::/3), without what in it leads elsewhere: documentation, 6to4, Teredo.
            first & 0xe000 == 0x2000
                && first != 0x2002
                && !(first == 0x2001 && (second == 0 || second == 0xdb8))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_inside_the_house_are_not_public() {
        for text in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:10.0.0.1",
            "2002:a00:1::",
            "2001::1",
            "2001:db8::1",
            "64:ff9b::a00:1",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in ["193.0.6.139", "100.128.0.1", "2a02:26f0::1", "2620:fe::fe"] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn a_form_is_escaped_and_never_grows() {
        let text = form(&[("scope", "a b&c=d"), ("æ", "+")]);
        assert_eq!(&*text, "scope=a+b%26c%3Dd&%C3%A6=%2B");
        assert!(text.capacity() >= text.len());
    }

    #[test]
    fn an_answer_whose_fields_contradict_each_other_is_no_answer() {
        let field = |name, value| httparse::Header { name, value };
        let length = field("Content-Length", b"3".as_slice());
        let chunked = field("transfer-encoding", b"Chunked".as_slice());
        assert!(matches!(framing(&[length]), Some(Framing::Length(3))));
        assert!(matches!(framing(&[chunked]), Some(Framing::Chunked)));
        assert!(matches!(framing(&[]), Some(Framing::ToTheEnd)));
        assert!(framing(&[length, chunked]).is_none());
        assert!(framing(&[length, length]).is_none());
        assert!(framing(&[field("Content-Length", b"-1".as_slice())]).is_none());
    }
}
