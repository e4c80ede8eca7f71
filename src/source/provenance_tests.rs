#![expect(
    clippy::disallowed_methods,
    reason = "real repositories, made by the git program, in a directory of the test's own"
)]

use std::path::PathBuf;

use super::*;
use crate::base::vfs::real::RealFs;
use crate::source::testing::Repo;

impl Repo {
    /// With two files, not committed.
    fn of_two() -> Self {
        let repo = Self::new();
        repo.write("a.rs", "fn a() {}\n");
        repo.write("sub/b.rs", "fn b() {}\n");
        repo
    }

    fn provenance(&self) -> Provenance {
        let (told, notices) = provenance(&RealFs, &self.root(), true);
        assert_eq!(notices, []);
        told.unwrap()
    }
}

#[test]
fn branch_commit_and_cleanness_are_those_that_git_tells() {
    let repo = Repo::of_two();
    let unborn = repo.provenance();
    assert_eq!((unborn.branch.as_deref(), unborn.commit), (Some("trunk"), None));
    let commit = repo.commit();
    let clean = Provenance { branch: Some("trunk".into()), commit: Some(commit.clone()), dirty: Some(false) };
    assert_eq!(repo.provenance(), clean);
    repo.write("untracked.rs", "");
    assert_eq!(repo.provenance(), clean);
    repo.write("sub/b.rs", "fn c() {}\n");
    assert_eq!(repo.provenance().dirty, Some(true));
    repo.told(&["add", "sub/b.rs"]);
    assert_eq!(repo.provenance().dirty, Some(true), "staged");
    repo.told(&["checkout", "-q", "-f", "--detach"]);
    let detached = repo.provenance();
    assert_eq!((detached.branch, detached.commit), (None, Some(commit)));
}

#[test]
fn a_touched_file_with_the_same_bytes_is_clean_and_a_removed_one_is_not() {
    let repo = Repo::of_two();
    repo.commit();
    repo.write("a.rs", "fn a() {}\n");
    assert_eq!(repo.provenance().dirty, Some(false));
    std::fs::remove_file(repo.root().join("a.rs")).unwrap();
    assert_eq!(repo.provenance().dirty, Some(true));
}

#[test]
fn a_part_of_a_repository_has_its_provenance_and_dirtiness_is_asked_for() {
    let repo = Repo::of_two();
    let commit = repo.commit();
    let (told, notices) = provenance(&RealFs, &repo.root().join("sub"), false);
    assert_eq!(notices, []);
    assert_eq!(told, Some(Provenance { branch: Some("trunk".into()), commit: Some(commit), dirty: None }));
}

#[test]
fn a_linked_work_tree_has_its_own_branch() {
    let repo = Repo::of_two();
    let commit = repo.commit();
    let other = tempfile::tempdir().unwrap();
    let there = other.path().join("w");
    repo.told(&["worktree", "add", "-q", "-b", "side", there.to_str().unwrap()]);
    let (told, notices) = provenance(&RealFs, &there, true);
    assert_eq!(notices, []);
    assert_eq!(told, Some(Provenance { branch: Some("side".into()), commit: Some(commit), dirty: Some(false) }));
}

#[test]
fn no_program_that_the_repository_names_is_run() {
    let repo = Repo::of_two();
    repo.commit();
    let trace = repo.root().join("trace");
    let touch = format!("touch {}", trace.display());
    for key in [
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "diff.external",
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x.process",
        "diff.x.textconv",
        "diff.x.command",
    ] {
        repo.told(&["config", key, &touch]);
    }
    repo.told(&["config", "filter.x.required", "true"]);
    repo.told(&["config", "core.hooksPath", repo.root().to_str().unwrap()]);
    repo.write(".gitattributes", "* filter=x diff=x\n");
    // Same size, other bytes: only reading the file can tell, and reading would run the filter.
    repo.write("a.rs", "fn z() {}\n");
    let (told, _) = provenance(&RealFs, &repo.root(), true);
    assert_eq!(told.unwrap().dirty, Some(true));
    assert!(!trace.exists(), "a program ran");
}

#[test]
fn a_configuration_cannot_point_at_other_files() {
    let repo = Repo::of_two();
    repo.commit();
    let elsewhere = tempfile::tempdir().unwrap();
    repo.told(&["config", "core.worktree", elsewhere.path().to_str().unwrap()]);
    assert_eq!(repo.provenance().dirty, Some(false), "the files beside `.git` are those of the commit");
}

#[test]
fn a_bare_repository_has_no_files_to_differ() {
    let repo = Repo::of_two();
    let commit = repo.commit();
    repo.told(&["config", "core.bare", "true"]);
    let (told, notices) = provenance(&RealFs, &repo.root(), true);
    assert_eq!(told.map(|told| (told.commit, told.dirty)), Some((Some(commit), None)));
    assert_eq!(notices[0].code, "sawmill::source::provenance");
}

/// Prints what provenance costs.
#[test]
#[ignore = "SAWMILL_CORPUS=DIR cargo test --lib -- --ignored measure_provenance --nocapture"]
fn measure_provenance() {
    let root = PathBuf::from(std::env::var_os("SAWMILL_CORPUS").expect("SAWMILL_CORPUS names a tree"));
    for with_dirty in [false, true, false, true] {
        let clock = crate::base::clock::Stopwatch::start();
        let (told, notices) = provenance(&RealFs, &root, with_dirty);
        println!("dirty {with_dirty}: {:?}, {told:?}, {notices:?}", clock.elapsed());
        assert!(told.is_some());
    }
}

#[test]
fn what_is_no_repository_has_no_provenance_and_a_broken_one_a_notice() {
    let plain = tempfile::tempdir().unwrap();
    assert_eq!(provenance(&RealFs, plain.path(), true), (None, Vec::new()));
    std::fs::write(plain.path().join(".git"), "gitdir: ../../../../etc\n").unwrap();
    let (told, notices) = provenance(&RealFs, plain.path(), true);
    assert_eq!((told, notices.len()), (None, 1));
    assert!(!notices[0].message.contains(plain.path().to_str().unwrap()), "{}", notices[0].message);
    for (file, bytes) in [("HEAD", &b"\xff\0\n"[..]), ("index", b"DIRC\xff\xff\xff\xff\0"), ("config", b"[core\n")] {
        let repo = Repo::of_two();
        repo.commit();
        std::fs::write(repo.root().join(".git").join(file), bytes).unwrap();
        let (_, notices) = provenance(&RealFs, &repo.root(), true);
        assert!(!notices.is_empty(), "{file}");
    }
}
