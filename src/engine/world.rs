//! What queries ask of the machine: the store, the memo, file bytes, the previous builds.
//!
//! Nothing here changes a query's value. It decides only whether work is done or was done before.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use miette::Diagnostic;

use crate::base::vfs::Vfs;
use crate::base::{ByteSource, Cancel, Digest, Limits, Tier};
use crate::nodes::{Kind, Output};
use crate::store::{BuildRoot, Memo, MemoEntry, MemoOutput, Pinned, Store, StoreError, Writer};
use crate::table::{self, Batch, Row, TableReader, TableSchema};

use super::db::NodeSpec;
use super::desk;
use super::event::{ActionDone, Event, Listener};
use super::failure::Failure;
use super::heal::Lost;
use super::key::ActionKey;
use super::waiting::Waiting;

/// Staged bytes after which what is finished is committed, so that a killed build keeps it.
const CHECKPOINT_BYTES: u64 = 64 << 20;

/// The build of a repository that HEAD names.
pub struct Previous {
    pub root: BuildRoot,
    pub pinned: Arc<Pinned>,
}

/// The engine's surroundings for one run.
pub struct World {
    pub vfs: Arc<dyn Vfs>,
    pub store: Store,
    pub writer: Arc<Writer>,
    pub memo: Memo,
    pub limits: Limits,
    pub cancel: Cancel,
    pub listener: Listener,
    /// Roots of the repositories on this machine.
    pub roots: BTreeMap<Arc<str>, PathBuf>,
    /// Tables that kinds from outside the crate add.
    pub tables: Vec<&'static TableSchema>,
    /// Reuse rows of unchanged files?
    pub reuse: bool,
    head: Option<Arc<Pinned>>,
    previous: BTreeMap<Arc<str>, OnceLock<Option<Previous>>>,
    run: Mutex<Run>,
    waiting: Mutex<Waiting>,
    /// What was found missing or damaged.
    pub lost: Lost,
    /// Tables that are kept for a merge only, by the action that made them.
    partial: Mutex<BTreeMap<Digest, Vec<Batch>>>,
}

/// What this run has made so far.
#[derive(Default)]
struct Run {
    fresh: BTreeMap<Digest, Arc<[MemoOutput]>>,
    pending: Vec<MemoEntry>,
    pending_bytes: u64,
}

/// What a world is made of.
pub struct Parts {
    pub vfs: Arc<dyn Vfs>,
    pub store: Store,
    pub writer: Arc<Writer>,
    pub memo: Memo,
    pub limits: Limits,
    pub cancel: Cancel,
    pub listener: Listener,
    pub roots: BTreeMap<Arc<str>, PathBuf>,
    pub kinds: Vec<&'static dyn Kind>,
    pub reuse: bool,
    pub head: Option<Arc<Pinned>>,
}

