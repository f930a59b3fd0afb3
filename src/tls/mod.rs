//! What is known of the transport to a recipient's domain, before anything is sent.
//!
//! ```text
//! Examiner::examine(domain, at) -> Findings          asks DNS, the policy host and, where told to, the mail servers
//! weigh(&Findings)              -> Level             pure: the worst mail server that can be reached counts
//! raised(level, &Findings, &Promise) -> Level        pure: what our own mail server promises on top
//! ```
//! What was seen and what our own server promises are two values: [`Findings`] never holds a promise, and is at most
//! [`Level::Published`]. Everything that could not be asked is in the findings as such: down is not absent.

mod dane;
mod evidence;
mod examine;
mod filed;
mod findings;
mod level;
mod notes;
mod nta;
mod policy;
mod promise;
mod weigh;
mod witness;

pub use dane::{Tlsa, Verdict, judge as judge_dane};
pub use evidence::{Evidence, EvidenceFault, Signed, statement};
pub use examine::{Examiner, ExaminerFault, Settings, domain_of};
pub use filed::{Direction, FiledReceipt, Leg, SeenHop, Witness, summary};
pub use findings::{
    Certificate, Dane, Exchanger, Findings, MailRoute, Outcome, Probe, Resolved, Sts, StsFault,
    StsHost, Why,
};
pub use level::Level;
pub use notes::{Note, NoteCode};
pub use nta::Nta7516;
pub use policy::{Mode, PolicyFault, StsPolicy};
pub use promise::{Promise, raised};
pub use weigh::weigh;
pub use witness::{is_own, witnessed};
