//! Side by side with Postfix's `posttls-finger`, at the same mail servers through a validating resolver (unbound): in a
//! network of one's own, where ports 25 and 53 can be had. Where the two differ the table says why, and a row that no
//! longer differs as written fails.

use std::{
    fs,
    process::{Child, Command, Stdio},
};

use segl::tls::Dane;

use super::*;
use crate::tools::{posttls_finger, tool};

/// Set where the test runs inside.
const INSIDE: &str = "SEGL_TEST_INSIDE";

/// What posttls-finger says of a connection (`-l dane`, where without TLSA the issuer and name count).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Finger {
    /// The certificate is proved: by DANE, or by issuer and name.
    Verified,
    /// TLS stood, and proves nothing.
    Untrusted,
    /// No TLS.
    Nothing,
}

struct Row {
    name: &'static str,
    tlsa: Option<String>,
    manner: Manner,
    /// What we say: DANE, and the level.
    ours: (Dane, Level),
    theirs: Finger,
    /// Why the two are not the same, where they are not.
    why: &'static str,
}

fn rows(root: &Made) -> Vec<Row> {
    let row = |name, tlsa, manner, ours, theirs, why| Row {
        name,
        tlsa,
        manner,
        ours,
        theirs,
        why,
    };
    let served = |names: &[&str]| Made::server(names, root);
    let alone = |made: &Made| Manner::Tls(vec![made.clone()]);
    let own = Made::self_signed(&["anything.example"]);
    let other = Made::self_signed(&["anything.example"]);
    let house = Made::root("house");
    let below = Made::server(&["m3.judge.example"], &house);
    let astray = Made::server(&["elsewhere.example"], &house);
    let old = served(&["m11.judge.example"]);
    let chain = |leaf: &Made| Manner::Tls(vec![leaf.clone(), house.clone()]);
    let above = Some(house.tlsa_above());
    let none = Dane::Nothing;
    vec![
        row(
            "DANE-EE matches",
            Some(own.tlsa()),
            alone(&own),
            (Dane::Matched, Level::Published),
            Finger::Verified,
            "",
        ),
        row(
            "DANE-EE of another key",
            Some(other.tlsa()),
            alone(&own),
            (Dane::Mismatched, Level::Offered),
            Finger::Untrusted,
            "",
        ),
        row(
            "DANE-TA matches",
            above.clone(),
            chain(&below),
            (Dane::Matched, Level::Published),
            Finger::Verified,
            "",
        ),
        row(
            "DANE-TA, another name",
            above,
            chain(&astray),
            (Dane::Mismatched, Level::Offered),
            Finger::Untrusted,
            "",
        ),
        row(
            "TLSA of the web only",
            Some(own.tlsa().replacen('3', "1", 1)),
            alone(&own),
            (Dane::Unusable, Level::Offered),
            Finger::Untrusted,
            "",
        ),
        row(
            "no TLSA, a good certificate",
            None,
            alone(&served(&["m6.judge.example"])),
            (none, Level::Verified),
            Finger::Verified,
            "",
        ),
        row(
            "no TLSA, another name",
            None,
            alone(&served(&["elsewhere.example"])),
            (none, Level::Offered),
            Finger::Untrusted,
            "",
        ),
        row(
            "no TLSA, expired",
            None,
            alone(&Made::expired(&["m8.judge.example"], root)),
            (none, Level::Offered),
            Finger::Untrusted,
            "",
        ),
        row(
            "no TLSA, self-signed",
            None,
            alone(&Made::self_signed(&["m9.judge.example"])),
            (none, Level::Offered),
            Finger::Untrusted,
            "",
        ),
        row(
            "no TLSA, RSA 1024",
            None,
            alone(&Made::weak(&["m10.judge.example"], root)),
            (none, Level::Offered),
            Finger::Verified,
            "it takes a key of 1024 bits; we call that no proof",
        ),
        row(
            "TLS 1.0 only",
            Some(old.tlsa()),
            Manner::OldTls(vec![old]),
            (Dane::Matched, Level::None),
            Finger::Nothing,
            "",
        ),
        row(
            "no STARTTLS",
            None,
            Manner::Plain,
            (none, Level::None),
            Finger::Nothing,
            "",
        ),
        row(
            "no STARTTLS, with TLSA",
            Some(own.tlsa()),
            Manner::Plain,
            (Dane::Published, Level::None),
            Finger::Nothing,
            "",
        ),
        row(
            "TLSA that does not hold against its signature",
            Some(format!("3 1 1 dd{}", "0".repeat(62))),
            alone(&served(&["m14.judge.example"])),
            (
                Dane::Unchecked {
                    why: segl::tls::Why::Failed,
                },
                Level::Unknown,
            ),
            Finger::Nothing,
            "",
        ),
    ]
}

