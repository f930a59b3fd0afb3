//! Directories against real servers: `OpenLDAP`, the embedded one with each of its faults, and files.

mod faults;
mod files;
mod lists;
mod pool;
mod slapd;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use jiff::Timestamp;
use rustls_pki_types::CertificateDer;
use segl::{
    demo::{
        Authority, DirectoryOptions, DirectoryServer, Entry, Leaf, ServerCertificates,
        directory::Security,
    },
    directory::{Answer, Directory, Freshness, LdapDirectory, Settings},
    mail::Address,
    net::Roots,
};

/// When everything is asked.
const AT: Timestamp = Timestamp::constant(1_790_000_000, 0);
/// Long enough for every machine: whoever waits this long has failed.
const PATIENCE: Duration = Duration::from_mins(1);

fn server_certificates() -> Arc<ServerCertificates> {
    static MADE: OnceLock<Arc<ServerCertificates>> = OnceLock::new();
    Arc::clone(MADE.get_or_init(|| Arc::new(ServerCertificates::make().unwrap())))
}

fn authority() -> &'static Authority {
    static MADE: OnceLock<Authority> = OnceLock::new();
    MADE.get_or_init(|| Authority::root("Directory Test Root (TEST)").unwrap())
}

/// A new certificate for this address.
fn certificate(address: &str) -> Vec<u8> {
    authority()
        .issue(&Leaf::mail(address, address))
        .unwrap()
        .der
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

/// An entry under this address with these certificates.
fn entry(address: &str, certificates: &[&[u8]]) -> Entry {
    certificates.iter().fold(
        Entry::new(&format!("cn={address},c=DK")).with("mail", address),
        |entry, der| entry.with("userCertificate;binary", der),
    )
}

/// A directory at this URL, with the root that the servers of these tests have.
fn settings(url: &str) -> Settings {
    let root = CertificateDer::from(server_certificates().root_der().to_vec());
    Settings {
        name: "OCES".to_owned(),
        url: url.to_owned(),
        base: "c=DK".to_owned(),
        filter: "(mail={address})".to_owned(),
        attributes: [
            "userCertificate;binary",
            "userCertificate",
            "userSMIMECertificate;binary",
        ]
        .map(str::to_owned)
        .to_vec(),
        roots: Roots::Only(vec![root]),
        start_tls: false,
        allow_plaintext: false,
        bind: None,
        trust_binding: false,
        connect_timeout: PATIENCE,
        search_timeout: PATIENCE,
        size_limit: 50,
    }
}

fn directory(settings: Settings) -> LdapDirectory {
    LdapDirectory::new(settings).unwrap()
}

fn ldaps() -> DirectoryOptions {
    DirectoryOptions {
        security: Security::Ldaps(server_certificates()),
        ..DirectoryOptions::default()
    }
}

fn start_tls() -> DirectoryOptions {
    DirectoryOptions {
        security: Security::StartTls(server_certificates()),
        ..DirectoryOptions::default()
    }
}

fn start(entries: Vec<Entry>, options: DirectoryOptions) -> DirectoryServer {
    DirectoryServer::start(entries, options).unwrap()
}

async fn find(directory: &dyn Directory, of: &str) -> Answer {
    directory.find(&address(of), AT, Freshness::Recent).await
}

async fn find_now(directory: &dyn Directory, of: &str) -> Answer {
    directory.find(&address(of), AT, Freshness::Now).await
}

fn ders(answer: &Answer) -> Vec<&[u8]> {
    answer
        .found
        .iter()
        .map(|found| found.der.as_slice())
        .collect()
}

/// The directory says that it has none: nothing found, and nothing wrong.
fn is_none(answer: &Answer) -> bool {
    answer.found.is_empty() && answer.failure.is_none()
}

#[tokio::test]
async fn an_address_is_found_in_either_form_of_its_domain() {
    let (sent, read) = (certificate("bo@x.example"), certificate("bo@x.example"));
    let entries = vec![
        entry("bo@xn--blehaven-i0a.example", &[&sent]),
        entry("BO@æblehaven.example", &[&read]),
        entry("bo@blehaven.example", &[&certificate("bo@x.example")]),
    ];
    let server = start(entries, ldaps());
    let directory = directory(settings(&server.url()));
    for form in ["bo@Æblehaven.example", "bo@xn--blehaven-i0a.example"] {
        let answer = find(&directory, form).await;
        assert_eq!(ders(&answer), [sent.as_slice(), &read], "{form}");
        assert_eq!(answer.failure, None, "{form}");
    }
}
