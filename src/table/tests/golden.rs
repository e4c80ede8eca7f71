//! The bytes of each table, pinned: they change only with a FORMAT, never by an upgrade of a library.

use crate::base::Digest;
use crate::table::schema::{ChunkRow, ChunkStatsRow, FileRow, OutlineRow, PostingRow, SymbolRow};
use crate::table::{Batch, Row, encode};

fn hash<R: Row>(rows: &[R]) -> String {
    Digest::of(&encode(&Batch::of(rows).unwrap()).unwrap()).short()
}

fn many<R>(row: impl Fn(u32) -> R) -> Vec<R> {
    (0..600).map(row).collect()
}

#[test]
fn encoded_tables_have_their_golden_hashes() {
    let path = |at: u32| format!("src/{:03}.rs", at / 3);
    let files = many(|at| FileRow {
        path: format!("src/{at:03}.rs"),
        content_hash: (at % 5 != 0).then(|| format!("{at:064x}")),
        bytes: u64::from(at) * 977,
        language: Some(["rust", "c"][at as usize % 2].into()),
        mode: "code".into(),
        error_lines: (0..at as i32 % 4).collect(),
        ..FileRow::default()
    });
    let outline = many(|at| OutlineRow {
        path: path(at),
        ordinal: at % 3,
        name: format!("name{at}"),
        doc_start: at.checked_sub(9),
        start_byte: at,
        end_byte: at + 7,
        ..OutlineRow::default()
    });
    let chunks = many(|at| ChunkRow {
        chunk_id: format!("c_{at:016x}"),
        path: path(at),
        heading_path: vec!["heading".into(); at as usize % 3],
        text: format!("line {at}\n").repeat(at as usize % 90),
        text_bytes: (at % 7 == 0).then(|| vec![at as u8; 5]),
        tokens: at,
        ..ChunkRow::default()
    });
    let symbols = many(|at| SymbolRow { path: path(at), name: format!("name{at}"), ..SymbolRow::default() });
    let postings = many(|at| PostingRow {
        term: format!("term{at:05}"),
        field: 3,
        doc_freq: at % 9,
        chunks: (0..at % 9).collect(),
        tfs: (0..at as u16 % 9).collect(),
    });
    let stats = many(|at| ChunkStatsRow { ordinal: at, len_body: at * 31 % 101, ..ChunkStatsRow::default() });
    let found = [hash(&files), hash(&outline), hash(&chunks), hash(&symbols), hash(&postings), hash(&stats)];
    let golden = ["e299975c7462", "3136a8b7296f", "1848cfc508d6", "c38f5f1fe51e", "a474c1c419f6", "c995fe036f38"];
    assert_eq!(found, golden, "bytes of artifacts changed: raise the FORMAT of the tables, then update the hashes");
}
