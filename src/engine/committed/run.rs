//! A run over commits, one repository after the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::plan::{Plan, RepoPlan};
use crate::source::{CommittedTree, Notice};
use crate::store::{FORMAT, GitBuild, RepoProvenance, Writer};

use super::super::build::{decided, keep_decisions, pool, run, tell_confinement, tell_notices};
use super::super::event::Event;
use super::super::failure::Failure;
use super::super::scan::{self, Scanned};
use super::super::services::Services;
use super::super::standing::Display;
use super::super::work::{self, BuildOptions, Work};
use super::super::world::store_failure;
use super::nearest::nearest;

/// What became of one commit.
#[derive(Clone, Debug)]
pub struct CommitOutcome {
    pub repo: String,
    /// In whole hexadecimal.
    pub commit: String,
    /// None where it failed.
    pub build: Option<String>,
    /// It was built before, with this very configuration, and stands.
    pub current: bool,
    pub files: u64,
    pub bytes: u64,
    pub notices: Vec<Notice>,
    /// Artifacts that were missing or damaged, and were made again.
    pub healed: usize,
    pub failure: Option<Failure>,
}

/// Builds commits: `commits` has one for each repository that is meant, in whole hexadecimal. One that fails keeps
/// nobody else from being built; `Err` only where nothing can be written, or the run was stopped.
///
/// Of `options` hold `jobs`, `reuse`, `null_check` and `wait`.
pub fn build_committed(
    services: &Services,
    plan: &Plan,
    display: &BTreeMap<String, Display>,
    commits: &BTreeMap<String, String>,
    options: &BuildOptions,
) -> Result<Vec<CommitOutcome>, Failure> {
    let writer = services.store.writer(&*services.clock, options.wait).map_err(|e| store_failure(&e))?;
    let writer = Arc::new(writer);
    let told = tell_notices(services, &writer, 0);
    decided(services, Some(&writer))?;
    let stamp = Stamp::of(services);
    let mut this = Run { services, display, options, writer: &writer, settled: true };
    services.tell(Event::ScanStarted { repos: commits.len() });
    let repos = plan.repos.iter().filter_map(|repo| Some((repo, commits.get(&repo.name)?)));
    let done = repos.map(|(repo, commit)| this.one(repo, commit)).collect();
    let settled = this.settled;
    tell_confinement(services);
    if let Some(pool) = &services.workers {
        pool.rest();
    }
    if settled {
        stamp.keep(services, &writer);
    }
    tell_notices(services, &writer, told);
    done
}

/// What the null check of HEAD believes. Objects come and go under the writer's lock alone: where nothing was lost, what
/// held before the run holds after it.
struct Stamp(Option<String>);

impl Stamp {
    fn of(services: &Services) -> Self {
        let held = services.store.head().and_then(|head| match head {
            Some(head) => Ok(services.store.stamp_holds(&head)?.then_some(head)),
            None => Ok(None),
        });
        // Whoever asks for HEAD itself is told what is wrong with it.
        Self(held.unwrap_or_default())
    }

    fn keep(&self, services: &Services, writer: &Writer) {
        if let Some(Err(error)) = self.0.as_ref().map(|head| writer.record_stamp(head)) {
            services.notice(&error, None);
        }
    }
}

struct Run<'r> {
    services: &'r Services,
    display: &'r BTreeMap<String, Display>,
    options: &'r BuildOptions,
    writer: &'r Arc<Writer>,
    /// Was everything that was found lost made again?
    settled: bool,
}

