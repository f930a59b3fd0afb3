//! A stream in two ends inside this process: ldap3 gets one and believes that it is the directory.
//!
//! ldap3 takes only sockets of the operating system. On Unix that is a socket pair, which has no name; elsewhere it is a
//! TCP connection over loopback, whose far end is made sure to be our own.

use std::io;

use ldap3::StdStream;

#[cfg(unix)]
mod system {
    use tokio::net::UnixStream;

    use super::{StdStream, io};

    /// What ldap3 wants to hear of a Unix stream.
    pub(in crate::net::ldap) const URL: &str = "ldapi:///";

    /// ldap3's end, and ours.
    pub(in crate::net::ldap) fn pair() -> io::Result<(StdStream, UnixStream)> {
        let (theirs, ours) = UnixStream::pair()?;
        Ok((StdStream::Unix(theirs.into_std()?), ours))
    }
}

#[cfg(not(unix))]
mod system {
    use tokio::net::TcpStream;

    use super::{StdStream, io};

    /// What ldap3 wants to hear of a TCP stream. Nothing is resolved: the stream is open already.
    pub(in crate::net::ldap) const URL: &str = "ldap://localhost";

    /// ldap3's end, and ours.
    pub(in crate::net::ldap) fn pair() -> io::Result<(StdStream, TcpStream)> {
        let (theirs, ours) = super::loopback_pair()?;
        ours.set_nonblocking(true)?;
        Ok((StdStream::Tcp(theirs), TcpStream::from_std(ours)?))
    }
}

pub(super) use system::{URL, pair};

/// Two ends of one TCP connection over loopback. The listener takes one connection and is gone; should another process
/// have been quicker, the ports differ, and there is no pair.
#[cfg(any(not(unix), test))]
fn loopback_pair() -> io::Result<(std::net::TcpStream, std::net::TcpStream)> {
    let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
    let theirs = std::net::TcpStream::connect(listener.local_addr()?)?;
    let (ours, peer) = listener.accept()?;
    if peer != theirs.local_addr()? {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "another process connected to the inner stream",
        ));
    }
    theirs.set_nodelay(true)?;
    ours.set_nodelay(true)?;
    Ok((theirs, ours))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    #[test]
    fn what_goes_in_at_one_end_of_the_loopback_pair_comes_out_at_the_other() {
        let (mut one, mut other) = super::loopback_pair().unwrap();
        one.write_all(b"seal").unwrap();
        drop(one);
        let mut read = String::new();
        other.read_to_string(&mut read).unwrap();
        assert_eq!(read, "seal");
    }
}
