//! The demo's invented world: an authority, people in every state, and what Segl must say of each.
//!
//! The shapes are those of OCES3 and OCES2; every name, number and domain is invented. What is wanted of each person
//! is written in the codes of Segl's command line, so that a test compares what it sees with what stands here.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::crl::CrlSpec;
use super::directory::Entry;
use super::key::{KeyChoice, KeyKind};
use super::{Authority, AuthoritySpec, DemoError, Issued, KeyUsage, Leaf, ServerCertificates};

/// Everybody and everything in the demo.
pub struct World {
    /// The trust anchor of mail certificates.
    pub root: Authority,
    /// The authority below it that issued them.
    pub issuing: Authority,
    /// Revocation list of the issuing authority, as DER.
    pub crl: Vec<u8>,
    /// Revocation list of the root, as DER; it holds nothing.
    pub root_crl: Vec<u8>,
    /// The recipients.
    pub people: Vec<Person>,
    /// Which organisation stands behind which address or domain.
    pub bindings: Vec<Binding>,
    /// TLS certificates of the servers on loopback, with their own root.
    pub servers: Arc<ServerCertificates>,
    /// Display name of the sender.
    pub sender_name: String,
    /// Address of the sender.
    pub sender_address: String,
}

/// One recipient.
pub struct Person {
    /// Display name.
    pub name: String,
    /// Address.
    pub address: String,
    /// What Segl must say.
    pub wanted: Wanted,
    /// What the directory holds under the address.
    pub entries: Vec<Entry>,
    /// The certificates that a message is sealed to, with the keys that open it; none where the light is red.
    pub readers: Vec<Issued>,
    /// Certificates that stand in the directory too and must not become readers.
    pub others: Vec<Issued>,
}

/// What Segl must say of a recipient, in the words of `segl check --json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// `green` or `red`.
    pub light: &'static str,
    /// `person`, `organisation` or, where the sender would have to accept it, `tls`.
    pub route: &'static str,
    /// `usable`, `unusable`, `not-found` or `lookup-failed`.
    pub status: &'static str,
    /// The problem that keeps the recipient red, if a certificate was found.
    pub problem: Option<&'static str>,
}

/// A `[[binding]]` of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// What is bound.
    pub subject: Bound,
    /// The organisation, as `NTRDK-12345678`.
    pub organisation: String,
}

/// What a binding is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// One address.
    Address(String),
    /// All addresses of a domain.
    Domain(String),
}

const LAWYERS: (&str, &str) = ("Advokatfirmaet Eksempel ApS", "12345674");
const MUNICIPALITY: (&str, &str) = ("Eksempelby Kommune", "29188858");
const COURT: (&str, &str) = ("Retten i Eksempelby", "21987913");
const STRANGER: (&str, &str) = ("Fremmed ApS", "33445563");

/// The address whose directory does not answer.
const UNREACHABLE: &str = "ulla@stille-eksempel.dk";

impl World {
    /// Makes the world as it is at `at`, with new keys: a dozen of RSA, which takes its time.
    pub fn make(at: Timestamp) -> Result<Self, DemoError> {
        Self::with_keys(at, |_number| KeyChoice::Fresh(KeyKind::Rsa(2048)))
    }

    /// The same with keys from the pool of the process, for tests that make many worlds.
    pub fn with_shared_keys(at: Timestamp) -> Result<Self, DemoError> {
        Self::with_keys(at, |number| KeyChoice::Shared(1000 + number))
    }

