//! `build`: the main job.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use sawmill::base::clock::Stopwatch;
use sawmill::ops::backfill::Backfill;
use sawmill::ops::build::{self, BuildReport, BuildRequest};
use sawmill::ops::committed::{self, CommittedRequest};
use sawmill::ops::{Context, OpsError, dry_run, why};

use super::super::forecast;
use super::super::human;
use super::super::interrupt;
use super::super::output;
use super::super::page::Page;
use super::super::panic;
use super::super::progress;
use super::super::report::Failure;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::with;

/// Build what changed, and nothing else.
///
/// Reads every enabled repository, runs the pipelines over what changed since the last build, and makes the result
/// the workspace's new generation once all of it stands. Readers keep the old one until then.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill build                            everything that the workspace names
  sawmill build api web                    only these repositories
  sawmill build --dry-run                  what would run, and why
  sawmill build tag:backend --fail-fast    the repositories of a tag; stop at the first failure
  sawmill build --param max_chars=1200     with another value for a parameter of the pipeline
  sawmill build --backfill lang:lua        after an upgrade, only what an older version made of one language
  sawmill build --at v1.2.0 --repo api     a commit, beside what stands: then search --at git:v1.2.0
  sawmill build --json | jq .ran           what ran, by node

A build with nothing to do answers in one line. Ctrl-C stops cleanly: what was finished is reused by
the next build. Where a repository as a whole failed, it keeps its last good build, the others
advance, and the exit code is 1.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Args {
    /// Repositories or nodes: `api`, `tag:backend`, `kind:extract`, `api/chunk`, `+index` (and what it needs), `chunk+`
    /// (and what needs it). Without any, everything.
    #[arg(value_name = "SELECTOR")]
    selectors: Vec<String>,

    /// Only the repositories in which outputs of an older version stand: `extract@6`, what FORMAT 6 of a kind made;
    /// `lang:lua`, what other definitions of a language than the present ones made.
    #[arg(long, value_name = "KIND@FORMAT|lang:NAME")]
    backfill: Option<String>,

    /// Build the committed tree of a revision instead, straight from git: nothing is checked out, and what stands stays.
    /// Ask it with `--at git:REV`.
    #[arg(long, value_name = "REV", conflicts_with_all = ["selectors", "backfill", "dry_run", "fail_fast"])]
    at: Option<String>,

    /// With `--at`: the repository whose revision it is, needed where there are several; may be repeated.
    #[arg(long, value_name = "NAME", requires = "at")]
    repo: Vec<String>,

    /// Say what would run, and why, and stop there: nothing is written.
    #[arg(long)]
    dry_run: bool,

    /// End with the first failure; nothing new is promoted then.
    #[arg(long)]
    fail_fast: bool,

    /// A value for a parameter of the pipelines, as in `${max_chars}`.
    #[arg(long, value_name = "NAME=VALUE", value_parser = with::name_and_value)]
    param: Vec<(String, String)>,

    /// Threads; the machine's where not given.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,

    /// Seconds to wait while another build of this workspace runs.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,

    /// Say how long it took.
    #[arg(long)]
    timings: bool,

    /// Make the rows of every file of a changed shard anew. A check of ourselves: the result is the same.
    #[arg(long, hide = true)]
    no_reuse: bool,

    /// Panic at the first action: for the tests of what is said then.
    #[cfg(debug_assertions)]
    #[arg(long, hide = true)]
    panic: bool,
}

