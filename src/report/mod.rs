//! The report: what an authority, an owner or a data protection officer asks of the record, answered for a time.
//!
//! Pure: a [`Builder`] is told what happened, desk by desk, and gives a [`Report`]; formats are made of that. Nothing is
//! left out in silence: what was removed after its time, what does not open, what an earlier version did not record and
//! which desks did not ship are numbers of their own. Never a subject, a body or a file name: the record has none.

mod build;
mod chart;
mod csv;
mod html;
mod pdf;
mod prose;
mod values;

pub use build::{Builder, Detail, Row};
pub use csv::csv;
pub use html::html;
pub use pdf::{PdfError, pdf};
pub use values::{
    Absent, Anchored, Chain, Desk, Domain, Exposed, Failed, GivenReason, InForce, LevelSeen,
    NotRecorded, Period, PolicyChange, RefusedMail, Removed, Report, RiskCount, RouteCount, Sender,
    StandingAssessment, Totals, Week,
};
