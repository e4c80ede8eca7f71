//! What differs between two moments: complete, exact, the same every time, and read from nothing but what differs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;
use sawmill::ops::diff::{self, Computed, DiffRequest, EventFilter, EventLimits};
use sawmill::ops::show::{self, ShowRequest};
use sawmill::ops::{At, Ref};
use serde_json::{Map, Value};

use crate::timeline::step;
use crate::workbench::{Workbench, plant, sample};

pub fn at(moment: &str) -> At {
    At { moment: moment.parse::<Ref>().unwrap(), repo: None, from: "/".into() }
}

fn request(from: &str, to: &str) -> DiffRequest {
    let limits = EventLimits { events: u64::MAX, bytes: u64::MAX };
    DiffRequest {
        from: at(from),
        to: at(to),
        repos: Vec::new(),
        modes: Vec::new(),
        nodes: Vec::new(),
        allow_mismatch: false,
        files_only: false,
        show: Some((EventFilter::default(), limits)),
        review: true,
        wait: Duration::from_secs(20),
    }
}

pub fn compute(bench: &Workbench, from: &str, to: &str) -> Computed {
    diff::compute(&bench.context(), &request(from, to)).unwrap()
}

/// Rows as a multiset of text.
type Rows = BTreeMap<String, i64>;

fn row(sort: &str, of: &Map<String, Value>, keys: &[&str]) -> String {
    let values = keys.iter().map(|key| of.get(*key).cloned().unwrap_or(Value::Null).to_string());
    format!("{sort} {}", values.collect::<Vec<_>>().join(" "))
}

/// All rows of a table at a moment.
pub fn rows_at(bench: &Workbench, moment: &str, table: &str) -> Vec<Map<String, Value>> {
    let mut context = bench.context();
    context.at = Some(at(moment));
    let request = ShowRequest { table: table.to_owned(), ..ShowRequest::default() };
    show::run(&context, &request).unwrap().answer.rows
}

/// What a diff is about, of a whole moment.
fn projection(bench: &Workbench, moment: &str) -> Rows {
    let mut rows = Rows::new();
    for (table, keys) in [
        ("files", &["repo", "path", "content_hash", "parse_status"][..]),
        ("chunks", &["repo", "path", "chunk_id", "content_hash"]),
        ("relations", &["repo", "path", "from_chunk", "type", "target_name", "target_path", "target_symbol", "status"]),
    ] {
        for of in rows_at(bench, moment, table) {
            *rows.entry(row(table, &of, keys)).or_default() += 1;
        }
    }
    rows
}

/// Puts one side of an event under the names of the table.
fn side(event: &Map<String, Value>, side: &str) -> Option<Map<String, Value>> {
    let path = event.get(&format!("{side}_path"))?;
    let mut of = event.clone();
    let names = [("hash", "content_hash"), ("status", "parse_status"), ("id", "chunk_id"), ("id", "from_chunk")];
    of.insert("path".to_owned(), path.clone());
    for (name, column) in names {
        of.insert(column.to_owned(), event.get(&format!("{side}_{name}")).cloned().unwrap_or(Value::Null));
    }
    of.insert("status".to_owned(), event.get(&format!("{side}_status")).cloned().unwrap_or(Value::Null));
    of.insert("type".to_owned(), event.get("kind").cloned().unwrap_or(Value::Null));
    Some(of)
}

