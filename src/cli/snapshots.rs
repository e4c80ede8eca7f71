//! Snapshots, for people.

use sawmill::ops::snapshot::{
    CopyState, FreezeMethod, RemovedReport, SnapshotKind, SnapshotRepo, SnapshotSeen, WhyRemoved,
};

use super::human;
use super::page::Page;
use super::sanitize;
use super::shell::Shell;
use super::table::{Lean, Table};

/// What is not as it should be, on standard error.
pub fn tell(shell: &Shell, notices: &[String]) {
    for notice in notices {
        shell.output.say(&shell.output.err_paint.warn(&sanitize::name(notice)));
    }
}

/// A line a snapshot.
pub fn list(shell: &Shell, snapshots: &[SnapshotSeen]) -> String {
    let now = shell.clock.now();
    if snapshots.is_empty() {
        return "no snapshot was made yet; next: sawmill snapshot create\n".to_owned();
    }
    let columns = [
        ("snapshot", Lean::Left),
        ("kind", Lean::Left),
        ("made", Lean::Left),
        ("files", Lean::Right),
        ("frozen", Lean::Right),
        ("tags", Lean::Left),
        ("label", Lean::Left),
    ];
    // Columns in which nothing would stand are left out.
    let has = |of: fn(&SnapshotSeen) -> bool| snapshots.iter().any(of);
    let wanted =
        [true, true, true, true, has(|s| s.frozen.is_some()), has(|s| !s.tags.is_empty()), has(|s| s.label.is_some())];
    let kept = |at: &usize| wanted.get(*at).copied().unwrap_or(true);
    let columns: Vec<_> = columns.into_iter().enumerate().filter(|(at, _)| kept(at)).map(|(_, c)| c).collect();
    let mut table = Table::new(&columns, shell.output.width, shell.output.paint);
    table.keep_first();
    for seen in snapshots {
        let cells = [
            seen.id.clone(),
            standing(seen),
            human::ago(seen.created, now),
            human::count(seen.files),
            seen.frozen.as_ref().map(|frozen| human::bytes(frozen.bytes)).unwrap_or_default(),
            seen.tags.join(" "),
            seen.label.clone().unwrap_or_default(),
        ];
        table.row(cells.into_iter().enumerate().filter(|(at, _)| kept(at)).map(|(_, cell)| cell));
    }
    table.render()
}

/// One in full.
pub fn one(shell: &Shell, seen: &SnapshotSeen) -> String {
    let (paint, now) = (shell.output.paint, shell.clock.now());
    let mut page = Page::default();
    let about = format!("{}, made {}, generation {}", standing(seen), human::ago(seen.created, now), seen.generation);
    page.line(format!("{}  {}", paint.bold(&sanitize::name(&seen.id)), paint.dim(&about)));
    if let Some(label) = &seen.label {
        page.line(format!("  {}", sanitize::name(label)));
    }
    if !seen.tags.is_empty() {
        let note = if seen.protected { paint.dim("  protected") } else { String::new() };
        page.line(format!("  tags: {}{note}", paint.place(&sanitize::name(&seen.tags.join(" ")))));
    }
    if let (Some(frozen), Some(dir)) = (&seen.frozen, &seen.dir) {
        let objects = human::counted(frozen.files, "object", "objects");
        let place = paint.place(&sanitize::name(&shell.openable(dir)));
        let how = format!("{} by {}, each one read back", human::bytes(frozen.bytes), method(frozen.method));
        page.line(format!("  frozen: {objects}, {how}, in {place}"));
    }
    if let Some(notes) = &seen.notes {
        page.line("");
        page.add(sanitize::lines(notes));
        page.line("");
    }
    page.line("");
    let columns = [
        ("repository", Lean::Left),
        ("build", Lean::Left),
        ("files", Lean::Right),
        ("size", Lean::Right),
        ("from", Lean::Left),
    ];
    let mut table = Table::new(&columns, shell.output.width, paint);
    for repo in &seen.repos {
        let (files, bytes) = (human::count(repo.files), human::bytes(repo.bytes));
        table.row([repo.name.clone(), repo.build.clone(), files, bytes, from(repo)]);
    }
    page.add(table.render());
    let short = seen.id.strip_prefix("snap-").unwrap_or(&seen.id);
    page.line(paint.dim(&format!("next: sawmill search --at snap:{} WORDS", sanitize::name(short))));
    page.text()
}

/// What went, or would go.
pub fn removed(shell: &Shell, report: &RemovedReport) -> String {
    let (paint, now) = (shell.output.paint, shell.clock.now());
    let mut page = Page::default();
    if report.removed.is_empty() {
        page.line(if report.dry_run { "nothing would be removed" } else { "nothing to remove" });
    } else {
        let verb = if report.dry_run { paint.warn("would remove") } else { paint.good("removed") };
        let bytes: u64 = report.removed.iter().map(|gone| gone.bytes).sum();
        let count = human::counted(report.removed.len() as u64, "snapshot", "snapshots");
        page.line(format!("{verb} {count}, {}", human::bytes(bytes)));
        let columns = [("", Lean::Left), ("kind", Lean::Left), ("made", Lean::Left), ("why", Lean::Left)];
        let mut table = Table::new(&columns, shell.output.width, paint);
        for gone in &report.removed {
            let made = gone.created.map(|at| human::ago(at, now)).unwrap_or_default();
            table.row([
                format!("  {}", gone.id),
                gone.kind.map_or("damaged", kind).to_owned(),
                made,
                why(gone.why).to_owned(),
            ]);
        }
        page.add(table.render());
    }
    for id in &report.in_use {
        page.line(format!("{} stays: its frozen copy is being read", sanitize::name(id)));
    }
    let kept = human::counted(report.kept as u64, "snapshot", "snapshots");
    page.line(paint.dim(&format!("kept: {kept}, and {} with a tag that protects", report.protected)));
    page.text()
}

/// `pointer`, `frozen`, `frozen, missing`
fn standing(seen: &SnapshotSeen) -> String {
    let state = match seen.frozen.as_ref().map(|frozen| frozen.state) {
        None | Some(CopyState::Whole) => "",
        Some(CopyState::Missing) => ", missing",
        Some(CopyState::Damaged) => ", damaged",
    };
    format!("{}{state}", kind(seen.kind))
}

fn kind(kind: SnapshotKind) -> &'static str {
    match kind {
        SnapshotKind::Pointer => "pointer",
        SnapshotKind::Frozen => "frozen",
    }
}

fn method(method: FreezeMethod) -> &'static str {
    match method {
        FreezeMethod::Reflink => "reflink",
        FreezeMethod::Copy => "copy",
        FreezeMethod::Link => "hard link",
    }
}

fn why(why: WhyRemoved) -> &'static str {
    match why {
        WhyRemoved::Asked => "named",
        WhyRemoved::Count => "more than are kept",
        WhyRemoved::Age => "too old",
    }
}

/// `main 1a2b3c4d5e6f, changed`
fn from(repo: &SnapshotRepo) -> String {
    let commit = repo.commit.as_deref().map(|commit| commit.get(..12).unwrap_or(commit));
    let words = [repo.branch.as_deref(), commit].into_iter().flatten().collect::<Vec<_>>().join(" ");
    if repo.dirty == Some(true) { format!("{words}, changed") } else { words }
}
