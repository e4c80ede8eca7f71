//! The resolution of a shard: what its files refer to, found in what the repository defines.
//!
//! Its key holds the definitions of every name that the shard refers to. To know these names its tables would have to
//! be read, for every shard of the repository, after every edit. So where the shard is what it was in the previous
//! build, and none of its names is news, the key is the one that it had: a shortcut that *incremental = clean*
//! guards, and that `reuse: false` turns off.

use std::sync::Arc;

use crate::base::{Digest, Tier};
use crate::nodes::{References, Resolution, ResolveTask, Task};
use crate::store::MemoOutput;
use crate::table::validate;

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
        let outputs = self.make(world, &key, &references)?;
        let fresh = self.shard.files.len();
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
        let wanted = guarded(&self.at(), || Ok(self.resolution.wanted(references)))?;
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

    fn make(&self, world: &World, key: &ActionKey, references: &References) -> Result<Arc<[MemoOutput]>, Failure> {
        let names = self.exports.names(world)?;
        let at = self.at();
        let task = ResolveTask { params: &self.spec.params, references, names: &names, cancel: &world.given.cancel };
        let outputs = guarded(&at, || self.resolution.resolve(&task))?;
        let promised: Vec<&str> = self.spec.kind.resolved().iter().map(|t| t.name).collect();
        let given: Vec<&str> = outputs.iter().map(|o| o.batch.schema().name).collect();
        if promised != given {
            let what = format!("the resolution of `{}` gave tables {given:?}, not {promised:?}", self.spec.kind.name());
            return Err(Failure::bug(&what, &at));
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
