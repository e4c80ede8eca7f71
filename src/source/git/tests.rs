#![expect(
    clippy::disallowed_methods,
    reason = "real repositories, made by the git program, in a directory of the test's own"
)]

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::base::clock::{Clock, SystemClock};
use crate::base::vfs::real::RealFs;
use crate::base::vfs::{FileKind, LockKind, Vfs};
use crate::base::{Cancel, Limits, RelPath, SkipReason};
use crate::source::testing::Repo;
use crate::source::{FileContent, Scan, ScanRequest, StatCache, scan};

impl Repo {
    fn tree(&self, commit: &str) -> CommittedTree {
        CommittedTree::open(&RealFs, &self.root(), commit).unwrap()
    }

    fn object(&self, id: &str) -> PathBuf {
        self.root().join(".git/objects").join(&id[..2]).join(&id[2..])
    }

    /// What a checkout that runs no filter and gets no submodules would leave of `inside`.
    fn export(&self, commit: &str, inside: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let listing = self.git(&["ls-tree", "-r", "-z", &format!("{commit}:{inside}")], b"");
        for line in listing.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
            let tab = line.iter().position(|byte| *byte == b'\t').unwrap();
            let words: Vec<&str> = std::str::from_utf8(&line[..tab]).unwrap().split(' ').collect();
            let path = dir.path().join(OsStr::from_bytes(&line[tab + 1..]));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let blob = || self.git(&["cat-file", "blob", words[2]], b"");
            match words[0] {
                "160000" => std::fs::create_dir(path).unwrap(),
                "120000" => std::os::unix::fs::symlink(OsStr::from_bytes(&blob()), path).unwrap(),
                _ => std::fs::write(path, blob()).unwrap(),
            }
        }
        dir
    }
}

fn scanned(vfs: &dyn Vfs, root: &Path, limits: &Limits, cache: &StatCache) -> (Scan, StatCache) {
    let request = ScanRequest {
        root,
        include: &[],
        exclude: &[],
        languages: &[],
        limits,
        never: &[],
        threads: 2,
        cancel: &Cancel::new(),
    };
    scan(vfs, &request, cache, SystemClock.now()).unwrap()
}

fn scan_of(vfs: &dyn Vfs, root: &Path) -> Scan {
    scanned(vfs, root, &Limits::default(), &StatCache::default()).0
}

