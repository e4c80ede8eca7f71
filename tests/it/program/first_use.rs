//! Somebody's first minutes: what is typed too early, wrongly, or in the wrong place.

use super::world::World;

#[test]
fn the_first_build_makes_everything_that_a_search_needs() {
    let world = World::shop();
    let build = world.ok(&["build"]);
    assert!(build.out.contains("3 repositories"), "{}", build.out);
    let search = world.ok(&["search", "exponential", "backoff"]);
    assert!(search.out.contains("api/app/retry.py:"), "{}", search.out);
    assert!(search.out.contains("backoff_delay"), "{}", search.out);
    assert!(search.out.contains("handbook/guides/retries.md:"), "{}", search.out);
}

#[test]
fn init_build_search_is_all_that_a_new_tree_needs() {
    let world = World::empty();
    std::fs::create_dir(world.path("tree")).unwrap();
    world.write("tree/lib.rs", "/// Adds two numbers.\npub fn add(a: u32, b: u32) -> u32 {\n    a + b\n}\n");
    world.ok(&["init", "tree"]);
    world.ok(&["check"]);
    world.ok(&["build"]);
    let search = world.ok(&["search", "adds numbers"]);
    assert!(search.out.contains("tree/lib.rs:"), "{}", search.out);
}

#[test]
fn init_never_overwrites() {
    let world = World::shop();
    let before = world.read("workspace.yaml");
    let ran = world.run(&["init", "api"]);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert_eq!(world.read("workspace.yaml"), before);
}

#[test]
fn who_asks_before_building_is_told_the_one_command() {
    let world = World::shop();
    for early in [&["search", "order"][..], &["show", "chunks"], &["stats"], &["inspect"]] {
        let ran = world.run(early);
        assert_eq!(ran.code, 2, "{early:?}: {}", ran.err);
        assert!(ran.err.contains("sawmill build"), "{early:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{early:?}");
    }
}

#[test]
fn without_a_workspace_init_is_named() {
    let world = World::empty();
    for command in [&["build"][..], &["search", "x"], &["status"], &["check"]] {
        let ran = world.run(command);
        assert_eq!(ran.code, 2, "{command:?}: {}", ran.err);
        assert!(ran.err.contains("sawmill init"), "{command:?}: {}", ran.err);
    }
}

#[test]
fn the_workspace_is_found_from_below_and_with_dash_c() {
    let world = World::built();
    let mut below = world.command(&["search", "order"]);
    let below = super::world::Ran::of(&below.current_dir(world.path("api/app")).output().unwrap());
    assert_eq!(below.code, 0, "{}", below.err);
    assert!(below.out.contains("orders.py:"), "{}", below.out);
    assert!(!below.out.contains("api/app/orders.py:"), "paths are seen from where the person stands: {}", below.out);
    let elsewhere = World::empty();
    let root = world.root().to_string_lossy().into_owned();
    assert!(elsewhere.ok(&["-C", &root, "status"]).out.contains("handbook"));
    let file = world.path("workspace.yaml").to_string_lossy().into_owned();
    assert!(elsewhere.ok(&["status", "--workspace", &file]).out.contains("handbook"));
}

#[test]
fn every_mistake_is_reported_at_once_with_its_place() {
    let world = World::shop();
    let text = world.read("workspace.yaml").replace("tags:", "tgas:").replace("root: web", "root: wbe");
    world.write("workspace.yaml", text);
    let ran = world.run(&["check"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    for words in ["tgas", "did you mean `tags`", "wbe", "workspace.yaml:5"] {
        assert!(ran.err.contains(words), "`{words}` is missing:\n{}", ran.err);
    }
}
