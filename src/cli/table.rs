//! Tables for people: no borders, a quiet head, numbers to the right, never wider than the terminal.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement};

use super::paint::Paint;
use super::sanitize;

/// Which way a column leans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lean {
    Left,
    Right,
}

/// A table under construction. Cells are sanitized here, so that no caller can forget it.
#[derive(Debug)]
pub struct Table {
    leans: Vec<Lean>,
    paint: Paint,
    inner: comfy_table::Table,
}

impl Table {
    pub fn new(columns: &[(&str, Lean)], width: u16, paint: Paint) -> Self {
        let mut inner = comfy_table::Table::new();
        inner.load_preset(comfy_table::presets::NOTHING);
        inner.set_content_arrangement(ContentArrangement::Dynamic);
        inner.set_width(width);
        let leans: Vec<Lean> = columns.iter().map(|(_, lean)| *lean).collect();
        let head = columns.iter().map(|(title, lean)| Cell::new(sanitize::name(title)).set_alignment(alignment(*lean)));
        inner.set_header(head.collect::<Vec<_>>());
        for (at, column) in inner.column_iter_mut().enumerate() {
            // The first column stands at the margin; the others keep two spaces from their neighbour.
            column.set_padding((if at == 0 { 0 } else { 2 }, 0));
        }
        Self { leans, paint, inner }
    }

    /// The cells of the first column are never broken: they are ids that people copy and scripts cut out.
    pub fn keep_first(&mut self) {
        if let Some(column) = self.inner.column_mut(0) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }

    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let cells: Vec<Cell> = cells
            .into_iter()
            .zip(self.leans.iter())
            .map(|(text, lean)| Cell::new(sanitize::name(text.as_ref())).set_alignment(alignment(*lean)))
            .collect();
        self.inner.add_row(cells);
    }

    /// The table with a line end after each line and no space at the end of any.
    pub fn render(&self) -> String {
        let mut out = String::new();
        for (at, line) in self.inner.lines().enumerate() {
            let line = line.trim_end();
            if at == 0 {
                out.push_str(&self.paint.dim(line));
            } else {
                out.push_str(line);
            }
            out.push('\n');
        }
        out
    }
}

fn alignment(lean: Lean) -> CellAlignment {
    match lean {
        Lean::Left => CellAlignment::Left,
        Lean::Right => CellAlignment::Right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(width: u16) -> String {
        let mut table = Table::new(&[("repo", Lean::Left), ("files", Lean::Right)], width, Paint::plain());
        table.row(["api", "7"]);
        table.row(["a much longer name", "1234"]);
        table.render()
    }

    #[test]
    fn numbers_lean_right_and_lines_end_clean() {
        assert_eq!(sample(80), "repo                files\napi                     7\na much longer name   1234\n");
    }

    #[test]
    fn a_narrow_terminal_wraps_cells_and_not_lines() {
        assert!(sample(14).lines().all(|line| line.chars().count() <= 14), "{}", sample(14));
    }

    #[test]
    fn a_cell_cannot_act_on_the_terminal() {
        let mut table = Table::new(&[("path", Lean::Left)], 80, Paint::plain());
        table.row(["a\u{1b}]0;owned\u{7}\nb"]);
        assert_eq!(table.render(), "path\na␛]0;owned\\u{7}\\u{a}b\n");
    }
}