/// Plays the events onto a projection.
fn play(rows: &mut Rows, events: &[Map<String, Value>]) {
    let text = |event: &Map<String, Value>, key: &str| event.get(key).and_then(Value::as_str).map(str::to_owned);
    let rewritten: BTreeSet<_> = events
        .iter()
        .filter(|event| matches!(event["event"].as_str(), Some("file.modified" | "file.renamed")))
        .map(|event| (text(event, "repo"), text(event, "path")))
        .collect();
    for event in events {
        let (sort, keys) = match event["event"].as_str().unwrap().split_once('.').unwrap().0 {
            "chunk" => ("chunks", &["repo", "path", "chunk_id", "content_hash"][..]),
            "relation" => (
                "relations",
                &["repo", "path", "from_chunk", "type", "target_name", "target_path", "target_symbol", "status"][..],
            ),
            // What a file's own event tells already is told once more.
            "health" if rewritten.contains(&(text(event, "repo"), text(event, "path"))) => continue,
            _ => ("files", &["repo", "path", "content_hash", "parse_status"][..]),
        };
        let count = event["count"].as_i64().unwrap();
        for (word, sign) in [("before", -count), ("after", count)] {
            if let Some(of) = side(event, word) {
                let key = row(sort, &of, keys);
                let held = rows.entry(key.clone()).or_default();
                *held += sign;
                if *held == 0 {
                    rows.remove(&key);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_first_moment_and_the_diff_are_the_second_moment(steps in prop::collection::vec(step(), 1..14)) {
        let bench = Workbench::new(&["one"]);
        plant(&bench, "one", 30);
        let mut moments = vec![bench.build().report.generation.unwrap()];
        for step in &steps {
            step.play(&bench);
            moments.push(bench.build().report.generation.unwrap());
        }
        let (first, last) = (format!("gen:{}", moments[0]), format!("gen:{}", moments[moments.len() - 1]));
        let middle = format!("gen:{}", moments[moments.len() / 2]);
        for (from, to) in [(&first, &last), (&last, &first), (&middle, &last)] {
            let mut rows = projection(&bench, from);
            let found = compute(&bench, from, to);
            play(&mut rows, found.diff.events.as_deref().unwrap());
            prop_assert_eq!(&rows, &projection(&bench, to), "{} to {}", from, to);
        }
    }
}

#[test]
fn a_moment_does_not_differ_from_itself_and_nothing_is_opened_for_that() {
    let bench = Workbench::new(&["one", "two"]);
    plant(&bench, "one", 20);
    plant(&bench, "two", 5);
    bench.build();
    let found = compute(&bench, "latest", "latest");
    assert_eq!(
        (found.diff.summary.events, found.diff.summary.opened.lists, found.diff.summary.opened.pieces),
        (0, 0, 0)
    );
}

#[test]
fn one_edited_file_opens_one_list_and_the_pieces_of_one_shard_on_each_side() {
    let bench = Workbench::new(&["one", "two"]);
    plant(&bench, "one", 60);
    plant(&bench, "two", 30);
    bench.build();
    let (path, text) = sample(10, 1);
    bench.write("one", &path, text);
    bench.build();
    let found = compute(&bench, "previous", "latest");
    assert_eq!(found.diff.summary.opened.lists, 2);
    // Of each side: files, chunks, symbols, relations.
    assert!(found.diff.summary.opened.pieces <= 8, "{:?}", found.diff.summary.opened);
    assert_eq!(found.diff.summary.by_event["file.modified"], 1);
}

#[test]
fn the_same_question_is_answered_from_what_is_kept_and_in_the_same_bytes() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 20);
    bench.build();
    let (path, text) = sample(5, 2);
    bench.write("one", &path, text);
    bench.build();
    let (first, again) = (compute(&bench, "previous", "latest"), compute(&bench, "previous", "latest"));
    assert!(!first.reused && again.reused);
    assert_eq!(
        (&first.diff.id, &first.diff.events, &first.diff.summary),
        (&again.diff.id, &again.diff.events, &again.diff.summary)
    );
    let events =
        |of: &Workbench, id: &str| std::fs::read(of.dir.path().join(".sawmill/diffs").join(id).join("events.parquet"));
    let bytes = events(&bench, &first.diff.id).unwrap();
    std::fs::remove_dir_all(bench.dir.path().join(".sawmill/diffs")).unwrap();
    let anew = compute(&bench, "previous", "latest");
    assert!(!anew.reused);
    assert_eq!(events(&bench, &anew.diff.id).unwrap(), bytes);
}

#[test]
fn a_kept_diff_that_is_damaged_is_computed_anew_and_told_by_who_only_shows_it() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 10);
    bench.build();
    let (path, text) = sample(1, 1);
    bench.write("one", &path, text);
    bench.build();
    let first = compute(&bench, "previous", "latest");
    let events = bench.dir.path().join(".sawmill/diffs").join(&first.diff.id).join("events.parquet");
    let whole = std::fs::read(&events).unwrap();
    for damage in ["flipped", "gone", "no summary"] {
        match damage {
            "flipped" => {
                let mut bytes = whole.clone();
                bytes[whole.len() / 2] ^= 1;
                std::fs::write(&events, bytes).unwrap();
            }
            "gone" => std::fs::remove_file(&events).unwrap(),
            _ => std::fs::remove_file(events.with_file_name("summary.json")).unwrap(),
        }
        let request = diff::ShowRequest { id: Some(first.diff.id.clone()), show: None, review: true };
        assert!(diff::show(&bench.context(), &request).is_err(), "{damage}");
        let plan = diff::prune(&bench.context(), &diff::PruneRequest { dry_run: true, wait: Duration::ZERO }).unwrap();
        assert_eq!(plan.removed, std::slice::from_ref(&first.diff.id), "{damage}");
        let again = compute(&bench, "previous", "latest");
        assert!(!again.reused && again.kept, "{damage}");
        assert_eq!(again.diff.events, first.diff.events, "{damage}");
        assert_eq!(std::fs::read(&events).unwrap(), whole, "{damage}");
    }
}

