//! A DNS server on loopback that knows a few names (RFC 1035, over UDP), or does not answer as it should.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use hickory_resolver::proto::{
    op::{Message, ResponseCode},
    rr::{
        Name, RData, Record,
        rdata::{A, MX, SRV},
    },
};

/// What the server knows.
#[derive(Debug, Clone)]
pub enum Known {
    /// A host is this computer.
    Host(String),
    /// A service is offered: its name, and port and host.
    Service(String, u16, String),
    /// A domain's mail goes to a host.
    Exchanger(String, String),
    /// Whoever asks for this name gets SERVFAIL.
    Broken(String),
    /// Whoever asks for this name gets no answer.
    Silent(String),
}

/// A running DNS server. Dropping it stops it.
pub struct DnsServer {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl DnsServer {
    /// Starts a server on a free port of 127.0.0.1.
    pub fn start(known: Vec<Known>) -> io::Result<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        socket.set_read_timeout(Some(Duration::from_millis(50)))?;
        let (address, stop) = (socket.local_addr()?, Arc::new(AtomicBool::new(false)));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name("segl-demo-dns".to_owned())
            .spawn(move || serve(&socket, &known, &stopped))?;
        Ok(Self {
            address,
            stop,
            thread: Some(thread),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for DnsServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(socket: &UdpSocket, known: &[Known], stop: &AtomicBool) {
    let mut buffer = [0; 4096];
    while !stop.load(Ordering::Relaxed) {
        // A pause in which nobody asks ends with an error too.
        let Ok((length, from)) = socket.recv_from(&mut buffer) else {
            continue;
        };
        let question = Message::from_vec(&buffer[..length]).ok();
        let answer = question.and_then(|q| answer(q, known)?.to_vec().ok());
        if let Some(answer) = answer {
            // Whoever asked may be gone.
            let _ = socket.send_to(&answer, from);
        }
    }
}

/// `None` where nothing is to be said.
fn answer(question: Message, known: &[Known]) -> Option<Message> {
    let asked = question.queries.first()?.clone();
    let name = asked.name().to_ascii().to_ascii_lowercase();
    let name = name.trim_end_matches('.');
    let mut answer = question.into_response();
    answer.edns = None;
    answer.metadata.recursion_available = true;
    let mut is_known = false;
    for known in known {
        let (of, data) = match known {
            Known::Silent(of) if of == name => return None,
            Known::Broken(of) if of == name => {
                answer.metadata.response_code = ResponseCode::ServFail;
                return Some(answer);
            }
            Known::Silent(_) | Known::Broken(_) => continue,
            Known::Host(of) => (of, RData::A(A(Ipv4Addr::LOCALHOST))),
            Known::Service(of, port, host) => {
                let target = Name::from_ascii(format!("{host}.")).ok()?;
                (of, RData::SRV(SRV::new(0, 1, *port, target)))
            }
            Known::Exchanger(of, host) => {
                let exchange = Name::from_ascii(format!("{host}.")).ok()?;
                (of, RData::MX(MX::new(10, exchange)))
            }
        };
        if of == name {
            is_known = true;
            if data.record_type() == asked.query_type() {
                answer.add_answer(Record::from_rdata(asked.name().clone(), 60, data));
            }
        }
    }
    if !is_known {
        answer.metadata.response_code = ResponseCode::NXDomain;
    }
    Some(answer)
}
