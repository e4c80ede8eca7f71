//! What really happens to people: a full disk, a removed directory, a read-only store, a killed process. The next run
//! says what happened, ends where a clean build ends, and uses what is left of the work.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use rustix::io::Errno;
use sawmill::base::Tier;
use sawmill::base::vfs::Vfs;
use sawmill::base::vfs::fault::{Failure, Fault, FaultFs};
use serde_json::Value;

use super::bench::{Bench, HOME, READERS, edit, planted, standing};
use crate::program::world::{Ran, World};

/// A workspace whose build takes a moment.
fn large() -> World {
    let world = World::shop();
    for file in 0..90 {
        let mut text = String::new();
        for function in 0..12 {
            writeln!(text, "def f_{file}_{function}(a, b):\n    return [a + {function}, {{'k': b}}]\n").unwrap();
        }
        world.write(format!("api/app/made_{file:04}.py"), text);
    }
    world
}

fn change(world: &World) {
    for file in [3, 40, 77] {
        world.write(format!("api/app/made_{file:04}.py"), format!("def changed_{file}():\n    return {file}\n"));
    }
}

fn generation(world: &World) -> String {
    world.json(&["status", "--no-scan"])["generation"].as_str().unwrap().to_owned()
}

/// Actions that a build ran, by its report.
fn ran(report: &Value) -> u64 {
    report["ran"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum()
}

/// The report of a build that must come through.
fn built(world: &World) -> Value {
    let report = world.json(&["build"]);
    assert_eq!(report["ok"], true, "{report}");
    report
}

/// What a clean build of [`large`] comes to: its generation, and the actions that it takes.
static CLEAN: LazyLock<(String, u64)> = LazyLock::new(|| {
    let world = large();
    let report = built(&world);
    (generation(&world), ran(&report))
});

#[test]
fn a_build_that_is_killed_at_any_moment_leaves_what_stood_and_the_next_one_ends_right() {
    let changed = || {
        let world = large();
        change(&world);
        world
    };
    let world = changed();
    let clean_ran = ran(&built(&world));
    let (before, target) = (&CLEAN.0, generation(&world));
    let (mut killed, mut ended, mut reused) = (0, 0, 0);
    // A moment for the process to start, then anywhere in the run.
    for (at, first) in (0..12_u64).map(|n| (5 + n * 23, n % 3 == 0)) {
        let world = if first { changed() } else { large() };
        if !first {
            built(&world);
            change(&world);
        }
        let mut child = world.command(&["build", "--jobs", "2"]);
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(at));
        child.kill().unwrap();
        let status = child.wait().unwrap();
        if status.success() {
            ended += 1;
        } else {
            killed += 1;
        }
        // Between the death and the next build, readers have the old generation, the new one, or none yet.
        let search = world.run(&["search", "order", "--json"]);
        match search.code {
            0 => assert!(first || [before, &target].contains(&&generation(&world)), "killed after {at} ms"),
            2 => assert!(first && search.object()["error"]["code"] == "sawmill::ops::not_built", "{}", search.out),
            code => panic!("killed after {at} ms, a search ends with {code}: {}", search.out),
        }
        let report = built(&world);
        assert_eq!(generation(&world), target, "killed after {at} ms");
        assert!(world.json(&["build"])["nothing_to_do"] == true, "killed after {at} ms");
        if !first {
            assert!(ran(&report) < clean_ran, "killed after {at} ms: {} of {clean_ran} ran", ran(&report));
            reused += 1;
        }
        let tmp = std::fs::read_dir(world.path(".sawmill/cache/tmp")).unwrap().count();
        assert_eq!(tmp, 0, "killed after {at} ms: temporaries are left");
    }
    println!("disasters: {killed} builds killed, {ended} were faster, {reused} times earlier work was reused");
    assert!(killed >= 4, "{killed} of 12 were killed in time");
}

/// A file system of its own, unmounted at the end.
struct Mounted(PathBuf);

impl Mounted {
    /// `None` where this process may not mount.
    fn new(place: &Path, bytes: usize) -> Option<Self> {
        std::fs::create_dir_all(place).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={bytes}"), "none"]).arg(place).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then(|| Self(place.to_owned()))
    }

    fn grow(&self, bytes: usize) {
        let mut mount = Command::new("mount");
        let status = mount.args(["-o", &format!("remount,size={bytes}")]).arg(&self.0).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.0).status());
    }
}

/// Says that the disk is full, where, and what to do.
fn says_full(ran: &Ran, cause: &str) {
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    let known = ran.err.contains("sawmill::store::io") || ran.err.contains("sawmill::schema::write");
    assert!(known && ran.err.contains("space"), "{}", ran.err);
    let words = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(cause) && words.contains(".sawmill"), "{}", ran.err);
}

