//! What is wrong outside the program: each has a code, a place, a next step, and the exit code of its kind.

use std::os::unix::fs::PermissionsExt;

use super::world::{Ran, World};

/// Under `--json` one object with code, message and help, and nothing on standard error.
fn refused(ran: &Ran, exit: i32, code: &str) -> String {
    assert_eq!(ran.code, exit, "{}{}", ran.out, ran.err);
    let object = ran.object();
    let error = &object["error"];
    let related = error["related"].as_array().into_iter().flatten();
    let found = related.chain([error]).find(|e| e["code"] == code).unwrap_or_else(|| panic!("{code}: {object}"));
    assert!(found["help"].as_str().is_some_and(|help| !help.is_empty()), "no next step: {object}");
    assert_eq!(ran.err, "");
    ran.out.clone()
}

#[test]
fn a_slip_of_the_pen_in_an_argument_is_named_and_answered() {
    let world = World::built();
    for (arguments, code, words) in [
        (&["show", "file"][..], "sawmill::query::unknown_table", "did you mean `files`?"),
        (&["show", "files", "--columns", "pth"], "sawmill::query::unknown_column", "did you mean `path`?"),
        (&["show", "files", "--node", "extarct"], "sawmill::query::unknown_node", "did you mean `extract`?"),
        (&["inspect", "--node", "chnk"], "sawmill::query::unknown_node", "did you mean `chunk`?"),
        (&["inspect", "--table", "fils"], "sawmill::query::unknown_table", "did you mean `files`?"),
        (&["stats", "--repo", "apy"], "sawmill::query::unknown_repository", "did you mean `api`?"),
        (&["build", "apy"], "sawmill::select::unknown", "did you mean `api`?"),
        (&["search", "lagn:python x"], "sawmill::query::unknown_filter", "did you mean `lang:`?"),
        (&["search", "\"open"], "sawmill::query::unclosed", "close it"),
        (&["-C", "nowhere", "status"], "sawmill::cli::no_directory", "-C DIR"),
        (&["build", "--jobs", "0"], "sawmill::cli::usage", "1..=1024"),
        (&["search"], "sawmill::cli::usage", "<QUERY>"),
        (&["init", "nowhere"], "sawmill::init::exists", "never overwrites"),
    ] {
        let out = refused(&world.run(&[arguments, &["--json"]].concat()), 2, code);
        assert!(out.contains(&words.replace('"', "\\\"")), "{arguments:?}: {out}");
        assert_eq!(world.run(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn a_build_refuses_what_check_refuses_and_says_all_of_it() {
    let world = World::shop();
    let workspace = world.read("workspace.yaml") + "languages: { map: { \"*.tpl\": htlm } }\ncolour: red\n";
    world.write("workspace.yaml", workspace);
    world.write("pipelines/code.yaml", world.read("pipelines/code.yaml").replace("kind: index", "kind: idnex"));
    for command in ["check", "build", "status", "search x"] {
        let arguments: Vec<&str> = command.split(' ').collect();
        let ran = world.run(&arguments);
        assert_eq!(ran.code, 2, "{command}: {}", ran.err);
        for words in ["htlm", "did you mean `html`", "colour", "idnex", "workspace.yaml:", "code.yaml:"] {
            assert!(ran.err.contains(words), "{command} does not say `{words}`:\n{}", ran.err);
        }
    }
}

#[test]
fn an_unknown_language_alone_stops_a_build() {
    let world = World::shop();
    world.write("workspace.yaml", world.read("workspace.yaml") + "languages: { map: { \"*.tpl\": htlm } }\n");
    refused(&world.run(&["build", "--json"]), 2, "sawmill::config::unknown_language");
}

#[test]
fn a_missing_root_is_told_each_time_and_the_rest_stands() {
    let world = World::built();
    std::fs::rename(world.path("web"), world.path("gone")).unwrap();
    for _ in 0..2 {
        let ran = world.run(&["build"]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.out.contains("workspace.yaml:6") && ran.out.contains("missing_root"), "{}", ran.out);
    }
    let status = world.json(&["status"]);
    let names: Vec<_> = status["repos"].as_array().unwrap().iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["api", "handbook", "web"], "what is lost is listed too");
    assert_eq!((&status["repos"][2]["state"], &status["repos"][2]["stale"]), (&"unreadable".into(), &true.into()));
    assert!(world.ok(&["search", "order"]).out.contains("orders.py:"));
}

#[test]
fn odd_files_and_trees_cost_a_row_or_a_warning() {
    let world = World::shop();
    let large = std::fs::File::create(world.path("api/large.py")).unwrap();
    large.set_len(65 << 20).unwrap();
    world.write("api/binary.py", b"\x7fELF\x00\x00\x01\x02\x00".repeat(100));
    world.write("api/invalid.py", b"def f(): return '\xff\xc0\xaf'\n");
    std::fs::create_dir_all(world.path("api/inner/.git")).unwrap();
    world.write("api/inner/.git/HEAD", "ref: refs/heads/main\n");
    world.write("api/inner/hidden.py", "def hidden(): pass\n");
    std::os::unix::fs::symlink("..", world.path("api/app/up")).unwrap();
    let empty = "  - { name: empty, root: empty }\n";
    std::fs::create_dir(world.path("empty")).unwrap();
    world.write("workspace.yaml", world.read("workspace.yaml") + empty);
    world.write("api/long.py", "x = 1\n".repeat(1 << 20));
    let ran = world.ok(&["build", "--verbose"]);
    for words in ["source::nested_repository", "source::empty_repository", "help: "] {
        assert!(ran.err.contains(words), "`{words}` is missing: {}", ran.err);
    }
    let files = world.json(&["show", "files", "--repo", "api", "--columns", "path,skip_reason", "--all"]);
    let reason = |path: &str| {
        let row = files["rows"].as_array().unwrap().iter().find(|row| row["path"] == path);
        row.unwrap_or_else(|| panic!("{path} has no row"))["skip_reason"].clone()
    };
    assert_eq!(reason("large.py"), "too-large");
    assert_eq!(reason("long.py"), "parse-size");
    assert_eq!(reason("binary.py"), "binary");
    assert_eq!(reason("invalid.py"), serde_json::Value::Null);
    assert!(files["rows"].as_array().unwrap().iter().all(|row| row["path"] != "inner/hidden.py"));
    let null = world.ok(&["build"]);
    assert_eq!((null.out.lines().count(), null.err.as_str()), (1, ""), "{}{}", null.out, null.err);
    assert!(null.out.contains("warning"), "{}", null.out);
}

#[test]
fn what_the_machine_denies_is_the_machines_matter() {
    if rustix::process::geteuid().is_root() {
        // Nothing is denied to root.
        return;
    }
    let deny = |world: &World, path: &str, mode: u32| {
        std::fs::set_permissions(world.path(path), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let world = World::built();
    deny(&world, "api/app/orders.py", 0);
    let ran = world.ok(&["build", "--verbose"]);
    assert!(ran.err.contains("source::unreadable_file") && ran.err.contains("api/app/orders.py"), "{}", ran.err);
    deny(&world, "workspace.yaml", 0);
    refused(&world.run(&["build", "--json"]), 3, "sawmill::config::unreadable");
    deny(&world, "workspace.yaml", 0o644);
    let fresh = World::shop();
    deny(&fresh, ".", 0o555);
    let out = refused(&fresh.run(&["build", "--json"]), 3, "sawmill::schema::write");
    assert!(!out.contains(&*fresh.root().to_string_lossy()), "{out}");
    deny(&fresh, ".", 0o755);
}
