//! Revocation lists in a directory, as OCES2 has them: partial ones, each in an entry that the certificate names.

use std::{fs, path::Path};

use const_oid::ObjectIdentifier;
use jiff::SignedDuration;
use segl::{
    cert::Certificate,
    demo::{CrlSpec, ExtraExtension, Issued},
};
use x509_cert::{
    der::{Decode as _, Encode as _},
    ext::pkix::{
        IssuingDistributionPoint,
        crl::dp::DistributionPoint,
        name::{DistributionPointName, GeneralName},
    },
    name::Name,
};

use super::{slapd::Slapd, *};
use crate::{
    desk::{Ran, command, now, run},
    tools::tool,
};

const ANNE: &str = "anne@advokat-eksempel.dk";
const POINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
const ISSUING_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");

/// `C=DK, O=Eksempel Tillid, CN=udstedende, CN=CRL1666` in the order of DER.
fn point() -> GeneralName {
    let mut name = openssl::x509::X509NameBuilder::new().unwrap();
    for (kind, value) in [
        ("C", "DK"),
        ("O", "Eksempel Tillid"),
        ("CN", "udstedende"),
        ("CN", "CRL1666"),
    ] {
        name.append_entry_by_text(kind, value).unwrap();
    }
    GeneralName::DirectoryName(Name::from_der(&name.build().to_der().unwrap()).unwrap())
}

fn url(text: &str) -> GeneralName {
    GeneralName::UniformResourceIdentifier(x509_cert::der::asn1::Ia5String::new(text).unwrap())
}

fn named(names: Vec<GeneralName>) -> DistributionPointName {
    DistributionPointName::FullName(names)
}

/// A certificate whose list lies there.
fn leaf(name: GeneralName) -> Issued {
    let points = vec![DistributionPoint {
        distribution_point: Some(named(vec![name])),
        reasons: None,
        crl_issuer: None,
    }];
    let leaf = Leaf {
        extensions: vec![ExtraExtension {
            oid: POINTS,
            critical: false,
            der: points.to_der().unwrap(),
        }],
        ..Leaf::mail("Anne Østergaard", ANNE)
    };
    authority().issue(&leaf).unwrap()
}

/// The list of the part of all certificates that this point stands for.
fn partial(names: Vec<GeneralName>, revoked: Option<&Issued>) -> Vec<u8> {
    let hour = |h| now().checked_add(SignedDuration::from_hours(h)).unwrap();
    let part = IssuingDistributionPoint {
        distribution_point: Some(named(names)),
        only_contains_user_certs: false,
        only_contains_ca_certs: false,
        only_some_reasons: None,
        indirect_crl: false,
        only_contains_attribute_certs: false,
    };
    let mut list = CrlSpec::empty(hour(-1));
    list.extensions.push(ExtraExtension {
        oid: ISSUING_POINT,
        critical: true,
        der: part.to_der().unwrap(),
    });
    if let Some(issued) = revoked {
        list = list.with_revoked(issued.serial(), hour(-5));
    }
    authority().crl(&list).unwrap()
}

/// The tree down to the entry with these lists.
fn tree(lists: &[Vec<u8>]) -> String {
    let values = lists.iter().map(|list| {
        let text = base64_simd::STANDARD.encode_to_string(list);
        format!("certificateRevocationList;binary:: {text}\n")
    });
    format!(
        "dn: c=DK\nobjectClass: country\nc: DK\n\n\
         dn: o=Eksempel Tillid,c=DK\nobjectClass: organization\no: Eksempel Tillid\n\n\
         dn: cn=udstedende,o=Eksempel Tillid,c=DK\nobjectClass: cRLDistributionPoint\ncn: udstedende\n\n\
         dn: cn=CRL1666,cn=udstedende,o=Eksempel Tillid,c=DK\nobjectClass: cRLDistributionPoint\ncn: CRL1666\n{}\n",
        values.collect::<String>()
    )
}

fn check(folder: &Path, directory: &str, leaf: &Issued) -> Ran {
    let write = |name: &str, octets: &[u8]| fs::write(folder.join(name), octets).unwrap();
    write("root.cer", &authority().certificate().der);
    write("anne.cer", &leaf.der);
    let settings = format!(
        "[[directory]]\nname = \"OCES\"\nurl = \"{directory}\"\nbase = \"c=DK\"\nallow_plaintext = true\n\
         [certificates]\nfiles = [\"anne.cer\"]\n[trust]\nanchors = [\"root.cer\"]\n\
         [data]\ndir = \"data\"\nkey_file = \"store.key\"\n"
    );
    write("segl.toml", settings.as_bytes());
    let mut command = command(folder);
    command.args(["--config", "segl.toml", "check", "--json", ANNE]);
    run(command, b"")
}

