//! The lines around an error, and the bytes that failed: from the ledger, or from the working tree.

use crate::base::{Digest, Limits, RelPath};
use crate::engine::ledger::{excerpt, unescaped};
use crate::source::is_secret_name;

use super::super::context::Context;
use super::super::ground::Ground;
use super::find::Found;
use super::report::FailureContext;

/// Gives a failure of a file its lines, or says why there are none.
pub fn add(context: &Context, ground: &Ground, found: &mut Found) {
    if let Some(kept) = &found.kept
        && let Some(text) = &kept.text
    {
        found.seen.context = Some(FailureContext {
            from: "ledger".to_owned(),
            before: kept.before.clone(),
            text: text.clone(),
            after: kept.after.clone(),
        });
        return;
    }
    let Some(line) = found.seen.line else {
        found.seen.no_context = Some("no line is known".to_owned());
        return;
    };
    let encoding = found.file.as_ref().map_or("utf-8", |file| file.encoding.as_str());
    let Some(bytes) = in_tree(context, ground, found) else {
        let why = "the ledger has no lines of this content, and the working tree has another one";
        found.seen.no_context = Some(why.to_owned());
        return;
    };
    let Some(lines) = excerpt(&bytes, encoding, line) else {
        found.seen.no_context = Some(format!("the file has no line {line}"));
        return;
    };
    found.seen.column = lines.column;
    found.seen.context =
        Some(FailureContext { from: "tree".to_owned(), before: lines.before, text: lines.text, after: lines.after });
}

/// The path of the file that failed.
pub fn path(found: &Found) -> Option<RelPath> {
    let of =
        |bytes: &Option<Vec<u8>>, text: &str| RelPath::from_bytes(bytes.as_deref().unwrap_or(text.as_bytes())).ok();
    match (&found.file, &found.kept) {
        (Some(file), _) => of(&file.path_bytes, &file.path),
        (None, Some(kept)) => of(&kept.path_bytes, kept.path.as_deref()?),
        (None, None) => None,
    }
}

/// The bytes that failed, if the working tree still has them. Those of a secret are never read.
pub fn in_tree(context: &Context, ground: &Ground, found: &Found) -> Option<Vec<u8>> {
    let hash: Digest = found.seen.content_hash.as_ref()?.parse().ok()?;
    let path = path(found).filter(|path| !is_secret_name(path.as_bytes()))?;
    let root = ground.root(&found.seen.repo)?;
    // A file that cannot be read is as good as changed: what is asked for is this content.
    let bytes = context.vfs.read_beneath(root, &path, Limits::default().read_bytes).ok()?;
    (Digest::of(&bytes) == hash).then_some(bytes)
}

/// The bytes that failed, if the head that the ledger keeps is all of them.
pub fn in_ledger(found: &Found) -> Option<Vec<u8>> {
    let hash: Digest = found.seen.content_hash.as_ref()?.parse().ok()?;
    let bytes = unescaped(found.kept.as_ref()?.first.as_ref()?)?;
    (Digest::of(&bytes) == hash).then_some(bytes)
}
