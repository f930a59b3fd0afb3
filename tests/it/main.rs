//! The integration tests: one binary, one module a part.
mod cert;
mod decide;
mod layers;
