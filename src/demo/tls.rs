//! TLS certificates of the demo's servers: one good, and one wrong in each way that a client must refuse.
//!
//! They are made with elliptic-curve keys (no waiting) and valid from 2021 to 2046, so that no test depends on the
//! day it runs. Their root is another one than that of mail certificates, as in the world outside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use jiff::Timestamp;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::version::{TLS12, TLS13};
use rustls::{ALL_VERSIONS, ServerConfig, SupportedProtocolVersion};

use super::ca::{AUTHORITY_NOT_AFTER, AUTHORITY_NOT_BEFORE, Authority, AuthoritySpec, Issued};
use super::key::{KeyChoice, KeyKind};
use super::{DemoError, Leaf};

/// Which certificate a server shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Presented {
    /// Good for `localhost`, `127.0.0.1` and `::1`.
    #[default]
    Good,
    /// The right name, but expired in 2022.
    Expired,
    /// Valid, but for another host.
    WrongName,
    /// The right name, but from a root that nobody trusts.
    Untrusted,
}

/// Which versions of TLS a server offers. Older ones are not to be had from rustls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TlsVersions {
    /// TLS 1.3 and 1.2.
    #[default]
    Both,
    /// TLS 1.2 only.
    Only12,
    /// TLS 1.3 only.
    Only13,
}

/// The certificates of loopback servers, and the root to trust for them.
pub struct ServerCertificates {
    root: Authority,
    good: Issued,
    expired: Issued,
    wrong_name: Issued,
    untrusted: Issued,
}

/// The same certificates as rustls takes them.
pub(super) struct Configurations {
    good: Arc<ServerConfig>,
    expired: Arc<ServerConfig>,
    wrong_name: Arc<ServerConfig>,
    untrusted: Arc<ServerConfig>,
}

/// 2022-01-01, long enough ago for every clock.
const EXPIRED_SINCE: Timestamp = Timestamp::constant(1_640_995_200, 0);

impl ServerCertificates {
    /// Makes a root and all certificates.
    pub fn make() -> Result<Self, DemoError> {
        Self::make_for(&["localhost"])
    }

    /// The same, with the good one for these names too.
    pub fn make_for(names: &[&str]) -> Result<Self, DemoError> {
        let root = Authority::root_from(&authority("Segl Demo Server Root (TEST)"))?;
        let stranger = Authority::root_from(&authority("Somebody Else's Root (TEST)"))?;
        let good = server(names);
        let expired = good.clone().valid(AUTHORITY_NOT_BEFORE, EXPIRED_SINCE);
        let wrong_name = Leaf {
            ip_addresses: Vec::new(),
            ..server(&["mail.somebody-else.example"])
        };
        Ok(Self {
            good: root.issue(&good)?,
            expired: root.issue(&expired)?,
            wrong_name: root.issue(&wrong_name)?,
            untrusted: stranger.issue(&good)?,
            root,
        })
    }

    /// The root that a client must trust, as PEM: what a `ca_file` holds.
    pub fn root_pem(&self) -> String {
        self.root.pem()
    }

    /// The same as DER.
    pub fn root_der(&self) -> &[u8] {
        &self.root.certificate().der
    }

    /// The certificate that is shown, with its key.
    pub fn certificate(&self, presented: Presented) -> &Issued {
        match presented {
            Presented::Good => &self.good,
            Presented::Expired => &self.expired,
            Presented::WrongName => &self.wrong_name,
            Presented::Untrusted => &self.untrusted,
        }
    }

    /// What a rustls server needs, for each certificate that it may be told to show.
    pub(super) fn configurations(
        &self,
        versions: TlsVersions,
    ) -> Result<Configurations, DemoError> {
        Ok(Configurations {
            good: self.configuration(Presented::Good, versions)?,
            expired: self.configuration(Presented::Expired, versions)?,
            wrong_name: self.configuration(Presented::WrongName, versions)?,
            untrusted: self.configuration(Presented::Untrusted, versions)?,
        })
    }

    fn configuration(
        &self,
        presented: Presented,
        versions: TlsVersions,
    ) -> Result<Arc<ServerConfig>, DemoError> {
        let issued = self.certificate(presented);
        let key = PrivatePkcs8KeyDer::from(issued.key.private_key_to_pkcs8()?);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions.list())?
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(issued.der.clone())],
                PrivateKeyDer::Pkcs8(key),
            )?;
        Ok(Arc::new(config))
    }
}

impl Configurations {
    pub(super) fn of(&self, presented: Presented) -> Arc<ServerConfig> {
        Arc::clone(match presented {
            Presented::Good => &self.good,
            Presented::Expired => &self.expired,
            Presented::WrongName => &self.wrong_name,
            Presented::Untrusted => &self.untrusted,
        })
    }
}

impl TlsVersions {
    fn list(self) -> &'static [&'static SupportedProtocolVersion] {
        static ONLY_12: [&SupportedProtocolVersion; 1] = [&TLS12];
        static ONLY_13: [&SupportedProtocolVersion; 1] = [&TLS13];
        match self {
            Self::Both => ALL_VERSIONS,
            Self::Only12 => &ONLY_12,
            Self::Only13 => &ONLY_13,
        }
    }
}

fn authority(name: &str) -> AuthoritySpec {
    AuthoritySpec {
        key: KeyChoice::Fresh(KeyKind::P256),
        ..AuthoritySpec::new(name)
    }
}

fn server(names: &[&str]) -> Leaf {
    let addresses = [
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::LOCALHOST),
    ];
    Leaf::server(names, &addresses)
        .with_key(KeyChoice::Fresh(KeyKind::P256))
        .valid(AUTHORITY_NOT_BEFORE, AUTHORITY_NOT_AFTER)
}
