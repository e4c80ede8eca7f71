//! Which pieces differ.

use std::collections::BTreeMap;

use super::request::Opened;
use crate::base::{Digest, Mode};
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;
use crate::store::{BuildRoot, SegmentList};

/// One artifact of a shard that the other side does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    pub mode: Mode,
    pub artifact: Digest,
    pub first_path: String,
    /// Place among the pieces of its node and table.
    pub number: u32,
}

/// What one side has alone, by node and table, in the order of modes and paths.
pub type OwnPieces = BTreeMap<(String, String), Vec<Own>>;

/// One repository's lists and pieces that the other moment does not have.
#[derive(Debug, Default)]
pub struct Side {
    pub pieces: OwnPieces,
    /// The shards of all lists that differ, and every piece of them: what a file's text is looked up in.
    pub shards: Vec<OwnShard>,
}

#[derive(Debug)]
pub struct OwnShard {
    pub mode: Mode,
    pub first_path: String,
    pub last_path: String,
    /// Node and table → artifact.
    pub pieces: BTreeMap<(String, String), Digest>,
}

/// Opens the lists that are on one side only, and leaves out the pieces that are on both.
pub fn sides(
    before: (&dyn Pieces, Option<&BuildRoot>),
    after: (&dyn Pieces, Option<&BuildRoot>),
    modes: &[Mode],
    opened: &mut Opened,
) -> Result<(Side, Side), QueryError> {
    let names = |root: Option<&BuildRoot>| -> Vec<Digest> {
        root.map(|root| root.segments.iter().map(|segment| segment.list).collect()).unwrap_or_default()
    };
    let (old, new) = (names(before.1), names(after.1));
    let old_lists = lists(before, &without(&old, &new), modes, opened)?;
    let new_lists = lists(after, &without(&new, &old), modes, opened)?;
    let (mut one, mut other) = (side(old_lists), side(new_lists));
    cancel(&mut one.pieces, &mut other.pieces);
    Ok((one, other))
}

/// What of `all` is not in `others`, each as often as it is there.
fn without(all: &[Digest], others: &[Digest]) -> Vec<Digest> {
    let mut left: BTreeMap<&Digest, usize> = BTreeMap::new();
    for other in others {
        *left.entry(other).or_default() += 1;
    }
    let mut own = Vec::new();
    for digest in all {
        match left.get_mut(digest) {
            Some(count) if *count > 0 => *count -= 1,
            _ => own.push(*digest),
        }
    }
    own
}

fn lists(
    (pieces, root): (&dyn Pieces, Option<&BuildRoot>),
    wanted: &[Digest],
    modes: &[Mode],
    opened: &mut Opened,
) -> Result<Vec<SegmentList>, QueryError> {
    let Some(root) = root else { return Ok(Vec::new()) };
    // Chunks of extracted prose stand among those of code.
    let has = |mode: Mode| modes.contains(&mode) || (mode == Mode::Code && modes.contains(&Mode::ExtractedProse));
    let mut found = Vec::new();
    for segment in &root.segments {
        if wanted.contains(&segment.list) && (modes.is_empty() || has(segment.mode)) {
            opened.lists += 1;
            found.push(pieces.list(&root.repo, &segment.list)?);
        }
    }
    Ok(found)
}

fn side(lists: Vec<SegmentList>) -> Side {
    let mut side = Side::default();
    for list in lists {
        for shard in list.shards {
            let mut pieces = BTreeMap::new();
            for piece in shard.pieces {
                let own =
                    Own { mode: list.mode, artifact: piece.artifact, first_path: shard.first_path.clone(), number: 0 };
                pieces.insert((piece.node.clone(), piece.table.clone()), piece.artifact);
                side.pieces.entry((piece.node, piece.table)).or_default().push(own);
            }
            let (first_path, last_path) = (shard.first_path, shard.last_path);
            side.shards.push(OwnShard { mode: list.mode, first_path, last_path, pieces });
        }
    }
    for own in side.pieces.values_mut() {
        own.sort_by(|a, b| (a.mode, &a.first_path).cmp(&(b.mode, &b.first_path)));
        for (piece, number) in own.iter_mut().zip(0..) {
            piece.number = number;
        }
    }
    side
}

/// Takes the artifacts that both sides have off both: their rows are the same rows.
fn cancel(one: &mut OwnPieces, other: &mut OwnPieces) {
    for (table, pieces) in one {
        let Some(others) = other.get_mut(table) else { continue };
        let digests = |pieces: &[Own]| pieces.iter().map(|own| own.artifact).collect::<Vec<_>>();
        let (old, new) = (digests(pieces), digests(others));
        let (only_old, only_new) = (without(&old, &new), without(&new, &old));
        pieces.retain(|own| only_old.contains(&own.artifact));
        others.retain(|own| only_new.contains(&own.artifact));
    }
}

/// What one side has alone of a node's table.
pub fn own<'s>(side: &'s Side, node: &str, table: &str) -> &'s [Own] {
    side.pieces.get(&(node.to_owned(), table.to_owned())).map(Vec::as_slice).unwrap_or_default()
}
