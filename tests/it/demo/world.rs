//! The demo's world: every person is in the state that is wanted of them, and the profile can be read.

use std::collections::BTreeSet;

use segl::demo::{Bound, Demo, DirectoryOptions, DirectoryServer, Person, World};

use super::client::Got;
use super::directory::ask;
use super::smtp::Client;
use super::{Folder, NOW, Verdict, ldap, openssl, text};

fn world() -> World {
    World::with_shared_keys(NOW).expect("a world")
}

/// `openssl verify` of a certificate with both revocation lists, for sealing mail.
fn verify(world: &World, der: &[u8], more: &[&str]) -> Option<Verdict> {
    let folder = Folder::new();
    let root = folder.file("root.pem", world.root_pem());
    let issuing = folder.file("issuing.pem", world.intermediate_pem());
    let lists: Vec<_> = [("a.crl", &world.crl), ("b.crl", &world.root_crl)]
        .map(|(name, der)| folder.file(name, der))
        .into();
    let leaf = folder.file("leaf.der", der);
    let at = NOW.as_second().to_string();
    let mut arguments = vec!["verify", "-attime", &at, "-CAfile", text(&root)];
    arguments.extend(["-untrusted", text(&issuing), "-crl_check_all"]);
    for list in &lists {
        arguments.extend(["-CRLfile", text(list)]);
    }
    arguments.extend(more);
    arguments.push(text(&leaf));
    openssl(&arguments)
}

#[test]
fn there_is_somebody_in_every_state() {
    let world = world();
    let states: BTreeSet<_> = world
        .people
        .iter()
        .map(|person| {
            (
                person.wanted.light,
                person.wanted.route,
                person.wanted.status,
                person.wanted.problem,
            )
        })
        .collect();
    for state in [
        ("green", "person", "usable", None),
        ("green", "organisation", "usable", None),
        ("red", "tls", "not-found", None),
        ("red", "tls", "lookup-failed", None),
    ] {
        assert!(states.contains(&state), "{state:?}");
    }
    for problem in [
        "expired",
        "revoked",
        "address-mismatch",
        "organisation-conflict",
        "key-usage",
        "weak-key",
        "unsupported-key",
    ] {
        assert!(
            states.contains(&("red", "tls", "unusable", Some(problem))),
            "{problem}"
        );
    }
    let addresses: BTreeSet<_> = world.people.iter().map(|person| &person.address).collect();
    assert_eq!(addresses.len(), world.people.len());
    for person in &world.people {
        let green = person.wanted.light == "green";
        assert_eq!(!person.readers.is_empty(), green, "{}", person.address);
        let domain = person.address.rsplit_once('@').expect("an address").1;
        assert!(
            domain.ends_with("-eksempel.dk") || domain.ends_with(".example"),
            "{domain}"
        );
    }
    let bo = world.person("bo@advokat-eksempel.dk").expect("Bo");
    assert_eq!(bo.readers.len(), 2);
}

#[test]
fn openssl_agrees_with_what_is_wanted_of_each() {
    let world = world();
    for person in &world.people {
        for certificate in person.certificates() {
            let is_reader = person
                .readers
                .iter()
                .any(|reader| reader.der == certificate.der);
            let purpose = ["-purpose", "smimeencrypt"];
            let Some(verdict) = verify(&world, &certificate.der, &purpose) else {
                return;
            };
            let (content, words) = (verdict.content, verdict.words);
            match person.wanted.problem {
                None | Some("address-mismatch" | "organisation-conflict") => {
                    assert!(content, "{}: {words}", person.address);
                }
                Some("expired") => assert!(words.contains("error 10"), "{words}"),
                Some("revoked") => assert!(words.contains("error 23"), "{words}"),
                // At its default level `verify` takes 1024 bits, which is why Segl must not leave this to it.
                Some("weak-key") => assert!(words.contains("OK") && !is_reader, "{words}"),
                // OpenSSL's purpose asks for key encipherment.
                Some("key-usage" | "unsupported-key") => {
                    assert!(words.contains("unsuitable certificate purpose"), "{words}");
                }
                Some(other) => panic!("{other} is judged by nobody"),
            }
        }
    }
}

/// What `openssl x509` says of a certificate.
fn words(der: &[u8], arguments: &[&str]) -> Option<String> {
    let folder = Folder::new();
    let file = folder.file("leaf.der", der);
    let arguments = [
        &["x509", "-inform", "DER", "-noout", "-in", text(&file)],
        arguments,
    ]
    .concat();
    Some(openssl(&arguments)?.words)
}

