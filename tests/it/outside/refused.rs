//! Kinds that cannot stand together, or that say something about themselves that cannot be.

use sawmill::nodes::{Kind, Port, chunk};
use sawmill::ops::check;
use sawmill::table::CHUNKS;

use super::double::{Detail, Double};
use super::todo::TODO;
use super::words::{self, SHARD_WORDS, WORDS};
use super::workspace::{PIPELINE, bench, kinds, kinds_with, pipeline};
use crate::workbench::Workbench;

/// Other tables under names that are taken, and tables that readers could not show.
mod tables {
    sawmill::table! {
        /// Not the built-in one.
        FilesRow as FILES = "files" format 1 sort ["path"] lookup false {
            /// Path.
            path: String,
        }
    }
    sawmill::table! {
        /// Not the one of `todo`.
        OtherRow as OTHER = "todos" format 1 sort ["path"] lookup false {
            /// Path.
            path: String,
        }
    }
    sawmill::table! {
        /// Has a column that readers add.
        PlacedRow as PLACED = "placed" format 1 sort ["path"] lookup false {
            /// Path.
            path: String,
            /// Repository.
            repo: String,
        }
    }
    sawmill::table! {
        /// Is sorted by what it does not have.
        UnsortedRow as UNSORTED = "Un/sorted" format 1 sort ["path", "line"] lookup false {
            /// Path.
            path: u32,
        }
    }
}

/// What `check` says of a program that has `kinds`: code and message of each mistake.
fn told(kinds: Vec<&'static dyn Kind>) -> Vec<(&'static str, String)> {
    let mut bench = bench(1);
    bench.kinds = Some(kinds);
    let report = check::of(&bench.context());
    assert!(!report.ok);
    assert!(report.mistakes.iter().all(|m| m.help.is_some()));
    report.mistakes.into_iter().map(|m| (m.code.name, m.message)).collect()
}

