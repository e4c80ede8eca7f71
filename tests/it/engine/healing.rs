//! Damage in the store: the next build notices what it needs, never fails for good, and comes to the same build.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sawmill::engine::Event;

use crate::workbench::{Built, Workbench, plant, sample};

/// How a file is hurt.
#[derive(Clone, Copy, Debug)]
enum Hurt {
    Flip,
    Cut,
    Empty,
    Remove,
}

const ALL: [Hurt; 4] = [Hurt::Flip, Hurt::Cut, Hurt::Empty, Hurt::Remove];

fn hurt(path: &Path, how: Hurt) {
    let mut bytes = std::fs::read(path).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let middle = bytes.len() / 2;
    match how {
        Hurt::Flip => match bytes.get_mut(middle) {
            Some(byte) => *byte ^= 1,
            None => bytes.push(1),
        },
        Hurt::Cut => bytes.truncate(middle),
        Hurt::Empty => bytes.clear(),
        Hurt::Remove => return std::fs::remove_file(path).unwrap(),
    }
    std::fs::write(path, bytes).unwrap();
}

/// Every file under `dir` whose path has `part` in it.
fn files(dir: &Path, part: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let entry = entry.unwrap();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                dirs.push(entry.path());
            } else if kind.is_file() && entry.path().to_str().unwrap().contains(part) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

fn state(bench: &Workbench) -> PathBuf {
    bench.dir.path().join(".sawmill")
}

fn notices(built: &Built) -> usize {
    built.events.iter().filter(|e| matches!(e, Event::Notice { .. })).count()
}

fn bench() -> Workbench {
    let bench = Workbench::new(&["one", "two"]);
    plant(&bench, "one", 30);
    plant(&bench, "two", 5);
    bench.build();
    bench
}

/// Whatever stands after damage can be read through and through.
fn assert_whole(bench: &Workbench) {
    let pinned = bench.context().pinned().unwrap();
    for (repo, _) in pinned.generation().builds() {
        let root = pinned.build(&repo).unwrap();
        for segment in &root.segments {
            let list = pinned.list(&repo, &segment.list).unwrap();
            for piece in list.shards.iter().flat_map(|s| &s.pieces).chain(&list.pieces) {
                pinned.store().verify_object(&piece.artifact).unwrap();
            }
        }
    }
}

#[test]
fn a_record_of_the_state_that_is_damaged_in_any_way_is_made_again() {
    let records = ["HEAD.json", "generations/g-", "provenance.json", "root.json", "/lists/", "stamp.json", "/stat/"];
    let bench = bench();
    let expected = bench.manifests();
    let generation = bench.build().report.generation;
    for record in records {
        for how in ALL {
            let paths = files(&state(&bench), record);
            assert!(!paths.is_empty(), "{record}");
            for path in paths {
                hurt(&path, how);
            }
            let built = bench.try_build().unwrap_or_else(|e| panic!("{record} {how:?}: {e}"));
            assert!(built.report.ok, "{record} {how:?}: {:?}", built.report.failed);
            assert_eq!(built.report.generation, generation, "{record} {how:?}");
            assert_eq!(built.ran_any(), 0, "{record} {how:?}: the memo knows every artifact");
            assert_eq!(bench.manifests(), expected, "{record} {how:?}");
            assert!(bench.build().report.nothing_to_do, "{record} {how:?}");
        }
    }
}

#[test]
fn a_damaged_piece_of_the_memo_is_told_and_its_actions_run_again() {
    let bench = bench();
    let expected = bench.manifests();
    for how in [Hurt::Flip, Hurt::Cut, Hurt::Empty] {
        for path in files(&state(&bench), ".memo") {
            hurt(&path, how);
        }
        let (path, text) = sample(5, 1);
        bench.write("one", &path, text);
        let built = bench.build();
        assert!(built.ran_any() > 3 && notices(&built) > 0, "{how:?}");
        bench.write("one", &path, sample(5, 0).1);
        bench.build();
        assert_eq!(bench.manifests(), expected, "{how:?}");
    }
}

