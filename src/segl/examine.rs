//! What is wrong with this set-up, as data: for `segl doctor` and the window's settings. The words are in
//! [`words`](crate::words). Nothing here holds an address, a password or a text of a message, so that what comes of it
//! can be pasted into a ticket. Servers are asked by [`Segl::probe`], which does not block.

use std::{path::PathBuf, sync::Arc};

use jiff::Timestamp;

use super::{
    Contact, JudgedEvidence, OpenError, OwnVerdict, Probe, Protection, Purpose, RecoveryError,
    Segl, SendError, ShipError, Shipping, TunnelError, TunnelStatus, account,
};
use crate::{
    cert::{Certificate, ClockState, SealingRules, known_root},
    config::{Config, ConfigError, Paths},
    keys::{KeyError, TokenError},
    record::{self, FirstBad, RecordError},
    store::StoreError,
    tls::EvidenceFault,
};

/// One thing that was looked at.
#[derive(Debug)]
pub enum Finding {
    /// The settings cannot be used.
    Unusable(ConfigError),
    /// Segl cannot be set up as they say.
    NotOpened(OpenError),
    /// They can be read, with rules of an IT department or without.
    Settings {
        /// Whether the computer has a policy.
        is_managed: bool,
    },
    /// What the clocks of others say of this computer's.
    Clock(ClockState),
    /// The rules are for a newer Segl.
    PolicyIsNewer,
    /// Something that sending needs is not set up.
    Missing(Missing),
    /// Mail is encrypted so that not every mail program opens it.
    NotForEveryProgram(SealingRules),
    /// A directory is asked without protection.
    PlainDirectory(String),
    /// A trusted root.
    Anchor {
        /// Its name.
        name: String,
        /// Until when it is valid.
        not_after: Timestamp,
        /// What there is to say of it.
        state: AnchorState,
    },
    /// A revocation list cannot be read.
    UnreadableList {
        /// The file.
        file: PathBuf,
        /// Why.
        detail: String,
    },
    /// There is no key.
    NoKey(KeyError),
    /// The key is at hand.
    Key {
        /// It lies in a file, not in a keyring.
        is_file: bool,
    },
    /// The store cannot be used.
    Store(Arc<StoreError>),
    /// The record cannot be written.
    RecordUnusable(RecordError),
    /// The record cannot be verified.
    RecordUnverified(RecordError),
    /// The chain of the record does not hold.
    ChainBroken(FirstBad),
    /// The chain holds.
    Chain {
        /// How many rows it has.
        records: u64,
    },
    /// One of the user's own certificates.
    Own(OwnVerdict),
    /// The certificate for recovery cannot be used: own keys have no copy that IT can open.
    Recovery(RecoveryError),
    /// How the record is shipped, where IT names a folder.
    Shipping(Shipping),
    /// The record cannot be shipped.
    NotShipped(ShipError),
    /// The module of cards and USB keys cannot be used.
    Tokens(TokenError),
    /// The firm's archive cannot be encrypted to, so that nothing is sent.
    Archive(SendError),
    /// The own keys cannot be read, or one of them.
    OwnUnreadable(KeyError),
    /// The tunnel list, where there is one or should be.
    TunnelList(TunnelStatus),
    /// What is kept of the tunnel list cannot be used.
    TunnelUnusable(TunnelError),
    /// Settings of `[tls]` that are there for tests are changed.
    TransportSeams(Vec<&'static str>),
    /// The firm's own border hosts, by which a receipt is judged.
    OwnHosts(Vec<String>),
    /// What another installation saw of recipients' domains, or why it does not count.
    Evidence(Result<JudgedEvidence, EvidenceFault>),
    /// What a server said.
    Probed(Probe),
}

/// What is not set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Nobody to send from.
    Sender,
    /// No mail server.
    Server,
    /// Nowhere to find certificates.
    Directory,
    /// Nobody who is trusted to issue them.
    Anchor,
}

/// What there is to say of a trusted root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnchorState {
    /// Nothing.
    Good,
    /// It is over.
    Expired,
    /// It is for testing.
    Test,
}

/// Looks at the settings of these paths and at everything that they name on this computer. Answers the Segl to probe
/// the servers with, where there is one. Blocks on disk and keyring.
pub fn examine(paths: &Paths, at: Timestamp) -> (Vec<Finding>, Option<Segl>) {
    let config = match Config::load(paths) {
        Ok(config) => config,
        Err(cause) => return (vec![Finding::Unusable(cause)], None),
    };
    let mut findings = settings(&config);
    match Segl::open(config, account()) {
        Ok(segl) => {
            findings.extend(segl.examine_opened(at));
            (findings, Some(segl))
        }
        Err(cause) => {
            findings.push(Finding::NotOpened(cause));
            (findings, None)
        }
    }
}

