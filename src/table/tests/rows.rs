//! Rows of every table: a strategy of valid ones, and round trips.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;

use crate::table::schema::{
    CHUNK_STATS, CHUNKS, ChunkRow, ChunkStatsRow, DEFINITIONS, DefinitionRow, FILES, FileRow, HistoryRow,
    INDEXED_FILES, IndexedFileRow, MENTIONS, MentionRow, OUTLINE, OutlineRow, POSTINGS, PostingRow, RELATIONS,
    RelationRow, SYMBOLS, SymbolRow, TRIGRAMS, TrigramRow,
};
use crate::table::{Batch, Row, TableReader, TableSchema, encode, encode_rows, validate};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-z]{1,6}", "\\PC{0,12}", "[a-z]{60,80}é{5}"]
}

fn path() -> impl Strategy<Value = String> {
    "[a-c]{1,3}(/[a-c]{1,2})?"
}

pub(super) fn files() -> impl Strategy<Value = Vec<FileRow>> {
    let one = (option::of(text()), any::<u64>(), vec(any::<i32>(), 0..4), option::of(vec(any::<u8>(), 0..4)), text());
    btree_map(path(), one, 0..12).prop_map(|map| {
        let row =
            |(path, (hash, bytes, error_lines, path_bytes, skip)): (String, (Option<String>, u64, _, _, _))| FileRow {
                path,
                path_bytes,
                content_hash: hash.clone(),
                bytes,
                lines: bytes as u32,
                language: hash,
                mode: "code".into(),
                error_lines,
                extractor: skip,
                ..FileRow::default()
            };
        map.into_iter().map(row).collect()
    })
}

pub(super) fn outline() -> impl Strategy<Value = Vec<OutlineRow>> {
    let one = (text(), option::of(any::<u32>()), 0..99u32, 0..99u32);
    btree_map(path(), vec(one, 1..5), 0..6).prop_map(|map| {
        let mut rows = Vec::new();
        for (path, items) in map {
            for (at, (name, doc, start, len)) in items.into_iter().enumerate() {
                rows.push(OutlineRow {
                    path: path.clone(),
                    ordinal: at as u32,
                    role: "definition".into(),
                    name,
                    doc_start: doc,
                    start_byte: start,
                    end_byte: start + len,
                    parent: (at as u32).checked_sub(1),
                    ..OutlineRow::default()
                });
            }
        }
        rows
    })
}

pub(super) fn chunks() -> impl Strategy<Value = Vec<ChunkRow>> {
    let one = (text(), option::of(vec(any::<u8>(), 0..9)), vec(text(), 0..3), 1..50u32, option::of(text()));
    btree_map(path(), vec(one, 1..5), 0..6).prop_map(|map| {
        let mut rows = Vec::new();
        for (path, items) in map {
            let mut at = 0;
            for (text, text_bytes, heading_path, len, parent_id) in items {
                rows.push(ChunkRow {
                    chunk_id: format!("c_{at:016x}"),
                    path: path.clone(),
                    text,
                    text_bytes,
                    heading_path,
                    parent_id,
                    page_end: Some(len),
                    start_line: at + 1,
                    end_line: at + 1,
                    start_byte: at,
                    end_byte: at + len,
                    ..ChunkRow::default()
                });
                at += len;
            }
        }
        rows
    })
}

pub(super) fn symbols() -> impl Strategy<Value = Vec<SymbolRow>> {
    btree_map((path(), 1..99u32), (text(), option::of(text())), 0..12).prop_map(|map| {
        let row = |((path, line), (name, visibility))| SymbolRow {
            path,
            name,
            visibility,
            start_line: line,
            end_line: line,
            ..SymbolRow::default()
        };
        map.into_iter().map(row).collect()
    })
}

pub(super) fn postings() -> impl Strategy<Value = Vec<PostingRow>> {
    btree_map((text(), 0..5u16), btree_set(any::<u32>(), 1..9), 0..12).prop_map(|map| {
        let row = |((term, field), chunks): ((String, u16), std::collections::BTreeSet<u32>)| PostingRow {
            term,
            field,
            doc_freq: chunks.len() as u32,
            tfs: chunks.iter().map(|c| (*c as u16).max(1)).collect(),
            chunks: chunks.into_iter().collect(),
        };
        map.into_iter().map(row).collect()
    })
}

