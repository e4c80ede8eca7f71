//! `tag`: names for snapshots.

use std::time::Duration;

use sawmill::ops::snapshot::{self, TagRequest};

use super::super::output;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::super::snapshots;

/// Give a snapshot tags, or take them away.
///
/// `--at tag:TAG` is the newest snapshot with the tag. A tag keeps a snapshot from being pruned, unless
/// `snapshots: protect_tags` of the workspace file says otherwise.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill tag snap-20270115 v1.4 stable
  sawmill tag tag:v1.4 stable --remove
  sawmill search --at tag:v1.4 parse config")]
pub struct Args {
    /// An id, the beginning of one, or tag:TAG.
    #[arg(value_name = "SNAP")]
    snapshot: String,

    /// A to Z, a to z, 0 to 9, `.`, `_`, `/` and `-`; at most 64, the first one a letter or a digit.
    #[arg(value_name = "TAG", required = true)]
    tags: Vec<String>,

    /// Take them away.
    #[arg(long)]
    remove: bool,

    /// Wait up to this many seconds while a build runs.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let Args { snapshot, tags, remove, .. } = args;
    let request = TagRequest { snapshot, tags, remove, wait: Duration::from_secs(args.wait) };
    let report = snapshot::tag(&shell.context()?, &request)?;
    if shell.output.json {
        output::object(&report)?;
        return Ok(Verdict::Done);
    }
    let paint = shell.output.paint;
    let tags = match report.snapshot.tags.as_slice() {
        [] => paint.dim("no tag"),
        tags => paint.place(&sanitize::name(&tags.join(" "))),
    };
    output::data(format!("{}  {tags}\n", paint.bold(&sanitize::name(&report.snapshot.id))))?;
    snapshots::tell(shell, &report.notices);
    Ok(Verdict::Done)
}
