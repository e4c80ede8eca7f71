//! A store with snapshots, and what must hold of it at any moment.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::super::fixture::{open, publish, read_all, read_object, writer};
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::base::{Cancel, Timestamp};
use crate::store::tests::fixture::Version;
use crate::store::{Freeze, NewSnapshot, Origin, Ref, Snapshot, SnapshotError, Store};

/// 2027-01-15 08:00:00 UTC.
pub const NOON: i64 = 1_800_000_000;

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds, 0)
}

pub fn new(tags: &[&str]) -> NewSnapshot {
    NewSnapshot {
        created_at: at(NOON),
        origin: Origin::Manual,
        label: Some("before the change".into()),
        notes: None,
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    }
}

pub fn freezing() -> Freeze {
    Freeze { now: at(NOON + 1), link: false, cancel: Cancel::new() }
}

pub fn create(vfs: impl Vfs + 'static, new: &NewSnapshot) -> Result<Snapshot, SnapshotError> {
    let store = open(vfs)?;
    let writer = writer(&store)?;
    let pinned = store.pin()?.unwrap();
    writer.create_snapshot(&pinned, new)
}

pub fn freeze(vfs: impl Vfs + 'static, id: &str) -> Result<Snapshot, SnapshotError> {
    let store = open(vfs)?;
    writer(&store)?.freeze_snapshot(id, &freezing())
}

/// A store with one generation and one snapshot of it, and the snapshot's id.
pub fn with_snapshot(version: Version) -> (MemoryFs, String) {
    let vfs = MemoryFs::new();
    publish(vfs.clone(), version).unwrap();
    let id = create(vfs.clone(), &new(&[])).unwrap().record.id;
    (vfs, id)
}

pub fn snap(id: &str) -> Ref {
    Ref::from_str(&format!("snap:{id}")).unwrap()
}

/// Every snapshot that is listed opens, to the last byte; every frozen one is a store that reads to the last byte.
pub fn holds(vfs: &MemoryFs) -> Result<Vec<Snapshot>, String> {
    let store = open(vfs.clone()).map_err(|e| e.to_string())?;
    let (snapshots, notices) = store.snapshots().map_err(|e| e.to_string())?;
    if !notices.is_empty() {
        return Err(format!("{notices:?}"));
    }
    for snapshot in &snapshots {
        opens(&store, &snapshot.record.id).map_err(|e| format!("{}: {e}", snapshot.record.id))?;
    }
    Ok(snapshots)
}

fn opens(store: &Store, id: &str) -> Result<(), String> {
    let pinned = store.pin_at(&snap(id), None).map_err(|e| e.to_string())?;
    for repo in pinned.generation().repos.keys() {
        for segment in pinned.build(repo).map_err(|e| e.to_string())?.segments {
            let list = pinned.list(repo, &segment.list).map_err(|e| e.to_string())?;
            for piece in list.shards.iter().flat_map(|shard| &shard.pieces).chain(&list.pieces) {
                read_object(pinned.store(), &piece.artifact).map_err(|e| e.to_string())?;
            }
        }
    }
    Ok(())
}

/// Everything of a frozen copy was read.
pub fn frozen_is_whole(store: &Store, id: &str) -> usize {
    let read = read_all(&store.frozen_store(id).unwrap()).unwrap();
    assert_eq!(read.notices, 0);
    read.objects
}

/// Every name beneath `dir`, links among them, with what a file holds or where a link leads.
pub fn tree(vfs: &dyn Vfs, dir: &Path) -> Vec<(PathBuf, String)> {
    let mut out = Vec::new();
    for (name, stat) in vfs.list_stat(dir).unwrap() {
        let path = dir.join(name);
        match stat.kind {
            crate::base::vfs::FileKind::Dir => out.extend(tree(vfs, &path)),
            crate::base::vfs::FileKind::Symlink => {
                let target = vfs.read_link(&path).unwrap();
                out.push((path, format!("→ {}", target.display())));
            }
            _ => {
                let bytes = vfs.read(&path).unwrap();
                out.push((path, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    out.sort();
    out
}
