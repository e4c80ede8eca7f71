//! Real trees, with the git program as the oracle. Git must be installed.
#![expect(clippy::disallowed_methods, reason = "real files and the git program are what this tests against")]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::measure::scan_tree;
use crate::base::SkipReason;
use crate::source::{FileContent, Scan};

fn git(root: &Path, args: &[&str]) -> Vec<u8> {
    let run = std::process::Command::new("git").arg("-C").arg(root).args(args).output().expect("git is installed");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    run.stdout
}

fn write(root: &Path, path: impl AsRef<OsStr>, text: &str) {
    let path = root.join(path.as_ref());
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// What git lists, less what is no regular file any more: deleted, a link, a repository inside.
fn listed_by_git(root: &Path) -> Vec<Vec<u8>> {
    let listed = git(root, &["ls-files", "-z", "-c", "-o", "--exclude-per-directory=.gitignore"]);
    let is_file =
        |path: &&[u8]| std::fs::symlink_metadata(root.join(OsStr::from_bytes(path))).is_ok_and(|meta| meta.is_file());
    let mut paths: Vec<Vec<u8>> = listed.split(|b| *b == 0).filter(is_file).map(<[u8]>::to_vec).collect();
    paths.sort();
    paths.dedup();
    paths
}

fn listed_by_us(scan: &Scan) -> Vec<Vec<u8>> {
    let mut paths: Vec<Vec<u8>> = scan.files.iter().map(|f| f.path.as_bytes().to_vec()).collect();
    paths.sort();
    paths
}

#[test]
fn nested_and_negated_rules_give_what_git_gives() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    git(root, &["init", "-q"]);
    for (path, text) in [
        (".gitignore", "*.o\n!important.o\n/target/\nlogs/**/debug.log\n**/cache\n\\#odd\n trailing \ntmp*/\n"),
        ("a/.gitignore", "*\n!*/\n!*.rs\n!.gitignore\n"),
        ("a/b/.gitignore", "!*.txt\nsecret.rs\n"),
        ("c/.gitignore", "/x\ny/\n!z.o\n"),
        ("d/.gitignore", ".gitignore\n[[:upper:]]*\n{a,b}\n"),
        ("e/target/.gitignore", "*\n"),
    ] {
        write(root, path, text);
    }
    let names =
        ["x", "y", "z.o", "important.o", "k.rs", "secret.rs", "n.txt", "#odd", " trailing", "Upper", "{a,b}", "a"];
    for dir in
        ["", "a/", "a/b/", "a/b/c/", "c/", "c/c/", "d/", "e/target/", "target/", "logs/x/y/", "q/cache/", "tmpx/"]
    {
        for name in names {
            write(root, format!("{dir}f/{name}"), "");
            write(root, format!("{dir}{name}_"), "");
            if !root.join(format!("{dir}{name}")).exists() {
                write(root, format!("{dir}{name}"), "");
            }
        }
        write(root, format!("{dir}y_dir/y/in"), "");
        write(root, format!("{dir}debug.log"), "");
    }
    for name in [&b"new\nline"[..], b"\xff\xfe.rs", b"\x1b[31m.o", &[b'n'; 255]] {
        write(root, OsStr::from_bytes(name), "");
    }
    std::os::unix::fs::symlink("a", root.join("link")).unwrap();
    write(root, "nested/.git/HEAD", "ref: refs/heads/main\n");
    std::fs::create_dir_all(root.join("nested/.git/objects")).unwrap();
    std::fs::create_dir_all(root.join("nested/.git/refs")).unwrap();
    write(root, "nested/inside.rs", "");
    let scan = scan_tree(root);
    let shown = |paths: Vec<Vec<u8>>| paths.iter().map(|p| String::from_utf8_lossy(p).into_owned()).collect::<Vec<_>>();
    assert_eq!(shown(listed_by_us(&scan)), shown(listed_by_git(root)));
    assert!(scan.files.len() > 100);
    assert_eq!(scan.notices.iter().map(|n| n.path.as_str()).collect::<Vec<_>>(), ["nested"]);
}

