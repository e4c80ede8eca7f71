//! A workspace of two repositories in a memory file system, and everything that it can be asked.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use sawmill::base::clock::FixedClock;
use sawmill::base::vfs::memory::MemoryFs;
use sawmill::base::vfs::{FileKind, Vfs};
use sawmill::base::{Cancel, Timestamp, json, parallel};
use sawmill::engine::Event;
use sawmill::ops::build::{BuildReport, BuildRequest};
use sawmill::ops::{Context, OpsError, Program, build, inspect, search, show, stats, status};
use sawmill::source::{Bounds, CutParams};
use sawmill::store::{Generation, Store, StoreDirs, StoreError};
use sawmill::table::TABLES;

use crate::workbench::PIPELINE;

pub const HOME: &str = "/work/shop";

const WORKSPACE: &str = "\
version: 1
name: shop
pipeline: code
repos:
  - { name: api, root: api, tags: [backend] }
  - { name: web, root: web }
";

/// repository and path → text
const FILES: [(&str, &str); 8] = [
    (
        "api/app/orders.py",
        "\"\"\"Orders.\"\"\"\n\n\nclass Order:\n    \"\"\"One order.\"\"\"\n\n    def total(self, lines):\n        return sum(lines)\n",
    ),
    (
        "api/src/retry.rs",
        "//! Retries.\n\n/// Tries again.\npub fn retry(times: u32) -> u32 {\n    times + 1\n}\n\npub struct Policy {\n    pub limit: u32,\n}\n",
    ),
    ("api/conf/settings.json", "{\n  \"name\": \"api\",\n  \"limit\": 3\n}\n"),
    ("api/.gitignore", "*.log\n"),
    (
        "web/src/client.ts",
        "export interface Client { id: number }\n\nexport function total(c: Client): string {\n  return `${c.id}`;\n}\n",
    ),
    ("web/docs/guide.md", "# Guide\n\nHow to place an order.\n\n## Totals\n\nThe total is a sum.\n"),
    // It lacks a brace.
    ("web/run.sh", "#!/bin/sh\n# Runs.\nrun() {\n  echo total\n\n"),
    // Workers cannot read it: what they say of it is kept as a decision.
    ("web/src/refused.ts", "// probe: refuse\nexport const REFUSED = 1;\n"),
];

/// What one build did.
pub struct Built {
    pub report: BuildReport,
}

impl Built {
    /// Actions that ran.
    pub fn ran(&self) -> u64 {
        self.report.ran.values().sum()
    }
}

/// How a workspace is built and read. Its files are in a memory file system that the caller holds.
#[derive(Clone, Debug)]
pub struct Bench {
    pub home: PathBuf,
    pub jobs: usize,
    pub now: Timestamp,
    pub cut: CutParams,
    /// What reads files.
    pub workers: Program,
}

impl Default for Bench {
    fn default() -> Self {
        // Long after the memory file system's first tick, so that stat caches are believed.
        let now = Timestamp::from_seconds(1_900_000_000, 0);
        // Small trees have several shards and segments.
        let cut = CutParams {
            shard_files: Bounds { average: 2, most: 3, most_bytes: 4 << 20 },
            segment_shards: Bounds { average: 2, most: 2, most_bytes: 32 << 20 },
        };
        Self { home: HOME.into(), jobs: 1, now, cut, workers: crate::worker::program() }
    }
}

/// The workspace, not built.
pub fn planted(home: &Path) -> MemoryFs {
    let memory = MemoryFs::new();
    memory.put(home.join("workspace.yaml"), WORKSPACE).unwrap();
    memory.put(home.join("pipelines/code.yaml"), PIPELINE).unwrap();
    for (path, text) in FILES {
        memory.put(home.join(path), text).unwrap();
    }
    memory
}

/// An edit, a deletion, a new file and a new directory.
pub fn edit(memory: &MemoryFs, home: &Path) {
    memory.put(home.join("api/app/orders.py"), FILES[0].1.replace("sum(lines)", "sum(lines) + 1")).unwrap();
    memory.remove_file(&home.join("web/run.sh")).unwrap();
    memory.put(home.join("web/src/money.ts"), "export const CENTS = 100;\n").unwrap();
}

impl Bench {
    pub fn dirs(&self) -> StoreDirs {
        let state = self.home.join(".sawmill");
        StoreDirs { cache: state.join("cache"), state }
    }

    pub fn store(&self, vfs: Arc<dyn Vfs>) -> Result<Store, StoreError> {
        Store::open(vfs, self.dirs())
    }

    pub fn context(&self, vfs: Arc<dyn Vfs>) -> Context {
        let clock = Arc::new(FixedClock(self.now));
        let mut context = Context::new(vfs, clock, Cancel::new(), self.home.join("workspace.yaml"));
        context.cut = self.cut;
        context.workers = Some(self.workers.clone());
        context
    }

