//! The action key: every ingredient of an action, and nothing else.
//!
//! | ingredient | in the key | why |
//! |---|---|---|
//! | kind, kind FORMAT | yes | other code, other output |
//! | canonical output-affecting parameters | yes | defaults filled in, so that writing a default changes nothing |
//! | digest of the limits | yes | a limit decides what is parsed |
//! | per input port its artifact hashes, in order | yes | the only thing that an upstream node can change |
//! | per file: path, size, content hash or skip reason, language, mode, role | for kinds that read files | the task's own input |
//! | per language its definition digest | for kinds that read files or have one | a change to Lua's queries re-runs Lua |
//! | per name that the files refer to, its definitions in the repository, or that there are none | for resolutions | a definition that comes or goes resolves again whatever uses its name |
//! | per file that is not read, its content, language, reason and message | where there are any | a decision that is made or revoked re-runs exactly the shards with its file |
//! | repository name | no | a second clone shares everything |
//! | upstream parameters | no | they act through the artifact hashes; equal output stops the wave |
//! | time, host, user, absolute path, thread count, environment, display settings, the binary's version | no | they change no output |
//!
//! History of the version: v1, the first.

use std::collections::BTreeMap;

use crate::base::{Digest, KeyHasher, Limits};
use crate::nodes::Names;
use crate::source::{FileContent, SourceFile};

use super::db::NodeSpec;
use super::decisions::Ruling;

/// A key with the ingredients that the memo keeps for `why` and for the reuse of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionKey {
    pub digest: Digest,
    pub ingredients: BTreeMap<String, String>,
}

/// The artifacts of one input: (port, table, artifact), in the order of ports and tables.
pub type InputArtifacts<'a> = [(&'static str, &'a str, Digest)];

/// Key of a node on a shard.
///
/// `own` are the definition digests of the node's kind by language, `all` those of the node and all nodes above
/// it: the first enter the key, the second tell later whether rows of unchanged files may be reused.
pub fn of_shard(
    spec: &NodeSpec,
    limits: &Limits,
    files: &[SourceFile],
    inputs: &InputArtifacts<'_>,
    own: &BTreeMap<String, Digest>,
    all: &BTreeMap<String, Digest>,
) -> ActionKey {
    let mut hasher = start("sawmill.action.v1", spec, limits);
    let mut ingredients = shared(spec, limits);
    hasher.int(inputs.len() as u64);
    for (port, table, artifact) in inputs {
        hasher.add(*port).add(*table).digest(artifact);
        ingredients.insert(format!("input.{port}.{table}"), artifact.hex());
    }
    // Of a kind that says nothing about languages there is nothing to add.
    let defined = own.values().any(|digest| *digest != Digest([0; 32]));
    if spec.kind.needs_bytes() || defined {
        hasher.add(own);
        for (language, digest) in own {
            ingredients.insert(format!("definition.{language}"), digest.hex());
        }
    }
    if spec.kind.needs_bytes() {
        write_files(&mut hasher, files);
        ingredients.insert("files".into(), files_digest(files).hex());
    }
    for (language, digest) in all {
        ingredients.insert(format!("language.{language}"), digest.hex());
    }
    ActionKey { digest: hasher.finish(), ingredients }
}

/// Key of a node's merge over a segment: per shard its artifacts in order, or the action whose tables are not kept.
pub fn of_segment(spec: &NodeSpec, limits: &Limits, shards: &[Vec<(String, Digest)>]) -> ActionKey {
    let mut hasher = start("sawmill.merge.v1", spec, limits);
    let mut ingredients = shared(spec, limits);
    hasher.int(shards.len() as u64);
    for (at, shard) in shards.iter().enumerate() {
        hasher.add(shard);
        for (table, artifact) in shard {
            ingredients.insert(shard_ingredient(at, table), artifact.hex());
        }
    }
    ActionKey { digest: hasher.finish(), ingredients }
}

/// Name of what is decided of a shard's files, among its ingredients.
pub const DECISIONS: &str = "decisions";

/// Key of a node on a shard some of whose files are not read.
pub fn of_decided(base: &ActionKey, ruling: &Ruling) -> ActionKey {
    let ruling = ruling.digest();
    let mut hasher = KeyHasher::new("sawmill.decided.v1");
    hasher.digest(&base.digest).digest(&ruling);
    let mut ingredients = base.ingredients.clone();
    ingredients.insert(DECISIONS.to_owned(), ruling.hex());
    ActionKey { digest: hasher.finish(), ingredients }
}

/// Name of what the names of a resolution stand for, among its ingredients.
pub const NAMES: &str = "names";

/// Key of a node's resolution of a shard: that of the node on the shard, and what each of `wanted` stands for.
pub fn of_resolution(base: &ActionKey, wanted: &[String], names: &Names) -> ActionKey {
    let mut found = KeyHasher::new("sawmill.names.v1");
    found.int(wanted.len() as u64);
    for name in wanted {
        names.write(name, &mut found);
    }
    let found = found.finish();
    let mut hasher = KeyHasher::new("sawmill.resolve.v1");
    hasher.digest(&base.digest).digest(&found);
    let mut ingredients = base.ingredients.clone();
    ingredients.insert(NAMES.to_owned(), found.hex());
    ActionKey { digest: hasher.finish(), ingredients }
}

/// Stands in a merge's key where the name of a table would, for a shard whose tables are not kept.
pub const ACTION: &str = "action";

/// Name of what a merge takes from its shard number `at`, among the merge's ingredients.
pub fn shard_ingredient(at: usize, table: &str) -> String {
    format!("input.{at:02}.{table}")
}

/// The definition digests of a node and of all nodes above it, for one language: the node's own, and by port what
/// this gave for the nodes above.
pub fn definition<'a>(own: &Digest, above: impl IntoIterator<Item = (&'a str, Digest)>) -> Digest {
    let mut hasher = KeyHasher::new("sawmill.definition.v1");
    hasher.digest(own);
    for (port, definition) in above {
        hasher.add(port).digest(&definition);
    }
    hasher.finish()
}

/// Digest of a shard's files, as ingredients.
pub fn files_digest(files: &[SourceFile]) -> Digest {
    let mut hasher = KeyHasher::new("sawmill.files.v1");
    write_files(&mut hasher, files);
    hasher.finish()
}

fn start(domain: &str, spec: &NodeSpec, limits: &Limits) -> KeyHasher {
    let mut hasher = KeyHasher::new(domain);
    hasher.add(spec.kind.name()).add(&spec.kind.format()).add(spec.params.canonical()).digest(&limits.digest());
    hasher
}

fn shared(spec: &NodeSpec, limits: &Limits) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("kind".to_owned(), spec.kind.name().to_owned()),
        ("format".to_owned(), spec.kind.format().to_string()),
        ("params".to_owned(), spec.params.canonical().to_string()),
        ("limits".to_owned(), limits.digest().short()),
        ("chain".to_owned(), spec.chain.hex()),
    ])
}

fn write_files(hasher: &mut KeyHasher, files: &[SourceFile]) {
    hasher.int(files.len() as u64);
    for file in files {
        write_file(hasher, file);
    }
}

/// One file's ingredients, in the order of the table above.
pub fn write_file(hasher: &mut KeyHasher, file: &SourceFile) {
    hasher.add(&file.path).int(file.size);
    match &file.content {
        FileContent::Hash(digest) => hasher.int(0).digest(digest),
        FileContent::Withheld(reason) => hasher.int(1).add(reason),
    };
    hasher.add(&file.language).add(&file.mode).add(&file.role);
}
