//! What is kept of files and actions: failures with their context, and which version processed what.

use std::path::PathBuf;

use sawmill::engine::ledger;
use sawmill::ops::verify::{Fate, Record};
use sawmill::table::{FailureRow, HistoryRow};

use super::doubles::{NEW_PYTHON, PANICS, kinds_with};
use crate::workbench::{Workbench, plant, sample};

const BROKEN: &str = "fn one() {}\n\nfn two() {}\n// four\n// five\n// six\n    fn ( {\n// eight\n";

fn store(bench: &Workbench) -> sawmill::store::Store {
    let context = bench.context();
    context.store(&context.workspace().unwrap()).unwrap()
}

fn failures(bench: &Workbench) -> Vec<FailureRow> {
    ledger::failures(&store(bench), None).unwrap().rows
}

fn history(bench: &Workbench, path: &str) -> Vec<HistoryRow> {
    ledger::history(&store(bench), path).unwrap().rows
}

/// The pieces of a table, by name.
fn pieces(bench: &Workbench, table: &str) -> Vec<PathBuf> {
    let dir = bench.dir.path().join(".sawmill/ledger").join(table);
    let mut found: Vec<PathBuf> = match std::fs::read_dir(dir) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    };
    found.sort();
    found
}

#[test]
fn a_file_that_fails_gives_one_row_with_its_line_and_what_stands_around_it() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 10);
    bench.write("one", "src/broken.rs", BROKEN);
    bench.build();
    let [row] = &failures(&bench)[..] else { panic!("{:?}", failures(&bench)) };
    assert_eq!(
        (row.repo.as_str(), row.path.as_deref(), row.node.as_deref()),
        ("one", Some("src/broken.rs"), Some("extract"))
    );
    assert_eq!((row.run, row.line, row.column, row.lines.first()), (1, Some(7), Some(5), Some(&7)));
    assert_eq!((row.error_type.as_str(), row.class.as_str()), ("syntax", "input"));
    assert_eq!(row.text.as_deref(), Some("    fn ( {"));
    assert_eq!(row.before, ["", "fn two() {}", "// four", "// five", "// six"]);
    assert_eq!(row.after, ["// eight"]);
    assert_eq!(ledger::unescaped(row.first.as_ref().unwrap()).unwrap(), BROKEN.as_bytes());
    assert_eq!(row.content_hash.as_deref(), Some(sawmill::base::Digest::of(BROKEN.as_bytes()).hex().as_str()));
    assert!(row.at > 1_600_000_000_000, "{}", row.at);
}

#[test]
fn what_fails_unchanged_gives_no_second_row_and_nothing_to_do_writes_nothing() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 10);
    bench.write("one", "src/broken.rs", BROKEN);
    bench.build();
    let before = (pieces(&bench, "failures"), pieces(&bench, "history"));
    assert!(bench.build().report.nothing_to_do);
    assert_eq!((pieces(&bench, "failures"), pieces(&bench, "history")), before);
    // Its neighbour in the shard changes.
    bench.write("one", "src/broker.rs", "fn broker() {}\n");
    assert!(!bench.build().report.nothing_to_do);
    assert_eq!(failures(&bench).len(), 1);
    assert_eq!(pieces(&bench, "failures"), before.0);
    bench.write("one", "src/broken.rs", format!("\n{BROKEN}"));
    bench.build();
    let lines: Vec<Option<u32>> = failures(&bench).iter().map(|row| row.line).collect();
    assert_eq!(lines, [Some(7), Some(8)], "the past stays, in order of runs");
}

#[test]
fn every_file_has_a_row_for_each_node_and_an_edit_adds_one_for_each_per_file_node() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 64);
    bench.build();
    let (path, text) = sample(20, 7);
    bench.write("one", &path, text);
    let count = |bench: &Workbench| {
        let mut all: Vec<HistoryRow> = Vec::new();
        for n in 0..64 {
            all.extend(history(bench, &sample(n, 0).0));
        }
        all
    };
    let first = count(&bench);
    assert_eq!(first.len(), 64 * 3);
    bench.build();
    let fresh: Vec<HistoryRow> = count(&bench).into_iter().filter(|row| row.run == 2).collect();
    for node in ["extract", "chunk"] {
        let paths: Vec<_> = fresh.iter().filter(|row| row.node == node).map(|row| row.path.as_deref()).collect();
        assert_eq!(paths, [Some(path.as_str())], "{node}");
    }
    // The index reads whole shards.
    let indexed = fresh.iter().filter(|row| row.node == "index").count();
    assert!((1..=8).contains(&indexed), "{indexed}");
    let [old, new] = &history(&bench, &path).into_iter().filter(|row| row.node == "chunk").collect::<Vec<_>>()[..]
    else {
        panic!("{path}")
    };
    assert_ne!((&old.content_hash, &old.action, &old.artifact), (&new.content_hash, &new.action, &new.artifact));
    assert_eq!((new.kind.as_str(), new.status.as_str()), ("chunk", "ok"));
    assert!(new.rows > 0 && new.finished_at >= new.started_at);
}

