//! From terms to nodes.

use std::collections::{BTreeMap, BTreeSet};

use super::error::SelectError;
use super::read::{Atom, Term, named, terms};
use super::selection::Selection;
use crate::base::suggest::nearest;
use crate::plan::model::{Plan, WorkspaceNode};

/// Names that a help line lists.
const LISTED: usize = 12;

/// The nodes that `selectors` name; everything where there is no selector.
///
/// `tags` are those of each repository. `also` are repositories that are declared but have no plan now: they can be
/// named, and come back in [`Selection::unavailable`].
pub fn select(
    selectors: &[String],
    plan: &Plan,
    tags: &BTreeMap<String, Vec<String>>,
    also: &BTreeSet<String>,
) -> Result<Selection, SelectError> {
    if selectors.is_empty() {
        return Ok(Selection { unavailable: also.clone(), ..Selection::all(plan) });
    }
    let mut all = Selection::default();
    for argument in selectors {
        let chooser = Chooser { plan, tags, also, argument };
        let mut left: Option<Selection> = None;
        for term in terms(argument)? {
            let found = chooser.term(&term)?;
            let both = left.map_or(found.clone(), |left| left.and(&found));
            if both.is_empty() {
                let (text, argument) = (argument.clone(), named(argument));
                return Err(SelectError::Empty { text, argument, span: term.span.into() });
            }
            left = Some(both);
        }
        all.add(left.unwrap_or_default());
    }
    Ok(all)
}

struct Chooser<'a> {
    plan: &'a Plan,
    tags: &'a BTreeMap<String, Vec<String>>,
    also: &'a BTreeSet<String>,
    argument: &'a str,
}

