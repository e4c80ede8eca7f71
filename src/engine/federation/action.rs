//! A part, the whole, a link: believed, or made.
//!
//! | action | its key holds | why |
//! |---|---|---|
//! | all | kind, kind FORMAT | other code, other output |
//! | part | name of the repository's node, hash of the segment's list | the list names every piece that is read |
//! | whole | per repository the artifacts of its parts | all that it reads; the names stand in its rows |
//! | link | the repository, the artifacts of its parts, the rows of the whole that they ask for | so an edit elsewhere moves it only where it moves what is asked for |
//! | members | the manifest of the workspace, which builds are stale | that is what it shows |
//!
//! To find the rows that a link asks for its parts must be read. So a link has a second name, made of the artifacts of its
//! parts and of the whole: where that is known nothing is opened.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Digest, KeyHasher, Tier};
use crate::nodes::{LinkTask, NodeError, Output, PartTask, WholeTask, WorkspaceKind};
use crate::store::{MemoOutput, Piece, SegmentList, SegmentRef};
use crate::table::{self, Batch, TableSchema, validate};

use super::super::action::guard::guarded;
use super::super::desk;
use super::super::event::{ActionDone, Outcome, Unit};
use super::super::failure::Failure;
use super::super::key::ActionKey;
use super::super::queries::Made;
use super::super::world::{Belief, World, store_failure};
use super::members::Member;
use super::reason;

/// The id of what the workspace makes as a whole.
pub const WHOLE: &str = "@workspace";
/// The id of the action that makes `members`.
pub const SHOWN: &str = "@members";

/// A node of the workspace, as actions see it.
#[derive(Debug)]
pub struct Spec {
    /// As the store calls it: `pipeline@node`.
    pub store_name: Arc<str>,
    pub name: Arc<str>,
    pub kind: &'static dyn WorkspaceKind,
    /// Tables of the port.
    pub ports: Vec<&'static TableSchema>,
}

/// An action at its place.
pub struct At<'a> {
    pub spec: &'a Spec,
    pub unit: Unit,
    pub id: String,
    pub key: ActionKey,
    pub bytes: u64,
    pub files: u64,
}

impl At<'_> {
    /// The place where one runs whose key is not known.
    pub fn done(&self, outcome: Outcome) -> ActionDone {
        ActionDone {
            repo: Arc::clone(&self.spec.store_name),
            node: Arc::clone(&self.spec.name),
            unit: self.unit,
            id: self.id.as_str().into(),
            outcome,
            action: self.key.digest,
            reason: None,
            files: usize::try_from(self.files).unwrap_or(usize::MAX),
            fresh: 0,
            rows: 0,
            bytes: self.bytes,
        }
    }

    fn reused(&self, world: &World, outputs: Arc<[MemoOutput]>) -> Made {
        world.done(self.done(Outcome::Reused).with(&outputs));
        Made { action: self.key.digest, outputs }
    }

    /// Believes the memo, or makes; `promised` are the tables that come.
    pub fn run(
        &self,
        world: &World,
        promised: &[&'static TableSchema],
        make: impl FnOnce() -> Result<Vec<Output>, Failure>,
    ) -> Result<Made, Failure> {
        world.check()?;
        let lost = match world.believed(&self.key.digest)? {
            Belief::Stands(outputs) => return Ok(self.reused(world, outputs)),
            Belief::Lost(lost) => lost,
            Belief::Absent => Vec::new(),
        };
        let ran = ActionDone { reason: Some(Arc::new(reason::of(world, self, lost))), ..self.done(Outcome::Ran) };
        if world.is_dry() {
            world.done(ran);
            return Err(Failure::later(&self.spec.name));
        }
        let _desk = desk::Cleared;
        let outputs = make()?;
        let at = format!("{}/{}", self.spec.store_name, self.id);
        let given: Vec<&str> = outputs.iter().map(|output| output.batch.schema().name).collect();
        let names: Vec<&str> = promised.iter().map(|table| table.name).collect();
        if given != names {
            let what = format!("kind `{}` gave tables {given:?}, not {names:?}", self.spec.kind.name());
            return Err(Failure::bug(&what, &at));
        }
        for output in &outputs {
            validate(&output.batch).map_err(|e| Failure::of(&e, Tier::Bug, &at))?;
        }
        let outputs = world.stage_alone(&self.key, &outputs)?;
        world.done(ActionDone { fresh: usize::try_from(self.files).unwrap_or(usize::MAX), ..ran }.with(&outputs));
        Ok(Made { action: self.key.digest, outputs })
    }
}

