//! A diff in words.

use std::fmt::Write;

use sawmill::ops::AtReport;
use sawmill::ops::diff::{
    ChangedDefinition, Computed, DiffSeen, DiffSummary, EVENTS, ListReport, PruneReport, Review, ShowReport,
};
use serde_json::{Map, Value};

use super::super::super::human;
use super::super::super::page::Page;
use super::super::super::sanitize;
use super::super::super::shell::Shell;
use super::super::super::table::{Lean, Table};

/// Files and definitions that a terminal's summary names.
const NAMED: usize = 10;

pub fn computed(shell: &Shell, report: &Computed) -> String {
    let paint = shell.output.paint;
    let again = if report.reused { ", as computed before" } else { "" };
    let id = if report.kept { report.diff.id.as_str() } else { "not kept" };
    head(shell, &report.diff, &format!("{}{again}", paint.dim(id)))
}

pub fn shown(shell: &Shell, report: &ShowReport) -> String {
    let when = human::ago(report.created_at, shell.clock.now());
    let how = if report.automatic { ", after a build" } else { "" };
    let rest = format!("{}, {when}{how}", shell.output.paint.dim(&report.diff.id));
    head(shell, &report.diff, &rest)
}

fn head(shell: &Shell, diff: &DiffSeen, rest: &str) -> String {
    let paint = shell.output.paint;
    let side = |of: &AtReport| {
        let asked = sanitize::name(&of.asked).into_owned();
        if asked == of.resolved {
            paint.bold(&asked)
        } else {
            format!("{} {}", paint.bold(&asked), paint.dim(&format!("({})", of.resolved)))
        }
    };
    format!("{} → {}  {rest}\n", side(&diff.from), side(&diff.to))
}

pub fn summary(shell: &Shell, summary: &DiffSummary) -> String {
    let mut page = Page::default();
    page.add(compat(shell, summary));
    if summary.events == 0 {
        page.line(if summary.compat.only_files {
            "no file differs; what was made of them was not compared"
        } else {
            "nothing differs"
        });
        return page.text();
    }
    let repos: Vec<&String> = summary.by_repo.keys().collect();
    let mut columns = vec![("event", Lean::Left), ("", Lean::Right)];
    let several = repos.len() > 1 && repos.len() <= 6;
    if several {
        columns.extend(repos.iter().map(|repo| (repo.as_str(), Lean::Right)));
    }
    let mut table = Table::new(&columns, shell.output.width, shell.output.paint);
    for event in EVENTS.iter().filter(|event| summary.by_event.contains_key(**event)) {
        let total = summary.by_event.get(*event).copied().unwrap_or(0);
        let mut row = vec![(*event).to_owned(), human::count(total)];
        if several {
            let of = |repo: &&String| summary.by_repo.get(*repo).and_then(|counts| counts.get(*event)).copied();
            row.extend(repos.iter().map(|repo| of(repo).map(human::count).unwrap_or_default()));
        }
        table.row(row);
    }
    page.add(table.render());
    if !several && repos.len() > 1 {
        page.line(format!("in {}", human::counted(repos.len() as u64, "repository", "repositories")));
    }
    if !summary.largest.is_empty() {
        page.line("");
        let columns = [("most changes in", Lean::Left), ("chunks", Lean::Right)];
        let mut table = Table::new(&columns, shell.output.width, shell.output.paint);
        for file in summary.largest.iter().take(NAMED) {
            table.row([format!("{}/{}", file.repo, file.path), human::count(file.chunks)]);
        }
        page.add(table.render());
    }
    page.text()
}

fn compat(shell: &Shell, summary: &DiffSummary) -> String {
    let mut text = String::new();
    for (repo, why) in &summary.compat.reasons {
        let line = format!("{}: {why}", sanitize::name(repo));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{} {line}", shell.output.paint.warn("not made alike"));
    }
    text
}

fn text<'e>(event: &'e Map<String, Value>, key: &str) -> &'e str {
    event.get(key).and_then(Value::as_str).unwrap_or_default()
}

pub fn table(shell: &Shell, events: &[Map<String, Value>]) -> String {
    if events.is_empty() {
        return "no event\n".to_owned();
    }
    let columns = [("event", Lean::Left), ("where", Lean::Left), ("what", Lean::Left)];
    let mut table = Table::new(&columns, shell.output.width, shell.output.paint);
    for event in events {
        let line = event.get("line").and_then(Value::as_u64).filter(|line| *line > 0);
        let at = match line {
            Some(line) => format!("{}/{}:{line}", text(event, "repo"), text(event, "path")),
            None => format!("{}/{}", text(event, "repo"), text(event, "path")),
        };
        table.row([text(event, "event").to_owned(), at, what(event)]);
    }
    table.render()
}

/// What happened, in a few words.
fn what(event: &Map<String, Value>) -> String {
    let (before, after) = (text(event, "before_path"), text(event, "after_path"));
    let name =
        if text(event, "after_name").is_empty() { text(event, "before_name") } else { text(event, "after_name") };
    let word = text(event, "event");
    let parts = event
        .get("parts")
        .and_then(Value::as_array)
        .map(|parts| parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "));
    let named =
        [text(event, "kind"), name].iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" ");
    match word {
        "file.renamed" => {
            let similarity = event.get("similarity").and_then(Value::as_u64).unwrap_or(0);
            format!("was {before} ({similarity}%)")
        }
        "health.changed" => {
            let errors = event.get("after_errors").and_then(Value::as_u64).unwrap_or(0);
            let errors =
                if errors > 0 { format!(", {}", human::counted(errors, "error", "errors")) } else { String::new() };
            format!("{} → {}{errors}", text(event, "before_status"), text(event, "after_status"))
        }
        "relation.added" | "relation.removed" => format!("{} {}", text(event, "kind"), text(event, "target_name")),
        "chunk.moved" if before != after => format!("{named} from {before}"),
        "chunk.modified" => format!("{named}: {}", parts.unwrap_or_default()),
        _ => named,
    }
}

