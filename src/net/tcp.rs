//! TCP connections with a deadline.

use std::{io, time::Duration};

use tokio::{net::TcpStream, time::timeout};

/// Why there is no connection. Says nothing about what the other side has or knows.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The name could not be resolved, or nothing listens there.
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
    let named = |host: &str| host.to_owned();
    match timeout(deadline, TcpStream::connect((host, port))).await {
        Ok(Ok(stream)) => {
            // Small commands and their answers alternate: waiting for full segments only adds delay.
            stream
                .set_nodelay(true)
                .map_err(|source| ConnectError::Unreachable {
                    host: named(host),
                    port,
                    source,
                })?;
            Ok(stream)
        }
        Ok(Err(source)) => Err(ConnectError::Unreachable {
            host: named(host),
            port,
            source,
        }),
        Err(_elapsed) => Err(ConnectError::Timeout {
            host: named(host),
            port,
        }),
    }
}
