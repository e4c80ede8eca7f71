//! Relations are resolved again exactly where a name that a shard refers to stands for something else.

use std::collections::{BTreeMap, BTreeSet};

use sawmill::engine::{Change, Moved, Reason, Unit};
use sawmill::ops::show::{self, ShowRequest};

use crate::workbench::{Built, PIPELINE, Workbench, plant, sample};

/// `path → target`, for each call of `name`.
fn calls(bench: &Workbench, name: &str) -> BTreeMap<String, String> {
    let request = ShowRequest { table: "relations".into(), ..ShowRequest::default() };
    let shown = show::run(&bench.context(), &request).unwrap().answer;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let rows = shown.rows.iter().filter(|row| row["target_name"] == name);
    rows.map(|row| {
        let found = match text(&row["status"]).as_str() {
            "resolved" => format!("{}::{}", text(&row["target_path"]), text(&row["target_symbol"])),
            other => other.to_owned(),
        };
        (text(&row["path"]), found)
    })
    .collect()
}

/// Twenty C files, each of which calls `shared` or `alone_<n>`.
fn bench() -> Workbench {
    let bench = Workbench::new(&["one"]);
    for n in 0..20 {
        let calls = if n % 4 == 0 { "shared();".to_owned() } else { format!("alone_{}();", (n + 1) % 20) };
        bench.write("one", &format!("src/f{n:02}.c"), format!("void alone_{n}(void) {{\n    {calls}\n}}\n"));
    }
    bench
}

/// The files of the shards that were resolved.
fn resolved(bench: &Workbench, built: &Built) -> BTreeSet<String> {
    let ids: BTreeSet<String> = built.ran("index", Unit::Resolution).iter().map(|a| a.id.to_string()).collect();
    let pinned = bench.context().pinned().unwrap();
    let root = pinned.build("one").unwrap();
    let lists = root.segments.iter().map(|segment| pinned.list("one", &segment.list).unwrap());
    let shards = lists.flat_map(|list| list.shards).filter(|shard| ids.contains(&shard.id));
    shards.flat_map(|shard| [shard.first_path, shard.last_path]).collect()
}

fn assert_clean(bench: &Workbench) {
    let clean = bench.clean_copy();
    clean.build();
    assert_eq!(bench.manifests(), clean.manifests());
    assert!(bench.build().report.nothing_to_do);
}

#[test]
fn a_definition_that_comes_goes_or_moves_resolves_the_shards_that_use_its_name_and_no_others() {
    let bench = bench();
    bench.build();
    assert!(calls(&bench, "shared").values().all(|found| found == "unresolved"));
    let users: BTreeSet<String> = calls(&bench, "shared").into_keys().collect();
    assert_eq!(users.len(), 5);
    let shards = |built: &Built| built.ran("index", Unit::Resolution).len();
    let all = {
        let pinned = bench.context().pinned().unwrap();
        pinned.build("one").unwrap().segments.iter().map(|s| s.shards).sum::<u64>() as usize
    };
    for (path, text, expected) in [
        ("src/f05.c", "void alone_5(void) { alone_6(); }\nvoid shared(void) {}\n", "src/f05.c::shared"),
        ("src/f07.c", "void alone_7(void) { alone_8(); }\nvoid shared(void) {}\n", "ambiguous"),
        ("src/f05.c", "void alone_5(void) { alone_6(); }\n", "src/f07.c::shared"),
        ("src/f07.c", "void alone_7(void) { alone_8(); }\n", "unresolved"),
    ] {
        bench.write("one", path, text);
        let built = bench.build();
        assert!(calls(&bench, "shared").values().all(|found| found == expected), "{:?}", calls(&bench, "shared"));
        let touched = resolved(&bench, &built);
        assert!(shards(&built) < all, "{touched:?}");
        // By the manifest every shard with a user, the edited one, and no other. What was resolved like this before is
        // known to the memo.
        let known = if expected == "unresolved" { BTreeSet::new() } else { users.clone() };
        assert_eq!(ids(&built), shards_with(&bench, &known, path));
        assert_clean(&bench);
    }
}

