//! `diff`: each action, from its arguments to its answer.

use std::time::Duration;

use sawmill::ops::diff::{self, DiffRequest, PruneRequest, ShowRequest};

use super::super::super::moment::{named, of_moments};
use super::super::super::output;
use super::super::super::pager;
use super::super::super::run::{Answer, Stop, Verdict};
use super::super::super::sanitize;
use super::super::super::shell::Shell;
use super::arguments::{Action, Args, Computing, Showing, Shown};
use super::words;

pub fn run(shell: &Shell, args: Args) -> Answer {
    match args.action {
        Action::Compute(args) => compute(shell, args),
        Action::Show(args) => show(shell, args),
        Action::List => list(shell),
        Action::Prune(args) => prune(shell, &PruneRequest { dry_run: args.dry_run, wait: args.wait() }),
    }
}

fn compute(shell: &Shell, args: Computing) -> Answer {
    args.shown.check()?;
    let (from, to) = (named(shell, &args.from, &args.repo)?, named(shell, &args.to, &args.repo)?);
    let context = of_moments(shell, &[from.clone(), to.clone()])?;
    let request = DiffRequest {
        from,
        to,
        repos: args.repo,
        modes: args.modes,
        nodes: args.node,
        allow_mismatch: args.allow_mismatch,
        show: args.shown.events(),
        review: args.shown.wants_review(),
        wait: Duration::from_secs(args.wait),
    };
    let report = diff::compute(&context, &request)?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        let head = words::computed(shell, &report);
        print(shell, &args.shown, &head, &report.summary, &report.events, report.review.as_ref())?;
        truncated(shell, report.truncated, &args.shown);
        if let Some(why) = &report.not_kept {
            output::insist(&format!("{}: not kept: {}", shell.output.err_paint.warn("warning"), sanitize::name(why)));
        }
    }
    Ok(if args.exit_code && report.summary.events > 0 { Verdict::Negative } else { Verdict::Done })
}

fn show(shell: &Shell, args: Showing) -> Answer {
    args.shown.check()?;
    let request = ShowRequest { id: args.id, show: args.shown.events(), review: args.shown.wants_review() };
    let report = diff::show(&shell.context()?, &request)?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        let head = words::shown(shell, &report);
        print(shell, &args.shown, &head, &report.summary, &report.events, report.review.as_ref())?;
        truncated(shell, report.truncated, &args.shown);
    }
    Ok(Verdict::Done)
}

type Events = Option<Vec<serde_json::Map<String, serde_json::Value>>>;

/// The diff in the form that was asked for.
fn print(
    shell: &Shell,
    form: &Shown,
    head: &str,
    summary: &diff::DiffSummary,
    events: &Events,
    review: Option<&diff::Review>,
) -> Result<(), Stop> {
    let events = events.as_deref().unwrap_or_default();
    let text = match (form.is_lines(), review) {
        (true, _) => {
            let mut text = String::new();
            for event in events {
                text.push_str(&output::json(event)?);
            }
            return Ok(output::data(text)?);
        }
        (false, Some(review)) => head.to_owned() + &words::review(shell, summary, review),
        (false, None) if form.is_table() => head.to_owned() + &words::table(shell, events),
        (false, None) => head.to_owned() + &words::summary(shell, summary),
    };
    Ok(pager::show(&text, &shell.output, &shell.env)?)
}

fn truncated(shell: &Shell, why: Option<&str>, form: &Shown) {
    let more = match why {
        Some("events") => format!("more events than --max-events {}", form.max_events),
        Some(_) => format!("more bytes than --max-bytes {}", form.max_bytes),
        None => return,
    };
    shell.output.say(&format!("cut short: {more}"));
}

fn list(shell: &Shell) -> Answer {
    let report = diff::list(&shell.context()?)?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        pager::show(&words::list(shell, &report), &shell.output, &shell.env)?;
    }
    Ok(Verdict::Done)
}

fn prune(shell: &Shell, request: &PruneRequest) -> Answer {
    let report = diff::prune(&shell.context()?, request)?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        output::data(words::pruned(shell, &report))?;
    }
    Ok(Verdict::Done)
}
