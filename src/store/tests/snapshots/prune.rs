//! Retention: the plan against a simple model, and its doing.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::fixture::{open, publish, small, writer};
use super::fixture::{NOON, at, create, freeze, holds, new};
use crate::base::vfs::memory::MemoryFs;
use crate::store::{
    FreezeMethod, FrozenRecord, NewSnapshot, PrunePlan, Retention, Snapshot, SnapshotError, SnapshotRecord, Surplus,
};

const DAY: i64 = 86_400;

fn retention(keep_pointer: u32, keep_frozen: u32, max_age_days: u32) -> Retention {
    Retention { keep_pointer, keep_frozen, max_age_days, protect_tags: vec!["*".into()] }
}

fn snapshot(number: usize, age_days: i64, frozen: bool, tags: &[&str]) -> Snapshot {
    let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
    let template = new(&[]);
    let record = SnapshotRecord {
        format: 1,
        id: format!("snap-20270115-080000-{number:06x}"),
        created_at: at(NOON - age_days * DAY),
        origin: template.origin,
        label: None,
        notes: None,
        tags: tags.clone(),
        modes: Vec::new(),
        generation: String::new(),
        workspace: std::collections::BTreeMap::new(),
        repos: std::collections::BTreeMap::new(),
        provenance: std::collections::BTreeMap::new(),
    };
    let frozen =
        frozen.then(|| FrozenRecord { format: 1, frozen_at: at(NOON), method: FreezeMethod::Copy, files: 0, bytes: 0 });
    Snapshot { record, tags, frozen }
}

fn ids(plan: &PrunePlan) -> Vec<String> {
    plan.remove.iter().map(|(snapshot, _)| snapshot.record.id.clone()).collect()
}

/// Kept: protected, or fewer than `keep` of its kind are newer, and it is younger than the age.
fn model(all: &[Snapshot], retention: &Retention) -> BTreeSet<String> {
    let free: Vec<&Snapshot> = all.iter().filter(|s| s.tags.is_empty()).collect();
    let key = |s: &Snapshot| (s.record.created_at, s.record.id.clone());
    let newer = |of: &Snapshot| {
        free.iter().filter(|s| s.frozen.is_some() == of.frozen.is_some() && key(s) > key(of)).count() as u32
    };
    let keep = |s: &Snapshot| if s.frozen.is_some() { retention.keep_frozen } else { retention.keep_pointer };
    let young = |s: &Snapshot| {
        at(NOON).since(s.record.created_at).as_secs() < u64::from(retention.max_age_days) * DAY.unsigned_abs()
    };
    free.iter().filter(|s| newer(s) >= keep(s) || !young(s)).map(|s| s.record.id.clone()).collect()
}

proptest! {
    #[test]
    fn the_plan_is_what_the_rule_says_in_order_of_age(
        given in proptest::collection::vec((0..12_i64, any::<bool>(), 0..4_u8), 0..20),
        pointers in 0..6_u32, frozen in 0..6_u32, days in 0..14_u32,
    ) {
        let all: Vec<Snapshot> = given.iter().enumerate()
            .map(|(n, (age, frozen, tagged))| snapshot(n, *age, *frozen, if *tagged == 0 { &["v1"] } else { &[] }))
            .collect();
        let retention = retention(pointers, frozen, days);
        let plan = retention.plan(all.clone(), at(NOON));
        prop_assert_eq!(ids(&plan).into_iter().collect::<BTreeSet<_>>(), model(&all, &retention));
        prop_assert_eq!(plan.remove.len() + plan.kept + plan.protected, all.len());
        let order: Vec<_> = plan.remove.iter().map(|(s, _)| (s.record.created_at, s.record.id.clone())).collect();
        prop_assert!(order.is_sorted());
        // Whatever order they are found in; and what is left needs no second prune.
        let mut reversed = all.clone();
        reversed.reverse();
        prop_assert_eq!(&retention.plan(reversed, at(NOON)), &plan);
        let gone: BTreeSet<String> = ids(&plan).into_iter().collect();
        let left: Vec<Snapshot> = all.into_iter().filter(|s| !gone.contains(&s.record.id)).collect();
        prop_assert_eq!(retention.plan(left, at(NOON)).remove, Vec::new());
    }
}

#[test]
fn a_plan_says_why_and_only_tags_of_the_patterns_protect() {
    let all = || {
        vec![
            snapshot(1, 40, false, &[]),
            snapshot(2, 3, false, &["nightly"]),
            snapshot(3, 2, false, &["release/1"]),
            snapshot(4, 1, false, &[]),
        ]
    };
    let patterns = |patterns: &[&str]| Retention {
        protect_tags: patterns.iter().map(|p| (*p).to_owned()).collect(),
        ..retention(1, 1, 30)
    };
    let why = |plan: &PrunePlan| plan.remove.iter().map(|(_, why)| *why).collect::<Vec<_>>();
    let plan = patterns(&["release/*"]).plan(all(), at(NOON));
    assert_eq!((why(&plan), plan.kept, plan.protected), (vec![Surplus::Count, Surplus::Count], 1, 1));
    let plan = patterns(&["*"]).plan(all(), at(NOON));
    assert_eq!((why(&plan), plan.kept, plan.protected), (vec![Surplus::Count], 1, 2));
    let roomy = Retention { keep_pointer: 9, ..patterns(&[]) };
    assert_eq!(why(&roomy.plan(all(), at(NOON))), [Surplus::Age]);
}

#[test]
fn a_prune_does_the_plan_and_spares_what_is_read_or_protected() {
    let vfs = MemoryFs::new();
    publish(vfs.clone(), small(1)).unwrap();
    let made = |days: i64, tags: &[&str]| {
        let new = NewSnapshot { created_at: at(NOON - days * DAY), ..new(tags) };
        create(vfs.clone(), &new).unwrap().record.id
    };
    let (oldest, older, tagged, newest) = (made(9, &[]), made(8, &[]), made(7, &["v1"]), made(1, &[]));
    freeze(vfs.clone(), &oldest).unwrap();
    let store = open(vfs.clone()).unwrap();
    let writer = writer(&store).unwrap();
    let retention = retention(1, 0, 30);
    let read = store.pin_at(&super::fixture::snap(&oldest), None).unwrap();
    let plan = retention.plan(store.snapshots().unwrap().0, at(NOON));
    assert_eq!(ids(&plan), [oldest.clone(), older.clone()]);
    let pruned = writer.prune_snapshots(&plan).unwrap();
    assert_eq!((pruned.removed, pruned.in_use), (vec![older], vec![oldest.clone()]));
    drop(read);
    let error = writer.remove_snapshot(&tagged, Some(&retention)).unwrap_err();
    assert!(matches!(&error, SnapshotError::Protected { tags, .. } if *tags == ["v1"]), "{error}");
    let again = retention.plan(store.snapshots().unwrap().0, at(NOON));
    assert_eq!(writer.prune_snapshots(&again).unwrap().removed, [oldest]);
    assert_eq!(store.snapshot_ids().unwrap(), [tagged.clone(), newest]);
    writer.remove_snapshot(&tagged, None).unwrap();
    assert_eq!(holds(&vfs).unwrap().len(), 1);
}
