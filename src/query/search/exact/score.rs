//! The chunks with matches, by how much they tell.
//!
//! `text = Σ idf × m / (k1 + m)` over the wanted literals and expressions, with the idf of words: a match of what is
//! rare tells more, and many matches tell little more than some. It is added to what the words score; a factor for
//! the chunk's name, of at most 1, comes with the row.

use std::collections::BTreeMap;

use super::super::rank::{Candidate, NO_ORDINAL};
use super::find::Found;

/// As for words.
const K1: f64 = 1.2;

/// What words score in a segment: (shard, row) → ordinal and score.
pub type WordScores = BTreeMap<(u32, u32), (u32, f64)>;

/// The candidates among what was found: `found` is (segment, shard, what), in order; `docs` are all chunks searched.
pub fn candidates(
    found: &[(u32, u32, Found)],
    leaves: usize,
    words: &BTreeMap<u32, WordScores>,
    docs: u64,
) -> Vec<Candidate> {
    let rows = || found.iter().flat_map(|(_, _, found)| &found.files).flat_map(|file| &file.rows);
    let mut freqs = vec![0u64; leaves];
    for row in rows() {
        for (freq, count) in freqs.iter_mut().zip(&row.counts) {
            *freq += u64::from(*count > 0);
        }
    }
    let idfs: Vec<f64> = freqs
        .iter()
        .map(|df| libm::log(1.0 + ((docs.saturating_sub(*df)) as f64 + 0.5) / (*df as f64 + 0.5)))
        .collect();
    let mut out = Vec::with_capacity(rows().count());
    for (segment, shard, found) in found {
        let words = words.get(segment);
        for row in found.files.iter().flat_map(|file| &file.rows) {
            let text: f64 =
                idfs.iter().zip(&row.counts).map(|(idf, m)| idf * f64::from(*m) / (K1 + f64::from(*m))).sum();
            let word = words.and_then(|words| words.get(&(*shard, row.row))).copied();
            let (ordinal, of_words) = word.unwrap_or((NO_ORDINAL, 0.0));
            out.push(Candidate {
                score: text + of_words,
                segment: *segment,
                ordinal,
                text,
                path: 0.0,
                row: Some((*shard, row.row)),
            });
        }
    }
    out
}
