//! Grams, lists and candidates against models that are too simple to be wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::super::tests::{batches, merge, merge_outputs, run, run_with};
use super::super::{IndexParams, KIND};
use super::{Candidates, GramFiles, IndexedFiles, Need};
use crate::base::Mode;
use crate::nodes::{Kind, NodeError};
use crate::table::schema::{ChunkRow, INDEXED_FILES, IndexedFileRow, TRIGRAMS, TrigramRow};
use crate::table::{Batch, TableError, TableReader, encode, validate};

const GRAMS: usize = 2;
const FILES: usize = 3;

/// A file as the pieces that its chunks are.
type Pieces = Vec<Vec<u8>>;

fn chunks(first: usize, files: &[Pieces]) -> Vec<ChunkRow> {
    let mut rows = Vec::new();
    for (at, pieces) in files.iter().enumerate() {
        let mut start_byte = 0;
        for piece in pieces {
            let text = String::from_utf8_lossy(piece).into_owned();
            let end_byte = start_byte + piece.len() as u32;
            rows.push(ChunkRow {
                path: format!("src/{:04}.rs", first + at),
                kind: "rest".into(),
                text_bytes: (text.as_bytes() != piece).then(|| piece.clone()),
                text,
                start_byte,
                end_byte,
                start_line: 1,
                end_line: 1,
                ..ChunkRow::default()
            });
            start_byte = end_byte;
        }
    }
    rows
}

/// The grams of a file's lines, the slow way.
fn grams(pieces: &Pieces) -> BTreeSet<u32> {
    let folded = pieces.concat().to_ascii_lowercase();
    let lines = folded.split(|byte| *byte == b'\n');
    lines.flat_map(|line| line.windows(3)).map(|w| u32::from_be_bytes([0, w[0], w[1], w[2]])).collect()
}

fn model(files: &[Pieces]) -> BTreeMap<u32, Vec<u32>> {
    let mut lists: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        for gram in grams(file) {
            lists.entry(gram).or_default().push(at as u32);
        }
    }
    lists
}

fn lists(batch: &Batch) -> BTreeMap<u32, Vec<u32>> {
    let sums = |steps: Vec<u32>| -> Vec<u32> {
        steps
            .into_iter()
            .scan(0, |sum, step| {
                *sum += step;
                Some(*sum)
            })
            .collect()
    };
    batch.rows::<TrigramRow>().unwrap().into_iter().map(|row| (row.gram, sums(row.steps))).collect()
}

fn file() -> impl Strategy<Value = Pieces> {
    let byte = prop_oneof![8 => b'a'..b'd', 2 => b'A'..b'D', 2 => Just(b'\n'), 1 => any::<u8>()];
    prop::collection::vec(prop::collection::vec(byte, 1..12), 1..4)
}

/// The files of some shards.
fn shards() -> impl Strategy<Value = Vec<Vec<Pieces>>> {
    prop::collection::vec(prop::collection::vec(file(), 0..6), 1..5)
}

/// What each shard gives, and the files of all.
fn parts(shards: &[Vec<Pieces>]) -> (Vec<Vec<Batch>>, Vec<Pieces>) {
    let mut first = 0;
    let parts = shards.iter().map(|files| {
        first += files.len();
        batches(run(&chunks(first - files.len(), files), Mode::Code))
    });
    (parts.collect(), shards.concat())
}

fn opened(batch: &Batch) -> TableReader {
    TableReader::open(Arc::new(encode(batch).unwrap()), batch.schema()).unwrap()
}

fn need() -> impl Strategy<Value = Need> {
    let byte = || b'a'..b'd';
    let gram = (byte(), byte(), byte()).prop_map(|(a, b, c)| Need::Gram(u32::from_be_bytes([0, a, b, c])));
    let leaf = prop_oneof![1 => Just(Need::All), 1 => Just(Need::None), 9 => gram];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let parts = prop::collection::vec(inner, 0..5);
        prop_oneof![parts.clone().prop_map(Need::And), parts.prop_map(Need::Or)]
    })
}

