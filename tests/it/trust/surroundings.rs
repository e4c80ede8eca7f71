//! Twenty-four builds of the same trees: nothing of where, when, by whom and how fast is in any of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use sawmill::base::Timestamp;
use sawmill::base::vfs::memory::MemoryFs;
use sawmill::base::vfs::{Vfs, real::RealFs};
use sawmill::ops::{Program, worker::ARGUMENT};
use sawmill::source::CutParams;

use super::bench::{Bench, HOME, READERS, Standing, files, planted, standing};

/// Everything that a build is.
#[derive(Debug, PartialEq, Eq)]
struct Made {
    stands: Standing,
    /// Names of all artifacts. Each hashes to its name, so they stand for the bytes.
    artifacts: BTreeSet<String>,
}

fn made(bench: &Bench, vfs: Arc<dyn Vfs>) -> Made {
    let stands = standing(bench, Arc::clone(&vfs)).unwrap().unwrap();
    let objects = bench.dirs().cache.join("objects");
    let name = |path: PathBuf| path.strip_prefix(&objects).unwrap().to_string_lossy().into_owned();
    let artifacts = files(&*vfs, &objects).into_keys().map(name).collect();
    Made { stands, artifacts }
}

/// As the program cuts, and with its own workers.
fn bench(home: &str) -> Bench {
    let workers = Program { path: env!("CARGO_BIN_EXE_sawmill").into(), arguments: vec![ARGUMENT.to_owned()] };
    Bench { home: home.into(), cut: CutParams::default(), workers, ..Bench::default() }
}

fn in_memory(bench: &Bench, listing: Option<u64>) -> Made {
    let memory = planted(&bench.home);
    memory.shuffle_listings(listing);
    bench.built(&memory);
    made(bench, Arc::new(memory))
}

/// Twelve builds in memory: threads, order of listings, clock, place.
fn builds_in_memory() -> Vec<(String, Made)> {
    let at = |seconds| Timestamp::from_seconds(seconds, 0);
    let mut all = Vec::new();
    for jobs in [1, 2, 8] {
        let told = |what: &str| format!("{jobs} threads, {what}");
        let plain = Bench { jobs, ..bench(HOME) };
        all.push((told("listings as they come"), in_memory(&plain, None)));
        all.push((told("shuffled listings"), in_memory(&plain, Some(jobs as u64 * 7919))));
        all.push((told("another time"), in_memory(&Bench { now: at(4_000_000_000), ..plain.clone() }, Some(3))));
        all.push((told("another place"), in_memory(&Bench { home: "/srv/r/elsewhere".into(), ..plain }, Some(5))));
    }
    all
}

/// What the program is started in.
struct Start {
    jobs: u32,
    /// Where the workspace is, in a fresh directory.
    place: &'static str,
    /// Where the person stands, from there.
    cwd: &'static str,
    umask: &'static str,
    variables: &'static [(&'static str, &'static str)],
}

const STARTS: [Start; 12] = [
    Start { jobs: 1, place: "shop", cwd: "shop", umask: "022", variables: &[] },
    Start { jobs: 2, place: "shop", cwd: "shop", umask: "022", variables: &[] },
    Start { jobs: 8, place: "shop", cwd: "shop", umask: "022", variables: &[] },
    Start { jobs: 2, place: "shop", cwd: "shop", umask: "077", variables: &[("TZ", "Asia/Kathmandu")] },
    Start { jobs: 2, place: "shop", cwd: ".", umask: "000", variables: &[("TZ", "America/St_Johns")] },
    Start { jobs: 1, place: "shop", cwd: "/", umask: "022", variables: &[("LANG", "tr_TR.UTF-8")] },
    Start { jobs: 8, place: "shop", cwd: "shop/api/app", umask: "022", variables: &[("LC_ALL", "C"), ("LANG", "C")] },
    Start { jobs: 2, place: "shop", cwd: "shop/web", umask: "027", variables: &[("LC_ALL", "de_DE.ISO-8859-1")] },
    Start { jobs: 2, place: "a b/ünï/shop", cwd: "a b", umask: "022", variables: &[("HOME", "/nowhere")] },
    Start { jobs: 1, place: "deep/er/and/deeper/other", cwd: ".", umask: "022", variables: &[("HOME", "/")] },
    Start {
        jobs: 2,
        place: "other",
        cwd: "other",
        umask: "022",
        variables: &[("USER", "somebody"), ("LOGNAME", "else")],
    },
    Start {
        jobs: 8,
        place: "x",
        cwd: "x",
        umask: "022",
        variables: &[("HOSTNAME", "thathost"), ("SOURCE_DATE_EPOCH", "1")],
    },
];

fn plant_on_disk(home: &Path) {
    let source = planted(Path::new(HOME));
    for (path, bytes) in files(&source, Path::new(HOME)) {
        let to = home.join(path.strip_prefix(HOME).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, bytes).unwrap();
    }
}