#[test]
fn posttls_finger_sees_the_same_at_the_same_mail_servers() {
    if posttls_finger().is_none() || tool("unbound").is_none() || tool("nsd").is_none() {
        return;
    }
    let mut probe = Command::new("unshare");
    let can = probe
        .args(["-n", "-m", "ip", "link", "set", "lo", "up"])
        .output();
    if !can.is_ok_and(|o| o.status.success()) {
        eprintln!(
            "SKIPPED a test: no network of one's own can be had here (unshare -n -m, as root)"
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let resolv = folder.path().join("resolv.conf");
    fs::write(&resolv, "nameserver 127.0.0.1\noptions edns0 trust-ad\n").unwrap();
    let script =
        "ip link set lo up && mount --bind \"$1\" /etc/resolv.conf && shift && exec \"$@\"";
    let inside = "transport::judge::inside_a_network_of_its_own";
    let output = Command::new("unshare")
        .args(["-n", "-m", "sh", "-c", script, "sh"])
        .arg(&resolv)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", inside, "--ignored", "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
    for line in said.lines().filter(|l| l.starts_with("| ")) {
        eprintln!("{line}");
    }
}

#[tokio::test]
#[ignore = "run by the test above, in a network of its own"]
async fn inside_a_network_of_its_own() {
    assert!(
        std::env::var_os(INSIDE).is_some(),
        "it needs ports 25 and 53, and changes what DNS is asked"
    );
    let root = Made::root("root");
    let rows = rows(&root);
    let mut records = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        let host = format!("m{}.judge.example", n + 1);
        records.push(format!("d{}.judge.example. IN MX 10 {host}.", n + 1));
        records.push(format!("{host}. IN A 127.0.0.{}", n + 2));
        records.extend(
            row.tlsa
                .iter()
                .map(|t| format!("_25._tcp.{host}. IN TLSA {t}")),
        );
    }
    let tamper = |signed: &str| signed.replace("DD0000000000", "DD1111111111");
    let zone = Zone::start_with(&records.join("\n"), tamper).unwrap();
    let _unbound = Unbound::start(&zone);
    let mut places = Places::at(25, u8::try_from(rows.len()).unwrap());
    let manners = rows.iter().enumerate();
    let _servers: Vec<Server> = manners
        .map(|(n, row)| places.serve(n, row.manner.clone()))
        .collect();
    let (folder, file) = roots(&[&root]);
    let ours = Settings {
        ca_file: Some(file.clone()),
        resolver: Some("127.0.0.1:53".parse().unwrap()),
        ..settings(&zone, 25)
    };
    let mut wrong = Vec::new();
    println!("| mail server | Segl | posttls-finger | why they differ |");
    for (n, row) in rows.iter().enumerate() {
        let found = examine(ours.clone(), &format!("d{}.judge.example", n + 1)).await;
        let (dane, level) = (found.mx[0].dane, found.level());
        let (theirs, said) = finger(&format!("m{}.judge.example", n + 1), &file, folder.path());
        println!(
            "| {} | {}, {} | {theirs:?} | {} |",
            row.name,
            dane.code(),
            level.code(),
            row.why
        );
        if (dane, level) != row.ours || theirs != row.theirs {
            wrong.push(format!(
                "{}: {dane:?} {level:?} {theirs:?}\n{said}",
                row.name
            ));
        }
        let agree = agrees(level, theirs);
        if agree != row.why.is_empty() {
            wrong.push(format!(
                "{}: do they agree? {agree}, {:?}",
                row.name, found.mx[0].probe
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether both say the same of a server.
fn agrees(level: Level, theirs: Finger) -> bool {
    match level {
        Level::Guaranteed | Level::Published | Level::Verified => theirs == Finger::Verified,
        Level::Offered => theirs == Finger::Untrusted,
        Level::Unknown | Level::None => theirs == Finger::Nothing,
    }
}

/// What posttls-finger sees at a server, and all that it said.
fn finger(host: &str, roots: &std::path::Path, folder: &std::path::Path) -> (Finger, String) {
    // Its package, which makes users of its own, is unpacked and not installed: those that every system has.
    fs::write(
        folder.join("main.cf"),
        "compatibility_level = 3.6\nmyhostname = tester.example\n\
         mail_owner = mail\nsetgid_group = daemon\ndefault_privs = nobody\n",
    )
    .unwrap();
    let mut finger = posttls_finger().unwrap();
    let output = finger
        .args([
            "-c", "-l", "dane", "-L", "summary", "-t", "5", "-T", "5", "-F",
        ])
        .arg(roots)
        .arg(format!("[{host}]"))
        .env("MAIL_CONFIG", folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    let has = |word: &str| said.contains(&format!(": {word} TLS connection established"));
    let seen = match (has("Verified"), has("Untrusted") || has("Trusted")) {
        (true, _) => Finger::Verified,
        (_, true) => Finger::Untrusted,
        _ => Finger::Nothing,
    };
    (seen, said)
}

/// A validating resolver on 127.0.0.1:53. Dropping it ends it.
struct Unbound {
    process: Child,
    _folder: TempDir,
}

impl Unbound {
    fn start(zone: &Zone) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let conf = format!(
            "server:\n  interface: 127.0.0.1\n  port: 53\n  do-daemonize: no\n  username: \"\"\n  chroot: \"\"\n\
             \x20 directory: \"{dir}\"\n  pidfile: \"\"\n  use-syslog: no\n  verbosity: 0\n  do-not-query-localhost: no\n\
             \x20 trust-anchor-file: \"{anchor}\"\n  module-config: \"validator iterator\"\n\
             remote-control:\n  control-enable: no\n\
             stub-zone:\n  name: \".\"\n  stub-addr: {address}\n",
            dir = folder.path().display(),
            anchor = zone.anchor().display(),
            address = zone.address().to_string().replace(':', "@"),
        );
        let file = folder.path().join("unbound.conf");
        fs::write(&file, conf).unwrap();
        let process = tool("unbound")
            .unwrap()
            .args(["-d", "-c"])
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        assert!(
            zone::wait_for("127.0.0.1:53".parse().unwrap()),
            "unbound answers"
        );
        Self {
            process,
            _folder: folder,
        }
    }
}

impl Drop for Unbound {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _ended = self.process.wait();
    }
}
