//! Plans of small workspaces. The table of mistakes stands in `ops/check/cases`.

use std::collections::BTreeSet;
use std::path::Path;

use miette::{GraphicalReportHandler, GraphicalTheme};
use proptest::prelude::*;

use super::doubles::{CHUNK_2, DOUBLES, EXTRACT, INDEX};
use super::{Plan, PlanErrors, compile};
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::base::{Digest, Limits};
use crate::config::load;
use crate::nodes::Kind;

const WORKSPACE: &str = "version: 1\nname: w\npipeline: code\nrepos:\n  - { name: api, root: api }\n";

const CODE: &str = "\
version: 1
name: code
nodes:
  extract: { kind: extract, with: { languages: auto } }
  chunk: { kind: chunk, inputs: { outline: extract }, with: { max_chars: 2400 } }
  index: { kind: index, inputs: { chunks: chunk }, with: { postings: true } }
";

fn compiled_with(
    workspace: &str,
    code: &str,
    kinds: &[&'static dyn Kind],
    limits: &Limits,
) -> Result<Plan, PlanErrors> {
    let fs = MemoryFs::new();
    for dir in ["/w/api", "/w/web"] {
        fs.create_dir_all(dir.as_ref()).unwrap();
    }
    fs.put("/w/workspace.yaml", workspace).unwrap();
    fs.put("/w/pipelines/code.yaml", code).unwrap();
    let workspace = load(&fs, Path::new("/w/workspace.yaml"), &[]).unwrap();
    compile(&workspace, kinds, crate::nodes::WORKSPACE, limits)
}

fn compiled(workspace: &str, code: &str) -> Plan {
    compiled_with(workspace, code, DOUBLES, &Limits::default()).unwrap()
}

/// The digest of the first repository.
fn digest(workspace: &str, code: &str) -> Digest {
    compiled(workspace, code).repos[0].config_digest
}

fn chain(plan: &Plan, node: &str) -> Digest {
    plan.repos[0].nodes.iter().find(|n| n.name == node).unwrap().chain
}

#[test]
fn nodes_stand_after_what_they_take_and_ties_go_by_name() {
    let code = "\
version: 1
name: code
nodes:
  z: { kind: extract }
  b: { kind: chunk, inputs: [z] }
  a: { kind: chunk, inputs: [m] }
  m: { kind: extract }
  last: { kind: join, inputs: { right: b, left: a } }
";
    let plan = compiled(WORKSPACE, code);
    let nodes = &plan.repos[0].nodes;
    let names: Vec<&str> = nodes.iter().map(|n| n.name.as_str()).collect();
    assert_eq!(names, ["m", "a", "z", "b", "last"]);
    let inputs: Vec<(&str, usize)> = nodes[4].inputs.iter().map(|i| (i.port, i.node)).collect();
    assert_eq!(inputs, [("left", 1), ("right", 3)]);
}

#[test]
fn parameters_come_canonical_with_their_defaults() {
    let plan = compiled(WORKSPACE, &CODE.replace(", with: { max_chars: 2400 }", ""));
    assert_eq!(plan.repos[0].nodes[1].params.canonical(), &serde_json::json!({ "max_chars": 2400 }));
    assert_eq!(chain(&plan, "index"), chain(&compiled(WORKSPACE, CODE), "index"));
}

#[test]
fn each_repository_has_its_own_copy() {
    let workspace = "\
version: 1
name: w
pipeline: code
repos:
  - { name: web, root: web, with: { chunk: { max_chars: 9 } } }
  - { name: api, root: api }
  - { name: off, root: none, enabled: false }
";
    let plan = compiled(workspace, CODE);
    let names: Vec<&str> = plan.repos.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["api", "off", "web"], "a disabled repository is built too: it is only left out of searches");
    let [api, _, web] = plan.repos.as_slice() else { unreachable!() };
    assert_eq!(web.nodes[1].params.canonical()["max_chars"], 9);
    assert_eq!(api.nodes[0].chain, web.nodes[0].chain);
    for node in 1..3 {
        assert_ne!(api.nodes[node].chain, web.nodes[node].chain, "what stands on the parameter");
    }
    assert_ne!(api.config_digest, web.config_digest);
    assert_eq!(api.serve, Some(2));
}

