//! What will go, and how much it is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::super::error::StoreError;
use super::super::gc::Item;
use super::super::layout::{git_lease_name, is_part};
use super::super::ledger::LedgerTable;
use super::super::local::git_stat_name;
use super::super::model::Generation;
use super::super::open::Store;
use super::super::reach::{Holder, Kept as Keeper, Reach};
use super::super::verify::{Amount, StoredFile};
use super::pointers::Pointed;
use crate::base::Digest;

/// Why objects and memo stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// So many other workspaces use the cache.
    Shared(usize),
    /// A record cannot be read that may refer to them.
    Unknown,
}

/// What a clear will do.
#[derive(Debug, Default)]
pub struct ClearPlan {
    /// Empty: everything of this workspace.
    pub(super) repos: BTreeSet<String>,
    /// What HEAD will name, where it has to change and something is left.
    pub(super) next: Option<Generation>,
    /// Generations that go.
    pub(super) generations: Vec<String>,
    /// Names of the leases of the commits' builds that go.
    pub(super) git_leases: Vec<String>,
    /// Builds and lists that go, where snapshots keep others of them.
    pub(super) manifests: Option<Vec<Item>>,
    /// Snapshots go too.
    pub(super) snapshots: bool,
    pointers: usize,
    pub(super) objects: Vec<Digest>,
    pub(super) actions: BTreeSet<Digest>,
    kept: Option<Kept>,
    removed: BTreeMap<&'static str, Amount>,
}

impl ClearPlan {
    /// What goes, by a word for its place.
    pub fn removed(&self) -> &BTreeMap<&'static str, Amount> {
        &self.removed
    }

    /// Why objects stay that this clear would have dropped.
    pub fn kept(&self) -> Option<Kept> {
        self.kept
    }

    /// The generation that HEAD will name; `None` where HEAD goes or stays as it is.
    pub fn next(&self) -> Option<&str> {
        self.next.as_ref().map(|next| next.id.as_str())
    }

    /// Pointers that stay, and keep what they name.
    pub fn pointers(&self) -> usize {
        self.pointers
    }

    /// Does everything go?
    pub fn is_whole(&self) -> bool {
        self.repos.is_empty()
    }

    fn add(&mut self, word: &'static str, amount: Amount) {
        if amount.files > 0 {
            self.removed.entry(word).or_default().add(amount);
        }
    }
}

impl Store {
    /// What clearing `repos`, or everything where none is named, will drop. Where nothing would be left, everything
    /// goes, but snapshots only where that is asked for.
    pub fn clear_plan(&self, repos: &BTreeSet<String>, snapshots: bool) -> Result<ClearPlan, StoreError> {
        let head = match self.head()? {
            Some(id) if !repos.is_empty() => Some(self.generation(&id)?),
            _ => None,
        };
        let left = head.as_ref().is_none_or(|head| head.repos.keys().any(|repo| !repos.contains(repo)));
        if repos.is_empty() || !left { self.plan_whole(snapshots) } else { self.plan_repos(repos, head) }
    }

