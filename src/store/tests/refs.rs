//! Refs, from their text to a pinned generation.

use super::fixture::{open, provenance, publish, publish_in, small, writer};
use crate::base::vfs::memory::MemoryFs;
use crate::store::{Identity, Ref, RefError, Store};

/// Two generations, the second after the first.
fn two() -> (Store, String, String) {
    let store = open(MemoryFs::new()).unwrap();
    let first = publish_in(&store, small(1)).unwrap().id;
    let second = publish_in(&store, small(2)).unwrap().id;
    let mut known = provenance(small(2));
    known.previous = Some(first.clone());
    writer(&store).unwrap().refresh_provenance(&second, &known).unwrap();
    (store, first, second)
}

#[test]
fn a_moment_is_found_by_the_beginning_of_its_id_and_nothing_stands_in_for_one_that_is_not_there() {
    let (store, first, second) = two();
    let at = |text: &str| store.pin_at(&text.parse().unwrap(), None).map(|p| p.generation().id.clone());
    assert_eq!(at("latest").unwrap(), second);
    assert_eq!(at("previous").unwrap(), first);
    assert_eq!(at(&format!("gen:{first}")).unwrap(), first);
    assert_eq!(at(&format!("gen:{}", &first[..8])).unwrap(), first);
    assert!(matches!(at("gen:g-"), Err(RefError::Ambiguous { .. })));
    let Err(RefError::Unknown { help, .. }) = at("gen:g-zzzz") else { panic!("no such generation") };
    assert!(help.contains(&first) && help.contains(&second), "{help}");
    for text in ["tag:v1", "snap:2026", "build:b-zzz"] {
        assert!(matches!(at(text), Err(RefError::Unknown { .. })), "{text}");
    }
}

#[test]
fn before_the_first_build_no_ref_names_anything() {
    let store = open(MemoryFs::new()).unwrap();
    for text in ["latest", "previous", "gen:g-1", "snap:1", "tag:v", "build:b-1"] {
        assert!(matches!(store.pin_at(&text.parse().unwrap(), None), Err(RefError::Unknown { .. })), "{text}");
    }
}

#[test]
fn a_build_is_a_moment_of_one_repository() {
    let (store, first, _) = two();
    let old = store.pin_at(&Ref::Generation(first), None).unwrap();
    let (repo, build) = old.generation().repos.first_key_value().map(|(r, b)| (r.clone(), b.build.clone())).unwrap();
    let pinned = store.pin_at(&Ref::Build(build.clone()), Some(&repo)).unwrap();
    assert_eq!(pinned.generation().repos.len(), 1);
    assert_eq!(pinned.generation().repos[&repo].build, build);
    assert_eq!(Identity::of(&pinned).unwrap().repos[&repo].build, build);
    assert!(store.pin_at(&Ref::Build(build), Some("nobody")).is_err());
}

#[test]
fn equal_moments_have_one_identity_on_any_machine_and_others_have_others() {
    let of = |number| {
        let store = open(MemoryFs::new()).unwrap();
        publish_in(&store, small(number)).unwrap();
        Identity::of(&store.pin().unwrap().unwrap()).unwrap().hash()
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
    assert_eq!(of(1).len(), 16);
}

#[test]
fn a_reader_of_a_past_moment_is_seen_by_who_would_collect_it() {
    let memory = MemoryFs::new();
    let first = publish(memory.clone(), small(1)).unwrap();
    let store = open(memory.clone()).unwrap();
    publish_in(&store, small(2)).unwrap();
    let lease = std::path::Path::new(super::fixture::STATE).join("leases").join(&first.id);
    let exclusive = || {
        use crate::base::vfs::{LockKind, Vfs};
        memory.try_lock(&lease, LockKind::Exclusive).unwrap()
    };
    let pinned = store.pin_at(&Ref::Generation(first.id.clone()), None).unwrap();
    assert!(exclusive().is_none());
    drop(pinned);
    let held = exclusive();
    assert!(held.is_some());
    assert!(matches!(store.pin_at(&Ref::Generation(first.id), None), Err(RefError::Unknown { .. })));
}
