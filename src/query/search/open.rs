//! Opening the postings of a query's units in one segment.

use super::select::SegmentPieces;
use super::units::{Lookup, Unit};
use crate::nodes::index::Field;
use crate::nodes::index::read::{PostingList, Wanted};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;

/// A unit's postings in one field: occurrences are those of the lists, scaled, the larger where both hold a chunk.
#[derive(Clone, Debug)]
pub struct FieldPostings {
    pub field: Field,
    /// Ordinals ascending, each once.
    pub entries: Vec<Entry>,
}

/// One chunk of a unit in a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    pub ordinal: u32,
    /// Occurrences, scaled.
    pub tf: f64,
    /// Terms of a name that is exactly this; 0 where there is but a stem or an ending.
    pub name_terms: u32,
}

/// A segment with what the query needs of it.
#[derive(Debug)]
pub struct OpenSegment {
    pub docs: u32,
    /// Per unit, fields ascending; fields without postings left out.
    pub units: Vec<Vec<FieldPostings>>,
    /// Per unit, the chunks that hold it in any field.
    pub doc_freqs: Vec<u64>,
}

/// Reads the term pages that hold the units' terms.
pub fn open(
    pieces: &dyn Pieces,
    cache: &Cache,
    segment: &SegmentPieces,
    units: &[Unit],
) -> Result<OpenSegment, QueryError> {
    let docs = u32::try_from(segment.docs)
        .map_err(|_| QueryError::Manifest { what: "a segment has more than 2^32 chunks".into() })?;
    if units.is_empty() {
        return Ok(OpenSegment { docs, units: Vec::new(), doc_freqs: Vec::new() });
    }
    let lookups: Vec<Vec<Lookup<'_>>> = units.iter().map(|unit| unit.lookups(segment.mode)).collect();
    let mut wanted = Wanted::new();
    for lookup in lookups.iter().flatten() {
        *wanted.entry(lookup.term.as_ref()).or_default() |= 1 << lookup.field.number();
    }
    let found = cache.lists(pieces, &segment.postings, &wanted)?;
    let mut out = OpenSegment { docs, units: Vec::new(), doc_freqs: Vec::new() };
    let mut seen_by = vec![0u32; docs as usize];
    for (at, lookups) in lookups.iter().enumerate() {
        let mut fields: Vec<FieldPostings> = Vec::new();
        for lookup in lookups {
            let slot = usize::from(lookup.field.number());
            let Some(list) = found.get(lookup.term.as_ref()).and_then(|known| known.lists.get(slot)?.as_ref()) else {
                continue;
            };
            if list.chunks.last().is_some_and(|last| *last >= docs) {
                let what = format!("postings of `{}` name a chunk that the segment does not have", lookup.term);
                return Err(QueryError::Manifest { what });
            }
            let entries = entries(list, lookup.scale, lookup.name_terms);
            match fields.last_mut() {
                Some(last) if last.field == lookup.field => last.entries = union(&last.entries, &entries),
                _ => fields.push(FieldPostings { field: lookup.field, entries }),
            }
        }
        out.doc_freqs.push(count_chunks(&fields, at as u32 + 1, &mut seen_by));
        out.units.push(fields);
    }
    Ok(out)
}

fn entries(list: &PostingList, scale: f64, name_terms: u32) -> Vec<Entry> {
    let pairs = list.chunks.iter().zip(&list.tfs);
    pairs.map(|(ordinal, tf)| Entry { ordinal: *ordinal, tf: scale * f64::from(*tf), name_terms }).collect()
}

/// Both lists as one; where both hold a chunk, the larger count.
fn union(a: &[Entry], b: &[Entry]) -> Vec<Entry> {
    let mut out = Vec::with_capacity(a.len().max(b.len()));
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        let next = match (a.peek().copied(), b.peek().copied()) {
            (Some(x), Some(y)) if x.ordinal == y.ordinal => {
                b.next();
                a.next().map(|x| Entry {
                    ordinal: x.ordinal,
                    tf: x.tf.max(y.tf),
                    name_terms: x.name_terms.max(y.name_terms),
                })
            }
            (Some(x), Some(y)) if x.ordinal > y.ordinal => b.next().copied(),
            (Some(_), _) => a.next().copied(),
            (None, _) => b.next().copied(),
        };
        match next {
            Some(entry) => out.push(entry),
            None => return out,
        }
    }
}

fn count_chunks(fields: &[FieldPostings], unit: u32, seen_by: &mut [u32]) -> u64 {
    let mut count = 0;
    for entry in fields.iter().flat_map(|f| &f.entries) {
        if let Some(seen) = seen_by.get_mut(entry.ordinal as usize)
            && *seen != unit
        {
            *seen = unit;
            count += 1;
        }
    }
    count
}
