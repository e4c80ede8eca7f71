//! Nothing that a tree, a file, a name or an argument holds acts on a terminal: every command, every form of output.
//! (`show --format arrow` is binary, and refuses a terminal.)

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::process::Output;

use super::world::World;

/// Escape sequences (a title, a cleared screen, a link), C1 controls, a bell, a carriage return, a backspace, DEL, a
/// bidirectional override and an isolate, what is invisible, a line separator, a tag.
const EVIL: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}]8;;http:x\u{1b}\\\u{9b}31m\u{85}\u{90}q\r\u{8}\u{7f}\u{202e}\u{2066}\u{200b}\u{2028}\u{e0041}\u{feff}";

fn acts(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
        || ('\u{e0000}'..='\u{e007f}').contains(&c)
        || (c.is_control() && c != '\n')
}

/// Without colours, which are ours: no hostile text here has one.
fn without_colours(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        let numbers = behind.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        rest = numbers.strip_prefix('m').unwrap_or_else(|| {
            out.push('\u{1b}');
            behind
        });
    }
    out + rest
}

fn is_clean(output: &Output, arguments: &[&OsStr]) {
    for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let text = std::str::from_utf8(bytes).unwrap_or_else(|e| panic!("{arguments:?}: {stream} is no UTF-8: {e}"));
        let text = without_colours(text);
        if let Some(line) = text.split('\n').find(|line| line.contains(acts)) {
            panic!("{arguments:?}: {stream} has a raw character:\n{line:?}");
        }
    }
    assert!(output.status.code().is_some_and(|code| code < 4), "{arguments:?}: {:?}", output.status);
}

fn asked(world: &World, arguments: &[&OsStr]) {
    is_clean(&world.command(&[]).args(arguments).output().unwrap(), arguments);
}

/// `command` with every way to say more or less of it.
pub fn in_every_way(world: &World, command: &[&OsStr], ways: &[&[&str]]) {
    for way in ways {
        asked(world, &command.iter().copied().chain(way.iter().map(OsStr::new)).collect::<Vec<_>>());
    }
}

const WAYS: &[&[&str]] = &[&[], &["--json"], &["--color", "always"]];

/// A tree in which everything that can have a name has a hostile one.
fn hostile() -> World {
    let world = World::shop();
    world.write(format!("api/app/{EVIL}.py"), format!("def order_evil():\n\t\"\"\"{EVIL}\"\"\"\n\treturn '{EVIL}'\n"));
    world.write(format!("api/app/broken{EVIL}.py"), format!("def broken{EVIL}(:\n  (((( {EVIL}\n"));
    world.write("api/app/two\nlines.py", "def order_lines(): pass\n");
    world.write(format!("web/src/{EVIL}.js"), format!("class Order\u{200c}Evil {{ ['{EVIL}']() {{}} }}\n"));
    world.write(format!("handbook/{EVIL}.md"), format!("# order {EVIL}\n\ntext {EVIL} order\n"));
    world.write(format!("handbook/{EVIL}.json"), format!("{{\"order {EVIL}\": \"{EVIL}\"}}\n"));
    let name = [b"api/app/".as_slice(), b"\xff\xfe\x9b", EVIL.as_bytes(), b".py"].concat();
    world.write(OsStr::from_bytes(&name), b"def order_bytes():\n    return '\xff\x9b\x80'\n");
    std::os::unix::fs::symlink("..", world.path(format!("api/loop{EVIL}"))).unwrap();
    std::fs::create_dir_all(world.path(format!("api/inner{EVIL}/.git"))).unwrap();
    world.write(format!("api/inner{EVIL}/.git/HEAD"), "ref: refs/heads/main\n");
    std::fs::create_dir(world.path("api/.git")).unwrap();
    world.write("api/.git/HEAD", format!("ref: refs/heads/{EVIL}\n"));
    world
}

const COMMANDS: &[&[&str]] = &[
    &["check"],
    &["build", "--progress", "log", "--verbose"],
    &["build", "--progress", "jsonl"],
    &["status"],
    &["search", "order"],
    &["search", "--explain", "--context", "50", "-n", "100", "order owned text broken"],
    &["show", "files", "--all"],
    &["show", "files", "--all", "--columns", "path,error_message,error_lines,content_hash"],
    &["show", "outline", "--all"],
    &["show", "chunks", "--all", "--columns", "path,text"],
    &["show", "symbols", "--all"],
    &["show", "postings", "--limit", "2000"],
    &["show", "chunks", "--format", "csv"],
    &["show", "files", "--format", "csv"],
    &["show", "outline", "--format", "csv"],
    &["show", "chunks", "--format", "jsonl"],
    &["show", "files", "--format", "jsonl"],
    &["inspect"],
    &["inspect", "--schema"],
    &["inspect", "--paths"],
    &["stats"],
    &["stats", "--failures"],
    &["failures"],
    &["failures", "--all"],
    &["stats", "--min-health", "100"],
    &["stats", "--format", "svg"],
    &["schema", "search"],
    &["completions", "fish"],
];

