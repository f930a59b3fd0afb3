//! GET and POST over plain HTTP (RFC 9112), for what is signed itself: certificates, revocation lists and answers of
//! responders at URLs that certificates name.
//!
//! The scheme is `http` and nothing else: HTTPS would need a certificate to check a certificate (RFC 5280 §8). One request
//! a connection, a deadline for the whole, a limit for the answer, no redirect, no cookie, and private addresses only where
//! the settings say so.

use std::time::Duration;

use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};
use url::Url;

use super::{
    Dates, Names, Vouched,
    http::{Answer, HttpFault, Reach, Reader, reach, request_head},
};

/// An HTTP client for signed objects.
#[derive(Clone)]
pub struct Http {
    names: Names,
    reach: Reach,
    deadline: Duration,
    limit: usize,
    dates: Dates,
}

impl Http {
    /// A client that gives up after `deadline` and reads at most `limit` octets.
    pub fn new(names: Names, reach: Reach, deadline: Duration, limit: usize) -> Self {
        Self {
            names,
            reach,
            deadline,
            limit,
            dates: Dates::default(),
        }
    }

    /// The same that keeps the dates of the answers there.
    #[must_use]
    pub fn with_dates(mut self, dates: &Dates) -> Self {
        self.dates = dates.clone();
        self
    }

    /// GET. The answer may have any status but a redirect.
    pub async fn get(&self, url: &Url) -> Result<Answer, HttpFault> {
        let host = host(url)?;
        match timeout(self.deadline, self.exchange(url, &host, None)).await {
            Ok(came) => came,
            Err(_late) => Err(HttpFault::Timeout { host: host.clone() }),
        }
    }

    /// POST of octets of this media type. The answer may have any status but a redirect.
    pub async fn post(&self, url: &Url, kind: &str, body: &[u8]) -> Result<Answer, HttpFault> {
        let host = host(url)?;
        match timeout(self.deadline, self.exchange(url, &host, Some((kind, body)))).await {
            Ok(came) => came,
            Err(_late) => Err(HttpFault::Timeout { host: host.clone() }),
        }
    }

    /// GET of something large: the body of a 200 goes into `sink` as it comes, and may be cut there when this fails.
    pub async fn get_into(
        &self,
        url: &Url,
        sink: &mut (dyn std::io::Write + Send),
    ) -> Result<u16, HttpFault> {
        let host = host(url)?;
        let exchange = async {
            let stream = self.asked(url, &host, None).await?;
            let limit = self.limit as u64;
            let mut reader = Reader::new(stream, &host, &self.dates, Vouched::No);
            reader.pour(limit, sink).await
        };
        match timeout(self.deadline, exchange).await {
            Ok(came) => came,
            Err(_late) => Err(HttpFault::Timeout { host: host.clone() }),
        }
    }

    async fn exchange(
        &self,
        url: &Url,
        host: &str,
        body: Option<(&str, &[u8])>,
    ) -> Result<Answer, HttpFault> {
        let stream = self.asked(url, host, body).await?;
        let mut reader = Reader::new(stream, host, &self.dates, Vouched::No);
        reader.answer(self.limit).await
    }

    async fn asked(
        &self,
        url: &Url,
        host: &str,
        body: Option<(&str, &[u8])>,
    ) -> Result<TcpStream, HttpFault> {
        let port = url.port_or_known_default().unwrap_or(80);
        let mut stream = reach(&self.names, self.reach, host, port).await?;
        let (method, octets) = body.map_or(("GET", &[][..]), |(_, octets)| ("POST", octets));
        let content = body.map(|(kind, octets)| (kind, octets.len()));
        let head = request_head(url, method, content);
        // In one piece: a server that reads once has all of it.
        let request = [head.as_bytes(), octets].concat();
        stream
            .write_all(&request)
            .await
            .map_err(|_gone| HttpFault::Broken {
                host: host.to_owned(),
            })?;
        Ok(stream)
    }
}

/// The name or address that an `http` URL leads to. In an URL an IPv6 address has brackets.
fn host(url: &Url) -> Result<String, HttpFault> {
    let host = url.host_str().filter(|_| url.scheme() == "http");
    let host = host.ok_or(HttpFault::NotHttps)?;
    Ok(host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned())
}
