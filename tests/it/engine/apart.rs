//! Files that are read in workers, and files on which workers fail.

use std::collections::{BTreeMap, BTreeSet};

use sawmill::engine::{Event, Forecast, Moved, Reason, Unit};
use sawmill::ops::retry::{self, RetryRequest};
use sawmill::ops::show::{self, ShowRequest};
use sawmill::ops::verify::{self, VerifyRequest};
use serde_json::Value;

use crate::workbench::Workbench;
use crate::worker::{PATIENT, SHORT, program};

/// Every way to be no good file, and the word that its row has for it.
const TROUBLES: [(&str, &str); 16] = [
    ("loop", "cpu-time"),
    ("sleep", "wall-time"),
    ("print", "wall-time"),
    ("abort", "died"),
    ("exit", "died"),
    ("overflow", "stack"),
    ("allocate", "memory"),
    ("open", "forbidden"),
    ("write", "forbidden"),
    ("refuse", "refused"),
    ("panic", "refused"),
    ("of-another-file", "garbled"),
    ("nothing", "garbled"),
    ("noise", "garbled"),
    ("too-much", "garbled"),
    ("huge", "garbled"),
];

fn bench() -> Workbench {
    let mut bench = Workbench::new(&["api"]);
    (bench.workers, bench.allowance) = (Some(program()), PATIENT);
    for n in 0..12 {
        bench.write("api", &format!("src/f{n:02}.py"), format!("def f{n}(x):\n    return g{n}(x)\n"));
    }
    bench
}

fn rows(bench: &Workbench, table: &str) -> Vec<serde_json::Map<String, Value>> {
    let request = ShowRequest { table: table.into(), limit: Some(100_000), ..ShowRequest::default() };
    show::run(&bench.context(), &request).unwrap().answer.rows
}

/// Path → (status, reason).
fn fates(bench: &Workbench) -> BTreeMap<String, (String, String)> {
    let text = |row: &serde_json::Map<String, Value>, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let fate = |row| (text(row, "path"), (text(row, "parse_status"), text(row, "skip_reason")));
    rows(bench, "files").iter().map(fate).collect()
}

#[test]
fn rows_that_workers_read_are_those_that_this_process_reads() {
    let bench = bench();
    bench.write("api", "broken.py", "def (:\n");
    bench.write("api", "doc.md", "# A\n\n```rust\nfn a() {}\n```\n");
    bench.write("api", "blob.py", [0, 159, 146, 150]);
    bench.build();
    let apart = bench.manifests();
    let mut home = bench.clean_copy();
    home.workers = None;
    home.build();
    assert_eq!(home.manifests(), apart);
}

#[test]
fn a_file_on_which_workers_fail_costs_one_row_and_its_neighbours_nothing() {
    let mut clean = bench();
    clean.workers = None;
    clean.build();
    let expected = rows(&clean, "chunks");
    for (name, reason) in TROUBLES {
        let mut bench = bench();
        if reason == "wall-time" {
            bench.allowance = SHORT;
        }
        bench.write("api", "src/a_bad.py", format!("def bad():\n    pass  # probe: {name}\n"));
        let built = bench.build();
        assert!(built.report.ok, "{name}");
        let mut fates = fates(&bench);
        let bad = fates.remove("src/a_bad.py").unwrap();
        assert_eq!((bad.0.as_str(), bad.1.as_str()), ("error", reason), "{name}");
        assert!(fates.values().all(|fate| fate.0 == "ok"), "{name}: {fates:?}");
        let others: Vec<_> = rows(&bench, "chunks").into_iter().filter(|row| row["path"] != "src/a_bad.py").collect();
        assert_eq!(others, expected, "{name}");
        let told = |event: &&Event| matches!(event, Event::Notice { code, path, .. } if code == "sawmill::worker::denied" && path == "src/a_bad.py");
        assert_eq!(built.events.iter().filter(told).count(), 1, "{name}");
        let again = bench.build();
        assert!(again.report.nothing_to_do, "{name}: a decision stands");
    }
}

