//! What DNS says, proved and not.

use segl::tls::{Dane, MailRoute, Resolved, Why};

use super::*;

const RECORDS: &str = "\
good.example. IN MX 10 mx1.good.example.
good.example. IN MX 20 mx2.good.example.
mx1.good.example. IN A 192.0.2.1
mx2.good.example. IN A 192.0.2.2
_25._tcp.mx1.good.example. IN TLSA 3 1 1 aa00000000000000000000000000000000000000000000000000000000000000
_25._tcp.mx2.good.example. IN TLSA 3 1 1 bb00000000000000000000000000000000000000000000000000000000000000
_smtp._tls.good.example. IN TXT \"v=TLSRPTv1; rua=mailto:tls@good.example\"
good.example. IN TXT \"v=NTA7516-1;startdate=2025-01;\" \"provider=Zorg;ntamx=10 nta.good.example\"
half.example. IN MX 10 mx1.good.example.
half.example. IN MX 20 bare.half.example.
bare.half.example. IN A 192.0.2.3
webonly.example. IN MX 10 mx.webonly.example.
mx.webonly.example. IN A 192.0.2.4
_25._tcp.mx.webonly.example. IN TLSA 1 1 1 cc00000000000000000000000000000000000000000000000000000000000000
null.example. IN MX 0 .
self.example. IN A 192.0.2.5
nothing.example. IN TXT \"hello\"
alias.example. IN MX 10 other.alias.example.
other.alias.example. IN CNAME mx1.good.example.
away.example. IN MX 10 nowhere.away.example.
broken.example. IN MX 10 mx.broken.example.
mx.broken.example. IN A 192.0.2.6
_25._tcp.mx.broken.example. IN TLSA 3 1 1 dd00000000000000000000000000000000000000000000000000000000000000
liar.example. IN MX 10 mx.liar.example.
mx.liar.example. IN A 192.0.2.7
mixed.example. IN MX 10 mx.elsewhere.unsigned.
loop.example. IN CNAME pool.example.
pool.example. IN CNAME loop.example.
round.example. IN MX 10 mx.round.example.
mx.round.example. IN CNAME back.round.example.
back.round.example. IN CNAME mx.round.example.
ring.example. IN MX 10 mx.ring.example.
mx.ring.example. IN A 192.0.2.10
_25._tcp.mx.ring.example. IN CNAME _25._tcp.back.ring.example.
_25._tcp.back.ring.example. IN CNAME _25._tcp.mx.ring.example.
_mta-sts.ring.example. IN CNAME _mta-sts.back.ring.example.
_mta-sts.back.ring.example. IN CNAME _mta-sts.ring.example.
plain.unsigned. IN MX 10 mx.plain.unsigned.
mx.plain.unsigned. IN A 192.0.2.8
_25._tcp.mx.plain.unsigned. IN TLSA 3 1 1 ee00000000000000000000000000000000000000000000000000000000000000
mx.elsewhere.unsigned. IN A 192.0.2.9";

/// Other digits than were signed.
fn tamper(signed: &str) -> String {
    let changed = signed
        .replace("DD0000000000", "DD1111111111")
        .replace("10 mx.liar.example.", "11 mx.liar.example.");
    assert_ne!(changed, signed);
    changed
}

fn zone() -> Option<Zone> {
    Zone::start_with(RECORDS, tamper)
}

fn unprobed(zone: &Zone) -> Settings {
    Settings {
        probe: false,
        ..settings(zone, 25)
    }
}

#[tokio::test]
async fn dane_is_published_where_dnssec_proves_it_for_each_mail_server() {
    let Some(zone) = zone() else { return };
    let good = examine(unprobed(&zone), "good.example").await;
    assert_eq!(good.route, MailRoute::Listed { is_secure: true });
    let hosts: Vec<_> = good
        .mx
        .iter()
        .map(|m| (&*m.host, m.preference, m.dane))
        .collect();
    assert_eq!(
        hosts,
        [
            ("mx1.good.example", 10, Dane::Published),
            ("mx2.good.example", 20, Dane::Published)
        ]
    );
    assert_eq!(good.level(), Level::Published);
    assert!(good.wants_reports);
    assert_eq!(good.nta7516.unwrap().provider.as_deref(), Some("Zorg"));
    let half = examine(unprobed(&zone), "half.example").await;
    assert_eq!(half.mx[1].dane, Dane::Nothing);
    assert_eq!(half.level(), Level::Unknown);
    let web = examine(unprobed(&zone), "webonly.example").await;
    assert_eq!(web.mx[0].dane, Dane::Unusable);
    assert_eq!(web.level(), Level::Unknown);
}