    /// The areas of the state, in the order in which they go. `latest` and HEAD are before them all.
    pub(super) fn state_areas(&self) -> [(&'static str, PathBuf); 15] {
        let layout = self.layout();
        [
            ("generations", layout.generations()),
            ("git-builds", layout.git_builds()),
            ("views", layout.views()),
            ("builds", layout.builds()),
            ("leases", layout.leases()),
            ("stat-caches", layout.stats()),
            ("answers", layout.answers()),
            ("stamps", layout.stamp()),
            ("runs", layout.runs()),
            ("failures", layout.ledger(LedgerTable::Failures.name())),
            ("history", layout.ledger(LedgerTable::History.name())),
            ("suspects", layout.suspect_ledger()),
            ("decisions", layout.decisions()),
            ("diffs", layout.diffs()),
            ("condemned", layout.condemned_in_state()),
        ]
    }

    /// The areas of the cache: the memo before the objects that it names.
    pub(super) fn cache_areas(&self) -> [(&'static str, PathBuf); 5] {
        let layout = self.layout();
        [
            ("memo", layout.memo()),
            ("objects", layout.objects()),
            ("suspects", layout.suspects()),
            ("quarantine", layout.quarantine()),
            ("condemned", layout.condemned_in_cache()),
        ]
    }

    fn plan_whole(&self, snapshots: bool) -> Result<ClearPlan, StoreError> {
        let mut plan = ClearPlan { generations: self.generation_ids()?, snapshots, ..ClearPlan::default() };
        for repo in self.git_repos()? {
            plan.git_leases.extend(self.git_leases(&repo)?);
        }
        let pointed = if snapshots { Pointed::default() } else { self.pointed() };
        plan.pointers = pointed.snapshots;
        plan.manifests = pointed.surplus(self, &BTreeSet::new())?;
        plan.add("generations", self.measure_at(&self.layout().head())?);
        plan.add("views", self.measure_at(&self.layout().latest())?);
        if snapshots {
            plan.add("snapshots", self.measure_at(&self.layout().snapshots())?);
        }
        for (word, path) in self.state_areas() {
            if word != "builds" || plan.manifests.is_none() {
                plan.add(word, self.measure_at(&path)?);
            }
        }
        self.add_manifests(&mut plan)?;
        if !pointed.reach.unread.is_empty() {
            plan.kept = Some(Kept::Unknown);
        }
        match self.other_workspaces()?.len() {
            0 => self.plan_cache(&mut plan, &pointed)?,
            others => plan.kept = Some(Kept::Shared(others)),
        }
        Ok(plan)
    }

    fn plan_cache(&self, plan: &mut ClearPlan, pointed: &Pointed) -> Result<(), StoreError> {
        for (word, path) in self.cache_areas() {
            if word != "objects" || plan.manifests.is_none() {
                plan.add(word, self.measure_at(&path)?);
            }
        }
        if plan.manifests.is_some() && pointed.reach.unread.is_empty() {
            for StoredFile { hash, amount, .. } in self.objects_there()? {
                if !pointed.reach.objects.contains_key(&hash) {
                    plan.add("objects", amount);
                    plan.objects.push(hash);
                }
            }
            plan.objects.dedup();
        }
        Ok(())
    }

    fn add_manifests(&self, plan: &mut ClearPlan) -> Result<(), StoreError> {
        for item in plan.manifests.iter().flatten().cloned().collect::<Vec<_>>() {
            plan.add("builds", self.amount_of(&item)?);
        }
        Ok(())
    }

    fn plan_repos(&self, repos: &BTreeSet<String>, head: Option<Generation>) -> Result<ClearPlan, StoreError> {
        if let Some(name) = repos.iter().find(|name| !is_part(name)) {
            return Err(StoreError::refused(format!("`{name}` names no repository")));
        }
        let mut plan = ClearPlan { repos: repos.clone(), ..ClearPlan::default() };
        plan.next = head.filter(|head| head.repos.keys().any(|repo| repos.contains(repo))).map(|head| {
            let left = head.repos.into_iter().filter(|(repo, _)| !repos.contains(repo)).collect();
            // What a node of the workspace made tells of the repositories that go: the next build makes it anew.
            Generation::of(left, BTreeMap::new())
        });
        for id in self.generation_ids()? {
            // A damaged record says nothing of its repositories; it stays, and what it may need stays with it.
            if self.generation(&id).is_ok_and(|g| g.repos.keys().any(|repo| repos.contains(repo))) {
                plan.add("generations", self.measure_at(&self.layout().generation(&id))?);
                plan.add("generations", self.measure_at(&self.layout().provenance(&id))?);
                plan.add("leases", self.measure_at(&self.layout().lease(&id))?);
                plan.add("views", self.measure_at(&self.layout().view(&id))?);
                plan.generations.push(id);
            }
        }
        let pointed = self.pointed();
        plan.manifests = pointed.surplus(self, repos)?;
        let keeps = |(repo, _): &(String, String)| repos.contains(repo);
        plan.pointers = if pointed.reach.builds.iter().any(keeps) { pointed.snapshots } else { 0 };
        for repo in repos {
            if plan.manifests.is_none() {
                plan.add("builds", self.measure_at(&self.layout().builds().join(repo))?);
            }
            plan.add("stat-caches", self.measure_at(&self.layout().stat(repo))?);
            plan.add("stat-caches", self.measure_at(&self.layout().stat(&git_stat_name(repo)))?);
            plan.add("git-builds", self.measure_at(&self.layout().git_commits(repo))?);
            for lease in self.git_leases(repo)? {
                plan.add("leases", self.measure_at(&self.layout().lease(&lease))?);
                plan.git_leases.push(lease);
            }
        }
        self.add_manifests(&mut plan)?;
        self.plan_objects(&mut plan)?;
        Ok(plan)
    }

    fn git_leases(&self, repo: &str) -> Result<Vec<String>, StoreError> {
        let commits = self.git_commits(repo)?;
        Ok(commits.iter().map(|commit| git_lease_name(repo, commit)).collect())
    }

    /// What the lists of the repositories name and nothing else does.
    fn plan_objects(&self, plan: &mut ClearPlan) -> Result<(), StoreError> {
        let mut own = Reach::default();
        for repo in &plan.repos {
            for path in self.files_in(&self.layout().lists(repo))? {
                let hash = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse::<Digest>().ok());
                // A list that is damaged names nothing; garbage collection finds what it named.
                if let Some(list) = hash.and_then(|hash| self.segment_list(repo, &hash).ok()) {
                    own.add(&list, Keeper::Generations);
                }
            }
        }
        let repos = plan.repos.clone();
        let others = self.reach(&|holder, repo| {
            matches!(holder, Holder::Snapshot(_)) || repo.is_none_or(|repo| !repos.contains(repo))
        });
        if !others.is_complete() {
            plan.kept = Some(Kept::Unknown);
            return Ok(());
        }
        plan.actions = own.actions.difference(&others.actions).copied().collect();
        plan.objects = own.objects.into_keys().filter(|hash| !others.objects.contains_key(hash)).collect();
        for hash in plan.objects.clone() {
            plan.add("objects", self.measure_at(&self.layout().object(&hash))?);
            plan.add("objects", self.measure_at(&self.layout().blocks(&hash))?);
        }
        Ok(())
    }

    /// A file, a link, or all beneath a directory.
    fn measure_at(&self, path: &Path) -> Result<Amount, StoreError> {
        use crate::base::vfs::FileKind;
        match self.vfs().stat(path) {
            Ok(stat) if stat.kind == FileKind::Dir => self.measure(path),
            Ok(stat) if stat.kind == FileKind::File => Ok(Amount { files: 1, bytes: stat.size }),
            Ok(_) => Ok(Amount { files: 1, bytes: 0 }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Amount::default()),
            Err(e) => Err(super::super::error::io_at("look at", path)(e)),
        }
    }
}
