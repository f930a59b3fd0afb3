//! Opening a received mail: read, opened with the user's keys, judged, and put into words. Asks no network.

use std::{io, path::Path, sync::Arc};

use zeroize::Zeroizing;

use super::{Real, read};
use crate::{
    app::{
        received::{Handle, KeyFile, Mail, NotOpened, Opens, Origin, Remedy},
        run::now,
        setup::Source,
        worker::Failed,
    },
    keys::{PinTries, TokenError, TokenState},
    segl::{self, Held, HeldKeys, Opener, ReadError, SoftKey, TokenPlace},
    words::{Means, Stop},
};

/// Octets of a file at most; more than what is opened, so that the opener says it.
const MAX_MAIL: u64 = 201 << 20;
/// Octets of a key file at most.
const MAX_KEY: u64 = 4 << 20;

impl Opens for Real {
    fn open_received(
        &self,
        origin: &Origin,
        key: Option<&KeyFile>,
    ) -> Result<Mail, Box<NotOpened>> {
        let octets = match origin {
            Origin::Octets(octets) => octets.as_ref().clone(),
            Origin::Source(source) => read(source, MAX_MAIL).map_err(|e| self.no_file(&e))?,
        };
        // Standard input cannot be read again, when a key is found for it.
        let kept = match origin {
            Origin::Source(Source::Stdin) => Some(Arc::new(octets.clone())),
            Origin::Octets(octets) => Some(Arc::clone(octets)),
            Origin::Source(Source::File(_)) => None,
        };
        let with_kept = |closed: Box<NotOpened>| {
            Box::new(NotOpened {
                kept: kept.clone(),
                ..*closed
            })
        };
        let given = match key {
            Some(file) => self.key_of(file).map_err(with_kept)?,
            None => Vec::new(),
        };
        let segl = self.segl();
        // Where they cannot be had now, what does not need them still opens; and else it is said.
        let (held, locked) = match segl.held_keys() {
            Ok(held) => {
                let damaged = held
                    .damaged
                    .first()
                    .map(|file| self.words.own_damaged(file));
                (held, damaged)
            }
            Err(cause) => (
                HeldKeys::default(),
                Some(self.words.key(&cause, Means::Nothing)),
            ),
        };
        let openers = given.iter().map(|key| key as &dyn Opener);
        let openers: Vec<_> = openers.chain(held.keys.iter().map(Held::opener)).collect();
        match segl::read_message(octets, &openers, segl.trust(), now()) {
            Ok(read) => Ok(Mail::of(read, &self.words)),
            Err(cause @ ReadError::KeyAway) => Err(with_kept(self.away(&cause, &held.keys))),
            Err(cause) => Err(with_kept(self.closed(&cause, locked.as_ref()))),
        }
    }

    fn save_part(&self, mail: &Handle, index: usize, path: &Path) -> Result<(), Failed> {
        let Some(read) = mail.message() else {
            let cause = io::Error::from(io::ErrorKind::NotFound);
            return Err(Self::trouble(&self.words.no_mail_file(), &cause));
        };
        segl::save_part(read, index, path)
            .map_err(|e| Self::trouble(&self.words.part_not_saved(&e), &e))
    }
}

impl Real {
    /// The keys of a file.
    fn key_of(&self, file: &KeyFile) -> Result<Vec<SoftKey>, Box<NotOpened>> {
        let source = Source::File(file.path.clone());
        let octets = read(&source, MAX_KEY).map_err(|e| self.no_file(&e))?;
        let octets = Zeroizing::new(octets);
        segl::own_keys(&octets, &file.secret.0)
            .map(|bundle| bundle.keys)
            .map_err(|cause| {
                Box::new(NotOpened {
                    is_locked: matches!(cause, segl::Pkcs12Error::WrongPassword),
                    ..*not_opened(&self.words.key_file(&cause), &cause, Remedy::Key)
                })
            })
    }

    fn no_file(&self, cause: &io::Error) -> Box<NotOpened> {
        let stop = if cause.kind() == io::ErrorKind::FileTooLarge {
            let limit = ReadError::TooLarge { limit: 200 << 20 };
            self.words.not_opened_mail(&limit)
        } else {
            self.words.no_mail_file()
        };
        not_opened(&stop, cause, Remedy::Again)
    }

    /// The key is in a card: which, and how that stands. One that wants its PIN before one that is not there.
    fn away(&self, cause: &ReadError, held: &[Held]) -> Box<NotOpened> {
        let places: Vec<TokenPlace> = held.iter().filter_map(Held::place).collect();
        let wants_pin = |place: &TokenPlace| match place.state {
            TokenState::Locked { tries, .. } => tries != PinTries::None,
            _ => false,
        };
        let card = places.iter().find(|place| wants_pin(place));
        let mut stop = self.words.not_opened_mail(cause);
        if let Some(place) = card.or(places.iter().find(|p| p.state != TokenState::Ready)) {
            let why = match &place.state {
                TokenState::Ready | TokenState::Absent => TokenError::Absent,
                TokenState::Locked { .. } if wants_pin(place) => TokenError::Locked,
                TokenState::Locked { tries, .. } => TokenError::WrongPin(*tries),
                TokenState::Unreachable(cause) => cause.clone(),
            };
            let told = self.words.token(&place.token, &why);
            stop.what = format!("{} {}", stop.what, told.what);
            stop.next = told.next;
        }
        Box::new(NotOpened {
            card: card.cloned(),
            ..*not_opened(&stop, cause, Remedy::Again)
        })
    }

    fn closed(&self, cause: &ReadError, locked: Option<&Stop>) -> Box<NotOpened> {
        let mut stop = self.words.not_opened_mail(cause);
        let remedy = match (cause, locked) {
            (ReadError::NoKey { .. }, Some(locked)) => {
                stop.what = format!(
                    "{} {}",
                    stop.what,
                    self.words
                        .with("own-locked", &[("detail", locked.what.as_str().into())])
                );
                stop.next.clone_from(&locked.next);
                Remedy::Again
            }
            (ReadError::NoKey { .. }, None) => {
                stop.next = self.words.say("read-next-key-file");
                Remedy::Key
            }
            _ => Remedy::None,
        };
        not_opened(&stop, cause, remedy)
    }
}

fn not_opened(stop: &Stop, cause: &dyn std::error::Error, remedy: Remedy) -> Box<NotOpened> {
    Box::new(NotOpened {
        trouble: *Real::trouble(stop, cause),
        remedy,
        kept: None,
        is_locked: false,
        card: None,
    })
}
