//! The command line: arguments → one of the three verbs, or a look at something → words → exit code.
//!
//! Exit codes: 0 good, 1 not (nothing has left), 2 Segl could not do it (nothing has left), 3 something left or may have
//! left. Reads the clock; the layers below get time as an argument.

mod args;
mod assessment;
mod batch;
mod cert;
mod check;
mod contacts;
#[cfg(feature = "demo")]
mod demo;
mod doctor;
mod effective;
mod examine;
mod files;
mod json;
mod keys;
mod log;
mod login;
mod open;
mod others;
mod outbox;
mod output;
mod own;
mod pin;
mod relay;
mod report;
mod seal;
mod send;
mod tls;
mod tunnel;
mod watch;

#[cfg(feature = "demo")]
pub use demo::demo;

use std::{ffi::OsString, io, path::Path, time::Duration};

use clap::{CommandFactory as _, Parser as _, error::ErrorKind};
use jiff::Timestamp;

use self::{
    args::{Cli, LangArg, Verb},
    output::{Exit, Failure, Output},
};
use crate::{
    cert::ClockState,
    config::{Config, ConfigError, Paths},
    decide::Assessments,
    mail::{AddressError, Mailbox, MailboxError},
    segl::{self, Clock, Segl, SendError, Ship},
    words::{Lang, Means, Words},
};

/// Runs a command line and gives its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(cause) => return usage(&cause, arguments.iter().any(|a| a == "--json")),
    };
    let out = Output::new(language(cli.lang), cli.json);
    match verb(&cli, &out) {
        Ok(exit) => exit.code(),
        Err(failure) => out.failure(&failure),
    }
}

fn verb(cli: &Cli, out: &Output) -> Result<Exit, Failure> {
    let session = Session {
        config: cli.config.as_deref(),
        out,
    };
    match &cli.verb {
        Verb::Check(args) => check::run(args, &session),
        Verb::Send(args) => send::run(args, &session),
        Verb::Examine(args) => examine::run(args, &session),
        Verb::Seal(args) => seal::run(args, &session),
        Verb::Open(args) => open::run(args, &session),
        Verb::Cert(args::Cert::Show { file }) => cert::show(file, out),
        Verb::Cert(args::Cert::Check(args)) => {
            let config = session.config_if_any()?;
            cert::check(args, config.as_ref(), now(), out)
        }
        Verb::Log(verb) => log::run(verb, &session),
        Verb::Report(args) => report::run(args, &session),
        Verb::Contacts(verb) => contacts::run(verb, &session),
        Verb::Assessment(verb) => assessment::run(verb, &session),
        Verb::Relay(verb) => relay::run(verb, &session),
        Verb::Outbox(verb) => outbox::run(verb, &session),
        Verb::Config(args::ConfigVerb::Effective) => Ok(effective::show(&session.config()?, out)),
        Verb::Watch(verb) => watch::run(verb, &session),
        Verb::Tunnel(verb) => tunnel::run(verb, &session),
        Verb::Doctor => doctor::run(&session),
        Verb::Login(args) => login::login(args, &session),
        Verb::Logout => login::logout(&session),
        Verb::Password(verb) => keys::password(verb, &session),
        Verb::Keys(verb) => keys::backup(verb, &session),
        Verb::Completions { shell } => {
            let mut octets = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "segl", &mut octets);
            Output::octets(&octets);
            Ok(Exit::Good)
        }
        Verb::Man => man(),
        Verb::Cert(args::Cert::Import(args)) => own::import(args, &session),
        Verb::Cert(args::Cert::List) => own::list(&session),
        Verb::Cert(args::Cert::Test) => own::test(&session),
        Verb::Cert(args::Cert::Unpin { sha256, address }) => {
            others::unpin(address, sha256.as_deref(), &session)
        }
        Verb::Cert(args::Cert::Remove { sha256 }) => others::remove(sha256, &session),
        Verb::Cert(args::Cert::Export(args)) => own::export(args, &session),
        Verb::Cert(args::Cert::Restore(args)) => own::restore(args, &session),
        Verb::Cert(args::Cert::Forget { token }) => own::forget(token, &session),
        Verb::Tls(args) => tls::run(args, &session),
    }
}

/// So long a folder that the log is shipped to may keep the command line.
const SHIPPING: Duration = Duration::from_secs(10);

/// What a verb works with: settings and Segl, opened when it needs them.
struct Session<'a> {
    config: Option<&'a Path>,
    out: &'a Output,
}

