//! `failures` and `history` as operations: HEAD says what fails, the ledger what stood around it.

use std::path::{Path, PathBuf};

use sawmill::ops::failures::{FailuresReport, FailuresRequest, FileAsked};
use sawmill::ops::history::{HistoryReport, HistoryRequest};
use sawmill::ops::{OpsError, failures, history};

use super::doubles::{PANICS, kinds_with};
use crate::workbench::{Workbench, plant};

const BROKEN: &str = "fn one() {}\n\nfn two() {}\n// four\n// five\n// six\n    fn ( {\n// eight\n";

fn asked(bench: &Workbench, text: &str) -> FileAsked {
    FileAsked { text: text.to_owned(), from: bench.dir.path().to_owned(), repos: Vec::new() }
}

fn all(bench: &Workbench) -> FailuresReport {
    failures::run(&bench.context(), &FailuresRequest::default()).unwrap()
}

fn one(bench: &Workbench, text: &str, past: bool) -> Result<FailuresReport, OpsError> {
    let request = FailuresRequest { file: Some(asked(bench, text)), all: past, ..FailuresRequest::default() };
    failures::run(&bench.context(), &request)
}

fn save(bench: &Workbench, text: &str, dir: &Path) -> Result<FailuresReport, OpsError> {
    let (file, save_case) = (Some(asked(bench, text)), Some(dir.to_owned()));
    failures::run(&bench.context(), &FailuresRequest { file, save_case, ..FailuresRequest::default() })
}

fn told(bench: &Workbench, text: &str) -> Result<HistoryReport, OpsError> {
    history::run(&bench.context(), &HistoryRequest { file: asked(bench, text), node: None })
}

fn code(error: &OpsError) -> String {
    miette::Diagnostic::code(error).unwrap().to_string()
}

fn help(error: &OpsError) -> String {
    miette::Diagnostic::help(error).unwrap().to_string()
}

fn broken(repos: &[&str]) -> Workbench {
    let bench = Workbench::new(repos);
    plant(&bench, "one", 10);
    bench.write("one", "src/broken.rs", BROKEN);
    bench.build();
    bench
}

#[test]
fn what_fails_is_listed_and_a_file_is_told_in_full() {
    let bench = broken(&["one"]);
    let list = all(&bench);
    let [seen] = &list.failures[..] else { panic!("{list:?}") };
    assert_eq!((list.now, seen.path.as_deref(), seen.line, seen.now), (1, Some("src/broken.rs"), Some(7), true));
    assert_eq!((seen.first_run, seen.context.as_ref()), (Some(1), None));
    for text in ["one/src/broken.rs", "./one/src/broken.rs", "one:src/broken.rs", "src/broken.rs"] {
        let report = one(&bench, text, false).unwrap();
        let [seen] = &report.failures[..] else { panic!("{report:?}") };
        let context = seen.context.as_ref().unwrap();
        assert_eq!((context.from.as_str(), context.text.as_str(), seen.column), ("ledger", "    fn ( {", Some(5)));
        assert_eq!((seen.kind.as_deref(), seen.error_type.as_str()), (Some("extract"), "syntax"));
    }
}

#[test]
fn what_is_mended_fails_no_more_and_is_remembered() {
    let bench = broken(&["one"]);
    bench.write("one", "src/broken.rs", "fn mended() {}\n");
    bench.build();
    assert_eq!((all(&bench).now, all(&bench).failures), (0, Vec::new()));
    assert_eq!(one(&bench, "one:src/broken.rs", false).unwrap().failures, []);
    let past = one(&bench, "one:src/broken.rs", true).unwrap();
    let [seen] = &past.failures[..] else { panic!("{past:?}") };
    assert_eq!((past.now, seen.now, seen.context.as_ref().unwrap().text.as_str()), (0, false, "    fn ( {"));
    let listed = failures::run(&bench.context(), &FailuresRequest { all: true, ..FailuresRequest::default() }).unwrap();
    assert_eq!(listed.failures.len(), 1);
}

#[test]
fn without_a_ledger_the_lines_come_from_the_tree_while_it_has_that_content() {
    let bench = broken(&["one"]);
    std::fs::remove_dir_all(bench.dir.path().join(".sawmill/ledger")).unwrap();
    let report = one(&bench, "one:src/broken.rs", false).unwrap();
    let context = report.failures[0].context.as_ref().unwrap();
    assert_eq!((context.from.as_str(), context.before.len(), context.text.as_str()), ("tree", 5, "    fn ( {"));
    assert_eq!((report.failures[0].column, report.failures[0].first_run), (Some(5), None));
    bench.write("one", "src/broken.rs", "fn other( {}\n");
    let seen = &one(&bench, "one:src/broken.rs", false).unwrap().failures[0];
    assert_eq!(seen.context, None);
    assert!(seen.no_context.as_ref().unwrap().contains("working tree has another"), "{seen:?}");
}

