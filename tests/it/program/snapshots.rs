//! `snapshot` and `tag` as a person meets them, on a real disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use sawmill::base::Digest;
use serde_json::Value;

use super::world::World;

/// The workspace file with steps, and retention that keeps one pointer.
fn with_steps(world: &World, steps: &str) {
    let pipeline = world.read("pipelines/code.yaml");
    world.write("pipelines/code.yaml", format!("{pipeline}\nafter:\n{steps}"));
}

fn git(world: &World, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.arg("-C").arg(world.path("api")).args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]);
    let ran = command.args(arguments).env("HOME", world.root()).output().expect("git is installed");
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

fn ids(world: &World) -> Vec<String> {
    let listed = world.json(&["snapshot", "list"]);
    listed["snapshots"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()).collect()
}

fn hits(world: &World, at: &str) -> Value {
    let mut answer = world.json(&["search", "--at", at, "order total"]);
    assert!(answer["hits"].as_array().is_some_and(|hits| !hits.is_empty()), "{answer}");
    answer["hits"].take()
}

/// Every entry beneath `dir`; links are not followed.
fn entries(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            entries(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

/// `latest/*/*/table=chunks/*.parquet`, as DuckDB would read it.
fn parts(dir: &Path, table: &str) -> Vec<PathBuf> {
    let list = |dir: &Path| -> Vec<PathBuf> { std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect() };
    let tables = list(&dir.join("latest")).into_iter().flat_map(|repo| list(&repo)).map(|node| node.join(table));
    tables.filter(|table| table.is_dir()).flat_map(|table| list(&table)).collect()
}

#[test]
fn a_frozen_copy_is_searched_and_opened_after_everything_else_is_gone() {
    let world = World::built();
    let made = world.json(&["snapshot", "create", "--tag", "v1", "--freeze"]);
    let id = made["snapshot"]["id"].as_str().unwrap().to_owned();
    let frozen = world.path(format!(".sawmill/snapshots/{id}/frozen"));
    let before = hits(&world, "latest");
    assert_eq!(hits(&world, "tag:v1"), before);
    // Another machine: another place, another workspace file, none of the sources.
    let other = World::empty();
    let moved = other.path("a copy");
    std::fs::rename(&frozen, &moved).unwrap();
    let home = world.root().to_string_lossy().into_owned();
    drop(world);
    other.write("workspace.yaml", "version: 1\nname: other\npipeline: code\nrepos: [{ name: none, root: none }]\n");
    for dir in ["pipelines", "none"] {
        std::fs::create_dir(other.path(dir)).unwrap();
    }
    let pipeline = "version: 1\nname: code\nnodes: { extract: { kind: extract } }\n";
    other.write("pipelines/code.yaml", pipeline);
    assert_eq!(hits(&other, "path:a copy"), before);
    assert!(other.json(&["show", "files", "--at", "path:a copy"])["total"].as_u64().unwrap() > 0);
    let mut all = Vec::new();
    entries(&moved, &mut all);
    for path in &all {
        let bytes = match std::fs::read_link(path) {
            Ok(target) => {
                assert!(target.is_relative() && path.exists(), "{}", path.display());
                target.into_os_string().into_encoded_bytes()
            }
            Err(_) => std::fs::read(path).unwrap(),
        };
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(&home), "{} tells where it was made", path.display());
    }
    let chunks = parts(&moved, "table=chunks");
    assert!(chunks.len() >= 3, "{chunks:?}");
    for part in chunks {
        let bytes = std::fs::read(&part).unwrap();
        let object = part.canonicalize().unwrap();
        let name = object.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(object.starts_with(moved.canonicalize().unwrap()) && bytes.starts_with(b"PAR1"));
        assert_eq!(&Digest::of(&bytes).hex()[2..], name);
    }
    // Reading wrote nothing.
    let mut after = Vec::new();
    entries(&moved, &mut after);
    assert_eq!(after.into_iter().collect::<BTreeSet<_>>(), all.into_iter().collect::<BTreeSet<_>>());
}

#[test]
fn other_stores_are_asked_and_compared_where_there_is_no_workspace() {
    let world = World::built();
    world.ok(&["snapshot", "create", "--tag", "v1", "--freeze"]);
    let before = hits(&world, "tag:v1");
    world.write("api/app/orders.py", "def nothing():\n    return 1\n");
    world.ok(&["build"]);
    let other = World::empty();
    let [id] = ids(&world).try_into().unwrap();
    std::fs::rename(world.path(format!(".sawmill/snapshots/{id}/frozen")), other.path("frozen")).unwrap();
    let workspace = format!("path:{}", world.root().display());
    assert_eq!(hits(&other, "path:frozen"), before);
    assert!(other.ok(&["search", "--at", "path:frozen", "order total"]).out.contains("orders.py"));
    let query = ["search", "--at", "path:frozen", "./orders.py"];
    assert!(other.ok(&query).err.contains("leads nowhere in another store"), "{}", other.ok(&query).err);
    assert!(other.json(&["show", "files", "--at", "path:frozen"])["total"].as_u64().unwrap() > 0);
    assert!(!other.ok(&["show", "files", "--at", "path:frozen", "--format", "jsonl"]).out.is_empty());
    assert_eq!(other.json(&["stats", "--failures", "--at", &workspace])["at"]["ref"], "path:…");
    assert!(other.ok(&["stats", "--failures", "--at", &workspace]).out.contains("handbook"));
    assert!(other.ok(&["inspect", "--paths", "--at", "path:frozen"]).out.contains("frozen/views/"));
    let differ = other.json(&["diff", "compute", "--from", "path:frozen", "--to", &workspace]);
    assert_eq!(
        (&differ["kept"], &differ["summary"]["by_event"]["file.modified"]),
        (&false.into(), &1.into()),
        "{differ}"
    );
    // A moment of a workspace needs one, on either side; and a directory without a store is told.
    for arguments in [&["diff", "compute", "--from", "path:frozen"][..], &["search", "--at", "tag:v1", "order"]] {
        assert_eq!(other.json(arguments)["error"]["code"], "sawmill::cli::no_workspace", "{arguments:?}");
    }
    let nothing = other.json(&["search", "--at", "path:.", "order"]);
    assert!(nothing["error"]["message"].as_str().unwrap().contains("no store in this directory"), "{nothing}");
    // Nothing was written beside it.
    let here: Vec<_> = std::fs::read_dir(other.root()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(here, ["frozen"]);
    // A workspace file that cannot be read is no hindrance either.
    other.write("workspace.yaml", "version: [");
    assert_eq!(hits(&other, "path:frozen"), before);
}

#[test]
fn a_flipped_bit_fails_a_freeze_with_a_clear_word_and_leaves_a_pointer() {
    let world = World::built();
    world.ok(&["snapshot", "create", "--tag", "v1"]);
    let mut objects = Vec::new();
    entries(&world.path(".sawmill/cache/objects"), &mut objects);
    let object = objects.into_iter().find(|path| path.extension().is_some_and(|e| e == "parquet")).unwrap();
    let mut bytes = std::fs::read(&object).unwrap();
    bytes[40] ^= 1;
    std::fs::remove_file(&object).unwrap();
    std::fs::write(&object, bytes).unwrap();
    let failed = world.json(&["snapshot", "freeze", "tag:v1"]);
    assert_eq!(failed["error"]["code"], "sawmill::store::damaged", "{failed}");
    let refused = world.json(&["snapshot", "create", "--tag", "v2", "--freeze"]);
    assert_eq!(refused["ok"], false);
    let [id] = ids(&world).try_into().unwrap();
    assert!(!world.path(format!(".sawmill/snapshots/{id}/frozen")).exists());
    assert_eq!(world.json(&["snapshot", "show", "tag:v1"])["snapshot"]["kind"], "pointer");
    world.ok(&["build"]);
    assert_eq!(world.json(&["snapshot", "freeze", "tag:v1"])["snapshot"]["kind"], "frozen");
}

#[test]
fn a_snapshot_keeps_a_moment_and_says_what_is_in_it() {
    let world = World::built();
    let words = world.ok(&["snapshot", "create", "--label", "before the change", "--tag", "v1"]).out;
    assert!(words.contains("pointer, made just now") && words.contains("tags: v1  protected"), "{words}");
    assert!(words.contains("before the change") && words.contains("handbook"), "{words}");
    let before = hits(&world, "latest");
    world.write("api/app/orders.py", "def nothing():\n    return 1\n");
    world.ok(&["build"]);
    assert_ne!(hits(&world, "latest"), before);
    assert_eq!(hits(&world, "tag:v1"), before);
    let listed = world.ok(&["snapshot", "list"]).out;
    assert!(listed.starts_with("snapshot") && listed.contains("before the change"), "{listed}");
    // Tags: what a person expects.
    let tagged = world.json(&["tag", "tag:v1", "stable", "v1"]);
    assert_eq!(tagged["snapshot"]["tags"], serde_json::json!(["stable", "v1"]));
    let wrong = world.json(&["tag", "tag:v1", "stabel", "--remove"]);
    assert_eq!(wrong["error"]["help"], "did you mean `stable`?", "{wrong}");
    let refused = world.run(&["snapshot", "rm", "tag:stable"]);
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(refused.err.contains("protected by its tags: stable, v1"), "{}", refused.err);
    world.ok(&["tag", "tag:v1", "stable", "v1", "--remove"]);
    let [id] = ids(&world).try_into().unwrap();
    assert!(world.ok(&["snapshot", "rm", &id]).out.contains("removed 1 snapshot"));
    assert!(world.ok(&["snapshot", "list"]).out.contains("no snapshot was made yet"));
}

#[test]
fn a_build_runs_its_snapshot_steps_and_retention_follows() {
    let world = World::shop();
    with_steps(&world, "  every: { kind: snapshot }\n  never: { kind: snapshot, with: { on: manual } }\n");
    let file = world.read("workspace.yaml");
    world.write("workspace.yaml", format!("{file}snapshots: {{ keep_pointer: 2 }}\n"));
    let built = world.json(&["build"]);
    assert_eq!(built["snapshots"]["made"]["origin"], "always", "{built}");
    let null = world.json(&["build"]);
    assert_eq!((&null["nothing_to_do"], &null["snapshots"]["made"]), (&true.into(), &Value::Null));
    for n in 0..3 {
        world.write("web/new.ts", format!("export const n = {n};\n"));
        let built = world.json(&["build"]);
        assert_eq!(built["snapshots"]["pruned"].as_array().unwrap().len(), usize::from(n > 0), "{built}");
    }
    assert_eq!(ids(&world).len(), 2);
    // A repository that keeps its old build: no snapshot, and the reason.
    std::fs::rename(world.path("web"), world.path("wbe")).unwrap();
    let stale = world.json(&["build"]);
    let skipped = &stale["snapshots"]["skipped"][0];
    assert_eq!(skipped["step"], "every", "{stale}");
    assert!(skipped["why"].as_str().unwrap().contains("stale: web"), "{stale}");
    let refused = world.json(&["snapshot", "create"]);
    assert_eq!(refused["error"]["code"], "sawmill::snapshot::stale");
    assert_eq!(ids(&world).len(), 2);
}

#[test]
fn a_git_tag_makes_a_snapshot_once() {
    let world = World::shop();
    with_steps(&world, "  release: { kind: snapshot, with: { on: tag } }\n");
    git(&world, &["init", "-q"]);
    git(&world, &["add", "."]);
    git(&world, &["commit", "-q", "-m", "one"]);
    assert_eq!(world.json(&["build"])["snapshots"]["made"], Value::Null);
    git(&world, &["tag", "v1.0"]);
    git(&world, &["tag", "-a", "-m", "the first", "release/1"]);
    let tagged = world.json(&["build"]);
    assert_eq!(tagged["nothing_to_do"], true);
    assert_eq!(tagged["snapshots"]["made"]["tags"], serde_json::json!(["release/1", "v1.0"]), "{tagged}");
    assert_eq!(tagged["snapshots"]["made"]["origin"], "tag");
    assert_eq!(world.json(&["build"])["snapshots"]["made"], Value::Null);
    // A tag that was taken away by hand does not come back.
    world.ok(&["tag", "tag:v1.0", "v1.0", "--remove"]);
    assert_eq!(world.json(&["build"])["snapshots"]["made"], Value::Null);
    git(&world, &["tag", "odd+name"]);
    world.write("api/app/new.py", "def later():\n    pass\n");
    git(&world, &["add", "."]);
    git(&world, &["commit", "-q", "-m", "two"]);
    git(&world, &["tag", "odd+two"]);
    let odd = world.json(&["build"]);
    assert_eq!(odd["snapshots"]["made"], Value::Null);
    assert!(odd["snapshots"]["skipped"][0]["why"].as_str().unwrap().contains("odd+two"), "{odd}");
    git(&world, &["tag", "v2.0"]);
    assert_eq!(world.json(&["build"])["snapshots"]["made"]["tags"], serde_json::json!(["v2.0"]));
    assert_eq!(ids(&world).len(), 2);
}

#[test]
fn a_dry_run_of_prune_is_what_prune_then_does() {
    let world = World::built();
    let file = world.read("workspace.yaml");
    world.write("workspace.yaml", format!("{file}snapshots: {{ keep_pointer: 1, keep_frozen: 0 }}\n"));
    for arguments in [&["--freeze"][..], &[], &["--tag", "kept"], &[]] {
        world.ok(&[&["snapshot", "create"], arguments].concat());
    }
    let dry = world.json(&["snapshot", "prune", "--dry-run"]);
    assert_eq!(ids(&world).len(), 4);
    let done = world.json(&["snapshot", "prune"]);
    assert_eq!(dry["removed"], done["removed"]);
    assert_eq!(
        (done["removed"].as_array().unwrap().len(), &done["kept"], &done["protected"]),
        (2, &1.into(), &1.into())
    );
    assert_eq!(ids(&world).len(), 2);
    // The index is not needed, and comes back.
    let index = world.path(".sawmill/snapshots/manifest.json");
    let before = std::fs::read(&index).unwrap();
    std::fs::remove_file(&index).unwrap();
    assert_eq!(ids(&world).len(), 2);
    world.ok(&["build"]);
    assert_eq!(std::fs::read(&index).unwrap(), before);
}

#[test]
fn a_frozen_copy_that_is_gone_or_damaged_is_told_with_what_to_do() {
    let world = World::built();
    world.ok(&["snapshot", "create", "--tag", "v1", "--freeze"]);
    let [id] = ids(&world).try_into().unwrap();
    let state = |world: &World| world.json(&["snapshot", "show", "tag:v1"])["snapshot"]["frozen"]["state"].clone();
    assert_eq!(state(&world), "whole");
    let frozen = world.path(format!(".sawmill/snapshots/{id}/frozen"));
    for (damage, word) in [("no head", "damaged"), ("gone", "missing")] {
        if damage == "gone" {
            std::fs::remove_dir_all(&frozen).unwrap();
        } else {
            std::fs::remove_file(frozen.join("HEAD.json")).unwrap();
        }
        assert_eq!(state(&world), word);
        let listed = world.ok(&["snapshot", "list"]);
        assert!(listed.out.contains(&format!("frozen, {word}")), "{}", listed.out);
        assert!(listed.err.contains(&format!("sawmill snapshot rm --force {id}")), "{}", listed.err);
        for arguments in [&["verify"][..], &["verify", "--all"]] {
            let told = world.json(arguments);
            let findings = told["findings"].as_array().unwrap();
            assert_eq!((findings.len(), &findings[0]["record"]), (1, &"frozen".into()), "{arguments:?}: {told}");
        }
        let asked = world.json(&["search", "--at", "tag:v1", "order"]);
        assert_eq!(asked["error"]["code"], "sawmill::refs::damaged", "{asked}");
        assert!(asked["error"]["help"].as_str().unwrap().contains("snapshot rm --force"), "{asked}");
    }
    world.ok(&["snapshot", "rm", "--force", "tag:v1"]);
    world.ok(&["verify", "--all"]);
}

#[test]
fn a_search_of_which_nothing_can_be_read_is_an_error_and_not_an_empty_answer() {
    let world = World::built();
    world.ok(&["snapshot", "create", "--tag", "v1"]);
    let mut objects = Vec::new();
    entries(&world.path(".sawmill/cache/objects"), &mut objects);
    for object in objects {
        std::fs::remove_file(object).unwrap();
    }
    for at in ["tag:v1", "latest"] {
        let ran = world.run(&["search", "--at", at, "order total", "--json"]);
        assert_eq!(ran.code, 3, "{}", ran.out);
        assert_eq!(ran.object()["error"]["code"], "sawmill::query::unreadable", "{}", ran.out);
    }
}

#[test]
fn no_snapshot_is_made_of_a_frozen_one_and_the_reason_is_true() {
    let world = World::built();
    world.ok(&["snapshot", "create", "--tag", "v1", "--freeze"]);
    let refused = world.json(&["snapshot", "create", "--at", "tag:v1"]);
    assert_eq!(refused["error"]["code"], "sawmill::snapshot::frozen_already", "{refused}");
    assert!(refused["error"]["help"].as_str().unwrap().contains("sawmill tag tag:v1 TAG"), "{refused}");
}

#[test]
fn what_stays_after_clear_is_verified_and_told_in_numbers_that_agree() {
    let world = World::built();
    world.ok(&["snapshot", "create", "--tag", "one"]);
    let cleared = world.ok(&["clear"]).out;
    assert!(cleared.contains("1 snapshot stays, with the builds and objects that it points to"), "{cleared}");
    let verified = world.ok(&["verify", "--all"]).out;
    assert!(verified.starts_with("whole: ") && verified.contains("what snapshots"), "{verified}");
    assert!(verified.contains("nothing is built now; next: sawmill build"), "{verified}");
}
