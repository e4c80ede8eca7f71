//! Can the present trees make a piece again?
//!
//! The whole repository first: where its root key is the one that HEAD's build was made from, every piece of that
//! build comes again. Else the piece alone: its node must stand in the present plan with an equal chain, and each of
//! its shards in the present cut with equal files and language definitions, as the memo tells them. Where the memo
//! has nothing to tell any more, the rows of the shard's `files` artifact are held against the present files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::{Digest, Mode, SkipReason};
use crate::engine::key::{self, files_digest};
use crate::engine::scan::{self, Scanned};
use crate::engine::{Failure, Services};
use crate::plan::{Plan, PlannedNode, RepoPlan};
use crate::source::{FileContent, Shard, SourceFile};
use crate::store::verify::{Place, PlaceUnit};
use crate::store::{Memo, Pinned, SegmentList, ShardRecord, workspace_node};
use crate::table::schema::{FILES, FileRow};
use crate::table::{TableReader, TableSchema};

use super::report::Fate;

/// A fate and why.
pub type Told = (Fate, String);

/// A repository's tree as it stands.
struct Tree<'a> {
    plan: &'a RepoPlan,
    scanned: Scanned,
}

impl Tree<'_> {
    fn shard(&self, mode: Mode, id: &str) -> Option<&Shard> {
        self.scanned.segments.iter().filter(|s| s.mode == mode).flat_map(|s| &s.shards).find(|s| s.id == id)
    }
}

/// What decides fates, read when it is needed.
pub struct Fates<'a> {
    services: &'a Services,
    plan: &'a Plan,
    head: Option<&'a Pinned>,
    memo: Memo,
    trees: BTreeMap<String, Result<Tree<'a>, String>>,
    lists: BTreeMap<(String, Digest), Option<Arc<SegmentList>>>,
}

impl<'a> Fates<'a> {
    pub fn new(
        services: &'a Services,
        plan: &'a Plan,
        head: Option<&'a Pinned>,
    ) -> Result<Self, crate::store::StoreError> {
        let memo = services.store.memo()?;
        Ok(Self { services, plan, head, memo, trees: BTreeMap::new(), lists: BTreeMap::new() })
    }

    /// The best fate of all places: made again for one, it is there for all.
    pub fn of_places(&mut self, places: &[Place]) -> Result<Told, Failure> {
        let mut best: Option<Told> = None;
        for place in places {
            let told = self.of_place(place)?;
            if best.as_ref().is_none_or(|best| told.0 < best.0) {
                best = Some(told);
            }
        }
        Ok(best.unwrap_or_else(|| (Fate::Unknown, "no manifest tells what it was".to_owned())))
    }

    /// The fate of a whole build's records.
    pub fn of_build(&mut self, repo: &str, build: Option<&str>) -> Result<Told, Failure> {
        if let Some(node) = workspace_node(repo) {
            return Ok(self.of_node(&node, build));
        }
        self.look_at(repo)?;
        let tree = match self.trees.get(repo) {
            Some(Ok(tree)) => tree,
            Some(Err(why)) => return Ok((Fate::Unknown, why.clone())),
            None => return Ok(gone(repo)),
        };
        Ok(if self.is_same(tree, build) {
            unchanged(repo)
        } else {
            (Fate::Unknown, format!("repository `{repo}` has moved on since this build"))
        })
    }

    /// The fate of HEAD: a build makes it again unless a repository that it names cannot be looked at.
    pub fn of_workspace(&mut self) -> Result<Told, Failure> {
        let head = self.head;
        let names: Vec<String> = head.iter().flat_map(|head| head.generation().repos.keys().cloned()).collect();
        for name in names {
            self.look_at(&name)?;
            if let Some(Err(why)) = self.trees.get(&name) {
                return Ok((Fate::Unknown, why.clone()));
            }
        }
        Ok((Fate::Rebuildable, "every repository can be read".to_owned()))
    }

    /// Is `build` HEAD's, and made from the files that stand now?
    fn is_same(&self, tree: &Tree<'_>, build: Option<&str>) -> bool {
        let name = &tree.plan.name;
        let standing = self.head.and_then(|head| head.generation().repos.get(name));
        let known = self.head.and_then(|head| head.provenance().repos.get(name)).and_then(|record| record.root_key);
        standing.is_some_and(|standing| !standing.stale && build.is_none_or(|build| build == standing.build))
            && known == Some(tree.scanned.root_key(&self.services.decisions))
    }

    fn look_at(&mut self, repo: &str) -> Result<(), Failure> {
        if self.trees.contains_key(repo) {
            return Ok(());
        }
        let Some(plan) = self.plan.repos.iter().find(|plan| plan.name == repo) else { return Ok(()) };
        let tree = match scan::scan(self.services, None, plan, None, crate::base::parallel::available()) {
            Ok(scanned) => Ok(Tree { plan, scanned }),
            Err(failure) if failure.is_cancelled() => return Err(failure),
            Err(failure) => Err(failure.to_string()),
        };
        self.trees.insert(repo.to_owned(), tree);
        Ok(())
    }

    /// Of a node of the workspace, which is made from the builds of repositories alone.
    fn of_node(&self, node: &str, build: Option<&str>) -> Told {
        let is_planned = self.plan.workspace_nodes.iter().any(|planned| planned.id() == node);
        let standing = self.head.and_then(|head| head.generation().workspace.get(node));
        if is_planned && standing.is_some_and(|standing| build.is_none_or(|build| build == standing.build)) {
            (Fate::Rebuildable, format!("node `{node}` is made from the builds that stand"))
        } else {
            (Fate::Unknown, format!("the workspace has moved on since this build of node `{node}`"))
        }
    }

