//! The window, driven by key presses and reports, looked at by accessible names and pictures.

mod flows;
mod screens;
mod support;