#[test]
fn serve_chooses_among_indexes() {
    let code = format!("{CODE}  again: {{ kind: index, inputs: [chunk] }}\nserve: again\n");
    let plan = compiled(WORKSPACE, &code);
    let repo = &plan.repos[0];
    assert_eq!(repo.nodes[repo.serve.unwrap()].name, "again");
}

#[test]
fn what_changes_no_output_changes_no_digest() {
    let base = digest(WORKSPACE, CODE);
    let same = [
        ("a comment", WORKSPACE.to_owned(), format!("# why\n{CODE}# end\n")),
        ("key order", "repos: [{ root: ./api, name: api }]\npipeline: code\nname: w\nversion: 1\n".into(), CODE.into()),
        ("tags and priority", WORKSPACE.replace("root: api", "root: api, tags: [x], priority: 3"), CODE.into()),
        ("the workspace's name", WORKSPACE.replace("name: w", "name: other"), CODE.into()),
        ("the repository's name", WORKSPACE.replace("name: api", "name: renamed"), CODE.into()),
        ("retention", format!("{WORKSPACE}builds: {{ keep: 1 }}\ncache: elsewhere\n"), CODE.into()),
        ("the short form", WORKSPACE.into(), CODE.replace("{ outline: extract }", "[extract]")),
        ("a default written out", WORKSPACE.into(), CODE.replace(", with: { postings: true }", "")),
        ("serve", WORKSPACE.into(), format!("{CODE}serve: index\n")),
        ("a parameter's way", WORKSPACE.into(), format!("params: {{ n: 2400 }}\n{}", CODE.replace("2400", "\"${n}\""))),
        (
            "flow and block",
            WORKSPACE.into(),
            CODE.replace("{ kind: extract, with: { languages: auto } }", "\n    kind: extract"),
        ),
    ];
    for (what, workspace, code) in same {
        assert_eq!(digest(&workspace, &code), base, "{what}");
    }
}

#[test]
fn what_may_change_an_output_changes_the_digest() {
    let other = [
        ("nothing", WORKSPACE.to_owned(), CODE.to_owned()),
        ("a parameter", WORKSPACE.into(), CODE.replace("2400", "2401")),
        (
            "a parameter of one repository",
            WORKSPACE.replace("root: api", "root: api, with: { chunk: { max_chars: 3 } }"),
            CODE.into(),
        ),
        ("include", WORKSPACE.replace("root: api", "root: api, include: [a, b]"), CODE.into()),
        (
            "the order of patterns, where the last one wins",
            WORKSPACE.replace("root: api", "root: api, include: [b, a]"),
            CODE.into(),
        ),
        ("exclude", WORKSPACE.replace("root: api", "root: api, exclude: [a, b]"), CODE.into()),
        ("languages", format!("{WORKSPACE}languages: {{ map: {{ a: b }} }}\n"), CODE.into()),
        ("the name of a node", WORKSPACE.into(), CODE.replace("  index:", "  postings:")),
        ("a node more", WORKSPACE.into(), format!("{CODE}  small: {{ kind: chunk, inputs: [extract] }}\n")),
        ("a node less", WORKSPACE.into(), CODE.lines().take(5).collect::<Vec<_>>().join("\n")),
    ];
    let digests: BTreeSet<Digest> = other.iter().map(|(_, workspace, code)| digest(workspace, code)).collect();
    assert_eq!(digests.len(), other.len());
    let limits = Limits { parse_bytes: 1, ..Limits::default() };
    let limited = compiled_with(WORKSPACE, CODE, DOUBLES, &limits).unwrap().repos[0].config_digest;
    let bumped: &[&dyn Kind] = &[&EXTRACT, &CHUNK_2, &INDEX];
    let formatted = compiled_with(WORKSPACE, CODE, bumped, &Limits::default()).unwrap().repos[0].config_digest;
    assert!(limited != formatted && !digests.contains(&limited) && !digests.contains(&formatted));
}

