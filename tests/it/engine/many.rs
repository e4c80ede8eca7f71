//! Many small repositories: what is asked of the disk grows by a little for each, and by nothing for those that are not
//! meant.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use sawmill::base::vfs::fault::FaultFs;
use sawmill::base::vfs::real::RealFs;
use sawmill::ops::search::{self, SearchRequest};

use crate::workbench::Workbench;

/// Repositories of one file each, built; and what counts.
fn many(count: usize) -> (Workbench, FaultFs) {
    let names: Vec<String> = (0..count).map(|number| format!("r{number:03}")).collect();
    let mut bench = Workbench::new(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for (number, name) in names.iter().enumerate() {
        let rare = if number == 17 { "zebra" } else { "order" };
        let text = format!("def serve_{number}(order):\n    return order + {rare}\n");
        bench.write(name, "main.py", text);
    }
    let counting = FaultFs::new(Arc::new(RealFs));
    bench.vfs = Arc::new(counting.clone());
    bench.build();
    counting.arm(None);
    (bench, counting)
}

/// Where in a store, or in a repository, an operation looked.
fn place(path: &Path) -> &'static str {
    let path = path.to_string_lossy();
    match () {
        () if path.contains("/objects/") => "objects",
        () if path.contains("/lists/") => "lists",
        () if path.ends_with("root.json") => "roots",
        () if path.contains("/.sawmill/stat/") => "stat caches",
        () if path.contains("/.sawmill") => "state",
        () => "trees",
    }
}

/// Files that were opened or read whole, and directories that were listed, by place.
fn opened(counting: &FaultFs) -> BTreeMap<&'static str, usize> {
    let mut opened = BTreeMap::new();
    let opens = ["read", "open", "read_beneath", "list", "list_stat"];
    for operation in counting.operations().iter().filter(|operation| opens.contains(&operation.name)) {
        *opened.entry(place(&operation.path)).or_insert(0) += 1;
    }
    counting.arm(None);
    opened
}

fn at(opened: &BTreeMap<&'static str, usize>, place: &str) -> usize {
    opened.get(place).copied().unwrap_or(0)
}

#[test]
fn a_null_build_reads_a_record_of_each_kind_per_repository_and_no_object() {
    let mut seen = Vec::new();
    for count in [20, 60] {
        let (bench, counting) = many(count);
        assert!(bench.build().report.nothing_to_do);
        let opened = opened(&counting);
        assert_eq!(at(&opened, "objects"), 0, "{opened:?}");
        for place in ["roots", "lists", "stat caches"] {
            assert_eq!(at(&opened, place), count, "{place}: {opened:?}");
        }
        // Its one directory is listed; a file that is as young as the stat cache is read once more.
        assert!((count..=2 * count + 4).contains(&at(&opened, "trees")), "{opened:?}");
        // All operations, of whatever kind.
        bench.build();
        seen.push((counting.counts(), at(&opened, "state")));
    }
    let [((few, few_changes), few_state), ((more, more_changes), more_state)] = seen[..] else { panic!("{seen:?}") };
    assert_eq!(few_state, more_state, "what is beside the repositories is read as often");
    // On a slow machine the files of the smaller one may have been young and those of the larger one not.
    let (more, changes) = (more.saturating_sub(few), more_changes.saturating_sub(few_changes));
    assert!(more <= 40 * 24, "{} operations for each repository", more / 40);
    // A stat cache is written and renamed where a file was read once more, and nothing else.
    assert!(changes <= 40 * 2, "{few_changes}, {more_changes}");
}

#[test]
fn a_query_opens_nothing_of_repositories_that_are_not_meant() {
    let (bench, counting) = many(40);
    let ask = |query: &str| {
        counting.arm(None);
        let answer = search::run(&bench.context(), &SearchRequest::new(query)).unwrap();
        assert!(!answer.answer.hits.is_empty(), "{query}");
        opened(&counting)
    };
    let one = ask("repo:r017 order");
    assert_eq!((at(&one, "roots"), at(&one, "lists")), (1, 1), "{one:?}");
    assert!(at(&one, "objects") <= 6, "{one:?}");
    assert_eq!(at(&one, "trees"), 2, "the files of the workspace, and no repository: {one:?}");
    let all = ask("order");
    assert_eq!((at(&all, "roots"), at(&all, "lists")), (40, 40), "{all:?}");
    // Of each the words and the statistics, and of the best ones the rows.
    assert!(at(&all, "objects") <= 2 * 40 + 80, "{all:?}");
    // A word of one repository: the words of each tell that, and its own rows are read, and its own statistics.
    for query in ["zebra", "+zebra order"] {
        let rare = ask(query);
        assert!((40..=40 + 6).contains(&at(&rare, "objects")), "{query}: {rare:?}");
    }
}
