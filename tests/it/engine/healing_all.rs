//! Every sort of stored file, hurt in every way: the next build comes to the same generation and the build after it
//! has nothing to do; readers answer right or not at all.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sawmill::engine::{Currency, Event};
use sawmill::ops::show::{self, ShowRequest};
use sawmill::ops::status::{self, StatusRequest};
use sawmill::ops::verify::{self, Fate, Record, VerifyReport, VerifyRequest, What};

use crate::workbench::{Built, Workbench, plant, sample};

/// How a file is hurt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hurt {
    Remove,
    Empty,
    Cut,
    Zero,
    Flip,
}

const ALL: [Hurt; 5] = [Hurt::Remove, Hurt::Empty, Hurt::Cut, Hurt::Zero, Hurt::Flip];

fn hurt(path: &Path, how: Hurt) {
    let mut bytes = std::fs::read(path).unwrap();
    let mode = std::fs::metadata(path).unwrap().permissions().mode();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let middle = bytes.len() / 2;
    match how {
        Hurt::Remove => return std::fs::remove_file(path).unwrap(),
        Hurt::Empty => bytes.clear(),
        Hurt::Cut => bytes.truncate(middle),
        Hurt::Zero => bytes.fill(0),
        Hurt::Flip => bytes[middle] ^= 1,
    }
    std::fs::write(path, bytes).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn state(bench: &Workbench) -> PathBuf {
    bench.dir.path().join(".sawmill")
}

/// The regular files beneath the state whose path has `part` in it.
fn files(bench: &Workbench, part: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut dirs = vec![state(bench)];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let entry = entry.unwrap();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() && entry.file_name() != "quarantine" {
                dirs.push(entry.path());
            } else if kind.is_file() && entry.path().to_str().unwrap().contains(part) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "nothing is called {part}");
    found
}

fn bench() -> Workbench {
    let bench = Workbench::new(&["one", "two"]);
    plant(&bench, "one", 12);
    plant(&bench, "two", 3);
    bench.build();
    bench
}

fn look(bench: &Workbench, deep: bool) -> VerifyReport {
    verify::run(&bench.context(), &VerifyRequest { deep, all: false }).unwrap()
}

fn notices(built: &Built) -> usize {
    built.events.iter().filter(|e| matches!(e, Event::Notice { .. })).count()
}

/// All rows of a table, or what keeps them from being read.
fn rows(bench: &Workbench, table: &str) -> Result<String, String> {
    let request = ShowRequest { table: table.into(), ..ShowRequest::default() };
    let answer = show::run(&bench.context(), &request).map_err(|e| e.to_string())?;
    Ok(serde_json::to_string(&answer.answer.rows).unwrap())
}

#[test]
fn a_whole_store_has_no_findings_and_every_row_is_counted() {
    let bench = bench();
    let report = look(&bench, true);
    assert!(report.ok && report.findings.is_empty(), "{:?}", report.findings);
    assert!(report.checked.rows > 100 && report.checked.objects > 10 && report.checked.records > 10);
    assert_eq!(report.unreferenced.unwrap().files, 0);
    assert_eq!((report.temporaries.files, report.quarantined.files), (0, 0));
}

