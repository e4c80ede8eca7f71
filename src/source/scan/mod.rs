//! What is there: the files of a repository, their hashes, languages and roles.
//!
//! What `git ls-files --others --exclude-per-directory=.gitignore` lists while nothing is added yet: so say the
//! ignore files of the tree itself. The user's global excludes, `.git/info/exclude` and git's index are left out
//! on purpose: two checkouts of one commit, and a tarball of it, give one result on every machine. The one
//! difference that shows: a file that was added although a rule ignores it is left out, until a `!` rule names it.
//! `.sawmillignore` files have the same syntax and speak after the `.gitignore` beside them.
//!
//! | there | becomes |
//! |---|---|
//! | a regular file | a row |
//! | … with a secret's name, too large, unreadable | a row without content |
//! | … whose path has the same text as another one's | a row without content; the first one keeps its own |
//! | … gone before it is read | nothing |
//! | a symbolic link, pipe, socket, device | nothing; nothing is followed |
//! | `.git`, `.sawmill`, the directories of `ScanRequest::never` | nothing; not entered |
//! | a directory with a `.git` of its own | a notice; not entered |
//! | an unreadable directory | a notice; the rest stands |
//!
//! Directories are listed level by level on plain threads and files settled in pieces; results are put together
//! in order, so that neither threads nor the order of a listing shows. Nothing recurses.

mod confine;
mod error;
mod gate;
mod ground;
mod notices;
mod run;
mod secret;
mod settle;
mod walk;

pub use error::{SourceError, UserRule};
pub use run::scan;
pub use secret::is_secret_name;

// What the explanation of a path shares with the scan.
pub(super) use gate::{Admission, Refusal};
pub(super) use ground::Ground;
pub(super) use settle::withhold_collisions;
pub(super) use walk::{Dir, Found, IGNORE_FILES, Opened, Walk};

#[cfg(test)]
pub(super) mod measure;
#[cfg(test)]
mod real_tests;
#[cfg(test)]
mod tests;
