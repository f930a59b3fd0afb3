//! What comes before the first search.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, duplex},
    net::TcpListener,
};
use zeroize::Zeroizing;

use super::{
    super::{message::message_of, open::bind, *},
    PATIENCE, result,
};

/// A server on loopback that answers the first request of one connection with these octets, in one write. Returns what
/// it read.
async fn opened(
    security: impl FnOnce(Arc<ClientConfig>) -> LdapSecurity,
    answer: &'static [u8],
) -> (LdapFault, Vec<u8>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let SocketAddr::V4(address) = listener.local_addr().unwrap() else {
        panic!("an IPv4 address")
    };
    let config = crate::net::client_config(&crate::net::Roots::Only(Vec::new())).unwrap();
    let server = LdapServer {
        host: address.ip().to_string(),
        port: address.port(),
        security: security(config),
    };
    let serve = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut read = vec![0; 1024];
        let length = stream.read(&mut read).await.unwrap();
        read.truncate(length);
        stream.write_all(answer).await.unwrap();
        let _until_the_other_side_ends = stream.read(&mut [0]).await;
        read
    };
    let (opened, read) = tokio::join!(
        LdapConnection::open(&server, None, PATIENCE, PATIENCE),
        serve
    );
    (opened.err().expect("a fault"), read)
}

#[tokio::test]
async fn start_tls_goes_on_only_after_exactly_one_good_answer() {
    let (fault, read) = opened(
        LdapSecurity::StartTls,
        b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x35\x04\x00\x04\x00",
    )
    .await;
    assert!(matches!(fault, LdapFault::StartTlsRefused(53)), "{fault:?}");
    assert_eq!(
        read,
        b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037"
    );

    // The same segment holds one octet more: somebody wants us to take it for an answer inside TLS.
    let (fault, _) = opened(
        LdapSecurity::StartTls,
        b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00\x30",
    )
    .await;
    assert!(matches!(fault, LdapFault::Injected), "{fault:?}");

    let (fault, _) = opened(
        LdapSecurity::StartTls,
        b"\x30\x0c\x02\x01\x02\x78\x07\x0a\x01\x00\x04\x00\x04\x00",
    )
    .await;
    assert!(
        matches!(fault, LdapFault::Violation(Violation::Unasked)),
        "{fault:?}"
    );

    for answer in [
        &b"HTTP/1.1 400\r\n"[..],
        b"\x30\x00",
        b"\x30\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00",
        b"\x30\x82\x50\x00\x02\x01\x01",
    ] {
        let (fault, _) = opened(LdapSecurity::StartTls, answer).await;
        assert!(
            matches!(fault, LdapFault::Violation(_)),
            "{answer:02x?}: {fault:?}"
        );
    }
}

#[tokio::test]
async fn a_password_is_never_sent_in_clear_and_never_empty() {
    let credentials = |password: &str| Credentials {
        dn: "cn=segl,c=DK".to_owned(),
        password: Zeroizing::new(password.to_owned()),
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let server = LdapServer {
        host: "127.0.0.1".to_owned(),
        port: listener.local_addr().unwrap().port(),
        security: LdapSecurity::Plain,
    };
    let refused =
        LdapConnection::open(&server, Some(&credentials("secret")), PATIENCE, PATIENCE).await;
    assert!(matches!(refused.err(), Some(LdapFault::BindInClear)));
    let connected = timeout(Duration::ZERO, listener.accept()).await;
    assert!(connected.is_err(), "nobody connected");

    let (mut ours, mut directory) = duplex(1024);
    let refused = bind(&mut ours, &credentials("")).await;
    assert!(matches!(refused, Err(LdapFault::EmptyPassword)));
    directory
        .write_all(&message_of(2, 0x61, &result(49)))
        .await
        .unwrap();
    let refused = bind(&mut ours, &credentials("secret")).await;
    assert!(matches!(refused, Err(LdapFault::BindRefused(49))));
    drop(ours);
    let mut sent = Vec::new();
    directory.read_to_end(&mut sent).await.unwrap();
    assert_eq!(
        sent,
        b"\x30\x1e\x02\x01\x02\x60\x19\x02\x01\x03\x04\x0ccn=segl,c=DK\x80\x06secret"
    );
}
