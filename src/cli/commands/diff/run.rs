//! `diff`: each action, from its arguments to its answer.

use std::time::Duration;

use sawmill::ops::diff::{self, DiffRequest, DiffSeen, PruneRequest, ShowRequest};

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
        files_only: args.files_only,
        show: args.shown.events(),
        review: args.shown.wants_review(),
        wait: Duration::from_secs(args.wait),
    };
    let report = diff::compute(&context, &request)?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        print(shell, &args.shown, &words::computed(shell, &report), &report.diff)?;
        if let Some(why) = &report.not_kept {
            output::insist(&format!("{}: not kept: {}", shell.output.err_paint.warn("warning"), sanitize::name(why)));
        }
    }
    Ok(if args.exit_code && report.diff.summary.events > 0 { Verdict::Negative } else { Verdict::Done })
}

fn show(shell: &Shell, args: Showing) -> Answer {
    args.shown.check()?;
    let request = ShowRequest { id: args.id, show: args.shown.events(), review: args.shown.wants_review() };
    let report = diff::show(&shell.context()?, &request)?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        print(shell, &args.shown, &words::shown(shell, &report), &report.diff)?;
    }
    Ok(Verdict::Done)
}

/// The diff in the form that was asked for, and whether that is all of it.
fn print(shell: &Shell, form: &Shown, head: &str, diff: &DiffSeen) -> Result<(), Stop> {
    let (summary, events) = (&diff.summary, diff.events.as_deref().unwrap_or_default());
    let text = match (form.is_lines(), &diff.review) {
        (true, _) => {
            let mut text = String::new();
            for event in events {
                text.push_str(&output::json(event)?);
            }
            output::data(text)?;
            truncated(shell, diff.truncated, form);
            return Ok(());
        }
        (false, Some(review)) => head.to_owned() + &words::review(shell, summary, review),
        (false, None) if form.is_table() => head.to_owned() + &words::table(shell, events),
        (false, None) => head.to_owned() + &words::summary(shell, summary),
    };
    pager::show(&text, &shell.output, &shell.env)?;
    truncated(shell, diff.truncated, form);
    Ok(())
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
