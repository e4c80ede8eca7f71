//! The manifest as it stands in JSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::{Digest, Mode};

/// Parameter → value, both short text.
pub type Parameters = BTreeMap<String, String>;

/// Every repository of a workspace at one moment, as far as a search could notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    pub format: u32,
    /// `ws1-` and 16 hexadecimal characters over the sorted names.
    pub repo_set_id: String,
    /// `wm1-` and 16 hexadecimal characters over everything that follows.
    pub manifest_hash: String,
    /// By name.
    pub repos: Vec<Member>,
}

/// One repository. No tag, priority or switch is here: they are display fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Member {
    pub name: String,
    pub availability: Availability,
    /// The build that the generation names, where it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// Of what affects its outputs; `None` where the build was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_digest: Option<Digest>,
    /// The modes that it serves; none where its pipeline serves no index.
    #[serde(default)]
    pub modes: BTreeMap<Mode, MemberMode>,
}

/// Can a repository be searched?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Availability {
    /// Its build was read.
    Present,
    /// The workspace has the repository, the generation has no build of it.
    MissingBuild,
    /// The generation names a build whose record cannot be read.
    InvalidPointer,
    /// Its build is in a format that this program does not read.
    Incompatible,
}

impl Availability {
    /// As it stands in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::MissingBuild => "missing-build",
            Self::InvalidPointer => "invalid-pointer",
            Self::Incompatible => "incompatible",
        }
    }
}

/// What a repository serves of one mode.
///
/// Comments that are rows of their own lie in the segments of their code. They are counted under `extracted-prose` by
/// `chunks`, and with the code by `files` and `lengths`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberMode {
    /// `c1-` and 12 hexadecimal characters over the parameters.
    pub cohort: String,
    /// What the cohort is made of.
    pub parameters: Parameters,
    /// Of the segments of this mode: equal signatures mean equal answers.
    pub signature: Digest,
    pub files: u64,
    /// Chunks that ranked search can find.
    pub chunks: u64,
    /// Field → terms.
    #[serde(default)]
    pub lengths: BTreeMap<String, u64>,
    /// Of the tables that search can read, those that hold rows of this mode.
    pub present: Vec<String>,
    /// Those that hold none.
    pub omitted: Vec<String>,
    /// Those without which there is no ranked search.
    pub required_for_search: Vec<String>,
}