#[test]
fn objects_that_are_deleted_or_cut_are_made_again_with_the_same_bytes() {
    for how in [Hurt::Remove, Hurt::Cut, Hurt::Empty] {
        let bench = bench();
        let expected = bench.manifests();
        let objects = files(&state(&bench).join("cache/objects"), ".parquet");
        for object in &objects {
            hurt(object, how);
        }
        if !matches!(how, Hurt::Remove) {
            // Only what is not the null build's matter shows by itself: a build that looks does see the sizes.
            std::fs::remove_file(state(&bench).join("stamp.json")).unwrap();
        }
        let built = bench.build();
        assert_eq!(built.report.healed, objects.len(), "{how:?}");
        assert_eq!(bench.manifests(), expected, "{how:?}");
        assert_whole(&bench);
        assert!(bench.build().report.nothing_to_do, "{how:?}");
    }
}

#[test]
fn every_artifact_with_a_flipped_bit_that_a_build_reads_is_set_aside_and_made_again() {
    let bench = bench();
    let (path, text) = sample(5, 1);
    for object in files(&state(&bench).join("cache/objects"), ".parquet") {
        hurt(&object, Hurt::Flip);
    }
    bench.write("one", &path, &text);
    let built = bench.build();
    assert!(built.report.healed > 0);
    let clean = bench.clean_copy();
    clean.build();
    assert_eq!(bench.manifests(), clean.manifests());
    assert!(!files(&state(&bench).join("cache/quarantine"), "").is_empty());
}

#[test]
fn flipped_bits_one_object_at_a_time_never_fail_a_build() {
    let mut bench = Workbench::new(&["one"]);
    bench.jobs = 1;
    plant(&bench, "one", 7);
    bench.build();
    let clean = bench.clean_copy();
    clean.write("one", &sample(5, 1).0, sample(5, 1).1);
    clean.build();
    let objects = files(&state(&bench).join("cache/objects"), ".parquet");
    for object in objects {
        let dir = bench.clean_copy();
        dir.build();
        let inside = object.strip_prefix(bench.dir.path()).unwrap();
        hurt(&dir.dir.path().join(inside), Hurt::Flip);
        dir.write("one", &sample(5, 1).0, sample(5, 1).1);
        let built = dir.try_build().unwrap();
        assert!(built.report.ok, "{}: {:?}", inside.display(), built.report.failed);
        assert_eq!(dir.manifests(), clean.manifests(), "{}", inside.display());
    }
}

/// Lines that do not compress to nothing.
fn noise(lines: usize) -> String {
    let mut state = 1u64;
    let mut text = String::new();
    for _ in 0..lines {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        writeln!(text, "w{:x}", state >> 33).unwrap();
    }
    text
}

#[test]
fn a_large_artifact_and_its_block_hashes_heal() {
    let bench = Workbench::new(&["one"]);
    bench.write("one", "noise.txt", noise(60_000));
    bench.build();
    let before = bench.manifests();
    // A new file in the same shard: the rows of the old one are taken from what is damaged, where that can be read.
    bench.write("one", "note.txt", "more\n");
    bench.build();
    let after = bench.manifests();
    for (part, how) in
        [("parquet", Hurt::Flip), ("parquet", Hurt::Cut), ("blocks", Hurt::Flip), ("blocks", Hurt::Remove)]
    {
        std::fs::remove_file(bench.root("one").join("note.txt")).unwrap();
        bench.build();
        let blocks = files(&state(&bench), ".blocks");
        assert!(!blocks.is_empty());
        for path in blocks.iter().filter(|path| !path.starts_with(state(&bench).join("cache/quarantine"))) {
            hurt(&path.with_extension(part), how);
        }
        for memo in files(&state(&bench), ".memo") {
            std::fs::remove_file(memo).unwrap();
        }
        bench.write("one", "note.txt", "more\n");
        bench.build();
        assert_eq!(bench.manifests(), after, "{part} {how:?}");
        assert_whole(&bench);
    }
    std::fs::remove_file(bench.root("one").join("note.txt")).unwrap();
    bench.build();
    assert_eq!(bench.manifests(), before);
}

#[test]
fn a_cache_that_is_removed_is_made_again() {
    let bench = bench();
    let expected = bench.manifests();
    std::fs::remove_dir_all(state(&bench).join("cache")).unwrap();
    let built = bench.build();
    assert!(!built.report.nothing_to_do && built.ran_any() > 0);
    assert_eq!(bench.manifests(), expected);
    assert_whole(&bench);
}
