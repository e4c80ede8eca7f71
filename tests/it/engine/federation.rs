//! Nodes of the workspace: what three repositories make together.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;

use sawmill::engine::{ActionDone, Event, Outcome, Recorded, Unit};
use sawmill::ops::{gc, show, snapshot, verify};
use sawmill::table::schema::{LINKS, LinkRow, MEMBERS, MemberRow, PACKAGES, PackageRow};
use sawmill::table::{Row, TableReader, TableSchema};

use crate::workbench::{Built, Workbench};

pub const NAME: &str = "everyone@everyone";

const EVERYONE: &str = "\
version: 1
name: everyone
scope: workspace
nodes:
  everyone: { kind: federate, inputs: { indexes: [code/index] } }
";

const WORKSPACE: &str = "\
version: 1
name: bench
pipeline: code
pipelines: [everyone]
repos:
";

/// A workspace of three repositories: `app` imports what `lib` declares, and `other` declares some of it again.
pub fn bench() -> Workbench {
    let bench = Workbench::new(&["app", "lib", "other"]);
    declare(
        &bench,
        &["  - { name: app, root: app }", "  - { name: lib, root: lib }", "  - { name: other, root: other }"],
    );
    std::fs::write(bench.dir.path().join("pipelines/everyone.yaml"), EVERYONE).unwrap();
    for (repo, path, text) in FILES {
        bench.write(repo, path, text);
    }
    bench
}

fn declare(bench: &Workbench, repos: &[&str]) {
    std::fs::write(bench.file(), format!("{WORKSPACE}{}\n", repos.join("\n"))).unwrap();
}

const FILES: &[(&str, &str, &str)] = &[
    ("lib", "go.mod", "module example.com/lib\n\ngo 1.22\n"),
    ("lib", "store/store.go", "package store\n\nfunc Open() {}\n"),
    ("lib", "store/open_test.go", "package store\n\nfunc TestOpen() {}\n"),
    ("lib", "rust/Cargo.toml", "[package]\nname = \"lib-core\"\nversion = \"1.0.0\"\n"),
    ("lib", "rust/src/lib.rs", "pub fn start() {}\n"),
    ("lib", "ui/package.json", "{ \"name\": \"@acme/ui\" }\n"),
    ("lib", "ui/index.ts", "export function draw() {}\n"),
    ("lib", "acme/__init__.py", ""),
    ("lib", "acme/net/__init__.py", "def get(): pass\n"),
    ("other", "package.json", "{ \"name\": \"shared\" }\n"),
    ("other", "web/package.json", "{ \"name\": \"twice\" }\n"),
    ("other", "src/json/__init__.py", "def loads(): pass\n"),
    ("lib", "shared/package.json", "{ \"name\": \"shared\" }\n"),
    ("app", "go.mod", "module example.com/app\n"),
    (
        "app",
        "main.go",
        "package main\n\nimport (\n\t\"fmt\"\n\t\"example.com/lib/store\"\n\t\"example.com/lib/gone\"\n\t\"example.com/else/store\"\n)\n\nfunc main() { fmt.Println(store.Open) }\n",
    ),
    ("app", "Cargo.toml", "[package]\nname = \"app\"\n"),
    ("app", "src/main.rs", "use lib_core::start;\nuse std::fmt;\nuse serde::Serialize;\n\nfn main() { start() }\n"),
    (
        "app",
        "web/main.ts",
        "import { draw } from '@acme/ui/button';\nimport shared from 'shared';\nimport fs from 'fs';\nimport { a } from './near';\n\ndraw();\n",
    ),
    ("app", "tools/run.py", "import json\nimport acme.net.client\nfrom acme import net\nimport requests\n"),
];

fn rows<R: Row>(bench: &Workbench, table: &'static TableSchema) -> Vec<R> {
    let pinned = bench.context().pinned().unwrap();
    let root = pinned.build(NAME).unwrap();
    let mut all = Vec::new();
    for segment in &root.segments {
        let list = pinned.list(NAME, &segment.list).unwrap();
        for piece in list.shards.iter().flat_map(|shard| &shard.pieces).chain(&list.pieces) {
            if piece.table == table.name {
                let reader = TableReader::open(pinned.store().object(&piece.artifact).unwrap(), table).unwrap();
                all.extend(reader.read_all().unwrap().rows::<R>().unwrap());
            }
        }
    }
    all
}

fn links(bench: &Workbench) -> String {
    let mut text = String::new();
    for row in rows::<LinkRow>(bench, &LINKS) {
        let target = match (&row.target_repository, &row.target_path) {
            (Some(repo), Some(path)) => format!("{repo}:{path}"),
            (Some(repo), None) => format!("{repo}:?"),
            _ => "?".to_owned(),
        };
        let (repo, path, line, status) = (&row.repository, &row.path, row.line, &row.status);
        writeln!(text, "{repo} {path}:{line} {} = {} {status} → {target}", row.target_name, row.package).unwrap();
    }
    text
}

