//! Revocation lists that are fetched, large ones too: only for certificates that lead to an anchor, never believed unread.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock},
};

use jiff::{SignedDuration, Timestamp};
use segl::demo::{
    Authority, AuthoritySpec, CrlSpec, Issued, KeyChoice, KeyKind, Leaf, Reason, Revoked, Scope,
    issuing_distribution_point,
};
use serde_json::json;

use super::{
    desk::{Ran, command, now, run},
    issuers::{Server, said},
    tools::tool,
};

const ANNE: &str = "anne@advokat-eksempel.dk";

/// A folder with a root, an issuer and a certificate that points at a server; only the root's list is at hand.
struct Desk {
    folder: tempfile::TempDir,
    issuing: Authority,
    leaf: Issued,
}

fn hours(hours: i64) -> Timestamp {
    now()
        .checked_add(SignedDuration::from_hours(hours))
        .unwrap()
}

fn desk(port: u16) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let root = Authority::root("Eksempel rod-CA").unwrap();
    let issuing = root.intermediate("Eksempel udstedende-CA").unwrap();
    let leaf = Leaf {
        crl_urls: vec![format!("http://127.0.0.1:{port}/issuing.crl")],
        ..Leaf::mail("Anne Østergaard", ANNE)
    };
    let leaf = issuing.issue(&leaf).unwrap();
    let write = |name: &str, der: &[u8]| fs::write(folder.path().join(name), der).unwrap();
    write("root.cer", &root.certificate().der);
    write(
        "other.cer",
        &Authority::root("Anden rod").unwrap().certificate().der,
    );
    write("issuing.cer", &issuing.certificate().der);
    write("anne.cer", &leaf.der);
    write("root.crl", &root.crl(&CrlSpec::empty(hours(-1))).unwrap());
    Desk {
        folder,
        issuing,
        leaf,
    }
}

fn check(folder: &Path, anchor: &str, network: &str) -> Ran {
    check_files(folder, "[\"anne.cer\"]", anchor, network)
}

fn check_files(folder: &Path, files: &str, anchor: &str, network: &str) -> Ran {
    let settings = format!(
        "[certificates]\nfiles = {files}\n\
         [trust]\nanchors = [\"{anchor}\"]\nintermediates = [\"issuing.cer\"]\ncrls = [\"root.crl\"]\n\
         [data]\ndir = \"data\"\n{network}\n"
    );
    let file = folder.join("segl.toml");
    fs::write(&file, settings).unwrap();
    let mut command = command(folder);
    command.arg("--config").arg(file);
    command.args(["check", "--json", ANNE]);
    run(command, b"")
}

/// The status, and the first problem.
fn told(ran: &Ran) -> (String, String) {
    let row = &ran.json()["recipients"][0];
    let problem = &row["certificates"][0]["problems"][0]["code"];
    (
        row["status"].as_str().unwrap().to_owned(),
        problem.as_str().unwrap_or_default().to_owned(),
    )
}

const OPEN: &str = "[tls]\nresolver = \"127.0.0.1:9\"\n[network]\nallow_private = true";

#[test]
fn a_list_is_fetched_where_a_verified_certificate_says_and_asked_for_once() {
    let body: Arc<OnceLock<Vec<u8>>> = Arc::default();
    let held = Arc::clone(&body);
    let server = Server::start(move || said(held.get().map_or(&[][..], Vec::as_slice)));
    let desk = desk(server.port);
    body.set(desk.issuing.crl(&CrlSpec::empty(hours(-1))).unwrap())
        .unwrap();
    let folder = desk.folder.path();
    // Nobody whom the settings do not trust has a say in what is fetched, and nothing inside the house is.
    assert_eq!(
        told(&check(folder, "other.cer", OPEN)).1,
        "untrusted-issuer"
    );
    assert_eq!(told(&check(folder, "root.cer", "")).1, "revocation-unknown");
    assert_eq!(server.asked(), 0);
    for _ in 0..2 {
        let ran = check(folder, "root.cer", OPEN);
        assert_eq!((told(&ran).0.as_str(), ran.code), ("usable", 0), "{ran:?}");
        assert_eq!(server.asked(), 1);
    }
}

#[test]
fn a_host_that_is_down_is_told_and_not_that_there_is_no_list() {
    let server = Server::start(Vec::new);
    let desk = desk(server.port);
    let ran = check(desk.folder.path(), "root.cer", OPEN);
    let problem = &ran.json()["recipients"][0]["certificates"][0]["problems"][0];
    let wanted = json!({ "host": "127.0.0.1", "why": "no-answer" });
    assert_eq!(problem["why"], wanted, "{ran:?}");
}

