//! The window, driven by key presses and reports, looked at by accessible names and pictures.

mod support;

use support::{Hands as _, *};

#[test]
fn it_opens() {
    let mut screen = open(Desk::new(segl::words::Lang::Da));
    println!("{screen:?}");
    println!("{:?}", screen.focused());
    screen.text("bo@y.example");
}
