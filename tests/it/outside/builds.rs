//! Builds with kinds from outside: what runs, what is reused, what is made again.

use std::os::unix::fs::PermissionsExt;

use proptest::prelude::*;
use sawmill::engine::Unit;
use sawmill::store::Piece;

use super::double::{Detail, Double};
use super::workspace::{PIPELINE, bench, kinds, kinds_with, pipeline, put};
use super::{todo, words};
use crate::workbench::{Built, Workbench, sample};

/// Node and unit of every action that ran, each once.
fn ran(built: &Built) -> Vec<(&'static str, Unit)> {
    let nodes = ["extract", "chunk", "index", "todo", "words"];
    let all = nodes.iter().flat_map(|node| [(*node, Unit::Shard), (*node, Unit::Segment)]);
    all.filter(|(node, unit)| !built.ran(node, *unit).is_empty()).collect()
}

/// Pieces of one table.
fn pieces(bench: &Workbench, table: &str) -> Vec<Piece> {
    let pinned = bench.context().pinned().unwrap();
    let root = pinned.build("one").unwrap();
    let lists = root.segments.iter().map(|segment| pinned.list("one", &segment.list).unwrap());
    let of_list = |list: sawmill::store::SegmentList| {
        list.shards.into_iter().flat_map(|shard| shard.pieces).chain(list.pieces).collect::<Vec<_>>()
    };
    lists.flat_map(of_list).filter(|piece| piece.table == table).collect()
}

#[test]
fn an_edit_runs_the_edited_file_and_its_segment_only() {
    let bench = bench(60);
    bench.build();
    put(&bench, 20, 7);
    let built = bench.build();
    let [shard] = built.ran("todo", Unit::Shard)[..] else { panic!("one shard holds the file") };
    assert_eq!(shard.fresh, 1, "of {} files", shard.files);
    assert!(shard.files > 1);
    assert_eq!(built.ran("words", Unit::Shard).len(), 1);
    assert_eq!(built.ran("words", Unit::Segment).len(), 1);
    assert!(bench.build().report.nothing_to_do);
}

#[test]
fn totals_are_those_of_the_whole_shard_though_one_file_ran() {
    let bench = bench(60);
    bench.build();
    put(&bench, 20, 7);
    bench.build();
    let clean = bench.clean_copy();
    clean.build();
    let owned = |bench: &Workbench| pieces(bench, "todos").iter().map(|p| p.stats.clone()).collect::<Vec<_>>();
    assert_eq!(owned(&bench), owned(&clean));
    assert!(owned(&bench).iter().any(|stats| stats.contains_key("owned")));
}

#[test]
fn a_higher_format_runs_exactly_that_kind_again() {
    static TODO: Double = Double { of: &todo::TODO, detail: Detail::Format(1) };
    static WORDS: Double = Double { of: &words::KIND, detail: Detail::Format(1) };
    let mut bench = bench(20);
    bench.build();
    bench.kinds = Some(kinds_with(&TODO));
    assert_eq!(ran(&bench.build()), [("todo", Unit::Shard)]);
    bench.kinds = Some(kinds_with(&WORDS));
    let built = bench.build();
    assert_eq!(ran(&built), [("words", Unit::Shard), ("words", Unit::Segment)], "and `todo` comes from the memo");
}

#[test]
fn a_changed_definition_runs_a_kind_again_whether_or_not_it_reads_bytes() {
    static TODO: Double = Double { of: &todo::TODO, detail: Detail::Definition };
    static WORDS: Double = Double { of: &words::KIND, detail: Detail::Definition };
    let mut bench = bench(20);
    bench.build();
    bench.kinds = Some(kinds_with(&TODO));
    assert_eq!(ran(&bench.build()), [("todo", Unit::Shard)]);
    bench.kinds = Some(kinds_with(&WORDS));
    assert_eq!(ran(&bench.build()), [("words", Unit::Shard), ("words", Unit::Segment)]);
}

