//! Nodes of pipelines of workspace scope: which node of which repository feeds them.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{PlannedMember, WorkspaceNode};
use super::params::params;
use super::{codes, digest};
use crate::base::Limits;
use crate::base::suggest::nearest;
use crate::config::{Inputs, Mistake, Pipeline, PipelineNode, Scope, Workspace, Written, list};
use crate::nodes::{Kind, Port, WorkspaceKind};

/// A pipeline with the kinds of its nodes, as far as they are known.
pub type Known<'w> = BTreeMap<&'w str, (&'w Pipeline, &'w [Option<&'static dyn Kind>])>;

/// What feeds the nodes of one pipeline.
pub struct Feeds<'w> {
    pub workspace: &'w Workspace,
    pub pipelines: &'w Known<'w>,
    pub pipeline: &'w Pipeline,
    pub limits: &'w Limits,
}

impl Feeds<'_> {
    /// The nodes of the pipeline; mistakes and remarks go to `said`.
    pub fn nodes(&self, kinds: &[Option<&'static dyn WorkspaceKind>], said: &mut Vec<Mistake>) -> Vec<WorkspaceNode> {
        let known = self.pipeline.nodes.iter().zip(kinds).filter_map(|(node, kind)| Some((node, (*kind)?)));
        known.filter_map(|(node, kind)| self.node(node, kind, said)).collect()
    }

    fn node(
        &self,
        node: &PipelineNode,
        kind: &'static dyn WorkspaceKind,
        said: &mut Vec<Mistake>,
    ) -> Option<WorkspaceNode> {
        let before = said.len();
        let feeds = self.feeds(node, kind, said);
        let params = params(kind, self.pipeline, node, &node.with).map_err(|wrong| said.extend(wrong)).ok()?;
        if said.get(before..).is_none_or(|said| said.iter().any(Mistake::is_error)) {
            return None;
        }
        let selects = kind.selects(&params);
        self.unknown_names(node, &selects.names, said);
        let members = self.workspace.repos.iter().filter(|repo| selects.takes(&repo.name, &repo.tags));
        let members: Vec<PlannedMember> = members
            .filter_map(|repo| {
                Some(PlannedMember { repo: repo.name.clone(), node: feeds.get(&repo.pipeline)?.clone() })
            })
            .collect();
        if members.is_empty() {
            let message = format!("no repository feeds the node `{}`", node.name.value);
            let help = "its inputs name pipelines, and `select` chooses among the repositories that use them";
            let mistake =
                Mistake::at(&codes::NO_MEMBER, message, &self.pipeline.file, node.name.span, "nothing to take");
            said.push(mistake.help(help).severity(miette::Severity::Warning));
        }
        let chain = digest::of_workspace(kind, &params, &feeds, self.limits);
        let pipeline = self.pipeline.name.value.clone();
        Some(WorkspaceNode { pipeline, name: node.name.value.clone(), kind, params, selects, feeds, members, chain })
    }

    /// Pipeline → its node that feeds `node`.
    fn feeds(
        &self,
        node: &PipelineNode,
        kind: &'static dyn WorkspaceKind,
        said: &mut Vec<Mistake>,
    ) -> BTreeMap<String, String> {
        let port = kind.port();
        let names: Vec<&Written<String>> = match &node.inputs {
            Inputs::Short(names) => names.iter().collect(),
            Inputs::Unread => return BTreeMap::new(),
            Inputs::Named(inputs) => {
                for input in inputs.iter().filter(|input| input.port.value != port.name) {
                    let help = match nearest(&input.port.value, [port.name]) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("its port is `{}`", port.name),
                    };
                    let message =
                        format!("the kind `{}` has no port `{}`", kind.name(), input.port.value.escape_debug());
                    said.push(self.at(&codes::UNKNOWN_PORT, message, &input.port, "not a port").help(help));
                }
                inputs.iter().filter(|input| input.port.value == port.name).flat_map(|input| &input.nodes).collect()
            }
        };
        if names.is_empty() && !matches!(&node.inputs, Inputs::Named(inputs) if !inputs.is_empty()) {
            let message = format!("the node `{}` needs an input on port `{}`", node.name.value, port.name);
            let help = format!("name nodes of other pipelines: `inputs: {{ {}: [\"code/index\"] }}`", port.name);
            said.push(self.at(&codes::MISSING_INPUT, message, &node.name, "not fed").help(help));
        }
        let mut feeds: BTreeMap<String, String> = BTreeMap::new();
        for name in names {
            let Some((pipeline, fed)) = self.source(name, kind, port, said) else { continue };
            if feeds.insert(pipeline.clone(), fed.clone()).is_some_and(|before| before != fed) {
                let message = format!("two nodes of the pipeline `{pipeline}` feed the port `{}`", port.name);
                said.push(
                    self.at(&codes::TOO_MANY_INPUTS, message, name, "a repository gives one").help("name one of them"),
                );
            }
        }
        feeds
    }

    /// The pipeline and the node that an input names.
    fn source(
        &self,
        name: &Written<String>,
        kind: &'static dyn WorkspaceKind,
        port: &Port,
        said: &mut Vec<Mistake>,
    ) -> Option<(String, String)> {
        let Some((pipeline, fed)) = name.value.split_once('/') else {
            said.push(self.no_slash(name));
            return None;
        };
        let of_repositories = |(_, (known, _)): &(&&str, &(&Pipeline, _))| known.scope == Scope::Repository;
        let Some((known, kinds)) = self.pipelines.get(pipeline).filter(|(known, _)| known.scope == Scope::Repository)
        else {
            let names: Vec<&str> = self.pipelines.iter().filter(of_repositories).map(|(name, _)| *name).collect();
            let help = match nearest(pipeline, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}/{fed}`?"),
                None => format!("pipelines of repositories: {}", list(&names)),
            };
            let message = format!("there is no pipeline `{}` that repositories use", pipeline.escape_debug());
            said.push(self.at(&codes::UNKNOWN_FEED, message, name, "not a pipeline of a repository").help(help));
            return None;
        };
        let Some(at) = known.nodes.iter().position(|node| node.name.value == fed) else {
            let names: Vec<&str> = known.nodes.iter().map(|node| node.name.value.as_str()).collect();
            let help = match nearest(fed, names.iter().copied()) {
                Some(near) => format!("did you mean `{pipeline}/{near}`?"),
                None => format!("the nodes of `{pipeline}` are {}", list(&names)),
            };
            let message = format!("the pipeline `{pipeline}` has no node `{}`", fed.escape_debug());
            said.push(self.at(&codes::UNKNOWN_NODE, message, name, "not a node of that pipeline").help(help));
            return None;
        };
        // Its kind is not known, and reported.
        let upstream = kinds.get(at).copied().flatten()?;
        if !writes_all(upstream, port) {
            let message = format!("the port `{}` of kind `{}` takes {}", port.name, kind.name(), list(port.tables));
            let fitting: Vec<String> = known
                .nodes
                .iter()
                .zip(*kinds)
                .filter(|(_, kind)| kind.is_some_and(|kind| writes_all(kind, port)))
                .map(|(node, _)| format!("`{pipeline}/{}`", node.name.value))
                .collect();
            let help = match fitting.as_slice() {
                [] => format!("add a node of kind `index` to the pipeline `{pipeline}`"),
                fitting => format!("these nodes write them: {}", fitting.join(", ")),
            };
            let label = format!("of kind `{}`", upstream.name());
            said.push(self.at(&codes::EDGE_TYPE, message, name, &label).help(help));
            return None;
        }
        if !self.workspace.repos.iter().any(|repo| repo.pipeline == pipeline) {
            let message = format!("no repository uses the pipeline `{pipeline}`");
            let mistake = self.at(&codes::UNUSED_FEED, message, name, "feeds nothing");
            said.push(
                mistake.help("remove it, or give a repository that pipeline").severity(miette::Severity::Warning),
            );
        }
        Some((pipeline.to_owned(), fed.to_owned()))
    }

    fn no_slash(&self, name: &Written<String>) -> Mistake {
        let has = |(_, (known, _)): &(&&str, &(&Pipeline, _))| {
            known.scope == Scope::Repository && known.nodes.iter().any(|node| node.name.value == name.value)
        };
        let help = match self.pipelines.iter().find(has) {
            Some((pipeline, _)) => format!("did you mean `{pipeline}/{}`?", name.value),
            None => "write `pipeline/node`: it is taken from every repository of that pipeline".to_owned(),
        };
        let message = format!("`{}` names no node of a repository's pipeline", name.value.escape_debug());
        self.at(&codes::UNKNOWN_NODE, message, name, "no `pipeline/node`").help(help)
    }

    /// Names in `select` that no repository has.
    fn unknown_names(&self, node: &PipelineNode, names: &BTreeSet<String>, said: &mut Vec<Mistake>) {
        let lost = self.workspace.unavailable.iter().map(|lost| lost.name.as_str());
        let known: BTreeSet<&str> = self.workspace.repos.iter().map(|repo| repo.name.as_str()).chain(lost).collect();
        for name in names.iter().filter(|name| !known.contains(name.as_str())) {
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`sawmill status` lists the repositories".to_owned(),
            };
            let message = format!("node `{}`: there is no repository `{}`", node.name.value, name.escape_debug());
            let place = node.with.get("select").map(|setting| setting.place.clone());
            let mistake = match place {
                Some(place) => Mistake::at(&codes::UNKNOWN_MEMBER, message, &place.file, place.span, "named here"),
                None => self.at(&codes::UNKNOWN_MEMBER, message, &node.name, "named here"),
            };
            said.push(mistake.help(help));
        }
    }

    fn at(&self, code: &'static crate::config::Code, message: String, name: &Written<String>, label: &str) -> Mistake {
        Mistake::at(code, message, &self.pipeline.file, name.span, label)
    }
}

fn writes_all(kind: &dyn Kind, port: &Port) -> bool {
    let written = || kind.outputs().iter().chain(kind.merged()).chain(kind.resolved());
    port.tables.iter().all(|table| written().any(|written| written.name == *table))
}
