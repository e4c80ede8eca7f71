use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::os::fd::AsFd;
use std::path::Path;

use super::RealFs;
use super::beneath::open_by_parts;
use crate::base::path::RelPath;
use crate::base::vfs::{FileKind, LockKind, Vfs};

fn rel(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

/// `tree/in/file`, `tree/link` → the file, `tree/up` → its parent, `tree/pipe`, and `secret` beside the tree.
fn tree() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let fs = RealFs;
    fs.create_dir_all(&dir.path().join("tree/in")).unwrap();
    fs.write_new(&dir.path().join("tree/in/file"), b"hello", 0o644).unwrap();
    fs.write_new(&dir.path().join("secret"), b"secret", 0o600).unwrap();
    fs.symlink(Path::new("in/file"), &dir.path().join("tree/link")).unwrap();
    fs.symlink(Path::new(".."), &dir.path().join("tree/up")).unwrap();
    let pipe = dir.path().join("tree/pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
    dir
}

#[test]
fn a_read_beneath_a_root_follows_no_link_and_waits_for_no_pipe() {
    let dir = tree();
    let root = dir.path().join("tree");
    assert_eq!(RealFs.read_beneath(&root, &rel("in/file"), 5).unwrap(), b"hello");
    for (path, kind) in [
        ("in/file/x", ErrorKind::NotADirectory),
        ("in", ErrorKind::InvalidInput),
        ("pipe", ErrorKind::InvalidInput),
        ("gone", ErrorKind::NotFound),
    ] {
        assert_eq!(RealFs.read_beneath(&root, &rel(path), 100).unwrap_err().kind(), kind, "{path}");
    }
    for path in ["link", "up/secret", "up/tree/in/file"] {
        let error = RealFs.read_beneath(&root, &rel(path), 100).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(rustix::io::Errno::LOOP.raw_os_error()), "{path}: {error}");
    }
}

#[test]
fn the_way_without_openat2_gives_the_same_answers() {
    let dir = tree();
    let root = rustix::fs::open(
        dir.path().join("tree"),
        rustix::fs::OFlags::PATH | rustix::fs::OFlags::DIRECTORY,
        rustix::fs::Mode::empty(),
    )
    .unwrap();
    assert!(open_by_parts(root.as_fd(), &rel("in/file")).is_ok());
    for path in ["link", "up/secret", "up/tree/in/file"] {
        assert_eq!(open_by_parts(root.as_fd(), &rel(path)).unwrap_err(), rustix::io::Errno::LOOP, "{path}");
    }
    assert_eq!(open_by_parts(root.as_fd(), &rel("in/file/x")).unwrap_err(), rustix::io::Errno::NOTDIR);
    assert_eq!(open_by_parts(root.as_fd(), &rel("gone/x")).unwrap_err(), rustix::io::Errno::NOENT);
}

#[test]
fn a_file_over_the_limit_is_refused_before_it_is_read() {
    let dir = tree();
    let root = dir.path().join("tree");
    assert_eq!(RealFs.read_beneath(&root, &rel("in/file"), 4).unwrap_err().kind(), ErrorKind::FileTooLarge);
}

#[test]
fn a_listing_with_stat_agrees_with_both_single_operations() {
    let dir = tree();
    let root = dir.path().join("tree");
    let both: BTreeSet<_> = RealFs.list_stat(&root).unwrap().into_iter().map(|(name, s)| (name, s.ino)).collect();
    let single: BTreeSet<_> = RealFs
        .list(&root)
        .unwrap()
        .into_iter()
        .map(|e| {
            let stat = RealFs.stat(&root.join(&e.name)).unwrap();
            assert_eq!(stat.kind, e.kind);
            (e.name, stat.ino)
        })
        .collect();
    assert_eq!(both, single);
    assert_eq!(both.len(), 4);
    assert_eq!(RealFs.stat(&root.join("link")).unwrap().kind, FileKind::Symlink);
    assert_eq!(RealFs.stat(&root.join("pipe")).unwrap().kind, FileKind::Other);
}

