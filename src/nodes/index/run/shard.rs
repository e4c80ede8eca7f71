//! The chunks of a shard → its postings and statistics.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, UInt32Array};

use super::super::schema::{FIELDS, Field};
use super::count::Counter;
use super::inside::Inside;
use super::lists::PostingsBuilder;
use crate::base::{Cancel, Mode};
use crate::nodes::NodeError;
use crate::table::schema::CHUNK_STATS;
use crate::table::{Batch, TableError};

/// Between two looks at the cancellation token.
const ROWS_PER_CHECK: usize = 256;

/// What one shard gives.
#[derive(Debug)]
pub struct ShardIndex {
    pub postings: Batch,
    pub stats: Batch,
}

/// Columns of `chunks` that are indexed.
struct Columns<'a> {
    path: &'a StringArray,
    kind: &'a StringArray,
    name: &'a StringArray,
    signature: &'a StringArray,
    breadcrumb: &'a StringArray,
    doc: &'a StringArray,
    text: &'a StringArray,
}

impl<'a> Columns<'a> {
    fn of(chunks: &'a Batch) -> Result<Self, TableError> {
        Ok(Self {
            path: chunks.column("path")?,
            kind: chunks.column("kind")?,
            name: chunks.column("name")?,
            signature: chunks.column("signature")?,
            breadcrumb: chunks.column("breadcrumb")?,
            doc: chunks.column("doc")?,
            text: chunks.column("text")?,
        })
    }
}

/// One term of one field of one chunk.
struct Posting {
    /// Term × fields + field.
    slot: u32,
    ordinal: u32,
    tf: u16,
}

/// Statistics in the making, by ordinal.
#[derive(Default)]
struct Lengths {
    rows: Vec<u32>,
    by_field: [Vec<u32>; FIELDS.len()],
}

/// Indexes `chunks`; `inside`: per row, what is defined in it, where that is known. `mode` is that of the shard's files; a shard without files has no chunks.
pub fn index(
    chunks: &Batch,
    inside: &[Inside<'_>],
    mode: Option<Mode>,
    postings: bool,
    cancel: &Cancel,
) -> Result<ShardIndex, NodeError> {
    let columns = Columns::of(chunks)?;
    let mode = match mode {
        Some(mode) => mode,
        None if chunks.is_empty() => Mode::Code,
        None => return Err(NodeError::Input { what: "there are chunks but no files".into() }),
    };
    let mut counter = Counter::default();
    let mut found: Vec<Posting> = Vec::new();
    let mut stats = Lengths::default();
    for row in 0..chunks.len() {
        if row % ROWS_PER_CHECK == 0 {
            cancel.check()?;
        }
        if columns.kind.value(row) == "rest" {
            continue;
        }
        let ordinal = stats.rows.len() as u32;
        for field in FIELDS {
            count(&mut counter, &columns, row, field);
            if field == Field::Signature {
                inside.get(row).into_iter().for_each(|inside| counter.defined(inside));
            }
            let length = counter.finish(field.stemming(mode), |term, count| {
                if postings {
                    let slot = term * FIELDS.len() as u32 + u32::from(field.number());
                    found.push(Posting { slot, ordinal, tf: u16::try_from(count).unwrap_or(u16::MAX) });
                }
            });
            stats.by_field[usize::from(field.number())].push(length);
        }
        stats.rows.push(row as u32);
    }
    Ok(ShardIndex { postings: rows(&counter, found)?, stats: stats.batch()? })
}

/// Counts one field of one row.
fn count(counter: &mut Counter, columns: &Columns<'_>, row: usize, field: Field) {
    match field {
        Field::Name => counter.text(columns.name.value(row)),
        Field::Signature => {
            counter.text(columns.signature.value(row));
            counter.text(columns.breadcrumb.value(row));
        }
        Field::Doc => counter.text(columns.doc.value(row)),
        Field::Body => {
            counter.carried(columns.signature.value(row));
            counter.carried(columns.doc.value(row));
            counter.body(columns.text.value(row));
        }
        Field::Path => counter.text(columns.path.value(row)),
    }
}

/// Postings as rows in the table's order: a counting sort by term, in the terms' order, and field. It keeps ordinals
/// ascending, and puts each posting where it stays: of a large shard there are millions.
fn rows(counter: &Counter, found: Vec<Posting>) -> Result<Batch, NodeError> {
    let terms = counter.lexicon.terms();
    let sorted = terms.sorted();
    let mut places = vec![0u32; terms.len()];
    for (place, term) in (0..).zip(&sorted) {
        places[*term as usize] = place;
    }
    let fields = FIELDS.len();
    let place = |slot: u32| places[slot as usize / fields] as usize * fields + slot as usize % fields;
    let mut ends = vec![0u32; sorted.len() * fields];
    for posting in &found {
        ends[place(posting.slot)] += 1;
    }
    let mut start = 0;
    for end in &mut ends {
        start += std::mem::replace(end, start);
    }
    let (mut chunks, mut tfs) = (vec![0u32; found.len()], vec![0u16; found.len()]);
    for posting in found {
        let end = &mut ends[place(posting.slot)];
        (chunks[*end as usize], tfs[*end as usize]) = (posting.ordinal, posting.tf);
        *end += 1;
    }
    let mut builder = PostingsBuilder::around(sorted.len(), chunks, tfs);
    let mut last = 0;
    for (term, ends) in sorted.iter().zip(ends.chunks(fields)) {
        let text = std::str::from_utf8(terms.get(*term))
            .map_err(|_| NodeError::Input { what: "a term is not UTF-8".into() })?;
        for (field, end) in FIELDS.iter().zip(ends) {
            if last < *end {
                builder.row_upto(text, field.number(), *end as usize)?;
                last = *end;
            }
        }
    }
    builder.finish()
}

impl Lengths {
    fn batch(self) -> Result<Batch, NodeError> {
        let count = self.rows.len();
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(UInt32Array::from_iter_values(0..count as u32)),
            Arc::new(UInt32Array::from(vec![0; count])),
            Arc::new(UInt32Array::from(self.rows)),
        ];
        columns.extend(self.by_field.into_iter().map(|l| Arc::new(UInt32Array::from(l)) as ArrayRef));
        let records = RecordBatch::try_new(CHUNK_STATS.arrow(), columns)
            .map_err(|source| TableError::Arrow { table: CHUNK_STATS.name.into(), source })?;
        Ok(Batch::new(&CHUNK_STATS, records)?)
    }
}
