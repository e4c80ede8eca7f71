//! `deps`: what depends on what.

use clap::ValueEnum;
use sawmill::ops::deps::{self, DepsReport, DepsRequest, Relation};

use super::super::dependencies;
use super::super::human;
use super::super::output;
use super::super::pager;
use super::super::run::{Answer, Verdict};
use super::super::shell::Shell;
use super::super::stale;

/// Show what a file, a directory or a symbol depends on, or what depends on it.
///
/// Follows the relations that the index resolved: calls, imports, uses, what extends and what implements. A target is
/// a path (from the repository's root or from here), PATH::SYMBOL, or the name of a symbol, qualified or not; each may
/// stand behind `REPO:`. Only certain references are followed; those that may mean several things (ambiguous) and those
/// that the repository does not define (outside) are counted at each node.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill deps src/store.rs                 what it depends on, and by what
  sawmill deps src/store.rs --reverse       what depends on it
  sawmill deps Store::open -r --depth 3     what may break: callers of callers
  sawmill deps app/orders.py::total         one symbol of one file
  sawmill deps api:app/ --type imports      a directory: what leads out of it
  sawmill deps main --ambiguous             with what leads nowhere certain
  sawmill deps src/main.rs -d 0 --format dot | dot -Tsvg > deps.svg
  sawmill deps src/main.rs --json | jq -r '.edges[] | [.from, .to] | @tsv'")]
pub struct Args {
    /// A path, PATH::SYMBOL, or a symbol.
    #[arg(value_name = "PATH|SYMBOL")]
    target: String,

    /// Only in this repository.
    #[arg(long, value_name = "NAME")]
    repo: Option<String>,

    /// What depends on it, and not what it depends on.
    #[arg(short, long)]
    reverse: bool,

    /// Levels to go, 0: all that there are; where not given, 1 from a file or directory and 2 from a symbol.
    #[arg(short, long, value_name = "N")]
    depth: Option<u32>,

    /// Only relations of these types.
    #[arg(long = "type", value_enum, value_name = "TYPE", value_delimiter = ',')]
    types: Vec<Type>,

    /// List the ambiguous references and those that lead outside.
    #[arg(long)]
    ambiguous: bool,

    /// Most edges, and most listed references.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,

    /// How it is shown; `--json` stands for `--format json`.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Types of relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Type {
    Calls,
    Imports,
    Uses,
    Extends,
    Implements,
}

/// How it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A tree for a terminal.
    Text,
    /// For Graphviz.
    Dot,
    /// One object with nodes and edges.
    Json,
}

impl From<Type> for Relation {
    fn from(given: Type) -> Self {
        match given {
            Type::Calls => Self::Calls,
            Type::Imports => Self::Imports,
            Type::Uses => Self::Uses,
            Type::Extends => Self::Extends,
            Type::Implements => Self::Implements,
        }
    }
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let format = if shell.output.json { Format::Json } else { args.format };
    let request = DepsRequest {
        target: args.target,
        repo: args.repo,
        reverse: args.reverse,
        depth: args.depth,
        relations: args.types.into_iter().map(Relation::from).collect(),
        list: args.ambiguous,
        limit: args.limit as usize,
        ..DepsRequest::default()
    };
    let report = deps::run(&shell.context()?, &shell.directory, request)?;
    match format {
        Format::Json => output::object(&report)?,
        Format::Dot => output::data(deps::dot(&report.answer))?,
        Format::Text => {
            let tree = dependencies::tree(&report.answer, shell.output.paint, look(shell));
            pager::show(&tree, &shell.output, &shell.env)?;
            stale::note(shell, &report.stale);
            shell.output.say(&footer(shell, &report, args.limit));
        }
    }
    Ok(Verdict::Done)
}

fn look(shell: &Shell) -> dependencies::Look {
    dependencies::Look { width: usize::from(shell.output.width), unicode: shell.output.unicode }
}

/// How much was shown, and how to see more.
fn footer(shell: &Shell, report: &DepsReport, limit: u32) -> String {
    let answer = &report.answer;
    let counts = &answer.counts;
    if counts.found == 0 {
        let words = if answer.reverse {
            "nothing in its repository is known to depend on it"
        } else {
            "it is not known to depend on anything else in its repository"
        };
        return shell.output.err_paint.dim(words);
    }
    let others = human::counted(counts.nodes.saturating_sub(1), "node", "nodes");
    let references = human::counted(counts.references, "reference", "references");
    let depth = match answer.depth {
        0 => "to the end".to_owned(),
        depth => format!("to depth {depth}"),
    };
    let cut = match counts.found.saturating_sub(counts.edges) {
        0 if answer.truncated => format!("; only {} references are listed: --limit N", human::count(u64::from(limit))),
        0 => String::new(),
        more => format!("; {} left out: more with --limit N", human::counted(more, "edge", "edges")),
    };
    shell.output.err_paint.dim(&format!("{others} by {references}, {depth}{cut}"))
}
