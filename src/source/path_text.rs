//! Paths in messages.

use crate::base::RelPath;

/// The text of a path's bytes, as [`RelPath::text`] writes it; empty for the root.
pub(super) fn text_of(path: &[u8]) -> String {
    RelPath::from_bytes(path).map_or_else(|_| String::from_utf8_lossy(path).into_owned(), |p| p.text().to_owned())
}
