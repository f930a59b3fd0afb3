//! Finding a mail server from an address: files, DNS and known providers, and what may go wrong with each.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use segl::{
    demo::{
        DnsServer, Presented, ServerCertificates, WebServer,
        dns::Known,
        web::{Answer, Manner},
    },
    discovery::{Discovery, Findings, Security, Source, Why},
    mail::Address,
    net::{Dns, HttpFault, Https, Names, Reach, Roots},
};

const DOMAIN: &str = "firma-eksempel.dk";
const FIRST: &str = "/mail/config-v1.1.xml";
const SECOND: &str = "/.well-known/autoconfig/mail/config-v1.1.xml";

fn file(host: &str, port: u16, socket: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<clientConfig version=\"1.1\">\
         <emailProvider id=\"{DOMAIN}\"><domain>{DOMAIN}</domain>\
         <outgoingServer type=\"smtp\"><hostname>{host}</hostname><port>{port}</port>\
         <socketType>{socket}</socketType><username>%EMAILADDRESS%</username>\
         <authentication>password-cleartext</authentication></outgoingServer>\
         </emailProvider></clientConfig>"
    )
}

/// The internet as far as one domain needs it.
struct Internet {
    web: WebServer,
    _dns: DnsServer,
    discovery: Discovery,
}

fn internet(pages: Vec<(&str, Answer)>, known: Vec<Known>) -> Internet {
    internet_of(pages, known, Presented::Good, Reach::Anywhere)
}

fn internet_of(
    pages: Vec<(&str, Answer)>,
    known: Vec<Known>,
    presented: Presented,
    reach: Reach,
) -> Internet {
    let names = ["localhost", "autoconfig.firma-eksempel.dk", DOMAIN];
    let certificates = ServerCertificates::make_for(&names).unwrap();
    let pages = pages.into_iter().map(|(p, a)| (p.to_owned(), a)).collect();
    let web = WebServer::start(&certificates, presented, pages).unwrap();
    let server = DnsServer::start(known).unwrap();
    let dns = Dns::at(server.address()).unwrap();
    let roots = Roots::Only(vec![certificates.root_der().to_vec().into()]);
    let https = Https::new(&roots, Names::Dns(dns.clone()), reach)
        .unwrap()
        .with_default_port(web.port());
    Internet {
        web,
        _dns: server,
        discovery: Discovery::new(https, Ok(dns)),
    }
}

fn host(name: &str) -> Known {
    Known::Host(name.to_owned())
}

async fn find(internet: &Internet) -> Findings {
    find_for(internet, "anne@firma-eksempel.dk").await
}

async fn find_for(internet: &Internet, address: &str) -> Findings {
    internet
        .discovery
        .find(&Address::parse(address).unwrap())
        .await
}

#[tokio::test]
async fn the_domains_own_file_is_found_at_either_place_and_named_as_the_source() {
    let page = Answer::of(file("smtp.%EMAILDOMAIN%", 465, "SSL"));
    let first = internet(
        vec![(FIRST, page.clone())],
        vec![host("autoconfig.firma-eksempel.dk")],
    );
    let second = internet(
        vec![(SECOND, page.said(Manner::Chunks))],
        vec![host("autoconfig.firma-eksempel.dk"), host(DOMAIN)],
    );
    for (internet, place) in [(first, "autoconfig.firma-eksempel.dk"), (second, DOMAIN)] {
        let found = find(&internet).await;
        assert!(found.troubles.is_empty(), "{found:?}");
        let [server] = &*found.servers else {
            panic!("{found:?}")
        };
        assert_eq!(
            (server.host.as_str(), server.port),
            ("smtp.firma-eksempel.dk", 465)
        );
        assert_eq!(server.security, Security::ImplicitTls);
        assert_eq!(server.username, "anne@firma-eksempel.dk");
        assert_eq!(
            server.source,
            Source::Autoconfig {
                host: place.to_owned()
            }
        );
        assert!(!server.must_be_confirmed);
        let asked = internet.web.asked();
        assert!(
            asked
                .iter()
                .all(|a| a.ends_with("?emailaddress=anne%40firma-eksempel.dk")),
            "{asked:?}"
        );
    }
}

