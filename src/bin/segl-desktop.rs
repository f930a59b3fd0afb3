//! `segl-desktop`: the window.
#![cfg_attr(windows, windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    segl::process::harden();
    #[cfg(feature = "demo")]
    let terminal = Some(segl::cli::demo as segl::app::TerminalDemo);
    #[cfg(not(feature = "demo"))]
    let terminal = None;
    ExitCode::from(segl::app::main(terminal))
}
