//! A small HTTPS server on loopback: for autoconfig files and for signing in. It can be told to answer badly.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use super::{
    loopback::{BoxStream, Conversation, Loopback, fall_silent, lock},
    tls::{Presented, ServerCertificates, TlsVersions},
};

/// Octets of a request at most.
const REQUEST_MAX: usize = 64 * 1024;

/// What is asked for.
pub(super) struct Asked {
    /// The path, without its query.
    pub(super) path: String,
    /// What follows the question mark.
    pub(super) query: String,
    /// The body.
    pub(super) body: String,
    /// What the Authorization field says.
    pub(super) authorization: Option<String>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Such as 200.
    pub status: u16,
    /// Where else to look.
    pub location: Option<String>,
    /// What it says.
    pub body: String,
    /// How it is said.
    pub manner: Manner,
}

/// How an answer is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// At once, with its length.
    #[default]
    Whole,
    /// In chunks.
    Chunks,
    /// Until the connection ends.
    ToTheEnd,
    /// An octet now and then.
    Drip,
    /// Without end.
    Endless,
    /// Half of it.
    Half,
    /// Not at all.
    Silent,
}

impl Answer {
    /// 200 with this text.
    pub fn of(body: impl Into<String>) -> Self {
        Self {
            status: 200,
            location: None,
            body: body.into(),
            manner: Manner::Whole,
        }
    }

    /// This status and nothing else.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::of("")
        }
    }

    /// The same, said like this.
    #[must_use]
    pub fn said(self, manner: Manner) -> Self {
        Self { manner, ..self }
    }
}

/// A running HTTPS server. Dropping it stops it.
pub struct WebServer {
    loopback: Loopback,
    asked: Arc<Mutex<Vec<String>>>,
}

/// What answers.
type Answering = dyn Fn(&Asked) -> Answer + Send + Sync;

impl WebServer {
    /// Serves these pages by path; everything else is not found.
    pub fn start(
        certificates: &ServerCertificates,
        presented: Presented,
        pages: Vec<(String, Answer)>,
    ) -> io::Result<Self> {
        Self::answering("segl-demo-web", certificates, presented, move |asked| {
            let page = pages.iter().find(|(path, _)| *path == asked.path);
            page.map_or_else(|| Answer::status(404), |(_, answer)| answer.clone())
        })
    }

    /// The same for who shows this key (RFC 6750); whoever does not gets 401.
    pub fn start_for(
        key: &str,
        certificates: &ServerCertificates,
        pages: Vec<(String, Answer)>,
    ) -> io::Result<Self> {
        let wanted = format!("Bearer {key}");
        Self::answering(
            "segl-demo-web",
            certificates,
            Presented::Good,
            move |asked| {
                if asked.authorization.as_ref() != Some(&wanted) {
                    return Answer::status(401);
                }
                let page = pages.iter().find(|(path, _)| *path == asked.path);
                page.map_or_else(|| Answer::status(404), |(_, answer)| answer.clone())
            },
        )
    }

    pub(super) fn answering(
        name: &str,
        certificates: &ServerCertificates,
        presented: Presented,
        answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let tls = certificates
            .configurations(TlsVersions::Both)
            .map_err(io::Error::other)?
            .of(presented);
        let (acceptor, answer): (_, Arc<Answering>) = (TlsAcceptor::from(tls), Arc::new(answer));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&asked);
        let serve = move |stream, _number| -> Conversation {
            let (acceptor, answer) = (acceptor.clone(), Arc::clone(&answer));
            let noted = Arc::clone(&noted);
            Box::pin(async move {
                // A client that broke off has its right.
                let _ = serve(acceptor, stream, &*answer, &noted).await;
            })
        };
        Ok(Self {
            loopback: Loopback::start(name, Duration::ZERO, serve)?,
            asked,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.loopback.address()
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address().port()
    }

    /// The paths that were asked for, with their queries.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.asked).clone()
    }

    /// Refuses connections and ends the open ones, as a server that was stopped.
    pub fn refuse_connections(&self) -> io::Result<()> {
        self.loopback.shut()
    }
}

async fn serve(
    acceptor: TlsAcceptor,
    stream: BoxStream,
    answer: &Answering,
    noted: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let mut stream = acceptor.accept(stream).await?;
    let Some(asked) = read(&mut stream).await? else {
        return Ok(());
    };
    let separator = if asked.query.is_empty() { "" } else { "?" };
    lock(noted).push(format!("{}{separator}{}", asked.path, asked.query));
    let answer = answer(&asked);
    say(&mut stream, &answer).await?;
    stream.shutdown().await
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Asked>> {
    let mut octets = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let read = stream.read(&mut piece).await?;
        octets.extend_from_slice(&piece[..read]);
        if read == 0 || octets.len() > REQUEST_MAX {
            return Ok(None);
        }
        let mut fields = [httparse::EMPTY_HEADER; 40];
        let mut request = httparse::Request::new(&mut fields);
        let Ok(httparse::Status::Complete(head)) = request.parse(&octets) else {
            continue;
        };
        let length = request
            .headers
            .iter()
            .find(|f| f.name.eq_ignore_ascii_case("content-length"))
            .and_then(|f| str::from_utf8(f.value).ok()?.parse().ok())
            .unwrap_or(0);
        let Some(body) = octets.get(head..head + length) else {
            continue;
        };
        let mut fields = request.headers.iter();
        let authorization = fields.find(|f| f.name.eq_ignore_ascii_case("authorization"));
        let authorization = authorization.map(|f| String::from_utf8_lossy(f.value).into_owned());
        let target = request.path.unwrap_or("/");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        return Ok(Some(Asked {
            path: path.to_owned(),
            query: query.to_owned(),
            body: String::from_utf8_lossy(body).into_owned(),
            authorization,
        }));
    }
}

async fn say(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    answer: &Answer,
) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {} said\r\n", answer.status);
    if let Some(location) = &answer.location {
        head.extend(["Location: ", location, "\r\n"]);
    }
    let body = answer.body.as_bytes();
    match answer.manner {
        Manner::Whole | Manner::Half | Manner::Drip => {
            head.extend(["Content-Length: ", &body.len().to_string(), "\r\n\r\n"]);
        }
        Manner::Chunks => head.push_str("Transfer-Encoding: chunked\r\n\r\n"),
        Manner::ToTheEnd | Manner::Endless => head.push_str("\r\n"),
        Manner::Silent => {
            fall_silent(stream).await;
            return Ok(());
        }
    }
    stream.write_all(head.as_bytes()).await?;
    match answer.manner {
        Manner::Whole | Manner::ToTheEnd | Manner::Silent => stream.write_all(body).await?,
        Manner::Half => stream.write_all(&body[..body.len() / 2]).await?,
        Manner::Chunks => {
            for chunk in body.chunks(7) {
                let size = format!("{:x}\r\n", chunk.len());
                stream.write_all(size.as_bytes()).await?;
                stream.write_all(chunk).await?;
                stream.write_all(b"\r\n").await?;
            }
            stream.write_all(b"0\r\n\r\n").await?;
        }
        Manner::Drip => {
            for octet in body {
                stream.write_all(&[*octet]).await?;
                stream.flush().await?;
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        Manner::Endless => loop {
            stream.write_all(&[b' '; 4096]).await?;
        },
    }
    stream.flush().await
}
