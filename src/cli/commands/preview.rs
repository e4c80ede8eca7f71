//! `preview`: what a node makes of one file.

use clap::ValueEnum;
use sawmill::ops::preview::{self, PreviewReport, PreviewRequest};

use super::super::human;
use super::super::output;
use super::super::pager;
use super::super::rows;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::show;

/// Show what a node makes of one file, without a build.
///
/// The file is read as a build would read it, and the repository's nodes run over it in memory; nothing is written.
/// Where no node is named, it is the one that feeds the index. An index counts this file alone.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill preview src/main.rs                     its chunks
  sawmill preview api:app/orders.py --table symbols
  sawmill preview README.md --node extract --table outline
  sawmill preview src/main.rs --json | jq -r '.rows[].text'")]
pub struct Args {
    /// A file below the root of a repository, or REPO:PATH.
    #[arg(value_name = "FILE")]
    file: String,

    /// The repository, where roots lie within each other; else the one with the deepest root.
    #[arg(long, value_name = "REPO")]
    repo: Option<String>,

    /// The node.
    #[arg(long, value_name = "NODE")]
    node: Option<String>,

    /// One of the node's tables; else its first.
    #[arg(long, value_name = "TABLE")]
    table: Option<String>,

    /// Most rows; all where not given.
    #[arg(short = 'n', long, value_name = "N")]
    limit: Option<u64>,

    /// How rows are written; `--json` stands for `--format json`.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: a choice of columns, long values cut.
    Table,
    /// One object with all rows.
    Json,
    /// As RFC 4180 has it, with a head, as `show` writes it.
    Csv,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let format = if shell.output.json { Format::Json } else { args.format };
    let request = PreviewRequest {
        file: args.file,
        from: shell.directory.clone(),
        repo: args.repo,
        node: args.node,
        table: args.table,
        limit: args.limit,
    };
    let report = preview::run(&shell.context()?, &request)?;
    match format {
        Format::Json => output::object(&report)?,
        Format::Csv => output::data(rows::csv_text(&report.columns, &report.rows))?,
        Format::Table => {
            let text = show::rendered(shell, &shown(&report), &report.rows);
            pager::show(&text, &shell.output, &shell.env)?;
            for line in footer(&report) {
                shell.output.say(&shell.output.err_paint.dim(&line));
            }
        }
    }
    Ok(Verdict::Done)
}

/// The columns that people want to see first; the path stands in the footer.
fn shown(report: &PreviewReport) -> Vec<&str> {
    match show::first_columns(&report.table) {
        Some(first) => first.iter().copied().filter(|column| *column != "path").collect(),
        None => report.columns.iter().map(String::as_str).collect(),
    }
}

/// The file, the rows, and every node with its tables.
fn footer(report: &PreviewReport) -> [String; 3] {
    let language = report.language.as_deref().unwrap_or("no language");
    let size = human::bytes(report.bytes);
    let file = format!("{}:{} · {language} · {} · {size}", report.repo, report.path, report.mode);
    let count = human::count(report.rows.len() as u64);
    let total = human::counted(report.total, "row", "rows");
    let table = format!("{count} of {total} of table {} by node {}; there are", report.table, report.node);
    let choices = report.choices.iter().map(|choice| format!("{}: {}", choice.node, choice.tables.join(", ")));
    [sanitize::name(&file).into_owned(), table, choices.collect::<Vec<_>>().join(" · ")]
}
