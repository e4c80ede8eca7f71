//! Speed and coverage on real trees, on request.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::base::{Cancel, Limits};
use crate::nodes::extract::decode;
use crate::nodes::extract::run::{Parse, rules_of};
use crate::nodes::extract::walk::Walk;

use super::room;

#[expect(clippy::disallowed_methods, reason = "a measurement needs to be told what to measure")]
fn root() -> PathBuf {
    std::env::var_os("SAWMILL_CORPUS").expect("SAWMILL_CORPUS names a directory").into()
}

/// Seconds that this thread has spent on a processor: what other work the machine has does not count. Linux only.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the kernel's account of this thread")]
pub(in crate::nodes) fn processor_seconds() -> f64 {
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds: u64 = account.split_whitespace().next().unwrap().parse().unwrap();
    nanoseconds as f64 / 1e9
}

/// The regular files under `SAWMILL_CORPUS` of at most `limit` bytes, sorted by path.
#[expect(clippy::disallowed_methods, reason = "a measurement reads a real tree, not one of the store")]
pub(super) fn corpus(limit: u64) -> Vec<(String, Vec<u8>)> {
    let root = root();
    let (mut files, mut directories) = (Vec::new(), vec![root.clone()]);
    while let Some(directory) = directories.pop() {
        let Ok(entries) = std::fs::read_dir(&directory) else { continue };
        for entry in entries.flatten() {
            let Ok(stat) = entry.metadata() else { continue };
            let path = entry.path();
            if stat.is_dir() {
                directories.push(path);
            } else if stat.is_file()
                && stat.len() <= limit
                && let Ok(bytes) = std::fs::read(&path)
            {
                let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned();
                files.push((name, bytes));
            }
        }
    }
    files.sort();
    files
}

fn language(path: &str) -> Option<&'static str> {
    let file = Path::new(path);
    let ending = file.extension().or(file.file_name())?.to_str()?;
    Some(match ending {
        "rs" => "rust",
        "py" => "python",
        "js" | "mjs" | "cjs" | "jsx" => "javascript",
        "ts" | "mts" | "cts" => "typescript",
        "tsx" => "tsx",
        "go" => "go",
        "java" => "java",
        "c" | "h" => "c",
        "cc" | "cpp" | "hpp" => "cpp",
        "rb" => "ruby",
        "sh" | "bash" => "bash",
        "json" => "json",
        "yaml" | "yml" => "yaml",
        "toml" => "toml",
        "md" => "markdown",
        "html" => "html",
        "css" => "css",
        "bzl" | "bazel" | "BUILD" | "star" => "starlark",
        "cmake" => "cmake",
        "txt" if path.ends_with("CMakeLists.txt") => "cmake",
        "Dockerfile" | "dockerfile" => "dockerfile",
        "elm" => "elm",
        "erl" | "hrl" => "erlang",
        "ex" | "exs" => "elixir",
        "fish" => "fish",
        "gleam" => "gleam",
        "graphql" | "gql" | "graphqls" => "graphql",
        "ini" | "cfg" | "conf" => "ini",
        "Makefile" | "makefile" | "GNUmakefile" | "mk" => "make",
        "nix" => "nix",
        "proto" => "protobuf",
        "sql" => "sql",
        "tf" | "hcl" | "tfvars" => "hcl",
        "xml" | "xsd" | "svg" => "xml",
        "zig" => "zig",
        "cs" => "csharp",
        "php" => "php",
        "kt" | "kts" => "kotlin",
        "swift" => "swift",
        "scala" => "scala",
        "dart" => "dart",
        "lua" => "lua",
        "R" | "r" => "r",
        "ps1" | "psm1" => "powershell",
        "sol" => "solidity",
        "lisp" | "asd" => "lisp",
        "scm" | "ss" | "sld" => "scheme",
        "rkt" => "racket",
        "pas" | "dpr" => "pascal",
        "adb" | "ads" => "ada",
        "gd" => "gdscript",
        "clj" | "cljs" | "cljc" => "clojure",
        "f90" | "F90" | "f" => "fortran",
        "pl" | "pm" | "t" => "perl",
        "jl" => "julia",
        "mli" => "ocaml-interface",
        "ml" => "ocaml",
        "hs" => "haskell",
        _ => return None,
    })
}

