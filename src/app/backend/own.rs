//! The own keys' side of the backend: what they add to a mail, cards and their PINs, key files taken in and written.

use std::{path::Path, sync::Arc, time::Duration};

use tokio::runtime::Handle;
use zeroize::Zeroizing;

use super::{
    super::{
        assistant::Secret, imports, message::Event, report::Step, seam::Failed, worker::Events,
    },
    Real, now,
};
use crate::{
    cert::{Fingerprint, Whose},
    keys::{KeyError, Pin, PinTries, Token, TokenError},
    segl::{OwnCertificates, OwnIdentity},
    words::Means,
};

/// How often it is looked whether the authorities' answers about own certificates are due.
const ASK: Duration = Duration::from_mins(1);

impl Real {
    /// What each sender's own certificates add to a mail. Blocks on disk and keyring.
    pub(super) fn tell_own(&self, events: &Events) {
        events.send(Event::Own(self.own_identities()));
        events.send(Event::Standing(self.segl().standing(now())));
        let endings = self.segl().own_endings_to_tell(now());
        if !endings.is_empty() {
            events.send(Event::Import(imports::Told::Endings(Whose::Own, endings)));
        }
    }

    pub(super) fn own_identities(&self) -> Vec<OwnIdentity> {
        let segl = self.segl();
        let senders = segl.config().senders.iter();
        senders
            .map(|s| segl.own_identity(&s.author().address, now()))
            .collect()
    }

    /// At the start and then from time to time: what the authorities say of own certificates. Without it they would never
    /// be known to be good, and no mail would be signed. Nothing is asked that is still known.
    pub(super) fn ask_about_own(self: &Arc<Self>, events: &Events) {
        let (real, events) = (Arc::downgrade(self), events.clone());
        tokio::spawn(async move {
            let (mut seen, mut own, mut known) = (None, OwnCertificates::default(), None);
            while let Some(now_real) = real.upgrade() {
                let segl = now_real.segl();
                let looked = Arc::clone(&segl);
                let look = move || (looked.at_hand(), looked.config().settings_sha256);
                let is_new = match tokio::task::spawn_blocking(look).await {
                    Ok(at_hand) => seen.replace(at_hand.clone()) != Some(at_hand),
                    // A panic says nothing of the keys; they are looked at again.
                    Err(_) => false,
                };
                if is_new {
                    let looked = Arc::clone(&segl);
                    // What cannot be had is told by whatever needs a key.
                    let had = tokio::task::spawn_blocking(move || looked.rests_on()).await;
                    own = had.ok().and_then(Result::ok).unwrap_or_default();
                }
                let found = segl.look_up_own(&own, now()).await;
                if known.as_ref() == Some(&found) {
                    drop(now_real);
                } else {
                    known = Some(found);
                    let telling = events.clone();
                    let _told =
                        tokio::task::spawn_blocking(move || now_real.tell_own(&telling)).await;
                }
                drop(segl);
                tokio::time::sleep(ASK).await;
            }
        });
    }

    /// Gives a card its PIN, once; without one the reader asks for it.
    pub(super) fn give_pin(&self, token: &Token, pin: Option<Secret>) -> Result<(), Failed> {
        let pin = pin.map(|mut typed| Pin::new(Zeroizing::new(std::mem::take(&mut *typed.0))));
        self.segl().unlock(token, pin).map_err(|cause| {
            let mut trouble = Self::trouble(&self.words.token(token, &cause), &cause);
            if matches!(
                cause,
                TokenError::WrongPin(PinTries::Fine | PinTries::Few | PinTries::Last)
                    | TokenError::PinLength
            ) {
                trouble.steps.insert(0, Step::Pin);
            }
            trouble
        })
    }

    /// Keeps the keys of a file for ever; how many they are.
    pub(super) fn keep_keys(&self, file: &Path, password: &Secret) -> Result<usize, Failed> {
        let segl = self.segl();
        let kept = segl.take_in_file(file, &password.0);
        let kept = kept.map_err(|cause| Self::trouble(&self.words.not_taken_in(&cause), &cause))?;
        let sealed = segl.seal_for_recovery(now());
        sealed.map_err(|cause| {
            let stop = self.words.kept_not_recoverable(kept.own.len(), &cause);
            Self::trouble(&stop, &cause)
        })?;
        Ok(kept.own.len())
    }

    /// Writes a backup of a kept key to a new file.
    pub(super) fn write_backup(
        &self,
        which: Fingerprint,
        file: &Path,
        password: &Secret,
    ) -> Result<(), Failed> {
        let done = self.segl().back_up(which, file, &password.0);
        done.map_err(|cause| Self::trouble(&self.words.not_backed_up(&cause), &cause))
    }

    /// Asks the authorities about own certificates, and tests them: with how many something is wrong.
    pub(super) fn tested_own(&self) -> Result<usize, Failed> {
        let segl = self.segl();
        let no_key =
            |cause: KeyError| Self::trouble(&self.words.key(&cause, Means::Nothing), &cause);
        let own = segl.rests_on().map_err(no_key)?;
        Handle::current().block_on(segl.look_up_own(&own, now()));
        let tested = segl.test_own(now()).map_err(no_key)?;
        let bad = tested.verdicts.iter().filter(|v| !v.is_good()).count();
        Ok(bad + tested.faults.len() + tested.damaged.len())
    }
}
