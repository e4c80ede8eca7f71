//! `why`: what ran and for which reason.

use std::path::PathBuf;

use sawmill::ops::why::{self, AskedPath, WhyReport, WhyRequest};

use super::super::human;
use super::super::output;
use super::super::page::Page;
use super::super::reason;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;

/// Say why something ran, or would run, up to the root cause.
///
/// Tells of the last build that ran anything of what is asked about: which ingredient of an action's key moved, from
/// what to what, and what moved first. For a path it also tells by which rules the file is read.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill why                      everything that the last build ran
  sawmill why api                  one repository
  sawmill why api/index            one node of it
  sawmill why src/main.rs          one file: the rules that decide over it, and what ran for it
  sawmill why api:src/main.rs      the same from anywhere; also as `api src/main.rs`
  sawmill why --next               what a build would run now, and why (looks at the trees)
  sawmill why api --json | jq -r '.actions[].roots[]'")]
pub struct Args {
    /// A repository, a node, any selector that `build` takes, or a file that is there.
    #[arg(value_name = "REPO[/NODE]|PATH")]
    target: Option<String>,

    /// A file of that repository, seen from its root or from here; it may be gone.
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,

    /// Ask about the next build and not about the last one.
    #[arg(long)]
    next: bool,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let path = match (&args.target, &args.path) {
        (Some(target), Some(path)) => {
            let repo = target.split_once('/').map_or(target.as_str(), |(repo, _)| repo);
            let repo = repo.trim_start_matches("repo:").to_owned();
            Some(AskedPath { repo, path: path.clone(), from: shell.directory.clone() })
        }
        (Some(target), None) => why::file(&shell.context()?, target, &shell.directory)?,
        _ => None,
    };
    let target = match (&path, args.path) {
        // The word was the file: what ran for it ran in its repository.
        (Some(asked), None) => Some(asked.repo.clone()),
        _ => args.target,
    };
    let request = WhyRequest { selectors: target.into_iter().collect(), path, next: args.next };
    let report = why::run(&shell.context()?, &request)?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        output::data(words(shell, &report, args.next))?;
    }
    Ok(Verdict::Done)
}

fn words(shell: &Shell, report: &WhyReport, next: bool) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    if let Some(file) = &report.file {
        page.line(paint.bold(&sanitize::name(&format!("{} in {}", file.verdict.path, file.repo))));
        for sentence in file.verdict.sentences() {
            page.line(format!("  {}", sanitize::name(&sentence)));
        }
    }
    if let Some(run) = &report.run {
        let ago = run.started_at.map(|at| human::ago(at, shell.clock.now()));
        let ago = ago.map(|ago| format!(", {ago}")).unwrap_or_default();
        let state = |id: &Option<String>| id.clone().unwrap_or_else(|| "nothing".to_owned());
        let (before, after) = (state(&run.before), state(&run.after));
        let went = if before == after { format!("{after} stayed") } else { format!("{before} → {after}") };
        page.line(paint.dim(&format!("run {}{ago}: {went}", run.number)));
    }
    for failed in &report.failed {
        let (repo, message) = (sanitize::name(&failed.repo), sanitize::name(&failed.message));
        page.line(format!("{} {repo}: {message} {}", paint.bad("failed"), paint.dim(&failed.code)));
    }
    let verb = if next { "runs" } else { "ran" };
    let about = report.file.as_ref().map(|file| file.verdict.path.as_str());
    reason::page(&mut page, &report.actions, verb, about, paint, shell.output.verbose);
    if report.actions.is_empty() && report.failed.is_empty() {
        page.line(match (next, &report.generation) {
            (true, _) => "nothing would run".to_owned(),
            (false, None) => "this workspace was never built; next: sawmill build".to_owned(),
            (false, Some(generation)) => {
                let runs = human::counted(report.runs, "run that is kept", "runs that are kept");
                format!("nothing of it ran in the {runs}: generation {generation} took it as it was")
            }
        });
    }
    page.text()
}
