//! `build --at`, and what can be asked of a commit.

use std::path::Path;
use std::process::Command;

use super::world::World;

fn git(dir: &Path, args: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").arg("-C").arg(dir).args(identity).args(args).output().unwrap();
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// The shop, with `api` in git: `v1` has a function that is gone since.
fn shop() -> World {
    let world = World::shop();
    let api = world.path("api");
    world.write("api/past.py", "def only_in_the_past():\n    return 1\n");
    git(&api, &["init", "-q", "-b", "trunk"]);
    git(&api, &["add", "-A"]);
    git(&api, &["commit", "-q", "-m", "one"]);
    git(&api, &["tag", "v1"]);
    std::fs::remove_file(world.path("api/past.py")).unwrap();
    git(&api, &["commit", "-q", "-a", "-m", "two"]);
    world
}

#[test]
fn a_commit_is_built_beside_what_stands_and_can_be_asked() {
    let world = shop();
    world.ok(&["build"]);
    let head = world.read(".sawmill/HEAD.json");
    let built = world.ok(&["build", "--at", "v1", "--repo", "api"]);
    assert!(built.out.starts_with("built: api at v1 ("), "{}", built.out);
    assert!(built.out.contains("next: sawmill search WORDS --at git:v1 --select api"), "{}", built.out);
    assert_eq!(world.read(".sawmill/HEAD.json"), head);
    let again = world.ok(&["build", "--at", "v1", "--repo", "api"]);
    assert!(again.out.starts_with("nothing to do: api at v1 ("), "{}", again.out);
    let found = |more: &[&str]| {
        let report = world.json(&[&["search", "\"only_in_the_past\""], more].concat());
        report["hits"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hit| hit["path"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&[]), [""; 0]);
    assert_eq!(found(&["--at", "git:v1", "--select", "api"]), ["past.py"]);
    for command in
        [&["stats", "--at", "git:v1", "--repo", "api"][..], &["show", "chunks", "--at", "git:v1", "--repo", "api"]]
    {
        assert!(world.ok(command).out.contains("api"), "{command:?}");
    }
    let paths = world.json(&["inspect", "--paths", "--at", "git:v1", "--repo", "api"]);
    let glob = paths["paths"]["chunks"].as_str().unwrap();
    assert!(glob.ends_with("/view/*/table=chunks/*.parquet"), "{glob}");
    let dir = world.path(glob.replace("*/table=chunks/*.parquet", "node=chunk/table=chunks"));
    assert!(dir.join("part-00000.parquet").metadata().unwrap().len() > 0);
}

#[test]
fn the_object_tells_the_commit_and_its_build() {
    let world = shop();
    let report = world.json(&["build", "--at", "v1", "--repo", "api"]);
    let at = &report["at"][0];
    assert_eq!(
        (at["repo"].as_str(), at["rev"].as_str(), at["current"].as_bool()),
        (Some("api"), Some("v1"), Some(false))
    );
    assert_eq!(at["commit"].as_str().unwrap().len(), 40);
    assert_eq!(at["build"], report["repos"][0]["build"]);
    assert!(report["generation"].is_null(), "nothing was promoted");
    assert!(world.json(&["build"]).get("at").is_none());
}

#[test]
fn what_does_not_go_with_a_revision_is_refused_with_a_reason() {
    let world = shop();
    for (arguments, code, says) in [
        (&["build", "--at", "v1", "--dry-run"][..], 2, "'--at <REV>' cannot be used with '--dry-run'"),
        (&["build", "--at", "v1", "api"], 2, "'--at <REV>' cannot be used with '[SELECTOR]...'"),
        (&["build", "--at", "v1", "--backfill", "lang:lua"], 2, "cannot be used with '--backfill"),
        (&["build", "--at", "v1", "--fail-fast"], 2, "cannot be used with '--fail-fast'"),
        (&["build", "--repo", "api"], 2, "--at <REV>"),
        (&["build", "--at", "v1"], 2, "say which one with `--repo`"),
        (&["build", "--at", "v9", "--repo", "api"], 2, "`v9` names no commit of the repository `api`"),
        (&["build", "--at", "v1", "--repo", "web"], 2, "git does not know this tree"),
    ] {
        let ran = world.run(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn a_commit_that_another_configuration_built_is_not_compared_and_the_help_builds_it_again() {
    let world = shop();
    world.ok(&["build", "--at", "v1", "--repo", "api"]);
    let pipeline = world.read("pipelines/code.yaml");
    let other = pipeline.replace("max_chars: 2400", "max_chars: 2500");
    assert_ne!(pipeline, other);
    world.write("pipelines/code.yaml", other);
    world.ok(&["build"]);
    let compared = ["diff", "compute", "--from", "git:v1", "--to", "latest", "--repo", "api"];
    let refused = world.json(&compared);
    assert_eq!(refused["error"]["code"], "sawmill::diff::mismatch", "{refused}");
    assert!(refused["error"]["help"].as_str().unwrap().contains("`sawmill build --at v1 --repo api`"), "{refused}");
    world.ok(&["build", "--at", "v1", "--repo", "api"]);
    assert_eq!(world.json(&compared)["summary"]["by_event"]["file.removed"], 1);
}
