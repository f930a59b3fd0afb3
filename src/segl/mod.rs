//! The only place that wires the parts together: assess, decide, send.

mod attachment;
mod trust;

pub use attachment::{AttachError, attach};
pub use trust::{Examined, Trust, TrustError};
