//! A node on a shard.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::{Digest, Tier};
use crate::nodes::{Output, Sandbox, Task};
use crate::source::SourceFile;
use crate::store::MemoOutput;
use crate::table::{Batch, FILES, merge_by_path, take_paths, validate};

use super::super::db::{NodeSpec, ShardSpec};
use super::super::decisions::Ruling;
use super::super::event::{ActionDone, Outcome, Unit};
use super::super::failure::Failure;
use super::super::key::{self, ActionKey};
use super::super::ledger::Note;
use super::super::queries::Made;
use super::super::reason::{self, LostArtifact, Reason};
use super::super::sandbox::Apart;
use super::super::world::{Belief, World};
use super::guard::guarded;
use super::reuse::{self, Asked, Kept};
use super::{feed, partial};

/// Believes the memo, or runs the node.
pub fn run(
    world: &World,
    spec: &Arc<NodeSpec>,
    shard: &Arc<ShardSpec>,
    base: &Arc<ActionKey>,
    inputs: &[(&'static str, String, MemoOutput)],
) -> Result<Made, Failure> {
    world.check()?;
    let _working = world.crew.work();
    if !spec.kind.partial().is_empty() {
        // Whether it has to run is for the merge to say.
        partial::early(world, spec, shard, base, inputs)?;
        return Ok(Made { action: base.digest, outputs: Arc::default() });
    }
    let ruling = world.given.decisions.ruling(spec.kind.name(), &shard.files);
    let key = &decided(base, &ruling);
    let lost = match world.believed(&key.digest)? {
        Belief::Stands(outputs) => {
            let taken = done(spec, shard, key.digest, Outcome::Reused).with(&outputs);
            world.trail.note(spec, shard, key, &taken);
            world.done(taken);
            return Ok(Made { action: key.digest, outputs });
        }
        Belief::Lost(lost) => lost,
        Belief::Absent => Vec::new(),
    };
    let reason = Some(why(world, spec, shard, key, lost));
    let ran = ActionDone { reason, ..done(spec, shard, key.digest, Outcome::Ran) };
    if world.is_dry() {
        world.done(ran);
        return Err(Failure::later(&spec.name));
    }
    let made = make(world, spec, shard, key, &ruling, inputs)?;
    // What was decided on the way belongs to the key of what was made.
    let before = key.digest;
    let key = &if made.ruling == ruling { Arc::clone(key) } else { decided(base, &made.ruling) };
    world.ledger.rename(before, key.digest);
    let outputs = world.stage(spec, key, &made.outputs)?;
    world.done(ActionDone { fresh: made.fresh, action: key.digest, ..ran }.with(&outputs));
    Ok(Made { action: key.digest, outputs })
}

/// The action's key with what is decided of its files.
fn decided(base: &Arc<ActionKey>, ruling: &Ruling) -> Arc<ActionKey> {
    if ruling.is_empty() { Arc::clone(base) } else { Arc::new(key::of_decided(base, ruling)) }
}

/// The action's key is not known. In a dry run that says that it may run; everywhere else it failed above.
pub fn not_now(world: &World, spec: &NodeSpec, shard: &ShardSpec, failure: Failure) -> Failure {
    let Some(node) = failure.waits_for() else { return failure };
    world.may(&done(spec, shard, Digest([0; 32]), Outcome::Ran), node);
    Failure::later(&spec.name)
}

/// Why the node runs on the shard, with what is behind that.
pub(super) fn why(
    world: &World,
    spec: &NodeSpec,
    shard: &ShardSpec,
    key: &ActionKey,
    lost: Vec<LostArtifact>,
) -> Arc<Reason> {
    let reason = reason::of_shard(world, spec, shard, key, lost);
    reason::follow(world, spec, &shard.id, &reason);
    Arc::new(reason)
}

/// What is told of the action; of its outputs nothing yet.
pub(super) fn done(spec: &NodeSpec, shard: &ShardSpec, action: Digest, outcome: Outcome) -> ActionDone {
    ActionDone {
        repo: Arc::clone(&shard.repo),
        node: Arc::clone(&spec.name),
        unit: Unit::Shard,
        id: Arc::clone(&shard.id),
        outcome,
        action,
        reason: None,
        files: shard.files.len(),
        fresh: 0,
        rows: 0,
        bytes: shard.files.iter().map(|f| f.size).sum(),
    }
}

/// What a node made of a shard.
pub(super) struct Product {
    /// Validated.
    pub outputs: Vec<Output>,
    /// How many files they were made of anew.
    pub fresh: usize,
    /// What is decided of the shard's files.
    pub ruling: Ruling,
}

/// Runs the node. `ruling` is what was decided before. The ledger is told of the files.
pub(super) fn make(
    world: &World,
    spec: &NodeSpec,
    shard: &ShardSpec,
    key: &ActionKey,
    ruling: &Ruling,
    inputs: &[(&'static str, String, MemoOutput)],
) -> Result<Product, Failure> {
    let mut note = Note::begin(world.given.clock.now(), spec, shard, key);
    let made = noting(world, spec, shard, key, ruling, inputs, &mut note);
    world.ledger.end(world.given.clock.now(), note, made.as_ref().err());
    made
}

fn noting(
    world: &World,
    spec: &NodeSpec,
    shard: &ShardSpec,
    key: &ActionKey,
    ruling: &Ruling,
    inputs: &[(&'static str, String, MemoOutput)],
    note: &mut Note,
) -> Result<Product, Failure> {
    let kept = if spec.kind.per_file() { kept(world, spec, shard, key) } else { None };
    let files: Vec<&SourceFile> = match &kept {
        Some(kept) => shard.files.iter().filter(|f| !kept.paths.contains(f.path.text())).collect(),
        None => shard.files.iter().collect(),
    };
    note.files(&files);
    let paths: Option<BTreeSet<String>> =
        kept.as_ref().map(|_| files.iter().map(|f| f.path.text().to_owned()).collect());
    let slots = feed::slots(world, spec, shard, &files)?;
    let batches = feed::batches(world, inputs, paths.as_ref())?;
    let at = format!("{}/{}", shard.repo, spec.name);
    let apart = Apart::new(world, spec, shard, ruling);
    let mut task = Task {
        params: &spec.params,
        limits: &world.given.limits,
        files: &slots,
        inputs: &batches,
        references: None,
        sandbox: apart.as_ref().map(|apart| apart as &dyn Sandbox),
        cancel: &world.given.cancel,
    };
    let references = match spec.resolution {
        Some(resolution) => Some(guarded(&at, || resolution.references(&task))?),
        None => None,
    };
    task.references = references.as_ref();
    let mut outputs = guarded(&at, || spec.kind.run(&task))?;
    let ruling = apart.map_or_else(|| ruling.clone(), Apart::ruling);
    check_shape(spec, &outputs, &at)?;
    let fresh: Vec<Batch> = outputs.iter().map(|output| output.batch.clone()).collect();
    if let Some(kept) = kept {
        for (output, old) in outputs.iter_mut().zip(kept.batches) {
            let schema = output.batch.schema();
            let mut parts: Vec<Batch> = old;
            parts.push(output.batch.clone());
            output.batch = merge_by_path(schema, parts).map_err(|e| Failure::of(&e, Tier::Bug, &at))?;
        }
    }
    for output in &mut outputs {
        if spec.kind.per_file() {
            output.stats = guarded(&at, || spec.kind.totals(&output.batch))?;
        }
        validate(&output.batch).map_err(|e| Failure::of(&e, Tier::Bug, &at))?;
    }
    check_paths(shard, &outputs, &at)?;
    guarded(&at, || spec.kind.check(&batches, &outputs))?;
    note.made(&slots, &fresh).map_err(|e| Failure::of(&e, Tier::Bug, &at))?;
    if let Some(references) = references {
        world.keep_references(key.digest, references);
    }
    Ok(Product { outputs, fresh: files.len(), ruling })
}

/// Rows of the previous build for unchanged files.
fn kept(world: &World, spec: &NodeSpec, shard: &ShardSpec, key: &ActionKey) -> Option<Kept> {
    reuse::unchanged(world, &Asked { spec, shard, key, tables: spec.kind.outputs(), files: &|_| true })
}

/// Rows that name a file name one of the shard, and `files` has a row for each.
fn check_paths(shard: &ShardSpec, outputs: &[Output], at: &str) -> Result<(), Failure> {
    let paths: BTreeSet<String> = shard.files.iter().map(|f| f.path.text().to_owned()).collect();
    for batch in outputs.iter().map(|o| &o.batch).filter(|b| b.schema().sort.first() == Some(&"path")) {
        let table = batch.schema().name;
        let known = take_paths(batch, &paths).map_err(|e| Failure::of(&e, Tier::Bug, at))?;
        if known.len() != batch.len() {
            return Err(Failure::bug(&format!("`{table}` has rows of files that its shard does not have"), at));
        }
        if table == FILES.name && batch.len() != shard.files.len() {
            return Err(Failure::bug(&format!("{} files gave {} rows", shard.files.len(), batch.len()), at));
        }
    }
    Ok(())
}

fn check_shape(spec: &NodeSpec, outputs: &[Output], at: &str) -> Result<(), Failure> {
    let promised: Vec<&str> = spec.kind.outputs().iter().chain(spec.kind.partial()).map(|t| t.name).collect();
    let given: Vec<&str> = outputs.iter().map(|o| o.batch.schema().name).collect();
    if promised != given {
        return Err(Failure::bug(&format!("kind `{}` gave tables {given:?}, not {promised:?}", spec.kind.name()), at));
    }
    if spec.kind.per_file() && outputs.iter().any(|o| !o.stats.is_empty()) {
        return Err(Failure::bug("a per-file kind may give no totals: they could not be spliced", at));
    }
    Ok(())
}
