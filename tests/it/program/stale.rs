//! A repository that cannot be built keeps its old build, and every answer from it says so.

use std::os::unix::fs::symlink;

use serde_json::Value;

use super::schemas::Documents;
use super::world::World;

/// The fixture, built, and then `web` made unbuildable in two ways: its root is gone, or cannot be scanned.
fn broken(how: &str) -> World {
    let world = World::built();
    std::fs::rename(world.path("web"), world.path("away")).unwrap();
    match how {
        "gone" => {}
        "a file" => world.write("web", "no directory"),
        "a loop" => symlink("web", world.path("web")).unwrap(),
        other => panic!("{other}"),
    }
    world.write("api/app/later.py", "def order_later():\n    return 1\n");
    world
}

fn mended(world: &World) {
    let web = world.path("web");
    if web.symlink_metadata().is_ok() {
        std::fs::remove_file(&web).unwrap();
    }
    std::fs::rename(world.path("away"), web).unwrap();
}

fn repo<'a>(object: &'a Value, name: &str) -> &'a Value {
    object["repos"].as_array().unwrap().iter().find(|repo| repo["name"] == name).unwrap()
}

#[test]
fn one_keeps_its_build_the_others_advance_and_every_answer_tells() {
    let documents = Documents::read();
    for how in ["gone", "a file", "a loop"] {
        let world = broken(how);
        let root = world.root().to_string_lossy().into_owned();
        let before = world.json(&["status", "--no-scan"]);
        let built = world.run(&["build", "--json"]);
        assert_eq!(built.code, 1, "{how}: {}", built.out);
        let report = built.object();
        documents.hold("build", &report);
        assert_eq!((&report["ok"], &report["failed"][0]["repo"]), (&false.into(), &"web".into()), "{how}: {report}");
        assert!(!built.out.contains("`/") && !built.out.contains(&root), "{how}: {report}");
        assert!(world.ok(&["search", "order_later"]).out.contains("later.py"), "{how}: api advanced");

        let status = world.json(&["status"]);
        documents.hold("status", &status);
        let web = repo(&status, "web");
        assert_eq!((&web["stale"], &web["build"]), (&true.into(), &repo(&before, "web")["build"]), "{how}: {status}");
        assert!(web["failure"].as_str().is_some_and(|why| !why.is_empty()), "{how}: {status}");
        assert_ne!(repo(&status, "api")["build"], repo(&before, "api")["build"], "{how}");
        assert_eq!(repo(&status, "api")["stale"], false, "{how}");

        for arguments in [
            &["search", "order"][..],
            &["show", "files", "--limit", "1"],
            &["stats"],
            &["inspect"],
            &["search", "--select", "web", "order"],
        ] {
            let ran = world.ok(&[arguments, &["--json"]].concat());
            let object = ran.object();
            documents.hold(arguments[0], &object);
            let stale = object["stale"].as_array().unwrap();
            assert_eq!(stale.len(), 1, "{how} {arguments:?}: {object}");
            assert_eq!((&stale[0]["repo"], &stale[0]["build"]), (&"web".into(), &web["build"]), "{how} {arguments:?}");
            assert!(stale[0]["failure"].is_string(), "{how} {arguments:?}: {object}");
            assert!(!ran.out.contains(&root), "{how} {arguments:?}: {}", ran.out);
            let people = world.ok(arguments);
            let said = people.err.lines().find(|line| line.starts_with("stale web")).unwrap_or_default();
            assert!(said.contains("ago") || said.contains("just now"), "{how} {arguments:?}: {}", people.err);
            assert!(!world.ok(&[arguments, &["--quiet"]].concat()).err.contains("stale web"), "{how} {arguments:?}");
        }
        let others = world.json(&["search", "--select", "api", "order"]);
        assert_eq!(others["stale"], Value::Array(Vec::new()), "{how}: only those that were searched count");
    }
}

#[test]
fn status_says_since_when_and_why() {
    let world = broken("gone");
    world.run(&["build"]);
    let status = world.ok(&["status"]);
    let row = status.out.lines().find(|line| line.starts_with("web")).unwrap();
    assert!(row.contains("stale"), "{}", status.out);
    let why = status.err.lines().find(|line| line.starts_with("stale web since ")).unwrap_or_default();
    assert!(why.contains("web") && why.contains("workspace.yaml"), "{}", status.err);
}

