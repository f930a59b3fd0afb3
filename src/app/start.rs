//! Starting the window: arguments and settings become what it begins with.
//!
//! Broken or missing settings open a window with choices, never only an error. Without a display the demo does the same
//! job in the terminal.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use clap::Parser as _;
use jiff::SignedDuration;

use super::{
    aids::{self, Wishes},
    another::Another,
    args::Args,
    backend::Real,
    choices::Choices,
    run::{Start, run},
    setup::{Drafts, Edition, Fields, Readiness, Setup},
    theme::Theme,
    worker::Backend,
};
use crate::{
    cert::known_root,
    config::{Config, ConfigError, Paths},
    segl::{self, Preferences, Segl},
    words::{Lang, Words},
};

/// The settings file that a new user begins with: everything commented out.
const TEMPLATE: &str = include_str!("../../assets/segl.toml");

/// The demo for a terminal: its language, and the exit code.
pub type TerminalDemo = fn(Lang) -> u8;

/// Runs the desktop program with the arguments of the process, and gives its exit code. Without a display the demo is
/// the one given here: this module does not know the command line.
pub fn main(terminal: Option<TerminalDemo>) -> u8 {
    let args = Args::parse();
    let lang = args
        .lang
        .unwrap_or_else(|| Lang::of_locale(&sys_locale::get_locale().unwrap_or_default()));
    if args.demo || args.demo_at.is_some() {
        return show_demo(&args, lang, terminal);
    }
    let Some(paths) = Paths::of_machine(args.config.clone().or_else(named)) else {
        return failed(&Words::new(lang).say("cli-no-home"));
    };
    let another = args.another();
    match prepared(&paths, &args, lang) {
        Ok((setup, segl)) if args.outbox_runner => match setup.readiness {
            Readiness::Ready => run_outbox(&segl),
            // The mail waits for a window in which the settings can be put right.
            Readiness::NoSettings | Readiness::NoSender | Readiness::Broken { .. } => 2,
        },
        Ok((setup, segl)) => {
            let windows = another.clone();
            let code = show(&args, setup, move |setup| {
                Real::new(segl, Some(paths), setup, another)
            });
            windows.wait();
            code
        }
        Err(text) => failed(&text),
    }
}

/// Goes on with the outbox after the last window was closed.
fn run_outbox(segl: &Segl) -> u8 {
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => {
            runtime.block_on(super::outgoing::run_alone(segl));
            0
        }
        Err(cause) => failed(&cause.to_string()),
    }
}

/// What the window begins with under these settings, and what answers it: for a measurement without a screen.
pub fn begun(paths: Paths, lang: Lang) -> Result<(Setup, Arc<dyn Backend>), String> {
    let (setup, segl) = prepared(&paths, &Args::parse_from(["segl-desktop"]), lang)?;
    let real = Real::new(segl, Some(paths), setup.clone(), Another::default());
    Ok((setup, Arc::new(real)))
}

/// The settings file that the environment names.
fn named() -> Option<std::path::PathBuf> {
    std::env::var_os("SEGL_CONFIG")
        .filter(|v| !v.is_empty())
        .map(Into::into)
}

/// Settings and Segl; where the settings cannot be used, a Segl that can keep drafts and send nothing.
fn prepared(paths: &Paths, args: &Args, lang: Lang) -> Result<(Setup, Segl), String> {
    let words = Words::new(lang);
    let account = segl::account();
    let (config, mut readiness) = match Config::load(paths) {
        Ok(config) => (Ok(config), Readiness::Ready),
        Err(ConfigError::Missing(_)) => (Config::without_settings(paths), Readiness::NoSettings),
        Err(cause) => (
            Config::without_settings(paths),
            broken(&words.settings(&cause), &cause),
        ),
    };
    let config = config.map_err(|e| e.to_string())?;
    let segl = match Segl::open(config, account.clone()) {
        Ok(segl) => segl,
        Err(cause) => {
            readiness = broken(&words.not_opened(&cause), &cause);
            let bare = Config::without_settings(paths).map_err(|e| e.to_string())?;
            Segl::open(bare, account).map_err(|e| e.to_string())?
        }
    };
    // IT has said everything but who writes here.
    let config = segl.config();
    let lacks_sender = config.senders.is_empty() && config.submission.is_some();
    if readiness == Readiness::Ready && lacks_sender && config.is_managed && !paths.file.exists() {
        readiness = Readiness::NoSender;
    }
    Ok((
        setup(&segl, readiness, edition(&segl), args.theme, lang),
        segl,
    ))
}

