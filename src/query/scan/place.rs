//! Which pieces a scan reaches, in order.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::{Digest, Mode};
use crate::nodes::chunk::EXTRACTED_ROWS;
use crate::query::error::{QueryError, did_you_mean};
use crate::query::pieces::{Pieces, RepoEntry};
use crate::store::{Piece, SegmentList};
use crate::table::TableSchema;

/// What a scan is about; an empty list is everything.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub repos: Vec<String>,
    pub nodes: Vec<String>,
    pub tables: Vec<String>,
    pub modes: Vec<Mode>,
}

/// An artifact in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Place {
    pub repo: String,
    pub node: String,
    pub table: String,
    pub mode: Mode,
    pub segment: String,
    /// `None` for a piece of the segment itself.
    pub shard: Option<String>,
    pub artifact: Digest,
    /// Those that are wanted.
    pub rows: u64,
    pub bytes: u64,
    /// Which of the artifact's rows are wanted.
    #[serde(skip)]
    pub share: Share,
}

/// Which rows of an artifact are wanted. A table of chunks of code may hold comments that are rows of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Share {
    #[default]
    All,
    /// Those of the mode `extracted-prose`, or all others.
    Extracted(bool),
}

impl Share {
    /// Of a piece in a segment of `mode`, and how many rows that is.
    fn of(piece: &Piece, mode: Mode, wanted: &[Mode]) -> (Self, u64) {
        let extracted = piece.stats.get(EXTRACTED_ROWS).copied().unwrap_or(0);
        let (own, prose) = (wanted.contains(&mode), wanted.contains(&Mode::ExtractedProse));
        match (wanted.is_empty() || own, wanted.is_empty() || prose) {
            (true, false) if extracted > 0 => (Self::Extracted(false), piece.rows.saturating_sub(extracted)),
            (true, _) => (Self::All, piece.rows),
            (false, _) => (Self::Extracted(true), extracted),
        }
    }
}

/// The wanted repositories, by name.
pub(super) fn repos(pieces: &dyn Pieces, wanted: &[String]) -> Result<Vec<RepoEntry>, QueryError> {
    let mut all = pieces.repos();
    let names: Vec<String> = all.iter().map(|r| r.name.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if let Some(unknown) = wanted.iter().find(|w| !names.contains(&w.as_str())) {
        let help = did_you_mean(unknown, &names);
        return Err(QueryError::UnknownRepository { name: unknown.clone(), help });
    }
    all.retain(|r| wanted.is_empty() || wanted.contains(&r.name));
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

/// The table called `name`, among those that this program's kinds write.
pub(super) fn table(
    pieces: &dyn Pieces,
    tables: &[&'static TableSchema],
    name: &str,
) -> Result<&'static TableSchema, QueryError> {
    if let Some(found) = tables.iter().find(|t| t.name == name) {
        return Ok(found);
    }
    let mut writer = None;
    for repo in pieces.repos() {
        let keys = pieces.build(&repo.name)?.segments.into_iter().flat_map(|segment| segment.tables.into_keys());
        let nodes = keys.filter_map(|key| key.split_once('/').map(|(node, table)| (node.to_owned(), table == name)));
        writer = writer.or(nodes.filter(|(_, wrote)| *wrote).map(|(node, _)| node).min());
    }
    let help = match writer {
        Some(node) => format!("the node `{node}` wrote it, with a kind that this program does not have"),
        None => did_you_mean(name, &tables.iter().map(|t| t.name).collect::<Vec<_>>()),
    };
    Err(QueryError::UnknownTable { name: name.to_owned(), help })
}

/// A node or table that no piece of the wanted repositories has is a slip of the pen, not an empty answer.
fn known(
    pieces: &dyn Pieces,
    tables: &[&'static TableSchema],
    repos: &[RepoEntry],
    wanted: &Wanted,
) -> Result<(), QueryError> {
    for name in &wanted.tables {
        table(pieces, tables, name)?;
    }
    if wanted.nodes.is_empty() {
        return Ok(());
    }
    let mut nodes = BTreeSet::new();
    for repo in repos {
        for segment in pieces.build(&repo.name)?.segments {
            nodes.extend(segment.tables.keys().filter_map(|key| key.split_once('/')).map(|(node, _)| node.to_owned()));
        }
    }
    let names: Vec<&str> = nodes.iter().map(String::as_str).collect();
    // Without any file there is no node to compare with.
    match wanted.nodes.iter().find(|w| !names.is_empty() && !nodes.contains(*w)) {
        Some(unknown) => {
            let help = did_you_mean(unknown, &names);
            Err(QueryError::UnknownNode { name: unknown.clone(), help })
        }
        None => Ok(()),
    }
}

fn fits(wanted: &[String], name: &str) -> bool {
    wanted.is_empty() || wanted.iter().any(|w| w == name)
}

/// Every wanted piece, in the order of scans. `tables` are those that there can be.
pub(super) fn places(
    pieces: &dyn Pieces,
    tables: &[&'static TableSchema],
    wanted: &Wanted,
) -> Result<Vec<Place>, QueryError> {
    let mut out = Vec::new();
    let repos = repos(pieces, &wanted.repos)?;
    known(pieces, tables, &repos, wanted)?;
    for repo in repos {
        let build = pieces.build(&repo.name)?;
        let start = out.len();
        for segment in &build.segments {
            let extracted = segment.mode == Mode::Code && wanted.modes.contains(&Mode::ExtractedProse);
            if !wanted.modes.is_empty() && !wanted.modes.contains(&segment.mode) && !extracted {
                continue;
            }
            let list = pieces.list(&repo.name, &segment.list)?;
            of_segment(&repo.name, &list, wanted, &mut out);
        }
        // Stable, so that segments and shards keep their order.
        if let Some(of_repo) = out.get_mut(start..) {
            of_repo.sort_by(|a: &Place, b: &Place| (&a.node, &a.table, a.mode).cmp(&(&b.node, &b.table, b.mode)));
        }
    }
    Ok(out)
}

fn of_segment(repo: &str, list: &SegmentList, wanted: &Wanted, out: &mut Vec<Place>) {
    let place = |piece: &Piece, shard: Option<&str>| {
        let (share, rows) = Share::of(piece, list.mode, &wanted.modes);
        (rows > 0 || share == Share::All).then(|| Place {
            repo: repo.to_owned(),
            node: piece.node.clone(),
            table: piece.table.clone(),
            mode: list.mode,
            segment: list.id.clone(),
            shard: shard.map(str::to_owned),
            artifact: piece.artifact,
            rows,
            bytes: piece.bytes,
            share,
        })
    };
    let asked = |piece: &Piece| fits(&wanted.nodes, &piece.node) && fits(&wanted.tables, &piece.table);
    out.extend(list.pieces.iter().filter(|p| asked(p)).filter_map(|p| place(p, None)));
    for shard in &list.shards {
        out.extend(shard.pieces.iter().filter(|p| asked(p)).filter_map(|p| place(p, Some(&shard.id))));
    }
}

/// Leaves out shards' pieces of tables that their segment has as its own.
pub(super) fn without_parts(places: Vec<Place>) -> Vec<Place> {
    let whole: BTreeSet<_> = places
        .iter()
        .filter(|p| p.shard.is_none())
        .map(|p| (p.repo.clone(), p.node.clone(), p.table.clone(), p.segment.clone()))
        .collect();
    let is_part = |p: &Place| {
        p.shard.is_some() && whole.contains(&(p.repo.clone(), p.node.clone(), p.table.clone(), p.segment.clone()))
    };
    places.into_iter().filter(|p| !is_part(p)).collect()
}
