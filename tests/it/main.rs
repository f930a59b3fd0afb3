//! The integration tests: one binary, one module a part.
// `cfg(test)` is always on here. It tells clippy that helpers, too, may `expect` and print as tests do.

#[cfg(feature = "demo")]
#[cfg(test)]
mod demo;
#[cfg(feature = "demo")]
#[cfg(test)]
mod smime;
#[cfg(test)]
mod tools;
