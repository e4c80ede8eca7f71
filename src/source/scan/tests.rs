use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustix::io::Errno;

use super::*;
use crate::base::vfs::Vfs;
use crate::base::vfs::fault::{Failure, Fault, FaultFs};
use crate::base::vfs::memory::MemoryFs;
use crate::base::{Cancel, Digest, Limits, Mode, SkipReason, Tier, Timestamp};
use crate::source::{FileContent, Scan, ScanRequest, SourceFile, StatCache};

/// A request whose lists a test fills in.
struct Ask {
    root: PathBuf,
    include: Vec<String>,
    exclude: Vec<String>,
    languages: Vec<(String, String)>,
    never: Vec<PathBuf>,
    limits: Limits,
    threads: usize,
    cancel: Cancel,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            root: PathBuf::from("/r"),
            include: Vec::new(),
            exclude: Vec::new(),
            languages: Vec::new(),
            never: Vec::new(),
            limits: Limits { read_bytes: 100, ..Limits::default() },
            threads: 1,
            cancel: Cancel::new(),
        }
    }
}

impl Ask {
    fn with(&self, fs: &dyn Vfs, cache: &StatCache, now: Timestamp) -> Result<(Scan, StatCache), SourceError> {
        let request = ScanRequest {
            root: &self.root,
            include: &self.include,
            exclude: &self.exclude,
            languages: &self.languages,
            limits: &self.limits,
            never: &self.never,
            threads: self.threads,
            cancel: &self.cancel,
        };
        scan(fs, &request, cache, now)
    }

    fn of(&self, fs: &dyn Vfs) -> Result<Scan, SourceError> {
        self.with(fs, &StatCache::default(), Timestamp(0)).map(|(scan, _)| scan)
    }
}

fn tree(files: &[&str]) -> MemoryFs {
    let fs = MemoryFs::new();
    for file in files {
        let (path, text) = file.split_once('=').unwrap_or((file, ""));
        fs.put(format!("/r/{path}"), text).unwrap();
    }
    fs
}

fn paths(scan: &Scan) -> Vec<&str> {
    scan.files.iter().map(|f| f.path.text()).collect()
}

fn codes(scan: &Scan) -> Vec<(&str, &str)> {
    scan.notices.iter().map(|n| (n.code.strip_prefix("sawmill::source::").unwrap(), n.path.as_str())).collect()
}

fn file<'a>(scan: &'a Scan, path: &str) -> &'a SourceFile {
    scan.files.iter().find(|f| f.path.text() == path).unwrap()
}

fn withheld(scan: &Scan, path: &str) -> Option<SkipReason> {
    match file(scan, path).content {
        FileContent::Withheld(reason) => Some(reason),
        FileContent::Hash(_) => None,
    }
}

#[test]
fn a_file_is_told_with_its_hash_language_mode_and_role() {
    let scan = Ask::default().of(&tree(&["src/a.rs=fn a() {}", "run=#!/bin/sh\n", "README=hi", "x.bin=??"])).unwrap();
    let a = file(&scan, "src/a.rs");
    assert_eq!(a.content, FileContent::Hash(Digest::of(b"fn a() {}")));
    assert_eq!((a.size, a.language.as_deref(), a.mode, &*a.role), (9, Some("rust"), Mode::Code, "source"));
    assert_eq!(file(&scan, "run").language.as_deref(), Some("bash"));
    assert_eq!((file(&scan, "README").mode, &*file(&scan, "README").role), (Mode::Prose, "documentation"));
    assert_eq!((file(&scan, "x.bin").language.as_deref(), file(&scan, "x.bin").mode), (None, Mode::Records));
    assert_eq!((scan.hashed, scan.bytes), (4, 9 + 10 + 2 + 2));
}

