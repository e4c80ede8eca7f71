//! `stats`: counts, bytes, and how well the trees parsed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::ValueEnum;
use clap::error::ErrorKind;
use sawmill::base::Tier;
use sawmill::ops;
use sawmill::ops::stats::{
    self, Failure, Health, LeastHealth, NO_LANGUAGE, ParseStatus, StatsAnswer, StatsReport, StatsRequest,
};

use super::super::human;
use super::super::moment::{self, Moment};
use super::super::output;
use super::super::page::Page;
use super::super::pager;
use super::super::report;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::super::stale;
use super::super::table::{Lean, Table};

/// Most error lines of a file in a message; JSON has all of them.
const ERROR_LINES: usize = 10;

/// Count files, rows and bytes, and say how well the trees parsed.
///
/// Parse health: of the files that a parser was asked to read, those that it understood. `ok` is a whole tree, `partial` a
/// tree with errors or one that a limit cut, `error` no tree. A file that no parser was asked to read (no grammar for its
/// language, binary, too large, withheld) is `unsupported` and does not count. The percentage is ok / (ok + partial +
/// error), rounded down to 0.1, so that 100% means every file; with no file at all it is 100.
///
/// In JSON `health` holds `by_language` (`files`, `ok`, `partial`, `error`, `unsupported`; files without a language under
/// the empty name), `parse_health_pct`, `total_files` (ok + partial + error) and `total_ok`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill stats
  sawmill stats --failures --repo api        which files did not parse cleanly, and where
  sawmill stats --min-health 95              exit with 1 where less than 95 % of the files parse cleanly
  sawmill stats --format svg > stats.svg     a picture for a README or a CI page
  sawmill stats --json | jq .health.parse_health_pct")]
pub struct Args {
    /// Only these repositories.
    #[arg(long, value_name = "REPO", value_delimiter = ',')]
    repo: Vec<String>,

    /// List the files that did not parse cleanly.
    #[arg(long)]
    failures: bool,

    /// Exit with 1 where fewer files than this, in percent, parse cleanly. Exact: 949 of 1000 are less than 95.
    #[arg(long, value_name = "PERCENT")]
    min_health: Option<LeastHealth>,

    #[command(flatten)]
    moment: Moment,

    /// How it is shown; `svg` draws health by language and size by table.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// How counts are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for a terminal.
    Text,
    /// A picture for browsers, light and dark.
    Svg,
}

impl Args {
    /// What cannot be asked for together. clap knows of no conflict with an argument that stands before the command.
    pub fn conflict(&self, json: bool) -> Option<clap::Error> {
        let with = match (self.format, json, self.failures) {
            (Format::Svg, true, _) => "--json",
            (Format::Svg, _, true) => "--failures",
            _ => return None,
        };
        let words = format!("the argument '--format svg' cannot be used with '{with}'");
        Some(clap::Error::raw(ErrorKind::ArgumentConflict, words))
    }
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let context = args.moment.context(shell, &args.repo)?;
    let threads = sawmill::base::parallel::available();
    let request = StatsRequest { repos: args.repo, failures: args.failures, least: args.min_health, threads };
    let report = stats::run(&context, &request)?;
    if shell.output.json {
        output::object(&report)?;
        return Ok(if report.ok { Verdict::Done } else { Verdict::Negative });
    }
    let StatsReport { answer, stale, error, .. } = &report;
    match args.format {
        Format::Svg => output::data(sanitize::lines(&stats::svg(&report)))?,
        Format::Text => {
            let mut text = words(shell, answer);
            if let Some(failures) = &answer.failures {
                text.push_str(&listed(shell, failures, &ops::roots(&context)?));
            }
            pager::show(&text, &shell.output, &shell.env)?;
        }
    }
    stale::note(shell, stale);
    moment::note(shell, report.at.as_ref());
    match error {
        Some(below) => Err(report::Failure::new(Tier::Negative, below).into()),
        None => Ok(Verdict::Done),
    }
}

