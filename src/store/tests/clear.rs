//! Clearing: killed at any operation, cut off at any moment, refused while someone reads.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustix::io::Errno;

use super::fixture::{CACHE, STATE, files, open, publish, read_all, small, writer};
use crate::base::Timestamp;
use crate::base::cancel::Cancel;
use crate::base::vfs::Vfs;
use crate::base::vfs::fault::{Failure, Fault, FaultFs};
use crate::base::vfs::memory::MemoryFs;
use crate::store::{Freeze, NewSnapshot, Origin, Ref, StoreError};

fn names(repos: &[&str]) -> BTreeSet<String> {
    repos.iter().map(|repo| (*repo).to_owned()).collect()
}

fn clear(vfs: impl Vfs + 'static, repos: &[&str]) -> Result<(), StoreError> {
    let store = open(vfs)?;
    let writer = writer(&store)?;
    let plan = store.clear_plan(&names(repos), false)?;
    writer.clear(&plan, Timestamp::from_seconds(1_800_000_001, 0))
}

fn published() -> MemoryFs {
    let vfs = MemoryFs::new();
    publish(vfs.clone(), small(1)).unwrap();
    publish(vfs.clone(), small(2)).unwrap();
    vfs
}

/// What stands in the areas that a clear empties. Of the memo its keys: into how many pieces they are merged is a
/// matter of history.
fn left(vfs: &MemoryFs) -> Vec<String> {
    let not_counted = ["LOCK", "format.json", "holder.json", ".gitignore", ".memo"];
    let found = files(vfs, STATE.as_ref()).into_keys().map(|path| path.to_string_lossy().into_owned());
    let found = found.filter(|path| !not_counted.iter().any(|end| path.ends_with(end)));
    let memo = open(vfs.clone()).unwrap().memo().unwrap();
    found.chain(memo.entries().map(|entry| entry.key.hex())).collect()
}

#[test]
fn a_whole_clear_leaves_nothing_and_the_next_publish_is_the_same() {
    let vfs = published();
    let before = read_all(&open(vfs.clone()).unwrap()).unwrap();
    clear(vfs.clone(), &[]).unwrap();
    assert_eq!(left(&vfs), Vec::<String>::new());
    assert_eq!(open(vfs.clone()).unwrap().pin().unwrap().map(|p| p.generation().id.clone()), None);
    publish(vfs.clone(), small(2)).unwrap();
    let after = read_all(&open(vfs).unwrap()).unwrap();
    assert_eq!((after.generation, after.objects), (before.generation, before.objects));
}

#[test]
fn a_clear_of_one_repository_drops_what_only_it_needs() {
    let vfs = published();
    let store = open(vfs.clone()).unwrap();
    let before = read_all(&store).unwrap();
    clear(vfs.clone(), &["api"]).unwrap();
    let pinned = store.pin().unwrap().unwrap();
    assert_eq!(pinned.generation().repos.keys().collect::<Vec<_>>(), ["web"]);
    drop(pinned);
    // The second repository's pieces, and the segment that both share, can all be read, and the memo names no other.
    let after = read_all(&store).unwrap();
    assert!(after.objects > 0 && after.objects < before.objects && after.memo < before.memo);
    let census = store.census(&Cancel::new()).unwrap().unwrap();
    assert_eq!((census.unreferenced.unwrap().files, census.temporaries.files), (0, 0));
    assert_eq!(store.generation_ids().unwrap().len(), 1, "generations with that repository are gone");
}

#[test]
fn a_clear_is_refused_while_a_generation_that_would_go_is_read() {
    let vfs = published();
    let store = open(vfs.clone()).unwrap();
    let pinned = store.pin().unwrap().unwrap();
    for repos in [&[][..], &["api"]] {
        let refused = clear(vfs.clone(), repos);
        assert!(matches!(refused, Err(StoreError::InUse { .. })), "{refused:?}");
        assert_eq!(refused.unwrap_err().tier().exit_code(), 3);
    }
    assert!(read_all(&store).unwrap().objects > 0, "nothing went");
    drop(pinned);
    clear(vfs, &[]).unwrap();
}

#[test]
fn a_clear_that_fails_at_any_operation_is_finished_by_the_next_one_or_by_a_build() {
    for repos in [&[][..], &["api"]] {
        let start = published();
        let counting = FaultFs::new(Arc::new(start.fork()));
        clear(counting.clone(), repos).unwrap();
        let (_, mutating) = counting.counts();
        assert!(mutating > 10);
        let expected = {
            let vfs = start.fork();
            clear(vfs.clone(), repos).unwrap();
            left(&vfs)
        };
        for at in 0..mutating {
            let memory = start.fork();
            let faulty = FaultFs::new(Arc::new(memory.clone()));
            faulty.arm(Some(Fault { at, mutating: true, lasting: true, failure: Failure::Errno(Errno::IO) }));
            let what = format!("{repos:?}, operation {at}");
            drop(clear(faulty, repos));
            // Whoever reads now reads a whole generation or none.
            read_all(&open(memory.clone()).unwrap())
                .map(drop)
                .or_else(|e| match e {
                    // The memo may outlive the objects that it names, never the other way round.
                    StoreError::Missing { path } if path.starts_with(CACHE) => Ok(()),
                    other => Err(other),
                })
                .unwrap_or_else(|e| panic!("{what}: {e}"));
            let built = memory.fork();
            publish(built.clone(), small(2)).unwrap_or_else(|e| panic!("{what}: {e}"));
            assert_eq!(read_all(&open(built).unwrap()).unwrap().notices, 0, "{what}");
            clear(memory.clone(), repos).unwrap_or_else(|e| panic!("{what}: {e}"));
            assert_eq!(left(&memory), expected, "{what}");
        }
    }
}

