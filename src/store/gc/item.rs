//! What can go, and its name in the lists of the condemned.

use super::super::layout::{is_commit, is_id, is_part};
use crate::base::Digest;

/// A sort of things that go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    Generations,
    Commits,
    Builds,
    Lists,
    Leases,
    Memo,
    Objects,
    Blocks,
    Quarantine,
}

impl Sort {
    pub fn name(self) -> &'static str {
        match self {
            Self::Generations => "generations",
            Self::Commits => "commits",
            Self::Builds => "builds",
            Self::Lists => "lists",
            Self::Leases => "leases",
            Self::Memo => "memo",
            Self::Objects => "objects",
            Self::Blocks => "blocks",
            Self::Quarantine => "quarantine",
        }
    }
}

/// One thing that can go. In the order in which they do: what names before what is named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// Record, provenance, view and lease.
    Generation(String),
    /// Of a repository: the record of a commit's build, and its lease.
    Commit(String, String),
    /// Of a repository: root and view.
    Build(String, String),
    List(String, Digest),
    /// A lease of a generation or commit that has no record.
    Lease(String),
    /// With its block hashes.
    Object(Digest),
    /// Block hashes whose object is not there.
    Blocks(Digest),
    /// A file that was set aside.
    Quarantined(String),
}

impl Item {
    pub fn sort(&self) -> Sort {
        match self {
            Self::Generation(_) => Sort::Generations,
            Self::Commit(..) => Sort::Commits,
            Self::Build(..) => Sort::Builds,
            Self::List(..) => Sort::Lists,
            Self::Lease(_) => Sort::Leases,
            Self::Object(_) => Sort::Objects,
            Self::Blocks(_) => Sort::Blocks,
            Self::Quarantined(_) => Sort::Quarantine,
        }
    }

    /// Is it of the cache, and not of one workspace?
    pub(super) fn is_of_cache(&self) -> bool {
        matches!(self, Self::Object(_) | Self::Blocks(_) | Self::Quarantined(_))
    }

    /// `objects/<64>`, `builds/<repo>/<id>`, …
    pub(super) fn name(&self) -> String {
        let sort = self.sort().name();
        match self {
            Self::Generation(name) | Self::Lease(name) | Self::Quarantined(name) => format!("{sort}/{name}"),
            Self::Commit(repo, id) | Self::Build(repo, id) => format!("{sort}/{repo}/{id}"),
            Self::List(repo, hash) => format!("{sort}/{repo}/{hash}"),
            Self::Object(hash) | Self::Blocks(hash) => format!("{sort}/{hash}"),
        }
    }

    /// The inverse of [`name`](Self::name); `None` where it names nothing that this version collects.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let (sort, rest) = name.split_once('/')?;
        let pair = || rest.split_once('/').filter(|(repo, _)| is_part(repo));
        let text = || rest.to_owned();
        Some(match sort {
            "generations" if is_id("g-", rest) => Self::Generation(text()),
            "commits" => pair().filter(|(_, id)| is_commit(id)).map(|(r, id)| Self::Commit(r.into(), id.into()))?,
            "builds" => pair().filter(|(_, id)| is_id("b-", id)).map(|(r, id)| Self::Build(r.into(), id.into()))?,
            "lists" => pair().and_then(|(r, hash)| Some(Self::List(r.into(), hash.parse().ok()?)))?,
            "leases" if is_part(rest) => Self::Lease(text()),
            "objects" => Self::Object(rest.parse().ok()?),
            "blocks" => Self::Blocks(rest.parse().ok()?),
            "quarantine" if is_part(rest) => Self::Quarantined(text()),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_comes_back_from_its_name_and_a_strange_name_is_none() {
        let hash = Digest::of(b"x");
        let items = [
            Item::Generation("g-0123456789ab".into()),
            Item::Commit("api".into(), "0".repeat(40)),
            Item::Build("api".into(), "b-0123456789ab".into()),
            Item::List("api".into(), hash),
            Item::Lease("git-1-api".into()),
            Item::Object(hash),
            Item::Blocks(hash),
            Item::Quarantined("objects-ab-cd.parquet".into()),
        ];
        for item in &items {
            assert_eq!(Item::parse(&item.name()).as_ref(), Some(item));
        }
        assert!(items.is_sorted(), "what names goes before what is named");
        for strange in ["", "objects", "objects/x", "builds/../b-0123456789ab", "leases/..", "trees/x", "lists/api"] {
            assert_eq!(Item::parse(strange), None, "{strange}");
        }
    }
}
