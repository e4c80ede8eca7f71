//! The bridge from [`ByteSource`] to the Parquet library.

use std::io::{self, Read};
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use crate::base::ByteSource;

/// A byte source, and stretches of it that were fetched ahead so that neighbouring pages cost one read.
#[derive(Clone)]
pub(super) struct Fetched {
    source: Arc<dyn ByteSource>,
    /// (offset, bytes), by offset.
    ahead: Vec<(u64, Bytes)>,
}

impl Fetched {
    pub(super) fn new(source: Arc<dyn ByteSource>) -> Self {
        Self { source, ahead: Vec::new() }
    }

    /// Reads `ranges` (offset, length) now. Those that touch or nearly touch are read as one.
    pub(super) fn fetch(&mut self, mut ranges: Vec<(u64, u64)>) -> io::Result<()> {
        ranges.sort_unstable();
        let mut joined: Vec<(u64, u64)> = Vec::new();
        for (start, len) in ranges {
            let end = start.saturating_add(len);
            match joined.last_mut() {
                Some((_, last)) if start <= last.saturating_add(JOIN_GAP) => *last = end.max(*last),
                _ => joined.push((start, end)),
            }
        }
        for (start, end) in joined {
            if self.held(start, end - start).is_none() {
                let len = usize::try_from(end - start).map_err(|_| io::ErrorKind::UnexpectedEof)?;
                self.ahead.push((start, self.source.read_at(start, len)?.into()));
            }
        }
        self.ahead.sort_by_key(|(start, _)| *start);
        Ok(())
    }

    /// Lets go of what was fetched ahead.
    pub(super) fn forget(&mut self) {
        self.ahead.clear();
    }

    pub(super) fn size(&self) -> u64 {
        self.source.len()
    }

    fn held(&self, start: u64, len: u64) -> Option<Bytes> {
        self.ahead.iter().find_map(|(at, bytes)| {
            let from = usize::try_from(start.checked_sub(*at)?).ok()?;
            let to = from.checked_add(usize::try_from(len).ok()?)?;
            (to <= bytes.len()).then(|| bytes.slice(from..to))
        })
    }
}

/// Reading this much too much is cheaper than another read.
const JOIN_GAP: u64 = 4096;

impl Length for Fetched {
    fn len(&self) -> u64 {
        self.source.len()
    }
}

impl ChunkReader for Fetched {
    type T = Cursor;

    fn get_read(&self, start: u64) -> Result<Cursor> {
        Ok(Cursor { from: self.clone(), at: start })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        if let Some(held) = self.held(start, length as u64) {
            return Ok(held);
        }
        if start.checked_add(length as u64).is_none_or(|end| end > self.source.len()) {
            return Err(ParquetError::EOF(format!("{length} bytes at {start} are not in the file")));
        }
        Ok(self.source.read_at(start, length)?.into())
    }
}

/// Sequential reading, for the parts whose length the library does not know beforehand.
pub(super) struct Cursor {
    from: Fetched,
    at: u64,
}

impl Read for Cursor {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.from.size().saturating_sub(self.at);
        let len = usize::try_from(left).unwrap_or(usize::MAX).min(out.len());
        let bytes = self.from.get_bytes(self.at, len).map_err(io::Error::other)?;
        for (to, from) in out.iter_mut().zip(&bytes) {
            *to = *from;
        }
        self.at += len as u64;
        Ok(len)
    }
}
