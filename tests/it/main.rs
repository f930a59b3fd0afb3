//! The integration tests: one binary, one module a part.
mod canary;
mod cert;
mod cli;
mod decide;
mod desk;
mod fixture;
mod help;
mod layers;
mod recovery;
mod tools;
