//! The first run: by keys, at every size, in both languages, and against embedded servers.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use segl::{
    app::{
        assistant::{
            Act, Ask, Assistant, Found, Line, Preset, Spot, Standing, Step, Told, Waiting,
        },
        command::Command,
        message::{Event as Report, Job, Message},
        page::Page,
        place::Place,
        setup::Readiness,
        stops,
        theme::Theme,
    },
    config::Security,
    demo::{MailOptions, MailServer, ServerCertificates},
    discovery::Discovery,
    mail::Address,
    net::{DnsFault, Https, Names, Reach, Roots},
    segl::{Answers, Chosen, DeviceCode, DirectoryAnswer, FirstRun, SignInWay},
    words::{Lang, Words},
};

use crate::support::*;

fn fresh(lang: Lang) -> Desk {
    let mut setup = setup(lang);
    setup.readiness = Readiness::NoSettings;
    setup.senders.clear();
    Desk::with(setup)
}

fn shown(desk: &Desk) -> &Assistant {
    match &desk.state.page {
        Page::Assistant(shown) => shown,
        other => panic!("{other:?}"),
    }
}

fn on_screen(screen: &Screen) -> &Assistant {
    match &screen.state().state.page {
        Page::Assistant(shown) => shown,
        other => panic!("{other:?}"),
    }
}

