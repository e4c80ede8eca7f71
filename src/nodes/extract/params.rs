//! Parameters of `extract`.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::suggest::nearest;

use super::languages::LANGUAGES;
use super::lines::READERS;

/// Parameters of `extract`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExtractParams {
    /// Which languages are parsed: `auto` for all that there are, or a list of their names. Files in other languages
    /// are listed and indexed as plain text.
    pub languages: Languages,
}

/// `auto`, or language names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Languages {
    /// All that there are.
    #[default]
    Auto,
    /// These; sorted, each once.
    Only(Vec<String>),
}

impl Languages {
    /// Is `name` to be parsed?
    pub fn contains(&self, name: &str) -> bool {
        match self {
            Self::Auto => true,
            Self::Only(names) => names.iter().any(|n| n == name),
        }
    }
}

impl fmt::Display for Languages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Only(names) => f.write_str(&names.join(" ")),
        }
    }
}

impl Serialize for Languages {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Auto => serializer.serialize_str("auto"),
            Self::Only(names) => names.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Languages {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(word) if word == "auto" => Ok(Self::Auto),
            serde_json::Value::String(word) if is_known(&word) => {
                Err(D::Error::custom(format!("`{word}` has to stand in a list: `[{word}]`")))
            }
            serde_json::Value::Array(names) => {
                let mut only = Vec::with_capacity(names.len());
                for name in names {
                    let serde_json::Value::String(name) = name else {
                        return Err(D::Error::custom(format!("`{name}` is no language name")));
                    };
                    if !is_known(&name) {
                        return Err(D::Error::custom(unknown(&name)));
                    }
                    only.push(name);
                }
                only.sort();
                only.dedup();
                Ok(Self::Only(only))
            }
            other => Err(D::Error::custom(format!("{other} is neither `auto` nor a list of language names"))),
        }
    }
}

impl JsonSchema for Languages {
    fn schema_name() -> Cow<'static, str> {
        "Languages".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = names().collect();
        json_schema!({
            "anyOf": [
                { "const": "auto" },
                { "type": "array", "items": { "enum": names }, "uniqueItems": true },
            ]
        })
    }
}

fn is_known(name: &str) -> bool {
    names().any(|known| known == name)
}

/// Every language that is parsed or read by lines.
fn names() -> impl Iterator<Item = &'static str> + Clone {
    LANGUAGES.iter().map(|spec| spec.name).chain(READERS.iter().map(|reader| reader.name))
}

fn unknown(name: &str) -> String {
    let names = names();
    match nearest(name, names.clone()) {
        Some(near) => format!("`{name}` is no language that can be parsed; did you mean `{near}`?"),
        None => format!("`{name}` is no language that can be parsed ({})", names.collect::<Vec<_>>().join(", ")),
    }
}
