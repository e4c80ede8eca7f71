//! `workspace.yaml` as written.

use super::value::AnyValue;
use crate::config::read::{Entries, Written, written};

written! {
    /// A Sawmill workspace: which repositories there are, and which pipelines run over them.
    WorkspaceFile is "the workspace" required ["version", "name", "repos"] {
        /// Version of this format: 1.
        #[schemars(extend("const" = 1))]
        version: u32,
        /// Name of the workspace: a-z, 0-9, `.`, `_`, `-`.
        #[schemars(regex(pattern = "^[a-z0-9][a-z0-9._-]{0,63}$"))]
        name: String,
        /// Directory of the cache, relative to this file. Worktrees and colleagues may share one.
        /// `SAWMILL_CACHE` stands over it. Default: `.sawmill/cache`.
        cache: String,
        /// The pipeline of every repository that names no other: `pipelines/<name>.yaml`.
        pipeline: String,
        /// Pipelines of workspace scope that run as well.
        pipelines: Vec<Written<String>>,
        /// Values for repositories that do not set them.
        defaults: DefaultsWritten,
        /// The repositories.
        repos: Vec<Written<RepositoryWritten>>,
        /// How files get their language.
        languages: LanguagesWritten,
        /// How many builds are kept.
        builds: BuildsWritten,
        /// How many builds of commits (`build --at`) are kept.
        git: GitWritten,
        /// How many snapshots are kept.
        snapshots: SnapshotsWritten,
        /// How many diffs are kept.
        diffs: DiffsWritten,
    }
}

written! {
    /// Values for repositories that do not set them.
    DefaultsWritten is "`defaults`" required [] {
        /// Default: true.
        enabled: bool,
        /// Default: 0.
        priority: i32,
        /// Default: none.
        tags: Vec<Written<String>>,
    }
}

written! {
    /// One repository (`root`), or one for each directory that a pattern matches (`glob`).
    RepositoryWritten is "a repository" required [] {
        /// The repository's identity: a-z, 0-9, `.`, `_`, `-`. Needed with `root`; `glob` takes the directories' names.
        #[schemars(regex(pattern = "^[a-z0-9][a-z0-9._-]{0,63}$"))]
        name: String,
        /// The directory, relative to this file. It may lie inside a git repository, or in none.
        root: String,
        /// A pattern of directories, relative to this file; each becomes a repository that is named after it, in lower
        /// case. Hidden directories only where the pattern says the dot; files never. A directory that has an entry of
        /// its own is left out.
        glob: String,
        /// Labels for selection: `tag:backend`. Trimmed, lower-cased, sorted.
        tags: Vec<Written<String>>,
        /// Higher ones are worked on first and win ties in search. Default: 0.
        priority: i32,
        /// Default: true.
        enabled: bool,
        /// The pipeline of this repository.
        pipeline: String,
        /// Patterns in gitignore syntax. Where there are any, only files that match one are taken.
        include: Vec<Written<String>>,
        /// Patterns in gitignore syntax of files to leave out. They win over `include`.
        exclude: Vec<Written<String>>,
        /// This repository's values for parameters that its pipeline declares in `params`.
        params: Entries<AnyValue>,
        /// This repository's parameters of nodes: node, then parameter. They win over the pipeline's `with`.
        with: Entries<Entries<AnyValue>>,
    }
}

written! {
    /// How files get their language.
    LanguagesWritten is "`languages`" required [] {
        /// Pattern over the path → language.
        map: Entries<String>,
    }
}

written! {
    /// How many generations are kept besides the latest and the one before it: those that are within both.
    BuildsWritten is "`builds`" required [] {
        /// Newest generations kept. Default: 10.
        keep: u32,
        /// Older ones are not kept. Days; default: 14.
        max_age_days: u32,
    }
}

written! {
    /// How many builds of commits are kept: those that are within both.
    GitWritten is "`git`" required [] {
        /// Newest builds of commits kept, of each repository. Default: 50.
        keep: u32,
        /// Older ones are not kept. Days; default: 30.
        max_age_days: u32,
    }
}

written! {
    /// How many snapshots are kept.
    SnapshotsWritten is "`snapshots`" required [] {
        /// Newest pointers kept, as long as they are young enough. Default: 25.
        keep_pointer: u32,
        /// Newest frozen snapshots kept, as long as they are young enough. Default: 10.
        keep_frozen: u32,
        /// Older ones are removed. Days; default: 30.
        max_age_days: u32,
        /// Snapshots with such a tag are not removed: `*` stands for any characters, `?` for one. Default: `["*"]`.
        protect_tags: Vec<Written<String>>,
        /// Unfinished frozen copies do not get this old: the next run that writes removes them at once, because its lock
        /// proves that nobody works on them. Hours; default: 24.
        staging_max_age_hours: u32,
    }
}

written! {
    /// How many diffs are kept.
    DiffsWritten is "`diffs`" required [] {
        /// Newest diffs kept. Default: 50.
        keep: u32,
        /// Newest automatic diffs kept. Default: 20.
        keep_automatic: u32,
        /// Days; default: 30.
        max_age_days: u32,
        /// Most bytes of all kept diffs together. Default: no limit.
        max_total_bytes: u64,
    }
}
