//! Several workspaces with one cache: they share objects and nothing else.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use sawmill::base::Cancel;
use sawmill::base::clock::SystemClock;
use sawmill::base::vfs::real::RealFs;
use sawmill::ops::Context;
use serde_json::json;

use super::world::{Ran, World};

const WORKSPACE: &str = "version: 1\nname: NAME\npipeline: code\ncache: ../cache\nbuilds: { keep: 1, max_age_days: 1 }\nrepos:\n  - { name: api, root: api }\n";

/// Two workspaces, each with a repository `api` that has some files in common and one of its own; built.
fn pair() -> World {
    let world = World::shop();
    for name in ["a", "b"] {
        world.plant(name, &WORKSPACE.replace("NAME", name));
        world.copy("api", &format!("{name}/api"));
        world.write(format!("{name}/api/own.py"), format!("def only_in_{name}():\n    return 1\n"));
        world.ok_in(name, &["build"]);
    }
    world
}

/// How many hits `word` has from `dir`.
fn hits(world: &World, dir: &str, word: &str) -> usize {
    let found = world.json_in(dir, &["search", &format!("\"{word}\"")]);
    assert_eq!(found["repos"][0]["status"], "ok", "{dir}: {found}");
    let own = |hit: &&serde_json::Value| hit["path"] == "own.py";
    found["hits"].as_array().unwrap().iter().filter(own).count()
}

/// Everything that `dir` refers to is there and whole, and it answers as itself.
fn whole(world: &World, dir: &str) {
    let verified = world.json_in(dir, &["verify", "--deep", "--all"]);
    assert_eq!(verified["ok"], true, "{dir}: {verified}");
    assert_eq!(hits(world, dir, &format!("only_in_{}", &dir[..1])), 1);
}

#[test]
fn equal_names_of_repositories_do_not_meet() {
    let world = pair();
    for (dir, other) in [("a", "b"), ("b", "a")] {
        whole(&world, dir);
        assert_eq!(hits(&world, dir, &format!("only_in_{other}")), 0);
    }
    world.write("b/api/own.py", "def only_in_b():\n    return 2\n");
    world.ok_in("b", &["build"]);
    world.ok_in("a", &["clear", "api"]);
    whole(&world, "b");
    let built = world.json_in("a", &["build"]);
    assert_eq!(built["ok"], true, "{built}");
    whole(&world, "a");
    assert_eq!(world.json_in("b", &["build"])["ran"], json!({}), "what another one did is nothing to do again");
}

#[test]
fn a_collection_by_one_leaves_what_the_other_needs() {
    let world = pair();
    for number in 0..3 {
        world.write("b/api/old.py", format!("def old_{number}():\n    return {number}\n"));
        world.ok_in("b", &["build"]);
    }
    let alone = world.json_in("a", &["gc"]);
    assert_eq!(alone["shared_with"], 1, "{alone}");
    for dir in ["a", "b", "a", "b"] {
        world.ok_in(dir, &["gc", "--grace", "0"]);
        whole(&world, "a");
        whole(&world, "b");
    }
    world.ok_in("b", &["clear"]);
    whole(&world, "a");
    world.ok_in("b", &["build"]);
    whole(&world, "b");
}

#[test]
fn what_a_deleted_workspace_needed_goes_and_a_moved_one_comes_back_with_its_next_build() {
    let world = pair();
    std::fs::rename(world.path("b"), world.path("b-moved")).unwrap();
    let first = world.ok_in("a", &["gc"]);
    let said = first.out + &first.err;
    assert!(said.contains("the workspace that it registered is gone"), "{said}");
    whole(&world, "b-moved");
    // The next run of the moved one that writes registers it again, before anything was deleted.
    assert_eq!(world.json_in("b-moved", &["build"])["ran"], json!({}));
    world.ok_in("a", &["gc", "--grace", "0"]);
    world.ok_in("a", &["gc", "--grace", "0"]);
    whole(&world, "b-moved");
    std::fs::remove_dir_all(world.path("b-moved")).unwrap();
    world.ok_in("a", &["gc"]);
    let deleted = world.json_in("a", &["gc", "--grace", "0"]);
    assert!(deleted["removed"]["objects"]["files"].as_u64() > Some(0), "{deleted}");
    whole(&world, "a");
    assert_eq!(world.json_in("a", &["gc"])["shared_with"], 0);
}

