//! Parameters of `federate`.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize};

/// What stands under `with:`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FederateParams {
    /// Which repositories take part. Both lists empty: all.
    pub select: Select,
}

/// Repositories by tag or name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Select {
    /// Repositories that have one of these tags.
    #[serde(deserialize_with = "tags")]
    pub tags: BTreeSet<String>,
    /// Repositories by name.
    pub names: BTreeSet<String>,
}

/// Trimmed and lower-cased, as those of repositories.
fn tags<'de, D: Deserializer<'de>>(given: D) -> Result<BTreeSet<String>, D::Error> {
    let tags = Vec::<String>::deserialize(given)?;
    Ok(tags.iter().map(|tag| tag.trim().to_lowercase()).collect())
}
