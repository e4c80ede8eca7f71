//! Every operation of a build fails, once and from then on, with each fault that is legal for it.
//!
//! Whatever fails: the error is typed and names the path, or the build succeeds and a notice says what it went without.
//! HEAD stands for the old generation or the new one, whole. Nothing wrong is remembered: the next build without a
//! fault comes to the bytes of a build that never met one, and the one after it has nothing to do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::Diagnostic;
use sawmill::base::Tier;
use sawmill::base::vfs::Vfs;
use sawmill::base::vfs::fault::{FaultFs, Operation};
use sawmill::base::vfs::memory::MemoryFs;
use sawmill::engine::Event;

use super::bench::{Bench, HOME, Standing, edit, on_each, planted, standing};
use super::fault_cases::{Case, Name, all, area, sample};

/// A build without faults, and what it starts from.
struct Scene {
    name: &'static str,
    start: MemoryFs,
    old: Option<Standing>,
    new: Standing,
    log: Vec<Operation>,
}

fn scene(name: &'static str, start: MemoryFs) -> Scene {
    let bench = Bench::default();
    let old = standing(&bench, Arc::new(start.clone())).unwrap();
    let memory = start.fork();
    let counting = FaultFs::new(Arc::new(memory.clone()));
    bench.build(Arc::new(counting.clone())).unwrap();
    let new = standing(&bench, Arc::new(memory)).unwrap().unwrap();
    Scene { name, start, old, new, log: counting.operations() }
}

/// A first build, and a build after an edit, a deletion and a new file.
fn scenes() -> [Scene; 2] {
    let clean = planted(Path::new(HOME));
    let incremental = clean.fork();
    Bench::default().built(&incremental);
    edit(&incremental, Path::new(HOME));
    [scene("clean", clean), scene("incremental", incremental)]
}

/// How a run with a fault ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Failed,
    /// A repository kept its old build, and the report says why.
    Stale,
    Noticed,
    /// Neither told nor needed: the operation and where it was.
    Silent(String),
}

