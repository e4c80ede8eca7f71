//! The arguments of `diff`.

use std::time::Duration;

use clap::{Subcommand, ValueEnum};
use miette::Diagnostic;
use sawmill::base::{Mode, Tier};
use sawmill::ops::diff::{EventFilter, EventLimits};

use super::super::super::report::Failure;
use super::super::super::run::Stop;

/// Compare two moments: which files, chunks and relations came, went and changed.
///
/// A diff is kept: the same question again is answered at once. Only what differs is read. Moments are refs, as for `--at`:
/// latest, previous, gen:ID, snap:ID, tag:TAG, build:ID, git:REVISION, path:DIR.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill diff compute                                  the last build against the one before
  sawmill diff compute --from tag:v1 --format report    a page for a reviewer
  sawmill diff compute --from git:v1.2.0 --to git:v1.3.0 --repo api
  sawmill diff show --format jsonl --event chunk | jq .path
  sawmill diff list
  sawmill diff prune --dry-run")]
pub struct Args {
    #[command(subcommand)]
    pub action: Action,
}

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Compare two moments, or find that they were compared before.
    Compute(Computing),
    /// Show a kept diff; the newest where none is named.
    Show(Showing),
    /// List the kept diffs.
    #[command(after_help = "\
Examples:
  sawmill diff list
  sawmill diff list --json | jq -r '.diffs[].id'")]
    List,
    /// Remove what `diffs:` in workspace.yaml does not keep.
    Prune(Pruning),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill diff compute
  sawmill diff compute --from snap:snap-20261122 --to latest --format table
  sawmill diff compute --from git:HEAD~1 --to git:HEAD --exit-code
  sawmill diff compute --from tag:v1 --files-only --format table
  sawmill diff compute --json | jq .summary.by_event")]
pub struct Computing {
    /// The moment before.
    #[arg(long, value_name = "REF", default_value = "previous")]
    pub from: String,

    /// The moment after.
    #[arg(long, value_name = "REF", default_value = "latest")]
    pub to: String,

    /// Only these repositories.
    #[arg(long, value_name = "REPO", value_delimiter = ',')]
    pub repo: Vec<String>,

    /// Only these modes: code, prose, extracted-prose, records.
    #[arg(long, value_name = "MODE", value_delimiter = ',')]
    pub modes: Vec<Mode>,

    /// Only what these nodes wrote.
    #[arg(long, value_name = "NODE", value_delimiter = ',')]
    pub node: Vec<String>,

    /// Compare what was made with other parameters, or by another version, too.
    #[arg(long)]
    pub allow_mismatch: bool,

    /// Compare files alone: which came, went, changed, were renamed. That always compares, however they were built.
    #[arg(long, conflicts_with = "allow_mismatch")]
    pub files_only: bool,

    #[command(flatten)]
    pub shown: Shown,

    /// Exit with 1 where anything differs, whatever is shown of it.
    #[arg(long)]
    pub exit_code: bool,

    /// Wait up to this many seconds while a build runs.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub wait: u64,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill diff show
  sawmill diff show diff_3f2a --format table --event chunk.modified
  sawmill diff show --format report")]
pub struct Showing {
    /// Its id, or the beginning of it.
    #[arg(value_name = "DIFF")]
    pub id: Option<String>,

    #[command(flatten)]
    pub shown: Shown,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill diff prune --dry-run
  sawmill diff prune")]
pub struct Pruning {
    /// Say what would go, and leave it.
    #[arg(long)]
    pub dry_run: bool,

    /// Wait up to this many seconds while a build runs.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    wait: u64,
}

impl Pruning {
    pub fn wait(&self) -> Duration {
        Duration::from_secs(self.wait)
    }
}

/// How a diff is shown, and how much of it.
#[derive(Debug, clap::Args)]
pub struct Shown {
    /// How it is shown.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "summary")]
    format: Format,

    /// Only these events, as chunk.modified, or all of a sort, as chunk.
    #[arg(long, value_name = "EVENT", value_delimiter = ',')]
    event: Vec<String>,

    /// Most events.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    pub max_events: u64,

    /// Most bytes of events, as JSON Lines.
    #[arg(long, value_name = "BYTES", default_value_t = 2 << 20)]
    pub max_bytes: u64,
}

/// How a diff is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Counts, and the files with most changes.
    Summary,
    /// A stream of events as JSON objects, one a line.
    Jsonl,
    /// The events for people.
    Table,
    /// A page for a reviewer, in Markdown: totals, public signatures, the largest changes, files that stopped parsing.
    Report,
}

/// Events are asked for that the form does not show.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("`--event` chooses among events, and this form shows none")]
#[diagnostic(code(sawmill::cli::no_events), help("add `--format table` or `--format jsonl`"))]
struct NoEvents;

impl Shown {
    pub fn check(&self) -> Result<(), Stop> {
        if self.event.is_empty() || self.events().is_some() {
            return Ok(());
        }
        Err(Failure::new(Tier::User, &NoEvents).into())
    }

    pub fn events(&self) -> Option<(EventFilter, EventLimits)> {
        let filter = EventFilter { events: self.event.clone(), repos: Vec::new() };
        let limits = EventLimits { events: self.max_events, bytes: self.max_bytes };
        matches!(self.format, Format::Jsonl | Format::Table).then_some((filter, limits))
    }

    pub fn wants_review(&self) -> bool {
        self.format == Format::Report
    }

    pub fn is_lines(&self) -> bool {
        self.format == Format::Jsonl
    }

    pub fn is_table(&self) -> bool {
        self.format == Format::Table
    }
}