#[test]
fn history_names_the_artifact_that_stands_the_rows_in_it_and_the_definition() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 10);
    bench.build();
    let [_, extract, index] = &history(&bench, "app/part_01.py")[..] else { panic!() };
    assert_eq!((extract.node.as_str(), extract.rows, extract.language.as_deref()), ("extract", 1, Some("python")));
    assert!(bench.manifests()["one"].contains(extract.artifact.as_ref().unwrap()));
    assert!(bench.manifests()["one"].contains(&extract.action));
    assert_eq!(extract.definition.as_ref().map(String::len), Some(12));
    assert_eq!(index.artifact, None, "only the merge of a segment is kept");
}

#[test]
fn a_definition_that_moves_is_told_beside_the_old_one() {
    let mut bench = Workbench::new(&["one"]);
    plant(&bench, "one", 10);
    bench.build();
    bench.kinds = Some(kinds_with(&NEW_PYTHON));
    bench.build();
    let of = |path: &str| history(&bench, path).into_iter().filter(|row| row.node == "extract").collect::<Vec<_>>();
    let [old, new] = &of("app/part_01.py")[..] else { panic!() };
    assert_eq!((old.run, new.run, &old.content_hash), (1, 2, &new.content_hash));
    assert_ne!(old.definition, new.definition);
    assert_eq!(of("src/module_00.rs").len(), 1);
}

#[test]
fn an_action_that_fails_is_told_with_its_node_and_its_files() {
    let mut bench = Workbench::new(&["one", "two"]);
    plant(&bench, "one", 10);
    plant(&bench, "two", 10);
    bench.kinds = Some(kinds_with(&PANICS));
    bench.build();
    assert_eq!(failures(&bench), []);
    bench.write("two", "bad.rs", "fn bad() {}\n");
    assert_eq!(bench.try_build().unwrap().report.failed.len(), 1);
    let [row] = &failures(&bench)[..] else { panic!("{:?}", failures(&bench)) };
    assert_eq!(
        (row.repo.as_str(), row.node.as_deref(), row.kind.as_deref()),
        ("two", Some("extract"), Some("extract"))
    );
    assert_eq!(
        (row.path.as_deref(), row.error_type.as_str(), row.class.as_str()),
        (None, "sawmill::engine::panic", "bug")
    );
    assert!(row.message.contains("index out of range") && !row.message.contains("/home"), "{}", row.message);
    let [bad] = &history(&bench, "bad.rs")[..] else { panic!() };
    assert_eq!((bad.status.as_str(), bad.artifact.as_ref(), bad.rows), ("failed", None, 0));
    // It fails each time; the newest few rows stay.
    for _ in 0..6 {
        bench.try_build().unwrap();
    }
    let runs: Vec<u64> = failures(&bench).iter().map(|row| row.run).collect();
    assert_eq!(runs, [5, 6, 7, 8]);
}

#[test]
fn a_root_that_is_gone_is_a_failure_of_the_environment_or_the_input_without_a_node() {
    let bench = Workbench::new(&["one", "two"]);
    plant(&bench, "one", 5);
    plant(&bench, "two", 5);
    bench.build();
    std::fs::rename(bench.root("two"), bench.root("elsewhere")).unwrap();
    bench.try_build().unwrap();
    let [row] = &failures(&bench)[..] else { panic!("{:?}", failures(&bench)) };
    assert_eq!((row.repo.as_str(), &row.node, &row.path), ("two", &None, &None));
    assert!(!row.message.contains(bench.dir.path().to_str().unwrap()), "{}", row.message);
}

#[test]
fn many_runs_make_few_pieces_and_lose_no_newest_row() {
    let bench = Workbench::new(&["one"]);
    bench.write("one", "a.rs", BROKEN);
    bench.write("one", "still.rs", BROKEN);
    let mut lines = Vec::new();
    for n in 0..40u32 {
        bench.write("one", "a.rs", format!("{}{BROKEN}", "\n".repeat(n as usize)));
        bench.build();
        lines.push(7 + n);
        for table in ["failures", "history"] {
            assert!(pieces(&bench, table).len() <= 17, "{n}: {table}");
        }
    }
    let of =
        |path: &str| failures(&bench).into_iter().filter(|row| row.path.as_deref() == Some(path)).collect::<Vec<_>>();
    assert_eq!(of("a.rs").iter().map(|row| row.line.unwrap()).collect::<Vec<_>>(), lines[36..]);
    assert_eq!(of("still.rs").len(), 1, "an old row stays where no newer one takes its place");
    let extracted: Vec<u64> =
        history(&bench, "a.rs").into_iter().filter(|row| row.node == "extract").map(|row| row.run).collect();
    assert_eq!(extracted, (25..=40).collect::<Vec<u64>>());
}

