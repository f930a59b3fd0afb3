//! A browser of few words: it asks for a page over HTTPS and goes where the answer sends it, if that is this computer.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

use rustls::{ClientConnection, RootCertStore, StreamOwned, pki_types::ServerName};
use url::Url;

/// Visits a page, on a thread of its own. What goes wrong there is seen by who waits for it.
pub(super) fn visit(url: String, root: Vec<u8>) {
    let going = move || {
        let _seen = go(&url, &root);
    };
    let _started = std::thread::Builder::new()
        .name("segl-demo-browser".to_owned())
        .spawn(going);
}

fn go(url: &str, root: &[u8]) -> io::Result<()> {
    let url = Url::parse(url).map_err(io::Error::other)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let tcp = connect(&url)?;
    let mut roots = RootCertStore::empty();
    roots.add(root.to_vec().into()).map_err(io::Error::other)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host).map_err(io::Error::other)?;
    let tls = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
    let page = ask(StreamOwned::new(tls, tcp), &url)?;
    let location = page
        .lines()
        .find_map(|line| line.strip_prefix("Location: "))
        .ok_or(io::ErrorKind::NotFound)?;
    let next = Url::parse(location.trim()).map_err(io::Error::other)?;
    ask(connect(&next)?, &next)?;
    Ok(())
}

fn connect(url: &Url) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((url.host_str().unwrap_or_default(), url.port().unwrap_or(0)))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    Ok(stream)
}

fn ask(mut stream: impl Read + Write, url: &Url) -> io::Result<String> {
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let request =
        format!("GET {target} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut page = Vec::new();
    // A server that ends without good-bye has said what it had to say.
    let _ended = stream.read_to_end(&mut page);
    Ok(String::from_utf8_lossy(&page).into_owned())
}
