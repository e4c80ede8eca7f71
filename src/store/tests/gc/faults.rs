//! A collection that fails at any operation, is killed there, or loses its power.

use std::sync::Arc;

use rustix::io::Errno;

use super::super::fixture::{open, publish_in, small, writer};
use super::fixture::{collect, commit_of, objects, point, publish_at, three, verify};
use crate::base::vfs::fault::{Failure, Fault, FaultFs};
use crate::base::vfs::memory::{MemoryFs, PowerCut};
use crate::store::Generation;

/// HEAD, the one before, a snapshot, a commit; a generation that goes, and what a dead build left. Condemned already.
fn start() -> (MemoryFs, [Generation; 3]) {
    let (vfs, generations) = three();
    let store = open(vfs.clone()).unwrap();
    point(&writer(&store).unwrap(), "snap-20270115-080000-abcdef", &generations[1]);
    commit_of(&writer(&store).unwrap(), &generations[2]);
    publish_at(&store, 4, 4).unwrap();
    publish_at(&store, 5, 5).unwrap();
    super::super::fixture::build_half(&writer(&store).unwrap(), 6).unwrap();
    collect(vfs.clone(), 10).unwrap();
    (vfs, generations)
}

fn holds(vfs: &MemoryFs, builds: usize, what: &str) {
    // Condemned generations may still stand; those that are needed must.
    let found = verify(vfs).unwrap_or_else(|e| panic!("{what}: {e}"));
    assert!(found >= builds, "{what}: {found}");
}

#[test]
fn a_fault_at_any_operation_leaves_everything_that_is_needed() {
    let (start, _) = start();
    let counting = FaultFs::new(Arc::new(start.fork()));
    collect(counting.clone(), 4000).unwrap();
    let (operations, _) = counting.counts();
    let finished = {
        let vfs = start.fork();
        collect(vfs.clone(), 4000).unwrap();
        (objects(&vfs), verify(&vfs).unwrap())
    };
    assert!(finished.0 < objects(&start));
    for at in 0..operations {
        for (failure, lasting) in
            [(Failure::Errno(Errno::IO), false), (Failure::Errno(Errno::IO), true), (Failure::ShortWrite, true)]
        {
            let memory = start.fork();
            let faulty = FaultFs::new(Arc::new(memory.clone()));
            faulty.arm(Some(Fault { at, mutating: false, lasting, failure }));
            let what = format!("operation {at}, {failure:?}, lasting {lasting}");
            drop(collect(faulty, 4000));
            holds(&memory, finished.1, &what);
            // Healed: the same as without the fault.
            collect(memory.clone(), 4000).unwrap_or_else(|e| panic!("{what}: {e}"));
            collect(memory.clone(), 9000).unwrap_or_else(|e| panic!("{what}: {e}"));
            assert_eq!((objects(&memory), verify(&memory).unwrap()), finished, "{what}");
        }
    }
    println!("gc faults: {operations} operations, {} runs", operations * 3);
    assert!(operations > 100);
}

#[test]
fn a_power_cut_at_any_operation_leaves_everything_that_is_needed() {
    let (start, _) = start();
    let counting = FaultFs::new(Arc::new(start.fork()));
    collect(counting.clone(), 4000).unwrap();
    let (_, mutating) = counting.counts();
    let builds = {
        let vfs = start.fork();
        collect(vfs.clone(), 4000).unwrap();
        verify(&vfs).unwrap()
    };
    for at in 0..=mutating {
        let memory = start.fork();
        let dying = FaultFs::new(Arc::new(memory.clone()));
        dying.arm(Some(Fault { at, mutating: true, lasting: true, failure: Failure::Errno(Errno::IO) }));
        drop(collect(dying, 4000));
        for cut in PowerCut::all(at as u64) {
            let after = memory.crash(cut);
            holds(&after, builds, &format!("operation {at}, {cut:?}"));
        }
        let after = memory.crash(PowerCut::all(at as u64).nth(at % 15).unwrap());
        publish_in(&open(after.clone()).unwrap(), small(6)).unwrap();
        holds(&after, builds, &format!("operation {at}, built after"));
    }
    println!("gc power cuts: {} operations", mutating + 1);
}
