//! A changed bit anywhere is found before anything believes it.

use std::path::{Path, PathBuf};

use super::fixture::{CACHE, STATE, Version, files, open, publish, read_all, read_object, small, writer};
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::store::StoreError;

/// Files whose bytes nothing is read from, or that only the writer looks at.
fn is_inert(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.ends_with("LOCK")
        || text.ends_with("holder.json")
        || text.ends_with(".gitignore")
        || text.contains("/roots/")
        || text.contains("/leases/")
}

/// Nothing wrong is handed out: an error that a rebuild heals, or a notice.
fn is_found(memory: &MemoryFs) -> bool {
    match open(memory.clone()).and_then(|store| read_all(&store)) {
        Ok(read) => read.notices > 0,
        Err(e) => e.is_damage(),
    }
}

fn published(version: Version) -> MemoryFs {
    let memory = MemoryFs::new();
    publish(memory.clone(), version).unwrap();
    memory
}

#[test]
fn a_flipped_byte_anywhere_is_found_and_healed_by_one_build() {
    let memory = published(small(1));
    let clean = read_all(&open(memory.clone()).unwrap()).unwrap();
    let (mut flips, mut damaged_files) = (0, 0);
    for (path, bytes) in files(&memory, Path::new(STATE)) {
        if is_inert(&path) || path.ends_with("format.json") {
            continue;
        }
        for at in (0..bytes.len()).step_by(1 + bytes.len() / 250) {
            let mut bad = bytes.clone();
            bad[at] ^= 1 << (at % 8);
            memory.put(&path, &bad).unwrap();
            assert!(is_found(&memory), "{path:?}, byte {at}");
            flips += 1;
        }
        for bad in [&bytes[..bytes.len() / 2], &[], &vec![0; bytes.len()]] {
            memory.put(&path, bad).unwrap();
            assert!(is_found(&memory), "{path:?}");
        }
        // Objects are set aside by the engine, which knows what it was reading; everything else heals by itself.
        if let Some(hash) = object_name(&path) {
            writer(&open(memory.clone()).unwrap()).unwrap().quarantine(&hash).unwrap();
        }
        publish(memory.clone(), small(1)).unwrap();
        let healed = read_all(&open(memory.clone()).unwrap()).unwrap();
        assert_eq!(
            (healed.generation, healed.commit, healed.notices),
            (clean.generation.clone(), clean.commit.clone(), 0)
        );
        damaged_files += 1;
    }
    println!("damage: {damaged_files} files, {flips} flipped bytes");
    assert!(damaged_files > 20 && flips > 2_500);
}

fn object_name(path: &Path) -> Option<crate::base::Digest> {
    let inside = path.strip_prefix(CACHE).ok()?.strip_prefix("objects").ok()?;
    inside.with_extension("").to_string_lossy().replace('/', "").parse().ok()
}

#[test]
fn a_large_object_is_verified_block_by_block() {
    let version = Version { number: 1, large: (256 << 10) + 77 };
    let memory = published(version);
    let store = open(memory.clone()).unwrap();
    let all = files(&memory, &Path::new(CACHE).join("objects"));
    let (blocks_path, blocks) = all.iter().find(|(path, _)| path.extension().is_some_and(|e| e == "blocks")).unwrap();
    let object_path = blocks_path.with_extension("parquet");
    let (bytes, hash) = (&all[&object_path], object_name(&object_path).unwrap());
    assert_eq!(blocks.len(), 5 * 32);
    let object = store.object(&hash).unwrap();
    for (offset, len) in [(0, 10), (65_530, 20), (0, bytes.len()), (262_144, 77), (262_221, 0), (70_000, 140_000)] {
        assert_eq!(object.read_at(offset as u64, len).unwrap(), bytes[offset..offset + len], "{offset} {len}");
    }
    assert!(object.read_at(262_221, 1).is_err() && object.read_at(u64::MAX, 2).is_err());

    // One bit in the third block: the others are still read, ranges that touch it are not.
    let mut bad = bytes.clone();
    bad[150_000] ^= 4;
    memory.put(&object_path, &bad).unwrap();
    let object = store.object(&hash).unwrap();
    assert!(object.read_at(0, 131_072).is_ok() && object.read_at(196_608, 1000).is_ok());
    for (offset, len) in [(131_071, 2), (131_072, 1), (190_000, 5), (0, bytes.len())] {
        let error = object.read_at(offset, len).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
        assert!(error.downcast::<StoreError>().unwrap().is_damage(), "{offset} {len}");
    }
    memory.put(&object_path, bytes).unwrap();

    for at in 0..blocks.len() {
        let mut bad = blocks.clone();
        bad[at] ^= 1 << (at % 8);
        memory.put(blocks_path, &bad).unwrap();
        assert!(matches!(store.object(&hash), Err(StoreError::Damaged { path, .. }) if path == *blocks_path));
    }
    // Without block hashes it is read whole.
    memory.remove_file(blocks_path).unwrap();
    assert_eq!(read_object(&store, &hash).unwrap(), *bytes);
    // Staging it again writes them again.
    writer(&store).unwrap().stage(bytes).unwrap();
    assert_eq!(memory.read(blocks_path).unwrap(), *blocks);
}

#[test]
fn two_files_that_changed_places_are_found() {
    let memory = published(small(1));
    publish(memory.clone(), small(2)).unwrap();
    let all: Vec<(PathBuf, Vec<u8>)> =
        files(&memory, Path::new(STATE)).into_iter().filter(|(path, _)| !is_inert(path)).collect();
    let mut swaps = 0;
    for (a, a_bytes) in &all {
        for (b, b_bytes) in &all {
            // Only what HEAD reaches is read: both files must be of one kind, and one of them in use.
            let same_kind = a.extension() == b.extension() && a.file_name() == b.file_name() && a < b;
            if !same_kind || a_bytes == b_bytes || a.ends_with("format.json") {
                continue;
            }
            memory.put(a, b_bytes).unwrap();
            memory.put(b, a_bytes).unwrap();
            assert!(is_found(&memory), "{a:?} and {b:?}");
            memory.put(a, a_bytes).unwrap();
            memory.put(b, b_bytes).unwrap();
            swaps += 1;
        }
    }
    println!("damage: {swaps} swaps");
    assert!(swaps >= 3);
}

#[test]
fn a_damaged_format_file_is_written_again_and_a_newer_one_stops_everything() {
    let memory = published(small(1));
    let format = Path::new(CACHE).join("format.json");
    let good = memory.read(&format).unwrap();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        memory.put(&format, &bad).unwrap();
        let store = open(memory.clone()).unwrap();
        let notices = writer(&store).unwrap().notices();
        assert_eq!(notices.len(), 1, "byte {at}");
        assert_eq!(memory.read(&format).unwrap(), good);
    }
    for newer in [b"{\"format\":2,\"frame\":\"another\"}".to_vec(), {
        super::super::envelope::seal("cache/format.json", &serde_json::json!({"format": 2})).unwrap()
    }] {
        memory.put(&format, newer).unwrap();
        let before = files(&memory, Path::new(STATE));
        let now = memory.now();
        assert!(matches!(open(memory.clone()), Err(StoreError::Newer { found: 2, known: 1, .. })));
        assert_eq!(files(&memory, Path::new(STATE)), before);
        assert_eq!(memory.now(), now, "nothing was changed");
    }
}