fn holds(need: &Need, grams: &BTreeSet<u32>) -> bool {
    match need {
        Need::All => true,
        Need::None => false,
        Need::Gram(gram) => grams.contains(gram),
        Need::And(parts) => parts.iter().all(|part| holds(part, grams)),
        Need::Or(parts) => parts.iter().any(|part| holds(part, grams)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn lists_and_files_are_those_of_the_naive_model(files in prop::collection::vec(file(), 0..9)) {
        let rows = chunks(0, &files);
        let made = run(&rows, Mode::Records);
        validate(&made[GRAMS].batch).unwrap();
        validate(&made[FILES].batch).unwrap();
        prop_assert_eq!(lists(&made[GRAMS].batch), model(&files));
        for (at, row) in made[FILES].batch.rows::<IndexedFileRow>().unwrap().into_iter().enumerate() {
            let own = &rows[row.row as usize..(row.row + row.rows) as usize];
            prop_assert_eq!(row.rows as usize, files[at].len());
            prop_assert_eq!(row.bytes as usize, files[at].concat().len());
            prop_assert!(own.iter().all(|chunk| chunk.path == row.path));
        }
        prop_assert_eq!(made[FILES].batch.len(), files.len());
    }

    #[test]
    fn a_segment_is_its_shards_together_and_splits_into_them_again(shards in shards()) {
        let (parts, files) = parts(&shards);
        let merged = merge(&parts);
        let whole = batches(run(&chunks(0, &files), Mode::Code));
        prop_assert_eq!(&merged[GRAMS], &whole[GRAMS]);
        validate(&merged[GRAMS]).unwrap();
        validate(&merged[FILES]).unwrap();
        let rows: Vec<IndexedFileRow> = merged[FILES].rows().unwrap();
        prop_assert_eq!(rows.iter().map(|row| row.file as usize).collect::<Vec<_>>(), (0..files.len()).collect::<Vec<_>>());
        let of_shard: Vec<usize> = (0..shards.len()).flat_map(|n| vec![n; shards[n].len()]).collect();
        prop_assert_eq!(rows.iter().map(|row| row.shard as usize).collect::<Vec<_>>(), of_shard);
        prop_assert_eq!(KIND.split(&merged, shards.len()).unwrap(), parts);
    }

    #[test]
    fn candidates_are_the_files_that_fulfil_the_need(shards in shards(), need in need()) {
        let (parts, files) = parts(&shards);
        let merged = merge(&parts);
        let found = GramFiles::read(&opened(&merged[GRAMS]), &need.grams(), files.len() as u32).unwrap();
        let expected: Vec<u32> =
            (0..files.len() as u32).filter(|at| holds(&need, &grams(&files[*at as usize]))).collect();
        match need.candidates(&found) {
            Candidates::Some(files) => prop_assert_eq!(files, expected),
            Candidates::All => prop_assert_eq!(expected.len(), files.len()),
        }
    }

    #[test]
    fn long_lists_are_put_together_as_sets_are(
        a in prop::collection::btree_set(0u32..900, 0..60),
        b in prop::collection::btree_set(0u32..900, 0..600),
        c in prop::collection::btree_set(0u32..90, 0..90),
    ) {
        let rows: Vec<TrigramRow> = [&a, &b, &c].into_iter().enumerate().filter(|(_, set)| !set.is_empty()).map(|(at, set)| {
            let mut last = 0;
            let steps = set.iter().map(|file| { let step = file - last; last = *file; step }).collect();
            TrigramRow { gram: at as u32, steps }
        }).collect();
        let found = GramFiles::read(&opened(&Batch::of(&rows).unwrap()), &[0, 1, 2], 900).unwrap();
        let parts = || vec![Need::Gram(0), Need::Gram(1), Need::Gram(2)];
        let all: Vec<u32> = a.iter().filter(|file| b.contains(file) && c.contains(file)).copied().collect();
        let any: BTreeSet<u32> = a.iter().chain(&b).chain(&c).copied().collect();
        prop_assert_eq!(Need::And(parts()).candidates(&found), Candidates::Some(all));
        prop_assert_eq!(Need::Or(parts()).candidates(&found), Candidates::Some(any.into_iter().collect()));
    }
}

#[test]
fn grams_are_found_in_a_table_of_many_pages() {
    let files: Vec<Pieces> = (0..900u32)
        .map(|at| {
            let text = format!("shared {at:03x}{:03x} {:04x}", at * 7 % 1024, at * 977 % 65_521);
            vec![text.into_bytes()]
        })
        .collect();
    let made = batches(run(&chunks(0, &files), Mode::Code));
    let reader = opened(&made[GRAMS]);
    assert!(reader.rows() > 3_000, "{} rows", reader.rows());
    let model = model(&files);
    let asked: Vec<u32> = model.keys().copied().step_by(97).chain([0, 0x007a_7a7a, 0x00ff_ffff]).collect();
    let found = GramFiles::read(&reader, &asked, 900).unwrap();
    for gram in asked {
        assert_eq!(found.of(gram), model.get(&gram).map(Vec::as_slice).unwrap_or_default(), "{gram:06x}");
    }
    let reader = opened(&made[FILES]);
    let (files, paths) = (IndexedFiles::read(&reader).unwrap(), IndexedFiles::paths(&reader).unwrap());
    assert_eq!((files.len(), files.place(899), files.place(900)), (900, Some((0, 899..900)), None));
    assert_eq!(paths.value(899), "src/0899.rs");
}

#[test]
fn without_trigrams_the_files_stay_and_the_totals_tell() {
    let files = [vec![b"abc\n".to_vec()], vec![b"bcd".to_vec(), b"e".to_vec()]];
    let params = IndexParams { trigrams: false, ..IndexParams::default() };
    let shard = batches(run_with(&chunks(0, &files), Mode::Code, &params));
    assert_eq!((shard[GRAMS].len(), shard[FILES].len()), (0, 2));
    let merged = merge_outputs(std::slice::from_ref(&shard), &params);
    assert_eq!(merged[GRAMS].stats["files"], 0);
    let merged = merge_outputs(&[shard], &IndexParams::default());
    assert_eq!(merged[GRAMS].stats["files"], 2);
    assert_eq!((merged[FILES].stats["files"], merged[FILES].stats["text_bytes"]), (2, 8));
}

#[test]
fn lists_that_leave_the_segment_or_go_back_are_refused() {
    let refused = |steps: &[u32], files: u32| {
        let reader = opened(&Batch::of(&[TrigramRow { gram: 7, steps: steps.to_vec() }]).unwrap());
        matches!(GramFiles::read(&reader, &[7], files), Err(TableError::Invalid { .. }))
    };
    assert!(!refused(&[1, 2], 4));
    assert!(refused(&[1, 2], 3));
    assert!(refused(&[], 3));
    assert!(refused(&[1, 0], 3));
    assert!(refused(&[1, u32::MAX], u32::MAX));
}

#[test]
fn a_segment_whose_lists_name_other_files_is_not_split() {
    let (parts, _) = parts(&[vec![vec![b"abc".to_vec()]], vec![vec![b"abc".to_vec()]]]);
    let merged = merge(&parts);
    let mut cut = merged.clone();
    cut[FILES] = cut[FILES].slice(0, 1);
    assert!(matches!(KIND.split(&cut, 2), Err(NodeError::Input { .. })));
    assert!(matches!(KIND.split(&merged, 1), Err(NodeError::Input { .. })));
    assert_eq!((TRIGRAMS.name, INDEXED_FILES.name), (merged[GRAMS].schema().name, merged[FILES].schema().name));
}
