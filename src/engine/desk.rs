//! What a thread has on its desk while it works on one shard: the file bytes that it read and the batches that
//! it made, so that the next node of the chain need not read or decode them again. Cleared after each shard:
//! memory is bounded by a shard a thread.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Digest, RelPath};
use crate::table::Batch;

#[derive(Default)]
struct Desk {
    bytes: BTreeMap<RelPath, Arc<[u8]>>,
    batches: BTreeMap<Digest, Batch>,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

/// Keeps the bytes of a file of the shard at hand.
pub fn keep_bytes(path: &RelPath, bytes: &Arc<[u8]>) {
    DESK.with_borrow_mut(|desk| desk.bytes.insert(path.clone(), Arc::clone(bytes)));
}

pub fn bytes(path: &RelPath) -> Option<Arc<[u8]>> {
    DESK.with_borrow(|desk| desk.bytes.get(path).cloned())
}

/// Puts the bytes away: what comes next does not ask for any. Who does after all reads them again.
pub fn put_bytes_away() {
    DESK.with_borrow_mut(|desk| desk.bytes.clear());
}

/// Keeps a batch that was just made, under its artifact's name.
pub fn keep_batch(artifact: Digest, batch: &Batch) {
    DESK.with_borrow_mut(|desk| desk.batches.insert(artifact, batch.clone()));
}

pub fn batch(artifact: &Digest) -> Option<Batch> {
    DESK.with_borrow(|desk| desk.batches.get(artifact).cloned())
}

/// Clears this thread's desk when it goes out of scope, by an unwinding too.
pub struct Cleared;

impl Drop for Cleared {
    fn drop(&mut self) {
        DESK.with_borrow_mut(|desk| {
            desk.bytes.clear();
            desk.batches.clear();
        });
    }
}