/// Everything that an error tells.
fn told(error: &(dyn Diagnostic + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    for related in error.related().into_iter().flatten() {
        text = format!("{text}; {related}");
    }
    text
}

/// Does `text` name one of the paths whose operation failed?
fn names_a_path(text: &str, log: &[Operation]) -> bool {
    log.iter().filter(|o| o.failed).any(|o| {
        let name = o.path.file_name().map(|name| name.to_string_lossy());
        // A temporary is told by the name that it was to get, and the workspace's directory by the file in it.
        let home = o.path == Path::new(HOME) && text.contains("workspace.yaml");
        home || name.is_some_and(|name| text.contains(name.split(".new").next().unwrap_or_default()))
    })
}

fn run(scene: &Scene, case: &Case, jobs: usize) -> End {
    let bench = Bench { jobs, ..Bench::default() };
    let memory = scene.start.fork();
    let faulty = FaultFs::new(Arc::new(memory.clone()));
    faulty.arm(Some(case.fault(&scene.log)));
    let (result, events) = bench.build_telling(Arc::new(faulty.clone()));
    let log = faulty.operations();
    let notices = events.iter().filter(|e| matches!(e, Event::Notice { .. })).count();
    let stands = standing(&bench, Arc::new(memory.clone())).unwrap_or_else(|e| panic!("FAULT={case}: {e}"));
    assert_generation(scene, case, &log, (result.is_err(), &events), stands.as_ref());
    assert_memo(&bench, case, &memory);
    let end =
        match &result {
            Err(error) => {
                assert!(matches!(error.tier(), Tier::Environment | Tier::User), "FAULT={case}: {}", told(error));
                assert!(names_a_path(&told(error), &log), "FAULT={case} names no path: {}", told(error));
                End::Failed
            }
            Ok(built) if !built.report.ok => {
                for failed in &built.report.failed {
                    assert!(names_a_path(&failed.message, &log), "FAULT={case} names no path: {}", failed.message);
                    assert!(
                        !failed.code.contains("panic") && !failed.code.contains("invariant"),
                        "FAULT={case}: {failed:?}"
                    );
                }
                End::Stale
            }
            Ok(_) if notices > 0 => End::Noticed,
            Ok(_) => {
                let failed = log.iter().find(|o| o.failed);
                End::Silent(failed.map_or_else(String::new, |o| {
                    format!("{:?} {} {}", case.name, o.name, area(&o.path, Path::new(HOME)))
                }))
            }
        };
    assert_heals(&bench, scene, case, &memory);
    end
}

/// Each repository stands at its old build or its new one, or at one that a notice about its own files explains.
fn assert_generation(
    scene: &Scene,
    case: &Case,
    log: &[Operation],
    (failed, events): (bool, &[Event]),
    stands: Option<&Standing>,
) {
    let Some(found) = stands else {
        assert!(scene.old.is_none() && failed, "FAULT={case}: the old generation is gone");
        return;
    };
    let is_old = scene.old.as_ref().is_some_and(|old| old.generation == found.generation);
    if is_old || scene.new.generation == found.generation {
        return;
    }
    let build = |standing: &Standing, repo: &str| standing.generation.repos.get(repo).map(|b| b.build.clone());
    for (repo, there) in &found.generation.repos {
        let known = [scene.old.as_ref(), Some(&scene.new)].into_iter().flatten();
        let of_its_files = events.iter().any(|e| {
            matches!(e, Event::Notice { repo: Some(told), code, .. } if **told == **repo && code.contains("source"))
        });
        let is_known = known.filter_map(|s| build(s, repo)).any(|b| b == there.build);
        // A file that is listed and then not there was deleted meanwhile: nobody needs to be told.
        let is_gone = case.name == Name::Enoent && log.iter().any(|o| o.failed && o.path.starts_with(root(repo)));
        assert!(
            is_known || of_its_files || is_gone,
            "FAULT={case}: `{repo}` stands at {}, which nothing explains",
            there.build
        );
    }
}

fn root(repo: &str) -> PathBuf {
    Path::new(HOME).join(repo)
}

/// What is remembered is there, and is what its name says.
fn assert_memo(bench: &Bench, case: &Case, memory: &MemoryFs) {
    let store = bench.store(Arc::new(memory.clone())).unwrap();
    let memo = store.memo().unwrap();
    assert!(memo.notices().is_empty(), "FAULT={case}: {:?}", memo.notices());
    for output in memo.entries().flat_map(|entry| entry.outputs) {
        store.verify_object(&output.artifact).unwrap_or_else(|e| panic!("FAULT={case}: remembered, but {e}"));
    }
}

fn assert_heals(bench: &Bench, scene: &Scene, case: &Case, memory: &MemoryFs) {
    bench.built(memory);
    let healed = standing(bench, Arc::new(memory.clone())).unwrap().unwrap();
    assert_eq!(healed, scene.new, "FAULT={case}: the build after it is not the build without it");
    let again = bench.built(memory);
    assert!(again.report.nothing_to_do && again.ran() == 0, "FAULT={case}: the second build after it had work to do");
    for tmp in [".sawmill/tmp", ".sawmill/cache/tmp"] {
        let left = memory.list(&bench.home.join(tmp)).unwrap();
        assert!(left.is_empty(), "FAULT={case}: {tmp} still has {left:?}");
    }
}

/// Runs the cases of every scene and counts how they ended.
fn run_all(what: &str, scenes: &[Scene], jobs: usize, choose: impl Fn(&Scene) -> Vec<Case>) -> BTreeMap<End, usize> {
    let mut ends: BTreeMap<End, usize> = BTreeMap::new();
    for scene in scenes {
        let cases = choose(scene);
        println!("faults, {what}: {} build of {} operations, {} runs", scene.name, scene.log.len(), cases.len());
        for end in on_each(&cases, |case| run(scene, case, jobs)) {
            *ends.entry(end).or_default() += 1;
        }
    }
    for (end, count) in &ends {
        println!("faults, {what}: {count} {end:?}");
    }
    ends
}

/// The one case that `FAULT` names, or `None`.
fn replayed(scenes: &[Scene]) -> Option<()> {
    let text = std::env::var("FAULT").ok()?;
    let case: Case = text.parse().unwrap();
    let scene = scenes.iter().find(|scene| scene.name == case.scene).unwrap();
    println!("operation {}: {:?}", case.at, scene.log.get(case.at));
    println!("{case}: {:?}", run(scene, &case, 1));
    Some(())
}

/// What a build may go without and say nothing, apart from what is simply not there.
const UNTOLD: [(&str, &str); 1] = [(
    "try_lock .sawmill/leases",
    "a store that may not be written is read without a lease: nothing is collected there",
)];

fn assert_told(ends: &BTreeMap<End, usize>) {
    let untold: Vec<&String> = ends
        .keys()
        .filter_map(|end| if let End::Silent(what) = end { Some(what) } else { None })
        .filter(|what| !what.starts_with("Enoent ") && !UNTOLD.iter().any(|(known, _)| what.ends_with(known)))
        .collect();
    assert!(untold.is_empty(), "builds went without these and told nobody: {untold:?}");
}

#[test]
fn a_fault_of_each_kind_at_each_kind_of_operation_leaves_nothing_wrong() {
    let scenes = scenes();
    if replayed(&scenes).is_some() {
        return;
    }
    // A first build does little that a later one does not: a third of it.
    let ends = run_all("sampled", &scenes, 1, |scene| {
        let cases = sample(&all(scene.name, &scene.log), &scene.log, Path::new(HOME));
        cases.into_iter().step_by(if scene.old.is_none() { 3 } else { 1 }).collect()
    });
    assert_told(&ends);
    assert!(ends.get(&End::Failed).is_some_and(|count| *count > 200), "{ends:?}");
}

/// Operations have no stable numbers here, so the same number meets another operation in each run: what must hold
/// holds for all of them.
#[test]
fn faults_under_two_threads_leave_nothing_wrong() {
    let choose = |scene: &Scene| all(scene.name, &scene.log).into_iter().step_by(61).collect();
    let ends = run_all("two threads", &scenes(), 2, choose);
    assert!(ends.values().sum::<usize>() > 40, "{ends:?}");
}

#[test]
#[ignore = "thousands of builds: cargo test --test it -- --ignored every_operation_of_a_build_fails_with_every_legal_fault --nocapture"]
fn every_operation_of_a_build_fails_with_every_legal_fault() {
    let ends = run_all("all", &scenes(), 1, |scene| all(scene.name, &scene.log));
    assert_told(&ends);
    assert!(ends.values().sum::<usize>() > 3_000, "{ends:?}");
}

#[test]
fn one_thread_asks_for_the_same_operations_each_time() {
    for (first, second) in scenes().iter().zip(&scenes()) {
        assert_eq!(first.log, second.log, "{}: a case could not be replayed", first.name);
    }
}

#[test]
fn a_case_is_read_as_it_is_written() {
    let case = Case { scene: "clean".to_owned(), name: Name::Enospc, at: 137, lasting: true };
    assert_eq!(case.to_string(), "clean/enospc@137:persistent");
    assert_eq!(case.to_string().parse(), Ok(case));
    assert!("enospc@x".parse::<Case>().is_err());
}
