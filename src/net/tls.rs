//! The one TLS configuration: rustls, TLS 1.2 or newer, certificate and name verified (RFC 8314 §3, RFC 9325).

use std::{io, path::Path, sync::Arc, time::Duration};

use jiff::Timestamp;
use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpStream, time::timeout};

/// A TCP stream inside TLS.
pub type TlsStream = tokio_rustls::client::TlsStream<TcpStream>;

/// Which roots a server's certificate may end at.
#[derive(Debug, Clone)]
pub enum Roots {
    /// The operating system's, and these beside them.
    System {
        /// Further roots of the firm's IT.
        extra: Vec<CertificateDer<'static>>,
    },
    /// These and no others.
    Only(Vec<CertificateDer<'static>>),
}

/// Why there is no usable set of roots.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// A file that the settings name cannot be read, or holds no certificate.
    #[error("{path} holds no readable certificate: {detail}")]
    File {
        /// The file.
        path: std::path::PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// The operating system has no roots, and none are configured.
    #[error("no root certificates: {0}")]
    None(String),
    /// rustls refuses the configuration.
    #[error("TLS cannot be configured")]
    Rustls(#[from] rustls::Error),
}

/// What a finished handshake fixed: for the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsFacts {
    /// Protocol version, such as `TLSv1.3`.
    pub version: String,
    /// Cipher suite by its IANA name.
    pub cipher: String,
    /// SHA-256 of each certificate that the server sent, leaf first, in hex.
    pub chain_sha256: Vec<String>,
}

impl TlsFacts {
    /// The version as people write it: `TLS 1.3`.
    pub fn name(&self) -> String {
        self.version.replace("TLSv", "TLS ")
    }
}

/// Why a handshake failed.
#[derive(Debug, thiserror::Error)]
pub enum TlsFault {
    /// The server's certificate is out of its time.
    #[error("the server's certificate has expired")]
    Expired {
        /// End of validity in Unix seconds, where rustls tells it.
        not_after: Option<u64>,
    },
    /// The server's certificate has not begun: it is from tomorrow, or this computer's clock is behind.
    #[error("the server's certificate is not valid before {not_before}")]
    NotYetValid {
        /// Begin of validity.
        not_before: Timestamp,
    },
    /// The certificate is for another name.
    #[error("the server's certificate is not for {expected}")]
    WrongName {
        /// The host that was asked for.
        expected: String,
        /// The names in the certificate.
        presented: Vec<String>,
    },
    /// The certificate does not end at an accepted root.
    #[error("the server's certificate comes from an unknown issuer")]
    UntrustedIssuer,
    /// The certificate is wrong in another way.
    #[error("the server's certificate is not valid: {0}")]
    Certificate(String),
    /// No common protocol version or cipher: the server is older than TLS 1.2.
    #[error("the server offers no TLS 1.2 or newer: {0}")]
    Version(String),
    /// What came was not TLS, or broke off.
    #[error("the TLS handshake failed")]
    Broken(#[source] io::Error),
    /// No end before the deadline.
    #[error("the TLS handshake did not end in time")]
    Timeout,
    /// The settings name a host that cannot stand in a certificate.
    #[error("“{0}” is not a host name")]
    Host(String),
}

impl Roots {
    /// The system's roots and those of a PEM file.
    pub fn system_and(file: Option<&Path>) -> Result<Self, RootsError> {
        Ok(Self::System {
            extra: file.map(read_roots).transpose()?.unwrap_or_default(),
        })
    }

    /// Only those of a PEM file.
    pub fn only(file: &Path) -> Result<Self, RootsError> {
        Ok(Self::Only(read_roots(file)?))
    }
}

fn read_roots(path: &Path) -> Result<Vec<CertificateDer<'static>>, RootsError> {
    let fail = |detail: String| RootsError::File {
        path: path.to_owned(),
        detail,
    };
    let roots: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|e| fail(e.to_string()))?;
    if roots.is_empty() {
        Err(fail("no PEM certificate".to_owned()))
    } else {
        Ok(roots)
    }
}

