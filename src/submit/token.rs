//! The command that prints an access token for XOAUTH2 (`token_command` in the settings).
//!
//! It runs without a shell, without input, with a time limit, and its output is overwritten after use. What it writes
//! to stderr is thrown away: such tools print tokens there when they are told to be wordy.

use std::{io, process::Stdio, time::Duration};

use tokio::{io::AsyncReadExt, process::Command, time::timeout};
use zeroize::Zeroizing;

use super::Secret;

/// Octets that a token may have. Tokens with many claims reach 4 KiB; RFC 4954 §4 allows 12,288 in base64.
const TOKEN_MAX: usize = 8 * 1024;

/// A program that prints an access token. No `Debug`: some have a secret among their arguments.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenCommand {
    /// The program.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// How long it may take.
    pub limit: Duration,
}

/// Why there is no access token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The command could not be run, or not be read from.
    #[error("the token command cannot be run")]
    Run(#[source] io::Error),
    /// It did not end in time.
    #[error("the token command did not end in time")]
    Timeout,
    /// It ended with an error.
    #[error("the token command failed")]
    Failed {
        /// Its exit code, if it had one.
        code: Option<i32>,
    },
    /// What it printed is no access token (RFC 6750 §2.1): empty, too long, or with characters that no token has.
    #[error("the token command printed no access token")]
    NotAToken,
    /// Nobody is signed in, or the sign-in is no longer valid: only signing in again helps.
    #[error("nobody is signed in, or no longer")]
    SignInAgain,
    /// The sign-in server could not be asked, or did not answer as it should.
    #[error("the sign-in server gave no access token")]
    SignIn(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The sign-in is kept under a key that is not at hand.
    #[error("the sign-in cannot be read or kept")]
    Kept(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl TokenCommand {
    /// Runs the command and gives what it prints, without white space around it.
    pub(super) async fn run(&self) -> Result<Secret, TokenError> {
        timeout(self.limit, self.output())
            .await
            .unwrap_or(Err(TokenError::Timeout))
    }

    async fn output(&self) -> Result<Secret, TokenError> {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        // CREATE_NO_WINDOW: else a console flashes up in front of the window at each send.
        #[cfg(windows)]
        command.creation_flags(0x0800_0000);
        let mut child = command.spawn().map_err(TokenError::Run)?;
        // The buffer never grows, so no copy of a token is left behind by moving it.
        let mut printed = Zeroizing::new([0; TOKEN_MAX + 1]);
        let mut length = 0;
        if let Some(stdout) = &mut child.stdout {
            while length < printed.len() {
                let read = stdout.read(&mut printed[length..]);
                match read.await.map_err(TokenError::Run)? {
                    0 => break,
                    more => length += more,
                }
            }
        }
        if length > TOKEN_MAX {
            return Err(TokenError::NotAToken);
        }
        let status = child.wait().await.map_err(TokenError::Run)?;
        if !status.success() {
            return Err(TokenError::Failed {
                code: status.code(),
            });
        }
        match str::from_utf8(printed[..length].trim_ascii()) {
            // Anything else could end a field of the XOAUTH2 response early.
            Ok(token) if !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()) => {
                Ok(Secret::new(token.to_owned()))
            }
            _ => Err(TokenError::NotAToken),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> TokenCommand {
        TokenCommand {
            program: "/bin/sh".to_owned(),
            arguments: vec!["-c".to_owned(), script.to_owned()],
            limit,
        }
    }

    async fn run(script: &str) -> Result<Secret, TokenError> {
        shell(script, Duration::from_secs(20)).run().await
    }

    #[tokio::test]
    async fn the_output_is_the_token_without_white_space() {
        let token = run("printf '  ya29.a-b_c~d/e+f==\\r\\n'").await;
        assert_eq!(token.ok().unwrap().expose(), "ya29.a-b_c~d/e+f==");
    }

    #[tokio::test]
    async fn what_is_no_token_is_refused() {
        for script in [
            "true",
            "echo 'two words'",
            "printf 'a\\001auth=Bearer b'",
            "printf '\\303\\246'",
            "yes | tr -d '\\n' | head -c 9000",
            "yes | tr -d '\\n'",
        ] {
            assert!(
                matches!(run(script).await, Err(TokenError::NotAToken)),
                "{script}"
            );
        }
    }

    #[tokio::test]
    async fn failing_hanging_and_missing_commands_are_told_apart() {
        assert!(matches!(
            run("echo token; exit 7").await,
            Err(TokenError::Failed { code: Some(7) })
        ));
        let hanging = shell("sleep 60", Duration::from_millis(100)).run().await;
        assert!(matches!(hanging, Err(TokenError::Timeout)));
        let missing = TokenCommand {
            program: "/nonexistent/token".to_owned(),
            arguments: Vec::new(),
            limit: Duration::from_secs(20),
        };
        assert!(matches!(missing.run().await, Err(TokenError::Run(_))));
    }
}