#[test]
fn certificates_name_the_addresses_and_organisations_that_they_should() {
    let world = world();
    let emails = |person: &Person| -> Option<Vec<String>> {
        person
            .certificates()
            .map(|certificate| Some(words(&certificate.der, &["-email"])?.trim().to_owned()))
            .collect()
    };
    for person in &world.people {
        let Some(emails) = emails(person) else {
            return;
        };
        let wanted = match (person.wanted.route, person.wanted.problem) {
            ("organisation", _) => "",
            (_, Some("address-mismatch")) => "andet@advokat-eksempel.dk",
            _ => person.address.as_str(),
        };
        assert!(emails.iter().all(|email| email == wanted), "{emails:?}");
    }
    for binding in &world.bindings {
        let person = world.people.iter().find(|person| match &binding.subject {
            Bound::Address(address) => person.address == *address,
            Bound::Domain(domain) => person.address.ends_with(&format!("@{domain}")),
        });
        let person = person.expect("somebody is bound");
        let names = |der: &[u8]| words(der, &["-subject"]).expect("openssl is there");
        let organisation = &binding.organisation;
        assert!(
            person
                .readers
                .iter()
                .all(|reader| names(&reader.der).contains(organisation))
        );
        assert!(
            person
                .others
                .iter()
                .all(|other| !names(&other.der).contains(organisation))
        );
    }
    let weak = world.person("viggo@advokat-eksempel.dk").expect("Viggo");
    assert_eq!(weak.others[0].key.bits(), 1024);
    let court = world.person("post@ret-eksempel.dk").expect("the court");
    assert_eq!(
        (court.readers.len(), court.others.len(), court.entries.len()),
        (1, 1, 2)
    );
}

#[test]
fn the_demo_runs_and_its_profile_holds_what_segl_needs() {
    let demo = Demo::of(world()).expect("a demo");
    let settings = std::fs::read_to_string(demo.config_path()).expect("settings");
    let settings: toml::Table = settings.parse().expect("TOML");
    let text_at = |path: &[&str]| {
        let mut value = &settings[path[0]];
        for key in &path[1..] {
            value = match value {
                toml::Value::Array(list) => &list[key.parse::<usize>().expect("a number")],
                other => &other[*key],
            };
        }
        value.as_str().expect("text").to_owned()
    };
    assert_eq!(
        text_at(&["sender", "0", "address"]),
        demo.world().sender_address
    );
    assert_eq!(
        settings["submission"]["port"].as_integer(),
        Some(demo.mail().port().into())
    );
    assert_eq!(text_at(&["directory", "0", "url"]), demo.directory().url());
    assert_eq!(
        text_at(&["directory", "1", "url"]),
        demo.second_directory().url()
    );
    assert_eq!(
        text_at(&["binding", "0", "domain"]),
        "eksempelby-eksempel.dk"
    );
    assert_eq!(
        text_at(&["binding", "1", "address"]),
        "post@ret-eksempel.dk"
    );
    for path in [
        &["submission", "ca_file"][..],
        &["directory", "0", "ca_file"],
        &["trust", "anchors", "0"],
        &["trust", "intermediates", "0"],
        &["data", "dir"],
        &["data", "key_file"],
    ] {
        let relative = text_at(path);
        assert!(demo.folder().join(&relative).exists(), "{relative}");
    }
    let lists = std::fs::read_dir(demo.folder().join("crls")).expect("a folder");
    assert_eq!(lists.count(), 2);
    let key = std::fs::read_to_string(demo.folder().join("store.key")).expect("a key");
    assert!(key.len() == 64 && key.bytes().all(|octet| octet.is_ascii_hexdigit()));

    let mut client = Client::ready(demo.mail(), &demo.world().servers);
    assert_eq!(client.deliver(b"hello\r\n"), 250);
    assert_eq!(demo.mail().kept().len(), 1);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_profile_and_it_goes_with_the_demo() {
    use std::os::unix::fs::PermissionsExt;
    let demo = Demo::of(world()).expect("a demo");
    let folder = demo.folder().to_owned();
    let mode = |path: &std::path::Path| {
        let metadata = std::fs::metadata(path).expect("it is there");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("store.key")), 0o600);
    drop(demo);
    assert!(!folder.exists());
}

#[test]
fn the_second_directory_is_down_for_one_address_and_knows_nobody_else() {
    use std::io::Write;
    let demo = Demo::of(world()).expect("a demo");
    let server = demo.second_directory();
    let stream = super::client::connect(server.address()).expect("a connection");
    let mut wire = super::client::tls(stream, &demo.world().servers).expect("TLS");
    wire.write_all(&ldap::search(1, demo.world().unreachable_address()))
        .expect("sent");
    assert_eq!(super::client::until_silence(&mut wire), Got::Silence);
    wire.write_all(&ldap::search(2, "klaus@privat.example"))
        .expect("sent");
    let answers = ldap::messages(&super::client::read(&mut wire, ldap::is_done).octets());
    assert_eq!((answers.len(), answers[0].id, answers[0].code()), (1, 2, 0));
}

#[test]
fn the_directory_holds_everybody_under_their_address() {
    let world = world();
    let plain = DirectoryServer::start(world.entries(), DirectoryOptions::default());
    let plain = plain.expect("a directory");
    for person in &world.people {
        let answers = ask(&plain, &ldap::search(1, &person.address));
        let values: BTreeSet<_> = answers
            .iter()
            .filter(|message| message.operation == ldap::FOUND)
            .flat_map(ldap::Message::attributes)
            .filter(|(name, _)| name == "userCertificate;binary")
            .flat_map(|(_, values)| values)
            .collect();
        let wanted = person
            .certificates()
            .map(|certificate| certificate.der.clone())
            .collect();
        assert_eq!(values, wanted, "{}", person.address);
    }
}
