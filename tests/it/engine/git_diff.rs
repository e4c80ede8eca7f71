//! Events of files beside `git diff --name-status -M50%`, on real histories.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value};

use super::differences::{compute, rows_at};
use crate::workbench::Workbench;

fn git(dir: &Path, args: &[&str]) -> Vec<u8> {
    let out = Command::new("git").arg("-C").arg(dir).args(args).output().unwrap();
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

/// A change as git's letter and its paths.
type Change = (char, String, String);

/// What git says between two commits; similarity is left out.
fn told_by_git(root: &Path, from: &str, to: &str) -> BTreeSet<Change> {
    let text = git(root, &["diff", "--name-status", "-M50%", "-z", "--no-ext-diff", from, to]);
    let mut words = text.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned());
    let mut changes = BTreeSet::new();
    while let Some(letter) = words.next().and_then(|word| word.chars().next()) {
        let one = words.next().unwrap();
        let other = if letter == 'R' { words.next().unwrap() } else { one.clone() };
        changes.insert((letter, one, other));
    }
    changes
}

fn told_by_us(events: &[Map<String, Value>]) -> BTreeSet<Change> {
    let text = |event: &Map<String, Value>, key: &str| event.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    let change = |event: &Map<String, Value>| {
        let path = text(event, "path");
        match text(event, "event").as_str() {
            "file.added" => Some(('A', path.clone(), path)),
            "file.removed" => Some(('D', path.clone(), path)),
            "file.modified" => Some(('M', path.clone(), path)),
            "file.renamed" => Some(('R', text(event, "before_path"), path)),
            _ => None,
        }
    };
    events.iter().filter_map(change).collect()
}

/// Path → hash, and the paths of files without text.
fn files(bench: &Workbench, moment: &str) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let (mut hashes, mut opaque) = (BTreeMap::new(), BTreeSet::new());
    for row in rows_at(bench, moment, "files") {
        let path = row["path"].as_str().unwrap().to_owned();
        if row["encoding"] == "binary" || row["content_hash"].is_null() || row["skip_reason"].is_string() {
            opaque.insert(path.clone());
        }
        if let Some(hash) = row["content_hash"].as_str() {
            hashes.insert(path, hash.to_owned());
        }
    }
    (hashes, opaque)
}

/// What a history came to.
#[derive(Default)]
struct Compared {
    seen: usize,
    renames: usize,
    differences: usize,
    unexplained: Vec<String>,
}

/// Compares every step of a history up to `last`.
fn compare(history: &Path, last: &str, count: usize) -> Compared {
    let bench = Workbench::new(&["one"]);
    let root: PathBuf = bench.root("one");
    std::fs::remove_dir(&root).unwrap();
    git(
        bench.dir.path(),
        &["clone", "-q", "--shared", "--no-checkout", history.to_str().unwrap(), root.to_str().unwrap()],
    );
    let log = git(&root, &["rev-list", "--first-parent", &format!("--max-count={}", count + 1), last]);
    let mut commits: Vec<String> = String::from_utf8(log).unwrap().lines().map(str::to_owned).collect();
    commits.reverse();
    let mut found_of = Compared::default();
    for (at, commit) in commits.iter().enumerate() {
        git(&root, &["-c", "core.autocrlf=false", "checkout", "-q", "-f", "--detach", commit]);
        git(&root, &["clean", "-q", "-fdx"]);
        bench.build();
        let Some(before) = at.checked_sub(1).map(|at| &commits[at]) else { continue };
        let (theirs, found) = (told_by_git(&root, before, commit), compute(&bench, "previous", "latest"));
        let ours =
            if bench_moved(&bench) { told_by_us(found.diff.events.as_deref().unwrap()) } else { BTreeSet::new() };
        let ((old, old_opaque), (new, new_opaque)) = (files(&bench, "previous"), files(&bench, "latest"));
        let known = |path: &String| old.contains_key(path) || new.contains_key(path);
        let is_opaque = |path: &String| old_opaque.contains(path) || new_opaque.contains(path);
        found_of.seen += 1;
        found_of.renames += theirs.iter().filter(|(letter, ..)| *letter == 'R').count();
        for change in theirs.symmetric_difference(&ours) {
            found_of.differences += 1;
            let (letter, one, other) = change;
            let explained = !known(one)
                || !known(other)
                || is_opaque(one)
                || is_opaque(other)
                || (matches!(letter, 'M' | 'T') && old.get(one) == new.get(one));
            // The other half of a pair that the scan or the text of one side hides.
            let half = matches!(letter, 'A' | 'D')
                && theirs.union(&ours).any(|(l, a, b)| {
                    *l == 'R' && (a == one || b == one) && (!known(a) || !known(b) || is_opaque(a) || is_opaque(b))
                });
            if !explained && !half {
                found_of
                    .unexplained
                    .push(format!("{commit}: {change:?} ({})", if ours.contains(change) { "ours" } else { "git's" }));
            }
        }
    }
    found_of
}

/// A commit may change nothing that is scanned: then no generation came of it.
fn bench_moved(bench: &Workbench) -> bool {
    let known = std::fs::read_to_string(bench.dir.path().join("last")).unwrap_or_default();
    let now = bench.context().pinned().unwrap().generation().id.clone();
    std::fs::write(bench.dir.path().join("last"), &now).unwrap();
    known != now
}

#[test]
#[ignore = "SAWMILL_HISTORY=DIR:DIR cargo test --test it -- --ignored file_events_are_those_of_git_diff --nocapture"]
fn file_events_are_those_of_git_diff_over_a_real_history() {
    let histories = std::env::var("SAWMILL_HISTORY").unwrap();
    let count = std::env::var("SAWMILL_COMMITS").map_or(100, |count| count.parse().unwrap());
    for history in histories.split(':') {
        let (history, last) = history.split_once('@').unwrap_or((history, "HEAD"));
        let Compared { seen, renames, differences, unexplained } = compare(Path::new(history), last, count);
        println!(
            "{history}: {seen} steps, {renames} renames, {differences} differences, {} unexplained",
            unexplained.len()
        );
        assert_eq!(unexplained, Vec::<String>::new());
    }
}