/// What a firm's domain says: Exchange Online, with a name for Segl that its IT registered.
fn exchange_online() -> Found {
    let folder = tempfile::tempdir().unwrap();
    // Nobody is asked: a provider's own domain is known.
    let https = Https::new(&Roots::Only(Vec::new()), Names::System, Reach::Public).unwrap();
    let nowhere = Discovery::new(https, Err(Arc::new(DnsFault::Timeout)));
    let run = FirstRun::new(paths(folder.path()), "anne".to_owned());
    let run = run.with_discovery(nowhere).with_base(
        "[submission.oauth]\n\
         authorization_endpoint = \"https://login.microsoftonline.com/common/oauth2/v2.0/authorize\"\n\
         token_endpoint = \"https://login.microsoftonline.com/common/oauth2/v2.0/token\"\n\
         device_endpoint = \"https://login.microsoftonline.com/common/oauth2/v2.0/devicecode\"\n\
         client_id = \"11111111-2222-3333-4444-555555555555\"\nscopes = [\"offline_access\"]\n"
            .parse()
            .unwrap(),
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let address = Address::parse("anne@outlook.com").unwrap();
    let (servers, _) = runtime.block_on(run.find(&address)).unwrap();
    Found {
        servers,
        notes: Vec::new(),
        by_hand: run.ways_by_hand(),
    }
}

fn paths(folder: &Path) -> segl::config::Paths {
    segl::config::Paths {
        policy: folder.join("policy.toml"),
        policy_owner: 0,
        file: folder.join("config/segl.toml"),
        data: folder.join("data"),
    }
}

/// The number of the question that is open.
fn asked(jobs: &[Job]) -> u32 {
    jobs.iter()
        .find_map(|job| match job {
            Job::Assistant(
                Ask::Find(n, _)
                | Ask::Browser(n, _)
                | Ask::Device(n, _)
                | Ask::Password(n, ..)
                | Ask::Test(n, _)
                | Ask::Finish(n, _),
            ) => Some(*n),
            _ => None,
        })
        .unwrap()
}

#[test]
fn with_a_browser_sign_in_it_takes_at_most_twelve_key_presses() {
    let mut screen = open(fresh(Lang::En));
    let mut presses = 0;
    let mut press = |screen: &mut Screen, key: Key| {
        screen.press(key, Modifiers::NONE);
        presses += 1;
    };
    press(&mut screen, Key::Num1);
    assert_eq!(screen.focused().as_deref(), Some("Mail address"));
    // The address itself is not counted: it has to be typed in any program.
    screen.text("anne@outlook.com");
    press(&mut screen, Key::Enter);
    let number = asked(&screen.jobs());
    screen.hear(Report::Assistant(Told::Found(
        number,
        Ok(exchange_online()),
    )));
    assert_eq!(
        screen.focused().as_deref(),
        Some("Use smtp-mail.outlook.com")
    );
    press(&mut screen, Key::Enter);
    assert_eq!(
        screen.focused().as_deref(),
        Some("Sign in with the browser")
    );
    press(&mut screen, Key::Enter);
    let number = asked(&screen.jobs());
    screen.hear(Report::Assistant(Told::Sent(
        number,
        "https://login.example/".to_owned(),
    )));
    assert_eq!(screen.focused().as_deref(), Some("Copy the address"));
    screen.hear(Report::Assistant(Told::SignedIn(number, Ok(()))));
    assert_eq!(screen.focused().as_deref(), Some("Files only"));
    press(&mut screen, Key::Enter);
    assert_eq!(on_screen(&screen).step, Step::Copies);
    press(&mut screen, Key::Enter);
    let number = asked(&screen.jobs());
    screen.hear(Report::Assistant(Told::Tried(number, Ok(lines()))));
    assert_eq!(screen.focused().as_deref(), Some("Save and begin"));
    press(&mut screen, Key::Enter);
    assert!(matches!(
        screen.jobs()[..],
        [Job::Assistant(Ask::Finish(..))]
    ));
    assert!(presses <= 12, "{presses}");
    assert_eq!(presses, 7);
    screen.hear(Report::Restarted(Box::new(setup(Lang::En))));
    assert_eq!(screen.focused().as_deref(), Some("To"));
}

fn line(standing: Standing, text: &str) -> Line {
    Line {
        standing,
        text: text.to_owned(),
    }
}

fn lines() -> Vec<Line> {
    let texts = [
        "The mail server answers: TLS 1.3, takes 35 MB. Sign-in accepted for anne@outlook.com",
        "OCES answered in 412 ms",
        "A mail to anne@outlook.com was encrypted, opened again by Segl and handed to the mail server. Whether it arrived is not known. It can be deleted.",
    ];
    texts.map(|text| line(Standing::Good, text)).to_vec()
}

#[test]
fn each_line_of_the_test_is_shown_and_said_when_its_answer_comes() {
    let mut desk = fresh(Lang::En);
    desk.run(Command::Assistant(Act::Begin));
    if let Page::Assistant(assistant) = &mut desk.state.page {
        "anne@outlook.com".clone_into(&mut assistant.address);
        assistant.found = Some(exchange_online());
        assistant.server = Some(0);
        assistant.step = Step::Copies;
    }
    desk.run(Command::Assistant(Act::NoCopy));
    let number = asked(&desk.take());
    let mut so_far = vec![
        line(Standing::Checking, "The mail server"),
        line(Standing::Checking, "A mail to yourself"),
    ];
    desk.hear(Report::Assistant(Told::Trying(number, so_far.clone())));
    assert_eq!(shown(&desk).lines, so_far);
    let focus = desk.state.focus.clone();
    so_far[0] = line(Standing::Good, "The mail server answers");
    desk.hear(Report::Assistant(Told::Trying(number, so_far.clone())));
    assert_eq!(desk.state.voice.newest(), "Good: The mail server answers");
    assert_eq!(shown(&desk).waiting, Waiting::Answer);
    assert_eq!(desk.state.focus, focus, "nothing moves");
    // Who does not wait for the mail is told that it was not waited for, and goes on.
    desk.run(Command::Escape);
    assert_eq!(shown(&desk).lines[1].standing, Standing::NotAwaited);
    so_far[1] = line(Standing::Good, "late");
    desk.hear(Report::Assistant(Told::Trying(number, so_far)));
    assert_eq!(shown(&desk).lines[1].standing, Standing::NotAwaited);
    desk.run(Command::Assistant(Act::Finish));
    assert!(matches!(desk.take()[..], [Job::Assistant(Ask::Finish(..))]));
}

#[test]
fn a_test_against_a_server_tells_checking_first_and_its_mail_last() {
    use Standing::{Bad, Checking, Good};
    let certificates = Arc::new(ServerCertificates::make_for(&["localhost"]).unwrap());
    let mail = MailServer::start(MailOptions::implicit_tls(Arc::clone(&certificates))).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("root.pem"), certificates.root_pem()).unwrap();
    std::fs::write(at("store.key"), "2a".repeat(32)).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(at("store.key"), private).unwrap();
    }
    let base = format!(
        "[data]\nkey_file = '{}'\n[submission]\nca_file = '{}'\n",
        at("store.key").display(),
        at("root.pem").display()
    );
    let run = FirstRun::new(paths(folder.path()), "anne".to_owned());
    let run = run.with_base(base.parse().unwrap());
    let desk = segl::app::assistant::Desk::new(run, Words::new(Lang::En), Box::new(|_| {}));
    let answers = Answers {
        name: String::new(),
        address: Address::parse("anne@firma-eksempel.dk").unwrap(),
        server: Some(Chosen {
            host: "localhost".to_owned(),
            port: mail.port(),
            security: Security::ImplicitTls,
            username: String::new(),
            way: SignInWay::None,
        }),
        directory: Some(DirectoryAnswer {
            name: "Nowhere".to_owned(),
            url: "ldaps://127.0.0.1:1".to_owned(),
            base: String::new(),
            root: None,
            is_oces: false,
        }),
        copy: None,
    };
    let told = std::sync::Mutex::new(Vec::new());
    let tell = |lines: Vec<Line>| told.lock().unwrap().push(lines);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let last = {
        let _here = runtime.enter();
        desk.test(&answers, &tell).unwrap()
    };
    let told = told.into_inner().unwrap();
    let standings = |lines: &[Line]| lines.iter().map(|l| l.standing).collect::<Vec<_>>();
    assert_eq!(standings(&told[0]), [Checking; 3], "{told:?}");
    assert!(told.len() >= 4, "each answer is told by itself: {told:?}");
    assert_eq!(standings(&last), [Good, Bad, Good], "{last:?}");
    assert!(last[2].text.contains("Whether it arrived is not known"));
    assert_eq!(mail.kept().len(), 1);
    assert_eq!(mail.kept()[0].rcpt_to, ["anne@firma-eksempel.dk"]);
    // Without the server there is no mail, and that is said too.
    mail.refuse_connections().unwrap();
    let last = {
        let _here = runtime.enter();
        desk.test(&answers, &|_| {}).unwrap()
    };
    assert_eq!(standings(&last), [Bad; 3], "{last:?}");
    assert!(last[2].text.contains("No test mail was sent"), "{last:?}");
}

