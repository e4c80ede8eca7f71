//! How far a tree has moved on since a commit.

use std::path::Path;

use super::provenance::{enclosing, guarded, open};
use crate::base::vfs::Vfs;

/// More are not counted.
const MOST: usize = 100_000;

/// How many commits lead to what is checked out at `root` and not to `commit`: 0 where it is checked out still. `None`
/// where git does not know the tree or the commit (it may be gone after a rewrite), or cannot tell.
pub fn behind(vfs: &dyn Vfs, root: &Path, commit: &str) -> Option<u64> {
    let work_tree = enclosing(vfs, root).ok().flatten()?;
    let counted = guarded(|| -> Result<u64, Box<dyn std::error::Error>> {
        let repository = open(&work_tree)?;
        let built = gix::ObjectId::from_hex(commit.as_bytes())?;
        let head = repository.head_id()?.detach();
        if head == built {
            return Ok(0);
        }
        repository.find_commit(built)?;
        let mut count = 0;
        for step in repository.rev_walk([head]).with_hidden([built]).all()?.take(MOST) {
            step?;
            count += 1;
        }
        Ok(count)
    });
    counted.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::vfs::real::RealFs;
    use crate::source::testing::Repo;

    #[test]
    fn commits_since_the_built_one_are_counted() {
        let repo = Repo::new();
        repo.write("a.rs", "1");
        let first = repo.commit();
        assert_eq!(behind(&RealFs, &repo.root(), &first), Some(0));
        for text in ["2", "3", "4"] {
            repo.write("a.rs", text);
            repo.commit();
        }
        assert_eq!(behind(&RealFs, &repo.root(), &first), Some(3));
    }

    #[test]
    fn a_commit_ahead_of_what_is_checked_out_is_not_behind_it() {
        let repo = Repo::new();
        repo.write("a.rs", "1");
        let first = repo.commit();
        repo.write("a.rs", "2");
        let second = repo.commit();
        repo.told(&["checkout", "-q", &first]);
        assert_eq!(behind(&RealFs, &repo.root(), &second), Some(0));
    }

    #[test]
    fn a_commit_that_is_not_there_and_a_tree_without_git_tell_nothing() {
        let repo = Repo::new();
        repo.write("a.rs", "1");
        repo.commit();
        assert_eq!(behind(&RealFs, &repo.root(), &"0".repeat(40)), None);
        assert_eq!(behind(&RealFs, &repo.root(), "no id"), None);
        let bare = tempfile::tempdir().unwrap();
        assert_eq!(behind(&RealFs, bare.path(), &"0".repeat(40)), None);
    }
}