/// What cannot be told from the truth by its form: the answer about another file of the same length. It is a lie about
/// the outline of one file.
#[test]
fn an_answer_about_another_file_that_fits_changes_one_outline_and_no_text() {
    let (honest, mut lied) = (bench(), bench());
    lied.jobs = 1;
    let texts =
        ["prose: of-another-file", "probe: of-another-file"].map(|what| format!("def name():\n    pass  # {what}\n"));
    for bench in [&honest, &lied] {
        bench.write("api", "src/a_aaa.py", texts[0].replace("name", "twin"));
        bench.write("api", "src/a_bad.py", &texts[1]);
    }
    let mut honest = honest;
    honest.workers = None;
    honest.build();
    assert!(lied.build().report.ok);
    let of = |bench: &Workbench, table: &str, is_bad: bool| -> Vec<_> {
        rows(bench, table).into_iter().filter(|row| (row["path"] == "src/a_bad.py") == is_bad).collect()
    };
    for table in ["files", "outline", "chunks", "symbols"] {
        assert_eq!(of(&lied, table, false), of(&honest, table, false), "{table} of the others");
    }
    assert_eq!(of(&lied, "outline", true)[0]["name"], "twin", "nothing in it shows the lie");
    let text = |bench: &Workbench| of(bench, "chunks", true).iter().map(|row| row["text"].clone()).collect::<Vec<_>>();
    assert_eq!(text(&lied), text(&honest));
    let report = verify::run(&lied.context(), &VerifyRequest { deep: true, ..VerifyRequest::default() }).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[test]
fn decisions_survive_a_lost_null_check_and_edits_of_neighbours() {
    let bench = bench();
    bench.write("api", "src/a_bad.py", "# probe: abort\n");
    bench.build();
    let before = bench.manifests();
    std::fs::remove_file(bench.dir.path().join(".sawmill/stamp.json")).unwrap();
    let again = bench.build();
    assert_eq!((again.ran_any(), bench.manifests()), (0, before));
    bench.write("api", "src/a_bad_copy.py", "# probe: abort\n");
    let copied = bench.build();
    let told =
        copied.events.iter().filter(|e| matches!(e, Event::Notice { code, .. } if code == "sawmill::worker::denied"));
    assert_eq!(told.count(), 0, "the same bytes are not tried again");
    assert_eq!(fates(&bench)["src/a_bad_copy.py"].1, "died");
    bench.write("api", "src/f00.py", "def f0(): pass\n");
    let edited = bench.build();
    assert_eq!(edited.ran("extract", Unit::Shard).len(), 1);
    assert_eq!(edited.ran("extract", Unit::Shard)[0].fresh, 1, "the rows of what is not read are reused, too");
}

#[test]
fn an_incremental_build_with_decisions_is_a_clean_one() {
    let bench = bench();
    bench.build();
    bench.write("api", "src/f03.py", "x = 1  # probe: abort\n");
    bench.write("api", "src/f07.py", "x = 1  # probe: noise\n");
    bench.build();
    bench.write("api", "src/f07.py", "def well(): pass\n");
    bench.write("api", "src/f08.py", "x = 2  # probe: refuse\n");
    bench.build();
    let incremental = bench.manifests();
    let clean = bench.clean_copy();
    clean.build();
    assert_eq!(clean.manifests(), incremental);
}

#[test]
fn retry_reads_again_what_was_decided_and_nothing_else() {
    let mut bench = bench();
    bench.write("api", "src/a_bad.py", "def bad(): pass  # probe: exit\n");
    bench.write("api", "src/b_bad.py", "def worse(): pass  # probe: abort\n");
    bench.build();
    let decided = bench.manifests();
    let retry = |bench: &Workbench, paths: &[&str]| {
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        let request = RetryRequest { paths, from: bench.root("api"), ..RetryRequest::default() };
        retry::run(&bench.context(), &request, std::sync::Arc::new(|_| {}))
    };
    // Nothing has changed: it fails again, and everything stands as it stood.
    let report = retry(&bench, &["src/a_bad.py"]).unwrap();
    assert_eq!(report.retried.len(), 1);
    assert!(report.retried[0].again.is_some() && report.build.ok);
    assert_eq!(bench.manifests(), decided);
    assert!(bench.build().report.nothing_to_do);
    // The machine is well now: workers read everything.
    bench.workers = Some(sound());
    assert!(bench.build().report.nothing_to_do, "a decision stands until it is revoked");
    let report = retry(&bench, &["api:src/a_bad.py"]).unwrap();
    assert_eq!(
        report.retried.iter().map(|file| (file.path.as_str(), &file.again)).collect::<Vec<_>>(),
        [("src/a_bad.py", &None)]
    );
    let after = fates(&bench);
    assert_eq!((after["src/a_bad.py"].0.as_str(), after["src/b_bad.py"].0.as_str()), ("ok", "error"));
    assert!(retry(&bench, &["src/f00.py"]).unwrap_err().to_string().contains("workers have not failed on"));
    let report = retry(&bench, &[]).unwrap();
    assert_eq!(report.retried.len(), 1);
    assert!(fates(&bench).values().all(|fate| fate.0 == "ok"));
    assert!(retry(&bench, &[]).unwrap().retried.is_empty());
    let revoked = bench.manifests();
    let clean = bench.clean_copy();
    clean.build();
    assert_eq!(clean.manifests(), revoked);
}

/// Reads every file at its word.
fn sound() -> sawmill::ops::Program {
    let mut program = program();
    program.arguments = vec!["sound".to_owned()];
    program
}

#[test]
fn a_damaged_record_of_decisions_is_told_and_found_out_again() {
    let bench = bench();
    bench.write("api", "src/a_bad.py", "# probe: abort\n");
    bench.build();
    let before = bench.manifests();
    let record = bench.dir.path().join(".sawmill/decisions.json");
    let whole = std::fs::read(&record).unwrap();
    for at in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&record, bytes).unwrap();
        let built = bench.build();
        assert!(built.report.ok);
        assert!(built.events.iter().any(|e| matches!(e, Event::Notice { .. })), "byte {at}");
        assert_eq!(bench.manifests(), before);
        assert_eq!(std::fs::read(&record).unwrap().len(), whole.len());
        assert!(bench.build().report.nothing_to_do);
    }
    std::fs::write(&record, b"{}").unwrap();
    let report = verify::run(&bench.context(), &VerifyRequest::default()).unwrap();
    assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
    std::fs::remove_file(&record).unwrap();
    assert!(bench.build().report.ok);
    assert_eq!(bench.manifests(), before);
}