#[test]
fn going_back_keeps_what_was_typed_and_a_late_answer_changes_nothing() {
    let mut desk = fresh(Lang::En);
    let act = |desk: &mut Desk, act| desk.run(Command::Assistant(act));
    act(&mut desk, Act::Begin);
    let Page::Assistant(assistant) = &mut desk.state.page else {
        panic!()
    };
    "Anne".clone_into(&mut assistant.name);
    "anne@outlook.com".clone_into(&mut assistant.address);
    act(&mut desk, Act::Find);
    let number = asked(&desk.take());
    // Somebody changes their mind while the network is asked.
    desk.run(Command::Escape);
    desk.hear(Report::Assistant(Told::Found(
        number,
        Ok(exchange_online()),
    )));
    assert_eq!(shown(&desk).step, Step::Address);
    assert!(shown(&desk).found.is_none());

    act(&mut desk, Act::Find);
    let number = asked(&desk.take());
    desk.hear(Report::Assistant(Told::Found(
        number,
        Ok(exchange_online()),
    )));
    act(&mut desk, Act::Use(0));
    assert_eq!(shown(&desk).step, Step::SignIn);
    for _ in 0..3 {
        desk.run(Command::Escape);
    }
    assert!(desk.state.is_welcome(), "back at the choices");
    act(&mut desk, Act::Begin);
    assert_eq!(shown(&desk).address, "anne@outlook.com");
    assert_eq!(shown(&desk).name, "Anne");
    // What was found for the same address is not asked for again.
    act(&mut desk, Act::Find);
    assert_eq!(shown(&desk).step, Step::Server);
    assert!(desk.take().is_empty());
}

