//! What authorities say of the user's own certificate, and who reads what is sent: its list is fetched, a revoked one
//! does not sign, and each message names its own readers alone.

use std::{
    fs,
    sync::{Arc, OnceLock},
};

use jiff::{SignedDuration, Timestamp};
use openssl::{cms::CmsContentInfo, x509::X509};
use segl::demo::{Authority, CrlSpec, Issued, KeyChoice, Leaf, Reason, Revoked};

use super::{
    desk::{Desk, now},
    issuers::{Server, said},
    opening::codes,
    own::{import, issue},
};

const KAREN: &str = "karen@advokat-eksempel.dk";

fn an_hour_ago() -> Timestamp {
    now() - SignedDuration::from_hours(1)
}

/// A desk whose sender has a certificate of another issuer, whose list lies on a server.
struct Listed {
    desk: Desk,
    server: Server,
}

fn listed(list: impl FnOnce(&Authority, &Issued) -> Vec<u8>) -> Listed {
    let body: Arc<OnceLock<Vec<u8>>> = Arc::default();
    let held = Arc::clone(&body);
    let server = Server::start(move || said(held.get().map_or(&[][..], Vec::as_slice)));
    let desk = Desk::new();
    let world = desk.demo.world();
    let issuing = world.root.intermediate("Anden udstedende-CA").unwrap();
    fs::write(desk.path("roots/other.cer"), &issuing.certificate().der).unwrap();
    desk.edit(
        "intermediates = [\"roots/issuing.pem\"]",
        "intermediates = [\"roots/issuing.pem\", \"roots/other.cer\"]",
    );
    let leaf = Leaf {
        crl_urls: vec![format!("http://127.0.0.1:{}/list.crl", server.port)],
        ..Leaf::mail(&world.sender_name, &world.sender_address)
    };
    let own = issuing.issue(&leaf.with_key(KeyChoice::Shared(2000)));
    let own = own.unwrap();
    body.set(list(&issuing, &own)).unwrap();
    import(&desk, &own);
    Listed { desk, server }
}

/// Whether the mail was signed, and whether its sender can read it.
fn sent(desk: &Desk, folder: &str) -> (bool, bool) {
    let ran = desk.send(&["--to", KAREN, "--to-eml", folder]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let delivery = ran.json()["deliveries"][0].clone();
    (
        delivery["signed"] == true,
        delivery["also_readable_by"][0]["kind"] == "own",
    )
}

#[test]
fn the_list_of_the_own_certificate_is_fetched_so_that_mail_is_signed_and_asked_for_once() {
    let listed = listed(|issuing, _| issuing.crl(&CrlSpec::empty(an_hour_ago())).unwrap());
    for folder in ["one", "two"] {
        assert_eq!(sent(&listed.desk, folder), (true, true));
        assert_eq!(listed.server.asked(), 1);
    }
    let tested = listed.desk.segl(&["cert", "test", "--json"]);
    assert_eq!(tested.code, 0, "{tested:?}");
    // What is only shown asks nobody, and knows what was fetched.
    let shown = listed.desk.segl(&["cert", "list", "--json"]).json();
    assert_eq!(shown["certificates"][0]["state"], "signs", "{shown}");
    assert_eq!(listed.server.asked(), 1);
}

#[test]
fn a_revoked_own_certificate_signs_nothing_and_the_test_says_so() {
    let listed = listed(|issuing, own| {
        let mut spec = CrlSpec::empty(an_hour_ago());
        spec.revoked = vec![Revoked {
            serial: own.serial().to_vec(),
            at: an_hour_ago(),
            reason: Some(Reason::KeyCompromise),
        }];
        issuing.crl(&spec).unwrap()
    });
    let tested = listed.desk.segl(&["cert", "test", "--json"]);
    assert_eq!(tested.code, 1, "{tested:?}");
    let own = &tested.json()["certificates"][0];
    assert_eq!(codes(&own["signing"]["problems"]), ["revoked"], "{own}");
    assert_eq!(codes(&own["reading"]["problems"]), ["revoked"], "{own}");
    assert_eq!(own["state"], "older");
    assert_eq!(sent(&listed.desk, "out"), (false, false));
    let told = listed.desk.segl(&["cert", "test"]);
    assert!(told.stdout.contains("revoked"), "{told:?}");
    let told = listed
        .desk
        .segl(&["send", "--to", KAREN, "--subject", "S", "--body", "T"]);
    assert!(told.stdout.contains("The mail is not signed."), "{told:?}");
}

#[test]
fn an_own_certificate_of_which_nothing_can_be_learned_is_not_called_good() {
    let listed = listed(|_, _| b"no list".to_vec());
    let tested = listed.desk.segl(&["cert", "test", "--json"]);
    assert_eq!(tested.code, 1, "{tested:?}");
    let own = &tested.json()["certificates"][0];
    assert_eq!(codes(&own["signing"]["problems"]), ["revocation-unknown"]);
    assert_eq!(sent(&listed.desk, "out"), (false, false));
}

#[test]
fn each_bcc_recipient_has_a_cms_of_its_own_that_the_sender_reads_too() {
    let desk = Desk::new();
    let world = desk.demo.world();
    let own = issue(&desk, 0, None);
    import(&desk, &own);
    let people: Vec<&str> = world
        .people
        .iter()
        .filter(|p| p.wanted.route == "person")
        .map(|p| p.address.as_str())
        .take(3)
        .collect();
    let [to, first, second] = people[..] else {
        panic!("three people")
    };
    let ran = desk.send(&["--to", to, "--bcc", first, "--bcc", second]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let kept = desk.demo.mail().kept();
    assert_eq!(kept.len(), 3, "one submission each");
    let opens = |message: &[u8], reader: &Issued| {
        let cms = CmsContentInfo::smime_read_cms(message).unwrap();
        let certificate = X509::from_der(&reader.der).unwrap();
        cms.decrypt(&reader.key, &certificate).is_ok()
    };
    for (message, only) in kept.iter().zip([to, first, second]) {
        assert_eq!(message.rcpt_to, [only]);
        assert!(opens(&message.data, &own), "the sender reads all of them");
        for reader in [to, first, second] {
            let key = &world.person(reader).unwrap().readers[0];
            assert_eq!(opens(&message.data, key), reader == only, "{reader}");
        }
    }
}
