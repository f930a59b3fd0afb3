//! Mail servers on 127.0.0.x, all on one port as in the world outside, each with a manner of its own; and certificates in
//! every state that a server may show.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use openssl::{
    asn1::{Asn1Integer, Asn1Time},
    bn::BigNum,
    ec::{EcGroup, EcKey},
    hash::{MessageDigest, hash},
    nid::Nid,
    pkey::{PKey, Private},
    rsa::Rsa,
    ssl::{SslAcceptor, SslMethod, SslVersion},
    x509::{
        X509, X509Builder, X509NameBuilder,
        extension::{BasicConstraints, KeyUsage, SubjectAlternativeName},
    },
};

/// A certificate with its key.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) certificate: X509,
    pub(super) key: PKey<Private>,
}

impl Made {
    pub(super) fn root(name: &str) -> Self {
        make(name, &[], (-10, 10), &elliptic(), None)
    }

    /// For these names, by this authority.
    pub(super) fn server(names: &[&str], by: &Self) -> Self {
        make("server", names, (-5, 5), &elliptic(), Some(by))
    }

    pub(super) fn expired(names: &[&str], by: &Self) -> Self {
        make("server", names, (-5, -1), &elliptic(), Some(by))
    }

    pub(super) fn weak(names: &[&str], by: &Self) -> Self {
        let key = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
        make("server", names, (-5, 5), &key, Some(by))
    }

    pub(super) fn self_signed(names: &[&str]) -> Self {
        make("server", names, (-5, 5), &elliptic(), None)
    }

    /// `3 1 1` and the digest of the key, as it stands in a zone.
    pub(super) fn tlsa(&self) -> String {
        let key = self.key.public_key_to_der().unwrap();
        format!(
            "3 1 1 {}",
            hex(&hash(MessageDigest::sha256(), &key).unwrap())
        )
    }

    /// `2 0 1` and the digest of the certificate.
    pub(super) fn tlsa_above(&self) -> String {
        let der = self.certificate.to_der().unwrap();
        format!(
            "2 0 1 {}",
            hex(&hash(MessageDigest::sha256(), &der).unwrap())
        )
    }

    pub(super) fn pem(&self) -> String {
        String::from_utf8(self.certificate.to_pem().unwrap()).unwrap()
    }
}

fn hex(octets: &[u8]) -> String {
    use std::fmt::Write as _;
    octets.iter().fold(String::new(), |mut hex, octet| {
        write!(hex, "{octet:02x}").unwrap();
        hex
    })
}

fn elliptic() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn make(
    name: &str,
    dns: &[&str],
    days: (i64, i64),
    key: &PKey<Private>,
    by: Option<&Made>,
) -> Made {
    let mut subject = X509NameBuilder::new().unwrap();
    subject.append_entry_by_text("CN", name).unwrap();
    let subject = subject.build();
    let mut x509 = X509Builder::new().unwrap();
    x509.set_version(2).unwrap();
    let mut serial = BigNum::new().unwrap();
    serial
        .rand(64, openssl::bn::MsbOption::MAYBE_ZERO, false)
        .unwrap();
    x509.set_serial_number(&Asn1Integer::from_bn(&serial).unwrap())
        .unwrap();
    x509.set_subject_name(&subject).unwrap();
    x509.set_issuer_name(by.map_or(&subject, |b| b.certificate.subject_name()))
        .unwrap();
    let now = crate::desk::now().as_second();
    let day = |d: i64| Asn1Time::from_unix(now + d * 86_400).unwrap();
    x509.set_not_before(&day(days.0)).unwrap();
    x509.set_not_after(&day(days.1)).unwrap();
    x509.set_pubkey(key).unwrap();
    if dns.is_empty() {
        let authority = BasicConstraints::new().critical().ca().build().unwrap();
        x509.append_extension(authority).unwrap();
        let usage = KeyUsage::new().critical().key_cert_sign().build().unwrap();
        x509.append_extension(usage).unwrap();
    } else {
        let mut names = SubjectAlternativeName::new();
        for name in dns {
            names.dns(name);
        }
        let names = names.build(&x509.x509v3_context(None, None)).unwrap();
        x509.append_extension(names).unwrap();
    }
    x509.sign(by.map_or(key, |b| &b.key), MessageDigest::sha256())
        .unwrap();
    Made {
        certificate: x509.build(),
        key: key.clone(),
    }
}

