//! One way to look at the tables of three kinds of rows: for keys, for drawing, for reading aloud.

use jiff::Timestamp;

use super::{
    rows::{Column, Key, Shown},
    table::{Step, Table},
};
use crate::{
    app::look::{Shape, Tone},
    words::Words,
};

/// A table, whatever its rows are.
pub trait View {
    /// The columns, with their part of the width.
    fn columns(&self) -> &'static [(Column, f32)];
    /// How many rows are shown.
    fn count(&self) -> usize;
    /// Whether the rows have come.
    fn is_loaded(&self) -> bool;
    /// Whether there are none, shown or not.
    fn has_nothing(&self) -> bool;
    /// Where the selected row is.
    fn here(&self) -> usize;
    /// The key of a row.
    fn key(&self, at: usize) -> Option<Key>;
    /// The text of a cell.
    fn cell(&self, at: usize, column: Column, words: &Words, now: Timestamp) -> String;
    /// Light and shape in front of a cell.
    fn mark(&self, at: usize, column: Column) -> Option<(Tone, Shape)>;
    /// All of a row as one text.
    fn text(&self, at: usize, words: &Words, now: Timestamp) -> String;
    /// By which column it is sorted, and whether the largest is first.
    fn order(&self) -> (Column, bool);
    /// Goes to another row.
    fn go(&mut self, step: Step);
    /// Goes to this row.
    fn go_to(&mut self, key: &Key);
    /// Sorts.
    fn sort_by(&mut self, column: Column);
    /// Goes to the next row that begins with this. Whether there is one.
    fn find(&mut self, start: &str) -> bool;
}

impl<R: Shown> View for Table<R> {
    fn columns(&self) -> &'static [(Column, f32)] {
        R::COLUMNS
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn is_loaded(&self) -> bool {
        self.is_filled()
    }

    fn has_nothing(&self) -> bool {
        self.has_none()
    }

    fn here(&self) -> usize {
        self.at()
    }

    fn key(&self, at: usize) -> Option<Key> {
        self.row(at).map(R::key)
    }

    fn cell(&self, at: usize, column: Column, words: &Words, now: Timestamp) -> String {
        let row = self.row(at);
        row.map_or_else(String::new, |r| r.cell(column, words, now))
    }

    fn mark(&self, at: usize, column: Column) -> Option<(Tone, Shape)> {
        self.row(at)?.mark(column)
    }

    fn text(&self, at: usize, words: &Words, now: Timestamp) -> String {
        self.row(at)
            .map_or_else(String::new, |r| r.text(words, now))
    }

    fn order(&self) -> (Column, bool) {
        self.sorting()
    }

    fn go(&mut self, step: Step) {
        self.step(step);
    }

    fn go_to(&mut self, key: &Key) {
        self.select(key);
    }

    fn sort_by(&mut self, column: Column) {
        self.sort(column);
    }

    fn find(&mut self, start: &str) -> bool {
        self.search(start)
    }
}