#[test]
fn why_tells_a_decision_that_was_revoked() {
    let mut bench = bench();
    bench.write("api", "src/a_bad.py", "def bad(): pass  # probe: exit\n");
    bench.build();
    bench.workers = Some(sound());
    std::fs::remove_file(bench.dir.path().join(".sawmill/decisions.json")).unwrap();
    let forecast = bench.dry_run();
    let reasons: Vec<&Moved> = forecast
        .will
        .iter()
        .filter(|action| action.node == "extract" && action.forecast == Forecast::Will)
        .filter_map(|action| match &action.reason {
            Some(Reason::Moved { moved, .. }) => Some(moved),
            _ => None,
        })
        .flatten()
        .collect();
    assert!(matches!(reasons.as_slice(), [Moved::Decisions { old: Some(_), new: None }]), "{reasons:?}");
}

#[test]
fn without_workers_to_be_had_a_build_fails_and_remembers_nothing() {
    let mut bench = bench();
    bench.workers = Some(sawmill::ops::Program { path: "/nonexistent/sawmill".into(), arguments: Vec::new() });
    let failed = bench.try_build();
    let words = format!("{:?}", failed.err().map(|error| error.to_string()));
    bench.workers = Some(program());
    let built = bench.build();
    assert!(built.report.ok, "{words}");
    let statuses: BTreeSet<String> = fates(&bench).into_values().map(|fate| fate.0).collect();
    assert_eq!(statuses, BTreeSet::from(["ok".to_owned()]), "{words}");
}
