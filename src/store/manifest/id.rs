//! A build's id.

use super::super::model::BuildRoot;
use crate::base::hash::KeyHasher;

/// `b-` and twelve hexadecimal characters.
///
/// | ingredient | in | why |
/// |---|---|---|
/// | lists of the segments, in order | yes | they name every piece, with node, table and artifact |
/// | kind, format and table formats of each node | yes | equal bytes of another format mean something else |
/// | manifest of the workspace, where there is one | yes | it is a part of what a node of the workspace makes |
/// | config digest | yes | parameters that affect outputs |
/// | repository, pipeline, `serve`, port wiring, parameters as text | no | names and display; what matters of them is in the config digest |
/// | times, paths of the machine, host, version of the program | no | a build must not depend on where or when |
pub fn build_id(root: &BuildRoot) -> String {
    let mut hasher = KeyHasher::new("sawmill.build.v1");
    hasher.int(u64::from(root.format)).digest(&root.config_digest);
    hasher.int(root.nodes.len() as u64);
    for node in &root.nodes {
        hasher.add(&node.name).add(&node.kind).add(&node.format).add(&node.tables).add(&node.merged);
    }
    hasher.int(root.segments.len() as u64);
    for segment in &root.segments {
        hasher.add(&segment.mode).add(&segment.id).digest(&segment.list);
    }
    if let Some(manifest) = &root.workspace_manifest {
        hasher.digest(manifest);
    }
    format!("b-{}", hasher.finish().short())
}
