//! Five hundred small repositories: few descriptors, and no more files opened than each repository needs.

use std::process::Stdio;

use super::world::{Ran, World};

const REPOS: usize = 500;

fn many(count: usize) -> World {
    let world = World::empty();
    world.plant("", "version: 1\nname: many\npipeline: code\nrepos:\n  - glob: repos/*\n");
    for number in 0..count {
        let dir = format!("repos/r{number:03}");
        std::fs::create_dir_all(world.path(&dir)).unwrap();
        world.write(format!("{dir}/main.py"), format!("def serve_{number}(order):\n    return order + {number}\n"));
    }
    world
}

/// The program under a limit on open files.
fn limited(world: &World, files: usize, arguments: &str) -> Ran {
    let script = format!("ulimit -n {files}; exec \"$0\" {arguments}");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_sawmill")]).current_dir(world.root());
    Ran::of(&shell.env_clear().env("HOME", world.root()).stdin(Stdio::null()).output().unwrap())
}

#[test]
fn five_hundred_repositories_are_built_and_searched_with_few_descriptors() {
    let world = many(REPOS);
    // Far fewer than repositories, and than twice their objects.
    let built = limited(&world, 64, "build --json --jobs 4");
    assert_eq!(built.code, 0, "{}{}", built.out, built.err);
    assert_eq!(built.object()["repos"].as_array().unwrap().len(), REPOS);
    let null = limited(&world, 64, "build --json --jobs 4");
    assert_eq!(null.object()["nothing_to_do"], true, "{}", null.out);
    // A reader keeps what it has opened.
    for query in ["serve_217", "order", "'/return order/'", "'repo:r1* order'"] {
        let found = limited(&world, 256, &format!("search {query} --json"));
        assert_eq!(found.code, 0, "{query}: {}{}", found.out, found.err);
        let found = found.object();
        let failed = found["repos"].as_array().unwrap().iter().filter(|repo| repo["status"] != "ok").count();
        assert_eq!((failed, found["hits"].as_array().unwrap().is_empty()), (0, false), "{query}");
    }
    for command in ["status", "stats", "verify --deep", "gc", "snapshot create"] {
        let ran = limited(&world, 256, &format!("{command} --json"));
        assert_eq!(ran.code, 0, "{command}: {}", ran.err);
        ran.object();
    }
}
