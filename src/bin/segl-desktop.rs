//! `segl-desktop`: the window.
#![cfg_attr(windows, windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    segl::process::harden();
    ExitCode::from(segl::app::main())
}