fn and(double: &'static dyn Kind) -> Vec<&'static dyn Kind> {
    kinds().into_iter().chain([double]).collect()
}

#[test]
fn two_kinds_of_one_name_are_refused() {
    static INDEX: Double = Double { of: &TODO, detail: Detail::Name("index") };
    assert_eq!(told(and(&INDEX)), [("sawmill::plan::kind_collision", "two kinds are called `index`".to_owned())]);
}

#[test]
fn the_name_of_a_step_or_of_a_kind_of_workspace_scope_is_refused() {
    static DIFF: Double = Double { of: &TODO, detail: Detail::Name("diff") };
    static FEDERATE: Double = Double { of: &TODO, detail: Detail::Name("federate") };
    let message = "`federate` is the name of a kind of workspace scope";
    assert_eq!(told(and(&FEDERATE)), [("sawmill::plan::kind_collision", message.to_owned())]);
    let message = "`diff` is the name of a step that runs after a build";
    assert_eq!(told(and(&DIFF)), [("sawmill::plan::kind_collision", message.to_owned())]);
}

#[test]
fn a_table_of_another_shape_under_a_taken_name_is_refused() {
    static OWN_TODOS: Double = Double { of: &words::KIND, detail: Detail::Merged(&[&tables::OTHER]) };
    static OWN_FILES: Double = Double { of: &TODO, detail: Detail::Outputs(&[&tables::FILES]) };
    let message = "the kind `todo` and Sawmill itself write different tables `files`";
    assert_eq!(told(kinds_with(&OWN_FILES)), [("sawmill::plan::table_collision", message.to_owned())]);
    let message = "the kind `words` and the kind `todo` write different tables `todos`";
    assert_eq!(told(kinds_with(&OWN_TODOS)), [("sawmill::plan::table_collision", message.to_owned())]);
}

#[test]
fn two_kinds_may_write_one_table() {
    static OTHER_CHUNKS: Double = Double { of: &TODO, detail: Detail::Name("remarks") };
    static CHUNKER: Double = Double { of: &TODO, detail: Detail::Outputs(&[&CHUNKS]) };
    for kinds in [and(&OTHER_CHUNKS), kinds_with(&CHUNKER)] {
        let mut bench = bench(1);
        bench.kinds = Some(kinds);
        let report = check::of(&bench.context());
        assert!(report.ok, "{:?}", report.mistakes);
    }
}

#[test]
fn what_a_kind_says_about_itself_must_hold_together() {
    static NO_TABLE: Double = Double { of: &TODO, detail: Detail::Outputs(&[]) };
    static UNSORTED: Double = Double { of: &TODO, detail: Detail::Outputs(&[&SHARD_WORDS]) };
    static WITH_REPO: Double = Double { of: &TODO, detail: Detail::Outputs(&[&tables::PLACED]) };
    static FROM_NOWHERE: Double = Double { of: &TODO, detail: Detail::NeedsBytes(false) };
    static BAD_NAME: Double = Double { of: &TODO, detail: Detail::Name("To Do") };
    static MERGES_FILES: Double = Double { of: &TODO, detail: Detail::Merged(&[&WORDS]) };
    static PER_FILE: Double = Double { of: &words::KIND, detail: Detail::PerFile(true) };
    static BYTES: Double = Double { of: &words::KIND, detail: Detail::NeedsBytes(true) };
    static UNMERGED: Double = Double { of: &words::KIND, detail: Detail::Partial(&[]) };
    static PORTS: &[Port] = &[
        Port { name: "symbols", doc: "", tables: &["symbols"], required: false },
        Port { name: "symbols", doc: "", tables: &[], required: false },
    ];
    static TWICE: Double = Double { of: &TODO, detail: Detail::Ports(PORTS) };
    let cases: [(&'static Double, &[&str]); 10] = [
        (&NO_TABLE, &["it writes no table"]),
        (&UNSORTED, &["it is `per_file`, but its table `shard_words` is not sorted by `path` first"]),
        (&WITH_REPO, &["the table `placed` has a column `repo`, which readers add themselves"]),
        (&FROM_NOWHERE, &["it reads no bytes and has no port that must be fed, so nothing tells its work apart"]),
        (&BAD_NAME, &["its name is not 1 to 64 of the characters"]),
        (&MERGES_FILES, &["its merge writes `words`, which is not among its `outputs` or made of `partial`"]),
        (&PER_FILE, &["it has `partial` tables and is `per_file`"]),
        (&BYTES, &["it has `partial` tables and reads bytes"]),
        (&UNMERGED, &["its merge writes `words`, which is not among its `outputs` or made of `partial`"]),
        (&TWICE, &["its port `symbols` takes no table", "two of its ports are called `symbols`"]),
    ];
    for (double, expected) in cases {
        let found = told(if matches!(double.detail, Detail::Name(_)) { and(double) } else { kinds_with(double) });
        let found: Vec<&String> =
            found.iter().filter(|(code, _)| *code == "sawmill::plan::bad_kind").map(|(_, message)| message).collect();
        assert_eq!(found.len(), expected.len(), "{expected:?}: {found:?}");
        for (message, part) in found.iter().zip(expected) {
            assert!(message.contains(part), "{message}");
        }
    }
}

#[test]
fn a_table_that_no_directory_or_reader_can_hold_is_refused() {
    static UNSORTED: Double = Double { of: &TODO, detail: Detail::Outputs(&[&tables::UNSORTED]) };
    let found = told(kinds_with(&UNSORTED));
    let has = |part: &str| found.iter().any(|(_, message)| message.contains(part));
    assert!(has("the table name `Un/sorted` is not"), "{found:?}");
    assert!(has("the table `Un/sorted` is sorted by `line`, which is not its column"), "{found:?}");
    assert!(has("sorted by `path`, which is not a text in every row"), "{found:?}");
}

#[test]
fn nothing_is_run_with_kinds_that_are_refused() {
    static TODO_2: Double = Double { of: &TODO, detail: Detail::Outputs(&[&tables::FILES]) };
    let mut bench: Workbench = bench(1);
    bench.kinds = Some(kinds_with(&TODO_2));
    let Err(error) = bench.try_build() else { panic!("the tables collide") };
    assert_eq!(error.tier().exit_code(), 4, "the program is wrong, not its user");
    assert!(!bench.dir.path().join(".sawmill/HEAD.json").exists());
}

#[test]
fn a_kind_that_works_file_by_file_is_not_fed_by_one_that_does_not() {
    static CHUNK: Double = Double { of: &chunk::KIND, detail: Detail::PerFile(false) };
    let message = "the kind `todo` works on each file alone, the kind `chunk` does not";
    assert_eq!(told(kinds_with(&CHUNK)), [("sawmill::plan::per_file_input", message.to_owned())]);
    // The short form of `inputs` is no way around.
    let mut bench = bench(1);
    bench.kinds = Some(kinds_with(&CHUNK));
    pipeline(&bench, &PIPELINE.replace("inputs: { symbols: chunk }", "inputs: [chunk]"));
    let report = check::of(&bench.context());
    assert_eq!(report.mistakes.iter().map(|m| m.code.name).collect::<Vec<_>>(), ["sawmill::plan::per_file_input"]);
}
