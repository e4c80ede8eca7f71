//! What a scan asks for and gives.

use std::path::Path;
use std::sync::Arc;

use crate::base::{Cancel, Digest, Limits, Mode, RelPath, SkipReason};
use crate::source::language::Told;
use crate::source::role::Mark;

/// What to scan.
#[derive(Debug)]
pub struct ScanRequest<'a> {
    pub root: &'a Path,
    pub include: &'a [String],
    pub exclude: &'a [String],
    /// Glob over the path (gitignore syntax) → language name; the first match decides.
    pub languages: &'a [(String, String)],
    pub limits: &'a Limits,
    /// Directories of this machine that are never entered (state and cache directories).
    pub never: &'a [std::path::PathBuf],
    pub threads: usize,
    pub cancel: &'a Cancel,
}

/// A file's content, as an ingredient of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileContent {
    Hash(Digest),
    Withheld(SkipReason),
}

/// What the bytes of a file tell of it, beside their hash.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clues {
    pub language: Option<Told>,
    pub role: Option<Mark>,
}

/// One file as found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SourceFile {
    pub path: RelPath,
    pub size: u64,
    pub content: FileContent,
    pub language: Option<Arc<str>>,
    pub mode: Mode,
    pub role: Arc<str>,
}

/// Something worth telling that did not stop the scan: a loop, an unreadable directory, a nested repository.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Notice {
    /// `sawmill::source::…`
    pub code: &'static str,
    /// Inside the repository; empty for the root.
    pub path: String,
    pub message: String,
    pub help: &'static str,
}

/// A repository as it stood.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Sorted by path, paths distinct.
    pub files: Vec<SourceFile>,
    pub notices: Vec<Notice>,
    /// Files whose bytes were read and hashed (the others were trusted by the stat cache).
    pub hashed: usize,
    /// Bytes of all files.
    pub bytes: u64,
}

/// A run of neighbouring files of one mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shard {
    /// 16 hexadecimal characters; stays while the shard's first file stays.
    pub id: String,
    pub mode: Mode,
    /// Sorted by path.
    pub files: Vec<SourceFile>,
}

/// A run of neighbouring shards of one mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// 16 hexadecimal characters; stays while the segment's first shard stays.
    pub id: String,
    pub mode: Mode,
    pub shards: Vec<Shard>,
}
