//! One connection to the directory: reads requests, keeps the state of bind and TLS, and writes what searches answer.
//!
//! Each search is a task of its own, so that pipelined searches answer independently of each other.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::message::{self, BindRequest, Operation, Response, SearchRequest, code};
use super::{Asked, Fault, Security, Seen, Shared, answer};
use crate::demo::loopback::{BoxStream, fall_silent, lock, random_octets};
use crate::demo::tls::Presented;

/// What a search gives to the connection to write.
pub(super) enum Out {
    Octets(Vec<u8>),
    Close,
}

/// How a conversation went on.
enum Next {
    StartTls,
    Close,
}

struct Session {
    shared: Arc<Shared>,
    number: usize,
    inside_tls: bool,
    may_search: bool,
}

/// Serves one connection until it ends. What the client does to it is no error of the server.
pub(super) async fn serve(shared: Arc<Shared>, mut stream: BoxStream, number: usize) {
    lock(&shared.stats).connections += 1;
    match shared.fault() {
        Some(Fault::CloseOnAccept) => return,
        Some(Fault::StallOnAccept) => return fall_silent(&mut stream).await,
        _ => {}
    }
    let mut session = Session {
        may_search: shared.options.credentials.is_none(),
        shared,
        number,
        inside_tls: false,
    };
    if matches!(session.shared.options.security, Security::Ldaps(_)) {
        match session.handshake(stream).await {
            Ok(inside) => stream = inside,
            Err(_ended) => return,
        }
    }
    while let Ok(Next::StartTls) = session.talk(&mut stream).await {
        match session.handshake(stream).await {
            Ok(inside) => stream = inside,
            Err(_ended) => return,
        }
    }
}