#[test]
fn a_repository_that_fails_is_listed_before_its_files_with_the_node_that_failed() {
    let mut bench = broken(&["one", "two"]);
    bench.kinds = Some(kinds_with(&PANICS));
    bench.write("one", "bad.rs", "fn bad() {}\n");
    bench.try_build().unwrap();
    let list = all(&bench);
    let [repo, file] = &list.failures[..] else { panic!("{list:?}") };
    assert_eq!((repo.path.as_ref(), repo.node.as_deref(), repo.class.as_str()), (None, Some("extract"), "bug"));
    assert!(repo.message.contains("index out of range"), "{repo:?}");
    assert_eq!(file.path.as_deref(), Some("src/broken.rs"));
    assert_eq!(list.stale.len(), 1);
}

#[test]
fn a_workspace_whose_only_build_failed_tells_why() {
    let mut bench = Workbench::new(&["one"]);
    assert_eq!((all(&bench).generation, all(&bench).failures), (None, Vec::new()));
    bench.kinds = Some(kinds_with(&PANICS));
    bench.write("one", "bad.rs", "fn bad() {}\n");
    // Nothing could be promoted.
    assert!(bench.try_build().is_err());
    let list = all(&bench);
    let [repo] = &list.failures[..] else { panic!("{list:?}") };
    assert_eq!((repo.error_type.as_str(), repo.now), ("sawmill::engine::panic", true));
}

#[test]
fn a_case_is_the_input_and_what_is_known_of_it_and_nothing_of_the_machine() {
    let bench = broken(&["one"]);
    let dir = bench.dir.path().join("cases");
    let saved = save(&bench, "one:src/broken.rs", &dir).unwrap().saved.unwrap();
    assert!(saved.name.starts_with("src-broken.rs-"), "{}", saved.name);
    assert_eq!(saved.written, ["input.rs", "failure.json"]);
    let place = dir.join(&saved.name);
    assert_eq!(std::fs::read_to_string(place.join("input.rs")).unwrap(), BROKEN);
    let words = std::fs::read_to_string(place.join("failure.json")).unwrap();
    let known: serde_json::Value = serde_json::from_str(&words).unwrap();
    assert_eq!((known["status"].as_str(), known["language"].as_str()), (Some("partial"), Some("rust")));
    assert_eq!((known["lines"][0].as_i64(), known["definition"].as_str().map(str::len)), (Some(7), Some(12)));
    assert!(known["made_by"].as_str().unwrap().starts_with("extract@"));
    assert!(!words.contains(bench.dir.path().to_str().unwrap()), "{words}");
    // Again: nothing is written, and nothing of another content is overwritten.
    assert_eq!(save(&bench, "one:src/broken.rs", &dir).unwrap().saved.unwrap().written, Vec::<String>::new());
    std::fs::write(place.join("input.rs"), "mine").unwrap();
    let error = save(&bench, "one:src/broken.rs", &dir).unwrap_err();
    assert_eq!(code(&error), "sawmill::failures::case_exists");
    assert_eq!(std::fs::read_to_string(place.join("input.rs")).unwrap(), "mine");
}

#[test]
fn a_case_of_a_file_that_has_changed_needs_the_whole_file_in_the_ledger() {
    let bench = broken(&["one"]);
    bench.write("one", "src/long.rs", BROKEN.repeat(40));
    bench.build();
    let dir = bench.dir.path().join("cases");
    for path in ["src/broken.rs", "src/long.rs"] {
        bench.write("one", path, "fn other() {}\n");
    }
    let saved = save(&bench, "one:src/broken.rs", &dir).unwrap().saved.unwrap();
    assert_eq!(std::fs::read_to_string(dir.join(&saved.name).join("input.rs")).unwrap(), BROKEN);
    assert_eq!(code(&save(&bench, "one:src/long.rs", &dir).unwrap_err()), "sawmill::failures::input_gone");
    bench.build();
    assert_eq!(code(&save(&bench, "one:src/long.rs", &dir).unwrap_err()), "sawmill::failures::none");
}

