//! The chunks with matches, by how much they tell.
//!
//! `text = Σ idf × m / (k1 + m)` over the wanted literals and expressions, `m` lines that match, with the idf of words: what is
//! rare tells more, and many lines tell little more than some. It is added to what the words score; a factor for
//! the chunk's name, of at most 1, comes with the row.

use std::collections::BTreeMap;

use super::super::rank::{Candidate, NO_ORDINAL};
use super::super::weights::LINES_K1;
use super::find::Found;

/// What words score in a segment: (shard, row) → ordinal and score.
pub type WordScores = BTreeMap<(u32, u32), (u32, f64)>;

/// The candidates among what was found: `found` is (segment, shard, what), in order; `docs` are all chunks searched.
pub fn candidates(
    found: &[(u32, u32, Found)],
    leaves: usize,
    words: &BTreeMap<u32, WordScores>,
    docs: u64,
) -> Vec<Candidate> {
    let files = || found.iter().flat_map(|(_, _, found)| &found.files);
    let mut freqs = vec![0u64; leaves];
    for counts in files().flat_map(|file| file.counts.chunks_exact(leaves.max(1))) {
        for (freq, count) in freqs.iter_mut().zip(counts) {
            *freq += u64::from(*count > 0);
        }
    }
    let idfs: Vec<f64> = freqs
        .iter()
        .map(|df| libm::log(1.0 + ((docs.saturating_sub(*df)) as f64 + 0.5) / (*df as f64 + 0.5)))
        .collect();
    let mut out = Vec::with_capacity(files().map(|file| file.rows.len()).sum());
    for (segment, shard, found) in found {
        let words = words.get(segment);
        for file in &found.files {
            for (at, row) in file.rows.iter().enumerate() {
                let counts = file.counts.get(at * leaves..).unwrap_or_default();
                let text: f64 =
                    idfs.iter().zip(counts).map(|(idf, m)| idf * f64::from(*m) / (LINES_K1 + f64::from(*m))).sum();
                let word = words.and_then(|words| words.get(&(*shard, *row))).copied();
                let (ordinal, of_words) = word.unwrap_or((NO_ORDINAL, 0.0));
                let score = text + of_words;
                let row = Some((*shard, *row));
                out.push(Candidate { score, segment: *segment, ordinal, text, path: 0.0, row });
            }
        }
    }
    out
}
