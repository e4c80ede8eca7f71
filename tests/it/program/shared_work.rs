//! Work that was done once is not done again: artifacts are addressed by content, so another clone, a worktree or a
//! vendored copy costs nothing where relative paths agree.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::world::World;

fn git(dir: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").arg("-C").arg(dir).args(identity).args(arguments).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A workspace in `dir`, over these roots by name.
fn plant(world: &World, dir: &str, repos: &[(&str, &str)]) {
    let entry = |(name, root): &(&str, &str)| format!("  - {{ name: {name}, root: {root} }}\n");
    let repos: String = repos.iter().map(entry).collect();
    world.plant(dir, &format!("version: 1\nname: {dir}\npipeline: code\ncache: ../cache\nrepos:\n{repos}"));
}

/// Builds in `dir` and holds that nothing ran and no object came, but something was reused.
fn costs_nothing(world: &World, dir: &str) {
    let before = world.artifacts_of("cache");
    let built = world.json_in(dir, &["build"]);
    assert_eq!((&built["ok"], &built["ran"]), (&json!(true), &json!({})), "{built}");
    assert!(built["reused"]["extract"].as_u64() > Some(0), "{built}");
    assert_eq!(built["bytes_written"], 0);
    assert!(world.artifacts_of("cache") == before, "an object came");
}

/// One clone of the fixture's `api`, indexed by the workspace `first`.
fn indexed() -> World {
    let world = World::shop();
    std::fs::create_dir(world.path("first")).unwrap();
    world.copy("api", "first/api");
    plant(&world, "first", &[("api", "api")]);
    let built = world.json_in("first", &["build"]);
    assert!(built["ran"]["extract"].as_u64() > Some(0), "{built}");
    world
}

#[test]
fn a_second_clone_in_the_same_workspace_costs_no_action_and_no_object() {
    let world = indexed();
    world.copy("api", "first/clone");
    plant(&world, "first", &[("api", "api"), ("clone", "clone")]);
    costs_nothing(&world, "first");
    // Each answers as itself.
    let hits = world.json_in("first", &["search", "order total", "--limit", "50"])["hits"].clone();
    let of = |repo: &str| hits.as_array().unwrap().iter().filter(|hit| hit["repo"] == repo).count();
    assert!(of("api") > 0 && of("api") == of("clone"), "{hits}");
    // Two clones that were never built are extracted once, too.
    let fresh = World::shop();
    std::fs::create_dir(fresh.path("one")).unwrap();
    fresh.copy("api", "one/api");
    fresh.copy("api", "one/clone");
    plant(&fresh, "one", &[("api", "api"), ("clone", "clone")]);
    fresh.ok_in("one", &["build", "--jobs", "2"]);
    assert!(fresh.artifacts_of("cache") == world.artifacts_of("cache"), "two clones come to the objects of one");
}

#[test]
fn a_clone_in_another_workspace_with_the_same_cache_costs_no_action_and_no_object() {
    let world = indexed();
    std::fs::create_dir(world.path("second")).unwrap();
    world.copy("api", "second/elsewhere");
    plant(&world, "second", &[("renamed", "elsewhere")]);
    costs_nothing(&world, "second");
}

#[test]
fn a_worktree_costs_what_differs_from_what_is_known() {
    let world = indexed();
    let api = world.path("first/api");
    git(&api, &["init", "-q", "-b", "trunk"]);
    git(&api, &["add", "-A"]);
    git(&api, &["commit", "-q", "-m", "one"]);
    git(&api, &["worktree", "add", "-q", "../tree", "-b", "topic"]);
    plant(&world, "first", &[("api", "api"), ("tree", "tree")]);
    costs_nothing(&world, "first");
    world.write("first/tree/app/orders.py", "def changed():\n    return 1\n");
    let built = world.json_in("first", &["build"]);
    assert_eq!((&built["fresh_files"]["extract"], &built["fresh_files"]["chunk"]), (&json!(1), &json!(1)), "{built}");
    // The branch comes to the same tree: nothing is left to do for it.
    world.copy("first/tree/app", "first/api/app");
    costs_nothing(&world, "first");
}

#[test]
fn a_vendored_copy_costs_nothing_as_a_repository_and_its_files_anew_under_another_path() {
    let world = indexed();
    std::fs::create_dir_all(world.path("first/shop/vendor")).unwrap();
    world.copy("api", "first/shop/vendor/api");
    plant(&world, "first", &[("api", "api"), ("vendored", "shop/vendor/api")]);
    costs_nothing(&world, "first");
    // A row tells its path, so a copy under another path has rows of its own.
    plant(&world, "first", &[("api", "api"), ("shop", "shop")]);
    let built = world.json_in("first", &["build"]);
    let files = world.json_in("first/api", &["stats"])["total"]["files"].clone();
    assert!(built["ran"]["extract"].as_u64() > Some(0) && files != Value::Bool(false), "{built}");
}