#[test]
fn a_damaged_piece_is_told_left_out_and_removed_by_the_next_writer() {
    let bench = Workbench::new(&["one"]);
    bench.write("one", "a.rs", BROKEN);
    bench.build();
    let [piece] = &pieces(&bench, "failures")[..] else { panic!() };
    let mut bytes = std::fs::read(piece).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(piece, bytes).unwrap();
    let told = ledger::failures(&store(&bench), None).unwrap();
    assert_eq!(told.rows, []);
    assert!(told.notices[0].what.starts_with("damaged"), "{:?}", told.notices);
    let request = sawmill::ops::verify::VerifyRequest::default();
    let survey = sawmill::ops::verify::run(&bench.context(), &request).unwrap();
    let [finding] = &survey.findings[..] else { panic!("{:?}", survey.findings) };
    assert_eq!((finding.record, finding.fate), (Record::LedgerPiece, Fate::Lost));
    assert!(bench.build().report.nothing_to_do);
    assert_eq!(pieces(&bench, "failures"), Vec::<PathBuf>::new());
    assert!(ledger::failures(&store(&bench), None).unwrap().notices.is_empty());
    assert_eq!(history(&bench, "a.rs").len(), 3, "the other table has what it had");
    assert!(sawmill::ops::verify::run(&bench.context(), &request).unwrap().ok);
}

#[test]
fn what_hashes_to_its_name_and_is_no_table_is_told_and_left_out() {
    let bench = Workbench::new(&["one"]);
    bench.write("one", "a.rs", BROKEN);
    bench.build();
    let hash = sawmill::base::Digest::of(b"no table").prefix_hex(16);
    let dir = bench.dir.path().join(".sawmill/ledger/failures");
    std::fs::write(dir.join(format!("00000009-{hash}.parquet")), "no table").unwrap();
    let told = ledger::failures(&store(&bench), None).unwrap();
    assert_eq!((told.rows.len(), told.notices.len()), (1, 1));
    bench.write("one", "b.rs", BROKEN);
    bench.build();
    assert_eq!(failures(&bench).last().map(|row| row.run), Some(10), "run numbers never go back");
}

#[test]
fn the_ledger_is_no_part_of_a_build() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 20);
    bench.write("one", "a.rs", BROKEN);
    bench.build();
    let copy = bench.clean_copy();
    std::thread::sleep(std::time::Duration::from_millis(5));
    copy.build();
    assert_eq!(copy.manifests(), bench.manifests());
    std::fs::remove_dir_all(bench.dir.path().join(".sawmill/ledger")).unwrap();
    assert!(bench.build().report.nothing_to_do);
    assert_eq!(copy.manifests(), bench.manifests());
}

#[test]
fn clearing_everything_clears_the_ledger_and_clearing_a_repository_does_not() {
    let bench = Workbench::new(&["one", "two"]);
    bench.write("one", "a.rs", BROKEN);
    // Equal shards would be processed once for both.
    bench.write("two", "b.rs", BROKEN);
    bench.build();
    let clear = |repos: &[&str]| {
        let request = sawmill::ops::clear::ClearRequest {
            repos: repos.iter().map(|name| (*name).to_owned()).collect(),
            ..sawmill::ops::clear::ClearRequest::default()
        };
        sawmill::ops::clear::run(&bench.context(), &request).unwrap()
    };
    clear(&["one"]);
    assert_eq!(failures(&bench).len(), 2);
    clear(&[]);
    assert_eq!((failures(&bench), pieces(&bench, "history")), (Vec::new(), Vec::new()));
}

#[test]
fn a_run_that_is_stopped_keeps_the_rows_of_what_it_finished() {
    let mut bench = Workbench::new(&["one"]);
    bench.jobs = 1;
    plant(&bench, "one", 40);
    let context = bench.context();
    let cancel = context.cancel.clone();
    let stopper: sawmill::engine::Listener = std::sync::Arc::new(move |event| {
        if matches!(event, sawmill::engine::Event::ActionFinished(_)) {
            cancel.cancel();
        }
    });
    let request = sawmill::ops::build::BuildRequest { jobs: Some(1), ..sawmill::ops::build::BuildRequest::default() };
    sawmill::ops::build::run(&context, &request, stopper).unwrap_err();
    let count = |bench: &Workbench| (0..40).flat_map(|n| history(bench, &sample(n, 0).0)).collect::<Vec<_>>();
    let finished = count(&bench);
    assert!(!finished.is_empty() && finished.iter().all(|row| row.run == 1), "{finished:?}");
    bench.build();
    let all = count(&bench);
    assert_eq!(all.len(), 40 * 3, "each file once for each node, in one run or the other");
    assert!(finished.iter().all(|row| all.contains(row)) && all.iter().any(|row| row.run == 2));
}
