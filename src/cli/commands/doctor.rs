//! `doctor`: is everything here that Sawmill relies on?

use sawmill::ops::doctor::{self, DoctorReport, State};

use super::super::human;
use super::super::output;
use super::super::page::Page;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;

/// Check the workspace, the store and the file systems that they are on.
///
/// Works before the first build and on a store that may only be read. Creates nothing but a scratch directory in the
/// store's `tmp`, and removes it. Exit code 1 where a check is a problem.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill doctor
  sawmill doctor --json | jq -r '.checks[] | select(.state != \"ok\") | .message'")]
pub struct Args {}

pub fn run(shell: &Shell, _args: Args) -> Answer {
    let context = shell.context()?;
    let mut report = doctor::run(&context)?;
    // Messages name paths as they are seen from the workspace.
    if let Some(dir) = context.workspace_file.parent() {
        for check in &mut report.checks {
            check.message = sawmill::ops::seen_from(&check.message, dir);
        }
    }
    if shell.output.json {
        output::object(&report)?;
    } else {
        output::data(words(shell, &report))?;
    }
    Ok(if report.ok { Verdict::Done } else { Verdict::Negative })
}

fn words(shell: &Shell, report: &DoctorReport) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    for check in &report.checks {
        let state = match check.state {
            State::Ok => paint.good("ok     "),
            State::Warning => paint.warn("warning"),
            State::Problem => paint.bad("problem"),
        };
        let message = sanitize::name(&check.message);
        page.line(format!("{state}  {}: {message}", paint.bold(&sanitize::name(&check.name))));
        if let Some(help) = &check.help {
            page.line(format!("         next: {}", sanitize::name(help)));
        }
    }
    let count = |state: State, one: &str, many: &str| human::counted(report.count(state) as u64, one, many);
    if report.count(State::Warning) + report.count(State::Problem) > 0 {
        let (problems, warnings) =
            (count(State::Problem, "problem", "problems"), count(State::Warning, "warning", "warnings"));
        page.line(paint.dim(&format!("{problems}, {warnings}")));
    }
    page.text()
}