impl Session<'_> {
    fn paths(&self) -> Result<Paths, Failure> {
        Paths::of_machine(self.config.map(Path::to_owned))
            .ok_or_else(|| Failure::new("no-home", self.out.words.say("cli-no-home"), ""))
    }

    fn config(&self) -> Result<Config, Failure> {
        Config::load(&self.paths()?).map_err(|e| self.unusable(&e))
    }

    /// `None` where there are none and none were named: some verbs work without.
    fn config_if_any(&self) -> Result<Option<Config>, Failure> {
        match Config::load(&self.paths()?) {
            Ok(config) => Ok(Some(config)),
            Err(ConfigError::Missing(_)) if self.config.is_none() => Ok(None),
            Err(cause) => Err(self.unusable(&cause)),
        }
    }

    fn segl(&self) -> Result<Segl, Failure> {
        Segl::open(self.config()?, segl::account()).map_err(|cause| {
            let stop = self.out.words.not_opened(&cause);
            Failure::new("settings", stop.what, stop.next)
        })
    }

    /// The same with the key at hand, for what is kept under it: without it nothing can be told of that, which is not
    /// the same as that there is none.
    fn segl_with_key(&self) -> Result<Segl, Failure> {
        let segl = self.segl()?;
        segl.vault().map_err(|cause| {
            let stop = self.out.words.key(&cause, Means::Nothing);
            Failure::new("key", stop.what, stop.next)
        })?;
        Ok(segl)
    }

    /// Runs what waits for networks to its end.
    fn run<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("segl-network")
            .enable_all()
            .build()
            .map_err(|e| {
                Failure::new("runtime", e.to_string(), self.out.words.say("next-again"))
            })?;
        Ok(runtime.block_on(work))
    }

    /// Removes what is kept longer than the firm wants. A desk that has no window does it here; that it failed is told
    /// and changes nothing of what was done.
    fn keep_retention(&self, segl: &Segl) {
        if let Err(cause) = segl.keep_retention(now()) {
            let detail = [("detail", cause.to_string().into())];
            Output::note(&self.out.words.with("report-not-purged", &detail));
        }
        self.ship(segl);
    }

    /// Ships the log where it is time. A folder that does not answer is left behind after some seconds: what is not
    /// shipped now is shipped later, and doctor tells how it stands.
    fn ship(&self, segl: &Segl) {
        if !segl.ships_now(now()) {
            return;
        }
        let Ok(other) = self.segl() else { return };
        let (done, waits) = std::sync::mpsc::channel();
        let work = move || {
            // What did not work is in the record's own notes, for doctor; nobody asked for it here.
            let _shipped = other.ship(Ship::WhenDue, now());
            let _nobody_waits = done.send(());
        };
        let thread = std::thread::Builder::new().name("segl-ship".to_owned());
        if thread.spawn(work).is_ok() {
            let _went_or_not = waits.recv_timeout(SHIPPING);
        }
    }

    fn unusable(&self, cause: &ConfigError) -> Failure {
        let stop = self.out.words.settings(cause);
        Failure::new(cause.code(), stop.what, stop.next)
    }
}

fn usage(cause: &clap::Error, is_json: bool) -> u8 {
    if matches!(
        cause.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        let _gone = cause.print();
        return 0;
    }
    let text = cause.render().to_string();
    if is_json {
        let failure = Failure::new("usage", text.trim(), "segl --help");
        return Output::new(Lang::En, true).failure(&failure);
    }
    Output::note(text.trim_end());
    2
}

fn man() -> Result<Exit, Failure> {
    let mut octets = Vec::new();
    let failed = |e: io::Error| Failure::new("output", e.to_string(), "");
    let mut command = Cli::command();
    command.build();
    render(&command, &mut octets).map_err(failed)?;
    Output::octets(&octets);
    Ok(Exit::Good)
}

/// The page of the program, and under it one section for each verb.
fn render(command: &clap::Command, octets: &mut Vec<u8>) -> io::Result<()> {
    clap_mangen::Man::new(command.clone()).render(octets)?;
    for verb in command.get_subcommands().filter(|v| !v.is_hide_set()) {
        let page = clap_mangen::Man::new(verb.clone());
        let name = verb.get_name().to_uppercase();
        octets.extend_from_slice(format!(".SH \"SEGL {name}\"\n").as_bytes());
        page.render_synopsis_section(octets)?;
        page.render_description_section(octets)?;
        page.render_options_section(octets)?;
        page.render_subcommands_section(octets)?;
        page.render_extra_section(octets)?;
    }
    Ok(())
}

fn language(chosen: Option<LangArg>) -> Lang {
    match chosen {
        Some(LangArg::Da) => Lang::Da,
        Some(LangArg::En) => Lang::En,
        None => Lang::of_locale(&sys_locale::get_locale().unwrap_or_default()),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "surfaces read the clock; the layers below get time as an argument"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

/// What was found of this computer's clock, which is the same for all recipients of one lookup.
fn clock_of(found: &Assessments) -> &ClockState {
    let first = found.values().next();
    first.map_or(&ClockState::Unheard, |known| known.clock())
}

/// The clock that the layers below are given.
const CLOCK: Clock<'static> = &now;

/// A code for scripts.
fn code(cause: &SendError) -> &'static str {
    match cause {
        SendError::NoRecipients => "no-recipients",
        SendError::OtherDraft => "other-draft",
        SendError::UnknownSender => "sender",
        SendError::Changed(_) => "changed",
        SendError::Make(_) => "message",
        SendError::NoMailServer => "no-mail-server",
        SendError::Archive { .. } => "archive",
        SendError::Key(_) => "key",
        SendError::Token { .. } => "token",
        SendError::NoPassword => "no-password",
        SendError::Record(_) => "record",
        SendError::Unmarked(_) => "drafts",
        SendError::Submit(_) => "mail-server",
        SendError::Relay(_) => "relay",
        SendError::Tracked(_) => "tracked",
        SendError::Eml(_) => "file",
    }
}

/// A mailbox from the command line.
fn mailbox(text: &str, words: &Words) -> Result<Mailbox, Failure> {
    Mailbox::parse(text).map_err(|bad| bad_address(&bad, words))
}

/// A text that is no address. A CPR number is refused, and not repeated: what a script prints is kept somewhere.
fn bad_address(bad: &MailboxError, words: &Words) -> Failure {
    if bad.cause == AddressError::Cpr {
        let (what, next) = (words.say("cpr-in-address"), words.say("next-digital-post"));
        return Failure::refused("cpr-in-address", what, next);
    }
    let args = [
        ("address", bad.text.as_str().into()),
        ("detail", bad.cause.to_string().into()),
    ];
    Failure::new(
        "address",
        words.with("cli-bad-address", &args),
        words.say("next-address"),
    )
}

/// A file as octets, at most `limit` of them; `-` is standard input.
fn read_file(file: &Path, limit: u64) -> io::Result<Vec<u8>> {
    segl::read_input(Some(file).filter(|f| *f != Path::new("-")), limit)
}
