//! The index against a model that is too simple to be wrong, and merging against indexing the whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::read::{Stats, term_lists};
use super::tokenize::{Stems, terms, words};
use super::{FIELDS, Field, IndexParams, KIND, Stemming};
use crate::base::{Cancel, Digest, Limits, Mode, RelPath};
use crate::nodes::{Content, FileSlot, KINDS, Kind, MergeTask, NodeError, Output, Params, Task};
use crate::table::schema::{CHUNK_STATS, ChunkRow, ChunkStatsRow, POSTINGS, PostingRow};
use crate::table::{Batch, TableReader, encode, validate};

fn slot(path: &str, mode: Mode) -> FileSlot {
    FileSlot {
        path: RelPath::new(path).unwrap(),
        size: 1,
        content: Content::Hash(Digest::of(b"")),
        language: None,
        mode,
        role: "source".into(),
    }
}

pub(super) fn run(rows: &[ChunkRow], mode: Mode) -> Vec<Output> {
    run_with(rows, mode, &IndexParams::default())
}

pub(super) fn run_with(rows: &[ChunkRow], mode: Mode, params: &IndexParams) -> Vec<Output> {
    let inputs = BTreeMap::from([("chunks", vec![Batch::of(rows).unwrap()])]);
    let params = Params::new(params.clone()).unwrap();
    let files = [slot("a", mode)];
    let (limits, cancel) = (Limits::default(), Cancel::new());
    KIND.run(&Task {
        params: &params,
        limits: &limits,
        files: &files,
        inputs: &inputs,
        references: None,
        sandbox: None,
        cancel: &cancel,
    })
    .unwrap()
}

pub(super) fn merge(shards: &[Vec<Batch>]) -> Vec<Batch> {
    batches(merge_outputs(shards, &IndexParams::default()))
}

pub(super) fn merge_outputs(shards: &[Vec<Batch>], params: &IndexParams) -> Vec<Output> {
    let params = Params::new(params.clone()).unwrap();
    KIND.merge(&MergeTask { params: &params, shards, cancel: &Cancel::new() }).unwrap()
}

pub(super) fn batches(outputs: Vec<Output>) -> Vec<Batch> {
    outputs.into_iter().map(|o| o.batch).collect()
}

fn chunk(path: &str, at: u32, kind: &str, name: &str, doc: &str, text: &str) -> ChunkRow {
    ChunkRow {
        chunk_id: format!("c_{path}_{at}"),
        path: path.into(),
        start_byte: at,
        kind: kind.into(),
        name: name.into(),
        signature: if name.is_empty() { String::new() } else { format!("fn {name}()") },
        breadcrumb: "Outer".into(),
        doc: doc.into(),
        text: text.into(),
        ..ChunkRow::default()
    }
}

/// Words and their occurrences.
fn counted(texts: &[&str]) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for text in texts {
        words(text, |start, end| *counts.entry(text[start..end].to_owned()).or_default() += 1);
    }
    counts
}

/// The terms of one field, the slow way.
fn model_field(row: &ChunkRow, field: Field, mode: Mode) -> (BTreeMap<String, u32>, u32) {
    let words = match field {
        Field::Name => counted(&[&row.name]),
        Field::Signature => counted(&[&row.signature, &row.breadcrumb]),
        Field::Doc => counted(&[&row.doc]),
        Field::Path => counted(&[&row.path]),
        Field::Body => {
            let carried = counted(&[&row.signature, &row.doc]);
            let mut all = counted(&[&row.text]);
            all.retain(|word, count| {
                *count = count.saturating_sub(carried.get(word).copied().unwrap_or(0));
                *count > 0 && word.len() > 1
            });
            all
        }
    };
    let (mut found, mut length) = (BTreeMap::<String, u32>::new(), 0);
    for (word, count) in words {
        let mut of_word = Vec::new();
        terms(&word, &mut of_word);
        for term in of_word {
            length += count;
            let stem = Stems::default().of(&term);
            match (field.stemming(mode), stem) {
                (Stemming::Only, stem) => *found.entry(stem.unwrap_or(term)).or_default() += count,
                (Stemming::Both, Some(stem)) => {
                    *found.entry(stem).or_default() += count;
                    *found.entry(term).or_default() += count;
                }
                _ => *found.entry(term).or_default() += count,
            }
        }
    }
    (found, length)
}

fn model(rows: &[ChunkRow], mode: Mode) -> (Vec<PostingRow>, Vec<ChunkStatsRow>) {
    let mut lists: BTreeMap<(String, u16), PostingRow> = BTreeMap::new();
    let mut stats: Vec<ChunkStatsRow> = Vec::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, r)| r.kind != "rest") {
        let ordinal = stats.len() as u32;
        let mut lengths = [0; 5];
        for field in FIELDS {
            let (found, length) = model_field(row, field, mode);
            lengths[usize::from(field.number())] = length;
            for (term, count) in found {
                let key = (term.clone(), field.number());
                let entry = lists.entry(key).or_insert_with(|| PostingRow {
                    term,
                    field: field.number(),
                    ..PostingRow::default()
                });
                entry.doc_freq += 1;
                entry.chunks.push(ordinal);
                entry.tfs.push(count.min(65_535) as u16);
            }
        }
        let [len_name, len_signature, len_doc, len_body, len_path] = lengths;
        stats.push(ChunkStatsRow {
            ordinal,
            shard: 0,
            row: at as u32,
            len_name,
            len_signature,
            len_doc,
            len_body,
            len_path,
        });
    }
    (lists.into_values().collect(), stats)
}

fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-c]{1,2}",
        Just("parseConfig".to_owned()),
        Just("parse_config".to_owned()),
        Just("parsing files".to_owned()),
        Just("HTTPServer2".to_owned()),
        Just("größe".to_owned()),
        Just("0123456789abcdef0123".to_owned()),
        "[A-Za-z0-9_é ]{0,12}",
    ];
    prop::collection::vec(word, 0..8).prop_map(|words| words.join(" "))
}

fn rows() -> impl Strategy<Value = Vec<ChunkRow>> {
    let kinds = prop_oneof![4 => Just("function"), 1 => Just("rest")];
    let row = (kinds, "[a-z_]{0,6}", text(), text());
    prop::collection::vec(row, 0..12).prop_map(|rows| {
        let made = rows.into_iter().enumerate();
        made.map(|(at, (kind, name, doc, body))| {
            let text = format!("{doc} fn {name}() {body}");
            chunk("src/a_file.rs", at as u32, kind, &name, &doc, &text)
        })
        .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn postings_and_statistics_are_those_of_the_naive_model(rows in rows(), prose in any::<bool>()) {
        let mode = if prose { Mode::Prose } else { Mode::Code };
        let outputs = run(&rows, mode);
        let (postings, stats) = model(&rows, mode);
        prop_assert_eq!(outputs[0].batch.rows::<PostingRow>().unwrap(), postings);
        prop_assert_eq!(outputs[1].batch.rows::<ChunkStatsRow>().unwrap(), stats.clone());
        let total: u64 = stats.iter().map(|s| u64::from(s.len_body)).sum();
        let merged = merge_outputs(&[batches(outputs)], &IndexParams::default());
        prop_assert_eq!(merged[1].stats["len_body"], total);
        prop_assert_eq!(merged[1].stats["docs"], stats.len() as u64);
    }

    #[test]
    fn merging_shards_gives_the_index_of_their_chunks_together(rows in rows(), cut in 0usize..12, cut2 in 0usize..12) {
        let (a, b) = (cut.min(cut2).min(rows.len()), cut.max(cut2).min(rows.len()));
        let shards: Vec<Vec<Batch>> = [&rows[..a], &rows[a..b], &rows[b..]]
            .into_iter().map(|part| batches(run(part, Mode::Code))).collect();
        let merged = merge(&shards);
        let whole = batches(run(&rows, Mode::Code));
        prop_assert_eq!(&merged[0], &whole[0]);
        let merged: Vec<ChunkStatsRow> = merged[1].rows().unwrap();
        let mut whole: Vec<ChunkStatsRow> = whole[1].rows().unwrap();
        for row in &mut whole {
            let (shard, start) = match row.row as usize {
                at if at < a => (0, 0),
                at if at < b => (1, a),
                _ => (2, b),
            };
            row.shard = shard;
            row.row -= start as u32;
        }
        prop_assert_eq!(merged, whole);
    }

    #[test]
    fn splitting_a_segment_gives_back_the_tables_of_its_shards(rows in rows(), cut in 0usize..12, cut2 in 0usize..12) {
        let (a, b) = (cut.min(cut2).min(rows.len()), cut.max(cut2).min(rows.len()));
        let shards: Vec<Vec<Batch>> = [&rows[..a], &rows[a..b], &rows[b..]]
            .into_iter().map(|part| batches(run(part, Mode::Code))).collect();
        prop_assert_eq!(KIND.split(&merge(&shards), 3).unwrap(), shards);
    }

    #[test]
    fn words_lie_at_character_boundaries_in_any_text(text in any::<String>()) {
        let mut end_of_last = 0;
        words(&text, |start, end| {
            assert!(start >= end_of_last && start < end);
            let mut out = Vec::new();
            terms(&text[start..end], &mut out);
            assert!(out.iter().all(|t| !t.is_empty() && t.len() <= super::tokenize::TERM_BYTES));
            end_of_last = end;
        });
    }
}

#[test]
fn outputs_hold_to_the_rules_of_their_tables() {
    let rows = [
        chunk("a.rs", 0, "function", "parse_config", "Parses the configuration.", "fn parse_config() { read(x) }"),
        chunk("a.rs", 9, "rest", "", "", "\n\n"),
        chunk("b.rs", 0, "function", "run", "", "fn run() {}"),
    ];
    let shard = batches(run(&rows, Mode::Code));
    for batch in shard.iter().chain(&merge(&[shard.clone(), shard.clone()])) {
        validate(batch).unwrap();
    }
}

#[test]
fn postings_read_back_from_an_artifact_are_those_that_were_written() {
    let rows: Vec<ChunkRow> = (0..2_000)
        .map(|n| chunk("a.rs", n, "function", &format!("name_{n}"), "", &format!("fn name_{n}() {{ shared(v{n}) }}")))
        .collect();
    let shard = batches(run(&rows, Mode::Code));
    let reader = TableReader::open(Arc::new(encode(&shard[0]).unwrap()), &POSTINGS).unwrap();
    let found =
        term_lists(&reader, &["absent", "name_7", "shared", "v1999"].map(|term| (term, u16::MAX)).into()).unwrap();
    assert_eq!(found.keys().collect::<Vec<_>>(), ["name_7", "shared", "v1999"]);
    let body = usize::from(Field::Body.number());
    assert_eq!(found["shared"][body].as_ref().unwrap().chunks, (0..2_000).collect::<Vec<u32>>());
    assert_eq!(found["v1999"][body].as_ref().unwrap().chunks, [1999]);
    assert_eq!(found["name_7"][0].as_ref().unwrap().chunks, [7]);

    let stats = TableReader::open(Arc::new(encode(&shard[1]).unwrap()), &CHUNK_STATS).unwrap();
    let stats = Stats::read(&stats).unwrap();
    assert_eq!(stats.len(), 2_000);
    assert_eq!(stats.row[1_999], 1_999);
    assert_eq!(stats.lengths[0][0], 2, "`name_0` gives the whole word and `name`, and nothing for a digit alone");
}

#[test]
fn an_index_without_postings_keeps_the_statistics() {
    let rows = [chunk("a.rs", 0, "function", "run", "", "fn run() {}")];
    let inputs = BTreeMap::from([("chunks", vec![Batch::of(&rows).unwrap()])]);
    let params = KIND.params(&serde_json::from_str(r#"{"postings": false}"#).unwrap()).unwrap();
    let files = [slot("a", Mode::Code)];
    let (limits, cancel) = (Limits::default(), Cancel::new());
    let task = Task {
        params: &params,
        limits: &limits,
        files: &files,
        inputs: &inputs,
        references: None,
        sandbox: None,
        cancel: &cancel,
    };
    let outputs = KIND.run(&task).unwrap();
    assert_eq!(outputs[0].batch.len(), 0);
    assert_eq!(outputs[1].batch.len(), 1);
}

#[test]
fn a_segment_that_does_not_hold_together_is_refused_and_not_split() {
    let rows = [chunk("a.rs", 0, "function", "run", "", "fn run() {}")];
    let merged = merge(&[batches(run(&rows, Mode::Code)), batches(run(&rows, Mode::Code))]);
    let no_chunks = Batch::of::<ChunkStatsRow>(&[]).unwrap();
    for (tables, shards) in [(vec![merged[0].clone(), merged[1].clone()], 1), (vec![merged[0].clone(), no_chunks], 2)] {
        assert!(matches!(KIND.split(&tables, shards), Err(NodeError::Input { .. })));
    }
}

#[test]
fn a_kind_with_partial_tables_keeps_none_per_shard_and_merges() {
    for kind in KINDS.iter().filter(|kind| !kind.partial().is_empty()) {
        assert!(kind.outputs().is_empty() && !kind.merged().is_empty(), "{}", kind.name());
        assert!(!kind.per_file() && !kind.needs_bytes(), "{}", kind.name());
    }
}

#[test]
fn an_unknown_parameter_is_refused_with_a_suggestion() {
    let errors = KIND.params(&serde_json::from_str(r#"{"posting": true, "bigrams": true}"#).unwrap()).unwrap_err();
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[0].suggestion.as_deref(), Some("trigrams"));
    assert_eq!(errors[1].suggestion.as_deref(), Some("postings"));
}

#[test]
fn the_table_of_words_and_terms_holds() {
    let mut checked = 0;
    for line in include_str!("cases/terms.md").lines().filter(|l| l.starts_with('|')).skip(2) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let mut found = Vec::new();
        terms(cells[0], &mut found);
        let found = if found.is_empty() { "-".to_owned() } else { found.join(" ") };
        assert_eq!(found, cells[1], "terms of `{}`", cells[0]);
        checked += 1;
    }
    assert!(checked > 25, "the table was not found: {checked} rows");
}

#[test]
fn the_bytes_of_a_small_index_are_pinned_to_the_format() {
    // Equal tasks must give equal bytes for one FORMAT. If this moves, raise FORMAT (and TOKENIZER) first.
    let rows = [
        chunk(
            "src/lib.rs",
            0,
            "function",
            "parse_config",
            "Parsing files.",
            "/// Parsing files.\nfn parse_config() { HTTPServer2::größe(404) }",
        ),
        chunk("src/lib.rs", 80, "function", "run", "", "fn run() { parse_config(); parse_config() }"),
    ];
    let mut shown = Vec::new();
    for row in run(&rows, Mode::Code)[0].batch.rows::<PostingRow>().unwrap() {
        shown.push(format!("{} {} {:?} {:?}", row.term, FIELDS[usize::from(row.field)].name(), row.chunks, row.tfs));
    }
    insta::assert_snapshot!(shown.join("\n"));
    assert_eq!((KIND.format(), super::tokenize::TOKENIZER), (9, 2));
}