fn words(shell: &Shell, answer: &StatsAnswer) -> String {
    let (width, paint) = (shell.output.width, shell.output.paint);
    let (left, right) = (Lean::Left, Lean::Right);
    let mut page = Page::default();

    let heads = [("repository", left), ("files", right), ("source", right), ("stored", right), ("segments", right)];
    let mut repos = Table::new(&heads, width, paint);
    for repo in &answer.repos {
        let name = if repo.stale { format!("{} (stale)", repo.name) } else { repo.name.clone() };
        let (source, stored) = (human::bytes(repo.source_bytes), human::bytes(repo.stored_bytes));
        repos.row([name, human::count(repo.files), source, stored, human::count(repo.segments)]);
    }
    page.line(repos.render());

    let mut sums: BTreeMap<(&str, &str, &str), [u64; 3]> = BTreeMap::new();
    for table in &answer.tables {
        let sum = sums.entry((&table.node, &table.table, table.mode.name())).or_default();
        for (total, part) in sum.iter_mut().zip([table.rows, table.bytes, table.pieces]) {
            *total += part;
        }
    }
    let heads = [("node", left), ("table", left), ("mode", left), ("rows", right), ("bytes", right), ("pieces", right)];
    let mut tables = Table::new(&heads, width, paint);
    for ((node, table, mode), [rows, bytes, pieces]) in sums {
        let (rows, bytes, pieces) = (human::count(rows), human::bytes(bytes), human::count(pieces));
        tables.row([node.to_owned(), table.to_owned(), mode.to_owned(), rows, bytes, pieces]);
    }
    page.line(tables.render());
    page.add(health(shell, &answer.health));
    page.text()
}

fn health(shell: &Shell, health: &Health) -> String {
    let paint = shell.output.paint;
    let (ok, files) = (human::count(health.total_ok), human::count(health.total_files));
    let share = format!("Parse health: {} clean ({ok}/{files})", health.percent());
    let mut page = Page::default();
    page.line(if health.total_ok == health.total_files { paint.good(&share) } else { paint.warn(&share) });
    let numbers = ["files", "ok", "partial", "error", "unsupported", "clean"].map(|head| (head, Lean::Right));
    let heads: Vec<(&str, Lean)> = [("language", Lean::Left)].into_iter().chain(numbers).collect();
    let mut table = Table::new(&heads, shell.output.width, paint);
    for (language, counts) in health.languages() {
        let name = if language.is_empty() { NO_LANGUAGE } else { language };
        let row = [counts.files, counts.ok, counts.partial, counts.error, counts.unsupported].map(human::count);
        let clean = counts.percent().map_or_else(|| "-".to_owned(), |percent| percent.to_string());
        table.row(std::iter::once(name.to_owned()).chain(row).chain([clean]));
    }
    page.add(table.render());
    page.text()
}

/// By repository: `app/broken.py:3  partial python  lines 3, 9  …`
fn listed(shell: &Shell, failures: &[Failure], roots: &BTreeMap<String, PathBuf>) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    page.line("");
    if failures.is_empty() {
        page.line("every file that a parser was asked to read parsed cleanly");
    }
    for of_repo in failures.chunk_by(|a, b| a.repo == b.repo) {
        let Some(repo) = of_repo.first().map(|failure| &failure.repo) else { continue };
        let count = human::counted(of_repo.len() as u64, "file", "files");
        page.line(format!("{}  {count} not clean", paint.bold(&sanitize::name(repo))));
        for failure in of_repo {
            let path = match roots.get(repo) {
                Some(root) => shell.openable(&root.join(&failure.path)),
                None => failure.path.clone(),
            };
            let line = failure.lines.first().map_or_else(String::new, |line| format!(":{line}"));
            let place = format!("{}{line}", sanitize::name(&path));
            let said = said(failure);
            let wide =
                [&*place, failure.status.name(), &said].iter().map(|text| text.chars().count()).sum::<usize>() + 4;
            let status = match failure.status {
                ParseStatus::Error => paint.bad(failure.status.name()),
                _ => paint.warn(failure.status.name()),
            };
            // What does not fit goes on below, so that a terminal breaks no word.
            let gap = if wide > usize::from(shell.output.width) { "\n   " } else { "" };
            page.line(format!("  {}  {status}{gap}{said}", paint.place(&place)));
        }
    }
    page.text()
}

/// Language, lines and message of a failure.
fn said(failure: &Failure) -> String {
    let lines = failure.lines.iter().take(ERROR_LINES).map(i32::to_string).collect::<Vec<_>>().join(", ");
    let lines = match (failure.lines.len(), failure.lines.len().saturating_sub(ERROR_LINES)) {
        (0, _) => None,
        (1, _) => Some(format!("line {lines}")),
        (_, 0) => Some(format!("lines {lines}")),
        (_, more) => Some(format!("lines {lines} and {more} more")),
    };
    let parts = [failure.language.clone(), lines, failure.message.clone()];
    parts.into_iter().flatten().flat_map(|part| ["  ".to_owned(), sanitize::name(&part).into_owned()]).collect()
}
