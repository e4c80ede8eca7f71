//! What nodes make of one file, in memory: no build, no store, no memo.
//!
//! The file is a shard of its own, and the shard a segment of its own. So the rows of a kind that works file by file
//! are those that a build gives the file; what counts over a whole shard or segment, as an index does, counts this
//! file alone, and its references are resolved in it alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::vfs::Vfs;
use crate::base::{Cancel, Limits, Tier};
use crate::nodes::{Content, FileSlot, MergeTask, Names, Output, ResolveTask, Sandbox, Task};
use crate::plan::{PlannedNode, RepoPlan};
use crate::source::{self, FileContent, SourceFile};
use crate::table::schema::DEFINITIONS;
use crate::table::{Batch, validate};
use crate::worker::Pool;

use super::action::guard::guarded;
use super::drive::resolution;
use super::failure::Failure;
use super::sandbox::Alone;

/// What a preview works with.
#[derive(Debug)]
pub struct Bench<'a> {
    pub vfs: &'a dyn Vfs,
    pub limits: &'a Limits,
    pub cancel: &'a Cancel,
    /// As in [`Services`](super::Services).
    pub workers: Option<&'a Pool>,
}

/// The tables of each of `nodes`, by index into [`RepoPlan::nodes`]. Whatever they need has to be among them. `file`
/// is as a scan of the repository found it.
pub fn preview(
    bench: &Bench<'_>,
    repo: &RepoPlan,
    file: &SourceFile,
    nodes: &BTreeSet<usize>,
) -> Result<BTreeMap<usize, Vec<Batch>>, Failure> {
    let slot = slot(bench, repo, file)?;
    // What other nodes take, and what is shown: a merge takes the place of the tables that it combines.
    let (mut made, mut shown) = (BTreeMap::<usize, Vec<Batch>>::new(), BTreeMap::new());
    for (at, node) in repo.nodes.iter().enumerate().filter(|(at, _)| nodes.contains(at)) {
        bench.cancel.check().map_err(|_| Failure::cancelled())?;
        let at_node = format!("{}/{}", repo.name, node.name);
        let inputs = inputs(node, &made, &at_node)?;
        let mut slot = slot.clone();
        if let (Content::Bytes(digest, _), false) = (&slot.content, node.kind.needs_bytes()) {
            slot.content = Content::Hash(*digest);
        }
        let files = [slot];
        let alone = bench.workers.map(|pool| Alone { pool, kind: node.kind, cancel: bench.cancel });
        let mut task = Task {
            params: &node.params,
            limits: bench.limits,
            files: &files,
            inputs: &inputs,
            references: None,
            sandbox: alone.as_ref().map(|alone| alone as &dyn Sandbox),
            cancel: bench.cancel,
        };
        let resolution = resolution(node).filter(|resolution| resolution.applies(file.mode));
        let references = match resolution {
            Some(resolution) => Some(guarded(&at_node, || resolution.references(&task))?),
            None => None,
        };
        task.references = references.as_ref();
        let outputs = guarded(&at_node, || node.kind.run(&task))?;
        sound(&outputs, &at_node)?;
        guarded(&at_node, || node.kind.check(&inputs, &outputs))?;
        let tables: Vec<Batch> = outputs.into_iter().map(|output| output.batch).collect();
        let mut whole = merged(bench, node, &tables, &at_node)?;
        if let (Some(resolution), Some(references)) = (resolution, &references) {
            let defined: Vec<Batch> =
                whole.iter().filter(|batch| batch.schema().name == DEFINITIONS.name).cloned().collect();
            let names = guarded(&at_node, || Names::new(&defined))?;
            let task = ResolveTask {
                params: &node.params,
                references,
                files: &references.files,
                names: &names,
                cancel: bench.cancel,
            };
            let outputs = guarded(&at_node, || resolution.resolve(&task))?;
            sound(&outputs, &at_node)?;
            whole.extend(outputs.into_iter().map(|output| output.batch));
        }
        shown.insert(at, whole);
        made.insert(at, tables);
    }
    Ok(shown)
}

fn slot(bench: &Bench<'_>, repo: &RepoPlan, file: &SourceFile) -> Result<FileSlot, Failure> {
    let content = match file.content {
        FileContent::Withheld(reason) => Content::Withheld(reason),
        FileContent::Hash(digest) => {
            let bytes = source::read(bench.vfs, &repo.root, file, bench.limits);
            Content::Bytes(digest, bytes.map_err(|e| Failure::of(&e, e.tier(), &repo.name))?)
        }
    };
    Ok(FileSlot {
        path: file.path.clone(),
        size: file.size,
        content,
        language: file.language.clone(),
        mode: file.mode,
        role: Arc::clone(&file.role),
    })
}

/// The batches that come in through each port.
fn inputs(
    node: &PlannedNode,
    made: &BTreeMap<usize, Vec<Batch>>,
    at: &str,
) -> Result<BTreeMap<&'static str, Vec<Batch>>, Failure> {
    let mut by_port: BTreeMap<&'static str, Vec<Batch>> = BTreeMap::new();
    for port in node.kind.ports() {
        for input in node.inputs.iter().filter(|input| input.port == port.name) {
            for table in port.tables {
                let batch = made.get(&input.node).and_then(|tables| tables.iter().find(|b| b.schema().name == *table));
                let batch =
                    batch.ok_or_else(|| Failure::bug(&format!("no table `{table}` for `{}`", port.name), at))?;
                by_port.entry(port.name).or_default().push(batch.clone());
            }
        }
    }
    Ok(by_port)
}

/// The tables of a node as they end up in a build: merged where the node merges.
fn merged(bench: &Bench<'_>, node: &PlannedNode, tables: &[Batch], at: &str) -> Result<Vec<Batch>, Failure> {
    let whole = node.kind.merged();
    if whole.is_empty() {
        return Ok(tables.to_vec());
    }
    let is = |schemas: &[&'static crate::table::TableSchema], batch: &Batch| {
        schemas.iter().any(|schema| schema.name == batch.schema().name)
    };
    let partial = node.kind.partial();
    let parts = if partial.is_empty() { whole } else { partial };
    let shard: Vec<Batch> = tables.iter().filter(|batch| is(parts, batch)).cloned().collect();
    let shards = [shard];
    let task = MergeTask { params: &node.params, shards: &shards, cancel: bench.cancel };
    let outputs = guarded(at, || node.kind.merge(&task))?;
    sound(&outputs, at)?;
    guarded(at, || node.kind.check(&BTreeMap::new(), &outputs))?;
    let kept = tables.iter().filter(|batch| !is(whole, batch) && !is(partial, batch)).cloned();
    Ok(kept.chain(outputs.into_iter().map(|output| output.batch)).collect())
}

fn sound(outputs: &[Output], at: &str) -> Result<(), Failure> {
    outputs.iter().try_for_each(|output| validate(&output.batch)).map_err(|e| Failure::of(&e, Tier::Bug, at))
}
