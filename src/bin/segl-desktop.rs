//! The window. Argument parsing and wiring only; everything else is the library's.

fn main() {}
