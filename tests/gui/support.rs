//! A small certificate authority, recipients in every state, and a window without a screen.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use egui::{Event, Key, Modifiers, Vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use openssl::{
    asn1::{Asn1Integer, Asn1Time},
    bn::BigNum,
    hash::MessageDigest,
    pkey::{PKey, Private},
    rsa::Rsa,
    x509::{
        X509, X509Builder, X509NameBuilder,
        extension::{BasicConstraints, KeyUsage, SubjectAlternativeName},
    },
};
use segl::{
    app::{
        command::Command,
        message::{Event as Report, Job, Message},
        setup::{Drafts, Edition, Readiness, Setup},
        state::State,
        theme::Theme,
        update::update,
        window::Window,
    },
    cert::{
        Anchors, BindingRule, BoundTo, Certificate, Organisation, OrganisationNumber, Problem,
        RevocationPolicy, Rules, Scope, judge, path,
    },
    decide::{Assessment, Judged, Policy},
    directory::{Failure, FailureCode, Security, Source},
    mail::{Address, DraftId, Kind, Mailbox},
    words::Lang,
};

/// 12 November 2026, 14:02:00 at this computer.
pub(crate) fn start() -> Timestamp {
    at("2026-11-12T14:02:00")
}

/// A local time.
pub(crate) fn at(local: &str) -> Timestamp {
    let local: DateTime = local.parse().unwrap();
    local.to_zoned(TimeZone::system()).unwrap().timestamp()
}

struct Authority {
    root: X509,
    root_key: PKey<Private>,
    leaf_key: PKey<Private>,
}

fn authority() -> &'static Authority {
    static AUTHORITY: OnceLock<Authority> = OnceLock::new();
    AUTHORITY.get_or_init(|| {
        let key = || PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        let (root_key, leaf_key) = (key(), key());
        let mut name = X509NameBuilder::new().unwrap();
        name.append_entry_by_text("CN", "Eksempel Rod CA").unwrap();
        let name = name.build();
        let mut builder = X509Builder::new().unwrap();
        builder.set_version(2).unwrap();
        builder.set_subject_name(&name).unwrap();
        builder.set_issuer_name(&name).unwrap();
        builder.set_pubkey(&root_key).unwrap();
        dates(&mut builder);
        builder
            .append_extension(BasicConstraints::new().critical().ca().build().unwrap())
            .unwrap();
        builder
            .append_extension(
                KeyUsage::new()
                    .critical()
                    .key_cert_sign()
                    .crl_sign()
                    .build()
                    .unwrap(),
            )
            .unwrap();
        builder.sign(&root_key, MessageDigest::sha256()).unwrap();
        Authority {
            root: builder.build(),
            root_key,
            leaf_key,
        }
    })
}

fn dates(builder: &mut X509Builder) {
    builder
        .set_not_before(&Asn1Time::from_str("20250101000000Z").unwrap())
        .unwrap();
    builder
        .set_not_after(&Asn1Time::from_str("20280303000000Z").unwrap())
        .unwrap();
    let serial = BigNum::from_u32(4711).unwrap();
    builder
        .set_serial_number(&Asn1Integer::from_bn(&serial).unwrap())
        .unwrap();
}

fn certificate(subject: &[(&str, &str)], mail: Option<&str>) -> Certificate {
    let authority = authority();
    let mut name = X509NameBuilder::new().unwrap();
    for (key, value) in subject {
        name.append_entry_by_text(key, value).unwrap();
    }
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&name.build()).unwrap();
    builder
        .set_issuer_name(authority.root.subject_name())
        .unwrap();
    builder.set_pubkey(&authority.leaf_key).unwrap();
    dates(&mut builder);
    let usage = KeyUsage::new()
        .critical()
        .key_encipherment()
        .digital_signature()
        .build()
        .unwrap();
    builder.append_extension(usage).unwrap();
    if let Some(mail) = mail {
        let context = builder.x509v3_context(None, None);
        let extension = SubjectAlternativeName::new()
            .email(mail)
            .build(&context)
            .unwrap();
        builder.append_extension(extension).unwrap();
    }
    builder
        .sign(&authority.root_key, MessageDigest::sha256())
        .unwrap();
    Certificate::from_der(&builder.build().to_der().unwrap()).unwrap()
}