#[test]
fn every_record_that_is_hurt_is_found_and_the_next_build_mends_it() {
    let records = [
        ("HEAD.json", Record::Head, true),
        ("provenance.json", Record::Provenance, true),
        ("root.json", Record::BuildRoot, true),
        ("/lists/", Record::List, true),
        ("stamp.json", Record::Stamp, false),
        ("/stat/one", Record::StatCache, false),
        (".memo", Record::MemoPiece, false),
        ("holder.json", Record::Holder, false),
        ("/roots/", Record::Registration, false),
        ("cache/format.json", Record::Format, true),
    ];
    let bench = bench();
    let (expected, generation) = (bench.manifests(), bench.build().report.generation);
    let chunks = rows(&bench, "chunks").unwrap();
    for (part, record, needed) in records {
        for how in ALL {
            hurt(&files(&bench, part)[0], how);
            let report = look(&bench, false);
            // What may be absent is not missed.
            if needed || how != Hurt::Remove {
                let found = report.findings.iter().find(|f| f.record == record);
                let found = found.unwrap_or_else(|| panic!("{part} {how:?}: {:?}", report.findings));
                assert_eq!(found.fate, Fate::Rebuildable, "{part} {how:?}: {found:?}");
                assert!(!found.help.is_empty() && !found.name.starts_with('/'));
            }
            if let Ok(read) = rows(&bench, "chunks") {
                assert_eq!(read, chunks, "{part} {how:?}");
            }
            let built = bench.try_build().unwrap_or_else(|e| panic!("{part} {how:?}: {e}"));
            assert_eq!(built.report.generation, generation, "{part} {how:?}");
            // A piece that a build had no need to read is set aside by the first that does.
            if record != Record::MemoPiece {
                let report = look(&bench, true);
                assert!(report.ok, "{part} {how:?}: {:?}", report.findings);
            }
            assert_eq!(bench.manifests(), expected, "{part} {how:?}");
            assert_eq!(bench.build().ran_any(), 0, "{part} {how:?}");
            assert!(bench.build().report.nothing_to_do, "{part} {how:?}");
            if record == Record::MemoPiece {
                std::fs::remove_dir_all(state(&bench).join("cache")).unwrap();
                bench.build();
            }
        }
    }
}

#[test]
fn a_generation_record_that_is_hurt_is_written_again() {
    let bench = bench();
    let generation = bench.build().report.generation;
    for how in ALL {
        hurt(&state(&bench).join(format!("generations/{}.json", generation.as_deref().unwrap())), how);
        let report = look(&bench, false);
        assert!(report.findings.iter().any(|f| f.record == Record::Generation), "{how:?}: {:?}", report.findings);
        assert!(rows(&bench, "chunks").is_err(), "{how:?}: no generation may be made up");
        assert_eq!(bench.build().report.generation, generation);
        assert!(look(&bench, true).ok, "{how:?}");
        assert!(bench.build().report.nothing_to_do);
    }
}

#[test]
fn every_object_that_is_hurt_is_found_by_verify_and_made_again_by_the_next_build() {
    let bench = bench();
    let (expected, generation) = (bench.manifests(), bench.build().report.generation);
    let chunks = rows(&bench, "chunks").unwrap();
    let objects = files(&bench, ".parquet");
    for (at, how) in ALL.iter().cycle().take(objects.len().min(15)).enumerate() {
        let object = &objects[at];
        hurt(object, *how);
        let report = look(&bench, true);
        let [found] = report.findings.as_slice() else { panic!("{how:?}: {:?}", report.findings) };
        assert_eq!((found.record, found.fate), (Record::Object, Fate::Rebuildable), "{found:?}");
        let expected_what = match how {
            Hurt::Remove => What::Missing,
            Hurt::Empty | Hurt::Cut => What::Size,
            Hurt::Zero | Hurt::Flip => What::Damaged,
        };
        assert_eq!(found.what, expected_what);
        assert!(!found.places.is_empty() && found.table.is_some(), "{found:?}");
        if let Ok(read) = rows(&bench, "chunks") {
            assert_eq!(read, chunks, "{how:?}: rows that are not in the table");
        }
        let built = bench.build();
        assert_eq!((built.report.generation.as_deref(), built.report.healed), (generation.as_deref(), 1), "{how:?}");
        assert!(*how == Hurt::Remove || notices(&built) > 0, "{how:?}");
        assert!(look(&bench, true).ok, "{how:?}");
        assert_eq!(bench.manifests(), expected, "{how:?}");
        assert!(bench.build().report.nothing_to_do, "{how:?}");
    }
}

#[test]
fn what_a_reader_found_damaged_is_mended_by_the_build_that_its_error_asks_for() {
    let bench = bench();
    let chunks = rows(&bench, "chunks").unwrap();
    for object in files(&bench, ".parquet") {
        hurt(&object, Hurt::Flip);
    }
    for _ in 0..40 {
        let Err(error) = rows(&bench, "chunks") else { break };
        assert!(error.contains("damaged"), "{error}");
        assert!(!bench.build().report.nothing_to_do, "the build has to look at what the reader met");
    }
    assert_eq!(rows(&bench, "chunks").unwrap(), chunks);
}