pub(super) fn stats() -> impl Strategy<Value = Vec<ChunkStatsRow>> {
    vec(any::<u32>(), 0..12).prop_map(|items| {
        let row = |(at, len)| ChunkStatsRow { ordinal: at as u32, len_body: len, ..ChunkStatsRow::default() };
        items.into_iter().enumerate().map(row).collect()
    })
}

pub(super) fn trigrams() -> impl Strategy<Value = Vec<TrigramRow>> {
    let byte =
        || prop_oneof![b'a'..b'e', any::<u8>().prop_filter("no gram", |b| *b != b'\n' && !b.is_ascii_uppercase())];
    let gram = (byte(), byte(), byte()).prop_map(|(a, b, c)| u32::from_be_bytes([0, a, b, c]));
    let steps = (0..9_999u32, vec(1..9_999u32, 0..9));
    btree_map(gram, steps, 0..12).prop_map(|map| {
        let row = |(gram, (first, mut rest)): (u32, (u32, Vec<u32>))| {
            rest.insert(0, first);
            TrigramRow { gram, steps: rest }
        };
        map.into_iter().map(row).collect()
    })
}

pub(super) fn indexed_files() -> impl Strategy<Value = Vec<IndexedFileRow>> {
    vec(btree_map(path(), (1..9u32, 1..999u32), 0..6), 0..4).prop_map(|shards| {
        let mut out: Vec<IndexedFileRow> = Vec::new();
        for (shard, files) in shards.into_iter().enumerate() {
            let mut row = 0;
            for (path, (rows, bytes)) in files {
                out.push(IndexedFileRow { file: out.len() as u32, shard: shard as u32, row, rows, bytes, path });
                row += rows;
            }
        }
        out
    })
}

pub(super) fn definitions() -> impl Strategy<Value = Vec<DefinitionRow>> {
    btree_map((text(), text(), text()), (option::of(text()), any::<u32>()), 0..12).prop_map(|map| {
        let row = |((name, path, kind), (language, shard)): ((_, _, _), (Option<String>, _))| DefinitionRow {
            visibility: language.clone(),
            qualified_name: String::new(),
            name,
            path,
            kind,
            language,
            shard,
        };
        map.into_iter().map(row).collect()
    })
}

pub(super) fn mentions() -> impl Strategy<Value = Vec<MentionRow>> {
    btree_map(text(), btree_set(any::<u32>(), 1..9), 0..12).prop_map(|map| {
        map.into_iter().map(|(name, shards)| MentionRow { name, shards: shards.into_iter().collect() }).collect()
    })
}

