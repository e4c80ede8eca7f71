//! The chunks of a shard → its grams and files.

use arrow::array::{Array, BinaryArray, StringArray};

use super::grams::GramSet;
use super::lists::ListsBuilder;
use crate::base::Cancel;
use crate::nodes::NodeError;
use crate::table::Batch;
use crate::table::schema::IndexedFileRow;

/// `trigrams` and `indexed_files` of a shard. Without `grams` the former is empty.
pub fn index(chunks: &Batch, grams: bool, cancel: &Cancel) -> Result<(Batch, Batch), NodeError> {
    let path: &StringArray = chunks.column("path")?;
    let (text, raw): (&StringArray, &BinaryArray) = (chunks.column("text")?, chunks.column("text_bytes")?);
    let mut files: Vec<IndexedFileRow> = Vec::new();
    let mut set = grams.then(GramSet::default);
    let mut pairs: Vec<Pair> = Vec::new();
    let mut row = 0;
    while row < chunks.len() {
        cancel.check()?;
        let (first, name, file) = (row, path.value(row), files.len() as u32);
        let mut bytes = 0;
        while row < chunks.len() && path.value(row) == name {
            let piece = if raw.is_valid(row) { raw.value(row) } else { text.value(row).as_bytes() };
            bytes += piece.len();
            if let Some(set) = &mut set {
                set.add(piece);
            }
            row += 1;
        }
        if let Some(set) = &mut set {
            set.finish(|gram| pairs.push(pair(gram, file)));
        }
        let bytes = u32::try_from(bytes)
            .map_err(|_| NodeError::Input { what: format!("the chunks of `{name}` are more than 4 GiB") })?;
        let (path, rows) = (name.to_owned(), (row - first) as u32);
        files.push(IndexedFileRow { file, shard: 0, row: first as u32, rows, bytes, path });
    }
    Ok((lists(&sorted(pairs))?, Batch::of(&files)?))
}

/// A gram, and in the low half a file that holds it.
type Pair = u64;

fn pair(gram: u32, file: u32) -> Pair {
    Pair::from(gram) << 32 | Pair::from(file)
}

/// Bits of a gram by which one pass sorts.
const DIGIT: u32 = 12;

/// By gram, and for each gram in the order in which they came, which is by file: two passes of a radix sort.
fn sorted(mut pairs: Vec<Pair>) -> Vec<Pair> {
    let mut other = vec![0; pairs.len()];
    for shift in [32, 32 + DIGIT] {
        let digit = |pair: Pair| (pair >> shift) as usize & ((1 << DIGIT) - 1);
        let mut next = vec![0u32; (1 << DIGIT) + 1];
        for pair in &pairs {
            next[digit(*pair) + 1] += 1;
        }
        for at in 1..next.len() {
            next[at] += next[at - 1];
        }
        for pair in &pairs {
            let at = &mut next[digit(*pair)];
            other[*at as usize] = *pair;
            *at += 1;
        }
        std::mem::swap(&mut pairs, &mut other);
    }
    pairs
}

fn lists(pairs: &[Pair]) -> Result<Batch, NodeError> {
    let rows = || pairs.chunk_by(|a, b| a >> 32 == b >> 32);
    // Tables of shards wait for their segment: they hold no room that they do not need.
    let mut out = ListsBuilder::new(rows().count(), pairs.len());
    for row in rows() {
        let mut last = 0;
        for pair in row {
            let file = *pair as u32;
            out.steps.push(file - last);
            last = file;
        }
        if let Some(pair) = row.first() {
            out.row((pair >> 32) as u32)?;
        }
    }
    out.finish()
}
