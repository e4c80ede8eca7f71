//! The tables `files`: what came, went, changed, and what it was called before.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::content::spans;
use super::pieces::{Own, OwnShard};
use super::request::Opened;
use super::states::{self, Source, Words};
use crate::base::Mode;
use crate::nodes::diff::files::{Files, changes, only_in};
use crate::nodes::diff::renames::{self, Side};
use crate::nodes::diff::{Change, FileState};
use crate::query::error::QueryError;

/// Which file of one side another one of the other side is, beside those of one path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paired {
    /// Before → after.
    pub to: BTreeMap<Arc<str>, Arc<str>>,
    /// After → before.
    pub from: BTreeMap<Arc<str>, Arc<str>>,
}

/// One side of a repository.
pub struct FileSide<'a> {
    pub source: Source<'a>,
    pub own: &'a [Own],
    pub shards: &'a [OwnShard],
    /// Whose chunks hold the bytes of files.
    pub text_node: Option<&'a str>,
}

/// The changes of files, and which is which.
pub fn compare(
    before: &FileSide<'_>,
    after: &FileSide<'_>,
    words: &mut Words,
    opened: &mut Opened,
) -> Result<(Vec<Change>, Paired), QueryError> {
    let (old, new) = (read(before, words, opened)?, read(after, words, opened)?);
    let (removed, added) = (only_in(&old, &new), only_in(&new, &old));
    let found = renames::find(&removed, &added, |side, at| {
        let (of, files) = if side == Side::Removed { (before, &removed) } else { (after, &added) };
        match (files.get(at), of.text_node) {
            (Some(file), Some(node)) => {
                let mode = file.mode.parse::<Mode>().unwrap_or(Mode::Code);
                spans(of.source, of.shards, node, mode, &file.path)
            }
            _ => Ok(None),
        }
    })?;
    let mut paired = Paired::default();
    let mut pair = |before: &FileState, after: &FileState| {
        paired.to.insert(Arc::clone(&before.path), Arc::clone(&after.path));
        paired.from.insert(Arc::clone(&after.path), Arc::clone(&before.path));
    };
    for rename in &found {
        if let (Some(from), Some(to)) = (removed.get(rename.from), added.get(rename.to)) {
            pair(from, to);
        }
    }
    Ok((changes(&old, &new, &found), paired))
}

/// The files of the pieces that one side has alone.
fn read(side: &FileSide<'_>, words: &mut Words, opened: &mut Opened) -> Result<Files, QueryError> {
    let mut files = Files::new();
    for own in side.own {
        opened.pieces += 1;
        for file in states::files(side.source, own, words)? {
            files.insert((Arc::clone(&file.path), file.path_bytes.clone()), file);
        }
    }
    Ok(files)
}
