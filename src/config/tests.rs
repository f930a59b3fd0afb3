//! Settings as people write and break them.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be prepared fails here"
)]

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use super::*;
use crate::{
    alert::{Kind, Rules},
    cert::{ContentCipher, RevocationPolicy, RsaPadding},
    decide::Fallback,
    mail::Address,
};

/// A folder with a settings file and, perhaps, a policy file that belongs to whoever runs the test.
fn paths(folder: &Path, settings: Option<&str>, policy: Option<&str>) -> Paths {
    use std::os::unix::fs::MetadataExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
    let paths = Paths {
        policy: folder.join("policy.toml"),
        policy_owner: fs::metadata(folder).unwrap().uid(),
        file: folder.join("segl.toml"),
        data: folder.join("data"),
    };
    for (text, path) in [(settings, &paths.file), (policy, &paths.policy)] {
        if let Some(text) = text {
            fs::write(path, text).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
        }
    }
    paths
}

fn load(settings: &str, policy: Option<&str>) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    Config::load(&paths(folder.path(), Some(settings), policy))
}

#[test]
fn an_unknown_key_is_named_with_file_line_and_the_key_that_was_meant() {
    let error = load(
        "[submission]\nhost = \"x.example\"\nsecurty = \"starttls\"\n",
        None,
    )
    .unwrap_err();
    let ConfigError::UnknownKey {
        file,
        line,
        key,
        suggestion,
    } = error
    else {
        panic!("{error}")
    };
    assert!(file.ends_with("segl.toml"));
    assert_eq!(
        (line, key.as_str(), suggestion.as_deref()),
        (3, "securty", Some("security"))
    );
    let error = load("[submision]\nhost = \"x\"\n", None).unwrap_err();
    assert!(
        matches!(error, ConfigError::UnknownKey { line: 1, suggestion: Some(s), .. } if s == "submission")
    );
}

#[test]
fn a_wrong_value_is_named_with_its_line() {
    let rows = [
        ("[policy]\nfallback = \"never\"\n", "policy.fallback", 2),
        (
            "[policy]\n\nrequire_reason = \"yes\"\n",
            "policy.require_reason",
            3,
        ),
        ("[policy]\nhold = \"2m\"\n", "policy.hold", 2),
        (
            "[policy]\nalerts = [\"look-alike\", \"lookalike\"]\n",
            "policy.alerts",
            2,
        ),
        (
            "[submission]\nhost = \"x.example\"\nauth = \"password\"\n",
            "submission.username",
            1,
        ),
        (
            "[[sender]]\naddress = \"anne@x.example\"\n[[sender]]\naddress = \"anne\"\n",
            "sender[1].address",
            4,
        ),
        ("[trust]\ncrls = [\"none/*.crl\"]\n", "trust.crls", 2),
        ("[trust]\nanchors = [\"none.pem\"]\n", "trust.anchors", 2),
        (
            "[[binding]]\ndomain = \"x.example\"\norganisation = \"12345678\"\n",
            "binding[0].organisation",
            3,
        ),
        ("[content]\nsubject = \"secret\"\n", "content.subject", 2),
        ("[content]\ncipher = \"3des\"\n", "content.cipher", 2),
        ("[content]\ncipher = \"aes128-cbc\"\n", "content.cipher", 2),
        ("[content]\nrsa = \"oaep-sha1\"\n", "content.rsa", 2),
    ];
    for (text, wanted, wanted_line) in rows {
        let error = load(text, None).unwrap_err();
        let ConfigError::Value { line, key, .. } = &error else {
            panic!("{text}: {error}")
        };
        assert_eq!((key.as_str(), *line), (wanted, wanted_line), "{text}");
    }
}

#[test]
fn how_mail_is_encrypted_is_chosen_and_locked_by_policy() {
    let default = load("", None).unwrap().sealing;
    assert_eq!(default.cipher, ContentCipher::Aes256Cbc);
    assert_eq!(default.rsa, RsaPadding::Pkcs1);
    let text = "[content]\ncipher = \"aes256-gcm\"\nrsa = \"oaep\"\n";
    let chosen = load(text, None).unwrap();
    assert_eq!(chosen.sealing.cipher, ContentCipher::Aes256Gcm);
    assert_eq!(chosen.sealing.rsa, RsaPadding::OaepSha256);
    assert_eq!(chosen.effective.origin("content.cipher"), Origin::File);
    let locked = "schema = 1\n[content]\nrsa = \"oaep\"\n\
        [policy]\nlocked = [\"content.cipher\", \"content.rsa\"]\n";
    let text = "[content]\ncipher = \"aes256-gcm\"\nrsa = \"pkcs1\"\n";
    let held = load(text, Some(locked)).unwrap();
    assert_eq!(held.sealing.cipher, ContentCipher::Aes256Cbc);
    assert_eq!(held.sealing.rsa, RsaPadding::OaepSha256);
    assert_eq!(held.effective.origin("content.rsa"), Origin::Policy);
    assert_eq!(held.effective.origin("content.cipher"), Origin::Default);
}

#[test]
fn a_key_of_a_later_version_is_not_silently_without_effect() {
    let error = load("[network]\nproxy = \"http://proxy.example\"\n", None).unwrap_err();
    assert!(matches!(
        error,
        ConfigError::NotInThisVersion { line: 2, .. }
    ));
}

#[test]
fn what_only_it_may_set_is_refused_in_a_users_file() {
    for text in [
        "schema = 1\n",
        "[policy]\nlocked = []\n",
        "[policy]\nallow_test_roots = true\n",
    ] {
        assert!(
            matches!(load(text, None), Err(ConfigError::Value { .. })),
            "{text}"
        );
    }
}

