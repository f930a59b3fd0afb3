//! What a content stream shows (ISO 32000-1, 9.4): its letters in the order in which they are shown, with a space where a
//! gap is and a new line where the height changes.

use std::{collections::BTreeMap, rc::Rc};

use super::{
    font::Font,
    lexer::{Lexer, Object, is_space},
};

/// Saved states of graphics at most.
const MAX_SAVED: usize = 64;
/// Operands before an operator at most.
const MAX_OPERANDS: usize = 4_096;

type Matrix = [f64; 6];
const UNIT: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// What was shown.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) text: String,
    /// Codes whose letter nobody knows.
    pub(super) unknown: usize,
}

/// The fonts of a page by the names that its content uses.
pub(super) type Fonts = BTreeMap<Vec<u8>, Rc<Font>>;

struct State<'a> {
    fonts: &'a Fonts,
    usual: &'a Font,
    font: Option<&'a Font>,
    size: f64,
    between_letters: f64,
    between_words: f64,
    stretch: f64,
    leading: f64,
    outer: Matrix,
    saved: Vec<Matrix>,
    matrix: Matrix,
    line: Matrix,
    /// Where the last letter ended.
    end: Option<(f64, f64)>,
}

/// Adds what the content shows to the page; at most `limit` octets of text.
pub(super) fn show(content: &[u8], fonts: &Fonts, page: &mut Page, limit: usize) {
    let usual = Font::unknown();
    let mut state = State {
        fonts,
        usual: &usual,
        font: None,
        size: 1.0,
        between_letters: 0.0,
        between_words: 0.0,
        stretch: 1.0,
        leading: 0.0,
        outer: UNIT,
        saved: Vec::new(),
        matrix: UNIT,
        line: UNIT,
        end: None,
    };
    let mut lexer = Lexer::new(content, 0);
    let mut operands: Vec<Object> = Vec::new();
    while let Some(object) = lexer.object() {
        let Object::Keyword(operator) = object else {
            if operands.len() < MAX_OPERANDS {
                operands.push(object);
            }
            continue;
        };
        if operator == b"ID" {
            skip_picture(&mut lexer);
        } else {
            state.run(&operator, &operands, page);
        }
        operands.clear();
        if page.text.len() > limit {
            return;
        }
    }
    page.text.push('\n');
}

/// A picture inside the content ends at `EI` between spaces.
fn skip_picture(lexer: &mut Lexer<'_>) {
    let rest = lexer.rest();
    let end = memchr::memmem::find_iter(rest, b"EI").find(|at| {
        let before = at.checked_sub(1).map(|b| rest[b]);
        before.is_some_and(is_space) && rest.get(at + 2).is_none_or(|o| is_space(*o))
    });
    lexer.at += end.map_or(rest.len(), |end| end + 2);
}

impl State<'_> {
    fn run(&mut self, operator: &[u8], operands: &[Object], page: &mut Page) {
        let number = |at: usize| match operands.get(at) {
            Some(Object::Number(n)) => *n,
            _ => 0.0,
        };
        let matrix = || std::array::from_fn(number);
        match operator {
            b"BT" => (self.matrix, self.line) = (UNIT, UNIT),
            b"q" if self.saved.len() < MAX_SAVED => self.saved.push(self.outer),
            b"Q" => self.outer = self.saved.pop().unwrap_or(self.outer),
            b"cm" => self.outer = product(&matrix(), &self.outer),
            b"Tf" => {
                if let Some(Object::Name(name)) = operands.first() {
                    self.font = self.fonts.get(name).map(Rc::as_ref);
                }
                self.size = number(1);
            }
            b"Tc" => self.between_letters = number(0),
            b"Tw" => self.between_words = number(0),
            b"Tz" => self.stretch = number(0) / 100.0,
            b"TL" => self.leading = number(0),
            b"Td" => self.go(number(0), number(1)),
            b"TD" => {
                self.leading = -number(1);
                self.go(number(0), number(1));
            }
            b"Tm" => (self.matrix, self.line) = (matrix(), matrix()),
            b"T*" => self.go(0.0, -self.leading),
            b"Tj" => self.string(operands.first(), page),
            b"'" => {
                self.go(0.0, -self.leading);
                self.string(operands.first(), page);
            }
            b"\"" => {
                (self.between_words, self.between_letters) = (number(0), number(1));
                self.go(0.0, -self.leading);
                self.string(operands.get(2), page);
            }
            b"TJ" => {
                let Some(Object::Array(pieces)) = operands.first() else {
                    return;
                };
                for piece in pieces {
                    match piece {
                        Object::Number(back) => {
                            self.advance(-back / 1000.0 * self.size * self.stretch);
                        }
                        piece => self.string(Some(piece), page),
                    }
                }
            }
            _ => {}
        }
    }

    fn go(&mut self, x: f64, y: f64) {
        self.line = product(&[1.0, 0.0, 0.0, 1.0, x, y], &self.line);
        self.matrix = self.line;
    }

    fn advance(&mut self, x: f64) {
        self.matrix = product(&[1.0, 0.0, 0.0, 1.0, x, 0.0], &self.matrix);
    }

    fn string(&mut self, object: Option<&Object>, page: &mut Page) {
        let Some(Object::String(octets)) = object else {
            return;
        };
        let font = self.font.unwrap_or(self.usual);
        self.divide(page);
        for shown in font.shown(octets) {
            match shown.text {
                Some(text) => page.text.push_str(&text),
                None => page.unknown += 1,
            }
            let mut width = shown.width / 1000.0 * self.size + self.between_letters;
            if shown.is_space {
                width += self.between_words;
            }
            self.advance(width * self.stretch);
        }
        let whole = product(&self.matrix, &self.outer);
        self.end = Some((whole[4], whole[5]));
    }

    /// A space or a new line, where what comes next does not stand right behind what was shown.
    fn divide(&self, page: &mut Page) {
        let Some((x, y)) = self.end else {
            return;
        };
        let whole = product(&self.matrix, &self.outer);
        let height = (self.size * whole[2].hypot(whole[3])).abs().max(0.01);
        // Along the line and across it, also where it is turned.
        let along = whole[0].hypot(whole[1]).max(1e-9);
        let (dx, dy) = (whole[4] - x, whole[5] - y);
        let gap = (dx * whole[0] + dy * whole[1]) / along;
        let rise = (dy * whole[0] - dx * whole[1]) / along;
        if rise.abs() > height * 0.3 {
            page.text.push('\n');
        } else if gap > height * 0.15 || gap < -height * 0.5 {
            page.text.push(' ');
        }
    }
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}
