//! Twenty builds in one process: what they open they close, what they start they end, what they take they give back.
//!
//! The builds run in a process of their own, since other tests of this one open and start things at the same time.

use std::process::Command;

use crate::workbench::{Workbench, plant, sample};
use crate::worker::program;

const ALONE: &str = "engine::leaks::alone_twenty_builds";
const BUILDS: usize = 20;
const FILES: usize = 60;

#[cfg(target_os = "linux")]
#[test]
fn twenty_builds_leave_no_descriptor_no_process_and_no_growing_memory() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([ALONE, "--exact", "--ignored", "--nocapture", "--test-threads", "1"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("1 passed"), "{said}");
}

/// Numbers of this process: open descriptors, children (those that ended and nobody asked for, too), resident KiB.
#[derive(Clone, Copy, Debug)]
struct Held {
    descriptors: usize,
    children: usize,
    resident: usize,
}

impl Held {
    fn now() -> Self {
        let own = std::process::id().to_string();
        let processes = std::fs::read_dir("/proc").unwrap().map(Result::unwrap);
        let is_child = |stat: String| {
            let behind = stat.rsplit_once(')').map(|(_, rest)| rest.to_owned());
            behind.is_some_and(|rest| rest.split_ascii_whitespace().nth(1) == Some(own.as_str()))
        };
        let children = processes.filter_map(|process| std::fs::read_to_string(process.path().join("stat")).ok());
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        Self {
            descriptors: std::fs::read_dir("/proc/self/fd").unwrap().count(),
            children: children.filter(|stat| is_child(stat.clone())).count(),
            resident: resident.trim().trim_end_matches(" kB").parse().unwrap(),
        }
    }
}

fn median(held: &[Held]) -> usize {
    let mut all: Vec<usize> = held.iter().map(|held| held.resident).collect();
    all.sort_unstable();
    all[all.len() / 2]
}

/// With workers, and one that dies in every build.
#[test]
#[ignore = "cargo test --test it leaks::alone -- --ignored --nocapture; `cargo test` runs it in a process of its own"]
fn alone_twenty_builds() {
    let mut bench = Workbench::new(&["api"]);
    bench.workers = Some(program());
    plant(&bench, "api", FILES);
    bench.build();
    let before = Held::now();
    assert_eq!(before.children, 0, "no worker outlives its build");
    let mut held = Vec::new();
    for edit in 0..BUILDS {
        for file in 0..10 {
            let (path, text) = sample(file * 5, edit + 1);
            bench.write("api", &path, text);
        }
        bench.write("api", "src/bad.py", format!("x = {edit}  # probe: abort\n"));
        let built = bench.build();
        assert!(built.ran_any() > 0, "there was work");
        drop(built);
        held.push(Held::now());
    }
    println!("{held:#?}");
    for now in &held {
        assert_eq!((now.descriptors, now.children), (before.descriptors, 0), "{held:#?}");
    }
    let (early, late) = (median(&held[5..10]), median(&held[BUILDS - 5..]));
    // A build takes some megabytes; what ten of them would leave behind would show.
    assert!(late < early + early / 5 + (8 << 10), "{early} KiB, then {late} KiB: {held:#?}");
}
