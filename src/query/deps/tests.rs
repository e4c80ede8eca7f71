//! Claims about walks along relations.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{DepEdge, DepsAnswer, DepsError, DepsRequest, Site, Standpoint, deps};
use crate::base::Mode;
use crate::nodes::Relation;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::testing::{Spec, World, chunk};
use crate::table::schema::{RelationRow, SymbolRow};

/// `path:line type target`, the target being `path`, `path::symbol`, `?name` (ambiguous) or `!name` (unresolved).
fn relation(text: &str) -> RelationRow {
    let [place, kind, target] = text.split(' ').collect::<Vec<_>>().try_into().unwrap();
    let (path, line) = place.split_once(':').unwrap();
    let row = RelationRow {
        from_chunk: "c_0".into(),
        path: path.into(),
        line: line.parse().unwrap(),
        r#type: kind.into(),
        target_name: target.into(),
        status: "resolved".into(),
        ..RelationRow::default()
    };
    match target.split_once("::") {
        _ if target.starts_with(['?', '!']) => RelationRow {
            target_name: target[1..].into(),
            status: if target.starts_with('?') { "ambiguous" } else { "unresolved" }.into(),
            ..row
        },
        Some((path, symbol)) => {
            RelationRow { target_path: Some(path.into()), target_symbol: Some(symbol.into()), ..row }
        }
        None => RelationRow { target_path: Some(target.into()), ..row },
    }
}

/// `path:first-last kind name`.
fn symbol(text: &str) -> SymbolRow {
    let [place, kind, name] = text.split(' ').collect::<Vec<_>>().try_into().unwrap();
    let (path, lines) = place.split_once(':').unwrap();
    let (start, end) = lines.split_once('-').unwrap();
    SymbolRow {
        path: path.into(),
        kind: kind.into(),
        name: name.rsplit(['.', ':']).next().unwrap().into(),
        qualified_name: name.into(),
        start_line: start.parse().unwrap(),
        end_line: end.parse().unwrap(),
        ..SymbolRow::default()
    }
}

