//! Every operation of create, tag, freeze, prune and rm fails, once and from then on; and the power goes at any moment.

use std::path::Path;
use std::sync::Arc;

use rustix::io::Errno;

use super::super::fixture::{STATE, Version, open, publish, read_all, writer};
use super::fixture::{NOON, at, create, freeze, holds, new};
use crate::base::Tier;
use crate::base::vfs::Vfs;
use crate::base::vfs::fault::{Failure, Fault, FaultFs};
use crate::base::vfs::memory::{MemoryFs, PowerCut, Unsynced};
use crate::store::{Retention, SnapshotError};

const FAULTS: [(Failure, bool); 5] = [
    (Failure::Errno(Errno::IO), false),
    (Failure::Errno(Errno::IO), true),
    (Failure::Errno(Errno::NOSPC), true),
    (Failure::ShortWrite, false),
    (Failure::ShortWrite, true),
];

type Act = fn(&dyn Fn() -> Box<FaultFs>, &str) -> Result<(), SnapshotError>;

/// What is done to a store with a pointer and a frozen snapshot; the pointer's id is given.
const ACTS: [(&str, Act); 5] = [
    ("create", |vfs, _| create(*vfs(), &new(&["v9"])).map(drop)),
    ("tag", |vfs, id| {
        let store = open(*vfs())?;
        writer(&store)?.set_snapshot_tags(id, &["v1".to_owned(), "v2".to_owned()]).map(drop)
    }),
    ("freeze", |vfs, id| freeze(*vfs(), id).map(drop)),
    ("prune", |vfs, _| {
        let store = open(*vfs())?;
        let writer = writer(&store)?;
        let retention = Retention { keep_pointer: 0, keep_frozen: 0, max_age_days: 1, protect_tags: Vec::new() };
        writer.prune_snapshots(&retention.plan(store.snapshots()?.0, at(NOON))).map(drop)
    }),
    ("rm", |vfs, _| {
        let store = open(*vfs())?;
        let frozen = store.snapshots()?.0.into_iter().find(|s| s.frozen.is_some());
        let id = frozen.map(|s| s.record.id).unwrap_or_default();
        writer(&store)?.remove_snapshot(&id, None)
    }),
];

/// A pointer and a frozen snapshot. The pointer's id.
fn start(act: &str) -> (MemoryFs, String) {
    let vfs = MemoryFs::new();
    // Only freezing is another thing for large objects.
    publish(vfs.clone(), Version { number: 1, large: if act == "freeze" { 270_000 } else { 0 } }).unwrap();
    let frozen = create(vfs.clone(), &new(&["kept"])).unwrap().record.id;
    freeze(vfs.clone(), &frozen).unwrap();
    let pointer = create(vfs.clone(), &new(&[])).unwrap().record.id;
    (vfs, pointer)
}

/// The snapshots as someone sees them who knows nothing of times.
fn seen(vfs: &MemoryFs, what: &str) -> Vec<(String, Vec<String>, bool)> {
    let found = holds(vfs).unwrap_or_else(|e| panic!("{what}: {e}"));
    found.into_iter().map(|s| (s.record.id, s.tags, s.frozen.is_some())).collect()
}

/// The next writer leaves nothing over, and the index is that of the records.
fn settles(vfs: &MemoryFs, what: &str) {
    let store = open(vfs.clone()).unwrap();
    let next = writer(&store).unwrap_or_else(|e| panic!("{what}: {e}"));
    assert_eq!(next.notices(), [], "{what}");
    assert!(vfs.list(&Path::new(STATE).join("tmp")).unwrap().is_empty(), "{what}");
    read_all(&store).unwrap_or_else(|e| panic!("{what}: {e}"));
}

#[test]
fn a_fault_at_any_operation_leaves_every_listed_snapshot_whole() {
    for (name, act) in ACTS {
        let (start, id) = start(name);
        let before = seen(&start, name);
        let done = start.fork();
        let counting = FaultFs::new(Arc::new(done.clone()));
        act(&|| Box::new(counting.clone()), &id).unwrap();
        let after = seen(&done, name);
        assert_ne!(before, after, "{name}");
        let (operations, _) = counting.counts();
        let mut failed = 0;
        for at in 0..operations {
            for (failure, lasting) in FAULTS {
                let what = format!("{name}: operation {at} {:?}, {failure:?}, {lasting}", counting.operations()[at]);
                let memory = start.fork();
                let faulty = FaultFs::new(Arc::new(memory.clone()));
                faulty.arm(Some(Fault { at, mutating: false, lasting, failure }));
                let result = act(&|| Box::new(faulty.clone()), &id);
                let found = seen(&memory, &what);
                match result {
                    Ok(()) => assert_eq!(found, after, "{what}"),
                    Err(error) => {
                        // Of a prune some may be gone and others not yet.
                        let part = name == "prune" && found.iter().all(|s| before.contains(s));
                        assert!(found == before || found == after || part, "{what}: {error}");
                        assert_eq!(error.tier(), Tier::Environment, "{what}: {error}");
                        failed += 1;
                    }
                }
                settles(&memory, &what);
                assert_eq!(seen(&memory, &what), found, "{what}");
                if found == before {
                    act(&|| Box::new(FaultFs::new(Arc::new(memory.clone()))), &id).unwrap();
                    assert_eq!(seen(&memory, &what), after, "{what}");
                }
            }
        }
        println!("{name}: {operations} operations, {failed} failed");
        assert!(failed > operations * 2, "{name}: {failed} of {operations}");
    }
}

#[test]
fn a_power_cut_at_any_change_leaves_every_listed_snapshot_whole() {
    for without_sync_all in [false, true] {
        for (name, act) in ACTS {
            let (start, id) = start(name);
            let done = start.fork();
            if without_sync_all {
                done.without_sync_all();
            }
            let start = done.fork();
            let counting = FaultFs::new(Arc::new(done.clone()));
            act(&|| Box::new(counting.clone()), &id).unwrap();
            let (before, after) = (seen(&start, name), seen(&done, name));
            let (_, changes) = counting.counts();
            for at in 0..=changes {
                let memory = start.fork();
                let faulty = FaultFs::new(Arc::new(memory.clone()));
                faulty.arm(Some(Fault { at, mutating: true, lasting: true, failure: Failure::Errno(Errno::IO) }));
                let result = act(&|| Box::new(faulty.clone()), &id);
                for (seed, data) in
                    [Unsynced::Lost, Unsynced::Kept, Unsynced::Mixed, Unsynced::Torn].into_iter().enumerate()
                {
                    let what = format!("{name}: change {at}, {data:?}, seed {seed}, without syncfs {without_sync_all}");
                    let cut = memory.crash(PowerCut { data, names: data, seed: seed as u64 });
                    let found = seen(&cut, &what);
                    if result.is_ok() {
                        assert_eq!(found, after, "{what}");
                    } else {
                        let part = name == "prune" && found.iter().all(|s| before.contains(s));
                        assert!(found == before || found == after || part, "{what}: {found:?}");
                    }
                    settles(&cut, &what);
                }
            }
        }
    }
}
