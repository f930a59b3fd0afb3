//! The report as a tagged PDF after PDF/UA-1 (ISO 14289-1): headings, tables with header cells, figures with a text, one
//! language, the letters embedded.
//!
//! Written with `pdf-writer` and `ttf-parser`, which bring nothing with them. `krilla` would check more by itself; it
//! brings fifteen packages and changes the features of a hundred others.

mod letters;
mod sheets;

use pdf_writer::{
    Rect,
    types::{StructRole, TableHeaderScope},
};

use self::{
    letters::Letters,
    sheets::{HEIGHT, MARGIN, Sheets, Type, WIDTH, text},
};
use super::{
    Report,
    chart::Bars,
    html::is_number,
    prose::{Block, Document, Table, document},
};
use crate::words::Words;

const TITLE: Type = Type {
    size: 18.0,
    is_bold: true,
};
const HEADING: Type = Type {
    size: 13.0,
    is_bold: true,
};
const BODY: Type = Type {
    size: 10.0,
    is_bold: false,
};
const WARNING: Type = Type {
    size: 10.0,
    is_bold: true,
};
const CAPTION: Type = Type {
    size: 9.0,
    is_bold: true,
};
const HEAD_CELL: Type = Type {
    size: 8.0,
    is_bold: true,
};
const CELL: Type = Type {
    size: 8.0,
    is_bold: false,
};
/// Inside of a cell (points).
const PAD: f32 = 3.0;
/// Shades of the parts of a bar; each has its number beside it too.
const SHADES: [f32; 6] = [1.0, 0.25, 0.8, 0.55, 0.92, 0.4];

/// Why no PDF was made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The letters that are part of the program do not parse.
    #[error("the letters cannot be used: {0}")]
    Font(ttf_parser::FaceParsingError),
}

/// Makes the file.
pub fn pdf(report: &Report, words: &Words) -> Result<Vec<u8>, PdfError> {
    let Document {
        title,
        lead,
        sections,
    } = document(report, words);
    let mut sheets = Sheets::new(Letters::new()?);
    paragraph(&mut sheets, 0, StructRole::H1, TITLE, &title);
    for text in &lead {
        paragraph(&mut sheets, 0, StructRole::P, BODY, text);
    }
    for section in &sections {
        let part = sheets.element(StructRole::Sect, 0);
        sheets.y -= 10.0;
        // A heading does not stand alone at the end of a page.
        if !sheets.has_room(80.0) {
            sheets.turn();
        }
        paragraph(&mut sheets, part, StructRole::H2, HEADING, &section.heading);
        for block in &section.blocks {
            match block {
                Block::Text(text) => paragraph(&mut sheets, part, StructRole::P, BODY, text),
                Block::Warning(text) => paragraph(&mut sheets, part, StructRole::P, WARNING, text),
                Block::Table(table) => draw_table(&mut sheets, part, table),
                Block::Chart(chart) => figure(&mut sheets, part, chart),
            }
        }
    }
    Ok(sheets.finish(&title, words.lang().tag()))
}

fn leading(style: Type) -> f32 {
    style.size * 1.35
}

fn paragraph(sheets: &mut Sheets, parent: usize, role: StructRole, style: Type, told: &str) {
    let element = sheets.element(role, parent);
    let width = if style.size > 11.0 {
        WIDTH - 2.0 * MARGIN
    } else {
        640.0
    };
    for line in sheets.letters.wrapped(told, style.size, width) {
        if !sheets.has_room(leading(style)) {
            sheets.turn();
        }
        let at = (MARGIN, sheets.y - style.size);
        sheets.mark(element, |content, letters| {
            text(content, letters, at, style, &line);
        });
        sheets.y -= leading(style);
    }
    sheets.y -= style.size * 0.4;
}

/// A row in lines, cell by cell.
struct Lines {
    cells: Vec<Vec<String>>,
    style: Type,
}

impl Lines {
    fn of(sheets: &mut Sheets, cells: &[String], widths: &[f32], style: Type) -> Self {
        let wrap = |(cell, width): (&String, &f32)| {
            sheets.letters.wrapped(cell, style.size, width - 2.0 * PAD)
        };
        Self {
            cells: cells.iter().zip(widths).map(wrap).collect(),
            style,
        }
    }

