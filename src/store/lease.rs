//! Readers: a pinned generation.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::error::{StoreError, StoreNotice, io_at};
use super::model::{BuildRoot, Generation, Provenance, SegmentList, workspace_name, workspace_node};
use super::open::Store;
use crate::base::Digest;
use crate::base::vfs::{LockGuard, LockKind};

const TRIES: u32 = 200;
const PAUSE: Duration = Duration::from_millis(5);

/// One whole generation, held against garbage collection for as long as this value lives. Cloning shares the hold.
#[derive(Clone, Debug)]
pub struct Pinned {
    store: Store,
    generation: Arc<Generation>,
    provenance: Arc<Provenance>,
    notices: Arc<[StoreNotice]>,
    /// `None` on a store that this process may not write: nothing is collected under it.
    #[expect(dead_code, reason = "held for its drop")]
    lease: Option<Arc<dyn LockGuard>>,
}

enum Lease {
    Held(Option<Arc<dyn LockGuard>>),
    /// Someone collects this generation, so it is not HEAD's any more.
    Refused,
}

impl Store {
    /// Pins the generation of HEAD: locks its lease shared, looks at HEAD again, and starts over if it moved.
    /// `None` when nothing was built yet. Never waits for a writer.
    pub fn pin(&self) -> Result<Option<Pinned>, StoreError> {
        for _ in 0..TRIES {
            let Some(id) = self.head()? else { return Ok(None) };
            let Lease::Held(lease) = self.lease(&id)? else {
                std::thread::sleep(PAUSE);
                continue;
            };
            if self.head()?.as_ref() != Some(&id) {
                continue;
            }
            let generation = Arc::new(self.generation(&id)?);
            let (provenance, notices) = self.provenance_or_notice(&id)?;
            return Ok(Some(Pinned { store: self.clone(), generation, provenance, notices, lease }));
        }
        Err(StoreError::Moving { path: self.layout().head() })
    }

    /// Pins a generation that HEAD need not name. `None` when someone is collecting it.
    pub(super) fn pin_generation(&self, id: &str, notice: Option<StoreNotice>) -> Result<Option<Pinned>, StoreError> {
        let Lease::Held(lease) = self.lease(id)? else { return Ok(None) };
        let generation = Arc::new(self.generation(id)?);
        let (provenance, notices) = self.provenance_or_notice(id)?;
        let notices = notices.iter().cloned().chain(notice).collect();
        Ok(Some(Pinned { store: self.clone(), generation, provenance, notices, lease }))
    }

    /// Pins what a past moment had. `lease` is the file that a collector would lock before it takes the moment away;
    /// `None` when someone is doing that. `read` reads the records, under the lease.
    pub(super) fn pin_moment(
        &self,
        lease: &Path,
        read: impl FnOnce() -> Result<(Generation, Provenance), StoreError>,
    ) -> Result<Option<Pinned>, StoreError> {
        let Lease::Held(lease) = self.lease_at(lease)? else { return Ok(None) };
        let (generation, provenance) = read()?;
        let (generation, provenance) = (Arc::new(generation), Arc::new(provenance));
        Ok(Some(Pinned { store: self.clone(), generation, provenance, notices: Arc::from([]), lease }))
    }

    fn lease(&self, generation: &str) -> Result<Lease, StoreError> {
        self.lease_at(&self.layout().lease(generation))
    }

    fn lease_at(&self, path: &Path) -> Result<Lease, StoreError> {
        match self.vfs().try_lock(path, LockKind::Shared) {
            Ok(Some(guard)) => Ok(Lease::Held(Some(guard.into()))),
            Ok(None) => Ok(Lease::Refused),
            Err(e) if has_no_lease(&e) => Ok(Lease::Held(None)),
            Err(e) => Err(io_at("lock", path)(e)),
        }
    }

    /// Provenance is told to people and speeds up the null check; damage to it must not keep anyone from reading.
    fn provenance_or_notice(&self, id: &str) -> Result<(Arc<Provenance>, Arc<[StoreNotice]>), StoreError> {
        let what = "lost: branches, commits, sizes and times of this generation are unknown until the next build";
        let notice = |path: &Path| Arc::from([StoreNotice { path: path.to_owned(), what: what.into() }]);
        match self.provenance(id) {
            Ok(Some(provenance)) => Ok((Arc::new(provenance), Arc::from([]))),
            Ok(None) => Ok((Arc::default(), notice(&self.layout().provenance(id)))),
            Err(StoreError::Damaged { path, .. }) => Ok((Arc::default(), notice(&path))),
            Err(e) => Err(e),
        }
    }
}

/// A file system or directory that may not be written, or a copy of a store without its leases: nothing is collected
/// there.
fn has_no_lease(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied | io::ErrorKind::NotFound
    )
}

impl Pinned {
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Where the view of this generation is on this machine.
    pub fn view(&self) -> PathBuf {
        self.store().layout().view(&self.generation().id)
    }

    /// Where the view of a repository's build is on this machine.
    pub fn build_view(&self, repo: &str) -> Option<PathBuf> {
        let build = match workspace_node(repo) {
            Some(node) => self.generation.workspace.get(&node)?,
            None => self.generation.repos.get(repo)?,
        };
        Some(self.store().layout().build_view(repo, &build.build))
    }

    pub fn generation(&self) -> &Generation {
        &self.generation
    }

    /// Empty when it was damaged; [`notices`](Self::notices) then says so.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    pub fn notices(&self) -> &[StoreNotice] {
        &self.notices
    }

    /// The root of a repository's build in this generation, or of that of a node of the workspace, by the name that the
    /// store has for it.
    pub fn build(&self, repo: &str) -> Result<BuildRoot, StoreError> {
        let build = match workspace_node(repo) {
            Some(node) => self.generation.workspace.get(&node),
            None => self.generation.repos.get(repo),
        };
        let Some(build) = build else {
            return Err(StoreError::refused(format!("generation {} has no repository `{repo}`", self.generation.id)));
        };
        self.store.build_root(repo, &build.build)
    }

    /// The manifest that a node of the workspace wrote, `pipeline/node`; `None` where this generation has no such node.
    pub fn workspace_manifest(&self, node: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let name = workspace_name(node);
        let Some(build) = self.generation.workspace.get(node) else { return Ok(None) };
        let manifest = self.store.build_root(&name, &build.build)?.workspace_manifest;
        manifest.map(|hash| self.store.list_bytes(&name, &hash).map(|(bytes, _)| bytes)).transpose()
    }

    /// Are the root of a build and all its lists there and whole? No list is decoded, and artifacts are not looked at.
    pub fn verify_manifest(&self, repo: &str) -> Result<(), StoreError> {
        let root = self.build(repo)?;
        for list in root.segments.iter().map(|segment| &segment.list).chain(&root.workspace_manifest) {
            self.store.list_bytes(repo, list)?;
        }
        Ok(())
    }

    /// Is every artifact of a repository's build there, with the size that it had? No byte of one is read.
    pub fn has_artifacts(&self, repo: &str) -> Result<bool, StoreError> {
        for segment in &self.build(repo)?.segments {
            let list = self.list(repo, &segment.list)?;
            for piece in list.shards.iter().flat_map(|shard| &shard.pieces).chain(&list.pieces) {
                if self.store.object_size(&piece.artifact)? != Some(piece.bytes) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// A segment's list, named by a root's [`SegmentRef`](super::SegmentRef).
    pub fn list(&self, repo: &str, hash: &Digest) -> Result<SegmentList, StoreError> {
        self.store.segment_list(repo, hash)
    }
}
