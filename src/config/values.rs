//! Values as people write them in settings: durations, revocation policies, globs.

use std::path::{Path, PathBuf};

use jiff::SignedDuration;

use crate::cert::RevocationPolicy;

/// `300ms 5s 15m 24h 30d 5y`. A year is 365 days.
pub(super) fn duration(text: &str) -> Result<SignedDuration, String> {
    let wrong = || format!("“{text}” is not a duration such as 300ms, 5s, 15m, 24h, 30d or 5y");
    let digits = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let number: i64 = text[..digits].parse().map_err(|_too_large| wrong())?;
    let milliseconds = match &text[digits..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "y" => 365 * 86_400_000,
        _ => return Err(wrong()),
    };
    number
        .checked_mul(milliseconds)
        .map(SignedDuration::from_millis)
        .ok_or_else(wrong)
}

/// What holds where no settings are read.
pub fn default_revocation() -> RevocationPolicy {
    RevocationPolicy::Grace(SignedDuration::from_hours(24))
}

/// `require`, `when-available` or `grace:DURATION`.
pub fn revocation(text: &str) -> Result<RevocationPolicy, String> {
    match (text, text.strip_prefix("grace:")) {
        ("require", _) => Ok(RevocationPolicy::Require),
        ("when-available", _) => Ok(RevocationPolicy::WhenAvailable),
        (_, Some(grace)) => duration(grace).map(RevocationPolicy::Grace),
        _ => Err(format!(
            "“{text}” is not require, when-available or grace:DURATION"
        )),
    }
}

/// The files behind a pattern such as `crls/*.crl`, sorted. A name without wildcards must exist, and a pattern must
/// match something: an empty list of revocation lists or anchors must not pass as one that was checked.
pub(super) fn files(pattern: &str) -> Result<Vec<PathBuf>, String> {
    if !pattern.contains(['*', '?', '[']) {
        let path = Path::new(pattern);
        return if path.is_file() {
            Ok(vec![path.to_owned()])
        } else {
            Err(format!("there is no file {pattern}"))
        };
    }
    let matches = glob::glob(pattern).map_err(|e| format!("“{pattern}” is not a pattern: {e}"))?;
    let mut files = Vec::new();
    for found in matches {
        let path = found.map_err(|e| e.to_string())?;
        if path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(format!("no file matches {pattern}"));
    }
    files.sort();
    Ok(files)
}

/// One of several words.
pub(super) fn one_of<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, String> {
    words
        .iter()
        .find(|(word, _)| *word == text)
        .map(|(_, value)| *value)
        .ok_or_else(|| {
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            format!("“{text}” is not one of {}", known.join(", "))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        assert_eq!(duration("300ms").unwrap(), SignedDuration::from_millis(300));
        assert_eq!(duration("24h").unwrap(), SignedDuration::from_hours(24));
        assert_eq!(
            duration("5y").unwrap(),
            SignedDuration::from_hours(24 * 365 * 5)
        );
        for text in [
            "",
            "5",
            "h",
            "-5s",
            "5 s",
            "5S",
            "1.5h",
            "99999999999999999999d",
            "9223372036854775807y",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn revocation_policies_are_read() {
        assert_eq!(revocation("require").unwrap(), RevocationPolicy::Require);
        assert_eq!(
            revocation("grace:24h").unwrap(),
            RevocationPolicy::Grace(SignedDuration::from_hours(24))
        );
        assert!(revocation("never").is_err());
        assert!(revocation("grace:").is_err());
    }
}
