//! A power cut at every operation of a publish, with every fate of what was not synced.

use std::path::Path;
use std::sync::Arc;

use rustix::io::Errno;

use super::fixture::{CACHE, Version, open, publish, read_all, small};
use crate::base::vfs::Vfs;
use crate::base::vfs::fault::{Failure, Fault, FaultFs};
use crate::base::vfs::memory::{MemoryFs, PowerCut};

const OLD: Version = Version { number: 1, large: 0 };
/// Large enough for block hashes.
const LARGE: Version = Version { number: 2, large: 270 << 10 };

/// Publishes OLD on a durable file system, then `version` until operation `k`, then cuts the power in every way.
/// Gives the number of operations of an undisturbed publish and of the file systems that were looked at.
fn cut_everywhere(version: Version, prepare: impl Fn(&MemoryFs)) -> (usize, usize) {
    let start = MemoryFs::new();
    prepare(&start);
    let old = publish(start.clone(), OLD).unwrap().id;
    let counting = FaultFs::new(Arc::new(start.fork()));
    let new = publish(counting.clone(), version).unwrap().id;
    let (_, operations) = counting.counts();
    let mut looked_at = 0;
    for k in 0..=operations {
        let memory = start.fork();
        let dying = FaultFs::new(Arc::new(memory.clone()));
        dying.arm(Some(Fault { at: k, mutating: true, lasting: true, failure: Failure::Errno(Errno::IO) }));
        let done = publish(dying, version).is_ok();
        for cut in PowerCut::all(k as u64) {
            let after = memory.crash(cut);
            let store = open(after.clone()).unwrap_or_else(|e| panic!("operation {k}, {cut:?}: {e}"));
            let read = read_all(&store).unwrap_or_else(|e| panic!("operation {k}, {cut:?}: {e}"));
            let found = read.generation.as_deref();
            assert!(found == Some(&new) || (!done && found == Some(&old)), "operation {k}, {cut:?}: {found:?}");
            assert_eq!(read.objects, 12, "operation {k}, {cut:?}");
            looked_at += 1;
        }
        // The next build heals whatever is left, views included.
        let after = memory.crash(PowerCut::all(k as u64).nth(k % 15).unwrap());
        assert_eq!(publish(after.clone(), version).unwrap().id, new, "operation {k}");
        assert_eq!(read_all(&open(after.clone()).unwrap()).unwrap().notices, 0, "operation {k}");
        let shown = Path::new("/work/.sawmill/latest/repo=api/node=chunk/table=chunks");
        let shown = after.canonicalize(shown).and_then(|dir| after.list(&dir)).unwrap();
        assert_eq!(shown.len(), 2, "operation {k}");
        for part in shown {
            let part = Path::new("/work/.sawmill/latest/repo=api/node=chunk/table=chunks").join(part.name);
            assert!(after.canonicalize(&part).is_ok_and(|object| object.starts_with(CACHE)), "operation {k}: {part:?}");
        }
    }
    (operations, looked_at)
}

#[test]
fn a_power_cut_at_any_operation_leaves_a_whole_generation() {
    let (operations, looked_at) = cut_everywhere(LARGE, |_| {});
    println!("power cuts: {operations} operations, {looked_at} file systems");
    assert!(operations > 60 && looked_at == (operations + 1) * 15);
}

#[test]
fn so_it_does_where_the_cache_is_another_device() {
    let (operations, looked_at) = cut_everywhere(small(2), |memory| {
        memory.create_dir_all(Path::new(CACHE)).unwrap();
        memory.mount(CACHE, 2).unwrap();
        memory.sync_all(Path::new("/")).unwrap();
    });
    println!("power cuts, two devices: {operations} operations, {looked_at} file systems");
}

#[test]
fn so_it_does_where_files_are_synced_one_by_one() {
    let (operations, looked_at) = cut_everywhere(small(2), |memory| {
        memory.create_dir_all(Path::new("/work/.sawmill/cache")).unwrap();
        memory.sync_all(Path::new("/")).unwrap();
        memory.without_sync_all();
    });
    println!("power cuts, without syncfs: {operations} operations, {looked_at} file systems");
}

#[test]
fn a_power_cut_in_the_first_build_leaves_nothing_or_all_of_it() {
    let counting = FaultFs::new(Arc::new(MemoryFs::new()));
    let first = publish(counting.clone(), small(1)).unwrap().id;
    let (_, operations) = counting.counts();
    for k in 0..=operations {
        let memory = MemoryFs::new();
        let dying = FaultFs::new(Arc::new(memory.clone()));
        dying.arm(Some(Fault { at: k, mutating: true, lasting: true, failure: Failure::Errno(Errno::IO) }));
        let done = publish(dying, small(1)).is_ok();
        for cut in PowerCut::all(k as u64) {
            let read = read_all(&open(memory.crash(cut)).unwrap()).unwrap();
            assert!(read.generation.as_deref() == Some(&first) || (!done && read.generation.is_none()));
        }
        let after = memory.crash(PowerCut::all(k as u64).nth(k % 15).unwrap());
        assert_eq!(publish(after, small(1)).unwrap().id, first, "operation {k}");
    }
    println!("power cuts in a first build: {operations} operations");
}

/// A planted bug: a disk that syncs nothing. These tests would see it.
#[test]
fn without_any_sync_a_power_cut_would_be_noticed() {
    let memory = MemoryFs::new();
    publish(memory.clone(), OLD).unwrap();
    memory.sync_nothing();
    publish(memory.clone(), LARGE).unwrap();
    let noticed = PowerCut::all(7).filter(|cut| {
        let read = open(memory.crash(*cut)).and_then(|store| read_all(&store));
        !read.is_ok_and(|read| read.objects == 12)
    });
    assert!(noticed.count() > 3);
}