#[test]
fn ignore_files_of_every_level_hold_beneath_them() {
    let scan = Ask::default()
        .of(&tree(&[
            ".gitignore=*.log\nbuild/\n/only\n",
            "a.log",
            "keep",
            "only",
            "sub/only",
            "build/x",
            "sub/build/y",
            "file/build",
            "sub/.gitignore=!a.log\nkeep\n",
            "sub/a.log",
            "sub/b.log",
            "sub/keep",
            "sub/deep/a.log",
            "ours/.gitignore=*.txt\n",
            "ours/.sawmillignore=!b.txt\nc\n",
            "ours/a.txt",
            "ours/b.txt",
            "ours/c",
            // Nothing looks beneath an ignored directory, so this cannot bring `build/x` back.
            "build/.gitignore=!x\n",
        ]))
        .unwrap();
    let expected = ".gitignore file/build keep ours/.gitignore ours/.sawmillignore ours/b.txt \
                    sub/.gitignore sub/a.log sub/deep/a.log sub/only";
    assert_eq!(paths(&scan), expected.split_whitespace().collect::<Vec<_>>());
    assert_eq!(codes(&scan), []);
}

#[test]
fn include_narrows_and_exclude_wins() {
    let fs = tree(&["src/a.rs", "src/a.py", "src/gen/b.rs", "docs/c.rs", "docs/d.md", "t.rs"]);
    let ask = |include: &[&str], exclude: &[&str]| {
        let own = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        let ask = Ask { include: own(include), exclude: own(exclude), ..Ask::default() };
        paths(&ask.of(&fs).unwrap()).join(" ")
    };
    assert_eq!(ask(&["*.rs"], &[]), "docs/c.rs src/a.rs src/gen/b.rs t.rs");
    assert_eq!(ask(&["*.rs"], &["src/gen/"]), "docs/c.rs src/a.rs t.rs");
    assert_eq!(ask(&["src/", "!src/gen/"], &[]), "src/a.py src/a.rs");
    assert_eq!(ask(&["/docs"], &["*.md", "!d.md"]), "docs/c.rs docs/d.md");
    assert_eq!(ask(&[], &["*.rs"]), "docs/d.md src/a.py");
}

#[test]
fn what_is_never_entered_leaves_no_trace() {
    let fs = tree(&[
        ".git/config",
        "a/.git=file",
        "b/x",
        ".sawmill/HEAD.json",
        "deep/.sawmill/y",
        "cache/z",
        "deep/cache/kept",
    ]);
    fs.remove_dir_all(Path::new("/r/a")).unwrap();
    fs.put("/r/.gitx", "").unwrap();
    let ask = Ask { never: vec!["/r/cache".into(), "/r".into(), "/".into(), "/elsewhere".into()], ..Ask::default() };
    let scan = ask.of(&fs).unwrap();
    assert_eq!(paths(&scan), [".gitx", "b/x", "deep/cache/kept"]);
    assert_eq!(codes(&scan), []);
}

#[test]
fn a_directory_that_is_never_entered_is_known_by_any_of_its_names() {
    let fs = tree(&["cache/z", "a"]);
    fs.symlink(Path::new("/r"), Path::new("/link")).unwrap();
    for (root, never) in [("/link", "/r/cache"), ("/r", "/link/cache"), ("/link", "/link/cache")] {
        let ask = Ask { root: root.into(), never: vec![never.into()], ..Ask::default() };
        assert_eq!(paths(&ask.of(&fs).unwrap()), ["a"], "{root} {never}");
    }
}

#[test]
fn a_repository_inside_the_repository_is_told_and_not_entered() {
    let scan = Ask::default().of(&tree(&["a", "sub/.git/HEAD", "sub/b", "mod/.git=gitdir: x", "mod/c"])).unwrap();
    assert_eq!(paths(&scan), ["a"]);
    assert_eq!(codes(&scan), [("nested_repository", "mod"), ("nested_repository", "sub")]);
}

#[test]
fn links_are_not_followed_and_leave_no_row() {
    let fs = tree(&["a", "d/b"]);
    for (target, link) in [("/etc/passwd", "passwd"), (".", "self"), ("a", "to_a"), ("nowhere", "dangling")] {
        fs.symlink(Path::new(target), &Path::new("/r").join(link)).unwrap();
    }
    fs.symlink(Path::new("/r/d/b"), Path::new("/r/d/.gitignore")).unwrap();
    assert_eq!(paths(&Ask::default().of(&fs).unwrap()), ["a", "d/b"]);
}

