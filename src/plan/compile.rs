//! From a workspace to a plan.

use std::collections::BTreeMap;

use super::check::Checked;
use super::edges::{Edge, edges};
use super::federate::Feeds;
use super::model::{Plan, PlannedInput, PlannedNode, PlannedStep, RepoPlan};
use super::order::order;
use super::params::params;
use super::{codes, digest};
use crate::base::suggest::nearest;
use crate::base::{Digest, Limits, Tier};
use crate::config::{Mistake, Pipeline, Repository, Scope, Workspace, headline, in_order, list};
use crate::nodes::{HistoryKind, Kind, Params, WorkspaceKind};

/// Everything that is wrong with the pipelines, sorted by file and place.
#[derive(Clone, Debug, thiserror::Error, miette::Diagnostic)]
#[error("{}", headline(.mistakes))]
#[diagnostic(
    code(sawmill::plan::invalid),
    help("nothing was run; `sawmill check` shows what is left after a correction")
)]
pub struct PlanErrors {
    #[related]
    pub mistakes: Vec<Mistake>,
}

impl PlanErrors {
    pub fn tier(&self) -> Tier {
        self.mistakes.iter().map(|m| m.code.tier).max().unwrap_or(Tier::User)
    }
}

/// The plan of every repository (a disabled one is built too: it is only left out of searches), or every mistake of all pipelines.
///
/// `kinds` are those of pipelines of repositories, `of_workspace` those of workspace scope.
pub fn compile(
    workspace: &Workspace,
    kinds: &[&'static dyn Kind],
    of_workspace: &[&'static dyn WorkspaceKind],
    limits: &Limits,
) -> Result<Plan, PlanErrors> {
    let (mut shapes, mut mistakes, mut warnings) = (BTreeMap::new(), super::kinds::kinds(kinds), Vec::new());
    for (name, pipeline) in &workspace.pipelines {
        let (shape, said) = shape(pipeline, kinds, of_workspace);
        let (errors, remarks): (Vec<_>, Vec<_>) = said.into_iter().partition(Mistake::is_error);
        mistakes.extend(errors);
        warnings.extend(remarks);
        shapes.insert(name.as_str(), (pipeline, shape));
    }
    let known = shapes.iter().map(|(name, (pipeline, shape))| (*name, (*pipeline, shape.kinds.as_slice()))).collect();
    let mut workspace_nodes = Vec::new();
    for (pipeline, shape) in shapes.values().filter(|(pipeline, _)| pipeline.scope == Scope::Workspace) {
        let mut said = Vec::new();
        let feeds = Feeds { workspace, pipelines: &known, pipeline, limits };
        workspace_nodes.extend(feeds.nodes(&shape.of_workspace, &mut said));
        let (errors, remarks): (Vec<_>, Vec<_>) = said.into_iter().partition(Mistake::is_error);
        mistakes.extend(errors);
        warnings.extend(remarks);
    }
    let (mut repos, mut after) = (Vec::new(), Vec::new());
    for (pipeline, shape) in shapes.values() {
        match steps(pipeline, shape) {
            Ok(steps) if pipeline.scope == Scope::Workspace => after.extend(steps),
            Ok(_) => {}
            Err(wrong) => mistakes.extend(wrong),
        }
    }
    for repository in &workspace.repos {
        let Some((pipeline, shape)) = shapes.get(repository.pipeline.as_str()) else {
            mistakes.push(missing_pipeline(repository));
            continue;
        };
        match planned(workspace, repository, pipeline, shape, limits) {
            Ok(Some(repo)) => repos.push(repo),
            // The pipeline itself has mistakes, which are reported.
            Ok(None) => {}
            Err(wrong) => mistakes.extend(wrong),
        }
    }
    if !mistakes.is_empty() {
        return Err(PlanErrors { mistakes: in_order(mistakes) });
    }
    Ok(Plan { workspace: workspace.name.clone(), repos, workspace_nodes, after, warnings: in_order(warnings) })
}

fn missing_pipeline(repository: &Repository) -> Mistake {
    let message = format!("the pipeline `{}` of `{}` was not read", repository.pipeline, repository.name);
    let place = &repository.place;
    Mistake::at(&codes::MISSING_PIPELINE, message, &place.file, place.span, "this repository")
        .help("write `pipelines/<name>.yaml`, or name another pipeline")
}

/// A pipeline's graph, the same for every repository.
struct Shape {
    /// Kinds by node.
    kinds: Vec<Option<&'static dyn Kind>>,
    /// Kinds by node, of a pipeline of workspace scope.
    of_workspace: Vec<Option<&'static dyn WorkspaceKind>>,
    edges: Vec<Edge>,
    /// `None`: the graph has mistakes; parameters are still checked.
    order: Option<Vec<usize>>,
    serve: Option<usize>,
    steps: Vec<Option<&'static HistoryKind>>,
}

/// The steps of a pipeline, their parameters checked.
fn steps(pipeline: &Pipeline, shape: &Shape) -> Result<Vec<PlannedStep>, Vec<Mistake>> {
    let (mut steps, mut mistakes) = (Vec::new(), Vec::new());
    for (step, kind) in pipeline.after.iter().zip(&shape.steps).filter_map(|(step, kind)| Some((step, (*kind)?))) {
        match params(kind, pipeline, step, &step.with) {
            Ok(params) => steps.push(PlannedStep { name: step.name.value.clone(), kind, params }),
            Err(wrong) => mistakes.extend(wrong),
        }
    }
    if mistakes.is_empty() { Ok(steps) } else { Err(mistakes) }
}

fn shape(
    pipeline: &Pipeline,
    kinds: &[&'static dyn Kind],
    of_workspace: &[&'static dyn WorkspaceKind],
) -> (Shape, Vec<Mistake>) {
    let mut checked = Checked::new(pipeline, kinds, of_workspace);
    // A workspace pipeline's inputs are nodes of other pipelines.
    let edges = if pipeline.scope == Scope::Repository { edges(&mut checked) } else { Vec::new() };
    let serve = serve(&mut checked);
    let order = order(&mut checked, &edges);
    if checked.mistakes.is_empty() && pipeline.scope == Scope::Repository {
        unused(&mut checked, &edges);
    }
    let sound = checked.mistakes.iter().all(|m| !m.is_error());
    let Checked { kinds, of_workspace, steps, mistakes, .. } = checked;
    (Shape { kinds, of_workspace, edges, order: order.filter(|_| sound), serve, steps }, mistakes)
}

/// The index that search uses by default.
fn serve(checked: &mut Checked<'_>) -> Option<usize> {
    let is_index = |checked: &Checked<'_>, at: usize| {
        checked.kinds.get(at).copied().flatten().is_some_and(|k| k.name() == "index")
    };
    let indexes: Vec<usize> = (0..checked.nodes().len()).filter(|at| is_index(checked, *at)).collect();
    let names: Vec<&str> = checked.nodes().iter().map(|n| n.name.value.as_str()).collect();
    let index_names: Vec<&str> = indexes.iter().filter_map(|at| names.get(*at).copied()).collect();
    let Some(written) = &checked.pipeline.serve else {
        if indexes.len() > 1 {
            let message = format!("the pipeline has {} indexes", indexes.len());
            let help = format!("say which one search uses by default: `serve: {}`", index_names.first().unwrap_or(&""));
            let label = format!("which of {}?", list(&index_names));
            checked.report(&codes::SERVE, message, checked.pipeline.name.span, label, help);
        }
        return indexes.first().copied();
    };
    let found = checked.position(&written.value);
    match found {
        Some(at) if is_index(checked, at) => return found,
        // Its kind is not known, and reported.
        Some(at) if checked.kinds.get(at).copied().flatten().is_none() => {}
        Some(_) => {
            let message = format!("`serve` names `{}`, which is no index", written.value);
            let help = match index_names.first() {
                Some(name) => format!("write `serve: {name}`"),
                None => "add a node of kind `index`, or remove `serve`".to_owned(),
            };
            checked.report(&codes::SERVE, message, written.span, "not of kind `index`", help);
        }
        None => {
            let help = match nearest(&written.value, index_names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if index_names.is_empty() => "add a node of kind `index`, or remove `serve`".to_owned(),
                None => format!("the indexes are {}", list(&index_names)),
            };
            let message = format!("`serve` names `{}`, which is no node", written.value.escape_debug());
            checked.report(&codes::UNKNOWN_NODE, message, written.span, "not a node of this pipeline", help);
        }
    }
    None
}

/// A node that takes nothing and feeds nothing, in a pipeline with other nodes. A node that takes something and
/// feeds nothing makes tables for people: that is what pipelines are for.
fn unused(checked: &mut Checked<'_>, edges: &[Edge]) {
    if checked.nodes().len() < 2 {
        return;
    }
    for (at, node) in checked.nodes().iter().enumerate() {
        if edges.iter().any(|e| e.from == at || e.to == at) {
            continue;
        }
        let message = format!("nothing takes what the node `{}` writes", node.name.value);
        checked.report(&codes::UNUSED_NODE, message, node.name.span, "stands alone", "remove it, or take its tables");
        if let Some(last) = checked.mistakes.pop() {
            checked.mistakes.push(last.severity(miette::Severity::Warning));
        }
    }
}

/// One repository's copy of its pipeline.
fn planned(
    workspace: &Workspace,
    repository: &Repository,
    pipeline: &Pipeline,
    shape: &Shape,
    limits: &Limits,
) -> Result<Option<RepoPlan>, Vec<Mistake>> {
    let (mut typed, mut mistakes) = (Vec::new(), Vec::new());
    for (node, kind) in pipeline.nodes.iter().zip(&shape.kinds) {
        let settings = repository.with.get(&node.name.value).unwrap_or(&node.with);
        match kind.map(|kind| params(kind, pipeline, node, settings)) {
            Some(Ok(params)) => typed.push(Some(params)),
            Some(Err(wrong)) => {
                typed.push(None);
                mistakes.extend(wrong);
            }
            None => typed.push(None),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let Some(nodes) = nodes(pipeline, shape, &typed, limits) else { return Ok(None) };
    let texts = |(glob, language): &(crate::config::Written<String>, crate::config::Written<String>)| {
        (glob.value.clone(), language.value.clone())
    };
    let mut repo = RepoPlan {
        name: repository.name.clone(),
        root: repository.root.clone(),
        pipeline: repository.pipeline.clone(),
        include: repository.include.clone(),
        exclude: repository.exclude.clone(),
        languages: workspace.languages.iter().map(texts).collect(),
        serve: shape.serve.and_then(|at| shape.order.as_ref()?.iter().position(|n| *n == at)),
        nodes,
        // A mistake in them is reported with the pipeline.
        after: steps(pipeline, shape).unwrap_or_default(),
        config_digest: Digest([0; 32]),
    };
    repo.config_digest = digest::config(&repo, limits);
    Ok(Some(repo))
}

/// The nodes in their order, with their chains; `None` when the graph has mistakes.
fn nodes(pipeline: &Pipeline, shape: &Shape, typed: &[Option<Params>], limits: &Limits) -> Option<Vec<PlannedNode>> {
    let order = shape.order.as_ref()?;
    let mut out: Vec<PlannedNode> = Vec::with_capacity(order.len());
    for at in order {
        let (node, kind, params) = (pipeline.nodes.get(*at)?, (*shape.kinds.get(*at)?)?, typed.get(*at)?.clone()?);
        let mut inputs = Vec::new();
        for edge in shape.edges.iter().filter(|e| e.to == *at) {
            inputs.push(PlannedInput { port: edge.port, node: order.iter().position(|n| *n == edge.from)? });
        }
        let above: Vec<(&str, Digest)> = inputs.iter().filter_map(|i| Some((i.port, out.get(i.node)?.chain))).collect();
        let chain = digest::chain(kind, &params, limits, &above);
        out.push(PlannedNode { name: node.name.value.clone(), kind, params, inputs, chain });
    }
    Some(out)
}
