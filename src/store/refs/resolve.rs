//! From a ref to a pinned generation.

use std::collections::BTreeMap;

use super::error::RefError;
use super::name::Ref;
use crate::base::Timestamp;
use crate::store::error::StoreError;
use crate::store::generation::generation_id;
use crate::store::layout::{FORMAT, is_part};
use crate::store::lease::Pinned;
use crate::store::model::{Generation, Provenance, RepoBuild};
use crate::store::open::Store;
use crate::store::snapshot::Snapshot;

/// Candidates that an error names.
const NAMED: usize = 5;

impl Store {
    /// The generation that a ref names, pinned; one of a single repository for `build:`. Of `repo` where that is
    /// given. `git:` and `path:` are the caller's ([`pin_commit`](Self::pin_commit), another store).
    pub fn pin_at(&self, at: &Ref, repo: Option<&str>) -> Result<Pinned, RefError> {
        match at {
            Ref::Latest => self.pin()?.ok_or_else(|| unknown(at, "nothing was built yet", never_built())),
            Ref::Previous => self.pin_previous(at),
            Ref::Generation(id) => self.pin_id(at, id),
            Ref::Snapshot(id) => self.pin_snapshot(at, &self.snapshot_meant(at, id)?),
            Ref::Tag(tag) => self.pin_snapshot(at, &self.snapshot_tagged(at, tag)?),
            Ref::Build(id) => self.pin_build(at, id, repo),
            Ref::Git(_) | Ref::Path(_) => {
                Err(StoreError::refused(format!("`{}` is not resolved by the store", at.redacted())).into())
            }
        }
    }

    fn pin_previous(&self, at: &Ref) -> Result<Pinned, RefError> {
        let head = self.pin()?.ok_or_else(|| unknown(at, "nothing was built yet", never_built()))?;
        if let Some(id) = &head.provenance().previous {
            return self.pin_id(at, id);
        }
        let help = "a build that changes something makes one; `gen:ID` names any generation that stands".to_owned();
        Err(unknown(at, "no generation is known from before the latest", help))
    }

    fn pin_id(&self, at: &Ref, id: &str) -> Result<Pinned, RefError> {
        let ids = self.generation_ids()?;
        let id = one_of(at, id, &ids, || self.newest_generations(&ids), "generation")?;
        self.pin_generation(&id, None)?.ok_or_else(|| going(at))
    }

    /// The newest first; those without a record of their time last.
    fn newest_generations(&self, ids: &[String]) -> Vec<String> {
        let made = |id: &String| self.provenance(id).ok().flatten().map(|p| p.created_at).unwrap_or_default();
        let mut aged: Vec<(Timestamp, &String)> = ids.iter().map(|id| (made(id), id)).collect();
        aged.sort_unstable_by(|a, b| b.cmp(a));
        aged.into_iter().map(|(_, id)| id.clone()).collect()
    }

    /// The id of the snapshot that `id` begins.
    pub fn snapshot_named(&self, at: &Ref, id: &str) -> Result<String, RefError> {
        let ids = self.snapshot_ids()?;
        one_of(at, id, &ids, || ids.iter().rev().cloned().collect(), "snapshot")
    }

    fn snapshot_meant(&self, at: &Ref, id: &str) -> Result<Snapshot, RefError> {
        let id = self.snapshot_named(at, id)?;
        self.snapshot(&id).map_err(|error| damaged(at, &id, error))
    }

    /// The newest snapshot that bears the tag.
    pub fn snapshot_tagged(&self, at: &Ref, tag: &str) -> Result<Snapshot, RefError> {
        let (mut best, mut tags): (Option<Snapshot>, Vec<String>) = (None, Vec::new());
        for id in self.snapshot_ids()? {
            // Whether this one bears the tag nobody knows, so none is taken in its place.
            let snapshot = self.snapshot(&id).map_err(|error| damaged(at, &id, error))?;
            tags.extend(snapshot.tags.iter().cloned());
            let bears = snapshot.tags.iter().any(|known| known == tag);
            let key = |of: &Snapshot| (of.record.created_at, of.record.id.clone());
            if bears && best.as_ref().is_none_or(|best| key(best) < key(&snapshot)) {
                best = Some(snapshot);
            }
        }
        best.ok_or_else(|| {
            tags.sort_unstable();
            tags.dedup();
            let help = match crate::base::suggest::nearest(tag, tags.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `tag:{near}`?"),
                None if tags.is_empty() => "no snapshot has a tag: `sawmill snapshot create --tag TAG`".to_owned(),
                None => format!("snapshots have the tags {}", quoted(&tags)),
            };
            unknown(at, "no snapshot has this tag", help)
        })
    }

