//! `status`: what stands, how old it is, and whether the trees have moved on.

use sawmill::base::Timestamp;
use sawmill::ops::status::{self, Currency, ManifestReport, RepoStatus, StatusReport, StatusRequest, WouldRun};

use super::super::human;
use super::super::output;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::super::table::{Lean, Table};

/// Show each repository's build, and whether its tree has moved on.
///
/// States: `current`, `changed` (the tree or its pipeline has moved on), `damaged` (a record or an artifact of the
/// build is missing, and the next build makes it again), `not built`, `unreadable` (its tree cannot be scanned). Nodes of
/// the workspace stand below the repositories.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill status
  sawmill status --no-scan                                   only what was built; looks at no tree
  sawmill status --manifest                                  what each repository gives to a search, by mode
  sawmill status --json | jq -r '.repos[] | select(.state != \"current\") | .name'")]
pub struct Args {
    /// Do not look at the trees, only at what was built.
    #[arg(long)]
    no_scan: bool,

    /// What each repository gives to a search, by mode: availability, build, commits since, cohort, health, size.
    #[arg(long, conflicts_with = "no_scan")]
    manifest: bool,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    if args.manifest {
        let report = status::manifest(&shell.context()?)?;
        if shell.output.json {
            output::object(&report)?;
        } else {
            output::data(manifest(shell, &report))?;
        }
        return Ok(Verdict::Done);
    }
    let report = status::run(&shell.context()?, &StatusRequest { no_scan: args.no_scan })?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        output::data(words(shell, &report))?;
        for repo in report.repos.iter().filter(|repo| repo.stale || repo.failure.is_some()) {
            output::insist(&trouble(shell, &repo.name, repo.stale, repo.stale_since, repo.failure.as_deref()));
        }
        for node in report.workspace_nodes.iter().filter(|node| node.stale || node.failure.is_some()) {
            output::insist(&trouble(shell, &node.name, node.stale, None, node.failure.as_deref()));
        }
        for notice in &report.notices {
            output::insist(&format!("{} {}", shell.output.err_paint.bad("damaged"), sanitize::name(notice)));
        }
        let mut states =
            report.repos.iter().map(|repo| repo.state).chain(report.workspace_nodes.iter().map(|node| node.state));
        if states.any(|state| matches!(state, Currency::Changed | Currency::Damaged | Currency::NeverBuilt)) {
            shell.output.say("next: sawmill build");
        }
    }
    Ok(Verdict::Done)
}

/// `stale web since 2 hours ago: …`, or `failed web: …` where nothing was ever built.
///
/// `stale`: an old build stands; `since`: newer ones fail since then, where that is known.
fn trouble(shell: &Shell, name: &str, stale: bool, since: Option<Timestamp>, failure: Option<&str>) -> String {
    let paint = shell.output.err_paint;
    let since = since.filter(|_| stale).map(|at| format!(" since {}", human::ago(at, shell.clock.now())));
    let (word, since) = (if stale { paint.warn("stale") } else { paint.bad("failed") }, since.unwrap_or_default());
    let why = failure.unwrap_or("its last build failed; `sawmill build` says why");
    format!("{word} {}{since}: {}", sanitize::name(name), sanitize::name(why))
}

