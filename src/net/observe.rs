//! A TLS handshake that only observes: with OpenSSL, which speaks more than is relied on, so that "TLS 1.0 only",
//! "self-signed" and "wrong name" are told apart. Nothing that is confidential is ever sent over such a connection.
//!
//! The handshake goes on whatever the certificate is; every fault of it is kept. What Segl relies on is rustls
//! ([`handshake`](super::handshake)).

use std::{
    io::{self, Read, Write},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use openssl::{
    error::ErrorStack,
    ssl::{
        HandshakeError, MidHandshakeSslStream, Ssl, SslContext, SslContextBuilder, SslMethod,
        SslOptions, SslStream, SslVerifyMode,
    },
    x509::{
        X509,
        store::{X509Store, X509StoreBuilder},
        verify::X509CheckFlags,
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{Roots, RootsError};

/// Octets of the other side's part of a handshake at most. A chain takes a few thousand.
const HANDSHAKE_MAX: usize = 256 * 1024;
/// 112 bits: RSA 2048, SHA-256 (OpenSSL's level 2).
const AUTH_LEVEL: i32 = 2;
/// `SSL_OP_LEGACY_SERVER_CONNECT`: servers without RFC 5746 are seen too, and named by their version.
const LEGACY_SERVER: u64 = 0x4;

/// Observes TLS servers.
#[derive(Clone)]
pub struct Observer {
    roots: Vec<X509>,
}

/// What a finished handshake showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedTls {
    /// Protocol version, such as `TLSv1.3`.
    pub version: String,
    /// Cipher suite by its IANA name.
    pub cipher: String,
    /// The chain as it was presented, DER, the server's own first.
    pub chain: Vec<Vec<u8>>,
    /// What is wrong with it.
    pub faults: Vec<CertificateFault>,
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CertificateFault {
    /// It vouches for itself.
    SelfSigned,
    /// Its issuer is not among the roots, or missing.
    Untrusted,
    /// It is for other names.
    WrongName,
    /// It is over.
    Expired,
    /// It has not begun.
    NotYetValid,
    /// A key or signature below 112 bits.
    Weak,
    /// Another fault of OpenSSL's verifier.
    Invalid,
}

/// Why there was no handshake.
#[derive(Debug)]
pub(super) enum NoHandshake {
    /// The connection ended or could not be used.
    Gone,
    /// What came is no TLS.
    NotTls,
    /// The other side, or OpenSSL, refused.
    Refused,
}

/// A stream for OpenSSL that never waits: octets are carried to and from the socket outside.
#[derive(Default)]
pub(super) struct Carried {
    inward: Vec<u8>,
    outward: Vec<u8>,
}

impl Read for Carried {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.inward.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let length = buffer.len().min(self.inward.len());
        buffer[..length].copy_from_slice(&self.inward[..length]);
        self.inward.drain(..length);
        Ok(length)
    }
}

impl Write for Carried {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.outward.extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Observer {
    /// One that judges certificates by these roots.
    pub fn new(roots: &Roots) -> Result<Self, RootsError> {
        let ders = match roots {
            Roots::Only(only) => only.clone(),
            Roots::System { extra } => {
                let system = rustls_native_certs::load_native_certs().certs;
                system.into_iter().chain(extra.iter().cloned()).collect()
            }
        };
        // A system store holds odd certificates; one that cannot be read is as good as absent.
        let roots = ders.iter().filter_map(|d| X509::from_der(d).ok());
        Ok(Self {
            roots: roots.collect(),
        })
    }

    /// A handshake with the server on this socket, which is asked for `host`, by the time `at`. Has no deadline of its
    /// own. `greeting` are octets of the server that were already read. Ends with QUIT inside TLS.
    pub(super) async fn handshake(
        &self,
        socket: &mut TcpStream,
        host: &str,
        at: Timestamp,
    ) -> Result<ObservedTls, NoHandshake> {
        let faults = Arc::new(Mutex::new(Vec::new()));
        let ssl = self
            .prepare(host, at, &faults)
            .map_err(|_openssl| NoHandshake::Refused)?;
        let mut stream = carry(socket, ssl.connect(Carried::default())).await?;
        let observed = self::observed(&stream, &faults);
        // A word of farewell; whether it arrives does not matter.
        let _gone = stream.write_all(b"QUIT\r\n");
        let _gone = socket.write_all(&stream.get_mut().outward).await;
        Ok(observed)
    }

    fn prepare(
        &self,
        host: &str,
        at: Timestamp,
        faults: &Arc<Mutex<Vec<i32>>>,
    ) -> Result<Ssl, ErrorStack> {
        let context = self.context(faults)?;
        let mut ssl = Ssl::new(&context)?;
        ssl.set_hostname(host)?;
        let param = ssl.param_mut();
        param.set_hostflags(
            X509CheckFlags::NO_PARTIAL_WILDCARDS | X509CheckFlags::NEVER_CHECK_SUBJECT,
        );
        param.set_host(host)?;
        param.set_time(at.as_second());
        param.set_auth_level(AUTH_LEVEL);
        Ok(ssl)
    }

    fn context(&self, faults: &Arc<Mutex<Vec<i32>>>) -> Result<SslContext, ErrorStack> {
        let mut context = SslContextBuilder::new(SslMethod::tls_client())?;
        context.set_security_level(0);
        context.set_min_proto_version(None)?;
        context.set_cipher_list("ALL:!aNULL:!eNULL")?;
        context.set_options(SslOptions::from_bits_retain(LEGACY_SERVER));
        context.set_cert_store(self.store()?);
        let faults = Arc::clone(faults);
        context.set_verify_callback(SslVerifyMode::PEER, move |is_good, verifying| {
            if !is_good {
                let code = verifying.error().as_raw();
                let mut faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
                faults.push(code);
            }
            true
        });
        Ok(context.build())
    }

    fn store(&self) -> Result<X509Store, ErrorStack> {
        let mut store = X509StoreBuilder::new()?;
        for root in &self.roots {
            // The same root twice is one.
            let _twice = store.add_cert(root.clone());
        }
        Ok(store.build())
    }
}

/// Carries octets between OpenSSL and the socket until the handshake has an end.
async fn carry(
    socket: &mut TcpStream,
    begun: Result<SslStream<Carried>, HandshakeError<Carried>>,
) -> Result<SslStream<Carried>, NoHandshake> {
    let mut state = begun;
    let mut total = 0;
    loop {
        let mut middle: MidHandshakeSslStream<Carried> = match state {
            Ok(stream) => return Ok(stream),
            Err(HandshakeError::WouldBlock(middle)) => middle,
            Err(HandshakeError::Failure(mut middle)) => {
                // The alert: so that the other side knows.
                let _gone = socket.write_all(&middle.get_mut().outward).await;
                return Err(NoHandshake::Refused);
            }
            Err(HandshakeError::SetupFailure(_)) => return Err(NoHandshake::Refused),
        };
        let outward = std::mem::take(&mut middle.get_mut().outward);
        let gone = |_broken: io::Error| NoHandshake::Gone;
        socket.write_all(&outward).await.map_err(gone)?;
        let mut buffer = [0; 16 * 1024];
        let length = socket.read(&mut buffer).await.map_err(gone)?;
        if length == 0 || total + length > HANDSHAKE_MAX {
            return Err(NoHandshake::Gone);
        }
        // The first octet of a TLS record: alert or handshake. Anything else was said in clear, after the word that
        // nothing more would be (RFC 3207 §4).
        if total == 0 && !matches!(buffer[0], 0x15 | 0x16) {
            return Err(NoHandshake::NotTls);
        }
        total += length;
        middle.get_mut().inward.extend_from_slice(&buffer[..length]);
        state = middle.handshake();
    }
}

fn observed(stream: &SslStream<Carried>, faults: &Mutex<Vec<i32>>) -> ObservedTls {
    let ssl = stream.ssl();
    let cipher = ssl.current_cipher();
    let cipher = cipher.map_or("unknown", |c| c.standard_name().unwrap_or(c.name()));
    let chain = ssl.peer_cert_chain().map_or_else(Vec::new, |chain| {
        chain.iter().filter_map(|c| c.to_der().ok()).collect()
    });
    let codes = faults.lock().unwrap_or_else(PoisonError::into_inner);
    let mut faults: Vec<_> = codes.iter().map(|code| fault(*code)).collect();
    faults.sort_unstable();
    faults.dedup();
    // One that vouches for itself has no other issuer to be untrusted.
    if faults.contains(&CertificateFault::SelfSigned) {
        faults.retain(|f| *f != CertificateFault::Untrusted);
    }
    ObservedTls {
        version: ssl.version_str().to_owned(),
        cipher: cipher.to_owned(),
        chain,
        faults,
    }
}

fn fault(code: i32) -> CertificateFault {
    use openssl_sys as e;
    match code {
        e::X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT => CertificateFault::SelfSigned,
        e::X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN
        | e::X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT
        | e::X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY
        | e::X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE
        | e::X509_V_ERR_CERT_UNTRUSTED => CertificateFault::Untrusted,
        e::X509_V_ERR_HOSTNAME_MISMATCH => CertificateFault::WrongName,
        e::X509_V_ERR_CERT_HAS_EXPIRED => CertificateFault::Expired,
        e::X509_V_ERR_CERT_NOT_YET_VALID => CertificateFault::NotYetValid,
        e::X509_V_ERR_EE_KEY_TOO_SMALL
        | e::X509_V_ERR_CA_KEY_TOO_SMALL
        | e::X509_V_ERR_CA_MD_TOO_WEAK => CertificateFault::Weak,
        _ => CertificateFault::Invalid,
    }
}