    /// A frozen snapshot is read from its own copy, a pointer from this store.
    fn pin_snapshot(&self, at: &Ref, snapshot: &Snapshot) -> Result<Pinned, RefError> {
        let record = &snapshot.record;
        if snapshot.frozen.is_some() {
            let frozen =
                self.frozen_store(&record.id).and_then(|copy| copy.pin()).map_err(|e| lost(at, &record.id, e))?;
            return frozen
                .ok_or_else(|| lost(at, &record.id, StoreError::Missing { path: self.layout().frozen(&record.id) }));
        }
        let generation = record.generation();
        if generation_id(&generation.repos, &generation.workspace) != generation.id {
            let path = self.layout().snapshot_record(&record.id);
            return Err(StoreError::Damaged { path, what: "its builds are not those of its generation" }.into());
        }
        let lease = self.layout().lease(&record.generation);
        let provenance = Provenance {
            format: FORMAT,
            created_at: record.created_at,
            checked_at: record.created_at,
            repos: record.provenance.clone(),
            ..Provenance::default()
        };
        self.pin_moment(&lease, || Ok((generation, provenance)))?.ok_or_else(|| going(at))
    }

    /// A build that a generation or a commit has, of `repo` where that is given.
    fn pin_build(&self, at: &Ref, id: &str, repo: Option<&str>) -> Result<Pinned, RefError> {
        let mut known: BTreeMap<(String, String), Holder> = BTreeMap::new();
        let mut note = |repo_name: &str, build: &str, holder: Holder| {
            if repo.is_none_or(|only| only == repo_name) {
                known.insert((build.to_owned(), repo_name.to_owned()), holder);
            }
        };
        for repo in self.git_repos()? {
            for commit in self.git_commits(&repo)? {
                if let Some(record) = self.git_build(&repo, &commit)? {
                    note(&repo, &record.build, Holder::Commit(commit));
                }
            }
        }
        for generation in self.generation_ids()? {
            let record = match self.generation(&generation) {
                Err(e) if e.is_damage() => continue,
                other => other?,
            };
            for (repo, build) in &record.repos {
                note(repo, &build.build, Holder::Generation(generation.clone()));
            }
        }
        let ids: Vec<String> = known.keys().map(|(build, _)| build.clone()).collect();
        let build = one_of(at, id, &ids, || ids.clone(), "build")?;
        let mut holders = known.into_iter().filter(|((known, _), _)| *known == build);
        let (Some(((_, repo), holder)), None) = (holders.next(), holders.next()) else {
            let help = "name it with `--repo`".to_owned();
            let what = "more than one repository has it".to_owned();
            return Err(RefError::Repository { asked: at.redacted(), what, help });
        };
        match holder {
            Holder::Commit(commit) => self.pin_commit(at, &repo, &commit),
            Holder::Generation(generation) => self
                .pin_moment(&self.layout().lease(&generation), || {
                    let whole = self.generation(&generation)?;
                    let provenance = self.provenance(&generation)?.unwrap_or_default();
                    Ok(only(&repo, &build, whole.repos.get(&repo).is_some_and(|b| b.stale), provenance))
                })?
                .ok_or_else(|| going(at)),
        }
    }

