//! Room for large shards. A shard is at most some megabytes of source, unless one file alone is more; work on such a file
//! takes several times its size, so that only so many of them are worked on at a time.

use std::sync::{Condvar, Mutex, PoisonError};

use super::world::held;

/// Source of the large shards that are worked on at a time.
const BYTES: u64 = 64 << 20;
/// Shards below this come and go as they like.
const LARGE: u64 = 8 << 20;

pub struct Room {
    free: Mutex<u64>,
    left: Condvar,
}

/// A shard's place. It is given back when it goes out of scope.
pub struct Place<'a> {
    room: &'a Room,
    bytes: u64,
}

impl Default for Room {
    fn default() -> Self {
        Self { free: Mutex::new(BYTES), left: Condvar::new() }
    }
}

impl Room {
    /// Waits until there is room for a shard of `bytes`. Who has a place must not ask for another.
    pub fn enter(&self, bytes: u64) -> Place<'_> {
        let bytes = if bytes < LARGE { 0 } else { bytes.min(BYTES) };
        let mut free = held(&self.free);
        while *free < bytes {
            free = self.left.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= bytes;
        Place { room: self, bytes }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.bytes > 0 {
            *held(&self.room.free) += self.bytes;
            self.room.left.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn large_shards_wait_for_each_other_and_small_ones_for_nobody() {
        let (room, inside, most) = (Room::default(), AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for size in [64_u64, 48, 40, 24, 20, 8, 300] {
                let (room, inside, most) = (&room, &inside, &most);
                scope.spawn(move || {
                    for _ in 0..50 {
                        let place = room.enter(size << 20);
                        most.fetch_max(inside.fetch_add(place.bytes, Ordering::SeqCst) + place.bytes, Ordering::SeqCst);
                        let _small = room.enter(LARGE - 1);
                        std::thread::yield_now();
                        inside.fetch_sub(place.bytes, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!((1..=BYTES).contains(&most.into_inner()));
        assert_eq!(*held(&room.free), BYTES);
    }
}
