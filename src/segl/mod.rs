//! The only place that wires the parts together: assess, decide, send.
//!
//! Every surface calls these three and no others. [`Segl::assess`] never fails, [`Segl::decide`] is pure, and
//! [`Segl::send`] takes the proof that the draft may be sent.

mod after;
mod anchoring;
mod attachment;
mod awaited;
mod begin;
mod contacts;
mod content;
mod copies;
mod drafts;
mod ending;
mod error;
mod examine;
mod first_run;
mod held;
mod hosts;
mod imported;
mod input;
mod inventory;
mod issuers;
mod kept_keys;
mod lists;
mod log;
mod lookup;
mod message;
mod offered;
mod opening;
mod others;
mod outbox;
mod own;
mod own_lookup;
mod own_mail;
mod own_test;
mod own_words;
mod part;
mod preferences;
mod probe;
mod readers;
mod receipt;
mod receipts;
mod recorded;
mod recovery;
mod refusing;
mod relay;
mod reporting;
mod responders;
mod run;
mod seal;
mod send;
mod shipping;
mod sign_in;
mod standing;
mod subject;
mod transport;
mod trust;
mod tunnel;
mod vault;
mod waiting;
mod wire;
mod wrapped;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use jiff::Timestamp;

pub use crate::discovery::{Findings, Server, Source as FoundBy};
pub use crate::identity::{Opener, OwnKey, SoftKey, pkcs12::Pkcs12Error};
pub use crate::smime::open::{
    Head as ReadHead, Layer, OpenError as ReadError, Opened, Part, SignatureFault,
    Warning as ReadWarning,
};
pub use crate::submit::Cancel;
pub use anchoring::{AnchorError, Anchors, StampState, anchors};
pub use attachment::{AttachError, attach};
pub use awaited::{Awaited, News};
pub use contacts::{Book, BookError, Imported};
pub use copies::{CopyError, FoundOut};
pub use drafts::{DraftError, Kept};
pub use error::SendError;
pub use examine::{AnchorState, Finding, Missing, examine};
pub use first_run::{
    Answers, Chosen, DirectoryAnswer, FirstRun, FirstRunError, Proposal, RootFault,
    Way as SignInWay,
};
pub use held::{AtHand, Held, HeldKeys, TokenPlace, held_keys, unlock};
pub use hosts::{Contact, Protection, Purpose};
pub use imported::{ImportError, Pinning, TakenOthers};
pub use input::read_input;
pub use inventory::{Inventory, InventoryError, RecordInventory};
pub use kept_keys::{BackUpError, MAX_KEY_FILE, TakeInError, TakenIn};
pub use log::{BatchState, ExportError, Logged, LoggedDetail};
pub use lookup::Ask;
pub use message::MakeError;
pub use offered::{NoPin, Offer, Offered, Tie, is_offer};
pub use opening::{ReadMessage, SignerVerdict, Standing, own_keys, read_message};
pub use others::Other;
pub use outbox::{CameTo, Outgoing, Runner, Tried, Which};
pub use own::{ArchiveFault, OwnIdentity};
pub use own_lookup::OwnCertificates;
pub use own_mail::{OwnMail, OwnMailError};
pub use own_test::{OwnRemark, OwnState, OwnTest, OwnVerdict};
pub use part::{PartError, save_part};
pub use preferences::{Preferences, PreferencesError};
pub use probe::{Probe, Probed};
pub use readers::{Known, Learned, Pin, Reader, ReaderError};
pub use receipt::{Delivery, Outcome, Receipt, RecordedAt, Remark, Signed, Told};
pub use receipts::{AskError, NotFiled, ReceiptError, Request, Requested, TakenReceipt};
pub use recovery::{RecoveryError, RestoreError};
pub use relay::RelayError;
pub use reporting::{Included, ReportError, Reported};
pub use seal::{SealFailure, assess_files, seal};
pub use send::{Sending, Watch, Way};
pub use shipping::{Ship, ShipError, Shipping};
pub use sign_in::{DeviceCode, SignIn, SignInError};
pub use standing::StandingError;
pub use subject::{stays_clear, telling};
pub use transport::{
    DomainTransport, EvidenceError, ExportedEvidence, Judged as JudgedEvidence, TransportSource,
};
pub use trust::{Examined, Trust, TrustError};
pub use tunnel::{
    AnswerError, Kept as KeptList, ListSource, Status as TunnelStatus, Taken as TakenList, Trouble,
    TunnelError, WaitingList,
};
pub use vault::Vault;
pub use waiting::{Waiting, Why};
pub use wire::OpenError;

use self::{lookup::Asked, vault::Door};
use crate::{
    cert::{ClockState, Reading},
    config::Config,
    content::Suggestion,
    decide::{self, Assessments, Decision},
    disk::Lock,
    keys::KeyError,
    mail::{Class, Digest, Draft, DraftId},
    net::{Dates, Vouched},
    store::Store,
    submit::Session,
};

/// The account at this computer, as the operating system knows it: whom the record names.
pub fn account() -> String {
    whoami::username().unwrap_or_else(|_| "?".to_owned())
}

/// Tells the time. Surfaces give it; nothing below reads a clock.
pub type Clock<'a> = &'a (dyn Fn() -> Timestamp + Send + Sync);