/// The first problem, and whose list it was.
fn told(ran: &Ran) -> (String, String) {
    let certificate = &ran.json()["recipients"][0]["certificates"][0];
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let source = &certificate["revocation"][0]["sources"][0];
    (
        text(&certificate["problems"][0]["code"]),
        text(&source["kind"]),
    )
}

fn list() -> String {
    "list".to_owned()
}

#[test]
fn a_partial_list_is_fetched_from_the_entry_that_a_verified_certificate_names() {
    if tool("slapd").is_none() {
        return;
    }
    let entry = "ldap:///cn=CRL1666,cn=udstedende,o=Eksempel%20Tillid,c=DK\
                 ?certificateRevocationList;binary?base";
    for point in [point(), url(entry)] {
        let leaf = leaf(point.clone());
        let good = tree(&[partial(vec![point.clone()], None)]);
        let slapd = Slapd::start(&good).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let ran = check(folder.path(), &slapd.plain_url(), &leaf);
        assert_eq!(told(&ran), (String::new(), list()), "{ran:?}");
        // It is kept: the directory may be gone, its answer of a moment ago counts too.
        drop(slapd);
        let ran = check(folder.path(), "ldap://localhost:1", &leaf);
        assert_eq!(told(&ran), (String::new(), list()), "{ran:?}");

        let bad = tree(&[partial(vec![point.clone()], Some(&leaf))]);
        let slapd = Slapd::start(&bad).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let ran = check(folder.path(), &slapd.plain_url(), &leaf);
        assert_eq!(told(&ran), ("revoked".to_owned(), list()), "{ran:?}");
    }
}

#[test]
fn what_lies_there_instead_of_its_list_is_never_good() {
    if tool("slapd").is_none() {
        return;
    }
    let leaf = leaf(point());
    let stranger = Authority::root("Directory Test Root (TEST)").unwrap();
    let of_stranger = stranger.crl(&CrlSpec::empty(now())).unwrap();
    let cut = partial(vec![point()], None)[..100].to_vec();
    let rows: [(&str, Vec<Vec<u8>>); 4] = [
        ("nothing", Vec::new()),
        (
            "the list of another part",
            vec![partial(vec![url("ldap:///cn=CRL2,c=DK")], None)],
        ),
        ("a stranger's list", vec![of_stranger]),
        ("a list that is cut", vec![cut]),
    ];
    for (what, lists) in rows {
        // slapd checks the syntax of what it loads: what is no list is put there by nobody.
        let Some(slapd) = Slapd::load(&tree(&lists)) else {
            assert_eq!(what, "a list that is cut");
            continue;
        };
        let folder = tempfile::tempdir().unwrap();
        let ran = check(folder.path(), &slapd.plain_url(), &leaf);
        assert_eq!(told(&ran).0, "revocation-unknown", "{what}: {ran:?}");
    }
}

#[test]
fn a_server_that_only_a_certificate_names_is_not_asked() {
    if tool("slapd").is_none() {
        return;
    }
    let hour_ago = now().checked_sub(SignedDuration::from_hours(1)).unwrap();
    let whole = authority().crl(&CrlSpec::empty(hour_ago)).unwrap();
    let slapd = Slapd::start(&tree(&[whole])).unwrap();
    let entry = "cn=CRL1666,cn=udstedende,o=Eksempel%20Tillid,c=DK";
    let leaf = leaf(url(&format!("{}/{entry}", slapd.plain_url())));
    let facts = Certificate::from_der(&leaf.der).unwrap();
    assert_eq!(facts.facts().list_entries.len(), 1);
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = check(folder.path(), "ldap://localhost:1", &leaf);
    assert_eq!(told(&elsewhere).0, "revocation-unknown", "{elsewhere:?}");
    // The same server, named by the settings.
    let named = check(folder.path(), &slapd.plain_url(), &leaf);
    assert_eq!(told(&named), (String::new(), list()), "{named:?}");
}
