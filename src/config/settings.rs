//! The validated settings.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use const_oid::ObjectIdentifier;
use jiff::SignedDuration;
use toml::Table;
use url::Url;

use super::{
    ConfigError, Effective, Paths, effective,
    raw::{self, Raw},
    rules::WrittenAssessment,
    schema,
    source::Source,
    subject::{SubjectMode, SubjectRule},
    transport::{Honour, Relay, Transport},
    tunnel::Tunnel,
    values,
    writing::{Signature, Writing},
};
use crate::{
    alert::{self, Rules},
    cert::{
        BindingRule, BoundTo, ContentCipher, Filter, Fingerprint, Kind, OrganisationNumber,
        RevocationPolicy, RsaPadding, Scope, SealingRules,
    },
    decide::Policy,
    identity::SignatureRules,
    mail::{Address, Digest, Draft, Mailbox},
    words::Lang,
};

/// Policies with this schema are understood.
const POLICY_SCHEMA: i64 = 1;

/// `[policy] pins`
const PINS: &[(&str, bool)] = &[("allow", true), ("refuse", false)];

/// The settings, valid as a whole.
#[expect(clippy::struct_excessive_bools, reason = "each is a setting")]
#[derive(Debug, Clone)]
pub struct Config {
    /// Who mail can be from; the first is the default.
    pub senders: Vec<Sender>,
    /// The mail server. Without one messages can be written to files only.
    pub submission: Option<Submission>,
    /// The sign-in server that the settings name, whether or not the mail server is signed in to with it.
    pub oauth: Option<OAuth>,
    /// LDAP directories.
    pub directories: Vec<Directory>,
    /// Which organisation or certificate belongs to which address.
    pub bindings: Vec<BindingRule>,
    /// Whether the user may pin a certificate to an address that it does not name. Where not, pins that are there do not
    /// count.
    pub allows_pins: bool,
    /// Which certificates of others are used.
    pub filter: Filter,
    /// Imported certificate files.
    pub certificate_files: Vec<PathBuf>,
    /// Trust anchors.
    pub anchors: Vec<Anchor>,
    /// Intermediates.
    pub intermediates: Vec<PathBuf>,
    /// Revocation lists.
    pub crls: Vec<PathBuf>,
    /// Whether a subject can be read on the way.
    pub subject: SubjectRule,
    /// Signing, and who else can read.
    pub identity: Identity,
    /// The rule.
    pub policy: Policy,
    /// How long an assessment holds that a sender makes for later mail; none where policy does not allow it.
    pub standing: Option<SignedDuration>,
    /// Whether mail that goes without encryption to the recipient requires TLS on its whole way (RFC 8689), where the
    /// mail server offers that. Not by default: every server on the way must know it too, or the mail comes back.
    pub requires_tls: bool,
    /// Whether mail goes through a service though it says that it counts who opens mail.
    pub allows_tracking: bool,
    /// The firm's own written assessment of sending by mail.
    pub assessment: Option<WrittenAssessment>,
    /// How much must be known of revocation.
    pub revocation: RevocationPolicy,
    /// Whether test roots count. Only the machine's policy, or the demo, can say so.
    pub allow_test_roots: bool,
    /// The tunnel list.
    pub tunnel: Tunnel,
    /// Hosts of certification authorities from which a missing issuer may be fetched; names without case.
    pub ca_hosts: Vec<String>,
    /// Whether hosts that certificates name may lie inside the house.
    pub allow_private: bool,
    /// How the transport to a recipient's domain is examined.
    pub transport: Transport,
    /// How mail is encrypted, where there is a choice.
    pub sealing: SealingRules,
    /// Undo time in the window.
    pub hold: Duration,
    /// Which alerts are shown before sending, and whether addresses are kept and suggested.
    pub alerts: Rules,
    /// An address that was learned by sending is forgotten when nothing was sent to it for so long.
    pub suggestions_age: SignedDuration,
    /// How long records and sent copies are kept.
    pub retention: SignedDuration,
    /// The time-stamping authority that heads of the record are anchored at (RFC 3161).
    pub tsa: Option<Tsa>,
    /// The folder that the record is shipped to, for a report over all desks.
    pub ship_to: Option<PathBuf>,
    /// The firm's own words in stops, by code.
    pub texts: TextBook,
    /// Where data lies.
    pub data: PathBuf,
    /// A key in a file, for machines without a keyring.
    pub key_file: Option<PathBuf>,
    /// A readable copy of each sent message goes here.
    pub copy_folder: Option<PathBuf>,
    /// Spelling and signatures.
    pub writing: Writing,
    /// The firm's templates.
    pub templates: Option<PathBuf>,
    /// Whether there is a machine policy.
    pub is_managed: bool,
    /// Every value with its origin.
    pub effective: Effective,
    /// SHA-256 over the values in force.
    pub settings_sha256: Digest,
    /// The machine's policy, as it stands, for the record.
    pub policy_text: Option<String>,
}

