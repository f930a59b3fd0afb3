//! Tunnel mail, through the command line: to the gateway of a recipient's organisation, on the word of a list.

mod lists;
mod sending;
mod standing;

use std::fs;

use openssl::{
    cms::{CMSOptions, CmsContentInfo},
    stack::Stack,
    x509::X509,
};
use segl::demo::{Demo, Entry, Issued, KeyChoice, Leaf, Person, Wanted, World};

use super::desk::{Desk, Ran, now};

/// Its gateway has a certificate for its mailbox.
pub(super) const TOWN: &str = "tunnelby-eksempel.dk";
/// Its gateway has a certificate without any address.
pub(super) const COURT: &str = "tunnelret-eksempel.dk";

/// A desk whose directory holds the certificates of two gateways.
pub(super) struct Tunnel {
    pub(super) desk: Desk,
    pub(super) town: Issued,
    pub(super) court: Issued,
}

fn gateway(name: &str, mailbox: &str, certificate: &Issued) -> Person {
    let entry = Entry::new(&format!("cn={name},o={name},c=DK"))
        .with("objectClass", "inetOrgPerson")
        .with("cn", name)
        .with("sn", name)
        .with("mail", mailbox)
        .with("userCertificate;binary", &certificate.der);
    Person {
        name: name.to_owned(),
        address: mailbox.to_owned(),
        wanted: Wanted {
            light: "green",
            route: "person",
            status: "usable",
            problem: None,
        },
        entries: vec![entry],
        readers: Vec::new(),
        others: Vec::new(),
    }
}

impl Tunnel {
    pub(super) fn new() -> Self {
        let mut world = World::with_shared_keys(now()).unwrap();
        let organisation = |name: &str, number: &str, key: usize| {
            Leaf::organisation(name, name, number).with_key(KeyChoice::Shared(key))
        };
        let mailbox = format!("sikkerpost@{TOWN}");
        let town = organisation("Tunnelby Kommune", "11223344", 1101).for_address(&mailbox);
        let town = world.issuing.issue(&town).unwrap();
        let court = organisation("Retten i Tunnelby", "55667788", 1102);
        let court = world.issuing.issue(&court).unwrap();
        world.people.push(gateway("Tunnelby", &mailbox, &town));
        let mailbox = format!("sikkermail@{COURT}");
        world.people.push(gateway("Tunnelret", &mailbox, &court));
        let desk = Desk {
            demo: Demo::of(world).unwrap(),
        };
        Self { desk, town, court }
    }

    /// With this list in force, as IT names it.
    pub(super) fn with(list: &str) -> Self {
        let tunnel = Self::new();
        tunnel.settings("list = \"tunnel.csv\"\nmax_age = \"7d\"");
        tunnel.write("tunnel.csv", list);
        tunnel
    }

    pub(super) fn settings(&self, tunnel: &str) {
        let with = format!("[tunnel]\n{tunnel}\n\n[network]");
        self.desk.edit("[network]", &with);
    }

    pub(super) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.desk.path(name), text).unwrap();
    }

    pub(super) fn segl(&self, arguments: &[&str]) -> Ran {
        self.desk.segl(arguments)
    }

    /// Light, route and first problem or status of an address.
    pub(super) fn told(&self, address: &str) -> (String, String, String) {
        let ran = self.segl(&["check", "--json", address]);
        let row = &ran.json()["recipients"][0];
        let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
        let certificates = row["certificates"].as_array().unwrap();
        let problem = certificates
            .iter()
            .find_map(|c| c["problems"][0]["code"].as_str());
        let why = problem.map_or_else(|| text(&row["status"]), str::to_owned);
        (text(&row["light"]), text(&row["route"]), why)
    }
}

/// What OpenSSL finds in an encrypted message with a certificate's key.
pub(super) fn opened(message: &[u8], issued: &Issued) -> String {
    let cms = CmsContentInfo::smime_read_cms(message).unwrap();
    let certificate = X509::from_der(&issued.der).unwrap();
    let plain = cms.decrypt(&issued.key, &certificate).unwrap();
    String::from_utf8(plain).unwrap()
}

/// A detached signature over octets, as PEM.
pub(super) fn signature(octets: &[u8], issued: &Issued, is_detached: bool) -> String {
    let certificate = X509::from_der(&issued.der).unwrap();
    let mut flags = CMSOptions::BINARY;
    if is_detached {
        flags |= CMSOptions::DETACHED;
    }
    let none = Stack::new().unwrap();
    let cms = CmsContentInfo::sign(
        Some(&certificate),
        Some(&issued.key),
        Some(&none),
        Some(octets),
        flags,
    );
    let pem = base64_simd::STANDARD.encode_to_string(cms.unwrap().to_der().unwrap());
    let lines: Vec<&str> = pem
        .as_bytes()
        .chunks(64)
        .map(|c| std::str::from_utf8(c).unwrap())
        .collect();
    format!(
        "-----BEGIN CMS-----\n{}\n-----END CMS-----\n",
        lines.join("\n")
    )
}