fn ids(built: &Built) -> BTreeSet<String> {
    built.ran("index", Unit::Resolution).iter().map(|a| a.id.to_string()).collect()
}

/// Ids of the shards that hold a file of `users`, or `edited`.
fn shards_with(bench: &Workbench, users: &BTreeSet<String>, edited: &str) -> BTreeSet<String> {
    let pinned = bench.context().pinned().unwrap();
    let root = pinned.build("one").unwrap();
    let lists = root.segments.iter().map(|segment| pinned.list("one", &segment.list).unwrap());
    let holds = |shard: &sawmill::store::ShardRecord, path: &str| {
        shard.first_path.as_str() <= path && path <= shard.last_path.as_str()
    };
    let shards = lists.flat_map(|list| list.shards);
    shards.filter(|s| users.iter().any(|user| holds(s, user)) || holds(s, edited)).map(|s| s.id).collect()
}

#[test]
fn an_edit_that_defines_nothing_else_resolves_its_own_shard_only() {
    let bench = bench();
    bench.build();
    bench.write("one", "src/f09.c", "void alone_9(void) {\n    int more = 1;\n    alone_10();\n}\n");
    let built = bench.build();
    assert_eq!(built.ran("index", Unit::Resolution).len(), 1);
    assert_clean(&bench);
}

#[test]
fn a_new_file_is_found_by_the_imports_that_named_it_in_vain() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 30);
    for n in 0..9 {
        bench.write("one", &format!("inc/user_{n}.c"), format!("#include \"late.h\"\nint user_{n};\n"));
    }
    bench.build();
    assert!(calls(&bench, "late.h").values().all(|found| found == "unresolved"));
    bench.write("one", "inc/late.h", "int late;\n");
    let built = bench.build();
    assert!(calls(&bench, "late.h").values().all(|found| found == "inc/late.h::"), "{:?}", calls(&bench, "late.h"));
    let report = why(&bench);
    let named = |reason: &Reason| match reason {
        Reason::Moved { moved, .. } => {
            moved.iter().any(|m| matches!(m, Moved::Name { name, change: Change::Added, .. } if name == "/late.h"))
        }
        _ => false,
    };
    let resolutions: Vec<_> = report.actions.iter().filter(|a| a.action.unit == Unit::Resolution).collect();
    assert_eq!(resolutions.len(), built.ran("index", Unit::Resolution).len());
    assert!(resolutions.iter().any(|a| a.action.reason.as_ref().is_some_and(named)), "{resolutions:?}");
    // What moved first is the file, and with it where the shards are cut.
    for action in resolutions {
        let is_file = |root: &sawmill::ops::why::Root| match &root.reason {
            Reason::Moved { moved, .. } => moved.iter().all(|m| matches!(m, Moved::File { .. } | Moved::Shard { .. })),
            _ => false,
        };
        let others: Vec<_> = action.roots.iter().filter(|root| !is_file(root)).collect();
        assert!(!action.roots.is_empty() && others.is_empty(), "{:?}: {others:?}", action.action);
    }
    assert_clean(&bench);
}

fn why(bench: &Workbench) -> sawmill::ops::why::WhyReport {
    let request = sawmill::ops::why::WhyRequest { selectors: Vec::new(), path: None, next: false };
    sawmill::ops::why::run(&bench.context(), &request).unwrap()
}

#[test]
fn an_index_without_the_outline_or_without_relations_resolves_nothing() {
    for pipeline in [
        PIPELINE.replace(", outline: extract }", " }"),
        PIPELINE.replace("outline: extract } }\n", "outline: extract }, with: { relations: false } }\n").replace(
            "chunk:   { kind: chunk, inputs: { outline: extract }, with: { relations: false } }",
            "chunk:   { kind: chunk, inputs: { outline: extract } }",
        ),
    ] {
        let bench = Workbench::with_pipeline(&["one"], &pipeline);
        plant(&bench, "one", 10);
        let built = bench.build();
        assert!(built.ran("index", Unit::Resolution).is_empty(), "{pipeline}");
        assert!(!built.ran("index", Unit::Segment).is_empty());
    }
}