/// A page in Markdown.
pub fn review(shell: &Shell, of: &DiffSummary, review: &Review) -> String {
    let mut page = Page::default();
    page.add(compat(shell, of));
    page.line("");
    page.line("## Totals");
    page.line("");
    if of.events == 0 {
        page.line("Nothing differs.");
        return page.text();
    }
    for event in EVENTS.iter().filter(|event| of.by_event.contains_key(**event)) {
        page.line(format!("- {event}: {}", human::count(of.by_event.get(*event).copied().unwrap_or(0))));
    }
    if !review.stopped.is_empty() {
        section(&mut page, "Files that parse less than before", review.stopped_total, review.stopped.len());
        for file in &review.stopped {
            let errors = human::counted(u64::from(file.errors), "line", "lines");
            let place = format!("{}/{}", file.repo, file.path);
            page.line(format!("- `{}`: {} → {}, {errors} with errors", shown_name(&place), file.before, file.after));
        }
    }
    outside(&mut page, "Public definitions", &review.public, review.public_total);
    if !review.definitions.is_empty() {
        section(&mut page, "Largest changed definitions", review.definitions.len() as u64, review.definitions.len());
        for found in review.definitions.iter().take(NAMED) {
            let place = shown_name(&format!("{}/{}:{}", found.repo, found.path, found.line));
            let lines = human::counted(u64::from(found.lines), "line", "lines");
            page.line(format!("- `{}` ({place}), {lines}: {}", shown_name(&found.name), found.parts.join(", ")));
        }
    }
    outside(&mut page, "Implementations", &review.implementations, review.implementations_total);
    if !of.largest.is_empty() {
        section(&mut page, "Files with most changes", of.largest.len() as u64, of.largest.len());
        for file in of.largest.iter().take(NAMED) {
            let place = shown_name(&format!("{}/{}", file.repo, file.path));
            page.line(format!("- `{place}`: {}", human::counted(file.chunks, "chunk", "chunks")));
        }
    }
    if !review.renamed.is_empty() {
        let total = of.by_event.get("file.renamed").copied().unwrap_or(0);
        section(&mut page, "Renamed files", total, review.renamed.len());
        for (before, after) in &review.renamed {
            page.line(format!("- `{}` → `{}`", shown_name(before), shown_name(after)));
        }
    }
    page.text()
}

/// What shows outside: signatures that came, went and changed.
fn outside(page: &mut Page, title: &str, definitions: &[ChangedDefinition], total: u64) {
    if definitions.is_empty() {
        return;
    }
    section(page, title, total, definitions.len());
    for found in definitions {
        let place = shown_name(&format!("{}/{}:{}", found.repo, found.path, found.line));
        let (before, after) = (found.before.as_deref(), found.after.as_deref());
        let signature = |text: Option<&str>| shown_name(text.filter(|t| !t.is_empty()).unwrap_or(&found.name));
        page.line(match found.event.as_str() {
            "chunk.added" => format!("- added `{}` ({place})", signature(after)),
            "chunk.removed" => format!("- removed `{}` ({place})", signature(before)),
            _ => format!("- changed `{}` → `{}` ({place})", signature(before), signature(after)),
        });
    }
}

fn shown_name(text: &str) -> String {
    sanitize::name(text).into_owned()
}

fn section(page: &mut Page, title: &str, total: u64, named: usize) {
    page.line("");
    page.line(format!("## {title}"));
    page.line("");
    if total > named as u64 {
        page.line(format!("The first {named} of {}:", human::count(total)));
        page.line("");
    }
}

pub fn list(shell: &Shell, report: &ListReport) -> String {
    let mut page = Page::default();
    if report.diffs.is_empty() {
        page.line("no diff is kept; next: sawmill diff compute");
    } else {
        let columns = [
            ("diff", Lean::Left),
            ("from", Lean::Left),
            ("to", Lean::Left),
            ("events", Lean::Right),
            ("size", Lean::Right),
            ("made", Lean::Left),
        ];
        let mut table = Table::new(&columns, shell.output.width, shell.output.paint);
        table.keep_first();
        for diff in &report.diffs {
            let when = human::ago(diff.created_at, shell.clock.now());
            let made = if diff.automatic { format!("{when}, by a build") } else { when };
            table.row([
                diff.id.clone(),
                format!("{} ({})", diff.from.asked, diff.from.resolved),
                format!("{} ({})", diff.to.asked, diff.to.resolved),
                human::count(diff.events),
                human::bytes(diff.bytes),
                made,
            ]);
        }
        page.add(table.render());
    }
    for id in &report.damaged {
        page.line(format!("{id} {}", shell.output.paint.warn("cannot be read; `sawmill diff prune` removes it")));
    }
    page.text()
}

pub fn pruned(shell: &Shell, report: &PruneReport) -> String {
    let paint = shell.output.paint;
    if report.removed.is_empty() {
        return format!("nothing to remove; {} kept\n", human::counted(report.kept, "diff", "diffs"));
    }
    let verb = if report.dry_run { paint.warn("would remove") } else { paint.good("removed") };
    let mut text = format!(
        "{verb} {}, {}; {} kept\n",
        human::counted(report.removed.len() as u64, "diff", "diffs"),
        human::bytes(report.bytes),
        human::count(report.kept)
    );
    for id in &report.removed {
        let _ = writeln!(text, "  {id}");
    }
    text
}
