//! Frozen copies: whole, alone, portable; never of damaged bytes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::fixture::{CACHE, STATE, Version, dirs, files, open, publish, read_all, small, writer};
use super::fixture::{create, freeze, freezing, frozen_is_whole, holds, new, snap, tree, with_snapshot};
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::base::{Cancel, Digest};
use crate::store::{Freeze, FreezeMethod, SnapshotError, Store, StoreDirs, StoreError};

/// Above the size from which objects have block hashes.
const LARGE: Version = Version { number: 1, large: 700_000 };

fn frozen_dir(id: &str) -> PathBuf {
    Path::new(STATE).join("snapshots").join(id).join("frozen")
}

/// The store in `state`, with its cache inside.
fn store_in(vfs: &MemoryFs, state: &str) -> Store {
    let state = PathBuf::from(state);
    Store::open(Arc::new(vfs.clone()), StoreDirs { cache: state.join("cache"), state }).unwrap()
}

#[test]
fn a_frozen_copy_stands_alone_wherever_it_is() {
    let (vfs, id) = with_snapshot(LARGE);
    let before = read_all(&open(vfs.clone()).unwrap()).unwrap();
    let frozen = freeze(vfs.clone(), &id).unwrap().frozen.unwrap();
    assert_eq!((frozen.method, frozen.files), (FreezeMethod::Copy, 9));
    assert!(frozen.bytes > 700_000);
    vfs.rename(&frozen_dir(&id), Path::new("/elsewhere")).unwrap();
    vfs.remove_dir_all(Path::new("/work")).unwrap();
    let store = store_in(&vfs, "/elsewhere");
    let after = read_all(&store).unwrap();
    assert_eq!((after.generation, after.commit, after.objects), (before.generation, before.commit, before.objects));
    assert_eq!(after.notices, 0);
    // What people open: links that lead to whole objects, none of them outside.
    let mut parts = 0;
    for (path, what) in tree(&vfs, Path::new("/elsewhere")) {
        assert!(!what.contains("/work"), "{}: {what}", path.display());
        let Some(target) = what.strip_prefix("→ ") else { continue };
        assert!(Path::new(target).is_relative());
        if path.to_string_lossy().ends_with(".parquet") {
            let object = vfs.canonicalize(&path).unwrap();
            assert!(object.starts_with("/elsewhere/cache/objects"), "{}", object.display());
            parts += 1;
        }
    }
    let latest = vfs.canonicalize(Path::new("/elsewhere/latest/repo=api/node=chunk/table=chunks/part-00000.parquet"));
    assert!(vfs.read(&latest.unwrap()).unwrap().starts_with(b"chunks"));
    assert_eq!(parts, 8, "of each repository two shards' chunks and two segments' postings");
}

#[test]
fn equal_snapshots_freeze_to_equal_trees_on_any_machine() {
    let copies = ["/work", "/home/ada"].map(|home| {
        let vfs = MemoryFs::new();
        let state = Path::new(home).join(".sawmill");
        let dirs = StoreDirs { cache: state.join("cache"), state };
        let store = Store::open(Arc::new(vfs.clone()), dirs).unwrap();
        super::super::fixture::publish_in(&store, LARGE).unwrap();
        let writer = writer(&store).unwrap();
        let id = writer.create_snapshot(&store.pin().unwrap().unwrap(), &new(&[])).unwrap().record.id;
        writer.freeze_snapshot(&id, &freezing()).unwrap();
        let frozen = store.frozen_dir(&id);
        let inside = |(path, what): (PathBuf, String)| (path.strip_prefix(&frozen).unwrap().to_owned(), what);
        tree(&vfs, &frozen).into_iter().map(inside).collect::<Vec<_>>()
    });
    assert_eq!(copies[0], copies[1]);
}

#[test]
fn what_the_file_system_can_share_it_shares_and_links_only_on_demand() {
    let (vfs, id) = with_snapshot(LARGE);
    let other = create(vfs.clone(), &new(&[])).unwrap().record.id;
    vfs.with_clones();
    assert_eq!(freeze(vfs.clone(), &id).unwrap().frozen.unwrap().method, FreezeMethod::Reflink);
    let store = open(vfs.clone()).unwrap();
    let linked = writer(&store).unwrap().freeze_snapshot(&other, &Freeze { link: true, ..freezing() }).unwrap();
    assert_eq!(linked.frozen.unwrap().method, FreezeMethod::Link);
    let inode = |path: PathBuf| vfs.stat(&path).unwrap().ino;
    for (path, _) in files(&vfs, &Path::new(CACHE).join("objects")) {
        if path.extension().is_some_and(|e| e == "parquet") {
            let inside = path.strip_prefix(CACHE).unwrap();
            assert_eq!(inode(frozen_dir(&other).join("cache").join(inside)), inode(path.clone()));
            assert_ne!(inode(frozen_dir(&id).join("cache").join(inside)), inode(path.clone()));
        }
    }
    assert_eq!((frozen_is_whole(&store, &id), frozen_is_whole(&store, &other)), (12, 12));
}

