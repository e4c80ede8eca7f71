//! No worker outlives its build, however the build ends.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::world::World;

/// A process, told apart from a later one with its number: number, time of its start.
type Process = (u32, String);

/// Number and parent of each process, and when it started (proc_pid_stat(5), fields 4 and 22).
fn processes() -> Vec<(Process, u32)> {
    let numbers =
        std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    let each = numbers.filter_map(|number: u32| {
        let stat = std::fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
        Some(((number, fields[19].to_owned()), fields[1].parse().ok()?))
    });
    each.collect()
}

/// The workers of a build, as soon as it has some.
fn workers(build: &Child) -> Vec<Process> {
    let start = Instant::now();
    loop {
        let found: Vec<Process> =
            processes().into_iter().filter(|(_, parent)| *parent == build.id()).map(|(process, _)| process).collect();
        if !found.is_empty() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "the build starts no worker");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn are_gone(workers: &[Process]) {
    let start = Instant::now();
    while processes().iter().any(|(process, _)| workers.contains(process)) {
        assert!(start.elapsed() < Duration::from_secs(5), "a worker outlives its build");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A build at work on a file that takes its parser seconds.
fn started() -> (World, Child) {
    let world = World::shop();
    for file in 0..4 {
        world.write(format!("api/app/slow{file}.hs"), "a(\n".repeat(200_000 + file));
    }
    let child = world.command(&["build"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    (world, child)
}

fn end(child: &Child, signal: Signal) {
    kill_process(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(), signal).unwrap();
}

#[test]
fn no_worker_outlives_a_build_that_comes_to_its_end() {
    let world = World::shop();
    let mut child = world.command(&["build"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let workers = workers(&child);
    assert!(child.wait().unwrap().success());
    are_gone(&workers);
}

#[test]
fn no_worker_outlives_a_build_that_is_killed() {
    let (_world, mut child) = started();
    let workers = workers(&child);
    // Confined, and at work: it cannot be told that its parent is gone by a pipe alone.
    std::thread::sleep(Duration::from_millis(300));
    end(&child, Signal::KILL);
    child.wait().unwrap();
    are_gone(&workers);
}

#[test]
fn no_worker_outlives_an_interrupt_and_none_holds_it_up() {
    let (_world, mut child) = started();
    let workers = workers(&child);
    std::thread::sleep(Duration::from_millis(300));
    let start = Instant::now();
    end(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(start.elapsed() < Duration::from_secs(2), "it waited for a parser: {:?}", start.elapsed());
    are_gone(&workers);
}
