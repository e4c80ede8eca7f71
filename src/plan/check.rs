//! Kinds and names of one pipeline.

use super::codes;
use crate::base::suggest::nearest;
use crate::config::{Code, Mistake, Pipeline, PipelineNode, Scope, Span, Written};
use crate::nodes::{HISTORY, HistoryKind, Kind, WorkspaceKind};

/// A pipeline under check: its nodes by number, sorted by name.
pub struct Checked<'p> {
    pub pipeline: &'p Pipeline,
    /// `None`: the kind is not known, and reported.
    pub kinds: Vec<Option<&'static dyn Kind>>,
    /// Of the nodes of a pipeline of workspace scope, likewise.
    pub of_workspace: Vec<Option<&'static dyn WorkspaceKind>>,
    /// Of the steps of `after:`, likewise.
    pub steps: Vec<Option<&'static HistoryKind>>,
    pub mistakes: Vec<Mistake>,
}

impl<'p> Checked<'p> {
    /// Checks names, kinds, scope and steps.
    pub fn new(
        pipeline: &'p Pipeline,
        kinds: &[&'static dyn Kind],
        of_workspace: &[&'static dyn WorkspaceKind],
    ) -> Self {
        let mut checked =
            Self { pipeline, kinds: Vec::new(), of_workspace: Vec::new(), steps: Vec::new(), mistakes: Vec::new() };
        if pipeline.scope == Scope::Workspace {
            checked.kinds = vec![None; pipeline.nodes.len()];
            checked.of_workspace =
                pipeline.nodes.iter().map(|node| checked.workspace_kind(node, kinds, of_workspace)).collect();
        } else {
            checked.kinds = pipeline.nodes.iter().map(|node| checked.kind(node, kinds, of_workspace)).collect();
        }
        checked.steps = pipeline.after.iter().map(|step| checked.step(step, kinds)).collect();
        // One of workspace scope may consist of steps.
        let only_steps = pipeline.scope == Scope::Workspace && !pipeline.after.is_empty();
        if pipeline.nodes.is_empty() && !only_steps {
            let message = format!("the pipeline `{}` has no node", pipeline.name.value);
            let help = "add one under `nodes:`, for example `extract: { kind: extract }`";
            checked.report(&codes::NO_NODE, message, pipeline.name.span, "nothing to run", help);
        }
        checked
    }

    pub fn nodes(&self) -> &'p [PipelineNode] {
        &self.pipeline.nodes
    }

    /// The node called `name`.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.nodes().iter().position(|n| n.name.value == name)
    }

    pub fn report(
        &mut self,
        code: &'static Code,
        message: String,
        span: Span,
        label: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.mistakes.push(Mistake::at(code, message, &self.pipeline.file, span, label).help(help));
    }

    fn kind(
        &mut self,
        node: &PipelineNode,
        kinds: &[&'static dyn Kind],
        of_workspace: &[&'static dyn WorkspaceKind],
    ) -> Option<&'static dyn Kind> {
        let written = node.kind.as_ref()?;
        let found = kinds.iter().copied().find(|k| k.name() == written.value);
        if let Some(step) = HISTORY.iter().find(|step| found.is_none() && step.name == written.value) {
            let message = format!("the kind `{}` makes no part of a build", step.name);
            let help = format!("move `{}` to `after:`", node.name.value);
            self.report(&codes::NOT_A_NODE, message, written.span, "runs after a build", help);
        } else if found.is_none() && of_workspace.iter().any(|kind| kind.name() == written.value) {
            let message = format!("the kind `{}` takes many repositories", written.value);
            let help =
                "put it in a pipeline with `scope: workspace`, and name that under `pipelines:` of the workspace";
            self.report(&codes::KIND_SCOPE, message, written.span, "this pipeline runs over each repository", help);
        } else if found.is_none() {
            let names: Vec<&str> = kinds.iter().map(|k| k.name()).collect();
            self.unknown_kind(&node.name, written, "node", &names);
        }
        found
    }

    /// The kind of a node of a pipeline of workspace scope.
    fn workspace_kind(
        &mut self,
        node: &PipelineNode,
        kinds: &[&'static dyn Kind],
        of_workspace: &[&'static dyn WorkspaceKind],
    ) -> Option<&'static dyn WorkspaceKind> {
        let written = node.kind.as_ref()?;
        let found = of_workspace.iter().copied().find(|kind| kind.name() == written.value);
        if found.is_some() {
            return found;
        }
        if HISTORY.iter().any(|step| step.name == written.value) {
            let message = format!("the kind `{}` makes no part of a build", written.value);
            let help = format!("move `{}` to `after:`", node.name.value);
            self.report(&codes::NOT_A_NODE, message, written.span, "runs after a build", help);
        } else if kinds.iter().any(|kind| kind.name() == written.value) {
            let message = format!("the kind `{}` works on one repository", written.value);
            let help = format!("put `{}` in a pipeline of repositories", node.name.value);
            self.report(&codes::KIND_SCOPE, message, written.span, "this pipeline runs over the workspace", help);
        } else {
            let names: Vec<&str> = of_workspace.iter().map(|kind| kind.name()).collect();
            self.unknown_kind(&node.name, written, "node", &names);
        }
        None
    }

    fn unknown_kind(&mut self, name: &Written<String>, kind: &Written<String>, what: &str, names: &[&str]) {
        let help = match nearest(&kind.value, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => format!("remove the {what} `{}`", name.value),
            None => format!("known kinds: {}", crate::config::list(names)),
        };
        let message = format!("there is no kind `{}`", kind.value.escape_debug());
        self.report(&codes::UNKNOWN_KIND, message, kind.span, "not known", help);
    }

    /// A step of `after:`.
    fn step(&mut self, step: &PipelineNode, kinds: &[&'static dyn Kind]) -> Option<&'static HistoryKind> {
        if let Some(at) = self.position(&step.name.value) {
            let message = format!("a node and a step are called `{}`", step.name.value);
            let first = self.nodes().get(at).map_or(step.name.span, |n| n.name.span);
            self.report(&codes::DUPLICATE_NAME, message, step.name.span, "again here", "rename one of them");
            if let Some(last) = self.mistakes.pop() {
                self.mistakes.push(last.label(first, "first here"));
            }
        }
        let kind = step.kind.as_ref()?;
        let found = HISTORY.iter().copied().find(|known| known.name == kind.value);
        if found.is_some() {
            return found;
        }
        if kinds.iter().any(|k| k.name() == kind.value) {
            let message = format!("the kind `{}` cannot run after a build", kind.value);
            let help = format!("move `{}` to `nodes:`", step.name.value);
            self.report(&codes::NOT_A_STEP, message, kind.span, "makes a part of the build", help);
        } else {
            let names: Vec<&str> = HISTORY.iter().map(|known| known.name).collect();
            self.unknown_kind(&step.name, kind, "step", &names);
        }
        None
    }
}