#[test]
fn a_hostile_tree_stays_quiet_in_every_command_and_form() {
    let world = hostile();
    is_clean(&world.command(&["build", "--verbose"]).output().unwrap(), &[]);
    let found = world.ok(&["search", "order_evil"]).out;
    assert!(found.contains('␛') && found.contains("\\u{202e}"), "the tree is as hostile as it should be: {found}");
    for command in COMMANDS {
        in_every_way(&world, &command.iter().map(OsStr::new).collect::<Vec<_>>(), WAYS);
    }
    let broken = OsString::from(format!("api:app/broken{EVIL}.py"));
    for command in ["failures", "history"] {
        in_every_way(&world, &[OsStr::new(command), &broken], WAYS);
    }
    let cases = ["failures", "--save-case", "cases"].map(OsStr::new);
    in_every_way(&world, &[&cases[..], &[&broken]].concat(), WAYS);
    let [case] = &std::fs::read_dir(world.path("cases")).unwrap().collect::<Result<Vec<_>, _>>().unwrap()[..] else {
        panic!("one case")
    };
    assert!(case.file_name().to_str().unwrap().bytes().all(|b| b.is_ascii_graphic()), "{case:?}");
}

#[test]
fn what_is_typed_is_not_repeated_raw() {
    let world = World::built();
    let invalid = OsString::from(OsStr::from_bytes(b"\xff\x9b\x1b[2J"));
    for before in [
        &[][..],
        &["search"],
        &["search", "--select"],
        &["search", "-n"],
        &["search", "repo:x lagn:"],
        &["show"],
        &["show", "files", "--columns"],
        &["show", "files", "--node"],
        &["show", "files", "--modes"],
        &["inspect", "--table"],
        &["inspect", "--frob", "--repo"],
        &["stats", "--min-health"],
        &["failures"],
        &["failures", "--repo"],
        &["history"],
        &["history", "api:app/orders.py", "--node"],
        &["build"],
        &["build", "--param"],
        &["check", "--param"],
        &["status", "-C"],
        &["status", "--workspace"],
        &["init"],
        &["man"],
        &["schema"],
        &["completions"],
    ] {
        for evil in [OsStr::new(EVIL), &invalid] {
            in_every_way(&world, &before.iter().map(OsStr::new).chain([evil]).collect::<Vec<_>>(), WAYS);
        }
    }
    asked(&world, &[OsStr::new("build"), &OsString::from(format!("--{EVIL}={EVIL}"))]);
}

#[test]
fn a_hostile_configuration_is_quoted_clean() {
    let ways: Vec<&[&str]> = WAYS.iter().copied().chain([&["--progress", "jsonl"][..]]).collect();
    let repos = "repos:\n  - { name: api, root: api }\n";
    for text in [
        format!("version: 1\nname: \"{EVIL}\"\npipeline: code\n{repos}"),
        format!("version: 1\nname: shop\npipeline: code\nre{EVIL}pos: 1\n"),
        "version: 1\rname: shop\rpipeline: code\rtgas: [\t1]\rrepos: []\r".to_owned(),
        "version: 1\nname: shop # a\rb\npipeline: code\ntgas: 1 # c\rd\nrepos: []\n".to_owned(),
        format!("version: 1\nname: shop\npipeline: code\ntgas: [1]\n{repos}").replace('\n', "\r\n"),
        format!("version: 1\nname: shop\npipeline: \"\\e[2J\\r\\a\\u202e\"\n{repos}"),
        "version: 1\nname: shop\npipeline: code\nrepos:\n  - { name: \"a\\e[2J\", root: api }\n".to_owned(),
        format!("version: 1\nname: shop\npipeline: code\n{repos}  - {{ name: b, root: \"no\\e[2J\\rwhere\" }}\n"),
    ] {
        let world = World::shop();
        world.write("workspace.yaml", &text);
        for command in ["check", "build", "status", "stats"] {
            in_every_way(&world, &[OsStr::new(command)], &ways);
        }
    }
}

#[test]
fn a_hostile_directory_is_named_clean() {
    let world = World::shop();
    let home = world.path(EVIL);
    std::fs::create_dir(&home).unwrap();
    for part in ["api", "web", "handbook", "pipelines", "workspace.yaml"] {
        std::fs::rename(world.path(part), home.join(part)).unwrap();
    }
    let there = |command: &[&str]| {
        let arguments = [OsStr::new("-C"), home.as_os_str()].into_iter().chain(command.iter().map(OsStr::new));
        in_every_way(&world, &arguments.collect::<Vec<_>>(), WAYS);
    };
    for command in [
        &["build"][..],
        &["status"],
        &["search", "order"],
        &["inspect", "--paths"],
        &["stats", "--failures"],
        &["init"],
        &["check"],
    ] {
        there(command);
    }
    std::fs::rename(home.join("web"), home.join("away")).unwrap();
    for command in [&["build"][..], &["status"], &["search", "order"]] {
        there(command);
    }
    let fresh = World::empty();
    std::fs::create_dir(fresh.path(EVIL)).unwrap();
    asked(&fresh, &[OsStr::new("init"), OsStr::new(EVIL)]);
    asked(&fresh, &[OsStr::new("build")]);
}