#[test]
fn what_does_not_work_is_said_where_it_is_and_can_be_tried_again() {
    let mut screen = open(fresh(Lang::En));
    screen.press(Key::Num1, Modifiers::NONE);
    screen.text("not an address");
    screen.press(Key::Enter, Modifiers::NONE);
    assert!(screen.jobs().is_empty());
    assert!(
        screen.spoken().contains("not a mail address"),
        "{}",
        screen.spoken()
    );
    assert_eq!(screen.focused().as_deref(), Some("Mail address"));
    screen.press(Key::A, Modifiers::COMMAND);
    screen.text("anne@outlook.com");
    screen.press(Key::Enter, Modifiers::NONE);
    let number = asked(&screen.jobs());
    screen.hear(Report::Assistant(Told::Found(
        number,
        Ok(exchange_online()),
    )));
    screen.press(Key::Enter, Modifiers::NONE);
    screen.press(Key::Enter, Modifiers::NONE);
    let number = asked(&screen.jobs());
    let denied = "Signing in was declined in the browser. Nobody is signed in. Sign in again.";
    screen.hear(Report::Assistant(Told::SignedIn(
        number,
        Err(denied.to_owned()),
    )));
    assert_eq!(screen.spoken(), denied);
    assert_eq!(on_screen(&screen).step, Step::SignIn);
    assert_eq!(
        screen.focused().as_deref(),
        Some("Sign in with the browser")
    );
    screen.press(Key::Enter, Modifiers::NONE);
    assert!(matches!(
        screen.jobs()[..],
        [Job::Assistant(Ask::Browser(..))]
    ));
}

#[test]
fn a_code_for_another_device_is_shown_and_spoken() {
    let mut desk = fresh(Lang::Da);
    desk.run(Command::Assistant(Act::Begin));
    if let Page::Assistant(assistant) = &mut desk.state.page {
        "anne@outlook.com".clone_into(&mut assistant.address);
        assistant.found = Some(exchange_online());
    }
    desk.run(Command::Assistant(Act::Use(0)));
    desk.run(Command::Assistant(Act::Device));
    let number = asked(&desk.take());
    let code = DeviceCode {
        code: "WDJB-MJHT".to_owned(),
        page: "https://login.example/device".to_owned(),
        page_with_code: None,
    };
    desk.hear(Report::Assistant(Told::Code(number, code.clone())));
    assert_eq!(shown(&desk).waiting, Waiting::Code(code));
    assert!(desk.state.voice.newest().contains("WDJB-MJHT"));
}

#[test]
fn where_it_said_everything_only_the_address_is_asked() {
    let mut setup = setup(Lang::En);
    setup.readiness = Readiness::NoSender;
    setup.senders.clear();
    let mut screen = open(Desk::with(setup));
    assert_eq!(screen.focused().as_deref(), Some("Mail address"));
    screen.text("anne@advokat-eksempel.dk");
    screen.press(Key::Enter, Modifiers::NONE);
    assert!(matches!(
        screen.jobs()[..],
        [Job::Assistant(Ask::Finish(..))]
    ));
}

/// Every step as it looks when somebody comes to it.
pub(crate) fn steps(lang: Lang, theme: Theme) -> Vec<(&'static str, Desk)> {
    let at = |change: &dyn Fn(&mut Assistant)| {
        let mut desk = fresh(lang);
        desk.state.setup.theme = theme;
        desk.run(Command::Assistant(Act::Begin));
        if let Page::Assistant(assistant) = &mut desk.state.page {
            "anne@outlook.com".clone_into(&mut assistant.address);
            assistant.found = Some(exchange_online());
            assistant.server = Some(0);
            "anne@outlook.com".clone_into(&mut assistant.username);
            change(assistant);
        }
        // Forth and back: the focus is where it is when the step begins.
        desk.run(Command::Next);
        desk.wait(100);
        desk.take();
        desk
    };
    vec![
        ("address", at(&|a| a.step = Step::Address)),
        (
            "server",
            at(&|a| {
                a.step = Step::Server;
                if let Some(found) = &mut a.found {
                    let mut outside = found.servers[0].clone();
                    "mail.hosting.example".clone_into(&mut outside.server.host);
                    outside.server.must_be_confirmed = true;
                    found.servers.push(outside);
                    found.notes.push(match lang {
                    Lang::Da => "Kunne ikke kontrolleres: domænets egen fil hos outlook.com; ingen forbindelse.".to_owned(),
                    Lang::En => "Could not be checked: the domain's own file at outlook.com; no connection.".to_owned(),
                });
                }
            }),
        ),
        (
            "sign-in",
            at(&|a| {
                a.step = Step::SignIn;
                if let Some(found) = &mut a.found {
                    found.servers[0].lacks_client = true;
                    found.servers[0].ways = vec![SignInWay::Password];
                }
            }),
        ),
        (
            "browser",
            at(&|a| {
                a.step = Step::SignIn;
                a.waiting = Waiting::Browser("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=11111111".to_owned());
            }),
        ),
        (
            "recipients",
            at(&|a| {
                a.step = Step::Recipients;
                a.preset = Preset::Oces;
                "ldaps://database.oces-eksempel.dk".clone_into(&mut a.url);
                "c=DK".clone_into(&mut a.base);
            }),
        ),
        ("copies", at(&|a| a.step = Step::Copies)),
        (
            "test",
            at(&|a| {
                a.step = Step::Test;
                a.lines = lines();
                if lang == Lang::Da {
                    let said = [
                        "Mailserveren svarer: TLS 1.3, tager 35 MB. Login accepteret for anne@outlook.com",
                        "OCES svarede på 412 ms",
                        "En mail til anne@outlook.com blev krypteret, åbnet igen af Segl og afleveret til mailserveren. Om den er nået frem, vides ikke. Den kan slettes.",
                    ];
                    for (line, said) in a.lines.iter_mut().zip(said) {
                        said.clone_into(&mut line.text);
                    }
                }
            }),
        ),
    ]
}

