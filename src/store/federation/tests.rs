use std::collections::BTreeMap;

use super::*;
use crate::base::{Digest, Mode, json};
use crate::store::model::{BuildRoot, NodeRecord, SegmentRef};

fn node(name: &str, inputs: &[(&str, &str)], tables: &[&str], merged: &[&str]) -> NodeRecord {
    let formats = |names: &[&str]| names.iter().map(|table| ((*table).to_owned(), 1)).collect();
    let recorded = BTreeMap::from([(format!("of_{name}"), "1".to_owned())]);
    NodeRecord {
        name: name.into(),
        kind: name.into(),
        format: 1,
        params: serde_json::Value::Null,
        chain: Digest::of(name.as_bytes()),
        inputs: inputs.iter().map(|(port, from)| ((*port).into(), (*from).into())).collect(),
        tables: formats(tables),
        merged: formats(merged),
        cohort: Mode::ALL.map(|mode| (mode, recorded.clone())).into(),
    }
}

fn segment(id: &str, mode: Mode, text: &str) -> SegmentRef {
    let tables = ["chunk/chunks", "chunk/symbols", "extract/files", "index/postings", "index/chunk_stats"];
    let stats = [("index/chunk_stats/docs", 5), ("index/chunk_stats/len_name", 7), ("index/chunk_stats/len_body", 90)];
    SegmentRef {
        id: id.into(),
        mode,
        list: Digest::of(text.as_bytes()),
        first_path: "a".into(),
        last_path: "z".into(),
        shards: 1,
        files: 2,
        bytes: 100,
        tables: tables.map(|table| (table.to_owned(), [5, 50, 1])).into(),
        stats: stats.map(|(name, total)| (name.to_owned(), total)).into(),
    }
}

fn root(repo: &str) -> BuildRoot {
    let index = ["postings", "chunk_stats", "trigrams", "indexed_files"];
    BuildRoot {
        format: 1,
        id: "b-000000000001".into(),
        repo: repo.into(),
        pipeline: "code".into(),
        config_digest: Digest::of(b"config"),
        nodes: vec![
            node("extract", &[], &["files", "outline"], &[]),
            node("chunk", &[("outline", "extract")], &["chunks", "symbols"], &[]),
            node("index", &[("chunks", "chunk"), ("outline", "extract")], &[], &index),
        ],
        serve: Some("index".into()),
        workspace_manifest: None,
        segments: vec![segment("s0", Mode::Code, "one"), segment("s1", Mode::Prose, "two")],
    }
}

fn manifest(roots: &[BuildRoot]) -> Manifest {
    Manifest::of(&roots.iter().map(|root| (root.repo.clone(), Found::Build(root))).collect())
}

#[test]
fn the_ids_of_a_workspace_are_pinned() {
    // Golden vectors: stores and caches on disk hold them. If one moves, its domain has to rise.
    let (none, both) = (Manifest::of(&BTreeMap::new()), manifest(&[root("api"), root("web")]));
    let found = [&none.repo_set_id, &both.repo_set_id, &both.manifest_hash, &both.repos[0].modes[&Mode::Code].cohort];
    let golden = ["ws1-9b0f966cfec948dc", "ws1-df27e068d828aabe", "wm1-85366fd238e0ed8b", "c1-89c76c0c269b"];
    assert_eq!(found, golden);
}

#[test]
fn the_hash_moves_with_all_that_a_search_could_notice() {
    type Change = fn(&mut BuildRoot);
    let cases: [(&str, Change); 14] = [
        ("the build", |r| r.id = "b-000000000002".into()),
        ("the config digest", |r| r.config_digest = Digest::of(b"other")),
        ("the index that is served", |r| r.serve = None),
        ("the list of a segment", |r| r.segments[0].list = Digest::of(b"edited")),
        ("a segment's id", |r| r.segments[0].id = "s9".into()),
        ("a segment less", |r| _ = r.segments.pop()),
        ("a segment's mode", |r| r.segments[1].mode = Mode::Records),
        ("the order of segments", |r| {
            r.segments = vec![segment("s0", Mode::Code, "two"), segment("s1", Mode::Prose, "one")];
        }),
        ("a total", |r| _ = r.segments[0].stats.insert("index/chunk_stats/len_body".into(), 91)),
        ("the format of a kind", |r| r.nodes[2].format = 2),
        ("the format of a table", |r| _ = r.nodes[1].tables.insert("chunks".into(), 2)),
        ("a recorded parameter", |r| _ = r.nodes[0].cohort.insert(Mode::Code, BTreeMap::new())),
        ("nothing recorded", |r| r.nodes[0].cohort.clear()),
        ("comments that are rows", |r| _ = r.segments[0].stats.insert("chunk/chunks/extracted_prose_rows".into(), 2)),
    ];
    let before = manifest(&[root("api"), root("web")]);
    for (what, change) in cases {
        let mut changed = root("api");
        change(&mut changed);
        let after = manifest(&[changed, root("web")]);
        assert_ne!(after.manifest_hash, before.manifest_hash, "{what}");
        assert_eq!(after.repo_set_id, before.repo_set_id, "{what}");
    }
    let present = root("api");
    for other in [Found::Missing, Found::Invalid("b-000000000001"), Found::Incompatible(&present)] {
        let web = root("web");
        let after = Manifest::of(&BTreeMap::from([("api".into(), other), ("web".into(), Found::Build(&web))]));
        assert_ne!(after.manifest_hash, before.manifest_hash, "{other:?}");
    }
    let renamed = manifest(&[root("api"), root("www")]);
    assert_ne!(renamed.repo_set_id, before.repo_set_id);
    assert_ne!(renamed.manifest_hash, before.manifest_hash);
}