/// What a server does.
#[derive(Clone)]
pub(super) enum Manner {
    /// STARTTLS with this chain.
    Tls(Vec<Made>),
    /// The same, TLS 1.0 and nothing else.
    OldTls(Vec<Made>),
    /// No STARTTLS.
    Plain,
    /// Says these octets when somebody connects, and answers whatever comes with the rest, one each; then hangs up.
    Says(Vec<&'static [u8]>),
    /// One octet of its greeting each 50 ms, for ever.
    Tarpit,
    /// A greeting without end.
    Endless,
    /// Takes the connection and says nothing.
    HalfOpen,
    /// Stops after the answer to STARTTLS.
    Stalls,
}

/// A server that runs until it is dropped.
pub(super) struct Server {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    address: SocketAddr,
    said: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// What clients said, in clear and inside TLS.
    pub(super) fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    fn start(listener: TcpListener, manner: Manner) -> Self {
        let address = listener.local_addr().unwrap();
        let (stop, said) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let (stopped, heard) = (Arc::clone(&stop), Arc::clone(&said));
        let serve = move || {
            for connection in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (manner, stop, said) =
                    (manner.clone(), Arc::clone(&stopped), Arc::clone(&heard));
                let talk = move || {
                    // A client that breaks off is its right.
                    let _broken = talk(connection.unwrap(), &manner, &stop, &said);
                };
                thread::Builder::new()
                    .name("mail".to_owned())
                    .spawn(talk)
                    .unwrap();
            }
        };
        let thread = thread::Builder::new().name("mx".to_owned()).spawn(serve);
        Self {
            stop,
            thread: Some(thread.unwrap()),
            address,
            said,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _woken = TcpStream::connect(self.address);
        let _ended = self.thread.take().unwrap().join();
    }
}

/// Sockets on 127.0.0.2, 127.0.0.3, … on one port.
pub(super) struct Places {
    pub(super) port: u16,
    listeners: Vec<Option<TcpListener>>,
}

impl Places {
    /// As many as are needed.
    pub(super) fn take(count: u8) -> Self {
        for _ in 0..50 {
            let first = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 2), 0)).unwrap();
            let port = first.local_addr().unwrap().port();
            let rest =
                (1..count).map(|n| TcpListener::bind((Ipv4Addr::new(127, 0, 0, 2 + n), port)));
            if let Ok(mut rest) = rest.collect::<Result<Vec<_>, _>>() {
                rest.insert(0, first);
                return Self {
                    port,
                    listeners: rest.into_iter().map(Some).collect(),
                };
            }
        }
        panic!("no port is free on all of them");
    }

    /// The port that they have in the world outside, in a network of one's own.
    pub(super) fn at(port: u16, count: u8) -> Self {
        let bind = |n| TcpListener::bind((Ipv4Addr::new(127, 0, 0, 2 + n), port)).unwrap();
        Self {
            port,
            listeners: (0..count).map(|n| Some(bind(n))).collect(),
        }
    }

    /// Puts a server on 127.0.0.(2 + n).
    pub(super) fn serve(&mut self, n: usize, manner: Manner) -> Server {
        Server::start(self.listeners[n].take().unwrap(), manner)
    }
}

fn talk(
    mut tcp: TcpStream,
    manner: &Manner,
    stop: &AtomicBool,
    said: &Mutex<Vec<String>>,
) -> io::Result<()> {
    tcp.set_read_timeout(Some(Duration::from_secs(20)))?;
    match manner {
        Manner::Says(parts) => {
            for part in parts {
                tcp.write_all(part)?;
                let line = line(&mut tcp)?;
                said.lock().unwrap().push(line);
            }
            return Ok(());
        }
        Manner::Tarpit | Manner::HalfOpen => {
            tcp.write_all(b"220-")?;
            while !stop.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(50));
                if matches!(manner, Manner::Tarpit) {
                    tcp.write_all(b"x")?;
                }
            }
            return Ok(());
        }
        Manner::Endless => loop {
            tcp.write_all(b"220-and so on and so on and so on and so on and so on\r\n")?;
        },
        Manner::Tls(_) | Manner::OldTls(_) | Manner::Plain | Manner::Stalls => {}
    }
    tcp.write_all(b"220 mx ESMTP\r\n")?;
    loop {
        let line = line(&mut tcp)?;
        let verb = line.split(' ').next().unwrap_or_default().to_owned();
        said.lock().unwrap().push(line);
        match (verb.as_str(), manner) {
            ("EHLO", Manner::Plain) => tcp.write_all(b"250-mx\r\n250 SIZE 1000\r\n")?,
            ("EHLO", _) => tcp.write_all(b"250-mx\r\n250-SIZE 1000\r\n250 STARTTLS\r\n")?,
            ("STARTTLS", Manner::Stalls) => {
                tcp.write_all(b"220 go\r\n")?;
                while !stop.load(Ordering::SeqCst) {
                    thread::sleep(Duration::from_millis(50));
                }
                return Ok(());
            }
            ("STARTTLS", Manner::Tls(chain)) => {
                tcp.write_all(b"220 go\r\n")?;
                return inside(tcp, chain, false, said);
            }
            ("STARTTLS", Manner::OldTls(chain)) => {
                tcp.write_all(b"220 go\r\n")?;
                return inside(tcp, chain, true, said);
            }
            ("QUIT", _) => return tcp.write_all(b"221 bye\r\n"),
            _ => tcp.write_all(b"502 no\r\n")?,
        }
    }
}

fn inside(
    tcp: TcpStream,
    chain: &[Made],
    is_old: bool,
    said: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server()).unwrap();
    acceptor.set_security_level(0);
    if is_old {
        acceptor.set_min_proto_version(None).unwrap();
        acceptor.clear_options(openssl::ssl::SslOptions::NO_TLSV1);
        acceptor.set_cipher_list("ALL:@SECLEVEL=0").unwrap();
        acceptor
            .set_max_proto_version(Some(SslVersion::TLS1))
            .unwrap();
    }
    acceptor.set_private_key(&chain[0].key).unwrap();
    acceptor.set_certificate(&chain[0].certificate).unwrap();
    for above in &chain[1..] {
        acceptor
            .add_extra_chain_cert(above.certificate.clone())
            .unwrap();
    }
    let mut tls = acceptor.build().accept(tcp).map_err(io::Error::other)?;
    loop {
        let line = line(&mut tls)?;
        said.lock().unwrap().push(format!("inside: {line}"));
        tls.write_all(b"250 ok\r\n")?;
    }
}

/// One line without its end; from a client that speaks TLS where it should not, a word for that.
fn line(stream: &mut impl Read) -> io::Result<String> {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") && line.len() < 2000 {
        let mut octet = [0];
        stream.read_exact(&mut octet)?;
        line.push(octet[0]);
        if line[0] == 0x16 {
            return Ok("(TLS)".to_owned());
        }
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}