/// Segl, set up as the settings say.
pub struct Segl {
    config: Config,
    account: String,
    trust: Trust,
    directories: Vec<Asked>,
    door: Door,
    sign_in: Option<Arc<SignIn>>,
    /// What time it is at all who were asked.
    dates: Dates,
    /// Hosts and URLs that are left alone for a while.
    resting: issuers::Resting,
    /// Held while a responder is asked.
    asking: tokio::sync::Mutex<()>,
    /// The tunnel list.
    tunnel: tunnel::Desk,
    /// Held while lists are fetched.
    fetching: tokio::sync::Mutex<()>,
    /// Drafts that are open in a window of this program: no other window may take them.
    held: Mutex<BTreeMap<DraftId, Lock>>,
    /// What was found in attachments.
    examined: content::Examined,
    /// Requests for receipts and what came back, as far as the record was read.
    receipts: Mutex<receipts::Known>,
}

impl Segl {
    /// Sets up everything that the settings name. Connects to nothing yet, and asks no keyring.
    pub fn open(config: Config, account: String) -> Result<Self, OpenError> {
        let door = Door::of(&config);
        let dates = Dates::default();
        let segl = Self {
            trust: Trust::load(&config)?,
            directories: wire::directories(&config, door.source(), &dates)?,
            sign_in: SignIn::of(&config, door.source(), &dates).map_err(OpenError::SignIn)?,
            door,
            dates,
            held: Mutex::default(),
            examined: content::Examined::default(),
            receipts: Mutex::default(),
            resting: issuers::Resting::default(),
            tunnel: tunnel::Desk::of(&config),
            asking: tokio::sync::Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
            account,
            config,
        };
        segl.find_fetched();
        Ok(segl)
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The account that the record names.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// What certificates are judged with.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The same, to add what was given for this run.
    pub fn trust_mut(&mut self) -> &mut Trust {
        &mut self.trust
    }

    /// What may happen to a draft of this class, given what is known of its recipients.
    /// Blocks on disk and keyring where the user has keys.
    pub fn decide(
        &self,
        draft: &Draft,
        class: Class,
        found: &Assessments,
        at: Timestamp,
    ) -> Decision {
        let policy = self.policy_for(&draft.from.address, at);
        decide::decide(&draft.id, class, &draft.recipients(), found, &policy)
    }

    /// What a draft counts as: what its sender said, or the firm's default, and never less than what was found in it.
    /// Blocks while it reads the files that go with it.
    pub fn class(&self, draft: &Draft) -> Class {
        self.class_by(draft, &self.examine_content(draft))
    }

    /// The same where it is known what was found.
    pub fn class_by(&self, draft: &Draft, found: &Suggestion) -> Class {
        let policy = &self.config.policy;
        let found = found.counted(&draft.dismissed, policy.default_class);
        policy.class(draft.class, found)
    }

    /// Store and record. Blocks on disk and keyring.
    pub fn vault(&self) -> Result<Arc<Vault>, KeyError> {
        self.door.vault()
    }

    /// What the clocks of others say of this computer's.
    pub fn clock(&self, at: Timestamp) -> ClockState {
        self.dates.weigh(at)
    }

    /// The size that the mail server takes: as it says now, or as it said when it was last asked.
    pub async fn size_limit(&self, at: Timestamp) -> Option<u64> {
        if let Ok(session) = self.session().await {
            if let Some(vault) = self.door.opened() {
                send::remember_server(&vault, &session, at);
            }
            let size = session.facts().size();
            session.close().await;
            return size;
        }
        let vault = self.door.opened()?;
        vault
            .store()
            .fact(send::SIZE_FACT)
            .ok()
            .flatten()?
            .value
            .parse()
            .ok()
    }

    /// The sign-in with which access tokens are had, where the settings name one.
    pub fn sign_in(&self) -> Option<&Arc<SignIn>> {
        self.sign_in.as_ref()
    }

    /// The fingerprint of IT's policy, as the record names it.
    fn policy_sha256(&self) -> Option<String> {
        let text = self.config.policy_text.as_ref()?;
        Some(Digest::of(text.as_bytes()).to_string())
    }

    async fn session(&self) -> Result<Session, SendError> {
        let session = Session::open(self.submission()?).await?;
        self.hear_server(&session);
        Ok(session)
    }

    /// What time it is at the mail server, where it greets with that.
    fn hear_server(&self, session: &Session) {
        if let (Some(time), Some(server)) = (session.facts().time(), &self.config.submission) {
            self.dates
                .hear(&server.host, time, Reading::Exact, Vouched::Yes);
        }
    }

    fn answers_store(&self) -> Option<StoreHandle> {
        match self.door.opened() {
            Some(vault) => Some(StoreHandle::Vault(vault)),
            None => self.door.memory().map(StoreHandle::Memory),
        }
    }
}

/// The store of the vault, or the one that stands in for it.
enum StoreHandle {
    Vault(Arc<Vault>),
    Memory(Arc<Store>),
}

impl std::ops::Deref for StoreHandle {
    type Target = Store;
    fn deref(&self) -> &Store {
        match self {
            Self::Vault(vault) => vault.store(),
            Self::Memory(store) => store,
        }
    }
}

/// A number of deliveries as the record writes it. A message to more than four thousand million people is none.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
