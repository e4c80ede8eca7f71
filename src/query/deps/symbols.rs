//! Which symbol a line belongs to.

use arrow::array::{Array, StringArray, UInt32Array};

use super::node::{Node, Span, is_member};
use super::rows::joined;
use crate::query::error::QueryError;
use crate::table::schema::SYMBOLS;
use crate::table::{TableReader, typed_column};

const COLUMNS: &[&str] = &["path", "name", "qualified_name", "kind", "start_line", "end_line"];

/// Kinds that refer to nothing of their own: what stands in them is their owner's.
const INNER: &[&str] = &["field", "key", "section", "comment"];

/// Kinds that are named within a function for its own use: what stands in such a one is the function's.
const VALUES: &[&str] = &["variable", "constant", "property", "local"];
const FUNCTIONS: &[&str] = &["function", "method", "constructor", "macro"];

/// A definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SymbolSpan {
    pub name: String,
    pub qualified: String,
    pub kind: String,
    pub start: u32,
    /// Inclusive.
    pub end: u32,
}

/// The definitions of a file, in the order of their lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSymbols {
    pub rows: Vec<SymbolSpan>,
}

impl FileSymbols {
    /// Of each of `paths`, which are sorted, its definitions in one shard's table; paths without any left out.
    pub fn read(reader: &TableReader, paths: &[&str]) -> Result<Vec<(String, Self)>, QueryError> {
        let mut found = Vec::new();
        for path in paths {
            let span = Span::file(path);
            found.extend(reader.find_span("path", &span.from, Some(&span.to))?);
        }
        let records = reader.read_rows(COLUMNS, &joined(found))?;
        let text = |name: &str| typed_column::<StringArray>(&records, SYMBOLS.name, name);
        let number = |name: &str| typed_column::<UInt32Array>(&records, SYMBOLS.name, name);
        let (path, name, qualified, kind) = (text("path")?, text("name")?, text("qualified_name")?, text("kind")?);
        let (start, end) = (number("start_line")?, number("end_line")?);
        let mut out: Vec<(String, Self)> = Vec::new();
        for row in 0..path.len() {
            let of = path.value(row);
            if paths.binary_search(&of).is_err() || INNER.contains(&kind.value(row)) {
                continue;
            }
            let full = qualified.value(row);
            let symbol = SymbolSpan {
                name: name.value(row).to_owned(),
                qualified: if full.is_empty() { name.value(row) } else { full }.to_owned(),
                kind: kind.value(row).to_owned(),
                start: start.value(row),
                end: end.value(row),
            };
            match out.last_mut() {
                Some((last, symbols)) if last == of => symbols.rows.push(symbol),
                _ => out.push((of.to_owned(), Self { rows: vec![symbol] })),
            }
        }
        Ok(out)
    }

    /// The definitions that are the symbol `qualified`.
    pub fn of(&self, qualified: &str) -> impl Iterator<Item = &SymbolSpan> {
        self.rows.iter().filter(move |row| row.qualified == qualified)
    }

    /// Its own names and those of its members.
    pub fn names(&self, qualified: &str) -> impl Iterator<Item = &str> {
        let is_part = move |row: &&SymbolSpan| row.qualified == qualified || is_member(&row.qualified, qualified);
        self.rows.iter().filter(is_part).map(|row| row.name.as_str())
    }

    /// The innermost definition around a line; of several on one line the last.
    pub fn around(&self, line: u32) -> Option<&SymbolSpan> {
        let holding = || self.rows.iter().rev().filter(|row| row.start <= line && line <= row.end);
        let inner = |row: &&SymbolSpan| (row.end.saturating_sub(row.start), std::cmp::Reverse(row.start));
        let innermost = holding().min_by_key(inner)?;
        if !VALUES.contains(&innermost.kind.as_str()) {
            return Some(innermost);
        }
        holding().filter(|row| FUNCTIONS.contains(&row.kind.as_str())).min_by_key(inner).or(Some(innermost))
    }

    /// What the line `line` of `path` belongs to.
    pub fn node(&self, path: &str, line: u32) -> Node {
        match self.around(line) {
            Some(symbol) => Node::Symbol(path.to_owned(), symbol.qualified.clone()),
            None => Node::File(path.to_owned()),
        }
    }
}