#[test]
fn a_lost_artifact_of_relations_is_resolved_again() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 30);
    bench.build();
    let before = bench.manifests();
    let pinned = bench.context().pinned().unwrap();
    let root = pinned.build("one").unwrap();
    let list = pinned.list("one", &root.segments[0].list).unwrap();
    let piece = list.shards[0].pieces.iter().find(|piece| piece.table == "relations").unwrap();
    let hex = piece.artifact.hex();
    let object = bench.dir.path().join(format!(".sawmill/cache/objects/{}/{}.parquet", &hex[..2], &hex[2..]));
    std::fs::remove_file(object).unwrap();
    drop(pinned);
    let (path, text) = sample(1, 2);
    bench.write("one", &path, text);
    bench.build();
    let (path, text) = sample(1, 0);
    bench.write("one", &path, text);
    bench.build();
    assert_eq!(bench.manifests(), before);
    let report = sawmill::ops::verify::run(&bench.context(), &sawmill::ops::verify::VerifyRequest::default()).unwrap();
    assert!(report.ok, "{report:?}");
}

/// `type target → status path symbol`, of one file.
fn relations(bench: &Workbench, path: &str) -> Vec<String> {
    let request = ShowRequest { table: "relations".into(), ..ShowRequest::default() };
    let shown = show::run(&bench.context(), &request).unwrap().answer;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let rows = shown.rows.iter().filter(|row| row["path"] == path);
    let mut rows: Vec<String> = rows
        .map(|row| {
            let [kind, name, status] = ["type", "target_name", "status"].map(|column| text(&row[column]));
            format!("{kind} {name}: {status} {} {}", text(&row["target_path"]), text(&row["target_symbol"]))
        })
        .map(|line| line.trim_end().to_owned())
        .collect();
    rows.sort();
    rows
}

#[test]
fn imported_names_lead_to_their_modules_and_bases_to_their_types() {
    let bench = Workbench::new(&["one"]);
    bench.write("one", "pkg/__init__.py", "");
    bench.write("one", "pkg/shapes.py", "class Base:\n    pass\n\ndef area():\n    return 1\n");
    bench.write("one", "pkg/use.py", "from .shapes import Base, area\nfrom . import shapes\n\nclass Square(Base):\n    pass\n\ndef run():\n    return area()\n");
    bench.write("one", "main.py", "from pkg.shapes import area\nimport pkg.shapes\n\narea()\n");
    bench.write("one", "src/lib.rs", "mod draw;\n");
    bench.write("one", "src/draw.rs", "pub trait Draw {}\npub struct A;\nimpl Draw for A {}\n");
    bench.build();
    assert_eq!(
        relations(&bench, "pkg/use.py"),
        [
            "calls area: resolved pkg/shapes.py area",
            "extends Base: resolved pkg/shapes.py Base",
            "imports .: resolved pkg/__init__.py",
            "imports .shapes: resolved pkg/shapes.py",
            "imports .shapes: resolved pkg/shapes.py",
        ]
    );
    assert_eq!(
        relations(&bench, "main.py"),
        [
            "calls area: resolved pkg/shapes.py area",
            "imports pkg.shapes: resolved pkg/shapes.py",
            "imports pkg.shapes: resolved pkg/shapes.py",
        ]
    );
    assert_eq!(relations(&bench, "src/lib.rs"), ["imports self::draw: resolved src/draw.rs"]);
    assert_eq!(relations(&bench, "src/draw.rs"), ["implements Draw: resolved src/draw.rs Draw"]);
}
