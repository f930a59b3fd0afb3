//! `segl`: the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    segl::process::harden();
    ExitCode::from(segl::cli::run(std::env::args_os()))
}
