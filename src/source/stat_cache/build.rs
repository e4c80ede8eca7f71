//! Writing down a scan.

use crate::base::vfs::Stat;
use crate::base::{Digest, Timestamp};
use crate::source::language::Language;

use super::format::{RECORD, StatCache};

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
    pub fn push(&mut self, path: &[u8], stat: &Stat, hash: &Digest, first_line: Option<&'static Language>) {
        let cache = &mut self.0;
        let Ok(end) = u32::try_from(cache.paths.len() + path.len()) else { return };
        let language = first_line.map_or(0, |language| {
            let known = cache.languages.iter().position(|name| *name == language.name);
            1 + known.unwrap_or_else(|| {
                cache.languages.push(language.name);
                cache.languages.len() - 1
            })
        });
        cache.records.extend_from_slice(&stat.size.to_le_bytes());
        cache.records.extend_from_slice(&stat.mtime.0.to_le_bytes());
        cache.records.extend_from_slice(&stat.ctime.0.to_le_bytes());
        cache.records.extend_from_slice(&stat.ino.to_le_bytes());
        cache.records.extend_from_slice(&hash.0);
        cache.records.extend_from_slice(&end.to_le_bytes());
        cache.records.extend_from_slice(&(language as u16).to_le_bytes());
        cache.paths.extend_from_slice(path);
    }

    pub fn finish(self) -> StatCache {
        self.0
    }
}
