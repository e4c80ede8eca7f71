//! Builds of commits: cut off at any moment, cleared, held.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustix::io::Errno;

use super::fixture::{build, open, publish, read_object, small, writer};
use crate::base::vfs::Vfs;
use crate::base::vfs::fault::{Failure, Fault, FaultFs};
use crate::base::vfs::memory::{MemoryFs, PowerCut};
use crate::base::{Cancel, Timestamp};
use crate::store::{FORMAT, GitBuild, Ref, RepoProvenance, Store, StoreError};

fn commit(number: u8) -> String {
    format!("{number:040x}")
}

/// Builds a commit of a repository. Its pieces are those of no generation.
fn put(vfs: impl Vfs + 'static, repo: &str, number: u8) -> Result<GitBuild, StoreError> {
    let store = open(vfs)?;
    let writer = writer(&store)?;
    let made = build(&writer, repo, &format!("commit {number}"), 0)?;
    let record = GitBuild {
        format: FORMAT,
        repo: repo.to_owned(),
        commit: commit(number),
        build: made.build,
        created_at: Timestamp::from_seconds(1_800_000_000 + i64::from(number), 0),
        provenance: RepoProvenance { commit: Some(commit(number)), ..RepoProvenance::default() },
    };
    writer.put_git_build(&record)?;
    Ok(record)
}

/// Reads all that a commit's build names, to the last byte; gives how many pieces that were.
fn read(store: &Store, record: &GitBuild) -> Result<usize, StoreError> {
    let mut pieces = 0;
    for segment in store.build_root(&record.repo, &record.build)?.segments {
        let list = store.segment_list(&record.repo, &segment.list)?;
        for piece in list.shards.iter().flat_map(|shard| &shard.pieces).chain(&list.pieces) {
            read_object(store, &piece.artifact)?;
            pieces += 1;
        }
    }
    Ok(pieces)
}

#[test]
fn a_power_cut_at_any_operation_leaves_no_record_or_a_whole_build() {
    let start = MemoryFs::new();
    let head = publish(start.clone(), small(1)).unwrap().id;
    let first = put(start.clone(), "api", 1).unwrap();
    let counting = FaultFs::new(Arc::new(start.fork()));
    let second = put(counting.clone(), "api", 2).unwrap();
    let (_, operations) = counting.counts();
    let (mut absent, mut there) = (0, 0);
    for k in 0..=operations {
        let memory = start.fork();
        let dying = FaultFs::new(Arc::new(memory.clone()));
        dying.arm(Some(Fault { at: k, mutating: true, lasting: true, failure: Failure::Errno(Errno::IO) }));
        let done = put(dying, "api", 2).is_ok();
        for cut in PowerCut::all(k as u64) {
            let what = format!("operation {k}, {cut:?}");
            let after = memory.crash(cut);
            let store = open(after.clone()).unwrap();
            assert_eq!(store.head().unwrap().as_ref(), Some(&head), "{what}");
            assert_eq!(store.git_build("api", &commit(1)).unwrap().as_ref(), Some(&first), "{what}");
            if let Some(record) = store.git_build("api", &commit(2)).unwrap() {
                assert_eq!(record, second, "{what}");
                assert_eq!(read(&store, &record).unwrap(), 6, "{what}");
                there += 1;
            } else {
                assert!(!done, "{what}");
                absent += 1;
            }
        }
        let after = memory.crash(PowerCut::all(k as u64).nth(k % 15).unwrap());
        assert_eq!(put(after, "api", 2).unwrap(), second, "operation {k}");
    }
    assert!(operations > 20 && absent > 100 && there > 14, "{operations}: {absent}, {there}");
}

#[test]
fn a_clear_keeps_what_the_commits_of_other_repositories_need() {
    let vfs = MemoryFs::new();
    publish(vfs.clone(), small(1)).unwrap();
    let (gone, kept) = (put(vfs.clone(), "api", 1).unwrap(), put(vfs.clone(), "web", 1).unwrap());
    let store = open(vfs.clone()).unwrap();
    writer(&store).unwrap().replace_stat("api@git", b"cache").unwrap();
    let clear = |repos: &[&str]| {
        let writer = writer(&store)?;
        let repos: BTreeSet<String> = repos.iter().map(|repo| (*repo).to_owned()).collect();
        writer.clear(&store.clear_plan(&repos, false)?, Timestamp::from_seconds(1_800_000_001, 0))
    };
    let held = store.pin_commit(&Ref::Git(commit(1)), "api", &commit(1)).unwrap();
    for repos in [&["api"][..], &[]] {
        assert!(matches!(clear(repos), Err(StoreError::InUse { .. })), "a reader holds it");
    }
    assert_eq!(read(&store, &gone).unwrap(), 6);
    drop(held);
    clear(&["api"]).unwrap();
    assert_eq!(store.git_build("api", &commit(1)).unwrap(), None);
    assert_eq!(store.stat_cache("api@git").unwrap(), None);
    assert!(store.build_root("api", &gone.build).is_err());
    assert_eq!(read(&store, &kept).unwrap(), 6);
    assert!(store.build_stands("web", &kept.build).unwrap());
    assert_eq!(store.census(&Cancel::new()).unwrap().unwrap().unreferenced.unwrap().files, 0);
    clear(&[]).unwrap();
    assert_eq!(store.git_repos().unwrap(), Vec::<String>::new());
    assert!(!store.build_stands("web", &kept.build).unwrap());
}

#[test]
fn a_record_that_names_no_commit_or_no_build_is_refused() {
    let vfs = MemoryFs::new();
    let record = put(vfs.clone(), "api", 1).unwrap();
    let store = open(vfs).unwrap();
    let writer = writer(&store).unwrap();
    for odd in [
        GitBuild { commit: "../../HEAD".to_owned(), ..record.clone() },
        GitBuild { repo: "..".to_owned(), ..record.clone() },
        GitBuild { build: "b-000000000000".to_owned(), ..record.clone() },
    ] {
        writer.put_git_build(&odd).unwrap_err();
    }
    writer.remove_git_build("api", "../x").unwrap_err();
    assert!(writer.remove_git_build("api", &commit(9)).unwrap());
    assert_eq!(store.git_commits("api").unwrap(), [commit(1)]);
}
