//! The integration tests: one binary, one module a part.
mod keys;
mod record;
mod store;