#[test]
fn a_file_that_must_not_or_cannot_be_read_is_a_row_without_content() {
    let fs = tree(&[".env=KEY=1", "k/id_rsa=x", ".env.example=KEY=", "locked=x", "short=abc"]);
    fs.put("/r/long", [b'x'; 101]).unwrap();
    fs.put("/r/limit", [b'x'; 100]).unwrap();
    fs.set_unreadable("/r/locked", true).unwrap();
    let fs = FaultFs::new(Arc::new(fs));
    let scan = Ask::default().of(&fs).unwrap();
    let found: Vec<_> =
        scan.files.iter().filter_map(|f| Some((f.path.text(), withheld(&scan, f.path.text())?))).collect();
    let expected = [
        (".env", SkipReason::Secret),
        ("k/id_rsa", SkipReason::Secret),
        ("locked", SkipReason::Unreadable),
        ("long", SkipReason::TooLarge),
    ];
    assert_eq!(found, expected);
    assert_eq!((file(&scan, "long").size, scan.hashed), (101, 3));
    let asked = fs.operations();
    let was_read = |name: &str| asked.iter().any(|op| op.name == "read_beneath" && op.path.ends_with(name));
    assert!(was_read("short") && !was_read(".env") && !was_read("id_rsa") && !was_read("long"));
}

#[test]
fn of_two_paths_with_one_text_the_second_has_no_content() {
    let fs = tree(&["a\\xFF.rs=named", "a\\xFE.rs"]);
    fs.put(Path::new("/r").join(OsStr::from_bytes(b"a\xff.rs")), "bytes").unwrap();
    let scan = Ask::default().of(&fs).unwrap();
    assert_eq!(paths(&scan), ["a\\xFE.rs", "a\\xFF.rs", "a\\xFF.rs"]);
    assert_eq!(scan.files[1].content, FileContent::Hash(Digest::of(b"named")));
    assert_eq!(scan.files[2].path.as_bytes(), b"a\xff.rs");
    assert_eq!(scan.files[2].content, FileContent::Withheld(SkipReason::PathCollision));
}

#[test]
fn neither_threads_nor_the_order_of_listings_show() {
    let names = (0..700).map(|i| format!("d{}/e{}/f{i}.rs={i}", i % 7, i % 31));
    let files: Vec<String> = names.chain(["d1/.gitignore=*7.rs".into(), "d2/n/.git/x".into()]).collect();
    let fs = tree(&files.iter().map(String::as_str).collect::<Vec<_>>());
    let (plain, cache) = Ask::default().with(&fs, &StatCache::default(), fs.now()).unwrap();
    assert!(plain.files.is_sorted_by(|a, b| a.path < b.path));
    for (threads, seed) in [(2, None), (8, Some(1)), (3, Some(2)), (1, Some(3))] {
        fs.shuffle_listings(seed);
        let (again, other) = Ask { threads, ..Ask::default() }.with(&fs, &StatCache::default(), fs.now()).unwrap();
        assert_eq!((&again.files, &again.notices), (&plain.files, &plain.notices));
        assert_eq!(other, cache);
    }
}

#[test]
fn a_deep_tree_and_long_names_are_walked_without_recursion() {
    let fs = MemoryFs::new();
    let deep = vec!["d"; 1500].join("/");
    fs.put(format!("/r/{deep}/{}", "n".repeat(255)), "x").unwrap();
    fs.put("/r/new\nline\x1b[31m.rs", "x").unwrap();
    let scan = Ask { threads: 4, ..Ask::default() }.of(&fs).unwrap();
    assert_eq!(paths(&scan), [format!("{deep}/{}", "n".repeat(255)).as_str(), "new\nline\x1b[31m.rs"]);
}

#[test]
fn an_unreadable_directory_is_told_and_the_rest_stands() {
    let fs = tree(&["a", "locked/b", "sub/.gitignore=c", "sub/c"]);
    fs.set_unreadable("/r/locked", true).unwrap();
    fs.set_unreadable("/r/sub/.gitignore", true).unwrap();
    let scan = Ask::default().of(&fs).unwrap();
    assert_eq!(paths(&scan), ["a", "sub/.gitignore", "sub/c"]);
    let locked = ("unreadable_directory", "locked");
    // The file has no content, and its rules do not hold: two things to know.
    let (file, rules) = (("unreadable_file", "sub/.gitignore"), ("unreadable_ignore_file", "sub/.gitignore"));
    assert_eq!(codes(&scan), [locked, file, rules]);
}

