//! Parameters of `chunk`.

use serde::{Deserialize, Deserializer, Serialize};

/// How large chunks are. Sizes count characters (Unicode scalar values), so that a text costs the same in any script;
/// in encodings other than UTF-8 and UTF-16, bytes stand for characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ChunkParams {
    /// Most characters of a chunk. What is larger is split into parts. From 200 to 100000.
    #[serde(deserialize_with = "max_chars")]
    #[schemars(range(min = 200, max = 100_000))]
    pub max_chars: u32,
    /// Fewest characters of a definition that stands alone: smaller ones share a chunk with their small neighbours.
    /// For definitions with a body of several lines that is no data (functions, classes), a quarter of it. From 0
    /// (nothing shares) to 10000.
    #[serde(deserialize_with = "min_chars")]
    #[schemars(range(min = 0, max = 10_000))]
    pub min_chars: u32,
    /// In code, are comments rows of their own, of the mode `extracted-prose`, each linked to the chunk of what it
    /// documents? That is documentation of definitions and comments outside functions, on whole lines, from a quarter of
    /// `min_chars` on; what is said inside a function stays with its code. If not, comments are part of the chunk that
    /// they stand in. Either way the rows of a file tile it, and nothing is said twice.
    pub extracted_prose: bool,
}

impl Default for ChunkParams {
    fn default() -> Self {
        Self { max_chars: 2400, min_chars: 400, extracted_prose: false }
    }
}

fn max_chars<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(from, 200, 100_000)
}

fn min_chars<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(from, 0, 10_000)
}

fn within<'de, D: Deserializer<'de>>(from: D, least: u32, most: u32) -> Result<u32, D::Error> {
    let value = u32::deserialize(from)?;
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(serde::de::Error::custom(format!("{value} is not from {least} to {most}")))
}
