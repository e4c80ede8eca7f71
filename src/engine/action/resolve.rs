//! The resolution of a shard: what its files refer to, found in what the repository defines.
//!
//! Its key holds the definitions of every name that the shard refers to. To know these names its tables would have to
//! be read, for every shard of the repository, after every edit. So where the shard is what it was in the previous
//! build, and none of its names is news, the key is the one that it had: a shortcut that *incremental = clean*
//! guards, and that `reuse: false` turns off. Where some of its names are news, the rows of its unchanged files that
//! use none of these are taken from the previous build: the same shortcut, a file at a time.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::{Digest, Tier};
use crate::nodes::{References, ReferringFile, Resolution, ResolveTask, Task};
use crate::store::MemoOutput;
use crate::table::{merge_by_path, validate};

use super::super::db::{NodeSpec, ShardSpec};
use super::super::event::{ActionDone, Outcome, Unit};
use super::super::exports::{Exports, NewName};
use super::super::failure::Failure;
use super::super::key::{self, ActionKey};
use super::super::queries::Made;
use super::super::reason::{self, old};
use super::super::world::{Belief, World};
use super::feed;
use super::guard::guarded;
use super::reuse::{self, Asked, Kept};

/// A shard whose references are resolved.
pub struct Resolving<'a> {
    pub spec: &'a NodeSpec,
    pub resolution: &'static dyn Resolution,
    pub shard: &'a ShardSpec,
    /// Key of the node on the shard: all that decides its references.
    pub base: &'a ActionKey,
    pub inputs: &'a [(&'static str, String, MemoOutput)],
    pub exports: &'a Exports,
}

