//! The workspace, its repositories, the versions; which checks there are.

use miette::Diagnostic;

use crate::config::Workspace;
use crate::engine::Failure;
use crate::store;

use super::super::context::Context;
use super::super::error::OpsError;
use super::report::{Check, DoctorReport, State};
use super::{machine, standing};

/// Makes every check that can be made. `Err` only when it was cancelled.
pub fn run(context: &Context) -> Result<DoctorReport, OpsError> {
    let mut checks = vec![versions(context)];
    match context.workspace().and_then(|workspace| context.plan(&workspace).map(|_| workspace)) {
        Ok(workspace) => {
            checks.push(Check::ok("workspace", format!("`{}` is valid", workspace.name)));
            roots(context, &workspace, &mut checks);
            of_store(context, &workspace, &mut checks)?;
        }
        Err(error) => {
            let help = "run `sawmill check`: it tells every mistake with its place";
            checks.push(Check::problem("workspace", told(&error), help));
        }
    }
    Ok(DoctorReport { ok: checks.iter().all(|check| check.state != State::Problem), checks })
}

/// What an error says, its sources included.
pub fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}

/// An error as a check that is a problem.
pub fn failed<E: Diagnostic + 'static>(name: &str, error: &E) -> Check {
    let help = error.help().map_or_else(|| "run `sawmill verify`".to_owned(), |help| help.to_string());
    Check::problem(name, told(error), help)
}

fn versions(context: &Context) -> Check {
    let kinds: Vec<String> = context.kinds.iter().map(|kind| format!("{}@{}", kind.name(), kind.format())).collect();
    let version = concat!("sawmill ", env!("CARGO_PKG_VERSION"));
    Check::ok("version", format!("{version}, store format {}, kinds {}", store::FORMAT, kinds.join(" ")))
}

/// Is the root of each enabled repository there, and can it be listed?
fn roots(context: &Context, workspace: &Workspace, checks: &mut Vec<Check>) {
    for repo in workspace.repos.iter().filter(|repo| repo.enabled) {
        let name = format!("repository {}", repo.name);
        checks.push(match context.vfs.list(&repo.root) {
            Ok(_) => Check::ok(name, "its root can be read"),
            Err(e) => Check::problem(
                name,
                format!("its root cannot be read: {e}"),
                "check the path and the permissions, or set `enabled: false`",
            ),
        });
    }
    for lost in &workspace.unavailable {
        let help = "bring its tree back, or set `enabled: false`; until then it keeps its last build";
        checks.push(Check::problem(format!("repository {}", lost.name), lost.mistake.to_string(), help));
    }
}

fn of_store(context: &Context, workspace: &Workspace, checks: &mut Vec<Check>) -> Result<(), OpsError> {
    let store = match context.store(workspace) {
        Ok(store) => store,
        Err(OpsError::Store(error)) => {
            checks.push(failed("store", &error));
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let cancelled = |_| Failure::cancelled();
    let survey = store.survey(false, &context.cancel).map_err(cancelled)?;
    standing::records(&survey, checks);
    checks.extend(context.pool().map(|pool| machine::workers(&pool)));
    checks.push(machine::lock(&store));
    machine::promises(&store, checks);
    match store.census(&context.cancel).map_err(cancelled)? {
        Ok(census) => {
            standing::census(&census, checks);
            machine::space(&store, census.objects.bytes, checks);
        }
        Err(error) => checks.push(failed("objects", &error)),
    }
    Ok(())
}