    /// The build of a commit of a repository, pinned.
    pub fn pin_commit(&self, at: &Ref, repo: &str, commit: &str) -> Result<Pinned, RefError> {
        let short = commit.get(..12).unwrap_or(commit);
        let never = || {
            let built = if is_part(repo) { self.git_commits(repo).unwrap_or_default() } else { Vec::new() };
            let built: Vec<String> = built.iter().map(|c| c.get(..12).unwrap_or(c).to_owned()).collect();
            let rev = if let Ref::Git(rev) = at { rev.as_str() } else { commit };
            let others = if built.is_empty() { String::new() } else { format!("; built are {}", quoted(&built)) };
            unknown(
                at,
                &format!("commit {short} of `{repo}` was never built"),
                format!("run `sawmill build --at {rev} --repo {repo}`{others}"),
            )
        };
        let Some(record) = self.git_build(repo, commit)? else { return Err(never()) };
        let lease = self.layout().git_lease(repo, commit);
        let provenance = Provenance {
            format: FORMAT,
            created_at: record.created_at,
            checked_at: record.created_at,
            repos: BTreeMap::from([(repo.to_owned(), record.provenance.clone())]),
            ..Provenance::default()
        };
        // Again, now that it is held: it may have been taken away, or built anew.
        let held = || match self.git_build(repo, commit)? {
            Some(record) => Ok(only(repo, &record.build, false, provenance)),
            None => Err(StoreError::Missing { path: self.layout().git_commit(repo, commit) }),
        };
        self.pin_moment(&lease, held)?.ok_or_else(|| going(at))
    }
}

/// What keeps a build.
enum Holder {
    Generation(String),
    Commit(String),
}

/// One repository's part of a moment.
fn only(repo: &str, build: &str, stale: bool, mut provenance: Provenance) -> (Generation, Provenance) {
    let repos = BTreeMap::from([(repo.to_owned(), RepoBuild { build: build.to_owned(), stale })]);
    provenance.repos.retain(|name, _| name == repo);
    (Generation::of(repos, BTreeMap::new()), provenance)
}

/// The one id that is `wanted` or begins with it.
fn one_of(
    at: &Ref,
    wanted: &str,
    ids: &[String],
    newest: impl FnOnce() -> Vec<String>,
    what: &str,
) -> Result<String, RefError> {
    if let Some(id) = ids.iter().find(|id| *id == wanted) {
        return Ok(id.clone());
    }
    let mut fit: Vec<&String> = ids.iter().filter(|id| id.starts_with(wanted)).collect();
    fit.dedup();
    match fit.as_slice() {
        [one] => Ok((*one).clone()),
        [] => {
            let candidates: Vec<String> = newest().into_iter().take(NAMED).collect();
            let help = match crate::base::suggest::nearest(wanted, ids.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None if candidates.is_empty() => format!("there is no {what} yet"),
                None => format!("the newest are {}", quoted(&candidates)),
            };
            Err(unknown(at, &format!("no {what} has an id that begins so"), help))
        }
        several => {
            let several: Vec<String> = several.iter().take(NAMED).map(|id| (*id).clone()).collect();
            Err(RefError::Ambiguous { asked: at.redacted(), help: format!("write more of it: {}", quoted(&several)) })
        }
    }
}

fn quoted(ids: &[String]) -> String {
    let named = ids.iter().take(NAMED).map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    if ids.len() > NAMED { format!("{named} …") } else { named }
}

fn damaged(at: &Ref, id: &str, error: StoreError) -> RefError {
    if !error.is_damage() {
        return error.into();
    }
    let help =
        format!("restore it, or `sawmill snapshot rm --force {id}`; a snapshot's whole id names it without the others");
    RefError::Damaged { asked: at.redacted(), id: id.to_owned(), help, source: Box::new(error) }
}

/// Of a frozen copy, which no build makes again.
fn lost(at: &Ref, id: &str, error: StoreError) -> RefError {
    if !error.is_damage() {
        return error.into();
    }
    let help = format!("restore its directory `frozen` from a copy, or `sawmill snapshot rm --force {id}`");
    RefError::Damaged { asked: at.redacted(), id: id.to_owned(), help, source: Box::new(error) }
}

fn unknown(at: &Ref, what: &str, help: String) -> RefError {
    RefError::Unknown { asked: at.redacted(), what: what.to_owned(), help }
}

fn going(at: &Ref) -> RefError {
    unknown(at, "it is being removed at this moment", "run the command again for the refs that are left".to_owned())
}

fn never_built() -> String {
    "run `sawmill build`".to_owned()
}