#[test]
fn history_tells_what_stands_and_what_was_newest_first() {
    let bench = broken(&["one"]);
    bench.write("one", "src/broken.rs", "fn mended() {}\n");
    bench.build();
    let report = told(&bench, "one/src/broken.rs").unwrap();
    let nodes: Vec<&str> = report.now.iter().map(|piece| piece.node.as_str()).collect();
    assert_eq!(nodes, ["extract", "chunk", "index"]);
    assert_eq!((report.now[0].rows, report.status.as_deref()), (Some(1), Some("ok")));
    let extracts: Vec<_> = report.history.iter().filter(|row| row.node == "extract").collect();
    assert_eq!(
        extracts.iter().map(|row| (row.run, row.status.as_str())).collect::<Vec<_>>(),
        [(2, "ok"), (1, "partial")]
    );
    assert_eq!(extracts[0].content_hash, report.content_hash);
    assert_eq!(extracts[0].artifact.as_ref(), Some(&report.now[0].artifact));
    let request = HistoryRequest { file: asked(&bench, "src/broken.rs"), node: Some("chunk".into()) };
    let chunk = history::run(&bench.context(), &request).unwrap();
    assert!(chunk.history.iter().all(|row| row.node == "chunk") && chunk.now.len() == 1);
    let wrong = HistoryRequest { node: Some("chnk".into()), ..request };
    let error = history::run(&bench.context(), &wrong).unwrap_err();
    assert_eq!(
        (code(&error).as_str(), help(&error).as_str()),
        ("sawmill::history::unknown_node", "did you mean `chunk`?")
    );
    // A file that is gone has a past.
    std::fs::remove_file(bench.root("one").join("src/broken.rs")).unwrap();
    bench.build();
    let gone = told(&bench, "one/src/broken.rs").unwrap();
    assert_eq!((gone.now, gone.history.len()), (Vec::new(), report.history.len()));
}

#[test]
fn what_stands_is_told_without_a_ledger() {
    let bench = broken(&["one"]);
    std::fs::remove_dir_all(bench.dir.path().join(".sawmill/ledger")).unwrap();
    let report = told(&bench, "one:src/broken.rs").unwrap();
    assert_eq!((report.now.len(), report.history.len(), report.status.as_deref()), (3, 0, Some("partial")));
}

#[test]
fn a_path_that_no_build_has_seen_is_an_error_with_a_suggestion() {
    let bench = broken(&["one", "two"]);
    let error = told(&bench, "one:src/brokn.rs").unwrap_err();
    assert_eq!(
        (code(&error).as_str(), help(&error).as_str()),
        ("sawmill::file::unknown", "did you mean `one:src/broken.rs`?")
    );
    assert_eq!(help(&told(&bench, "broken.rs").unwrap_err()), "did you mean `one:src/broken.rs`?");
    let error = one(&bench, "nothing/like/that", false).unwrap_err();
    assert_eq!(code(&error), "sawmill::file::unknown");
    bench.write("two", "src/broken.rs", BROKEN);
    bench.build();
    let error = told(&bench, "src/broken.rs").unwrap_err();
    assert_eq!(code(&error), "sawmill::file::ambiguous");
    let repos = vec!["two".to_owned()];
    let file = FileAsked { repos, ..asked(&bench, "src/broken.rs") };
    assert_eq!(history::run(&bench.context(), &HistoryRequest { file, node: None }).unwrap().repo, "two");
    let from: PathBuf = bench.root("two").join("src");
    let file = FileAsked { from, ..asked(&bench, "broken.rs") };
    assert_eq!(history::run(&bench.context(), &HistoryRequest { file, node: None }).unwrap().repo, "two");
    let unknown = FailuresRequest { repos: vec!["tow".into()], ..FailuresRequest::default() };
    assert_eq!(code(&failures::run(&bench.context(), &unknown).unwrap_err()), "sawmill::ops::unknown_repository");
}

#[test]
fn of_a_repository_that_is_no_longer_declared_nothing_is_told() {
    let bench = broken(&["one", "two"]);
    bench.write("two", "a.rs", BROKEN);
    bench.build();
    let yaml = std::fs::read_to_string(bench.file()).unwrap().replace("  - { name: one, root: one }\n", "");
    std::fs::write(bench.file(), yaml).unwrap();
    bench.build();
    let past = failures::run(&bench.context(), &FailuresRequest { all: true, ..FailuresRequest::default() }).unwrap();
    assert!(past.failures.iter().all(|seen| seen.repo == "two") && past.now == 1, "{past:?}");
}
