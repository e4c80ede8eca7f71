//! The configuration, resolved: what it means.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use super::mistake::{Mistake, Place, SourceText};
use super::read::{Entries, Written};
use super::written::AnyValue;

/// A workspace: everything that one `workspace.yaml` declares.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub name: String,
    /// The directory of the workspace file, canonical.
    pub dir: PathBuf,
    /// Derived data that can be made again; may be shared.
    pub cache: PathBuf,
    /// `<dir>/.sawmill`: what belongs to this workspace alone.
    pub state: PathBuf,
    pub file: Arc<SourceText>,
    /// Sorted by name; disabled ones too.
    pub repos: Vec<Repository>,
    /// Entries whose root is not there. The other repositories stand.
    pub unavailable: Vec<Unavailable>,
    /// Every pipeline that a repository or `pipelines:` names, by name.
    pub pipelines: BTreeMap<String, Pipeline>,
    /// The names in `pipelines:`.
    pub workspace_pipelines: Vec<Written<String>>,
    /// Glob over the path → language name, sorted by glob.
    pub languages: Vec<(Written<String>, Written<String>)>,
    pub builds: Builds,
    pub git: GitBuilds,
    pub snapshots: Snapshots,
    pub diffs: Diffs,
    /// Remarks that stop nothing.
    pub warnings: Vec<Mistake>,
}

/// One declared source tree.
#[derive(Clone, Debug)]
pub struct Repository {
    pub name: String,
    /// Canonical; of this machine.
    pub root: PathBuf,
    /// Does the root lie outside the workspace directory?
    pub outside: bool,
    /// Sorted, distinct, lower-case.
    pub tags: Vec<String>,
    pub priority: i32,
    pub enabled: bool,
    /// A key of [`Workspace::pipelines`].
    pub pipeline: String,
    /// gitignore syntax.
    pub include: Vec<String>,
    /// gitignore syntax; wins over `include`.
    pub exclude: Vec<String>,
    /// Node → its parameters: the pipeline's `with`, under this repository's `with`, parameters filled in.
    pub with: BTreeMap<String, Settings>,
    /// The `name` or `glob` of the entry.
    pub place: Place,
}

/// A repository that cannot be worked on now.
#[derive(Clone, Debug)]
pub struct Unavailable {
    pub name: String,
    pub mistake: Mistake,
}

/// Parameters of one node, by key.
pub type Settings = BTreeMap<String, Setting>;

/// One parameter of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    pub value: Value,
    /// Were mistakes in the value reported? Then it means nothing.
    pub reported: bool,
    /// The key, in the pipeline or in the workspace file.
    pub key: Place,
    pub place: Place,
}

/// Where a pipeline runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Repository,
    Workspace,
}

/// One pipeline, its names checked, its graph not yet.
#[derive(Clone, Debug)]
pub struct Pipeline {
    pub name: Written<String>,
    pub file: Arc<SourceText>,
    pub scope: Scope,
    /// Declared parameters with their defaults (`--param` applied).
    pub params: BTreeMap<String, Value>,
    /// Sorted by name.
    pub nodes: Vec<PipelineNode>,
    pub serve: Option<Written<String>>,
    /// Sorted by name.
    pub after: Vec<PipelineNode>,
}

/// One node as declared.
#[derive(Clone, Debug)]
pub struct PipelineNode {
    pub name: Written<String>,
    /// `None` only where a missing `kind:` was reported.
    pub kind: Option<Written<String>>,
    pub inputs: Inputs,
    /// `with:` with the pipeline's own parameters filled in.
    pub with: Settings,
    /// `with:` as written, for repositories that set parameters of their own.
    pub(super) written: Entries<AnyValue>,
}

/// What feeds a node.
#[derive(Clone, Debug)]
pub enum Inputs {
    /// Sorted by port.
    Named(Vec<Input>),
    /// Each node fits exactly one port.
    Short(Vec<Written<String>>),
    /// Only where mistakes in them were reported.
    Unread,
}

/// Port ← nodes.
#[derive(Clone, Debug)]
pub struct Input {
    pub port: Written<String>,
    pub nodes: Vec<Written<String>>,
}

/// Retention of generations: what is within both is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builds {
    pub keep: u32,
    pub max_age_days: u32,
}

/// Retention of builds of commits, per repository: what is within both is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GitBuilds {
    pub keep: u32,
    pub max_age_days: u32,
}

/// Retention of snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshots {
    pub keep_pointer: u32,
    pub keep_frozen: u32,
    pub max_age_days: u32,
    pub protect_tags: Vec<String>,
    pub staging_max_age_hours: u32,
}

/// Retention of diffs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diffs {
    pub keep: u32,
    pub keep_automatic: u32,
    pub max_age_days: u32,
    /// Of all diffs together; `None`: as many as there are.
    pub max_total_bytes: Option<u64>,
}

impl Default for Builds {
    fn default() -> Self {
        Self { keep: 10, max_age_days: 14 }
    }
}

impl Default for GitBuilds {
    fn default() -> Self {
        Self { keep: 50, max_age_days: 30 }
    }
}

impl Default for Snapshots {
    fn default() -> Self {
        Self {
            keep_pointer: 25,
            keep_frozen: 10,
            max_age_days: 30,
            protect_tags: vec!["*".to_owned()],
            staging_max_age_hours: 24,
        }
    }
}

impl Default for Diffs {
    fn default() -> Self {
        Self { keep: 50, keep_automatic: 20, max_age_days: 30, max_total_bytes: None }
    }
}

impl Workspace {
    /// Repositories that a run works on, by name.
    pub fn enabled(&self) -> impl Iterator<Item = &Repository> {
        self.repos.iter().filter(|r| r.enabled)
    }

    /// A mistake for each language of `languages: map:` that `known` lacks. The table of languages belongs to
    /// another layer, so the caller hands it in.
    pub fn unknown_languages(&self, known: &[&str]) -> Vec<Mistake> {
        let unknown = self.languages.iter().filter(|(_, language)| !known.contains(&language.value.as_str()));
        unknown.map(|(_, language)| super::resolve::unknown_language(&self.file, language, known)).collect()
    }
}
