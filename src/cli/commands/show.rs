//! `show`: rows of any table.

use clap::ValueEnum;
use miette::Diagnostic;
use sawmill::base::{Mode, Tier};
use sawmill::ops::Context;
use sawmill::ops::show::{self, Rows, ShowAnswer, ShowReport, ShowRequest};
use serde_json::{Map, Value};

use super::super::human;
use super::super::moment::{self, Moment};
use super::super::output;
use super::super::pager;
use super::super::report::Failure;
use super::super::rows::{self, cell};
use super::super::run::{Answer, Stop, Verdict};
use super::super::shell::Shell;
use super::super::stale;
use super::super::table::{Lean, Table};

/// Show rows of a table.
///
/// The built-in nodes write files and outline (`extract`), chunks and symbols (`chunk`), and postings, chunk_stats, trigrams,
/// indexed_files, definitions, mentions and relations (`index`).
///
/// Rows come by repository, node, mode and path. `docs/tables.md` lists the columns of each table.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill show files --repo api
  sawmill show symbols --columns path,kind,qualified_name --format csv > s.csv
  sawmill show relations --repo api
  sawmill show chunks --modes prose --format jsonl | head
  sawmill show chunks --format arrow > chunks.arrows
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

    /// Most rows; where not given, 50 in a table or one JSON object, and all in a stream.
    #[arg(short = 'n', long, value_name = "N")]
    limit: Option<u64>,

    /// All rows.
    #[arg(long, conflicts_with = "limit")]
    all: bool,

    /// Rows to leave out at the start.
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u64,

    /// How rows are written; `--json` stands for `--format json`.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "table")]
    format: Format,

    #[command(flatten)]
    moment: Moment,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: a choice of columns, long values cut.
    Table,
    /// One object with all rows.
    Json,
    /// A stream of objects, one a row.
    Jsonl,
    /// A stream as RFC 4180 has it, with a head; lists as JSON. Characters that act on a terminal are shown and not
    /// written, as everywhere that people look; the other forms keep every character.
    Csv,
    /// An Arrow IPC stream; not onto a terminal.
    Arrow,
}

/// Rows of a table or of one JSON object, where nothing is said.
const LIMIT: u64 = 50;

/// Arrow bytes would act on the terminal.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("an Arrow stream is no text for a terminal")]
#[diagnostic(
    code(sawmill::cli::not_for_people),
    help("write it into a file or a pipe: `… --format arrow > rows.arrows`")
)]
struct NotForPeople;

/// What people want to see of a table first.
const FIRST_COLUMNS: &[(&str, &[&str])] = &[
    ("files", &["path", "language", "mode", "lines", "bytes", "parse_status"]),
    ("outline", &["path", "role", "kind", "qualified_name", "start_byte", "end_byte"]),
    ("chunks", &["path", "start_line", "end_line", "kind", "qualified_name", "tokens"]),
    ("symbols", &["path", "start_line", "kind", "qualified_name"]),
    ("relations", &["path", "line", "type", "target_name", "target_path", "status"]),
    ("definitions", &["name", "kind", "path", "qualified_name"]),
    ("mentions", &["name", "shards"]),
    ("postings", &["term", "field", "doc_freq"]),
    ("chunk_stats", &["ordinal", "shard", "row", "len_name", "len_body"]),
    ("trigrams", &["gram", "steps"]),
    ("indexed_files", &["file", "path", "bytes", "shard", "row", "rows"]),
];

/// Longest cell of a table for people, in characters.
const CELL: usize = 60;

pub fn run(shell: &Shell, args: Args) -> Answer {
    let format = if shell.output.json { Format::Json } else { args.format };
    let first = first_columns(&args.table);
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
        limit: args.limit.or((!args.all && matches!(format, Format::Table | Format::Json)).then_some(LIMIT)),
    };
    let context = args.moment.context(shell, &request.repos)?;
    match format {
        Format::Jsonl => rows::jsonl(stream(shell, &context, &request)?)?,
        Format::Csv => rows::csv(stream(shell, &context, &request)?)?,
        Format::Arrow if shell.output.terminal => return Err(Failure::new(Tier::User, &NotForPeople).into()),
        Format::Arrow => rows::arrow(stream(shell, &context, &request)?)?,
        Format::Json => output::object(&show::run(&context, &request)?)?,
        Format::Table => {
            let ShowReport { answer, stale, at } = show::run(&context, &request)?;
            pager::show(&table(shell, &answer), &shell.output, &shell.env)?;
            stale::note(shell, &stale);
            moment::note(shell, at.as_ref());
            shell.output.say(&footer(shell, &answer, chosen && first.is_some()));
        }
    }
    Ok(Verdict::Done)
}

fn stream(shell: &Shell, context: &Context, request: &ShowRequest) -> Result<Rows, Stop> {
    let rows = show::rows(context, request)?;
    stale::note(shell, &rows.stale);
    Ok(rows)
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
    rendered(shell, &columns, &answer.rows)
}

/// What people want to see of `table` first, where that is known.
pub fn first_columns(table: &str) -> Option<&'static [&'static str]> {
    FIRST_COLUMNS.iter().find(|(known, _)| *known == table).map(|(_, columns)| *columns)
}

/// `columns` of `rows` for people.
pub fn rendered(shell: &Shell, columns: &[&str], rows: &[Map<String, Value>]) -> String {
    let is_number = |column: &str| rows.iter().any(|row| row.get(column).is_some_and(Value::is_number));
    let heads: Vec<(&str, Lean)> =
        columns.iter().map(|column| (*column, if is_number(column) { Lean::Right } else { Lean::Left })).collect();
    let mut table = Table::new(&heads, shell.output.width, shell.output.paint);
    for row in rows {
        table.row(columns.iter().map(|column| short(&cell(row, column))));
    }
    table.render()
}

/// The first line, cut where it is long.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(CELL).collect();
    if cut.len() < text.trim_end().len() { format!("{cut}…") } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_cut_and_says_so() {
        assert_eq!(short("one line"), "one line");
        assert_eq!(short("one line\n"), "one line");
        assert_eq!(short("first\nsecond"), "first…");
        assert_eq!(short(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
    }
}
