//! The rows of the hits.

use std::collections::BTreeMap;

use arrow::array::{Array, RecordBatch, StringArray, UInt32Array};

use super::inner::Definitions;
use super::rank::{Failed, Ranked, Source};
use super::request::{Hit, Place};
use super::select::{SegmentPieces, ShardPieces};
use super::snippet::{Matcher, Shown};
use crate::base::{Mode, parallel};
use crate::query::error::QueryError;
use crate::table::schema::CHUNKS;
use crate::table::typed_column;

const COLUMNS: &[&str] = &[
    "chunk_id",
    "path",
    "mode",
    "language",
    "kind",
    "name",
    "qualified_name",
    "signature",
    "start_line",
    "end_line",
    "text",
];

/// (segment, shard) → (row, index).
type ByShard = Vec<((u32, u32), Vec<(u32, usize)>)>;

/// The places of `ranked`, by segment and shard: rows ascending, each with its index.
pub fn by_shard(ranked: &[Ranked]) -> ByShard {
    let mut by_shard: BTreeMap<(u32, u32), Vec<(u32, usize)>> = BTreeMap::new();
    for (place, hit) in ranked.iter().enumerate() {
        by_shard.entry((hit.candidate.segment, hit.shard)).or_default().push((hit.row, place));
    }
    for rows in by_shard.values_mut() {
        rows.sort_unstable();
    }
    by_shard.into_iter().collect()
}

/// The hits of `ranked`, in its order, without breakdowns; with their text where a budget is spent on it.
pub fn fetch(source: &Source<'_>, ranked: &[Ranked], matcher: &Matcher, context: usize) -> Result<Vec<Hit>, Failed> {
    let shards = by_shard(ranked);
    let read = parallel::map(source.request.threads, &shards, |(shard, rows)| {
        shard_hits(source, *shard, rows, ranked, matcher, context).map_err(|error| source.failed(shard.0, error))
    });
    let mut hits = Vec::with_capacity(ranked.len());
    for found in read {
        hits.extend(found?);
    }
    hits.sort_by_key(|(place, _)| *place);
    Ok(hits.into_iter().map(|(_, hit)| hit).collect())
}

/// Where the hits of `ranked` are, in its order.
pub fn places(source: &Source<'_>, ranked: &[Ranked]) -> Result<Vec<Place>, Failed> {
    let place = |ranked: &Ranked| {
        let shard = (ranked.candidate.segment, ranked.shard);
        let (segment, _, records) = open_rows(source, shard, &[(ranked.row, 0)], &["start_line"])?;
        let repo = segment.repo_name.clone();
        let start_line = typed_column::<UInt32Array>(&records, "chunks", "start_line")?.value(0);
        Ok(Place { repo, path: ranked.path().to_owned(), start_line, score: ranked.score })
    };
    ranked.iter().map(|ranked| place(ranked).map_err(|error| source.failed(ranked.candidate.segment, error))).collect()
}

/// The segment of a shard, the shard's pieces, and of its `chunks` the `columns` of `rows`.
pub fn open_rows<'a>(
    source: &Source<'a>,
    (segment, shard): (u32, u32),
    rows: &[(u32, usize)],
    columns: &[&str],
) -> Result<(&'a SegmentPieces, &'a ShardPieces, RecordBatch), QueryError> {
    let segment = source.selection.segments.get(segment as usize).ok_or_else(gone)?;
    let pieces = segment.shards.get(shard as usize).ok_or_else(gone)?;
    let reader = source.cache.reader(source.pieces, &pieces.chunks, &CHUNKS)?;
    let ranges: Vec<_> = rows.iter().map(|(row, _)| *row as usize..*row as usize + 1).collect();
    Ok((segment, pieces, reader.read_rows(columns, &ranges)?))
}

fn gone() -> QueryError {
    QueryError::Manifest { what: "a hit names a piece that is not there".into() }
}

fn shard_hits(
    source: &Source<'_>,
    shard: (u32, u32),
    rows: &[(u32, usize)],
    ranked: &[Ranked],
    matcher: &Matcher,
    context: usize,
) -> Result<Vec<(usize, Hit)>, QueryError> {
    let (segment, pieces, records) = open_rows(source, shard, rows, COLUMNS)?;
    let repo = &segment.repo_name;
    let text = |name: &str| typed_column::<StringArray>(&records, "chunks", name);
    let number = |name: &str| typed_column::<UInt32Array>(&records, "chunks", name);
    let extracted = |at: usize, modes: &StringArray| modes.value(at) == Mode::ExtractedProse.name();
    let modes = text("mode")?;
    let (ids, paths, languages, kinds) = (text("chunk_id")?, text("path")?, text("language")?, text("kind")?);
    let (names, qualified) = (text("name")?, text("qualified_name")?);
    let (signatures, texts) = (text("signature")?, text("text")?);
    let (starts, ends) = (number("start_line")?, number("end_line")?);
    let mut wanted: Vec<&str> = (0..records.num_rows())
        .filter(|at| matcher.wants_definitions(names.value(*at)))
        .map(|at| paths.value(at))
        .collect();
    wanted.dedup();
    let definitions = Definitions::of_files(source.pieces, source.cache, pieces, &wanted)?;
    let mut out = Vec::with_capacity(rows.len());
    for (at, (_, place)) in rows.iter().enumerate().take(records.num_rows()) {
        let mode = if extracted(at, modes) { Mode::ExtractedProse } else { segment.mode };
        let inside: Vec<_> = definitions.iter().flat_map(|d| d.of_chunk(ids.value(at))).collect();
        let shown = Shown {
            name: names.value(at),
            signature: signatures.value(at),
            text: texts.value(at),
            first_line: starts.value(at),
            comments: mode == Mode::Code,
            definitions: &inside,
        };
        let (line, snippet) = matcher.show(&shown, context);
        let hit = Hit {
            repo: repo.clone(),
            path: paths.value(at).to_owned(),
            chunk_id: ids.value(at).to_owned(),
            global_id: format!("{repo}:{}", ids.value(at)),
            mode,
            language: languages.is_valid(at).then(|| languages.value(at).to_owned()),
            kind: kinds.value(at).to_owned(),
            name: names.value(at).to_owned(),
            qualified_name: qualified.value(at).to_owned(),
            start_line: starts.value(at),
            end_line: ends.value(at),
            line,
            score: ranked.get(*place).ok_or_else(gone)?.score,
            breakdown: None,
            tokens: None,
            text: source.request.budget.map(|_| texts.value(at).to_owned()),
            snippet,
        };
        out.push((*place, hit));
    }
    Ok(out)
}
