//! `failures`: what fails, where, and since when.

use std::collections::BTreeMap;
use std::path::PathBuf;

use sawmill::base::Timestamp;
use sawmill::ops;
use sawmill::ops::failures::{self, FailureSeen, FailuresReport, FailuresRequest, FileAsked, SavedCase};

use super::super::human;
use super::super::output;
use super::super::page::Page;
use super::super::pager;
use super::super::paint::Paint;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::super::snippet;
use super::super::stale;

/// Lines beside the first one that are named.
const OTHER_LINES: usize = 10;

/// List what fails: files that did not parse cleanly, and repositories that could not be built.
///
/// With a path, the failure in full: the lines around it, the node and its FORMAT, when it was first met. What failed in the
/// past is remembered for a while.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill failures                               what fails now
  sawmill failures src/main.rs                   one file: the line, and five lines before and after
  sawmill failures api:src/main.rs --all         what failed there before, too
  sawmill failures --repo api --json | jq -r '.failures[].path'
  sawmill failures src/main.rs --save-case tests/cases")]
pub struct Args {
    /// A file, by its path or as REPO:PATH.
    #[arg(value_name = "PATH")]
    path: Option<String>,

    /// Only these repositories.
    #[arg(long, value_name = "REPO", value_delimiter = ',')]
    repo: Vec<String>,

    /// Also what failed once and does not fail now.
    #[arg(long)]
    all: bool,

    /// Write the file and what is known of its failure to a directory of its own in DIR. What is there stays.
    #[arg(long, value_name = "DIR", requires = "path")]
    save_case: Option<PathBuf>,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let context = shell.context()?;
    let from = shell.directory.clone();
    let file = args.path.map(|text| FileAsked { text, from, repos: args.repo.clone() });
    let save_case = args.save_case.map(|dir| shell.directory.join(dir));
    let request = FailuresRequest { repos: args.repo, file, all: args.all, save_case };
    let report = failures::run(&context, &request)?;
    if shell.output.json {
        output::object(&report)?;
        return Ok(Verdict::Done);
    }
    let roots = ops::roots(&context)?;
    let text = match &report.path {
        Some(path) => in_full(shell, &report, path, &roots, args.all),
        None => list(shell, &report, &roots, args.all),
    };
    pager::show(&text, &shell.output, &shell.env)?;
    if let (Some(saved), Some(dir)) = (&report.saved, &request.save_case) {
        shell.output.say(&told(shell, saved, dir));
    }
    for notice in &report.notices {
        shell.output.say(&shell.output.err_paint.warn(&sanitize::name(notice)));
    }
    stale::note(shell, &report.stale);
    Ok(Verdict::Done)
}

fn told(shell: &Shell, saved: &SavedCase, dir: &std::path::Path) -> String {
    let place = sanitize::name(&shell.openable(&dir.join(&saved.name))).into_owned();
    if saved.written.is_empty() { format!("{place} was there already") } else { format!("wrote {place}") }
}

/// `api/app/broken.py:3:5  syntax  line 3 …  input, 2 hours ago`
fn list(shell: &Shell, report: &FailuresReport, roots: &BTreeMap<String, PathBuf>, all: bool) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    for seen in &report.failures {
        let head = head(shell, seen, roots);
        let since = since(shell, seen).map(|ago| format!(", {ago}")).unwrap_or_default();
        let note = paint.dim(&format!("{}{since}{}", seen.class, if seen.now { "" } else { ", in the past" }));
        page.line(format!("{head}  {}  {}  {note}", sanitize::name(&seen.error_type), sanitize::name(&seen.message)));
    }
    if report.now == 0 {
        let words = match (&report.generation, all && !report.failures.is_empty()) {
            (None, _) => "this workspace was never built; next: sawmill build",
            (Some(_), true) => "nothing fails now",
            (Some(_), false) => "nothing fails: every file with a grammar parsed cleanly",
        };
        page.line(words);
    }
    page.text()
}

fn in_full(shell: &Shell, report: &FailuresReport, path: &str, roots: &BTreeMap<String, PathBuf>, all: bool) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    for (at, seen) in report.failures.iter().enumerate() {
        if at > 0 {
            page.line("");
        }
        let past = if seen.now { String::new() } else { paint.dim("  in the past") };
        page.line(format!("{}{past}", head(shell, seen, roots)));
        let kind = paint.bad(&sanitize::name(&seen.error_type));
        page.line(format!("  {kind}: {}", sanitize::name(&seen.message)));
        page.line(format!("  {}", paint.dim(&sanitize::name(&circumstances(shell, seen)))));
        if let (Some(context), Some(line)) = (&seen.context, seen.line) {
            page.add(snippet::of(&context.before, &context.text, &context.after, line, seen.column, paint));
        }
        if let Some(why) = &seen.no_context {
            page.line(format!("  {}", paint.dim(&sanitize::name(why))));
        }
        if let Some(others) = others(seen, paint) {
            page.line(others);
        }
        if let Some(trace) = &seen.backtrace {
            page.add(sanitize::lines(trace));
            page.line("");
        }
    }
    if report.now == 0 {
        let name = sanitize::name(path).into_owned();
        let next = if all { "" } else { "; --all shows what is remembered of the past" };
        page.line(format!("{name} does not fail now{next}"));
    }
    page.text()
}

/// Where it is: a path that can be opened, or a repository.
fn head(shell: &Shell, seen: &FailureSeen, roots: &BTreeMap<String, PathBuf>) -> String {
    let paint = shell.output.paint;
    let Some(path) = &seen.path else { return paint.place(&format!("repository {}", sanitize::name(&seen.repo))) };
    let path = match roots.get(&seen.repo) {
        Some(root) => shell.openable(&root.join(path)),
        None => format!("{}:{path}", seen.repo),
    };
    let line = seen.line.map(|line| format!(":{line}")).unwrap_or_default();
    let column = seen.line.and(seen.column).map(|column| format!(":{column}")).unwrap_or_default();
    paint.place(&format!("{}{line}{column}", sanitize::name(&path)))
}

fn since(shell: &Shell, seen: &FailureSeen) -> Option<String> {
    let at = Timestamp(seen.first_millis?.saturating_mul(1_000_000));
    Some(human::ago(at, shell.clock.now()))
}

/// `extract (extract@7) · rust · input · first met 2 hours ago in run 3`
fn circumstances(shell: &Shell, seen: &FailureSeen) -> String {
    let mut words = Vec::new();
    if let (Some(node), Some(kind), Some(format)) = (&seen.node, &seen.kind, seen.format) {
        words.push(format!("{node} ({kind}@{format})"));
    }
    words.extend(seen.language.clone());
    words.push(seen.class.clone());
    words.push(match (since(shell, seen), seen.first_run) {
        (Some(ago), Some(run)) => format!("first met {ago} in run {run}"),
        _ => "no run is remembered that met it".to_owned(),
    });
    words.join(" · ")
}

/// `also on lines 9, 12 and 3 more`
fn others(seen: &FailureSeen, paint: Paint) -> Option<String> {
    let others = seen.lines.get(1..).filter(|others| !others.is_empty())?;
    let named: Vec<String> = others.iter().take(OTHER_LINES).map(ToString::to_string).collect();
    let word = if others.len() == 1 { "line" } else { "lines" };
    let more = match others.len().saturating_sub(OTHER_LINES) {
        0 => String::new(),
        more => format!(" and {} more", human::count(more as u64)),
    };
    Some(paint.dim(&format!("  also on {word} {}{more}", named.join(", "))))
}