#[test]
fn who_cannot_write_the_store_gets_the_answer_and_hears_that_it_was_not_kept() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 10);
    bench.build();
    bench.write("one", "src/new.rs", "pub fn new() {}\n");
    bench.build();
    let context = bench.context();
    let store = context.store(&context.workspace().unwrap()).unwrap();
    let writer = store.writer(&sawmill::base::clock::SystemClock, Duration::from_secs(20)).unwrap();
    let request = DiffRequest { wait: Duration::ZERO, ..request("previous", "latest") };
    let found = diff::compute(&context, &request).unwrap();
    assert!(!found.kept && found.not_kept.is_some() && found.diff.summary.events > 0);
    drop(writer);
    assert!(compute(&bench, "previous", "latest").kept);
}

#[test]
fn what_a_limit_cuts_off_is_kept_and_a_larger_one_shows_it() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 20);
    bench.build();
    for n in 0..10 {
        let (path, text) = sample(n, 1);
        bench.write("one", &path, text);
    }
    bench.build();
    let all = compute(&bench, "previous", "latest").diff.events.unwrap();
    let shown = |events, bytes| {
        let show = Some((EventFilter::default(), EventLimits { events, bytes }));
        let request = diff::ShowRequest { id: None, show, review: false };
        diff::show(&bench.context(), &request).unwrap()
    };
    let few = shown(3, u64::MAX);
    assert_eq!((few.diff.events.as_deref().unwrap(), few.diff.truncated), (&all[..3], Some("events")));
    let short = shown(u64::MAX, 1_000);
    assert_eq!(short.diff.truncated, Some("bytes"));
    assert!(short.diff.events.unwrap().len() < all.len());
    let whole = shown(all.len() as u64, u64::MAX);
    assert_eq!((whole.diff.events.as_deref().unwrap(), whole.diff.truncated), (&all[..], None));
}

#[test]
fn a_pure_shift_of_lines_is_a_change_of_the_file_and_of_nothing_that_only_moved_down() {
    let bench = Workbench::new(&["one"]);
    let function = |name: &str| {
        format!(
            "/// Counts {name}.\npub fn {name}(a: u64) -> u64 {{\n{}    a\n}}\n\n",
            "    assert!(a > 0, \"counted\");\n".repeat(8)
        )
    };
    let rest = ["one", "two", "three"].map(function).concat();
    bench.write("one", "a.rs", format!("use std::fmt;\n\n{rest}"));
    bench.build();
    bench.write("one", "a.rs", format!("use std::fmt;\nuse std::io;\nuse std::path::Path;\n\n{rest}"));
    bench.build();
    let found = compute(&bench, "previous", "latest");
    let events: Vec<&str> =
        found.diff.events.as_deref().unwrap().iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(events[0], "file.modified");
    let named: Vec<&str> =
        found.diff.events.as_deref().unwrap().iter().filter_map(|event| event.get("after_name")?.as_str()).collect();
    // The first function stands in one chunk with what is above it, or not; the others are as they were.
    assert!(!named.contains(&"two") && !named.contains(&"three"), "{named:?}");
}

#[test]
fn a_changed_signature_body_and_documentation_are_told_apart() {
    let bench = Workbench::new(&["one"]);
    let function = |name: &str, doc: &str, arg: &str, n: u8| {
        format!(
            "/// {doc}\npub fn {name}(a: {arg}) -> u64 {{\n    let first = a + {n};\n    let second = first * 2;\n    let third = second - 7;\n    assert!(third > 0, \"the number is large enough to be used here\");\n    assert!(third < 4000, \"the number is small enough to be used here\");\n    third\n}}\n\n"
        )
    };
    let all = |functions: [(&str, &str, &str, u8); 3]| functions.map(|(n, d, a, k)| function(n, d, a, k)).concat();
    bench.write(
        "one",
        "a.rs",
        all([("one", "Counts.", "u64", 1), ("two", "Adds.", "u64", 2), ("three", "Takes.", "u64", 3)]),
    );
    bench.build();
    bench.write(
        "one",
        "a.rs",
        all([("one", "Counts all.", "u64", 1), ("two", "Adds.", "i64", 2), ("three", "Takes.", "u64", 4)]),
    );
    bench.build();
    let found = compute(&bench, "previous", "latest");
    let parts: BTreeMap<&str, &Value> = found
        .diff
        .events
        .as_deref()
        .unwrap()
        .iter()
        .filter(|event| event["event"] == "chunk.modified")
        .map(|event| (event["after_name"].as_str().unwrap(), &event["parts"]))
        .collect();
    let expected = |words: &[&str]| serde_json::json!(words);
    assert_eq!(parts["one"], &expected(&["doc"]));
    assert_eq!(parts["two"], &expected(&["signature"]));
    assert_eq!(parts["three"], &expected(&["body"]));
    let review = found.diff.review.unwrap();
    assert_eq!(review.public.len(), 1);
    assert_eq!(review.public[0].name, "two");
}

