//! A dry run in words.

use sawmill::ops::dry_run::DryRunReport;
use sawmill::ops::why::WhyAction;

use super::human;
use super::page::Page;
use super::reason;
use super::sanitize;
use super::shell::Shell;
use super::table::{Lean, Table};

/// `command` is the one that does it.
pub fn words(shell: &Shell, report: &DryRunReport, will: &[WhyAction], command: &str) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    for failed in &report.failed {
        let (repo, message) = (sanitize::name(&failed.repo), sanitize::name(&failed.message));
        page.line(format!("{} {repo}: {message} {}", paint.bad("fails"), paint.dim(&failed.code)));
    }
    let files: u64 = report.repos.iter().map(|repo| repo.files).sum();
    let whole = format!(
        "{} in {}",
        human::counted(files, "file", "files"),
        human::counted(report.repos.len() as u64, "repository", "repositories"),
    );
    if report.nothing_to_do {
        page.line(format!("{}: {whole}", paint.good("nothing would run")));
        return page.text();
    }
    reason::page(&mut page, will, "runs", None, paint, shell.output.verbose);
    page.line("");
    let columns = [
        ("node", Lean::Left),
        ("will run", Lean::Right),
        ("may run", Lean::Right),
        ("hit", Lean::Right),
        ("to read", Lean::Right),
        ("reused", Lean::Right),
    ];
    let mut table = Table::new(&columns, shell.output.width, paint);
    for (node, counts) in &report.nodes {
        table.row([
            node.clone(),
            human::count(counts.will),
            human::count(counts.may),
            human::count(counts.hit),
            human::bytes(counts.bytes_to_read),
            human::bytes(counts.bytes_reused),
        ]);
    }
    page.add(table.render());
    let current = report.repos.iter().filter(|repo| repo.current).count() as u64;
    if current > 0 {
        let current = human::counted(current, "repository is current", "repositories are current");
        page.line(paint.dim(&format!("{current}, and not in this table")));
    }
    if !report.may.is_empty() {
        page.line(paint.dim("may run: only if what an earlier node makes is not what it was"));
    }
    page.line(paint.dim(&format!("next: {}", sanitize::name(command))));
    page.text()
}
