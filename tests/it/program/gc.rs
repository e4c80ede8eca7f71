//! `gc` as a person meets it, on a real disk.

use serde_json::Value;

use super::world::World;

/// A workspace that retains nothing but the latest generation and the one before it, at its fourth build.
fn at_its_fourth_build() -> World {
    let world = World::built();
    let file = world.read("workspace.yaml");
    world.write("workspace.yaml", format!("{file}\nbuilds: {{ keep: 1, max_age_days: 1 }}\n"));
    for number in 0..3 {
        world.write("api/app/new.py", format!("def added_{number}():\n    return {number}\n"));
        world.ok(&["build"]);
    }
    world
}

fn files(report: &Value, group: &str, sort: &str) -> u64 {
    report[group][sort]["files"].as_u64().unwrap_or(0)
}

#[test]
fn what_old_builds_alone_needed_is_condemned_and_then_deleted_and_the_rest_stands() {
    let world = at_its_fourth_build();
    let generations = || std::fs::read_dir(world.path(".sawmill/generations")).unwrap().count();
    assert_eq!(generations(), 8, "a record and a provenance each");
    let foretold = world.json(&["gc", "--dry-run"]);
    assert_eq!(foretold["dry_run"], true);
    let first = world.json(&["gc"]);
    assert_eq!((&first["waiting"], &first["removed"]), (&foretold["waiting"], &serde_json::json!({})));
    assert!(files(&first, "waiting", "objects") > 0 && first["waits_until"].is_string(), "{first}");
    assert!(world.json(&["gc"])["removed"].as_object().unwrap().is_empty(), "not within the hour");
    let would = world.json(&["gc", "--grace", "0", "--dry-run"]);
    let second = world.json(&["gc", "--grace", "0"]);
    assert_eq!(would["removed"], second["removed"]);
    assert_eq!(files(&second, "removed", "objects"), files(&first, "waiting", "objects"));
    assert_eq!(generations(), 4);
    assert!(world.ok(&["gc"]).out.starts_with("nothing to collect"));
    assert_eq!(world.json(&["verify", "--deep", "--all"])["ok"], true);
    assert!(!world.json(&["search", "--at", "previous", "added_1"])["hits"].as_array().unwrap().is_empty());
    let built = world.json(&["build"]);
    assert_eq!(built["nothing_to_do"], true, "{built}");
}

#[test]
fn a_snapshot_keeps_an_old_build_from_being_collected() {
    let world = World::built();
    world.ok(&["snapshot", "create", "--tag", "v1"]);
    let file = world.read("workspace.yaml");
    world.write("workspace.yaml", format!("{file}\nbuilds: {{ keep: 1, max_age_days: 1 }}\n"));
    for number in 0..3 {
        world.write("api/app/orders.py", format!("def only_{number}():\n    return {number}\n"));
        world.ok(&["build"]);
    }
    world.ok(&["gc"]);
    world.ok(&["gc", "--grace", "0"]);
    assert_eq!(world.json(&["verify", "--deep", "--all"])["ok"], true);
    assert!(!world.json(&["search", "--at", "tag:v1", "order total"])["hits"].as_array().unwrap().is_empty());
    let cleared = world.json(&["clear"]);
    assert_eq!(cleared["pointers"], 1);
    assert!(!world.json(&["search", "--at", "tag:v1", "order total"])["hits"].as_array().unwrap().is_empty());
    world.ok(&["clear", "--snapshots"]);
    assert!(!world.path(".sawmill/snapshots").exists());
}

#[test]
fn why_tells_who_keeps_an_object_and_since_when_it_is_condemned() {
    let world = at_its_fourth_build();
    let part = ".sawmill/latest/repo=api/node=extract/table=files/part-00000.parquet";
    let kept = world.json(&["gc", "--why", part]);
    let hash = kept["object"].as_str().unwrap();
    assert_eq!(kept["keepers"][0]["repo"], "api");
    assert!(
        kept["keepers"].as_array().unwrap().iter().any(|keeper| keeper["holders"][0]["kind"] == "latest"),
        "{kept}"
    );
    assert_eq!(kept["keepers"][0]["places"][0]["node"], "extract");
    assert_eq!(world.json(&["gc", "--why", &hash[..16]])["object"], hash);
    let told = world.ok(&["gc", "--why", hash]).out;
    assert!(told.contains("held by latest generation g-") && told.contains("node=extract table=files"), "{told}");
    // One that only the first build had.
    let before = world.artifacts();
    world.ok(&["gc"]);
    world.ok(&["gc", "--grace", "0"]);
    let after = world.artifacts();
    let gone: Vec<&String> = before.keys().filter(|name| !after.contains_key(*name)).collect();
    assert!(!gone.is_empty());
    assert_eq!(world.run(&["gc", "--why", "zz"]).code, 2);
    let refused = world.run(&["gc", "--why", "zz", "--dry-run"]);
    assert_eq!(refused.code, 2, "{}", refused.err);
}

#[test]
fn a_grace_that_is_none_is_refused_with_what_one_is() {
    let world = World::shop();
    for arguments in [&["gc", "--grace", "-1"][..], &["gc", "--grace=-1"], &["gc", "--grace", "1h"]] {
        let ran = world.run(arguments);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("a grace is a whole number of seconds"), "{}", ran.err);
    }
}

#[test]
fn the_loss_of_head_is_told_once_and_without_a_place_of_this_machine() {
    let world = World::built();
    std::fs::remove_file(world.path(".sawmill/HEAD.json")).unwrap();
    for arguments in [&["gc", "--dry-run"][..], &["gc"]] {
        let told = world.ok(arguments);
        assert_eq!((told.out + &told.err).matches("HEAD").count(), 1);
    }
    let told = world.json(&["gc", "--dry-run"]);
    let message = told["unknown"][0]["message"].as_str().unwrap();
    assert_eq!(message, "it is not there; `sawmill build` makes it again", "{told}");
}
