//! Kinds and names of one pipeline.

use super::codes;
use crate::base::suggest::nearest;
use crate::config::{Code, Mistake, Pipeline, PipelineNode, Scope, Span, Written};
use crate::nodes::{HISTORY, HistoryKind, Kind};

/// Kinds of later releases. They are known, so that their names give a clear answer.
pub(super) const LATER: &[&str] = &["federate"];

/// A pipeline under check: its nodes by number, sorted by name.
pub struct Checked<'p> {
    pub pipeline: &'p Pipeline,
    /// `None`: the kind is not known, and reported.
    pub kinds: Vec<Option<&'static dyn Kind>>,
    /// Of the steps of `after:`, likewise.
    pub steps: Vec<Option<&'static HistoryKind>>,
    pub mistakes: Vec<Mistake>,
}

impl<'p> Checked<'p> {
    /// Checks names, kinds, scope and steps.
    pub fn new(pipeline: &'p Pipeline, kinds: &[&'static dyn Kind]) -> Self {
        let mut checked = Self { pipeline, kinds: Vec::new(), steps: Vec::new(), mistakes: Vec::new() };
        checked.kinds = pipeline.nodes.iter().map(|node| checked.kind(node, kinds)).collect();
        checked.steps = pipeline.after.iter().map(|step| checked.step(step, kinds)).collect();
        // One of workspace scope may consist of steps.
        let only_steps = pipeline.scope == Scope::Workspace && !pipeline.after.is_empty();
        if pipeline.nodes.is_empty() && !only_steps {
            let message = format!("the pipeline `{}` has no node", pipeline.name.value);
            let help = "add one under `nodes:`, for example `extract: { kind: extract }`";
            checked.report(&codes::NO_NODE, message, pipeline.name.span, "nothing to run", help);
        }
        checked.scope();
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

    fn kind(&mut self, node: &PipelineNode, kinds: &[&'static dyn Kind]) -> Option<&'static dyn Kind> {
        let written = node.kind.as_ref()?;
        let found = kinds.iter().copied().find(|k| k.name() == written.value);
        if let Some(step) = HISTORY.iter().find(|step| found.is_none() && step.name == written.value) {
            let message = format!("the kind `{}` makes no part of a build", step.name);
            let help = format!("move `{}` to `after:`", node.name.value);
            self.report(&codes::NOT_A_NODE, message, written.span, "runs after a build", help);
        } else if found.is_none() {
            let names: Vec<&str> = kinds.iter().map(|k| k.name()).collect();
            self.unknown_kind(&node.name, written, "node", &names);
        }
        found
    }

    fn unknown_kind(&mut self, name: &Written<String>, kind: &Written<String>, what: &str, names: &[&str]) {
        if LATER.contains(&kind.value.as_str()) {
            let message = format!("the kind `{}` is not available in this release", kind.value);
            let help = format!("remove the {what} `{}`; the rest of the pipeline works without it", name.value);
            self.report(&codes::KIND_NOT_AVAILABLE, message, kind.span, "comes with a later release", help);
            return;
        }
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

    /// Pipelines of workspace scope with nodes come with the kind that they are for.
    fn scope(&mut self) {
        let said = self.mistakes.iter().any(|m| m.code == &codes::KIND_NOT_AVAILABLE);
        if self.pipeline.scope == Scope::Workspace && !self.pipeline.nodes.is_empty() && !said {
            let message = "nodes in pipelines of workspace scope are not available in this release".to_owned();
            let help = format!("remove `{}` from `pipelines:` of the workspace", self.pipeline.name.value);
            self.report(&codes::KIND_NOT_AVAILABLE, message, self.pipeline.name.span, "of workspace scope", help);
        }
    }
}
