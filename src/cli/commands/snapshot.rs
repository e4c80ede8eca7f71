//! `snapshot`: named moments that are kept.

use std::time::Duration;

use sawmill::ops::snapshot::{self, CreateRequest, FreezeRequest, PruneRequest, RemoveRequest, SnapshotAnswer};

use super::super::moment;
use super::super::output;
use super::super::pager;
use super::super::run::{Answer, Stop, Verdict};
use super::super::shell::Shell;
use super::super::snapshots;

/// Keep a moment by a name, to search it, show it and compare with it later.
///
/// A snapshot is a pointer at first: it costs nothing and keeps what was built from being collected. A frozen one is a
/// verified copy that needs nothing else: its directory can be moved to another machine and read there, with Sawmill
/// (`--at path:DIR`, from any workspace) or with any tool that reads Parquet.
#[derive(Debug, clap::Args)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  sawmill snapshot create --tag v1.4 --label 'before the migration'
  sawmill snapshot list
  sawmill search --at tag:v1.4 parse config
  sawmill snapshot freeze tag:v1.4
  sawmill snapshot prune --dry-run"
)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

/// What is done with snapshots.
#[derive(Debug, clap::Subcommand)]
enum Action {
    Create(Create),
    /// List all of them, the newest first.
    #[command(
        after_help = "Examples:\n  sawmill snapshot list\n  sawmill snapshot list --json | jq -r '.snapshots[].id'"
    )]
    List,
    Show(Show),
    Freeze(Freeze),
    Rm(Rm),
    Prune(Prune),
}

/// Make a snapshot of what is built now, or of another moment.
///
/// Refused while a repository is stale: a snapshot is of a whole moment.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill snapshot create
  sawmill snapshot create --tag v1.4 --tag stable --freeze
  sawmill snapshot create --at previous --label 'before the rewrite'
  sawmill snapshot create --at git:v1.3 --repo api --tag api-1.3")]
struct Create {
    /// Of this moment: previous, gen:ID, build:ID or git:REVISION; of what is built now where none is given.
    #[arg(long, value_name = "REF")]
    at: Option<String>,

    /// The repository that `build:` or `git:` is about.
    #[arg(long, value_name = "REPO", requires = "at")]
    repo: Option<String>,

    /// A name to find it by, `--at tag:TAG`. A tag keeps it from being pruned.
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,

    /// A line that says what it is.
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,

    /// More words.
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,

    /// Freeze it at once. If that fails no snapshot is made.
    #[arg(long)]
    freeze: bool,

    /// Freeze by hard links: no room is needed, and what damages the cache damages the copy.
    #[arg(long, requires = "freeze")]
    link: bool,

    /// Wait up to this many seconds while a build runs.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

/// Say what is in a snapshot.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  sawmill snapshot show tag:v1.4\n  sawmill snapshot show snap-20270115")]
struct Show {
    /// An id, the beginning of one, or tag:TAG.
    #[arg(value_name = "SNAP")]
    snapshot: String,
}

/// Make a pointer a verified copy that stands alone.
///
/// Blocks are shared with the cache where the file system can (reflinks), else everything is copied. Every object is read
/// back and hashed; damage fails the freeze and leaves no copy.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill snapshot freeze tag:v1.4
  sawmill search --at path:.sawmill/snapshots/snap-20270115-080000-ab12cd/frozen parse config")]
struct Freeze {
    /// An id, the beginning of one, or tag:TAG.
    #[arg(value_name = "SNAP")]
    snapshot: String,

    /// By hard links: no room is needed, and what damages the cache damages the copy.
    #[arg(long)]
    link: bool,

    /// Wait up to this many seconds while a build runs.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

/// Remove snapshots, and their frozen copies with them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  sawmill snapshot rm snap-20270115\n  sawmill snapshot rm --force tag:v1.3")]
struct Rm {
    /// Ids, beginnings of them, or tag:TAG.
    #[arg(value_name = "SNAP", required = true)]
    snapshots: Vec<String>,

    /// Also one that a tag protects.
    #[arg(long)]
    force: bool,

    /// Wait up to this many seconds while a build runs.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

/// Remove the snapshots that `snapshots:` of the workspace file does not keep.
///
/// Kept are those with a tag that protects, and of the others those that are both among the newest and younger than the
/// age; pointers and frozen ones are counted apart.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  sawmill snapshot prune --dry-run\n  sawmill snapshot prune --json | jq .removed")]
struct Prune {
    /// Say what would go, and leave it.
    #[arg(long)]
    dry_run: bool,

    /// Wait up to this many seconds while a build runs.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let answer = asked(shell, args.action)?;
    if shell.output.json {
        output::object(&answer)?;
        return Ok(Verdict::Done);
    }
    let (text, notices) = match &answer {
        SnapshotAnswer::One(report) => (snapshots::one(shell, &report.snapshot), &report.notices),
        SnapshotAnswer::Many(report) => (snapshots::list(shell, &report.snapshots), &report.notices),
        SnapshotAnswer::Removed(report) => (snapshots::removed(shell, report), &report.notices),
    };
    pager::show(&text, &shell.output, &shell.env)?;
    snapshots::tell(shell, notices);
    Ok(Verdict::Done)
}

fn asked(shell: &Shell, action: Action) -> Result<SnapshotAnswer, Stop> {
    let mut context = shell.context()?;
    let wait = Duration::from_secs;
    Ok(match action {
        Action::Create(args) => {
            if let Some(at) = &args.at {
                let repos: Vec<String> = args.repo.into_iter().collect();
                context.at = Some(moment::named(shell, at, &repos)?);
            }
            let Create { tag: tags, label, notes, freeze, link, .. } = args;
            let request = CreateRequest { tags, label, notes, freeze, link, wait: wait(args.wait) };
            SnapshotAnswer::One(Box::new(snapshot::create(&context, &request)?))
        }
        Action::List => SnapshotAnswer::Many(snapshot::list(&context)?),
        Action::Show(args) => SnapshotAnswer::One(Box::new(snapshot::show(&context, &args.snapshot)?)),
        Action::Freeze(args) => {
            let request = FreezeRequest { snapshot: args.snapshot, link: args.link, wait: wait(args.wait) };
            SnapshotAnswer::One(Box::new(snapshot::freeze(&context, &request)?))
        }
        Action::Rm(args) => {
            let request = RemoveRequest { snapshots: args.snapshots, force: args.force, wait: wait(args.wait) };
            SnapshotAnswer::Removed(snapshot::remove(&context, &request)?)
        }
        Action::Prune(args) => {
            let request = PruneRequest { dry_run: args.dry_run, wait: wait(args.wait) };
            SnapshotAnswer::Removed(snapshot::prune(&context, &request)?)
        }
    })
}
