//! Repositories that a pattern finds: what they are called, and what is said when they come and go.

use serde_json::{Value, json};

use super::world::World;

const WORKSPACE: &str = "version: 1\nname: fleet\npipeline: code\nrepos:\n  - glob: services/*\n";

fn service(world: &World, name: &str) {
    std::fs::create_dir_all(world.path("services").join(name)).unwrap();
    world.write(format!("services/{name}/main.py"), format!("def serve_{}():\n    return 1\n", name.to_lowercase()));
}

fn fleet(names: &[&str]) -> World {
    let world = World::empty();
    world.plant("", WORKSPACE);
    for name in names {
        service(&world, name);
    }
    world
}

fn names(report: &Value) -> Vec<&str> {
    report["repos"].as_array().unwrap().iter().map(|repo| repo["name"].as_str().unwrap()).collect()
}

#[test]
fn directories_become_repositories_in_lower_case_and_hidden_ones_and_files_do_not() {
    let world = fleet(&["Billing", "auth", "web.v2"]);
    std::fs::create_dir_all(world.path("services/.hidden")).unwrap();
    world.write("services/README.md", "# Services\n");
    std::os::unix::fs::symlink("nowhere", world.path("services/dangling")).unwrap();
    assert_eq!(names(&world.json(&["build"])), ["auth", "billing", "web.v2"]);
    world.write("workspace.yaml", WORKSPACE.replace("services/*", "services/.h*"));
    let told = world.run(&["build"]);
    assert_eq!(told.code, 2, "a name does not begin with a dot: {}", told.out);
    assert!(told.err.contains("services/.hidden") && told.err.contains("name: hidden"), "{}", told.err);
}

#[test]
fn a_directory_with_an_entry_of_its_own_is_left_out_of_the_pattern() {
    let world = fleet(&["auth", "My Service", "web"]);
    let told = world.run(&["check"]);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("services/My Service") && told.err.contains("my-service"), "{}", told.err);
    world.write("workspace.yaml", format!("{WORKSPACE}  - {{ name: my-service, root: services/My Service }}\n"));
    assert_eq!(names(&world.json(&["build"])), ["auth", "my-service", "web"]);
}

#[test]
fn two_directories_that_come_to_one_name_are_an_error_that_names_both() {
    let world = fleet(&["api", "API"]);
    let told = world.run(&["build"]);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("`services/API`") && told.err.contains("`services/api`"), "{}", told.err);
    assert!(!world.path(".sawmill/HEAD.json").exists());
}

#[test]
fn a_directory_that_goes_takes_its_repository_out_and_that_is_told() {
    let world = fleet(&["auth", "billing"]);
    world.ok(&["build"]);
    std::fs::rename(world.path("services/billing"), world.path("away")).unwrap();
    let status = world.json(&["status"]);
    assert!(status["repos"].as_array().unwrap().iter().all(|repo| repo["name"] != "billing"), "{status}");
    let told = world.ok(&["build"]);
    assert!(told.err.contains("billing: no entry or pattern") && told.err.contains("left out"), "{}", told.err);
    assert_eq!(world.ok(&["build"]).err.matches("left out").count(), 0, "it is told once");
    assert!(world.json(&["search", "\"serve_billing\""])["hits"].as_array().unwrap().is_empty());
    // The generation before still has it.
    assert_eq!(world.json(&["search", "--at", "previous", "\"serve_billing\""])["hits"][0]["repo"], "billing");
    std::fs::rename(world.path("away"), world.path("services/billing")).unwrap();
    let back = world.json(&["build"]);
    assert_eq!((&back["ok"], &back["ran"]), (&json!(true), &json!({})), "{back}");
    assert_eq!(world.json(&["search", "\"serve_billing\""])["hits"][0]["repo"], "billing");
}

#[test]
fn a_pattern_that_matches_nothing_is_a_warning_and_the_others_are_built() {
    let world = fleet(&["auth"]);
    world.write("workspace.yaml", format!("{WORKSPACE}  - glob: sevrices/*\n"));
    let told = world.ok(&["check"]);
    let said = told.out + &told.err;
    assert!(said.contains("`sevrices/*` matches no directory"), "{said}");
    assert_eq!(names(&world.json(&["build"])), ["auth"]);
}
