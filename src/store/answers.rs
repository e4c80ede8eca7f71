//! Answers of searches that are kept for the next one who asks the same. Losing one costs time and nothing else.
//!
//! One file an answer, named by the key that its caller made of all that could change it. Any process may write here and
//! none locks: a file comes whole, by a rename, and one that is damaged is as good as none. What falls out follows from
//! the files alone: those that are too old, then the oldest, those of one time by name.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::envelope;
use super::error::{StoreError, io_at};
use super::layout::{FORMAT, MODE_FILE};
use super::open::Store;
use crate::base::{Digest, Timestamp};

/// Most answers.
pub const MOST_ANSWERS: usize = 200;
/// Most bytes of all of them.
pub const MOST_BYTES: u64 = 5 << 20;
/// Oldest answer that is given.
pub const OLDEST: Duration = Duration::from_hours(30 * 24);
/// Of the most, what is left by who makes room: not each answer is to look for the oldest.
const ROOM: (u64, u64) = (3, 4);

#[derive(Serialize, Deserialize)]
struct Kept<T> {
    format: u32,
    key: Digest,
    at: Timestamp,
    answer: T,
}

impl Store {
    /// The answer under `key`, if one is kept that is whole and no older than [`OLDEST`].
    pub fn kept_answer<T: DeserializeOwned>(&self, key: &Digest, now: Timestamp) -> Option<T> {
        let path = self.layout().answer(key);
        let bytes = self.vfs().read(&path).ok()?;
        let kept: Kept<T> = envelope::unseal(&self.layout().name_of(&path), &bytes).ok()?;
        // One from the future would never grow old.
        let fresh = kept.at <= now && now.since(kept.at) <= OLDEST;
        (kept.format == FORMAT && kept.key == *key && fresh).then_some(kept.answer)
    }

