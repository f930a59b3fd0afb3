//! The detectors over ten megabytes of text: letters with little in them, letters full of numbers and telling words, and a
//! table of numbers. The limit is 0.2 seconds each.
//!
//! `cargo bench --bench content`
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::time::{Duration, Instant};

use segl::content::{Place, examine_file, examine_text};

const SIZE: usize = 10 << 20;
const RUNS: usize = 7;
const LIMIT: Duration = Duration::from_millis(200);

const ORDINARY: &str = "Kære Karen\n\nTak for mødet i går. Vi har gennemgået udkastet til aftalen og har \
    enkelte bemærkninger, som fremgår af vedlagte. Vi foreslår, at vi mødes igen den 14. december kl. 10 på vores \
    kontor, Eksempelvej 12, 8000 Aarhus C. Prisen er 12.450,00 kr. ekskl. moms, faktura 20261122.\n\n";
const TELLING: &str = "Klienten (CPR 070761-4285) er sygemeldt efter en arbejdsskade og sigtet for tyveri, sag \
    BS-12345/2026-KBH. Skilsmissen er anmeldt; beløbet betales til DK50 0040 0440 1162 43.\n";
const TABLE: &str =
    "1003456789;0102031234;12345678;2026-11-22;14:02;33123456;1.234,50;0000123456\n";

fn main() {
    // `cargo test` runs benches too, without this argument.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let mut is_slow = false;
    for (name, piece) in [
        ("ordinary letters", ORDINARY),
        ("telling letters", TELLING),
        ("a table of numbers", TABLE),
    ] {
        let text = piece.repeat(SIZE / piece.len() + 1);
        let mut times: Vec<Duration> = (0..RUNS)
            .map(|_| {
                let begun = Instant::now();
                std::hint::black_box(examine_text(Place::Text, &text));
                begun.elapsed()
            })
            .collect();
        times.sort_unstable();
        let begun = Instant::now();
        std::hint::black_box(examine_file("text.txt", text.as_bytes()));
        let as_file = begun.elapsed();
        println!(
            "{name}, {} octets: median {:?}, slowest {:?}; as a file {as_file:?}",
            text.len(),
            times[RUNS / 2],
            times[RUNS - 1]
        );
        is_slow |= times[RUNS / 2] > LIMIT;
    }
    println!(
        "limit {LIMIT:?}: {}",
        if is_slow { "exceeded" } else { "kept" }
    );
}
