//! The settings as they are written, after merging: types, but not yet meanings.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Raw {
    #[serde(default)]
    pub(super) sender: Vec<Sender>,
    pub(super) submission: Submission,
    #[serde(default)]
    pub(super) directory: Vec<Directory>,
    #[serde(default)]
    pub(super) binding: Vec<Binding>,
    #[serde(default)]
    pub(super) certificates: Certificates,
    #[serde(default)]
    pub(super) trust: Trust,
    pub(super) identity: Identity,
    pub(super) content: Content,
    pub(super) tls: Tls,
    pub(super) tunnel: Tunnel,
    pub(super) network: Network,
    pub(super) policy: Policy,
    pub(super) record: Record,
    #[serde(default)]
    pub(super) risk: Risk,
    #[serde(default)]
    pub(super) texts: BTreeMap<String, Text>,
    #[serde(default)]
    pub(super) data: Data,
    #[serde(default)]
    pub(super) copy: Copy,
    pub(super) writing: Writing,
    #[serde(default)]
    pub(super) templates: Templates,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tls {
    pub(super) probe: bool,
    pub(super) evidence: Option<PathBuf>,
    pub(super) evidence_key: Option<String>,
    pub(super) deadline: String,
    pub(super) own_hosts: Vec<String>,
    pub(super) resolver: Option<String>,
    pub(super) root_anchor: Option<PathBuf>,
    pub(super) smtp_port: u16,
    pub(super) sts_port: u16,
    pub(super) sts_ca_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Network {
    pub(super) allow_private: bool,
    pub(super) ca_hosts: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tunnel {
    pub(super) list: Option<PathBuf>,
    pub(super) url: Option<String>,
    pub(super) signer: Option<PathBuf>,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) default_mode: String,
    pub(super) max_age: String,
    pub(super) mailboxes: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Sender {
    pub(super) name: Option<String>,
    pub(super) address: String,
    pub(super) reply_to: Option<String>,
    pub(super) on_behalf_of: Option<String>,
    pub(super) signature: Option<PathBuf>,
    pub(super) signature_text: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Submission {
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) security: String,
    pub(super) auth: String,
    pub(super) username: Option<String>,
    pub(super) password_env: Option<String>,
    pub(super) token_command: Option<Vec<String>>,
    pub(super) oauth: Option<OAuth>,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) profile: String,
    pub(super) api: Option<String>,
    pub(super) api_key_env: Option<String>,
    pub(super) located: Option<String>,
    pub(super) honours: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct OAuth {
    pub(super) issuer: Option<String>,
    pub(super) authorization_endpoint: Option<String>,
    pub(super) token_endpoint: Option<String>,
    pub(super) device_endpoint: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) client_secret: Option<String>,
    #[serde(default)]
    pub(super) scopes: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Directory {
    pub(super) name: String,
    pub(super) url: String,
    #[serde(default)]
    pub(super) base: String,
    pub(super) filter: Option<String>,
    pub(super) attributes: Option<Vec<String>>,
    pub(super) ca_file: Option<PathBuf>,
    #[serde(default)]
    pub(super) start_tls: bool,
    #[serde(default)]
    pub(super) allow_plaintext: bool,
    pub(super) bind_dn: Option<String>,
    pub(super) password_env: Option<String>,
    #[serde(default)]
    pub(super) trust_binding: bool,
    pub(super) connect_timeout: Option<String>,
    pub(super) search_timeout: Option<String>,
    pub(super) size_limit: Option<u16>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Binding {
    pub(super) domain: Option<String>,
    pub(super) address: Option<String>,
    pub(super) organisation: Option<String>,
    pub(super) sha256: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Certificates {
    #[serde(default)]
    pub(super) files: Vec<String>,
    #[serde(default)]
    pub(super) kinds: Vec<String>,
    #[serde(default)]
    pub(super) policies: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Trust {
    #[serde(default)]
    pub(super) anchors: Vec<Anchor>,
    #[serde(default)]
    pub(super) intermediates: Vec<String>,
    #[serde(default)]
    pub(super) crls: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Anchor {
    File(String),
    Pinned { file: String, sha256: String },
}

#[derive(Debug, Deserialize)]
pub(super) struct Identity {
    pub(super) sign: bool,
    pub(super) sign_clear: bool,
    pub(super) archive: Option<PathBuf>,
    pub(super) tokens: Vec<PathBuf>,
    pub(super) recovery: Option<PathBuf>,
    pub(super) signature: String,
    pub(super) ed25519: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Content {
    pub(super) cipher: String,
    pub(super) rsa: String,
    pub(super) subject: String,
    pub(super) subject_clear: Vec<String>,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a setting")]
#[derive(Debug, Deserialize)]
pub(super) struct Policy {
    pub(super) fallback: String,
    pub(super) internal_domains: Vec<String>,
    pub(super) revocation: String,
    pub(super) require_reason: bool,
    pub(super) allow_test_roots: bool,
    pub(super) directory_fresh: String,
    pub(super) directory_stale: String,
    pub(super) directory_negative: String,
    pub(super) hold: String,
    pub(super) suggestions: bool,
    pub(super) suggestions_age: String,
    pub(super) alerts: Vec<String>,
    pub(super) open_recipients: usize,
    pub(super) pins: String,
    pub(super) default_class: String,
    pub(super) verified_level: String,
    pub(super) high_risk: String,
    pub(super) require_tls: bool,
    pub(super) tracking: String,
    pub(super) standing: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Risk {
    pub(super) file: Option<PathBuf>,
    pub(super) assessment: Option<Assessment>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Assessment {
    pub(super) file: PathBuf,
    pub(super) sha256: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Record {
    pub(super) retention: String,
    pub(super) tsa: Option<String>,
    pub(super) tsa_ca: Option<PathBuf>,
    pub(super) ship_to: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Text {
    Both(String),
    Each(BTreeMap<String, String>),
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Data {
    pub(super) dir: Option<PathBuf>,
    pub(super) key_file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Copy {
    pub(super) folder: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Writing {
    pub(super) spelling: bool,
    pub(super) language: String,
    pub(super) signature: Option<PathBuf>,
    pub(super) signature_text: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Templates {
    pub(super) folder: Option<PathBuf>,
}