fn words(shell: &Shell, report: &StatusReport) -> String {
    let now = shell.clock.now();
    let paint = shell.output.paint;
    let mut text = paint.bold(&sanitize::name(&report.workspace));
    match (&report.generation, report.checked_at) {
        (Some(generation), Some(at)) => {
            text.push_str(&paint.dim(&format!("  generation {generation}, checked {}", human::ago(at, now))));
        }
        (Some(generation), None) => text.push_str(&paint.dim(&format!("  generation {generation}"))),
        (None, _) => text.push_str("  never built"),
    }
    text.push_str("\n\n");
    let columns = [
        ("repository", Lean::Left),
        ("state", Lean::Left),
        ("would run", Lean::Left),
        ("files", Lean::Right),
        ("size", Lean::Right),
        ("built", Lean::Left),
        ("from", Lean::Left),
        ("tags", Lean::Left),
    ];
    // Without anything to do, without git and without tags these columns would be empty.
    let git = report.repos.iter().any(|repo| repo.branch.is_some() || repo.commit.is_some());
    let tags = report.repos.iter().any(|repo| !repo.tags.is_empty());
    let repos = report.repos.iter().map(|repo| repo.would_run);
    let due =
        repos.chain(report.workspace_nodes.iter().map(|node| node.would_run)).any(|due| !would_run(due).is_empty());
    let wanted = |at: usize| (at != 2 || due) && (at != 6 || git) && (at != 7 || tags);
    let columns: Vec<_> = columns.into_iter().enumerate().filter(|(at, _)| wanted(*at)).map(|(_, c)| c).collect();
    let mut table = Table::new(&columns, shell.output.width, paint);
    for repo in &report.repos {
        let built = repo.built_at.map_or_else(|| "never".to_owned(), |at| human::ago(at, now));
        let there = repo.build.is_some();
        let cells = [
            repo.name.clone(),
            if repo.enabled { state(repo.state, repo.stale) } else { "disabled" }.to_owned(),
            would_run(repo.would_run),
            if there { human::count(repo.files) } else { String::new() },
            if there { human::bytes(repo.bytes) } else { String::new() },
            built,
            from(repo),
            repo.tags.join(" "),
        ];
        table.row(cells.into_iter().enumerate().filter(|(at, _)| wanted(*at)).map(|(_, cell)| cell));
    }
    for node in &report.workspace_nodes {
        let built = node.built_at.map_or_else(|| "never".to_owned(), |at| human::ago(at, now));
        let (state, none) = (state(node.state, node.stale).to_owned(), String::new);
        let cells = [node.name.clone(), state, would_run(node.would_run), none(), none(), built, none(), none()];
        table.row(cells.into_iter().enumerate().filter(|(at, _)| wanted(*at)).map(|(_, cell)| cell));
    }
    text.push_str(&table.render());
    text
}

/// A line for each repository and mode, and above them the two ids.
fn manifest(shell: &Shell, report: &ManifestReport) -> String {
    let paint = shell.output.paint;
    let ids = format!("  generation {}, {}, {}", report.generation, report.repo_set_id, report.manifest_hash);
    let columns = [
        ("repository", Lean::Left),
        ("available", Lean::Left),
        ("build", Lean::Left),
        ("built", Lean::Left),
        ("behind", Lean::Right),
        ("mode", Lean::Left),
        ("cohort", Lean::Left),
        ("clean", Lean::Right),
        ("files", Lean::Right),
        ("chunks", Lean::Right),
        ("size", Lean::Right),
    ];
    let mut table = Table::new(&columns, shell.output.width, paint);
    for repo in &report.repos {
        let built = repo.built_at.map_or_else(String::new, |at| human::ago(at, shell.clock.now()));
        let behind = repo.behind.map_or_else(String::new, human::count);
        let available = if repo.stale { "stale" } else { repo.availability.name() };
        let head = [repo.name.clone(), available.to_owned(), repo.build.clone().unwrap_or_default(), built, behind];
        if repo.modes.is_empty() {
            table.row(head.into_iter().chain(std::iter::repeat_n(String::new(), 6)));
            continue;
        }
        for (at, (mode, of_mode)) in repo.modes.iter().enumerate() {
            // What is of the repository stands once.
            let head = head.clone().map(|cell| if at == 0 { cell } else { String::new() });
            let health = of_mode.health;
            let clean = if health.files == 0 { String::new() } else { format!("{:.1}%", health.pct) };
            let rest = [
                mode.name().to_owned(),
                of_mode.served.cohort.clone(),
                clean,
                human::count(of_mode.served.files),
                human::count(of_mode.served.chunks),
                human::bytes(of_mode.bytes),
            ];
            table.row(head.into_iter().chain(rest));
        }
    }
    format!("{}\n\n{}", paint.dim(ids.trim_start()), table.render())
}

/// `3 actions, 2 maybe`.
fn would_run(counts: Option<WouldRun>) -> String {
    let Some(counts) = counts else { return String::new() };
    let will = (counts.will > 0).then(|| human::counted(counts.will, "action", "actions"));
    let may = (counts.may > 0).then(|| format!("{} maybe", human::count(counts.may)));
    will.into_iter().chain(may).collect::<Vec<_>>().join(", ")
}

fn state(state: Currency, stale: bool) -> &'static str {
    match state {
        _ if stale => "stale",
        Currency::Current => "current",
        Currency::Changed => "changed",
        Currency::Damaged => "damaged",
        Currency::NeverBuilt => "not built",
        Currency::Unreadable => "unreadable",
        Currency::Unknown => "built",
    }
}

/// `main 1a2b3c4d5e6f`
fn from(repo: &RepoStatus) -> String {
    let commit = repo.commit.as_deref().map(|commit| commit.get(..12).unwrap_or(commit));
    [repo.branch.as_deref(), commit].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