#[test]
fn a_root_that_went_since_the_last_build_counts_before_the_next_one() {
    let world = World::built();
    std::fs::rename(world.path("web"), world.path("away")).unwrap();
    assert_eq!(world.json(&["search", "order"])["stale"][0]["repo"], "web");
    assert_eq!(repo(&world.json(&["status"]), "web")["stale"], true);
    mended(&world);
    assert_eq!(world.json(&["search", "order"])["stale"], Value::Array(Vec::new()));
    assert_eq!(world.json(&["build"])["nothing_to_do"], true, "nothing had changed");
}

#[test]
fn the_next_build_without_the_cause_clears_it() {
    for how in ["gone", "a file", "a loop"] {
        let world = broken(how);
        assert_eq!(world.run(&["build"]).code, 1, "{how}");
        assert_eq!(world.run(&["build"]).code, 1, "{how}: it fails as long as the cause is there");
        mended(&world);
        world.ok(&["build"]);
        let status = world.json(&["status"]);
        let web = repo(&status, "web");
        assert_eq!((&web["stale"], &web["failure"]), (&false.into(), &Value::Null), "{how}: {status}");
        assert_eq!(web["state"], "current", "{how}");
        assert_eq!(world.json(&["search", "order"])["stale"], Value::Array(Vec::new()), "{how}");
        assert_eq!(world.ok(&["search", "order"]).err.matches("stale").count(), 0, "{how}");
    }
}

#[test]
fn an_unreadable_root_is_told_without_its_place_on_this_machine() {
    use std::os::unix::fs::PermissionsExt as _;
    let elsewhere = World::empty();
    elsewhere.write("a.py", "def order_elsewhere(): pass\n");
    let root = elsewhere.root().to_string_lossy().into_owned();
    let world = World::shop();
    let lines = format!("{}  - {{ name: far, root: {root} }}\n", world.read("workspace.yaml"));
    world.write("workspace.yaml", lines);
    world.ok(&["build"]);
    let deny = |mode| std::fs::set_permissions(elsewhere.root(), std::fs::Permissions::from_mode(mode)).unwrap();
    if rustix::process::geteuid().is_root() {
        // Root may read everything: a directory that is gone is the nearest to one that cannot be read.
        std::fs::rename(elsewhere.root(), elsewhere.root().with_extension("away")).unwrap();
    } else {
        deny(0);
    }
    let built = world.run(&["build", "--json"]);
    let status = world.run(&["status", "--json"]);
    let search = world.run(&["search", "order", "--json"]);
    if rustix::process::geteuid().is_root() {
        std::fs::rename(elsewhere.root().with_extension("away"), elsewhere.root()).unwrap();
    } else {
        deny(0o755);
    }
    assert_eq!(built.code, 1, "{}", built.out);
    for ran in [&built, &status, &search] {
        assert!(ran.out.contains("far") && !ran.out.contains(&root), "{}", ran.out);
        assert!(!ran.out.contains("`/"), "{}", ran.out);
    }
    world.ok(&["build"]);
}

#[test]
fn a_disabled_repository_stays_out_of_searches_where_the_record_beside_the_generation_is_lost() {
    let world = World::shop();
    let text = world.read("workspace.yaml").replace("root: web }", "root: web, enabled: false, tags: [shop] }");
    world.write("workspace.yaml", text);
    world.ok(&["build"]);
    let found = |arguments: &[&str]| {
        let repos = world.json(arguments)["repos"].clone();
        repos.as_array().unwrap().iter().map(|repo| repo["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let ask = [&["search", "order"][..], &["search", "order tag:backend"], &["search", "order", "--select", "web"]];
    let before: Vec<_> = ask.iter().map(|arguments| found(arguments)).collect();
    assert_eq!(before[0], ["api", "handbook"]);
    let generations = std::fs::read_dir(world.path(".sawmill/generations")).unwrap();
    let records = generations
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".provenance.json"));
    let records: Vec<_> = records.collect();
    assert_eq!(records.len(), 1);
    std::fs::write(&records[0], "not what it was").unwrap();
    assert_eq!(ask.iter().map(|arguments| found(arguments)).collect::<Vec<_>>(), before, "damaged");
    std::fs::remove_file(&records[0]).unwrap();
    assert_eq!(ask.iter().map(|arguments| found(arguments)).collect::<Vec<_>>(), before, "gone");
}
