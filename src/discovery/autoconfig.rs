//! The autoconfig file that many firms and providers publish for mail programs (`clientConfig`, version 1.1).
//!
//! Read is `outgoingServer type="smtp"` and no more. A file with a document type, too deep, or not UTF-8 is not read at
//! all; a server without TLS is refused by name.

use quick_xml::{Reader, events::Event};

use super::{Security, Server, Source, Why, host_name, provider};
use crate::mail::Address;

/// Elements inside each other.
const DEPTH_MAX: usize = 12;
/// Servers that are looked at.
const SERVERS_MAX: usize = 20;

/// An `outgoingServer` as it is written.
#[derive(Default)]
struct Written {
    hostname: String,
    port: String,
    socket_type: String,
    username: String,
    authentication: Vec<String>,
}

/// The servers of a file that can be used, best first.
pub(super) fn read(octets: &[u8], address: &Address, source: &Source) -> Result<Vec<Server>, Why> {
    let text = str::from_utf8(octets).map_err(|_bad| Why::Unreadable("not UTF-8"))?;
    let written = parse(text.trim_start_matches('\u{feff}')).map_err(Why::Unreadable)?;
    let mut servers = Vec::new();
    let mut without_tls = None;
    for server in written {
        let Some(host) = host_name(&filled(&server.hostname, address)) else {
            continue;
        };
        let security = match server.socket_type.as_str() {
            "SSL" => Security::ImplicitTls,
            "STARTTLS" => Security::StartTls,
            _ => {
                without_tls.get_or_insert(host);
                continue;
            }
        };
        let Some(port) = server.port.parse().ok().filter(|p| *p != 0) else {
            continue;
        };
        let username = filled(&server.username, address);
        let is_username = !username.is_empty()
            && username.len() <= 255
            && !username.chars().any(crate::mail::is_forbidden);
        servers.push(Server {
            provider: provider::of_host(&host),
            takes_tokens: server.authentication.iter().any(|a| a == "OAuth2"),
            username: if is_username {
                username
            } else {
                address.wire()
            },
            must_be_confirmed: false,
            source: source.clone(),
            host,
            port,
            security,
        });
    }
    servers.sort_by_key(|s| s.security == Security::StartTls);
    match without_tls {
        Some(host) if servers.is_empty() => Err(Why::WithoutTls { host }),
        _ => Ok(servers),
    }
}

/// Every `outgoingServer type="smtp"`; `Err` says what is wrong with the file.
fn parse(text: &str) -> Result<Vec<Written>, &'static str> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Vec<u8>> = Vec::new();
    let (mut servers, mut server) = (Vec::new(), None::<Written>);
    let mut is_config = false;
    loop {
        match reader.read_event().map_err(|_malformed| "not XML")? {
            Event::Start(element) => {
                let name = element.local_name().as_ref().to_vec();
                if open.is_empty() && name != b"clientConfig" {
                    return Err("no clientConfig");
                }
                is_config = true;
                if name == b"outgoingServer" {
                    let kind = element
                        .try_get_attribute("type")
                        .map_err(|_malformed| "not XML")?;
                    server = kind
                        .filter(|k| k.value.as_ref() == b"smtp")
                        .map(|_smtp| Written::default());
                }
                open.push(name);
                if open.len() > DEPTH_MAX {
                    return Err("too deep");
                }
            }
            Event::End(_) => {
                let closed = open.pop();
                if closed.as_deref() == Some(b"outgoingServer") {
                    servers.extend(server.take());
                }
                if servers.len() > SERVERS_MAX {
                    return Err("too many servers");
                }
            }
            Event::Text(text) => {
                let text = text.decode().map_err(|_bad| "not UTF-8")?;
                if let (Some(server), Some(name)) = (&mut server, open.last()) {
                    server.set(name, text.trim());
                }
            }
            // Neither entities nor anything else that could mean more than it shows.
            Event::DocType(_) => return Err("a document type"),
            Event::GeneralRef(_) if server.is_some() => return Err("an entity in a server"),
            Event::Eof if !is_config => return Err("no clientConfig"),
            Event::Eof if open.is_empty() => return Ok(servers),
            Event::Eof => return Err("cut off"),
            _ => {}
        }
    }
}

