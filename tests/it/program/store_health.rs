//! `verify`, `clear` and `doctor` as a person meets them.

use std::path::PathBuf;

use serde_json::Value;

use super::world::World;

fn an_object(world: &World) -> PathBuf {
    let name = world.artifacts().into_keys().find(|name| name.ends_with(".parquet")).unwrap();
    world.path(".sawmill/cache/objects").join(name)
}

fn generation(world: &World) -> String {
    world.json(&["status"])["generation"].as_str().unwrap().to_owned()
}

#[test]
fn a_whole_store_is_called_whole() {
    let world = World::built();
    let ran = world.ok(&["verify", "--deep", "--all"]);
    assert!(ran.out.starts_with("whole: "), "{}", ran.out);
    let report = world.json(&["verify"]);
    assert_eq!((&report["ok"], &report["findings"]), (&Value::Bool(true), &Value::Array(Vec::new())));
}

#[test]
fn before_the_first_build_there_is_nothing_to_verify_or_clear_and_nothing_is_made() {
    let world = World::shop();
    assert!(world.ok(&["verify"]).out.contains("nothing was built yet"));
    assert_eq!(world.ok(&["clear"]).out, "nothing to clear\n");
    let report = world.json(&["doctor"]);
    assert_eq!(report["ok"], true, "{report}");
    assert!(!world.path(".sawmill").exists());
}

#[test]
fn damage_exits_with_1_where_a_build_heals_it_and_with_4_where_it_does_not() {
    let world = World::built();
    let before = generation(&world);
    std::fs::remove_file(an_object(&world)).unwrap();
    let ran = world.run(&["verify"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(
        ran.out.contains("rebuildable cache/objects/") && ran.out.contains("next   run `sawmill build`"),
        "{}",
        ran.out
    );
    world.ok(&["build"]);
    assert_eq!(generation(&world), before);
    world.ok(&["verify", "--deep"]);
    // Everything is lost once no tree is left.
    std::fs::remove_file(an_object(&world)).unwrap();
    for repo in ["api", "web", "handbook"] {
        for entry in std::fs::read_dir(world.path(repo)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { std::fs::remove_dir_all(path).unwrap() } else { std::fs::remove_file(path).unwrap() }
        }
    }
    let ran = world.run(&["verify", "--json"]);
    assert_eq!(ran.code, 4, "{}", ran.out);
    let report = ran.object();
    assert_eq!(report["findings"][0]["fate"], "lost", "{report}");
}

#[test]
fn verify_works_on_a_store_that_may_not_be_written() {
    let world = World::built();
    let object = an_object(&world);
    std::fs::remove_file(&object).unwrap();
    let chmod = |mode: &str| {
        let done = std::process::Command::new("chmod").args(["-R", mode]).arg(world.path(".sawmill")).status();
        assert!(done.unwrap().success());
    };
    chmod("a-w");
    let ran = world.run(&["verify", "--deep"]);
    let doctor = world.run(&["doctor"]);
    chmod("u+w");
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert_eq!(doctor.code, 0, "{}{}", doctor.out, doctor.err);
}

#[test]
fn a_clear_says_what_goes_and_the_next_build_comes_to_the_same() {
    let world = World::built();
    let (before, artifacts) = (generation(&world), world.artifacts());
    let dry = world.json(&["clear", "--dry-run"]);
    assert_eq!(generation(&world), before, "a dry run leaves everything");
    let done = world.json(&["clear"]);
    assert_eq!(dry["removed"], done["removed"]);
    assert!(done["total"]["files"].as_u64().unwrap() > artifacts.len() as u64);
    assert!(world.path("workspace.yaml").exists() && world.path("pipelines/code.yaml").exists());
    assert_eq!(world.run(&["search", "retry"]).code, 2, "it is as if it was never built");
    assert_eq!(world.json(&["clear"])["total"]["files"], 0);
    let built = world.json(&["build"]);
    assert!(built["ran"]["extract"].as_u64().unwrap() > 0, "{built}");
    assert_eq!((generation(&world), world.artifacts()), (before, artifacts));
}

#[test]
fn a_clear_of_one_repository_leaves_the_others_and_makes_it_be_built_anew() {
    let world = World::built();
    let (before, artifacts) = (generation(&world), world.artifacts());
    let done = world.json(&["clear", "api"]);
    assert!(done["removed"]["objects"]["files"].as_u64().unwrap() > 0, "{done}");
    let report = world.json(&["verify", "--deep", "--all"]);
    assert_eq!(report["ok"], true, "{report}");
    assert_eq!(report["unreferenced"]["files"], 0);
    let states: Vec<Value> =
        world.json(&["status"])["repos"].as_array().unwrap().iter().map(|r| r["state"].clone()).collect();
    assert_eq!(states, ["never-built", "current", "current"]);
    let built = world.json(&["build"]);
    let current: Vec<&Value> = built["repos"].as_array().unwrap().iter().map(|r| &r["current"]).collect();
    assert_eq!(current, [false, true, true], "{built}");
    assert!(built["ran"]["extract"].as_u64().unwrap() > 0, "it is really made anew: {built}");
    assert_eq!((generation(&world), world.artifacts()), (before, artifacts));
    let ran = world.run(&["clear", "apy"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `api`?"), "{}", ran.err);
}

#[test]
fn a_shared_cache_keeps_its_objects_for_the_other_workspace() {
    let (one, two) = (World::shop(), World::shop());
    let cache = one.path("shared");
    let ok = |world: &World, arguments: &[&str]| {
        let output = world.command(arguments).env("SAWMILL_CACHE", &cache).output().unwrap();
        assert!(output.status.success(), "{arguments:?} {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    ok(&one, &["build"]);
    ok(&two, &["build"]);
    assert!(ok(&one, &["clear"]).contains("shared with 1 other workspace"));
    ok(&two, &["verify", "--deep"]);
    // The last one takes them with it.
    assert!(ok(&two, &["clear"]).contains("objects"));
    assert_eq!(std::fs::read_dir(&cache).unwrap().filter(|e| e.as_ref().unwrap().file_name() == "objects").count(), 0);
}

#[test]
fn doctor_finds_what_is_wrong_and_leaves_nothing_behind() {
    let world = World::built();
    let report = world.json(&["doctor"]);
    assert_eq!(report["ok"], true, "{report}");
    let checks = report["checks"].as_array().unwrap();
    assert!(checks.iter().all(|check| check["state"] == "ok"), "{report}");
    assert!(checks.len() >= 12, "{report}");
    for tmp in [".sawmill/tmp", ".sawmill/cache/tmp"] {
        assert_eq!(std::fs::read_dir(world.path(tmp)).unwrap().count(), 0, "{tmp}");
    }
    world.write(".sawmill/HEAD.json", "{}");
    world.write(".sawmill/tmp/7", "left");
    let ran = world.run(&["doctor"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(
        ran.out.contains("problem  HEAD: state/HEAD.json") && ran.out.contains("warning  temporaries"),
        "{}",
        ran.out
    );
    world.write("workspace.yaml", "version: 1\nname: [\n");
    assert_eq!(world.run(&["doctor"]).code, 1);
}
