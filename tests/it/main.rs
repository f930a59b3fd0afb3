//! The integration tests: one binary, one module a part.

#[cfg(feature = "demo")]
mod smime;
mod tools;