#[test]
fn pipes_links_and_sparse_giants_neither_block_nor_lead_away() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    write(root, "a.rs", "fn a() {}");
    let fifo = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, root.join("pipe.rs"), fifo, rustix::fs::Mode::RUSR, 0).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(root.join("sock.rs")).unwrap();
    for (target, link) in [("/dev/zero", "zero.rs"), (".", "self"), ("..", "up"), ("pipe.rs", ".gitignore")] {
        std::os::unix::fs::symlink(target, root.join(link)).unwrap();
    }
    std::fs::File::create(root.join("sparse.rs")).unwrap().set_len(64 << 30).unwrap();
    let scan = scan_tree(root);
    assert_eq!(listed_by_us(&scan), [b"a.rs".to_vec(), b"sparse.rs".to_vec()]);
    assert_eq!(scan.files[1].content, FileContent::Withheld(SkipReason::TooLarge));
    assert_eq!((scan.files[1].size, scan.hashed), (64 << 30, 1));
}

#[test]
fn four_hundred_directories_deep_is_no_depth() {
    let dir = tempfile::tempdir().unwrap();
    let deep = vec!["dddddddd"; 400].join("/");
    write(dir.path(), format!("{deep}/f.rs"), "x");
    let scan = scan_tree(dir.path());
    assert_eq!(scan.files[0].path.text(), format!("{deep}/f.rs"));
}

/// What git tracks although a rule ignores it: files that were added by force. A scan follows the rules.
fn forced(root: &Path) -> Vec<Vec<u8>> {
    let listed = git(root, &["ls-files", "-z", "-c", "-i", "--exclude-per-directory=.gitignore"]);
    listed.split(|b| *b == 0).map(<[u8]>::to_vec).collect()
}

/// Compares whole trees: `SAWMILL_TREES` holds directories separated by `:`, each a git work tree.
#[test]
#[ignore = "SAWMILL_TREES=DIR:DIR cargo test --lib -- --ignored real_trees"]
fn real_trees_are_listed_as_git_lists_them() {
    let trees = std::env::var_os("SAWMILL_TREES").expect("SAWMILL_TREES names trees");
    for root in std::env::split_paths(&trees).collect::<Vec<PathBuf>>() {
        let (ours, mut theirs, forced) = (listed_by_us(&scan_tree(&root)), listed_by_git(&root), forced(&root));
        theirs.retain(|path| !forced.contains(path));
        let added = forced.iter().filter(|path| !path.is_empty()).map(|path| String::from_utf8_lossy(path));
        println!("{}: {} files, added by force: {:?}", root.display(), ours.len(), added.collect::<Vec<_>>());
        let only = |a: &[Vec<u8>], b: &[Vec<u8>]| {
            let only = a.iter().filter(|path| b.binary_search(path).is_err());
            only.map(|path| String::from_utf8_lossy(path).into_owned()).collect::<Vec<_>>()
        };
        assert_eq!((only(&ours, &theirs), only(&theirs, &ours)), (vec![], vec![]), "{}", root.display());
    }
}

/// Prints what a scan makes of `SAWMILL_CORPUS`; for hostile trees.
#[test]
#[ignore = "SAWMILL_CORPUS=DIR cargo test --lib -- --ignored a_hostile_tree --nocapture"]
fn a_hostile_tree_is_scanned_to_its_end() {
    let root = PathBuf::from(std::env::var_os("SAWMILL_CORPUS").expect("SAWMILL_CORPUS names a tree"));
    let scan = scan_tree(&root);
    for file in &scan.files {
        if let FileContent::Withheld(reason) = file.content {
            println!("withheld {:?}: {reason:?}", file.path);
        }
    }
    for notice in &scan.notices {
        println!("{notice:?}");
    }
    println!("{} files, {} read", scan.files.len(), scan.hashed);
    for inside in ["gitrepo", "gitrepo2", "barerepo", "."] {
        let told = crate::source::provenance(&crate::base::vfs::real::RealFs, &root.join(inside), true);
        println!("{inside}: {told:?}");
    }
}
