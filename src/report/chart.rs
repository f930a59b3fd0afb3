//! Stacked bars, as inline SVG: nothing by colour alone (each part has a pattern and its number), with a text alternative.
//! The numbers stand in a table beside it. A chart has no more bars than a page on paper holds: more are more charts.

use std::fmt::Write as _;

use super::html::escaped;

/// Width of a chart, in its own units.
const WIDTH: u64 = 900;
/// Where bars begin.
const LEFT: u64 = 150;
/// Height of a bar with its distance to the next.
const STEP: u64 = 28;
/// Height of a bar.
const BAR: u64 = 20;
/// A part this wide has room for its number.
const ROOM: u64 = 26;

/// What the parts of one kind are called.
#[derive(Debug, Clone)]
pub(super) struct Series {
    pub(super) name: String,
}

/// A chart: one bar for each label, with one part for each series.
#[derive(Debug, Clone)]
pub(super) struct Bars {
    pub(super) title: String,
    pub(super) alternative: String,
    pub(super) series: Vec<Series>,
    pub(super) stacks: Vec<(String, Vec<u64>)>,
    /// The longest bar of all charts that belong together, at least one.
    pub(super) longest: u64,
}

impl Series {
    pub(super) fn named(name: String) -> Self {
        Self { name }
    }
}

/// The longest bar of these, at least one.
pub(super) fn longest(stacks: &[(String, Vec<u64>)]) -> u64 {
    let sums = stacks.iter().map(|(_, parts)| parts.iter().sum());
    sums.max().unwrap_or(0).max(1)
}

/// Patterns for up to eight series: white, black, and lines of different kind. Black ink on white paper tells all apart.
const PATTERNS: [&str; 8] = [
    "<rect width='8' height='8' fill='#fff'/>",
    "<rect width='8' height='8' fill='#333'/>",
    "<rect width='8' height='8' fill='#fff'/><path d='M0 8L8 0M-2 2L2 -2M6 10L10 6' stroke='#333' stroke-width='1.5'/>",
    "<rect width='8' height='8' fill='#bbb'/>",
    "<rect width='8' height='8' fill='#fff'/><circle cx='4' cy='4' r='1.6' fill='#333'/>",
    "<rect width='8' height='8' fill='#fff'/><path d='M0 4H8' stroke='#333' stroke-width='2'/>",
    "<rect width='8' height='8' fill='#777'/>",
    "<rect width='8' height='8' fill='#fff'/><path d='M4 0V8M0 4H8' stroke='#333' stroke-width='1'/>",
];

/// The chart as an SVG element. `id` is the same for no other chart of the page.
pub(super) fn svg(chart: &Bars, id: usize) -> String {
    let legend = 24 * (chart.series.len() as u64).div_ceil(2) + 12;
    let height = legend + STEP * chart.stacks.len() as u64 + 8;
    let mut out = format!(
        "<svg role=\"img\" aria-labelledby=\"c{id}t c{id}d\" viewBox=\"0 0 {WIDTH} {height}\" \
         xmlns=\"http://www.w3.org/2000/svg\"><title id=\"c{id}t\">{}</title><desc id=\"c{id}d\">{}</desc><defs>",
        escaped(&chart.title),
        escaped(&chart.alternative)
    );
    for (n, _) in chart.series.iter().enumerate() {
        let pattern = PATTERNS[n % PATTERNS.len()];
        let _infallible = write!(
            out,
            "<pattern id=\"c{id}p{n}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">{pattern}</pattern>"
        );
    }
    out.push_str("</defs>");
    for (n, series) in (0_u64..).zip(&chart.series) {
        let (x, y) = (8 + 440 * (n % 2), 6 + 24 * (n / 2));
        part(&mut out, id, n, (x, y, 20, 14));
        text(&mut out, x + 28, y + 12, "start", &series.name);
    }
    let longest = chart.longest;
    for (n, (label, parts)) in (0_u64..).zip(&chart.stacks) {
        let y = legend + STEP * n;
        text(&mut out, LEFT - 8, y + 15, "end", label);
        let (mut before, sum) = (0, parts.iter().sum::<u64>());
        for (n, value) in (0_u64..).zip(parts).filter(|(_, v)| **v > 0) {
            let at = |n: u64| LEFT + n * (WIDTH - LEFT - 60) / longest;
            let (from, to) = (at(before), at(before + value));
            part(&mut out, id, n, (from, y, (to - from).max(1), BAR));
            if to - from >= ROOM && parts.iter().filter(|v| **v > 0).count() > 1 {
                let middle = u64::midpoint(from, to);
                let _infallible = write!(
                    out,
                    "<rect x=\"{}\" y=\"{}\" width=\"24\" height=\"14\" fill=\"#fff\"/>",
                    middle - 12,
                    y + 3
                );
                text(&mut out, middle, y + 15, "middle", &value.to_string());
            }
            before += value;
        }
        let end = LEFT + sum * (WIDTH - LEFT - 60) / longest;
        text(&mut out, end + 6, y + 15, "start", &sum.to_string());
    }
    out.push_str("</svg>");
    out
}

fn part(out: &mut String, id: usize, series: u64, (x, y, width, height): (u64, u64, u64, u64)) {
    let _infallible = write!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"url(#c{id}p{series})\" \
         stroke=\"#111\" stroke-width=\"1\"/>"
    );
}

fn text(out: &mut String, x: u64, y: u64, anchor: &str, text: &str) {
    let _infallible = write!(
        out,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"14\" text-anchor=\"{anchor}\">{}</text>",
        escaped(text)
    );
}