#[test]
fn builds_that_were_not_made_alike_are_compared_by_their_files_or_not_at_all() {
    let bench = Workbench::new(&["one", "two"]);
    plant(&bench, "one", 10);
    plant(&bench, "two", 5);
    bench.build();
    bench.write("one", "src/new.rs", "pub fn new() -> u64 {\n    7\n}\n");
    let pipeline = bench.dir.path().join("pipelines/code.yaml");
    let text = std::fs::read_to_string(&pipeline).unwrap();
    let other = text.replace("max_chars: 600", "max_chars: 700");
    assert_ne!(text, other, "{text}");
    let after = "after: { changes: { kind: diff } }\n";
    std::fs::write(&pipeline, format!("{other}\n{after}")).unwrap();
    bench.build();
    let ask = |change: fn(&mut DiffRequest)| {
        let mut request = request("previous", "latest");
        change(&mut request);
        diff::compute(&bench.context(), &request)
    };
    // Twice: what is kept is no way around a refusal.
    for _ in 0..2 {
        let refused = ask(|_| ()).unwrap_err();
        let help = miette::Diagnostic::help(&refused).unwrap().to_string();
        assert!(help.contains("--files-only") && help.contains("--allow-mismatch"), "{refused}: {help}");
    }
    let sorts = |of: &Computed| -> BTreeSet<String> {
        let events = of.diff.events.as_deref().unwrap().iter();
        events.map(|event| event["event"].as_str().unwrap().to_owned()).collect()
    };
    let files = ask(|request| request.files_only = true).unwrap();
    assert_eq!(sorts(&files), BTreeSet::from(["file.added".to_owned()]));
    assert!(files.kept && files.diff.summary.compat.only_files && !files.diff.summary.compat.comparable);
    assert!(ask(|request| request.files_only = true).unwrap().reused);
    let all = ask(|request| request.allow_mismatch = true).unwrap();
    assert!(sorts(&all).contains("chunk.added") && all.diff.id != files.diff.id);
    // Of moments that compare, too.
    let same = DiffRequest { files_only: true, ..request("latest", "latest") };
    let same = diff::compute(&bench.context(), &same).unwrap().diff.summary;
    assert!(same.compat.only_files && same.compat.comparable);
}

#[test]
fn a_review_names_definitions_before_the_implementations_that_hold_them_and_changed_ones_before_new_ones() {
    let bench = Workbench::new(&["one"]);
    let body = "        let first = 1;\n        let second = first + 1;\n        assert!(second > 0, \"counted\");\n";
    // One in a chunk of its own, and one that is cut.
    let holder = |n: usize, argument: &str| {
        format!(
            "pub struct T{n};\n\nimpl Default for T{n} {{\n    fn default() -> Self {{\n        let made = Self;\n        assert!(size_of_val(&made) == 0, \"it holds nothing that could be wrong in any way\");\n        made\n    }}\n}}\n\nimpl T{n} {{\n    pub fn of{n}({argument}) -> u64 {{\n{}    }}\n\n    pub fn to{n}() -> u64 {{\n{}    }}\n}}\n\n",
            body.repeat(8),
            body.repeat(9)
        )
    };
    bench.write("one", "a.rs", holder(0, "a: u64"));
    bench.build();
    bench.write("one", "a.rs", holder(0, "a: i64"));
    for n in 1..60 {
        bench.write("one", &format!("b{n}.rs"), holder(n, "a: u64"));
    }
    bench.build();
    let review = compute(&bench, "previous", "latest").diff.review.unwrap();
    assert!(review.public_total > 60 && review.implementations_total > 100, "{review:?}");
    assert_eq!((review.public.len(), review.implementations.len()), (50, 50));
    assert!(review.public.iter().any(|found| found.event == "chunk.modified" && found.name.contains("of0")));
    assert!(review.public.iter().all(|found| !found.after.as_deref().unwrap().starts_with("impl")));
}