#[cfg(debug_assertions)]
fn panicking(listener: build::Listener) -> build::Listener {
    std::sync::Arc::new(move |event: build::Event| {
        assert!(!matches!(event, build::Event::ActionFinished(_)), "asked to \u{1b}[2Jpanic");
        listener(event);
    })
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let mut context = shell.context()?;
    let command = again(&args.selectors, args.backfill.as_deref(), &args.param);
    context.params = args.param;
    let request = BuildRequest {
        jobs: args.jobs.map(usize::from),
        selectors: args.selectors,
        backfill: args.backfill.as_deref().map(Backfill::from_str).transpose().map_err(OpsError::from)?,
        fail_fast: args.fail_fast,
        reuse: !args.no_reuse,
        null_check: !args.no_reuse,
        wait: Duration::from_secs(args.wait),
    };
    interrupt::listen(&shell.cancel);
    if args.dry_run {
        return forecast(shell, &context, &request, &command);
    }
    let watch = Stopwatch::start();
    let (listener, screen) = progress::listener(shell);
    #[cfg(debug_assertions)]
    let listener = if args.panic { panicking(listener) } else { listener };
    let made = || match &args.at {
        Some(rev) => {
            let request = CommittedRequest { rev: rev.clone(), repos: args.repo.clone(), build: request };
            committed::run(&context, &request, listener)
        }
        None => build::run(&context, &request, listener),
    };
    let report = panic::fenced(made)
        .and_then(|done| done.map_err(|error| Failure::new(error.tier(), &error)))
        .map_err(|failure| failure.placed(&shell.output, &shell.env.cwd));
    screen.close(report.as_ref());
    let mut report = report?;
    let took = watch.elapsed();
    report.seconds = args.timings.then_some(took.as_secs_f64());
    if shell.output.json {
        output::object(&report)?;
    } else {
        let words = match &args.backfill {
            // Nothing was looked at.
            Some(older) if report.repos.is_empty() => {
                format!("nothing to do: what stands was not made by {}\n", sanitize::name(older))
            }
            _ if args.at.is_some() => at_commits(shell, &report, took, !args.repo.is_empty()),
            _ => words(shell, &report, took),
        };
        output::data(words)?;
    }
    Ok(if report.ok { Verdict::Done } else { Verdict::Negative })
}

