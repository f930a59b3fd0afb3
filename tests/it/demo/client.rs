//! A client that sees the wire: what came, whether the line is silent, and whether the connection ended.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use segl::demo::{Presented, ServerCertificates};

/// How long an answer may take that must come. Only a broken server lets anybody wait for it.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// How long a line must say nothing to be called silent. A server that answers does so at once.
pub(super) const SILENCE: Duration = Duration::from_secs(1);
/// More than any proper answer here has; who says more never ends.
const ENDLESS: usize = 1024 * 1024;

/// A connection, in clear or inside TLS.
pub(super) trait Wire: Read + Write + Send {
    /// Reading fails after this time.
    fn wait_at_most(&self, time: Duration);
}

impl Wire for TcpStream {
    fn wait_at_most(&self, time: Duration) {
        // A connection that is gone waits for nothing.
        let _ = self.set_read_timeout(Some(time));
    }
}

impl Wire for StreamOwned<ClientConnection, TcpStream> {
    fn wait_at_most(&self, time: Duration) {
        self.sock.wait_at_most(time);
    }
}

/// What came when something was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Got {
    /// These octets.
    Octets(Vec<u8>),
    /// Nothing, and the connection is still there.
    Silence,
    /// The end of the connection, orderly or not.
    End,
    /// No end of it.
    Endless,
}

impl Got {
    pub(super) fn octets(self) -> Vec<u8> {
        match self {
            Self::Octets(octets) => octets,
            other => panic!("octets were wanted, and there was {other:?}"),
        }
    }
}

/// Connects, with a deadline on reading.
pub(super) fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.wait_at_most(PATIENCE);
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Takes a connection into TLS, trusting the servers' root for `localhost`.
pub(super) fn tls(
    mut stream: TcpStream,
    certificates: &ServerCertificates,
) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from(certificates.root_der().to_vec());
    roots.add(root).expect("the root is a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3 are there")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let mut connection = ClientConnection::new(Arc::new(config), name).expect("a client");
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    Ok(StreamOwned::new(connection, stream))
}

/// Reads until `whole` says that an answer is all there, or until there is nothing more to come.
pub(super) fn read(wire: &mut dyn Wire, whole: impl Fn(&[u8]) -> bool) -> Got {
    read_within(wire, PATIENCE, whole)
}

/// Reads all that comes until the end of the connection, which must come.
pub(super) fn until_end(wire: &mut dyn Wire) -> Got {
    read(wire, |_| false)
}

/// Reads all that comes until the line is silent, or ends.
pub(super) fn until_silence(wire: &mut dyn Wire) -> Got {
    read_within(wire, SILENCE, |_| false)
}

/// The same as [`read`], for who waits no longer than this.
pub(super) fn read_within(
    wire: &mut dyn Wire,
    patience: Duration,
    whole: impl Fn(&[u8]) -> bool,
) -> Got {
    wire.wait_at_most(patience);
    let mut octets = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        match wire.read(&mut chunk) {
            Ok(0) => {
                return if octets.is_empty() {
                    Got::End
                } else {
                    Got::Octets(octets)
                };
            }
            Ok(length) => octets.extend_from_slice(&chunk[..length]),
            Err(error) if is_silence(&error) => {
                return if octets.is_empty() {
                    Got::Silence
                } else {
                    Got::Octets(octets)
                };
            }
            Err(_broken) => {
                return if octets.is_empty() {
                    Got::End
                } else {
                    Got::Octets(octets)
                };
            }
        }
        if whole(&octets) {
            return Got::Octets(octets);
        }
        if octets.len() > ENDLESS {
            return Got::Endless;
        }
    }
}

/// Why a handshake failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TlsError {
    /// The certificate is wrong in this way.
    Certificate(Presented),
    /// What came was not TLS.
    NotTls,
    /// The connection ended.
    End,
    /// Nothing came.
    Silence,
}

pub(super) fn tls_error(error: &io::Error) -> TlsError {
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidCertificate(why)) => TlsError::Certificate(match why {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                Presented::Expired
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Presented::WrongName
            }
            CertificateError::UnknownIssuer => Presented::Untrusted,
            other => panic!("another fault of the certificate: {other:?}"),
        }),
        Some(_) => TlsError::NotTls,
        None if is_silence(error) => TlsError::Silence,
        None => TlsError::End,
    }
}

fn is_silence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}
