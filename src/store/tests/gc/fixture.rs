//! Collections of the two-repository workspace, and what must hold after any of them.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::fixture::{open, publish_in, read_object, small, writer};
use crate::base::Timestamp;
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::store::gc::{GcDone, GcLimits, GcPlan, GcRequest, KeepBuilds};
use crate::store::snapshot::{Origin, SnapshotRecord};
use crate::store::{
    FORMAT, Generation, GitBuild, Provenance, RepoProvenance, Store, StoreError, Writer, generation_id,
};

pub const COMMIT: &str = "0123456789012345678901234567890123456789";

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_800_000_000 + seconds, 0)
}

/// HEAD and the one before it, and nothing else.
pub const FEW: KeepBuilds = KeepBuilds { keep: 1, max_age_days: 10_000 };

pub fn request(now: i64, grace: u64) -> GcRequest<'static> {
    GcRequest { now: at(now), builds: FEW, expired: &|_| Vec::new(), grace: Duration::from_secs(grace) }
}

pub fn collect_with(store: &Store, request: &GcRequest<'_>) -> Result<(GcPlan, GcDone), StoreError> {
    writer(store)?.gc(request, &GcLimits::default())
}

/// One collection with a grace of an hour.
pub fn collect(vfs: impl Vfs + 'static, now: i64) -> Result<(GcPlan, GcDone), StoreError> {
    collect_with(&open(vfs)?, &request(now, 3600))
}

/// Condemns, and deletes after the grace.
pub fn collect_twice(vfs: &MemoryFs, now: i64) {
    collect(vfs.clone(), now).unwrap();
    collect(vfs.clone(), now + 3600).unwrap();
}

/// Publishes a version as a build does: with times, and with the generation before it.
pub fn publish_at(store: &Store, number: u32, now: i64) -> Result<Generation, StoreError> {
    let previous = store.head()?;
    let generation = publish_in(store, small(number))?;
    let writer = writer(store)?;
    let known = store.provenance(&generation.id)?.unwrap_or_default();
    let previous = previous.filter(|previous| *previous != generation.id);
    let provenance = Provenance { created_at: at(now), checked_at: at(now), previous, ..known };
    writer.refresh_provenance(&generation.id, &provenance)?;
    writer.record_stamp(&generation.id)?;
    Ok(generation)
}

/// Versions 1, 2 and 3, an hour apart; HEAD is the last.
pub fn three() -> (MemoryFs, [Generation; 3]) {
    let vfs = MemoryFs::new();
    let store = open(vfs.clone()).unwrap();
    let made = [1, 2, 3].map(|number| publish_at(&store, number, i64::from(number)).unwrap());
    (vfs, made)
}

/// A pointer to a generation, written as a record.
pub fn point(writer: &Writer, id: &str, generation: &Generation) {
    let layout = writer.store().layout();
    writer.make_dir(&layout.snapshot(id)).unwrap();
    let record = SnapshotRecord {
        format: FORMAT,
        id: id.to_owned(),
        created_at: at(0),
        origin: Origin::Manual,
        label: None,
        notes: None,
        tags: Vec::new(),
        modes: Vec::new(),
        generation: generation.id.clone(),
        workspace: BTreeMap::new(),
        repos: generation.repos.clone(),
        provenance: BTreeMap::new(),
    };
    writer.replace_record(&layout.snapshot_record(id), &record).unwrap();
    writer.sync_everything(true).unwrap();
}

/// Notes that `COMMIT` of `api` has the build that a generation has.
pub fn commit_of(writer: &Writer, generation: &Generation) {
    let record = GitBuild {
        format: FORMAT,
        repo: "api".into(),
        commit: COMMIT.into(),
        build: generation.repos["api"].build.clone(),
        created_at: at(0),
        provenance: RepoProvenance::default(),
    };
    writer.put_git_build(&record).unwrap();
}

/// Everything that a record holds is there, to the last byte: HEAD, every generation, snapshot and commit. Gives how
/// many builds that were.
pub fn verify(vfs: &MemoryFs) -> Result<usize, String> {
    let store = open(vfs.clone()).map_err(|e| e.to_string())?;
    let held = store.held(&|_, _| true);
    if let Some(unread) = held.unread.first() {
        return Err(format!("{unread:?}"));
    }
    for (repo, build) in held.builds.keys() {
        let root = store.build_root(repo, build).map_err(|e| e.to_string())?;
        for segment in &root.segments {
            let list = store.segment_list(repo, &segment.list).map_err(|e| e.to_string())?;
            for piece in list.shards.iter().flat_map(|shard| &shard.pieces).chain(&list.pieces) {
                read_object(&store, &piece.artifact).map_err(|e| e.to_string())?;
            }
        }
    }
    let pinned = store.pin().map_err(|e| e.to_string())?;
    assert!(
        pinned.is_none_or(|pinned| generation_id(&pinned.generation().repos, &pinned.generation().workspace)
            == pinned.generation().id)
    );
    Ok(held.builds.len())
}

pub fn objects(vfs: &MemoryFs) -> usize {
    open(vfs.clone()).unwrap().objects_there().unwrap().len()
}