/// `[record] tsa` and `tsa_ca`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tsa {
    /// Where it is asked, by HTTP.
    pub url: Url,
    /// The certificates that its own must lead to, PEM.
    pub ca: Option<PathBuf>,
}

/// `[[sender]]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Name and address.
    pub mailbox: Mailbox,
    /// Where answers go.
    pub reply_to: Option<Mailbox>,
    /// For whom this sender writes: that mailbox is From, and the sender stands in Sender.
    pub on_behalf_of: Option<Mailbox>,
    /// What goes below this sender's mail.
    pub signature: Option<Signature>,
}

impl Sender {
    /// Makes this sender the author of a draft.
    pub fn sign(&self, draft: &mut Draft) {
        (draft.from, draft.sender) = match &self.on_behalf_of {
            Some(other) => (other.clone(), Some(self.mailbox.clone())),
            None => (self.mailbox.clone(), None),
        };
        if draft.reply_to.is_none() {
            draft.reply_to.clone_from(&self.reply_to);
        }
    }

    /// Who stands in From.
    pub fn author(&self) -> &Mailbox {
        self.on_behalf_of.as_ref().unwrap_or(&self.mailbox)
    }

    /// Whether a draft is from this sender.
    pub fn writes(&self, draft: &Draft) -> bool {
        let author = self.author();
        let sends = draft.sender.as_ref().unwrap_or(&draft.from);
        draft.from.address == author.address && sends.address == self.mailbox.address
    }
}

/// `[submission]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// How Segl signs in.
    pub auth: Auth,
    /// Roots beside the operating system's.
    pub ca_file: Option<PathBuf>,
    /// What IT knows of it.
    pub honours: Vec<Honour>,
    /// Which kind of server or service it is.
    pub relay: Relay,
}

/// How the connection to the mail server is protected. There is no third way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first octet (RFC 8314 §3.3).
    ImplicitTls,
    /// STARTTLS (RFC 3207), never without.
    StartTls,
}

/// How Segl signs in to the mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// Not at all.
    None,
    /// PLAIN or LOGIN.
    Password {
        /// User name.
        username: String,
        /// Where the password is.
        secret: SubmissionSecret,
    },
    /// XOAUTH2 with an access token.
    Xoauth2 {
        /// User name.
        username: String,
        /// Where the token is from.
        token: TokenFrom,
    },
}

/// Where access tokens come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenFrom {
    /// A command prints one: program and arguments.
    Command(Vec<String>),
    /// Segl signs in itself.
    SignIn(OAuth),
}

/// `[submission.oauth]`: a sign-in server (RFC 6749), and under which name Segl is registered there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuth {
    /// Who must have answered, where the server says so (RFC 9207).
    pub issuer: Option<String>,
    /// Where a browser signs in.
    pub authorization_endpoint: Url,
    /// Where tokens are had.
    pub token_endpoint: Url,
    /// Where a code for another device is had (RFC 8628).
    pub device_endpoint: Option<Url>,
    /// The name.
    pub client_id: String,
    /// What some servers want beside it. It is no secret: every copy of the program has it.
    pub client_secret: Option<String>,
    /// What is asked for.
    pub scopes: Vec<String>,
}

/// Where the mail server's password is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmissionSecret {
    /// In this environment variable.
    Environment(String),
    /// In the operating system's keyring.
    Keyring,
}

