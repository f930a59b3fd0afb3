//! The integration tests: one binary, one module a part.
#![cfg(test)]
// `cfg(test)` is always on here. It tells clippy that helpers, too, may `expect` and print as tests do.

mod canary;
mod cert;
mod cli;
mod decide;
mod demo;
mod desk;
mod directory;
mod doubt;
mod fixture;
mod help;
mod keys;
mod layers;
mod record;
mod recovery;
mod smime;
#[cfg(feature = "gui")]
mod spelling;
mod store;
mod submit;
mod tools;
#[cfg(feature = "gui")]
mod window;