#[test]
fn the_hash_does_not_move_with_what_is_only_shown() {
    type Change = fn(&mut BuildRoot);
    let cases: [(&str, Change); 5] = [
        ("the pipeline's name", |r| r.pipeline = "other".into()),
        ("parameters as text", |r| r.nodes[0].params = serde_json::json!({"a": 1})),
        ("a node that search does not read", |r| r.nodes.push(node("export", &[], &["out"], &[]))),
        ("paths of a segment's ends", |r| r.segments[0].first_path = "b".into()),
        ("the order of nodes", |r| r.nodes.reverse()),
    ];
    let before = manifest(&[root("api")]);
    for (what, change) in cases {
        let mut changed = root("api");
        change(&mut changed);
        assert_eq!(manifest(&[changed]), before, "{what}");
    }
}

#[test]
fn the_order_in_which_members_come_does_not_matter() {
    let members = |names: [&str; 3]| names.map(|name| Member::of(name, Found::Build(&root(name)))).to_vec();
    let (one, other) = (Manifest::of_members(members(["a", "b", "c"])), Manifest::of_members(members(["c", "a", "b"])));
    assert_eq!(json::canonical(&one).unwrap(), json::canonical(&other).unwrap());
}

#[test]
fn a_manifest_reads_back_as_it_was_written() {
    let one = manifest(&[root("api"), root("web")]);
    assert_eq!(serde_json::from_slice::<Manifest>(&json::canonical(&one).unwrap()).unwrap(), one);
}

#[test]
fn modes_carry_integer_totals_and_say_which_tables_hold_something() {
    let one = manifest(&[root("api")]);
    let code = &one.repos[0].modes[&Mode::Code];
    assert_eq!((code.files, code.chunks), (2, 5));
    assert_eq!(code.lengths, BTreeMap::from([("name".to_owned(), 7), ("body".to_owned(), 90)]));
    assert_eq!(code.present, ["chunk_stats", "chunks", "files", "postings", "symbols"]);
    assert_eq!(code.omitted, ["indexed_files", "trigrams"]);
    assert_eq!(code.required_for_search, ["chunk_stats", "chunks", "postings"]);
    assert_eq!(one.repos[0].modes.keys().copied().collect::<Vec<_>>(), [Mode::Code, Mode::Prose]);
}

#[test]
fn comments_that_are_rows_of_their_own_are_counted_once() {
    let mut with = root("api");
    with.segments[0].stats.insert("chunk/chunks/extracted_prose_rows".into(), 2);
    let modes = &manifest(&[with]).repos[0].modes;
    assert_eq!((modes[&Mode::Code].files, modes[&Mode::Code].chunks), (2, 3));
    assert_eq!((modes[&Mode::ExtractedProse].files, modes[&Mode::ExtractedProse].chunks), (0, 2));
}

#[test]
fn a_build_older_than_cohorts_is_a_cohort_of_its_own() {
    let mut old = root("api");
    old.nodes.iter_mut().for_each(|node| node.cohort.clear());
    let both = manifest(&[old, root("web")]);
    let [old, new] = [0, 1].map(|at| &both.repos[at].modes[&Mode::Code]);
    assert_eq!(old.parameters["recorded"], "no");
    assert!(!new.parameters.contains_key("recorded"));
    assert_ne!(old.cohort, new.cohort);
}

#[test]
fn a_record_of_before_cohorts_is_read() {
    let mut value = serde_json::to_value(root("api")).unwrap();
    for node in value["nodes"].as_array_mut().unwrap() {
        node.as_object_mut().unwrap().remove("cohort");
    }
    let read: BuildRoot = serde_json::from_value(value).unwrap();
    assert!(read.nodes.iter().all(|node| node.cohort.is_empty()));
}

#[test]
fn equal_parameters_make_one_cohort_whatever_else_differs() {
    let mut other = root("web");
    other.segments = vec![segment("s7", Mode::Code, "something else")];
    (other.id, other.config_digest) = ("b-000000000009".into(), Digest::of(b"larger chunks"));
    let both = manifest(&[root("api"), other]);
    assert_eq!(both.repos[0].modes[&Mode::Code].cohort, both.repos[1].modes[&Mode::Code].cohort);
}

#[test]
fn a_build_in_another_format_or_without_its_nodes_is_not_present() {
    let formats = |table: &str| Some(if table == "postings" { 2 } else { 1 });
    assert_eq!(Found::read(&root("api"), |_| Some(1)).availability(), Availability::Present);
    assert_eq!(Found::read(&root("api"), formats).availability(), Availability::Incompatible);
    assert_eq!(
        Found::read(&BuildRoot { format: 2, ..root("api") }, |_| Some(1)).availability(),
        Availability::Incompatible
    );
    let mut broken = root("api");
    broken.nodes.remove(1);
    assert_eq!(Found::read(&broken, |_| Some(1)).availability(), Availability::InvalidPointer);
    assert_eq!(Member::of("api", Found::Build(&broken)).availability, Availability::InvalidPointer);
    assert_eq!(Member::of("api", Found::Missing).build, None);
}