/// `[[directory]]`, with its words checked for shape. What an URL or template may hold is the directory's own business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// Name for people.
    pub name: String,
    /// `ldaps://` or `ldap://`.
    pub url: String,
    /// Search base.
    pub base: String,
    /// Filter template.
    pub filter: String,
    /// Attributes.
    pub attributes: Vec<String>,
    /// The only roots that count for this directory, where set.
    pub ca_file: Option<PathBuf>,
    /// StartTLS on an `ldap://` URL.
    pub start_tls: bool,
    /// `ldap://` without protection.
    pub allow_plaintext: bool,
    /// Bind name.
    pub bind_dn: Option<String>,
    /// Environment variable with the bind password.
    pub password_env: Option<String>,
    /// Whether an entry binds a certificate without an address.
    pub trust_binding: bool,
    /// Deadline for connecting.
    pub connect_timeout: Duration,
    /// Deadline for a search.
    pub search_timeout: Duration,
    /// Entries of one answer at most.
    pub size_limit: u16,
}

/// `[identity]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Encrypted mail is signed, where its sender has a certificate for that.
    pub sign: bool,
    /// Mail that is not encrypted is signed too.
    pub sign_clear: bool,
    /// The firm's archive: everything that is encrypted is also encrypted to this certificate.
    pub archive: Option<PathBuf>,
    /// Modules of PKCS #11, each a library that is loaded where own keys are asked for: full paths, and from settings
    /// alone.
    pub tokens: Vec<PathBuf>,
    /// IT's certificate to which each kept key is also sealed.
    pub recovery: Option<PathBuf>,
    /// Which signatures are made beside the usual ones.
    pub signatures: SignatureRules,
}

/// A file with trust anchors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The file.
    pub file: PathBuf,
    /// The fingerprint that its one certificate must have.
    pub sha256: Option<Fingerprint>,
}

/// The firm's own words, by code and language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextBook(BTreeMap<String, BTreeMap<String, String>>);

impl TextBook {
    /// The firm's text for a code, in this language or without one.
    pub fn text(&self, code: &str, lang: Lang) -> Option<&str> {
        let texts = self.0.get(code)?;
        texts
            .get(lang.tag())
            .or_else(|| texts.get(""))
            .map(String::as_str)
    }

    /// All of the firm's texts in this language, by code.
    pub fn all(&self, lang: Lang) -> BTreeMap<String, String> {
        let text = |code: &String| Some((code.clone(), self.text(code, lang)?.to_owned()));
        self.0.keys().filter_map(text).collect()
    }
}

impl Config {
    /// Reads policy and settings.
    pub fn load(paths: &Paths) -> Result<Self, ConfigError> {
        let policy = paths.protected_policy()?.map(Source::read).transpose()?;
        let file = match Source::read(&paths.file) {
            Ok(source) => Some(source),
            Err(_) if !paths.file.exists() && policy.is_some() => None,
            Err(_) if !paths.file.exists() => return Err(ConfigError::Missing(paths.file.clone())),
            Err(cause) => return Err(cause),
        };
        if let Some(unknown) = file.as_ref().and_then(|f| f.unknown.first()) {
            return Err(unknown.clone());
        }
        Reader {
            policy,
            file,
            paths,
        }
        .config()
    }

    /// The same for a text that is to become the settings file.
    pub fn of_text(paths: &Paths, text: String) -> Result<Self, ConfigError> {
        let policy = paths.protected_policy()?.map(Source::read).transpose()?;
        let file = Source::parse(&paths.file, text)?;
        if let Some(unknown) = file.unknown.first() {
            return Err(unknown.clone());
        }
        Reader {
            policy,
            file: Some(file),
            paths,
        }
        .config()
    }

    /// What holds where there are no usable settings: nothing can be sent, but drafts have their place.
    pub fn without_settings(paths: &Paths) -> Result<Self, ConfigError> {
        Reader {
            policy: None,
            file: None,
            paths,
        }
        .config()
    }
}

pub(super) struct Reader<'a> {
    pub(super) policy: Option<Source>,
    pub(super) file: Option<Source>,
    paths: &'a Paths,
}

pub(super) type Checked<T> = Result<T, ConfigError>;

