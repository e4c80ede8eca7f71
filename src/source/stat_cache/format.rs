//! The file: header, fixed-size records, paths, checksum. Numbers are little-endian.
//!
//! | bytes | what |
//! |---|---|
//! | 12 | magic |
//! | 4, 4 | format, detection version |
//! | 8 | start of the scan, nanoseconds |
//! | 4, then 1 + n each | language names that records refer to, each after its length |
//! | 8, 8 | number of records, bytes of paths |
//! | 71 each | size, mtime, ctime, inode (8 each), hash (32), end of its path (4), the language (2) and the role (1) that its bytes tell |
//! | … | paths one after another, in strictly ascending order of their bytes |
//! | 32 | BLAKE3 of everything before |
//!
//! The language is 0, or 1 + its number + 8192 × (0, first line; 1, mode line; 2, content). The role is 0, 1 for generated,
//! 2 for minified.
//!
//! Nothing is parsed record by record when a cache is opened: look-ups read the bytes in place.

use std::time::Duration;

use crate::base::vfs::Stat;
use crate::base::{Digest, Fields, Timestamp};
use crate::source::language::{DETECTION_VERSION, Told, ToldBy, language};
use crate::source::model::Clues;
use crate::source::role::Mark;

pub(super) const MAGIC: &[u8; 12] = b"sawmill-stat";
pub(super) const FORMAT: u32 = 3;
/// More languages than there will be.
pub(super) const KINDS: u16 = 8192;
pub(super) const RECORD: usize = 71;
const CHECKSUM: usize = 32;
/// See the module's essay.
const RACY: Duration = Duration::from_secs(2);

/// Why a file is no cache for us. Never an error to show: the scan goes without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("it is no stat cache")]
    Foreign,
    #[error("another version of Sawmill wrote it")]
    OtherVersion,
    #[error("it is damaged")]
    Damaged,
}

/// Everything that one scan learned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatCache {
    pub(super) start: Timestamp,
    pub(super) languages: Vec<&'static str>,
    pub(super) records: Vec<u8>,
    pub(super) paths: Vec<u8>,
}

/// One file, as a scan left it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub path: &'a [u8],
    pub hash: Digest,
    pub clues: Clues,
    size: u64,
    mtime: Timestamp,
    ctime: Timestamp,
    ino: u64,
    start: Timestamp,
}

impl Entry<'_> {
    /// May `hash` be believed of a file that stands like this now?
    pub fn is_trusted(&self, stat: &Stat) -> bool {
        (self.size, self.mtime, self.ctime, self.ino) == (stat.size, stat.mtime, stat.ctime, stat.ino)
            && self.start.since(self.mtime.max(self.ctime)) > RACY
    }
}

fn time(fields: &mut Fields<'_>) -> Option<Timestamp> {
    fields.i64().map(Timestamp)
}

impl StatCache {
    /// Reads what [`encode`](Self::encode) wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, Unusable> {
        let Some((body, checksum)) = bytes.len().checked_sub(CHECKSUM).and_then(|at| bytes.split_at_checked(at)) else {
            return Err(Unusable::Foreign);
        };
        let mut from = Fields::of(body);
        if from.take(MAGIC.len()) != Some(MAGIC) {
            return Err(Unusable::Foreign);
        }
        if from.u32() != Some(FORMAT) || from.u32() != Some(DETECTION_VERSION) {
            return Err(Unusable::OtherVersion);
        }
        if Digest::of(body).0 != checksum {
            return Err(Unusable::Damaged);
        }
        Self::decode_body(from).ok_or(Unusable::Damaged)
    }

    fn decode_body(mut from: Fields<'_>) -> Option<Self> {
        let start = time(&mut from)?;
        let mut languages = Vec::new();
        for _ in 0..from.u32()? {
            let [length] = from.array()?;
            let name = std::str::from_utf8(from.take(usize::from(length))?).ok()?;
            languages.push(language(name)?.name);
        }
        let count = usize::try_from(from.u64()?).ok()?;
        let path_bytes = usize::try_from(from.u64()?).ok()?;
        let records = from.take(count.checked_mul(RECORD)?)?.to_vec();
        let paths = from.take(path_bytes)?.to_vec();
        from.rest().is_empty().then_some(Self { start, languages, records, paths })
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256 + self.records.len() + self.paths.len());
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&DETECTION_VERSION.to_le_bytes());
        out.extend_from_slice(&self.start.0.to_le_bytes());
        out.extend_from_slice(&(self.languages.len() as u32).to_le_bytes());
        for name in &self.languages {
            // Names come from the table of languages; a test holds that they are short.
            out.push(name.len() as u8);
            out.extend_from_slice(name.as_bytes());
        }
        out.extend_from_slice(&(self.len() as u64).to_le_bytes());
        out.extend_from_slice(&(self.paths.len() as u64).to_le_bytes());
        out.extend_from_slice(&self.records);
        out.extend_from_slice(&self.paths);
        let checksum = Digest::of(&out);
        out.extend_from_slice(&checksum.0);
        out
    }

    /// Number of files.
    pub fn len(&self) -> usize {
        self.records.len() / RECORD
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Would it be of use to keep this cache in place of `previous`? Not when it knows the same files and none of
    /// them had to be read to know so.
    pub fn is_news(&self, previous: &Self, hashed: usize) -> bool {
        hashed > 0
            || (&self.records, &self.paths, &self.languages)
                != (&previous.records, &previous.paths, &previous.languages)
    }

    fn path_end(&self, at: usize) -> Option<usize> {
        let end = self.records.get(at * RECORD + 64..)?.first_chunk()?;
        usize::try_from(u32::from_le_bytes(*end)).ok()
    }

    fn path(&self, at: usize) -> Option<&[u8]> {
        let start = if at == 0 { 0 } else { self.path_end(at - 1)? };
        self.paths.get(start..self.path_end(at)?)
    }

    fn entry(&self, at: usize) -> Option<Entry<'_>> {
        let mut record = Fields::of(self.records.get(at * RECORD..)?.get(..RECORD)?);
        let (size, mtime, ctime, ino) = (record.u64()?, time(&mut record)?, time(&mut record)?, record.u64()?);
        let hash = Digest(record.array()?);
        let _path_end = record.u32()?;
        let language = match record.u16()?.checked_sub(1) {
            None => None,
            Some(number) => {
                let name = self.languages.get(usize::from(number % KINDS))?;
                Some(Told { language: language(name)?, by: *ToldBy::ALL.get(usize::from(number / KINDS))? })
            }
        };
        let role = match record.array()? {
            [0] => None,
            [1] => Some(Mark::Generated),
            [2] => Some(Mark::Minified),
            _ => return None,
        };
        let clues = Clues { language, role };
        Some(Entry { path: self.path(at)?, hash, clues, size, mtime, ctime, ino, start: self.start })
    }

    /// Looks up paths that come in ascending order of their bytes, the first at or after `path`.
    pub fn cursor(&self, path: &[u8]) -> Cursor<'_> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.path(middle).is_some_and(|p| p < path) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Cursor { cache: self, at: low }
    }
}

/// A place in a cache; only moves forwards.
#[derive(Debug)]
pub struct Cursor<'a> {
    cache: &'a StatCache,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub fn find(&mut self, path: &[u8]) -> Option<Entry<'a>> {
        loop {
            let here = self.cache.path(self.at)?;
            if here == path {
                return self.cache.entry(self.at);
            }
            if here > path {
                return None;
            }
            self.at += 1;
        }
    }
}