fn manifest(bench: &Workbench) -> Vec<u8> {
    std::fs::read(bench.dir.path().join(".sawmill/latest/workspace_manifest.json")).unwrap()
}

fn generation(bench: &Workbench) -> String {
    bench.context().pinned().unwrap().generation().id.clone()
}

/// What ran of the node, as `unit id`.
fn ran(built: &Built) -> BTreeSet<String> {
    let of_node = |event: &Event| match event {
        Event::ActionFinished(ActionDone { repo, outcome: Outcome::Ran, unit, id, .. }) if &**repo == NAME => {
            Some(format!("{unit:?} {}", id.split('/').next().unwrap_or_default()))
        }
        _ => None,
    };
    built.events.iter().filter_map(of_node).collect()
}

#[test]
fn an_import_leads_to_the_one_repository_that_declares_its_package() {
    let bench = bench();
    bench.build();
    let expected = "\
app main.go:5 example.com/lib/store = example.com/lib/store resolved → lib:store
app main.go:6 example.com/lib/gone = example.com/lib unresolved → ?
app src/main.rs:1 lib_core::start = lib_core resolved → lib:rust
app tools/run.py:2 acme.net.client = acme.net resolved → lib:acme/net
app tools/run.py:3 acme = acme resolved → lib:acme
app web/main.ts:1 @acme/ui/button = @acme/ui resolved → lib:ui
app web/main.ts:2 shared = shared ambiguous → ?
";
    assert_eq!(links(&bench), expected);
}

#[test]
fn packages_have_the_names_by_which_others_import_them() {
    let bench = bench();
    bench.build();
    let names: Vec<String> = rows::<PackageRow>(&bench, &PACKAGES)
        .iter()
        .map(|row| format!("{} {} {}:{} {}", row.ecosystem, row.name, row.repository, row.path, row.kind))
        .collect();
    let expected = [
        "node @acme/ui lib:ui package",
        "python acme lib:acme package",
        "python acme.net lib:acme/net package",
        "crate app app:. package",
        "go example.com/app app:. module",
        "go example.com/app app:. package",
        "go example.com/lib lib:. module",
        "go example.com/lib/store lib:store package",
        "python json other:src/json package",
        "crate lib_core lib:rust package",
        "node shared lib:shared package",
        "node shared other:. package",
        "node twice other:web package",
    ];
    assert_eq!(names, expected);
    let members = rows::<MemberRow>(&bench, &MEMBERS);
    let of_app: Vec<_> = members.iter().filter(|row| row.repository == "app" && row.mode.is_some()).collect();
    assert!(of_app.iter().all(|row| row.availability == "present" && row.cohort.is_some() && !row.stale));
    assert!(of_app.iter().any(|row| row.mode.as_deref() == Some("code") && row.files == 4), "{of_app:?}");
}

/// Edits of a timeline; each must come to what a clean build comes to.
const EDITS: &[(&str, &str, &str)] = &[
    ("app", "src/main.rs", "// moved\nuse lib_core::start;\n\nfn main() { start() }\n"),
    ("lib", "gone/gone.go", "package gone\n\nfunc Here() {}\n"),
    ("lib", "rust/Cargo.toml", "[package]\nname = \"lib-heart\"\n"),
    ("other", "rust/Cargo.toml", "[package]\nname = \"lib-core\"\n"),
    ("app", "acme/__init__.py", "own = 1\n"),
    ("other", "package.json", "{ \"name\": \"elsewhere\" }\n"),
    ("lib", "acme/net/__init__.py", "def post(): pass\n"),
    ("app", "tools/run.py", "import acme.net\n"),
];

#[test]
fn incremental_is_clean_for_what_repositories_make_together() {
    let bench = bench();
    bench.build();
    for (repo, path, text) in EDITS {
        bench.write(repo, path, text);
        let foreseen = bench.dry_run();
        let built = bench.build();
        let clean = bench.clean_copy();
        clean.build();
        assert_eq!(bench.manifests(), clean.manifests(), "{repo} {path}");
        assert_eq!((generation(&bench), manifest(&bench)), (generation(&clean), manifest(&clean)));
        let listed: BTreeSet<_> = foreseen.will.iter().chain(&foreseen.may).map(Recorded::place).collect();
        for event in &built.events {
            if let Event::ActionFinished(a) = event
                && a.outcome == Outcome::Ran
            {
                assert!(
                    listed.contains(&(&*a.repo, &*a.node, a.unit, &*a.id)),
                    "{} {} {:?} {}",
                    a.repo,
                    a.node,
                    a.unit,
                    a.id
                );
            }
        }
        assert!(bench.build().report.nothing_to_do, "{repo} {path}");
    }
}