pub(super) fn relations() -> impl Strategy<Value = Vec<RelationRow>> {
    btree_map((text(), any::<u32>(), text(), text(), text()), option::of(text()), 0..12).prop_map(|map| {
        let row =
            |((path, line, r#type, target_name, from_chunk), target_path): ((_, u32, _, _, _), Option<String>)| {
                let line = line.max(1);
                RelationRow {
                    target_symbol: None,
                    status: if target_path.is_some() { "resolved" } else { "unresolved" }.into(),
                    from_chunk,
                    path,
                    line,
                    r#type,
                    target_name,
                    target_path,
                }
            };
        let mut rows: Vec<RelationRow> = map.into_iter().map(row).collect();
        rows.sort_by(|a, b| {
            let key = |r: &RelationRow| {
                (r.path.clone(), r.line, r.r#type.clone(), r.target_name.clone(), r.from_chunk.clone())
            };
            key(a).cmp(&key(b))
        });
        rows
    })
}

pub(super) fn open(bytes: Vec<u8>, schema: &'static TableSchema) -> TableReader {
    TableReader::open(std::sync::Arc::new(bytes), schema).unwrap()
}

/// Rows come back; the batch is valid; batches put together from slices give the same bytes.
fn round_trip<R: Row + Clone + PartialEq + std::fmt::Debug>(rows: &[R], cut: usize) -> Result<(), TestCaseError> {
    let schema = R::schema();
    let batch = Batch::of(rows).unwrap();
    validate(&batch).map_err(|e| TestCaseError::fail(format!("{e}")))?;
    let bytes = encode(&batch).unwrap();
    let back = open(bytes.clone(), schema).read_all().unwrap();
    prop_assert_eq!(&back.rows::<R>().unwrap(), &rows);

    let cut = if rows.is_empty() { 0 } else { cut % rows.len() };
    let twice = Batch::concat(schema, &[batch.clone(), batch.clone()]).unwrap();
    let odd = twice.slice(cut, rows.len() - cut);
    let rest = twice.slice(0, cut);
    let whole = Batch::concat(schema, &[rest.clone(), odd.clone()]).unwrap();
    prop_assert_eq!(encode(&whole).unwrap(), bytes.clone());
    // A slice that shares a larger batch's buffers encodes like rows that stand alone.
    prop_assert_eq!(encode(&odd).unwrap(), encode(&Batch::of(&rows[cut..]).unwrap()).unwrap());
    prop_assert_eq!(encode(&back).unwrap(), bytes);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn files_round_trip(rows in files(), cut in 0..99usize) { round_trip(&rows, cut)?; }

    #[test]
    fn outlines_round_trip(rows in outline(), cut in 0..99usize) { round_trip(&rows, cut)?; }

    #[test]
    fn chunks_round_trip(rows in chunks(), cut in 0..99usize) { round_trip(&rows, cut)?; }

    #[test]
    fn symbols_round_trip(rows in symbols(), cut in 0..99usize) { round_trip(&rows, cut)?; }

    #[test]
    fn postings_round_trip(rows in postings(), cut in 0..99usize) { round_trip(&rows, cut)?; }

    #[test]
    fn trigrams_round_trip(rows in trigrams(), cut in 0..99usize) { round_trip(&rows, cut)?; }

    #[test]
    fn indexed_files_round_trip(rows in indexed_files(), cut in 0..99usize) { round_trip(&rows, cut)?; }

    #[test]
    fn definitions_round_trip(rows in definitions(), cut in 0..99usize) { round_trip(&rows, cut)?; }

    #[test]
    fn mentions_round_trip(rows in mentions(), cut in 0..99usize) { round_trip(&rows, cut)?; }

    #[test]
    fn relations_round_trip(rows in relations(), cut in 0..99usize) { round_trip(&rows, cut)?; }

    #[test]
    fn chunk_stats_round_trip(rows in stats(), cut in 0..99usize) { round_trip(&rows, cut)?; }
}

#[test]
fn every_table_has_a_round_trip_above() {
    let here = [
        &FILES,
        &OUTLINE,
        &CHUNKS,
        &SYMBOLS,
        &POSTINGS,
        &CHUNK_STATS,
        &TRIGRAMS,
        &INDEXED_FILES,
        &DEFINITIONS,
        &MENTIONS,
        &RELATIONS,
    ];
    let here = here.map(|t| t.name);
    let all: Vec<&str> = crate::table::TABLES.iter().map(|t| t.name).collect();
    assert_eq!(all, here, "a new table needs a strategy and a round trip");
}

#[test]
fn rows_that_come_one_by_one_give_the_bytes_of_a_whole_batch() {
    let row = |n: u32| HistoryRow {
        repo: "r".into(),
        path: Some(format!("p{n:06}")),
        rows: n.into(),
        ..HistoryRow::default()
    };
    for count in [0, 1, 4_095, 4_096, 20_000] {
        let rows: Vec<HistoryRow> = (0..count).map(row).collect();
        let batch = Batch::of(&rows).unwrap();
        let whole = encode(&batch).unwrap();
        assert_eq!(encode_rows(rows.clone()).unwrap(), whole, "{count}");
        let back = TableReader::open(std::sync::Arc::new(whole), HistoryRow::schema()).unwrap();
        assert_eq!(back.read_all().unwrap().rows::<HistoryRow>().unwrap(), rows);
        assert_eq!(batch.texts("path").unwrap().count() as u32, count);
    }
}
