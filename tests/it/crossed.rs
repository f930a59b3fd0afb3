//! Authorities that several pinned roots certify: what is found out on one way up counts on all of them.

use std::{fs, path::PathBuf};

use jiff::{SignedDuration, Timestamp};
use segl::{
    cert::{Certificate, Problem, RevocationPolicy, Subject},
    demo::{
        Authority, AuthoritySpec, CrlSpec, Issued, KeyChoice, KeyKind, KeyUsage, Leaf, Signing,
    },
    segl::Trust,
};

/// 2026-11-22, when all of these certificates are valid.
const AT: Timestamp = Timestamp::constant(1_795_305_600, 0);

fn hours(hours: i64) -> Timestamp {
    AT.checked_add(SignedDuration::from_hours(hours)).unwrap()
}

fn spec(name: &str) -> AuthoritySpec {
    AuthoritySpec {
        key: KeyChoice::Fresh(KeyKind::P256),
        signing: Signing::default(),
        ..AuthoritySpec::new(name)
    }
}

fn anne() -> Leaf {
    Leaf::mail("Anne Østergaard", "anne@advokat-eksempel.dk")
}

/// Two roots that both certify one authority, and somebody whom the first alone made a signer of that authority's lists.
struct Crossed {
    folder: tempfile::TempDir,
    roots: [Authority; 2],
    issuing: Authority,
    signer: Authority,
}

impl Crossed {
    fn new() -> Self {
        let roots = ["Rod A", "Rod B"].map(|name| Authority::root_from(&spec(name)).unwrap());
        let issuing = roots[0].intermediate_from(&spec("Udstedende CA")).unwrap();
        let again = AuthoritySpec {
            key: KeyChoice::This(issuing.key()),
            ..spec("Udstedende CA")
        };
        let crossed = roots[1].intermediate_from(&again).unwrap();
        let lists_only = AuthoritySpec {
            key_usage: Some(vec![KeyUsage::CRLSign]),
            ..spec("Udstedende CA")
        };
        let signer = roots[0].intermediate_from(&lists_only).unwrap();
        let desk = Self {
            folder: tempfile::tempdir().unwrap(),
            roots,
            issuing,
            signer,
        };
        let above = [&desk.issuing, &crossed, &desk.signer];
        for (name, authority) in ["issuing.cer", "crossed.cer", "signer.cer"]
            .iter()
            .zip(above)
        {
            desk.write(name, &authority.certificate().der);
        }
        for (name, root) in ["a", "b"].iter().zip(&desk.roots) {
            desk.write(&format!("{name}.cer"), &root.certificate().der);
            let list = root.crl(&CrlSpec::empty(hours(-1))).unwrap();
            desk.write(&format!("{name}.crl"), &list);
        }
        desk
    }

    fn write(&self, name: &str, octets: &[u8]) {
        fs::write(self.folder.path().join(name), octets).unwrap();
    }

    fn files(&self, names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(|n| self.folder.path().join(n)).collect()
    }

    /// What is wrong with a certificate where these are pinned and these lists are there.
    fn codes(&self, leaf: &Issued, anchors: &[&str], lists: &[&str]) -> Vec<&'static str> {
        let mut trust = Trust::empty(RevocationPolicy::Require);
        trust.replace_anchors(&self.files(anchors)).unwrap();
        let between: Vec<PathBuf> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "cer"))
            .collect();
        trust.add_intermediates(&between).unwrap();
        trust.add_lists(&self.files(lists));
        let leaf = Certificate::from_der(&leaf.der).unwrap();
        let examined = trust.examine(&leaf, &[], AT);
        let problems = trust.problems(&examined, Subject::Encrypt, AT);
        problems.iter().map(Problem::code).collect()
    }
}

#[test]
fn a_certificate_that_a_list_revokes_under_one_root_is_good_under_no_other() {
    let desk = Crossed::new();
    let leaf = desk.issuing.issue(&anne()).unwrap();
    // An older list of the authority itself, which still counts, says nothing of it yet.
    let old = desk.issuing.crl(&CrlSpec::empty(hours(-72))).unwrap();
    let revoking = CrlSpec::empty(hours(-1)).with_revoked(leaf.serial(), hours(-2));
    desk.write("old.crl", &old);
    desk.write("new.crl", &desk.signer.crl(&revoking).unwrap());
    let codes =
        |anchors: &[&str]| desk.codes(&leaf, anchors, &["old.crl", "new.crl", "a.crl", "b.crl"]);
    assert_eq!(codes(&["a.cer"]), ["revoked"]);
    for both in [["a.cer", "b.cer"], ["b.cer", "a.cer"]] {
        assert_eq!(codes(&both), ["revoked"]);
    }
    // Under the second alone nobody vouches for whoever signed the newer one.
    assert_eq!(codes(&["b.cer"]), Vec::<&str>::new());
}