#[tokio::test]
async fn service_records_are_found_and_one_that_leads_away_must_be_confirmed() {
    let service = |label: &str, port, target: &str| {
        Known::Service(format!("{label}.{DOMAIN}"), port, target.to_owned())
    };
    let inside = internet(
        vec![],
        vec![
            service("_submissions._tcp", 465, "smtp.firma-eksempel.dk"),
            service("_submission._tcp", 587, "mail.hosting.example"),
        ],
    );
    let found = find(&inside).await;
    assert!(found.troubles.is_empty(), "{found:?}");
    let seen: Vec<_> = found
        .servers
        .iter()
        .map(|s| (s.host.as_str(), s.port, s.security, s.must_be_confirmed))
        .collect();
    assert_eq!(
        seen,
        [
            ("smtp.firma-eksempel.dk", 465, Security::ImplicitTls, false),
            ("mail.hosting.example", 587, Security::StartTls, true),
        ]
    );
}

#[tokio::test]
async fn a_domain_whose_mail_goes_to_a_known_provider_is_known() {
    let exchanger = Known::Exchanger(
        DOMAIN.to_owned(),
        "firma-eksempel-dk.mail.protection.outlook.com".to_owned(),
    );
    let hosted = internet(vec![], vec![exchanger]);
    let found = find(&hosted).await;
    assert_eq!(found.servers[0].host, "smtp.office365.com");
    assert_eq!(found.servers[0].provider.unwrap().name, "Exchange Online");
    assert!(matches!(found.servers[0].source, Source::Exchanger { .. }));
    // Of a provider's own domain nothing is asked.
    let known = find_for(&hosted, "eva@gmail.com").await;
    assert_eq!(known.servers[0].host, "smtp.gmail.com");
    assert!(hosted.web.asked().is_empty());
}

#[tokio::test]
async fn nothing_there_is_nothing_and_not_asked_is_not_nothing() {
    let empty = internet(
        vec![],
        vec![host("autoconfig.firma-eksempel.dk"), host(DOMAIN)],
    );
    let found = find(&empty).await;
    assert!(
        found.servers.is_empty() && found.troubles.is_empty(),
        "{found:?}"
    );

    let broken = internet(
        vec![],
        vec![
            Known::Broken(format!("_submissions._tcp.{DOMAIN}")),
            Known::Silent(format!("_submission._tcp.{DOMAIN}")),
            Known::Broken(DOMAIN.to_owned()),
        ],
    );
    let found = find(&broken).await;
    assert!(found.servers.is_empty());
    let sources: Vec<String> = found
        .troubles
        .iter()
        .map(|t| t.source.to_string())
        .collect();
    assert_eq!(
        sources,
        [
            DOMAIN,
            "_submissions._tcp.firma-eksempel.dk",
            "_submission._tcp.firma-eksempel.dk",
            DOMAIN
        ],
        "{found:?}"
    );
}