#[test]
fn a_parameter_runs_its_own_node_only_and_the_order_of_words_is_no_change() {
    let bench = bench(20);
    bench.build();
    pipeline(&bench, &PIPELINE.replace("[TODO, FIXME]", "[FIXME, TODO, TODO]"));
    assert!(bench.build().report.nothing_to_do);
    pipeline(&bench, &PIPELINE.replace("[TODO, FIXME]", "[TODO]"));
    assert_eq!(ran(&bench.build()), [("todo", Unit::Shard)]);
}

#[test]
fn a_damaged_artifact_of_an_outside_table_is_made_again_with_the_same_bytes() {
    for table in ["todos", "words"] {
        let bench = bench(20);
        bench.build();
        let before = bench.manifests();
        let found = pieces(&bench, table);
        for piece in &found {
            let path = bench.context().pinned().unwrap().store().object_path(&piece.artifact);
            let path = bench.dir.path().join(path);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            let mut bytes = std::fs::read(&path).unwrap();
            bytes.truncate(bytes.len() / 2);
            std::fs::write(&path, bytes).unwrap();
        }
        std::fs::remove_file(bench.dir.path().join(".sawmill/stamp.json")).unwrap();
        let built = bench.build();
        let artifacts: std::collections::BTreeSet<_> = found.iter().map(|piece| piece.artifact).collect();
        assert_eq!(built.report.healed, artifacts.len(), "{table}");
        assert_eq!(bench.manifests(), before, "{table}");
        for piece in found {
            bench.context().pinned().unwrap().store().verify_object(&piece.artifact).unwrap();
        }
    }
}

#[test]
fn a_kind_that_panics_costs_its_repository_the_build_whatever_method_it_is_in() {
    static RUN: Double = Double { of: &todo::TODO, detail: Detail::PanicIn("run") };
    static TOTALS: Double = Double { of: &todo::TODO, detail: Detail::PanicIn("totals") };
    static DIGEST: Double = Double { of: &todo::TODO, detail: Detail::PanicIn("definition_digest") };
    static CHECK: Double = Double { of: &words::KIND, detail: Detail::PanicIn("check") };
    static MERGE: Double = Double { of: &words::KIND, detail: Detail::PanicIn("merge") };
    for double in [&RUN, &TOTALS, &DIGEST, &CHECK, &MERGE] {
        let mut bench = bench(20);
        let first = bench.build().report;
        put(&bench, 10, 3);
        bench.kinds = Some(kinds_with(double));
        let report = bench.try_build().unwrap().report;
        let Detail::PanicIn(method) = double.detail else { unreachable!() };
        let [failed] = report.failed.as_slice() else { panic!("{method}: {:?}", report.failed) };
        assert_eq!(failed.code, "sawmill::engine::panic", "{method}");
        assert!(failed.message.contains("a bug of the kind"), "{method}: {}", failed.message);
        assert_eq!(report.repos[0].build, first.repos[0].build, "{method}: the old build stays");
        bench.kinds = Some(kinds());
        assert!(bench.build().report.repos[0].build != first.repos[0].build, "{method}: mended");
    }
}

#[test]
fn a_split_that_panics_costs_no_more_than_its_shortcut() {
    static SPLIT: Double = Double { of: &words::KIND, detail: Detail::PanicIn("split") };
    let mut bench = bench(60);
    bench.build();
    put(&bench, 20, 7);
    bench.kinds = Some(kinds_with(&SPLIT));
    bench.build();
    let clean = bench.clean_copy();
    clean.build();
    assert_eq!(bench.manifests(), clean.manifests());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_incremental_build_with_kinds_from_outside_is_the_clean_build_byte_for_byte(
        rounds in proptest::collection::vec(proptest::collection::vec((0..30usize, 0..4usize), 1..5), 1..4),
    ) {
        let mut bench = bench(24);
        bench.build();
        for edits in &rounds {
            for (n, edit) in edits {
                match edit {
                    0 => drop(std::fs::remove_file(bench.root("one").join(sample(*n, 0).0))),
                    edit => put(&bench, *n, *edit),
                }
            }
            bench.build();
        }
        let mut clean = bench.clean_copy();
        clean.reuse = false;
        clean.build();
        prop_assert_eq!(bench.manifests(), clean.manifests());
        bench.jobs = 1;
        prop_assert!(bench.build().report.nothing_to_do);
    }
}
