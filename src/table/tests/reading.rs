//! The reader: projections, rows, pages, refusals, and how much it reads.

use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use arrow::array::{Array, AsArray, StringArray};

use super::rows::open;
use crate::base::ByteSource;
use crate::table::schema::{CHUNKS, ChunkRow, FILES, POSTINGS, PostingRow};
use crate::table::{Batch, TableError, TableReader, encode};

/// Counts what is asked of it.
struct Counting {
    bytes: Vec<u8>,
    reads: AtomicUsize,
    read: AtomicU64,
}

impl Counting {
    fn new(bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Self { bytes, reads: AtomicUsize::new(0), read: AtomicU64::new(0) })
    }

    fn taken(&self) -> (usize, u64) {
        (self.reads.swap(0, Ordering::SeqCst), self.read.swap(0, Ordering::SeqCst))
    }
}

impl ByteSource for Counting {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.read.fetch_add(len as u64, Ordering::SeqCst);
        self.bytes.read_at(offset, len)
    }
}

fn terms(count: u32) -> Vec<PostingRow> {
    let row = |at: u32| {
        let chunks: Vec<u32> = (0..=at % 40).map(|c| c * (at % 7 + 1)).collect();
        PostingRow {
            term: format!("term{at:07}"),
            field: 3,
            doc_freq: chunks.len() as u32,
            tfs: chunks.iter().map(|c| (c % 9 + 1) as u16).collect(),
            chunks,
        }
    };
    (0..count).map(row).collect()
}

#[test]
fn a_term_is_found_by_reading_few_pages() {
    let rows = terms(20_000);
    let bytes = encode(&Batch::of(&rows).unwrap()).unwrap();
    let total = bytes.len() as u64;
    let source = Counting::new(bytes);
    let reader = TableReader::open(source.clone(), &POSTINGS).unwrap();
    assert!(source.taken().0 <= 2, "a footer costs one or two reads");

    let pages = reader.find_rows("term", &["term0012345"]).unwrap();
    assert_eq!(pages.len(), 1);
    assert!(pages[0].len() <= 512 && pages[0].contains(&12_345), "{pages:?}");
    let found = reader.read_rows(&["term", "chunks", "tfs"], &pages).unwrap();
    let (reads, read) = source.taken();
    assert!(reads <= 4 && read * 20 < total, "{reads} reads, {read} of {total} bytes");
    let names: &StringArray = found.column(0).as_string();
    let at = (0..names.len()).find(|at| names.value(*at) == "term0012345").unwrap();
    let lists = found.column(1).as_list::<i32>().value(at);
    assert_eq!(lists.as_primitive::<arrow::datatypes::UInt32Type>().values(), rows[12_345].chunks.as_slice());
}

#[test]
fn pages_of_a_lookup_table_hold_at_most_512_rows() {
    let reader = open(encode(&Batch::of(&terms(5_000)).unwrap()).unwrap(), &POSTINGS);
    for at in (0..5_000u32).step_by(97) {
        let pages = reader.find_rows("term", &[&format!("term{at:07}")]).unwrap();
        assert_eq!(pages.len(), 1);
        assert!(pages[0].len() <= 512, "{pages:?}");
    }
}

#[test]
fn an_absent_term_reads_no_page_or_one() {
    let reader = open(encode(&Batch::of(&terms(5_000)).unwrap()).unwrap(), &POSTINGS);
    assert!(reader.find_rows("term", &["zzz"]).unwrap().is_empty());
    assert!(reader.find_rows("term", &["term0000005x"]).unwrap().len() <= 1);
    assert!(reader.find_rows("term", &[]).unwrap().is_empty());
    assert_eq!(reader.find_span("term", "term", None).unwrap(), vec![0..5_000]);
    assert!(reader.find_span("term", "a", Some("b")).unwrap().is_empty());
}

#[test]
fn values_longer_than_a_bound_are_still_found() {
    let long = |at: usize| format!("{}{at:04}", "é".repeat(60));
    let rows: Vec<PostingRow> = (0..2_000)
        .map(|at| PostingRow { term: long(at), doc_freq: 1, chunks: vec![1], tfs: vec![1], field: 0 })
        .collect();
    let reader = open(encode(&Batch::of(&rows).unwrap()).unwrap(), &POSTINGS);
    for at in [0, 511, 512, 1_999] {
        let pages = reader.find_rows("term", &[&long(at)]).unwrap();
        assert!(pages.iter().any(|p| p.contains(&at)), "{at}: {pages:?}");
    }
}

