//! Generations, their provenance, and HEAD.

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use super::error::{StoreError, io_at};
use super::layout::is_id;
use super::model::{Generation, Provenance, RepoBuild};
use super::open::Store;
use crate::base::hash::KeyHasher;

/// `HEAD.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub format: u32,
    pub generation: String,
}

/// `g-` and twelve hexadecimal characters over repository → build, and node of the workspace → build. That one is stale
/// is part of it: the workspace after a failed build is another one than before, though its pieces are the same. Without
/// a node of the workspace the id is that of the repositories alone.
pub fn generation_id(repos: &BTreeMap<String, RepoBuild>, workspace: &BTreeMap<String, RepoBuild>) -> String {
    let mut hasher = KeyHasher::new("sawmill.generation.v1");
    let workspace = Some(workspace).filter(|builds| !builds.is_empty());
    for builds in std::iter::once(repos).chain(workspace) {
        hasher.int(builds.len() as u64);
        for (name, build) in builds {
            hasher.add(name).add(&build.build).add(&build.stale);
        }
    }
    format!("g-{}", hasher.finish().short())
}

impl Store {
    /// The generation that HEAD names. `None` when nothing was built yet: `latest` is made after the first HEAD, so
    /// where it stands without one, HEAD was lost.
    pub fn head(&self) -> Result<Option<String>, StoreError> {
        let path = self.layout().head();
        match self.record::<Head>(&path)? {
            Some(head) if is_id("g-", &head.generation) => Ok(Some(head.generation)),
            Some(_) => Err(StoreError::Damaged { path, what: "it names no generation" }),
            None => match self.vfs().read_link(&self.layout().latest()) {
                Ok(_) => Err(StoreError::Missing { path }),
                Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(e) => Err(io_at("read", &self.layout().latest())(e)),
            },
        }
    }

    pub(super) fn generation(&self, id: &str) -> Result<Generation, StoreError> {
        let path = self.layout().generation(id);
        let Some(generation) = self.record::<Generation>(&path)? else { return Err(StoreError::Missing { path }) };
        if generation.id != id || generation_id(&generation.repos, &generation.workspace) != id {
            return Err(StoreError::Damaged { path, what: "it describes another generation" });
        }
        Ok(generation)
    }

    /// What is known about a generation beside its content; `None` when nothing was written.
    pub fn provenance(&self, generation: &str) -> Result<Option<Provenance>, StoreError> {
        if !is_id("g-", generation) {
            return Err(StoreError::refused(format!("`{generation}` names no generation")));
        }
        self.record(&self.layout().provenance(generation))
    }
}
