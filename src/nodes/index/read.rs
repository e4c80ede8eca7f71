//! Reading postings and chunk statistics back, for search.

use std::collections::BTreeMap;
use std::ops::Range;

use arrow::array::{Array, ListArray, RecordBatch, StringArray, UInt16Array, UInt32Array};

use super::schema::FIELDS;
use crate::table::{TableError, TableReader, typed_column};

/// The chunks of one term in one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostingList {
    /// Ordinals, ascending.
    pub chunks: Vec<u32>,
    /// Occurrences in each, parallel.
    pub tfs: Vec<u16>,
}

/// The lists of a term by field number.
pub type FieldLists = [Option<PostingList>; FIELDS.len()];

/// What was found for some terms.
pub type TermLists = BTreeMap<String, FieldLists>;

/// Terms, each with the fields whose lists are wanted: bit `n` for field `n`.
pub type Wanted<'a> = BTreeMap<&'a str, u16>;

/// The wanted lists of one `postings` artifact. Only the pages that may hold them are read.
pub fn term_lists(reader: &TableReader, wanted: &Wanted<'_>) -> Result<TermLists, TableError> {
    let mut found = TermLists::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    let terms: Vec<&str> = wanted.keys().copied().collect();
    let pages = reader.find_rows("term", &terms)?;
    let candidates = reader.read_rows(&["term", "field"], &pages)?;
    let rows = matching_rows(&candidates, &pages, wanted)?;
    if rows.is_empty() {
        return Ok(found);
    }
    let ranges: Vec<Range<usize>> = rows.iter().map(|(row, ..)| *row..*row + 1).collect();
    let records = reader.read_rows(&["chunks", "tfs"], &ranges)?;
    let chunks: &ListArray = typed_column(&records, "postings", "chunks")?;
    let tfs: &ListArray = typed_column(&records, "postings", "tfs")?;
    for (at, (_, term, field)) in rows.into_iter().enumerate() {
        let list = PostingList { chunks: list_u32(chunks, at)?, tfs: list_u16(tfs, at)? };
        check(&list, term)?;
        let lists = found.entry(term.to_owned()).or_default();
        let slot = lists.get_mut(usize::from(field)).ok_or_else(|| damaged("a field that is none"))?;
        *slot = Some(list);
    }
    Ok(found)
}

/// The rows of the wanted lists, ascending, each with its term and field; `records` are those of `pages`, by term.
fn matching_rows<'a>(
    records: &RecordBatch,
    pages: &[Range<usize>],
    wanted: &Wanted<'a>,
) -> Result<Vec<(usize, &'a str, u16)>, TableError> {
    let term: &StringArray = typed_column(records, "postings", "term")?;
    let field: &UInt16Array = typed_column(records, "postings", "field")?;
    let mut rows = Vec::new();
    let (mut from, mut page) = (0, PageOf::new(pages));
    for (name, fields) in wanted {
        from += first_row(term, from, name);
        while from < term.len() && term.value(from) == *name {
            let number = field.value(from);
            let bit = 1u16.checked_shl(u32::from(number)).unwrap_or(0);
            if fields & bit != 0
                && let Some(row) = page.row(from)
            {
                rows.push((row, *name, number));
            }
            from += 1;
        }
    }
    Ok(rows)
}

/// How many of the values from `from` on, which ascend, are below `name`.
fn first_row(terms: &StringArray, from: usize, name: &str) -> usize {
    let (mut low, mut high) = (from, terms.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if terms.value(middle) < name {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low - from
}

/// From places among the rows of some pages to rows; places ascend.
struct PageOf<'a> {
    pages: &'a [Range<usize>],
    /// Rows of the pages before the first of `pages`.
    before: usize,
}

impl<'a> PageOf<'a> {
    fn new(pages: &'a [Range<usize>]) -> Self {
        Self { pages, before: 0 }
    }

    fn row(&mut self, place: usize) -> Option<usize> {
        while let Some((first, rest)) = self.pages.split_first() {
            if place < self.before + first.len() {
                return Some(first.start + place - self.before);
            }
            self.before += first.len();
            self.pages = rest;
        }
        None
    }
}

fn list_u32(lists: &ListArray, at: usize) -> Result<Vec<u32>, TableError> {
    let values = lists.value(at);
    let values = values.as_any().downcast_ref::<UInt32Array>().ok_or_else(|| damaged("a list of another type"))?;
    Ok(values.values().to_vec())
}

fn list_u16(lists: &ListArray, at: usize) -> Result<Vec<u16>, TableError> {
    let values = lists.value(at);
    let values = values.as_any().downcast_ref::<UInt16Array>().ok_or_else(|| damaged("a list of another type"))?;
    Ok(values.values().to_vec())
}

fn check(list: &PostingList, term: &str) -> Result<(), TableError> {
    let ascending = list.chunks.iter().zip(list.chunks.iter().skip(1)).all(|(a, b)| a < b);
    if list.chunks.len() == list.tfs.len() && ascending {
        Ok(())
    } else {
        Err(damaged(&format!("the chunks of term `{term}` are out of order")))
    }
}

fn damaged(what: &str) -> TableError {
    TableError::Invalid { table: "postings".into(), what: what.into() }
}

/// Where each ordinal's row is and how long its fields are; one entry per ordinal in each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub shard: Vec<u32>,
    pub row: Vec<u32>,
    /// By field number.
    pub lengths: [Vec<u32>; FIELDS.len()],
}

impl Stats {
    pub fn len(&self) -> usize {
        self.row.len()
    }

    pub fn is_empty(&self) -> bool {
        self.row.is_empty()
    }

    /// The statistics in one `chunk_stats` artifact; identities are not read.
    pub fn read(reader: &TableReader) -> Result<Self, TableError> {
        let mut columns = vec!["shard", "row"];
        columns.extend(FIELDS.map(super::Field::length_column));
        let records = reader.read_columns(&columns)?;
        let column = |name: &str| -> Result<Vec<u32>, TableError> {
            Ok(typed_column::<UInt32Array>(&records, "chunk_stats", name)?.values().to_vec())
        };
        let mut lengths = <[Vec<u32>; FIELDS.len()]>::default();
        for (slot, field) in lengths.iter_mut().zip(FIELDS) {
            *slot = column(field.length_column())?;
        }
        Ok(Self { shard: column("shard")?, row: column("row")?, lengths })
    }
}
