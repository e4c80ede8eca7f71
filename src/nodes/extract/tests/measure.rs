//! Speed and coverage on real trees, on request.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::base::{Cancel, Limits};
use crate::nodes::extract::decode;
use crate::nodes::extract::run::{Parse, rules_of};

use super::room;

#[expect(clippy::disallowed_methods, reason = "a measurement needs to be told what to measure")]
fn root() -> PathBuf {
    std::env::var_os("SAWMILL_CORPUS").expect("SAWMILL_CORPUS names a directory").into()
}

/// Seconds that this thread has spent on a processor: what other work the machine has does not count. Linux only.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the kernel's account of this thread")]
pub(super) fn processor_seconds() -> f64 {
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
    let ending = Path::new(path).extension()?.to_str()?;
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
        _ => return None,
    })
}

/// `SAWMILL_CORPUS=… cargo test --release --lib -- --ignored measure_extract --nocapture`
#[test]
#[ignore = "a measurement: needs a release build and a corpus"]
fn measure_extract_against_bare_parse() {
    let (limits, cancel) = (Limits::default(), Cancel::new());
    let mut by_language: BTreeMap<&str, [f64; 5]> = BTreeMap::new();
    let params = room::params(serde_json::json!({}));
    for (path, bytes) in corpus(limits.parse_bytes) {
        let Some(language) = language(&path) else { continue };
        if !decode::encoding(&bytes).is_parseable() || decode::lines(&bytes).longest > limits.line_bytes {
            continue;
        }
        let rules = rules_of(language).unwrap();
        let slot = [room::slot("file", Some(language), &bytes)];
        let bare = || {
            let start = processor_seconds();
            let tree = Parse::new(&cancel).tree(rules, &bytes, None);
            let seconds = processor_seconds() - start;
            (seconds, tree)
        };
        let whole = || {
            let start = processor_seconds();
            let outputs = room::run(&params, &limits, &slot).unwrap();
            let seconds = processor_seconds() - start;
            (seconds, outputs[1].batch.len())
        };
        // The better of two, so that neither pays for cold caches.
        let (bare_seconds, whole_seconds, rows) = (bare().0.min(bare().0), whole().0.min(whole().0), whole().1);
        let sums = by_language.entry(language).or_default();
        for (sum, value) in sums.iter_mut().zip([1.0, bytes.len() as f64, bare_seconds, whole_seconds, rows as f64]) {
            *sum += value;
        }
    }
    println!("language      files       MB   parse s  extract s  ratio     rows  MB/s");
    for (language, [files, bytes, bare, whole, rows]) in by_language {
        let (mb, ratio) = (bytes / 1e6, whole / bare);
        println!(
            "{language:<12} {files:>6} {mb:>8.2} {bare:>9.3} {whole:>10.3} {ratio:>6.3} {rows:>8} {:>5.2}",
            mb / whole
        );
    }
}

/// One line for each definition or section, to be compared with another program's:
/// `SAWMILL_CORPUS=… cargo test --lib -- --ignored list_definitions --nocapture`
#[test]
#[ignore = "a listing for comparison with other programs"]
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
