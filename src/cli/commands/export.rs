//! `export`: feeds for other programs.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use miette::Diagnostic;
use sawmill::base::Tier;
use sawmill::ops::export::{self, Export, ExportReport, ExportRequest, FeedOptions};

use super::super::human;
use super::super::moment::named;
use super::super::output;
use super::super::report::Failure;
use super::super::run::{Answer, Stop, Verdict};
use super::super::shell::Shell;

/// Write feeds for vector stores and language models.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill export chunks > chunks.jsonl
  sawmill export chunks --since gen:g-4f49162e8862 | my-vector-store upsert
  sawmill export chunks --since tag:indexed --format parquet --out feed.parquet")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The chunks that came, changed and went since a moment.
    Chunks(Chunks),
}

/// The chunks that came, changed and went since a moment.
///
/// Rows have `op`: `delete` with the chunk's repository, node, id and path, or `upsert` with all columns of `chunks`. Whoever
/// takes the deleted ones away and puts the others, by repository, node and id, has the table `chunks` of the later moment,
/// exactly. The last line on standard error says what to give as --since the next time.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill export chunks                                   everything, to start with
  sawmill export chunks --since snap:snap-20261122        what changed since
  sawmill export chunks --since tag:indexed --out feed.jsonl --json | jq -r .to.resolved")]
struct Chunks {
    /// The moment that the reader has; where not given, nothing yet.
    #[arg(long, value_name = "REF")]
    since: Option<String>,

    /// The moment that it is to have.
    #[arg(long, value_name = "REF", default_value = "latest")]
    to: String,

    /// Only these repositories.
    #[arg(long, value_name = "REPO", value_delimiter = ',')]
    repo: Vec<String>,

    /// Only what these nodes cut.
    #[arg(long, value_name = "NODE", value_delimiter = ',')]
    node: Vec<String>,

    /// Leave out blank stretches, which are rows so that a file is its rows put together.
    #[arg(long)]
    no_rest: bool,

    /// How rows are written.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "jsonl")]
    format: Format,

    /// Write them into this file, whole or not at all; the answer then tells of it.
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A stream of objects, one a row.
    Jsonl,
    /// A Parquet file; not onto a terminal.
    Parquet,
}

/// Parquet bytes would act on the terminal.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("a Parquet file is no text for a terminal")]
#[diagnostic(code(sawmill::cli::parquet_on_terminal), help("name a file with `--out feed.parquet`"))]
struct NotForPeople;

/// One JSON object and a Parquet file cannot both be on standard output.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("`--json` and `--format parquet` both want standard output")]
#[diagnostic(code(sawmill::cli::two_outputs), help("name a file for the rows with `--out feed.parquet`"))]
struct TwoOutputs;

pub fn run(shell: &Shell, args: Args) -> Answer {
    let What::Chunks(args) = args.what;
    if args.format == Format::Parquet && args.out.is_none() {
        if shell.output.json {
            return Err(Failure::new(Tier::User, &TwoOutputs).into());
        }
        if shell.output.terminal {
            return Err(Failure::new(Tier::User, &NotForPeople).into());
        }
    }
    let context = shell.context()?;
    let request = ExportRequest {
        since: args.since.as_deref().map(|text| named(shell, text, &args.repo)).transpose()?,
        to: named(shell, &args.to, &args.repo)?,
        options: FeedOptions { repos: args.repo, nodes: args.node, no_rest: args.no_rest },
    };
    let export = export::open(&context, &request)?;
    let report = match &args.out {
        Some(file) => {
            let (bytes, report) = rows(&context, &export, args.format)?;
            export::write(&context, &shell.directory.join(file), &bytes)?;
            report
        }
        None if shell.output.json => export.whole(&context)?,
        None => stream(&context, &export, args.format)?,
    };
    if shell.output.json {
        output::object(&report)?;
    } else {
        tell(shell, &report);
    }
    Ok(Verdict::Done)
}

fn rows(context: &sawmill::ops::Context, export: &Export, format: Format) -> Result<(Vec<u8>, ExportReport), Stop> {
    if format == Format::Parquet {
        return Ok(export.parquet(context)?);
    }
    let (mut bytes, mut failed) = (Vec::new(), None);
    let report = export.lines(context, |row| match output::json(&row) {
        Ok(line) => {
            bytes.extend_from_slice(line.as_bytes());
            true
        }
        Err(error) => {
            failed = Some(error);
            false
        }
    })?;
    failed.map_or(Ok((bytes, report)), |error| Err(error.into()))
}

fn stream(context: &sawmill::ops::Context, export: &Export, format: Format) -> Result<ExportReport, Stop> {
    if format == Format::Parquet {
        let (bytes, report) = export.parquet(context)?;
        output::data(bytes)?;
        return Ok(report);
    }
    let mut failed = None;
    let report = export.lines(context, |row| match output::json(&row).and_then(output::data) {
        Ok(()) => true,
        Err(error) => {
            failed = Some(error);
            false
        }
    })?;
    failed.map_or(Ok(report), |error| Err(error.into()))
}

fn tell(shell: &Shell, report: &ExportReport) {
    let upserts = human::counted(report.totals.upserts, "upsert", "upserts");
    let deletes = human::counted(report.totals.deletes, "delete", "deletes");
    shell.output.say(&format!("{upserts}, {deletes}; the next time: --since {}", report.to.resolved));
}
