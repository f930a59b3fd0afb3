//! `OpenLDAP`'s slapd, with entries in the shapes of OCES directories.

use std::{
    fs,
    net::TcpListener,
    process::{Child, Stdio},
};

use segl::{
    demo::{Presented, certificate_bag},
    directory::{FailureCode, Security, SettingsError},
};
use tempfile::TempDir;

use super::*;
use crate::tools::tool;

/// A running slapd with its own folder and two ports. Dropping it ends it.
pub(super) struct Slapd {
    process: Child,
    folder: TempDir,
    plain: u16,
    tls: u16,
}

impl Slapd {
    /// Starts slapd with these entries, if there is one.
    pub(super) fn start(ldif: &str) -> Option<Self> {
        tool("slapd")?;
        Some(Self::load(ldif).expect("entries that slapd takes"))
    }

    /// The same; nothing where slapd does not take them.
    pub(super) fn load(ldif: &str) -> Option<Self> {
        let mut load = tool("slapd")?;
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("db")).unwrap();
        let server = server_certificates();
        let certificate = server.certificate(Presented::Good);
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("server.pem", &certificate.pem());
        write("server.key", &certificate.key_pem().unwrap());
        write("root.pem", &server.root_pem());
        write("tree.ldif", ldif);
        write(
            "slapd.conf",
            &CONFIGURATION.replace("@DIR@", &folder.path().display().to_string()),
        );
        let load = load
            .args(["-T", "add", "-f", "slapd.conf", "-l", "tree.ldif"])
            .current_dir(&folder)
            .output()
            .unwrap();
        if !load.status.success() {
            eprintln!("{}", String::from_utf8_lossy(&load.stderr));
            return None;
        }
        // Another process may take a port between its choice and slapd: then two others.
        (0..5)
            .find_map(|_| Self::serve(&folder))
            .map(|(process, plain, tls)| Self {
                process,
                folder,
                plain,
                tls,
            })
    }

    fn serve(folder: &TempDir) -> Option<(Child, u16, u16)> {
        let [plain, tls] = [free_port(), free_port()];
        let mut process = tool("slapd")?
            .args(["-f", "slapd.conf", "-d", "0", "-h"])
            .arg(format!(
                "ldap://127.0.0.1:{plain}/ ldaps://127.0.0.1:{tls}/"
            ))
            .current_dir(folder)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        loop {
            if std::net::TcpStream::connect(("127.0.0.1", tls)).is_ok() {
                return Some((process, plain, tls));
            }
            if process.try_wait().unwrap().is_some() {
                return None;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Settings for it: ldaps, unless changed.
    fn settings(&self) -> Settings {
        settings(&format!("ldaps://localhost:{}", self.tls))
    }

    pub(super) fn plain_url(&self) -> String {
        format!("ldap://localhost:{}", self.plain)
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        // It may have ended by itself; its folder goes with it.
        let _ = self.process.kill();
        let _ = self.process.wait();
        assert!(self.folder.path().exists());
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

const CONFIGURATION: &str = r#"
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
objectclass ( 1.3.6.1.4.1.99999.1 NAME 'ocesEntry' SUP top AUXILIARY MAY serialNumber )
TLSCACertificateFile @DIR@/root.pem
TLSCertificateFile @DIR@/server.pem
TLSCertificateKeyFile @DIR@/server.key
modulepath /usr/lib/ldap
moduleload back_mdb
sizelimit size.soft=3 size.hard=3
database mdb
suffix "c=DK"
directory @DIR@/db
index objectClass,mail eq
access to * by * read
"#;

/// An entry in LDIF, its name and values in base64 as such directories hold them.
fn person(name: &str, mail: &str, values: &[(&str, &[u8])]) -> String {
    let base64 = |octets: &[u8]| base64_simd::STANDARD.encode_to_string(octets);
    let dn =
        format!("serialNumber=CVR:12345674-RID:1001+cn={name},o=Eksempel ApS // CVR:12345674,c=DK");
    let mut lines = vec![
        format!("dn:: {}", base64(dn.as_bytes())),
        "objectClass: inetOrgPerson\nobjectClass: ocesEntry".to_owned(),
        format!(
            "cn:: {}\nsn: x\nserialNumber: CVR:12345674-RID:1001",
            base64(name.as_bytes())
        ),
        format!("mail: {mail}"),
    ];
    lines.extend(
        values
            .iter()
            .map(|(attribute, v)| format!("{attribute}:: {}", base64(v))),
    );
    lines.join("\n") + "\n\n"
}

/// The top of the tree, and these entries below it.
fn tree(people: &[String]) -> String {
    let top = "dn: c=DK\nobjectClass: country\nc: DK\n\n\
               dn: o=Eksempel ApS // CVR:12345674,c=DK\nobjectClass: organization\no: Eksempel ApS // CVR:12345674\n\n";
    top.to_owned() + &people.concat()
}

#[tokio::test]
async fn every_certificate_of_every_entry_is_found_over_ldaps_start_tls_and_in_clear() {
    let [anne, bo1, bo2, loen1, loen2, smime, idn] =
        ["anne", "bo", "bo", "loen", "loen", "smime", "idn"]
            .map(|n| certificate(&format!("{n}@x.example")));
    let bag = certificate_bag(&[&smime, &authority().certificate().der]).unwrap();
    let cert = "userCertificate;binary";
    let people = [
        person("Anne Østergaard", "Anne@x.example", &[(cert, &anne)]),
        person("Bo", "bo@x.example", &[(cert, &bo1), (cert, &bo2)]),
        person("Løn 1", "loen@x.example", &[(cert, &loen1)]),
        person("Løn 2", "loen@x.example", &[(cert, &loen2)]),
        person(
            "Smime",
            "smime@x.example",
            &[("userSMIMECertificate", &bag)],
        ),
        person("Idn", "idn@xn--blehaven-i0a.example", &[(cert, &idn)]),
        person("Without", "without@x.example", &[]),
    ];
    let Some(slapd) = Slapd::start(&tree(&people)) else {
        return;
    };
    let plain = |settings| Settings {
        url: slapd.plain_url(),
        ..settings
    };
    let ways = [
        (slapd.settings(), Security::Tls),
        (
            Settings {
                start_tls: true,
                ..plain(slapd.settings())
            },
            Security::Tls,
        ),
        (
            Settings {
                allow_plaintext: true,
                ..plain(slapd.settings())
            },
            Security::Plain,
        ),
    ];
    for (settings, security) in ways {
        let directory = directory(settings);
        let rows: [(&str, &[&[u8]]); 7] = [
            ("anne@x.example", &[&anne]),
            ("ANNE@X.example", &[&anne]),
            ("bo@x.example", &[&bo1, &bo2]),
            ("loen@x.example", &[&loen1, &loen2]),
            ("smime@x.example", &[&smime]),
            ("idn@æblehaven.example", &[&idn]),
            ("without@x.example", &[]),
        ];
        for (of, wanted) in rows {
            let answer = find(&directory, of).await;
            let (mut presented, mut wanted) = (ders(&answer), wanted.to_vec());
            presented.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(presented, wanted, "{of}");
            assert_eq!(answer.failure, None, "{of}");
            assert!(
                answer
                    .found
                    .iter()
                    .all(|found| found.source.security == security)
            );
        }
        let answer = find(&directory, "anne@x.example").await;
        assert!(answer.found[0].source.entry.contains("cn=Anne Østergaard"));
    }
}

#[tokio::test]
async fn none_is_only_what_the_directory_says_itself() {
    let people: Vec<_> = (0..4)
        .map(|n| {
            person(
                &format!("P{n}"),
                "many@x.example",
                &[("userCertificate;binary", &certificate("many@x.example"))],
            )
        })
        .collect();
    let Some(slapd) = Slapd::start(&tree(&people)) else {
        return;
    };
    let asked = directory(slapd.settings());
    assert!(is_none(&find(&asked, "nobody@x.example").await));
    for injected in [
        "*@x.example",
        r#""a)(mail=*"@x.example"#,
        r#""\\2a"@x.example"#,
        "m*y@x.example",
    ] {
        assert!(is_none(&find(&asked, injected).await), "{injected}");
    }
    let cut = find(&asked, "many@x.example").await;
    assert_eq!(cut.found.len(), 3);
    assert_eq!(cut.failure.unwrap().code, FailureCode::Partial);

    let elsewhere = directory(Settings {
        base: "c=SE".to_owned(),
        ..slapd.settings()
    });
    let failure = find(&elsewhere, "many@x.example").await.failure.unwrap();
    assert_eq!(failure.code, FailureCode::Refused);

    let in_clear = LdapDirectory::new(settings(&slapd.plain_url()));
    assert!(matches!(in_clear.err(), Some(SettingsError::Plaintext(_))));

    let system = Settings {
        roots: Roots::System { extra: Vec::new() },
        ..slapd.settings()
    };
    match LdapDirectory::new(system) {
        Ok(untrusting) => {
            let failure = find(&untrusting, "many@x.example").await.failure.unwrap();
            assert_eq!(failure.code, FailureCode::Tls);
        }
        // A machine without any root of its own trusts this server even less.
        Err(cause) => assert!(matches!(cause, SettingsError::Roots(_))),
    }
}

#[tokio::test]
async fn other_filters_find_by_other_attributes_and_bind_only_by_the_address() {
    let der = certificate("anne@x.example");
    let values: [(&str, &[u8]); 2] = [("uid", b"anne"), ("userCertificate;binary", &der)];
    let people = [person("Anne", "anne@x.example", &values)];
    let Some(slapd) = Slapd::start(&tree(&people)) else {
        return;
    };
    let trusting = |filter: &str| {
        directory(Settings {
            filter: filter.to_owned(),
            trust_binding: true,
            ..slapd.settings()
        })
    };
    for (filter, of, binds) in [
        (
            "(|(mail={address})(rfc822Mailbox={address}))",
            "anne@x.example",
            true,
        ),
        (
            "(&(objectClass=inetOrgPerson)(uid={local}))",
            "anne@x.example",
            true,
        ),
        // The entry shows another address: it may be an alias, and it does not vouch for it.
        ("(uid={local})", "anne@other.example", false),
    ] {
        let answer = find(&trusting(filter), of).await;
        assert_eq!(ders(&answer), [der.as_slice()], "{filter}");
        assert_eq!(answer.found[0].source.trust_binding, binds, "{filter}");
        assert_eq!(answer.failure, None, "{filter}");
    }
}
