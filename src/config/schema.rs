//! Every key of the settings, what kind of value it has, and its default.

/// What Segl does with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A value that is used as it stands.
    Value,
    /// A file or folder, or a list of them, relative to the file that names it.
    Path,
    /// A table of its own, which has a section of its own in this list.
    Table,
    /// Known, but not in this version: setting it must not look as if it worked.
    Later,
}

/// A table of the settings file.
pub(super) struct Section {
    pub(super) name: &'static str,
    pub(super) keys: &'static [(&'static str, Kind)],
}

use Kind::{Later, Path, Table, Value};

/// Keys outside any table, in the machine's policy file only.
pub(super) const POLICY_KEYS: &[&str] = &["schema", "min_version"];

pub(super) const SECTIONS: &[Section] = &[
    Section {
        name: "sender",
        keys: &[
            ("name", Value),
            ("address", Value),
            ("reply_to", Value),
            ("on_behalf_of", Value),
            ("signature", Path),
            ("signature_text", Value),
        ],
    },
    Section {
        name: "submission",
        keys: &[
            ("host", Value),
            ("port", Value),
            ("security", Value),
            ("auth", Value),
            ("username", Value),
            ("password_env", Value),
            ("token_command", Value),
            ("ca_file", Path),
            ("honours", Value),
            ("profile", Value),
            ("api", Value),
            ("api_key_env", Value),
            ("located", Value),
            ("oauth", Table),
        ],
    },
    Section {
        name: "submission.oauth",
        keys: &[
            ("issuer", Value),
            ("authorization_endpoint", Value),
            ("token_endpoint", Value),
            ("device_endpoint", Value),
            ("client_id", Value),
            ("client_secret", Value),
            ("scopes", Value),
        ],
    },
    Section {
        name: "directory",
        keys: &[
            ("name", Value),
            ("url", Value),
            ("base", Value),
            ("filter", Value),
            ("attributes", Value),
            ("ca_file", Path),
            ("start_tls", Value),
            ("allow_plaintext", Value),
            ("bind_dn", Value),
            ("password_env", Value),
            ("trust_binding", Value),
            ("connect_timeout", Value),
            ("search_timeout", Value),
            ("size_limit", Value),
        ],
    },
    Section {
        name: "binding",
        keys: &[
            ("domain", Value),
            ("address", Value),
            ("organisation", Value),
            ("sha256", Value),
        ],
    },
    Section {
        name: "rule",
        keys: &[
            ("domain", Value),
            ("address", Value),
            ("fallback", Value),
            ("locked", Value),
        ],
    },
    Section {
        name: "certificates",
        keys: &[("files", Path), ("kinds", Value), ("policies", Value)],
    },
    Section {
        name: "trust",
        keys: &[("anchors", Path), ("intermediates", Path), ("crls", Path)],
    },
    Section {
        name: "identity",
        keys: &[
            ("sign", Value),
            ("sign_clear", Value),
            ("archive", Path),
            ("tokens", Path),
            ("recovery", Path),
            ("signature", Value),
            ("ed25519", Value),
        ],
    },
    Section {
        name: "content",
        keys: &[
            ("cipher", Value),
            ("rsa", Value),
            ("subject", Value),
            ("subject_clear", Value),
        ],
    },
    Section {
        name: "tls",
        keys: &[
            ("probe", Value),
            ("evidence", Path),
            ("evidence_key", Value),
            ("deadline", Value),
            ("own_hosts", Value),
            ("resolver", Value),
            ("root_anchor", Path),
            ("smtp_port", Value),
            ("sts_port", Value),
            ("sts_ca_file", Path),
        ],
    },
    Section {
        name: "tunnel",
        keys: &[
            ("list", Path),
            ("url", Value),
            ("signer", Path),
            ("ca_file", Path),
            ("default_mode", Value),
            ("max_age", Value),
            ("mailboxes", Value),
        ],
    },
    Section {
        name: "network",
        keys: &[
            ("proxy", Later),
            ("allow_private", Value),
            ("ca_hosts", Value),
        ],
    },
    Section {
        name: "policy",
        keys: &[
            ("fallback", Value),
            ("internal_domains", Value),
            ("revocation", Value),
            ("require_reason", Value),
            ("allow_test_roots", Value),
            ("directory_fresh", Value),
            ("directory_stale", Value),
            ("directory_negative", Value),
            ("hold", Value),
            ("suggestions", Value),
            ("suggestions_age", Value),
            ("alerts", Value),
            ("open_recipients", Value),
            ("pins", Value),
            ("default_class", Value),
            ("verified_level", Value),
            ("high_risk", Value),
            ("require_tls", Value),
            ("tracking", Value),
            ("standing", Value),
            ("locked", Value),
        ],
    },
    Section {
        name: "record",
        keys: &[
            ("retention", Value),
            ("ship_to", Path),
            ("tsa", Value),
            ("tsa_ca", Path),
        ],
    },
    // The keys of [texts] are codes and languages: any.
    Section {
        name: "texts",
        keys: &[],
    },
    Section {
        name: "risk",
        keys: &[("file", Path), ("assessment", Path)],
    },
    Section {
        name: "data",
        keys: &[("dir", Path), ("key_file", Path)],
    },
    Section {
        name: "copy",
        keys: &[("folder", Path)],
    },
    Section {
        name: "writing",
        keys: &[
            ("spelling", Value),
            ("language", Value),
            ("signature", Path),
            ("signature_text", Value),
        ],
    },
    Section {
        name: "templates",
        keys: &[("folder", Path)],
    },
];

/// What holds where nobody sets anything.
pub(super) const DEFAULTS: &str = r#"
[submission]
security = "implicit-tls"
auth = "none"
profile = "generic"
honours = []

[identity]
sign = true
sign_clear = false
tokens = []
signature = "pkcs1"
ed25519 = false

[content]
cipher = "aes256-cbc"
rsa = "pkcs1"
subject = "auto"
subject_clear = []

[tunnel]
default_mode = "direct"
max_age = "7d"
mailboxes = ["tunnel", "tunnelmail", "sikkerpost", "sikkermail", "post"]

[tls]
probe = false
deadline = "5s"
own_hosts = []
smtp_port = 25
sts_port = 443

[network]
allow_private = false
ca_hosts = []

[policy]
fallback = "ask"
internal_domains = []
revocation = "grace:24h"
require_reason = true
allow_test_roots = false
directory_fresh = "24h"
directory_stale = "7d"
directory_negative = "15m"
hold = "10s"
suggestions = true
suggestions_age = "2y"
alerts = ["first-time-domain", "look-alike", "odd-one-out", "open-recipients"]
open_recipients = 10
pins = "allow"
default_class = "confidential"
verified_level = "guaranteed"
high_risk = "refuse"
require_tls = false
tracking = "refuse"
standing = "90d"
locked = []

[record]
retention = "5y"

[writing]
spelling = true
language = "auto"
"#;

pub(super) fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|s| s.name == name)
}

pub(super) fn kind(section: &Section, key: &str) -> Option<Kind> {
    if section.name == "texts" {
        return Some(Value);
    }
    section
        .keys
        .iter()
        .find(|(name, _)| *name == key)
        .map(|(_, kind)| *kind)
}

/// The known word that is nearest to a mistyped one, if one is near.
pub(super) fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    known
        .map(|k| (strsim::damerau_levenshtein(typed, k), k))
        .filter(|(distance, k)| *distance <= 1 + k.len() / 4)
        .min()
        .map(|(_, k)| k.to_owned())
}