impl Session {
    /// Takes the connection into TLS.
    async fn handshake(&mut self, mut stream: BoxStream) -> io::Result<BoxStream> {
        let presented = match self.shared.fault() {
            Some(Fault::TlsGarbage) => {
                stream.write_all(&random_octets(64)).await?;
                fall_silent(&mut stream).await;
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            Some(Fault::BadCertificate(presented)) => presented,
            _ => Presented::Good,
        };
        let Some(configurations) = &self.shared.tls else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        let acceptor = TlsAcceptor::from(configurations.of(presented));
        let inside = acceptor.accept(stream).await?;
        lock(&self.shared.stats).handshakes += 1;
        self.inside_tls = true;
        Ok(Box::new(inside))
    }

    /// Answers requests until the connection ends or TLS begins.
    async fn talk(&mut self, stream: &mut BoxStream) -> io::Result<Next> {
        let (answers, mut ready) = mpsc::channel(16);
        let mut searches = JoinSet::new();
        let mut running: HashMap<i64, AbortHandle> = HashMap::new();
        let mut buffer = Vec::new();
        loop {
            let Ok(request) = message::take(&mut buffer) else {
                return Ok(Next::Close);
            };
            let Some(request) = request else {
                let mut chunk = [0; 4096];
                tokio::select! {
                    read = stream.read(&mut chunk) => match read? {
                        0 => return Ok(Next::Close),
                        length => buffer.extend_from_slice(&chunk[..length]),
                    },
                    Some(out) = ready.recv() => match out {
                        Out::Octets(octets) => send(stream, &octets).await?,
                        Out::Close => return Ok(Next::Close),
                    },
                }
                continue;
            };
            let id = request.id;
            self.note(&request.operation);
            match request.operation {
                Operation::Unbind => return Ok(Next::Close),
                Operation::Bind(bind) => send(stream, &self.bind(id, &bind)).await?,
                Operation::Search(search) if self.may_search => {
                    let task = answer::run(Arc::clone(&self.shared), id, search, answers.clone());
                    running.insert(id, searches.spawn(task));
                }
                Operation::Search(_) => {
                    let code = code::STRONGER_AUTH_REQUIRED;
                    send(
                        stream,
                        &message::result(id, Response::Search, code, "bind first", &[]),
                    )
                    .await?;
                }
                Operation::Abandon(other) => {
                    if let Some(search) = running.remove(&other) {
                        search.abort();
                    }
                }
                Operation::StartTls => {
                    let (accepted, octets) = self.start_tls(id);
                    // RFC 4511 §4.14.1: nothing may follow the request before TLS has begun.
                    if accepted && !buffer.is_empty() {
                        return Ok(Next::Close);
                    }
                    send(stream, &octets).await?;
                    if accepted {
                        return Ok(Next::StartTls);
                    }
                }
                Operation::Unsupported(response) => {
                    let code = code::UNWILLING_TO_PERFORM;
                    send(
                        stream,
                        &message::result(id, response, code, "not here", &[]),
                    )
                    .await?;
                }
            }
        }
    }

    /// Checks a bind (RFC 4513 §5.1). A password outside TLS is refused unread.
    fn bind(&mut self, id: i64, bind: &BindRequest) -> Vec<u8> {
        let (code, text) = match &bind.password {
            None => (code::AUTH_METHOD_NOT_SUPPORTED, "simple bind only"),
            Some(password) if password.is_empty() && bind.dn.is_empty() => (code::SUCCESS, ""),
            Some(password) if password.is_empty() => {
                (code::UNWILLING_TO_PERFORM, "a name without a password")
            }
            Some(_) if !self.inside_tls => (code::CONFIDENTIALITY_REQUIRED, "TLS first"),
            Some(password) if self.right(&bind.dn, password) => {
                self.may_search = true;
                (code::SUCCESS, "")
            }
            Some(_) => (code::INVALID_CREDENTIALS, ""),
        };
        if code != code::SUCCESS || bind.dn.is_empty() {
            // RFC 4513 §4: a bind that fails, or an anonymous one, leaves the connection anonymous.
            self.may_search = self.shared.options.credentials.is_none();
        }
        message::result(id, Response::Bind, code, text, &[])
    }

    fn right(&self, dn: &str, password: &[u8]) -> bool {
        self.shared
            .options
            .credentials
            .as_ref()
            .is_some_and(|(known, secret)| {
                known.eq_ignore_ascii_case(dn) && secret.as_bytes() == password
            })
    }

    /// The answer to `StartTLS`, and whether TLS begins after it.
    fn start_tls(&self, id: i64) -> (bool, Vec<u8>) {
        let fault = self.shared.fault();
        if fault == Some(Fault::StartTlsRefused) {
            let octets = message::start_tls_result(id, code::UNAVAILABLE, "not now");
            return (false, octets);
        }
        if self.inside_tls {
            let octets = message::start_tls_result(id, code::OPERATIONS_ERROR, "inside TLS");
            return (false, octets);
        }
        if self.shared.tls.is_none() {
            let octets = message::start_tls_result(id, code::PROTOCOL_ERROR, "no TLS here");
            return (false, octets);
        }
        let mut octets = message::start_tls_result(id, code::SUCCESS, "");
        if let Some(Fault::StartTlsInjected(more)) = fault {
            octets.extend(more);
        }
        (true, octets)
    }

    fn note(&self, operation: &Operation) {
        let request = match operation {
            Operation::Bind(bind) => match &bind.password {
                None => Asked::OtherBind,
                Some(password) if password.is_empty() && bind.dn.is_empty() => Asked::AnonymousBind,
                Some(password) => Asked::SimpleBind {
                    dn: bind.dn.clone(),
                    accepted: self.inside_tls && self.right(&bind.dn, password),
                },
            },
            Operation::Search(search) => asked(search),
            Operation::StartTls => Asked::StartTls,
            Operation::Abandon(_) => Asked::Abandon,
            Operation::Unbind => Asked::Unbind,
            Operation::Unsupported(_) => Asked::Other,
        };
        lock(&self.shared.stats).requests.push(Seen {
            connection: self.number,
            inside_tls: self.inside_tls,
            request,
        });
    }
}

fn asked(search: &SearchRequest) -> Asked {
    Asked::Search {
        base: search.base.clone(),
        filter: search.filter.to_string(),
        attributes: search.attributes.clone(),
        size_limit: search.size_limit,
    }
}

async fn send(stream: &mut BoxStream, octets: &[u8]) -> io::Result<()> {
    stream.write_all(octets).await?;
    stream.flush().await
}