impl Written {
    fn set(&mut self, name: &[u8], text: &str) {
        if text.is_empty() {
            return;
        }
        let field = match name {
            b"hostname" => &mut self.hostname,
            b"port" => &mut self.port,
            b"socketType" => &mut self.socket_type,
            b"username" => &mut self.username,
            b"authentication" => return self.authentication.push(text.to_owned()),
            _ => return,
        };
        text.clone_into(field);
    }
}

/// With the parts of the address put in where the file asks for them.
fn filled(text: &str, address: &Address) -> String {
    text.replace("%EMAILADDRESS%", &address.wire())
        .replace("%EMAILLOCALPART%", address.local())
        .replace("%EMAILDOMAIN%", address.domain())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address::parse("anne@firma-eksempel.dk").unwrap()
    }

    fn source() -> Source {
        Source::Autoconfig {
            host: "autoconfig.firma-eksempel.dk".to_owned(),
        }
    }

    fn file(servers: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><clientConfig version=\"1.1\"><emailProvider id=\"x\">\
             <incomingServer type=\"imap\"><hostname>imap.firma-eksempel.dk</hostname></incomingServer>\
             {servers}</emailProvider></clientConfig>"
        )
    }

    fn server(kind: &str, host: &str, port: &str, socket: &str) -> String {
        format!(
            "<outgoingServer type=\"{kind}\"><hostname>{host}</hostname><port>{port}</port>\
             <socketType>{socket}</socketType><username>%EMAILLOCALPART%</username>\
             <authentication>OAuth2</authentication><authentication>password-cleartext</authentication>\
             </outgoingServer>"
        )
    }

    #[test]
    fn servers_with_tls_are_read_and_tls_from_the_start_comes_first() {
        let text = file(
            &[
                server("smtp", "a.%EMAILDOMAIN%", "587", "STARTTLS"),
                server("smtp", "b.%EMAILDOMAIN%", "465", "SSL"),
                server("smtp", "c.%EMAILDOMAIN%", "25", "plain"),
                server("exchange", "d.%EMAILDOMAIN%", "465", "SSL"),
            ]
            .concat(),
        );
        let servers = read(text.as_bytes(), &address(), &source()).unwrap();
        let seen: Vec<_> = servers
            .iter()
            .map(|s| (s.host.as_str(), s.port, s.username.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("b.firma-eksempel.dk", 465, "anne"),
                ("a.firma-eksempel.dk", 587, "anne")
            ]
        );
        assert!(servers[0].takes_tokens && !servers[0].must_be_confirmed);
    }

    #[test]
    fn a_file_that_offers_no_tls_is_refused_by_name() {
        for socket in ["plain", "", "ssl", "whatever"] {
            let text = file(&server("smtp", "mail.firma-eksempel.dk", "25", socket));
            let refused = read(text.as_bytes(), &address(), &source());
            assert!(
                matches!(refused, Err(Why::WithoutTls { host }) if host == "mail.firma-eksempel.dk"),
                "{socket}"
            );
        }
    }

    #[test]
    fn a_hostile_file_is_not_read() {
        let deep = format!("<clientConfig>{}", "<a>".repeat(40));
        let many = file(&server("smtp", "a.example", "465", "SSL").repeat(30));
        let entity = file(&server("smtp", "&xxe;.example", "465", "SSL"));
        for text in [
            "",
            "not xml",
            "<html><body>Sign in to the hotel's network</body></html>",
            "<clientConfig><emailProvider>",
            &deep,
            &many,
            &entity,
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><clientConfig/>",
        ] {
            let refused = read(text.as_bytes(), &address(), &source());
            assert!(
                matches!(&refused, Err(Why::Unreadable(_)))
                    || matches!(&refused, Ok(s) if s.is_empty() && text.is_empty()),
                "{text}"
            );
        }
        assert!(read(b"\xff\xfe", &address(), &source()).is_err());
    }

    #[test]
    fn what_is_no_host_or_port_is_passed_over() {
        for (host, port) in [
            ("10.0.0.1", "465"),
            ("a b", "465"),
            ("a.example", "0"),
            ("a.example", "99999"),
            ("", "465"),
        ] {
            let text = file(&server("smtp", host, port, "SSL"));
            assert_eq!(
                read(text.as_bytes(), &address(), &source()).unwrap(),
                [],
                "{host}:{port}"
            );
        }
    }
}