    fn with_keys(at: Timestamp, key: impl Fn(usize) -> KeyChoice) -> Result<Self, DemoError> {
        let root = Authority::root_from(&AuthoritySpec {
            key: key(0),
            ..AuthoritySpec::new("Segl Demo Root (TEST)")
        })?;
        let issuing = root.intermediate_from(&AuthoritySpec {
            key: key(1),
            path_length: Some(0),
            ..AuthoritySpec::new("Segl Demo Issuing (TEST)")
        })?;
        let maker = Maker {
            at,
            issuing: &issuing,
            key,
        };
        let mut people = maker.green()?;
        let (revoked, serial) = maker.revoked()?;
        people.push(revoked);
        people.extend(maker.red()?);

        let hour_ago = days(at, 0)?.checked_sub(SignedDuration::from_hours(1))?;
        let crl = CrlSpec::empty(hour_ago).with_revoked(&serial, days(at, -5)?);
        Ok(Self {
            crl: issuing.crl(&crl)?,
            root_crl: root.crl(&CrlSpec::empty(hour_ago))?,
            people,
            bindings: vec![
                Binding {
                    subject: Bound::Domain("eksempelby-eksempel.dk".to_owned()),
                    organisation: format!("NTRDK-{}", MUNICIPALITY.1),
                },
                Binding {
                    subject: Bound::Address("post@ret-eksempel.dk".to_owned()),
                    organisation: format!("NTRDK-{}", COURT.1),
                },
            ],
            servers: Arc::new(ServerCertificates::make()?),
            sender_name: "Anne Østergaard".to_owned(),
            sender_address: "anne@advokat-eksempel.dk".to_owned(),
            root,
            issuing,
        })
    }

    /// The trust anchor as PEM.
    pub fn root_pem(&self) -> String {
        self.root.pem()
    }

    /// The issuing authority's certificate as PEM.
    pub fn intermediate_pem(&self) -> String {
        self.issuing.pem()
    }

    /// What the directory holds.
    pub fn entries(&self) -> Vec<Entry> {
        let entries = self.people.iter().flat_map(|person| &person.entries);
        entries.cloned().collect()
    }

    /// The person with this address.
    pub fn person(&self, address: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.address == address)
    }

    /// The address whose directory does not answer: the second directory falls silent when asked for it.
    pub fn unreachable_address(&self) -> &'static str {
        UNREACHABLE
    }
}

impl Person {
    /// Every certificate that the directory holds under the address.
    pub fn certificates(&self) -> impl Iterator<Item = &Issued> {
        self.readers.iter().chain(&self.others)
    }
}

/// Makes people; each key has a number of its own.
struct Maker<'a, K> {
    at: Timestamp,
    issuing: &'a Authority,
    key: K,
}

