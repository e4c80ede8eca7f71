//! Which repositories feed a node of the workspace.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Digest, KeyHasher};
use crate::plan::WorkspaceNode;
use crate::store::federation::Found;
use crate::store::{BuildRoot, RepoBuild, SegmentRef};
use crate::table::TableSchema;

use super::super::failure::Failure;
use super::super::standing::Standing;
use super::super::world::store_failure;

/// What became of a member's build.
#[derive(Clone, Debug)]
pub enum Build {
    Root(Arc<BuildRoot>),
    Missing,
    /// The build of this id cannot be read.
    Invalid(String),
}

/// A repository that takes part.
#[derive(Clone, Debug)]
pub struct Member {
    pub name: Arc<str>,
    /// Its node that feeds the node of the workspace.
    pub node: Option<String>,
    pub stale: bool,
    pub build: Build,
}

impl Member {
    /// As the manifest takes it.
    pub fn found(&self, tables: &[&'static TableSchema]) -> Found<'_> {
        let format = |name: &str| tables.iter().find(|table| table.name == name).map(|table| table.format);
        match &self.build {
            Build::Root(root) => Found::read(root, format),
            Build::Missing => Found::Missing,
            Build::Invalid(id) => Found::Invalid(id),
        }
    }

    /// The segments that are read: none where the build lacks the node, or its tables are of another format.
    pub fn segments(&self, ports: &[&'static TableSchema]) -> &[SegmentRef] {
        let Build::Root(root) = &self.build else { return &[] };
        let Some(node) = root.nodes.iter().find(|node| Some(&node.name) == self.node.as_ref()) else { return &[] };
        let fits = |table: &&'static TableSchema| {
            let format = node.merged.get(table.name).or_else(|| node.tables.get(table.name));
            format.is_none_or(|format| *format == table.format)
        };
        if ports.iter().all(fits) { &root.segments } else { &[] }
    }
}

/// The members of `node` by name, with the builds that `repos` has.
pub fn members(
    standing: &Standing<'_>,
    node: &WorkspaceNode,
    repos: &BTreeMap<String, RepoBuild>,
) -> Result<Vec<Member>, Failure> {
    let mut found = Vec::new();
    for name in names(standing, node).keys() {
        let built = repos.get(name);
        let build = match built.map(|built| (built, standing.services.store.build_of(name, &built.build))) {
            None => Build::Missing,
            Some((_, Ok(root))) => Build::Root(Arc::new(root)),
            Some((built, Err(error))) if error.is_damage() => Build::Invalid(built.build.clone()),
            Some((_, Err(error))) => return Err(store_failure(&error)),
        };
        let planned = node.members.iter().find(|member| member.repo == *name).map(|member| member.node.clone());
        let of_build = || match &build {
            Build::Root(root) => node.feeds.get(&root.pipeline).cloned(),
            _ => None,
        };
        let node_of_repo = planned.clone().or_else(of_build);
        // Of one that cannot be worked on now, only its build tells whether its pipeline feeds the node.
        if planned.is_some() || node_of_repo.is_some() {
            let stale = built.is_some_and(|built| built.stale);
            found.push(Member { name: name.as_str().into(), node: node_of_repo, stale, build });
        }
    }
    Ok(found)
}

/// Repositories that may take part, with the node of those that have a plan.
fn names(standing: &Standing<'_>, node: &WorkspaceNode) -> BTreeMap<String, Option<String>> {
    let planned = node.members.iter().map(|member| (member.repo.clone(), Some(member.node.clone())));
    let lost = standing.options.unavailable.keys().filter(|name| {
        let tags = standing.head.and_then(|head| head.provenance().repos.get(*name)).map(|known| known.tags.as_slice());
        node.selects.takes(name, tags.unwrap_or_default())
    });
    lost.map(|name| (name.clone(), None)).chain(planned).collect()
}

/// Digest of everything that decides what `node` makes of `repos`.
pub fn root_key(standing: &Standing<'_>, node: &WorkspaceNode, repos: &BTreeMap<String, RepoBuild>) -> Digest {
    let names = names(standing, node);
    let mut hasher = KeyHasher::new("sawmill.federation-root.v1");
    hasher.digest(&node.chain).int(names.len() as u64);
    for (name, node) in &names {
        let build = repos.get(name);
        hasher.add(name).add(node).add(&build.map(|build| build.build.as_str()));
        hasher.add(&build.is_some_and(|build| build.stale));
    }
    hasher.finish()
}
