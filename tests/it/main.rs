//! The integration tests: one binary, one module a part.
// `cfg(test)` is always on here. It tells clippy that helpers, too, may `expect` and print as tests do.

#[cfg(test)]
mod canary;
#[cfg(test)]
mod cert;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod decide;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod help;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod record;
#[cfg(test)]
mod recovery;
#[cfg(test)]
mod smime;
#[cfg(test)]
mod store;
#[cfg(test)]
mod submit;
#[cfg(test)]
mod tools;