impl<K: Fn(usize) -> KeyChoice> Maker<'_, K> {
    /// Those who can be written to end to end.
    fn green(&self) -> Result<Vec<Person>, DemoError> {
        let (firm, number) = LAWYERS;
        let karen = self.issue(
            2,
            Leaf::employee("Karen Ærø", firm, number),
            "karen@advokat-eksempel.dk",
        )?;
        let renewed = Leaf::employee("Bo Ærlig", firm, number);
        let (begin, end) = (days(self.at, 35 - 3 * 365)?, days(self.at, 35)?);
        let old = self.issue_at(3, renewed.clone(), "bo@advokat-eksempel.dk", begin, end)?;
        let new = self.issue(4, renewed, "bo@advokat-eksempel.dk")?;
        let oces2 = Leaf::oces2_employee("Hans Jørgen Å. Holm", firm, number);
        let hans = self.issue(5, oces2, "hans@advokat-eksempel.dk")?;
        let (municipality, number) = MUNICIPALITY;
        let bound = self.issue_unaddressed(6, municipality, number)?;
        let (court, number) = COURT;
        let court_certificate = self.issue_unaddressed(7, court, number)?;
        let (stranger, number) = STRANGER;
        let strangers = self.issue_unaddressed(8, stranger, number)?;

        let court_entry = entry(court, court, "post@ret-eksempel.dk", &[&court_certificate]);
        let stranger_entry = entry(stranger, stranger, "post@ret-eksempel.dk", &[&strangers]);
        let mut ret = organisation(court, "post@ret-eksempel.dk", court_certificate);
        ret.entries = vec![court_entry, stranger_entry];
        ret.others = vec![strangers];
        Ok(vec![
            person("Karen Ærø", "karen@advokat-eksempel.dk", vec![karen]),
            person("Bo Ærlig", "bo@advokat-eksempel.dk", vec![old, new]),
            person(
                "Hans Jørgen Å. Holm",
                "hans@advokat-eksempel.dk",
                vec![hans],
            ),
            organisation(municipality, "post@eksempelby-eksempel.dk", bound),
            ret,
        ])
    }

    /// The one whose certificate was revoked, and its serial number.
    fn revoked(&self) -> Result<(Person, Vec<u8>), DemoError> {
        let (firm, number) = LAWYERS;
        let leaf = Leaf::employee("Dorte Spærret", firm, number);
        let issued = self.issue(9, leaf, "dorte@advokat-eksempel.dk")?;
        let serial = issued.serial().to_vec();
        let dorte = red(
            "Dorte Spærret",
            "dorte@advokat-eksempel.dk",
            "revoked",
            vec![issued],
        );
        Ok((dorte, serial))
    }

    /// Those who cannot be written to end to end, each for another reason.
    fn red(&self) -> Result<Vec<Person>, DemoError> {
        use KeyUsage::{DigitalSignature, KeyAgreement, NonRepudiation};
        let (firm, number) = LAWYERS;
        let employee = |name: &str| Leaf::employee(name, firm, number);
        let (begin, end) = (days(self.at, -3 * 365)?, days(self.at, -40)?);

        let (name, address) = ("Carl Udløbet", "carl@advokat-eksempel.dk");
        let issued = self.issue_at(10, employee(name), address, begin, end)?;
        let carl = red(name, address, "expired", vec![issued]);

        let (name, address) = ("Gert Forkert", "gert@advokat-eksempel.dk");
        let issued = self.issue(11, employee(name), "andet@advokat-eksempel.dk")?;
        let gert = red(name, address, "address-mismatch", vec![issued]);

        let (name, address) = ("Sigrid Underskrift", "sigrid@advokat-eksempel.dk");
        let leaf = employee(name).with_key_usage(&[DigitalSignature, NonRepudiation]);
        let sigrid = red(
            name,
            address,
            "key-usage",
            vec![self.issue(14, leaf, address)?],
        );

        let (name, address) = ("Viggo Svag", "viggo@advokat-eksempel.dk");
        let leaf = employee(name).with_key(KeyChoice::Fresh(KeyKind::Rsa(1024)));
        let viggo = red(
            name,
            address,
            "weak-key",
            vec![self.issue_with(leaf, address)?],
        );

        let (name, address) = ("Ida Elliptisk", "ida@advokat-eksempel.dk");
        let bits = [DigitalSignature, NonRepudiation, KeyAgreement];
        let leaf = employee(name).with_key_usage(&bits);
        let leaf = leaf.with_key(KeyChoice::Fresh(KeyKind::BrainpoolP256));
        let ida = red(
            name,
            address,
            "unsupported-key",
            vec![self.issue_with(leaf, address)?],
        );

        let klaus = without_certificate("Klaus Klient", "klaus@privat.example", "not-found");
        let ulla = without_certificate("Ulla Stille", UNREACHABLE, "lookup-failed");
        Ok(vec![
            carl,
            gert,
            self.conflict()?,
            sigrid,
            viggo,
            ida,
            klaus,
            ulla,
        ])
    }

    /// An address that the certificates of two organisations name.
    fn conflict(&self) -> Result<Person, DemoError> {
        let (name, address) = ("Fælles", "faelles@forening-eksempel.dk");
        let certificate = |key, (organisation, number)| {
            self.issue(key, Leaf::organisation(name, organisation, number), address)
        };
        let (first, second) = (certificate(12, MUNICIPALITY)?, certificate(13, STRANGER)?);
        let mut person = red(name, address, "organisation-conflict", Vec::new());
        person.entries = vec![
            entry(name, MUNICIPALITY.0, address, &[&first]),
            entry(name, STRANGER.0, address, &[&second]),
        ];
        person.others = vec![first, second];
        Ok(person)
    }

    /// Issues with the key of this number, for three years of which 30 days are gone.
    fn issue(&self, key: usize, leaf: Leaf, address: &str) -> Result<Issued, DemoError> {
        self.issue_with(leaf.with_key((self.key)(key)), address)
    }

    fn issue_with(&self, leaf: Leaf, address: &str) -> Result<Issued, DemoError> {
        let (begin, end) = (days(self.at, -30)?, days(self.at, 3 * 365 - 30)?);
        self.issuing
            .issue(&leaf.for_address(address).valid(begin, end))
    }

    fn issue_at(
        &self,
        key: usize,
        leaf: Leaf,
        address: &str,
        begin: Timestamp,
        end: Timestamp,
    ) -> Result<Issued, DemoError> {
        let leaf = leaf.with_key((self.key)(key)).for_address(address);
        self.issuing.issue(&leaf.valid(begin, end))
    }

    /// An organisation's certificate that names no address.
    fn issue_unaddressed(
        &self,
        key: usize,
        organisation: &str,
        number: &str,
    ) -> Result<Issued, DemoError> {
        let (begin, end) = (days(self.at, -30)?, days(self.at, 3 * 365 - 30)?);
        let leaf = Leaf::organisation(organisation, organisation, number);
        let leaf = leaf.with_key((self.key)(key)).valid(begin, end);
        self.issuing.issue(&leaf)
    }
}

