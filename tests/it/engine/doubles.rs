//! Claims that need a stand-in: a kind whose definitions move, a file system that lists in another order.

use std::collections::BTreeSet;
use std::sync::Arc;

use sawmill::base::clock::{FixedClock, Timestamp};
use sawmill::base::vfs::Vfs;
use sawmill::base::vfs::memory::MemoryFs;
use sawmill::base::{Cancel, Digest, KeyHasher};
use sawmill::engine::Unit;
use sawmill::nodes::{KINDS, Kind, MergeTask, NodeError, Output, ParamError, Params, Port, Task, extract};
use sawmill::ops::build::{BuildRequest, run};
use sawmill::ops::failures::FileAsked;
use sawmill::ops::history::{self, HistoryRequest};
use sawmill::ops::{Context, OpsError};
use sawmill::table::{Batch, TableSchema};
use serde_json::{Map, Value};

use crate::workbench::{PIPELINE, Workbench, plant, sample};

/// A stand-in for `extract`.
pub enum Double {
    /// As if a new version of Python's queries had been shipped.
    NewPython,
    /// As it was a FORMAT ago.
    OldFormat,
    /// With a bug that a file of one name shows, told with a path of the machine.
    Panics,
}

static OLD_FORMAT: Double = Double::OldFormat;
pub static NEW_PYTHON: Double = Double::NewPython;
pub static PANICS: Double = Double::Panics;

/// The built-in kinds with `double` in the place of `extract`.
pub fn kinds_with(double: &'static Double) -> Vec<&'static dyn Kind> {
    KINDS.iter().map(|kind| if kind.name() == "extract" { double as &dyn Kind } else { *kind }).collect()
}

impl Kind for Double {
    fn name(&self) -> &'static str {
        extract::KIND.name()
    }

    fn summary(&self) -> &'static str {
        extract::KIND.summary()
    }

    fn format(&self) -> u32 {
        extract::KIND.format() - u32::from(matches!(self, Self::OldFormat))
    }

    fn ports(&self) -> &'static [Port] {
        extract::KIND.ports()
    }

    fn outputs(&self) -> &'static [&'static TableSchema] {
        extract::KIND.outputs()
    }

    fn param_schema(&self) -> schemars::Schema {
        extract::KIND.param_schema()
    }

    fn params(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        extract::KIND.params(given)
    }

    fn needs_bytes(&self) -> bool {
        true
    }

    fn per_file(&self) -> bool {
        true
    }

    fn definition_digest(&self, language: Option<&str>) -> Digest {
        let old = extract::KIND.definition_digest(language);
        let moved = matches!(self, Self::NewPython) && language == Some("python");
        if moved { KeyHasher::new("test").digest(&old).finish() } else { old }
    }

    fn run(&self, task: &Task<'_>) -> Result<Vec<Output>, NodeError> {
        let is_bad = task.files.iter().any(|f| f.path.text().ends_with("bad.rs"));
        assert!(!(matches!(self, Self::Panics) && is_bad), "index out of range\nin /home/someone/bad.rs");
        extract::KIND.run(task)
    }

    fn totals(&self, batch: &Batch) -> Result<std::collections::BTreeMap<String, u64>, NodeError> {
        extract::KIND.totals(batch)
    }

    fn merge(&self, task: &MergeTask<'_>) -> Result<Vec<Output>, NodeError> {
        extract::KIND.merge(task)
    }
}

#[test]
fn a_changed_definition_of_one_language_runs_only_that_languages_files() {
    let mut bench = Workbench::new(&["one"]);
    plant(&bench, "one", 40);
    bench.build();
    bench.kinds = Some(kinds_with(&NEW_PYTHON));
    let built = bench.build();
    let ran = built.ran("extract", Unit::Shard);
    assert_eq!(ran.iter().map(|a| a.fresh).sum::<usize>(), 8, "eight of the forty files are Python");
    // The rows came out the same, so nothing above ran.
    assert!(built.ran("chunk", Unit::Shard).is_empty());
    assert!(built.ran("index", Unit::Shard).is_empty());
}

#[test]
fn a_backfill_of_a_language_runs_what_older_definitions_made_and_nothing_else() {
    let mut bench = Workbench::new(&["one", "two", "three"]);
    plant(&bench, "one", 40);
    plant(&bench, "two", 10);
    bench.write("three", "a.rs", "fn a() {}\n");
    bench.build();
    let old = bench.manifests();
    bench.kinds = Some(kinds_with(&NEW_PYTHON));
    // A repository without Python has moved on: a backfill leaves it.
    bench.write("three", "b.rs", "fn b() {}\n");
    let backfill = |bench: &Workbench, text: &str| {
        let request = BuildRequest { backfill: Some(text.parse().unwrap()), jobs: Some(2), ..BuildRequest::default() };
        bench.try_build_with(request)
    };
    let built = backfill(&bench, "lang:python").unwrap();
    let ran = built.ran("extract", Unit::Shard);
    let by_repo = |name: &str| ran.iter().filter(|a| &*a.repo == name).map(|a| a.fresh).sum::<usize>();
    assert_eq!((by_repo("one"), by_repo("two"), by_repo("three")), (8, 2, 0));
    assert_eq!(built.ran_any(), ran.len(), "the rows came out the same, so nothing else ran");
    assert_eq!(bench.manifests()["three"], old["three"]);
    // Each of its files was processed by the old definition and by the new one, and no other file twice.
    for n in 0..10 {
        let file = FileAsked { text: format!("two:{}", sample(n, 0).0), from: bench.root("two"), repos: Vec::new() };
        let request = HistoryRequest { file, node: Some("extract".into()) };
        let past = history::run(&bench.context(), &request).unwrap().history;
        let definitions: BTreeSet<Option<String>> = past.into_iter().map(|row| row.definition).collect();
        assert_eq!(definitions.len(), if n % 5 == 1 { 2 } else { 1 }, "file {n}");
    }
    let again = backfill(&bench, "lang:python").unwrap();
    assert!(again.report.nothing_to_do && again.report.ok && again.report.generation.is_some());
    let told = |text: &str| backfill(&bench, text).err().map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(told("lang:pyton"), "no language is called `pyton`");
    assert_eq!(told("extrat@1"), "no kind of node is called `extrat`");
    assert!(told(&format!("extract@{}", extract::KIND.format())).contains("is no older one"));
    assert!(backfill(&bench, "extract@1").unwrap().report.nothing_to_do);
    assert_eq!(bench.build().ran("extract", Unit::Shard).len(), 1, "what a backfill left is still to do");
}