impl Run<'_> {
    /// One commit, from its tree to its record. `Err` ends the run.
    fn one(&mut self, plan: &RepoPlan, commit: &str) -> Result<CommitOutcome, Failure> {
        let mut outcome = CommitOutcome {
            repo: plan.name.clone(),
            commit: commit.to_owned(),
            build: None,
            current: false,
            files: 0,
            bytes: 0,
            notices: Vec::new(),
            healed: 0,
            failure: None,
        };
        match self.built(plan, commit, &mut outcome) {
            Err(failure) if failure.is_cancelled() => return Err(failure),
            Err(failure) => outcome.failure = Some(failure),
            Ok(build) => outcome.build = Some(build),
        }
        Ok(outcome)
    }

    fn built(&mut self, plan: &RepoPlan, commit: &str, outcome: &mut CommitOutcome) -> Result<String, Failure> {
        let tree = CommittedTree::open(&*self.services.vfs, &plan.root, commit);
        let tree = Arc::new(tree.map_err(|e| scan::of_commit(&e, &plan.name))?);
        // From here on the repository is what the commit says.
        let services = &Services { vfs: Arc::<CommittedTree>::clone(&tree), ..self.services.clone() };
        let scanned = scan::scan(services, Some(self.writer), plan, Some(&tree), self.options.jobs)?;
        (outcome.files, outcome.bytes) = (scanned.files, scanned.bytes);
        outcome.notices.clone_from(&scanned.notices);
        let old = match services.store.git_build(&plan.name, commit) {
            Ok(record) => record,
            Err(error) if error.is_damage() => {
                services.notice(&error, Some(&plan.name));
                None
            }
            Err(error) => return Err(store_failure(&error)),
        };
        if let Some(record) = old.as_ref().filter(|_| self.options.null_check)
            && self.is_current(record, &scanned)?
        {
            services.tell(Event::Current { repo: Arc::clone(&scanned.name) });
            outcome.current = true;
            return Ok(record.build.clone());
        }
        let mut works = [Work { tree: Some(Arc::clone(&tree)), ..Work::new(plan, Ok(scanned)) }];
        let made = self.make(services, &mut works, &tree, outcome);
        // What was met on the way says more than what it led to.
        scan::whole(Some(&tree), &plan.name)?;
        made?;
        let [work] = works;
        match (work.failure, work.build, work.scanned) {
            (None, Some(build), Some(scanned)) => {
                services.tell(Event::Publishing);
                let record = self.record(plan, commit, &build, &scanned, old.as_ref());
                self.writer.put_git_build(&record).map_err(|e| store_failure(&e))?;
                Ok(build)
            }
            (Some(failure), ..) => Err(failure),
            _ => Err(Failure::bug("a commit came to neither a build nor a failure", &plan.name)),
        }
    }

    /// Was it made of the same files by the same plan, and does it stand?
    fn is_current(&self, record: &GitBuild, scanned: &Scanned) -> Result<bool, Failure> {
        if record.provenance.root_key != Some(scanned.root_key(&self.services.decisions)) {
            return Ok(false);
        }
        self.services.store.build_stands(&record.repo, &record.build).map_err(|e| store_failure(&e))
    }

    /// Runs the repository's actions.
    fn make(
        &mut self,
        services: &Services,
        works: &mut [Work<'_>; 1],
        tree: &CommittedTree,
        outcome: &mut CommitOutcome,
    ) -> Result<(), Failure> {
        let previous = nearest(self.services, works[0].plan, tree);
        let world = work::world(services, &[], works, self.options, Some(self.writer), previous)?;
        let world = Arc::new(world);
        let ran = pool(self.options)?.install(|| run(services, &world, works, self.options));
        // What was finished is kept, even where the run was stopped.
        let kept = world.commit().and_then(|()| keep_decisions(services, self.writer));
        outcome.healed = world.lost.healed();
        self.settled &= world.lost.is_settled();
        ran.and(kept)
    }

    fn record(
        &self,
        plan: &RepoPlan,
        commit: &str,
        build: &str,
        scanned: &Scanned,
        old: Option<&GitBuild>,
    ) -> GitBuild {
        let now = self.services.clock.now();
        let shown = self.display.get(&plan.name).cloned().unwrap_or_default();
        // A build that was made before and came out again is as old as it was.
        let built_at = old.filter(|old| old.build == build).map_or(now, |old| old.provenance.built_at);
        let provenance = RepoProvenance {
            commit: Some(commit.to_owned()),
            dirty: Some(false),
            tags: shown.tags,
            priority: shown.priority,
            enabled: shown.enabled,
            root_key: Some(scanned.root_key(&self.services.decisions)),
            built_at,
            files: scanned.files,
            bytes: scanned.bytes,
            ..RepoProvenance::default()
        };
        GitBuild {
            format: FORMAT,
            repo: plan.name.clone(),
            commit: commit.to_owned(),
            build: build.to_owned(),
            created_at: now,
            provenance,
        }
    }
}
