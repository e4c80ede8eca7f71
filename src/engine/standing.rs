//! What is promoted: which build stands for each repository, and what is known beside it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::base::Timestamp;
use crate::plan::Plan;
use crate::source;
use crate::store::{Generation, Pinned, Provenance, RepoBuild, RepoProvenance, WorkspaceProvenance};

use super::failure::Failure;
use super::federation::WorkspaceOutcome;
use super::services::Services;
use super::work::{BuildOptions, Work, is_declared};

/// Up to this many files, a repository that is built is asked whether it differs from its commit: that costs a
/// stat of every tracked file.
const DIRTY_FILES: u64 = 20_000;

/// What people are shown of a repository; kept beside a generation, outside every hash.
#[derive(Clone, Debug, Default)]
pub struct Display {
    pub tags: Vec<String>,
    pub priority: i64,
    pub enabled: bool,
}

/// What a run knows apart from its works.
pub(super) struct Standing<'a> {
    pub services: &'a Services,
    pub plan: &'a Plan,
    pub display: &'a BTreeMap<String, Display>,
    pub options: &'a BuildOptions,
    pub head: Option<&'a Pinned>,
}

impl Standing<'_> {
    fn old_build(&self, name: &str) -> Option<RepoBuild> {
        self.head.and_then(|h| h.generation().repos.get(name)).cloned()
    }

    fn old_record(&self, name: &str) -> Option<RepoProvenance> {
        self.head.and_then(|h| h.provenance().repos.get(name)).cloned()
    }

    /// The generation to promote: new builds, and the old ones of what failed or was not asked for.
    pub fn generation(&self, works: &[Work<'_>]) -> Result<Generation, Failure> {
        let mut repos: BTreeMap<String, RepoBuild> = BTreeMap::new();
        if let Some(head) = self.head.filter(|_| !self.options.only.is_empty()) {
            let declared =
                head.generation().repos.iter().filter(|(name, _)| is_declared(self.plan, self.options, name));
            repos.extend(declared.map(|(name, build)| (name.clone(), build.clone())));
        }
        for work in works {
            let standing = match &work.build {
                Some(build) => Some(RepoBuild { build: build.clone(), stale: false }),
                None if work.partial && work.failure.is_none() => self.old_build(&work.plan.name),
                None => self.old_build(&work.plan.name).map(|b| RepoBuild { stale: true, ..b }),
            };
            match standing {
                Some(build) => repos.insert(work.plan.name.clone(), build),
                None => repos.remove(&work.plan.name),
            };
        }
        for name in self.options.unavailable.keys().filter(|name| self.options.wants(name)) {
            if let Some(build) = self.old_build(name) {
                repos.insert(name.clone(), RepoBuild { stale: true, ..build });
            }
        }
        let mut failures = works.iter().filter_map(|w| w.failure.as_ref()).chain(self.options.unavailable.values());
        if repos.is_empty()
            && let Some(failure) = failures.next().cloned()
        {
            return Err(failure);
        }
        Ok(Generation::of(repos, BTreeMap::new()))
    }

    /// `generation` with what the nodes of the workspace made.
    pub fn with_workspace(generation: Generation, made: &[WorkspaceOutcome]) -> Generation {
        let builds = made.iter().filter_map(|made| Some((made.node.clone(), made.build.clone()?)));
        Generation::of(generation.repos, builds.collect())
    }

    /// What is known of the nodes of the workspace: of those that ran now, or as it was.
    fn nodes(
        &self,
        generation: &Generation,
        made: &[WorkspaceOutcome],
        now: Timestamp,
    ) -> BTreeMap<String, WorkspaceProvenance> {
        let known = |node: &String| self.head.and_then(|head| head.provenance().nodes.get(node)).cloned();
        let mut nodes: BTreeMap<String, WorkspaceProvenance> =
            generation.workspace.keys().map(|node| (node.clone(), known(node).unwrap_or_default())).collect();
        for made in made {
            let old = self.head.and_then(|head| head.generation().workspace.get(&made.node));
            let mut record = known(&made.node).unwrap_or_default();
            record.failure = made.failure.as_ref().map(|failure| self.without(failure.to_string(), None));
            if made.failure.is_none() {
                record.root_key = Some(made.root_key);
                let stood = old.is_some_and(|old| Some(&old.build) == made.build.as_ref().map(|build| &build.build));
                record.built_at = if stood { record.built_at } else { now };
            }
            nodes.insert(made.node.clone(), record);
        }
        nodes
    }

    /// What is known beside `generation`: for each of its repositories, and for those that failed their first build.
    pub fn provenance(
        &self,
        works: &[Work<'_>],
        generation: &Generation,
        federated: &[WorkspaceOutcome],
    ) -> Provenance {
        let now = self.services.clock.now();
        let mut repos: BTreeMap<String, RepoProvenance> = BTreeMap::new();
        for name in generation.repos.keys() {
            repos.insert(name.clone(), self.old_record(name).unwrap_or_default());
        }
        for work in works {
            repos.insert(work.plan.name.clone(), self.of_work(work, now));
        }
        for (name, failure) in self.options.unavailable.iter().filter(|(name, _)| self.options.wants(name)) {
            if let Some(record) = repos.get_mut(name) {
                record.failure = Some(failure.to_string());
                record.stale_since = record.stale_since.or(Some(now));
            }
        }
        for (name, record) in &mut repos {
            if let Some(shown) = self.display.get(name) {
                record.tags.clone_from(&shown.tags);
                record.priority = shown.priority;
                record.enabled = shown.enabled;
            }
        }
        let (created_at, previous) = self.origin(generation, now);
        Provenance {
            format: 1,
            workspace: self.plan.workspace.clone(),
            tool: concat!("sawmill ", env!("CARGO_PKG_VERSION")).to_owned(),
            created_at,
            checked_at: now,
            previous,
            repos,
            nodes: self.nodes(generation, federated, now),
        }
    }

    /// When `generation` was made HEAD, and what was HEAD before it. A build that comes to the generation that
    /// stands keeps both, unless their record was lost.
    fn origin(&self, generation: &Generation, now: Timestamp) -> (Timestamp, Option<String>) {
        let Some(head) = self.head else { return (now, None) };
        if head.generation().id != generation.id {
            return (now, Some(head.generation().id.clone()));
        }
        let is_known = head.provenance().format != 0;
        (if is_known { head.provenance().created_at } else { now }, head.provenance().previous.clone())
    }

    /// What a failure says, without the paths of this machine: the record may be copied to another.
    pub fn told(&self, failure: &Failure, root: &Path) -> String {
        self.without(failure.to_string(), Some(root))
    }

    /// `text` without the paths of the store, and of the repository's root where that is known.
    pub fn without(&self, mut text: String, root: Option<&Path>) -> String {
        let dirs = self.services.store.dirs();
        let cache = (dirs.cache.as_path(), "<cache>");
        let state = (dirs.state.as_path(), "<state>");
        for (path, word) in [cache, state].into_iter().chain(root.map(|root| (root, "<root>"))) {
            if let Some(path) = path.to_str().filter(|path| path.len() > 1) {
                text = text.replace(path, word);
            }
        }
        text
    }

    fn of_work(&self, work: &Work<'_>, now: Timestamp) -> RepoProvenance {
        let mut entry = self.old_record(&work.plan.name).unwrap_or_default();
        if work.partial && work.failure.is_none() {
            return entry;
        }
        entry.failure = work.failure.as_ref().map(|failure| self.told(failure, &work.plan.root));
        entry.stale_since = entry.failure.is_some().then(|| entry.stale_since.unwrap_or(now));
        let (Some(scanned), Some(build)) = (&work.scanned, &work.build) else { return entry };
        let with_dirty = !work.current && scanned.files <= DIRTY_FILES;
        let (git, notices) = source::provenance(&*self.services.vfs, &work.plan.root, with_dirty);
        self.services.notice_source(&scanned.name, &notices);
        let git = git.unwrap_or(source::Provenance { branch: None, commit: None, dirty: None });
        // Nothing changed since it was last asked: what was told of `dirty` then still holds.
        entry.dirty = if work.current && entry.commit == git.commit { entry.dirty } else { git.dirty };
        entry.branch = git.branch;
        entry.commit = git.commit;
        entry.files = scanned.files;
        entry.bytes = scanned.bytes;
        // A build that was made before and came out again is as old as it was.
        let stood = self.old_build(&work.plan.name).is_some_and(|old| old.build == *build);
        if !stood || entry.root_key.is_none() {
            entry.built_at = now;
        }
        entry.root_key = Some(scanned.root_key(&self.services.decisions));
        entry
    }
}
