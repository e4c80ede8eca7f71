//! Portable relative paths: `/`-separated bytes, no `.`, no `..`, never absolute.

use std::cmp::Ordering;
use std::ffi::OsStr;
use std::fmt::{self, Write as _};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;

use super::hash::{ContentHash, KeyHasher};

/// A path inside a repository.
///
/// Most paths are UTF-8 and are their own text. Others keep their bytes beside a text in which each byte that
/// is no UTF-8 is written `\xNN`. Order is by text, then by bytes, so that rows sorted by path are sorted by
/// their `path` column too.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RelPath {
    text: Arc<str>,
    raw: Option<Arc<[u8]>>,
}

/// Why bytes are no relative path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPath {
    #[error("the path is empty")]
    Empty,
    #[error("the path is absolute")]
    Absolute,
    #[error("the path has an empty, `.` or `..` part")]
    Part,
    #[error("the path has a NUL byte")]
    Nul,
}

impl RelPath {
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadPath> {
        if bytes.is_empty() {
            return Err(BadPath::Empty);
        }
        if bytes[0] == b'/' {
            return Err(BadPath::Absolute);
        }
        if bytes.contains(&0) {
            return Err(BadPath::Nul);
        }
        if bytes.split(|b| *b == b'/').any(|part| matches!(part, b"" | b"." | b"..")) {
            return Err(BadPath::Part);
        }
        Ok(match std::str::from_utf8(bytes) {
            Ok(text) => Self { text: text.into(), raw: None },
            Err(_) => Self { text: escape(bytes).into(), raw: Some(bytes.into()) },
        })
    }

    pub fn new(text: &str) -> Result<Self, BadPath> {
        Self::from_bytes(text.as_bytes())
    }

    /// The path as text; see the type's rule for bytes that are no UTF-8.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes, where they differ from the text.
    pub fn raw(&self) -> Option<&[u8]> {
        self.raw.as_deref()
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// This path beneath `root` on this machine.
    pub fn under(&self, root: &Path) -> std::path::PathBuf {
        root.join(OsStr::from_bytes(self.as_bytes()))
    }

    /// The last part's bytes.
    pub fn file_name(&self) -> &[u8] {
        let bytes = self.as_bytes();
        bytes.rsplit(|b| *b == b'/').next().unwrap_or(bytes)
    }
}

fn escape(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\x{byte:02X}");
        }
    }
    out
}

impl Ord for RelPath {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text).then_with(|| self.raw.cmp(&other.raw))
    }
}

impl PartialOrd for RelPath {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.text, f)
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl ContentHash for RelPath {
    fn write(&self, hasher: &mut KeyHasher) {
        hasher.bytes(self.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_the_root_is_no_path() {
        assert_eq!(RelPath::new(""), Err(BadPath::Empty));
        assert_eq!(RelPath::new("/etc"), Err(BadPath::Absolute));
        for bad in ["..", "a/../b", "a//b", "a/", "./a"] {
            assert_eq!(RelPath::new(bad), Err(BadPath::Part), "{bad}");
        }
        assert_eq!(RelPath::new("a\0b"), Err(BadPath::Nul));
    }

    #[test]
    fn bytes_that_are_no_utf8_are_kept_and_shown_escaped() {
        let path = RelPath::from_bytes(b"a/\xff.rs").unwrap();
        assert_eq!(path.text(), "a/\\xFF.rs");
        assert_eq!(path.as_bytes(), b"a/\xff.rs");
        assert_eq!(path.file_name(), b"\xff.rs");
    }
}
