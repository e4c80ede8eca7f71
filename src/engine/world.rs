//! What queries ask of the machine: the store, the memo, file bytes, the previous builds.
//!
//! Nothing here changes a query's value. It decides only whether work is done or was done before.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use miette::Diagnostic;

use crate::base::vfs::Vfs;
use crate::base::{ByteSource, Cancel, Clock, Digest, Limits, Tier};
use crate::nodes::{Kind, Output, References, WorkspaceKind};
use crate::source::Segment;
use crate::store::{BuildRoot, Memo, MemoEntry, MemoOutput, Pinned, SegmentList, Store, StoreError, Writer};
use crate::table::{self, Batch, Row, TableError, TableReader, TableSchema};
use crate::worker::Pool;

use super::crew::Crew;
use super::db::NodeSpec;
use super::decisions::Decisions;
use super::desk;
use super::event::{ActionDone, Event, Listener, Outcome};
use super::failure::Failure;
use super::heal::Lost;
use super::key::ActionKey;
use super::ledger::Gathered;
use super::reason::{Forecast, LostArtifact, Recorded, Trail};
use super::room::Room;
use super::waiting::{Keeping, Waiting};

/// Staged bytes after which what is finished is committed, so that a killed build keeps it.
const CHECKPOINT_BYTES: u64 = 64 << 20;

/// The build of a repository that HEAD names.
pub struct Previous {
    pub root: BuildRoot,
    pub pinned: Arc<Pinned>,
    /// Second level of the manifest, as far as it was asked for; `None` where it cannot be read.
    lists: Mutex<BTreeMap<Digest, Option<Arc<SegmentList>>>>,
}

/// What a world is made of.
pub struct Given {
    pub vfs: Arc<dyn Vfs>,
    /// For records beside the builds: no time enters a value.
    pub clock: Arc<dyn Clock>,
    pub store: Store,
    /// `None` in a dry run, which writes nothing.
    pub writer: Option<Arc<Writer>>,
    pub memo: Memo,
    pub limits: Limits,
    pub cancel: Cancel,
    pub workers: Option<Arc<Pool>>,
    pub decisions: Arc<Decisions>,
    pub listener: Listener,
    /// Roots of the repositories on this machine.
    pub roots: BTreeMap<Arc<str>, PathBuf>,
    pub kinds: Vec<&'static dyn Kind>,
    /// Nodes of the workspace, as the store calls them, with their kinds.
    pub workspace: Vec<(Arc<str>, &'static dyn WorkspaceKind)>,
    /// Reuse rows of unchanged files?
    pub reuse: bool,
    /// Threads.
    pub jobs: usize,
    pub head: Option<Arc<Pinned>>,
}

/// The engine's surroundings for one run.
pub struct World {
    pub given: Given,
    /// Of the kinds, those from outside the crate too.
    tables: Vec<&'static TableSchema>,
    previous: BTreeMap<Arc<str>, OnceLock<Option<Previous>>>,
    /// The trees as they were scanned.
    scans: Mutex<BTreeMap<Arc<str>, Arc<Vec<Segment>>>>,
    run: Mutex<Run>,
    waiting: Mutex<Waiting>,
    /// What was found missing or damaged.
    pub lost: Lost,
    /// Tables that are kept for a merge only, by the action that made them.
    partial: Mutex<BTreeMap<Digest, Vec<Batch>>>,
    /// What shards refer to, by the action of their node, until it is resolved.
    references: Mutex<Keeping>,
    /// What a dry run found, or what ran and why.
    record: Mutex<Vec<Recorded>>,
    reused: Mutex<BTreeMap<String, u64>>,
    /// What was taken from the memo, and why it is not what it was.
    pub trail: Trail,
    /// What actions did to which files.
    pub ledger: Gathered,
    /// Why shortcuts were not taken.
    told: Mutex<BTreeSet<String>>,
    /// Set once a failure is to end everything.
    pub stop: AtomicBool,
    /// For large shards.
    pub room: Room,
    pub crew: Crew,
}

/// What this run has made so far.
#[derive(Default)]
struct Run {
    fresh: BTreeMap<Digest, Arc<[MemoOutput]>>,
    pending: Vec<MemoEntry>,
    pending_bytes: u64,
}

/// What the memo knows of an action.
pub enum Belief {
    /// Its artifacts stand, as far as their sizes tell.
    Stands(Arc<[MemoOutput]>),
    /// It was done, and some of its artifacts are not there any more.
    Lost(Vec<LostArtifact>),
    Absent,
}

pub(super) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    pub fn new(given: Given) -> Self {
        let jobs = given.jobs;
        let of_kinds =
            given.kinds.iter().flat_map(|k| k.outputs().iter().chain(k.merged()).chain(k.resolved()).copied());
        let of_workspace = if given.workspace.is_empty() { [].as_slice() } else { table::WORKSPACE };
        let tables = of_kinds.chain(of_workspace.iter().copied()).collect();
        let names = given.roots.keys().chain(given.workspace.iter().map(|(name, _)| name));
        Self {
            previous: names.map(|name| (Arc::clone(name), OnceLock::new())).collect(),
            given,
            tables,
            scans: Mutex::default(),
            run: Mutex::default(),
            waiting: Mutex::default(),
            lost: Lost::default(),
            partial: Mutex::default(),
            references: Mutex::default(),
            record: Mutex::default(),
            reused: Mutex::default(),
            trail: Trail::default(),
            ledger: Gathered::default(),
            told: Mutex::default(),
            stop: AtomicBool::new(false),
            room: Room::default(),
            crew: Crew::new(jobs),
        }
    }