/// Runs the program in the workspace at `home` as `start` says; what it printed.
fn started(start: &Start, top: &Path, home: &Path, command: &str) -> String {
    let script = format!("umask {}; exec \"$0\" --workspace \"$1\" {command}", start.umask);
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_sawmill")]).arg(home.join("workspace.yaml"));
    shell.current_dir(top.join(start.cwd)).env_clear().env("HOME", top).stdin(Stdio::null());
    let output = shell.envs(start.variables.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn on_disk(start: &Start) -> Made {
    let top = tempfile::tempdir().unwrap();
    let home = top.path().join(start.place);
    plant_on_disk(&home);
    started(start, top.path(), &home, &format!("build --jobs {}", start.jobs));
    made(&Bench { home, ..bench(HOME) }, Arc::new(RealFs))
}

#[test]
fn twenty_four_builds_are_equal() {
    let mut all = builds_in_memory();
    let on_disk =
        STARTS.iter().map(|s| (format!("{} on {} threads under {:?}", s.place, s.jobs, s.variables), on_disk(s)));
    all.extend(on_disk);
    let [(_, first), others @ ..] = all.as_slice() else { panic!("no build") };
    for (what, made) in others {
        assert_eq!(made, first, "{what}");
    }
    println!("surroundings: {} builds, each of {} artifacts", all.len(), first.artifacts.len());
    assert_eq!(all.len(), 24);
}

#[test]
fn a_workspace_that_is_moved_is_current_and_goes_on_as_if_it_had_always_been_there() {
    let top = tempfile::tempdir().unwrap();
    let (old, new) = (top.path().join("old"), top.path().join("moved/new"));
    plant_on_disk(&old);
    let start = &STARTS[1];
    let top = top.path();
    std::fs::create_dir_all(top.join("shop")).unwrap();
    started(start, top, &old, "build");
    let before = made(&Bench { home: old.clone(), ..bench(HOME) }, Arc::new(RealFs));
    std::fs::create_dir_all(new.parent().unwrap()).unwrap();
    std::fs::rename(&old, &new).unwrap();
    let told = started(start, top, &new, "build");
    assert!(told.contains("nothing to do"), "{told}");
    assert_eq!(made(&Bench { home: new.clone(), ..bench(HOME) }, Arc::new(RealFs)), before);

    let edited = planted(Path::new(HOME));
    super::bench::edit(&edited, Path::new(HOME));
    for (path, bytes) in files(&edited, Path::new(HOME)) {
        std::fs::create_dir_all(new.join(path.strip_prefix(HOME).unwrap()).parent().unwrap()).unwrap();
        std::fs::write(new.join(path.strip_prefix(HOME).unwrap()), bytes).unwrap();
    }
    std::fs::remove_file(new.join("web/run.sh")).unwrap();
    started(start, top, &new, "build");
    let clean = bench(HOME);
    clean.built(&edited);
    let clean = made(&clean, Arc::new(edited));
    let moved = made(&Bench { home: new, ..bench(HOME) }, Arc::new(RealFs));
    assert_eq!(moved.stands, clean.stands);
    assert!(clean.artifacts.is_subset(&moved.artifacts));
}

/// Marks of a machine, each of which would be found in a build that held it.
#[test]
fn no_place_person_host_or_time_is_in_an_artifact_or_a_manifest() {
    let top = tempfile::tempdir().unwrap();
    let place = "quirkyplace/of/quirkyuser";
    let start = Start {
        jobs: 2,
        place,
        cwd: ".",
        umask: "022",
        variables: &[("USER", "quirkyuser"), ("LOGNAME", "quirkyuser"), ("HOSTNAME", "quirkyhost"), ("TZ", "UTC")],
    };
    let home = top.path().join(place);
    plant_on_disk(&home);
    started(&start, top.path(), &home, "build");
    let bench = Bench { home, ..bench(HOME) };
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let top = top.path().to_string_lossy().into_owned();
    let marks = ["quirky", host.trim(), top.as_str(), "/tmp/", env!("CARGO_MANIFEST_DIR"), "x86_64", "linux"];
    let marks: Vec<&str> = marks.into_iter().filter(|mark| mark.len() > 3).collect();
    let made = made(&bench, Arc::new(RealFs));
    let mut texts: Vec<(String, String)> = made.stands.manifests.into_iter().collect();
    // Columns are compressed, so rows are looked at as well as the bytes around them.
    for (name, read) in READERS {
        texts.push((name.to_owned(), read(&bench.context(Arc::new(RealFs))).unwrap()));
    }
    for (path, bytes) in files(&RealFs, &bench.dirs().cache.join("objects")) {
        texts.push((path.to_string_lossy().into_owned(), String::from_utf8_lossy(&bytes).into_owned()));
    }
    for (what, text) in &texts {
        let found: Vec<_> = marks.iter().filter(|mark| text.contains(**mark)).collect();
        assert!(found.is_empty(), "{what} holds {found:?}");
    }
    // A time in any form would move with the clock.
    let at = |seconds| {
        let bench = Bench { now: Timestamp::from_seconds(seconds, 0), ..Bench::default() };
        let memory: MemoryFs = planted(&bench.home);
        bench.built(&memory);
        READERS.map(|(_, read)| read(&bench.context(Arc::new(memory.clone()))).unwrap())
    };
    assert_eq!(at(1_500_000_000), at(3_000_000_000));
    println!("surroundings: {} texts hold none of {} marks", texts.len(), marks.len());
}
