//! A query that is one path: the chunks of files so named come first.
//!
//! Names are compared whole, part by part from the end: `tcp.c` names `net/ipv4/tcp.c` and not `net/tcp.c.txt`, and
//! `net/ipv4` names each file below a directory so called. A file goes before what lies below a directory, and the path
//! itself before one that only ends with it. Of such a file its head comes first, or the chunk with the line that the query
//! gives (`tcp.c:42`). What a chunk gains is more than any factor can take from it, so that the
//! order among chunks of one sort stays that of their scores.

use std::collections::BTreeMap;

use arrow::array::UInt32Array;

use super::intent::{Intent, IntentKind};
use super::places::{self, Known};
use super::rank::Candidate;
use super::select::SegmentPieces;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::Meant;
use crate::query::pieces::Pieces;
use crate::table::schema::CHUNKS;
use crate::table::typed_column;

/// A gain, in best scores. Factors for role and kind leave at least an eighth of a score (0.3 × 0.42), so that ten best
/// scores outweigh any chunk without a gain, and each step the one below with what its first chunk gains.
const PATH: f64 = 3000.0;
const FILE: f64 = 100.0;
const DIRECTORY: f64 = 10.0;
/// What the first chunk of a named file gains on top, in gains of its file: more than a kind can take from it.
const FIRST: f64 = 2.0;
/// All of them, for the keys of answers.
pub const MEASURES: [f64; 4] = [PATH, FILE, DIRECTORY, FIRST];

/// The path that a query is.
pub struct Wanted<'a> {
    /// In small letters, as names are compared.
    text: String,
    /// The place that it means to who asks.
    meant: Option<&'a Meant>,
    pub line: Option<u32>,
}

impl<'a> Wanted<'a> {
    /// Where `intent` is a path.
    pub fn of(intent: &Intent, meant: Option<&'a Meant>) -> Option<Self> {
        let text = intent.paths.first().filter(|_| intent.kind == IntentKind::Path)?.to_lowercase();
        Some(Self { text, meant, line: intent.line })
    }

    /// What a file of `repo` gains: by the end of its path, by its whole path with the repository's name in front, or by
    /// the place that is meant.
    fn gain(&self, repo: &str, path: &str) -> Option<f64> {
        let meant = self.meant.filter(|meant| meant.holds(repo, path));
        let meant = meant.map(|meant| if meant.path == path { PATH } else { DIRECTORY });
        let small = path.to_lowercase();
        let named = self.text.split_once('/').filter(|(first, _)| first.eq_ignore_ascii_case(repo));
        let named = named.and_then(|(_, rest)| match small.strip_prefix(rest)? {
            "" => Some(PATH),
            behind => behind.starts_with('/').then_some(DIRECTORY),
        });
        // What is meant goes before what is only called so from a root.
        let most = if self.meant.is_some() { FILE } else { PATH };
        let called = [gain(&small, &self.text), named].into_iter().flatten().map(|gain| gain.min(most));
        called.chain(meant).reduce(f64::max)
    }
}

/// Of a segment: shard and first row of each file that gains.
pub type Named = BTreeMap<(u32, u32), NamedFile>;

/// Orders the rows of a file; the least comes first.
type Key = (u8, u32, u32);

/// A file that gains.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedFile {
    /// Behind its last row.
    end: u32,
    gain: f64,
    /// First and last line of each row, where a line is asked for.
    lines: Vec<(u32, u32)>,
}

impl NamedFile {
    /// Which of its rows comes first: the least. One that holds the line before one that does not; of those the
    /// innermost, else the last that begins before it, else the first.
    fn key(&self, start: u32, row: u32, line: Option<u32>) -> Key {
        let lines = self.lines.get(row.saturating_sub(start) as usize);
        match line.zip(lines) {
            Some((line, (first, last))) if (*first..=*last).contains(&line) => (0, u32::MAX - first, last - first),
            Some((line, (first, _))) if *first <= line => (1, u32::MAX - first, row),
            _ => (2, 0, row),
        }
    }
}

