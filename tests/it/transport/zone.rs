//! A signed root zone in `nsd` on loopback, with an unsigned zone below it. Everything lies in the root, signed with one
//! key, so that a whole chain of trust takes two files.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::tools::tool;

/// Above the records of a test.
const HEAD: &str = "$TTL 60\n. IN SOA ns.test-root. hostmaster.test-root. 1 3600 600 86400 60\n\
    . IN NS ns.test-root.\nns.test-root. IN A 127.0.0.1\nunsigned. IN NS ns.test-root.\n";
/// Above the records of the unsigned zone.
const HEAD_UNSIGNED: &str = "$TTL 60\nunsigned. IN SOA ns.test-root. hostmaster.test-root. 1 3600 600 86400 60\n\
    unsigned. IN NS ns.test-root.\n";

/// A running nsd. Dropping it ends it.
pub(crate) struct Zone {
    process: Child,
    folder: TempDir,
    address: SocketAddr,
}

/// Runs a tool that must be there once the first was, and gives what it printed.
fn ran(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

impl Zone {
    /// Serves these records (absolute names; those that end in `unsigned.` are not signed), if there are nsd and the
    /// tools that sign.
    pub(crate) fn start(records: &str) -> Option<Self> {
        Self::start_with(records, str::to_owned)
    }

    /// The same with the signed zone changed afterwards, so that signatures do not hold.
    pub(crate) fn start_with(records: &str, tamper: impl Fn(&str) -> String) -> Option<Self> {
        let (_server, mut keygen, mut sign) = (
            tool("nsd")?,
            tool("dnssec-keygen")?,
            tool("dnssec-signzone")?,
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let is_unsigned = |line: &&str| line.split(' ').next().unwrap().ends_with("unsigned.");
        let (plain, signed): (Vec<&str>, Vec<&str>) = records.lines().partition(is_unsigned);
        let lines = |head: &str, all: &[&str]| format!("{head}{}\n", all.join("\n"));
        fs::write(path.join("root.zone"), lines(HEAD, &signed)).unwrap();
        fs::write(path.join("unsigned.zone"), lines(HEAD_UNSIGNED, &plain)).unwrap();
        let kind = [
            "-q",
            "-a",
            "ECDSAP256SHA256",
            "-f",
            "KSK",
            "-n",
            "ZONE",
            ".",
        ];
        let key = ran(keygen.args(kind).current_dir(path));
        let key = fs::read_to_string(path.join(format!("{}.key", key.trim()))).unwrap();
        let anchor = key.lines().find(|l| !l.starts_with(';')).unwrap();
        fs::write(path.join("root.key"), format!("{anchor}\n")).unwrap();
        ran(sign
            .args([
                "-q",
                "-S",
                "-z",
                "-x",
                "-o",
                ".",
                "-f",
                "root.signed",
                "root.zone",
            ])
            .current_dir(path));
        let text = tamper(&fs::read_to_string(path.join("root.signed")).unwrap());
        fs::write(path.join("root.signed"), text).unwrap();
        Some(
            (0..5)
                .find_map(|_| Self::serve(path))
                .map(|(process, address)| Self {
                    process,
                    folder,
                    address,
                })
                .expect("nsd answers"),
        )
    }

    fn serve(path: &Path) -> Option<(Child, SocketAddr)> {
        let port = free_port();
        let conf = format!(
            "server:\n  ip-address: 127.0.0.1@{port}\n  do-ip6: no\n  username: \"\"\n  chroot: \"\"\n  zonesdir: \"{dir}\"\n\
             \x20 pidfile: \"\"\n  xfrdfile: \"\"\n  zonelistfile: \"{dir}/zone.list\"\n  database: \"\"\n  server-count: 1\n\
             \x20 verbosity: 0\nremote-control:\n  control-enable: no\n\
             zone:\n  name: \".\"\n  zonefile: \"root.signed\"\n\
             zone:\n  name: \"unsigned.\"\n  zonefile: \"unsigned.zone\"\n",
            dir = path.display()
        );
        fs::write(path.join("nsd.conf"), conf).unwrap();
        let mut process = tool("nsd")?
            .args(["-d", "-c"])
            .arg(path.join("nsd.conf"))
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            if answers(address) {
                return Some((process, address));
            }
            if process.try_wait().unwrap().is_some() {
                return None;
            }
        }
        let _ended = process.kill();
        let _ended = process.wait();
        None
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The root key as a DNSKEY record.
    pub(crate) fn anchor(&self) -> PathBuf {
        self.folder.path().join("root.key")
    }
}

impl Drop for Zone {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _ended = self.process.wait();
    }
}

/// A port that is free for UDP and TCP.
fn free_port() -> u16 {
    loop {
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = tcp.local_addr().unwrap().port();
        if UdpSocket::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Whether a server answers before one must give up.
pub(super) fn wait_for(server: SocketAddr) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(10) {
        if answers(server) {
            return true;
        }
    }
    false
}

/// Whether the root's SOA is told.
fn answers(server: SocketAddr) -> bool {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket
        .set_read_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    let question = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1];
    let mut answer = [0; 512];
    socket.send_to(&question, server).is_ok()
        && socket
            .recv(&mut answer)
            .is_ok_and(|length| length > 12 && answer[3] % 16 == 0 && answer[7] > 0)
}
