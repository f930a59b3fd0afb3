//! Outside judges: programs that the tests run where they are installed.

use std::process::Command;

/// The program of this name. Where it is missing, a loud word on stderr and `None`: the test is skipped. In CI (the
/// environment variable `CI` is set) a missing judge is a failure.
pub(crate) fn tool(name: &str) -> Option<Command> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file());
    if let Some(file) = found {
        return Some(Command::new(file));
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{name} is not installed, and CI skips nothing"
    );
    eprintln!("SKIPPED a test: {name} is not installed");
    None
}

/// The system's own Python, if it can import this: packages of the distribution are not seen by another one.
pub(crate) fn system_python(import: &str, packages: &str) -> Option<Command> {
    let python = "/usr/bin/python3";
    let (module, name) = import.rsplit_once('.').unwrap_or((import, import));
    let probe = Command::new(python)
        .args(["-c", &format!("from {module} import {name}")])
        .output();
    if probe.is_ok_and(|p| p.status.success()) {
        return Some(Command::new(python));
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{packages}: not installed, and CI skips nothing"
    );
    eprintln!("SKIPPED a test: {packages} are not installed");
    None
}

/// Postfix's `posttls-finger`, which `tests/run.sh` unpacks: its package cannot be installed beside Exim.
pub(crate) fn posttls_finger() -> Option<Command> {
    let unpacked = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/postfix/usr");
    let file = unpacked.join("sbin/posttls-finger");
    if file.is_file() {
        let mut finger = Command::new(file);
        finger.env("LD_LIBRARY_PATH", unpacked.join("lib/postfix"));
        return Some(finger);
    }
    tool("posttls-finger")
}

/// The Python that `tests/run.sh` makes with kyber-py and cryptography from PyPI; `SEGL_PYTHON` names another one.
pub(crate) fn judging_python() -> Option<Command> {
    let made = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/python");
    let python = std::env::var_os("SEGL_PYTHON").map_or(made, Into::into);
    let imports = "import cryptography, kyber_py.ml_kem";
    let probe = Command::new(&python).args(["-c", imports]).output();
    if probe.is_ok_and(|p| p.status.success()) {
        return Some(Command::new(python));
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{} has no kyber-py and cryptography, and CI skips nothing",
        python.display()
    );
    eprintln!("SKIPPED a test: tests/run.sh makes a Python with kyber-py and cryptography");
    None
}
