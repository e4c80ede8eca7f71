//! Ctrl-C.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use super::progress;
use super::world::{Ran, World};

/// A tree that takes a while: many files with many definitions.
fn large() -> World {
    let world = World::shop();
    for file in 0..1500 {
        let mut text = String::new();
        for function in 0..60 {
            writeln!(text, "def f_{file}_{function}(a, b):\n    return [a + {function}, {{'k': b}}]\n").unwrap();
        }
        world.write(format!("api/app/made_{file:04}.py"), text);
    }
    world
}

#[test]
fn the_first_interrupt_stops_cleanly_and_the_next_build_goes_on() {
    let world = large();
    let mut command = world.command(&["build", "--progress", "log", "--jobs", "1"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let scanned = lines.by_ref().map(Result::unwrap).find(|line| line.starts_with("scanned api"));
    assert!(scanned.is_some(), "the build ended before it scanned");
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{rest:?}");
    assert!(rest.iter().any(|line| line.contains("sawmill build")), "it says how to go on: {rest:?}");
    assert_eq!(world.run(&["search", "order"]).code, 2, "no half-built generation is served");

    world.ok(&["build"]);
    let clean = large();
    clean.ok(&["build"]);
    assert_eq!(world.json(&["status"])["generation"], clean.json(&["status"])["generation"]);
}

#[test]
fn an_interrupt_ends_the_protocol_as_it_ends_everything() {
    let world = large();
    let mut command = world.command(&["build", "--progress", "jsonl", "--jobs", "1"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut err = String::new();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    while told.read_line(&mut err).unwrap() > 0 && !err.contains("\"job:spawn\"") {}
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    while told.read_line(&mut err).unwrap() > 0 {}
    let output = child.wait_with_output().unwrap();
    let ran = Ran { err, ..Ran::of(&output) };
    assert_eq!(ran.code, 130, "{}", ran.out);
    assert_eq!(ran.object()["error"]["code"], "sawmill::engine::cancelled");
    let told = progress::lines(&ran);
    progress::hold_together(&told);
    assert_eq!(told.last().unwrap()["error"], ran.object()["error"]);
}
