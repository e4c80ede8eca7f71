//! Objects of a git repository, read by any number of threads.

use std::sync::{Mutex, PoisonError};

use gix::ObjectId;
use gix::objs::Kind;

use crate::source::provenance::{guarded, isolated};

use super::error::{CommitError, GitSaid};

/// More than this is not allocated for one object, or for one that it is stored as a difference to.
const OBJECT_BYTES: u64 = 1 << 30;

/// One git repository. A handle serves one thread at a time, so there are as many as threads ever asked at once.
pub(super) struct Objects {
    repository: gix::ThreadSafeRepository,
    idle: Mutex<Vec<gix::Repository>>,
}

impl Objects {
    /// Opens the git repository of a work tree.
    pub(super) fn open(work_tree: &std::path::Path) -> Result<Self, CommitError> {
        let opened = guarded(|| {
            let overrides =
                ["core.useReplaceRefs=false".to_owned(), format!("gitoxide.objects.allocLimit={OBJECT_BYTES}")];
            gix::open_opts(work_tree, isolated().config_overrides(overrides)).map(gix::Repository::into_sync)
        });
        let repository = opened.map_err(|why| {
            // The library's messages show where the tree lies on this machine.
            CommitError::Unreadable(GitSaid(why.replace(&work_tree.display().to_string(), ".")))
        })?;
        Ok(Self { repository, idle: Mutex::default() })
    }

    /// The id of the tree of a commit.
    pub(super) fn tree_of(&self, commit: &str) -> Result<ObjectId, CommitError> {
        let id = id_of(commit)?;
        let object = self.read(id, Kind::Commit, "")?;
        let tree = guarded(|| gix::objs::CommitRefIter::from_bytes(&object, id.kind()).tree_id());
        tree.map_err(|why| damaged(Kind::Commit, &id, "", why))
    }

    /// When a commit was made, by its committer, in seconds since 1970; and its parents.
    pub(super) fn origin_of(&self, id: ObjectId) -> Result<(i64, Vec<ObjectId>), CommitError> {
        let object = self.read(id, Kind::Commit, "")?;
        let origin = guarded(|| {
            let fields = || gix::objs::CommitRefIter::from_bytes(&object, id.kind());
            Ok::<_, gix::Error>((fields().committer()?.seconds(), fields().parent_ids().collect()))
        });
        origin.map_err(|why| damaged(Kind::Commit, &id, "", why))
    }

    /// The size of a blob; its bytes are not read.
    pub(super) fn size(&self, id: ObjectId, at: &str) -> Result<u64, CommitError> {
        let header = self.ask(|repository| repository.try_find_header(id));
        match header.map_err(|why| damaged(Kind::Blob, &id, at, why))? {
            Some(header) if header.kind() == Kind::Blob => Ok(header.size()),
            Some(_) => Err(damaged(Kind::Blob, &id, at, "it is no blob".to_owned())),
            None => Err(missing(Kind::Blob, &id, at)),
        }
    }

    /// The bytes of an object of a kind, which hash to its id.
    pub(super) fn read(&self, id: ObjectId, kind: Kind, at: &str) -> Result<Vec<u8>, CommitError> {
        let found = self.ask(|repository| {
            let Some(object) = repository.try_find_object(id)? else { return Ok(None) };
            let detached = object.detach();
            gix::objs::Data::new(&detached.data, detached.kind, id.kind()).verify_checksum(&id)?;
            Ok(Some(detached))
        });
        match found.map_err(|why| damaged(kind, &id, at, why))? {
            Some(object) if object.kind == kind => Ok(object.data),
            Some(_) => Err(damaged(kind, &id, at, format!("it is no {kind}"))),
            None => Err(missing(kind, &id, at)),
        }
    }

    /// Asks with a handle of its own. One in whose hands the library panicked is not used again.
    fn ask<T>(&self, ask: impl FnOnce(&gix::Repository) -> Result<T, gix::Error>) -> Result<T, String> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let handle = idle().pop();
        guarded(|| {
            let handle = handle.unwrap_or_else(|| self.repository.to_thread_local());
            let answer = ask(&handle)?;
            idle().push(handle);
            Ok::<T, gix::Error>(answer)
        })
    }
}

/// The id that a commit is told by.
pub(super) fn id_of(commit: &str) -> Result<ObjectId, CommitError> {
    let id = ObjectId::from_hex(commit.as_bytes());
    id.map_err(|e| CommitError::Unreadable(GitSaid(format!("`{commit}` is no id of an object: {e}"))))
}

fn missing(kind: Kind, id: &ObjectId, at: &str) -> CommitError {
    CommitError::Missing { kind: name(kind), id: id.to_string(), at: place(at) }
}

pub(super) fn damaged(kind: Kind, id: &ObjectId, at: &str, why: String) -> CommitError {
    CommitError::Damaged { kind: name(kind), id: id.to_string(), at: place(at), why: GitSaid(why) }
}

fn place(at: &str) -> String {
    if at.is_empty() { String::new() } else { format!(" of `{at}`") }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Tree => "tree",
        Kind::Blob => "blob",
        Kind::Commit => "commit",
        Kind::Tag => "tag",
    }
}