fn key(domain: &str, spec: &Spec, ingredients: BTreeMap<String, String>) -> ActionKey {
    let mut hasher = KeyHasher::new(domain);
    hasher.add(spec.kind.name()).add(&spec.kind.format()).add(&ingredients);
    let shared = [("kind", spec.kind.name().to_owned()), ("format", spec.kind.format().to_string())];
    let shared = shared.map(|(name, value)| (name.to_owned(), value));
    ActionKey { digest: hasher.finish(), ingredients: ingredients.into_iter().chain(shared).collect() }
}

fn node_failure<T>(spec: &Spec, made: impl FnOnce() -> Result<T, NodeError>) -> Result<T, Failure> {
    guarded(&spec.store_name, made)
}

/// Where the part of a segment stands.
pub fn part_id(repo: &str, mode: crate::base::Mode, segment: &str) -> String {
    format!("{repo}/{}/{segment}", mode.name())
}

/// What a segment of a repository gives.
pub fn part(world: &World, spec: &Spec, member: &Member, segment: &SegmentRef) -> Result<Made, Failure> {
    let node = member.node.clone().unwrap_or_default();
    let ingredients = BTreeMap::from([("node".to_owned(), node.clone()), ("list".to_owned(), segment.list.hex())]);
    let at = At {
        spec,
        unit: Unit::Shard,
        id: part_id(&member.name, segment.mode, &segment.id),
        key: key("sawmill.federation-part.v1", spec, ingredients),
        bytes: segment.bytes,
        files: segment.files,
    };
    at.run(world, &spec.kind.part_tables(), || {
        let list = world.given.store.list_of(&member.name, &segment.list).map_err(|e| store_failure(&e))?;
        let mut tables: BTreeMap<&'static str, Vec<Batch>> = BTreeMap::new();
        let mut damage = None;
        for table in spec.kind.port().tables {
            for piece in pieces_of(&list, &node, table) {
                match world.read(table, &piece.artifact) {
                    Ok(batch) => tables.entry(table).or_default().push(batch),
                    // All of it is found before it is told.
                    Err(failure) if failure.is_damage() => damage = Some(failure),
                    Err(failure) => return Err(failure),
                }
            }
        }
        if let Some(damage) = damage {
            return Err(damage);
        }
        let task = PartTask { tables: &tables, cancel: &world.given.cancel };
        Ok(node_failure(spec, || spec.kind.part(&task))?.into())
    })
}

/// The pieces of a table of a segment: the merged one where there is one, else those of its shards.
fn pieces_of<'l>(list: &'l SegmentList, node: &str, table: &str) -> Vec<&'l Piece> {
    let is_it = |piece: &&Piece| piece.node == node && piece.table == table;
    let merged: Vec<&Piece> = list.pieces.iter().filter(is_it).collect();
    if merged.is_empty() { list.shards.iter().flat_map(|shard| &shard.pieces).filter(is_it).collect() } else { merged }
}

