//! Entries and pieces as bytes.

use std::collections::BTreeMap;

use super::super::error::StoreError;
use super::super::layout::MEMO_MAGIC;
use super::super::model::{MemoEntry, MemoOutput};
use crate::base::{Digest, Fields};

/// Magic, sequence, count.
const HEADER: usize = 8 + 8 + 4;
/// Key, end.
const SLOT: usize = 32 + 4;

fn too_large<T>(_: T) -> StoreError {
    StoreError::refused("a memo piece above 4 GiB")
}

fn put_len(out: &mut Vec<u8>, len: usize) -> Result<(), StoreError> {
    out.extend(u32::try_from(len).map_err(too_large)?.to_le_bytes());
    Ok(())
}

fn put_text(out: &mut Vec<u8>, text: &str) -> Result<(), StoreError> {
    put_len(out, text.len())?;
    out.extend(text.as_bytes());
    Ok(())
}

/// An entry without its key.
pub(super) fn entry(entry: &MemoEntry) -> Result<Vec<u8>, StoreError> {
    let mut out = Vec::with_capacity(256);
    put_len(&mut out, entry.outputs.len())?;
    for output in &entry.outputs {
        put_text(&mut out, &output.table)?;
        out.extend(output.artifact.0);
        out.extend(output.rows.to_le_bytes());
        out.extend(output.bytes.to_le_bytes());
        put_len(&mut out, output.stats.len())?;
        for (name, value) in &output.stats {
            put_text(&mut out, name)?;
            out.extend(value.to_le_bytes());
        }
    }
    put_len(&mut out, entry.ingredients.len())?;
    for (name, value) in &entry.ingredients {
        put_text(&mut out, name)?;
        put_text(&mut out, value)?;
    }
    Ok(out)
}

/// A piece of encoded entries.
pub(super) fn piece(sequence: u64, entries: &BTreeMap<Digest, impl AsRef<[u8]>>) -> Result<Vec<u8>, StoreError> {
    let body: usize = entries.values().map(|bytes| bytes.as_ref().len()).sum();
    let mut out = Vec::with_capacity(HEADER + entries.len() * SLOT + body);
    out.extend(MEMO_MAGIC);
    out.extend(sequence.to_le_bytes());
    put_len(&mut out, entries.len())?;
    let mut end = 0;
    for (key, bytes) in entries {
        end += bytes.as_ref().len();
        out.extend(key.0);
        put_len(&mut out, end)?;
    }
    for bytes in entries.values() {
        out.extend(bytes.as_ref());
    }
    Ok(out)
}

fn len(fields: &mut Fields<'_>) -> Option<usize> {
    usize::try_from(fields.u32()?).ok()
}

fn text(fields: &mut Fields<'_>) -> Option<String> {
    let len = len(fields)?;
    std::str::from_utf8(fields.take(len)?).ok().map(str::to_owned)
}

fn output(fields: &mut Fields<'_>) -> Option<MemoOutput> {
    let table = text(fields)?;
    let artifact = Digest(fields.array()?);
    let (rows, bytes) = (fields.u64()?, fields.u64()?);
    let mut stats = BTreeMap::new();
    for _ in 0..len(fields)? {
        stats.insert(text(fields)?, fields.u64()?);
    }
    Some(MemoOutput { table, artifact, rows, bytes, stats })
}

/// The inverse of [`entry`]; `None` where the bytes are none.
pub(super) fn decode(key: Digest, bytes: &[u8]) -> Option<MemoEntry> {
    let mut fields = Fields::of(bytes);
    // No capacity is taken from a count that may be anything: a short input ends the loop.
    let mut outputs = Vec::new();
    for _ in 0..len(&mut fields)? {
        outputs.push(output(&mut fields)?);
    }
    let mut ingredients = BTreeMap::new();
    for _ in 0..len(&mut fields)? {
        ingredients.insert(text(&mut fields)?, text(&mut fields)?);
    }
    fields.rest().is_empty().then_some(MemoEntry { key, outputs, ingredients })
}

/// A piece as it was read, its index checked.
#[derive(Debug)]
pub(super) struct PieceBytes {
    bytes: Vec<u8>,
    count: usize,
    pub sequence: u64,
}

