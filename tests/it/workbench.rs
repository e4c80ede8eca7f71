//! A workspace in a temporary directory, and the library's operations on it: what the engine's tests work at.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use sawmill::base::vfs::{Vfs, real::RealFs};
use sawmill::base::{Cancel, clock::SystemClock, json};
use sawmill::engine::{ActionDone, Event, Outcome, Unit};
use sawmill::nodes::{Kind, WorkspaceKind};
use sawmill::ops::build::{BuildReport, BuildRequest};
use sawmill::ops::{Allowance, Context, OpsError, Program, build, dry_run};
use sawmill::source::{Bounds, CutParams};
use sawmill::store::Pinned;

/// The pipeline of most tests.
pub const PIPELINE: &str = "\
version: 1
name: code
nodes:
  extract: { kind: extract }
  chunk:   { kind: chunk, inputs: { outline: extract }, with: { max_chars: 600 } }
  index:   { kind: index, inputs: { chunks: chunk, outline: extract } }
";

/// What one build did.
pub struct Built {
    pub report: BuildReport,
    pub events: Vec<Event>,
}

impl Built {
    /// The actions that ran, not those that were reused.
    pub fn ran(&self, node: &str, unit: Unit) -> Vec<&ActionDone> {
        self.events
            .iter()
            .filter_map(|e| match e {
                Event::ActionFinished(a) if a.outcome == Outcome::Ran && &*a.node == node && a.unit == unit => Some(a),
                _ => None,
            })
            .collect()
    }

    pub fn ran_any(&self) -> usize {
        self.events.iter().filter(|e| matches!(e, Event::ActionFinished(a) if a.outcome == Outcome::Ran)).count()
    }
}

/// A workspace at work.
pub struct Workbench {
    pub dir: tempfile::TempDir,
    pub vfs: Arc<dyn Vfs>,
    pub jobs: usize,
    pub reuse: bool,
    pub kinds: Option<Vec<&'static dyn Kind>>,
    /// Of pipelines of workspace scope.
    pub workspace_kinds: Option<Vec<&'static dyn WorkspaceKind>>,
    pub cut: CutParams,
    /// What reads files; none: this process.
    pub workers: Option<Program>,
    pub allowance: Allowance,
}

impl Workbench {
    /// A workspace with these repositories, each an empty directory.
    pub fn new(repos: &[&str]) -> Self {
        Self::with_pipeline(repos, PIPELINE)
    }

    pub fn with_pipeline(repos: &[&str], pipeline: &str) -> Self {
        let bench = Self {
            dir: tempfile::tempdir().unwrap(),
            vfs: Arc::new(RealFs),
            jobs: 2,
            reuse: true,
            kinds: None,
            workspace_kinds: None,
            workers: None,
            allowance: Allowance::default(),
            // Small trees still have several shards and segments.
            cut: CutParams {
                shard_files: Bounds { average: 4, most: 8, most_bytes: 4 << 20 },
                segment_shards: Bounds { average: 3, most: 6, most_bytes: 32 << 20 },
            },
        };
        let mut yaml = "version: 1\nname: bench\npipeline: code\nrepos:\n".to_owned();
        for repo in repos {
            std::fs::create_dir_all(bench.root(repo)).unwrap();
            writeln!(yaml, "  - {{ name: {repo}, root: {repo} }}").unwrap();
        }
        std::fs::write(bench.file(), yaml).unwrap();
        std::fs::create_dir(bench.dir.path().join("pipelines")).unwrap();
        std::fs::write(bench.dir.path().join("pipelines/code.yaml"), pipeline).unwrap();
        bench
    }

    pub fn file(&self) -> PathBuf {
        self.dir.path().join("workspace.yaml")
    }

    pub fn root(&self, repo: &str) -> PathBuf {
        self.dir.path().join(repo)
    }

