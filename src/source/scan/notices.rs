//! What a scan tells without stopping.

use std::io;

use crate::source::model::Notice;
use crate::source::path_text::text_of;

pub(super) fn nested_repository(path: &[u8]) -> Notice {
    Notice {
        code: "sawmill::source::nested_repository",
        path: text_of(path),
        message: "a repository inside the repository is left out".to_owned(),
        help: "declare it as a repository of its own in workspace.yaml",
    }
}

pub(super) fn unreadable_directory(path: &[u8], error: &io::Error) -> Notice {
    let too_long = error.kind() == io::ErrorKind::InvalidFilename;
    Notice {
        code: if too_long { "sawmill::source::path_too_long" } else { "sawmill::source::unreadable_directory" },
        path: text_of(path),
        message: format!("a directory cannot be read and is left out: {error}"),
        help: if too_long {
            "the system cannot open so long a path; exclude the directory"
        } else {
            "check its permissions, or exclude it"
        },
    }
}

pub(super) fn unreadable_ignore_file(path: &[u8], error: &io::Error) -> Notice {
    Notice {
        code: "sawmill::source::unreadable_ignore_file",
        path: text_of(path),
        message: format!("an ignore file cannot be read, so its rules do not apply: {error}"),
        help: "check that it is a readable file of less than 256 KiB",
    }
}

pub(super) fn unreadable_file(path: &[u8], error: &io::Error) -> Notice {
    Notice {
        code: "sawmill::source::unreadable_file",
        path: text_of(path),
        message: format!("a file cannot be read: {error}"),
        help: "check its permissions and the disk, or exclude the file",
    }
}

pub(super) fn nothing_there(narrowed: bool) -> Notice {
    Notice {
        code: "sawmill::source::empty_repository",
        path: String::new(),
        message: if narrowed {
            "no file is left after `include` and `exclude`".to_owned()
        } else {
            "the repository has no files".to_owned()
        },
        help: "check the repository's `path`, `include`, `exclude` and its ignore files",
    }
}
