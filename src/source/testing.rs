//! A git repository of a test's own, made by the git program.
#![expect(clippy::disallowed_methods, reason = "a real repository in a real directory, which nothing else writes")]

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A git repository.
pub struct Repo(tempfile::TempDir);

impl Repo {
    /// Without a commit.
    pub fn new() -> Self {
        let repo = Self(tempfile::tempdir().unwrap());
        repo.git(&["init", "-q", "-b", "trunk"], b"");
        repo
    }

    pub fn root(&self) -> PathBuf {
        self.0.path().canonicalize().unwrap()
    }

    pub fn write(&self, path: impl AsRef<OsStr>, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.root().join(Path::new(path.as_ref()));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn git(&self, args: &[&str], input: &[u8]) -> Vec<u8> {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
        let mut git = Command::new("git");
        git.arg("-C").arg(self.0.path()).args(identity).args(args).stdin(Stdio::piped());
        let mut git = git.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("git is installed");
        git.stdin.take().unwrap().write_all(input).unwrap();
        let done = git.wait_with_output().unwrap();
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    }

    /// What git says, as text.
    pub fn told(&self, args: &[&str]) -> String {
        String::from_utf8(self.git(args, b"")).unwrap().trim().to_owned()
    }

    /// Commits everything, ignored files too; gives the id.
    pub fn commit(&self) -> String {
        self.git(&["add", "-A", "-f"], b"");
        self.git(&["commit", "-q", "--allow-empty", "-m", "one"], b"");
        self.told(&["rev-parse", "HEAD"])
    }
}
