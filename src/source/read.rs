//! Reading a file that a scan found, as it was found.

use std::path::Path;
use std::sync::Arc;

use miette::Diagnostic;
use thiserror::Error;

use crate::base::vfs::Vfs;
use crate::base::{Digest, Limits, SkipReason, Tier};

use super::failure::is_gone;
use super::model::{FileContent, SourceFile};

/// Why a scanned file's bytes are not to be had.
#[derive(Debug, Error, Diagnostic)]
pub enum ReadError {
    /// The bytes are others than those that were scanned; or the file is gone, or no regular file any more.
    #[error("`{path}` changed since it was scanned")]
    #[diagnostic(code(sawmill::source::changed), help("run the command again: it scans the file as it is now"))]
    Changed { path: String },

    /// The scan withheld the file; nobody may ask for its bytes.
    #[error("`{path}` is withheld ({})", reason.name())]
    #[diagnostic(code(sawmill::source::withheld), help("this is a fault of Sawmill; please report it"))]
    Withheld { path: String, reason: SkipReason },

    #[error("cannot read `{path}`")]
    #[diagnostic(code(sawmill::source::read), help("check the disk and the file's permissions, then run again"))]
    Io {
        path: String,
        #[source]
        source: std::io::Error,
    },
}

impl ReadError {
    pub fn tier(&self) -> Tier {
        match self {
            Self::Changed { .. } | Self::Io { .. } => Tier::Environment,
            Self::Withheld { .. } => Tier::Bug,
        }
    }
}

/// The bytes of `file` beneath `root`, verified against the hash that the scan took.
pub fn read(vfs: &dyn Vfs, root: &Path, file: &SourceFile, limits: &Limits) -> Result<Arc<[u8]>, ReadError> {
    let path = || file.path.text().to_owned();
    let expected = match file.content {
        FileContent::Hash(hash) => hash,
        FileContent::Withheld(reason) => return Err(ReadError::Withheld { path: path(), reason }),
    };
    let bytes = match vfs.read_beneath(root, &file.path, limits.read_bytes) {
        Ok(bytes) => bytes,
        Err(e) if is_gone(&e) || e.kind() == std::io::ErrorKind::FileTooLarge => {
            return Err(ReadError::Changed { path: path() });
        }
        Err(source) => return Err(ReadError::Io { path: path(), source }),
    };
    if Digest::of(&bytes) != expected {
        return Err(ReadError::Changed { path: path() });
    }
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::vfs::memory::MemoryFs;
    use crate::base::{Mode, RelPath};

    fn file(path: &str, content: FileContent) -> SourceFile {
        let path = RelPath::new(path).unwrap();
        SourceFile { path, size: 3, content, language: None, mode: Mode::Code, role: "source".into() }
    }

    fn read_a(fs: &MemoryFs, content: FileContent) -> Result<Arc<[u8]>, ReadError> {
        read(fs, Path::new("/r"), &file("d/a", content), &Limits { read_bytes: 8, ..Limits::default() })
    }

    #[test]
    fn bytes_are_those_that_were_scanned_or_an_error() {
        let fs = MemoryFs::new();
        let scanned = FileContent::Hash(Digest::of(b"abc"));
        fs.put("/r/d/a", "abc").unwrap();
        assert_eq!(&*read_a(&fs, scanned).unwrap(), b"abc");
        fs.put("/r/d/a", "abd").unwrap();
        assert!(matches!(read_a(&fs, scanned), Err(ReadError::Changed { .. })));
        fs.put("/r/d/a", "longer than the limit").unwrap();
        assert!(matches!(read_a(&fs, scanned), Err(ReadError::Changed { .. })));
        fs.remove_file(Path::new("/r/d/a")).unwrap();
        assert!(matches!(read_a(&fs, scanned), Err(ReadError::Changed { .. })));
        fs.symlink(Path::new("/etc/passwd"), Path::new("/r/d/a")).unwrap();
        assert!(matches!(read_a(&fs, scanned), Err(ReadError::Changed { .. })));
    }

    #[test]
    fn a_withheld_file_is_never_read() {
        let fs = MemoryFs::new();
        fs.put("/r/d/a", "abc").unwrap();
        let withheld = read_a(&fs, FileContent::Withheld(SkipReason::Secret));
        assert!(matches!(withheld, Err(ReadError::Withheld { reason: SkipReason::Secret, .. })));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error_of_the_environment() {
        let fs = MemoryFs::new();
        fs.put("/r/d/a", "abc").unwrap();
        fs.set_unreadable("/r/d/a", true).unwrap();
        let error = read_a(&fs, FileContent::Hash(Digest::of(b"abc"))).unwrap_err();
        assert!(matches!(error, ReadError::Io { .. }));
        assert_eq!(error.tier(), Tier::Environment);
    }
}