#[test]
fn a_lost_head_is_stood_in_for_by_the_newest_generation_that_is_whole() {
    let vfs = published();
    let store = open(vfs.clone()).unwrap();
    let head = store.pin().unwrap().unwrap().generation().id.clone();
    vfs.put(store.layout().head(), "torn").unwrap();
    assert!(store.pin().is_err());
    let newest = store.recover_head().unwrap().unwrap();
    assert!(store.generation_ids().unwrap().contains(&newest.generation().id));
    assert!(newest.notices().iter().any(|notice| notice.what.contains("stands in for it")));
    drop(newest);
    vfs.put(store.layout().generation(&head), "torn").unwrap();
    let other = store.recover_head().unwrap().unwrap();
    assert_ne!(other.generation().id, head);
}

/// `published`, and of the generation before HEAD a pointer, of HEAD a frozen snapshot.
fn with_snapshots() -> MemoryFs {
    let vfs = MemoryFs::new();
    let store = open(vfs.clone()).unwrap();
    let now = Timestamp::from_seconds(1_800_000_000, 0);
    let new = NewSnapshot { created_at: now, origin: Origin::Manual, label: None, notes: None, tags: Vec::new() };
    let snap = || writer(&store).unwrap().create_snapshot(&store.pin().unwrap().unwrap(), &new).unwrap().record.id;
    publish(vfs.clone(), small(1)).unwrap();
    snap();
    publish(vfs.clone(), small(2)).unwrap();
    let frozen = snap();
    let freeze = Freeze { now, link: false, cancel: Cancel::new() };
    writer(&store).unwrap().freeze_snapshot(&frozen, &freeze).unwrap();
    vfs
}

/// Every object of both snapshots, to the last byte.
fn snapshots_open(vfs: &MemoryFs) -> Result<usize, String> {
    let store = open(vfs.clone()).map_err(|e| e.to_string())?;
    let mut objects = 0;
    for id in store.snapshot_ids().map_err(|e| e.to_string())? {
        let pinned = store.pin_at(&Ref::Snapshot(id), None).map_err(|e| e.to_string())?;
        for repo in pinned.generation().repos.keys() {
            for segment in pinned.build(repo).map_err(|e| e.to_string())?.segments {
                let list = pinned.list(repo, &segment.list).map_err(|e| e.to_string())?;
                for piece in list.shards.iter().flat_map(|shard| &shard.pieces).chain(&list.pieces) {
                    super::fixture::read_object(pinned.store(), &piece.artifact).map_err(|e| e.to_string())?;
                    objects += 1;
                }
            }
        }
    }
    Ok(objects)
}

#[test]
fn snapshots_and_what_they_point_to_stay_unless_they_are_asked_for() {
    for repos in [&[][..], &["api"]] {
        let vfs = with_snapshots();
        let store = open(vfs.clone()).unwrap();
        let (before, builds) = (store.objects_there().unwrap().len(), snapshots_open(&vfs).unwrap());
        let plan = store.clear_plan(&names(repos), false).unwrap();
        assert_eq!((plan.pointers(), builds), (1, 24), "{repos:?}");
        clear(vfs.clone(), repos).unwrap();
        assert_eq!(snapshots_open(&vfs).unwrap(), builds, "{repos:?}");
        assert_eq!(store.objects_there().unwrap().len(), before - 3, "{repos:?}: what no pointer names is gone");
        publish(vfs.clone(), small(2)).unwrap();
        assert_eq!(read_all(&store).unwrap().objects, 12, "{repos:?}");
    }
    let vfs = with_snapshots();
    let store = open(vfs.clone()).unwrap();
    let ids = store.snapshot_ids().unwrap();
    let frozen = ids.iter().find(|id| store.snapshot(id).unwrap().frozen.is_some()).unwrap();
    let frozen = store.frozen_store(frozen).unwrap();
    let whole = || writer(&store).unwrap().clear(&store.clear_plan(&names(&[]), true).unwrap(), Timestamp::default());
    let reader = frozen.pin().unwrap();
    assert!(matches!(whole(), Err(StoreError::InUse { .. })), "a copy that is being read stays");
    drop(reader);
    whole().unwrap();
    assert_eq!(left(&vfs), Vec::<String>::new());
}

#[test]
fn a_clear_that_fails_at_any_operation_leaves_every_snapshot_readable() {
    for repos in [&[][..], &["api"]] {
        let start = with_snapshots();
        let builds = snapshots_open(&start).unwrap();
        let counting = FaultFs::new(Arc::new(start.fork()));
        clear(counting.clone(), repos).unwrap();
        let (_, mutating) = counting.counts();
        for at in 0..mutating {
            let memory = start.fork();
            let faulty = FaultFs::new(Arc::new(memory.clone()));
            faulty.arm(Some(Fault { at, mutating: true, lasting: true, failure: Failure::Errno(Errno::IO) }));
            drop(clear(faulty, repos));
            let found = snapshots_open(&memory).unwrap_or_else(|e| panic!("{repos:?}, operation {at}: {e}"));
            assert_eq!(found, builds, "{repos:?}, operation {at}");
            clear(memory.clone(), repos).unwrap_or_else(|e| panic!("{repos:?}, operation {at}: {e}"));
            assert_eq!(snapshots_open(&memory).unwrap(), builds, "{repos:?}, operation {at}");
        }
    }
}