/// What a server says at this desk.
type Answer<'a> = Box<dyn Fn(&Desk) -> Vec<u8> + 'a>;

#[test]
fn what_is_served_instead_of_a_good_list_is_never_good() {
    let stranger = Authority::root("Eksempel udstedende-CA").unwrap();
    let whole = |d: &Desk| d.issuing.crl(&CrlSpec::empty(hours(-1))).unwrap();
    let chunked = |der: &[u8]| {
        let mut answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for chunk in der.chunks(100) {
            answer.extend(format!("{:x}\r\n", chunk.len()).bytes());
            answer.extend(chunk);
            answer.extend(b"\r\n");
        }
        [&answer[..], b"0\r\n\r\n"].concat()
    };
    let unknown = "revocation-unknown";
    let rows: Vec<(&str, Answer<'_>, &str)> = vec![
        ("in chunks", Box::new(|d| chunked(&whole(d))), ""),
        (
            "behind an interim answer",
            Box::new(|d| {
                let interim = b"HTTP/1.1 103 Early Hints\r\n\r\n";
                [&interim[..], &said(&whole(d))].concat()
            }),
            "",
        ),
        (
            "revoked",
            Box::new(|d| {
                let spec = CrlSpec::empty(hours(-1)).with_revoked(d.leaf.serial(), hours(-5));
                said(&d.issuing.crl(&spec).unwrap())
            }),
            "revoked",
        ),
        (
            "of another key",
            Box::new(|_| said(&stranger.crl(&CrlSpec::empty(hours(-1))).unwrap())),
            unknown,
        ),
        (
            "stale",
            Box::new(|d| {
                let spec = CrlSpec {
                    next_update: Some(hours(-30)),
                    ..CrlSpec::empty(hours(-60))
                };
                said(&d.issuing.crl(&spec).unwrap())
            }),
            unknown,
        ),
        (
            "from the future",
            Box::new(|d| said(&d.issuing.crl(&CrlSpec::empty(hours(2))).unwrap())),
            // Whoever signs says so: it is later than this computer's clock shows.
            "clock",
        ),
        ("cut", Box::new(|d| said(&whole(d)[..200])), unknown),
        (
            "longer",
            Box::new(|d| said(&[whole(d), vec![0]].concat())),
            unknown,
        ),
        (
            "changed",
            Box::new(|d| {
                let mut list = whole(d);
                let middle = list.len() / 3;
                list[middle] ^= 1;
                said(&list)
            }),
            unknown,
        ),
        (
            "an error",
            Box::new(|d| {
                [
                    b"HTTP/1.1 500 No\r\nContent-Length: 9999\r\n\r\n",
                    &whole(d)[..],
                ]
                .concat()
            }),
            unknown,
        ),
        (
            "a redirect",
            Box::new(|_| b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n".to_vec()),
            unknown,
        ),
        (
            "too large",
            Box::new(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_vec()),
            unknown,
        ),
        ("no HTTP", Box::new(|d| whole(d)), unknown),
        ("nothing", Box::new(|_| Vec::new()), unknown),
    ];
    for (what, answer, problem) in &rows {
        let body: Arc<OnceLock<Vec<u8>>> = Arc::default();
        let held = Arc::clone(&body);
        let server = Server::start(move || held.get().cloned().unwrap_or_default());
        let desk = desk(server.port);
        body.set(answer(&desk)).unwrap();
        let ran = check(desk.folder.path(), "root.cer", OPEN);
        assert_eq!(told(&ran).1, *problem, "{what}: {ran:?}");
        assert_eq!(ran.code, i32::from(!problem.is_empty()), "{what}");
        assert_eq!(server.asked(), 1, "{what}");
    }
}

/// A server that says what lies in the slot when it is asked.
fn changing() -> (Server, Arc<Mutex<Vec<u8>>>) {
    let slot: Arc<Mutex<Vec<u8>>> = Arc::default();
    let held = Arc::clone(&slot);
    let server = Server::start(move || said(&held.lock().unwrap()));
    (server, slot)
}

fn kept(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("data/lists")).unwrap();
    let files = entries.map(|e| e.unwrap().path());
    files
        .filter(|p| p.extension().is_some_and(|e| e == "crl"))
        .collect()
}

