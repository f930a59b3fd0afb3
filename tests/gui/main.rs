//! The window, driven by key presses and reports, looked at by accessible names and pictures.

#![expect(
    clippy::unwrap_used,
    reason = "a test says where it failed by panicking"
)]

mod assistant;
mod books;
mod drawing;
mod flows;
mod imports;
mod lists;
mod options;
mod people;
mod pictures;
mod receipts;
mod received;
mod screens;
mod subject;
mod support;
mod worker;
mod writing;
#[cfg(unix)]
mod zone;
