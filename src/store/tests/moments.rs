//! Damage to snapshots, their frozen copies, builds of commits and diffs is told by a verification.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::fixture::{STATE, files, open, publish_in, small, writer};
use crate::base::Timestamp;
use crate::base::cancel::Cancel;
use crate::base::vfs::memory::MemoryFs;
use crate::store::verify::{Finding, Record};
use crate::store::{
    DiffEnd, DiffInputs, FORMAT, Freeze, GitBuild, Identity, NewSnapshot, Origin, RepoProvenance, Store, diff_id,
};

const COMMIT: &str = "0123456789012345678901234567890123456789";

/// A pointer, a frozen snapshot, the build of a commit, and a diff.
fn with_moments() -> MemoryFs {
    let vfs = MemoryFs::new();
    let store = open(vfs.clone()).unwrap();
    let generation = publish_in(&store, small(1)).unwrap();
    let writer = writer(&store).unwrap();
    let now = Timestamp::from_seconds(1_800_000_000, 0);
    let new =
        NewSnapshot { created_at: now, origin: Origin::Manual, label: None, notes: None, tags: vec!["v1".into()] };
    for _ in ["pointer", "frozen"] {
        writer.create_snapshot(&store.pin().unwrap().unwrap(), &new).unwrap();
    }
    let ids = store.snapshot_ids().unwrap();
    writer.freeze_snapshot(&ids[1], &Freeze { now, link: false, cancel: Cancel::new() }).unwrap();
    writer.set_snapshot_tags(&ids[0], &["v2".into()]).unwrap();
    let record = GitBuild {
        format: FORMAT,
        repo: "api".into(),
        commit: COMMIT.into(),
        build: generation.repos["api"].build.clone(),
        created_at: now,
        provenance: RepoProvenance::default(),
    };
    writer.put_git_build(&record).unwrap();
    let end = || DiffEnd {
        asked: "latest".into(),
        resolved: generation.id.clone(),
        identity: Identity { repos: BTreeMap::new() },
    };
    let mut inputs = DiffInputs {
        format: FORMAT,
        id: String::new(),
        from: end(),
        to: end(),
        repos: Vec::new(),
        modes: Vec::new(),
        nodes: Vec::new(),
        allow_mismatch: false,
        files_only: false,
        diff_format: 1,
        created_at: now,
        automatic: false,
    };
    inputs.id = diff_id(&inputs);
    writer.put_diff(&inputs, b"events", serde_json::json!({})).unwrap();
    vfs
}

fn findings(store: &Store) -> Vec<Finding> {
    let cancel = Cancel::new();
    let mut survey = store.survey(true, &cancel).unwrap();
    store.survey_diffs(&mut survey, true, &cancel).unwrap();
    store.survey_frozen(&mut survey, true, &cancel).unwrap();
    survey.findings
}

/// Which sort of record a file of these is; `None` for what is beside them or disposable.
fn record_of(path: &Path) -> Option<Record> {
    let inside = path.strip_prefix(STATE).unwrap().to_string_lossy().into_owned();
    let is_idle = inside.ends_with("manifest.json") || inside.contains("/leases/");
    match inside.split('/').next() {
        _ if is_idle => None,
        Some("snapshots") if inside.contains("/frozen/") => Some(Record::Frozen),
        Some("snapshots") => Some(Record::Snapshot),
        Some("git") => Some(Record::Commit),
        Some("diffs") => Some(Record::Diff),
        _ => None,
    }
}

#[test]
fn damage_to_any_file_of_a_snapshot_a_commit_or_a_diff_is_told_as_such() {
    let start = with_moments();
    assert_eq!(findings(&open(start.clone()).unwrap()), []);
    let mut tried: BTreeMap<Record, usize> = BTreeMap::new();
    let all: Vec<(PathBuf, Vec<u8>)> = files(&start, Path::new(STATE)).into_iter().collect();
    for (path, bytes) in all {
        let Some(record) = record_of(&path) else { continue };
        let vfs = start.fork();
        let mut bad = bytes.clone();
        if let Some(byte) = bad.get_mut(bytes.len() / 2) {
            *byte ^= 1;
        }
        vfs.put(&path, bad).unwrap();
        let found = findings(&open(vfs.clone()).unwrap());
        assert!(found.iter().any(|finding| finding.record == record), "{path:?}: {found:?}");
        assert!(found.iter().all(|finding| finding.name.starts_with("state/")), "{found:?}");
        *tried.entry(record).or_default() += 1;
    }
    assert_eq!((tried[&Record::Snapshot], tried[&Record::Commit], tried[&Record::Diff]), (4, 1, 3));
    assert!(tried[&Record::Frozen] > 15, "{tried:?}");
}

#[test]
fn builds_that_only_a_pointer_or_a_commit_holds_are_looked_at() {
    let vfs = with_moments();
    let store = open(vfs.clone()).unwrap();
    let old = store.head().unwrap().unwrap();
    let build = store.generation(&old).unwrap().repos["api"].build.clone();
    publish_in(&store, small(2)).unwrap();
    for path in [store.layout().generation(&old), store.layout().provenance(&old)] {
        use crate::base::vfs::Vfs;
        vfs.remove_file(&path).unwrap();
    }
    vfs.put(store.layout().build_root("api", &build), "torn").unwrap();
    let found = findings(&store);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].record, found[0].build.as_deref()), (Record::BuildRoot, Some(build.as_str())));
    let near = store.survey(false, &Cancel::new()).unwrap();
    assert_eq!(near.findings, [], "not without asking for all");
}
