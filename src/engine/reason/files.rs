//! Two lists of files: a shard's, and that of the shard which stood in its place.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Digest;
use crate::source::{FileContent, SourceFile};
use crate::table::FileRow;

use super::super::db::ShardSpec;
use super::super::world::{Previous, World};
use super::model::{Change, Moved};
use super::old::{self, OldShard};

/// More than these are counted, not listed.
pub const MOST: usize = 20;

/// The files that moved between `old` and `shard`, in order of their paths; `None` where the old list cannot be read.
pub fn moved(world: &World, previous: &Previous, old: &OldShard, shard: &ShardSpec) -> Option<Vec<Moved>> {
    let before = rows(world, previous, old)?;
    let now: BTreeMap<&str, &SourceFile> = shard.files.iter().map(|f| (f.path.text(), f)).collect();
    let mut moved = Vec::new();
    for (path, row) in &before {
        if let Some(file) = now.get(path.as_str()) {
            moved.extend(change(row, file).map(|change| between(path, change, row, file)));
        } else {
            let change = if has(world, &shard.repo, path) { Change::Left } else { Change::Removed };
            moved.push(Moved::File { path: path.clone(), change, old: short(row), new: None });
        }
    }
    let fresh: BTreeMap<&str, &SourceFile> = now.into_iter().filter(|(path, _)| !before.contains_key(*path)).collect();
    moved.extend(arrived(world, previous, &fresh)?);
    moved.sort();
    Some(moved)
}

/// Files that the shard did not have: new ones, and those that stood in another shard. `None` where that cannot be
/// told, because the list of a shard that may have had one cannot be read.
pub fn arrived(world: &World, previous: &Previous, fresh: &BTreeMap<&str, &SourceFile>) -> Option<Vec<Moved>> {
    let mut elsewhere: BTreeMap<String, FileRow> = BTreeMap::new();
    let mut seen: BTreeSet<Digest> = BTreeSet::new();
    let mut all_read = true;
    for path in fresh.keys() {
        for shard in old::shards(world, previous, None, path, path) {
            if files_artifact(&shard).is_none_or(|artifact| seen.insert(artifact)) {
                let rows = rows(world, previous, &shard);
                all_read &= rows.is_some();
                elsewhere.extend(rows.unwrap_or_default());
            }
        }
    }
    let of = |(path, file): (&&str, &&SourceFile)| match elsewhere.get(*path) {
        None => Moved::File { path: (*path).to_owned(), change: Change::Added, old: None, new: shown(file) },
        Some(row) => between(path, change(row, file).unwrap_or(Change::Joined), row, file),
    };
    (all_read || fresh.keys().all(|path| elsewhere.contains_key(*path))).then(|| fresh.iter().map(of).collect())
}

fn files_artifact(old: &OldShard) -> Option<Digest> {
    old.record()?.pieces.iter().find(|p| p.table == "files").map(|p| p.artifact)
}

/// The rows of `files` of an old shard, by path.
fn rows(world: &World, previous: &Previous, old: &OldShard) -> Option<BTreeMap<String, FileRow>> {
    let rows = world.batch("files", &files_artifact(old)?).and_then(|batch| world.rows::<FileRow>(&batch));
    let rows = world.shortcut(&previous.root.repo, rows)?;
    Some(rows.into_iter().map(|row| (row.path.clone(), row)).collect())
}

fn change(row: &FileRow, file: &SourceFile) -> Option<Change> {
    let hash = match file.content {
        FileContent::Hash(digest) => Some(digest.hex()),
        FileContent::Withheld(_) => None,
    };
    if row.content_hash != hash || row.bytes != file.size {
        return Some(Change::Changed);
    }
    let withheld = match file.content {
        FileContent::Withheld(reason) => row.skip_reason.as_deref() != Some(reason.name()),
        FileContent::Hash(_) => false,
    };
    let same = row.language.as_deref() == file.language.as_deref()
        && row.mode == file.mode.name()
        && row.role == *file.role
        && !withheld;
    (!same).then_some(Change::Reclassified)
}

/// How a file moved that was there before. Content is told by its hash; what a file was taken for, by words.
fn between(path: &str, change: Change, row: &FileRow, file: &SourceFile) -> Moved {
    let (old, new) = match change {
        Change::Reclassified => classes(row, file),
        _ => (short(row), shown(file)),
    };
    Moved::File { path: path.to_owned(), change, old, new }
}

/// What a file was taken for and what it is, as far as they differ.
fn classes(row: &FileRow, file: &SourceFile) -> (Option<String>, Option<String>) {
    let withheld = match file.content {
        FileContent::Withheld(reason) => reason.name(),
        FileContent::Hash(_) => "none",
    };
    let pairs = [
        ("language", row.language.as_deref().unwrap_or("none"), file.language.as_deref().unwrap_or("none")),
        ("mode", row.mode.as_str(), file.mode.name()),
        ("role", row.role.as_str(), &*file.role),
        ("withheld", row.skip_reason.as_deref().unwrap_or("none"), withheld),
    ];
    // A file that was read may have a reason of extraction's own, which the scan knows nothing of.
    let told = |name: &str| name != "withheld" || matches!(file.content, FileContent::Withheld(_));
    let differ = pairs.into_iter().filter(|(name, old, new)| old != new && told(name));
    let (old, new): (Vec<String>, Vec<String>) =
        differ.map(|(name, old, new)| (format!("{name} {old}"), format!("{name} {new}"))).unzip();
    (Some(old.join(", ")), Some(new.join(", ")))
}

fn short(row: &FileRow) -> Option<String> {
    row.content_hash.as_ref().map(|hash| hash.chars().take(12).collect())
}

fn shown(file: &SourceFile) -> Option<String> {
    match file.content {
        FileContent::Hash(digest) => Some(digest.short()),
        FileContent::Withheld(_) => None,
    }
}

/// Does the tree have the file now?
fn has(world: &World, repo: &str, path: &str) -> bool {
    let Some(segments) = world.scanned(repo) else { return false };
    segments.iter().flat_map(|segment| &segment.shards).any(|shard| {
        let inside = shard.files.first().is_some_and(|f| f.path.text() <= path)
            && shard.files.last().is_some_and(|f| f.path.text() >= path);
        inside && shard.files.iter().any(|f| f.path.text() == path)
    })
}