/// Whether certificates for testing count here.
fn edition(segl: &Segl) -> Edition {
    let mut anchors = segl.trust().anchors().certificates().iter();
    if anchors.any(|a| known_root(a).is_some_and(|(_, test)| test)) {
        Edition::Test
    } else {
        Edition::Product
    }
}

/// The same window with the settings that the first run wrote.
pub(super) fn ready(segl: &Segl, before: &Setup) -> Setup {
    let theme = Some(before.theme);
    setup(segl, Readiness::Ready, edition(segl), theme, before.lang)
}

/// Who set this computer up, where that was not the user and was not said before.
#[expect(
    clippy::option_option,
    reason = "whether it is said, and whether the firm gave its name"
)]
pub(super) fn greeting(config: &Config, lang: Lang) -> Option<Option<String>> {
    const SAID: &str = "greeted";
    let is_said = || Preferences::load(&config.data).0.has(SAID);
    if !config.is_managed || config.senders.is_empty() || is_said() {
        return None;
    }
    // Where this cannot be remembered it is said again next time.
    let _remembered = Preferences::set(&config.data, SAID, true);
    Some(config.texts.text("firm", lang).map(str::to_owned))
}

fn broken(stop: &crate::words::Stop, cause: &dyn std::error::Error) -> Readiness {
    Readiness::Broken {
        sentence: format!("{} {}", stop.what, stop.next),
        detail: cause.to_string(),
    }
}

fn setup(
    segl: &Segl,
    readiness: Readiness,
    edition: Edition,
    theme: Option<Theme>,
    lang: Lang,
) -> Setup {
    let config = segl.config();
    // What in the file is not understood is told by the backend.
    let (choices, _odd) = Choices::read(&config.data);
    Setup {
        readiness,
        senders: config.senders.iter().map(|s| s.author().clone()).collect(),
        account: segl.account().to_owned(),
        policy: config.policy.clone(),
        standing: config.standing,
        subject: config.subject.clone(),
        size_limit: None,
        hold: SignedDuration::try_from(config.hold).unwrap_or(SignedDuration::ZERO),
        keep_receipts: choices.keep_receipts,
        // Whether the store can be opened is found out on the worker's thread: a locked keyring may ask, and wait.
        drafts: Drafts::Sealed,
        texts: config.texts.all(lang),
        lang,
        theme: theme.or(choices.theme).unwrap_or_default(),
        zoom: choices.zoom,
        edition,
        example: Fields::default(),
        has_demo: cfg!(feature = "demo"),
        has_drop: std::env::var_os("WAYLAND_DISPLAY").is_none(),
        writing: Wishes {
            spelling: config.writing.spelling,
            language: config.writing.language.map(aids::language),
            has_signatures: config.senders.iter().any(|s| config.signature(s).is_some()),
        },
    }
}

fn show(args: &Args, setup: Setup, backend: impl FnOnce(Setup) -> Real + Send + 'static) -> u8 {
    let words = Words::new(setup.lang);
    let given = setup.clone();
    let start = Start {
        setup,
        opening: args.opening(),
        backend: Box::new(move |events| {
            let real = Arc::new(backend(given));
            real.begin(&events);
            real
        }),
    };
    match run(start) {
        Ok(()) => 0,
        Err(cause) => {
            failed(&words.with("window-not-opened", &[("detail", cause.to_string().into())]))
        }
    }
}

#[cfg(not(feature = "demo"))]
fn show_demo(_args: &Args, lang: Lang, _terminal: Option<TerminalDemo>) -> u8 {
    failed(&Words::new(lang).say("demo-unavailable"))
}

