use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::source::FileContent;

fn file(path: &str, size: u64, mode: Mode) -> SourceFile {
    SourceFile {
        path: RelPath::new(path).unwrap(),
        size,
        content: FileContent::Hash(Digest::of(path.as_bytes())),
        language: None,
        mode,
        role: "source".into(),
    }
}

/// Small averages, ceilings out of reach.
const FREE: CutParams = CutParams {
    shard_files: Bounds { average: 4, most: u64::MAX, most_bytes: u64::MAX },
    segment_shards: Bounds { average: 3, most: u64::MAX, most_bytes: u64::MAX },
};

/// Ceilings that cut often.
const TIGHT: CutParams = CutParams {
    shard_files: Bounds { average: 16, most: 5, most_bytes: 4000 },
    segment_shards: Bounds { average: 8, most: 3, most_bytes: 12_000 },
};

fn tree() -> impl Strategy<Value = BTreeMap<String, (u64, Mode)>> {
    let modes = prop::sample::select(vec![Mode::Code, Mode::Prose, Mode::Records]);
    prop::collection::btree_map("[a-d]/[a-e]{1,3}", (0_u64..6000, modes), 1..150)
}

fn files(tree: &BTreeMap<String, (u64, Mode)>) -> Vec<SourceFile> {
    tree.iter().map(|(path, (size, mode))| file(path, *size, *mode)).collect()
}

/// Shard id → its paths.
fn shards(segments: &[Segment]) -> BTreeMap<String, Vec<RelPath>> {
    let shards = segments.iter().flat_map(|segment| &segment.shards);
    shards.map(|shard| (shard.id.clone(), shard.files.iter().map(|f| f.path.clone()).collect())).collect()
}

/// Segment id → its shards' paths.
fn lists(segments: &[Segment]) -> BTreeMap<String, Vec<Vec<RelPath>>> {
    let paths = |shard: &Shard| shard.files.iter().map(|f| f.path.clone()).collect();
    segments.iter().map(|segment| (segment.id.clone(), segment.shards.iter().map(paths).collect())).collect()
}

/// How many entries differ or are on one side only: before, after.
fn moved<V: PartialEq>(before: &BTreeMap<String, V>, after: &BTreeMap<String, V>) -> (usize, usize) {
    let only =
        |a: &BTreeMap<String, V>, b: &BTreeMap<String, V>| a.iter().filter(|(k, v)| b.get(*k) != Some(v)).count();
    (only(before, after), only(after, before))
}

proptest! {
    #[test]
    fn the_order_of_files_does_not_matter(tree in tree(), seed in any::<u64>()) {
        let mut shuffled = files(&tree);
        shuffled.sort_by_key(|f| KeyHasher::new("shuffle").add(&seed).add(&f.path).finish());
        prop_assert_eq!(cut(shuffled, &TIGHT), cut(files(&tree), &TIGHT));
    }

    #[test]
    fn the_shards_are_the_files_in_order_within_their_ceilings(tree in tree()) {
        let segments = cut(files(&tree), &TIGHT);
        let found: Vec<SourceFile> = segments.iter().flat_map(|s| &s.shards).flat_map(|s| s.files.clone()).collect();
        let mut expected = files(&tree);
        expected.sort_by(|a, b| (a.mode, &a.path).cmp(&(b.mode, &b.path)));
        prop_assert_eq!(found, expected);
        let size = |shard: &Shard| shard.files.iter().map(|f| f.size).sum::<u64>();
        for segment in &segments {
            prop_assert!(!segment.shards.is_empty() && segment.shards.len() <= 3);
            let bytes: u64 = segment.shards.iter().map(size).sum();
            prop_assert!(bytes <= 12_000 || segment.shards.len() == 1);
            for shard in &segment.shards {
                prop_assert!(shard.mode == segment.mode && shard.files.iter().all(|f| f.mode == shard.mode));
                prop_assert!(!shard.files.is_empty() && shard.files.len() <= 5);
                prop_assert!(size(shard) <= 4000 || shard.files.len() == 1);
            }
        }
        let count: usize = segments.iter().map(|s| s.shards.len()).sum();
        prop_assert_eq!(shards(&segments).len(), count, "shard ids are distinct");
        prop_assert_eq!(lists(&segments).len(), segments.len(), "segment ids are distinct");
    }

    #[test]
    fn an_edit_moves_no_boundary_while_no_ceiling_cuts(tree in tree(), size in 0_u64..9_000_000, at in any::<prop::sample::Index>()) {
        let mut edited = tree.clone();
        let path = at.get(&edited.keys().cloned().collect::<Vec<_>>()).clone();
        edited.get_mut(&path).unwrap().0 = size;
        prop_assert_eq!(lists(&cut(files(&edited), &FREE)), lists(&cut(files(&tree), &FREE)));
    }

    #[test]
    fn an_insert_changes_one_shard_or_splits_one_while_no_ceiling_cuts(tree in tree(), path in "[a-d]/[a-e]{4}") {
        let mut more = tree.clone();
        more.insert(path, (10, Mode::Code));
        let (before, after) = (cut(files(&tree), &FREE), cut(files(&more), &FREE));
        // Read backwards this is a removal: two shards become one.
        let (old, new) = moved(&shards(&before), &shards(&after));
        prop_assert!(old <= 1 && (1..=2).contains(&new), "{old} shards became {new}");
        let (old, new) = moved(&lists(&before), &lists(&after));
        prop_assert!(old <= 1 && (1..=2).contains(&new), "{old} segments became {new}");
    }

    #[test]
    fn what_a_ceiling_moves_ends_at_the_next_boundary_file(tree in tree(), path in "[a-d]/[a-e]{4}", size in 0_u64..6000) {
        let mut more = tree.clone();
        more.insert(path.clone(), (size, Mode::Code));
        let path = RelPath::new(&path).unwrap();
        let before = shards(&cut(files(&tree), &TIGHT));
        let after = cut(files(&more), &TIGHT);
        let (code, others): (Vec<&Shard>, Vec<&Shard>) =
            after.iter().flat_map(|s| &s.shards).partition(|s| s.mode == Mode::Code);
        let is_boundary = |f: &&SourceFile| TIGHT.shard_files.is_boundary(&Digest::of(f.path.as_bytes()));
        let next = code.iter().flat_map(|s| &s.files).filter(|f| f.path > path).find(is_boundary);
        let home = code.iter().position(|s| s.files.iter().any(|f| f.path == path)).unwrap();
        let beyond = |s: &&Shard| next.is_some_and(|next| s.files[0].path >= next.path);
        let same = code.iter().take(home.saturating_sub(1)).chain(code.iter().filter(|s| beyond(s))).chain(&others);
        for shard in same {
            let paths: Vec<RelPath> = shard.files.iter().map(|f| f.path.clone()).collect();
            prop_assert_eq!(before.get(&shard.id), Some(&paths));
        }
    }
}