#[test]
fn order_display_and_place_move_nothing() {
    let bench = bench();
    bench.build();
    let (before, id) = (manifest(&bench), generation(&bench));
    declare(
        &bench,
        &[
            "  - { name: other, root: other, tags: [x], priority: 7 }",
            "  - { name: lib, root: lib, enabled: false }",
            "  - { name: app, root: app }",
        ],
    );
    bench.build();
    assert_eq!((manifest(&bench), generation(&bench)), (before.clone(), id.clone()));
    let elsewhere = bench.clean_copy();
    elsewhere.build();
    assert_eq!((manifest(&elsewhere), generation(&elsewhere)), (before.clone(), id));
    bench.write("app", "src/main.rs", "fn main() {}\n");
    bench.build();
    assert_ne!(manifest(&bench), before);
}

#[test]
fn an_edit_in_one_repository_reads_nothing_of_the_others() {
    let bench = bench();
    let built = bench.build();
    assert!(ran(&built).contains("Resolution other"), "{:?}", ran(&built));
    // A body: neither a package nor an import moves.
    bench.write("lib", "store/store.go", "package store\n\nfunc Open() { println(1) }\n");
    let lib_only = BTreeSet::from(["Segment @members".to_owned(), "Shard lib".to_owned()]);
    let built = bench.build();
    assert_eq!(ran(&built), lib_only);
    let parts = built.ran("everyone", Unit::Shard).len();
    assert!(parts < 3, "{parts} segments of `lib` were read");
    // An import moves: its repository is linked again.
    bench.write("app", "src/main.rs", "\nuse lib_core::start;\n\nfn main() { start() }\n");
    let app_only = ["Resolution app", "Segment @members", "Shard app"].map(str::to_owned);
    assert_eq!(ran(&bench.build()), BTreeSet::from(app_only));
    // A package comes that nobody asks for: no link is made anew.
    bench.write("other", "fresh/package.json", "{ \"name\": \"fresh\" }\n");
    let other_only = ["Segment @members", "Segment @workspace", "Shard other"].map(str::to_owned);
    assert_eq!(ran(&bench.build()), BTreeSet::from(other_only));
}

#[test]
fn what_is_lost_or_damaged_of_a_node_of_the_workspace_is_made_again() {
    let bench = bench();
    bench.build();
    let (id, manifests) = (generation(&bench), bench.manifests());
    let pinned = bench.context().pinned().unwrap();
    let root = pinned.build(NAME).unwrap();
    let lists: Vec<_> = root.segments.iter().map(|s| pinned.list(NAME, &s.list).unwrap()).collect();
    let pieces = lists.iter().flat_map(|list| list.shards.iter().flat_map(|s| &s.pieces).chain(&list.pieces));
    let mut files: BTreeSet<_> = pieces.map(|piece| pinned.store().object_path(&piece.artifact)).collect();
    let builds = bench.dir.path().join(".sawmill/builds").join(NAME);
    files.insert(builds.join(&root.id).join("root.json"));
    let named = root.segments.iter().map(|s| s.list).chain(root.workspace_manifest);
    files.extend(named.map(|hash| builds.join(format!("lists/{hash}.json"))));
    drop(pinned);
    assert!(files.len() > 10);
    for (at, file) in files.iter().enumerate() {
        let bytes = std::fs::read(file).unwrap();
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).unwrap();
        // An object that is hurt in place shows when it is read.
        if at % 2 == 0 || file.extension().is_some_and(|extension| extension == "parquet") {
            std::fs::remove_file(file).unwrap();
        } else {
            std::fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
        }
        bench.build();
        assert_eq!((generation(&bench), bench.manifests()), (id.clone(), manifests.clone()), "{}", file.display());
        assert!(std::fs::read(file).unwrap() == bytes, "{}", file.display());
    }
}

