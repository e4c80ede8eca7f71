use std::path::Path;

use super::fixture::{CACHE, bytes_of, open, publish, read_object, small, writer};
use crate::base::Digest;
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::store::{MemoEntry, MemoOutput, StoreError};

#[test]
fn what_was_staged_is_there_after_the_commit_and_not_before() {
    let memory = MemoryFs::new();
    let store = open(memory.clone()).unwrap();
    let writer = writer(&store).unwrap();
    for len in [0, 1, 65_536, 65_537, 256 << 10, (256 << 10) + 1, 700_000] {
        let bytes = vec![7; len];
        let hash = writer.stage(&bytes).unwrap();
        assert_eq!(hash, Digest::of(&bytes));
        assert!(!store.has_object(&hash).unwrap() && writer.has_object(&hash).unwrap());
        assert!(matches!(store.object(&hash), Err(StoreError::Missing { .. })));
        writer.commit(Vec::new()).unwrap();
        assert!(store.has_object(&hash).unwrap());
        assert_eq!(read_object(&store, &hash).unwrap(), bytes);
        assert_eq!(memory.stat(&store.object_path(&hash)).unwrap().mode, 0o444);
        let blocks = store.object_path(&hash).with_extension("blocks");
        assert_eq!(memory.exists(&blocks).unwrap(), len > 256 << 10, "{len}");
    }
}

#[test]
fn an_object_that_stands_is_not_written_again_and_a_damaged_one_is_set_aside() {
    let memory = MemoryFs::new();
    let store = open(memory.clone()).unwrap();
    let hash = {
        let writer = writer(&store).unwrap();
        let hash = writer.stage(b"bytes").unwrap();
        writer.commit(Vec::new()).unwrap();
        hash
    };
    let first = memory.stat(&store.object_path(&hash)).unwrap();
    {
        let writer = writer(&store).unwrap();
        writer.stage(b"bytes").unwrap();
        writer.commit(Vec::new()).unwrap();
        assert_eq!(memory.stat(&store.object_path(&hash)).unwrap().ino, first.ino);
    }
    memory.put(store.object_path(&hash), b"bites").unwrap();
    let writer = writer(&store).unwrap();
    writer.stage(b"bytes").unwrap();
    writer.commit(Vec::new()).unwrap();
    assert_eq!(read_object(&store, &hash).unwrap(), b"bytes");
    let aside = memory.list(&Path::new(CACHE).join("quarantine")).unwrap();
    assert_eq!(aside.len(), 1);
}

#[test]
fn an_object_that_appears_before_the_rename_is_kept_if_whole_and_replaced_if_not() {
    for (there, kept) in [(b"bytes", true), (b"bites", false)] {
        let memory = MemoryFs::new();
        let store = open(memory.clone()).unwrap();
        let writer = writer(&store).unwrap();
        let hash = writer.stage(b"bytes").unwrap();
        memory.put(store.object_path(&hash), there).unwrap();
        let ino = memory.stat(&store.object_path(&hash)).unwrap().ino;
        writer.commit(Vec::new()).unwrap();
        assert_eq!(read_object(&store, &hash).unwrap(), b"bytes");
        assert_eq!(memory.stat(&store.object_path(&hash)).unwrap().ino == ino, kept);
        assert!(memory.list(&Path::new(CACHE).join("tmp")).unwrap().is_empty());
    }
}

#[test]
fn a_memo_entry_whose_object_is_nowhere_is_refused() {
    let memory = MemoryFs::new();
    let store = open(memory).unwrap();
    let writer = writer(&store).unwrap();
    let output = MemoOutput {
        table: "t".into(),
        artifact: Digest::of(b"nowhere"),
        rows: 0,
        bytes: 7,
        stats: std::collections::BTreeMap::new(),
    };
    let entry =
        MemoEntry { key: Digest::of(b"key"), outputs: vec![output], ingredients: std::collections::BTreeMap::new() };
    assert!(matches!(writer.commit(vec![entry]), Err(StoreError::Refused { .. })));
    assert!(store.memo().unwrap().is_empty());
}

#[test]
fn the_stamp_moves_when_an_object_comes_or_goes_and_only_then() {
    let memory = MemoryFs::new();
    publish(memory.clone(), small(1)).unwrap();
    let store = open(memory.clone()).unwrap();
    let first = store.objects_stamp().unwrap();
    publish(memory.clone(), small(1)).unwrap();
    assert_eq!(store.objects_stamp().unwrap(), first);
    publish(memory.clone(), small(2)).unwrap();
    let second = store.objects_stamp().unwrap();
    assert_ne!(second, first);
    writer(&store).unwrap().quarantine(&Digest::of(b"shard postings version 2")).unwrap();
    assert_ne!(store.objects_stamp().unwrap(), second);
}

#[test]
fn many_threads_stage_into_one_commit() {
    let memory = MemoryFs::new();
    let store = open(memory.clone()).unwrap();
    let writer = writer(&store).unwrap();
    let items: Vec<usize> = (0..200).map(|n| n % 50).collect();
    let hashes = crate::base::parallel::map(4, &items, |n| {
        let hash = writer.stage(&bytes_of(&format!("object {n}"), 100)).unwrap();
        if n % 10 == 0 {
            writer.commit(Vec::new()).unwrap();
        }
        hash
    });
    writer.commit(Vec::new()).unwrap();
    for (n, hash) in items.iter().zip(hashes) {
        assert_eq!(read_object(&store, &hash).unwrap(), bytes_of(&format!("object {n}"), 100));
    }
    assert!(memory.list(&Path::new(CACHE).join("tmp")).unwrap().is_empty());
}
