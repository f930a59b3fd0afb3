//! A real MTA: Exim with its own configuration on two loopback ports, delivering to Maildirs.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Instant,
};

use segl::demo::Presented;
use tempfile::TempDir;

use super::*;
use crate::tools::tool;

/// A running Exim, with a folder of its own.
pub(crate) struct Exim {
    folder: TempDir,
    daemon: Child,
    start_tls: u16,
    pub(crate) implicit_tls: u16,
}

impl Exim {
    /// The root that its certificate leads to.
    pub(crate) fn root_pem() -> String {
        certificates().root_pem()
    }
}

impl Drop for Exim {
    fn drop(&mut self) {
        // Its own child only; a daemon that is gone already needs no ending.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

impl Exim {
    pub(crate) fn start() -> Option<Self> {
        let mut daemon = tool("exim4")?;
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["spool", "log", "mail"] {
            fs::create_dir(path(name)).unwrap();
        }
        let issued = certificates();
        let issued = issued.certificate(Presented::Good);
        fs::write(path("key.pem"), issued.key_pem().unwrap()).unwrap();
        fs::write(path("cert.pem"), issued.pem()).unwrap();
        let (start_tls, implicit_tls) = (free_port(), free_port());
        fs::write(
            path("exim.conf"),
            configuration(folder.path(), start_tls, implicit_tls),
        )
        .unwrap();
        let owned = Command::new("chown")
            .args(["-R", "Debian-exim:"])
            .arg(folder.path())
            .status();
        if !owned.is_ok_and(|status| status.success()) {
            let why = "exim4 needs root, to give its folders to its own user";
            assert!(std::env::var_os("CI").is_none(), "{why}");
            eprintln!("SKIPPED a test: {why}");
            return None;
        }
        // Exim takes a configuration from root only, and not if others can write it.
        for name in ["exim.conf", ""] {
            let owned = Command::new("chown")
                .arg("root:Debian-exim")
                .arg(path(name))
                .status();
            assert!(owned.unwrap().success());
            let allowed = Command::new("chmod")
                .arg(if name.is_empty() { "755" } else { "640" })
                .arg(path(name))
                .status();
            assert!(allowed.unwrap().success());
        }
        let daemon = daemon
            .arg("-C")
            .arg(path("exim.conf"))
            .arg("-bdf")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let exim = Self {
            folder,
            daemon,
            start_tls,
            implicit_tls,
        };
        exim.wait(|_| {
            [start_tls, implicit_tls]
                .iter()
                .all(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok())
        });
        Some(exim)
    }

    /// Waits until something is so.
    pub(crate) fn wait(&self, mut is_so: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        while !is_so(self) {
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "Exim: {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn log(&self) -> String {
        ["mainlog", "paniclog", "rejectlog"]
            .iter()
            .filter_map(|name| fs::read_to_string(self.folder.path().join("log").join(name)).ok())
            .collect()
    }

    /// Delivered messages of a mailbox, line ends as on the wire.
    pub(crate) fn delivered(&self, mailbox: &str) -> Vec<Vec<u8>> {
        let new = self.folder.path().join("mail").join(mailbox).join("new");
        let files: Vec<PathBuf> = fs::read_dir(new)
            .into_iter()
            .flatten()
            .map(|file| file.unwrap().path())
            .collect();
        let read = |path: &PathBuf| fs::read(path).unwrap();
        let wire = |octets: Vec<u8>| {
            octets
                .split(|b| *b == b'\n')
                .collect::<Vec<_>>()
                .join(&b"\r\n"[..])
        };
        files.iter().map(read).map(wire).collect()
    }
}

fn configuration(folder: &Path, start_tls: u16, implicit_tls: u16) -> String {
    let folder = folder.display();
    format!(
        r"
primary_hostname = mail.exim-eksempel.dk
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path = {folder}/spool/exim.pid
local_interfaces = <; 127.0.0.1.{start_tls} ; 127.0.0.1.{implicit_tls}
tls_on_connect_ports = {implicit_tls}
tls_advertise_hosts = *
tls_certificate = {folder}/cert.pem
tls_privatekey = {folder}/key.pem
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
message_size_limit = 20M
acl_smtp_mail = check_mail
acl_smtp_rcpt = check_rcpt
acl_smtp_data = accept
host_lookup =
rfc1413_hosts =
smtp_accept_queue_per_connection = 0
dsn_advertise_hosts = *

begin acl
check_mail:
  deny !authenticated = *
       message = sign in first
  accept
check_rcpt:
  accept domains = firma-eksempel.dk
         local_parts = bo : mads
  deny message = no such user

begin routers
here:
  driver = accept
  domains = firma-eksempel.dk : advokat-eksempel.dk
  local_parts = bo : mads : anne
  transport = maildir

begin transports
maildir:
  driver = appendfile
  directory = {folder}/mail/$local_part_data
  maildir_format
  create_directory
  user = Debian-exim

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{anne}}}}{{eq{{$auth3}}{{hemmeligt}}}}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${{if and{{{{eq{{$auth1}}{{anne}}}}{{eq{{$auth2}}{{hemmeligt}}}}}}}}
  server_set_id = $auth1
"
    )
}

