//! Rows of many pieces as one table, the newest of each place.

use std::collections::VecDeque;

use crate::table::{Batch, FailureRow, HistoryRow, Row, TableError};

/// Rows that a piece has in memory as values at a time.
const AHEAD: usize = 512;

/// Repository, path, path bytes, node.
pub type Place<'a> = (&'a str, Option<&'a str>, Option<&'a [u8]>, Option<&'a str>);

/// A row of a table of the ledger. Tables are sorted by place and run.
pub trait LedgerRow: Row {
    /// Rows of one place that are kept.
    const KEPT: usize;

    fn place(&self) -> Place<'_>;
    fn run(&self) -> u64;
}

impl LedgerRow for FailureRow {
    const KEPT: usize = 4;

    fn place(&self) -> Place<'_> {
        (&self.repo, self.path.as_deref(), self.path_bytes.as_deref(), self.node.as_deref())
    }

    fn run(&self) -> u64 {
        self.run
    }
}

impl LedgerRow for HistoryRow {
    const KEPT: usize = 16;

    fn place(&self) -> Place<'_> {
        (&self.repo, self.path.as_deref(), self.path_bytes.as_deref(), Some(&self.node))
    }

    fn run(&self) -> u64 {
        self.run
    }
}

/// Sorts the rows of one run. Of two rows of one place the later stays: the action was done again.
pub fn sorted<R: LedgerRow>(mut rows: Vec<R>) -> Vec<R> {
    rows.sort_by(|a, b| (a.place(), a.run()).cmp(&(b.place(), b.run())));
    let mut kept: Vec<R> = Vec::with_capacity(rows.len());
    for row in rows {
        match kept.last_mut() {
            Some(last) if (last.place(), last.run()) == (row.place(), row.run()) => *last = row,
            _ => kept.push(row),
        }
    }
    kept
}

/// A piece, read from its start.
struct Cursor<R> {
    batch: Batch,
    next: usize,
    ahead: VecDeque<R>,
}

impl<R: LedgerRow> Cursor<R> {
    fn fill(&mut self) -> Result<(), TableError> {
        if self.ahead.is_empty() && self.next < self.batch.len() {
            let count = AHEAD.min(self.batch.len() - self.next);
            self.ahead = self.batch.slice(self.next, count).rows::<R>()?.into();
            self.next += count;
        }
        Ok(())
    }
}

/// The rows of sorted pieces in order; of each place the newest [`LedgerRow::KEPT`].
pub struct Merged<R> {
    cursors: Vec<Cursor<R>>,
    /// Rows of the place at hand that stay, oldest first.
    group: VecDeque<R>,
    /// The first row of the next place.
    held: Option<R>,
    error: Option<TableError>,
}

impl<R: LedgerRow> Merged<R> {
    pub fn new(pieces: Vec<Batch>) -> Self {
        let cursor = |batch| Cursor { batch, next: 0, ahead: VecDeque::new() };
        Self { cursors: pieces.into_iter().map(cursor).collect(), group: VecDeque::new(), held: None, error: None }
    }

    /// Why the rows ended before their end, where they did.
    pub fn error(self) -> Option<TableError> {
        self.error
    }

    /// The smallest row of all pieces.
    fn smallest(&mut self) -> Result<Option<R>, TableError> {
        for cursor in &mut self.cursors {
            cursor.fill()?;
        }
        let heads = self.cursors.iter().enumerate().filter_map(|(at, cursor)| Some((at, cursor.ahead.front()?)));
        let first = heads.min_by(|(_, a), (_, b)| (a.place(), a.run()).cmp(&(b.place(), b.run()))).map(|(at, _)| at);
        Ok(first.and_then(|at| self.cursors.get_mut(at)?.ahead.pop_front()))
    }

    /// Fills `group` with the next place.
    fn advance(&mut self) -> Result<(), TableError> {
        let Some(first) = (match self.held.take() {
            Some(row) => Some(row),
            None => self.smallest()?,
        }) else {
            return Ok(());
        };
        self.group.push_back(first);
        while let Some(row) = self.smallest()? {
            if self.group.back().is_some_and(|last| last.place() != row.place()) {
                self.held = Some(row);
                break;
            }
            self.group.push_back(row);
            if self.group.len() > R::KEPT {
                self.group.pop_front();
            }
        }
        Ok(())
    }
}

impl<R: LedgerRow> Iterator for Merged<R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        if self.group.is_empty()
            && self.error.is_none()
            && let Err(error) = self.advance()
        {
            self.error = Some(error);
            self.group.clear();
        }
        self.group.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn row(repo: usize, path: usize, run: u64) -> FailureRow {
        let path = (path > 0).then(|| format!("p{path}"));
        FailureRow { repo: format!("r{repo}"), path, node: Some("n".into()), run, at: 7, ..FailureRow::default() }
    }

    proptest! {
        /// The model: all rows in a map, of each place the last four.
        #[test]
        fn of_each_place_the_newest_rows_stay(
            pieces in prop::collection::vec(prop::collection::vec((0..3usize, 0..5usize), 0..40), 0..12),
            copies in 1..3usize,
        ) {
            let mut model: BTreeMap<(String, Option<String>), Vec<u64>> = BTreeMap::new();
            let mut batches = Vec::new();
            for (run, places) in pieces.iter().enumerate() {
                let rows = places.iter().cycle().take(places.len() * copies).map(|(r, p)| row(*r, *p, run as u64));
                let rows = sorted(rows.collect::<Vec<_>>());
                for row in &rows {
                    model.entry((row.repo.clone(), row.path.clone())).or_default().push(row.run);
                }
                batches.push(Batch::of(&rows).unwrap());
            }
            let expected: Vec<FailureRow> = model
                .iter()
                .flat_map(|((repo, path), runs)| {
                    let newest = runs.iter().skip(runs.len().saturating_sub(4));
                    newest.map(|run| FailureRow { repo: repo.clone(), path: path.clone(), ..row(0, 0, *run) })
                })
                .collect();
            let mut merged = Merged::<FailureRow>::new(batches.clone());
            prop_assert_eq!(merged.by_ref().collect::<Vec<_>>(), expected.clone());
            prop_assert!(merged.error().is_none());
            // Merging in two steps, as time goes by, gives the same.
            let older = batches.len() / 2;
            let rest = batches.split_off(older);
            let first: Vec<FailureRow> = Merged::new(batches).collect();
            let again = std::iter::once(Batch::of(&first).unwrap()).chain(rest).collect();
            prop_assert_eq!(Merged::<FailureRow>::new(again).collect::<Vec<_>>(), expected);
        }
    }
}
