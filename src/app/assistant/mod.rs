//! The first run on a computer without settings: from the own address to a composer, in six steps of one screen each.
//!
//! Every answer stays as it was typed when somebody goes back. What was found is shown with its source before it is used,
//! and nothing is written before the last step. Never signs anybody in by itself: a key press begins it.

mod desk;
mod page;
mod places;
mod update;

use egui::Key;
use zeroize::Zeroizing;

pub use desk::{Desk, Line, Opener, Standing};
pub(super) use page::page_ui;
pub(super) use places::stops;
pub(super) use update::{edited, escape, hear, run};

use super::{
    command::{Chord, Command},
    message::Event,
    place::{On, Place},
    seam::Backend,
    setup::Setup,
    worker::Events,
};
use crate::{
    config::Security,
    mail::Address,
    segl::{Answers, DeviceCode, Proposal, SignInWay},
};

/// What is shown.
#[derive(Debug)]
pub struct Assistant {
    /// How far it is.
    pub step: Step,
    /// IT's policy says everything but who writes.
    pub is_only_address: bool,
    /// The name.
    pub name: String,
    /// The address.
    pub address: String,
    /// What was found for it; none while it is looked for.
    pub found: Option<Found>,
    /// The server that was chosen: one that was found, or the one that is typed.
    pub server: Option<usize>,
    /// Host, as typed.
    pub host: String,
    /// Port, as typed.
    pub port: String,
    /// Whether TLS begins with STARTTLS, as chosen by hand.
    pub starts_tls: bool,
    /// The user name, as typed.
    pub username: String,
    /// The way to sign in that was chosen.
    pub way: Option<SignInWay>,
    /// The password, as typed.
    pub password: Secret,
    /// What is waited for.
    pub waiting: Waiting,
    /// Where certificates are looked up.
    pub preset: Preset,
    /// The directory's address, as typed.
    pub url: String,
    /// Where it begins, as typed.
    pub base: String,
    /// The root certificate's file, as typed.
    pub root: String,
    /// The folder for readable copies, as typed; empty for none.
    pub copy: String,
    /// What the test said.
    pub lines: Vec<Line>,
    /// What went wrong on this step.
    pub error: Option<String>,
    /// Reports of an older attempt are not heard.
    attempt: u32,
}

/// What was found for an address.
#[derive(Debug, Default)]
pub struct Found {
    /// Servers, the best first.
    pub servers: Vec<Proposal>,
    /// What could not be asked or was refused, in words.
    pub notes: Vec<String>,
    /// How one can sign in to a server that is typed.
    pub by_hand: Vec<SignInWay>,
}

/// The steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Who writes.
    Address,
    /// Which mail server.
    Server,
    /// Signing in to it.
    SignIn,
    /// Where certificates are looked up.
    Recipients,
    /// Who can read copies of sent mail.
    Copies,
    /// Trying it.
    Test,
}

/// Where certificates are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// The directory of the Danish state's organisation certificates.
    Oces,
    /// Another one.
    Other,
    /// Nowhere: from files only.
    Files,
}

/// What is waited for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Waiting {
    /// Nothing.
    #[default]
    Nothing,
    /// An answer of the network or the disk.
    Answer,
    /// The browser, which was sent to this address.
    Browser(String),
    /// Somebody who types a code.
    Code(DeviceCode),
}

/// A password while it is typed. Its `Debug` tells nothing, and it is overwritten when dropped.
#[derive(Default)]
pub struct Secret(pub Zeroizing<String>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// What can be done here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Act {
    /// Begin, or go on where it was left.
    Begin,
    /// To the step before.
    Back,
    /// In a field: what the screen is for.
    Forward,
    /// Look for the server.
    Find,
    /// Use a server that was found.
    Use(usize),
    /// Use the one that is typed.
    UseTyped,
    /// STARTTLS, or TLS from the start.
    StartTls,
    /// Sign in with the browser.
    Browser,
    /// Sign in with a code on another device.
    Device,
    /// Sign in with the password.
    Password,
    /// Without signing in.
    NoSignIn,
    /// Copy the address that the browser was sent to.
    CopyLink,
    /// Wait no longer.
    StopWaiting,
    /// Choose where certificates are looked up.
    Preset(Preset),
    /// Take what is typed for it.
    TakePreset,
    /// No readable copy of sent mail.
    NoCopy,
    /// A readable copy in the folder.
    CopyTo,
    /// Try again.
    Test,
    /// Write the settings, and begin.
    Finish,
}

/// Where the focus can be here, other than on a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    /// The name.
    Name,
    /// The address.
    Address,
    /// The mail server's host.
    Host,
    /// Its port.
    Port,
    /// The user name.
    Username,
    /// The password.
    Password,
    /// The directory's address.
    Url,
    /// Where it begins.
    Base,
    /// The root certificate's file.
    Root,
    /// The folder for copies.
    Copy,
}

/// What the worker is asked for.
#[derive(Debug)]
pub enum Ask {
    /// Look for the mail server.
    Find(u32, Address),
    /// Sign in with the browser.
    Browser(u32, Box<Answers>),
    /// Sign in with a code on another device.
    Device(u32, Box<Answers>),
    /// Keep the password.
    Password(u32, Box<Answers>, Secret),
    /// Try everything.
    Test(u32, Box<Answers>),
    /// Write the settings.
    Finish(u32, Box<Answers>),
}

/// What the worker reports, each with the attempt that it belongs to.
#[derive(Debug)]
pub enum Told {
    /// What was found.
    Found(u32, Result<Found, String>),
    /// The browser was sent to this address.
    Sent(u32, String),
    /// This code is to be typed.
    Code(u32, DeviceCode),
    /// Signed in, or why not.
    SignedIn(u32, Result<(), String>),
    /// What the test says so far: every line, also those that wait for their answer.
    Trying(u32, Vec<Line>),
    /// What the test said.
    Tried(u32, Result<Vec<Line>, String>),
    /// Why nothing was written.
    NotFinished(u32, String),
    /// IT set this up: said once.
    SetUpBy(Option<String>),
}

