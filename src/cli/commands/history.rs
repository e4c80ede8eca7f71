//! `history`: which version of which node processed a file.

use sawmill::base::Timestamp;
use sawmill::ops::history::{self, FileAsked, HistoryReport, HistoryRequest};

use super::super::human;
use super::super::output;
use super::super::page::Page;
use super::super::pager;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::super::stale;
use super::super::table::{Lean, Table};

/// Say which version of which node processed a file, when, and into which artifact.
///
/// What stands comes first, then what is remembered, newest first.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill history src/main.rs
  sawmill history api:src/main.rs --node extract
  sawmill history src/main.rs --json | jq -r '.history[] | [.at, .node, .definition, .status] | @tsv'")]
pub struct Args {
    /// A file, by its path or as REPO:PATH; it may be gone.
    #[arg(value_name = "PATH")]
    path: String,

    /// Only this node.
    #[arg(long, value_name = "NODE")]
    node: Option<String>,

    /// The repository, where several have the path.
    #[arg(long, value_name = "REPO", value_delimiter = ',')]
    repo: Vec<String>,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let file = FileAsked { text: args.path, from: shell.directory.clone(), repos: args.repo };
    let report = history::run(&shell.context()?, &HistoryRequest { file, node: args.node })?;
    if shell.output.json {
        output::object(&report)?;
        return Ok(Verdict::Done);
    }
    pager::show(&words(shell, &report), &shell.output, &shell.env)?;
    for notice in &report.notices {
        shell.output.say(&shell.output.err_paint.warn(&sanitize::name(notice)));
    }
    stale::note(shell, &report.stale);
    Ok(Verdict::Done)
}

fn short(hash: Option<&str>) -> String {
    hash.map_or_else(|| "-".to_owned(), |hash| hash.chars().take(12).collect())
}

fn words(shell: &Shell, report: &HistoryReport) -> String {
    let (width, paint) = (shell.output.width, shell.output.paint);
    let (left, right) = (Lean::Left, Lean::Right);
    let mut page = Page::default();
    page.line(paint.bold(&sanitize::name(&format!("{} in {}", report.path, report.repo))));
    if report.now.is_empty() {
        page.line("nothing of it stands");
    } else {
        let language = report.language.as_deref().unwrap_or("no language");
        let status = report.status.as_deref().unwrap_or("not parsed");
        let content = short(report.content_hash.as_deref());
        page.line(paint.dim(&sanitize::name(&format!("content {content} · {language} · {status}"))));
        let heads = [("stands", left), ("made by", left), ("table", left), ("artifact", left), ("rows", right)];
        let mut table = Table::new(&heads, width, paint);
        for piece in &report.now {
            let made_by = format!("{}@{}", piece.kind, piece.format);
            let rows = piece.rows.map_or_else(|| "-".to_owned(), human::count);
            table.row([piece.node.clone(), made_by, piece.table.clone(), short(Some(&piece.artifact)), rows]);
        }
        page.line(table.render());
    }
    if report.history.is_empty() {
        page.line("no run is remembered that processed it");
        return page.text();
    }
    let heads = [
        ("when", left),
        ("node", left),
        ("made by", left),
        ("definition", left),
        ("content", left),
        ("artifact", left),
        ("rows", right),
        ("status", left),
        ("took", right),
    ];
    let mut table = Table::new(&heads, width, paint);
    for row in &report.history {
        let at = Timestamp(row.started_at.saturating_mul(1_000_000));
        table.row([
            human::ago(at, shell.clock.now()),
            row.node.clone(),
            format!("{}@{}", row.kind, row.format),
            short(row.definition.as_deref()),
            short(row.content_hash.as_deref()),
            short(row.artifact.as_deref()),
            human::count(row.rows),
            row.status.clone(),
            human::duration(std::time::Duration::from_millis(row.milliseconds)),
        ]);
    }
    page.add(table.render());
    page.text()
}
