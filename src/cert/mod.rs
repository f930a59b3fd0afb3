//! Certificates: read, bound to an address, validated to a pinned anchor, judged.
//!
//! No network and no disk. [`Certificate`] is parsed and not judged; [`EncryptionCertificate`] has passed every check
//! for one address at one time, and only [`judge()`] makes one. Path validation is OpenSSL's (RFC 5280 §6); usage,
//! strength and binding are judged here (RFC 8550, RFC 9598).

mod addresses;
mod binding;
mod capability;
mod certificate;
mod clock;
mod constraints;
mod ending;
mod files;
mod judge;
mod kind;
mod list_entry;
mod name;
mod one_time;
mod openssl_ext;
mod path;
mod problem;
mod revocation;
mod search;
mod sides;
mod spki;

pub use binding::{Binding, BindingRule, BoundTo, Gateway, Scope, bind, may_pin};
pub use capability::{Capabilities, ContentCipher, RsaPadding, SealingRules};
pub(crate) use certificate::timestamp;
pub use certificate::{Certificate, Facts, Fingerprint, MAX_OCTETS};
pub use clock::{ClockOff, ClockState, PeerClock, Reading, weigh_clock};
pub use ending::{Ending, Whose, endings};
pub use files::{ObjectError, bundle, certificates, der_objects};
pub use judge::{
    EncryptionCertificate, RevocationPolicy, Rules, Subject, judge, judge_gateway, problems,
    revocation_findings,
};
pub(crate) use judge::{issuers_usage, weakness};
pub use kind::{Filter, Kind};
pub use list_entry::{ListEntry, Server};
pub use name::{Organisation, OrganisationNumber};
pub use one_time::{OneTime, OneTimeError};
pub(crate) use openssl_ext::{Encapsulated, decapsulate, encapsulate};
pub use path::{Anchors, Path, PolicyInputs, known_root, path, paths};
pub use problem::{Problem, RevocationUnknown};
pub(crate) use revocation::latest;
pub use revocation::{
    RevocationAnswer, RevocationFinding, RevocationRuling, RevocationSource, RevocationSourceKind,
    SKEW,
};
pub(crate) use spki::PssParams;
pub use spki::{Curve, KeyKind, MlKem, RSA_MAX_BITS, RSA_MIN_BITS, SignatureKind};
