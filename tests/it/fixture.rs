//! A directory in the real OCES shapes on a real slapd, with the table of what to say of each address. The fixture is
//! not part of this repository: SEGL_FIXTURES names the folder that holds it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    desk::{command, run},
    tools::tool,
};

/// A slapd that ends with the test.
struct Slapd(Child);

impl Drop for Slapd {
    fn drop(&mut self) {
        // Only this test's own child; it may be gone already.
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}

/// A port that was free a moment ago: slapd cannot be told to choose one.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn made(fixtures: &Path, folder: &Path) {
    let source = fixtures.join("oces");
    for name in ["make_fixture.py", "slapd.conf.in"] {
        fs::copy(source.join(name), folder.join(name)).unwrap();
    }
    let made = Command::new("python3")
        .arg("make_fixture.py")
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let settings = fs::read_to_string(folder.join("slapd.conf.in")).unwrap();
    fs::write(
        folder.join("slapd.conf"),
        settings.replace("@DIR@", folder.to_str().unwrap()),
    )
    .unwrap();
    fs::create_dir(folder.join("db")).unwrap();
}

fn served(folder: &Path, port: u16) -> Slapd {
    let conf = folder.join("slapd.conf");
    let mut slapadd = tool("slapadd").unwrap();
    let added = slapadd
        .arg("-f")
        .arg(&conf)
        .args(["-l", "out/directory.ldif"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        added.status.success(),
        "{}",
        String::from_utf8_lossy(&added.stderr)
    );
    let mut slapd = tool("slapd").unwrap();
    let child = slapd
        .arg("-f")
        .arg(&conf)
        .args(["-h", &format!("ldap://127.0.0.1:{port}"), "-d", "0"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let slapd = Slapd(child);
    let deadline = Instant::now() + Duration::from_secs(30);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "slapd does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
    slapd
}

fn settings(port: u16, bindings: &str) -> String {
    format!(
        r#"
[[sender]]
address = "anne@advokat-eksempel.dk"
[[directory]]
name = "OCES"
url = "ldap://127.0.0.1:{port}"
base = "c=DK"
allow_plaintext = true
[trust]
anchors = ["out/o2root.pem", "out/o3root.pem"]
intermediates = ["out/o2ca.pem", "out/o3ca.pem"]
crls = ["out/*.crl"]
[tls]
resolver = "127.0.0.1:9"
[data]
dir = "data"
key_file = "key"
{bindings}
"#
    )
}

fn check(folder: &Path, addresses: &[&str]) -> Vec<Value> {
    let mut segl = command(folder);
    segl.arg("--config")
        .arg(folder.join("segl.toml"))
        .args(["check", "--json"])
        .args(addresses);
    run(segl, b"").json()["recipients"]
        .as_array()
        .unwrap()
        .clone()
}

/// Address, light, route, and how many certificates are used; for red ones the first problem, or the status.
fn told(row: &Value) -> (String, String, String, usize, String) {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let certificates = row["certificates"].as_array().unwrap();
    let usable = certificates.iter().filter(|c| c["usable"] == true).count();
    let problem = certificates
        .iter()
        .find_map(|c| c["problems"][0]["code"].as_str())
        .unwrap_or_default();
    let why = match (&row["light"], problem) {
        (light, _) if light == "green" => String::new(),
        (_, "") => text(&row["status"]),
        (_, problem) => problem.to_owned(),
    };
    (
        text(&row["address"]),
        text(&row["light"]),
        text(&row["route"]),
        usable,
        why,
    )
}

#[test]
fn the_real_shapes_are_judged_as_the_table_says() {
    let Ok(fixtures) = std::env::var("SEGL_FIXTURES") else {
        eprintln!("SKIPPED: SEGL_FIXTURES is not set: the OCES-shaped directory was not asked");
        return;
    };
    if tool("slapd").is_none() || tool("slapadd").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    made(&PathBuf::from(fixtures), folder.path());
    let port = free_port();
    let slapd = served(folder.path(), port);
    fs::write(folder.path().join("segl.toml"), settings(port, "")).unwrap();

    let rows: [(&str, &str, &str, usize, &str); 16] = [
        ("anne@advokat-eksempel.dk", "green", "person", 1, ""),
        ("bo@advokat-eksempel.dk", "green", "person", 2, ""),
        ("carl@advokat-eksempel.dk", "red", "tls", 0, "expired"),
        ("dorte@advokat-eksempel.dk", "red", "tls", 0, "revoked"),
        (
            "gert@advokat-eksempel.dk",
            "red",
            "tls",
            0,
            "address-mismatch",
        ),
        ("hans@advokat-eksempel.dk", "green", "person", 1, ""),
        ("sikkerpost@eksempelby.dk", "green", "person", 2, ""),
        ("loen@eksempelby.dk", "green", "person", 2, ""),
        ("anyone@sub.eksempelby.dk", "red", "tls", 0, "not-found"),
        ("eksempelkreds@politi-eksempel.dk", "green", "person", 1, ""),
        ("post@eksempelby.dk", "red", "tls", 0, "address-mismatch"),
        ("post@ret-eksempel.dk", "red", "tls", 0, "address-mismatch"),
        (
            "borgerservice@eksempelby.dk",
            "red",
            "tls",
            0,
            "organisation-conflict",
        ),
        ("ida@advokat-eksempel.dk", "green", "person", 1, ""),
        ("client@mail-eksempel.dk", "red", "tls", 0, "not-found"),
        ("*@advokat-eksempel.dk", "red", "tls", 0, "not-found"),
    ];
    let addresses: Vec<&str> = rows.iter().map(|r| r.0).collect();
    let found: Vec<_> = check(folder.path(), &addresses).iter().map(told).collect();
    let wanted: Vec<_> = rows
        .iter()
        .map(|r| {
            (
                r.0.to_owned(),
                r.1.to_owned(),
                r.2.to_owned(),
                r.3,
                r.4.to_owned(),
            )
        })
        .collect();
    assert_eq!(found, wanted);

    let bindings = r#"
[[binding]]
domain = "eksempelby.dk"
organisation = "NTRDK-29188858"
[[binding]]
domain = "ret-eksempel.dk"
organisation = "NTRDK-21987913"
"#;
    // The numbers are made with check digits when the fixture is made; those of the settings must be the same.
    let ldif = fs::read_to_string(folder.path().join("out/directory.ldif")).unwrap();
    assert!(ldif.contains("NTRDK-29188858") && ldif.contains("NTRDK-21987913"));
    fs::write(folder.path().join("segl.toml"), settings(port, bindings)).unwrap();
    let bound: Vec<_> = check(
        folder.path(),
        &["post@eksempelby.dk", "post@ret-eksempel.dk"],
    )
    .iter()
    .map(told)
    .collect();
    let green = |a: &str| {
        (
            a.to_owned(),
            "green".to_owned(),
            "organisation".to_owned(),
            1,
            String::new(),
        )
    };
    assert_eq!(
        bound,
        [green("post@eksempelby.dk"), green("post@ret-eksempel.dk")]
    );

    let tunnel = "[tunnel]\nlist = \"out/tunnel-list.csv\"\n";
    fs::write(folder.path().join("segl.toml"), settings(port, tunnel)).unwrap();
    let listed = [
        (
            "anyone@eksempelby.dk",
            "wrapped",
            "sikkerpost@eksempelby.dk",
        ),
        (
            "anyone@ret-eksempel.dk",
            "direct",
            "sikkermail@ret-eksempel.dk",
        ),
    ];
    for (address, mode, mailbox) in listed {
        let row = check(folder.path(), &[address]).remove(0);
        let (light, route) = (&row["light"], &row["route"]);
        assert_eq!((light, route), (&"green".into(), &"tunnel".into()), "{row}");
        let told = &row["tunnel"];
        assert_eq!(
            (&told["mode"], &told["mailbox"]),
            (&mode.into(), &mailbox.into())
        );
    }
    let below = check(folder.path(), &["anyone@sub.eksempelby.dk"]).remove(0);
    assert_eq!(told(&below).4, "not-found");
    let person = check(folder.path(), &["eksempelkreds@politi-eksempel.dk"]).remove(0);
    assert_eq!(told(&person).2, "person");

    // Down is not absent. Another data folder, so that nothing is remembered.
    drop(slapd);
    let text = settings(port, "")
        .replace("dir = \"data\"", "dir = \"other\"")
        .replace("\"key\"", "\"other.key\"");
    fs::write(folder.path().join("segl.toml"), text).unwrap();
    let down = check(folder.path(), &["anne@advokat-eksempel.dk"]);
    assert_eq!(told(&down[0]).4, "lookup-failed");
    assert_eq!(down[0]["errors"][0]["code"], "unreachable");
}