#[test]
fn a_bump_of_a_format_moves_its_node_and_those_below_only() {
    let before = compiled(WORKSPACE, CODE);
    let bumped: &[&dyn Kind] = &[&EXTRACT, &CHUNK_2, &INDEX];
    let after = compiled_with(WORKSPACE, CODE, bumped, &Limits::default()).unwrap();
    assert_eq!(chain(&before, "extract"), chain(&after, "extract"));
    assert_ne!(chain(&before, "chunk"), chain(&after, "chunk"));
    assert_ne!(chain(&before, "index"), chain(&after, "index"));
}

#[test]
fn the_digests_are_a_promise_to_every_store() {
    // A change of these values makes every user build everything again: bump the domain, and say so.
    let plan = compiled(WORKSPACE, CODE);
    let digests = [chain(&plan, "extract"), chain(&plan, "index"), plan.repos[0].config_digest].map(|d| d.short());
    insta::assert_snapshot!(digests.join(" "), @"16ceb94c89a2 8c1800091032 758241d6eb38");
}

#[test]
fn a_circle_and_a_wrong_edge_as_people_see_them() {
    let code = "\
version: 1
name: code
nodes:
  extract: { kind: extract }
  index:
    kind: index
    inputs: { chunks: extract }
  a:
    kind: join
    inputs: { left: b }
  b:
    kind: join
    inputs: { left: a }
";
    let errors = compiled_with(WORKSPACE, code, DOUBLES, &Limits::default()).unwrap_err();
    let mut out = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    handler.render_report(&mut out, &errors).unwrap();
    let out: String = out.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
    insta::assert_snapshot!(out, @r#"
    sawmill::plan::invalid

      × 2 mistakes in `pipelines/code.yaml`
      help: nothing was run; `sawmill check` shows what is left after a correction

    Error: sawmill::plan::edge_type

      × the port `chunks` of kind `index` takes `chunks`
       ╭─[pipelines/code.yaml:7:23]
     6 │     kind: index
     7 │     inputs: { chunks: extract }
       ·                       ───┬───
       ·                          ╰── kind `extract` writes `files`, `outline`
     8 │   a:
       ╰────
      help: these nodes write `chunks`: `a`, `b`

    Error: sawmill::plan::cycle

      × nodes feed each other in a circle: a → b → a
        ╭─[pipelines/code.yaml:13:21]
      9 │     kind: join
     10 │     inputs: { left: b }
        ·                     ┬
        ·                     ╰── `a` takes from `b`
     11 │   b:
     12 │     kind: join
     13 │     inputs: { left: a }
        ·                     ┬
        ·                     ╰── `b` takes from `a`
        ╰────
      help: remove one of these inputs
    "#);
}

/// A workspace and a pipeline with their keys in the order of `seed`, comments sprinkled in.
fn shuffled(seed: u64, size: u32) -> (String, String) {
    let mut dice = seed;
    let mut order = |mut lines: Vec<String>| {
        for at in (1..lines.len()).rev() {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            lines.swap(at, (dice >> 33) as usize % (at + 1));
        }
        lines
    };
    let repo = order(vec![
        "name: api".into(),
        "root: api".into(),
        "include: ['*.rs']".into(),
        format!("priority: {}", seed % 9),
    ]);
    let repos = format!("repos: [{{ {} }}]", repo.join(", "));
    let top =
        order(vec!["version: 1".into(), format!("name: w{}", seed % 7), "pipeline: code".into(), repos, "# c".into()]);
    let chunk = order(vec!["kind: chunk".into(), "inputs: [extract]".into(), format!("with: {{ max_chars: {size} }}")]);
    let nodes = order(vec![
        "  extract: { kind: extract }".into(),
        format!("  chunk: {{ {} }}", chunk.join(", ")),
        "  index: { inputs: { chunks: chunk }, kind: index }".into(),
    ]);
    let pipeline =
        order(vec!["version: 1".into(), "name: code".into(), format!("nodes:\n{}", nodes.join("\n")), "# d".into()]);
    (top.join("\n"), pipeline.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_digest_follows_the_meaning_not_the_text(a: u64, b: u64, size in 1u32..4) {
        let digest_of = |seed, size| { let (workspace, code) = shuffled(seed, size); digest(&workspace, &code) };
        prop_assert_eq!(digest_of(a, size), digest_of(b, size));
        prop_assert_ne!(digest_of(a, size), digest_of(b, size + 1));
    }
}
