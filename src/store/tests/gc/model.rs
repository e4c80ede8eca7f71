//! Random histories against a simple model.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::fixture::{open, writer};
use super::fixture::{collect_with, objects, point, publish_at, request, verify};
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::store::Generation;

#[derive(Clone, Debug)]
enum Step {
    Build(u32),
    Dead(u32),
    Snapshot(u8),
    Remove(u8),
    Collect { later: i64, grace: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..6_u32).prop_map(Step::Build),
        (0..6_u32).prop_map(Step::Dead),
        (0..4_u8).prop_map(Step::Snapshot),
        (0..4_u8).prop_map(Step::Remove),
        (-50..200_i64, 0..100_u64).prop_map(|(later, grace)| Step::Collect { later, grace }),
    ]
}

fn name(number: u8) -> String {
    format!("snap-20270115-08000{number}-abcdef")
}

/// Objects of one version: three of its own, and six that all share (three of `api`, three of `web`, and three more).
fn expected(versions: &BTreeSet<u32>) -> usize {
    if versions.is_empty() { 0 } else { 3 * versions.len() + 6 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_held_verifies_and_what_is_not_is_gone_after_two_collections(steps in prop::collection::vec(step(), 1..16)) {
        let vfs = MemoryFs::new();
        let store = open(vfs.clone()).unwrap();
        let mut now = 1000;
        let mut head: Option<(u32, Generation)> = None;
        let mut previous: Option<u32> = None;
        let mut snapshots: std::collections::BTreeMap<u8, u32> = std::collections::BTreeMap::new();
        for step in steps {
            now += 1;
            match step {
                Step::Build(number) => {
                    let generation = publish_at(&store, number, now).unwrap();
                    previous = head.as_ref().map(|(number, _)| *number).filter(|before| *before != number);
                    head = Some((number, generation));
                }
                Step::Dead(number) => drop(super::super::fixture::build_half(&writer(&store).unwrap(), number).unwrap()),
                Step::Snapshot(at) => if let Some((number, generation)) = &head {
                    point(&writer(&store).unwrap(), &name(at), generation);
                    snapshots.insert(at, *number);
                },
                Step::Remove(at) => if snapshots.remove(&at).is_some() {
                    vfs.remove_dir_all(&store.layout().snapshot(&name(at))).unwrap();
                },
                Step::Collect { later, grace } => {
                    now = (now + later).max(1000);
                    let foretold = store.gc_plan(&request(now, grace)).unwrap();
                    let (_, done) = collect_with(&store, &request(now, grace)).unwrap();
                    prop_assert_eq!(foretold.due(), done.removed);
                }
            }
            verify(&vfs).map_err(TestCaseError::fail)?;
        }
        for _ in 0..2 {
            now += 10_000;
            collect_with(&store, &request(now, 3600)).unwrap();
        }
        verify(&vfs).map_err(TestCaseError::fail)?;
        let held: BTreeSet<u32> =
            head.iter().map(|(number, _)| *number).chain(previous).chain(snapshots.into_values()).collect();
        prop_assert_eq!(objects(&vfs), expected(&held));
        prop_assert!(store.gc_plan(&request(now, 3600)).unwrap().is_empty());
    }
}