#[test]
fn status_says_where_an_object_is_gone() {
    let bench = bench();
    let state_of = |name: &str| {
        let report = status::run(&bench.context(), &StatusRequest::default()).unwrap();
        report.repos.iter().find(|repo| repo.name == name).unwrap().state
    };
    assert_eq!(state_of("one"), Currency::Current);
    let pinned = bench.context().pinned().unwrap();
    let root = pinned.build("two").unwrap();
    let list = pinned.list("two", &root.segments[0].list).unwrap();
    // One that the other repository does not have as well.
    let piece = list.shards[0].pieces.iter().max_by_key(|piece| piece.bytes).unwrap();
    std::fs::remove_file(pinned.store().object_path(&piece.artifact)).unwrap();
    drop(pinned);
    assert_eq!((state_of("one"), state_of("two")), (Currency::Current, Currency::Damaged));
    bench.build();
    assert_eq!(state_of("two"), Currency::Current);
}

#[test]
fn what_the_tree_no_longer_gives_is_told_as_lost() {
    let bench = bench();
    let pinned = bench.context().pinned().unwrap();
    let root = pinned.build("one").unwrap();
    let lists: Vec<_> = root.segments.iter().map(|s| pinned.list("one", &s.list).unwrap()).collect();
    // The file that is edited and its shard; and another shard.
    let (path, _) = sample(5, 0);
    let holds = |s: &&sawmill::store::ShardRecord| s.first_path <= path && path <= s.last_path;
    let code: Vec<_> = lists.iter().filter(|l| l.mode == sawmill::base::Mode::Code).flat_map(|l| &l.shards).collect();
    let edited = code.iter().copied().find(holds).unwrap();
    let other = code.iter().copied().find(|s| !holds(s)).unwrap();
    let chunks = |shard: &sawmill::store::ShardRecord| {
        let piece = shard.pieces.iter().find(|p| p.table == "chunks").unwrap();
        (piece.artifact, pinned.store().object_path(&piece.artifact))
    };
    let (lost, rebuildable) = (chunks(edited), chunks(other));
    for (_, path) in [&lost, &rebuildable] {
        hurt(path, Hurt::Flip);
    }
    bench.write("one", &path, sample(5, 1).1);
    let report = look(&bench, true);
    let fate = |hash: &sawmill::base::Digest| {
        report.findings.iter().find(|f| f.artifact.as_deref() == Some(hash.hex().as_str())).unwrap().fate
    };
    assert_eq!((fate(&lost.0), fate(&rebuildable.0)), (Fate::Lost, Fate::Rebuildable));
    // Without a memo the rows of the `files` artifact tell the same.
    for memo in files(&bench, ".memo") {
        hurt(&memo, Hurt::Remove);
    }
    let report = look(&bench, true);
    let fate = |hash: &sawmill::base::Digest| {
        report.findings.iter().find(|f| f.artifact.as_deref() == Some(hash.hex().as_str())).unwrap().fate
    };
    assert_eq!((fate(&lost.0), fate(&rebuildable.0)), (Fate::Lost, Fate::Rebuildable));
}

#[test]
fn a_lost_head_does_not_drop_a_repository_that_cannot_be_built_now() {
    for how in ALL {
        let bench = bench();
        let before = bench.manifests();
        hurt(&state(&bench).join("HEAD.json"), how);
        std::fs::rename(bench.root("two"), bench.dir.path().join("elsewhere")).unwrap();
        let built = bench.try_build().unwrap();
        assert!(!built.report.ok && notices(&built) > 0, "{how:?}");
        assert_eq!(bench.manifests(), before, "{how:?}: the build of `two` is kept");
        std::fs::rename(bench.dir.path().join("elsewhere"), bench.root("two")).unwrap();
        bench.build();
        assert!(bench.build().report.nothing_to_do && look(&bench, true).ok, "{how:?}");
    }
}

#[test]
fn links_that_lead_astray_are_found_and_mended() {
    let bench = bench();
    let latest = state(&bench).join("latest");
    for target in [None, Some("views/g-000000000000"), Some("/etc")] {
        std::fs::remove_file(&latest).unwrap();
        if let Some(target) = target {
            std::os::unix::fs::symlink(target, &latest).unwrap();
        }
        let report = look(&bench, false);
        assert!(report.findings.iter().any(|f| f.record == Record::Latest && f.fate == Fate::Rebuildable));
        bench.build();
        assert!(look(&bench, false).ok);
    }
}