#[cfg(feature = "demo")]
fn show_demo(args: &Args, lang: Lang, terminal: Option<TerminalDemo>) -> u8 {
    if let Some(demo) = terminal.filter(|_| !has_display()) {
        return demo(lang);
    }
    let (another, run) = match &args.demo_at {
        Some(folder) => {
            let another = args.another();
            // Its own windows end before it does: the first one waits for it alone.
            another.needs(Box::new(()));
            let run = segl_of_demo(crate::demo::Demo::config_at(folder));
            let run = run.map(|segl| (demo_setup(&segl, lang, args.theme), segl));
            (another, run)
        }
        None => match demo_parts(lang, args.theme, &args.another()) {
            Ok((setup, segl, another)) => (another, Ok((setup, segl))),
            Err(cause) => (args.another(), Err(cause)),
        },
    };
    match run {
        Ok((setup, segl)) => {
            let windows = another.clone();
            let code = show(args, setup, move |setup| {
                Real::new(segl, None, setup, another)
            });
            windows.wait();
            code
        }
        Err(cause) => {
            failed(&Words::new(lang).with("demo-failed", &[("detail", cause.to_string().into())]))
        }
    }
}

/// Segl on the demo's servers, for a window that is open already.
#[cfg(feature = "demo")]
pub(super) fn demo(
    lang: Lang,
    theme: Option<Theme>,
    windows: &Another,
) -> Result<(Setup, Arc<dyn Backend>), Box<dyn std::error::Error>> {
    let (setup, segl, another) = demo_parts(lang, theme, windows)?;
    let real = Real::new(segl, None, setup.clone(), another);
    Ok((setup, Arc::new(real)))
}

#[cfg(feature = "demo")]
fn demo_parts(
    lang: Lang,
    theme: Option<Theme>,
    windows: &Another,
) -> Result<(Setup, Segl, Another), Box<dyn std::error::Error>> {
    let demo = crate::demo::Demo::start(super::run::now())?;
    let segl = segl_of_demo(demo.config())?;
    let setup = Setup {
        example: example(demo.world(), &Words::new(lang)),
        ..demo_setup(&segl, lang, theme)
    };
    let folder = demo.folder().to_owned();
    Ok((setup, segl, windows.at_demo(&folder, Box::new(demo))))
}

#[cfg(feature = "demo")]
fn segl_of_demo(config: Result<Config, ConfigError>) -> Result<Segl, Box<dyn std::error::Error>> {
    Ok(Segl::open(config?, "demo".to_owned())?)
}

#[cfg(feature = "demo")]
fn demo_setup(segl: &Segl, lang: Lang, theme: Option<Theme>) -> Setup {
    setup(segl, Readiness::Ready, Edition::Test, theme, lang)
}

/// A mail to one of each kind, that names everybody whom one can write to.
#[cfg(feature = "demo")]
fn example(world: &crate::demo::World, words: &Words) -> Fields {
    let people = world.people.iter();
    let lines: Vec<String> = people
        .map(|p| format!("{} <{}>", p.name, p.address))
        .collect();
    let first = |route: &str| world.people.iter().position(|p| p.wanted.route == route);
    let to = ["person", "organisation", "tls"].into_iter();
    Fields {
        to: to.filter_map(first).map(|i| lines[i].clone()).collect(),
        subject: Some(words.say("demo-subject")),
        body: Some(words.with("demo-text", &[("people", lines.join("\n").into())])),
        ..Fields::default()
    }
}

#[cfg(feature = "demo")]
fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// Writes a commented settings file if there is none, and shows it.
pub(super) fn open_settings(file: &Path) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    match OpenOptions::new().write(true).create_new(true).open(file) {
        Ok(mut made) => made.write_all(TEMPLATE.as_bytes())?,
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
        Err(e) => return Err(e),
    }
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    // Where no program opens it, the window says where the file lies.
    let quiet = Command::new(opener)
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match quiet {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn failed(text: &str) -> u8 {
    eprintln!("{text}");
    2
}