/// Something of everything.
fn full() -> Repo {
    let repo = Repo::new();
    repo.write("a.rs", "fn a() {}\n");
    repo.write("dos.py", "def f():\r\n    pass\r\n");
    repo.write(".gitattributes", "*.py text eol=crlf\n*.rs filter=lfs\nsub/** export-ignore\n");
    repo.write(".gitignore", "ignored/\n*.log\n");
    repo.write("ignored/x.rs", "fn added_all_the_same() {}\n");
    repo.write("sub/.sawmillignore", "skip.rs\n");
    repo.write("sub/skip.rs", "fn skip() {}\n");
    repo.write("sub/deep/er/b.ts", "export const b = 1;\n");
    repo.write("sub/id_rsa", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    repo.write(".env", "TOKEN=1\n");
    repo.write("bin", [0_u8, 159, 146, 150]);
    repo.write("empty.c", "");
    repo.write(OsStr::from_bytes(b"odd\xff.rs"), "fn odd() {}\n");
    repo.write("run.sh", "#!/bin/sh\n");
    std::os::unix::fs::symlink("a.rs", repo.root().join("link.rs")).unwrap();
    std::os::unix::fs::symlink("sub", repo.root().join("dirlink")).unwrap();
    repo.git(&["config", "core.autocrlf", "false"], b"");
    repo.commit();
    let other = "1234567890123456789012345678901234567890";
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{other},vendored/lib")], b"");
    repo.git(&["commit", "-q", "-m", "a submodule"], b"");
    repo
}

#[test]
fn a_committed_tree_is_scanned_as_an_export_of_its_blobs() {
    let repo = full();
    let commit = repo.told(&["rev-parse", "HEAD"]);
    repo.write("a.rs", "fn edited_since() {}\n");
    let export = repo.export(&commit, "");
    let (tree, files) = (repo.tree(&commit), scan_of(&RealFs, export.path()));
    let committed = scan_of(&tree, &repo.root());
    assert_eq!(committed.files, files.files);
    assert_eq!((committed.bytes, &committed.notices), (files.bytes, &files.notices));
    assert!(tree.fault().is_none());
    let paths: Vec<&str> = committed.files.iter().map(|file| file.path.text()).collect();
    assert!(paths.contains(&"odd\\xFF.rs") && paths.contains(&"sub/deep/er/b.ts"), "{paths:?}");
    for left_out in ["link.rs", "ignored/x.rs", "sub/skip.rs", "vendored/lib"] {
        assert!(!paths.contains(&left_out), "{left_out}");
    }
    let dos = tree.read_beneath(&repo.root(), &RelPath::new("dos.py").unwrap(), 99).unwrap();
    assert_eq!(dos, repo.git(&["cat-file", "blob", "HEAD:dos.py"], b""));
}

#[test]
fn a_root_inside_a_git_repository_is_that_part_of_the_commit() {
    let repo = full();
    let commit = repo.told(&["rev-parse", "HEAD"]);
    let export = repo.export(&commit, "sub");
    let root = repo.root().join("sub");
    let tree = CommittedTree::open(&RealFs, &root, &commit).unwrap();
    assert_eq!(scan_of(&tree, &root).files, scan_of(&RealFs, export.path()).files);
    assert_eq!(tree.stat(&repo.root().join("a.rs")).unwrap_err().kind(), ErrorKind::NotFound);
    std::fs::create_dir(repo.root().join("later")).unwrap();
    let later = CommittedTree::open(&RealFs, &repo.root().join("later"), &commit).unwrap_err();
    assert_eq!(later.to_string(), format!("commit {} has no directory `later`", &commit[..12]));
}

#[test]
fn links_are_not_followed_and_submodules_are_empty_directories() {
    let repo = full();
    let (tree, root) = (repo.tree(&repo.told(&["rev-parse", "HEAD"])), repo.root());
    assert_eq!(tree.stat(&root.join("link.rs")).unwrap().kind, FileKind::Symlink);
    assert_eq!(tree.read_link(&root.join("link.rs")).unwrap(), Path::new("a.rs"));
    for path in ["link.rs", "dirlink/skip.rs"] {
        let read = tree.read_beneath(&root, &RelPath::new(path).unwrap(), 99).unwrap_err();
        assert_eq!(rustix::io::Errno::from_io_error(&read), Some(rustix::io::Errno::LOOP), "{path}");
    }
    assert_eq!(tree.stat(&root.join("vendored/lib")).unwrap().kind, FileKind::Dir);
    assert_eq!(tree.list(&root.join("vendored/lib")).unwrap(), []);
    for (path, kind) in
        [("a.rs/b", ErrorKind::NotADirectory), ("none", ErrorKind::NotFound), ("sub", ErrorKind::IsADirectory)]
    {
        assert_eq!(tree.read(&root.join(path)).unwrap_err().kind(), kind, "{path}");
    }
    assert_eq!(tree.list(&root.join("a.rs")).unwrap_err().kind(), ErrorKind::NotADirectory);
    assert_eq!(tree.canonicalize(&root.join("sub/deep")).unwrap(), root.join("sub/deep"));
    assert!(tree.fault().is_none(), "nothing of this is missing");
}

#[test]
fn nothing_can_be_written() {
    let repo = full();
    let (tree, root) = (repo.tree(&repo.told(&["rev-parse", "HEAD"])), repo.root());
    let path = root.join("a.rs");
    let refused = [
        tree.create_dir_all(&path),
        tree.write_new(&root.join("new"), b"", 0o644),
        tree.append(&path, b""),
        tree.sync_file(&path),
        tree.sync_dir(&root),
        tree.sync_all(&root),
        tree.rename(&path, &root.join("b")),
        tree.rename_noreplace(&path, &root.join("b")),
        tree.remove_file(&path),
        tree.remove_dir_all(&root.join("sub")),
        tree.symlink(&path, &root.join("l")),
        tree.try_lock(&path, LockKind::Shared).map(drop),
    ];
    for (at, refused) in refused.into_iter().enumerate() {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::ReadOnlyFilesystem, "{at}");
    }
    assert!(path.exists());
}

