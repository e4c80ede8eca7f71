//! A feed: the chunks that came, changed and went, whole.
//!
//! Exact for every column, lines and parents included, whatever parameters or formats the moments were made with.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::pieces::{Side, own, sides};
use super::request::Opened;
use super::states::{Source, along_rows};
use crate::base::Cancel;
use crate::query::cache::Cache;
use crate::query::error::{QueryError, did_you_mean};
use crate::query::pieces::Pieces;
use crate::store::BuildRoot;
use crate::table::schema::{CHUNKS, ChunkRow, FeedRow};

/// Whose chunks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedOptions {
    /// Empty: all.
    pub repos: Vec<String>,
    /// Empty: all.
    pub nodes: Vec<String>,
    /// Leave blank stretches out (kind `rest`). Then the rows do not put files together any more.
    pub no_rest: bool,
}

/// What a feed came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FeedTotals {
    pub upserts: u64,
    pub deletes: u64,
}

/// Hands the rows of a feed to `sink`, by repository, node and path, deletes before upserts. From nothing where there is no
/// first moment. `sink` says whether it wants more.
pub fn feed(
    before: Option<&dyn Pieces>,
    after: &dyn Pieces,
    options: &FeedOptions,
    cancel: &Cancel,
    sink: &mut dyn FnMut(FeedRow) -> bool,
) -> Result<FeedTotals, QueryError> {
    let mut totals = FeedTotals::default();
    let mut known_nodes = BTreeSet::new();
    for name in repos(before, after, options)? {
        let root = |pieces: &dyn Pieces| -> Result<Option<BuildRoot>, QueryError> {
            let has = pieces.repos().iter().any(|repo| repo.name == name);
            if has { pieces.build(&name).map(Some) } else { Ok(None) }
        };
        let (old, new) = (before.map(root).transpose()?.flatten(), root(after)?);
        for root in old.iter().chain(&new) {
            known_nodes
                .extend(root.nodes.iter().filter(|n| n.tables.contains_key(CHUNKS.name)).map(|n| n.name.clone()));
        }
        // Without a first moment there is no list on that side, whatever stands for it.
        let first = before.unwrap_or(after);
        let sides = sides((first, old.as_ref()), (after, new.as_ref()), &[], &mut Opened::default())?;
        let repo = Repo { name: &name, before: first, after, options, cancel };
        if !repo.run(&sides, sink, &mut totals)? {
            break;
        }
    }
    let names: Vec<&str> = known_nodes.iter().map(String::as_str).collect();
    match options.nodes.iter().find(|node| !names.is_empty() && !known_nodes.contains(*node)) {
        Some(unknown) => {
            let help = did_you_mean(unknown, &names);
            Err(QueryError::UnknownNode { name: unknown.clone(), help })
        }
        None => Ok(totals),
    }
}

fn repos(
    before: Option<&dyn Pieces>,
    after: &dyn Pieces,
    options: &FeedOptions,
) -> Result<BTreeSet<String>, QueryError> {
    let of = |pieces: &dyn Pieces| pieces.repos().into_iter().map(|repo| repo.name).collect::<BTreeSet<String>>();
    let mut all = of(after);
    all.extend(before.map(of).unwrap_or_default());
    if let Some(unknown) = options.repos.iter().find(|repo| !all.contains(*repo)) {
        let help = did_you_mean(unknown, &all.iter().map(String::as_str).collect::<Vec<_>>());
        return Err(QueryError::UnknownRepository { name: unknown.clone(), help });
    }
    all.retain(|name| options.repos.is_empty() || options.repos.contains(name));
    Ok(all)
}

struct Repo<'a> {
    name: &'a str,
    before: &'a dyn Pieces,
    after: &'a dyn Pieces,
    options: &'a FeedOptions,
    cancel: &'a Cancel,
}

impl Repo<'_> {
    /// False once the sink wants no more.
    fn run(
        &self,
        sides: &(Side, Side),
        sink: &mut dyn FnMut(FeedRow) -> bool,
        totals: &mut FeedTotals,
    ) -> Result<bool, QueryError> {
        let wanted = |node: &str| self.options.nodes.is_empty() || self.options.nodes.iter().any(|n| n == node);
        let keys = sides.0.pieces.keys().chain(sides.1.pieces.keys());
        let nodes: BTreeSet<&String> =
            keys.filter(|(node, table)| table == CHUNKS.name && wanted(node)).map(|(node, _)| node).collect();
        // Rows are not kept: a feed reads each piece once.
        let cache = Cache::default();
        for node in nodes {
            let of = |side| own(side, node, CHUNKS.name);
            let (old, new) = (of(&sides.0), of(&sides.1));
            let mut goes_on = true;
            let before = (Source { pieces: self.before, cache: &cache }, old);
            let after = (Source { pieces: self.after, cache: &cache }, new);
            along_rows(before, after, |_, old, new| {
                self.cancel.check()?;
                for row in self.of_file(node, old, new, totals) {
                    goes_on = goes_on && sink(row);
                }
                Ok(())
            })?;
            if !goes_on {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn of_file(&self, node: &str, old: Vec<ChunkRow>, new: Vec<ChunkRow>, totals: &mut FeedTotals) -> Vec<FeedRow> {
        let wanted = |row: &ChunkRow| !self.options.no_rest || row.kind != "rest";
        let mut gone: BTreeMap<String, ChunkRow> =
            old.into_iter().filter(wanted).map(|row| (row.chunk_id.clone(), row)).collect();
        let mut come = Vec::new();
        for row in new.into_iter().filter(wanted) {
            match gone.remove(&row.chunk_id) {
                Some(same) if same == row => {}
                _ => come.push(row),
            }
        }
        totals.deletes += gone.len() as u64;
        totals.upserts += come.len() as u64;
        let deletes = gone.into_values().map(|row| FeedRow::delete(self.name, node, row));
        deletes.chain(come.into_iter().map(|row| FeedRow::upsert(self.name, node, row))).collect()
    }
}
