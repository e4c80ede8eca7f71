//! Nothing of the machine is in a build: threads, places, directory order.

use crate::workbench::{Workbench, plant};

#[test]
fn one_two_and_eight_threads_and_other_places_give_the_same_build() {
    let mut bench = Workbench::new(&["one", "two"]);
    plant(&bench, "one", 40);
    plant(&bench, "two", 15);
    bench.build();
    let expected = bench.manifests();
    for jobs in [1, 2, 8] {
        bench.jobs = jobs;
        let copy = bench.clean_copy();
        copy.build();
        assert_eq!(copy.manifests(), expected, "{jobs} threads");
    }
}

#[test]
fn a_clone_and_a_tarball_of_the_same_tree_have_the_same_build_id() {
    let tarball = Workbench::new(&["one"]);
    plant(&tarball, "one", 20);
    tarball.build();
    let clone = tarball.clean_copy();
    clone.write("one", ".git/HEAD", "ref: refs/heads/main\n");
    clone.write("one", ".git/config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
    std::fs::create_dir_all(clone.root("one").join(".git/objects")).unwrap();
    std::fs::create_dir_all(clone.root("one").join(".git/refs/heads")).unwrap();
    clone.build();
    assert_eq!(tarball.manifests(), clone.manifests());
}

#[test]
fn two_repositories_with_the_same_files_share_every_artifact() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 20);
    bench.build();
    let both = Workbench::new(&["one", "two"]);
    plant(&both, "one", 20);
    both.build();
    plant(&both, "two", 20);
    let built = both.build();
    assert_eq!(built.ran_any(), 0, "the second clone costs no action");
}

#[test]
fn no_artifact_manifest_or_record_holds_a_path_of_this_machine() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 20);
    bench.build();
    let place = bench.dir.path().to_str().unwrap().to_owned();
    let mut looked = 0;
    let mut dirs = vec![bench.dir.path().join(".sawmill")];
    while let Some(dir) = dirs.pop() {
        // Machine-local bookkeeping by design: which workspaces use a cache.
        if dir.ends_with("cache/roots") {
            continue;
        }
        for entry in std::fs::read_dir(dir).unwrap() {
            let entry = entry.unwrap();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                dirs.push(entry.path());
            } else if kind.is_file() {
                let bytes = std::fs::read(entry.path()).unwrap();
                looked += 1;
                let found = bytes.windows(place.len()).any(|w| w == place.as_bytes());
                assert!(!found, "{} holds the path of the workspace", entry.path().display());
            }
        }
    }
    assert!(looked > 10);
}
