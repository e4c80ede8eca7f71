//! What an error of the file system says of the file that was asked for.

use std::io::{Error, ErrorKind};

use rustix::io::Errno;

/// A symbolic link stood where none is followed, or links led in a circle.
pub(super) fn is_loop(error: &Error) -> bool {
    Errno::from_io_error(error) == Some(Errno::LOOP)
}

/// It is gone, or something else stands there now.
pub(super) fn is_gone(error: &Error) -> bool {
    let kinds = [ErrorKind::NotFound, ErrorKind::NotADirectory, ErrorKind::IsADirectory, ErrorKind::InvalidInput];
    kinds.contains(&error.kind()) || is_loop(error)
}

/// Too few descriptors or too little memory: says nothing of the file, so it must not become a fact about it.
pub(super) fn is_exhausted(error: &Error) -> bool {
    error.kind() == ErrorKind::OutOfMemory
        || matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE | Errno::NOMEM))
}