    fn count(&self) -> usize {
        self.cells.iter().map(Vec::len).max().unwrap_or(0)
    }
}

fn draw_table(sheets: &mut Sheets, parent: usize, table: &Table) {
    let widths = columns(sheets, table);
    let element = sheets.element(StructRole::Table, parent);
    let head = Lines::of(sheets, &table.columns, &widths, HEAD_CELL);
    if !sheets.has_room(leading(CAPTION) + height(&head) + 3.0 * leading(CELL)) {
        sheets.turn();
    }
    let caption = sheets.element(StructRole::Caption, element);
    for line in sheets
        .letters
        .wrapped(&table.caption, CAPTION.size, WIDTH - 2.0 * MARGIN)
    {
        let at = (MARGIN, sheets.y - CAPTION.size);
        sheets.mark(caption, |content, letters| {
            text(content, letters, at, CAPTION, &line);
        });
        sheets.y -= leading(CAPTION);
    }
    let rows = sheets.element(StructRole::THead, element);
    let row = sheets.element(StructRole::TR, rows);
    let cells: Vec<usize> = table
        .columns
        .iter()
        .map(|_| {
            let cell = sheets.element(StructRole::TH, row);
            sheets.scope(cell, TableHeaderScope::Column);
            cell
        })
        .collect();
    draw_lines(sheets, &head, &widths, Some(&cells), (0, head.count()));
    let body = sheets.element(StructRole::TBody, element);
    for cells in &table.rows {
        let lines = Lines::of(sheets, cells, &widths, CELL);
        let row = sheets.element(StructRole::TR, body);
        let elements: Vec<usize> = (0..cells.len())
            .map(|n| {
                if n == 0 {
                    let header = sheets.element(StructRole::TH, row);
                    sheets.scope(header, TableHeaderScope::Row);
                    header
                } else {
                    sheets.element(StructRole::TD, row)
                }
            })
            .collect();
        let mut from = 0;
        while from < lines.count() {
            let left = lines.count() - from;
            let mut room = fitting(sheets);
            // A row is not torn where it fits whole on the next page.
            if room < left && (room < 3 || left < 20) {
                sheets.turn();
                draw_lines(sheets, &head, &widths, None, (0, head.count()));
                room = fitting(sheets);
            }
            let take = left.min(room.max(1));
            draw_lines(
                sheets,
                &lines,
                &widths,
                Some(&elements),
                (from, from + take),
            );
            from += take;
        }
    }
    sheets.y -= 8.0;
}

fn height(lines: &Lines) -> f32 {
    counted(lines.count()) * leading(lines.style) + 2.0 * PAD
}

#[expect(
    clippy::cast_precision_loss,
    reason = "lines of a cell and numbers of a chart are small"
)]
fn counted(n: usize) -> f32 {
    n as f32
}

/// How many lines of a cell fit on the rest of the page.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a page has some dozen lines, and a negative rest has none"
)]
fn fitting(sheets: &Sheets) -> usize {
    ((sheets.y - MARGIN - 2.0 * PAD) / leading(CELL))
        .floor()
        .max(0.0) as usize
}

/// Draws the lines of a row from one to before another; without elements it is the head again, as an artifact.
fn draw_lines(
    sheets: &mut Sheets,
    lines: &Lines,
    widths: &[f32],
    elements: Option<&[usize]>,
    (from, to): (usize, usize),
) {
    let high = counted(to - from) * leading(lines.style) + 2.0 * PAD;
    let (top, mut x) = (sheets.y, MARGIN);
    for (n, (cell, width)) in lines.cells.iter().zip(widths).enumerate() {
        sheets.artifact(|content, _| {
            content
                .set_stroke_gray(0.35)
                .set_line_width(0.5)
                .rect(x, top - high, *width, high)
                .stroke()
                .set_stroke_gray(0.0);
        });
        let part: Vec<String> = cell
            .iter()
            .take(to)
            .skip(from)
            .filter(|l| !l.is_empty())
            .cloned()
            .collect();
        let style = lines.style;
        let draw = |content: &mut pdf_writer::Content, letters: &mut Letters| {
            for (at, line) in part.iter().enumerate() {
                let y = top - PAD - style.size - counted(at) * leading(style);
                let indent = if is_number(line) && n > 0 {
                    width - 2.0 * PAD - letters.width(line, style.size)
                } else {
                    0.0
                };
                text(content, letters, (x + PAD + indent, y), style, line);
            }
        };
        match elements {
            Some(elements) if !part.is_empty() => sheets.mark(elements[n], draw),
            Some(_) => {}
            None => sheets.artifact(draw),
        }
        x += width;
    }
    sheets.y -= high;
}

