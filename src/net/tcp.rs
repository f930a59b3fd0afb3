//! TCP connections with a deadline.

use std::{io, time::Duration};

use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};

/// Why there is no connection. Says nothing about what the other side has or knows.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The name could not be resolved.
    #[error("no address for {host}")]
    Unresolved {
        /// Host as the settings name it.
        host: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// Nothing listens there, or the way there is closed.
    #[error("no connection to {host}:{port}")]
    Unreachable {
        /// Host as the settings name it.
        host: String,
        /// Port.
        port: u16,
        /// What the operating system said.
        source: io::Error,
    },
    /// No answer before the deadline.
    #[error("no answer from {host}:{port} in time")]
    Timeout {
        /// Host as the settings name it.
        host: String,
        /// Port.
        port: u16,
    },
}

/// Connects to the first address of `host` that answers before the deadline.
pub async fn connect(host: &str, port: u16, deadline: Duration) -> Result<TcpStream, ConnectError> {
    let named = || host.to_owned();
    let unreachable = |source| ConnectError::Unreachable {
        host: named(),
        port,
        source,
    };
    let connected = async {
        let unresolved = |source| ConnectError::Unresolved {
            host: named(),
            source,
        };
        let addresses: Vec<_> = lookup_host((host, port))
            .await
            .map_err(unresolved)?
            .collect();
        let stream = TcpStream::connect(&*addresses).await.map_err(unreachable)?;
        // Small commands and their answers alternate: waiting for full segments only adds delay.
        stream.set_nodelay(true).map_err(unreachable)?;
        Ok(stream)
    };
    timeout(deadline, connected)
        .await
        .unwrap_or_else(|_elapsed| {
            Err(ConnectError::Timeout {
                host: named(),
                port,
            })
        })
}
