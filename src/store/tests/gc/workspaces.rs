//! Two workspaces with one cache.

use std::path::Path;
use std::sync::Arc;

use super::super::fixture::read_all;
use super::fixture::{collect_with, publish_at, request};
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::store::gc::{Kept, Sort};
use crate::store::{Store, StoreDirs};

fn open(vfs: &MemoryFs, workspace: &str) -> Store {
    let dirs = StoreDirs { cache: "/shared".into(), state: Path::new("/work").join(workspace) };
    Store::open(Arc::new(vfs.clone()), dirs).unwrap()
}

/// `a` has versions 1 to 3, `b` has version 1.
fn two() -> (MemoryFs, Store, Store) {
    let vfs = MemoryFs::new();
    let (a, b) = (open(&vfs, "a"), open(&vfs, "b"));
    (1..4).for_each(|number| drop(publish_at(&a, number, i64::from(number)).unwrap()));
    publish_at(&b, 1, 1).unwrap();
    (vfs, a, b)
}

#[test]
fn a_collection_of_one_never_takes_what_another_needs() {
    let (vfs, a, b) = two();
    let whole = read_all(&b).unwrap().objects;
    for now in [10, 9999, 99_999] {
        collect_with(&a, &request(now, 0)).unwrap();
    }
    assert_eq!(a.generation_ids().unwrap().len(), 2, "its own old generation is gone");
    assert_eq!(read_all(&b).unwrap().objects, whole);
    let plan = a.gc_plan(&request(99_999, 0)).unwrap();
    assert_eq!(plan.others(), 1);
    assert_eq!(plan.kept().iter().find(|kept| kept.by == Kept::OtherWorkspaces).unwrap().amount.files, 3);
    // What the other one's own collection gives up, either of them deletes.
    publish_at(&b, 5, 5).unwrap();
    publish_at(&b, 6, 6).unwrap();
    for store in [&b, &b, &a, &a] {
        collect_with(store, &request(100_000, 0)).unwrap();
    }
    assert!(a.gc_plan(&request(100_000, 0)).unwrap().is_empty());
    assert_eq!(read_all(&b).unwrap().objects, whole);
    drop(vfs);
}

#[test]
fn a_workspace_that_cannot_be_read_keeps_every_object_and_one_that_is_gone_keeps_none() {
    let (vfs, a, b) = two();
    let all = a.objects_there().unwrap().len();
    let registration = a.other_workspaces().unwrap().remove(0).record;
    let record = vfs.read(&registration).unwrap();
    let generation = b.layout().generation(&b.head().unwrap().unwrap());
    let kept = vfs.read(&generation).unwrap();
    for (path, whole) in [(registration.clone(), record), (generation, kept)] {
        vfs.put(path.clone(), "torn").unwrap();
        for _ in 0..3 {
            let (plan, _) = collect_with(&a, &request(10, 0)).unwrap();
            assert_eq!(plan.unknown().len(), 1, "{path:?}");
        }
        assert_eq!(a.objects_there().unwrap().len(), all);
        vfs.put(path, whole).unwrap();
    }
    vfs.remove_dir_all(Path::new("/work/b")).unwrap();
    let (_, done) = collect_with(&a, &request(20, 0)).unwrap();
    assert_eq!((done.dropped, done.notices.len()), (1, 1));
    assert!(!vfs.exists(&registration).unwrap() && a.objects_there().unwrap().len() == all);
    let (_, done) = collect_with(&a, &request(20, 0)).unwrap();
    assert_eq!(done.removed[&Sort::Objects].files, 3);
    read_all(&a).unwrap();
}

#[test]
fn a_writer_of_another_workspace_keeps_a_collection_waiting() {
    let (_, a, b) = two();
    let held = super::super::fixture::writer(&b).unwrap();
    assert!(matches!(collect_with(&a, &request(10, 0)), Err(crate::store::StoreError::Locked { .. })));
    drop(held);
    collect_with(&a, &request(10, 0)).unwrap();
}