/// The command that does what a dry run tells of.
fn again(selectors: &[String], backfill: Option<&str>, params: &[(String, String)]) -> String {
    let params = params.iter().map(|(name, value)| format!("--param {}", quoted(&format!("{name}={value}"))));
    let backfill = backfill.map(|older| format!("--backfill {}", quoted(older)));
    let words = selectors.iter().map(|selector| quoted(selector)).chain(backfill).chain(params);
    ["sawmill build".to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

/// A word of a command line, in quotes where a shell would read more into it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-_./:=,@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// What a build would do.
fn forecast(shell: &Shell, context: &Context, request: &BuildRequest, command: &str) -> Answer {
    let report = dry_run::run(context, request)
        .map_err(|error| Failure::new(error.tier(), &error).placed(&shell.output, &shell.env.cwd))?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        output::data(forecast::words(shell, &report, &why::with_roots(&report.will, &report.taken), command))?;
    }
    Ok(if report.ok { Verdict::Done } else { Verdict::Negative })
}

pub(super) fn words(shell: &Shell, report: &BuildReport, took: Duration) -> String {
    let paint = shell.output.paint;
    let files: u64 = report.repos.iter().map(|r| r.files).sum();
    let bytes: u64 = report.repos.iter().map(|r| r.bytes).sum();
    let whole = format!(
        "{} in {}, {}",
        human::counted(files, "file", "files"),
        human::counted(report.repos.len() as u64, "repository", "repositories"),
        human::bytes(bytes)
    );
    let time = paint.dim(&format!(" ({})", human::duration(took)));
    if report.nothing_to_do && report.ok {
        let warnings: u64 = report.repos.iter().map(|repo| repo.notices.len() as u64).sum();
        let warnings = match warnings {
            0 => String::new(),
            n => format!("; {}, shown with --verbose", human::counted(n, "warning", "warnings")),
        };
        let (done, generation) = (paint.good("nothing to do"), generation(report));
        return format!("{done}: {whole}; generation {generation} is current{warnings}{time}\n");
    }
    let mut page = Page::default();
    failures(shell, report, &mut page);
    if report.ok {
        page.line(format!("{} {whole}{time}", paint.good("built")));
    } else if report.nothing_to_do {
        page.line(format!("nothing else to do: generation {} is current{time}", generation(report)));
        page.add(followed(shell, report));
        return page.text();
    } else {
        page.line(format!("{}{time}", kept(report)));
    }
    work_done(shell, report, &mut page);
    page.add(followed(shell, report));
    let partial: Vec<&str> = report.repos.iter().filter(|r| r.partial).map(|r| r.name.as_str()).collect();
    if !partial.is_empty() {
        let (names, a_part) = (sanitize::name(&partial.join(", ")).into_owned(), "a part of the pipeline was selected");
        page.line(format!("  stays   {names}: {a_part}; what it made is remembered"));
    }
    page.line(paint.dim(&format!("generation {}; next: sawmill search WORDS", generation(report))));
    page.text()
}

/// `2 repositories advanced, 1 kept the last good build`, and what did of the nodes of the workspace.
fn kept(report: &BuildReport) -> String {
    let advanced = report.repos.iter().filter(|r| !r.stale).count() as u64;
    let advanced = format!("{} advanced", human::counted(advanced, "repository", "repositories"));
    let nodes = report.workspace_nodes.iter().filter(|node| node.stale).count();
    let repos = report.failed.len().saturating_sub(nodes);
    let repos = (repos > 0).then(|| format!("{repos} kept the last good build"));
    let nodes = (nodes > 0).then(|| {
        let nodes = human::counted(nodes as u64, "node of the workspace", "nodes of the workspace");
        format!("{nodes} did not")
    });
    [advanced].into_iter().chain(repos).chain(nodes).collect::<Vec<_>>().join(", ")
}

/// The repositories and the nodes of the workspace that failed.
fn failures(shell: &Shell, report: &BuildReport, page: &mut Page) {
    let paint = shell.output.paint;
    for failed in &report.failed {
        let (repo, message) = (sanitize::name(&failed.repo), sanitize::name(&failed.message));
        page.line(format!("{} {repo}: {message} {}", paint.bad("failed"), paint.dim(&failed.code)));
        if let Some(help) = &failed.help {
            page.line(format!("       {}", sanitize::name(help)));
        }
    }
}

/// What ran, what was reused, what was written.
fn work_done(shell: &Shell, report: &BuildReport, page: &mut Page) {
    let width = usize::from(shell.output.width);
    page.add(line("ran", &report.ran, &report.fresh_files, width));
    page.add(line("reused", &report.reused, &Counts::new(), width));
    for node in report.workspace_nodes.iter().filter(|node| !node.current && !node.stale) {
        let (ran, reused) = (human::count(node.ran), human::count(node.reused));
        page.line(format!("  across  {}: {ran} ran, {reused} reused", sanitize::name(&node.name)));
    }
    if report.bytes_written > 0 {
        page.line(format!("  wrote   {}", human::bytes(report.bytes_written)));
    }
    if report.healed > 0 {
        let healed =
            human::counted(report.healed as u64, "damaged or missing artifact", "damaged or missing artifacts");
        page.line(format!("  healed  {healed}"));
    }
}

/// What a build of commits did. `asked`: the repositories were named.
fn at_commits(shell: &Shell, report: &BuildReport, took: Duration, asked: bool) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    failures(shell, report, &mut page);
    for (commit, repo) in report.at.iter().zip(&report.repos) {
        if commit.build.is_none() {
            continue;
        }
        let short = commit.commit.get(..12).unwrap_or(&commit.commit);
        let done = if commit.current { "nothing to do" } else { "built" };
        page.line(format!(
            "{}: {} at {} ({short}): {}, {}{}",
            paint.good(done),
            sanitize::name(&commit.repo),
            sanitize::name(&commit.rev),
            human::counted(repo.files, "file", "files"),
            human::bytes(repo.bytes),
            paint.dim(&format!(" ({})", human::duration(took)))
        ));
    }
    work_done(shell, report, &mut page);
    if let Some(commit) = report.at.iter().find(|commit| commit.build.is_some()) {
        let repo = if asked { format!(" --select {}", sanitize::name(&commit.repo)) } else { String::new() };
        page.line(paint.dim(&format!(
            "HEAD stays as it was; next: sawmill search WORDS --at {}{repo}",
            quoted(&format!("git:{}", sanitize::name(&commit.rev)))
        )));
    }
    page.text()
}

