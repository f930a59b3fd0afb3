//! Where settings and policy lie, and whose the policy file must be.

use std::path::{Path, PathBuf};

use super::ConfigError;

/// The files that settings come from.
#[derive(Debug, Clone)]
pub struct Paths {
    /// The machine's policy file. Only surfaces name it, and in a release always [`Paths::of_machine`].
    pub policy: PathBuf,
    /// The user id that must own the policy file: an administrator's.
    pub policy_owner: u32,
    /// The settings file.
    pub file: PathBuf,
    /// Where data lies unless the settings say otherwise.
    pub data: PathBuf,
}

impl Paths {
    /// The places of this system, with the settings file that was named on the command line or in the environment.
    /// `None` where the system tells no home folder.
    pub fn of_machine(named: Option<PathBuf>) -> Option<Self> {
        let folders = directories::ProjectDirs::from("", "", "segl")?;
        let file = named.unwrap_or_else(|| folders.config_dir().join("segl.toml"));
        let data = folders.data_local_dir().to_owned();
        Some(Self {
            policy: machine_policy(),
            policy_owner: 0,
            file,
            data,
        })
    }

    /// Whether there is a machine policy. One that others than an administrator can change is refused.
    pub(super) fn protected_policy(&self) -> Result<Option<&Path>, ConfigError> {
        match std::fs::symlink_metadata(&self.policy) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            // A policy that is there and cannot be read must not pass as no policy.
            Err(e) => Err(ConfigError::unreadable(&self.policy, &e)),
            Ok(_) => {
                protected(&self.policy, self.policy_owner)?;
                if let Some(folder) = self.policy.parent() {
                    protected(folder, self.policy_owner)?;
                }
                Ok(Some(&self.policy))
            }
        }
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn machine_policy() -> PathBuf {
    PathBuf::from("/etc/segl/policy.toml")
}

#[cfg(target_os = "macos")]
fn machine_policy() -> PathBuf {
    PathBuf::from("/Library/Application Support/Segl/policy.toml")
}

#[cfg(windows)]
fn machine_policy() -> PathBuf {
    // The folder itself is fixed by Windows; the variable could be set by the user, so it is not asked.
    PathBuf::from(r"C:\ProgramData\Segl\policy.toml")
}

#[cfg(unix)]
fn protected(path: &Path, owner: u32) -> Result<(), ConfigError> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::metadata(path).map_err(|e| ConfigError::unreadable(path, &e))?;
    let fail = |message| {
        Err(ConfigError::PolicyUnprotected {
            file: path.to_owned(),
            message,
        })
    };
    if metadata.uid() != owner {
        return fail(format!("its owner is user {}, not {owner}", metadata.uid()));
    }
    if metadata.mode() & 0o022 != 0 {
        return fail(format!(
            "others may write to it (mode {:03o})",
            metadata.mode() & 0o777
        ));
    }
    Ok(())
}

/// Who may write to a file is in Windows' access lists, which this version does not read: a policy that cannot be shown
/// to be the administrator's is refused.
#[cfg(not(unix))]
fn protected(path: &Path, _owner: u32) -> Result<(), ConfigError> {
    let message = "this version cannot check its owner on this system".to_owned();
    Err(ConfigError::PolicyUnprotected {
        file: path.to_owned(),
        message,
    })
}
