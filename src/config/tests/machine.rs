//! What the tests stand on.

use std::path::Path;

use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::config::{ConfigErrors, Mistake, Workspace, load, load_all};

/// A file system with `files` under `/w`, and the directories of 4 repositories.
pub fn machine(files: &[(&str, &str)]) -> MemoryFs {
    let fs = MemoryFs::new();
    for dir in ["/w/own", "/api", "/handbook", "/services/Billing", "/services/auth", "/services/.git"] {
        fs.create_dir_all(dir.as_ref()).unwrap();
    }
    for (path, text) in files {
        fs.put(format!("/w/{path}"), text).unwrap();
    }
    fs
}

pub fn loaded(fs: &MemoryFs, params: &[(&str, &str)]) -> Result<Workspace, ConfigErrors> {
    let params: Vec<(String, String)> = params.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    load(fs, Path::new("/w/workspace.yaml"), &params)
}

/// The codes of everything that is wrong, without `sawmill::config::`.
pub fn codes(fs: &MemoryFs) -> Vec<&'static str> {
    let (_, mistakes) = load_all(fs, Path::new("/w/workspace.yaml"), &[]);
    short(&crate::config::in_order(mistakes))
}

pub fn short(mistakes: &[Mistake]) -> Vec<&'static str> {
    mistakes.iter().map(|m| m.code.name.trim_start_matches("sawmill::config::")).collect()
}