/// The files of `segment` that are named so. None where the index was made without its list of files. The lines of
/// their rows are read where one is asked for.
pub fn named(
    pieces: &dyn Pieces,
    cache: &Cache,
    segment: &SegmentPieces,
    wanted: &Wanted<'_>,
) -> Result<Named, QueryError> {
    let mut out = Named::new();
    let Some(tables) = segment.trigrams else { return Ok(out) };
    let files = cache.files(pieces, &tables.files)?;
    let paths = cache.paths(pieces, &tables.files)?;
    for (file, name) in (0..).zip(paths.iter()) {
        let gain = wanted.gain(&segment.repo_name, name.unwrap_or_default());
        if let Some((gain, (shard, rows))) = gain.zip(files.place(file)) {
            out.insert((shard, rows.start as u32), NamedFile { end: rows.end as u32, gain, lines: Vec::new() });
        }
    }
    if wanted.line.is_some() {
        read_lines(pieces, cache, segment, &mut out)?;
    }
    Ok(out)
}

/// Files stand in order of their shards, so that each shard is read once.
fn read_lines(
    pieces: &dyn Pieces,
    cache: &Cache,
    segment: &SegmentPieces,
    named: &mut Named,
) -> Result<(), QueryError> {
    let mut read: Option<(u32, Vec<(u32, u32)>)> = None;
    for ((shard, start), file) in named.iter_mut().filter(|(_, file)| file.gain > DIRECTORY) {
        let known = read.take().filter(|(known, _)| known == shard);
        let lines = match (known, segment.shards.get(*shard as usize)) {
            (Some((_, lines)), _) => lines,
            (None, Some(of_shard)) => {
                let columns = ["start_line", "end_line"];
                let records = cache.reader(pieces, &of_shard.chunks, &CHUNKS)?.read_columns(&columns)?;
                let first: &UInt32Array = typed_column(&records, CHUNKS.name, "start_line")?;
                let last: &UInt32Array = typed_column(&records, CHUNKS.name, "end_line")?;
                first.values().iter().copied().zip(last.values().iter().copied()).collect()
            }
            (None, None) => {
                return Err(QueryError::Manifest { what: "a file names a shard that is not there".into() });
            }
        };
        file.lines = lines.get(*start as usize..file.end as usize).unwrap_or_default().to_vec();
        read = Some((*shard, lines));
    }
    Ok(())
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

/// Adds to the candidates in named files what they gain; the best of all scores is the measure. Of a file that is named
/// itself one chunk gains more: the one that holds `line`, or else the head of the file.
pub fn add(candidates: &mut [Candidate], stats: &[Known], named: &[Named], line: Option<u32>) {
    let best = candidates.iter().map(|candidate| candidate.score).fold(0.0, f64::max);
    // Per file the least key of its candidates, and whose it is.
    let mut first: BTreeMap<(u32, u32, u32), (Key, usize)> = BTreeMap::new();
    for (at, candidate) in candidates.iter_mut().enumerate() {
        let Some(((shard, start), row, file)) = file_of(candidate, stats, named) else { continue };
        candidate.path = file.gain * best;
        if file.gain > DIRECTORY {
            let key = file.key(start, row, line);
            let least = first.entry((candidate.segment, shard, start)).or_insert((key, at));
            *least = (key, at).min(*least);
        }
    }
    for (_, at) in first.into_values() {
        let Some(candidate) = candidates.get_mut(at) else { continue };
        candidate.path += FIRST * candidate.path;
    }
    for candidate in candidates {
        candidate.score += candidate.path;
    }
}

/// The named file of a candidate: its place, the candidate's row, and what it gains.
fn file_of<'a>(candidate: &Candidate, stats: &[Known], named: &'a [Named]) -> Option<((u32, u32), u32, &'a NamedFile)> {
    let (shard, row) = places::of(stats, candidate)?;
    let (place, file) = named.get(candidate.segment as usize)?.range(..=(shard, row)).next_back()?;
    (place.0 == shard && row < file.end).then_some((*place, row, file))
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
