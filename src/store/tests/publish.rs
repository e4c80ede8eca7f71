use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::fixture::{
    CACHE, STATE, Version, files, open, provenance, publish, publish_in, read_all, root, small, writer,
};
use crate::base::clock::FixedClock;
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::base::vfs::real::RealFs;
use crate::base::{Digest, Timestamp};
use crate::store::{BuildRoot, Generation, RepoBuild, Store, StoreDirs, StoreError, build_id};

#[test]
fn nothing_is_built_yet_until_something_is() {
    let memory = MemoryFs::new();
    let store = open(memory.clone()).unwrap();
    assert!(store.pin().unwrap().is_none());
    assert!(memory.list(Path::new("/")).unwrap().is_empty(), "opening creates nothing");
    let generation = publish(memory, small(1)).unwrap();
    assert_eq!(store.pin().unwrap().unwrap().generation(), &generation);
}

#[test]
fn a_pinned_reader_keeps_its_generation_while_head_moves_on() {
    let memory = MemoryFs::new();
    let first = publish(memory.clone(), small(1)).unwrap();
    let pinned = open(memory.clone()).unwrap().pin().unwrap().unwrap();
    let second = publish(memory.clone(), small(2)).unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(pinned.generation(), &first);
    assert_eq!(pinned.provenance().repos["api"].commit.as_deref(), Some("commit 1"));
    assert_eq!(pinned.build("api").unwrap().id, first.repos["api"].build);
    let lease = Path::new(STATE).join("leases").join(&first.id);
    let exclusive = || memory.try_lock(&lease, crate::base::vfs::LockKind::Exclusive).unwrap();
    assert!(exclusive().is_none(), "collection must see the reader");
    drop(pinned);
    assert!(exclusive().is_some());
}

#[test]
fn an_edit_writes_one_list_and_leaves_the_other_repository_alone() {
    let memory = MemoryFs::new();
    publish(memory.clone(), small(1)).unwrap();
    let before: BTreeSet<_> = files(&memory, &Path::new(STATE).join("builds")).into_keys().collect();
    publish(memory.clone(), small(2)).unwrap();
    let after: BTreeSet<_> = files(&memory, &Path::new(STATE).join("builds")).into_keys().collect();
    let new: Vec<_> = after.difference(&before).map(|path| path.display().to_string()).collect();
    assert_eq!(new.len(), 2, "{new:?}");
    assert!(new.iter().all(|path| path.contains("/api/")));
    assert!(new.iter().any(|path| path.contains("/lists/")) && new.iter().any(|path| path.ends_with("root.json")));
}

#[test]
fn ids_are_those_of_the_content_wherever_and_whenever_it_was_made() {
    let one = MemoryFs::new();
    publish(one.clone(), small(9)).unwrap();
    let after_another = publish(one, small(1)).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let dirs = StoreDirs { cache: dir.path().join("shared"), state: dir.path().join("state") };
    let elsewhere = publish_in(&Store::open(Arc::new(RealFs), dirs).unwrap(), small(1)).unwrap();
    assert_eq!(after_another, elsewhere);

    let base = root("api", Vec::new());
    let moved = |change: fn(&mut BuildRoot)| {
        let mut root = base.clone();
        change(&mut root);
        build_id(&root) != base.id
    };
    assert!(!moved(|root| root.repo = "other".into()));
    assert!(!moved(|root| root.pipeline = "other".into()));
    assert!(!moved(|root| root.serve = None));
    assert!(moved(|root| root.config_digest = Digest::of(b"other")));
    assert!(moved(|root| root.nodes[0].format = 2));
    assert!(moved(|root| root.nodes[1].merged = BTreeMap::new()));
    assert_eq!(base.id, "b-15f3adfdc032", "the written encoding: every store on disk has ids made by it");
    let repos = |stale| BTreeMap::from([("api".to_owned(), RepoBuild { build: "b-000000000000".into(), stale })]);
    assert_ne!(Generation::of(repos(false), BTreeMap::new()).id, Generation::of(repos(true), BTreeMap::new()).id);
}

#[test]
fn a_generation_whose_builds_are_not_there_is_refused() {
    let memory = MemoryFs::new();
    let published = publish(memory.clone(), small(1)).unwrap();
    let store = open(memory).unwrap();
    let writer = writer(&store).unwrap();
    let repos = BTreeMap::from([("api".to_owned(), RepoBuild { build: "b-000000000000".into(), stale: false })]);
    let generation = Generation::of(repos, BTreeMap::new());
    assert!(matches!(writer.promote(&generation, &provenance(small(1))), Err(StoreError::Missing { .. })));
    let misnamed = Generation { id: "g-000000000000".into(), ..published.clone() };
    assert!(matches!(writer.promote(&misnamed, &provenance(small(1))), Err(StoreError::Refused { .. })));
    assert_eq!(store.pin().unwrap().unwrap().generation(), &published);
}

#[test]
fn every_handle_may_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() -> &'static str {
        std::any::type_name::<T>()
    }
    let names = [shared::<Store>(), shared::<crate::store::Writer>(), shared::<crate::store::Pinned>()];
    assert!(names.iter().all(|name| name.starts_with("sawmill::store::")));
    assert!(shared::<crate::store::Memo>().ends_with("Memo"));
}

