//! Claims about what is told of a path.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::*;
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::base::{Cancel, Limits, RelPath};
use crate::source::ScanRequest;

/// A request whose lists a test fills in.
#[derive(Debug, Default)]
pub(super) struct Ask {
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub languages: Vec<(String, String)>,
    pub never: Vec<PathBuf>,
    /// 40 bytes where it is not said.
    pub read_bytes: Option<u64>,
}

pub(super) fn with_request<T>(root: &Path, ask: &Ask, use_it: impl FnOnce(&ScanRequest<'_>) -> T) -> T {
    use_it(&ScanRequest {
        root,
        include: &ask.include,
        exclude: &ask.exclude,
        languages: &ask.languages,
        limits: &Limits { read_bytes: ask.read_bytes.unwrap_or(40), ..Limits::default() },
        never: &ask.never,
        threads: 1,
        cancel: &Cancel::new(),
    })
}

impl Ask {
    pub(super) fn of(&self, fs: &dyn Vfs, path: &[u8]) -> PathVerdict {
        let path = RelPath::from_bytes(path).unwrap();
        with_request(Path::new("/r"), self, |request| explain(fs, request, &path).unwrap())
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

/// The first sentence, which tells the fate.
fn fate(fs: &MemoryFs, ask: &Ask, path: &str) -> String {
    ask.of(fs, path.as_bytes()).sentences().swap_remove(0)
}

fn owned(list: &[&str]) -> Vec<String> {
    list.iter().map(|s| (*s).to_owned()).collect()
}

#[test]
fn the_deciding_line_of_an_ignore_file_is_named_with_the_directory_that_it_matched() {
    let fs = tree(&[
        ".gitignore=# built\n*.log\n\ntarget/\n!keep.log\r\n",
        "a.log",
        "keep.log",
        "x/target/deep/a.rs",
        "x/.gitignore=a.rs\n",
        "x/.sawmillignore=\n!a.rs\nb.rs",
        "x/a.rs",
        "x/b.rs",
    ]);
    let ask = Ask::default();
    assert_eq!(fate(&fs, &ask, "a.log"), "excluded by \"*.log\" in .gitignore:2");
    assert_eq!(fate(&fs, &ask, "keep.log"), "included by \"!keep.log\" in .gitignore:5");
    let above = "excluded by \"target/\" in .gitignore:4, which matches the directory `x/target`";
    assert_eq!(fate(&fs, &ask, "x/target/deep/a.rs"), above);
    assert_eq!(fate(&fs, &ask, "x/target"), "excluded by \"target/\" in .gitignore:4");
    assert_eq!(fate(&fs, &ask, "x/a.rs"), "included by \"!a.rs\" in x/.sawmillignore:2");
    assert_eq!(fate(&fs, &ask, "x/b.rs"), "excluded by \"b.rs\" in x/.sawmillignore:3");
    assert_eq!(fate(&fs, &ask, "x"), "a directory that scans enter: no rule excludes it");
    assert_eq!(fate(&fs, &ask, ".gitignore"), "included: no rule excludes it");
}

#[test]
fn the_deciding_pattern_of_the_repository_s_lists_is_named() {
    let fs = tree(&["src/a.rs", "src/gen/b.rs", "docs/c.md", "docs/d.md", "e.rs"]);
    let ask =
        Ask { include: owned(&["*.md", "src/", "!gen/"]), exclude: owned(&["docs/*", "!d.md"]), ..Ask::default() };
    let within = "included by \"src/\" in `include`, which matches the directory `src`";
    assert_eq!(fate(&fs, &ask, "src/a.rs"), within);
    let without = "excluded by \"!gen/\" in `include`, which matches the directory `src/gen`";
    assert_eq!(fate(&fs, &ask, "src/gen/b.rs"), without);
    assert_eq!(fate(&fs, &ask, "docs/c.md"), "excluded by \"docs/*\" in `exclude`");
    assert_eq!(fate(&fs, &ask, "docs/d.md"), "included by \"!d.md\" in `exclude`, and by \"*.md\" in `include`");
    assert_eq!(fate(&fs, &ask, "e.rs"), "excluded: no pattern of `include` matches it");
    let Fate::Excluded { by: Exclusion::Excluded { rule }, .. } = ask.of(&fs, b"docs/c.md").fate else { panic!() };
    assert_eq!(rule.source, RuleSource::Exclude { entry: 1 });
}

#[test]
fn what_no_scan_enters_is_told_by_name() {
    let fs = tree(&[".git/config", ".sawmill/HEAD", "cache/x", "mod/.git=gitdir: x", "mod/src/a", "locked/b", "d/f"]);
    for (target, link) in [("/etc", "etc"), ("d", "to_d")] {
        fs.symlink(Path::new(target), &Path::new("/r").join(link)).unwrap();
    }
    fs.set_unreadable("/r/locked", true).unwrap();
    let ask = Ask { never: vec!["/r/cache".into()], ..Ask::default() };
    for (path, at, by) in [
        (".git/config", ".git", Exclusion::Git),
        (".sawmill/HEAD", ".sawmill", Exclusion::State),
        ("cache/x", "cache", Exclusion::Store),
        ("mod/src/a", "mod", Exclusion::NestedRepository),
        ("locked/b", "locked", Exclusion::UnreadableDirectory),
        ("etc/passwd", "etc", Exclusion::Link),
        ("to_d", "to_d", Exclusion::Link),
    ] {
        let verdict = ask.of(&fs, path.as_bytes());
        assert_eq!(verdict.fate, Fate::Excluded { at: at.to_owned(), by }, "{path}");
        assert_eq!(verdict.sentences().len(), 1, "{:?}", verdict.sentences());
    }
    assert_eq!(ask.of(&fs, b"locked/b").notices.len(), 1);
}

#[test]
fn what_is_not_there_is_told_with_what_may_have_been_meant() {
    let fs = tree(&["src/main.rs", "src/Lib.rs", "caf\u{e9}.md"]);
    let ask = Ask::default();
    assert_eq!(fate(&fs, &ask, "src/mian.rs"), "not there: `src/mian.rs`; did you mean `src/main.rs`?");
    assert_eq!(fate(&fs, &ask, "scr/main.rs"), "not there: `scr`; did you mean `src`?");
    assert_eq!(fate(&fs, &ask, "src/lib.rs"), "not there: `src/lib.rs`; `src/Lib.rs` differs from it in letter case");
    let form = "not there: `cafe\u{301}.md`; `caf\u{e9}.md` has the same letters in another Unicode form";
    assert_eq!(fate(&fs, &ask, "cafe\u{301}.md"), form);
    let below = ask.of(&fs, b"src/main.rs/x").fate;
    assert_eq!(below, Fate::Absent { at: "src/main.rs/x".to_owned(), near: None });
    assert_eq!(fate(&fs, &ask, "elsewhere"), "not there: `elsewhere`");
}

#[test]
fn an_included_file_without_content_says_why() {
    let fs = tree(&[".env=KEY=1", "locked.rs", "run"]);
    fs.put("/r/long.rs", [b'x'; 41]).unwrap();
    fs.set_unreadable("/r/locked.rs", true).unwrap();
    let said = |path: &str| Ask::default().of(&fs, path.as_bytes()).sentences();
    assert_eq!(said(".env")[1], "its content is withheld: its name is one that secrets have");
    assert_eq!(said(".env")[2], "language none: its name names none, and its content is not read");
    assert_eq!(said("long.rs")[1], "its content is withheld: it has more than 40 bytes");
    assert_eq!(said("locked.rs")[1], "its content is withheld: it cannot be read");
    assert!(said("locked.rs")[5].starts_with("`locked.rs`: a file cannot be read"), "{:?}", said("locked.rs"));
    assert_eq!(Ask::default().of(&fs, b".env").content_hash, None);
}

#[test]
fn language_mode_and_role_say_what_told_them() {
    let fs = tree(&[
        "a.rs",
        "Makefile",
        "run=#!/usr/bin/env python3",
        "shape.h=class Shape;",
        "vim.rc=# vim: ft=ruby",
        "page=<?php",
        "README",
        "x.bin",
        "blob",
        "t.tpl",
        "tests/a_test.go",
        "a/b_test.go",
        "node_modules/x.js",
        "Cargo.lock",
        "test_x.py",
        "app.min.js",
        "TODO.md",
        "LICENSE-MIT",
    ]);
    let ask = Ask { languages: vec![("*.tpl".to_owned(), "html".to_owned())], ..Ask::default() };
    let told = |path: &str| ask.of(&fs, path.as_bytes()).sentences().split_off(1);
    assert_eq!(
        told("a.rs"),
        ["language rust: extension `.rs`", "mode code: that of rust", "role source: no rule knows another"]
    );
    assert_eq!(
        told("blob")[..2],
        [
            "language none: neither its name nor its content names one",
            "mode records: a file of no known language is data"
        ]
    );
    for (path, language) in [
        ("Makefile", "language make: the file name `Makefile`"),
        ("run", "language python: the program that its first line names"),
        ("shape.h", "language cpp: signs in its text; `.h` is an extension of several languages"),
        ("vim.rc", "language ruby: a line in it that tells an editor so"),
        ("page", "language php: the mark that its text begins with"),
        ("README", "language text: `README` is a name that texts have"),
        ("t.tpl", "language html: `*.tpl` in `languages: map:`"),
    ] {
        assert_eq!(told(path)[0], language);
    }
    assert!(told("x.bin")[0].starts_with("language none: no language has the extension `.bin`"));
    for (path, role) in [
        ("tests/a_test.go", "role test: a directory above it is called `tests`"),
        ("a/b_test.go", "role test: its name without the extension ends with `_test`"),
        ("node_modules/x.js", "role vendored: a directory above it is called `node_modules`"),
        ("Cargo.lock", "role generated: its name is `cargo.lock`"),
        ("test_x.py", "role test: its name starts with `test_`"),
        ("app.min.js", "role minified: its name ends with `.min.js`"),
        ("LICENSE-MIT", "role documentation: its name starts with `license`"),
    ] {
        assert_eq!(told(path)[2], role);
    }
}

#[test]
fn of_several_paths_with_one_text_the_very_bytes_are_told() {
    let fs = tree(&["a\\xFF.rs=named", "b\\xFF/c"]);
    for raw in [&b"/r/a\xff.rs"[..], b"/r/only\xfe/f.rs", b"/r/b\xff/c"] {
        fs.put(Path::new(OsStr::from_bytes(raw)), "bytes").unwrap();
    }
    let withheld = |path: &[u8]| match Ask::default().of(&fs, path).fate {
        Fate::Included { withheld, .. } => withheld,
        other => panic!("{other:?}"),
    };
    assert_eq!(withheld(b"a\\xFF.rs"), None);
    assert_eq!(withheld(b"a\xff.rs"), Some(Withheld::PathCollision));
    assert_eq!(withheld(b"b\xff/c"), Some(Withheld::PathCollision));
    // As the text of its row.
    assert_eq!(withheld(b"only\\xFE/f.rs"), None);
}

#[test]
fn only_what_is_on_the_way_is_looked_at() {
    use crate::base::vfs::fault::FaultFs;
    use std::sync::Arc;
    let fs = FaultFs::new(Arc::new(tree(&["a/b/c.rs", "a/b/other.rs", "a/x/y.rs", ".gitignore=x", "z/.gitignore=x"])));
    Ask::default().of(&fs, b"a/b/c.rs");
    let mut asked: Vec<String> =
        fs.operations().iter().map(|op| format!("{} {}", op.name, op.path.display())).collect();
    asked.retain(|op| !op.starts_with("stat ") && !op.starts_with("canonicalize "));
    let listed = ["list_stat /r", "read_beneath /r/.gitignore", "list_stat /r/a", "list_stat /r/a/b"];
    assert_eq!(asked[..4], listed);
    assert_eq!(asked[4..], ["read_beneath /r/a/b/c.rs"]);
}
