//! The whole, and its two ids.

use std::collections::BTreeMap;

use super::member::Found;
use super::model::{Manifest, Member, MemberMode};
use crate::base::ContentHash;
use crate::base::hash::KeyHasher;

/// Format of manifests.
const FORMAT: u32 = 1;

impl Manifest {
    /// The manifest of these repositories.
    pub fn of(repos: &BTreeMap<String, Found<'_>>) -> Self {
        Self::of_members(repos.iter().map(|(name, found)| Member::of(name, *found)).collect())
    }

    /// The manifest of these members, in whatever order.
    pub fn of_members(mut repos: Vec<Member>) -> Self {
        repos.sort_by(|a, b| a.name.cmp(&b.name));
        Self { format: FORMAT, repo_set_id: repo_set_id(&repos), manifest_hash: manifest_hash(&repos), repos }
    }

    /// The repository `name`.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.repos.iter().find(|member| member.name == name)
    }
}

/// `ws1-` and 16 hexadecimal characters over the names.
fn repo_set_id(repos: &[Member]) -> String {
    let mut hasher = KeyHasher::new("sawmill.repo_set.v1");
    hasher.int(repos.len() as u64);
    for member in repos {
        hasher.add(&member.name);
    }
    format!("ws1-{}", hasher.finish().prefix_hex(16))
}

/// `wm1-` and 16 hexadecimal characters.
///
/// | ingredient | in | why |
/// |---|---|---|
/// | names, availability, builds, config digests | yes | they decide what is found, and under which name |
/// | signature, cohort, totals and tables of each mode | yes | they decide scores, and what is scored together |
/// | tags, priority, `enabled` | no | a search says which repositories it takes, and in which order |
/// | times, paths of the machine, host, version of the program | no | a manifest must not depend on where or when |
fn manifest_hash(repos: &[Member]) -> String {
    let mut hasher = KeyHasher::new("sawmill.workspace_manifest.v1");
    hasher.int(u64::from(FORMAT)).int(repos.len() as u64);
    for member in repos {
        hasher.add(member);
    }
    format!("wm1-{}", hasher.finish().prefix_hex(16))
}

impl ContentHash for Member {
    fn write(&self, hasher: &mut KeyHasher) {
        // Taken apart whole, so that a new field does not compile until it is written here.
        let Self { name, availability, build, config_digest, modes } = self;
        hasher.add(name).add(availability.name()).add(build).add(config_digest).add(modes);
    }
}

impl ContentHash for MemberMode {
    fn write(&self, hasher: &mut KeyHasher) {
        let Self { cohort, parameters, signature, files, chunks, lengths, present, omitted, required_for_search } =
            self;
        hasher.add(cohort).add(parameters).digest(signature).add(files).add(chunks).add(lengths);
        hasher.add(present).add(omitted).add(required_for_search);
    }
}