impl Reader<'_> {
    fn config(&self) -> Checked<Config> {
        self.only_policy_keys()?;
        let defaults: Table =
            toml::from_str(schema::DEFAULTS).map_err(|e| self.wrong("", &e.to_string()))?;
        let (merged, effective) =
            effective::merge(self.policy.as_ref(), self.file.as_ref(), &defaults);
        let settings_sha256 = Digest::of(merged.to_string().as_bytes());
        let raw: Raw = merged
            .try_into()
            .map_err(|e: toml::de::Error| self.wrong_type(&e))?;
        let policy = self.policy(&raw, &effective)?;
        let (standing, assessment) = (self.standing(&raw)?, self.assessment(&raw)?);
        Ok(Config {
            senders: self.senders(&raw)?,
            submission: self.submission(&raw.submission)?,
            oauth: raw
                .submission
                .oauth
                .as_ref()
                .and_then(|oauth| self.oauth(oauth).ok()),
            directories: self.directories(&raw)?,
            bindings: self.bindings(&raw)?,
            filter: self.filter(&raw.certificates)?,
            allows_pins: self.pins(&raw.policy.pins)?,
            certificate_files: self.files("certificates.files", &raw.certificates.files)?,
            anchors: self.anchors(&raw)?,
            intermediates: self.files("trust.intermediates", &raw.trust.intermediates)?,
            crls: self.files("trust.crls", &raw.trust.crls)?,
            subject: self.subject(&raw.content)?,
            identity: Identity {
                signatures: SignatureRules {
                    pss: self.at(
                        "identity.signature",
                        values::one_of(&raw.identity.signature, &[("pkcs1", false), ("pss", true)]),
                    )?,
                    ed25519: raw.identity.ed25519,
                },
                sign: raw.identity.sign,
                sign_clear: raw.identity.sign_clear,
                archive: raw.identity.archive,
                tokens: raw.identity.tokens,
                recovery: raw.identity.recovery,
            },
            policy,
            standing,
            requires_tls: raw.policy.require_tls,
            allows_tracking: self.at(
                "policy.tracking",
                values::one_of(&raw.policy.tracking, &[("refuse", false), ("warn", true)]),
            )?,
            assessment,
            revocation: self.at(
                "policy.revocation",
                values::revocation(&raw.policy.revocation),
            )?,
            allow_test_roots: raw.policy.allow_test_roots,
            tunnel: self.tunnel(&raw.tunnel)?,
            ca_hosts: raw
                .network
                .ca_hosts
                .iter()
                .map(|h| h.to_ascii_lowercase())
                .collect(),
            allow_private: raw.network.allow_private,
            transport: self.transport(&raw.tls)?,
            sealing: self.sealing(&raw.content)?,
            hold: self.hold(&raw.policy.hold)?,
            alerts: self.alerts(&raw.policy)?,
            suggestions_age: self.at(
                "policy.suggestions_age",
                values::duration(&raw.policy.suggestions_age),
            )?,
            retention: self.at("record.retention", values::duration(&raw.record.retention))?,
            tsa: self.tsa(&raw.record)?,
            ship_to: raw.record.ship_to,
            texts: texts(raw.texts),
            data: raw.data.dir.unwrap_or_else(|| self.paths.data.clone()),
            key_file: raw.data.key_file,
            copy_folder: raw.copy.folder,
            writing: self.writing(&raw.writing)?,
            templates: raw.templates.folder,
            is_managed: self.policy.is_some(),
            effective,
            settings_sha256,
            policy_text: self.policy.as_ref().map(|p| p.text.clone()),
        })
    }

    /// `schema`, `min_version`, `policy.locked` and `policy.allow_test_roots` belong to the machine's policy. Test roots
    /// also count in the demo, whose settings lie in a folder of its own and name its own root.
    fn only_policy_keys(&self) -> Checked<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let policy = file.table.get("policy");
        let sets_locked = policy.and_then(|p| p.get("locked")).is_some();
        let sets_test_roots = policy.and_then(|p| p.get("allow_test_roots")).is_some();
        let top = schema::POLICY_KEYS
            .iter()
            .find(|k| file.table.contains_key(**k));
        let only = |key: &str| Err(self.wrong(key, "only the machine's policy file may set this"));
        match (top, sets_locked, sets_test_roots) {
            (Some(key), ..) => only(key),
            (_, true, _) => only("policy.locked"),
            (_, _, true) => only("policy.allow_test_roots"),
            _ => Ok(()),
        }
    }

    fn policy(&self, raw: &Raw, effective: &Effective) -> Checked<Policy> {
        let p = &raw.policy;
        let policys = self.policy.as_ref().and_then(|s| s.table.get("policy"));
        let is_policys = policys.is_some_and(|p| p.get("fallback").is_some());
        let (fallback, newer_fallback) =
            self.fallback("policy.fallback", &p.fallback, is_policys)?;
        let (rules, newer_rule) = self.rules()?;
        let newer_word = newer_fallback
            || newer_rule
            || self.is_newer_word("pins", &p.pins, PINS)
            || self.unknown_alerts().next().is_some();
        let domains = p
            .internal_domains
            .iter()
            .map(|d| self.at("policy.internal_domains", domain(d)));
        Ok(Policy {
            fallback,
            is_fallback_locked: effective.is_locked("policy.fallback"),
            rules,
            verified_level: self.verified_level(raw)?,
            allows_high_risk: self.allows_high_risk(raw)?,
            default_class: self.default_class(raw)?,
            matrix: self.matrix(raw)?,
            standing: Vec::new(),
            internal_domains: domains.collect::<Checked<_>>()?,
            require_reason: p.require_reason,
            is_newer_than_program: newer_word || self.policy_is_newer(),
            directory_fresh: self.at(
                "policy.directory_fresh",
                values::duration(&p.directory_fresh),
            )?,
            directory_stale: self.at(
                "policy.directory_stale",
                values::duration(&p.directory_stale),
            )?,
            directory_negative: self.at(
                "policy.directory_negative",
                values::duration(&p.directory_negative),
            )?,
            further: Vec::new(),
        })
    }

    /// A word of the machine's policy that this version does not know allows none: [`Self::policy`] makes the policy a
    /// newer one.
    fn pins(&self, word: &str) -> Checked<bool> {
        if self.is_newer_word("pins", word, PINS) {
            return Ok(false);
        }
        self.at("policy.pins", values::one_of(word, PINS))
    }

    fn filter(&self, raw: &raw::Certificates) -> Checked<Filter> {
        let kind = |word: &String| self.at("certificates.kinds", values::one_of(word, &Kind::ALL));
        let policy = |oid: &String| {
            let read = ObjectIdentifier::new(oid);
            let read = read.map_err(|cause| format!("“{oid}” is not an OID: {cause}"));
            self.at("certificates.policies", read)
        };
        Ok(Filter {
            kinds: raw.kinds.iter().map(kind).collect::<Checked<_>>()?,
            policies: raw.policies.iter().map(policy).collect::<Checked<_>>()?,
        })
    }

    fn subject(&self, raw: &raw::Content) -> Checked<SubjectRule> {
        let modes = [
            ("auto", SubjectMode::Auto),
            ("hidden", SubjectMode::Hidden),
            ("clear", SubjectMode::Clear),
        ];
        let pattern = |text: &String| {
            let pattern = glob::Pattern::new(&text.to_ascii_lowercase());
            self.at(
                "content.subject_clear",
                pattern.map_err(|e| format!("“{text}” is not a pattern: {e}")),
            )
        };
        Ok(SubjectRule {
            mode: self.at("content.subject", values::one_of(&raw.subject, &modes))?,
            clear_for: raw
                .subject_clear
                .iter()
                .map(pattern)
                .collect::<Checked<_>>()?,
        })
    }

    fn sealing(&self, raw: &raw::Content) -> Checked<SealingRules> {
        let ciphers = [
            ("aes256-cbc", ContentCipher::Aes256Cbc),
            ("aes256-gcm", ContentCipher::Aes256Gcm),
        ];
        let paddings = [
            ("pkcs1", RsaPadding::Pkcs1),
            ("oaep", RsaPadding::OaepSha256),
        ];
        Ok(SealingRules {
            cipher: self.at("content.cipher", values::one_of(&raw.cipher, &ciphers))?,
            rsa: self.at("content.rsa", values::one_of(&raw.rsa, &paddings))?,
        })
    }

    /// Whether a word stands in the machine's policy that this version does not know.
    fn is_newer_word<T>(&self, key: &str, word: &str, known: &[(&str, T)]) -> bool {
        let policy = self
            .policy
            .as_ref()
            .and_then(|p| p.table.get("policy")?.get(key)?.as_str());
        policy == Some(word) && !known.iter().any(|(k, _)| *k == word)
    }

    /// The alerts that are switched on. A word of the machine's policy that this version does not know is left out, and
    /// makes the policy a newer one.
    fn alerts(&self, raw: &raw::Policy) -> Checked<Rules> {
        let known = alert::Kind::ALL.map(|kind| (kind.code(), kind));
        let newer: Vec<&str> = self.unknown_alerts().collect();
        let words = raw.alerts.iter().filter(|w| !newer.contains(&w.as_str()));
        let kinds = words.map(|w| self.at("policy.alerts", values::one_of(w, &known)));
        Ok(Rules {
            suggestions: raw.suggestions,
            kinds: kinds.collect::<Checked<_>>()?,
            open_recipients: raw.open_recipients,
        })
    }

    fn unknown_alerts(&self) -> impl Iterator<Item = &str> {
        let policy = self.policy.as_ref().and_then(|p| p.table.get("policy"));
        let words = policy.and_then(|p| p.get("alerts")?.as_array());
        let words = words.into_iter().flatten().filter_map(toml::Value::as_str);
        words.filter(|w| alert::Kind::ALL.iter().all(|kind| kind.code() != *w))
    }

    /// A policy with a key, schema or version that this program does not know: its author meant something that cannot
    /// be followed.
    fn policy_is_newer(&self) -> bool {
        let Some(policy) = &self.policy else {
            return false;
        };
        let schema = policy
            .table
            .get("schema")
            .and_then(toml::Value::as_integer)
            .unwrap_or(POLICY_SCHEMA);
        let wanted = policy
            .table
            .get("min_version")
            .and_then(toml::Value::as_str);
        let is_older = wanted.is_some_and(|w| version(w) > version(env!("CARGO_PKG_VERSION")));
        schema != POLICY_SCHEMA || is_older || !policy.unknown.is_empty()
    }

    fn senders(&self, raw: &Raw) -> Checked<Vec<Sender>> {
        let mut senders = Vec::new();
        for (i, sender) in raw.sender.iter().enumerate() {
            let key = |name: &str| format!("sender[{i}].{name}");
            let parse = |name: &str, text: &str| {
                self.at(&key(name), Mailbox::parse(text).map_err(|e| e.to_string()))
            };
            let mut mailbox = parse("address", &sender.address)?;
            if let Some(name) = &sender.name {
                mailbox.name =
                    Some(name.clone()).filter(|n| !n.chars().any(crate::mail::is_forbidden));
            }
            senders.push(Sender {
                mailbox,
                reply_to: sender
                    .reply_to
                    .as_deref()
                    .map(|t| parse("reply_to", t))
                    .transpose()?,
                on_behalf_of: sender
                    .on_behalf_of
                    .as_deref()
                    .map(|t| parse("on_behalf_of", t))
                    .transpose()?,
                signature: self.one_signature(
                    &key("signature"),
                    sender.signature_text.as_ref(),
                    sender.signature.as_ref(),
                )?,
            });
        }
        Ok(senders)
    }

    fn submission(&self, raw: &raw::Submission) -> Checked<Option<Submission>> {
        let Some(host) = raw.host.clone() else {
            return Ok(None);
        };
        let securities = [
            ("implicit-tls", Security::ImplicitTls),
            ("starttls", Security::StartTls),
        ];
        let security = self.at(
            "submission.security",
            values::one_of(&raw.security, &securities),
        )?;
        let port = raw.port.unwrap_or(if security == Security::ImplicitTls {
            465
        } else {
            587
        });
        if host.is_empty() || port == 0 {
            return Err(self.wrong("submission.host", "a host name and a port are needed"));
        }
        let auth = self.auth(raw)?;
        Ok(Some(Submission {
            host,
            port,
            security,
            auth,
            ca_file: raw.ca_file.clone(),
            honours: self.honours(raw)?,
            relay: self.relay(raw)?,
        }))
    }

    fn auth(&self, raw: &raw::Submission) -> Checked<Auth> {
        let username = || {
            let name = raw.username.clone().filter(|n| !n.is_empty());
            name.ok_or_else(|| {
                self.wrong("submission.username", "a user name is needed to sign in")
            })
        };
        match raw.auth.as_str() {
            "none" => Ok(Auth::None),
            "password" => {
                let secret = raw.password_env.clone();
                let secret =
                    secret.map_or(SubmissionSecret::Keyring, SubmissionSecret::Environment);
                Ok(Auth::Password {
                    username: username()?,
                    secret,
                })
            }
            "xoauth2" => {
                let command = raw.token_command.clone().filter(|c| !c.is_empty());
                let token = match (command, &raw.oauth) {
                    (Some(command), None) => TokenFrom::Command(command),
                    (None, Some(oauth)) => TokenFrom::SignIn(self.oauth(oauth)?),
                    _ => {
                        return Err(self.wrong(
                            "submission.token_command",
                            "xoauth2 needs either a command that prints an access token, or [submission.oauth]",
                        ));
                    }
                };
                Ok(Auth::Xoauth2 {
                    username: username()?,
                    token,
                })
            }
            other => Err(self.wrong(
                "submission.auth",
                &format!("“{other}” is not one of none, password, xoauth2"),
            )),
        }
    }

    fn oauth(&self, raw: &raw::OAuth) -> Checked<OAuth> {
        let key = |name: &str| format!("submission.oauth.{name}");
        let url = |name: &str, text: &str| {
            let parsed = Url::parse(text).ok();
            let parsed = parsed.filter(|u| u.scheme() == "https" && u.host().is_some());
            parsed.ok_or_else(|| self.wrong(&key(name), &format!("“{text}” is not an https URL")))
        };
        let needed = |name: &str, text: &Option<String>| {
            let text = text.clone().filter(|t| !t.is_empty());
            text.ok_or_else(|| self.wrong(&key(name), "is needed to sign in"))
        };
        let token = needed("token_endpoint", &raw.token_endpoint)?;
        let browser = needed("authorization_endpoint", &raw.authorization_endpoint)?;
        let device = raw.device_endpoint.as_deref().filter(|t| !t.is_empty());
        Ok(OAuth {
            issuer: raw.issuer.clone(),
            authorization_endpoint: url("authorization_endpoint", &browser)?,
            token_endpoint: url("token_endpoint", &token)?,
            device_endpoint: device.map(|t| url("device_endpoint", t)).transpose()?,
            client_id: needed("client_id", &raw.client_id)?,
            client_secret: raw.client_secret.clone(),
            scopes: raw.scopes.clone(),
        })
    }

    fn directories(&self, raw: &Raw) -> Checked<Vec<Directory>> {
        let mut names = std::collections::BTreeSet::new();
        let mut directories = Vec::new();
        for (i, d) in raw.directory.iter().enumerate() {
            let key = |name: &str| format!("directory[{i}].{name}");
            if !names.insert(&d.name) {
                return Err(self.wrong(
                    &key("name"),
                    &format!("two directories are called “{}”", d.name),
                ));
            }
            let wait = |name: &str, text: &Option<String>, default: &str| {
                let text = text.as_deref().unwrap_or(default);
                self.at(&key(name), values::duration(text))
                    .map(SignedDuration::unsigned_abs)
            };
            directories.push(Directory {
                name: d.name.clone(),
                url: d.url.clone(),
                base: d.base.clone(),
                filter: d
                    .filter
                    .clone()
                    .unwrap_or_else(|| "(mail={address})".to_owned()),
                attributes: d.attributes.clone().unwrap_or_else(default_attributes),
                ca_file: d.ca_file.clone(),
                start_tls: d.start_tls,
                allow_plaintext: d.allow_plaintext,
                bind_dn: d.bind_dn.clone(),
                password_env: d.password_env.clone(),
                trust_binding: d.trust_binding,
                connect_timeout: wait("connect_timeout", &d.connect_timeout, "2s")?,
                search_timeout: wait("search_timeout", &d.search_timeout, "5s")?,
                size_limit: d.size_limit.unwrap_or(50),
            });
        }
        Ok(directories)
    }

    fn bindings(&self, raw: &Raw) -> Checked<Vec<BindingRule>> {
        let rule = |(i, b): (usize, &raw::Binding)| {
            let key = |name: &str| format!("binding[{i}].{name}");
            let scope = match (&b.domain, &b.address) {
                (Some(d), None) => Scope::Domain(self.at(&key("domain"), domain(d))?),
                (None, Some(a)) => Scope::Address(self.at(
                    &key("address"),
                    Address::parse(a).map_err(|e| e.to_string()),
                )?),
                _ => {
                    return Err(
                        self.wrong(&key("domain"), "either a domain or an address is needed")
                    );
                }
            };
            let to = match (&b.organisation, &b.sha256) {
                (Some(o), None) => {
                    let number = OrganisationNumber::try_from(o.clone());
                    BoundTo::Organisation(self.at(&key("organisation"), number)?)
                }
                (None, Some(f)) => {
                    BoundTo::Certificate(self.at(&key("sha256"), Fingerprint::try_from(f.clone()))?)
                }
                _ => {
                    return Err(self.wrong(
                        &key("organisation"),
                        "either an organisation or a sha256 is needed",
                    ));
                }
            };
            Ok(BindingRule { scope, to })
        };
        raw.binding.iter().enumerate().map(rule).collect()
    }

    fn anchors(&self, raw: &Raw) -> Checked<Vec<Anchor>> {
        let mut anchors = Vec::new();
        for (i, anchor) in raw.trust.anchors.iter().enumerate() {
            let key = "trust.anchors".to_owned();
            let (pattern, sha256) = match anchor {
                raw::Anchor::File(file) => (file, None),
                raw::Anchor::Pinned { file, sha256 } => {
                    let pin = self.at(
                        &key,
                        Fingerprint::try_from(sha256.clone()).map_err(|e| format!("[{i}]: {e}")),
                    )?;
                    (file, Some(pin))
                }
            };
            let files = self.at(&key, values::files(pattern))?;
            anchors.extend(files.into_iter().map(|file| Anchor { file, sha256 }));
        }
        Ok(anchors)
    }

    fn files(&self, key: &str, patterns: &[String]) -> Checked<Vec<PathBuf>> {
        let mut files = Vec::new();
        for pattern in patterns {
            files.extend(self.at(key, values::files(pattern))?);
        }
        Ok(files)
    }

    /// Asked over plain HTTP: the answer is signed, and the question holds a digest only.
    fn tsa(&self, raw: &raw::Record) -> Checked<Option<Tsa>> {
        let Some(text) = &raw.tsa else {
            return Ok(None);
        };
        let url = Url::parse(text).ok().filter(|url| url.scheme() == "http");
        let url = self.at(
            "record.tsa",
            url.ok_or_else(|| format!("{text}: an address that begins with http://")),
        )?;
        Ok(Some(Tsa {
            url,
            ca: raw.tsa_ca.clone(),
        }))
    }

    fn hold(&self, text: &str) -> Checked<Duration> {
        let hold = self
            .at("policy.hold", values::duration(text))?
            .unsigned_abs();
        if hold > Duration::from_mins(1) {
            return Err(self.wrong("policy.hold", &format!("{text}: at most 60s")));
        }
        Ok(hold)
    }

    pub(super) fn at<T>(&self, key: &str, value: Result<T, String>) -> Checked<T> {
        value.map_err(|message| self.wrong(key, &message))
    }

    /// The error names the file that the value in force comes from.
    pub(super) fn wrong(&self, key: &str, message: &str) -> ConfigError {
        let sources = [self.policy.as_ref(), self.file.as_ref()];
        let found = sources
            .into_iter()
            .flatten()
            .find_map(|s| Some((s.path.clone(), s.line(key)?)));
        let (file, line) = found.unwrap_or_else(|| (self.paths.file.clone(), 1));
        ConfigError::Value {
            file,
            line,
            key: key.to_owned(),
            message: message.to_owned(),
        }
    }

    fn wrong_type(&self, cause: &toml::de::Error) -> ConfigError {
        let text = cause.to_string();
        let key = text
            .split_once("in `")
            .and_then(|(_, k)| k.split('`').next())
            .unwrap_or_default()
            .to_owned();
        self.wrong(&key, cause.message())
    }
}

fn default_attributes() -> Vec<String> {
    [
        "userCertificate;binary",
        "userCertificate",
        "userSMIMECertificate;binary",
    ]
    .map(str::to_owned)
    .to_vec()
}

pub(super) fn domain(text: &str) -> Result<String, String> {
    let probe = Address::parse(&format!("x@{text}"))
        .map_err(|e| format!("“{text}” is not a domain: {e}"))?;
    Ok(probe.domain().to_owned())
}

fn version(text: &str) -> Vec<u64> {
    text.split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

fn texts(raw: BTreeMap<String, raw::Text>) -> TextBook {
    let each = |text| match text {
        raw::Text::Both(text) => BTreeMap::from([(String::new(), text)]),
        raw::Text::Each(texts) => texts,
    };
    TextBook(
        raw.into_iter()
            .map(|(code, text)| (code, each(text)))
            .collect(),
    )
}
