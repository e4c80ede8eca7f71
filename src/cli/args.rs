//! The arguments that every command takes, and the list of commands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::commands::{
    build, check, clear, completions, deps, diff, doctor, export, failures, gc, graph, history, init, inspect, man,
    preview, retry, schema, search, show, snapshot, stats, status, tag, verify, why,
};

/// Source trees in, Parquet out.
///
/// Sawmill reads the repositories that `workspace.yaml` names, runs the pipelines of `pipelines/` over them, and
/// leaves plain Parquet tables behind. Only what changed is done again. `sawmill search` asks the tables.
#[derive(Debug, Parser)]
#[command(name = "sawmill", version, max_term_width = 100, subcommand_required = true)]
#[command(arg_required_else_help = true, infer_long_args = false, after_help = EXAMPLES)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,

    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// What a command cannot do together with an argument of every command.
    pub fn conflict(&self) -> Option<clap::Error> {
        match &self.command {
            Command::Stats(args) => args.conflict(self.global.json || self.global.progress == Progress::Jsonl),
            _ => None,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  sawmill init .                 write a workspace.yaml for the tree here
  sawmill build                  do what has to be done, and nothing else
  sawmill search parse config    ask every repository
  sawmill inspect --paths        where the tables are, for DuckDB and Polars";

/// Arguments that stand before or after any command.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Work as if started in DIR.
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub directory: Option<PathBuf>,

    /// The workspace file; else SAWMILL_WORKSPACE, else `workspace.yaml` here or in a directory above.
    #[arg(long, value_name = "FILE", global = true)]
    pub workspace: Option<PathBuf>,

    /// One JSON object on standard output, also when something fails.
    #[arg(long, global = true)]
    pub json: bool,

    /// How progress is shown on standard error.
    #[arg(long, value_enum, value_name = "HOW", default_value = "auto", global = true)]
    pub progress: Progress,

    /// When to use colours.
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto", global = true)]
    pub color: When,

    /// Long answers go to the terminal as they are, not through SAWMILL_PAGER, PAGER or `less`.
    #[arg(long, global = true)]
    pub no_pager: bool,

    /// Say less: answers and errors only.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Read files in this process and not in workers. A check of ourselves: the rows are the same.
    #[arg(long, global = true, hide = true)]
    pub in_process: bool,

    /// Say more.
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Progress {
    /// Bars on a terminal, lines elsewhere.
    Auto,
    /// Bars.
    Tty,
    /// Lines, one now and then.
    Log,
    /// A protocol for programs (docs/progress.md), alone on standard error; stands for `--json` as well.
    Jsonl,
    /// Nothing.
    Off,
}

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}

/// The commands; each is a file of `cli/commands/` and one of `ops/`.
#[derive(Debug, Subcommand)]
pub enum Command {
    Init(init::Args),
    Check(check::Args),
    Schema(schema::Args),
    Build(build::Args),
    Status(status::Args),
    Search(search::Args),
    Show(show::Args),
    Inspect(inspect::Args),
    Stats(stats::Args),
    Deps(deps::Args),
    Graph(graph::Args),
    Preview(preview::Args),
    Why(why::Args),
    Failures(failures::Args),
    History(history::Args),
    Retry(retry::Args),
    Snapshot(snapshot::Args),
    Tag(tag::Args),
    Diff(diff::Args),
    Export(export::Args),
    Verify(verify::Args),
    Clear(clear::Args),
    Gc(gc::Args),
    Doctor(doctor::Args),
    Completions(completions::Args),
    Man(man::Args),
}
