//! Which builds stand after a run, and what is known beside them.

use std::sync::Arc;

use sawmill::ops::OpsError;
use sawmill::ops::build::{BuildReport, BuildRequest, run};
use sawmill::store::{Provenance, RepoBuild};

use crate::workbench::{Workbench, plant, sample};

fn bench() -> Workbench {
    let bench = Workbench::new(&["one", "two"]);
    plant(&bench, "one", 6);
    plant(&bench, "two", 6);
    bench
}

fn only(bench: &Workbench, repos: &[&str]) -> Result<BuildReport, OpsError> {
    let selectors = repos.iter().map(|r| (*r).to_owned()).collect();
    run(&bench.context(), &BuildRequest { jobs: Some(2), selectors, ..BuildRequest::default() }, Arc::new(|_| {}))
}

fn provenance(bench: &Workbench) -> Provenance {
    bench.context().pinned().unwrap().provenance().clone()
}

fn standing(bench: &Workbench, repo: &str) -> Option<RepoBuild> {
    bench.context().pinned().unwrap().generation().repos.get(repo).cloned()
}

fn edit(bench: &Workbench, repo: &str, version: usize) {
    let (path, text) = sample(5, version);
    bench.write(repo, &path, text);
}

fn yaml(bench: &Workbench, from: &str, to: &str) {
    let text = std::fs::read_to_string(bench.file()).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(bench.file(), text.replace(from, to)).unwrap();
}

fn park(bench: &Workbench, repo: &str) {
    std::fs::rename(bench.root(repo), bench.dir.path().join("parked")).unwrap();
}

fn unpark(bench: &Workbench, repo: &str) {
    std::fs::rename(bench.dir.path().join("parked"), bench.root(repo)).unwrap();
}

#[test]
fn a_generation_knows_when_it_became_head_and_what_was_head_before() {
    let bench = bench();
    let first = bench.build().report.generation;
    let of_first = provenance(&bench);
    assert_eq!(of_first.previous, None);
    bench.build();
    assert_eq!(provenance(&bench).created_at, of_first.created_at, "a null build makes nothing");
    assert!(provenance(&bench).checked_at >= of_first.checked_at);
    edit(&bench, "one", 1);
    let second = bench.build().report.generation;
    let of_second = provenance(&bench);
    assert_eq!(of_second.previous.as_deref(), first.as_deref());
    assert!(of_second.created_at > of_first.created_at);
    assert_eq!(of_second.repos["two"].built_at, of_first.repos["two"].built_at);
    edit(&bench, "one", 0);
    assert_eq!(bench.build().report.generation, first);
    assert_eq!(provenance(&bench).previous.as_deref(), second.as_deref());
    // A build that comes to the generation that stands is not its own predecessor.
    std::fs::remove_file(bench.dir.path().join(".sawmill/stamp.json")).unwrap();
    assert!(!bench.build().report.nothing_to_do);
    assert_eq!(provenance(&bench).previous.as_deref(), second.as_deref());
}

#[test]
fn a_build_of_one_repository_leaves_the_others_as_they_stand() {
    let bench = bench();
    bench.build();
    let before = (standing(&bench, "one"), standing(&bench, "two"));
    edit(&bench, "one", 1);
    edit(&bench, "two", 1);
    assert!(only(&bench, &["one"]).unwrap().ok);
    assert_ne!(standing(&bench, "one"), before.0);
    assert_eq!(standing(&bench, "two"), before.1);
    assert!(only(&bench, &["one"]).unwrap().nothing_to_do);
    assert!(!bench.build().report.nothing_to_do);
    assert_ne!(standing(&bench, "two"), before.1);
}

#[test]
fn an_unavailable_repository_matters_only_to_a_build_that_asks_for_it() {
    let bench = bench();
    bench.build();
    park(&bench, "two");
    edit(&bench, "one", 1);
    assert!(only(&bench, &["one"]).unwrap().ok);
    assert!(!standing(&bench, "two").unwrap().stale);
    let asked = only(&bench, &["two"]).unwrap();
    assert_eq!(asked.failed[0].repo, "two");
    assert!(standing(&bench, "two").unwrap().stale && !standing(&bench, "one").unwrap().stale);
    assert!(provenance(&bench).repos["two"].failure.is_some());
    let again = bench.try_build().unwrap().report;
    assert!(!again.ok && again.nothing_to_do, "it is stale already");
    unpark(&bench, "two");
    assert!(bench.build().report.ok);
    assert!(!standing(&bench, "two").unwrap().stale);
    assert_eq!(provenance(&bench).repos["two"].failure, None);
}

