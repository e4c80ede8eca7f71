//! `graph`: the plan, drawn.

use std::collections::BTreeMap;

use clap::ValueEnum;
use sawmill::ops::graph::{self, GraphReport, GraphRequest, Rail};

use super::super::output;
use super::super::pager;
use super::super::run::{Answer, Verdict};
use super::super::shell::Shell;

/// Draw the plan: nodes, what flows between them, and which repositories share it.
///
/// Repositories of one pipeline are one drawing. A selector is `repo:NAME`, `kind:KIND`, `tag:TAG`, `node:NAME`,
/// `REPO/NODE`, `PIPELINE/NODE` of a pipeline of workspace scope, or a name; `+x` adds what x needs, `x+` what needs x. Several selectors add up, `a,b` is what both
/// select.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill graph
  sawmill graph --counts                      with pieces, rows, bytes and states of the last build
  sawmill graph --next                        with what a build would run now
  sawmill graph +index tag:backend            what `index` needs, and all of the backend
  sawmill graph --format svg > plan.svg
  sawmill graph --format dot | dot -Tpdf > plan.pdf
  sawmill graph --json | jq -r '.edges[] | [.from, .port, .to] | @tsv'")]
pub struct Args {
    /// What to draw; everything where not given.
    #[arg(value_name = "SELECTOR")]
    selectors: Vec<String>,

    /// How it is drawn; `--json` stands for `--format json`.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// With what the last build left of each node: pieces, rows, bytes, and whether that is what the plan says.
    #[arg(long)]
    counts: bool,

    /// With what a build would do now: looks at the trees.
    #[arg(long)]
    next: bool,

    /// A drawing for each repository.
    #[arg(long)]
    expand: bool,
}

/// How a plan is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines for a terminal.
    Text,
    /// For Graphviz.
    Dot,
    /// For Markdown.
    Mermaid,
    /// A picture for browsers, light and dark.
    Svg,
    /// One object with nodes, edges and repositories.
    Json,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let format = if shell.output.json { Format::Json } else { args.format };
    let context = shell.context()?;
    let would = if args.next { graph::foreseen(&context, &args.selectors)? } else { BTreeMap::new() };
    let request = GraphRequest { selectors: args.selectors, expand: args.expand, counts: args.counts, would };
    let report = graph::run(&context, &request)?;
    match format {
        Format::Json => output::object(&report)?,
        Format::Dot => output::data(graph::dot(&report))?,
        Format::Mermaid => output::data(graph::mermaid(&report))?,
        Format::Svg => output::data(graph::svg(&report))?,
        Format::Text => {
            pager::show(&text(shell, &report), &shell.output, &shell.env)?;
            for repo in report.repos.iter().filter(|repo| !repo.available) {
                let words = format!("`{}` is not drawn: its tree is not there; `sawmill check` says more", repo.name);
                shell.output.say(&shell.output.err_paint.warn(&words));
            }
        }
    }
    Ok(Verdict::Done)
}

/// The lines, names of nodes in one column and their kinds in the next.
fn text(shell: &Shell, report: &GraphReport) -> String {
    let paint = shell.output.paint;
    let lines = graph::rails(report, shell.output.unicode);
    let width = |text: &str| text.chars().count();
    let gutter = lines.iter().map(|line| match line {
        Rail::Node { rails, .. } | Rail::Edge { rails, .. } => width(rails),
        Rail::Title { .. } => 0,
    });
    let gutter = gutter.max().unwrap_or(0) + 1;
    let names = report.nodes.iter().map(|node| width(&node.name)).max().unwrap_or(0);
    let kinds = report.nodes.iter().map(|node| width(&node.kind)).max().unwrap_or(0);
    let mut out = String::new();
    let pad = |text: &str, to: usize| " ".repeat(to.saturating_sub(width(text)));
    for (at, line) in lines.iter().enumerate() {
        match line {
            Rail::Title { head, names } => {
                let names = if names.is_empty() { String::new() } else { format!("  {names}") };
                let gap = if at == 0 { "" } else { "\n" };
                out.push_str(&[gap, &paint.bold(head), &paint.dim(&names), "\n"].concat());
            }
            Rail::Node { rails, node, amount, state, would } => {
                let facts: Vec<&str> = [state, would, amount].into_iter().flatten().map(String::as_str).collect();
                let head = format!("{rails}{}{}{}", pad(rails, gutter), paint.bold(&node.name), pad(&node.name, names));
                let kind = format!("{}{}", node.kind, pad(&node.kind, kinds));
                let facts = if facts.is_empty() { node.tables.join(", ") } else { facts.join(" · ") };
                out.push_str(format!("{head}  {}  {}", paint.place(&kind), facts).trim_end());
                out.push('\n');
            }
            Rail::Edge { rails, edge, from } => {
                let words = format!("{} ← {from}: {}", edge.port, edge.tables.join(", "));
                out.push_str(&[rails, &*pad(rails, gutter), "  ", &paint.dim(&words), "\n"].concat());
            }
        }
    }
    out
}
