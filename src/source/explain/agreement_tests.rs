//! Explanations and scans agree on every path of random trees, and of real ones.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use proptest::prelude::*;

use super::tests::{Ask, with_request};
use super::*;
use crate::base::vfs::memory::MemoryFs;
use crate::base::vfs::real::RealFs;
use crate::base::vfs::{FileKind, Vfs};
use crate::base::{RelPath, SkipReason, Timestamp};
use crate::source::{FileContent, ScanRequest, SourceFile, StatCache, scan};

const DIRS: [&[u8]; 9] = [b"", b"a", b"a/b", b"target", b"tests/a", b"vendor", b"x\xff", b"x\\xFF", b"a/.sawmill"];
const NAMES: [&[u8]; 16] = [
    b"a",
    b"b.rs",
    b"keep.rs",
    b"t_test.go",
    b"README",
    b"x.tpl",
    b"run",
    b".env",
    b"blob.bin",
    b"a.log",
    b".git",
    b"target",
    b"x\xff",
    b"x\\xFF",
    b"Cargo.lock",
    b"x.h",
];
const BODIES: [&str; 5] =
    ["", "fn a() {}", "#!/bin/sh\n", "#!/usr/bin/env python3\n", "more bytes than the limit of these tests is"];
const RULES: [&str; 22] = [
    "*", "a", "a/", "/a", "!a", "!a/", "*.rs", "!*.rs", "!keep.rs", "target/", "!target", "**/b/**", "*.log", "/*",
    "!/tests", "x*", "[a-x]", "tests/**", "# note", "[", "b.rs", "!*",
];

#[derive(Clone, Debug)]
enum What {
    Body(usize),
    Rules(Vec<usize>),
    Link,
    Locked,
}

/// A directory, a name, and what stands there. What does not fit beside what is there is left out.
type Entry = (usize, usize, What);

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let rules = prop::collection::vec(0..RULES.len(), 1..4).prop_map(What::Rules);
    let what = prop_oneof![
        12 => (0..BODIES.len()).prop_map(What::Body),
        3 => rules,
        1 => Just(What::Link),
        1 => Just(What::Locked),
    ];
    prop::collection::vec((0..DIRS.len(), 0..NAMES.len(), what), 1..40)
}

fn patterns() -> impl Strategy<Value = Vec<String>> {
    let valid: Vec<&str> = RULES.into_iter().filter(|rule| !rule.starts_with(['#', '['])).collect();
    let some = prop::collection::vec(prop::sample::select(valid).prop_map(str::to_owned), 1..3);
    prop_oneof![3 => Just(Vec::new()), 1 => some]
}

fn asks() -> impl Strategy<Value = Ask> {
    let maps = prop::sample::subsequence(vec![("*.tpl", "html"), ("*.h", "cpp"), ("a/**", "json")], 0..3);
    let own = |(glob, language): (&str, &str)| (glob.to_owned(), language.to_owned());
    (patterns(), patterns(), maps, any::<bool>()).prop_map(move |(include, exclude, maps, never)| Ask {
        include,
        exclude,
        languages: maps.into_iter().map(own).collect(),
        never: if never { vec!["/r/a/b".into()] } else { Vec::new() },
        read_bytes: None,
    })
}

fn grow(entries: &[Entry]) -> MemoryFs {
    let fs = MemoryFs::new();
    fs.create_dir_all(Path::new("/r")).unwrap();
    for (at, (dir, name, what)) in entries.iter().enumerate() {
        let dir = Path::new("/r").join(OsStr::from_bytes(DIRS[*dir]));
        let path = dir.join(OsStr::from_bytes(NAMES[*name]));
        match what {
            // A file may stand where this one needs a directory.
            What::Body(body) => _ = fs.put(&path, BODIES[*body]),
            What::Rules(rules) => {
                let lines: Vec<&str> = rules.iter().map(|rule| RULES[*rule]).collect();
                let name = if at % 3 == 0 { ".sawmillignore" } else { ".gitignore" };
                _ = fs.put(dir.join(name), lines.join("\n"));
            }
            What::Link => _ = fs.symlink(Path::new("/r/a"), &path),
            What::Locked => _ = fs.set_unreadable(&path, true),
        }
    }
    fs
}

/// Every path beneath `dir`, whatever it is; no link is followed.
fn everything(fs: &dyn Vfs, root: &Path) -> BTreeMap<Vec<u8>, FileKind> {
    let mut found = BTreeMap::new();
    let mut open = vec![Vec::new()];
    while let Some(dir) = open.pop() {
        let Ok(entries) = fs.list(&root.join(OsStr::from_bytes(&dir))) else { continue };
        for entry in entries {
            let mut path: Vec<u8> = dir.clone();
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(entry.name.as_bytes());
            if entry.kind == FileKind::Dir {
                open.push(path.clone());
            }
            found.insert(path, entry.kind);
        }
    }
    found
}

fn withheld(reason: SkipReason, limit: u64) -> Withheld {
    match reason {
        SkipReason::TooLarge => Withheld::TooLarge { limit },
        SkipReason::Secret => Withheld::Secret,
        SkipReason::Unreadable => Withheld::Unreadable,
        SkipReason::PathCollision => Withheld::PathCollision,
    }
}

