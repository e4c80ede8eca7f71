//! Repositories as trees.
//!
//! A [`scan`] finds the files of a directory as git would, hashes what the stat cache cannot vouch for, and tells
//! each file's language, mode and role from its name. [`explain`] tells why, for one path. [`cut`] groups the files into shards and segments whose
//! borders do not depend on history. [`read`] gives a scanned file's bytes, verified. Provenance asks git, in
//! process, where a tree comes from.
//!
//! Nothing here runs anything that a repository brings or follows a link inside it. Only provenance looks outside
//! the root: upwards, for the git repository that the tree is a part of.

mod model;

mod behind;
mod cut;
mod explain;
mod failure;
mod git;
mod language;
mod path_text;
mod provenance;
mod read;
mod revision;
mod role;
mod rules;
mod scan;
mod stat_cache;

pub use behind::behind;
pub use cut::{Bounds, CutParams, cut};
pub use explain::{
    DecidingRule, Exclusion, Fate, LanguageReason, LanguageVerdict, Likeness, ModeReason, ModeVerdict, Near,
    PathVerdict, RoleReason, RoleVerdict, RuleSource, Withheld, explain,
};
pub use git::{CommitError, CommittedTree, GitSaid};
pub use language::{
    BadMap, CONTESTED, Contested, DETECTION_VERSION, Detected, Language, LanguageMap, LanguageRule, Told, ToldBy,
    detect, detect_bytes, known_languages, language, told,
};
pub use model::{FileContent, Notice, Scan, ScanRequest, Segment, Shard, SourceFile};
pub use provenance::{Provenance, provenance};
pub use read::{ReadError, read};
pub use revision::{RevisionError, commit_of, tags_at};
pub use role::Role;
pub use rules::{BadRule, Rule, Rules, Verdict};
pub use scan::{SourceError, UserRule, is_secret_name, scan};
pub use stat_cache::{StatCache, Unusable};

#[cfg(test)]
mod testing;