fn person(name: &str, address: &str, readers: Vec<Issued>) -> Person {
    let wanted = Wanted {
        light: "green",
        route: "person",
        status: "usable",
        problem: None,
    };
    let certificates: Vec<_> = readers.iter().collect();
    Person {
        name: name.to_owned(),
        address: address.to_owned(),
        wanted,
        entries: vec![entry(name, LAWYERS.0, address, &certificates)],
        readers,
        others: Vec::new(),
    }
}

fn organisation(name: &str, address: &str, reader: Issued) -> Person {
    let mut organisation = person(name, address, Vec::new());
    organisation.wanted.route = "organisation";
    organisation.entries = vec![entry(name, name, address, &[&reader])];
    organisation.readers = vec![reader];
    organisation
}

fn red(name: &str, address: &str, problem: &'static str, others: Vec<Issued>) -> Person {
    let wanted = Wanted {
        light: "red",
        route: "tls",
        status: "unusable",
        problem: Some(problem),
    };
    let certificates: Vec<_> = others.iter().collect();
    Person {
        name: name.to_owned(),
        address: address.to_owned(),
        wanted,
        entries: vec![entry(name, LAWYERS.0, address, &certificates)],
        readers: Vec::new(),
        others,
    }
}

fn without_certificate(name: &str, address: &str, status: &'static str) -> Person {
    Person {
        name: name.to_owned(),
        address: address.to_owned(),
        wanted: Wanted {
            light: "red",
            route: "tls",
            status,
            problem: None,
        },
        entries: Vec::new(),
        readers: Vec::new(),
        others: Vec::new(),
    }
}

/// A directory entry as OCES directories have them.
fn entry(name: &str, organisation: &str, address: &str, certificates: &[&Issued]) -> Entry {
    let surname = name.rsplit_once(' ').map_or(name, |(_, surname)| surname);
    let mut entry = Entry::new(&format!("cn={name},o={organisation},c=DK"))
        .with("objectClass", "top")
        .with("objectClass", "person")
        .with("objectClass", "organizationalPerson")
        .with("objectClass", "inetOrgPerson")
        .with("cn", name)
        .with("sn", surname)
        .with("mail", address);
    for certificate in certificates {
        entry = entry.with("userCertificate;binary", &certificate.der);
    }
    entry
}

fn days(at: Timestamp, count: i64) -> Result<Timestamp, DemoError> {
    Ok(at.checked_add(SignedDuration::from_hours(24 * count))?)
}
