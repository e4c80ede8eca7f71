//! Splicing against a model: sort all rows by path.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::rows::chunks;
use crate::table::schema::{CHUNK_STATS, CHUNKS, ChunkRow, ChunkStatsRow, FILES};
use crate::table::{Batch, TableError, merge_by_path, take_paths, validate};

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn taking_paths_and_merging_them_back_gives_the_batch(rows in chunks(), picks in proptest::collection::vec(0..3u8, 16)) {
        let batch = Batch::of(&rows).unwrap();
        let paths: BTreeSet<&String> = rows.iter().map(|r| &r.path).collect();
        let mut groups = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
        for (path, pick) in paths.iter().zip(&picks) {
            groups[usize::from(*pick)].insert((*path).clone());
        }
        groups[0].insert("not there".into());
        let parts: Vec<Batch> = groups.iter().map(|g| take_paths(&batch, g).unwrap()).collect();
        for (group, part) in groups.iter().zip(&parts) {
            let model: Vec<ChunkRow> = rows.iter().filter(|r| group.contains(&r.path)).cloned().collect();
            prop_assert_eq!(part.rows::<ChunkRow>().unwrap(), model);
        }
        let merged = merge_by_path(&CHUNKS, parts).unwrap();
        prop_assert_eq!(&merged, &batch);
        prop_assert!(validate(&merged).is_ok());
    }
}

fn at(path: &str) -> Batch {
    Batch::of(&[ChunkRow { path: path.into(), start_line: 1, end_line: 1, end_byte: 1, ..ChunkRow::default() }])
        .unwrap()
}

#[test]
fn one_path_in_two_batches_is_refused() {
    let merged = merge_by_path(&CHUNKS, vec![at("a"), at("b"), at("a")]);
    assert!(matches!(merged, Err(TableError::Invalid { what, .. }) if what.contains("`a`")));
}

#[test]
fn a_table_not_sorted_by_path_cannot_be_spliced() {
    let batch = Batch::of(&[ChunkStatsRow::default()]).unwrap();
    assert!(matches!(take_paths(&batch, &BTreeSet::new()), Err(TableError::Invalid { .. })));
    assert!(matches!(merge_by_path(&CHUNK_STATS, vec![batch.clone()]), Err(TableError::Invalid { .. })));
    assert!(matches!(merge_by_path(&FILES, vec![batch]), Err(TableError::Mismatch { .. })));
}

#[test]
fn a_batch_out_of_order_is_refused_rather_than_searched() {
    let wrong = Batch::concat(&CHUNKS, &[at("b"), at("a")]).unwrap();
    assert!(take_paths(&wrong, &BTreeSet::from(["a".to_owned()])).is_err());
}

#[test]
fn nothing_merges_to_nothing() {
    assert!(merge_by_path(&CHUNKS, Vec::new()).unwrap().is_empty());
}
