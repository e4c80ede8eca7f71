//! The tables `chunks`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::content::body_differs;
use super::files::Paired;
use super::pieces::Own;
use super::request::Opened;
use super::states::{Source, Words, along_chunks};
use crate::base::Cancel;
use crate::nodes::diff::chunks::{Matched, change, moved, within};
use crate::nodes::diff::{Change, ChunkState};
use crate::query::error::QueryError;

/// One side's pieces of a node.
#[derive(Clone, Copy)]
pub struct ChunkSide<'a> {
    pub source: Source<'a>,
    pub own: &'a [Own],
}

/// The changes of chunks.
pub fn compare(
    before: ChunkSide<'_>,
    after: ChunkSide<'_>,
    paired: &Paired,
    words: &mut Words,
    opened: &mut Opened,
    cancel: &Cancel,
) -> Result<Vec<Change>, QueryError> {
    let mut found = Matched::default();
    let (mut left, mut came) = (BTreeMap::new(), BTreeMap::new());
    along_chunks((before.source, before.own), (after.source, after.own), words, opened, |path, old, new| {
        cancel.check()?;
        // A file that is another one on the other side waits for that.
        let (mut old, mut new) = (old, new);
        if paired.to.contains_key(&path) && !old.is_empty() {
            left.insert(Arc::clone(&path), std::mem::take(&mut old));
        }
        if paired.from.contains_key(&path) && !new.is_empty() {
            came.insert(Arc::clone(&path), std::mem::take(&mut new));
        }
        found.add(within(old, new));
        Ok(())
    })?;
    for (from, to) in &paired.to {
        found.add(within(left.remove(from).unwrap_or_default(), came.remove(to).unwrap_or_default()));
    }
    let rest = moved(std::mem::take(&mut found.gone), std::mem::take(&mut found.come));
    found.add(rest);
    let mut changes = Vec::with_capacity(found.pairs.len() + found.gone.len() + found.come.len());
    for (one, other) in found.pairs {
        let body = |one: &ChunkState, other: &ChunkState| {
            body_differs((before.source, before.own), (after.source, after.own), one, other)
        };
        changes.extend(change(one, other, body)?);
    }
    changes.extend(found.gone.into_iter().map(|chunk| Change::ChunkRemoved(Box::new(chunk))));
    changes.extend(found.come.into_iter().map(|chunk| Change::ChunkAdded(Box::new(chunk))));
    Ok(changes)
}
