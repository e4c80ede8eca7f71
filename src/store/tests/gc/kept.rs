//! What a collection never takes, and what it says keeps an object.

use std::path::Path;

use super::super::fixture::{open, small, writer};
use super::fixture::{COMMIT, collect, collect_twice, commit_of, objects, point, publish_at, request, three, verify};
use crate::base::vfs::Vfs;
use crate::store::gc::{Holder, NamedObject, Sort};
use crate::store::{Ref, Store};

const SNAP: &str = "snap-20270115-080000-abcdef";

fn pieces_of(store: &Store, generation: &crate::store::Generation) -> Vec<crate::base::Digest> {
    let root = store.build_root("api", &generation.repos["api"].build).unwrap();
    let lists = root.segments.iter().map(|segment| store.segment_list("api", &segment.list).unwrap());
    lists.flat_map(|list| list.pieces).map(|piece| piece.artifact).collect()
}

#[test]
fn a_snapshot_and_a_commit_keep_what_they_name() {
    let (vfs, [first, ..]) = three();
    let store = open(vfs.clone()).unwrap();
    point(&writer(&store).unwrap(), SNAP, &first);
    let all = objects(&vfs);
    collect_twice(&vfs, 10);
    assert_eq!(objects(&vfs), all);
    assert!(store.generation_ids().unwrap().contains(&first.id), "a pointer keeps its generation");
    // Handed over to a commit: the generation goes, the build stays.
    commit_of(&writer(&store).unwrap(), &first);
    vfs.remove_dir_all(&store.layout().snapshot(SNAP)).unwrap();
    collect_twice(&vfs, 9999);
    assert!(!store.generation_ids().unwrap().contains(&first.id));
    assert_eq!(objects(&vfs), all);
    verify(&vfs).unwrap();
    // And when its retention lets it go, so does the build.
    let mut expiring = request(20_000, 0);
    let all_commits = |records: &[crate::store::GitBuild]| {
        records.iter().map(|record| (record.repo.clone(), record.commit.clone())).collect()
    };
    expiring.expired = &all_commits;
    super::fixture::collect_with(&store, &expiring).unwrap();
    let (_, done) = super::fixture::collect_with(&store, &expiring).unwrap();
    assert_eq!(done.removed[&Sort::Commits].files, 2);
    assert!(store.git_build("api", COMMIT).unwrap().is_none() && objects(&vfs) == all - 3);
    verify(&vfs).unwrap();
}

#[test]
fn a_reader_of_an_old_generation_keeps_it() {
    let (vfs, [first, ..]) = three();
    let store = open(vfs.clone()).unwrap();
    let named: Ref = format!("gen:{}", first.id).parse().unwrap();
    let reader = store.pin_at(&named, None).unwrap();
    let (plan, _) = collect(vfs.clone(), 10).unwrap();
    assert!(plan.read().contains(&first.id) && plan.condemned().is_empty());
    drop(reader);
    collect(vfs.clone(), 20).unwrap();
    // It comes back before the grace is over, and again while a collection deletes.
    let reader = store.pin_at(&named, None).unwrap();
    collect(vfs.clone(), 5000).unwrap();
    assert_eq!(verify(&vfs).unwrap(), 4);
    drop(reader);
    collect(vfs.clone(), 6000).unwrap();
    collect(vfs.clone(), 9600).unwrap();
    assert_eq!(verify(&vfs).unwrap(), 3);
}

#[test]
fn a_reader_that_no_record_accounts_for_keeps_everything() {
    let (vfs, [first, ..]) = three();
    let store = open(vfs.clone()).unwrap();
    let reader = store.pin_at(&format!("gen:{}", first.id).parse().unwrap(), None).unwrap();
    vfs.remove_file(&store.layout().generation(&first.id)).unwrap();
    let all = objects(&vfs);
    collect_twice(&vfs, 10);
    assert_eq!(objects(&vfs), all);
    assert_eq!(store.gc_plan(&request(9999, 0)).unwrap().unknown().len(), 1);
    drop(reader);
    collect_twice(&vfs, 20_000);
    assert_eq!(objects(&vfs), all - 3);
    assert!(!vfs.exists(&store.layout().lease(&first.id)).unwrap(), "the lease that nothing accounts for goes too");
}

#[test]
fn where_a_record_cannot_be_read_nothing_is_condemned_that_it_may_need() {
    for damage in ["head", "snapshot", "root", "list"] {
        let (vfs, [first, _, third]) = three();
        let store = open(vfs.clone()).unwrap();
        let layout = store.layout();
        point(&writer(&store).unwrap(), SNAP, &third);
        let root = store.build_root("api", &third.repos["api"].build).unwrap();
        let path = match damage {
            "head" => layout.head(),
            "snapshot" => layout.snapshot_record(SNAP),
            "root" => layout.build_root("api", &root.id),
            _ => layout.list("api", &root.segments[0].list),
        };
        vfs.put(path, "torn").unwrap();
        let (all, builds) = (objects(&vfs), vfs.list(&layout.builds().join("api")).unwrap().len());
        collect_twice(&vfs, 10);
        collect_twice(&vfs, 9999);
        let plan = store.gc_plan(&request(99_999, 0)).unwrap();
        assert!(!plan.unknown().is_empty(), "{damage}");
        assert_eq!((objects(&vfs), vfs.list(&layout.builds().join("api")).unwrap().len()), (all, builds), "{damage}");
        assert_eq!(store.generation_ids().unwrap().contains(&first.id), damage == "head", "{damage}");
    }
}