impl Resolving<'_> {
    fn at(&self) -> String {
        format!("{}/{}", self.shard.repo, self.spec.name)
    }

    fn done(&self, action: Digest, outcome: Outcome) -> ActionDone {
        ActionDone { unit: Unit::Resolution, ..super::shard::done(self.spec, self.shard, action, outcome) }
    }

    /// Believes the memo, or resolves.
    pub fn run(&self, world: &World) -> Result<Made, Failure> {
        world.check()?;
        let _working = world.crew.work();
        let news = self.exports.news(world, self.spec)?;
        let news = (*news).as_ref().map(|news| news.of(self.shard.mode, &self.shard.id));
        let mut references = None;
        let key = match self.unchanged(world, news) {
            Some(key) => key,
            None => self.key(world, references.insert(self.references(world)?))?,
        };
        let lost = match world.believed(&key.digest)? {
            Belief::Stands(outputs) => {
                world.take_references(&self.base.digest);
                world.done(self.done(key.digest, Outcome::Reused).with(&outputs));
                return Ok(Made { action: key.digest, outputs });
            }
            Belief::Lost(lost) => lost,
            Belief::Absent => Vec::new(),
        };
        let reason = reason::of_resolution(world, self.spec, self.shard, &key, news.unwrap_or_default(), lost);
        reason::follow(world, self.spec, &self.shard.id, &reason);
        let ran = ActionDone { reason: Some(Arc::new(reason)), ..self.done(key.digest, Outcome::Ran) };
        if world.is_dry() {
            world.done(ran);
            return Err(Failure::later(&self.spec.name));
        }
        let references = match references {
            Some(references) => references,
            None => self.references(world)?,
        };
        let kept = match news {
            Some(news) => self.kept(world, &references, news)?,
            None => None,
        };
        let fresh = self.shard.files.len() - kept.as_ref().map_or(0, |kept| kept.paths.len());
        let outputs = self.make(world, &key, &references, kept)?;
        world.done(ActionDone { fresh, ..ran }.with(&outputs));
        Ok(Made { action: key.digest, outputs })
    }

    /// The key of the previous build, where it is the one that [`key`](Self::key) would give.
    fn unchanged(&self, world: &World, news: Option<&[NewName]>) -> Option<ActionKey> {
        if !news?.is_empty() {
            return None;
        }
        let previous = world.previous(&self.shard.repo)?;
        let (first, last) = (self.shard.files.first()?, self.shard.files.last()?);
        let shards = old::shards(world, previous, Some(self.shard.mode), first.path.text(), last.path.text());
        let old = shards.iter().filter_map(|old| old.record()).find(|record| *record.id == *self.shard.id)?;
        let (digest, entry) = old::action(world, &old.pieces, &self.spec.name)?;
        let mut ingredients = entry?.ingredients;
        let names = ingredients.remove(key::NAMES)?;
        if ingredients != self.base.ingredients {
            return None;
        }
        ingredients.insert(key::NAMES.to_owned(), names);
        Some(ActionKey { digest, ingredients })
    }

    fn key(&self, world: &World, references: &References) -> Result<ActionKey, Failure> {
        let names = self.exports.names(world)?;
        let wanted = guarded(&self.at(), || Ok(self.resolution.wanted(references, &references.files)))?;
        Ok(key::of_resolution(self.base, &wanted, &names))
    }

    /// What the shard refers to: kept since its node ran, or gathered again.
    fn references(&self, world: &World) -> Result<References, Failure> {
        if let Some(references) = world.take_references(&self.base.digest) {
            return Ok(references);
        }
        let files: Vec<_> = self.shard.files.iter().collect();
        let slots = feed::slots(world, self.spec, self.shard, &files)?;
        let batches = feed::batches(world, self.inputs, None)?;
        let task = Task {
            params: &self.spec.params,
            limits: &world.given.limits,
            files: &slots,
            inputs: &batches,
            references: None,
            sandbox: None,
            cancel: &world.given.cancel,
        };
        guarded(&self.at(), || self.resolution.references(&task))
    }

    /// Rows of the previous build for unchanged files none of whose names is news.
    fn kept(&self, world: &World, references: &References, news: &[NewName]) -> Result<Option<Kept>, Failure> {
        let news: BTreeSet<&str> = news.iter().map(|new| &*new.name).collect();
        let mut touched: BTreeSet<&str> = BTreeSet::new();
        for file in references.files.iter().filter(|_| !news.is_empty()) {
            let wanted = guarded(&self.at(), || Ok(self.resolution.wanted(references, std::slice::from_ref(file))))?;
            if wanted.iter().any(|name| news.contains(name.as_str())) {
                touched.insert(&file.path);
            }
        }
        let tables = self.spec.kind.resolved();
        let files = |path: &str| !touched.contains(path);
        let asked = Asked { spec: self.spec, shard: self.shard, key: self.base, tables, files: &files };
        Ok(reuse::unchanged(world, &asked))
    }

    fn make(
        &self,
        world: &World,
        key: &ActionKey,
        references: &References,
        kept: Option<Kept>,
    ) -> Result<Arc<[MemoOutput]>, Failure> {
        let names = self.exports.names(world)?;
        let at = self.at();
        let is_kept = |file: &&ReferringFile| kept.as_ref().is_some_and(|kept| kept.paths.contains(&file.path));
        let files: Vec<ReferringFile> = references.files.iter().filter(|file| !is_kept(file)).cloned().collect();
        let cancel = &world.given.cancel;
        let task = ResolveTask { params: &self.spec.params, references, files: &files, names: &names, cancel };
        let mut outputs = guarded(&at, || self.resolution.resolve(&task))?;
        let promised: Vec<&str> = self.spec.kind.resolved().iter().map(|t| t.name).collect();
        let given: Vec<&str> = outputs.iter().map(|o| o.batch.schema().name).collect();
        if promised != given || outputs.iter().any(|output| !output.stats.is_empty()) {
            let what = format!("the resolution of `{}` gave tables {given:?}, not {promised:?}", self.spec.kind.name());
            return Err(Failure::bug(&what, &at));
        }
        if let Some(kept) = kept {
            for (output, mut parts) in outputs.iter_mut().zip(kept.batches) {
                parts.push(output.batch.clone());
                let merged = merge_by_path(output.batch.schema(), parts);
                output.batch = merged.map_err(|e| Failure::of(&e, Tier::Bug, &at))?;
            }
        }
        for output in &outputs {
            validate(&output.batch).map_err(|e| Failure::of(&e, Tier::Bug, &at))?;
        }
        world.stage(self.spec, key, &outputs)
    }
}

/// What the repository defines is not known. In a dry run that says that the shard may be resolved again; everywhere
/// else it failed above.
pub fn not_now(world: &World, spec: &NodeSpec, shard: &ShardSpec, failure: Failure) -> Failure {
    let Some(node) = failure.waits_for() else { return failure };
    let done = ActionDone { unit: Unit::Resolution, ..super::shard::done(spec, shard, Digest([0; 32]), Outcome::Ran) };
    world.may(&done, node);
    Failure::later(&spec.name)
}
