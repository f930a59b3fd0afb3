//! The report as one HTML file: nothing outside it, no script, headings in order, table headers with scope, charts with a
//! text alternative, and a form for paper.

use std::fmt::Write as _;

use super::{
    Report,
    chart::svg,
    prose::{Block, Document, Table, document},
};
use crate::words::{Words, visible};

/// Contrast is 12:1 and more; the lines of tables are there on paper too.
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;color:#111;background:#fff;max-width:80rem;\
    margin:2rem auto;padding:0 1rem}h1{font-size:1.7rem}h2{font-size:1.3rem;margin-top:2.5rem}\
    table{border-collapse:collapse;width:100%;margin:1rem 0}caption{text-align:left;font-weight:bold;padding:.3rem 0}\
    th,td{border:1px solid #555;padding:.3rem .5rem;text-align:left;vertical-align:top}.l{overflow-wrap:anywhere;min-width:9em}\
    thead th{background:#eee}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\
    .w{border-left:.5rem solid #111;padding:.5rem 1rem;font-weight:bold}svg{width:100%;height:auto;fill:#111}\
    .t{overflow-x:auto}nav ul{columns:2}\
    @media print{@page{size:A4 landscape;margin:15mm}body{font-size:10pt;max-width:none;margin:0}\
    thead{display:table-header-group}tr,svg{break-inside:avoid}h2,caption{break-after:avoid}nav{display:none}.t{overflow:visible}}";

/// A word with more letters may be broken.
const LONG: usize = 24;

/// Makes the page.
pub fn html(report: &Report, words: &Words) -> String {
    let Document {
        title,
        lead,
        sections,
    } = document(report, words);
    let title = escaped(&title);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'\"/>\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n",
        words.lang().tag(),
        base64_simd::STANDARD.encode_to_string(openssl::sha::sha256(STYLE.as_bytes()))
    );
    for text in &lead {
        paragraph(&mut out, "", text);
    }
    out.push_str("</header>\n");
    let heading = escaped(&words.say("report-contents"));
    let _infallible = write!(out, "<nav aria-label=\"{heading}\">\n<ul>\n");
    for (n, section) in sections.iter().enumerate() {
        let _infallible = writeln!(
            out,
            "<li><a href=\"#s{n}\">{}</a></li>",
            escaped(&section.heading)
        );
    }
    out.push_str("</ul>\n</nav>\n<main>\n");
    let mut charts = 0;
    for (n, section) in sections.iter().enumerate() {
        let _infallible = write!(
            out,
            "<section aria-labelledby=\"s{n}\">\n<h2 id=\"s{n}\">{}</h2>\n",
            escaped(&section.heading)
        );
        for block in &section.blocks {
            match block {
                Block::Text(text) => paragraph(&mut out, "", text),
                Block::Warning(text) => paragraph(&mut out, " class=\"w\"", text),
                Block::Table(table) => self::table(&mut out, table),
                Block::Chart(chart) => {
                    let _infallible = writeln!(out, "<figure>{}</figure>", svg(chart, charts));
                    charts += 1;
                }
            }
        }
        out.push_str("</section>\n");
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn paragraph(out: &mut String, class: &str, text: &str) {
    let _infallible = writeln!(out, "<p{class}>{}</p>", escaped(text));
}

fn table(out: &mut String, table: &Table) {
    // A region that scrolls is reached by keyboard and has a name.
    let _infallible = write!(
        out,
        "<div class=\"t\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">\n<table>\n<caption>{0}</caption>\n<thead>\n<tr>",
        escaped(&table.caption)
    );
    for column in &table.columns {
        let _infallible = write!(out, "<th scope=\"col\">{}</th>", escaped(column));
    }
    out.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for (n, cell) in row.iter().enumerate() {
            let cell_text = escaped(cell);
            // Only what has no place to break, such as a digest, is broken anywhere: words stay whole.
            let class = match cell {
                cell if n > 0 && is_number(cell) => " class=\"n\"",
                cell if cell
                    .split_whitespace()
                    .any(|word| word.chars().count() > LONG) =>
                {
                    " class=\"l\""
                }
                _ => "",
            };
            let _infallible = match n {
                0 => write!(out, "<th scope=\"row\"{class}>{cell_text}</th>"),
                _ => write!(out, "<td{class}>{cell_text}</td>"),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
}

pub(super) fn is_number(cell: &str) -> bool {
    !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit())
}

/// Text that can neither end its element nor hide anything.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
