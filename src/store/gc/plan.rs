//! What is condemned, and what of it is due: one plan, for a dry run and for doing it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::super::error::{StoreError, StoreNotice};
use super::super::gitbuild::GitBuild;
use super::super::open::Store;
use super::super::reach::{Held, Holder, Kept, Reach, Registration};
use super::super::verify::Amount;
use super::condemned::Since;
use super::item::{Item, Sort};
use super::retention::{KeepBuilds, Retained};
use crate::base::{Digest, Timestamp};

/// A commit of a repository: repository and commit.
pub type CommitKey = (String, String);

/// Which builds of commits are beyond their retention.
pub type Expired<'a> = dyn Fn(&[GitBuild]) -> Vec<CommitKey> + 'a;

/// What a collection is asked.
pub struct GcRequest<'a> {
    pub now: Timestamp,
    pub builds: KeepBuilds,
    pub expired: &'a Expired<'a>,
    /// How long what is condemned stands before it is deleted.
    pub grace: Duration,
}

/// Something that nothing needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condemned {
    /// When a collection first found it so; this one's time where it is the first.
    pub since: Timestamp,
    /// It goes in this run.
    pub is_due: bool,
    pub amount: Amount,
}

/// What one sort of keepers keeps and none before it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptAmount {
    pub by: Kept,
    pub amount: Amount,
}

/// What a collection will do.
#[derive(Debug, Default)]
pub struct GcPlan {
    pub(super) condemned: BTreeMap<Item, Condemned>,
    /// Memo entries of which nothing is left.
    pub(super) actions: BTreeSet<Digest>,
    pub(super) gone: Vec<Registration>,
    kept: Vec<KeptAmount>,
    read: BTreeSet<String>,
    unknown: Vec<StoreNotice>,
    notices: Vec<StoreNotice>,
    others: usize,
    grace: Duration,
}

impl GcPlan {
    pub fn condemned(&self) -> &BTreeMap<Item, Condemned> {
        &self.condemned
    }

    /// What goes, by sort.
    pub fn due(&self) -> BTreeMap<Sort, Amount> {
        let mut due = self.sum(|condemned| condemned.is_due);
        if !self.actions.is_empty() {
            due.insert(Sort::Memo, Amount { files: self.actions.len() as u64, bytes: 0 });
        }
        due
    }

    /// What waits, by sort.
    pub fn waiting(&self) -> BTreeMap<Sort, Amount> {
        self.sum(|condemned| !condemned.is_due)
    }

    fn sum(&self, counts: impl Fn(&Condemned) -> bool) -> BTreeMap<Sort, Amount> {
        let mut sums: BTreeMap<Sort, Amount> = BTreeMap::new();
        for (item, condemned) in self.condemned.iter().filter(|(_, condemned)| counts(condemned)) {
            sums.entry(item.sort()).or_default().add(condemned.amount);
        }
        sums
    }

    /// When all that waits is past its grace.
    pub fn waits_until(&self) -> Option<Timestamp> {
        let waiting = self.condemned.values().filter(|condemned| !condemned.is_due);
        let grace = i64::try_from(self.grace.as_nanos()).unwrap_or(i64::MAX);
        waiting.map(|condemned| Timestamp(condemned.since.0.saturating_add(grace))).max()
    }

    /// The objects that are needed, by the first that needs them.
    pub fn kept(&self) -> &[KeptAmount] {
        &self.kept
    }

    /// Generations that only a reader keeps.
    pub fn read(&self) -> &BTreeSet<String> {
        &self.read
    }

    /// Records that cannot be read, so that nothing they may need is condemned.
    pub fn unknown(&self) -> &[StoreNotice] {
        &self.unknown
    }

    pub fn notices(&self) -> &[StoreNotice] {
        &self.notices
    }

    /// Other workspaces that use the cache.
    pub fn others(&self) -> usize {
        self.others
    }

