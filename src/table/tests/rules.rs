//! Each rule of validation has rows that break it.

use crate::table::schema::{ChunkRow, ChunkStatsRow, FileRow, OutlineRow, PostingRow, SymbolRow};
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
