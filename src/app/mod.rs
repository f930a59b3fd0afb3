//! The window (egui): compose, see for each recipient whether it can be encrypted, send or be warned, and see what
//! became of it.
//!
//! ```text
//! main thread                                           worker thread "segl-worker"
//! events in ─► update(&mut State, Message) (pure)       tokio; what blocks runs aside
//!              └─► Vec<Job> ────────────── Job ────►    Arc<dyn Backend>: assess, send, keep drafts …
//! *_ui(&State) ─► Message ─► update ◄──── Event ────    then wake (request_repaint)
//! ```
//! Texts are edited in place; all else is a [`Command`](command::Command). The light is decided anew on each pass and
//! stored nowhere. This thread never blocks and touches neither disk nor network.

pub mod aids;
pub mod another;
pub mod args;
mod asking;
pub mod assistant;
mod atlas;
mod backend;
pub mod book;
mod chip;
pub mod choices;
pub mod class;
mod clock;
pub mod command;
mod composer;
mod details;
mod dialog;
mod filter;
mod fonts;
mod foot;
mod hearing;
pub mod imports;
mod jump;
pub mod keeping;
pub mod keys;
mod kit;
pub mod lists;
pub mod look;
pub mod mailto;
pub mod message;
mod meter;
mod moving;
pub mod options;
mod outgoing;
pub mod outside;
pub mod own_keys;
pub mod page;
pub mod palette;
pub mod place;
mod quick;
mod receipt;
pub mod receipts;
pub mod received;
mod reminder;
pub mod report;
pub mod retry;
pub mod rows;
mod run;
pub mod seam;
mod sending;
pub mod setup;
mod shapes;
mod shown;
pub mod signing_in;
pub mod standing;
mod start;
pub mod state;
pub mod stops;
pub mod theme;
pub mod update;
pub mod voice;
pub mod warning;
mod welcome;
pub mod window;
pub mod worker;
mod writing;

pub use run::{RunError, Start, run};
pub use start::{TerminalDemo, begun, main};
