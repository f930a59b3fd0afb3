//! Where certificates are found: LDAP directories and imported files.
//!
//! A directory answers with what it holds, and separately with what went wrong. Down, slow, partial or rubbish is a
//! [`Failure`], never "has none". Nothing here is judged, and nothing that an answer says is followed.

mod answer;

pub use answer::{Answer, Failure, FailureCode, Found, Security, Source};