/// A client configuration with these roots.
pub fn client_config(roots: &Roots) -> Result<Arc<ClientConfig>, RootsError> {
    let mut store = RootCertStore::empty();
    match roots {
        Roots::Only(roots) => add(&mut store, roots)?,
        Roots::System { extra } => {
            let system = rustls_native_certs::load_native_certs();
            // A system store holds odd certificates; one that rustls cannot read is as good as absent.
            let (added, _ignored) = store.add_parsable_certificates(system.certs);
            add(&mut store, extra)?;
            if added == 0 && extra.is_empty() {
                let why = system
                    .errors
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("; ");
                return Err(RootsError::None(why));
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn add(store: &mut RootCertStore, roots: &[CertificateDer<'static>]) -> Result<(), RootsError> {
    roots
        .iter()
        .try_for_each(|root| store.add(root.clone()).map_err(RootsError::Rustls))
}

/// Does the handshake as a client of `host`, and tells what it fixed.
pub async fn handshake(
    config: Arc<ClientConfig>,
    host: &str,
    stream: TcpStream,
    deadline: Duration,
) -> Result<(TlsStream, TlsFacts), TlsFault> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_not_a_name| TlsFault::Host(host.to_owned()))?;
    let connector = tokio_rustls::TlsConnector::from(config);
    let stream = match timeout(deadline, connector.connect(name, stream)).await {
        Err(_elapsed) => return Err(TlsFault::Timeout),
        Ok(Err(cause)) => return Err(fault(cause, host)),
        Ok(Ok(stream)) => stream,
    };
    let facts = facts(stream.get_ref().1);
    Ok((stream, facts))
}

fn facts(connection: &rustls::ClientConnection) -> TlsFacts {
    let version = match connection.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_3) => "TLSv1.3".to_owned(),
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2".to_owned(),
        other => format!("{other:?}"),
    };
    // rustls puts the protocol version into the names of TLS 1.3 suites; IANA does not.
    let cipher = connection
        .negotiated_cipher_suite()
        .and_then(|s| s.suite().as_str())
        .unwrap_or("unknown");
    let cipher = cipher.replacen("TLS13_", "TLS_", 1);
    let chain = connection.peer_certificates().unwrap_or(&[]);
    let chain_sha256 = chain
        .iter()
        .map(|c| crate::cert::Fingerprint::of(c).to_string())
        .collect();
    TlsFacts {
        version,
        cipher,
        chain_sha256,
    }
}

fn fault(cause: io::Error, host: &str) -> TlsFault {
    let Some(rustls_cause) = cause
        .get_ref()
        .and_then(|c| c.downcast_ref::<rustls::Error>())
    else {
        return TlsFault::Broken(cause);
    };
    match rustls_cause {
        rustls::Error::InvalidCertificate(certificate) => certificate_fault(certificate, host),
        rustls::Error::PeerIncompatible(detail) => TlsFault::Version(format!("{detail:?}")),
        rustls::Error::AlertReceived(
            alert @ (rustls::AlertDescription::ProtocolVersion
            | rustls::AlertDescription::HandshakeFailure),
        ) => TlsFault::Version(format!("{alert:?}")),
        _ => TlsFault::Broken(cause),
    }
}

fn certificate_fault(cause: &CertificateError, host: &str) -> TlsFault {
    match cause {
        CertificateError::Expired => TlsFault::Expired { not_after: None },
        CertificateError::ExpiredContext { not_after, .. } => TlsFault::Expired {
            not_after: Some(not_after.as_secs()),
        },
        CertificateError::NotValidYetContext { not_before, .. } => {
            let begin = i64::try_from(not_before.as_secs()).unwrap_or(i64::MAX);
            TlsFault::NotYetValid {
                not_before: Timestamp::from_second(begin).unwrap_or(Timestamp::MAX),
            }
        }
        CertificateError::NotValidForName => TlsFault::WrongName {
            expected: host.to_owned(),
            presented: Vec::new(),
        },
        CertificateError::NotValidForNameContext { presented, .. } => TlsFault::WrongName {
            expected: host.to_owned(),
            presented: presented.clone(),
        },
        CertificateError::UnknownIssuer => TlsFault::UntrustedIssuer,
        other => TlsFault::Certificate(format!("{other:?}")),
    }
}