#[test]
fn ids_and_boundaries_are_those_of_the_written_encoding() {
    // Golden: these names are on disk in every store.
    let segments = cut(vec![file("src/lib.rs", 1, Mode::Code), file("README", 1, Mode::Prose)], &CutParams::default());
    let ids: Vec<_> = segments.iter().map(|s| (s.id.as_str(), s.shards[0].id.as_str())).collect();
    assert_eq!(ids, [("f204962da5ad31c3", "11d7a96841d46057"), ("4f6fb6b9c670d4cf", "fe53b2e2ac3feff0")]);
    assert_eq!(CutParams::default().digest().short(), "002f196a0004");
}

#[test]
fn nothing_gives_nothing_and_absurd_parameters_do_no_harm() {
    assert_eq!(cut(Vec::new(), &CutParams::default()), []);
    let zero = Bounds { average: 0, most: 0, most_bytes: 0 };
    let each_alone = CutParams { shard_files: zero, segment_shards: zero };
    let two = vec![file("a", u64::MAX, Mode::Code), file("b", u64::MAX, Mode::Code)];
    assert_eq!(cut(two.clone(), &each_alone).len(), 2);
    assert_eq!(cut(two, &CutParams::default()).iter().flat_map(|s| &s.shards).count(), 2);
}

/// Prints the cut of a real tree; see docs/benchmarks.md.
#[test]
#[ignore = "SAWMILL_CORPUS=DIR cargo test --lib -- --ignored measure_cut --nocapture"]
fn measure_cut() {
    #[expect(clippy::disallowed_methods, reason = "a measurement is told its corpus by the environment")]
    let root = std::path::PathBuf::from(std::env::var_os("SAWMILL_CORPUS").expect("SAWMILL_CORPUS names a tree"));
    let scan = crate::source::scan::measure::scan_tree(&root);
    let count = scan.files.len();
    let segments = cut(scan.files, &CutParams::default());
    for mode in Mode::ALL {
        let of_mode = || segments.iter().filter(move |s| s.mode == mode);
        let shards: Vec<&Shard> = of_mode().flat_map(|s| &s.shards).collect();
        let files: Vec<usize> = shards.iter().map(|s| s.files.len()).collect();
        let bytes: Vec<u64> = shards.iter().map(|s| s.files.iter().map(|f| f.size).sum()).collect();
        let per_segment: Vec<usize> = of_mode().map(|s| s.shards.len()).collect();
        println!(
            "{mode}: {} files, {} shards (mean {:.1}, most {} files; mean {} KiB, most {} KiB), {} segments (mean {:.1}, most {} shards)",
            files.iter().sum::<usize>(),
            shards.len(),
            files.iter().sum::<usize>() as f64 / shards.len().max(1) as f64,
            files.iter().max().unwrap_or(&0),
            bytes.iter().sum::<u64>() / 1024 / shards.len().max(1) as u64,
            bytes.iter().max().unwrap_or(&0) / 1024,
            per_segment.len(),
            per_segment.iter().sum::<usize>() as f64 / per_segment.len().max(1) as f64,
            per_segment.iter().max().unwrap_or(&0),
        );
    }
    assert_eq!(segments.iter().flat_map(|s| &s.shards).map(|s| s.files.len()).sum::<usize>(), count);
}