#[test]
fn an_empty_repository_is_fine_and_told() {
    let fs = MemoryFs::new();
    fs.create_dir_all(Path::new("/r/empty/dirs")).unwrap();
    let scan = Ask::default().of(&fs).unwrap();
    assert_eq!((scan.files.len(), codes(&scan)), (0, vec![("empty_repository", "")]));
    fs.put("/r/a", "").unwrap();
    let narrowed = Ask { include: vec!["*.rs".into()], ..Ask::default() }.of(&fs).unwrap();
    assert!(narrowed.notices[0].message.contains("`include`"));
}

#[test]
fn a_root_that_is_no_readable_directory_is_an_error_with_a_place_and_a_next_step() {
    let fs = tree(&["file", "locked/x"]);
    fs.set_unreadable("/r/locked", true).unwrap();
    fs.symlink(Path::new("loop"), Path::new("/r/loop")).unwrap();
    for (root, code, tier) in [
        ("/r/none", "root_missing", Tier::User),
        ("/r/file", "root_not_a_directory", Tier::User),
        ("/r/file/x", "root_not_a_directory", Tier::User),
        ("/r/loop", "root_loop", Tier::User),
        ("/r/locked", "root_unreadable", Tier::Environment),
    ] {
        let error = Ask { root: root.into(), ..Ask::default() }.of(&fs).unwrap_err();
        let told = miette::Diagnostic::code(&error).unwrap().to_string();
        assert_eq!((told, error.tier()), (format!("sawmill::source::{code}"), tier), "{root}");
        assert!(error.to_string().contains(root) && miette::Diagnostic::help(&error).is_some(), "{error}");
    }
}

#[test]
fn rules_and_languages_that_mean_nothing_are_refused() {
    let fs = tree(&["a"]);
    let bad = Ask { exclude: vec!["[a".into()], ..Ask::default() }.of(&fs).unwrap_err();
    assert_eq!(bad.to_string(), "\"[a\" in `exclude` can match nothing");
    let bad = Ask { languages: vec![("*.x".into(), "rusty".into())], ..Ask::default() }.of(&fs).unwrap_err();
    assert_eq!(miette::Diagnostic::help(&bad).unwrap().to_string(), "did you mean `rust`?");
    let bad = Ask { languages: vec![("!*.x".into(), "rust".into())], ..Ask::default() }.of(&fs).unwrap_err();
    assert!(matches!(bad, SourceError::BadLanguageGlob { .. }));
    let good = Ask { languages: vec![("a".into(), "rust".into())], ..Ask::default() }.of(&fs).unwrap();
    assert_eq!(file(&good, "a").language.as_deref(), Some("rust"));
}

#[test]
fn a_cancelled_scan_says_so() {
    let ask = Ask::default();
    ask.cancel.cancel();
    assert!(matches!(ask.of(&tree(&["a"])), Err(SourceError::Cancelled(_))));
}

mod remembering {
    use super::*;

    const A_WHILE: Duration = Duration::from_secs(10);

    fn settled(fs: &MemoryFs) -> StatCache {
        fs.advance(A_WHILE);
        let (_, cache) = Ask::default().with(fs, &StatCache::default(), fs.now()).unwrap();
        fs.advance(A_WHILE);
        StatCache::decode(&cache.encode()).unwrap()
    }

    fn again(fs: &MemoryFs, cache: &StatCache) -> Scan {
        let (scan, _) = Ask::default().with(fs, cache, fs.now()).unwrap();
        let clean = Ask::default().of(fs).unwrap();
        assert_eq!(scan.files, clean.files, "the cache changes no result");
        scan
    }

    #[test]
    fn what_did_not_change_is_not_read_again() {
        let fs = tree(&["a=1", "b/c=2", "run=#!/bin/sh\n", ".gitignore=x\n", ".env=s", "b/x"]);
        let cache = settled(&fs);
        assert_eq!(again(&fs, &cache).hashed, 0);
        assert_eq!(
            again(&fs, &cache).files.iter().find(|f| f.path.text() == "run").unwrap().language.as_deref(),
            Some("bash")
        );
        fs.put("/r/b/c", "3").unwrap();
        fs.put("/r/new", "4").unwrap();
        fs.remove_file(Path::new("/r/a")).unwrap();
        assert_eq!(again(&fs, &cache).hashed, 2);
    }

