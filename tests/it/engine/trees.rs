//! Odd trees: each costs a row or a notice, and the rest stands.

use std::os::unix::fs::{PermissionsExt, symlink};

use sawmill::engine::Event;

use crate::workbench::{Built, Workbench, plant};

fn notices(built: &Built) -> Vec<&str> {
    built
        .events
        .iter()
        .filter_map(|e| if let Event::Notice { code, .. } = e { Some(code.as_str()) } else { None })
        .collect()
}

#[test]
fn an_empty_repository_builds() {
    let bench = Workbench::new(&["one", "empty"]);
    plant(&bench, "one", 3);
    let built = bench.build();
    assert_eq!(built.report.repos.len(), 2);
    assert!(notices(&built).contains(&"sawmill::source::empty_repository"), "{:?}", notices(&built));
}

#[test]
fn links_binaries_huge_and_invalid_files_cost_a_row_and_the_rest_stands() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 10);
    symlink(".", bench.root("one").join("loop")).unwrap();
    symlink("loop/loop", bench.root("one").join("loop2")).unwrap();
    bench.write("one", "binary.c", [0u8, 159, 146, 150, 0, 1, 2]);
    bench.write("one", "invalid.rs", b"fn a() { \"\xff\xfe\xc0\xaf\" }\n");
    bench.write("one", "huge.txt", vec![b'x'; 50 << 20]);
    bench.write("one", ".env", "SECRET=1\n");
    let built = bench.build();
    assert_eq!(built.report.repos[0].files, 14);
    assert!(bench.build().report.nothing_to_do);
}

#[test]
fn a_repository_inside_a_repository_is_told_and_left_out() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 5);
    bench.write("one", "inner/.git/HEAD", "ref: refs/heads/main\n");
    bench.write("one", "inner/code.rs", "fn inner() {}\n");
    let built = bench.build();
    assert_eq!(built.report.repos[0].files, 5);
    assert!(notices(&built).contains(&"sawmill::source::nested_repository"));
}

#[test]
fn a_failing_repository_keeps_its_old_build_and_the_others_advance() {
    let bench = Workbench::new(&["one", "two"]);
    plant(&bench, "one", 5);
    plant(&bench, "two", 5);
    let first = bench.build();
    let before = bench.manifests();
    // The root stays, so that configuration holds, but it can no longer be listed as a directory.
    std::fs::remove_dir_all(bench.root("two")).unwrap();
    std::fs::write(bench.root("two"), "not a directory").unwrap();
    bench.write("one", "src/more.rs", "pub fn more() {}\n");
    let second = bench.try_build().unwrap();
    assert!(!second.report.ok);
    assert_eq!(second.report.failed[0].repo, "two");
    assert_ne!(first.report.generation, second.report.generation);
    let after = bench.manifests();
    assert_eq!(before["two"], after["two"]);
    assert_ne!(before["one"], after["one"]);
    // Nothing moved since: the same failure promotes nothing new.
    assert_eq!(bench.try_build().unwrap().report.generation, second.report.generation);
}

#[test]
fn a_file_without_permission_costs_a_row() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 5);
    bench.write("one", "locked.rs", "fn locked() {}\n");
    let path = bench.root("one").join("locked.rs");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    let built = bench.build();
    assert_eq!(built.report.repos[0].files, 6);
}
