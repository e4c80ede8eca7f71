//! `check`: the configuration, and nothing but it.

use sawmill::ops::check::{self, Summary};

use super::super::human;
use super::super::output;
use super::super::page::Page;
use super::super::report;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::with;

/// Report every mistake in the configuration, without running anything.
///
/// Reads workspace.yaml and every pipeline that it names, and shows all mistakes at once, each with its place.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill check
  sawmill check --param max_chars=1200
  sawmill check --json | jq -r '.mistakes[] | \"\\(.file):\\(.line): \\(.message)\"'")]
pub struct Args {
    /// A value for a parameter of the pipelines, as in `${max_chars}`.
    #[arg(long, value_name = "NAME=VALUE", value_parser = with::name_and_value)]
    param: Vec<(String, String)>,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let mut context = shell.context()?;
    context.params = args.param;
    let report = check::of(&context);
    if shell.output.json {
        output::object(&report)?;
    } else {
        for remark in report.mistakes.iter().chain(&report.warnings) {
            output::insist(&report::rendered(remark, &shell.output));
        }
        match &report.summary {
            Some(summary) if report.ok => output::data(words(shell, summary))?,
            _ => output::insist(report.error.as_ref().map_or("", |error| error.message.as_str())),
        }
    }
    Ok(if report.ok { Verdict::Done } else { Verdict::Wrong(report.tier()) })
}

fn words(shell: &Shell, summary: &Summary) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    let repos = human::counted(summary.repositories as u64, "repository", "repositories");
    let disabled = match summary.disabled {
        0 => String::new(),
        n => format!(", {} disabled", human::count(n as u64)),
    };
    page.line(format!("{} {}: {repos}{disabled}", paint.good("fine"), sanitize::name(&summary.workspace)));
    for (pipeline, nodes) in &summary.pipelines {
        page.line(format!("  {}: {}", sanitize::name(pipeline), sanitize::name(&nodes.join(" → "))));
    }
    page.text()
}
