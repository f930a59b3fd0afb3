//! What the settings show of this computer: whom it contacts, what it has recorded, what is wrong. Computed, not written.

use segl::{
    demo::directory::Fault,
    segl::{Contact, Protection, Purpose, Segl},
};

use super::desk::Desk;

fn open(desk: &Desk) -> Segl {
    Segl::open(desk.demo.config().unwrap(), "anne".to_owned()).unwrap()
}

fn hosts(contacts: &[Contact]) -> Vec<(String, u16)> {
    contacts.iter().map(|c| (c.host.clone(), c.port)).collect()
}

#[test]
fn a_directory_more_in_the_settings_is_a_host_more_on_the_network_page() {
    let desk = Desk::new();
    let before = Contact::all(&desk.demo.config().unwrap());
    let count = before.len();
    assert_eq!(count, 4, "the mail server, two directories, the resolver");
    desk.edit(
        "[[directory]]",
        "[[directory]]\nname = \"Tredje\"\nurl = \"ldap://tredje.example:1389\"\n\
         allow_plaintext = true\n\n[[directory]]",
    );
    let after = Contact::all(&desk.demo.config().unwrap());
    let mut wanted = hosts(&before);
    wanted.insert(1, ("tredje.example".to_owned(), 1389));
    assert_eq!(hosts(&after), wanted);
    assert_eq!(after[1].protection, Protection::None);
    assert_eq!(after[0].protection, Protection::Tls);
    let name = "Tredje".to_owned();
    assert_eq!(after[1].purpose, Purpose::Directory { name });
    assert!(after[2].has_own_roots && !after[1].has_own_roots);
}

#[test]
fn the_services_account_and_the_time_stamps_are_hosts_on_the_network_page() {
    let desk = Desk::new();
    let before = Contact::all(&desk.demo.config().unwrap());
    desk.edit(
        "[submission]",
        "[record]\ntsa = \"http://tid.example/tsa\"\n\n[submission]\nprofile = \"sendgrid\"",
    );
    let after = Contact::all(&desk.demo.config().unwrap());
    let new: Vec<_> = after.iter().filter(|c| !before.contains(c)).collect();
    let told: Vec<_> = new
        .iter()
        .map(|c| (c.host.as_str(), c.port, &c.purpose, c.protection))
        .collect();
    assert_eq!(
        told,
        [
            ("api.sendgrid.com", 443, &Purpose::Account, Protection::Tls),
            ("tid.example", 80, &Purpose::TimeStamps, Protection::None),
        ]
    );
}

#[test]
fn every_host_that_a_whole_job_reached_is_on_the_network_page_with_its_time() {
    let desk = Desk::new();
    assert!(open(&desk).contacts().iter().all(|c| c.last.is_none()));
    assert_eq!(desk.send(&["--to", "karen@advokat-eksempel.dk"]).code, 0);
    let contacts = open(&desk).contacts();
    // Nobody in this mail is red, so that no domain is asked about.
    let (resolver, contacts): (Vec<_>, Vec<_>) = contacts
        .into_iter()
        .partition(|c| c.purpose == Purpose::Resolver);
    assert_eq!(resolver.len(), 1);
    assert!(contacts.iter().all(|c| c.last.is_some()), "{contacts:?}");
    let ports: Vec<u16> = contacts.iter().map(|c| c.port).collect();
    let reached = [
        desk.demo.mail().port(),
        desk.demo.directory().address().port(),
        desk.demo.second_directory().address().port(),
    ];
    assert_eq!(ports, reached);
}

#[test]
fn what_is_recorded_is_counted_from_the_record() {
    let desk = Desk::new();
    let empty = open(&desk).inventory();
    assert_eq!(empty.store.unwrap().sent, 0);
    let to = [
        "--to",
        "karen@advokat-eksempel.dk",
        "--to",
        "klaus@privat.example",
    ];
    let accepted = ["--accept-fallback", "assessed"];
    assert_eq!(desk.send(&[&to[..], &accepted[..]].concat()).code, 0);
    assert_eq!(desk.send(&to[..2]).code, 0);
    let held = open(&desk).inventory();
    let record = held.record.unwrap();
    let rows = |kind: &str| record.kinds.iter().find(|k| k.kind == kind).unwrap().rows;
    assert_eq!(
        (rows("intent"), record.addresses, record.consents),
        (2, 2, 1)
    );
    let listed = desk.segl(&["log", "list", "--json"]);
    let all = listed.json().as_array().unwrap().len() as u64;
    assert_eq!((record.rows(), record.destroyed()), (all, 0));
    assert!(held.store.unwrap().sent >= 2);
    #[cfg(unix)]
    assert_eq!(held.is_private, Some(private(&held.folder)));
}

#[cfg(unix)]
fn private(folder: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(folder)
        .unwrap()
        .permissions()
        .mode()
        .trailing_zeros()
        >= 6
}

#[test]
fn doctor_says_what_is_wrong_with_a_next_step_and_names_nobody() {
    let desk = Desk::new();
    let well = desk.segl(&["doctor", "--json"]);
    let levels = |ran: &super::desk::Ran, about: &str| {
        let findings = ran.json()["findings"].as_array().unwrap().clone();
        let of = findings.into_iter().filter(|f| f["about"] == about);
        of.map(|f| (f["level"].clone(), f["next"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(well.code, 0, "{well:?}");
    assert!(levels(&well, "directory").iter().all(|(l, _)| l == "ok"));
    assert_eq!(levels(&well, "submission")[0].0, "ok");
    desk.demo
        .directory()
        .set_fault(Fault::RefuseConnections)
        .unwrap();
    let ill = desk.segl(&["doctor", "--json"]);
    assert_eq!(ill.code, 1);
    let problems = levels(&ill, "directory");
    let (level, next) = &problems[0];
    assert!(level == "problem" && !next.as_str().unwrap().is_empty());
    assert!(!ill.stdout.contains(&desk.demo.world().sender_address));
}