    /// Does nothing run?
    pub fn is_dry(&self) -> bool {
        self.given.writer.is_none()
    }

    pub fn writer(&self) -> Result<&Writer, Failure> {
        self.given.writer.as_deref().ok_or_else(|| Failure::bug("a dry run was about to write", ""))
    }

    /// The tree of a repository was scanned, perhaps again.
    pub fn note_scan(&self, repo: &Arc<str>, segments: &Arc<Vec<Segment>>) {
        held(&self.scans).insert(Arc::clone(repo), Arc::clone(segments));
    }

    /// The tree of a repository, cut.
    pub fn scanned(&self, repo: &str) -> Option<Arc<Vec<Segment>>> {
        held(&self.scans).get(repo).cloned()
    }

    /// `Err` once the user has asked to stop, or a failure was to end everything.
    pub fn check(&self) -> Result<(), Failure> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Failure::cancelled());
        }
        self.given.cancel.check().map_err(|_| Failure::cancelled())
    }

    pub fn tell(&self, event: Event) {
        (self.given.listener)(event);
    }

    /// Tells that an action came to its end, and keeps what ran and why. In a dry run: that it would run, or not.
    pub fn done(&self, action: ActionDone) {
        let forecast = match (self.is_dry(), action.outcome) {
            (false, Outcome::Reused) => {
                *held(&self.reused).entry(action.node.to_string()).or_default() += 1;
                return self.tell(Event::ActionFinished(action));
            }
            (false, Outcome::Ran) => Forecast::Ran,
            (true, Outcome::Reused) => Forecast::Hit,
            (true, Outcome::Ran) => Forecast::Will,
        };
        held(&self.record).push(Recorded::of(&action, forecast));
        if !self.is_dry() {
            self.tell(Event::ActionFinished(action));
        }
    }

    /// In a dry run: the action runs if what `node` makes is not what it was.
    pub fn may(&self, action: &ActionDone, node: &str) {
        let recorded = Recorded::of(action, Forecast::May { node: node.to_owned() });
        held(&self.record).push(Recorded { action: None, ..recorded });
    }

    /// Actions that were not done again, by node.
    pub fn reused(&self) -> BTreeMap<String, u64> {
        held(&self.reused).clone()
    }

    /// What ran or would run, in the order of its places.
    pub fn take_record(&self) -> Vec<Recorded> {
        let mut record = std::mem::take(&mut *held(&self.record));
        record.sort_by(|a, b| a.place().cmp(&b.place()));
        record
    }

    /// Reports an error that did not stop anything.
    pub fn notice_error(&self, error: &(dyn Diagnostic + 'static), repo: Option<&str>) {
        self.tell(Event::of_failure(&Failure::of(error, Tier::Environment, ""), repo));
    }

    /// What a shortcut over the previous build gave. Where it gave nothing, the long way is gone; each reason for that is
    /// told once. Damage is told where it is found.
    pub fn shortcut<T>(&self, repo: &str, gave: Result<T, Failure>) -> Option<T> {
        gave.inspect_err(|failure| {
            let is_news = !failure.is_damage() && !failure.is_cancelled();
            if is_news && held(&self.told).insert(failure.to_string()) {
                self.tell(Event::of_failure(failure, Some(repo)));
            }
        })
        .ok()
    }

    /// The build that HEAD has for `repo`, if there is one.
    pub fn standing(&self, repo: &str) -> Option<&Previous> {
        let head = self.given.head.as_ref()?;
        self.previous
            .get(repo)?
            .get_or_init(|| {
                if !head.generation().builds().any(|(name, _)| name == repo) {
                    return None;
                }
                match head.build(repo) {
                    Ok(root) => Some(Previous { root, pinned: Arc::clone(head), lists: Mutex::default() }),
                    Err(error) => {
                        self.notice_error(&error, Some(repo));
                        None
                    }
                }
            })
            .as_ref()
    }

    /// As [`standing`](Self::standing), for whoever wants to take rows from there: nothing where reuse is off.
    pub fn previous(&self, repo: &str) -> Option<&Previous> {
        self.standing(repo).filter(|_| self.given.reuse)
    }

    /// The list of a segment of a previous build. One that cannot be read is told once, and none.
    pub fn old_list(&self, previous: &Previous, list: &Digest) -> Option<Arc<SegmentList>> {
        let repo = &previous.root.repo;
        let mut lists = held(&previous.lists);
        let read = || match previous.pinned.list(repo, list) {
            Ok(list) => Some(Arc::new(list)),
            Err(error) => {
                self.notice_error(&error, Some(repo));
                None
            }
        };
        lists.entry(*list).or_insert_with(read).clone()
    }

    /// What the memo has under `key`: believed only if all its artifacts are there with the sizes that it tells.
    /// Their bytes are verified when they are read.
    pub fn believed(&self, key: &Digest) -> Result<Belief, Failure> {
        let fresh = held(&self.run).fresh.get(key).cloned();
        if let Some(outputs) = fresh {
            let stands = outputs.iter().all(|o| !self.lost.is_missing(&o.artifact));
            return Ok(if stands { Belief::Stands(outputs) } else { Belief::Lost(self.lost.of(&outputs)) });
        }
        let Some(entry) = self.given.memo.get(key) else { return Ok(Belief::Absent) };
        let mut stands = true;
        for output in &entry.outputs {
            stands &= self.stands(&output.artifact, output.bytes)?;
        }
        Ok(if stands { Belief::Stands(entry.outputs.into()) } else { Belief::Lost(self.lost.of(&entry.outputs)) })
    }

    /// Is the artifact there, with the size that it had when it was made?
    pub fn stands(&self, artifact: &Digest, bytes: u64) -> Result<bool, Failure> {
        // Whatever named a lost artifact is done again, whoever makes that artifact first: so what runs does not depend
        // on the order of threads, and a dry run can tell it.
        if self.lost.is_made_again(artifact) {
            return Ok(false);
        }
        match self.given.store.object_size(artifact).map_err(|e| store_failure(&e))? {
            // Found damaged in this run, and not set aside: a dry run.
            Some(size) if size == bytes => Ok(!self.lost.is_missing(artifact)),
            Some(_) => {
                let damage = StoreError::Damaged {
                    path: self.given.store.object_path(artifact),
                    what: "it has another size than when it was made",
                };
                let failure = self.lose(artifact, &damage);
                if failure.is_damage() { Ok(false) } else { Err(failure) }
            }
            None => {
                self.lost.note_missing(*artifact);
                Ok(false)
            }
        }
    }

    /// Every table that this run knows.
    pub fn tables(&self) -> &[&'static TableSchema] {
        &self.tables
    }

    /// Encodes and stages what an action made, and remembers it for the next commit.
    pub fn stage(&self, spec: &NodeSpec, key: &ActionKey, made: &[Output]) -> Result<Arc<[MemoOutput]>, Failure> {
        self.stage_for(!spec.kind.merged().is_empty() && spec.kind.partial().is_empty(), key, made)
    }

    /// The same of what no merge takes.
    pub fn stage_alone(&self, key: &ActionKey, made: &[Output]) -> Result<Arc<[MemoOutput]>, Failure> {
        self.stage_for(false, key, made)
    }

    /// Remembers that the action `key` makes `outputs`, which stand or were staged.
    pub fn remember(&self, key: &ActionKey, outputs: &Arc<[MemoOutput]>) {
        let entry = MemoEntry { key: key.digest, outputs: outputs.to_vec(), ingredients: key.ingredients.clone() };
        let mut run = held(&self.run);
        run.fresh.insert(key.digest, Arc::clone(outputs));
        run.pending.push(entry);
    }

    fn stage_for(&self, merging: bool, key: &ActionKey, made: &[Output]) -> Result<Arc<[MemoOutput]>, Failure> {
        let staged = self.crew.share(made, |output| {
            let table = output.batch.schema().name;
            let bytes = table::encode(&output.batch).map_err(|e| Failure::of(&e, Tier::Bug, table))?;
            let artifact = self.writer()?.stage(&bytes).map_err(|e| store_failure(&e))?;
            Ok((artifact, bytes.len() as u64))
        })?;
        let mut outputs = Vec::with_capacity(made.len());
        for (output, (artifact, bytes)) in made.iter().zip(&staged) {
            self.lost.note_made(artifact);
            if merging {
                held(&self.waiting).put(*artifact, &output.batch, *bytes);
            } else {
                desk::keep_batch(*artifact, &output.batch);
            }
            outputs.push(MemoOutput {
                table: output.batch.schema().name.to_owned(),
                artifact: *artifact,
                rows: output.batch.len() as u64,
                bytes: *bytes,
                stats: output.stats.clone(),
            });
        }
        let entry = MemoEntry { key: key.digest, outputs: outputs.clone(), ingredients: key.ingredients.clone() };
        let outputs: Arc<[MemoOutput]> = outputs.into();
        let mut run = held(&self.run);
        run.fresh.insert(key.digest, Arc::clone(&outputs));
        run.pending.push(entry);
        run.pending_bytes += staged.iter().map(|(_, bytes)| bytes).sum::<u64>();
        if run.pending_bytes >= CHECKPOINT_BYTES {
            let entries = std::mem::take(&mut run.pending);
            run.pending_bytes = 0;
            drop(run);
            self.writer()?.commit(entries).map_err(|e| store_failure(&e))?;
        }
        Ok(outputs)
    }

    /// Of what an action of this run made, the first table that is sorted by path, else the first.
    pub fn artifact_by_path(&self, action: &Digest) -> Option<Digest> {
        let outputs = held(&self.run).fresh.get(action).cloned()?;
        let is_by_path = |output: &&MemoOutput| {
            self.tables.iter().any(|t| t.name == output.table && t.sort.first() == Some(&"path"))
        };
        outputs.iter().find(is_by_path).or_else(|| outputs.first()).map(|output| output.artifact)
    }

    /// Makes everything that was staged durable and remembered.
    pub fn commit(&self) -> Result<(), Failure> {
        let entries = {
            let mut run = held(&self.run);
            run.pending_bytes = 0;
            std::mem::take(&mut run.pending)
        };
        if entries.is_empty() {
            return Ok(());
        }
        self.writer()?.commit(entries).map_err(|e| store_failure(&e))
    }

    /// The rows of an artifact: from this thread's desk, or read and verified.
    pub fn batch(&self, table: &str, artifact: &Digest) -> Result<Batch, Failure> {
        if let Some(batch) = desk::batch(artifact) {
            return Ok(batch);
        }
        let waiting = held(&self.waiting).get(artifact);
        if let Some(batch) = waiting {
            return Ok(batch);
        }
        let batch = self.read(table, artifact)?;
        desk::keep_batch(*artifact, &batch);
        Ok(batch)
    }

    /// Keeps what the action `key` made until the merge takes it.
    pub fn keep_partial(&self, key: Digest, tables: Vec<Batch>) {
        held(&self.partial).insert(key, tables);
    }

    /// What was kept for the merge.
    pub fn take_partial(&self, key: &Digest) -> Option<Vec<Batch>> {
        held(&self.partial).remove(key)
    }

    /// Keeps what a shard refers to until it is resolved, as long as there is room.
    pub fn keep_references(&self, key: Digest, references: References) {
        held(&self.references).put(key, references);
    }

    /// What was kept.
    pub fn take_references(&self, key: &Digest) -> Option<References> {
        held(&self.references).take(key)
    }

    /// As [`batch`](Self::batch), for a merge: the last one to ask, so nothing is kept.
    pub fn take_batch(&self, table: &str, artifact: &Digest) -> Result<Batch, Failure> {
        let waiting = held(&self.waiting).take(artifact);
        waiting.map_or_else(|| self.read(table, artifact), Ok)
    }

    /// No merge will take these.
    pub fn forget<'a>(&self, artifacts: impl Iterator<Item = &'a Digest>) {
        let mut waiting = held(&self.waiting);
        for artifact in artifacts {
            waiting.take(artifact);
        }
    }

    /// The rows of an artifact, verified; nothing of them is kept.
    pub fn read(&self, table: &str, artifact: &Digest) -> Result<Batch, Failure> {
        self.read_with(table, artifact, TableReader::read_all)
    }

    /// Of the rows of an artifact those whose `column`, by which they are sorted, may be one of `values`: whole pages.
    pub fn find_rows(&self, table: &str, artifact: &Digest, column: &str, values: &[&str]) -> Result<Batch, Failure> {
        self.read_with(table, artifact, |reader| {
            let rows = reader.find_rows(column, values)?;
            let columns: Vec<&str> = reader.schema().columns.iter().map(|column| column.name).collect();
            Batch::new(reader.schema(), reader.read_rows(&columns, &rows)?)
        })
    }

    fn read_with(
        &self,
        table: &str,
        artifact: &Digest,
        read: impl FnOnce(&TableReader) -> Result<Batch, TableError>,
    ) -> Result<Batch, Failure> {
        let Some(schema) = self.tables.iter().find(|t| t.name == table) else {
            return Err(Failure::bug(&format!("no table is called `{table}`"), ""));
        };
        let opened = match &self.given.writer {
            Some(writer) => writer.open(artifact),
            None => self.given.store.object(artifact),
        };
        let source: Arc<dyn ByteSource> = opened.map_err(|e| self.lose(artifact, &e))?;
        TableReader::open(source, schema).and_then(|reader| read(&reader)).map_err(|e| {
            // A large artifact is verified block by block as it is read.
            match self.given.store.verify_object(artifact) {
                Ok(()) => Failure::of(&e, Tier::Bug, &artifact.short()),
                Err(damage) => self.lose(artifact, &damage),
            }
        })
    }

    pub fn rows<R: Row>(&self, batch: &Batch) -> Result<Vec<R>, Failure> {
        batch.rows().map_err(|e| Failure::of(&e, Tier::Bug, R::schema().name))
    }
}

/// A store's error as a failure.
pub fn store_failure(error: &StoreError) -> Failure {
    Failure::of(error, error.tier(), "")
}