    /// Is there nothing to do and nothing that waits?
    pub fn is_empty(&self) -> bool {
        self.condemned.is_empty() && self.actions.is_empty() && self.gone.is_empty()
    }

    pub(super) fn since(&self) -> Since {
        self.condemned.iter().map(|(item, condemned)| (item.clone(), condemned.since)).collect()
    }
}

/// What a plan is made of.
struct Planner<'a> {
    store: &'a Store,
    request: &'a GcRequest<'a>,
    since: Since,
    plan: GcPlan,
}

impl Store {
    /// What a collection would do at this moment. Takes each lease that it asks about, for that moment; writes nothing.
    pub fn gc_plan(&self, request: &GcRequest<'_>) -> Result<GcPlan, StoreError> {
        let (since, notices) = self.condemned()?;
        let mut plan = GcPlan { notices, grace: request.grace, ..GcPlan::default() };
        plan.gone = self.registrations()?.into_iter().filter(|other| other.gone).collect();
        let planner = Planner { store: self, request, since, plan };
        planner.plan()
    }
}

impl Planner<'_> {
    fn plan(mut self) -> Result<GcPlan, StoreError> {
        let store = self.store;
        let retained = store.retained(self.request.builds, self.request.now)?;
        let (commits, broken) = self.expired()?;
        let surplus = |holder: &Holder| match holder {
            Holder::Generation(id) => retained.surplus.contains(id),
            Holder::Commit { repo, commit } => commits.contains(&(repo.clone(), commit.clone())),
            Holder::Snapshot(_) => false,
        };
        let mut live = store.reach(&|holder, _| !surplus(holder));
        let (loose, held_loosely) = store.loose_leases();
        live.unread.extend(retained.unread.iter().cloned().chain(broken).chain(held_loosely));
        self.records(&retained, commits, loose)?;
        // What stands after this run and is condemned must find what it names.
        let waits = |holder: &Holder| {
            let item = match holder {
                Holder::Generation(id) => Item::Generation(id.clone()),
                Holder::Commit { repo, commit } => Item::Commit(repo.clone(), commit.clone()),
                Holder::Snapshot(_) => return false,
            };
            self.plan.condemned.get(&item).is_some_and(|condemned| !condemned.is_due)
        };
        let waiting = store.held(&|holder, _| waits(holder));
        self.manifests(&live, &waiting)?;
        self.objects(&live, &waiting)?;
        let quarantined = store.quarantined()?;
        for (item, amount) in quarantined {
            self.condemn(item, amount, true);
        }
        self.plan.read = retained.read;
        self.plan.others = live.others;
        self.plan.unknown = live.unread;
        self.plan.unknown.append(&mut live.unread_elsewhere);
        self.plan.unknown.sort();
        self.plan.unknown.dedup();
        Ok(self.plan)
    }

    /// The builds of commits that are beyond their retention, and those whose record is damaged, with what is told of
    /// these: nobody can read such a record again, so it goes; until then it may hold anything.
    fn expired(&self) -> Result<(BTreeSet<CommitKey>, Vec<StoreNotice>), StoreError> {
        let (store, mut records) = (self.store, Vec::new());
        let (mut expired, mut broken) = (BTreeSet::new(), Vec::new());
        for repo in store.git_repos()? {
            for commit in store.git_commits(&repo)? {
                match store.git_build(&repo, &commit) {
                    Ok(record) => records.extend(record),
                    Err(e) if e.is_damage() => {
                        let path = store.layout().git_commit(&repo, &commit);
                        let what = format!(
                            "{}; it is condemned, and until it is gone nobody knows what it holds",
                            e.in_words()
                        );
                        broken.push(StoreNotice { path, what });
                        expired.insert((repo.clone(), commit));
                    }
                    Err(e) => return Err(e),
                }
            }
        }
        expired.extend((self.request.expired)(&records));
        let mut unread = BTreeSet::new();
        for (repo, commit) in expired {
            if !store.is_leased(&store.layout().git_lease(&repo, &commit))? {
                unread.insert((repo, commit));
            }
        }
        Ok((unread, broken))
    }

    /// Puts an item on the list. It is due where an earlier collection condemned it, long enough ago, and `may_go`.
    fn condemn(&mut self, item: Item, amount: Amount, may_go: bool) {
        let now = self.request.now;
        // A time to come is of a clock that was wrong.
        let known = self.since.get(&item).copied().filter(|since| *since <= now);
        let is_due = may_go && known.is_some_and(|since| now.since(since) >= self.request.grace);
        let since = known.unwrap_or(now);
        self.plan.condemned.insert(item, Condemned { since, is_due, amount });
    }

    fn records(
        &mut self,
        retained: &Retained,
        commits: BTreeSet<CommitKey>,
        loose: Vec<String>,
    ) -> Result<(), StoreError> {
        let generations = retained.surplus.iter().cloned().map(Item::Generation);
        let commits = commits.into_iter().map(|(repo, commit)| Item::Commit(repo, commit));
        let items: Vec<Item> = generations.chain(commits).chain(loose.into_iter().map(Item::Lease)).collect();
        for item in items {
            let amount = self.store.amount_of(&item)?;
            self.condemn(item, amount, true);
        }
        Ok(())
    }

    fn manifests(&mut self, live: &Reach, waiting: &Held) -> Result<(), StoreError> {
        if !live.unread.is_empty() {
            return Ok(());
        }
        let mut standing = Reach::default();
        self.store.reach_of_held(&mut standing, waiting);
        for item in self.store.manifests_there()? {
            let is_in = |reach: &Reach| match &item {
                Item::Build(repo, id) => reach.builds.contains(&(repo.clone(), id.clone())),
                Item::List(repo, hash) => reach.lists.contains(&(repo.clone(), *hash)),
                _ => true,
            };
            if !is_in(live) {
                let (amount, may_go) = (self.store.amount_of(&item)?, !is_in(&standing));
                self.condemn(item, amount, may_go);
            }
        }
        Ok(())
    }

    fn objects(&mut self, live: &Reach, waiting: &Held) -> Result<(), StoreError> {
        let there = self.store.objects_as_items()?;
        let mut standing = Reach::default();
        self.store.reach_of_held(&mut standing, waiting);
        let mut kept: BTreeMap<Kept, Amount> = BTreeMap::new();
        for (item, amount) in &there {
            match item {
                Item::Object(hash) => match live.objects.get(hash) {
                    Some(by) => kept.entry(*by).or_default().add(*amount),
                    None if live.is_complete() => {
                        self.condemn(item.clone(), *amount, !standing.objects.contains_key(hash));
                    }
                    None => {}
                },
                _ => self.condemn(item.clone(), *amount, true),
            }
        }
        self.plan.kept = kept.into_iter().map(|(by, amount)| KeptAmount { by, amount }).collect();
        if live.is_complete() {
            self.memo(live, &standing, &there)?;
        }
        Ok(())
    }

    /// The entries of which nothing is left after this run.
    fn memo(&mut self, live: &Reach, standing: &Reach, there: &BTreeMap<Item, Amount>) -> Result<(), StoreError> {
        let needs = |reach: &Reach, hash: &Digest| reach.objects.contains_key(hash);
        let memo = self.store.memo()?;
        let plan = &self.plan;
        let is_gone = |hash: &Digest| {
            let goes = || plan.condemned.get(&Item::Object(*hash)).is_some_and(|condemned| condemned.is_due);
            !needs(live, hash) && !needs(standing, hash) && (!Store::stands(there, hash) || goes())
        };
        let entries = memo.entries().filter(|entry| !entry.outputs.is_empty());
        let entries = entries.filter(|entry| entry.outputs.iter().all(|output| is_gone(&output.artifact)));
        let actions: BTreeSet<Digest> = entries.map(|entry| entry.key).collect();
        self.plan.actions = actions;
        self.plan.notices.extend(memo.notices().iter().cloned());
        Ok(())
    }
}
