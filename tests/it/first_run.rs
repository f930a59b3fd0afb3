//! The first run from an address to written settings, against embedded servers of every kind.

use std::{fs, path::Path, sync::Arc};

use segl::{
    config::{Config, OAuth, Paths},
    demo::{
        DnsServer, IdentityServer, MailOptions, MailServer, Presented, ServerCertificates,
        WebServer,
        dns::Known,
        mail,
        mail::{Do, Fault, Step},
        web::Answer,
    },
    discovery::Discovery,
    mail::Address,
    net::{Dns, Https, Names, Page, Reach, Roots},
    segl::{
        Answers, Ask, DirectoryAnswer, FirstRun, FirstRunError, Outcome, OwnMailError, Probe,
        RootFault, SignInWay,
    },
    words::{Lang, Words},
};

const ANNE: &str = "anne@firma-eksempel.dk";

/// A firm's whole internet, and a computer without settings.
struct Firm {
    folder: tempfile::TempDir,
    certificates: Arc<ServerCertificates>,
    identity: IdentityServer,
    mail: MailServer,
    _dns: DnsServer,
    _web: WebServer,
    discovery: Discovery,
}

impl Firm {
    fn new() -> Self {
        let names = ["localhost", "autoconfig.firma-eksempel.dk"];
        let certificates = Arc::new(ServerCertificates::make_for(&names).unwrap());
        let identity = IdentityServer::start(Arc::clone(&certificates)).unwrap();
        let mut options = MailOptions::implicit_tls(Arc::clone(&certificates));
        options.auth = mail::Auth::SignedIn {
            username: ANNE.to_owned(),
            tokens: identity.tokens(),
        };
        let mail = MailServer::start(options).unwrap();
        let file = format!(
            "<clientConfig version=\"1.1\"><emailProvider id=\"firma\"><outgoingServer type=\"smtp\">\
             <hostname>localhost</hostname><port>{}</port><socketType>SSL</socketType>\
             <username>%EMAILADDRESS%</username><authentication>OAuth2</authentication>\
             </outgoingServer></emailProvider></clientConfig>",
            mail.port()
        );
        let pages = vec![("/mail/config-v1.1.xml".to_owned(), Answer::of(file))];
        let web = WebServer::start(&certificates, Presented::Good, pages).unwrap();
        let known = vec![Known::Host("autoconfig.firma-eksempel.dk".to_owned())];
        let dns_server = DnsServer::start(known).unwrap();
        let dns = Dns::at(dns_server.address()).unwrap();
        let roots = Roots::Only(vec![certificates.root_der().to_vec().into()]);
        let https = Https::new(&roots, Names::Dns(dns.clone()), Reach::Anywhere)
            .unwrap()
            .with_default_port(web.port());
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("root.pem"), certificates.root_pem()).unwrap();
        write_private(&at("store.key"), &"2a".repeat(32));
        Self {
            discovery: Discovery::new(https, Ok(dns)),
            folder,
            certificates,
            identity,
            mail,
            _dns: dns_server,
            _web: web,
        }
    }

    fn paths(&self) -> Paths {
        let at = |name: &str| self.folder.path().join(name);
        Paths {
            policy: at("policy.toml"),
            policy_owner: 0,
            file: at("config/segl.toml"),
            data: at("data"),
        }
    }

    /// The first run; what IT would have in its policy, and the tests' own root and key, stand beside the answers.
    fn run(&self) -> FirstRun {
        let at = |name: &str| self.folder.path().join(name).display().to_string();
        let base = format!(
            "[data]\nkey_file = '{}'\n[submission]\nca_file = '{}'\n{}",
            at("store.key"),
            at("root.pem"),
            self.identity.settings()
        );
        FirstRun::new(self.paths(), "anne".to_owned())
            .with_discovery(self.discovery.clone())
            .with_base(base.parse().unwrap())
    }

    async fn answers(&self, run: &FirstRun) -> Answers {
        let address = Address::parse(ANNE).unwrap();
        let (proposals, findings) = run.find(&address).await.unwrap();
        assert!(findings.troubles.is_empty(), "{findings:?}");
        let [proposal] = &*proposals else {
            panic!("{proposals:?}")
        };
        assert!(!proposal.lacks_client);
        let way = proposal.ways[0].clone();
        assert!(
            matches!(&way, SignInWay::OAuth(OAuth { client_id, .. }) if client_id == "segl-demo")
        );
        Answers {
            name: "Anne \"Østergaard\"\n[policy]\nfallback = 'ask'".to_owned(),
            server: Some(proposal.chosen(&proposal.server.username, way)),
            address,
            directory: None,
            copy: None,
        }
    }
}