/// Does `verdict` say of a path what its row says, or that it has none?
fn agrees(verdict: &PathVerdict, row: Option<&SourceFile>, limit: u64) -> Result<(), String> {
    let (is_row, told) = match &verdict.fate {
        Fate::Included { withheld, .. } => (true, withheld.clone()),
        _ => (false, None),
    };
    let Some(row) = row else {
        let says_nothing = verdict.language.is_none() && verdict.mode.is_none() && verdict.role.is_none();
        return if is_row || !says_nothing { Err(format!("no row, but {verdict:?}")) } else { Ok(()) };
    };
    let (hash, reason) = match row.content {
        FileContent::Hash(hash) => (Some(hash.to_string()), None),
        FileContent::Withheld(reason) => (None, Some(withheld(reason, limit))),
    };
    let language = verdict.language.as_ref().and_then(|verdict| verdict.language.as_deref());
    let same = is_row
        && (&verdict.content_hash, told) == (&hash, reason)
        && verdict.size == Some(row.size)
        && language == row.language.as_deref()
        && verdict.mode.as_ref().is_some_and(|mode| mode.mode == row.mode.name())
        && verdict.role.as_ref().is_some_and(|role| role.role == *row.role);
    if same { Ok(()) } else { Err(format!("{row:?}, but {verdict:?}")) }
}

/// Compares all of `paths`; gives the number of paths with a row.
fn compare(fs: &dyn Vfs, request: &ScanRequest<'_>, paths: &BTreeSet<Vec<u8>>) -> Result<usize, String> {
    let (scan, _) = scan(fs, request, &StatCache::default(), Timestamp(0)).unwrap();
    let rows: BTreeMap<&[u8], &SourceFile> = scan.files.iter().map(|file| (file.path.as_bytes(), file)).collect();
    for path in paths {
        let verdict = explain(fs, request, &RelPath::from_bytes(path).unwrap()).unwrap();
        agrees(&verdict, rows.get(path.as_slice()).copied(), request.limits.read_bytes)
            .map_err(|why| format!("{}: {why}", path.escape_ascii()))?;
        let told = |notice| scan.notices.contains(notice);
        if !verdict.notices.iter().all(told) {
            return Err(format!("{}: {:?}, but {:?}", path.escape_ascii(), scan.notices, verdict.notices));
        }
        if verdict.sentences().is_empty() {
            return Err(format!("{}: nothing is said", path.escape_ascii()));
        }
    }
    Ok(rows.keys().filter(|path| paths.contains(**path)).count())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn of_every_path_is_told_what_a_scan_makes_of_it(entries in entries(), ask in asks()) {
        let fs = grow(&entries);
        let paths: BTreeSet<Vec<u8>> = everything(&fs, Path::new("/r")).into_keys().collect();
        let rows = with_request(Path::new("/r"), &ask, |request| {
            let scanned = scan(&fs, request, &StatCache::default(), Timestamp(0)).unwrap().0.files.len();
            compare(&fs, request, &paths).map(|rows| (rows, scanned))
        });
        let (rows, scanned) = rows.map_err(TestCaseError::fail)?;
        // Every row was asked for, so that no path can be explained away.
        prop_assert_eq!(rows, scanned);
    }
}

/// The trees above are no use where they are all kept or all left out.
#[test]
fn the_random_trees_have_paths_of_every_fate() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..300 {
        let (entries, ask) = (entries(), asks()).new_tree(&mut runner).unwrap().current();
        let fs = grow(&entries);
        for path in everything(&fs, Path::new("/r")).into_keys() {
            seen.insert(match ask.of(&fs, &path).fate {
                Fate::Included { rules, withheld } => {
                    format!("included {} {}", rules.len().min(2), withheld.map_or("", |_| "withheld"))
                }
                Fate::Entered { .. } => "entered".to_owned(),
                Fate::Excluded { by, .. } => format!("{by:?}").split([' ', '(', '{']).next().unwrap().to_owned(),
                Fate::Absent { .. } => "absent".to_owned(),
            });
        }
    }
    for fate in [
        "included 0 ",
        "included 1 ",
        "included 2 ",
        "included 0 withheld",
        "entered",
        "Ignored",
        "Excluded",
        "NotIncluded",
        "Link",
        "Git",
        "State",
        "Store",
        "NestedRepository",
    ] {
        assert!(seen.contains(fate), "{fate}: {seen:?}");
    }
    assert!(!seen.contains("absent"), "what a listing shows is there");
}

#[test]
fn of_this_crate_s_own_tree_is_told_what_a_scan_makes_of_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let paths: BTreeSet<Vec<u8>> = everything(&RealFs, &root).into_keys().collect();
    with_request(&root, &Ask { read_bytes: Some(64 << 20), ..Ask::default() }, |request| {
        let rows = compare(&RealFs, request, &paths).unwrap();
        assert!(rows > 50, "{rows}");
    });
}

/// Compares up to a thousand paths of `SAWMILL_CORPUS`, spread over the tree, and prints what one costs.
#[test]
#[ignore = "SAWMILL_CORPUS=DIR cargo test --lib -- --ignored measure_explanations --nocapture"]
fn measure_explanations() {
    use crate::base::clock::Stopwatch;
    #[expect(clippy::disallowed_methods, reason = "a measurement is told its corpus by the environment")]
    let root = std::path::PathBuf::from(std::env::var_os("SAWMILL_CORPUS").expect("SAWMILL_CORPUS names a tree"));
    let all = everything(&RealFs, &root);
    let step = (all.len() / 1000).max(1);
    let paths: BTreeSet<Vec<u8>> = all.into_keys().step_by(step).collect();
    with_request(&root, &Ask { read_bytes: Some(64 << 20), ..Ask::default() }, |request| {
        let mut times: Vec<_> = paths
            .iter()
            .map(|path| {
                let clock = Stopwatch::start();
                explain(&RealFs, request, &RelPath::from_bytes(path).unwrap()).unwrap();
                (clock.elapsed(), String::from_utf8_lossy(path).into_owned())
            })
            .collect();
        times.sort();
        println!("{} paths: median {:?}, slowest {:?}", times.len(), times[times.len() / 2].0, times.last().unwrap());
        let rows = compare(&RealFs, request, &paths).unwrap();
        println!("{rows} rows agree");
    });
}
