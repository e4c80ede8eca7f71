//! The id of a diff.

use super::model::DiffInputs;
use crate::base::KeyHasher;
use crate::store::refs::Identity;

/// `diff_` and 16 hexadecimal characters over what is compared and how: no time, no label, not how a moment was named.
pub fn diff_id(inputs: &DiffInputs) -> String {
    let mut hasher = KeyHasher::new("sawmill.diff.v1");
    for side in [&inputs.from.identity, &inputs.to.identity] {
        write(&mut hasher, side);
    }
    for list in [&inputs.repos, &inputs.modes, &inputs.nodes] {
        hasher.add(list);
    }
    hasher.add(&inputs.allow_mismatch).add(&inputs.diff_format);
    if inputs.files_only {
        hasher.add("files-only");
    }
    format!("diff_{}", hasher.finish().prefix_hex(16))
}

fn write(hasher: &mut KeyHasher, identity: &Identity) {
    hasher.int(identity.repos.len() as u64);
    for (name, repo) in &identity.repos {
        hasher.add(name).add(&repo.build).digest(&repo.config_digest).add(&repo.formats);
    }
}