    #[test]
    fn an_edit_that_keeps_size_and_mtime_is_seen() {
        let fs = tree(&["a=one"]);
        let mtime = fs.stat(Path::new("/r/a")).unwrap().mtime;
        let cache = settled(&fs);
        fs.put("/r/a", "two").unwrap();
        fs.set_mtime("/r/a", mtime).unwrap();
        let scan = again(&fs, &cache);
        assert_eq!(file(&scan, "a").content, FileContent::Hash(Digest::of(b"two")));
    }

    #[test]
    fn a_file_written_just_before_a_scan_is_read_again_by_the_next_and_then_believed() {
        let fs = tree(&["a=one"]);
        let (first, cache) = Ask::default().with(&fs, &StatCache::default(), fs.now()).unwrap();
        fs.advance(A_WHILE);
        let (second, cache) = Ask::default().with(&fs, &cache, fs.now()).unwrap();
        let (third, _) = Ask::default().with(&fs, &cache, fs.now()).unwrap();
        assert_eq!((first.hashed, second.hashed, third.hashed), (1, 1, 0));
    }

    #[test]
    fn an_ignore_file_or_limit_that_changed_holds_at_once() {
        let fs = tree(&["a=12345", "b", ".gitignore=b\n"]);
        let cache = settled(&fs);
        fs.put("/r/.gitignore", "").unwrap();
        assert_eq!(paths(&again(&fs, &cache)), [".gitignore", "a", "b"]);
        let limits = Limits { read_bytes: 4, ..Limits::default() };
        let (small, _) = Ask { limits, ..Ask::default() }.with(&fs, &cache, fs.now()).unwrap();
        assert_eq!(withheld(&small, "a"), Some(SkipReason::TooLarge));
    }
}

mod failing {
    use super::*;

    /// The scan of a small tree with one operation failing. The tree: one file, one ignore file, one directory.
    fn scan_with(name: &str, path: &str, errno: Errno) -> Result<Scan, SourceError> {
        let fs = FaultFs::new(Arc::new(tree(&["a=1", "sub/b=2", "sub/.gitignore=none"])));
        Ask::default().of(&fs).unwrap();
        let wanted = |op: &crate::base::vfs::fault::Operation| op.name == name && op.path.ends_with(path);
        let at = fs.operations().iter().position(wanted).expect("the operation happens");
        fs.arm(Some(Fault { at, mutating: false, lasting: false, failure: Failure::Errno(errno) }));
        Ask::default().of(&fs)
    }

    #[test]
    fn what_vanishes_or_becomes_a_link_before_it_is_read_is_left_out() {
        for errno in [Errno::NOENT, Errno::LOOP, Errno::NOTDIR] {
            let scan = scan_with("read_beneath", "a", errno).unwrap();
            assert_eq!((paths(&scan), codes(&scan)), (vec!["sub/.gitignore", "sub/b"], vec![]));
            let scan = scan_with("list_stat", "sub", errno).unwrap();
            assert_eq!((paths(&scan), codes(&scan)), (vec!["a"], vec![]));
        }
    }

    #[test]
    fn a_bad_disk_costs_one_file_or_directory_and_is_told() {
        let scan = scan_with("read_beneath", "a", Errno::IO).unwrap();
        assert_eq!(
            (withheld(&scan, "a"), codes(&scan)),
            (Some(SkipReason::Unreadable), vec![("unreadable_file", "a")])
        );
        let scan = scan_with("list_stat", "sub", Errno::IO).unwrap();
        assert_eq!((paths(&scan), codes(&scan)), (vec!["a"], vec![("unreadable_directory", "sub")]));
        let scan = scan_with("list_stat", "sub", Errno::NAMETOOLONG).unwrap();
        assert_eq!(codes(&scan), [("path_too_long", "sub")]);
        let scan = scan_with("read_beneath", ".gitignore", Errno::IO).unwrap();
        assert_eq!(codes(&scan), [("unreadable_ignore_file", "sub/.gitignore")]);
    }

    #[test]
    fn a_system_without_resources_stops_the_scan_and_becomes_no_fact() {
        for (name, path) in [("read_beneath", "a"), ("read_beneath", ".gitignore"), ("list_stat", "sub")] {
            let error = scan_with(name, path, Errno::MFILE).unwrap_err();
            assert!(matches!(error, SourceError::Exhausted { .. }), "{name} {path}: {error}");
            assert_eq!(error.tier(), Tier::Environment);
        }
    }
}