#[test]
fn a_backfill_of_a_format_runs_the_repositories_in_which_it_stands() {
    let mut bench = Workbench::new(&["one", "two"]);
    plant(&bench, "one", 10);
    // Of other content: equal files share their actions.
    bench.write("two", "lib.py", "def two(): pass\n");
    bench.kinds = Some(kinds_with(&OLD_FORMAT));
    bench.build();
    bench.kinds = None;
    bench.try_build_of(&["two"]).unwrap();
    bench.write("two", "new.rs", "fn new() {}\n");
    let older = format!("extract@{}", extract::KIND.format() - 1);
    let request = BuildRequest { backfill: Some(older.parse().unwrap()), jobs: Some(2), ..BuildRequest::default() };
    let built = bench.try_build_with(request).unwrap();
    let ran = built.ran("extract", Unit::Shard);
    assert!(ran.iter().all(|a| &*a.repo == "one"));
    assert_eq!(ran.iter().map(|a| a.fresh).sum::<usize>(), 10);
}

#[test]
fn a_panic_in_a_kind_costs_its_repository_the_build_and_nobody_else_anything() {
    let mut bench = Workbench::new(&["one", "two"]);
    plant(&bench, "one", 10);
    plant(&bench, "two", 10);
    bench.kinds = Some(kinds_with(&PANICS));
    let first = bench.build().report;
    bench.write("two", "bad.rs", "fn bad() {}\n");
    bench.write("one", "good.rs", "fn good() {}\n");
    let second = bench.try_build().unwrap().report;
    let [failed] = second.failed.as_slice() else { panic!("{:?}", second.failed) };
    assert_eq!((failed.repo.as_str(), failed.code.as_str()), ("two", "sawmill::engine::panic"));
    assert_eq!(failed.message, "two/extract: the node panicked: index out of range");
    assert_eq!(second.repos[1].build, first.repos[1].build);
    assert_ne!(second.repos[0].build, first.repos[0].build);
    // The bug is mended.
    bench.kinds = None;
    let third = bench.build().report;
    assert_ne!(third.repos[1].build, first.repos[1].build);
}

/// Builds the sample tree on a file system in memory, and gives the build's id.
fn build_in_memory(listing: Option<u64>, root: &str) -> Result<Option<String>, OpsError> {
    let fs = MemoryFs::new();
    let put = |path: String, text: &str| {
        let path = std::path::PathBuf::from(path);
        fs.create_dir_all(path.parent().unwrap()).unwrap();
        fs.write_new(&path, text.as_bytes(), 0o644).unwrap();
    };
    put(
        format!("{root}/workspace.yaml"),
        "version: 1\nname: m\npipeline: code\nrepos:\n  - { name: one, root: one }\n",
    );
    put(format!("{root}/pipelines/code.yaml"), PIPELINE);
    for n in 0..40 {
        let (path, text) = sample(n, 0);
        put(format!("{root}/one/{path}"), &text);
    }
    fs.shuffle_listings(listing);
    let vfs: Arc<dyn Vfs> = Arc::new(fs);
    let clock = Arc::new(FixedClock(Timestamp::from_seconds(1_800_000_000, 0)));
    let context = Context::new(vfs, clock, Cancel::new(), format!("{root}/workspace.yaml").into());
    let report = run(&context, &BuildRequest { jobs: Some(2), ..BuildRequest::default() }, Arc::new(|_| {}))?;
    assert!(report.ok, "{:?}", report.failed);
    Ok(report.repos[0].build.clone())
}

#[test]
fn the_order_in_which_directories_are_listed_changes_nothing() {
    let plain = build_in_memory(None, "/w").unwrap();
    assert!(plain.is_some());
    for seed in 1..4 {
        assert_eq!(build_in_memory(Some(seed), "/elsewhere/deeper").unwrap(), plain);
    }
}

#[test]
fn a_run_that_is_stopped_keeps_what_it_finished_and_the_old_head() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 40);
    let context = bench.context();
    let cancel = context.cancel.clone();
    let stopper: sawmill::engine::Listener = Arc::new(move |event| {
        if matches!(event, sawmill::engine::Event::ActionFinished(_)) {
            cancel.cancel();
        }
    });
    let stopped = run(&context, &BuildRequest { jobs: Some(1), ..BuildRequest::default() }, stopper);
    let Err(error) = stopped else { panic!("the run was asked to stop") };
    assert_eq!(error.tier().exit_code(), 130);
    assert!(matches!(bench.context().pinned(), Err(OpsError::NotBuilt)), "nothing was promoted");
    let built = bench.build();
    assert!(built.report.reused.values().sum::<u64>() > 0, "what was finished is reused");
}
