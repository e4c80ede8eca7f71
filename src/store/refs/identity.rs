//! What a ref comes to: the builds, by repository, and what decided their form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::{Digest, KeyHasher};
use crate::store::error::StoreError;
use crate::store::lease::Pinned;
use crate::store::model::BuildRoot;

/// One repository's part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepoIdentity {
    pub build: String,
    pub config_digest: Digest,
    /// Node → `kind@FORMAT`.
    pub formats: BTreeMap<String, String>,
}

/// A moment by its content: equal identities hold equal rows, on any machine and at any time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub repos: BTreeMap<String, RepoIdentity>,
}

impl RepoIdentity {
    pub fn of(root: &BuildRoot) -> Self {
        let formats = root.nodes.iter().map(|node| (node.name.clone(), format!("{}@{}", node.kind, node.format)));
        Self { build: root.id.clone(), config_digest: root.config_digest, formats: formats.collect() }
    }

    /// Do both hold tables that mean the same, so that their rows may be compared?
    pub fn is_comparable(&self, other: &Self) -> bool {
        self.config_digest == other.config_digest && self.formats == other.formats
    }
}

impl Identity {
    /// Of a pinned generation; reads the root of each repository's build, and no list.
    pub fn of(pinned: &Pinned) -> Result<Self, StoreError> {
        let repos = pinned.generation().repos.keys();
        let repos = repos.map(|repo| Ok((repo.clone(), RepoIdentity::of(&pinned.build(repo)?))));
        Ok(Self { repos: repos.collect::<Result<_, StoreError>>()? })
    }

    /// 16 hexadecimal characters.
    pub fn hash(&self) -> String {
        let mut hasher = KeyHasher::new("sawmill.identity.v1");
        hasher.int(self.repos.len() as u64);
        for (name, repo) in &self.repos {
            hasher.add(name).add(&repo.build).digest(&repo.config_digest).add(&repo.formats);
        }
        hasher.finish().prefix_hex(16)
    }
}