#[test]
fn a_rename_without_replacing_leaves_what_is_there() {
    let dir = tree();
    let (a, b) = (dir.path().join("a"), dir.path().join("b"));
    RealFs.write_new(&a, b"a", 0o444).unwrap();
    RealFs.write_new(&b, b"b", 0o444).unwrap();
    assert_eq!(RealFs.rename_noreplace(&a, &b).unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(RealFs.read(&b).unwrap(), b"b");
    RealFs.remove_file(&b).unwrap();
    RealFs.rename_noreplace(&a, &b).unwrap();
    assert_eq!(RealFs.read(&b).unwrap(), b"a");
    assert!(!RealFs.exists(&a).unwrap());
    assert_eq!(RealFs.write_new(&b, b"", 0o444).unwrap_err().kind(), ErrorKind::AlreadyExists);
}

#[test]
fn shared_locks_go_together_and_an_exclusive_one_stands_alone() {
    let dir = tree();
    let path = dir.path().join("LOCK");
    let first = RealFs.try_lock(&path, LockKind::Shared).unwrap().unwrap();
    let second = RealFs.try_lock(&path, LockKind::Shared).unwrap().unwrap();
    assert!(RealFs.try_lock(&path, LockKind::Exclusive).unwrap().is_none());
    drop((first, second));
    let alone = RealFs.try_lock(&path, LockKind::Exclusive).unwrap();
    assert!(alone.is_some());
    assert!(RealFs.try_lock(&path, LockKind::Shared).unwrap().is_none());
}

#[test]
fn a_range_outside_an_open_file_is_an_error_not_a_short_answer() {
    let dir = tree();
    let file = RealFs.open(&dir.path().join("tree/in/file")).unwrap();
    assert_eq!(file.len(), 5);
    assert_eq!(file.read_at(1, 3).unwrap(), b"ell");
    assert_eq!(file.read_at(3, 3).unwrap_err().kind(), ErrorKind::UnexpectedEof);
    assert_eq!(file.read_at(u64::MAX, 2).unwrap_err().kind(), ErrorKind::UnexpectedEof);
}

#[test]
fn every_kind_of_sync_works_here() {
    let dir = tree();
    RealFs.append(&dir.path().join("log"), b"one").unwrap();
    RealFs.append(&dir.path().join("log"), b"two").unwrap();
    assert_eq!(RealFs.read(&dir.path().join("log")).unwrap(), b"onetwo");
    RealFs.sync_file(&dir.path().join("log")).unwrap();
    RealFs.sync_dir(dir.path()).unwrap();
    RealFs.sync_all(dir.path()).unwrap();
    assert!(RealFs.free_space(dir.path()).unwrap().unwrap() > 0);
}

#[test]
fn a_copy_a_clone_and_a_hard_link_hold_the_same_bytes_and_replace_nothing() {
    let dir = tree();
    let at = |name: &str| dir.path().join(name);
    let bytes: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    RealFs.write_new(&at("a"), &bytes, 0o444).unwrap();
    RealFs.copy_file(&at("a"), &at("copy"), 0o444).unwrap();
    assert_eq!(RealFs.read(&at("copy")).unwrap(), bytes);
    assert_eq!(RealFs.stat(&at("copy")).unwrap().mode, 0o444);
    assert_eq!(RealFs.copy_file(&at("a"), &at("copy"), 0o444).unwrap_err().kind(), ErrorKind::AlreadyExists);
    // Not every file system can; one that cannot says so and leaves nothing.
    match RealFs.clone_file(&at("a"), &at("clone"), 0o444) {
        Ok(()) => assert_eq!(RealFs.read(&at("clone")).unwrap(), bytes),
        Err(e) => {
            assert_eq!(e.kind(), ErrorKind::Unsupported);
            assert!(!RealFs.exists(&at("clone")).unwrap());
        }
    }
    RealFs.hard_link(&at("a"), &at("link")).unwrap();
    assert_eq!(RealFs.stat(&at("link")).unwrap().ino, RealFs.stat(&at("a")).unwrap().ino);
    assert_ne!(RealFs.stat(&at("copy")).unwrap().ino, RealFs.stat(&at("a")).unwrap().ino);
}