#[test]
fn a_damaged_record_of_an_old_generation_goes_itself_and_then_the_rest_can() {
    let (vfs, [first, second, _]) = three();
    let store = open(vfs.clone()).unwrap();
    publish_at(&store, 4, 4).unwrap();
    publish_at(&store, 5, 5).unwrap();
    let mut many = request(10, 0);
    many.builds.keep = 10;
    vfs.put(store.layout().generation(&second.id), "torn").unwrap();
    let all = objects(&vfs);
    assert_eq!(super::fixture::collect_with(&store, &many).unwrap().0.unknown().len(), 1);
    super::fixture::collect_with(&store, &many).unwrap();
    assert_eq!(objects(&vfs), all, "while it stands, it may need them");
    assert!(!store.generation_ids().unwrap().contains(&second.id));
    super::fixture::collect_with(&store, &many).unwrap();
    super::fixture::collect_with(&store, &many).unwrap();
    assert_eq!(objects(&vfs), all - 3);
    assert!(store.generation_ids().unwrap().contains(&first.id));
    verify(&vfs).unwrap();
}

#[test]
fn memo_entries_go_with_the_last_of_their_objects() {
    let (vfs, _) = three();
    let store = open(vfs.clone()).unwrap();
    let before = store.memo().unwrap().entries().count();
    collect_twice(&vfs, 10);
    let memo = store.memo().unwrap();
    assert_eq!(memo.entries().count(), before - 3);
    let stands = |hash: &crate::base::Digest| store.has_object(hash).unwrap();
    assert!(memo.entries().all(|entry| entry.outputs.iter().all(|output| stands(&output.artifact))));
}

#[test]
fn what_was_set_aside_and_block_hashes_without_their_object_go_too() {
    let (vfs, [.., third]) = three();
    let store = open(vfs.clone()).unwrap();
    let hash = pieces_of(&store, &third)[0];
    writer(&store).unwrap().quarantine(&hash).unwrap();
    vfs.put(store.layout().blocks(&hash), "x").unwrap();
    collect(vfs.clone(), 10).unwrap();
    let (_, done) = collect(vfs.clone(), 4000).unwrap();
    assert_eq!((done.removed[&Sort::Quarantine].files, done.removed[&Sort::Blocks].files), (1, 1));
    assert!(vfs.list(&store.layout().quarantine()).unwrap().is_empty());
    super::super::fixture::publish(vfs.clone(), small(3)).unwrap();
    verify(&vfs).unwrap();
}

#[test]
fn why_names_every_holder_and_every_place_of_an_object() {
    let (vfs, [first, _, third]) = three();
    let store = open(vfs.clone()).unwrap();
    commit_of(&writer(&store).unwrap(), &third);
    point(&writer(&store).unwrap(), SNAP, &third);
    collect(vfs.clone(), 10).unwrap();
    let plan = store.gc_plan(&request(20, 3600)).unwrap();
    let kept = pieces_of(&store, &third)[1];
    let why = store.why_kept(&kept, &plan).unwrap();
    let holders: Vec<Holder> = why.keepers.iter().flat_map(|keeper| keeper.holders.clone()).collect();
    let commit = Holder::Commit { repo: "api".into(), commit: COMMIT.into() };
    assert_eq!(holders, [Holder::Generation(third.id), Holder::Snapshot(SNAP.into()), commit]);
    let place = &why.keepers[0].places[0];
    assert_eq!((place.node.as_str(), place.table.as_str(), place.id.as_str()), ("index", "postings", "s1"));
    assert!(why.condemned.is_none());
    let condemned = pieces_of(&store, &first)[1];
    let why = store.why_kept(&condemned, &plan).unwrap();
    assert!(why.keepers.is_empty());
    assert_eq!(why.condemned.unwrap().since, super::fixture::at(10));
}

#[test]
fn an_object_is_named_by_its_hash_the_beginning_of_it_or_a_part_of_a_view() {
    let (vfs, [.., third]) = three();
    let store = open(vfs.clone()).unwrap();
    let from = Path::new("/work");
    let name = |text: &str| store.object_named(text, from).unwrap();
    let hash = pieces_of(&store, &third)[1];
    assert_eq!(name(&hash.hex()), NamedObject::One(hash));
    assert_eq!(name(&hash.hex()[..20].to_uppercase()), NamedObject::One(hash));
    assert!(matches!(name(""), NamedObject::Several(several) if several.len() == 5));
    let link = ".sawmill/builds/api/".to_owned() + &third.repos["api"].build;
    let link = link + "/view/node=index/table=postings/part-00001.parquet";
    assert_eq!(name(&link), NamedObject::One(hash));
    for nothing in ["zz", "no/such/file", ".sawmill/HEAD.json"] {
        assert_eq!(name(nothing), NamedObject::None, "{nothing}");
    }
}

#[test]
fn a_frozen_snapshot_stands_alone_and_keeps_nothing() {
    let (vfs, [first, ..]) = three();
    let store = open(vfs.clone()).unwrap();
    let now = super::fixture::at(5);
    let new = crate::store::NewSnapshot {
        created_at: now,
        origin: crate::store::Origin::Manual,
        label: None,
        notes: None,
        tags: Vec::new(),
    };
    let pinned = store.pin_at(&format!("gen:{}", first.id).parse().unwrap(), None).unwrap();
    let id = writer(&store).unwrap().create_snapshot(&pinned, &new).unwrap().record.id;
    drop(pinned);
    let all = objects(&vfs);
    collect_twice(&vfs, 10);
    assert_eq!(objects(&vfs), all, "while it is a pointer");
    let freeze = crate::store::Freeze { now, link: false, cancel: crate::base::Cancel::new() };
    writer(&store).unwrap().freeze_snapshot(&id, &freeze).unwrap();
    collect_twice(&vfs, 9999);
    assert_eq!(objects(&vfs), all - 3);
    assert_eq!(super::super::fixture::read_all(&store.frozen_store(&id).unwrap()).unwrap().objects, 12);
}
