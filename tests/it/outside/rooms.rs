//! The kinds by themselves: how an author tests one without an engine.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sawmill::base::{Cancel, Digest, Limits, Mode, RelPath};
use sawmill::nodes::{Content, FileSlot, Kind, MergeTask, Task};
use sawmill::table::{Batch, encode};
use serde_json::json;

use super::todo::{TODO, TodoRow};
use super::words::{self, ShardWordRow};
use crate::tidy::{text, tree};

fn slot(path: &str, language: Option<&str>, text: &str) -> FileSlot {
    FileSlot {
        path: RelPath::new(path).unwrap(),
        size: text.len() as u64,
        content: Content::Bytes(Digest::of(text.as_bytes()), text.as_bytes().into()),
        language: language.map(Into::into),
        mode: Mode::Code,
        role: "source".into(),
    }
}

/// The table that `todo` makes of files with these parameters.
fn todos(files: &[FileSlot], with: serde_json::Value) -> Batch {
    let params = TODO.params(with.as_object().unwrap()).unwrap();
    let (limits, inputs, cancel) = (Limits::default(), BTreeMap::new(), Cancel::new());
    let task = Task {
        params: &params,
        limits: &limits,
        files,
        inputs: &inputs,
        references: None,
        sandbox: None,
        cancel: &cancel,
    };
    TODO.run(&task).unwrap().remove(0).batch
}

#[test]
fn equal_tasks_give_these_bytes() {
    let files = [slot("a.rs", Some("rust"), "fn f() {} // TODO: grow\n"), slot("b", None, "FIXME\n")];
    let bytes = encode(&todos(&files, json!({}))).unwrap();
    // Other bytes here, and FORMAT has to rise.
    assert_eq!(Digest::of(&bytes).short(), "01d618287b70");
}

#[test]
fn the_definition_of_a_language_is_in_the_digest_of_that_language_only() {
    let of = |language| TODO.definition_digest(language);
    assert_ne!(of(Some("rust")), of(Some("python")));
    assert_eq!(of(Some("lua")), of(None));
}

/// How often each of `words` stands in each shard.
fn shard(words: &BTreeMap<String, u32>) -> Vec<Batch> {
    let rows: Vec<ShardWordRow> =
        words.iter().map(|(word, count)| ShardWordRow { word: word.clone(), count: *count }).collect();
    vec![Batch::of(&rows).unwrap()]
}

proptest! {
    /// Against something trivially correct: a file's remarks are found line by line.
    #[test]
    fn a_file_alone_gives_the_rows_that_it_gives_among_others(
        texts in proptest::collection::vec("(TODO|FIXME|x|:| |\n|é){0,12}", 1..6),
    ) {
        let files: Vec<FileSlot> =
            texts.iter().enumerate().map(|(n, text)| slot(&format!("f{n}"), None, text)).collect();
        let together = todos(&files, json!({})).rows::<TodoRow>().unwrap();
        let alone: Vec<TodoRow> =
            files.iter().flat_map(|file| todos(std::slice::from_ref(file), json!({})).rows::<TodoRow>().unwrap()).collect();
        prop_assert_eq!(together, alone);
    }

    #[test]
    fn a_merge_is_undone_without_a_loss(
        shards in proptest::collection::vec(proptest::collection::btree_map("[a-c]{1,2}", 1..9u32, 0..5), 0..6),
    ) {
        let shards: Vec<Vec<Batch>> = shards.iter().map(shard).collect();
        let params = words::KIND.params(&serde_json::Map::new()).unwrap();
        let task = MergeTask { params: &params, shards: &shards, cancel: &Cancel::new() };
        let merged: Vec<Batch> = words::KIND.merge(&task).unwrap().into_iter().map(|output| output.batch).collect();
        prop_assert_eq!(words::KIND.split(&merged, shards.len()).unwrap(), shards);
    }
}

#[test]
fn the_kinds_use_nothing_that_an_outside_crate_could_not() {
    // What the crate of such a kind has under `[dependencies]`.
    let allowed = ["std", "sawmill", "serde", "serde_json", "schemars"];
    for file in ["todo", "words"] {
        let source = text::blank(&tree::read(&format!("tests/it/outside/{file}.rs")));
        let mut uses = 0;
        for line in source.lines().filter_map(|line| line.strip_prefix("use ")) {
            let from = line.split([':', ';']).next().unwrap_or_default();
            assert!(allowed.contains(&from), "{file}: use {line}");
            uses += 1;
        }
        assert!(uses > 3, "{file}");
    }
}