#[test]
fn a_full_disk_is_told_and_the_build_after_it_ends_right() {
    let (target, clean_ran) = &*CLEAN;
    let world = large();
    let Some(disk) = Mounted::new(&world.path(".sawmill"), 192 << 10) else {
        println!("disasters: no mount is allowed here, so no real full disk");
        return;
    };
    for _ in 0..2 {
        says_full(&world.run(&["build"]), "No space left on device");
        assert_eq!(world.run(&["search", "order"]).code, 2, "nothing half-built is served");
    }
    disk.grow(64 << 20);
    let report = built(&world);
    assert_eq!(&generation(&world), target);
    println!("disasters: after two full disks {} of {clean_ran} actions ran", ran(&report));

    // A disk that fills up under a workspace that was built: the old generation stands and is read.
    change(&world);
    let used = Command::new("du").arg("-sk").arg(world.path(".sawmill")).output().unwrap();
    let used: usize = String::from_utf8(used.stdout).unwrap().split_whitespace().next().unwrap().parse().unwrap();
    disk.grow((used + 8) << 10);
    says_full(&world.run(&["build"]), "No space left on device");
    assert_eq!(&generation(&world), target);
    assert!(world.ok(&["search", "f_3_1"]).out.contains("made_0003.py:"));
    disk.grow(64 << 20);
    let report = built(&world);
    assert!(ran(&report) < *clean_ran, "{report}");
    assert!(world.ok(&["search", "changed_40"]).out.contains("made_0040.py:"));
}

#[test]
fn a_limit_on_the_size_of_files_is_told_as_a_full_disk_is() {
    let (target, _) = &*CLEAN;
    let world = large();
    // In blocks of 512 bytes. The signal is ignored, so that the write itself fails.
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" build";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_sawmill")]).current_dir(world.root());
    let limited = Ran::of(&shell.env_clear().env("HOME", world.root()).stdin(Stdio::null()).output().unwrap());
    says_full(&limited, "File too large");
    built(&world);
    assert_eq!(&generation(&world), target);
}

#[test]
fn a_cache_that_was_removed_is_told_and_made_again() {
    let (target, clean_ran) = &*CLEAN;
    let world = large();
    built(&world);
    std::fs::remove_dir_all(world.path(".sawmill/cache")).unwrap();
    let search = world.run(&["search", "order", "--json"]);
    assert!(search.out.contains("sawmill::store::missing"), "{}{}", search.out, search.err);
    assert!(search.out.contains("sawmill build"), "it says what to do: {}", search.out);
    let told = world.ok(&["build"]);
    assert!(told.err.contains("made again"), "{}{}", told.out, told.err);
    assert_eq!(&generation(&world), target);
    assert!(world.ok(&["search", "f_3_1"]).out.contains("made_0003.py:"));
    assert_eq!(world.json(&["build"])["nothing_to_do"], true);

    // Half of it: what is left is used.
    std::fs::remove_dir_all(world.path(".sawmill/cache/memo")).unwrap();
    change(&world);
    let report = built(&world);
    assert!(ran(&report) <= *clean_ran, "{report}");
    let objects = world.path(".sawmill/cache/objects");
    let gone = std::fs::read_dir(&objects)
        .unwrap()
        .step_by(2)
        .map(|dir| std::fs::remove_dir_all(dir.unwrap().path()).unwrap());
    let gone = gone.count();
    let report = built(&world);
    assert!(report["healed"].as_u64() > Some(0) && ran(&report) < *clean_ran, "{report}");
    println!("disasters: {gone} object directories removed, {} of {clean_ran} actions ran", ran(&report));
    assert_eq!(world.json(&["build"])["nothing_to_do"], true);
}

#[test]
fn a_state_that_was_removed_is_made_again_from_the_cache() {
    let (target, _) = &*CLEAN;
    let world = large();
    let cache = tempfile::tempdir().unwrap();
    let build = || {
        let mut command = world.command(&["build", "--json"]);
        Ran::of(&command.env("SAWMILL_CACHE", cache.path()).output().unwrap()).object()
    };
    let first = build();
    std::fs::remove_dir_all(world.path(".sawmill")).unwrap();
    let never = world.run(&["search", "order", "--json"]);
    assert_eq!((never.code, &never.object()["error"]["code"]), (2, &Value::from("sawmill::ops::not_built")));
    let second = build();
    assert_eq!((ran(&second), &second["generation"]), (0, &Value::from(target.as_str())), "{second}");
    assert!(ran(&first) > 0 && build()["nothing_to_do"] == true);
}

#[test]
fn a_store_that_may_not_be_written_is_read_and_a_build_says_why_it_cannot() {
    let bench = Bench::default();
    let memory = planted(Path::new(HOME));
    bench.built(&memory);
    let answers = READERS.map(|(_, read)| read(&bench.context(Arc::new(memory.clone()))).unwrap());
    let before = standing(&bench, Arc::new(memory.clone())).unwrap();
    edit(&memory, Path::new(HOME));
    let mut told = 0;
    for errno in [Errno::ROFS, Errno::ACCESS] {
        let store = FaultFs::new(Arc::new(memory.clone()));
        store.arm(Some(Fault { at: 0, mutating: true, lasting: true, failure: Failure::Errno(errno) }));
        for ((name, read), right) in READERS.iter().zip(&answers) {
            assert_eq!(&read(&bench.context(Arc::new(store.clone()))).unwrap(), right, "{name}");
        }
        let error = bench.build(Arc::new(store)).err().unwrap();
        assert_eq!(error.tier(), Tier::Environment);
        assert!(error.to_string().contains(HOME), "{error}");
        assert_eq!(standing(&bench, Arc::new(memory.clone())).unwrap(), before);
        told += 1;
    }
    assert_eq!(told, 2);
    assert!(bench.built(&memory).ran() > 0);
    assert!(memory.exists(&bench.home.join(".sawmill/HEAD.json")).unwrap());
}
