//! A table of one tab: rows in an order, one of them selected. Pure, and quick with ten thousand rows: an order is made
//! when rows, column or filter change, and never while drawing.

use std::cmp::Ordering;

use super::rows::{Column, Entry, Key};

/// A table.
#[derive(Debug)]
pub struct Table<R> {
    /// The rows as they came; `None` until they did.
    rows: Option<Vec<R>>,
    /// Which are shown, in their order.
    order: Vec<usize>,
    selected: Option<Key>,
    /// Where the selected row is in the order.
    at: usize,
    column: Column,
    is_down: bool,
    /// Only rows that stand out.
    is_filtered: bool,
}

/// Where to go from the selected row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// One or more up.
    Up(usize),
    /// One or more down.
    Down(usize),
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: None,
            order: Vec::new(),
            selected: None,
            at: 0,
            // The newest is what is looked for.
            column: Column::Time,
            is_down: true,
            is_filtered: false,
        }
    }
}

impl<R: Entry> Table<R> {
    /// New rows. The selected one stays selected while it is there; else the one in its place.
    pub fn fill(&mut self, rows: Vec<R>) {
        self.rows = Some(rows);
        self.arrange();
    }

    /// Whether the rows have come.
    pub fn is_filled(&self) -> bool {
        self.rows.is_some()
    }

    /// How many are shown.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether none is shown.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Whether there are none at all, shown or not.
    pub fn has_none(&self) -> bool {
        self.rows.as_ref().is_some_and(Vec::is_empty)
    }