#[tokio::test]
async fn a_real_mta_gets_every_message_octet_for_octet() {
    let Some(exim) = Exim::start() else { return };
    let large = large();
    for (rounds, port, security) in [
        (1, exim.start_tls, Security::StartTls),
        (2, exim.implicit_tls, Security::ImplicitTls),
    ] {
        let settings = with_password(settings(port, security), "hemmeligt");
        let mut session = Session::open(settings).await.unwrap();
        assert_eq!(session.facts().size(), Some(20 * 1024 * 1024));
        assert!(session.tls().version.starts_with("TLSv1."));
        // More than the number of RSETs after which Exim closes.
        let mut transactions = vec![transaction(&[BO], &large)];
        transactions.extend((0..12).map(|_| transaction(&[MADS, BO], MESSAGE)));
        let verified = verify(&mut session, transactions).await;
        for (place, verified) in verified.into_iter().enumerate() {
            let message = if place == 0 { &large[..] } else { MESSAGE };
            let delivered = deliver(&mut session, verified, message).await;
            assert!(
                matches!(delivered, Delivered::Sent { .. }),
                "{delivered:?} {}",
                exim.log()
            );
        }
        session.close().await;
        exim.wait(|exim| {
            exim.delivered("bo").len() == 13 * rounds && exim.delivered("mads").len() == 12 * rounds
        });
    }
    for message in exim
        .delivered("bo")
        .into_iter()
        .chain(exim.delivered("mads"))
    {
        let sent = if message.len() > large.len() {
            &large[..]
        } else {
            MESSAGE
        };
        let added = message
            .strip_suffix(sent)
            .expect("the message as it was sent");
        // Only a Received field stands before it, folded with tabs.
        let added = std::str::from_utf8(added).unwrap();
        assert!(
            added.starts_with("Received: ") && added.contains("esmtpsa"),
            "{added}"
        );
        assert!(
            added
                .trim_end()
                .lines()
                .skip(1)
                .all(|line| line.starts_with('\t')),
            "{added}"
        );
    }
}

#[tokio::test]
async fn a_real_mta_tells_whom_it_refuses_and_why() {
    let Some(exim) = Exim::start() else { return };
    let settings = settings(exim.start_tls, Security::StartTls);
    let found = Session::open(with_password(settings.clone(), "forkert"))
        .await
        .err();
    assert!(matches!(found, Some(SubmitError::AuthRefused { reply, .. }) if reply.code() == 535));

    let mut session = Session::open(settings.clone()).await.unwrap();
    let Verdict::Refused(replies) = session
        .verify(vec![transaction(&[BO], MESSAGE)])
        .await
        .unwrap()
    else {
        panic!("accepted without AUTH");
    };
    assert_eq!(replies[0].mail.code(), 550);

    let mut session = Session::open(with_password(settings, "hemmeligt"))
        .await
        .unwrap();
    let unknown = transaction(&[BO, "ingen@firma-eksempel.dk"], MESSAGE);
    let Verdict::Refused(replies) = session.verify(vec![unknown]).await.unwrap() else {
        panic!("accepted");
    };
    let codes: Vec<_> = replies[0]
        .rcpt
        .iter()
        .map(segl::submit::Reply::code)
        .collect();
    assert_eq!(codes, [250, 550]);
    assert_eq!(replies[0].rcpt[1].text().as_str(), "no such user");
    assert!(exim.delivered("bo").is_empty());
}
