//! The tables `relations`.

use super::chunks::ChunkSide;
use super::request::Opened;
use super::states::{Words, along_relations};
use crate::base::Cancel;
use crate::nodes::diff::{Change, relations};
use crate::query::error::QueryError;

/// The changes of relations.
pub fn compare(
    before: ChunkSide<'_>,
    after: ChunkSide<'_>,
    words: &mut Words,
    opened: &mut Opened,
    cancel: &Cancel,
) -> Result<Vec<Change>, QueryError> {
    let mut changes = Vec::new();
    along_relations((before.source, before.own), (after.source, after.own), words, opened, |path, old, new| {
        cancel.check()?;
        relations::changes(&path, old, new, &mut changes);
        Ok(())
    })?;
    Ok(changes)
}
