//! The listener on loopback to which a browser comes back after signing in (RFC 8252 §7.3).
//!
//! It listens on 127.0.0.1 at a port that the operating system chooses, answers nobody but a request for its own host
//! name, takes one answer and is gone. What the browser brought is told to one caller and logged nowhere.

use std::{io, net::Ipv4Addr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinSet,
    time::timeout,
};
use zeroize::Zeroizing;

/// Octets of a request's head at most: answers carry codes of a few kilobytes.
const HEAD_MAX: usize = 32 * 1024;
/// For one connection. Browsers open some in advance and say nothing on them.
const CONNECTION: Duration = Duration::from_secs(30);

/// A listener that waits for a browser.
pub struct Redirect {
    listener: TcpListener,
    port: u16,
}

/// Why nobody came back.
#[derive(Debug, thiserror::Error)]
pub enum RedirectFault {
    /// No port on loopback.
    #[error("no port on 127.0.0.1")]
    Listen(#[source] io::Error),
    /// Nobody came in time.
    #[error("nobody came back from the browser in time")]
    Timeout,
}

/// What the browser shows afterwards.
#[derive(Debug, Clone)]
pub struct Page {
    /// BCP 47 tag of the language.
    pub lang: String,
    /// The title and only heading.
    pub title: String,
    /// One sentence.
    pub text: String,
}

impl Redirect {
    /// Listens on a free port.
    pub async fn listen() -> Result<Self, RedirectFault> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(RedirectFault::Listen)?;
        let port = listener.local_addr().map_err(RedirectFault::Listen)?.port();
        Ok(Self { listener, port })
    }

    /// The redirection URI: an IP address and not `localhost`, which others could resolve elsewhere (RFC 8252 §8.3).
    pub fn uri(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// The query of the first request for `/` that has one. `page` is shown to it.
    pub async fn answer(
        self,
        page: &Page,
        deadline: Duration,
    ) -> Result<Zeroizing<String>, RedirectFault> {
        timeout(deadline, self.first(page))
            .await
            .unwrap_or(Err(RedirectFault::Timeout))
    }

    async fn first(self, page: &Page) -> Result<Zeroizing<String>, RedirectFault> {
        let (found, mut queries) = mpsc::channel(1);
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let (stream, _from) = accepted.map_err(RedirectFault::Listen)?;
                    let (found, host) = (found.clone(), format!("127.0.0.1:{}", self.port));
                    let page = html(page);
                    connections.spawn(async move {
                        // Who is silent or says nothing of use leaves the door open for the browser.
                        let _served = timeout(CONNECTION, serve(stream, &host, &page, found)).await;
                    });
                }
                Some(query) = queries.recv() => return Ok(query),
                Some(_ended) = connections.join_next() => {}
            }
        }
    }
}

async fn serve(
    mut stream: TcpStream,
    host: &str,
    page: &str,
    found: mpsc::Sender<Zeroizing<String>>,
) -> io::Result<()> {
    let mut head = Zeroizing::new(Vec::with_capacity(HEAD_MAX));
    let query = loop {
        let mut piece = Zeroizing::new([0; 4096]);
        let read = stream.read(&mut piece[..]).await?;
        if read == 0 || head.len() + read > HEAD_MAX {
            return Ok(());
        }
        head.extend_from_slice(&piece[..read]);
        match query(&head, host) {
            Parsed::Incomplete => {}
            Parsed::Query(query) => break Some(query),
            Parsed::Nothing => break None,
        }
    };
    let (status, body) = match &query {
        Some(_) => ("200 OK", page),
        None => ("404 Not Found", ""),
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Connection: close\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\
         Content-Security-Policy: default-src 'none'\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    if let Some(query) = query {
        // A second answer comes too late.
        let _late = found.send(query).await;
    }
    Ok(())
}

enum Parsed {
    Incomplete,
    Query(Zeroizing<String>),
    Nothing,
}

fn query(head: &[u8], host: &str) -> Parsed {
    let mut fields = [httparse::EMPTY_HEADER; 100];
    let mut request = httparse::Request::new(&mut fields);
    match request.parse(head) {
        Ok(httparse::Status::Partial) => return Parsed::Incomplete,
        Err(_malformed) => return Parsed::Nothing,
        Ok(httparse::Status::Complete(_)) => {}
    }
    // A page elsewhere that had its own name resolved to this computer has another host name.
    let named = request
        .headers
        .iter()
        .filter(|f| f.name.eq_ignore_ascii_case("host"));
    let is_here = named.map(|f| f.value).eq([host.as_bytes()]);
    let query = request
        .path
        .and_then(|p| p.strip_prefix("/?"))
        .filter(|q| is_here && !q.is_empty() && request.method == Some("GET"));
    query.map_or(Parsed::Nothing, |q| {
        Parsed::Query(Zeroizing::new(q.to_owned()))
    })
}

fn html(page: &Page) -> String {
    let escape = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
    };
    let (lang, title, text) = (escape(&page.lang), escape(&page.title), escape(&page.text));
    format!(
        "<!doctype html><html lang=\"{lang}\"><meta charset=\"utf-8\"><title>{title}</title>\
         <h1>{title}</h1><p>{text}</p></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        Page {
            lang: "en".to_owned(),
            title: "Segl".to_owned(),
            text: "<b>Done</b>".to_owned(),
        }
    }

    async fn ask(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn only_a_request_with_a_query_for_this_host_is_taken() {
        let redirect = Redirect::listen().await.unwrap();
        let port = redirect.port;
        let silent = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .unwrap();
        let waiting =
            tokio::spawn(async move { redirect.answer(&page(), Duration::from_secs(20)).await });
        let here = format!("Host: 127.0.0.1:{port}\r\n\r\n");
        for request in [
            format!("GET /favicon.ico HTTP/1.1\r\n{here}"),
            format!("GET / HTTP/1.1\r\n{here}"),
            format!("POST /?code=a HTTP/1.1\r\n{here}"),
            format!("GET /?code=a HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n"),
            "GET /?code=a HTTP/1.1\r\n\r\n".to_owned(),
        ] {
            assert!(
                ask(port, &request).await.starts_with("HTTP/1.1 404"),
                "{request}"
            );
        }
        let shown = ask(port, &format!("GET /?code=b&state=c HTTP/1.1\r\n{here}")).await;
        assert!(
            shown.contains("200 OK") && shown.contains("&lt;b&gt;Done"),
            "{shown}"
        );
        let query = waiting.await.unwrap().unwrap();
        assert_eq!(&*query, "code=b&state=c");
        drop(silent);
    }

    #[tokio::test]
    async fn nobody_is_waited_for_for_ever() {
        let redirect = Redirect::listen().await.unwrap();
        let ended = redirect.answer(&page(), Duration::from_millis(30)).await;
        assert!(matches!(ended, Err(RedirectFault::Timeout)));
    }
}