/// What all repositories give together.
pub fn whole(world: &World, spec: &Spec, given: &[(Arc<str>, Vec<MemoOutput>)]) -> Result<Made, Failure> {
    let artifacts = |parts: &[MemoOutput]| parts.iter().map(|part| part.artifact.hex()).collect::<Vec<_>>().join(" ");
    let ingredients = given.iter().map(|(repo, parts)| (format!("input.{repo}"), artifacts(parts))).collect();
    let key = key("sawmill.federation-whole.v1", spec, ingredients);
    let bytes = given.iter().flat_map(|(_, parts)| parts).map(|part| part.bytes).sum();
    let at = At { spec, unit: Unit::Segment, id: WHOLE.to_owned(), key, bytes, files: 0 };
    at.run(world, &[spec.kind.whole_table()], || {
        let mut repositories: BTreeMap<String, Vec<Batch>> = BTreeMap::new();
        for (repo, parts) in given {
            // What declares nothing need not be opened.
            let batches = parts.iter().filter(|part| part.rows > 0).map(|part| world.read(&part.table, &part.artifact));
            repositories.insert(repo.to_string(), batches.collect::<Result<_, _>>()?);
        }
        let task = WholeTask { repositories: &repositories, cancel: &world.given.cancel };
        Ok(vec![node_failure(spec, || spec.kind.whole(&task))?])
    })
}

/// Where what a repository asks for leads.
pub fn link(
    world: &World,
    spec: &Spec,
    repo: &Arc<str>,
    parts: &[MemoOutput],
    whole: &MemoOutput,
) -> Result<Made, Failure> {
    world.check()?;
    let asks = parts.iter().map(|part| part.artifact.hex()).collect::<Vec<_>>().join(" ");
    let named = BTreeMap::from([("repository".to_owned(), repo.to_string()), ("input.parts".to_owned(), asks)]);
    let with = |name: &str, value: Digest| {
        named.clone().into_iter().chain([(name.to_owned(), value.hex())]).collect::<BTreeMap<String, String>>()
    };
    let at = |key: ActionKey| At {
        spec,
        unit: Unit::Resolution,
        id: repo.to_string(),
        key,
        bytes: parts.iter().map(|part| part.bytes).sum(),
        files: 0,
    };
    let known = at(key("sawmill.federation-link-known.v1", spec, with("input.whole", whole.artifact)));
    if let Belief::Stands(outputs) = world.believed(&known.key.digest)? {
        return Ok(known.reused(world, outputs));
    }
    let _desk = desk::Cleared;
    let batches = parts.iter().filter(|part| part.rows > 0).map(|part| world.read(&part.table, &part.artifact));
    let batches: Vec<Batch> = batches.collect::<Result<_, _>>()?;
    let wanted = node_failure(spec, || spec.kind.wanted(&batches))?;
    let found = found(world, spec, &wanted, whole)?;
    let rows = table::encode(&found).map_err(|e| Failure::of(&e, Tier::Bug, &spec.store_name))?;
    let made = at(key("sawmill.federation-link.v1", spec, with("names", Digest::of(&rows))));
    let made = made.run(world, &[spec.kind.link_table()], || {
        let task = LinkTask { repository: repo, parts: &batches, found: &found, cancel: &world.given.cancel };
        Ok(vec![node_failure(spec, || spec.kind.link(&task))?])
    })?;
    if !world.is_dry() {
        world.remember(&known.key, &made.outputs);
    }
    // By whichever name it was found: the manifest must not tell.
    Ok(Made { action: known.key.digest, ..made })
}

/// Of the whole the rows of the names that are wanted.
fn found(world: &World, spec: &Spec, wanted: &[String], whole: &MemoOutput) -> Result<Batch, Failure> {
    let table = spec.kind.whole_table();
    let empty = || Batch::empty(table).map_err(|e| Failure::of(&e, Tier::Bug, table.name));
    let (Some(column), false, true) = (table.sort.first(), wanted.is_empty(), whole.rows > 0) else { return empty() };
    let values: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let near = world.find_rows(table.name, &whole.artifact, column, &values)?;
    node_failure(spec, || spec.kind.narrow(wanted, &near))
}