/// What the steps after the build made.
fn followed(shell: &Shell, report: &BuildReport) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    if let Some(diffs) = &report.diffs {
        for made in &diffs.made {
            let events = human::counted(made.events, "event", "events");
            let only =
                if made.comparable { "" } else { " of files; what they were cut and indexed with is not the same" };
            page.line(format!("  compared  {events}{only}  {}", paint.dim(&format!("sawmill diff show {}", made.id))));
        }
        for skipped in &diffs.skipped {
            let (step, why) = (sanitize::name(&skipped.step), sanitize::name(&skipped.why));
            page.line(format!("  {} {step}: no diff: {why}", paint.warn("skipped")));
        }
    }
    let Some(snapshots) = &report.snapshots else { return page.text() };
    if let Some(made) = &snapshots.made {
        let tags = if made.tags.is_empty() { String::new() } else { format!("  {}", made.tags.join(" ")) };
        page.line(format!("  kept    {}{}", made.id, paint.place(&sanitize::name(&tags))));
    }
    for skipped in &snapshots.skipped {
        let (step, why) = (sanitize::name(&skipped.step), sanitize::name(&skipped.why));
        page.line(format!("  {} {step}: no snapshot: {why}", paint.warn("skipped")));
    }
    if !snapshots.pruned.is_empty() {
        let pruned = human::counted(snapshots.pruned.len() as u64, "snapshot", "snapshots");
        page.line(format!("  pruned  {pruned}"));
    }
    page.text()
}

fn generation(report: &BuildReport) -> &str {
    report.generation.as_deref().unwrap_or("none yet")
}

type Counts = BTreeMap<String, u64>;

/// `  ran     extract 3 (5 files) · chunk 3`, broken between two nodes where it is wider than `width`.
fn line(what: &str, actions: &Counts, files: &Counts, width: usize) -> String {
    if actions.values().all(|n| *n == 0) {
        return String::new();
    }
    let part = |(node, n): (&String, &u64)| {
        let files = files.get(node).filter(|files| **files > 0);
        let files = files.map_or_else(String::new, |files| format!(" ({})", human::counted(*files, "file", "files")));
        format!("{} {}{files}", sanitize::name(node), human::count(*n))
    };
    let mut text = format!("  {what:<7} ");
    let mut column = INDENT;
    for (at, part) in actions.iter().map(part).enumerate() {
        let long = part.chars().count();
        if at > 0 && column + 3 + long > width {
            text.push_str(" ·\n");
            text.extend(std::iter::repeat_n(' ', INDENT));
            column = INDENT;
        } else if at > 0 {
            text.push_str(" · ");
            column += 3;
        }
        text.push_str(&part);
        column += long;
    }
    text.push('\n');
    text
}

/// Where the words of a line begin.
const INDENT: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_that_follows_a_dry_run_is_quoted_for_a_shell() {
        let param = ("sep".to_owned(), "a b".to_owned());
        assert_eq!(again(&[], None, &[]), "sawmill build");
        let words = ["+api/chunk".to_owned(), "tag:backend,kind:index".to_owned()];
        let command = "sawmill build +api/chunk tag:backend,kind:index --backfill lang:c-sharp --param 'sep=a b'";
        assert_eq!(again(&words, Some("lang:c-sharp"), &[param]), command);
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }

    #[test]
    fn a_line_is_broken_between_nodes_and_never_inside_one() {
        let ran = Counts::from([("chunk".to_owned(), 57), ("extract".to_owned(), 57), ("index".to_owned(), 3)]);
        assert_eq!(line("ran", &ran, &Counts::new(), 80), "  ran     chunk 57 · extract 57 · index 3\n");
        assert_eq!(line("ran", &ran, &Counts::new(), 32), "  ran     chunk 57 · extract 57 ·\n          index 3\n");
        assert_eq!(line("ran", &ran, &Counts::new(), 1).lines().count(), 3);
        assert_eq!(line("ran", &Counts::new(), &Counts::new(), 80), "");
    }
}