fn chunk_rows(count: u32) -> Vec<ChunkRow> {
    let row = |at: u32| ChunkRow {
        chunk_id: format!("c_{at:016x}"),
        path: format!("p{:04}", at / 10),
        start_byte: at % 10,
        end_byte: at % 10 + 1,
        text: format!("{at} ").repeat((at % 300) as usize),
        heading_path: vec![at.to_string(); (at % 3) as usize],
        ..ChunkRow::default()
    };
    (0..count).map(row).collect()
}

#[test]
fn chosen_rows_and_columns_come_in_order() {
    let rows = chunk_rows(3_000);
    let reader = open(encode(&Batch::of(&rows).unwrap()).unwrap(), &CHUNKS);
    let picked = reader.read_rows(&["text", "path"], &[0..1, 5..7, 1_000..1_003, 2_999..3_000]).unwrap();
    let expected: Vec<&ChunkRow> = [0, 5, 6, 1_000, 1_001, 1_002, 2_999].iter().map(|at| &rows[*at]).collect();
    assert_eq!(picked.schema().field(0).name(), "path", "the table's own order");
    let (paths, texts): (&StringArray, &StringArray) = (picked.column(0).as_string(), picked.column(1).as_string());
    for (at, row) in expected.into_iter().enumerate() {
        assert_eq!((paths.value(at), texts.value(at)), (row.path.as_str(), row.text.as_str()));
    }
    assert_eq!(reader.read_columns(&["chunk_id"]).unwrap().num_rows(), 3_000);
    assert_eq!(reader.read_rows(&["path"], &[]).unwrap().num_rows(), 0);
}

#[test]
fn one_row_of_text_costs_a_page_and_not_the_file() {
    let bytes = encode(&Batch::of(&chunk_rows(20_000)).unwrap()).unwrap();
    let total = bytes.len() as u64;
    let source = Counting::new(bytes);
    let reader = TableReader::open(source.clone(), &CHUNKS).unwrap();
    source.taken();
    reader.read_rows(&["text"], std::slice::from_ref(&(9_999..10_000))).unwrap();
    let (_, read) = source.taken();
    assert!(read * 10 < total, "{read} of {total}");
    reader.read_columns(&["start_byte", "end_byte"]).unwrap();
    assert!(source.taken().0 <= 2, "neighbouring columns are one read");
}

#[test]
fn rows_out_of_range_or_order_are_refused() {
    let reader = open(encode(&Batch::of(&chunk_rows(30)).unwrap()).unwrap(), &CHUNKS);
    let range = |(start, end): (usize, usize)| Range { start, end };
    for bad in [[(0, 31), (31, 31)], [(5, 6), (2, 3)], [(0, 4), (3, 5)], [(0, 1), (7, 2)]] {
        let asked = reader.read_rows(&["path"], &bad.map(range));
        assert!(matches!(asked, Err(TableError::Invalid { .. })), "{bad:?}");
    }
    assert!(matches!(reader.read_columns(&["nope"]), Err(TableError::Column { .. })));
}

#[test]
fn another_table_is_refused() {
    let bytes = encode(&Batch::of(&chunk_rows(3)).unwrap()).unwrap();
    let error = TableReader::open(Arc::new(bytes), &FILES).unwrap_err();
    assert!(
        matches!(&error, TableError::Mismatch { wanted, found } if wanted == "files@1" && found == "chunks@3"),
        "{error}"
    );
}

#[test]
fn damaged_bytes_give_an_error_or_rows_but_no_panic() {
    let batch = Batch::of(&chunk_rows(40)).unwrap();
    let bytes = encode(&batch).unwrap();
    let read = |bytes: Vec<u8>| TableReader::open(Arc::new(bytes), &CHUNKS).and_then(|r| r.read_all());
    assert_eq!(read(bytes.clone()).unwrap(), batch);
    for at in (0..bytes.len()).step_by(11) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        // Parquet alone does not notice every flipped bit; the store does, by hash.
        let _: Result<Batch, TableError> = read(damaged);
    }
    let cut: Vec<bool> = (0..bytes.len()).step_by(7).map(|len| read(bytes[..len].to_vec()).is_err()).collect();
    assert!(cut.iter().all(|failed| *failed), "a file cut short is never read");
    assert!(read(Vec::new()).is_err());
}

#[test]
fn a_failing_source_is_reported_with_its_cause() {
    struct Failing(Vec<u8>);
    impl ByteSource for Failing {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }
        fn read_at(&self, _: u64, _: usize) -> io::Result<Vec<u8>> {
            Err(io::Error::other("block 3 does not hash to its name"))
        }
    }
    let bytes = encode(&Batch::of(&chunk_rows(3)).unwrap()).unwrap();
    let error = TableReader::open(Arc::new(Failing(bytes)), &CHUNKS).unwrap_err();
    let TableError::Read { source, .. } = error else { panic!("{error:?}") };
    assert!(source.to_string().contains("block 3"), "{source}");
}
