//! Many repositories as one, as people and scripts meet it.

use super::world::World;

const TURNED: &str = "\
version: 1
name: shop
pipeline: code
repos:
  - { name: handbook, root: handbook, priority: 3, tags: [words] }
  - { name: web, root: web }
  - { name: api, root: api }
";

fn manifest(world: &World) -> String {
    world.ok(&["status", "--manifest", "--json"]).out
}

#[test]
fn the_manifest_does_not_know_the_order_of_yaml_the_directory_or_what_is_only_shown() {
    let (world, other) = (World::built(), World::shop());
    let before = manifest(&world);
    other.write("workspace.yaml", TURNED);
    other.ok(&["build"]);
    assert_eq!(manifest(&other), before);
    assert!(before.contains("\"availability\":\"present\"") && before.contains("wm1-"), "{before}");
    world.write("api/app/more.py", "def more():\n    return 1\n");
    world.ok(&["build"]);
    assert_ne!(manifest(&world), before);
}

#[test]
fn the_manifest_for_people_has_a_line_for_each_mode() {
    let world = World::built();
    let told = world.ok(&["status", "--manifest"]).out;
    for word in ["ws1-", "wm1-", "api", "present", "code", "prose", "c1-", "100.0%"] {
        assert!(told.contains(word), "{word}: {told}");
    }
}

#[test]
fn an_answer_is_the_same_with_and_without_the_kept_one_and_after_a_change_a_new_one() {
    let world = World::built();
    let ask = |more: &[&str]| world.ok(&[&["search", "order total", "--json"], more].concat()).out;
    let bare = ask(&["--no-cache"]);
    assert!(!world.path(".sawmill/answers").exists(), "nothing is kept that was not to be kept");
    assert_eq!(ask(&[]), bare);
    let kept = || std::fs::read_dir(world.path(".sawmill/answers")).unwrap().count();
    assert_eq!(kept(), 1);
    assert_eq!(ask(&[]), bare);
    let cache = |more: &[&str]| {
        let object = world.json(&[&["search", "order total", "--timings"], more].concat());
        object["timings"]["cache"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        (cache(&[]).as_str(), cache(&["--no-cache"]).as_str(), cache(&["-n", "3"]).as_str()),
        ("hit", "off", "miss")
    );
    let file = std::fs::read_dir(world.path(".sawmill/answers")).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&file, "{}").unwrap();
    assert_eq!(ask(&[]), bare, "a damaged file is none");
    world.write("api/app/more.py", "def order_total():\n    return 1\n");
    world.ok(&["build"]);
    assert_eq!(cache(&[]), "miss");
    assert!(ask(&[]).contains("app/more.py"));
}

#[test]
fn an_answer_that_cannot_be_kept_is_given_all_the_same() {
    let world = World::built();
    let ask = |more: &[&str]| world.ok(&[&["search", "order total", "--json"], more].concat());
    let bare = ask(&["--no-cache"]).out;
    // What no permission keeps the superuser from: a file stands where the directory is to be.
    world.write(".sawmill/answers", "");
    for _ in 0..2 {
        assert_eq!(ask(&[]).out, bare);
        let told = |more: &[&str]| world.ok(&[&["search", "order total"], more].concat());
        let (quiet, loud) = (told(&[]), told(&["-v"]));
        assert_eq!(quiet.out, loud.out);
        assert!(loud.err.contains("the answer is not kept"), "-v tells why: {}", loud.err);
        assert!(!quiet.err.contains("not kept"), "{}", quiet.err);
        let timed = world.json(&["search", "order total", "--timings"]);
        assert_eq!(timed["timings"]["cache"], "miss");
    }
    assert_eq!(world.read(".sawmill/answers"), "", "and nothing is written elsewhere");
    assert_eq!(world.ok(&["search", "order total", "--strict", "--json"]).out, bare);
}

#[test]
fn the_order_of_yaml_and_what_is_only_shown_move_no_byte_of_an_answer() {
    let (world, turned) = (World::built(), World::shop());
    let shown = "\
version: 1
name: shop
pipeline: code
repos:
  - { name: web, root: web, tags: [ui, new] }
  - { name: handbook, root: handbook, tags: [words] }
  - { name: api, root: api, enabled: false }
";
    turned.write("workspace.yaml", shown);
    turned.ok(&["build"]);
    for query in ["order total", "order", "\"order\"", "price", "README.md"] {
        for more in [&["--explain"][..], &["--files-only"], &["--merge", "rrf"], &["--budget", "300"]] {
            let ask = |world: &World| {
                let all = ["search", query, "--include-disabled", "--no-cache", "--json"];
                world.ok(&[&all, more].concat()).out
            };
            assert_eq!(ask(&turned), ask(&world), "{query} {more:?}");
        }
    }
    // Edited where it stands, it also takes what was kept before.
    let ask = || world.ok(&["search", "order total", "--include-disabled", "--json"]).out;
    let before = ask();
    world.write("workspace.yaml", shown);
    world.ok(&["build"]);
    assert_eq!(ask(), before);
    let cache = world.json(&["search", "order total", "--include-disabled", "--timings"])["timings"]["cache"].clone();
    assert_eq!(cache, "hit");
}

#[test]
fn a_repository_without_a_build_is_a_warning_and_under_strict_an_error() {
    let world = World::built();
    let workspace = world.read("workspace.yaml");
    std::fs::create_dir(world.path("new")).unwrap();
    world.write("new/a.py", "def order():\n    return 1\n");
    world.write("workspace.yaml", format!("{workspace}  - {{ name: new, root: new }}\n"));
    let told = world.ok(&["search", "order"]);
    assert!(told.err.contains("new was not searched") && told.err.contains("missing_build"), "{}", told.err);
    let status =
        world.json(&["search", "order"])["repos"].as_array().unwrap().iter().find(|r| r["name"] == "new").cloned();
    assert_eq!(status.unwrap()["status"], "missing-build");
    let strict = world.run(&["search", "order", "--strict", "--json"]);
    assert_ne!(strict.code, 0);
    assert_eq!(strict.object()["error"]["code"], "sawmill::query::strict");
    let answers = std::fs::read_dir(world.path(".sawmill/answers")).map_or(0, Iterator::count);
    assert_eq!(answers, 0, "a part of an answer is not kept");
}

#[test]
fn pipelines_that_keep_repositories_apart_are_told_by_check() {
    let world = World::shop();
    let workspace = world.read("workspace.yaml");
    assert_eq!(world.json(&["check"])["warnings"].as_array().unwrap().len(), 0);
    let apart = "{ name: web, root: web, with: { extract: { languages: [rust] } } }";
    world.write("workspace.yaml", workspace.replace("{ name: web, root: web }", apart));
    let warnings = world.json(&["check"])["warnings"].to_string();
    assert!(warnings.contains("sawmill::plan::cohorts") && warnings.contains("`web`"), "{warnings}");
    world.ok(&["build"]);
    let told = world.json(&["search", "order total"])["warnings"].to_string();
    assert!(told.contains("sawmill::query::multi_cohort"), "{told}");
    let ranks = world.json(&["search", "order total", "--merge", "rrf"]);
    assert_eq!((ranks["fused"].as_array().unwrap().len(), ranks.get("warnings").is_none()), (2, true));
}