#[test]
fn a_repository_that_is_removed_leaves_and_one_that_is_renamed_costs_no_action() {
    let bench = bench();
    let before = bench.build().report;
    yaml(&bench, "  - { name: two, root: two }\n", "");
    assert!(only(&bench, &["one"]).unwrap().ok);
    assert_eq!(standing(&bench, "two"), None, "what is not declared does not stand");
    assert!(!provenance(&bench).repos.contains_key("two"));
    yaml(&bench, "name: one,", "name: uno,");
    let built = bench.build();
    assert_eq!(built.ran_any(), 0);
    assert_eq!(built.report.repos[0].build, before.repos[0].build, "a build's id does not hold the name");
    assert_eq!(standing(&bench, "one"), None);
}

#[test]
fn where_all_repositories_fail_the_old_builds_stand_and_are_stale() {
    let bench = bench();
    let first = bench.build().report;
    for repo in ["one", "two"] {
        std::fs::rename(bench.root(repo), bench.dir.path().join(format!("{repo}.away"))).unwrap();
        std::fs::write(bench.root(repo), "no directory").unwrap();
    }
    let failed = bench.try_build().unwrap().report;
    assert_eq!(failed.failed.len(), 2);
    let place = bench.dir.path().to_str().unwrap();
    for text in provenance(&bench).repos.values().filter_map(|r| r.failure.as_deref()) {
        assert!(!text.contains(place), "a record holds a path of this machine: {text}");
    }
    for (old, new) in first.repos.iter().zip(&failed.repos) {
        assert!(new.stale);
        assert_eq!(old.build, new.build, "the report names the build that stands");
    }
    assert!(standing(&bench, "one").unwrap().stale && standing(&bench, "two").unwrap().stale);
    for repo in ["one", "two"] {
        std::fs::remove_file(bench.root(repo)).unwrap();
        std::fs::rename(bench.dir.path().join(format!("{repo}.away")), bench.root(repo)).unwrap();
    }
    let back = bench.build();
    assert_eq!((back.report.generation.clone(), back.ran_any()), (first.generation, 0));
}

#[test]
fn a_first_build_that_fails_everywhere_promotes_nothing() {
    let bench = bench();
    park(&bench, "two");
    std::fs::remove_dir_all(bench.root("one")).unwrap();
    std::fs::write(bench.root("one"), "no directory").unwrap();
    assert!(bench.try_build().is_err());
    assert!(matches!(bench.context().pinned(), Err(OpsError::NotBuilt)));
}

#[test]
fn a_null_build_refreshes_what_people_are_shown() {
    let bench = bench();
    let first = bench.build().report.generation;
    yaml(&bench, "root: one }", "root: one, tags: [backend], priority: 7 }");
    yaml(&bench, "root: two }", "root: two, tags: [front] }");
    let report = only(&bench, &["one"]).unwrap();
    assert!(report.nothing_to_do);
    assert_eq!(report.generation, first);
    let shown = provenance(&bench);
    assert_eq!(
        (shown.repos["one"].tags.as_slice(), shown.repos["one"].priority),
        (["backend".to_owned()].as_slice(), 7)
    );
    assert_eq!(shown.repos["two"].tags, ["front"], "of repositories that were not asked for, too");
}

#[test]
fn a_second_build_is_told_who_holds_the_lock_or_waits() {
    let bench = bench();
    let context = bench.context();
    let store = context.store(&context.workspace().unwrap()).unwrap();
    let writer = store.writer(&*context.clock, std::time::Duration::ZERO).unwrap();
    let Err(refused) = only(&bench, &[]) else { panic!("the store is locked") };
    assert_eq!(refused.tier().exit_code(), 3);
    assert!(refused.to_string().contains(&format!("process {}", std::process::id())), "{refused}");
    let waiting = BuildRequest { wait: std::time::Duration::from_mins(1), ..BuildRequest::default() };
    let second = std::thread::spawn(move || run(&context, &waiting, Arc::new(|_| {})).map(|r| r.ok));
    std::thread::sleep(std::time::Duration::from_millis(100));
    drop(writer);
    assert!(second.join().unwrap().unwrap());
}
