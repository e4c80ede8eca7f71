//! Builds of a part of a pipeline: HEAD stays, the work is remembered, and the whole build takes it.

use sawmill::engine::{Change, Moved, Reason, Unit};
use sawmill::ops::why::{self, WhyReport, WhyRequest};

use crate::workbench::{PIPELINE, Workbench, plant, sample};

fn bench() -> Workbench {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 20);
    // Long enough that the parameter cuts it elsewhere.
    bench.write(
        "one",
        "src/long.py",
        "def long(total):\n".to_owned() + &"    total += next(weights) * total\n".repeat(40),
    );
    bench.write("one", "docs/long.md", "# Long\n\n".to_owned() + &"Words that go on for a while.\n\n".repeat(30));
    bench.build();
    bench
}

fn parameter(bench: &Workbench, max_chars: u64) {
    let text = PIPELINE.replace("max_chars: 600", &format!("max_chars: {max_chars}"));
    std::fs::write(bench.dir.path().join("pipelines/code.yaml"), text).unwrap();
}

fn why(bench: &Workbench, selector: &str, next: bool) -> WhyReport {
    let request = WhyRequest { selectors: vec![selector.to_owned()], path: None, next };
    why::run(&bench.context(), &request).unwrap()
}

/// What moved first for every action of an answer.
fn roots(report: &WhyReport) -> Vec<Moved> {
    let reasons = report.actions.iter().flat_map(|action| &action.roots).map(|root| &root.reason);
    let moved = reasons.flat_map(|reason| match reason {
        Reason::Moved { moved, .. } => moved.clone(),
        other => panic!("{other:?}"),
    });
    moved.collect()
}

#[test]
fn what_a_part_made_is_taken_by_the_whole_and_the_cause_is_still_the_parameter() {
    let bench = bench();
    let head = bench.build().report.generation;
    parameter(&bench, 250);
    let part = bench.try_build_of(&["one/chunk"]).unwrap();
    assert!(!part.ran("chunk", Unit::Shard).is_empty() && part.ran("index", Unit::Segment).is_empty());
    assert_eq!(part.report.generation, head, "a part is no build");
    assert!(!part.report.repos[0].stale);
    let is_parameter = |moved: &Moved| matches!(moved, Moved::Parameter { name, .. } if name == "max_chars");
    let next = roots(&why(&bench, "index", true));
    assert!(!next.is_empty() && next.iter().all(is_parameter), "{next:?}");
    let whole = bench.build();
    assert!(whole.ran("chunk", Unit::Shard).is_empty() && !whole.ran("index", Unit::Segment).is_empty());
    assert_ne!(whole.report.generation, head);
    let last = roots(&why(&bench, "index", false));
    assert!(!last.is_empty() && last.iter().all(is_parameter), "{last:?}");
    let clean = bench.clean_copy();
    clean.build();
    assert_eq!(bench.manifests(), clean.manifests());
}

#[test]
fn what_an_edit_and_a_part_changed_together_is_told_apart() {
    let bench = bench();
    parameter(&bench, 250);
    let (path, text) = sample(0, 1);
    bench.write("one", &path, text);
    bench.try_build_of(&["kind:chunk"]).unwrap();
    bench.build();
    let roots = roots(&why(&bench, "index", false));
    let edits = |moved: &&Moved| matches!(moved, Moved::File { path: p, change: Change::Changed, .. } if *p == path);
    assert!(roots.iter().any(|moved| edits(&moved)), "{roots:?}");
    assert!(roots.iter().any(|moved| matches!(moved, Moved::Parameter { .. })), "{roots:?}");
    assert!(!roots.iter().any(|moved| matches!(moved, Moved::Input { .. } | Moved::Shard { .. })), "{roots:?}");
}

#[test]
fn damage_between_a_part_and_the_whole_is_healed() {
    let bench = bench();
    parameter(&bench, 250);
    let before = objects(&bench);
    bench.try_build_of(&["one/chunk"]).unwrap();
    let made: Vec<_> = objects(&bench).into_iter().filter(|object| !before.contains(object)).collect();
    assert!(made.len() >= 2, "{made:?}");
    std::fs::remove_file(&made[0]).unwrap();
    let mut bytes = std::fs::read(&made[1]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::remove_file(&made[1]).unwrap();
    std::fs::write(&made[1], bytes).unwrap();
    bench.build();
    let clean = bench.clean_copy();
    clean.build();
    assert_eq!(bench.manifests(), clean.manifests());
    assert!(bench.build().report.nothing_to_do);
}

fn objects(bench: &Workbench) -> Vec<std::path::PathBuf> {
    let dirs = std::fs::read_dir(bench.dir.path().join(".sawmill/cache/objects")).unwrap();
    let files = dirs.flat_map(|dir| std::fs::read_dir(dir.unwrap().path()).unwrap());
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn a_file_of_another_language_says_what_it_was_taken_for() {
    let bench = bench();
    let text = std::fs::read_to_string(bench.file()).unwrap();
    std::fs::write(bench.file(), text + "languages: { map: { \"*.md\": html } }\n").unwrap();
    bench.build();
    let told: Vec<_> = roots(&why(&bench, "extract", false))
        .into_iter()
        .filter_map(|moved| match moved {
            Moved::File { path, change: Change::Reclassified, old, new } => Some((path, old.unwrap(), new.unwrap())),
            _ => None,
        })
        .collect();
    assert!(!told.is_empty());
    for (path, old, new) in told {
        assert!(std::path::Path::new(&path).extension().is_some_and(|e| e == "md"));
        assert!(old.starts_with("language markdown") && new.starts_with("language html"), "{old} → {new}");
    }
}
