//! Feeds, replayed.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sawmill::ops::export::{self, ExportRequest, FeedOptions};
use serde_json::{Map, Value};

use super::differences::{at, rows_at};
use crate::timeline::step;
use crate::workbench::{Workbench, plant};

/// What a reader of feeds holds: rows by repository, node and id.
#[derive(Default)]
struct Reader(BTreeMap<(String, String, String), Map<String, Value>>);

impl Reader {
    /// Reads a feed from one moment to another.
    fn read(&mut self, bench: &Workbench, since: Option<&str>, to: &str) -> (u64, u64) {
        let request = ExportRequest { since: since.map(at), to: at(to), options: FeedOptions::default() };
        let context = bench.context();
        let report = export::open(&context, &request).unwrap().whole(&context).unwrap();
        for mut row in report.rows.unwrap() {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            let (op, key) = (text("op"), (text("repo"), text("node"), text("chunk_id")));
            if op == "delete" {
                assert!(self.0.remove(&key).is_some(), "a delete of what is not there: {key:?}");
            } else {
                row.remove("op");
                self.0.insert(key, row);
            }
        }
        (report.totals.upserts, report.totals.deletes)
    }

    /// The rows, sorted.
    fn rows(&self) -> Vec<String> {
        sorted(self.0.values().cloned())
    }
}

fn sorted(rows: impl Iterator<Item = Map<String, Value>>) -> Vec<String> {
    let text = |mut row: Map<String, Value>| {
        row.retain(|_, value| !value.is_null());
        serde_json::to_string(&row).unwrap()
    };
    let mut rows: Vec<String> = rows.map(text).collect();
    rows.sort();
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn feeds_replayed_are_the_chunks_of_the_last_moment(steps in prop::collection::vec(step(), 1..12)) {
        let bench = Workbench::new(&["one"]);
        plant(&bench, "one", 25);
        let mut since = format!("gen:{}", bench.build().report.generation.unwrap());
        let mut reader = Reader::default();
        reader.read(&bench, None, &since);
        for step in &steps {
            step.play(&bench);
            let now = format!("gen:{}", bench.build().report.generation.unwrap());
            reader.read(&bench, Some(&since), &now);
            since = now;
        }
        prop_assert_eq!(reader.rows(), sorted(rows_at(&bench, "latest", "chunks").into_iter()));
    }
}

#[test]
fn a_feed_of_nothing_new_is_empty_and_a_changed_parameter_is_as_exact() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 12);
    let paragraph = "Words that fill a line of a page, and say nothing more than that they do.\n\n";
    bench.write("one", "long.md", format!("# Long\n\n{}", paragraph.repeat(40)));
    let first = format!("gen:{}", bench.build().report.generation.unwrap());
    let mut reader = Reader::default();
    reader.read(&bench, None, &first);
    assert_eq!(reader.read(&bench, Some(&first), "latest"), (0, 0));
    let pipeline = crate::workbench::PIPELINE.replace("max_chars: 600", "max_chars: 200");
    std::fs::write(bench.dir.path().join("pipelines/code.yaml"), pipeline).unwrap();
    bench.build();
    let (upserts, deletes) = reader.read(&bench, Some(&first), "latest");
    assert!(upserts > 0 && deletes > 0);
    assert_eq!(reader.rows(), sorted(rows_at(&bench, "latest", "chunks").into_iter()));
}