    fn of_place(&mut self, place: &Place) -> Result<Told, Failure> {
        if let Some(node) = workspace_node(&place.repo) {
            return Ok(self.of_node(&node, Some(&place.build)));
        }
        self.look_at(&place.repo)?;
        let list = self.list(place);
        let tree = match self.trees.get(&place.repo) {
            Some(Ok(tree)) => tree,
            Some(Err(why)) => return Ok((Fate::Unknown, why.clone())),
            None => return Ok(gone(&place.repo)),
        };
        if self.is_same(tree, Some(&place.build)) {
            return Ok(unchanged(&place.repo));
        }
        let node = tree.plan.nodes.iter().find(|node| node.name == place.node && Some(node.chain) == place.chain);
        let Some(node) = node else {
            return Ok((Fate::Lost, format!("node `{}` is gone or has other parameters now", place.node)));
        };
        let Some(list) = list else {
            return Ok((Fate::Unknown, "the list that tells its shards is damaged as well".to_owned()));
        };
        let shards = list.shards.iter().filter(|shard| place.unit == PlaceUnit::Segment || shard.id == place.id);
        let mut worst: Option<Told> = None;
        for shard in shards {
            let told = self.of_shard(tree, node, place.mode, shard);
            if worst.as_ref().is_none_or(|worst| told.0 > worst.0) {
                worst = Some(told);
            }
        }
        Ok(worst.unwrap_or_else(|| (Fate::Unknown, "its list names no shard for it".to_owned())))
    }

    fn list(&mut self, place: &Place) -> Option<Arc<SegmentList>> {
        let key = (place.repo.clone(), place.list);
        let read = || self.services.store.list_of(&place.repo, &place.list).ok().map(Arc::new);
        self.lists.entry(key).or_insert_with(read).clone()
    }

    fn of_shard(&self, tree: &Tree<'_>, node: &PlannedNode, mode: Mode, record: &ShardRecord) -> Told {
        let Some(present) = tree.shard(mode, &record.id) else {
            return (Fate::Lost, format!("no run of files begins with `{}` any more", record.first_path));
        };
        let entries: Vec<_> = record
            .pieces
            .iter()
            .map(|piece| piece.action)
            .collect::<BTreeSet<_>>()
            .iter()
            .filter_map(|action| self.memo.get(action))
            .collect();
        let moved = || (Fate::Lost, format!("files from `{}` on have changed", record.first_path));
        let mut is_known = false;
        for entry in &entries {
            if let Some(files) = entry.ingredients.get("files") {
                if *files != files_digest(&present.files).hex() {
                    return moved();
                }
                is_known = true;
            }
        }
        if is_known {
            let own = node.chain.hex();
            let of_node = entries.iter().filter(|entry| entry.ingredients.get("chain") == Some(&own));
            let differs = of_node.flat_map(|entry| &entry.ingredients).any(|(name, digest)| {
                name.strip_prefix("language.").is_some_and(|language| {
                    *digest != definition(tree.plan, node, Some(language).filter(|l| !l.is_empty())).hex()
                })
            });
            if differs {
                return (Fate::Lost, "a language's definition is another one in this version of Sawmill".to_owned());
            }
            return again(record);
        }
        match self.same_rows(record, &present.files) {
            Some(true) => again(record),
            Some(false) => moved(),
            None => (Fate::Unknown, "neither the memo nor a `files` artifact tells what it was made of".to_owned()),
        }
    }

    /// Do the rows of the shard's `files` artifact tell the present files? `None` where it cannot be read.
    fn same_rows(&self, record: &ShardRecord, files: &[SourceFile]) -> Option<bool> {
        let schema: &'static TableSchema = &FILES;
        let piece = record.pieces.iter().find(|piece| piece.table == schema.name)?;
        let source = self.services.store.object(&piece.artifact).ok()?;
        let rows = TableReader::open(source, schema).and_then(|reader| reader.read_all()?.rows::<FileRow>()).ok()?;
        let same = |(row, file): (&FileRow, &SourceFile)| {
            let (hash, skip) = match &file.content {
                FileContent::Hash(hash) => (Some(hash.hex()), None),
                FileContent::Withheld(reason) => (None, Some(*reason)),
            };
            row.path == file.path.text()
                && row.path_bytes.as_deref() == file.path.raw()
                && row.content_hash == hash
                && row.bytes == file.size
                && row.language.as_deref() == file.language.as_deref()
                && row.mode == file.mode.name()
                && row.role == *file.role
                && skip.is_none_or(|skip: SkipReason| row.skip_reason.as_deref() == Some(skip.name()))
        };
        Some(rows.len() == files.len() && rows.iter().zip(files).all(same))
    }
}

/// The definition digests of a node and of all nodes above it, for one language. Nodes stand below those that they
/// read, so this comes to an end.
fn definition(plan: &RepoPlan, node: &PlannedNode, language: Option<&str>) -> Digest {
    let above = node.inputs.iter().filter_map(|input| Some((input.port, plan.nodes.get(input.node)?)));
    key::definition(
        &node.kind.definition_digest(language),
        above.map(|(port, above)| (port, definition(plan, above, language))),
    )
}

fn unchanged(repo: &str) -> Told {
    (Fate::Rebuildable, format!("the tree of `{repo}` is the one that it was made from"))
}

fn gone(repo: &str) -> Told {
    (Fate::Lost, format!("the workspace has no repository `{repo}` that is enabled"))
}

fn again(record: &ShardRecord) -> Told {
    (Fate::Rebuildable, format!("its files from `{}` on are as they were", record.first_path))
}
