//! A query that is one path: the chunks of files so named come first.
//!
//! Names are compared whole, part by part from the end: `tcp.c` names `net/ipv4/tcp.c` and not `net/tcp.c.txt`, and
//! `net/ipv4` names each file below a directory so called. A file goes before what lies below a directory, and the path
//! itself before one that only ends with it. What a chunk gains is more than any factor can take from it, so that the
//! order among chunks of one sort stays that of their scores.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::intent::{Intent, IntentKind};
use super::rank::Candidate;
use super::select::SegmentPieces;
use crate::nodes::index::read::Stats;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;

/// A gain, in best scores. Factors for role and kind leave at least a quarter of a score (0.3 × 0.85), so that four best
/// scores outweigh any chunk without a gain, and each step the one below.
const PATH: f64 = 100.0;
const FILE: f64 = 20.0;
const DIRECTORY: f64 = 4.0;

/// The path that `intent` is, where it is one.
pub fn path(intent: &Intent) -> Option<&str> {
    intent.paths.first().map(String::as_str).filter(|_| intent.kind == IntentKind::Path)
}

/// Per segment: where the rows of a file begin, where they end, and what they gain.
pub type Named = BTreeMap<(u32, u32), (u32, f64)>;

/// The files of `segment` that are named `path`. None where the index was made without its list of files.
pub fn named(pieces: &dyn Pieces, cache: &Cache, segment: &SegmentPieces, path: &str) -> Result<Named, QueryError> {
    let mut out = Named::new();
    let Some(tables) = segment.trigrams else { return Ok(out) };
    let files = cache.files(pieces, &tables.files)?;
    let wanted = path.to_lowercase();
    let paths = cache.paths(pieces, &tables.files)?;
    for (file, name) in (0..).zip(paths.iter()) {
        let gain = gain(&name.unwrap_or_default().to_lowercase(), &wanted);
        if let Some((gain, (shard, rows))) = gain.zip(files.place(file)) {
            out.insert((shard, rows.start as u32), (rows.end as u32, gain));
        }
    }
    Ok(out)
}

/// Both in small letters.
fn gain(name: &str, wanted: &str) -> Option<f64> {
    if name == wanted {
        return Some(PATH);
    }
    if name.strip_suffix(wanted).is_some_and(|before| before.ends_with('/')) {
        return Some(FILE);
    }
    let mut behind = name.match_indices(wanted).map(|(at, found)| (at, name.get(at + found.len()..)));
    let at_start = |at: usize| at == 0 || name.get(..at).is_some_and(|before| before.ends_with('/'));
    let is_directory = behind.any(|(at, rest)| at_start(at) && rest.is_some_and(|rest| rest.starts_with('/')));
    is_directory.then_some(DIRECTORY)
}

/// Adds to the candidates in named files what they gain; the best of all scores is the measure.
pub fn add(candidates: &mut [Candidate], stats: &[Arc<Stats>], named: &[Named]) {
    let best = candidates.iter().map(|candidate| candidate.score).fold(0.0, f64::max);
    for candidate in candidates {
        let at = candidate.ordinal as usize;
        let stats = stats.get(candidate.segment as usize);
        let place = stats.and_then(|stats| Some((*stats.shard.get(at)?, *stats.row.get(at)?)));
        let files = named.get(candidate.segment as usize);
        let (Some((shard, row)), Some(files)) = (place, files) else { continue };
        if let Some(((of, _), (end, gain))) = files.range(..=(shard, row)).next_back()
            && *of == shard
            && row < *end
        {
            candidate.path = gain * best;
            candidate.score += candidate.path;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_part_by_part_from_the_end() {
        for (name, wanted, expected) in [
            ("tcp.c", "tcp.c", Some(PATH)),
            ("net/ipv4/tcp.c", "net/ipv4/tcp.c", Some(PATH)),
            ("net/ipv4/tcp.c", "tcp.c", Some(FILE)),
            ("net/ipv4/tcp.c", "ipv4/tcp.c", Some(FILE)),
            ("net/ipv4/tcp.c", "net/ipv4", Some(DIRECTORY)),
            ("net/ipv4/tcp.c", "ipv4", Some(DIRECTORY)),
            ("net/ipv4/mptcp.c", "tcp.c", None),
            ("net/tcp.c.txt", "tcp.c", None),
            ("net/ipv4x/tcp.h", "ipv4", None),
            ("x/net/y/net/z", "net", Some(DIRECTORY)),
            ("", "net", None),
        ] {
            assert_eq!(gain(name, wanted), expected, "{name} {wanted}");
        }
    }
}
