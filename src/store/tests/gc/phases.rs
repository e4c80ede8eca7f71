//! Condemned first, deleted later, and only what nothing needs at that moment.

use super::super::fixture::{STATE, files, open, publish_in, small, writer};
use super::fixture::{collect, collect_twice, collect_with, objects, publish_at, request, three, verify};
use crate::base::vfs::Vfs;
use crate::store::gc::{GcLimits, GcStop, Item, Sort};
use crate::store::{Ref, StoreError};

#[test]
fn what_nothing_needs_is_condemned_by_one_collection_and_deleted_by_one_after_the_grace() {
    let (vfs, [first, second, third]) = three();
    let before = objects(&vfs);
    let (plan, done) = collect(vfs.clone(), 10).unwrap();
    assert!(done.removed.is_empty(), "{done:?}");
    assert_eq!(plan.waiting()[&Sort::Generations].files, 5, "record, provenance, lease and two links of the first");
    assert_eq!(plan.waits_until(), Some(super::fixture::at(3610)));
    assert_eq!(objects(&vfs), before);
    // Not before the grace is over.
    assert!(collect(vfs.clone(), 3609).unwrap().1.removed.is_empty());
    let (plan, done) = collect(vfs.clone(), 3610).unwrap();
    assert_eq!(done.removed, plan.due());
    assert_eq!(done.removed[&Sort::Builds].files, 1 + 4, "root and view of one build");
    assert_eq!(done.removed[&Sort::Lists].files, 1);
    assert_eq!((done.removed[&Sort::Objects].files, done.removed[&Sort::Memo].files), (3, 3));
    assert_eq!(objects(&vfs), before - 3);
    let store = open(vfs.clone()).unwrap();
    let mut kept = vec![second.id, third.id];
    kept.sort();
    assert_eq!(store.generation_ids().unwrap(), kept);
    assert!(!vfs.exists(&store.layout().lease(&first.id)).unwrap());
    assert_eq!(verify(&vfs).unwrap(), 3);
    assert!(collect(vfs, 99_999).unwrap().0.is_empty());
}

#[test]
fn without_grace_a_second_collection_deletes_what_the_first_condemned() {
    let (vfs, _) = three();
    let store = open(vfs.clone()).unwrap();
    assert!(collect_with(&store, &request(10, 0)).unwrap().1.removed.is_empty(), "nothing in one run");
    assert_eq!(collect_with(&store, &request(10, 0)).unwrap().1.removed[&Sort::Objects].files, 3);
    verify(&vfs).unwrap();
}

#[test]
fn a_dry_run_says_what_is_then_done_and_writes_nothing() {
    let (vfs, _) = three();
    let store = open(vfs.clone()).unwrap();
    for now in [10, 5000, 9999] {
        let stood = files(&vfs, STATE.as_ref());
        let foretold = store.gc_plan(&request(now, 3600)).unwrap();
        assert_eq!(files(&vfs, STATE.as_ref()), stood);
        let (plan, done) = collect(vfs.clone(), now).unwrap();
        assert_eq!(foretold.condemned(), plan.condemned());
        assert_eq!(foretold.due(), done.removed);
    }
}

#[test]
fn what_a_build_uses_again_is_off_the_list() {
    let (vfs, [first, second, _]) = three();
    collect(vfs.clone(), 10).unwrap();
    let store = open(vfs.clone()).unwrap();
    // Version 1 again, so that 2 is beyond the retention.
    assert_eq!(publish_at(&store, 1, 20).unwrap().id, first.id);
    let (plan, done) = collect(vfs.clone(), 5000).unwrap();
    let generations = plan.condemned().keys().filter(|item| item.sort() == Sort::Generations);
    assert_eq!(generations.collect::<Vec<_>>(), [&Item::Generation(second.id)]);
    assert!(done.removed.is_empty());
    assert_eq!(verify(&vfs).unwrap(), 4);
}

#[test]
fn what_is_condemned_and_stands_names_nothing_that_is_gone() {
    let (vfs, [first, ..]) = three();
    collect(vfs.clone(), 10).unwrap();
    // Used and left again between two collections: its objects were condemned before its record is.
    let store = open(vfs.clone()).unwrap();
    vfs.remove_file(&store.layout().generation(&first.id)).unwrap();
    collect(vfs.clone(), 20).unwrap();
    for (number, now) in [(1, 30), (2, 31), (3, 32)] {
        publish_at(&store, number, now).unwrap();
    }
    let (plan, done) = collect(vfs.clone(), 4000).unwrap();
    assert!(plan.waiting().contains_key(&Sort::Objects), "{plan:?}");
    assert!(done.removed.is_empty(), "{done:?}");
    let again: Ref = format!("gen:{}", first.id).parse().unwrap();
    store.pin_at(&again, None).unwrap();
    assert_eq!(verify(&vfs).unwrap(), 4);
    collect(vfs.clone(), 7600).unwrap();
    assert_eq!(verify(&vfs).unwrap(), 3);
}