/// The widths of the columns: as wide as their longest word, and the rest by how much stands in them.
fn columns(sheets: &mut Sheets, table: &Table) -> Vec<f32> {
    let whole = WIDTH - 2.0 * MARGIN;
    let letters = &mut sheets.letters;
    let mut least = Vec::new();
    let mut wish = Vec::new();
    for n in 0..table.columns.len() {
        // The first rows tell enough of ten thousand.
        let cells = table.rows.iter().take(200).filter_map(|row| row.get(n));
        let (mut longest, mut widest): (f32, f32) = (0.0, 0.0);
        for cell in std::iter::once(&table.columns[n]).chain(cells) {
            widest = widest.max(letters.width(cell, HEAD_CELL.size));
            for word in cell.split(' ') {
                longest = longest.max(letters.width(word, HEAD_CELL.size));
            }
        }
        least.push(longest.min(110.0) + 2.0 * PAD + 2.0);
        wish.push(widest.min(320.0));
    }
    let (given, wished): (f32, f32) = (least.iter().sum(), wish.iter().sum());
    if given >= whole {
        return least.iter().map(|w| w * whole / given).collect();
    }
    let rest = (whole - given) / wished.max(1.0);
    least
        .iter()
        .zip(&wish)
        .map(|(least, wish)| least + wish * rest)
        .collect()
}

/// Bars with their numbers. The table with the same numbers follows.
fn figure(sheets: &mut Sheets, parent: usize, chart: &Bars) {
    const STEP: f32 = 15.0;
    let bars = &chart.stacks;
    let legend = 14.0;
    let high = legend + STEP * counted(bars.len()) + 6.0;
    if !sheets.has_room(high) {
        sheets.turn();
    }
    let element = sheets.element(StructRole::Figure, parent);
    let (top, longest) = (sheets.y, chart.longest);
    let told = format!("{}. {}", chart.title, chart.alternative);
    sheets.alternative(
        element,
        &told,
        Rect::new(MARGIN, top - high, WIDTH - MARGIN, top),
    );
    let left = MARGIN + 110.0;
    let scale = (WIDTH - MARGIN - left - 40.0) / share(longest);
    sheets.mark(element, |content, letters| {
        content.set_line_width(0.5);
        let mut x = MARGIN;
        for (n, series) in chart.series.iter().enumerate() {
            block(content, n, (x, top - 10.0, 12.0, 8.0));
            let name = letters.writable(&series.name);
            text(content, letters, (x + 16.0, top - 9.0), CELL, &name);
            x += 30.0 + letters.width(&name, CELL.size);
        }
        for (n, (label, parts)) in bars.iter().enumerate() {
            let y = top - legend - STEP * counted(n + 1);
            let label = letters.writable(label);
            text(content, letters, (MARGIN, y + 3.0), CELL, &label);
            let mut x = left;
            for (n, value) in parts.iter().enumerate().filter(|(_, v)| **v > 0) {
                let wide = share(*value) * scale;
                block(content, n, (x, y, wide, STEP - 3.0));
                x += wide;
            }
            let sum: u64 = parts.iter().sum();
            text(content, letters, (x + 4.0, y + 3.0), CELL, &sum.to_string());
        }
    });
    sheets.y -= high + 6.0;
    debug_assert!(sheets.y <= HEIGHT, "what is drawn goes down the page");
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a bar's length need not be exact; its number stands beside it"
)]
fn share(n: u64) -> f32 {
    n as f32
}

fn block(
    content: &mut pdf_writer::Content,
    series: usize,
    (x, y, width, height): (f32, f32, f32, f32),
) {
    content
        .set_fill_gray(SHADES[series % SHADES.len()])
        .set_stroke_gray(0.0)
        .set_line_width(0.5)
        .rect(x, y, width, height)
        .fill_nonzero_and_stroke()
        .set_fill_gray(0.0);
}