#[test]
fn a_cache_on_another_device_is_copied_and_cannot_be_linked() {
    let vfs = MemoryFs::new();
    for (dir, dev) in [("/cache", 7), ("/work", 8)] {
        vfs.create_dir_all(Path::new(dir)).unwrap();
        vfs.mount(dir, dev).unwrap();
    }
    let apart = StoreDirs { cache: "/cache".into(), ..dirs() };
    let store = Store::open(Arc::new(vfs.clone()), apart).unwrap();
    super::super::fixture::publish_in(&store, small(1)).unwrap();
    let writer = writer(&store).unwrap();
    let id = writer.create_snapshot(&store.pin().unwrap().unwrap(), &new(&[])).unwrap().record.id;
    let error = writer.freeze_snapshot(&id, &Freeze { link: true, ..freezing() }).unwrap_err();
    assert!(matches!(error, SnapshotError::NoLink(_)), "{error}");
    assert!(!vfs.exists(&store.frozen_dir(&id)).unwrap());
    writer.freeze_snapshot(&id, &freezing()).unwrap();
    vfs.remove_dir_all(Path::new("/cache")).unwrap();
    assert_eq!(frozen_is_whole(&store, &id), 12);
}

#[test]
fn a_flipped_bit_in_any_object_list_or_root_fails_the_freeze_and_leaves_a_pointer() {
    let (vfs, id) = with_snapshot(LARGE);
    let (mut flips, mut healed) = (0, 0);
    let all = files(&vfs, &Path::new(CACHE).join("objects")).into_iter();
    for (path, bytes) in all.chain(files(&vfs, &Path::new(STATE).join("builds"))) {
        for place in [0, bytes.len() / 2, bytes.len() - 1] {
            let vfs = vfs.fork();
            let mut bad = bytes.clone();
            bad[place] ^= 0x10;
            vfs.put(&path, bad).unwrap();
            let frozen = freeze(vfs.clone(), &id);
            flips += 1;
            if path.extension().is_some_and(|e| e == "blocks") {
                // They are made from the bytes: damage to them does not come across.
                frozen.unwrap();
                assert_eq!(frozen_is_whole(&open(vfs).unwrap(), &id), 12);
                healed += 1;
                continue;
            }
            let error = frozen.unwrap_err();
            let what = format!("{} byte {place}: {error}", path.display());
            assert!(matches!(error, SnapshotError::Store(StoreError::Damaged { .. })), "{what}");
            assert!(!vfs.exists(&frozen_dir(&id)).unwrap(), "{what}");
            assert_eq!(open(vfs.clone()).unwrap().snapshot(&id).unwrap().frozen, None, "{what}");
            assert!(vfs.list(&Path::new(STATE).join("tmp")).unwrap().is_empty(), "{what}");
        }
    }
    assert_eq!((flips, healed), ((9 + 1 + 4 + 2) * 3, 3), "objects, block hashes, lists, roots");
}

#[test]
fn an_object_that_is_damaged_is_looked_at_by_the_next_writer() {
    let (vfs, id) = with_snapshot(small(1));
    let (path, bytes) = files(&vfs, &Path::new(CACHE).join("objects")).into_iter().next().unwrap();
    vfs.put(&path, [bytes, b"!".to_vec()].concat()).unwrap();
    freeze(vfs.clone(), &id).unwrap_err();
    let next = writer(&open(vfs.clone()).unwrap()).unwrap();
    assert_eq!(next.notices().iter().map(|n| n.path.clone()).collect::<Vec<_>>(), std::slice::from_ref(&path));
    assert!(!vfs.exists(&path).unwrap());
    drop(next);
    publish(vfs.clone(), small(1)).unwrap();
    freeze(vfs.clone(), &id).unwrap();
    assert_eq!(frozen_is_whole(&open(vfs).unwrap(), &id), 12);
}

#[test]
fn freezing_twice_changes_nothing_and_readers_and_writers_write_nothing_into_it() {
    let (vfs, id) = with_snapshot(LARGE);
    let first = freeze(vfs.clone(), &id).unwrap();
    let before = tree(&vfs, &frozen_dir(&id));
    assert_eq!(freeze(vfs.clone(), &id).unwrap(), first);
    publish(vfs.clone(), small(3)).unwrap();
    assert_eq!(holds(&vfs).unwrap().len(), 1);
    // A reader that meets damage leaves no note in it, either.
    let large = files(&vfs, &frozen_dir(&id)).into_iter().find(|(_, b)| b.len() > 500_000).unwrap();
    let mut bad = large.1.clone();
    bad[3] ^= 1;
    vfs.put(&large.0, bad).unwrap();
    assert!(holds(&vfs).is_err());
    vfs.put(&large.0, large.1).unwrap();
    assert_eq!(tree(&vfs, &frozen_dir(&id)), before);
}

#[test]
fn a_cancelled_freeze_leaves_a_pointer() {
    let (vfs, id) = with_snapshot(small(1));
    let cancel = Cancel::new();
    cancel.cancel();
    let store = open(vfs.clone()).unwrap();
    let error = writer(&store).unwrap().freeze_snapshot(&id, &Freeze { cancel, ..freezing() }).unwrap_err();
    assert!(matches!(error, SnapshotError::Cancelled));
    assert!(!vfs.exists(&frozen_dir(&id)).unwrap());
}

#[test]
fn a_frozen_copy_that_is_read_stays_and_a_removed_one_is_gone_at_once() {
    let (vfs, id) = with_snapshot(small(1));
    freeze(vfs.clone(), &id).unwrap();
    let store = open(vfs.clone()).unwrap();
    let writer = writer(&store).unwrap();
    let pinned = store.pin_at(&snap(&id), None).unwrap();
    let object = Digest::of(b"shard postings web");
    assert!(matches!(writer.remove_snapshot(&id, None), Err(SnapshotError::InUse { .. })));
    assert!(pinned.store().object(&object).is_ok());
    drop(pinned);
    writer.remove_snapshot(&id, None).unwrap();
    assert!(!vfs.exists(&Path::new(STATE).join("snapshots").join(&id)).unwrap());
    assert!(vfs.list(&Path::new(STATE).join("tmp")).unwrap().is_empty());
}