#[tokio::test]
async fn a_hostile_file_is_refused_and_says_why() {
    type Is = fn(&Why) -> bool;
    let good = file("smtp.firma-eksempel.dk", 465, "SSL");
    let huge = Answer::of(format!("{good}{}", " ".repeat(200_000)));
    let elsewhere = Answer {
        location: Some("https://evil.example/".to_owned()),
        ..Answer::status(302)
    };
    let cases: Vec<(Answer, Is)> = vec![
        (
            Answer::of(file("mail.firma-eksempel.dk", 25, "plain")),
            |w| matches!(w, Why::WithoutTls { host } if host == "mail.firma-eksempel.dk"),
        ),
        (huge.clone(), |w| {
            matches!(w, Why::Http(HttpFault::TooLarge { .. }))
        }),
        (huge.said(Manner::ToTheEnd), |w| {
            matches!(w, Why::Http(HttpFault::TooLarge { .. }))
        }),
        (Answer::of("").said(Manner::Endless), |w| {
            matches!(w, Why::Http(HttpFault::TooLarge { .. }))
        }),
        (Answer::of(good.clone()).said(Manner::Half), |w| {
            matches!(w, Why::Http(HttpFault::Broken { .. }))
        }),
        (elsewhere, |w| {
            matches!(w, Why::Http(HttpFault::Redirect { status: 302, .. }))
        }),
        (Answer::status(500), |w| matches!(w, Why::Status(500))),
        (
            Answer::of("<html>Log on to the hotel's network</html>"),
            |w| matches!(w, Why::Unreadable(_)),
        ),
        (
            Answer::of("<!DOCTYPE x [<!ENTITY a \"b\">]><clientConfig/>"),
            |w| matches!(w, Why::Unreadable(_)),
        ),
    ];
    for (number, (answer, is_right)) in cases.into_iter().enumerate() {
        let internet = internet(
            vec![(FIRST, answer)],
            vec![host("autoconfig.firma-eksempel.dk")],
        );
        let found = find(&internet).await;
        assert!(found.servers.is_empty(), "{number}: {found:?}");
        assert!(
            found.troubles.iter().any(|t| is_right(&t.why)),
            "{number}: {found:?}"
        );
    }
}

#[tokio::test]
async fn a_slow_server_or_one_with_a_wrong_certificate_holds_nobody_up() {
    let known = || vec![host("autoconfig.firma-eksempel.dk")];
    for presented in [
        Presented::Expired,
        Presented::WrongName,
        Presented::Untrusted,
    ] {
        let page = Answer::of(file("smtp.firma-eksempel.dk", 465, "SSL"));
        let internet = internet_of(vec![(FIRST, page)], known(), presented, Reach::Anywhere);
        let found = find(&internet).await;
        assert!(found.servers.is_empty(), "{presented:?}");
        assert!(
            matches!(&found.troubles[0].why, Why::Http(HttpFault::Tls(_))),
            "{presented:?}: {found:?}"
        );
        assert!(internet.web.asked().is_empty());
    }
    for manner in [Manner::Drip, Manner::Silent] {
        let page = Answer::of(file("smtp.firma-eksempel.dk", 465, "SSL")).said(manner);
        let internet = internet(vec![(FIRST, page)], known());
        let begun = Instant::now();
        let found = find(&internet).await;
        assert!(begun.elapsed() < Duration::from_secs(25), "{manner:?}");
        assert!(
            matches!(&found.troubles[0].why, Why::Http(HttpFault::Timeout { .. })),
            "{manner:?}: {found:?}"
        );
    }
}

#[tokio::test]
async fn a_domain_cannot_have_this_computer_knock_on_doors_inside_the_house() {
    let page = Answer::of(file("smtp.firma-eksempel.dk", 465, "SSL"));
    let known = vec![host("autoconfig.firma-eksempel.dk"), host(DOMAIN)];
    let internet = internet_of(vec![(FIRST, page)], known, Presented::Good, Reach::Public);
    let found = find(&internet).await;
    assert!(found.servers.is_empty() && internet.web.asked().is_empty());
    assert!(
        found
            .troubles
            .iter()
            .all(|t| matches!(&t.why, Why::Http(HttpFault::Private { .. }))),
        "{found:?}"
    );
}

#[tokio::test]
async fn without_dns_the_rest_is_still_found() {
    let names = ["autoconfig.firma-eksempel.dk", DOMAIN];
    let certificates = ServerCertificates::make_for(&names).unwrap();
    let roots = Roots::Only(vec![certificates.root_der().to_vec().into()]);
    let https = Https::new(&roots, Names::System, Reach::Public).unwrap();
    let none = segl::net::DnsFault::NoServer("none".to_owned());
    let discovery = Discovery::new(https, Err(Arc::new(none)));
    let found = discovery
        .find(&Address::parse("eva@gmail.com").unwrap())
        .await;
    assert_eq!(found.servers.len(), 1);
}
