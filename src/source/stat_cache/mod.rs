//! What the last scan knew, so that this one need not read every file again.
//!
//! A disposable, checksummed file: whatever is wrong with it, the answer is an empty cache and a full scan. An
//! entry holds a file's `lstat` and what reading it taught: the hash of its bytes and what they tell of its
//! language.
//!
//! **When an entry is believed.** Its size, mtime, ctime and inode are those of the file now, and the later of
//! the two times lies more than two seconds before the start of the scan that recorded it. Without the second
//! part a file that is written twice within one tick of the file system's clock would keep its stat while its
//! bytes change (git calls such entries racy). Two seconds cover the coarsest clock in use, that of FAT. The
//! ctime is in, because anyone may set an mtime back and no one a ctime. The device is not: its number moves
//! when a volume is mounted anew.
//!
//! The start of a scan must be told by the clock that stamps the files, or a skewed clock would make racy
//! entries look old. Pass the mtime of a file that was just written on that file system where one can be
//! written, and else the machine's time.

mod build;
mod format;

pub(super) use build::StatCacheBuilder;
pub use format::{StatCache, Unusable};

#[cfg(test)]
mod tests;