impl Default for Assistant {
    fn default() -> Self {
        Self {
            step: Step::Address,
            is_only_address: false,
            name: String::new(),
            address: String::new(),
            found: None,
            server: None,
            host: String::new(),
            port: "465".to_owned(),
            starts_tls: false,
            username: String::new(),
            way: None,
            password: Secret::default(),
            waiting: Waiting::Nothing,
            preset: Preset::Files,
            url: String::new(),
            base: String::new(),
            root: String::new(),
            copy: String::new(),
            lines: Vec::new(),
            error: None,
            attempt: 0,
        }
    }
}

impl Assistant {
    /// Where IT's policy says everything but who writes.
    pub(super) fn only_address() -> Self {
        Self {
            is_only_address: true,
            ..Self::default()
        }
    }

    /// The text behind a field.
    pub(super) fn field(&mut self, spot: Spot) -> &mut String {
        match spot {
            Spot::Name => &mut self.name,
            Spot::Address => &mut self.address,
            Spot::Host => &mut self.host,
            Spot::Port => &mut self.port,
            Spot::Username => &mut self.username,
            Spot::Password => &mut self.password.0,
            Spot::Url => &mut self.url,
            Spot::Base => &mut self.base,
            Spot::Root => &mut self.root,
            Spot::Copy => &mut self.copy,
        }
    }

    /// The ways to sign in to the server that was chosen.
    pub(super) fn ways(&self) -> &[SignInWay] {
        let Some(found) = &self.found else { return &[] };
        match self.server {
            Some(index) => found.servers.get(index).map_or(&[], |p| &p.ways),
            None => &found.by_hand,
        }
    }

    /// How TLS begins, as chosen by hand.
    pub(super) fn security(&self) -> Security {
        if self.starts_tls {
            Security::StartTls
        } else {
            Security::ImplicitTls
        }
    }
}

impl Act {
    /// Its keys. Digits are for screens without a text field.
    pub fn chord(&self) -> Option<Chord> {
        let plain = |key| {
            Some(Chord {
                ctrl: false,
                shift: false,
                key,
            })
        };
        match self {
            Self::Begin => plain(Key::Num1),
            Self::Forward => plain(Key::Enter),
            _ => None,
        }
    }

    /// The key of its words in the catalogue.
    pub(super) fn key(&self) -> Option<&'static str> {
        Some(match self {
            Self::Begin => "do-begin",
            Self::Back => "do-step-back",
            Self::Forward => return None,
            Self::Find => "do-find-server",
            Self::Use(_) => "do-use-server",
            Self::UseTyped => "do-use-typed",
            Self::StartTls => "do-start-tls",
            Self::Browser => "do-sign-in-browser",
            Self::Device => "do-sign-in-device",
            Self::Password => "do-sign-in-password",
            Self::NoSignIn => "do-sign-in-none",
            Self::CopyLink => "do-copy-link",
            Self::StopWaiting => "do-stop-waiting",
            Self::Preset(Preset::Oces) => "do-preset-oces",
            Self::Preset(Preset::Other) => "do-preset-other",
            Self::Preset(Preset::Files) => "do-preset-files",
            Self::TakePreset => "do-take-preset",
            Self::NoCopy => "do-no-copy",
            Self::CopyTo => "do-copy-to",
            Self::Test => "do-test-again",
            Self::Finish => "do-finish",
        })
    }
}

impl Spot {
    /// What kind of thing it is.
    pub fn on(self) -> On {
        On::Line
    }
}

impl Ask {
    /// Does it. May block, and report more than once.
    pub(super) fn answer(self, backend: &dyn Backend, events: &Events) -> Event {
        let Some(desk) = backend.first_run() else {
            return Event::Failed(backend.panicked());
        };
        let tell = |told| events.send(Event::Assistant(told));
        let told = match self {
            Self::Find(attempt, address) => Told::Found(attempt, desk.find(&address)),
            Self::Browser(attempt, answers) => {
                let sent = |url: &str| tell(Told::Sent(attempt, url.to_owned()));
                Told::SignedIn(attempt, desk.browser(&answers, &sent))
            }
            Self::Device(attempt, answers) => {
                let show = |code: &DeviceCode| tell(Told::Code(attempt, code.clone()));
                Told::SignedIn(attempt, desk.device(&answers, &show))
            }
            Self::Password(attempt, answers, secret) => {
                Told::SignedIn(attempt, desk.password(&answers, secret))
            }
            Self::Test(attempt, answers) => {
                let so_far = |lines| tell(Told::Trying(attempt, lines));
                Told::Tried(attempt, desk.test(&answers, &so_far))
            }
            Self::Finish(attempt, answers) => {
                let finished = desk.finish(&answers).map(|segl| backend.go_on_with(segl));
                return match finished {
                    Ok(Some(setup)) => Event::Restarted(Box::<Setup>::new(setup)),
                    Ok(None) => Event::Failed(backend.panicked()),
                    Err(text) => Event::Assistant(Told::NotFinished(attempt, text)),
                };
            }
        };
        Event::Assistant(told)
    }
}

/// The commands that have keys here.
pub(super) fn keys(on: On) -> Vec<Command> {
    // On a button, Enter presses the button.
    let forward = (on == On::Line).then_some(Command::Assistant(Act::Forward));
    forward.into_iter().collect()
}

/// A field as a place.
pub(super) fn field(spot: Spot) -> Place {
    Place::Assistant(spot)
}