#[test]
fn every_step_has_names_room_and_a_focus_in_both_languages() {
    let targets = [Role::Button, Role::TextInput, Role::PasswordInput];
    for lang in Lang::ALL {
        for (name, desk) in steps(lang, Theme::Light) {
            let mut screen = open(desk);
            screen.run_ok();
            for node in screen.query_all_by(|n| targets.contains(&n.role())) {
                let bounds = node.accesskit_node().raw_bounds().unwrap();
                let (width, height) = (bounds.x1 - bounds.x0, bounds.y1 - bounds.y0);
                let text = node.accesskit_node().label().unwrap_or_default();
                assert!(!text.trim().is_empty(), "{name}: a target without a name");
                assert!(
                    width >= 31.9 && height >= 31.9,
                    "{name}: {text}: {width} by {height}"
                );
            }
            let stops = stops::all(&screen.state().state).len();
            let mut seen = BTreeSet::new();
            for _ in 0..stops {
                let focused = screen.focused();
                assert!(
                    focused.as_ref().is_some_and(|n| !n.trim().is_empty()),
                    "{name}"
                );
                seen.extend(focused);
                screen.press(Key::Tab, Modifiers::NONE);
            }
            assert_eq!(seen.len(), stops, "{name}: {seen:?}");
        }
    }
}

#[test]
fn at_four_hundred_percent_no_step_is_cut_at_the_side() {
    for lang in Lang::ALL {
        for (name, desk) in steps(lang, Theme::Light) {
            // 1280 by 800 at 400 %.
            let mut screen = open_sized(desk, egui::vec2(320.0, 200.0), 1.0);
            screen.run_ok();
            let is_text = |role| matches!(role, Role::Label | Role::Button | Role::Heading);
            for node in screen.query_all_by(|n| is_text(n.role())) {
                let Some(bounds) = node.accesskit_node().raw_bounds() else {
                    continue;
                };
                let text = node
                    .accesskit_node()
                    .label()
                    .or(node.accesskit_node().value());
                assert!(
                    bounds.x0 >= 0.0 && bounds.x1 <= 320.5,
                    "{name}: {text:?}: {bounds:?}"
                );
            }
        }
    }
}

#[test]
fn a_password_is_never_in_what_a_screen_reader_or_a_log_is_told() {
    let mut desk = fresh(Lang::En);
    desk.run(Command::Assistant(Act::Begin));
    if let Page::Assistant(assistant) = &mut desk.state.page {
        "anne@outlook.com".clone_into(&mut assistant.address);
        assistant.found = Some(exchange_online());
    }
    desk.run(Command::Assistant(Act::Use(0)));
    desk.step(Message::Focus(Place::Assistant(Spot::Password)));
    let mut screen = open(desk);
    screen.text("hemmelig-42");
    let told: Vec<String> = screen
        .root()
        .children_recursive()
        .flat_map(|n| [n.accesskit_node().label(), n.value()])
        .flatten()
        .collect();
    assert!(!told.iter().any(|t| t.contains("hemmelig")), "{told:?}");
    assert!(!format!("{:?}", on_screen(&screen)).contains("hemmelig"));
    screen.press(Key::Enter, Modifiers::NONE);
    let jobs = screen.jobs();
    assert!(matches!(jobs[..], [Job::Assistant(Ask::Password(..))]));
    assert!(!format!("{jobs:?}").contains("hemmelig"));
}
