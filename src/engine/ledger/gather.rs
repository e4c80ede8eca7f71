//! Notes of what actions do, taken while they run and small until they are written.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::base::{Digest, RelPath, Timestamp};
use crate::nodes::{Content, FileSlot};
use crate::source::{FileContent, SourceFile};
use crate::table::{Batch, FILES, FailureRow, FileRow, TableError, count_by_path};

use super::super::db::{NodeSpec, ShardSpec};
use super::super::failure::Failure;
use super::super::key::ActionKey;
use super::super::world::held;
use super::rows;

/// Text of excerpts that a run keeps. Rows beyond that have none: memory is bounded, and the working tree still has the
/// lines.
const EXCERPT_BYTES: usize = 32 << 20;

/// What is common to all files of an action.
pub struct Act {
    pub repo: Arc<str>,
    pub node: Arc<str>,
    pub kind: &'static str,
    pub format: u32,
    /// The key with which it began; see [`Notes::action`].
    pub action: Digest,
    /// By language, 12 characters; of a kind that has definitions.
    pub definitions: BTreeMap<String, String>,
    pub started: Timestamp,
    pub finished: Timestamp,
}

/// What became of a file in an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Ok,
    Partial,
    Error,
    Unsupported,
    Failed,
}

impl Status {
    fn of(parse_status: &str) -> Self {
        match parse_status {
            "partial" => Self::Partial,
            "error" => Self::Error,
            "unsupported" => Self::Unsupported,
            _ => Self::Ok,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Partial => "partial",
            Self::Error => "error",
            Self::Unsupported => "unsupported",
            Self::Failed => "failed",
        }
    }
}

/// A file that an action processed anew.
pub struct Seen {
    pub act: Arc<Act>,
    pub path: RelPath,
    pub hash: Option<Digest>,
    pub language: Option<Arc<str>>,
    pub rows: u64,
    pub status: Status,
}

/// An action that gave nothing.
pub struct FailedAct {
    pub failure: Failure,
    pub act: Arc<Act>,
}

/// An action under way.
pub struct Note {
    act: Act,
    files: Vec<Coming>,
    failures: Vec<FailureRow>,
}

/// What will be a [`Seen`] when the action is over.
struct Coming {
    path: RelPath,
    hash: Option<Digest>,
    language: Option<Arc<str>>,
    rows: u64,
    status: Status,
}

impl Note {
    pub fn begin(now: Timestamp, spec: &NodeSpec, shard: &ShardSpec, key: &ActionKey) -> Self {
        let definition = |(name, hex): (&String, &String)| {
            let language = name.strip_prefix("definition.")?;
            let is_one = hex.bytes().any(|b| b != b'0');
            is_one.then(|| (language.to_owned(), hex.chars().take(12).collect()))
        };
        let act = Act {
            repo: Arc::clone(&shard.repo),
            node: Arc::clone(&spec.name),
            kind: spec.kind.name(),
            format: spec.kind.format(),
            action: key.digest,
            definitions: key.ingredients.iter().filter_map(definition).collect(),
            started: now,
            finished: now,
        };
        Self { act, files: Vec::new(), failures: Vec::new() }
    }

    /// The files that the node is about to process.
    pub fn files(&mut self, files: &[&SourceFile]) {
        let file = |file: &&SourceFile| Coming {
            path: file.path.clone(),
            hash: match file.content {
                FileContent::Hash(hash) => Some(hash),
                FileContent::Withheld(_) => None,
            },
            language: file.language.clone(),
            rows: 0,
            status: Status::Ok,
        };
        self.files = files.iter().map(file).collect();
    }

    /// What the node made of them: `tables` hold rows of these files only, and are valid.
    pub fn made(&mut self, slots: &[FileSlot], tables: &[Batch]) -> Result<(), TableError> {
        let is_by_path = |batch: &&Batch| batch.schema().sort.first() == Some(&"path");
        if let Some(batch) = tables.iter().find(is_by_path) {
            let counts: BTreeMap<&str, u64> = count_by_path(batch)?.into_iter().collect();
            for file in &mut self.files {
                file.rows = counts.get(file.path.text()).copied().unwrap_or(0);
            }
        } else {
            let rows = tables.first().map_or(0, |batch| batch.len() as u64);
            self.files.iter_mut().for_each(|file| file.rows = rows);
        }
        match tables.iter().find(|batch| *batch.schema() == FILES) {
            Some(batch) => self.statuses(slots, batch),
            None => Ok(()),
        }
    }

    /// Files and rows come in one order.
    fn statuses(&mut self, slots: &[FileSlot], files: &Batch) -> Result<(), TableError> {
        for (at, status) in files.texts("parse_status")?.enumerate() {
            let status = Status::of(status);
            if let Some(file) = self.files.get_mut(at) {
                file.status = status;
            }
            if !matches!(status, Status::Partial | Status::Error) {
                continue;
            }
            let bytes = slots.get(at).and_then(|slot| match &slot.content {
                Content::Bytes(_, bytes) => Some(&**bytes),
                Content::Hash(_) | Content::Withheld(_) => None,
            });
            for row in files.slice(at, 1).rows::<FileRow>()? {
                self.failures.push(rows::of_file(&self.act, &row, bytes));
            }
        }
        Ok(())
    }
}

/// What the actions of a run did.
#[derive(Default)]
pub struct Gathered(Mutex<Notes>);

/// All notes of a run.
#[derive(Default)]
pub struct Notes {
    pub seen: Vec<Seen>,
    pub failures: Vec<FailureRow>,
    pub failed: Vec<FailedAct>,
    /// Actions whose keys moved while they ran, because something was decided of their files.
    renamed: BTreeMap<Digest, Digest>,
    excerpts: usize,
}

impl Notes {
    /// The key under which what the action made is remembered.
    pub fn action(&self, act: &Act) -> Digest {
        self.renamed.get(&act.action).copied().unwrap_or(act.action)
    }
}

impl Gathered {
    /// The action is over. One that was stopped, or will be asked again, leaves nothing.
    pub fn end(&self, now: Timestamp, note: Note, failure: Option<&Failure>) {
        if failure.is_some_and(|failure| !failure.is_final()) {
            return;
        }
        let Note { act, files, failures } = note;
        let act = Arc::new(Act { finished: now, ..act });
        let mut notes = held(&self.0);
        notes.seen.extend(files.into_iter().map(|file| Seen {
            act: Arc::clone(&act),
            path: file.path,
            hash: file.hash,
            language: file.language,
            rows: if failure.is_some() { 0 } else { file.rows },
            status: if failure.is_some() { Status::Failed } else { file.status },
        }));
        if let Some(failure) = failure {
            notes.failed.push(FailedAct { failure: failure.clone(), act });
            return;
        }
        for mut row in failures {
            row.at = rows::millis(now);
            let size = rows::excerpt_bytes(&row);
            if notes.excerpts.saturating_add(size) > EXCERPT_BYTES {
                rows::without_excerpt(&mut row);
            } else {
                notes.excerpts += size;
            }
            notes.failures.push(row);
        }
    }

    /// The action that began as `before` is remembered as `after`.
    pub fn rename(&self, before: Digest, after: Digest) {
        if before != after {
            held(&self.0).renamed.insert(before, after);
        }
    }

    pub fn take(&self) -> Notes {
        std::mem::take(&mut *held(&self.0))
    }
}