impl PieceBytes {
    /// `None` where the bytes are no piece: wrong magic, an index that does not fit, keys out of order.
    pub(super) fn parse(bytes: Vec<u8>) -> Option<Self> {
        let mut fields = Fields::of(&bytes);
        if fields.take(8)? != MEMO_MAGIC {
            return None;
        }
        let sequence = fields.u64()?;
        let count = len(&mut fields)?;
        let (mut last_key, mut last_end) = (None, 0);
        for _ in 0..count {
            let key: [u8; 32] = fields.array()?;
            let end = len(&mut fields)?;
            if last_key.is_some_and(|last| last >= key) || end < last_end {
                return None;
            }
            (last_key, last_end) = (Some(key), end);
        }
        let fits = fields.rest().len() == last_end;
        fits.then_some(Self { bytes, count, sequence })
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    fn slot(&self, at: usize) -> Option<(Digest, usize)> {
        let mut fields = Fields::of(self.bytes.get(HEADER + at * SLOT..)?);
        Some((Digest(fields.array()?), len(&mut fields)?))
    }

    /// The key and the encoded entry at a place of the index.
    pub(super) fn at(&self, at: usize) -> Option<(Digest, &[u8])> {
        let (key, end) = self.slot(at)?;
        let start = match at.checked_sub(1) {
            Some(before) => self.slot(before)?.1,
            None => 0,
        };
        let body = HEADER + self.count * SLOT;
        Some((key, self.bytes.get(body + start..body + end)?))
    }

    pub(super) fn find(&self, key: &Digest) -> Option<&[u8]> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low.midpoint(high);
            let (found, _) = self.slot(middle)?;
            match found.cmp(key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.at(middle).map(|(_, bytes)| bytes),
            }
        }
        None
    }
}

/// Are these the bytes of a piece, to its last entry?
pub(in super::super) fn is_piece(bytes: Vec<u8>) -> bool {
    PieceBytes::parse(bytes).is_some_and(|piece| {
        (0..piece.len()).all(|at| piece.at(at).is_some_and(|(key, entry)| decode(key, entry).is_some()))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Given = BTreeMap<[u8; 32], (Vec<(String, u64)>, BTreeMap<String, String>)>;

    fn entries() -> impl Strategy<Value = Given> {
        let output = ("[a-z]{0,6}", any::<u64>());
        let ingredients = prop::collection::btree_map("[a-zé.]{0,8}", ".{0,12}", 0..4);
        prop::collection::btree_map(any::<[u8; 32]>(), (prop::collection::vec(output, 0..4), ingredients), 0..20)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_piece_gives_back_exactly_its_entries(given in entries()) {
            let entries: BTreeMap<Digest, MemoEntry> = given.into_iter().map(|(key, (outputs, ingredients))| {
                let key = Digest(key);
                let outputs = outputs.into_iter().map(|(table, n)| MemoOutput {
                    artifact: Digest::of(table.as_bytes()), rows: n, bytes: !n,
                    stats: BTreeMap::from([(table.clone(), n)]), table,
                }).collect();
                (key, MemoEntry { key, outputs, ingredients })
            }).collect();
            let encoded = entries.iter().map(|(k, e)| (*k, entry(e).unwrap())).collect();
            let piece = PieceBytes::parse(piece(3, &encoded).unwrap()).unwrap();
            prop_assert_eq!((piece.len(), piece.sequence), (entries.len(), 3));
            for (key, entry) in &entries {
                let back = decode(*key, piece.find(key).unwrap());
                prop_assert_eq!(back.as_ref(), Some(entry));
                prop_assert!(!entries.contains_key(&Digest::of(&key.0)) && piece.find(&Digest::of(&key.0)).is_none());
            }
        }

        #[test]
        fn bytes_that_are_no_piece_are_refused_without_a_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            decode(Digest::of(b""), &bytes);
            if bytes.len() > 8 {
                bytes[..8].copy_from_slice(MEMO_MAGIC);
            }
            if let Some(piece) = PieceBytes::parse(bytes) {
                for at in 0..piece.len() {
                    let (key, entry) = piece.at(at).unwrap();
                    decode(key, entry);
                    prop_assert!(piece.find(&key).is_some());
                }
            }
        }
    }
}
