//! The tunnel list: domains whose organisation reads S/MIME for all its mailboxes, at a gateway of its own.
//!
//! Values only: read from octets, looked up, and held against the list before. Where a list comes from, who vouches for
//! it and whether it may replace another is `segl`'s business; certificates are judged by `cert`.
//!
//! # What makes a list broken
//! A list is taken as a whole or not at all where nobody could tell what its author meant: it is not UTF-8 text, it is
//! larger than [`MAX_OCTETS`], it names a column that Segl does not know, it says two different things of one domain, or
//! it holds no entry. A line that is wrong by itself is left out and told with its number, because a typing error among
//! fifteen hundred domains must not keep the others from being brought up to date; its domain is then not listed, which
//! is red and never green. Where more than one line in a hundred is wrong the list is broken as a whole.

mod domain;
mod entry;
mod fault;
mod json;
mod list;
mod read;
mod review;

pub use entry::{Details, Mode};
pub use fault::{Broken, Fault, FaultKind, Unit};
pub use list::{Entry, List};
pub use read::{MAX_OCTETS, Read, read};
pub use review::{Changed, Field, Reason, Review, review};

#[cfg(test)]
mod tests;