/// The least of three sums over all units, so that nothing pays for cold caches. The kernel's account moves in ticks: only
/// sums over many files mean something.
fn seconds<T>(units: &[Vec<T>], mut work: impl FnMut(&[T])) -> f64 {
    let mut once = || {
        let start = processor_seconds();
        for unit in units {
            work(unit);
        }
        processor_seconds() - start
    };
    once().min(once()).min(once())
}

/// `SAWMILL_CORPUS=… cargo test --release --lib -- --ignored measure_extract --nocapture`
#[test]
#[ignore = "SAWMILL_CORPUS=DIR cargo test --release --lib -- --ignored measure_extract --nocapture"]
fn measure_extract_against_bare_parse() {
    let (limits, cancel) = (Limits::default(), Cancel::new());
    let params = room::params(serde_json::json!({}));
    let mut by_language: BTreeMap<&str, Vec<Vec<u8>>> = BTreeMap::new();
    for (path, bytes) in corpus(limits.parse_bytes) {
        let text = decode::encoding(&bytes).is_parseable() && decode::lines(&bytes).longest <= limits.line_bytes;
        if let Some(language) = language(&path).filter(|_| text) {
            by_language.entry(language).or_default().push(bytes);
        }
    }
    println!("language      files       MB  parse s   walk s  extract s  ratio     rows");
    for (language, files) in by_language {
        let rules = rules_of(language).unwrap();
        let mut parse = Parse::new(&cancel);
        let bare = seconds(&files, |bytes| drop(parse.tree(rules, bytes, &[])));
        let walked = seconds(&files, |bytes| {
            let tree = parse.tree(rules, bytes, &[]).unwrap();
            Walk::new(rules, bytes, &limits).read(tree.root_node(), None);
        });
        // As the engine does: shards of 64 files.
        let slots: Vec<_> = files.iter().map(|bytes| room::slot("a/file/path.x", Some(language), bytes)).collect();
        let shards: Vec<Vec<_>> = slots.chunks(64).map(<[_]>::to_vec).collect();
        let mut rows = 0;
        let whole = seconds(&shards, |shard| rows += room::run(&params, &limits, shard).unwrap()[1].batch.len());
        let mb = files.iter().map(Vec::len).sum::<usize>() as f64 / 1e6;
        let (count, ratio, walk, rows) = (files.len(), whole / bare, walked - bare, rows / 3);
        println!("{language:<12} {count:>6} {mb:>8.2} {bare:>8.3} {walk:>8.3} {whole:>10.3} {ratio:>6.3} {rows:>8}");
    }
}

/// One line for each definition or section, to be compared with another program's:
/// `SAWMILL_CORPUS=… cargo test --lib -- --ignored list_definitions --nocapture`
#[test]
#[ignore = "SAWMILL_CORPUS=DIR cargo test --lib -- --ignored list_definitions --nocapture"]
fn list_definitions() {
    for (path, bytes) in corpus(4 << 20) {
        let Some(language) = language(&path) else { continue };
        let (files, outline) = room::rows(&[room::slot("file", Some(language), &bytes)]);
        println!("F\t{path}\t{language}\t{}\t{}", files[0].parse_status, bytes.len());
        for row in outline.iter().filter(|r| r.role != "reference") {
            let line = 1 + memchr::memchr_iter(b'\n', &bytes[..row.start_byte as usize]).count();
            println!("D\t{path}\t{language}\t{}\t{}\t{}\t{line}", row.kind, row.name, row.qualified_name);
        }
    }
}
