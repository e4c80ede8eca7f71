//! Writing down a scan.

use crate::base::vfs::Stat;
use crate::base::{Digest, Timestamp};
use crate::source::model::Clues;
use crate::source::role::Mark;

use super::format::{KINDS, RECORD, StatCache};

/// Collects a scan's entries.
#[derive(Debug)]
pub struct StatCacheBuilder(StatCache);

impl StatCacheBuilder {
    /// `start`: of the scan, on the clock of the file system.
    pub fn new(start: Timestamp, files: usize) -> Self {
        let (records, paths) = (Vec::with_capacity(files * RECORD), Vec::with_capacity(files * 32));
        Self(StatCache { start, languages: Vec::new(), records, paths })
    }

    /// Paths come in strictly ascending order of their bytes. What does not fit is not remembered: paths past
    /// 4 GiB together.
    pub fn push(&mut self, path: &[u8], stat: &Stat, hash: &Digest, clues: Clues) {
        let cache = &mut self.0;
        let Ok(end) = u32::try_from(cache.paths.len() + path.len()) else { return };
        let language = clues.language.map_or(0, |told| {
            let known = cache.languages.iter().position(|name| *name == told.language.name);
            let language = known.unwrap_or_else(|| {
                cache.languages.push(told.language.name);
                cache.languages.len() - 1
            });
            1 + language as u16 + KINDS * told.by as u16
        });
        cache.records.extend_from_slice(&stat.size.to_le_bytes());
        cache.records.extend_from_slice(&stat.mtime.0.to_le_bytes());
        cache.records.extend_from_slice(&stat.ctime.0.to_le_bytes());
        cache.records.extend_from_slice(&stat.ino.to_le_bytes());
        cache.records.extend_from_slice(&hash.0);
        cache.records.extend_from_slice(&end.to_le_bytes());
        cache.records.extend_from_slice(&language.to_le_bytes());
        cache.records.push(match clues.role {
            None => 0,
            Some(Mark::Generated) => 1,
            Some(Mark::Minified) => 2,
        });
        cache.paths.extend_from_slice(path);
    }

    pub fn finish(self) -> StatCache {
        self.0
    }
}
