//! Shards and segments: cuts that forget history.
//!
//! The files of one mode, sorted by path, are cut before each *boundary file*: one whose BLAKE3(path), read as a
//! number, falls under a threshold. Whether a file is a boundary depends on its path alone, so no edit, order of
//! events or machine moves one. Shards are cut into segments the same way by the hash of their first path, in
//! another domain. Two ceilings, counted from the last cut, bound what chance may pile up: a file that would
//! carry a shard over its ceiling starts the next one, and so a file larger than the ceiling stands alone.
//!
//! What follows, and is tested, for one mode:
//!
//! - The result is a function of the set of (path, size, mode).
//! - While no ceiling cuts: an edit changes the content of one shard and moves no boundary; an insert or a
//!   removal changes one shard's list of files, or, of a boundary file, splits one shard in two or joins two.
//!   Segments likewise: one changes, or splits in two, or two join.
//! - Where a ceiling cuts, a change may move the ceiling's cuts that follow it, up to the next boundary file and
//!   never beyond.

use crate::base::hash::KeyHasher;
use crate::base::{Digest, Mode, RelPath};

use super::model::{Segment, Shard, SourceFile};

/// Averages and ceilings. Another value is another set of shards, so all of it belongs into keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutParams {
    pub shard_files: Bounds,
    pub segment_shards: Bounds,
}

/// How large a run grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Members on average, before ceilings; at least 1.
    pub average: u64,
    /// Most members.
    pub most: u64,
    /// Most bytes of files, unless one member alone has more.
    pub most_bytes: u64,
}

impl Default for CutParams {
    fn default() -> Self {
        Self {
            shard_files: Bounds { average: 64, most: 512, most_bytes: 4 << 20 },
            segment_shards: Bounds { average: 16, most: 64, most_bytes: 32 << 20 },
        }
    }
}

impl CutParams {
    /// The ingredient of keys.
    pub fn digest(&self) -> Digest {
        let mut hasher = KeyHasher::new("sawmill.cut.v1");
        for bounds in [&self.shard_files, &self.segment_shards] {
            hasher.int(bounds.average).int(bounds.most).int(bounds.most_bytes);
        }
        hasher.finish()
    }
}

impl Bounds {
    fn is_boundary(&self, hash: &Digest) -> bool {
        hash.low_u64() <= u64::MAX / self.average.max(1)
    }

    /// Cuts `members` into runs. `measure` gives a member's boundary hash and bytes.
    fn runs<T>(&self, members: impl IntoIterator<Item = T>, measure: impl Fn(&T) -> (Digest, u64)) -> Vec<Vec<T>> {
        let mut runs: Vec<Vec<T>> = Vec::new();
        let mut bytes = 0_u64;
        for member in members {
            let (hash, size) = measure(&member);
            let over = |run: &Vec<T>| run.len() as u64 >= self.most || bytes.saturating_add(size) > self.most_bytes;
            match runs.last_mut() {
                Some(run) if !self.is_boundary(&hash) && !over(run) => {
                    run.push(member);
                    bytes = bytes.saturating_add(size);
                }
                _ => {
                    runs.push(vec![member]);
                    bytes = size;
                }
            }
        }
        runs
    }
}

/// Cuts files (in any order, paths distinct) into the segments of each mode, modes in their order, files and so
/// shards and segments sorted by path. No shard and no segment is empty.
pub fn cut(mut files: Vec<SourceFile>, params: &CutParams) -> Vec<Segment> {
    files.sort_by(|a, b| (a.mode, &a.path).cmp(&(b.mode, &b.path)));
    let mut files = files.into_iter().peekable();
    let mut segments = Vec::new();
    for mode in Mode::ALL {
        let of_mode = std::iter::from_fn(|| files.next_if(|file| file.mode == mode));
        let runs = params.shard_files.runs(of_mode, |file| (Digest::of(file.path.as_bytes()), file.size));
        let shards = runs.into_iter().filter_map(|files| {
            let id = id("sawmill.shard.v1", mode, &files.first()?.path);
            Some(Shard { id, mode, files })
        });
        let runs = params.segment_shards.runs(shards, measure_shard);
        segments.extend(runs.into_iter().filter_map(|shards| {
            let id = id("sawmill.segment.v1", mode, &shards.first()?.files.first()?.path);
            Some(Segment { id, mode, shards })
        }));
    }
    segments
}

fn measure_shard(shard: &Shard) -> (Digest, u64) {
    let mut hasher = KeyHasher::new("sawmill.cut.segment.v1");
    if let Some(first) = shard.files.first() {
        hasher.add(&first.path);
    }
    (hasher.finish(), shard.files.iter().fold(0, |sum, file| file.size.saturating_add(sum)))
}

fn id(domain: &str, mode: Mode, first: &RelPath) -> String {
    KeyHasher::new(domain).add(&mode).add(first).finish().prefix_hex(16)
}

#[cfg(test)]
#[path = "cut_tests.rs"]
mod tests;
