//! Only what changed runs, and the result is that of a clean build.

use proptest::prelude::*;
use sawmill::engine::Unit;

use crate::timeline::step;
use crate::workbench::{Workbench, plant, sample};

#[test]
fn a_build_with_nothing_to_do_runs_nothing_and_keeps_the_generation() {
    let bench = Workbench::new(&["one", "two"]);
    plant(&bench, "one", 30);
    plant(&bench, "two", 10);
    let first = bench.build();
    assert!(!first.report.nothing_to_do && first.ran_any() > 0);
    let second = bench.build();
    assert!(second.report.nothing_to_do);
    assert_eq!(second.ran_any(), 0);
    assert_eq!(first.report.generation, second.report.generation);
}

#[test]
fn an_edit_of_one_file_extracts_one_file_and_rewrites_one_shard_and_one_segment() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 60);
    bench.build();
    let (path, text) = sample(20, 7);
    bench.write("one", &path, text);
    let built = bench.build();
    for node in ["extract", "chunk", "index"] {
        assert_eq!(built.ran(node, Unit::Shard).len(), 1, "{node}");
    }
    assert_eq!(built.ran("index", Unit::Segment).len(), 1);
    assert_eq!(built.ran("extract", Unit::Shard)[0].fresh, 1);
    assert_eq!(built.ran("chunk", Unit::Shard)[0].fresh, 1);
}

#[test]
fn a_new_file_touches_at_most_two_shards_and_one_segment_of_its_mode() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 60);
    bench.build();
    bench.write("one", "src/module_31_new.rs", "pub fn fresh() {}\n");
    let built = bench.build();
    let shards = built.ran("extract", Unit::Shard);
    assert!((1..=2).contains(&shards.len()), "{shards:?}");
    assert_eq!(shards.iter().map(|a| a.fresh).sum::<usize>(), 1);
    assert!(built.ran("index", Unit::Segment).len() <= 2);
}

#[test]
fn touching_a_file_or_writing_the_same_bytes_again_runs_nothing() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 20);
    bench.build();
    let (path, text) = sample(5, 0);
    bench.write("one", &path, text);
    let built = bench.build();
    assert!(built.report.nothing_to_do);
    assert_eq!(built.ran_any(), 0);
}

#[test]
fn a_comment_in_yaml_runs_nothing() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 20);
    bench.build();
    for file in ["workspace.yaml", "pipelines/code.yaml"] {
        let path = bench.dir.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("# A comment.\n{text}")).unwrap();
    }
    let built = bench.build();
    assert!(built.report.nothing_to_do);
    assert_eq!(built.ran_any(), 0);
}

#[test]
fn a_parameter_of_chunk_runs_chunk_and_what_is_above_it_but_not_extract() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 20);
    bench.build();
    let path = bench.dir.path().join("pipelines/code.yaml");
    let text = std::fs::read_to_string(&path).unwrap().replace("max_chars: 600", "max_chars: 700");
    std::fs::write(&path, text).unwrap();
    let built = bench.build();
    assert!(built.ran("extract", Unit::Shard).is_empty());
    assert!(!built.ran("chunk", Unit::Shard).is_empty());
    // No chunk here is long enough for the parameter to matter: equal output stops the wave.
    assert!(built.ran("index", Unit::Shard).is_empty());
    assert!(built.ran("index", Unit::Segment).is_empty());
}

#[test]
fn an_edit_that_is_undone_comes_from_the_memo() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 20);
    let first = bench.build();
    let (path, old) = sample(5, 0);
    bench.write("one", &path, sample(5, 1).1);
    let second = bench.build();
    assert_ne!(first.report.generation, second.report.generation);
    bench.write("one", &path, old);
    let third = bench.build();
    assert_eq!(third.ran_any(), 0);
    assert_eq!(first.report.generation, third.report.generation);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_incremental_build_is_the_clean_build_byte_for_byte(
        steps in proptest::collection::vec(step(), 1..14),
        jobs in prop_oneof![Just(1usize), Just(2), Just(8)],
    ) {
        let mut bench = Workbench::new(&["one"]);
        bench.jobs = jobs;
        plant(&bench, "one", 30);
        bench.build();
        for step in &steps {
            step.play(&bench);
        }
        bench.build();
        let mut clean = bench.clean_copy();
        clean.jobs = 1;
        clean.reuse = false;
        clean.build();
        prop_assert_eq!(bench.manifests(), clean.manifests());
    }
}