#[test]
fn a_build_after_a_collection_finds_nothing_to_do_where_it_would_have_before() {
    let (vfs, [.., third]) = three();
    let store = open(vfs.clone()).unwrap();
    assert!(store.stamp_holds(&third.id).unwrap());
    collect_twice(&vfs, 10);
    assert!(store.stamp_holds(&third.id).unwrap());
    vfs.remove_file(&store.layout().stamp()).unwrap();
    collect_twice(&vfs, 9999);
    assert!(!store.stamp_holds(&third.id).unwrap(), "a stamp that did not hold is not made up");
}

#[test]
fn a_run_that_may_delete_few_objects_goes_on_the_next_time() {
    let (vfs, _) = three();
    collect(vfs.clone(), 10).unwrap();
    let store = open(vfs.clone()).unwrap();
    let limits = GcLimits { max_objects: Some(1), ..GcLimits::default() };
    for left in [2, 1, 0_u64] {
        let (_, done) = writer(&store).unwrap().gc(&request(4000, 3600), &limits).unwrap();
        assert_eq!(done.removed[&Sort::Objects].files, 1);
        assert_eq!(done.stopped, (left > 0).then_some(GcStop::Full));
        verify(&vfs).unwrap();
    }
    assert!(store.gc_plan(&request(4000, 3600)).unwrap().is_empty());
}

#[test]
fn a_cancelled_run_leaves_a_whole_store_and_what_it_had_condemned() {
    let (vfs, _) = three();
    collect(vfs.clone(), 10).unwrap();
    let store = open(vfs.clone()).unwrap();
    let limits = GcLimits::default();
    limits.cancel.cancel();
    let (plan, done) = writer(&store).unwrap().gc(&request(4000, 3600), &limits).unwrap();
    assert_eq!((done.stopped, done.removed.len()), (Some(GcStop::Cancelled), 0));
    assert_eq!(store.gc_plan(&request(4000, 3600)).unwrap().condemned(), plan.condemned());
}

#[test]
fn a_writer_that_runs_keeps_a_collection_waiting() {
    let (vfs, _) = three();
    let store = open(vfs.clone()).unwrap();
    let held = writer(&store).unwrap();
    assert!(matches!(collect(vfs.clone(), 10), Err(StoreError::Locked { .. })));
    drop(held);
    collect(vfs, 10).unwrap();
}

#[test]
fn a_build_that_died_half_way_comes_to_the_same_generation_after_a_collection() {
    let (vfs, _) = three();
    let expected = {
        let vfs = vfs.fork();
        publish_in(&open(vfs).unwrap(), small(4)).unwrap().id
    };
    // Objects and memo were committed, and manifests put; no generation names them.
    let store = open(vfs.clone()).unwrap();
    let half = super::super::fixture::build_half(&writer(&store).unwrap(), 4).unwrap();
    assert!(!store.generation_ids().unwrap().contains(&expected));
    collect_twice(&vfs, 10);
    assert!(store.build_root("api", &half.build).is_err(), "what the dead build left is gone");
    assert_eq!(publish_in(&store, small(4)).unwrap().id, expected);
    verify(&vfs).unwrap();
}

#[test]
fn a_clock_that_goes_back_or_a_damaged_list_begins_the_grace_anew() {
    let (vfs, _) = three();
    collect(vfs.clone(), 1_000_000).unwrap();
    assert!(collect(vfs.clone(), 10).unwrap().1.removed.is_empty());
    let (_, done) = collect(vfs.clone(), 3610).unwrap();
    assert!(!done.removed.is_empty(), "a time to come is not waited for");
    let (vfs, _) = three();
    collect(vfs.clone(), 10).unwrap();
    let layout = open(vfs.clone()).unwrap();
    vfs.put(layout.layout().condemned_in_cache(), "torn").unwrap();
    let (plan, done) = collect(vfs.clone(), 4000).unwrap();
    assert!(!done.removed.contains_key(&Sort::Objects) && plan.notices().len() == 1);
    collect(vfs.clone(), 7600).unwrap();
    verify(&vfs).unwrap();
}