    pub fn build(&self, vfs: Arc<dyn Vfs>) -> Result<Built, OpsError> {
        self.build_telling(vfs).0
    }

    /// Also the notices of a build that failed.
    pub fn build_telling(&self, vfs: Arc<dyn Vfs>) -> (Result<Built, OpsError>, Vec<Event>) {
        let events: Arc<Mutex<Vec<Event>>> = Arc::default();
        let sink = Arc::clone(&events);
        let request = BuildRequest { jobs: Some(self.jobs), ..BuildRequest::default() };
        let done = build::run(&self.context(vfs), &request, Arc::new(move |e| sink.lock().unwrap().push(e)));
        let events = std::mem::take(&mut *events.lock().unwrap());
        (done.map(|report| Built { report }), events)
    }

    /// A build that must succeed, on plain memory.
    pub fn built(&self, memory: &MemoryFs) -> Built {
        let built = self.build(Arc::new(memory.clone())).unwrap();
        assert!(built.report.ok, "{:?}", built.report.failed);
        built
    }
}

/// A generation with everything that hangs on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub generation: Generation,
    /// Roots and lists by repository, in canonical JSON. Artifacts stand in there by the hash of their bytes.
    pub manifests: BTreeMap<String, String>,
    /// Artifacts that hash to their names.
    pub artifacts: usize,
}

/// Reads HEAD's generation to the last byte; `None` where nothing was built.
pub fn standing(bench: &Bench, vfs: Arc<dyn Vfs>) -> Result<Option<Standing>, StoreError> {
    let Some(pinned) = bench.store(vfs)?.pin()? else { return Ok(None) };
    let mut manifests = BTreeMap::new();
    let mut artifacts = 0;
    for repo in pinned.generation().repos.keys() {
        let root = pinned.build(repo)?;
        let mut text = String::from_utf8(json::canonical(&root).unwrap()).unwrap();
        for segment in &root.segments {
            let list = pinned.list(repo, &segment.list)?;
            text.push_str(std::str::from_utf8(&json::canonical(&list).unwrap()).unwrap());
            for piece in list.shards.iter().flat_map(|s| &s.pieces).chain(&list.pieces) {
                pinned.store().verify_object(&piece.artifact)?;
                artifacts += 1;
            }
        }
        manifests.insert(repo.clone(), text);
    }
    Ok(Some(Standing { generation: pinned.generation().clone(), manifests, artifacts }))
}

/// A reading command.
pub type Reader = (&'static str, fn(&Context) -> Result<String, OpsError>);

fn shown<T: serde::Serialize>(answer: &T) -> String {
    serde_json::to_string(answer).unwrap()
}

fn search_for(context: &Context, query: &str) -> Result<String, OpsError> {
    let request = search::SearchRequest { explain: true, ..search::SearchRequest::new(query) };
    Ok(shown(&search::run(context, &request)?))
}

fn show_all(context: &Context) -> Result<String, OpsError> {
    let mut text = String::new();
    for table in TABLES {
        let request = show::ShowRequest { table: table.name.to_owned(), ..show::ShowRequest::default() };
        text.push_str(&shown(&show::run(context, &request)?));
    }
    Ok(text)
}

/// Every reading command of `ops`, each with an answer that leaves nothing out.
pub const READERS: [Reader; 6] = [
    ("status", |c| Ok(shown(&status::run(c, &status::StatusRequest { no_scan: true })?))),
    ("inspect", |c| Ok(shown(&inspect::run(c, &inspect::Wanted::default())?))),
    ("stats", |c| {
        let request = stats::StatsRequest { failures: true, threads: 1, ..Default::default() };
        Ok(shown(&stats::run(c, &request)?))
    }),
    ("search", |c| search_for(c, "total order")),
    ("search with signs", |c| search_for(c, "+total -retry")),
    ("show", show_all),
];

/// Works on every item, two at a time, and fails with what all those say that went wrong.
pub fn on_each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let one = |item: &T| catch_unwind(AssertUnwindSafe(|| work(item)));
    let (mut done, mut wrong) = (Vec::with_capacity(items.len()), Vec::new());
    for result in parallel::map(2, items, one) {
        match result {
            Ok(result) => done.push(result),
            Err(said) => wrong.push(said.downcast_ref::<String>().cloned().unwrap_or_else(|| "a panic".to_owned())),
        }
    }
    assert!(wrong.is_empty(), "{} of {} went wrong:\n{}", wrong.len(), items.len(), wrong.join("\n"));
    done
}

/// Every regular file beneath `dir` with its bytes.
pub fn files(vfs: &dyn Vfs, dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for (name, stat) in vfs.list_stat(dir).unwrap() {
        let path = dir.join(name);
        match stat.kind {
            FileKind::Dir => found.extend(files(vfs, &path)),
            FileKind::File => {
                found.insert(path.clone(), vfs.read(&path).unwrap());
            }
            _ => {}
        }
    }
    found
}
