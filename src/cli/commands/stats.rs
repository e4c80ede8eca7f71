//! `stats`: counts, bytes, and how well the trees parsed.

use std::collections::BTreeMap;

use sawmill::ops;
use sawmill::ops::stats::{self, Failure, Health, StatsAnswer, StatsReport, StatsRequest};

use super::super::human;
use super::super::output;
use super::super::page::Page;
use super::super::pager;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::super::stale;
use super::super::table::{Lean, Table};

/// Count files, rows and bytes, and say how well the trees parsed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill stats
  sawmill stats --failures --repo api        which files did not parse cleanly, and where
  sawmill stats --min-health 95 --quiet      exit with 1 where less than 95 % of the files parse cleanly")]
pub struct Args {
    /// Only these repositories.
    #[arg(long, value_name = "REPO", value_delimiter = ',')]
    repo: Vec<String>,

    /// List the files that did not parse cleanly.
    #[arg(long)]
    failures: bool,

    /// Exit with 1 where fewer files than this, in percent, parse cleanly.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    min_health: Option<f64>,
}

fn percent(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=100.0).contains(&value) => Ok(value),
        _ => Err("write a number from 0 to 100".to_owned()),
    }
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let context = shell.context()?;
    let threads = sawmill::base::parallel::available();
    let request = StatsRequest { repos: args.repo, failures: args.failures, threads };
    let report = stats::run(&context, &request)?;
    let StatsReport { answer, stale } = &report;
    if shell.output.json {
        output::object(&report)?;
    } else {
        let mut text = words(shell, answer);
        if let Some(failures) = &answer.health.failures {
            text.push_str(&listed(shell, failures, &ops::roots(&context)?));
        }
        pager::show(&text, &shell.output, &shell.env)?;
        stale::note(shell, stale);
    }
    let healthy = args.min_health.is_none_or(|least| answer.health.clean_percent >= least);
    Ok(if healthy { Verdict::Done } else { Verdict::Negative })
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
    let (paint, total) = (shell.output.paint, &health.total);
    let parsed = total.ok + total.partial + total.error;
    let clean = human::percent(total.ok, parsed);
    let share = format!("Parse health: {clean} clean ({}/{})", human::count(total.ok), human::count(parsed));
    let mut page = Page::default();
    page.line(if total.ok == parsed { paint.good(&share) } else { paint.warn(&share) });
    let numbers = ["ok", "partial", "error", "no grammar"].map(|head| (head, Lean::Right));
    let heads: Vec<(&str, Lean)> = [("language", Lean::Left)].into_iter().chain(numbers).collect();
    let mut table = Table::new(&heads, shell.output.width, paint);
    for (language, counts) in &health.languages {
        let name = if language.is_empty() { "(none)" } else { language };
        let row = [counts.ok, counts.partial, counts.error, counts.unsupported].map(human::count);
        table.row(std::iter::once(name.to_owned()).chain(row));
    }
    page.add(table.render());
    page.text()
}

/// `api/app/broken.py:3  partial python  …`
fn listed(shell: &Shell, failures: &[Failure], roots: &BTreeMap<String, std::path::PathBuf>) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    page.line("");
    if failures.is_empty() {
        page.line("every file with a grammar parsed cleanly");
    }
    for failure in failures {
        let path = match roots.get(&failure.repo) {
            Some(root) => shell.openable(&root.join(&failure.path)),
            None => format!("{}/{}", failure.repo, failure.path),
        };
        let line = failure.error_lines.first().map_or_else(String::new, |line| format!(":{line}"));
        let place = paint.place(&format!("{}{line}", sanitize::name(&path)));
        let language = sanitize::name(failure.language.as_deref().unwrap_or_default());
        let message = sanitize::name(failure.message.as_deref().unwrap_or_default());
        let words = format!("{place}  {} {language}  {message}", failure.status);
        page.line(words.trim_end());
    }
    page.text()
}