    /// The row at a place of the order.
    pub fn row(&self, at: usize) -> Option<&R> {
        self.rows.as_ref()?.get(*self.order.get(at)?)
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&R> {
        self.row(self.at)
    }

    /// Where the selected row is in the order.
    pub fn at(&self) -> usize {
        self.at
    }

    /// By which column it is sorted, and whether the largest is first.
    pub fn sorting(&self) -> (Column, bool) {
        (self.column, self.is_down)
    }

    /// Whether only rows that stand out are shown.
    pub fn is_filtered(&self) -> bool {
        self.is_filtered
    }

    /// Selects a row, if it is shown.
    pub fn select(&mut self, key: &Key) {
        if self.selected.as_ref() == Some(key) {
            return;
        }
        let find = |&at: &usize| self.row(at).is_some_and(|r| r.key() == *key);
        if let Some(at) = (0..self.order.len()).find(find) {
            self.settle(at);
        }
    }

    /// Selects another row.
    pub fn step(&mut self, step: Step) {
        let last = self.order.len().saturating_sub(1);
        self.settle(match step {
            Step::Up(rows) => self.at.saturating_sub(rows),
            Step::Down(rows) => (self.at + rows).min(last),
            Step::First => 0,
            Step::Last => last,
        });
    }

    /// Sorts by a column; the other way round if it is sorted by it already.
    pub fn sort(&mut self, column: Column) {
        self.is_down = if self.column == column {
            !self.is_down
        } else {
            column == Column::Time
        };
        self.column = column;
        self.arrange();
    }

    /// Shows only the rows that stand out, or all again.
    pub fn filter(&mut self) {
        self.is_filtered = !self.is_filtered;
        self.arrange();
    }

    /// Selects the next row whose name begins with this, around the end. Whether there is one.
    pub fn search(&mut self, start: &str) -> bool {
        let start = start.to_lowercase();
        let count = self.order.len();
        let is_it = |at: &usize| {
            let name = self.row(*at).map(Entry::name).unwrap_or_default();
            name.to_lowercase().starts_with(&start)
        };
        // A second letter goes on from the row that the first one found.
        let from = self.at + usize::from(start.chars().count() == 1);
        let found = (from..from + count).map(|i| i % count).find(is_it);
        if let Some(at) = found {
            self.settle(at);
        }
        found.is_some()
    }

    fn settle(&mut self, at: usize) {
        self.at = at;
        self.selected = self.row(at).map(Entry::key);
    }

    fn arrange(&mut self) {
        let Some(rows) = &self.rows else { return };
        let mut order: Vec<usize> = (0..rows.len())
            .filter(|i| !self.is_filtered || rows[*i].stands_out())
            .collect();
        let by_time = |a: usize, b: usize| rows[a].compare(&rows[b], Column::Time);
        order.sort_by(|&a, &b| {
            let by_column = rows[a].compare(&rows[b], self.column);
            let by_column = if self.is_down {
                by_column.reverse()
            } else {
                by_column
            };
            // Of equal ones the newest is first.
            by_column.then_with(|| by_time(b, a)).then(Ordering::Equal)
        });
        self.order = order;
        let is_selected = |at: &usize| self.row(*at).map(Entry::key) == self.selected;
        let found = (0..self.order.len())
            .find(is_selected)
            .filter(|_| self.selected.is_some());
        let last = self.order.len().saturating_sub(1);
        self.settle(found.unwrap_or(self.at.min(last)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Row(u64, &'static str);

    impl Entry for Row {
        fn key(&self) -> Key {
            Key::Line(self.0, 0)
        }
        fn name(&self) -> String {
            self.1.to_owned()
        }
        fn stands_out(&self) -> bool {
            self.1.starts_with('E')
        }
        fn compare(&self, other: &Self, column: Column) -> Ordering {
            match column {
                Column::Time => self.0.cmp(&other.0),
                _ => self.1.cmp(other.1),
            }
        }
    }

    fn table() -> Table<Row> {
        let mut table = Table::default();
        table.fill(vec![
            Row(1, "Eva"),
            Row(2, "Bo"),
            Row(3, "Åse"),
            Row(4, "Erik"),
        ]);
        table
    }

    fn names(table: &Table<Row>) -> Vec<&'static str> {
        (0..table.len()).map(|i| table.row(i).unwrap().1).collect()
    }

    #[test]
    fn the_newest_is_first_and_a_second_press_turns_the_order_round() {
        let mut table = table();
        assert_eq!(names(&table), ["Erik", "Åse", "Bo", "Eva"]);
        table.sort(Column::Time);
        assert_eq!(names(&table), ["Eva", "Bo", "Åse", "Erik"]);
        table.sort(Column::To);
        assert_eq!(names(&table), ["Bo", "Erik", "Eva", "Åse"]);
    }

    #[test]
    fn the_selected_row_stays_selected_where_the_order_changes() {
        let mut table = table();
        table.step(Step::Down(2));
        assert_eq!(table.selected().unwrap().1, "Bo");
        table.sort(Column::Time);
        assert_eq!((table.selected().unwrap().1, table.at()), ("Bo", 1));
        table.filter();
        assert_eq!(names(&table), ["Eva", "Erik"]);
        assert!(table.selected().is_some(), "it is one that is shown");
        table.fill(vec![Row(9, "Bo")]);
        assert!(table.selected().is_none() && table.is_empty() && !table.has_none());
        table.filter();
        assert_eq!(table.selected().unwrap().0, 9);
    }

    #[test]
    fn letters_find_the_next_row_that_begins_with_them() {
        let mut table = table();
        assert!(table.search("e"));
        assert_eq!(table.selected().unwrap().1, "Eva");
        assert!(table.search("e"), "around the end");
        assert_eq!(table.selected().unwrap().1, "Erik");
        assert!(table.search("ev"));
        assert_eq!(table.selected().unwrap().1, "Eva");
        assert!(table.search("å") && !table.search("x"));
        assert_eq!(table.selected().unwrap().1, "Åse");
    }

    #[test]
    fn steps_stay_inside_the_table() {
        let mut table = table();
        table.step(Step::Up(3));
        assert_eq!(table.at(), 0);
        table.step(Step::Down(100));
        assert_eq!(table.at(), 3);
        table.step(Step::First);
        table.step(Step::Down(1));
        assert_eq!(table.at(), 1);
        let mut empty: Table<Row> = Table::default();
        empty.fill(Vec::new());
        empty.step(Step::Last);
        assert!(empty.selected().is_none() && empty.has_none() && !empty.search("a"));
    }
}
