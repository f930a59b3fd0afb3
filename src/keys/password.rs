//! Passwords of servers: from an environment variable that the settings name, else from the keyring.

use zeroize::Zeroizing;

use super::{KeyError, KeySource, keyring};

/// A password. Zeroised on drop; it has neither `Debug`, `Display` nor `Clone`.
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes over a text as a password.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the one place that hands it to a server.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The password called `name` (`submission`, or the name of a directory); `None` where none was ever set.
///
/// `env` names an environment variable that wins where it is set and not empty. A machine whose keys are in a file has
/// no keyring to ask. On Linux a keyring that is not running answers as if nothing was set.
pub fn password(
    name: &str,
    env: Option<&str>,
    source: &KeySource,
) -> Result<Option<Password>, KeyError> {
    if let Some(variable) = env {
        match std::env::var(variable) {
            Ok(text) if !text.is_empty() => return Ok(Some(Password::new(text))),
            Ok(_) | Err(std::env::VarError::NotPresent) => {}
            Err(std::env::VarError::NotUnicode(_)) => {
                return Err(KeyError::NotText(variable.to_owned()));
            }
        }
    }
    match source {
        KeySource::Keyring => Ok(keyring::text(&user(name))?.map(Password)),
        KeySource::File(_) => Ok(None),
    }
}

/// Keeps the password called `name` in the keyring. [`KeyError::NoKeyring`] where keys are in a file.
pub fn set_password(name: &str, password: &Password, source: &KeySource) -> Result<(), KeyError> {
    match source {
        KeySource::Keyring => keyring::set_text(&user(name), password.0.clone()),
        KeySource::File(_) => Err(KeyError::NoKeyring),
    }
}

/// Removes the password called `name` from the keyring; that there was none is no error.
pub fn delete_password(name: &str, source: &KeySource) -> Result<(), KeyError> {
    match source {
        KeySource::Keyring => keyring::delete(&user(name)),
        KeySource::File(_) => Ok(()),
    }
}

fn user(name: &str) -> String {
    format!("password:{name}")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn an_environment_variable_is_used_where_it_is_set_and_no_keyring_is_asked_where_keys_are_in_a_file()
     {
        let source = KeySource::File(PathBuf::from("unused"));
        // Cargo sets this one for every test.
        let found = password("submission", Some("CARGO_PKG_NAME"), &source)
            .unwrap()
            .unwrap();
        assert_eq!(found.expose(), "segl");
        assert!(
            password("submission", Some("SEGL_TEST_NEVER_SET"), &source)
                .unwrap()
                .is_none()
        );
        assert!(password("submission", None, &source).unwrap().is_none());
        assert!(matches!(
            set_password("submission", &found, &source),
            Err(KeyError::NoKeyring)
        ));
    }
}