fn judged(certificate: Certificate, address: &Address, bindings: Vec<BindingRule>) -> Judged {
    let root = Certificate::from_der(&authority().root.to_der().unwrap()).unwrap();
    let path = path(&certificate, &[], &Anchors::new(vec![root]), start());
    let rules = Rules {
        revocation: RevocationPolicy::WhenAvailable,
        allow_test_roots: false,
        bindings,
    };
    let verdict = judge(&path, &[], address, None, &rules, start());
    assert!(verdict.is_ok(), "{verdict:?}");
    Judged {
        sha256: certificate.sha256(),
        certificate: Some(certificate),
        sources: vec![source()],
        asked_at: at("2026-11-12T08:55:00"),
        verdict,
        is_set_aside: false,
    }
}

fn source() -> Source {
    Source {
        directory: "OCES".to_owned(),
        entry: "cn=eksempel,c=DK".to_owned(),
        security: Security::Tls,
        trust_binding: false,
    }
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn assessment(text: &str, judged: Vec<Judged>, failures: Vec<Failure>) -> Arc<Assessment> {
    Arc::new(Assessment::new(
        address(text),
        judged,
        failures,
        None,
        start(),
    ))
}

/// Has a certificate that names the address.
pub(crate) fn person(text: &str, name: &str) -> Arc<Assessment> {
    let certificate = certificate(&[("CN", name), ("O", "Politiet")], Some(text));
    assessment(
        text,
        vec![judged(certificate, &address(text), Vec::new())],
        Vec::new(),
    )
}

/// Has a certificate that is bound by the organisation's number.
pub(crate) fn organisation(text: &str, name: &str) -> Arc<Assessment> {
    let number = "NTRDK-12345678";
    let certificate = certificate(
        &[
            ("CN", name),
            ("O", name),
            ("organizationIdentifier", number),
        ],
        None,
    );
    let rule = BindingRule {
        scope: Scope::Address(address(text)),
        to: BoundTo::Organisation(OrganisationNumber::parse(number).unwrap()),
    };
    assessment(
        text,
        vec![judged(certificate, &address(text), vec![rule])],
        Vec::new(),
    )
}

/// Has none.
pub(crate) fn not_found(text: &str) -> Arc<Assessment> {
    assessment(text, Vec::new(), Vec::new())
}

/// The directory did not answer.
pub(crate) fn not_checked(text: &str) -> Arc<Assessment> {
    let failure = Failure {
        source: "OCES".to_owned(),
        code: FailureCode::Timeout,
        message: "5 s".to_owned(),
    };
    assessment(text, Vec::new(), vec![failure])
}

/// Has one with this problem.
pub(crate) fn with_problem(text: &str, problem: Problem) -> Arc<Assessment> {
    let certificate = certificate(&[("CN", "Eva Berg")], Some(text));
    let mut judged = judged(certificate, &address(text), Vec::new());
    judged.verdict = Err(vec![problem]);
    assessment(text, vec![judged], Vec::new())
}

/// Belongs to another organisation than before.
pub(crate) fn other_organisation(text: &str) -> Arc<Assessment> {
    let of = |name: &str| Organisation {
        name: Some(name.to_owned()),
        number: None,
    };
    let problem = Problem::OrganisationChanged {
        before: of("Eksempelby Kommune"),
        now: Some(of("Fremmed ApS")),
    };
    with_problem(text, problem)
}

/// What the window is told.
pub(crate) fn setup(lang: Lang) -> Setup {
    Setup {
        readiness: Readiness::Ready,
        senders: vec![
            Mailbox::parse("Anne Østergaard <anne@advokat-eksempel.dk>").unwrap(),
            Mailbox::parse("Kontoret <post@advokat-eksempel.dk>").unwrap(),
        ],
        account: "anne".to_owned(),
        policy: Policy::default(),
        size_limit: Some(35_000_000),
        hold: SignedDuration::from_secs(10),
        keep_receipts: false,
        drafts: Drafts::Sealed,
        texts: BTreeMap::new(),
        lang,
        theme: Theme::Light,
        zoom: 100,
        edition: Edition::Product,
        has_demo: true,
        has_drop: true,
    }
}

/// A state without a window, with a clock that is moved by hand.
pub(crate) struct Desk {
    pub(crate) state: State,
    pub(crate) now: Timestamp,
    pub(crate) jobs: Vec<Job>,
}

impl Desk {
    pub(crate) fn new(lang: Lang) -> Self {
        Self::with(setup(lang))
    }

    pub(crate) fn with(setup: Setup) -> Self {
        Self {
            state: State::new(setup, DraftId::random().unwrap()),
            now: start(),
            jobs: Vec::new(),
        }
    }

    pub(crate) fn step(&mut self, message: Message) {
        self.jobs.extend(update(&mut self.state, message, self.now));
    }

    pub(crate) fn run(&mut self, command: Command) {
        self.step(Message::Command(command));
    }

    pub(crate) fn hear(&mut self, event: Report) {
        self.step(Message::Event(event));
    }

    pub(crate) fn wait(&mut self, millis: i64) {
        self.now += SignedDuration::from_millis(millis);
        self.step(Message::Tick);
    }

    /// Types recipients into To and leaves the field.
    pub(crate) fn address(&mut self, text: &str) {
        use segl::app::place::Place;
        self.step(Message::Focus(Place::Field(Kind::To)));
        self.state.rows.row_mut(Kind::To).typed = text.to_owned();
        self.step(Message::Edited(Place::Field(Kind::To)));
        self.step(Message::Focus(Place::Subject));
    }

    pub(crate) fn find(&mut self, found: Arc<Assessment>) {
        self.hear(Report::Assessed(found));
    }

    /// The jobs since the last time.
    pub(crate) fn take(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }
}

/// A window without a screen.
pub(crate) type Screen = Harness<'static, Window>;

/// Opens a window on a state. Passes are 1/20 s apart.
pub(crate) fn open(desk: Desk) -> Screen {
    open_sized(desk, egui::vec2(760.0, 640.0), 1.0)
}

pub(crate) fn open_sized(desk: Desk, size: Vec2, scale: f32) -> Screen {
    let begin = desk.now;
    let clock = move |ctx: &egui::Context| {
        begin + SignedDuration::from_millis(ctx.input(|i| i.time * 1000.0) as i64)
    };
    let window = Window::new(desk.state, Box::new(clock));
    let mut screen = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(scale)
        .with_step_dt(0.05)
        .build_ui_state(|ui, window: &mut Window| window.ui(ui), window);
    screen.run_ok();
    screen
}

/// What a test does with a window.
pub(crate) trait Hands {
    fn press(&mut self, key: Key, modifiers: Modifiers);
    fn hold(&mut self, key: Key, modifiers: Modifiers, times: usize);
    fn text(&mut self, text: &str);
    fn pass(&mut self, millis: u64);
    fn hear(&mut self, event: Report);
    fn jobs(&mut self) -> Vec<Job>;
    fn focused(&self) -> Option<String>;
    fn spoken(&self) -> String;
}

impl Hands for Screen {
    fn press(&mut self, key: Key, modifiers: Modifiers) {
        self.key_press_modifiers(modifiers, key);
        self.run_ok();
    }

    fn hold(&mut self, key: Key, modifiers: Modifiers, times: usize) {
        for _ in 0..times {
            self.event(Event::Key {
                key,
                physical_key: None,
                pressed: true,
                repeat: false,
                modifiers,
            });
            self.run_ok();
        }
    }

    fn text(&mut self, text: &str) {
        self.event(Event::Text(text.to_owned()));
        self.run_ok();
    }

    fn pass(&mut self, millis: u64) {
        self.run_steps(usize::try_from(millis / 50).unwrap() + 1);
    }

    fn hear(&mut self, event: Report) {
        let ctx = self.ctx.clone();
        self.state_mut().hear(event, &ctx);
        self.run_ok();
    }

    fn jobs(&mut self) -> Vec<Job> {
        let ctx = self.ctx.clone();
        self.state_mut().take_jobs(&ctx)
    }

    fn focused(&self) -> Option<String> {
        let node = self.query_all_by(|n| n.is_focused()).next()?;
        node.accesskit_node().label().or(node.value())
    }

    fn spoken(&self) -> String {
        self.state().state.voice.newest().to_owned()
    }
}
