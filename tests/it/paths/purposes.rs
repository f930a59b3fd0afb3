//! Authorities that may issue for some purposes only (RFC 5280 §4.2.1.12).

use segl::{
    cert::{RevocationPolicy, Rules, Subject, problems},
    demo::{EMAIL_PROTECTION, SERVER_AUTHENTICATION},
    segl::Trust,
};

use super::*;

const ANY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");

fn only_for(purposes: &[ObjectIdentifier]) -> ExtraExtension {
    ExtraExtension {
        oid: ObjectIdentifier::new_unwrap("2.5.29.37"),
        critical: false,
        der: purposes.to_vec().to_der().unwrap(),
    }
}

fn found(path: &Path, subject: Subject<'_>) -> Vec<Problem> {
    let rules = Rules {
        revocation: RevocationPolicy::WhenAvailable,
        allow_test_roots: false,
        bindings: Vec::new(),
    };
    problems(path, &[], subject, &rules, AT)
}

#[test]
fn an_issuer_that_may_issue_for_web_servers_only_issues_nothing_for_mail_and_is_named() {
    let path = below(only_for(&[SERVER_AUTHENTICATION]), &anne());
    let issuer = path.certificates()[1].facts().subject.clone();
    let wanted = [Problem::ExtendedKeyUsage {
        presented: vec![SERVER_AUTHENTICATION.to_string()],
        certificate: Some(issuer),
    }];
    assert_eq!(found(&path, Subject::Encrypt), wanted);
    assert_eq!(found(&path, Subject::Sign), wanted);
    // The path alone is that of RFC 5280, which knows no purpose.
    assert_eq!(found(&path, Subject::Path), []);
    for purposes in [
        &[EMAIL_PROTECTION][..],
        &[ANY],
        &[SERVER_AUTHENTICATION, EMAIL_PROTECTION],
    ] {
        let path = below(only_for(purposes), &anne());
        assert_eq!(found(&path, Subject::Encrypt), [], "{purposes:?}");
    }
}

#[test]
fn an_anchor_may_issue_for_what_it_is_pinned_for() {
    let for_web = AuthoritySpec {
        extensions: vec![only_for(&[SERVER_AUTHENTICATION])],
        ..spec("Kendt rod")
    };
    let pinned = Authority::root_from(&for_web).unwrap();
    let leaf = read(&pinned.issue(&anne()).unwrap());
    let path = built(&leaf, &[], &[&pinned]);
    assert_eq!(found(&path, Subject::Encrypt), []);
    // Not so where it stands below what is pinned, or below nothing that is.
    let path = built(&leaf, &[read(pinned.certificate())], &[&root("Anden rod")]);
    assert!(!path.is_anchored());
    let codes = found(&path, Subject::Encrypt);
    assert!(
        codes.iter().any(|p| p.code() == "extended-key-usage"),
        "{codes:?}"
    );
}

#[test]
fn of_two_ways_up_the_one_whose_issuers_are_for_mail_is_taken() {
    let pinned = root("Kendt rod");
    let issuing = pinned.intermediate_from(&spec("Udstedende CA")).unwrap();
    let leaf = read(&issuing.issue(&anne()).unwrap());
    let for_web = AuthoritySpec {
        key: KeyChoice::This(issuing.key()),
        extensions: vec![only_for(&[SERVER_AUTHENTICATION])],
        ..spec("Udstedende CA")
    };
    let for_web = read(pinned.intermediate_from(&for_web).unwrap().certificate());
    let good = read(issuing.certificate());
    let folder = tempfile::tempdir().unwrap();
    let anchor = folder.path().join("root.pem");
    std::fs::write(&anchor, pinned.pem()).unwrap();
    let mut trust = Trust::empty(RevocationPolicy::WhenAvailable);
    trust.replace_anchors(&[anchor]).unwrap();
    for pool in [[for_web.clone(), good.clone()], [good.clone(), for_web]] {
        let examined = trust.examine(&leaf, &pool, AT);
        assert_eq!(examined.path.certificates()[1], good);
        assert_eq!(trust.problems(&examined, Subject::Encrypt, AT), []);
    }
}
