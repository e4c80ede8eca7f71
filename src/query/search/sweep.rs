//! The best of what an exact search found.
//!
//! Matches of literals and expressions score nearly alike, so that hardly any can be left out before its row is known:
//! a common word has hundreds of thousands. They lie shard by shard, and so they are ranked: each shard's rows are read
//! once, by one thread, and only its best stay. Shards come in rounds of fixed sizes, those with the highest scores before
//! factors first, until none of the others can have a better one. The answer is that of [`best`](super::rank::best).

use std::ops::Range;
use std::sync::Arc;

use super::rank::{Candidate, Failed, Ranked, Source, choose, ranked};
use super::rows::ShardRows;
use crate::base::parallel;
use crate::query::error::QueryError;
use crate::query::parse::Query;

/// Shards of the first round; each round is twice the one before, up to the last.
const FIRST_ROUND: usize = 16;
const LAST_ROUND: usize = 256;
/// The rows of more shards than this are not kept for the next search.
const KEPT_SHARDS: usize = 256;

/// Candidates of one shard.
struct Group {
    segment: u32,
    shard: u32,
    candidates: Range<usize>,
    /// The best score before factors.
    most: f64,
}

/// The `limit` best, best first, and how many candidates were looked at. `candidates` have their rows and stand together
/// by shard.
pub fn sweep(
    source: &Source<'_>,
    query: &Query,
    candidates: &[Candidate],
    limit: usize,
) -> Result<(Vec<Ranked>, usize), Failed> {
    let mut groups = groups(candidates);
    let kept = groups.len() <= KEPT_SHARDS;
    groups.sort_by(|a, b| b.most.total_cmp(&a.most));
    let (mut chosen, mut looked_at, mut round): (Vec<Ranked>, _, _) = (Vec::new(), 0, FIRST_ROUND);
    let mut rest = groups.as_slice();
    while let Some(next) = rest.first().filter(|_| limit > 0) {
        let bar = chosen.get(limit - 1).map(|last| last.score);
        if bar.is_some_and(|bar| bar > next.most) {
            break;
        }
        let (now, later) = rest.split_at(round.min(rest.len()));
        rest = later;
        round = (round * 2).min(LAST_ROUND);
        let found = parallel::map(source.request.threads, now, |group| {
            let of_group = candidates.get(group.candidates.clone()).unwrap_or_default();
            best_of(source, query, group, of_group, bar, limit, kept)
        });
        for of_group in found {
            let (best, looked) = of_group?;
            chosen.extend(best);
            looked_at += looked;
        }
        choose(source.selection, &mut chosen, limit, source.request.weights.hits_per_file);
    }
    Ok((chosen, looked_at))
}

fn groups(candidates: &[Candidate]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let Some((shard, _)) = candidate.row else { continue };
        match groups.last_mut() {
            Some(last) if (last.segment, last.shard) == (candidate.segment, shard) => {
                last.candidates.end = at + 1;
                last.most = last.most.max(candidate.score);
            }
            _ => {
                groups.push(Group { segment: candidate.segment, shard, candidates: at..at + 1, most: candidate.score });
            }
        }
    }
    groups
}

/// The best of one shard that are not below `bar`.
fn best_of(
    source: &Source<'_>,
    query: &Query,
    group: &Group,
    candidates: &[Candidate],
    bar: Option<f64>,
    limit: usize,
    kept: bool,
) -> Result<(Vec<Ranked>, usize), Failed> {
    let rows = rows(source, group, kept)?;
    let (mut best, mut looked_at) = (Vec::new(), 0);
    let reaches = |score: f64| bar.is_none_or(|bar| score >= bar);
    for candidate in candidates.iter().filter(|candidate| reaches(candidate.score)) {
        let Some(place) = candidate.row else { continue };
        looked_at += 1;
        best.extend(Some(ranked(source, query, candidate, &rows, place)?).filter(|ranked| reaches(ranked.score)));
    }
    choose(source.selection, &mut best, limit, source.request.weights.hits_per_file);
    Ok((best, looked_at))
}

fn rows(source: &Source<'_>, group: &Group, kept: bool) -> Result<Arc<ShardRows>, Failed> {
    let pieces = source.selection.segments.get(group.segment as usize);
    let shard = pieces.and_then(|segment| segment.shards.get(group.shard as usize));
    let gone = || QueryError::Manifest { what: "a chunk names a shard that is not there".into() };
    let read = |shard| {
        if kept {
            ShardRows::ranked(source.pieces, source.cache, shard)
        } else {
            ShardRows::ranked_once(source.pieces, source.cache, shard)
        }
    };
    let rows = shard.ok_or_else(gone).and_then(read);
    rows.map_err(|error| source.failed(group.segment, error))
}
