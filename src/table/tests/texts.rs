//! Texts one after the other: the same as through arrays, and no more pages than they take.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{AsArray, StringArray};
use proptest::prelude::*;

use super::rows::open;
use crate::table::schema::{CHUNKS, ChunkRow, FILES, FileRow, TRIGRAMS, TrigramRow};
use crate::table::{Batch, TableError, TableReader, encode};

/// More than one page of text.
fn chunks(count: u32) -> Batch {
    let row = |at: u32| ChunkRow {
        path: format!("p{at:06}"),
        text: if at.is_multiple_of(7) { String::new() } else { format!("{at} é\n").repeat((at * 37 % 200) as usize) },
        text_bytes: at.is_multiple_of(50).then(|| vec![0xff; 3]),
        ..ChunkRow::default()
    };
    Batch::of(&(0..count).map(row).collect::<Vec<_>>()).unwrap()
}

fn visited(reader: &TableReader, rows: &[Range<usize>]) -> Vec<(usize, Vec<u8>)> {
    let mut out = Vec::new();
    reader.visit_texts("text", rows, |row, value| out.push((row, value.to_vec()))).unwrap();
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn texts_are_those_of_the_rows(cuts in proptest::collection::btree_set(0usize..=3_000, 0..12)) {
        let reader = open(encode(&chunks(3_000)).unwrap(), &CHUNKS);
        let cuts: Vec<usize> = cuts.into_iter().collect();
        let rows: Vec<Range<usize>> = cuts.chunks_exact(2).map(|pair| pair[0]..pair[1]).collect();
        let expected = reader.read_rows(&["text"], &rows).unwrap();
        let texts: &StringArray = expected.column(0).as_string();
        let expected: Vec<(usize, Vec<u8>)> =
            rows.iter().flat_map(Clone::clone).zip(texts.iter().map(|text| text.unwrap().as_bytes().to_vec())).collect();
        prop_assert!(visited(&reader, &rows) == expected, "{rows:?}");
    }
}

#[test]
fn ranges_may_touch_and_may_be_empty() {
    let reader = open(encode(&chunks(20)).unwrap(), &CHUNKS);
    let rows = |ranges: &[Range<usize>]| visited(&reader, ranges).into_iter().map(|(row, _)| row).collect::<Vec<_>>();
    assert_eq!(rows(&[0..2, 2..3, 5..5, 18..20]), [0, 1, 2, 18, 19]);
    assert_eq!(rows(&[]), [0; 0]);
}

#[test]
fn rows_that_are_not_there_and_columns_with_nulls_are_refused() {
    let reader = open(encode(&chunks(20)).unwrap(), &CHUNKS);
    let asked = |column: &str, rows: Range<usize>| reader.visit_texts(column, &[rows], |_, _| ());
    assert!(matches!(asked("text", 0..21), Err(TableError::Invalid { .. })));
    assert!(matches!(asked("nope", 0..1), Err(TableError::Column { .. })));
    assert!(matches!(asked("text_bytes", 0..1), Err(TableError::Read { .. })));
    // A dictionary is no plain text.
    assert!(matches!(asked("path", 0..1), Err(TableError::Read { .. })));
}

#[test]
fn damaged_pages_give_an_error_or_texts_but_no_panic() {
    let bytes = encode(&chunks(40)).unwrap();
    for at in (0..bytes.len()).step_by(7) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        let (read, rows) = (TableReader::open(Arc::new(damaged), &CHUNKS), 3..30);
        let _: Result<(), TableError> =
            read.and_then(|reader| reader.visit_texts("text", std::slice::from_ref(&rows), |_, _| ()));
    }
}

#[test]
fn a_column_tells_whether_it_has_values_and_whether_they_are_one() {
    let files = |roles: &[&str]| {
        let row =
            |(at, role): (usize, &&str)| FileRow { path: format!("{at}"), role: (*role).into(), ..FileRow::default() };
        open(encode(&Batch::of(&roles.iter().enumerate().map(row).collect::<Vec<_>>()).unwrap()).unwrap(), &FILES)
    };
    assert_eq!(files(&["test", "test"]).only_text("role").unwrap().as_deref(), Some("test"));
    assert_eq!(files(&["source", "test"]).only_text("role").unwrap(), None);
    assert_eq!(files(&[]).only_text("role").unwrap(), None);
    // Bounds are cut: two long values may differ behind them.
    assert_eq!(files(&[&"x".repeat(200), &"x".repeat(201)]).only_text("role").unwrap(), None);
    assert!(open(encode(&chunks(60)).unwrap(), &CHUNKS).has_values("text_bytes").unwrap());
    let without = Batch::of(&[ChunkRow { path: "a".into(), ..ChunkRow::default() }]).unwrap();
    assert!(!open(encode(&without).unwrap(), &CHUNKS).has_values("text_bytes").unwrap());
}

#[test]
fn long_lists_cost_more_bytes_than_short_ones() {
    let row = |gram: u32| TrigramRow {
        gram,
        steps: (0..if gram < 512 { 1 } else { 200 }).map(|at| at * gram % 7 + 1).collect(),
    };
    let reader = open(encode(&Batch::of(&(0..1_024).map(row).collect::<Vec<_>>()).unwrap()).unwrap(), &TRIGRAMS);
    let bytes = reader.bytes_behind("gram", &[3, 700, 5_000], "steps").unwrap();
    assert!(bytes[0] > 0 && bytes[0] < bytes[1] && bytes[2] == 0, "{bytes:?}");
}
