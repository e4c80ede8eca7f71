//! What a reason is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::event::{ActionDone, Unit};

/// Why an action runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "because", rename_all = "kebab-case")]
pub enum Reason {
    /// The repository has no build yet.
    NeverBuilt,
    /// The build before had no such node.
    NewNode,
    /// Ingredients of its key are not what they were.
    Moved {
        moved: Vec<Moved>,
        /// Files or shards that moved as well and are not listed.
        #[serde(default, skip_serializing_if = "is_zero")]
        more: u64,
    },
    /// Nothing that is known of the build before moved, and the memo has no entry under the key.
    Absent,
    /// The memo has its entry, and artifacts that it names are not whole.
    Lost { artifacts: Vec<LostArtifact> },
    /// Nothing moved: it did not come to its end the last time.
    Failed { message: String },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// One ingredient that moved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "ingredient", rename_all = "kebab-case")]
pub enum Moved {
    /// The node is of another kind.
    Kind { old: String, new: String },
    /// The kind's code gives other bytes than before.
    Format { old: String, new: String },
    /// The limits of extraction.
    Limits { old: String, new: String },
    /// A parameter of the node. Values as JSON text; none where it had or has no such parameter.
    Parameter { name: String, old: Option<String>, new: Option<String> },
    /// What decides the rows of one language: its grammar, its definitions, its word lists.
    Language { language: String, old: Option<String>, new: Option<String> },
    /// A file. Values as the hash of its content, shortened, none where it was not read; of one that was reclassified,
    /// what it was taken for and what it is taken for now, as far as they differ.
    File { path: String, change: Change, old: Option<String>, new: Option<String> },
    /// Which files of the shard are not read, because workers failed on them. None where all are.
    Decisions { old: Option<String>, new: Option<String> },
    /// The list of files, where the old one cannot be read.
    Files { old: Option<String>, new: Option<String> },
    /// What comes in through a port.
    Input { node: String, port: String, table: String, old: Option<String>, new: Option<String> },
    /// What the repository defines under a name that the shard's files refer to. `segment` is where that came or went.
    Name { name: String, change: Change, segment: String },
    /// A shard of a segment: its tables, or the action that makes them.
    Shard { shard: String, change: Change, old: Option<String>, new: Option<String> },
}

/// How a file or a shard moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// Other content.
    Changed,
    /// The same content; another language, mode, role or reason to leave it out.
    Reclassified,
    /// It came from a neighbouring unit.
    Joined,
    /// It went to a neighbouring unit.
    Left,
}

/// An artifact that a memo entry names in vain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LostArtifact {
    pub table: String,
    /// Its name, shortened.
    pub artifact: String,
    /// It was there, with other bytes. Otherwise it is missing.
    pub damaged: bool,
}

/// An action that ran, as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recorded {
    pub repo: String,
    pub node: String,
    pub unit: Unit,
    /// Id of the shard or segment.
    pub id: String,
    /// The action key; none in a forecast that does not know it yet.
    pub action: Option<String>,
    pub forecast: Forecast,
    pub reason: Option<Reason>,
    pub files: u64,
    pub rows: u64,
    pub bytes: u64,
}

/// What becomes of an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Forecast {
    Ran,
    /// It will run.
    Will,
    /// What stands under its key is taken.
    Hit,
    /// It runs if what `node` makes is not what it was.
    May {
        node: String,
    },
}

impl Recorded {
    pub fn of(done: &ActionDone, forecast: Forecast) -> Self {
        Self {
            repo: done.repo.to_string(),
            node: done.node.to_string(),
            unit: done.unit,
            id: done.id.to_string(),
            action: Some(done.action.hex()),
            forecast,
            reason: done.reason.as_deref().cloned(),
            files: done.files as u64,
            rows: done.rows,
            bytes: done.bytes,
        }
    }
}

impl Recorded {
    /// Where it is: repository, node, unit, id.
    pub fn place(&self) -> (&str, &str, Unit, &str) {
        (&self.repo, &self.node, self.unit, &self.id)
    }
}

impl Moved {
    /// A parameter's value as text.
    pub fn value(value: Option<&Value>) -> Option<String> {
        value.map(ToString::to_string)
    }
}
