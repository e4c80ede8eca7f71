//! Why a file's bytes are withheld from extraction.

use super::hash::{ContentHash, KeyHasher};

/// The reason; part of action keys.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// Larger than `Limits::read_bytes`.
    TooLarge,
    /// The name is one that secrets have (`.env`, private keys).
    Secret,
    /// The file cannot be read: permission.
    Unreadable,
    /// Another file of the repository has the same path text.
    PathCollision,
}

impl SkipReason {
    pub fn name(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::Secret => "secret",
            Self::Unreadable => "unreadable",
            Self::PathCollision => "path-collision",
        }
    }
}

impl ContentHash for SkipReason {
    fn write(&self, hasher: &mut KeyHasher) {
        hasher.int(*self as u64);
    }
}