#[test]
fn damage_that_a_node_of_the_workspace_meets_in_a_repository_is_mended_there() {
    let bench = bench();
    bench.build();
    let manifests = bench.manifests();
    let pinned = bench.context().pinned().unwrap();
    let root = pinned.build("lib").unwrap();
    let mut hurt = 0;
    for segment in &root.segments {
        let list = pinned.list("lib", &segment.list).unwrap();
        for piece in list.pieces.iter().filter(|piece| piece.table == "definitions") {
            let path = pinned.store().object_path(&piece.artifact);
            let mut bytes = std::fs::read(&path).unwrap();
            bytes[10] ^= 1;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            std::fs::write(&path, bytes).unwrap();
            hurt += 1;
        }
    }
    drop(pinned);
    assert!(hurt > 0);
    // What was read of them is gone too, so that they must be read again.
    let node = bench.context().pinned().unwrap();
    let root = node.build(NAME).unwrap();
    for segment in &root.segments {
        let list = node.list(NAME, &segment.list).unwrap();
        for piece in list.shards.iter().flat_map(|shard| &shard.pieces) {
            drop(std::fs::remove_file(node.store().object_path(&piece.artifact)));
        }
    }
    drop(node);
    bench.build();
    assert_eq!(bench.manifests(), manifests);
    let report = verify::run(&bench.context(), &verify::VerifyRequest { deep: true, all: false }).unwrap();
    assert!(report.ok, "{report:?}");
}

#[test]
fn verify_and_garbage_collection_know_what_nodes_of_the_workspace_made() {
    let bench = bench();
    bench.build();
    for round in 0..3 {
        bench.write("app", "src/main.rs", format!("use lib_core::start;\nfn main() {{ start({round}) }}\n"));
        bench.build();
    }
    let (grace, wait) = (std::time::Duration::ZERO, std::time::Duration::from_secs(20));
    let request = gc::GcRequest { dry_run: false, grace, max_objects: None, wait };
    for _ in 0..3 {
        gc::run(&bench.context(), &request).unwrap();
    }
    let report = verify::run(&bench.context(), &verify::VerifyRequest { deep: true, all: true }).unwrap();
    assert!(report.ok, "{report:?}");
    assert!(bench.build().report.nothing_to_do);
}

#[test]
fn a_repository_whose_tree_is_gone_takes_part_with_its_old_build() {
    let bench = bench();
    bench.build();
    let before = links(&bench);
    std::fs::rename(bench.root("lib"), bench.dir.path().join("away")).unwrap();
    bench.write("app", "notes.md", "# Notes\n");
    let built = bench.try_build().unwrap();
    assert!(!built.report.ok);
    assert_eq!(links(&bench), before);
    let members = rows::<MemberRow>(&bench, &MEMBERS);
    assert!(members.iter().all(|row| row.stale == (row.repository == "lib")), "{members:?}");
    std::fs::rename(bench.dir.path().join("away"), bench.root("lib")).unwrap();
    bench.build();
    let clean = bench.clean_copy();
    clean.build();
    assert_eq!(bench.manifests(), clean.manifests());
}

#[test]
fn a_workspace_without_nodes_has_the_generation_that_it_had() {
    let bench = bench();
    bench.build();
    let with = generation(&bench);
    std::fs::write(
        bench.file(),
        format!("{}  - {{ name: app, root: app }}\n", WORKSPACE.replace("pipelines: [everyone]\n", "")),
    )
    .unwrap();
    bench.build();
    let pinned = bench.context().pinned().unwrap();
    assert!(pinned.generation().workspace.is_empty());
    assert_ne!(pinned.generation().id, with);
    let text = std::fs::read_to_string(
        bench.dir.path().join(".sawmill/generations").join(format!("{}.json", pinned.generation().id)),
    )
    .unwrap();
    assert!(!text.contains("workspace"), "{text}");
}

#[test]
fn a_frozen_snapshot_holds_what_repositories_made_together() {
    let bench = bench();
    bench.build();
    let (before, id) = (manifest(&bench), generation(&bench));
    let wait = std::time::Duration::from_secs(20);
    let request =
        snapshot::CreateRequest { tags: vec!["v1".into()], label: None, notes: None, freeze: true, link: false, wait };
    let made = snapshot::create(&bench.context(), &request).unwrap();
    let pinned = bench.context().pinned().unwrap();
    let copy = pinned.store().frozen_store(&made.snapshot.id).unwrap().pin().unwrap().unwrap();
    assert_eq!(copy.generation().id, id);
    assert_eq!(copy.workspace_manifest("everyone/everyone").unwrap().unwrap(), before);
    let shown = copy.view().join("workspace_manifest.json");
    assert_eq!(std::fs::read(shown).unwrap(), before);
    for list in &copy.build(NAME).unwrap().segments {
        for piece in copy.list(NAME, &list.list).unwrap().pieces {
            copy.store().verify_object(&piece.artifact).unwrap();
        }
    }
}

#[test]
fn links_can_be_shown() {
    let bench = bench();
    bench.build();
    let request = show::ShowRequest { table: "links".into(), ..show::ShowRequest::default() };
    let shown = show::run(&bench.context(), &request).unwrap();
    let text = format!("{:?}", shown.answer);
    assert!(text.contains("@acme/ui") && text.contains(NAME), "{text}");
}