impl Chooser<'_> {
    fn term(&self, term: &Term<'_>) -> Result<Selection, SelectError> {
        let mut below = term.below;
        let mut found = match term.atom {
            Atom::Repo(name) => self.repo(name).ok_or_else(|| self.no("repository", name, self.repo_names(), term))?,
            Atom::Node(name) => self.node(name).ok_or_else(|| self.no("node", name, self.node_names(), term))?,
            Atom::Kind(name) => self.kind(name, term)?,
            Atom::Tag(value, whole) => {
                let signed = if below { self.tag(whole) } else { None };
                below &= signed.is_none();
                let found = signed.or_else(|| self.tag(value));
                found.ok_or_else(|| self.no("repository with the tag", value, self.tag_names(), term))?
            }
            Atom::Path(repo, node) => self.path(repo, node, term)?,
            Atom::Name(name) => self.name(name, term)?,
        };
        found.grow(self.plan, term.above, below);
        Ok(found)
    }

    fn name(&self, name: &str, term: &Term<'_>) -> Result<Selection, SelectError> {
        match (self.repo(name), self.node(name)) {
            (Some(_), Some(_)) => {
                let (name, argument) = (name.to_owned(), named(self.argument));
                Err(SelectError::Ambiguous { name, argument, span: term.span.clone().into() })
            }
            (Some(found), None) | (None, Some(found)) => Ok(found),
            (None, None) => {
                let known = self.repo_names().into_iter().chain(self.node_names()).collect();
                Err(self.no("repository or node", name, known, term))
            }
        }
    }

    fn repo(&self, name: &str) -> Option<Selection> {
        self.repos(|repo| repo == name)
    }

    /// The repositories that `wanted` names, whole.
    fn repos(&self, wanted: impl Fn(&str) -> bool) -> Option<Selection> {
        let mut found = Selection::of(self.plan, |repo, _| wanted(&repo.name));
        found.unavailable = self.also.iter().filter(|name| wanted(name)).cloned().collect();
        (!found.is_empty()).then_some(found)
    }

    fn node(&self, name: &str) -> Option<Selection> {
        let is_it = |node: &crate::plan::PlannedNode| node.name == name;
        let mut found = Selection::of(self.plan, |repo, at| repo.nodes.get(at).is_some_and(is_it));
        found.of_workspace = self.of_workspace(|node| node.name == name || workspace_name(node) == name);
        (!found.is_empty()).then_some(found)
    }

    fn of_workspace(&self, wanted: impl Fn(&WorkspaceNode) -> bool) -> BTreeSet<usize> {
        let nodes = self.plan.workspace_nodes.iter().enumerate().filter(|(_, node)| wanted(node));
        nodes.map(|(at, _)| at).collect()
    }

    fn kind(&self, name: &str, term: &Term<'_>) -> Result<Selection, SelectError> {
        let is_it = |node: &crate::plan::PlannedNode| node.kind.name() == name;
        let mut found = Selection::of(self.plan, |repo, at| repo.nodes.get(at).is_some_and(is_it));
        found.of_workspace = self.of_workspace(|node| node.kind.name() == name);
        if found.is_empty() {
            let known = self.plan.repos.iter().flat_map(|repo| &repo.nodes).map(|node| node.kind.name());
            let known = known.chain(self.plan.workspace_nodes.iter().map(|node| node.kind.name())).collect();
            return Err(self.no("node of kind", name, known, term));
        }
        Ok(found)
    }

    /// Tags are lower-case, however they were written.
    fn tag(&self, tag: &str) -> Option<Selection> {
        let tag = tag.to_lowercase();
        self.repos(|repo| self.tags.get(repo).is_some_and(|tags| tags.contains(&tag)))
    }

    fn path(&self, repo: &str, node: &str, term: &Term<'_>) -> Result<Selection, SelectError> {
        if self.also.contains(repo) {
            // Its nodes are not known now; that it cannot be worked on is what will be said.
            return Ok(Selection { unavailable: BTreeSet::from([repo.to_owned()]), ..Selection::default() });
        }
        // A pipeline of workspace scope may be called as a repository is: the repository's nodes come first.
        let mine = self.of_workspace(|known| known.pipeline == repo && known.name == node);
        let of_workspace = || Selection { of_workspace: mine.clone(), ..Selection::default() };
        let Some(planned) = self.plan.repos.iter().find(|planned| planned.name == repo) else {
            if !mine.is_empty() {
                return Ok(of_workspace());
            }
            let nodes = self.plan.workspace_nodes.iter().filter(|known| known.pipeline == repo);
            let known: BTreeSet<&str> = nodes.map(|known| known.name.as_str()).collect();
            if !known.is_empty() {
                return Err(self.no(&format!("node of `{repo}` called"), node, known, term));
            }
            return Err(self.no("repository", repo, self.repo_names(), term));
        };
        let Some(at) = planned.nodes.iter().position(|planned| planned.name == node) else {
            if !mine.is_empty() {
                return Ok(of_workspace());
            }
            let known = planned.nodes.iter().map(|node| node.name.as_str()).collect();
            return Err(self.no(&format!("node of `{repo}` called"), node, known, term));
        };
        let repos = BTreeMap::from([(repo.to_owned(), BTreeSet::from([at]))]);
        Ok(Selection { repos, ..Selection::default() })
    }

    fn repo_names(&self) -> BTreeSet<&str> {
        self.plan.repos.iter().map(|repo| repo.name.as_str()).chain(self.also.iter().map(String::as_str)).collect()
    }

    fn node_names(&self) -> BTreeSet<&str> {
        let nodes = self.plan.repos.iter().flat_map(|repo| &repo.nodes).map(|node| node.name.as_str());
        nodes.chain(self.plan.workspace_nodes.iter().map(|node| node.name.as_str())).collect()
    }

    fn tag_names(&self) -> BTreeSet<&str> {
        self.tags.values().flatten().map(String::as_str).collect()
    }

    fn no(&self, what: &str, name: &str, known: BTreeSet<&str>, term: &Term<'_>) -> SelectError {
        SelectError::Unknown {
            what: what.to_owned(),
            name: name.to_owned(),
            argument: named(self.argument),
            span: term.span.clone().into(),
            help: help(name, &known),
        }
    }
}

/// As the store and its views call it.
fn workspace_name(node: &WorkspaceNode) -> String {
    format!("{}@{}", node.pipeline, node.name)
}

fn help(name: &str, known: &BTreeSet<&str>) -> String {
    if let Some(near) = nearest(name, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    let listed: Vec<&str> = known.iter().take(LISTED).copied().collect();
    match known.len().saturating_sub(LISTED) {
        _ if known.is_empty() => "there is none in this workspace; `sawmill graph` draws what there is".to_owned(),
        0 => format!("there are: {}", listed.join(", ")),
        more => format!("there are: {} and {more} more", listed.join(", ")),
    }
}
