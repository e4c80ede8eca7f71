//! `gc`: deletes what nothing needs.

use std::time::Duration;

use sawmill::base::Tier;
use sawmill::ops::gc::{self, Amount, GcHolderKind, GcReport, GcRequest, GcStopped, GcUnknown, GcWhyReport};
use sawmill::ops::verify::PlaceUnit;

use super::super::human;
use super::super::interrupt;
use super::super::output;
use super::super::page::Page;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::super::table::{Lean, Table};

/// Delete what nothing needs any more: old generations, their builds, and objects that no record names.
///
/// Two phases: what nothing needs is condemned, and deleted by a later run, once the grace period is over, if nothing
/// needs it then. Kept are the latest generation and the one before it, those that `builds:` in workspace.yaml retains,
/// those that are being read, what snapshots and builds of commits name, and whatever another workspace with the same
/// cache names. Snapshots, diffs and the history of runs are never taken.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill gc --dry-run                 say what would go, and what waits
  sawmill gc                           condemn, and delete what was condemned an hour ago
  sawmill gc --grace 0                 delete what an earlier run condemned, however young that is
  sawmill gc --why 5f3a90c2            what keeps an object
  sawmill gc --why .sawmill/latest/repo=api/node=chunk/table=chunks/part-00000.parquet
  sawmill gc --json | jq .total.bytes")]
pub struct Args {
    /// Say what would go, and leave it.
    #[arg(long)]
    dry_run: bool,

    /// Collect nothing; say what keeps an object, named by its hash, the beginning of it, or a path in a view.
    #[arg(long, value_name = "OBJECT", conflicts_with_all = ["dry_run", "grace", "max_objects", "wait"])]
    why: Option<String>,

    /// Seconds for which what is condemned stands before it is deleted.
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds, default_value_t = gc::GRACE.as_secs())]
    grace: u64,

    /// Delete at most so many objects in this run.
    #[arg(long, value_name = "N")]
    max_objects: Option<u64>,

    /// Wait up to this many seconds while a build runs.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
}

fn seconds(text: &str) -> Result<u64, String> {
    let wrong = "a grace is a whole number of seconds; 0 lets what an earlier run condemned go at once";
    text.parse().map_err(|_| wrong.to_owned())
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    if let Some(object) = &args.why {
        return why(shell, object);
    }
    interrupt::listen(&shell.cancel);
    let request = GcRequest {
        dry_run: args.dry_run,
        grace: Duration::from_secs(args.grace),
        max_objects: args.max_objects,
        wait: Duration::from_secs(args.wait),
    };
    let report = gc::run(&shell.context()?, &request)?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        output::data(words(shell, &report))?;
    }
    Ok(if report.stopped == Some(GcStopped::Cancelled) { Verdict::Wrong(Tier::Cancelled) } else { Verdict::Done })
}

fn words(shell: &Shell, report: &GcReport) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    let amount =
        |amount: Amount| format!("{}, {}", human::counted(amount.files, "file", "files"), human::bytes(amount.bytes));
    if report.removed.is_empty() && report.waiting.is_empty() {
        page.line("nothing to collect");
    }
    if !report.removed.is_empty() {
        let verb = if report.dry_run { paint.warn("would delete") } else { paint.good("deleted") };
        page.line(format!("{verb} {}", amount(report.total)));
        page.add(table(shell, report.removed.iter().map(|(word, amount)| (word.as_str(), *amount))));
    }
    if !report.waiting.is_empty() {
        let until = report.waits_until.as_ref().map(|until| format!(", past its grace at {until}")).unwrap_or_default();
        page.line(format!("{} {}{until}", paint.warn("condemned"), amount(report.total_waiting)));
        page.add(table(shell, report.waiting.iter().map(|(word, amount)| (word.as_str(), *amount))));
    }
    if !report.kept.is_empty() {
        page.line("kept objects");
        page.add(table(shell, report.kept.iter().map(|kept| (keeper(&kept.by), kept.objects))));
    }
    for generation in &report.read {
        page.line(format!("generation {generation} stays while it is read"));
    }
    if report.stopped == Some(GcStopped::Full) {
        page.line("stopped after as many objects as --max-objects lets; next: sawmill gc");
    }
    if report.stopped == Some(GcStopped::Cancelled) {
        page.line("stopped; the store is whole; next: sawmill gc");
    }
    for notice in &report.notices {
        page.line(sanitize::name(notice));
    }
    unknown(&mut page, &report.unknown, "nothing is condemned that they may need; next: sawmill verify --all");
    page.text()
}

fn keeper(by: &str) -> &str {
    match by {
        "generations" => "older generations",
        "commits" => "builds of commits",
        "other-workspaces" => "other workspaces",
        other => other,
    }
}

fn table<'a>(shell: &Shell, rows: impl Iterator<Item = (&'a str, Amount)>) -> String {
    let columns = [("", Lean::Left), ("files", Lean::Right), ("size", Lean::Right)];
    let mut table = Table::new(&columns, shell.output.width, shell.output.paint);
    for (word, amount) in rows {
        table.row([format!("  {word}"), human::count(amount.files), human::bytes(amount.bytes)]);
    }
    table.render()
}

fn unknown(page: &mut Page, unknown: &[GcUnknown], so: &str) {
    if unknown.is_empty() {
        return;
    }
    page.line(format!("records that cannot be read; {so}"));
    for record in unknown {
        page.line(format!("  {}: {}", sanitize::name(&record.name), sanitize::name(&record.message)));
    }
}

fn why(shell: &Shell, object: &str) -> Answer {
    let report = gc::why(&shell.context()?, object, &shell.directory)?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        output::data(kept_words(shell, &report))?;
    }
    Ok(Verdict::Done)
}

fn kept_words(shell: &Shell, report: &GcWhyReport) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    let size = report.amount.map_or_else(|| "it is not there".to_owned(), |amount| human::bytes(amount.bytes));
    page.line(format!("object {} ({size})", report.object));
    if report.keepers.is_empty() {
        let since = report.condemned_since.as_ref().map_or_else(
            || "no collection has condemned it yet".to_owned(),
            |since| format!("condemned since {since}"),
        );
        page.line(format!("{}: {since}", paint.warn("nothing needs it")));
    }
    for keeper in &report.keepers {
        let whose = keeper.workspace.as_ref().map(|name| format!(" of workspace {name}")).unwrap_or_default();
        page.line(sanitize::name(&format!("repo={} build {}{whose}", keeper.repo, keeper.build)));
        for holder in &keeper.holders {
            let what = match holder.kind {
                GcHolderKind::Latest => "latest generation",
                GcHolderKind::Previous => "previous generation",
                GcHolderKind::Generation => "generation",
                GcHolderKind::Reader => "generation, while it is read,",
                GcHolderKind::Snapshot => "snapshot",
                GcHolderKind::Commit => "commit",
            };
            page.line(format!("  held by {what} {}", sanitize::name(&holder.id)));
        }
        for place in &keeper.places {
            let unit = match place.unit {
                PlaceUnit::Shard => "shard",
                PlaceUnit::Segment => "segment",
            };
            let text = format!("node={} table={} {unit} {} ({})", place.node, place.table, place.id, place.mode);
            page.line(paint.dim(&format!("  is      {}", sanitize::name(&text))));
        }
    }
    unknown(&mut page, &report.unknown, "they may need it too; next: sawmill verify --all");
    page.text()
}