fn sorted(mut relations: Vec<RelationRow>, mut symbols: Vec<SymbolRow>) -> (Vec<RelationRow>, Vec<SymbolRow>) {
    relations.sort_by_key(|r| (r.path.clone(), r.line, r.r#type.clone(), r.target_name.clone()));
    symbols.sort_by_key(|s| (s.path.clone(), s.start_line, s.qualified_name.clone()));
    (relations, symbols)
}

/// A repository of one segment for each list of shards of paths.
fn repo<T: AsRef<str>>(name: &str, segments: &[&[&[&str]]], relations: &[T], symbols: &[T]) -> Spec {
    let shard = |paths: &&[&str]| paths.iter().map(|path| chunk(path, 1, "function", "x", "x")).collect();
    let segments = segments.iter().map(|shards| (Mode::Code, shards.iter().map(shard).collect())).collect();
    let rows = (
        relations.iter().map(|r| relation(r.as_ref())).collect(),
        symbols.iter().map(|s| symbol(s.as_ref())).collect(),
    );
    Spec { related: Some(sorted(rows.0, rows.1)), ..Spec::new(name, segments) }
}

const SEGMENTS: &[&[&[&str]]] =
    &[&[&["app/a.py", "app/b.py"], &["app/c.py"]], &[&["lib/__init__.py", "lib/db.py"], &["z.py"]]];

const RELATIONS: &[&str] = &[
    "app/a.py:1 imports lib",
    "app/a.py:2 imports app/b.py",
    "app/a.py:12 calls lib/db.py::Store.open",
    "app/a.py:13 calls lib/db.py::Store.open",
    "app/a.py:14 uses lib/db.py::Store",
    "app/a.py:15 calls ?close",
    "app/a.py:16 calls !print",
    "app/b.py:1 imports app/c.py",
    "app/b.py:5 calls app/a.py::main",
    "app/c.py:1 imports lib/db.py",
    "app/c.py:4 calls app/b.py::helper",
    "lib/__init__.py:1 imports lib/db.py",
    "lib/db.py:6 calls lib/db.py::Store.close",
    "z.py:1 calls app/a.py::main",
    "z.py:2 calls ?main",
];

const SYMBOLS: &[&str] = &[
    "app/a.py:10-20 function main",
    "app/b.py:3-8 function helper",
    "app/b.py:4-4 variable helper.found",
    "app/c.py:3-5 function run",
    "lib/db.py:2-9 class Store",
    "lib/db.py:3-6 method Store.open",
    "lib/db.py:7-9 method Store.close",
];

fn world() -> World {
    World::of(&[repo("shop", SEGMENTS, RELATIONS, SYMBOLS)])
}

fn asked(target: &str) -> DepsRequest {
    DepsRequest { target: target.into(), limit: 1000, threads: 2, ..DepsRequest::default() }
}

fn ask(world: &World, request: &DepsRequest) -> DepsAnswer {
    deps(world, &Cache::default(), request).unwrap()
}

/// Edges as `from -> to: types`, in order.
fn edges(answer: &DepsAnswer) -> Vec<String> {
    let types =
        |edge: &DepEdge| edge.types.iter().map(|(name, n)| format!("{name} {n}")).collect::<Vec<_>>().join(", ");
    answer.edges.iter().map(|edge| format!("{} -> {}: {}", edge.from, edge.to, types(edge))).collect()
}

fn refused(world: &World, request: &DepsRequest) -> DepsError {
    match deps(world, &Cache::default(), request).unwrap_err() {
        QueryError::Deps(error) => error,
        other => panic!("{other}"),
    }
}

#[test]
fn a_file_depends_on_files_and_the_directories_that_it_imports() {
    let answer = ask(&world(), &asked("app/a.py"));
    let expected =
        ["app/a.py -> app/b.py: imports 1", "app/a.py -> lib/: imports 1", "app/a.py -> lib/db.py: calls 2, uses 1"];
    assert_eq!(edges(&answer), expected);
    let site = |line| Site { path: "app/a.py".into(), line };
    assert_eq!(answer.edges[2].at, [site(12), site(13), site(14)]);
    let root = &answer.nodes[0];
    assert_eq!((root.ambiguous, root.outside, root.edges), (1, 1, Some(3)));
    assert_eq!((answer.depth, answer.truncated, answer.counts.references), (1, false, 5));
}

#[test]
fn in_reverse_an_imported_directory_means_the_file_that_runs_then() {
    let reverse = |target: &str| edges(&ask(&world(), &DepsRequest { reverse: true, ..asked(target) }));
    assert_eq!(reverse("lib/__init__.py"), ["app/a.py -> lib/__init__.py: imports 1"]);
    let of_db = [
        "app/a.py -> lib/db.py: calls 2, uses 1",
        "app/c.py -> lib/db.py: imports 1",
        "lib/__init__.py -> lib/db.py: imports 1",
    ];
    assert_eq!(reverse("lib/db.py"), of_db);
    assert_eq!(reverse("lib/"), ["app/a.py -> lib/: calls 2, imports 1, uses 1", "app/c.py -> lib/: imports 1"]);
}

#[test]
fn what_leads_around_inside_a_directory_is_no_dependency_of_it() {
    assert_eq!(edges(&ask(&world(), &asked("lib"))), [""; 0]);
    let answer = ask(&world(), &DepsRequest { depth: Some(0), ..asked("app") });
    let expected =
        ["app/ -> lib/: imports 1", "app/ -> lib/db.py: calls 2, imports 1, uses 1", "lib/ -> lib/db.py: imports 1"];
    assert_eq!(edges(&answer), expected, "app/a.py -> app/b.py stays inside");
}

#[test]
fn a_symbol_depends_on_symbols_of_its_lines() {
    let answer = ask(&world(), &asked("main"));
    let expected = [
        "app/a.py::main -> lib/db.py::Store: uses 1",
        "app/a.py::main -> lib/db.py::Store.open: calls 2",
        "lib/db.py::Store.open -> lib/db.py::Store.close: calls 1",
    ];
    // `Store` holds the line in which `open` calls `close`; that stays inside it.
    assert_eq!(edges(&answer), expected);
    let store = answer.nodes.iter().find(|node| node.id == "lib/db.py::Store").unwrap();
    assert_eq!((store.line, store.symbol_kind.as_deref(), store.depth), (Some(2), Some("class"), 1));
    assert_eq!(answer.depth, 2);
}

#[test]
fn in_reverse_a_line_outside_of_all_symbols_is_its_files() {
    let answer = ask(&world(), &DepsRequest { reverse: true, depth: Some(0), list: true, ..asked("main") });
    let expected = [
        "app/b.py::helper -> app/a.py::main: calls 1",
        "z.py -> app/a.py::main: calls 1",
        "app/c.py::run -> app/b.py::helper: calls 1",
    ];
    assert_eq!(edges(&answer), expected);
    // By its name it may be meant once more.
    let listed = answer.nodes[0].references.as_ref().unwrap();
    assert_eq!(listed.iter().map(|l| (&*l.path, l.line, l.status)).collect::<Vec<_>>(), [("z.py", 2, "ambiguous")]);
    assert_eq!((answer.counts.ambiguous, answer.counts.outside), (1, 0));
}

#[test]
fn what_stands_in_a_local_value_is_its_functions() {
    let relations = ["app/b.py:4 calls app/a.py::main"];
    let world = World::of(&[repo("shop", SEGMENTS, &relations, SYMBOLS)]);
    let answer = ask(&world, &DepsRequest { reverse: true, ..asked("main") });
    assert_eq!(edges(&answer), ["app/b.py::helper -> app/a.py::main: calls 1"]);
}

#[test]
fn a_class_is_depended_on_through_its_members() {
    let answer = ask(&world(), &DepsRequest { reverse: true, ..asked("Store") });
    assert_eq!(edges(&answer)[0], "app/a.py::main -> lib/db.py::Store: calls 2, uses 1");
    assert!(edges(&answer).iter().all(|edge| !edge.starts_with("lib/db.py")), "{:?}", edges(&answer));
}

#[test]
fn a_cycle_is_marked_and_not_walked_again() {
    let answer = ask(&world(), &DepsRequest { depth: Some(0), ..asked("app/b.py") });
    let marks: Vec<_> = answer.edges.iter().filter(|edge| edge.cycle).map(|e| (&*e.from, &*e.to)).collect();
    assert_eq!(marks, [("app/a.py", "app/b.py"), ("app/c.py", "app/b.py")]);
    let firsts = answer.edges.iter().filter(|edge| edge.first).count();
    assert_eq!(firsts + 1, answer.nodes.len(), "the first edges are a tree");
}

#[test]
fn types_narrow_edges_and_counts() {
    let request = DepsRequest { relations: vec![Relation::Imports, Relation::Uses], ..asked("app/a.py") };
    let answer = ask(&world(), &request);
    assert_eq!(edges(&answer)[2], "app/a.py -> lib/db.py: uses 1");
    assert_eq!((answer.nodes[0].ambiguous, answer.nodes[0].outside), (0, 0));
}

#[test]
fn a_limit_cuts_and_says_how_much() {
    let request = DepsRequest { limit: 2, depth: Some(0), list: true, ..asked("app/a.py") };
    let answer = ask(&world(), &request);
    assert_eq!(edges(&answer), ["app/a.py -> app/b.py: imports 1", "app/a.py -> lib/: imports 1"]);
    assert_eq!((answer.truncated, answer.counts.found, answer.nodes[0].edges), (true, 3, Some(3)));
    let whole = ask(&world(), &DepsRequest { limit: 3, ..asked("app/a.py") });
    assert!(!whole.truncated);
    let listed =
        ask(&world(), &DepsRequest { limit: 3, list: true, relations: vec![Relation::Calls], ..asked("app/a.py") });
    assert_eq!((listed.nodes[0].references.as_ref().unwrap().len(), listed.truncated), (2, false));
    let listed =
        ask(&world(), &DepsRequest { limit: 1, list: true, relations: vec![Relation::Calls], ..asked("app/a.py") });
    assert_eq!((listed.nodes[0].references.as_ref().unwrap().len(), listed.truncated), (1, true));
}

/// Tables that were opened: table and shard or segment.
fn opened(request: &DepsRequest) -> BTreeSet<(String, String)> {
    let world = world();
    ask(&world, request);
    let (places, opened) = (world.places(), world.opened.lock().unwrap());
    opened.iter().map(|artifact| places[artifact].clone()).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    pairs.iter().map(|(table, place)| ((*table).into(), (*place).into())).collect()
}

#[test]
fn forward_only_the_shards_of_the_file_are_opened() {
    // Definitions tell that it is a file, and what is one of the paths that it imports.
    let of_segment = pairs(&[("definitions", "shop-0"), ("relations", "shop-0-0")]);
    assert_eq!(opened(&asked("app/a.py")), of_segment);
    let import = pairs(&[("definitions", "shop-0"), ("relations", "shop-0-1"), ("definitions", "shop-1")]);
    assert_eq!(opened(&asked("app/c.py")), import);
    assert_eq!(opened(&asked("z.py")), pairs(&[("definitions", "shop-1"), ("relations", "shop-1-1")]));
}

#[test]
fn in_reverse_only_the_shards_that_mention_it_are_opened() {
    let request = DepsRequest { reverse: true, ..asked("app/c.py") };
    let expected =
        pairs(&[("definitions", "shop-0"), ("mentions", "shop-0"), ("mentions", "shop-1"), ("relations", "shop-0-0")]);
    assert_eq!(opened(&request), expected);
}

#[test]
fn a_target_is_a_path_a_symbol_of_a_path_or_a_symbol() {
    let world = world();
    let target = |text: &str| ask(&world, &asked(text)).target;
    for (text, id) in [
        ("app/a.py", "app/a.py"),
        ("shop:app/a.py", "app/a.py"),
        ("app/", "app/"),
        ("lib", "lib/"),
        ("lib/db.py::Store.open", "lib/db.py::Store.open"),
        ("lib/db.py::open", "lib/db.py::Store.open"),
        ("shop:lib/db.py::Store", "lib/db.py::Store"),
        ("Store.close", "lib/db.py::Store.close"),
        ("close", "lib/db.py::Store.close"),
        ("shop:run", "app/c.py::run"),
    ] {
        assert_eq!(target(text), id, "{text}");
    }
    let inside = |text: &str, directory: &str| {
        let from = Standpoint::Inside { repo: "shop".into(), directory: directory.into() };
        ask(&world, &DepsRequest { from, ..asked(text) }).target
    };
    assert_eq!(inside("db.py", "lib"), "lib/db.py");
    assert_eq!(inside("app/a.py", "lib"), "app/a.py");
    assert_eq!(inside("db.py::open", "lib"), "lib/db.py::Store.open");
    let from = Standpoint::Above { repo: "shop".into(), path: "lib/db.py".into() };
    assert_eq!(ask(&world, &DepsRequest { from, ..asked("shop/lib/db.py") }).target, "lib/db.py");
    let from = Standpoint::Exact { repo: "shop".into(), path: "lib/db.py".into() };
    assert_eq!(ask(&world, &DepsRequest { from, ..asked("./db.py") }).target, "lib/db.py");
}

#[test]
fn several_things_of_one_name_are_listed() {
    let twice = ["a.c:1-2 function open", "b.c:1-2 function open", "h.h:1-1 prototype read", "a.c:3-4 function read"];
    let files: &[&[&[&str]]] = &[&[&["a.c", "b.c", "h.h"]]];
    let world = World::of(&[repo("one", files, &[], &twice), repo("two", files, &[""; 0], &[])]);
    let DepsError::Ambiguous { count, candidates, .. } = refused(&world, &asked("open")) else { panic!() };
    assert_eq!((count, &*candidates), (2, "`one:a.c::open`\n`one:b.c::open`"));
    let DepsError::Ambiguous { candidates, .. } = refused(&world, &asked("a.c")) else { panic!() };
    assert_eq!(candidates, "`one:a.c`\n`two:a.c`");
    assert_eq!(ask(&world, &DepsRequest { repo: Some("two".into()), ..asked("a.c") }).repo, "two");
    assert_eq!(ask(&world, &asked("read")).target, "a.c::read", "a declaration is not what is meant");
}

#[test]
fn what_is_not_there_is_said() {
    let world = world();
    for text in ["nothing", "app/none.py", "app/a.py::none", "app/a.py/", "", "shop:", "::", "a::", "app/none.py::main"]
    {
        let error = refused(&world, &asked(text));
        assert!(matches!(error, DepsError::NotFound { .. }), "{text}: {error}");
    }
    let from = Standpoint::Exact { repo: "shop".into(), path: String::new() };
    assert!(matches!(refused(&world, &DepsRequest { from, ..asked(".") }), DepsError::Root { .. }));
    let unknown =
        deps(&world, &Cache::default(), &DepsRequest { repo: Some("shpo".into()), ..asked("x") }).unwrap_err();
    assert!(matches!(unknown, QueryError::UnknownRepository { help, .. } if help == "did you mean `shop`?"));
}

#[test]
fn without_relations_the_next_step_is_said() {
    let mut world = world();
    let build = world.build_mut("shop");
    let index = build.nodes.iter_mut().find(|node| node.name == "index").unwrap();
    index.tables.remove("relations");
    assert!(matches!(refused(&world, &asked("main")), DepsError::NoOutline { node, .. } if node == "index"));
    let params = serde_json::json!({ "relations": false });
    world.build_mut("shop").nodes.iter_mut().for_each(|node| node.params = params.clone());
    assert!(matches!(refused(&world, &asked("main")), DepsError::Off { .. }));
    world.build_mut("shop").nodes.iter_mut().for_each(|node| node.merged.clear());
    assert!(matches!(refused(&world, &asked("main")), DepsError::OldBuild { .. }));
    world.build_mut("shop").nodes.retain(|node| node.kind != "index");
    assert!(matches!(refused(&world, &asked("main")), DepsError::NoIndex { .. }));
}

#[test]
fn without_symbols_only_paths_can_be_asked_about() {
    let mut world = world();
    world.build_mut("shop").nodes.iter_mut().for_each(|node| {
        node.tables.remove("symbols");
    });
    assert_eq!(ask(&world, &asked("z.py")).edges.len(), 1);
    for text in ["main", "app/a.py::main"] {
        assert!(matches!(refused(&world, &asked(text)), DepsError::NoSymbols { .. }), "{text}");
    }
}

#[test]
fn a_repository_without_relations_keeps_nobody_from_asking_another() {
    let world = World::of(&[repo("shop", SEGMENTS, RELATIONS, SYMBOLS), Spec::new("old", Vec::new())]);
    assert_eq!(ask(&world, &asked("main")).repo, "shop");
    let request = DepsRequest { repo: Some("old".into()), ..asked("main") };
    assert!(matches!(refused(&world, &request), DepsError::OldBuild { repo } if repo == "old"));
}

/// Files of random worlds; each has symbols `f` (lines 1 to 9), in it `f.g` (3 to 5), and `h` (11 to 19).
const FILES: [&str; 6] = ["a/x.c", "a/y.c", "b/c/x.c", "b/z.py", "b/__init__.py", "m.c"];

fn random_symbols() -> Vec<String> {
    let of = |file: &&str| {
        [format!("{file}:1-9 function f"), format!("{file}:3-5 function f.g"), format!("{file}:11-19 function h")]
    };
    FILES.iter().flat_map(of).collect()
}

fn any_relation() -> impl Strategy<Value = String> {
    let targets: Vec<String> = FILES
        .iter()
        .flat_map(|file| [(*file).to_owned(), format!("{file}::f"), format!("{file}::f.g"), format!("{file}::h")])
        .chain(["a", "b", "b/c", "?g", "?h", "!printf"].map(str::to_owned))
        .collect();
    let target = prop::sample::select(targets);
    (prop::sample::select(FILES.to_vec()), 1..21u32, 0..5usize, target).prop_map(|(file, line, kind, target)| {
        // Only imports lead to paths.
        let is_path = !target.contains("::") && !target.starts_with(['?', '!']);
        let kind = if is_path { "imports" } else { ["calls", "uses", "extends", "implements", "calls"][kind] };
        format!("{file}:{line} {kind} {target}")
    })
}

fn any_world() -> impl Strategy<Value = World> {
    let cuts = prop::collection::vec(0..3usize, FILES.len());
    (prop::collection::vec(any_relation(), 0..40), cuts).prop_map(|(relations, cuts)| {
        // After each file the shard goes on, ends, or ends with its segment.
        let mut files: Vec<&str> = FILES.to_vec();
        files.sort_unstable();
        let mut segments: Vec<Vec<Vec<&str>>> = vec![vec![Vec::new()]];
        for (file, cut) in files.into_iter().zip(cuts) {
            segments.last_mut().unwrap().last_mut().unwrap().push(file);
            match cut {
                0 => {}
                1 => segments.last_mut().unwrap().push(Vec::new()),
                _ => segments.push(vec![Vec::new()]),
            }
        }
        for shards in &mut segments {
            shards.retain(|shard| !shard.is_empty());
        }
        segments.retain(|shards| !shards.is_empty());
        let shards: Vec<Vec<&[&str]>> = segments.iter().map(|s| s.iter().map(Vec::as_slice).collect()).collect();
        let segments: Vec<&[&[&str]]> = shards.iter().map(Vec::as_slice).collect();
        World::of(&[repo("r", &segments, &relations, &random_symbols())])
    })
}

/// From, to → what is told of the edge, of all edges between `nodes`.
type Relations = BTreeMap<(String, String), (BTreeMap<&'static str, u64>, Vec<Site>)>;

fn one_level(world: &World, nodes: &[String], reverse: bool) -> Relations {
    let mut found = Relations::new();
    for node in nodes {
        for edge in ask(world, &DepsRequest { reverse, depth: Some(1), ..asked(node) }).edges {
            found.insert((edge.from, edge.to), (edge.types, edge.at));
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn of_files_reverse_is_the_inverse_of_forward(world in any_world()) {
        let files: Vec<String> = FILES.map(str::to_owned).to_vec();
        let mut expected = Relations::new();
        for ((from, to), (types, at)) in one_level(&world, &files, false) {
            // An imported directory means files in it.
            let meant: Vec<&str> = match to.strip_suffix('/') {
                None => vec![&to],
                Some("a") => vec!["a/x.c", "a/y.c"],
                Some("b") => vec!["b/__init__.py"],
                Some("b/c") => vec!["b/c/x.c"],
                Some(other) => panic!("{other}"),
            };
            for file in meant.into_iter().filter(|file| *file != from) {
                let (all, places) = expected.entry((from.clone(), file.to_owned())).or_default();
                for (name, count) in &types {
                    *all.entry(name).or_default() += count;
                }
                places.extend(at.iter().cloned());
                places.sort();
                places.dedup();
                places.truncate(5);
            }
        }
        prop_assert_eq!(one_level(&world, &files, true), expected);
    }

    #[test]
    fn of_symbols_reverse_is_the_inverse_of_forward(world in any_world()) {
        // `f` holds the lines of `f.g`; the others hold nothing of another.
        let inner: Vec<String> = FILES.iter().flat_map(|f| [format!("{f}::f.g"), format!("{f}::h")]).collect();
        let among = |all: Relations| -> Relations {
            all.into_iter().filter(|((from, to), _)| inner.contains(from) && inner.contains(to)).collect()
        };
        prop_assert_eq!(among(one_level(&world, &inner, true)), among(one_level(&world, &inner, false)));
    }

    #[test]
    fn what_is_reached_reaches_back(world in any_world()) {
        let reached = |from: &str, reverse: bool| -> BTreeSet<String> {
            // Directories mean several files, and only one way.
            let request = DepsRequest { reverse, depth: Some(0), relations: vec![Relation::Calls, Relation::Uses], ..asked(from) };
            ask(&world, &request).nodes.into_iter().map(|node| node.id).collect()
        };
        let forward: BTreeMap<&str, BTreeSet<String>> = FILES.iter().map(|file| (*file, reached(file, false))).collect();
        for to in FILES {
            let back: BTreeSet<String> = FILES.iter().filter(|from| forward[**from].contains(to)).map(|f| (*f).to_owned()).collect();
            prop_assert_eq!(reached(to, true), back, "{}", to);
        }
    }

    #[test]
    fn the_answer_is_the_same_with_any_number_of_threads(world in any_world(), limit in 1..20usize, reverse: bool) {
        let request = DepsRequest { reverse, depth: Some(0), limit, list: true, threads: 1, ..asked("a/x.c::h") };
        let one = ask(&world, &request);
        prop_assert!(one.edges.len() <= limit);
        prop_assert_eq!(one, ask(&world, &DepsRequest { threads: 4, ..request }));
    }
}