#[test]
fn provenance_is_refreshed_without_a_new_generation() {
    let memory = MemoryFs::new();
    let generation = publish(memory.clone(), small(1)).unwrap();
    let store = open(memory).unwrap();
    writer(&store).unwrap().refresh_provenance(&generation.id, &provenance(small(7))).unwrap();
    assert_eq!(store.provenance(&generation.id).unwrap(), Some(provenance(small(7))));
    assert_eq!(store.pin().unwrap().unwrap().provenance(), &provenance(small(7)));
    assert_eq!(store.provenance("g-000000000000").unwrap(), None);
}

#[test]
fn a_second_writer_is_told_who_holds_the_lock_and_gets_it_when_it_is_free() {
    let memory = MemoryFs::new();
    let store = open(memory.clone()).unwrap();
    let first = writer(&store).unwrap();
    let error = writer(&open(memory.clone()).unwrap()).unwrap_err();
    let StoreError::Locked { holder, .. } = &error else { panic!("{error}") };
    assert_eq!(*holder, format!("process {}, since 2027-01-15T08:00:00Z", std::process::id()));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| store.writer(&FixedClock(Timestamp(0)), Duration::from_secs(20)));
        std::thread::sleep(Duration::from_millis(30));
        drop(first);
        assert!(waiting.join().unwrap().is_ok());
    });
}

#[test]
fn one_cache_is_locked_for_all_workspaces_and_knows_them() {
    let memory = MemoryFs::new();
    let of = |state: &str| {
        Store::open(Arc::new(memory.clone()), StoreDirs { cache: "/shared".into(), state: state.into() }).unwrap()
    };
    let held = writer(&of("/one")).unwrap();
    assert!(matches!(writer(&of("/two")), Err(StoreError::Locked { .. })));
    drop(held);
    let first = publish_in(&of("/one"), small(1)).unwrap();
    let objects = files(&memory, Path::new("/shared/objects")).len();
    assert_eq!(publish_in(&of("/two"), small(1)).unwrap(), first);
    assert_eq!(files(&memory, Path::new("/shared/objects")).len(), objects, "nothing is stored twice");
    assert_eq!(memory.list(Path::new("/shared/roots")).unwrap().len(), 2);
    let same = Store::open(Arc::new(memory), StoreDirs { cache: "/one".into(), state: "/one".into() }).unwrap();
    assert!(matches!(writer(&same), Err(StoreError::SameDirectory { .. })));
}

#[test]
fn what_a_killed_writer_left_is_removed_and_what_was_not_committed_too() {
    let memory = MemoryFs::new();
    let store = open(memory.clone()).unwrap();
    drop(writer(&store).unwrap());
    memory.put(Path::new(CACHE).join("tmp/17"), "half").unwrap();
    memory.put(Path::new(STATE).join("tmp/view/x"), "half").unwrap();
    let writer = writer(&store).unwrap();
    let tmp = |area: &str| memory.list(&Path::new(area).join("tmp")).unwrap().len();
    assert_eq!((tmp(CACHE), tmp(STATE)), (0, 0));
    writer.stage(b"never committed").unwrap();
    assert_eq!(tmp(CACHE), 1);
    drop(writer);
    assert_eq!(tmp(CACHE), 0);
    assert_eq!(memory.read(&Path::new(STATE).join(".gitignore")).unwrap(), b"*\n");
}

#[test]
fn readers_see_whole_generations_while_a_writer_publishes() {
    let memory = MemoryFs::new();
    let known: BTreeMap<String, String> =
        (0..2).map(|n| (publish(memory.clone(), small(n)).unwrap().id, format!("commit {n}"))).collect();
    let done = AtomicBool::new(false);
    let reads: usize = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut reads = 0;
                    while !done.load(Ordering::SeqCst) || reads == 0 {
                        let read = read_all(&open(memory.clone()).unwrap()).unwrap();
                        assert_eq!(known[&read.generation.unwrap()], read.commit.unwrap());
                        assert_eq!((read.objects, read.notices), (12, 0));
                        reads += 1;
                    }
                    reads
                })
            })
            .collect();
        for n in 0..40 {
            publish(memory.clone(), small(n % 2)).unwrap();
        }
        done.store(true, Ordering::SeqCst);
        readers.into_iter().map(|reader| reader.join().unwrap()).sum()
    });
    println!("readers: {reads} whole reads during 40 publishes");
}

#[test]
fn it_works_on_the_machine_too() {
    let dir = tempfile::tempdir().unwrap();
    let dirs = StoreDirs { cache: dir.path().join(".sawmill/cache"), state: dir.path().join(".sawmill") };
    let store = Store::open(Arc::new(RealFs), dirs).unwrap();
    publish_in(&store, small(1)).unwrap();
    let generation = publish_in(&store, Version { number: 2, large: 300_000 }).unwrap();
    let read = read_all(&store).unwrap();
    assert_eq!((read.generation, read.objects, read.notices), (Some(generation.id), 12, 0));
    let shown = dir.path().join(".sawmill/latest/repo=api/node=chunk/table=chunks/part-00001.parquet");
    let object = RealFs.canonicalize(&shown).unwrap();
    assert_eq!(RealFs.stat(&object).unwrap().size, 300_000);
}
