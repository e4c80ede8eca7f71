use std::collections::BTreeMap;
use std::path::Path;

use super::fixture::{CACHE, open, writer};
use crate::base::Digest;
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::store::{MemoEntry, MemoOutput, Writer};

fn entry(writer: &Writer, key: &str, content: &str) -> MemoEntry {
    let output = MemoOutput {
        table: "chunks".into(),
        artifact: writer.stage(content.as_bytes()).unwrap(),
        rows: 3,
        bytes: content.len() as u64,
        stats: BTreeMap::from([("tokens".to_owned(), 9)]),
    };
    let ingredients = BTreeMap::from([("params".to_owned(), key.to_owned())]);
    MemoEntry { key: Digest::of(key.as_bytes()), outputs: vec![output], ingredients }
}

fn pieces(memory: &MemoryFs) -> usize {
    memory.list(&Path::new(CACHE).join("memo")).unwrap().len()
}

#[test]
fn entries_come_back_and_pieces_are_merged_above_sixteen() {
    let memory = MemoryFs::new();
    let store = open(memory.clone()).unwrap();
    let writer = writer(&store).unwrap();
    let mut expected = Vec::new();
    for n in 0..40 {
        let entry = entry(&writer, &format!("key {n}"), &format!("content {n}"));
        writer.commit(vec![entry.clone()]).unwrap();
        expected.push(entry);
        assert!(pieces(&memory) <= 16, "{n}");
    }
    let memo = store.memo().unwrap();
    assert_eq!(memo.len(), 40);
    for entry in &expected {
        assert_eq!(memo.get(&entry.key).as_ref(), Some(entry));
    }
    assert_eq!(memo.get(&Digest::of(b"no key")), None);
    expected.sort_by_key(|entry| entry.key);
    assert_eq!(memo.entries().collect::<Vec<_>>(), expected);
}

#[test]
fn of_two_entries_with_one_key_the_newer_counts_through_merges_and_writers() {
    let memory = MemoryFs::new();
    let store = open(memory.clone()).unwrap();
    for n in 0..40 {
        let writer = writer(&store).unwrap();
        let entry = entry(&writer, "key", &format!("content {n}"));
        writer.commit(vec![entry.clone()]).unwrap();
        assert_eq!(store.memo().unwrap().get(&entry.key), Some(entry), "{n}");
    }
}

#[test]
fn a_damaged_piece_is_a_miss_that_is_told_and_set_aside() {
    let memory = MemoryFs::new();
    let store = open(memory.clone()).unwrap();
    let writer = writer(&store).unwrap();
    let lost = entry(&writer, "lost", "lost");
    writer.commit(vec![lost.clone()]).unwrap();
    let path = Path::new(CACHE).join("memo").join(&memory.list(&Path::new(CACHE).join("memo")).unwrap()[0].name);
    let kept = entry(&writer, "kept", "kept");
    writer.commit(vec![kept.clone()]).unwrap();
    let mut bytes = memory.read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    memory.put(&path, bytes).unwrap();
    let memo = store.memo().unwrap();
    assert_eq!((memo.get(&lost.key), memo.get(&kept.key)), (None, Some(kept)));
    assert_eq!(memo.notices().len(), 1);
    assert_eq!(memo.notices()[0].path, path);
    writer.commit(Vec::new()).unwrap();
    assert!(!memory.exists(&path).unwrap());
    assert_eq!(writer.notices().len(), 1);
    assert!(store.memo().unwrap().notices().is_empty());
}
