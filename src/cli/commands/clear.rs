//! `clear`: drops derived data and says what.

use std::time::Duration;

use sawmill::ops::clear::{self, ClearReport, ClearRequest};

use super::super::human;
use super::super::output;
use super::super::page::Page;
use super::super::run::{Answer, Verdict};
use super::super::shell::Shell;
use super::super::table::{Lean, Table};

/// Drop what was built, of everything or of some repositories.
///
/// Only derived data goes: the next build makes it again, and comes to the same generation. Sources, `workspace.yaml`
/// and `pipelines/` are never touched. Objects that another workspace, or another repository, needs stay. So do
/// snapshots, which nothing makes again, and what they point to; diffs go with everything, and stay otherwise.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill clear --dry-run     say what would go
  sawmill clear api           what was made of one repository
  sawmill clear               everything of this workspace
  sawmill clear --snapshots   and its snapshots
  sawmill clear --json | jq .total.bytes")]
pub struct Args {
    /// Only what was made of these repositories.
    #[arg(value_name = "REPO")]
    repos: Vec<String>,

    /// Snapshots too, frozen ones among them: nothing makes them again.
    #[arg(long, conflicts_with = "repos")]
    snapshots: bool,

    /// Say what would go, and leave it.
    #[arg(long)]
    dry_run: bool,

    /// Wait up to this many seconds while a build runs.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let request = ClearRequest {
        repos: args.repos,
        snapshots: args.snapshots,
        dry_run: args.dry_run,
        wait: Duration::from_secs(args.wait),
    };
    let report = clear::run(&shell.context()?, &request)?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        output::data(words(shell, &report))?;
    }
    Ok(Verdict::Done)
}

fn words(shell: &Shell, report: &ClearReport) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    if report.total.files == 0 {
        page.line("nothing to clear");
    } else {
        let verb = if report.dry_run { paint.warn("would clear") } else { paint.good("cleared") };
        let files = human::counted(report.total.files, "file", "files");
        page.line(format!("{verb} {files}, {}", human::bytes(report.total.bytes)));
        let columns = [("", Lean::Left), ("files", Lean::Right), ("size", Lean::Right)];
        let mut table = Table::new(&columns, shell.output.width, paint);
        for (word, amount) in &report.removed {
            table.row([format!("  {word}"), human::count(amount.files), human::bytes(amount.bytes)]);
        }
        page.add(table.render());
    }
    if report.shared_with > 0 {
        let others = human::counted(report.shared_with as u64, "other workspace", "other workspaces");
        page.line(format!("objects and memo stay: the cache is shared with {others}"));
    }
    if report.pointers > 0 {
        let n = report.pointers as u64;
        let (stay, they) = (human::agreeing(n, "stays", "stay"), human::agreeing(n, "it points", "they point"));
        let (pointers, them) = (human::counted(n, "snapshot", "snapshots"), human::agreeing(n, "it", "them"));
        page.line(format!("{pointers} {stay}, with the builds and objects that {they} to; --snapshots takes {them}"));
    }
    if report.objects_unknown {
        page.line("objects stay: a record that may refer to them cannot be read; next: sawmill verify --all");
    }
    if report.total.files > 0 && !report.dry_run {
        page.line(paint.dim("next: sawmill build"));
    }
    page.text()
}