#[test]
fn a_stat_holds_the_whole_id_of_its_blob_and_saves_reading_it_at_the_next_commit() {
    let repo = Repo::new();
    repo.write("a.rs", "fn a() {}\n");
    repo.write("b.rs", "fn b() {}\n");
    let first = repo.tree(&repo.commit());
    let (found, cache) = scanned(&first, &repo.root(), &Limits::default(), &StatCache::default());
    assert_eq!(found.hashed, 2);
    repo.write("b.rs", "fn c() {}\n");
    let second = repo.tree(&repo.commit());
    let stat = |tree: &CommittedTree, path: &str| tree.stat(&repo.root().join(path)).unwrap();
    assert_eq!(stat(&first, "a.rs"), stat(&second, "a.rs"));
    let (before, now) = (stat(&first, "b.rs"), stat(&second, "b.rs"));
    assert_eq!(before.size, now.size);
    assert_ne!((before.ino, before.mtime, before.ctime), (now.ino, now.mtime, now.ctime));
    let id = repo.told(&["rev-parse", "HEAD:b.rs"]);
    assert_eq!(format!("{:016x}{:012x}{:012x}", now.ino, now.mtime.0, now.ctime.0), id);
    let (again, _) = scanned(&second, &repo.root(), &Limits::default(), &cache);
    assert_eq!(again.hashed, 1, "only what changed is read");
    assert_eq!(again.files, scan_of(&second, &repo.root()).files);
}

#[test]
fn a_blob_above_the_limit_is_listed_and_not_read() {
    let repo = Repo::new();
    repo.write("long.rs", "x".repeat(200));
    let limits = Limits { read_bytes: 199, ..Limits::default() };
    let tree = repo.tree(&repo.commit());
    let (found, _) = scanned(&tree, &repo.root(), &limits, &StatCache::default());
    assert_eq!(found.files[0].content, FileContent::Withheld(SkipReason::TooLarge));
    assert_eq!((found.files[0].size, found.hashed), (200, 0));
    let read = tree.read_beneath(&repo.root(), &RelPath::new("long.rs").unwrap(), 199);
    assert_eq!(read.unwrap_err().kind(), ErrorKind::FileTooLarge);
}

#[test]
fn an_object_that_is_missing_or_damaged_is_a_fault_with_its_place() {
    let repo = full();
    let commit = repo.told(&["rev-parse", "HEAD"]);
    for (what, kind) in [("HEAD:sub/deep/er/b.ts", "blob"), ("HEAD:sub/deep", "tree")] {
        let id = repo.told(&["rev-parse", what]);
        let object = repo.object(&id);
        let bytes = std::fs::read(&object).unwrap();
        let place = what.trim_start_matches("HEAD:");
        std::fs::remove_file(&object).unwrap();
        let tree = repo.tree(&commit);
        scan_of(&tree, &repo.root());
        let fault = tree.fault().unwrap().to_string();
        assert_eq!(fault, format!("git has no {kind} {id} of `{place}`"));
        std::fs::write(&object, b"no object").unwrap();
        let tree = repo.tree(&commit);
        scan_of(&tree, &repo.root());
        let fault = tree.fault().unwrap().to_string();
        assert_eq!(fault, format!("git's {kind} {id} of `{place}` cannot be read"));
        assert!(std::error::Error::source(tree.fault().unwrap()).is_some_and(|said| !said.to_string().is_empty()));
        std::fs::remove_file(&object).unwrap();
        std::fs::write(&object, bytes).unwrap();
        let tree = repo.tree(&commit);
        scan_of(&tree, &repo.root());
        assert!(tree.fault().is_none());
    }
    let none = CommittedTree::open(&RealFs, &repo.root(), &"12".repeat(20)).unwrap_err();
    assert!(matches!(none, CommitError::Missing { kind: "commit", .. }), "{none}");
    let outside = tempfile::tempdir().unwrap();
    let none = CommittedTree::open(&RealFs, outside.path(), &commit).unwrap_err();
    assert!(matches!(none, CommitError::NoGit { .. }), "{none}");
}