#[tokio::test]
async fn what_is_not_signed_is_no_dane_and_what_does_not_hold_is_not_none() {
    let Some(zone) = zone() else { return };
    let plain = examine(unprobed(&zone), "plain.unsigned").await;
    assert_eq!(plain.route, MailRoute::Listed { is_secure: false });
    assert_eq!(plain.mx[0].dane, Dane::NotSigned);
    // A signed domain whose server lies in a zone that is not.
    let mixed = examine(unprobed(&zone), "mixed.example").await;
    assert_eq!(mixed.route, MailRoute::Listed { is_secure: true });
    assert_eq!(mixed.mx[0].dane, Dane::NotSigned);
    let broken = examine(unprobed(&zone), "broken.example").await;
    assert_eq!(broken.mx[0].dane, Dane::Unchecked { why: Why::Bogus });
    assert_eq!(broken.level(), Level::Unknown);
    assert!(codes(&broken).contains(&NoteCode::DaneUnchecked));
    let liar = examine(unprobed(&zone), "liar.example").await;
    assert_eq!(liar.route, MailRoute::Unchecked { why: Why::Bogus });
    assert_eq!(liar.level(), Level::Unknown);
}

#[tokio::test]
async fn domains_that_take_no_mail_say_so_and_aliases_are_not_followed() {
    let Some(zone) = zone() else { return };
    let null = examine(unprobed(&zone), "null.example").await;
    assert_eq!(null.route, MailRoute::NullMx);
    assert!(null.takes_no_mail());
    let gone = examine(unprobed(&zone), "gone.example").await;
    assert_eq!(gone.route, MailRoute::Nowhere);
    let nothing = examine(unprobed(&zone), "nothing.example").await;
    assert_eq!(nothing.route, MailRoute::Nowhere);
    let own = examine(unprobed(&zone), "self.example").await;
    assert_eq!(own.route, MailRoute::Implicit { is_secure: true });
    assert_eq!(own.mx[0].host, "self.example");
    let alias = examine(unprobed(&zone), "alias.example").await;
    assert_eq!(alias.mx[0].resolved, Resolved::Alias);
    assert_eq!(alias.level(), Level::Unknown);
    let away = examine(unprobed(&zone), "away.example").await;
    assert_eq!(away.mx[0].resolved, Resolved::Nothing);
    let round = examine(unprobed(&zone), "loop.example").await;
    assert!(
        matches!(round.route, MailRoute::Unchecked { .. }),
        "{round:?}"
    );
}

#[tokio::test]
async fn names_that_lead_round_and_round_end_and_are_never_taken_for_nothing_there() {
    let Some(zone) = zone() else { return };
    let round = examine(unprobed(&zone), "round.example").await;
    let ended = matches!(
        round.mx[0].resolved,
        Resolved::Alias | Resolved::Unchecked { .. }
    );
    assert!(ended, "{round:?}");
    assert_eq!(round.level(), Level::Unknown);
    // A record of DANE may stand under another name (RFC 7671 §7): one that is never reached is not "none".
    let ring = examine(unprobed(&zone), "ring.example").await;
    assert!(
        matches!(ring.mx[0].dane, Dane::Unchecked { .. }),
        "{ring:?}"
    );
    assert_eq!(ring.level(), Level::Unknown);
}

#[tokio::test]
async fn another_root_key_proves_nothing() {
    let (Some(zone), Some(other)) = (zone(), Zone::start(RECORDS)) else {
        return;
    };
    let settings = Settings {
        root_anchor: Some(other.anchor()),
        ..unprobed(&zone)
    };
    let found = examine(settings, "good.example").await;
    assert_eq!(found.level(), Level::Unknown);
    assert_eq!(found.route, MailRoute::Unchecked { why: Why::Bogus });
}

#[tokio::test]
async fn dns_that_says_nothing_in_time_is_could_not_be_checked() {
    // A socket that hears and never answers.
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let settings = Settings {
        deadline: IMPATIENT,
        probe: false,
        resolver: Some(silent.local_addr().unwrap()),
        root_anchor: None,
        smtp_port: 25,
        sts_port: 443,
        ca_file: None,
        reach: Reach::Anywhere,
    };
    let found = examine(settings, "good.example").await;
    assert_eq!(found.route, MailRoute::Unchecked { why: Why::Timeout });
    assert_eq!(found.level(), Level::Unknown);
    assert!(!found.takes_no_mail());
}
