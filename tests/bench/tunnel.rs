//! The tunnel list with a million domains: the time that it takes to be read, in each form, to be held against the one
//! before, and to be looked up in.
//!
//! `cargo bench --bench tunnel`
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its table, or says what it lacks and ends"
)]

use std::{
    fmt::Write as _,
    hint::black_box,
    time::{Duration, Instant},
};

use segl::tunnel::{List, read, review};

const DOMAINS: u32 = 1_000_000;
const LOOKUPS: u32 = 1_000_000;

fn main() {
    // `cargo test` runs benches too, without this argument.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let lines = made(DOMAINS, |n, text| writeln!(text, "firma-{n}.eksempel.dk"));
    let table = made(DOMAINS, |n, text| {
        writeln!(
            text,
            "firma-{n}.eksempel.dk;post@firma-{n}.eksempel.dk;direct;{:08};Firma {n};2024-01-01;",
            n + 10_000_000
        )
    });
    let json = format!(
        "[{}]",
        lines
            .lines()
            .map(|l| format!("\"{l}\""))
            .collect::<Vec<_>>()
            .join(",")
    );
    println!("{DOMAINS} domains; best of five");
    for (what, text) in [
        ("one a line", &lines),
        ("all columns", &table),
        ("JSON", &json),
    ] {
        let took = best(|| loaded(text).len());
        println!(
            "read, {what} ({} kB): {:.0} ms",
            text.len() / 1024,
            ms(took)
        );
    }
    let (before, after) = (loaded(&table), loaded(&table));
    let took = best(|| review(Some(&before), &after, &[]).changed.len());
    println!("held against the one before: {:.0} ms", ms(took));
    for size in [1_000, DOMAINS] {
        let list = loaded(&made(size, |n, text| {
            writeln!(text, "firma-{n}.eksempel.dk")
        }));
        let asked: Vec<String> = (0..LOOKUPS)
            .map(|n| {
                format!(
                    "firma-{}.eksempel.dk",
                    n.wrapping_mul(2_654_435_761) % (2 * size)
                )
            })
            .collect();
        let took = best(|| asked.iter().filter(|d| list.find(d).is_some()).count());
        println!(
            "a look-up among {size}: {:.0} ns",
            ms(took) * 1e6 / f64::from(LOOKUPS)
        );
    }
}

fn made(count: u32, line: impl Fn(u32, &mut String) -> std::fmt::Result) -> String {
    let mut text = String::new();
    for n in 0..count {
        line(n, &mut text).expect("a line");
    }
    text
}

fn loaded(text: &str) -> List {
    read(text.as_bytes()).expect("a list").list
}

fn best<T>(work: impl Fn() -> T) -> Duration {
    let timed = |_| {
        let begin = Instant::now();
        black_box(work());
        begin.elapsed()
    };
    (0..5).map(timed).min().unwrap_or_default()
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}
