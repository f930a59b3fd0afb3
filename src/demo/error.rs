//! Why something of the demo could not be made. RFC-level misbehaviour of the servers is never an error: it is asked for.

/// What kept the demo from being made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// OpenSSL made no key or no signature.
    #[error("openssl refused to make a key or a signature")]
    OpenSsl(#[from] openssl::error::ErrorStack),
    /// A value cannot be encoded: a name with letters its string type lacks, a time before 1970.
    #[error("a certificate or revocation list cannot be encoded")]
    Asn1(#[from] der::Error),
    /// The key of an authority is of a kind that signs nothing (X25519).
    #[error("a key of this kind cannot sign")]
    CannotSign,
    /// The server's certificate or key was not taken by the TLS stack.
    #[error("the tls configuration was refused")]
    Tls(#[from] rustls::Error),
    /// The profile folder, a socket or a thread could not be made.
    #[error("the demo's folder or a server on loopback could not be made")]
    Io(#[from] std::io::Error),
    /// The demo's time is so near to the end of time that no validity fits.
    #[error("the time given leaves no room for a validity")]
    Time(#[from] jiff::Error),
}