#[test]
fn the_environment_stands_over_the_file_and_each_is_relative_to_its_own_place() {
    let world = pair();
    let build = |cache: &str| {
        let mut command = world.command_in("a/api", &["build", "--json"]);
        Ran::of(&command.env("SAWMILL_CACHE", cache).output().unwrap())
    };
    assert_eq!(build("").object()["nothing_to_do"], true, "an empty variable is none");
    let elsewhere = build("../../other");
    assert!(elsewhere.object()["ran"]["extract"].as_u64() > Some(0), "{}", elsewhere.out);
    assert!(world.artifacts_of("other").len() <= world.artifacts_of("cache").len());
    // What stands is known by content, so the cache of the file answers too; the view follows with the next build.
    assert_eq!(hits(&world, "a", "only_in_a"), 1);
    assert_eq!(world.json_in("a", &["build"])["ran"], json!({}));
    whole(&world, "a");
    for (cache, word) in [("~/cache", "not expanded"), (".", "repository `api`"), ("..", ".sawmill")] {
        let refused = build(cache);
        let error = &refused.object()["error"];
        assert_eq!((refused.code, &error["code"]), (2, &json!("sawmill::ops::bad_cache")), "{error}");
        assert!(error["message"].as_str().unwrap().contains(word), "{error}");
    }
}

#[test]
fn a_cache_that_would_mix_with_sources_or_was_written_for_a_shell_is_a_mistake() {
    let world = pair();
    let file = world.read("a/workspace.yaml");
    for (cache, word) in [("~/cache", "not expanded"), ("api", "the repository `api`"), (".", "`.sawmill`")] {
        world.write("a/workspace.yaml", file.replace("../cache", cache));
        let told = world.run_in("a", &["check"]);
        assert_eq!(told.code, 2, "{}", told.out);
        assert!(told.err.contains("sawmill::config::bad_cache") && told.err.contains(word), "{}", told.err);
    }
    assert!(!world.path("a/~").exists() && !world.path("a/api/objects").exists());
}

#[test]
fn who_waits_for_another_workspace_says_so_and_readers_wait_for_nobody() {
    let world = pair();
    let file = world.path("b/workspace.yaml");
    let context = Context::new(Arc::new(RealFs), Arc::new(SystemClock), Cancel::new(), file);
    let store = context.store(&context.workspace().unwrap()).unwrap();
    let writer = store.writer(&SystemClock, Duration::from_secs(20)).unwrap();
    let holder = format!("process {}", std::process::id());
    let refused = world.run_in("a", &["build"]);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains(&holder) && refused.err.contains("--wait"), "{}", refused.err);
    assert_eq!(world.run_in("a", &["gc"]).code, 3);
    whole(&world, "a");
    let mut waiting = world.command_in("a", &["build", "--wait", "60"]);
    let waiting = waiting.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    drop(writer);
    let ran = Ran::of(&waiting.wait_with_output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let line = ran.err.lines().find(|line| line.contains("waiting")).unwrap_or_else(|| panic!("{}", ran.err));
    assert!(line.contains(&holder) && line.contains("up to 60 s"), "{line}");
}

/// A file system of its own; `None` where this process may not mount.
struct Mounted<'a>(&'a Path);

impl<'a> Mounted<'a> {
    fn at(place: &'a Path) -> Option<Self> {
        std::fs::create_dir_all(place).unwrap();
        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "none"]).arg(place).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(Self(place))
    }

    fn read_only(&self, on: bool) {
        let mut mount = std::process::Command::new("mount");
        let how = if on { "remount,ro" } else { "remount,rw" };
        assert!(mount.args(["-o", how]).arg(self.0).status().unwrap().success());
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        drop(std::process::Command::new("umount").arg(self.0).status());
    }
}

#[test]
fn a_cache_on_another_device_serves_and_one_that_may_only_be_read_is_read() {
    let world = World::shop();
    let place = world.path("cache");
    let Some(disk) = Mounted::at(&place) else {
        // Said where it is seen with `--nocapture`; the memory file system has the rest (`trust/disasters.rs`).
        eprintln!("shared cache: no mount is allowed here");
        return;
    };
    for name in ["a", "b"] {
        world.plant(name, &WORKSPACE.replace("NAME", name));
        world.copy("api", &format!("{name}/api"));
        world.write(format!("{name}/api/own.py"), format!("def only_in_{name}():\n    return 1\n"));
        world.ok_in(name, &["build"]);
    }
    let view = world.path("a/.sawmill/latest/repo=api/node=extract/table=files/part-00000.parquet");
    assert!(std::fs::read(&view).unwrap().starts_with(b"PAR1"), "a view reaches over to the other device");
    disk.read_only(true);
    whole(&world, "a");
    whole(&world, "b");
    let refused = world.run_in("a", &["build"]);
    assert_eq!(refused.code, 3, "{}", refused.out);
    assert!(refused.err.contains("cache") && refused.err.contains("Read-only"), "{}", refused.err);
    disk.read_only(false);
    assert_eq!(world.json_in("a", &["build"])["ran"], json!({}));
}