#[test]
fn an_authority_that_a_list_revokes_under_one_root_is_revoked_wherever_its_certificate_stands() {
    let desk = Crossed::new();
    let below = desk
        .issuing
        .intermediate_from(&spec("Underliggende CA"))
        .unwrap();
    let leaf = below.issue(&anne()).unwrap();
    let serial = below.certificate().serial();
    let revoking = CrlSpec::empty(hours(-1)).with_revoked(serial, hours(-2));
    desk.write("below.cer", &below.certificate().der);
    desk.write(
        "old.crl",
        &desk.issuing.crl(&CrlSpec::empty(hours(-72))).unwrap(),
    );
    desk.write("new.crl", &desk.signer.crl(&revoking).unwrap());
    desk.write("below.crl", &below.crl(&CrlSpec::empty(hours(-1))).unwrap());
    let lists = ["old.crl", "new.crl", "below.crl", "a.crl", "b.crl"];
    assert_eq!(desk.codes(&leaf, &["a.cer", "b.cer"], &lists), ["revoked"]);

    // Another certificate of the same authority, with a number of its own, is not the one that was revoked.
    let again = AuthoritySpec {
        key: KeyChoice::This(below.key()),
        ..spec("Underliggende CA")
    };
    let again = desk.issuing.intermediate_from(&again).unwrap();
    desk.write("again.cer", &again.certificate().der);
    assert_eq!(
        desk.codes(&leaf, &["a.cer", "b.cer"], &lists),
        Vec::<&str>::new()
    );
}

#[test]
fn an_authority_that_one_root_revoked_leads_to_the_other_all_the_same() {
    let desk = Crossed::new();
    let leaf = desk.issuing.issue(&anne()).unwrap();
    let serial = desk.issuing.certificate().serial();
    let revoking = CrlSpec::empty(hours(-1)).with_revoked(serial, hours(-2));
    desk.write("a.crl", &desk.roots[0].crl(&revoking).unwrap());
    desk.write(
        "issuing.crl",
        &desk.issuing.crl(&CrlSpec::empty(hours(-1))).unwrap(),
    );
    let lists = ["issuing.crl", "a.crl", "b.crl"];
    assert_eq!(desk.codes(&leaf, &["a.cer"], &lists), ["revoked"]);
    assert_eq!(
        desk.codes(&leaf, &["a.cer", "b.cer"], &lists),
        Vec::<&str>::new()
    );
}

#[test]
fn behind_an_old_certificate_that_is_still_pinned_the_good_path_is_the_one_that_is_asked_about() {
    let pinned = Authority::root_from(&spec("Rod A")).unwrap();
    let upper = pinned.intermediate_from(&spec("Øvre CA")).unwrap();
    let issuing = upper.intermediate_from(&spec("Udstedende CA")).unwrap();
    let before = AuthoritySpec {
        key: KeyChoice::This(issuing.key()),
        not_before: hours(-200),
        not_after: hours(-100),
        ..spec("Udstedende CA")
    };
    let before = upper.intermediate_from(&before).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, of: &Authority| {
        let path = folder.path().join(name);
        fs::write(&path, &of.certificate().der).unwrap();
        path
    };
    let anchors = [file("rod.cer", &pinned), file("before.cer", &before)];
    let between = [file("upper.cer", &upper), file("issuing.cer", &issuing)];
    let mut trust = Trust::empty(RevocationPolicy::Require);
    trust.replace_anchors(&anchors).unwrap();
    trust.add_intermediates(&between).unwrap();
    let leaf = Certificate::from_der(&issuing.issue(&anne()).unwrap().der).unwrap();
    // Nothing is known of the revocation of three certificates there; of one, and an end that is over, here.
    let examined = trust.examine(&leaf, &[], AT);
    let codes: Vec<_> = examined.path.problems().iter().map(Problem::code).collect();
    assert_eq!((codes, examined.answers.len()), (Vec::new(), 3));
}
