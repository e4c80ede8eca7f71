//! Every operation of a publish fails, once and from then on, with each fault.

use std::sync::Arc;

use rustix::io::Errno;

use super::fixture::{open, publish, publish_in, read_all, small, writer};
use crate::base::Tier;
use crate::base::vfs::Vfs;
use crate::base::vfs::fault::{Failure, Fault, FaultFs};
use crate::base::vfs::memory::MemoryFs;
use crate::store::StoreError;

/// Each once; those that stay in life also from then on.
const FAULTS: [(Failure, bool); 7] = [
    (Failure::Errno(Errno::IO), false),
    (Failure::Errno(Errno::IO), true),
    (Failure::Errno(Errno::NOSPC), false),
    (Failure::Errno(Errno::ACCESS), false),
    (Failure::Errno(Errno::MFILE), true),
    (Failure::ShortWrite, false),
    (Failure::ShortWrite, true),
];

#[test]
fn a_fault_at_any_operation_gives_a_typed_error_and_leaves_a_whole_generation() {
    let start = MemoryFs::new();
    let old = publish(start.clone(), small(1)).unwrap().id;
    let counting = FaultFs::new(Arc::new(start.fork()));
    let new = publish(counting.clone(), small(2)).unwrap().id;
    let (operations, _) = counting.counts();
    let (mut runs, mut failed) = (0, 0);
    for at in 0..operations {
        for (failure, lasting) in FAULTS {
            let what = format!("operation {at}, {failure:?}, lasting {lasting}");
            let memory = start.fork();
            let faulty = FaultFs::new(Arc::new(memory.clone()));
            faulty.arm(Some(Fault { at, mutating: false, lasting, failure }));
            let result = publish(faulty, small(2));
            let read = read_all(&open(memory.clone()).unwrap()).unwrap_or_else(|e| panic!("{what}: {e}"));
            let found = read.generation.unwrap();
            match result {
                Ok(generation) => assert_eq!(found, generation.id, "{what}"),
                Err(error) => {
                    assert!(found == old || found == new, "{what}");
                    assert!(names_a_path(&error), "{what}: {error}");
                    assert_eq!(error.tier(), Tier::Environment, "{what}: {error}");
                    failed += 1;
                }
            }
            runs += 1;
            // Healed: the same as without the fault, the memo included, and nothing left over.
            assert_eq!(publish(memory.clone(), small(2)).unwrap().id, new, "{what}");
            assert_eq!(read_all(&open(memory.clone()).unwrap()).unwrap().notices, 0, "{what}");
            for tmp in ["/work/.sawmill/tmp", "/work/.sawmill/cache/tmp"] {
                assert!(memory.list(tmp.as_ref()).unwrap().is_empty(), "{what}: {tmp}");
            }
        }
    }
    println!("faults: {operations} operations, {runs} runs, {failed} failed");
    assert!(failed > operations * 6);
}

fn names_a_path(error: &StoreError) -> bool {
    match error {
        StoreError::Io { path, .. } => path.starts_with("/work"),
        StoreError::View { source, .. } => names_a_path(source),
        _ => false,
    }
}

#[test]
fn after_a_failed_sync_the_writer_publishes_nothing_more() {
    let memory = MemoryFs::new();
    let faulty = FaultFs::new(Arc::new(memory.clone()));
    let store = open(faulty.clone()).unwrap();
    let generation = publish_in(&store, small(1)).unwrap();
    let writer = writer(&store).unwrap();
    writer.stage(b"new").unwrap();
    let sync = (0..20).find(|at| {
        // Operations of a commit that stages one object: find the sync by trying.
        faulty.arm(Some(Fault { at: *at, mutating: true, lasting: false, failure: Failure::Errno(Errno::IO) }));
        let failed = writer.commit(Vec::new()).is_err();
        let synced = faulty.operations().iter().any(|o| o.failed && o.name.starts_with("sync"));
        if !synced && failed {
            writer.stage(format!("again {at}").as_bytes()).unwrap();
        }
        failed && synced
    });
    assert!(sync.is_some());
    faulty.arm(None);
    assert!(matches!(writer.commit(Vec::new()), Err(StoreError::Poisoned { .. })));
    assert!(matches!(
        writer.promote(&generation, &super::fixture::provenance(small(1))),
        Err(StoreError::Poisoned { .. })
    ));
    assert!(!writer.has_object(&crate::base::Digest::of(b"new")).unwrap());
    drop(writer);
    assert_eq!(
        publish(memory.clone(), small(2)).unwrap().id,
        read_all(&open(memory).unwrap()).unwrap().generation.unwrap()
    );
}

#[test]
fn a_store_that_may_not_be_written_is_read_without_a_lease() {
    let memory = MemoryFs::new();
    let generation = publish(memory.clone(), small(1)).unwrap();
    memory.remove_file(&std::path::Path::new("/work/.sawmill/leases").join(&generation.id)).unwrap();
    for errno in [Errno::ROFS, Errno::ACCESS] {
        let read_only = FaultFs::new(Arc::new(memory.clone()));
        let failure = Failure::Errno(errno);
        read_only.arm(Some(Fault { at: 0, mutating: true, lasting: true, failure }));
        let store = open(read_only.clone()).unwrap();
        assert_eq!(read_all(&store).unwrap().generation, Some(generation.id.clone()));
        assert!(matches!(writer(&store), Err(StoreError::Io { .. })));
    }
}