#[test]
fn bytes_that_are_not_those_of_their_id_are_not_believed() {
    let repo = Repo::new();
    repo.write("a.rs", "fn a() {}\n");
    let commit = repo.commit();
    let id = repo.told(&["rev-parse", "HEAD:a.rs"]);
    repo.write("b", "fn b() {}\n");
    let other = repo.told(&["hash-object", "-w", "b"]);
    // Replacements are not looked at: the commit is what it is.
    repo.git(&["replace", &id, &other], b"");
    let path = RelPath::new("a.rs").unwrap();
    assert_eq!(repo.tree(&commit).read_beneath(&repo.root(), &path, 99).unwrap(), b"fn a() {}\n");
    std::fs::remove_file(repo.object(&id)).unwrap();
    std::fs::copy(repo.object(&other), repo.object(&id)).unwrap();
    let tree = repo.tree(&commit);
    tree.read_beneath(&repo.root(), &path, 99).unwrap_err();
    assert!(matches!(tree.fault(), Some(CommitError::Damaged { kind: "blob", .. })));
}

#[test]
fn a_tree_whose_names_no_directory_could_hold_is_refused() {
    let repo = Repo::new();
    repo.write("a.rs", "fn a() {}\n");
    repo.commit();
    let blob = repo.told(&["rev-parse", "HEAD:a.rs"]);
    let raw: Vec<u8> = (0..20).map(|at| u8::from_str_radix(&blob[2 * at..2 * at + 2], 16).unwrap()).collect();
    let entry = |name: &[u8]| [b"100644 ", name, b"\0", raw.as_slice()].concat();
    for names in [vec![&b".."[..]], vec![b"x/y"], vec![b""], vec![b"."], vec![b"a", b"a"]] {
        let bytes: Vec<u8> = names.iter().flat_map(|name| entry(name)).collect();
        let tree = repo.git(&["hash-object", "-t", "tree", "-w", "--stdin", "--literally"], &bytes);
        let tree = String::from_utf8(tree).unwrap();
        let commit = repo.told(&["commit-tree", "-m", "odd", tree.trim()]);
        let tree = repo.tree(&commit);
        let request = ScanRequest {
            root: &repo.root(),
            include: &[],
            exclude: &[],
            languages: &[],
            limits: &Limits::default(),
            never: &[],
            threads: 1,
            cancel: &Cancel::new(),
        };
        scan(&tree, &request, &StatCache::default(), SystemClock.now()).unwrap_err();
        assert!(matches!(tree.fault(), Some(CommitError::Damaged { kind: "tree", .. })), "{names:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Names that collide as files and directories are made directories by whoever comes first.
    #[test]
    fn any_tree_is_scanned_as_its_export_and_from_one_commit_to_the_next(
        files in prop::collection::btree_map("[ab.]{1,2}(/[abc]{1,2}){0,3}(\\.rs|\\.log)?", "[a-z \\r\\n\\x00]{0,40}", 1..20),
        edits in prop::collection::vec((any::<prop::sample::Index>(), "[a-z\\n]{0,40}"), 0..6),
        rules in prop::collection::vec("!?/?[ab*]{1,2}/?", 0..4),
    ) {
        let repo = Repo::new();
        let put = |path: &str, text: &str| {
            let path = repo.root().join(path);
            let dir = path.parent().unwrap();
            if std::fs::create_dir_all(dir).is_ok() && !path.is_dir() {
                std::fs::write(path, text).unwrap();
            }
        };
        put(".gitignore", &rules.join("\n"));
        let sound = |path: &&String| !path.split('/').any(|part| matches!(part, "." | ".."));
        files.iter().filter(|(path, _)| sound(path)).for_each(|(path, text)| put(path, text));
        let mut cache = StatCache::default();
        let mut commits = vec![repo.commit()];
        let paths: Vec<&String> = files.keys().filter(sound).collect();
        for (at, text) in edits.iter().filter(|_| !paths.is_empty()) {
            put(paths[at.index(paths.len())], text);
        }
        commits.push(repo.commit());
        for commit in commits {
            let (tree, export) = (repo.tree(&commit), repo.export(&commit, ""));
            let (committed, fresh) = scanned(&tree, &repo.root(), &Limits::default(), &cache);
            cache = fresh;
            prop_assert_eq!(&committed.files, &scan_of(&RealFs, export.path()).files);
            prop_assert!(tree.fault().is_none());
        }
    }
}
