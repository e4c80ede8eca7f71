//! `failures` and `history`: what a person is told of one file.

use super::world::World;

const BROKEN: &str = "\"\"\"Broken.\"\"\"\n\n\ndef one():\n    return 1\n\n\ndef broken(:\n    return 2\n";

fn broken() -> World {
    let world = World::shop();
    world.write("api/app/broken.py", BROKEN);
    world.ok(&["build"]);
    world
}

#[test]
fn where_nothing_fails_it_says_so() {
    let world = World::built();
    let ran = world.ok(&["failures"]);
    assert_eq!(ran.out, "nothing fails: every file with a grammar parsed cleanly\n");
    assert_eq!(world.json(&["failures"])["now"], 0);
}

#[test]
fn a_failing_file_is_listed_and_shown_with_its_line_marked() {
    let world = broken();
    let list = world.ok(&["failures"]).out;
    assert!(list.starts_with("api/app/broken.py:8:1  syntax  "), "{list}");
    assert_eq!(list.lines().count(), 1, "{list}");
    let full = world.ok(&["failures", "api/app/broken.py"]).out;
    assert!(full.contains("\n  4 │ def one():\n"), "{full}");
    assert!(full.contains("\n> 8 │ def broken(:\n    │ ^\n  9 │     return 2\n"), "{full}");
    assert!(full.contains("extract (extract@") && full.contains("· python · input · first met"), "{full}");
    // Mended, it is remembered where asked for.
    world.write("api/app/broken.py", "def mended():\n    return 2\n");
    world.ok(&["build"]);
    let ran = world.ok(&["failures", "api/app/broken.py"]).out;
    assert_eq!(ran, "app/broken.py does not fail now; --all shows what is remembered of the past\n");
    assert!(world.ok(&["failures", "api/app/broken.py", "--all"]).out.contains("> 8 │ def broken(:"));
}

#[test]
fn a_case_is_written_where_it_was_asked_for_and_once() {
    let world = broken();
    let ran = world.ok(&["failures", "api/app/broken.py", "--save-case", "cases"]);
    assert!(ran.err.contains("wrote cases/app-broken.py-"), "{}", ran.err);
    let case = std::fs::read_dir(world.path("cases")).unwrap().next().unwrap().unwrap().path();
    assert_eq!(std::fs::read_to_string(case.join("input.py")).unwrap(), BROKEN);
    assert!(world.ok(&["failures", "api/app/broken.py", "--save-case", "cases"]).err.contains("was there already"));
    let refused = world.run(&["failures", "--save-case", "cases"]);
    assert_eq!(refused.code, 2, "{}", refused.err);
}

#[test]
fn history_tells_what_stands_and_who_made_it() {
    let world = broken();
    let told = world.ok(&["history", "api/app/broken.py"]).out;
    assert!(told.starts_with("app/broken.py in api\ncontent "), "{told}");
    for node in ["extract@", "chunk@", "index@"] {
        assert_eq!(told.matches(node).count(), 2, "once as it stands, once as it was done: {told}");
    }
    assert!(told.contains("partial"), "{told}");
    let wrong = world.run(&["history", "api/app/brokn.py"]);
    assert!(wrong.code == 2 && wrong.err.contains("did you mean `api:app/broken.py`?"), "{}", wrong.err);
}

#[test]
fn both_answer_from_a_store_that_cannot_be_written_and_while_another_holds_the_lock() {
    let world = broken();
    let _lock = {
        use sawmill::base::vfs::{LockKind, Vfs, real::RealFs};
        RealFs.try_lock(&world.path(".sawmill/LOCK"), LockKind::Exclusive).unwrap().unwrap()
    };
    let before = world.artifacts();
    assert_eq!(world.json(&["failures"])["now"], 1);
    assert_eq!(world.json(&["history", "api:app/broken.py"])["history"].as_array().unwrap().len(), 3);
    assert_eq!(world.artifacts(), before);
}
