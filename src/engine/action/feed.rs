//! Hands a node the files and batches that it works on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::Tier;
use crate::nodes::{Content, FileSlot};
use crate::source::{self, FileContent, ReadError, SourceFile};
use crate::store::MemoOutput;
use crate::table::{Batch, take_paths};

use super::super::db::{NodeSpec, ShardSpec};
use super::super::desk;
use super::super::failure::Failure;
use super::super::world::World;

/// The slots of `files`, with bytes where the kind asks for them. Bytes are verified against the scan's hash.
pub fn slots(
    world: &World,
    spec: &NodeSpec,
    shard: &ShardSpec,
    files: &[&SourceFile],
) -> Result<Vec<FileSlot>, Failure> {
    if !spec.kind.needs_bytes() {
        desk::put_bytes_away();
    }
    files
        .iter()
        .map(|file| {
            let content = match file.content {
                FileContent::Withheld(reason) => Content::Withheld(reason),
                FileContent::Hash(digest) if spec.kind.needs_bytes() => {
                    Content::Bytes(digest, bytes(world, shard, file)?)
                }
                FileContent::Hash(digest) => Content::Hash(digest),
            };
            Ok(FileSlot {
                path: file.path.clone(),
                size: file.size,
                content,
                language: file.language.clone(),
                mode: file.mode,
                role: Arc::clone(&file.role),
            })
        })
        .collect()
}

fn bytes(world: &World, shard: &ShardSpec, file: &SourceFile) -> Result<Arc<[u8]>, Failure> {
    if let Some(bytes) = desk::bytes(&file.path) {
        return Ok(bytes);
    }
    let Some(root) = world.given.roots.get(&shard.repo) else {
        return Err(Failure::bug("a repository without a root", &shard.repo));
    };
    let bytes = source::read(&*world.given.vfs, root, file, &world.given.limits).map_err(|e| match e {
        ReadError::Changed { .. } => Failure::changed(&shard.repo, file.path.text()),
        other => Failure::of(&other, other.tier(), &shard.repo),
    })?;
    desk::keep_bytes(&file.path, &bytes);
    Ok(bytes)
}

/// The upstream batches by port; only the rows of `paths` where those are given.
pub fn batches(
    world: &World,
    inputs: &[(&'static str, String, MemoOutput)],
    paths: Option<&BTreeSet<String>>,
) -> Result<BTreeMap<&'static str, Vec<Batch>>, Failure> {
    let mut by_port: BTreeMap<&'static str, Vec<Batch>> = BTreeMap::new();
    for (port, table, output) in inputs {
        let mut batch = world.batch(table, &output.artifact)?;
        if let Some(paths) = paths {
            batch = take_paths(&batch, paths).map_err(|e| Failure::of(&e, Tier::Bug, table))?;
        }
        by_port.entry(port).or_default().push(batch);
    }
    Ok(by_port)
}
