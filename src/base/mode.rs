//! Modes: what sort of content a row comes from. Always in this order.

use std::fmt;
use std::str::FromStr;

use super::hash::{ContentHash, KeyHasher};

/// The mode of a file or row.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Programming languages.
    Code,
    /// Documents: Markdown, reStructuredText, plain text.
    Prose,
    /// Prose found inside code: comments and docstrings as rows of their own.
    ExtractedProse,
    /// Data and configuration: JSON, YAML, TOML, CSV.
    Records,
}

impl Mode {
    pub const ALL: [Self; 4] = [Self::Code, Self::Prose, Self::ExtractedProse, Self::Records];

    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Prose => "prose",
            Self::ExtractedProse => "extracted-prose",
            Self::Records => "records",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The text names no mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no mode (code, prose, extracted-prose, records)")]
pub struct NotAMode(pub String);

impl FromStr for Mode {
    type Err = NotAMode;

    fn from_str(text: &str) -> Result<Self, NotAMode> {
        Self::ALL.into_iter().find(|m| m.name() == text).ok_or_else(|| NotAMode(text.to_owned()))
    }
}

impl ContentHash for Mode {
    fn write(&self, hasher: &mut KeyHasher) {
        hasher.int(*self as u64);
    }
}