pub(super) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    pub fn new(parts: Parts) -> Self {
        let tables = parts.kinds.iter().flat_map(|k| k.outputs().iter().chain(k.merged()).copied()).collect();
        Self {
            previous: parts.roots.keys().map(|name| (Arc::clone(name), OnceLock::new())).collect(),
            vfs: parts.vfs,
            store: parts.store,
            writer: parts.writer,
            memo: parts.memo,
            limits: parts.limits,
            cancel: parts.cancel,
            listener: parts.listener,
            roots: parts.roots,
            tables,
            reuse: parts.reuse,
            head: parts.head,
            run: Mutex::default(),
            waiting: Mutex::default(),
            lost: Lost::default(),
            partial: Mutex::default(),
        }
    }

    /// `Err` once the user has asked to stop.
    pub fn check(&self) -> Result<(), Failure> {
        self.cancel.check().map_err(|_| Failure::cancelled())
    }

    pub fn tell(&self, event: Event) {
        (self.listener)(event);
    }

    pub fn done(&self, action: ActionDone) {
        self.tell(Event::ActionFinished(action));
    }

    /// Reports an error that did not stop anything.
    pub fn notice_error(&self, error: &(dyn Diagnostic + 'static), repo: Option<&str>) {
        let failure = Failure::of(error, Tier::Environment, "");
        self.tell(Event::Notice {
            repo: repo.map(Arc::from),
            code: failure.code_name().to_owned(),
            path: String::new(),
            message: failure.to_string(),
            help: failure.advice().unwrap_or_default().to_owned(),
        });
    }

    /// The build that HEAD has for `repo`, if there is one and reuse is on.
    pub fn previous(&self, repo: &str) -> Option<&Previous> {
        if !self.reuse {
            return None;
        }
        let head = self.head.as_ref()?;
        self.previous
            .get(repo)?
            .get_or_init(|| {
                head.generation().repos.get(repo)?;
                match head.build(repo) {
                    Ok(root) => Some(Previous { root, pinned: Arc::clone(head) }),
                    Err(error) => {
                        self.notice_error(&error, Some(repo));
                        None
                    }
                }
            })
            .as_ref()
    }

    /// The outputs that stand under `key`, if the memo has them and all their artifacts are there with the sizes
    /// that it tells. Their bytes are verified when they are read.
    pub fn believed(&self, key: &Digest) -> Result<Option<Arc<[MemoOutput]>>, Failure> {
        let fresh = held(&self.run).fresh.get(key).cloned();
        if let Some(outputs) = fresh {
            return Ok(Some(outputs).filter(|all| all.iter().all(|o| !self.lost.is_missing(&o.artifact))));
        }
        let Some(entry) = self.memo.get(key) else { return Ok(None) };
        let mut stands = true;
        for output in &entry.outputs {
            match self.store.object_size(&output.artifact).map_err(|e| store_failure(&e))? {
                Some(size) if size == output.bytes => {}
                Some(_) => {
                    let damage = StoreError::Damaged {
                        path: self.store.object_path(&output.artifact),
                        what: "it has another size than when it was made",
                    };
                    let failure = self.lose(&output.artifact, &damage);
                    if !failure.is_damage() {
                        return Err(failure);
                    }
                    stands = false;
                }
                None => {
                    self.lost.note_missing(output.artifact);
                    stands = false;
                }
            }
        }
        Ok(stands.then(|| entry.outputs.into()))
    }

    /// Encodes and stages what an action made, and remembers it for the next commit.
    pub fn stage(&self, spec: &NodeSpec, key: &ActionKey, made: &[Output]) -> Result<Arc<[MemoOutput]>, Failure> {
        let merging = !spec.kind.merged().is_empty() && spec.kind.partial().is_empty();
        let mut outputs = Vec::with_capacity(made.len());
        let mut staged = 0;
        for output in made {
            let table = output.batch.schema().name;
            let bytes = table::encode(&output.batch).map_err(|e| Failure::of(&e, Tier::Bug, table))?;
            let artifact = self.writer.stage(&bytes).map_err(|e| store_failure(&e))?;
            staged += bytes.len() as u64;
            self.lost.note_made(&artifact);
            if merging {
                held(&self.waiting).put(artifact, &output.batch, bytes.len() as u64);
            } else {
                desk::keep_batch(artifact, &output.batch);
            }
            outputs.push(MemoOutput {
                table: table.to_owned(),
                artifact,
                rows: output.batch.len() as u64,
                bytes: bytes.len() as u64,
                stats: output.stats.clone(),
            });
        }
        let entry = MemoEntry { key: key.digest, outputs: outputs.clone(), ingredients: key.ingredients.clone() };
        let outputs: Arc<[MemoOutput]> = outputs.into();
        let mut run = held(&self.run);
        run.fresh.insert(key.digest, Arc::clone(&outputs));
        run.pending.push(entry);
        run.pending_bytes += staged;
        if run.pending_bytes >= CHECKPOINT_BYTES {
            let entries = std::mem::take(&mut run.pending);
            run.pending_bytes = 0;
            drop(run);
            self.writer.commit(entries).map_err(|e| store_failure(&e))?;
        }
        Ok(outputs)
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
        self.writer.commit(entries).map_err(|e| store_failure(&e))
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

    fn read(&self, table: &str, artifact: &Digest) -> Result<Batch, Failure> {
        let Some(schema) = self.tables.iter().find(|t| t.name == table) else {
            return Err(Failure::bug(&format!("no table is called `{table}`"), ""));
        };
        let source: Arc<dyn ByteSource> = self.writer.open(artifact).map_err(|e| self.lose(artifact, &e))?;
        TableReader::open(source, schema).and_then(|reader| reader.read_all()).map_err(|e| {
            // A large artifact is verified block by block as it is read.
            match self.store.verify_object(artifact) {
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