/// A list that would be the newest for a long time.
fn of_tomorrow() -> CrlSpec {
    CrlSpec::empty(hours(24 * 365 * 50))
}

#[test]
fn a_list_that_must_not_count_is_not_kept_and_in_nobodys_way() {
    let stranger = Authority::root("Fremmed").unwrap();
    let namesake = Authority::root("Eksempel udstedende-CA").unwrap();
    let (server, slot) = changing();
    let desk = desk(server.port);
    let folder = desk.folder.path();
    // What strangers deliver stands beside what is looked for.
    write_beside(folder, &[&stranger, &namesake]);
    let rows = [
        stranger.crl(&of_tomorrow()).unwrap(),
        namesake.crl(&of_tomorrow()).unwrap(),
        namesake.crl(&CrlSpec::empty(hours(0))).unwrap(),
        desk.issuing.crl(&of_tomorrow()).unwrap(),
        desk.issuing.crl(&CrlSpec::empty(hours(1))).unwrap(),
    ];
    for (row, list) in rows.into_iter().enumerate() {
        *slot.lock().unwrap() = list;
        let ran = check(folder, "root.cer", OPEN);
        assert_eq!(told(&ran).0, "unusable", "{row}: {ran:?}");
        assert_eq!(kept(folder), Vec::<PathBuf>::new(), "{row}");
    }
    *slot.lock().unwrap() = desk.issuing.crl(&CrlSpec::empty(hours(-1))).unwrap();
    let ran = check(folder, "root.cer", OPEN);
    assert_eq!((told(&ran).0.as_str(), ran.code), ("usable", 0), "{ran:?}");
    assert_eq!(kept(folder).len(), 1);
}

/// Puts the certificates of strangers under the address.
fn write_beside(folder: &Path, strangers: &[&Authority]) {
    let bundle: String = strangers.iter().map(|s| s.pem()).collect();
    let anne = fs::read(folder.join("anne.cer")).unwrap();
    let anne = openssl::x509::X509::from_der(&anne).unwrap();
    let anne = String::from_utf8(anne.to_pem().unwrap()).unwrap();
    fs::write(folder.join("anne.cer"), anne + &bundle).unwrap();
}

#[test]
fn a_list_that_was_kept_and_must_not_count_is_replaced() {
    let stranger = Authority::root("Fremmed").unwrap();
    let (server, slot) = changing();
    let desk = desk(server.port);
    let folder = desk.folder.path();
    let good = desk.issuing.crl(&CrlSpec::empty(hours(-1))).unwrap();
    slot.lock().unwrap().clone_from(&good);
    let usable = |what: &str| {
        let ran = check(folder, "root.cer", OPEN);
        assert_eq!(
            (told(&ran).0.as_str(), ran.code),
            ("usable", 0),
            "{what}: {ran:?}"
        );
        let files = kept(folder);
        assert_eq!(
            (files.len(), fs::read(&files[0]).unwrap()),
            (1, good.clone()),
            "{what}"
        );
        files[0].clone()
    };
    let file = usable("fetched");
    for (what, before) in [
        ("of a stranger", stranger.crl(&of_tomorrow()).unwrap()),
        ("of the future", desk.issuing.crl(&of_tomorrow()).unwrap()),
        ("no list", b"no list".to_vec()),
    ] {
        fs::write(&file, before).unwrap();
        usable(what);
    }
}