    /// Keeps an answer; what is too much for all of them together is not kept. `Err` where nothing can be written here.
    pub fn keep_answer<T: Serialize>(&self, key: &Digest, now: Timestamp, answer: &T) -> Result<(), StoreError> {
        let (dir, path) = (self.layout().answers(), self.layout().answer(key));
        let kept = Kept { format: FORMAT, key: *key, at: now, answer };
        let bytes = envelope::seal(&self.layout().name_of(&path), &kept)?;
        if bytes.len() as u64 > MOST_BYTES / ROOM.1 {
            return Ok(());
        }
        self.vfs().create_dir_all(&dir).map_err(io_at("create", &dir))?;
        self.make_room(&dir, bytes.len() as u64, now)?;
        let temporary = dir.join(format!("{}.{}", key.short(), std::process::id()));
        match self.vfs().write_new(&temporary, &bytes, MODE_FILE) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                // Of a process that was killed and had the same number.
                self.vfs().remove_file(&temporary).map_err(io_at("remove", &temporary))?;
                self.vfs().write_new(&temporary, &bytes, MODE_FILE).map_err(io_at("write", &temporary))?;
            }
            written => written.map_err(io_at("write", &temporary))?,
        }
        self.vfs().rename(&temporary, &path).map_err(io_at("write", &path))
    }

    fn make_room(&self, dir: &Path, coming: u64, now: Timestamp) -> Result<(), StoreError> {
        let mut there: Vec<(Timestamp, PathBuf, u64)> = self
            .vfs()
            .list_stat(dir)
            .map_err(io_at("list", dir))?
            .into_iter()
            .map(|(name, stat)| (stat.mtime, dir.join(name), stat.size))
            .collect();
        there.sort();
        let (mut count, mut bytes) =
            (there.len() as u64 + 1, there.iter().map(|(_, _, size)| size).sum::<u64>() + coming);
        let full = count > MOST_ANSWERS as u64 || bytes > MOST_BYTES;
        let most = |limit: u64| if full { limit * ROOM.0 / ROOM.1 } else { limit };
        for (at, path, size) in there {
            let old = at <= now && now.since(at) > OLDEST;
            if !old && count <= most(MOST_ANSWERS as u64) && bytes <= most(MOST_BYTES) {
                break;
            }
            match self.vfs().remove_file(&path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(io_at("remove", &path)(e)),
                _ => (count, bytes) = (count - 1, bytes.saturating_sub(size)),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::vfs::Vfs;
    use crate::base::vfs::memory::MemoryFs;
    use crate::store::StoreDirs;

    const NOW: i64 = 1_700_000_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(NOW + seconds, 0)
    }

    fn key(number: usize) -> Digest {
        Digest::of(&number.to_le_bytes())
    }

    fn store() -> (Arc<MemoryFs>, Store) {
        let vfs = Arc::new(MemoryFs::default());
        vfs.create_dir_all(Path::new("/state")).unwrap();
        let dirs = StoreDirs { cache: "/state/cache".into(), state: "/state".into() };
        (Arc::clone(&vfs), Store::open(vfs, dirs).unwrap())
    }

    fn kept(store: &Store, key: &Digest, now: Timestamp) -> Option<String> {
        store.kept_answer(key, now)
    }

    #[test]
    fn an_answer_comes_back_under_its_key_and_under_no_other() {
        let (_, store) = store();
        store.keep_answer(&key(1), at(0), &"one").unwrap();
        assert_eq!(kept(&store, &key(1), at(5)).as_deref(), Some("one"));
        assert_eq!(kept(&store, &key(2), at(5)), None);
        store.keep_answer(&key(1), at(6), &"two").unwrap();
        assert_eq!(kept(&store, &key(1), at(7)).as_deref(), Some("two"));
    }

    #[test]
    fn an_answer_of_more_than_thirty_days_or_of_tomorrow_is_none() {
        let (_, store) = store();
        store.keep_answer(&key(1), at(0), &"one").unwrap();
        let month = 30 * 24 * 60 * 60;
        assert!(kept(&store, &key(1), at(month)).is_some());
        assert!(kept(&store, &key(1), at(month + 1)).is_none());
        assert!(kept(&store, &key(1), at(-1)).is_none());
    }

    #[test]
    fn a_file_with_any_byte_changed_or_cut_is_no_answer_and_is_written_again() {
        let (vfs, store) = store();
        store.keep_answer(&key(1), at(0), &"one").unwrap();
        let path = store.layout().answer(&key(1));
        let whole = vfs.read(&path).unwrap();
        for place in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            for bytes in [&bytes, &whole[..place]] {
                vfs.remove_file(&path).unwrap();
                vfs.write_new(&path, bytes, MODE_FILE).unwrap();
                assert_eq!(kept(&store, &key(1), at(1)), None, "byte {place}");
            }
        }
        store.keep_answer(&key(1), at(2), &"one").unwrap();
        assert!(kept(&store, &key(1), at(3)).is_some());
    }

    #[test]
    fn answers_have_a_bound_in_number_and_in_bytes_and_the_newest_stays() {
        for (count, size) in [(MOST_ANSWERS + 30, 10), (40, 300_000)] {
            let (vfs, store) = store();
            for number in 0..count {
                store.keep_answer(&key(number), at(number as i64), &"x".repeat(size)).unwrap();
                let there = vfs.list_stat(&store.layout().answers()).unwrap();
                assert!(there.len() <= MOST_ANSWERS);
                assert!(there.iter().map(|(_, stat)| stat.size).sum::<u64>() <= MOST_BYTES);
                assert!(kept(&store, &key(number), at(number as i64)).is_some());
            }
        }
    }

    #[test]
    fn an_answer_that_would_fill_the_place_alone_is_not_kept() {
        let (_, store) = store();
        store.keep_answer(&key(1), at(0), &"x".repeat(2 << 20)).unwrap();
        assert_eq!(kept(&store, &key(1), at(0)), None);
    }
}
