//! The pager: on a terminal that the text does not fit, and nowhere else.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use nix::pty::{Winsize, openpty};

use super::world::World;

/// A built workspace with a pager that says that it was there.
fn world() -> World {
    let world = World::built();
    world.write("pager", "#!/bin/sh\necho \"paged $1\"\nhead -n 2\n");
    std::fs::set_permissions(world.path("pager"), std::fs::Permissions::from_mode(0o755)).unwrap();
    world
}

/// What a terminal of `rows` lines is sent, and the exit code.
fn on_terminal(world: &World, rows: u16, variables: &[(&str, &str)], arguments: &[&str]) -> (String, i32) {
    let size = Winsize { ws_row: rows, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
    let terminal = openpty(&size, None).unwrap();
    let mut command = world.command(arguments);
    command.env("PATH", "/usr/bin:/bin").env("TERM", "xterm").envs(variables.iter().copied());
    command.stdout(terminal.slave.try_clone().unwrap()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    drop((command, terminal.slave));
    let mut shown = Vec::new();
    let mut screen = File::from(terminal.master);
    let mut part = [0; 4096];
    // A terminal whose other side is closed ends with an error.
    while let Ok(count @ 1..) = screen.read(&mut part) {
        shown.extend_from_slice(&part[..count]);
    }
    (String::from_utf8(shown).unwrap().replace("\r\n", "\n"), child.wait().unwrap().code().unwrap())
}

const SEARCH: &[&str] = &["search", "order total", "--color", "never"];

#[test]
fn a_long_answer_on_a_terminal_goes_through_the_pager() {
    let world = world();
    let pager = world.path("pager");
    let pager = pager.to_str().unwrap();
    for variables in [&[("PAGER", pager)][..], &[("SAWMILL_PAGER", pager), ("PAGER", "false")]] {
        let (shown, code) = on_terminal(&world, 10, variables, SEARCH);
        assert_eq!(code, 0);
        assert!(shown.starts_with("paged \n") && shown.lines().count() == 3, "{shown}");
    }
    let with_words = format!("{pager} twice");
    assert!(on_terminal(&world, 10, &[("PAGER", &with_words)], SEARCH).0.starts_with("paged twice\n"));
    for arguments in [&["show", "chunks"][..], &["search", "-l", "order"], &["search", "--budget", "900", "order"]] {
        let (shown, code) = on_terminal(&world, 4, &[("PAGER", pager)], arguments);
        assert!(code == 0 && shown.starts_with("paged \n"), "{arguments:?}: {shown}");
    }
}

#[test]
fn no_pager_where_none_is_wanted() {
    let world = world();
    let pager = world.path("pager");
    let pager = ("PAGER", pager.to_str().unwrap());
    let whole = world.ok(SEARCH).out;
    assert_eq!(on_terminal(&world, 500, &[pager], SEARCH), (whole.clone(), 0), "it fits");
    let flags = [SEARCH, &["--no-pager"]].concat();
    assert_eq!(on_terminal(&world, 10, &[pager], &flags), (whole.clone(), 0), "--no-pager");
    assert_eq!(on_terminal(&world, 10, &[pager, ("SAWMILL_PAGER", "")], SEARCH), (whole.clone(), 0), "empty");
    assert_eq!(on_terminal(&world, 10, &[("PAGER", "cat")], SEARCH), (whole.clone(), 0), "cat");
    let missing = on_terminal(&world, 10, &[("PAGER", "/nowhere/less -R")], SEARCH);
    assert_eq!(missing, (whole.clone(), 0), "a pager that is missing is no error");
    let json = on_terminal(&world, 2, &[pager], &[SEARCH, &["--json"]].concat()).0;
    assert!(json.starts_with('{'), "{json}");
    let mut piped = world.command(SEARCH);
    piped.env("PATH", "/usr/bin:/bin").env(pager.0, pager.1);
    assert_eq!(piped.output().unwrap().stdout, whole.as_bytes(), "no terminal");
}

#[test]
fn a_pager_that_is_left_early_ends_the_command_quietly() {
    let world = world();
    let all = ["show", "postings", "--all"];
    assert_eq!(on_terminal(&world, 10, &[("PAGER", "head -n 1 >/dev/null")], &all), (String::new(), 0));
    world.write("pager", "#!/bin/sh\nexit 3\n");
    let pager = world.path("pager");
    assert_eq!(on_terminal(&world, 10, &[("PAGER", pager.to_str().unwrap())], &all), (String::new(), 0));
}
