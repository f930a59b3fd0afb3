//! Segl sends confidential mail so that only its recipient can read it, and proves afterwards that it did.

#[cfg(feature = "gui")]
pub mod app;
pub mod cert;
pub mod decide;
#[cfg(feature = "demo")]
pub mod demo;
pub mod directory;
pub mod keys;
pub mod mail;
pub mod net;
pub mod record;
pub mod revocation;
pub mod smime;
pub mod store;
pub mod submit;
pub mod words;
