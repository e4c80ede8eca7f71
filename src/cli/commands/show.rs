//! `show`: rows of any table.

use clap::ValueEnum;
use sawmill::base::Mode;
use sawmill::ops::show::{self, ShowAnswer, ShowRequest};
use serde_json::{Map, Value};

use super::super::human;
use super::super::output;
use super::super::pager;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::super::table::{Lean, Table};

/// Show rows of a table: files, outline, chunks, symbols, postings, chunk_stats.
///
/// Rows come by repository, node, mode and path. `docs/tables.md` lists the columns of each table.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill show files --repo api
  sawmill show symbols --columns path,kind,qualified_name --all --format csv > symbols.csv
  sawmill show chunks --modes prose --format jsonl --all | head
  sawmill show chunks --limit 1 --json | jq -r '.rows[0].text'")]
pub struct Args {
    /// The table.
    #[arg(value_name = "TABLE")]
    table: String,

    /// Only these repositories.
    #[arg(long, value_name = "REPO", value_delimiter = ',')]
    repo: Vec<String>,

    /// Only what this node wrote.
    #[arg(long, value_name = "NODE")]
    node: Option<String>,

    /// Only these modes: code, prose, extracted-prose, records.
    #[arg(long, value_name = "MODE", value_delimiter = ',')]
    modes: Vec<Mode>,

    /// Only these columns, in this order.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    columns: Vec<String>,

    /// Most rows.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: u64,

    /// All rows.
    #[arg(long, conflicts_with = "limit")]
    all: bool,

    /// Rows to leave out at the start.
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u64,

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
    /// One object a row.
    Jsonl,
    /// RFC 4180 with a head; lists as JSON.
    Csv,
}

/// What people want to see of a table first.
const FIRST_COLUMNS: &[(&str, &[&str])] = &[
    ("files", &["path", "language", "mode", "lines", "bytes", "parse_status"]),
    ("outline", &["path", "role", "kind", "qualified_name", "start_byte", "end_byte"]),
    ("chunks", &["path", "start_line", "end_line", "kind", "qualified_name", "tokens"]),
    ("symbols", &["path", "start_line", "kind", "qualified_name"]),
    ("postings", &["term", "field", "doc_freq"]),
    ("chunk_stats", &["ordinal", "shard", "row", "len_name", "len_body"]),
];

/// Longest cell of a table for people, in characters.
const CELL: usize = 60;

pub fn run(shell: &Shell, args: Args) -> Answer {
    let format = if shell.output.json { Format::Json } else { args.format };
    let first = FIRST_COLUMNS.iter().find(|(table, _)| *table == args.table).map(|(_, columns)| *columns);
    let chosen = format == Format::Table && args.columns.is_empty();
    let columns = match first {
        Some(first) if chosen => first.iter().map(|column| (*column).to_owned()).collect(),
        _ => args.columns,
    };
    let request = ShowRequest {
        table: args.table,
        repos: args.repo,
        node: args.node,
        modes: args.modes,
        columns,
        offset: args.offset,
        limit: (!args.all).then_some(args.limit),
    };
    let answer = show::run(&shell.context()?, &request)?;
    match format {
        Format::Json => output::object(&answer)?,
        Format::Jsonl => {
            for row in &answer.rows {
                output::object(row)?;
            }
        }
        Format::Csv => output::data(csv(shell, &answer))?,
        Format::Table => {
            pager::show(&table(shell, &answer), &shell.output, &shell.env)?;
            shell.output.say(&footer(shell, &answer, chosen && first.is_some()));
        }
    }
    Ok(Verdict::Done)
}

fn footer(shell: &Shell, answer: &ShowAnswer, chosen: bool) -> String {
    let shown = human::count(answer.rows.len() as u64);
    let total = human::counted(answer.total, "row", "rows");
    let more = if answer.truncated { "; more with --limit N or --all" } else { "" };
    let columns = if chosen { "; other columns with --columns" } else { "" };
    shell.output.err_paint.dim(&format!("{shown} of {total}{more}{columns}"))
}

/// `repo` and the columns of the table; the node only where several wrote it.
fn table(shell: &Shell, answer: &ShowAnswer) -> String {
    let nodes: std::collections::BTreeSet<String> = answer.rows.iter().map(|row| cell(row, "node")).collect();
    let columns: Vec<&str> =
        answer.columns.iter().map(String::as_str).filter(|column| *column != "node" || nodes.len() > 1).collect();
    let is_number = |column: &str| answer.rows.iter().any(|row| row.get(column).is_some_and(Value::is_number));
    let heads: Vec<(&str, Lean)> =
        columns.iter().map(|column| (*column, if is_number(column) { Lean::Right } else { Lean::Left })).collect();
    let mut table = Table::new(&heads, shell.output.width, shell.output.paint);
    for row in &answer.rows {
        table.row(columns.iter().map(|column| short(&cell(row, column))));
    }
    table.render()
}

fn cell(row: &Map<String, Value>, column: &str) -> String {
    match row.get(column) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The first line, cut where it is long.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(CELL).collect();
    if cut.len() < text.trim_end().len() { format!("{cut}…") } else { cut }
}

/// A head and a line a row. On a terminal the values are cleaned; into a file they go as they are.
fn csv(shell: &Shell, answer: &ShowAnswer) -> String {
    let mut text = String::new();
    let mut line = |cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    };
    line(answer.columns.clone());
    for row in &answer.rows {
        let value = |column: &String| {
            let value = cell(row, column);
            if shell.output.terminal { sanitize::name(&value).into_owned() } else { value }
        };
        line(answer.columns.iter().map(value).collect());
    }
    text
}

/// Source: RFC 4180, section 2.
fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_with_a_comma_quote_or_line_end_is_quoted() {
        assert_eq!(quoted("plain text"), "plain text");
        assert_eq!(quoted("a,b"), "\"a,b\"");
        assert_eq!(quoted("say \"hi\"\n"), "\"say \"\"hi\"\"\n\"");
    }

    #[test]
    fn a_long_value_is_cut_and_says_so() {
        assert_eq!(short("one line"), "one line");
        assert_eq!(short("one line\n"), "one line");
        assert_eq!(short("first\nsecond"), "first…");
        assert_eq!(short(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
    }
}
