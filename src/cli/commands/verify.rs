//! `verify`: the health of the store.

use sawmill::base::Tier;
use sawmill::ops::verify::{self, Fate, VerifyFinding, VerifyReport, VerifyRequest};

use super::super::human;
use super::super::interrupt;
use super::super::output;
use super::super::page::Page;
use super::super::pager;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;

/// Check the store: tell all damage, and whether the next build makes it again.
///
/// Looks at every record that the current generation leads to, and whether every object is there with its size. It
/// takes no lock and repairs nothing: a build does. Exit code 1: damaged, and the next build makes all of it again;
/// 4: some of it is lost, or may be.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill verify                 records, links, and the size of every object
  sawmill verify --deep          every byte, and every row
  sawmill verify --deep --all    also of the generations before, snapshots and builds of commits
  sawmill verify --json | jq '.findings[] | select(.fate == \"lost\") | .name'")]
pub struct Args {
    /// Also hash every object, decode every table and check its rows.
    #[arg(long)]
    deep: bool,

    /// Also check every generation before the current one, and what snapshots and builds of commits hold.
    #[arg(long)]
    all: bool,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    interrupt::listen(&shell.cancel);
    let report = verify::run(&shell.context()?, &VerifyRequest { deep: args.deep, all: args.all })?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        pager::show(&words(shell, &report), &shell.output, &shell.env)?;
    }
    Ok(if report.ok {
        Verdict::Done
    } else if report.findings.iter().all(|finding| finding.fate == Fate::Rebuildable) {
        Verdict::Negative
    } else {
        Verdict::Wrong(Tier::Bug)
    })
}

fn words(shell: &Shell, report: &VerifyReport) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    for finding in &report.findings {
        found(shell, &mut page, finding);
    }
    let checked = &report.checked;
    let mut looked = vec![
        human::counted(checked.records, "record", "records"),
        format!("{} ({})", human::counted(checked.objects, "object", "objects"), human::bytes(checked.bytes)),
    ];
    if report.deep {
        looked.push(human::counted(checked.rows, "row", "rows"));
    }
    let looked = looked.join(", ");
    match &report.generation {
        None if report.ok && checked.records == 0 => page.line("nothing was built yet; next: sawmill build"),
        None if report.ok => {
            let what = if checked.objects > 0 { "what snapshots and builds of commits keep" } else { "what stands" };
            page.line(format!("{}: {looked}, {what}", paint.good("whole")));
            page.line(paint.dim("  nothing is built now; next: sawmill build"));
        }
        Some(generation) if report.ok => {
            page.line(format!("{}: {looked}; generation {generation}", paint.good("whole")));
            if !report.deep && checked.objects > 0 {
                page.line(paint.dim("  objects were looked at by their sizes; `sawmill verify --deep` hashes each"));
            }
        }
        _ => {
            let count = |fate: Fate, word: &str| match report.count(fate) {
                0 => None,
                n => Some(format!("{n} {word}")),
            };
            let fates = [
                count(Fate::Rebuildable, "can be made again"),
                count(Fate::Unknown, "may be lost"),
                count(Fate::Lost, "lost"),
            ];
            let fates = fates.into_iter().flatten().collect::<Vec<_>>().join(", ");
            page.line(format!("{}: {fates}; looked at {looked}", paint.bad("damaged")));
        }
    }
    for (amount, what) in [
        (report.unreferenced, "named by no generation"),
        (Some(report.temporaries), "left in `tmp` by a build that was killed, or of one that runs"),
        (Some(report.quarantined), "set aside as damaged"),
    ] {
        if let Some(amount) = amount.filter(|amount| amount.files > 0) {
            let files = human::counted(amount.files, "file", "files");
            page.line(paint.dim(&format!("  {files}, {}: {what}", human::bytes(amount.bytes))));
        }
    }
    if report.generation.is_some() && report.unreferenced.is_none() {
        let why = "a record of a workspace that uses this cache cannot be read";
        page.line(paint.dim(&format!("  how many objects nothing names is not known: {why}")));
    }
    page.text()
}

fn found(shell: &Shell, page: &mut Page, finding: &VerifyFinding) {
    let paint = shell.output.paint;
    let fate = match finding.fate {
        Fate::Rebuildable => paint.warn("rebuildable"),
        Fate::Unknown => paint.bad("unknown"),
        Fate::Lost => paint.bad("lost"),
    };
    page.line(format!("{fate} {}: {}", sanitize::name(&finding.name), sanitize::name(&finding.message)));
    for place in &finding.places {
        let unit = match place.unit {
            verify::PlaceUnit::Shard => "shard",
            verify::PlaceUnit::Segment => "segment",
        };
        let table = finding.table.as_deref().unwrap_or("?");
        let text = format!("repo={} node={} table={table} {unit} {}", place.repo, place.node, place.id);
        page.line(format!("  is     {}", sanitize::name(&text)));
    }
    page.line(format!("  why    {}", sanitize::name(&finding.reason)));
    page.line(format!("  next   {}", sanitize::name(&finding.help)));
}
