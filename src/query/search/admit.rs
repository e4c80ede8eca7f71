//! Which rows the filters of a query let through.
//!
//! Filters on rows choose among what was scored and change no statistics. They are asked before the best are taken: so
//! the candidates that are counted are those that remain, and ranking looks at no others. Only the columns that a filter
//! asks are read, of the shards that have candidates.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::rank::{Candidate, Failed, Source, place};
use super::request::SearchRequest;
use super::rows::{RowView, ShardRows};
use super::select::SegmentPieces;
use crate::base::{Mode, parallel};
use crate::query::error::QueryError;
use crate::query::parse::{FilterKind, Query};

/// Filters that ask rows.
const OF_ROWS: [FilterKind; 6] =
    [FilterKind::Path, FilterKind::Lang, FilterKind::Ext, FilterKind::Kind, FilterKind::Sym, FilterKind::Role];

/// The filters on the rows of a segment.
pub struct RowFilters<'a> {
    request: &'a SearchRequest,
    query: &'a Query,
    repo: &'a str,
    mode: Mode,
}

impl<'a> RowFilters<'a> {
    /// `None` where every row of every segment passes.
    pub fn of(request: &'a SearchRequest, query: &'a Query, segment: &'a SegmentPieces) -> Option<Self> {
        let asks = !request.modes.is_empty()
            || query.filters_by(FilterKind::Mode)
            || OF_ROWS.iter().any(|kind| query.filters_by(*kind));
        asks.then_some(Self { request, query, repo: &segment.repo_name, mode: segment.mode })
    }

    /// Does a row pass?
    pub fn admit(&self, row: &RowView<'_>) -> bool {
        let mode = if row.extracted { Mode::ExtractedProse } else { self.mode };
        let query = self.query;
        self.request.wants(query, mode)
            && file_admitted(query, self.repo, row.path, row.language, row.role)
            && row.defines(query)
    }
}

/// Do the query's filters on files let one through?
pub fn file_admitted(query: &Query, repo: &str, path: &str, language: Option<&str>, role: Option<&str>) -> bool {
    query.admits_path(repo, path)
        && query.admits(FilterKind::Ext, &[extension(path)])
        && query.admits(FilterKind::Lang, &[language.unwrap_or("")])
        && query.admits(FilterKind::Role, &[role.unwrap_or("")])
}

/// What stands behind the last dot of a file's name.
pub fn extension(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Rows of a shard, each behind the place of its candidate.
type Rows = Vec<(usize, u32)>;

/// Those of `candidates` that the filters let through, in their order.
pub fn admitted(source: &Source<'_>, query: &Query, mut candidates: Vec<Candidate>) -> Result<Vec<Candidate>, Failed> {
    let segments = &source.selection.segments;
    if segments.iter().all(|segment| RowFilters::of(source.request, query, segment).is_none()) {
        return Ok(candidates);
    }
    let mut by_shard: BTreeMap<(u32, u32), Rows> = BTreeMap::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let (shard, row) = place(source, candidate)?;
        by_shard.entry((candidate.segment, shard)).or_default().push((at, row));
    }
    let by_shard: Vec<((u32, u32), Rows)> = by_shard.into_iter().collect();
    let asked = parallel::map(source.request.threads, &by_shard, |((segment, shard), rows)| {
        of_shard(source, query, *segment, *shard, rows).map_err(|error| source.failed(*segment, error))
    });
    let mut kept = vec![false; candidates.len()];
    for of_shard in asked {
        for at in of_shard? {
            if let Some(kept) = kept.get_mut(at) {
                *kept = true;
            }
        }
    }
    let mut kept = kept.into_iter();
    candidates.retain(|_| kept.next().unwrap_or(false));
    Ok(candidates)
}

/// The first of each pair in `rows` whose row passes.
fn of_shard(
    source: &Source<'_>,
    query: &Query,
    segment: u32,
    shard: u32,
    rows: &[(usize, u32)],
) -> Result<Vec<usize>, QueryError> {
    let gone = |what: &str| QueryError::Manifest { what: what.into() };
    let segment = source.selection.segments.get(segment as usize).ok_or_else(|| gone("a chunk has no segment"))?;
    let pieces = segment.shards.get(shard as usize);
    let pieces = pieces.ok_or_else(|| gone("a chunk names a shard that is not there"))?;
    let Some(filters) = RowFilters::of(source.request, query, segment) else {
        return Ok(rows.iter().map(|(at, _)| *at).collect());
    };
    let known: Arc<ShardRows> = ShardRows::filtered(source.pieces, source.cache, pieces, query)?;
    let mut out = Vec::new();
    for (at, row) in rows {
        let view = known.row(*row).ok_or_else(|| gone("a chunk names a row that is not there"))?;
        if filters.admit(&view) {
            out.push(*at);
        }
    }
    Ok(out)
}
