//! One connection to the directory: reads requests, keeps the state of bind and TLS, and writes what searches answer.
//!
//! Each search is a task of its own, so that pipelined searches answer independently of each other.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc::{self, Sender};
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::message::{self, BindRequest, Operation, Request, Response, SearchRequest, code};
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

/// Whether TLS begins.
enum Accepted {
    Yes,
    No,
}

/// What came of a request.
enum Obeyed {
    /// Nothing to say yet, or ever.
    Nothing,
    Answer(Vec<u8>),
    /// These octets, and then this conversation is over.
    Leave(Vec<u8>, Next),
}

/// The searches that are going on in one conversation. They end with it.
struct Searches {
    shared: Arc<Shared>,
    answers: Sender<Out>,
    tasks: JoinSet<()>,
    running: HashMap<i64, AbortHandle>,
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
        let mut searches = Searches::new(Arc::clone(&self.shared), answers);
        let mut buffer = Vec::new();
        loop {
            let Ok(request) = message::take(&mut buffer) else {
                return Ok(Next::Close);
            };
            if let Some(request) = request {
                self.note(&request.operation);
                match self.obey(request, &mut searches, &buffer) {
                    Obeyed::Nothing => {}
                    Obeyed::Answer(octets) => send(stream, &octets).await?,
                    Obeyed::Leave(octets, next) => {
                        send(stream, &octets).await?;
                        return Ok(next);
                    }
                }
                continue;
            }
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
        }
    }

    /// Carries out one request; `ahead` is what came after it.
    fn obey(&mut self, request: Request, searches: &mut Searches, ahead: &[u8]) -> Obeyed {
        let id = request.id;
        match request.operation {
            Operation::Unbind => Obeyed::Leave(Vec::new(), Next::Close),
            Operation::Bind(bind) => Obeyed::Answer(self.bind(id, &bind)),
            Operation::Search(search) if self.may_search => {
                searches.begin(id, search);
                Obeyed::Nothing
            }
            Operation::Search(_) => {
                let code = code::STRONGER_AUTH_REQUIRED;
                Obeyed::Answer(message::result(
                    id,
                    Response::Search,
                    code,
                    "bind first",
                    &[],
                ))
            }
            Operation::Abandon(other) => {
                searches.abandon(other);
                Obeyed::Nothing
            }
            Operation::StartTls => match self.start_tls(id) {
                (Accepted::Yes, octets) if ahead.is_empty() => {
                    Obeyed::Leave(octets, Next::StartTls)
                }
                // RFC 4511 §4.14.1: nothing may follow the request before TLS has begun.
                (Accepted::Yes, _) => Obeyed::Leave(Vec::new(), Next::Close),
                (Accepted::No, octets) => Obeyed::Answer(octets),
            },
            Operation::Unsupported(response) => {
                let code = code::UNWILLING_TO_PERFORM;
                Obeyed::Answer(message::result(id, response, code, "not here", &[]))
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
    fn start_tls(&self, id: i64) -> (Accepted, Vec<u8>) {
        let fault = self.shared.fault();
        if fault == Some(Fault::StartTlsRefused) {
            let octets = message::start_tls_result(id, code::UNAVAILABLE, "not now");
            return (Accepted::No, octets);
        }
        if self.inside_tls {
            let octets = message::start_tls_result(id, code::OPERATIONS_ERROR, "inside TLS");
            return (Accepted::No, octets);
        }
        if self.shared.tls.is_none() {
            let octets = message::start_tls_result(id, code::PROTOCOL_ERROR, "no TLS here");
            return (Accepted::No, octets);
        }
        let mut octets = message::start_tls_result(id, code::SUCCESS, "");
        if let Some(Fault::StartTlsInjected(more)) = fault {
            octets.extend(more);
        }
        (Accepted::Yes, octets)
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

impl Searches {
    fn new(shared: Arc<Shared>, answers: Sender<Out>) -> Self {
        Self {
            shared,
            answers,
            tasks: JoinSet::new(),
            running: HashMap::new(),
        }
    }

    fn begin(&mut self, id: i64, search: SearchRequest) {
        let task = answer::run(Arc::clone(&self.shared), id, search, self.answers.clone());
        self.running.insert(id, self.tasks.spawn(task));
    }

    fn abandon(&mut self, id: i64) {
        if let Some(search) = self.running.remove(&id) {
            search.abort();
        }
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