#[test]
fn the_policy_wins_key_by_key_and_locks_what_it_does_not_set() {
    let policy = "schema = 1\n[policy]\nfallback = \"forbid\"\nlocked = [\"policy.revocation\"]\n";
    let file =
        "[policy]\nfallback = \"ask\"\nrevocation = \"when-available\"\nrequire_reason = false\n";
    let config = load(file, Some(policy)).unwrap();
    assert_eq!(config.policy.fallback, Fallback::Forbid);
    assert_eq!(
        config.revocation,
        RevocationPolicy::Grace(jiff::SignedDuration::from_hours(24))
    );
    assert!(!config.policy.require_reason);
    assert_eq!(config.effective.origin("policy.fallback"), Origin::Policy);
    assert_eq!(
        config.effective.origin("policy.revocation"),
        Origin::Default
    );
    assert_eq!(
        config.effective.origin("policy.require_reason"),
        Origin::File
    );
    assert!(config.effective.is_locked("policy.revocation"));
    assert!(config.is_managed);
}

#[test]
fn alerts_and_suggestions_are_on_unless_somebody_switches_them_off_and_it_can_lock_them() {
    let bare = load("", None).unwrap();
    assert_eq!(bare.alerts, Rules::default());
    let policy = "[policy]\nsuggestions = false\nalerts = [\"look-alike\"]\nlocked = [\"policy.open_recipients\"]\n";
    let file = "[policy]\nsuggestions = true\nopen_recipients = 99\n";
    let config = load(file, Some(policy)).unwrap();
    let wanted = Rules {
        suggestions: false,
        kinds: [Kind::LookAlike].into(),
        open_recipients: 10,
    };
    assert_eq!(config.alerts, wanted);
    let none = load("[policy]\nalerts = []\n", None).unwrap();
    assert!(none.alerts.kinds.is_empty());
}

#[test]
fn a_policy_that_this_program_does_not_understand_refuses_red_and_lets_green_go() {
    for policy in [
        "[policy]\nfallbak = \"ask\"\n",
        "schema = 2\n",
        "min_version = \"99.0.0\"\n",
        "[policy]\nfallback = \"of-tomorrow\"\n",
        "[[rule]]\ndomain = \"x.example\"\nfallback = \"of-tomorrow\"\n",
        "[tls]\nprob = true\n",
        "[policy]\nalerts = [\"look-alike\", \"of-tomorrow\"]\n",
    ] {
        let config = load("", Some(policy)).unwrap();
        assert!(config.policy.is_newer_than_program, "{policy}");
        let eva = Address::parse("eva@x.example").unwrap();
        let level = crate::tls::Level::Guaranteed;
        assert!(!config.policy.allows_fallback(&eva, level), "{policy}");
    }
    assert!(
        !load("", Some("schema = 1\nmin_version = \"0.1.0\"\n"))
            .unwrap()
            .policy
            .is_newer_than_program
    );
}

#[test]
fn a_policy_that_others_may_change_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = paths(folder.path(), Some(""), Some("schema = 1\n"));
    fs::set_permissions(&paths.policy, fs::Permissions::from_mode(0o666)).unwrap();
    assert!(matches!(
        Config::load(&paths),
        Err(ConfigError::PolicyUnprotected { .. })
    ));
    fs::set_permissions(&paths.policy, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(Config::load(&paths).is_ok());
    paths.policy_owner += 1;
    assert!(matches!(
        Config::load(&paths),
        Err(ConfigError::PolicyUnprotected { .. })
    ));
}

#[test]
fn a_managed_desk_needs_no_settings_of_its_own_and_an_unmanaged_one_says_that_they_are_missing() {
    let folder = tempfile::tempdir().unwrap();
    let unmanaged = paths(folder.path(), None, None);
    assert!(matches!(
        Config::load(&unmanaged),
        Err(ConfigError::Missing(_))
    ));
    let managed = paths(folder.path(), None, Some("schema = 1\n"));
    assert!(Config::load(&managed).is_ok());
}

#[test]
fn relative_paths_are_relative_to_the_file_that_names_them() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("crls")).unwrap();
    fs::write(folder.path().join("crls/b.crl"), "").unwrap();
    fs::write(folder.path().join("crls/a.crl"), "").unwrap();
    let text = "[trust]\ncrls = [\"crls/*.crl\"]\n[data]\ndir = \"d\"\n";
    let config = Config::load(&paths(folder.path(), Some(text), None)).unwrap();
    assert_eq!(
        config.crls,
        [
            folder.path().join("crls/a.crl"),
            folder.path().join("crls/b.crl")
        ]
    );
    assert_eq!(config.data, folder.path().join("d"));
}

#[test]
fn what_is_not_toml_or_not_readable_is_said_with_its_line() {
    assert!(matches!(
        load("[policy\n", None),
        Err(ConfigError::Syntax { line: 1, .. })
    ));
    assert!(matches!(
        load("a = 1\na = 2\n", None),
        Err(ConfigError::Syntax { line: 2, .. })
    ));
    let folder = tempfile::tempdir().unwrap();
    let mut paths = paths(folder.path(), None, None);
    paths.file = folder.path().to_owned();
    assert!(matches!(
        Config::load(&paths),
        Err(ConfigError::Unreadable { .. })
    ));
}

#[test]
fn the_firms_own_words_are_found_by_code_and_language() {
    let config = load(
        "[texts]\nstop = { da = \"Ring\", en = \"Call\" }\nall = \"x\"\n",
        None,
    )
    .unwrap();
    assert_eq!(
        config.texts.text("stop", crate::words::Lang::Da),
        Some("Ring")
    );
    assert_eq!(config.texts.text("all", crate::words::Lang::En), Some("x"));
    assert_eq!(config.texts.text("none", crate::words::Lang::En), None);
}
