//! `inspect`: which pieces there are, what is in them, and where.

use std::collections::BTreeMap;
use std::time::Duration;

use sawmill::base::Mode;
use sawmill::ops::inspect::{self, InspectReport, Wanted};

use super::super::human;
use super::super::moment::{self, Moment};
use super::super::output;
use super::super::page::Page;
use super::super::pager;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::super::stale;
use super::super::table::{Lean, Table};

/// List the pieces of the current generation, their schemas, and where Arrow tools find them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill inspect                          rows and bytes by repository, node and table
  sawmill inspect --schema --table chunks  columns with their types and meaning
  sawmill inspect --paths                  globs for DuckDB and Polars
  sawmill inspect --json | jq '.pieces | length'")]
pub struct Args {
    /// Only these repositories.
    #[arg(long, value_name = "REPO", value_delimiter = ',')]
    repo: Vec<String>,

    /// Only what these nodes wrote.
    #[arg(long, value_name = "NODE", value_delimiter = ',')]
    node: Vec<String>,

    /// Only these tables.
    #[arg(long, value_name = "TABLE", value_delimiter = ',')]
    table: Vec<String>,

    /// Only these modes: code, prose, extracted-prose, records.
    #[arg(long, value_name = "MODE", value_delimiter = ',')]
    modes: Vec<Mode>,

    /// Show the columns of each table.
    #[arg(long)]
    schema: bool,

    /// Show where the tables of this generation are.
    #[arg(long)]
    paths: bool,

    #[command(flatten)]
    moment: Moment,
}

/// How long to wait for another writer where a view is to be made.
const VIEW_WAIT: Duration = Duration::from_secs(5);

pub fn run(shell: &Shell, args: Args) -> Answer {
    let context = args.moment.context(shell, &args.repo)?;
    let wanted = Wanted { repos: args.repo, nodes: args.node, tables: args.table, modes: args.modes };
    let mut report = if args.paths {
        inspect::run_with_view(&context, &wanted, VIEW_WAIT)?
    } else {
        inspect::run(&context, &wanted)?
    };
    report.paths = args.paths.then(|| globs(shell, &report));
    if shell.output.json {
        output::object(&report)?;
        return Ok(Verdict::Done);
    }
    let text = if let Some(globs) = &report.paths {
        paths(shell, &report, globs)
    } else if args.schema {
        schemas(shell, &report)
    } else {
        sums(shell, &report)
    };
    pager::show(&text, &shell.output, &shell.env)?;
    stale::note(shell, &report.stale);
    moment::note(shell, report.at.as_ref());
    Ok(Verdict::Done)
}

/// Table → a glob over its files, seen from the current directory.
fn globs(shell: &Shell, report: &InspectReport) -> BTreeMap<String, String> {
    let (view, above) = (shell.openable(&report.view.dir), report.view.above);
    let glob = |table: &str| format!("{view}/{above}/table={table}/*.parquet");
    report.answer.tables.iter().map(|table| (table.name.to_owned(), glob(table.name))).collect()
}

fn paths(shell: &Shell, report: &InspectReport, globs: &BTreeMap<String, String>) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    for (table, glob) in globs {
        page.line(format!("{table:<12} {}", paint.place(&sanitize::name(glob))));
    }
    if let Some(glob) = globs.get("chunks").or_else(|| globs.values().next()) {
        let (glob, by) = (sanitize::name(glob), report.view.outermost);
        page.line("");
        page.line(paint.dim("DuckDB:"));
        page.line(format!(
            "  SELECT {by}, count(*) FROM read_parquet('{glob}', hive_partitioning = true) GROUP BY {by};"
        ));
        page.line(paint.dim("Polars:"));
        page.line(format!("  pl.scan_parquet('{glob}', hive_partitioning=True)"));
    }
    page.text()
}

fn schemas(shell: &Shell, report: &InspectReport) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    for table in &report.answer.tables {
        let sort = table.sort.join(", ");
        page.line(format!("{}  format {}, sorted by {sort}", paint.bold(table.name), table.format));
        let heads = [("  column", Lean::Left), ("type", Lean::Left), ("meaning", Lean::Left)];
        let mut columns = Table::new(&heads, shell.output.width, paint);
        for column in &table.columns {
            let kind = if column.nullable { format!("{}?", column.data_type) } else { column.data_type.clone() };
            columns.row([format!("  {}", column.name), kind, column.doc.to_owned()]);
        }
        page.line(columns.render());
    }
    page.text()
}

fn sums(shell: &Shell, report: &InspectReport) -> String {
    let mut sums: BTreeMap<[&str; 4], [u64; 3]> = BTreeMap::new();
    for piece in &report.answer.pieces {
        let sum = sums.entry([&piece.repo, &piece.node, &piece.table, piece.mode.name()]).or_default();
        for (total, part) in sum.iter_mut().zip([1, piece.rows, piece.bytes]) {
            *total += part;
        }
    }
    let (left, right) = (Lean::Left, Lean::Right);
    let heads = [
        ("repository", left),
        ("node", left),
        ("table", left),
        ("mode", left),
        ("pieces", right),
        ("rows", right),
        ("bytes", right),
    ];
    let mut table = Table::new(&heads, shell.output.width, shell.output.paint);
    for (names, [pieces, rows, bytes]) in sums {
        let numbers = [human::count(pieces), human::count(rows), human::bytes(bytes)];
        table.row(names.map(str::to_owned).into_iter().chain(numbers));
    }
    let mut page = Page::default();
    page.line(shell.output.paint.bold(&format!("generation {}", report.generation)));
    page.line("");
    page.add(table.render());
    page.text()
}
