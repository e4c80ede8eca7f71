//! Each rule of validation has rows that break it.

use crate::table::schema::{
    ChunkRow, ChunkStatsRow, FileRow, IndexedFileRow, OutlineRow, PostingRow, SymbolRow, TrigramRow,
};
use crate::table::{Batch, Row, reference, validate};

#[track_caller]
fn refused<R: Row>(rows: &[R], saying: &str) {
    let error = validate(&Batch::of(rows).unwrap()).expect_err("these rows break a rule").to_string();
    assert!(error.contains(saying), "{error}");
}

fn chunk(path: &str, start: u32, end: u32, line: u32) -> ChunkRow {
    ChunkRow {
        path: path.into(),
        start_byte: start,
        end_byte: end,
        start_line: line,
        end_line: line,
        ..ChunkRow::default()
    }
}

#[test]
fn chunks_must_tile_their_file() {
    refused(&[chunk("a", 1, 2, 1)], "tile");
    refused(&[chunk("a", 0, 2, 1), chunk("a", 3, 4, 2)], "tile");
    refused(&[chunk("a", 0, 2, 1), chunk("a", 1, 4, 2)], "tile");
    refused(&[chunk("a", 0, 2, 1), chunk("b", 2, 4, 2)], "tile");
    refused(&[chunk("a", 0, 0, 1)], "empty");
    refused(&[chunk("a", 0, 2, 2), chunk("a", 2, 3, 1)], "line");
    refused(&[chunk("a", 0, 2, 0)], "line");
    assert!(validate(&Batch::of(&[chunk("a", 0, 2, 1), chunk("a", 2, 4, 1), chunk("b", 0, 1, 1)]).unwrap()).is_ok());
}

#[test]
fn rows_must_stand_in_the_declared_order() {
    refused(&[chunk("b", 0, 1, 1), chunk("a", 0, 1, 1)], "out of order (path, start_byte)");
    let symbol = |line, name: &str| SymbolRow {
        start_line: line,
        end_line: line,
        qualified_name: name.into(),
        ..SymbolRow::default()
    };
    refused(&[symbol(2, "a"), symbol(1, "b")], "out of order");
    refused(&[symbol(1, "b"), symbol(1, "a")], "row 1: out of order");
}

#[test]
fn a_path_stands_once() {
    let file = |path: &str, raw: Option<&[u8]>| FileRow {
        path: path.into(),
        path_bytes: raw.map(<[u8]>::to_vec),
        ..FileRow::default()
    };
    refused(&[file("a", None), file("a", None)], "twice");
    let same_text = [file("a\\xFF", None), file("a\\xFF", Some(b"a\xff"))];
    assert!(validate(&Batch::of(&same_text).unwrap()).is_ok(), "two files may show alike");
}

#[test]
fn an_outline_counts_from_0_and_points_back() {
    let row = |ordinal, start, end, parent| OutlineRow {
        ordinal,
        start_byte: start,
        end_byte: end,
        parent,
        ..OutlineRow::default()
    };
    refused(&[row(1, 0, 1, None)], "count from 0");
    refused(&[row(0, 2, 1, None)], "ends before");
    refused(&[row(0, 0, 1, Some(0))], "parent");
}

#[test]
fn postings_fit_their_lists() {
    let posting = |doc_freq, chunks: &[u32], tfs: &[u16]| PostingRow {
        term: "t".into(),
        field: 0,
        doc_freq,
        chunks: chunks.to_vec(),
        tfs: tfs.to_vec(),
    };
    refused(&[posting(2, &[1], &[1])], "one length");
    refused(&[posting(1, &[1], &[])], "one length");
    refused(&[posting(0, &[], &[])], "one length");
    refused(&[posting(2, &[2, 1], &[1, 1])], "ascend");
    refused(&[posting(2, &[1, 1], &[1, 1])], "ascend");
    refused(&[posting(1, &[1], &[0])], "does not hold");
    refused(&[posting(1, &[1], &[1]), posting(1, &[1], &[1])], "twice");
}

#[test]
fn chunk_ordinals_count_from_0() {
    refused(&[ChunkStatsRow { ordinal: 1, ..ChunkStatsRow::default() }], "count from 0");
}

#[test]
fn trigrams_are_folded_lie_in_a_line_and_their_files_ascend() {
    let row = |gram, steps: &[u32]| TrigramRow { gram, steps: steps.to_vec() };
    let gram = 0x0061_6263;
    refused(&[row(gram, &[])], "there is none");
    refused(&[row(gram, &[4, 0])], "ascend");
    refused(&[row(gram, &[4, u32::MAX])], "too large");
    refused(&[row(gram, &[0]), row(gram, &[1])], "twice");
    for no_gram in [0x0061_620a, 0x0041_6263, 0x0161_6263] {
        refused(&[row(no_gram, &[0])], "no gram");
    }
}

#[test]
fn indexed_files_take_up_the_rows_of_their_shards() {
    let file =
        |file, shard, row, rows, path: &str| IndexedFileRow { file, shard, row, rows, bytes: 1, path: path.into() };
    validate(&Batch::of(&[file(0, 0, 0, 2, "a"), file(1, 0, 2, 1, "b"), file(2, 3, 0, 1, "a")]).unwrap()).unwrap();
    refused(&[file(1, 0, 0, 1, "a")], "count from 0");
    refused(&[file(0, 0, 1, 1, "a")], "one after the other");
    refused(&[file(0, 0, 0, 0, "a")], "one after the other");
    refused(&[file(0, 0, 0, 2, "a"), file(1, 0, 3, 1, "b")], "one after the other");
    refused(&[file(0, 0, 0, 2, "a"), file(1, 1, 2, 1, "b")], "one after the other");
    refused(&[file(0, 1, 0, 2, "a"), file(1, 0, 0, 1, "b")], "goes back");
    refused(&[file(0, 0, 0, 2, "b"), file(1, 0, 2, 1, "a")], "paths");
}

#[test]
fn the_reference_names_every_column() {
    let text = reference();
    for table in crate::table::TABLES.iter().chain(crate::table::LEDGER) {
        assert!(text.contains(&format!("## {}\n", table.name)));
        for column in table.columns {
            assert!(text.contains(&format!("\n| {} | ", column.name)), "{}", column.name);
        }
    }
    assert!(text.contains("| tfs | list<uint16> | no |"), "{text}");
    assert!(text.contains("| text_bytes | binary | yes |"), "{text}");
}
