//! Own words of the spelling: added, seen by every window, removed.

use segl::segl::Segl;

use super::desk::{Desk, now};

#[test]
fn an_own_word_that_was_removed_is_gone_for_every_window_and_the_others_stay() {
    let desk = Desk::new();
    let window = || Segl::open(desk.demo.config().unwrap(), "anne".to_owned()).unwrap();
    let (first, second) = (window(), window());
    first.add_own_word("dosmer", now()).unwrap();
    second.add_own_word("Skævinge", now()).unwrap();
    first.forget_own_word("dosmer", now()).unwrap();
    // What nobody added is removed by nobody.
    first.forget_own_word("ukendt", now()).unwrap();
    for window in [first, second] {
        let words: Vec<String> = window.own_words().unwrap().into_iter().collect();
        assert_eq!(words, ["Skævinge"]);
    }
}
