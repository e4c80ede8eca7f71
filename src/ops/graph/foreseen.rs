//! What a build would do with each node, for a drawing.

use std::collections::BTreeMap;

use super::super::build::BuildRequest;
use super::super::context::Context;
use super::super::dry_run;
use super::super::error::OpsError;

/// (repository, node) → `current`, `3 will run`, `2 may run`, or both.
pub fn foreseen(context: &Context, selectors: &[String]) -> Result<BTreeMap<(String, String), String>, OpsError> {
    let workspace = context.workspace()?;
    let plan = context.plan(&workspace)?;
    let selection = context.selection(&workspace, &plan, selectors)?;
    let request = BuildRequest { selectors: dry_run::telling(&selection, selectors), ..BuildRequest::default() };
    let report = dry_run::run(context, &request)?;
    let mut counts: BTreeMap<(String, String), [u64; 2]> = BTreeMap::new();
    let scanned = |name: &str| report.repos.iter().any(|repo| repo.name == name);
    for repo in plan.repos.iter().filter(|repo| scanned(&repo.name)) {
        counts.extend(repo.nodes.iter().map(|node| ((repo.name.clone(), node.name.clone()), [0, 0])));
    }
    let across =
        report.workspace_nodes.iter().filter_map(|node| Some((node.repo.clone(), node.name.split_once('/')?.1)));
    counts.extend(across.map(|(repo, node)| ((repo, node.to_owned()), [0, 0])));
    for (at, actions) in [&report.will, &report.may].into_iter().enumerate() {
        for action in actions {
            counts.entry((action.repo.clone(), action.node.clone())).or_default()[at] += 1;
        }
    }
    for failed in &report.failed {
        counts.retain(|(repo, _), _| *repo != failed.repo);
    }
    Ok(counts.into_iter().map(|(place, counts)| (place, words(counts))).collect())
}

fn words(counts: [u64; 2]) -> String {
    match counts {
        [0, 0] => "nothing to run".to_owned(),
        [will, 0] => format!("{will} will run"),
        [0, may] => format!("{may} may run"),
        [will, may] => format!("{will} will run, {may} may run"),
    }
}
