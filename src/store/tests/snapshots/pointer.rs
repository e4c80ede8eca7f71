//! Pointers: made, tagged, indexed.

use std::path::Path;

use super::super::fixture::{STATE, open, provenance, publish, small, writer};
use super::fixture::{create, holds, new, snap, with_snapshot};
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::store::{Generation, RepoBuild, SnapshotError, StoreError};

fn index(vfs: &MemoryFs) -> std::path::PathBuf {
    assert!(vfs.exists(Path::new(STATE)).unwrap());
    Path::new(STATE).join("snapshots/manifest.json")
}

#[test]
fn a_snapshot_is_named_by_its_second_and_its_generation_and_a_counter() {
    let vfs = MemoryFs::new();
    let generation = publish(vfs.clone(), small(1)).unwrap().id;
    let hex = &generation["g-".len()..][..6];
    let ids: Vec<String> = (0..3).map(|_| create(vfs.clone(), &new(&[])).unwrap().record.id).collect();
    let first = format!("snap-20270115-080000-{hex}");
    assert_eq!(ids, [first.clone(), format!("{first}-2"), format!("{first}-3")]);
    assert_eq!(open(vfs.clone()).unwrap().snapshot_ids().unwrap(), ids);
    assert_eq!(holds(&vfs).unwrap().len(), 3);
}

#[test]
fn a_snapshot_outlives_head_and_resolves_by_id_and_tag() {
    let vfs = MemoryFs::new();
    let old = publish(vfs.clone(), small(1)).unwrap();
    let made = create(vfs.clone(), &new(&["v1", "stable", "v1"])).unwrap();
    assert_eq!(made.tags, ["stable", "v1"]);
    publish(vfs.clone(), small(2)).unwrap();
    let store = open(vfs).unwrap();
    for name in [snap(&made.record.id), "tag:v1".parse().unwrap()] {
        assert_eq!(store.pin_at(&name, None).unwrap().generation(), &old);
    }
}

#[test]
fn a_stale_repository_is_named_and_nothing_is_made() {
    let vfs = MemoryFs::new();
    let mut repos = publish(vfs.clone(), small(1)).unwrap().repos;
    let api: &mut RepoBuild = repos.get_mut("api").unwrap();
    api.stale = true;
    let generation = Generation::of(repos, std::collections::BTreeMap::new());
    writer(&open(vfs.clone()).unwrap()).unwrap().promote(&generation, &provenance(small(1))).unwrap();
    let error = create(vfs.clone(), &new(&[])).unwrap_err();
    assert!(matches!(&error, SnapshotError::Stale { repos } if *repos == ["api"]), "{error}");
    assert!(!vfs.exists(&Path::new(STATE).join("snapshots")).unwrap());
}

#[test]
fn a_bad_tag_a_long_label_and_a_foreign_moment_are_refused() {
    let (vfs, id) = with_snapshot(small(1));
    let tag = |tags: &[&str]| create(vfs.clone(), &new(tags)).unwrap_err();
    for bad in ["", " v1", "v 1", "-v", "é", &"x".repeat(65), "a\u{1b}[2J"] {
        assert!(matches!(tag(&["ok", bad]), SnapshotError::BadTag { .. }), "{bad:?}");
    }
    let long = crate::store::NewSnapshot { label: Some("x".repeat(201)), ..new(&[]) };
    let error = create(vfs.clone(), &long).unwrap_err();
    assert!(matches!(error, SnapshotError::TooLong { what: "label", len: 201, .. }), "{error}");
    let store = open(vfs.clone()).unwrap();
    let writer = writer(&store).unwrap();
    writer.freeze_snapshot(&id, &super::fixture::freezing()).unwrap();
    let frozen = store.pin_at(&snap(&id), None).unwrap();
    assert!(matches!(writer.create_snapshot(&frozen, &new(&[])), Err(SnapshotError::Foreign)));
    let there = writer.set_snapshot_tags(&id, &["bad tag".to_owned()]);
    assert!(matches!(there, Err(SnapshotError::BadTag { .. })));
    for none in ["snap-20270115-080000-ffffff", "../snapshots", ""] {
        assert!(matches!(writer.remove_snapshot(none, None), Err(SnapshotError::Store(_))), "{none}");
        assert!(matches!(writer.freeze_snapshot(none, &super::fixture::freezing()), Err(SnapshotError::Store(_))));
    }
    assert_eq!(store.snapshot_ids().unwrap(), [id]);
}

#[test]
fn tags_are_set_beside_the_record_which_stays_as_it_is() {
    let (vfs, id) = with_snapshot(small(1));
    let record = Path::new(STATE).join("snapshots").join(&id).join("snapshot.json");
    let before = vfs.read(&record).unwrap();
    let store = open(vfs.clone()).unwrap();
    let set = |tags: &[&str]| {
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        writer(&store).unwrap().set_snapshot_tags(&id, &tags).unwrap().tags
    };
    assert_eq!(set(&["b", "a", "b"]), ["a", "b"]);
    assert_eq!(store.snapshot(&id).unwrap().tags, ["a", "b"]);
    assert_eq!(set(&[]), Vec::<String>::new());
    assert_eq!(store.snapshot(&id).unwrap().tags, Vec::<String>::new());
    assert_eq!(vfs.read(&record).unwrap(), before);
}

#[test]
fn an_index_that_is_lost_damaged_or_old_is_made_again_and_nothing_needs_it() {
    let (vfs, _) = with_snapshot(small(1));
    create(vfs.clone(), &new(&["v1"])).unwrap();
    let whole = vfs.read(&index(&vfs)).unwrap();
    let mut flipped = whole.clone();
    flipped[20] ^= 1;
    let (without, _) = with_snapshot(small(1));
    let old = without.read(&index(&without)).unwrap();
    assert_ne!(old, whole);
    for broken in [None, Some(flipped), Some(old), Some(Vec::new())] {
        vfs.remove_file(&index(&vfs)).unwrap();
        if let Some(bytes) = broken {
            vfs.put(index(&vfs), bytes).unwrap();
        }
        assert_eq!(holds(&vfs).unwrap().len(), 2);
        let writer = writer(&open(vfs.clone()).unwrap()).unwrap();
        assert_eq!(writer.notices(), []);
        assert_eq!(vfs.read(&index(&vfs)).unwrap(), whole);
    }
}

#[test]
fn a_damaged_record_is_told_and_hides_no_other_and_can_be_removed() {
    let (vfs, id) = with_snapshot(small(1));
    let other = create(vfs.clone(), &new(&[])).unwrap().record.id;
    let record = Path::new(STATE).join("snapshots").join(&id).join("snapshot.json");
    let mut bytes = vfs.read(&record).unwrap();
    bytes[30] ^= 4;
    vfs.put(&record, bytes).unwrap();
    let store = open(vfs.clone()).unwrap();
    let (found, notices) = store.snapshots().unwrap();
    assert_eq!(found.iter().map(|s| &s.record.id).collect::<Vec<_>>(), [&other]);
    assert_eq!(notices.iter().map(|n| n.path.clone()).collect::<Vec<_>>(), [record]);
    assert!(matches!(store.snapshot(&id), Err(StoreError::Damaged { .. })));
    writer(&store).unwrap().remove_snapshot(&id, None).unwrap();
    assert_eq!(store.snapshot_ids().unwrap(), [other]);
}
