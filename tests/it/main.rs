//! The integration tests: one binary, one module a part.
mod canary;
mod cert;
mod cli;
mod decide;
mod desk;
mod layers;
mod recovery;