#[test]
fn another_list_of_somebody_who_counts_does_not_take_the_place_of_one_that_revokes() {
    let (server, slot) = changing();
    let mut desk = desk(server.port);
    let root = Authority::root("Eksempel rod-CA").unwrap();
    desk.issuing = root.intermediate("Eksempel udstedende-CA").unwrap();
    let leaf = Leaf {
        crl_urls: vec![format!("http://127.0.0.1:{}/issuing.crl", server.port)],
        ..Leaf::mail("Anne Østergaard", ANNE)
    };
    desk.leaf = desk.issuing.issue(&leaf).unwrap();
    let folder = desk.folder.path();
    let write = |name: &str, der: &[u8]| fs::write(folder.join(name), der).unwrap();
    write("root.cer", &root.certificate().der);
    write("issuing.cer", &desk.issuing.certificate().der);
    write("anne.cer", &desk.leaf.der);
    write("root.crl", &root.crl(&CrlSpec::empty(hours(-1))).unwrap());
    let revoking = CrlSpec {
        next_update: Some(hours(-24)),
        ..CrlSpec::empty(hours(-72)).with_revoked(desk.leaf.serial(), hours(-80))
    };
    let when_available = format!("{OPEN}\n[policy]\nrevocation = \"when-available\"");
    *slot.lock().unwrap() = desk.issuing.crl(&revoking).unwrap();
    assert_eq!(
        told(&check(folder, "root.cer", &when_available)).1,
        "revoked"
    );
    // Asked again, because a clock was set or the program began anew: the root's own list, an older one of the issuer, and
    // one that speaks of authorities only.
    let of_authorities = CrlSpec {
        extensions: vec![issuing_distribution_point(None, Scope::Authorities).unwrap()],
        ..CrlSpec::empty(hours(-1))
    };
    for list in [
        root.crl(&CrlSpec::empty(hours(-1))).unwrap(),
        desk.issuing.crl(&CrlSpec::empty(hours(-100))).unwrap(),
        desk.issuing.crl(&of_authorities).unwrap(),
    ] {
        *slot.lock().unwrap() = list;
        // Another certificate of the issuer asks for the list, which is over.
        let bo = Leaf {
            crl_urls: leaf.crl_urls.clone(),
            ..Leaf::mail("Anne Bo", ANNE)
        };
        write("bo.cer", &desk.issuing.issue(&bo).unwrap().der);
        let before = server.asked();
        let files = "[\"anne.cer\", \"bo.cer\"]";
        let ran = check_files(folder, files, "root.cer", &when_available);
        assert!(server.asked() > before, "{ran:?}");
        let certificates = ran.json()["recipients"][0]["certificates"].clone();
        let revoked = certificates.as_array().unwrap().iter();
        let revoked = revoked.filter(|c| c["problems"][0]["code"] == "revoked");
        assert_eq!(revoked.count(), 1, "{ran:?}");
    }
}

#[test]
fn an_end_that_is_near_is_told_once() {
    let server = Server::start(Vec::new);
    let desk = desk(server.port);
    let folder = desk.folder.path();
    let soon = Leaf {
        not_after: hours(24 * 10),
        ..Leaf::mail("Anne Østergaard", ANNE)
    };
    let soon = desk.issuing.issue(&soon).unwrap();
    fs::write(folder.join("anne.cer"), &soon.der).unwrap();
    let list = desk.issuing.crl(&CrlSpec::empty(hours(-1))).unwrap();
    fs::write(folder.join("root.crl"), &list).unwrap();
    let check = || check(folder, "issuing.cer", "key_file = \"store.key\"").stderr;
    let first = check();
    assert!(first.contains("ends") && first.contains("Anne"), "{first}");
    let second = check();
    assert!(!second.contains("ends"), "{second}");
}

#[test]
fn a_list_of_fifty_megabytes_is_walked_in_less_than_sixty_four() {
    let Some(mut python) = tool("python3") else {
        return;
    };
    let spec = AuthoritySpec {
        key: KeyChoice::Fresh(KeyKind::P256),
        ..AuthoritySpec::new("Stor CA")
    };
    let authority = Authority::root_from(&spec).unwrap();
    let leaf = authority
        .issue(&Leaf::mail("Anne Østergaard", ANNE))
        .unwrap();
    let at = hours(-5);
    let entry = |number: u64| Revoked {
        serial: [&[0x40; 8][..], &number.to_be_bytes()].concat(),
        at,
        reason: Some(Reason::Superseded),
    };
    let mut list = CrlSpec::empty(hours(-1));
    list.revoked = (0..1_050_000).map(entry).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let write = |name: &str, octets: &[u8]| fs::write(file(name), octets).unwrap();
    write("root.cer", &authority.certificate().der);
    write("anne.cer", &leaf.der);
    let der = authority.crl(&list).unwrap();
    assert!(der.len() > 50_000_000, "{}", der.len());
    write("large.crl", &der);
    let script = "import resource,subprocess,sys\n\
        code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode\n\
        print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    python.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_segl"));
    python.args([
        "cert",
        "check",
        "--purpose",
        "path",
        "--revocation",
        "require",
        "--anchor",
    ]);
    python
        .arg(file("root.cer"))
        .arg("--crl")
        .arg(file("large.crl"))
        .arg(file("anne.cer"));
    let output = python.env("HOME", folder.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (code, kilobytes) = text.trim().split_once(' ').unwrap();
    println!("a list of {} octets: {kilobytes} kB", der.len());
    assert_eq!(code, "0");
    assert!(kilobytes.parse::<u64>().unwrap() < 64_000, "{kilobytes} kB");
}