fn write_private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

fn page() -> Page {
    Page {
        lang: "en".to_owned(),
        title: "Segl".to_owned(),
        text: "Go back".to_owned(),
    }
}

#[tokio::test]
async fn from_an_address_to_settings_that_send() {
    let firm = Firm::new();
    let run = firm.run();
    let answers = firm.answers(&run).await;
    let file = firm.paths().file;

    // Nobody is signed in yet, and that is said.
    let trial = run.trial(&answers).unwrap();
    let before = trial.probe(&super::desk::now).await;
    assert!(
        matches!(before.last(), Some(Probe::NoServer(_))),
        "{before:?}"
    );
    run.with_browser(&answers, &page(), &firm.identity.browser())
        .await
        .unwrap();
    let trial = run.trial(&answers).unwrap();
    let probes = trial.probe(&super::desk::now).await;
    assert!(
        matches!(probes.last(), Some(Probe::Server { .. })),
        "{probes:?}"
    );
    assert!(!file.exists(), "nothing is written before the end");

    let segl = run.finish(&answers).unwrap();
    let config = Config::load(&firm.paths()).unwrap();
    assert_eq!(config.settings_sha256, segl.config().settings_sha256);
    assert_eq!(config.senders[0].mailbox.address.wire(), ANNE);
    // What somebody typed as a name is a name, whatever it looks like.
    assert!(fs::read_to_string(&file).unwrap().contains("Østergaard"));
    let after = segl.probe(&super::desk::now).await;
    assert!(
        matches!(after.last(), Some(Probe::Server { .. })),
        "{after:?}"
    );
    assert!(firm.mail.kept().is_empty(), "nothing was sent");
    assert!(firm.certificates.root_pem().contains("CERTIFICATE"));
}

#[tokio::test]
async fn settings_that_are_there_are_never_replaced_and_what_is_wrong_is_not_written() {
    let firm = Firm::new();
    let run = firm.run();
    let answers = firm.answers(&run).await;
    let file = firm.paths().file;
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "# mine\n").unwrap();
    assert!(matches!(
        run.finish(&answers),
        Err(FirstRunError::Exists(_))
    ));
    assert_eq!(fs::read_to_string(&file).unwrap(), "# mine\n");
    fs::remove_file(&file).unwrap();

    let directory = |url: &str, root: Option<&str>, is_oces| {
        Some(DirectoryAnswer {
            name: "OCES".to_owned(),
            url: url.to_owned(),
            base: "c=DK".to_owned(),
            root: root.map(|r| firm.folder.path().join(r)),
            is_oces,
        })
    };
    // A root that is not the state's is not taken for it; and what has no root is not made one.
    let another = Answers {
        directory: directory("", Some("root.pem"), true),
        ..answers.clone()
    };
    assert!(matches!(
        run.finish(&another),
        Err(FirstRunError::Root {
            why: RootFault::Another,
            ..
        })
    ));
    let none = Answers {
        directory: directory("", Some("store.key"), true),
        ..answers.clone()
    };
    assert!(matches!(
        run.finish(&none),
        Err(FirstRunError::Root {
            why: RootFault::Unreadable,
            ..
        })
    ));
    let odd = Answers {
        directory: directory("ldaps://", None, false),
        ..answers.clone()
    };
    assert!(run.finish(&odd).is_err());
    assert!(!file.exists());

    let other = Answers {
        directory: directory("ldaps://127.0.0.1:1", Some("root.pem"), false),
        ..answers
    };
    run.finish(&other).unwrap();
    let config = Config::load(&firm.paths()).unwrap();
    assert_eq!((config.directories.len(), config.anchors.len()), (1, 1));
    let left: Vec<_> = fs::read_dir(file.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "no half file is left: {left:?}");
}

