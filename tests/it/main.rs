//! The integration tests: one binary, one module a part.
#![cfg(test)]
// `cfg(test)` is always on here. It tells clippy that helpers, too, may `expect` and print as tests do.

mod anchor;
#[cfg(all(feature = "gui", target_os = "linux"))]
mod asleep;
#[cfg(feature = "gui")]
mod atspi;
mod awaited;
mod batch;
mod canary;
mod cert;
mod cli;
mod contacts;
mod content;
mod crossed;
mod decide;
mod demo;
mod desk;
mod directory;
mod discovery;
mod doubt;
mod first_run;
mod fixture;
mod fuzzed;
mod help;
mod issuers;
#[cfg(feature = "gui")]
mod keyboard;
mod keys;
mod layers;
mod lists;
mod notices;
mod ocsp;
mod opening;
mod others;
mod outbox;
mod own;
mod own_files;
mod own_lookup;
mod own_lost;
mod own_recovery;
mod own_words;
mod paths;
mod pkits;
#[cfg(feature = "gui")]
mod reader;
mod receipts;
#[cfg(feature = "gui")]
mod received;
mod record;
mod recovery;
mod relay;
mod report;
mod rule;
#[cfg(feature = "gui")]
mod screen;
#[cfg(feature = "gui")]
mod screens;
mod selection;
mod set_up;
mod shipping;
mod sign_in;
mod smime;
#[cfg(feature = "gui")]
mod spelling;
mod store;
mod submit;
#[cfg(unix)]
mod token;
mod tools;
mod transport;
mod tunnel;
#[cfg(feature = "gui")]
mod walk;
#[cfg(feature = "gui")]
mod window;
