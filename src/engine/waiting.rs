//! Batches of shards that wait for the merge of their segment, so that it need not read them again. A shortcut
//! within bounds: what finds no room is read from the store.

use std::collections::BTreeMap;

use crate::base::Digest;
use crate::nodes::References;
use crate::table::Batch;

/// Encoded bytes of what waits, at most; rows in memory are a few times as large.
const MOST_BYTES: u64 = 64 << 20;

#[derive(Default)]
pub struct Waiting {
    batches: BTreeMap<Digest, (Batch, u64)>,
    bytes: u64,
}

impl Waiting {
    /// Keeps a batch, if there is room.
    pub fn put(&mut self, artifact: Digest, batch: &Batch, bytes: u64) {
        if self.bytes.saturating_add(bytes) <= MOST_BYTES && !self.batches.contains_key(&artifact) {
            self.bytes += bytes;
            self.batches.insert(artifact, (batch.clone(), bytes));
        }
    }

    pub fn get(&self, artifact: &Digest) -> Option<Batch> {
        self.batches.get(artifact).map(|(batch, _)| batch.clone())
    }

    pub fn take(&mut self, artifact: &Digest) -> Option<Batch> {
        let (batch, bytes) = self.batches.remove(artifact)?;
        self.bytes = self.bytes.saturating_sub(bytes);
        Some(batch)
    }
}

/// Bytes of references that wait for their resolution, at most.
const MOST_REFERENCES: u64 = 256 << 20;

/// What shards refer to, until the whole repository is known. What finds no room is gathered again.
#[derive(Default)]
pub struct Keeping {
    references: BTreeMap<Digest, References>,
    bytes: u64,
}

impl Keeping {
    pub fn put(&mut self, key: Digest, references: References) {
        let bytes = references.bytes();
        if self.bytes.saturating_add(bytes) <= MOST_REFERENCES && !self.references.contains_key(&key) {
            self.bytes += bytes;
            self.references.insert(key, references);
        }
    }

    pub fn take(&mut self, key: &Digest) -> Option<References> {
        let references = self.references.remove(key)?;
        self.bytes = self.bytes.saturating_sub(references.bytes());
        Some(references)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::FileRow;

    #[test]
    fn what_is_taken_makes_room_and_what_finds_none_is_not_kept() {
        let batch = Batch::of::<FileRow>(&[]).unwrap();
        let name = |n: u8| Digest::of(&[n]);
        let mut waiting = Waiting::default();
        waiting.put(name(1), &batch, MOST_BYTES);
        waiting.put(name(1), &batch, MOST_BYTES);
        waiting.put(name(2), &batch, 1);
        assert!(waiting.get(&name(1)).is_some() && waiting.get(&name(2)).is_none());
        assert!(waiting.take(&name(1)).is_some() && waiting.take(&name(1)).is_none());
        waiting.put(name(2), &batch, MOST_BYTES);
        assert!(waiting.take(&name(2)).is_some());
    }
}