impl Segl {
    /// The same for a Segl that is open. Blocks on disk and keyring.
    pub fn examine(&self, at: Timestamp) -> Vec<Finding> {
        let mut findings = settings(&self.config);
        findings.extend(self.examine_opened(at));
        findings
    }

    fn examine_opened(&self, at: Timestamp) -> Vec<Finding> {
        let anchors = self.trust.anchors().certificates().iter();
        let mut findings: Vec<_> = anchors.map(|anchor| rate(anchor, at)).collect();
        let unreadable = self.trust.lists().unreadable().into_iter();
        findings.extend(unreadable.map(|(file, detail)| Finding::UnreadableList { file, detail }));
        findings.extend(match self.tunnel_status(at) {
            Err(cause) => Some(Finding::TunnelUnusable(cause)),
            Ok(status) => Some(status)
                .filter(|s| s.is_of_interest() || self.config.tunnel.from.is_some())
                .map(Finding::TunnelList),
        });
        findings.extend(self.evidence(at).transpose().map(Finding::Evidence));
        findings.extend(self.examine_vault(at));
        findings
    }

    fn shipping_state(&self, at: Timestamp) -> Option<Finding> {
        self.config.ship_to.as_ref()?;
        Some(match self.may_ship(at) {
            Err(cause) => Finding::NotShipped(cause),
            Ok(state) => Finding::Shipping(state),
        })
    }

    fn examine_vault(&self, at: Timestamp) -> Vec<Finding> {
        let vault = match self.vault() {
            Ok(vault) => vault,
            Err(cause) => return vec![Finding::NoKey(cause)],
        };
        let mut findings = vec![Finding::Key {
            is_file: self.config.key_file.is_some(),
        }];
        findings.extend(vault.store_trouble().cloned().map(Finding::Store));
        findings.extend(self.archive_fault(at).map(Finding::Archive));
        findings.extend(self.recovery_fault(at).map(Finding::Recovery));
        findings.extend(self.shipping_state(at));
        match self.test_own(at) {
            Ok(own) => {
                findings.extend(own.verdicts.into_iter().map(Finding::Own));
                findings.extend(own.faults.into_iter().map(Finding::Tokens));
                findings.extend(
                    own.damaged
                        .into_iter()
                        .map(|file| Finding::OwnUnreadable(KeyError::Damaged { file })),
                );
            }
            Err(cause) => findings.push(Finding::OwnUnreadable(cause)),
        }
        findings.push(match vault.record(at) {
            Err(cause) => Finding::RecordUnusable(cause),
            Ok(_) => match record::verify_folder(&self.config.data, None) {
                Err(cause) => Finding::RecordUnverified(cause),
                Ok(verified) => match verified.first_bad {
                    Some(bad) => Finding::ChainBroken(bad),
                    None => Finding::Chain {
                        records: verified.records,
                    },
                },
            },
        });
        findings
    }
}

fn settings(config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding::Settings {
        is_managed: config.is_managed,
    }];
    if config.policy.is_newer_than_program {
        findings.push(Finding::PolicyIsNewer);
    }
    let has_no_directory = config.directories.is_empty() && config.certificate_files.is_empty();
    let missing = [
        (config.senders.is_empty(), Missing::Sender),
        (config.submission.is_none(), Missing::Server),
        (has_no_directory, Missing::Directory),
        (config.anchors.is_empty(), Missing::Anchor),
    ];
    let seams = config.transport.seams();
    if !seams.is_empty() {
        findings.push(Finding::TransportSeams(seams));
    }
    if !config.transport.own_hosts.is_empty() {
        findings.push(Finding::OwnHosts(config.transport.own_hosts.clone()));
    }
    if config.sealing != SealingRules::default() {
        findings.push(Finding::NotForEveryProgram(config.sealing));
    }
    let missing = missing.into_iter().filter(|(is_missing, _)| *is_missing);
    findings.extend(missing.map(|(_, what)| Finding::Missing(what)));
    let contacts = Contact::all(config).into_iter();
    let plain = contacts.filter(|c| c.protection == Protection::None);
    findings.extend(plain.filter_map(|contact| match contact.purpose {
        Purpose::Directory { name } => Some(Finding::PlainDirectory(name)),
        _ => None,
    }));
    findings
}

fn rate(anchor: &Certificate, at: Timestamp) -> Finding {
    let known = known_root(anchor);
    let name = known.map_or_else(
        || anchor.facts().subject.clone(),
        |(name, _)| name.to_owned(),
    );
    let not_after = anchor.facts().not_after;
    let state = match known {
        Some((_, true)) => AnchorState::Test,
        _ if not_after < at => AnchorState::Expired,
        _ => AnchorState::Good,
    };
    Finding::Anchor {
        name,
        not_after,
        state,
    }
}
