//! Why a list is not taken.

use std::path::PathBuf;

use crate::{
    disk::DiskError, keys::KeyError, net::HttpFault, record::RecordError, smime::open::OpenError,
    store::StoreError, tunnel::Broken,
};

/// Why a list is not taken, or not at hand. The one in force stays in force.
#[derive(Debug, thiserror::Error)]
pub enum TunnelError {
    /// The file cannot be read.
    #[error("{} cannot be read", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// It is no list that can be relied on.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// It must be signed, because it came over the network, and is not.
    #[error("the list is not signed")]
    Unsigned,
    /// It is signed, but not by whom the settings name.
    #[error("the list is not signed by the certificate of the settings: {detail}")]
    OtherSigner {
        /// What was found instead.
        detail: String,
    },
    /// The certificate of the settings cannot be used.
    #[error("the certificate that signs the list cannot be used: {detail}")]
    SignerFile {
        /// Why.
        detail: String,
    },
    /// Its signature cannot be read.
    #[error("the signature of the list cannot be read")]
    Signature(#[from] OpenError),
    /// It was signed before the one in force: somebody hands out an old one again.
    #[error("the list was signed before the one in force")]
    Older,
    /// The server did not answer.
    #[error(transparent)]
    Http(#[from] HttpFault),
    /// It answered with something else than the list.
    #[error("the server answered {0}")]
    Answer(u16),
    /// The machine's policy names the list: nobody imports another.
    #[error("the machine's policy names the tunnel list")]
    PolicyNames,
    /// The settings name none.
    #[error("the settings name no tunnel list")]
    NotConfigured,
    /// No list waits, or another one than was seen.
    #[error("no such list waits")]
    NothingWaits,
    /// What is kept of the list cannot be read; it counts for nothing.
    #[error("what is kept of the tunnel list is damaged")]
    Damaged,
    /// It cannot be kept.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// There is no key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It cannot be recorded, so it is not done.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl TunnelError {
    /// The code for `--json`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "file",
            Self::Broken(_) => "list-broken",
            Self::Unsigned => "list-unsigned",
            Self::OtherSigner { .. } | Self::Signature(_) => "list-signature",
            Self::SignerFile { .. } => "signer",
            Self::Older => "list-older",
            Self::Http(_) | Self::Answer(_) => "list-server",
            Self::PolicyNames => "policy",
            Self::NotConfigured => "no-list",
            Self::NothingWaits => "nothing-waits",
            Self::Damaged | Self::Disk(_) | Self::Store(_) => "data",
            Self::Key(_) => "key",
            Self::Record(_) => "record",
        }
    }
}