#[tokio::test]
async fn a_mail_to_oneself_leaves_sealed_stands_in_the_log_and_leaves_nothing_else_behind() {
    let firm = Firm::new();
    let run = firm.run();
    let answers = firm.answers(&run).await;
    run.with_browser(&answers, &page(), &firm.identity.browser())
        .await
        .unwrap();
    let words = Words::new(Lang::En);
    let trial = run.trial(&answers).unwrap();
    let receipt = trial
        .mail_to_oneself(words.own_mail(), &super::desk::now)
        .await
        .unwrap();
    assert_eq!(receipt.outcome, Outcome::Sent);

    let kept = firm.mail.kept();
    let [mail] = &*kept else { panic!("{kept:?}") };
    assert_eq!(
        (mail.mail_from.as_str(), &*mail.rcpt_to),
        (ANNE, &[ANNE.to_owned()][..])
    );
    let inside = words.own_mail();
    let octets = String::from_utf8_lossy(&mail.data).into_owned();
    assert!(octets.contains(&inside.subject), "{octets}");
    assert!(octets.contains("application/pkcs7-mime"), "{octets}");
    assert!(
        !octets.contains(&inside.text[..20]),
        "it is sealed: {octets}"
    );

    let log = trial.log(super::desk::now()).unwrap();
    let [line] = &*log else { panic!("{log:?}") };
    let detail = line.detail.as_ref().unwrap();
    assert_eq!(
        (detail.to.as_str(), detail.outcome),
        (ANNE, Some(Outcome::Sent))
    );
    let rows = trial.exported(line.seq).unwrap().to_string();
    assert!(rows.contains("first-run"), "{rows}");
    assert!(trial.sent().unwrap().is_empty(), "no copy is kept");
    assert_eq!(
        trial.book().unwrap().index.contacts().len(),
        0,
        "nobody was learned"
    );
    // The own address had no certificate that could be missed later.
    let address = Address::parse(ANNE).unwrap();
    let assessed = trial.assess(&address, Ask::Anew, &super::desk::now).await;
    assert!(assessed.vanished().is_none(), "{assessed:?}");
    assert!(
        !firm.paths().file.exists(),
        "settings are written at the end"
    );
    run.finish(&answers).unwrap();
}

#[tokio::test]
async fn a_mail_to_oneself_that_is_not_taken_says_so_and_stops_nobody() {
    let firm = Firm::new();
    let run = firm.run();
    let answers = firm.answers(&run).await;
    run.with_browser(&answers, &page(), &firm.identity.browser())
        .await
        .unwrap();
    let trial = run.trial(&answers).unwrap();
    let words = Words::new(Lang::Da);
    let rows = [
        (
            Fault::reply(Step::Rcpt, 550, "5.7.1 not here"),
            Outcome::Rejected,
            "5.7.1 not here",
        ),
        (
            Fault::new(Step::Dot, Do::Drop),
            Outcome::Unconfirmed,
            "måske sendt",
        ),
    ];
    for (fault, outcome, told) in rows {
        firm.mail.set_faults(vec![fault]);
        let failed = trial
            .mail_to_oneself(words.own_mail(), &super::desk::now)
            .await;
        match failed {
            Err(OwnMailError::NotTaken(ref receipt)) => assert_eq!(receipt.outcome, outcome),
            other => panic!("{other:?}"),
        }
        let stop = words.own_mail_failed(&failed.unwrap_err());
        assert!(stop.what.contains(told), "{stop:?}");
    }
    firm.mail.set_faults(Vec::new());
    run.finish(&answers).unwrap();
}
