//! The keyring of the operating system: Secret Service, Keychain, Credential Manager.
//!
//! Each call runs on one thread of its own, named, with a deadline. The Secret Service client blocks (and must not run
//! inside an async runtime), and a keyring that asks its owner for a password waits for as long as he does. A call
//! that has not begun when its time is up is dropped: nothing is written behind the back of whoever gave up.
//! The client looks for a keyring once: a program started before there was one finds none until it is started again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use keyring::{Entry, Error};
use zeroize::{Zeroize, Zeroizing};

use super::{KeyError, StoreKey};

const SERVICE: &str = "segl";
/// Long enough to type a password into the keyring's own prompt.
const DEADLINE: Duration = Duration::from_secs(30);

/// The store key with that id, or `None` where the keyring answers "no entry".
pub(super) fn key(id: &str) -> Result<Option<StoreKey>, KeyError> {
    match text(&key_user(id))? {
        Some(text) => StoreKey::from_text(text.as_bytes())?
            .ok_or(KeyError::EntryMalformed)
            .map(Some),
        None => Ok(None),
    }
}

/// Writes the store key under its id; a different key there is left alone and is an error.
pub(super) fn keep_key(key: &StoreKey) -> Result<(), KeyError> {
    let user = key_user(&key.id());
    if let Some(present) = text(&user)? {
        let present = StoreKey::from_text(present.as_bytes())?.ok_or(KeyError::EntryMalformed)?;
        return present.check(key.mark());
    }
    set_text(&user, key.to_text())
}

/// The text under a name, or `None` where the keyring answers "no entry".
pub(super) fn text(user: &str) -> Result<Option<Zeroizing<String>>, KeyError> {
    let user = user.to_owned();
    call(DEADLINE, move || {
        match Entry::new(SERVICE, &user)?.get_password() {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        }
    })
}

/// Writes the text under a name, over what was there.
pub(super) fn set_text(user: &str, text: Zeroizing<String>) -> Result<(), KeyError> {
    let user = user.to_owned();
    call(DEADLINE, move || {
        Entry::new(SERVICE, &user)?.set_password(&text)
    })
}

/// Removes the text under a name; that none was there is no error.
pub(super) fn delete(user: &str) -> Result<(), KeyError> {
    let user = user.to_owned();
    call(DEADLINE, move || {
        match Entry::new(SERVICE, &user)?.delete_credential() {
            Err(Error::NoEntry) => Ok(()),
            other => other,
        }
    })
}

fn key_user(id: &str) -> String {
    format!("store-key:{id}")
}

type Job = Box<dyn FnOnce() + Send>;

/// The thread ends with the program. One that hangs in a prompt makes the next calls wait for their own deadline.
static WORKER: LazyLock<std::io::Result<Sender<Job>>> = LazyLock::new(|| {
    let (sender, jobs) = channel::<Job>();
    std::thread::Builder::new()
        .name("segl-keyring".to_owned())
        .spawn(move || {
            for job in jobs {
                // A panic in the client library must end one call, not the keyring; its caller sees a closed channel.
                let _ = catch_unwind(AssertUnwindSafe(job));
            }
        })?;
    Ok(sender)
});

fn call<T: Send + 'static>(
    deadline: Duration,
    work: impl FnOnce() -> keyring::Result<T> + Send + 'static,
) -> Result<T, KeyError> {
    let worker = WORKER
        .as_ref()
        .map_err(|error| KeyError::Platform(error.to_string().into()))?;
    let (answer, answered) = sync_channel(1);
    let given_up = Arc::new(AtomicBool::new(false));
    let too_late = Arc::clone(&given_up);
    let job = move || {
        if !too_late.load(Ordering::Acquire) {
            // Nobody listening any more is what `given_up` says.
            let _ = answer.send(work());
        }
    };
    worker
        .send(Box::new(job))
        .map_err(|error| KeyError::Platform(Box::from(error.to_string())))?;
    match answered.recv_timeout(deadline) {
        Ok(result) => result.map_err(failure),
        Err(RecvTimeoutError::Timeout) => {
            given_up.store(true, Ordering::Release);
            Err(KeyError::Locked)
        }
        Err(RecvTimeoutError::Disconnected) => {
            Err(KeyError::Platform("the keyring client panicked".into()))
        }
    }
}

/// The crate's error can hold the secret itself: that never leaves here.
fn failure(error: Error) -> KeyError {
    match error {
        Error::NoDefaultStore => KeyError::NoKeyring,
        Error::NoStorageAccess(source) if was_never_made(source.as_ref()) => KeyError::NoKeyring,
        Error::NoStorageAccess(_) => KeyError::Locked,
        Error::BadEncoding(mut secret) | Error::BadDataFormat(mut secret, _) => {
            secret.zeroize();
            KeyError::EntryMalformed
        }
        Error::PlatformFailure(source) => KeyError::Platform(source),
        other => KeyError::Platform(other.to_string().into()),
    }
}

/// The Secret Service answers and has no default collection: a server where nobody ever logged in at a screen.
fn was_never_made(source: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    #[cfg(target_os = "linux")]
    let never = matches!(source.downcast_ref(), Some(secret_service::Error::NoResult));
    #[cfg(not(target_os = "linux"))]
    let never = {
        let _ = source;
        false
    };
    never
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyring_that_does_not_answer_counts_as_locked_and_what_waits_behind_it_is_dropped() {
        let (release, held) = channel::<()>();
        let (tell, told) = channel();
        let hanging = std::thread::Builder::new().spawn(move || {
            call(Duration::from_mins(10), move || {
                tell.send(()).unwrap();
                Ok(held.recv().is_err())
            })
        });
        told.recv().unwrap();
        let ran = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&ran);
        let behind = call(Duration::from_millis(1), move || {
            flag.store(true, Ordering::SeqCst);
            Ok(())
        });
        assert!(matches!(behind, Err(KeyError::Locked)));
        drop(release);
        assert!(hanging.unwrap().join().unwrap().unwrap());
        // The thread works in order: once this one has run, the dropped one has been passed over.
        call(Duration::from_mins(1), || Ok(())).unwrap();
        assert!(!ran.load(Ordering::SeqCst));
        let panicked = call(Duration::from_mins(1), || -> keyring::Result<()> {
            panic!("on purpose")
        });
        assert!(matches!(panicked, Err(KeyError::Platform(_))));
        call(Duration::from_mins(1), || Ok(())).unwrap();
    }

    #[test]
    fn the_key_fits_into_what_windows_keeps_of_a_secret() {
        // 2,560 octets (CRED_MAX_CREDENTIAL_BLOB_SIZE), and the keyring's client writes UTF-16 there. Everything larger,
        // own keys above all, lies sealed in files under this one.
        let text = StoreKey::ephemeral().unwrap().to_text();
        assert!(text.encode_utf16().count() * 2 <= 2560);
    }

    #[test]
    fn an_error_never_carries_the_secret() {
        let error = failure(Error::BadEncoding(b"secret-octets".to_vec()));
        assert!(matches!(error, KeyError::EntryMalformed));
        assert!(matches!(
            failure(Error::NoDefaultStore),
            KeyError::NoKeyring
        ));
    }
}
