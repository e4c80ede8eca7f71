//! The tables `relations`.

use super::chunks::{ChunkSide, of_mode};
use super::request::Opened;
use super::states::{Words, along_relations};
use crate::base::{Cancel, Mode};
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
    for mode in [Mode::Code, Mode::Prose, Mode::ExtractedProse, Mode::Records] {
        let (old, new) = (of_mode(before.own, mode), of_mode(after.own, mode));
        let word = words.get(mode.name());
        along_relations((before.source, old), (after.source, new), words, opened, |path, old, new| {
            cancel.check()?;
            relations::changes(&path, &word, old, new, &mut changes);
            Ok(())
        })?;
    }
    Ok(changes)
}