    pub fn write(&self, repo: &str, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root(repo).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn context(&self) -> Context {
        let mut context = Context::new(Arc::clone(&self.vfs), Arc::new(SystemClock), Cancel::new(), self.file());
        context.cut = self.cut;
        context.workers.clone_from(&self.workers);
        context.allowance = self.allowance;
        if let Some(kinds) = &self.workspace_kinds {
            context.workspace_kinds.clone_from(kinds);
        }
        if let Some(kinds) = &self.kinds {
            context.kinds.clone_from(kinds);
        }
        context
    }

    pub fn try_build(&self) -> Result<Built, OpsError> {
        self.try_build_of(&[])
    }

    /// Builds what `selectors` name.
    pub fn try_build_of(&self, selectors: &[&str]) -> Result<Built, OpsError> {
        self.try_build_with(self.request(selectors))
    }

    pub fn try_build_with(&self, request: BuildRequest) -> Result<Built, OpsError> {
        let events: Arc<Mutex<Vec<Event>>> = Arc::default();
        // Other tests of this process start programs: between fork and exec a child holds our lock's descriptor too.
        let wait = std::time::Duration::from_secs(20);
        let request = BuildRequest { wait, ..request };
        let sink = Arc::clone(&events);
        let report = build::run(&self.context(), &request, Arc::new(move |e| sink.lock().unwrap().push(e)))?;
        let events = std::mem::take(&mut *events.lock().unwrap());
        Ok(Built { report, events })
    }

    pub fn dry_run(&self) -> dry_run::DryRunReport {
        self.dry_run_of(&[])
    }

    /// What a build of what `selectors` name would do.
    pub fn dry_run_of(&self, selectors: &[&str]) -> dry_run::DryRunReport {
        dry_run::run(&self.context(), &self.request(selectors)).unwrap()
    }

    fn request(&self, selectors: &[&str]) -> BuildRequest {
        let selectors = selectors.iter().map(|text| (*text).to_owned()).collect();
        BuildRequest { jobs: Some(self.jobs), selectors, reuse: self.reuse, ..BuildRequest::default() }
    }

    pub fn build(&self) -> Built {
        let built = self.try_build().unwrap();
        assert!(built.report.ok, "{:?}", built.report.failed);
        built
    }

    /// Everything that a build is, by repository: its root and lists in canonical JSON. Artifacts stand in there
    /// by the hash of their bytes.
    pub fn manifests(&self) -> BTreeMap<String, String> {
        let pinned = self.context().pinned().unwrap();
        let mut all = BTreeMap::new();
        for (repo, _) in pinned.generation().builds() {
            all.insert(repo.clone(), manifest(&pinned, &repo));
        }
        all
    }

    /// The same trees in a new place with an empty store.
    pub fn clean_copy(&self) -> Self {
        let copy = Self {
            dir: tempfile::tempdir().unwrap(),
            vfs: Arc::clone(&self.vfs),
            jobs: self.jobs,
            reuse: self.reuse,
            kinds: self.kinds.clone(),
            workspace_kinds: self.workspace_kinds.clone(),
            cut: self.cut,
            workers: self.workers.clone(),
            allowance: self.allowance,
        };
        copy_tree(self.dir.path(), copy.dir.path());
        copy
    }
}

/// What a repository's build is: its root and lists in canonical JSON.
pub fn manifest(pinned: &Pinned, repo: &str) -> String {
    let root = pinned.build(repo).unwrap();
    let mut text = String::from_utf8(json::canonical(&root).unwrap()).unwrap();
    for segment in &root.segments {
        let list = pinned.list(repo, &segment.list).unwrap();
        text.push_str(std::str::from_utf8(&json::canonical(&list).unwrap()).unwrap());
    }
    text
}

pub fn copy_tree(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name() == ".sawmill" {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy_tree(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_symlink() {
            std::os::unix::fs::symlink(std::fs::read_link(entry.path()).unwrap(), target).unwrap();
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A small tree in several languages: `count` files, by number.
pub fn plant(bench: &Workbench, repo: &str, count: usize) {
    for n in 0..count {
        let (path, text) = sample(n, 0);
        bench.write(repo, &path, text);
    }
}

/// File number `n` in its `edit`-th version. Files of one language call what each other define, some of it only in one
/// version.
pub fn sample(n: usize, edit: usize) -> (String, String) {
    let (next, other) = (n + 5, (edit + 1) % 3);
    match n % 5 {
        0 => (
            format!("src/module_{n:02}.rs"),
            format!(
                "//! Module {n}.\n\nuse std::fmt;\n\n/// Adds {edit} to the number.\npub fn add_{n}(x: u32) -> u32 {{\n    crate::module_{next:02}::add_{next}(x) + {edit}\n}}\n\npub struct Thing{n} {{\n    field: u32,\n}}\n\nimpl Thing{n} {{\n    /// Gives the field.\n    pub fn get_field(&self) -> u32 {{\n        self.field\n    }}\n}}\n"
            ),
        ),
        1 => (
            format!("app/part_{n:02}.py"),
            format!(
                "\"\"\"Part {n}.\"\"\"\nimport os\nfrom app.part_{next:02} import parse_{next}, step_{next}_{other}\n\n\nclass Part{n}:\n    \"\"\"A part.\"\"\"\n\n    def load_config(self, path):\n        return os.path.join(path, '{edit}')\n\n\ndef parse_{n}(text):\n    return parse_{next}(text) + step_{next}_{other}()\n\n\ndef step_{n}_{edit}():\n    return {edit}\n"
            ),
        ),
        2 => (
            format!("docs/page_{n:02}.md"),
            format!(
                "# Page {n}\n\nHow to configure the thing, version {edit}.\n\n## Details\n\nMore words about configuration.\n"
            ),
        ),
        3 => (format!("conf/settings_{n:02}.json"), format!("{{\n  \"name\": \"s{n}\",\n  \"value\": {edit}\n}}\n")),
        _ => (
            format!("web/view_{n:02}.ts"),
            format!(
                "import {{ render{next} }} from './view_{next:02}';\n\nexport interface View{n} {{ id: number }}\n\nexport function render{n}(v: View{n}): string {{\n  return render{next}(v) + `${{v.id}} {edit}`;\n}}\n"
            ),
        ),
    }
}
