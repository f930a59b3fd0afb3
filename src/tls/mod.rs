//! What is known of the transport to a recipient's domain, before anything is sent.

mod level;

pub use level::Level;
